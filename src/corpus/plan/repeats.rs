//! Paragraphs of the documents that go in: who keeps them, and who is left out because it would keep none.
//!
//! An addition cannot cut what was published, nor put back what was cut: what an earlier export shows of a paragraph holds.
//! Where the document is gone that showed it to all others, one of those is written anew; so is what is `reserved` otherwise.

use std::collections::{HashMap, HashSet};

use super::super::growth::{Earlier, Entry, Standing};
use super::super::paragraphs::{Count, Found, Lines, Repeats};
use super::super::{CorpusError, Progress};
use super::settle::{Compare, Settled};
use super::{BATCH, Plan, Why};
use crate::capture::Id;
use crate::parallel;

/// Where a document is left out that stood for others, these are settled and all is counted once more, so often; in the last
/// counting those it stood for go with it, as nobody would cut what they repeat.
const ROUNDS_MAX: usize = 4;

/// What was found, beside what goes into the plan.
#[derive(Default)]
pub struct Told {
    /// Published documents that are written anew.
    pub again: HashSet<Id>,
    /// Lines that are cut from documents that are written.
    pub cut: HashMap<Id, Vec<u64>>,
}

/// Lines of documents, with their places, in order.
type AllLines = Vec<(u64, u32)>;

pub fn repeats(
    settled: &mut Settled,
    plan: &mut Plan,
    (earlier, reserved): (Option<&Earlier>, &HashSet<Id>),
    compare: &mut Compare<'_>,
) -> Result<Told, CorpusError> {
    let is_cut = plan.options.paragraphs == Repeats::Cut;
    let published = published(earlier);
    let mut round = 0;
    loop {
        let represent: Vec<usize> = (0..settled.pages.len()).filter(|&at| settled.is_in(at)).collect();
        let round_of = Round { settled, represent: &represent, published: &published };
        let (count, lines) = round_of.count(compare)?;
        let again: HashSet<Id> = round_of.again(&lines).into_iter().chain(reserved.iter().copied()).collect();
        let found = round_of.found(count, &lines, plan.options.paragraph_documents_min, &again)?;
        let bare: Vec<usize> = match is_cut {
            true => found
                .bare
                .iter()
                .filter(|&&at| !round_of.is_carried(at, &again))
                .map(|&at| represent[at as usize])
                .collect(),
            false => Vec::new(),
        };
        let told = round_of.told(&found, &lines, again, is_cut);
        plan.paragraphs = found.paragraphs;
        round += 1;
        if !leave_out(settled, &bare, plan, compare, round <= ROUNDS_MAX)? {
            return Ok(told);
        }
    }
}

/// What stands published, by id.
fn published(earlier: Option<&Earlier>) -> HashMap<Id, &Entry> {
    let entries = earlier.iter().flat_map(|earlier| &earlier.entries);
    entries.filter(|entry| entry.standing == Standing::Published).map(|entry| (entry.id, entry)).collect()
}

/// Leaves out what has nothing of its own, and those it stood for that have not either; whether others now go in for it.
fn leave_out(
    settled: &mut Settled,
    bare: &[usize],
    plan: &Plan,
    compare: &mut Compare<'_>,
    may_others_come: bool,
) -> Result<bool, CorpusError> {
    let why = || Why::Filtered { filter: "paragraphs".to_owned(), found: "none of its own".to_owned() };
    let is_bare: HashSet<usize> = bare.iter().copied().collect();
    bare.iter().for_each(|&at| settled.out[at] = Some(why()));
    let mut has_others = false;
    for at in 0..settled.pages.len() {
        let is_theirs = settled.verdicts[at].twin.is_some_and(|twin| is_bare.contains(&twin.kept));
        if is_theirs && settled.out[at].is_none() {
            let lines = Lines::of(&compare.archive.text(settled.pages[at].candidate.text)?);
            match !may_others_come || plan.paragraphs.are_all_of(&lines) {
                true => settled.out[at] = Some(why()),
                false => has_others = true,
            }
        }
    }
    if has_others {
        settled.settle_without(bare, compare)?;
    }
    Ok(has_others)
}

/// One counting.
struct Round<'a> {
    settled: &'a Settled,
    /// Those that go in, in order of rank.
    represent: &'a [usize],
    published: &'a HashMap<Id, &'a Entry>,
}

impl Round<'_> {
    fn id(&self, at: u32) -> Id {
        self.settled.pages[self.represent[at as usize]].id
    }

    fn count(&self, compare: &Compare<'_>) -> Result<(Count, AllLines), CorpusError> {
        let (mut count, mut all) = (Count::default(), AllLines::new());
        for (done, batch) in self.represent.chunks(BATCH).enumerate() {
            let pages = || batch.iter().map(|&at| &self.settled.pages[at]);
            let texts = compare.archive.texts(pages().map(|page| page.candidate.text))?;
            let lines = parallel::map(&texts, compare.threads, |text| Lines::of(text));
            for ((at, page), lines) in (done * BATCH..).zip(pages()).zip(lines) {
                count.add(page.url.host_str().unwrap_or_default(), &lines);
                all.extend(lines.hashes.into_iter().map(|hash| (hash, at as u32)));
            }
            let of = Some(self.represent.len() as u64);
            (compare.tell)(Progress { stage: "counting paragraphs", done: (done * BATCH) as u64, of });
        }
        all.sort_unstable();
        Ok((count, all))
    }

    /// Whether a published document shows a line of its text; `None` of one that is not published.
    fn shows(&self, hash: u64, at: u32) -> Option<bool> {
        self.published.get(&self.id(at)).map(|entry| entry.cut.binary_search(&hash).is_err())
    }

    /// The best of the published documents of each line that none of them shows.
    fn again(&self, lines: &AllLines) -> HashSet<Id> {
        let groups = lines.chunk_by(|a, b| a.0 == b.0);
        let is_lost = |group: &&[(u64, u32)]| group.iter().all(|&(hash, at)| self.shows(hash, at) == Some(false));
        groups.filter(is_lost).map(|group| self.id(group[0].1)).collect()
    }

    fn is_carried(&self, at: u32, again: &HashSet<Id>) -> bool {
        let id = self.id(at);
        self.published.contains_key(&id) && !again.contains(&id)
    }

    /// Who keeps a line: one that shows it already before one that is written now, and that before one that cannot.
    fn found(
        &self,
        count: Count,
        lines: &AllLines,
        documents_min: u32,
        again: &HashSet<Id>,
    ) -> Result<Found<Id>, CorpusError> {
        let rank = |hash: u64, at: u32| {
            let class = match (self.is_carried(at, again), self.shows(hash, at)) {
                (true, Some(true)) => 0,
                (true, _) => 2,
                (false, _) => 1,
            };
            Some((class, at))
        };
        let lines = lines.iter().copied().map(Ok::<_, CorpusError>);
        count.finish(lines, documents_min, (rank, |at| self.id(at)), |_, _| Ok(()))
    }

    fn told(&self, found: &Found<Id>, lines: &AllLines, again: HashSet<Id>, is_cut: bool) -> Told {
        let mut cut: HashMap<Id, Vec<u64>> = HashMap::new();
        for &(hash, at) in lines.iter().filter(|_| is_cut) {
            if !self.is_carried(at, &again) && found.paragraphs.is_cut(hash, &self.id(at)) {
                cut.entry(self.id(at)).or_default().push(hash);
            }
        }
        Told { again, cut }
    }
}

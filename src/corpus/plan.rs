//! The plan of an export: what goes in, what does not, and why.

mod lookup;
mod page;

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use self::lookup::Lookup;
use self::page::{Page, fault, pages};
use super::choose::Choice;
use super::growth::{Earlier, Entry, Retired, Standing, grow};
use super::levels::{Candidate, Level, Rules, Verdict, verdicts};
use super::paragraphs::{Count, Lines, Paragraphs, Repeats};
use super::{ArchiveSummary, CorpusError, Options, Progress, Record, Source, State, Tell};
use crate::capture::{Capture, Id, Outcome};
use crate::page::Url;
use crate::parallel;

/// What an export will write: a plain value to show, then to hand to [`super::export`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    pub options: Options,
    pub archive: ArchiveSummary,
    /// What goes in, in the order it will be written: by host, address, id.
    pub documents: Vec<Planned>,
    /// What does not, in the same order.
    pub excluded: Vec<Excluded>,
    /// SHA-256 of the manifest of the export this one adds to.
    pub since: Option<Id>,
    /// Documents of that export which stay as they are.
    pub carried: u64,
    /// Those to be taken back.
    pub retired: Vec<Retired>,
    /// Where its paragraphs stand.
    #[serde(skip)]
    pub paragraphs: Paragraphs,
    /// Every document decided about, up to now; by id.
    #[serde(skip)]
    pub ledger: Vec<Entry>,
}

/// A document that goes in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planned {
    /// The capture's id.
    pub id: Id,
    pub url: Url,
    pub text: Id,
    pub words: u32,
    /// The part of the corpus it goes to, where there are parts.
    pub split: Option<String>,
    /// How the newest visit of its address ended.
    pub outcome: Outcome,
    /// What its owner reserves it against, as far as signals were seen: `training`, or `mining` and with it training.
    pub reserved: Option<&'static str>,
    /// Addresses of the documents it stands for.
    pub syndicated_by: Vec<Url>,
}

/// A document that does not go in; a line of `excluded.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Excluded {
    pub id: Id,
    pub url: Url,
    #[serde(flatten)]
    pub why: Why,
}

/// Why a document is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Why {
    /// The address never gave text, or its owner now reserves it.
    Outcome { outcome: Outcome },
    /// The page has no main text.
    Empty,
    /// Fewer words than asked for.
    TooShort { words: u32 },
    /// Its owner reserves it against that use; the signal that says so.
    Rights { reserved: String, signal: String },
    /// A filter does not want it; what it found.
    Filtered { filter: String, found: String },
    /// It was published in another split than the one its near-duplicates now turn out to be in.
    Split { split: String },
    /// Another document stands for it.
    Duplicate { level: Level, kept: Id, kept_url: Url, jaccard: f64 },
}

impl Why {
    /// The reason in a word or two, as the manifest counts it.
    pub fn label(&self) -> String {
        match self {
            Self::Outcome { outcome } => format!("outcome {outcome}"),
            Self::Empty => "empty".to_owned(),
            Self::TooShort { .. } => "too short".to_owned(),
            Self::Rights { reserved, .. } => format!("rights {reserved}"),
            Self::Filtered { filter, .. } => filter.clone(),
            Self::Split { .. } => "split".to_owned(),
            Self::Duplicate { level: Level::Url, .. } => "duplicate url".to_owned(),
            Self::Duplicate { level: Level::Content, .. } => "duplicate content".to_owned(),
            Self::Duplicate { level: Level::NearDuplicate, .. } => "near-duplicate".to_owned(),
            Self::Duplicate { level: Level::Paragraphs, .. } => "paragraphs".to_owned(),
        }
    }
}

/// What a plan may be made with, beside archive and options.
#[derive(Default)]
pub struct Means<'a> {
    /// The export to add to.
    pub earlier: Option<&'a Earlier>,
    /// What earlier runs remember.
    pub state: Option<&'a mut State>,
    pub tell: Option<Tell<'a>>,
    /// Threads at work; 0 for one a core. The plan does not depend on it.
    pub threads: usize,
}

pub fn plan(archive: &dyn Source, options: &Options, means: Means<'_>) -> Result<Plan, CorpusError> {
    let choice = Choice::new(options)?;
    means.earlier.map_or(Ok(()), |earlier| earlier.check(options))?;
    let tell = means.tell.unwrap_or(&super::silent);
    let threads = parallel::at_work(means.threads);
    let (pages, summary) = pages(archive, &choice, tell)?;
    let (mut kept, mut excluded) = (Vec::new(), Vec::new());
    for page in pages {
        match fault(&page, &choice) {
            Some(why) => excluded.push(Excluded { id: page.last.3, url: page.url, why }),
            None => kept.push(page),
        }
    }
    kept.sort_by(|a, b| a.candidate.rank().cmp(&b.candidate.rank()));
    let kept = if choice.reads_texts() { by_text(archive, &choice, threads, kept, &mut excluded)? } else { kept };
    let candidates: Vec<Candidate> = kept.iter().map(|page| page.candidate.clone()).collect();
    let rules =
        Rules { near: options.near_duplicates, threshold: options.threshold, threads, profile: options.profile };
    tell(Progress { stage: "comparing", done: 0, of: Some(kept.len() as u64) });
    let profile = options.profile;
    let mut lookup = Lookup { archive, candidates: &candidates, state: means.state, tell, threads, profile };
    let verdicts = verdicts(&candidates, rules, &mut lookup)?;
    let splits = splits(&kept, &verdicts, &choice, means.earlier);
    let (mut documents, duplicates) = divide(&kept, &verdicts, &splits);
    excluded.extend(duplicates);
    documents.sort_by(|a, b| order(&a.url, a.id).cmp(&order(&b.url, b.id)));
    let ledger = ledger(&kept, &verdicts, splits);
    let mut plan = Plan { options: options.clone(), archive: summary, documents, excluded, ledger, ..Plan::default() };
    if options.paragraphs != Repeats::Keep {
        let represent: Vec<&Page> =
            kept.iter().zip(&verdicts).filter(|(_, verdict)| verdict.twin.is_none()).map(|(page, _)| page).collect();
        repeats(archive, &represent, &mut plan, (threads, tell))?;
    }
    if let Some(earlier) = means.earlier {
        grow(&mut plan, earlier);
    }
    plan.excluded.sort_by(|a, b| order(&a.url, a.id).cmp(&order(&b.url, b.id)));
    Ok(plan)
}

/// Those whose texts are wanted too.
fn by_text(
    archive: &dyn Source,
    choice: &Choice,
    threads: usize,
    pages: Vec<Page>,
    excluded: &mut Vec<Excluded>,
) -> Result<Vec<Page>, CorpusError> {
    let mut kept = Vec::with_capacity(pages.len());
    let mut pages = pages.into_iter().peekable();
    while pages.peek().is_some() {
        let batch: Vec<Page> = pages.by_ref().take(BATCH).collect();
        let read = |page: &Page| -> Result<(Capture, String), CorpusError> {
            let capture = archive.capture(page.id)?.ok_or(CorpusError::Lost(page.id))?;
            Ok((capture, archive.text(page.candidate.text)?))
        };
        let read = batch.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let read: Vec<_> = batch.iter().zip(read).collect();
        let found = parallel::map(&read, threads, |(page, (capture, text))| {
            let reserved = page.reserved.as_ref().map(|reservation| reservation.against.name().to_owned());
            let outcome = Some(page.outcome());
            choice.text_fault(&Record { reserved, outcome, words: page.words, ..Record::of(capture, text.clone()) })
        });
        for (page, why) in batch.into_iter().zip(found) {
            match why {
                Some(why) => excluded.push(Excluded { id: page.id, url: page.url, why }),
                None => kept.push(page),
            }
        }
    }
    Ok(kept)
}

/// Counts the paragraphs of the documents that go in, which stand in order of rank. Those that have nothing of their own
/// are left out, where repeated paragraphs are cut.
fn repeats(
    archive: &dyn Source,
    pages: &[&Page],
    plan: &mut Plan,
    (threads, tell): (usize, Tell<'_>),
) -> Result<(), CorpusError> {
    let mut count = Count::default();
    let mut all: Vec<(u64, u32)> = Vec::new();
    for (done, batch) in pages.chunks(BATCH).enumerate() {
        let texts = batch.iter().map(|page| archive.text(page.candidate.text)).collect::<Result<Vec<String>, _>>()?;
        let lines = parallel::map(&texts, threads, |text| Lines::of(text));
        for ((at, page), lines) in (done * BATCH..).zip(batch).zip(lines) {
            count.add(page.url.host_str().unwrap_or_default(), &lines);
            all.extend(lines.hashes.into_iter().map(|hash| (hash, at as u32)));
        }
        tell(Progress { stage: "counting paragraphs", done: (done * BATCH) as u64, of: Some(pages.len() as u64) });
    }
    all.sort_unstable();
    let id = |at: u32| pages[at as usize].id;
    let lines = all.into_iter().map(Ok::<_, CorpusError>);
    let found = count.finish(lines, plan.options.paragraph_documents_min, (Some, id), |_, _| Ok(()))?;
    plan.paragraphs = found.paragraphs;
    if plan.options.paragraphs == Repeats::Cut {
        let bare: HashSet<Id> = found.bare.into_iter().map(id).collect();
        let (gone, documents): (Vec<Planned>, Vec<Planned>) =
            plan.documents.drain(..).partition(|document| bare.contains(&document.id));
        plan.documents = documents;
        plan.ledger.retain(|entry| !bare.contains(&entry.id));
        let why = || Why::Filtered { filter: "paragraphs".to_owned(), found: "none of its own".to_owned() };
        plan.excluded.extend(gone.into_iter().map(|document| Excluded {
            id: document.id,
            url: document.url,
            why: why(),
        }));
    }
    Ok(())
}

/// Texts in memory at a time.
const BATCH: usize = 1024;

/// The split of every page: all that resemble each other are in one, and in the one they were in before.
fn splits(pages: &[Page], verdicts: &[Verdict], choice: &Choice, earlier: Option<&Earlier>) -> Vec<Option<String>> {
    if choice.splits.is_empty() {
        return vec![None; pages.len()];
    }
    let mut kin: HashMap<usize, Vec<Id>> = HashMap::new();
    for (page, verdict) in pages.iter().zip(verdicts) {
        kin.entry(verdict.kin).or_default().push(page.candidate.text);
    }
    let known = earlier.map(|earlier| (earlier, earlier.by_text()));
    let decide = |texts: &Vec<Id>| {
        let before = known.as_ref().and_then(|(earlier, known)| earlier.split_of(known, texts.iter().copied()));
        let least = texts.iter().min().copied();
        before.or_else(|| least.and_then(|text| choice.splits.of(text)).map(str::to_owned))
    };
    let decided: HashMap<usize, Option<String>> = kin.iter().map(|(first, texts)| (*first, decide(texts))).collect();
    verdicts.iter().map(|verdict| decided[&verdict.kin].clone()).collect()
}

fn ledger(pages: &[Page], verdicts: &[Verdict], splits: Vec<Option<String>>) -> Vec<Entry> {
    let entries = pages.iter().zip(verdicts).zip(splits).map(|((page, verdict), split)| Entry {
        id: page.id,
        url: page.url.clone(),
        text: page.candidate.text,
        split,
        standing: if verdict.twin.is_some() { Standing::Twin } else { Standing::Published },
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by_key(|entry| entry.id);
    entries
}

/// Documents of a host stand together.
fn order(url: &Url, id: Id) -> (&str, &str, Id) {
    (url.host_str().unwrap_or_default(), url.as_str(), id)
}

/// What goes in, with the addresses it stands for, and what is left out for it.
fn divide(pages: &[Page], verdicts: &[Verdict], splits: &[Option<String>]) -> (Vec<Planned>, Vec<Excluded>) {
    let mut stands_for: HashMap<usize, BTreeSet<Url>> = HashMap::new();
    let mut excluded = Vec::new();
    for (page, verdict) in pages.iter().zip(verdicts) {
        let Some(twin) = verdict.twin else { continue };
        stands_for.entry(twin.kept).or_default().insert(page.url.clone());
        let kept = &pages[twin.kept];
        let jaccard = (twin.jaccard * 1e4).round() / 1e4;
        let why = Why::Duplicate { level: twin.level, kept: kept.id, kept_url: kept.url.clone(), jaccard };
        excluded.push(Excluded { id: page.id, url: page.url.clone(), why });
    }
    let kept = pages.iter().enumerate().filter(|(at, _)| verdicts[*at].twin.is_none());
    let documents = kept.map(|(at, page)| Planned {
        id: page.id,
        url: page.url.clone(),
        text: page.candidate.text,
        words: page.words,
        split: splits[at].clone(),
        outcome: page.outcome(),
        reserved: page.reserved.as_ref().map(|reservation| reservation.against.name()),
        syndicated_by: stands_for.remove(&at).unwrap_or_default().into_iter().collect(),
    });
    (documents.collect(), excluded)
}

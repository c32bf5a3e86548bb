//! The plan of an export: what goes in, what does not, and why.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::choose::Choice;
use super::growth::{Earlier, Entry, Retired, Standing, grow};
use super::levels::{Candidate, Level, Rules, Texts, Verdict, verdicts};
use super::near::{Likeness, Prints, Sketch};
use super::{ArchiveSummary, CorpusError, Options, Progress, Record, Source, State, Tell, address, date, parallel};
use crate::capture::{Capture, Id, Outcome};
use crate::page::{Timestamp, Url};

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
            Self::Filtered { filter, .. } => filter.clone(),
            Self::Split { .. } => "split".to_owned(),
            Self::Duplicate { level: Level::Url, .. } => "duplicate url".to_owned(),
            Self::Duplicate { level: Level::Content, .. } => "duplicate content".to_owned(),
            Self::Duplicate { level: Level::NearDuplicate, .. } => "near-duplicate".to_owned(),
        }
    }
}

/// One address as the archive knows it.
struct Page {
    id: Id,
    url: Url,
    text: Option<Id>,
    words: u32,
    fetched_at: Timestamp,
    /// Newest visit, with or without text.
    last: (Timestamp, Outcome, Id),
    candidate: Candidate,
    /// What a filter has against the text's metadata.
    fault: Option<Box<Why>>,
}

/// What a plan may be made with, beside archive and options.
#[derive(Default)]
pub struct Means<'a> {
    /// The export to add to.
    pub earlier: Option<&'a Earlier>,
    /// What earlier runs remember.
    pub state: Option<&'a mut State>,
    pub tell: Option<Tell<'a>>,
}

pub fn plan(archive: &dyn Source, options: &Options, means: Means<'_>) -> Result<Plan, CorpusError> {
    let choice = Choice::new(options)?;
    means.earlier.map_or(Ok(()), |earlier| earlier.check(options))?;
    let tell = means.tell.unwrap_or(&super::silent);
    let (pages, summary) = pages(archive, &choice, tell)?;
    let (mut kept, mut excluded) = (Vec::new(), Vec::new());
    for page in pages {
        match fault(&page) {
            Some(why) => excluded.push(Excluded { id: page.last.2, url: page.url, why }),
            None => kept.push(page),
        }
    }
    kept.sort_by(|a, b| a.candidate.rank().cmp(&b.candidate.rank()));
    let kept = if choice.reads_texts() { by_text(archive, &choice, kept, &mut excluded)? } else { kept };
    let candidates: Vec<Candidate> = kept.iter().map(|page| page.candidate.clone()).collect();
    let rules = Rules { near: options.near_duplicates, threshold: options.threshold, threads: parallel::threads() };
    tell(Progress { stage: "comparing", done: 0, of: Some(kept.len() as u64) });
    let verdicts =
        verdicts(&candidates, rules, &mut Lookup { archive, candidates: &candidates, state: means.state, tell })?;
    let splits = splits(&kept, &verdicts, &choice, means.earlier);
    let (mut documents, duplicates) = divide(&kept, &verdicts, &splits);
    excluded.extend(duplicates);
    documents.sort_by(|a, b| order(&a.url, a.id).cmp(&order(&b.url, b.id)));
    let ledger = ledger(&kept, &verdicts, splits);
    let mut plan = Plan { options: options.clone(), archive: summary, documents, excluded, ledger, ..Plan::default() };
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
        let found = parallel::map(&read, parallel::threads(), |(capture, text)| {
            choice.text_fault(&Record::of(capture, text.clone()))
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

/// The newest text of every address.
fn pages(archive: &dyn Source, choice: &Choice, tell: Tell<'_>) -> Result<(Vec<Page>, ArchiveSummary), CorpusError> {
    let mut pages: HashMap<Url, Page> = HashMap::new();
    let mut summary = ArchiveSummary::default();
    archive.captures(&mut |capture| {
        let at = capture.fetched_at;
        summary.captures += 1;
        if summary.captures.is_multiple_of(1000) {
            tell(Progress { stage: "reading captures", done: summary.captures, of: None });
        }
        summary.first_fetched_at = Some(summary.first_fetched_at.map_or(at, |first| first.min(at)));
        summary.last_fetched_at = Some(summary.last_fetched_at.map_or(at, |last| last.max(at)));
        match pages.get_mut(&capture.url) {
            Some(page) => page.see(&capture, choice),
            None => drop(pages.insert(capture.url.clone(), Page::new(&capture, choice))),
        }
    })?;
    summary.urls = pages.len() as u64;
    Ok((pages.into_values().collect(), summary))
}

impl Page {
    fn new(capture: &Capture, choice: &Choice) -> Self {
        let id = id_of(capture);
        let text = capture.text.filter(|_| capture.outcome.has_text());
        Self {
            id,
            url: capture.url.clone(),
            text,
            words: capture.words_kept,
            fetched_at: capture.fetched_at,
            last: (capture.fetched_at, capture.outcome, id),
            candidate: candidate(capture, text),
            fault: choice.fault(capture).map(Box::new),
        }
    }

    /// A newer text takes the place of an older one; an `unchanged` visit leaves the capture that brought the text.
    fn see(&mut self, capture: &Capture, choice: &Choice) {
        let other = Self::new(capture, choice);
        self.last = self.last.max(other.last);
        let is_same = other.text.is_some() && other.text == self.text;
        let rank = |page: &Self| (page.text.is_some(), page.fetched_at, page.id);
        let takes_place = if is_same { rank(&other) < rank(self) } else { rank(&other) > rank(self) };
        if takes_place {
            let last = self.last;
            *self = Self { last, ..other };
        }
    }
}

fn id_of(capture: &Capture) -> Id {
    capture.id.unwrap_or_else(|| Id::of(&serde_json::to_vec(capture).expect("a capture is plain data")))
}

fn candidate(capture: &Capture, text: Option<Id>) -> Candidate {
    let (address, is_canonical) = address::of(capture);
    let published = capture.metadata.published.as_ref();
    let text = text.unwrap_or_else(|| Id::of(b""));
    Candidate {
        text,
        content: u128::from_be_bytes(text.0[..16].try_into().expect("an id has 32 bytes")),
        address: Some(address),
        is_canonical,
        published: published.and_then(|date| date::earliest(&date.value)),
        source: 0,
        length: u64::from(capture.words_kept),
        name: capture.url.as_str().to_owned(),
    }
}

fn fault(page: &Page) -> Option<Why> {
    let (_, outcome, _) = page.last;
    if page.text.is_none() || outcome == Outcome::OptedOut {
        return Some(Why::Outcome { outcome });
    }
    if page.candidate.text == Id::of(b"") {
        return Some(Why::Empty);
    }
    page.fault.as_deref().cloned()
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
        syndicated_by: stands_for.remove(&at).unwrap_or_default().into_iter().collect(),
    });
    (documents.collect(), excluded)
}

/// Texts are read in batches by this thread and hashed by all.
struct Lookup<'a> {
    archive: &'a dyn Source,
    candidates: &'a [Candidate],
    state: Option<&'a mut State>,
    tell: Tell<'a>,
}

/// Texts in memory at a time.
const BATCH: usize = 1024;

impl Lookup<'_> {
    fn each<U: Send>(&self, of: &[usize], work: impl Fn(&String) -> U + Sync) -> Result<Vec<U>, CorpusError> {
        let mut out = Vec::with_capacity(of.len());
        for batch in of.chunks(BATCH) {
            let texts = batch.iter().map(|&at| self.archive.text(self.text(at)));
            let texts = texts.collect::<Result<Vec<String>, _>>()?;
            out.extend(parallel::map(&texts, parallel::threads(), &work));
            (self.tell)(Progress { stage: "reading texts", done: out.len() as u64, of: Some(of.len() as u64) });
        }
        Ok(out)
    }

    fn text(&self, at: usize) -> Id {
        self.candidates[at].text
    }
}

impl Texts<CorpusError> for Lookup<'_> {
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        let Some(state) = self.state.take() else { return self.each(of, |text| Sketch::of(text)) };
        let new: Vec<usize> = of.iter().copied().filter(|&at| !state.has(self.text(at))).collect();
        for batch in new.chunks(BATCH) {
            for (&at, sketch) in batch.iter().zip(self.each(batch, |text| Sketch::of(text))?) {
                state.add(self.text(at), sketch.as_ref())?;
            }
            state.flush()?;
        }
        let texts: Vec<Id> = of.iter().map(|&at| self.text(at)).collect();
        let sketches = state.sketches(&texts);
        self.state = Some(state);
        sketches
    }

    fn prints(&mut self, of: &[usize]) -> Result<Vec<Prints>, CorpusError> {
        self.each(of, |text| Prints::of(text))
    }

    fn known(&mut self, pairs: &[(usize, usize)]) -> Result<Vec<Option<Likeness>>, CorpusError> {
        let known = |a, b| self.state.as_ref().and_then(|state| state.likeness(self.text(a), self.text(b)));
        Ok(pairs.iter().map(|&(a, b)| known(a, b)).collect())
    }

    fn learn(&mut self, new: Vec<((usize, usize), Likeness)>) -> Result<(), CorpusError> {
        let Some(state) = self.state.take() else { return Ok(()) };
        for ((a, b), likeness) in new {
            state.learn(self.text(a), self.text(b), likeness)?;
        }
        state.flush()?;
        self.state = Some(state);
        Ok(())
    }
}

//! The plan of an export: what goes in, what does not, and why.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::levels::{Candidate, Level, Rules, Texts, Verdict, verdicts};
use super::near::{Prints, Sketch};
use super::{ArchiveSummary, CorpusError, Options, Source, address, date, parallel};
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
}

/// A document that goes in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planned {
    /// The capture's id.
    pub id: Id,
    pub url: Url,
    pub text: Id,
    pub words: u32,
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
}

pub fn plan(archive: &dyn Source, options: &Options) -> Result<Plan, CorpusError> {
    let (pages, summary) = pages(archive)?;
    let mut excluded = Vec::new();
    let mut kept = Vec::new();
    for page in pages {
        match fault(&page, options) {
            Some(why) => excluded.push(Excluded { id: page.last.2, url: page.url, why }),
            None => kept.push(page),
        }
    }
    kept.sort_by(|a, b| a.candidate.rank().cmp(&b.candidate.rank()));
    let candidates: Vec<Candidate> = kept.iter().map(|page| page.candidate.clone()).collect();
    let rules = Rules { near: options.near_duplicates, threshold: options.threshold, threads: parallel::threads() };
    let verdicts = verdicts(&candidates, rules, &mut Lookup { archive, candidates: &candidates })?;
    let (mut documents, duplicates) = divide(&kept, &verdicts);
    excluded.extend(duplicates);
    documents.sort_by(|a, b| order(&a.url, a.id).cmp(&order(&b.url, b.id)));
    excluded.sort_by(|a, b| order(&a.url, a.id).cmp(&order(&b.url, b.id)));
    Ok(Plan { options: options.clone(), archive: summary, documents, excluded })
}

/// Documents of a host stand together.
fn order(url: &Url, id: Id) -> (&str, &str, Id) {
    (url.host_str().unwrap_or_default(), url.as_str(), id)
}

/// The newest text of every address.
fn pages(archive: &dyn Source) -> Result<(Vec<Page>, ArchiveSummary), CorpusError> {
    let mut pages: HashMap<Url, Page> = HashMap::new();
    let mut summary = ArchiveSummary::default();
    archive.captures(&mut |capture| {
        let at = capture.fetched_at;
        summary.captures += 1;
        summary.first_fetched_at = Some(summary.first_fetched_at.map_or(at, |first| first.min(at)));
        summary.last_fetched_at = Some(summary.last_fetched_at.map_or(at, |last| last.max(at)));
        match pages.get_mut(&capture.url) {
            Some(page) => page.see(&capture),
            None => drop(pages.insert(capture.url.clone(), Page::new(&capture))),
        }
    })?;
    summary.urls = pages.len() as u64;
    Ok((pages.into_values().collect(), summary))
}

impl Page {
    fn new(capture: &Capture) -> Self {
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
        }
    }

    /// A newer text takes the place of an older one; an `unchanged` visit leaves the capture that brought the text.
    fn see(&mut self, capture: &Capture) {
        let other = Self::new(capture);
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
    Candidate {
        text: text.unwrap_or_else(|| Id::of(b"")),
        address: Some(address),
        is_canonical,
        published: published.and_then(|date| date::earliest(&date.value)),
        source: 0,
        length: u64::from(capture.words_kept),
        name: capture.url.as_str().to_owned(),
    }
}

fn fault(page: &Page, options: &Options) -> Option<Why> {
    let (_, outcome, _) = page.last;
    if page.text.is_none() || outcome == Outcome::OptedOut {
        return Some(Why::Outcome { outcome });
    }
    if page.candidate.text == Id::of(b"") {
        return Some(Why::Empty);
    }
    let words = page.words;
    (words < options.words_min).then_some(Why::TooShort { words })
}

/// What goes in, with the addresses it stands for, and what is left out for it.
fn divide(pages: &[Page], verdicts: &[Verdict]) -> (Vec<Planned>, Vec<Excluded>) {
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
        syndicated_by: stands_for.remove(&at).unwrap_or_default().into_iter().collect(),
    });
    (documents.collect(), excluded)
}

/// Texts are read in batches by this thread and hashed by all.
struct Lookup<'a> {
    archive: &'a dyn Source,
    candidates: &'a [Candidate],
}

/// Texts in memory at a time.
const BATCH: usize = 1024;

impl Lookup<'_> {
    fn each<U: Send>(&self, of: &[usize], work: impl Fn(&String) -> U + Sync) -> Result<Vec<U>, CorpusError> {
        let mut out = Vec::with_capacity(of.len());
        for batch in of.chunks(BATCH) {
            let texts = batch.iter().map(|&at| self.archive.text(self.candidates[at].text));
            let texts = texts.collect::<Result<Vec<String>, _>>()?;
            out.extend(parallel::map(&texts, parallel::threads(), &work));
        }
        Ok(out)
    }
}

impl Texts<CorpusError> for Lookup<'_> {
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        self.each(of, |text| Sketch::of(text))
    }

    fn prints(&mut self, of: &[usize]) -> Result<Vec<Prints>, CorpusError> {
        self.each(of, |text| Prints::of(text))
    }
}

//! The plan of an export: what goes in, what does not, and why.

mod lookup;
mod page;
mod parts;
mod repeats;
mod settle;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use self::page::{Page, fault, pages};
use self::parts::{Given, split};
use self::repeats::{Told, repeats};
use self::settle::{Compare, Settled, past};
use super::choose::Choice;
use super::growth::{Earlier, Entry, Retired, Standing, grow};
use super::levels::Level;
use super::paragraphs::{Paragraphs, Repeats};
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
    /// What names of users are hashed with in it: [`super::Manifest::users_base`].
    #[serde(skip)]
    pub users_base: Option<Id>,
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
    /// It resembles what was published in several splits, and can stand in none; these.
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
    means.earlier.map_or(Ok(()), |earlier| earlier.check_addresses(pages.iter().map(|page| &page.url), archive))?;
    let (mut kept, mut excluded) = (Vec::new(), Vec::new());
    for page in pages {
        match fault(&page, &choice) {
            Some(why) => excluded.push(Excluded { id: page.last.3, url: page.url, why }),
            None => kept.push(page),
        }
    }
    kept.sort_by(|a, b| a.candidate.rank().cmp(&b.candidate.rank()));
    let kept = if choice.reads_texts() { by_text(archive, &choice, threads, kept, &mut excluded)? } else { kept };
    tell(Progress { stage: "comparing", done: 0, of: Some(kept.len() as u64) });
    let mut compare = Compare { archive, options, state: means.state, tell, threads };
    let given = Given::of(means.earlier.filter(|_| !choice.splits.is_empty()));
    let past = past(archive, given.gone(&kept).into_iter())?;
    let mut settled = Settled::of(kept, &past, &mut compare)?;
    if !choice.splits.is_empty() {
        split(&mut settled, &past, &given, &choice, &mut compare)?;
    }
    let mut plan = Plan { options: options.clone(), archive: summary, excluded, ..Plan::default() };
    let was_cut = means.earlier.is_some_and(|earlier| earlier.entries.iter().any(|entry| !entry.cut.is_empty()));
    let reserved = means.earlier.map(|earlier| told_otherwise(earlier, &settled)).unwrap_or_default();
    let told = match options.paragraphs == Repeats::Keep && !was_cut {
        true => Told { again: reserved.clone(), ..Told::default() },
        false => repeats(&mut settled, &mut plan, (means.earlier, &reserved), &mut compare)?,
    };
    if options.paragraphs == Repeats::Keep {
        plan.paragraphs = Paragraphs::default();
    }
    let (documents, left_out) = settled.divide();
    plan.documents = documents;
    plan.excluded.extend(left_out);
    plan.documents.sort_by(|a, b| order(&a.url, a.id).cmp(&order(&b.url, b.id)));
    plan.ledger = ledger(&settled, told.cut);
    if let Some(earlier) = means.earlier {
        grow(&mut plan, earlier, (&told.again, &reserved), archive)?;
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
        let read = archive.at_once(|| batch.iter().map(read).collect::<Result<Vec<_>, _>>())?;
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

/// Texts in memory at a time.
const BATCH: usize = 1024;

fn reserved_against(page: &Page) -> Option<String> {
    page.reserved.as_ref().map(|reservation| reservation.against.name().to_owned())
}

/// Published documents whose records say another reservation than holds now: nobody who has them would hear of an opt-out
/// that came later, with the same text. A ledger that does not tell is taken for one of nothing reserved.
fn told_otherwise(earlier: &Earlier, settled: &Settled) -> HashSet<Id> {
    let published = earlier.entries.iter().filter(|entry| entry.standing == Standing::Published);
    let told: HashMap<Id, &Option<String>> = published.map(|entry| (entry.id, &entry.reserved)).collect();
    let is_other = |page: &&Page| told.get(&page.id).is_some_and(|told| **told != reserved_against(page));
    settled.pages.iter().filter(is_other).map(|page| page.id).collect()
}

/// Every page that goes in or has a twin that does, by id.
fn ledger(settled: &Settled, mut cut: HashMap<Id, Vec<u64>>) -> Vec<Entry> {
    let pages = settled.pages.iter().enumerate().filter(|(at, _)| settled.out[*at].is_none());
    let entries = pages.map(|(at, page)| Entry {
        id: page.id,
        url: page.url.clone(),
        text: page.candidate.text,
        split: settled.splits[at].clone(),
        standing: if settled.is_in(at) { Standing::Published } else { Standing::Twin },
        cut: cut.remove(&page.id).unwrap_or_default(),
        reserved: reserved_against(page),
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by_key(|entry| entry.id);
    entries
}

/// Documents of a host stand together.
fn order(url: &Url, id: Id) -> (&str, &str, Id) {
    (url.host_str().unwrap_or_default(), url.as_str(), id)
}

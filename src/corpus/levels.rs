//! Which documents are kept, and in whose place: the levels of duplication.

mod again;
mod compare;

use serde::{Deserialize, Serialize};

pub use again::Found;

use super::CorpusError;
use super::near::{self, Likeness, Prints, Profile, Sketch};
use super::quick::{QuickMap, QuickSet};
use super::spill::{Sorted, Spill};
use crate::capture::Id;
use crate::page::Timestamp;

/// How a document equals its kept twin; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The same page under another address, by its canonical link or by the address alone.
    Url,
    /// The same text.
    Content,
    /// Nearly the same text.
    NearDuplicate,
    /// Every paragraph of it stands in others, and was cut.
    Paragraphs,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Content => "content",
            Self::NearDuplicate => "near-duplicate",
            Self::Paragraphs => "paragraphs",
        }
    }
}

/// What is known of a document before its text is compared.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub text: Id,
    /// Equal where the texts say the same, letter by letter: [`near::content`], or what stands for it.
    pub content: u128,
    /// Hash of the address that stands for the page; `None` where there is none.
    pub address: Option<u64>,
    /// Whether the page's own address is that one.
    pub is_canonical: bool,
    pub published: Option<Timestamp>,
    /// Place of its source in the user's order, the best first.
    pub source: u32,
    /// Longer texts represent shorter ones; in words or bytes, as long as all use the same.
    pub length: u64,
    /// Settles what is equal in all else.
    pub name: String,
}

impl Candidate {
    /// Representatives first: earliest published, best source, at its canonical address, longest, smallest hash.
    pub fn rank(&self) -> impl Ord + '_ {
        let published = (self.published.is_none(), self.published);
        (published, self.source, !self.is_canonical, std::cmp::Reverse(self.length), self.text, &self.name)
    }

    /// The first of what [`Self::rank`] compares, as a number: where it differs, they do alike. Most sort by it alone.
    pub fn rank_start(&self) -> u128 {
        const LENGTH_MAX: u64 = (1 << 48) - 1;
        match self.published {
            // Nanoseconds of all years that a date may have are between -2^69 and 2^69.
            Some(at) => (at.as_nanosecond() + (1 << 70)) as u128,
            None => {
                let text = u64::from_be_bytes(self.text.0[..8].try_into().expect("an id has 32 bytes")) >> 18;
                let length = LENGTH_MAX - self.length.min(LENGTH_MAX);
                // A longer text than a number of 48 bits tells is told by the rest.
                let text = if length == 0 { 0 } else { text };
                let low = u128::from(length) << 46 | u128::from(text);
                1 << 127 | u128::from(self.source) << 95 | u128::from(!self.is_canonical) << 94 | low
            }
        }
    }
}

/// What becomes of a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The first of all it hangs together with, which may be kept beside it.
    pub cluster: usize,
    /// The first of all documents it resembles, in however many steps: its cluster and, with it, other pages of its
    /// series. Splits keep them together.
    pub kin: usize,
    /// The document left out for another one: which, and how alike.
    pub twin: Option<Twin>,
}

/// The document kept in place of another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Twin {
    pub kept: usize,
    pub level: Level,
    pub jaccard: f64,
}

/// How near duplicates are found.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub near: bool,
    /// Least Jaccard similarity of a link.
    pub threshold: f64,
    pub threads: usize,
    pub profile: Profile,
}

/// Takes what was made of a document: its place among those asked for, and its prints.
pub type Take<'a> = &'a mut dyn FnMut(usize, Prints) -> Result<(), CorpusError>;

/// Looks documents up for [`verdicts`].
pub trait Texts {
    /// The sketches of these documents, in that order.
    ///
    /// # Errors
    /// The texts cannot be read.
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError>;

    /// Makes the prints of these documents, each once, in any order.
    ///
    /// # Errors
    /// The texts cannot be read, or what was made cannot be taken.
    fn prints(&mut self, of: &[usize], take: Take<'_>) -> Result<(), CorpusError>;

    /// About how many bytes a document's prints take; where that is not said, all are in memory at once.
    fn prints_bytes(&self, _: usize) -> u64 {
        0
    }

    /// Whether anything is remembered from run to run.
    fn remembers(&self) -> bool {
        false
    }

    /// What is remembered of these pairs, in that order.
    ///
    /// # Errors
    /// It cannot be read.
    fn known(&mut self, pairs: &[(usize, usize)]) -> Result<Vec<Option<Likeness>>, CorpusError> {
        Ok(vec![None; pairs.len()])
    }

    /// Remembers pairs for a later run.
    ///
    /// # Errors
    /// It cannot be written.
    fn learn(&mut self, _: Vec<((usize, usize), Likeness)>) -> Result<(), CorpusError> {
        Ok(())
    }

    /// Whether what a run found is remembered, too.
    fn finds(&self) -> bool {
        false
    }

    /// What an earlier run found; `None` where that is not remembered, or there was none.
    ///
    /// # Errors
    /// It cannot be read.
    fn found(&mut self, _: Rules) -> Result<Option<Found>, CorpusError> {
        Ok(None)
    }

    /// Remembers what this run found.
    ///
    /// # Errors
    /// It cannot be written.
    fn find(&mut self, _: Rules, _: &Found) -> Result<(), CorpusError> {
        Ok(())
    }

    /// Where to put what does not fit in memory; `None` where all may be in it.
    fn spill(&self) -> Option<Spill> {
        None
    }
}

/// The verdict on every candidate. They must stand in order of [`Candidate::rank`].
///
/// # Errors
/// What `texts` says.
pub fn verdicts(candidates: &[Candidate], rules: Rules, texts: &mut dyn Texts) -> Result<Vec<Verdict>, CorpusError> {
    let (firsts, first_of) = distinct(candidates);
    let same_page = same_address(candidates, &first_of);
    let fates = again::fates(candidates, &firsts, &same_page, rules, texts)?;
    let verdict = |at: usize| {
        let fate = fates[first_of[at] as usize];
        let kept = firsts[fate.kept as usize];
        let level = level(&candidates[kept], &candidates[at]);
        let twin = (kept != at).then_some(Twin { kept, level, jaccard: fate.jaccard });
        Verdict { cluster: firsts[fate.cluster as usize], kin: firsts[fate.kin as usize], twin }
    };
    Ok((0..candidates.len()).map(verdict).collect())
}

/// What is to be verified, in order, each once.
enum Pairs {
    Memory(Vec<(u32, u32)>),
    Disk(Sorted),
}

/// Pairs in order, some at a time.
type Batches<'a> = Box<dyn Iterator<Item = Result<Vec<(u32, u32)>, CorpusError>> + 'a>;

impl Pairs {
    /// From the first on, [`near::BATCH`] at a time.
    fn batches(&self) -> Result<Batches<'_>, CorpusError> {
        match self {
            Self::Memory(pairs) => Ok(Box::new(pairs.chunks(near::BATCH).map(|batch| Ok(batch.to_vec())))),
            Self::Disk(sorted) => {
                let mut pairs = sorted.iter()?.map(|pair| pair.map(|pair| ((pair >> 32) as u32, pair as u32)));
                Ok(Box::new(std::iter::from_fn(move || {
                    let batch: Result<Vec<_>, _> = pairs.by_ref().take(near::BATCH).collect();
                    batch.map(|batch| (!batch.is_empty()).then_some(batch)).transpose()
                })))
            }
        }
    }
}

fn level(kept: &Candidate, dropped: &Candidate) -> Level {
    if dropped.address.is_some() && kept.address == dropped.address {
        Level::Url
    } else if kept.content == dropped.content {
        Level::Content
    } else {
        Level::NearDuplicate
    }
}

/// The first candidate of each content, and for every candidate which of those it has the content of.
fn distinct(candidates: &[Candidate]) -> (Vec<usize>, Vec<u32>) {
    let mut firsts = Vec::new();
    let mut seen = QuickMap::with_capacity_and_hasher(candidates.len(), Default::default());
    let first_of = candidates.iter().enumerate().map(|(at, candidate)| {
        *seen.entry(candidate.content).or_insert_with(|| {
            firsts.push(at);
            firsts.len() as u32 - 1
        })
    });
    let first_of = first_of.collect();
    (firsts, first_of)
}

/// Of documents with one address the first is paired with every other one of another content.
fn same_address(candidates: &[Candidate], first_of: &[u32]) -> QuickSet<(u32, u32)> {
    let mut seen = QuickMap::default();
    let addresses = candidates.iter().zip(first_of).filter_map(|(candidate, &at)| Some((at, candidate.address?)));
    addresses
        .filter_map(|(at, address)| {
            let first = *seen.entry(address).or_insert(at);
            (first != at).then_some((first.min(at), first.max(at)))
        })
        .collect()
}

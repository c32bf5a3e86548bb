//! Which documents are kept, and in whose place: the levels of duplication.

mod again;
mod apart;
mod compare;
pub mod crowds;
mod name;

use serde::{Deserialize, Serialize};

pub use again::Found;
pub use name::Name;

use self::apart::Apart;
use super::CorpusError;
use super::near::{self, Likeness, Prints, Profile, Sketch, Tie};
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
    pub name: Name,
}

impl Candidate {
    /// Representatives first: earliest published, best source, at its canonical address, longest, smallest hash.
    pub fn rank(&self) -> impl Ord + '_ {
        let published = (self.published.is_none(), self.published);
        let longest = std::cmp::Reverse(self.length);
        (published, self.source, !self.is_canonical, longest, self.text, &self.name, self.address)
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
    /// What is looked for beside near-duplicates, where documents are to be put into parts that share nothing.
    pub kin: Option<Kin>,
    pub threads: usize,
    pub profile: Profile,
}

/// What hangs together too closely for two parts of a corpus, whatever of it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Kin {
    /// Least Jaccard similarity, of short texts as of long ones.
    pub threshold: f64,
    /// Candidates from this place on are texts of the past, behind all others whatever their rank: what resembles them is
    /// of their kin, and they take nobody's place.
    pub past_from: usize,
}

/// Pages that claim one address are one page only if their texts are at least this alike: canonical links to the
/// front page, or of page 2 to page 1, are common.
const SAME_PAGE: f64 = 0.5;
/// Or if the longer one holds so much of the shorter one: a page that has grown.
const SAME_PAGE_GROWN: f64 = 0.8;

impl Rules {
    /// The least similarity that anything is made of; `None` where texts are not compared.
    pub fn least(&self) -> Option<f64> {
        let near = self.near.then_some(self.threshold);
        near.into_iter().chain(self.kin.map(|kin| kin.threshold)).reduce(f64::min)
    }

    /// What two documents are to each other that say not the same, letter by letter; near-duplicates may be less alike by
    /// `slack`. A page that has grown is one with what it was, unless the longer one is to go for the shorter: then they
    /// only belong together.
    pub fn tie(&self, likeness: &Likeness, is_same_address: bool, slack: f64, is_longer_to_go: bool) -> Tie {
        let (jaccard, near) = (likeness.jaccard, self.threshold - slack);
        let has_grown = is_same_address && likeness.containment >= SAME_PAGE_GROWN;
        let is_same_page = is_same_address && jaccard >= near.min(SAME_PAGE) || has_grown && !is_longer_to_go;
        let is_long = likeness.words >= near::WORDS_MIN;
        let is_near = self.near && jaccard >= near && is_long;
        let is_kin = || self.kin.is_some_and(|kin| jaccard >= kin.threshold);
        match (is_same_page, is_near) {
            (true, _) => Tie::One,
            (false, true) if !likeness.is_series => Tie::One,
            (false, true) => Tie::Kin,
            (false, false) if has_grown || is_kin() => Tie::Kin,
            (false, false) => Tie::None,
        }
    }
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

    /// The sketches of all documents and of others, as they lie in memory, and the place of each document's; `None` where they
    /// do not lie there, or were asked for.
    fn laid(&self) -> Option<(&[Option<Sketch>], &[u32])> {
        None
    }

    /// Sketches are asked for no more: they need not lie in memory while texts are compared.
    fn let_go(&mut self) {}

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

/// The verdict on every candidate. They must stand in order of [`Candidate::rank`], but for those of [`Kin::past_from`].
///
/// # Errors
/// What `texts` says.
pub fn verdicts(candidates: &[Candidate], rules: Rules, texts: &mut dyn Texts) -> Result<Vec<Verdict>, CorpusError> {
    let Apart { firsts, first_of, together } = Apart::of(candidates);
    let fates = again::fates(candidates, &firsts, &together, rules, texts)?;
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

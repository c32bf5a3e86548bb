//! Which documents are kept, and in whose place: the levels of duplication.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::near::{self, Prints, Sketch};
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
}

/// What is known of a document before its text is compared.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub text: Id,
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
}

/// What becomes of a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// The first of all it hangs together with, which may be kept beside it.
    pub cluster: usize,
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
}

/// Pages that claim one address are one page only if their texts are at least this alike: canonical links to the
/// front page, or of page 2 to page 1, are common.
const SAME_PAGE: f64 = 0.5;
/// A cluster's kept document stands for members at most this much less alike than the threshold.
const CHAIN_SLACK: f64 = 0.1;

/// Looks documents up for [`verdicts`].
pub trait Texts<E> {
    /// The sketches of these documents, in that order.
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, E>;
    /// The prints of these documents, in that order.
    fn prints(&mut self, of: &[usize]) -> Result<Vec<Prints>, E>;
}

/// The verdict on every candidate. They must stand in order of [`Candidate::rank`].
pub fn verdicts<E>(candidates: &[Candidate], rules: Rules, texts: &mut dyn Texts<E>) -> Result<Vec<Verdict>, E> {
    let (firsts, first_of) = distinct(candidates);
    let mut pairs = same_address(candidates, &firsts);
    if rules.near {
        pairs.extend(near::pairs(&texts.sketches(&firsts)?, rules.threshold, rules.threads));
        pairs.sort_unstable();
        pairs.dedup();
    }
    let compare = Compare::new(candidates, &firsts, &pairs, rules, texts)?;
    let link = |a, b| compare.pair(a, b, 0.0).is_some();
    let fates = near::clusters(firsts.len(), &pairs, link, |kept, other| compare.pair(kept, other, CHAIN_SLACK));
    let verdict = |at: usize| {
        let fate = fates[first_of[at]];
        let kept = firsts[fate.kept as usize];
        let level = level(&candidates[kept], &candidates[at]);
        let twin = (kept != at).then_some(Twin { kept, level, jaccard: fate.jaccard });
        Verdict { cluster: firsts[fate.cluster as usize], twin }
    };
    Ok((0..candidates.len()).map(verdict).collect())
}

fn level(kept: &Candidate, dropped: &Candidate) -> Level {
    if dropped.address.is_some() && kept.address == dropped.address {
        Level::Url
    } else if kept.text == dropped.text {
        Level::Content
    } else {
        Level::NearDuplicate
    }
}

/// The first candidate of each text, and for every candidate which of those it has the text of.
fn distinct(candidates: &[Candidate]) -> (Vec<usize>, Vec<usize>) {
    let mut firsts = Vec::new();
    let mut seen = HashMap::new();
    let first_of = candidates.iter().enumerate().map(|(at, candidate)| {
        *seen.entry(candidate.text).or_insert_with(|| {
            firsts.push(at);
            firsts.len() - 1
        })
    });
    let first_of = first_of.collect();
    (firsts, first_of)
}

/// Of documents with one address the first is paired with every other one.
fn same_address(candidates: &[Candidate], firsts: &[usize]) -> Vec<(u32, u32)> {
    let mut seen = HashMap::new();
    let addresses = firsts.iter().enumerate().filter_map(|(at, &first)| Some((at as u32, candidates[first].address?)));
    addresses
        .filter_map(|(at, address)| {
            let first = *seen.entry(address).or_insert(at);
            (first != at).then_some((first, at))
        })
        .collect()
}

/// Verifies pairs by the prints of all documents that are part of one.
struct Compare<'a> {
    candidates: &'a [Candidate],
    firsts: &'a [usize],
    prints: HashMap<u32, Prints>,
    rules: Rules,
}

impl<'a> Compare<'a> {
    fn new<E>(
        candidates: &'a [Candidate],
        firsts: &'a [usize],
        pairs: &[(u32, u32)],
        rules: Rules,
        texts: &mut dyn Texts<E>,
    ) -> Result<Self, E> {
        let mut needed: Vec<u32> = pairs.iter().flat_map(|&(a, b)| [a, b]).collect();
        needed.sort_unstable();
        needed.dedup();
        let of: Vec<usize> = needed.iter().map(|&at| firsts[at as usize]).collect();
        let prints = needed.into_iter().zip(texts.prints(&of)?).collect();
        Ok(Self { candidates, firsts, prints, rules })
    }

    /// Their similarity, if it makes them one.
    fn pair(&self, a: u32, b: u32, slack: f64) -> Option<f64> {
        let (prints_a, prints_b) = (&self.prints[&a], &self.prints[&b]);
        let candidate = |at: u32| &self.candidates[self.firsts[at as usize]];
        let (first, second) = (candidate(a), candidate(b));
        let is_page = first.address.is_some() && first.address == second.address;
        let near = self.rules.threshold - slack;
        let least = if is_page { near.min(SAME_PAGE) } else { near };
        if prints_a.jaccard_max(prints_b) < least {
            return None;
        }
        let jaccard = prints_a.jaccard(prints_b);
        let is_near = self.rules.near && prints_a.words.min(prints_b.words) >= near::WORDS_MIN;
        let is_one = jaccard >= least && (is_page || (is_near && !prints_a.is_series(prints_b)));
        is_one.then_some(jaccard)
    }
}

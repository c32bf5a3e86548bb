//! Which documents are kept, and in whose place: the levels of duplication.

mod compare;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::near::{self, Likeness, Prints, Sketch};
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
}

/// Looks documents up for [`verdicts`].
pub trait Texts<E> {
    /// The sketches of these documents, in that order.
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, E>;
    /// The prints of these documents, in that order.
    fn prints(&mut self, of: &[usize]) -> Result<Vec<Prints>, E>;
    /// What is remembered of these pairs, in that order. Nothing, unless a state is kept.
    fn known(&mut self, pairs: &[(usize, usize)]) -> Result<Vec<Option<Likeness>>, E> {
        Ok(vec![None; pairs.len()])
    }
    /// Remembers pairs for a later run.
    fn learn(&mut self, _: Vec<((usize, usize), Likeness)>) -> Result<(), E> {
        Ok(())
    }
}

/// The verdict on every candidate. They must stand in order of [`Candidate::rank`].
pub fn verdicts<E>(candidates: &[Candidate], rules: Rules, texts: &mut dyn Texts<E>) -> Result<Vec<Verdict>, E> {
    let (firsts, first_of) = distinct(candidates);
    let same_page = same_address(candidates, &first_of);
    let mut pairs: Vec<(u32, u32)> = same_page.iter().copied().collect();
    if rules.near {
        pairs.extend(near::pairs(&texts.sketches(&firsts)?, rules.threshold, rules.threads));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let fates = compare::fates(&compare::Job { firsts: &firsts, pairs: &pairs, same_page: &same_page, rules }, texts)?;
    let verdict = |at: usize| {
        let fate = fates[first_of[at] as usize];
        let kept = firsts[fate.kept as usize];
        let level = level(&candidates[kept], &candidates[at]);
        let twin = (kept != at).then_some(Twin { kept, level, jaccard: fate.jaccard });
        Verdict { cluster: firsts[fate.cluster as usize], kin: firsts[fate.kin as usize], twin }
    };
    Ok((0..candidates.len()).map(verdict).collect())
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
    let mut seen = HashMap::new();
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
fn same_address(candidates: &[Candidate], first_of: &[u32]) -> HashSet<(u32, u32)> {
    let mut seen = HashMap::new();
    let addresses = candidates.iter().zip(first_of).filter_map(|(candidate, &at)| Some((at, candidate.address?)));
    addresses
        .filter_map(|(at, address)| {
            let first = *seen.entry(address).or_insert(at);
            (first != at).then_some((first.min(at), first.max(at)))
        })
        .collect()
}

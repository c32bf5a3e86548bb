//! Pairs verified, from memory where they were seen before.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Rules, Texts};
use crate::corpus::near::{self, Fate, Likeness, Prints, Tie};

/// Pages that claim one address are one page only if their texts are at least this alike: canonical links to the
/// front page, or of page 2 to page 1, are common.
const SAME_PAGE: f64 = 0.5;
/// Or if the longer one holds so much of the shorter one: a page that has grown.
const SAME_PAGE_GROWN: f64 = 0.8;
/// A cluster's kept document stands for members at most this much less alike than the threshold.
const CHAIN_SLACK: f64 = 0.1;

/// What is to be verified. Pairs are of places in `firsts`.
pub struct Job<'a> {
    pub firsts: &'a [usize],
    pub pairs: &'a [(u32, u32)],
    pub same_page: &'a HashSet<(u32, u32)>,
    pub rules: Rules,
}

/// The fate of every first. Prints are asked for only of documents in a pair that is not known yet; where settling a
/// component meets another unknown pair, those prints are looked up too and it is all done once more.
pub fn fates<E>(job: &Job<'_>, texts: &mut dyn Texts<E>) -> Result<Vec<Fate>, E> {
    let mut compare = Compare::new(job);
    compare.look_up(job.pairs.to_vec(), texts)?;
    loop {
        let fates = near::clusters(
            job.firsts.len(),
            job.pairs,
            job.rules.threads,
            |a, b| compare.pair(a, b, 0.0).map_or(Tie::None, |pair| pair.0),
            |kept, other| {
                let pair = compare.pair(kept, other, CHAIN_SLACK).filter(|pair| pair.0 == Tie::One);
                pair.map(|pair| pair.1)
            },
        );
        let missing: Vec<(u32, u32)> = lock(&compare.missing).drain().collect();
        if missing.is_empty() {
            compare.teach(texts)?;
            return Ok(fates);
        }
        compare.look_up(missing, texts)?;
    }
}

/// Verifies pairs by their prints.
struct Compare<'a> {
    job: &'a Job<'a>,
    prints: HashMap<u32, Prints>,
    known: HashMap<(u32, u32), Likeness>,
    new: Mutex<HashMap<(u32, u32), Likeness>>,
    /// Pairs asked for that can be told from neither.
    missing: Mutex<HashSet<(u32, u32)>>,
}

impl<'a> Compare<'a> {
    fn new(job: &'a Job<'a>) -> Self {
        Self { job, prints: HashMap::new(), known: HashMap::new(), new: Mutex::default(), missing: Mutex::default() }
    }

    /// Makes these pairs known, or their prints.
    fn look_up<E>(&mut self, pairs: Vec<(u32, u32)>, texts: &mut dyn Texts<E>) -> Result<(), E> {
        let first = |at: u32| self.job.firsts[at as usize];
        let places: Vec<(usize, usize)> = pairs.iter().map(|&(a, b)| (first(a), first(b))).collect();
        let known = texts.known(&places)?;
        let mut needed = Vec::new();
        for (&(a, b), likeness) in pairs.iter().zip(known) {
            match likeness {
                Some(likeness) => drop(self.known.insert((a, b), likeness)),
                None => needed.extend([a, b].into_iter().filter(|at| !self.prints.contains_key(at))),
            }
        }
        needed.sort_unstable();
        needed.dedup();
        let of: Vec<usize> = needed.iter().map(|&at| first(at)).collect();
        self.prints.extend(needed.into_iter().zip(texts.prints(&of)?));
        Ok(())
    }

    fn teach<E>(&self, texts: &mut dyn Texts<E>) -> Result<(), E> {
        let first = |at: u32| self.job.firsts[at as usize];
        let mut new: Vec<_> = lock(&self.new).drain().map(|((a, b), known)| ((first(a), first(b)), known)).collect();
        new.sort_unstable_by_key(|(pair, _)| *pair);
        texts.learn(new)
    }

    /// What they are to each other, and how alike; `None` below the threshold.
    fn pair(&self, a: u32, b: u32, slack: f64) -> Option<(Tie, f64)> {
        let pair = (a.min(b), a.max(b));
        let likeness = self.likeness(pair)?;
        let near = self.job.rules.threshold - slack;
        let jaccard = likeness.jaccard;
        let is_same_page = self.job.same_page.contains(&pair)
            && (jaccard >= near.min(SAME_PAGE) || likeness.containment >= SAME_PAGE_GROWN);
        let is_near = self.job.rules.near && jaccard >= near && likeness.words >= near::WORDS_MIN;
        match (is_same_page, is_near) {
            (true, _) => Some((Tie::One, jaccard)),
            (false, true) if likeness.is_series => Some((Tie::Kin, jaccard)),
            (false, true) => Some((Tie::One, jaccard)),
            (false, false) => None,
        }
    }

    fn likeness(&self, pair: (u32, u32)) -> Option<Likeness> {
        if let Some(known) = self.known.get(&pair) {
            return Some(*known);
        }
        let (Some(a), Some(b)) = (self.prints.get(&pair.0), self.prints.get(&pair.1)) else {
            lock(&self.missing).insert(pair);
            return None;
        };
        let likeness = a.likeness(b);
        lock(&self.new).insert(pair, likeness);
        Some(likeness)
    }
}

/// A panic elsewhere leaves the maps whole: each insertion is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

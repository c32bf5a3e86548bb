//! What became of documents, from what an earlier run found of most of them.
//!
//! Documents that hang together by pairs are settled by these pairs alone. So what an earlier run found of them holds as
//! long as none of them is gone, and none is in a new pair: only the others are compared.

use super::compare::{self, Job};
use super::crowds;
use super::{Candidate, Pairs, Rules, Texts};
use crate::corpus::CorpusError;
use crate::corpus::near::{self, Fate, Laid, Likely, Sketch};
use crate::corpus::quick::{QuickMap, QuickSet};
use crate::corpus::spill;

/// What a run found of the first document of each content. Documents go by their places, in order of rank.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Half of the id of each text.
    pub texts: Vec<u128>,
    /// Pairs that were worth verifying, in order.
    pub likely: Vec<(u32, u32)>,
    /// Pairs of one address or content, in order.
    pub together: Vec<(u32, u32)>,
    /// As [`Likely`] has them.
    pub crowded: Vec<u32>,
    /// Of those in a pair, in order.
    pub fates: Vec<(u32, Fate)>,
}

/// Where more than one document in so many is new or gone, all is done anew.
const CHANGED_PART: usize = 16;

/// The fate of each first.
pub fn fates(
    candidates: &[Candidate],
    firsts: &[usize],
    together: &QuickSet<(u32, u32)>,
    rules: Rules,
    texts: &mut dyn Texts,
) -> Result<Vec<Fate>, CorpusError> {
    if let Some(spill) = texts.spill().filter(|_| rules.least().is_some()) {
        let more = together.iter().map(|&(a, b)| u64::from(a) << 32 | u64::from(b));
        let pairs = Pairs::Disk(spill::pairs(&spill, firsts, texts, rules, more)?);
        return compare::fates(&Job { candidates, firsts, pairs: &pairs, together, rules, is_known: false }, texts);
    }
    let mut now = Now { candidates, firsts, together, rules, sketches: None };
    let then = if now.is_remembered(texts) { texts.found(rules)? } else { None };
    if let Some(fates) = then.map(|then| now.grown(&then, texts)).transpose()?.flatten() {
        return Ok(fates);
    }
    now.anew(texts)
}

/// What is to be settled.
struct Now<'a> {
    candidates: &'a [Candidate],
    firsts: &'a [usize],
    together: &'a QuickSet<(u32, u32)>,
    rules: Rules,
    /// Once they were asked for: that may be once.
    sketches: Option<Vec<Option<Sketch>>>,
}

impl Now<'_> {
    /// What is found of texts of the past holds of a run alone.
    fn is_remembered(&self, texts: &dyn Texts) -> bool {
        self.rules.near && self.rules.kin.is_none() && texts.finds()
    }

    fn sketches(&mut self, texts: &mut dyn Texts) -> Result<&[Option<Sketch>], CorpusError> {
        if self.sketches.is_none() {
            self.sketches = Some(texts.sketches(self.firsts)?);
        }
        Ok(self.sketches.as_deref().unwrap_or_default())
    }

    fn anew(&mut self, texts: &mut dyn Texts) -> Result<Vec<Fate>, CorpusError> {
        let Rules { profile, threads, .. } = self.rules;
        let is_remembered = self.is_remembered(texts);
        let likely = match self.rules.least() {
            Some(least) => {
                let mut likely = near::likely(self.sketches(texts)?, profile, least, threads);
                let mut rare = Vec::new();
                crowds::rare(&likely.crowded, self.firsts, texts, crowds::KEPT_MAX, |one| {
                    rare.push(one);
                    Ok(())
                })?;
                rare.sort_unstable();
                let sketches = self.sketches(texts)?;
                let sketch = |at: u32| sketches[at as usize].as_ref();
                let is_worth =
                    |a: u32, b: u32| sketch(a).zip(sketch(b)).is_some_and(|(a, b)| near::may_reach(a, b, least));
                let (mut more, mut pairing) = (Vec::new(), crowds::Pairing::default());
                for one in rare {
                    pairing.next(one, |a, b| more.extend(is_worth(a, b).then_some((a, b))));
                }
                more.sort_unstable();
                more.dedup();
                likely.pairs = with(likely.pairs, more);
                likely
            }
            None => Likely::default(),
        };
        self.sketches = None;
        texts.let_go();
        let (pairs, found) = if is_remembered {
            let together = sorted(self.together);
            (merged(&likely.pairs, &together), Some((likely, together)))
        } else {
            (with(likely.pairs, self.together.iter().copied()), None)
        };
        let (firsts, rules, pairs) = (self.firsts, self.rules, Pairs::Memory(pairs));
        let job =
            Job { candidates: self.candidates, firsts, pairs: &pairs, together: self.together, rules, is_known: false };
        let fates = compare::fates(&job, texts)?;
        drop(pairs);
        if let Some((likely, together)) = found {
            texts.find(rules, &self.found(likely, together, &fates))?;
        }
        Ok(fates)
    }

    fn found(&self, likely: Likely, together: Vec<(u32, u32)>, fates: &[Fate]) -> Found {
        let Likely { pairs: likely, crowded } = likely;
        let mut is_paired = vec![false; fates.len()];
        likely.iter().chain(&together).flat_map(|&(a, b)| [a, b]).for_each(|at| is_paired[at as usize] = true);
        let paired = (0..).zip(fates).filter(|&(at, _)| is_paired[at as usize]).map(|(at, &fate)| (at, fate));
        Found { texts: self.texts(), likely, together, crowded, fates: paired.collect() }
    }

    fn texts(&self) -> Vec<u128> {
        let half = |&at: &usize| {
            let half = self.candidates[at].text.0.first_chunk().expect("an id has 32 bytes");
            u128::from_le_bytes(*half)
        };
        self.firsts.iter().map(half).collect()
    }

    /// `None` where an earlier run says too little of them.
    fn grown(&mut self, then: &Found, texts: &mut dyn Texts) -> Result<Option<Vec<Fate>>, CorpusError> {
        let count = self.firsts.len();
        let Moved { to, new } = moved(&then.texts, &self.texts());
        let gone = to.iter().filter(|to| to.is_none()).count();
        if (gone + new.len()) * CHANGED_PART > count || then.crowded.iter().any(|&at| to[at as usize].is_none()) {
            return Ok(None);
        }
        let mut likely = both(&then.likely, &to);
        if !new.is_empty() {
            let Some(more) = self.pairs_of(&new, texts)? else { return Ok(None) };
            likely = merged(&likely, &more);
        }
        self.sketches = None;
        texts.let_go();
        let together = sorted(self.together);
        let pairs = merged(&likely, &together);
        let changed = self.changed(then, &to, &new, &together);
        let is_open = near::reached(count, pairs.iter().copied(), &changed);
        let mut fates: Vec<Fate> = (0..count as u32).map(alone).collect();
        for &(at, fate) in &then.fates {
            let Some(at) = to[at as usize].filter(|&at| !is_open[at as usize]) else { continue };
            // Of those that it hangs together with none is gone: else it would be open.
            let to = |at: u32| to[at as usize].unwrap_or_default();
            let (cluster, kin, kept) = (to(fate.cluster), to(fate.kin), to(fate.kept));
            fates[at as usize] = Fate { cluster, kin, kept, ..fate };
        }
        self.settle(&is_open, &pairs, &mut fates, texts)?;
        if gone > 0 || !new.is_empty() || !changed.is_empty() {
            let crowded = then.crowded.iter().filter_map(|&at| to[at as usize]).collect();
            texts.find(self.rules, &self.found(Likely { pairs: likely, crowded }, together, &fates))?;
        }
        Ok(Some(fates))
    }

    /// The pairs that new documents are in; `None` where they change those of others.
    fn pairs_of(&mut self, new: &[u32], texts: &mut dyn Texts) -> Result<Option<Vec<(u32, u32)>>, CorpusError> {
        let Rules { profile, threads, .. } = self.rules;
        let threshold = self.rules.least().unwrap_or(self.rules.threshold);
        let firsts = self.firsts;
        if let Some((sketches, places)) = texts.laid() {
            let laid = Laid { sketches, places: firsts.iter().map(|&at| places[at]).collect() };
            return Ok(near::pairs_of(new, &laid, profile, threshold, threads));
        }
        let laid = Laid { sketches: self.sketches(texts)?, places: (0..firsts.len() as u32).collect() };
        Ok(near::pairs_of(new, &laid, profile, threshold, threads))
    }

    /// Documents with which something else hangs together than then.
    fn changed(&self, then: &Found, to: &[Option<u32>], new: &[u32], together: &[(u32, u32)]) -> Vec<u32> {
        let mut changed = new.to_vec();
        for &(a, b) in then.likely.iter().chain(&then.together) {
            // Where both are there, nothing.
            match (to[a as usize], to[b as usize]) {
                (Some(at), None) | (None, Some(at)) => changed.push(at),
                _ => {}
            }
        }
        let before: QuickSet<(u32, u32)> = both(&then.together, to).into_iter().collect();
        let apart = before.iter().filter(|pair| !self.together.contains(pair));
        let together = together.iter().filter(|pair| !before.contains(pair));
        changed.extend(apart.chain(together).flat_map(|&(a, b)| [a, b]));
        changed
    }

    /// Settles those that are open.
    fn settle(
        &self,
        is_open: &[bool],
        pairs: &[(u32, u32)],
        fates: &mut [Fate],
        texts: &mut dyn Texts,
    ) -> Result<(), CorpusError> {
        let is_of_open = |&&(a, _): &&(u32, u32)| is_open[a as usize];
        let mut open: Vec<u32> = pairs.iter().filter(is_of_open).flat_map(|&(a, b)| [a, b]).collect();
        open.sort_unstable();
        open.dedup();
        let place: QuickMap<u32, u32> = open.iter().copied().zip(0..).collect();
        let to = |&(a, b): &(u32, u32)| (place[&a], place[&b]);
        let pairs = Pairs::Memory(pairs.iter().filter(is_of_open).map(to).collect());
        let together = self.together.iter().filter(is_of_open).map(to).collect();
        let firsts: Vec<usize> = open.iter().map(|&at| self.firsts[at as usize]).collect();
        let (candidates, together, rules) = (self.candidates, &together, self.rules);
        let job = Job { candidates, firsts: &firsts, pairs: &pairs, together, rules, is_known: true };
        let found = compare::fates(&job, texts)?;
        for (&at, fate) in open.iter().zip(found) {
            let [cluster, kin, kept] = [fate.cluster, fate.kin, fate.kept].map(|at| open[at as usize]);
            fates[at as usize] = Fate { cluster, kin, kept, ..fate };
        }
        Ok(())
    }
}

/// Of a document that is in no pair.
fn alone(at: u32) -> Fate {
    Fate { cluster: at, kin: at, kept: at, jaccard: 1.0 }
}

/// Where documents have moved to.
struct Moved {
    /// The place of each now, where it is there.
    to: Vec<Option<u32>>,
    /// Places of the others, in order.
    new: Vec<u32>,
}

/// Those that are left in another order than they were, as one with a new date is, count as gone and come; no more of them
/// than must.
fn moved(then: &[u128], now: &[u128]) -> Moved {
    let mut to: Vec<Option<u32>> = vec![None; then.len()];
    let mut new = Vec::new();
    let (was, is) = walk(then, now, &mut to, &mut new);
    let before: QuickMap<u128, u32> = then[was..].iter().copied().zip(was as u32..).collect();
    let here = (is as u32..).zip(&now[is..]).filter_map(|(at, text)| Some((at, *before.get(text)?)));
    let left = rising(&here.collect::<Vec<_>>());
    left.iter().for_each(|&(at, was)| to[was as usize] = Some(at));
    let mut left = left.into_iter().map(|(at, _)| at).peekable();
    new.extend((is as u32..now.len() as u32).filter(|at| left.next_if_eq(at).is_none()));
    Moved { to, new }
}

/// Goes along both as long as what came or went in between is few in a row, which needs no table; gives how far it came.
fn walk(then: &[u128], now: &[u128], to: &mut [Option<u32>], new: &mut Vec<u32>) -> (usize, usize) {
    /// So many of those that come next are looked at.
    const AHEAD: usize = 16;
    let (mut was, mut is) = (0, 0);
    while was < then.len() && is < now.len() {
        let next = |from: &[u128], text: u128| from.iter().take(AHEAD).position(|&other| other == text);
        match (next(&now[is..], then[was]), next(&then[was..], now[is])) {
            (Some(come), gone) if gone.is_none_or(|gone| come <= gone) => {
                new.extend(is as u32..(is + come) as u32);
                is += come;
                to[was] = Some(is as u32);
                (was, is) = (was + 1, is + 1);
            }
            (_, Some(gone)) => was += gone,
            _ => break,
        }
    }
    (was, is)
}

/// As many of these as there can be whose second numbers rise.
fn rising(all: &[(u32, u32)]) -> Vec<(u32, u32)> {
    // Of the rows of each length, the end of the one that ends lowest; and what comes before each in its row.
    let mut ends: Vec<u32> = Vec::new();
    let mut before: Vec<Option<u32>> = Vec::with_capacity(all.len());
    for (at, &(_, number)) in (0..).zip(all) {
        let is_lower = |&end: &u32| all[end as usize].1 < number;
        // Mostly all of them rise.
        let length = if ends.last().is_some_and(is_lower) { ends.len() } else { ends.partition_point(is_lower) };
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let last = ends.last().copied();
    let mut row: Vec<(u32, u32)> =
        std::iter::successors(last, |&at| before[at as usize]).map(|at| all[at as usize]).collect();
    row.reverse();
    row
}

/// Those pairs of which both are there, by their places now: they are in the same order.
fn both(pairs: &[(u32, u32)], to: &[Option<u32>]) -> Vec<(u32, u32)> {
    pairs.iter().filter_map(|&(a, b)| to[a as usize].zip(to[b as usize])).collect()
}

fn sorted(pairs: &QuickSet<(u32, u32)>) -> Vec<(u32, u32)> {
    let mut pairs: Vec<(u32, u32)> = pairs.iter().copied().collect();
    pairs.sort_unstable();
    pairs
}

/// Two lists in order as one, each pair once.
fn merged(a: &[(u32, u32)], b: &[(u32, u32)]) -> Vec<(u32, u32)> {
    with([a, b].concat(), [])
}

/// A list in order with others, each pair once.
fn with(mut pairs: Vec<(u32, u32)>, more: impl IntoIterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
    pairs.extend(more);
    // The stable sort merges what is in order.
    pairs.sort();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests;

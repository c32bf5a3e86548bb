//! Pairs verified, from memory where they were seen before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Candidate, Pairs, Rules, Texts};
use crate::corpus::CorpusError;
use crate::corpus::near::{self, Fate, Likeness, Prints, Tie};
use crate::corpus::quick::{QuickMap, QuickSet};
use crate::corpus::spill::{Shelf, Sorter};
use crate::parallel;

/// A cluster's kept document stands for members at most this much less alike than the threshold.
const CHAIN_SLACK: f64 = 0.1;

/// Prints in memory at a time: so many bytes of each document there is, …
const PRINTS_BYTES: u64 = 256;
/// … or so many of all, where that is more. Less would have the texts read once more without need.
const PRINTS_BYTES_MIN: u64 = 256 << 20;

/// So often pairs that are missing are asked for one by one, and then all at once.
const SPARING_ROUNDS: usize = 2;

/// What is to be verified. Pairs are of places in `firsts`.
pub struct Job<'a> {
    pub candidates: &'a [Candidate],
    pub firsts: &'a [usize],
    pub pairs: &'a Pairs,
    /// Those of one address, and those of one content, the first paired with every other one.
    pub together: &'a QuickSet<(u32, u32)>,
    pub rules: Rules,
    /// Whether most pairs are likely to be known.
    pub is_known: bool,
}

/// The fate of every first. Prints are asked for only of documents in a pair that is not known yet, and where all may be
/// in memory, only of so many at a time: what is in no pair with each other is settled one after another.
pub fn fates(job: &Job<'_>, texts: &mut dyn Texts) -> Result<Vec<Fate>, CorpusError> {
    let mut compare = Compare::new(job, texts)?;
    let mut fates = Vec::new();
    for group in groups(job, texts) {
        let found = compare.fates(group.as_ref().unwrap_or(job.pairs), texts)?;
        match &group {
            _ if fates.is_empty() => fates = found,
            Some(Pairs::Memory(pairs)) => {
                pairs.iter().flat_map(|&(a, b)| [a, b]).for_each(|at| fates[at as usize] = found[at as usize]);
            }
            _ => {}
        }
        compare.forget();
    }
    compare.teach(texts)?;
    Ok(fates)
}

/// Pairs in groups whose prints fit in memory together; `None` for all of them.
fn groups(job: &Job<'_>, texts: &dyn Texts) -> Vec<Option<Pairs>> {
    let Pairs::Memory(pairs) = job.pairs else { return vec![None] };
    let bytes_max = PRINTS_BYTES_MIN.max(PRINTS_BYTES * job.firsts.len() as u64);
    let group_of = near::groups(job.firsts.len(), pairs, |at| texts.prints_bytes(job.firsts[at as usize]), bytes_max);
    let count = pairs.iter().map(|&(a, _)| group_of[a as usize] as usize + 1).max().unwrap_or_default();
    if count < 2 {
        return vec![None];
    }
    let mut groups = vec![Vec::new(); count];
    pairs.iter().for_each(|&(a, b)| groups[group_of[a as usize] as usize].push((a, b)));
    groups.into_iter().map(|group| Some(Pairs::Memory(group))).collect()
}

impl Missing {
    /// Those that something depends on, where documents hang together so far as these fates say. With `is_sparing`, of those
    /// between two components the first alone: mostly it links them, and the others need not be looked at.
    fn pairs(self, fates: &[Fate], is_sparing: bool) -> Vec<(u32, u32)> {
        let mut links: Vec<(u32, u32)> = self.links.into_iter().collect();
        links.sort_unstable();
        let mut seen = QuickSet::default();
        links.retain(|&(a, b)| {
            let between = (fates[a as usize].cluster, fates[b as usize].cluster);
            between.0 != between.1 && (seen.insert(between) || !is_sparing)
        });
        links.extend(self.standing);
        links
    }
}

/// Where prints are.
enum Prepared {
    Memory(QuickMap<u32, Arc<Prints>>),
    Disk(Shelf),
}

impl Prepared {
    fn has(&self, at: u32) -> bool {
        match self {
            Self::Memory(prints) => prints.contains_key(&at),
            Self::Disk(shelf) => shelf.has(at),
        }
    }

    fn put(&mut self, at: u32, made: Prints) -> Result<(), CorpusError> {
        match self {
            Self::Memory(prints) => drop(prints.insert(at, Arc::new(made))),
            Self::Disk(shelf) => shelf.put(at, &made)?,
        }
        Ok(())
    }

    fn get(&self, at: u32) -> Result<Option<Arc<Prints>>, CorpusError> {
        match self {
            Self::Memory(prints) => Ok(prints.get(&at).cloned()),
            Self::Disk(shelf) => shelf.get(at),
        }
    }
}

/// Pairs that were not known.
enum New {
    Memory(QuickMap<(u32, u32), Likeness>),
    /// Without what they turned out to be: that is found anew more cheaply than kept.
    Disk(Sorter),
}

impl New {
    fn add(&mut self, (a, b): (u32, u32), likeness: Likeness) -> Result<(), CorpusError> {
        match self {
            Self::Memory(pairs) => drop(pairs.insert((a, b), likeness)),
            Self::Disk(pairs) => pairs.push(u64::from(a) << 32 | u64::from(b))?,
        }
        Ok(())
    }
}

/// Pairs that could not be told.
#[derive(Default)]
struct Missing {
    /// They may link two components. Where others have linked these, nothing depends on them.
    links: QuickSet<(u32, u32)>,
    /// Whether one stands for the other.
    standing: QuickSet<(u32, u32)>,
}

/// What a pair is looked at for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Link,
    Standing,
}

/// Verifies pairs by their prints.
struct Compare<'a> {
    job: &'a Job<'a>,
    /// Whether each shares address or content with another one; nothing, where none does.
    is_together: Vec<bool>,
    prints: Prepared,
    known: QuickMap<(u32, u32), Likeness>,
    /// What is to be remembered; nothing, where nothing is.
    new: Option<Mutex<New>>,
    /// Pairs asked for that can be told from neither.
    missing: Mutex<Missing>,
    /// The first of the threads' errors.
    failed: Mutex<Option<CorpusError>>,
}

impl<'a> Compare<'a> {
    fn new(job: &'a Job<'a>, texts: &dyn Texts) -> Result<Self, CorpusError> {
        let prints = match texts.spill() {
            Some(spill) => Prepared::Disk(Shelf::new(&spill)?),
            None => Prepared::Memory(QuickMap::default()),
        };
        let new = || match texts.spill() {
            Some(spill) => Sorter::new(&spill, "pairs-to-remember", spill.bytes / 8).map(New::Disk),
            None => Ok(New::Memory(QuickMap::default())),
        };
        let new = texts.remembers().then(new).transpose()?.map(Mutex::new);
        let (missing, failed) = (Mutex::default(), Mutex::default());
        let mut is_together = vec![false; if job.together.is_empty() { 0 } else { job.firsts.len() }];
        job.together.iter().flat_map(|&(a, b)| [a, b]).for_each(|at| is_together[at as usize] = true);
        Ok(Self { job, is_together, prints, known: QuickMap::default(), new, missing, failed })
    }

    /// The fate of every first, as far as these pairs say. Where settling a component meets a pair that is not known,
    /// prints of it are looked up and it is all done once more.
    fn fates(&mut self, pairs: &Pairs, texts: &mut dyn Texts) -> Result<Vec<Fate>, CorpusError> {
        self.look_up(pairs.batches()?, texts, true)?;
        let mut round = 0;
        loop {
            let fates = near::clusters(
                self.job.firsts.len(),
                pairs.batches()?,
                self.job.rules.threads,
                |a, b| self.pair(a, b, Asked::Link).map_or(Tie::None, |pair| pair.0),
                |kept, other| {
                    let pair = self.pair(kept, other, Asked::Standing).filter(|pair| pair.0 == Tie::One);
                    pair.map(|pair| pair.1)
                },
            )?;
            if let Some(error) = lock(&self.failed).take() {
                return Err(error);
            }
            let missing = std::mem::take(&mut *lock(&self.missing)).pairs(&fates, round < SPARING_ROUNDS);
            if missing.is_empty() {
                return Ok(fates);
            }
            // What was compared is asked for once more.
            if self.job.is_known
                && let Some(New::Memory(new)) = self.new.as_ref().map(lock).as_deref()
            {
                self.known.extend(new);
            }
            self.look_up([Ok(missing)].into_iter(), texts, false)?;
            round += 1;
        }
    }

    /// Gives back the memory of prints that are settled.
    fn forget(&mut self) {
        if let Prepared::Memory(prints) = &mut self.prints {
            *prints = QuickMap::default();
        }
    }

    /// Makes these pairs known, and the prints of those that are not. Where most are known, all but a few of the others
    /// are within components and will not be asked for: then `is_sparing` leaves those until they are.
    fn look_up(
        &mut self,
        batches: impl Iterator<Item = Result<Vec<(u32, u32)>, CorpusError>>,
        texts: &mut dyn Texts,
        is_sparing: bool,
    ) -> Result<(), CorpusError> {
        let first = |at: u32| self.job.firsts[at as usize];
        let mut is_needed = vec![false; self.job.firsts.len()];
        let (mut known, mut unknown) = (0, 0);
        for pairs in batches {
            let pairs = pairs?;
            let places: Vec<(usize, usize)> = pairs.iter().map(|&(a, b)| (first(a), first(b))).collect();
            for (&(a, b), likeness) in pairs.iter().zip(texts.known(&places)?) {
                if let Some(likeness) = likeness {
                    known += 1;
                    self.known.insert((a, b), likeness);
                } else if !self.shared(a, b).1 {
                    unknown += 1;
                    [a, b].into_iter().for_each(|at| is_needed[at as usize] = !self.prints.has(at));
                }
            }
        }
        if is_sparing && (unknown < known || self.job.is_known) {
            return Ok(());
        }
        let needed: Vec<u32> = (0..is_needed.len() as u32).filter(|&at| is_needed[at as usize]).collect();
        drop(is_needed);
        let of: Vec<usize> = needed.iter().map(|&at| first(at)).collect();
        let prints = &mut self.prints;
        texts.prints(&of, &mut |slot, made| prints.put(needed[slot], made))?;
        if let Prepared::Disk(shelf) = prints { shelf.flush() } else { Ok(()) }
    }

    fn teach(mut self, texts: &mut dyn Texts) -> Result<(), CorpusError> {
        let Some(new) = self.new.take() else { return Ok(()) };
        let first = |at: u32| self.job.firsts[at as usize];
        match new.into_inner().unwrap_or_else(PoisonError::into_inner) {
            New::Memory(new) => {
                let mut new: Vec<_> = new.into_iter().map(|((a, b), known)| ((first(a), first(b)), known)).collect();
                new.sort_unstable_by_key(|(pair, _)| *pair);
                texts.learn(new)
            }
            New::Disk(new) => {
                for batch in (Pairs::Disk(new.finish()?)).batches()? {
                    let batch = batch?;
                    let found = parallel::map(&batch, self.job.rules.threads, |&pair| self.likeness(pair));
                    let new = batch.iter().zip(found);
                    texts.learn(new.filter_map(|(&(a, b), known)| Some(((first(a), first(b)), known?))).collect())?;
                }
                lock(&self.failed).take().map_or(Ok(()), Err)
            }
        }
    }

    /// What they are to each other, and how alike; `None` where that is nothing, or cannot be told yet.
    fn pair(&self, a: u32, b: u32, asked: Asked) -> Option<(Tie, f64)> {
        let (is_same_address, is_same_content) = self.shared(a, b);
        let (tie, jaccard) = if is_same_content {
            (Tie::One, 1.0)
        } else {
            let pair = (a.min(b), a.max(b));
            let Some(likeness) = self.likeness(pair) else {
                let mut missing = lock(&self.missing);
                match asked {
                    Asked::Link => missing.links.insert(pair),
                    Asked::Standing => missing.standing.insert(pair),
                };
                return None;
            };
            let slack = if asked == Asked::Standing { CHAIN_SLACK } else { 0.0 };
            // The better one stands for the other.
            let is_longer_to_go = self.length(pair.1) > self.length(pair.0);
            (self.job.rules.tie(&likeness, is_same_address, slack, is_longer_to_go), likeness.jaccard)
        };
        match tie {
            Tie::None => None,
            Tie::One if self.is_past(a) || self.is_past(b) => Some((Tie::Kin, jaccard)),
            tie => Some((tie, jaccard)),
        }
    }

    /// Whether they share address and content.
    fn shared(&self, a: u32, b: u32) -> (bool, bool) {
        let is_together = |at: u32| self.is_together.get(at as usize).is_some_and(|&is| is);
        if !is_together(a) || !is_together(b) {
            return (false, false);
        }
        let [a, b] = [a, b].map(|at| &self.job.candidates[self.job.firsts[at as usize]]);
        (a.address.is_some() && a.address == b.address, a.content == b.content)
    }

    fn length(&self, at: u32) -> u64 {
        self.job.candidates[self.job.firsts[at as usize]].length
    }

    fn is_past(&self, at: u32) -> bool {
        self.job.rules.kin.is_some_and(|kin| self.job.firsts[at as usize] >= kin.past_from)
    }

    /// `None` where that cannot be told, or its prints cannot be read.
    fn likeness(&self, pair: (u32, u32)) -> Option<Likeness> {
        if let Some(known) = self.known.get(&pair) {
            return Some(*known);
        }
        let prints = self.prints.get(pair.0).and_then(|a| Ok((a, self.prints.get(pair.1)?)));
        match prints {
            Ok((Some(a), Some(b))) => {
                let likeness = a.likeness(&b);
                if let Some(Err(error)) = self.new.as_ref().map(|new| lock(new).add(pair, likeness)) {
                    lock(&self.failed).get_or_insert(error);
                }
                Some(likeness)
            }
            Ok(_) => None,
            Err(error) => {
                lock(&self.failed).get_or_insert(error);
                None
            }
        }
    }
}

/// A panic elsewhere leaves the maps whole: each insertion is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

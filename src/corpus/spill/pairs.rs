//! Pairs of sketches worth verifying, as [`near::likely`] finds them, with sketches and pairs on disk.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Slab, Sorted, Sorter, Spill};
use crate::corpus::CorpusError;
use crate::corpus::levels::{Rules, Texts, crowds};
use crate::corpus::near::{self, BUCKET_MAX, SKETCH_BYTES, Sketch};
use crate::parallel;

/// Sketches in memory at a time.
const BATCH: usize = 1 << 15;
/// Pairs looked at between two writes.
const PAIRS: usize = 1 << 16;

/// All pairs among `count` documents that agree in a band and may reach the threshold, and some more; as
/// `lower << 32 | higher`.
///
/// `firsts` are their places among the texts; a document without a sketch is in no pair.
pub fn pairs(
    spill: &Spill,
    firsts: &[usize],
    texts: &mut dyn Texts,
    rules: Rules,
    more: impl Iterator<Item = u64>,
) -> Result<Sorted, CorpusError> {
    let mut slab = spill.slab("sketches-by-rank")?;
    let share = spill.bytes / 4;
    let least = rules.least().unwrap_or(rules.threshold);
    let cut = rules.profile.bands(least);
    let sorter = |band: usize| Sorter::new(spill, &format!("band-{band:02}"), share / cut.count);
    let sorter = |band: usize| Ok((band, Mutex::new(sorter(band)?)));
    let bands = (0..cut.count).map(sorter).collect::<Result<Vec<_>, CorpusError>>()?;
    let count = firsts.len();
    for start in (0..count).step_by(BATCH) {
        let batch = texts.sketches(&firsts[start..(start + BATCH).min(count)])?;
        for sketch in &batch {
            slab.append(&Sketch::pack(sketch.as_ref()))?;
        }
        // A band is one thread's at a time.
        let pushed = parallel::map(&bands, rules.threads, |(band, sorter)| {
            let mut sorter = lock(sorter);
            let full = (start as u64..).zip(&batch).filter_map(|(at, sketch)| Some((at, sketch.as_ref()?)));
            let mut keys = full.map(|(at, sketch)| u64::from(sketch.band(*band, cut)) << 32 | at);
            keys.try_for_each(|key| sorter.push(key))
        });
        pushed.into_iter().collect::<Result<(), CorpusError>>()?;
    }
    slab.flush()?;
    let candidates = Mutex::new(Sorter::new(spill, "candidates", share)?);
    let bands: Vec<Mutex<Option<Sorter>>> =
        bands.into_iter().map(|(_, sorter)| Mutex::new(sorter.into_inner().ok())).collect();
    let is_crowded: Vec<AtomicBool> = (0..count).map(|_| AtomicBool::new(false)).collect();
    let found = parallel::map(&bands, rules.threads, |band| {
        let band = lock(band).take().expect("each band is taken once, and no thread has panicked");
        of_band(&band.finish()?, &candidates, &is_crowded)
    });
    found.into_iter().collect::<Result<(), CorpusError>>()?;
    let mut candidates = candidates.into_inner().unwrap_or_else(PoisonError::into_inner);
    let crowded: Vec<u32> = (0..).zip(is_crowded).filter_map(|(at, is)| is.into_inner().then_some(at)).collect();
    let mut rare = Sorter::new(spill, "rare", share)?;
    crowds::rare(&crowded, firsts, texts, 0, |one| rare.push(one))?;
    let (mut pairing, mut found) = (crowds::Pairing::default(), Vec::new());
    for one in rare.finish()?.iter()? {
        pairing.next(one?, |a, b| found.push(u64::from(a) << 32 | u64::from(b)));
        found.drain(..).try_for_each(|pair| candidates.push(pair))?;
    }
    likely(spill, &candidates.finish()?, &slab, rules, more)
}

/// A panic elsewhere goes on in the thread that waits for it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn of_band(keys: &Sorted, candidates: &Mutex<Sorter>, is_crowded: &[AtomicBool]) -> Result<(), CorpusError> {
    let mut found: Vec<u64> = Vec::new();
    let mut bucket: Vec<u64> = Vec::new();
    for key in keys.iter()? {
        let key = key?;
        if bucket.first().is_some_and(|first| first >> 32 != key >> 32) {
            of_bucket(&bucket, &mut found, is_crowded);
            bucket.clear();
        }
        bucket.push(key);
        if found.len() >= PAIRS {
            let mut candidates = lock(candidates);
            found.drain(..).try_for_each(|pair| candidates.push(pair))?;
        }
    }
    of_bucket(&bucket, &mut found, is_crowded);
    let mut candidates = lock(candidates);
    found.into_iter().try_for_each(|pair| candidates.push(pair))
}

fn of_bucket(bucket: &[u64], found: &mut Vec<u64>, is_crowded: &[AtomicBool]) {
    if bucket.len() > BUCKET_MAX {
        bucket.iter().for_each(|&key| is_crowded[key as u32 as usize].store(true, Ordering::Relaxed));
    }
    near::of_bucket(bucket, |a, b| found.push(u64::from(a) << 32 | u64::from(b)));
}

/// Those whose sketches agree enough, and `more`.
fn likely(
    spill: &Spill,
    candidates: &Sorted,
    slab: &Slab,
    rules: Rules,
    mut more: impl Iterator<Item = u64>,
) -> Result<Sorted, CorpusError> {
    let mut pairs = Sorter::new(spill, "pairs", spill.bytes / 4)?;
    more.try_for_each(|pair| pairs.push(pair))?;
    let mut batch = Vec::with_capacity(PAIRS);
    let mut candidates = candidates.iter()?;
    loop {
        batch.clear();
        for pair in candidates.by_ref().take(PAIRS) {
            batch.push(pair?);
        }
        if batch.is_empty() {
            return pairs.finish();
        }
        // Pairs of one document stand together: its sketch is read once.
        let of_one: Vec<&[u64]> = batch.chunk_by(|a, b| a >> 32 == b >> 32).collect();
        let agree = parallel::map(&of_one, rules.threads, |group| -> Result<Vec<u64>, CorpusError> {
            let a = sketch(slab, group[0] >> 32)?;
            let mut agree = Vec::new();
            for &pair in *group {
                if near::may_reach(
                    &a,
                    &sketch(slab, pair & u64::from(u32::MAX))?,
                    rules.least().unwrap_or(rules.threshold),
                ) {
                    agree.push(pair);
                }
            }
            Ok(agree)
        });
        for group in agree {
            group?.into_iter().try_for_each(|pair| pairs.push(pair))?;
        }
    }
}

/// Of a document that is in a pair, and so has one.
fn sketch(slab: &Slab, at: u64) -> Result<Sketch, CorpusError> {
    let mut record = [0; SKETCH_BYTES];
    slab.read(at * SKETCH_BYTES as u64, &mut record)?;
    Ok(Sketch::unpack(&record).expect("only documents with a sketch are in buckets"))
}

//! Pairs of sketches worth verifying, as [`near::pairs`] finds them, with sketches and pairs on disk.

use super::{Slab, Sorted, Sorter, Spill};
use crate::corpus::levels::Rules;
use crate::corpus::near::{self, SLOTS, Sketch};
use crate::corpus::{CorpusError, parallel};

/// Sketches in memory at a time.
const BATCH: usize = 1 << 15;
/// Pairs looked at between two writes.
const PAIRS: usize = 1 << 16;
const SKETCH_BYTES: usize = 4 * SLOTS;

/// All pairs among `count` documents that agree in a band and may reach the threshold, and some more; as
/// `lower << 32 | higher`.
///
/// `sketches` gives those of a stretch of documents; a document without one is in no pair.
pub fn pairs(
    spill: &Spill,
    count: usize,
    mut sketches: impl FnMut(std::ops::Range<usize>) -> Result<Vec<Option<Sketch>>, CorpusError>,
    rules: Rules,
    more: impl Iterator<Item = u64>,
) -> Result<Sorted, CorpusError> {
    let mut slab = spill.slab("sketches-by-rank")?;
    let share = spill.bytes / 4;
    let band = |band: usize| Sorter::new(spill, &format!("band-{band:02}"), share / rules.profile.bands());
    let mut bands = (0..rules.profile.bands()).map(band).collect::<Result<Vec<_>, _>>()?;
    for start in (0..count).step_by(BATCH) {
        let batch = sketches(start..(start + BATCH).min(count))?;
        for (at, sketch) in (start as u64..).zip(&batch) {
            slab.append(&bytes(sketch.as_ref()))?;
            let Some(sketch) = sketch else { continue };
            for (band, sorter) in bands.iter_mut().enumerate() {
                sorter.push(u64::from(sketch.band(band, rules.profile)) << 32 | at)?;
            }
        }
    }
    slab.flush()?;
    let mut candidates = Sorter::new(spill, "candidates", share)?;
    for band in bands {
        of_band(&band.finish()?, &mut candidates)?;
    }
    likely(spill, &candidates.finish()?, &slab, rules, more)
}

fn of_band(keys: &Sorted, candidates: &mut Sorter) -> Result<(), CorpusError> {
    let mut bucket: Vec<u64> = Vec::new();
    for key in keys.iter()? {
        let key = key?;
        if bucket.first().is_some_and(|first| first >> 32 != key >> 32) {
            of_bucket(&bucket, candidates)?;
            bucket.clear();
        }
        bucket.push(key);
    }
    of_bucket(&bucket, candidates)
}

fn of_bucket(bucket: &[u64], candidates: &mut Sorter) -> Result<(), CorpusError> {
    let mut told = Ok(());
    near::of_bucket(bucket, |a, b| {
        if told.is_ok() {
            told = candidates.push(u64::from(a) << 32 | u64::from(b));
        }
    });
    told
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
        let agrees = parallel::map(&batch, rules.threads, |&pair| -> Result<bool, CorpusError> {
            let (a, b) = (sketch(slab, pair >> 32)?, sketch(slab, pair & u64::from(u32::MAX))?);
            Ok(near::may_reach(&a, &b, rules.threshold))
        });
        for (&pair, agrees) in batch.iter().zip(agrees) {
            if agrees? {
                pairs.push(pair)?;
            }
        }
    }
}

fn bytes(sketch: Option<&Sketch>) -> [u8; SKETCH_BYTES] {
    let mut bytes = [0; SKETCH_BYTES];
    let slots = sketch.iter().flat_map(|sketch| sketch.0.iter());
    bytes.chunks_exact_mut(4).zip(slots).for_each(|(bytes, slot)| bytes.copy_from_slice(&slot.to_le_bytes()));
    bytes
}

fn sketch(slab: &Slab, at: u64) -> Result<Sketch, CorpusError> {
    let mut bytes = [0; SKETCH_BYTES];
    slab.read(at * SKETCH_BYTES as u64, &mut bytes)?;
    Ok(Sketch(Box::new(std::array::from_fn(|slot| {
        u32::from_le_bytes(bytes[4 * slot..][..4].try_into().expect("four bytes are taken"))
    }))))
}

//! Pairs of sketches worth verifying.

use super::{Profile, Sketch};
use crate::parallel;

/// In a band, so many documents that agree are each paired with every other …
pub const BUCKET_MAX: usize = 64;
/// … of more, each is paired with this many of the first and of the next ones. Families that large agree in many
/// bands, each with other neighbours, so they still come together; all pairs would be quadratic.
const HOT_PAIRS: usize = 16;
/// A pair whose sketches agree in this much less than the threshold is not worth verifying: six standard errors for
/// a text of 125 shingles and more, three for one of 30.
const AGREEMENT_MARGIN: f64 = 0.25;

/// All pairs (lower index first, in order, each once) that agree in a band and may reach the threshold.
pub fn pairs(sketches: &[Option<Sketch>], profile: Profile, threshold: f64, threads: usize) -> Vec<(u32, u32)> {
    let bands: Vec<usize> = (0..profile.bands()).collect();
    let mut pairs = Vec::new();
    for few in bands.chunks(threads.max(1)) {
        let found = parallel::map(few, threads, |&band| of_band(sketches, (band, profile), threshold));
        pairs.extend(found.into_iter().flatten());
        // Those of each band are in order: the stable sort merges what is.
        pairs.sort();
        pairs.dedup();
    }
    pairs
}

fn of_band(sketches: &[Option<Sketch>], (band, profile): (usize, Profile), threshold: f64) -> Vec<(u32, u32)> {
    let full = sketches.iter().enumerate().filter_map(|(index, sketch)| Some((index as u32, sketch.as_ref()?)));
    // Key and index in one integer sort twice as fast as a pair of them.
    let mut keys: Vec<u64> =
        full.map(|(index, sketch)| u64::from(sketch.band(band, profile)) << 32 | u64::from(index)).collect();
    keys.sort_unstable();
    let sketch = |index: u32| sketches[index as usize].as_ref().expect("only full sketches have keys");
    let mut pairs = Vec::new();
    for bucket in keys.chunk_by(|a, b| a >> 32 == b >> 32).filter(|bucket| bucket.len() > 1) {
        of_bucket(bucket, |a, b| {
            if may_reach(sketch(a), sketch(b), threshold) {
                pairs.push((a, b));
            }
        });
    }
    pairs.sort_unstable();
    pairs
}

/// Whether a pair's sketches agree enough for it to be worth verifying.
pub fn may_reach(a: &Sketch, b: &Sketch, threshold: f64) -> bool {
    a.agreement(b) >= threshold - AGREEMENT_MARGIN
}

/// The pairs of documents, in the lower halves, that agree in a band.
pub fn of_bucket(bucket: &[u64], mut pair: impl FnMut(u32, u32)) {
    for (at, &a) in bucket.iter().enumerate() {
        let rest = &bucket[at + 1..];
        let is_hub = bucket.len() <= BUCKET_MAX || at < HOT_PAIRS;
        let reach = if is_hub { rest.len() } else { HOT_PAIRS.min(rest.len()) };
        rest[..reach].iter().for_each(|&b| pair(a as u32, b as u32));
    }
}

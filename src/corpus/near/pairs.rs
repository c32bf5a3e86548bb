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

/// Bands whose keys are made in one go over the sketches, which are far more than fits in a cache.
const BANDS_AT_ONCE: usize = 5;

/// All pairs (lower index first, in order, each once) that agree in a band and may reach the threshold.
pub fn pairs(sketches: &[Option<Sketch>], profile: Profile, threshold: f64, threads: usize) -> Vec<(u32, u32)> {
    let bands: Vec<usize> = (0..profile.bands()).collect();
    let groups: Vec<&[usize]> = bands.chunks(BANDS_AT_ONCE).collect();
    let mut pairs = Vec::new();
    for few in groups.chunks(threads.max(1)) {
        let found = parallel::map(few, threads, |bands| of_bands(sketches, (bands, profile), threshold));
        pairs.extend(found.into_iter().flatten());
        // Those of each group are in order: the stable sort merges what is.
        pairs.sort();
        pairs.dedup();
    }
    pairs
}

fn of_bands(sketches: &[Option<Sketch>], (bands, profile): (&[usize], Profile), threshold: f64) -> Vec<(u32, u32)> {
    // Key and index in one integer sort twice as fast as a pair of them.
    let mut keys: Vec<Vec<u64>> = bands.iter().map(|_| Vec::with_capacity(sketches.len())).collect();
    for (index, sketch) in (0_u64..).zip(sketches) {
        let Some(sketch) = sketch else { continue };
        for (&band, keys) in bands.iter().zip(&mut keys) {
            keys.push(u64::from(sketch.band(band, profile)) << 32 | index);
        }
    }
    let sketch = |index: u32| sketches[index as usize].as_ref().expect("only full sketches have keys");
    let (mut pairs, mut room) = (Vec::new(), Vec::new());
    for mut keys in keys {
        sort(&mut keys, &mut room);
        for bucket in keys.chunk_by(|a, b| a >> 32 == b >> 32).filter(|bucket| bucket.len() > 1) {
            of_bucket(bucket, |a, b| {
                if may_reach(sketch(a), sketch(b), threshold) {
                    pairs.push((a, b));
                }
            });
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Sorts by the upper halves; what is equal in those keeps its order. A digit at a time, where that is worth it.
fn sort(keys: &mut Vec<u64>, room: &mut Vec<u64>) {
    const DIGITS: [u32; 3] = [32, 43, 54];
    const VALUES: usize = 1 << 11;
    if keys.len() < 4 * VALUES {
        return keys.sort_unstable();
    }
    room.resize(keys.len(), 0);
    for digit in DIGITS {
        let value = |key: u64| (key >> digit) as usize % VALUES;
        let mut places = [0_usize; VALUES];
        keys.iter().for_each(|&key| places[value(key)] += 1);
        places.iter_mut().fold(0, |start, place| start + std::mem::replace(place, start));
        for &key in keys.iter() {
            let place = &mut places[value(key)];
            room[*place] = key;
            *place += 1;
        }
        std::mem::swap(keys, room);
    }
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

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn keys_are_sorted_whatever_they_are() {
        let key = |at: u64| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (at % 30) << 32) | at;
        for count in [0, 100, 20_000] {
            let mut keys: Vec<u64> = (0..count).map(key).collect();
            let mut expected = keys.clone();
            expected.sort_unstable();
            sort(&mut keys, &mut Vec::new());
            assert!(keys == expected);
        }
    }
}

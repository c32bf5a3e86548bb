//! Pairs of sketches worth verifying.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::{Bands, Profile, SLOTS, Sketch};
use crate::corpus::quick::QuickMap;
use crate::parallel;

/// In a band, so many documents that agree are each paired with every other …
pub const BUCKET_MAX: usize = 64;
/// … of more, each is paired with this many of the first and of the next ones. Families that large agree in many
/// bands, each with other neighbours, so they still come together; all pairs would be quadratic. Pages of a series do not
/// come together, and a copy of one is looked for in another way (`levels::crowds`).
const HOT_PAIRS: usize = 16;
/// A pair whose sketches agree in this much less than the threshold is not worth verifying.
const AGREEMENT_MARGIN: f64 = 0.25;
/// Where both sketches are wide ([`Sketch::is_wide`]), in so many standard errors less: of pairs at the threshold fewer than
/// one in ten thousand are. Pages of one frame, of which half is in common, are told from copies so without their texts.
const WIDE_MARGIN_ERRORS: f64 = 4.1;
/// Near 1, where agreement is no longer as likely above its mean as below.
const WIDE_MARGIN_MIN: f64 = 0.14;

/// Bands whose keys are made in one go over the sketches, which are far more than fits in a cache.
const BANDS_AT_ONCE: usize = 5;

/// What a search found.
#[derive(Debug, Default, PartialEq)]
pub struct Likely {
    /// Lower index first, in order, each once.
    pub pairs: Vec<(u32, u32)>,
    /// Who agrees in a band with so many that not all of these are paired, in order.
    pub crowded: Vec<u32>,
}

/// All pairs that agree in a band and may reach the threshold, and the crowds, whose pairs more documents would change.
pub fn likely(sketches: &[Option<Sketch>], profile: Profile, threshold: f64, threads: usize) -> Likely {
    let cut = profile.bands(threshold);
    let bands: Vec<usize> = (0..cut.count).collect();
    let groups: Vec<&[usize]> = bands.chunks(BANDS_AT_ONCE).collect();
    let mut all = Likely::default();
    for few in groups.chunks(threads.max(1)) {
        let found = parallel::map(few, threads, |bands| of_bands(sketches, (bands, cut), threshold));
        for found in found {
            all.pairs.extend(found.pairs);
            all.crowded.extend(found.crowded);
        }
        // Those of each group are in order: the stable sort merges what is.
        all.pairs.sort();
        all.pairs.dedup();
        all.crowded.sort();
        all.crowded.dedup();
    }
    all
}

/// Sketches as they lie in memory, which need not be the order of the documents that are compared.
pub struct Laid<'a> {
    pub sketches: &'a [Option<Sketch>],
    /// Where that of each document lies.
    pub places: Vec<u32>,
}

impl Laid<'_> {
    fn sketch(&self, document: u32) -> Option<&Sketch> {
        self.sketches[self.places[document as usize] as usize].as_ref()
    }

    /// The document of each sketch, where it is of one.
    fn documents(&self) -> Vec<Option<u32>> {
        let mut documents = vec![None; self.sketches.len()];
        (0..).zip(&self.places).for_each(|(document, &place)| documents[place as usize] = Some(document));
        documents
    }
}

/// The pairs that each of a few documents (in order) is in; `None` where one of them comes into a crowd, whose other pairs
/// it may change. The sketches are gone through once, so that nothing but these needs to be kept from run to run.
pub fn pairs_of(
    few: &[u32],
    laid: &Laid<'_>,
    profile: Profile,
    threshold: f64,
    threads: usize,
) -> Option<Vec<(u32, u32)>> {
    let sketch = |index: u32| laid.sketch(index);
    let (sketches, documents) = (laid.sketches, laid.documents());
    let cut = profile.bands(threshold);
    let key = |sketch: &Sketch, band: usize| (band as u64) << 32 | u64::from(sketch.band(band, cut));
    let keys = |sketch: &Sketch| -> Vec<u64> { (0..cut.count).map(|band| key(sketch, band)).collect() };
    let wanted: Wanted = few.iter().filter_map(|&index| sketch(index)).flat_map(keys).collect::<Vec<u64>>().into();
    let starts: Vec<usize> = (0..sketches.len()).step_by(SKETCHES_AT_ONCE).collect();
    let is_crowded = AtomicBool::new(false);
    let found = parallel::map(&starts, threads, |&start| {
        let mut found = Vec::new();
        if is_crowded.load(Ordering::Relaxed) {
            return found;
        }
        for (sketch, document) in sketches[start..].iter().zip(&documents[start..]).take(SKETCHES_AT_ONCE) {
            let (Some(sketch), &Some(index)) = (sketch, document) else { continue };
            for band in 0..cut.count {
                let key = key(sketch, band);
                let Some(count) = wanted.count(key) else { continue };
                if count.fetch_add(1, Ordering::Relaxed) >= BUCKET_MAX {
                    is_crowded.store(true, Ordering::Relaxed);
                    return found;
                }
                found.push((key, index));
            }
        }
        found
    });
    if is_crowded.into_inner() {
        return None;
    }
    let mut found: Vec<(u64, u32)> = found.into_iter().flatten().collect();
    found.sort_unstable();
    let is_of_few = |index: &u32| few.binary_search(index).is_ok();
    let mut pairs = Vec::new();
    for bucket in found.chunk_by(|a, b| a.0 == b.0) {
        for &(_, a) in bucket.iter().filter(|(_, index)| is_of_few(index)) {
            let others = bucket.iter().filter(|&&(_, b)| b != a).map(|&(_, b)| (a.min(b), a.max(b)));
            let is_worth =
                |&(a, b): &(u32, u32)| sketch(a).zip(sketch(b)).is_some_and(|(a, b)| may_reach(a, b, threshold));
            pairs.extend(others.filter(is_worth));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Some(pairs)
}

/// Sketches that a thread goes through in one go.
const SKETCHES_AT_ONCE: usize = 1 << 14;

/// Keys that most others are told from by one look at little memory, and how often each was come upon.
struct Wanted {
    bits: Vec<u64>,
    counts: QuickMap<u64, AtomicUsize>,
}

impl From<Vec<u64>> for Wanted {
    fn from(keys: Vec<u64>) -> Self {
        const BITS_A_KEY: usize = 64;
        // A power of two.
        let mut bits = vec![0; keys.len().max(1).next_power_of_two() * BITS_A_KEY / 64];
        let mask = bits.len() as u64 * 64 - 1;
        for &key in &keys {
            let place = Self::place(key) & mask;
            bits[(place / 64) as usize] |= 1 << (place % 64);
        }
        Self { bits, counts: keys.into_iter().map(|key| (key, AtomicUsize::new(0))).collect() }
    }
}

impl Wanted {
    /// Keys are hashes but for the band.
    fn place(key: u64) -> u64 {
        (key ^ (key >> 32).wrapping_mul(0x9e37_79b9)) & u64::from(u32::MAX)
    }

    fn count(&self, key: u64) -> Option<&AtomicUsize> {
        let place = Self::place(key) & (self.bits.len() as u64 * 64 - 1);
        let is_likely = self.bits[(place / 64) as usize] >> (place % 64) & 1 == 1;
        is_likely.then(|| self.counts.get(&key)).flatten()
    }
}

fn of_bands(sketches: &[Option<Sketch>], (bands, cut): (&[usize], Bands), threshold: f64) -> Likely {
    // Key and index in one integer sort twice as fast as a pair of them.
    let mut keys: Vec<Vec<u64>> = bands.iter().map(|_| Vec::with_capacity(sketches.len())).collect();
    for (index, sketch) in (0_u64..).zip(sketches) {
        let Some(sketch) = sketch else { continue };
        for (&band, keys) in bands.iter().zip(&mut keys) {
            keys.push(u64::from(sketch.band(band, cut)) << 32 | index);
        }
    }
    let sketch = |index: u32| sketches[index as usize].as_ref().expect("only full sketches have keys");
    let (mut pairs, mut crowded, mut room) = (Vec::new(), Vec::new(), Vec::new());
    for mut keys in keys {
        sort(&mut keys, &mut room);
        for bucket in keys.chunk_by(|a, b| a >> 32 == b >> 32).filter(|bucket| bucket.len() > 1) {
            of_bucket(bucket, |a, b| {
                if may_reach(sketch(a), sketch(b), threshold) {
                    pairs.push((a, b));
                }
            });
            if bucket.len() > BUCKET_MAX {
                crowded.extend(bucket.iter().map(|&key| key as u32));
            }
        }
        crowded.sort_unstable();
        crowded.dedup();
    }
    pairs.sort_unstable();
    pairs.dedup();
    Likely { pairs, crowded }
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
    let agreement = a.agreement(b);
    let is_near = || agreement >= threshold - wide_margin(threshold) || !a.is_wide() || !b.is_wide();
    agreement >= threshold - AGREEMENT_MARGIN && is_near()
}

fn wide_margin(threshold: f64) -> f64 {
    let error = (threshold * (1.0 - threshold) / SLOTS as f64).sqrt();
    (WIDE_MARGIN_ERRORS * error).max(WIDE_MARGIN_MIN)
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
    use super::{BUCKET_MAX, Laid, Profile, SLOTS, Sketch, likely, may_reach, pairs_of, sort, wide_margin};

    /// So many that agree in all bands, and one that agrees with nothing.
    fn sketches(crowd: usize) -> Vec<Option<Sketch>> {
        let sketch = |seed: usize| Some(Sketch(std::array::from_fn(|slot| (slot * 7 + seed) as u8)));
        (0..crowd).map(|_| sketch(1)).chain([sketch(2), None]).collect()
    }

    #[test]
    fn the_pairs_of_a_few_are_found_until_they_come_into_a_crowd() {
        let (profile, threshold) = (Profile::Web, 0.7);
        for crowd in [2, BUCKET_MAX, BUCKET_MAX + 1, 3 * BUCKET_MAX] {
            let sketches = sketches(crowd);
            let all = likely(&sketches, profile, threshold, 2);
            let (crowd, few) = (crowd as u32, [1, crowd as u32]);
            let mut expected = all.pairs.clone();
            expected.retain(|&(a, b)| few.contains(&a) || few.contains(&b));
            let is_crowded = crowd as usize > BUCKET_MAX;
            // As they come, and in another order among some of other documents.
            let count = sketches.len() as u32;
            let moved: Vec<_> = sketches.iter().rev().flat_map(|sketch| [sketch.clone(), sketch.clone()]).collect();
            for laid in [
                Laid { sketches: &sketches, places: (0..count).collect() },
                Laid { sketches: &moved, places: (0..count).rev().map(|at| 2 * at).collect() },
            ] {
                let found = pairs_of(&few, &laid, profile, threshold, 2);
                assert_eq!(found, (!is_crowded).then(|| expected.clone()));
                assert_eq!(pairs_of(&[crowd, crowd + 1], &laid, profile, threshold, 2), Some(vec![]));
            }
            assert_eq!(all.crowded, (0..if is_crowded { crowd } else { 0 }).collect::<Vec<u32>>());
        }
    }

    /// Slots that are parts of many shingles agree independently of each other, or (of fewer shingles) a little less loosely.
    #[test]
    fn a_pair_at_the_threshold_is_left_out_by_its_sketches_less_than_once_in_ten_thousand() {
        for threshold in (35..=100).map(|hundredth| f64::from(hundredth) / 100.0) {
            // Two bytes are equal by chance once in 256.
            let agrees = threshold + (1.0 - threshold) / 256.0;
            let mut chance = (1.0 - agrees).powi(SLOTS as i32);
            let (mut below, least) = (0.0, threshold - wide_margin(threshold));
            for equal in (0..SLOTS).take_while(|&equal| agrees < 1.0 && (equal as f64 / SLOTS as f64) < least) {
                below += chance;
                chance *= (SLOTS - equal) as f64 / (equal + 1) as f64 * agrees / (1.0 - agrees);
            }
            assert!(below < 1e-4, "{threshold}: {below}");
        }
    }

    #[test]
    fn sketches_of_few_shingles_are_given_more_room() {
        // So many different values at most, and the other one is the same but for so many slots.
        let pair = |values: usize, differ: usize| {
            let one = Sketch(std::array::from_fn(|slot| (slot % values) as u8));
            let other = Sketch(std::array::from_fn(|slot| (slot % values) as u8 ^ if slot < differ { 128 } else { 0 }));
            may_reach(&one, &other, 0.7)
        };
        let told = |values: usize| [0, 58, 59, 68, 69].map(|differ| pair(values, differ));
        assert_eq!(told(64), [true, true, false, false, false]);
        assert_eq!(told(63), [true, true, true, true, false]);
        assert_eq!(told(1), [true, true, true, true, false]);
    }

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

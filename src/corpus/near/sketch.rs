//! One-permutation MinHash with optimal densification.

use super::prints::{scan, scan_lines, words_of};
use super::tokens::fold;
use super::{Bands, Profile, WORDS_MIN};

/// Minima of one sketch.
pub const SLOTS: usize = 125;

/// The least shingle hash of each of 125 equal parts of the hash range, and of it the last eight bits: two different ones
/// agree in those by chance once in 256, which costs a comparison now and then and takes a quarter of the room. An empty
/// part borrows from another one, chosen by its number alone, so that like sets borrow alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch(pub [u8; SLOTS]);

/// A sketch in a file: whether there is one (1), then its slots.
pub const SKETCH_BYTES: usize = 1 + SLOTS;

impl Sketch {
    /// `None` of a text too short to have near-duplicates.
    pub fn of(text: &str, profile: Profile) -> Option<Self> {
        let mut minima = Minima([Minima::NONE; SLOTS]);
        let tokens = scan(text, profile, |hash| minima.add(hash));
        minima.sketch(words_of(text, tokens, WORDS_MIN))
    }

    /// The same of a text however short; `None` of one without a word.
    pub fn of_any(text: &str, profile: Profile) -> Option<Self> {
        let mut minima = Minima([Minima::NONE; SLOTS]);
        let tokens = scan(text, profile, |hash| minima.add(hash));
        (tokens > 0).then(|| minima.whole())
    }

    /// The same as [`Self::of`], calling with hash and number of words of every line that is not blank, as [`super::line`] has them.
    pub fn of_lines(text: &str, profile: Profile, line: impl FnMut((u64, u32))) -> Option<Self> {
        let mut minima = Minima([Minima::NONE; SLOTS]);
        let tokens = scan_lines(text, profile, |hash| minima.add(hash), line);
        minima.sketch(words_of(text, tokens, WORDS_MIN))
    }

    /// As it stands in a file; one that is none has zeros.
    pub fn pack(sketch: Option<&Self>) -> [u8; SKETCH_BYTES] {
        let mut record = [0; SKETCH_BYTES];
        if let Some(sketch) = sketch {
            record[0] = 1;
            record[1..].copy_from_slice(&sketch.0);
        }
        record
    }

    /// From so many bytes.
    pub fn unpack(record: &[u8]) -> Option<Self> {
        let slots = record[1..SKETCH_BYTES].try_into().expect("a record is as long as its slots");
        (record[0] == 1).then_some(Self(slots))
    }

    /// What must be equal for two sketches to agree in a band. In 32 bits a few bands of a large corpus are equal by
    /// chance; that costs a comparison and no more.
    pub fn band(&self, band: usize, bands: Bands) -> u32 {
        const WORD: usize = size_of::<u64>();
        let end = (band + 1) * bands.rows;
        // All of them at once, where so many bytes come before them or are theirs.
        let key = match self.0[..end].last_chunk::<WORD>() {
            Some(word) => u64::from_be_bytes(*word) & (u64::MAX >> (8 * (WORD - bands.rows))),
            None => self.0[end - bands.rows..end].iter().fold(0, |key, &slot| key << 8 | u64::from(slot)),
        };
        fold(key) as u32
    }

    /// The part of slots that agree: an estimate of the Jaccard similarity, standard error at most 0.045.
    pub fn agreement(&self, other: &Self) -> f64 {
        // At most 125: the count fits in what is counted, so that the compiler needs no wider numbers.
        let equal: u8 = self.0.iter().zip(&other.0).map(|(a, b)| u8::from(a == b)).sum();
        f64::from(equal) / SLOTS as f64
    }

    /// Whether at least half of its slots are of shingles of their own: so many different values as it has, so many parts of
    /// the range were not empty.
    pub fn is_wide(&self) -> bool {
        const VALUES_MIN: u8 = 64;
        let mut has = [0_u8; 256];
        self.0.iter().for_each(|&slot| has[usize::from(slot)] = 1);
        // At most 125.
        has.iter().sum::<u8>() >= VALUES_MIN
    }
}

/// The least hash of each part, while shingles come.
struct Minima([u64; SLOTS]);

impl Minima {
    const NONE: u64 = u64::MAX;

    fn add(&mut self, hash: u32) {
        let slot = &mut self.0[((u64::from(hash) * SLOTS as u64) >> 32) as usize];
        *slot = (*slot).min(u64::from(hash));
    }

    fn sketch(self, words: u32) -> Option<Sketch> {
        (words >= WORDS_MIN).then(|| self.whole())
    }

    /// Of a text that has a shingle.
    fn whole(self) -> Sketch {
        let slots = self.0.map(|hash| (hash != Self::NONE).then_some(hash as u8));
        Sketch(std::array::from_fn(|slot| slots[slot].unwrap_or_else(|| borrow(&slots, slot))))
    }
}

fn borrow(slots: &[Option<u8>; SLOTS], empty: usize) -> u8 {
    let tries = (0_u64..).map(|attempt| fold((empty as u64) << 32 | attempt) % SLOTS as u64);
    tries.into_iter().find_map(|slot| slots[slot as usize]).expect("a slot is full, and tries reach every slot")
}

#[cfg(test)]
mod tests {
    use super::super::fixed_hash;
    use super::{Minima, SLOTS, Sketch};

    /// Two sets of hashes, of which seven in ten are in common, of so many in all.
    fn pair(seed: u64, all: u64) -> [Sketch; 2] {
        let mut minima = [(); 2].map(|()| Minima([Minima::NONE; SLOTS]));
        for at in 0..all {
            let hash = fixed_hash(&(seed << 32 | at).to_le_bytes()) as u32;
            let of = if at * 10 < all * 7 { 0..2 } else { (at % 2) as usize..(at % 2) as usize + 1 };
            minima[of].iter_mut().for_each(|minima| minima.add(hash));
        }
        minima.map(Minima::whole)
    }

    /// Parts of the range that are empty borrow, and what is borrowed tells nothing new: such sketches must not count as wide.
    #[test]
    fn wide_sketches_agree_no_more_loosely_than_independent_slots() {
        const PAIRS: u64 = 2000;
        for (all, is_wide) in [(40, 0.0..=0.0), (80, 0.0..=0.01), (170, 0.5..=1.0), (400, 1.0..=1.0)] {
            let pairs = (0..PAIRS).map(|seed| pair(seed, all));
            let wide: Vec<f64> =
                pairs.filter(|of| of.iter().all(Sketch::is_wide)).map(|[a, b]| a.agreement(&b)).collect();
            let share = wide.len() as f64 / PAIRS as f64;
            assert!(is_wide.contains(&share), "{all}: {share}");
            let spread = wide.iter().map(|agreement| (agreement - 0.7).powi(2)).sum::<f64>() / wide.len().max(1) as f64;
            assert!(spread < 0.7 * 0.3 / SLOTS as f64, "{all}: {spread}");
            assert!(wide.iter().all(|&agreement| agreement > 0.532), "{all}");
        }
    }
}

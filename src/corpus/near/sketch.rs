//! One-permutation MinHash with optimal densification.

use super::prints::{scan, scan_lines};
use super::tokens::fold;
use super::{Profile, WORDS_MIN};

/// Minima of one sketch.
pub const SLOTS: usize = 125;

/// The least shingle hash of each of 125 equal parts of the hash range. An empty part borrows from another one,
/// chosen by its number alone, so that like sets borrow alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch(pub Box<[u32; SLOTS]>);

impl Sketch {
    /// `None` of a text too short to have near-duplicates.
    pub fn of(text: &str, profile: Profile) -> Option<Self> {
        let mut minima = Minima([Minima::NONE; SLOTS]);
        let words = scan(text, profile, |hash| minima.add(hash));
        minima.sketch(words)
    }

    /// The same, calling with hash and number of words of every line that is not blank, as [`super::line`] has them.
    pub fn of_lines(text: &str, profile: Profile, line: impl FnMut((u64, u32))) -> Option<Self> {
        let mut minima = Minima([Minima::NONE; SLOTS]);
        let words = scan_lines(text, profile, |hash| minima.add(hash), line);
        minima.sketch(words)
    }

    /// What must be equal for two sketches to agree in a band. In 32 bits a few bands of a large corpus are equal by
    /// chance; that costs a comparison and no more.
    pub fn band(&self, band: usize, profile: Profile) -> u32 {
        let rows = &self.0[band * profile.rows()..][..profile.rows()];
        rows.iter().fold(0, |key, &slot| fold(key ^ u64::from(slot))) as u32
    }

    /// The part of slots that agree: an estimate of the Jaccard similarity, standard error at most 0.045.
    pub fn agreement(&self, other: &Self) -> f64 {
        let equal: u32 = self.0.iter().zip(other.0.iter()).map(|(a, b)| u32::from(a == b)).sum();
        f64::from(equal) / SLOTS as f64
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
        if words < WORDS_MIN {
            return None;
        }
        let slots = self.0.map(|hash| u32::try_from(hash).ok());
        Some(Sketch(Box::new(std::array::from_fn(|slot| slots[slot].unwrap_or_else(|| borrow(&slots, slot))))))
    }
}

fn borrow(slots: &[Option<u32>; SLOTS], empty: usize) -> u32 {
    let tries = (0_u64..).map(|attempt| fold((empty as u64) << 32 | attempt) % SLOTS as u64);
    tries.into_iter().find_map(|slot| slots[slot as usize]).expect("a slot is full, and tries reach every slot")
}

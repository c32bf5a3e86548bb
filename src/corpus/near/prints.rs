//! What of a text is compared: the set of its shingles, and its numbers.

use xxhash_rust::xxh3::xxh3_64;

use super::SHINGLE;
use super::tokens::{fold, tokens};

/// Hashes of a text's shingles and numbers, each a sorted set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prints {
    pub shingles: Box<[u32]>,
    pub numbers: Box<[u32]>,
    /// Tokens of the text.
    pub words: u32,
}

/// Two texts with at least this many different numbers between them …
const SERIES_NUMBERS_MIN: usize = 4;
/// … of which less than this part is common are two of a series (scores, weather, prices), not one text twice.
const SERIES_SHARE: f64 = 0.5;

impl Prints {
    pub fn of(text: &str) -> Self {
        // A word and its blank are about six bytes.
        let mut shingles = Vec::with_capacity(text.len() / 6);
        let mut numbers = Vec::new();
        let words = scan(text, |shingle| shingles.push(shingle), |number| numbers.push(number));
        Self { shingles: set(shingles), numbers: set(numbers), words }
    }

    /// The size of the common part of the shingle sets over that of their union; two empty texts are alike.
    pub fn jaccard(&self, other: &Self) -> f64 {
        share(&self.shingles, &other.shingles)
    }

    /// The most their Jaccard similarity can be, from the sizes alone.
    pub fn jaccard_max(&self, other: &Self) -> f64 {
        let (a, b) = (self.shingles.len(), other.shingles.len());
        if a.max(b) == 0 { 1.0 } else { a.min(b) as f64 / a.max(b) as f64 }
    }

    /// Whether the two are pages of one series, alike but for their numbers.
    pub fn is_series(&self, other: &Self) -> bool {
        let most = self.numbers.len() + other.numbers.len();
        most >= SERIES_NUMBERS_MIN && {
            let common = common(&self.numbers, &other.numbers);
            let union = most - common;
            union >= SERIES_NUMBERS_MIN && (common as f64) < SERIES_SHARE * union as f64
        }
    }
}

/// Calls with the hash of every shingle and number, as they come; returns the number of words. Of a text shorter than
/// a shingle, all of it is one.
pub fn scan(text: &str, mut shingle: impl FnMut(u32), mut number: impl FnMut(u32)) -> u32 {
    const FACTOR: u64 = 0xd6e8_feb8_6659_fd93;
    const LEAVING: u64 = FACTOR.wrapping_pow(SHINGLE as u32);
    let mut last = [0; SHINGLE];
    let mut sum = 0_u64;
    let mut words = 0_u32;
    tokens(text, |token, is_number| {
        let oldest = std::mem::replace(&mut last[words as usize % SHINGLE], token);
        sum = sum.wrapping_mul(FACTOR).wrapping_add(token).wrapping_sub(oldest.wrapping_mul(LEAVING));
        words = words.saturating_add(1);
        if words as usize >= SHINGLE {
            shingle(fold(sum) as u32);
        }
        if is_number {
            number((token >> 32) as u32);
        }
    });
    if (1..SHINGLE).contains(&(words as usize)) {
        shingle(fold(sum) as u32);
    }
    words
}

fn set(mut hashes: Vec<u32>) -> Box<[u32]> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.into_boxed_slice()
}

fn share(a: &[u32], b: &[u32]) -> f64 {
    let common = common(a, b);
    let union = a.len() + b.len() - common;
    if union == 0 { 1.0 } else { common as f64 / union as f64 }
}

/// How many hashes two sorted sets have in common. Written without branches: which side is smaller is a coin toss,
/// and a mispredicted one costs more than the step.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        common += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    common
}

/// A hash of any bytes, fixed for good.
pub fn fixed_hash(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

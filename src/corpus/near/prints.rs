//! What of a text is compared: the set of its shingles, and its numbers.

use xxhash_rust::xxh3::xxh3_64;

use super::{SHINGLE, tokens::tokens};

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
        let mut last = [0; SHINGLE];
        let mut words = 0_u32;
        // A word and its blank are about six bytes.
        let mut shingles = Vec::with_capacity(text.len() / 6);
        let mut numbers = Vec::new();
        tokens(text, |token, is_number| {
            last.rotate_left(1);
            last[SHINGLE - 1] = token;
            words = words.saturating_add(1);
            if words as usize >= SHINGLE {
                shingles.push(shingle(&last));
            }
            if is_number {
                numbers.push((token >> 32) as u32);
            }
        });
        if shingles.is_empty() && words > 0 {
            shingles.push(shingle(&last));
        }
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

fn shingle(tokens: &[u64; SHINGLE]) -> u32 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let sum = tokens.iter().fold(0_u64, |sum, &token| sum.wrapping_mul(FACTOR).wrapping_add(token));
    // A polynomial's low bits depend on few of its terms' bits; the multiply-and-fold spreads them.
    let spread = u128::from(sum ^ (sum >> 29)) * u128::from(FACTOR);
    ((spread >> 64) as u64 ^ spread as u64) as u32
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

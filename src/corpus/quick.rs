//! Tables whose keys are hashes already, or numbers that we gave: they need no hashing that withstands an enemy.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::near::fold;

pub type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;
pub type QuickSet<K> = HashSet<K, BuildHasherDefault<Quick>>;

/// A multiplication for every eight bytes.
#[derive(Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        rest.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = fold(self.0 ^ number);
    }

    fn write_u128(&mut self, number: u128) {
        self.write_u64(number as u64);
        self.write_u64((number >> 64) as u64);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

/// Which of many hashes may stand among them more than once, told by some of their bits: of those that do not, few seem to.
/// It takes little memory, and spares the others a table that would not fit in a cache.
pub struct Again(Vec<u64>);

impl Again {
    pub fn of(hashes: impl ExactSizeIterator<Item = u64>) -> Self {
        const BITS_A_HASH: usize = 16;
        let words = (hashes.len() * BITS_A_HASH / 64 + 1).next_power_of_two();
        let (mut once, mut twice) = (vec![0_u64; words], vec![0_u64; words]);
        for hash in hashes {
            let (word, bit) = place(hash, words);
            twice[word] |= once[word] & bit;
            once[word] |= bit;
        }
        Self(twice)
    }

    /// Whether this one of them may; each that does may.
    pub fn may(&self, hash: u64) -> bool {
        let (word, bit) = place(hash, self.0.len());
        self.0[word] & bit != 0
    }
}

/// Of a power of two of words.
fn place(hash: u64, words: usize) -> (usize, u64) {
    ((hash / 64) as usize & (words - 1), 1 << (hash % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hash_that_stands_there_again_is_told_and_few_others_are() {
        for spread in [1, 0x9e37_79b9_7f4a_7c15, 1 << 40] {
            let hash = |at: u64| at.wrapping_mul(spread);
            let hashes: Vec<u64> = (0..20_000).chain(0..500).map(hash).collect();
            let again = Again::of(hashes.iter().copied());
            assert!((0..500).all(|at| again.may(hash(at))));
            let others = (500..20_000).filter(|&at| again.may(hash(at))).count();
            assert!(others < 2000 || spread == 1 << 40, "{spread}: {others}");
        }
        assert!(!Again::of([].into_iter()).may(7));
    }
}

//! What class tokens weigh, learned: a table of hashes that comes with the model.

use super::elements::{Elements, Index};

/// How far up tokens count, and how the levels are told apart.
pub const BUCKETS: usize = 3;
const BUCKET_OF: [u8; 12] = [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2];
/// What the sum is divided by, and where its zero stands among the bytes.
const DIVISOR: i32 = 4;
const ZERO: i32 = 128;

/// Weights of class tokens by how far above a block they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lexicon {
    /// Token and weights by open addressing; the length is a power of two, or nothing.
    slots: Vec<(u32, [i8; BUCKETS])>,
}

impl Lexicon {
    /// A table of tokens, each once.
    pub fn new(tokens: &[(u32, [i8; BUCKETS])]) -> Self {
        if tokens.is_empty() {
            return Self::default();
        }
        let size = (tokens.len() * 2).next_power_of_two();
        let mut this = Self { slots: vec![(0, [0; BUCKETS]); size] };
        for &(token, weights) in tokens.iter().filter(|(_, weights)| *weights != [0; BUCKETS]) {
            let at = this.place(token);
            this.slots[at] = (token, weights);
        }
        this
    }

    /// Each element's own weights, then each block's sum of those above it.
    pub(super) fn sums(&self, elements: &Elements, own: &[Index]) -> Vec<u8> {
        if self.slots.is_empty() {
            return vec![ZERO as u8; own.len()];
        }
        let weights: Vec<[i32; BUCKETS]> =
            elements.list.iter().map(|element| self.weigh(elements.tokens_of(element))).collect();
        own.iter()
            .map(|&own| {
                let sum: i32 =
                    levels(elements, own).map(|(at, bucket)| weights[at as usize][usize::from(bucket)]).sum();
                (ZERO + sum.div_euclid(DIVISOR)).clamp(0, 255) as u8
            })
            .collect()
    }

    fn weigh(&self, tokens: &[u32]) -> [i32; BUCKETS] {
        let mut sum = [0; BUCKETS];
        for &token in tokens {
            let (_, weights) = self.slots[self.place(token)];
            for (sum, weight) in sum.iter_mut().zip(weights) {
                *sum += i32::from(weight);
            }
        }
        sum
    }

    fn place(&self, token: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = token.wrapping_mul(0x9E37_79B1) as usize >> 8 & mask;
        while self.slots[at].0 != token && self.slots[at].1 != [0; BUCKETS] {
            at = (at + 1) & mask;
        }
        at
    }
}

/// The element and those above it as far as tokens count, each with its bucket.
pub fn levels(elements: &Elements, own: Index) -> impl Iterator<Item = (Index, u8)> + '_ {
    elements.chain(own).zip(BUCKET_OF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_and_others_weigh_nothing() {
        let tokens: Vec<(u32, [i8; 3])> = (1..500).map(|token: u32| (token * 7919, [token as i8 | 1, 2, 3])).collect();
        let lexicon = Lexicon::new(&tokens);
        for (token, weights) in tokens {
            assert_eq!(lexicon.weigh(&[token]), weights.map(i32::from));
        }
        assert_eq!(lexicon.weigh(&[1, 2, 3]), [0; 3]);
    }
}

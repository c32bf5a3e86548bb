//! SHA-256 of two contents at once. Each step of the hash waits for the one before it: beside those of a second content that
//! do not depend on them a core does a third more of both.

use sha2::block_api::compress256;

use super::Id;

const BLOCK_BYTES: usize = 64;
/// Where the length stands at the end of the last block, and the bit before the padding.
const LENGTH_BYTES: usize = 8;
const END: u8 = 0x80;
/// So many blocks of one, then as many of the other: a core looks no farther ahead.
const TURN_BLOCKS: usize = 2;
/// The state before any block (FIPS 180-4, 5.3.3).
const BEGIN: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

type Block = [u8; BLOCK_BYTES];

pub(super) fn ids(one: &[u8], other: &[u8]) -> [Id; 2] {
    let ((blocks, rest), (other_blocks, other_rest)) = (one.as_chunks(), other.as_chunks());
    let both = blocks.len().min(other_blocks.len());
    let (mut state, mut other_state) = (BEGIN, BEGIN);
    for (blocks, others) in blocks[..both].chunks(TURN_BLOCKS).zip(other_blocks[..both].chunks(TURN_BLOCKS)) {
        compress256(&mut state, blocks);
        compress256(&mut other_state, others);
    }
    compress256(&mut state, &blocks[both..]);
    compress256(&mut other_state, &other_blocks[both..]);
    [ended(state, rest, one.len()), ended(other_state, other_rest, other.len())]
}

/// What comes of a state with the last bytes, which fill no block, and the length of all.
fn ended(mut state: [u32; 8], rest: &[u8], bytes: usize) -> Id {
    let mut last: [Block; 2] = [[0; BLOCK_BYTES]; 2];
    let blocks = if rest.len() + 1 + LENGTH_BYTES <= BLOCK_BYTES { 1 } else { 2 };
    let flat = last[..blocks].as_flattened_mut();
    flat[..rest.len()].copy_from_slice(rest);
    flat[rest.len()] = END;
    let length = flat.len() - LENGTH_BYTES;
    flat[length..].copy_from_slice(&(bytes as u64 * u64::from(u8::BITS)).to_be_bytes());
    compress256(&mut state, &last[..blocks]);
    let mut id = [0; 32];
    id.chunks_exact_mut(4).zip(state).for_each(|(bytes, word)| bytes.copy_from_slice(&word.to_be_bytes()));
    Id(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_at_once_have_the_ids_that_each_has_by_itself() {
        let bytes: Vec<u8> = (0..100_000u32).map(|n| (n.wrapping_mul(n) / 7) as u8).collect();
        let lengths = (0..200).chain([255, 256, 257, 4_095, 4_096, 10_007, 99_999]);
        for (one, other) in lengths.clone().zip(lengths.clone().skip(1)).chain(lengths.map(|bytes| (bytes, 130))) {
            let (one, other) = (&bytes[..one], &bytes[bytes.len() - other..]);
            assert_eq!(ids(one, other), [Id::of(one), Id::of(other)], "{} and {} bytes", one.len(), other.len());
            assert_eq!(ids(other, one), [Id::of(other), Id::of(one)], "{} and {} bytes", other.len(), one.len());
        }
    }
}

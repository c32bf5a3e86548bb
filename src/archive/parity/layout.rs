//! The head of a file of recovery data, and where all else is in it.

use super::share::Parity;
use crate::archive::folder::{Seg, Store};
use crate::archive::record::number;
use crate::capture::Id;

pub(super) const HEAD_BYTES: usize = 80;
const MAGIC: [u8; 4] = [0x8F, 0x47, 0x4C, 0x50];
const VERSION: u32 = 1;
/// Bytes of a checksum.
const CRC_BYTES: u64 = 4;

/// A block is as large as the pages that disks lose; smaller in a small segment, which would else be a few blocks only.
const BLOCK_BYTES_MAX: u64 = 4096;
const BLOCK_BYTES_MIN: u64 = 64;
/// So many blocks at least, where they can be as small as that.
const BLOCKS_WANTED: u64 = 256;
/// A group takes so many blocks at most: 32 MiB, of which coding needs up to three times as much memory.
const GROUP_BLOCKS_MAX: u64 = 8192;
/// What is read of others' making: far above what is written, and what the code itself allows.
const READ_BLOCK_BYTES_MAX: u32 = 64 << 10;
const READ_BLOCKS_MAX: u64 = 32_768;
const READ_GROUP_BYTES_MAX: u64 = 256 << 20;

/// How a segment is cut into blocks and these into groups: block n is of group n modulo `groups`, so that a burst takes as much
/// from each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Bytes of the segment that are covered, from its first one.
    pub length: u64,
    pub share: Parity,
    pub block_bytes: u32,
    pub groups: u32,
    /// Recovery blocks of each group.
    pub recovery: u32,
}

impl Layout {
    pub fn of(length: u64, share: Parity) -> Self {
        let block_bytes = (length / BLOCKS_WANTED).next_power_of_two().clamp(BLOCK_BYTES_MIN, BLOCK_BYTES_MAX);
        let blocks = length.div_ceil(block_bytes);
        let groups = blocks.div_ceil(GROUP_BLOCKS_MAX).max(1);
        let of_group = blocks.div_ceil(groups);
        // A burst begins and ends within a block, and so damages one more than it has the bytes of.
        let recovery = (of_group * u64::from(share.percent())).div_ceil(100) + 1;
        let [block_bytes, groups, recovery] = [block_bytes, groups, recovery].map(|n| n as u32);
        Self { length, share, block_bytes, groups, recovery }
    }

    pub fn blocks(&self) -> u64 {
        self.length.div_ceil(self.block_bytes.into())
    }

    /// The numbers of a group's blocks.
    pub fn blocks_of(&self, group: u32) -> impl Iterator<Item = u64> + use<> {
        (u64::from(group)..self.blocks()).step_by(self.groups as usize)
    }

    /// Where a block lies in the segment, and how many bytes of it are there.
    pub fn place(&self, block: u64) -> (u64, usize) {
        let at = block * u64::from(self.block_bytes);
        (at, (self.length - at).min(self.block_bytes.into()) as usize)
    }

    pub fn recovery_blocks(&self) -> u64 {
        u64::from(self.groups) * u64::from(self.recovery)
    }

    /// Bytes of the checksums of all blocks.
    pub fn table_bytes(&self) -> u64 {
        (self.blocks() + self.recovery_blocks()) * CRC_BYTES
    }

    /// Where the n-th recovery block of a group lies in its file.
    pub fn recovery_at(&self, group: u32, n: u32) -> u64 {
        HEAD_BYTES as u64 + self.table_bytes() + self.recovery_number(group, n) * u64::from(self.block_bytes)
    }

    /// Its number among all recovery blocks.
    pub fn recovery_number(&self, group: u32, n: u32) -> u64 {
        u64::from(group) * u64::from(self.recovery) + u64::from(n)
    }

    /// Bytes of the whole file.
    pub fn bytes(&self) -> u64 {
        self.recovery_at(self.groups, 0)
    }

    fn is_sane(&self) -> bool {
        let of_group = self.blocks().div_ceil(self.groups.max(1).into());
        let counts = (1..=self.blocks()).contains(&self.groups.into()) && (1..=READ_BLOCKS_MAX).contains(&of_group);
        let recovery = (1..=READ_BLOCKS_MAX).contains(&self.recovery.into());
        counts
            && recovery
            && (of_group + u64::from(self.recovery)) * u64::from(self.block_bytes) <= READ_GROUP_BYTES_MAX
    }
}

/// What the file begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub store: Store,
    pub seg: Seg,
    pub layout: Layout,
    /// SHA-256 of the bytes that are covered.
    pub hash: Id,
}

impl Head {
    pub fn encode(&self) -> [u8; HEAD_BYTES] {
        let Layout { length, share, block_bytes, groups, recovery } = self.layout;
        let named = [VERSION, self.store as u32, self.seg.number, self.seg.generation.into(), share.percent().into()];
        let mut bytes = MAGIC.to_vec();
        named.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        bytes.extend(length.to_le_bytes());
        bytes.extend(self.hash.0);
        [block_bytes, groups, recovery].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        bytes.extend(crc32c::crc32c(&bytes).to_le_bytes());
        bytes.try_into().expect("as many bytes as a head has")
    }

    /// `None` for what is damaged, of a later version, or none.
    pub fn decode(bytes: &[u8; HEAD_BYTES]) -> Option<Self> {
        let at = |at: usize| number(&bytes[at..at + 4]);
        if bytes[..4] != MAGIC || at(4) != VERSION || at(76) != crc32c::crc32c(&bytes[..76]) {
            return None;
        }
        let store = Store::ALL.into_iter().find(|store| *store as u32 == at(8))?;
        let seg = Seg { number: at(12), generation: at(16).try_into().ok()? };
        let share = Parity::new(at(20).try_into().ok()?)?;
        let length = u64::from_le_bytes(*bytes[24..].first_chunk()?);
        let hash = Id(*bytes[32..].first_chunk()?);
        let block_bytes = Some(at(64)).filter(|bytes| (2..=READ_BLOCK_BYTES_MAX).contains(bytes) && bytes % 2 == 0)?;
        let layout = Layout { length, share, block_bytes, groups: at(68), recovery: at(72) };
        layout.is_sane().then_some(Self { store, seg, layout, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_the_share_takes_no_more_of_any_group_than_can_be_mended() {
        for length in [1, 63, 64, 65, 3_000, 20_000, 1 << 20, (1 << 20) + 1, 40 << 20, (100 << 20) + 77, 3 << 30] {
            for percent in [1, 5, 20, 50] {
                let layout = Layout::of(length, Parity::of(percent));
                assert!(layout.is_sane(), "{layout:?}");
                let blocks: u64 = (0..layout.groups).map(|group| layout.blocks_of(group).count() as u64).sum();
                assert_eq!(blocks, layout.blocks());
                // As many bytes as the share, beginning where it is worst: behind the first byte of a block.
                let burst = length * u64::from(percent) / 100;
                let hit = burst.div_ceil(u64::from(layout.block_bytes)) + u64::from(burst > 0);
                assert!(hit.div_ceil(layout.groups.into()) <= layout.recovery.into(), "{layout:?}");
                let head =
                    Head { store: Store::Raw, seg: Seg { number: 7, generation: 300 }, layout, hash: Id([9; 32]) };
                assert_eq!(Head::decode(&head.encode()), Some(head));
            }
        }
    }

    #[test]
    fn a_head_with_any_flipped_bit_is_none() {
        let layout = Layout::of(70_000, Parity::of(5));
        let bytes = Head { store: Store::Segments, seg: Seg::FIRST, layout, hash: Id([3; 32]) }.encode();
        for bit in 0..HEAD_BYTES * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Head::decode(&flipped), None, "bit {bit}");
        }
    }

    #[test]
    fn sizes_that_nobody_writes_are_not_believed() {
        let sane = Layout::of(70_000, Parity::of(5));
        let decoded = |layout: Layout| {
            let head = Head { store: Store::Segments, seg: Seg::FIRST, layout, hash: Id([3; 32]) };
            Head::decode(&head.encode())
        };
        assert!(decoded(sane).is_some());
        for layout in [
            Layout { length: 0, ..sane },
            Layout { length: u64::MAX, ..sane },
            Layout { block_bytes: 0, ..sane },
            Layout { block_bytes: 7, ..sane },
            Layout { block_bytes: u32::MAX - 1, ..sane },
            Layout { groups: 0, ..sane },
            Layout { groups: u32::MAX, ..sane },
            Layout { recovery: 0, ..sane },
            Layout { recovery: u32::MAX, ..sane },
        ] {
            assert_eq!(decoded(layout), None, "{layout:?}");
        }
    }
}

//! Writing recovery data.

use std::fs::File;
use std::path::Path;

use reed_solomon_simd::ReedSolomonEncoder;

use super::layout::{Head, Layout};
use super::look::{block, each_block, read_head, sound_until};
use super::{Parity, coding};
use crate::archive::folder::{Folder, Seg, Store};
use crate::archive::segments::Segments;
use crate::archive::storage::DiskFile;
use crate::archive::{ArchiveError, Result};
use crate::capture::Id;

/// Whether recovery data is there as it is to be, as far as its head tells: a check looks closer.
pub(super) fn fits(folder: &Folder, store: Store, seg: Seg, sealed: u64, parity: Parity) -> bool {
    let right = looks_right(folder, store, seg).and_then(|_| read_head(folder, store, seg));
    right.is_some_and(|Head { layout, .. }| layout.share == parity && layout.length >= sealed)
}

/// The hash that recovery data names, where its head and length are right.
pub(in crate::archive) fn looks_right(folder: &Folder, store: Store, seg: Seg) -> Option<Id> {
    let length = std::fs::metadata(folder.parity(store, seg)).map_or(0, |file| file.len());
    let head = read_head(folder, store, seg)?;
    ((head.store, head.seg) == (store, seg) && head.layout.bytes() == length).then_some(head.hash)
}

/// The share of what is there already.
pub(super) fn share_of(folder: &Folder, store: Store, seg: Seg) -> Option<Parity> {
    read_head(folder, store, seg).map(|head| head.layout.share).filter(|share| *share != Parity::OFF)
}

/// Covers a segment up to `end`, which a commit ends. Returns the bytes that were written. The lock for care is held: nobody
/// replaces the segment meanwhile, and whoever appends to it writes behind `end`.
pub(super) fn cover(segments: &Segments, store: Store, seg: Seg, end: u64, share: Parity) -> Result<u64> {
    let folder = &segments.folder;
    let path = folder.segment(store, seg);
    // Damage must not be covered as if it had been written so.
    if sound_until(segments, store, seg)? < Some(end) {
        return Err(ArchiveError::damaged(&path, 0, "something of it is damaged, which is not to be covered as it is"));
    }
    let (to, layout) = (folder.parity(store, seg), Layout::of(end, share));
    let part = to.with_extension("parity.part");
    let written = write(folder, (store, seg), layout, &part).and_then(|()| folder.disk.rename(&part, &to));
    if written.is_err() {
        // Half a file is of no use, and a full disk is left no fuller.
        let _ = std::fs::remove_file(&part);
    }
    written.map(|()| layout.bytes())
}

/// Writes all of the file under its temporary name, durably.
fn write(folder: &Folder, (store, seg): (Store, Seg), layout: Layout, part: &Path) -> Result<()> {
    let path = folder.segment(store, seg);
    let source = folder.disk.open_read(&path)?;
    let file = folder.disk.open_segment(part)?;
    file.cut(0)?;
    let mut table: Vec<u8> = Vec::with_capacity(layout.table_bytes() as usize);
    let hash = each_block(&source, &path, &layout, |_, bytes| table.extend(crc32c::crc32c(bytes).to_le_bytes()))?;
    for group in 0..layout.groups {
        table.extend(write_group(&source, &path, &layout, group, &file)?);
    }
    let head = Head { store, seg, layout, hash };
    file.write_at(0, &[&head.encode()[..], &table].concat())?;
    file.sync()
}

/// Writes the recovery blocks of a group. Returns their checksums.
fn write_group(source: &File, path: &Path, layout: &Layout, group: u32, file: &DiskFile) -> Result<Vec<u8>> {
    let failed = |error| coding(error, path);
    let count = layout.blocks_of(group).count();
    let (recovery, block_bytes) = (layout.recovery as usize, layout.block_bytes as usize);
    let mut encoder = ReedSolomonEncoder::new(count, recovery, block_bytes).map_err(failed)?;
    for number in layout.blocks_of(group) {
        encoder.add_original_shard(block(source, path, layout, number)?).map_err(failed)?;
    }
    let encoded = encoder.encode().map_err(failed)?;
    let blocks: Vec<&[u8]> = encoded.recovery_iter().collect();
    file.write_at(layout.recovery_at(group, 0), &blocks.concat())?;
    Ok(blocks.iter().flat_map(|block| crc32c::crc32c(block).to_le_bytes()).collect())
}

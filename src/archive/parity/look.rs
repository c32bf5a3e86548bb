//! A segment compared with its recovery data, block by block.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::layout::{HEAD_BYTES, Head, Layout};
use crate::archive::commit::CHAIN_START;
use crate::archive::folder::{Folder, Seg, Store};
use crate::archive::leftovers::FirstFlaw;
use crate::archive::record::number;
use crate::archive::recover::Tail;
use crate::archive::segments::Segments;
use crate::archive::storage::read_at;
use crate::archive::walk::Walk;
use crate::archive::{ArchiveError, Result};
use crate::capture::Id;

/// How much of a segment is read at once, about.
const CHUNK_BYTES: usize = 1 << 20;

/// What recovery data is worth to its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::archive) enum State {
    /// There is none.
    None,
    /// It and what it covers are as they were written.
    Whole,
    /// Nobody can tell what it is of.
    Unreadable,
    /// The segment is as it was; some of the recovery data is damaged.
    Worn,
    /// The segment is sound, and is not what was covered.
    Foreign,
    /// The segment is damaged, and can be made what it was.
    Mendable { bad: u64, of: u64 },
    /// The segment is damaged, and cannot.
    Beyond { bad: u64, of: u64 },
}

impl State {
    /// Reads both files. `known` is how much of the segment the index knew.
    pub fn of(segments: &Segments, store: Store, seg: Seg, known: u64) -> Result<Self> {
        let folder = &segments.folder;
        if !folder.parity(store, seg).exists() || !folder.segment(store, seg).exists() {
            return Ok(Self::None);
        }
        let Some(sidecar) = Sidecar::open(folder, store, seg)? else {
            // Another process may have taken it away meanwhile.
            let is_there = folder.parity(store, seg).exists() && folder.segment(store, seg).exists();
            return Ok(if is_there { Self::Unreadable } else { Self::None });
        };
        let look = sidecar.look(folder, store, seg)?;
        if look.is_whole {
            return Ok(if look.worn || !look.bad.is_empty() { Self::Worn } else { Self::Whole });
        }
        let (layout, sound) = (&sidecar.head.layout, sound_until(segments, store, seg)?);
        let (bad, of) = (look.bad.len() as u64, layout.blocks());
        let mends = sidecar.is_of(store, seg) && look.mends(layout);
        Ok(match mends {
            // Cut behind a commit it is sound too, and shorter than what was covered.
            _ if sound >= Some(known.max(layout.length)) => Self::Foreign,
            true => Self::Mendable { bad, of },
            false if sound >= Some(known) => Self::Foreign,
            false => Self::Beyond { bad, of },
        })
    }
}

/// Whether a file of recovery data is of the segment that it lies beside.
pub(in crate::archive) fn belongs(segments: &Segments, path: &Path) -> Result<bool> {
    let folder = &segments.folder;
    for store in Store::ALL {
        if let Some(seg) = folder.segments(store)?.into_iter().find(|seg| folder.parity(store, *seg) == path) {
            return Ok(matches!(State::of(segments, store, seg, 0)?, State::Whole | State::Worn));
        }
    }
    Ok(false)
}

/// A file of recovery data, open.
pub(super) struct Sidecar {
    pub head: Head,
    file: File,
    length: u64,
    /// Checksums of the blocks of the segment, and then of its own.
    table: Vec<u8>,
}

/// What was found of both.
pub(super) struct Look {
    /// Whether the segment is what was covered.
    pub is_whole: bool,
    /// Blocks of the segment whose checksum is not theirs.
    pub bad: BTreeSet<u64>,
    /// The recovery blocks of each group that are whole.
    pub spare: Vec<Vec<u32>>,
    /// Some are not.
    worn: bool,
}

impl Look {
    pub fn mends(&self, layout: &Layout) -> bool {
        let groups = u64::from(layout.groups);
        let mut bad = vec![0; self.spare.len()];
        self.bad.iter().for_each(|block| bad[(block % groups) as usize] += 1);
        bad.iter().zip(&self.spare).all(|(bad, spare)| *bad <= spare.len())
    }
}

/// `None` where there is none or where it cannot be read.
pub(super) fn read_head(folder: &Folder, store: Store, seg: Seg) -> Option<Head> {
    let file = File::open(folder.parity(store, seg)).ok()?;
    let mut head = [0; HEAD_BYTES];
    read_at(&file, &mut head, 0).ok().filter(|read| *read == HEAD_BYTES)?;
    Head::decode(&head)
}

impl Sidecar {
    pub fn open(folder: &Folder, store: Store, seg: Seg) -> Result<Option<Self>> {
        let path = folder.parity(store, seg);
        let Some(head) = read_head(folder, store, seg) else { return Ok(None) };
        let file = folder.disk.open_read(&path)?;
        let failed = |error| ArchiveError::io(&path, "read", error);
        let length = file.metadata().map_err(failed)?.len();
        let table_bytes = head.layout.table_bytes();
        // Looked at before memory is taken for it.
        if length < HEAD_BYTES as u64 + table_bytes {
            return Ok(None);
        }
        let mut table = vec![0; table_bytes as usize];
        read_at(&file, &mut table, HEAD_BYTES as u64).map_err(failed)?;
        Ok(Some(Self { head, file, length, table }))
    }

    pub fn is_of(&self, store: Store, seg: Seg) -> bool {
        (self.head.store, self.head.seg) == (store, seg)
    }

    fn crc(&self, number_of_block: u64) -> u32 {
        number(&self.table[number_of_block as usize * 4..])
    }

    pub fn look(&self, folder: &Folder, store: Store, seg: Seg) -> Result<Look> {
        let (path, layout) = (folder.segment(store, seg), &self.head.layout);
        let file = folder.disk.open_read(&path)?;
        let mut bad = BTreeSet::new();
        let hash = each_block(&file, &path, layout, |block, bytes| {
            if bytes.len() != layout.place(block).1 || crc32c::crc32c(bytes) != self.crc(block) {
                bad.insert(block);
            }
        })?;
        let is_whole = hash == self.head.hash && self.is_of(store, seg);
        let mut spare = Vec::new();
        for group in 0..layout.groups {
            let mut whole = Vec::new();
            for n in 0..layout.recovery {
                whole.extend(self.recovery(group, n)?.map(|_| n));
            }
            spare.push(whole);
        }
        let whole: u64 = spare.iter().map(|whole| whole.len() as u64).sum();
        let worn = whole < layout.recovery_blocks() || self.length != layout.bytes();
        Ok(Look { is_whole, bad, spare, worn })
    }

    /// A recovery block; `None` where it is damaged.
    pub fn recovery(&self, group: u32, n: u32) -> Result<Option<Vec<u8>>> {
        let layout = &self.head.layout;
        let mut bytes = vec![0; layout.block_bytes as usize];
        // What the disk cannot read is as lost as what it reads wrong.
        let read = read_at(&self.file, &mut bytes, layout.recovery_at(group, n)).unwrap_or(0);
        let crc = self.crc(layout.blocks() + layout.recovery_number(group, n));
        Ok(Some(bytes).filter(|bytes| read == bytes.len() && crc32c::crc32c(bytes) == crc))
    }
}

/// Visits the blocks of a file, with as many of their bytes as are there. Returns the SHA-256 of all that is covered and there.
pub(super) fn each_block(file: &File, path: &Path, layout: &Layout, mut visit: impl FnMut(u64, &[u8])) -> Result<Id> {
    let block_bytes = layout.block_bytes as usize;
    let at_once = (CHUNK_BYTES / block_bytes).max(1) as u64;
    let mut buffer = vec![0; at_once as usize * block_bytes];
    let mut hash = Sha256::new();
    for first in (0..layout.blocks()).step_by(at_once as usize) {
        let (begin, _) = layout.place(first);
        let wanted = (layout.length - begin).min(buffer.len() as u64) as usize;
        let read =
            read_at(file, &mut buffer[..wanted], begin).map_err(|error| ArchiveError::io(path, "read", error))?;
        hash.update(&buffer[..read]);
        for block in first..(first + at_once).min(layout.blocks()) {
            let (at, bytes) = layout.place(block);
            let from = ((at - begin) as usize).min(read);
            visit(block, &buffer[from..(from + bytes).min(read)]);
        }
    }
    Ok(Id(hash.finalize().into()))
}

/// A block as the code sees it: the last one is filled up with zeros.
pub(super) fn block(file: &File, path: &Path, layout: &Layout, number: u64) -> Result<Vec<u8>> {
    let (at, bytes) = layout.place(number);
    let mut block = vec![0; layout.block_bytes as usize];
    let read = read_at(file, &mut block[..bytes], at).map_err(|error| ArchiveError::io(path, "read", error))?;
    if read < bytes {
        return Err(ArchiveError::damaged(path, at + read as u64, "the file ends here, which was longer before"));
    }
    Ok(block)
}

/// Where a segment's last commit ends; `None` where something before it is damaged, or it is not there.
pub(super) fn sound_until(segments: &Segments, store: Store, segment: Seg) -> Result<Option<u64>> {
    // With files of its own: it may have been replaced since it was opened.
    let segments = &Segments::new(segments.folder.clone());
    let start = Tail { segment, end: 0, commit: CHAIN_START };
    let mut walk = match Walk::new(segments, store, start, u64::MAX) {
        Err(error) if error.is_gone() => return Ok(None),
        walk => walk?,
    };
    let mut first = FirstFlaw(None);
    while walk.batch(&mut first)?.is_some() {}
    let end = walk.tail.end;
    Ok(Some(end).filter(|end| first.0.is_none_or(|flaw| flaw >= *end)))
}

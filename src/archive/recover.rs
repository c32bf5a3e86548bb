//! Bringing the index up to what the segments hold, and making it anew.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

use super::commit::{CHAIN_START, COMMIT_BYTES};
use super::folder::{Seg, Store};
use super::index::{Batch, Bulk, Index};
use super::leftovers::remove_held;
use super::lock::Lock;
use super::record::{Flaw, HEADER_BYTES, Header, Kind};
use super::segments::Segments;
use super::storage::{DiskFile, read_at};
use super::walk::{Unwatched, Walk};
use super::{ArchiveError, Result};
use crate::capture::Id;

/// Batches go to an index in the making in bundles of so many records, of which so many wait.
const BUNDLE_ITEMS: usize = 2048;
pub(super) const BATCHES_WAITING: usize = 4;

/// Where a store's writing goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tail {
    pub segment: Seg,
    /// The place after the last commit; 0 when the segment is yet to be begun.
    pub end: u64,
    pub commit: Id,
}

/// Opens the index, made anew where it is missing, old or foreign.
pub(super) fn open_index(segments: &Segments) -> Result<Index> {
    match Index::open(segments) {
        Ok(Some(index)) if !knows_generations(segments, &index) => anew_if_idle(segments, index),
        Ok(Some(mut index)) => {
            catch_up_if_idle(segments, &mut index)?;
            Ok(index)
        }
        Ok(None) => rebuild_if_idle(segments).map(|mut index| {
            index.anew = true;
            index
        }),
        // A full disk has no room for the memory that connections share; who reads needs none.
        Err(
            ArchiveError::ReadOnly { .. }
            | ArchiveError::Full { .. }
            | ArchiveError::Index { .. }
            | ArchiveError::Locked { .. },
        ) => Ok(private(segments)?),
        Err(error) => Err(error),
    }
}

/// An index that names older generations is made anew, unless a writer is at work: then it still is right, or is
/// about to be.
fn anew_if_idle(segments: &Segments, index: Index) -> Result<Index> {
    match Lock::try_take(&segments.folder.lock()) {
        Ok(Some(_lock)) => {
            let again = Index::open(segments)?;
            match again {
                Some(index) if knows_generations(segments, &index) => Ok(index),
                _ => {
                    drop(index);
                    or_private(segments, rebuild(segments))
                }
            }
        }
        Ok(None) => Ok(index),
        Err(ArchiveError::ReadOnly { .. }) => private(segments),
        Err(error) => Err(error),
    }
}

/// The index as a writer needs it; the writer's lock is held.
pub(super) fn index_for_writing(segments: &Segments) -> Result<Index> {
    match Index::open(segments)? {
        Some(index) if knows_generations(segments, &index) => Ok(index),
        _ => rebuild_in_place(segments),
    }
}

/// Makes the index anew; on a full disk older generations, of which the newer ones are whole, go before it.
pub(super) fn rebuild_in_place(segments: &Segments) -> Result<Index> {
    match rebuild(segments) {
        Err(ArchiveError::Full { .. }) => {
            remove_held(segments)?;
            rebuild(segments)
        }
        made => made,
    }
}

/// An index that this process alone sees: the disk is read-only, or a writer is busy making the real one.
fn private(segments: &Segments) -> Result<Index> {
    if let Some(index) = Index::open_unchanging(segments).filter(|index| is_level(segments, index)) {
        return Ok(index);
    }
    fill(segments, None, &mut |_, _| Ok(()))
}

/// Takes in what a killed writer left committed, unless a writer is at work: it does so itself.
fn catch_up_if_idle(segments: &Segments, index: &mut Index) -> Result<()> {
    if is_level(segments, index) {
        return Ok(());
    }
    match Lock::try_take(&segments.folder.lock()) {
        Ok(Some(_lock)) => match catch_up(segments, index, Store::ALL, false) {
            // Damage is told when it is read, checked or written to: the rest can be read.
            Ok(_)
            | Err(
                ArchiveError::Damaged { .. }
                | ArchiveError::Forbidden { .. }
                | ArchiveError::Full { .. }
                | ArchiveError::ReadOnly { .. },
            ) => Ok(()),
            Err(error) => Err(error),
        },
        Ok(None) | Err(ArchiveError::ReadOnly { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether the index knows the segments that are there, and ends where their files end.
fn is_level(segments: &Segments, index: &Index) -> bool {
    Store::ALL.iter().all(|&store| {
        let (last, end) = index.committed(store).ok().flatten().map_or((None, 0), |(seg, end, _)| (Some(seg), end));
        let bytes = |seg| std::fs::metadata(segments.folder.segment(store, seg)).map(|file| file.len());
        let next = last.map_or(Seg::FIRST, Seg::next);
        let next = newest(segments, store, next).unwrap_or(next);
        last.is_none_or(|last| bytes(last).is_ok_and(|bytes| bytes == end)) && bytes(next).is_err()
    }) && knows_generations(segments, index)
}

/// Whether every segment is indexed in the generation that counts. Where an older one is, a writing anew was
/// interrupted after the new file was whole. Where a newer one is, that file is lost: the index is all that knows of it.
pub(super) fn knows_generations(segments: &Segments, index: &Index) -> bool {
    let Ok(indexed) = index.committed_segments() else { return false };
    let indexed: HashMap<(Store, u32), Seg> =
        indexed.into_iter().rev().map(|(store, seg, _)| ((store, seg.number), seg)).collect();
    Store::ALL.iter().all(|&store| {
        segments.folder.segments(store).is_ok_and(|there| {
            there.iter().all(|seg| indexed.get(&(store, seg.number)).is_none_or(|known| known >= seg))
        })
    })
}

fn rebuild_if_idle(segments: &Segments) -> Result<Index> {
    match Lock::try_take(&segments.folder.lock()) {
        Ok(Some(_lock)) => or_private(segments, rebuild(segments)),
        Ok(None) | Err(ArchiveError::ReadOnly { .. }) => private(segments),
        Err(error) => Err(error),
    }
}

/// Where the disk takes no index, this process makes one for itself.
fn or_private(segments: &Segments, made: Result<Index>) -> Result<Index> {
    match made {
        Err(ArchiveError::Full { .. } | ArchiveError::ReadOnly { .. }) => private(segments),
        other => other,
    }
}

/// Makes the index anew; the writer's lock is held.
pub(super) fn rebuild(segments: &Segments) -> Result<Index> {
    rebuild_with(segments, &mut |store, tail| set_aside(segments, store, tail))
}

/// The same for a repair, which sets the whole segment aside. Also returned: what can be read behind last commits. The
/// index names none of it, but what is acknowledged may be packed against it where a commit was lost.
pub(super) fn rebuild_for_repair(segments: &Segments) -> Result<(Index, Index)> {
    let mut tails = Vec::new();
    let index = rebuild_with(segments, &mut |store, tail| {
        tails.push((store, tail));
        Ok(())
    })?;
    Ok((index, behind(segments, &tails)?))
}

/// In a file of its own that nobody else sees.
fn behind(segments: &Segments, tails: &[(Store, Tail)]) -> Result<Index> {
    let mut bulk = Bulk::new(segments, None)?;
    for &(store, tail) in tails {
        let mut walk = Walk::new(segments, store, tail, u64::MAX)?;
        while walk.batch(&mut Unwatched)?.is_some() {}
        bulk.add(&[walk.rest()])?;
    }
    bulk.finish(segments)
}

fn rebuild_with(segments: &Segments, on_tail: &mut dyn FnMut(Store, Tail) -> Result<()>) -> Result<Index> {
    let part = segments.folder.path.join("index.part");
    let made = put_anew(segments, &part, on_tail);
    if made.is_err() {
        // A full disk is left no fuller.
        let _ = remove(&part);
    }
    made?;
    let lost = || ArchiveError::damaged(&segments.folder.index(), 0, "the index just made cannot be read");
    Index::open(segments)?.ok_or_else(lost)
}

fn put_anew(segments: &Segments, part: &Path, on_tail: &mut dyn FnMut(Store, Tail) -> Result<()>) -> Result<()> {
    let folder = &segments.folder;
    remove(part)?;
    drop(fill(segments, Some(part), on_tail)?);
    folder.disk.open_segment(part)?.sync()?;
    // An old write-ahead log beside a new index would be played into it: they go first, the main file before them.
    for old in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
        remove(&folder.path.join(old))?;
    }
    folder.disk.rename(part, &folder.index())
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ArchiveError::io(path, "remove", error)),
        _ => Ok(()),
    }
}

/// Without an index nothing tells an interrupted batch from a damaged one: its bytes are kept before a writer cuts them.
fn set_aside(segments: &Segments, store: Store, tail: Tail) -> Result<()> {
    let folder = segments.folder.quarantine();
    let path = segments.folder.segment(store, tail.segment);
    let bytes = std::fs::read(&path).map_err(|error| ArchiveError::io(&path, "read", error))?;
    let rest = bytes.get(tail.end as usize..).unwrap_or_default();
    segments.folder.disk.create_folder(&folder)?;
    let name = format!("{}-{:08}-{}.tail", store.name(), tail.segment.number, tail.end);
    segments.folder.disk.write_whole(&folder.join(name), rest)
}

/// An index made from all segments, damaged places left out. `on_tail` learns of bytes after a last commit.
fn fill(segments: &Segments, path: Option<&Path>, on_tail: &mut dyn FnMut(Store, Tail) -> Result<()>) -> Result<Index> {
    let mut bulk = Bulk::new(segments, path)?;
    // One thread reads while this one writes rows.
    let (send, batches) = sync_channel(BATCHES_WAITING);
    let tails = std::thread::scope(|scope| {
        let reading = scope.spawn(move || read_all(segments, &send));
        // The reader stops when nobody takes what it reads.
        let added = batches.into_iter().try_for_each(|batches: Vec<Batch>| bulk.add(&batches));
        let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        added.and(read)
    })?;
    tails.into_iter().try_for_each(|(store, tail)| on_tail(store, tail))?;
    bulk.finish(segments)
}

/// Sends every batch; returns where bytes stand behind a last commit.
fn read_all(segments: &Segments, send: &SyncSender<Vec<Batch>>) -> Result<Vec<(Store, Tail)>> {
    let mut tails = Vec::new();
    for store in Store::ALL {
        for segment in segments.folder.segments(store)? {
            let start = Tail { segment, end: 0, commit: CHAIN_START };
            let mut walk = Walk::new(segments, store, start, u64::MAX)?;
            let mut waiting = Bundle::default();
            while let Some(batch) = walk.batch(&mut Unwatched)? {
                if let Some(full) = waiting.push(batch)
                    && send.send(full).is_err()
                {
                    return Ok(tails);
                }
            }
            if send.send(waiting.take()).is_err() {
                return Ok(tails);
            }
            if walk.tail.end < walk.length {
                tails.push((store, walk.tail));
            }
        }
    }
    Ok(tails)
}

/// Batches on their way into an index: small ones go together.
#[derive(Default)]
pub(super) struct Bundle {
    batches: Vec<Batch>,
    items: usize,
}

impl Bundle {
    /// Takes one more; the bundle comes back once it is full.
    pub fn push(&mut self, batch: Batch) -> Option<Vec<Batch>> {
        self.items += batch.items.len();
        self.batches.push(batch);
        (self.items >= BUNDLE_ITEMS).then(|| self.take())
    }

    pub fn take(&mut self) -> Vec<Batch> {
        self.items = 0;
        std::mem::take(&mut self.batches)
    }
}

/// Indexes what is committed behind the index's end, and returns where writing goes on. The writer's lock is held.
///
/// With `cut`, bytes behind the last commit are cut: nobody was told that they are kept.
pub(super) fn catch_up<const N: usize>(
    segments: &Segments,
    index: &mut Index,
    stores: [Store; N],
    cut: bool,
) -> Result<[Tail; N]> {
    let mut tails = [Tail { segment: Seg::FIRST, end: 0, commit: CHAIN_START }; N];
    for (tail, store) in tails.iter_mut().zip(stores) {
        *tail = match index.committed(store)? {
            Some((segment, end, commit)) => Tail { segment, end, commit },
            // One that lost sight of everything begins with what is there, whatever its generation.
            None => Tail { segment: newest(segments, store, Seg::FIRST)?, ..*tail },
        };
        loop {
            *tail = catch_up_segment(segments, index, store, *tail, cut)?;
            let next = Tail { segment: newest(segments, store, tail.segment.next())?, end: 0, commit: CHAIN_START };
            if !segments.folder.segment(store, next.segment).is_file() {
                break;
            }
            *tail = next;
        }
    }
    Ok(tails)
}

/// A segment's newest generation; the first where there is none.
fn newest(segments: &Segments, store: Store, seg: Seg) -> Result<Seg> {
    let there = segments.folder.segments(store)?;
    Ok(there.into_iter().find(|there| there.number == seg.number).unwrap_or(seg))
}

fn catch_up_segment(segments: &Segments, index: &mut Index, store: Store, tail: Tail, cut: bool) -> Result<Tail> {
    let path = segments.folder.segment(store, tail.segment);
    if tail.end == 0 && !path.is_file() {
        return Ok(tail);
    }
    let length = match std::fs::metadata(&path) {
        Ok(file) => file.len(),
        // The newest segment is lost: the others can be read.
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(ArchiveError::lost(&path, tail.end)),
        Err(error) => return Err(ArchiveError::io(&path, "look at", error)),
    };
    if length < tail.end {
        let what = format!("the file ends here, but {} bytes were committed", tail.end);
        return Err(ArchiveError::damaged(&path, length, what));
    }
    must_end_in_commit(segments, store, tail)?;
    if length == tail.end {
        return Ok(tail);
    }
    let mut walk = Walk::new(segments, store, tail, u64::MAX)?;
    let mut batches = Vec::new();
    // Only what is whole: behind the first flaw nothing was acknowledged.
    while let Some(batch) = walk.batch_until_flaw()? {
        batches.push(batch);
    }
    if let Some(Flaw::Newer(what)) = walk.first_flaw {
        return Err(ArchiveError::NewerRecord { path, what });
    }
    let end = batches.last().map_or(tail, |batch| Tail { end: batch.end, commit: batch.commit, ..tail });
    if batches.is_empty() && !cut {
        return Ok(end);
    }
    let file = segments.folder.disk.open_segment(&path)?;
    take_in(segments, index, &file, &batches)?;
    if cut && end.end < length {
        file.cut(end.end)?;
        file.sync()?;
    }
    Ok(end)
}

/// A killed writer's batch may not be on the disk itself yet: the index must not name what a power cut can take.
fn take_in(segments: &Segments, index: &mut Index, file: &DiskFile, batches: &[Batch]) -> Result<()> {
    if batches.is_empty() {
        return Ok(());
    }
    file.sync()?;
    segments.folder.disk.sync_folder(file.path.parent().unwrap_or(&segments.folder.path))?;
    index.add(segments, batches).map(|_| ())
}

/// The index says that a commit ends there: else segment or index are not what they were.
fn must_end_in_commit(segments: &Segments, store: Store, tail: Tail) -> Result<()> {
    if tail.end == 0 {
        return Ok(());
    }
    let path = segments.folder.segment(store, tail.segment);
    let at = tail.end.saturating_sub(COMMIT_BYTES);
    let mut head = [0; HEADER_BYTES];
    let file = segments.file(store, tail.segment)?;
    read_at(&file, &mut head, at).map_err(|error| ArchiveError::io(&path, "read", error))?;
    let commit = Header::decode(&head).ok().filter(|header| header.kind == Kind::COMMIT && header.id == tail.commit);
    commit
        .map(|_| ())
        .ok_or_else(|| ArchiveError::damaged(&path, at, "the last commit is not the one that was written"))
}

//! Files that a segment written anew, or a lost one, left behind.
//!
//! A generation takes the place of the one before, which then goes. Where both are there, a process was killed between, and
//! the older one holds nothing that is missed; or files of another copy of the archive came between, and then it may. So
//! nobody removes what he did not himself write anew, without having compared the two.

use std::collections::{HashMap, HashSet};

use super::commit::CHAIN_START;
use super::folder::{Folder, Seg, Store};
use super::index::{Index, What};
use super::record::Kind;
use super::recover::Tail;
use super::segments::{Place, Segments};
use super::walk::{Unwatched, Walk};
use super::{Archive, ArchiveError, Result};
use crate::capture::Id;

/// A file beside the generation that counts, and what it has alone.
pub(super) struct Leftover {
    pub store: Store,
    pub seg: Seg,
    /// The generation that counts.
    pub newest: Seg,
    /// A higher generation that is not whole.
    pub is_broken: bool,
    /// Captures, or raw bytes, that the generation that counts does not hold.
    alone: Vec<Id>,
}

/// Older generations, of which the newer one was just written from them.
pub(super) fn remove_leftovers(segments: &Segments) -> Result<()> {
    each(segments, &mut |store, seg, newest| {
        if seg.generation < newest.generation { remove(segments, store, seg) } else { Ok(()) }
    })?;
    remove_warcs(segments)
}

/// The same where nobody knows whence they are: those of which the newer one holds all.
pub(super) fn remove_held(segments: &Segments) -> Result<()> {
    for left in leftovers(segments)?.into_iter().filter(|left| !left.is_broken && left.alone.is_empty()) {
        remove(segments, left.store, left.seg)?;
    }
    Ok(())
}

fn each(segments: &Segments, visit: &mut dyn FnMut(Store, Seg, Seg) -> Result<()>) -> Result<()> {
    for store in Store::ALL {
        let counting = segments.folder.segments(store)?;
        for seg in segments.folder.all_segments(store)? {
            let newest = counting.iter().find(|there| there.number == seg.number && **there != seg);
            newest.map_or(Ok(()), |newest| visit(store, seg, *newest))?;
        }
    }
    Ok(())
}

/// Every file of a segment that does not count.
pub(super) fn leftovers(segments: &Segments) -> Result<Vec<Leftover>> {
    let mut all = Vec::new();
    each(segments, &mut |store, seg, newest| {
        let is_broken = seg.generation > newest.generation;
        let there = held(segments, store, newest)?;
        let held = held(segments, store, seg)?;
        let alone = held.into_iter().filter(|(id, _)| !there.contains_key(id)).map(|(id, _)| id).collect();
        all.push(Leftover { store, seg, newest, is_broken, alone });
        Ok(())
    })?;
    Ok(all)
}

/// What a capture is read from: its place, or the capture that it repeats.
enum Source {
    Full(Place),
    Repeat(Id),
    Raw,
}

/// The captures, or raw bytes, of one file, as far as it can be read.
fn held(segments: &Segments, store: Store, segment: Seg) -> Result<HashMap<Id, Source>> {
    let start = Tail { segment, end: 0, commit: CHAIN_START };
    // With files of its own: what others have open stays open, and what is open here is closed at once.
    let segments = &Segments::new(segments.folder.clone());
    let mut walk = Walk::new(segments, store, start, u64::MAX)?;
    let mut held = HashMap::new();
    while let Some(batch) = walk.batch(&mut Unwatched)? {
        for item in batch.items {
            let place = Place { store, segment, offset: item.offset, bytes: item.header.record_bytes() };
            let source = match item.what {
                What::Full(_) => Source::Full(place),
                What::Repeat { base, .. } => Source::Repeat(base),
                _ if item.header.kind == Kind::RAW => Source::Raw,
                _ => continue,
            };
            held.insert(item.header.id, source);
        }
    }
    Ok(held)
}

fn remove(segments: &Segments, store: Store, seg: Seg) -> Result<()> {
    segments.folder.disk.remove(&segments.folder.segment(store, seg))
}

fn remove_warcs(segments: &Segments) -> Result<()> {
    let raw = segments.folder.segments(Store::Raw)?;
    for seg in segments.folder.all_warcs()? {
        // One whose segment is lost stays: it may be all that is left of its pages.
        if raw.iter().any(|there| there.number == seg.number && there.generation != seg.generation) {
            segments.folder.disk.remove(&segments.folder.warc(seg))?;
        }
    }
    Ok(())
}

impl Archive {
    /// Removes what killed processes left behind, and sets aside what nobody has besides. The writer's lock is held.
    /// Returns what was set aside, a line each, and which of that is missed.
    pub(super) fn sweep(&self, index: &Index) -> Result<(Vec<String>, Vec<String>)> {
        let (segments, mut told, mut lost) = (&self.segments, Vec::new(), Vec::new());
        let mut left = leftovers(segments)?;
        // Captures first: raw bytes of captures that are set aside are, too.
        left.sort_by_key(|left| left.store);
        for left in left {
            let missed = self.missed(&left, index, !told.is_empty())?;
            if missed > 0 || left.is_broken {
                told.push(told_of(segments, &left, missed));
                lost.extend(told.last().filter(|_| missed > 0).cloned());
                set_aside(&segments.folder, left.store, left.seg)?;
            } else {
                remove(segments, left.store, left.seg)?;
            }
        }
        remove_warcs(segments)?;
        Ok((told, lost))
    }

    /// What stands in files that do not count and nowhere else, a line each.
    pub(super) fn left_behind(&self) -> Result<Vec<String>> {
        let (segments, mut told) = (&self.segments, Vec::new());
        let mut left = leftovers(segments)?;
        left.sort_by_key(|left| left.store);
        for left in left {
            let missed = self.missed(&left, &self.reader(), !told.is_empty())?;
            if missed > 0 || left.is_broken {
                told.push(told_of(segments, &left, missed));
            }
        }
        Ok(told)
    }

    /// How much of what a file has alone was not taken away on purpose.
    fn missed(&self, left: &Leftover, index: &Index, with_captures: bool) -> Result<usize> {
        let alone: HashSet<Id> = left.alone.iter().copied().collect();
        if alone.is_empty() {
            return Ok(0);
        }
        let held = held(&self.segments, left.store, left.seg)?;
        let mut count = 0;
        for (id, source) in held.iter().filter(|(id, _)| alone.contains(id)) {
            let is_missed = match source {
                // What was let go is noted, and what no capture names was let go with its captures.
                Source::Raw => with_captures && !index.holds(Kind::RAW, *id)?,
                Source::Full(place) => !self.is_erased_at(place)?,
                Source::Repeat(base) => match held.get(base) {
                    Some(Source::Full(place)) => !self.is_erased_at(place)?,
                    _ => true,
                },
            };
            count += usize::from(is_missed);
        }
        Ok(count)
    }

    fn is_erased_at(&self, place: &Place) -> Result<bool> {
        if !self.has_erased()? {
            return Ok(false);
        }
        let json = self.segments.json(place);
        let capture = json.ok().and_then(|json| super::repeat::read_capture(Id::of(&json), &json).ok());
        capture.map_or(Ok(false), |capture| self.is_capture_erased(&capture))
    }
}

fn told_of(segments: &Segments, left: &Leftover, missed: usize) -> String {
    let [file, counts] = [left.seg, left.newest].map(|seg| segments.folder.segment_name(left.store, seg));
    let what = if left.store == Store::Raw { "pages" } else { "captures" };
    match (left.is_broken, missed) {
        (true, 0) => format!("`{file}` is no whole segment, and `{counts}` counts in its place"),
        _ => format!("`{file}` holds {missed} {what} that `{counts}`, which counts in its place, does not"),
    }
}

/// The file as it is, with the WARC file beside it, under the name that a repair would give it.
fn set_aside(folder: &Folder, store: Store, seg: Seg) -> Result<()> {
    let path = folder.segment(store, seg);
    let bytes = std::fs::read(&path).map_err(|error| ArchiveError::io(&path, "read", error))?;
    let name = Folder::aside_name(store, seg, &bytes);
    folder.disk.create_folder(&folder.quarantine())?;
    if store == Store::Raw && folder.warc(seg).exists() {
        folder.disk.rename(&folder.warc(seg), &folder.quarantine().join(name.replace(".seg", ".warc.gz")))?;
    }
    folder.disk.rename(&path, &folder.quarantine().join(name))
}

/// Before a lost segment's number is used again: its WARC files hold whole pages.
pub(super) fn set_warcs_aside(folder: &Folder, number: u32) -> Result<()> {
    for seg in folder.all_warcs()?.into_iter().filter(|seg| seg.number == number) {
        let name = |n: u32| format!("{}-{number:08}-{}-{n}.warc.gz", Store::Raw.name(), seg.generation);
        let mut free = (1..).map(|n| folder.quarantine().join(name(n))).filter(|path| !path.exists());
        folder.disk.create_folder(&folder.quarantine())?;
        folder.disk.rename(&folder.warc(seg), &free.next().expect("no folder holds all numbers"))?;
    }
    Ok(())
}

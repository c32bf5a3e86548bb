//! Files that a segment written anew, or a lost one, left behind.
//!
//! A generation takes the place of the one before, which then goes. Where both are there, a process was killed between, and
//! the older one holds nothing that is missed; or files of another copy of the archive came between, and then it may. So
//! nobody removes what he did not himself write anew, without having compared the two.

use std::collections::{HashMap, HashSet};

use super::commit::CHAIN_START;
use super::folder::{Folder, Seg, Store};
use super::index::{Index, What, key};
use super::parity;
use super::record::{Flaw, Header, Kind};
use super::recover::Tail;
use super::repeat::{Repeat, read_capture};
use super::segments::{Place, Segments};
use super::walk::{Walk, Watch};
use super::{Archive, ArchiveError, Result};
use crate::capture::{Capture, Id};

/// How the file ends that says why a segment lies in `quarantine/`.
pub(super) const NOTE: &str = ".note";
/// So many captures of one key are looked at.
const ROWS_MAX: i64 = 1024;

/// A file beside the generation that counts, and what it has alone.
pub(super) struct Leftover {
    pub store: Store,
    pub seg: Seg,
    /// The generation that counts.
    pub newest: Seg,
    /// Where that one's last commit ends; `None` where something before it cannot be read.
    whole_until: Option<u64>,
    /// A higher generation that is not whole.
    pub is_broken: bool,
    /// Captures, or raw bytes,
    held: HashMap<Id, Source>,
    /// and those of them that the generation that counts does not hold.
    alone: HashSet<Id>,
}

/// What was set aside, a line each, and which of that is missed.
#[derive(Default)]
pub(super) struct Swept {
    pub told: Vec<String>,
    pub missed: Vec<String>,
}

/// Removes generations from which the ones that count were just written.
pub(super) fn remove_written(segments: &Segments, written: &[(Store, Seg)]) -> Result<()> {
    written.iter().try_for_each(|&(store, seg)| remove(segments, store, seg))?;
    remove_warcs(segments)
}

/// Where nobody knows whence they are: older generations of which the newer one holds all.
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
        let held = held(segments, store, seg)?.all;
        let alone = held.keys().copied().filter(|id| !there.all.contains_key(id)).collect();
        all.push(Leftover { store, seg, newest, whole_until: there.whole_until, is_broken, held, alone });
        Ok(())
    })?;
    // Captures first: raw bytes of captures that are set aside are, too.
    all.sort_by_key(|left| left.store);
    Ok(all)
}

/// What a capture is read from: its place, and the capture that it repeats.
enum Source {
    Full(Place),
    Repeat(Place, Id),
    Raw,
}

/// The captures, or raw bytes, of one file, as far as it can be read.
struct Held {
    all: HashMap<Id, Source>,
    /// Where its last commit ends; `None` where something before it cannot be read.
    whole_until: Option<u64>,
}

/// Keeps where the first flaw is.
pub(super) struct FirstFlaw(pub Option<u64>);

impl Watch for FirstFlaw {
    fn record(&mut self, _: u64, _: &Header, _: &[u8]) {}
    fn flaw(&mut self, offset: u64, _: Flaw) {
        self.0.get_or_insert(offset);
    }
}

fn held(segments: &Segments, store: Store, segment: Seg) -> Result<Held> {
    let start = Tail { segment, end: 0, commit: CHAIN_START };
    // With files of its own: what others have open stays open, and what is open here is closed at once.
    let segments = &Segments::new(segments.folder.clone());
    let mut walk = Walk::new(segments, store, start, u64::MAX)?;
    let (mut all, mut first) = (HashMap::new(), FirstFlaw(None));
    while let Some(batch) = walk.batch(&mut first)? {
        for item in batch.items {
            let place = Place { store, segment, offset: item.offset, bytes: item.header.record_bytes() };
            let source = match item.what {
                What::Full(_) => Source::Full(place),
                What::Repeat { base, .. } => Source::Repeat(place, base),
                _ if item.header.kind == Kind::RAW => Source::Raw,
                _ => continue,
            };
            all.insert(item.header.id, source);
        }
    }
    let end = walk.tail.end;
    Ok(Held { all, whole_until: Some(end).filter(|end| first.0.is_none_or(|flaw| flaw >= *end)) })
}

fn remove(segments: &Segments, store: Store, seg: Seg) -> Result<()> {
    parity::remove(&segments.folder, store, seg)?;
    segments.folder.disk.remove(&segments.folder.segment(store, seg))
}

fn remove_warcs(segments: &Segments) -> Result<()> {
    let (raw, all) = (segments.folder.segments(Store::Raw)?, segments.folder.all_segments(Store::Raw)?);
    for seg in segments.folder.all_warcs()?.into_iter().filter(|seg| !all.contains(seg)) {
        // One whose segment is lost stays: it may be all that is left of its pages.
        if raw.iter().any(|there| there.number == seg.number) {
            segments.folder.disk.remove(&segments.folder.warc(seg))?;
        }
    }
    Ok(())
}

impl Archive {
    /// Removes what killed processes left behind, and sets aside what nobody has besides. The writer's lock is held. Where
    /// nobody is there to be told of it, it is `noted` for the next check.
    ///
    /// What the index names stays, and all that lies beside a generation that is damaged: a repair looks at these first.
    pub(super) fn sweep(&self, index: &Index, noted: bool) -> Result<Swept> {
        let (segments, mut swept) = (&self.segments, Swept::default());
        // Looked at all together before any goes: one may say what another repeats.
        for (left, missed) in self.compared(index)? {
            if index.tail_of(left.store, left.seg)?.is_some() || !is_sound(&left, index)? {
                continue;
            }
            segments.forget(left.store, left.seg);
            if missed == 0 && !left.is_broken {
                remove(segments, left.store, left.seg)?;
                continue;
            }
            let line = told_of(segments, &left, missed);
            set_aside(&segments.folder, left.store, left.seg, Some(&line).filter(|_| noted))?;
            swept.missed.extend((missed > 0).then(|| line.clone()));
            swept.told.push(line);
        }
        remove_warcs(segments)?;
        parity::remove_lone(&segments.folder)?;
        Ok(swept)
    }

    /// What stands in files that do not count and nowhere else, a line each.
    pub(super) fn left_behind(&self) -> Result<Vec<String>> {
        let left = self.compared(&self.reader())?.into_iter();
        let told = left.filter(|(left, missed)| *missed > 0 || left.is_broken);
        Ok(told.map(|(left, missed)| told_of(&self.segments, &left, missed)).collect())
    }

    /// Every file that does not count, with how much of what it has alone is missed.
    fn compared(&self, index: &Index) -> Result<Vec<(Leftover, usize)>> {
        let (mut all, mut with_captures) = (Vec::new(), false);
        for left in leftovers(&self.segments)? {
            let missed = self.missed(&left, index, with_captures)?;
            with_captures |= missed > 0 || left.is_broken;
            all.push((left, missed));
        }
        Ok(all)
    }

    /// How much of what a file has alone was not taken away on purpose.
    fn missed(&self, left: &Leftover, index: &Index, with_captures: bool) -> Result<usize> {
        let Leftover { held, alone, .. } = left;
        if alone.is_empty() {
            return Ok(0);
        }
        let has_erased = left.store == Store::Segments && self.has_erased()?;
        let (mut count, mut others) = (0, None);
        for (id, source) in held.iter().filter(|(id, _)| alone.contains(id)) {
            let is_missed = match source {
                // What was let go is noted, and what no capture names was let go with its captures.
                Source::Raw => with_captures && !index.holds(Kind::RAW, *id)?,
                _ if !has_erased => true,
                Source::Full(place) => {
                    self.capture_at(place).map_or(Ok(true), |capture| Ok(!self.is_capture_erased(&capture)?))?
                }
                Source::Repeat(place, base) => {
                    let here = held.get(base).and_then(Source::full);
                    let base = here.map_or_else(|| self.base_of(*base, index, &mut others), |here| Ok(Some(here)))?;
                    // Of what nobody knows any more what it says it may be what was erased.
                    let capture = base.and_then(|base| self.repeated_at(place, *id, &base));
                    capture.map_or(Ok(false), |capture| Ok(!self.is_capture_erased(&capture)?))?
                }
            };
            count += usize::from(is_missed);
        }
        Ok(count)
    }

    /// Where the full capture of that id lies: as the index knows it, or in any segment, be it one that does not count.
    fn base_of(&self, id: Id, index: &Index, others: &mut Option<HashMap<Id, Place>>) -> Result<Option<Place>> {
        let key = key(id);
        let rows = index.keyed((key, key), 0, ROWS_MAX)?;
        let places = rows.into_iter().filter(|row| row.key == key && row.base.is_none()).map(|row| row.place);
        let is_it = |place: &Place| self.segments.header(place).is_ok_and(|header| header.id == id);
        if let Some(place) = { places }.find(is_it) {
            return Ok(Some(place));
        }
        let others = match others {
            Some(others) => others,
            None => others.insert(every_full(&self.segments)?),
        };
        Ok(others.get(&id).copied())
    }

    fn capture_at(&self, place: &Place) -> Option<Capture> {
        let json = self.segments.json(place).ok()?;
        read_capture(Id::of(&json), &json).ok()
    }

    fn repeated_at(&self, place: &Place, id: Id, base: &Place) -> Option<Capture> {
        let repeat = self.segments.read(place, Repeat::read).ok()?;
        repeat.apply(id, &self.capture_at(base)?).ok()
    }
}

impl Source {
    fn full(&self) -> Option<Place> {
        if let Self::Full(place) = self { Some(*place) } else { None }
    }
}

/// Every full capture of every file there is.
fn every_full(segments: &Segments) -> Result<HashMap<Id, Place>> {
    let mut every = HashMap::new();
    for seg in segments.folder.all_segments(Store::Segments)? {
        let held = held(segments, Store::Segments, seg)?.all;
        every.extend(held.into_iter().filter_map(|(id, source)| Some((id, source.full()?))));
    }
    Ok(every)
}

/// Whether the generation that counts can be read as far as the index knows it.
fn is_sound(left: &Leftover, index: &Index) -> Result<bool> {
    let known = index.tail_of(left.store, left.newest)?.map_or(0, |tail| tail.end);
    Ok(left.whole_until.is_some_and(|end| end >= known))
}

fn told_of(segments: &Segments, left: &Leftover, missed: usize) -> String {
    let [file, counts] = [left.seg, left.newest].map(|seg| segments.folder.segment_name(left.store, seg));
    let what = if left.store == Store::Raw { "pages" } else { "captures" };
    match (left.is_broken, missed) {
        (true, 0) => format!("`{file}` is no whole segment, and `{counts}` counts in its place"),
        _ => format!("`{file}` holds {missed} {what} that `{counts}`, which counts in its place, does not"),
    }
}

/// The file as it is, with the WARC file beside it, under the name that a repair would give it, and what is to be told of it.
fn set_aside(folder: &Folder, store: Store, seg: Seg, note: Option<&String>) -> Result<()> {
    let path = folder.segment(store, seg);
    let bytes = std::fs::read(&path).map_err(|error| ArchiveError::io(&path, "read", error))?;
    let name = Folder::aside_name(store, seg, &bytes);
    parity::remove(folder, store, seg)?;
    folder.disk.create_folder(&folder.quarantine())?;
    if let Some(note) = note {
        folder
            .disk
            .write_whole(&folder.quarantine().join(name.replace(".seg", NOTE)), format!("{note}\n").as_bytes())?;
    }
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

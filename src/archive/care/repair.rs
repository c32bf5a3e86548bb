//! Repair: what can be read is kept, what cannot be is set aside, and nothing is deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde::Serialize;

use super::rescue::rescue;
use super::{erased, named};
use crate::archive::anew::{Change, Writing};
use crate::archive::check::flawed_segments;
use crate::archive::exports;
use crate::archive::folder::{Folder, Seg, Store};
use crate::archive::index::{Index, Known};
use crate::archive::leftovers::Swept;
use crate::archive::lock::Lock;
use crate::archive::record::Kind;
use crate::archive::recover::rebuild_for_repair;
use crate::archive::{Archive, ArchiveError, Result, lock};
use crate::capture::Id;

/// What a repair did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RepairReport {
    /// Damaged files, each kept as it was in `quarantine/`.
    pub segments: Vec<String>,
    /// Damaged files that were made what they were from recovery data: nothing of them is lost. They too are in `quarantine/` as
    /// they were damaged.
    pub mended: Vec<String>,
    /// What was wrong.
    pub problems: Vec<String>,
    pub captures: u64,
    /// Captures that were lost and are made anew from the index: their texts are at their addresses again.
    pub rescued: u64,
    /// What a repair cannot mend, with what to do.
    pub left: Vec<String>,
    /// Lines of the list of what was erased that cannot be read any more: what they kept out can come again.
    pub lost_marks: u64,
    /// Captures that the index knew and that are gone, in the order written.
    pub lost_captures: Vec<LostCapture>,
    /// Captures whose text, records or raw bytes are lost: address and what.
    pub lost: Vec<Lost>,
}

/// A capture that was acknowledged and is not there any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostCapture {
    pub url: String,
    /// The hex digits of its id that are known.
    pub id: String,
}

/// Something that is named and is not there any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lost {
    pub url: String,
    pub what: String,
    pub id: Id,
}

pub(in crate::archive) fn repair(archive: &Archive) -> Result<RepairReport> {
    let folder = &archive.segments.folder;
    let _care = archive.care()?;
    let mut writer = lock(&archive.writer);
    let held = Lock::take(&folder.lock(), archive.options.lock_wait)?;
    *writer = Default::default();
    if folder.version < crate::archive::VERSION {
        folder.raise_version()?;
    }
    // Made anew first: the old one may be what is wrong, and it may say that more was there.
    let before = archive.reader().sealed_segments().unwrap_or_default();
    let knows_nothing = archive.reader().anew;
    let known = Known::of(&archive.reader()).unwrap_or_default();
    // Of a repair that was interrupted the index of before is there still: all else of what it knew is lost.
    let earlier = Index::set_aside(&archive.segments).map(|index| Known::of(&index).unwrap_or_default());
    if earlier.is_none() {
        archive.reader().copy_aside(folder)?;
    }
    Store::ALL.iter().try_for_each(|store| folder.disk.create_folder(&folder.path.join(store.name())))?;
    // What can be mended is not lost, nor looked for.
    let mut mended = archive.mend(&before)?;
    let (index, behind) = rebuild_for_repair(&archive.segments)?;
    *archive.reader() = crate::archive::recover::open_index(&archive.segments)?;
    // What a newer program wrote would be left out as what cannot be read.
    let (report, mut flawed, hidden) = flawed_segments(archive)?;
    let mut done = RepairReport { mended: std::mem::take(&mut mended.files), ..RepairReport::default() };
    done.problems.extend(mended.problems.iter().cloned().chain(report.problems));
    done.problems.extend(missing(folder, &before));
    if knows_nothing && earlier.is_none() && hidden > 0 {
        done.left.push(unknown(hidden));
    }
    // Without it nobody can tell what was taken away on purpose.
    if let Some(mended) = erased::mend(folder)? {
        done.problems.push(format!("`erased.log`: {} of its lines cannot be read", mended.lines));
        done.segments.push("erased.log".to_owned());
        done.lost_marks = mended.lost;
    }
    done.left.extend(exports::mend(folder)?);
    // A cache: the next search makes it anew.
    if let Some(flaw) = archive.search_flaw() {
        done.problems.push(format!("`search.sqlite` is damaged ({flaw})"));
        archive.forget_search()?;
    }
    done.swept(archive.sweep(&index, false)?);
    flawed.extend(shorter(archive, &before));
    let mut writing = Writing::new(index, held);
    // What is packed against an earlier segment is read before that one is written anew.
    let change =
        Change { damaged: true, behind: Some(Arc::new(Mutex::new(behind))), index_later: true, ..Change::default() };
    for &(store, seg) in flawed.iter().rev() {
        done.segments.push(set_aside(folder, store, seg)?);
        archive.write_anew((store, seg), &change, Some(&mut writing))?;
    }
    let copied = archive.copy_dicts()?;
    done.problems
        .extend(copied.iter().map(|name| format!("`{name}`, the copy of a dictionary, was missing or damaged")));
    done.swept(archive.reindex(&mut writing, false)?);
    drop(writing);
    drop(writer);
    lost(archive, &mut done)?;
    let mut gone = earlier.map_or(Ok(Vec::new()), |earlier| earlier.not_in(&archive.reader()))?;
    let told: BTreeSet<i64> = gone.iter().map(|gone| gone.key).collect();
    gone.extend(known.not_in(&archive.reader())?.into_iter().filter(|gone| !told.contains(&gone.key)));
    let (rescued, gone) = rescue(archive, gone)?;
    done.rescued = rescued;
    done.captures += rescued;
    match archive.own() {
        Err(error @ ArchiveError::Damaged { .. }) => done.left.push(error.to_string()),
        _ => folder.disk.remove(&folder.index_aside())?,
    }
    match archive.renew(&mended) {
        Ok(without) => done.left.extend(without),
        Err(error) => done.left.push(format!("recovery data was not made anew: {error}")),
    }
    done.lost_captures =
        gone.into_iter().map(|gone| LostCapture { url: gone.url, id: format!("{:014x}", gone.key) }).collect();
    Ok(done)
}

impl RepairReport {
    fn swept(&mut self, swept: Swept) {
        self.problems.extend(swept.told);
        self.left.extend(swept.missed.into_iter().map(|line| format!("{line}; it lies in `quarantine/` now")));
    }
}

/// What is told of unreadable places where no index says what stood there.
fn unknown(places: u64) -> String {
    format!(
        "captures may be lost in {places} {} that cannot be read, and no index says which; fetch or import again what is missed",
        if places == 1 { "place" } else { "places" }
    )
}

/// Segments that the index knew and that are not there, nor were they written anew.
fn missing(folder: &Folder, before: &[(Store, Seg, u64, u64)]) -> Vec<String> {
    let is_missing = |(store, seg, ..): &&(Store, Seg, u64, u64)| {
        !folder.segment(*store, *seg).exists() && !folder.is_written_anew(*store, *seg)
    };
    let told = |(store, seg, end, _): &(Store, Seg, u64, u64)| {
        format!("`{}` is missing, of which {end} bytes were committed", folder.segment_name(*store, *seg))
    };
    before.iter().filter(is_missing).map(told).collect()
}

/// Segments that were longer than what can be read of them now.
fn shorter(archive: &Archive, before: &[(Store, Seg, u64, u64)]) -> BTreeSet<(Store, Seg)> {
    let now = archive.reader().sealed_segments().unwrap_or_default();
    let end = |store, seg| now.iter().find(|(s, g, ..)| (*s, *g) == (store, seg)).map_or(0, |(_, _, end, _)| *end);
    let is_shorter = |(store, seg, was, _): &&(Store, Seg, u64, u64)| {
        archive.segments.folder.segment(*store, *seg).exists() && end(*store, *seg) < *was
    };
    before.iter().filter(is_shorter).map(|(store, seg, ..)| (*store, *seg)).collect()
}

/// A copy of the damaged file, durable before anything is written anew.
pub(in crate::archive) fn set_aside(folder: &Folder, store: Store, seg: Seg) -> Result<String> {
    let path = folder.segment(store, seg);
    let bytes = std::fs::read(&path).map_err(|error| ArchiveError::io(&path, "read", error))?;
    folder.disk.create_folder(&folder.quarantine())?;
    let name = Folder::aside_name(store, seg, &bytes);
    let warc = folder.warc(seg);
    if store == Store::Raw && warc.exists() {
        let bytes = std::fs::read(&warc).map_err(|error| ArchiveError::io(&warc, "read", error))?;
        folder.disk.write_whole(&folder.quarantine().join(name.replace(".seg", ".warc.gz")), &bytes)?;
    }
    folder.disk.write_whole(&folder.quarantine().join(name), &bytes)?;
    Ok(folder.segment_name(store, seg))
}

/// What captures name and is gone: the archive says so from now on, and the addresses can be fetched again.
fn lost(archive: &Archive, done: &mut RepairReport) -> Result<()> {
    let mut missing: BTreeMap<(u8, Id), String> = BTreeMap::new();
    archive.each_kept(&mut |kept| {
        done.captures += 1;
        for (kind, id) in named(&kept.capture) {
            if !archive.reader().holds(kind, id)? {
                missing.insert((kind.0, id), kept.capture.url.to_string());
            }
        }
        Ok(())
    })?;
    let dropped: Vec<(Kind, Id)> = missing.keys().map(|&(kind, id)| (Kind(kind), id)).collect();
    if !dropped.is_empty() {
        archive.append_dropped(dropped)?;
        *archive.reader() = crate::archive::recover::open_index(&archive.segments)?;
    }
    let lost = missing.into_iter().map(|((kind, id), url)| Lost { url, what: Kind(kind).name().to_owned(), id });
    done.lost = lost.collect();
    Ok(())
}

//! Care: what goes by policy, what must go, and what can be saved of a damaged archive.

mod aside;
pub(super) mod erase;
pub(super) mod erased;
pub(super) mod proof;
pub(super) mod prune;
pub(super) mod repair;
mod rescue;
mod since;

pub(super) use aside::names as aside_names;

use std::collections::{BTreeSet, HashSet};

use super::anew::{Change, Writing};
use super::folder::{Seg, Store};
use super::index::{Row, Selection, key};
use super::member::SPOT_RECORD_BYTES;
use super::record::Kind;
use super::segments::Place;
use super::{Archive, Filter, Result};
use crate::capture::{Capture, Id};

/// So many captures are looked up at once.
const PAGE_ROWS: i64 = 1024;

/// A capture with its place, and the capture that it repeats.
pub(super) struct Kept {
    pub n: i64,
    pub base: Option<i64>,
    pub place: Place,
    pub capture: Capture,
}

/// The blobs that a capture names.
pub(super) fn named(capture: &Capture) -> impl Iterator<Item = (Kind, Id)> {
    let named = [(Kind::TEXT, capture.text), (Kind::RECORDS, capture.records), (Kind::RAW, capture.raw)];
    named.into_iter().filter_map(|(kind, id)| Some((kind, id?)))
}

/// What is to be left out, found by its places.
#[derive(Clone, Debug, Default)]
pub(super) struct Removal {
    pub captures: HashSet<Id>,
    pub blobs: HashSet<(Kind, Id)>,
    /// Blobs that captures go on naming.
    pub dropped: HashSet<(Kind, Id)>,
    /// Raw bytes that stay, but not in their WARC file: what stands before them there goes.
    pub bare: HashSet<Id>,
    /// Segments that hold any of it.
    pub segments: BTreeSet<(Store, Seg)>,
    /// Records of captures: one may stand there twice.
    pub records: u64,
    pub bytes: u64,
}

impl Removal {
    /// A capture that stands twice goes with its twin: the caller names both.
    pub fn capture(&mut self, kept: &Kept) {
        self.captures.extend(kept.capture.id);
        self.segments.insert(kept.place.file());
        self.records += 1;
        self.bytes += u64::from(kept.place.bytes);
    }

    /// Blobs that no capture names any more: an interrupted removal left them.
    pub fn orphans(&mut self, archive: &Archive, needed: &HashSet<(Kind, Id)>) -> Result<Vec<(Kind, Id)>> {
        let needed: HashSet<(Kind, i64)> = needed.iter().map(|&(kind, id)| (kind, key(id))).collect();
        let places = archive.reader().blobs_except(&needed)?;
        let mut orphans = Vec::new();
        for place in places {
            let header = archive.segments.header(&place)?;
            if !self.blobs.contains(&(header.kind, header.id)) {
                self.blob(archive, header.kind, header.id, false)?;
                orphans.push((header.kind, header.id));
            }
        }
        Ok(orphans)
    }

    /// A blob in all its copies.
    pub fn blob(&mut self, archive: &Archive, kind: Kind, id: Id, dropped: bool) -> Result<()> {
        if !self.blobs.insert((kind, id)) {
            return Ok(());
        }
        let places = archive.reader().copies(kind, id)?;
        if dropped && !places.is_empty() {
            self.dropped.insert((kind, id));
        }
        for place in places {
            self.segments.insert(place.file());
            self.bytes += u64::from(place.bytes) + archive.segments.member_bytes(&place)?;
        }
        Ok(())
    }

    /// Raw bytes that stay are taken out of their WARC file where they stand there under an address that goes: a capture
    /// that goes has them too, or one that was let go before. Returns these addresses.
    pub fn bare(&mut self, archive: &Archive, goes: &dyn Fn(&str) -> bool) -> Result<Vec<String>> {
        let mut found = Vec::new();
        if archive.segments.folder.all_warcs()?.is_empty() {
            return Ok(found);
        }
        let places = archive.reader().in_warcs()?;
        for place in places {
            let address = archive.segments.member_address(&place)?;
            let Some((id, url)) = address.filter(|(_, url)| goes(url)) else { continue };
            found.push(url);
            if !self.blobs.contains(&(Kind::RAW, id)) {
                self.bare.insert(id);
                self.segments.insert(place.file());
            }
        }
        Ok(found)
    }

    /// Segments that begin with a dictionary which holds one of these, though nothing else there may. Where damage hides what a
    /// segment begins with, it may: such a one cannot be written anew, so that whoever erases is told to repair it first.
    pub fn dicts_with(&mut self, archive: &Archive, needles: &[Vec<u8>]) -> Result<()> {
        for store in Store::ALL {
            for seg in archive.segments.folder.segments(store)? {
                let dicts = archive.segments.dicts(store, seg)?;
                let holds =
                    |needle: &Vec<u8>| dicts.each().any(|dict| memchr::memmem::find(&dict.bytes, needle).is_some());
                if needles.iter().any(holds) || (dicts.unknown && !needles.is_empty()) {
                    self.segments.insert((store, seg));
                }
            }
        }
        Ok(())
    }
}

impl Archive {
    /// Visits every capture with its place.
    pub(super) fn each_kept(&self, visit: &mut dyn FnMut(Kept) -> Result<()>) -> Result<()> {
        self.each_kept_after(0, visit)
    }

    /// The same, after number `after`.
    pub(super) fn each_kept_after(&self, mut after: i64, visit: &mut dyn FnMut(Kept) -> Result<()>) -> Result<()> {
        let selection = Selection::of(&Filter::default());
        let last = self.reader().last()?;
        loop {
            let some = self.again(|| {
                let rows = self.reader().rows(&selection, after, last, PAGE_ROWS)?;
                let kept =
                    |row: &Row| Ok(Kept { n: row.n, base: row.base_n, place: row.place, capture: self.capture(row)? });
                rows.iter().map(kept).collect::<Result<Vec<_>>>()
            })?;
            let Some(kept) = some.last() else { return Ok(()) };
            after = kept.n;
            some.into_iter().try_for_each(&mut *visit)?;
        }
    }

    /// Leaves the removal out of every segment: later segments first, because they may be packed against earlier ones,
    /// and raw bytes last, because captures name them. A crash between two segments leaves a whole archive.
    pub(super) fn remove(&self, removal: &Removal, retrain: bool, writing: &mut Writing<'_>) -> Result<()> {
        let mut segments = removal.segments.clone();
        for &(kind, id) in &removal.blobs {
            let store = Store::of(kind);
            segments.extend(writing.index.based_on(kind, id)?.into_iter().map(|seg| (store, seg)));
        }
        let with_dicts = if retrain { self.sharing_dicts(&segments)? } else { BTreeSet::new() };
        segments.extend(&with_dicts);
        let change = Change {
            captures: removal.captures.clone(),
            blobs: removal.blobs.clone(),
            bare: removal.bare.clone(),
            index_later: true,
            ..Change::default()
        };
        let mut order: Vec<(Store, Seg)> = segments.into_iter().collect();
        order.sort_by_key(|(store, seg)| (*store as i64, std::cmp::Reverse(*seg)));
        for (store, seg) in order {
            let retrain = with_dicts.contains(&(store, seg));
            let dropped = if store == Store::Raw { self.dropped_in(removal, seg)? } else { Vec::new() };
            let change = Change { pack: retrain, retrain, dropped, ..change.clone() };
            self.write_anew((store, seg), &change, Some(writing))?;
        }
        self.reindex(writing, true).map(drop)
    }

    fn dropped_in(&self, removal: &Removal, seg: Seg) -> Result<Vec<(Kind, Id)>> {
        let index = self.reader();
        let mut dropped = Vec::new();
        for &(kind, id) in &removal.dropped {
            if index.copies(kind, id)?.iter().any(|place| place.segment == seg) {
                dropped.push((kind, id));
            }
        }
        Ok(dropped)
    }

    /// The segments that carry a dictionary which was trained in one of these, or may have been; with those that are too
    /// damaged to tell, which cannot be written anew before a repair.
    fn sharing_dicts(&self, segments: &BTreeSet<(Store, Seg)>) -> Result<BTreeSet<(Store, Seg)>> {
        let mut trained = HashSet::new();
        for &(store, seg) in segments {
            trained.extend(self.segments.dicts(store, seg)?.each().map(|dict| (store, dict.id)));
        }
        let mut sharing = BTreeSet::new();
        for store in Store::ALL {
            for seg in self.segments.folder.segments(store)? {
                let dicts = self.segments.dicts(store, seg)?;
                if dicts.unknown || dicts.each().any(|dict| trained.contains(&(store, dict.id))) {
                    sharing.insert((store, seg));
                }
            }
        }
        Ok(sharing)
    }
}

impl super::index::Index {
    /// Every place where a blob of that key lies.
    pub fn copies(&self, kind: Kind, id: Id) -> Result<Vec<Place>> {
        self.query(|connection| {
            connection
                .prepare_cached("SELECT segment, at, stored FROM blobs WHERE key = ?1 AND kind = ?2")?
                .query_map((key(id), kind.0), |row| {
                    let segment = Seg::of_code(row.get(0)?);
                    let offset = row.get::<_, i64>(1)? as u64;
                    Ok(Place { store: Store::of(kind), segment, offset, bytes: row.get(2)? })
                })?
                .collect()
        })
    }

    /// The places of raw bytes that may be in WARC files: their records have one length.
    fn in_warcs(&self) -> Result<Vec<Place>> {
        self.query(|connection| {
            connection
                .prepare_cached(
                    "SELECT segment, at, stored FROM blobs WHERE kind = ?1 AND stored = ?2 ORDER BY segment, at",
                )?
                .query_map((Kind::RAW.0, SPOT_RECORD_BYTES as i64), |row| {
                    let (segment, offset) = (Seg::of_code(row.get(0)?), row.get::<_, i64>(1)? as u64);
                    Ok(Place { store: Store::Raw, segment, offset, bytes: row.get(2)? })
                })?
                .collect()
        })
    }

    /// The places of all blobs but these.
    fn blobs_except(&self, needed: &HashSet<(Kind, i64)>) -> Result<Vec<Place>> {
        self.query(|connection| {
            let mut places = Vec::new();
            let mut statement = connection.prepare("SELECT kind, key, segment, at, stored FROM blobs")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let kind = Kind(row.get(0)?);
                if !needed.contains(&(kind, row.get(1)?)) {
                    let (segment, offset) = (Seg::of_code(row.get(2)?), row.get::<_, i64>(3)? as u64);
                    places.push(Place { store: Store::of(kind), segment, offset, bytes: row.get(4)? });
                }
            }
            Ok(places)
        })
    }

    /// The segments with blobs that are packed against this one.
    fn based_on(&self, kind: Kind, id: Id) -> Result<Vec<Seg>> {
        self.query(|connection| {
            connection
                .prepare_cached("SELECT DISTINCT segment FROM blobs WHERE base = ?1 AND (kind = ?2) = (?3 = ?2)")?
                .query_map((key(id), Kind::RAW.0, kind.0), |row| Ok(Seg::of_code(row.get(0)?)))?
                .collect()
        })
    }
}

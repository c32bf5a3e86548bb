//! A segment read batch by batch, each record seen as the index sees it.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use super::brief::Bytes;
use super::folder::{Seg, Store};
use super::index::{Batch, Facts, Item, What, time_key};
use super::record::{Flaw, Header, Kind};
use super::recover::Tail;
use super::repeat::{Repeat, read_capture};
use super::scan::{Found, Scan};
use super::segments::Segments;
use super::{ArchiveError, Result};
use crate::capture::Id;

/// Someone who is told what a walk meets.
pub(super) trait Watch {
    fn record(&mut self, offset: u64, header: &Header, payload: &[u8]);
    fn flaw(&mut self, offset: u64, flaw: Flaw);
}

/// Nobody.
pub(super) struct Unwatched;

impl Watch for Unwatched {
    fn record(&mut self, _: u64, _: &Header, _: &[u8]) {}
    fn flaw(&mut self, _: u64, _: Flaw) {}
}

/// Keeps the first flaw.
impl Watch for Option<Flaw> {
    fn record(&mut self, _: u64, _: &Header, _: &[u8]) {}
    fn flaw(&mut self, _: u64, flaw: Flaw) {
        self.get_or_insert(flaw);
    }
}

/// A walk over the batches of one segment.
pub(super) struct Walk<'a> {
    segments: &'a Segments,
    file: Arc<File>,
    scan: Scan,
    store: Store,
    path: PathBuf,
    /// The last commit met.
    pub tail: Tail,
    /// Bytes of the file, as far as the walk goes.
    pub length: u64,
    items: Vec<Item>,
    /// What ended `batch_until_flaw`.
    pub first_flaw: Option<Flaw>,
    /// A `sealed` record was met in this batch.
    sealed: bool,
}

impl<'a> Walk<'a> {
    /// Begins after a commit and goes to `until`, or to the end of the file.
    pub fn new(segments: &'a Segments, store: Store, from: Tail, until: u64) -> Result<Self> {
        let path = segments.folder.segment(store, from.segment);
        let file = segments.file(store, from.segment)?;
        let length = file.metadata().map_err(|error| ArchiveError::io(&path, "look at", error))?.len().min(until);
        let scan = Scan::new(Arc::clone(&file), from.end, length, from.commit);
        let (items, first_flaw, sealed) = (Vec::new(), None, false);
        Ok(Self { segments, file, scan, store, path, tail: from, length, items, first_flaw, sealed })
    }

    /// The next batch that is whole; `None` from the first flaw on.
    pub fn batch_until_flaw(&mut self) -> Result<Option<Batch>> {
        let mut flaw = None;
        let batch = self.batch(&mut flaw)?;
        self.first_flaw = flaw;
        Ok(batch.filter(|_| self.first_flaw.is_none()))
    }

    /// The whole records behind the last commit, for those who keep what they can.
    pub fn rest(&mut self) -> Batch {
        let Tail { segment, end, commit } = self.tail;
        let items = std::mem::take(&mut self.items);
        Batch { store: self.store, segment, end, commit, sealed: false, items }
    }

    /// The next batch, without the records that have flaws.
    pub fn batch(&mut self, watch: &mut dyn Watch) -> Result<Option<Batch>> {
        loop {
            let found = self.scan.next().map_err(|error| ArchiveError::io(&self.path, "read", error))?;
            match found {
                None => return Ok(None),
                Some(Found::Flaw { offset, flaw }) => watch.flaw(offset, flaw),
                Some(Found::Record { offset, header, payload, held: (held, held_at) }) => {
                    let of = (self.store, self.tail.segment);
                    let bytes = Bytes { file: &self.file, held, held_at };
                    let whole = self.segments.whole(&bytes, of, offset, &header, payload);
                    let read = whole.and_then(|whole| Ok((what(self.segments, of, offset, &header, &whole)?, whole)));
                    match read {
                        Ok((what, payload)) => {
                            self.sealed |= header.kind == Kind::SEALED;
                            watch.record(offset, &header, &payload);
                            self.items.push(Item { offset, header, what });
                        }
                        Err(flaw) => watch.flaw(offset, flaw),
                    }
                }
                Some(Found::Commit { id, end }) => {
                    self.tail = Tail { end, commit: id, ..self.tail };
                    let items = std::mem::take(&mut self.items);
                    let sealed = std::mem::take(&mut self.sealed);
                    let segment = self.tail.segment;
                    return Ok(Some(Batch { store: self.store, segment, end, commit: id, sealed, items }));
                }
            }
        }
    }
}

/// What a record is to the index.
fn what(
    segments: &Segments,
    (store, seg): (Store, Seg),
    offset: u64,
    header: &Header,
    payload: &[u8],
) -> std::result::Result<What, Flaw> {
    if (offset == 0) != (header.kind == Kind::SEGMENT) {
        return Err(Flaw::Content(header.kind.name(), "a segment begins with its segment record".to_owned()));
    }
    let kind = header.kind;
    let of_captures = matches!(kind, Kind::CAPTURE | Kind::UNCHANGED);
    let home = if kind.is_blob() { Store::of(kind) } else { Store::Segments };
    if (kind.is_blob() || of_captures) && home != store {
        return Err(Flaw::Content(kind.name(), format!("it does not belong into `{}`", store.name())));
    }
    match kind {
        Kind::SEGMENT => must_be_this_segment(payload, store, seg).map(|()| What::Other),
        Kind::CAPTURE => {
            let content = segments.unpack((store, seg), header, payload)?;
            read_capture(header.id, &content).map(|capture| What::Full(Facts::of(&capture)))
        }
        Kind::DROPPED => dropped(payload).map(What::Dropped),
        Kind::UNCHANGED => Repeat::read(header, payload).map(|repeat| repeat.what()),
        _ => Ok(What::of_blob(header, payload)),
    }
}

impl Repeat {
    pub fn what(&self) -> What {
        let (time, outcome) = (time_key(self.at), self.outcome().to_owned());
        What::Repeat { base: self.base, time, outcome, raw: self.raw() }
    }
}

/// The payload of a segment record.
pub(super) fn segment_payload(store: Store, seg: Seg) -> Vec<u8> {
    let (store, number) = (store.name(), seg.number);
    match seg.generation {
        1 => format!(r#"{{"store":"{store}","number":{number}}}"#),
        generation => format!(r#"{{"store":"{store}","number":{number},"generation":{generation}}}"#),
    }
    .into_bytes()
}

fn must_be_this_segment(payload: &[u8], store: Store, seg: Seg) -> std::result::Result<(), Flaw> {
    if payload == segment_payload(store, seg) {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&payload[..payload.len().min(100)]).into_owned();
    Err(Flaw::Content("segment", format!("the file says it is {said}")))
}

/// Bytes of one blob that was let go: its kind, then its id.
const DROPPED_BYTES: usize = 33;

/// The payload of a record that says which blobs were let go.
pub(super) fn dropped_payload(blobs: &[(Kind, Id)]) -> Vec<u8> {
    blobs.iter().flat_map(|(kind, id)| [&[kind.0], &id.0[..]].concat()).collect()
}

/// What noting so many takes, about.
pub(super) fn dropped_bytes(blobs: usize) -> u64 {
    (blobs * DROPPED_BYTES) as u64
}

fn dropped(payload: &[u8]) -> std::result::Result<Vec<(Kind, Id)>, Flaw> {
    if !payload.len().is_multiple_of(DROPPED_BYTES) {
        return Err(Flaw::Content(Kind::DROPPED.name(), "its length is wrong".to_owned()));
    }
    let read = |entry: &[u8]| (Kind(entry[0]), Id(entry[1..].try_into().expect("33 bytes less one")));
    Ok(payload.chunks(DROPPED_BYTES).map(read).collect())
}

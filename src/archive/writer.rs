//! The part of `append` that holds the lock: write, sync, index, and cut back what fails.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::codec::pack;
use super::commit::{CHAIN_START, Chain};
use super::folder::{Folder, Store};
use super::index::{Batch, Facts, Index, Item, What, time_key};
use super::lock::Lock;
use super::prepare::{Prepared, Visit, known};
use super::record::{HEADER_BYTES, Kind, Record};
use super::recover::{Tail, catch_up, rebuild};
use super::repeat::Repeat;
use super::segments::Segments;
use super::storage::{DiskFile, Step};
use super::walk::segment_payload;
use super::{Archive, ArchiveError, Result};
use crate::capture::{Capture, Id};

/// Records are handed to the disk in pieces of this size.
const BUFFER_BYTES: usize = 1 << 20;

/// What this process needs for writing.
#[derive(Debug, Default)]
pub(super) struct Writer {
    index: Option<Index>,
    /// A write could not be made durable: nobody knows what the disk holds until the archive is opened anew.
    stopped: Option<PathBuf>,
}

/// A batch in the making: raw store, segment, and the captures to be returned.
struct Draft {
    raw: Option<BatchFile>,
    segment: BatchFile,
    captures: Vec<Capture>,
}

impl Archive {
    pub(super) fn write(&self, writer: &mut Writer, prepared: Prepared) -> Result<Vec<Capture>> {
        if let Some(path) = &writer.stopped {
            return Err(ArchiveError::Stopped(path.clone()));
        }
        let _lock = Lock::take(&self.segments.folder.lock(), self.options.lock_wait)?;
        let mut index = match writer.index.take() {
            Some(index) => index,
            None => Index::open(&self.segments)?.map_or_else(|| rebuild(&self.segments), Ok)?,
        };
        let tails = catch_up(&self.segments, &mut index, Store::ALL, true)?;
        let captures = self.write_batch(writer, &mut index, tails, prepared)?;
        // After any failure the index is opened anew.
        writer.index = Some(index);
        Ok(captures)
    }

    fn write_batch(
        &self,
        writer: &mut Writer,
        index: &mut Index,
        [raw_tail, tail]: [Tail; 2],
        prepared: Prepared,
    ) -> Result<Vec<Capture>> {
        let mut draft = Draft { raw: None, segment: self.begin(Store::Segments, tail)?, captures: Vec::new() };
        let written = self.draft(&mut draft, index, raw_tail, prepared).and_then(|()| draft.sync());
        let batches = match written {
            Ok(batches) => batches,
            Err(failure) => return Err(draft.cut_back(writer, failure)),
        };
        let path = self.segments.folder.index();
        self.segments.folder.disk.step(Step::Index, 0).map_err(|error| ArchiveError::io(&path, "write", error))?;
        // When this fails the batch stays: it is whole, and the next writer takes it into the index. Cutting it
        // could take bytes from an index that did keep them.
        index.add(&self.segments, &batches)?;
        Ok(draft.captures)
    }

    fn begin(&self, store: Store, tail: Tail) -> Result<BatchFile> {
        BatchFile::begin(&self.segments.folder, store, tail, self.options.segment_bytes_max)
    }

    fn draft(
        &self,
        draft: &mut Draft,
        index: &Index,
        raw_tail: Tail,
        prepared: Prepared,
    ) -> std::result::Result<(), Failure> {
        for blob in prepared.blobs {
            // Another process may have written the same while this one waited.
            if known(index.blob(&self.segments, blob.header.kind, blob.header.id))? {
                continue;
            }
            let what = What::of_blob(blob.header.kind);
            match Store::of(blob.header.kind) {
                Store::Segments => draft.segment.push(blob, what)?,
                Store::Raw => {
                    if draft.raw.is_none() {
                        draft.raw = Some(self.begin(Store::Raw, raw_tail)?);
                    }
                    draft.raw.as_mut().expect("just begun").push(blob, what)?;
                }
            }
        }
        let mut bases = Bases { archive: self, index, fresh: HashMap::new() };
        for visit in prepared.visits {
            let (record, what, capture) = bases.record(visit)?;
            draft.segment.push(record, what)?;
            draft.captures.push(capture);
        }
        Ok(())
    }
}

/// Why a batch could not be written, and whether the disk can still be trusted.
enum Failure {
    Write(ArchiveError),
    Sync(ArchiveError),
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        Self::Write(error)
    }
}

impl Draft {
    /// Raw bytes first: a capture on the disk never names raw bytes that are not there.
    fn sync(&mut self) -> std::result::Result<Vec<Batch>, Failure> {
        let raw = self.raw.as_mut().map(BatchFile::finish).transpose()?;
        let segment = self.segment.finish()?;
        Ok(raw.into_iter().chain([segment]).collect())
    }

    /// Nothing of the batch stays. After a failed sync nothing more is written: the kernel may have marked pages
    /// clean that never reached the disk, so that a second sync would pass and prove nothing.
    fn cut_back(&self, writer: &mut Writer, failure: Failure) -> ArchiveError {
        let cut = [self.raw.as_ref(), Some(&self.segment)].into_iter().flatten().all(|file| file.cut_back().is_ok());
        let (error, trusted) = match failure {
            Failure::Write(error) => (error, cut),
            Failure::Sync(error) => (error, false),
        };
        if !trusted {
            writer.stopped = Some(self.segment.file.path.clone());
        }
        error
    }
}

/// One segment file while a batch is appended to it.
struct BatchFile {
    file: DiskFile,
    store: Store,
    segment: u32,
    /// Where the batch begins.
    begin: u64,
    at: u64,
    buffer: Vec<u8>,
    chain: Chain,
    items: Vec<Item>,
}

impl BatchFile {
    fn begin(folder: &Folder, store: Store, tail: Tail, segment_bytes_max: u64) -> Result<Self> {
        let full = tail.end >= segment_bytes_max && tail.end > 0;
        let tail = if full { Tail { segment: tail.segment + 1, end: 0, commit: CHAIN_START } } else { tail };
        let mut batch = Self {
            file: folder.disk.open_segment(&folder.segment(store, tail.segment))?,
            store,
            segment: tail.segment,
            begin: tail.end,
            at: tail.end,
            buffer: Vec::new(),
            chain: Chain::after(tail.commit),
            items: Vec::new(),
        };
        if tail.end == 0 {
            let payload = segment_payload(store, tail.segment);
            batch.push(Record::plain(Kind::SEGMENT, Id::of(&payload), payload), What::Other)?;
        }
        Ok(batch)
    }

    fn push(&mut self, record: Record, what: What) -> Result<()> {
        let (head, crc) = self.put(&record)?;
        self.chain.add(&head, crc);
        let offset = self.at - u64::from(record.header.record_bytes());
        self.items.push(Item { offset, header: record.header, what });
        Ok(())
    }

    fn put(&mut self, record: &Record) -> Result<([u8; HEADER_BYTES], u32)> {
        let head = record.header.encode();
        let crc = crc32c::crc32c(&record.payload);
        self.buffer.extend_from_slice(&head);
        self.buffer.extend_from_slice(&record.payload);
        self.buffer.extend_from_slice(&crc.to_le_bytes());
        self.at += u64::from(record.header.record_bytes());
        if self.buffer.len() >= BUFFER_BYTES {
            self.flush()?;
        }
        Ok((head, crc))
    }

    fn flush(&mut self) -> Result<()> {
        self.file.write_at(self.at - self.buffer.len() as u64, &self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Ends the batch with its commit and returns once it is on the disk.
    fn finish(&mut self) -> std::result::Result<Batch, Failure> {
        let commit = self.chain.commit();
        self.put(&commit)?;
        self.flush()?;
        self.file.sync().map_err(Failure::Sync)?;
        if self.begin == 0 {
            let folder = self.file.path.parent().unwrap_or(Path::new("."));
            self.file.disk().sync_folder(folder).map_err(Failure::Sync)?;
        }
        let items = std::mem::take(&mut self.items);
        Ok(Batch { store: self.store, segment: self.segment, end: self.at, commit: commit.header.id, items })
    }

    fn cut_back(&self) -> Result<()> {
        self.file.cut(self.begin)
    }
}

/// The captures that a new one may repeat: those of the archive, and those of the batch itself.
struct Bases<'a> {
    archive: &'a Archive,
    index: &'a Index,
    /// By address, in the order written.
    fresh: HashMap<String, Vec<Fresh>>,
}

struct Fresh {
    time: i64,
    has_text: bool,
    full: Arc<Capture>,
}

impl Bases<'_> {
    /// The record that keeps this visit: a repetition where it says nothing new, else all of it.
    fn record(&mut self, visit: Visit) -> Result<(Record, What, Capture)> {
        let Visit { capture, bytes } = visit;
        let url = capture.url.to_string();
        let time = time_key(capture.fetched_at);
        let base = self.find(&url, time, capture.text.is_some() || capture.outcome.has_text())?;
        if let Some(base) = base
            && let Some(repeat) = Repeat::of(&capture, &base)
            && let Ok(rebuilt) = repeat.apply(repeat.record().header.id, &base)
        {
            let has_text = rebuilt.text.is_some();
            self.fresh.entry(url).or_default().push(Fresh { time, has_text, full: base });
            return Ok((repeat.record(), repeat.what(), rebuilt));
        }
        let full = Arc::new(capture.clone());
        self.fresh.entry(url).or_default().push(Fresh { time, has_text: capture.text.is_some(), full });
        let record = pack(Kind::CAPTURE, Id::of(&bytes), bytes, self.archive.options.compression_level)?;
        let what = What::Full(Facts::of(&capture));
        Ok((record, what, capture))
    }

    /// The newest capture of the address up to that time; of two at one time the one written last.
    fn find(&self, url: &str, time: i64, with_text: bool) -> Result<Option<Arc<Capture>>> {
        let fresh = self.fresh.get(url).into_iter().flatten();
        let fresh = fresh.filter(|fresh| fresh.time <= time && (fresh.has_text || !with_text));
        let fresh = fresh.max_by_key(|fresh| fresh.time);
        let Some(row) = self.index.newest(url, time, with_text)? else {
            return Ok(fresh.map(|fresh| Arc::clone(&fresh.full)));
        };
        if let Some(fresh) = fresh.filter(|fresh| fresh.time >= row.time) {
            return Ok(Some(Arc::clone(&fresh.full)));
        }
        match self.archive.segments.full(&row.base.unwrap_or(row.place)) {
            Ok(full) => Ok(Some(Arc::new(full))),
            // A damaged capture is not built upon.
            Err(ArchiveError::Damaged { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Segments {
    /// The full capture that lies there.
    pub fn full(&self, place: &super::segments::Place) -> Result<Capture> {
        self.read(place, super::repeat::read_full)
    }
}

//! The part of `append` that holds the lock: write, sync, index, and cut back what fails.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::brief::{Named, brief};
use super::codec::{With, dict_id, pack};
use super::commit::{CHAIN_START, Chain};
use super::dict::Dicts;
use super::folder::{Seg, Store};
use super::index::{Batch, Facts, Index, Item, What, time_key};
use super::leftovers::set_warcs_aside;
use super::lock::Lock;
use super::member::Members;
use super::prepare::{Packed, Prepared, Visit};
use super::record::{HEADER_BYTES, Kind, Record};
use super::recover::{Tail, catch_up, index_for_writing, knows_generations};
use super::repeat::Repeat;
use super::segments::Segments;
use super::storage::{DiskFile, Step};
use super::walk::segment_payload;
use super::{Archive, ArchiveError, Result, put_back};
use crate::capture::{Capture, Id, Outcome};

/// Records are handed to the disk in pieces of this size.
const BUFFER_BYTES: usize = 1 << 20;

/// What this process needs for writing.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub index: Option<Index>,
    /// A write could not be made durable: nobody knows what the disk holds until the archive is opened anew.
    stopped: Option<PathBuf>,
    /// How long the WARC file is that is written to, and the commit of its segment that says so.
    members: Option<(Id, u64)>,
}

/// A batch in the making: raw store, segment, and the captures to be returned.
struct Draft {
    raw: Option<BatchFile>,
    segment: BatchFile,
    captures: Vec<Capture>,
}

impl Archive {
    pub(super) fn write(&self, writer: &mut Writer, mut prepared: Prepared) -> Result<Vec<Capture>> {
        if let Some(path) = &writer.stopped {
            return Err(ArchiveError::Stopped(path.clone()));
        }
        let _lock = Lock::take(&self.segments.folder.lock(), self.options.lock_wait)?;
        let mut index = self.index_for_writing(writer)?;
        let tails = catch_up(&self.segments, &mut index, Store::ALL, true)?;
        let refused = index.reading(|index| self.prepared_anew(index, &mut prepared))?;
        let mut captures = Vec::new();
        if !prepared.visits.is_empty() {
            captures = self.write_batch(writer, &mut index, tails, prepared)?;
        }
        // After any failure the index is opened anew.
        writer.index = Some(index);
        put_back(&mut captures, refused);
        Ok(captures)
    }

    /// The writer's lock is held.
    pub(super) fn index_for_writing(&self, writer: &mut Writer) -> Result<Index> {
        if let Some(index) =
            writer.index.take().filter(|index| index.is_current() && knows_generations(&self.segments, index))
        {
            return Ok(index);
        }
        if self.segments.folder.version < super::VERSION {
            self.segments.folder.raise_version()?;
        }
        let index = index_for_writing(&self.segments)?;
        self.sweep(&index, true)?;
        Ok(index)
    }

    fn write_batch(
        &self,
        writer: &mut Writer,
        index: &mut Index,
        [raw_tail, tail]: [Tail; 2],
        prepared: Prepared,
    ) -> Result<Vec<Capture>> {
        let mut draft = Draft { raw: None, segment: self.begin(Store::Segments, tail)?, captures: Vec::new() };
        let written = index
            .reading(|index| self.draft(writer, &mut draft, index, (raw_tail, prepared)))
            .and_then(|()| draft.sync());
        let batches = match written {
            Ok(batches) => batches,
            Err(failure) => return Err(draft.cut_back(writer, failure)),
        };
        let path = self.segments.folder.index();
        self.segments.folder.disk.step(Step::Index, 0).map_err(|error| ArchiveError::io(&path, "write", error))?;
        // When this fails the batch stays: it is whole, and the next writer takes it into the index. Cutting it
        // could take bytes from an index that did keep them.
        index.add(&self.segments, &batches)?;
        let raw = batches.iter().find(|batch| batch.store == Store::Raw);
        let members = draft.raw.and_then(|file| file.members).map(|members| members.end());
        // A batch without any leaves what is known: the commit tells whether it still is so.
        writer.members = raw.map(|batch| batch.commit).zip(members).or(writer.members);
        Ok(draft.captures)
    }

    fn begin(&self, store: Store, tail: Tail) -> Result<BatchFile> {
        BatchFile::begin(&self.segments, store, tail, self.options.segment_bytes_max)
    }

    /// The WARC file beside it counts for the size of a raw segment.
    fn begin_raw(&self, writer: &Writer, tail: Tail, with_members: bool) -> Result<BatchFile> {
        let segments = &self.segments;
        let length = std::fs::metadata(segments.folder.warc(tail.segment)).map_or(0, |file| file.len());
        let known = writer.members.filter(|(commit, _)| *commit == tail.commit).map(|(_, end)| end);
        let members = match known {
            _ if tail.end == 0 || !with_members => Some(0),
            Some(end) => Some(end),
            None => segments.members_end(tail.segment, tail.end)?,
        };
        // Nothing is added to a file whose end nobody knows, or that has lost some of it.
        let members = members.filter(|end| *end <= length);
        let max = self.options.segment_bytes_max;
        let room = if members.is_some() { max.saturating_sub(length).max(1) } else { 1 };
        let mut file = BatchFile::begin(segments, Store::Raw, tail, room)?;
        file.members_before = members.filter(|_| file.begin > 0).unwrap_or(0);
        Ok(file)
    }

    fn draft(
        &self,
        writer: &Writer,
        draft: &mut Draft,
        index: &Index,
        (raw_tail, prepared): (Tail, Prepared),
    ) -> std::result::Result<(), Failure> {
        let with_members = prepared.blobs.iter().any(|blob| blob.member.is_some());
        draft.segment.buffer.reserve(prepared.segment_bytes().min(BUFFER_BYTES));
        for blob in prepared.blobs {
            let file = match Store::of(blob.record.header.kind) {
                Store::Segments => &mut draft.segment,
                Store::Raw => {
                    if draft.raw.is_none() {
                        draft.raw = Some(self.begin_raw(writer, raw_tail, with_members)?);
                    }
                    draft.raw.as_mut().expect("just begun")
                }
            };
            if let Some(member) = &blob.member {
                file.push_member(&self.segments, member, &blob)?;
                continue;
            }
            let (record, base) = self.fitting(blob, file, index)?;
            let what = What::of_blob(&record.header, &record.payload);
            let base = base.and_then(|base| file.behind(base));
            file.push_on(record, what, Named { base, text: None })?;
        }
        let dicts = Arc::clone(&draft.segment.dicts);
        draft.captures.reserve_exact(prepared.visits.len());
        let mut bases = Bases { archive: self, index, dicts, fresh: HashMap::new() };
        for visit in prepared.visits {
            let (record, what, capture) = bases.record(visit)?;
            draft.segment.push(record, what)?;
            draft.captures.push(capture);
        }
        Ok(())
    }

    /// Says in the newest segment that these blobs are not there any more.
    pub(super) fn append_dropped(&self, dropped: Vec<(Kind, Id)>) -> Result<()> {
        let mut writing = self.writing()?;
        let [_, tail] = catch_up(&self.segments, &mut writing.index, Store::ALL, true)?;
        let mut file = self.begin(Store::Segments, tail)?;
        let payload = super::walk::dropped_payload(&dropped);
        file.push(Record::plain(Kind::DROPPED, Id::of(&payload), payload), What::Dropped(dropped))?;
        let batch = file.finish().map_err(|failure| match failure {
            Failure::Write(error) | Failure::Sync(error) => error,
        })?;
        writing.index.add(&self.segments, &[batch]).map(|_| ())
    }

    /// The record as it was prepared, or packed again where its dictionary or base has gone since; and where in this file
    /// its base begins, if it does there.
    fn fitting(&self, blob: Packed, file: &BatchFile, index: &Index) -> Result<(Record, Option<u64>)> {
        let header = &blob.record.header;
        let mut at = None;
        let fits = match (header.base(&blob.record.payload), dict_id(header, &blob.record.payload)) {
            (Some(base), _) => {
                let kind = header.base_kind();
                let is_it = |item: &&Item| {
                    item.header.id == base && item.header.kind == kind && matches!(item.what, What::Blob(None))
                };
                at = file.items.iter().find(is_it).map(|item| item.offset);
                let found = if at.is_none() { index.base(&self.segments, kind, base)? } else { None };
                let here = found.filter(|place| (place.store, place.segment) == (file.store, file.segment));
                at = at.or(here.map(|place| place.offset));
                at.is_some() || found.is_some()
            }
            (None, Some(dict)) => file.dicts.by_id(dict).is_some(),
            (None, None) => true,
        };
        if fits {
            return Ok((blob.record, at));
        }
        let with = With { level: self.options.compression_level, dict: file.dicts.of(header.kind), ..With::default() };
        Ok((pack(header.kind, header.id, &blob.content, with)?, None))
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
pub(super) struct BatchFile {
    pub file: DiskFile,
    store: Store,
    segment: Seg,
    /// Where the batch begins.
    begin: u64,
    at: u64,
    buffer: Vec<u8>,
    chain: Chain,
    items: Vec<Item>,
    pub dicts: Arc<Dicts>,
    /// The WARC file beside it, once something goes there; and how much of it was committed before.
    pub members: Option<Members>,
    members_before: u64,
}

impl BatchFile {
    fn begin(segments: &Segments, store: Store, tail: Tail, segment_bytes_max: u64) -> Result<Self> {
        let full = tail.end >= segment_bytes_max && tail.end > 0;
        let (tail, before) = if full {
            (Tail { segment: tail.segment.next(), end: 0, commit: CHAIN_START }, Some(tail.segment))
        } else {
            (tail, None)
        };
        let path = segments.folder.segment(store, tail.segment);
        if tail.end == 0 && !path.exists() {
            // That of a lost segment, whose number is used again.
            super::parity::remove(&segments.folder, store, tail.segment)?;
            if store == Store::Raw {
                set_warcs_aside(&segments.folder, tail.segment.number)?;
            }
        }
        let file = segments.folder.disk.open_segment(&path)?;
        if tail.end == 0 {
            // A new segment goes on with the dictionaries of the one before.
            let dicts = before.map_or_else(|| Ok(Arc::default()), |before| segments.dicts(store, before))?;
            segments.forget(store, tail.segment);
            return Self::new(file, store, tail.segment, dicts);
        }
        let dicts = segments.dicts(store, tail.segment)?;
        Ok(Self::at(file, store, tail, dicts))
    }

    fn at(file: DiskFile, store: Store, tail: Tail, dicts: Arc<Dicts>) -> Self {
        let (begin, chain) = (tail.end, Chain::after(tail.commit));
        let segment = tail.segment;
        let (buffer, items, members) = (Vec::new(), Vec::new(), None);
        Self { file, store, segment, begin, at: begin, buffer, chain, items, dicts, members, members_before: 0 }
    }

    /// Begins a segment: what it is, and its dictionaries.
    pub fn new(file: DiskFile, store: Store, segment: Seg, dicts: Arc<Dicts>) -> Result<Self> {
        let mut batch = Self::at(file, store, Tail { segment, end: 0, commit: CHAIN_START }, dicts);
        let payload = segment_payload(store, segment);
        batch.push(Record::plain(Kind::SEGMENT, Id::of(&payload), payload), What::Other)?;
        for record in batch.dicts.records() {
            batch.push(record, What::Other)?;
        }
        Ok(batch)
    }

    /// How far behind that place the next record begins; `None` where it is too far to be said in brief.
    pub fn behind(&self, place: u64) -> Option<u32> {
        u32::try_from(self.at.checked_sub(place)?).ok()
    }

    /// Where the next record begins.
    pub fn next_at(&self) -> u64 {
        self.at
    }

    pub fn push(&mut self, record: Record, what: What) -> Result<()> {
        self.push_on(record, what, Named::default())
    }

    /// The same of a record that names others of this file.
    pub fn push_on(&mut self, record: Record, what: What, named: Named) -> Result<()> {
        let dict = self.dicts.of(record.header.kind).map(|dict| dict.id);
        let lost = |id| ArchiveError::Missing { what: "record that a capture names", id };
        let record = brief(record, dict, named).map_err(lost)?;
        let (head, crc) = self.put(&record)?;
        self.chain.add(&head, crc);
        let offset = self.at - u64::from(record.header.record_bytes());
        self.items.push(Item { offset, header: record.header, what });
        Ok(())
    }

    /// Raw bytes go into the WARC file, and a record says where they are.
    fn push_member(&mut self, segments: &Segments, member: &[u8], blob: &Packed) -> Result<()> {
        if self.members.is_none() {
            self.members = Some(Members::go_on(segments, self.segment, self.members_before)?);
        }
        let members = self.members.as_mut().expect("just begun");
        let raw = super::codec::content_bytes(Kind::RAW, blob.content.len())?;
        let record = members.put(member)?.record(blob.record.header.id, raw);
        self.push(record, What::Blob(None))
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
        let batch = self.commit()?;
        if let Some(members) = &self.members {
            members.file.sync().map_err(Failure::Sync)?;
        }
        self.file.sync().map_err(Failure::Sync)?;
        if self.begin == 0 || self.members.as_ref().is_some_and(Members::is_new) {
            let folder = self.file.path.parent().unwrap_or(Path::new("."));
            self.file.disk().sync_folder(folder).map_err(Failure::Sync)?;
        }
        Ok(batch)
    }

    /// Ends a batch with its commit; the next one may follow. Nothing is synced.
    pub fn commit(&mut self) -> Result<Batch> {
        let commit = self.chain.commit();
        self.put(&commit)?;
        self.flush()?;
        self.chain = Chain::after(commit.header.id);
        let items = std::mem::take(&mut self.items);
        let sealed = items.iter().any(|item| item.header.kind == Kind::SEALED);
        Ok(Batch { store: self.store, segment: self.segment, end: self.at, commit: commit.header.id, sealed, items })
    }

    fn cut_back(&self) -> Result<()> {
        let members = self.members.as_ref().map_or(Ok(()), Members::cut_back);
        self.file.cut(self.begin).and(members)
    }
}

/// The captures that a new one may repeat: those of the archive, and those of the batch itself.
struct Bases<'a> {
    archive: &'a Archive,
    index: &'a Index,
    dicts: Arc<Dicts>,
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
        // What a server only confirms is the last text; a page without any repeats one without, if it is the same to the byte:
        // of a list nothing else tells.
        let with_text = capture.text.is_some() || capture.outcome == Outcome::Unchanged;
        let is_bare = capture.text.is_none() && capture.outcome == Outcome::Ok;
        let same = |base: &Arc<Capture>| !is_bare || capture.raw.is_some() && base.raw == capture.raw;
        let base = self.find(&url, time, with_text)?.filter(same);
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
        let level = self.archive.options.compression_level;
        let with = With { level, dict: self.dicts.of(Kind::CAPTURE), ..With::default() };
        let record = pack(Kind::CAPTURE, Id::of(&bytes), &bytes, with)?;
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
        self.read(place, |header, payload| super::repeat::read_full(self, place.file(), header, payload))
    }
}

#[cfg(test)]
mod tests {
    use crate::archive::{Archive, Entry, Options, Raw, lock};

    #[test]
    fn a_batch_without_raw_bytes_leaves_what_is_known_of_the_warc_file() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let options = Options { raw: Raw::Warc, ..Options::default() };
        let archive = Archive::init(place.path(), options).expect("a new archive");
        let known = |raw: Option<Vec<u8>>| {
            let json = r#"{"url":"https://a.example/","fetched_at":"2026-01-01T00:00:00Z","outcome":"ok"}"#;
            let capture = serde_json::from_str(json).expect("a capture");
            archive.append(vec![Entry { capture, text: None, records: None, raw }]).expect("it is kept");
            lock(&archive.writer).members
        };
        let first = known(Some(b"<p>One.".to_vec()));
        assert!(first.is_some() && known(None) == first);
        assert_ne!(known(Some(b"<p>Two.".to_vec())), first);
    }
}

//! The part of `append` that needs no lock: hashing, looking for what is known, packing.

use std::collections::HashSet;
use std::sync::Arc;

use super::codec::{With, content_bytes, pack};
use super::dict::Dicts;
use super::folder::Store;
use super::record::{Kind, Record};
use super::repeat::read_capture;
use super::{Archive, ArchiveError, Entry, Raw, Result, member};
use crate::capture::{Capture, Id};
use crate::page::Url;
use crate::parallel::{at_work, consume};

/// Less than this is packed sooner than a thread is begun.
const PARALLEL_BYTES: usize = 256 << 10;

/// A batch ready to be written.
pub(super) struct Prepared {
    pub visits: Vec<Visit>,
    /// Texts, records and raw bytes that the archive did not know.
    pub blobs: Vec<Packed>,
}

/// A blob as it will be written, if dictionary and base are still there by then; else its content is packed again.
pub(super) struct Packed {
    pub record: Record,
    pub content: Vec<u8>,
    /// For the WARC file: its record is written once its place there is known.
    pub member: Option<Vec<u8>>,
}

/// A capture as it will be read again, and the JSON that it is kept as.
pub(super) struct Visit {
    pub capture: Capture,
    pub bytes: Vec<u8>,
}

/// Contents named by kind and id.
struct Blob {
    kind: Kind,
    id: Id,
    content: Vec<u8>,
    /// The address it is of, and the text it stands beside.
    url: Url,
    text: Option<Id>,
    /// What stands before it in a WARC file, where it is to go into one.
    head: Option<Vec<u8>>,
}

impl Archive {
    pub(super) fn prepare(&self, batch: Vec<Entry>) -> Result<Prepared> {
        let bytes: usize = batch.iter().map(entry_bytes).sum();
        let threads = threads_for(bytes);
        let named = consume(batch, threads, |entry| self.name(entry));
        let mut visits = Vec::with_capacity(named.len());
        let mut blobs = Vec::new();
        for entry in named {
            let (visit, contents) = entry?;
            visits.push(visit);
            blobs.extend(contents);
        }
        let blobs = self.unknown(blobs)?;
        self.must_hold_the_rest(&visits, &blobs)?;
        Ok(Prepared { visits, blobs: self.pack_all(blobs, threads)? })
    }

    /// Texts and raw bytes first: records are packed against the text they stand beside.
    fn pack_all(&self, blobs: Vec<Blob>, threads: usize) -> Result<Vec<Packed>> {
        let level = self.options.compression_level;
        let [raw_dicts, dicts] = Store::ALL.map(|store| self.newest_dicts(store));
        let (raw_dicts, dicts) = (raw_dicts?, dicts?);
        let (records, others): (Vec<_>, Vec<_>) = blobs.into_iter().partition(|blob| blob.kind == Kind::RECORDS);
        let others = others.into_iter().map(|blob| Ok((self.earlier(&blob)?, blob))).collect::<Result<Vec<_>>>()?;
        let packed = consume(others, threads, |(base, blob)| {
            let dicts = if blob.kind == Kind::RAW { &raw_dicts } else { &dicts };
            blob.packed(level, dicts, base)
        });
        let mut packed = packed.into_iter().collect::<Result<Vec<_>>>()?;
        let beside = |blob: &Blob| self.beside(blob, &packed);
        let records = records.into_iter().map(|blob| Ok((beside(&blob)?, blob))).collect::<Result<Vec<_>>>()?;
        let records = consume(records, threads, |(base, blob)| blob.packed(level, &dicts, base));
        packed.extend(records.into_iter().collect::<Result<Vec<_>>>()?);
        Ok(packed)
    }

    /// The dictionaries of the segment that is written to.
    fn newest_dicts(&self, store: Store) -> Result<Arc<Dicts>> {
        let last = self.reader().committed(store)?;
        last.map_or_else(|| Ok(Arc::default()), |(seg, _, _)| self.segments.dicts(store, seg))
    }

    /// What the address had before: a later version is mostly like it.
    fn earlier(&self, blob: &Blob) -> Result<Option<Base>> {
        if blob.head.is_some() {
            return Ok(None);
        }
        let row = self.reader().newest(&blob.url.to_string(), i64::MAX, true)?;
        let Some(row) = row else { return Ok(None) };
        let Some(capture) = sound(self.again(|| self.capture(&row)))? else { return Ok(None) };
        let id = if blob.kind == Kind::RAW { capture.raw } else { capture.text };
        id.map_or(Ok(None), |id| self.base_for(blob.kind, id))
    }

    /// What records are packed against.
    fn beside(&self, blob: &Blob, packed: &[Packed]) -> Result<Option<Base>> {
        let Some(id) = blob.text else { return Ok(None) };
        let is_text = |packed: &&Packed| packed.record.header.kind == Kind::TEXT && packed.record.header.id == id;
        match packed.iter().find(is_text) {
            Some(text) => match text.record.header.base(&text.record.payload) {
                Some(base) => self.base_for(Kind::TEXT, base),
                None => Ok(Some((id, text.content.clone()))),
            },
            None => self.base_for(Kind::TEXT, id),
        }
    }

    /// The blob of that id, or the one that it is itself packed against.
    fn base_for(&self, kind: Kind, id: Id) -> Result<Option<Base>> {
        let Some(place) = sound(self.reader().blob(&self.segments, kind, id))?.flatten() else { return Ok(None) };
        let base = sound(self.segments.read(&place, |header, payload| Ok(header.base(payload).unwrap_or(id))))?;
        let Some(base) = base else { return Ok(None) };
        Ok(sound(self.blob(kind, base))?.map(|content| (base, content)))
    }

    /// Names the contents of an entry by their hashes and writes these into its capture.
    fn name(&self, entry: Entry) -> Result<(Visit, Vec<Blob>)> {
        let Entry { mut capture, text, records, raw } = entry;
        // Raw bytes that are there already stay named, whatever becomes of new ones.
        if raw.is_some() && self.options.raw == Raw::None {
            capture.raw = None;
        }
        let raw = raw.filter(|_| self.options.raw != Raw::None);
        let records = records.map(|records| serde_json::to_vec(&records).expect("records are plain data"));
        let mut blobs = Vec::new();
        let url = capture.url.clone();
        let mut blob = |kind, content: Option<Vec<u8>>, named: &mut Option<Id>| -> Result<()> {
            let Some(content) = content else { return Ok(()) };
            content_bytes(kind, content.len())?;
            let id = Id::of(&content);
            *named = Some(id);
            blobs.push(Blob { kind, id, content, url: url.clone(), text: None, head: None });
            Ok(())
        };
        blob(Kind::TEXT, text.map(String::into_bytes), &mut capture.text)?;
        blob(Kind::RECORDS, records, &mut capture.records)?;
        blob(Kind::RAW, raw, &mut capture.raw)?;
        blobs.iter_mut().for_each(|blob| blob.text = capture.text);
        if self.options.raw == Raw::Warc
            && let Some(raw) = blobs.iter_mut().find(|blob| blob.kind == Kind::RAW)
        {
            raw.head = member::head(&capture, raw.id, raw.content.len());
        }
        Ok((visit(capture)?, blobs))
    }

    /// The blobs that are not in the archive yet, each once.
    fn unknown(&self, mut blobs: Vec<Blob>) -> Result<Vec<Blob>> {
        let mut seen = HashSet::new();
        blobs.retain(|blob| seen.insert((blob.kind, blob.id)));
        let index = self.reader();
        let mut unknown = Vec::with_capacity(blobs.len());
        for blob in blobs {
            if !known(index.blob(&self.segments, blob.kind, blob.id))? {
                unknown.push(blob);
            }
        }
        Ok(unknown)
    }

    /// A capture may name a blob that it does not bring, if the archive or the batch has it.
    fn must_hold_the_rest(&self, visits: &[Visit], blobs: &[Blob]) -> Result<()> {
        let brought: HashSet<(Kind, Id)> = blobs.iter().map(|blob| (blob.kind, blob.id)).collect();
        let index = self.reader();
        for capture in visits.iter().map(|visit| &visit.capture) {
            let named = [(Kind::TEXT, capture.text), (Kind::RECORDS, capture.records), (Kind::RAW, capture.raw)];
            for (kind, id) in named.into_iter().filter_map(|(kind, id)| Some((kind, id?))) {
                if !brought.contains(&(kind, id)) && index.blob(&self.segments, kind, id)?.is_none() {
                    return Err(ArchiveError::Missing { what: kind.name(), id });
                }
            }
        }
        Ok(())
    }
}

/// A content that others are packed against.
type Base = (Id, Vec<u8>);

impl Blob {
    fn packed(self, level: i32, dicts: &Dicts, base: Option<Base>) -> Result<Packed> {
        if let Some(head) = &self.head {
            let member = member::zipped(head, &self.content);
            // The smallest record that is one: it is made anew when the member has its place.
            let record = Record::plain(self.kind, self.id, Vec::new());
            return Ok(Packed { record, content: self.content, member: Some(member) });
        }
        let base = base.as_ref().map(|(id, content)| (*id, &content[..]));
        let record =
            pack(self.kind, self.id, &self.content, With { level, dict: dicts.of(self.kind), base, text: None })?;
        Ok(Packed { record, content: self.content, member: None })
    }
}

/// What is damaged, missing or moving is not built upon.
fn sound<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(content) => Ok(Some(content)),
        Err(ArchiveError::Damaged { .. } | ArchiveError::Missing { .. }) => Ok(None),
        Err(error) if error.is_gone() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a blob is in the archive; a damaged one is not, so that it is written again.
pub(super) fn known<T>(found: Result<Option<T>>) -> Result<bool> {
    match found {
        Ok(place) => Ok(place.is_some()),
        Err(ArchiveError::Damaged { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn entry_bytes(entry: &Entry) -> usize {
    entry.text.as_ref().map_or(0, String::len) + entry.raw.as_ref().map_or(0, Vec::len)
}

/// Writes the capture as JSON and reads it again: what is returned is what will be read later.
fn visit(mut capture: Capture) -> Result<Visit> {
    // JSON has no word for infinity, and what it writes instead could not be read.
    if !capture.confidence.is_finite() {
        capture.confidence = 0.0;
    }
    let bytes = serde_json::to_vec(&capture).expect("a capture is plain data");
    content_bytes(Kind::CAPTURE, bytes.len())?;
    let capture = read_capture(Id::of(&bytes), &bytes)
        .map_err(|flaw| ArchiveError::Unreadable { url: capture.url, what: flaw.to_string() })?;
    Ok(Visit { capture, bytes })
}

fn threads_for(bytes: usize) -> usize {
    if bytes < PARALLEL_BYTES { 1 } else { at_work(0) }
}

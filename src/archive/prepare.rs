//! The part of `append` that needs no lock: hashing, looking for what is known, packing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::care::named;
use super::codec::{With, content_bytes, pack};
use super::dict::Dicts;
use super::folder::Store;
use super::index::{Index, Row, State};
use super::record::{CRC_BYTES, HEADER_BYTES, Kind, Record};
use super::repeat::read_capture;
use super::{Archive, ArchiveError, Entry, Raw, Refused, Result, member, refusal};
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
    /// Those that it knew: they may be let go before this batch is written.
    pub known: Vec<Blob>,
    /// The index that knew them.
    pub seen: State,
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
pub(super) struct Blob {
    pub kind: Kind,
    pub id: Id,
    content: Vec<u8>,
    /// The address it is of, and the text it stands beside.
    url: Url,
    text: Option<Id>,
    /// What stands before it in a WARC file, where it is to go into one.
    head: Option<Vec<u8>>,
}

impl Archive {
    pub(super) fn prepare(&self, batch: Vec<Entry>) -> Result<Prepared> {
        if self.options.raw == Raw::Own {
            // Told nothing, or nobody knows what: raw bytes that are not wanted are not kept.
            self.own()?;
        }
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
        let mut brought = HashSet::new();
        blobs.retain(|blob| brought.insert((blob.kind, blob.id)));
        let (is_known, seen) =
            self.again(|| self.reader().reading(|index| self.looked_up(index, &visits, &blobs, &brought)))?;
        let (mut known, mut unknown) = (Vec::new(), Vec::with_capacity(blobs.len()));
        for (blob, is_known) in blobs.into_iter().zip(is_known) {
            if is_known { &mut known } else { &mut unknown }.push(blob);
        }
        Ok(Prepared { visits, blobs: self.pack_all(unknown, threads)?, known, seen })
    }

    /// Looks again at what may have changed until the writer's lock was taken: what was erased since is not kept, and what was
    /// known and was let go since is brought after all. Returns the visits that are not kept, with their places.
    pub(super) fn prepared_anew(&self, index: &Index, prepared: &mut Prepared) -> Result<Refused> {
        let refused = self.refuse_erased(&mut prepared.visits)?;
        if !refused.is_empty() {
            let named: HashSet<(Kind, Id)> = prepared.visits.iter().flat_map(|visit| named(&visit.capture)).collect();
            prepared.blobs.retain(|blob| named.contains(&blob.name()));
            prepared.known.retain(|blob| named.contains(&(blob.kind, blob.id)));
        }
        let mut there: HashSet<(Kind, Id)> = HashSet::new();
        // Where nobody wrote meanwhile, what was known still is, and nothing else.
        let is_as_seen = index.state()?.is_that_of(&prepared.seen);
        if is_as_seen {
            there.extend(prepared.known.drain(..).map(|blob| (blob.kind, blob.id)));
        } else {
            self.look_again(index, prepared, &mut there)?;
        }
        there.extend(prepared.blobs.iter().map(Packed::name));
        self.must_hold(index, &prepared.visits, &there)?;
        Ok(refused)
    }

    /// Another process may have written, or let go, some of the same; `there` learns of what the archive has now.
    fn look_again(&self, index: &Index, prepared: &mut Prepared, there: &mut HashSet<(Kind, Id)>) -> Result<()> {
        for blob in std::mem::take(&mut prepared.blobs) {
            let (kind, id) = blob.name();
            if known(index.blob(&self.segments, kind, id))? {
                there.insert((kind, id));
            } else {
                prepared.blobs.push(blob);
            }
        }
        for blob in std::mem::take(&mut prepared.known) {
            if known(index.blob(&self.segments, blob.kind, blob.id))? {
                there.insert((blob.kind, blob.id));
            } else {
                let dicts = self.newest_dicts(Store::of(blob.kind))?;
                prepared.blobs.push(blob.packed(self.options.compression_level, &dicts, None)?);
            }
        }
        Ok(())
    }

    fn refuse_erased(&self, visits: &mut Vec<Visit>) -> Result<Refused> {
        let mut refused = Vec::new();
        if self.has_erased()? {
            for (at, visit) in std::mem::take(visits).into_iter().enumerate() {
                if self.is_capture_erased(&visit.capture)? {
                    refused.push((at, refusal(visit.capture)));
                } else {
                    visits.push(visit);
                }
            }
        }
        Ok(refused)
    }

    /// Texts and raw bytes first: records are packed against the text they stand beside.
    fn pack_all(&self, blobs: Vec<Blob>, threads: usize) -> Result<Vec<Packed>> {
        let level = self.options.compression_level;
        let [raw_dicts, dicts] = Store::ALL.map(|store| self.newest_dicts(store));
        let (raw_dicts, dicts) = (raw_dicts?, dicts?);
        let (records, others): (Vec<_>, Vec<_>) = blobs.into_iter().partition(|blob| blob.kind == Kind::RECORDS);
        let mut earlier = Earlier::of(self, &others)?;
        let others = others.into_iter().map(|blob| Ok((self.earlier(&blob, &mut earlier)?, blob)));
        let others = others.collect::<Result<Vec<_>>>()?;
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
    fn earlier(&self, blob: &Blob, earlier: &mut Earlier) -> Result<Option<Base>> {
        if blob.head.is_some() {
            return Ok(None);
        }
        let Some(capture) = earlier.capture(self, &blob.url)? else { return Ok(None) };
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

    /// Which blobs the archive has already, and the index that says so.
    fn looked_up(
        &self,
        index: &Index,
        visits: &[Visit],
        blobs: &[Blob],
        brought: &HashSet<(Kind, Id)>,
    ) -> Result<(Vec<bool>, State)> {
        self.must_hold(index, visits, brought)?;
        let is_known = blobs.iter().map(|blob| known(index.blob(&self.segments, blob.kind, blob.id)));
        Ok((is_known.collect::<Result<_>>()?, index.state()?))
    }

    /// A capture may name a blob that it does not bring, if the archive or the batch has it.
    fn must_hold(&self, index: &Index, visits: &[Visit], brought: &HashSet<(Kind, Id)>) -> Result<()> {
        for (kind, id) in visits.iter().flat_map(|visit| named(&visit.capture)) {
            if !brought.contains(&(kind, id)) && index.blob(&self.segments, kind, id)?.is_none() {
                return Err(ArchiveError::Missing { what: kind.name(), id });
            }
        }
        Ok(())
    }
}

/// A content that others are packed against.
type Base = (Id, Vec<u8>);

/// The newest captures with text of the addresses of a batch, before it.
struct Earlier(HashMap<Url, Before>);

enum Before {
    Row(Row),
    Read(Option<Box<Capture>>),
}

impl Earlier {
    fn of(archive: &Archive, blobs: &[Blob]) -> Result<Self> {
        let mut rows = HashMap::new();
        archive.reader().reading(|index| -> Result<()> {
            for blob in blobs.iter().filter(|blob| blob.head.is_none()) {
                if !rows.contains_key(&blob.url)
                    && let Some(row) = index.newest(&blob.url.to_string(), i64::MAX, true)?
                {
                    rows.insert(blob.url.clone(), Before::Row(row));
                }
            }
            Ok(())
        })?;
        Ok(Self(rows))
    }

    /// Text and raw bytes of a page ask for the same one, which is read once.
    fn capture(&mut self, archive: &Archive, url: &Url) -> Result<Option<&Capture>> {
        let Some(before) = self.0.get_mut(url) else { return Ok(None) };
        if let Before::Row(row) = before {
            let read = sound(archive.again(|| archive.capture(row)))?;
            *before = Before::Read(read.map(Box::new));
        }
        Ok(match before {
            Before::Read(capture) => capture.as_deref(),
            Before::Row(_) => None,
        })
    }
}

impl Prepared {
    /// At most so many bytes of records go into the segment.
    pub fn segment_bytes(&self) -> usize {
        let of_segment = |blob: &&Packed| Store::of(blob.record.header.kind) == Store::Segments;
        let blobs = self.blobs.iter().filter(of_segment).map(|blob| blob.record.header.record_bytes() as usize);
        blobs.chain(self.visits.iter().map(|visit| HEADER_BYTES + CRC_BYTES + visit.bytes.len())).sum()
    }
}

impl Packed {
    fn name(&self) -> (Kind, Id) {
        (self.record.header.kind, self.record.header.id)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::index::key;
    use crate::archive::{Keep, Options, PruneOptions, Target, lock};
    use crate::capture::Outcome;
    use crate::page::Timestamp;

    fn entry(url: &str, second: i64, text: &str) -> Entry {
        let json = serde_json::json!({
            "url": url, "fetched_at": Timestamp::new(1_767_225_600 + second, 0).expect("in range"), "outcome": "ok",
        });
        let capture = serde_json::from_value(json).expect("a capture");
        Entry { capture, text: Some(text.to_owned()), records: None, raw: Some(format!("<p>{text}").into_bytes()) }
    }

    /// An archive with two versions of a page, and a batch that is prepared for it.
    fn prepared(raw: Raw, batch: Vec<Entry>) -> (tempfile::TempDir, Archive, Prepared) {
        let place = tempfile::tempdir().expect("a temporary folder");
        let options = Options { raw, ..Options::default() };
        let archive = Archive::init(place.path(), options).expect("a new archive");
        for (second, text) in [(1, "The first words."), (2, "Other words.")] {
            archive.append(vec![entry("https://a.example/", second, text)]).expect("they are kept");
        }
        let prepared = archive.prepare(batch).expect("it can be prepared");
        (place, archive, prepared)
    }

    #[test]
    fn what_is_let_go_while_a_batch_waits_for_the_lock_is_brought_again() {
        for raw in [Raw::Keep, Raw::Warc] {
            let batch = vec![entry("https://b.example/", 3, "The first words.")];
            let (_place, archive, prepared) = prepared(raw, batch);
            let keep = Some(Keep { last: 1, ..Keep::default() });
            let plan = archive.plan_prune(&PruneOptions { keep, ..PruneOptions::default() }).expect("a plan");
            assert_eq!(archive.prune(&plan).expect("it is done").texts, 1);
            let kept = archive.write(&mut lock(&archive.writer), prepared).expect("it is kept");
            assert_eq!(archive.text(kept[0].text.expect("it has one")).expect("it is there"), "The first words.");
            assert_eq!(archive.raw(kept[0].raw.expect("it has some")).expect("it is there"), b"<p>The first words.");
            assert_eq!(archive.check().expect("it is checked").problems, [""; 0]);
        }
    }

    #[test]
    fn what_is_erased_while_a_batch_waits_for_the_lock_is_not_kept() {
        let batch = || {
            let of = |url, second, text| entry(url, second, text);
            vec![
                of("https://b.example/", 3, "Before."),
                of("https://a.example/", 4, "The newest words."),
                of("https://c.example/", 5, "The first words."),
            ]
        };
        let (_place, archive, prepared) = prepared(Raw::Keep, batch());
        let target = Target::Url(Url::parse("https://a.example/").expect("an address"));
        let plan = archive.plan_erase(&[target], false).expect("a plan");
        archive.erase(&plan, Timestamp::UNIX_EPOCH).expect("it is done");
        let kept = archive.write(&mut lock(&archive.writer), prepared).expect("it is kept");
        let outcomes: Vec<Outcome> = kept.iter().map(|capture| capture.outcome).collect();
        assert_eq!(outcomes, [Outcome::Ok, Outcome::OptedOut, Outcome::Ok]);
        assert_eq!((kept[1].id, kept[1].text), (None, None));
        let needle = b"The newest words.".to_vec();
        let proof = archive.search_bytes(&[needle]).expect("it is searched");
        assert_eq!((proof.found.len(), proof.also_said_by), (0, 0), "{proof:?}");
        assert_eq!(archive.text(kept[2].text.expect("it has one")).expect("it is there"), "The first words.");
        assert_eq!(archive.check().expect("it is checked").problems, [""; 0]);
        // A batch of which nothing is left writes nothing.
        let prepared = archive.prepare(vec![entry("https://a.example/", 6, "Again.")]).expect("it can be prepared");
        let kept = archive.write(&mut lock(&archive.writer), prepared).expect("it is told");
        assert_eq!((kept.len(), kept[0].outcome), (1, Outcome::OptedOut));
        assert_eq!(archive.stats().expect("it is counted").captures, 2);
    }

    #[test]
    fn what_is_known_is_looked_up_once() {
        let (_place, archive, _) = prepared(Raw::Keep, vec![entry("https://a.example/", 2, "Other words.")]);
        let lookups = || {
            let writer = lock(&archive.writer).index.as_ref().expect("it has written").blob_lookups();
            (archive.reader().blob_lookups(), writer)
        };
        let (reader, writer) = lookups();
        // Text and raw bytes of each.
        let known = ["Other words.", "The first words."].map(|text| entry("https://b.example/", 3, text));
        archive.append(known.to_vec()).expect("they are kept");
        assert_eq!(lookups(), (reader + 4, writer));
        archive.append(vec![entry("https://c.example/", 4, "New words.")]).expect("it is kept");
        assert_eq!(lookups(), (reader + 6, writer));
    }

    #[test]
    fn what_another_wrote_while_a_batch_waited_is_not_written_again() {
        let (place, archive, prepared) = prepared(Raw::Keep, vec![entry("https://a.example/", 4, "New words.")]);
        let other = Archive::open(place.path(), Options::default()).expect("it opens");
        other.append(vec![entry("https://b.example/", 3, "New words.")]).expect("it is kept");
        let kept = archive.write(&mut lock(&archive.writer), prepared).expect("it is kept");
        let index = archive.reader();
        for (kind, id) in [(Kind::TEXT, kept[0].text), (Kind::RAW, kept[0].raw)] {
            assert_eq!(index.with_key(kind, key(id.expect("it has one"))).expect("it is looked up").len(), 1);
        }
    }
}

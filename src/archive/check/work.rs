//! The cores that unpack and hash what the check reads.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use super::super::codec::dict_id;
use super::super::read::Find;
use super::super::record::{Flaw, Header, Kind};
use super::super::segments::{Place, Segments};
use super::super::unpack::{CONTENT_BYTES_MAX, Desk, Unpacker};
use super::super::{ArchiveError, Depth, Result, lock};
use crate::capture::{Id, Records};
use crate::parallel::{at_work, consume};

/// Records go to the cores in bundles of so many bytes.
const BUNDLE_BYTES: usize = 256 << 10;
/// So many bundles wait for a free core.
const WAITING_MAX: usize = 8;
/// Room that was taken for larger records goes back to the system.
const SPARE_BYTES_MAX: usize = 2 * BUNDLE_BYTES;
/// Out of so many ids one is taken for each percent of a sample.
const PERCENT: u32 = 100;

/// Records with their payloads, which stand in one buffer.
#[derive(Default)]
struct Jobs {
    records: Vec<Job>,
    payloads: Vec<u8>,
}

struct Job {
    place: Place,
    header: Header,
    payload: Range<usize>,
    /// The dictionary that its frame asks for.
    dict: Option<u32>,
}

/// A record of which the content is to be verified.
type Record<'a> = (&'a Place, &'a Header, &'a [u8]);

/// What the cores find.
pub(super) struct Findings<'a> {
    segments: &'a Segments,
    depth: Depth,
    flaws: Mutex<Vec<(Place, Flaw)>>,
    /// Blobs that are packed against others, with the base.
    against: Mutex<Vec<(Id, Place, Header)>>,
    /// Bundles that are done with.
    spare: Mutex<Vec<Jobs>>,
    texts: AtomicU64,
    text_bytes: AtomicU64,
    /// So many contents were had only by unpacking them once more.
    #[cfg(test)]
    anew: AtomicU64,
}

/// Bundles records for the cores.
pub(super) struct Sender<'a> {
    channel: &'a SyncSender<Jobs>,
    findings: &'a Findings<'a>,
    bundle: Jobs,
}

impl Sender<'_> {
    pub fn send(&mut self, place: Place, header: &Header, payload: &[u8]) {
        let Jobs { records, payloads } = &mut self.bundle;
        let begin = payloads.len();
        payloads.extend_from_slice(payload);
        let (header, payload, dict) = (header.clone(), begin..payloads.len(), dict_id(header, payload));
        records.push(Job { place, header, payload, dict });
        if payloads.len() >= BUNDLE_BYTES {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let next = lock(&self.findings.spare).pop().unwrap_or_default();
        let sent = self.channel.send(std::mem::replace(&mut self.bundle, next));
        sent.expect("the workers end only when nothing more can be sent");
    }
}

/// Runs `read` on this thread while the others work on what it sends.
pub(super) fn with_workers(findings: &Findings<'_>, read: impl FnOnce(&mut Sender<'_>) -> Result<()>) -> Result<()> {
    let (channel, receive) = sync_channel(WAITING_MAX);
    let receive = Mutex::new(receive);
    std::thread::scope(|scope| {
        for _ in 0..at_work(0) {
            scope.spawn(|| findings.work(&receive));
        }
        let channel = channel;
        let mut sender = Sender { channel: &channel, findings, bundle: Jobs::default() };
        let done = read(&mut sender);
        sender.flush();
        done
    })
}

/// Whether what has that hash is looked at closely.
pub(super) fn is_in_sample(depth: Depth, id: Id) -> bool {
    match depth {
        Depth::Sample(percent) => u32::from(id.0[31]) * PERCENT < u32::from(percent) * 256,
        Depth::Quick => false,
        Depth::Full => true,
    }
}

impl<'a> Findings<'a> {
    pub fn new(segments: &'a Segments, depth: Depth) -> Self {
        let (flaws, against, spare) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (texts, text_bytes) = (AtomicU64::new(0), AtomicU64::new(0));
        #[cfg(test)]
        let anew = AtomicU64::new(0);
        Self {
            segments,
            depth,
            flaws,
            against,
            spare,
            texts,
            text_bytes,
            #[cfg(test)]
            anew,
        }
    }

    fn work(&self, jobs: &Mutex<Receiver<Jobs>>) {
        let next = || lock(jobs).recv();
        let mut aside = Vec::with_capacity(CONTENT_BYTES_MAX);
        while let Ok(jobs) = next() {
            Desk::lend(|desk| self.bundle(jobs, desk, &mut aside));
        }
    }

    /// What was packed with one dictionary is unpacked together.
    fn bundle(&self, Jobs { mut records, payloads }: Jobs, desk: &mut Desk, aside: &mut Vec<u8>) {
        records.retain(|job| !job.header.kind.is_blob() || self.is_chosen(job.header.id));
        let with = |job: &Job| (job.place.store, job.place.segment, job.dict);
        // Two of about one length are hashed at once.
        records.sort_by_key(|job| (with(job), job.header.raw));
        for jobs in records.chunk_by(|a, b| with(a) == with(b)) {
            let Job { place, header, payload, .. } = &jobs[0];
            let dict = self.segments.dict_of(place.file(), header, &payloads[payload.clone()]);
            let mut unpacker = match &dict {
                Some(dict) => desk.for_dict(dict),
                None => desk.for_nothing(),
            };
            let records = jobs.iter().map(|job| (&job.place, &job.header, &payloads[job.payload.clone()]));
            self.each(records, &mut unpacker, aside);
        }
        self.give_back(Jobs { records, payloads });
    }

    /// Room that is ready is not asked of the system again.
    fn give_back(&self, mut jobs: Jobs) {
        jobs.records.clear();
        jobs.payloads.clear();
        let mut spare = lock(&self.spare);
        if jobs.payloads.capacity() <= SPARE_BYTES_MAX && spare.len() < WAITING_MAX {
            spare.push(jobs);
        }
    }

    /// Verifies records two by two: while one lies where it was unpacked, the one before waits `aside`.
    /// What is too long for that, as only what is not packed can be, is hashed by itself.
    fn each<'b>(&self, records: impl Iterator<Item = Record<'b>>, unpacker: &mut Unpacker<'_>, aside: &mut Vec<u8>) {
        let mut waiting: Option<Record<'b>> = None;
        for record @ (place, header, payload) in records.filter(|(_, header, _)| is_verified(header.kind)) {
            if let Some(base) = header.base(payload) {
                lock(&self.against).push((base, *place, header.clone()));
                continue;
            }
            match (unpacker.content(header, payload), waiting.take()) {
                (Some(content), before) if content.len() > CONTENT_BYTES_MAX => {
                    waiting = before;
                    self.note(record, self.named(record, (Id::of(content), content), None));
                }
                (Some(content), Some(before)) => {
                    let [id_before, id] = Id::of_both(aside, content);
                    self.note(before, self.named(before, (id_before, aside), None));
                    self.note(record, self.named(record, (id, content), None));
                }
                (Some(content), None) => {
                    aside.clear();
                    aside.extend_from_slice(content);
                    waiting = Some(record);
                }
                (None, before) => {
                    waiting = before;
                    self.note(record, self.verify(record, (None, None)));
                }
            }
        }
        if let Some(last) = waiting {
            self.note(last, self.named(last, (Id::of(aside), aside), None));
        }
    }

    fn note(&self, (place, header, _): Record<'_>, verified: std::result::Result<(), Flaw>) {
        match verified {
            Ok(()) if header.kind == Kind::TEXT => {
                self.texts.fetch_add(1, Ordering::Relaxed);
                self.text_bytes.fetch_add(u64::from(header.raw), Ordering::Relaxed);
            }
            Ok(()) => {}
            Err(flaw) => lock(&self.flaws).push((*place, flaw)),
        }
    }

    /// A sample takes the same records each time: those whose ids are low.
    fn is_chosen(&self, id: Id) -> bool {
        is_in_sample(self.depth, id)
    }

    /// Verifies what is packed against other records, each base read once.
    pub fn packed_against(&self, find: &Find<'_>) -> Result<()> {
        let mut against = std::mem::take(&mut *lock(&self.against));
        against.sort_by_key(|(base, place, header)| (header.base_kind().0, *base, place.segment, place.offset));
        let groups = against.chunk_by(|a, b| a.0 == b.0 && a.2.base_kind() == b.2.base_kind());
        let mut found = Vec::new();
        for group in groups {
            let (base, _, header) = &group[0];
            match find(header.base_kind(), *base) {
                Ok(place) => found.push((group, place)),
                Err(ArchiveError::Damaged { .. }) => found.push((group, None)),
                Err(error) => return Err(error),
            }
        }
        consume(found, at_work(0), |(group, place)| self.group(group, place));
        Ok(())
    }

    fn group(&self, group: &[(Id, Place, Header)], base_place: Option<Place>) {
        let (id, _, first) = &group[0];
        let find = |_, _| Ok(base_place);
        let base = base_place.and_then(|_| self.segments.base(first, *id, &find).ok());
        Desk::lend(|desk| {
            let mut unpacker = base.as_ref().map(|base| desk.for_base(base));
            for (_, place, header) in group {
                let read = self.segments.read(place, |_, payload| {
                    Ok(self.verify((place, header, payload), (unpacker.as_mut(), base.as_deref())))
                });
                let verified = read.unwrap_or_else(|_| Err(Flaw::Payload(header.kind.name())));
                self.note((place, header, &[]), verified);
            }
        });
    }

    /// Whether a record's content is what its header says.
    fn verify(
        &self,
        record @ (_, header, payload): Record<'_>,
        (unpacker, base): (Option<&mut Unpacker<'_>>, Option<&[u8]>),
    ) -> std::result::Result<(), Flaw> {
        match unpacker.and_then(|unpacker| unpacker.content(header, payload)) {
            Some(content) => self.named(record, (Id::of(content), content), base),
            None => self.unpacked_anew(record, base),
        }
    }

    /// The same of a content that was unpacked, with the id that it has.
    fn named(
        &self,
        record @ (_, header, _): Record<'_>,
        (id, content): (Id, &[u8]),
        base: Option<&[u8]>,
    ) -> std::result::Result<(), Flaw> {
        if id == header.id {
            return must_be(header.kind, content);
        }
        // What comes of it otherwise is no verdict: a base may look like a dictionary.
        self.unpacked_anew(record, base)
    }

    /// The same of a content that is not had, or not for certain, where the others are unpacked.
    fn unpacked_anew(
        &self,
        (place, header, payload): Record<'_>,
        base: Option<&[u8]>,
    ) -> std::result::Result<(), Flaw> {
        #[cfg(test)]
        self.anew.fetch_add(1, Ordering::Relaxed);
        must_be(header.kind, &self.segments.unpack_on(place.file(), header, payload, base)?)
    }

    pub fn flaws(&self) -> Vec<(Place, Flaw)> {
        let mut flaws = std::mem::take(&mut *self.flaws.lock().unwrap_or_else(PoisonError::into_inner));
        flaws.sort_by_key(|(place, _)| (place.store, place.segment, place.offset));
        flaws
    }

    /// How many texts were read, and their bytes.
    pub fn texts(&self) -> (u64, u64) {
        (self.texts.load(Ordering::Relaxed), self.text_bytes.load(Ordering::Relaxed))
    }
}

/// Whether there is more to such a record than its checksums.
fn is_verified(kind: Kind) -> bool {
    kind.is_blob() || matches!(kind, Kind::SEGMENT | Kind::DICT | Kind::DROPPED | Kind::SEALED)
}

/// Whether a content is one of its kind.
pub(in crate::archive) fn must_be(kind: Kind, content: &[u8]) -> std::result::Result<(), Flaw> {
    let told = match kind {
        Kind::TEXT => std::str::from_utf8(content).err().map(|error| error.to_string()),
        Kind::RECORDS => serde_json::from_slice::<Records>(content).err().map(|error| error.to_string()),
        _ => None,
    };
    told.map_or(Ok(()), |what| Err(Flaw::Content(kind.name(), what)))
}

#[cfg(test)]
mod tests {
    use super::super::super::codec::{With, pack};
    use super::super::super::folder::{Folder, Seg, Store};
    use super::super::super::record::{Codec, Record};
    use super::super::super::storage::Disk;
    use super::*;

    fn place(offset: usize) -> Place {
        Place { store: Store::Segments, segment: Seg::FIRST, offset: offset as u64, bytes: 0 }
    }

    fn told(findings: &Findings<'_>) -> Vec<(u64, Flaw)> {
        findings.flaws().into_iter().map(|(place, flaw)| (place.offset, flaw)).collect()
    }

    fn anew(findings: &Findings<'_>) -> u64 {
        findings.anew.load(Ordering::Relaxed)
    }

    fn segments() -> (tempfile::TempDir, Segments) {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = Folder::init(Disk::default(), place.path(), jiff::Timestamp::UNIX_EPOCH).expect("a new archive");
        (place, Segments::new(folder))
    }

    /// The flaws, the texts with their bytes, and how many contents were unpacked once more.
    fn found(segments: &Segments, records: &[Record]) -> (Vec<(u64, Flaw)>, (u64, u64), u64) {
        let findings = Findings::new(segments, Depth::Full);
        with_workers(&findings, |sender| {
            for (offset, record) in records.iter().enumerate() {
                sender.send(place(offset), &record.header, &record.payload);
            }
            Ok(())
        })
        .expect("nothing is read");
        (told(&findings), findings.texts(), anew(&findings))
    }

    #[test]
    fn of_contents_verified_two_by_two_each_is_told_by_itself() {
        let (_place, segments) = segments();
        let record = |content: &[u8]| {
            pack(Kind::TEXT, Id::of(content), content, With { level: 3, ..With::default() }).expect("it is packed")
        };
        // Packed and not, of one length and of many, and one that is larger than what is unpacked in one place.
        let mut contents: Vec<Vec<u8>> =
            (1..8).map(|n| format!("In year {n} the town had {} houses.\n", n * n).repeat(n).into_bytes()).collect();
        contents.extend((0..4).map(|n| vec![b'a' + n; 4096]));
        contents.push(b"All of it is one long text.\n".repeat(60_000));
        for count in 0..=contents.len() {
            let records: Vec<Record> = contents[..count].iter().map(|content| record(content)).collect();
            let bytes = contents[..count].iter().map(Vec::len).sum::<usize>() as u64;
            let large = contents[..count].iter().filter(|content| content.len() > CONTENT_BYTES_MAX).count() as u64;
            assert_eq!(found(&segments, &records), (Vec::new(), (count as u64, bytes), large));
            for wrong in 0..count {
                let mut damaged = records.clone();
                damaged[wrong].header.id.0[31] ^= 1;
                let told = vec![(wrong as u64, Flaw::Hash("text"))];
                let (flaws, _, anew) = found(&segments, &damaged);
                assert_eq!(flaws, told, "{wrong} of {count} has another id");
                let again = u64::from(contents[wrong].len() <= CONTENT_BYTES_MAX);
                assert_eq!(anew, large + again, "{wrong} of {count}, and none beside it");
                let mut no_text = contents[wrong].clone();
                no_text[0] = 0xFF;
                damaged[wrong] = record(&no_text);
                let (flaws, (texts, _), anew) = found(&segments, &damaged);
                assert_eq!((flaws.len(), texts, anew), (1, count as u64 - 1, large), "{wrong} of {count} is no UTF-8");
                assert!(matches!(&flaws[0], (at, Flaw::Content("text", _)) if *at == wrong as u64), "{flaws:?}");
            }
        }
    }

    #[test]
    fn a_long_content_that_is_not_packed_is_not_copied_and_parts_no_pair() {
        let (_place, segments) = segments();
        let lengths = [100, CONTENT_BYTES_MAX + 1, 200, CONTENT_BYTES_MAX, 3 * CONTENT_BYTES_MAX, 300];
        let records: Vec<Record> = (b'a'..)
            .zip(lengths)
            .map(|(letter, bytes)| {
                let (payload, bytes) = (vec![letter; bytes], bytes as u32);
                let id = Id::of(&payload);
                let (kind, codec) = (Kind::TEXT, Codec::PLAIN);
                Record { header: Header { kind, codec, flags: 0, stored: bytes, raw: bytes, id }, payload }
            })
            .collect();
        let places: Vec<Place> = (0..records.len()).map(place).collect();
        let verified = |records: &[Record]| {
            let findings = Findings::new(&segments, Depth::Full);
            let mut aside = Vec::with_capacity(CONTENT_BYTES_MAX);
            let each = places.iter().zip(records).map(|(place, record)| (place, &record.header, &record.payload[..]));
            Desk::lend(|desk| findings.each(each, &mut desk.for_nothing(), &mut aside));
            assert_eq!(aside.capacity(), CONTENT_BYTES_MAX, "no more is kept");
            (told(&findings), findings.texts().0, anew(&findings))
        };
        assert_eq!(verified(&records), (Vec::new(), records.len() as u64, 0));
        for wrong in 0..records.len() {
            let mut damaged = records.clone();
            damaged[wrong].header.id.0[0] ^= 1;
            let told = vec![(wrong as u64, Flaw::Hash("text"))];
            assert_eq!(verified(&damaged), (told, records.len() as u64 - 1, 1), "{wrong} has another id");
        }
    }
}

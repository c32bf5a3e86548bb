//! The whole check: every byte of every segment, every hash, every reference, and the index against all of it.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use super::codec::unpack_named;
use super::commit::CHAIN_START;
use super::folder::{Folder, Store};
use super::index::{Batch, Index, What};
use super::record::{Flaw, Header, Kind};
use super::recover::Tail;
use super::repeat::{Repeat, read_full};
use super::segments::{Place, Segments};
use super::walk::{Walk, Watch};
use super::{Archive, ArchiveError, CheckReport, Result, lock};
use crate::capture::{Id, Records};

/// More lines than this help nobody.
const PROBLEMS_MAX: usize = 1000;
/// So many records wait for a free core; each is in memory.
const WAITING_MAX: usize = 16;
const RESTORE: &str = "restore this file from a backup";
const DELETE_INDEX: &str = "delete the index: it is rebuilt from the segments";

pub(super) fn check(archive: &Archive) -> Result<CheckReport> {
    let segments = &archive.segments;
    let mut check = Check::default();
    if let Err(error) = Folder::open(segments.folder.disk.clone(), &segments.folder.path) {
        check.report.problems.push(format!("`FORMAT`: {error}; {RESTORE}"));
    }
    check.set_aside(&segments.folder);
    let index = live_index(archive)?;
    // What is acknowledged from here on is left for the next check.
    let committed = match &index {
        Some(index) => index.begin_reading()?,
        None => archive.reader().committed_segments()?,
    };
    let mut fresh = Index::create(segments, None)?;
    check.segments(segments, &committed, &mut fresh)?;
    match index {
        Some(index) if check.flawed.is_empty() => check.compare(&index, &fresh)?,
        None if !archive.reader().private => check.problem(format!("`index.sqlite` is missing; {DELETE_INDEX}")),
        _ => {}
    }
    Ok(check.report)
}

/// A second connection to the index; none where this process made its own.
fn live_index(archive: &Archive) -> Result<Option<Index>> {
    if archive.reader().private {
        return Ok(Index::open_unchanging(&archive.segments));
    }
    Index::open(&archive.segments)
}

#[derive(Default)]
struct Check {
    report: CheckReport,
    /// Places with a flaw: told once.
    flawed: BTreeSet<(Store, u32, u64)>,
    /// What captures name and is not there: told after the flaws, which are the reason.
    missing: Vec<String>,
}

/// A record on its way to a core that unpacks and hashes it.
struct Job {
    place: Place,
    header: Header,
    payload: Vec<u8>,
}

/// What the cores find.
#[derive(Default)]
struct Findings {
    flaws: Mutex<Vec<(Place, Flaw)>>,
    texts: AtomicU64,
    text_bytes: AtomicU64,
}

impl Check {
    fn problem(&mut self, line: String) {
        match self.report.problems.len() {
            n if n < PROBLEMS_MAX => self.report.problems.push(line),
            PROBLEMS_MAX => self.report.problems.push("and more".to_owned()),
            _ => {}
        }
    }

    fn flaw(&mut self, segments: &Segments, place: &Place, flaw: &Flaw) {
        if self.flawed.insert((place.store, place.segment, place.offset)) {
            let file = segments.folder.segment_name(place.store, place.segment);
            self.problem(format!("`{file}` at byte {}: {flaw}; {RESTORE}", place.offset));
        }
    }

    /// Bytes that a rebuild could not tell from damage.
    fn set_aside(&mut self, folder: &Folder) {
        let Ok(files) = std::fs::read_dir(folder.path.join("quarantine")) else { return };
        let mut names: Vec<String> =
            files.flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        names.sort_unstable();
        for name in names {
            self.problem(format!(
                "`quarantine/{name}` holds bytes behind the last commit, set aside when the index was rebuilt; \
                 delete it if nothing is missed"
            ));
        }
    }

    /// Reads all segments, with the other cores unpacking and hashing.
    fn segments(&mut self, segments: &Segments, committed: &[(Store, u32, u64)], fresh: &mut Index) -> Result<()> {
        let findings = Findings::default();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (send, receive) = sync_channel::<Job>(WAITING_MAX);
        let receive = Mutex::new(receive);
        let read = std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| findings.work(&receive));
            }
            let send = send;
            committed.iter().try_for_each(|&segment| self.segment(segments, segment, fresh, &send))
        });
        let flaws = findings.flaws.into_inner().unwrap_or_else(PoisonError::into_inner);
        for (place, flaw) in &flaws {
            self.flaw(segments, place, flaw);
        }
        for line in std::mem::take(&mut self.missing) {
            self.problem(line);
        }
        self.report.texts = findings.texts.into_inner();
        self.report.text_bytes = findings.text_bytes.into_inner();
        read
    }

    fn segment(
        &mut self,
        segments: &Segments,
        (store, number, committed): (Store, u32, u64),
        fresh: &mut Index,
        send: &SyncSender<Job>,
    ) -> Result<()> {
        self.report.segments += 1;
        let start = Tail { segment: number, end: 0, commit: CHAIN_START };
        let mut walk = match Walk::new(segments, store, start, committed) {
            Ok(walk) => walk,
            Err(error) => {
                self.problem(format!("{error}; {RESTORE}"));
                return Ok(());
            }
        };
        let mut watch = Watcher { store, number, send, flaws: Vec::new() };
        while let Some(batch) = walk.batch(&mut watch)? {
            self.batch(segments, fresh, &batch)?;
        }
        let flaws = std::mem::take(&mut watch.flaws);
        let short = flaws.is_empty() && walk.tail.end < committed;
        for (offset, flaw) in flaws {
            self.flaw(segments, &Place { store, segment: number, offset, bytes: 0 }, &flaw);
        }
        if short {
            let what = format!("{committed} bytes were committed, but the last commit ends here");
            let flaw = Flaw::Content("file", what);
            self.flaw(segments, &Place { store, segment: number, offset: walk.tail.end, bytes: 0 }, &flaw);
        }
        Ok(())
    }

    fn batch(&mut self, segments: &Segments, fresh: &mut Index, batch: &Batch) -> Result<()> {
        self.report.records += batch.items.len() as u64;
        for place in fresh.add(segments, std::slice::from_ref(batch))? {
            let flaw = Flaw::Content("unchanged", "the capture it repeats is missing".to_owned());
            self.flaw(segments, &place, &flaw);
        }
        for item in &batch.items {
            let (capture, named) = match &item.what {
                What::Full(facts) => (
                    format!("capture {} of {}", item.header.id.short(), facts.url),
                    [(Kind::TEXT, facts.text), (Kind::RECORDS, facts.records), (Kind::RAW, facts.raw)],
                ),
                What::Repeat { raw, .. } => (
                    format!("capture {}", item.header.id.short()),
                    [(Kind::TEXT, None), (Kind::RECORDS, None), (Kind::RAW, *raw)],
                ),
                _ => continue,
            };
            self.report.captures += 1;
            for (kind, id) in named.into_iter().filter_map(|(kind, id)| Some((kind, id?))) {
                self.reference(segments, fresh, &capture, kind, id)?;
            }
        }
        Ok(())
    }

    fn reference(&mut self, segments: &Segments, fresh: &Index, capture: &str, kind: Kind, id: Id) -> Result<()> {
        match fresh.blob(segments, kind, id) {
            Ok(Some(_)) => {}
            Ok(None) | Err(ArchiveError::Damaged { .. }) => {
                let line = format!("{capture}: its {} {} is missing; fetch the address again", kind.name(), id.short());
                if self.missing.len() <= PROBLEMS_MAX {
                    self.missing.push(line);
                }
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn compare(&mut self, index: &Index, fresh: &Index) -> Result<()> {
        match index.difference(fresh) {
            Ok(None) => {}
            Ok(Some(what)) => self.problem(format!("`index.sqlite`: {what}; {DELETE_INDEX}")),
            Err(ArchiveError::Index { source, .. }) => {
                self.problem(format!("`index.sqlite` cannot be read ({source}); {DELETE_INDEX}"));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Hands the records of a walk to the other cores.
struct Watcher<'a> {
    store: Store,
    number: u32,
    send: &'a SyncSender<Job>,
    flaws: Vec<(u64, Flaw)>,
}

impl Watch for Watcher<'_> {
    fn record(&mut self, offset: u64, header: &Header, payload: Vec<u8>) {
        let place = Place { store: self.store, segment: self.number, offset, bytes: header.record_bytes() };
        let sent = self.send.send(Job { place, header: header.clone(), payload });
        sent.expect("the workers end only when nothing more can be sent");
    }

    fn flaw(&mut self, offset: u64, flaw: Flaw) {
        if self.flaws.len() <= PROBLEMS_MAX {
            self.flaws.push((offset, flaw));
        }
    }
}

impl Findings {
    fn work(&self, jobs: &Mutex<Receiver<Job>>) {
        let next = || lock(jobs).recv();
        while let Ok(job) = next() {
            match verify(&job.header, &job.payload) {
                Ok(()) => self.count(&job.header),
                Err(flaw) => lock(&self.flaws).push((job.place, flaw)),
            }
        }
    }

    fn count(&self, header: &Header) {
        if header.kind == Kind::TEXT {
            self.texts.fetch_add(1, Ordering::Relaxed);
            self.text_bytes.fetch_add(u64::from(header.raw), Ordering::Relaxed);
        }
    }
}

/// Whether a record's content is what its header says.
fn verify(header: &Header, payload: &[u8]) -> std::result::Result<(), Flaw> {
    let kind = header.kind;
    let content = |what: String| Flaw::Content(kind.name(), what);
    match kind {
        Kind::CAPTURE => read_full(header, payload).map(|_| ()),
        Kind::UNCHANGED => Repeat::read(header, payload).map(|_| ()),
        Kind::SEGMENT => named(header, payload),
        Kind::TEXT => String::from_utf8(unpack_named(header, payload)?).map(|_| ()).map_err(|e| content(e.to_string())),
        Kind::RECORDS => serde_json::from_slice::<Records>(&unpack_named(header, payload)?)
            .map(|_| ())
            .map_err(|error| content(error.to_string())),
        Kind::RAW => unpack_named(header, payload).map(|_| ()),
        _ => Ok(()),
    }
}

fn named(header: &Header, payload: &[u8]) -> std::result::Result<(), Flaw> {
    if Id::of(payload) == header.id { Ok(()) } else { Err(Flaw::Hash(header.kind.name())) }
}

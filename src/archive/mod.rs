//! Archive: pages and documents in, captures kept for good.
//!
//! In: [`Entry`] (a capture with its text, records and raw bytes). Out: the same, by id, address or time.
//! Always: what `append` returned is on disk; segments are only appended to; the index can be deleted.
//! Not here: fetching, extracting, choosing what a corpus takes.

mod anew;
mod brief;
mod care;
mod check;
mod codec;
mod commit;
mod dict;
mod error;
mod exports;
#[cfg(test)]
mod faults;
mod folder;
mod format;
mod index;
mod leftovers;
mod lock;
mod member;
pub mod memory;
mod own;
mod parity;
mod prepare;
mod read;
mod record;
mod recover;
mod repeat;
mod scan;
mod seal;
mod search;
mod segments;
mod stats;
mod storage;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod sweep_care;
mod unpack;
mod walk;
mod writer;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use care::erase::{ErasePlan, Target};
pub use care::proof::{Proof, Words};
pub use care::prune::{Keep, PruneOptions, PrunePlan};
pub use care::repair::{Lost, LostCapture, RepairReport};
pub use error::ArchiveError;
pub use exports::Exports;
pub use own::Own;
pub use parity::Parity;
pub use record::VERSION;
pub use seal::SealReport;
pub use search::{Hit, Hits};
pub use stats::{By, Share, Stats};

use serde::{Deserialize, Serialize};

use self::folder::Folder;
use self::index::Index;
use self::lock::Lock;
use self::record::Kind;
use self::segments::Segments;
use self::storage::Disk;
use self::writer::Writer;
use crate::capture::{Capture, Id, Outcome, Records};
use crate::page::{Timestamp, Url};

/// The config table `[archive]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// zstd level of new records.
    pub compression_level: i32,
    /// Whether raw bytes are kept.
    pub raw: Raw,
    /// How long a writer waits for another one before it gives up.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub lock_wait: Duration,
    /// A segment is closed and a new one begun at this size.
    pub segment_bytes_max: u64,
    /// zstd level of texts, records and captures once they are sealed.
    pub seal_level: i32,
    /// zstd level of raw bytes once they are sealed.
    pub seal_level_raw: i32,
    /// A run seals by itself once so much is unsealed; 0 leaves it to `gleaner seal`.
    pub seal_bytes: u64,
    /// Recovery data beside what is sealed.
    pub parity: Parity,
    /// What recurs on other pages of a host is taken for chrome there.
    pub site_memory: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            compression_level: 9,
            raw: Raw::Own,
            lock_wait: Duration::from_secs(30),
            segment_bytes_max: 64 << 20,
            seal_level: 19,
            seal_level_raw: 12,
            seal_bytes: 16 << 20,
            parity: Parity::OFF,
            site_memory: true,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Raw {
    /// As the archive was told (`gleaner init --raw`); kept where it was told nothing.
    #[default]
    Own,
    Keep,
    /// As plain WARC files, which take more room and which other tools read.
    Warc,
    None,
}

/// What is to be kept of one visit. `text`, `records` and `raw` of the capture are filled in from the bytes given.
#[derive(Clone, Debug)]
pub struct Entry {
    pub capture: Capture,
    pub text: Option<String>,
    pub records: Option<Records>,
    pub raw: Option<Vec<u8>>,
}

/// Which captures are asked for; empty asks for all, in the order they were written.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub url: Option<Url>,
    pub host: Option<String>,
    pub outcome: Option<Outcome>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Only the newest capture of each address.
    pub latest: bool,
}

pub type Result<T> = std::result::Result<T, ArchiveError>;

/// What is not kept of a batch, with its place there.
type Refused = Vec<(usize, Capture)>;

/// An archive open for reading; `append` takes the writer's lock for the length of one batch.
#[derive(Debug)]
pub struct Archive {
    options: Options,
    segments: Segments,
    reader: Mutex<Index>,
    writer: Mutex<Writer>,
    erased: Mutex<care::erased::Erased>,
    memory: Mutex<memory::Memory>,
}

impl Archive {
    /// Makes an empty archive in a new or empty folder.
    pub fn init(folder: &Path, options: Options) -> Result<Self> {
        Self::init_on(Disk::default(), folder, options)
    }

    fn init_on(disk: Disk, folder: &Path, options: Options) -> Result<Self> {
        let folder = Folder::init(disk, folder, Timestamp::now())?;
        let raw = options.raw;
        let archive = Self::open_folder(folder, options)?;
        if raw != Raw::Own {
            archive.set_own(Own { raw, raw_for: None })?;
        }
        Ok(archive)
    }

    /// Whether a folder holds an archive, of whatever version, be it one whose FORMAT is lost.
    pub fn is_archive(folder: &Path) -> bool {
        folder.join("FORMAT").is_file() || folder::has_lost_format(folder)
    }

    /// Opens an archive; whatever the index lacks is read from the segments first.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        Self::open_folder(Folder::open(Disk::default(), folder)?, options)
    }

    /// Opens an archive that is to be repaired: a damaged FORMAT, without which none opens, is written anew first. Returns
    /// what was wrong with it too.
    pub fn open_to_repair(folder: &Path, options: Options) -> Result<(Self, Option<String>)> {
        let disk = Disk::default();
        let mended = format::mend(&disk, folder, Timestamp::now())?;
        let folder = Folder::open(disk, folder)?;
        if mended.is_some() {
            // What FORMAT said of the list of the erased may be lost; what is there is told again.
            folder.note_erased(folder.erased.max(care::erased::count(&folder)?))?;
        }
        Ok((Self::open_folder(folder, options)?, mended))
    }

    fn open_folder(folder: Folder, mut options: Options) -> Result<Self> {
        if options.raw == Raw::Own {
            // Damage there is told by `check` and by whoever writes; readers need none of it.
            options.raw = match Own::read(&folder) {
                Err(ArchiveError::Damaged { .. }) => Raw::Own,
                own => own?.raw,
            };
        }
        let segments = Segments::new(folder);
        let reader = Mutex::new(recover::open_index(&segments)?);
        let (writer, erased, memory) = Default::default();
        Ok(Self { options, segments, reader, writer, erased, memory })
    }

    /// Where the archive lies.
    pub fn folder(&self) -> &Path {
        &self.segments.folder.path
    }

    /// Keeps a batch under one commit. The captures come back, with ids, once all of it is on disk.
    ///
    /// A capture that says the same as the address's last one with text (same text, records and metadata; time,
    /// validators, raw bytes, what was removed around the text, confidence and program may differ) is stored as a cheap `unchanged` record
    /// and comes back with `Outcome::Unchanged`. So is one that was given with that outcome and no text (a 304). A
    /// failure that repeats the address's last capture is stored as cheaply and keeps its outcome.
    pub fn append(&self, batch: Vec<Entry>) -> Result<Vec<Capture>> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let (batch, mut refused) = self.without_erased(batch)?;
        let mut captures = Vec::new();
        if !batch.is_empty() {
            let prepared = self.prepare(batch)?;
            captures = self.write(&mut lock(&self.writer), prepared)?;
            self.leave_private_index()?;
            self.settle_notes(&captures);
        }
        self.settle_notes(refused.iter().map(|(_, capture)| capture));
        refused.sort_by_key(|(at, _)| *at);
        put_back(&mut captures, refused);
        Ok(captures)
    }

    /// What was erased does not come again: such entries are told as opted out, and nothing of them is kept.
    fn without_erased(&self, batch: Vec<Entry>) -> Result<(Vec<Entry>, Refused)> {
        // Most archives have erased nothing, and then no text need be hashed for it.
        if !self.has_erased()? {
            return Ok((batch, Vec::new()));
        }
        let (mut kept, mut refused) = (Vec::with_capacity(batch.len()), Vec::new());
        for (at, mut entry) in batch.into_iter().enumerate() {
            let text = entry.text.as_ref().map(|text| Id::of(text.as_bytes()));
            let named = entry.capture.text;
            entry.capture.text = text.or(named);
            if self.is_capture_erased(&entry.capture)? {
                refused.push((at, refusal(entry.capture)));
            } else {
                entry.capture.text = named;
                kept.push(entry);
            }
        }
        Ok((kept, refused))
    }

    /// Visits captures in the order they were written.
    pub fn captures(&self, filter: &Filter, visit: &mut dyn FnMut(Capture) -> ControlFlow<()>) -> Result<()> {
        self.visit(filter, visit)
    }

    /// The capture of that id.
    pub fn by_id(&self, id: Id) -> Result<Option<Capture>> {
        self.again(|| self.with_id(id))
    }

    /// The captures whose id, or whose text's id, begins with these hex digits (at least 4), at most `limit`.
    pub fn by_prefix(&self, prefix: &str, limit: usize) -> Result<Vec<Capture>> {
        self.again(|| self.with_prefix(prefix, limit))
    }

    /// The newest capture of an address at or before a moment; where it has none, of an address that led to it.
    pub fn latest(&self, url: &Url, at: Option<Timestamp>) -> Result<Option<Capture>> {
        let at = at.map_or(i64::MAX, index::time_key);
        self.again(|| self.newest(&url.to_string(), at))
    }

    /// The clean text of that id, its hash checked.
    pub fn text(&self, id: Id) -> Result<String> {
        let text = self.blob(Kind::TEXT, id)?;
        String::from_utf8(text).map_err(|error| self.blob_flaw(Kind::TEXT, id, error.to_string()))
    }

    /// Thread and posts of that id.
    pub fn records(&self, id: Id) -> Result<Records> {
        let json = self.blob(Kind::RECORDS, id)?;
        serde_json::from_slice(&json).map_err(|error| self.blob_flaw(Kind::RECORDS, id, error.to_string()))
    }

    /// Raw bytes of that id.
    pub fn raw(&self, id: Id) -> Result<Vec<u8>> {
        self.blob(Kind::RAW, id)
    }

    /// Reads every byte that was acknowledged and compares it with what it should be, with every core.
    pub fn check(&self) -> Result<CheckReport> {
        self.check_with(&CheckOptions::default())
    }

    /// The same, or less of it.
    pub fn check_with(&self, options: &CheckOptions) -> Result<CheckReport> {
        check::check(self, options)
    }

    /// Packs what was appended since: with a dictionary learned from the archive itself, and versions of one address
    /// against each other. With `due_alone` only where enough has come together (`archive.seal_bytes`).
    pub fn seal(&self, due_alone: bool) -> Result<SealReport> {
        seal::seal(self, due_alone)
    }

    /// What a policy lets go; nothing is done yet.
    pub fn plan_prune(&self, options: &PruneOptions) -> Result<PrunePlan> {
        care::prune::plan(self, options)
    }

    /// Lets go what was planned, and gives its space back. Where captures that came since the plan was made have to do with
    /// what goes, it is planned again; the plan that was carried out is returned.
    pub fn prune(&self, plan: &PrunePlan) -> Result<PrunePlan> {
        care::prune::prune(self, plan)
    }

    /// What an erasing takes away; nothing is done yet. With `everywhere` also other addresses' captures of the same
    /// texts.
    pub fn plan_erase(&self, targets: &[Target], everywhere: bool) -> Result<ErasePlan> {
        care::erase::plan(self, targets, everywhere)
    }

    /// What was erased once and is there again: after a crash, or out of a backup.
    pub fn plan_erase_again(&self) -> Result<ErasePlan> {
        care::erase::plan_again(self)
    }

    /// Takes away what was planned: texts, versions packed against them, dictionaries trained on them, raw bytes,
    /// index and search. From now on the addresses are not fetched and the texts not kept again. What came since the plan
    /// was made is looked at too; the plan that was carried out is returned.
    pub fn erase(&self, plan: &ErasePlan, at: Timestamp) -> Result<ErasePlan> {
        care::erase::erase(self, plan, at)
    }

    /// Searches every byte of the archive, packed and unpacked, for what a plan took away.
    pub fn prove_erased(&self, plan: &ErasePlan) -> Result<Proof> {
        care::proof::prove(self, &plan.needles, &mut |_| {})
    }

    /// The same where other programs keep files in the archive's folder: `stays` shows what these say that is not of what was
    /// erased.
    pub fn prove_erased_beside(&self, plan: &ErasePlan, stays: &mut dyn FnMut(Words<'_>)) -> Result<Proof> {
        care::proof::prove(self, &plan.needles, stays)
    }

    /// The same for any texts of six bytes and more, those of pages that stay too: what has the whole of one is named.
    pub fn search_bytes(&self, texts: &[Vec<u8>]) -> Result<Proof> {
        care::proof::search(self, texts)
    }

    /// Keeps what can be read of a damaged archive, sets the damaged files aside, and says what is lost.
    pub fn repair(&self) -> Result<RepairReport> {
        care::repair::repair(self)
    }

    /// Counts what the archive holds.
    pub fn stats(&self) -> Result<Stats> {
        self.count()
    }

    /// The same by host, kind, language or month.
    pub fn stats_by(&self, by: By) -> Result<Vec<Share>> {
        self.count_by(by)
    }

    /// Whether captures of that moment can be told from others: between 1677 and 2262.
    pub fn is_orderable(at: Timestamp) -> bool {
        i128::from(index::time_key(at)) == at.as_nanosecond()
    }

    /// Held by an import from looking up what is known of a batch until the rest is kept: of two imports of one file at the
    /// same time the second finds what the first has kept.
    pub fn intake(&self) -> Result<RunLock> {
        let lock = Lock::take(&self.segments.folder.import_lock(), self.options.lock_wait)?;
        Ok(RunLock { _lock: lock })
    }

    /// Takes the lock that only one scheduled run may hold; freed when dropped or when the process dies.
    /// `None` when another run holds it.
    pub fn run_lock(&self) -> Result<Option<RunLock>> {
        Ok(Lock::try_take(&self.segments.folder.run_lock())?.map(|lock| RunLock { _lock: lock }))
    }

    /// Who holds the run's lock, for a message.
    pub fn run_holder(&self) -> String {
        lock::holder(&self.segments.folder.run_lock())
    }

    /// Since when the run's lock is held, where it is and that can be told.
    pub fn run_since(&self) -> Option<Timestamp> {
        let noted = std::fs::metadata(self.segments.folder.run_lock()).ok()?.modified().ok()?;
        Timestamp::try_from(noted).ok()
    }

    /// Reads many things of one state of the index: else each looks whether it has changed, which takes as long as finding a
    /// text. Not for long: what is written meanwhile is not seen, and stays in the log beside the index.
    pub(crate) fn at_once<T>(&self, read: impl FnOnce() -> T) -> T {
        struct Held<'a>(&'a Archive, bool);
        // Also where what reads panics: a connection that went on to see one state would never see another.
        impl Drop for Held<'_> {
            fn drop(&mut self) {
                if self.1 {
                    self.0.reader().end();
                }
            }
        }
        let _held = Held(self, self.reader().begin());
        read()
    }

    fn reader(&self) -> MutexGuard<'_, Index> {
        let mut reader = lock(&self.reader);
        if !reader.is_current()
            && let Ok(Some(index)) = Index::open(&self.segments)
        {
            *reader = index;
        }
        reader
    }

    /// After a first append the archive's own index can be read, whatever was read until then.
    fn leave_private_index(&self) -> Result<()> {
        let mut reader = self.reader();
        if reader.private
            && let Some(index) = Index::open(&self.segments)?
        {
            *reader = index;
        }
        Ok(())
    }
}

/// Each at its place in the batch, the first one first.
fn put_back(captures: &mut Vec<Capture>, refused: Refused) {
    for (at, capture) in refused {
        captures.insert(at.min(captures.len()), capture);
    }
}

/// What is told of a capture that was erased once.
fn refusal(capture: Capture) -> Capture {
    let detail = Some("it was erased from this archive and is not kept again".to_owned());
    let (outcome, records, raw) = (Outcome::OptedOut, None, None);
    Capture { id: None, text: None, records, raw, outcome, detail, ..capture }
}

/// A panic elsewhere leaves index and writer whole: what SQLite was doing is rolled back, what was written is rescanned.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A host as addresses name it: in lower case and in ASCII (`xn--…`), without a final dot. What is more than a host, or
/// less, is none: whoever erases `example.org/path` must not be taken to mean the whole host.
fn host_name(host: &str) -> Result<String> {
    let host = host.trim_end_matches('.');
    let is_numbers = host.starts_with('[') && host.ends_with(']');
    let is_alone = !host.contains(['/', '\\', '?', '#', '@']) && (is_numbers || !host.contains(':'));
    let named = Url::parse(&format!("http://{host}/")).ok().filter(|_| is_alone);
    let named = named.and_then(|url| url.host_str().map(|host| host.trim_end_matches('.').to_owned()));
    named.filter(|named| !named.is_empty()).ok_or_else(|| ArchiveError::BadHost(host.to_owned()))
}

/// Held while a scheduled run is at work, or a batch of an import.
#[derive(Debug)]
pub struct RunLock {
    _lock: Lock,
}

/// How much `check` looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// Headers and commits: finds what is cut, missing or overwritten, not a flipped bit of a text.
    Quick,
    #[default]
    Full,
    /// As full, but only so many percent of texts, records and raw bytes are unpacked and hashed.
    Sample(u8),
}

/// What of the archive `check` looks at, and how closely.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    pub depth: Depth,
    /// Only segments that were written to since.
    pub since: Option<Timestamp>,
    /// No new segment is begun after so long; the next check with a budget goes on there.
    pub budget: Option<Duration>,
}

/// What `check` found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    pub segments: u64,
    /// Segments that were not looked at (`since`, `budget`).
    pub segments_left: u64,
    /// Where a check with a budget goes on could not be written down: the next one begins where this one did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub forgets: bool,
    pub records: u64,
    pub captures: u64,
    pub texts: u64,
    pub text_bytes: u64,
    /// What is wrong, a line each: where, what, and what to do.
    pub problems: Vec<String>,
}

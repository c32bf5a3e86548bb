//! Archive: pages and documents in, captures kept for good.
//!
//! In: [`Entry`] (a capture with its text, records and raw bytes). Out: the same, by id, address or time.
//! Always: what `append` returned is on disk; segments are only appended to; the index can be deleted.
//! Not here: fetching, extracting, choosing what a corpus takes.

mod check;
mod codec;
mod commit;
mod error;
#[cfg(test)]
mod faults;
mod folder;
mod index;
mod lock;
mod prepare;
mod read;
mod record;
mod recover;
mod repeat;
mod scan;
mod segments;
mod stats;
mod storage;
#[cfg(test)]
mod sweep;
mod walk;
mod writer;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use error::ArchiveError;
pub use record::VERSION;

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
}

impl Default for Options {
    fn default() -> Self {
        Self { compression_level: 9, raw: Raw::Keep, lock_wait: Duration::from_secs(30), segment_bytes_max: 64 << 20 }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Raw {
    #[default]
    Keep,
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

/// An archive open for reading; `append` takes the writer's lock for the length of one batch.
#[derive(Debug)]
pub struct Archive {
    options: Options,
    segments: Segments,
    reader: Mutex<Index>,
    writer: Mutex<Writer>,
}

impl Archive {
    /// Makes an empty archive in a new or empty folder.
    pub fn init(folder: &Path, options: Options) -> Result<Self> {
        Self::init_on(Disk::default(), folder, options)
    }

    fn init_on(disk: Disk, folder: &Path, options: Options) -> Result<Self> {
        let folder = Folder::init(disk, folder, Timestamp::now())?;
        Self::open_folder(folder, options)
    }

    /// Whether a folder holds an archive, of whatever version.
    pub fn is_archive(folder: &Path) -> bool {
        folder.join("FORMAT").is_file()
    }

    /// Opens an archive; whatever the index lacks is read from the segments first.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        Self::open_folder(Folder::open(Disk::default(), folder)?, options)
    }

    fn open_folder(folder: Folder, options: Options) -> Result<Self> {
        let segments = Segments::new(folder);
        let reader = Mutex::new(recover::open_index(&segments)?);
        Ok(Self { options, segments, reader, writer: Mutex::default() })
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
        let prepared = self.prepare(batch)?;
        let captures = self.write(&mut lock(&self.writer), prepared)?;
        self.leave_private_index()?;
        Ok(captures)
    }

    /// Visits captures in the order they were written.
    pub fn captures(&self, filter: &Filter, visit: &mut dyn FnMut(Capture) -> ControlFlow<()>) -> Result<()> {
        self.visit(filter, visit)
    }

    /// The captures whose id, or whose text's id, begins with these hex digits (at least 4), at most `limit`.
    pub fn by_prefix(&self, prefix: &str, limit: usize) -> Result<Vec<Capture>> {
        self.with_prefix(prefix, limit)
    }

    /// The newest capture of an address at or before a moment.
    pub fn latest(&self, url: &Url, at: Option<Timestamp>) -> Result<Option<Capture>> {
        let at = at.map_or(i64::MAX, index::time_key);
        let row = self.reader().newest(&url.to_string(), at, false)?;
        row.map(|row| self.capture(&row)).transpose()
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
        check::check(self)
    }

    /// Counts what the archive holds.
    pub fn stats(&self) -> Result<Stats> {
        self.count()
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

    fn reader(&self) -> MutexGuard<'_, Index> {
        lock(&self.reader)
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

/// A panic elsewhere leaves index and writer whole: what SQLite was doing is rolled back, what was written is rescanned.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Held while a scheduled run is at work.
#[derive(Debug)]
pub struct RunLock {
    _lock: Lock,
}

/// What `check` found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    pub segments: u64,
    pub records: u64,
    pub captures: u64,
    pub texts: u64,
    pub text_bytes: u64,
    /// What is wrong, a line each: where, what, and what to do.
    pub problems: Vec<String>,
}

/// What the archive holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    pub captures: u64,
    pub urls: u64,
    pub hosts: u64,
    pub texts: u64,
    pub words: u64,
    /// Bytes of all raw bodies kept, before compression.
    pub raw_bytes: u64,
    /// Bytes of all distinct clean texts, before compression.
    pub text_bytes: u64,
    /// Bytes on disk: segments, raw store and index.
    pub stored_bytes: u64,
    pub by_outcome: std::collections::BTreeMap<String, u64>,
    /// The hosts with the most captures, at most 20.
    pub top_hosts: Vec<(String, u64)>,
}

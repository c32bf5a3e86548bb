//! Archive: pages and documents in, captures kept for good.
//!
//! In: [`Entry`] (a capture with its text, records and raw bytes). Out: the same, by id, address or time.
//! Always: what `append` returned is on disk; segments are only appended to; the index can be deleted.
//! Not here: fetching, extracting, choosing what a corpus takes.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

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

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    #[error("no archive at {0}")]
    NotFound(PathBuf),
}

pub type Result<T> = std::result::Result<T, ArchiveError>;

/// An archive open for reading; `append` takes the writer's lock for the length of one batch.
#[derive(Debug)]
pub struct Archive {}

impl Archive {
    /// Makes an empty archive in a new or empty folder.
    pub fn init(folder: &Path, options: Options) -> Result<Self> {
        let _ = options;
        Err(ArchiveError::NotFound(folder.to_owned()))
    }

    /// Opens an archive; whatever the index lacks is read from the segments first.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        let _ = options;
        Err(ArchiveError::NotFound(folder.to_owned()))
    }

    /// Keeps a batch under one commit. The captures come back, with ids, once all of it is on disk.
    ///
    /// A capture that says the same as the address's last one (same text, raw and metadata apart from the time)
    /// is stored as a cheap `unchanged` record and comes back with `Outcome::Unchanged`.
    pub fn append(&self, batch: Vec<Entry>) -> Result<Vec<Capture>> {
        let _ = batch;
        Ok(Vec::new())
    }

    /// Visits captures in the order they were written.
    pub fn captures(&self, filter: &Filter, visit: &mut dyn FnMut(Capture) -> ControlFlow<()>) -> Result<()> {
        let _ = (filter, visit);
        Ok(())
    }

    /// The captures whose id begins with these hex digits (at least 4), at most `limit`.
    pub fn by_prefix(&self, prefix: &str, limit: usize) -> Result<Vec<Capture>> {
        let _ = (prefix, limit);
        Ok(Vec::new())
    }

    /// The newest capture of an address at or before a moment.
    pub fn latest(&self, url: &Url, at: Option<Timestamp>) -> Result<Option<Capture>> {
        let _ = (url, at);
        Ok(None)
    }

    /// The clean text of that id, its hash checked.
    pub fn text(&self, id: Id) -> Result<String> {
        let _ = id;
        Ok(String::new())
    }

    /// Thread and posts of that id.
    pub fn records(&self, id: Id) -> Result<Records> {
        let _ = id;
        Ok(Records::default())
    }

    /// Raw bytes of that id.
    pub fn raw(&self, id: Id) -> Result<Vec<u8>> {
        let _ = id;
        Ok(Vec::new())
    }

    /// Reads every byte and compares it with what it should be.
    pub fn check(&self) -> Result<CheckReport> {
        Ok(CheckReport::default())
    }

    pub fn stats(&self) -> Result<Stats> {
        Ok(Stats::default())
    }

    /// Takes the lock that only one scheduled run may hold; freed when dropped or when the process dies.
    /// `None` when another run holds it.
    pub fn run_lock(&self) -> Result<Option<RunLock>> {
        Ok(None)
    }
}

/// Held while a scheduled run is at work.
#[derive(Debug)]
pub struct RunLock {}

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

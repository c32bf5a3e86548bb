//! The manifest: what an export holds, told so that it can be checked and made again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Options;
use crate::capture::Id;
use crate::page::Timestamp;

/// What an export wrote; `manifest.json` in its folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program.
    pub gleaner: String,
    pub archive: ArchiveSummary,
    pub options: Options,
    pub documents: u64,
    pub words: u64,
    pub text_bytes: u64,
    /// Documents left out, by reason.
    pub excluded: BTreeMap<String, u64>,
    /// Every other file of the folder, in name order.
    pub files: Vec<FileEntry>,
}

/// What the archive held when the plan was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveSummary {
    pub captures: u64,
    pub urls: u64,
    pub first_fetched_at: Option<Timestamp>,
    pub last_fetched_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Relative to the folder, `/` between its parts.
    pub path: String,
    pub bytes: u64,
    pub sha256: Id,
    /// Documents (or lines) in it.
    pub documents: u64,
}

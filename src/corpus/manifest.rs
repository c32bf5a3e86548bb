//! The manifest: what an export holds, told so that it can be checked and made again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Options;
use crate::capture::Id;
use crate::page::Timestamp;

/// What an export wrote; `manifest.json` in its folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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
    /// Documents in each part, where there are parts.
    pub splits: BTreeMap<String, u64>,
    /// Paragraphs that stand in several documents: marked, or cut.
    pub paragraphs: BTreeMap<String, u64>,
    /// Documents of it that their owners reserve, by the widest use reserved.
    pub reserved: BTreeMap<String, u64>,
    /// Personal data masked, by kind.
    pub masked: BTreeMap<String, u64>,
    /// Documents by the program and model that made their texts.
    pub extractors: BTreeMap<String, u64>,
    /// Names how near-duplicates were compared.
    pub sketch: String,
    /// What its ledger tells, as a number that grows; 0 of an export by a version that did not say.
    pub ledger: u32,
    /// Where names of users are hashed: with the archive's key it is what they are hashed with. Additions take it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users_base: Option<Id>,
    /// What this export adds to, where it adds to one.
    pub since: Option<SinceSummary>,
    /// Every other file of the folder, in name order.
    pub files: Vec<FileEntry>,
}

/// How an export stands to the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinceSummary {
    /// SHA-256 of that export's `manifest.json`.
    pub manifest: Id,
    /// Documents that stay as they were published.
    pub carried: u64,
    /// Documents taken back, by reason.
    pub retired: BTreeMap<String, u64>,
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

//! Corpus: an archive in, deduplicated shards out.
//!
//! In: [`Archive`], [`Options`]. Out: files in a new folder, with a manifest that names every one.
//! Always: the same archive and options give the same bytes; a dropped document names its kept twin.
//! Not here: fetching, extracting, changing the archive.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::archive::{Archive, ArchiveError};

/// The config table `[export]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub format: Format,
    /// A shard is closed at this size before compression.
    pub shard_bytes: u64,
    /// Documents with fewer words are left out, with that reason.
    pub words_min: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { format: Format::Jsonl, shard_bytes: 256 << 20, words_min: 0 }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    #[default]
    Jsonl,
    Text,
    Markdown,
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorpusError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("{0} is not an empty folder")]
    NotEmpty(PathBuf),
}

/// What an export will write: a plain value to show, then to hand to [`export`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {}

/// What an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {}

/// Decides for every capture whether it goes in, and why not.
pub fn plan(archive: &Archive, options: &Options) -> Result<Plan, CorpusError> {
    let _ = (archive, options);
    Ok(Plan::default())
}

/// Writes what was planned into a new or empty folder.
pub fn export(archive: &Archive, plan: Plan, folder: &Path) -> Result<Manifest, CorpusError> {
    let _ = (archive, plan, folder);
    Ok(Manifest::default())
}

//! Corpus: an archive in, deduplicated shards out.
//!
//! In: [`Archive`] (or any [`Source`]), [`Options`]. Out: files in a new folder, with a manifest that names every one.
//! Always: the same archive and options give the same bytes; a dropped document names its kept twin.
//! Not here: fetching, extracting, changing the archive.

mod address;
mod date;
mod dedup;
mod error;
mod folder;
pub mod levels;
mod manifest;
pub mod near;
mod parallel;
mod plan;
mod record;
mod source;
mod verify;
mod write;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use dedup::{DedupOptions, DedupReport, dedup};
pub use error::CorpusError;
pub use levels::Level;
pub use manifest::{ArchiveSummary, FileEntry, Manifest};
pub use plan::{Excluded, Plan, Planned, Why};
pub use record::Record;
pub use source::Source;
pub use verify::verify;

use crate::capture::Capture;

/// The config table `[export]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub format: Format,
    /// A shard is closed at this size before compression.
    pub shard_bytes: u64,
    /// Documents with fewer words are left out, with that reason.
    pub words_min: u32,
    /// Leave out documents that say nearly the same as another one.
    pub near_duplicates: bool,
    /// Least Jaccard similarity of near-duplicates, 0.5 to 1.
    pub threshold: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::Jsonl,
            shard_bytes: 256 << 20,
            words_min: 0,
            near_duplicates: true,
            threshold: near::THRESHOLD,
        }
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

/// Makes a document's Markdown from its capture and raw bytes; `None` leaves it to the clean text.
pub type Render<'a> = &'a dyn Fn(&Capture, &[u8]) -> Option<String>;

/// Decides for every capture whether it goes in, and why not.
///
/// # Errors
/// What the archive says when it cannot be read.
pub fn plan(archive: &dyn Source, options: &Options) -> Result<Plan, CorpusError> {
    plan::plan(archive, options)
}

/// Writes what was planned into a new or empty folder. Markdown bodies are the clean text.
///
/// # Errors
/// The folder is in use or cannot be written, or the archive cannot be read. The folder is then as it was before.
pub fn export(archive: &dyn Source, plan: Plan, folder: &Path) -> Result<Manifest, CorpusError> {
    write::export(archive, &plan, folder, None)
}

/// The same with Markdown bodies made by `render`, which is asked for every document whose raw bytes are kept.
/// It must depend on nothing but its arguments, or exports will differ.
///
/// # Errors
/// As [`export`].
pub fn export_rendered(
    archive: &dyn Source,
    plan: Plan,
    folder: &Path,
    render: Render<'_>,
) -> Result<Manifest, CorpusError> {
    write::export(archive, &plan, folder, Some(render))
}

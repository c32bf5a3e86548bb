//! Corpus: an archive in, deduplicated shards out.
//!
//! In: [`Archive`] (or any [`Source`]), [`Options`]. Out: files in a new folder, with a manifest that names every one.
//! Always: the same archive and options give the same bytes; a dropped document names its kept twin.
//! Not here: fetching, extracting, changing the archive.

mod address;
pub mod choose;
mod date;
mod dedup;
mod error;
mod folder;
mod growth;
mod key;
pub mod levels;
mod manifest;
pub mod near;
mod paragraphs;
mod plan;
mod posts;
mod progress;
mod quick;
mod record;
mod source;
mod spill;
mod state;
mod verify;
mod write;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use dedup::{BadLines, DedupOptions, DedupReport, dedup, dedup_telling};
pub use error::CorpusError;
pub use growth::{Earlier, Entry, Held, LEDGER, Retired, Standing, held, held_by};
pub use levels::Level;
pub use manifest::{ArchiveSummary, FileEntry, Manifest, SinceSummary};
pub use near::Profile;
pub use paragraphs::{Paragraphs, Repeated, Repeats};
pub use plan::{Excluded, Means, Plan, Planned, Why};
pub use progress::{Progress, Tell, silent};
pub use record::Record;
pub use source::Source;
pub use state::{State, forget_all_but};
pub use verify::{describe, sha256, verify};
pub use write::pack::LEVEL_MAX as COMPRESSION_LEVEL_MAX;

use crate::capture::Capture;

/// The config table `[export]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub format: Format,
    /// A shard is closed at this size before compression.
    pub shard_bytes: u64,
    /// Level of zstd in JSON lines and Parquet: the higher, the smaller and the longer it takes.
    pub compression_level: u32,
    /// Documents with fewer words are left out, with that reason; how words are counted says [`crate::document::words`].
    pub words_min: u32,
    /// Leave out documents that say nearly the same as another one.
    pub near_duplicates: bool,
    /// What kind of texts are compared.
    pub profile: Profile,
    /// Least Jaccard similarity of near-duplicates, up to 1; what the profile finds least is the least that is allowed.
    pub threshold: f64,
    /// What is done about paragraphs that stand in many documents,
    pub paragraphs: Repeats,
    /// and in how many they stand then.
    pub paragraph_documents_min: u32,
    /// Parts that share nothing, as `train=0.98,validation=0.01,test=0.01`; empty for none.
    pub split: String,
    /// Only these languages (BCP 47; `en` is also `en-GB`), hosts (`*.example.org` is it and all below), kinds, tags.
    pub languages: Vec<String>,
    pub hosts: Vec<String>,
    pub kinds: Vec<String>,
    pub tags: Vec<String>,
    /// Only documents whose address was last found so, as `ok` or `gone`.
    pub outcomes: Vec<String>,
    /// Documents with more words are left out; 0 for no limit.
    pub words_max: u32,
    /// Documents whose labels are less certain are left out, 0 to 1.
    pub confidence_min: f64,
    /// Only documents published at or after, at or before this date; empty for any.
    pub published_from: String,
    pub published_until: String,
    /// What the corpus is for: documents that are reserved against it are left out.
    pub rights: Rights,
    /// Sets of quality rules to hold: `gopher`, `c4` (all but its bad words), `fineweb`.
    pub quality: Vec<String>,
    /// A condition on the fields of a record, as `words > 100 and kind == "article"`.
    #[serde(rename = "where")]
    pub condition: String,
    /// Personal data to mask in texts, titles, descriptions, posts and names of authors: `email`, `phone`, `ip`, `iban`,
    /// `card`.
    pub mask: Vec<String>,
    /// Whether posts of threads go in as records beside the text.
    pub posts: bool,
    pub users: Users,
}

/// A use that owners may reserve their pages against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rights {
    /// Nothing is left out for what is reserved; each record says it.
    #[default]
    Any,
    /// Text and data mining.
    Mining,
    /// Training a model.
    Training,
}

/// What becomes of the names of posts' authors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Users {
    #[default]
    AsIs,
    /// A hash that is the same in an export and in all that is added to it, another one in an export of other documents, and
    /// not to be undone without the archive's key.
    Hash,
    Drop,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: Format::Jsonl,
            shard_bytes: 256 << 20,
            compression_level: write::pack::LEVEL,
            words_min: 0,
            near_duplicates: true,
            profile: Profile::Web,
            threshold: near::THRESHOLD,
            paragraphs: Repeats::Mark,
            paragraph_documents_min: 3,
            split: String::new(),
            languages: Vec::new(),
            hosts: Vec::new(),
            kinds: Vec::new(),
            tags: Vec::new(),
            outcomes: Vec::new(),
            words_max: 0,
            confidence_min: 0.0,
            published_from: String::new(),
            published_until: String::new(),
            rights: Rights::Any,
            quality: Vec::new(),
            condition: String::new(),
            mask: Vec::new(),
            posts: false,
            users: Users::AsIs,
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
    /// Tables of the same columns, zstd inside.
    Parquet,
    /// Texts as WARC conversion records, gzip.
    Wet,
    /// A TEI P5 document each.
    Tei,
}

/// Makes a document's Markdown from its capture and raw bytes; `None` leaves it to the clean text.
pub type Render<'a> = &'a dyn Fn(&Capture, &[u8]) -> Option<String>;

/// Decides for every capture whether it goes in, and why not.
///
/// # Errors
/// What the archive says when it cannot be read.
pub fn plan(archive: &dyn Source, options: &Options) -> Result<Plan, CorpusError> {
    plan::plan(archive, options, Means::default())
}

/// The same on top of an earlier export, with what earlier runs remember, or telling how far it has come.
///
/// # Errors
/// As [`plan()`]; what was remembered cannot be read or written.
pub fn plan_with(archive: &dyn Source, options: &Options, means: Means<'_>) -> Result<Plan, CorpusError> {
    plan::plan(archive, options, means)
}

/// Writes what was planned into a new or empty folder. Markdown bodies are the clean text.
///
/// # Errors
/// The folder is in use or cannot be written, or the archive cannot be read. The folder is then as it was before.
pub fn export(archive: &dyn Source, plan: Plan, folder: &Path) -> Result<Manifest, CorpusError> {
    write::export(archive, &plan, folder, Writing::default())
}

/// What an export may be written with.
#[derive(Clone, Copy, Default)]
pub struct Writing<'a> {
    /// Makes Markdown bodies; asked for every document whose raw bytes are kept. It must depend on nothing but its
    /// arguments, or exports will differ.
    pub render: Option<Render<'a>>,
    pub tell: Option<Tell<'a>>,
    /// Called when all is written and on disk, before the folder gets its name: what fails here leaves no export.
    pub ready: Option<&'a dyn Fn() -> Result<(), CorpusError>>,
    /// Threads at work; 0 for one a core. The files do not depend on it.
    pub threads: usize,
}

/// As [`export`], with any of these.
///
/// # Errors
/// As [`export`], and what `ready` says.
pub fn export_with(
    archive: &dyn Source,
    plan: Plan,
    folder: &Path,
    writing: Writing<'_>,
) -> Result<Manifest, CorpusError> {
    write::export(archive, &plan, folder, writing)
}

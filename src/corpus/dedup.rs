//! The levels of duplication on documents that never saw an archive.

mod document;
mod given;
mod input;
mod job;
mod known;
mod line;
mod lookup;
mod output;
mod repeats;
mod room;
mod spool;
#[cfg_attr(not(feature = "parquet"), path = "dedup/no_table.rs")]
mod table;
mod unchanged;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::job::Job;
use self::known::Remembered;
use self::lookup::Lookup;
use self::repeats::Gathered;
use self::room::Room;
use self::spool::Spool;
use super::folder::Folder;
use super::levels::{Candidate, Level, Rules, verdicts};
use super::near::{self, Profile};
use super::paragraphs::Repeats;
use super::progress::{Progress, Tell, silent};
use super::{CorpusError, FileEntry};
use crate::parallel;

/// How `gleaner dedup` works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DedupOptions {
    /// Find near-duplicates, not only equal texts and addresses.
    pub near_duplicates: bool,
    pub profile: Profile,
    /// Least Jaccard similarity of near-duplicates, 0.5 to 1.
    pub threshold: f64,
    /// Values of `source`, the best first; what is not named comes after.
    pub sources: Vec<String>,
    pub bad_lines: BadLines,
    /// Write the kept documents, not only who belongs with whom.
    pub documents: bool,
    /// A shard is closed at this size before compression.
    pub shard_bytes: u64,
    /// What is done about paragraphs that stand in many of the kept documents,
    pub paragraphs: Repeats,
    /// and in how many they stand then.
    pub paragraph_documents_min: u32,
    /// Threads at work; 0 for one a core. The result does not depend on it.
    #[serde(skip)]
    pub threads: usize,
    /// Most memory to take, in bytes; 0 for what it needs. What does not fit lies on disk beside the output until all is
    /// done. The result does not depend on it.
    #[serde(skip)]
    pub memory_bytes: u64,
    /// Folder that remembers which files did not change, what was made of lines, similarities, and (but where memory is
    /// bounded) what was found, for the next run. The result does not depend on it.
    #[serde(skip)]
    pub state: Option<PathBuf>,
    /// Find out who would be kept, and write nothing.
    #[serde(skip)]
    pub is_dry: bool,
}

/// What is done about a line that is no document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadLines {
    /// Nothing is written, and the error names file and line.
    #[default]
    Stop,
    /// It is left out, counted, and named in `bad-lines.jsonl`.
    Skip,
}

impl Default for DedupOptions {
    fn default() -> Self {
        Self {
            near_duplicates: true,
            profile: Profile::Web,
            threshold: near::THRESHOLD,
            sources: Vec::new(),
            bad_lines: BadLines::Stop,
            documents: true,
            shard_bytes: 256 << 20,
            paragraphs: Repeats::Mark,
            paragraph_documents_min: 3,
            threads: 0,
            memory_bytes: 0,
            state: None,
            is_dry: false,
        }
    }
}

impl DedupOptions {
    /// Whether paragraphs are looked for: in the documents that are written.
    fn counts_lines(&self) -> bool {
        self.documents && self.paragraphs != Repeats::Keep
    }
}

/// What a deduplication did; `manifest.json` in its folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DedupReport {
    pub gleaner: String,
    /// Names how texts were compared.
    pub sketch: String,
    pub options: DedupOptions,
    pub documents: u64,
    pub kept: u64,
    /// Documents left out, by level.
    pub dropped: BTreeMap<Level, u64>,
    /// Documents that hang together with no other one count as a cluster each.
    pub clusters: u64,
    /// Lines of kept documents that stand in others too: marked, cut.
    pub paragraphs: BTreeMap<String, u64>,
    /// Lines that are no document.
    pub bad_lines: u64,
    /// Documents whose id one before them has.
    pub repeated_ids: u64,
    /// Documents with a `published` that is no date, or that stands for none, as `0` or the year 1.
    pub undated: u64,
    /// Every other file of the folder, in name order.
    pub files: Vec<FileEntry>,
}

/// Reads documents (JSON lines, plain, gzip or zstd, or Parquet; of files, or of streams that are first copied) with `id` and `text`, perhaps `url`, `published`,
/// `source`; writes into a new or empty folder those that are kept, as they are and in input order, `clusters.jsonl`
/// with one line for every input document, and `paragraphs.jsonl`, which names the lines of kept documents that stand in
/// others too. Which documents are kept depends on neither their order nor the number of threads.
///
/// The input is read once for all documents, and what is wanted of it again: for the shingles of documents that resemble
/// another one, and for what is written. In memory are a sketch of every document (125 bytes) and shingles: of so many
/// documents at a time as take 256 bytes for each there is, or 256 MB; there is a reading for each such group of them.
/// Where an input is packed (gzip, zstd, Parquet), and nothing of it can be passed over, all of them are one group.
/// With [`DedupOptions::state`] what was found is in memory too, now and in the run before: 16 bytes of each document, 8 of
/// each pair worth comparing, 32 of each document in one. Within [`DedupOptions::memory_bytes`] it is neither read nor written,
/// sketches and shingles lie on disk, and a few hundred bytes of each document stay in memory, with where each repeated
/// paragraph stands.
///
/// # Errors
/// A line that is no document, with its file and number; a file that cannot be read or written; more documents than fit.
pub fn dedup(inputs: &[PathBuf], options: &DedupOptions, folder: &Path) -> Result<DedupReport, CorpusError> {
    dedup_telling(inputs, options, folder, &silent)
}

/// The same, telling how far it has come.
///
/// # Errors
/// As [`dedup`].
pub fn dedup_telling(
    inputs: &[PathBuf],
    options: &DedupOptions,
    folder: &Path,
    tell: Tell<'_>,
) -> Result<DedupReport, CorpusError> {
    let folder = Folder::begin(folder)?;
    let spool = Spool::of(inputs, folder.path())?;
    let report = write(inputs, &spool, options, folder.path(), tell).map_err(|error| spool.named(error, inputs))?;
    spool.clear()?;
    if !options.is_dry {
        folder.finish(None)?;
    }
    Ok(report)
}

/// Writes into a folder that is new.
fn write(
    inputs: &[PathBuf],
    spool: &Spool,
    options: &DedupOptions,
    folder: &Path,
    tell: Tell<'_>,
) -> Result<DedupReport, CorpusError> {
    let mut state = options.state.as_deref().map(|folder| Remembered::open(folder, options.profile)).transpose()?;
    let mut room = Room::new(options, folder)?;
    let mut gathered = options.counts_lines().then(|| Gathered::new(&room::spill_folder(folder))).transpose()?;
    let mut job = Job::new((inputs, &spool.paths), options, tell);
    let candidates = job.candidates(&mut state, &mut room, &mut gathered)?;
    let (candidates, order) = ranked(candidates, job.threads());
    let rules = Rules {
        near: options.near_duplicates,
        threshold: options.threshold,
        kin: None,
        threads: job.threads(),
        profile: options.profile,
    };
    tell(Progress { stage: "comparing", done: 0, of: Some(candidates.len() as u64) });
    let spill = room.spill(candidates.len() + job.bad.len(), state.as_ref())?;
    let lookup =
        &mut Lookup { job: &job, candidates: &candidates, order: &order, state: &mut state, room: &mut room, spill };
    let ranked = verdicts(&candidates, rules, lookup)?;
    let budget = room.budget();
    drop(room);
    let mut rank_of = vec![0_u32; order.len()];
    order.iter().zip(0..).for_each(|(&place, rank)| rank_of[place as usize] = rank);
    let all = candidates.len() + job.bad.len();
    let fits = |paragraphs, bytes| match budget {
        Some(budget) => budget.check_paragraphs(all, state.as_ref(), (paragraphs, bytes)),
        None => Ok(()),
    };
    let count = |gathered: Gathered| gathered.count(options.paragraph_documents_min, &rank_of, &ranked, fits);
    let found = gathered.map(count).transpose()?;
    room::clear(folder)?;
    let output = output::Output { job: &job, candidates: &candidates, rank_of, verdicts: &ranked, found };
    output.write(folder)
}

/// Puts the candidates in order of rank; gives the place of each in the input, too.
fn ranked(candidates: Vec<Candidate>, threads: usize) -> (Vec<Candidate>, Vec<u32>) {
    let known = &candidates;
    let mut starts: Vec<(u128, u32)> = known.iter().map(Candidate::rank_start).zip(0..).collect();
    parallel::sort(&mut starts, threads, |&(start_a, a), &(start_b, b)| {
        let rest = || known[a as usize].rank().cmp(&known[b as usize].rank());
        start_a.cmp(&start_b).then_with(rest).then(a.cmp(&b))
    });
    let order: Vec<u32> = starts.into_iter().map(|(_, place)| place).collect();
    // In place, cycle by cycle, each would be waited for; and what is compared later takes more memory than this does.
    let mut places: Vec<Option<Candidate>> = candidates.into_iter().map(Some).collect();
    let take = |&place: &u32| places[place as usize].take().expect("each place is of one rank");
    (order.iter().map(take).collect(), order)
}

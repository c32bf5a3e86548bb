//! The levels of duplication on documents that never saw an archive.

mod input;
mod line;
mod lookup;
mod output;
mod room;
#[cfg_attr(not(feature = "parquet"), path = "dedup/no_table.rs")]
mod table;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::input::{Input, Raw};
use self::line::{Line, parse};
use self::lookup::Lookup;
use self::room::Room;
use super::folder::Folder;
use super::levels::{Candidate, Level, Rules, verdicts};
use super::near::{self, Profile, Sketch};
use super::progress::{Progress, Tell, silent};
use super::state::State;
use super::{CorpusError, FileEntry, parallel};

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
    /// Threads at work; 0 for one a core. The result does not depend on it.
    #[serde(skip)]
    pub threads: usize,
    /// Most memory to take, in bytes; 0 for what it needs. What does not fit lies on disk beside the output until all is
    /// done. The result does not depend on it.
    #[serde(skip)]
    pub memory_bytes: u64,
    /// Folder that remembers sketches and similarities for the next run. The result does not depend on it.
    #[serde(skip)]
    pub state: Option<PathBuf>,
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
            threads: 0,
            memory_bytes: 0,
            state: None,
        }
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
    /// Lines that are no document.
    pub bad_lines: u64,
    /// Every other file of the folder, in name order.
    pub files: Vec<FileEntry>,
}

/// Reads documents (JSON lines, plain, gzip or zstd, or Parquet) with `id` and `text`, perhaps `url`, `published`,
/// `source`; writes into a new or empty folder those that are kept, as they are and in input order, and
/// `clusters.jsonl` with one line for every input document. Which documents are kept depends on neither their order
/// nor the number of threads.
///
/// The input is read three times; in memory are a sketch of every document (about 700 bytes) and the shingles of
/// those that resemble another one. Within [`DedupOptions::memory_bytes`] both lie on disk, and a few hundred bytes of
/// each document stay in memory.
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
    let mut state = options.state.as_deref().map(|folder| State::open(folder, options.profile)).transpose()?;
    let mut room = Room::new(options, folder.path())?;
    let mut job = Job { inputs, options, tell, bad: Vec::new(), bad_places: HashSet::new() };
    let mut candidates = job.candidates(&mut state, &mut room)?;
    let order = rank(&mut candidates);
    let rules = Rules {
        near: options.near_duplicates,
        threshold: options.threshold,
        threads: job.threads(),
        profile: options.profile,
    };
    tell(Progress { stage: "comparing", done: 0, of: Some(candidates.len() as u64) });
    let spill = room.spill(candidates.len(), state.as_ref())?;
    let lookup =
        &mut Lookup { job: &job, candidates: &candidates, order: &order, state: &mut state, room: &mut room, spill };
    let ranked = verdicts(&candidates, rules, lookup)?;
    room.clear()?;
    let output = output::Output { job: &job, candidates: &candidates, order: &order, verdicts: &ranked };
    let report = output.write(folder.path())?;
    folder.finish(None)?;
    Ok(report)
}

/// A line that is no document; one of `bad-lines.jsonl`.
#[derive(Serialize)]
struct BadLine {
    file: PathBuf,
    line: u64,
    reason: String,
}

/// Puts the candidates in order of rank; gives the place of each in the input.
fn rank(candidates: &mut [Candidate]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..candidates.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| candidates[a as usize].rank().cmp(&candidates[b as usize].rank()).then(a.cmp(&b)));
    // In place, cycle by cycle: a copy would be the largest thing in memory.
    let mut from = order.clone();
    for start in 0..from.len() {
        let mut at = start;
        while from[at] as usize != start {
            let next = from[at] as usize;
            candidates.swap(at, next);
            from[at] = at as u32;
            at = next;
        }
        from[at] = at as u32;
    }
    order
}

struct Job<'a> {
    inputs: &'a [PathBuf],
    options: &'a DedupOptions,
    tell: Tell<'a>,
    bad: Vec<BadLine>,
    /// Places of those among all lines.
    bad_places: HashSet<usize>,
}

/// Bytes of lines in memory at a time.
const BATCH_BYTES: usize = 16 << 20;

impl Job<'_> {
    fn threads(&self) -> usize {
        parallel::at_work(self.options.threads)
    }

    /// Reads all documents, a batch at a time, each batch by all threads. Their sketches go into the room, or, where there
    /// is a state, there.
    fn candidates(&mut self, state: &mut Option<State>, room: &mut Room) -> Result<Vec<Candidate>, CorpusError> {
        let mut candidates = Vec::new();
        let (mut bad, mut places, mut place) = (Vec::new(), HashSet::new(), 0);
        self.batches("reading", |path, batch| {
            let known = state.as_ref();
            let options = self.options;
            let made = parallel::map(batch, self.threads(), |raw| Ok(entry(&parse(raw)?, options, known)));
            let mut new = Vec::with_capacity(batch.len());
            for (result, raw) in made.into_iter().zip(batch) {
                match result {
                    Ok(entry) => new.push(entry),
                    Err(reason) if self.options.bad_lines == BadLines::Stop => {
                        return Err(CorpusError::Line { path: path.to_owned(), line: raw.number, reason });
                    }
                    Err(reason) => {
                        bad.push(BadLine { file: path.to_owned(), line: raw.number, reason });
                        places.insert(place);
                    }
                }
                place += 1;
            }
            let (more, sketches): (Vec<Candidate>, Vec<Option<Sketch>>) = new.into_iter().unzip();
            match state {
                _ if !self.options.near_duplicates => {}
                Some(state) => remember(&more, &sketches, state)?,
                None => room.put(sketches)?,
            }
            candidates.extend(more);
            room.spill(candidates.len(), state.as_ref()).map(drop)
        })?;
        (self.bad, self.bad_places) = (bad, places);
        Ok(candidates)
    }

    fn batches(
        &self,
        stage: &'static str,
        mut visit: impl FnMut(&Path, &[Raw]) -> Result<(), CorpusError>,
    ) -> Result<(), CorpusError> {
        let mut done = 0;
        let mut place = 0;
        for path in self.inputs {
            let mut input = Input::open(path)?;
            loop {
                let mut batch = input.batch(BATCH_BYTES)?;
                if batch.is_empty() {
                    break;
                }
                if !self.bad_places.is_empty() {
                    let first = place;
                    place += batch.len();
                    let mut at = first..;
                    batch.retain(|_| at.next().is_some_and(|at| !self.bad_places.contains(&at)));
                }
                visit(path, &batch)?;
                done += batch.len() as u64;
                (self.tell)(Progress { stage, done, of: None });
            }
        }
        Ok(())
    }
}

fn entry(line: &Line<'_>, options: &DedupOptions, state: Option<&State>) -> (Candidate, Option<Sketch>) {
    let sources = &options.sources;
    let place = line.source.as_ref().and_then(|source| sources.iter().position(|name| name == source));
    let candidate = line.candidate(place.unwrap_or(sources.len()) as u32);
    let is_known = state.is_some_and(|state| state.has(candidate.text));
    let sketch = (options.near_duplicates && !is_known).then(|| Sketch::of(&line.text, options.profile)).flatten();
    (candidate, sketch)
}

fn remember(new: &[Candidate], sketches: &[Option<Sketch>], state: &mut State) -> Result<(), CorpusError> {
    for (candidate, sketch) in new.iter().zip(sketches) {
        state.add(candidate.text, sketch.as_ref())?;
    }
    state.flush()
}

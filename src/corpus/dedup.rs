//! The levels of duplication on documents that never saw an archive.

mod input;
mod line;
mod output;
#[cfg_attr(not(feature = "parquet"), path = "dedup/no_table.rs")]
mod table;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::input::{Input, Raw};
use self::line::{Line, parse};
use super::folder::Folder;
use super::levels::{Candidate, Level, Rules, Texts, verdicts};
use super::near::{self, Likeness, Prints, Sketch};
use super::progress::{Progress, Tell, silent};
use super::state::State;
use super::{CorpusError, FileEntry, parallel};

/// How `gleaner dedup` works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DedupOptions {
    /// Find near-duplicates, not only equal texts and addresses.
    pub near_duplicates: bool,
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
            threshold: near::THRESHOLD,
            sources: Vec::new(),
            bad_lines: BadLines::Stop,
            documents: true,
            shard_bytes: 256 << 20,
            threads: 0,
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
/// those that resemble another one.
///
/// # Errors
/// A line that is no document, with its file and number; a file that cannot be read or written.
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
    let mut state = options.state.as_deref().map(State::open).transpose()?;
    let mut job = Job { inputs, options, tell, bad: Vec::new(), bad_places: HashSet::new() };
    let mut lines = job.entries(&mut state)?;
    let order = rank(&mut lines);
    let candidates: Vec<Candidate> = order.iter().map(|&at| lines[at].candidate.clone()).collect();
    let rules = Rules { near: options.near_duplicates, threshold: options.threshold, threads: job.threads() };
    tell(Progress { stage: "comparing", done: 0, of: Some(lines.len() as u64) });
    let lookup = &mut Lookup { job: &job, lines: &mut lines, order: &order, state: &mut state };
    let ranked = verdicts(&candidates, rules, lookup)?;
    drop(candidates);
    let output = output::Output { job: &job, lines: &lines, order: &order, verdicts: &ranked };
    let report = output.write(folder.path())?;
    folder.finish()?;
    Ok(report)
}

/// What is remembered of a line.
struct Entry {
    candidate: Candidate,
    sketch: Option<Sketch>,
}

/// A line that is no document; one of `bad-lines.jsonl`.
#[derive(Serialize)]
struct BadLine {
    file: PathBuf,
    line: u64,
    reason: String,
}

/// The places of lines in order of rank.
fn rank(lines: &mut [Entry]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by(|&a, &b| lines[a].candidate.rank().cmp(&lines[b].candidate.rank()));
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

    /// Reads all documents, a batch at a time, each batch by all threads.
    fn entries(&mut self, state: &mut Option<State>) -> Result<Vec<Entry>, CorpusError> {
        let mut entries = Vec::new();
        let (mut bad, mut places, mut place) = (Vec::new(), HashSet::new(), 0);
        self.batches("reading", |path, batch| {
            let known = state.as_ref();
            let options = self.options;
            let made = parallel::map(batch, self.threads(), |raw| Ok(entry(&parse(raw)?, options, known)));
            for (result, raw) in made.into_iter().zip(batch) {
                match result {
                    Ok(entry) => entries.push(entry),
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
            let new = entries.len().saturating_sub(batch.len());
            match state {
                Some(state) if self.options.near_duplicates => remember(&entries[new..], state),
                _ => Ok(()),
            }
        })?;
        (self.bad, self.bad_places) = (bad, places);
        Ok(entries)
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

fn entry(line: &Line<'_>, options: &DedupOptions, state: Option<&State>) -> Entry {
    let sources = &options.sources;
    let place = line.source.as_ref().and_then(|source| sources.iter().position(|name| name == source));
    let candidate = line.candidate(place.unwrap_or(sources.len()) as u32);
    let is_known = state.is_some_and(|state| state.has(candidate.text));
    let sketch = (options.near_duplicates && !is_known).then(|| Sketch::of(&line.text)).flatten();
    Entry { candidate, sketch }
}

fn remember(entries: &[Entry], state: &mut State) -> Result<(), CorpusError> {
    for entry in entries {
        state.add(entry.candidate.text, entry.sketch.as_ref())?;
    }
    state.flush()
}

/// Sketches are at hand; prints are made by reading the input again.
struct Lookup<'a> {
    job: &'a Job<'a>,
    lines: &'a mut [Entry],
    order: &'a [usize],
    state: &'a mut Option<State>,
}

impl Lookup<'_> {
    fn text(&self, at: usize) -> crate::capture::Id {
        self.lines[self.order[at]].candidate.text
    }
}

impl Texts<CorpusError> for Lookup<'_> {
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        if self.state.is_none() {
            return Ok(of.iter().map(|&at| self.lines[self.order[at]].sketch.take()).collect());
        }
        let texts: Vec<_> = of.iter().map(|&at| self.text(at)).collect();
        self.lines.iter_mut().for_each(|line| line.sketch = None);
        self.state.as_mut().map_or(Ok(Vec::new()), |state| state.sketches(&texts))
    }

    fn prints(&mut self, of: &[usize]) -> Result<Vec<Prints>, CorpusError> {
        let mut prints = vec![Prints::default(); of.len()];
        if of.is_empty() {
            return Ok(prints);
        }
        let wanted: HashMap<usize, usize> = of.iter().enumerate().map(|(slot, &at)| (self.order[at], slot)).collect();
        let mut first = 0;
        self.job.batches("verifying", |path, batch| {
            let places = (first..).zip(batch).filter_map(|(place, raw)| Some((*wanted.get(&place)?, raw)));
            let places: Vec<(usize, &Raw)> = places.collect();
            first += batch.len();
            let made =
                parallel::map(&places, self.job.threads(), |(_, raw)| parse(raw).map(|line| Prints::of(&line.text)));
            for ((slot, _), made) in places.iter().zip(made) {
                prints[*slot] = made.map_err(|_| CorpusError::Changed(path.to_owned()))?;
            }
            Ok(())
        })?;
        Ok(prints)
    }

    fn known(&mut self, pairs: &[(usize, usize)]) -> Result<Vec<Option<Likeness>>, CorpusError> {
        let known = |state: &State, a, b| state.likeness(self.text(a), self.text(b));
        Ok(pairs.iter().map(|&(a, b)| self.state.as_ref().and_then(|state| known(state, a, b))).collect())
    }

    fn learn(&mut self, new: Vec<((usize, usize), Likeness)>) -> Result<(), CorpusError> {
        let Some(mut state) = self.state.take() else { return Ok(()) };
        for ((a, b), likeness) in new {
            state.learn(self.text(a), self.text(b), likeness)?;
        }
        state.flush()?;
        *self.state = Some(state);
        Ok(())
    }
}

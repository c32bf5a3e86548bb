//! The levels of duplication on JSON lines that never saw an archive.

mod input;
mod line;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use self::input::Lines;
use self::line::{Line, parse};
use super::folder::Folder;
use super::levels::{Candidate, Level, Rules, Texts, Verdict, verdicts};
use super::near::{self, Prints, Sketch};
use super::write::file::HashedFile;
use super::write::jsonl::Shards;
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
    /// A shard is closed at this size before compression.
    pub shard_bytes: u64,
    /// Threads at work; 0 for one a core. The result does not depend on it.
    #[serde(skip)]
    pub threads: usize,
}

impl Default for DedupOptions {
    fn default() -> Self {
        Self {
            near_duplicates: true,
            threshold: near::THRESHOLD,
            sources: Vec::new(),
            shard_bytes: 256 << 20,
            threads: 0,
        }
    }
}

/// What a deduplication did; `manifest.json` in its folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// Every other file of the folder, in name order.
    pub files: Vec<FileEntry>,
}

/// A line of `clusters.jsonl`: what became of a document, in input order.
#[derive(Serialize)]
struct Membership<'a> {
    id: &'a str,
    /// Id of the first of all documents it hangs together with.
    cluster: &'a str,
    /// Id of the document kept for it; its own where it is kept.
    kept: &'a str,
    /// `null` where it is kept.
    level: Option<Level>,
    /// Similarity to the kept one.
    jaccard: f64,
}

/// Reads JSON lines (plain, gzip or zstd) with `id` and `text`, perhaps `url`, `published`, `source`; writes into a
/// new or empty folder the lines that are kept, as they are and in input order, and `clusters.jsonl` with one line
/// for every input document. Which documents are kept depends on neither their order nor the number of threads.
///
/// The input is read three times; in memory are a sketch of every document (about 700 bytes) and the shingles of
/// those that resemble another one.
///
/// # Errors
/// A line that is no document, with its file and number; a file that cannot be read or written.
pub fn dedup(inputs: &[PathBuf], options: &DedupOptions, folder: &Path) -> Result<DedupReport, CorpusError> {
    let folder = Folder::begin(folder)?;
    let job = Job { inputs, options };
    let mut lines = job.read(|line| Ok(Entry::new(line, options)))?;
    let order = rank(&mut lines);
    let candidates: Vec<Candidate> = order.iter().map(|&at| lines[at].candidate.clone()).collect();
    let rules = Rules { near: options.near_duplicates, threshold: options.threshold, threads: job.threads() };
    let ranked = verdicts(&candidates, rules, &mut Lookup { job: &job, lines: &mut lines, order: &order })?;
    drop(candidates);
    let report = Output { job: &job, lines: &lines, order: &order, verdicts: &ranked }.write(folder.path())?;
    folder.finish()?;
    Ok(report)
}

/// What is remembered of a line.
struct Entry {
    candidate: Candidate,
    sketch: Option<Sketch>,
}

impl Entry {
    fn new(line: &Line, options: &DedupOptions) -> Self {
        let place = line.source.as_ref().and_then(|source| options.sources.iter().position(|name| name == source));
        let candidate = line.candidate(place.unwrap_or(options.sources.len()) as u32);
        Self { candidate, sketch: options.near_duplicates.then(|| Sketch::of(&line.text)).flatten() }
    }
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
}

/// Bytes of lines in memory at a time.
const BATCH_BYTES: usize = 16 << 20;

impl Job<'_> {
    fn threads(&self) -> usize {
        if self.options.threads == 0 { parallel::threads() } else { self.options.threads }
    }

    /// Reads all lines, a batch at a time, each batch by all threads; results come in input order.
    fn read<T: Send>(&self, work: impl Fn(&Line) -> Result<T, CorpusError> + Sync) -> Result<Vec<T>, CorpusError> {
        let mut out = Vec::new();
        let work = |raw: &input::Raw| parse(raw).and_then(|line| work(&line));
        self.batches(|batch| {
            for result in parallel::map(batch, self.threads(), work) {
                out.push(result?);
            }
            Ok(())
        })?;
        Ok(out)
    }

    fn batches(&self, mut visit: impl FnMut(&[input::Raw]) -> Result<(), CorpusError>) -> Result<(), CorpusError> {
        for path in self.inputs {
            let mut lines = Lines::open(path)?;
            loop {
                let batch = lines.batch(BATCH_BYTES)?;
                if batch.is_empty() {
                    break;
                }
                visit(&batch)?;
            }
        }
        Ok(())
    }
}

/// Sketches are at hand; prints are made by reading the input again.
struct Lookup<'a> {
    job: &'a Job<'a>,
    lines: &'a mut [Entry],
    order: &'a [usize],
}

impl Texts<CorpusError> for Lookup<'_> {
    fn sketches(&mut self, of: &[usize]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        Ok(of.iter().map(|&at| self.lines[self.order[at]].sketch.take()).collect())
    }

    fn prints(&mut self, of: &[usize]) -> Result<Vec<Prints>, CorpusError> {
        let wanted: HashMap<usize, usize> = of.iter().enumerate().map(|(slot, &at)| (self.order[at], slot)).collect();
        let mut prints = vec![Prints::default(); of.len()];
        let mut first = 0;
        self.job.batches(|batch| {
            let places = (first..).zip(batch).filter_map(|(place, raw)| Some((*wanted.get(&place)?, raw)));
            let places: Vec<(usize, &input::Raw)> = places.collect();
            first += batch.len();
            let made =
                parallel::map(&places, self.job.threads(), |(_, raw)| parse(raw).map(|line| Prints::of(&line.text)));
            for ((slot, _), made) in places.iter().zip(made) {
                prints[*slot] = made?;
            }
            Ok(())
        })?;
        Ok(prints)
    }
}

struct Output<'a> {
    job: &'a Job<'a>,
    lines: &'a [Entry],
    /// Place of each ranked document in the input.
    order: &'a [usize],
    /// In order of rank.
    verdicts: &'a [Verdict],
}

impl Output<'_> {
    fn write(&self, folder: &Path) -> Result<DedupReport, CorpusError> {
        let mut report = self.count();
        let mut rank_of = vec![0; self.lines.len()];
        self.order.iter().enumerate().for_each(|(rank, &place)| rank_of[place] = rank);
        let mut clusters = HashedFile::create(folder, "clusters.jsonl")?;
        for &rank in &rank_of {
            clusters.line(&self.membership(rank))?;
        }
        report.files.push(clusters.finish(report.documents)?);
        report.files.extend(self.write_kept(folder, &rank_of)?);
        let mut manifest = HashedFile::create(folder, "manifest.json")?;
        manifest.pretty(&report)?;
        manifest.finish(0)?;
        Ok(report)
    }

    fn count(&self) -> DedupReport {
        let mut report = DedupReport {
            gleaner: env!("CARGO_PKG_VERSION").to_owned(),
            sketch: near::SPEC.to_owned(),
            options: self.job.options.clone(),
            documents: self.verdicts.len() as u64,
            ..DedupReport::default()
        };
        for (rank, verdict) in self.verdicts.iter().enumerate() {
            report.clusters += u64::from(verdict.cluster == rank);
            match verdict.twin {
                Some(twin) => *report.dropped.entry(twin.level).or_default() += 1,
                None => report.kept += 1,
            }
        }
        report
    }

    fn membership(&self, rank: usize) -> Membership<'_> {
        let id = |rank: usize| self.lines[self.order[rank]].candidate.name.as_str();
        let verdict = &self.verdicts[rank];
        let twin = verdict.twin.as_ref();
        Membership {
            id: id(rank),
            cluster: id(verdict.cluster),
            kept: id(twin.map_or(rank, |twin| twin.kept)),
            level: twin.map(|twin| twin.level),
            jaccard: twin.map_or(1.0, |twin| (twin.jaccard * 1e4).round() / 1e4),
        }
    }

    fn write_kept(&self, folder: &Path, rank_of: &[usize]) -> Result<Vec<FileEntry>, CorpusError> {
        let mut shards = Shards::new(folder, self.job.options.shard_bytes);
        let mut place = 0;
        self.job.batches(|batch| {
            for raw in batch {
                if self.verdicts[rank_of[place]].twin.is_none() {
                    shards.line(&raw.with_break())?;
                }
                place += 1;
            }
            Ok(())
        })?;
        shards.end()
    }
}

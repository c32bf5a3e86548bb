//! Room for what is made of documents: memory, or a folder beside the output and a bound on memory.

use std::path::{Path, PathBuf};

use super::DedupOptions;
use super::input::CHUNK_ROOM;
use super::known::Remembered;
use super::repeats::BUFFER_BYTES;
use crate::corpus::CorpusError;
use crate::corpus::near::{SKETCH_BYTES, Sketch};
use crate::corpus::spill::{Slab, Spill};
use crate::parallel;

/// What stays in memory of every document: its candidate, its place in the order, its verdict (measured: 330), and where its
/// line stands (8).
const DOCUMENT_BYTES: u64 = 400;
/// And where paragraphs are looked for: its count, and its places among those that have a line, or nothing else.
const LINES_BYTES: u64 = 100;
/// What a run takes whatever it reads.
const BASE_BYTES: u64 = 56 << 20;
/// What a chunk in hand takes: itself, and what is made of it.
const IN_HAND: u64 = 2;
/// Less is no room for buffers.
const BUFFERS_BYTES_MIN: u64 = 16 << 20;

pub enum Room {
    /// Sketches by place in the input.
    Memory(Vec<Option<Sketch>>),
    Disk {
        folder: PathBuf,
        sketches: Slab,
        budget: Budget,
    },
}

/// How a bound on memory is shared out.
#[derive(Clone, Copy)]
pub struct Budget {
    memory_bytes: u64,
    /// Whatever the inputs.
    base_bytes: u64,
    /// Of each document.
    document_bytes: u64,
    /// Of the heaviest chunk: each thread may have had it, and what a thread took once the system does not get back.
    heaviest: u64,
    threads: u64,
}

/// Threads that work on the inputs: fewer than are wanted where those would take more than an eighth of the memory.
pub fn threads(options: &DedupOptions) -> usize {
    let wanted = parallel::at_work(options.threads);
    match options.memory_bytes {
        0 => wanted,
        memory => wanted.min((memory / 8 / (IN_HAND * CHUNK_ROOM)) as usize).max(1),
    }
}

/// Bytes of chunks that may be in hand before another is read: four a thread, or fewer where memory is bounded.
pub fn flight_bytes(options: &DedupOptions) -> u64 {
    /// One long line is not to be all that is worked on.
    const UNBOUNDED_MIN: u64 = 64 << 20;
    let all = 4 * threads(options) as u64 * CHUNK_ROOM;
    match options.memory_bytes {
        0 => all.max(UNBOUNDED_MIN),
        memory => all.min(memory / 16),
    }
}

impl Budget {
    fn new(options: &DedupOptions) -> Self {
        let (lines, document) = if options.counts_lines() { (BUFFER_BYTES as u64, LINES_BYTES) } else { (0, 0) };
        Self {
            memory_bytes: options.memory_bytes,
            base_bytes: BASE_BYTES + IN_HAND * flight_bytes(options) + lines,
            document_bytes: DOCUMENT_BYTES + document,
            heaviest: CHUNK_ROOM,
            threads: threads(options) as u64,
        }
    }

    fn taken(&self, documents: usize, state: Option<&Remembered>) -> u64 {
        let documents = documents as u64 * self.document_bytes;
        self.base_bytes + self.heaviest_bytes() + documents + state.map_or(0, Remembered::memory_bytes)
    }

    fn heaviest_bytes(&self) -> u64 {
        IN_HAND * self.heaviest * self.threads
    }

    /// What so many documents leave of the memory.
    fn left(&self, documents: usize, state: Option<&Remembered>) -> Result<u64, CorpusError> {
        let taken = self.taken(documents, state);
        let left = self.memory_bytes.saturating_sub(taken);
        if left >= BUFFERS_BYTES_MIN {
            return Ok(left);
        }
        let needed_bytes = taken + BUFFERS_BYTES_MIN;
        let (what, advice) = if self.heaviest > CHUNK_ROOM && self.heaviest_bytes() > taken / 4 {
            let threads = counted(self.threads as usize, "thread");
            let what = format!("lines of {} MB on {threads}", self.heaviest.div_ceil(1 << 20));
            (what, "work with fewer `--threads`, or leave lines out that are so long")
        } else {
            (counted(documents, "document"), "deduplicate in parts and then what they keep")
        };
        Err(CorpusError::Memory { what, needed_bytes, base_bytes: self.set_aside(), advice })
    }

    /// Whether, beside so many documents, so many paragraphs that take so much fit.
    pub fn check_paragraphs(
        &self,
        documents: usize,
        state: Option<&Remembered>,
        (paragraphs, bytes): (usize, u64),
    ) -> Result<(), CorpusError> {
        let needed_bytes = self.taken(documents, state) + bytes;
        if needed_bytes <= self.memory_bytes {
            return Ok(());
        }
        let paragraphs = counted(paragraphs, "repeated paragraph");
        let what = format!("{paragraphs} of {}", counted(documents, "document"));
        let advice = "look for none: `--paragraphs keep`";
        Err(CorpusError::Memory { what, needed_bytes, base_bytes: self.base_bytes, advice })
    }

    /// What of the memory no document gets.
    fn set_aside(&self) -> u64 {
        self.base_bytes + BUFFERS_BYTES_MIN
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

impl Room {
    pub fn new(options: &DedupOptions, output: &Path) -> Result<Self, CorpusError> {
        if options.memory_bytes == 0 {
            return Ok(Self::Memory(Vec::new()));
        }
        let folder = spill_folder(output);
        let sketches = Spill::new(&folder, 0)?.slab("sketches-by-place")?;
        Ok(Self::Disk { folder, sketches, budget: Budget::new(options) })
    }

    /// The sketch of the next document.
    pub fn put(&mut self, new: Option<Sketch>) -> Result<(), CorpusError> {
        match self {
            Self::Memory(sketches) => sketches.push(new),
            Self::Disk { sketches, .. } => sketches.append(&Sketch::pack(new.as_ref()))?,
        }
        Ok(())
    }

    /// All of them are there.
    pub fn flush(&mut self) -> Result<(), CorpusError> {
        if let Self::Disk { sketches, .. } = self { sketches.flush() } else { Ok(()) }
    }

    /// All sketches by place; `None` where they are on disk, or were taken.
    pub fn in_memory(&self) -> Option<&[Option<Sketch>]> {
        if let Self::Memory(sketches) = self { Some(&sketches[..]).filter(|all| !all.is_empty()) } else { None }
    }

    /// The sketches at these places; all that are wanted from memory are asked for at once.
    pub fn take(&mut self, places: impl Iterator<Item = usize>) -> Result<Vec<Option<Sketch>>, CorpusError> {
        match self {
            Self::Memory(sketches) => {
                let sketches = std::mem::take(sketches);
                Ok(places.map(|place| sketches[place].clone()).collect())
            }
            Self::Disk { sketches, .. } => {
                let read = |place: usize| {
                    let mut record = [0; SKETCH_BYTES];
                    sketches.read((place * SKETCH_BYTES) as u64, &mut record)?;
                    Ok(Sketch::unpack(&record))
                };
                places.map(read).collect()
            }
        }
    }

    /// What sketches are in memory are needed no more.
    pub fn let_go(&mut self) {
        if let Self::Memory(sketches) = self {
            *sketches = Vec::new();
        }
    }

    /// Where to put the rest, with what so many documents leave of the memory.
    pub fn spill(&self, documents: usize, state: Option<&Remembered>) -> Result<Option<Spill>, CorpusError> {
        let Self::Disk { folder, .. } = self else { return Ok(None) };
        let left = self.left(documents, state)?;
        Spill::new(folder, usize::try_from(left).unwrap_or(usize::MAX)).map(Some)
    }

    fn left(&self, documents: usize, state: Option<&Remembered>) -> Result<u64, CorpusError> {
        self.budget().map_or(Ok(u64::MAX), |budget| budget.left(documents, state))
    }

    /// Where memory is bounded.
    pub fn budget(&self) -> Option<Budget> {
        if let Self::Disk { budget, .. } = self { Some(*budget) } else { None }
    }

    /// A chunk of so many bytes was read.
    pub fn weigh(&mut self, bytes: u64) {
        if let Self::Disk { budget, .. } = self {
            budget.heaviest = budget.heaviest.max(bytes);
        }
    }

    /// Whether so many documents fit.
    pub fn check(&self, documents: usize, state: Option<&Remembered>) -> Result<(), CorpusError> {
        self.left(documents, state).map(drop)
    }
}

/// Where a deduplication puts what it will not need in the end.
pub fn spill_folder(output: &Path) -> PathBuf {
    output.join("spill")
}

/// Takes all of it away.
pub fn clear(output: &Path) -> Result<(), CorpusError> {
    Spill::new(&spill_folder(output), 0)?.remove()
}

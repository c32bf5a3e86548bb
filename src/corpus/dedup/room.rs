//! Room for what is made of documents: memory, or a folder beside the output and a bound on memory.

use std::path::{Path, PathBuf};

use super::DedupOptions;
use crate::corpus::near::{SLOTS, Sketch};
use crate::corpus::spill::{Slab, Spill};
use crate::corpus::{CorpusError, State};

/// What stays in memory of every document: its candidate, its place in the order, its verdict (measured: 330).
const DOCUMENT_BYTES: u64 = 400;
/// What a run takes for its lines in hand, whatever their number.
const BASE_BYTES: u64 = 96 << 20;
/// Less is no room for buffers.
const BUFFERS_BYTES_MIN: u64 = 16 << 20;

pub enum Room {
    /// Sketches by place in the input.
    Memory(Vec<Option<Sketch>>),
    Disk {
        folder: PathBuf,
        sketches: Slab,
        memory_bytes: u64,
    },
}

/// Whether there is a sketch (1), then its slots.
const RECORD_BYTES: usize = 1 + 4 * SLOTS;

impl Room {
    pub fn new(options: &DedupOptions, output: &Path) -> Result<Self, CorpusError> {
        if options.memory_bytes == 0 {
            return Ok(Self::Memory(Vec::new()));
        }
        let folder = spill_folder(output);
        let sketches = Spill::new(&folder, 0)?.slab("sketches-by-place")?;
        Ok(Self::Disk { folder, sketches, memory_bytes: options.memory_bytes })
    }

    /// The sketch of the next document.
    pub fn put(&mut self, new: Option<Sketch>) -> Result<(), CorpusError> {
        match self {
            Self::Memory(sketches) => sketches.push(new),
            Self::Disk { sketches, .. } => sketches.append(&packed(new.as_ref()))?,
        }
        Ok(())
    }

    /// All of them are there.
    pub fn flush(&mut self) -> Result<(), CorpusError> {
        if let Self::Disk { sketches, .. } = self { sketches.flush() } else { Ok(()) }
    }

    /// The sketches at these places; they are asked for once.
    pub fn take(&mut self, places: impl Iterator<Item = usize>) -> Result<Vec<Option<Sketch>>, CorpusError> {
        match self {
            Self::Memory(sketches) => Ok(places.map(|place| sketches[place].take()).collect()),
            Self::Disk { sketches, .. } => {
                let read = |place: usize| {
                    let mut record = [0; RECORD_BYTES];
                    sketches.read((place * RECORD_BYTES) as u64, &mut record)?;
                    Ok(unpacked(&record))
                };
                places.map(read).collect()
            }
        }
    }

    /// Where to put the rest, with what so many documents leave of the memory.
    pub fn spill(&self, documents: usize, state: Option<&State>) -> Result<Option<Spill>, CorpusError> {
        let Self::Disk { folder, .. } = self else { return Ok(None) };
        let left = self.left(documents, state)?;
        Spill::new(folder, usize::try_from(left).unwrap_or(usize::MAX)).map(Some)
    }

    /// What so many documents leave of the memory.
    ///
    /// # Errors
    /// Nothing.
    fn left(&self, documents: usize, state: Option<&State>) -> Result<u64, CorpusError> {
        let Self::Disk { memory_bytes, .. } = self else { return Ok(u64::MAX) };
        let taken = BASE_BYTES + documents as u64 * DOCUMENT_BYTES + state.map_or(0, State::memory_bytes);
        let left = memory_bytes.saturating_sub(taken);
        if left < BUFFERS_BYTES_MIN {
            let needed_bytes = taken + BUFFERS_BYTES_MIN;
            return Err(CorpusError::Memory { documents: documents as u64, needed_bytes });
        }
        Ok(left)
    }

    /// Whether so many documents fit.
    pub fn check(&self, documents: usize, state: Option<&State>) -> Result<(), CorpusError> {
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

fn packed(sketch: Option<&Sketch>) -> [u8; RECORD_BYTES] {
    let mut record = [0; RECORD_BYTES];
    if let Some(sketch) = sketch {
        record[0] = 1;
        let slots = record[1..].chunks_exact_mut(4).zip(sketch.0.iter());
        slots.for_each(|(bytes, slot)| bytes.copy_from_slice(&slot.to_le_bytes()));
    }
    record
}

fn unpacked(record: &[u8; RECORD_BYTES]) -> Option<Sketch> {
    let slot = |at: usize| u32::from_le_bytes(record[1 + 4 * at..][..4].try_into().expect("four bytes are taken"));
    (record[0] == 1).then(|| Sketch(Box::new(std::array::from_fn(slot))))
}

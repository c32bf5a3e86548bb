//! What a deduplication remembers for the next one: what was made of each chunk of lines, and how alike pairs of texts are.
//!
//! A chunk is known again by a hash of all of its bytes (128 bits of XXH3): every input is still read to its end, and what
//! was changed in it is noticed, whatever its name and date say. That takes a fiftieth of making it all anew.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::document::Contents;
use crate::capture::Id;
use crate::corpus::CorpusError;
use crate::corpus::near::{Likeness, Profile};
use crate::corpus::quick::QuickMap;
use crate::corpus::spill::Slab;
use crate::corpus::state::{Pairs, file_name, header, lock};

/// Raised when lines are read otherwise than before; so does the version of the program, in case that was forgotten.
const SPEC: u32 = 1;
const NAME: &str = "chunks";
/// Before what a chunk holds: its hash, the bytes of what it holds, and a checksum of both.
const HEAD_BYTES: usize = 16 + 4 + 4;
const SUM_BYTES: usize = 4;

/// What many runs know, in a folder of its own.
pub struct Remembered {
    chunks: Slab,
    /// Where each stands, and how many bytes it holds.
    places: QuickMap<u128, (u64, u32)>,
    pairs: Pairs,
    _lock: File,
}

impl Remembered {
    pub fn open(folder: &Path, profile: Profile) -> Result<Self, CorpusError> {
        fs::create_dir_all(folder).map_err(CorpusError::io("make", folder))?;
        let lock = lock(folder)?;
        let path = folder.join(file_name(NAME, profile));
        let head = format!("{} {SPEC} {}\n", header(NAME, profile).trim_end(), env!("CARGO_PKG_VERSION"));
        let (places, end) = places(&path, &head);
        let mut chunks = Slab::open(&path, end)?;
        if end == 0 {
            chunks.append(head.as_bytes())?;
        }
        Ok(Self { chunks, places, pairs: Pairs::open(folder, profile)?, _lock: lock })
    }

    /// What a chunk holds; `None` where it is not known, or what is known is damaged.
    pub fn chunk(&self, hash: u128) -> Option<Contents> {
        let &(start, length) = self.places.get(&hash)?;
        let mut bytes = vec![0; length as usize + SUM_BYTES];
        self.chunks.read(start, &mut bytes).ok()?;
        let (held, sum) = bytes.split_at(length as usize);
        (checksum(held) == sum).then(|| Contents::unpack(held)).flatten()
    }

    /// Remembers a chunk; what was known of it before is forgotten.
    pub fn add(&mut self, hash: u128, contents: &[u8]) -> Result<(), CorpusError> {
        let mut head = [0; HEAD_BYTES];
        head[..16].copy_from_slice(&hash.to_le_bytes());
        // What a chunk of at most 257 MB holds is far from 4 GB.
        head[16..20].copy_from_slice(&(contents.len() as u32).to_le_bytes());
        let sum = checksum(&head[..20]);
        head[20..].copy_from_slice(&sum);
        self.places.insert(hash, (self.chunks.end() + HEAD_BYTES as u64, contents.len() as u32));
        self.chunks.append(&head)?;
        self.chunks.append(contents)?;
        self.chunks.append(&checksum(contents))
    }

    /// What is known of a pair of texts.
    pub fn likeness(&self, a: Id, b: Id) -> Option<Likeness> {
        self.pairs.get(a, b)
    }

    /// Remembers pairs for the next run, on disk when this returns; this one has no more use for them.
    pub fn learn(&mut self, pairs: impl Iterator<Item = (Id, Id, Likeness)>) -> Result<(), CorpusError> {
        self.pairs.learn(pairs)?;
        self.pairs.flush()
    }

    /// Hands what is new of chunks to the system, so that it outlives this process and can be read.
    pub fn flush(&mut self) -> Result<(), CorpusError> {
        self.chunks.flush()
    }

    /// About how much memory it takes.
    pub fn memory_bytes(&self) -> u64 {
        const PLACE_BYTES: usize = 64;
        (self.places.len() * PLACE_BYTES) as u64 + self.pairs.memory_bytes()
    }
}

/// Where chunks stand in a file, and where the last whole one ends; 0 where the file is not of this kind.
fn places(path: &Path, head: &str) -> (QuickMap<u128, (u64, u32)>, u64) {
    let mut places = QuickMap::default();
    let Ok(mut file) = File::open(path) else { return (places, 0) };
    let length = file.metadata().map_or(0, |about| about.len());
    let mut start = vec![0; head.len()];
    if file.read_exact(&mut start).is_err() || start != head.as_bytes() {
        return (places, 0);
    }
    let mut end = head.len() as u64;
    while let Some((hash, held)) = head_at(&file, end) {
        let after = end + HEAD_BYTES as u64 + u64::from(held) + SUM_BYTES as u64;
        if after > length {
            break;
        }
        places.insert(hash, (end + HEAD_BYTES as u64, held));
        end = after;
    }
    (places, end)
}

/// Hash and length of the chunk that stands there.
fn head_at(file: &File, at: u64) -> Option<(u128, u32)> {
    let mut head = [0; HEAD_BYTES];
    crate::corpus::spill::read_at(file, at, &mut head).ok()?;
    let held = u32::from_le_bytes(head[16..20].try_into().expect("four bytes are taken"));
    let hash = u128::from_le_bytes(head[..16].try_into().expect("sixteen bytes are taken"));
    (checksum(&head[..20]) == head[20..]).then_some((hash, held))
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    crc32c::crc32c(bytes).to_le_bytes()
}

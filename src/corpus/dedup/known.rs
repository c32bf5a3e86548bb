//! What a deduplication remembers for the next one: what was made of each chunk of lines, how alike pairs of texts are, and
//! what was found of all of them ([`Found`]).
//!
//! A chunk is known again by a hash of all of its bytes (128 bits of XXH3): an input is read to its end, which takes a
//! fiftieth of making it all anew, and what was changed in it is noticed, whatever its name and date say. One that the system
//! and its own ends say is unchanged is not read ([`Stamp`]). The file only grows, until more than half of it is of chunks
//! that are in the inputs no more.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::unchanged::{Files, Stamp, Whole};
use crate::capture::Id;
use crate::corpus::CorpusError;
use crate::corpus::levels::{Found, Rules};
use crate::corpus::near::{Likeness, Profile};
use crate::corpus::quick::{QuickMap, QuickSet};
use crate::corpus::spill::{Slab, read_at};
use crate::corpus::state::{FoundFile, Pairs, checksum, clear_old, file_name, header, lock};

/// Raised when lines are read otherwise than before; so does the version of the program, in case that was forgotten.
const SPEC: u32 = 6;
const NAME: &str = "chunks";
/// Before what a chunk holds: its hash, that of the one before it and its bytes (0 where either is not told), the bytes of
/// what it holds, and a checksum of all that.
const HEAD_BYTES: usize = 16 + 16 + 8 + 4 + 4;
const SUM_BYTES: usize = 4;

/// What many runs know, in a folder of its own.
pub struct Remembered {
    folder: PathBuf,
    path: PathBuf,
    /// The first line of the file.
    head: String,
    chunks: Slab,
    places: Places,
    /// The chunks that this run came upon.
    used: QuickSet<u128>,
    pairs: Pairs,
    files: Files,
    _lock: File,
}

#[derive(Default)]
struct Places {
    /// Where what a chunk holds stands, and how many bytes that is.
    of: QuickMap<u128, (u64, u32)>,
    /// The chunk that came after one, and how many bytes of lines it is.
    after: QuickMap<u128, (u128, u64)>,
}

/// A chunk, and where it stood.
#[derive(Clone, Copy)]
pub struct Mark {
    pub hash: u128,
    /// Of the one before it in its file.
    pub before: Option<u128>,
    /// Of its lines, where it can be told from these alone: whatever comes behind them, it ends there.
    pub bytes: Option<u64>,
}

impl Places {
    fn add(&mut self, mark: Mark, start: u64, length: u32) {
        self.of.insert(mark.hash, (start, length));
        if let (Some(before), Some(bytes)) = (mark.before, mark.bytes) {
            self.after.insert(before, (mark.hash, bytes));
        }
    }
}

impl Mark {
    fn pack(self, held: u32) -> [u8; HEAD_BYTES] {
        let mut head = [0; HEAD_BYTES];
        head[..16].copy_from_slice(&self.hash.to_le_bytes());
        head[16..32].copy_from_slice(&self.before.unwrap_or_default().to_le_bytes());
        head[32..40].copy_from_slice(&self.bytes.unwrap_or_default().to_le_bytes());
        head[40..44].copy_from_slice(&held.to_le_bytes());
        let sum = checksum(&head[..44]);
        head[44..].copy_from_slice(&sum);
        head
    }

    fn unpack(head: &[u8; HEAD_BYTES]) -> Option<(Self, u32)> {
        let hash = |at: usize| u128::from_le_bytes(head[at..at + 16].try_into().expect("sixteen bytes are taken"));
        let bytes = u64::from_le_bytes(head[32..40].try_into().expect("eight bytes are taken"));
        let held = u32::from_le_bytes(head[40..44].try_into().expect("four bytes are taken"));
        let some = |number: u128| Some(number).filter(|&number| number > 0);
        let mark = Self { hash: hash(0), before: some(hash(16)), bytes: Some(bytes).filter(|&bytes| bytes > 0) };
        (checksum(&head[..44]) == head[44..]).then_some((mark, held))
    }
}

impl Remembered {
    pub fn open(folder: &Path, profile: Profile) -> Result<Self, CorpusError> {
        fs::create_dir_all(folder).map_err(CorpusError::io("make", folder))?;
        let lock = lock(folder)?;
        clear_old(folder)?;
        let path = folder.join(file_name(NAME, profile));
        let head = format!("{} {SPEC} {}\n", header(NAME, profile).trim_end(), env!("CARGO_PKG_VERSION"));
        let (places, end) = places(&path, &head);
        let mut chunks = Slab::open(&path, end)?;
        if end == 0 {
            chunks.append(head.as_bytes())?;
        }
        // The file system's own time: this room has no clock.
        let begun = (&lock).write_all(b"\n").and_then(|()| lock.metadata()).and_then(|about| about.modified());
        let begun = begun.map_err(CorpusError::io("write", folder))?;
        let (pairs, files) = (Pairs::open(folder, profile)?, Files::open(folder, profile, begun));
        let used = QuickSet::default();
        Ok(Self { folder: folder.to_owned(), path, head, chunks, places, used, pairs, files, _lock: lock })
    }

    /// The chunk that is likely to come after one: its hash, and how many bytes of lines it is.
    pub fn after(&self, before: u128) -> Option<(u128, u64)> {
        self.places.after.get(&before).copied()
    }

    /// What a chunk holds, packed, read into a room that may be given again; `None` where it is not known, or what is known is
    /// damaged.
    pub fn chunk<'a>(&self, hash: u128, room: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        let &(start, length) = self.places.of.get(&hash)?;
        let all = length as usize + SUM_BYTES;
        if room.len() < all {
            room.resize(all, 0);
        }
        self.chunks.read(start, &mut room[..all]).ok()?;
        let (bytes, sum) = room[..all].split_at(length as usize);
        (checksum(bytes) == *sum).then_some(bytes)
    }

    /// What a file is made of that has not changed since it was read; `None` where that, or what a chunk of it holds, is not
    /// known.
    pub fn file(&self, stamp: Stamp) -> Option<Whole> {
        let whole = self.files.get(stamp)?;
        whole.chunks.iter().all(|(hash, _)| self.places.of.contains_key(hash)).then(|| whole.clone())
    }

    /// Remembers the files of this run, and no others.
    pub fn learn_files(&mut self, read: Vec<(Stamp, Whole)>) -> Result<(), CorpusError> {
        self.files.learn(read)
    }

    /// Remembers a chunk; what was known of it before is forgotten.
    pub fn add(&mut self, mark: Mark, contents: &[u8]) -> Result<(), CorpusError> {
        self.used.insert(mark.hash);
        // What a chunk of at most 257 MB holds is far from 4 GB.
        let held = contents.len() as u32;
        self.places.add(mark, self.chunks.end() + HEAD_BYTES as u64, held);
        self.chunks.append(&mark.pack(held))?;
        self.chunks.append(contents)?;
        self.chunks.append(&checksum(contents))
    }

    /// A chunk is in the inputs, and known.
    pub fn keep(&mut self, hash: u128) {
        self.used.insert(hash);
    }

    /// Writes the file anew without the chunks that are not in the inputs, where those are more than half of it.
    pub fn tidy(&mut self) -> Result<(), CorpusError> {
        self.chunks.flush()?;
        let of = &self.places.of;
        let mut kept: Vec<(u64, u32)> = self.used.iter().filter_map(|hash| of.get(hash).copied()).collect();
        let bytes = |held: u32| HEAD_BYTES as u64 + u64::from(held) + SUM_BYTES as u64;
        let kept_bytes: u64 = kept.iter().map(|&(_, held)| bytes(held)).sum();
        if self.chunks.end() - self.head.len() as u64 <= 2 * kept_bytes {
            return Ok(());
        }
        kept.sort_unstable();
        let path = self.path.with_extension("new");
        let mut new = Slab::create(&path)?;
        new.append(self.head.as_bytes())?;
        for (start, held) in kept {
            let mut record = vec![0; bytes(held) as usize];
            self.chunks.read(start - HEAD_BYTES as u64, &mut record)?;
            new.append(&record)?;
        }
        new.sync()?;
        fs::rename(&path, &self.path).map_err(CorpusError::io("write", &self.path))?;
        let (places, end) = places(&self.path, &self.head);
        (self.places, self.chunks) = (places, Slab::open(&self.path, end)?);
        Ok(())
    }

    /// What an earlier run found, if that is known.
    pub fn found(&self, rules: Rules) -> Option<Found> {
        FoundFile::new(&self.folder, rules).read()
    }

    /// Remembers what this run found.
    pub fn find(&self, rules: Rules, found: &Found) -> Result<(), CorpusError> {
        FoundFile::new(&self.folder, rules).write(found)
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
        const PLACE_BYTES: usize = 160;
        // That it was used (36), its hash in what the job notes of it (32, in a list half empty), and, once all is read, in
        // what its file is made of (32), twice.
        const USED_BYTES: usize = 36 + 64 + 64;
        let chunks = self.places.of.len() * PLACE_BYTES + self.used.len() * USED_BYTES;
        chunks as u64 + self.pairs.memory_bytes() + self.files.memory_bytes()
    }
}

/// Where chunks stand in a file, and where the last whole one ends; 0 where the file is not of this kind.
fn places(path: &Path, head: &str) -> (Places, u64) {
    let mut places = Places::default();
    let Ok(mut file) = File::open(path) else { return (places, 0) };
    let length = file.metadata().map_or(0, |about| about.len());
    let mut start = vec![0; head.len()];
    if file.read_exact(&mut start).is_err() || start != head.as_bytes() {
        return (places, 0);
    }
    let mut end = head.len() as u64;
    let mut bytes = [0; HEAD_BYTES];
    while read_at(&file, end, &mut bytes).is_ok() {
        let Some((mark, held)) = Mark::unpack(&bytes) else { break };
        let after = end + HEAD_BYTES as u64 + u64::from(held) + SUM_BYTES as u64;
        if after > length {
            break;
        }
        places.add(mark, end + HEAD_BYTES as u64, held);
        end = after;
    }
    (places, end)
}

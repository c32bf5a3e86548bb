//! Files that have not changed since they were read: what they hold is known, and nothing of them is read.
//!
//! A file is the one that was read where device, number, length, both its times and both its ends are. Programs may set the
//! time of its last writing; that of its last change (`ctime`) the system alone sets, with whatever is written to it and with
//! its other times. Two changes within one tick of its clock have one time: so what was changed just before it was read is
//! not known. The file is opened to be asked: a network file system may say of a path what it was a minute ago.
//!
//! Some file systems have no time of change of their own (FAT, SquashFS, many in user space), and what is written through
//! shared memory may be told late. There the ends, which hold the checksums of gzip and zstd, tell most changes, and not
//! one: a file written anew in its middle alone, its length and times as before. A folder that remembers nothing reads all.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::xxh3_128;

use crate::corpus::CorpusError;
use crate::corpus::near::Profile;
use crate::corpus::spill::read_at;
use crate::corpus::state::{WholeFile, file_name, header};

/// Raised when a file is packed otherwise than before.
const SPEC: u32 = 2;
const NAME: &str = "files";
/// What was changed no longer before it was read than this is read again; the coarsest clocks of file systems tick every two
/// seconds.
const SETTLED: Duration = Duration::from_secs(2);

/// So much of a file is read at each end whatever the system says of it.
const END_BYTES: u64 = 64 << 10;

/// What tells a file from every other one, and from itself once it was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    said: Said,
    /// A digest of its first and last bytes.
    ends: u128,
}

/// What the system says: device, number, length, and seconds and nanoseconds of last writing and last change.
type Said = [u64; 7];

const SAID_BYTES: usize = 7 * 8;
const CHUNK_BYTES: usize = 16 + 8;

/// What a file is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Whole {
    /// Whether it cannot be read from any place on.
    pub is_packed: bool,
    /// The hash of each chunk, and how many bytes of lines it is.
    pub chunks: Vec<(u128, u64)>,
}

impl Stamp {
    /// `None` where it is no file, or the system does not tell all of it.
    pub fn of(file: &File) -> Option<Self> {
        let about = file.metadata().ok().filter(Metadata::is_file)?;
        Some(Self { said: said(&about)?, ends: ends(file, about.len()).ok()? })
    }

    /// Whether the system says the same of this file. Its ends were read before all else: what changed them since is found
    /// by the next run.
    pub fn is_still(&self, file: &File) -> bool {
        file.metadata().is_ok_and(|about| said(&about) == Some(self.said))
    }

    /// Whether its last change, which lies not in the future, is long enough before this time since 1970.
    fn is_settled(&self, now: Duration) -> bool {
        let changed = u32::try_from(self.said[6]).ok().map(|nanos| Duration::new(self.said[5], nanos));
        changed.and_then(|changed| now.checked_sub(changed)).is_some_and(|since| since >= SETTLED)
    }
}

#[cfg(unix)]
fn said(about: &Metadata) -> Option<Said> {
    use std::os::unix::fs::MetadataExt;
    let written = [about.mtime(), about.mtime_nsec()].map(i64::cast_unsigned);
    let changed = [about.ctime(), about.ctime_nsec()].map(i64::cast_unsigned);
    Some([about.dev(), about.ino(), about.size(), written[0], written[1], changed[0], changed[1]])
}

#[cfg(not(unix))]
fn said(_: &Metadata) -> Option<Said> {
    None
}

/// Of a file of so many bytes; a small one is read whole.
fn ends(file: &File, length: u64) -> io::Result<u128> {
    let first = length.min(END_BYTES);
    let last = (length - first).min(END_BYTES);
    let mut bytes = vec![0; (first + last) as usize];
    let (start, end) = bytes.split_at_mut(first as usize);
    read_at(file, 0, start)?;
    read_at(file, length - last, end)?;
    Ok(xxh3_128(&bytes))
}

/// The files that the last run read, in a file that is whole or not there.
pub struct Files {
    file: WholeFile,
    known: HashMap<Stamp, Whole>,
    /// Since 1970, as the file system of the folder counts it: nothing was read before. That of an input may be behind.
    begun: Duration,
}

impl Files {
    /// `begun` is a time before anything was read.
    pub fn open(folder: &Path, profile: Profile, begun: SystemTime) -> Self {
        let head = format!("{} {SPEC} {}\n", header(NAME, profile).trim_end(), env!("CARGO_PKG_VERSION"));
        let file = WholeFile::new(&folder.join(file_name(NAME, profile)), head);
        let known = file.read(unpack).unwrap_or_default();
        Self { file, known, begun: begun.duration_since(UNIX_EPOCH).unwrap_or_default() }
    }

    pub fn get(&self, stamp: Stamp) -> Option<&Whole> {
        self.known.get(&stamp)
    }

    /// About how much memory they take.
    pub fn memory_bytes(&self) -> u64 {
        /// In a table that may be half empty.
        const FILE_BYTES: usize = 2 * size_of::<(Stamp, Whole)>();
        let chunks: usize = self.known.values().map(|whole| whole.chunks.len()).sum();
        (self.known.len() * FILE_BYTES + chunks * size_of::<(u128, u64)>()) as u64
    }

    /// Remembers these files, but for what was changed just before it was read, and no others.
    pub fn learn(&mut self, mut read: Vec<(Stamp, Whole)>) -> Result<(), CorpusError> {
        read.retain(|(stamp, _)| stamp.is_settled(self.begun));
        let known = read.iter().cloned().collect();
        if self.known == known {
            return Ok(());
        }
        self.known = known;
        self.file.write(0, |bytes| read.iter().for_each(|(stamp, whole)| pack(*stamp, whole, bytes)))
    }
}

fn pack(stamp: Stamp, whole: &Whole, into: &mut Vec<u8>) {
    stamp.said.iter().for_each(|number| into.extend_from_slice(&number.to_le_bytes()));
    into.extend_from_slice(&stamp.ends.to_le_bytes());
    into.push(u8::from(whole.is_packed));
    into.extend_from_slice(&(whole.chunks.len() as u64).to_le_bytes());
    for (hash, bytes) in &whole.chunks {
        into.extend_from_slice(&hash.to_le_bytes());
        into.extend_from_slice(&bytes.to_le_bytes());
    }
}

/// `None` where the bytes are of something else.
fn unpack(mut bytes: &[u8]) -> Option<HashMap<Stamp, Whole>> {
    let mut known = HashMap::new();
    while !bytes.is_empty() {
        let (numbers, rest) = bytes.split_first_chunk::<SAID_BYTES>()?;
        let (ends, rest) = rest.split_first_chunk()?;
        let (&[is_packed], rest) = rest.split_first_chunk()?;
        let (count, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u64::from_le_bytes(*count)).ok()?.checked_mul(CHUNK_BYTES)?;
        let (chunks, rest) = rest.split_at_checked(length)?;
        let chunks = chunks.as_chunks::<CHUNK_BYTES>().0.iter().map(chunk).collect::<Option<_>>()?;
        let said = std::array::from_fn(|at| u64::from_le_bytes(numbers.as_chunks().0[at]));
        known.insert(Stamp { said, ends: u128::from_le_bytes(*ends) }, Whole { is_packed: is_packed != 0, chunks });
        bytes = rest;
    }
    Some(known)
}

fn chunk(packed: &[u8; CHUNK_BYTES]) -> Option<(u128, u64)> {
    Some((u128::from_le_bytes(*packed.first_chunk()?), u64::from_le_bytes(*packed.last_chunk()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(said: Said) -> Stamp {
        Stamp { said, ends: 0 }
    }

    /// As on a file system without a time of change of its own, whose files were given their dates back.
    #[cfg(unix)]
    #[test]
    fn a_file_of_which_the_system_says_the_same_is_known_by_its_ends_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in");
        let stamp = |text: &[u8]| {
            std::fs::write(&path, text).unwrap();
            Stamp::of(&File::open(&path).unwrap()).unwrap()
        };
        let end = END_BYTES as usize;
        for length in [1, end, end + 1, 2 * end, 5 * end] {
            let text: Vec<u8> = (0..length).map(|at| b'a' + (at % 23) as u8).collect();
            let known = stamp(&text);
            let later = SystemTime::now() + Duration::from_secs(60);
            let mut files = Files::open(folder.path(), Profile::Web, later);
            let whole = Whole { is_packed: false, chunks: vec![(3, length as u64); 9] };
            files.learn(vec![(known, whole)]).unwrap();
            assert!(files.memory_bytes() >= 9 * 24, "{}", files.memory_bytes());
            for at in [0, length / 3, length / 2, length - 1] {
                let mut other = text.clone();
                other[at] ^= 1;
                let seeming = Stamp { said: known.said, ..stamp(&other) };
                let is_between = at >= end && at < length - end;
                assert_eq!(files.get(seeming).is_some(), is_between, "byte {at} of {length}");
            }
            let same = Stamp { said: known.said, ..stamp(&text) };
            assert!(Files::open(folder.path(), Profile::Web, later).get(same).is_some());
        }
    }

    #[test]
    fn files_come_back_and_no_bytes_do_harm() {
        let whole = Whole { is_packed: true, chunks: vec![(u128::MAX / 7, 3), (5, u64::MAX)] };
        let known = HashMap::from([
            (Stamp { said: [1, 2, 3, 4, 5, 6, u64::MAX], ends: u128::MAX / 5 }, whole),
            (stamp([0; 7]), Whole::default()),
        ]);
        let mut bytes = Vec::new();
        known.iter().for_each(|(stamp, whole)| pack(*stamp, whole, &mut bytes));
        assert_eq!(unpack(&bytes), Some(known));
        for at in 1..bytes.len() {
            let _ = unpack(&bytes[..at]);
            let mut other = bytes.clone();
            other[at] ^= 0xff;
            let _ = unpack(&other);
        }
    }

    #[test]
    fn what_was_changed_just_now_or_in_the_future_is_not_settled() {
        let known = stamp([1, 2, 3, 0, 0, 1000, 500_000_000]);
        for (now, expected) in [(1002.4, false), (1002.5, true), (5000.0, true), (1000.5, false), (999.0, false)] {
            assert_eq!(known.is_settled(Duration::from_secs_f64(now)), expected, "{now}");
        }
        assert!(!stamp([1, 2, 3, 0, 0, -5_i64 as u64, 0]).is_settled(Duration::from_secs(1 << 40)));
        assert!(!stamp([1, 2, 3, 0, 0, 5, u64::MAX]).is_settled(Duration::from_secs(1 << 40)));
    }
}

//! Files that have not changed since they were read: what they hold is known, and nothing of them is read.
//!
//! A file is the one that was read where device, number, length and both its times are. Programs may set the time of its
//! last writing; that of its last change (`ctime`) the system alone sets, with whatever is written to it and with its other
//! times. Two changes within one tick of its clock have one time: so what was changed just before it was read is not known.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::corpus::CorpusError;
use crate::corpus::near::Profile;
use crate::corpus::state::{WholeFile, file_name, header};

/// Raised when a file is packed otherwise than before.
const SPEC: u32 = 1;
const NAME: &str = "files";
/// What was changed no longer before it was read than this is read again; the coarsest clocks of file systems tick every two
/// seconds.
const SETTLED: Duration = Duration::from_secs(2);

/// What tells a file from every other one, and from itself once it was changed: device, number, length, and seconds and
/// nanoseconds of last writing and last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp([u64; 7]);

const STAMP_BYTES: usize = 7 * 8;
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
    /// `None` where the system does not tell all of it.
    #[cfg(unix)]
    pub fn of(about: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let written = [about.mtime(), about.mtime_nsec()].map(i64::cast_unsigned);
        let changed = [about.ctime(), about.ctime_nsec()].map(i64::cast_unsigned);
        Some(Self([about.dev(), about.ino(), about.size(), written[0], written[1], changed[0], changed[1]]))
    }

    #[cfg(not(unix))]
    pub fn of(_: &Metadata) -> Option<Self> {
        None
    }

    /// Whether its last change, which lies not in the future, is long enough before this time since 1970.
    fn is_settled(&self, now: Duration) -> bool {
        let changed = u32::try_from(self.0[6]).ok().map(|nanos| Duration::new(self.0[5], nanos));
        changed.and_then(|changed| now.checked_sub(changed)).is_some_and(|since| since >= SETTLED)
    }
}

/// The files that the last run read, in a file that is whole or not there.
pub struct Files {
    file: WholeFile,
    known: HashMap<Stamp, Whole>,
    /// Since 1970, as file systems count it: nothing was read before.
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
    stamp.0.iter().for_each(|number| into.extend_from_slice(&number.to_le_bytes()));
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
        let (stamp, rest) = bytes.split_first_chunk::<STAMP_BYTES>()?;
        let (&[is_packed], rest) = rest.split_first_chunk()?;
        let (count, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u64::from_le_bytes(*count)).ok()?.checked_mul(CHUNK_BYTES)?;
        let (chunks, rest) = rest.split_at_checked(length)?;
        let chunks = chunks.as_chunks::<CHUNK_BYTES>().0.iter().map(chunk).collect::<Option<_>>()?;
        let stamp = Stamp(std::array::from_fn(|at| u64::from_le_bytes(stamp.as_chunks().0[at])));
        known.insert(stamp, Whole { is_packed: is_packed != 0, chunks });
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

    #[test]
    fn files_come_back_and_no_bytes_do_harm() {
        let whole = Whole { is_packed: true, chunks: vec![(u128::MAX / 7, 3), (5, u64::MAX)] };
        let known = HashMap::from([(Stamp([1, 2, 3, 4, 5, 6, u64::MAX]), whole), (Stamp([0; 7]), Whole::default())]);
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
        let stamp = Stamp([1, 2, 3, 0, 0, 1000, 500_000_000]);
        for (now, expected) in [(1002.4, false), (1002.5, true), (5000.0, true), (1000.5, false), (999.0, false)] {
            assert_eq!(stamp.is_settled(Duration::from_secs_f64(now)), expected, "{now}");
        }
        assert!(!Stamp([1, 2, 3, 0, 0, -5_i64 as u64, 0]).is_settled(Duration::from_secs(1 << 40)));
        assert!(!Stamp([1, 2, 3, 0, 0, 5, u64::MAX]).is_settled(Duration::from_secs(1 << 40)));
    }
}

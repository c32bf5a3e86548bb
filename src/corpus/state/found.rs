//! What a run found, for the next one to go on from.

use std::path::Path;

use super::whole::WholeFile;
use super::{file_name, header};
use crate::corpus::CorpusError;
use crate::corpus::levels::{Found, Rules};
use crate::corpus::near::Fate;

/// Raised when pairs or fates are made otherwise than before; so does the version of the program, in case that was forgotten.
const SPEC: u32 = 5;
const NAME: &str = "found";
/// So many bytes of each document are worth keeping; families that take more are looked for anew.
const DOCUMENT_BYTES_MAX: usize = 200;

/// What was found, in a file of its own.
pub struct FoundFile(WholeFile);

impl FoundFile {
    pub fn new(folder: &Path, rules: Rules) -> Self {
        let (of, version) = (header(NAME, rules.profile), env!("CARGO_PKG_VERSION"));
        let head = format!("{} {SPEC} {} {version}\n", of.trim_end(), rules.threshold);
        Self(WholeFile::new(&folder.join(file_name(NAME, rules.profile)), head))
    }

    /// `None` where there is none, or it is damaged or of other rules.
    pub fn read(&self) -> Option<Found> {
        self.0.read(unpack)
    }

    /// Writes what was found; what takes more than it is worth is not, and what was found before is forgotten.
    pub fn write(&self, found: &Found) -> Result<(), CorpusError> {
        let packed = packed_bytes(found);
        if packed > COUNT_BYTES + found.texts.len() * DOCUMENT_BYTES_MAX {
            return self.0.remove();
        }
        self.0.write(packed, |bytes| pack(found, bytes))
    }
}

/// How many there are of each kind.
const COUNT_BYTES: usize = 5 * 8;
const TEXT_BYTES: usize = 16;
const PAIR_BYTES: usize = 8;
const CROWDED_BYTES: usize = 4;
const FATE_BYTES: usize = 4 * 4 + 8;

fn packed_bytes(found: &Found) -> usize {
    let Found { texts, likely, together, crowded, fates } = found;
    let pairs = (likely.len() + together.len()) * PAIR_BYTES;
    COUNT_BYTES + texts.len() * TEXT_BYTES + pairs + crowded.len() * CROWDED_BYTES + fates.len() * FATE_BYTES
}

fn pack(found: &Found, into: &mut Vec<u8>) {
    let Found { texts, likely, together, crowded, fates } = found;
    for count in [texts.len(), likely.len(), together.len(), crowded.len(), fates.len()] {
        into.extend_from_slice(&(count as u64).to_le_bytes());
    }
    texts.iter().for_each(|text| into.extend_from_slice(&text.to_le_bytes()));
    let mut put = |number: u32| into.extend_from_slice(&number.to_le_bytes());
    likely.iter().chain(together).flat_map(|&(a, b)| [a, b]).for_each(&mut put);
    crowded.iter().copied().for_each(&mut put);
    for (at, fate) in fates {
        for number in [*at, fate.cluster, fate.kin, fate.kept] {
            into.extend_from_slice(&number.to_le_bytes());
        }
        into.extend_from_slice(&fate.jaccard.to_le_bytes());
    }
}

/// `None` where the bytes are of nothing that was found, or name a document that there is not.
fn unpack(bytes: &[u8]) -> Option<Found> {
    let (counts, mut rest) = bytes.split_at_checked(COUNT_BYTES)?;
    let mut part = |kind: usize, each: usize| {
        let count = u64::from_le_bytes(*counts[kind * 8..].first_chunk()?);
        let (part, others) = rest.split_at_checked(usize::try_from(count).ok()?.checked_mul(each)?)?;
        rest = others;
        Some(part)
    };
    let texts: Vec<u128> = part(0, TEXT_BYTES)?.as_chunks().0.iter().map(|text| u128::from_le_bytes(*text)).collect();
    let pair = |pair: &[u8; PAIR_BYTES]| (number(pair, 0), number(pair, 1));
    let likely: Vec<(u32, u32)> = part(1, PAIR_BYTES)?.as_chunks().0.iter().map(pair).collect();
    let together: Vec<(u32, u32)> = part(2, PAIR_BYTES)?.as_chunks().0.iter().map(pair).collect();
    let crowded: Vec<u32> = part(3, CROWDED_BYTES)?.as_chunks().0.iter().map(|at| u32::from_le_bytes(*at)).collect();
    let fates: Vec<(u32, Fate)> = part(4, FATE_BYTES)?.as_chunks().0.iter().map(fate).collect();
    let pairs = likely.iter().chain(&together).flat_map(|&(a, b)| [a, b]);
    let of_fates = fates.iter().flat_map(|&(at, fate)| [at, fate.cluster, fate.kin, fate.kept]);
    let mut named = pairs.chain(crowded.iter().copied()).chain(of_fates);
    let is_whole = rest.is_empty() && named.all(|at| (at as usize) < texts.len());
    is_whole.then_some(Found { texts, likely, together, crowded, fates })
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(*bytes[at * 4..].first_chunk().expect("a record has so many numbers"))
}

fn fate(record: &[u8; FATE_BYTES]) -> (u32, Fate) {
    let jaccard = f64::from_le_bytes(*record.last_chunk().expect("a record ends with a similarity"));
    (number(record, 0), Fate { cluster: number(record, 1), kin: number(record, 2), kept: number(record, 3), jaccard })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::whole::SUM_BYTES;
    use super::*;
    use crate::corpus::near::Profile;

    #[test]
    fn what_is_worth_keeping_comes_back_and_of_more_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let rules = Rules { near: true, threshold: 0.7, kin: None, threads: 1, profile: Profile::Web };
        let file = FoundFile::new(folder.path(), rules);
        let fate = Fate { cluster: 0, kin: 0, kept: 0, jaccard: 0.8 };
        let small = Found {
            texts: vec![1, u128::MAX, 3],
            likely: vec![(0, 1), (1, 2)],
            together: vec![(0, 2)],
            crowded: vec![2],
            fates: vec![(0, fate), (2, fate)],
        };
        let large = Found { likely: vec![(0, 1); 100], ..small.clone() };
        file.write(&large).unwrap();
        assert!(file.read().is_none() && fs::read_dir(folder.path()).unwrap().next().is_none());
        file.write(&small).unwrap();
        assert!(file.read() == Some(small.clone()));
        let length = fs::metadata(&file.0.path).unwrap().len() as usize;
        assert_eq!(length, file.0.head.len() + packed_bytes(&small) + SUM_BYTES);
        file.write(&large).unwrap();
        assert!(file.read().is_none() && fs::read_dir(folder.path()).unwrap().next().is_none());
    }
}

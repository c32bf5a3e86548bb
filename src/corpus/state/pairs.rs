//! How alike pairs of texts are.

use std::collections::HashSet;
use std::path::Path;

use super::store::Store;
use super::{file_name, header};
use crate::capture::Id;
use crate::corpus::CorpusError;
use crate::corpus::near::{Likeness, Profile};
use crate::corpus::quick::QuickMap;

/// Half of each text's id, then what [`Likeness`] holds.
const PAIR_BYTES: usize = 32 + 8 + 8 + 1 + 4;
const NAME: &str = "pairs";

/// Pairs that were verified, in a file that only grows.
pub struct Pairs {
    store: Store<PAIR_BYTES>,
    known: QuickMap<u128, Likeness>,
}

impl Pairs {
    pub fn open(folder: &Path, profile: Profile) -> Result<Self, CorpusError> {
        let path = folder.join(file_name(NAME, profile));
        // A table that grows step by step is filled as often.
        let likely = std::fs::metadata(&path).map_or(0, |about| about.len() / PAIR_BYTES as u64).min(1 << 20);
        let mut known = QuickMap::with_capacity_and_hasher(likely as usize, Default::default());
        let store = Store::open(path, &header(NAME, profile), |record| {
            known.insert(place(record), likeness(record));
        })?;
        Ok(Self { store, known })
    }

    pub fn get(&self, a: Id, b: Id) -> Option<Likeness> {
        self.known.get(&place(&key(a, b))).copied()
    }

    /// Remembers pairs for the next run; this one has no more use for them.
    pub fn learn(&mut self, pairs: impl Iterator<Item = (Id, Id, Likeness)>) -> Result<(), CorpusError> {
        for (a, b, likeness) in pairs {
            let key = key(a, b);
            if self.known.contains_key(&place(&key)) {
                continue;
            }
            let mut record = [0; PAIR_BYTES];
            record[..32].copy_from_slice(&key);
            record[32..40].copy_from_slice(&likeness.jaccard.to_le_bytes());
            record[40..48].copy_from_slice(&likeness.containment.to_le_bytes());
            record[48] = u8::from(likeness.is_series);
            record[49..].copy_from_slice(&likeness.words.to_le_bytes());
            self.store.append(&record)?;
        }
        Ok(())
    }

    pub fn retain(&mut self, texts: &HashSet<Id>) -> Result<(), CorpusError> {
        let halves: HashSet<&[u8]> = texts.iter().map(|text| &text.0[..16]).collect();
        self.store.retain(|record| halves.contains(&record[..16]) && halves.contains(&record[16..32]))
    }

    /// About how much memory it takes, with what a run that asks for its pairs makes of them.
    pub fn memory_bytes(&self) -> u64 {
        const PAIR_BYTES: usize = 112 + 64;
        (self.known.len() * PAIR_BYTES) as u64
    }

    pub fn flush(&mut self) -> Result<(), CorpusError> {
        self.store.flush()
    }
}

fn key(a: Id, b: Id) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&a.min(b).0[..16]);
    key[16..].copy_from_slice(&a.max(b).0[..16]);
    key
}

/// Both halves of a key as one number: they are parts of hashes, so that two keys are the same once in 2^128.
fn place(key: &[u8]) -> u128 {
    const ODD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let half = |at: usize| u128::from_le_bytes(key[at..at + 16].try_into().expect("sixteen bytes are taken"));
    half(0).wrapping_mul(ODD) ^ half(16)
}

fn likeness(record: &[u8]) -> Likeness {
    let float = |at: usize| f64::from_le_bytes(record[at..at + 8].try_into().expect("eight bytes are taken"));
    let words = u32::from_le_bytes(record[49..53].try_into().expect("four bytes are taken"));
    Likeness { jaccard: float(32), containment: float(40), is_series: record[48] != 0, words }
}

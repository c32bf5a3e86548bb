//! How alike pairs of texts are.

use std::collections::HashSet;
use std::path::Path;
use std::sync::OnceLock;

use super::store::Store;
use super::{file_name, header};
use crate::capture::Id;
use crate::corpus::CorpusError;
use crate::corpus::near::{Likeness, Profile, fold};

/// Half of each text's id, then what [`Likeness`] holds.
const KEY_BYTES: usize = 32;
const PAIR_BYTES: usize = KEY_BYTES + 8 + 8 + 1 + 4;
const NAME: &str = "pairs";

/// Pairs that were verified, in a file that only grows.
pub struct Pairs {
    store: Store<PAIR_BYTES>,
    known: Known,
}

/// Records as they stand in the file, and where each is: filling a table with what they hold would take most of the time of a
/// run that asks for few of them.
struct Known {
    records: Vec<[u8; PAIR_BYTES]>,
    /// Once a pair was asked for: a power of two of slots, of which at most half are taken; each has the number of a record,
    /// from 1 on.
    slots: OnceLock<Vec<u32>>,
}

impl Known {
    fn new(records: Vec<[u8; PAIR_BYTES]>) -> Self {
        Self { records, slots: OnceLock::new() }
    }

    fn slots(&self) -> Vec<u32> {
        let mut slots = vec![0; (2 * self.records.len() + 1).next_power_of_two()];
        for at in 0..self.records.len() {
            let slot = self.slot(&slots, key_of(&self.records[at]));
            slots[slot] = at as u32 + 1;
        }
        slots
    }

    /// The slot of a key: the one it has, or else the first that is free.
    fn slot(&self, slots: &[u32], key: &[u8; KEY_BYTES]) -> usize {
        let mask = slots.len() - 1;
        let mut slot = start(key) as usize & mask;
        while self.record(slots[slot]).is_some_and(|record| key_of(record) != key) {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn record(&self, number: u32) -> Option<&[u8; PAIR_BYTES]> {
        (number as usize).checked_sub(1).map(|at| &self.records[at])
    }

    fn get(&self, key: &[u8; KEY_BYTES]) -> Option<&[u8; PAIR_BYTES]> {
        let slots = self.slots.get_or_init(|| self.slots());
        self.record(slots[self.slot(slots, key)])
    }
}

impl Pairs {
    pub fn open(folder: &Path, profile: Profile) -> Result<Self, CorpusError> {
        let path = folder.join(file_name(NAME, profile));
        // A list that grows step by step is copied as often.
        let likely = std::fs::metadata(&path).map_or(0, |about| about.len() / PAIR_BYTES as u64).min(1 << 20);
        let mut records = Vec::with_capacity(likely as usize);
        let store = Store::open(path, &header(NAME, profile), |record| records.push(*record))?;
        Ok(Self { store, known: Known::new(records) })
    }

    pub fn get(&self, a: Id, b: Id) -> Option<Likeness> {
        self.known.get(&key(a, b)).map(likeness)
    }

    /// Remembers pairs for the next run; this one has no more use for them.
    pub fn learn(&mut self, pairs: impl Iterator<Item = (Id, Id, Likeness)>) -> Result<(), CorpusError> {
        for (a, b, likeness) in pairs {
            let key = key(a, b);
            if self.known.get(&key).is_some() {
                continue;
            }
            let mut record = [0; PAIR_BYTES];
            record[..KEY_BYTES].copy_from_slice(&key);
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
        const TAKEN_BYTES: usize = 112 + 64;
        (self.known.records.len() * TAKEN_BYTES) as u64
    }

    pub fn flush(&mut self) -> Result<(), CorpusError> {
        self.store.flush()
    }
}

fn key(a: Id, b: Id) -> [u8; KEY_BYTES] {
    let mut key = [0; KEY_BYTES];
    key[..16].copy_from_slice(&a.min(b).0[..16]);
    key[16..].copy_from_slice(&a.max(b).0[..16]);
    key
}

fn key_of(record: &[u8; PAIR_BYTES]) -> &[u8; KEY_BYTES] {
    record.first_chunk().expect("a record begins with its key")
}

/// Where a key is looked for first: both halves are parts of hashes.
fn start(key: &[u8; KEY_BYTES]) -> u64 {
    let part = |at: usize| u64::from_le_bytes(key[at..at + 8].try_into().expect("eight bytes are taken"));
    fold(part(0) ^ part(16).rotate_left(32))
}

fn likeness(record: &[u8; PAIR_BYTES]) -> Likeness {
    let float = |at: usize| f64::from_le_bytes(record[at..at + 8].try_into().expect("eight bytes are taken"));
    let words = u32::from_le_bytes(record[49..53].try_into().expect("four bytes are taken"));
    Likeness { jaccard: float(32), containment: float(40), is_series: record[48] != 0, words }
}

//! Prints on disk, the last used in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Slab, Spill};
use crate::corpus::CorpusError;
use crate::corpus::near::Prints;

/// Prints of documents by number.
pub struct Shelf {
    slab: Slab,
    /// Where each stands and how long it is.
    places: HashMap<u32, (u64, u32)>,
    cache: Mutex<Cache>,
    bytes_max: usize,
}

#[derive(Default)]
struct Cache {
    prints: HashMap<u32, Arc<Prints>>,
    bytes: usize,
}

impl Shelf {
    pub fn new(spill: &Spill) -> Result<Self, CorpusError> {
        let slab = spill.slab("prints")?;
        Ok(Self { slab, places: HashMap::new(), cache: Mutex::default(), bytes_max: spill.bytes / 2 })
    }

    pub fn has(&self, at: u32) -> bool {
        self.places.contains_key(&at)
    }

    pub fn put(&mut self, at: u32, prints: &Prints) -> Result<(), CorpusError> {
        let bytes = packed(prints);
        self.places.insert(at, (self.slab.end(), bytes.len() as u32));
        self.slab.append(&bytes)
    }

    pub fn flush(&mut self) -> Result<(), CorpusError> {
        self.slab.flush()
    }

    pub fn get(&self, at: u32) -> Result<Option<Arc<Prints>>, CorpusError> {
        let Some(&(start, length)) = self.places.get(&at) else { return Ok(None) };
        // A panic elsewhere leaves the cache whole: each insertion is one step.
        let cache = || self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prints) = cache().prints.get(&at) {
            return Ok(Some(prints.clone()));
        }
        let mut bytes = vec![0; length as usize];
        self.slab.read(start, &mut bytes)?;
        let prints = Arc::new(unpacked(&bytes));
        let mut cache = cache();
        if cache.bytes + bytes.len() > self.bytes_max {
            *cache = Cache::default();
        }
        cache.bytes += bytes.len();
        cache.prints.insert(at, prints.clone());
        Ok(Some(prints))
    }
}

fn packed(prints: &Prints) -> Vec<u8> {
    let lists = [&prints.shingles, &prints.numeric, &prints.folded, &prints.numbers];
    let lengths = lists.iter().map(|list| list.len() as u32);
    let numbers = [prints.words].into_iter().chain(lengths).chain(lists.iter().flat_map(|list| list.iter().copied()));
    numbers.flat_map(u32::to_le_bytes).collect()
}

fn unpacked(bytes: &[u8]) -> Prints {
    let mut numbers =
        bytes.chunks_exact(4).map(|number| u32::from_le_bytes(number.try_into().expect("four bytes are taken")));
    let mut next = || numbers.next().unwrap_or_default();
    let words = next();
    let lengths: [u32; 4] = std::array::from_fn(|_| next());
    let [shingles, numeric, folded, numbers] = lengths.map(|length| (0..length).map(|_| next()).collect());
    Prints { shingles, numeric, folded, numbers, words }
}

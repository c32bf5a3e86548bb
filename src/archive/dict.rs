//! Dictionaries: what the texts of a segment have in common, carried at its beginning.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use zstd::zstd_safe::{CDict, DDict, get_dict_id_from_dict};

use super::lock;
use super::record::{FLAG_JSON, Kind, Record};
use crate::capture::Id;

/// No dictionary is larger, whatever a record says.
pub(super) const DICT_BYTES_MAX: usize = 1 << 20;
/// Nor is one made that is smaller: it would not pay.
const DICT_BYTES_MIN: usize = 1 << 10;
/// A dictionary takes one byte for so many of what it is trained for. On some hundred to some thousand texts that saves 3 %
/// against one byte for 48, its own bytes counted; one for 14 would save 0.2 to 0.9 % more, and make sealing slower.
const SHARE: usize = 20;
/// Training reads this many bytes for each byte of the dictionary, and no more than `SAMPLE_BYTES_MAX`.
const SAMPLE_SHARE: usize = 40;
const SAMPLE_BYTES_MAX: usize = 24 << 20;
/// Of one content no more than its beginning is trained on.
const SAMPLE_PART_BYTES: usize = 128 << 10;
/// With fewer contents there is nothing to learn.
const SAMPLES_MIN: usize = 24;

/// One dictionary, made ready for zstd when it is first used.
pub(super) struct Dict {
    /// zstd's own number for it, which its frames name.
    pub id: u32,
    pub bytes: Vec<u8>,
    decoder: OnceLock<DDict<'static>>,
    encoders: Mutex<BTreeMap<i32, Arc<CDict<'static>>>>,
}

impl std::fmt::Debug for Dict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dict({:08x}, {} bytes)", self.id, self.bytes.len())
    }
}

impl Dict {
    /// `None` for bytes that are no zstd dictionary.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let id = get_dict_id_from_dict(&bytes)?.get();
        // Not copied only to be looked at: it may be a megabyte that nobody unpacks with.
        let whole = bytes.len() <= DICT_BYTES_MAX && DDict::try_create_by_reference(&bytes).is_some();
        whole.then(|| Self { id, bytes, decoder: OnceLock::new(), encoders: Mutex::default() })
    }

    pub fn decoder(&self) -> &DDict<'static> {
        self.decoder.get_or_init(|| DDict::create(&self.bytes))
    }

    /// `None` when zstd cannot have memory.
    pub fn encoder(&self, level: i32) -> Option<Arc<CDict<'static>>> {
        let mut encoders = lock(&self.encoders);
        if let Some(encoder) = encoders.get(&level) {
            return Some(Arc::clone(encoder));
        }
        let encoder = Arc::new(CDict::try_create(&self.bytes, level)?);
        encoders.insert(level, Arc::clone(&encoder));
        Some(encoder)
    }

    /// The record that carries it.
    pub fn record(&self, flags: u8) -> Record {
        let id = Id::of(&self.bytes);
        let with = super::codec::With { level: 19, ..Default::default() };
        let record = super::codec::pack(Kind::DICT, id, &self.bytes, with);
        let mut record = record.unwrap_or_else(|_| Record::plain(Kind::DICT, id, self.bytes.clone()));
        record.header.flags = flags;
        record
    }
}

/// The dictionaries of one segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Dicts {
    pub text: Option<Arc<Dict>>,
    pub json: Option<Arc<Dict>>,
    /// The segment's beginning is damaged: it may carry others, of which nothing is known.
    pub unknown: bool,
}

impl Dicts {
    /// The one that contents of this kind are packed with.
    pub fn of(&self, kind: Kind) -> Option<&Dict> {
        self.of_kind(kind).map(|dict| &**dict)
    }

    pub fn of_kind(&self, kind: Kind) -> Option<&Arc<Dict>> {
        match kind {
            Kind::CAPTURE | Kind::RECORDS => self.json.as_ref(),
            Kind::TEXT | Kind::RAW => self.text.as_ref(),
            _ => None,
        }
    }

    /// The flags of the record of that one.
    pub fn flags_for(kind: Kind) -> u8 {
        if matches!(kind, Kind::CAPTURE | Kind::RECORDS) { FLAG_JSON } else { 0 }
    }

    pub fn by_id(&self, id: u32) -> Option<&Arc<Dict>> {
        [&self.text, &self.json].into_iter().flatten().find(|dict| dict.id == id)
    }

    pub fn add(&mut self, flags: u8, dict: Arc<Dict>) {
        if flags & FLAG_JSON != 0 { self.json = Some(dict) } else { self.text = Some(dict) }
    }

    /// Their records, in the order they stand in a segment.
    pub fn records(&self) -> Vec<Record> {
        let text = self.text.as_ref().map(|dict| dict.record(0));
        let json = self.json.as_ref().map(|dict| dict.record(FLAG_JSON));
        text.into_iter().chain(json).collect()
    }

    pub fn each(&self) -> impl Iterator<Item = &Arc<Dict>> {
        [&self.text, &self.json].into_iter().flatten()
    }
}

/// What a training reads: contents taken evenly from all there are.
pub(super) struct Sample {
    parts: Vec<Vec<u8>>,
    dict_bytes: usize,
    /// One content in so many is taken.
    step: usize,
    seen: usize,
}

impl Sample {
    /// For contents of so many bytes in all.
    pub fn new(contents: usize, bytes: u64) -> Self {
        let dict_bytes = (bytes as usize / SHARE).min(DICT_BYTES_MAX);
        let wanted = (dict_bytes * SAMPLE_SHARE).clamp(1, SAMPLE_BYTES_MAX);
        let step = (bytes as usize).div_ceil(wanted).max(1);
        let dict_bytes = if contents < SAMPLES_MIN { 0 } else { dict_bytes };
        Self { parts: Vec::new(), dict_bytes, step, seen: 0 }
    }

    /// Whether a dictionary will come of it.
    pub fn is_wanted(&self) -> bool {
        self.dict_bytes >= DICT_BYTES_MIN
    }

    /// Whether the next content is one to be taken.
    pub fn next(&mut self) -> bool {
        self.seen += 1;
        self.is_wanted() && (self.seen - 1).is_multiple_of(self.step)
    }

    pub fn take(&mut self, content: &[u8]) {
        self.parts.push(content[..content.len().min(SAMPLE_PART_BYTES)].to_vec());
    }

    /// The same samples give the same dictionary.
    pub fn train(self) -> Option<Arc<Dict>> {
        if !self.is_wanted() || self.parts.len() < SAMPLES_MIN / 2 {
            return None;
        }
        let bytes = zstd::dict::from_samples(&self.parts, self.dict_bytes).ok()?;
        Dict::new(bytes).map(Arc::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `GLEANER_TEXTS=DIR cargo test --release --lib dict_sizes -- --ignored --nocapture`
    #[test]
    #[ignore = "prints figures"]
    fn dict_sizes() {
        use super::super::codec::{With, pack};
        let Some(folder) = std::env::var_os("GLEANER_TEXTS") else { return };
        let mut texts: Vec<Vec<u8>> =
            std::fs::read_dir(folder).unwrap().map(|f| std::fs::read(f.unwrap().path()).unwrap()).collect();
        texts.sort();
        let total: usize = texts.iter().map(Vec::len).sum();
        eprintln!("{} texts, {total} bytes", texts.len());
        for dict_bytes in [32 << 10, 112 << 10, 256 << 10, 512 << 10, 1 << 20] {
            let begun = std::time::Instant::now();
            let dict = Dict::new(zstd::dict::from_samples(&texts, dict_bytes).unwrap()).unwrap();
            let trained = begun.elapsed();
            let own = dict.record(0).payload.len();
            for level in [9, 19] {
                let begun = std::time::Instant::now();
                let packed: usize = texts
                    .iter()
                    .map(|text| {
                        pack(Kind::TEXT, Id::of(text), text, With { level, dict: Some(&dict), ..With::default() })
                            .unwrap()
                            .payload
                            .len()
                    })
                    .sum();
                eprintln!(
                    "dict {dict_bytes} ({own} packed, {trained:?}) level {level}: {packed} + {own} = {} ({:.0} a text) in {:?}",
                    packed + own,
                    packed as f64 / texts.len() as f64,
                    begun.elapsed()
                );
            }
        }
    }
}

//! What a run remembers for the next one: sketches of texts, and how alike pairs of them are.
//!
//! Both depend on the texts alone, so that a run that remembers gives what a run from nothing would. The files only
//! grow; what a killed run left half written is cut off, and what cannot be read is made again.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::CorpusError;
use super::near::{self, Likeness, Profile, SLOTS, Sketch};
use crate::capture::Id;

/// The state of many runs, in a folder of its own.
pub struct State {
    sketches: Store<SKETCH_BYTES>,
    pairs: Store<PAIR_BYTES>,
    /// Place of each text's sketch in its file.
    places: HashMap<Id, u32>,
    known: HashMap<[u8; 32], Likeness>,
    _lock: File,
}

/// Text id, words known to be enough (1) or not (0), slots.
const SKETCH_BYTES: usize = 32 + 1 + 4 * SLOTS;
/// Half of each text's id, then what [`Likeness`] holds.
const PAIR_BYTES: usize = 32 + 8 + 8 + 1 + 4;

impl State {
    /// Opens a state, or begins one.
    ///
    /// # Errors
    /// The folder cannot be read or written, or another run holds it.
    pub fn open(folder: &Path, profile: Profile) -> Result<Self, CorpusError> {
        fs::create_dir_all(folder).map_err(CorpusError::io("make", folder))?;
        let lock = lock(folder)?;
        let mut places = HashMap::new();
        let mut place = 0;
        let sketches = Store::open(folder, "sketches", profile, |record| {
            places.insert(id(record), place);
            place += 1;
        })?;
        let mut known = HashMap::new();
        let pairs = Store::open(folder, "pairs", profile, |record| {
            known.insert(key_of(record), likeness(record));
        })?;
        Ok(Self { sketches, pairs, places, known, _lock: lock })
    }

    /// Whether this text's sketch is at hand.
    pub fn has(&self, text: Id) -> bool {
        self.places.contains_key(&text)
    }

    /// Remembers a sketch, or that the text is too short for one.
    pub fn add(&mut self, text: Id, sketch: Option<&Sketch>) -> Result<(), CorpusError> {
        if self.has(text) {
            return Ok(());
        }
        let mut record = [0; SKETCH_BYTES];
        record[..32].copy_from_slice(&text.0);
        if let Some(sketch) = sketch {
            record[32] = 1;
            let slots = record[33..].chunks_exact_mut(4).zip(sketch.0.iter());
            slots.for_each(|(bytes, slot)| bytes.copy_from_slice(&slot.to_le_bytes()));
        }
        self.places.insert(text, self.sketches.count);
        self.sketches.append(&record)
    }

    /// The sketches of texts it has, read in the order of the file.
    pub fn sketches(&mut self, texts: &[Id]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        let mut wanted: Vec<(u32, usize)> =
            texts.iter().enumerate().filter_map(|(slot, text)| Some((*self.places.get(text)?, slot))).collect();
        wanted.sort_unstable();
        let mut found = vec![None; texts.len()];
        self.sketches.read(&wanted, |slot, record| found[slot] = sketch(record))?;
        Ok(found)
    }

    /// What is known of a pair of texts.
    pub fn likeness(&self, a: Id, b: Id) -> Option<Likeness> {
        self.known.get(&key(a, b)).copied()
    }

    /// Remembers pairs for the next run, on disk when this returns; this one has no more use for them.
    pub fn learn(&mut self, pairs: impl Iterator<Item = (Id, Id, Likeness)>) -> Result<(), CorpusError> {
        for (a, b, likeness) in pairs {
            self.learn_one(a, b, likeness)?;
        }
        self.flush()
    }

    fn learn_one(&mut self, a: Id, b: Id, likeness: Likeness) -> Result<(), CorpusError> {
        if self.known.contains_key(&key(a, b)) {
            return Ok(());
        }
        let mut record = [0; PAIR_BYTES];
        record[..32].copy_from_slice(&key(a, b));
        record[32..40].copy_from_slice(&likeness.jaccard.to_le_bytes());
        record[40..48].copy_from_slice(&likeness.containment.to_le_bytes());
        record[48] = u8::from(likeness.is_series);
        record[49..].copy_from_slice(&likeness.words.to_le_bytes());
        self.pairs.append(&record)
    }

    /// Whether a folder remembers anything of this profile.
    fn is_there(folder: &Path, profile: Profile) -> bool {
        folder.join(file_name("sketches", profile)).exists()
    }

    /// Forgets all but what is told of these texts.
    fn retain(&mut self, texts: &HashSet<Id>) -> Result<(), CorpusError> {
        let halves: HashSet<&[u8]> = texts.iter().map(|text| &text.0[..16]).collect();
        self.sketches.retain(|record| texts.contains(&id(record)))?;
        self.pairs.retain(|record| halves.contains(&record[..16]) && halves.contains(&record[16..32]))
    }

    /// About how much memory it takes, with what a run that asks for its pairs makes of them.
    pub fn memory_bytes(&self) -> u64 {
        const PLACE_BYTES: usize = 72;
        const PAIR_BYTES: usize = 128 + 64;
        (self.places.len() * PLACE_BYTES + self.known.len() * PAIR_BYTES) as u64
    }

    /// Hands what is new to the system, so that it outlives this process.
    pub fn flush(&mut self) -> Result<(), CorpusError> {
        self.sketches.flush()?;
        self.pairs.flush()
    }
}

/// Forgets all that a folder remembers but of these texts, after what was erased; waits for a run that holds it.
///
/// # Errors
/// It cannot be read or written.
pub fn forget_all_but(folder: &Path, texts: &HashSet<Id>) -> Result<(), CorpusError> {
    let profiles = [Profile::Web, Profile::Ocr];
    let known: Vec<String> =
        profiles.iter().flat_map(|&profile| ["sketches", "pairs"].map(|name| file_name(name, profile))).collect();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    let path = folder.join("state.lock");
    // Given back before the states below take it.
    File::create(&path).and_then(|lock| lock.lock()).map_err(CorpusError::io("lock", &path))?;
    for entry in entries.flatten().map(|entry| entry.path()) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        // Of a spec that is no more: it cannot be read, and must not stay.
        if name.ends_with(".bin") && !known.iter().any(|known| *known == name) {
            fs::remove_file(&entry).map_err(CorpusError::io("remove", &entry))?;
        }
    }
    for profile in profiles.into_iter().filter(|&profile| State::is_there(folder, profile)) {
        State::open(folder, profile)?.retain(texts)?;
    }
    Ok(())
}

/// The name holds a hash of what sketches are made of: those of another spec are left alone.
fn file_name(name: &str, profile: Profile) -> String {
    format!("{name}-{:08x}.bin", near::fixed_hash(header(name, profile).as_bytes()) as u32)
}

fn header(name: &str, profile: Profile) -> String {
    format!("gleaner {name} 1 {}\n", profile.spec())
}

fn lock(folder: &Path) -> Result<File, CorpusError> {
    let path = folder.join("state.lock");
    let file = File::create(&path).map_err(CorpusError::io("write", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(CorpusError::Busy(folder.to_owned())),
        Err(fs::TryLockError::Error(source)) => Err(CorpusError::io("lock", &path)(source)),
    }
}

fn id(record: &[u8]) -> Id {
    Id(record[..32].try_into().expect("a record begins with 32 bytes of id"))
}

fn key_of(record: &[u8]) -> [u8; 32] {
    record[..32].try_into().expect("a record begins with 32 bytes of key")
}

fn key(a: Id, b: Id) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&a.min(b).0[..16]);
    key[16..].copy_from_slice(&a.max(b).0[..16]);
    key
}

fn likeness(record: &[u8]) -> Likeness {
    let float = |at: usize| f64::from_le_bytes(record[at..at + 8].try_into().expect("eight bytes are taken"));
    let words = u32::from_le_bytes(record[49..53].try_into().expect("four bytes are taken"));
    Likeness { jaccard: float(32), containment: float(40), is_series: record[48] != 0, words }
}

fn sketch(record: &[u8]) -> Option<Sketch> {
    let slot = |at: usize| u32::from_le_bytes(record[33 + 4 * at..][..4].try_into().expect("four bytes are taken"));
    (record[32] == 1).then(|| Sketch(Box::new(std::array::from_fn(slot))))
}

/// A file of records of one length, each followed by its checksum, after a line that names what they are.
struct Store<const BYTES: usize> {
    path: PathBuf,
    file: BufWriter<File>,
    header_bytes: u64,
    count: u32,
}

impl<const BYTES: usize> Store<BYTES> {
    const LENGTH: u64 = BYTES as u64 + 4;

    fn open(folder: &Path, name: &str, profile: Profile, mut visit: impl FnMut(&[u8])) -> Result<Self, CorpusError> {
        let header = header(name, profile);
        let path = folder.join(file_name(name, profile));
        let failed = || CorpusError::io("read", &path);
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = options.map_err(failed())?;
        let mut start = vec![0; header.len()];
        let whole = file.read_exact(&mut start).is_ok() && start == header.as_bytes();
        let mut count = 0;
        if whole {
            let mut reader = BufReader::with_capacity(1 << 20, &file);
            let mut record = [0; BYTES];
            while read_record(&mut reader, &mut record) {
                visit(&record);
                count += 1;
            }
        }
        let header_bytes = header.len() as u64;
        file.set_len(if whole { header_bytes + u64::from(count) * Self::LENGTH } else { 0 }).map_err(failed())?;
        file.seek(SeekFrom::End(0)).map_err(failed())?;
        let mut file = BufWriter::new(file);
        if !whole {
            file.write_all(header.as_bytes()).map_err(failed())?;
        }
        Ok(Self { path, file, header_bytes, count })
    }

    fn append(&mut self, record: &[u8; BYTES]) -> Result<(), CorpusError> {
        let written = self.file.write_all(record).and_then(|()| self.file.write_all(&checksum(record)));
        written.map_err(CorpusError::io("write", &self.path))?;
        self.count += 1;
        Ok(())
    }

    /// Writes the file anew with what is kept of it; it is not to be used after.
    fn retain(&mut self, keep: impl Fn(&[u8]) -> bool) -> Result<(), CorpusError> {
        self.flush()?;
        let failed = || CorpusError::io("write", &self.path);
        let mut old = BufReader::new(File::open(&self.path).map_err(failed())?);
        let mut header = vec![0; self.header_bytes as usize];
        old.read_exact(&mut header).map_err(failed())?;
        let path = self.path.with_extension("new");
        let mut new = BufWriter::new(File::create(&path).map_err(failed())?);
        new.write_all(&header).map_err(failed())?;
        let mut record = [0; BYTES];
        while read_record(&mut old, &mut record) {
            if keep(&record) {
                new.write_all(&record).and_then(|()| new.write_all(&checksum(&record))).map_err(failed())?;
            }
        }
        let whole = new.flush().and_then(|()| new.get_ref().sync_all());
        whole.and_then(|()| fs::rename(&path, &self.path)).map_err(failed())
    }

    fn flush(&mut self) -> Result<(), CorpusError> {
        self.file.flush().map_err(CorpusError::io("write", &self.path))
    }

    /// Reads the records at these places, which are in order.
    fn read(&mut self, wanted: &[(u32, usize)], mut visit: impl FnMut(usize, &[u8])) -> Result<(), CorpusError> {
        self.flush()?;
        let failed = || CorpusError::io("read", &self.path);
        let mut reader = BufReader::with_capacity(1 << 16, File::open(&self.path).map_err(failed())?);
        let mut at = 0;
        let mut record = [0; BYTES];
        for &(place, slot) in wanted {
            let start = self.header_bytes + u64::from(place) * Self::LENGTH;
            reader.seek_relative(start as i64 - at as i64).map_err(failed())?;
            reader.read_exact(&mut record).map_err(failed())?;
            at = start + BYTES as u64;
            visit(slot, &record);
        }
        Ok(())
    }
}

/// Whether a whole record could be read.
fn read_record(reader: &mut impl Read, record: &mut [u8]) -> bool {
    let mut sum = [0; 4];
    reader.read_exact(record).and_then(|()| reader.read_exact(&mut sum)).is_ok() && sum == checksum(record)
}

fn checksum(record: &[u8]) -> [u8; 4] {
    crc32c::crc32c(record).to_le_bytes()
}

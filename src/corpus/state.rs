//! What a run remembers for the next one: sketches of texts, how alike pairs of them are, and what was found of all of them.
//!
//! Sketches and likenesses depend on the texts alone, and what was found is taken as far as it holds of the documents there
//! are now: a run that remembers gives what a run from nothing would. The files of the former grow until texts are erased;
//! what was found is written anew. What a killed run left half written is cut off, and what cannot be read is made again.

mod found;
mod pairs;
mod store;
mod whole;

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

pub use found::FoundFile;
pub use pairs::Pairs;
pub use store::checksum;
pub use whole::WholeFile;

use self::store::Store;
use super::CorpusError;
use super::near::{self, Likeness, Profile, Sketch};
use super::quick::QuickMap;
use crate::capture::Id;

/// The state of many runs, in a folder of its own.
pub struct State {
    sketches: Store<RECORD_BYTES>,
    pairs: Pairs,
    /// Place of each text's sketch in its file.
    places: QuickMap<Id, u32>,
    _lock: File,
}

/// Text id, then its sketch.
const RECORD_BYTES: usize = 32 + near::SKETCH_BYTES;
const NAME: &str = "sketches";
/// A lock that is held is asked for again so often: until a program that was just started begins, it holds what its
/// parent had open, a lock that was let go meanwhile too.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

impl State {
    /// Opens a state, or begins one.
    ///
    /// # Errors
    /// The folder cannot be read or written, or another run holds it.
    pub fn open(folder: &Path, profile: Profile) -> Result<Self, CorpusError> {
        fs::create_dir_all(folder).map_err(CorpusError::io("make", folder))?;
        let lock = lock(folder)?;
        clear_old(folder)?;
        let mut places = QuickMap::default();
        let mut place = 0;
        let sketches = Store::open(folder.join(file_name(NAME, profile)), &header(NAME, profile), |record| {
            places.insert(id(record), place);
            place += 1;
        })?;
        Ok(Self { sketches, pairs: Pairs::open(folder, profile)?, places, _lock: lock })
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
        let mut record = [0; RECORD_BYTES];
        record[..32].copy_from_slice(&text.0);
        record[32..].copy_from_slice(&Sketch::pack(sketch));
        self.places.insert(text, self.sketches.count);
        self.sketches.append(&record)
    }

    /// The sketches of texts it has, read in the order of the file.
    pub fn sketches(&mut self, texts: &[Id]) -> Result<Vec<Option<Sketch>>, CorpusError> {
        let mut wanted: Vec<(u32, usize)> =
            texts.iter().enumerate().filter_map(|(slot, text)| Some((*self.places.get(text)?, slot))).collect();
        wanted.sort_unstable();
        let mut found = vec![None; texts.len()];
        self.sketches.read(&wanted, |slot, record| found[slot] = Sketch::unpack(&record[32..]))?;
        Ok(found)
    }

    /// What is known of a pair of texts.
    pub fn likeness(&self, a: Id, b: Id) -> Option<Likeness> {
        self.pairs.get(a, b)
    }

    /// Remembers pairs for the next run, on disk when this returns; this one has no more use for them.
    pub fn learn(&mut self, pairs: impl Iterator<Item = (Id, Id, Likeness)>) -> Result<(), CorpusError> {
        self.pairs.learn(pairs)?;
        self.flush()
    }

    /// Whether a folder remembers anything of this profile.
    fn is_there(folder: &Path, profile: Profile) -> bool {
        folder.join(file_name(NAME, profile)).exists()
    }

    /// Forgets all but what is told of these texts.
    fn retain(&mut self, texts: &HashSet<Id>) -> Result<(), CorpusError> {
        self.sketches.retain(|record| texts.contains(&id(record)))?;
        self.pairs.retain(texts)
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

/// Removes what earlier versions remembered of another spec, and what a killed run did not bring to its end. Only names
/// that are given here are touched; the folder must be held.
pub fn clear_old(folder: &Path) -> Result<(), CorpusError> {
    for entry in fs::read_dir(folder).map_err(CorpusError::io("read", folder))?.flatten() {
        if is_old(&entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path()).map_err(CorpusError::io("remove", &entry.path()))?;
        }
    }
    Ok(())
}

/// Whether a file was a state's and is of no more use.
fn is_old(name: &str) -> bool {
    let Some((stem, extension)) = name.split_once('.') else { return false };
    let Some((kind, spec)) = stem.split_once('-') else { return false };
    let is_hash = spec.len() == 8 && spec.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_current = || [Profile::Web, Profile::Ocr].iter().any(|&profile| file_name(kind, profile) == name);
    let is_ours = is_hash && ["sketches", "pairs", "chunks", "found", "files"].contains(&kind);
    is_ours && (extension == "new" || extension == "bin" && !is_current())
}

/// The name holds a hash of what sketches are made of.
pub fn file_name(name: &str, profile: Profile) -> String {
    format!("{name}-{:08x}.bin", near::fixed_hash(header(name, profile).as_bytes()) as u32)
}

/// The first line of a file.
pub fn header(name: &str, profile: Profile) -> String {
    // Raised when what is told of a pair means something else: what a series is.
    let version = if name == "pairs" { 2 } else { 1 };
    format!("gleaner {name} {version} {}\n", profile.spec())
}

/// Holds the folder until it is dropped.
pub fn lock(folder: &Path) -> Result<File, CorpusError> {
    let path = folder.join("state.lock");
    let file = File::create(&path).map_err(CorpusError::io("write", &path))?;
    for again in (0..LOCK_TRIES).rev() {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) if again > 0 => std::thread::sleep(LOCK_PAUSE),
            Err(fs::TryLockError::WouldBlock) => break,
            Err(fs::TryLockError::Error(source)) => return Err(CorpusError::io("lock", &path)(source)),
        }
    }
    Err(CorpusError::Busy(folder.to_owned()))
}

fn id(record: &[u8]) -> Id {
    Id(record[..32].try_into().expect("a record begins with 32 bytes of id"))
}

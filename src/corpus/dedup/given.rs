//! Chunks on their way to the threads that make documents of them: as they are read, or as what is remembered of them.

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use super::document::Contents;
use super::input::{Begun, Chunk, Inputs};
use super::known::{Mark, Remembered};
use super::unchanged::{Stamp, Whole};
use crate::corpus::CorpusError;

/// What a thread is given.
pub enum Given {
    /// A chunk, and what is remembered of it.
    Read { chunk: Chunk, mark: Option<Mark>, contents: Option<Vec<u8>> },
    /// What is remembered of one that was found unchanged.
    Passed { input: usize, hash: u128, bytes: u64, contents: Contents, weight: u64 },
}

impl Given {
    /// Bytes it takes in memory.
    pub fn weight(&self) -> u64 {
        match self {
            Self::Read { chunk, .. } => chunk.weight(),
            Self::Passed { weight, .. } => *weight,
        }
    }
}

/// All chunks of the inputs, one after another.
pub struct Chunks<'a, 's> {
    inputs: Inputs<'a>,
    /// Held to look something up and never while anything is read: what was made of other chunks goes there meanwhile.
    known: Option<&'a RwLock<&'s mut Remembered>>,
    /// Whether what is remembered does in place of the lines.
    is_passing: bool,
    /// The chunk that came last, where it is known what came after it.
    before: Option<u128>,
    /// The file that is not read.
    file: Option<Unchanged>,
    /// Where what is remembered is read.
    room: Vec<u8>,
}

struct Unchanged {
    stamp: Stamp,
    whole: Whole,
    /// How many of its chunks were given.
    given: usize,
}

impl<'a, 's> Chunks<'a, 's> {
    pub fn new(paths: &'a [PathBuf], known: Option<&'a RwLock<&'s mut Remembered>>, is_passing: bool) -> Self {
        let inputs = Inputs::new(paths, known.is_some());
        Self { inputs, known, is_passing, before: None, file: None, room: Vec::new() }
    }

    /// What was known of each input before it was read.
    pub fn begun(self) -> Vec<Begun> {
        self.inputs.begun
    }

    pub fn next(&mut self) -> Result<Option<Given>, CorpusError> {
        while !self.inputs.is_at_end() {
            if self.is_passing && self.known.is_some() {
                let unread = self.of_file()?;
                if let Some(given) = unread.map_or_else(|| self.passed(), |given| Ok(Some(given)))? {
                    return Ok(Some(given));
                }
            }
            if let Some(given) = self.read()? {
                return Ok(Some(given));
            }
        }
        Ok(None)
    }

    /// Looks something up.
    fn ask<T>(&self, of: impl FnOnce(&Remembered) -> Option<T>) -> Option<T> {
        of(&self.known?.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a chunk of so many bytes holds, and about how much memory that takes.
    fn remembered(&mut self, hash: u128, bytes: u64) -> Option<(Contents, u64)> {
        let mut room = std::mem::take(&mut self.room);
        let unpack = |packed: &[u8]| Some((Contents::unpack(packed, bytes)?, packed.len() as u64));
        let found = self.ask(|known| known.chunk(hash, &mut room).and_then(unpack));
        self.room = room;
        found
    }

    /// The next chunk of a file that is unchanged as a whole.
    fn of_file(&mut self) -> Result<Option<Given>, CorpusError> {
        while let Some(mut file) = self.file.take().or_else(|| self.unchanged()) {
            let input = self.inputs.at();
            let Some(&(hash, bytes)) = file.whole.chunks.get(file.given) else {
                self.inputs.pass_file(file.stamp, &file.whole);
                self.before = None;
                continue;
            };
            if let Some((contents, weight)) = self.remembered(hash, bytes) {
                file.given += 1;
                self.file = Some(file);
                return Ok(Some(Given::Passed { input, hash, bytes, contents, weight }));
            }
            // What is damaged is made again, from the lines.
            self.before = None;
            self.go_behind(&file.whole.chunks[..file.given])?;
            break;
        }
        Ok(None)
    }

    /// The file that is to be begun next, if it is.
    fn unchanged(&mut self) -> Option<Unchanged> {
        let stamp = self.inputs.next_stamp()?;
        let whole = self.ask(|known| known.file(stamp))?;
        Some(Unchanged { stamp, whole, given: 0 })
    }

    /// Begins a file and reads the chunks of it that were given, which have to be there.
    fn go_behind(&mut self, given: &[(u128, u64)]) -> Result<(), CorpusError> {
        let input = self.inputs.at();
        for &(hash, _) in given {
            let chunk = self.inputs.chunk()?;
            if chunk.is_none_or(|chunk| chunk.mark(None).hash != hash) {
                // Else each run would come to this again.
                if let Some(known) = self.known {
                    known.write().unwrap_or_else(PoisonError::into_inner).learn_files(Vec::new())?;
                }
                return Err(self.inputs.changed(input));
            }
        }
        Ok(())
    }

    /// The chunk that is likely to come next, if it does.
    fn passed(&mut self) -> Result<Option<Given>, CorpusError> {
        let after = self.before.and_then(|before| self.ask(|known| known.after(before)));
        let Some((hash, bytes)) = after else { return Ok(None) };
        // What is of no use is made again, as if it was not known.
        let Some((contents, weight)) = self.remembered(hash, bytes) else { return Ok(None) };
        let Some(input) = self.inputs.pass(hash, bytes)? else { return Ok(None) };
        self.before = Some(hash);
        Ok(Some(Given::Passed { input, hash, bytes, contents, weight }))
    }

    /// The next chunk of a file as it is read; `None` at the end of each.
    fn read(&mut self) -> Result<Option<Given>, CorpusError> {
        let Some(chunk) = self.inputs.chunk()? else { return Ok(None) };
        let mark = self.known.map(|_| chunk.mark(self.before));
        self.before = mark.filter(|mark| mark.bytes.is_some()).map(|mark| mark.hash);
        let contents = mark.and_then(|mark| {
            let mut room = Vec::new();
            let length = self.ask(|known| Some(known.chunk(mark.hash, &mut room)?.len()))?;
            room.truncate(length);
            Some(room)
        });
        Ok(Some(Given::Read { chunk, mark, contents }))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, File};
    use std::io::Write;
    use std::path::Path;
    use std::time::Duration;

    use super::*;
    use crate::corpus::{DedupOptions, Profile, dedup};

    /// Lines of documents of their own, some chunks of them; `letter` changes one in the middle and no length.
    fn lines(name: &str, letter: char) -> String {
        let line = |at: usize| {
            let odd = if at == 700 { letter } else { 'a' };
            let words: String = (0..120).map(|word| format!("{name}{}{odd} ", at * 131 + word)).collect();
            format!("{{\"id\": \"{name} {at}\", \"text\": \"{words}\"}}\n")
        };
        (0..1400).map(line).collect()
    }

    fn clusters(inputs: &[PathBuf], state: Option<&Path>) -> String {
        found(inputs, state).unwrap()
    }

    fn found(inputs: &[PathBuf], state: Option<&Path>) -> Result<String, CorpusError> {
        let folder = tempfile::tempdir().unwrap();
        let options = DedupOptions { documents: false, state: state.map(Path::to_owned), ..DedupOptions::default() };
        dedup(inputs, &options, &folder.path().join("out"))?;
        Ok(fs::read_to_string(folder.path().join("out/clusters.jsonl")).unwrap())
    }

    /// Changes a byte so far in what is remembered of chunks.
    fn damage(state: &Path, at: impl Fn(usize) -> usize) {
        let mut entries = fs::read_dir(state).unwrap().map(|entry| entry.unwrap().path());
        let chunks = entries.find(|path| path.to_string_lossy().contains("/chunks-")).unwrap();
        let mut bytes = fs::read(&chunks).unwrap();
        let at = at(bytes.len());
        bytes[at] ^= 1;
        fs::write(&chunks, bytes).unwrap();
    }

    /// Of each input, whether a chunk of it was read.
    fn read(inputs: &[PathBuf], state: &Path) -> Vec<bool> {
        let mut state = Remembered::open(state, Profile::Web).unwrap();
        let known = RwLock::new(&mut state);
        let mut chunks = Chunks::new(inputs, Some(&known), true);
        let mut are_read = vec![false; inputs.len()];
        while let Some(given) = chunks.next().unwrap() {
            if let Given::Read { chunk, .. } = given {
                are_read[chunk.input] = true;
            }
        }
        assert_eq!(chunks.begun().len(), inputs.len());
        are_read
    }

    #[test]
    fn what_the_system_says_is_unchanged_is_not_read_and_every_change_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let names = ["same", "empty", "packed", "moved", "rewritten", "longer", "shorter", "replaced", "dated"];
        let inputs: Vec<PathBuf> = names.iter().map(|name| folder.path().join(name)).collect();
        for (name, path) in names.iter().zip(&inputs) {
            let text = lines(name, 'a');
            let bytes = match *name {
                "empty" => Vec::new(),
                "packed" => zstd::encode_all(text.as_bytes(), 1).unwrap(),
                _ => text.into_bytes(),
            };
            fs::write(path, bytes).unwrap();
        }
        let fresh = clusters(&inputs, Some(&state));
        // What was written just before it was read is not known by its stamp.
        std::thread::sleep(Duration::from_millis(2100));
        assert!(clusters(&inputs, Some(&state)) == fresh);
        assert_eq!(read(&inputs, &state), [false; 9]);
        assert!(clusters(&inputs, Some(&state)) == fresh && clusters(&inputs, None) == fresh);

        let path = |name: &str| folder.path().join(name);
        let dated = fs::metadata(path("rewritten")).unwrap().modified().unwrap();
        fs::rename(path("moved"), path("there")).unwrap();
        fs::rename(path("there"), path("moved")).unwrap();
        fs::write(path("rewritten"), lines("rewritten", 'b')).unwrap();
        File::options().write(true).open(path("rewritten")).unwrap().set_modified(dated).unwrap();
        fs::write(path("longer"), lines("longer", 'a') + "{\"id\": 1, \"text\": \"more\"}\n").unwrap();
        fs::write(path("shorter"), lines("shorter", 'a').split_once('\n').unwrap().1).unwrap();
        fs::write(path("new"), lines("replaced", 'b')).unwrap();
        File::options().write(true).open(path("new")).unwrap().set_modified(dated).unwrap();
        fs::rename(path("new"), path("replaced")).unwrap();
        File::options().write(true).open(path("dated")).unwrap().set_modified(dated - Duration::from_secs(60)).unwrap();
        assert_eq!(read(&inputs, &state)[..3], [false; 3]);
        assert_eq!(read(&inputs, &state)[4..], [true; 5]);
        let changed = clusters(&inputs, None);
        assert!(changed != fresh && clusters(&inputs, Some(&state)) == changed);
    }

    #[test]
    fn a_damaged_chunk_of_an_unchanged_file_is_read_from_there_on() {
        let folder = tempfile::tempdir().unwrap();
        let (state, inputs) = (folder.path().join("state"), [folder.path().join("a"), folder.path().join("b")]);
        inputs
            .iter()
            .for_each(|path| fs::write(path, lines(&path.file_name().unwrap().to_string_lossy(), 'a')).unwrap());
        std::thread::sleep(Duration::from_millis(2100));
        let fresh = clusters(&inputs, Some(&state));
        assert_eq!(read(&inputs, &state), [false; 2]);
        // Within what the last chunk of the first file holds.
        damage(&state, |length| length / 2 - 2000);
        assert_eq!(read(&inputs, &state), [true, false]);
        assert!(clusters(&inputs, Some(&state)) == fresh);
    }

    /// Where the system says of a file that it is unchanged, its ends do too, and it is not.
    #[test]
    fn a_file_that_is_not_what_it_seemed_is_told_behind_a_damaged_chunk() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let text = lines("a", 'a') + &lines("b", 'a');
        fs::write(path("known"), &text).unwrap();
        let first = Inputs::new(&[path("known")], false).chunk().unwrap().unwrap().bytes();
        fs::write(path("shorter"), &text[..first as usize]).unwrap();
        fs::write(path("other"), text.replacen("a0a ", "a0b ", 1)).unwrap();
        let some: String = lines("c", 'a').split_inclusive('\n').take(24).collect();
        fs::write(path("next"), some).unwrap();
        let inputs = |names: [&str; 2]| names.map(path);
        std::thread::sleep(Duration::from_millis(2100));
        for name in ["shorter", "other"] {
            let state = path(&format!("state of {name}"));
            clusters(&inputs(["known", "next"]), Some(&state));
            damage(&state, |length| length * 3 / 4);
            let mut known = Remembered::open(&state, Profile::Web).unwrap();
            let stamp = |name: &str| Stamp::of(&File::open(path(name)).unwrap()).unwrap();
            let whole = ["known", "next"].map(|name| known.file(stamp(name)).unwrap());
            known.learn_files([name, "next"].map(stamp).into_iter().zip(whole).collect()).unwrap();
            drop(known);
            let inputs = inputs([name, "next"]);
            let told = found(&inputs, Some(&state));
            assert!(matches!(told, Err(CorpusError::Changed(told)) if told == path(name)), "{name}");
            assert!(found(&inputs, Some(&state)).unwrap() == clusters(&inputs, None), "{name}: the next run reads it");
        }
    }

    #[test]
    fn what_was_made_goes_to_the_state_while_others_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = [folder.path().join("pipe")];
        assert!(std::process::Command::new("mkfifo").arg(&inputs[0]).status().unwrap().success());
        let mut state = Remembered::open(&folder.path().join("state"), Profile::Web).unwrap();
        let known = RwLock::new(&mut state);
        let mut chunks = Chunks::new(&inputs, Some(&known), true);
        std::thread::scope(|scope| {
            let read = scope.spawn(move || chunks.next().unwrap().is_some());
            // Opened once both ends are, from when on the other one waits for lines.
            let mut pipe = File::options().write(true).open(&inputs[0]).unwrap();
            let is_free = known.try_write().is_ok();
            pipe.write_all(b"{\"id\": 1, \"text\": \"some\"}\n").unwrap();
            drop(pipe);
            assert!(read.join().unwrap() && is_free);
        });
    }
}

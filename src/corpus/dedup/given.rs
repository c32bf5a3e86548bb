//! Chunks on their way to the threads that make documents of them: as they are read, or as what is remembered of them.

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
pub struct Chunks<'a> {
    inputs: Inputs<'a>,
    /// Whether what is remembered does in place of the lines.
    is_passing: bool,
    /// The chunk that came last, where it is known what came after it.
    before: Option<u128>,
    /// The file that is not read.
    file: Option<Unchanged>,
}

struct Unchanged {
    stamp: Stamp,
    whole: Whole,
    /// How many of its chunks were given.
    given: usize,
}

impl<'a> Chunks<'a> {
    pub fn new(inputs: Inputs<'a>, is_passing: bool) -> Self {
        Self { inputs, is_passing, before: None, file: None }
    }

    /// What was known of each input before it was read.
    pub fn begun(self) -> Vec<Begun> {
        self.inputs.begun
    }

    pub fn next(&mut self, state: Option<&Remembered>) -> Result<Option<Given>, CorpusError> {
        while !self.inputs.is_at_end() {
            if let Some(state) = state.filter(|_| self.is_passing) {
                let unread = self.of_file(state)?;
                if let Some(given) = unread.map_or_else(|| self.passed(state), |given| Ok(Some(given)))? {
                    return Ok(Some(given));
                }
            }
            if let Some(given) = self.read(state)? {
                return Ok(Some(given));
            }
        }
        Ok(None)
    }

    /// The next chunk of a file that is unchanged as a whole.
    fn of_file(&mut self, state: &Remembered) -> Result<Option<Given>, CorpusError> {
        loop {
            let Some(file) = &mut self.file else {
                let known = self.inputs.next_stamp().and_then(|stamp| Some((stamp, state.file(stamp)?)));
                let Some((stamp, whole)) = known else { return Ok(None) };
                self.file = Some(Unchanged { stamp, whole, given: 0 });
                continue;
            };
            let input = self.inputs.at();
            let Some(&(hash, bytes)) = file.whole.chunks.get(file.given) else {
                self.inputs.pass_file(file.stamp, &file.whole);
                (self.before, self.file) = (None, None);
                continue;
            };
            if let Some((contents, weight)) = remembered(state, hash, bytes) {
                file.given += 1;
                return Ok(Some(Given::Passed { input, hash, bytes, contents, weight }));
            }
            // What is damaged is made again, from the lines.
            let given = std::mem::take(&mut file.given);
            (self.before, self.file) = (None, None);
            for _ in 0..given {
                self.inputs.chunk()?;
            }
            return Ok(None);
        }
    }

    /// The chunk that is likely to come next, if it does.
    fn passed(&mut self, state: &Remembered) -> Result<Option<Given>, CorpusError> {
        let Some((hash, bytes)) = self.before.and_then(|before| state.after(before)) else { return Ok(None) };
        // What is of no use is made again, as if it was not known.
        let Some((contents, weight)) = remembered(state, hash, bytes) else { return Ok(None) };
        let Some(input) = self.inputs.pass(hash, bytes)? else { return Ok(None) };
        self.before = Some(hash);
        Ok(Some(Given::Passed { input, hash, bytes, contents, weight }))
    }

    /// The next chunk of a file as it is read; `None` at the end of each.
    fn read(&mut self, state: Option<&Remembered>) -> Result<Option<Given>, CorpusError> {
        let Some(chunk) = self.inputs.chunk()? else { return Ok(None) };
        let mark = state.map(|_| chunk.mark(self.before));
        self.before = mark.filter(|mark| mark.bytes.is_some()).map(|mark| mark.hash);
        let contents = mark.and_then(|mark| state?.chunk(mark.hash));
        Ok(Some(Given::Read { chunk, mark, contents }))
    }
}

/// What a chunk of so many bytes holds, and about how much memory that takes.
fn remembered(state: &Remembered, hash: u128, bytes: u64) -> Option<(Contents, u64)> {
    let packed = state.chunk(hash)?;
    Some((Contents::unpack(&packed, bytes)?, packed.len() as u64))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, File};
    use std::path::{Path, PathBuf};
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
        let folder = tempfile::tempdir().unwrap();
        let options = DedupOptions { documents: false, state: state.map(Path::to_owned), ..DedupOptions::default() };
        dedup(inputs, &options, &folder.path().join("out")).unwrap();
        fs::read_to_string(folder.path().join("out/clusters.jsonl")).unwrap()
    }

    /// Of each input, whether a chunk of it was read.
    fn read(inputs: &[PathBuf], state: &Path) -> Vec<bool> {
        let state = Remembered::open(state, Profile::Web).unwrap();
        let mut chunks = Chunks::new(Inputs::new(inputs), true);
        let mut are_read = vec![false; inputs.len()];
        while let Some(given) = chunks.next(Some(&state)).unwrap() {
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
        let entries = || fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().path());
        let chunks = entries().find(|path| path.to_string_lossy().contains("/chunks-")).unwrap();
        let mut bytes = fs::read(&chunks).unwrap();
        // Within what the last chunk of the first file holds.
        let middle = bytes.len() / 2 - 2000;
        bytes[middle] ^= 1;
        fs::write(&chunks, bytes).unwrap();
        assert_eq!(read(&inputs, &state), [true, false]);
        assert!(clusters(&inputs, Some(&state)) == fresh);
    }
}

//! The readings of the inputs: one that finds the documents, and later ones that know where they stand.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use serde::Serialize;

use super::document::{Contents, Document};
use super::input::{Chunk, Inputs, LINE_BYTES_MAX, Raw};
use super::known::Remembered;
use super::line::parse;
use super::repeats::Gathered;
use super::{BadLines, DedupOptions, Room, room};
use crate::corpus::CorpusError;
use crate::corpus::levels::Candidate;
use crate::corpus::near::Sketch;
use crate::corpus::paragraphs::Lines;
use crate::corpus::progress::{Progress, Tell};
use crate::parallel::{self, Flight};

pub struct Job<'a> {
    pub inputs: &'a [PathBuf],
    pub options: &'a DedupOptions,
    pub tell: Tell<'a>,
    pub bad: Vec<BadLine>,
    notes: Vec<Note>,
}

/// A line that is no document; one of `bad-lines.jsonl`.
#[derive(Serialize)]
pub struct BadLine {
    file: PathBuf,
    line: u64,
    reason: String,
}

/// What was found in a chunk.
struct Note {
    input: usize,
    /// Places of its documents among all.
    documents: Range<usize>,
    /// Numbers of its lines that are none.
    bad: Vec<u64>,
}

/// What a thread makes of a chunk.
struct Made {
    input: usize,
    /// Of the chunk.
    weight: u64,
    contents: Contents,
    /// Of each document, with its host, where paragraphs are looked for.
    lines: Vec<(String, Lines)>,
    /// What is to be remembered of the chunk, and its hash.
    new: Option<(u128, Vec<u8>)>,
}

/// A chunk that is read once more.
pub struct Stretch<'a> {
    chunk: Chunk,
    note: &'a Note,
    path: &'a PathBuf,
}

impl Stretch<'_> {
    /// The places of its documents among all.
    pub fn places(&self) -> Range<usize> {
        self.note.documents.clone()
    }

    /// Its documents, in order.
    pub fn documents(&self) -> Result<Vec<Raw<'_>>, CorpusError> {
        let bad = &self.note.bad;
        let documents: Vec<Raw<'_>> =
            self.chunk.lines().filter(|raw| bad.binary_search(&raw.number).is_err()).collect();
        if documents.len() == self.note.documents.len() { Ok(documents) } else { Err(self.changed()) }
    }

    pub fn changed(&self) -> CorpusError {
        CorpusError::Changed(self.path.clone())
    }
}

impl<'a> Job<'a> {
    pub fn new(inputs: &'a [PathBuf], options: &'a DedupOptions, tell: Tell<'a>) -> Self {
        Self { inputs, options, tell, bad: Vec::new(), notes: Vec::new() }
    }

    pub fn threads(&self) -> usize {
        parallel::at_work(self.options.threads)
    }

    /// What is held of the inputs at a time.
    fn flight(&self) -> Flight {
        Flight { threads: room::threads(self.options), weight_max: room::flight_bytes(self.options) }
    }

    /// Reads all documents. Their sketches go into the room, or, where there is a state, there.
    pub fn candidates(
        &mut self,
        state: &mut Option<Remembered>,
        room: &mut Room,
        gathered: &mut Option<Gathered>,
    ) -> Result<Vec<Candidate>, CorpusError> {
        let (known, options) = (RwLock::new(state), self.options);
        let mut inputs = Inputs::new(self.inputs);
        let (mut candidates, mut bad, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        let work = |chunk: Chunk| {
            let known = known.read().unwrap_or_else(PoisonError::into_inner);
            let hash = known.as_ref().map(|_| chunk.hash());
            let remembered = hash.and_then(|hash| known.as_ref()?.chunk(hash));
            drop(known);
            read(options, &chunk, hash, remembered)
        };
        let take = |made: Made| {
            let path = &self.inputs[made.input];
            let Contents { documents, bad: others } = made.contents;
            let numbers = others.iter().map(|(number, _)| *number).collect();
            for (line, reason) in others {
                if self.options.bad_lines == BadLines::Stop {
                    return Err(CorpusError::Line { path: path.clone(), line, reason });
                }
                bad.push(BadLine { file: path.clone(), line, reason });
            }
            let first = candidates.len();
            notes.push(Note { input: made.input, documents: first..first + documents.len(), bad: numbers });
            if let Some(gathered) = gathered {
                made.lines.iter().try_for_each(|(host, lines)| gathered.add(host, lines))?;
            }
            for mut document in documents {
                if self.options.near_duplicates {
                    room.put(document.sketch.take())?;
                }
                candidates.push(document.candidate(&self.options.sources));
            }
            let mut state = known.write().unwrap_or_else(PoisonError::into_inner);
            if let (Some(state), Some((hash, contents))) = (&mut **state, made.new) {
                state.add(hash, &contents)?;
                state.flush()?;
            }
            (self.tell)(Progress { stage: "reading", done: candidates.len() as u64, of: None });
            room.weigh(made.weight);
            room.check(candidates.len() + bad.len(), state.as_ref())
        };
        parallel::stream(self.flight(), || inputs.next(), Chunk::weight, work, take)?;
        room.flush()?;
        (self.bad, self.notes) = (bad, notes);
        Ok(candidates)
    }

    /// Reads the inputs once more: `work` makes something of each chunk, `take` gets it in their order.
    pub fn read_again<U: Send>(
        &self,
        stage: &'static str,
        work: impl Fn(&Stretch<'_>) -> Result<U, CorpusError> + Sync,
        mut take: impl FnMut(U) -> Result<(), CorpusError>,
    ) -> Result<(), CorpusError> {
        let mut inputs = Inputs::new(self.inputs);
        let mut notes = self.notes.iter();
        let next = || match (inputs.next()?, notes.next()) {
            (Some(chunk), Some(note)) => Ok(Some(Stretch { chunk, note, path: &self.inputs[note.input] })),
            (None, None) => Ok(None),
            (chunk, note) => {
                let input = note.map(|note| note.input).or(chunk.map(|chunk| chunk.input)).unwrap_or_default();
                Err(CorpusError::Changed(self.inputs[input].clone()))
            }
        };
        let work = |stretch: Stretch<'_>| work(&stretch).map(|made| (made, stretch.note.documents.end));
        parallel::stream(
            self.flight(),
            next,
            |stretch| stretch.chunk.weight(),
            work,
            |made| {
                let (made, done) = made?;
                take(made)?;
                (self.tell)(Progress {
                    stage,
                    done: done as u64,
                    of: self.notes.last().map(|note| note.documents.end as u64),
                });
                Ok(())
            },
        )
    }
}

/// What a chunk holds, as it is remembered or else as it is read.
fn read(options: &DedupOptions, chunk: &Chunk, hash: Option<u128>, remembered: Option<Contents>) -> Made {
    let (input, weight) = (chunk.input, chunk.weight());
    let is_known = remembered.is_some();
    let (mut contents, lines) = match remembered {
        Some(contents) if !options.counts_lines() => (contents, Vec::new()),
        remembered => read_lines(options, chunk, remembered.unwrap_or_default()),
    };
    // Sketches that were not made are not to be remembered as none.
    let new = hash.filter(|_| !is_known && options.near_duplicates).map(|hash| (hash, contents.pack()));
    contents.bad.iter_mut().for_each(|(number, _)| *number += chunk.first);
    let too_long = chunk.too_long.map(|number| (number, format!("the line is over {LINE_BYTES_MAX} bytes")));
    contents.bad.extend(too_long);
    Made { input, weight, contents, lines, new }
}

/// Reads lines; what is remembered of them is not made again. Numbers of bad ones are from the first line on.
fn read_lines(options: &DedupOptions, chunk: &Chunk, remembered: Contents) -> (Contents, Vec<(String, Lines)>) {
    let mut remembered = remembered.documents.into_iter();
    let (mut contents, mut counted) = (Contents::default(), Vec::new());
    for raw in chunk.lines() {
        let line = match parse(&raw) {
            Ok(line) => line,
            Err(reason) => {
                contents.bad.push((raw.number - chunk.first, reason));
                continue;
            }
        };
        let known = remembered.next();
        let is_sketched = options.near_duplicates && known.is_none();
        let profile = options.profile;
        let (lines, sketch) = match (options.counts_lines(), is_sketched) {
            (true, true) => Lines::and_sketch(&line.text, profile),
            (true, false) => (Lines::of(&line.text), None),
            (false, true) => (Lines::default(), Sketch::of(&line.text, profile)),
            (false, false) => (Lines::default(), None),
        };
        if options.counts_lines() {
            counted.push((line.host().to_owned(), lines));
        }
        contents.documents.push(known.unwrap_or_else(|| Document { sketch, ..line.document() }));
    }
    (contents, counted)
}

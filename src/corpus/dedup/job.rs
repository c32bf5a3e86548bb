//! The readings of the inputs: one that finds the documents, and later ones that know where they stand.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use serde::Serialize;

use super::input::{Chunk, Inputs, LINE_BYTES_MAX, Raw};
use super::line::{Line, parse};
use super::repeats::Gathered;
use super::{BadLines, DedupOptions, Room, room};
use crate::corpus::CorpusError;
use crate::corpus::levels::Candidate;
use crate::corpus::near::Sketch;
use crate::corpus::paragraphs::Lines;
use crate::corpus::progress::{Progress, Tell};
use crate::corpus::state::State;
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
    new: Vec<New>,
    bad: Vec<(u64, String)>,
}

struct New {
    candidate: Candidate,
    sketch: Option<Sketch>,
    lines: Lines,
    host: String,
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
        state: &mut Option<State>,
        room: &mut Room,
        gathered: &mut Option<Gathered>,
    ) -> Result<Vec<Candidate>, CorpusError> {
        let (known, options) = (RwLock::new(state), self.options);
        let mut inputs = Inputs::new(self.inputs);
        let (mut candidates, mut bad, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        let work = |chunk: Chunk| {
            let is_known = |candidate: &Candidate| {
                let known = known.read().unwrap_or_else(PoisonError::into_inner);
                known.as_ref().is_some_and(|state| state.has(candidate.text))
            };
            read(options, &chunk, &is_known)
        };
        let take = |made: Made| {
            let path = &self.inputs[made.input];
            let numbers = made.bad.iter().map(|(number, _)| *number).collect();
            for (line, reason) in made.bad {
                if self.options.bad_lines == BadLines::Stop {
                    return Err(CorpusError::Line { path: path.clone(), line, reason });
                }
                bad.push(BadLine { file: path.clone(), line, reason });
            }
            let first = candidates.len();
            notes.push(Note { input: made.input, documents: first..first + made.new.len(), bad: numbers });
            let mut state = known.write().unwrap_or_else(PoisonError::into_inner);
            for new in made.new {
                if let Some(gathered) = gathered {
                    gathered.add(&new.host, &new.lines)?;
                }
                match &mut **state {
                    _ if !self.options.near_duplicates => {}
                    Some(state) => state.add(new.candidate.text, new.sketch.as_ref())?,
                    None => room.put(new.sketch)?,
                }
                candidates.push(new.candidate);
            }
            state.as_mut().map_or(Ok(()), State::flush)?;
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

fn read(options: &DedupOptions, chunk: &Chunk, is_known: &dyn Fn(&Candidate) -> bool) -> Made {
    let mut made = Made { input: chunk.input, weight: chunk.weight(), new: Vec::new(), bad: Vec::new() };
    for raw in chunk.lines() {
        match parse(&raw) {
            Ok(line) => made.new.push(new(options, &line, is_known)),
            Err(reason) => made.bad.push((raw.number, reason)),
        }
    }
    made.bad.extend(chunk.too_long.map(|number| (number, format!("the line is over {LINE_BYTES_MAX} bytes"))));
    made
}

fn new(options: &DedupOptions, line: &Line<'_>, is_known: &dyn Fn(&Candidate) -> bool) -> New {
    let sources = &options.sources;
    let place = line.source.as_ref().and_then(|source| sources.iter().position(|name| name == source));
    let candidate = line.candidate(place.unwrap_or(sources.len()) as u32);
    let profile = options.profile;
    let is_sketched = options.near_duplicates && !is_known(&candidate);
    let (lines, sketch) = match (options.counts_lines(), is_sketched) {
        (true, true) => Lines::and_sketch(&line.text, profile),
        (true, false) => (Lines::of(&line.text), None),
        (false, true) => (Lines::default(), Sketch::of(&line.text, profile)),
        (false, false) => (Lines::default(), None),
    };
    New { candidate, sketch, lines, host: line.host().to_owned() }
}

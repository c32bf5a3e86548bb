//! The readings of the inputs: one that finds the documents, and later ones that know where they stand.

use std::fs::File;
use std::iter::Peekable;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use serde::Serialize;

use super::document::{Contents, Document};
use super::given::{Chunks, Given};
use super::input::{Begun, Chunk, Inputs, LINE_BYTES_MAX, Places, Raw, Span};
use super::known::{Mark, Remembered};
use super::line::parse;
use super::repeats::Gathered;
use super::unchanged::{Stamp, Whole};
use super::{BadLines, DedupOptions, Room, room};
use crate::corpus::CorpusError;
use crate::corpus::levels::Candidate;
use crate::corpus::near::Sketch;
use crate::corpus::paragraphs::Lines;
use crate::corpus::progress::{Progress, Tell};
use crate::parallel::{self, Flight};

pub struct Job<'a> {
    /// What inputs are called,
    names: &'a [PathBuf],
    /// and where they are read.
    pub inputs: &'a [PathBuf],
    pub options: &'a DedupOptions,
    pub tell: Tell<'a>,
    pub bad: Vec<BadLine>,
    /// Documents that are published at what is no date.
    pub undated: u64,
    /// Whether an input cannot be passed over, so that reading a part of it once more takes as long as all of it.
    pub has_packed: bool,
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
    /// What it is known by, where that is asked for.
    hash: Option<u128>,
    bytes: u64,
    /// Whether so many bytes are all of it.
    is_whole: bool,
    /// Where each document's line stands in it.
    spans: Vec<Span>,
    /// Places of its documents among all.
    documents: Range<usize>,
    /// Numbers of its lines that are none.
    bad: Vec<u64>,
}

/// What a thread makes of a chunk.
#[derive(Default)]
struct Made {
    input: usize,
    /// Of the chunk.
    weight: u64,
    bytes: u64,
    is_too_long: bool,
    contents: Contents,
    /// Of each document, with its host, where paragraphs are looked for.
    lines: Vec<(String, Lines)>,
    /// Of the chunk, where it has one,
    hash: Option<u128>,
    /// and whether it is known.
    is_known: bool,
    /// What is to be remembered of it.
    new: Option<(Mark, Vec<u8>)>,
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
        let is_same = documents.len() == self.note.documents.len() && self.chunk.bytes() == self.note.bytes;
        if is_same { Ok(documents) } else { Err(self.changed()) }
    }

    pub fn changed(&self) -> CorpusError {
        CorpusError::Changed(self.path.clone())
    }
}

/// A line that is read once more alone.
struct Sought {
    input: usize,
    start: u64,
    bytes: u32,
    slot: u32,
}

/// Where these documents stand (their places in order, each with a number).
fn sought(notes: &[Note], wanted: &[(u32, u32)]) -> impl Iterator<Item = Sought> {
    let starts = starts(notes);
    wanted.iter().map(move |&(place, slot)| {
        let at = notes.partition_point(|note| note.documents.end <= place as usize);
        let note = &notes[at];
        let span = note.spans[place as usize - note.documents.start];
        Sought { input: note.input, start: starts[at] + u64::from(span.start), bytes: span.bytes, slot }
    })
}

/// Where each chunk begins in its file.
fn starts(notes: &[Note]) -> Vec<u64> {
    let mut at = (0, 0);
    let start = |note: &Note| {
        at = if at.0 == note.input { at } else { (note.input, 0) };
        let start = at.1;
        at.1 += note.bytes;
        start
    };
    notes.iter().map(start).collect()
}

/// The next lines that a thread reads: not so many that what is on its way is more than a few chunks.
fn next_part(lines: &mut Peekable<impl Iterator<Item = Sought>>) -> Option<Vec<Sought>> {
    const LINES_MAX: usize = 64;
    const BYTES_MAX: u64 = 1 << 20;
    let first = lines.next()?;
    let mut bytes = u64::from(first.bytes);
    let mut part = vec![first];
    while part.len() < LINES_MAX
        && let Some(line) = lines.next_if(|line| bytes + u64::from(line.bytes) <= BYTES_MAX)
    {
        bytes += u64::from(line.bytes);
        part.push(line);
    }
    Some(part)
}

impl<'a> Job<'a> {
    /// Of inputs by name, and where each is read.
    pub fn new((names, inputs): (&'a [PathBuf], &'a [PathBuf]), options: &'a DedupOptions, tell: Tell<'a>) -> Self {
        Self { names, inputs, options, tell, bad: Vec::new(), undated: 0, has_packed: false, notes: Vec::new() }
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
        let options = self.options;
        let known = state.as_mut().map(RwLock::new);
        let (mut candidates, mut bad, mut undated, mut notes) = (Vec::new(), Vec::new(), 0, Vec::new());
        // Where paragraphs are looked for, the text of lines is asked for.
        let mut chunks = Chunks::new(self.inputs, known.as_ref(), !options.counts_lines());
        let next = || chunks.next();
        let work = |given: Given| match given {
            Given::Read { chunk, mark, contents } => read(options, &chunk, mark, contents.as_deref()),
            Given::Passed { input, hash, bytes, contents, .. } => {
                Made { input, bytes, contents, hash: Some(hash), is_known: true, ..Made::default() }
            }
        };
        // The input, and how many of its lines came before.
        let mut at = (0, 0);
        let take = |made: Made| {
            let path = &self.names[made.input];
            let Contents { lines, documents, bad: others } = made.contents;
            let numbers = others.iter().map(|(number, _)| *number).collect();
            if at.0 != made.input {
                at = (made.input, 0);
            }
            for (line, reason) in others {
                let line = at.1 + line + 1;
                if self.options.bad_lines == BadLines::Stop {
                    return Err(CorpusError::Line { path: path.clone(), line, reason });
                }
                bad.push(BadLine { file: path.clone(), line, reason });
            }
            at.1 += lines + u64::from(made.is_too_long);
            undated += documents.iter().filter(|document| document.is_undated).count() as u64;
            let first = candidates.len();
            let documents_at = first..first + documents.len();
            let (bytes, is_whole) = (made.bytes, !made.is_too_long);
            let spans = documents.iter().map(|document| document.span).collect();
            notes.push(Note {
                input: made.input,
                hash: made.hash,
                bytes,
                is_whole,
                spans,
                documents: documents_at,
                bad: numbers,
            });
            if let Some(gathered) = gathered {
                made.lines.iter().try_for_each(|(host, lines)| gathered.add(host, lines))?;
            }
            for mut document in documents {
                if self.options.near_duplicates {
                    room.put(document.sketch.take())?;
                }
                candidates.push(document.candidate(&self.options.sources));
            }
            let mut state = known.as_ref().map(|known| known.write().unwrap_or_else(PoisonError::into_inner));
            if let Some(state) = &mut state {
                made.hash.filter(|_| made.is_known).into_iter().for_each(|hash| state.keep(hash));
                if let Some((mark, contents)) = made.new {
                    state.add(mark, &contents)?;
                    state.flush()?;
                }
            }
            (self.tell)(Progress { stage: "reading", done: candidates.len() as u64, of: None });
            room.weigh(made.weight);
            room.check(candidates.len() + bad.len(), state.as_deref().map(|state| &**state))
        };
        parallel::stream(self.flight(), next, Given::weight, work, take)?;
        room.flush()?;
        let begun = chunks.begun();
        (self.bad, self.undated, self.notes) = (bad, undated, notes);
        self.has_packed = begun.iter().any(|begun| begun.is_packed);
        let state = known.map(|known| known.into_inner().unwrap_or_else(PoisonError::into_inner));
        // Else not all that was read is remembered.
        if let Some(state) = state.filter(|_| options.near_duplicates) {
            state.tidy()?;
            state.learn_files(self.files(&begun))?;
        }
        Ok(candidates)
    }

    /// Those of the inputs that were not changed while they were read, and what they are made of.
    fn files(&self, begun: &[Begun]) -> Vec<(Stamp, Whole)> {
        let file = |(input, begun): (usize, &Begun)| {
            let is_still = |stamp: &Stamp| File::open(&self.inputs[input]).is_ok_and(|now| stamp.is_still(&now));
            let stamp = begun.stamp.filter(is_still)?;
            let notes = &self.notes[self.notes.partition_point(|note| note.input < input)..];
            let of_file = notes.iter().take_while(|note| note.input == input);
            let chunks = of_file.map(|note| note.hash.filter(|_| note.is_whole).map(|hash| (hash, note.bytes)));
            Some((stamp, Whole { is_packed: begun.is_packed, chunks: chunks.collect::<Option<_>>()? }))
        };
        begun.iter().enumerate().filter_map(file).collect()
    }

    /// Whether so few documents are wanted that their lines alone are read, and where these stand is known.
    pub fn is_sparse(&self, wanted: usize) -> bool {
        /// Of so many documents one: reading what lies between is cheaper than asking for each.
        const PART: usize = 8;
        let all = self.notes.last().map_or(0, |note| note.documents.end);
        wanted * PART < all && !self.has_packed && self.notes.iter().all(|note| note.is_whole)
    }

    /// Reads the lines of these documents once more (their places in order, each with a number that `work` is given), and no
    /// others. What is made comes in their order; `None` is a line that has changed.
    pub fn read_lines<U: Send>(
        &self,
        stage: &'static str,
        wanted: &[(u32, u32)],
        work: impl Fn(Raw<'_>, u32) -> Option<U> + Sync,
        mut take: impl FnMut(U) -> Result<(), CorpusError>,
    ) -> Result<(), CorpusError> {
        let mut lines = sought(&self.notes, wanted).peekable();
        let work = |part: Vec<Sought>| {
            let mut places = Places::new(self.inputs);
            let made = |line: Sought| {
                let bytes = places.read(line.input, line.start, line.bytes)?;
                let changed = || CorpusError::Changed(self.inputs[line.input].clone());
                work(Raw { number: 0, bytes: &bytes }, line.slot).ok_or_else(changed)
            };
            part.into_iter().map(made).collect::<Result<Vec<U>, CorpusError>>()
        };
        let mut done = 0;
        parallel::stream(
            self.flight(),
            || Ok(next_part(&mut lines)),
            // What is made of lines takes about as much as they do.
            |part| part.iter().map(|line| u64::from(line.bytes)).sum(),
            work,
            |made| {
                let made = made?;
                done += made.len() as u64;
                (self.tell)(Progress { stage, done, of: Some(wanted.len() as u64) });
                made.into_iter().try_for_each(&mut take)
            },
        )
    }

    /// Reads those chunks of the inputs once more whose documents are wanted: `work` makes something of each, `take` gets it
    /// in their order.
    pub fn read_again<U: Send>(
        &self,
        stage: &'static str,
        is_wanted: impl Fn(Range<usize>) -> bool + Sync,
        work: impl Fn(&Stretch<'_>) -> Result<U, CorpusError> + Sync,
        mut take: impl FnMut(U) -> Result<(), CorpusError>,
    ) -> Result<(), CorpusError> {
        let mut inputs = Inputs::new(self.inputs, false);
        let mut notes = self.notes.iter();
        let next = || {
            for note in notes.by_ref() {
                let is_wanted = is_wanted(note.documents.clone());
                if !is_wanted && note.is_whole && inputs.skip(note.input, note.bytes)? {
                    continue;
                }
                let path = &self.inputs[note.input];
                match inputs.next()? {
                    Some(chunk) if chunk.input == note.input => {
                        if is_wanted {
                            return Ok(Some(Stretch { chunk, note, path }));
                        }
                    }
                    _ => return Err(CorpusError::Changed(path.clone())),
                }
            }
            match inputs.next()? {
                Some(chunk) => Err(CorpusError::Changed(self.inputs[chunk.input].clone())),
                None => Ok(None),
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
fn read(options: &DedupOptions, chunk: &Chunk, mark: Option<Mark>, remembered: Option<&[u8]>) -> Made {
    let remembered = remembered.and_then(|packed| Contents::unpack(packed, chunk.bytes()));
    let is_known = remembered.is_some();
    let (mut contents, lines) = match remembered {
        Some(contents) if !options.counts_lines() => (contents, Vec::new()),
        remembered => read_lines(options, chunk, remembered.unwrap_or_default()),
    };
    let hash = mark.map(|mark| mark.hash);
    // Sketches that were not made are not to be remembered as none.
    let new = mark.filter(|_| !is_known && options.near_duplicates).map(|mark| (mark, contents.pack()));
    if chunk.is_too_long {
        contents.bad.push((contents.lines, format!("the line is over {LINE_BYTES_MAX} bytes")));
    }
    let (weight, bytes, is_too_long) = (chunk.weight(), chunk.bytes(), chunk.is_too_long);
    Made { input: chunk.input, weight, bytes, is_too_long, contents, lines, hash, is_known, new }
}

/// Reads lines; what is remembered of them is not made again.
fn read_lines(options: &DedupOptions, chunk: &Chunk, remembered: Contents) -> (Contents, Vec<(String, Lines)>) {
    let mut remembered = remembered.documents.into_iter();
    let mut contents = Contents { lines: chunk.count(), ..Contents::default() };
    let mut counted = Vec::new();
    for raw in chunk.lines() {
        let line = match parse(&raw) {
            Ok(line) => line,
            Err(reason) => {
                contents.bad.push((raw.number, reason));
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
        contents.documents.push(known.unwrap_or_else(|| Document { sketch, ..line.document(chunk.span(&raw)) }));
    }
    (contents, counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_in_parts_that_are_small_whatever_they_are() {
        let cases: [(&[u32], &[usize]); 4] = [
            (&[], &[]),
            (&[10; 130], &[64, 64, 2]),
            (&[400 << 10; 5], &[2, 2, 1]),
            (&[10, 200 << 20, 300 << 20, 10, 10], &[1, 1, 1, 2]),
        ];
        for (sizes, expected) in cases {
            let line = |&bytes: &u32| Sought { input: 0, start: 0, bytes, slot: 0 };
            let mut lines = sizes.iter().map(line).peekable();
            let parts: Vec<usize> = std::iter::from_fn(|| next_part(&mut lines)).map(|part| part.len()).collect();
            assert_eq!(parts, expected);
        }
    }
}

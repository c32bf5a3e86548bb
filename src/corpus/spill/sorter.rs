//! Numbers sorted with little memory: runs on disk, merged as they are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Slab, Spill};
use crate::corpus::CorpusError;

/// Takes numbers in any order.
pub struct Sorter {
    slab: Slab,
    /// Bytes of numbers in memory.
    bytes_max: usize,
    buffer: Vec<u64>,
    runs: Vec<Run>,
}

/// Where a run stands in the slab.
#[derive(Clone, Copy)]
struct Run {
    start: u64,
    end: u64,
}

const NUMBER_BYTES: usize = size_of::<u64>();
/// A buffer of fewer numbers makes more runs than it saves memory.
const BUFFER_BYTES_MIN: usize = 64 << 10;

impl Sorter {
    pub fn new(spill: &Spill, name: &str, bytes_max: usize) -> Result<Self, CorpusError> {
        let bytes_max = bytes_max.max(BUFFER_BYTES_MIN);
        Ok(Self { slab: spill.slab(name)?, bytes_max, buffer: Vec::new(), runs: Vec::new() })
    }

    pub fn push(&mut self, number: u64) -> Result<(), CorpusError> {
        self.buffer.push(number);
        if self.buffer.len() * NUMBER_BYTES >= self.bytes_max { self.write_run() } else { Ok(()) }
    }

    fn write_run(&mut self) -> Result<(), CorpusError> {
        self.buffer.sort_unstable();
        self.buffer.dedup();
        let start = self.slab.end();
        for number in &self.buffer {
            self.slab.append(&number.to_le_bytes())?;
        }
        self.runs.push(Run { start, end: self.slab.end() });
        self.buffer.clear();
        Ok(())
    }

    /// The numbers in order, each once; little of them stays in memory.
    pub fn finish(mut self) -> Result<Sorted, CorpusError> {
        self.write_run()?;
        self.slab.flush()?;
        Ok(Sorted { slab: self.slab, runs: self.runs, bytes_max: self.bytes_max })
    }
}

pub struct Sorted {
    slab: Slab,
    runs: Vec<Run>,
    bytes_max: usize,
}

impl Sorted {
    /// Reads them from the first on; as often as is wanted.
    pub fn iter(&self) -> Result<Merge<'_>, CorpusError> {
        let share = self.bytes_max / self.runs.len().max(1) / NUMBER_BYTES * NUMBER_BYTES;
        let cursor = |run: &Run| Cursor { run: *run, chunk: Vec::new(), at: 0, bytes_max: share.max(4 << 10) };
        let mut merge = Merge {
            slab: &self.slab,
            cursors: self.runs.iter().map(cursor).collect(),
            heap: BinaryHeap::new(),
            last: None,
        };
        for run in 0..merge.cursors.len() {
            merge.advance(run)?;
        }
        Ok(merge)
    }
}

struct Cursor {
    run: Run,
    chunk: Vec<u8>,
    at: usize,
    bytes_max: usize,
}

impl Cursor {
    fn next(&mut self, slab: &Slab) -> Result<Option<u64>, CorpusError> {
        if self.at == self.chunk.len() {
            let length = (self.run.end - self.run.start).min(self.bytes_max as u64);
            if length == 0 {
                return Ok(None);
            }
            self.chunk.resize(length as usize, 0);
            slab.read(self.run.start, &mut self.chunk)?;
            (self.run.start, self.at) = (self.run.start + length, 0);
        }
        let number = self.chunk[self.at..][..NUMBER_BYTES].try_into().expect("runs are whole numbers");
        self.at += NUMBER_BYTES;
        Ok(Some(u64::from_le_bytes(number)))
    }
}

pub struct Merge<'a> {
    slab: &'a Slab,
    cursors: Vec<Cursor>,
    heap: BinaryHeap<Reverse<(u64, usize)>>,
    last: Option<u64>,
}

impl Merge<'_> {
    fn advance(&mut self, run: usize) -> Result<(), CorpusError> {
        if let Some(number) = self.cursors[run].next(self.slab)? {
            self.heap.push(Reverse((number, run)));
        }
        Ok(())
    }

    fn step(&mut self) -> Result<Option<u64>, CorpusError> {
        while let Some(Reverse((number, run))) = self.heap.pop() {
            self.advance(run)?;
            if self.last.replace(number) != Some(number) {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }
}

impl Iterator for Merge<'_> {
    type Item = Result<u64, CorpusError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

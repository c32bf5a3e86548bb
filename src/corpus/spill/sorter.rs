//! Numbers sorted with little memory: runs on disk, merged as they are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::marker::PhantomData;

use super::{Slab, Spill};
use crate::corpus::CorpusError;

/// What can be sorted.
pub trait Number: Copy + Ord {
    const BYTES: usize;

    fn put(self, slab: &mut Slab) -> Result<(), CorpusError>;

    /// From as many bytes.
    fn get(bytes: &[u8]) -> Self;
}

impl Number for u64 {
    const BYTES: usize = 8;

    fn put(self, slab: &mut Slab) -> Result<(), CorpusError> {
        slab.append(&self.to_le_bytes())
    }

    fn get(bytes: &[u8]) -> Self {
        Self::from_le_bytes(bytes.try_into().expect("runs are whole numbers"))
    }
}

impl Number for u128 {
    const BYTES: usize = 16;

    fn put(self, slab: &mut Slab) -> Result<(), CorpusError> {
        slab.append(&self.to_le_bytes())
    }

    fn get(bytes: &[u8]) -> Self {
        Self::from_le_bytes(bytes.try_into().expect("runs are whole numbers"))
    }
}

/// Takes numbers in any order.
pub struct Sorter<N = u64> {
    slab: Slab,
    /// Bytes of numbers in memory.
    bytes_max: usize,
    buffer: Vec<N>,
    runs: Vec<Run>,
}

/// Where a run stands in the slab.
#[derive(Clone, Copy)]
struct Run {
    start: u64,
    end: u64,
}

/// A buffer of fewer numbers makes more runs than it saves memory.
const BUFFER_BYTES_MIN: usize = 64 << 10;

impl<N: Number> Sorter<N> {
    pub fn new(spill: &Spill, name: &str, bytes_max: usize) -> Result<Self, CorpusError> {
        let bytes_max = bytes_max.max(BUFFER_BYTES_MIN);
        Ok(Self { slab: spill.slab(name)?, bytes_max, buffer: Vec::new(), runs: Vec::new() })
    }

    pub fn push(&mut self, number: N) -> Result<(), CorpusError> {
        self.buffer.push(number);
        if self.buffer.len() * N::BYTES >= self.bytes_max { self.write_run() } else { Ok(()) }
    }

    fn write_run(&mut self) -> Result<(), CorpusError> {
        self.buffer.sort_unstable();
        self.buffer.dedup();
        let start = self.slab.end();
        self.buffer.iter().try_for_each(|number| number.put(&mut self.slab))?;
        self.runs.push(Run { start, end: self.slab.end() });
        self.buffer.clear();
        Ok(())
    }

    /// The numbers in order, each once; little of them stays in memory.
    pub fn finish(mut self) -> Result<Sorted<N>, CorpusError> {
        self.write_run()?;
        self.slab.flush()?;
        Ok(Sorted { slab: self.slab, runs: self.runs, bytes_max: self.bytes_max, of: PhantomData })
    }
}

pub struct Sorted<N = u64> {
    slab: Slab,
    runs: Vec<Run>,
    bytes_max: usize,
    of: PhantomData<N>,
}

impl<N: Number> Sorted<N> {
    /// Reads them from the first on; as often as is wanted.
    pub fn iter(&self) -> Result<Merge<'_, N>, CorpusError> {
        let share = self.bytes_max / self.runs.len().max(1) / N::BYTES * N::BYTES;
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
    fn next<N: Number>(&mut self, slab: &Slab) -> Result<Option<N>, CorpusError> {
        if self.at == self.chunk.len() {
            let length = (self.run.end - self.run.start).min(self.bytes_max as u64);
            if length == 0 {
                return Ok(None);
            }
            self.chunk.resize(length as usize, 0);
            slab.read(self.run.start, &mut self.chunk)?;
            (self.run.start, self.at) = (self.run.start + length, 0);
        }
        let number = N::get(&self.chunk[self.at..][..N::BYTES]);
        self.at += N::BYTES;
        Ok(Some(number))
    }
}

pub struct Merge<'a, N> {
    slab: &'a Slab,
    cursors: Vec<Cursor>,
    heap: BinaryHeap<Reverse<(N, usize)>>,
    last: Option<N>,
}

impl<N: Number> Merge<'_, N> {
    fn advance(&mut self, run: usize) -> Result<(), CorpusError> {
        if let Some(number) = self.cursors[run].next(self.slab)? {
            self.heap.push(Reverse((number, run)));
        }
        Ok(())
    }

    fn step(&mut self) -> Result<Option<N>, CorpusError> {
        while let Some(Reverse((number, run))) = self.heap.pop() {
            self.advance(run)?;
            if self.last.replace(number) != Some(number) {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }
}

impl<N: Number> Iterator for Merge<'_, N> {
    type Item = Result<N, CorpusError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

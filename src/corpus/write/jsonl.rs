//! JSON lines in zstd shards.

use std::path::{Path, PathBuf};

use super::pack::Pack;
use super::{Document, HashedFile, Sink};
use crate::corpus::{CorpusError, FileEntry, Record};

/// What a record takes beside its text, mostly.
const RECORD_ROOM: usize = 2 << 10;

/// `documents-00000.jsonl.zst` and so on. The bytes of a shard depend on nothing but its lines.
pub struct Shards {
    folder: PathBuf,
    stem: String,
    bytes_max: u64,
    /// That compress a shard.
    threads: usize,
    open: Option<Shard>,
    done: Vec<FileEntry>,
}

struct Shard {
    pack: Pack,
    bytes: u64,
    documents: u64,
}

impl Shards {
    pub fn new(folder: &Path, stem: &str, bytes_max: u64, threads: usize) -> Self {
        Self { folder: folder.to_owned(), stem: stem.to_owned(), bytes_max, threads, open: None, done: Vec::new() }
    }

    /// All lines in one file of that name, which is there even if there are none.
    pub fn named(folder: &Path, name: &str, threads: usize) -> Result<Self, CorpusError> {
        let mut shards = Self::new(folder, name, u64::MAX, threads);
        shards.open = Some(Shard::create(folder, name, threads)?);
        Ok(shards)
    }

    /// Writes a line, which has its line break.
    pub fn line(&mut self, line: &[u8]) -> Result<(), CorpusError> {
        let shard = match &mut self.open {
            Some(shard) => shard,
            None => {
                let name = format!("{}-{:05}.jsonl.zst", self.stem, self.done.len());
                self.open.insert(Shard::create(&self.folder, &name, self.threads)?)
            }
        };
        shard.pack.put(line)?;
        shard.documents += 1;
        shard.bytes += line.len() as u64;
        if shard.bytes >= self.bytes_max { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<(), CorpusError> {
        let Some(shard) = self.open.take() else { return Ok(()) };
        self.done.push(shard.pack.finish()?.finish(shard.documents)?);
        Ok(())
    }

    pub fn end(mut self) -> Result<Vec<FileEntry>, CorpusError> {
        self.close()?;
        Ok(self.done)
    }
}

impl Shard {
    fn create(folder: &Path, name: &str, threads: usize) -> Result<Self, CorpusError> {
        let pack = Pack::new(HashedFile::create(folder, name)?, threads)?;
        Ok(Self { pack, bytes: 0, documents: 0 })
    }
}

/// A document's line, with its line break.
pub fn line(record: &Record) -> Vec<u8> {
    // Once: growing it step by step would copy it as often.
    let mut line = Vec::with_capacity(record.text.len() * 9 / 8 + RECORD_ROOM);
    serde_json::to_writer(&mut line, record).expect("a record is plain data");
    line.push(b'\n');
    line
}

impl Sink for Shards {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError> {
        self.line(&document.form)
    }

    fn finish(self: Box<Self>) -> Result<Vec<FileEntry>, CorpusError> {
        self.end()
    }
}

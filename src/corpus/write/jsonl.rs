//! JSON lines in zstd shards.

use std::io::Write;
use std::path::{Path, PathBuf};

use zstd::stream::write::Encoder;

use super::{Document, HashedFile, Sink};
use crate::corpus::{CorpusError, FileEntry};

/// Level 3 writes four times as fast as level 9 and is a tenth larger.
const LEVEL: i32 = 3;

/// What a record takes beside its text, mostly.
const RECORD_ROOM: usize = 2 << 10;

/// `documents-00000.jsonl.zst` and so on. A shard is one zstd stream written by one thread, so that its bytes depend
/// on nothing but its lines.
pub struct Shards {
    folder: PathBuf,
    stem: String,
    bytes_max: u64,
    open: Option<Shard>,
    done: Vec<FileEntry>,
}

struct Shard {
    encoder: Encoder<'static, HashedFile>,
    path: PathBuf,
    bytes: u64,
    documents: u64,
}

impl Shards {
    pub fn new(folder: &Path, stem: &str, bytes_max: u64) -> Self {
        Self { folder: folder.to_owned(), stem: stem.to_owned(), bytes_max, open: None, done: Vec::new() }
    }

    /// All lines in one file of that name, which is there even if there are none.
    pub fn named(folder: &Path, name: &str) -> Result<Self, CorpusError> {
        let mut shards = Self::new(folder, name, u64::MAX);
        shards.open = Some(Shard::create(folder, name)?);
        Ok(shards)
    }

    /// Writes a line, which has its line break.
    pub fn line(&mut self, line: &[u8]) -> Result<(), CorpusError> {
        let shard = match &mut self.open {
            Some(shard) => shard,
            None => {
                let name = format!("{}-{:05}.jsonl.zst", self.stem, self.done.len());
                self.open.insert(Shard::create(&self.folder, &name)?)
            }
        };
        shard.encoder.write_all(line).map_err(CorpusError::io("write", &shard.path))?;
        shard.documents += 1;
        shard.bytes += line.len() as u64;
        if shard.bytes >= self.bytes_max { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<(), CorpusError> {
        let Some(shard) = self.open.take() else { return Ok(()) };
        let file = shard.encoder.finish().map_err(CorpusError::io("write", &shard.path))?;
        self.done.push(file.finish(shard.documents)?);
        Ok(())
    }

    pub fn end(mut self) -> Result<Vec<FileEntry>, CorpusError> {
        self.close()?;
        Ok(self.done)
    }
}

impl Shard {
    fn create(folder: &Path, name: &str) -> Result<Self, CorpusError> {
        let file = HashedFile::create(folder, name)?;
        let path = file.path().to_owned();
        let mut encoder = Encoder::new(file, LEVEL).map_err(CorpusError::io("write", &path))?;
        encoder.include_checksum(true).map_err(CorpusError::io("write", &path))?;
        Ok(Self { encoder, path, bytes: 0, documents: 0 })
    }
}

impl Sink for Shards {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError> {
        // Once: growing it step by step would copy it as often.
        let mut line = Vec::with_capacity(document.record.text.len() * 9 / 8 + RECORD_ROOM);
        serde_json::to_writer(&mut line, &document.record).expect("a record is plain data");
        line.push(b'\n');
        self.line(&line)
    }

    fn finish(self: Box<Self>) -> Result<Vec<FileEntry>, CorpusError> {
        self.end()
    }
}

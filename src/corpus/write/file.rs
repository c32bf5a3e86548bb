//! A file that knows its own hash.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::capture::Id;
use crate::corpus::{CorpusError, FileEntry};

pub struct HashedFile {
    path: PathBuf,
    /// Relative to the export's folder.
    name: String,
    inner: Hashed,
}

struct Hashed {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl HashedFile {
    pub fn create(folder: &Path, name: &str) -> Result<Self, CorpusError> {
        let path = folder.join(name);
        let file = File::create_new(&path).map_err(CorpusError::io("make", &path))?;
        let inner = Hashed { file: BufWriter::new(file), hash: Sha256::new(), bytes: 0 };
        Ok(Self { path, name: name.to_owned(), inner })
    }

    pub fn put(&mut self, bytes: &[u8]) -> Result<(), CorpusError> {
        self.inner.write_all(bytes).map_err(CorpusError::io("write", &self.path))
    }

    /// One JSON object and a line break.
    pub fn line(&mut self, value: &impl Serialize) -> Result<(), CorpusError> {
        let mut line = serde_json::to_vec(value).expect("a line is plain data");
        line.push(b'\n');
        self.put(&line)
    }

    /// One JSON object for people, and a line break.
    pub fn pretty(&mut self, value: &impl Serialize) -> Result<(), CorpusError> {
        let mut text = serde_json::to_vec_pretty(value).expect("a manifest is plain data");
        text.push(b'\n');
        self.put(&text)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until all of it is on disk.
    pub fn finish(mut self, documents: u64) -> Result<FileEntry, CorpusError> {
        let flushed = self.inner.flush().and_then(|()| self.inner.file.get_ref().sync_all());
        flushed.map_err(CorpusError::io("write", &self.path))?;
        let sha256 = Id(self.inner.hash.finalize().into());
        Ok(FileEntry { path: self.name, bytes: self.inner.bytes, sha256, documents })
    }
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

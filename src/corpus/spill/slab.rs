//! A file written at its end and read anywhere, by many threads.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::corpus::CorpusError;

/// Bytes kept back until they are worth a write.
const BUFFER_BYTES: usize = 256 << 10;

pub struct Slab {
    path: PathBuf,
    file: File,
    written: u64,
    buffer: Vec<u8>,
}

impl Slab {
    pub fn create(path: &Path) -> Result<Self, CorpusError> {
        let options = File::options().read(true).write(true).create(true).truncate(true).open(path);
        let file = options.map_err(CorpusError::io("make", path))?;
        Ok(Self { path: path.to_owned(), file, written: 0, buffer: Vec::new() })
    }

    /// A file that may be there: its first bytes stay, so many, and what is written comes after them.
    pub fn open(path: &Path, end: u64) -> Result<Self, CorpusError> {
        let options = File::options().read(true).write(true).create(true).truncate(false).open(path);
        let file = options.and_then(|file| file.set_len(end).map(|()| file)).map_err(CorpusError::io("write", path))?;
        Ok(Self { path: path.to_owned(), file, written: end, buffer: Vec::new() })
    }

    /// Where the next bytes will stand.
    pub fn end(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    pub fn append(&mut self, bytes: &[u8]) -> Result<(), CorpusError> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER_BYTES { self.flush() } else { Ok(()) }
    }

    /// Only what was flushed can be read.
    pub fn flush(&mut self) -> Result<(), CorpusError> {
        use io::{Seek, Write};
        let sought = self.file.seek(io::SeekFrom::Start(self.written));
        sought.and_then(|_| self.file.write_all(&self.buffer)).map_err(CorpusError::io("write", &self.path))?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// All of it is on disk when this returns.
    pub fn sync(&mut self) -> Result<(), CorpusError> {
        self.flush()?;
        self.file.sync_all().map_err(CorpusError::io("write", &self.path))
    }

    pub fn read(&self, at: u64, into: &mut [u8]) -> Result<(), CorpusError> {
        read_at(&self.file, at, into).map_err(CorpusError::io("read", &self.path))
    }
}

#[cfg(unix)]
pub fn read_at(file: &File, at: u64, into: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, at)
}

#[cfg(windows)]
pub fn read_at(file: &File, mut at: u64, mut into: &mut [u8]) -> io::Result<()> {
    while !into.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, into, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => (at, into) = (at + read as u64, &mut into[read..]),
        }
    }
    Ok(())
}

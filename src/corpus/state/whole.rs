//! A file that is whole or not there.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::corpus::CorpusError;
use crate::corpus::near::fixed_hash;

/// A file that is written at once, with a checksum at its end.
pub struct WholeFile {
    pub path: PathBuf,
    /// Its first line, which names what it is.
    pub head: String,
}

pub const SUM_BYTES: usize = 8;

impl WholeFile {
    pub fn new(path: &Path, head: String) -> Self {
        Self { path: path.to_owned(), head }
    }

    /// What it holds, as `unpack` has it of the bytes behind the first line; `None` where there is no such file, or it is
    /// damaged or another one.
    pub fn read<T>(&self, unpack: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let bytes = fs::read(&self.path).ok()?;
        let (held, sum) = bytes.split_last_chunk()?;
        (u64::from_le_bytes(*sum) == fixed_hash(held)).then_some(())?;
        unpack(held.strip_prefix(self.head.as_bytes())?)
    }

    /// Writes about so many bytes, which `pack` appends; on disk when this returns.
    pub fn write(&self, likely_bytes: usize, pack: impl FnOnce(&mut Vec<u8>)) -> Result<(), CorpusError> {
        let mut bytes = Vec::with_capacity(self.head.len() + likely_bytes + SUM_BYTES);
        bytes.extend_from_slice(self.head.as_bytes());
        pack(&mut bytes);
        bytes.extend_from_slice(&fixed_hash(&bytes).to_le_bytes());
        let new = self.path.with_extension("new");
        let written = File::create(&new).and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()));
        written.and_then(|()| fs::rename(&new, &self.path)).map_err(CorpusError::io("write", &self.path))
    }

    pub fn remove(&self) -> Result<(), CorpusError> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(CorpusError::io("remove", &self.path)(error)),
            _ => Ok(()),
        }
    }
}

//! Lines of plain, gzip or zstd files, in batches.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::corpus::CorpusError;

/// A longer line is no document.
const LINE_BYTES_MAX: u64 = 256 << 20;

/// A line as read, and where it stood.
pub struct Raw<'a> {
    pub path: &'a Path,
    /// From 1.
    pub number: u64,
    /// Without its line break.
    pub bytes: Vec<u8>,
}

impl Raw<'_> {
    pub fn with_break(&self) -> Cow<'_, [u8]> {
        let mut line = self.bytes.clone();
        line.push(b'\n');
        Cow::Owned(line)
    }

    pub fn error(&self, reason: impl ToString) -> CorpusError {
        CorpusError::Line { path: self.path.to_owned(), line: self.number, reason: reason.to_string() }
    }
}

pub struct Lines {
    path: PathBuf,
    reader: Box<dyn BufRead>,
    number: u64,
}

impl Lines {
    /// The format is told by the first bytes, not by the name.
    pub fn open(path: &Path) -> Result<Self, CorpusError> {
        let failed = || CorpusError::io("read", path);
        let mut file = BufReader::new(File::open(path).map_err(failed())?);
        let magic = file.fill_buf().map_err(failed())?;
        let reader: Box<dyn BufRead> = if magic.starts_with(&[0x1f, 0x8b]) {
            Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(file)))
        } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Box::new(BufReader::new(zstd::Decoder::with_buffer(file).map_err(failed())?))
        } else {
            Box::new(file)
        };
        Ok(Self { path: path.to_owned(), reader, number: 0 })
    }

    /// The next lines, of about so many bytes; none at the end. Blank lines are skipped.
    pub fn batch(&mut self, bytes: usize) -> Result<Vec<Raw<'_>>, CorpusError> {
        let mut read = 0;
        let mut batch = Vec::new();
        while read < bytes {
            let mut line = Vec::new();
            let mut limited = (&mut self.reader).take(LINE_BYTES_MAX);
            let length = limited.read_until(b'\n', &mut line).map_err(CorpusError::io("read", &self.path))?;
            if length == 0 {
                break;
            }
            self.number += 1;
            read += length;
            if length as u64 == LINE_BYTES_MAX {
                let reason = format!("the line is over {LINE_BYTES_MAX} bytes");
                return Err(CorpusError::Line { path: self.path.clone(), line: self.number, reason });
            }
            let end = line.trim_ascii_end().len();
            line.truncate(end);
            if !line.is_empty() {
                batch.push((self.number, line));
            }
        }
        Ok(batch.into_iter().map(|(number, bytes)| Raw { path: &self.path, number, bytes }).collect())
    }
}

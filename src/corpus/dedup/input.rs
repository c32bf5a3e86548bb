//! Documents of JSON lines (plain, gzip or zstd) and Parquet files, in batches.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::table::Rows;
use crate::corpus::CorpusError;

/// A longer line is no document.
const LINE_BYTES_MAX: u64 = 256 << 20;

/// A line as read, or a row as one, and where it stood.
pub struct Raw {
    /// From 1.
    pub number: u64,
    /// Without its line break.
    pub bytes: Vec<u8>,
}

pub struct Input {
    path: PathBuf,
    form: Form,
    number: u64,
}

enum Form {
    Lines(Box<dyn BufRead>),
    Rows(Box<Rows>),
}

impl Input {
    /// The format is told by the first bytes, not by the name.
    pub fn open(path: &Path) -> Result<Self, CorpusError> {
        let failed = || CorpusError::io("read", path);
        let mut file = BufReader::new(File::open(path).map_err(failed())?);
        let magic = file.fill_buf().map_err(failed())?;
        let form = if magic.starts_with(b"PAR1") {
            Form::Rows(Box::new(Rows::open(path)?))
        } else if magic.starts_with(&[0x1f, 0x8b]) {
            Form::Lines(Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(file))))
        } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Form::Lines(Box::new(BufReader::new(zstd::Decoder::with_buffer(file).map_err(failed())?)))
        } else {
            Form::Lines(Box::new(file))
        };
        Ok(Self { path: path.to_owned(), form, number: 0 })
    }

    /// The next documents, of about so many bytes; none at the end. Blank lines are skipped.
    pub fn batch(&mut self, bytes: usize) -> Result<Vec<Raw>, CorpusError> {
        let mut read = 0;
        let mut batch = Vec::new();
        while read < bytes {
            let Some((line, length)) = self.next()? else { break };
            self.number += 1;
            read += length;
            if !line.is_empty() {
                batch.push(Raw { number: self.number, bytes: line });
            }
        }
        Ok(batch)
    }

    /// A line without what ends it, and how long it was with it.
    fn next(&mut self) -> Result<Option<(Vec<u8>, usize)>, CorpusError> {
        let reader = match &mut self.form {
            Form::Rows(rows) => return rows.next_line(),
            Form::Lines(reader) => reader,
        };
        let mut line = Vec::new();
        let length =
            reader.take(LINE_BYTES_MAX).read_until(b'\n', &mut line).map_err(CorpusError::io("read", &self.path))?;
        if length as u64 == LINE_BYTES_MAX {
            let reason = format!("the line is over {LINE_BYTES_MAX} bytes");
            return Err(CorpusError::Line { path: self.path.clone(), line: self.number + 1, reason });
        }
        let start = if self.number == 0 && line.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let line = line[start..].trim_ascii_end().to_vec();
        Ok((length > 0).then_some((line, length)))
    }
}

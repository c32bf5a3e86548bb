//! Warc: web archive files read and written record by record.
//!
//! In: bytes of a `.warc`, `.warc.gz` or `.wet.gz`, as a stream. Out: [`Record`]s; and records to bytes again.
//! Always: no more memory than one record may have; what is broken is an error with its place, never a wrong record.
//! Not here: what becomes of a record (`pipeline`, `cli`).

mod http;
mod write;

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

pub use http::{Response, response};
pub use write::Writer;

/// Longest header of a record.
const HEADER_BYTES_MAX: usize = 256 << 10;
/// Largest block that is read; larger ones are skipped and say so.
pub const BLOCK_BYTES_MAX: u64 = 64 << 20;
const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// Why a file could not be read on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WarcError {
    #[error("record {record}: {what}")]
    Broken { record: u64, what: String },
    #[error("it is neither WARC nor WARC in gzip")]
    Foreign,
    #[error("WARC in zstd is not read; unpack it first with `zstd -d`")]
    Zstd,
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// One record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Names in lower case, in the order written.
    pub headers: Vec<(String, String)>,
    /// Empty where it was larger than [`BLOCK_BYTES_MAX`].
    pub block: Vec<u8>,
    /// The length that the header names.
    pub length: u64,
}

impl Record {
    /// The first header of that lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `response`, `conversion`, …; empty where it is not said.
    pub fn kind(&self) -> &str {
        self.header("warc-type").unwrap_or_default()
    }

    /// The address it is of; early writers put it into angle brackets.
    pub fn url(&self) -> Option<&str> {
        self.header("warc-target-uri").map(|url| url.trim_start_matches('<').trim_end_matches('>'))
    }

    pub fn is_skipped(&self) -> bool {
        self.block.is_empty() && self.length > BLOCK_BYTES_MAX
    }
}

/// Reads records one after the other.
pub struct Reader<R: Read> {
    source: BufReader<Source<R>>,
    record: u64,
}

enum Source<R: Read> {
    Plain(BufReader<R>),
    Gzip(Box<MultiGzDecoder<BufReader<R>>>),
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(buffer),
            Self::Gzip(source) => source.read(buffer),
        }
    }
}

impl<R: Read> Reader<R> {
    /// # Errors
    /// The source cannot be read, or is no WARC file.
    pub fn new(source: R) -> Result<Self, WarcError> {
        let mut source = BufReader::with_capacity(1 << 16, source);
        let begin = source.fill_buf()?;
        let source = if begin.starts_with(&GZIP_MAGIC) {
            Source::Gzip(Box::new(MultiGzDecoder::new(source)))
        } else if begin.starts_with(&ZSTD_MAGIC) {
            return Err(WarcError::Zstd);
        } else if begin.is_empty() || begin.starts_with(b"WARC/") || begin.starts_with(b"\r\n") {
            Source::Plain(source)
        } else {
            return Err(WarcError::Foreign);
        };
        Ok(Self { source: BufReader::with_capacity(1 << 16, source), record: 0 })
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// The file is cut or broken here: what came before stands.
    pub fn next_record(&mut self) -> Result<Option<Record>, WarcError> {
        let Some(version) = self.version_line()? else { return Ok(None) };
        self.record += 1;
        if !version.starts_with("WARC/") {
            return Err(self.broken("it does not begin with `WARC/`"));
        }
        let headers = self.headers()?;
        let mut record = Record { headers, ..Record::default() };
        let length = record.header("content-length").and_then(|length| length.trim().parse().ok());
        record.length = length.ok_or_else(|| self.broken("it has no content length"))?;
        let mut block = (&mut self.source).take(record.length);
        let read = if record.length <= BLOCK_BYTES_MAX {
            block.read_to_end(&mut record.block)? as u64
        } else {
            std::io::copy(&mut block, &mut std::io::sink())?
        };
        if read < record.length {
            return Err(self.broken("the file ends within it"));
        }
        Ok(Some(record))
    }

    fn broken(&self, what: &str) -> WarcError {
        WarcError::Broken { record: self.record.max(1), what: what.to_owned() }
    }

    /// The first line of a record, past the empty lines before it.
    fn version_line(&mut self) -> Result<Option<String>, WarcError> {
        loop {
            match self.line()? {
                None => return Ok(None),
                Some(line) if line.is_empty() => {}
                line => return Ok(line),
            }
        }
    }

    fn headers(&mut self) -> Result<Vec<(String, String)>, WarcError> {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut bytes = 0;
        loop {
            let line = self.line()?.ok_or_else(|| self.broken("the file ends within its header"))?;
            bytes += line.len();
            if line.is_empty() {
                return Ok(headers);
            }
            if bytes > HEADER_BYTES_MAX {
                return Err(self.broken("its header is too long"));
            }
            if line.starts_with([' ', '\t'])
                && let Some((_, value)) = headers.last_mut()
            {
                value.push(' ');
                value.push_str(line.trim());
            } else if let Some((name, value)) = line.split_once(':') {
                headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }

    /// One line without its end.
    fn line(&mut self) -> Result<Option<String>, WarcError> {
        let mut line = Vec::new();
        let read = (&mut self.source).take(HEADER_BYTES_MAX as u64).read_until(b'\n', &mut line)?;
        let text = String::from_utf8_lossy(&line);
        Ok((read > 0).then(|| text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

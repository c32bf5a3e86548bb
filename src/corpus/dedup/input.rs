//! Documents of JSON lines (plain, gzip or zstd) and Parquet files, many lines at a time.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::table::Rows;
use crate::corpus::CorpusError;

/// A longer line is no document.
pub const LINE_BYTES_MAX: u64 = 256 << 20;
/// Bytes of lines that are read at once: enough to be worth a thread's while.
const CHUNK_BYTES: u64 = 1 << 20;
/// Read ahead of the decoder.
const BUFFER_BYTES: usize = 256 << 10;
/// What lines that are read at once take in memory, if none of them is long.
pub const CHUNK_ROOM: u64 = CHUNK_BYTES + BUFFER_BYTES as u64;

/// A line as read, or a row as one, and where it stood.
pub struct Raw<'a> {
    /// From 1.
    pub number: u64,
    /// Without its line break.
    pub bytes: &'a [u8],
}

/// Lines as read. Where inputs are the same, so are their chunks.
pub struct Chunk {
    /// Place among the inputs.
    pub input: usize,
    /// Number of its first line.
    pub first: u64,
    bytes: Vec<u8>,
    /// The last line went on beyond [`LINE_BYTES_MAX`]; there is nothing of it.
    pub too_long: Option<u64>,
}

impl Chunk {
    /// Bytes it takes in memory.
    pub fn weight(&self) -> u64 {
        CHUNK_ROOM.max(self.bytes.len() as u64)
    }

    /// Of all that tells what its lines hold: those of equal hashes hold the same.
    pub fn hash(&self) -> u128 {
        // The first line of all may begin with a mark of the byte order.
        xxh3_128_with_seed(&self.bytes, u64::from(self.first == 1))
    }

    /// Its lines; blank ones are skipped.
    pub fn lines(&self) -> impl Iterator<Item = Raw<'_>> {
        let lines = self.bytes.split_inclusive(|&byte| byte == b'\n').zip(self.first..);
        let raw = lines.map(|(line, number)| {
            let start = if number == 1 && line.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            Raw { number, bytes: line[start..].trim_ascii_end() }
        });
        raw.filter(|raw| !raw.bytes.is_empty())
    }
}

/// All inputs, one after another.
pub struct Inputs<'a> {
    paths: &'a [PathBuf],
    /// The one that is read, and its place.
    open: Option<Input>,
    at: usize,
}

impl<'a> Inputs<'a> {
    pub fn new(paths: &'a [PathBuf]) -> Self {
        Self { paths, open: None, at: 0 }
    }

    /// The next lines of the same file, or of the next one.
    pub fn next(&mut self) -> Result<Option<Chunk>, CorpusError> {
        while let Some(path) = self.paths.get(self.at) {
            let input = match &mut self.open {
                Some(input) => input,
                None => self.open.insert(Input::open(path)?),
            };
            if let Some(chunk) = input.chunk(self.at).map_err(|error| error.into_corpus(path))? {
                return Ok(Some(chunk));
            }
            self.open = None;
            self.at += 1;
        }
        Ok(None)
    }
}

enum Failed {
    Io(io::Error),
    Corpus(CorpusError),
}

impl Failed {
    fn into_corpus(self, path: &Path) -> CorpusError {
        match self {
            Self::Io(error) => CorpusError::io("read", path)(error),
            Self::Corpus(error) => error,
        }
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

struct Input {
    form: Form,
    /// Lines that were read.
    lines: u64,
}

enum Form {
    Lines(Box<dyn BufRead + Send>),
    Rows(Box<Rows>),
}

impl Input {
    /// The format is told by the first bytes, not by the name.
    fn open(path: &Path) -> Result<Self, CorpusError> {
        let failed = || CorpusError::io("read", path);
        let mut file = BufReader::with_capacity(BUFFER_BYTES, File::open(path).map_err(failed())?);
        let magic = file.fill_buf().map_err(failed())?;
        let form = if magic.starts_with(b"PAR1") {
            Form::Rows(Box::new(Rows::open(path)?))
        } else if magic.starts_with(&[0x1f, 0x8b]) {
            let decoder = flate2::bufread::MultiGzDecoder::new(file);
            Form::Lines(Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder)))
        } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            let decoder = zstd::Decoder::with_buffer(file).map_err(failed())?;
            Form::Lines(Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder)))
        } else {
            Form::Lines(Box::new(file))
        };
        Ok(Self { form, lines: 0 })
    }

    /// The next whole lines; none at the end.
    fn chunk(&mut self, input: usize) -> Result<Option<Chunk>, Failed> {
        let mut chunk = Chunk { input, first: self.lines + 1, bytes: Vec::new(), too_long: None };
        match &mut self.form {
            Form::Rows(rows) => rows.fill(&mut chunk.bytes, CHUNK_BYTES as usize).map_err(Failed::Corpus)?,
            Form::Lines(reader) => {
                if !fill(reader, &mut chunk.bytes)? {
                    let start = memchr::memrchr(b'\n', &chunk.bytes).map_or(0, |at| at + 1);
                    chunk.bytes.truncate(start);
                    reader.skip_until(b'\n')?;
                    self.lines += 1;
                    chunk.too_long = Some(0);
                }
            }
        }
        self.lines += memchr::memchr_iter(b'\n', &chunk.bytes).count() as u64;
        chunk.too_long = chunk.too_long.map(|_| self.lines);
        let is_end = chunk.bytes.is_empty() && chunk.too_long.is_none();
        Ok((!is_end).then_some(chunk))
    }
}

/// Reads some lines up to the end of the last; whether that was found in time.
fn fill(reader: &mut impl BufRead, bytes: &mut Vec<u8>) -> io::Result<bool> {
    bytes.reserve(CHUNK_ROOM as usize);
    let read = reader.take(CHUNK_BYTES).read_to_end(bytes)? as u64;
    if read < CHUNK_BYTES || bytes.ends_with(b"\n") {
        return Ok(true);
    }
    let more = reader.take(LINE_BYTES_MAX).read_until(b'\n', bytes)? as u64;
    Ok(more < LINE_BYTES_MAX || bytes.ends_with(b"\n"))
}

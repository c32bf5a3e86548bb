//! Documents of JSON lines (plain, gzip or zstd) and Parquet files, many lines at a time.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128_with_seed};

use super::known::Mark;
use super::table::Rows;
use super::unchanged::{Stamp, Whole};
use crate::corpus::CorpusError;
use crate::corpus::spill::read_at;

/// A longer line is no document.
pub const LINE_BYTES_MAX: u64 = 256 << 20;
/// Bytes of lines that are read at once: at least so many, to be worth a thread's while, …
const CHUNK_BYTES_MIN: usize = 256 << 10;
/// … then up to a line that is an end by its own bytes, one in so many bytes, …
const CHUNK_BYTES_MORE: u64 = 256 << 10;
/// … or until there are so many.
const CHUNK_BYTES_MAX: usize = 1 << 20;
/// Read ahead of the decoder.
const BUFFER_BYTES: usize = 256 << 10;
/// What lines that are read at once take in memory, if none of them is long.
pub const CHUNK_ROOM: u64 = (CHUNK_BYTES_MAX + BUFFER_BYTES) as u64;

/// A line as read, or a row as one, and where it stood.
pub struct Raw<'a> {
    /// In its chunk, from 0.
    pub number: u64,
    /// Without its line break.
    pub bytes: &'a [u8],
}

/// Where a line stands in its chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub bytes: u32,
}

/// Lines as read. Where inputs are the same, so are their chunks; where lines are put in or taken out, only those near by
/// are other ones.
pub struct Chunk {
    /// Place among the inputs.
    pub input: usize,
    /// Whether its first line is that of the file.
    is_first: bool,
    bytes: Vec<u8>,
    /// Whether it ends there whatever comes behind it.
    is_cut: bool,
    /// The last line went on beyond [`LINE_BYTES_MAX`]; there is nothing of it.
    pub is_too_long: bool,
}

impl Chunk {
    /// Bytes it takes in memory.
    pub fn weight(&self) -> u64 {
        CHUNK_ROOM.max(self.bytes.len() as u64)
    }

    /// What it is known by; `before` is the hash of the chunk before it, where that has one.
    pub fn mark(&self, before: Option<u128>) -> Mark {
        // The first line of all may begin with a mark of the byte order.
        let hash = xxh3_128_with_seed(&self.bytes, u64::from(self.is_first));
        Mark { hash, before: before.filter(|_| !self.is_first), bytes: self.is_cut.then_some(self.bytes()) }
    }

    /// How many bytes of its file it is, where that has lines as they are.
    pub fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// How many lines it is, but for one that is too long.
    pub fn count(&self) -> u64 {
        let is_open = self.bytes.last().is_some_and(|&last| last != b'\n');
        memchr::memchr_iter(b'\n', &self.bytes).count() as u64 + u64::from(is_open)
    }

    /// Where a line of it stands.
    pub fn span(&self, line: &Raw<'_>) -> Span {
        // A chunk is at most 257 MB, and the line a part of it.
        let start = line.bytes.as_ptr().addr() - self.bytes.as_ptr().addr();
        Span { start: start as u32, bytes: line.bytes.len() as u32 }
    }

    /// Its lines; blank ones are skipped.
    pub fn lines(&self) -> impl Iterator<Item = Raw<'_>> {
        let mut rest = &self.bytes[..];
        let line = std::iter::from_fn(move || {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (line, others) = rest.split_at(end);
            rest = others;
            (!line.is_empty()).then_some(line)
        });
        let lines = line.zip(0..);
        let raw = lines.map(|(line, number)| {
            let start = if number == 0 && self.is_first && line.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
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
    /// Whether each is to have a stamp: that takes reading both of its ends.
    is_stamped: bool,
    /// The one that is to be begun next, once its stamp was asked for.
    next: Option<Opened>,
    /// Of each that was begun.
    pub begun: Vec<Begun>,
}

struct Opened {
    file: File,
    stamp: Option<Stamp>,
}

impl Opened {
    fn of(path: &Path, is_stamped: bool) -> io::Result<Self> {
        let file = File::open(path)?;
        let stamp = Some(&file).filter(|_| is_stamped).and_then(Stamp::of);
        Ok(Self { file, stamp })
    }
}

/// What is known of an input before anything of it is read.
pub struct Begun {
    /// `None` where it may be changed without a trace.
    pub stamp: Option<Stamp>,
    /// Whether it cannot be passed over.
    pub is_packed: bool,
}

impl<'a> Inputs<'a> {
    pub fn new(paths: &'a [PathBuf], is_stamped: bool) -> Self {
        Self { paths, open: None, at: 0, is_stamped, next: None, begun: Vec::new() }
    }

    /// Passes over so many bytes of lines, which were read before, where that is cheaper than reading them; whether it did.
    pub fn skip(&mut self, at: usize, bytes: u64) -> Result<bool, CorpusError> {
        if self.at != at {
            (self.at, self.open) = (at, None);
        }
        let path = &self.paths[at];
        let input = match &mut self.open {
            Some(input) => input,
            None => {
                let file = File::open(path).map_err(CorpusError::io("read", path))?;
                self.open.insert(Input::open(path, file)?)
            }
        };
        input.skip(bytes).map_err(CorpusError::io("read", path))
    }

    /// Passes over the next lines of the file that is read if they are so many bytes of this hash; the place of the file.
    /// They go by in small pieces, which is twice as fast as having them.
    pub fn pass(&mut self, hash: u128, bytes: u64) -> Result<Option<usize>, CorpusError> {
        let Some(Input { form: Form::Plain(reader), .. }) = &mut self.open else { return Ok(None) };
        let is_passed = pass(reader, hash, bytes).map_err(CorpusError::io("read", &self.paths[self.at]))?;
        Ok(is_passed.then_some(self.at))
    }

    /// The stamp of the file that is to be begun next; `None` too where there is none, or one is not at its end.
    /// It stays open until it is begun: what is read is what the stamp is of.
    pub fn next_stamp(&mut self) -> Option<Stamp> {
        let path = self.paths.get(self.at).filter(|_| self.open.is_none())?;
        if self.next.is_none() {
            self.next = Opened::of(path, self.is_stamped).ok();
        }
        self.next.as_ref()?.stamp
    }

    /// Goes on behind the file that is to be begun next, which was found unchanged.
    pub fn pass_file(&mut self, stamp: Stamp, whole: &Whole) {
        self.begun.push(Begun { stamp: Some(stamp), is_packed: whole.is_packed });
        (self.next, self.at) = (None, self.at + 1);
    }

    /// The place of the file that is read, or to be begun next.
    pub fn at(&self) -> usize {
        self.at
    }

    /// That this file is not what it was.
    pub fn changed(&self, at: usize) -> CorpusError {
        CorpusError::Changed(self.paths[at].clone())
    }

    pub fn is_at_end(&self) -> bool {
        self.at >= self.paths.len()
    }

    /// The next lines of the same file, or of the next one.
    pub fn next(&mut self) -> Result<Option<Chunk>, CorpusError> {
        while !self.is_at_end() {
            if let Some(chunk) = self.chunk()? {
                return Ok(Some(chunk));
            }
        }
        Ok(None)
    }

    /// The next lines of the file that is read, or to be begun next; `None` at the end of each, and of all.
    pub fn chunk(&mut self) -> Result<Option<Chunk>, CorpusError> {
        let Some(path) = self.paths.get(self.at) else { return Ok(None) };
        let input = match &mut self.open {
            Some(input) => input,
            None => {
                let opened = self.next.take().map_or_else(|| Opened::of(path, self.is_stamped), Ok);
                let Opened { file, stamp } = opened.map_err(CorpusError::io("read", path))?;
                let input = self.open.insert(Input::open(path, file)?);
                self.begun.push(Begun { stamp, is_packed: !matches!(input.form, Form::Plain(_)) });
                input
            }
        };
        let chunk = input.chunk(self.at).map_err(|error| error.into_corpus(path))?;
        if chunk.is_none() {
            (self.open, self.at) = (None, self.at + 1);
        }
        Ok(chunk)
    }
}

/// Inputs that have lines as they are, to be read anywhere. One of them is open at a time: there may be more of them than a
/// program may have open.
pub struct Places<'a> {
    paths: &'a [PathBuf],
    /// The one that was read last, and its place.
    open: Option<(usize, File)>,
}

impl<'a> Places<'a> {
    pub fn new(paths: &'a [PathBuf]) -> Self {
        Self { paths, open: None }
    }

    /// So many bytes of an input, from a place on; what is there no more has changed.
    pub fn read(&mut self, input: usize, at: u64, bytes: u32) -> Result<Vec<u8>, CorpusError> {
        let path = &self.paths[input];
        let file = match self.open.take().filter(|(last, _)| *last == input) {
            Some((_, file)) => file,
            None => File::open(path).map_err(CorpusError::io("read", path))?,
        };
        let mut line = vec![0; bytes as usize];
        let read = read_at(&file, at, &mut line);
        self.open = Some((input, file));
        match read {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(CorpusError::Changed(path.clone())),
            read => read.map(|()| line).map_err(CorpusError::io("read", path)),
        }
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
    is_begun: bool,
}

enum Form {
    /// As they are.
    Plain(BufReader<File>),
    Packed(Box<dyn BufRead + Send>),
    Rows(Box<Rows>),
}

impl Input {
    /// The format is told by the first bytes, not by the name.
    fn open(path: &Path, file: File) -> Result<Self, CorpusError> {
        let failed = || CorpusError::io("read", path);
        let mut file = BufReader::with_capacity(BUFFER_BYTES, file);
        let magic = file.fill_buf().map_err(failed())?;
        let form = if magic.starts_with(b"PAR1") {
            Form::Rows(Box::new(Rows::open(path)?))
        } else if magic.starts_with(&[0x1f, 0x8b]) {
            let decoder = flate2::bufread::MultiGzDecoder::new(file);
            Form::Packed(Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder)))
        } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            let decoder = zstd::Decoder::with_buffer(file).map_err(failed())?;
            Form::Packed(Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder)))
        } else {
            Form::Plain(file)
        };
        Ok(Self { form, is_begun: false })
    }

    /// The next whole lines; none at the end.
    fn chunk(&mut self, input: usize) -> Result<Option<Chunk>, Failed> {
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        let mut bytes = Vec::with_capacity(CHUNK_ROOM as usize);
        let end = match &mut self.form {
            Form::Rows(rows) => fill(&mut bytes, |bytes| rows.next(bytes).map_err(Failed::Corpus))?,
            Form::Plain(reader) => fill(&mut bytes, |bytes| read_line(reader, bytes))?,
            Form::Packed(reader) => fill(&mut bytes, |bytes| read_line(reader, bytes))?,
        };
        let (is_cut, is_too_long) = (end == End::Cut, end == End::TooLong);
        let chunk = Chunk { input, is_first, bytes, is_cut, is_too_long };
        let is_end = chunk.bytes.is_empty() && !chunk.is_too_long;
        Ok((!is_end).then_some(chunk))
    }

    /// Goes on behind so many bytes of lines, where that takes no reading; whether it did.
    fn skip(&mut self, bytes: u64) -> io::Result<bool> {
        self.is_begun = true;
        match &mut self.form {
            Form::Plain(reader) => reader.seek_relative(bytes as i64).map(|()| true),
            Form::Packed(_) | Form::Rows(_) => Ok(false),
        }
    }
}

/// Whether the next bytes, so many, are of this hash; else they are still to be read.
fn pass(reader: &mut BufReader<File>, hash: u128, bytes: u64) -> io::Result<bool> {
    let (mut sum, mut left) = (Xxh3::with_seed(0), bytes);
    while left > 0 {
        let piece = reader.fill_buf()?;
        let taken = (piece.len() as u64).min(left) as usize;
        if taken == 0 {
            break;
        }
        sum.update(&piece[..taken]);
        reader.consume(taken);
        left -= taken as u64;
    }
    let is_it = left == 0 && sum.digest128() == hash;
    if !is_it {
        reader.seek_relative(left as i64 - bytes as i64)?;
    }
    Ok(is_it)
}

/// What a chunk ends with.
#[derive(PartialEq)]
enum End {
    /// A line at which it is cut.
    Cut,
    /// A line that is too long, which was passed over.
    TooLong,
    /// The input.
    Input,
}

/// What comes next in an input.
pub enum Next {
    Line,
    TooLong,
    End,
}

/// Takes lines, one with each call of `next`, up to one at which they are cut.
fn fill(bytes: &mut Vec<u8>, mut next: impl FnMut(&mut Vec<u8>) -> Result<Next, Failed>) -> Result<End, Failed> {
    loop {
        let start = bytes.len();
        match next(bytes)? {
            Next::Line if is_cut(bytes, start) => return Ok(End::Cut),
            Next::Line => {}
            Next::TooLong => return Ok(End::TooLong),
            Next::End => return Ok(End::Input),
        }
    }
}

/// Whether lines are cut behind the last, which begins at `start`. That says the line itself, the likelier the longer it
/// is, so that the same lines are cut at the same places whatever came before them.
fn is_cut(bytes: &[u8], start: usize) -> bool {
    let line = &bytes[start..];
    let is_end = || xxh3_64(line) % CHUNK_BYTES_MORE < line.len() as u64;
    bytes.len() >= CHUNK_BYTES_MIN && line.ends_with(b"\n") && (bytes.len() >= CHUNK_BYTES_MAX || is_end())
}

/// Appends the next line, or passes over it where it is too long.
fn read_line(reader: &mut impl BufRead, bytes: &mut Vec<u8>) -> Result<Next, Failed> {
    let start = bytes.len();
    let read = reader.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', bytes)? as u64;
    if read <= LINE_BYTES_MAX || bytes.ends_with(b"\n") {
        return Ok(if read == 0 { Next::End } else { Next::Line });
    }
    bytes.truncate(start);
    reader.skip_until(b'\n')?;
    Ok(Next::TooLong)
}

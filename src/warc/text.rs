//! What a file says once it is unpacked: bytes one after the other, some of which are read again.

use std::io::{self, BufRead, Cursor, Read};

use super::packed::{Gap, Units};
use super::source::Source;

/// A line is looked through so far at once, where a record is looked for.
const PART_BYTES_MAX: u64 = 4 << 10;
/// `WARC/1.1` and a line end: so long may it be.
const VERSION_BYTES_MAX: usize = 16;

/// A place in the file, and how many bytes of text come before it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub file: u64,
    pub text: u64,
}

impl Place {
    /// Bytes from here to there: of the file, or where both are in one member of it, of what is unpacked.
    pub fn bytes_to(&self, end: Self) -> u64 {
        if end.file > self.file { end.file - self.file } else { end.text.saturating_sub(self.text) }
    }
}

pub(super) struct Text<'a> {
    body: Body<'a>,
    /// Bytes of text before the next one.
    at: u64,
    /// What of packed text is to be read again; the last one first.
    front: Vec<Cursor<Vec<u8>>>,
}

enum Body<'a> {
    Plain(Source<'a>),
    Packed(Box<Units<'a>>),
}

impl<'a> Text<'a> {
    pub fn plain(source: Source<'a>) -> Self {
        let at = source.at();
        Self { body: Body::Plain(source), at, front: Vec::new() }
    }

    pub fn packed(units: Units<'a>) -> Self {
        Self { body: Body::Packed(Box::new(units)), at: 0, front: Vec::new() }
    }

    pub fn place(&self) -> Place {
        let file = match &self.body {
            Body::Plain(_) => self.at,
            Body::Packed(units) => units.place(),
        };
        Place { file, text: self.at }
    }

    /// Whether nothing but the records themselves vouches for them.
    pub fn is_plain(&self) -> bool {
        matches!(self.body, Body::Plain(_))
    }

    /// Where a packed file could not be unpacked before the next byte.
    pub fn take_gap(&mut self) -> Option<Gap> {
        match &mut self.body {
            Body::Plain(_) => None,
            Body::Packed(units) => units.take_gap(),
        }
    }

    /// Gives back what was read last, to be read again.
    pub fn back(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        self.at -= bytes.len() as u64;
        match &mut self.body {
            Body::Plain(source) => return source.go(self.at),
            Body::Packed(_) if bytes.is_empty() => {}
            Body::Packed(_) => self.front.push(Cursor::new(bytes)),
        }
        Ok(())
    }

    /// The next bytes, fewer only at the end.
    pub fn take_bytes(&mut self, bytes: u64) -> io::Result<Vec<u8>> {
        let mut taken = Vec::new();
        self.take(bytes).read_to_end(&mut taken)?;
        Ok(taken)
    }

    /// The next bytes, which stay the next.
    pub fn peek(&mut self, bytes: u64) -> io::Result<Vec<u8>> {
        let next = self.take_bytes(bytes)?;
        self.back(next.clone())?;
        Ok(next)
    }

    /// A line with its end, so much of it as there is room for.
    pub fn line(&mut self, room: u64) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.take(room).read_until(b'\n', &mut line)?;
        Ok(line)
    }

    /// Passes over so many bytes; `false` where there are fewer, of which none is passed over in a plain file.
    pub fn skip(&mut self, bytes: u64) -> io::Result<bool> {
        match &mut self.body {
            Body::Plain(source) if source.length() - source.at() < bytes => Ok(false),
            Body::Plain(source) => {
                self.at += bytes;
                source.go(self.at)?;
                Ok(true)
            }
            Body::Packed(_) => Ok(io::copy(&mut self.take(bytes), &mut io::sink())? == bytes),
        }
    }

    /// Takes a skipping back, as a plain file can.
    pub fn unskip(&mut self, to: u64) -> io::Result<()> {
        if let Body::Plain(source) = &mut self.body {
            self.at = to;
            source.go(to)?;
        }
        Ok(())
    }

    /// Goes on to where a line ends with what a record begins with; or to the end, or to a gap.
    pub fn find_record(&mut self) -> io::Result<()> {
        loop {
            let line = self.line(PART_BYTES_MAX)?;
            if line.is_empty() {
                return Ok(());
            }
            if let Some(at) = version(&line) {
                return self.back(line[at..].to_vec());
            }
            // It may have been parted in the midst of it.
            if !line.ends_with(b"\n") && line.len() as u64 == PART_BYTES_MAX {
                self.back(line[line.len() - VERSION_BYTES_MAX..].to_vec())?;
            }
        }
    }
}

/// Where a line ends with the version that a record begins with.
pub(super) fn version(line: &[u8]) -> Option<usize> {
    let said = line.strip_suffix(b"\n")?;
    let said = said.strip_suffix(b"\r").unwrap_or(said);
    let at = memchr::memmem::rfind(said, b"WARC/")?;
    let number = &said[at + b"WARC/".len()..];
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let dot = memchr::memchr(b'.', number)?;
    let is_version = line.len() - at <= VERSION_BYTES_MAX && is_number(&number[..dot]) && is_number(&number[dot + 1..]);
    is_version.then_some(at)
}

impl Read for Text<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Text<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let Some(front) = self.front.last_mut() {
            return front.fill_buf();
        }
        match &mut self.body {
            Body::Plain(source) => source.fill_buf(),
            Body::Packed(units) => units.fill_buf(),
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.at += bytes as u64;
        if let Some(front) = self.front.last_mut() {
            front.consume(bytes);
            // Emptied ones go at once, so that an empty one never looks like the end.
            if front.position() >= front.get_ref().len() as u64 {
                self.front.pop();
            }
            return;
        }
        match &mut self.body {
            Body::Plain(source) => source.consume(bytes),
            Body::Packed(units) => units.consume(bytes),
        }
    }
}

//! The file as it lies: read onwards, and from another place where damage makes that needful.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

const BUFFER_BYTES: usize = 1 << 16;

pub(super) trait File: Read + Seek + Send {}
impl<T: Read + Seek + Send> File for T {}

/// A file, or the part of one that holds a member of a WACZ. Places are counted from the part's beginning.
pub(super) struct Source<'a> {
    file: BufReader<Box<dyn File + 'a>>,
    at: u64,
    bytes: u64,
    /// Whether the file itself could not be read, as against what decoders make of its bytes.
    pub failed: bool,
}

impl<'a> Source<'a> {
    /// So many bytes of a file from a place on, or as many as there are.
    pub fn new(mut file: impl File + 'a, begin: u64, bytes_max: u64) -> io::Result<Self> {
        let bytes = file.seek(SeekFrom::End(0))?.saturating_sub(begin).min(bytes_max);
        file.seek(SeekFrom::Start(begin))?;
        let file: Box<dyn File + 'a> = Box::new(file);
        Ok(Self { file: BufReader::with_capacity(BUFFER_BYTES, file), at: 0, bytes, failed: false })
    }

    pub fn at(&self) -> u64 {
        self.at
    }

    pub fn length(&self) -> u64 {
        self.bytes
    }

    /// Goes to another place, at most to the end.
    pub fn go(&mut self, to: u64) -> io::Result<()> {
        let to = to.min(self.bytes);
        let step = i64::try_from(i128::from(to) - i128::from(self.at)).expect("files are shorter than that");
        self.file.seek_relative(step).inspect_err(|_| self.failed = true)?;
        self.at = to;
        Ok(())
    }

    /// The next bytes, at most so many, without going on.
    pub fn peek(&mut self, bytes: usize) -> io::Result<Vec<u8>> {
        let (begin, mut next) = (self.at, Vec::new());
        self.by_ref().take(bytes as u64).read_to_end(&mut next)?;
        self.go(begin)?;
        Ok(next)
    }

    /// Goes on to where the pattern next begins; to the end, and `false`, where it does not.
    pub fn find(&mut self, pattern: &[u8]) -> io::Result<bool> {
        let (finder, border) = (memchr::memmem::Finder::new(pattern), pattern.len() - 1);
        // The end of what was read before: the pattern may begin there.
        let mut tail: Vec<u8> = Vec::new();
        loop {
            let at = self.at;
            let next = self.fill_buf()?;
            let length = next.len();
            if length == 0 {
                return Ok(false);
            }
            let begin = at - tail.len() as u64;
            tail.extend(&next[..length.min(border)]);
            let across = finder.find(&tail).map(|place| begin + place as u64);
            let found = across.or_else(|| finder.find(next).map(|place| at + place as u64));
            tail.extend(&next[length.min(border).max(length.saturating_sub(border))..]);
            tail.drain(..tail.len().saturating_sub(border));
            if let Some(place) = found {
                self.go(place)?;
                return Ok(true);
            }
            self.consume(length);
        }
    }
}

impl Read for Source<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let next = self.fill_buf()?;
        let length = next.len().min(into.len());
        into[..length].copy_from_slice(&next[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = usize::try_from(self.bytes - self.at).unwrap_or(usize::MAX);
        if left == 0 {
            return Ok(&[]);
        }
        match self.file.fill_buf() {
            Ok(next) => Ok(&next[..next.len().min(left)]),
            Err(error) => {
                self.failed |= error.kind() != io::ErrorKind::Interrupted;
                Err(error)
            }
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.file.consume(bytes);
        self.at += bytes as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn a_pattern_is_found_wherever_the_buffers_end() {
        for at in (BUFFER_BYTES - 8..BUFFER_BYTES + 8).chain([0, 1, 3 * BUFFER_BYTES - 2]) {
            let mut bytes = vec![b'a'; at];
            bytes.extend(b"aabcd");
            let mut source = Source::new(Cursor::new(&bytes), 0, u64::MAX).expect("memory is read");
            assert!(source.find(b"abc").expect("memory is read"));
            assert_eq!(source.at(), at as u64 + 1);
            assert_eq!(source.peek(9).expect("memory is read"), b"abcd");
            source.go(at as u64 + 2).expect("memory is read");
            assert!(!source.find(b"abc").expect("memory is read"));
            assert_eq!(source.at(), bytes.len() as u64);
        }
    }
}

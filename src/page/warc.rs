//! WARC records, one after the other, plain or gzipped: responses, WET conversions, whatever a file holds.
//!
//! The reader holds one header and nothing of a block but what its caller asks for, so a file may be of any size and
//! a record too. What is no WARC is an error that says at which byte.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// Bytes of one record's header.
pub const HEADER_BYTES_MAX: u64 = 64 << 10;
/// Blank lines between two records; the standard has two, sloppy writers more.
const BLANK_LINES_MAX: usize = 16;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Why a file ends before its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WarcError {
    #[error("no WARC record begins at byte {at}, but `{found}`")]
    NoRecord { at: u64, found: String },
    #[error("the header of the record at byte {at} is over {HEADER_BYTES_MAX} bytes")]
    LongHeader { at: u64 },
    #[error("the record at byte {at} has no Content-Length that is a number")]
    NoLength { at: u64 },
    #[error("the file ends inside the record at byte {at}; it was cut short")]
    Short { at: u64 },
    #[error("could not read on after byte {at}")]
    Io { at: u64, source: io::Error },
}

/// The header of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Where the record begins, counted in bytes after decompression.
    pub at: u64,
    /// Names and values as written, in order.
    pub fields: Vec<(String, String)>,
    /// Bytes of the block.
    pub length: u64,
}

impl Head {
    /// The first field of that name, in any case.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// `response`, `conversion`, `warcinfo` …
    pub fn kind(&self) -> &str {
        self.field("WARC-Type").unwrap_or_default()
    }

    /// The address, without the angle brackets that some writers put around it.
    pub fn uri(&self) -> Option<&str> {
        self.field("WARC-Target-URI").map(|uri| uri.trim_start_matches('<').trim_end_matches('>'))
    }

    /// When it was captured, as written.
    pub fn date(&self) -> Option<&str> {
        self.field("WARC-Date")
    }

    /// The content type of the block.
    pub fn content_type(&self) -> Option<&str> {
        self.field("Content-Type")
    }
}

/// Reads one record after the other.
pub struct Reader<'a> {
    source: Box<dyn BufRead + Send + 'a>,
    /// Bytes read so far.
    at: u64,
    /// Where the present record begins, and what of its block is not read yet.
    begun: u64,
    left: u64,
}

impl<'a> Reader<'a> {
    /// Begins a file; gzip is known by its first bytes, and its members follow each other.
    ///
    /// # Errors
    /// When the first bytes cannot be read.
    pub fn new(source: impl Read + Send + 'a) -> Result<Self, WarcError> {
        let mut source = BufReader::new(source);
        let zipped = source.fill_buf().map_err(|source| WarcError::Io { at: 0, source })?.starts_with(&GZIP);
        let source: Box<dyn BufRead + Send + 'a> =
            if zipped { Box::new(BufReader::new(MultiGzDecoder::new(source))) } else { Box::new(source) };
        Ok(Self { source, at: 0, begun: 0, left: 0 })
    }

    /// The next record's header, past what is unread of the present one; `None` at the end.
    ///
    /// # Errors
    /// [`WarcError`] where the file cannot be followed further.
    pub fn next_head(&mut self) -> Result<Option<Head>, WarcError> {
        self.skip()?;
        let mut blanks = 0;
        let first = loop {
            self.begun = self.at;
            let line = self.line(HEADER_BYTES_MAX)?;
            match line {
                None => return Ok(None),
                Some(line) if line.is_empty() && blanks < BLANK_LINES_MAX => blanks += 1,
                Some(line) => break line,
            }
        };
        if !first.starts_with("WARC/") {
            let found = first.chars().take(40).collect();
            return Err(WarcError::NoRecord { at: self.begun, found });
        }
        let head = self.head()?;
        self.left = head.length;
        Ok(Some(head))
    }

    /// What is unread of the present record's block, up to so many bytes.
    ///
    /// # Errors
    /// [`WarcError::Short`] where the file ends inside it.
    pub fn block(&mut self, bytes_max: u64) -> Result<Vec<u8>, WarcError> {
        let wanted = self.left.min(bytes_max);
        let mut block = Vec::new();
        let read = (&mut self.source).take(wanted).read_to_end(&mut block);
        let read = read.map_err(|source| WarcError::Io { at: self.at, source })? as u64;
        self.at += read;
        self.left -= read;
        if read < wanted { Err(WarcError::Short { at: self.begun }) } else { Ok(block) }
    }

    fn skip(&mut self) -> Result<(), WarcError> {
        let skipped = io::copy(&mut (&mut self.source).take(self.left), &mut io::sink());
        let skipped = skipped.map_err(|source| WarcError::Io { at: self.at, source })?;
        self.at += skipped;
        let short = skipped < self.left;
        self.left = 0;
        if short { Err(WarcError::Short { at: self.begun }) } else { Ok(()) }
    }

    /// The fields after the version line; a line that begins with white space goes on with the one before.
    fn head(&mut self) -> Result<Head, WarcError> {
        let at = self.begun;
        let mut head = Head { at, ..Head::default() };
        loop {
            let room = (at + HEADER_BYTES_MAX).saturating_sub(self.at);
            let line = self.line(room)?.ok_or(WarcError::Short { at })?;
            if line.is_empty() {
                break;
            }
            match (line.split_once(':'), head.fields.last_mut()) {
                (_, Some((_, value))) if line.starts_with([' ', '\t']) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                (Some((name, value)), _) => head.fields.push((name.trim().to_owned(), value.trim().to_owned())),
                (None, _) => {}
            }
        }
        let length = head.field("Content-Length").and_then(|length| length.parse().ok());
        head.length = length.ok_or(WarcError::NoLength { at })?;
        Ok(head)
    }

    /// A line without its end; `None` at the end of the file.
    fn line(&mut self, room: u64) -> Result<Option<String>, WarcError> {
        let mut line = Vec::new();
        let read = (&mut self.source).take(room).read_until(b'\n', &mut line);
        let read = read.map_err(|source| WarcError::Io { at: self.at, source })? as u64;
        self.at += read;
        if read == room && line.last() != Some(&b'\n') {
            return Err(WarcError::LongHeader { at: self.begun });
        }
        let text = String::from_utf8_lossy(&line);
        Ok((read > 0).then(|| text.trim_end_matches(['\n', '\r']).to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const TWO: &str = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n\
        WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: <https://example.org/a>\r\n\
        content-length: 6\r\nX-Long: one\r\n two\r\n\r\nl\u{e4}nge\r\n\r\n";

    fn all(bytes: &[u8]) -> Result<Vec<(Head, Vec<u8>)>, WarcError> {
        let mut reader = Reader::new(bytes)?;
        let mut records = Vec::new();
        while let Some(head) = reader.next_head()? {
            let block = reader.block(1 << 20)?;
            records.push((head, block));
        }
        Ok(records)
    }

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        coder.write_all(bytes).expect("a Vec takes everything");
        coder.finish().expect("a Vec takes everything")
    }

    #[test]
    fn records_come_one_after_the_other_plain_or_in_members() {
        let parted = TWO.find("WARC/1.0\r\nWARC-Type: conv").expect("the second record");
        let members = [zipped(&TWO.as_bytes()[..parted]), zipped(&TWO.as_bytes()[parted..])].concat();
        for bytes in [TWO.as_bytes(), &members] {
            let records = all(bytes).expect("two sound records");
            let kinds: Vec<&str> = records.iter().map(|(head, _)| head.kind()).collect();
            assert_eq!(kinds, ["warcinfo", "conversion"]);
            assert_eq!(records[1].0.uri(), Some("https://example.org/a"));
            assert_eq!(records[1].0.field("x-long"), Some("one two"));
            assert_eq!(records[1].1, "l\u{e4}nge".as_bytes());
        }
    }

    #[test]
    fn unread_blocks_are_passed_over() {
        let mut reader = Reader::new(TWO.as_bytes()).expect("readable");
        let mut count = 0;
        while reader.next_head().expect("sound").is_some() {
            count += 1;
        }
        assert_eq!(count, 2);
        assert_eq!(all(b"").expect("nothing is sound").len(), 0);
    }

    #[test]
    fn damage_is_told_with_its_place() {
        assert!(matches!(all(b"<html>"), Err(WarcError::NoRecord { at: 0, .. })));
        for cut in 1..TWO.len() - 4 {
            // A cut between two records or in the blank lines cannot be seen; anywhere else it is told.
            let told = all(&TWO.as_bytes()[..cut]);
            assert!(told.is_err() || told.is_ok_and(|records| records.len() == 1), "cut at {cut}");
        }
        let endless = [b"WARC/1.0\r\n".to_vec(), vec![b'a'; 100_000]].concat();
        assert!(matches!(all(&endless), Err(WarcError::LongHeader { at: 0 })));
        let no_length = "WARC/1.0\r\nWARC-Type: response\r\n\r\n";
        assert!(matches!(all(no_length.as_bytes()), Err(WarcError::NoLength { .. })));
    }
}

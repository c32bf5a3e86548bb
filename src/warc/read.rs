//! Reading records one after the other, plain or packed.
//!
//! The reader holds one header and nothing of a block but what its caller asks for, so a file may be of any size and
//! a record too. What is no WARC is an error that says at which byte.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// Bytes of one record's header.
pub const HEADER_BYTES_MAX: u64 = 256 << 10;
/// Largest block that [`Reader::next_record`] reads; larger ones are skipped and say so.
pub const BLOCK_BYTES_MAX: u64 = 64 << 20;
/// Bytes of a dictionary that a `.warc.zst` brings.
pub const DICT_BYTES_MAX: u64 = 16 << 20;
/// Blank lines between two records; the standard has two, sloppy writers more.
const BLANK_LINES_MAX: usize = 64;
const BUFFER_BYTES: usize = 1 << 16;

const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// A frame that zstd skips: the dictionary of the frames behind it.
const ZSTD_DICT_MAGIC: [u8; 4] = [0x5D, 0x2A, 0x4D, 0x18];

/// Why a file ends before its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WarcError {
    #[error("it is neither WARC nor WARC in gzip or zstd; it begins with `{found}`")]
    Foreign { found: String },
    #[error("no WARC record begins at byte {at}, but `{found}`")]
    NoRecord { at: u64, found: String },
    #[error("the header of the record at byte {at} is over {HEADER_BYTES_MAX} bytes")]
    LongHeader { at: u64 },
    #[error("the record at byte {at} has no Content-Length that is a number")]
    NoLength { at: u64 },
    #[error("the file ends inside the record at byte {at}; it was cut short")]
    Short { at: u64 },
    #[error("its zstd dictionary cannot be used: {0}")]
    Dict(String),
    #[error("it is no WACZ: {0}")]
    Zip(String),
    #[error("could not read on after byte {at}")]
    Io { at: u64, source: io::Error },
}

/// The header of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Where the record begins, counted in bytes after decompression.
    pub at: u64,
    /// Names in lower case, values as written, in order.
    pub fields: Vec<(String, String)>,
    /// Bytes of the block.
    pub length: u64,
}

impl Head {
    /// The first field of that lower-case name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// `response`, `conversion`, `warcinfo` …; empty where it is not said.
    pub fn kind(&self) -> &str {
        self.field("warc-type").unwrap_or_default()
    }

    /// The address it is of; early writers put it into angle brackets.
    pub fn url(&self) -> Option<&str> {
        self.field("warc-target-uri").map(|url| url.trim_start_matches('<').trim_end_matches('>'))
    }

    /// When it was captured, as written.
    pub fn date(&self) -> Option<&str> {
        self.field("warc-date")
    }
}

/// One record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    pub head: Head,
    /// Empty where it was larger than [`BLOCK_BYTES_MAX`].
    pub block: Vec<u8>,
}

impl Record {
    /// Whether its block was too large to be read.
    pub fn is_skipped(&self) -> bool {
        self.head.length > BLOCK_BYTES_MAX
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
    /// Begins a file; how it is packed is known by its first bytes.
    ///
    /// # Errors
    /// The first bytes cannot be read, or are those of something else.
    pub fn new(source: impl Read + Send + 'a) -> Result<Self, WarcError> {
        let mut source = BufReader::with_capacity(BUFFER_BYTES, source);
        let begin = source.fill_buf().map_err(|source| WarcError::Io { at: 0, source })?;
        let is = |magic: &[u8]| begin.starts_with(magic);
        let source: Box<dyn BufRead + Send + 'a> = if is(&GZIP_MAGIC) {
            Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(source)))
        } else if is(&ZSTD_MAGIC) || is(&ZSTD_DICT_MAGIC) {
            unpacked(source)?
        } else if begin.is_empty() || is(b"WARC/") || begin[0].is_ascii_whitespace() {
            Box::new(source)
        } else {
            return Err(WarcError::Foreign { found: shown(&String::from_utf8_lossy(&begin[..begin.len().min(160)])) });
        };
        Ok(Self { source, at: 0, begun: 0, left: 0 })
    }

    /// The next record with its block; `None` at the end.
    ///
    /// # Errors
    /// As [`Reader::next_head`] and [`Reader::block`].
    pub fn next_record(&mut self) -> Result<Option<Record>, WarcError> {
        let Some(head) = self.next_head()? else { return Ok(None) };
        let mut record = Record { head, block: Vec::new() };
        if record.is_skipped() {
            self.skip()?;
        } else {
            record.block = self.block(BLOCK_BYTES_MAX)?;
        }
        Ok(Some(record))
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
            return Err(WarcError::NoRecord { at: self.begun, found: shown(&first) });
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
                (Some((name, value)), _) => {
                    head.fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
                (None, _) => {}
            }
        }
        let length = head.field("content-length").and_then(|length| length.parse().ok());
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

/// The beginning of something, for a message.
fn shown(text: &str) -> String {
    text.chars().take(40).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

/// Frames of zstd, with the dictionary that stands before them if there is one.
fn unpacked<'a>(mut source: BufReader<impl Read + Send + 'a>) -> Result<Box<dyn BufRead + Send + 'a>, WarcError> {
    let io = |source| WarcError::Io { at: 0, source };
    let dict = if source.buffer().starts_with(&ZSTD_DICT_MAGIC) { dict(&mut source)? } else { Vec::new() };
    let decoder = zstd::stream::read::Decoder::with_dictionary(source, &dict).map_err(io)?;
    Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder)))
}

/// The dictionary at the beginning of a file, itself packed or not.
fn dict(source: &mut impl Read) -> Result<Vec<u8>, WarcError> {
    let bad = |error: io::Error| WarcError::Dict(error.to_string());
    let mut head = [0; 8];
    source.read_exact(&mut head).map_err(bad)?;
    let length = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
    let too_large = || WarcError::Dict(format!("it is over {DICT_BYTES_MAX} bytes"));
    if length > DICT_BYTES_MAX {
        return Err(too_large());
    }
    let mut dict = Vec::new();
    source.take(length).read_to_end(&mut dict).map_err(bad)?;
    if (dict.len() as u64) < length {
        return Err(WarcError::Dict("the file ends inside it".to_owned()));
    }
    if !dict.starts_with(&ZSTD_MAGIC) {
        return Ok(dict);
    }
    let mut plain = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(&dict[..]).map_err(bad)?;
    decoder.take(DICT_BYTES_MAX + 1).read_to_end(&mut plain).map_err(bad)?;
    if plain.len() as u64 > DICT_BYTES_MAX { Err(too_large()) } else { Ok(plain) }
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
            assert_eq!(records[1].0.url(), Some("https://example.org/a"));
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
        assert!(matches!(all(b"<html>"), Err(WarcError::Foreign { .. })));
        assert!(matches!(all(b"WARC/1.0\r\nContent-Length: 0\r\n\r\n<html>"), Err(WarcError::NoRecord { at: 31, .. })));
        for cut in 1..TWO.len() - 4 {
            // A cut between two records or in the blank lines cannot be seen; anywhere else it is told.
            let told = all(&TWO.as_bytes()[..cut]);
            assert!(told.is_err() || told.is_ok_and(|records| records.len() == 1), "cut at {cut}");
        }
        let endless = [b"WARC/1.0\r\n".to_vec(), vec![b'a'; 300_000]].concat();
        assert!(matches!(all(&endless), Err(WarcError::LongHeader { at: 0 })));
        let no_length = "WARC/1.0\r\nWARC-Type: response\r\n\r\n";
        assert!(matches!(all(no_length.as_bytes()), Err(WarcError::NoLength { .. })));
    }

    /// A file as `zstd` dictionaries make it: the dictionary in a frame that others skip, then a frame a record.
    fn with_dict(packed_dict: bool) -> Vec<u8> {
        let dict: Vec<u8> = TWO.as_bytes().repeat(3);
        let kept = if packed_dict { zstd::encode_all(&dict[..], 3).expect("memory takes it") } else { dict.clone() };
        let mut file = [&ZSTD_DICT_MAGIC[..], &(kept.len() as u32).to_le_bytes(), &kept].concat();
        let parted = TWO.find("WARC/1.0\r\nWARC-Type: conv").expect("the second record");
        for part in [&TWO.as_bytes()[..parted], &TWO.as_bytes()[parted..]] {
            let mut coder = zstd::stream::write::Encoder::with_dictionary(Vec::new(), 3, &dict).expect("a coder");
            coder.write_all(part).expect("a Vec takes everything");
            file.extend(coder.finish().expect("a Vec takes everything"));
        }
        file
    }

    #[test]
    fn zstd_is_read_with_and_without_a_dictionary() {
        let plain = all(TWO.as_bytes()).expect("two sound records");
        let frames = zstd::encode_all(TWO.as_bytes(), 3).expect("memory takes it");
        for bytes in [frames, with_dict(false), with_dict(true)] {
            assert_eq!(all(&bytes).expect("two sound records"), plain);
            for cut in 1..bytes.len() {
                let told = all(&bytes[..cut]);
                assert!(
                    told.is_err() || told.is_ok_and(|records| records.len() < 2 || records == plain),
                    "cut at {cut}"
                );
            }
        }
        let endless = [&ZSTD_DICT_MAGIC[..], &u32::MAX.to_le_bytes()].concat();
        assert!(matches!(all(&endless), Err(WarcError::Dict(_))));
    }
}

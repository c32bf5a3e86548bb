//! Reading records one after the other, plain or packed, and past what is damaged.
//!
//! The reader holds one member of the file and one record, so a file may be of any size and a record too. A record is
//! given out only once all that vouches for it held: the checksum of the member it came in, its own digest, and what
//! must stand behind it. Else it is an error that says where, and the reader has gone on to the next sound one.

use std::io::{self, Read, Seek};

use super::digest::{Vouched, vouched};
use super::head::Head;
use super::packed::{GZIP_MAGIC, Packing, Units, VAIN_BYTES_MAX, VAIN_FACTOR, ZSTD_DICT_MAGIC, ZSTD_MAGIC, dict};
use super::source::Source;
use super::text::{Place, Text};

/// Bytes of one record's header.
pub const HEADER_BYTES_MAX: u64 = 256 << 10;
/// Largest block that [`Reader::next_record`] reads; larger ones are skipped and say so.
pub const BLOCK_BYTES_MAX: u64 = 64 << 20;
/// So much of what is no record is looked at for a message.
const SHOWN_BYTES: usize = 160;
/// Every record begins so.
const BEGIN: &[u8] = b"WARC/";
/// Stands behind a record.
const END: &[u8] = b"\r\n\r\n";

/// What is wrong with a part of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    #[error("no WARC record begins there, but `{found}`")]
    NoRecord { found: String },
    #[error("the header is over {HEADER_BYTES_MAX} bytes")]
    LongHeader,
    #[error("the header has no Content-Length that is a number")]
    NoLength,
    #[error("a piece is missing: its header is that of two records")]
    TwoHeaders,
    #[error("the header names no WARC-Type")]
    NoType,
    #[error("the file ends inside it; it was cut short")]
    Short,
    #[error("its Content-Length does not lead to its end")]
    NoEnd,
    #[error("its bytes are not those of its {0}")]
    Digest(&'static str),
    #[error("there is no sound {0}: it cannot be unpacked, or its checksum is that of something else")]
    Packed(&'static str),
}

/// Why a file, or a part of it, gives no records.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WarcError {
    #[error("it is neither WARC nor WARC in gzip or zstd; it begins with `{found}`")]
    Foreign { found: String },
    /// The reader goes on behind it.
    #[error("{bytes} bytes from byte {at} on are damaged and left out: {flaw}")]
    Left { at: u64, bytes: u64, flaw: Flaw },
    #[error("its zstd dictionary cannot be used: {0}")]
    Dict(String),
    #[error("it is no WACZ: {0}")]
    Zip(String),
    #[error("could not read on after byte {at}")]
    Io { at: u64, source: io::Error },
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
    text: Text<'a>,
    /// Where the present record begins.
    begun: Place,
    /// Damage that was met, and not told yet.
    lost: Option<Lost>,
    /// What was found behind damage that was told first.
    found: Option<Result<Option<Record>, WarcError>>,
    over: bool,
    /// Bytes read in vain.
    vain: u64,
}

/// Where damage begins, and what it is.
struct Lost {
    at: Place,
    flaw: Flaw,
}

/// Why there is no record here.
enum Stop {
    Io(io::Error),
    /// The next record is to be looked for.
    Lost(Lost),
    /// This record is damaged, and the next one follows it.
    One(Lost),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl<'a> Reader<'a> {
    /// Begins a file; how it is packed is known by its first bytes.
    ///
    /// # Errors
    /// The first bytes cannot be read, or the file is something else.
    pub fn new(file: impl Read + Seek + Send + 'a) -> Result<Self, WarcError> {
        Self::within(file, 0, u64::MAX)
    }

    /// Begins with a file that stands within another one.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn within(file: impl Read + Seek + Send + 'a, begin: u64, bytes: u64) -> Result<Self, WarcError> {
        let io = |source| WarcError::Io { at: 0, source };
        let mut source = Source::new(file, begin, bytes).map_err(io)?;
        let begin = source.peek(SHOWN_BYTES).map_err(io)?;
        let is = |magic: &[u8]| begin.starts_with(magic);
        let text = if is(&GZIP_MAGIC) {
            Text::packed(Units::new(Packing::Gzip, source))
        } else if is(&ZSTD_DICT_MAGIC) {
            let dict = dict(&mut source)?;
            Text::packed(Units::new(Packing::zstd(dict), source))
        } else if is(&ZSTD_MAGIC) {
            Text::packed(Units::new(Packing::zstd(Vec::new()), source))
        } else if matches!(begin.trim_ascii_start(), [] | [b'W', b'A', b'R', b'C', b'/', ..]) {
            Text::plain(source)
        } else {
            return Self::behind_damage(source, &begin);
        };
        Ok(Self::of(text))
    }

    /// Of a file that does not begin as one of ours: perhaps only its beginning is damaged.
    fn behind_damage(mut source: Source<'a>, begin: &[u8]) -> Result<Self, WarcError> {
        let io = |source| WarcError::Io { at: 0, source };
        for packing in [Packing::Gzip, Packing::zstd(Vec::new())] {
            source = match Units::new(packing, source).find_first().map_err(io)? {
                Ok(units) => return Ok(Self::of(Text::packed(units))),
                Err(source) => source,
            };
        }
        source.go(0).map_err(io)?;
        let mut reader = Self::of(Text::plain(source));
        reader.text.find_record().map_err(io)?;
        let found = shown(&String::from_utf8_lossy(begin));
        if reader.text.peek(1).map_err(io)?.is_empty() {
            return Err(WarcError::Foreign { found });
        }
        reader.lost = Some(Lost { at: Place::default(), flaw: Flaw::NoRecord { found } });
        Ok(reader)
    }

    fn of(text: Text<'a>) -> Self {
        Self { text, begun: Place::default(), lost: None, found: None, over: false, vain: 0 }
    }

    /// The next sound record with its block; `None` at the end.
    ///
    /// # Errors
    /// [`WarcError::Left`] tells of a damaged part, once; what is sound behind it comes with the next call. After any
    /// other error there is nothing more.
    pub fn next_record(&mut self) -> Result<Option<Record>, WarcError> {
        if let Some(found) = self.found.take() {
            return found;
        }
        while !self.over {
            let found = match self.record() {
                Ok(record) => Ok(record),
                Err(Stop::One(lost)) if self.lost.is_none() => return Err(lost.told(self.text.place())),
                Err(Stop::One(_)) => continue,
                Err(Stop::Lost(lost)) => {
                    self.lost.get_or_insert(lost);
                    match self.text.find_record() {
                        Ok(()) => continue,
                        Err(source) => Err(source),
                    }
                }
                Err(Stop::Io(source)) => Err(source),
            };
            let found = found.map_err(|source| WarcError::Io { at: self.text.place().file, source });
            self.over = !matches!(found, Ok(Some(_)));
            let end = if self.over { self.text.place() } else { self.begun };
            let Some(lost) = self.lost.take() else { return found };
            self.found = Some(found);
            return Err(lost.told(end));
        }
        Ok(None)
    }

    /// The record that begins here.
    fn record(&mut self) -> Result<Option<Record>, Stop> {
        let Some(first) = self.first_line()? else { return Ok(None) };
        if !first.starts_with(BEGIN) {
            let found = shown(&String::from_utf8_lossy(&first));
            self.text.back(first)?;
            return Err(self.lost(Flaw::NoRecord { found }));
        }
        let room = HEADER_BYTES_MAX.saturating_sub(first.len() as u64);
        match Head::read(&mut self.text, self.begun.file, room)? {
            Ok(head) if head.length > BLOCK_BYTES_MAX => self.skipped(head).map(Some),
            Ok(head) => self.whole(head).map(Some),
            Err(flaw) => Err(self.lost(flaw)),
        }
    }

    /// The line behind what may be empty; `None` at the end.
    fn first_line(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        loop {
            self.begun = self.text.place();
            let line = self.text.line(HEADER_BYTES_MAX)?;
            if line.is_empty() {
                return match self.text.take_gap() {
                    Some(gap) => {
                        let at = Place { file: gap.at, ..self.begun };
                        Err(Stop::Lost(Lost { at, flaw: gap.flaw }))
                    }
                    None => Ok(None),
                };
            }
            if !line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
                return Ok(Some(line));
            }
        }
    }

    /// A record whose block is held against what vouches for it.
    fn whole(&mut self, head: Head) -> Result<Record, Stop> {
        let block = self.text.take_bytes(head.length)?;
        if (block.len() as u64) < head.length {
            let stop = self.lost(Flaw::Short);
            self.back(block)?;
            return Err(stop);
        }
        let ends_well = self.ends_well(&block)?;
        match vouched(&head, &block) {
            Vouched::Broken(field) if ends_well => Err(Stop::One(Lost { at: self.begun, flaw: Flaw::Digest(field) })),
            Vouched::Held => Ok(Record { head, block }),
            Vouched::Not if ends_well => Ok(Record { head, block }),
            Vouched::Not | Vouched::Broken(_) => {
                self.back(block)?;
                Err(self.lost(Flaw::NoEnd))
            }
        }
    }

    /// A record that is too large to be read.
    fn skipped(&mut self, head: Head) -> Result<Record, Stop> {
        let begin = self.text.place().text;
        let mut left = head.length;
        if !self.text.is_plain() {
            // A length that leads beyond the end may be a lie, and other records be near.
            let first = self.text.take_bytes(BLOCK_BYTES_MAX)?;
            left -= first.len() as u64;
            if (first.len() as u64) < BLOCK_BYTES_MAX {
                let stop = self.lost(Flaw::Short);
                self.back(first)?;
                return Err(stop);
            }
        }
        if !self.text.skip(left)? {
            return Err(self.lost(Flaw::Short));
        }
        if self.ends_well(&[])? {
            return Ok(Record { head, block: Vec::new() });
        }
        self.text.unskip(begin)?;
        Err(self.lost(Flaw::NoEnd))
    }

    /// Whether what follows is what may stand behind a block: empty lines, another record, or nothing. Where no checksum
    /// vouches for the length, the block may not have swallowed a part of it either.
    fn ends_well(&mut self, block: &[u8]) -> io::Result<bool> {
        let next = self.text.peek((END.len() + BEGIN.len()) as u64)?;
        let blank = next.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if blank >= END.len() {
            return Ok(true);
        }
        let (inside, behind) = END.split_at(END.len() - blank);
        let swallowed = self.text.is_plain() && block.ends_with(inside) && next[..blank] == *behind;
        let next = &next[blank..];
        Ok((next.starts_with(BEGIN) || BEGIN.starts_with(next)) && !swallowed)
    }

    /// Damage from the beginning of the present record on; where the file could not be unpacked, that is why.
    fn lost(&mut self, flaw: Flaw) -> Stop {
        let flaw = match flaw {
            Flaw::Short => self.text.take_gap().map_or(flaw, |gap| gap.flaw),
            _ => flaw,
        };
        Stop::Lost(Lost { at: self.begun, flaw })
    }

    /// A block is looked through for the next record, unless that was done in vain too often.
    fn back(&mut self, block: Vec<u8>) -> io::Result<()> {
        let vain = self.vain.saturating_add(block.len() as u64);
        if vain > VAIN_BYTES_MAX.saturating_add(VAIN_FACTOR.saturating_mul(self.begun.text)) {
            return Ok(());
        }
        self.vain = vain;
        self.text.back(block)
    }
}

impl Lost {
    fn told(self, end: Place) -> WarcError {
        WarcError::Left { at: self.at.file, bytes: self.at.bytes_to(end), flaw: self.flaw }
    }
}

/// The beginning of something, for a message.
fn shown(text: &str) -> String {
    let text = text.trim_end();
    text.chars().take(40).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

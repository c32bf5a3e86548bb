//! Members of gzip and frames of zstd, each of which counts only once it was unpacked whole and its checksum held.
//!
//! One is unpacked into memory; what is larger than any record may be is unpacked twice, first to see that it holds.
//! Behind one that is damaged the next is looked for.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::GzDecoder;
use zstd::dict::DecoderDictionary;
use zstd::stream::read::Decoder;

use super::read::{BLOCK_BYTES_MAX, HEADER_BYTES_MAX};
use super::source::Source;
use super::{Flaw, WarcError};

/// Bytes of a dictionary that a `.warc.zst` brings.
pub const DICT_BYTES_MAX: u64 = 16 << 20;
/// A member or frame of so many bytes is held in memory: a record of the largest size, and what stands around it.
const HELD_BYTES_MAX: u64 = BLOCK_BYTES_MAX + HEADER_BYTES_MAX + (1 << 16);
/// What a small one took is used again for the next.
const REUSED_BYTES_MAX: usize = 1 << 20;
/// Looking for the way on may read so much in vain, and so much more for each byte of the file that was got past; then
/// it is not looked for in what was read already.
pub(super) const VAIN_BYTES_MAX: u64 = 256 << 20;
pub(super) const VAIN_FACTOR: u64 = 8;

pub(super) const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];
/// The magic, and the one method there is.
const GZIP_BEGIN: [u8; 3] = [0x1F, 0x8B, 8];
const GZIP_FLAGS_UNUSED: u8 = 0xE0;
pub(super) const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// Frames that zstd skips end so and begin with 0x50 to 0x5F; the one with 0x5D is the dictionary of the frames behind it.
const ZSTD_SKIPPED: [u8; 3] = [0x2A, 0x4D, 0x18];
pub(super) const ZSTD_DICT_MAGIC: [u8; 4] = [0x5D, 0x2A, 0x4D, 0x18];

/// How a file is packed.
pub(super) enum Packing {
    Gzip,
    Zstd { dict: Vec<u8>, ready: DecoderDictionary<'static> },
}

impl Packing {
    /// Of frames that are unpacked with a dictionary, or an empty one.
    pub fn zstd(dict: Vec<u8>) -> Self {
        let ready = DecoderDictionary::copy(&dict);
        Self::Zstd { dict, ready }
    }

    fn begin(&self) -> &'static [u8] {
        match self {
            Self::Gzip => &GZIP_BEGIN,
            Self::Zstd { .. } => &ZSTD_MAGIC,
        }
    }

    fn unit(&self) -> &'static str {
        match self {
            Self::Gzip => "gzip member",
            Self::Zstd { .. } => "zstd frame",
        }
    }
}

/// A part of the file that could not be unpacked.
#[derive(Debug)]
pub(super) struct Gap {
    pub at: u64,
    pub flaw: Flaw,
}

/// What is unpacked of a file, one member or frame after the other.
pub(super) struct Units<'a> {
    packing: Packing,
    /// Away while a large unit is read from it.
    source: Option<Source<'a>>,
    unit: Cursor<Vec<u8>>,
    large: Option<Large<'a>>,
    /// Where the present one begins, and the next.
    at: u64,
    next: u64,
    gap: Option<Gap>,
    /// Bytes read in vain.
    vain: u64,
}

/// A unit that memory does not take; it was found whole.
enum Large<'a> {
    Gzip(Box<BufReader<GzDecoder<Source<'a>>>>),
    Zstd(Box<BufReader<Decoder<'static, Source<'a>>>>),
}

impl<'a> Units<'a> {
    pub fn new(packing: Packing, source: Source<'a>) -> Self {
        let (at, next, unit) = (source.at(), source.at(), Cursor::default());
        Self { packing, source: Some(source), unit, large: None, at, next, gap: None, vain: 0 }
    }

    /// Where the unit begins that the next byte is of.
    pub fn place(&self) -> u64 {
        if self.large.is_some() || self.unit.position() < self.unit.get_ref().len() as u64 {
            self.at
        } else {
            self.next
        }
    }

    /// What could not be unpacked before the next byte; it is told once.
    pub fn take_gap(&mut self) -> Option<Gap> {
        self.gap.take()
    }

    /// Looks for a unit that holds a record, where a file does not begin with one. Gives the file back if there is none.
    pub fn find_first(mut self) -> io::Result<Result<Self, Source<'a>>> {
        let found = self.search(0)?;
        let is_record = self.large.is_some() || begins_record(self.unit.get_ref());
        if found && is_record {
            self.gap = Some(Gap { at: 0, flaw: Flaw::Packed(self.packing.unit()) });
            return Ok(Ok(self));
        }
        Ok(Err(self.source.take().expect("it is away only while a large unit is read")))
    }

    fn source(&mut self) -> &mut Source<'a> {
        self.source.as_mut().expect("it is away only while a large unit is read")
    }

    /// Unpacks the next unit, or finds the one behind the damage. `false` at the end.
    fn load(&mut self) -> io::Result<bool> {
        let begin = self.next;
        self.source().go(begin)?;
        if begin >= self.source().length() {
            return Ok(false);
        }
        if let Err(flaw) = self.unit_at(begin)? {
            let is_end = !self.search(begin + 1)?;
            // What runs on to the end although something follows did not end there.
            let flaw = if matches!(flaw, Flaw::Short) && !is_end { Flaw::Packed(self.packing.unit()) } else { flaw };
            self.gap = Some(Gap { at: begin, flaw });
        }
        Ok(true)
    }

    /// Unpacks the first whole unit from a place on; `false`, and the end of the file, where there is none.
    fn search(&mut self, from: u64) -> io::Result<bool> {
        let (mut from, mut furthest, magic) = (from, from, self.packing.begin());
        loop {
            self.source().go(from)?;
            if !self.source().find(magic)? {
                (self.at, self.next) = (self.source().length(), self.source().length());
                return Ok(false);
            }
            let begin = self.source().at();
            if self.is_plausible()? && self.unit_at(begin)?.is_ok() {
                return Ok(true);
            }
            furthest = furthest.max(self.source().at());
            let in_vain = self.vain > VAIN_BYTES_MAX.saturating_add(VAIN_FACTOR.saturating_mul(begin));
            from = if in_vain { furthest.max(begin + 1) } else { begin + 1 };
        }
    }

    fn is_plausible(&mut self) -> io::Result<bool> {
        let head = self.source().peek(4)?;
        Ok(matches!(self.packing, Packing::Zstd { .. })
            || head.get(3).is_some_and(|flags| flags & GZIP_FLAGS_UNUSED == 0))
    }

    /// Unpacks what begins here, if it is whole and its checksum holds.
    fn unit_at(&mut self, begin: u64) -> io::Result<Result<(), Flaw>> {
        let mut unit = std::mem::take(&mut self.unit).into_inner();
        unit.clear();
        unit.shrink_to(REUSED_BYTES_MAX);
        if matches!(self.packing, Packing::Zstd { .. }) && self.is_skipped(begin)? {
            return Ok(Ok(()));
        }
        let unpacked = self.unpack(&mut unit);
        let source = self.source();
        let (at, failed) = (source.at(), source.failed);
        match unpacked {
            Err(error) if failed => Err(error),
            Err(error) => {
                self.vain += (at - begin) + unit.len() as u64;
                let is_short = error.kind() == io::ErrorKind::UnexpectedEof;
                Ok(Err(if is_short { Flaw::Short } else { Flaw::Packed(self.packing.unit()) }))
            }
            Ok(()) => {
                (self.at, self.next) = (begin, at);
                if unit.len() as u64 > HELD_BYTES_MAX {
                    self.unit = Cursor::default();
                    self.open(begin)?;
                } else {
                    self.unit = Cursor::new(unit);
                }
                Ok(Ok(()))
            }
        }
    }

    /// Unpacks into memory as far as that is allowed, and goes on to the end.
    fn unpack(&mut self, unit: &mut Vec<u8>) -> io::Result<()> {
        let source = self.source.as_mut().expect("it is away only while a large unit is read");
        match &self.packing {
            Packing::Gzip => drain(GzDecoder::new(source), unit),
            Packing::Zstd { ready, .. } => {
                drain(Decoder::with_prepared_dictionary(source, ready)?.single_frame(), unit)
            }
        }
    }

    /// A frame that says of itself that it is to be skipped.
    fn is_skipped(&mut self, begin: u64) -> io::Result<bool> {
        let head = self.source().peek(8)?;
        let [magic, skipped @ .., a, b, c, d] = &head[..] else { return Ok(false) };
        if magic & 0xF0 != 0x50 || *skipped != ZSTD_SKIPPED {
            return Ok(false);
        }
        let end = begin + 8 + u64::from(u32::from_le_bytes([*a, *b, *c, *d]));
        if end > self.source().length() {
            return Ok(false);
        }
        (self.at, self.next) = (begin, end);
        Ok(true)
    }

    fn open(&mut self, begin: u64) -> io::Result<()> {
        self.source().go(begin)?;
        let Some(source) = self.source.take() else { return Ok(()) };
        self.large = Some(match &self.packing {
            Packing::Gzip => Large::Gzip(Box::new(BufReader::new(GzDecoder::new(source)))),
            Packing::Zstd { dict, .. } => {
                Large::Zstd(Box::new(BufReader::new(Decoder::with_dictionary(source, dict)?.single_frame())))
            }
        });
        Ok(())
    }

    fn close(&mut self) {
        self.source = match self.large.take() {
            Some(Large::Gzip(unpacked)) => Some(unpacked.into_inner().into_inner()),
            Some(Large::Zstd(unpacked)) => Some(unpacked.into_inner().finish()),
            None => self.source.take(),
        };
    }
}

/// Whether something begins as a record does, but for empty lines.
fn begins_record(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"WARC/")
}

/// What is too large to be held is read to its end all the same, if it holds anything that may be a record.
fn drain(mut unpacked: impl Read, unit: &mut Vec<u8>) -> io::Result<()> {
    unpacked.by_ref().take(HELD_BYTES_MAX + 1).read_to_end(unit)?;
    if unit.len() as u64 > HELD_BYTES_MAX {
        if memchr::memmem::find(unit, b"WARC/").is_none() {
            return Err(io::Error::other("it holds no record"));
        }
        io::copy(&mut unpacked, &mut io::sink())?;
    }
    Ok(())
}

impl Read for Units<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Units<'_> {
    /// Nothing at the end, and before a gap that was not told yet.
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        loop {
            if self.gap.is_some() {
                return Ok(&[]);
            }
            let is_over = match &mut self.large {
                Some(large) => large.fill_buf()?.is_empty(),
                None => self.unit.position() >= self.unit.get_ref().len() as u64,
            };
            if !is_over {
                break;
            }
            self.close();
            if !self.load()? {
                return Ok(&[]);
            }
        }
        match &mut self.large {
            Some(large) => large.fill_buf(),
            None => self.unit.fill_buf(),
        }
    }

    fn consume(&mut self, bytes: usize) {
        match &mut self.large {
            Some(Large::Gzip(unpacked)) => unpacked.consume(bytes),
            Some(Large::Zstd(unpacked)) => unpacked.consume(bytes),
            None => self.unit.consume(bytes),
        }
    }
}

impl Large<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Gzip(unpacked) => unpacked.fill_buf(),
            Self::Zstd(unpacked) => unpacked.fill_buf(),
        }
    }
}

/// The dictionary at the beginning of a file, itself packed or not.
pub(super) fn dict(source: &mut impl Read) -> Result<Vec<u8>, WarcError> {
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
    let decoder = Decoder::new(&dict[..]).map_err(bad)?;
    decoder.take(DICT_BYTES_MAX + 1).read_to_end(&mut plain).map_err(bad)?;
    if plain.len() as u64 > DICT_BYTES_MAX { Err(too_large()) } else { Ok(plain) }
}

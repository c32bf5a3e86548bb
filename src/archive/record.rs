//! The record: the one shape of everything in a segment (`archive/FORMAT.md`, "Record").

use crate::capture::Id;

/// The format version this program writes; it reads this one and older ones.
pub const VERSION: u32 = 4;

/// A record's first four bytes; not valid UTF-8, so no text holds them.
pub(super) const MAGIC: [u8; 4] = [0x8F, b'G', b'L', b'N'];
pub(super) const HEADER_BYTES: usize = 52;
pub(super) const CRC_BYTES: usize = 4;
/// The id of a base or text, where it begins a payload.
pub(super) const ID_BYTES: usize = 32;
/// The payload of these records begins with the id of another record.
pub(super) const FLAG_BASE: u8 = 1;
/// A dictionary for captures and records; without it one for texts or raw bytes.
pub(super) const FLAG_JSON: u8 = 2;
/// Of a capture: the text that it names lies before it in the same segment, and stands for its id (`brief`).
pub(super) const FLAG_BESIDE: u8 = 4;
const FLAGS: u8 = FLAG_BASE | FLAG_JSON | FLAG_BESIDE;
/// Kinds from here on may be skipped by a reader that does not know them; lower ones may not.
pub(super) const KIND_OPTIONAL: u8 = 128;
/// No content is larger than this, packed or not: a header that says otherwise is refused before memory is taken.
pub(super) const CONTENT_BYTES_MAX: u32 = 256 << 20;
/// Room for what a frame may add to bytes that do not compress.
pub(super) const STORED_BYTES_MAX: u32 = CONTENT_BYTES_MAX + (2 << 20);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Kind(pub u8);

impl Kind {
    pub const SEGMENT: Self = Self(1);
    pub const COMMIT: Self = Self(2);
    pub const DICT: Self = Self(3);
    pub const TEXT: Self = Self(4);
    pub const RECORDS: Self = Self(6);
    pub const RAW: Self = Self(7);
    pub const CAPTURE: Self = Self(8);
    pub const UNCHANGED: Self = Self(9);
    pub const DROPPED: Self = Self(10);
    pub const SEALED: Self = Self(11);
    const NAMES: [&str; 14] = [
        "nothing",
        "segment",
        "commit",
        "dict",
        "text",
        "record of kind 5",
        "records",
        "raw",
        "capture",
        "unchanged",
        "dropped",
        "sealed",
        "pack",
        "parity",
    ];

    pub fn name(self) -> &'static str {
        Self::NAMES.get(usize::from(self.0)).copied().unwrap_or("unknown record")
    }

    /// Whether its id is the SHA-256 of its content and names a blob.
    pub fn is_blob(self) -> bool {
        matches!(self, Self::TEXT | Self::RECORDS | Self::RAW)
    }

    /// The kind that a base of such a record has.
    pub fn of_base(self) -> Self {
        if matches!(self, Self::RAW | Self::CAPTURE) { self } else { Self::TEXT }
    }

    fn is_readable(self) -> bool {
        self.is_blob()
            || matches!(self, Self::SEGMENT | Self::COMMIT | Self::DICT | Self::CAPTURE | Self::UNCHANGED)
            || matches!(self, Self::DROPPED | Self::SEALED)
            || self.0 >= KIND_OPTIONAL
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Codec(pub u8);

impl Codec {
    pub const PLAIN: Self = Self(0);
    pub const ZSTD: Self = Self(1);
    /// With a dictionary that stands at the beginning of the segment.
    pub const DICT: Self = Self(2);
    /// Against another record's content, whose id begins the payload.
    pub const BASE: Self = Self(3);
    /// In the WARC file beside the segment, at the place that the payload names.
    pub const WARC: Self = Self(4);
    /// As `DICT`, the frame without what the segment says already (`brief`).
    pub const BRIEF: Self = Self(5);
    /// As `BASE`, with a base of the same segment that is named by how far before it begins (`brief`).
    pub const NEAR: Self = Self(6);
    const LAST: Self = Self::NEAR;

    pub fn has_dict(self) -> bool {
        matches!(self, Self::DICT | Self::BRIEF)
    }

    pub fn has_base(self) -> bool {
        matches!(self, Self::BASE | Self::NEAR)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub kind: Kind,
    pub codec: Codec,
    pub flags: u8,
    /// Bytes of the payload.
    pub stored: u32,
    /// Bytes of the content once unpacked.
    pub raw: u32,
    pub id: Id,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Flaw {
    #[error("no record begins here")]
    Magic,
    #[error("the record's header does not match its checksum")]
    Header,
    #[error("the record's lengths are impossible")]
    Length,
    #[error("the file ends within a record")]
    Short,
    #[error("the payload of this {0} does not match its checksum")]
    Payload(&'static str),
    #[error("the {0} cannot be unpacked")]
    Packed(&'static str),
    #[error("the dictionary that this {0} was packed with is missing or damaged")]
    Dict(&'static str),
    #[error("the record that this {0} was packed against is missing or damaged")]
    Base(&'static str),
    #[error("it is kept in `{0}` at byte {1}, which is missing or damaged")]
    Warc(String, u64),
    #[error("the {0} does not have the SHA-256 that it is named by")]
    Hash(&'static str),
    #[error("the {0} is not what its kind should be: {1}")]
    Content(&'static str, String),
    #[error("the file is missing, but {0} bytes were committed")]
    Lost(u64),
    #[error("the record needs a newer version of gleaner ({0})")]
    Newer(String),
}

impl Flaw {
    /// Whether a capture may have stood there, for all that can be read.
    pub fn may_hide_a_capture(&self) -> bool {
        match self {
            Self::Payload(kind) | Self::Packed(kind) | Self::Dict(kind) | Self::Base(kind) | Self::Hash(kind) => {
                matches!(*kind, "capture" | "unchanged")
            }
            Self::Magic | Self::Header | Self::Length | Self::Short => true,
            Self::Content(..) | Self::Warc(..) | Self::Lost(_) | Self::Newer(_) => false,
        }
    }
}

impl Header {
    pub fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4] = VERSION as u8;
        bytes[5] = self.kind.0;
        bytes[6] = self.codec.0;
        bytes[7] = self.flags;
        bytes[8..12].copy_from_slice(&self.stored.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.raw.to_le_bytes());
        bytes[16..48].copy_from_slice(&self.id.0);
        let crc = crc32c::crc32c(&bytes[..48]);
        bytes[48..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    pub fn decode(bytes: &[u8; HEADER_BYTES]) -> Result<Self, Flaw> {
        if bytes[..4] != MAGIC {
            return Err(Flaw::Magic);
        }
        if crc32c::crc32c(&bytes[..48]) != number(&bytes[48..]) {
            return Err(Flaw::Header);
        }
        let mut id = [0; 32];
        id.copy_from_slice(&bytes[16..48]);
        let header = Self {
            kind: Kind(bytes[5]),
            codec: Codec(bytes[6]),
            flags: bytes[7],
            stored: number(&bytes[8..12]),
            raw: number(&bytes[12..16]),
            id: Id(id),
        };
        header.accept(bytes[4])
    }

    /// What damaged bytes may have been, had one of them been altered: mostly one header, for the checksum is right by chance in
    /// one of four billion tries.
    pub fn mended(bytes: &[u8; HEADER_BYTES]) -> impl Iterator<Item = Self> {
        let flips = (0..HEADER_BYTES).flat_map(|at| (1..=u8::MAX).map(move |flip| (at, flip)));
        flips.filter_map(|(at, flip)| {
            let mut mended = *bytes;
            mended[at] ^= flip;
            Self::decode(&mended).ok()
        })
    }

    fn accept(self, version: u8) -> Result<Self, Flaw> {
        if u32::from(version) > VERSION {
            return Err(Flaw::Newer(format!("record version {version}")));
        }
        if self.stored > STORED_BYTES_MAX || self.raw > CONTENT_BYTES_MAX {
            return Err(Flaw::Length);
        }
        if !self.kind.is_readable() {
            return Err(Flaw::Newer(format!("record kind {}", self.kind.0)));
        }
        if self.kind.0 < KIND_OPTIONAL && (self.codec.0 > Codec::LAST.0 || self.flags & !FLAGS != 0) {
            return Err(Flaw::Newer(format!("codec {}, flags {}", self.codec.0, self.flags)));
        }
        Ok(self)
    }

    /// The id of the record that this one is packed against.
    pub fn base(&self, payload: &[u8]) -> Option<Id> {
        let says = self.codec == Codec::NEAR || (self.codec == Codec::BASE && self.flags & FLAG_BASE != 0);
        self.body(payload).first_chunk().filter(|_| says).map(|id| Id(*id))
    }

    /// The id of the text beside a capture, which begins the payload and stands nowhere in what is packed.
    pub fn beside(&self, payload: &[u8]) -> Option<Id> {
        payload.first_chunk().filter(|_| self.flags & FLAG_BESIDE != 0).map(|id| Id(*id))
    }

    /// The payload without that.
    pub fn body<'a>(&self, payload: &'a [u8]) -> &'a [u8] {
        if self.beside(payload).is_some() { &payload[ID_BYTES..] } else { payload }
    }

    /// The kind that a base of this record has.
    pub fn base_kind(&self) -> Kind {
        self.kind.of_base()
    }

    /// Bytes of the whole record: header, payload and checksum.
    pub fn record_bytes(&self) -> u32 {
        HEADER_BYTES as u32 + self.stored + CRC_BYTES as u32
    }
}

/// Reads a little-endian number of four bytes.
pub(super) fn number(bytes: &[u8]) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[..4]);
    u32::from_le_bytes(four)
}

/// Takes a whole record apart, its checksums compared.
pub(super) fn open_record(bytes: &[u8]) -> Result<(Header, &[u8]), Flaw> {
    let (head, rest) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or(Flaw::Short)?;
    let header = Header::decode(head)?;
    if rest.len() != header.stored as usize + CRC_BYTES {
        return Err(Flaw::Short);
    }
    let (payload, crc) = rest.split_at(header.stored as usize);
    if crc32c::crc32c(payload) != number(crc) {
        return Err(Flaw::Payload(header.kind.name()));
    }
    Ok((header, payload))
}

/// A record ready to be written: its header and payload.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub header: Header,
    pub payload: Vec<u8>,
}

impl Record {
    pub fn plain(kind: Kind, id: Id, payload: Vec<u8>) -> Self {
        let length = payload.len() as u32;
        let header = Header { kind, codec: Codec::PLAIN, flags: 0, stored: length, raw: length, id };
        Self { header, payload }
    }
}

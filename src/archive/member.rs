//! Raw bytes in plain WARC files: a `response` record each, as a gzip member that any tool for WARC reads. The raw
//! segment of the same number and generation says where each lies.

use std::fs::File;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use super::record::{CONTENT_BYTES_MAX, CRC_BYTES, Codec, Flaw, HEADER_BYTES, Header, Kind, Record, STORED_BYTES_MAX};
use super::segments::{Place, Segments};
use super::storage::{Disk, DiskFile, read_at};
use super::{ArchiveError, Result};
use crate::archive::folder::{Seg, Store};
use crate::capture::{Capture, Id, RawRecord};

/// Offset, length and checksum of a member: the payload of its record.
pub(super) const SPOT_BYTES: usize = 16;
/// The whole record.
pub(super) const SPOT_RECORD_BYTES: usize = HEADER_BYTES + SPOT_BYTES + CRC_BYTES;
/// What may stand before the body within a member.
const HEAD_BYTES_MAX: usize = 64 << 10;
/// Of a member so much is read first for its address.
const HEAD_START_BYTES: usize = 4 << 10;
/// An address may be as long as it likes; the head of its record not.
const URL_BYTES_MAX: usize = 16 << 10;
const END: &[u8] = b"\r\n\r\n";

/// Where a member lies in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub offset: u64,
    pub bytes: u32,
    pub crc: u32,
}

impl Spot {
    pub fn of(header: &Header, payload: &[u8]) -> Option<Self> {
        let payload: &[u8; SPOT_BYTES] = payload.try_into().ok().filter(|_| header.codec == Codec::WARC)?;
        let four = |at: usize| u32::from_le_bytes([payload[at], payload[at + 1], payload[at + 2], payload[at + 3]]);
        let offset = u64::from(four(0)) | (u64::from(four(4)) << 32);
        Some(Self { offset, bytes: four(8), crc: four(12) })
    }

    pub fn end(&self) -> u64 {
        self.offset.saturating_add(u64::from(self.bytes))
    }

    /// The record that names it.
    pub fn record(&self, id: Id, raw: u32) -> Record {
        let mut payload = self.offset.to_le_bytes().to_vec();
        payload.extend(self.bytes.to_le_bytes());
        payload.extend(self.crc.to_le_bytes());
        let header = Header { kind: Kind::RAW, codec: Codec::WARC, flags: 0, stored: SPOT_BYTES as u32, raw, id };
        Record { header, payload }
    }
}

/// What stands before a page's bytes: the head of the WARC record, and that of the answer. `None` for an address that no
/// reader would take.
pub(super) fn head(capture: &Capture, id: Id, body_bytes: usize) -> Option<Vec<u8>> {
    let (url, at) = (capture.url.to_string(), capture.fetched_at.to_string());
    let RawRecord { kind, content_type, head: http } = capture.raw_record(body_bytes);
    let named = format!("{url} {at} {id}");
    let record = Id::of(named.as_bytes()).urn(kind);
    let lines = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", &*record),
        ("WARC-Target-URI", &*url),
        ("WARC-Date", &*at),
        ("WARC-Payload-Digest", &*id.digest()),
        ("Content-Type", content_type),
    ];
    let mut head = warc_head(&lines, http.len() + body_bytes);
    head.extend(http);
    (url.len() <= URL_BYTES_MAX && head.len() <= HEAD_BYTES_MAX).then_some(head)
}

fn warc_head(lines: &[(&str, &str)], block_bytes: usize) -> Vec<u8> {
    let mut head = String::from("WARC/1.1\r\n");
    lines.iter().for_each(|(name, value)| head += &format!("{name}: {value}\r\n"));
    head += &format!("Content-Length: {block_bytes}\r\n\r\n");
    head.into_bytes()
}

/// The record that a file begins with.
fn info(name: &str) -> Vec<u8> {
    let said = format!("software: gleaner/{}\r\nformat: WARC File Format 1.1\r\n", env!("CARGO_PKG_VERSION"));
    let record = Id::of(name.as_bytes()).urn("warcinfo");
    let lines = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", &*record),
        ("WARC-Date", "1970-01-01T00:00:00Z"),
        ("WARC-Filename", name),
        ("Content-Type", "application/warc-fields"),
    ];
    zipped(&warc_head(&lines, said.len()), said.as_bytes())
}

/// One gzip member of a head and what follows it.
pub(super) fn zipped(head: &[u8], body: &[u8]) -> Vec<u8> {
    let mut member = GzEncoder::new(Vec::new(), Compression::default());
    let parts = [head, body, END].into_iter().try_for_each(|part| member.write_all(part));
    parts.and_then(|()| member.finish()).expect("a vector takes what is written")
}

/// Head and body of a member that holds so many bytes of body.
fn unzipped(member: &[u8], raw: u32) -> Option<(Vec<u8>, Vec<u8>)> {
    let most = u64::from(raw.min(CONTENT_BYTES_MAX)) + (HEAD_BYTES_MAX + END.len()) as u64;
    let mut content = Vec::new();
    GzDecoder::new(member).take(most + 1).read_to_end(&mut content).ok()?;
    let body_end = content.len().checked_sub(END.len()).filter(|_| content.len() as u64 <= most)?;
    let begin = body_end.checked_sub(raw as usize)?;
    // Two heads stand before it, or one where the bytes are no answer, and each ends with an empty line.
    let heads = content[..begin].strip_suffix(END)?;
    let inner = memchr::memmem::find(heads, END).map(|warc| &heads[warc + END.len()..]);
    let sound = inner.is_none_or(|http| http.starts_with(b"HTTP/"));
    if !content.starts_with(b"WARC/1.") || !sound || content[body_end..] != *END {
        return None;
    }
    content.truncate(body_end);
    let body = content.split_off(begin);
    Some((content, body))
}

impl Segments {
    /// The member that a record names, its checksum compared.
    pub fn member(&self, seg: Seg, header: &Header, payload: &[u8]) -> std::result::Result<Vec<u8>, Flaw> {
        let spot = Spot::of(header, payload).filter(|spot| spot.bytes <= STORED_BYTES_MAX);
        let spot = spot.ok_or_else(|| Flaw::Packed(header.kind.name()))?;
        let missing = || Flaw::Warc(self.folder.warc_name(seg), spot.offset);
        let file = self.warc_file(seg).ok_or_else(missing)?;
        let there = file.metadata().map_or(0, |file| file.len());
        if spot.end() > there {
            return Err(missing());
        }
        let mut member = vec![0; spot.bytes as usize];
        let filled = read_at(&file, &mut member, spot.offset).map_err(|_| missing())?;
        if filled < member.len() || crc32c::crc32c(&member) != spot.crc { Err(missing()) } else { Ok(member) }
    }

    /// The bytes of a page that a record names, not yet compared with their hash; and what stands before them.
    pub fn member_parts(
        &self,
        seg: Seg,
        header: &Header,
        payload: &[u8],
    ) -> std::result::Result<(Vec<u8>, Vec<u8>), Flaw> {
        let member = self.member(seg, header, payload)?;
        unzipped(&member, header.raw).ok_or_else(|| Flaw::Packed(header.kind.name()))
    }

    /// Whether the WARC file of a segment begins as one, up to its first page.
    pub fn begins_well(&self, seg: Seg, first_page: u64) -> bool {
        let Some(file) = self.warc_file(seg).filter(|_| first_page <= HEAD_BYTES_MAX as u64) else { return false };
        let mut member = vec![0; first_page as usize];
        let filled = read_at(&file, &mut member, 0).unwrap_or(0);
        let mut content = Vec::new();
        let whole = GzDecoder::new(&member[..filled]).take(HEAD_BYTES_MAX as u64).read_to_end(&mut content);
        whole.is_ok() && filled == member.len() && content.starts_with(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")
    }

    /// Bytes that a record takes in a WARC file.
    pub fn member_bytes(&self, place: &Place) -> Result<u64> {
        if place.store != Store::Raw {
            return Ok(0);
        }
        self.read(place, |header, payload| Ok(Spot::of(header, payload).map_or(0, |spot| u64::from(spot.bytes))))
    }

    /// The address that raw bytes stand under in a WARC file, where they are in one; damage hides it. With their id.
    pub fn member_address(&self, place: &Place) -> Result<Option<(Id, String)>> {
        let spot = match self.read(place, |header, payload| Ok(Spot::of(header, payload).map(|spot| (header.id, spot))))
        {
            Ok(spot) => spot,
            Err(ArchiveError::Damaged { .. }) => None,
            Err(error) => return Err(error),
        };
        let Some(((id, spot), file)) = spot.zip(self.warc_file(place.segment)) else { return Ok(None) };
        for most in [HEAD_START_BYTES, HEAD_BYTES_MAX] {
            let mut member = vec![0; most.min(spot.bytes as usize)];
            let filled = read_at(&file, &mut member, spot.offset);
            let filled = filled.map_err(|error| ArchiveError::io(&self.folder.warc(place.segment), "read", error))?;
            let mut head = Vec::new();
            // What is cut off is an error that says nothing.
            let _ = GzDecoder::new(&member[..filled]).take(HEAD_BYTES_MAX as u64).read_to_end(&mut head);
            if let Some(url) = address(&head) {
                return Ok(Some((id, url)));
            }
        }
        Ok(None)
    }

    /// The place behind the last committed member of a segment that is committed up to `committed`; `None` where a damaged
    /// header hides it.
    pub fn members_end(&self, seg: Seg, committed: u64) -> Result<Option<u64>> {
        let path = self.folder.segment(Store::Raw, seg);
        let failed = |error| ArchiveError::io(&path, "read", error);
        let (mut at, mut end) = (0, 0);
        let file = self.file(Store::Raw, seg)?;
        while at < committed {
            let mut head = [0; HEADER_BYTES];
            let mut payload = [0; SPOT_BYTES];
            read_at(&file, &mut head, at).map_err(failed)?;
            let Ok(header) = Header::decode(&head) else { return Ok(None) };
            if header.codec == Codec::WARC {
                read_at(&file, &mut payload, at + HEADER_BYTES as u64).map_err(failed)?;
                end = Spot::of(&header, &payload).map_or(end, |spot| end.max(spot.end()));
            }
            at += u64::from(header.record_bytes());
        }
        Ok(Some(end))
    }
}

/// The addresses that members of a WARC file name, damaged ones left out.
pub(super) fn addresses(bytes: &[u8]) -> Vec<String> {
    let begins = memchr::memmem::find_iter(bytes, GZIP);
    let url = |begin: usize| {
        let mut head = Vec::new();
        // What is cut off is an error that says nothing.
        let _ = GzDecoder::new(&bytes[begin..]).take(HEAD_BYTES_MAX as u64).read_to_end(&mut head);
        address(&head)
    };
    begins.filter_map(url).collect()
}

/// What a gzip member begins with.
pub(super) const GZIP: &[u8] = &[0x1F, 0x8B, 8];

/// The address that the head of a member names.
fn address(member: &[u8]) -> Option<String> {
    let head = &member[..memchr::memmem::find(member, END)?];
    let url = head.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"WARC-Target-URI: "))?;
    Some(String::from_utf8_lossy(url.trim_ascii_end()).into_owned())
}

/// A WARC file that is written to.
pub(super) struct Members {
    pub file: DiskFile,
    begin: u64,
    at: u64,
}

impl Members {
    /// Goes on behind the last committed member; what an interrupted batch left is cut.
    pub fn go_on(segments: &Segments, seg: Seg, end: u64) -> Result<Self> {
        let path = segments.folder.warc(seg);
        let file = segments.folder.disk.open_segment(&path)?;
        let length = length_of(&file.file, &path)?;
        if length < end {
            let what = format!("the file ends here, but {end} bytes were committed");
            return Err(ArchiveError::damaged(&path, length, what));
        }
        if length > end {
            file.cut(end)?;
        }
        Self::new(file, end, &segments.folder.warc_name(seg))
    }

    /// A file of that name, to be called otherwise once it is whole.
    pub fn begin(disk: &Disk, path: &std::path::Path, name: &str) -> Result<Self> {
        let file = disk.open_segment(path)?;
        file.cut(0)?;
        Self::new(file, 0, name)
    }

    fn new(file: DiskFile, begin: u64, name: &str) -> Result<Self> {
        let mut members = Self { file, begin, at: begin };
        if begin == 0 {
            members.put(&info(name.rsplit('/').next().unwrap_or(name)))?;
        }
        Ok(members)
    }

    pub fn put(&mut self, member: &[u8]) -> Result<Spot> {
        self.file.write_at(self.at, member)?;
        let spot = Spot { offset: self.at, bytes: member.len() as u32, crc: crc32c::crc32c(member) };
        self.at = spot.end();
        Ok(spot)
    }

    pub fn cut_back(&self) -> Result<()> {
        self.file.cut(self.begin)
    }

    pub fn end(&self) -> u64 {
        self.at
    }

    /// Whether the file itself is new, so that its folder has to be synced.
    pub fn is_new(&self) -> bool {
        self.begin == 0
    }
}

fn length_of(file: &File, path: &std::path::Path) -> Result<u64> {
    file.metadata().map(|file| file.len()).map_err(|error| ArchiveError::io(path, "look at", error))
}

//! The brief forms of records on the disk: what the segment says already is left out. A frame has neither its magic number nor
//! that of its dictionary, and names a base of the same segment by how far before it begins, in four bytes where an id takes
//! thirty-two. So does a capture with the text that it names. What is read is made whole at once, so that only reading and
//! writing know the difference.

use std::borrow::Cow;
use std::fs::File;

use zstd::zstd_safe::get_dict_id_from_frame;

use super::record::{Codec, FLAG_BASE, FLAG_BESIDE, Flaw, HEADER_BYTES, Header, ID_BYTES, Kind, Record, number};
use super::storage::read_at;
use crate::capture::Id;

/// What begins every zstd frame.
const FRAME_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
/// The bits of a frame's descriptor that say how long the number of the dictionary is, and those of four bytes.
const DICT_BITS: u8 = 3;
/// The bit that says that no byte for the window follows.
const SINGLE_BIT: u8 = 0x20;
const DICT_BYTES: usize = 4;
const DISTANCE_BYTES: usize = 4;
/// Where the base begins, and the bytes of its record, behind its id: in memory alone.
const PLACE_BYTES: usize = 8 + 4;

/// The file that a record lies in, and what of it is in memory anyway.
pub(super) struct Bytes<'a> {
    pub file: &'a File,
    /// From there on.
    pub held: &'a [u8],
    pub held_at: u64,
}

impl<'a> Bytes<'a> {
    pub fn of(file: &'a File) -> Self {
        Self { file, held: &[], held_at: 0 }
    }

    fn head(&self, at: u64) -> Option<[u8; HEADER_BYTES]> {
        let from = at.checked_sub(self.held_at).and_then(|from| usize::try_from(from).ok());
        if let Some(head) = from.and_then(|from| self.held.get(from..)?.first_chunk()) {
            return Some(*head);
        }
        let mut head = [0; HEADER_BYTES];
        (read_at(self.file, &mut head, at).ok()? == HEADER_BYTES).then_some(head)
    }
}

/// A payload made whole. `dict` is the number of the segment's dictionary for that kind; `offset` where the record begins.
pub(super) fn whole<'a>(
    file: &Bytes<'_>,
    offset: u64,
    header: &Header,
    payload: &'a [u8],
    dict: impl FnOnce() -> Option<u32>,
) -> Result<Cow<'a, [u8]>, Flaw> {
    if header.flags & FLAG_BESIDE != 0 {
        return beside(file, offset, header, payload, dict).map(Cow::Owned);
    }
    let may_be = header.kind.is_blob() || header.kind == Kind::CAPTURE;
    match header.codec {
        Codec::BRIEF | Codec::NEAR if !may_be => Err(Flaw::Packed(header.kind.name())),
        Codec::BRIEF => Ok(Cow::Owned(with_dict(payload, dict()))),
        Codec::NEAR => near(file, offset, header, payload).map(Cow::Owned),
        _ => Ok(Cow::Borrowed(payload)),
    }
}

/// The id of the text, then the payload made whole.
fn beside(
    file: &Bytes<'_>,
    offset: u64,
    header: &Header,
    payload: &[u8],
    dict: impl FnOnce() -> Option<u32>,
) -> Result<Vec<u8>, Flaw> {
    let (distance, rest) = payload
        .split_first_chunk::<DISTANCE_BYTES>()
        .filter(|_| header.kind == Kind::CAPTURE)
        .ok_or(Flaw::Packed(header.kind.name()))?;
    let text = text_before(file, offset, u64::from(number(distance))).ok_or(Flaw::Base(header.kind.name()))?;
    let plain = Header { flags: header.flags & !FLAG_BESIDE, ..header.clone() };
    Ok([&text.0, &*whole(file, offset, &plain, rest, dict)?].concat())
}

/// Without its number, where that is not known, any dictionary may be tried.
fn with_dict(brief: &[u8], dict: Option<u32>) -> Vec<u8> {
    let mut frame = Vec::with_capacity(FRAME_MAGIC.len() + DICT_BYTES + brief.len());
    frame.extend(FRAME_MAGIC);
    let window = window_bytes(brief);
    match (dict, brief.get(..=window)) {
        (Some(dict), Some(head)) if head[0] & DICT_BITS == 0 => {
            frame.extend(head);
            frame[FRAME_MAGIC.len()] |= DICT_BITS;
            frame.extend(dict.to_le_bytes());
            frame.extend(&brief[1 + window..]);
        }
        _ => frame.extend(brief),
    }
    frame
}

/// How many bytes tell of the window, behind the descriptor that begins a frame without magic.
fn window_bytes(brief: &[u8]) -> usize {
    usize::from(brief.first().is_some_and(|descriptor| descriptor & SINGLE_BIT == 0))
}

/// Id, place and length of the base, then the frame.
fn near(file: &Bytes<'_>, offset: u64, header: &Header, payload: &[u8]) -> Result<Vec<u8>, Flaw> {
    let (distance, frame) = payload.split_first_chunk::<DISTANCE_BYTES>().ok_or(Flaw::Packed(header.kind.name()))?;
    let is_base = |(_, base): &(u64, Header)| base.kind == header.kind.of_base() && !base.codec.has_base();
    let (at, base) =
        before(file, offset, u64::from(number(distance))).filter(is_base).ok_or(Flaw::Base(header.kind.name()))?;
    let mut whole = Vec::with_capacity(ID_BYTES + PLACE_BYTES + FRAME_MAGIC.len() + frame.len());
    whole.extend(base.id.0);
    whole.extend(at.to_le_bytes());
    whole.extend(base.record_bytes().to_le_bytes());
    whole.extend(FRAME_MAGIC);
    whole.extend(frame);
    Ok(whole)
}

/// The header of a record that begins so far before another, and ends before that one begins.
fn before(file: &Bytes<'_>, offset: u64, distance: u64) -> Option<(u64, Header)> {
    let (at, head) = head_before(file, offset, distance)?;
    let header = Header::decode(&head).ok()?;
    (u64::from(header.record_bytes()) <= distance).then_some((at, header))
}

/// The id of the text that begins so far before a capture. One damaged byte there takes the text, but not the captures that name
/// it: the header is mended for its id, and whether that is the right one the capture's own hash tells.
fn text_before(file: &Bytes<'_>, offset: u64, distance: u64) -> Option<Id> {
    let (_, head) = head_before(file, offset, distance)?;
    let is_it = |text: &Header| text.kind == Kind::TEXT && u64::from(text.record_bytes()) <= distance;
    let text = match Header::decode(&head) {
        Err(Flaw::Magic | Flaw::Header) => Header::mended(&head).find(is_it),
        decoded => decoded.ok().filter(is_it),
    };
    text.map(|text| text.id)
}

fn head_before(file: &Bytes<'_>, offset: u64, distance: u64) -> Option<(u64, [u8; HEADER_BYTES])> {
    let at = offset.checked_sub(distance)?;
    file.head(at).map(|head| (at, head))
}

/// Where the base of a record begins that is near it, and the bytes of that one's record.
pub(super) fn near_place(header: &Header, payload: &[u8]) -> Option<(u64, u32)> {
    let body = header.body(payload);
    let place = body.get(ID_BYTES..)?.first_chunk::<PLACE_BYTES>().filter(|_| header.codec == Codec::NEAR)?;
    let (at, bytes) = place.split_at(8);
    Some((u64::from(number(at)) | (u64::from(number(&at[4..])) << 32), number(bytes)))
}

/// The frame of a record that is packed against another.
pub(super) fn frame_of<'a>(header: &Header, payload: &'a [u8]) -> Option<&'a [u8]> {
    frame_in(header.codec, header.body(payload))
}

/// The same without what names the text beside it.
pub(super) fn frame_in(codec: Codec, body: &[u8]) -> Option<&[u8]> {
    match codec {
        Codec::BASE => body.get(ID_BYTES..),
        Codec::NEAR => body.get(ID_BYTES + PLACE_BYTES..),
        _ => Some(body),
    }
}

/// How far before a record, in its file, those begin that it names.
#[derive(Clone, Copy, Default)]
pub(super) struct Named {
    /// A capture has no other way to name its base.
    pub base: Option<u32>,
    /// Nor to name the text beside it.
    pub text: Option<u32>,
}

/// A record as it is written: brief where its segment has that dictionary, or has the base there. `Err` has the id that a
/// capture could not name: what it said of it would be lost.
pub(super) fn brief(record: Record, dict: Option<u32>, named: Named) -> Result<Record, Id> {
    let base = record.header.base(&record.payload);
    if let Some(base) = base.filter(|_| record.header.kind == Kind::CAPTURE && named.base.is_none()) {
        return Err(base);
    }
    let Some(id) = record.header.beside(&record.payload) else { return Ok(brief_body(record, dict, named.base)) };
    let text = named.text.ok_or(id)?;
    let Record { mut header, payload } = record;
    header.flags &= !FLAG_BESIDE;
    let mut record = brief_body(Record { header, payload: payload[ID_BYTES..].to_vec() }, dict, named.base);
    record.payload.splice(..0, text.to_le_bytes());
    record.header.flags |= FLAG_BESIDE;
    record.header.stored = record.payload.len() as u32;
    Ok(record)
}

fn brief_body(record: Record, dict: Option<u32>, distance: Option<u32>) -> Record {
    let Record { header, payload } = record;
    if header.codec.has_dict() {
        let number = get_dict_id_from_frame(&payload).map(std::num::NonZero::get);
        let short = number.filter(|number| Some(*number) == dict).and_then(|_| without_dict(&payload));
        let codec = if short.is_some() { Codec::BRIEF } else { Codec::DICT };
        return of(header, codec, 0, short.unwrap_or(payload));
    }
    let (Some(id), Some(frame)) = (header.base(&payload), frame_of(&header, &payload)) else {
        return Record { header, payload };
    };
    match (distance, frame.strip_prefix(&FRAME_MAGIC)) {
        (Some(distance), Some(rest)) => of(header, Codec::NEAR, 0, [&distance.to_le_bytes(), rest].concat()),
        _ => {
            let payload = [&id.0, frame].concat();
            of(header, Codec::BASE, FLAG_BASE, payload)
        }
    }
}

fn of(header: Header, codec: Codec, flags: u8, payload: Vec<u8>) -> Record {
    let stored = payload.len() as u32;
    Record { header: Header { codec, flags, stored, ..header }, payload }
}

/// `None` for a frame whose number does not take four bytes.
fn without_dict(frame: &[u8]) -> Option<Vec<u8>> {
    let rest = frame.strip_prefix(&FRAME_MAGIC)?;
    let descriptor = *rest.first().filter(|descriptor| **descriptor & DICT_BITS == DICT_BITS)?;
    let number = 1 + window_bytes(rest);
    let mut brief = rest.get(..number)?.to_vec();
    brief[0] = descriptor & !DICT_BITS;
    brief.extend(rest.get(number + DICT_BYTES..)?);
    Some(brief)
}

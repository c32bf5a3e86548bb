//! Packing and unpacking of contents, with one zstd context per thread and never more memory than the header names.

use std::cell::RefCell;

use zstd::zstd_safe::{CCtx, DCtx, compress_bound, get_dict_id_from_frame, get_frame_content_size};

use super::brief::frame_in;
use super::dict::Dict;
use super::record::{CONTENT_BYTES_MAX, Codec, FLAG_BASE, FLAG_BESIDE, Flaw, Header, ID_BYTES, Kind, Record};
use super::{ArchiveError, Result};
use crate::capture::Id;

/// Base and content together stay within the window of every level that is used.
pub(super) const DELTA_BYTES_MAX: usize = 4 << 20;
/// A frame against a base takes at most this share, in percent, of what the content takes by itself: reading unpacks twice.
pub(super) const DELTA_PERCENT_MAX: usize = 60;
/// The same of captures, whose bases are small.
const DELTA_PERCENT_MAX_CAPTURE: usize = 90;
/// Level of what is packed only to see what it would take.
const TRIAL_LEVEL: i32 = 3;
/// A thread keeps no more than this to pack into.
const ROOM_BYTES_MAX: usize = 1 << 20;
/// One part in so many.
const TINY_SHARE: usize = 12;

thread_local! {
    // A context takes longer to make than a page to pack.
    static PACK: RefCell<(Option<CCtx<'static>>, Vec<u8>)> = const { RefCell::new((None, Vec::new())) };
    static UNPACK: RefCell<Option<DCtx<'static>>> = const { RefCell::new(None) };
}

/// What a content may be packed with.
#[derive(Clone, Copy, Default)]
pub(super) struct With<'a> {
    pub level: i32,
    pub dict: Option<&'a Dict>,
    /// Another content that may be alike, and its id.
    pub base: Option<(Id, &'a [u8])>,
    /// The text beside a capture, whose id need not be said again.
    pub text: Option<Id>,
}

/// Stands for the id of the text beside: JSON holds no such byte.
const BESIDE: u8 = 1;
/// What it takes as hex digits.
const HEX_BYTES: usize = 2 * ID_BYTES;

/// Makes the record of some content: the smallest of a frame against the base, a frame, and the bytes as they are.
pub(super) fn pack(kind: Kind, id: Id, content: &[u8], with: With<'_>) -> Result<Record> {
    if let Some((text, rest)) = with.text.and_then(|id| without_text(content, id)) {
        let mut record = pack(kind, id, &rest, With { text: None, ..with })?;
        record.header.raw = content_bytes(kind, content.len())?;
        record.header.flags |= FLAG_BESIDE;
        record.payload.splice(..0, text.0);
        record.header.stored = record.payload.len() as u32;
        return Ok(record);
    }
    let raw = content_bytes(kind, content.len())?;
    let against = with.base.filter(|(_, bytes)| may_be_base(bytes, content)).and_then(|(base, bytes)| {
        let frame = frame(content, |cctx, to| cctx.compress_using_dict(to, content, bytes, with.level).is_ok())?;
        Some([&base.0[..], &frame].concat())
    });
    // A frame as small as that is not worth comparing.
    let tiny = against.as_ref().is_some_and(|payload| payload.len() * TINY_SHARE <= content.len());
    let own = if tiny { None } else { frame_alone(content, with) };
    let alone = own.as_ref().map_or(content.len(), Vec::len);
    let percent = if kind == Kind::CAPTURE { DELTA_PERCENT_MAX_CAPTURE } else { DELTA_PERCENT_MAX };
    // The bases of captures are in the same segment, which spares their ids (`brief`).
    let spared = if kind == Kind::CAPTURE { ID_BYTES } else { 0 };
    if let Some(payload) = against.filter(|payload| (payload.len() - spared) * 100 <= alone * percent) {
        let header = Header { kind, codec: Codec::BASE, flags: FLAG_BASE, stored: payload.len() as u32, raw, id };
        return Ok(Record { header, payload });
    }
    let codec = if own.is_none() { Codec::PLAIN } else { with.dict.map_or(Codec::ZSTD, |_| Codec::DICT) };
    let payload = own.unwrap_or_else(|| content.to_vec());
    let header = Header { kind, codec, flags: 0, stored: payload.len() as u32, raw, id };
    Ok(Record { header, payload })
}

/// So many bytes a content would take against a base, or by itself: at a level that is fast, to compare with others of it.
pub(super) fn tried(content: &[u8], base: Option<&[u8]>) -> u64 {
    let packed = match base.filter(|base| may_be_base(base, content)) {
        Some(base) => frame(content, |cctx, to| cctx.compress_using_dict(to, content, base, TRIAL_LEVEL).is_ok()),
        None => frame(content, |cctx, to| cctx.compress(to, content, TRIAL_LEVEL).is_ok()),
    };
    packed.map_or(content.len(), |frame| frame.len()) as u64
}

/// A capture without the id of its text; `None` where it does not name that one.
fn without_text(content: &[u8], text: Id) -> Option<(Id, Vec<u8>)> {
    let at = memchr::memmem::find(content, text.to_string().as_bytes())?;
    let free = memchr::memchr(BESIDE, content).is_none();
    free.then(|| (text, [&content[..at], &[BESIDE], &content[at + HEX_BYTES..]].concat()))
}

/// The same the other way.
fn with_text(rest: &[u8], text: Id) -> Option<Vec<u8>> {
    let at = memchr::memchr(BESIDE, rest)?;
    Some([&rest[..at], text.to_string().as_bytes(), &rest[at + 1..]].concat())
}

/// A frame without a base, where that is smaller than the content.
fn frame_alone(content: &[u8], with: With<'_>) -> Option<Vec<u8>> {
    let own = match with.dict {
        Some(dict) => {
            let encoder = dict.encoder(with.level)?;
            frame(content, |cctx, to| cctx.compress_using_cdict(to, content, &encoder).is_ok())
        }
        None => frame(content, |cctx, to| cctx.compress(to, content, with.level).is_ok()),
    };
    own.filter(|frame| frame.len() < content.len())
}

/// Whether one content may be packed against another. What begins like a zstd dictionary would be read as one.
pub(super) fn may_be_base(base: &[u8], content: &[u8]) -> bool {
    const DICT_MAGIC: [u8; 4] = [0x37, 0xA4, 0x30, 0xEC];
    base.len() >= 64 && base.len() + content.len() <= DELTA_BYTES_MAX && !base.starts_with(&DICT_MAGIC)
}

/// The length as a header holds it.
pub(super) fn content_bytes(kind: Kind, bytes: usize) -> Result<u32> {
    let too_large =
        ArchiveError::TooLarge { what: kind.name(), bytes: bytes as u64, max: u64::from(CONTENT_BYTES_MAX) };
    u32::try_from(bytes).ok().filter(|&raw| raw <= CONTENT_BYTES_MAX).ok_or(too_large)
}

/// `None` when zstd cannot have memory: the content is then kept as it is.
fn frame(content: &[u8], pack: impl FnOnce(&mut CCtx<'static>, &mut Vec<u8>) -> bool) -> Option<Vec<u8>> {
    PACK.with_borrow_mut(|(slot, room)| {
        if slot.is_none() {
            *slot = CCtx::try_create();
        }
        room.clear();
        room.reserve(compress_bound(content.len()));
        let frame = pack(slot.as_mut()?, room).then(|| room.to_vec());
        room.shrink_to(ROOM_BYTES_MAX);
        frame
    })
}

/// The dictionary that a record's frame asks for.
pub(super) fn dict_id(header: &Header, payload: &[u8]) -> Option<u32> {
    if header.codec.has_dict() { Some(get_dict_id_from_frame(header.body(payload))?.get()) } else { None }
}

/// The content of a record whose checksums were compared; `dict` and `base` are what its codec asks for.
pub(super) fn unpack(
    header: &Header,
    payload: &[u8],
    dict: Option<&Dict>,
    base: Option<&[u8]>,
) -> std::result::Result<Vec<u8>, Flaw> {
    let flaw = || Flaw::Packed(header.kind.name());
    let beside = header.beside(payload);
    let spared = if beside.is_some() { HEX_BYTES as u32 - 1 } else { 0 };
    let raw = header.raw.checked_sub(spared).ok_or_else(flaw)?;
    let payload = header.body(payload);
    let content = match header.codec {
        Codec::PLAIN => payload.to_vec(),
        Codec::ZSTD => unframe(payload, raw, |dctx, to| dctx.decompress(to, payload).is_ok()).ok_or_else(flaw)?,
        Codec::DICT | Codec::BRIEF => {
            let dict = dict.ok_or(Flaw::Dict(header.kind.name()))?;
            unframe(payload, raw, |dctx, to| dctx.decompress_using_ddict(to, payload, dict.decoder()).is_ok())
                .ok_or_else(flaw)?
        }
        Codec::BASE | Codec::NEAR => {
            let base = base.ok_or(Flaw::Base(header.kind.name()))?;
            let frame = frame_in(header.codec, payload).ok_or_else(flaw)?;
            unframe(frame, raw, |dctx, to| dctx.decompress_using_dict(to, frame, base).is_ok()).ok_or_else(flaw)?
        }
        _ => return Err(flaw()),
    };
    let content = match beside {
        Some(text) => with_text(&content, text).ok_or_else(flaw)?,
        None => content,
    };
    if content.len() != header.raw as usize { Err(flaw()) } else { Ok(content) }
}

fn unframe(frame: &[u8], raw: u32, unpack: impl FnOnce(&mut DCtx<'static>, &mut Vec<u8>) -> bool) -> Option<Vec<u8>> {
    // Before any memory is taken for it.
    if !promises(frame, raw) {
        return None;
    }
    with_context(|dctx| {
        let mut content = Vec::new();
        content.try_reserve_exact(raw as usize).ok()?;
        unpack(dctx, &mut content).then_some(content)
    })
}

/// Whether a frame says that its content has so many bytes.
pub(super) fn promises(frame: &[u8], raw: u32) -> bool {
    matches!(get_frame_content_size(frame), Ok(Some(bytes)) if bytes == u64::from(raw))
}

/// Unpacks with the context of this thread.
pub(super) fn with_context<T>(unpack: impl FnOnce(&mut DCtx<'static>) -> Option<T>) -> Option<T> {
    UNPACK.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = DCtx::try_create();
        }
        unpack(slot.as_mut()?)
    })
}

/// A content compared with the SHA-256 it is named by.
pub(super) fn named(header: &Header, content: Vec<u8>) -> std::result::Result<Vec<u8>, Flaw> {
    if Id::of(&content) == header.id { Ok(content) } else { Err(Flaw::Hash(header.kind.name())) }
}

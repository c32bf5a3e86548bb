//! Packing and unpacking of contents, with one zstd context per thread and never more memory than the header names.

use std::cell::RefCell;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::get_frame_content_size;

use super::record::{CONTENT_BYTES_MAX, Codec, Flaw, Header, Kind, Record};
use super::{ArchiveError, Result};
use crate::capture::Id;

thread_local! {
    // A context takes longer to make than a page to pack.
    static PACK: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACK: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Makes the record of some content: a zstd frame, or the bytes as they are where that is smaller.
pub(super) fn pack(kind: Kind, id: Id, content: Vec<u8>, level: i32) -> Result<Record> {
    let raw = content_bytes(kind, content.len())?;
    let packed = frame(&content, level).filter(|frame| frame.len() < content.len());
    let (codec, payload) = packed.map_or((Codec::PLAIN, content), |frame| (Codec::ZSTD, frame));
    let header = Header { kind, codec, flags: 0, stored: payload.len() as u32, raw, id };
    Ok(Record { header, payload })
}

/// The length as a header holds it.
pub(super) fn content_bytes(kind: Kind, bytes: usize) -> Result<u32> {
    let too_large =
        ArchiveError::TooLarge { what: kind.name(), bytes: bytes as u64, max: u64::from(CONTENT_BYTES_MAX) };
    u32::try_from(bytes).ok().filter(|&raw| raw <= CONTENT_BYTES_MAX).ok_or(too_large)
}

/// `None` when zstd cannot have memory: the content is then kept as it is.
fn frame(content: &[u8], level: i32) -> Option<Vec<u8>> {
    PACK.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Compressor::new(level).ok();
        }
        let compressor = slot.as_mut()?;
        compressor.set_compression_level(level).ok()?;
        compressor.compress(content).ok()
    })
}

/// The content of a record whose checksums were compared.
pub(super) fn unpack(header: &Header, payload: &[u8]) -> std::result::Result<Vec<u8>, Flaw> {
    let flaw = || Flaw::Packed(header.kind.name());
    let content = match header.codec {
        Codec::PLAIN => payload.to_vec(),
        Codec::ZSTD => unframe(payload, header.raw).ok_or_else(flaw)?,
        _ => return Err(flaw()),
    };
    if content.len() != header.raw as usize { Err(flaw()) } else { Ok(content) }
}

fn unframe(frame: &[u8], raw: u32) -> Option<Vec<u8>> {
    // The frame must promise what the header promises before any memory is taken for it.
    if get_frame_content_size(frame).ok()?? != u64::from(raw) {
        return None;
    }
    UNPACK.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Decompressor::new().ok();
        }
        slot.as_mut()?.decompress(frame, raw as usize).ok()
    })
}

/// The content of a record, compared with the SHA-256 it is named by.
pub(super) fn unpack_named(header: &Header, payload: &[u8]) -> std::result::Result<Vec<u8>, Flaw> {
    let content = unpack(header, payload)?;
    if Id::of(&content) == header.id { Ok(content) } else { Err(Flaw::Hash(header.kind.name())) }
}

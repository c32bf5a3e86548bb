//! Sitemaps that come as gzip files.

use std::borrow::Cow;
use std::io::Read;

/// Most bytes of a list once unpacked; the sitemap protocol's own limit.
pub const UNPACKED_BYTES_MAX: u64 = 50 << 20;

/// The bytes themselves, or what a gzip file holds of them, up to [`UNPACKED_BYTES_MAX`]; as far as it is sound.
pub fn gunzip(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return Cow::Borrowed(bytes);
    }
    let mut unpacked = Vec::new();
    // A file cut off gives what came before the cut.
    let _ = flate2::read::MultiGzDecoder::new(bytes).take(UNPACKED_BYTES_MAX).read_to_end(&mut unpacked);
    Cow::Owned(unpacked)
}

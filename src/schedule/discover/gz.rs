//! Sitemaps that come as gzip files.

use std::borrow::Cow;
use std::io::Read;

/// The bytes themselves, or what a gzip file holds of them, up to a limit; as far as it is sound.
pub fn gunzip(bytes: &[u8], bytes_max: u64) -> Cow<'_, [u8]> {
    if !bytes.starts_with(b"\x1f\x8b") {
        return Cow::Borrowed(bytes);
    }
    let mut unpacked = Vec::new();
    // A file cut off gives what came before the cut.
    let _ = flate2::read::MultiGzDecoder::new(bytes).take(bytes_max).read_to_end(&mut unpacked);
    Cow::Owned(unpacked)
}

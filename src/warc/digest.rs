//! Whether a record's bytes are those that its header vouches for.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest};

use super::Head;
use super::http::{split, unchunk};

/// What the digests of a record say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vouched {
    /// Nothing, or nothing that is understood here.
    Not,
    Held,
    /// The field that names another digest.
    Broken(&'static str),
}

/// Holds a block against its digests. That of the block decides: writers do not agree on what a payload is, and what
/// the block's digest covers it covers too.
pub(super) fn vouched(head: &Head, block: &[u8]) -> Vouched {
    match head.field("warc-block-digest").and_then(|told| is_of(told, block)) {
        Some(true) => Vouched::Held,
        Some(false) => Vouched::Broken("WARC-Block-Digest"),
        None => payload(head, block),
    }
}

/// A packed payload is unpacked up to here, to hold it against a digest.
const UNPACKED_BYTES_MAX: u64 = 8 << 20;

/// A payload that stands whole in the block: as it was sent, or with its transfer coding undone, or gzip too, as writers
/// do that have their pages from a browser.
fn payload(head: &Head, block: &[u8]) -> Vouched {
    let Some(told) = head.field("warc-payload-digest").filter(|_| has_payload(head)) else { return Vouched::Not };
    let body = match head.kind() {
        "response" => match split(block) {
            Some((_, body)) => body,
            None => return Vouched::Not,
        },
        _ => block,
    };
    match is_of(told, body) {
        None => Vouched::Not,
        Some(true) => Vouched::Held,
        Some(false) => {
            let is_told = |bytes: &[u8]| is_of(told, bytes) == Some(true);
            let whole = unchunk(body);
            let is_held = whole.as_deref().is_some_and(is_told)
                || unpacked(whole.as_deref().unwrap_or(body)).is_some_and(|bytes| is_told(&bytes));
            if is_held { Vouched::Held } else { Vouched::Broken("WARC-Payload-Digest") }
        }
    }
}

/// What is in gzip.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut unpacked = Vec::new();
    let from = bytes.starts_with(b"\x1f\x8b").then(|| MultiGzDecoder::new(bytes))?;
    from.take(UNPACKED_BYTES_MAX + 1).read_to_end(&mut unpacked).ok()?;
    (unpacked.len() as u64 <= UNPACKED_BYTES_MAX).then_some(unpacked)
}

/// A revisit names the payload of another record; what was cut or parted does not hold all of its own.
fn has_payload(head: &Head) -> bool {
    let is_part = head.field("warc-truncated").is_some() || head.field("warc-segment-number").is_some();
    !is_part && matches!(head.kind(), "response" | "resource" | "conversion")
}

/// Whether a digest (`sha1:` and so on, in base 32, hex or base 64) is that of some bytes; `None` where it is of no known kind.
pub fn is_of(told: &str, bytes: &[u8]) -> Option<bool> {
    let (name, told) = told.split_once(':')?;
    let algorithm: &Algorithm = match name.trim().to_ascii_lowercase().as_str() {
        "sha1" | "sha-1" => &SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" | "sha-256" => &SHA256,
        "sha384" | "sha-384" => &SHA384,
        "sha512" | "sha-512" => &SHA512,
        _ => return None,
    };
    let told = told.trim().trim_end_matches('=');
    let bits = algorithm.output_len() * 8;
    let forms: [(usize, &[u8]); 3] = [(4, b"0123456789abcdef"), (5, b"abcdefghijklmnopqrstuvwxyz234567"), (6, BASE_64)];
    let (width, digits) = forms.into_iter().find(|(width, _)| bits.div_ceil(*width) == told.len())?;
    let made = written(digest(algorithm, bytes).as_ref(), width, digits);
    Some(if width == 6 { made == told } else { made.eq_ignore_ascii_case(told) })
}

const BASE_64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes in digits of so many bits, the last one filled up with zeros.
fn written(bytes: &[u8], width: usize, digits: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    let digit = |at: usize| (0..width).fold(0, |value, step| value << 1 | bit(at * width + step));
    (0..(bytes.len() * 8).div_ceil(width)).map(|at| char::from(digits[digit(at)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_known_in_every_form() {
        // Of `hello`, as other tools print them.
        for told in [
            "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N",
            "SHA-1: vl2mmho4yxukfwv63yhtwsbm3gxksq2n",
            "sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
            "sha1:qvTGHdzF6KLavt4PO0gs2a6pQ00=",
            "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            "sha256:FTZE3OS7WCRQ4JXIHMVMLOPCTYNRMHS4D6TUEXTTAQZWFE4LTASA====",
        ] {
            assert_eq!(is_of(told, b"hello"), Some(true), "{told}");
            assert_eq!(is_of(told, b"hallo"), Some(false), "{told}");
        }
        for told in
            ["md5:XUFAKRR5SMGSDFC6XHX3WTYFRQ", "sha1:-", "sha1:", "none", "blake3:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N"]
        {
            assert_eq!(is_of(told, b"hello"), None, "{told}");
        }
    }
}

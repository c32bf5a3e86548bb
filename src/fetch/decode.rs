//! Content codings undone, each step under a cap on what comes out.
//!
//! The whole body is at hand and no larger than the cap, so each coding is one pure step. The cap holds for
//! every step: 1.6 kB of brotli can be 2 GiB of gzip, which would cost minutes if only the last step counted.

use std::borrow::Cow;
use std::io::{self, Read};

/// Most codings in one `Content-Encoding`. Real servers send one; two come from a proxy that compresses again.
pub(super) const CODINGS_MAX: usize = 2;

/// Largest zstd window, as RFC 9659 fixes it for HTTP: 8 MiB.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// So much of a body is looked at for bytes that no text has.
const PLAIN_BYTES: usize = 1024;

const BROTLI_BUFFER_BYTES: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum DecodeError {
    TooLarge,
    Unknown(String),
    TooMany(usize),
    Broken { coding: Coding, why: String },
}

/// What `Content-Encoding` headers name.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// In the order applied.
    pub codings: Vec<Coding>,
    /// The first that is not known. Nobody asked for it, so most often there is none: some write a type or a charset there.
    pub unknown: Option<String>,
}

/// The codings of all `Content-Encoding` headers.
///
/// # Errors
/// Too many of them.
pub(super) fn codings<'a>(headers: impl Iterator<Item = &'a str>) -> Result<Named, DecodeError> {
    let Named { codings: mut all, mut unknown } = Named::default();
    for token in headers.flat_map(|value| value.split(',')) {
        match token.trim().trim_matches('"').to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => all.push(Coding::Gzip),
            "deflate" => all.push(Coding::Deflate),
            "br" => all.push(Coding::Brotli),
            "zstd" => all.push(Coding::Zstd),
            // What servers write where there is no coding, the charset among it.
            "" | "identity" | "none" | "binary" | "utf-8" | "utf8" => {}
            other => {
                unknown.get_or_insert_with(|| other.chars().take(40).collect());
            }
        }
    }
    if all.len() > CODINGS_MAX { Err(DecodeError::TooMany(all.len())) } else { Ok(Named { codings: all, unknown }) }
}

/// Undoes the codings, the last applied first: what could be read, at most `bytes_max` of it, and the first
/// thing that was wrong.
pub(super) fn decode(body: &[u8], codings: &[Coding], bytes_max: u64) -> (Vec<u8>, Option<DecodeError>) {
    let mut bytes = Cow::Borrowed(body);
    let mut flaw = None;
    for coding in codings.iter().rev() {
        let (mut out, ended) = undo(*coding, &bytes, bytes_max);
        if out.len() as u64 > bytes_max {
            out.pop();
            flaw.get_or_insert(DecodeError::TooLarge);
        }
        if let Err(error) = ended {
            flaw.get_or_insert(DecodeError::Broken { coding: *coding, why: error.to_string() });
        }
        bytes = out.into();
    }
    (bytes.into_owned(), flaw)
}

/// Whether a body begins with bytes as text has them: none that is packed does so for long.
pub(super) fn is_plain(body: &[u8]) -> bool {
    let begin = &body[..body.len().min(PLAIN_BYTES)];
    !begin.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31))
}

/// What could be read, at most one byte over the cap, and how the reading ended.
fn undo(coding: Coding, bytes: &[u8], bytes_max: u64) -> (Vec<u8>, io::Result<()>) {
    let mut out = Vec::new();
    // An answer without a body is often still labelled with the coding it would have had.
    if bytes.is_empty() {
        return (out, Ok(()));
    }
    let ended = match coding {
        Coding::Gzip => gunzip(bytes, bytes_max, &mut out),
        Coding::Deflate => inflate(bytes, bytes_max, &mut out),
        Coding::Brotli => {
            capped(brotli_decompressor::Decompressor::new(bytes, BROTLI_BUFFER_BYTES), bytes_max, &mut out)
        }
        Coding::Zstd => zstd::Decoder::with_buffer(bytes).and_then(|mut decoder| {
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
            capped(decoder, bytes_max, &mut out)
        }),
    };
    (out, ended)
}

/// Reads until one byte over the cap.
fn capped(reader: impl Read, bytes_max: u64, out: &mut Vec<u8>) -> io::Result<()> {
    let room = (bytes_max + 1).saturating_sub(out.len() as u64);
    reader.take(room).read_to_end(out).map(drop)
}

/// All members of a gzip body. What follows the last one and is no gzip is dropped, as browsers do.
fn gunzip(mut bytes: &[u8], bytes_max: u64, out: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let mut member = flate2::bufread::GzDecoder::new(bytes);
        capped(&mut member, bytes_max, out)?;
        bytes = member.into_inner();
        if out.len() as u64 > bytes_max || !bytes.starts_with(&[0x1f, 0x8b]) {
            return Ok(());
        }
    }
}

/// `deflate` means zlib, but some servers send the bare stream: the zlib header has a checksum that tells.
fn inflate(bytes: &[u8], bytes_max: u64, out: &mut Vec<u8>) -> io::Result<()> {
    let zlib = matches!(bytes, [a, b, ..] if a & 0x0f == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0);
    if zlib {
        capped(flate2::bufread::ZlibDecoder::new(bytes), bytes_max, out)
    } else {
        capped(flate2::bufread::DeflateDecoder::new(bytes), bytes_max, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator of our own: the same numbers in every run.
    fn noise(seed: u64, bytes: usize) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 24) as u8
        };
        std::iter::repeat_with(next).take(bytes).collect()
    }

    /// Whatever comes, decoding ends, within its cap, without a panic.
    #[test]
    fn any_bytes_under_any_coding() {
        let text = noise(1, 300).repeat(20);
        let streams = [
            (Coding::Zstd, zstd::encode_all(&text[..], 3).expect("memory takes it")),
            (Coding::Gzip, through(flate2::bufread::GzEncoder::new(&text[..], flate2::Compression::best()))),
            (Coding::Deflate, through(flate2::bufread::ZlibEncoder::new(&text[..], flate2::Compression::best()))),
            (Coding::Brotli, vec![0x0b, 0x02, 0x80, b'a', b'b', b'c', 0x03]),
        ];
        for (coding, whole) in streams {
            for seed in 0..2_000 {
                let noise = noise(seed, 64);
                let mut broken = whole.clone();
                let at = usize::from(u16::from_le_bytes([noise[0], noise[1]])) % broken.len();
                broken[at] ^= noise[2] | 1;
                for bytes in [&noise[..], &broken[..]] {
                    let out = decode(bytes, &[coding], 10_000);
                    assert!(out.0.len() <= 10_000);
                }
            }
        }
    }

    fn through(mut reader: impl Read) -> Vec<u8> {
        let mut out = Vec::new();
        reader.read_to_end(&mut out).expect("memory takes it");
        out
    }
}

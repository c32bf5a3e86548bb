//! Content codings: undone, and none of them dangerous.

use std::io::Write;

use flate2::Compression;
use gleaner::capture::Outcome;
use gleaner::fetch::{ERROR_BODY_BYTES_MAX, FetchError, Options, Part};

use super::{alone, failure, fetch, fetch_with, options};
use crate::support::brotli;
use crate::support::server::{Reply, Server};

const TEXT: &[u8] = b"<!doctype html><p>the quick brown fox jumps over the lazy dog, over and over and over again</p>";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn bare_deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, 1).expect("memory takes it")
}

/// A server whose one page is these bytes under that coding.
fn coded(coding: &'static str, body: Vec<u8>) -> Server {
    Server::open(move |_| Reply::new(200, &[("content-type", "text/html"), ("content-encoding", coding)], &body))
}

#[test]
fn each_coding_is_undone_and_the_body_kept_as_sent() {
    let cases: Vec<(&'static str, Vec<u8>)> = vec![
        ("gzip", gzip(TEXT)),
        ("X-GZip", gzip(TEXT)),
        ("br", brotli::stored(TEXT)),
        ("zstd", zstd(TEXT)),
        ("deflate", zlib(TEXT)),
        ("deflate", bare_deflate(TEXT)),
        ("gzip, br", brotli::stored(&gzip(TEXT))),
        ("deflate, identity, gzip", gzip(&zlib(TEXT))),
        ("gzip", [gzip(&TEXT[..20]), gzip(&TEXT[20..])].concat()),
        ("gzip", [gzip(TEXT), b"trailing rubbish".to_vec()].concat()),
        ("zstd", [zstd(&TEXT[..20]), zstd(&TEXT[20..])].concat()),
    ];
    for (coding, body) in cases {
        let server = coded(coding, body.clone());
        let page = fetch(&server.url("/")).unwrap_or_else(|failure| panic!("{coding}: {}", failure.error));
        assert_eq!(page.body, body, "{coding}");
        assert_eq!(page.decoded.as_deref(), Some(TEXT), "{coding}");
    }
}

#[test]
fn no_coding_means_nothing_to_decode() {
    for coding in ["identity", "none", "", "UTF-8", "text/html", "ISO-8859-1", "aws-chunked", "compress"] {
        let page = fetch(&coded(coding, TEXT.to_vec()).url("/")).expect("a page");
        assert_eq!((page.body.as_slice(), page.decoded), (TEXT, None), "{coding}");
    }
}

#[test]
fn what_is_named_oddly_beside_a_coding_takes_nothing_from_it() {
    for coding in ["\"gzip\"", "aws-chunked, gzip", "gzip, text/html"] {
        assert_eq!(fetch(&coded(coding, gzip(TEXT)).url("/")).expect("a page").content(), TEXT, "{coding}");
    }
}

#[test]
fn an_empty_body_is_empty_under_any_coding() {
    for coding in ["gzip", "br", "zstd", "deflate"] {
        let page = fetch(&coded(coding, Vec::new()).url("/")).expect("a page");
        assert_eq!(page.content(), b"", "{coding}");
    }
}

#[test]
fn what_cannot_be_decoded_says_so() {
    let cut = |mut body: Vec<u8>| {
        body.truncate(body.len() / 2);
        body
    };
    let cases: Vec<(&'static str, Vec<u8>, &str)> = vec![
        ("gzip", TEXT.to_vec(), "as gzip it is broken"),
        ("br", TEXT.to_vec(), "as br it is broken"),
        ("zstd", TEXT.to_vec(), "as zstd it is broken"),
        ("deflate", TEXT.to_vec(), "as deflate it is broken"),
        ("gzip", cut(gzip(TEXT)), "as gzip it is broken"),
        ("br", cut(brotli::stored(TEXT)), "as br it is broken"),
        ("zstd", cut(zstd(TEXT)), "as zstd it is broken"),
        ("compress", [&[0x1f, 0x9d, 0x90, 0x00], TEXT].concat(), "`compress` is no coding asked for"),
        ("gzip, gzip, gzip", gzip(&gzip(&gzip(TEXT))), "3 codings on top of each other"),
    ];
    for (coding, body, message) in cases {
        let (outcome, got) = failure(fetch(&coded(coding, body).url("/")));
        assert_eq!(outcome, Outcome::Http, "{coding}: {got}");
        assert!(got.contains(message), "{coding}: {got}");
    }
}

/// 2 GiB each, once decoded.
#[test]
fn bombs_are_too_large() {
    let two_gib = gzip_of_zeros(1 << 31);
    let bombs: Vec<(&'static str, Vec<u8>)> = vec![
        ("br", brotli::bomb(128)),
        ("zstd", ::zstd::encode_all(std::io::Read::take(std::io::repeat(0), 1 << 31), 1).expect("memory takes it")),
        ("gzip", two_gib.clone()),
        ("gzip, br", brotli::stored(&two_gib)),
        ("br, gzip", gzip(&brotli::bomb(128))),
        ("identity, br, br", brotli::stored(&brotli::bomb(128))),
    ];
    for (coding, body) in bombs {
        assert!(body.len() < 4 << 20, "{coding} is no bomb: {} bytes", body.len());
        let failure = fetch(&coded(coding, body).url("/")).expect_err("a bomb is no page");
        let FetchError::TooLarge { part: Part::Decoded, limit_bytes, .. } = failure.error else {
            panic!("{coding}: {}", failure.error)
        };
        assert_eq!(limit_bytes, 8 << 20);
        assert_eq!(failure.error.outcome(), Outcome::TooLarge);
        assert!(failure.error.hint().expect("a hint").contains("fetch.body_bytes_max"));
    }
}

/// Peak memory belongs to a process, hence one of its own.
#[test]
#[cfg(target_os = "linux")]
fn a_bomb_costs_a_few_megabytes() {
    alone("fetch::codings::alone_with_a_bomb", &[]);
}

#[test]
#[ignore = "run by a_bomb_costs_a_few_megabytes"]
fn alone_with_a_bomb() {
    let server = coded("br", brotli::bomb(128));
    let before = peak_kilobytes();
    assert_eq!(failure(fetch(&server.url("/"))).0, Outcome::TooLarge);
    let cost = peak_kilobytes() - before;
    println!("a brotli bomb of 2 GiB cost {cost} kB");
    assert!(cost < 40 << 10, "{cost} kB for a limit of 8 MiB");
}

fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    peak.trim().trim_end_matches("kB").trim().parse().expect("a number")
}

/// gzip members of 64 MiB each, so that making the bomb is quick.
fn gzip_of_zeros(bytes: usize) -> Vec<u8> {
    const MEMBER: usize = 64 << 20;
    gzip(&vec![0; MEMBER]).repeat(bytes / MEMBER)
}

#[test]
fn the_limit_itself_is_allowed() {
    let limit = 1000;
    let options = || Options { body_bytes_max: limit, ..options() };
    let fits = vec![b'a'; 1000];
    for coding in ["gzip", "identity"] {
        let body = |bytes: &[u8]| if coding == "gzip" { gzip(bytes) } else { bytes.to_vec() };
        let page = fetch_with(options(), &coded(coding, body(&fits)).url("/")).expect("it just fits");
        assert_eq!(page.content(), fits);
        let over = [fits.as_slice(), b"b"].concat();
        let (outcome, message) = failure(fetch_with(options(), &coded(coding, body(&over)).url("/")));
        assert_eq!(outcome, Outcome::TooLarge, "{message}");
        assert!(message.contains("over 1000 bytes"), "{message}");
    }
}

#[test]
fn an_error_page_is_kept_up_to_its_limit_whatever_is_wrong_with_it() {
    let bodies: Vec<(&'static str, Vec<u8>, usize)> = vec![
        ("gzip", gzip(TEXT), TEXT.len()),
        ("br", brotli::bomb(128), usize::try_from(ERROR_BODY_BYTES_MAX).expect("it fits")),
        ("gzip", TEXT.to_vec(), 0),
        ("compress", TEXT.to_vec(), TEXT.len()),
    ];
    for (coding, body, kept) in bodies {
        let server = Server::open(move |_| {
            Reply::new(403, &[("content-type", "text/html"), ("content-encoding", coding)], &body)
        });
        let failure = fetch(&server.url("/")).expect_err("403 is no page");
        assert_eq!(failure.status, Some(403), "{coding}");
        assert_eq!(failure.page.expect("the error page").content().len(), kept, "{coding}");
    }
}

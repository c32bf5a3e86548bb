//! WARC files: read record by record, broken ones told with their place.

use std::io::Write;

use gleaner::warc::{Reader, Record, WarcError, Writer, response};

fn record(kind: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <https://a.example/>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n\
         Content-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn read(bytes: &[u8]) -> (Vec<Record>, Option<WarcError>) {
    let mut reader = match Reader::new(bytes) {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let mut records = Vec::new();
    loop {
        match reader.next_record() {
            Ok(Some(record)) => records.push(record),
            Ok(None) => return (records, None),
            Err(error) => return (records, Some(error)),
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    member.write_all(bytes).unwrap();
    member.finish().unwrap()
}

#[test]
fn plain_and_packed_files_give_the_same_records() {
    let plain = [record("response", b"HTTP/1.1 200 OK\r\n\r\nHello"), record("conversion", b"Hello")].concat();
    let (records, error) = read(&plain);
    assert!(error.is_none() && records.len() == 2);
    assert_eq!(
        (records[0].head.kind(), records[0].head.url(), records[1].block.as_slice()),
        ("response", Some("https://a.example/"), &b"Hello"[..])
    );
    let each =
        [gzip(&record("response", b"HTTP/1.1 200 OK\r\n\r\nHello")), gzip(&record("conversion", b"Hello"))].concat();
    assert_eq!(read(&each).0, records);
    assert_eq!(read(&zstd::encode_all(&plain[..], 3).unwrap()).0, records);
    assert_eq!(read(&gzip(&plain)).0, records);
}

#[test]
fn a_cut_file_gives_what_is_whole() {
    let one = record("conversion", b"Hello");
    let whole = [one.clone(), one.clone()].concat();
    for cut in one.len() + 1..whole.len() {
        let (records, error) = read(&whole[..cut]);
        assert!(!records.is_empty());
        assert!(records.len() == 2 || error.is_some() || cut <= one.len() + 4, "cut at {cut}");
    }
    assert!(matches!(read(b"no web archive").1, Some(WarcError::Foreign { .. })));
    assert!(matches!(read(&[0x28, 0xB5, 0x2F, 0xFD, 0]).1, Some(WarcError::Io { at: 0, .. })));
    assert!(read(b"").0.is_empty());
}

#[test]
fn lengths_that_lie_take_no_memory() {
    let lie = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 18446744073709551615\r\n\r\nHello";
    assert!(matches!(read(lie).1, Some(WarcError::Short { at: 0 })));
    let endless = [b"WARC/1.0\r\n".to_vec(), b"A: b\r\n".repeat(100_000)].concat();
    assert!(matches!(read(&endless).1, Some(WarcError::LongHeader { at: 0 })));
}

#[test]
fn answers_are_taken_apart() {
    let plain =
        response(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nX: a:b\r\n\r\nBody\r\n\r\nmore").unwrap();
    assert_eq!(
        (plain.status, plain.headers[1].1.as_str(), plain.body.as_slice()),
        (404, "a:b", &b"Body\r\n\r\nmore"[..])
    );
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nHello\r\n6\r\n world\r\n0\r\n\r\n";
    assert_eq!(response(chunked).unwrap().body, b"Hello world");
    let undone = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nHello world";
    assert_eq!(response(undone).unwrap().body, b"Hello world");
    assert!(response(b"<html>").is_none());
}

#[test]
fn what_is_written_is_read() {
    let mut writer = Writer::new(Vec::new());
    writer.record(&[("WARC-Type", "metadata"), ("Note", "a\r\nContent-Length: 9")], b"{}").unwrap();
    writer.record(&[("WARC-Type", "conversion")], "å\r\n\r\nWARC/1.0".as_bytes()).unwrap();
    let (records, error) = read(&writer.into_inner());
    assert!(error.is_none());
    assert_eq!(records[0].head.field("note"), Some("a  Content-Length: 9"));
    assert_eq!(records[1].block, "å\r\n\r\nWARC/1.0".as_bytes());
}

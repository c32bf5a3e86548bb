//! WARC files: read record by record, broken ones told with their place.

mod damage;
mod digests;

use std::io::{Cursor, Write};

use gleaner::warc::{Flaw, Reader, Record, WarcError, Writer, response};

fn record(kind: &str, block: &[u8]) -> Vec<u8> {
    with_fields(kind, "", block)
}

/// A record with more lines in its header, each with its end.
fn with_fields(kind: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <https://a.example/>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n\
         {fields}Content-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// Every sound record, and what is told of the rest.
fn read(bytes: &[u8]) -> (Vec<Record>, Vec<WarcError>) {
    let mut reader = match Reader::new(Cursor::new(bytes)) {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), vec![error]),
    };
    let (mut records, mut errors) = (Vec::new(), Vec::new());
    loop {
        match reader.next_record() {
            Ok(Some(record)) => records.push(record),
            Ok(None) => return (records, errors),
            Err(error) => errors.push(error),
        }
    }
}

fn blocks(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| std::str::from_utf8(&record.block).unwrap()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    member.write_all(bytes).unwrap();
    member.finish().unwrap()
}

/// A frame with a checksum.
fn zstd_frame(bytes: &[u8]) -> Vec<u8> {
    let mut frame = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    frame.include_checksum(true).unwrap();
    frame.write_all(bytes).unwrap();
    frame.finish().unwrap()
}

#[test]
fn plain_and_packed_files_give_the_same_records() {
    let plain = [record("response", b"HTTP/1.1 200 OK\r\n\r\nHello"), record("conversion", b"Hello")].concat();
    let (records, errors) = read(&plain);
    assert!(errors.is_empty() && records.len() == 2);
    assert_eq!(
        (records[0].head.kind(), records[0].head.url(), records[1].block.as_slice()),
        ("response", Some("https://a.example/"), &b"Hello"[..])
    );
    let parts = [record("response", b"HTTP/1.1 200 OK\r\n\r\nHello"), record("conversion", b"Hello")];
    for packed in [
        [gzip(&parts[0]), gzip(&parts[1])].concat(),
        [zstd_frame(&parts[0]), zstd_frame(&parts[1])].concat(),
        zstd::encode_all(&plain[..], 3).unwrap(),
        gzip(&plain),
        // Members that end anywhere, as tools for blocks of bytes make them, and frames to be skipped between others.
        plain.chunks(7).flat_map(gzip).collect(),
        [zstd_frame(&plain[..9]), b"\x51\x2A\x4D\x18\x02\0\0\0ab".to_vec(), zstd_frame(&plain[9..])].concat(),
    ] {
        let (read, errors) = read(&packed);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(read.len(), 2);
        assert!(
            read.iter()
                .zip(&records)
                .all(|(one, other)| { (&one.head.fields, &one.block) == (&other.head.fields, &other.block) })
        );
    }
}

#[test]
fn a_header_is_read_as_written() {
    let odd = "\r\nWARC/1.0\nwarc-type:metadata\nContent-Length: 6\nX-Long: one\n two\n\nl\u{e4}nge\n\nWARC/1.1\r\n\
        WARC-Type: metadata\r\nContent-Length: 0\r\n\r\n";
    let (records, errors) = read(odd.as_bytes());
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!((records.len(), records[0].head.field("x-long")), (2, Some("one two")));
    assert_eq!((records[0].block.as_slice(), records[0].head.at), ("l\u{e4}nge".as_bytes(), 2));
}

/// A file as `zstd` dictionaries make it: the dictionary in a frame that others skip, then a frame a record.
fn with_dict(parts: &[Vec<u8>], packed_dict: bool) -> Vec<u8> {
    let dict: Vec<u8> = parts.concat().repeat(3);
    let kept = if packed_dict { zstd::encode_all(&dict[..], 3).unwrap() } else { dict.clone() };
    let mut file = [b"\x5D\x2A\x4D\x18", &(kept.len() as u32).to_le_bytes()[..], &kept].concat();
    for part in parts {
        let mut coder = zstd::stream::write::Encoder::with_dictionary(Vec::new(), 3, &dict).unwrap();
        coder.include_checksum(true).unwrap();
        coder.write_all(part).unwrap();
        file.extend(coder.finish().unwrap());
    }
    file
}

#[test]
fn a_dictionary_is_used_and_every_cut_is_told() {
    let parts: Vec<_> = ["One.", "Two.", "Three."].map(|text| record("conversion", text.as_bytes())).into();
    for packed_dict in [false, true] {
        let file = with_dict(&parts, packed_dict);
        let (records, errors) = read(&file);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(blocks(&records), ["One.", "Two.", "Three."]);
        for cut in 1..file.len() {
            let (records, errors) = read(&file[..cut]);
            assert!(
                records.len() < 3 && (!errors.is_empty() || cut_between(&file, cut, records.len())),
                "cut at {cut}"
            );
        }
    }
    let endless = [b"\x5D\x2A\x4D\x18", &u32::MAX.to_le_bytes()[..]].concat();
    assert!(matches!(read(&endless).1[..], [WarcError::Dict(_)]));
}

/// Whether a file was cut where one of its last frames begins, which cannot be seen.
fn cut_between(file: &[u8], cut: usize, records: usize) -> bool {
    let frames: Vec<usize> = memchr::memmem::find_iter(file, b"\x28\xB5\x2F\xFD").collect();
    frames[frames.len() - 3..].get(records) == Some(&cut)
}

#[test]
fn a_cut_file_gives_what_is_whole() {
    let one = record("conversion", b"Hello");
    let whole = [one.clone(), one.clone()].concat();
    for cut in one.len() + 1..whole.len() {
        let (records, errors) = read(&whole[..cut]);
        assert!(!records.is_empty());
        assert!(records.len() == 2 || !errors.is_empty() || cut <= one.len() + 4, "cut at {cut}");
    }
    for pack in [gzip, zstd_frame] {
        let (one, whole) = (pack(&one).len(), pack(&one).repeat(2));
        for cut in one + 1..whole.len() {
            let (records, errors) = read(&whole[..cut]);
            assert_eq!(records.len(), 1, "cut at {cut}");
            let [WarcError::Left { at, bytes, flaw: _ }] = errors[..] else { panic!("{errors:?}") };
            assert_eq!((at, bytes), (one as u64, (cut - one) as u64));
        }
    }
    assert!(matches!(read(b"no web archive").1[..], [WarcError::Foreign { .. }]));
    assert!(matches!(
        read(&[0x28, 0xB5, 0x2F, 0xFD, 0]).1[..],
        [WarcError::Left { at: 0, bytes: 5, flaw: Flaw::Short }]
    ));
    assert!(read(b"").0.is_empty());
}

#[test]
fn lengths_that_lie_take_no_memory() {
    let lie = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 18446744073709551615\r\n\r\nHello";
    assert!(matches!(read(lie).1[..], [WarcError::Left { at: 0, flaw: Flaw::Short, .. }]));
    let endless = [b"WARC/1.0\r\n".to_vec(), b"A: b\r\n".repeat(100_000)].concat();
    assert!(matches!(read(&endless).1[..], [WarcError::Left { at: 0, flaw: Flaw::LongHeader, .. }]));
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
    let (records, errors) = read(&writer.into_inner());
    assert!(errors.is_empty());
    assert_eq!(records[0].head.field("note"), Some("a  Content-Length: 9"));
    assert_eq!(records[1].block, "å\r\n\r\nWARC/1.0".as_bytes());
}

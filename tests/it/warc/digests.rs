//! Digests of records: what they vouch for is held against them.

use gleaner::warc::{Flaw, WarcError};

use super::{blocks, gzip, read, record, with_fields};

const HELLO: &[u8] = b"hello";
const SHA1: &str = "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N";
const SHA256_HEX: &str = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
/// Of something else.
const OTHER: &str = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ";

/// Whether a record is given out, between two sound ones and in each packing.
fn check(kind: &str, fields: &str, block: &[u8], is_sound: bool) {
    let fields = fields.replace("; ", "\r\n") + "\r\n";
    let parts = [record("conversion", b"before"), with_fields(kind, &fields, block), record("conversion", b"after")];
    for file in [parts.concat(), parts.iter().flat_map(|part| gzip(part)).collect(), gzip(&parts.concat())] {
        let (records, errors) = read(&file);
        assert_eq!((records.len(), errors.len()), if is_sound { (3, 0) } else { (2, 1) }, "{fields} {errors:?}");
        assert_eq!(records[records.len() - 1].block, b"after");
        let told = matches!(errors[..], [] | [WarcError::Left { flaw: Flaw::Digest(_), .. }]);
        assert!(told, "{errors:?}");
    }
}

#[test]
fn the_digest_of_a_block_decides() {
    for told in [SHA1, &SHA1.to_lowercase(), SHA256_HEX, "sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"] {
        check("resource", &format!("WARC-Block-Digest: {told}"), HELLO, true);
        check("resource", &format!("WARC-Block-Digest: {told}"), b"hallo", false);
    }
    for unknown in ["md5:XUFAKRR5SMGSDFC6XHX3WTYFRQ", "blake3:0123", "sha1:-", "sha1:", "-"] {
        check("resource", &format!("WARC-Block-Digest: {unknown}"), HELLO, true);
    }
    check("resource", &format!("WARC-Block-Digest: {SHA1}; WARC-Payload-Digest: {OTHER}"), HELLO, true);
    check("resource", &format!("WARC-Block-Digest: {OTHER}; WARC-Payload-Digest: {SHA1}"), HELLO, false);
    check("metadata", &format!("WARC-Block-Digest: {OTHER}"), HELLO, false);
}

#[test]
fn the_digest_of_a_payload_is_asked_where_it_stands_whole() {
    let told = format!("WARC-Payload-Digest: {SHA1}");
    check("response", &told, b"HTTP/1.1 200 OK\r\n\r\nhello", true);
    check("response", &told, b"HTTP/1.1 200 OK\r\n\r\nhallo", false);
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    check("response", &told, chunked, true);
    let of_chunks = "WARC-Payload-Digest: sha1:FPKJFAEPEIMEFSS2G2SDNSN5YKX3N5JX";
    check("response", of_chunks, chunked, true);
    let packed = |body: &[u8]| [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", &gzip(body)[..]].concat();
    check("response", &told, &packed(HELLO), true);
    check("response", &told, &packed(b"hallo"), false);
    check("response", &told, &packed(HELLO)[..packed(HELLO).len() - 1], false);
    check("resource", &told, HELLO, true);
    check("conversion", &told, b"hallo", false);
    // It is that of another record, or of more than is there.
    check("revisit", &told, b"HTTP/1.1 304 Not Modified\r\n\r\n", true);
    check("response", &format!("{told}; WARC-Truncated: length"), b"HTTP/1.1 200 OK\r\n\r\nhel", true);
    check("response", &format!("{told}; WARC-Segment-Number: 1"), b"HTTP/1.1 200 OK\r\n\r\nhel", true);
    check("response", &told, b"93.184.216.34", true);
}

#[test]
fn a_digest_that_holds_vouches_for_a_record_whose_surroundings_are_damaged() {
    let sound = with_fields("resource", &format!("WARC-Block-Digest: {SHA1}\r\n"), HELLO);
    let file = [&sound[..sound.len() - 4], b"\0\0\0\0WARX/1.0\r\n", &record("conversion", b"after")].concat();
    let (records, errors) = read(&file);
    assert_eq!((blocks(&records), errors.len()), (vec!["hello", "after"], 1));
}

//! What of an answer a capture keeps, as an HTTP head and as WARC names it.

use std::io::Write;

use super::{Capture, Id};

/// How raw bytes are named in a WARC file, and what stands before them in the record's block.
pub struct RawRecord {
    pub kind: &'static str,
    pub content_type: &'static str,
    pub head: Vec<u8>,
}

impl Capture {
    /// The record of raw bytes, of which there are so many: what a browser made of an answer is no answer.
    pub fn raw_record(&self, body_bytes: usize) -> RawRecord {
        if self.rendered {
            return RawRecord { kind: "resource", content_type: "text/html; charset=utf-8", head: Vec::new() };
        }
        let content_type = "application/http; msgtype=response";
        RawRecord { kind: "response", content_type, head: self.http_head(body_bytes) }
    }

    /// The head of an HTTP answer with a body of so many bytes: status and what was kept of the headers. Content codings
    /// are undone.
    fn http_head(&self, body_bytes: usize) -> Vec<u8> {
        let mut head = Vec::with_capacity(256);
        let status = self.status.unwrap_or(200);
        let _ = write!(head, "HTTP/1.1 {status} \r\nContent-Length: {body_bytes}\r\n");
        let kept = [("Content-Type", &self.content_type), ("ETag", &self.etag), ("Last-Modified", &self.last_modified)];
        for (name, value) in kept.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.extend_from_slice(b"\r\n");
        head
    }
}

impl Id {
    /// A UUID (version 8: of our own making) of what is named by this id and a word: the same each time.
    pub fn urn(&self, kind: &str) -> String {
        let hash = Self::of(format!("{self} {kind}").as_bytes()).to_string();
        format!("<urn:uuid:{}-{}-8{}-8{}-{}>", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
    }

    /// The SHA-256 as WARC writes it: base 32.
    pub fn digest(&self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut text = String::from("sha256:");
        for chunk in self.0.chunks(5) {
            let mut five = [0; 8];
            five[3..3 + chunk.len()].copy_from_slice(chunk);
            let bits = u64::from_be_bytes(five);
            let digits = (chunk.len() * 8).div_ceil(5);
            text.extend((0..digits).map(|n| char::from(ALPHABET[(bits >> (35 - 5 * n) & 31) as usize])));
            text.extend(std::iter::repeat_n('=', 8 - digits));
        }
        text
    }
}

//! JSON lines in zstd shards.

use std::path::{Path, PathBuf};

use super::pack::Pack;
use super::{Document, HashedFile, Sink};
use crate::corpus::{CorpusError, FileEntry, Record};

/// What a record takes beside its text, mostly.
const RECORD_ROOM: usize = 2 << 10;

/// `documents-00000.jsonl.zst` and so on. The bytes of a shard depend on nothing but its lines.
pub struct Shards {
    folder: PathBuf,
    stem: String,
    bytes_max: u64,
    level: u32,
    /// That compress a shard.
    threads: usize,
    open: Option<Shard>,
    done: Vec<FileEntry>,
}

struct Shard {
    pack: Pack,
    bytes: u64,
    documents: u64,
}

impl Shards {
    /// Of so many bytes before they are packed, at a level of zstd.
    pub fn new(folder: &Path, stem: &str, (bytes_max, level): (u64, u32), threads: usize) -> Self {
        let (folder, stem) = (folder.to_owned(), stem.to_owned());
        Self { folder, stem, bytes_max, level, threads, open: None, done: Vec::new() }
    }

    /// All lines in one file of that name, which is there even if there are none.
    pub fn named(folder: &Path, name: &str, level: u32, threads: usize) -> Result<Self, CorpusError> {
        let mut shards = Self::new(folder, name, (u64::MAX, level), threads);
        shards.open = Some(Shard::create(folder, name, level, threads)?);
        Ok(shards)
    }

    /// Writes a line, which has its line break.
    pub fn line(&mut self, line: &[u8]) -> Result<(), CorpusError> {
        let shard = match &mut self.open {
            Some(shard) => shard,
            None => {
                let name = format!("{}-{:05}.jsonl.zst", self.stem, self.done.len());
                self.open.insert(Shard::create(&self.folder, &name, self.level, self.threads)?)
            }
        };
        shard.pack.put(line)?;
        shard.documents += 1;
        shard.bytes += line.len() as u64;
        if shard.bytes >= self.bytes_max { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<(), CorpusError> {
        let Some(shard) = self.open.take() else { return Ok(()) };
        self.done.push(shard.pack.finish()?.finish(shard.documents)?);
        Ok(())
    }

    pub fn end(mut self) -> Result<Vec<FileEntry>, CorpusError> {
        self.close()?;
        Ok(self.done)
    }
}

impl Shard {
    fn create(folder: &Path, name: &str, level: u32, threads: usize) -> Result<Self, CorpusError> {
        let pack = Pack::new(HashedFile::create(folder, name)?, level, threads)?;
        Ok(Self { pack, bytes: 0, documents: 0 })
    }
}

/// A document's line, with its line break and, where they are asked for, its posts even if it has none. The record is as it
/// was when this returns.
pub fn line(record: &mut Record, with_posts: bool) -> Vec<u8> {
    // Once: growing it step by step would copy it as often.
    let mut line = Vec::with_capacity(record.text.len() * 9 / 8 + RECORD_ROOM);
    // Without posts the text comes last, and is most of the line: what has to be escaped in it is looked for eight bytes at
    // a time.
    let text = record.posts.is_empty().then(|| std::mem::take(&mut record.text));
    serde_json::to_writer(&mut line, record).expect("a record is plain data");
    if let Some(text) = text {
        line.truncate(line.len() - "\"\"}".len());
        put_string(&text, &mut line);
        line.extend_from_slice(if with_posts { b",\"posts\":[]}" } else { b"}" });
        record.text = text;
    }
    line.push(b'\n');
    line
}

/// A text as JSON, as `serde_json` writes it.
fn put_string(text: &str, into: &mut Vec<u8>) {
    into.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = escaped(rest) {
        into.extend_from_slice(&rest[..at]);
        put_escape(rest[at], into);
        rest = &rest[at + 1..];
    }
    into.extend_from_slice(rest);
    into.push(b'"');
}

/// Where the first byte stands that has to be escaped.
fn escaped(bytes: &[u8]) -> Option<usize> {
    let is_escaped = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
    let (eights, rest) = bytes.as_chunks::<8>();
    let found = eights.iter().map(|eight| escaped_of(u64::from_le_bytes(*eight))).enumerate().find(|&(_, of)| of != 0);
    match found {
        Some((place, of)) => Some(8 * place + of.trailing_zeros() as usize / 8),
        None => rest.iter().position(is_escaped).map(|at| 8 * eights.len() + at),
    }
}

/// A high bit for bytes of eight that have to be escaped. The lowest is of one that does; those above it may be of others, to
/// which a subtraction carried.
fn escaped_of(eight: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let below = |bytes: u64, least: u8| bytes.wrapping_sub(ONES * u64::from(least)) & !bytes;
    let is = |byte: u8| below(eight ^ (ONES * u64::from(byte)), 1);
    (below(eight, b' ') | is(b'"') | is(b'\\')) & (0x80 * ONES)
}

fn put_escape(byte: u8, into: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        8 => b'b',
        12 => b'f',
        b'"' | b'\\' => byte,
        _ => {
            let digits = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
            into.extend_from_slice(b"\\u00");
            return into.extend_from_slice(&digits);
        }
    };
    into.extend_from_slice(&[b'\\', short]);
}

impl Sink for Shards {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError> {
        self.line(&document.form)
    }

    fn finish(self: Box<Self>) -> Result<Vec<FileEntry>, CorpusError> {
        self.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_serde_json_writes_them() {
        let every: String = (0..=0x7ff).chain(0xffff..=0x1_0010).filter_map(char::from_u32).collect();
        let mut texts = vec![String::new(), "\"".to_owned(), every];
        for odd in (0..0x30).chain([0x5b, 0x5c, 0x5d, 0x7f, 0x80, 0xff]).filter_map(char::from_u32) {
            let places = (0..20).map(|at| format!("{}{odd}{}", "a".repeat(at), "!\u{1f}é \"\\".repeat(at % 3)));
            texts.extend(places);
        }
        for text in texts {
            let mut written = Vec::new();
            put_string(&text, &mut written);
            assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }
}

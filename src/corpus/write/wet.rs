//! Texts as WARC conversion records, each a gzip member of its own.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use super::{Document, HashedFile, Sink};
use crate::capture::Id;
use crate::corpus::{CorpusError, FileEntry, Record};

/// `documents-00000.warc.wet.gz` and so on.
pub struct Shards {
    folder: PathBuf,
    stem: String,
    bytes_max: u64,
    open: Option<(HashedFile, u64, u64)>,
    done: Vec<FileEntry>,
}

impl Shards {
    pub fn new(folder: &Path, stem: &str, bytes_max: u64) -> Self {
        Self { folder: folder.to_owned(), stem: stem.to_owned(), bytes_max, open: None, done: Vec::new() }
    }

    fn begin(&self) -> Result<(HashedFile, u64, u64), CorpusError> {
        let name = format!("{}-{:05}.warc.wet.gz", self.stem, self.done.len());
        let mut file = HashedFile::create(&self.folder, &name)?;
        let about = format!("software: gleaner/{}\r\nformat: WARC File Format 1.0\r\n", env!("CARGO_PKG_VERSION"));
        let id = Id::of(name.as_bytes());
        // A moment of writing would make two equal exports differ.
        let head = [("WARC-Type", "warcinfo"), ("WARC-Date", "1970-01-01T00:00:00Z"), ("WARC-Filename", name.as_str())];
        file.put(&member(id, &head, "application/warc-fields", about.as_bytes()))?;
        Ok((file, 0, 0))
    }

    fn close(&mut self) -> Result<(), CorpusError> {
        if let Some((file, _, documents)) = self.open.take() {
            self.done.push(file.finish(documents)?);
        }
        Ok(())
    }
}

impl Sink for Shards {
    fn put(&mut self, document: Document<'_>) -> Result<(), CorpusError> {
        let (mut file, bytes, documents) = match self.open.take() {
            Some(open) => open,
            None => self.begin()?,
        };
        file.put(&document.form)?;
        self.open = Some((file, bytes + document.record.text.len() as u64, documents + 1));
        if bytes + document.record.text.len() as u64 >= self.bytes_max { self.close() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<FileEntry>, CorpusError> {
        self.close()?;
        Ok(self.done)
    }
}

/// As it stands in a shard.
pub fn conversion(record: &Record) -> Vec<u8> {
    // WARC 1.0 knows whole seconds.
    let at = jiff::Timestamp::from_second(record.fetched_at.as_second()).unwrap_or(record.fetched_at).to_string();
    let digest = format!("sha256:{}", Id::of(record.text.as_bytes()));
    let head = [
        ("WARC-Type", "conversion"),
        ("WARC-Target-URI", record.url.as_str()),
        ("WARC-Date", at.as_str()),
        ("WARC-Block-Digest", digest.as_str()),
    ];
    member(record.id, &head, "text/plain; charset=utf-8", record.text.as_bytes())
}

fn member(id: Id, head: &[(&str, &str)], kind: &str, block: &[u8]) -> Vec<u8> {
    let mut out = String::from("WARC/1.0\r\n");
    for (name, value) in head {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = block.len();
    out.push_str(&format!("WARC-Record-ID: <urn:uuid:{}>\r\nContent-Type: {kind}\r\n", uuid(id)));
    out.push_str(&format!("Content-Length: {length}\r\n\r\n"));
    gzip(&[out.as_bytes(), block, b"\r\n\r\n"].concat())
}

thread_local! {
    /// Making one takes as long as compressing a page with it.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::default(), false));
}

/// A gzip member without name and time.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut out = HEAD.to_vec();
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        loop {
            // Mostly it is enough at once.
            out.reserve(bytes.len() / 2 + 256);
            let taken = deflate.total_in() as usize;
            let status = deflate.compress_vec(&bytes[taken..], &mut out, FlushCompress::Finish);
            if status.expect("all that comes is compressed") == Status::StreamEnd {
                break;
            }
        }
    });
    let mut sum = Crc::new();
    sum.update(bytes);
    out.extend_from_slice(&sum.sum().to_le_bytes());
    out.extend_from_slice(&sum.amount().to_le_bytes());
    out
}

/// A UUID of the form that is for hashes (RFC 9562, version 8).
fn uuid(id: Id) -> String {
    let mut bytes: [u8; 16] = id.0[..16].try_into().expect("an id has 32 bytes");
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn members_are_those_of_an_encoder_made_for_each() {
        let noise = (0..200_000_u64).map(|at| (((at * at) >> 7) ^ at) as u8).collect();
        for bytes in [Vec::new(), b"a".to_vec(), b"some text ".repeat(999), noise, b"after others".to_vec()] {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&bytes).unwrap();
            assert!(gzip(&bytes) == encoder.finish().unwrap(), "{} bytes", bytes.len());
        }
    }
}

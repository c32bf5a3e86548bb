//! Reading a segment from some place to its end, batch by batch, damage or not.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use super::commit::Chain;
use super::record::{CRC_BYTES, Flaw, HEADER_BYTES, Header, Kind, MAGIC, number};
use super::storage::read_at;
use crate::capture::Id;

/// How much is read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// What stands at a place of a segment.
#[derive(Debug)]
pub(super) enum Found<'a> {
    Record {
        offset: u64,
        header: Header,
        payload: &'a [u8],
        /// What of the file is in memory, and where that begins.
        held: (&'a [u8], u64),
    },
    /// A batch ends; `end` is the place after its commit record.
    Commit { id: Id, end: u64 },
    /// What is wrong there; the scan goes on with the next record that can be read.
    Flaw { offset: u64, flaw: Flaw },
}

/// A walk over the bytes of one segment.
pub(super) struct Scan {
    file: Arc<File>,
    /// Not read past here.
    length: u64,
    at: u64,
    chain: Chain,
    /// A flaw was met since the last commit, so that its hash cannot be right.
    flawed: bool,
    buffer: Vec<u8>,
    buffer_at: u64,
}

impl Scan {
    /// Begins after the commit with that id, which ends at `from`.
    pub fn new(file: Arc<File>, from: u64, length: u64, commit: Id) -> Self {
        let chain = Chain::after(commit);
        Self { file, length, at: from, chain, flawed: false, buffer: Vec::new(), buffer_at: 0 }
    }

    /// The next thing found; `None` at the end of the file.
    pub fn next(&mut self) -> std::io::Result<Option<Found<'_>>> {
        let offset = self.at;
        if offset >= self.length {
            return Ok(None);
        }
        let Some(head) = self.bytes(offset, HEADER_BYTES)? else { return Ok(Some(self.stop(Flaw::Short))) };
        let head: [u8; HEADER_BYTES] = head.try_into().expect("asked for as many bytes");
        match Header::decode(&head) {
            Ok(header) => self.record(offset, head, header).map(Some),
            Err(flaw) => self.lost(flaw).map(Some),
        }
    }

    fn record(&mut self, offset: u64, head: [u8; HEADER_BYTES], header: Header) -> std::io::Result<Found<'_>> {
        let body = offset + HEADER_BYTES as u64;
        let Some(held) = self.held(body, header.stored as usize + CRC_BYTES)? else {
            // The length may be right and the file cut, or wrong and another record within.
            return self.lost(Flaw::Short);
        };
        let payload = held.start..held.start + header.stored as usize;
        let (computed, crc) = (crc32c::crc32c(&self.buffer[payload.clone()]), number(&self.buffer[payload.end..]));
        self.at = offset + u64::from(header.record_bytes());
        if computed != crc {
            return Ok(self.flaw(offset, Flaw::Payload(header.kind.name())));
        }
        if header.kind == Kind::COMMIT {
            return Ok(self.commit(offset, header.id, payload));
        }
        self.chain.add(&head, crc);
        Ok(Found::Record { offset, header, payload: &self.buffer[payload], held: (&self.buffer, self.buffer_at) })
    }

    fn commit(&mut self, offset: u64, id: Id, payload: Range<usize>) -> Found<'static> {
        let vouched = self.flawed || self.chain.vouched_by(id, &self.buffer[payload]);
        self.chain = Chain::after(id);
        if !vouched {
            // The commit itself is whole: what stands before it is not what it was written for. Read again, it passes.
            self.flawed = true;
            self.at = offset;
            return Found::Flaw {
                offset,
                flaw: Flaw::Content("commit", "it is not that of the records before it".into()),
            };
        }
        self.flawed = false;
        Found::Commit { id, end: self.at }
    }

    fn flaw(&mut self, offset: u64, flaw: Flaw) -> Found<'static> {
        self.flawed = true;
        Found::Flaw { offset, flaw }
    }

    fn stop(&mut self, flaw: Flaw) -> Found<'static> {
        let offset = std::mem::replace(&mut self.at, self.length);
        self.flaw(offset, flaw)
    }

    /// No record can be read here: goes to the next place where a header is whole.
    fn lost(&mut self, flaw: Flaw) -> std::io::Result<Found<'static>> {
        let offset = self.at;
        self.at = self.find(offset + 1)?;
        Ok(self.flaw(offset, flaw))
    }

    fn find(&mut self, mut from: u64) -> std::io::Result<u64> {
        while from + HEADER_BYTES as u64 <= self.length {
            let window = CHUNK_BYTES.min((self.length - from) as usize);
            let Some(bytes) = self.bytes(from, window)? else { break };
            let candidates: Vec<usize> = memchr::memmem::find_iter(bytes, &MAGIC).collect();
            for candidate in candidates {
                let at = from + candidate as u64;
                let head = self.bytes(at, HEADER_BYTES)?.and_then(|head| head.first_chunk().copied());
                if head.is_some_and(|head| Header::decode(&head).is_ok()) {
                    return Ok(at);
                }
            }
            // A magic may lie across the end of the window.
            from += (window - (MAGIC.len() - 1)) as u64;
        }
        Ok(self.length)
    }

    /// Bytes of the file; `None` when the file ends before.
    fn bytes(&mut self, offset: u64, count: usize) -> std::io::Result<Option<&[u8]>> {
        Ok(self.held(offset, count)?.map(|held| &self.buffer[held]))
    }

    /// The same, as a part of the buffer.
    fn held(&mut self, offset: u64, count: usize) -> std::io::Result<Option<Range<usize>>> {
        if self.length.saturating_sub(offset) < count as u64 {
            return Ok(None);
        }
        let begin = offset.wrapping_sub(self.buffer_at);
        let held = offset >= self.buffer_at && begin + count as u64 <= self.buffer.len() as u64;
        if !held {
            let wanted = count.max(CHUNK_BYTES).min((self.length - offset) as usize);
            self.buffer.resize(wanted, 0);
            let filled = read_at(&self.file, &mut self.buffer, offset)?;
            self.buffer.truncate(filled);
            self.buffer_at = offset;
        }
        let begin = (offset - self.buffer_at) as usize;
        Ok(Some(begin..begin + count).filter(|held| held.end <= self.buffer.len()))
    }
}

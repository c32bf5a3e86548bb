//! The commit: the record that ends a batch and vouches for every record of it.

use sha2::{Digest, Sha256};

use super::record::{CRC_BYTES, HEADER_BYTES, Kind, Record, number};
use crate::capture::Id;

/// Bytes of a commit record: it has a payload of four bytes.
pub(super) const COMMIT_BYTES: u64 = (HEADER_BYTES + 4 + CRC_BYTES) as u64;
/// The commit before a segment's first one.
pub(super) const CHAIN_START: Id = Id([0; 32]);

/// The running hash over a batch: SHA-256 of the last commit's id, then of each record's header and payload checksum.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    hash: Sha256,
    pub records: u32,
}

impl Chain {
    pub fn after(commit: Id) -> Self {
        Self { hash: Sha256::new_with_prefix(commit.0), records: 0 }
    }

    pub fn add(&mut self, header: &[u8; HEADER_BYTES], payload_crc: u32) {
        self.hash.update(header);
        self.hash.update(payload_crc.to_le_bytes());
        self.records = self.records.saturating_add(1);
    }

    /// The commit record of the batch so far.
    pub fn commit(&self) -> Record {
        Record::plain(Kind::COMMIT, self.id(), self.records.to_le_bytes().to_vec())
    }

    fn id(&self) -> Id {
        Id(self.hash.clone().finalize().into())
    }

    /// Whether this commit is that of the batch so far.
    pub fn vouched_by(&self, id: Id, payload: &[u8]) -> bool {
        payload.len() == 4 && number(payload) == self.records && id == self.id()
    }
}

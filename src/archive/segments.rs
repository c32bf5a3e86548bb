//! Segments as they are read: a record by its place.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::folder::{Folder, Store};
use super::record::{Flaw, HEADER_BYTES, Header, open_record};
use super::storage::read_at;
use super::{ArchiveError, Result};

/// At most this many segment files are held open for reading.
const OPEN_FILES_MAX: usize = 64;

/// Where a record lies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Place {
    pub store: Store,
    pub segment: u32,
    pub offset: u64,
    /// Bytes of the whole record.
    pub bytes: u32,
}

type Files = HashMap<(Store, u32), Arc<File>>;

/// The segment files of one archive.
#[derive(Debug)]
pub(super) struct Segments {
    pub folder: Folder,
    files: Mutex<Files>,
}

impl Segments {
    pub fn new(folder: Folder) -> Self {
        Self { folder, files: Mutex::default() }
    }

    pub fn path(&self, place: &Place) -> PathBuf {
        self.folder.segment(place.store, place.segment)
    }

    pub fn file(&self, store: Store, segment: u32) -> Result<Arc<File>> {
        // A panic while the map was locked leaves it whole: it is a cache of open files.
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get(&(store, segment)) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(self.folder.disk.open_read(&self.folder.segment(store, segment))?);
        if files.len() >= OPEN_FILES_MAX {
            files.clear();
        }
        files.insert((store, segment), Arc::clone(&file));
        Ok(file)
    }

    /// Reads a record's bytes and hands header and payload, checksums compared, to `read`.
    pub fn read<T>(
        &self,
        place: &Place,
        read: impl FnOnce(&Header, &[u8]) -> std::result::Result<T, Flaw>,
    ) -> Result<T> {
        let mut bytes = vec![0; place.bytes as usize];
        let filled = self.bytes(place, &mut bytes)?;
        open_record(&bytes[..filled])
            .and_then(|(header, payload)| read(&header, payload))
            .map_err(|flaw| self.damaged(place, &flaw))
    }

    /// Reads the header alone.
    pub fn header(&self, place: &Place) -> Result<Header> {
        let mut bytes = [0; HEADER_BYTES];
        let filled = self.bytes(place, &mut bytes)?;
        let decoded = if filled < HEADER_BYTES { Err(Flaw::Short) } else { Header::decode(&bytes) };
        decoded.map_err(|flaw| self.damaged(place, &flaw))
    }

    fn bytes(&self, place: &Place, buffer: &mut [u8]) -> Result<usize> {
        let file = self.file(place.store, place.segment)?;
        read_at(&file, buffer, place.offset).map_err(|error| ArchiveError::io(&self.path(place), "read", error))
    }

    pub fn damaged(&self, place: &Place, flaw: &Flaw) -> ArchiveError {
        ArchiveError::damaged(&self.path(place), place.offset, flaw.to_string())
    }
}

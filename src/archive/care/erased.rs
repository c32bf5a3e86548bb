//! The list of what was erased: keyed hashes in a file of its own, so that it outlives a restored backup and tells
//! nobody what the archive held.

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;

use crate::archive::folder::Folder;
use crate::archive::{ArchiveError, Result};
use crate::capture::{Capture, Id};
use crate::page::{Timestamp, Url};

/// Longest list that is read.
const LIST_BYTES_MAX: u64 = 256 << 20;

/// What is blocked from coming again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::archive) enum Mark {
    Url(String),
    /// A host and all below it.
    Host(String),
    Text(Id),
}

impl Mark {
    fn parts(&self) -> (&'static str, String) {
        match self {
            Self::Url(url) => ("url", url.clone()),
            Self::Host(host) => ("host", host.to_lowercase()),
            Self::Text(id) => ("text", id.to_string()),
        }
    }

    /// What it is found by in the bytes of an archive.
    pub fn needle(&self) -> Option<Vec<u8>> {
        match self {
            Self::Url(of) | Self::Host(of) => Some(of.clone().into_bytes()),
            Self::Text(_) => None,
        }
    }

    fn hash(&self, archive: &str) -> Id {
        let (kind, value) = self.parts();
        Id::of(format!("gleaner erased\n{archive}\n{kind}\n{value}").as_bytes())
    }
}

/// The list, read again when the file has grown.
#[derive(Debug, Default)]
pub(in crate::archive) struct Erased {
    bytes: u64,
    hashes: HashSet<Id>,
}

impl Erased {
    /// Reads what was added since; a torn last line says nothing.
    pub fn refresh(&mut self, folder: &Folder) -> Result<()> {
        let path = folder.erased();
        let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
        if bytes == self.bytes {
            return Ok(());
        }
        let failed = |error| ArchiveError::io(&path, "read", error);
        let mut text = String::new();
        let file = std::fs::File::open(&path).map_err(failed)?;
        std::io::Read::read_to_string(&mut std::io::Read::take(file, LIST_BYTES_MAX), &mut text).map_err(failed)?;
        self.hashes = text.lines().filter_map(hash_of).collect();
        self.bytes = bytes;
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    pub fn has_url(&self, archive: &str, url: &Url) -> bool {
        if self.is_empty() {
            return false;
        }
        let host = url.host_str().unwrap_or_default();
        let above = host.char_indices().filter(|(_, c)| *c == '.').map(|(at, _)| &host[at + 1..]);
        let mut marks = [host].into_iter().chain(above).map(|host| Mark::Host(host.to_owned()));
        self.hashes.contains(&Mark::Url(url.to_string()).hash(archive))
            || marks.any(|mark| self.hashes.contains(&mark.hash(archive)))
    }

    pub fn has_text(&self, archive: &str, id: Id) -> bool {
        !self.is_empty() && self.hashes.contains(&Mark::Text(id).hash(archive))
    }

    /// Whether a capture is of an erased address, led to one, or has an erased text.
    pub fn has(&self, archive: &str, capture: &Capture) -> bool {
        let hops = capture.hops.iter().map(|hop| &hop.url);
        let urls = [&capture.url].into_iter().chain(&capture.final_url).chain(hops);
        let text = capture.text.is_some_and(|id| self.has_text(archive, id));
        text || urls.into_iter().any(|url| self.has_url(archive, url))
    }
}

fn hash_of(line: &str) -> Option<Id> {
    let (line, crc) = line.rsplit_once(' ')?;
    let right = crc == format!("{:08x}", crc32c::crc32c(line.as_bytes()));
    line.split(' ').nth(2)?.parse().ok().filter(|_| right)
}

/// Adds marks; they are on the disk when this returns.
pub(in crate::archive) fn add(folder: &Folder, marks: &[Mark], at: Timestamp) -> Result<PathBuf> {
    let path = folder.erased();
    let mut lines = String::new();
    for mark in marks {
        let line = format!("{at} {} {}", mark.parts().0, mark.hash(&folder.archive));
        lines += &format!("{line} {:08x}\n", crc32c::crc32c(line.as_bytes()));
    }
    let step = folder.disk.step(crate::archive::storage::Step::Write, 0);
    let write = |_| {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&path)?;
        // What a torn write left must not begin our first line.
        file.write_all(b"\n")?;
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    };
    step.and_then(write).map_err(|error| ArchiveError::io(&path, "write", error))?;
    folder.disk.sync_folder(&folder.path)?;
    Ok(path)
}

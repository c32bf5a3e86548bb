//! Raw bytes that no capture names: the last copy of pages whose captures are lost, or what a killed writer or an interrupted
//! removal left. Only of the latter it is known that they are to go, for a removal notes it before it begins.

use std::collections::HashSet;

use super::Removal;
use super::proof::Shared;
use crate::archive::folder::Folder;
use crate::archive::index::{Index, key};
use crate::archive::record::Kind;
use crate::archive::{Archive, ArchiveError, Result};
use crate::capture::Id;

/// The raw bytes that a removal takes away, an id a line; there until it has come to its end.
const FILE: &str = "going";

/// Notes what goes, before anything does.
pub(super) fn note(folder: &Folder, removal: &Removal) -> Result<()> {
    let goes = removal.blobs.iter().filter(|blob| blob.0 == Kind::RAW && !removal.dropped.contains(blob));
    let mut lines: Vec<String> = goes.map(|(_, id)| format!("{id}\n")).collect();
    lines.sort_unstable();
    if lines.is_empty() { Ok(()) } else { folder.disk.write_whole(&folder.path.join(FILE), lines.concat().as_bytes()) }
}

/// All of it has gone.
pub(super) fn gone(folder: &Folder) -> Result<()> {
    let path = folder.path.join(FILE);
    if path.exists() { folder.disk.remove(&path) } else { Ok(()) }
}

/// What an interrupted removal was to take away. A line that cannot be read names nothing.
pub(super) fn going(folder: &Folder) -> Result<HashSet<Id>> {
    let path = folder.path.join(FILE);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).lines().filter_map(|line| line.parse().ok()).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(HashSet::new()),
        Err(error) => Err(ArchiveError::io(&path, "read", error)),
    }
}

impl Removal {
    /// Raw bytes without a capture that say at least half of a text which is erased are of its page, and go with it.
    pub fn unnamed_with(&mut self, archive: &Archive, needed: &HashSet<(Kind, Id)>, texts: &[Vec<u8>]) -> Result<()> {
        let ids = unnamed(archive, needed)?;
        if ids.is_empty() || texts.is_empty() {
            return Ok(());
        }
        let shared = Shared::of(texts)?;
        for id in ids {
            match archive.blob(Kind::RAW, id) {
                Ok(bytes) if shared.says_half(&bytes) => self.blob(archive, Kind::RAW, id, false)?,
                // What cannot be read is told by the proof of the erasing, and by a check.
                Ok(_) | Err(ArchiveError::Damaged { .. } | ArchiveError::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// All raw bytes without a capture: a policy that lets all raw bytes go means them too.
    pub fn unnamed(&mut self, archive: &Archive, needed: &HashSet<(Kind, Id)>) -> Result<()> {
        unnamed(archive, needed)?.into_iter().try_for_each(|id| self.blob(archive, Kind::RAW, id, false))
    }
}

fn unnamed(archive: &Archive, needed: &HashSet<(Kind, Id)>) -> Result<HashSet<Id>> {
    let needed: HashSet<(Kind, i64)> = needed.iter().map(|&(kind, id)| (kind, key(id))).collect();
    let places = archive.reader().blobs_except(&needed)?;
    let mut ids = HashSet::new();
    for place in places {
        let header = archive.segments.header(&place)?;
        ids.extend((header.kind == Kind::RAW).then_some(header.id));
    }
    Ok(ids)
}

/// How many raw bodies an index knows that none of its captures names, without those that are to go.
pub(in crate::archive) fn count(folder: &Folder, index: &Index) -> Result<u64> {
    let unnamed: HashSet<i64> = index.query(|connection| {
        connection
            .prepare(
                "SELECT key FROM blobs WHERE kind = ?1 AND key NOT IN (SELECT raw FROM captures WHERE raw IS NOT NULL)",
            )?
            .query_map([Kind::RAW.0], |row| row.get(0))?
            .collect()
    })?;
    let going: HashSet<i64> = going(folder)?.into_iter().map(key).collect();
    Ok(unnamed.difference(&going).count() as u64)
}

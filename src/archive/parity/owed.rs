//! What is still to be written of recovery data that went: noted on disk before it goes, for whoever takes it away may be killed
//! before there is other, and the configuration need not ask for any.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;

use super::Parity;
use crate::archive::folder::{Folder, Seg, Store};
use crate::archive::{ArchiveError, Result};

/// Longer notes are none of ours.
const BYTES_MAX: u64 = 16 << 20;

/// The shares, by store and number: a segment that is written anew has another generation.
pub(super) type Owed = BTreeMap<(Store, u32), Parity>;

fn path(folder: &Folder) -> PathBuf {
    folder.path.join("owed")
}

/// What is noted; nothing, where there is no note.
pub(super) fn read(folder: &Folder) -> Result<Owed> {
    let path = path(folder);
    let text = match std::fs::metadata(&path) {
        Ok(file) if file.len() <= BYTES_MAX => std::fs::read(&path),
        Ok(_) => return Ok(Owed::new()),
        Err(error) => Err(error),
    };
    match text {
        Ok(text) => Ok(String::from_utf8_lossy(&text).lines().filter_map(line).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Owed::new()),
        Err(error) => Err(ArchiveError::reading(&path, error)),
    }
}

/// A line that is damaged says nothing.
fn line(line: &str) -> Option<((Store, u32), Parity)> {
    let mut words = line.split(' ');
    let store = words.next()?;
    let store = Store::ALL.into_iter().find(|known| known.name() == store)?;
    Some(((store, words.next()?.parse().ok()?), words.next()?.parse().ok()?))
}

/// Adds to the note; it is on disk when this returns. The lock for care is held.
pub(super) fn add(folder: &Folder, (store, seg): (Store, Seg), share: Parity) -> Result<()> {
    let mut owed = read(folder)?;
    if owed.insert((store, seg.number), share) == Some(share) {
        return Ok(());
    }
    write(folder, &owed)
}

/// Takes from the note what is owed no more. The lock for care is held.
pub(super) fn settle(folder: &Folder, is_owed: impl Fn(Store, u32, Parity) -> bool) -> Result<()> {
    let mut owed = read(folder)?;
    let before = owed.len();
    owed.retain(|(store, number), share| is_owed(*store, *number, *share));
    if owed.len() == before { Ok(()) } else { write(folder, &owed) }
}

fn write(folder: &Folder, owed: &Owed) -> Result<()> {
    if owed.is_empty() {
        return folder.disk.remove(&path(folder));
    }
    let lines = owed.iter().map(|((store, number), share)| format!("{} {number:08} {share}\n", store.name()));
    folder.disk.write_whole(&path(folder), lines.collect::<String>().as_bytes())
}

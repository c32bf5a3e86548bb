//! `exports.txt`: the folders of the exports that were made of an archive, a line each, for takedowns. A line that is damaged
//! spoils no other: it is told, and a repair sets it aside.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::storage::open_file;
use super::{Archive, ArchiveError, Result};
use crate::capture::Id;
use crate::page::Url;

/// No more of the list is read.
const LIST_BYTES_MAX: u64 = 64 << 20;
/// So much is shown of a line that cannot be read.
const SHOWN_CHARS: usize = 200;
/// More lines than this help nobody.
const TOLD_MAX: usize = 100;
/// What an address in the list begins with; a path never does, as it is absolute.
const ADDRESS: &str = "file:";

/// What the list of an archive's exports says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exports {
    /// The exports of the lines that can be read, each once.
    pub folders: Vec<PathBuf>,
    /// What cannot be read, each as it is to be told: exports that nobody can name may hold what is taken down.
    pub unread: Vec<String>,
}

impl Archive {
    /// The exports of this archive, as far as their list can be read; none where there is no list.
    pub fn exports(&self) -> Result<Exports> {
        let folder = &self.segments.folder;
        let mut exports = exports(folder)?;
        for name in super::care::aside_names(self).iter().filter(|name| is_aside(name)) {
            exports.unread.push(format!(
                "`quarantine/{name}` has lines of the list of exports that cannot be read; look which exports they named, and delete it"
            ));
        }
        Ok(exports)
    }

    /// Adds an export to the list, on disk when this returns. Lines are only ever appended, so that exports at the same time
    /// keep each other's.
    pub fn register_export(&self, export: &Path) -> io::Result<()> {
        let (list, line) = (file(&self.segments.folder), line_of(&std::path::absolute(export)?));
        let known = read(&list)?;
        if lines(&known).any(|known| known.bytes == line.as_bytes()) {
            return Ok(());
        }
        let mut file = OpenOptions::new().append(true).create(true).open(&list)?;
        // A line that a crash left half written spoils no other.
        let gap = if known.is_empty() || known.ends_with(b"\n") { "" } else { "\n" };
        file.write_all(format!("{gap}{line}\n").as_bytes())?;
        file.sync_all()?;
        if cfg!(unix) { File::open(self.folder())?.sync_all() } else { Ok(()) }
    }
}

fn file(folder: &Folder) -> PathBuf {
    folder.path.join("exports.txt")
}

/// The damaged lines are kept so.
fn is_aside(name: &str) -> bool {
    name.starts_with("exports-") && name.ends_with(".txt")
}

/// As bytes: a damaged line hinders no other. Of a list that is too long no part of a line is returned.
fn read(list: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match open_file(list).and_then(|file| file.take(LIST_BYTES_MAX).read_to_end(&mut bytes)) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    if bytes.len() as u64 == LIST_BYTES_MAX {
        bytes.truncate(memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1));
    }
    Ok(bytes)
}

/// A line of the list: its number from 1, where it begins, and its bytes.
struct Line<'a> {
    number: usize,
    at: usize,
    bytes: &'a [u8],
}

/// Those that are not empty.
fn lines(list: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let all = list.split(|&byte| byte == b'\n').enumerate().scan(0, |next, (n, line)| {
        let at = *next;
        *next += line.len() + 1;
        Some(Line { number: n + 1, at, bytes: line.strip_suffix(b"\r").unwrap_or(line) })
    });
    all.filter(|line| !line.bytes.is_empty())
}

impl Line<'_> {
    /// `None` where it is damaged: paths are absolute, be it on another system, and none has a byte of zero.
    fn folder(&self) -> Option<PathBuf> {
        let line = std::str::from_utf8(self.bytes).ok().filter(|line| !line.contains('\0'))?;
        if line.starts_with(ADDRESS) {
            return Url::parse(line).ok()?.to_file_path().ok();
        }
        let has_drive = line.as_bytes().get(1) == Some(&b':');
        (line.starts_with(['/', '\\']) || has_drive).then(|| PathBuf::from(line))
    }

    fn told(&self) -> String {
        let shown: String = String::from_utf8_lossy(self.bytes).chars().take(SHOWN_CHARS).collect();
        format!("line {} of `exports.txt` cannot be read (`{shown}`)", self.number)
    }
}

/// Of so many as help somebody, what is to be told.
fn some(damaged: &[Line<'_>]) -> Vec<String> {
    let mut told: Vec<String> = damaged.iter().take(TOLD_MAX).map(Line::told).collect();
    if damaged.len() > TOLD_MAX {
        told.push(format!("{} more lines of `exports.txt` cannot be read", damaged.len() - TOLD_MAX));
    }
    told
}

fn line_of(folder: &Path) -> String {
    let is_plain = |path: &&str| !path.contains(['\n', '\r']) && !path.starts_with(ADDRESS);
    let address = || Url::from_path(folder).map_or_else(|| folder.display().to_string(), |url| url.to_string());
    folder.to_str().filter(is_plain).map_or_else(address, str::to_owned)
}

fn exports(folder: &Folder) -> Result<Exports> {
    let path = file(folder);
    let bytes = read(&path).map_err(|error| ArchiveError::reading(&path, error))?;
    let (mut exports, mut seen, mut damaged) = (Exports::default(), HashSet::new(), Vec::new());
    for line in lines(&bytes) {
        match line.folder() {
            Some(folder) => exports.folders.extend(seen.insert(line.bytes).then_some(folder)),
            None => damaged.push(line),
        }
    }
    exports.unread = some(&damaged);
    if std::fs::metadata(&path).is_ok_and(|file| file.len() > LIST_BYTES_MAX) {
        exports.unread.push(format!("what stands behind byte {} of `exports.txt` is not read", bytes.len()));
    }
    Ok(exports)
}

/// What a check tells of the list.
pub(super) fn told(folder: &Folder) -> Vec<String> {
    exports(folder).map_or_else(|error| vec![error.to_string()], |exports| exports.unread)
}

/// Sets the damaged lines aside: where they stood the list is blank. It is not written anew, for exports append to it meanwhile.
/// Returns what is to be told of them.
pub(super) fn mend(folder: &Folder) -> Result<Vec<String>> {
    let path = file(folder);
    let mut bytes = read(&path).map_err(|error| ArchiveError::reading(&path, error))?;
    let is_damaged = |line: &Line<'_>| line.folder().is_none();
    if !lines(&bytes).any(|line| is_damaged(&line)) {
        return Ok(Vec::new());
    }
    if !bytes.ends_with(b"\n") {
        // The end may be half of a line that is being appended. Who appends waits for the other: behind this it is whole.
        let ended = OpenOptions::new().append(true).open(&path).and_then(|mut file| file.write_all(b"\n"));
        ended
            .and_then(|()| read(&path))
            .map(|read| bytes = read)
            .map_err(|error| ArchiveError::io(&path, "end", error))?;
    }
    let damaged: Vec<Line<'_>> = lines(&bytes).filter(is_damaged).collect();
    let aside = damaged.iter().map(|line| line.bytes).collect::<Vec<_>>().join(&b'\n');
    let name = format!("exports-{}.txt", Id::of(&aside).short());
    folder.disk.create_folder(&folder.quarantine())?;
    folder.disk.write_whole(&folder.quarantine().join(&name), &aside)?;
    let list = folder.disk.open_segment(&path)?;
    damaged.iter().try_for_each(|line| list.write_at(line.at as u64, &vec![b'\n'; line.bytes.len()]))?;
    list.sync()?;
    let what =
        format!("it is in `quarantine/{name}` now: look which export it named, which may hold what was taken down");
    Ok(some(&damaged).into_iter().map(|told| format!("{told}; {what}")).collect())
}

//! FORMAT: the file that makes a folder an archive, in a few lines of text with a checksum.

use std::io::{ErrorKind, Read};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::folder::{Folder, has_lost_format};
use super::record::VERSION;
use super::storage::{Disk, open_file};
use super::{ArchiveError, Result};
use crate::capture::Id;
use crate::page::Timestamp;

/// The first line.
const TITLE: &str = "gleaner archive";
/// No more is read than this.
const BYTES_MAX: u64 = 64 << 10;
/// One that is larger has more than a damaged byte.
const MENDED_BYTES_MAX: usize = 1024;

/// Both name the archive's id.
const INDEXES: [&str; 2] = ["index.sqlite", "index.before.sqlite"];

/// Neither FORMAT nor an index says the id.
const UNMENDED: &str = "FORMAT is lost, and no index has the id that it named, with which alone `erased.log` can be read; \
     restore one of them from a backup";

/// What FORMAT says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub version: u32,
    /// The archive's own id.
    pub archive: String,
    /// How many lines the list of what was erased has at least; nothing was erased where it is not said.
    pub erased: u64,
}

pub(super) fn format_text(created: Timestamp, archive: &str) -> String {
    with_checksum(&format!("{TITLE}\nversion: {VERSION}\nhash: sha256\ncreated: {created}\narchive: {archive}\n"))
}

fn with_checksum(lines: &str) -> String {
    format!("{lines}crc32c: {:08x}\n", crc32c::crc32c(lines.as_bytes()))
}

/// The file's bytes; `None` where it is not there.
pub(super) fn read(folder: &Path) -> Result<Option<Vec<u8>>> {
    let path = folder.join("FORMAT");
    let mut text = Vec::new();
    match open_file(&path).and_then(|file| file.take(BYTES_MAX).read_to_end(&mut text)) {
        Ok(_) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ArchiveError::io(&path, "read", error)),
    }
}

impl Format {
    /// Reads it, once title, version and checksum are right.
    pub fn of(path: &Path, bytes: &[u8]) -> Result<Self> {
        let damaged = |what: &str| ArchiveError::damaged(path, 0, what);
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("FORMAT is no text"))?;
        if text.lines().next() != Some(TITLE) {
            return Err(damaged("FORMAT does not begin as that of a gleaner archive"));
        }
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let version = field("version").and_then(|version| version.parse().ok());
        let version: u32 = version.ok_or_else(|| damaged("FORMAT has no version"))?;
        if version > VERSION {
            return Err(ArchiveError::Newer { path: path.to_owned(), version });
        }
        let (lines, crc) = text.rsplit_once("crc32c: ").ok_or_else(|| damaged("FORMAT has no checksum"))?;
        if crc != format!("{:08x}\n", crc32c::crc32c(lines.as_bytes())) {
            return Err(damaged("FORMAT does not match its checksum"));
        }
        if version == 0 || field("hash") != Some("sha256") {
            return Err(damaged("FORMAT names an unknown version or hash"));
        }
        let archive = field("archive").ok_or_else(|| damaged("FORMAT does not name the archive"))?.to_owned();
        let erased = field("erased").and_then(|lines| lines.parse().ok()).unwrap_or(0);
        Ok(Self { version, archive, erased })
    }
}

impl Folder {
    /// Says in FORMAT that this version has written here, before it does: older programs then keep away.
    pub fn raise_version(&self) -> Result<()> {
        self.change_format(&|format| Format { version: VERSION, ..format })
    }

    /// Says in FORMAT how many lines the list of what was erased has, so that a list that is lost is missed.
    pub fn note_erased(&self, lines: u64) -> Result<()> {
        self.change_format(&|format| Format { erased: lines, ..format })
    }

    /// How many lines that list has at least, as FORMAT says now.
    pub fn erased_now(&self) -> Result<u64> {
        let text = read(&self.path)?.unwrap_or_default();
        Format::of(&self.path.join("FORMAT"), &text).map(|format| format.erased)
    }

    fn change_format(&self, change: &dyn Fn(Format) -> Format) -> Result<()> {
        let path = self.path.join("FORMAT");
        let bytes = read(&self.path)?.unwrap_or_default();
        let was = Format::of(&path, &bytes)?;
        let format = change(was.clone());
        if format == was {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.rsplit_once("crc32c: ").map_or("", |(lines, _)| lines);
        let is_other = |line: &&str| !line.starts_with("version: ") && !line.starts_with("erased: ");
        let mut lines: Vec<String> = lines.lines().filter(is_other).map(str::to_owned).collect();
        lines.insert(1, format!("version: {}", format.version));
        if format.erased > 0 {
            lines.push(format!("erased: {}", format.erased));
        }
        self.disk.write_whole(&path, with_checksum(&(lines.join("\n") + "\n")).as_bytes())
    }
}

/// Writes a damaged or lost FORMAT anew: one damaged byte as it was, more with the id that the index has, without which nobody
/// knows what was erased, or with a new one where nothing was. Returns what was wrong; `None` where it is whole, or no archive.
pub(super) fn mend(disk: &Disk, folder: &Path, now: Timestamp) -> Result<Option<String>> {
    let path = folder.join("FORMAT");
    let bytes = read(folder)?;
    let damage = match &bytes {
        Some(bytes) => match Format::of(&path, bytes) {
            Err(error @ ArchiveError::Damaged { .. }) => error,
            // One damaged byte makes a newer version of this one.
            Err(ArchiveError::Newer { .. }) if one_byte_mended(&path, bytes).is_some() => {
                ArchiveError::damaged(&path, 0, "FORMAT does not match its checksum")
            }
            read => return read.map(|_| None),
        },
        None => ArchiveError::damaged(&path, 0, "FORMAT is missing"),
    };
    let bytes = bytes.unwrap_or_default();
    let anew = match one_byte_mended(&path, &bytes) {
        Some(anew) => anew,
        // What a newer program wrote is not ours to write anew.
        None if said_version(&bytes) > VERSION => {
            return Err(ArchiveError::Newer { path, version: said_version(&bytes) });
        }
        // Where nothing was erased, nothing hangs on the id.
        None => match id_in_index(folder).or_else(|| new_id(folder, &bytes, now)) {
            Some(archive) => format_text(now, &archive).into_bytes(),
            None if bytes.is_empty() && !path.exists() && !has_lost_format(folder) => return Ok(None),
            None => return Err(ArchiveError::damaged(&path, 0, UNMENDED)),
        },
    };
    // Of what was not there nothing is kept.
    if path.exists() {
        let quarantine = folder.join("quarantine");
        disk.create_folder(&quarantine)?;
        disk.write_whole(&quarantine.join(format!("FORMAT-{}", Id::of(&bytes).short())), &bytes)?;
    }
    disk.write_whole(&path, &anew)?;
    Ok(Some(damage.to_string()))
}

/// The version that damaged bytes name; 0 where they name none.
fn said_version(bytes: &[u8]) -> u32 {
    let text = String::from_utf8_lossy(bytes);
    let said = text.lines().find_map(|line| line.strip_prefix("version: ")?.parse().ok());
    said.unwrap_or(0)
}

/// There is one byte that matches the checksum.
fn one_byte_mended(path: &Path, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len().min(MENDED_BYTES_MAX) {
        let was = bytes[at];
        for byte in (b' '..=b'~').chain([b'\n']) {
            bytes[at] = byte;
            if Format::of(path, &bytes).is_ok() {
                return Some(bytes);
            }
        }
        bytes[at] = was;
    }
    None
}

/// An id for an archive whose own is lost, unless its list of the erased was hashed with that.
fn new_id(folder: &Path, bytes: &[u8], now: Timestamp) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let says_erased = text.lines().any(|line| line.starts_with("erased: ") && line != "erased: 0");
    // An index that cannot be read now has the id, and is kept for it.
    let has_index = INDEXES.iter().any(|name| folder.join(name).exists());
    if says_erased || has_index {
        return None;
    }
    let is_segment = |file: std::fs::DirEntry| file.path().extension().is_some_and(|end| end == "seg");
    let has_segments = std::fs::read_dir(folder.join("segments")).ok()?.flatten().any(is_segment);
    let list = std::fs::metadata(folder.join("erased.log"));
    let is_free = match list {
        Ok(list) => list.len() == 0,
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    (has_segments && is_free).then(|| archive_id(folder, now))
}

/// The id of an archive that begins now.
pub(super) fn archive_id(folder: &Path, now: Timestamp) -> String {
    let unique = format!("{now} {} {}", std::process::id(), folder.display());
    Id::of(unique.as_bytes()).to_string()[..16].to_owned()
}

/// The archive's id as the index has it, be it of an earlier schema, or the one that an interrupted repair put aside.
fn id_in_index(folder: &Path) -> Option<String> {
    INDEXES.iter().find_map(|name| id_in(&folder.join(name)))
}

fn id_in(index: &Path) -> Option<String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let index = Connection::open_with_flags(index, flags).ok()?;
    let id: String = index.query_row("SELECT id FROM archive", [], |row| row.get(0)).ok()?;
    (id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(id)
}

//! The archive's folder: where its files are, and the FORMAT file that makes it one.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::record::{Kind, VERSION};
use super::storage::Disk;
use super::{ArchiveError, Result};
use crate::capture::Id;
use crate::page::Timestamp;

/// The first line of FORMAT.
const TITLE: &str = "gleaner archive";
/// FORMAT is a few short lines; no more of it is read than this.
const FORMAT_BYTES_MAX: u64 = 64 << 10;
/// What may lie in a folder that an archive is made in: the repository's `archive/` has these.
const MAY_LIE_THERE: [&str; 4] = ["FORMAT.md", "sample", ".gitignore", ".gitkeep"];

/// The two stores: segments with texts and captures, segments with raw bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) enum Store {
    Segments = 0,
    Raw = 1,
}

impl Store {
    /// In the order they are made durable: a capture never names raw bytes that are not there.
    pub const ALL: [Self; 2] = [Self::Raw, Self::Segments];

    pub fn of(kind: Kind) -> Self {
        if kind == Kind::RAW { Self::Raw } else { Self::Segments }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Segments => "segments",
            Self::Raw => "raw",
        }
    }
}

/// An archive's folder whose FORMAT was read.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub path: PathBuf,
    /// Tells this archive from others; the index holds it too.
    pub archive: String,
    pub disk: Disk,
}

impl Folder {
    /// Reads FORMAT.
    pub fn open(disk: Disk, path: &Path) -> Result<Self> {
        let format = path.join("FORMAT");
        let mut text = Vec::new();
        let file = match std::fs::File::open(&format) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(no_archive(path)),
            Err(error) => return Err(ArchiveError::io(&format, "open", error)),
        };
        file.take(FORMAT_BYTES_MAX).read_to_end(&mut text).map_err(|error| ArchiveError::io(&format, "read", error))?;
        let archive = read_format(&format, &text)?;
        Ok(Self { path: path.to_owned(), archive, disk })
    }

    /// Makes the folders and FORMAT; FORMAT comes last, so that half an archive is none.
    pub fn init(disk: Disk, path: &Path, created: Timestamp) -> Result<Self> {
        disk.create_folder(path)?;
        // Looked at before a lock file is left among foreign files, and again when nobody else can come between.
        must_be_free(path)?;
        let _lock = super::lock::Lock::take(&path.join("lock"), std::time::Duration::ZERO)?;
        must_be_free(path)?;
        for store in Store::ALL {
            disk.create_folder(&path.join(store.name()))?;
        }
        disk.sync_folder(path)?;
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            disk.sync_folder(parent)?;
        }
        let unique = format!("{created} {} {}", std::process::id(), path.display());
        let archive = Id::of(unique.as_bytes()).to_string()[..16].to_owned();
        disk.write_whole(&path.join("FORMAT"), format_text(created, &archive).as_bytes())?;
        Ok(Self { path: path.to_owned(), archive, disk })
    }

    pub fn segment(&self, store: Store, number: u32) -> PathBuf {
        self.path.join(self.segment_name(store, number))
    }

    /// As it is called within the archive.
    pub fn segment_name(&self, store: Store, number: u32) -> String {
        format!("{}/{number:08}.seg", store.name())
    }

    pub fn index(&self) -> PathBuf {
        self.path.join("index.sqlite")
    }

    pub fn lock(&self) -> PathBuf {
        self.path.join("lock")
    }

    pub fn run_lock(&self) -> PathBuf {
        self.path.join("run.lock")
    }

    /// The numbers of a store's segments, in order.
    pub fn segments(&self, store: Store) -> Result<Vec<u32>> {
        let folder = self.path.join(store.name());
        let list = std::fs::read_dir(&folder).map_err(|error| ArchiveError::io(&folder, "list", error))?;
        let mut numbers = Vec::new();
        for entry in list {
            let entry = entry.map_err(|error| ArchiveError::io(&folder, "list", error))?;
            numbers.extend(segment_number(&entry.file_name().to_string_lossy()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }
}

fn segment_number(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".seg")?;
    let number = digits.parse().ok().filter(|&number| number > 0)?;
    (digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(number)
}

fn no_archive(path: &Path) -> ArchiveError {
    let empty = std::fs::read_dir(path).map_or(true, |mut entries| entries.next().is_none());
    if empty { ArchiveError::NotFound(path.to_owned()) } else { ArchiveError::Foreign(path.to_owned()) }
}

/// A folder is free when it is empty but for what an interrupted `init` left and what the repository has there.
fn must_be_free(path: &Path) -> Result<()> {
    if path.join("FORMAT").exists() {
        return Err(ArchiveError::Exists(path.to_owned()));
    }
    let list = std::fs::read_dir(path).map_err(|error| ArchiveError::io(path, "list", error))?;
    for entry in list {
        let entry = entry.map_err(|error| ArchiveError::io(path, "list", error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_store = Store::ALL.iter().any(|store| store.name() == name);
        let own = name == "lock" || name == "FORMAT.part" || (is_store && is_empty(&entry.path()));
        if !own && !MAY_LIE_THERE.contains(&name.as_str()) {
            return Err(ArchiveError::NotEmpty(path.to_owned()));
        }
    }
    Ok(())
}

fn is_empty(path: &Path) -> bool {
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

pub(super) fn format_text(created: Timestamp, archive: &str) -> String {
    let lines = format!("{TITLE}\nversion: {VERSION}\nhash: sha256\ncreated: {created}\narchive: {archive}\n");
    let crc = crc32c::crc32c(lines.as_bytes());
    format!("{lines}crc32c: {crc:08x}\n")
}

/// The archive's own id, once title, version and checksum are right.
fn read_format(path: &Path, bytes: &[u8]) -> Result<String> {
    let damaged = |what: &str| ArchiveError::damaged(path, 0, what);
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("FORMAT is no text"))?;
    if text.lines().next() != Some(TITLE) {
        return Err(damaged("FORMAT does not begin as that of a gleaner archive"));
    }
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let version: u32 = field("version").and_then(|v| v.parse().ok()).ok_or_else(|| damaged("FORMAT has no version"))?;
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
    field("archive").map(str::to_owned).ok_or_else(|| damaged("FORMAT does not name the archive"))
}

//! The archive's folder: where its files are, and the FORMAT file that makes it one.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::commit::CHAIN_START;
use super::format::{self, Format, archive_id, format_text};
use super::record::{Kind, MAGIC, VERSION};
use super::scan::{Found, Scan};
use super::storage::{Disk, open_file};
use super::walk::segment_payload;
use super::{ArchiveError, Result};
use crate::capture::Id;
use crate::page::Timestamp;

/// How a WARC file beside a segment ends.
const WARC: &str = ".warc.gz";
/// How the recovery data of a segment ends.
const PARITY: &str = ".parity";
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

/// One segment file: its number, and how often it was written anew (by `seal`, `prune`, `erase`, `repair`).
///
/// The highest generation of a number is the one that counts; an older one is a leftover.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Seg {
    pub number: u32,
    pub generation: u16,
}

impl Seg {
    pub const FIRST: Self = Self::new(1);

    pub const fn new(number: u32) -> Self {
        Self { number, generation: 1 }
    }

    /// As the index holds it: ordered as segments are.
    pub fn code(self) -> i64 {
        (i64::from(self.number) << 16) | i64::from(self.generation)
    }

    pub fn of_code(code: i64) -> Self {
        Self { number: (code >> 16) as u32, generation: code as u16 }
    }

    /// The segment that follows in the store.
    pub fn next(self) -> Self {
        Self::new(self.number.saturating_add(1))
    }

    /// The same segment written anew; `None` after 65,535 times.
    pub fn anew(self) -> Option<Self> {
        Some(Self { generation: self.generation.checked_add(1)?, ..self })
    }

    fn file_name(self) -> String {
        match self.generation {
            1 => format!("{:08}.seg", self.number),
            generation => format!("{:08}.{generation}.seg", self.number),
        }
    }
}

/// An archive's folder whose FORMAT was read.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub path: PathBuf,
    /// Tells this archive from others; the index holds it too.
    pub archive: String,
    /// The format version that FORMAT named when it was read.
    pub version: u32,
    /// How many lines the list of what was erased had at least, as FORMAT said then.
    pub erased: u64,
    pub disk: Disk,
    /// A segment that is seen as it was set aside, under that name in `quarantine/`.
    aside: Option<(Store, Seg, String)>,
}

impl Folder {
    /// Reads FORMAT.
    pub fn open(disk: Disk, path: &Path) -> Result<Self> {
        let Some(text) = format::read(path)? else { return Err(no_archive(path)) };
        let Format { version, archive, erased } = Format::of(&path.join("FORMAT"), &text)?;
        Ok(Self { path: path.to_owned(), archive, version, erased, disk, aside: None })
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
        let archive = archive_id(path, created);
        disk.write_whole(&path.join("FORMAT"), format_text(created, &archive).as_bytes())?;
        Ok(Self { path: path.to_owned(), archive, version: VERSION, erased: 0, disk, aside: None })
    }

    pub fn segment(&self, store: Store, seg: Seg) -> PathBuf {
        self.path.join(self.segment_name(store, seg))
    }

    /// As it is called within the archive.
    pub fn segment_name(&self, store: Store, seg: Seg) -> String {
        match &self.aside {
            Some((of, aside, name)) if (*of, *aside) == (store, seg) => format!("quarantine/{name}"),
            _ => format!("{}/{}", store.name(), seg.file_name()),
        }
    }

    /// What a damaged segment is called in `quarantine/`. The same damage is kept once; other damage of the same segment
    /// beside it.
    pub fn aside_name(store: Store, seg: Seg, bytes: &[u8]) -> String {
        format!("{}-{:08}-{}-{}.seg", store.name(), seg.number, seg.generation, Id::of(bytes).short())
    }

    /// The archive as it is seen from a segment in `quarantine/` of that name: that one in place of the segment it was.
    pub fn with_aside(&self, name: &str) -> Option<(Self, Store, Seg)> {
        let mut parts = name.strip_suffix(".seg")?.split('-');
        let store = parts.next()?;
        let store = Store::ALL.into_iter().find(|known| known.name() == store)?;
        let seg = Seg { number: parts.next()?.parse().ok()?, generation: parts.next()?.parse().ok()? };
        Some((Self { aside: Some((store, seg, name.to_owned())), ..self.clone() }, store, seg))
    }

    /// The WARC file beside a segment of raw bytes.
    pub fn warc(&self, seg: Seg) -> PathBuf {
        self.path.join(self.warc_name(seg))
    }

    pub fn warc_name(&self, seg: Seg) -> String {
        self.segment_name(Store::Raw, seg).replace(".seg", WARC)
    }

    /// The recovery data beside a segment.
    pub fn parity(&self, store: Store, seg: Seg) -> PathBuf {
        self.path.join(self.parity_name(store, seg))
    }

    pub fn parity_name(&self, store: Store, seg: Seg) -> String {
        self.segment_name(store, seg).replace(".seg", PARITY)
    }

    pub fn index(&self) -> PathBuf {
        self.path.join("index.sqlite")
    }

    /// The index as it was when a repair began, until that has come to its end.
    pub fn index_aside(&self) -> PathBuf {
        self.path.join("index.before.sqlite")
    }

    pub fn lock(&self) -> PathBuf {
        self.path.join("lock")
    }

    /// Held by what writes segments anew: one at a time.
    pub fn care_lock(&self) -> PathBuf {
        self.path.join("care.lock")
    }

    /// Keyed hashes of what was erased.
    pub fn erased(&self) -> PathBuf {
        self.path.join("erased.log")
    }

    pub fn quarantine(&self) -> PathBuf {
        self.path.join("quarantine")
    }

    /// Copies of the dictionaries that segments carry, for the case that one is damaged there.
    pub fn dicts(&self) -> PathBuf {
        self.path.join("dicts")
    }

    /// What the archive was told of itself.
    pub fn own(&self) -> PathBuf {
        self.path.join("own")
    }

    pub fn run_lock(&self) -> PathBuf {
        self.path.join("run.lock")
    }

    pub fn import_lock(&self) -> PathBuf {
        self.path.join("import.lock")
    }

    /// A store's segments in order, each in its newest generation that is whole. Where a number has none, the newest counts.
    pub fn segments(&self, store: Store) -> Result<Vec<Seg>> {
        let all = self.all_segments(store)?;
        let counts = |of_number: &[Seg]| {
            // Where there is one alone, as nearly always, it is whatever it is.
            let whole = of_number.iter().rev().find(|seg| of_number.len() == 1 || self.is_whole(store, **seg));
            whole.or(of_number.last()).copied()
        };
        Ok(all.chunk_by(|a, b| a.number == b.number).filter_map(counts).collect())
    }

    /// Whether a file is the whole generation that its name says: it has its name only once it is durable, so it begins with
    /// its segment record and has a commit. What was written to it since may be torn. One that is cut before its first
    /// commit, or foreign, outranks none.
    pub fn is_whole(&self, store: Store, seg: Seg) -> bool {
        let first = segment_payload(store, seg);
        let is_first = |found: Option<Found<'_>>| match found {
            Some(Found::Record { header, payload, .. }) => header.kind == Kind::SEGMENT && payload == first,
            _ => false,
        };
        let read = || -> std::io::Result<bool> {
            let file = Arc::new(open_file(&self.segment(store, seg))?);
            let length = file.metadata()?.len();
            let mut scan = Scan::new(file, 0, length, CHAIN_START);
            if !is_first(scan.next()?) {
                return Ok(false);
            }
            while let Some(found) = scan.next()? {
                if matches!(found, Found::Commit { .. }) {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        // What cannot be read is told by whoever reads it.
        read().unwrap_or(true)
    }

    /// Every segment file of a store, leftovers too, in order.
    pub fn all_segments(&self, store: Store) -> Result<Vec<Seg>> {
        self.files_of(store, ".seg")
    }

    /// Bytes of all segments, and of the WARC files and recovery data beside them.
    pub fn stored_bytes(&self) -> Result<u64> {
        let parity = self.parity_bytes()?;
        let mut paths: Vec<PathBuf> = self.all_warcs()?.into_iter().map(|seg| self.warc(seg)).collect();
        for store in Store::ALL {
            paths.extend(self.all_segments(store)?.into_iter().map(|seg| self.segment(store, seg)));
        }
        Ok(parity + paths.iter().map(|path| std::fs::metadata(path).map_or(0, |file| file.len())).sum::<u64>())
    }

    /// Bytes of all recovery data.
    pub fn parity_bytes(&self) -> Result<u64> {
        let mut bytes = 0;
        for store in Store::ALL {
            let all = self.all_parities(store)?.into_iter();
            bytes +=
                all.map(|seg| std::fs::metadata(self.parity(store, seg)).map_or(0, |file| file.len())).sum::<u64>();
        }
        Ok(bytes)
    }

    /// The segments that have a WARC file beside them, leftovers too.
    pub fn all_warcs(&self) -> Result<Vec<Seg>> {
        self.files_of(Store::Raw, WARC)
    }

    /// The segments of a store that have recovery data beside them, and what such files are named after.
    pub fn all_parities(&self, store: Store) -> Result<Vec<Seg>> {
        self.files_of(store, PARITY)
    }

    fn files_of(&self, store: Store, ending: &str) -> Result<Vec<Seg>> {
        let folder = self.path.join(store.name());
        let list = match std::fs::read_dir(&folder) {
            Ok(list) => list,
            // A lost folder is so many lost segments: whoever knows of them tells it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(ArchiveError::reading(&folder, error)),
        };
        let mut segs = Vec::new();
        for entry in list {
            let entry = entry.map_err(|error| ArchiveError::io(&folder, "list", error))?;
            // A folder or a pipe of that name is no segment; what a link leads to may be one, and be out of reach for now.
            let is_other = entry.file_type().is_ok_and(|kind| !kind.is_file() && !kind.is_symlink());
            segs.extend(seg_of(&entry.file_name().to_string_lossy(), ending).filter(|_| !is_other));
        }
        segs.sort_unstable();
        Ok(segs)
    }

    /// Whether a segment that was there was written anew since: its file has gone, and a later generation is there.
    pub fn is_written_anew(&self, store: Store, seg: Seg) -> bool {
        let is_later = |later: &Seg| later.number == seg.number && later.generation > seg.generation;
        !self.segment(store, seg).exists() && self.segments(store).is_ok_and(|there| there.iter().any(is_later))
    }
}

fn seg_of(name: &str, ending: &str) -> Option<Seg> {
    let stem = name.strip_suffix(ending)?;
    let (digits, generation) = stem.split_once('.').unwrap_or((stem, "1"));
    let seg = Seg { number: digits.parse().ok()?, generation: generation.parse().ok()? };
    (seg.number > 0 && seg.generation > 0 && seg.file_name().strip_suffix(".seg") == Some(stem)).then_some(seg)
}

fn no_archive(path: &Path) -> ArchiveError {
    if has_lost_format(path) {
        return ArchiveError::NoFormat(path.to_owned());
    }
    let empty = std::fs::read_dir(path).map_or(true, |mut entries| entries.next().is_none());
    if empty { ArchiveError::NotFound(path.to_owned()) } else { ArchiveError::Foreign(path.to_owned()) }
}

/// Whether a folder has a segment of ours and no FORMAT, which an archive has before its first segment.
pub(super) fn has_lost_format(path: &Path) -> bool {
    let begins_well = |file: &Path| {
        let mut magic = [0; MAGIC.len()];
        open_file(file).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == MAGIC
    };
    let is_ours = |file: std::fs::DirEntry| {
        seg_of(&file.file_name().to_string_lossy(), ".seg").is_some() && begins_well(&file.path())
    };
    let has_segment = |store: &Store| {
        let files = std::fs::read_dir(path.join(store.name())).into_iter().flatten().flatten();
        files.into_iter().any(is_ours)
    };
    !path.join("FORMAT").exists() && Store::ALL.iter().any(has_segment)
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

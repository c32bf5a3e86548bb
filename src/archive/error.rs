//! What can go wrong with an archive: what, where, and what to do.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::capture::Id;
use crate::page::Url;

/// SQLITE_IOERR_SHMSIZE: the disk has no room for the few pages that connections share.
const NO_ROOM_FOR_SHARED_MEMORY: i32 = 4874;

/// Why an archive could not be made, opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    #[error("no archive at `{}`", .0.display())]
    NotFound(PathBuf),
    #[error("`{}` holds other files and is no archive", .0.display())]
    Foreign(PathBuf),
    #[error("the file FORMAT of the archive at `{}` is lost", .0.display())]
    NoFormat(PathBuf),
    #[error("there is an archive at `{}` already", .0.display())]
    Exists(PathBuf),
    #[error("`{}` is not empty", .0.display())]
    NotEmpty(PathBuf),
    #[error("`{}` has format version {version}; this program reads up to version {}", .path.display(), super::VERSION)]
    Newer { path: PathBuf, version: u32 },
    #[error("`{}` holds what only a newer version of gleaner knows ({what})", .path.display())]
    NewerRecord { path: PathBuf, what: String },
    #[error("archive `{}` is in use by {holder} (waited {waited:?})", .folder.display())]
    Locked { folder: PathBuf, holder: String, waited: Duration },
    #[error("`{}` is damaged at byte {offset}: {what}", .segment.display())]
    Damaged { segment: PathBuf, offset: u64, what: String },
    #[error("no space left to write `{}`", .path.display())]
    Full { path: PathBuf, source: io::Error },
    #[error("not allowed to write `{}`", .path.display())]
    ReadOnly { path: PathBuf, source: io::Error },
    #[error("not allowed to read `{}`", .path.display())]
    Forbidden { path: PathBuf, source: io::Error },
    #[error("the archive holds no {what} with id {id}")]
    Missing { what: &'static str, id: Id },
    #[error("{what} of {bytes} bytes is over the limit of {max} bytes")]
    TooLarge { what: &'static str, bytes: u64, max: u64 },
    #[error("the capture of {url} could not be read again: {what}")]
    Unreadable { url: Url, what: String },
    #[error("`{0}` is no beginning of an id (4 to 64 hex digits)")]
    BadPrefix(String),
    #[error("a text of fewer than {bytes_min} bytes is not searched for")]
    TooShort { bytes_min: usize },
    #[error("`{0}` is no name of a host")]
    BadHost(String),
    #[error("writing to `{}` stopped because an earlier write could not be made durable", .0.display())]
    Stopped(PathBuf),
    #[error("index `{}` cannot be used", .path.display())]
    Index { path: PathBuf, source: rusqlite::Error },
    #[error("could not {doing} `{}`", .path.display())]
    Io { path: PathBuf, doing: &'static str, source: io::Error },
}

impl ArchiveError {
    /// What to do about it, in a sentence, where there is something to do.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotFound(folder) => format!("make one with `gleaner init -a {}`", folder.display()),
            Self::Foreign(_) => "name the archive's folder with `-a DIR`, or make one in an empty folder".to_owned(),
            Self::NoFormat(_) => "restore it from a backup, or write it anew with `gleaner repair`".to_owned(),
            Self::Exists(_) => "use it as it is, or choose another folder".to_owned(),
            Self::NotEmpty(_) => "choose a new or empty folder; gleaner does not write among other files".to_owned(),
            Self::Newer { .. } | Self::NewerRecord { .. } => {
                "use the version of gleaner that wrote it, or a later one".to_owned()
            }
            Self::Locked { .. } => "wait for it to end, or raise `archive.lock_wait`".to_owned(),
            Self::Damaged { segment, .. } if segment.ends_with("own") => {
                "nothing that is kept is touched by it: run `gleaner init --raw keep` (or `warc`, `none`), with `--raw-for` \
                 where raw bytes may go, and then what was refused"
                    .to_owned()
            }
            Self::Damaged { .. } => "run `gleaner check` for the whole extent, then restore that file from a backup \
                 (after restoring older segments, delete `index.sqlite`: it is rebuilt), or keep what can be read with \
                 `gleaner repair`"
                .to_owned(),
            Self::Full { .. } => "free some space and run it again; all that was acknowledged is kept".to_owned(),
            Self::ReadOnly { .. } => "check the folder's owner and permissions, or copy the archive".to_owned(),
            Self::Forbidden { .. } => "check the file's owner and permissions, and those of its folder".to_owned(),
            Self::Missing { .. } => "run `gleaner check`; the capture can be fetched again".to_owned(),
            Self::TooShort { .. } => "as few stand anywhere by chance; give more of the text".to_owned(),
            Self::BadHost(_) => "write it alone, as `example.org`; one page is meant by its address".to_owned(),
            Self::TooLarge { .. } | Self::BadPrefix(_) | Self::Unreadable { .. } => return None,
            Self::Stopped(_) => "look for disk errors in the system's log, then run it again".to_owned(),
            Self::Index { path, .. } => {
                format!("delete `{}`: it is a cache and is rebuilt from the segments", path.display())
            }
            Self::Io { .. } => return None,
        };
        Some(hint)
    }

    /// The program's exit code for this failure when nothing else was done.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::BadHost(_) | Self::TooShort { .. } => 2,
            Self::NotFound(_) | Self::Foreign(_) => 10,
            Self::Locked { .. } => 11,
            Self::Damaged { .. } | Self::NoFormat(_) | Self::Newer { .. } | Self::NewerRecord { .. } => 12,
            _ => 4,
        }
    }

    /// Whether a segment file is not there any more: it may have been written anew.
    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Sorts an I/O error into full, forbidden and the rest.
    pub(super) fn io(path: &Path, doing: &'static str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path, source },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, source },
            _ => Self::Io { path, doing, source },
        }
    }

    /// The same of a file that is opened to be read alone.
    pub(super) fn reading(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::PermissionDenied => Self::Forbidden { path: path.to_owned(), source },
            _ => Self::io(path, "open", source),
        }
    }

    /// Sorts an index error likewise.
    pub(super) fn index(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let is_full = source.sqlite_error().is_some_and(|error| error.extended_code == NO_ROOM_FOR_SHARED_MEMORY);
        match source.sqlite_error_code() {
            _ if is_full => Self::Full { path, source: io::Error::other(source) },
            // What has words of its own says more.
            Some(rusqlite::ErrorCode::DatabaseBusy) if source.to_string().contains("is locked") => {
                let folder = path.parent().unwrap_or(&path).to_owned();
                Self::Locked { folder, holder: "another process".to_owned(), waited: super::index::BUSY_WAIT }
            }
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full { path, source: io::Error::other(source) },
            Some(rusqlite::ErrorCode::ReadOnly) => Self::ReadOnly { path, source: io::Error::other(source) },
            _ => Self::Index { path, source },
        }
    }

    /// A file that is gone for good is damage.
    pub(super) fn or_lost(self) -> Self {
        match self {
            Self::Io { path, source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Self::damaged(&path, 0, "the file is missing")
            }
            other => other,
        }
    }

    /// A file that is not there, and of which so much was committed.
    pub(super) fn lost(segment: &Path, committed: u64) -> Self {
        Self::damaged(segment, 0, format!("the file is missing, but {committed} bytes were committed"))
    }

    pub(super) fn damaged(segment: &Path, offset: u64, what: impl Into<String>) -> Self {
        Self::Damaged { segment: segment.to_owned(), offset, what: what.into() }
    }
}

//! What can go wrong on the way to a corpus.

use std::io;
use std::path::{Path, PathBuf};

use crate::archive::ArchiveError;
use crate::capture::Id;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorpusError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("{0} is not an empty folder")]
    NotEmpty(PathBuf),
    #[error("{0} is in the archive's own folder")]
    InArchive(PathBuf),
    #[error("another export is writing to {0}")]
    Busy(PathBuf),
    #[error("{0} has no name to make a folder of")]
    NoName(PathBuf),
    #[error("could not {what} {path}")]
    Io { what: &'static str, path: PathBuf, source: io::Error },
    #[error("{path}, line {line}: {reason}")]
    Line { path: PathBuf, line: u64, reason: String },
    #[error("the archive has no capture {0} any more")]
    Lost(Id),
    #[error("`{option}` cannot be understood: {reason}")]
    Option { option: &'static str, reason: String },
    #[error("{path} is no export of use here: {reason}")]
    NoExport { path: PathBuf, reason: String },
    #[error("this gleaner was built without Parquet")]
    NoParquet,
    #[error(
        "{what} and more do not fit: they take {} MB of memory, {} MB of which every run sets aside whatever it reads",
        needed_bytes.div_ceil(1 << 20),
        base_bytes.div_ceil(1 << 20)
    )]
    Memory { what: String, needed_bytes: u64, base_bytes: u64, advice: &'static str },
    #[error("{0} changed while it was read")]
    Changed(PathBuf),
}

impl CorpusError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotEmpty(_) => Some("name a new folder, or empty this one first".to_owned()),
            Self::InArchive(_) => Some("name a folder outside of the archive".to_owned()),
            Self::Busy(_) => Some("wait for it to end, or name another folder".to_owned()),
            Self::Line { .. } => Some(
                "each document has `id` (text or number) and `text`; `--bad-lines skip` leaves such lines out and counts them"
                    .to_owned(),
            ),
            Self::NoParquet => Some("build it with its default features, or use JSON lines".to_owned()),
            Self::Memory { needed_bytes, base_bytes, advice, .. } => {
                // Of less than this, most is set aside and not for what is read.
                let sensible = base_bytes.saturating_mul(2);
                let to = (*needed_bytes < sensible).then(|| format!(" to {}M or more", sensible.div_ceil(1 << 20)));
                Some(format!("raise `--memory`{}, or {advice}", to.unwrap_or_default()))
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::UnexpectedEof => {
                Some("the file ends amid its packed data; fetch or copy it once more".to_owned())
            }
            Self::Changed(_) => Some("inputs are read more than once; run again when nothing writes to them".to_owned()),
            Self::Lost(_) => Some("the archive changed after the plan was made; plan again".to_owned()),
            _ => None,
        }
    }

    /// Wraps an I/O error with what was tried on which path.
    pub(super) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { what, path, source }
    }
}

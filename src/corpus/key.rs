//! A secret of the archive, by which exports hash what nobody shall find out from them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use super::CorpusError;
use crate::capture::Id;

/// Lies in the archive's folder: who has it can find out whose hash is which, so it is not to be published.
const NAME: &str = "export.key";

/// The secret of the archive in this folder, made when it is first asked for. It stays, so that an export made again is the
/// same.
pub fn of(folder: &Path) -> Result<Id, CorpusError> {
    let path = folder.join(NAME);
    let failed = |source| CorpusError::Io { what: "make", path: path.clone(), source };
    match read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(folder, &path).and_then(|()| read(&path)).map_err(failed)
        }
        read => read.map_err(CorpusError::io("read", &path)),
    }
}

fn read(path: &Path) -> io::Result<Id> {
    let text = fs::read_to_string(path)?;
    text.trim().parse().map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is no key of 64 hex digits"))
}

/// Of two that make it at once, one is first, and both then read that one's.
fn make(folder: &Path, path: &Path) -> io::Result<()> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let part = folder.join(format!("{NAME}.{}.part", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(format!("{}\n", Id(key)).as_bytes())?;
    file.sync_all()?;
    match fs::hard_link(&part, path) {
        // Not every file system has links.
        Err(error) if error.kind() != ErrorKind::AlreadyExists => fs::rename(&part, path)?,
        _ => fs::remove_file(&part)?,
    }
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

//! A folder that appears whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::CorpusError;

/// A hidden sibling of the folder to be, renamed when all is written and on disk. What a killed export leaves
/// behind is taken over by the next one.
pub struct Folder {
    target: PathBuf,
    partial: PathBuf,
    /// Held while writing; the kernel lets go of it when the process dies.
    lock: Option<File>,
}

const LOCK: &str = "export.lock";

impl Folder {
    pub fn begin(target: &Path) -> Result<Self, CorpusError> {
        refuse_filled(target)?;
        let name = target.file_name().ok_or_else(|| CorpusError::NoName(target.to_owned()))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(".partial");
        let partial = target.with_file_name(hidden);
        fs::create_dir_all(&partial).map_err(CorpusError::io("make", &partial))?;
        let lock_path = partial.join(LOCK);
        let lock = File::create(&lock_path).map_err(CorpusError::io("write", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(CorpusError::Busy(target.to_owned())),
            Err(fs::TryLockError::Error(source)) => return Err(CorpusError::io("lock", &lock_path)(source)),
        }
        let folder = Self { target: target.to_owned(), partial, lock: Some(lock) };
        folder.clear()?;
        Ok(folder)
    }

    /// Where to write until [`Self::finish`].
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// Gives the folder its name, once `ready` was called and agrees.
    pub fn finish(mut self, ready: Option<&dyn Fn() -> Result<(), CorpusError>>) -> Result<(), CorpusError> {
        sync_folders(&self.partial)?;
        refuse_filled(&self.target)?;
        ready.map_or(Ok(()), |ready| ready())?;
        let lock = self.partial.join(LOCK);
        fs::remove_file(&lock).map_err(CorpusError::io("remove", &lock))?;
        let _ = fs::remove_dir(&self.target);
        fs::rename(&self.partial, &self.target).map_err(CorpusError::io("make", &self.target))?;
        self.lock = None;
        sync(parent(&self.target))
    }

    fn clear(&self) -> Result<(), CorpusError> {
        let io = || CorpusError::io("clear", &self.partial);
        for entry in fs::read_dir(&self.partial).map_err(io())? {
            let path = entry.map_err(io())?.path();
            let removed = match path.file_name() {
                Some(name) if name == LOCK => continue,
                _ if path.is_dir() && !path.is_symlink() => fs::remove_dir_all(&path),
                _ => fs::remove_file(&path),
            };
            removed.map_err(CorpusError::io("clear", &path))?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    /// An export that failed leaves nothing; one that ended has given its lock back.
    fn drop(&mut self) {
        if self.lock.take().is_some() {
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}

fn refuse_filled(target: &Path) -> Result<(), CorpusError> {
    match fs::read_dir(target).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(CorpusError::NotEmpty(target.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(CorpusError::NotEmpty(target.to_owned())),
        Err(error) => Err(CorpusError::io("read", target)(error)),
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn sync_folders(folder: &Path) -> Result<(), CorpusError> {
    for entry in fs::read_dir(folder).map_err(CorpusError::io("read", folder))? {
        let path = entry.map_err(CorpusError::io("read", folder))?.path();
        if path.is_dir() {
            sync_folders(&path)?;
        }
    }
    sync(folder)
}

/// The names in a folder are on disk only once the folder is.
fn sync(folder: &Path) -> Result<(), CorpusError> {
    if cfg!(unix) {
        File::open(folder).and_then(|file| file.sync_all()).map_err(CorpusError::io("sync", folder))?;
    }
    Ok(())
}

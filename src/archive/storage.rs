//! The only place where archive files are touched, so that tests can make any step of it fail.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::{ArchiveError, Result};

/// The disk as the archive sees it. In tests it can be told to fail at its n-th step.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    #[cfg(test)]
    pub faults: Option<std::sync::Arc<super::faults::Faults>>,
}

/// What a step would do to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Create,
    Write,
    Sync,
    Cut,
    Rename,
    Remove,
    /// The index takes a batch in.
    Index,
}

impl Disk {
    /// Passes, or fails as the test wants it; a write may be let through up to some bytes.
    pub fn step(&self, step: Step, bytes: usize) -> io::Result<usize> {
        #[cfg(test)]
        if let Some(faults) = &self.faults {
            return faults.step(step, bytes);
        }
        let _ = step;
        Ok(bytes)
    }

    pub fn open_read(&self, path: &Path) -> Result<File> {
        open_file(path).map_err(|error| ArchiveError::reading(path, error))
    }

    /// Opens a segment for writing, made if it is not there.
    pub fn open_segment(&self, path: &Path) -> Result<DiskFile> {
        self.step(Step::Create, 0)
            .and_then(|_| OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path))
            .map(|file| DiskFile { file, path: path.to_owned(), disk: self.clone() })
            .map_err(|error| ArchiveError::io(path, "open", error))
    }

    pub fn create_folder(&self, path: &Path) -> Result<()> {
        self.step(Step::Create, 0)
            .and_then(|_| std::fs::create_dir_all(path))
            .map_err(|error| ArchiveError::io(path, "make the folder", error))
    }

    /// Makes a file appear whole and durable, or not at all.
    pub fn write_whole(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let part = path.with_extension("part");
        let written = self.write_part(&part, bytes).and_then(|()| self.rename(&part, path));
        if written.is_err() {
            // Half a file is of no use, and a full disk is left no fuller.
            let _ = std::fs::remove_file(&part);
        }
        written
    }

    fn write_part(&self, part: &Path, bytes: &[u8]) -> Result<()> {
        let file = self.open_segment(part)?;
        file.cut(0)?;
        file.write_at(0, bytes)?;
        file.sync()
    }

    /// Removes a file that is not needed any more.
    pub fn remove(&self, path: &Path) -> Result<()> {
        let removed = self.step(Step::Remove, 0).and_then(|_| std::fs::remove_file(path));
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ArchiveError::io(path, "remove", error)),
            _ => Ok(()),
        }
    }

    /// Puts a durable file in place of another, durably.
    pub fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.step(Step::Rename, 0)
            .and_then(|_| std::fs::rename(from, to))
            .map_err(|error| ArchiveError::io(to, "put in place", error))?;
        self.sync_folder(to.parent().unwrap_or(Path::new(".")))
    }

    /// Makes the names in a folder durable.
    pub fn sync_folder(&self, path: &Path) -> Result<()> {
        let sync = |_| if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) };
        self.step(Step::Sync, 0).and_then(sync).map_err(|error| ArchiveError::io(path, "sync the folder", error))
    }
}

/// A file open for writing.
#[derive(Debug)]
pub(super) struct DiskFile {
    pub file: File,
    pub path: PathBuf,
    disk: Disk,
}

impl DiskFile {
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    pub fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<()> {
        let write = |allowed: usize| {
            write_all_at(&self.file, &bytes[..allowed], offset)?;
            if allowed < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        };
        self.disk
            .step(Step::Write, bytes.len())
            .and_then(write)
            .map_err(|error| ArchiveError::io(&self.path, "write", error))
    }

    /// Returns once the bytes and the length are on the disk itself.
    pub fn sync(&self) -> Result<()> {
        self.disk
            .step(Step::Sync, 0)
            .and_then(|_| self.file.sync_data())
            .map_err(|error| ArchiveError::io(&self.path, "sync", error))
    }

    pub fn cut(&self, length: u64) -> Result<()> {
        self.disk
            .step(Step::Cut, 0)
            .and_then(|_| self.file.set_len(length))
            .map_err(|error| ArchiveError::io(&self.path, "cut", error))
    }
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}

/// Opens a file to be read. Who opens a pipe waits for somebody to write to it.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is a folder, a pipe or a device, and no file"));
    }
    File::open(path)
}

/// Fills the buffer from that place on; fewer bytes only where the file ends.
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match read_some(file, &mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn read_some(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_some(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

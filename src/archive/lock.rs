//! The writer's lock and the run's lock: kernel locks, so that they end with the process that holds them.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{ArchiveError, Result};

/// How often a waiting writer looks again.
const POLL: Duration = Duration::from_millis(5);
/// Of a holder's note no more is read than this.
const NOTE_BYTES_MAX: u64 = 512;

/// Held while a batch is written, or while a scheduled run is at work; freed when dropped or when the process dies.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// `None` when someone else holds it.
    pub fn try_take(path: &Path) -> Result<Option<Self>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| ArchiveError::io(path, "open", error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file }.noted())),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(ArchiveError::io(path, "lock", error)),
        }
    }

    /// Waits for it at most that long.
    pub fn take(path: &Path, wait: Duration) -> Result<Self> {
        let begun = Instant::now();
        loop {
            if let Some(lock) = Self::try_take(path)? {
                return Ok(lock);
            }
            let waited = begun.elapsed();
            if waited >= wait {
                let folder = path.parent().unwrap_or(path).to_owned();
                return Err(ArchiveError::Locked { folder, holder: holder(path), waited });
            }
            std::thread::sleep(POLL.min(wait - waited));
        }
    }

    /// Leaves a note of who holds it; without space for the note it is held all the same.
    fn noted(mut self) -> Self {
        let _ = self.file.set_len(0);
        let _ = self.file.write_all(note().as_bytes());
        self
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

/// Process id, program and command; no more of the arguments, which may hold addresses with credentials.
fn note() -> String {
    let mut arguments = std::env::args();
    let program = arguments.next().unwrap_or_default();
    let program = Path::new(&program).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let command =
        arguments.find(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-'));
    format!("process {} ({})", std::process::id(), [program, command.unwrap_or_default()].join(" ").trim_end())
}

/// Who holds the lock, as its note says.
pub(super) fn holder(path: &Path) -> String {
    let mut note = String::new();
    let read = File::open(path).map(|file| file.take(NOTE_BYTES_MAX).read_to_string(&mut note));
    let note: String = note.chars().filter(|c| !c.is_control()).collect();
    if matches!(read, Ok(Ok(_))) && !note.trim().is_empty() { note } else { "another process".to_owned() }
}

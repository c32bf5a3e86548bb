//! What an archive was told of itself: whether raw bytes are kept, and for how long. A file of two lines, `own`.

use std::io::Read;
use std::time::Duration;

use super::folder::Folder;
use super::storage::open_file;
use super::{Archive, ArchiveError, Raw, Result};

/// No more of the file is read.
const FILE_BYTES_MAX: u64 = 4 << 10;

/// It says nothing of what is there: only what is written waits for it.
const WHAT: &str = "it does not say `raw: …` and `raw-seconds: …`; `gleaner init --raw keep` (or `warc`, `none`) and \
     `--raw-for` write it anew";

/// An archive's own settings; what the configuration says counts more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// [`Raw::Own`] where nothing was said: then raw bytes are kept.
    pub raw: Raw,
    /// Raw bytes that are older may go (`gleaner prune`).
    pub raw_for: Option<Duration>,
}

impl Own {
    pub(super) fn read(folder: &Folder) -> Result<Self> {
        let path = folder.own();
        let mut text = Vec::new();
        let read = open_file(&path).and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut text));
        match read {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(ArchiveError::io(&path, "read", error)),
        }
        let damaged = || ArchiveError::damaged(&path, 0, WHAT);
        let mut own = Self::default();
        for line in String::from_utf8_lossy(&text).lines() {
            match line.split_once(": ").ok_or_else(damaged)? {
                ("raw", "keep") => own.raw = Raw::Keep,
                ("raw", "warc") => own.raw = Raw::Warc,
                ("raw", "none") => own.raw = Raw::None,
                ("raw-seconds", seconds) => {
                    own.raw_for = Some(Duration::from_secs(seconds.parse().map_err(|_| damaged())?));
                }
                _ => return Err(damaged()),
            }
        }
        Ok(own)
    }

    fn text(self) -> String {
        let raw = match self.raw {
            Raw::Own => "",
            Raw::Keep => "raw: keep\n",
            Raw::Warc => "raw: warc\n",
            Raw::None => "raw: none\n",
        };
        let raw_for = self.raw_for.map(|time| format!("raw-seconds: {}\n", time.as_secs()));
        format!("{raw}{}", raw_for.unwrap_or_default())
    }
}

impl Archive {
    /// What the archive was told of itself.
    pub fn own(&self) -> Result<Own> {
        Own::read(&self.segments.folder)
    }

    /// Tells the archive whether raw bytes are kept from now on, and for how long. What is there stays until it is
    /// pruned.
    pub fn set_own(&self, own: Own) -> Result<()> {
        let folder = &self.segments.folder;
        folder.disk.write_whole(&folder.own(), own.text().as_bytes())
    }
}

//! `exports.txt`: the folders of the exports that were made of an archive, a line each.

use std::collections::HashSet;
use std::path::PathBuf;

use super::{Archive, ArchiveError, Result};

/// What the list of an archive's exports says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exports {
    /// The lines that can be read, each once.
    pub folders: Vec<String>,
    /// The numbers of those that cannot, counted from 1: of the exports that they named nobody knows.
    pub damaged: Vec<usize>,
}

impl Archive {
    /// Where the list lies.
    pub fn exports_file(&self) -> PathBuf {
        self.folder().join("exports.txt")
    }

    /// The exports of this archive, as far as their list can be read; none where there is no list.
    pub fn exports(&self) -> Result<Exports> {
        let path = self.exports_file();
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Exports::of(&bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Exports::default()),
            Err(error) => Err(ArchiveError::io(&path, "read", error)),
        }
    }
}

impl Exports {
    /// Line by line: what is damaged in one spoils no other.
    fn of(bytes: &[u8]) -> Self {
        let (mut exports, mut seen) = (Self::default(), HashSet::new());
        for (n, line) in bytes.split(|&byte| byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
            match std::str::from_utf8(line) {
                // No folder's name has a byte of zero.
                Ok(line) if !line.contains('\0') => {
                    let line = line.trim_end_matches('\r');
                    exports.folders.extend(seen.insert(line).then(|| line.to_owned()));
                }
                _ => exports.damaged.push(n + 1),
            }
        }
        exports
    }

    /// What is to be told of the lines that cannot be read.
    pub fn told(&self) -> Vec<String> {
        let told = |line| {
            format!(
                "`exports.txt`: line {line} cannot be read, and the export that it named may hold what is erased; look which it was, \
                 and put the line right or delete it"
            )
        };
        self.damaged.iter().map(told).collect()
    }
}

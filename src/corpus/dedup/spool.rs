//! Inputs that can be read only once, as pipes, kept beside the output while it is made.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::corpus::CorpusError;

/// Inputs to be read as often as is needed.
pub struct Spool {
    /// Where to read each of them.
    pub paths: Vec<PathBuf>,
    folder: PathBuf,
}

impl Spool {
    /// Copies what is no file (`-` is what comes in from the program before) into a folder below this one.
    pub fn of(inputs: &[PathBuf], folder: &Path) -> Result<Self, CorpusError> {
        let mut spool = Self { paths: inputs.to_vec(), folder: folder.join("inputs") };
        for (at, path) in inputs.iter().enumerate().filter(|(_, path)| is_stream(path)) {
            fs::create_dir_all(&spool.folder).map_err(CorpusError::io("make", &spool.folder))?;
            let kept = spool.folder.join(at.to_string());
            let mut to = File::create(&kept).map_err(CorpusError::io("write", &kept))?;
            let copied = match path.as_os_str() == "-" {
                true => io::copy(&mut io::stdin().lock(), &mut to),
                false => File::open(path).and_then(|mut from| io::copy(&mut from, &mut to)),
            };
            copied.map_err(CorpusError::io("read", path))?;
            spool.paths[at] = kept;
        }
        Ok(spool)
    }

    /// An error with the name the input was given by.
    pub fn named(&self, error: CorpusError, inputs: &[PathBuf]) -> CorpusError {
        let name =
            |path: PathBuf| self.paths.iter().position(|known| *known == path).map_or(path, |at| inputs[at].clone());
        match error {
            CorpusError::Io { what, path, source } => CorpusError::Io { what, path: name(path), source },
            CorpusError::Line { path, line, reason } => CorpusError::Line { path: name(path), line, reason },
            other => other,
        }
    }

    /// Takes the copies away.
    pub fn clear(&self) -> Result<(), CorpusError> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(CorpusError::io("clear", &self.folder)(error)),
            _ => Ok(()),
        }
    }
}

/// Whether it is there and neither a file nor a folder.
fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-" || fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir())
}

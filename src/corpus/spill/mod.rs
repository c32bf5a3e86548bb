//! Room on disk for what does not fit in memory: sketches, pairs and prints of a large deduplication.
//!
//! What is found is the same as in memory; files lie in the folder that is being written and go with it.

mod pairs;
mod shelf;
mod slab;
mod sorter;

pub use pairs::pairs;
pub use shelf::Shelf;
pub use slab::{Slab, read_at};
pub use sorter::{Sorted, Sorter};

use std::path::{Path, PathBuf};

use super::CorpusError;

/// A folder to spill to, and how much memory buffers and caches may take.
#[derive(Clone, Debug)]
pub struct Spill {
    folder: PathBuf,
    pub bytes: usize,
}

impl Spill {
    pub fn new(folder: &Path, bytes: usize) -> Result<Self, CorpusError> {
        std::fs::create_dir_all(folder).map_err(CorpusError::io("make", folder))?;
        Ok(Self { folder: folder.to_owned(), bytes })
    }

    pub fn slab(&self, name: &str) -> Result<Slab, CorpusError> {
        Slab::create(&self.folder.join(name))
    }

    /// Takes it all away.
    pub fn remove(self) -> Result<(), CorpusError> {
        std::fs::remove_dir_all(&self.folder).map_err(CorpusError::io("remove", &self.folder))
    }
}

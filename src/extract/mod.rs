//! Extract: a page's bytes in, a labelled [`Document`] out.
//!
//! In: bytes, declared content type, address, [`Options`]. Out: [`Document`].
//! Always: total (any bytes give a Document), deterministic, the tree is read-only, nothing is deleted.
//! Not here: I/O, clock, randomness, the network, the archive.

pub mod html;

use crate::document::Document;

/// What a caller may choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub engine: Engine,
    pub mode: Mode,
    /// Keep comments under an article in its text.
    pub comments: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { engine: Engine::default(), mode: Mode::default(), comments: false }
    }
}

/// Which extractor labels the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    #[default]
    Gleaner,
    /// The classic baseline: the `readability` crate.
    Readability,
}

/// Where on the curve between leaving chrome in and losing text the cut stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    Precision,
    #[default]
    Balanced,
    Recall,
}

/// Labels a page.
pub fn extract(bytes: &[u8], content_type: Option<&str>, url: Option<&url::Url>, options: &Options) -> Document {
    let _ = (bytes, content_type, url, options);
    Document::default()
}

//! Extract: a page's bytes in, a labelled [`Document`] out.
//!
//! In: bytes, declared content type, address, [`Options`]. Out: [`Document`].
//! Always: total (any bytes give a Document), deterministic, the tree is read-only, nothing is deleted.
//! Not here: I/O, clock, randomness, the network, the archive.

pub mod barrier;
pub mod decode;
pub mod features;
pub mod html;
pub mod label;
pub mod metadata;
pub mod model;
pub mod page;
mod plain;
pub mod posts;
mod readability;
pub mod segment;
pub mod sites;

use serde::{Deserialize, Serialize};

use crate::document::Document;

/// What a caller may choose; the config table `[extract]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub engine: Engine,
    pub mode: Mode,
    /// Keep comments under an article in its text.
    pub comments: bool,
    /// What is known better about one site: `HOST keep|drop CSS-SELECTOR` ([`sites::Rule`]).
    pub site_rules: Vec<String>,
}

/// Name and version of the extractor, kept with every capture.
pub const VERSION: &str = concat!("gleaner ", env!("CARGO_PKG_VERSION"));

/// Which extractor labels the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    #[default]
    Gleaner,
    /// The same blocks labelled by hand-made rules alone.
    Rules,
    /// The classic baseline: the `readability` crate.
    Readability,
}

/// Where on the curve between leaving chrome in and losing text the cut stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Precision,
    #[default]
    Balanced,
    Recall,
}

/// Labels a page.
///
/// `content_type` is the HTTP header as sent, or what stands for it (`text/plain` for a text capture);
/// `url` resolves nothing and scores nothing, it only serves metadata.
pub fn extract(bytes: &[u8], content_type: Option<&str>, url: Option<&url::Url>, options: &Options) -> Document {
    let decoded = decode::decode(bytes, content_type);
    let mut document = match options.engine {
        _ if is_plain(content_type) => plain::read(&decoded.text, options),
        Engine::Gleaner | Engine::Rules => page::read(&decoded.text, url, options),
        Engine::Readability => readability::read(&decoded.text, url),
    };
    let mut about = std::mem::take(&mut document.metadata);
    let kept: Vec<&str> = document.body().map(|block| block.text.as_str()).collect();
    metadata::text::add(&mut about, &kept);
    document.metadata = about;
    document.notes.splice(0..0, decoded.notes);
    document
}

/// Whether the content type says that this is text without markup.
fn is_plain(content_type: Option<&str>) -> bool {
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("text/plain")
}

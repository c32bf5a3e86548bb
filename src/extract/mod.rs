//! Extract: a page's bytes in, a labelled [`Document`] out.
//!
//! In: bytes, declared content type, address, [`Options`]. Out: [`Document`].
//! Always: total (any bytes give a Document), deterministic, the tree is read-only, nothing is deleted.
//! Not here: I/O, clock, randomness, the network, the archive.

pub mod barrier;
pub mod decode;
pub mod features;
pub mod form;
pub mod hints;
pub mod html;
pub mod label;
mod memo;
pub mod metadata;
pub mod model;
pub mod page;
pub mod plain;
pub mod posts;
mod readability;
mod sayings;
pub mod segment;
pub mod sites;
mod talk;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

use crate::document::{Document, Kind, PostView, Quotes};

/// What a caller may choose; the config table `[extract]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub engine: Engine,
    pub mode: Mode,
    /// Keep comments under an article in its text.
    pub comments: bool,
    /// What becomes of words that a post quotes from another.
    pub quotes: Quotes,
    /// A line with author and time stands before each post in the text.
    pub bylines: bool,
    /// What is known better about one site: `HOST keep|drop CSS-SELECTOR` ([`sites::Rule`]).
    pub site_rules: Vec<String>,
    /// Files with discussion platforms of the user's own, in the form of `config/platforms.toml`.
    pub platforms: Vec<PathBuf>,
    /// The page is said to go on with a thread whose posts are known by what repeats: there, two of them are enough.
    #[serde(skip)]
    pub goes_on: bool,
    /// The platforms of those files and of the program; `None` for the program's own. Read by whoever reads files.
    #[serde(skip)]
    pub known_platforms: Option<Arc<posts::Platforms>>,
}

impl Options {
    /// How posts are shown in a text.
    pub fn post_view(&self) -> PostView {
        PostView { quotes: self.quotes, bylines: self.bylines }
    }

    /// The platforms that are recognised.
    pub fn known(&self) -> &posts::Platforms {
        static BUILT_IN: LazyLock<posts::Platforms> = LazyLock::new(posts::Platforms::built_in);
        self.known_platforms.as_deref().unwrap_or(&BUILT_IN)
    }
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
/// `content_type` is the HTTP header as sent, or what stands for it (`text/plain` for a text capture); without one, what
/// has no tag of HTML is a text capture ([`form::form`]). What is no text at all (an image, a PDF, a ZIP), or
/// is declared to be a style sheet, a script or JSON and is no page, is an empty document with a note that says so.
/// `url` resolves nothing and scores nothing, it only serves metadata.
pub fn extract(bytes: &[u8], content_type: Option<&str>, url: Option<&url::Url>, options: &Options) -> Document {
    extract_by(bytes, content_type, url, options, |source, encoding| {
        page::read(source, page::Home { url, encoding }, options)
    })
}

/// What a page says of the use of its text, in its own bytes; its blocks are not looked at.
pub fn rights(bytes: &[u8], content_type: Option<&str>) -> Vec<(String, String)> {
    if is_plain(content_type) || form::other(bytes, content_type).is_some() {
        return Vec::new();
    }
    metadata::rights(&html::parse(&decode::decode(bytes, content_type).text))
}

/// As [`extract`], with the features that moved the probability of each block most; none where no model scored it.
pub fn explain(
    bytes: &[u8],
    content_type: Option<&str>,
    url: Option<&url::Url>,
    options: &Options,
) -> (Document, Vec<Vec<model::Moved>>) {
    let mut moved = Vec::new();
    let document = extract_by(bytes, content_type, url, options, |source, encoding| {
        page::read_scored(source, page::Home { url, encoding }, options, |tree, segments, hints| {
            let (scores, why) =
                (options.engine != Engine::Rules).then(|| model::explained(tree, segments, &hints()))?;
            moved = why;
            Some(scores)
        })
    });
    moved.resize(document.blocks.len(), Vec::new());
    (document, moved)
}

/// How the note begins that tells what something is which is no page.
pub const NO_PAGE: &str = "this is ";

fn extract_by(
    bytes: &[u8],
    content_type: Option<&str>,
    url: Option<&url::Url>,
    options: &Options,
    page: impl FnOnce(&str, &'static str) -> Document,
) -> Document {
    if let Some(what) = form::other(bytes, content_type) {
        let notes = vec![format!("{NO_PAGE}{what}, not a page")];
        return Document { kind: Kind::Empty, notes, ..Document::default() };
    }
    let content_type = content_type.or_else(|| Some(form::form(bytes).content_type()));
    let decoded = decode::decode(bytes, content_type);
    let mut document = match options.engine {
        _ if is_plain(content_type) => plain::read(&decoded.text, options),
        Engine::Gleaner | Engine::Rules => page(&decoded.text, decoded.encoding),
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

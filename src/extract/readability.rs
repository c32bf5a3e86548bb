//! The classic baseline: the `readability` crate's choice of one element, as blocks.

use std::io::Cursor;
use std::panic::AssertUnwindSafe;

use super::html::{Tree, parse};
use super::label::{Labels, title};
use super::metadata;
use super::page::document;
use super::segment::segment;
use crate::document::{BlockKind, Document, Kind, Label};

/// The crate walks the tree by recursion; deeper pages are not given to it.
const DEPTH_MAX: u16 = 512;
/// It takes time out of proportion on larger pages.
const SOURCE_BYTES_MAX: usize = 8 << 20;
const NODES_MAX: u32 = 50_000;
/// Room for its recursion, whatever thread calls.
const STACK_BYTES: usize = 64 << 20;
/// It needs an address to resolve links against.
const ADDRESS: &str = "http://localhost/";

/// Reads a page by that engine.
pub fn read(source: &str, url: Option<&url::Url>) -> Document {
    let tree = parse(source);
    let document = match choose(source, &tree, url) {
        Ok(html) => kept(&html),
        Err(why) => Document {
            kind: Kind::Empty,
            notes: vec![format!("the readability engine gave nothing: {why}")],
            ..Document::default()
        },
    };
    Document { metadata: metadata::read(&tree, url), ..document }
}

fn choose(source: &str, tree: &Tree<'_>, url: Option<&url::Url>) -> Result<String, String> {
    if source.len() > SOURCE_BYTES_MAX {
        return Err(format!("the page is over {SOURCE_BYTES_MAX} bytes"));
    }
    // Its parser is quadratic in what ours cuts, as the attributes of one tag.
    if let Some(note) = tree.notes().first() {
        return Err(format!("the page goes beyond the parser's limits ({note})"));
    }
    if tree.len() > NODES_MAX {
        return Err(format!("the page has over {NODES_MAX} nodes"));
    }
    if (0..tree.len()).any(|id| tree.depth(id) > DEPTH_MAX) {
        return Err(format!("the page is nested deeper than {DEPTH_MAX} elements"));
    }
    let url = url.cloned().or_else(|| url::Url::parse(ADDRESS).ok()).ok_or("no address")?;
    std::thread::scope(|scope| {
        let work = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, || run(source, &url));
        let worker = work.map_err(|error| format!("no thread for it ({error})"))?;
        worker.join().unwrap_or_else(|_| Err("it panicked".to_owned()))
    })
}

fn run(source: &str, url: &url::Url) -> Result<String, String> {
    let extract = || readability::extractor::extract(&mut Cursor::new(source.as_bytes()), url);
    match std::panic::catch_unwind(AssertUnwindSafe(extract)) {
        Ok(Ok(product)) => Ok(product.content),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it panicked".to_owned()),
    }
}

/// All of what it kept, as blocks.
fn kept(html: &str) -> Document {
    let tree = parse(html);
    let segments = segment(&tree);
    let shape = super::label::shape::Shape::of(&tree, &segments);
    let blocks = segments.iter().map(|segment| match segment.kind {
        BlockKind::Image => (Label::Boilerplate(crate::document::Reason::Media), 0.0),
        _ => (Label::Content, 1.0),
    });
    let kind = if segments.is_empty() { Kind::Empty } else { Kind::Page };
    let labels = Labels { kind, title: title::find(&shape), blocks: blocks.collect(), confidence: 1.0 };
    document(&tree, segments, labels, Vec::new())
}

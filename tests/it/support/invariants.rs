//! What holds of every document, whatever the bytes: also what the fuzz target (`tests/fuzz`) checks.

use std::collections::BTreeSet;

use gleaner::document::{Block, BlockKind, Document, Label, PostView, TextOptions};
use gleaner::extract::decode::decode;
use gleaner::extract::html::{NodeKind, parse};
use gleaner::extract::{Options, extract};
use unicode_normalization::UnicodeNormalization;

/// Extracts and checks: the same bytes give the same document, every block stands in the page, in its order, and the
/// views hold the kept blocks and nothing else.
pub fn check(bytes: &[u8], content_type: &str) -> Document {
    let read = || extract(bytes, Some(content_type), None, &Options::default());
    let document = read();
    assert!(document == read(), "the same bytes give the same document");
    let source = decode(bytes, Some(content_type)).text;
    let page = if content_type.starts_with("text/plain") { visible(&source) } else { texts(&source) };
    let blocks: String = document.blocks.iter().map(|block| visible(&block.text)).collect();
    if let Some(rest) = beyond(&blocks, &page) {
        panic!("the page does not hold, in its order, the blocks from here: {rest:?}");
    }
    let kept: String = kept(&document).map(shown).collect();
    let whole = document.text_with(TextOptions::default(), PostView::WHOLE);
    assert_eq!(visible(&whole), kept, "the text is the kept blocks");
    let once = document.text(TextOptions::default());
    assert_eq!(beyond(&visible(&once), &kept), None, "a view adds nothing");
    assert_eq!(words(&whole), words(&once), "no word is lost with a quote");
    assert!((0.0..=1.0).contains(&document.confidence), "confidence {}", document.confidence);
    for block in &document.blocks {
        assert!((0.0..=1.0).contains(&block.score), "score {}", block.score);
        spans_fit(block);
    }
    document.markdown();
    document
}

/// The title, then the body.
fn kept(document: &Document) -> impl Iterator<Item = &Block> {
    let title = document.title.and_then(|at| document.blocks.get(at as usize));
    title.filter(|block| block.label == Label::Content).into_iter().chain(document.body())
}

fn spans_fit(block: &Block) {
    let fits = |at: u32| block.text.is_char_boundary(at as usize);
    let sound = block.spans.iter().all(|span| span.start <= span.end && fits(span.start) && fits(span.end));
    assert!(sound, "marks stand within {:?}: {:?}", block.text, block.spans);
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect()
}

/// Without white space and what does not show.
fn visible(text: &str) -> String {
    let unseen =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}');
    text.chars().filter(|c| !unseen(*c)).collect()
}

/// A block as the text view shows it; code has its lines composed one by one with what stands around, as others have.
fn shown(block: &Block) -> String {
    let spaced = match block.kind {
        BlockKind::Code { .. } => block.text.clone(),
        _ => block.text.split(|c: char| c.is_whitespace() || c.is_control()).collect::<Vec<_>>().join(" "),
    };
    visible(&spaced.nfc().collect::<String>())
}

/// The texts of a page and the alternative texts of its images, in order.
fn texts(source: &str) -> String {
    let tree = parse(source);
    let mut all = String::new();
    for id in 0..tree.len() {
        all.push_str(&match tree.kind(id) {
            NodeKind::Text => visible(tree.text(id)),
            NodeKind::Element => visible(tree.attribute_named(id, "alt").unwrap_or_default()),
            _ => continue,
        });
    }
    all
}

/// What is left of the first when each of its characters is sought, in order, in the second.
fn beyond<'a>(wanted: &'a str, within: &str) -> Option<&'a str> {
    let mut wanted = wanted.chars();
    let mut rest = wanted.as_str();
    let mut next = wanted.next();
    for c in within.chars() {
        if next == Some(c) {
            rest = wanted.as_str();
            next = wanted.next();
        }
    }
    next.map(|_| &rest[..rest.len().min(rest.char_indices().nth(60).map_or(rest.len(), |(at, _)| at))])
}

//! A page of HTML as a document: parse, cut into blocks, label.

use super::Options;
use super::html::{Tag, Tree, parse};
use super::label::{self, Labels, blocked};
use super::metadata;
use super::segment::{Hidden, Paths, Segment, segment_noting};
use crate::document::{Block, Document, Kind, Label, Reason};

/// Hidden parts with fewer words are not what the page lacks.
const HIDDEN_WORDS_MIN: u32 = 40;

/// Reads a page.
pub fn read(source: &str, url: Option<&url::Url>, options: &Options) -> Document {
    let tree = parse(source);
    let mut notes = tree.notes().to_vec();
    let mut segments = segment_noting(&tree, &mut notes);
    if let Some(place) = show(&mut segments) {
        notes.push(format!("most text stands in {place}, which was read as shown"));
    }
    let mut labels = label::label(&tree, &segments, options);
    if let Some(why) = blocked::why(&tree, &segments) {
        notes.push(format!("a challenge page: {why}"));
        refuse(&mut labels);
    }
    if tree.elements(0, Tag::Frameset).next().is_some() && labels.kind == Kind::Empty {
        notes.push("a frameset: the text stands in other pages".to_owned());
    }
    Document { metadata: metadata::read(&tree, url), ..document(&tree, segments, labels, notes) }
}

/// Nothing on a challenge page is content.
fn refuse(labels: &mut Labels) {
    labels.kind = Kind::Blocked;
    labels.title = None;
    for (label, _) in &mut labels.blocks {
        *label = Label::Boilerplate(Reason::NoContent);
    }
}

/// Reads hidden parts as shown where they hold what the page otherwise lacks: some boards serve their posts in
/// `noscript`, some pages hide everything until their script has run. Says which.
fn show(segments: &mut [Segment]) -> Option<&'static str> {
    let words = |segments: &[Segment], hidden: Hidden| -> u32 {
        segments
            .iter()
            .filter(|segment| segment.hidden == hidden && segment.words >= 8)
            .map(|segment| segment.words)
            .sum()
    };
    let shown = words(segments, Hidden::No) + words(segments, Hidden::Aria);
    let ways = [
        (Hidden::Noscript, "`noscript`"),
        (Hidden::Style, "an element that a style hides"),
        (Hidden::Attribute, "a `hidden` element"),
    ];
    let (hidden, name) = ways.into_iter().find(|(hidden, _)| {
        let inside = words(segments, *hidden);
        inside >= HIDDEN_WORDS_MIN && inside > shown
    })?;
    segments.iter_mut().filter(|segment| segment.hidden == hidden).for_each(|segment| segment.hidden = Hidden::No);
    Some(name)
}

/// Segments and labels as a document.
pub fn document(tree: &Tree<'_>, segments: Vec<Segment>, labels: Labels, notes: Vec<String>) -> Document {
    let paths = Paths::of(tree);
    let block = |(segment, (label, score)): (Segment, (Label, f32))| Block {
        at: paths.path(tree, segment.node),
        kind: segment.kind,
        quote_depth: segment.quote_depth,
        text: segment.text,
        spans: segment.spans,
        label,
        score,
        post: None,
    };
    Document {
        kind: labels.kind,
        title: labels.title.filter(|_| labels.kind != Kind::Empty).map(|at| at as u32),
        confidence: labels.confidence,
        blocks: segments.into_iter().zip(labels.blocks).map(block).collect(),
        notes,
        ..Document::default()
    }
}

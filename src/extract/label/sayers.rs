//! Who said a quote goes with it: the name under a kept quote or testimonial is no byline of the page.

use super::Labels;
use super::phrases::chrome;
use super::shape::size;
use super::together::held;
use crate::document::{Kind, Label, Reason};
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::segment::{Hidden, Segment, holds_quote};

/// A line of more words says more than who it was, and a quote has so many.
const WORDS_MAX: u32 = 10;
const QUOTE_WORDS_MIN: u32 = 6;
/// So far up a line's quote is looked for, which is no more than this.
const LEVELS: usize = 6;
const BLOCKS_MAX: usize = 6;
/// What a figure shows beside words. It may be a picture of who said it, but of something else as well.
const SHOWN: &[Tag] = &[
    Tag::Audio,
    Tag::Canvas,
    Tag::Embed,
    Tag::Iframe,
    Tag::Img,
    Tag::Object,
    Tag::Picture,
    Tag::Pre,
    Tag::Svg,
    Tag::Table,
    Tag::Video,
];
/// A figure of more nodes is more than a quote.
const FIGURE_NODES_MAX: NodeId = 200;

/// Before a colon so many words name what a figure shows: "Photo:", "Listing 3:".
const KIND_WORDS_MAX: usize = 2;

/// Keeps the names below kept quotes.
pub fn keep_sayers(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    if matches!(labels.kind, Kind::Thread | Kind::Blocked | Kind::Empty) {
        return;
    }
    for at in 0..segments.len() {
        let (segment, label) = (&segments[at], &labels.blocks[at].0);
        let is_left = matches!(label, Label::Boilerplate(Reason::Byline | Reason::LowScore | Reason::Footer))
            || *label == Label::Boilerplate(Reason::Media)
                && could_be_name(&segment.text)
                && is_of_quote(tree, segment.first);
        let is_name = segment.words > 0 && size(segment) <= WORDS_MAX && segment.link_words == 0;
        if is_left && is_name && segment.hidden == Hidden::No && is_below_quote(tree, segments, labels, at) {
            labels.blocks[at].0 = Label::Content;
        }
    }
}

/// Whether a block stands in a quote below its words, which are kept.
fn is_below_quote(tree: &Tree<'_>, segments: &[Segment], labels: &Labels, at: usize) -> bool {
    let said = |id: &NodeId| {
        let held = held(segments, tree.subtree(*id));
        let is_said = |above: usize| labels.is_text(above) && size(&segments[above]) >= QUOTE_WORDS_MIN;
        held.len() <= BLOCKS_MAX && (held.start..at).any(is_said)
    };
    tree.ancestors(segments[at].first).take(LEVELS).filter(|&id| is_quote(tree, id)).any(|id| said(&id))
}

/// Whether a place is in the caption of a figure that shows nothing but a quote.
fn is_of_quote(tree: &Tree<'_>, at: NodeId) -> bool {
    let mut above = tree.ancestors(at).take(LEVELS);
    let is_caption = above.any(|id| tree.tag(id) == Tag::Figcaption);
    let figure = above.next().filter(|&id| is_caption && tree.tag(id) == Tag::Figure);
    let shows = |id: NodeId| tree.subtree(id).any(|inside| is_shown(tree, inside));
    figure.is_some_and(|id| tree.end(id) - id <= FIGURE_NODES_MAX && !shows(id))
}

/// Whether a node shows something, or may: what a custom element makes, or a style's picture.
fn is_shown(tree: &Tree<'_>, id: NodeId) -> bool {
    let has_picture = |style: &str| {
        let style = style.to_ascii_lowercase();
        style.contains("background-image") || style.contains("background") && style.contains("url(")
    };
    SHOWN.contains(&tree.tag(id))
        || tree.name(id).contains('-')
        || tree.attribute(id, Key::Style).is_some_and(has_picture)
}

/// Whether a caption may be a name: no line of a page's chrome and nothing that says what a figure shows.
fn could_be_name(text: &str) -> bool {
    let kind = text.split_once([':', '：']).map(|(kind, _)| kind.split_whitespace().count());
    let folded = text.to_lowercase();
    chrome(text).is_none()
        && kind.is_none_or(|words| words > KIND_WORDS_MAX)
        && !["photo", "foto"].iter().any(|word| folded.contains(word))
}

/// Whether an element is a quote with whoever said it.
fn is_quote(tree: &Tree<'_>, id: NodeId) -> bool {
    holds_quote(tree, id, |names| names.contains("testimonial"))
}

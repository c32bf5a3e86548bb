//! Labels of advertisements that interrupt a text: a paragraph of its own between two of the text's.

use super::evidence::ends_sentence;
use super::phrases::{chrome, fold};
use super::shape::Shape;
use crate::document::{BlockKind, Reason};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::Segment;

/// A label says no more, and what it stands between no less.
const WORDS_MAX: u32 = 10;
const PROSE_WORDS_MIN: u32 = 8;
/// So many blocks to each side are looked at for the paragraphs that it stands between, and for others as short.
const NEAR_MAX: usize = 6;
const ALIKE_MAX: usize = 40;
/// A line of no more words may be what somebody wrote over a part.
const HEAD_WORDS_MAX: u32 = 4;
/// Nodes of a label, which is hardly more than its text.
const NODES_MAX: NodeId = 12;
/// Elements around what says that the text goes on.
const WRAPPERS_MAX: usize = 3;

/// What is said over an advertisement and nowhere else. As [`fold`] leaves it.
const LABELS: &[&str] = &[
    "advertisement",
    "advertisements",
    "anzeige",
    "werbung",
    "publicité",
    "publicidad",
    "publicidade",
    "pubblicità",
    "advertentie",
    "annons",
    "reklama",
    "реклама",
    "διαφήμιση",
    "إعلان",
    "広告",
    "スポンサーリンク",
    "广告",
    "廣告",
    "광고",
];

/// What says that the text goes on below one.
const GOES_ON: &[&str] = &[
    "advertisement. scroll to continue reading",
    "advertisement scroll to continue reading",
    "advertisement - scroll to continue reading",
    "advertisement · scroll to continue",
    "advertisement - continue reading below",
    "advertisement - content continues below",
    "advertisement – content continues below",
    "ad - content continues below",
    "ad – content continues below",
    "article continues below advertisement",
    "article continues after advertisement",
    "the article continues below",
    "article continues below",
    "story continues below advertisement",
    "story continues after advertisement",
    "story continues below",
    "anzeige - hier geht es weiter",
    "anzeige – hier geht es weiter",
    "der artikel wird nach der anzeige fortgesetzt",
    "artikel wird nach der anzeige fortgesetzt",
    "la suite après cette publicité",
    "la suite après la publicité",
    "lire la suite après la publicité",
    "continúa después de la publicidad",
    "sigue leyendo después de la publicidad",
    "continua após a publicidade",
    "continua a leggere dopo la pubblicità",
    "artykuł jest kontynuowany pod reklamą",
    "dalsza część artykułu pod reklamą",
    "dalsza część tekstu pod reklamą",
    "продолжение после рекламы",
];

/// Whether a paragraph is the label of an advertisement between two paragraphs of one text. One word alone is it only where it
/// is said again, or a slot, a script or small letters go with it; where no other paragraph there is as short, since those are
/// heads of parts or lines of a talk; and where nothing asked before it.
pub fn is_interruption(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    if segment.words > WORDS_MAX || segment.links > 0 || segment.kind != BlockKind::Paragraph {
        return false;
    }
    let said = fold(&segment.text);
    let goes_on = GOES_ON.contains(&said.as_str());
    // A dash before a word alone is one of direct speech.
    let is_spoken = segment.text.starts_with(['—', '–']) && !segment.text.trim_end().ends_with(['—', '–']);
    if !goes_on && (!LABELS.contains(&said.as_str()) || ends_sentence(&segment.text) || is_spoken) {
        return false;
    }
    let outer = if goes_on { outermost(shape, segment.node) } else { segment.node };
    let Some(parent) = shape.tree.parent(outer).filter(|_| goes_on || is_plain_paragraph(shape, segment)) else {
        return false;
    };
    let is_beside =
        |other: &Segment| shape.tree.tag(other.node) == Tag::P && shape.tree.parent(other.node) == Some(parent);
    let is_prose = |at: &usize| {
        let other = &shape.segments[*at];
        is_beside(other) && shape.size(*at) >= PROSE_WORDS_MIN && ends_sentence(&other.text)
    };
    let before = (at.saturating_sub(NEAR_MAX)..at).rev().find(is_prose);
    let behind = (at + 1..(at + 1 + NEAR_MAX).min(shape.segments.len())).find(is_prose);
    let (Some(before), Some(_)) = (before, behind) else { return false };
    let is_other_head = |near: usize| {
        let other = &shape.segments[near];
        let refers = other.links > 0 || chrome(&other.text) == Some(Reason::Related);
        let is_short = (1..=HEAD_WORDS_MAX).contains(&shape.size(near)) && fold(&other.text) != said;
        is_beside(other) && is_short && !refers
    };
    let mut around = at.saturating_sub(ALIKE_MAX)..(at + ALIKE_MAX).min(shape.segments.len());
    let is_label = || {
        let again =
            |near: usize| near != at && is_beside(&shape.segments[near]) && fold(&shape.segments[near].text) == said;
        has_slot(shape.tree, segment.node) || around.clone().any(again)
    };
    goes_on || is_label() && !asks(&shape.segments[before].text) && !around.any(is_other_head)
}

/// Whether a label is in small letters or styled, or an empty element, a frame or a script stands right behind it.
fn has_slot(tree: &Tree<'_>, label: NodeId) -> bool {
    let is_small = tree.attribute(label, Key::Style).is_some() || tree.elements(label, Tag::Small).next().is_some();
    let is_blank = |id: &NodeId| tree.kind(*id) != NodeKind::Element && tree.is_blank(*id);
    let mut behind = std::iter::successors(tree.next_sibling(label), |&id| tree.next_sibling(id)).skip_while(is_blank);
    let is_slot = |id: NodeId| match tree.tag(id) {
        Tag::Script | Tag::Ins | Tag::Iframe => true,
        Tag::Div => tree.end(id) - id <= NODES_MAX && tree.text_content(id).trim().is_empty(),
        _ => false,
    };
    is_small || behind.next().is_some_and(is_slot)
}

/// Whether a text asks for an answer or says that something follows.
fn asks(text: &str) -> bool {
    let text =
        text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '”' | '“' | '»' | '«' | '’' | '」'));
    text.ends_with(['?', '？', ';', ':', '：', '…', '؟'])
}

/// The outermost of the few elements that hold nothing but the label.
fn outermost(shape: &Shape<'_, '_>, node: NodeId) -> NodeId {
    let tree = shape.tree;
    let mut above = tree.ancestors(node).take(WRAPPERS_MAX);
    let holds_it_alone = |id: &NodeId| tree.end(*id) - id <= NODES_MAX && shape.under(*id).len() == 1;
    std::iter::from_fn(|| above.next().filter(holds_it_alone)).last().unwrap_or(node)
}

/// Whether a paragraph holds plain text, as no head of a part in bold letters does.
fn is_plain_paragraph(shape: &Shape<'_, '_>, segment: &Segment) -> bool {
    let (tree, node) = (shape.tree, segment.node);
    let small = tree.end(node) - node <= NODES_MAX;
    let plain = |id: NodeId| match tree.kind(id) {
        NodeKind::Element => matches!(tree.tag(id), Tag::Small | Tag::Span | Tag::Br),
        _ => true,
    };
    tree.tag(node) == Tag::P && small && tree.subtree(node).skip(1).all(plain)
}

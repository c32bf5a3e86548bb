//! Headings with what they head: without its heading a kept section is told of another. A heading that is left out for its
//! word ("Search", "Location") or because it came short of the cut stands where text that is kept stands right under it;
//! so does a question that is clicked to unfold its answer.

use super::Labels;
use super::evidence::ends_sentence;
use super::groups::{is_phrase, may_be_kept, says_more};
use super::shape::size;
use super::together::build;
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::segment::Segment;

/// So near to what is kept, by half the confidence, a heading must come, and a question.
const NEAR: f32 = 0.55;
const NEAR_OF_QUESTION: f32 = 0.5;
/// Below this confidence what stands under a heading is too doubtful to speak for it.
const CONFIDENCE_MIN: f32 = 0.65;
/// Prose has so many words, and is this likely below a heading that speaks of what stands around texts.
const PROSE_WORDS_MIN: u32 = 6;
const SURE: f32 = 0.75;
/// So many headings of a kind are those of one text.
const SISTERS_MIN: usize = 2;
/// They are looked for among so many blocks before a heading and behind it.
const SISTER_BLOCKS_MAX: usize = 200;
/// More stands between no heading and its text.
const BETWEEN_NODES_MAX: NodeId = 200;
/// So many links stand above a heading in its box.
const LINKS_ABOVE_MAX: usize = 8;
/// So far up a question is known by its element.
const LEVELS: usize = 3;

/// Keeps headings whose text is kept, from the end of the page on: a heading may stand over another. On lists it is the
/// entries that are judged.
pub fn keep_heads(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    if matches!(labels.kind, Kind::Blocked | Kind::Empty | Kind::Listing) {
        return;
    }
    let mut below: Option<usize> = None;
    for at in (labels.title.map_or(0, |title| title + 1)..segments.len()).rev() {
        if segments[at].is_silent() || segments[at].words == 0 {
            continue;
        }
        let Label::Boilerplate(reason) = &labels.blocks[at].0 else {
            below = Some(at);
            continue;
        };
        if let Some(below) = below
            && may_be_kept(reason, &segments[at])
            && is_wanted(tree, segments, labels, at, below)
            && stands_over(tree, segments, at, below)
        {
            labels.blocks[at].0 = Label::Content;
        }
        below = Some(at);
    }
}

/// Whether a block that is left out is a heading, and likely that of the block below it, which is kept.
fn is_wanted(tree: &Tree<'_>, segments: &[Segment], labels: &Labels, at: usize, below: usize) -> bool {
    if labels.blocks[below].0 != Label::Content {
        return false;
    }
    let (head, text, cut) = (&segments[at], &segments[below], labels.confidence / 2.0);
    let (near, likely) = (labels.blocks[at].1 / cut, labels.blocks[below].1);
    let is_prose = size(text) >= PROSE_WORDS_MIN && ends_sentence(&text.text) && text.link_words * 2 < text.words;
    match head.kind {
        BlockKind::Heading(level) => match text.kind {
            BlockKind::Heading(other) if other <= level => false,
            _ if head.link_words * 2 > head.words => false,
            _ if !is_phrase(head) => {
                near >= NEAR && labels.confidence >= CONFIDENCE_MIN && !asks_for_more(&labels.blocks[at].0)
            }
            _ if text.link_words * 2 > text.words => false,
            _ if speaks_of_the_rest(&labels.blocks[at].0) => {
                likely >= SURE
                    && (is_prose || names_a_part(&labels.blocks[at].0) && has_sisters(tree, segments, labels, at))
            }
            _ => true,
        },
        BlockKind::TableCell { .. } | BlockKind::Term | BlockKind::Code { .. } => false,
        _ => is_prose && near >= NEAR_OF_QUESTION && asks(&head.text) && unfolds(tree, head) && !is_phrase(head),
    }
}

/// Whether a heading for its word is that of what stands around texts, which may look like one.
fn speaks_of_the_rest(label: &Label) -> bool {
    use Reason::{
        Captcha, Comment, CommentForm, Legal, Navigation, Pagination, Promotion, Reaction, Related, Share, SignIn,
    };
    let some =
        [Captcha, Comment, CommentForm, Legal, Navigation, Pagination, Promotion, Reaction, Related, Share, SignIn];
    matches!(label, Label::Boilerplate(reason) if some.contains(reason))
}

/// Whether a heading is left out for a word that names a part of a manual or of a company's page as well: "Name", "Contact".
fn names_a_part(label: &Label) -> bool {
    use Reason::{CommentForm, Legal, Navigation, Pagination};
    matches!(label, Label::Boilerplate(CommentForm | Legal | Navigation | Pagination))
}

/// Whether headings of the same build that say more than a word of chrome are kept.
fn has_sisters(tree: &Tree<'_>, segments: &[Segment], labels: &Labels, at: usize) -> bool {
    let own = build(tree, segments[at].node, 0);
    let is_sister = |other: &usize| {
        segments[*other].kind == segments[at].kind
            && labels.is_text(*other)
            && !is_phrase(&segments[*other])
            && build(tree, segments[*other].node, 0) == own
    };
    let near = at.saturating_sub(SISTER_BLOCKS_MAX)..(at + SISTER_BLOCKS_MAX).min(segments.len());
    near.filter(is_sister).nth(SISTERS_MIN - 1).is_some()
}

fn asks_for_more(label: &Label) -> bool {
    matches!(label, Label::Boilerplate(reason) if says_more(reason))
}

fn asks(text: &str) -> bool {
    text.trim_end().ends_with(['?', '？', '؟', ';'])
}

/// Whether a click on the block shows what stands under it.
fn unfolds(tree: &Tree<'_>, segment: &Segment) -> bool {
    let up = std::iter::once(segment.node).chain(tree.ancestors(segment.first));
    up.take(LEVELS).any(|id| {
        matches!(tree.tag(id), Tag::Button | Tag::Summary)
            || tree.attribute(id, Key::Role).is_some_and(|role| matches!(role.trim(), "button" | "tab"))
            || tree.attribute_named(id, "aria-controls").is_some()
            || tree.attribute_named(id, "aria-expanded").is_some()
    })
}

/// Whether nothing but a box of its own parts a block from the next one: no link, no control, no other words;
/// above it in the box links may stand.
fn stands_over(tree: &Tree<'_>, segments: &[Segment], at: usize, below: usize) -> bool {
    let (head, text) = (&segments[at], &segments[below]);
    let between = tree.end(head.node)..text.first;
    let parts = |id: NodeId| {
        matches!(tree.tag(id), Tag::A | Tag::Button | Tag::Input | Tag::Form | Tag::Select | Tag::Nav | Tag::Aside)
    };
    if between.len() > BETWEEN_NODES_MAX as usize || between.into_iter().any(parts) {
        return false;
    }
    let up = || std::iter::once(head.node).chain(tree.ancestors(head.node));
    let Some(branch) = up().take_while(|&id| !tree.subtree(id).contains(&text.first)).last() else { return true };
    let is_chrome = |id: NodeId| matches!(tree.tag(id), Tag::Nav | Tag::Aside | Tag::Footer | Tag::Form);
    let above = segments[..at].iter().rev().take_while(|other| other.first > branch);
    let stands_alone =
        above.enumerate().all(|(place, other)| place < LINKS_ABOVE_MAX && other.words == other.link_words);
    stands_alone && !up().take_while(|&id| id >= branch).any(is_chrome)
}

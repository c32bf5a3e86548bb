//! What the cards of a shop or a magazine say twice: a name below the picture and again over it for a pointer, a price as it
//! is and again for when it is lowered, of which style sheets show one.
//!
//! A writer repeats for a reason, and not in each of several parts beside each other, one right behind the other and with the
//! same link. A price beside nothing struck out is not lowered.

use std::collections::HashMap;

use super::Labels;
use crate::document::{BlockKind, Kind, Label, Mark, Reason};
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::{Segment, is_only_told};

/// Parts of one element that say something twice make cards of them.
const CARDS_MIN: usize = 3;
/// So many blocks that are left out stand between at most, and so many elements above both are looked at for a card.
const BETWEEN_MAX: usize = 2;
const LEVELS_MAX: usize = 8;
/// Of names and prices no more words.
const WORDS_MAX: u32 = 24;
/// Words that only screen readers tell stand no deeper in a block, and a price is made of no more nodes.
const TOLD_LEVELS_MAX: usize = 4;
const NODES_MAX: NodeId = 60;

/// Leaves out what a card says for the second time.
pub fn take_out_repeats(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    if matches!(labels.kind, Kind::Thread | Kind::Blocked | Kind::Empty) {
        return;
    }
    let pairs = pairs(tree, segments, labels);
    if pairs.len() < CARDS_MIN {
        return;
    }
    // By the element around the cards and their tag.
    let mut groups: HashMap<(NodeId, Tag), Vec<NodeId>> = HashMap::new();
    for &(first, second) in &pairs {
        for (around, card) in cards(tree, &segments[first], &segments[second]) {
            let held = groups.entry((around, tree.tag(card))).or_default();
            if held.last() != Some(&card) {
                held.push(card);
            }
        }
    }
    let is_of_cards = |first: usize, second: usize| {
        cards(tree, &segments[first], &segments[second])
            .any(|(around, card)| groups[&(around, tree.tag(card))].len() >= CARDS_MIN)
    };
    for (first, second) in pairs {
        if is_of_cards(first, second) {
            labels.blocks[second].0 = Label::Boilerplate(Reason::Duplicate);
        }
    }
}

/// The blocks that say what the one before them says.
fn pairs(tree: &Tree<'_>, segments: &[Segment], labels: &Labels) -> Vec<(usize, usize)> {
    let (mut pairs, mut last) = (Vec::new(), None);
    for at in (0..segments.len()).filter(|&at| labels.is_text(at)) {
        let is_near = |before: &usize| at - before <= BETWEEN_MAX + 1;
        match last.filter(is_near).filter(|&before| says_again(tree, &segments[before], &segments[at])) {
            Some(before) => pairs.push((before, at)),
            None => last = Some(at),
        }
    }
    pairs
}

fn says_again(tree: &Tree<'_>, first: &Segment, second: &Segment) -> bool {
    if first.words > WORDS_MAX || second.words > WORDS_MAX {
        return false;
    }
    let is_heading = |segment: &Segment| matches!(segment.kind, BlockKind::Heading(_));
    if is_heading(first) && is_heading(second) {
        return first.text == second.text && link(first).is_some() && link(first) == link(second);
    }
    let is_line = |segment: &Segment| {
        matches!(segment.kind, BlockKind::Paragraph | BlockKind::ListItem { .. }) && segment.links == 0
    };
    // `Regular price`, and `Regular price Sale price`: most lines do not even end alike.
    let is_alike = first.text.as_bytes().last() == second.text.as_bytes().last();
    is_alike && is_line(first) && is_line(second) && lowers_nothing(tree, second) && {
        let (said, more) = (Said::of(tree, first), Said::of(tree, second));
        said.shown == more.shown && !said.shown.is_empty() && !said.told.is_empty() && more.told.contains(&said.told)
    }
}

/// The nodes a block begins with, all of a price.
fn nodes(segment: &Segment) -> impl Iterator<Item = NodeId> + use<> {
    segment.first..=segment.last.min(segment.first + NODES_MAX)
}

/// Whether what a block strikes out is empty.
fn lowers_nothing(tree: &Tree<'_>, segment: &Segment) -> bool {
    let mut struck = nodes(segment).filter(|&id| matches!(tree.tag(id), Tag::S | Tag::Del)).peekable();
    struck.peek().is_some() && struck.all(|id| tree.text_content(id).trim().is_empty())
}

/// Where the one link of a block leads that is all of it.
fn link(segment: &Segment) -> Option<&str> {
    let is_linked = segment.links == 1 && segment.link_words == segment.words;
    let targets = || {
        segment.spans.iter().find_map(|span| match &span.mark {
            Mark::Link(href) => Some(href.as_str()),
            _ => None,
        })
    };
    if is_linked { targets() } else { None }
}

/// What a block shows, and what only screen readers tell of it, without spaces.
#[derive(Default)]
struct Said {
    shown: String,
    told: String,
}

impl Said {
    fn of(tree: &Tree<'_>, segment: &Segment) -> Self {
        let mut said = Self::default();
        for id in nodes(segment).filter(|&id| tree.kind(id) == NodeKind::Text) {
            let mut above = tree.ancestors(id).take(TOLD_LEVELS_MAX).take_while(|&above| above > segment.node);
            let is_told = above.any(|above| is_only_told(tree, above));
            let text = if is_told { &mut said.told } else { &mut said.shown };
            text.extend(tree.text(id).split_whitespace());
        }
        said
    }
}

/// The elements above two blocks that may be a card with both, each behind the one around it.
fn cards<'t>(
    tree: &'t Tree<'_>,
    first: &Segment,
    second: &Segment,
) -> impl Iterator<Item = (NodeId, NodeId)> + use<'t> {
    let (from, to) = (first.first, second.last);
    let both = tree.ancestors(from).filter(move |&id| tree.end(id) > to).take(LEVELS_MAX);
    both.filter_map(|card| tree.parent(card).map(|around| (around, card)))
}

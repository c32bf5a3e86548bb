//! Scores evened out where the page's build says that blocks belong together.

use std::collections::HashMap;

use super::evidence::Weigher;
use super::shape::{LONG, Shape, dress};
use crate::document::Reason;

/// Prose must be at least this likely to speak for its neighbours.
const SURE: f32 = 0.6;

/// Groups of fewer blocks say little about each other.
const GROUP_MIN: usize = 3;
/// How far a score moves towards its group's mean: worth 0.001 on the development pages.
const GROUP_PULL: f32 = 0.5;

/// Blocks built alike are decided together, as the cards of a grid: each score moves towards the mean of its group.
pub fn level(shape: &Shape<'_, '_>, weigher: &Weigher<'_, '_, '_>, blocks: &mut [(Option<Reason>, f32)]) {
    let mut groups: HashMap<u64, (usize, f32, f32)> = HashMap::new();
    let free = |at: &usize, blocks: &[(Option<Reason>, f32)]| blocks[*at].0.is_none() && !shape.is_chrome(*at);
    for at in shape.all().filter(|at| free(at, blocks)) {
        let group = groups.entry(weigher.signatures[at]).or_default();
        let weight = 1.0 + shape.size(at) as f32;
        *group = (group.0 + 1, group.1 + weight, group.2 + weight * blocks[at].1);
    }
    for at in shape.all().filter(|at| free(at, blocks)).collect::<Vec<_>>() {
        let (count, weight, sum) = groups[&weigher.signatures[at]];
        if count >= GROUP_MIN {
            blocks[at].1 += (sum / weight - blocks[at].1) * GROUP_PULL;
        }
    }
}

/// A short block that stands in a row of likely prose under the same parent is part of it: a subheading, a
/// caption, a credit line.
pub fn smooth(shape: &Shape<'_, '_>, blocks: &mut [(Option<Reason>, f32)]) {
    let prose: Vec<bool> = shape
        .all()
        .map(|at| blocks[at].0.is_none() && blocks[at].1 >= SURE && shape.long_words(at..at + 1) >= LONG)
        .collect();
    for at in shape.all() {
        let segment = &shape.segments[at];
        if blocks[at].0.is_some() || shape.is_chrome(at) || segment.link_words * 2 > segment.words {
            continue;
        }
        if in_row(shape, &prose, at) {
            blocks[at].1 = blocks[at].1.max(SURE);
        }
    }
}

fn in_row(shape: &Shape<'_, '_>, prose: &[bool], at: usize) -> bool {
    let parent = shape.tree.parent(shape.segments[at].node).unwrap_or(0);
    let sibling = |other: usize| prose[other] && shape.tree.parent(shape.segments[other].node) == Some(parent);
    let before = (at.saturating_sub(3)..at).any(sibling);
    let after = (at + 1..(at + 4).min(prose.len())).any(sibling);
    let alike = |other: usize| {
        sibling(other) && dress(shape.tree, shape.segments[other].node) == dress(shape.tree, shape.segments[at].node)
    };
    (before && after) || (at.saturating_sub(2)..at).any(alike)
}

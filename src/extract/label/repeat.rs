//! Text that stands twice: a layout's copy of it, or what a writer says again.
//!
//! A layout repeats what stands elsewhere: for a smaller screen, in a tab, as the teaser of the text below, pulled out of
//! it in a quote. A writer repeats in the flow of one text: the chorus of a song, a step of a pattern, the cell of a table.

use super::shape::Shape;
use super::zones::Zone;
use crate::extract::html::{NodeId, Tag};

/// Elements between a block and the flow it stands in are no more.
const LEVELS: usize = 8;
/// So many blocks before the second one are looked at for other words.
const BETWEEN_MAX: usize = 64;

/// Whether two blocks of equal text, the first before the second, stand in one flow with other words between them.
pub fn is_meant(shape: &Shape<'_, '_>, first: usize, second: usize) -> bool {
    let flow = flow(shape, first);
    let says_other = |at: usize| shape.size(at) > 0 && shape.segments[at].text != shape.segments[first].text;
    flow.is_some()
        && flow == self::flow(shape, second)
        && (first + 1..second).rev().take(BETWEEN_MAX).any(says_other)
        && !is_shown_in_turn(shape, first)
}

/// The element whose children, rows or items follow each other as one text.
fn flow(shape: &Shape<'_, '_>, at: usize) -> Option<NodeId> {
    let tree = shape.tree;
    let is_part = |id: &NodeId| {
        matches!(
            tree.tag(*id),
            Tag::P | Tag::Li | Tag::Dt | Tag::Dd | Tag::Td | Tag::Th | Tag::Tr | Tag::Tbody | Tag::Pre
        )
    };
    let node = shape.segments[at].node;
    let mut above = std::iter::once(node).chain(tree.ancestors(node)).take(LEVELS).skip_while(is_part);
    let flow = above.next()?;
    // A block that is a `div` of its own stands in what holds it.
    if flow == node { tree.parent(node) } else { Some(flow) }
}

/// Whether the block is one of those that a carousel shows in turn, which repeats its first ones at its end.
fn is_shown_in_turn(shape: &Shape<'_, '_>, at: usize) -> bool {
    shape.above[shape.segments[at].first as usize].has(Zone::Panel)
}

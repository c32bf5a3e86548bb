//! Entries parted by lines, as guestbooks write them: the words, then who and when, then a line.

use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

use super::super::words::words;
use super::{BEFORE_WORDS_MAX, Unit};
use crate::extract::posts::render;

/// Most words between a time and the line that ends its entry.
const BEHIND_WORDS_MAX: u32 = 2;

/// Each time's part of its parent, from the line before it to the line behind it; `None` where no line stands right
/// behind each time, or where nothing stands before the first, which then is the head of what follows.
pub fn units(tree: &Tree<'_>, times: &[(NodeId, NodeId)]) -> Option<Vec<Unit>> {
    let (first, last) = (times.first()?.0, times.last()?.0);
    let parts: Vec<NodeId> = tree.children(tree.parent(first)?).collect();
    let is_rule = |at: &usize| tree.tag(parts[*at]) == Tag::Hr;
    let place = |id: NodeId| parts.binary_search(&id).ok();
    let mut begin = begin(tree, &parts, place(first)?);
    let mut units = Vec::with_capacity(times.len());
    for &(child, time) in times {
        let at = place(child).filter(|&at| at >= begin)?;
        let rule = (at..parts.len()).find(is_rule);
        // The last may end with its parent.
        let end = rule.or_else(|| (child == last).then_some(parts.len()))?;
        if said(tree, &parts[at + 1..end]) > BEHIND_WORDS_MAX || (begin..at).any(|at| is_rule(&at)) {
            return None;
        }
        let begins = (begin..at).find(|&at| !is_blank(tree, parts[at])).unwrap_or(at);
        let behind = parts.get(end).copied().unwrap_or_else(|| tree.end(parts[end - 1]));
        units.push((said(tree, &parts[begins..at]), Unit::new(time, parts[begins], behind)));
        begin = end + 1;
    }
    let is_told = units.first().is_some_and(|(words, _)| *words as usize > BEFORE_WORDS_MAX);
    is_told.then(|| units.into_iter().map(|(_, unit)| unit).collect())
}

/// Where the first entry begins: behind the line before it, else with the text that stands in its lines.
fn begin(tree: &Tree<'_>, parts: &[NodeId], at: usize) -> usize {
    let in_line =
        |id: NodeId| tree.kind(id) != NodeKind::Element || render::inline(tree.tag(id)) || tree.tag(id) == Tag::Br;
    let rule = parts[..at].iter().rposition(|&id| tree.tag(id) == Tag::Hr);
    let block = || parts[..at].iter().rposition(|&id| !in_line(id));
    rule.or_else(block).map_or(0, |before| before + 1)
}

fn is_blank(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.text_content(id).trim().is_empty()
}

fn said(tree: &Tree<'_>, parts: &[NodeId]) -> u32 {
    parts.iter().map(|&id| words(&tree.text_content(id))).sum()
}

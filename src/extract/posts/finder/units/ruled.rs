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
    let mut begin = like_second(tree, &parts, times, place(first)?).unwrap_or(begin(tree, &parts, place(first)?));
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

/// Where the first entry begins that no line stands before: with as many elements of the same kinds above its time as the
/// second has.
fn like_second(tree: &Tree<'_>, parts: &[NodeId], times: &[(NodeId, NodeId)], first: usize) -> Option<usize> {
    let rule = |from: usize| (from..parts.len()).find(|&at| tree.tag(parts[at]) == Tag::Hr);
    let is_element = |at: &usize| tree.kind(parts[*at]) == NodeKind::Element;
    if rule(0).is_some_and(|at| at < first) {
        return None;
    }
    let second = parts.binary_search(&times.get(1)?.0).ok()?;
    let usual: Vec<Tag> = (rule(first)? + 1..second).filter(is_element).map(|at| tree.tag(parts[at])).collect();
    let above: Vec<usize> = (0..first).filter(is_element).collect();
    let own = above.get(above.len().checked_sub(usual.len())?..)?;
    let fits = own.iter().map(|&at| tree.tag(parts[at])).eq(usual.iter().copied());
    own.first().copied().filter(|_| fits)
}

fn is_blank(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.text_content(id).trim().is_empty()
}

fn said(tree: &Tree<'_>, parts: &[NodeId]) -> u32 {
    parts.iter().map(|&id| words(&tree.text_content(id))).sum()
}

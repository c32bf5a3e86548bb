//! The line that says which page of how many this is.

use super::{LINE_BYTES_MAX, PAGE, is_link, is_small, number, says_next, says_previous};
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

/// Words of such a line: "page 2 of 3".
const LINE_WORDS: usize = 4;
/// An element that is such a line has fewer nodes.
const LINE_ELEMENT_NODES: NodeId = 12;
/// Most nodes between such a line and the link behind it.
const BEHIND_LINE_NODES: NodeId = 8;

/// "Page 2 of 3": the element that says so, or the text between two links.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    at: NodeId,
    pub(super) page: u32,
    pub(super) pages: u32,
}

impl Line {
    /// Whether more pages come, and a link stands beside the line.
    pub(super) fn leads_on(&self, tree: &Tree<'_>, link: NodeId) -> bool {
        self.page < self.pages && self.is_beside(tree, link)
    }

    /// Whether pages come before this one, and a link stands beside the line or right before it.
    pub(super) fn leads_back(&self, tree: &Tree<'_>, link: NodeId) -> bool {
        let end = tree.end(link);
        self.page > 1 && ((end..end + BEHIND_LINE_NODES).contains(&self.at) || self.is_beside(tree, link))
    }

    /// Whether a link stands in one small element with the line, or right behind it.
    fn is_beside(&self, tree: &Tree<'_>, link: NodeId) -> bool {
        let end = tree.end(self.at);
        let is_behind = (end..end + BEHIND_LINE_NODES).contains(&link);
        let mut around = tree.ancestors(link).take(4).take_while(|&above| is_small(tree, above));
        is_behind || around.any(|above| tree.subtree(above).contains(&self.at))
    }
}

/// The first small element, or text between two links, that says which page of how many this is.
pub(super) fn line(tree: &Tree<'_>) -> Option<Line> {
    let mut before = None;
    (0..tree.len()).find_map(|text| {
        let said = tree.text(text).trim_ascii_start();
        let first = *said.as_bytes().first()?;
        let last = before.replace(text);
        // Of the ASCII letters only these begin such a word; most texts end here.
        let may_begin = !first.is_ascii_alphanumeric() || b"pso".contains(&first.to_ascii_lowercase());
        if !may_begin || !begins_page(said.trim_start()) {
            return may_begin.then(|| between_links(tree, text)).flatten();
        }
        // Those that begin with the text, the largest first.
        let is_short = |&id: &NodeId| tree.end(id) - id < LINE_ELEMENT_NODES && last.is_none_or(|last| id > last);
        let small: Vec<NodeId> = tree.ancestors(text).take_while(is_short).collect();
        let mut small = small.into_iter().rev().filter(|&id| !matches!(tree.tag(id), Tag::Script | Tag::Style));
        let by_element = small.find_map(|id| {
            let (page, pages) = of_line(&tree.text_content(id))?;
            Some(Line { at: id, page, pages })
        });
        by_element.or_else(|| between_links(tree, text))
    })
}

/// What may stand between a link and such a line.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "|·•/-–—()[]".contains(c)
}

/// A text that is such a line and nothing else, right beside a link that is called the next or previous one.
fn between_links(tree: &Tree<'_>, at: NodeId) -> Option<Line> {
    let text = (tree.kind(at) == NodeKind::Text).then(|| tree.text(at))?.trim_matches(is_between);
    if text.len() > LINE_BYTES_MAX || !begins_page(text) {
        return None;
    }
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    let (page, pages) = of_line(text).filter(|_| words <= LINE_WORDS)?;
    let is_way = |link: NodeId| {
        tree.tag(link) == Tag::A && is_link(tree, link) && (says_next(tree, link) || says_previous(tree, link))
    };
    let before = at
        .checked_sub(1)
        .and_then(|id| std::iter::once(id).chain(tree.ancestors(id).take(2)).find(|&id| tree.tag(id) == Tag::A));
    let beside = [before, tree.next_sibling(at)].into_iter().flatten().any(is_way);
    beside.then_some(Line { at, page, pages })
}

/// Whether a text begins as a word for a page does.
fn begins_page(text: &str) -> bool {
    let head = text.get(..4).unwrap_or_default().trim_end();
    let begins = |word: &str| word.get(..head.len()).is_some_and(|same| same.eq_ignore_ascii_case(head));
    match head.is_ascii() {
        true => PAGE.iter().any(|word| begins(word)),
        false => PAGE.iter().any(|word| word.starts_with(&head.to_lowercase())),
    }
}

fn of_line(text: &str) -> Option<(u32, u32)> {
    if text.len() > LINE_BYTES_MAX {
        return None;
    }
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let named = words.next().is_some_and(|word| PAGE.contains(&word));
    let page = words.next().and_then(number)?;
    let between = words.next()?;
    let pages = number(between).or_else(|| words.next().and_then(number))?;
    (named && page <= pages).then_some((page, pages))
}

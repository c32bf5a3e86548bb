//! Articles that a page goes on with: below its own stands the next one for whoever scrolls on, with a heading of its own. It
//! has an address of its own too, so it is no text of this page.
//!
//! The head names the page's article, and it is the first one. Where it names another or none, the page is a list of articles.

use std::ops::Range;

use super::Labels;
use super::shape::size;
use super::title::{agree, names};
use super::together::held;
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::segment::{Hidden, Segment};

/// A heading that agrees so far with what the page calls itself is named by it.
const NAMED_MIN: f32 = 0.5;
/// Attributes of articles that scripts read the address from, and elements about a heading's text that may link it.
const ADDRESSES: &[&str] =
    &["data-url", "data-href", "data-permalink", "data-link", "data-path", "data-slug", "data-uri"];
const LINK_LEVELS: usize = 4;
/// Pages with more articles are lists.
const ARTICLES_MAX: usize = 100;

/// Labels what stands in other articles than the page's own, each below it and no longer than it.
pub fn take_out_sequels(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    let Some(title) = labels.title.filter(|_| matches!(labels.kind, Kind::Article | Kind::Page)) else { return };
    let Some(own) = article(tree, &segments[title]).filter(|_| is_head(&segments[title])) else { return };
    let (above, below) = beside(tree, own);
    let heads = |id: NodeId| held(segments, tree.subtree(id)).find(|&at| is_head(&segments[at]));
    if below.is_empty() || above.into_iter().any(|id| heads(id).is_some()) {
        return;
    }
    let names = names(tree);
    let is_named = |at: usize| names.iter().any(|name| agree(&segments[at].text, name) >= NAMED_MIN);
    if !is_named(title) {
        return;
    }
    let own_words = words(segments, labels, held(segments, tree.subtree(own)));
    for other in below {
        let part = held(segments, tree.subtree(other));
        let is_other = heads(other).is_some_and(|head| !is_named(head) && has_address(tree, other, &segments[head]));
        if !is_other || words(segments, labels, part.clone()) > own_words {
            continue;
        }
        for at in part.filter(|&at| labels.is_text(at)).collect::<Vec<_>>() {
            labels.blocks[at].0 = Label::Boilerplate(Reason::Related);
        }
    }
}

fn is_head(segment: &Segment) -> bool {
    segment.kind == BlockKind::Heading(1) && matches!(segment.hidden, Hidden::No | Hidden::Aria)
}

/// The nearest `article` around a block.
fn article(tree: &Tree<'_>, segment: &Segment) -> Option<NodeId> {
    tree.ancestors(segment.first).find(|&id| tree.tag(id) == Tag::Article)
}

/// The articles above and below one, on its level; none where they are too many.
fn beside(tree: &Tree<'_>, own: NodeId) -> (Vec<NodeId>, Vec<NodeId>) {
    let is_beside = |&id: &NodeId| id != own && tree.depth(id) == tree.depth(own);
    let all: Vec<NodeId> = tree.elements(0, Tag::Article).filter(is_beside).take(ARTICLES_MAX + 1).collect();
    if all.len() > ARTICLES_MAX { Default::default() } else { all.into_iter().partition(|&id| id < own) }
}

fn words(segments: &[Segment], labels: &Labels, part: Range<usize>) -> u32 {
    part.filter(|&at| labels.is_text(at)).map(|at| size(&segments[at])).sum()
}

/// Whether an article has an address of its own, as its element or the link around its heading says: chapters and sections of one
/// page have none.
fn has_address(tree: &Tree<'_>, article: NodeId, head: &Segment) -> bool {
    let says = |name: &str| ADDRESSES.contains(&name);
    let links = std::iter::once(head.first).chain(tree.ancestors(head.first)).take(LINK_LEVELS);
    let leads = |id: NodeId| tree.attribute(id, Key::Href).is_some_and(|href| !href.starts_with('#') && href.len() > 1);
    tree.rare_names(article).any(says) || links.into_iter().any(|id| tree.tag(id) == Tag::A && leads(id))
}

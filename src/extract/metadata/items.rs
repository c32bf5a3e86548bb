//! Parts of a page that have a heading of their own and tell of something else: teasers, tips, events, notes of versions.
//!
//! No word is asked: a small item that begins with a lower heading is another's where the heading leads to another page,
//! or where the item stands below the beginning of the text. A section of the text is longer than an item.

use super::facts::whole_link;
use super::page::{leads_to_author, text_below};
use super::zones::{Place, Zone};
use super::{authors, datelines};
use crate::extract::html::{Key, Keys, NodeId, NodeKind, Tag, Tree};

/// Most items of a page, and most elements around a heading that may be one.
const ITEMS_MAX: usize = 400;
const DEPTH_MAX: usize = 6;
/// Most bytes of text before an item's heading, and in the whole item, and most of its nodes.
const BEFORE_BYTES_MAX: usize = 80;
const ITEM_BYTES_MAX: usize = 1000;
const ITEM_NODES_MAX: NodeId = 300;
/// Longest heading that is a label.
const LABEL_BYTES_MAX: usize = 32;

/// The items of others below the heading, as intervals of nodes.
pub fn of_others(tree: &Tree<'_>, place: Place) -> Vec<(NodeId, NodeId, Zone)> {
    let headings = tree.elements_of(&[Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6]);
    let below = headings.into_iter().filter(|&id| id > place.heading);
    below.take(ITEMS_MAX).filter_map(|heading| item(tree, heading, place)).collect()
}

/// The item that a heading begins: the nearest element with more than the heading. What stands before a heading that leads
/// nowhere may be of the text above it.
fn item(tree: &Tree<'_>, heading: NodeId, place: Place) -> Option<(NodeId, NodeId, Zone)> {
    // An address with a mark in it is that of a place on a page: a post of the same thread.
    let link = whole_link(tree, heading);
    let leads_away = link.is_some_and(|href| !href.contains('#'));
    let names_author = link.is_some_and(leads_to_author);
    if heading < place.prose && !leads_away || names_author {
        return None;
    }
    let own = tree.subtree(heading);
    let says_beside = |&above: &NodeId| {
        let beside = [above..own.start, own.end..tree.end(above)];
        beside.into_iter().any(|nodes| says_more(tree, nodes, 0))
    };
    let item = tree.ancestors(heading).take(DEPTH_MAX).find(says_beside)?;
    let is_small = tree.end(item) - item <= ITEM_NODES_MAX
        && !says_more(tree, item..heading, BEFORE_BYTES_MAX)
        && !says_more(tree, tree.subtree(item), ITEM_BYTES_MAX);
    let is_others = !tree.subtree(item).contains(&place.heading) && !is_about_author(tree, item);
    let (from, zone) = if leads_away { (item, Zone::Teaser) } else { (heading, Zone::Item) };
    (is_small && is_others && !is_label(tree, heading)).then_some((from, tree.end(item), zone))
}

/// Whether a heading says what follows it of the page: `Published`, `Author`.
fn is_label(tree: &Tree<'_>, heading: NodeId) -> bool {
    let text = text_below(tree, heading, LABEL_BYTES_MAX).unwrap_or_default();
    let of_day = text.chars().any(char::is_lowercase) && !datelines::is_unknown_label(&text);
    of_day || authors::leads(&text)
}

/// Whether an item, as its names say, is the box that tells who wrote.
fn is_about_author(tree: &Tree<'_>, item: NodeId) -> bool {
    const NAMES: Keys = Keys::of(&[Key::Class, Key::Id]);
    let says = |names: &str| {
        let names = names.to_ascii_lowercase();
        ["author", "autor", "auteur", "byline", "bio"].iter().any(|word| names.contains(word))
    };
    tree.ancestors(item).take(2).chain([item]).any(|id| tree.keyed(id, NAMES).any(|(_, names)| says(names)))
}

/// Whether the text between two nodes, as far as it is looked at, is of more bytes.
fn says_more(tree: &Tree<'_>, nodes: std::ops::Range<NodeId>, bytes_max: usize) -> bool {
    let texts =
        nodes.take(ITEM_NODES_MAX as usize + 1).filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id));
    let mut bytes = 0;
    texts.map(|id| tree.text(id).trim().len()).any(|more| {
        bytes += more;
        bytes > bytes_max
    })
}

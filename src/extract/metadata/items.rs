//! Parts of a page that have a heading of their own and tell of something else: teasers, tips, events, notes of versions.
//!
//! No word is asked: a small item that begins with a lower heading is another's where the heading leads to another page,
//! or where the item stands below the beginning of the text. A section of the text is longer than an item.

use super::facts::{Facts, Found, whole_link};
use super::names::Field;
use super::page::{leads_to_author, text_below};
use super::zones::{Place, Zone, Zones};
use super::{authors, datelines};
use crate::extract::html::{Key, Keys, NodeId, NodeKind, Tag, Tree};

/// Most items of a page, and most elements around a heading that may be one.
const ITEMS_MAX: usize = 400;
const DEPTH_MAX: usize = 6;
/// Most bytes of text before an item's heading, and in the whole item, and most of its nodes.
const BEFORE_BYTES_MAX: usize = 80;
const ITEM_BYTES_MAX: usize = 1000;
const ITEM_NODES_MAX: NodeId = 300;
/// Longest heading that is a label, and what is none though it may stand beside a day: `News` heads others' news.
const LABEL_BYTES_MAX: usize = 32;
const NO_LABELS: &[&str] = &["news", "blog", "article", "story", "entry", "page", "post", "posts"];
/// Longest entry of a list of links.
const ENTRY_BYTES_MAX: usize = 240;
/// Fewest entries of a list of pages.
const ENTRIES_MIN: usize = 2;
/// So many elements about a property may be its item.
const PROPERTY_DEPTH: usize = 16;

/// The items of others below the heading, as intervals of nodes.
pub fn of_others(tree: &Tree<'_>, place: Place) -> Vec<(NodeId, NodeId, Zone)> {
    let headings = tree.elements_of(&[Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6]);
    let below = headings.into_iter().filter(|&id| id > place.heading);
    below.take(ITEMS_MAX).filter_map(|heading| item(tree, heading, place)).collect()
}

/// The entries of a page that is a list of others and has no heading of its own: several alike that stand side by side, each
/// below a heading that leads to a page.
pub fn of_index(tree: &Tree<'_>) -> Vec<(NodeId, NodeId, Zone)> {
    let headings = tree.elements_of(&[Tag::H1, Tag::H2, Tag::H3, Tag::H4]);
    let leads_away =
        |&heading: &NodeId| whole_link(tree, heading).is_some_and(|href| !href.contains('#') && !leads_to_author(href));
    let entry = |heading| {
        let own = tree.subtree(heading);
        let mut around = tree.ancestors(heading).take(DEPTH_MAX).take_while(|&above| tree.tag(above) != Tag::Body);
        around.find(|&above| says_more(tree, own.end..tree.end(above), 0))
    };
    let mut entries: Vec<NodeId> = headings.into_iter().filter(leads_away).take(ITEMS_MAX).filter_map(entry).collect();
    entries.dedup();
    let place = |id: NodeId| (tree.ancestors(id).next(), tree.tag(id));
    let alike = |id: NodeId| entries.iter().filter(|&&other| place(other) == place(id)).take(ENTRIES_MIN).count();
    let listed = entries.iter().filter(|&&id| alike(id) == ENTRIES_MIN);
    listed.map(|&id| (id, tree.end(id), Zone::Teaser)).collect()
}

/// Leaves out the days of a list of links to other pages: each of several entries that stand side by side has its own.
pub fn leave_out_listed(tree: &Tree<'_>, heading: Option<NodeId>, facts: &mut Facts<'_>) {
    let is_day =
        |found: &Found<'_>| found.field == Field::Published && found.at != 0 && found.source.starts_with("html:");
    let entry = |found: &Found<'_>| {
        let entry = tree.ancestors(found.at).take(DEPTH_MAX).find(|&above| tree.tag(above) == Tag::Li)?;
        let holds_heading = heading.is_some_and(|heading| tree.subtree(entry).contains(&heading));
        (!holds_heading && is_mostly_link(tree, entry)).then_some(entry)
    };
    let mut entries: Vec<NodeId> = facts.found.iter().filter(|found| is_day(found)).filter_map(entry).collect();
    entries.dedup();
    let list = |entry: NodeId| tree.ancestors(entry).next();
    let is_listed = |entry: NodeId| entries.iter().any(|&other| other != entry && list(other) == list(entry));
    facts.found.retain(|found| !is_day(found) || !entry(found).is_some_and(is_listed));
}

/// Whether an entry of a list is short, and a link to a page at least half of it.
fn is_mostly_link(tree: &Tree<'_>, entry: NodeId) -> bool {
    let Some(text) = text_below(tree, entry, ENTRY_BYTES_MAX) else { return false };
    let leads_away = |link: &NodeId| tree.attribute(*link, Key::Href).is_some_and(|href| !href.contains('#'));
    let links = tree.elements(entry, Tag::A).filter(leads_away);
    let linked: usize = links.filter_map(|link| text_below(tree, link, ENTRY_BYTES_MAX)).map(|text| text.len()).sum();
    linked * 2 >= text.len()
}

/// Whether what microdata states is of what somebody else says of the page: of a customer's review, or a comment.
pub fn is_of_review(tree: &Tree<'_>, id: NodeId, heading: Option<NodeId>, zones: &Zones) -> bool {
    let is_said = |above: &NodeId| is_property(tree, *above, &["review", "reviews", "comment"]);
    let holds_heading = |above| heading.is_some_and(|heading| tree.subtree(above).contains(&heading));
    let said = tree.ancestors(id).take(PROPERTY_DEPTH).find(is_said);
    said.is_some_and(|said| !holds_heading(said) && zones.own_review() != Some(said))
}

/// The review that is the page's text: the only one, and the text begins in it.
pub fn own_review(tree: &Tree<'_>, prose: Option<NodeId>) -> Option<NodeId> {
    let is_review = |id: &NodeId| is_property(tree, *id, &["review", "reviews"]);
    let own = tree.ancestors(prose?).take(PROPERTY_DEPTH).find(is_review)?;
    let mut reviews = (0..tree.len()).filter(|&id| tree.kind(id) == NodeKind::Element).filter(is_review);
    (reviews.next() == Some(own) && reviews.next().is_none()).then_some(own)
}

fn is_property(tree: &Tree<'_>, id: NodeId, names: &[&str]) -> bool {
    let of = tree.attribute(id, Key::Itemprop).unwrap_or_default();
    of.split_ascii_whitespace().any(|of| names.contains(&of))
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
    let is_word = !NO_LABELS.contains(&text.trim().to_lowercase().as_str());
    let of_day = is_word && text.chars().any(char::is_lowercase) && !datelines::is_unknown_label(&text);
    of_day || authors::leads(&text)
}

/// Whether an item, as its names say, is the box that tells who wrote.
fn is_about_author(tree: &Tree<'_>, item: NodeId) -> bool {
    const NAMES: Keys = Keys::of(&[Key::Class, Key::Id]);
    let says = |names: &str| {
        let names = names.to_ascii_lowercase();
        ["author", "autor", "auteur", "byline", "bio"].iter().any(|word| names.contains(word))
    };
    // The page as a whole is called so where it lists what somebody wrote.
    let about = tree.ancestors(item).take(2).filter(|&above| !matches!(tree.tag(above), Tag::Html | Tag::Body));
    about.chain([item]).any(|id| tree.keyed(id, NAMES).any(|(_, names)| says(names)))
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

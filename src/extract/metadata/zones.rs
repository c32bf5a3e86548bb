//! Parts of a page whose names and dates are not the page's own.

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::Memo;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    Main,
    /// Comments: their names and dates count only where nothing else is found.
    Comments,
    /// Beside the text: often other pages' teasers, sometimes this page's own particulars.
    Aside,
    /// Navigation, footers, teasers of other pages.
    Chrome,
}

/// The outermost zones of a page.
pub struct Zones(Vec<(NodeId, NodeId, Zone)>);

/// Tells the zone of nodes that are asked for in document order.
pub struct Walk<'z> {
    rest: std::iter::Peekable<std::slice::Iter<'z, (NodeId, NodeId, Zone)>>,
    zone: Zone,
    end: NodeId,
}

impl Zones {
    /// A zone around the heading is none: the page's own text stands in it.
    pub fn new(tree: &Tree<'_>, heading: Option<NodeId>) -> Self {
        Self(outermost(tree, heading.unwrap_or(NodeId::MAX)))
    }

    pub fn walk(&self) -> Walk<'_> {
        Walk { rest: self.0.iter().peekable(), zone: Zone::Main, end: 0 }
    }
}

impl Walk<'_> {
    /// The zone of a node; nodes come in rising order.
    pub fn at(&mut self, id: NodeId) -> Zone {
        while let Some((_, end, zone)) = self.rest.next_if(|(start, ..)| *start <= id) {
            (self.zone, self.end) = (*zone, *end);
        }
        if id < self.end { self.zone } else { Zone::Main }
    }
}

/// The outermost zones with their intervals, in order.
fn outermost(tree: &Tree<'_>, heading: NodeId) -> Vec<(NodeId, NodeId, Zone)> {
    let mut found = Vec::new();
    let mut names = Memo::new();
    let mut id = 0;
    while id < tree.len() {
        match zone(tree, id, heading, &mut names) {
            Zone::Main => id += 1,
            _ if tree.subtree(id).contains(&heading) => id += 1,
            zone => {
                found.push((id, tree.end(id), zone));
                id = tree.end(id);
            }
        }
    }
    found
}

fn zone<'t>(tree: &'t Tree<'_>, id: NodeId, heading: NodeId, names: &mut Memo<'t, Zone>) -> Zone {
    if tree.kind(id) != NodeKind::Element {
        return Zone::Main;
    }
    match tree.tag(id) {
        // The page as a whole carries classes about its layout.
        Tag::Html | Tag::Head | Tag::Body | Tag::Main | Tag::Article | Tag::H1 | Tag::A | Tag::Time => {
            return Zone::Main;
        }
        Tag::Nav => return Zone::Chrome,
        Tag::Aside => return Zone::Aside,
        Tag::Footer
            if !tree.ancestors(id).take(64).any(|above| matches!(tree.tag(above), Tag::Article | Tag::Main)) =>
        {
            return Zone::Chrome;
        }
        _ => {}
    }
    let named = tree.keyed(id).filter(|(key, _)| matches!(key, Key::Class | Key::Id));
    let mut zones = named.map(|(_, value)| (value, names.of(value, || zone_of_names(value))));
    match zones.find(|(_, zone)| *zone != Zone::Main) {
        Some((name, Zone::Chrome)) if is_foot(name) && is_of_article(tree, id, heading) => Zone::Main,
        Some((_, zone)) => zone,
        None => Zone::Main,
    }
}

/// Whether an element stands in the article under the heading: its foot is not the page's, nor that of a teaser.
fn is_of_article(tree: &Tree<'_>, id: NodeId, heading: NodeId) -> bool {
    let is_article = |above: &NodeId| {
        let of = tree.attribute(*above, Key::Itemtype).unwrap_or_default();
        tree.tag(*above) == Tag::Article || of.ends_with("Article") || of.ends_with("BlogPosting")
    };
    tree.ancestors(id).take(64).find(is_article).is_some_and(|article| tree.subtree(article).contains(&heading))
}

/// Whether it is by the name of a foot that an element counts as chrome.
fn is_foot(names: &str) -> bool {
    let chrome = names.split_ascii_whitespace().find(|name| zone_of_name(name) != Zone::Main);
    chrome.is_some_and(|name| name.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("footer")))
}

fn zone_of_names(names: &str) -> Zone {
    names.split_ascii_whitespace().map(zone_of_name).find(|zone| *zone != Zone::Main).unwrap_or(Zone::Main)
}

/// What a class name or id says by its first word: `relatedPosts`, `related-posts` and `Related_posts` begin with
/// `related`.
fn zone_of_name(name: &str) -> Zone {
    let mut word = [0u8; 16];
    let (mut length, mut lower) = (0, false);
    for byte in name.bytes() {
        if !byte.is_ascii_alphabetic() || lower && byte.is_ascii_uppercase() {
            break;
        }
        if length == word.len() {
            return Zone::Main;
        }
        lower |= byte.is_ascii_lowercase();
        word[length] = byte.to_ascii_lowercase();
        length += 1;
    }
    match &word[..length] {
        b"comment" | b"comments" | b"respond" | b"replies" | b"disqus" | b"reviews" => Zone::Comments,
        b"related" | b"sidebar" | b"footer" | b"nav" | b"navbar" | b"navigation" | b"menu" | b"breadcrumb"
        | b"breadcrumbs" | b"popular" | b"trending" | b"newsletter" | b"recommended" | b"recommendations"
        | b"recent" | b"latest" | b"widget" | b"widgets" | b"cookie" | b"promo" | b"carousel" | b"teaser"
        | b"teasers" | b"upsell" | b"megamenu" => Zone::Chrome,
        _ => Zone::Main,
    }
}

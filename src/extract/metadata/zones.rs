//! Parts of a page whose names and dates are not the page's own.

use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

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

/// First words of class names and ids.
const COMMENTS: &[&str] = &["comment", "comments", "respond", "replies", "disqus", "reviews"];
const CHROME: &[&str] = &[
    "related",
    "sidebar",
    "footer",
    "nav",
    "navbar",
    "navigation",
    "menu",
    "breadcrumb",
    "breadcrumbs",
    "popular",
    "trending",
    "newsletter",
    "recommended",
    "recommendations",
    "recent",
    "latest",
    "widget",
    "widgets",
    "cookie",
    "promo",
    "carousel",
    "teaser",
    "teasers",
    "upsell",
    "megamenu",
];

/// Tells the zone of nodes that are asked for in document order.
pub struct Zones {
    zones: std::iter::Peekable<std::vec::IntoIter<(NodeId, NodeId, Zone)>>,
    zone: Zone,
    end: NodeId,
}

impl Zones {
    /// A zone around the heading is none: the page's own text stands in it.
    pub fn new(tree: &Tree<'_>, heading: Option<NodeId>) -> Self {
        Self { zones: outermost(tree, heading.unwrap_or(NodeId::MAX)).into_iter().peekable(), zone: Zone::Main, end: 0 }
    }

    /// The zone of a node; nodes come in rising order.
    pub fn at(&mut self, id: NodeId) -> Zone {
        while let Some((_, end, zone)) = self.zones.next_if(|(start, ..)| *start <= id) {
            (self.zone, self.end) = (zone, end);
        }
        if id < self.end { self.zone } else { Zone::Main }
    }
}

/// The outermost zones with their intervals, in order.
fn outermost(tree: &Tree<'_>, heading: NodeId) -> Vec<(NodeId, NodeId, Zone)> {
    let mut found = Vec::new();
    let mut id = 0;
    while id < tree.len() {
        match zone(tree, id) {
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

fn zone(tree: &Tree<'_>, id: NodeId) -> Zone {
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
    let names =
        ["class", "id"].into_iter().filter_map(|key| tree.attribute(id, key)).flat_map(str::split_ascii_whitespace);
    for name in names {
        let first = first_word(name);
        if COMMENTS.contains(&first.as_str()) {
            return Zone::Comments;
        }
        if CHROME.contains(&first.as_str()) {
            return Zone::Chrome;
        }
    }
    Zone::Main
}

/// `relatedPosts`, `related-posts` and `Related_posts` begin with `related`.
fn first_word(name: &str) -> String {
    let mut word = String::new();
    let mut lower = false;
    for c in name.chars().take(20) {
        if !c.is_ascii_alphabetic() || (lower && c.is_ascii_uppercase()) {
            break;
        }
        lower |= c.is_ascii_lowercase();
        word.push(c.to_ascii_lowercase());
    }
    word
}

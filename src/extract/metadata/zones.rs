//! Parts of a page whose names and dates are not the page's own.

use super::items;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::Memo;

/// What elements with one customer's review are called.
const REVIEWS: &[&str] = &["review", "review-item", "review-card", "customer-review", "user-review", "product-review"];

/// In order of how little what stands there says of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    Main,
    /// Beside the text: often other pages' teasers, sometimes this page's own particulars.
    Aside,
    /// A small part with a heading of its own, below the beginning of the text.
    Item,
    /// The same with a heading that leads to another page.
    Teaser,
    /// Navigation, footers, comments, teasers of other pages: what they name is not the page's.
    Chrome,
}

/// The outermost zones of a page.
pub struct Zones {
    zones: Vec<(NodeId, NodeId, Zone)>,
    /// Where the text begins below the heading.
    prose: NodeId,
    own_review: Option<NodeId>,
}

/// What the name of an element says of where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Main,
    /// What others say.
    Others,
    /// When something else takes place.
    Event,
    /// What one customer says.
    Review,
    Foot,
    Chrome,
}

/// Where the heading and the text below it begin; beyond all nodes where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub heading: NodeId,
    pub prose: NodeId,
}

impl Place {
    /// Whether a node stands between the heading and the text below it.
    pub fn is_above_prose(&self, id: NodeId) -> bool {
        self.prose != NodeId::MAX && (self.heading..self.prose).contains(&id)
    }
}

/// Tells the zone of nodes that are asked for in document order.
pub struct Walk<'z> {
    rest: std::iter::Peekable<std::slice::Iter<'z, (NodeId, NodeId, Zone)>>,
    /// Those that are not yet left, with their ends.
    open: Vec<(NodeId, Zone)>,
}

impl Zones {
    /// A zone around the heading is none: the page's own text stands in it. `prose` is where the text begins below it.
    pub fn new(tree: &Tree<'_>, heading: Option<NodeId>, prose: Option<NodeId>) -> Self {
        let own_review = items::own_review(tree, prose);
        let prose = prose.unwrap_or(NodeId::MAX);
        let place = Place { heading: heading.unwrap_or(NodeId::MAX), prose };
        let mut zones = outermost(tree, place);
        zones.extend(match heading {
            Some(_) => items::of_others(tree, place),
            None => items::of_index(tree),
        });
        zones.sort_by_key(|&(from, to, _)| (from, std::cmp::Reverse(to)));
        Self { zones, prose, own_review }
    }

    pub fn walk(&self) -> Walk<'_> {
        Walk { rest: self.zones.iter().peekable(), open: Vec::new() }
    }

    /// Whether a node stands below the beginning of the text.
    pub fn is_below_prose(&self, id: NodeId) -> bool {
        id > self.prose
    }

    /// The review that is the page's text, if one is.
    pub fn own_review(&self) -> Option<NodeId> {
        self.own_review
    }
}

impl Walk<'_> {
    /// The zone of a node; nodes come in rising order.
    pub fn at(&mut self, id: NodeId) -> Zone {
        while let Some((_, end, zone)) = self.rest.next_if(|(start, ..)| *start <= id) {
            self.open.push((*end, *zone));
        }
        self.open.retain(|(end, _)| id < *end);
        self.open.iter().map(|(_, zone)| *zone).max().unwrap_or(Zone::Main)
    }
}

/// The outermost zones with their intervals, in order.
fn outermost(tree: &Tree<'_>, place: Place) -> Vec<(NodeId, NodeId, Zone)> {
    let mut found = Vec::new();
    let mut names = Memo::new(tree);
    let mut id = 0;
    while id < tree.len() {
        match zone(tree, id, place, &mut names) {
            Zone::Main => id += 1,
            _ if tree.subtree(id).contains(&place.heading) => id += 1,
            zone => {
                found.push((id, tree.end(id), zone));
                id = tree.end(id);
            }
        }
    }
    found
}

fn zone(tree: &Tree<'_>, id: NodeId, place: Place, names: &mut Memo<Named>) -> Zone {
    if tree.kind(id) != NodeKind::Element {
        return Zone::Main;
    }
    match tree.tag(id) {
        // The page as a whole carries classes about its layout.
        Tag::Html | Tag::Head | Tag::Body | Tag::Main | Tag::H1 | Tag::A => {
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
    let named = tree.names(id).filter(|(key, ..)| matches!(key, Key::Class | Key::Id));
    let found =
        named.map(|(_, number, value)| names.of(number, || named_zone(value))).find(|named| *named != Named::Main);
    // Articles and dates carry classes about their standing on the page.
    let of_its_own = matches!(tree.tag(id), Tag::Article | Tag::Time);
    match found.unwrap_or(Named::Main) {
        Named::Main => Zone::Main,
        // A foot above the text is that of its heading, and an event there the page's own.
        Named::Event | Named::Review if place.is_above_prose(id) => Zone::Main,
        Named::Review if of_its_own => Zone::Main,
        Named::Others | Named::Event | Named::Review => Zone::Chrome,
        Named::Foot if place.is_above_prose(id) || is_of_article(tree, id, place.heading) => Zone::Main,
        Named::Foot | Named::Chrome if of_its_own => Zone::Main,
        Named::Foot | Named::Chrome => Zone::Chrome,
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

fn named_zone(names: &str) -> Named {
    names.split_ascii_whitespace().map(zone_of_name).find(|zone| *zone != Named::Main).unwrap_or(Named::Main)
}

/// What a class name or id says by its first word: `relatedPosts`, `related-posts` and `Related_posts` begin with
/// `related`.
fn zone_of_name(name: &str) -> Named {
    // What a critic writes may be in parts whose names begin so.
    if REVIEWS.iter().any(|review| name.eq_ignore_ascii_case(review)) {
        return Named::Review;
    }
    let mut word = [0u8; 16];
    let (mut length, mut lower) = (0, false);
    for byte in name.bytes() {
        if !byte.is_ascii_alphabetic() || lower && byte.is_ascii_uppercase() {
            break;
        }
        if length == word.len() {
            return Named::Main;
        }
        lower |= byte.is_ascii_lowercase();
        word[length] = byte.to_ascii_lowercase();
        length += 1;
    }
    match &word[..length] {
        // Comments and reviews, in the languages of site builders; calendars, which have days of their own.
        b"comment" | b"comments" | b"commentlist" | b"respond" | b"replies" | b"disqus" | b"reviews" | b"kommentar"
        | b"kommentare" | b"kommentarer" | b"commentaire" | b"commentaires" | b"comentario" | b"comentarios"
        | b"commenti" | b"commento" | b"reactie" | b"reacties" | b"komentarz" | b"komentarze" | b"komentar"
        | b"komentare" | b"komentari" | b"commentbody" | b"komment" | b"kommentek" | b"hozzaszolas"
        | b"hozzaszolasok" | b"kommentit" | b"opmerkingen" | b"comentaris" | b"yorum" | b"yorumlar" | b"tribe" => {
            Named::Others
        }
        b"event" | b"events" => Named::Event,
        b"footer" => Named::Foot,
        b"related" | b"sidebar" | b"nav" | b"navbar" | b"navigation" | b"menu" | b"breadcrumb" | b"breadcrumbs"
        | b"popular" | b"trending" | b"newsletter" | b"recommended" | b"recommendations" | b"recent" | b"latest"
        | b"widget" | b"widgets" | b"cookie" | b"promo" | b"carousel" | b"teaser" | b"teasers" | b"upsell"
        | b"megamenu" => Named::Chrome,
        _ => Named::Main,
    }
}

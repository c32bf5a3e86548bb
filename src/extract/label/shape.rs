//! The page's figures: how much text, long text and link text stands under each element.

use std::cell::OnceCell;
use std::ops::Range;

use super::zones::{Zone, Zones, all_zones};
use super::{invitation, phrases, topics};
use crate::document::{BlockKind, Reason};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::hash;
use crate::extract::sayings::Sayings;
use crate::extract::segment::{Hidden, Segment};

/// A block of this many words is prose.
pub const LONG: u32 = 20;
/// An element with this share of the page's prose is the page, not a part with a purpose of its own.
const MOST: f32 = 0.5;
/// The centre is followed down while one child holds this share of the prose.
const CENTRE: f32 = 0.6;

/// Prefix sums over the blocks and what they give.
pub struct Shape<'s, 'a> {
    pub tree: &'s Tree<'a>,
    pub segments: &'s [Segment],
    /// For each node, the first segment at or after it.
    at: Vec<u32>,
    sizes: Vec<u32>,
    links: Vec<u32>,
    longs: Vec<u32>,
    /// The element's own zones.
    pub own: Vec<Zones>,
    /// The zones of the element and all above it.
    pub above: Vec<Zones>,
    /// From the root to the centre of the prose.
    pub centre: Vec<NodeId>,
    forms: Vec<NodeId>,
    buttons: Vec<NodeId>,
    /// Fields for an address of e-mail.
    mails: Vec<NodeId>,
    /// For each block, how many before it speak of cookies; counted where it is asked.
    cookies: OnceCell<Vec<u32>>,
    /// Whether each block's words invite; found where it is asked, which is often more than once.
    invites: Vec<OnceCell<bool>>,
    /// Why a block is chrome by its words alone.
    pub chrome: Vec<Option<Reason>>,
}

/// The words of a block, with scripts that part no words counted by letters.
pub fn size(segment: &Segment) -> u32 {
    sized(&segment.text, segment.words, segment.chars)
}

/// The words of a text, counted likewise.
pub fn count(text: &str) -> u32 {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).count();
    sized(text, words as u32, text.chars().count() as u32)
}

/// Text with so few words for its letters may be in a script that parts none.
fn sized(text: &str, words: u32, chars: u32) -> u32 {
    let is_ascii = text.len() == chars as usize;
    if chars < words * 8 || is_ascii {
        return words;
    }
    words.max(text.chars().filter(|c| is_wide(*c)).count() as u32 * 2 / 3)
}

/// Letters of scripts written without spaces.
pub fn is_wide(c: char) -> bool {
    matches!(c as u32, 0xe00..=0xeff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x9fff
        | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

impl<'s, 'a> Shape<'s, 'a> {
    pub fn of(tree: &'s Tree<'a>, segments: &'s [Segment]) -> Self {
        let mut shape = Self {
            tree,
            segments,
            at: starts(tree, segments),
            sizes: vec![0],
            links: vec![0],
            longs: vec![0],
            own: all_zones(tree),
            above: Vec::new(),
            centre: Vec::new(),
            forms: tree.elements(0, Tag::Form).collect(),
            buttons: tree.elements(0, Tag::Button).collect(),
            mails: tree.elements(0, Tag::Input).filter(|&id| invitation::is_for_mail(tree, id)).collect(),
            cookies: OnceCell::new(),
            invites: vec![OnceCell::new(); segments.len()],
            chrome: segments.iter().map(|segment| phrases::chrome(&segment.text)).collect(),
        };
        shape.count();
        shape.forget_times_of_values();
        topics::forget_veils_of_labels(&mut shape);
        topics::forget(&mut shape);
        shape.above = shape.zones_above();
        shape.centre = shape.find_centre();
        shape
    }

    fn count(&mut self) {
        for segment in self.segments {
            let shown = matches!(segment.hidden, Hidden::No | Hidden::Aria) && segment.kind != BlockKind::Image;
            let size = if shown { size(segment) } else { 0 };
            let links = if shown { segment.link_words.min(size) } else { 0 };
            let long = if size >= LONG && links * 2 < size { size } else { 0 };
            for (sums, value) in [(&mut self.sizes, size), (&mut self.links, links), (&mut self.longs, long)] {
                sums.push(sums.last().expect("begins with 0") + value);
            }
        }
    }

    /// A time that is the value of a cell, a term or a definition, or what a heading says, is of their matter, not of when
    /// the page was written.
    fn forget_times_of_values(&mut self) {
        for segment in self.segments {
            use BlockKind::{Definition, Heading, TableCell, Term};
            if !matches!(segment.kind, TableCell { .. } | Term | Definition | Heading(2..)) {
                continue;
            }
            let around = self.tree.ancestors(segment.first).take_while(|&id| id >= segment.node);
            for id in around.chain(segment.first..=segment.last).filter(|&id| self.tree.tag(id) == Tag::Time) {
                self.own[id as usize] = self.own[id as usize].without(Zone::Byline);
            }
        }
    }

    /// Whether a block says what chrome says.
    pub fn is_chrome(&self, at: usize) -> bool {
        self.chrome[at].is_some()
    }

    /// Whether a form stands under a node, or is it.
    pub fn has_form(&self, id: NodeId) -> bool {
        self.has_one(&self.forms, id)
    }

    /// Whether a button stands under a node, or is it.
    pub fn has_button(&self, id: NodeId) -> bool {
        self.has_one(&self.buttons, id)
    }

    /// Whether a field for an address of e-mail stands under a node, or is it.
    pub fn asks_for_mail(&self, id: NodeId) -> bool {
        self.has_one(&self.mails, id)
    }

    fn has_one(&self, some: &[NodeId], id: NodeId) -> bool {
        let at = some.partition_point(|&one| one < id);
        some.get(at).is_some_and(|&one| one < self.tree.end(id))
    }

    /// Whether a segment under a node speaks of cookies.
    pub fn speaks_of_cookies(&self, id: NodeId) -> bool {
        static COOKIES: Sayings = Sayings::of(&["cookie", "Cookie", "COOKIE", "クッキー"]);
        let sums = self.cookies.get_or_init(|| {
            let mut sums = vec![0];
            for segment in self.segments {
                let speaks = u32::from(COOKIES.any_in(&segment.text));
                sums.push(sums.last().expect("begins with 0") + speaks);
            }
            sums
        });
        let under = self.under(id);
        sums[under.end] > sums[under.start]
    }

    /// Whether a block's words invite to a newsletter.
    pub fn invites(&self, at: usize) -> bool {
        *self.invites[at].get_or_init(|| invitation::invites(&self.segments[at].text))
    }

    /// The segments under a node.
    pub fn under(&self, id: NodeId) -> Range<usize> {
        self.at[id as usize] as usize..self.at[self.tree.end(id) as usize] as usize
    }

    pub fn words(&self, range: Range<usize>) -> u32 {
        self.sizes[range.end] - self.sizes[range.start]
    }

    pub fn link_words(&self, range: Range<usize>) -> u32 {
        self.links[range.end] - self.links[range.start]
    }

    pub fn long_words(&self, range: Range<usize>) -> u32 {
        self.longs[range.end] - self.longs[range.start]
    }

    pub fn all(&self) -> Range<usize> {
        0..self.segments.len()
    }

    pub fn size(&self, at: usize) -> u32 {
        self.words(at..at + 1)
    }

    /// Share of the range's words that stand in links.
    pub fn link_density(&self, range: Range<usize>) -> f32 {
        share(self.link_words(range.clone()), self.words(range))
    }

    /// Share of the page's prose that stands in the range.
    pub fn long_share(&self, range: Range<usize>) -> f32 {
        share(self.long_words(range), self.long_words(self.all()))
    }

    /// Share of the page's words that stand in the range.
    pub fn word_share(&self, range: Range<usize>) -> f32 {
        share(self.words(range), self.words(self.all()))
    }

    fn zones_above(&self) -> Vec<Zones> {
        let whole = [Zone::Main, Zone::Article, Zone::Body, Zone::Post, Zone::Product];
        let kept = whole.iter().fold(Zones::default(), |zones, &zone| zones.with(zone));
        let mut above: Vec<Zones> = vec![Zones::default(); self.tree.len() as usize];
        for id in 1..self.tree.len() {
            let parent = self.tree.parent(id).map_or(Zones::default(), |parent| above[parent as usize]);
            let own = self.own[id as usize];
            let own = if own.0 & !kept.0 != 0 && self.is_most(id) { Zones(own.0 & kept.0) } else { own };
            above[id as usize] = parent.and(own);
        }
        above
    }

    /// Whether the element holds most of the page's text.
    pub fn is_most(&self, id: NodeId) -> bool {
        let under = self.under(id);
        match self.long_words(self.all()) {
            0 => self.word_share(under) >= MOST,
            _ => self.long_share(under) >= MOST,
        }
    }

    fn find_centre(&self) -> Vec<NodeId> {
        let mut chain = vec![0];
        if self.long_words(self.all()) == 0 {
            return chain;
        }
        let heavy = |&child: &NodeId| {
            self.tree.kind(child) == NodeKind::Element && self.long_share(self.under(child)) >= CENTRE
        };
        let mut last = 0;
        while let Some(child) = self.tree.children(last).find(heavy) {
            chain.push(child);
            last = child;
        }
        chain
    }

    /// The element that holds the prose together.
    pub fn centre(&self) -> NodeId {
        *self.centre.last().expect("begins with the document")
    }
}

pub fn share(part: u32, whole: u32) -> f32 {
    if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
}

/// A hash of an element's tag and first class.
pub fn dress(tree: &Tree<'_>, id: NodeId) -> u32 {
    let class = tree.attribute(id, Key::Class).and_then(|names| names.split_ascii_whitespace().next());
    hash(class.unwrap_or_default().as_bytes()) as u32 ^ tree.tag(id) as u32
}

fn starts(tree: &Tree<'_>, segments: &[Segment]) -> Vec<u32> {
    let mut at = Vec::with_capacity(tree.len() as usize + 1);
    let mut next = 0;
    for id in 0..=tree.len() {
        while segments.get(next).is_some_and(|segment| segment.first < id) {
            next += 1;
        }
        at.push(next as u32);
    }
    at
}

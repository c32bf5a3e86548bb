//! The elements that hold text, each with what is known of it: one walk down the tree.

use super::super::html::{Key, Keys, NodeId, NodeKind, Number, Tag, Tree};
use super::super::memo::Memo;
use super::classes::{self, CATEGORIES, LISTS, Mask};

/// An index into [`Elements::list`].
pub type Index = u32;

/// No element.
pub const NOWHERE: Index = u32::MAX;

/// Tags whose nearest ancestor's distance is a feature.
const TAGS: [(Tag, &str); 42] = [
    (Tag::A, "a"),
    (Tag::Article, "article"),
    (Tag::Aside, "aside"),
    (Tag::Address, "address"),
    (Tag::B, "b"),
    (Tag::Blockquote, "blockquote"),
    (Tag::Button, "button"),
    (Tag::Caption, "caption"),
    (Tag::Center, "center"),
    (Tag::Code, "code"),
    (Tag::Dd, "dd"),
    (Tag::Details, "details"),
    (Tag::Dialog, "dialog"),
    (Tag::Div, "div"),
    (Tag::Dl, "dl"),
    (Tag::Dt, "dt"),
    (Tag::Em, "em"),
    (Tag::Fieldset, "fieldset"),
    (Tag::Figcaption, "figcaption"),
    (Tag::Figure, "figure"),
    (Tag::Font, "font"),
    (Tag::Footer, "footer"),
    (Tag::Form, "form"),
    (Tag::Header, "header"),
    (Tag::Label, "label"),
    (Tag::Li, "li"),
    (Tag::Main, "main"),
    (Tag::Nav, "nav"),
    (Tag::Noscript, "noscript"),
    (Tag::Ol, "ol"),
    (Tag::P, "p"),
    (Tag::Pre, "pre"),
    (Tag::Section, "section"),
    (Tag::Select, "select"),
    (Tag::Span, "span"),
    (Tag::Strong, "strong"),
    (Tag::Summary, "summary"),
    (Tag::Table, "table"),
    (Tag::Td, "td"),
    (Tag::Th, "th"),
    (Tag::Tr, "tr"),
    (Tag::Ul, "ul"),
];

const ROLES: [&str; 13] = [
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "main",
    "article",
    "dialog",
    "search",
    "menu",
    "button",
    "tabpanel",
    "listitem",
    "presentation",
];

const PROPERTIES: [&str; 8] =
    ["articlebody", "author", "datepublished", "description", "headline", "name", "comment", "review"];

const HEADINGS: usize = TAGS.len();
const ROLE: usize = HEADINGS + 1;
const PROPERTY: usize = ROLE + ROLES.len();
const HIDDEN: usize = PROPERTY + PROPERTIES.len();
const CLASS: usize = HIDDEN + 1;

/// How many distances an element carries.
pub const DISTANCES: usize = CLASS + CATEGORIES;

/// What a distance is when there is no such ancestor; also the farthest told apart.
pub const FAR: u8 = 15;

/// Levels up to the nearest element of each sort, the element itself being 0.
pub type Distances = [u8; DISTANCES];

/// Ancestors whose class tokens count towards an element's path signature.
const PATH: usize = 8;

/// An element that holds a block's text.
pub struct Element {
    pub node: NodeId,
    pub parent: Index,
    pub tag: Tag,
    pub depth: u16,
    /// The blocks below it.
    pub blocks: std::ops::Range<u32>,
    /// Tag and first class token.
    pub signature: u32,
    /// Signatures of the element and the levels above.
    pub path: u32,
    /// The same from tags alone.
    pub tag_path: u32,
    /// Element children that hold text.
    pub children: u32,
    /// How many siblings have its signature, itself included, and which of them it is.
    pub alike: u32,
    pub rank: u32,
    /// The number of the group of these siblings, below [`Elements::groups`].
    pub group: u32,
    /// Class tokens, in [`Elements::tokens`].
    pub tokens: std::ops::Range<u32>,
}

/// All elements that hold text, in document order.
#[derive(Default)]
pub struct Elements {
    pub list: Vec<Element>,
    pub distances: Vec<Distances>,
    pub tokens: Vec<u32>,
    /// Elements of each tag on the whole page.
    pub tag_counts: Vec<u32>,
    /// How many groups of like siblings there are.
    pub groups: usize,
}

impl Elements {
    /// Reads the elements above the blocks that start at `firsts`, ascending.
    pub fn of(tree: &Tree<'_>, firsts: &[NodeId]) -> Self {
        let room = firsts.len() * 3;
        let (list, distances) = (Vec::with_capacity(room), Vec::with_capacity(room));
        let mut this = Self { tag_counts: vec![0; 256], list, distances, ..Self::default() };
        let mut open: Vec<Index> = Vec::new();
        let mut known = Memo::new(tree);
        let mut from = 0;
        for node in 0..tree.len() {
            if tree.kind(node) != NodeKind::Element {
                continue;
            }
            this.tag_counts[tree.tag(node) as usize] += 1;
            from += firsts[from..].iter().take_while(|&&first| first < node).count();
            let end = tree.end(node);
            if firsts.get(from).is_none_or(|&first| first >= end) {
                continue;
            }
            let until = from + firsts[from..].partition_point(|&first| first < end);
            while open.last().is_some_and(|&above| tree.end(this.list[above as usize].node) <= node) {
                open.pop();
            }
            let parent = open.last().copied().unwrap_or(NOWHERE);
            open.push(this.list.len() as Index);
            this.add(tree, node, parent, from as u32..until as u32, &mut known);
        }
        this.count_alike();
        this
    }

    fn add(
        &mut self,
        tree: &Tree<'_>,
        node: NodeId,
        parent: Index,
        blocks: std::ops::Range<u32>,
        known: &mut Memo<Names>,
    ) {
        let first_token = self.tokens.len() as u32;
        let read = self.read(tree, node, known);
        let tag = tree.tag(node);
        let class = self.tokens.get(first_token as usize).copied().unwrap_or_default();
        let signature = mix(tag as u32, class);
        let above = self.list.get_mut(parent as usize);
        let mut depth = 0;
        if let Some(above) = above {
            above.children += 1;
            depth = above.depth + 1;
        }
        self.list.push(Element {
            node,
            parent,
            tag,
            depth,
            blocks,
            signature,
            path: 0,
            tag_path: 0,
            children: 0,
            alike: 1,
            rank: 0,
            group: 0,
            tokens: first_token..self.tokens.len() as u32,
        });
        let at = self.list.len() as Index - 1;
        let (path, tag_path) = self.paths(at);
        let element = &mut self.list[at as usize];
        (element.path, element.tag_path) = (path, tag_path);
        self.measure(parent, tag, &read);
    }

    fn read(&mut self, tree: &Tree<'_>, node: NodeId, known: &mut Memo<Names>) -> Read {
        let mut read = Read::default();
        for (key, number, value) in tree.names(node) {
            if matches!(key, Key::Class | Key::Id | Key::DataTestid | Key::DataComponent) {
                self.classify(value, number, &mut read, known);
            }
        }
        const SAID: Keys = Keys::of(&[Key::Role, Key::Itemprop, Key::Hidden, Key::AriaHidden, Key::Style]);
        for (key, value) in tree.keyed(node, SAID) {
            match key {
                Key::Role => read.role = ROLES.iter().position(|role| value.eq_ignore_ascii_case(role)),
                Key::Itemprop => read.property = PROPERTIES.iter().position(|known| value.eq_ignore_ascii_case(known)),
                Key::Hidden => read.hidden = true,
                Key::AriaHidden => read.hidden |= value == "true",
                Key::Style => read.hidden |= hides(value),
                _ => {}
            }
        }
        read
    }

    fn classify(&mut self, value: &str, number: Number, read: &mut Read, known: &mut Memo<Names>) {
        let first = self.tokens.len();
        let names = known.of(number, || {
            let mut mask = 0;
            classes::tokens(value, |token| {
                mask |= classes::categories(token);
                self.tokens.push(token);
            });
            Names { mask, first: first as u32, end: self.tokens.len() as u32 }
        });
        read.mask |= names.mask;
        // Names met before have their tokens further up.
        if names.first as usize != first {
            self.tokens.extend_from_within(names.first as usize..names.end as usize);
        }
    }

    /// Distances of the element just pushed: one more than its parent's, nothing where it is of the sort itself.
    fn measure(&mut self, parent: Index, tag: Tag, read: &Read) {
        let mut distances = match self.distances.get(parent as usize) {
            Some(above) => above.map(|far| (far + 1).min(FAR)),
            None => [FAR; DISTANCES],
        };
        if let Some(at) = place_of(tag) {
            distances[at] = 0;
        }
        if let Some(role) = read.role {
            distances[ROLE + role] = 0;
        }
        if let Some(property) = read.property {
            distances[PROPERTY + property] = 0;
        }
        if read.hidden {
            distances[HIDDEN] = 0;
        }
        let mut mask = read.mask;
        while mask != 0 {
            distances[CLASS + mask.trailing_zeros() as usize] = 0;
            mask &= mask - 1;
        }
        self.distances.push(distances);
    }

    fn paths(&self, at: Index) -> (u32, u32) {
        self.chain(at).take(PATH).fold((0, 0), |(path, tags), level| {
            let element = &self.list[level as usize];
            (mix(path, element.signature), mix(tags, element.tag as u32))
        })
    }

    /// The deepest element around the nodes from `first` to `last`.
    pub fn around(&self, tree: &Tree<'_>, first: NodeId, last: NodeId) -> Index {
        let node = tree.ancestors(first).find(|&above| tree.end(above) > last).unwrap_or_default();
        self.list.binary_search_by_key(&node, |element| element.node).unwrap_or(0) as Index
    }

    /// The element's class tokens.
    pub fn tokens_of(&self, element: &Element) -> &[u32] {
        &self.tokens[element.tokens.start as usize..element.tokens.end as usize]
    }

    /// The element and those above it, nearest first.
    pub fn chain(&self, at: Index) -> impl Iterator<Item = Index> + '_ {
        let some = |at: Index| (at != NOWHERE).then_some(at);
        std::iter::successors(some(at), move |&at| some(self.list[at as usize].parent))
    }

    fn count_alike(&mut self) {
        let mut groups = Groups::new(self.list.len());
        let mut sizes = Vec::new();
        for element in &mut self.list {
            element.group = groups.of(mix(element.parent, element.signature));
            sizes.resize(groups.len(), 0);
            element.rank = sizes[element.group as usize];
            sizes[element.group as usize] += 1;
        }
        for element in &mut self.list {
            element.alike = sizes[element.group as usize];
        }
        self.groups = groups.len();
    }
}

/// Names of the distances, in order.
pub fn names() -> Vec<String> {
    let tags = TAGS.iter().map(|(_, name)| format!("tag_{name}"));
    let roles = ROLES.iter().map(|name| format!("role_{name}"));
    let properties = PROPERTIES.iter().map(|name| format!("prop_{name}"));
    let classes = LISTS.iter().map(|(name, _)| format!("class_{name}"));
    tags.chain(["tag_heading".into()]).chain(roles).chain(properties).chain(["hidden".into()]).chain(classes).collect()
}

/// Where a tag's or a class category's distance stands.
pub fn distance_of(name: &str) -> usize {
    names().iter().position(|known| known == name).expect("asked for by a name of the lists above")
}

/// What a class list or id says: its categories, and where its tokens stand.
#[derive(Clone, Copy)]
struct Names {
    mask: Mask,
    first: u32,
    end: u32,
}

/// What an element's attributes say.
#[derive(Default)]
struct Read {
    mask: Mask,
    role: Option<usize>,
    property: Option<usize>,
    hidden: bool,
}

fn place_of(tag: Tag) -> Option<usize> {
    if tag.is_heading() {
        return Some(HEADINGS);
    }
    Some(usize::from(PLACES[tag as usize])).filter(|&at| at < TAGS.len())
}

/// Where each tag stands in [`TAGS`].
const PLACES: [u8; 256] = {
    let mut places = [u8::MAX; 256];
    let mut at = 0;
    while at < TAGS.len() {
        places[TAGS[at].0 as usize] = at as u8;
        at += 1;
    }
    places
};

fn hides(style: &str) -> bool {
    style.match_indices("none").any(|(at, _)| style[..at].trim_end_matches([' ', ':']).ends_with("display"))
}

/// Mixes two numbers into one.
pub fn mix(a: u32, b: u32) -> u32 {
    (a.rotate_left(5) ^ b).wrapping_mul(0x9E37_79B1) ^ (a >> 15)
}

/// Numbers keys by first appearance; open addressing, no allocation per key.
pub struct Groups {
    slots: Vec<(u32, u32)>,
    count: u32,
}

impl Groups {
    pub fn new(most: usize) -> Self {
        Self { slots: vec![(0, u32::MAX); (most * 2).next_power_of_two().max(16)], count: 0 }
    }

    /// The number of a key; new keys get the next.
    pub fn of(&mut self, key: u32) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = key.wrapping_mul(0x85EB_CA6B) as usize >> 7 & mask;
        loop {
            match self.slots[at] {
                (_, u32::MAX) => {
                    self.slots[at] = (key, self.count);
                    self.count += 1;
                    return self.count - 1;
                }
                (had, number) if had == key => return number,
                _ => at = (at + 1) & mask,
            }
        }
    }

    pub fn len(&self) -> usize {
        self.count as usize
    }
}

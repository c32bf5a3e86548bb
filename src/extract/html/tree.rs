//! The parsed page: an arena in document order.

use std::borrow::Cow;
use std::ops::Range;

use super::key::{Key, Keys};
use super::numbers::{Number, Numbers};
use super::tag::Tag;

/// A node's number: its place in document order. The document itself is 0.
pub type NodeId = u32;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    Document,
    Doctype,
    Element,
    Text,
    Comment,
}

/// The language an element's name is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Namespace {
    #[default]
    Html,
    Svg,
    MathMl,
}

/// A page as a tree that nothing changes.
#[derive(Debug)]
pub struct Tree<'a> {
    pub(super) nodes: Vec<Node>,
    pub(super) attributes: Vec<Attribute>,
    /// The keys that any attribute has, one bit each.
    pub(super) keys: u64,
    pub(super) tags: Tags,
    /// How many numbers the values of names have.
    pub(super) numbers: usize,
    /// The page, line ends normalised.
    pub(super) source: Cow<'a, str>,
    /// What does not stand in the source as it is: decoded references, lower-cased names, joined text.
    pub(super) decoded: String,
    pub(super) notes: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub parent: NodeId,
    pub end: NodeId,
    /// Text of a text node or comment, name of an element that `tag` does not name, name of a doctype.
    pub text: Str,
    pub attributes: Attributes,
    pub depth: u16,
    pub kind: NodeKind,
    pub tag: Tag,
    pub namespace: Namespace,
    /// On the stack of open elements; nothing once the tree is built.
    pub open: bool,
    /// Text of white space alone; known once the tree is built.
    pub blank: bool,
}

/// An attribute: its name as the tree has it, its value with references decoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    pub name: Str,
    pub value: Str,
    pub key: Key,
    /// Of a name that [`Tree::index`] has numbered.
    pub number: Number,
}

/// An interval of the tree's attributes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attributes {
    pub start: u32,
    pub count: u16,
    /// One of sixteen bits for the key of each: most look-ups are of a key that is not there.
    keys: u16,
}

/// A string of the source or of what was decoded from it: never copied, only pointed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Str {
    start: u32,
    pub len: u32,
}

/// The bit of [`Str::start`] that says: of the decoded text.
const DECODED: u32 = 1 << 31;
/// The two bits that say: a text still growing, by number. Only while the tree is built.
const GROWING: u32 = 3 << 30;

/// Where a [`Str`] points.
pub(super) enum Place {
    Source(usize),
    Decoded(usize),
    Growing(usize),
}

impl Str {
    pub fn source(start: usize, end: usize) -> Self {
        Self { start: start as u32, len: (end - start) as u32 }
    }

    pub fn decoded(start: usize, end: usize) -> Self {
        Self { start: start as u32 | DECODED, len: (end - start) as u32 }
    }

    pub fn growing(number: usize) -> Self {
        Self { start: number as u32 | GROWING, len: 0 }
    }

    #[inline]
    pub fn place(self) -> Place {
        match self.start & GROWING {
            GROWING => Place::Growing((self.start & !GROWING) as usize),
            DECODED => Place::Decoded((self.start & !DECODED) as usize),
            _ => Place::Source(self.start as usize),
        }
    }

    /// The string, once nothing grows any more.
    #[inline]
    pub fn of<'t>(self, source: &'t str, decoded: &'t str) -> &'t str {
        let (text, start) = match self.start & DECODED {
            DECODED => (decoded, (self.start & !DECODED) as usize),
            _ => (source, self.start as usize),
        };
        &text[start..start + self.len as usize]
    }

    #[inline]
    pub fn bytes_of<'t>(self, source: &'t str, decoded: &'t str) -> &'t [u8] {
        let (text, start) = match self.start & DECODED {
            DECODED => (decoded, (self.start & !DECODED) as usize),
            _ => (source, self.start as usize),
        };
        &text.as_bytes()[start..start + self.len as usize]
    }
}

impl Attributes {
    /// The attributes from `start` on.
    #[inline]
    pub fn since(start: usize, all: &[Attribute]) -> Self {
        let own = &all[start..];
        let keys = own.iter().fold(0, |keys, attribute| keys | Self::bit(attribute.key));
        Self { start: start as u32, count: own.len() as u16, keys }
    }

    #[inline]
    fn bit(key: Key) -> u16 {
        1 << (key as u8 & 15)
    }

    /// Whether one of them may have that key.
    #[inline]
    fn may_have(self, key: Key) -> bool {
        self.keys & Self::bit(key) != 0
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + usize::from(self.count)
    }
}

/// An element's name: its tag's, or, of an unknown one and SVG's `foreignObject`, as written.
#[inline]
pub(super) fn name_of<'t>(node: &Node, source: &'t str, decoded: &'t str) -> &'t str {
    match node.tag {
        Tag::Other => node.text.of(source, decoded),
        Tag::Foreignobject if node.namespace == Namespace::Svg => "foreignObject",
        tag => tag.name(),
    }
}

impl<'a> Tree<'a> {
    /// How many nodes there are; ids run from 0 to this.
    pub fn len(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// Never true: the document node is always there.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What the node is.
    #[inline]
    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.nodes[id as usize].kind
    }

    /// The element's tag; `Tag::None` for what is no element.
    #[inline]
    pub fn tag(&self, id: NodeId) -> Tag {
        self.nodes[id as usize].tag
    }

    /// The element's namespace; HTML's for what is no element.
    #[inline]
    pub fn namespace(&self, id: NodeId) -> Namespace {
        self.nodes[id as usize].namespace
    }

    /// The element's local name, lower case (SVG's `foreignObject` and its like have their capitals); empty for what is no element.
    #[inline]
    pub fn name(&self, id: NodeId) -> &str {
        let node = &self.nodes[id as usize];
        if node.kind == NodeKind::Element { name_of(node, &self.source, &self.decoded) } else { "" }
    }

    /// The text of a text node or comment; empty for what is neither.
    #[inline]
    pub fn text(&self, id: NodeId) -> &str {
        let node = &self.nodes[id as usize];
        match node.kind {
            NodeKind::Text | NodeKind::Comment => self.string(node.text),
            _ => "",
        }
    }

    /// The name a doctype gives; empty for what is no doctype.
    pub fn doctype(&self, id: NodeId) -> &str {
        let node = &self.nodes[id as usize];
        if node.kind == NodeKind::Doctype { self.string(node.text) } else { "" }
    }

    /// Levels below the document, which is 0.
    pub fn depth(&self, id: NodeId) -> u16 {
        self.nodes[id as usize].depth
    }

    /// The parent; `None` for the document.
    #[inline]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        (id != 0).then(|| self.nodes[id as usize].parent)
    }

    /// The node and all below it, as an interval of ids.
    pub fn subtree(&self, id: NodeId) -> Range<NodeId> {
        id..self.nodes[id as usize].end
    }

    /// One past the last id below the node.
    #[inline]
    pub fn end(&self, id: NodeId) -> NodeId {
        self.nodes[id as usize].end
    }

    /// The node's children, in order.
    #[inline]
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.end(id);
        let first = (id + 1 < end).then_some(id + 1);
        std::iter::successors(first, move |&child| Some(self.end(child)).filter(|&next| next < end))
    }

    /// The following sibling.
    pub fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.parent(id)?;
        Some(self.end(id)).filter(|&next| next < self.end(parent))
    }

    /// The node's ancestors, nearest first, the document last.
    #[inline]
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), move |&above| self.parent(above))
    }

    /// The element's attributes in source order: lower-case name, value with references decoded. On SVG and
    /// MathML `viewBox` and its like have their capitals, and `xlink:href` is `href`.
    #[inline]
    pub fn attributes(&self, id: NodeId) -> impl Iterator<Item = (&str, &str)> + '_ {
        self.attributes[self.nodes[id as usize].attributes.range()]
            .iter()
            .map(|attribute| (self.string(attribute.name), self.string(attribute.value)))
    }

    /// Whether the node has any attribute.
    #[inline]
    pub fn has_attributes(&self, id: NodeId) -> bool {
        !self.nodes[id as usize].attributes.range().is_empty()
    }

    /// The attributes of these keys, as [`Tree::attributes`] has them.
    #[inline]
    pub fn keyed(&self, id: NodeId, keys: Keys) -> impl Iterator<Item = (Key, &str)> + '_ {
        let own = &self.attributes[self.nodes[id as usize].attributes.range()];
        let asked = own.iter().filter(move |attribute| keys.has(attribute.key));
        asked.map(|attribute| (attribute.key, self.string(attribute.value)))
    }

    /// The keys of the element's attributes, in source order.
    #[inline]
    pub fn keys(&self, id: NodeId) -> impl Iterator<Item = Key> + '_ {
        self.attributes[self.nodes[id as usize].attributes.range()].iter().map(|attribute| attribute.key)
    }

    /// The element's names, for styles, scripts and tests: the values of [`Key::is_name`]'s attributes, each with its number.
    #[inline]
    pub fn names(&self, id: NodeId) -> impl Iterator<Item = (Key, Number, &str)> + '_ {
        let own = &self.attributes[self.nodes[id as usize].attributes.range()];
        let named = own.iter().filter(|attribute| attribute.key.is_name());
        named.map(|attribute| (attribute.key, attribute.number, self.string(attribute.value)))
    }

    /// How many numbers [`Tree::names`] have: those that are numbered have one below this.
    pub fn numbers(&self) -> usize {
        self.numbers
    }

    /// The names of the element's attributes that no [`Key`] has.
    #[inline]
    pub fn rare_names(&self, id: NodeId) -> impl Iterator<Item = &str> + '_ {
        let own = &self.attributes[self.nodes[id as usize].attributes.range()];
        own.iter().filter(|attribute| attribute.key == Key::Other).map(|attribute| self.string(attribute.name))
    }

    /// Whether any element has an attribute of that known name.
    pub fn mentions(&self, key: Key) -> bool {
        self.keys & key.bit() != 0
    }

    /// Whether the element has attributes of any of these names, for all that is cheaply told.
    #[inline]
    pub fn may_have_any(&self, id: NodeId, keys: &[Key]) -> bool {
        let own = self.nodes[id as usize].attributes;
        keys.iter().any(|&key| own.may_have(key))
    }

    /// The value of the attribute of that known name.
    #[inline]
    pub fn attribute(&self, id: NodeId, key: Key) -> Option<&str> {
        let own = self.nodes[id as usize].attributes;
        if !own.may_have(key) {
            return None;
        }
        let own = &self.attributes[own.range()];
        own.iter().find(|attribute| attribute.key == key).map(|attribute| self.string(attribute.value))
    }

    /// The value of the attribute of that lower-case name.
    pub fn attribute_named(&self, id: NodeId, name: &str) -> Option<&str> {
        match Key::of(name) {
            Key::Other => self.rare_attribute(id, name),
            key => self.attribute(id, key),
        }
    }

    /// The value of the attribute of that lower-case name, which no [`Key`] has.
    pub fn rare_attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        let own = &self.attributes[self.nodes[id as usize].attributes.range()];
        let named = |attribute: &&Attribute| {
            attribute.key == Key::Other
                && attribute.name.len as usize == name.len()
                && self.bytes(attribute.name) == name.as_bytes()
        };
        own.iter().find(named).map(|attribute| self.string(attribute.value))
    }

    /// Whether a text is white space and nothing else; also true of what is no text.
    #[inline]
    pub fn is_blank(&self, id: NodeId) -> bool {
        let node = &self.nodes[id as usize];
        match node.kind {
            NodeKind::Text => node.blank,
            NodeKind::Comment => is_blank(self.string(node.text)),
            _ => true,
        }
    }

    /// Notes what many a pass over the tree asks: which texts are blank, which elements are of a tag, and which names are
    /// alike.
    pub(super) fn index(&mut self) {
        for node in self.nodes.iter_mut().filter(|node| node.kind == NodeKind::Text) {
            node.blank = is_blank(node.text.of(&self.source, &self.decoded));
        }
        self.tags = Tags::of(&self.nodes);
        let mut numbers = Numbers::new();
        for attribute in self.attributes.iter_mut().filter(|attribute| attribute.key.is_name()) {
            attribute.number = numbers.of(attribute.value.of(&self.source, &self.decoded));
        }
        self.numbers = numbers.len();
    }

    /// All text below the node, joined without separators; scripts and styles included.
    pub fn text_content(&self, id: NodeId) -> String {
        let texts = || self.nodes[id as usize..self.end(id) as usize].iter().filter(|node| node.kind == NodeKind::Text);
        let mut content = String::with_capacity(texts().map(|node| node.text.len as usize).sum());
        texts().for_each(|node| content.push_str(self.string(node.text)));
        content
    }

    /// The elements of that tag at and below the node, in document order.
    pub fn elements(&self, id: NodeId, tag: Tag) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        self.tags.within(tag, self.subtree(id)).iter().copied()
    }

    /// The elements of any of those tags, in document order.
    pub fn elements_of(&self, tags: &[Tag]) -> Vec<NodeId> {
        let mut all: Vec<NodeId> = tags.iter().flat_map(|&tag| self.elements(0, tag)).collect();
        // Stable, for that merges what is in order already.
        all.sort();
        all
    }

    /// What the limits cut.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    #[inline]
    fn string(&self, text: Str) -> &str {
        text.of(&self.source, &self.decoded)
    }

    /// The same without asking whether characters are cut, which strings never are.
    #[inline]
    fn bytes(&self, text: Str) -> &[u8] {
        text.bytes_of(&self.source, &self.decoded)
    }
}

fn is_blank(text: &str) -> bool {
    let Some((first, rest)) = text.as_bytes().split_first() else { return true };
    if first.is_ascii_graphic() {
        return false;
    }
    // Most blanks are a line end and an indentation, which is looked at eight bytes at once.
    let indentation = rest.chunks_exact(8).take_while(|eight| *eight == [b' '; 8]).count() * 8;
    let rest = std::iter::once(first).chain(&rest[indentation..]);
    match rest.copied().find(|byte| !byte.is_ascii_whitespace()) {
        Some(byte) if byte.is_ascii_graphic() => false,
        Some(_) => text.trim().is_empty(),
        None => true,
    }
}

/// The elements by their tags.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// Those of the first tag, those of the next: each in document order.
    elements: Vec<NodeId>,
    /// Where those of each tag end.
    ends: Vec<u32>,
}

impl Tags {
    fn of(nodes: &[Node]) -> Self {
        let elements = || nodes.iter().zip(0..).filter(|(node, _)| node.kind == NodeKind::Element);
        let mut ends = vec![0; 1 + usize::from(u8::MAX)];
        elements().for_each(|(node, _)| ends[node.tag as usize] += 1);
        let mut sum = 0;
        for end in &mut ends {
            // For now where the tag begins; it ends where the last one of it has been put.
            (*end, sum) = (sum, sum + *end);
        }
        let mut placed = vec![0; sum as usize];
        for (node, id) in elements() {
            let end = &mut ends[node.tag as usize];
            placed[*end as usize] = id;
            *end += 1;
        }
        Self { elements: placed, ends }
    }

    fn within(&self, tag: Tag, nodes: Range<NodeId>) -> &[NodeId] {
        let end = |tag: usize| self.ends.get(tag).copied().unwrap_or_default() as usize;
        let before = (tag as usize).checked_sub(1).map_or(0, end);
        let all = &self.elements[before..end(tag as usize)];
        let from = all.partition_point(|&id| id < nodes.start);
        let rest = &all[from..];
        &rest[..rest.partition_point(|&id| id < nodes.end)]
    }
}

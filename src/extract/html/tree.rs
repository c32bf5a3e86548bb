//! The parsed page: an arena in document order.

use std::marker::PhantomData;
use std::ops::Range;

use super::tag::Tag;

/// A node's number: its place in document order. The document itself is 0.
pub type NodeId = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    Document,
    Doctype,
    Element,
    Text,
    Comment,
}

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
    pub(super) attributes: Vec<(Range<u32>, Range<u32>)>,
    pub(super) strings: String,
    pub(super) notes: Vec<String>,
    pub(super) source: PhantomData<&'a str>,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub kind: NodeKind,
    pub tag: Tag,
    pub namespace: Namespace,
    pub depth: u16,
    pub parent: NodeId,
    pub end: NodeId,
    /// Text of a text node or comment, name of an element.
    pub text: Range<u32>,
    pub attributes: Range<u32>,
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

    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.nodes[id as usize].kind
    }

    /// The element's tag; `Tag::None` for what is no element.
    pub fn tag(&self, id: NodeId) -> Tag {
        self.nodes[id as usize].tag
    }

    pub fn namespace(&self, id: NodeId) -> Namespace {
        self.nodes[id as usize].namespace
    }

    /// The element's local name, lower case (SVG names keep their case); empty for what is no element.
    pub fn name(&self, id: NodeId) -> &str {
        let node = &self.nodes[id as usize];
        if node.kind == NodeKind::Element { self.string(&node.text) } else { "" }
    }

    /// The text of a text node or comment; empty for what is neither.
    pub fn text(&self, id: NodeId) -> &str {
        let node = &self.nodes[id as usize];
        match node.kind {
            NodeKind::Text | NodeKind::Comment => self.string(&node.text),
            _ => "",
        }
    }

    /// Levels below the document, which is 0.
    pub fn depth(&self, id: NodeId) -> u16 {
        self.nodes[id as usize].depth
    }

    /// The parent; `None` for the document.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        (id != 0).then(|| self.nodes[id as usize].parent)
    }

    /// The node and all below it, as an interval of ids.
    pub fn subtree(&self, id: NodeId) -> Range<NodeId> {
        id..self.nodes[id as usize].end
    }

    /// One past the last id below the node.
    pub fn end(&self, id: NodeId) -> NodeId {
        self.nodes[id as usize].end
    }

    /// The node's children, in order.
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
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.parent(id), move |&above| self.parent(above))
    }

    /// The element's attributes in source order: lower-case name, value with references decoded.
    pub fn attributes(&self, id: NodeId) -> impl Iterator<Item = (&str, &str)> + '_ {
        let range = &self.nodes[id as usize].attributes;
        self.attributes[range.start as usize..range.end as usize]
            .iter()
            .map(|(name, value)| (self.string(name), self.string(value)))
    }

    /// The value of the attribute of that lower-case name.
    pub fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        self.attributes(id).find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// All text below the node, joined without separators; scripts and styles included.
    pub fn text_content(&self, id: NodeId) -> String {
        self.subtree(id).filter(|&at| self.kind(at) == NodeKind::Text).map(|at| self.text(at)).collect()
    }

    /// The elements of that tag below the node, in document order.
    pub fn elements(&self, id: NodeId, tag: Tag) -> impl Iterator<Item = NodeId> + '_ {
        self.subtree(id).filter(move |&at| self.tag(at) == tag)
    }

    /// What the limits cut.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    fn string(&self, range: &Range<u32>) -> &str {
        &self.strings[range.start as usize..range.end as usize]
    }
}

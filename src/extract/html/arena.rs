//! The tree while it is built: nodes in order of creation, and how they hang together.

use std::borrow::Cow;

use super::tag::Tag;
use super::tree::{Attribute, Attributes, Namespace, Node, NodeId, NodeKind, Place, Str, Tags, Tree, name_of};

/// No node.
pub(super) const NONE: NodeId = NodeId::MAX;

/// White space behind a paragraph is no longer.
const BLANK_BYTES_MAX: usize = 1000;

#[derive(Clone, Copy)]
struct Links {
    first: NodeId,
    last: NodeId,
    before: NodeId,
    after: NodeId,
}

const LOOSE: Links = Links { first: NONE, last: NONE, before: NONE, after: NONE };

/// A run of characters, and where in the source it stands if it does as it is.
#[derive(Clone, Copy)]
pub(super) struct Piece<'t> {
    pub text: &'t str,
    at: u32,
}

impl<'t> Piece<'t> {
    #[inline]
    pub fn source(source: &'t str, start: usize, end: usize) -> Self {
        Self { text: &source[start..end], at: start as u32 }
    }

    pub fn decoded(text: &'t str) -> Self {
        Self { text, at: u32::MAX }
    }

    /// The bytes before and from `at`.
    pub fn split(self, at: usize) -> (Self, Self) {
        let (text, rest) = self.text.split_at(at);
        let moved = if self.at == u32::MAX { u32::MAX } else { self.at + at as u32 };
        (Self { text, at: self.at }, Self { text: rest, at: moved })
    }

    pub fn string(self) -> Option<Str> {
        (self.at != u32::MAX).then(|| Str::source(self.at as usize, self.at as usize + self.text.len()))
    }
}

pub(super) struct Arena<'s> {
    source: &'s str,
    pub nodes: Vec<Node>,
    links: Vec<Links>,
    pub attributes: Vec<Attribute>,
    decoded: String,
    growing: Vec<String>,
    /// A node was put elsewhere than at the end, so creation order is not document order.
    moved: bool,
}

impl<'s> Arena<'s> {
    pub fn new(source: &'s str) -> Self {
        // Pages of the web have a node in a hundred bytes; a page of tags only grows from here.
        let guess = source.len() / 64 + 8;
        let mut arena = Self {
            source,
            nodes: Vec::with_capacity(guess),
            links: Vec::with_capacity(guess),
            attributes: Vec::with_capacity(guess),
            decoded: String::new(),
            growing: Vec::new(),
            moved: false,
        };
        arena.add(NodeKind::Document, Tag::None, Namespace::Html, Str::default(), Attributes::default());
        arena
    }

    pub fn name(&self, id: NodeId) -> &str {
        name_of(&self.nodes[id as usize], self.source, &self.decoded)
    }

    pub fn string(&self, text: Str) -> &str {
        text.of(self.source, &self.decoded)
    }

    /// Keeps a string that does not stand in the source.
    pub fn keep(&mut self, text: &str) -> Str {
        let start = self.decoded.len();
        self.decoded.push_str(text);
        Str::decoded(start, self.decoded.len())
    }

    pub fn parent(&self, id: NodeId) -> NodeId {
        self.nodes[id as usize].parent
    }

    #[inline]
    pub fn add(&mut self, kind: NodeKind, tag: Tag, namespace: Namespace, text: Str, attributes: Attributes) -> NodeId {
        let id = self.nodes.len() as NodeId;
        let node = Node {
            parent: NONE,
            end: id + 1,
            text,
            attributes,
            depth: 0,
            kind,
            tag,
            namespace,
            open: false,
            blank: false,
        };
        self.nodes.push(node);
        self.links.push(LOOSE);
        id
    }

    pub fn add_leaf(&mut self, kind: NodeKind, text: Str) -> NodeId {
        self.add(kind, Tag::None, Namespace::Html, text, Attributes::default())
    }

    /// Hangs a loose node last under the parent.
    #[inline]
    pub fn append(&mut self, parent: NodeId, id: NodeId) {
        let last = std::mem::replace(&mut self.links[parent as usize].last, id);
        self.nodes[id as usize].parent = parent;
        self.links[id as usize].before = last;
        match last {
            NONE => self.links[parent as usize].first = id,
            last => self.links[last as usize].after = id,
        }
    }

    /// Hangs a loose node before a sibling.
    pub fn insert_before(&mut self, sibling: NodeId, id: NodeId) {
        self.moved = true;
        let parent = self.parent(sibling);
        let before = std::mem::replace(&mut self.links[sibling as usize].before, id);
        self.nodes[id as usize].parent = parent;
        (self.links[id as usize].before, self.links[id as usize].after) = (before, sibling);
        match before {
            NONE => self.links[parent as usize].first = id,
            before => self.links[before as usize].after = id,
        }
    }

    pub fn detach(&mut self, id: NodeId) {
        self.moved = true;
        let parent = std::mem::replace(&mut self.nodes[id as usize].parent, NONE);
        let Links { before, after, .. } = self.links[id as usize];
        if parent == NONE {
            return;
        }
        match before {
            NONE => self.links[parent as usize].first = after,
            before => self.links[before as usize].after = after,
        }
        match after {
            NONE => self.links[parent as usize].last = before,
            after => self.links[after as usize].before = before,
        }
        (self.links[id as usize].before, self.links[id as usize].after) = (NONE, NONE);
    }

    /// Hangs all children of one node under a childless other.
    pub fn move_children(&mut self, from: NodeId, to: NodeId) {
        self.moved = true;
        let Links { first, last, .. } = self.links[from as usize];
        let mut child = first;
        while child != NONE {
            self.nodes[child as usize].parent = to;
            child = self.links[child as usize].after;
        }
        (self.links[from as usize].first, self.links[from as usize].last) = (NONE, NONE);
        (self.links[to as usize].first, self.links[to as usize].last) = (first, last);
    }

    /// Whether the node stands right after a sibling that is not empty.
    pub fn stands_after(&self, id: NodeId, before: NodeId) -> bool {
        self.links[id as usize].before == before && self.links[before as usize].first != NONE
    }

    /// Whether the child is all that the node holds, but for white space behind it.
    pub fn holds_only(&self, id: NodeId, child: NodeId) -> bool {
        let Links { first, last, .. } = self.links[id as usize];
        first == child && (last == child || self.links[child as usize].after == last && self.is_blank(last))
    }

    fn is_blank(&self, id: NodeId) -> bool {
        let Node { kind, text, .. } = self.nodes[id as usize];
        let text = match text.place() {
            _ if kind != NodeKind::Text => return false,
            Place::Growing(number) => &self.growing[number],
            _ => self.string(text),
        };
        text.len() <= BLANK_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_whitespace())
    }

    /// Hangs what a node's first child holds in that child's place.
    pub fn unwrap(&mut self, id: NodeId, child: NodeId) {
        let rest = self.links[child as usize].after;
        self.detach(child);
        if rest != NONE {
            self.detach(rest);
        }
        self.move_children(child, id);
        if rest != NONE {
            self.append(id, rest);
        }
    }

    /// Puts characters last under the parent: into the text that stands there, or a new one.
    #[inline]
    pub fn append_text(&mut self, parent: NodeId, piece: Piece<'_>) {
        let last = self.links[parent as usize].last;
        if last != NONE && self.nodes[last as usize].kind == NodeKind::Text {
            return self.extend(last, piece);
        }
        let id = self.add_text(piece);
        self.append(parent, id);
    }

    /// The same before a sibling.
    pub fn insert_text_before(&mut self, sibling: NodeId, piece: Piece<'_>) {
        let before = self.links[sibling as usize].before;
        if before != NONE && self.nodes[before as usize].kind == NodeKind::Text {
            return self.extend(before, piece);
        }
        let id = self.add_text(piece);
        self.insert_before(sibling, id);
    }

    fn add_text(&mut self, piece: Piece<'_>) -> NodeId {
        let text = piece.string().unwrap_or_else(|| self.keep(piece.text));
        self.add_leaf(NodeKind::Text, text)
    }

    /// Lengthens a text: in place where the source or the decoded text goes on, else by copying it once.
    fn extend(&mut self, id: NodeId, piece: Piece<'_>) {
        let mut text = self.nodes[id as usize].text;
        let added = piece.text.len() as u32;
        match text.place() {
            Place::Source(start) if start as u32 + text.len == piece.at => text.len += added,
            Place::Source(start) => {
                let at = self.decoded.len();
                self.decoded.push_str(&self.source[start..start + text.len as usize]);
                self.decoded.push_str(piece.text);
                text = Str::decoded(at, self.decoded.len());
            }
            Place::Decoded(start) if start + text.len as usize == self.decoded.len() => {
                self.decoded.push_str(piece.text);
                text.len += added;
            }
            Place::Decoded(start) => {
                let grown = self.decoded[start..start + text.len as usize].to_owned() + piece.text;
                self.growing.push(grown);
                text = Str::growing(self.growing.len() - 1);
            }
            Place::Growing(number) => self.growing[number].push_str(piece.text),
        }
        self.nodes[id as usize].text = text;
    }

    /// Ends the building: the nodes in document order, each with its end and depth.
    pub fn finish(mut self, depth_max: u16) -> (Tree<'static>, bool) {
        self.settle_texts();
        let cut = if !self.moved && self.close_in_order() { false } else { self.renumber(depth_max) };
        let tree = Tree {
            nodes: self.nodes,
            keys: self.attributes.iter().fold(0, |keys, attribute| keys | attribute.key.bit()),
            attributes: self.attributes,
            tags: Tags::default(),
            numbers: 0,
            source: Cow::Borrowed(""),
            decoded: self.decoded,
            notes: Vec::new(),
        };
        (tree, cut)
    }

    fn settle_texts(&mut self) {
        if self.growing.is_empty() {
            return;
        }
        for node in &mut self.nodes {
            if let Place::Growing(number) = node.text.place() {
                let start = self.decoded.len();
                self.decoded.push_str(&std::mem::take(&mut self.growing[number]));
                node.text = Str::decoded(start, self.decoded.len());
            }
        }
    }

    /// Sets ends and depths where creation order is document order, as on most pages; false where it is not.
    fn close_in_order(&mut self) -> bool {
        let count = self.nodes.len() as NodeId;
        let mut last = 0;
        for id in 1..count {
            let parent = self.nodes[id as usize].parent;
            while last != parent {
                if last == 0 {
                    return false;
                }
                self.nodes[last as usize].end = id;
                last = self.nodes[last as usize].parent;
            }
            self.nodes[id as usize].depth = self.nodes[parent as usize].depth + 1;
            last = id;
        }
        while last != NONE {
            self.nodes[last as usize].end = count;
            last = self.nodes[last as usize].parent;
        }
        true
    }

    /// Copies the nodes in document order; what lies deeper than `depth_max` hangs at that depth.
    fn renumber(&mut self, depth_max: u16) -> bool {
        let mut placed: Vec<Node> = Vec::with_capacity(self.nodes.len());
        let mut path: Vec<NodeId> = Vec::new();
        let (mut id, mut cut) = (0, false);
        'nodes: loop {
            let depth = path.len().min(usize::from(depth_max));
            cut |= depth < path.len();
            let at = placed.len() as NodeId;
            let parent = if depth == 0 { NONE } else { path[depth - 1] };
            placed.push(Node { parent, end: at + 1, depth: depth as u16, ..self.nodes[id as usize] });
            path.push(at);
            let mut next = self.links[id as usize].first;
            while next == NONE {
                let Some(done) = path.pop() else { break 'nodes };
                if path.len() < usize::from(depth_max) {
                    placed[done as usize].end = placed.len() as NodeId;
                }
                next = self.links[id as usize].after;
                if path.is_empty() {
                    break 'nodes;
                }
                if next == NONE {
                    id = self.nodes[id as usize].parent;
                }
            }
            id = next;
        }
        self.nodes = placed;
        cut
    }
}

//! Putting nodes into the tree and elements onto the stack.

use super::arena::{NONE, Piece};
use super::parser::{Parser, Raw, Start};
use super::stack::{Open, is, sets};
use super::tag::Tag;
use super::tree::{Attribute, Attributes, Namespace, NodeId, NodeKind, Str};

/// So many further `html` and `body` tags may add attributes; each is compared with all there are.
const MERGES_MAX: u32 = 1000;

/// Where the next node belongs.
enum Spot {
    LastIn(NodeId),
    Before(NodeId),
}

impl Parser<'_> {
    /// The place for a node that would go into `target`: there, or, misplaced in a table, before the table.
    #[inline]
    fn spot(&self, target: Open) -> Spot {
        if self.foster && target.is(is::FOSTERING) { self.foster_spot() } else { Spot::LastIn(target.node) }
    }

    #[cold]
    fn foster_spot(&self) -> Spot {
        let stack = &self.stack.list;
        for (at, open) in stack.iter().enumerate().rev() {
            match open.tag {
                Tag::Template => return Spot::LastIn(open.node),
                Tag::Table if self.arena.parent(open.node) != NONE => return Spot::Before(open.node),
                Tag::Table => return Spot::LastIn(stack[at - 1].node),
                _ => {}
            }
        }
        Spot::LastIn(stack[0].node)
    }

    #[inline]
    pub(super) fn insert(&mut self, target: Open, id: NodeId) {
        match self.spot(target) {
            Spot::LastIn(parent) => self.arena.append(parent, id),
            Spot::Before(table) => self.arena.insert_before(table, id),
        }
    }

    #[inline]
    pub(super) fn append_text(&mut self, piece: Piece<'_>) {
        match self.spot(self.stack.top()) {
            Spot::LastIn(parent) => self.arena.append_text(parent, piece),
            Spot::Before(table) => self.arena.insert_text_before(table, piece),
        }
    }

    pub(super) fn append_comment(&mut self, text: Str) {
        let id = self.arena.add_leaf(NodeKind::Comment, text);
        self.insert(self.stack.top(), id);
    }

    /// Puts a comment last into the document, or into the root.
    pub(super) fn append_comment_to(&mut self, parent: NodeId, text: Str) {
        let id = self.arena.add_leaf(NodeKind::Comment, text);
        self.arena.append(parent, id);
    }

    /// Makes an HTML element and opens it.
    #[inline]
    pub(super) fn open(&mut self, start: &Start) -> NodeId {
        let id = self.leaf(start);
        self.push(Open { node: id, tag: start.tag, sets: sets(start.tag) });
        id
    }

    /// Makes an HTML element that has no content.
    #[inline]
    pub(super) fn leaf(&mut self, start: &Start) -> NodeId {
        let id = self.arena.add(NodeKind::Element, start.tag, Namespace::Html, start.name, start.attributes);
        self.insert(self.stack.top(), id);
        id
    }

    /// Opens an element the page leaves out.
    pub(super) fn open_implied(&mut self, tag: Tag) -> NodeId {
        self.open(&Start::bare(tag))
    }

    /// Opens an element whose content is no markup.
    pub(super) fn open_raw(&mut self, start: &Start, raw: Raw) {
        self.open(start);
        self.raw = Some(raw);
    }

    #[inline]
    pub(super) fn push(&mut self, open: Open) {
        self.arena.nodes[open.node as usize].open = true;
        self.stack.push(open);
    }

    #[inline]
    pub(super) fn pop(&mut self) {
        if let Some(open) = self.stack.pop() {
            self.closed(open);
        }
    }

    /// Notes that an element left the stack.
    #[inline]
    pub(super) fn closed(&mut self, open: Open) {
        self.arena.nodes[open.node as usize].open = false;
        if self.flat > 0 && self.stack.len() < self.limits.open_elements {
            self.flat = 0;
            self.flat_by_tag.fill(0);
        }
    }

    pub(super) fn remove_from_stack(&mut self, node: NodeId) {
        if let Some(at) = self.stack.position(node) {
            let open = self.stack.remove(at);
            self.closed(open);
        }
    }

    /// Closes elements until only so many are open.
    pub(super) fn truncate(&mut self, len: usize) {
        while self.stack.len() > len.max(1) {
            self.pop();
        }
    }

    /// Closes elements up to one of the set, which stays.
    pub(super) fn pop_to(&mut self, set: u32) {
        while self.stack.len() > 1 && !self.stack.top().is(set) {
            self.pop();
        }
    }

    /// Closes elements up to and with one of the set.
    pub(super) fn pop_through_set(&mut self, set: u32) {
        self.pop_to(set);
        self.pop();
    }

    /// Closes elements up to and with the one of that tag.
    pub(super) fn pop_through(&mut self, tag: Tag) {
        while self.stack.len() > 1 && self.stack.top().tag != tag {
            self.pop();
        }
        self.pop();
    }

    /// Closes elements whose end tags may be missing, all but one tag.
    pub(super) fn close_implied(&mut self, except: Tag) {
        while self.stack.top().is(is::IMPLIED_END) && self.stack.top().tag != except {
            self.pop();
        }
    }

    pub(super) fn close_thoroughly_implied(&mut self) {
        while self.stack.top().is(is::THOROUGHLY_IMPLIED_END) {
            self.pop();
        }
    }

    pub(super) fn close_paragraph(&mut self) {
        self.close_implied(Tag::P);
        self.pop_through(Tag::P);
    }

    #[inline]
    pub(super) fn close_open_paragraph(&mut self) {
        if self.stack.in_scope(Tag::P, is::BUTTON_SCOPE) {
            self.close_paragraph();
        }
    }

    /// Gives the root or the body the attributes that it does not have yet.
    pub(super) fn add_attributes_of_page(&mut self, id: NodeId, start: &Start) {
        if self.merges >= MERGES_MAX {
            self.cuts.attributes = true;
            return;
        }
        self.merges += 1;
        let missing = self.missing_attributes(id, start.attributes);
        if missing.is_empty() {
            return;
        }
        // Only lists with something new are copied, at most so many times as there may be attributes.
        let had = self.arena.nodes[id as usize].attributes;
        let at = self.arena.attributes.len();
        self.arena.attributes.extend_from_within(had.range());
        self.arena.attributes.extend_from_slice(&missing);
        self.arena.nodes[id as usize].attributes = Attributes::since(at, &self.arena.attributes);
    }

    fn missing_attributes(&self, id: NodeId, added: Attributes) -> Vec<Attribute> {
        let had = self.arena.nodes[id as usize].attributes;
        let has = |new: &&Attribute| {
            let name = self.arena.string(new.name);
            self.arena.attributes[had.range()].iter().any(|had| self.arena.string(had.name) == name)
        };
        let room = self.limits.attributes.saturating_sub(had.count);
        self.arena.attributes[added.range()].iter().filter(|new| !has(new)).copied().take(usize::from(room)).collect()
    }
}

impl Start {
    /// A tag without attributes.
    pub fn bare(tag: Tag) -> Self {
        Self { tag, name: Str::default(), attributes: Attributes::default(), self_closing: false }
    }
}

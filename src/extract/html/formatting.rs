//! The list of active formatting elements: what is opened again after a block cut it, and the adoption
//! agency, which untangles end tags that come in the wrong order.

use super::arena::NONE;
use super::parser::{End, Parser, Start};
use super::stack::{Open, is, sets};
use super::tag::Tag;
use super::tree::{Namespace, NodeId, NodeKind, Str};

/// So many equal formatting elements are opened again; more mean nothing.
const EQUAL_MAX: usize = 3;

/// Rounds and steps of the adoption agency, as the standard has them.
const ROUNDS: usize = 8;
const STEPS: usize = 3;

/// A paragraph that the adoption agency moved out of a formatting element.
pub(super) struct Adopted {
    /// What it stood in.
    element: NodeId,
    block: NodeId,
    /// The copy of the element around what the paragraph held then.
    copy: NodeId,
}

impl Parser<'_> {
    pub(super) fn push_marker(&mut self) {
        self.formatting.push(NONE);
    }

    pub(super) fn clear_to_marker(&mut self) {
        while self.formatting.pop().is_some_and(|node| node != NONE) {}
    }

    /// Opens a formatting element and remembers it.
    pub(super) fn open_formatting(&mut self, start: &Start) {
        self.drop_equal(start);
        let id = self.open(start);
        self.formatting.push(id);
    }

    /// Where the entries since the last marker begin.
    fn since_marker(&self) -> usize {
        self.formatting.iter().rposition(|&node| node == NONE).map_or(0, |at| at + 1)
    }

    /// Makes room: forgets the first of three equal entries, or of too many.
    fn drop_equal(&mut self, start: &Start) {
        let from = self.since_marker();
        let equal = |&at: &usize| self.is_equal(self.formatting[at], start);
        let mut equals = (from..self.formatting.len()).filter(equal);
        if let Some(first) = equals.next().filter(|_| equals.count() + 1 >= EQUAL_MAX) {
            self.formatting.remove(first);
        }
        if self.formatting.len() - from >= self.limits.formatting {
            self.cuts.formatting = true;
            self.formatting.remove(from);
        }
    }

    /// Whether the element has the tag's name and attributes, in whatever order.
    fn is_equal(&self, node: NodeId, start: &Start) -> bool {
        let node = &self.arena.nodes[node as usize];
        if node.tag != start.tag || node.attributes.count != start.attributes.count {
            return false;
        }
        let string = |text| self.arena.string(text);
        let had = &self.arena.attributes[node.attributes.range()];
        self.arena.attributes[start.attributes.range()].iter().all(|new| {
            had.iter().any(|had| string(had.name) == string(new.name) && string(had.value) == string(new.value))
        })
    }

    #[inline]
    fn is_marker_or_open(&self, node: NodeId) -> bool {
        node == NONE || self.arena.nodes[node as usize].open
    }

    /// Opens again what a block closed too early.
    #[inline]
    pub(super) fn reconstruct(&mut self) {
        if self.formatting.last().is_some_and(|&last| !self.is_marker_or_open(last)) {
            self.reopen_formatting();
        }
    }

    fn reopen_formatting(&mut self) {
        if self.stack.len() >= self.limits.open_elements {
            self.cuts.depth = true;
            return;
        }
        let from = self.formatting.iter().rposition(|&node| self.is_marker_or_open(node)).map_or(0, |at| at + 1);
        for at in from..self.formatting.len() {
            let id = self.copy(self.formatting[at]);
            let tag = self.arena.nodes[id as usize].tag;
            self.insert(self.stack.top(), id);
            self.push(Open { node: id, tag, sets: sets(tag) });
            self.formatting[at] = id;
        }
    }

    /// A new element with the name and attributes of another.
    fn copy(&mut self, node: NodeId) -> NodeId {
        let node = self.arena.nodes[node as usize];
        self.arena.add(NodeKind::Element, node.tag, Namespace::Html, node.text, node.attributes)
    }

    fn formatting_position(&mut self, node: NodeId) -> Option<usize> {
        let at = self.formatting.iter().rposition(|&entry| entry == node);
        self.stack.steps += (self.formatting.len() - at.unwrap_or(0)) as u64;
        at
    }

    pub(super) fn forget_formatting(&mut self, node: NodeId) {
        if let Some(at) = self.formatting_position(node) {
            self.formatting.remove(at);
        }
    }

    /// The latest formatting element of that tag since the last marker.
    pub(super) fn formatting_of(&self, tag: Tag) -> Option<usize> {
        let from = self.since_marker();
        let entries = &self.formatting[from..];
        entries.iter().rposition(|&node| self.arena.nodes[node as usize].tag == tag).map(|at| from + at)
    }

    /// Handles the end tag of a formatting element.
    pub(super) fn adoption_agency(&mut self, tag: Tag) {
        let top = self.stack.top();
        if top.tag == tag && self.formatting_position(top.node).is_none() {
            return self.pop();
        }
        for _ in 0..ROUNDS {
            if !self.adopt(tag) {
                return;
            }
        }
    }

    /// One round; whether there may be another.
    fn adopt(&mut self, tag: Tag) -> bool {
        let Some(entry) = self.formatting_of(tag) else {
            self.any_other_end(&End { tag, name: Str::default() });
            return false;
        };
        let element = self.formatting[entry];
        let Some(stack_at) = self.stack.position(element) else {
            self.formatting.remove(entry);
            return false;
        };
        // The element itself is never a bound of the scope.
        let between = &self.stack.list[stack_at..];
        self.stack.steps += between.len() as u64;
        if between.iter().any(|open| open.is(is::SCOPE)) {
            return false;
        }
        let Some(block_at) = between.iter().position(|open| open.is(is::SPECIAL)).map(|at| stack_at + at) else {
            self.truncate(stack_at);
            self.formatting.remove(entry);
            return false;
        };
        self.adopt_block(element, stack_at, block_at);
        true
    }

    /// Moves the block out of the element, and its content into a copy of the element.
    fn adopt_block(&mut self, element: NodeId, stack_at: usize, block_at: usize) {
        let ancestor = self.stack.list[stack_at - 1];
        let block = self.stack.list[block_at].node;
        let (last, bookmark) = self.adopt_between(element, block, block_at);
        self.arena.detach(last);
        self.insert(ancestor, last);
        let copy = self.copy(element);
        self.arena.move_children(block, copy);
        self.arena.append(block, copy);
        if self.arena.nodes[block as usize].tag == Tag::P {
            self.adopted.push(Adopted { element, block, copy });
        }
        match bookmark.and_then(|bookmark| self.formatting_position(bookmark)) {
            Some(at) => {
                self.formatting.insert(at + 1, copy);
                self.forget_formatting(element);
            }
            None => {
                let at = self.formatting_position(element).expect("adopted because it is in the list");
                self.formatting[at] = copy;
            }
        }
        self.remove_from_stack(element);
        let at = self.stack.position(block).expect("the block stays open");
        let tag = self.arena.nodes[copy as usize].tag;
        self.arena.nodes[copy as usize].open = true;
        self.stack.insert(at + 1, Open { node: copy, tag, sets: sets(tag) });
    }

    /// Copies the formatting elements between the element and the block around the block; the outermost
    /// copy, and the innermost, after which the element's own copy goes in the list.
    fn adopt_between(&mut self, element: NodeId, block: NodeId, block_at: usize) -> (NodeId, Option<NodeId>) {
        let (mut last, mut bookmark) = (block, None);
        let mut at = block_at;
        for step in 1.. {
            at -= 1;
            let node = self.stack.list[at].node;
            if node == element {
                break;
            }
            let entry = self.formatting_position(node);
            let Some(entry) = entry.filter(|_| step <= STEPS) else {
                entry.map(|entry| self.formatting.remove(entry));
                let open = self.stack.remove(at);
                self.closed(open);
                continue;
            };
            let copy = self.copy(node);
            self.arena.nodes[node as usize].open = false;
            self.arena.nodes[copy as usize].open = true;
            self.stack.list[at].node = copy;
            self.formatting[entry] = copy;
            bookmark = bookmark.or(Some(copy));
            self.arena.detach(last);
            self.arena.append(copy, last);
            last = copy;
        }
        (last, bookmark)
    }

    /// Puts paragraphs back whose end tag was left out, where nothing of them follows the element's end: the end of
    /// `<font>one<p>two<p>three</font>` ends the last paragraph first, as the start of each ended the one before. The
    /// standard makes that one a stranger to the others.
    pub(super) fn put_back(&mut self) {
        for Adopted { element, block, copy } in std::mem::take(&mut self.adopted).into_iter().rev() {
            if self.arena.stands_after(block, element) && self.arena.holds_only(block, copy) {
                self.arena.unwrap(block, copy);
                self.arena.detach(block);
                self.arena.append(element, block);
            }
        }
    }
}

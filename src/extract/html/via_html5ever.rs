//! The tree by html5ever: the reference our own parser is held against.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::ops::Range;

use html5ever::interface::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, QualName, ns, parse_document};

use super::tag::Tag;
use super::tree::{Namespace, Node, NodeKind, Tree};

struct Raw {
    kind: NodeKind,
    name: Option<QualName>,
    text: String,
    attributes: Vec<Attribute>,
    parent: Option<usize>,
    children: Vec<usize>,
    template: Option<usize>,
}

struct Sink {
    nodes: RefCell<Vec<Raw>>,
    quirks: Cell<QuirksMode>,
}

impl Sink {
    fn new_node(&self, kind: NodeKind, name: Option<QualName>, text: String, attributes: Vec<Attribute>) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Raw { kind, name, text, attributes, parent: None, children: Vec::new(), template: None });
        nodes.len() - 1
    }

    fn detach(&self, id: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            nodes[parent].children.retain(|&child| child != id);
        }
    }

    fn insert(&self, parent: usize, at: usize, child: NodeOrText<usize>) {
        match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                let mut nodes = self.nodes.borrow_mut();
                let at = at.min(nodes[parent].children.len());
                nodes[id].parent = Some(parent);
                nodes[parent].children.insert(at, id);
            }
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|at| self.nodes.borrow()[parent].children.get(at).copied());
                if let Some(before) = before.filter(|&id| self.nodes.borrow()[id].kind == NodeKind::Text) {
                    self.nodes.borrow_mut()[before].text.push_str(&text);
                    return;
                }
                let id = self.new_node(NodeKind::Text, None, text.to_string(), Vec::new());
                let mut nodes = self.nodes.borrow_mut();
                nodes[id].parent = Some(parent);
                nodes[parent].children.insert(at, id);
            }
        }
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Vec<Raw>;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Vec<Raw> {
        self.nodes.into_inner()
    }
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn get_document(&self) -> usize {
        0
    }
    fn elem_name<'a>(&'a self, target: &'a usize) -> ExpandedName<'a> {
        let nodes = self.nodes.borrow();
        let name = nodes[*target].name.clone().expect("only elements are asked for their name");
        // The arena may move while the name is borrowed, so hand out a leaked-free copy with static parts.
        let QualName { ns, local, .. } = Box::leak(Box::new(name));
        ExpandedName { ns, local }
    }
    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> usize {
        let id = self.new_node(NodeKind::Element, Some(name), String::new(), attributes);
        if flags.template {
            let content = self.new_node(NodeKind::Document, None, String::new(), Vec::new());
            self.nodes.borrow_mut()[id].template = Some(content);
        }
        id
    }
    fn create_comment(&self, text: StrTendril) -> usize {
        self.new_node(NodeKind::Comment, None, text.to_string(), Vec::new())
    }
    fn create_pi(&self, _: StrTendril, data: StrTendril) -> usize {
        self.new_node(NodeKind::Comment, None, data.to_string(), Vec::new())
    }
    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        let at = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, at, child);
    }
    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        if self.nodes.borrow()[*element].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }
    fn append_doctype_to_document(&self, name: StrTendril, _: StrTendril, _: StrTendril) {
        let id = self.new_node(NodeKind::Doctype, None, name.to_string(), Vec::new());
        self.insert(0, usize::MAX, NodeOrText::AppendNode(id));
    }
    fn get_template_contents(&self, target: &usize) -> usize {
        self.nodes.borrow()[*target].template.expect("only templates are asked for their contents")
    }
    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }
    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.quirks.set(mode);
    }
    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(id) = child {
            self.detach(id);
        }
        let (parent, at) = {
            let nodes = self.nodes.borrow();
            let parent = nodes[*sibling].parent.expect("a sibling has a parent");
            let at = nodes[parent].children.iter().position(|id| id == sibling);
            (parent, at.expect("a parent knows its children"))
        };
        self.insert(parent, at, child);
    }
    fn add_attrs_if_missing(&self, target: &usize, attributes: Vec<Attribute>) {
        let node = &mut self.nodes.borrow_mut()[*target];
        for attribute in attributes {
            if !node.attributes.iter().any(|had| had.name == attribute.name) {
                node.attributes.push(attribute);
            }
        }
    }
    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }
    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let children = std::mem::take(&mut self.nodes.borrow_mut()[*node].children);
        let mut nodes = self.nodes.borrow_mut();
        for &child in &children {
            nodes[child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }
}

/// Parses a page with scripting off, so `noscript` holds elements.
pub fn parse(source: &str) -> Tree<'_> {
    let document = Raw {
        kind: NodeKind::Document,
        name: None,
        text: String::new(),
        attributes: Vec::new(),
        parent: None,
        children: Vec::new(),
        template: None,
    };
    let sink = Sink { nodes: RefCell::new(vec![document]), quirks: Cell::new(QuirksMode::NoQuirks) };
    let mut options = html5ever::ParseOpts::default();
    options.tree_builder.scripting_enabled = false;
    number(&parse_document(sink, options).one(source))
}

/// Copies the raw nodes in document order; the contents of a template stand as its children.
fn number<'a>(raw: &[Raw]) -> Tree<'a> {
    let mut tree = Tree {
        nodes: Vec::with_capacity(raw.len()),
        attributes: Vec::new(),
        strings: String::new(),
        notes: Vec::new(),
        source: PhantomData,
    };
    let mut stack = vec![(0usize, 0u32, 0u16, false)];
    while let Some((id, parent, depth, done)) = stack.pop() {
        if done {
            tree.nodes[parent as usize].end = tree.nodes.len() as u32;
            continue;
        }
        let at = tree.nodes.len() as u32;
        push(&mut tree, &raw[id], parent, depth);
        stack.push((id, at, depth, true));
        let content = raw[id].template.map(|content| raw[content].children.as_slice()).unwrap_or_default();
        for &child in content.iter().rev().chain(raw[id].children.iter().rev()) {
            stack.push((child, at, depth.saturating_add(1), false));
        }
    }
    tree
}

fn push(tree: &mut Tree<'_>, raw: &Raw, parent: u32, depth: u16) {
    let mut keep = |text: &str| -> Range<u32> {
        let start = tree.strings.len() as u32;
        tree.strings.push_str(text);
        start..tree.strings.len() as u32
    };
    let name = raw.name.as_ref().map(|name| &*name.local);
    let text = keep(name.unwrap_or(&raw.text));
    let first = tree.attributes.len() as u32;
    for attribute in &raw.attributes {
        let name = keep(&attribute.name.local);
        let value = keep(&attribute.value);
        tree.attributes.push((name, value));
    }
    let namespace = match raw.name.as_ref().map(|name| &name.ns) {
        Some(ns) if *ns == ns!(svg) => Namespace::Svg,
        Some(ns) if *ns == ns!(mathml) => Namespace::MathMl,
        _ => Namespace::Html,
    };
    tree.nodes.push(Node {
        kind: raw.kind,
        tag: name.map_or(Tag::None, Tag::of),
        namespace,
        depth,
        parent,
        end: tree.nodes.len() as u32 + 1,
        text,
        attributes: first..tree.attributes.len() as u32,
    });
}

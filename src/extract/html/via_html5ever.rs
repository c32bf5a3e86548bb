//! The tree by html5ever: the reference our own parser is held against.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::interface::tree_builder::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, QualName, ns, parse_document};

use super::key::Key;
use super::numbers::Number;
use super::tag::Tag;
use super::tree::{Attribute as Kept, Attributes, Namespace, Node, NodeKind, Str, Tags, Tree};

/// No node: the end of a sibling chain, or a node outside the tree.
const NONE: usize = usize::MAX;

/// A node while the tree still changes: siblings are a chain, so nothing is ever searched.
struct Raw {
    kind: NodeKind,
    name: Option<QualName>,
    text: String,
    attributes: Vec<Attribute>,
    parent: usize,
    first: usize,
    last: usize,
    before: usize,
    after: usize,
    template: usize,
    integration_point: bool,
}

/// A copy of an element's name: two atoms, so nothing of the arena stays borrowed.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &html5ever::Namespace {
        &self.0.ns
    }
    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

struct Sink {
    nodes: RefCell<Vec<Raw>>,
}

impl Raw {
    fn new(kind: NodeKind, text: String) -> Self {
        Self {
            kind,
            name: None,
            text,
            attributes: Vec::new(),
            parent: NONE,
            first: NONE,
            last: NONE,
            before: NONE,
            after: NONE,
            template: NONE,
            integration_point: false,
        }
    }
}

impl Sink {
    fn add(&self, node: Raw) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(node);
        nodes.len() - 1
    }

    fn detach(&self, id: usize) {
        let nodes = &mut *self.nodes.borrow_mut();
        let (parent, before, after) = (nodes[id].parent, nodes[id].before, nodes[id].after);
        if parent == NONE {
            return;
        }
        match before {
            NONE => nodes[parent].first = after,
            before => nodes[before].after = after,
        }
        match after {
            NONE => nodes[parent].last = before,
            after => nodes[after].before = before,
        }
        (nodes[id].parent, nodes[id].before, nodes[id].after) = (NONE, NONE, NONE);
    }

    /// Puts the child before `after`, or last.
    fn insert(&self, parent: usize, after: usize, child: NodeOrText<usize>) {
        let before = match after {
            NONE => self.nodes.borrow()[parent].last,
            after => self.nodes.borrow()[after].before,
        };
        let id = match child {
            NodeOrText::AppendNode(id) => id,
            NodeOrText::AppendText(text) => {
                if before != NONE && self.nodes.borrow()[before].kind == NodeKind::Text {
                    self.nodes.borrow_mut()[before].text.push_str(&text);
                    return;
                }
                self.add(Raw::new(NodeKind::Text, text.to_string()))
            }
        };
        self.link(parent, before, id, after);
    }

    fn link(&self, parent: usize, before: usize, id: usize, after: usize) {
        let nodes = &mut *self.nodes.borrow_mut();
        (nodes[id].parent, nodes[id].before, nodes[id].after) = (parent, before, after);
        match before {
            NONE => nodes[parent].first = id,
            before => nodes[before].after = id,
        }
        match after {
            NONE => nodes[parent].last = id,
            after => nodes[after].before = id,
        }
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Vec<Raw>;
    type ElemName<'a> = Name;

    fn finish(self) -> Vec<Raw> {
        self.nodes.into_inner()
    }
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn get_document(&self) -> usize {
        0
    }
    fn elem_name<'a>(&'a self, target: &'a usize) -> Name {
        Name(self.nodes.borrow()[*target].name.clone().expect("only elements are asked for their name"))
    }
    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> usize {
        let template = match flags.template {
            true => self.add(Raw::new(NodeKind::Document, String::new())),
            false => NONE,
        };
        self.add(Raw {
            name: Some(name),
            attributes,
            template,
            integration_point: flags.mathml_annotation_xml_integration_point,
            ..Raw::new(NodeKind::Element, String::new())
        })
    }
    fn create_comment(&self, text: StrTendril) -> usize {
        self.add(Raw::new(NodeKind::Comment, text.to_string()))
    }
    fn create_pi(&self, _: StrTendril, data: StrTendril) -> usize {
        self.create_comment(data)
    }
    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(id) = child {
            self.detach(id);
        }
        self.insert(*parent, NONE, child);
    }
    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        let outside = self.nodes.borrow()[*element].parent == NONE;
        if !outside {
            return self.append_before_sibling(element, child);
        }
        self.append(previous, child);
    }
    fn append_doctype_to_document(&self, name: StrTendril, _: StrTendril, _: StrTendril) {
        let id = self.add(Raw::new(NodeKind::Doctype, name.to_string()));
        self.insert(0, NONE, NodeOrText::AppendNode(id));
    }
    fn get_template_contents(&self, target: &usize) -> usize {
        self.nodes.borrow()[*target].template
    }
    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(id) = child {
            self.detach(id);
        }
        let parent = self.nodes.borrow()[*sibling].parent;
        self.insert(parent, *sibling, child);
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
        let nodes = &mut *self.nodes.borrow_mut();
        let (first, last) = (nodes[*node].first, nodes[*node].last);
        if first == NONE {
            return;
        }
        let mut child = first;
        while child != NONE {
            nodes[child].parent = *new_parent;
            child = nodes[child].after;
        }
        (nodes[*node].first, nodes[*node].last) = (NONE, NONE);
        let before = nodes[*new_parent].last;
        nodes[first].before = before;
        match before {
            NONE => nodes[*new_parent].first = first,
            before => nodes[before].after = first,
        }
        nodes[*new_parent].last = last;
    }
    fn is_mathml_annotation_xml_integration_point(&self, target: &usize) -> bool {
        self.nodes.borrow()[*target].integration_point
    }
}

/// Parses a page with scripting off, so `noscript` holds elements.
pub fn parse(source: &str) -> Tree<'_> {
    let sink = Sink { nodes: RefCell::new(vec![Raw::new(NodeKind::Document, String::new())]) };
    let mut options = html5ever::ParseOpts::default();
    options.tree_builder.scripting_enabled = false;
    number(&parse_document(sink, options).one(source))
}

/// Copies the raw nodes in document order; the contents of a template stand as its children.
fn number<'a>(raw: &[Raw]) -> Tree<'a> {
    let mut tree = Tree {
        keys: 0,
        tags: Tags::default(),
        numbers: 0,
        nodes: Vec::with_capacity(raw.len()),
        attributes: Vec::new(),
        source: Cow::Borrowed(""),
        decoded: String::new(),
        notes: Vec::new(),
    };
    // A node comes up twice: to be copied, then, when all below it is, for its end.
    let mut stack = vec![(0usize, 0u32, 0u16, false)];
    while let Some((id, parent, depth, done)) = stack.pop() {
        if done {
            tree.nodes[parent as usize].end = tree.nodes.len() as u32;
            continue;
        }
        let at = tree.nodes.len() as u32;
        push(&mut tree, &raw[id], parent, depth);
        stack.push((id, at, depth, true));
        for holder in [id, raw[id].template].into_iter().filter(|&holder| holder != NONE) {
            let mut child = raw[holder].last;
            while child != NONE {
                stack.push((child, at, depth.saturating_add(1), false));
                child = raw[child].before;
            }
        }
    }
    tree.index();
    tree
}

fn push(tree: &mut Tree<'_>, raw: &Raw, parent: u32, depth: u16) {
    let mut keep = |text: &str| {
        let start = tree.decoded.len();
        tree.decoded.push_str(text);
        Str::decoded(start, tree.decoded.len())
    };
    let name = raw.name.as_ref().map(|name| &*name.local);
    let text = keep(name.unwrap_or(&raw.text));
    let start = tree.attributes.len();
    for attribute in &raw.attributes {
        let (name, value) = (keep(&attribute.name.local), keep(&attribute.value));
        let key = Key::of(&attribute.name.local);
        tree.keys |= key.bit();
        tree.attributes.push(Kept { name, value, key, number: Number::default() });
    }
    let namespace = match raw.name.as_ref().map(|name| &name.ns) {
        Some(ns) if *ns == ns!(svg) => Namespace::Svg,
        Some(ns) if *ns == ns!(mathml) => Namespace::MathMl,
        _ => Namespace::Html,
    };
    tree.nodes.push(Node {
        parent,
        end: tree.nodes.len() as u32 + 1,
        text,
        attributes: Attributes::since(start, &tree.attributes),
        depth,
        kind: raw.kind,
        tag: name.map_or(Tag::None, |name| Tag::of(&name.to_ascii_lowercase())),
        namespace,
        open: false,
        blank: false,
    });
}

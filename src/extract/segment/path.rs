//! The place of an element in the page, as `html/body/main/p[2]`.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::document::NodePath;
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

/// A path names only its last steps beyond this depth.
const STEPS_MAX: usize = 48;
/// Siblings are told apart by name up to this many names under one parent.
const NAMES_MAX: usize = 32;
/// Bytes of a usual step.
const STEP_BYTES: usize = 7;

/// Which sibling of its name each element is, from 1.
pub struct Paths(Vec<u32>);

/// Counts of the names seen so far among one element's children.
#[derive(Default)]
struct Level {
    end: NodeId,
    seen: Vec<(u64, u32)>,
}

impl Paths {
    /// Numbers all elements, in one pass.
    pub fn of(tree: &Tree<'_>) -> Self {
        let mut numbers = vec![0; tree.len() as usize];
        let mut levels = vec![Level { end: tree.end(0), seen: Vec::new() }];
        let mut depth = 1;
        for id in 1..tree.len() {
            while levels[depth - 1].end <= id {
                depth -= 1;
            }
            if tree.kind(id) != NodeKind::Element {
                continue;
            }
            numbers[id as usize] = levels[depth - 1].count(name_key(tree, id));
            if levels.len() == depth {
                levels.push(Level::default());
            }
            levels[depth].end = tree.end(id);
            levels[depth].seen.clear();
            depth += 1;
        }
        Self(numbers)
    }

    /// A way through the page that gives the paths of elements one after the other.
    pub fn trail<'p, 'a>(&'p self, tree: &'p Tree<'a>) -> Trail<'p, 'a> {
        Trail { paths: self, tree, open: Vec::new(), text: String::new() }
    }

    /// The path of an element.
    pub fn path(&self, tree: &Tree<'_>, id: NodeId) -> NodePath {
        let mut steps = [0; STEPS_MAX];
        let mut count = 0;
        for step in std::iter::once(id).chain(tree.ancestors(id)).take(STEPS_MAX) {
            steps[count] = step;
            count += 1;
        }
        let whole = count > 0 && steps[count - 1] == 0;
        let steps = &steps[..count - usize::from(whole)];
        let mut path = String::with_capacity(steps.len() * STEP_BYTES);
        path.push_str(if whole { "" } else { "…/" });
        for (n, &step) in steps.iter().rev().enumerate() {
            if n > 0 {
                path.push('/');
            }
            self.push_step(tree, step, &mut path);
        }
        NodePath(path)
    }

    fn push_step(&self, tree: &Tree<'_>, step: NodeId, path: &mut String) {
        path.push_str(tree.name(step));
        let number = self.0[step as usize];
        if number > 1 {
            path.push('[');
            push_number(path, number);
            path.push(']');
        }
    }
}

/// The path told last: the next one most often shares all but its last steps.
pub struct Trail<'p, 'a> {
    paths: &'p Paths,
    tree: &'p Tree<'a>,
    /// The elements of the path, outermost first, each with the bytes of the path before it.
    open: Vec<(NodeId, usize)>,
    text: String,
}

impl Trail<'_, '_> {
    /// The path of an element.
    pub fn path(&mut self, id: NodeId) -> NodePath {
        if usize::from(self.tree.depth(id)) >= STEPS_MAX {
            return self.paths.path(self.tree, id);
        }
        while let Some(&(_, before)) = self.open.last().filter(|(last, _)| !self.tree.subtree(*last).contains(&id)) {
            self.text.truncate(before);
            self.open.pop();
        }
        self.descend(id);
        NodePath(self.text.clone())
    }

    /// Goes down from the element it stands at to one below.
    fn descend(&mut self, id: NodeId) {
        let from = self.open.last().map_or(0, |(last, _)| *last);
        let first = self.open.len();
        let down = std::iter::once(id).chain(self.tree.ancestors(id)).take_while(|&step| step != from);
        self.open.extend(down.map(|step| (step, 0)));
        self.open[first..].reverse();
        for at in first..self.open.len() {
            self.open[at].1 = self.text.len();
            if !self.text.is_empty() {
                self.text.push('/');
            }
            self.paths.push_step(self.tree, self.open[at].0, &mut self.text);
        }
    }
}

fn push_number(path: &mut String, number: u32) {
    if number >= 10 {
        push_number(path, number / 10);
    }
    path.push(char::from(b'0' + (number % 10) as u8));
}

impl Level {
    fn count(&mut self, key: u64) -> u32 {
        let known = self.seen.iter().position(|(seen, _)| *seen == key);
        let at = known.unwrap_or_else(|| {
            if self.seen.len() < NAMES_MAX {
                self.seen.push((key, 0));
            }
            self.seen.len() - 1
        });
        self.seen[at].1 += 1;
        self.seen[at].1
    }
}

fn name_key(tree: &Tree<'_>, id: NodeId) -> u64 {
    match tree.tag(id) {
        Tag::Other => {
            let mut hasher = DefaultHasher::new();
            tree.name(id).hash(&mut hasher);
            hasher.finish() | 1 << 63
        }
        tag => tag as u64,
    }
}

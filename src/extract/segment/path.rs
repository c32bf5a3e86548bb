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
            path.push_str(tree.name(step));
            let number = self.0[step as usize];
            if number > 1 {
                path.push('[');
                push_number(&mut path, number);
                path.push(']');
            }
        }
        NodePath(path)
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

//! Bodies that a page states for machines alone, in a `meta`, and shows elsewhere: `<meta itemprop=text content="…">`.

use std::collections::HashSet;

use super::{quoted, render};
use crate::document::boundary;
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};

/// Fewest bytes of a text that is taken for the beginning of what is stated.
const BEGIN_BYTES_MIN: usize = 12;
/// So many bytes of both are the same.
const BEGIN_BYTES: usize = 60;
/// Texts that may be its beginning.
const BEGINS_MAX: usize = 16;
/// How much shorter or longer what is shown may be than what is stated, in bytes of a hundred: links are written out in
/// one of them.
const SHORTER: usize = 80;
const LONGER: usize = 120;
/// Elements around the beginning of what is shown that are looked at.
const LEVELS: usize = 16;
/// How many times more bytes an element may have than its text says: those of scripts.
const SLACK: usize = 4;
/// Longest stated text that is looked for.
const STATED_BYTES_MAX: usize = 1 << 20;

/// The elements that were picked as bodies, and for those that only state their words the one that shows them.
pub fn shown(tree: &Tree<'_>, container: NodeId, picked: Vec<NodeId>, is_own: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
    let [only] = picked.as_slice() else { return picked };
    let stated = tree.attribute_named(*only, "content").filter(|_| tree.tag(*only) == Tag::Meta);
    let found = stated.and_then(|stated| find(tree, container, stated, is_own));
    found.map_or(picked, |found| vec![found])
}

/// The innermost element in the container that says what is stated, and no more. What is said in answers inside is left
/// aside, and what is far too short or too long is not read.
fn find(tree: &Tree<'_>, container: NodeId, stated: &str, is_own: impl Fn(NodeId) -> bool) -> Option<NodeId> {
    let want = quoted::words(Some(stated).filter(|stated| stated.len() <= STATED_BYTES_MAX)?);
    let (own, inside) = parts(tree, container, is_own);
    let begins = |&&(id, _): &&(NodeId, usize)| {
        let said = quoted::words(tree.text(id));
        said.len() >= BEGIN_BYTES_MIN.min(want.len()) && want.starts_with(said.trim_end())
    };
    let bytes = |above: NodeId| {
        let until = |end: NodeId| own.partition_point(|&(id, _)| id < end);
        let sum = |at: usize| at.checked_sub(1).map_or(0, |last| own[last].1);
        sum(until(tree.end(above))) - sum(until(above))
    };
    let said = |above: NodeId| quoted::words(&render::text(tree, &[above], &inside));
    let whole = |said: &String| said.len() * 100 >= want.len() * SHORTER;
    let begin = &want[..boundary(&want, BEGIN_BYTES)];
    let is = |said: &String| said.len() * 100 <= want.len() * LONGER && said.starts_with(begin);
    let mut refused: HashSet<NodeId> = HashSet::new();
    // A title may say the first words too.
    own.iter().filter(begins).take(BEGINS_MAX).find_map(|&(first, _)| {
        for above in tree.ancestors(first).take_while(|&above| above > container).take(LEVELS) {
            let bytes = bytes(above) * 100;
            if bytes > want.len() * LONGER * SLACK || refused.contains(&above) {
                return None;
            }
            let said = if bytes * SLACK < want.len() * SHORTER { String::new() } else { said(above) };
            if whole(&said) {
                refused.insert(above);
                return is(&said).then_some(above);
            }
        }
        None
    })
}

/// The texts of a container with the bytes that they and those before them say, and the answers inside it.
fn parts(tree: &Tree<'_>, container: NodeId, is_own: impl Fn(NodeId) -> bool) -> (Vec<(NodeId, usize)>, Vec<NodeId>) {
    let (mut own, mut inside) = (Vec::new(), Vec::new());
    let (mut at, mut sum) = (container + 1, 0);
    while at < tree.end(container) {
        if !is_own(at) {
            inside.push(at);
            at = tree.end(at);
            continue;
        }
        if tree.kind(at) == NodeKind::Text && !tree.is_blank(at) {
            sum += quoted::words(tree.text(at)).len();
            own.push((at, sum));
        }
        at += 1;
    }
    (own, inside)
}

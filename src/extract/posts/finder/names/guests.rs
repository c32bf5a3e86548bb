//! Those who write without an account where the others' names lead to theirs: their name stands in the same place.

use std::collections::HashMap;

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};

use super::super::body::{self, Body};
use super::super::units::Unit;
use super::super::{Shape, marks, shape};
use super::{Author, BOLD, spelled};

/// Levels above a link that tell the place of a name.
const LEVELS: usize = 2;
/// Fewest units that show where names stand.
const NAMED_MIN: usize = 2;
/// Nodes of a unit among which its name is looked for.
const NODES_MAX: usize = 80;

/// Names the units without an author by what stands where the others' links to people do: each of those is the first
/// thing said in its element, and half of the units at least have one.
pub fn name(
    tree: &Tree<'_>,
    units: &[Unit],
    bodies: &[Option<Body>],
    of: Option<&Shape>,
    authors: &mut [Option<Author>],
) {
    let Some(place) = of.filter(|of| of.len() > LEVELS && of[0].0 == Tag::A).map(|of| &of[1..]) else { return };
    let named: Vec<(&Unit, &Author)> =
        units.iter().zip(&*authors).filter_map(|(unit, author)| Some((unit, author.as_ref()?))).collect();
    let is_in_place = |(unit, author): &(&Unit, &Author)| in_place(tree, unit, place) == Some(author.at);
    if named.len() < NAMED_MIN || named.len() * 2 < units.len() || !named.iter().all(is_in_place) {
        return;
    }
    let kind = kind(tree, units, authors);
    for (at, unit) in units.iter().enumerate().filter(|(_, unit)| Some(shape(tree, unit.start, 1)) == kind) {
        // A first one that nothing tells to be a post may be the page's head.
        let is_post = at > 0 || tree.attribute(unit.start, Key::Class).is_some() || body::id(tree, unit).is_some();
        if authors[at].is_some() || !is_post || marks::is_removed(tree, unit.start) {
            continue;
        }
        let in_body = |id: NodeId| bodies[at].as_ref().is_some_and(|body| body.has(tree, id));
        let said = in_place(tree, unit, place).filter(|&said| !in_body(said));
        let name = said.and_then(|said| spelled::name(tree, said, BOLD, unit.time));
        let name = name.filter(|(name, _)| !name.contains([':', '：']));
        authors[at] = said.zip(name).map(|(at, (name, _))| Author { at, name, url: None, sure: true });
    }
}

/// What is said first in the first element of a unit that has such a place.
fn in_place(tree: &Tree<'_>, unit: &Unit, place: &[(Tag, String)]) -> Option<NodeId> {
    let is = |&id: &NodeId| tree.tag(id) == place[0].0 && shape(tree, id, LEVELS) == place;
    unit.nodes().take(NODES_MAX).find(is).and_then(|above| said_first(tree, above))
}

/// What most units with a name begin with.
fn kind(tree: &Tree<'_>, units: &[Unit], authors: &[Option<Author>]) -> Option<Shape> {
    let mut kinds: HashMap<Shape, usize> = HashMap::new();
    for (unit, _) in units.iter().zip(authors).filter(|(_, author)| author.is_some()) {
        *kinds.entry(shape(tree, unit.start, 1)).or_default() += 1;
    }
    kinds.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(kind, _)| kind)
}

/// The first child of an element that says something: a text, or an element in a line.
fn said_first(tree: &Tree<'_>, above: NodeId) -> Option<NodeId> {
    let says = |id: NodeId| tree.kind(id) == NodeKind::Text && tree.text(id).contains(char::is_alphanumeric);
    tree.children(above).find(|&child| tree.subtree(child).any(says))
}

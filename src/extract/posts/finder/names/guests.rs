//! Those who write without an account where the others' names lead to theirs: their name stands in the same place.

use std::collections::{HashMap, HashSet};

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};

use super::super::body::{self, Body};
use super::super::units::Unit;
use super::super::{Shape, marks, shape};
use super::{Author, BOLD, is_quote, spelled};
use crate::extract::metadata::dates::{self, Custom};
use crate::extract::posts::render;

/// Levels above a link that tell the place of a name.
const LEVELS: usize = 2;
/// Fewest units that show where names stand.
const NAMED_MIN: usize = 2;
/// Nodes of a unit among which its name is looked for.
const NODES_MAX: usize = 80;
/// Nodes of an element that is one name, and its words.
const NAME_NODES_MAX: NodeId = 2;
const NAME_WORDS_MAX: usize = 3;
/// Longest text that is looked for in other units.
const TEXT_BYTES_MAX: usize = 60;
/// What stands where names do and is none, in small letters.
const NO_NAMES: &[&str] = &[
    "ad",
    "admin",
    "administrator",
    "advert",
    "advertisement",
    "advertising",
    "anzeige",
    "avatar",
    "away",
    "banned",
    "beginner",
    "deleted",
    "gesperrt",
    "inactive",
    "junior member",
    "member",
    "mitglied",
    "moderator",
    "moved",
    "name",
    "neuling",
    "new member",
    "newbie",
    "nickname",
    "offline",
    "online",
    "publicidad",
    "publicité",
    "quote",
    "registered",
    "registered member",
    "registered user",
    "related topics",
    "removed",
    "reply",
    "senior member",
    "similar topics",
    "sponsor",
    "sponsored",
    "staff",
    "suspended",
    "system",
    "system message",
    "user",
    "username",
    "user deleted",
    "user removed",
    "werbung",
    "your name",
    "реклама",
];

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
    let of_own = |id: NodeId| shape(tree, id, 1);
    let named: Vec<(&Unit, &Author)> =
        units.iter().zip(&*authors).filter_map(|(unit, author)| Some((unit, author.as_ref()?))).collect();
    let is_in_place = |(unit, author): &(&Unit, &Author)| in_place(tree, unit, place) == Some(author.at);
    if named.len() < NAMED_MIN || named.len() * 2 < units.len() || !named.iter().all(is_in_place) {
        return;
    }
    let kind = kind(tree, units, authors);
    let inside: HashSet<Shape> =
        named.iter().filter_map(|(_, author)| said_first(tree, author.at)).map(of_own).collect();
    let elsewhere = elsewhere(tree, units, place);
    for (at, unit) in units.iter().enumerate().filter(|(_, unit)| Some(shape(tree, unit.start, 1)) == kind) {
        // A first one that nothing tells to be a post may be the page's head.
        let is_post = at > 0 || tree.attribute(unit.start, Key::Class).is_some() || body::id(tree, unit).is_some();
        if authors[at].is_some() || !is_post || marks::is_removed(tree, unit.start) {
            continue;
        }
        let in_body = |id: NodeId| bodies[at].as_ref().is_some_and(|body| body.has(tree, id));
        let is_set = |said: NodeId| tree.kind(said) == NodeKind::Text || inside.contains(&of_own(said));
        let said = in_place(tree, unit, place).filter(|&said| !in_body(said) && is_plain(tree, said) && is_set(said));
        let said = said.filter(|_| !asks(tree, unit));
        let name = said.and_then(|said| spelled::name(tree, said, BOLD, unit.time));
        let is_own = |name: &str| elsewhere.get(&name.to_lowercase()).is_none_or(|of| *of == Some(at));
        let name = name.filter(|(name, _)| may_be_name(name) && is_own(name));
        authors[at] = said.zip(name).map(|(at, (name, _))| Author { at, name, url: None, sure: true });
    }
}

/// Whether an element in a line, or a text, says one thing that its class does not call a rank or a time.
fn is_plain(tree: &Tree<'_>, said: NodeId) -> bool {
    let class = tree.attribute(said, Key::Class).unwrap_or_default().to_ascii_lowercase();
    tree.kind(said) == NodeKind::Text
        || render::in_line(tree, said)
            && tree.end(said) - said <= NAME_NODES_MAX
            && !marks::is_of_other(&class)
            && !marks::BADGES.any_in(&class)
            && !marks::is_of_time(tree, said)
}

/// Whether a unit is a form.
fn asks(tree: &Tree<'_>, unit: &Unit) -> bool {
    unit.nodes().take(NODES_MAX).any(|id| matches!(tree.tag(id), Tag::Input | Tag::Textarea | Tag::Select))
}

/// Whether a text may be somebody's name: no label, rank or time, and no count unless nobody is called so: `Guest 12`.
fn may_be_name(name: &str) -> bool {
    let words = || name.split_whitespace();
    let is_count = || words().nth(1).is_some() && words().any(|word| !word.contains(char::is_alphabetic));
    let bare = name.to_lowercase();
    let bare = bare.trim_matches(|c: char| !c.is_alphanumeric());
    !name.contains([':', '：'])
        && words().count() <= NAME_WORDS_MAX
        && !NO_NAMES.contains(&bare)
        && !dates::is_ago(name, Custom::default())
        && !dates::is_near(name, Custom::default())
        && (marks::is_nobody(name) || !is_count())
}

/// What units say outside quotes and the place of names, in small letters, and which of them where it is only one.
fn elsewhere(tree: &Tree<'_>, units: &[Unit], place: &[(Tag, String)]) -> HashMap<String, Option<usize>> {
    let mut texts: HashMap<String, Option<usize>> = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        let name = in_place(tree, unit, place).map_or(0..0, |name| tree.subtree(name));
        let mut quote_end = 0;
        for id in unit.nodes().take(NODES_MAX) {
            if id > unit.start && is_quote(tree, id) {
                quote_end = quote_end.max(tree.end(id));
            }
            let is_short = tree.kind(id) == NodeKind::Text && tree.text(id).trim().len() <= TEXT_BYTES_MAX;
            if is_short && id >= quote_end && !name.contains(&id) {
                let of = texts.entry(tree.text(id).trim().to_lowercase()).or_insert(Some(at));
                *of = of.filter(|&of| of == at);
            }
        }
    }
    texts
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

//! What a click unfolds: the part of a page right below a control that says that it opens it (`aria-expanded`,
//! `aria-controls`) is a panel, whatever its classes.

use std::collections::HashMap;

use super::zones::{Zone, Zones};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};

/// So far above a control stands the box that its panel follows.
const LEVELS: usize = 3;
/// A panel with more nodes is not looked through.
const NODES_MAX: usize = 2000;

/// Adds the zone of panels to what controls unfold, but for menus.
pub fn mark(tree: &Tree<'_>, all: &mut [Zones]) {
    let controls: HashMap<&str, NodeId> = (0..tree.len()).filter_map(|id| Some((unfolds(tree, id)?, id))).collect();
    if controls.is_empty() {
        return;
    }
    for id in 0..tree.len() {
        let control = tree.attribute(id, Key::Id).and_then(|name| controls.get(name));
        let is_panel = |&&control: &&NodeId| {
            follows(tree, control, id) && !is_chrome(tree, all, control) && !is_chrome(tree, all, id)
        };
        if control.filter(is_panel).is_some() && !is_links(tree, id) {
            all[id as usize] = all[id as usize].with(Zone::Panel);
        }
    }
}

/// What an element says that it unfolds.
fn unfolds<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<&'t str> {
    if tree.kind(id) != NodeKind::Element || !tree.has_attributes(id) {
        return None;
    }
    tree.rare_attribute(id, "aria-expanded")?;
    tree.rare_attribute(id, "aria-controls")
}

/// Whether an element stands right below a control or the box of one.
fn follows(tree: &Tree<'_>, control: NodeId, panel: NodeId) -> bool {
    let elements = |id: &NodeId| tree.kind(*id) == NodeKind::Element;
    let next = |id: NodeId| std::iter::successors(tree.next_sibling(id), |&id| tree.next_sibling(id)).find(elements);
    let boxes = std::iter::once(control).chain(tree.ancestors(control));
    boxes.take(LEVELS + 1).any(|id| next(id) == Some(panel))
}

/// Whether an element stands in a part of the page that is no text.
fn is_chrome(tree: &Tree<'_>, all: &[Zones], id: NodeId) -> bool {
    let some = [Zone::Navigation, Zone::Header, Zone::Footer, Zone::Search, Zone::SignIn, Zone::Consent, Zone::Form];
    std::iter::once(id).chain(tree.ancestors(id)).any(|above| all[above as usize].any(&some))
}

/// Whether most letters of an element stand in links.
fn is_links(tree: &Tree<'_>, id: NodeId) -> bool {
    let letters = |id: NodeId| tree.text(id).chars().filter(|c| c.is_alphanumeric()).count();
    let texts = |under: NodeId| {
        let nodes = tree.subtree(under).take(NODES_MAX).filter(|&id| tree.kind(id) == NodeKind::Text);
        nodes.map(letters).sum::<usize>()
    };
    tree.elements(id, Tag::A).take(NODES_MAX).map(texts).sum::<usize>() * 2 > texts(id)
}

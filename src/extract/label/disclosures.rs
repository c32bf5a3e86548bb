//! What a click unfolds: the part of a page right below a control that says that it opens it (`aria-expanded`,
//! `aria-controls`) is a panel, whatever its classes; and so is the rest of a text that is hidden between its beginning and a
//! link to nowhere or a button ("Read more").

use super::zones::{Zone, Zones};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::{Hidden, hides};

/// So far above a control stands the box that its panel follows.
const LEVELS: usize = 3;
/// Of a panel no more nodes are looked at, and no more of a text; and of a page so many controls.
const NODES_MAX: usize = 2000;
const CHARS_MAX: usize = 1000;
const CONTROLS_MAX: usize = 500;
/// Nodes behind a control among which its panel stands, and before and behind the rest of a text.
const SIBLINGS_MAX: usize = 20;
/// Nodes of a box of nothing but a control.
const CONTROL_NODES_MAX: NodeId = 8;

/// Adds the zone of panels to what controls unfold, but for menus.
pub fn mark(tree: &Tree<'_>, all: &mut [Zones]) {
    let rests: Vec<NodeId> = (0..tree.len()).filter(|&id| is_rest(tree, all, id)).take(CONTROLS_MAX).collect();
    rests.into_iter().for_each(|id| all[id as usize] = all[id as usize].with(Zone::Panel));
    let controls = (0..tree.len()).filter_map(|id| Some((id, unfolds(tree, id)?))).take(CONTROLS_MAX);
    let mut panels = Vec::new();
    for (control, name) in controls {
        let panel = below(tree, control).find(|&id| tree.attribute(id, Key::Id) == Some(name));
        let is_panel =
            |id: &NodeId| !is_chrome(tree, all, control) && !is_chrome(tree, all, *id) && !is_links(tree, *id);
        panels.extend(panel.filter(is_panel));
    }
    panels.into_iter().for_each(|id| all[id as usize] = all[id as usize].with(Zone::Panel));
}

/// Whether an element is hidden right behind a paragraph, and right before something to click that leads nowhere.
fn is_rest(tree: &Tree<'_>, all: &[Zones], id: NodeId) -> bool {
    let is_box = matches!(tree.tag(id), Tag::Div | Tag::Section | Tag::P);
    if !is_box || !matches!(hides(tree, id), Hidden::Attribute | Hidden::Style) {
        return false;
    }
    let is_control = |at: NodeId| match tree.tag(at) {
        Tag::Button => true,
        Tag::A => tree.attribute(at, Key::Href).is_none_or(|to| to.starts_with('#') || to.starts_with("javascript:")),
        _ => false,
    };
    let is_box_of_control = |at: NodeId| tree.end(at) - at <= CONTROL_NODES_MAX && tree.children(at).any(is_control);
    element_before(tree, id).is_some_and(|at| tree.tag(at) == Tag::P)
        && element_behind(tree, id).is_some_and(|at| is_control(at) || is_box_of_control(at))
        && !is_chrome(tree, all, id)
        && !is_links(tree, id)
}

/// What an element says that it unfolds.
fn unfolds<'t>(tree: &'t Tree<'_>, id: NodeId) -> Option<&'t str> {
    if tree.kind(id) != NodeKind::Element || !tree.has_attributes(id) {
        return None;
    }
    tree.rare_attribute(id, "aria-expanded")?;
    tree.rare_attribute(id, "aria-controls")
}

/// The elements right below a control and the boxes of one.
fn below<'t>(tree: &'t Tree<'_>, control: NodeId) -> impl Iterator<Item = NodeId> + 't {
    let around = std::iter::once(control).chain(tree.ancestors(control)).take(LEVELS + 1);
    around.filter_map(|id| element_behind(tree, id))
}

/// The next sibling that is an element.
fn element_behind(tree: &Tree<'_>, id: NodeId) -> Option<NodeId> {
    let siblings = std::iter::successors(tree.next_sibling(id), |&id| tree.next_sibling(id));
    siblings.take(SIBLINGS_MAX).find(|&id| tree.kind(id) == NodeKind::Element)
}

/// The last sibling before that is an element. It is found from its last node, for parents of many children.
fn element_before(tree: &Tree<'_>, id: NodeId) -> Option<NodeId> {
    let parent = tree.parent(id)?;
    let before = |id: NodeId| {
        let last = Some(id - 1).filter(|&last| last > parent)?;
        std::iter::once(last).chain(tree.ancestors(last)).find(|&at| tree.parent(at) == Some(parent))
    };
    let siblings = std::iter::successors(before(id), |&id| before(id));
    siblings.take(SIBLINGS_MAX).find(|&id| tree.kind(id) == NodeKind::Element)
}

/// Whether an element stands in a part of the page that is no text.
fn is_chrome(tree: &Tree<'_>, all: &[Zones], id: NodeId) -> bool {
    let some = [Zone::Navigation, Zone::Header, Zone::Footer, Zone::Search, Zone::SignIn, Zone::Consent, Zone::Form];
    std::iter::once(id).chain(tree.ancestors(id)).any(|above| all[above as usize].any(&some))
}

/// Whether most letters of an element stand in links, as far as it is looked through.
pub(super) fn is_links(tree: &Tree<'_>, id: NodeId) -> bool {
    let (mut letters, mut linked, mut link_end) = (0, 0, id);
    for at in tree.subtree(id).take(NODES_MAX) {
        if tree.tag(at) == Tag::A {
            link_end = link_end.max(tree.end(at));
        }
        if tree.kind(at) == NodeKind::Text {
            let own = tree.text(at).chars().take(CHARS_MAX).filter(|c| c.is_alphanumeric()).count();
            letters += own;
            linked += if at < link_end { own } else { 0 };
        }
    }
    linked * 2 > letters
}

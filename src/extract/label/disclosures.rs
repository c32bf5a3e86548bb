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
/// Nodes behind a control among which its panel stands.
const SIBLINGS_MAX: usize = 20;
/// Elements beside the rest of a text, and nodes of a box of nothing but a control.
const BESIDE_MAX: usize = 200;
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
    let Some(parent) = tree.parent(id) else { return false };
    let elements = || tree.children(parent).filter(|&at| tree.kind(at) == NodeKind::Element).take(BESIDE_MAX);
    let above = elements().take_while(|&at| at < id).last();
    let below = elements().find(|&at| at > id);
    let is_control = |at: NodeId| match tree.tag(at) {
        Tag::Button => true,
        Tag::A => tree.attribute(at, Key::Href).is_none_or(|to| to.starts_with('#') || to.starts_with("javascript:")),
        _ => false,
    };
    above.is_some_and(|at| tree.tag(at) == Tag::P)
        && below.is_some_and(|at| {
            is_control(at) || tree.children(at).any(is_control) && tree.end(at) - at <= CONTROL_NODES_MAX
        })
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
    let next = |id: NodeId| {
        let siblings = std::iter::successors(tree.next_sibling(id), |&id| tree.next_sibling(id));
        siblings.take(SIBLINGS_MAX).find(|&id| tree.kind(id) == NodeKind::Element)
    };
    std::iter::once(control).chain(tree.ancestors(control)).take(LEVELS + 1).filter_map(next)
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

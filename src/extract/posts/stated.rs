//! Bodies that a page states for machines alone, in a `meta`, and shows elsewhere: `<meta itemprop=text content="…">`.

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
/// Longest stated text that is looked for.
const STATED_BYTES_MAX: usize = 1 << 20;

/// The elements that were picked as bodies, and for those that only state their words the one that shows them.
pub fn shown(tree: &Tree<'_>, container: NodeId, picked: Vec<NodeId>, is_own: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
    let [only] = picked.as_slice() else { return picked };
    let stated = tree.attribute_named(*only, "content").filter(|_| tree.tag(*only) == Tag::Meta);
    let found = stated.and_then(|stated| find(tree, container, stated, is_own));
    found.map_or(picked, |found| vec![found])
}

/// The innermost element in the container that says what is stated, and no more.
fn find(tree: &Tree<'_>, container: NodeId, stated: &str, is_own: impl Fn(NodeId) -> bool) -> Option<NodeId> {
    let want = quoted::words(Some(stated).filter(|stated| stated.len() <= STATED_BYTES_MAX)?);
    let begins = |&id: &NodeId| {
        tree.kind(id) == NodeKind::Text && !tree.is_blank(id) && is_own(id) && {
            let said = quoted::words(tree.text(id));
            said.len() >= BEGIN_BYTES_MIN.min(want.len()) && want.starts_with(said.trim_end())
        }
    };
    let said = |above: NodeId| quoted::words(&render::text(tree, &[above], &[]));
    let whole = |said: &String| said.len() * 100 >= want.len() * SHORTER;
    let begin = &want[..boundary(&want, BEGIN_BYTES)];
    let is = |said: &String| said.len() * 100 <= want.len() * LONGER && said.starts_with(begin);
    // A title may say the first words too.
    tree.subtree(container).filter(begins).take(BEGINS_MAX).find_map(|first| {
        let mut around = tree.ancestors(first).take_while(|&above| above > container).take(LEVELS);
        let found = around.find_map(|above| Some((above, said(above))).filter(|(_, said)| whole(said)));
        found.filter(|(_, said)| is(said)).map(|(above, _)| above)
    })
}

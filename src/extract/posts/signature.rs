//! Signatures that no element marks: what stands after a line of underscores at the end of a post, as old boards set it.

use super::render;
use crate::extract::html::{NodeId, NodeKind, Tree};
use crate::extract::segment::is_drawn_rule;

/// A signature is short; what is longer goes on with the post.
const WORDS_MAX: usize = 60;

/// The text nodes from the last such line on (or from the "-- " of RFC 3676 section 4.3), and what they say.
pub fn ruled_off(tree: &Tree<'_>, bodies: &[NodeId]) -> Option<(Vec<NodeId>, String)> {
    let texts = bodies.iter().flat_map(|&body| tree.subtree(body)).filter(|&id| tree.kind(id) == NodeKind::Text);
    let texts: Vec<NodeId> = texts.filter(|&id| !tree.is_blank(id)).collect();
    let is_rule = |&id: &NodeId| {
        let text = tree.text(id).trim();
        text == "--" || text.starts_with('_') && is_drawn_rule(text)
    };
    let at = texts.iter().rposition(is_rule).filter(|&at| at > 0)?;
    let signature = render::text(tree, bodies, &texts[..=at]);
    (signature.split_whitespace().count() <= WORDS_MAX).then(|| (texts[at..].to_vec(), signature))
}

//! A heading's text as the page shows it and the blocks have it: without buttons, signs that link to the heading, and
//! what is there for screen readers alone.

use super::page::gathered;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::{Hidden, dress_of, hides, is_block_level, is_only_told, is_permalink, is_skipped};

/// Most nodes below a heading that are read.
const NODES_MAX: NodeId = 400;

/// The text below a node; `None` where it is longer, and empty where nothing of it shows.
pub fn text(tree: &Tree<'_>, id: NodeId, bytes_max: usize) -> Option<String> {
    let end = tree.end(id);
    if end - id > NODES_MAX {
        return None;
    }
    // Whether an element that is no mere emphasis ended, and one began, since the last text.
    let (mut ended, mut began) = (false, false);
    let mut open = Vec::new();
    gathered(tree, id + 1..end, bytes_max, |out, at| {
        while open.last().is_some_and(|&(end, _)| end <= at) {
            ended |= open.pop().is_some_and(|(_, parts)| parts);
        }
        match tree.kind(at) {
            NodeKind::Element if is_unseen(tree, at) => return false,
            NodeKind::Element if tree.tag(at) == Tag::Br || is_block_level(tree.tag(at)) => out.push('\n'),
            NodeKind::Element => {
                let parts = !dresses(tree.tag(at));
                began |= parts;
                open.push((tree.end(at), parts));
            }
            NodeKind::Text => {
                let text = tree.text(at);
                let words = out.ends_with(char::is_alphanumeric) && text.starts_with(char::is_alphanumeric);
                // Two sentences are parted by a capital: `<b>The mill</b><span>How it turned`.
                let capital = out.ends_with(char::is_lowercase) && text.starts_with(char::is_uppercase);
                if words && (ended && began || capital && (ended || began)) {
                    out.push(' ');
                }
                out.push_str(text);
                (ended, began) = (false, false);
            }
            _ => {}
        }
        true
    })
}

/// Whether an element within a heading is no part of what it says.
fn is_unseen(tree: &Tree<'_>, id: NodeId) -> bool {
    let tag = tree.tag(id);
    let is_button = || tree.attribute(id, Key::Role).is_some_and(|role| role.eq_ignore_ascii_case("button"));
    matches!(tag, Tag::Button | Tag::Select | Tag::Noscript | Tag::Template)
        || is_skipped(tree, id, dress_of(tree, id))
        || tag == Tag::A && is_permalink(tree, id)
        || hides(tree, id) != Hidden::No
        || is_button()
        || is_only_told(tree, id)
}

fn dresses(tag: Tag) -> bool {
    use Tag::*;
    matches!(tag, B | I | Em | Strong | Sup | Sub | Wbr | Font | U | S | Small | Mark | Code | Bdi | Img)
}

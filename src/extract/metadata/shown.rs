//! A heading's text as the page shows it and the blocks have it: without buttons, signs that link to the heading, and
//! what is there for screen readers alone.

use super::page::gathered;
use super::title::{letters, sides};
use crate::document::Sourced;
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::{Hidden, dress_of, hides, is_block_level, is_only_told, is_permalink, is_skipped};

/// Most nodes below a heading that are read.
const NODES_MAX: NodeId = 400;
/// Longest link in brackets.
const BRACKETS_BYTES_MAX: usize = 40;
/// What elements at the end of a heading are called that are no part of what it says.
const TAILS: &[&str] = &[
    "badge",
    "label",
    "tag",
    "pill",
    "chip",
    "share",
    "edit",
    "editsection",
    "btn",
    "button",
    "sku",
    "status",
    "icon",
    "count",
    "counter",
    "toggle",
    "new",
    "sale",
];

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
                // `Kettle (K-200)<span>New`
                let closed = out.ends_with([')', ']']);
                let words = (out.ends_with(char::is_alphanumeric) || closed) && text.starts_with(char::is_alphanumeric);
                // Two sentences are parted by a capital: `<b>The mill</b><span>How it turned`.
                let capital = (out.ends_with(char::is_lowercase) || closed) && text.starts_with(char::is_uppercase);
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
        || tag == Tag::A && (is_permalink(tree, id) || is_bracketed(tree, id))
        || hides(tree, id) != Hidden::No
        || is_button()
        || is_only_told(tree, id)
}

/// Whether a link is in brackets, as those are that edit or note something: `[edit]`, `[1]`.
fn is_bracketed(tree: &Tree<'_>, link: NodeId) -> bool {
    let text = super::page::text_below(tree, link, BRACKETS_BYTES_MAX).unwrap_or_default();
    text.starts_with('[') && text.ends_with(']')
}

/// A title without what stands behind it in the heading, where the page declares it alone and the rest is in elements of
/// their own: badges, numbers, buttons.
pub fn without_tail(
    title: Sourced<String>,
    tree: &Tree<'_>,
    declared: &[&str],
    heading: Option<NodeId>,
) -> Sourced<String> {
    let Some(heading) = heading.filter(|_| title.source.starts_with("html:h")) else { return title };
    let Some(own) = before_tail(tree, heading) else { return title };
    // `Kettle | K-200` declares both.
    let whole = letters(&title.value);
    let is_tail = |behind: &str| whole.strip_prefix(&own) == Some(letters(behind).as_str());
    let part = declared.iter().find_map(|whole| {
        let mut halves = sides(whole).filter(|(before, behind)| letters(before) == own && !is_tail(behind));
        (letters(whole) == own).then_some(*whole).or_else(|| halves.next().map(|(before, _)| before))
    });
    match part.map(str::trim) {
        Some(part) if title.value.starts_with(part) => Sourced { value: part.to_owned(), ..title },
        _ => title,
    }
}

/// The letters of a heading before the elements at its end that are called as what is no title, or are links.
fn before_tail(tree: &Tree<'_>, heading: NodeId) -> Option<String> {
    let end = tree.end(heading);
    if end - heading > NODES_MAX {
        return None;
    }
    let (mut own, mut at, mut has_tail) = (String::new(), heading + 1, false);
    while at < end {
        if tree.kind(at) == NodeKind::Element && is_tail(tree, at) {
            has_tail = true;
            at = tree.end(at);
            continue;
        }
        if tree.kind(at) == NodeKind::Text && !tree.is_blank(at) {
            if has_tail {
                return None;
            }
            own.push_str(tree.text(at));
        }
        at += 1;
    }
    Some(letters(&own)).filter(|own| has_tail && !own.is_empty())
}

fn is_tail(tree: &Tree<'_>, id: NodeId) -> bool {
    let names = tree.attribute(id, Key::Class).unwrap_or_default().to_ascii_lowercase();
    let mut words = names.split(|c: char| !c.is_ascii_alphanumeric());
    matches!(tree.tag(id), Tag::A | Tag::Small | Tag::Sup | Tag::Button) || words.any(|word| TAILS.contains(&word))
}

fn dresses(tag: Tag) -> bool {
    use Tag::*;
    matches!(tag, B | I | Em | Strong | Sup | Sub | Wbr | Font | U | S | Small | Mark | Code | Bdi | Img)
}

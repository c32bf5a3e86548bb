//! Mails as MHonArc keeps them: however a list's pages look, its comments say who wrote a mail and when, and where its
//! words begin and end.

use super::{Discussion, Place, quotes, render, signature};
use crate::document::{Post, Thread, line};
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Date, Order};

/// Nodes from the page's beginning among which its comments about the mail stand.
const NODES_MAX: NodeId = 2000;
/// Longest field.
const FIELD_BYTES_MAX: usize = 1000;

/// The page's mail.
pub fn read(tree: &Tree<'_>) -> Option<Discussion> {
    let comments = || (0..tree.len()).filter(|&id| tree.kind(id) == NodeKind::Comment);
    let at = |name: &str| comments().find(|&id| tree.text(id).trim() == name);
    let (start, end) = (at("X-Body-of-Message")?, at("X-Body-of-Message-End")?);
    let fields: Vec<(&str, String)> =
        comments().take_while(|&id| id < start.min(NODES_MAX)).filter_map(|id| field(tree.text(id))).collect();
    let last = |name: &str| fields.iter().rfind(|(known, _)| *known == name).map(|(_, text)| text.clone());
    let from = last("X-From-R13").map(|text| turned(&text)).or_else(|| last("X-From"))?;
    let bodies = between(tree, start, end);
    let is_plain = bodies.iter().all(|&body| tree.tag(body) == Tag::Pre);
    let below = if is_plain { signature::below_mail(tree, &bodies) } else { None };
    let (cut, dropped, signature) =
        below.map_or((None, Vec::new(), None), |(cut, after, text)| (Some(cut), after, Some(text)));
    let text = Some(render::text_until(tree, &bodies, &dropped, cut)).filter(|text| !text.is_empty())?;
    let time_shown = last("X-Date");
    let date = time_shown.as_deref().and_then(|text| dates::machine(text, Order::default())).filter(Date::is_day);
    let post = Post {
        id: last("X-Message-Id"),
        position: 1,
        author: Some(name(&from)).filter(|name| !name.is_empty()),
        time: date.map(|date| date.to_string()),
        time_shown,
        quotes: quotes::of_lines(&text, Order::default()),
        signature: signature.filter(|text| !text.is_empty()),
        reply_to: last("X-Reference"),
        text,
        ..Post::default()
    };
    let container = *bodies.first()?;
    let thread = Thread { title: last("X-Subject"), ..Thread::default() };
    let places = vec![Place { container, bodies, dropped, cut }];
    Some(Discussion { thread, posts: vec![post], places, ..Discussion::default() })
}

/// `X-Date: Fri, 15 Mar 2024 09:52:00 &#45;0500 `; two strokes would end the comment.
fn field(comment: &str) -> Option<(&str, String)> {
    let (name, text) = comment.trim().split_once(':')?;
    let named = name.starts_with("X-") && text.len() <= FIELD_BYTES_MAX;
    let text = text.replace("&#45;", "-").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    named.then(|| (name, line(&text)))
}

/// The nodes after one and before the other that say anything.
fn between(tree: &Tree<'_>, start: NodeId, end: NodeId) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    let mut at = tree.end(start);
    while at < end {
        // An element that was not closed holds what stands behind the end as well.
        if tree.end(at) > end {
            at += 1;
            continue;
        }
        if tree.subtree(at).any(|id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id)) {
            nodes.push(at);
        }
        at = tree.end(at);
    }
    nodes
}

/// Letters half their number on, and of the large ones `@` and `[` too, which undoes itself.
fn turned(text: &str) -> String {
    let turn = |c: char, first: u8, count: u8| char::from(first + (c as u8 - first + count / 2) % count);
    let one = |c: char| match c {
        '@'..='[' => turn(c, b'@', 28),
        'a'..='z' => turn(c, b'a', 26),
        _ => c,
    };
    text.chars().map(one).collect()
}

/// The name in `Ann Miller <ann@boats.example>` and `ann@boats.example (Ann Miller)`; else the address.
fn name(from: &str) -> String {
    let before = from.split_once('<').map(|(name, _)| name);
    let inside = from.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map(|(name, _)| name);
    let bare = |name: &str| name.trim().trim_matches('"').trim().to_owned();
    let named = before.or(inside).map(bare).filter(|name| !name.is_empty());
    named.unwrap_or_else(|| from.trim_matches(['<', '>', ' ']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_turned_back() {
        assert_eq!(turned("Oaa [vyyre <naaNobngf.rknzcyr>"), "Ann Miller <ann@boats.example>");
        for (from, want) in [
            ("Ann Miller <ann@boats.example>", "Ann Miller"),
            ("\"Miller, Ann\" <ann@boats.example>", "Miller, Ann"),
            ("ann@boats.example (Ann Miller)", "Ann Miller"),
            ("<ann@boats.example>", "ann@boats.example"),
        ] {
            assert_eq!(name(from), want);
        }
    }
}

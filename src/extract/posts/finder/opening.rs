//! The post that opens a thread where it stands in other elements than those below it: a question above its answers.

use crate::document::Post;
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{Custom, Customs};

use super::body::{self, Body};
use super::names;
use super::times;
use super::units::Unit;
use super::words::{Repeated, Words};
use super::{Discussion, Place, post_of};

/// Fewest words of such a post.
const WORDS_MIN: u32 = 5;
/// Words of a line that says who wrote it and when.
const HEAD_WORDS_MAX: u32 = 12;
/// Elements around the first post beside which it is looked for, and how many beside each.
const LEVELS: usize = 8;
const BESIDE_MAX: usize = 64;

/// What stands last before the posts and has a name, a time and words.
pub fn read(tree: &Tree<'_>, customs: &Customs<'_, '_>, found: &Discussion) -> Option<(Post, Place)> {
    let shown: Vec<String> = found.posts.iter().filter_map(|post| post.time_shown.clone()).collect();
    let custom = customs.with_posts(&shown);
    let first = found.places.iter().map(|place| place.container).min()?;
    let times = times::all(tree, custom);
    let words = Words::count(tree);
    let of = |element: NodeId| opening(tree, element, &times, &words, custom);
    let levels = || std::iter::once(first).chain(tree.ancestors(first)).take(LEVELS);
    let before = |level: NodeId| -> Option<Vec<NodeId>> {
        let before = tree.children(tree.parent(level)?).take_while(|&child| child < level);
        let before: Vec<NodeId> = before.filter(|&id| may_open(tree, id)).collect();
        Some(before.into_iter().rev().take(BESIDE_MAX).collect())
    };
    let whole = levels().find_map(|level| before(level)?.into_iter().find_map(of));
    whole.or_else(|| levels().find_map(|level| in_parts(tree, &before(level)?, level, &times, &words, custom)))
}

/// A post whose name and time stand in an element of their own, before the one with its words; `before` are the elements
/// before the place where it ends, the last one first.
fn in_parts(
    tree: &Tree<'_>,
    before: &[NodeId],
    end: NodeId,
    times: &[NodeId],
    words: &Words,
    custom: Custom,
) -> Option<(Post, Place)> {
    let plain = |id: NodeId| words.plain(id, tree.end(id));
    let is_time = |id: NodeId, time: &NodeId| tree.subtree(id).contains(time) && !times::is_other(tree, *time);
    let time_of =
        |id: NodeId| times[times.partition_point(|&time| time < id)..].first().filter(|time| is_time(id, time));
    let is_head = |id: NodeId| time_of(id).is_some() && tree.subtree(id).any(|id| names::is_sure(tree, id));
    let at = before.iter().position(|&id| is_head(id)).filter(|&at| plain(before[at]) <= HEAD_WORDS_MAX)?;
    let time = time_of(before[at])?;
    let said = before[..at].iter().copied().filter(|&id| !tree.tag(id).is_heading());
    let node = said.max_by_key(|&id| (plain(id), std::cmp::Reverse(id))).filter(|&id| plain(id) >= WORDS_MIN)?;
    let inner = Unit { time: None, start: node, end: tree.end(node), holes: Vec::new(), above: None };
    let body = Body::of(body::fullest(tree, &inner, words)?);
    let unit = Unit { time: Some(*time), start: before[at], end, holes: Vec::new(), above: None };
    let author = names::authors(tree, std::slice::from_ref(&unit), &[Some(body.clone())]).pop().flatten()?;
    let is_in_head = names::is_sure(tree, author.at) && tree.subtree(before[at]).contains(&author.at);
    let (post, mut place) =
        post_of(tree, &unit, &body, Some(author).filter(|_| is_in_head), &Repeated::default(), custom)?;
    // What ends before the words is no part of their element.
    place.container = node;
    post.author.is_some().then_some((post, place))
}

fn may_open(tree: &Tree<'_>, id: NodeId) -> bool {
    let other = matches!(
        tree.tag(id),
        Tag::Nav | Tag::Aside | Tag::Footer | Tag::Form | Tag::Script | Tag::Style | Tag::Noscript | Tag::Head
    );
    tree.kind(id) == NodeKind::Element && !other
}

fn opening(tree: &Tree<'_>, element: NodeId, times: &[NodeId], words: &Words, custom: Custom) -> Option<(Post, Place)> {
    let end = tree.end(element);
    let inside = times[times.partition_point(|&time| time < element)..].iter().copied().take_while(|&time| time < end);
    let time = inside.clone().find(|&time| !times::is_other(tree, time))?;
    let unit = Unit { time: Some(time), start: element, end, holes: Vec::new(), above: None };
    let node = body::fullest(tree, &unit, words)?;
    let head: Vec<NodeId> = tree.children(node).filter(|&part| is_head(tree, part, time, words)).collect();
    let plain = |id: NodeId| words.plain(id, tree.end(id));
    let body = Body { nodes: vec![node], head };
    let said = plain(node) - body.head.iter().map(|&id| plain(id)).sum::<u32>();
    let author = names::authors(tree, std::slice::from_ref(&unit), &[Some(body.clone())]).pop().flatten()?;
    let sure = names::is_sure(tree, author.at) && said >= WORDS_MIN;
    let repeated = Repeated::default();
    sure.then(|| post_of(tree, &unit, &body, Some(author), &repeated, custom)).flatten()
}

/// Whether a part of the post is its title, or a line that says who wrote it and when.
fn is_head(tree: &Tree<'_>, part: NodeId, time: NodeId, words: &Words) -> bool {
    let title = matches!(tree.tag(part), Tag::H1 | Tag::H2);
    let named = || tree.subtree(part).any(|id| names::is_sure(tree, id));
    let about = || tree.subtree(part).contains(&time) || named();
    title || tree.kind(part) == NodeKind::Element && words.plain(part, tree.end(part)) <= HEAD_WORDS_MAX && about()
}

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
    std::iter::once(first).chain(tree.ancestors(first)).take(LEVELS).find_map(|level| {
        let before = tree.children(tree.parent(level)?).take_while(|&child| child < level);
        let before: Vec<NodeId> = before.filter(|&id| may_open(tree, id)).collect();
        before.into_iter().rev().take(BESIDE_MAX).find_map(of)
    })
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

//! Replies that stand inside a post, in elements of another kind than the posts: comments on an answer.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};

use crate::extract::html::{NodeId, Tree};
use crate::extract::metadata::dates::Custom;

use super::body::{self, Body};
use super::names::Author;
use super::units::{self, Sign, Unit};
use super::words::{Repeated, Words};
use super::{Discussion, NAMED, POSTS_MAX, UNITS_MIN, UNITS_SURE, marks, names, post_of, times};

/// A unit with its body, its author and the post that was read of it.
pub type Whole<'a> = (((&'a Unit, &'a Option<Body>), &'a Option<Author>), &'a Option<usize>);

/// Elements around a time that are tried as the element of its reply.
const LEVELS: usize = 10;
/// Most times of one post that are asked.
const TIMES_MAX: usize = 2000;

/// Adds the replies inside the posts, each behind the post that it answers.
pub fn add(
    tree: &Tree<'_>,
    whole: &[Whole<'_>],
    times: &[NodeId],
    custom: Custom,
    words: &mut Words,
    found: &mut Discussion,
) {
    let Some((units, above)) = replies(tree, whole, times) else { return };
    // Two or three may well say the same.
    let repeated = if units.len() > UNITS_SURE { Repeated::of(tree, &units) } else { Repeated::default() };
    words.discount(tree, &repeated);
    let (bodies, _) = body::all(tree, &units, words);
    let authors = names::authors(tree, &units, &bodies);
    // A note on who has changed the post is no reply: that says no more than who and when.
    let is_reply = |(author, body): (&Option<Author>, &Option<Body>), unit: &Unit| {
        let marks = || author.iter().map(|author| author.at).chain(unit.time);
        author.is_some() && body.as_ref().is_some_and(|body| !marks().any(|at| body.has(tree, at)))
    };
    let replies = authors.iter().zip(&bodies).zip(&units).filter(|&(said, unit)| is_reply(said, unit)).count();
    if (replies as f32) < NAMED * units.len() as f32 || replies == 0 {
        return;
    }
    let mut read = Vec::new();
    for (((unit, body), author), above) in units.iter().zip(&bodies).zip(authors).zip(above) {
        let (Some(body), Some(_)) = (body, &author) else { continue };
        let Some((mut post, place)) = post_of(tree, unit, body, author, &repeated, custom) else { continue };
        let of = &found.posts[above];
        (post.depth, post.reply_to) = (of.depth + 1, of.id.clone());
        read.push((post, place));
    }
    let posts = std::mem::take(&mut found.posts).into_iter().zip(std::mem::take(&mut found.places));
    let mut all: Vec<_> = posts.chain(read).collect();
    all.sort_by_key(|(_, place)| place.container);
    // With its replies a page may have more than are read.
    let rest = all.get(POSTS_MAX).map(|(_, place)| place.container);
    found.rest = rest.into_iter().chain(found.rest).min();
    all.truncate(POSTS_MAX);
    (found.posts, found.places) = all.into_iter().unzip();
    found.posts.iter_mut().zip(1..).for_each(|(post, position)| post.position = position);
}

/// The elements of one kind that stand in posts beside what these say, each with a time and somebody's name, and the
/// post that each stands in.
fn replies(tree: &Tree<'_>, whole: &[Whole<'_>], times: &[NodeId]) -> Option<(Vec<Unit>, Vec<usize>)> {
    let mut kinds: BTreeMap<Sign, Vec<(NodeId, NodeId, usize)>> = BTreeMap::new();
    let sure = LazyCell::new(|| -> Vec<NodeId> { (0..tree.len()).filter(|&id| names::is_sure(tree, id)).collect() });
    let holds_any = |id: NodeId, some: &[NodeId]| {
        let next = some.partition_point(|&at| at < id);
        some.get(next).is_some_and(|&at| at < tree.end(id))
    };
    for &(((unit, body), author), post) in whole {
        let (Some(body), Some(post)) = (body, *post) else { continue };
        // Where the first time is not known to be the post's own, it may be.
        let is_other = |&time: &NodeId| {
            unit.time.is_some_and(|own| own != time) && !body.has(tree, time) && !times::is_other(tree, time)
        };
        for time in unit.own(times).take(TIMES_MAX).filter(is_other) {
            let apart = |&id: &NodeId| {
                let mut marks = unit.time.iter().chain(author.as_ref().map(|author| &author.at));
                // What was answered stands above.
                body.nodes.first().is_some_and(|&said| id > said)
                    && !marks.any(|at| tree.subtree(id).contains(at))
                    && !holds_any(id, &body.nodes)
            };
            let mut seen: HashSet<Sign> = HashSet::new();
            for id in tree.ancestors(time).take(LEVELS).take_while(apart).filter(|&id| holds_any(id, &sure)) {
                if let Some((sign, _)) = units::sign(tree, id).filter(|(sign, _)| seen.insert(*sign)) {
                    kinds.entry(sign).or_default().push((id, time, post));
                }
            }
        }
    }
    let size = |of: &[(NodeId, NodeId, usize)]| of.iter().map(|&(id, ..)| u64::from(tree.end(id) - id)).sum::<u64>();
    let is_sound = |of: &Vec<(NodeId, NodeId, usize)>| {
        let own: HashSet<NodeId> = of.iter().map(|&(id, ..)| id).collect();
        let least = if of.iter().all(|&(id, ..)| marks::is_of_post(tree, id)) { 1 } else { UNITS_MIN };
        own.len() == of.len() && of.len() >= least
    };
    let mut best = kinds.into_values().filter(is_sound).max_by_key(|of| size(of))?;
    best.sort_unstable();
    best.truncate(POSTS_MAX);
    let units = best.iter().map(|&(id, time, _)| Unit::new(time, id, tree.end(id))).collect();
    Some((units::nest(tree, units), best.into_iter().map(|(.., post)| post).collect()))
}

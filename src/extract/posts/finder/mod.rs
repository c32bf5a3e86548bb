//! Posts on boards nobody listed: parts of the page that repeat, each with a time and a name.
//!
//! Places that show a time are grouped by the shape of the path above them. A group cuts the page into units: the
//! elements of one kind that hold one time each (replies may nest), or the runs of children of one element. The body
//! is the element that holds most of what a unit alone says, of the shape that most units agree on; teasers (units that
//! are led by a linked heading) are none.

mod below;
mod body;
mod floors;
mod furniture;
mod lists;
mod marks;
mod names;
mod notes;
mod opening;
mod times;
mod units;
mod words;

use std::collections::{HashMap, HashSet};

use crate::document::Post;
use crate::extract::html::{Key, NodeId, Tag, Tree};
use crate::extract::metadata::dates::{self, Custom, Customs};

use self::body::Body;
use self::names::Author;
use self::units::{Cut, Unit, Ways};
use self::words::{Repeated, Words};
use super::{Discussion, POSTS_MAX, Place, quotes, render};

/// Fewest units of a thread, how many need no doubt, and fewest words of its posts on average, with those about
/// them; numbered and named ones may say less.
const UNITS_MIN: usize = 2;
const UNITS_SURE: usize = 3;
const WORDS_MIN: u32 = 6;
/// Words of one unit that count for the choice between groups.
const WORDS_COUNTED: u32 = 400;
/// Most cuts that are read, the best first, until one gives posts.
const CUTS_MAX: usize = 4;
/// Most kinds of times that are tried.
const GROUPS_MAX: usize = 60;
/// Levels above a time that make its shape.
const SHAPE_LEVELS: usize = 4;
const SHAPE_LEVELS_LEAST: usize = 2;
/// Share of the units that must name an author.
const NAMED: f32 = 0.6;

pub use marks::is_nobody;
pub use names::{bare, is_address as leads_to_author};
pub use opening::read as opening;

type Shape = Vec<(Tag, String)>;
type Groups = HashMap<Shape, Vec<NodeId>>;

/// The posts of a thread of unknown make; `None` where nothing repeats as posts do.
pub fn read(tree: &Tree<'_>, customs: &Customs<'_, '_>) -> Option<Discussion> {
    let times = times::all(tree, customs.custom());
    if times.len() < UNITS_MIN {
        return None;
    }
    let mut groups = Groups::new();
    for at in times {
        // By the wider shape too: a reply inside another stands in other elements than the first post.
        for levels in [SHAPE_LEVELS, SHAPE_LEVELS_LEAST] {
            groups.entry(shape(tree, at, levels)).or_default().push(at);
        }
    }
    for times in groups.values_mut() {
        times.sort_unstable();
        times.dedup();
    }
    if groups.values().all(|times| times.len() < UNITS_MIN) {
        return None;
    }
    let mut words = Words::count(tree);
    let mut times: Vec<NodeId> = groups.values().flatten().copied().collect();
    times.sort_unstable();
    times.dedup();
    // Two of a kind are believed where nothing stands three times.
    let mut ways = HashMap::new();
    let (mut tried, mut refused) = (HashMap::new(), HashSet::new());
    [UNITS_SURE, UNITS_MIN].into_iter().find_map(|least| {
        let mut left = CUTS_MAX;
        cuts(tree, &groups, &words, &mut ways, least).into_iter().find_map(|cut| {
            if left == 0 {
                return None;
            }
            // Groups may share their times, and what stands three times stands twice.
            let key = key(&cut.units);
            if let Some(has_times) = tried.get(&key) {
                left -= usize::from(*has_times);
                return None;
            }
            let units = timed(tree, &groups, cut);
            tried.insert(key, units.is_some());
            let units = units?;
            left -= 1;
            if !refused.insert(self::key(&units)) {
                return None;
            }
            let custom = times::custom(tree, &units, customs);
            let mut found = records(tree, units, &times, custom, &mut words);
            words.count_all();
            if let Some(found) = &mut found {
                found.lists = lists::beside(tree, groups.values(), &words, found);
            }
            found
        })
    })
}

/// What tells units from others.
fn key(units: &[Unit]) -> Vec<(NodeId, NodeId, Option<NodeId>)> {
    units.iter().map(|unit| (unit.start, unit.end, unit.time)).collect()
}

/// The units of a cut with their times; `None` where those are of the people rather than of what they wrote.
fn timed(tree: &Tree<'_>, groups: &Groups, cut: Cut) -> Option<Vec<Unit>> {
    let mut units = units::complete(tree, cut);
    times::choose(tree, groups, &mut units);
    let of_people = units.iter().filter_map(|unit| unit.time).filter(|&time| times::is_of_person(tree, time)).count();
    (of_people * 2 <= units.len()).then_some(units)
}

/// The cuts of so many units, the one with most words first, those that stand where pages list other threads last.
fn cuts<'g>(
    tree: &Tree<'_>,
    groups: &'g Groups,
    words: &Words,
    ways: &mut HashMap<&'g [NodeId], Ways>,
    units_min: usize,
) -> Vec<Cut> {
    let mut shapes: Vec<&Shape> = groups.keys().filter(|shape| groups[*shape].len() >= units_min).collect();
    shapes.sort_by_key(|shape| (std::cmp::Reverse(groups[*shape].len()), *shape));
    shapes.truncate(GROUPS_MAX);
    shapes.sort();
    let cut = |key: &Shape| {
        let times = groups[key].as_slice();
        let cut = ways.entry(times).or_insert_with(|| Ways::of(tree, times, words)).best(words, units_min)?;
        let total = total(&cut.units, words);
        let least = if units::are_marked(tree, cut) { 1 } else { WORDS_MIN };
        (total >= least * cut.units.len() as u32).then(|| (total, cut.clone()))
    };
    let mut found: Vec<(u32, Cut)> = shapes.into_iter().filter_map(cut).collect();
    found.sort_by_cached_key(|(total, cut)| (lists::are_aside(tree, &cut.units), std::cmp::Reverse(*total)));
    found.into_iter().map(|(_, cut)| cut).collect()
}

/// Words of all units, long ones counted in part.
fn total(units: &[Unit], words: &Words) -> u32 {
    units.iter().map(|unit| unit.plain(words).min(WORDS_COUNTED)).sum()
}

/// Tags and first classes of the node and those above it, numbers taken off.
fn shape(tree: &Tree<'_>, id: NodeId, levels: usize) -> Shape {
    let step = |at: NodeId| {
        let class =
            tree.attribute(at, Key::Class).and_then(|class| class.split_ascii_whitespace().next()).unwrap_or_default();
        (tree.tag(at), class.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned())
    };
    std::iter::once(id).chain(tree.ancestors(id)).take(levels).map(step).collect()
}

fn records(
    tree: &Tree<'_>,
    mut units: Vec<Unit>,
    times: &[NodeId],
    custom: Custom,
    words: &mut Words,
) -> Option<Discussion> {
    let rest = units.get(POSTS_MAX).map(|unit| unit.start);
    units.truncate(POSTS_MAX);
    let repeated = Repeated::of(tree, &units);
    words.discount(tree, &repeated);
    let (mut bodies, agreed) = body::all(tree, &units, words);
    if let Some((unit, body)) = agreed.as_ref().and_then(|of| body::lead(tree, &units, of, words, times)) {
        // What stands inside another unit names that by its place in the list.
        units.iter_mut().for_each(|unit| unit.above = unit.above.map(|above| above + 1));
        units.insert(0, unit);
        bodies.insert(0, Some(Body::of(body)));
    }
    if units.iter().filter(|unit| is_quoting(tree, unit, words)).count() * 2 > units.len() {
        return None;
    }
    let authors = names::authors(tree, &units, &bodies);
    let named = authors.iter().flatten().count();
    let mut found = Discussion { rest, ..Discussion::default() };
    let mut at_unit: Vec<Option<usize>> = vec![None; units.len()];
    // Where all others are signed, a first one without a name is the page's head; so is one that says but a heading.
    let says_heading = bodies.first().is_some_and(|body| body.as_ref().is_some_and(|body| body.is_heading(tree)));
    let head = usize::from(
        says_heading && units.len() > UNITS_SURE
            || authors.first().is_some_and(|first| first.as_ref().is_none_or(|author| !author.sure))
                && named * 10 >= (units.len() - 1) * 9,
    );
    let is_event = |at: usize| {
        authors[at].as_ref().is_some_and(|author| body::is_event(tree, &units[at], author.at, agreed.as_ref()))
    };
    let mut links = 0;
    let is_some_event = (0..units.len()).filter(|&at| is_event(at)).count() * 2 < units.len();
    for (at, unit) in units.iter().enumerate().skip(head) {
        let (Some(body), author) = (&bodies[at], authors[at].clone()) else { continue };
        let is_gone = author.is_none() && marks::is_removed(tree, unit.start);
        if is_some_event && is_event(at) || is_gone {
            continue;
        }
        let Some((mut post, place)) = post_of(tree, unit, body, author, &repeated, custom) else { continue };
        links += usize::from(body::says_only_links(tree, &place, &repeated));
        at_unit[at] = Some(found.posts.len());
        let above = unit.above.and_then(|above| at_unit[above]);
        post.position = found.posts.len() as u32 + 1;
        post.reply_to = above.and_then(|above| found.posts[above].id.clone());
        post.depth = above.map_or(0, |above| found.posts[above].depth + 1);
        found.posts.push(post);
        found.places.push(place);
    }
    // A list of threads names who began each.
    let is_list = links * 2 > found.posts.len();
    found.nameless = named == 0 && floors::sign(tree, &units);
    let signed = found.nameless || named as f32 >= NAMED * units.len() as f32;
    if is_list || !signed || found.posts.len() < UNITS_MIN {
        return None;
    }
    let whole: Vec<below::Whole<'_>> = units.iter().zip(&bodies).zip(&authors).zip(&at_unit).collect();
    below::add(tree, &whole, times, custom, words, &mut found);
    Some(found)
}

/// Whether a unit's time is that of a quotation, beside words of whoever quotes it.
fn is_quoting(tree: &Tree<'_>, unit: &Unit, words: &Words) -> bool {
    let quote = |time: NodeId| {
        let mut above = tree.ancestors(time).take_while(|&above| above >= unit.start);
        above.find(|&above| tree.tag(above) == Tag::Blockquote)
    };
    let Some(quote) = unit.time.and_then(quote) else { return false };
    unit.plain(words) >= words.plain(quote, tree.end(quote)) + WORDS_MIN
}

/// A unit as a post; `None` where it says nothing.
fn post_of(
    tree: &Tree<'_>,
    unit: &Unit,
    body: &Body,
    author: Option<Author>,
    repeated: &Repeated,
    custom: Custom,
) -> Option<(Post, Place)> {
    let mut chrome = body::chrome(tree, unit, body, author.as_ref().map(|author| author.at), repeated);
    let (mut quotes, mut heads) = (Vec::new(), Vec::new());
    for &node in &body.nodes {
        let (more, of_them) = quotes::of_elements(tree, node, &chrome.dropped, custom.order);
        quotes.extend(more);
        heads.extend(of_them);
    }
    chrome.dropped.extend(heads);
    chrome.dropped.sort_unstable();
    // A label before the words stands in one block with them, which is the post's whatever it begins with.
    let label = furniture::label(tree, &body.nodes, &chrome.dropped, repeated);
    chrome.dropped.extend(label.into_iter().chain(furniture::title(tree, &body.nodes)));
    chrome.dropped.sort_unstable();
    // What says but its author's name is an entry in a list.
    let is_name = |text: &String| author.as_ref().is_some_and(|author| author.name == *text);
    let text = Some(text(tree, body, &chrome.dropped)).filter(|text| !text.is_empty() && !is_name(text))?;
    let edited = chrome.edited.as_deref().and_then(|said| dates::find(said, custom)).filter(|date| date.is_day());
    let (time, time_shown) = unit.time.map(|time| times::read(tree, time, custom)).unwrap_or_default();
    // None is of a day before the post's own.
    let day = |of: &str| of.get(..10).map(str::to_owned);
    let is_before = |edited: &str| day(edited).zip(time.as_deref().and_then(day)).is_some_and(|(of, own)| of < own);
    let edited = edited.map(|date| date.to_string()).filter(|edited| !is_before(edited));
    let post = Post {
        id: body::id(tree, unit),
        permalink: unit.time.and_then(|time| body::permalink(tree, time)),
        author_url: author.as_ref().and_then(|author| author.url.clone()),
        author: author.map(|author| author.name),
        time,
        time_shown,
        signature: chrome.signature,
        edited,
        quotes,
        text,
        ..Post::default()
    };
    let mut dropped = chrome.dropped;
    dropped.extend(beside(tree, unit, body));
    dropped.sort_unstable();
    Some((post, Place { container: unit.start, bodies: body.nodes.clone(), dropped, cut: None }))
}

/// The parts of a run that hold no words of its body: they say who wrote it and when.
fn beside(tree: &Tree<'_>, unit: &Unit, body: &Body) -> impl Iterator<Item = NodeId> {
    let is_beside = |part: &NodeId| !body.nodes.iter().any(|node| tree.subtree(*part).contains(node));
    let is_run = tree.end(unit.start) < unit.end;
    unit.parts(tree).filter(move |part| is_run && is_beside(part))
}

/// What a body says. A part of a run may itself be dropped.
fn text(tree: &Tree<'_>, body: &Body, dropped: &[NodeId]) -> String {
    let said: Vec<NodeId> = match body.nodes.as_slice() {
        [one] => vec![*one],
        parts => parts.iter().copied().filter(|id| dropped.binary_search(id).is_err()).collect(),
    };
    render::text(tree, &said, dropped)
}

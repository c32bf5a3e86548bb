//! Posts on boards nobody listed: parts of the page that repeat, each with a time and a name.
//!
//! Places that show a time are grouped by the shape of the path above them. A group whose members hang side by side
//! under one element cuts that element's children into units. The body is the element that holds most of a unit's
//! text, of the shape that most units agree on; teasers (units that are led by a linked heading) are none.

use std::collections::HashMap;

use crate::document::{Post, Thread, line};
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::metadata::dates::{self, Order};

use super::{Discussion, POSTS_MAX, Place, render};

/// Fewest units of a thread, and fewest words of its posts on average.
const UNITS_MIN: usize = 3;
const WORDS_MIN: u32 = 6;
/// Longest text that shows a time, and most of them that are read.
const TIME_BYTES_MAX: usize = 100;
const TIMES_MAX: usize = 20_000;
/// Longest name of an author.
const NAME_BYTES_MAX: usize = 60;
/// Levels above a time that make its shape.
const SHAPE_LEVELS: usize = 4;
/// A child with this share of an element's words stands for it.
const MOST: f32 = 0.75;
/// Share of the units that must name an author.
const NAMED: f32 = 0.6;

type Shape = Vec<(Tag, String)>;

/// The posts of a thread of unknown make; `None` where nothing repeats as posts do.
pub fn read(tree: &Tree<'_>, language: Option<&str>) -> Option<Discussion> {
    let order = language.map(Order::of_language).unwrap_or_default();
    let times = times(tree, order);
    if times.len() < UNITS_MIN {
        return None;
    }
    let mut groups: HashMap<Shape, Vec<NodeId>> = HashMap::new();
    for at in times {
        groups.entry(shape(tree, at, SHAPE_LEVELS)).or_default().push(at);
    }
    let mut best: Option<(u32, Vec<Unit>)> = None;
    let mut shapes: Vec<&Shape> = groups.keys().filter(|shape| groups[*shape].len() >= UNITS_MIN).collect();
    if shapes.is_empty() {
        return None;
    }
    let words = Words::count(tree);
    shapes.sort();
    for key in shapes {
        let Some(units) = units(tree, &groups[key], &words) else { continue };
        let total: u32 = units.iter().map(|unit| words.plain(unit.start, unit.end).min(400)).sum();
        if best.as_ref().is_none_or(|(most, _)| total > *most) && total >= WORDS_MIN * units.len() as u32 {
            best = Some((total, units));
        }
    }
    records(tree, &best?.1, order, &words)
}

/// The elements that show a time.
fn times(tree: &Tree<'_>, order: Order) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut read = 0;
    let mut id = 0;
    while id < tree.len() && read < TIMES_MAX {
        match (tree.kind(id), tree.tag(id)) {
            (_, Tag::Script | Tag::Style | Tag::Head | Tag::Nav | Tag::Select | Tag::Textarea) => {
                id = tree.end(id);
                continue;
            }
            (NodeKind::Element, Tag::Time) => found.push(id),
            (NodeKind::Text, _) => {
                let text = tree.text(id);
                let short = text.len() <= TIME_BYTES_MAX && text.bytes().any(|byte| byte.is_ascii_digit());
                let parent = tree.parent(id).unwrap_or_default();
                if short && tree.tag(parent) != Tag::Time {
                    read += 1;
                    if shows_time(text, order) {
                        found.push(parent);
                    }
                }
            }
            _ => {}
        }
        id += 1;
    }
    found.dedup();
    found
}

fn shows_time(text: &str, order: Order) -> bool {
    let text = text.trim();
    let Some((date, bytes)) = dates::find_at(text, order) else { return false };
    // A day without a year counts beside a time of day, or where it is all that stands there.
    let bare = date.day.is_some() && (text.contains(':') || bytes.len() == text.len());
    date.is_day() || bare || date.year.is_some() && text.len() > 7
}

/// Tags and first classes of the node and those above it, numbers taken off.
fn shape(tree: &Tree<'_>, id: NodeId, levels: usize) -> Shape {
    let step = |at: NodeId| {
        let class =
            tree.attribute(at, "class").and_then(|class| class.split_ascii_whitespace().next()).unwrap_or_default();
        (tree.tag(at), class.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned())
    };
    std::iter::once(id).chain(tree.ancestors(id)).take(levels).map(step).collect()
}

/// A run of children of one element.
#[derive(Clone, Copy, Debug)]
struct Unit {
    time: NodeId,
    start: NodeId,
    end: NodeId,
}

/// Cuts the element under which most of the times hang side by side.
fn units(tree: &Tree<'_>, times: &[NodeId], words: &Words) -> Option<Vec<Unit>> {
    let mut parents: HashMap<NodeId, usize> = HashMap::new();
    for pair in times.windows(2) {
        *parents.entry(common(tree, pair[0], pair[1])?).or_default() += 1;
    }
    let (&parent, _) = parents.iter().max_by_key(|(id, count)| (**count, **id))?;
    let mut starts: Vec<(NodeId, NodeId)> = Vec::new();
    for &time in times {
        let Some(child) = child_above(tree, parent, time) else { continue };
        if starts.last().is_none_or(|(last, _)| *last < child) && starts.len() < POSTS_MAX {
            starts.push((child, time));
        }
    }
    if starts.len() < UNITS_MIN {
        return None;
    }
    let mut units: Vec<Unit> = starts
        .iter()
        .enumerate()
        .map(|(at, &(start, time))| Unit {
            time,
            start,
            end: starts.get(at + 1).map_or(tree.end(parent), |next| next.0),
        })
        .collect();
    trim_last(tree, &mut units);
    let led = units.iter().filter(|unit| has_linked_heading(tree, unit)).count();
    let linked =
        units.iter().filter(|unit| words.linked(unit.start, unit.end) > words.plain(unit.start, unit.end)).count();
    (led * 2 < units.len() && linked * 2 < units.len()).then_some(units)
}

/// The last unit has no more children than the others mostly have.
fn trim_last(tree: &Tree<'_>, units: &mut [Unit]) {
    let count = |unit: &Unit| siblings(tree, unit).count();
    let Some((last, others)) = units.split_last_mut() else { return };
    let mut counts: Vec<usize> = others.iter().map(count).collect();
    counts.sort_unstable();
    let usual = counts.get(counts.len() / 2).copied().unwrap_or(1);
    if let Some(end) = siblings(tree, last).map(|id| tree.end(id)).take(usual).last() {
        last.end = end;
    }
}

fn siblings<'a>(tree: &'a Tree<'_>, unit: &Unit) -> impl Iterator<Item = NodeId> + use<'a> {
    let end = unit.end;
    std::iter::successors(Some(unit.start), move |&id| tree.next_sibling(id)).take_while(move |&id| id < end)
}

fn common(tree: &Tree<'_>, a: NodeId, b: NodeId) -> Option<NodeId> {
    tree.ancestors(a).find(|&above| tree.end(above) > b)
}

fn child_above(tree: &Tree<'_>, parent: NodeId, id: NodeId) -> Option<NodeId> {
    std::iter::once(id).chain(tree.ancestors(id)).find(|&at| tree.parent(at) == Some(parent))
}

fn has_linked_heading(tree: &Tree<'_>, unit: &Unit) -> bool {
    let heading = |id: NodeId| matches!(tree.tag(id), Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4);
    let linked = |id: NodeId| {
        let inside = tree.elements(id, Tag::A).next().is_some();
        inside || tree.ancestors(id).take(3).any(|above| tree.tag(above) == Tag::A)
    };
    (unit.start..unit.end).any(|id| heading(id) && linked(id))
}

fn records(tree: &Tree<'_>, units: &[Unit], order: Order, words: &Words) -> Option<Discussion> {
    let bodies = bodies(tree, units, words);
    let mut found = Discussion::default();
    let mut named = 0;
    for (unit, body) in units.iter().zip(bodies) {
        let Some(body) = body else { continue };
        let author = author(tree, unit, body);
        named += usize::from(author.is_some());
        let mut dropped: Vec<NodeId> =
            author.iter().map(|(id, _)| *id).chain([unit.time]).filter(|id| *id > body).collect();
        dropped.sort_unstable();
        let text = render::text(tree, &[body], &dropped);
        if text.is_empty() {
            continue;
        }
        let (time, time_shown) = time(tree, unit.time, order);
        let position = found.posts.len() as u32 + 1;
        let author = author.map(|(_, name)| name);
        found.posts.push(Post { position, author, time, time_shown, text, ..Post::default() });
        found.places.push(Place { container: unit.start, bodies: vec![body], dropped });
    }
    found.thread = Thread { platform: None, ..Thread::default() };
    (named as f32 >= NAMED * units.len() as f32 && found.posts.len() >= UNITS_MIN).then_some(found)
}

/// The body of each unit: where most of its text is, in the shape that most units agree on.
fn bodies(tree: &Tree<'_>, units: &[Unit], words: &Words) -> Vec<Option<NodeId>> {
    let own: Vec<Option<NodeId>> = units.iter().map(|unit| fullest(tree, unit, words)).collect();
    let mut votes: HashMap<Shape, u32> = HashMap::new();
    for body in own.iter().flatten() {
        *votes.entry(shape(tree, *body, 2)).or_default() += words.plain(*body, tree.end(*body)).clamp(1, 50);
    }
    let agreed = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(shape, _)| shape);
    let of_shape = |unit: &Unit| {
        let agreed = agreed.as_ref()?;
        let fits = |id: &NodeId| {
            tree.kind(*id) == NodeKind::Element && tree.tag(*id) == agreed[0].0 && shape(tree, *id, 2) == *agreed
        };
        (unit.start..unit.end).filter(fits).max_by_key(|id| (words.plain(*id, tree.end(*id)), std::cmp::Reverse(*id)))
    };
    units.iter().zip(own).map(|(unit, own)| of_shape(unit).or(own)).collect()
}

/// Goes down from the fullest part of the unit as long as one child has nearly all words; what stands about the name
/// or the time does not count beside it.
fn fullest(tree: &Tree<'_>, unit: &Unit, words: &Words) -> Option<NodeId> {
    let count = |id: &NodeId| words.plain(*id, tree.end(*id));
    let element = |id: &NodeId| tree.kind(*id) == NodeKind::Element;
    let named = (unit.start..unit.end).find(|&id| names_author(tree, id).is_some_and(|worth| worth < 2));
    let about = |id: &NodeId| [Some(unit.time), named].into_iter().flatten().any(|at| tree.subtree(*id).contains(&at));
    let mut at = siblings(tree, unit).filter(element).max_by_key(|id| (count(id), std::cmp::Reverse(*id)))?;
    loop {
        let next = tree.children(at).filter(element).max_by_key(|id| (count(id), std::cmp::Reverse(*id)));
        let Some(next) = next.filter(|next| count(next) > 0 && tree.tag(*next) != Tag::P) else { return Some(at) };
        let beside: u32 = tree.children(at).filter(|id| *id != next && about(id)).map(|id| count(&id)).sum();
        if (count(&next) as f32) < MOST * (count(&at) - beside) as f32 {
            return Some(at);
        }
        at = next;
    }
}

/// The name that a unit shows, and its element: by class or address, else the first short strong text.
fn author(tree: &Tree<'_>, unit: &Unit, body: NodeId) -> Option<(NodeId, String)> {
    let mut best: Option<(u8, NodeId, String)> = None;
    let inside = tree.end(body);
    let mut id = unit.start;
    while id < unit.end {
        if id == body && tree.end(unit.start) < inside {
            id = inside;
            continue;
        }
        if let Some(worth) = names_author(tree, id)
            && best.as_ref().is_none_or(|(had, ..)| worth < *had)
            && let Some(name) = name(tree, id)
        {
            best = Some((worth, id, name));
        }
        id += 1;
    }
    best.map(|(_, id, name)| (id, name))
}

/// How much an element looks like an author's name; the lower the more.
fn names_author(tree: &Tree<'_>, id: NodeId) -> Option<u8> {
    if tree.kind(id) != NodeKind::Element {
        return None;
    }
    let words = ["user", "author", "nick", "poster", "member", "creator"];
    let not = [
        "avatar",
        "photo",
        "image",
        "title",
        "group",
        "rank",
        "info",
        "count",
        "posts",
        "date",
        "details",
        "signature",
        "post-",
    ];
    let class = tree.attribute(id, "class").unwrap_or_default().to_ascii_lowercase();
    if words.iter().any(|word| class.contains(word)) && !not.iter().any(|word| class.contains(word)) {
        return Some(0);
    }
    let roots = [
        "/user",
        "/u/",
        "/member",
        "/profil",
        "/author",
        "member.php",
        "memberlist.php",
        "profile.php",
        "action=profile",
    ];
    let href = tree.attribute(id, "href").unwrap_or_default().to_ascii_lowercase();
    if tree.tag(id) == Tag::A && roots.iter().any(|root| href.contains(root)) {
        return Some(1);
    }
    matches!(tree.tag(id), Tag::B | Tag::Strong).then_some(2)
}

fn name(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    if tree.end(id) - id > 30 {
        return None;
    }
    let text = line(&render::text(tree, &[id], &[]));
    let text = text.trim_start_matches("by ").trim_end_matches(':').trim();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let clock = text.contains(':') && text.starts_with(|c: char| c.is_ascii_digit());
    let sound = letters > 0 && text.len() <= NAME_BYTES_MAX && !clock;
    (sound && dates::find(text, Order::Unknown).is_none()).then(|| text.to_owned())
}

/// The time as RFC 3339, and as it is shown.
fn time(tree: &Tree<'_>, id: NodeId, order: Order) -> (Option<String>, Option<String>) {
    let shown = line(&render::text(tree, &[id], &[]));
    let stated =
        ["datetime", "title", "data-time", "data-timestamp"].iter().filter_map(|name| tree.attribute(id, name));
    let mut values = stated.chain([shown.as_str()]).filter_map(|value| dates::machine(value, order));
    let found = values.find(|date| date.year.is_some() || date.day.is_some());
    let short = super::super::metadata::head(&shown, 2 * TIME_BYTES_MAX);
    (found.map(|date| date.to_string()), Some(short.to_owned()).filter(|text| !text.is_empty()))
}

/// Words before each node: all, and those in links.
struct Words {
    all: Vec<u32>,
    links: Vec<u32>,
}

impl Words {
    fn count(tree: &Tree<'_>) -> Self {
        let size = tree.len() as usize + 1;
        let (mut all, mut links) = (vec![0; size], vec![0; size]);
        let (mut link_end, mut skip_end) = (0, 0);
        for id in 0..tree.len() {
            match tree.tag(id) {
                Tag::A => link_end = link_end.max(tree.end(id)),
                Tag::Script | Tag::Style | Tag::Select | Tag::Textarea | Tag::Button => {
                    skip_end = skip_end.max(tree.end(id))
                }
                _ => {}
            }
            let text = tree.kind(id) == NodeKind::Text && id >= skip_end;
            let count = if text { words(tree.text(id)) } else { 0 };
            all[id as usize + 1] = all[id as usize] + count;
            links[id as usize + 1] = links[id as usize] + if id < link_end { count } else { 0 };
        }
        Self { all, links }
    }

    fn linked(&self, start: NodeId, end: NodeId) -> u32 {
        self.links[end as usize] - self.links[start as usize]
    }

    fn plain(&self, start: NodeId, end: NodeId) -> u32 {
        self.all[end as usize] - self.all[start as usize] - self.linked(start, end)
    }
}

/// Words parted by white space; signs of scripts without spaces count one for two.
fn words(text: &str) -> u32 {
    let east = text
        .chars()
        .filter(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
        .count();
    text.split_whitespace().count() as u32 + east as u32 / 2
}

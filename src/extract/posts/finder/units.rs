//! The parts of the page that repeat.

mod ruled;

use std::collections::{HashMap, HashSet};

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::label::shape::is_wide;
use crate::extract::memo::hash;

use super::words::{Words, words};
use super::{UNITS_MIN, UNITS_SURE, total};
use super::{lists, names};
use crate::extract::posts::{POSTS_MAX, render};

/// Levels above a time that are tried as the element of its post.
const LEVELS_MAX: usize = 14;
/// Share of the times that must have an element of their own.
const OWN: f32 = 0.9;
/// Elements of one kind are taken rather than runs of children where they hold this share of their words.
const AS_MUCH: f32 = 0.9;
/// Words before a time in its line.
const BEFORE_WORDS_MAX: usize = 8;
/// Headings that differ in this share of the units lead teasers.
const DIFFERENT: f32 = 0.6;

/// Names have no more words than these, five of them together.
const TITLE_WORDS_IN_FIVE: usize = 11;

/// A post's part of the page: an element, or a run of children of one.
#[derive(Clone, Debug)]
pub struct Unit {
    pub time: Option<NodeId>,
    pub start: NodeId,
    pub end: NodeId,
    /// Units inside it, which are replies of their own.
    pub holes: Vec<(NodeId, NodeId)>,
    /// The unit it stands inside.
    pub above: Option<usize>,
}

impl Unit {
    pub fn new(time: NodeId, start: NodeId, end: NodeId) -> Self {
        Self { time: Some(time), start, end, holes: Vec::new(), above: None }
    }

    /// Its nodes, without those of units inside it.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        let mut from = self.start;
        let ends = self.holes.iter().copied().chain([(self.end, self.end)]);
        ends.flat_map(move |(start, end)| {
            let part = from..start;
            from = end;
            part
        })
    }

    /// Those of some nodes (in order) that are among its own.
    pub fn own<'a>(&'a self, some: &'a [NodeId]) -> impl Iterator<Item = NodeId> + 'a {
        let mut from = self.start;
        let ends = self.holes.iter().copied().chain([(self.end, self.end)]);
        ends.flat_map(move |(start, end)| {
            let first = some.partition_point(|&id| id < from);
            from = end;
            some[first..].iter().copied().take_while(move |&id| id < start)
        })
    }

    pub fn has(&self, id: NodeId) -> bool {
        let before = self.holes.partition_point(|&(start, _)| start <= id);
        let is_inside = self.holes[..before].last().is_some_and(|&(_, end)| id < end);
        (self.start..self.end).contains(&id) && !is_inside
    }

    /// Its words outside links.
    pub fn plain(&self, words: &Words) -> u32 {
        let inside: u32 = self.holes.iter().map(|&(start, end)| words.plain(start, end)).sum();
        words.plain(self.start, self.end) - inside
    }

    fn linked(&self, words: &Words) -> u32 {
        let inside: u32 = self.holes.iter().map(|&(start, end)| words.linked(start, end)).sum();
        words.linked(self.start, self.end) - inside
    }

    /// The elements right under what it is cut from.
    pub fn parts<'a>(&self, tree: &'a Tree<'_>) -> impl Iterator<Item = NodeId> + use<'a> {
        let end = self.end;
        std::iter::successors(Some(self.start), move |&id| tree.next_sibling(id)).take_while(move |&id| id < end)
    }
}

/// The units that the times of one group give.
#[derive(Clone)]
pub struct Cut {
    pub units: Vec<Unit>,
    /// The kind of their elements, where they are elements.
    sign: Option<Sign>,
}

/// The two ways to cut the page by the times of one group, where the parts may be posts.
pub struct Ways {
    runs: Option<Cut>,
    elements: Option<Cut>,
}

impl Ways {
    pub fn of(tree: &Tree<'_>, times: &[NodeId], words: &Words) -> Self {
        let sound = |units: &Vec<Unit>| units.len() >= UNITS_MIN && are_posts(tree, units, words);
        let elements = elements(tree, times).filter(|(_, units)| sound(units));
        Self {
            runs: runs(tree, times).filter(sound).map(|units| Cut { units, sign: None }),
            elements: elements.map(|(sign, units)| Cut { units, sign: Some(sign) }),
        }
    }

    /// The better of those with so many units.
    pub fn best(&self, words: &Words, units_min: usize) -> Option<&Cut> {
        let enough = |cut: &&Cut| cut.units.len() >= units_min;
        match (self.runs.as_ref().filter(enough), self.elements.as_ref().filter(enough)) {
            (Some(runs), Some(elements)) => {
                let as_much = total(&elements.units, words) as f32 >= AS_MUCH * total(&runs.units, words) as f32;
                Some(if as_much && elements.units.len() >= runs.units.len() { elements } else { runs })
            }
            (runs, elements) => runs.or(elements),
        }
    }
}

/// The runs and the elements that the times of one group give, posts or not.
pub fn parts(tree: &Tree<'_>, times: &[NodeId]) -> [Vec<Unit>; 2] {
    let elements = elements(tree, times).map(|(_, units)| units);
    [runs(tree, times), elements].map(Option::unwrap_or_default)
}

/// Whether each unit is an element with a number of its own that names somebody.
pub fn are_marked(tree: &Tree<'_>, cut: &Cut) -> bool {
    let marked = |unit: &Unit| is_numbered(tree, unit.start) && unit.nodes().any(|id| names::is_sure(tree, id));
    cut.sign.is_some() && cut.units.len() >= UNITS_SURE && cut.units.iter().all(marked)
}

/// Neither led by headings of their own nor mostly links.
fn are_posts(tree: &Tree<'_>, units: &[Unit], words: &Words) -> bool {
    let linked_heads: Vec<NodeId> = units.iter().filter_map(|unit| linked_heading(tree, unit)).collect();
    let heads: Vec<NodeId> = units.iter().filter_map(|unit| first_heading(tree, unit)).collect();
    let led = differ(tree, units, &linked_heads) || differ(tree, units, &heads) && are_titles(tree, units, &heads);
    let (linked, plain) = units.iter().fold((0, 0), |(l, p), unit| (l + unit.linked(words), p + unit.plain(words)));
    !led && linked < plain && !lists::lead_elsewhere(tree, units)
}

/// Whether so many units have one of these headings, and most of the headings are not alike.
fn differ(tree: &Tree<'_>, units: &[Unit], heads: &[NodeId]) -> bool {
    // Boards put "Re: Title" above each reply.
    let said = |&id: &NodeId| tree.text_content(id).trim().trim_start_matches("Re:").trim().to_lowercase();
    let different: HashSet<String> = heads.iter().map(said).collect();
    heads.len() * 2 >= units.len() && different.len() as f32 >= DIFFERENT * heads.len() as f32
}

/// Whether headings without links are titles of entries rather than names of people: numbers in them, more words than
/// names have, or each unit names somebody beside its heading.
fn are_titles(tree: &Tree<'_>, units: &[Unit], heads: &[NodeId]) -> bool {
    let (mut words, mut numbered) = (0, 0);
    for &head in heads {
        let text = tree.text_content(head);
        words += text.split_whitespace().count();
        numbered += usize::from(text.contains(|c: char| c.is_ascii_digit()));
    }
    let named = |unit: &&Unit| unit.nodes().any(|id| names::is_sure(tree, id));
    words * 5 > heads.len() * TITLE_WORDS_IN_FIVE
        || numbered * 2 > heads.len()
        || units.iter().filter(named).count() * 2 > units.len()
}

/// What stands first in the unit, where that is a heading.
fn first_heading(tree: &Tree<'_>, unit: &Unit) -> Option<NodeId> {
    let about = |id: NodeId| {
        let marked = tree.subtree(id).any(|id| Some(id) == unit.time || names::is_sure(tree, id));
        marked || says_author(tree, unit, id)
    };
    let heading = |id: &NodeId| matches!(tree.tag(*id), Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4);
    let first = unit.nodes().find(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id))?;
    tree.ancestors(first).take_while(|&above| above >= unit.start).find(heading).filter(|&id| !about(id))
}

/// A heading and a name have no more nodes.
const NAMING_NODES_MAX: NodeId = 16;

/// Whether a heading says the name of whom the unit names beside it: `Comment by Ann`.
fn says_author(tree: &Tree<'_>, unit: &Unit, heading: NodeId) -> bool {
    let is_short = |id: NodeId| tree.end(id) - id <= NAMING_NODES_MAX;
    let is_beside = |id: &NodeId| !tree.subtree(heading).contains(id) && names::is_sure(tree, *id);
    let sure = unit.nodes().find(is_beside).filter(|&id| is_short(id) && is_short(heading));
    sure.is_some_and(|id| {
        let (said, name) = (tree.text_content(heading), tree.text_content(id));
        // Scripts without blanks part no names, and Korean writes its particles behind them.
        let is_korean = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}');
        let is_bound = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() || is_wide(c) || is_korean(c));
        let around = Some(name.trim()).filter(|name| !name.is_empty()).and_then(|name| said.split_once(name));
        around.is_some_and(|(before, behind)| is_bound(before.chars().next_back()) && is_bound(behind.chars().next()))
    })
}

fn linked_heading(tree: &Tree<'_>, unit: &Unit) -> Option<NodeId> {
    let heading = |id: &NodeId| matches!(tree.tag(*id), Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4);
    let linked = |id: &NodeId| {
        let inside = tree.elements(*id, Tag::A).next().is_some();
        inside || tree.ancestors(*id).take(3).any(|above| tree.tag(above) == Tag::A)
    };
    // A heading may be the name of who speaks, or when.
    let about = |id: &NodeId| {
        let inside = tree.subtree(*id);
        unit.time.is_some_and(|time| inside.contains(&time)) || inside.clone().any(|id| names::is_sure(tree, id))
    };
    unit.nodes().find(|id| heading(id) && linked(id) && !about(id))
}

/// Cuts the element under which most of the times hang side by side.
fn runs(tree: &Tree<'_>, times: &[NodeId]) -> Option<Vec<Unit>> {
    let mut parents: HashMap<NodeId, usize> = HashMap::new();
    for pair in times.windows(2) {
        *parents.entry(common(tree, pair[0], pair[1])?).or_default() += 1;
    }
    let (&parent, _) = parents.iter().max_by_key(|(id, count)| (**count, **id))?;
    let mut starts: Vec<(NodeId, NodeId)> = Vec::new();
    for &time in times {
        let Some(child) = child_above(tree, parent, time) else { continue };
        if starts.last().is_none_or(|(last, _)| *last < child) && starts.len() <= POSTS_MAX {
            starts.push((child, time));
        }
    }
    if let units @ Some(_) = ruled::units(tree, &starts) {
        return units;
    }
    begin_lines(tree, &mut starts);
    begin_mails(tree, &mut starts);
    begin_after(tree, parent, &mut starts);
    let end = |at: usize| starts.get(at + 1).map_or(tree.end(parent), |next| next.0);
    let mut units: Vec<Unit> =
        starts.iter().enumerate().map(|(at, &(start, time))| Unit::new(time, start, end(at))).collect();
    trim_last(tree, &mut units);
    Some(units)
}

/// Where times stand last, below the words that they are of, each run begins behind the time before: what stands before
/// the first time is of the same kinds as what stands between the others, and nothing stands behind the last.
fn begin_after(tree: &Tree<'_>, parent: NodeId, starts: &mut [(NodeId, NodeId)]) {
    let parts: Vec<NodeId> = tree.children(parent).filter(|&id| tree.kind(id) == NodeKind::Element).collect();
    let places: Vec<usize> = starts.iter().filter_map(|(start, _)| parts.binary_search(start).ok()).collect();
    let (Some(&first), Some(&last)) = (places.first(), places.last()) else { return };
    let kinds = |from: usize, to: usize| -> Vec<Tag> {
        let between = parts.get(from..to).unwrap_or_default();
        between.iter().map(|&id| tree.tag(id)).collect()
    };
    // Above the first there may stand what heads the page.
    let usual = places.get(1).map(|&second| kinds(first + 1, second)).unwrap_or_default();
    let Some(from) = first.checked_sub(usual.len()).filter(|&from| kinds(from, first) == usual) else { return };
    let begins: Vec<usize> = std::iter::once(from).chain(places.iter().map(|&at| at + 1)).collect();
    let alike = begins.iter().zip(&places).filter(|&(&from, &to)| kinds(from, to) == usual).count();
    let ends = last + 1 == parts.len() && places.len() == starts.len() && !usual.is_empty();
    if ends && alike as f32 >= OWN * places.len() as f32 {
        for (start, begin) in starts.iter_mut().zip(begins) {
            start.0 = parts[begin];
        }
    }
}

/// Where a time stands in a line with a few words before it, as in `Ann wrote on 3 March:`, the run begins with those.
fn begin_lines(tree: &Tree<'_>, starts: &mut [(NodeId, NodeId)]) {
    let from = |at: usize| {
        at.checked_sub(1).map(|before| starts[before].0).or_else(|| tree.children(tree.parent(starts[0].0)?).next())
    };
    let begun: Vec<Option<NodeId>> = (0..starts.len()).map(|at| line_begin(tree, from(at)?, starts[at].0)).collect();
    // Most must, or what stands before a time is the end of the text before.
    if begun.iter().flatten().count() as f32 >= OWN * starts.len() as f32 {
        for (start, begin) in starts.iter_mut().zip(begun) {
            start.0 = begin.unwrap_or(start.0);
        }
    }
}

/// Where the line above a time names who has written, as in the head of a mail, the run begins with it.
fn begin_mails(tree: &Tree<'_>, starts: &mut [(NodeId, NodeId)]) {
    let above = |start: NodeId| {
        let from = start.checked_sub(2).filter(|&from| tree.tag(from + 1) == Tag::Br)?;
        (tree.parent(from) == tree.parent(start) && names::of_mail(tree, from).is_some()).then_some(from)
    };
    let begun: Vec<Option<NodeId>> = starts.iter().map(|&(start, _)| above(start)).collect();
    if begun.iter().flatten().count() as f32 >= OWN * starts.len() as f32 {
        for (start, begin) in starts.iter_mut().zip(begun) {
            start.0 = begin.unwrap_or(start.0);
        }
    }
}

/// The first of the few words before a node in its line, looked for among its neighbours from another on; `None` where
/// there are none, or many.
fn line_begin(tree: &Tree<'_>, from: NodeId, start: NodeId) -> Option<NodeId> {
    if !render::in_line(tree, start) {
        return None;
    }
    let neighbours = std::iter::successors(Some(from), |&id| tree.next_sibling(id));
    let before: Vec<NodeId> = neighbours.take_while(|&id| id < start).collect();
    let begin = before.iter().rposition(|&child| !render::in_line(tree, child)).map_or(0, |last| last + 1);
    let words: usize = before[begin..].iter().map(|&id| words(&tree.text_content(id)) as usize).sum();
    (1..=BEFORE_WORDS_MAX).contains(&words).then(|| before[begin])
}

/// The last unit has no more children than the others mostly have, what parts those from the next left aside.
fn trim_last(tree: &Tree<'_>, units: &mut [Unit]) {
    let parts_it = |&&id: &&NodeId| tree.tag(id) == Tag::Hr || tree.kind(id) == NodeKind::Text && tree.is_blank(id);
    let count = |unit: &Unit| {
        let parts: Vec<NodeId> = unit.parts(tree).collect();
        parts.len() - parts.iter().rev().take_while(parts_it).count()
    };
    let Some((last, others)) = units.split_last_mut() else { return };
    let mut counts: Vec<usize> = others.iter().map(count).collect();
    counts.sort_unstable();
    let usual = counts.get(counts.len() / 2).copied().unwrap_or(1);
    if let Some(end) = last.parts(tree).map(|id| tree.end(id)).take(usual).last() {
        last.end = end;
    }
}

fn common(tree: &Tree<'_>, a: NodeId, b: NodeId) -> Option<NodeId> {
    tree.ancestors(a).find(|&above| tree.end(above) > b)
}

fn child_above(tree: &Tree<'_>, parent: NodeId, id: NodeId) -> Option<NodeId> {
    std::iter::once(id).chain(tree.ancestors(id)).find(|&at| tree.parent(at) == Some(parent))
}

/// Elements, each with the time it holds.
type Held = Vec<(NodeId, NodeId)>;

/// Elements of one kind have one sign: of tag, first class, and an id but for its number.
pub type Sign = u64;

/// `None` for an element that has neither class nor numbered id, unless its tag says what it is; with it whether it has
/// such an id.
pub fn sign(tree: &Tree<'_>, id: NodeId) -> Option<(Sign, bool)> {
    let class = tree.attribute(id, Key::Class).and_then(|class| class.split_ascii_whitespace().next());
    let class = class.unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
    let name = tree.attribute(id, Key::Id).unwrap_or_default();
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    // A long identifier has digits all over; only a number at the end is one.
    let numbered = stem.len() < name.len() && !stem.contains(|c: char| c.is_ascii_digit());
    let stem = if numbered { stem } else { "" };
    if class.is_empty() && !numbered && !matches!(tree.tag(id), Tag::Li | Tag::Article) {
        return None;
    }
    let parts = [tree.name(id), class, stem].map(|part| hash(part.as_bytes()));
    Some((parts.into_iter().fold(0, |sign: Sign, part| sign.rotate_left(17) ^ part), numbered))
}

/// Whether the element has an id that ends with a number.
pub fn is_numbered(tree: &Tree<'_>, id: NodeId) -> bool {
    sign(tree, id).is_some_and(|(_, numbered)| numbered)
}

/// Whether the element has an id, and a digit is its end: few have.
fn ends_in_number(tree: &Tree<'_>, id: NodeId) -> bool {
    tree.has_attributes(id)
        && tree.attribute(id, Key::Id).is_some_and(|name| name.ends_with(|c: char| c.is_ascii_digit()))
}

/// The outermost kind of element of which nearly each time has one to itself.
fn elements(tree: &Tree<'_>, times: &[NodeId]) -> Option<(Sign, Vec<Unit>)> {
    let signs = |time: NodeId| -> Vec<(Sign, NodeId)> {
        let above = tree.ancestors(time).take(LEVELS_MAX);
        above.filter_map(|id| Some((sign(tree, id)?.0, id))).collect()
    };
    let above: Vec<(NodeId, Vec<(Sign, NodeId)>)> =
        times.iter().take(POSTS_MAX + 1).map(|&time| (time, signs(time))).collect();
    let mut tried: HashSet<Sign> = HashSet::new();
    let mut best: Option<(u64, Sign, Held)> = None;
    for at in [0, above.len() / 2] {
        for (sign, _) in above.get(at)?.1.iter().filter(|(sign, _)| tried.insert(*sign)) {
            let Some(found) = of_sign(&above, *sign) else { continue };
            let size = found.iter().map(|&(start, _)| u64::from(tree.end(start) - start)).sum();
            if best.as_ref().is_none_or(|(most, ..)| size > *most) {
                best = Some((size, *sign, found));
            }
        }
    }
    let (_, sign, found) = best?;
    let units = found.into_iter().map(|(id, time)| Unit::new(time, id, tree.end(id))).collect();
    Some((sign, nest(tree, units)))
}

/// For each time its nearest element of the kind, where nearly each has one to itself.
fn of_sign(above: &[(NodeId, Vec<(Sign, NodeId)>)], sign: Sign) -> Option<Held> {
    let mut seen: HashSet<NodeId> = HashSet::new();
    let nearest = |(time, signs): &(NodeId, Vec<(Sign, NodeId)>)| {
        let id = signs.iter().find(|(of, _)| *of == sign)?.1;
        seen.insert(id).then_some((id, *time))
    };
    let mut found: Held = above.iter().filter_map(nearest).collect();
    found.sort_unstable();
    (found.len() >= UNITS_MIN && found.len() as f32 >= OWN * above.len() as f32).then_some(found)
}

/// Adds elements of the kind whose time is of another shape, or stands elsewhere: often the first post.
pub fn complete(tree: &Tree<'_>, cut: Cut) -> Vec<Unit> {
    let Some(of) = cut.sign else { return cut.units };
    let mut known = cut.units.iter().peekable();
    let unit = |id: NodeId| {
        let time = match known.next_if(|unit| unit.start == id) {
            Some(unit) => unit.time,
            None if ends_in_number(tree, id) && sign(tree, id) == Some((of, true)) => None,
            None => return None,
        };
        Some(Unit { time, ..Unit::new(id, id, tree.end(id)) })
    };
    nest(tree, (0..tree.len()).filter_map(unit).take(POSTS_MAX + 1).collect())
}

/// Says of each unit which stand right inside it.
pub fn nest(tree: &Tree<'_>, mut units: Vec<Unit>) -> Vec<Unit> {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..units.len() {
        let start = units[at].start;
        while open.last().is_some_and(|&above| units[above].end <= start) {
            open.pop();
        }
        if let Some(&above) = open.last() {
            units[at].above = Some(above);
            units[above].holes.push((start, tree.end(start)));
        }
        open.push(at);
    }
    units
}

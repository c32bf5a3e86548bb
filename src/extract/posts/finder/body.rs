//! Where a unit's own words stand, and what in there is none of them.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};

use super::names;
use super::units::Unit;
use super::words::{Repeated, Words, words};
use super::{Place, Shape, furniture, notes, shape};
use crate::extract::posts::{render, signature};

/// A child with this share of an element's words stands for it.
const MOST: f32 = 0.75;
/// Nodes of a unit that are looked at for its number.
const HEAD_NODES_MAX: usize = 80;
/// Words of the part of a run that says who wrote it and when.
const HEAD_WORDS_MAX: u32 = 12;
/// Words of a name.
const NAME_WORDS_MAX: u32 = 5;
/// Fewest words above the lines that sign them.
const SIGNED_WORDS_MIN: u32 = 2;
/// Words of the first line of a run.
const HEAD_LINE_WORDS_MAX: usize = 8;
/// Nodes of a note on when a post was edited.
const NOTE_NODES_MAX: NodeId = 16;
/// Elements between a word and the link that it stands in.
const LINK_LEVELS: usize = 4;
/// In names of signatures.
const SIGNATURES: &[&str] =
    &["signatur", "usersig", "user-sig", "postsig", "post-sig", "unterschrift", "podpis", "assinatura", "handtekening"];
/// Longest identifier.
const ID_BYTES_MAX: usize = 80;

/// What a unit says: one element, or on pages without containers neighbours of a run.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pub nodes: Vec<NodeId>,
    /// Parts among them that only say who wrote it and when.
    pub head: Vec<NodeId>,
}

impl Body {
    pub fn of(node: NodeId) -> Self {
        Self { nodes: vec![node], head: Vec::new() }
    }

    pub fn has(&self, tree: &Tree<'_>, id: NodeId) -> bool {
        // They stand in order, and apart.
        let before = self.nodes.partition_point(|&node| node <= id);
        self.nodes[..before].last().is_some_and(|&node| tree.subtree(node).contains(&id))
    }

    /// The one element that it is.
    fn single(&self) -> Option<NodeId> {
        Some(self.nodes[0]).filter(|_| self.nodes.len() == 1)
    }

    /// Whether it is a heading, as posts are none.
    pub fn is_heading(&self, tree: &Tree<'_>) -> bool {
        self.single().is_some_and(|node| matches!(tree.tag(node), Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4))
    }

    fn plain(&self, tree: &Tree<'_>, words: &Words) -> u32 {
        self.nodes.iter().map(|&node| words.plain(node, tree.end(node))).sum()
    }
}

/// The body of each unit: where most of its text is, in the shape that most units agree on.
pub fn all(tree: &Tree<'_>, units: &[Unit], words: &Words) -> (Vec<Option<Body>>, Option<Shape>) {
    let own: Vec<Option<Body>> = units.iter().map(|unit| whole(tree, unit, words)).collect();
    // Where most say who and when in a part of its own, so does one whose words are fewer than that.
    let headed = |(unit, body): (&Unit, &Option<Body>)| body.as_ref().is_some_and(|body| has_time(tree, unit, body));
    if units.iter().zip(&own).filter(|&at| headed(at)).count() * 2 < units.len() {
        let below: Vec<Option<Body>> = units.iter().zip(&own).map(|at| at.1.clone().filter(|_| !headed(at))).collect();
        let found = agreed(tree, units, below, words, true);
        // Not where that leaves a post without words.
        if found.0.iter().all(Option::is_some) {
            return found;
        }
    }
    agreed(tree, units, own, words, false)
}

/// The bodies in the shape that has most votes; where heads stand apart, what holds a time is none.
fn agreed(
    tree: &Tree<'_>,
    units: &[Unit],
    own: Vec<Option<Body>>,
    words: &Words,
    is_apart: bool,
) -> (Vec<Option<Body>>, Option<Shape>) {
    // Runs of several parts have no shape, and are one where most words stand in such.
    let mut votes: HashMap<Option<Shape>, u32> = HashMap::new();
    for body in own.iter().flatten() {
        let shape = body.single().map(|node| shape(tree, node, 2));
        *votes.entry(shape).or_default() += body.plain(tree, words).clamp(1, 50);
    }
    let agreed =
        votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).and_then(|(shape, _)| shape);
    let of_shape = |unit: &Unit| of_shape(tree, unit, agreed.as_ref()?, words, is_apart);
    let body = |(unit, own): (&Unit, Option<Body>)| {
        let below = || if is_apart { below_head(tree, unit, words) } else { None };
        of_shape(unit).or(own).or_else(below)
    };
    let bodies = units.iter().zip(own).map(body).collect();
    (bodies, agreed)
}

fn has_time(tree: &Tree<'_>, unit: &Unit, body: &Body) -> bool {
    unit.time.is_some_and(|time| body.has(tree, time))
}

/// The fullest part of a unit of several that does not hold its time; all its words may be a link.
fn below_head(tree: &Tree<'_>, unit: &Unit, words: &Words) -> Option<Body> {
    let of_time = |id: NodeId| unit.time.is_some_and(|time| tree.subtree(id).contains(&time));
    let mut within: Vec<NodeId> = unit.parts(tree).collect();
    // Down to the element whose parts are the head and the words.
    while let [one] = within.as_slice() {
        within = tree.children(*one).filter(|&id| tree.kind(id) == NodeKind::Element).collect();
    }
    let size = |id: NodeId| words.plain(id, tree.end(id)) + words.linked(id, tree.end(id));
    let parts = within.into_iter().filter(|&id| tree.kind(id) == NodeKind::Element && unit.has(id) && !of_time(id));
    parts.filter(|&id| size(id) > 0).max_by_key(|&id| (size(id), Reverse(id))).map(Body::of)
}

/// The fullest element of the shape; where it is a part of a run, all from the first such part to the last.
fn of_shape(tree: &Tree<'_>, unit: &Unit, of: &Shape, words: &Words, is_apart: bool) -> Option<Body> {
    let of_time = |id: NodeId| unit.time.is_some_and(|time| tree.subtree(id).contains(&time));
    let fits = unit.nodes().filter(|&id| is_of(tree, id, of) && !(is_apart && of_time(id)));
    let best = fits.max_by_key(|id| (words.plain(*id, tree.end(*id)), Reverse(*id)))?;
    let parts: Vec<NodeId> = unit.parts(tree).collect();
    let says = |&id: &NodeId| is_of(tree, id, of) && words.plain(id, tree.end(id)) > 0 && !(is_apart && of_time(id));
    let (first, last) = (parts.iter().position(says), parts.iter().rposition(says));
    match (first, last) {
        (Some(first), Some(last)) if parts.contains(&best) => {
            let nodes: Vec<NodeId> = parts[first..=last].to_vec();
            let about = |id: &NodeId| unit.time.is_some_and(|time| tree.subtree(*id).contains(&time));
            // Where the time stands between, this is no run of paragraphs.
            Some(if nodes.iter().any(about) { Body::of(best) } else { Body { nodes, head: Vec::new() } })
        }
        _ => Some(Body::of(best)),
    }
}

/// Whether a unit is a line on what somebody did (`Ann closed this on 3 March`) among posts whose words have an element:
/// it says nothing outside the line, and the name comes first in it.
pub fn is_event(tree: &Tree<'_>, unit: &Unit, author: NodeId, agreed: Option<&Shape>) -> bool {
    let block = |id: NodeId| tree.ancestors(id).find(|&above| above <= unit.start || !render::inline(tree.tag(above)));
    let Some(of) = agreed.filter(|_| unit.time.is_none_or(|time| author < time)) else { return false };
    let line = block(author);
    let texts = || unit.nodes().filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id));
    let is_first = texts().next().is_some_and(|first| tree.subtree(author).contains(&first));
    let of_time = |id: NodeId| unit.time.is_some_and(|time| tree.subtree(time).contains(&id));
    is_first && texts().all(|id| block(id) == line || of_time(id)) && !unit.nodes().any(|id| is_of(tree, id, of))
}

fn is_of(tree: &Tree<'_>, id: NodeId, of: &Shape) -> bool {
    tree.kind(id) == NodeKind::Element && tree.tag(id) == of[0].0 && shape(tree, id, 2) == *of
}

/// A first post that stands in an element of another kind: words in the shape of the bodies, before the first unit,
/// with a time and a name about them.
pub fn lead(tree: &Tree<'_>, units: &[Unit], of: &Shape, words: &Words, times: &[NodeId]) -> Option<(Unit, NodeId)> {
    let first = units.first()?.start;
    let bodies = (0..first).filter(|&id| tree.end(id) <= first && is_of(tree, id, of));
    let body = bodies.max_by_key(|&id| (words.plain(id, tree.end(id)), Reverse(id)))?;
    let apart = |&above: &NodeId| tree.end(above) <= first;
    let start = std::iter::once(body).chain(tree.ancestors(body)).take_while(apart).last()?;
    let inside = tree.subtree(start);
    let time = times.iter().copied().find(|time| inside.contains(time))?;
    let named = inside.clone().any(|id| names::is_sure(tree, id));
    let unit = Unit { time: Some(time), start, end: tree.end(start), holes: Vec::new(), above: None };
    (named && words.plain(body, tree.end(body)) > 0).then_some((unit, body))
}

/// The fullest element of the unit, or the parts of a run where none of them has nearly all words.
fn whole(tree: &Tree<'_>, unit: &Unit, words: &Words) -> Option<Body> {
    let parts: Vec<NodeId> = unit.parts(tree).collect();
    run(tree, unit, &parts, words).or_else(|| fullest(tree, unit, words).map(Body::of))
}

/// The parts of a run with the words, without those that stand in no line with the text and only say who and when.
fn run(tree: &Tree<'_>, unit: &Unit, parts: &[NodeId], words: &Words) -> Option<Body> {
    let of_table = |&id: &NodeId| matches!(tree.tag(id), Tag::Tr | Tag::Td | Tag::Th | Tag::Tbody | Tag::Table);
    if let Some(nodes) = signed(tree, unit, parts, words) {
        return Some(Body { nodes, head: Vec::new() });
    }
    if parts.len() < 2 || !unit.holes.is_empty() || parts.iter().any(of_table) || !is_headed(tree, unit, parts) {
        return None;
    }
    let named = unit.nodes().find(|&id| names::is_sure(tree, id));
    let about = |id: NodeId| [unit.time, named].into_iter().flatten().any(|at| tree.subtree(id).contains(&at));
    // What others have said too is all that some say, below the line with their name.
    let line = parts.iter().take_while(|&&id| render::in_line(tree, id)).count();
    let is_named = |&id: &NodeId| tree.kind(id) == NodeKind::Element || words.written(id, tree.end(id)) <= 1;
    let line = if parts[..line].iter().all(|id| about(*id) || is_named(id)) { &parts[..line] } else { &[] };
    let says = parts.iter().any(|id| !about(*id) && !line.contains(id) && words.plain(*id, tree.end(*id)) > 0);
    let about = |id: NodeId| about(id) || !says && line.contains(&id);
    let count = |id: NodeId| if says { words.plain(id, tree.end(id)) } else { words.written(id, tree.end(id)) };
    let (head, rest): (Vec<NodeId>, Vec<NodeId>) =
        parts.iter().partition(|&&id| about(id) && count(id) <= HEAD_WORDS_MAX);
    let all: u32 = rest.iter().map(|&id| count(id)).sum();
    let most = rest.iter().filter(|&&id| tree.kind(id) == NodeKind::Element).map(|&id| count(id)).max();
    if all == 0 || most.unwrap_or(0) as f32 >= MOST * all as f32 {
        return None;
    }
    let apart = |id: NodeId| tree.kind(id) == NodeKind::Element && !render::inline(tree.tag(id));
    let nodes = parts.iter().copied().filter(|id| !(head.contains(id) && apart(*id))).collect();
    Some(Body { nodes, head: head.into_iter().filter(|&id| !apart(id)).collect() })
}

/// The bare texts of a run that are signed below, as by `Ann <ann@example.org>` and a line with the time.
fn signed(tree: &Tree<'_>, unit: &Unit, parts: &[NodeId], words: &Words) -> Option<Vec<NodeId>> {
    let ends_line = |id: NodeId| tree.tag(id) == Tag::Br || !render::in_line(tree, id);
    let begin = |to: usize| parts[..to].iter().rposition(|&id| ends_line(id)).map_or(0, |last| last + 1);
    let count = |parts: &[NodeId]| parts.iter().map(|&id| words.plain(id, tree.end(id))).sum::<u32>();
    let timed = |&id: &NodeId| unit.time.is_some_and(|time| tree.subtree(id).contains(&time));
    let at = parts.iter().position(timed).filter(|_| unit.holes.is_empty())?;
    let time_line = begin(at);
    let above = time_line.checked_sub(1).map(|end| begin(end)..end)?;
    let names = |range: Range<usize>| {
        let named = |&id: &NodeId| tree.subtree(id).any(|id| names::is_sure(tree, id));
        parts[range.clone()].iter().any(named) && count(&parts[range]) <= HEAD_WORDS_MAX
    };
    let is_named = !names(time_line..at) && names(above.clone());
    let said = &parts[..if is_named { above.start } else { time_line }];
    let said = &said[..said.iter().rposition(|&id| !ends_line(id))? + 1];
    let texts: Vec<NodeId> = said.iter().copied().filter(|&id| tree.kind(id) == NodeKind::Text).collect();
    let is_text = |&id: &NodeId| render::in_line(tree, id) || tree.tag(id) == Tag::Br;
    let is_bare = said.iter().all(is_text) && count(&texts) as f32 >= MOST * count(said) as f32;
    let is_last = count(parts.get(at + 1..)?) == 0;
    let is_brief = count(&parts[time_line..=at]) <= HEAD_WORDS_MAX;
    (is_bare && is_last && is_brief && count(said) >= SIGNED_WORDS_MIN).then(|| said.to_vec())
}

/// Whether the first line of a run is about its time, and not a sentence that names some day.
fn is_headed(tree: &Tree<'_>, unit: &Unit, parts: &[NodeId]) -> bool {
    let line = parts.iter().take_while(|&&id| render::in_line(tree, id)).count().max(1);
    let said: usize = parts[..line].iter().map(|&id| words(&tree.text_content(id)) as usize).sum();
    let timed = |&id: &NodeId| unit.time.is_some_and(|time| tree.subtree(id).contains(&time));
    // Of a mail's head the next line says when.
    let of_mail = || parts.first().is_some_and(|&first| names::of_mail(tree, first).is_some());
    said <= HEAD_LINE_WORDS_MAX && (parts[..line].iter().any(timed) || of_mail())
}

/// Goes down from the fullest part of the unit as long as one child has nearly all words; what stands about the name
/// or the time does not count beside it.
pub fn fullest(tree: &Tree<'_>, unit: &Unit, words: &Words) -> Option<NodeId> {
    let inside = |id: &NodeId| -> u32 {
        let from = unit.holes.partition_point(|&(start, _)| start < *id);
        let holes = unit.holes[from..].iter().take_while(|&&(start, _)| start < tree.end(*id));
        holes.map(|&(start, end)| words.plain(start, end)).sum()
    };
    let count = |id: &NodeId| words.plain(*id, tree.end(*id)) - inside(id);
    let element = |id: &NodeId| tree.kind(*id) == NodeKind::Element && unit.has(*id);
    let named = unit.nodes().find(|&id| names::is_sure(tree, id));
    let about = |id: &NodeId| [unit.time, named].into_iter().flatten().any(|at| tree.subtree(*id).contains(&at));
    // Of a run the part that but names somebody and says when is not what was said, however short that is.
    let is_head = |id: &NodeId| {
        let is_timed = unit.time.filter(|time| tree.subtree(*id).contains(time));
        is_timed.is_some_and(|time| count(id).saturating_sub(count(&time)) <= NAME_WORDS_MAX)
            && !render::inline(tree.tag(*id))
    };
    let parts = || unit.parts(tree).filter(element);
    let fullest = |parts: &mut dyn Iterator<Item = NodeId>| parts.max_by_key(|id| (count(id), Reverse(*id)));
    let said = fullest(&mut parts().filter(|id| count(id) > 0 && !is_head(id)));
    let mut at = said.or_else(|| fullest(&mut parts()))?;
    loop {
        let next = tree.children(at).filter(element).max_by_key(|id| (count(id), Reverse(*id)));
        let Some(next) = next.filter(|next| count(next) > 0 && tree.tag(*next) != Tag::P) else { return Some(at) };
        let beside: u32 = tree.children(at).filter(|id| *id != next && about(id)).map(|id| count(&id)).sum();
        if (count(&next) as f32) < MOST * (count(&at) - beside) as f32 {
            return Some(at);
        }
        at = next;
    }
}

/// What stands in a body without being of it.
#[derive(Default)]
pub struct Chrome {
    pub dropped: Vec<NodeId>,
    pub signature: Option<String>,
    /// What says when it was edited.
    pub edited: Option<String>,
}

/// Name, time, replies, signature, and what every unit says alike.
pub fn chrome(tree: &Tree<'_>, unit: &Unit, body: &Body, author: Option<NodeId>, repeated: &Repeated) -> Chrome {
    let mut dropped: Vec<NodeId> = author.into_iter().chain(unit.time).collect();
    dropped.extend(unit.holes.iter().map(|hole| hole.0));
    let (mut signature, mut noted) = (None, None);
    let mut quote_end = 0;
    for id in unit.nodes() {
        if id > unit.start && names::is_quote(tree, id) {
            quote_end = quote_end.max(tree.end(id));
        }
        if tree.kind(id) == NodeKind::Element && is_edit_note(tree, id) {
            // Whose words are quoted was another's to edit.
            let own = Some(id).filter(|&id| id >= quote_end && noted.is_none()).map(|id| tree.text_content(id));
            noted = noted.or(own.filter(|said| notes::is_note(tree, unit, said.trim())));
            dropped.push(id);
        } else if tree.kind(id) == NodeKind::Element && furniture::is_switch(tree, id, body) {
            dropped.push(id);
        } else if tree.kind(id) == NodeKind::Element && is_signature(tree, id) && !holds(tree, id, body) {
            signature = signature.or_else(|| Some(render::text(tree, &[id], &[])).filter(|text| !text.is_empty()));
            dropped.push(id);
        }
    }
    dropped.extend(furniture::twins(tree, unit, body));
    dropped.extend(notes::byline(tree, unit, body, author, repeated).unwrap_or_default());
    dropped.sort_unstable();
    let (note, edited) = notes::edited(tree, unit, body, &dropped).unzip();
    let edited = edited.or(noted);
    dropped.extend(note.unwrap_or_default());
    dropped.sort_unstable();
    let furniture = furniture::of(tree, &body.nodes, &dropped, repeated);
    dropped.extend(furniture);
    // Replies inside have lines of their own.
    let holes: Vec<NodeId> = unit.holes.iter().map(|hole| hole.0).collect();
    if let Some((nodes, text)) = signature::ruled_off(tree, &body.nodes, &holes) {
        signature = signature.or(Some(text).filter(|text| !text.is_empty()));
        dropped.extend(nodes);
    }
    let single = body.nodes.len() == 1;
    dropped.retain(|&id| body.has(tree, id) && !(single && id == body.nodes[0]));
    dropped.extend(&body.head);
    dropped.sort_unstable();
    dropped.dedup();
    Chrome { dropped, signature, edited }
}

/// Whether what is left of a body is links: one leads elsewhere than to people, and nothing but a word (`by`), a count or
/// a time that many units have stands outside them.
pub fn says_only_links(tree: &Tree<'_>, place: &Place, repeated: &Repeated) -> bool {
    let is_said = |&id: &NodeId| tree.kind(id) == NodeKind::Text && tree.text(id).contains(char::is_alphanumeric);
    let link = |id: NodeId| tree.ancestors(id).take(LINK_LEVELS).find(|&above| tree.tag(above) == Tag::A);
    let leads = |link: NodeId| !tree.attribute(link, Key::Href).is_some_and(names::is_address);
    let is_small = |id: NodeId| {
        let text = tree.text(id);
        let is_short = text.contains(char::is_numeric) || text.split_whitespace().nth(1).is_none();
        is_short && repeated.often.contains(&id)
    };
    let mut is_led = false;
    let mut texts = render::outside(tree, &place.bodies, &place.dropped).filter(is_said);
    texts.all(|id| match link(id) {
        Some(link) => {
            is_led |= leads(link);
            true
        }
        None => is_small(id),
    }) && is_led
}

/// "Last edited by …": told by its class, and short.
fn is_edit_note(tree: &Tree<'_>, id: NodeId) -> bool {
    let class = tree.attribute(id, Key::Class).unwrap_or_default().to_ascii_lowercase();
    let named =
        ["edited", "lastedit", "editdate", "postedit", "edit-note", "notice"].iter().any(|word| class.contains(word));
    named && tree.end(id) - id <= NOTE_NODES_MAX
}

/// Whether the words stand inside the element.
fn holds(tree: &Tree<'_>, id: NodeId, body: &Body) -> bool {
    body.nodes.iter().any(|node| tree.subtree(id).contains(node))
}

fn is_signature(tree: &Tree<'_>, id: NodeId) -> bool {
    let says = |key: Key| {
        let value = tree.attribute(id, key).unwrap_or_default().to_ascii_lowercase();
        SIGNATURES.iter().any(|name| value.contains(name))
            || value.split_ascii_whitespace().any(|word| matches!(word, "sig" | "sgn") || word.starts_with("sig_"))
    };
    says(Key::Class) || says(Key::Id)
}

/// The unit's number as its element or an anchor near its head says it.
pub fn id(tree: &Tree<'_>, unit: &Unit) -> Option<String> {
    let numbered = |value: &&str| value.len() <= ID_BYTES_MAX && value.contains(|c: char| c.is_ascii_digit());
    let of = |id: NodeId| {
        let keys: &[Key] = if tree.tag(id) == Tag::A { &[Key::Id, Key::Name] } else { &[Key::Id] };
        keys.iter().filter_map(|&key| tree.attribute(id, key)).find(numbered)
    };
    unit.nodes().take(HEAD_NODES_MAX).filter(|&id| tree.kind(id) == NodeKind::Element).find_map(of).map(str::to_owned)
}

/// Where the post's time leads, if it is a link.
pub fn permalink(tree: &Tree<'_>, time: NodeId) -> Option<String> {
    let around = std::iter::once(time).chain(tree.ancestors(time).take(2));
    let links = around.chain(tree.subtree(time)).filter(|&id| tree.tag(id) == Tag::A);
    let mut links = links.filter(|&id| !names::is_sure(tree, id));
    links.find_map(|id| tree.attribute(id, Key::Href)).map(str::to_owned)
}

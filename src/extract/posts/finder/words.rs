//! Words of every part of the page, and which texts say nothing because every unit has them.

use std::collections::{HashMap, HashSet};

use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::label::shape::is_wide;
use crate::extract::memo::hash;

use super::units::Unit;

/// Longest text that may be furniture of a post.
const REPEATED_BYTES_MAX: usize = 48;
/// Text nodes of one unit that are compared.
const NODES_MAX: usize = 2000;
/// A text says nothing when so many of the units have it,
const REPEATED: f32 = 0.3;
/// and is left out of a body when this many have it.
const EVERYWHERE: f32 = 0.8;

/// Words before each node: all, those in links, those that say nothing.
pub struct Words {
    all: Vec<u32>,
    links: Vec<u32>,
    empty: Vec<u32>,
}

impl Words {
    pub fn count(tree: &Tree<'_>) -> Self {
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
        Self { all, links, empty: Vec::new() }
    }

    /// From now on words that say nothing do not count.
    pub fn discount(&mut self, tree: &Tree<'_>, repeated: &Repeated) {
        self.count_all();
        let mut sum = 0;
        self.empty = std::iter::once(0)
            .chain((0..tree.len()).map(|id| {
                if repeated.often.contains(&id) {
                    sum += self.plain(id, id + 1);
                }
                sum
            }))
            .collect();
    }

    /// From now on all words count.
    pub fn count_all(&mut self) {
        self.empty.clear();
    }

    /// Words outside links, whatever they say.
    pub fn written(&self, start: NodeId, end: NodeId) -> u32 {
        self.all[end as usize] - self.all[start as usize] - self.linked(start, end)
    }

    pub fn linked(&self, start: NodeId, end: NodeId) -> u32 {
        self.links[end as usize] - self.links[start as usize]
    }

    /// Words outside links that say something.
    pub fn plain(&self, start: NodeId, end: NodeId) -> u32 {
        let empty = self.empty.get(end as usize).map_or(0, |upto| upto - self.empty[start as usize]);
        self.written(start, end) - empty
    }
}

/// Text nodes whose words, numbers aside, stand in several units: labels, ranks, buttons.
#[derive(Default)]
pub struct Repeated {
    pub often: HashSet<NodeId>,
    pub everywhere: HashSet<NodeId>,
}

impl Repeated {
    pub fn of(tree: &Tree<'_>, units: &[Unit]) -> Self {
        let mut seen: HashMap<String, (usize, usize)> = HashMap::new();
        let mut texts: Vec<(NodeId, String)> = Vec::new();
        // Where one writes at length, others may all write the same.
        let mut said: HashSet<u64> = HashSet::new();
        for (at, unit) in units.iter().enumerate() {
            for id in unit.nodes().filter(|&id| tree.kind(id) == NodeKind::Text).take(NODES_MAX) {
                let Some(key) = key(tree.text(id)) else {
                    said.extend(place(tree, id).filter(|_| !tree.is_blank(id)));
                    continue;
                };
                let (last, count) = seen.entry(key.clone()).or_insert((usize::MAX, 0));
                if *last != at {
                    (*last, *count) = (at, *count + 1);
                }
                texts.push((id, key));
            }
        }
        let least = |share: f32, least: usize| ((units.len() as f32 * share).ceil() as usize).max(least);
        let (often, everywhere) = (least(REPEATED, 2), least(EVERYWHERE, 3));
        let is_said = |id: NodeId| !said.is_empty() && place(tree, id).is_some_and(|place| said.contains(&place));
        texts.retain(|(id, key)| seen[key].1 >= often.min(everywhere) && !is_said(*id));
        let of = |least: usize| texts.iter().filter(|(_, key)| seen[key].1 >= least).map(|(id, _)| *id).collect();
        Self { often: of(often), everywhere: of(everywhere) }
    }
}

/// The kind of the two elements around a text that has the inner one to itself, and leads nowhere.
fn place(tree: &Tree<'_>, id: NodeId) -> Option<u64> {
    let parent = tree.parent(id).filter(|&parent| tree.end(parent) <= id + 1)?;
    let mut kind = 0_u64;
    for above in tree.ancestors(id).take(2) {
        if matches!(tree.tag(above), Tag::A | Tag::Button | Tag::Label) {
            return None;
        }
        let class = tree.attribute(above, Key::Class).and_then(|class| class.split_ascii_whitespace().next());
        let class = class.unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
        kind = kind.rotate_left(17) ^ hash(tree.name(above).as_bytes()) ^ hash(class.as_bytes()).rotate_left(7);
    }
    (parent + 1 == id).then_some(kind)
}

/// A short text in lower case, each number as one sign.
fn key(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > REPEATED_BYTES_MAX {
        return None;
    }
    let mut key = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            _ if c.is_numeric() && key.ends_with('0') => {}
            _ if c.is_numeric() => key.push('0'),
            _ if c.is_whitespace() && key.ends_with(' ') => {}
            _ if c.is_whitespace() => key.push(' '),
            _ => key.push(c),
        }
    }
    Some(key)
}

/// Words parted by white space; signs of scripts without spaces count one for two.
pub fn words(text: &str) -> u32 {
    if text.is_ascii() {
        // Each begins behind white space; sixteen bytes are asked at once.
        let bytes = text.as_bytes();
        let begins = |pair: (&u8, &u8)| u32::from(pair.0.is_ascii_whitespace() & !pair.1.is_ascii_whitespace());
        let first = bytes.first().is_some_and(|byte| !byte.is_ascii_whitespace());
        return u32::from(first) + bytes.iter().zip(bytes.iter().skip(1)).map(begins).sum::<u32>();
    }
    let dense = text.chars().filter(|&c| is_wide(c) || matches!(c, '\u{ac00}'..='\u{d7af}')).count();
    text.split_whitespace().count() as u32 + dense as u32 / 2
}

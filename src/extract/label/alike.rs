//! What is built alike is decided alike: the rows of a table, the items of a list, the cards of a grid. The last of them
//! stands where pages end, and is no less than the others for it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::Labels;
use super::reasons::in_control;
use super::zones::{NAMES, Zone, Zones, by_name, by_role};
use crate::document::{Kind, Label, Reason};
use crate::extract::html::{Key, NodeId, NodeKind, Tag, Tree};
use crate::extract::segment::Segment;

/// So many parts that are built alike are a group, where they are so much of what stands in one element.
const PARTS_MIN: usize = 3;
const SHARE_MIN: f32 = 0.66;
/// A part with more blocks is a page's, not a group's.
const BLOCKS_MAX: usize = 20;
/// Where so many of a group are alike, the others follow that come so near, by half the confidence.
const MOST: f32 = 0.75;
const NEAR: f32 = 0.6;
const NEAR_ABOVE: f32 = 1.3;
/// So far up a text is known for that of a box to tick.
const BOX_LEVELS: usize = 3;

/// Labels the blocks of a group's parts as nearly all other parts label theirs at the same place.
/// `vetoes`: why a rule alone would leave a block out.
pub fn level(tree: &Tree<'_>, segments: &[Segment], vetoes: &[Option<Reason>], labels: &mut Labels) {
    if matches!(labels.kind, Kind::Thread | Kind::Blocked | Kind::Empty) {
        return;
    }
    let heard: Vec<usize> = (0..segments.len()).filter(|&at| !segments[at].is_silent()).collect();
    // How many blocks begin before each node.
    let mut counts = vec![0u32; tree.len() as usize + 1];
    heard.iter().for_each(|&at| counts[segments[at].first as usize + 1] += 1);
    counts.iter_mut().fold(0, |sum, count| {
        *count += sum;
        *count
    });
    let before = |id: NodeId| counts[id as usize] as usize;
    let differ = Differ::of(tree, segments, vetoes, &heard, labels);
    let mut next = 0;
    while next < tree.len() {
        let parent = next;
        next += 1;
        if tree.kind(parent) != NodeKind::Element {
            continue;
        }
        let held = before(parent)..before(tree.end(parent));
        if held.len() < PARTS_MIN || !differ.within(held) {
            // Nor do its parts hold as many blocks, or blocks that differ.
            next = tree.end(parent);
            continue;
        }
        let children =
            tree.children(parent).filter(|&id| tree.kind(id) == NodeKind::Element && may_be_part(tree.tag(id)));
        let parts: Vec<(NodeId, Range<usize>)> =
            children.map(|id| (id, before(id)..before(tree.end(id)))).filter(|(_, held)| !held.is_empty()).collect();
        if parts.len() < PARTS_MIN {
            continue;
        }
        let mut groups: HashMap<u64, Vec<Part<'_>>> = HashMap::new();
        for (part, held) in parts.iter().filter(|(_, held)| held.len() <= BLOCKS_MAX) {
            let held = &heard[held.clone()];
            groups.entry(build(tree, segments, *part, held)).or_default().push(Part { node: *part, held });
        }
        let enough =
            |group: &&Vec<Part<'_>>| group.len() >= PARTS_MIN && group.len() as f32 >= SHARE_MIN * parts.len() as f32;
        if let Some(group) = groups.values().find(enough) {
            for place in 0..group[0].held.len() {
                let blocks: Vec<usize> = group.iter().map(|part| part.held[place]).collect();
                let last = blocks[blocks.len() - 1];
                let placed = is_unspoken(&labels.blocks[last].0, &vetoes[last]) && {
                    let sorts = group[group.len() - 2..].iter();
                    let sorts = sorts.map(|part| sort(tree, part.node, segments[part.held[place]].node));
                    sorts.reduce(|before, last| Zones(last.0 & !before.0)) == Some(Zones::default())
                };
                level_one(tree, segments, &blocks, placed, labels);
            }
        }
    }
}

/// One part with the blocks in it that are heard.
struct Part<'a> {
    node: NodeId,
    held: &'a [usize],
}

/// Of the blocks that are heard, how many before each are kept, and how many only missed the cut.
struct Differ(Vec<[u32; 2]>);

impl Differ {
    fn of(tree: &Tree<'_>, segments: &[Segment], vetoes: &[Option<Reason>], heard: &[usize], labels: &Labels) -> Self {
        let mut sums = vec![[0; 2]];
        for &at in heard {
            let label = &labels.blocks[at].0;
            let [kept, open] = sums.last().copied().unwrap_or_default();
            sums.push([
                kept + u32::from(*label == Label::Content),
                open + u32::from(
                    is_open(label) || is_unspoken(label, &vetoes[at]) || is_ticked(tree, &segments[at], label),
                ),
            ]);
        }
        Self(sums)
    }

    /// Whether some are kept and some only missed the cut: else there is nothing to level.
    fn within(&self, held: Range<usize>) -> bool {
        let ([kept, open], [kept_end, open_end]) = (self.0[held.start], self.0[held.end]);
        kept_end > kept && open_end > open
    }
}

fn is_open(label: &Label) -> bool {
    matches!(label, Label::Boilerplate(Reason::LowScore | Reason::LinkDensity))
}

/// Whether a block missed the cut and bears the name of its place as the reason, with no rule that speaks against it. What is
/// called a byline may be one in each part.
fn is_unspoken(label: &Label, veto: &Option<Reason>) -> bool {
    veto.is_none() && matches!(label, Label::Boilerplate(Reason::Header | Reason::Widget))
}

/// Whether a block is what a box to tick says, and left out for that alone: what goes into a dish or a bag is a text.
fn is_ticked(tree: &Tree<'_>, segment: &Segment, label: &Label) -> bool {
    let is_label = || tree.ancestors(segment.first).take(BOX_LEVELS).any(|id| tree.tag(id) == Tag::Label);
    *label == Label::Boilerplate(Reason::Widget) && is_label() && !in_control(tree, segment)
}

/// Paragraphs and headings follow each other without being a group.
fn may_be_part(tag: Tag) -> bool {
    tag != Tag::P && !tag.is_heading()
}

/// A hash of the elements between a part and its blocks.
fn build(tree: &Tree<'_>, segments: &[Segment], part: NodeId, held: &[usize]) -> u64 {
    let mut hash = DefaultHasher::new();
    for &at in held {
        let up = std::iter::once(segments[at].node).chain(tree.ancestors(segments[at].node));
        up.take_while(|&id| id > part).for_each(|id| (tree.tag(id) as u32).hash(&mut hash));
        (tree.tag(part) as u32, u32::MAX).hash(&mut hash);
    }
    hash.finish()
}

/// The heads and controls that a part and the elements down to its block are called.
fn sort(tree: &Tree<'_>, part: NodeId, block: NodeId) -> Zones {
    let path = std::iter::once(block).chain(tree.ancestors(block)).take_while(|&id| id >= part);
    let zones = path.fold(Zones::default(), |zones, id| {
        let named = tree.keyed(id, NAMES).fold(zones, |zones, (_, names)| zones.and(by_name(names)));
        named.and(tree.attribute(id, Key::Role).map_or(Zones::default(), by_role))
    });
    let told = [Zone::Header, Zone::Widget, Zone::Dialog].into_iter().filter(|&zone| zones.has(zone));
    told.fold(Zones::default(), Zones::with)
}

/// Labels some blocks at one place of their parts alike, where most are and no rule speaks against any. `placed`: whether the
/// last one bears the name of its place alone, and its part is called nothing else than the one before: what stands last is
/// given that name the soonest, and it speaks for that one only, not against the others.
fn level_one(tree: &Tree<'_>, segments: &[Segment], blocks: &[usize], placed: bool, labels: &mut Labels) {
    let is_tick = |at: usize| is_ticked(tree, &segments[at], &labels.blocks[at].0);
    let ticked = blocks.iter().any(|&at| is_tick(at));
    let is_placed = |at: usize| placed && blocks.last() == Some(&at);
    if !blocks.iter().all(|&at| labels.is_text(at) || is_open(&labels.blocks[at].0) || is_placed(at) || is_tick(at)) {
        return;
    }
    let kept = blocks.iter().filter(|&&at| labels.is_text(at)).count() as f32 / blocks.len() as f32;
    let mean = blocks.iter().map(|&at| labels.blocks[at].1).sum::<f32>() / blocks.len() as f32;
    let cut = labels.confidence / 2.0;
    // Of boxes that are left out for what they are, as the model knows, one that is kept speaks for the others.
    let most = if ticked { 0.0 } else { MOST };
    for &at in blocks {
        let (label, score) = &mut labels.blocks[at];
        if kept > 0.0 && kept >= most && mean >= cut && *score >= NEAR * cut {
            *label = Label::Content;
        } else if !ticked
            && !placed
            && kept <= 1.0 - MOST
            && mean < cut
            && *score <= NEAR_ABOVE * cut
            && *label == Label::Content
        {
            *label = Label::Boilerplate(Reason::LowScore);
        }
    }
}

//! What records say of blocks: a post's body is content, what stands around it is not.

use std::ops::Range;

use super::called::heading_above;
use super::{Cut, Discussion, Place, trim};
use crate::document::{Kind, Label, Reason};
use crate::extract::Options;
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::label::Labels;
use crate::extract::label::shape::{count, size};
use crate::extract::segment::Segment;

/// Score of a block that is a post's text by the rules of its platform.
const CERTAIN: f32 = 0.97;

/// Which part of a discussion a block stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Body(u32),
    /// Inside a post, but not its text.
    Around,
    Outside,
}

/// Relabels the blocks of a page whose posts are known, and leaves in them only what is the posts'; gives each block's
/// post.
pub fn mark(
    tree: &Tree<'_>,
    segments: &mut [Segment],
    found: &Discussion,
    options: &Options,
    labels: &mut Labels,
) -> Vec<Option<u32>> {
    let parts = Parts::of(tree, found);
    // What made a page look empty does not hold against posts that are known to be some.
    let unless = |reason: &Reason| if labels.kind == Kind::Empty { *reason != Reason::NoContent } else { true };
    let vetoes: Vec<bool> = labels
        .blocks
        .iter()
        .map(|(label, _)| matches!(label, Label::Boilerplate(reason) if stays_out(reason) && unless(reason)))
        .collect();
    let mut posts = vec![None; segments.len()];
    for (at, segment) in segments.iter_mut().enumerate() {
        let (part, mixed) = match parts.at(segment.first) {
            // An article's words stay its own though a comment begins on the same line.
            Part::Outside if found.comments => (Part::Outside, false),
            _ => parts.of_block(tree, segment),
        };
        if let Part::Body(post) = part {
            posts[at] = Some(post);
            let around = quotes_around(tree, &found.places[post as usize], segment.first);
            segment.quote_depth = segment.quote_depth.saturating_sub(around);
        } else if parts.is_rest(segment) {
            // Posts that are more than are read keep what the model says of them.
            continue;
        }
        // The whole text of a post that only leads elsewhere may be the page's title.
        if labels.title != Some(at) || matches!(part, Part::Body(_)) {
            let label = &mut labels.blocks[at];
            if found.comments {
                comment(part, options, label)
            } else {
                post(part, vetoes[at], label)
            }
            if mixed && label.0 == Label::Content {
                trim::trim(tree, segment, |id| parts.said(tree, id));
            }
        }
    }
    if !found.comments {
        labels.kind = Kind::Thread;
    } else if let Some(heading) = heading_above(tree, segments, found, labels).filter(|_| !options.comments) {
        comment(Part::Around, options, &mut labels.blocks[heading]);
    }
    posts
}

/// Share of the words labelled content that stand in posts' bodies, 0 to 1; what stands in lists of
/// other threads, or below more posts than are read, does not count.
pub fn share(tree: &Tree<'_>, segments: &[Segment], found: &Discussion, labels: &Labels) -> f32 {
    let parts = Parts::of(tree, found);
    let (mut inside, mut all) = (0u32, 0u32);
    for (at, segment) in segments.iter().enumerate() {
        if labels.is_text(at) && !parts.is_beside(segment) {
            all += size(segment);
            inside += match parts.of_block(tree, segment) {
                (Part::Body(_), true) => parts.words(tree, segment).min(size(segment)),
                (Part::Body(_), false) => size(segment),
                _ => 0,
            };
        }
    }
    inside as f32 / all.max(1) as f32
}

/// How many quotes a post's body is itself, and stands in: some boards write all posts so.
fn quotes_around(tree: &Tree<'_>, place: &Place, node: NodeId) -> u8 {
    let body = place.bodies.iter().find(|&&body| tree.subtree(body).contains(&node));
    let around = body.into_iter().flat_map(|&body| std::iter::once(body).chain(tree.ancestors(body)));
    around.filter(|&id| tree.tag(id) == Tag::Blockquote).count().try_into().unwrap_or(u8::MAX)
}

/// On a thread's page the posts are the text, and nothing else is.
fn post(part: Part, vetoed: bool, label: &mut (Label, f32)) {
    match (part, &label.0) {
        (Part::Body(_), _) if vetoed => {}
        (Part::Body(_), _) => *label = (Label::Content, label.1.max(CERTAIN)),
        (Part::Around | Part::Outside, Label::Content) => {
            *label = (Label::Boilerplate(Reason::PostChrome), 1.0 - CERTAIN);
        }
        _ => {}
    }
}

/// Comments are out of an article's text unless they are asked for.
fn comment(part: Part, options: &Options, label: &mut (Label, f32)) {
    match (part, &label.0) {
        (Part::Body(_), Label::Boilerplate(reason)) if options.comments && !stays_out(reason) => {
            *label = (Label::Content, CERTAIN);
        }
        (Part::Body(_) | Part::Around, Label::Content) if !options.comments => {
            *label = (Label::Boilerplate(Reason::Comment), 1.0 - CERTAIN);
        }
        (Part::Around, Label::Content) => *label = (Label::Boilerplate(Reason::PostChrome), 1.0 - CERTAIN),
        _ => {}
    }
}

/// Reasons that hold inside a post's body too.
fn stays_out(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::Media
            | Reason::Promotion
            | Reason::Hidden
            | Reason::Signature
            | Reason::Share
            | Reason::Captcha
            | Reason::NoContent
            | Reason::SiteRule(_)
            | Reason::SiteMemory { .. }
    )
}

/// The intervals of nodes that posts cover, innermost last.
pub struct Parts {
    /// Start, end, and what a node inside is, in order of start; an inner interval comes after its outer one.
    intervals: Vec<(NodeId, NodeId, Part)>,
    /// For each the interval right around it.
    around: Vec<Option<usize>>,
    /// Where the posts begin that are more than are read.
    rest: Option<NodeId>,
    /// Lists of other threads.
    lists: Vec<(NodeId, NodeId)>,
    /// Where a body ends amid a text.
    cuts: Vec<Cut>,
}

impl Parts {
    pub fn of(tree: &Tree<'_>, found: &Discussion) -> Self {
        let mut intervals = Vec::new();
        for (at, place) in found.places.iter().enumerate() {
            intervals.push((place.container, tree.end(place.container), Part::Around));
            // Of several parts one may only say who wrote it and when.
            let said = |body: &&NodeId| place.bodies.len() == 1 || place.dropped.binary_search(body).is_err();
            let bodies = place.bodies.iter().filter(said);
            intervals.extend(bodies.map(|&body| (body, tree.end(body), Part::Body(at as u32))));
            intervals.extend(place.dropped.iter().map(|&out| (out, tree.end(out), Part::Around)));
        }
        intervals.extend(found.repeats.iter().map(|&id| (id, tree.end(id), Part::Around)));
        // Where two begin together, the wider one is outer; a body that is its own container is a body.
        intervals.sort_by_key(|&(start, end, part)| (start, std::cmp::Reverse(end), part != Part::Around));
        let mut cuts: Vec<Cut> = found.places.iter().filter_map(|place| place.cut).collect();
        cuts.sort_unstable_by_key(|cut| cut.node);
        let mut open: Vec<usize> = Vec::new();
        let mut around = Vec::with_capacity(intervals.len());
        for (at, &(start, ..)) in intervals.iter().enumerate() {
            while open.last().is_some_and(|&above| intervals[above].1 <= start) {
                open.pop();
            }
            around.push(open.last().copied());
            open.push(at);
        }
        Self { intervals, around, rest: found.rest, lists: found.lists.clone(), cuts }
    }

    /// The innermost interval around a node. Posts nest only as far as replies do, so few are looked at.
    pub fn at(&self, node: NodeId) -> Part {
        let before = self.intervals.partition_point(|&(start, ..)| start <= node);
        self.inner(before, node).map_or(Part::Outside, |at| self.intervals[at].2)
    }

    /// The innermost of the first so many intervals that holds a node behind their starts.
    fn inner(&self, before: usize, node: NodeId) -> Option<usize> {
        let around = std::iter::successors(before.checked_sub(1), |&at| self.around[at]);
        { around }.find(|&at| node < self.intervals[at].1)
    }

    /// Whether a block stands where the posts begin that are more than are read.
    pub fn is_rest(&self, segment: &Segment) -> bool {
        self.rest.is_some_and(|rest| segment.first >= rest)
    }

    /// Whether a block says nothing of what the page is for beside its posts: it lists other threads, or is one of the
    /// posts that are more than are read.
    pub fn is_beside(&self, segment: &Segment) -> bool {
        let next = self.lists.partition_point(|&(start, _)| start <= segment.first);
        self.is_rest(segment) || self.lists[..next].last().is_some_and(|&(_, end)| segment.first < end)
    }

    /// The part that a block is, and whether it holds another too. A block with words of a post is the post's, whatever
    /// it begins with.
    pub fn of_block(&self, tree: &Tree<'_>, segment: &Segment) -> (Part, bool) {
        let first = self.at(segment.first);
        if self.is_of_one_part(segment) {
            return (first, false);
        }
        let texts = (segment.first..=segment.last).filter(|&id| tree.kind(id) == NodeKind::Text && !tree.is_blank(id));
        let body = texts.map(|id| self.at(id)).find(|part| matches!(part, Part::Body(_)));
        body.map_or((first, false), |body| (body, true))
    }

    /// Whether no interval begins or ends inside the block.
    fn is_of_one_part(&self, segment: &Segment) -> bool {
        let before = self.intervals.partition_point(|&(start, ..)| start <= segment.first);
        let begins = self.intervals.get(before).is_some_and(|&(start, ..)| start <= segment.last);
        let ends = || self.inner(before, segment.first).is_some_and(|inner| self.intervals[inner].1 <= segment.last);
        let is_cut = || self.cut_from(segment.first).is_some_and(|cut| cut.node <= segment.last);
        !begins && !ends() && !is_cut()
    }

    /// The bytes of a text that are a post's own.
    fn said(&self, tree: &Tree<'_>, id: NodeId) -> Range<usize> {
        match self.at(id) {
            Part::Body(_) => {
                0..self.cut_from(id).filter(|cut| cut.node == id).map_or(tree.text(id).len(), |cut| cut.at)
            }
            _ => 0..0,
        }
    }

    /// The first cut at the node or after it.
    fn cut_from(&self, id: NodeId) -> Option<&Cut> {
        self.cuts.get(self.cuts.partition_point(|cut| cut.node < id))
    }

    /// How many words of a block are a post's own.
    pub fn words(&self, tree: &Tree<'_>, segment: &Segment) -> u32 {
        let texts = (segment.first..=segment.last).filter(|&id| tree.kind(id) == NodeKind::Text);
        texts.map(|id| count(&tree.text(id)[self.said(tree, id)])).sum()
    }
}

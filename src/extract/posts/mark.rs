//! What records say of blocks: a post's body is content, what stands around it is not.

use super::Discussion;
use crate::document::{Kind, Label, Reason};
use crate::extract::Options;
use crate::extract::html::{NodeId, Tree};
use crate::extract::label::Labels;
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

/// Relabels the blocks of a page whose posts are known; gives each block's post.
pub fn mark(
    tree: &Tree<'_>,
    segments: &[Segment],
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
    for (at, segment) in segments.iter().enumerate() {
        let part = parts.at(segment.first);
        if let Part::Body(post) = part {
            posts[at] = Some(post);
        }
        // The whole text of a post that only leads elsewhere may be the page's title.
        if labels.title != Some(at) || matches!(part, Part::Body(_)) {
            let label = &mut labels.blocks[at];
            if found.comments { comment(part, options, label) } else { post(part, vetoes[at], label) }
        }
    }
    if !found.comments {
        labels.kind = Kind::Thread;
    }
    posts
}

/// Share of the words labelled content that stand in posts' bodies, 0 to 1.
pub fn share(tree: &Tree<'_>, segments: &[Segment], found: &Discussion, labels: &Labels) -> f32 {
    let parts = Parts::of(tree, found);
    let (mut inside, mut all) = (0u32, 0u32);
    for (at, segment) in segments.iter().enumerate() {
        if labels.blocks[at].0 == Label::Content && labels.title != Some(at) {
            all += segment.words;
            inside += if matches!(parts.at(segment.first), Part::Body(_)) { segment.words } else { 0 };
        }
    }
    inside as f32 / all.max(1) as f32
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
}

impl Parts {
    pub fn of(tree: &Tree<'_>, found: &Discussion) -> Self {
        let mut intervals = Vec::new();
        for (at, place) in found.places.iter().enumerate() {
            intervals.push((place.container, tree.end(place.container), Part::Around));
            intervals.extend(place.bodies.iter().map(|&body| (body, tree.end(body), Part::Body(at as u32))));
            intervals.extend(place.dropped.iter().map(|&out| (out, tree.end(out), Part::Around)));
        }
        // Where two begin together, the wider one is outer; a body that is its own container is a body.
        intervals.sort_by_key(|&(start, end, part)| (start, std::cmp::Reverse(end), part != Part::Around));
        Self { intervals }
    }

    /// The innermost interval around a node. Posts nest only as far as replies do, so few are looked at.
    pub fn at(&self, node: NodeId) -> Part {
        let before = self.intervals.partition_point(|&(start, ..)| start <= node);
        let inner = self.intervals[..before].iter().rev().find(|&&(_, end, _)| node < end);
        inner.map_or(Part::Outside, |&(.., part)| part)
    }
}

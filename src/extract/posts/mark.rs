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

/// Relabels the blocks of a page whose posts are known; gives each block's post. The posts of a known platform are
/// content `whole`; of others only those that the labels already keep for the most part.
pub fn mark(
    tree: &Tree<'_>,
    segments: &[Segment],
    (found, whole): (&Discussion, bool),
    options: &Options,
    labels: &mut Labels,
) -> Vec<Option<u32>> {
    let parts = Parts::of(tree, found);
    let whole = if whole { vec![true; found.posts.len()] } else { mostly_kept(&parts, segments, found, labels) };
    let mut posts = vec![None; segments.len()];
    for (at, segment) in segments.iter().enumerate() {
        let part = parts.at(segment.first);
        if let Part::Body(post) = part {
            posts[at] = Some(post);
        }
        if labels.title != Some(at) {
            let label = &mut labels.blocks[at];
            if found.comments { comment(part, options, label) } else { post(part, &whole, label) }
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

/// Of which posts most words are labelled content.
fn mostly_kept(parts: &Parts, segments: &[Segment], found: &Discussion, labels: &Labels) -> Vec<bool> {
    let mut words = vec![(0u32, 0u32); found.posts.len()];
    for (segment, (label, _)) in segments.iter().zip(&labels.blocks) {
        let Part::Body(post) = parts.at(segment.first) else { continue };
        let Some((kept, all)) = words.get_mut(post as usize) else { continue };
        *all += segment.words;
        *kept += if *label == Label::Content { segment.words } else { 0 };
    }
    words.into_iter().map(|(kept, all)| kept * 2 > all).collect()
}

/// On a thread's page only posts are the text, and a post is kept whole.
fn post(part: Part, whole: &[bool], label: &mut (Label, f32)) {
    match (part, &label.0) {
        (Part::Body(_), Label::Boilerplate(reason)) if stays_out(reason) => {}
        (Part::Body(post), _) if whole.get(post as usize) == Some(&true) => {
            *label = (Label::Content, label.1.max(CERTAIN));
        }
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

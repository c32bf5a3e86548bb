//! Labels: what each block is, why, and how likely it is content.
//!
//! In: a tree and its segments. Out: a [`Label`] and score for each, the title, the page's kind.
//! Always: deterministic; nothing is deleted; every removed block has a reason.
//! Not here: where blocks begin and end (`segment`), how scores are learned (`model`).

pub mod decide;
pub mod evidence;
mod invitation;
mod kind;
pub mod phrases;
pub mod reasons;
mod rules;
pub mod shape;
mod smooth;
pub mod title;
mod weights;
pub mod zones;

use self::evidence::Weigher;
use self::shape::Shape;
use super::html::Tree;
use super::model;
use super::segment::{Hidden, Segment};
use super::{Engine, Options};
use crate::document::{BlockKind, Kind, Label, Reason};

/// What the rules say of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    pub kind: Kind,
    pub title: Option<usize>,
    /// A label and a score for each segment.
    pub blocks: Vec<(Label, f32)>,
    /// Expected F1 of the labels.
    pub confidence: f32,
}

/// Labels a page's segments: by the model's scores, or by those of the rules where the options ask for them.
pub fn label(tree: &Tree<'_>, segments: &[Segment], options: &Options) -> Labels {
    label_scored(tree, segments, scores(tree, segments, options), options)
}

/// The scores of the model, where the options do not ask for those of the rules.
pub fn scores(tree: &Tree<'_>, segments: &[Segment], options: &Options) -> Option<Vec<f32>> {
    (options.engine != Engine::Rules).then(|| model::scores(tree, segments))
}

/// Labels a page's segments by scores already known, or else by those of the rules.
pub fn label_scored(tree: &Tree<'_>, segments: &[Segment], scores: Option<Vec<f32>>, options: &Options) -> Labels {
    let shape = Shape::of(tree, segments);
    let title = title::find(&shape);
    let thread = kind::is_thread(&shape);
    let blocks = judge(&shape, title, options.comments || thread, scores);
    let (blocks, confidence) = settle(&shape, title, blocks, options);
    let kind = kind::find(&shape, thread, &blocks);
    Labels { kind, title, blocks, confidence }
}

/// Where another heading than the one taken for the title says word for word what the page calls itself, that is it:
/// the first `h1` of a board or blog is often the site's name.
pub fn retitle(segments: &[Segment], name: &str, labels: &mut Labels) {
    if matches!(labels.kind, Kind::Blocked | Kind::Empty) {
        return;
    }
    let name = phrases::fold(name);
    let says = |at: usize| phrases::fold(&segments[at].text) == name;
    let is_heading =
        |at: &usize| matches!(segments[*at].kind, BlockKind::Heading(_)) && segments[*at].hidden == Hidden::No;
    if labels.title.is_some_and(says) {
        return;
    }
    let Some(found) = (0..segments.len()).filter(is_heading).find(|&at| says(at)) else { return };
    if let Some(old) = labels.title.replace(found) {
        labels.blocks[old] = (Label::Boilerplate(Reason::Header), 0.0);
    }
    labels.blocks[found].0 = Label::Content;
}

/// The score of each block, and the reason where a rule has already decided.
fn judge(
    shape: &Shape<'_, '_>,
    title: Option<usize>,
    comments: bool,
    scores: Option<Vec<f32>>,
) -> Vec<(Option<Reason>, f32)> {
    let weigher = Weigher::of(shape);
    let learned = scores.is_some();
    let score = |at: usize| scores.as_ref().map_or_else(|| weights::score(&weigher.weigh(at)), |scores| scores[at]);
    let mut blocks: Vec<(Option<Reason>, f32)> = shape
        .all()
        .map(|at| match rules::veto(shape, &weigher, comments, at) {
            Some(reason) if title != Some(at) => (Some(reason), 0.0),
            _ => (None, score(at)),
        })
        .collect();
    if !learned {
        smooth::level(shape, &weigher, &mut blocks);
        smooth::smooth(shape, &weigher, &mut blocks);
    }
    let texts: Vec<&str> = shape.segments.iter().map(|segment| segment.text.as_str()).collect();
    let words: Vec<u32> = shape.segments.iter().map(|segment| segment.words).collect();
    let scores: Vec<f32> = blocks.iter().map(|(_, score)| *score).collect();
    for (at, repeats) in decide::duplicates(&texts, &words, &scores).into_iter().enumerate() {
        if repeats && blocks[at].0.is_none() {
            blocks[at] = (Some(Reason::Duplicate), 0.0);
        }
    }
    blocks
}

/// Labels by the cut; all out where the page has no main text.
fn settle(
    shape: &Shape<'_, '_>,
    title: Option<usize>,
    blocks: Vec<(Option<Reason>, f32)>,
    options: &Options,
) -> (Vec<(Label, f32)>, f32) {
    let scores: Vec<f32> = blocks.iter().map(|(_, score)| *score).collect();
    let sizes: Vec<u32> = shape.all().map(|at| if title == Some(at) { 0 } else { shape.size(at) }).collect();
    let cut = decide::cut(&scores, &sizes, options.mode);
    let empty = cut.confidence < decide::CONFIDENCE_MIN;
    let labelled = blocks.into_iter().enumerate().map(|(at, (reason, score))| match reason {
        _ if empty => (Label::Boilerplate(reason.unwrap_or(Reason::NoContent)), score),
        _ if title == Some(at) => (Label::Content, score.max(cut.at)),
        Some(reason) => (Label::Boilerplate(reason), score),
        None if score > cut.at => (Label::Content, score),
        None => (Label::Boilerplate(reasons::reason(shape, at)), score),
    });
    (labelled.collect(), cut.confidence)
}

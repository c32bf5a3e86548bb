//! A long text does not fade. The model has seen few pages of hundreds of paragraphs, and believes each a little less than the
//! one above it, since it stands farther from the title and nearer to the end. What is built like the text, and scores like
//! the text just above it, goes on with it, however low that has sunk.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Labels;
use super::evidence::ends_sentence;
use super::shape::size;
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::Tree;
use crate::extract::segment::Segment;

/// A long text has so many paragraphs of one build, of so many words.
const LONG_MIN: usize = 60;
const WORDS_MIN: u32 = 12;
/// Share of a paragraph's words that may stand in links.
const LINKED_MAX: f32 = 0.3;
/// Weight of each paragraph in what is expected of the next one.
const WEIGHT: f32 = 0.2;

/// Keeps the paragraphs of a long text, and what stands between them, by a cut that sinks as slowly as their scores do.
pub fn go_on(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    let prose = || (0..segments.len()).filter(|&at| is_prose(&segments[at]));
    let is_one_text = matches!(labels.kind, Kind::Article | Kind::Page);
    if !is_one_text || !prose().skip(LONG_MIN).any(|at| is_open(labels, at)) {
        return;
    }
    let mut builds: HashMap<u64, Vec<usize>> = HashMap::new();
    prose().for_each(|at| builds.entry(build(tree, &segments[at])).or_default().push(at));
    let kept_of = |text: &Vec<usize>| text.iter().filter(|&&at| is_kept(labels, at)).count();
    let Some(text) = builds.into_values().max_by_key(|text| (kept_of(text), text.len(), text[0])) else { return };
    let cut = labels.confidence / 2.0;
    let mut course = Course::default();
    let mut above = None;
    for at in text {
        let sunken = cut * course.sunken();
        keep(labels, at, sunken);
        if !is_kept(labels, at) {
            continue;
        }
        course.take(labels.blocks[at].1);
        if let Some(above) = above.replace(at) {
            (above + 1..at).for_each(|between| keep(labels, between, sunken));
        }
    }
}

/// How the scores of a text's paragraphs run.
#[derive(Default)]
struct Course {
    paragraphs: usize,
    began: f32,
    now: f32,
}

impl Course {
    /// What is expected of the next paragraph, as a share of how the text began; all of it while the text is short.
    fn sunken(&self) -> f32 {
        if self.paragraphs < LONG_MIN { 1.0 } else { (self.now / self.began).min(1.0) }
    }

    fn take(&mut self, score: f32) {
        self.paragraphs += 1;
        let weight = WEIGHT.max(1.0 / self.paragraphs as f32);
        self.now += weight * (score - self.now);
        self.began = self.began.max(self.now);
    }
}

fn keep(labels: &mut Labels, at: usize, cut: f32) {
    if is_open(labels, at) && labels.blocks[at].1 >= cut {
        labels.blocks[at].0 = Label::Content;
    }
}

fn is_kept(labels: &Labels, at: usize) -> bool {
    labels.blocks[at].0 == Label::Content && labels.title != Some(at)
}

fn is_open(labels: &Labels, at: usize) -> bool {
    labels.blocks[at].0 == Label::Boilerplate(Reason::LowScore)
}

fn is_prose(segment: &Segment) -> bool {
    segment.kind == BlockKind::Paragraph
        && size(segment) >= WORDS_MIN
        && segment.link_words as f32 <= LINKED_MAX * segment.words as f32
        && ends_sentence(&segment.text)
}

/// A hash of the elements around a block.
fn build(tree: &Tree<'_>, segment: &Segment) -> u64 {
    let mut hash = DefaultHasher::new();
    let up = std::iter::once(segment.node).chain(tree.ancestors(segment.node));
    up.for_each(|id| (tree.tag(id) as u32).hash(&mut hash));
    hash.finish()
}

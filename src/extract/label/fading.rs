//! A long text does not fade. The model has seen few pages of hundreds of paragraphs, and believes each a little less than the
//! one above it, since it stands farther from the title and nearer to the end. What is built like the text, and scores like
//! the text just above it, goes on with it, however low that has sunk.

use std::collections::HashMap;

use super::Labels;
use super::together::{build, is_prose, keep};
use crate::document::{BlockKind, Kind, Label, Reason};
use crate::extract::html::{Tag, Tree};
use crate::extract::segment::Segment;

/// A long text has so many paragraphs of one build.
const LONG_MIN: usize = 60;
/// Share of a paragraph's words that may stand in links.
const LINKED_MAX: f32 = 0.3;
/// Weight of each paragraph in what is expected of the next one.
const WEIGHT: f32 = 0.2;

/// Keeps the paragraphs of a long text, and what stands between them, by a cut that sinks as slowly as their scores do.
pub fn go_on(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    let prose = || (0..segments.len()).filter(|&at| is_paragraph(&segments[at]));
    let is_one_text = matches!(labels.kind, Kind::Article | Kind::Page);
    let missed = |at: usize| labels.blocks[at].0 == Label::Boilerplate(Reason::LowScore);
    if !is_one_text || !prose().skip(LONG_MIN).any(missed) {
        return;
    }
    let mut builds: HashMap<Vec<Tag>, Vec<usize>> = HashMap::new();
    prose().for_each(|at| builds.entry(build(tree, segments[at].node, 0)).or_default().push(at));
    let kept_of = |text: &Vec<usize>| text.iter().filter(|&&at| labels.is_text(at)).count();
    let Some(text) = builds.into_values().max_by_key(|text| (kept_of(text), text.len(), text[0])) else { return };
    let mut course = Course::default();
    let mut above = None;
    for at in text {
        let sunken = course.sunken();
        keep(labels, [at], sunken);
        if !labels.is_text(at) {
            continue;
        }
        course.take(labels.blocks[at].1);
        if let Some(above) = above.replace(at) {
            keep(labels, above + 1..at, sunken);
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

fn is_paragraph(segment: &Segment) -> bool {
    segment.kind == BlockKind::Paragraph
        && is_prose(segment)
        && segment.link_words as f32 <= LINKED_MAX * segment.words as f32
}

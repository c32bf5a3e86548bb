//! Answers that unfold: what panels hide until their questions are clicked is kept for all of them where it is for one.

use super::evidence::ends_sentence;
use super::rules::is_hidden;
use super::shape::Shape;
use super::zones::Zone;
use crate::document::{Label, Reason};
use crate::extract::segment::Hidden;

/// So near to the cut an answer must come, and a question that was left out.
const NEAR: f32 = 0.6;
/// An answer has so many words.
const WORDS_MIN: u32 = 4;

/// Keeps all answers that panels hide right below their questions where one of them is kept.
pub fn keep_answers(shape: &Shape<'_, '_>, blocks: &mut [(Label, f32)], confidence: f32) {
    let least = NEAR * confidence / 2.0;
    let heard: Vec<usize> = shape.all().filter(|&at| !shape.segments[at].is_silent()).collect();
    let asks = |at: usize| {
        let head = &shape.segments[at];
        head.hidden == Hidden::No && head.text.trim_end().ends_with(['?', '？', '؟'])
    };
    let pairs = heard.windows(2).map(|pair| (pair[0], pair[1]));
    let asked: Vec<(usize, usize)> = pairs.filter(|&(head, text)| asks(head) && is_answer(shape, text)).collect();
    if !asked.iter().any(|&(_, answer)| blocks[answer].0 == Label::Content) {
        return;
    }
    for (question, answer) in asked {
        let is_left = blocks[answer].0 == Label::Boilerplate(Reason::Hidden);
        if is_left && blocks[answer].1 >= least && blocks[question].1 >= least {
            blocks[question].0 = Label::Content;
            blocks[answer].0 = Label::Content;
        }
    }
}

/// Whether a block is prose that a panel hides.
fn is_answer(shape: &Shape<'_, '_>, at: usize) -> bool {
    let segment = &shape.segments[at];
    is_hidden(segment.hidden)
        && shape.above[segment.first as usize].has(Zone::Panel)
        && segment.words >= WORDS_MIN
        && segment.link_words * 2 < segment.words
        && ends_sentence(&segment.text)
}

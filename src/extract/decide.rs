//! The decision: probabilities in, the blocks that make the best text out.
//!
//! In: each block's probability of being content, its words and text. Out: [`Decision`].
//! Always: deterministic; a block is kept or not, never cut.
//! Not here: where the probabilities come from (`model`), why the others are boilerplate (`label`).

use std::collections::HashMap;

use super::Mode;
use super::segment::Segment;

/// Blocks of fewer words may stand on a page twice.
const DUPLICATE_WORDS: u32 = 12;
/// A page whose best text has a lower expected F1 has no main text.
const EMPTY_BELOW: f32 = 0.2;

/// How the decision is made.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The cut, as a multiple of the one that maximises expected F1.
    pub cut: f32,
    pub empty_below: f32,
    pub duplicate_words: u32,
}

impl From<Mode> for Rule {
    fn from(mode: Mode) -> Self {
        let cut = match mode {
            Mode::Precision => 1.5,
            Mode::Balanced => 1.0,
            Mode::Recall => 0.5,
        };
        Self { cut, empty_below: EMPTY_BELOW, duplicate_words: DUPLICATE_WORDS }
    }
}

/// What is kept of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    pub kept: Vec<bool>,
    /// Blocks that stand on the page again with a better score.
    pub duplicate: Vec<bool>,
    /// F1 to be expected of the kept blocks.
    pub confidence: f32,
}

/// Chooses the blocks to keep.
///
/// With probabilities p and words n, keeping the blocks above some p has expected
/// F1 = 2·Σp·n / (Σn + Σall p·n); the best such F* is reached by keeping p > F*/2.
pub fn decide(scores: &[f32], weights: &[u32], segments: &[Segment], rule: Rule) -> Decision {
    let duplicate = duplicates(scores, weights, segments, rule.duplicate_words);
    let confidence = best_f1(scores, weights, &duplicate);
    let empty = confidence < rule.empty_below;
    let cut = rule.cut * confidence / 2.0;
    let kept = scores.iter().zip(&duplicate).map(|(&score, &twice)| !empty && !twice && score > cut).collect();
    Decision { kept, duplicate, confidence }
}

/// The best expected F1 of any cut.
fn best_f1(scores: &[f32], weights: &[u32], duplicate: &[bool]) -> f32 {
    let mut order: Vec<(f32, f32)> = scores
        .iter()
        .zip(weights)
        .zip(duplicate)
        .filter(|(_, twice)| !**twice)
        .map(|((&score, &weight), _)| (score, weight as f32))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let wanted: f32 = order.iter().map(|(score, weight)| score * weight).sum();
    let (mut hit, mut given, mut best) = (0.0, 0.0, 0.0);
    for (score, weight) in order {
        hit += score * weight;
        given += weight;
        let f1: f32 = if given > 0.0 { 2.0 * hit / (given + wanted) } else { 0.0 };
        best = f1.max(best);
    }
    best
}

/// Marks every copy of a longer text but the best scored; the first of equals is the best.
fn duplicates(scores: &[f32], weights: &[u32], segments: &[Segment], words: u32) -> Vec<bool> {
    let mut best: HashMap<&str, usize> = HashMap::new();
    let mut duplicate = vec![false; segments.len()];
    for (at, segment) in segments.iter().enumerate().filter(|(at, _)| weights[*at] >= words) {
        let holder = best.entry(&segment.text).or_insert(at);
        if *holder != at {
            let worse = if scores[at] > scores[*holder] { std::mem::replace(holder, at) } else { at };
            duplicate[worse] = true;
        }
    }
    duplicate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(texts: &[&str]) -> Vec<Segment> {
        let segment = |text: &&str| Segment {
            node: 0,
            first: 0,
            last: 0,
            text: (*text).to_owned(),
            spans: Vec::new(),
            kind: Default::default(),
            quote_depth: 0,
            words: 0,
            chars: 0,
            link_words: 0,
            links: 0,
            hidden: Default::default(),
        };
        texts.iter().map(segment).collect()
    }

    #[test]
    fn the_cut_is_half_of_the_expected_f1() {
        let decision = decide(&[0.9, 0.5, 0.3], &[100, 100, 100], &segments(&["a", "b", "c"]), Mode::Balanced.into());
        // Keeping two: 2 * 140 / (200 + 170).
        assert!((decision.confidence - 280.0 / 370.0).abs() < 1e-6);
        assert_eq!(decision.kept, [true, true, false]);
    }

    #[test]
    fn modes_keep_ever_more() {
        let scores = [0.95, 0.6, 0.4, 0.25, 0.1];
        let all = segments(&["a", "b", "c", "d", "e"]);
        let count = |mode: Mode| decide(&scores, &[50; 5], &all, mode.into()).kept.iter().filter(|&&kept| kept).count();
        let (precise, balanced, recalling) = (count(Mode::Precision), count(Mode::Balanced), count(Mode::Recall));
        assert!(precise <= balanced && balanced <= recalling && precise < recalling);
    }

    #[test]
    fn the_better_copy_stays() {
        let decision =
            decide(&[0.6, 0.8, 0.7], &[20, 20, 20], &segments(&["same", "same", "other"]), Mode::Balanced.into());
        assert_eq!(decision.kept, [false, true, true]);
        assert_eq!(decision.duplicate, [true, false, false]);
    }

    #[test]
    fn a_page_without_main_text_is_empty() {
        let decision = decide(&[0.05, 0.02], &[30, 40], &segments(&["a", "b"]), Mode::Balanced.into());
        assert_eq!(decision.kept, [false, false]);
        assert_eq!(decide(&[], &[], &[], Mode::Balanced.into()), Decision::default());
    }
}

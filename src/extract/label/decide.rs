//! From scores to labels: one copy of repeated text, then the cut with the best expected F1.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::extract::Mode;

/// Repeated blocks of this many words are kept once; shorter ones may well stand twice.
pub const DUPLICATE_WORDS_MIN: u32 = 12;
/// Below this expected F1 the page has no main text.
pub const CONFIDENCE_MIN: f32 = 0.2;

/// The cut: blocks above it are content.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    pub at: f32,
    /// Expected F1 of the best cut.
    pub confidence: f32,
}

/// The cut with the best expected F1. With p the probability of a block and n its words, keeping the likeliest
/// blocks gives about 2·Σp·n / (Σn + Σall p·n); the best prefix keeps what is likelier than half of that.
pub fn cut(scores: &[f32], sizes: &[u32], mode: Mode) -> Cut {
    let mut order: Vec<usize> = (0..scores.len()).filter(|&at| sizes[at] > 0).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    let all: f64 = order.iter().map(|&at| f64::from(scores[at]) * f64::from(sizes[at])).sum();
    let (mut hit, mut kept, mut best) = (0.0, 0.0, 0.0f64);
    for at in order {
        hit += f64::from(scores[at]) * f64::from(sizes[at]);
        kept += f64::from(sizes[at]);
        best = best.max(2.0 * hit / (kept + all));
    }
    let scale = match mode {
        Mode::Precision => 1.5,
        Mode::Balanced => 1.0,
        Mode::Recall => 0.5,
    };
    Cut { at: (best as f32 / 2.0 * scale).min(0.95), confidence: best as f32 }
}

/// The blocks that repeat another of equal text and at least its score, unless `meant` says that both stand by intent.
pub fn duplicates(texts: &[&str], words: &[u32], scores: &[f32], meant: impl Fn(usize, usize) -> bool) -> Vec<bool> {
    let mut repeats = vec![false; texts.len()];
    let mut kept: HashMap<&str, usize> = HashMap::new();
    for at in (0..texts.len()).filter(|&at| words[at] >= DUPLICATE_WORDS_MIN) {
        match kept.entry(texts[at]) {
            Entry::Vacant(free) => _ = free.insert(at),
            Entry::Occupied(mut held) if meant(*held.get(), at) => _ = held.insert(at),
            Entry::Occupied(mut held) => {
                let out = if scores[at] > scores[*held.get()] { held.insert(at) } else { at };
                repeats[out] = true;
            }
        }
    }
    repeats
}

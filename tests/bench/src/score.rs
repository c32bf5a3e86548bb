//! Quality by the measure of WCXB: F1 of word multisets, and the snippets that must and must not stand in the text.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::data::{Page, Truth};
use crate::peers::Peer;

/// Means over the pages.
#[derive(Default)]
pub struct Quality {
    f1: f64,
    precision: f64,
    recall: f64,
    with: f64,
    without: f64,
    /// Pages on which the extractor panicked or gave no text.
    empty: usize,
}

impl Quality {
    pub fn cells(&self) -> String {
        let Self { f1, precision, recall, with, without, empty } = self;
        format!("| {f1:.4} | {precision:.3} | {recall:.3} | {with:.3} | {without:.3} | {empty} ")
    }
}

/// The peer's quality over all pages.
pub fn quality(peer: &Peer, pages: &[Page]) -> Quality {
    let mut all = Quality::default();
    let share = 1.0 / pages.len().max(1) as f64;
    for page in pages {
        let text = catch_unwind(AssertUnwindSafe(|| (peer.text)(page))).unwrap_or_default();
        let (precision, recall, f1) = f1(&text, &page.truth.text);
        let (with, without) = snippets(&text, &page.truth);
        all.f1 += f1 * share;
        all.precision += precision * share;
        all.recall += recall * share;
        all.with += with * share;
        all.without += without * share;
        all.empty += usize::from(text.trim().is_empty());
    }
    all
}

fn snippets(text: &str, truth: &Truth) -> (f64, f64) {
    let text = text.to_lowercase();
    let found = |some: &[String]| some.iter().filter(|snippet| text.contains(*snippet)).count() as f64;
    let with = if truth.with.is_empty() { 1.0 } else { found(&truth.with) / truth.with.len() as f64 };
    (with, found(&truth.without) / truth.without.len().max(1) as f64)
}

/// Precision, recall and F1 of two texts as multisets of words.
fn f1(given: &str, wanted: &str) -> (f64, f64, f64) {
    let (given, wanted) = (words(given), words(wanted));
    let (all_given, all_wanted) = (given.values().sum::<usize>() as f64, wanted.values().sum::<usize>() as f64);
    if all_given == 0.0 || all_wanted == 0.0 {
        let same = f64::from(u8::from(all_given == all_wanted));
        return (same, same, same);
    }
    let both = given.iter().map(|(word, count)| *count.min(wanted.get(word).unwrap_or(&0))).sum::<usize>() as f64;
    (both / all_given, both / all_wanted, 2.0 * both / (all_given + all_wanted))
}

fn words(text: &str) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    let lower = text.to_lowercase();
    for word in lower.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_as_multisets() {
        assert_eq!(f1("a b b", "b b c d"), (2.0 / 3.0, 0.5, 4.0 / 7.0));
        assert_eq!(f1("", ""), (1.0, 1.0, 1.0));
        assert_eq!(f1("a", ""), (0.0, 0.0, 0.0));
    }
}

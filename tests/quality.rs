//! The quality floor: word F1 of the text view over `tests/pages`, by kind of page. Floors only rise.
//!
//! `cargo test --test quality -- --nocapture` prints the table.

#[path = "it/pages/cases.rs"]
#[allow(dead_code, reason = "the tests of the pages read the rest")]
mod cases;
#[path = "it/pages/markdown.rs"]
#[allow(dead_code, reason = "only the plain words are asked for here")]
mod markdown;

use std::collections::{BTreeMap, HashMap};

use gleaner::document::TextOptions;

/// Least mean F1 of each group of pages.
const FLOORS: &[(&str, f64)] = &[
    ("blog", 0.99),
    ("bytes", 0.96),
    ("docs", 0.95),
    ("forum", 0.95),
    ("guide", 0.97),
    ("list", 0.99),
    ("markup", 0.95),
    ("news", 0.97),
    ("none", 0.80),
    ("shop", 0.95),
];

/// Precision, recall and F1 of one page.
type Score = [f64; 3];

#[test]
fn no_group_of_pages_falls_under_its_floor() {
    let mut groups: BTreeMap<String, Vec<Score>> = BTreeMap::new();
    for case in cases::all() {
        let text = case.extract().text(TextOptions::default());
        let score = score(&text, &markdown::plain(&case.markdown));
        if score[2] < 0.95 {
            println!("{}: {score:.3?}", case.name);
        }
        groups.entry(group(&case.name).to_owned()).or_default().push(score);
    }
    println!("{:<10}{:>5}{:>8}{:>8}{:>8}{:>8}", "group", "n", "P", "R", "F1", "floor");
    let mut fallen = Vec::new();
    for (group, scores) in &groups {
        let [precision, recall, f1] = [0, 1, 2].map(|at| mean(scores.iter().map(|score| score[at])));
        let floor = floor(group);
        println!("{group:<10}{:>5}{precision:>8.3}{recall:>8.3}{f1:>8.4}{floor:>8.3}", scores.len());
        if f1 < floor {
            fallen.push(format!("{group}: F1 {f1:.4} is under {floor}"));
        }
    }
    println!("{:<10}{:>5}{:>24.4}", "mean", groups.len(), mean(groups.values().flatten().map(|score| score[2])));
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
}

/// The part of a page's name before the first dash: pages of one kind are scored together.
fn group(name: &str) -> &str {
    name.split('-').next().unwrap_or(name)
}

fn floor(group: &str) -> f64 {
    let found = FLOORS.iter().find(|(name, _)| *name == group);
    found.unwrap_or_else(|| panic!("`{group}` has no floor; add one to FLOORS")).1
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / f64::max(count, 1.0)
}

fn score(text: &str, truth: &str) -> Score {
    let (text, truth) = (words(text), words(truth));
    if text.is_empty() || truth.is_empty() {
        return [f64::from(u8::from(text.is_empty() && truth.is_empty())); 3];
    }
    let both: usize = text.iter().map(|(word, count)| *truth.get(word).unwrap_or(&0).min(count)).sum();
    let share = |of: &HashMap<String, usize>| both as f64 / of.values().sum::<usize>() as f64;
    let (precision, recall) = (share(&text), share(&truth));
    [precision, recall, if both == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }]
}

/// Words and how often each stands; a letter of a script without spaces is a word of its own.
fn words(text: &str) -> HashMap<String, usize> {
    let mut words = HashMap::new();
    let mut word = String::new();
    for c in text.to_lowercase().chars().chain([' ']) {
        let alone = matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
        if (alone || !(c.is_alphanumeric() || c == '_')) && !word.is_empty() {
            *words.entry(std::mem::take(&mut word)).or_insert(0) += 1;
        }
        if alone {
            *words.entry(c.to_string()).or_insert(0) += 1;
        } else if c.is_alphanumeric() || c == '_' {
            word.push(c);
        }
    }
    words
}

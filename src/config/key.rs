//! The keys there are, and which one was meant.

use super::{Config, Value};

/// Every key of the rooms' tables with its default.
pub fn known() -> Vec<(String, Value)> {
    Config::default().values()
}

/// The environment variable that sets a key.
pub fn variable(key: &str) -> String {
    format!("GLEANER_{}", key.replace('.', "_").to_uppercase())
}

/// The candidate that was most likely meant: few edits away, or the same word elsewhere.
pub fn closest<'a>(key: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
    let edits = |candidate: &str| if last(candidate) == last(key) { 1 } else { distance(key, candidate) };
    candidates
        .into_iter()
        .map(|candidate| (edits(candidate), candidate))
        .filter(|(edits, _)| *edits <= EDITS_MAX)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// Further away a suggestion is a guess.
const EDITS_MAX: usize = 3;

/// Edit distance; keys are short, so the plain table will do.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(KEY_CHARS_MAX).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(KEY_CHARS_MAX).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, cb) in b.iter().enumerate() {
            let edits = (diagonal + usize::from(ca != *cb)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], edits);
        }
    }
    row[b.len()]
}

const KEY_CHARS_MAX: usize = 100;

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn few_edits_or_the_same_word_elsewhere() {
        let keys = ["fetch.delay", "fetch.timeout", "archive.raw"];
        for (key, meant) in [
            ("fetch.dely", Some("fetch.delay")),
            ("fetch.time_out", Some("fetch.timeout")),
            ("export.raw", Some("archive.raw")),
            ("fetch.colour", None),
        ] {
            assert_eq!(closest(key, keys).as_deref(), meant, "{key}");
        }
    }
}

//! Lists of phrases, each looked for all at once.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Lists of no more bytes are searched by a full table.
const TABLE_BYTES_MAX: usize = 600;

/// Phrases, the telling ones first.
pub struct Sayings {
    list: &'static [&'static str],
    automaton: OnceLock<AhoCorasick>,
}

impl Sayings {
    pub const fn of(list: &'static [&'static str]) -> Self {
        Self { list, automaton: OnceLock::new() }
    }

    /// Whether the text holds one of them.
    pub fn any_in(&self, text: &str) -> bool {
        self.automaton().is_match(text)
    }

    /// The first of the list that the text holds.
    pub fn first_in(&self, text: &str) -> Option<&'static str> {
        if !self.any_in(text) {
            return None;
        }
        let found = self.automaton().find_overlapping_iter(text).map(|found| found.pattern().as_usize());
        found.min().map(|at| self.list[at])
    }

    /// Where the text holds any of them.
    pub fn places_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.automaton().find_overlapping_iter(text).map(|found| found.range())
    }

    fn automaton(&self) -> &AhoCorasick {
        // A full table searches several times faster; one of many phrases takes longer to build than a run over a few pages lasts.
        let small = self.list.iter().map(|phrase| phrase.len()).sum::<usize>() <= TABLE_BYTES_MAX;
        let kind = if small { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let build = || AhoCorasick::builder().kind(Some(kind)).build(self.list);
        self.automaton.get_or_init(|| build().expect("a few short phrases make a small automaton"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_list_is_named_wherever_it_stands() {
        let sayings = Sayings::of(&["log in to read", "log in", "sign in"]);
        assert_eq!(sayings.first_in("please sign in or log in to read on"), Some("log in to read"));
        assert_eq!(sayings.first_in("please sign in or log in"), Some("log in"));
        assert_eq!(sayings.first_in("please log out"), None);
    }
}

//! Published sets of quality rules: those of Gopher (Rae et al. 2021, table A1), C4 (Raffel et al. 2020) and FineWeb
//! (Penedo et al. 2024).
//!
//! C4's list of bad words and its judge of English are not among them (`--language` chooses languages), and where it would take lines
//! out of a text, they are only not counted. Of languages that end no sentence with a mark none is asked for.

use super::scan::{Runs, Scan, repeated_runs, top_run};
use super::{Signals, is_ended, share};
use crate::corpus::near;
use crate::corpus::quick::QuickSet;
use crate::document::words::{self, is_unspaced_language};

/// A published set of quality rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    Gopher,
    C4,
    Fineweb,
}

/// A rule that is broken, or not, and its name.
type Rule = (bool, &'static str);

impl Quality {
    pub const NAMES: [(&'static str, Self); 3] =
        [("gopher", Self::Gopher), ("c4", Self::C4), ("fineweb", Self::Fineweb)];

    /// The first rule the text breaks, which has these signals and so many words. English words are asked for of English
    /// texts only.
    pub fn fault(self, text: &str, signals: &Signals, words: u32, language: Option<&str>) -> Option<&'static str> {
        let has_ends = !language.is_some_and(is_without_stops);
        match self {
            Self::Gopher => first(&of_words(signals, words, language)).or_else(|| repetition(text, signals)),
            Self::C4 => first(&[
                (text.contains('{'), "braces"),
                (has_word(text, "lorem ipsum"), "lorem_ipsum"),
                (has_ends && sentences_in_lines(text) < C4_SENTENCES_MIN, "sentences"),
            ]),
            Self::Fineweb => first(&[
                (has_ends && signals.ended_lines < 0.12, "ended_lines"),
                (signals.short_lines > 0.67, "short_lines"),
                (signals.repeated_line_characters > 0.1, "repeated_line_characters"),
                (signals.breaks > 0.3, "breaks"),
            ]),
        }
    }
}

fn first(rules: &[Rule]) -> Option<&'static str> {
    rules.iter().find(|(broken, _)| *broken).map(|(_, rule)| *rule)
}

/// Thai and Lao put a blank where others have a stop.
fn is_without_stops(language: &str) -> bool {
    matches!(language.split(['-', '_']).next(), Some("th" | "lo"))
}

/// Gopher's rules of a text's words and lines.
fn of_words(s: &Signals, words: u32, language: Option<&str>) -> [Rule; 7] {
    // Where characters are counted for words, these have as many as they are given.
    let mean_min = match language {
        Some(language) if is_unspaced_language(language) => 0.0,
        // A letter of Korean is a syllable: its words have three on average, particles and all.
        Some(language) if language.split(['-', '_']).next() == Some("ko") => 1.5,
        _ => 3.0,
    };
    let is_english = language.is_none_or(|language| language.starts_with("en"));
    [
        (!(50..=100_000).contains(&words), "words"),
        (!(mean_min..=10.0).contains(&s.mean_word_length), "mean_word_length"),
        (s.symbols > 0.1, "symbols"),
        (s.bullet_lines > 0.9, "bullet_lines"),
        (s.ellipsis_lines > 0.3, "ellipsis_lines"),
        (s.alphabetic_words < 0.8, "alphabetic_words"),
        (is_english && s.stop_words < 2, "stop_words"),
    ]
}

/// Gopher's rules of what a text says more than once.
fn repetition(text: &str, signals: &Signals) -> Option<&'static str> {
    let lines = repeated(text.lines());
    let paragraphs = repeated(text.split("\n\n"));
    let of_parts = [
        (signals.top_2_gram > 0.2, "top_2_gram"),
        (signals.repeated_5_grams > 0.15, "repeated_5_grams"),
        (lines.0 > 0.3, "repeated_lines"),
        (paragraphs.0 > 0.3, "repeated_paragraphs"),
        (lines.1 > 0.2, "repeated_line_characters"),
        (paragraphs.1 > 0.2, "repeated_paragraph_characters"),
    ];
    first(&of_parts).or_else(|| {
        let mut scan = Scan::default();
        scan.read(text);
        let all = scan.characters();
        let runs = Runs::of(&scan.words);
        let is_over = |count: fn(&Runs<'_>) -> usize, most: f32| share(count(&runs).min(all), all) > most;
        first(&[
            (is_over(top_run::<3>, 0.18), "top_3_gram"),
            (is_over(top_run::<4>, 0.16), "top_4_gram"),
            (is_over(repeated_runs::<6>, 0.14), "repeated_6_grams"),
            (is_over(repeated_runs::<7>, 0.13), "repeated_7_grams"),
            (is_over(repeated_runs::<8>, 0.12), "repeated_8_grams"),
            (is_over(repeated_runs::<9>, 0.11), "repeated_9_grams"),
            (is_over(repeated_runs::<10>, 0.1), "repeated_10_grams"),
        ])
    })
}

/// What share of parts that are not blank stands there before, and of their characters.
fn repeated<'a>(parts: impl Iterator<Item = &'a str>) -> (f32, f32) {
    let mut seen = QuickSet::default();
    let (mut all, mut again, mut characters, mut characters_again) = (0, 0, 0, 0);
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        let count = part.chars().count();
        (all, characters) = (all + 1, characters + count);
        if !seen.insert(near::fixed_hash(part.as_bytes())) {
            (again, characters_again) = (again + 1, characters_again + count);
        }
    }
    (share(again, all), share(characters_again, characters))
}

/// C4 keeps pages of so many sentences,
const C4_SENTENCES_MIN: u32 = 5;
/// counted in lines of so many words
const C4_LINE_WORDS_MIN: u32 = 3;
/// that speak of none of these.
const C4_NOTICES: [&str; 7] =
    ["javascript", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"];

fn sentences_in_lines(text: &str) -> u32 {
    let mut scan = Scan::default();
    for line in text.lines().map(str::trim).filter(|line| stays(line)) {
        scan.read(line);
        scan.end_line();
    }
    scan.sentences
}

/// Whether C4 keeps a line.
fn stays(line: &str) -> bool {
    let is_cut_off = line.ends_with("...") || line.ends_with('…');
    is_ended(line)
        && !is_cut_off
        && words::count(line) >= C4_LINE_WORDS_MIN
        && !C4_NOTICES.iter().any(|notice| has_word(line, notice))
}

/// In whatever case.
fn has_word(text: &str, word: &str) -> bool {
    let first = word.as_bytes()[0];
    let starts = text.bytes().enumerate().filter(|(_, byte)| byte.to_ascii_lowercase() == first);
    let mut found = starts.filter_map(|(at, _)| text.as_bytes().get(at..at + word.len()));
    found.any(|found| found.eq_ignore_ascii_case(word.as_bytes()))
}

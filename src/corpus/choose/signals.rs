//! What can be counted of a text that tells good prose from the rest: the signals of Gopher, C4 and FineWeb.

mod scan;

use serde::{Deserialize, Serialize};

use self::scan::{Scan, repeated_runs, top_pair};
use crate::corpus::near;
use crate::corpus::quick::QuickSet;
use crate::document::words::is_unspaced_language;

/// Counted over a text; shares are 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signals {
    pub mean_word_length: f32,
    /// `#` and ellipses for each word.
    pub symbols: f32,
    /// Lines that begin with a bullet.
    pub bullet_lines: f32,
    /// Lines that end in an ellipsis.
    pub ellipsis_lines: f32,
    /// Words with a letter.
    pub alphabetic_words: f32,
    /// Different ones of eight frequent English words.
    pub stop_words: u32,
    pub sentences: u32,
    /// Lines that end as a sentence does.
    pub ended_lines: f32,
    /// Lines of at most 30 characters.
    pub short_lines: f32,
    /// Characters in lines that stand there before.
    pub repeated_line_characters: f32,
    /// Line breaks for each word.
    pub breaks: f32,
    /// Characters of the most frequent run of two words.
    pub top_2_gram: f32,
    /// Characters of words in runs of five that stand there before.
    pub repeated_5_grams: f32,
}

const SENTENCE_ENDS: [char; 12] = ['.', '!', '?', '"', '”', '’', '»', '。', '！', '？', '।', '؟'];
const SHORT_LINE_CHARACTERS: usize = 30;

impl Signals {
    pub fn of(text: &str) -> Self {
        let mut scan = Scan::default();
        scan.read(text);
        let (words, characters) = (scan.words.len(), scan.characters());
        let lines = Lines::of(text);
        let of_lines = |some: usize| share(some, lines.all);
        Self {
            mean_word_length: share(characters, words),
            symbols: share(scan.symbols, words),
            bullet_lines: of_lines(lines.bullets),
            ellipsis_lines: of_lines(lines.ellipses),
            alphabetic_words: share(scan.alphabetic, words),
            stop_words: scan.stop_words.count_ones(),
            sentences: scan.sentences + u32::from(scan.after_end),
            ended_lines: of_lines(lines.ended),
            short_lines: of_lines(lines.short),
            repeated_line_characters: share(lines.repeated_characters, lines.characters),
            breaks: share(scan.breaks, words),
            top_2_gram: share(top_pair(&scan.words).min(characters), characters),
            repeated_5_grams: share(repeated_runs(&scan.words), characters),
        }
    }
}

fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { round(part as f64 / whole as f64) }
}

/// Four digits are enough, and print alike everywhere.
fn round(value: f64) -> f32 {
    ((value * 1e4).round() / 1e4) as f32
}

/// What is counted of lines that are not blank.
#[derive(Default)]
struct Lines {
    all: usize,
    bullets: usize,
    ellipses: usize,
    ended: usize,
    short: usize,
    characters: usize,
    /// Of lines that stand there before.
    repeated_characters: usize,
    seen: QuickSet<u64>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let mut lines = Self::default();
        text.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|line| lines.add(line));
        lines
    }

    fn add(&mut self, line: &str) {
        let characters = line.chars().count();
        self.all += 1;
        self.bullets += usize::from(line.starts_with(['•', '‣', '*', '-', '●', '▪']));
        self.ellipses += usize::from(line.ends_with('…') || line.ends_with("..."));
        self.ended += usize::from(line.ends_with(SENTENCE_ENDS));
        self.short += usize::from(characters <= SHORT_LINE_CHARACTERS);
        self.characters += characters;
        if !self.seen.insert(near::fixed_hash(line.as_bytes())) {
            self.repeated_characters += characters;
        }
    }
}

/// A published set of quality rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    Gopher,
    C4,
    Fineweb,
}

impl Quality {
    pub const NAMES: [(&'static str, Self); 3] =
        [("gopher", Self::Gopher), ("c4", Self::C4), ("fineweb", Self::Fineweb)];

    /// The first rule the text breaks. English words are asked for of English texts only.
    pub fn fault(self, signals: &Signals, words: u32, language: Option<&str>) -> Option<&'static str> {
        let s = signals;
        // Where characters are counted for words, these have as many as they are given.
        let mean_min = if language.is_some_and(is_unspaced_language) { 0.0 } else { 3.0 };
        let rules: &[(bool, &str)] = match self {
            Self::Gopher => &[
                (!(50..=100_000).contains(&words), "words"),
                (!(mean_min..=10.0).contains(&s.mean_word_length), "mean_word_length"),
                (s.symbols > 0.1, "symbols"),
                (s.bullet_lines > 0.9, "bullet_lines"),
                (s.ellipsis_lines > 0.3, "ellipsis_lines"),
                (s.alphabetic_words < 0.8, "alphabetic_words"),
                (language.is_none_or(|language| language.starts_with("en")) && s.stop_words < 2, "stop_words"),
                (s.top_2_gram > 0.2, "top_2_gram"),
                (s.repeated_5_grams > 0.15, "repeated_5_grams"),
            ],
            Self::C4 => &[(s.sentences < 5, "sentences"), (s.ended_lines < 0.1, "ended_lines")],
            Self::Fineweb => &[
                (s.ended_lines < 0.12, "ended_lines"),
                (s.short_lines > 0.67, "short_lines"),
                (s.repeated_line_characters > 0.1, "repeated_line_characters"),
                (s.breaks > 0.3, "breaks"),
            ],
        };
        rules.iter().find(|(broken, _)| *broken).map(|(_, rule)| *rule)
    }
}

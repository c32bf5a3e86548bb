//! What can be counted of a text that tells good prose from the rest: the signals of Gopher, C4 and FineWeb.

mod published;
mod scan;

use serde::{Deserialize, Serialize};

pub use self::published::Quality;
use self::scan::{Runs, Scan, is_end, repeated_runs, top_run};
use crate::corpus::near;
use crate::corpus::quick::QuickSet;

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

const SHORT_LINE_CHARACTERS: usize = 30;

impl Signals {
    pub fn of(text: &str) -> Self {
        let mut scan = Scan::default();
        scan.read(text);
        let (words, characters) = (scan.words.len(), scan.characters());
        let runs = Runs::of(&scan.words);
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
            top_2_gram: share(top_run::<2>(&runs).min(characters), characters),
            repeated_5_grams: share(repeated_runs::<5>(&runs), characters),
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

/// Whether a line ends as a sentence does: with its mark, brackets and quotes behind that or not, or as speech does.
fn is_ended(line: &str) -> bool {
    const QUOTES: [char; 4] = ['"', '”', '’', '»'];
    const CLOSERS: [char; 16] = ['"', '\'', ')', ']', '”', '’', '“', '‘', '»', '«', '›', '」', '』', '）', '】', '》'];
    line.ends_with(QUOTES) || line.trim_end_matches(CLOSERS).ends_with(is_end)
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
        let (mut lines, mut start) = (Self::default(), 0);
        // `str::lines` looks for breaks eight bytes at a time, and begins anew behind each.
        for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
            let line = text[start..end].trim();
            if !line.is_empty() {
                lines.add(line);
            }
            start = end + 1;
        }
        lines
    }

    fn add(&mut self, line: &str) {
        let characters = line.chars().count();
        self.all += 1;
        self.bullets += usize::from(line.starts_with(['•', '‣', '*', '-', '●', '▪']));
        self.ellipses += usize::from(line.ends_with('…') || line.ends_with("..."));
        self.ended += usize::from(is_ended(line));
        self.short += usize::from(characters <= SHORT_LINE_CHARACTERS);
        self.characters += characters;
        if !self.seen.insert(near::fixed_hash(line.as_bytes())) {
            self.repeated_characters += characters;
        }
    }
}

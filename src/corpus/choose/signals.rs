//! What can be counted of a text that tells good prose from the rest: the signals of Gopher, C4 and FineWeb.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

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

const STOP_WORDS: [&str; 8] = ["the", "be", "to", "of", "and", "that", "have", "with"];
const SENTENCE_ENDS: [char; 12] = ['.', '!', '?', '"', '”', '’', '»', '。', '！', '？', '।', '؟'];
const SHORT_LINE_CHARACTERS: usize = 30;

impl Signals {
    pub fn of(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let characters: usize = words.iter().map(|word| word.chars().count()).sum();
        let of_lines = |is: &dyn Fn(&&&str) -> bool| share(lines.iter().filter(is).count(), lines.len());
        let lower: HashSet<String> = words.iter().map(|word| bare(word).to_lowercase()).collect();
        let symbols = text.matches(['#', '…']).count() + text.matches("...").count();
        Self {
            mean_word_length: share(characters, words.len()),
            symbols: share(symbols, words.len()),
            bullet_lines: of_lines(&|line| line.starts_with(['•', '‣', '*', '-', '●', '▪'])),
            ellipsis_lines: of_lines(&|line| line.ends_with('…') || line.ends_with("...")),
            alphabetic_words: share(
                words.iter().filter(|word| word.contains(char::is_alphabetic)).count(),
                words.len(),
            ),
            stop_words: STOP_WORDS.iter().filter(|word| lower.contains(**word)).count() as u32,
            sentences: sentences(text),
            ended_lines: of_lines(&|line| line.ends_with(SENTENCE_ENDS)),
            short_lines: of_lines(&|line| line.chars().count() <= SHORT_LINE_CHARACTERS),
            repeated_line_characters: repeated_lines(&lines),
            breaks: share(text.matches('\n').count(), words.len()),
            top_2_gram: top_pair(&words, characters),
            repeated_5_grams: repeated_runs(&words, characters),
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

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Ends of sentences that white space or nothing follows, and ideographic ones anywhere.
fn sentences(text: &str) -> u32 {
    let mut count = 0;
    let mut after_end = false;
    for c in text.chars() {
        if matches!(c, '。' | '！' | '？') || (after_end && c.is_whitespace()) {
            count += 1;
        }
        after_end = matches!(c, '.' | '!' | '?' | '।' | '؟') || (after_end && matches!(c, '"' | '”' | '’' | ')' | '»'));
    }
    count + u32::from(after_end)
}

fn repeated_lines(lines: &[&str]) -> f32 {
    let mut seen = HashSet::new();
    let length = |line: &&&str| line.chars().count();
    let all = lines.iter().map(|line| length(&line)).sum();
    share(lines.iter().filter(|line| !seen.insert(**line)).map(|line| length(&line)).sum(), all)
}

fn top_pair(words: &[&str], characters: usize) -> f32 {
    let mut counts: HashMap<&[&str], usize> = HashMap::new();
    words.windows(2).for_each(|pair| *counts.entry(pair).or_default() += 1);
    let length = |pair: &[&str]| pair.iter().map(|word| word.chars().count()).sum::<usize>();
    let most = counts.iter().filter(|(_, count)| **count > 1).map(|(pair, count)| length(pair) * count).max();
    share(most.unwrap_or(0).min(characters), characters)
}

fn repeated_runs(words: &[&str], characters: usize) -> f32 {
    let mut seen = HashSet::new();
    let mut repeated = vec![false; words.len()];
    for (at, run) in words.windows(5).enumerate() {
        if !seen.insert(run) {
            repeated[at..at + 5].fill(true);
        }
    }
    let length = words.iter().zip(&repeated).filter(|(_, is)| **is).map(|(word, _)| word.chars().count()).sum();
    share(length, characters)
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
        let rules: &[(bool, &str)] = match self {
            Self::Gopher => &[
                (!(50..=100_000).contains(&words), "words"),
                (!(3.0..=10.0).contains(&s.mean_word_length), "mean_word_length"),
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

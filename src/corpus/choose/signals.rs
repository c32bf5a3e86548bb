//! What can be counted of a text that tells good prose from the rest: the signals of Gopher, C4 and FineWeb.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};

use crate::corpus::near;

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
        let hashed: Vec<Word> = words.iter().map(|word| Word::of(word)).collect();
        let characters: usize = hashed.iter().map(|word| word.characters).sum();
        let of_lines = |is: &dyn Fn(&&&str) -> bool| share(lines.iter().filter(is).count(), lines.len());
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
            stop_words: stop_words(&words),
            sentences: sentences(text),
            ended_lines: of_lines(&|line| line.ends_with(SENTENCE_ENDS)),
            short_lines: of_lines(&|line| line.chars().count() <= SHORT_LINE_CHARACTERS),
            repeated_line_characters: repeated_lines(&lines),
            breaks: share(text.matches('\n').count(), words.len()),
            top_2_gram: top_pair(&hashed, characters),
            repeated_5_grams: repeated_runs(&hashed, characters),
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

/// How many of the stop words there are, in whatever case and between whatever marks.
fn stop_words(words: &[&str]) -> u32 {
    let longest = STOP_WORDS.iter().map(|word| word.len()).max().unwrap_or_default();
    let mut found = [false; STOP_WORDS.len()];
    for word in words.iter().map(|word| bare(word)).filter(|word| word.len() <= longest) {
        if let Some(at) = STOP_WORDS.iter().position(|stop| word.eq_ignore_ascii_case(stop)) {
            found[at] = true;
        }
    }
    found.iter().map(|found| u32::from(*found)).sum()
}

/// A word as runs of words are compared: by a fixed hash, which two different ones share once in 2^64.
struct Word {
    hash: u64,
    characters: usize,
}

impl Word {
    fn of(word: &str) -> Self {
        Self { hash: near::fixed_hash(word.as_bytes()), characters: word.chars().count() }
    }
}

/// The hash of a run of words.
fn run_hash(run: &[Word]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    run.iter().fold(0_u64, |hash, word| (hash.rotate_left(23) ^ word.hash).wrapping_mul(FACTOR))
}

/// What is hashed already is not hashed again.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

type Hashed = BuildHasherDefault<AsIs>;

fn characters_of(run: &[Word]) -> usize {
    run.iter().map(|word| word.characters).sum()
}

fn top_pair(words: &[Word], characters: usize) -> f32 {
    let mut counts: HashMap<u64, usize, Hashed> = HashMap::with_capacity_and_hasher(words.len(), Hashed::default());
    let mut most = 0;
    for pair in words.windows(2) {
        let count = counts.entry(run_hash(pair)).or_default();
        *count += 1;
        if *count > 1 {
            most = most.max(characters_of(pair) * *count);
        }
    }
    share(most.min(characters), characters)
}

fn repeated_runs(words: &[Word], characters: usize) -> f32 {
    let mut seen: HashSet<u64, Hashed> = HashSet::with_capacity_and_hasher(words.len(), Hashed::default());
    let (mut repeated, mut until) = (0, 0);
    for (at, run) in words.windows(5).enumerate() {
        if !seen.insert(run_hash(run)) {
            repeated += characters_of(&run[until.max(at) - at..]);
            until = at + 5;
        }
    }
    share(repeated, characters)
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

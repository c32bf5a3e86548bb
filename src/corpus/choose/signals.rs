//! What can be counted of a text that tells good prose from the rest: the signals of Gopher, C4 and FineWeb.

mod scan;

use serde::{Deserialize, Serialize};

use self::scan::{Runs, Scan, Word};
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

const SENTENCE_ENDS: [char; 12] = ['.', '!', '?', '"', '”', '’', '»', '。', '！', '？', '।', '؟'];
const SHORT_LINE_CHARACTERS: usize = 30;

impl Signals {
    pub fn of(text: &str) -> Self {
        let mut scan = Scan::default();
        scan.read(text);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let of_lines = |is: &dyn Fn(&&&str) -> bool| share(lines.iter().filter(is).count(), lines.len());
        let (words, characters) = (scan.words.len(), scan.characters());
        Self {
            mean_word_length: share(characters, words),
            symbols: share(scan.symbols, words),
            bullet_lines: of_lines(&|line| line.starts_with(['•', '‣', '*', '-', '●', '▪'])),
            ellipsis_lines: of_lines(&|line| line.ends_with('…') || line.ends_with("...")),
            alphabetic_words: share(scan.alphabetic, words),
            stop_words: scan.stop_words.iter().map(|found| u32::from(*found)).sum(),
            sentences: scan.sentences + u32::from(scan.after_end),
            ended_lines: of_lines(&|line| line.ends_with(SENTENCE_ENDS)),
            short_lines: of_lines(&|line| {
                line.chars().take(SHORT_LINE_CHARACTERS + 1).count() <= SHORT_LINE_CHARACTERS
            }),
            repeated_line_characters: repeated_lines(&lines),
            breaks: share(scan.breaks, words),
            top_2_gram: top_pair(&scan.words, characters),
            repeated_5_grams: repeated_runs(&scan.words, characters),
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

fn repeated_lines(lines: &[&str]) -> f32 {
    let mut seen: QuickSet<u64> = QuickSet::default();
    let (mut all, mut repeated) = (0, 0);
    for line in lines {
        let length = line.chars().count();
        all += length;
        if !seen.insert(near::fixed_hash(line.as_bytes())) {
            repeated += length;
        }
    }
    share(repeated, all)
}

fn characters_of(run: &[Word]) -> usize {
    run.iter().map(|word| word.characters as usize).sum()
}

fn top_pair(words: &[Word], characters: usize) -> f32 {
    let mut seen = Runs::<2>::new(words);
    let mut counts = vec![1_u32; words.len()];
    let mut most = 0;
    for (at, pair) in words.windows(2).enumerate() {
        if let Some(first) = seen.before(at) {
            counts[first] += 1;
            most = most.max(characters_of(pair) * counts[first] as usize);
        }
    }
    share(most.min(characters), characters)
}

fn repeated_runs(words: &[Word], characters: usize) -> f32 {
    let mut seen = Runs::<5>::new(words);
    let (mut repeated, mut until) = (0, 0);
    for (at, run) in words.windows(5).enumerate() {
        if seen.before(at).is_some() {
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

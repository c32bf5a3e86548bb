//! Signals of texts, beside the plainest way to count them.

use std::collections::{HashMap, HashSet};

use gleaner::corpus::choose::signals::Signals;

use super::generated::Random;

const STOP_WORDS: [&str; 8] = ["the", "be", "to", "of", "and", "that", "have", "with"];

fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { ((part as f64 / whole as f64 * 1e4).round() / 1e4) as f32 }
}

fn characters(words: &[&str]) -> usize {
    words.iter().map(|word| word.chars().count()).sum()
}

fn sentences(text: &str) -> u32 {
    let (mut count, mut after_end) = (0, false);
    for c in text.chars() {
        if matches!(c, '。' | '！' | '？') || (after_end && c.is_whitespace()) {
            count += 1;
        }
        after_end = matches!(c, '.' | '!' | '?' | '।' | '؟') || (after_end && "\"”’)»".contains(c));
    }
    count + u32::from(after_end)
}

fn top_pair(words: &[&str]) -> usize {
    let mut counts = HashMap::new();
    let mut most = 0;
    for pair in words.windows(2) {
        *counts.entry(pair).or_insert(0) += 1;
        if counts[pair] > 1 {
            most = most.max(counts[pair] * characters(pair));
        }
    }
    most.min(characters(words))
}

fn repeated_runs(words: &[&str]) -> usize {
    let mut seen = HashSet::new();
    let (mut repeated, mut until) = (0, 0);
    for (at, run) in words.windows(5).enumerate() {
        if !seen.insert(run) {
            repeated += characters(&run[until.max(at) - at..]);
            until = at + 5;
        }
    }
    repeated
}

fn repeated_lines(lines: &[&str]) -> usize {
    let mut seen = HashSet::new();
    characters(&lines.iter().copied().filter(|line| !seen.insert(*line)).collect::<Vec<_>>())
}

fn stop_words(words: &[&str]) -> u32 {
    let bare = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    let words: HashSet<String> = words.iter().map(bare).collect();
    STOP_WORDS.iter().filter(|stop| words.contains(**stop)).count() as u32
}

/// Of a run without white space: two Han characters are a word, and beside them marks are none.
fn words(run: &str) -> Vec<&str> {
    let is_han = |c: char| "市場".contains(c);
    if !run.contains(is_han) {
        return vec![run];
    }
    let (mut words, mut rest) = (Vec::new(), run);
    while let Some(first) = rest.chars().next() {
        let end = if is_han(first) {
            3 * rest.chars().take(2).take_while(|c| is_han(*c)).count()
        } else {
            rest.find(is_han).unwrap_or(rest.len())
        };
        let (word, others) = rest.split_at(end);
        words.extend(word.contains(char::is_alphanumeric).then_some(word));
        rest = others;
    }
    words
}

#[test]
fn signals_are_what_a_plain_count_says() {
    const PARTS: [&str; 45] = [
        " ",
        " ",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "\u{a0}",
        "\u{2003}",
        "\u{85}",
        "\t",
        "\u{b}",
        "the",
        "The",
        "to2",
        "2to",
        "t-o",
        "(of)",
        "“and”",
        "haveé",
        "with",
        "be",
        "that",
        "word",
        "longerthaneight",
        "été",
        "市場",
        "場",
        "。",
        "！",
        ".",
        "...",
        "..",
        "…",
        "#",
        "!",
        "?\"",
        "?)",
        "»",
        "’",
        "؟",
        "12",
        "-",
        "\u{301}",
    ];
    let mut random = Random::new(5);
    for round in 0..600 {
        let text: String = (0..random.below(round) + 1).map(|_| PARTS[random.below(PARTS.len())]).collect();
        let words: Vec<&str> = text.split_whitespace().flat_map(words).collect();
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let symbols = text.matches(['#', '…']).count() + text.matches("...").count();
        let alphabetic = words.iter().filter(|word| word.contains(char::is_alphabetic)).count();
        let short = lines.iter().filter(|line| line.chars().count() <= 30).count();
        let signals = Signals::of(&text);
        let expected = Signals {
            mean_word_length: share(characters(&words), words.len()),
            symbols: share(symbols, words.len()),
            alphabetic_words: share(alphabetic, words.len()),
            stop_words: stop_words(&words),
            sentences: sentences(&text),
            short_lines: share(short, lines.len()),
            repeated_line_characters: share(repeated_lines(&lines), characters(&lines)),
            breaks: share(text.matches('\n').count(), words.len()),
            top_2_gram: share(top_pair(&words), characters(&words)),
            repeated_5_grams: share(repeated_runs(&words), characters(&words)),
            ..signals.clone()
        };
        assert_eq!(signals, expected, "{text:?}");
    }
}

//! Signals of texts, beside the plainest way to count them.

use std::collections::{HashMap, HashSet};

use gleaner::corpus::choose::signals::{Quality, Signals};

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
        let is_unspaced = "。！？។".contains(c);
        if is_unspaced || (after_end && c.is_whitespace()) {
            count += 1;
        }
        after_end = ".!?।؟۔։።".contains(c) || (after_end && "\"”’)»“".contains(c));
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

/// A text of so many paragraphs, each of one sentence with that end.
fn paragraphs(sentence: &str, count: usize) -> String {
    (0..count).map(|at| format!("{at} {sentence}\n\n")).collect()
}

#[test]
fn sentences_end_as_their_languages_end_them() {
    for (language, sentence) in [
        ("ur", "شہری کونسل نے کل پل کو عوام کے لیے دوبارہ کھول دیا ہے۔"),
        ("hy", "Քաղաքային խորհուրդը երեկ կրկին բացեց գետի կամուրջը քաղաքացիների համար։"),
        ("am", "የከተማው ምክር ቤት ድልድዩን ትናንት ለሕዝብ እንደገና ከፈተ።"),
        ("km", "ក្រុមប្រឹក្សាទីក្រុងបានបើកស្ពានឡើងវិញកាលពីម្សិលមិញ។"),
        ("my", "မြို့တော်ကောင်စီသည် တံတားကို မနေ့က ပြန်လည်ဖွင့်လှစ်ခဲ့သည်။"),
        ("bo", "གྲོང་ཁྱེར་གྱི་ཚོགས་པས་ཟམ་པ་དེ་ཁ་ས་ཡང་བསྐྱར་ཕྱེས་པ་རེད།"),
        ("hi", "नगर परिषद ने कल पुल को लोगों के लिए फिर से खोल दिया है।"),
        ("th", "สภาเมืองได้เปิดสะพานให้ประชาชนใช้อีกครั้งเมื่อวานนี้"),
        ("en", "The council opened the bridge to the public again (on Monday)."),
        ("en", "The council opened the bridge to the public again (this was on Monday.)"),
        ("ja", "市議会は昨日の午後、川に架かる古い橋を再び市民に開放した（ただし一部の区間を除く。）"),
        ("ja", "「市議会は昨日の午後、川に架かる古い橋を再びすべての市民に開放した。」"),
    ] {
        let text = paragraphs(sentence, 6);
        let signals = Signals::of(&text);
        for quality in [Quality::C4, Quality::Fineweb] {
            assert_eq!(quality.fault(&text, &signals, 60, Some(language)), None, "{quality:?} {sentence} {signals:?}");
        }
        assert!(language == "th" || signals.ended_lines == 1.0, "{sentence}");
        assert!(language == "th" || signals.sentences >= 6, "{sentence} {signals:?}");
    }
}

#[test]
fn published_rules_are_held() {
    let story = generated_story();
    let fault = |quality: Quality, text: &str| quality.fault(text, &Signals::of(text), 200, Some("en"));
    for (_, quality) in Quality::NAMES {
        assert_eq!(fault(quality, &story), None, "{story}");
    }
    let lines: Vec<&str> = story.lines().collect();
    let again = |count: usize| lines.iter().chain(&lines[..count]).map(|line| format!("{line}\n")).collect::<String>();
    let phrases: String = (0..12).map(|at| format!("{} over the hill ", lines[at % 8])).collect();
    for (quality, text, rule) in [
        (Quality::C4, format!("{story}\nLorem Ipsum dolor sit amet."), "lorem_ipsum"),
        (Quality::C4, format!("{story}\nfunction() {{ return; }}"), "braces"),
        (Quality::C4, story.replace(". ", " ").replace('.', " with JavaScript, please."), "sentences"),
        (Quality::C4, story.replace('.', "..."), "sentences"),
        (Quality::C4, story.replace('.', ""), "sentences"),
        (Quality::Gopher, again(lines.len()), "repeated_5_grams"),
        (Quality::Gopher, format!("{story}{}", "\nYes.".repeat(9)), "repeated_lines"),
        (Quality::Gopher, phrases, "repeated_5_grams"),
    ] {
        assert_eq!(fault(quality, &text), Some(rule), "{text}");
    }
    let trio = |at: u64| format!("{} alpha beta gamma ", super::fake::words(at, 9));
    let trios: String = (200..230).map(trio).collect();
    assert_eq!(fault(Quality::Gopher, &format!("The end of {trios}")), Some("top_3_gram"));
}

/// Sentences of words that are each there once, but for a few.
fn generated_story() -> String {
    let line = |at: u64| {
        format!(
            "The {} and {} of {}.\n",
            super::fake::words(at, 6),
            super::fake::words(at + 50, 5),
            super::fake::words(at + 99, 4)
        )
    };
    (1..=8).map(line).collect()
}

#[test]
fn signals_are_what_a_plain_count_says() {
    const PARTS: [&str; 49] = [
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
        "۔",
        "։",
        "។",
        "“",
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

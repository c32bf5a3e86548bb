//! What the rules say of a line: its words, its length, its neighbours.

use super::lines::Line;
use crate::document::Reason;
use crate::extract::label::evidence::ends_sentence;
use crate::extract::metadata::text::credit;

/// A line of so many characters is prose, whatever it ends with.
const PROSE_CHARS_MIN: usize = 80;
/// A line of so many words that ends a sentence is prose.
const PROSE_WORDS_MIN: u32 = 8;
/// A line of so many characters may be prose.
const MEDIUM_CHARS_MIN: usize = 40;
/// Prose and chrome within so many lines count as near.
const NEAR: usize = 3;
/// Longer lines are no chrome for a neighbour's sake.
const CHROME_WORDS_MAX: u32 = 15;
/// With less than this share of the words in prose a text is a list, and short lines are what it says.
const PROSE_SHARE_MIN: f32 = 0.2;

pub fn is_prose(text: &str, chars: usize, words: u32) -> bool {
    chars >= PROSE_CHARS_MIN || (words >= PROSE_WORDS_MIN && ends_sentence(text))
}

/// Whether a line names the source of the text before it: short, and rarely chrome.
pub fn is_source(lines: &[Line], at: usize) -> bool {
    credit(&lines[at].text).is_some() && within(lines, at, true, |line| line.prose)
}

/// Why a line is out for certain: a file name, or a chrome phrase that does not stand amid prose.
pub fn veto(lines: &[Line], at: usize) -> Option<Reason> {
    let reason = lines[at].chrome.as_ref()?;
    (*reason == Reason::Media || !amid_prose(lines, at)).then(|| reason.clone())
}

/// Whether the neighbours on both sides are prose, so that even a chrome phrase may be a subheading.
fn amid_prose(lines: &[Line], at: usize) -> bool {
    at > 0 && lines[at - 1].prose && lines.get(at + 1).is_some_and(|next| next.prose)
}

/// Whether the line is the answer to the question above it. Buttons have no full stop.
pub fn is_answer(lines: &[Line], at: usize) -> bool {
    let said = lines[at].text.strip_suffix('.').unwrap_or_default();
    ["yes", "no"].iter().any(|word| said.eq_ignore_ascii_case(word))
        && at > 0
        && lines[at - 1].is_free()
        && lines[at - 1].text.ends_with('?')
}

/// How likely each line is content, by the rules.
pub fn scores(lines: &[Line]) -> Vec<f32> {
    let sparse = is_sparse(lines);
    (0..lines.len()).map(|at| score(lines, sparse, at)).collect()
}

fn is_sparse(lines: &[Line]) -> bool {
    let words = |prose: bool| lines.iter().filter(|line| line.prose || !prose).map(|line| line.words).sum::<u32>();
    (words(true) as f32) < words(false) as f32 * PROSE_SHARE_MIN
}

fn score(lines: &[Line], sparse: bool, at: usize) -> f32 {
    let line = &lines[at];
    let before = within(lines, at, true, |line| line.prose);
    let after = within(lines, at, false, |line| line.prose);
    let crowd =
        within(lines, at, true, |line| line.chrome.is_some()) || within(lines, at, false, |line| line.chrome.is_some());
    match () {
        () if line.prose && (before || after) => 0.9,
        () if line.prose => 0.6,
        () if before && after => 0.65,
        () if before && is_credit(&line.text) => 0.7,
        () if line.chars >= MEDIUM_CHARS_MIN && (before || after) && !crowd => 0.55,
        () if line.words <= CHROME_WORDS_MAX && crowd => 0.15,
        () if before || after => 0.4,
        () if sparse => 0.5,
        () => 0.1,
    }
}

/// Whether one of the next lines on that side is so.
pub fn within(lines: &[Line], at: usize, before: bool, is: impl Fn(&Line) -> bool) -> bool {
    (1..=NEAR)
        .filter_map(|n| if before { at.checked_sub(n) } else { Some(at + n) })
        .filter_map(|n| lines.get(n))
        .any(is)
}

/// What leads to a source, as writers put it under their text.
const CREDITS: &[&str] = &[
    "credit",
    "credits",
    "source",
    "sources",
    "via",
    "photo",
    "image",
    "text",
    "quelle",
    "quellen",
    "foto",
    "bild",
    "source(s)",
    "crédit",
    "crédits",
    "fuente",
    "fuentes",
    "fonte",
    "fonti",
    "bron",
    "źródło",
    "źródła",
    "källa",
    "kilde",
    "lähde",
    "zdroj",
    "kaynak",
    "источник",
    "джерело",
    "πηγή",
    "出典",
    "来源",
    "來源",
    "출처",
];

/// `Credit: …`, `Source: …` and the like.
pub fn is_credit(text: &str) -> bool {
    let Some((head, rest)) = text.split_once([':', '：']) else { return false };
    !rest.trim().is_empty() && CREDITS.contains(&head.trim().to_lowercase().as_str())
}

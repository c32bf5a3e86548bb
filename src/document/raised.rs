//! Raised and lowered numbers in plain text, where they must not become part of the number they stand at.

use std::borrow::Cow;

use super::{Block, Mark, Span};

/// Units of two letters that come in squares and cubes; behind other words a raised number is the mark of a note.
const UNITS: &[&str] = &["mm", "cm", "dm", "km", "nm", "µm", "μm", "ft", "yd", "mi", "mc", "kg", "ms"];
/// Letters that a number is raised to; other letters behind a number make an ordinal of it, or are its unit.
const EXPONENTS: &[&str] = &["n", "k", "x", "N"];

/// The block with `^`, `_` or a blank where a number would run into another, its line breaks moved along. Other marks are
/// left out where anything is put in.
pub fn parted(block: &Block) -> Cow<'_, Block> {
    let mut put: Vec<(usize, &str)> = Vec::new();
    for span in block.spans.iter().filter(|span| is_moved(span)) {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(inner) = block.text.get(start..end).filter(|inner| !inner.is_empty()) else { continue };
        let (before, after) = (&block.text[..start], &block.text[end..]);
        let (open, close) = match span.mark {
            Mark::Superscript => raised(before, inner, after, is_linked(block, span)),
            _ if before.ends_with(is_digit) && inner.starts_with(is_digit) => ("_", ""),
            _ => ("", ""),
        };
        let is_next = |other: &Span| other.start == span.end && is_moved(other);
        let runs_on = close.is_empty() && inner.ends_with(is_digit) && after.starts_with(is_digit);
        let close = if runs_on && !block.spans.iter().any(is_next) { " " } else { close };
        put.extend([(start, open), (end, close)].into_iter().filter(|(_, sign)| !sign.is_empty()));
    }
    if put.is_empty() { Cow::Borrowed(block) } else { Cow::Owned(with(block, put)) }
}

fn is_moved(span: &Span) -> bool {
    matches!(span.mark, Mark::Superscript | Mark::Subscript)
}

/// What a raised text needs before and behind it.
fn raised(before: &str, inner: &str, after: &str, is_linked: bool) -> (&'static str, &'static str) {
    let number = inner.strip_prefix(['-', '−', '–', '+']).unwrap_or(inner);
    let is_number = number.starts_with(is_digit) && number.chars().all(|c| is_digit(c) || ".,".contains(c));
    if !before.ends_with(is_digit) {
        return if is_number && !is_linked && is_unit(before) { ("^", "") } else { ("", "") };
    }
    let is_charge = || inner.starts_with(is_digit) && inner.trim_matches(is_digit).chars().all(|c| "+-−–".contains(c));
    let is_term = || inner.contains(is_digit) && inner.chars().all(|c| c.is_alphanumeric() || "+-−–*/·. ".contains(c));
    match () {
        () if is_part(before, inner, after) => (" ", ""),
        () if is_number || is_charge() || EXPONENTS.contains(&inner) => ("^", ""),
        () if is_term() => ("^(", ")"),
        () => ("", ""),
    }
}

/// Whether a text ends with a unit or a quantity of one letter.
fn is_unit(before: &str) -> bool {
    let letters = before.chars().rev().take_while(|c| c.is_alphabetic()).map(char::len_utf8);
    let (count, bytes) = letters.fold((0, 0), |(count, bytes), length| (count + 1, bytes + length));
    count == 1 || UNITS.contains(&&before[before.len() - bytes..])
}

/// Whether a raised number is a part of a unit: the upper one of a fraction, a fraction, or cents.
fn is_part(before: &str, inner: &str, after: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(is_digit);
    let is_fraction =
        || inner.split_once(['/', '⁄']).is_some_and(|(above, below)| is_number(above) && is_number(below));
    let is_money = |c: char| "$€£¥₹".contains(c);
    let is_priced = || before.trim_end_matches(|c| is_digit(c) || ".,".contains(c)).ends_with(is_money);
    is_number(inner) && (after.starts_with(['/', '⁄', '∕']) || is_priced() || after.trim_start().starts_with(is_money))
        || is_fraction()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Whether the raised text leads to a note.
fn is_linked(block: &Block, raised: &Span) -> bool {
    let meets = |span: &Span| span.start < raised.end && raised.start < span.end;
    block.spans.iter().any(|span| matches!(span.mark, Mark::Link(_)) && meets(span))
}

fn with(block: &Block, mut put: Vec<(usize, &str)>) -> Block {
    put.sort_by_key(|(at, _)| *at);
    // Marks inside each other ask for the same.
    put.dedup();
    let mut text = String::with_capacity(block.text.len() + 2 * put.len());
    let mut from = 0;
    for &(at, sign) in &put {
        text.push_str(&block.text[from..at]);
        text.push_str(sign);
        from = at;
    }
    text.push_str(&block.text[from..]);
    let before =
        |at: u32| put.iter().take_while(move |(put, _)| *put <= at as usize).map(|(_, sign)| sign.len() as u32);
    let moved = |at: u32| at + before(at).sum::<u32>();
    let breaks = block.spans.iter().filter(|span| span.mark == Mark::Break);
    let spans = breaks.map(|span| Span { start: moved(span.start), end: moved(span.end), mark: Mark::Break }).collect();
    Block { text, spans, ..block.clone() }
}

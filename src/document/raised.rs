//! Raised and lowered numbers in plain text, where they must not become part of the number they stand at.

use std::borrow::Cow;

use super::text::apart;
use super::{Block, Mark, Span};

/// Units that come in squares and cubes; behind other words a raised number is the mark of a note.
const UNITS: &[&str] = &["m", "s", "mm", "cm", "dm", "km", "nm", "µm", "μm", "ft", "yd", "mi", "mc", "kg", "ms"];
/// Letters that a number is raised to; other letters behind a number make an ordinal of it, or are its unit.
const EXPONENTS: &[&str] = &["n", "k", "x", "N"];
/// Words behind the time of day.
const OF_CLOCKS: &[&str] =
    &["uhr", "h", "hs", "hrs", "horas", "heures", "ore", "am", "pm", "a.m", "p.m", "o'clock", "ч"];
/// Signs beside which a number is part of a sum.
const OPERATORS: &[char] = &['=', '+', '*', '·', '×', '<', '>', '≈', '^'];
/// Characters of the longest price.
const PRICE_MAX: usize = 20;
/// Letters of the longest of [`UNITS`], and one more.
const UNIT_MAX: usize = 3;

/// The block with `^`, `_` or a blank where a number would run into another, its line breaks moved along. Other marks are
/// left out where anything is put in.
pub fn parted(block: &Block) -> Cow<'_, Block> {
    let mut begins: Vec<u32> = block.spans.iter().filter(|span| is_moved(span)).map(|span| span.start).collect();
    if begins.is_empty() {
        return Cow::Borrowed(block);
    }
    begins.sort_unstable();
    let links = links(block);
    let mut put: Vec<(usize, &str)> = Vec::new();
    for span in block.spans.iter().filter(|span| is_moved(span)) {
        let (start, end) = (span.start as usize, span.end as usize);
        let Some(inner) = block.text.get(start..end).filter(|inner| !inner.is_empty()) else { continue };
        let (before, after) = (&block.text[..start], &block.text[end..]);
        let (open, close) = match span.mark {
            Mark::Superscript => raised(before, inner, after, || is_linked(&links, span)),
            _ if before.ends_with(is_digit) && inner.starts_with(is_digit) => ("_", ""),
            _ => ("", ""),
        };
        let runs_on = close.is_empty() && inner.ends_with(is_digit) && after.starts_with(is_digit);
        let close = if runs_on && begins.binary_search(&span.end).is_err() { " " } else { close };
        put.extend([(start, open), (end, close)].into_iter().filter(|(_, sign)| !sign.is_empty()));
    }
    if put.is_empty() { Cow::Borrowed(block) } else { Cow::Owned(with(block, put)) }
}

fn is_moved(span: &Span) -> bool {
    matches!(span.mark, Mark::Superscript | Mark::Subscript)
}

/// What a raised text needs before and behind it.
fn raised(before: &str, inner: &str, after: &str, is_linked: impl Fn() -> bool) -> (&'static str, &'static str) {
    let number = inner.strip_prefix(['-', '−', '–', '+']).unwrap_or(inner);
    let is_number = number.starts_with(is_digit) && number.chars().all(|c| is_digit(c) || c == '.');
    if !before.ends_with(is_digit) {
        let is_power = ["2", "3", "4"].contains(&number) || number == "1" && number != inner;
        return if is_power && is_unit(before) && !is_linked() { ("^", "") } else { ("", "") };
    }
    let is_charge = || inner.starts_with(is_digit) && inner.trim_matches(is_digit).chars().all(|c| "+-−–".contains(c));
    let is_term = || inner.contains(is_digit) && inner.chars().all(|c| c.is_alphanumeric() || "+-−–*/·. ".contains(c));
    match () {
        () if is_part(before, inner, after) => (" ", ""),
        () if is_clock(before, inner, after) => ("", ""),
        () if is_number || is_charge() || EXPONENTS.contains(&inner) => ("^", ""),
        () if is_term() => ("^(", ")"),
        () => ("", ""),
    }
}

/// Whether a text ends with a quantity of a unit, as `5 km`.
fn is_unit(before: &str) -> bool {
    let letters = before.chars().rev().take(UNIT_MAX).take_while(|c| c.is_alphabetic());
    let (quantity, unit) = before.split_at(before.len() - letters.map(char::len_utf8).sum::<usize>());
    UNITS.contains(&unit) && quantity.strip_suffix(char::is_whitespace).unwrap_or(quantity).ends_with(is_digit)
}

/// Whether a raised number is the minutes of an hour. Powers of 2 and 10 are told from these by the word behind.
fn is_clock(before: &str, inner: &str, after: &str) -> bool {
    let is_minute = inner.len() == 2 && inner.chars().all(is_digit) && inner < "60";
    let hour = &before[before.len() - before.bytes().rev().take(3).take_while(u8::is_ascii_digit).count()..];
    let front = &before[..before.len() - hour.len()];
    let is_apart = !front.ends_with(|c: char| c.is_alphanumeric() || ".,".contains(c))
        && !after.starts_with(|c: char| c.is_alphanumeric());
    if !is_minute || !is_apart || !hour.parse::<u8>().is_ok_and(|hour| hour <= 24) {
        return false;
    }
    let (front, behind) =
        (front.strip_suffix(' ').unwrap_or(front), after.strip_prefix([' ', '\u{a0}']).unwrap_or(after));
    let word = || behind.split(|c: char| !c.is_alphabetic() && !".'".contains(c)).next().unwrap_or_default();
    let is_called = || OF_CLOCKS.contains(&word().trim_end_matches('.').to_lowercase().as_str());
    let is_sum = || front.ends_with(OPERATORS) || behind.starts_with(OPERATORS);
    is_called() || inner.starts_with('0') || !["2", "10"].contains(&hour) && !is_sum()
}

/// Whether a raised number is a part of a unit: the upper one of a fraction, a fraction, or cents.
fn is_part(before: &str, inner: &str, after: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(is_digit);
    let is_fraction =
        || inner.split_once(['/', '⁄']).is_some_and(|(above, below)| is_number(above) && is_number(below));
    let is_money = |c: char| "$€£¥₹".contains(c);
    let is_amount = |c: &char| is_digit(*c) || ".,".contains(*c);
    let is_priced = || before.chars().rev().take(PRICE_MAX).find(|c| !is_amount(c)).is_some_and(is_money);
    is_number(inner) && (after.starts_with(['/', '⁄', '∕']) || is_priced() || after.trim_start().starts_with(is_money))
        || is_fraction()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Where links stand, in order and apart from each other.
fn links(block: &Block) -> Vec<(u32, u32)> {
    let links = block.spans.iter().filter(|span| matches!(span.mark, Mark::Link(_)));
    apart(links.map(|span| (span.start, span.end)).collect())
}

/// Whether the raised text leads to a note.
fn is_linked(links: &[(u32, u32)], raised: &Span) -> bool {
    let next = links.partition_point(|(_, end)| *end <= raised.start);
    links.get(next).is_some_and(|(start, _)| *start < raised.end)
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
    let mut length = 0;
    let mut longer = |(at, sign): &(usize, &str)| {
        length += sign.len() as u32;
        (*at, length)
    };
    let lengths: Vec<(usize, u32)> = put.iter().map(&mut longer).collect();
    let moved = |at: u32| {
        let before = lengths.partition_point(|(put, _)| *put <= at as usize);
        at + before.checked_sub(1).map_or(0, |last| lengths[last].1)
    };
    let breaks = block.spans.iter().filter(|span| span.mark == Mark::Break);
    let spans = breaks.map(|span| Span { start: moved(span.start), end: moved(span.end), mark: Mark::Break }).collect();
    Block { text, spans, ..block.clone() }
}

#[cfg(test)]
mod tests {
    use super::{Block, Mark, Span, parted};

    /// Were each of these compared with all others, there would be ten thousand millions of comparisons.
    #[test]
    fn many_raised_numbers_are_parted_in_one_pass() {
        const COUNT: u32 = 100_000;
        let span = |start, end, mark| Span { start, end, mark };
        let of_one = |at: u32| {
            let link = span(5 * at, 5 * at + 1, Mark::Link("#1".to_owned()));
            let [raised, unit] = [1, 4].map(|from| span(5 * at + from, 5 * at + from + 1, Mark::Superscript));
            [link, raised, span(5 * at + 2, 5 * at + 2, Mark::Break), unit]
        };
        let text = "12km2".repeat(COUNT as usize);
        let block = Block { text, spans: (0..COUNT).flat_map(of_one).collect(), ..Block::default() };
        let parted = parted(&block);
        assert!(parted.text == "1^2km^2 ".repeat(COUNT as usize).trim_end());
        assert!(parted.spans.iter().zip(0..).all(|(span, at)| span.start == 8 * at + 3));
        assert_eq!(parted.spans.len(), COUNT as usize);
    }

    #[test]
    fn a_long_run_of_digits_is_not_looked_back_over() {
        const COUNT: u32 = 100_000;
        let raised = |at: u32| Span { start: at, end: at + 1, mark: Mark::Superscript };
        let spans = (1..COUNT).map(raised).collect();
        let block = Block { text: "1".repeat(COUNT as usize), spans, ..Block::default() };
        assert!(parted(&block).text == ["1"; COUNT as usize].join("^"));
    }
}

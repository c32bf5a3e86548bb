//! Numbers to call: international, in the forms of their countries, or behind a word that says so.

mod run;
mod words;

use std::ops::RangeInclusive;

use self::run::Run;
use self::words::{COUNTED, LEADS, MANY, NUMBERED, SAID, UNITS, VERBS, WEAK};
use super::line::{Line, joins};

/// Digits behind a word that says what it is.
const LED_DIGITS: RangeInclusive<usize> = 7..=15;
/// Characters of an area code in brackets.
const AREA_MAX: usize = 6;
/// The same with blanks between pairs.
const AREA_CHARS_MAX: usize = 8;
/// Characters of the longest word for what is counted.
const COUNTED_MAX: usize = 16;

/// Where the number ends that begins here. `is_next`: what stands before the blank before it is another datum whole.
pub fn find(line: &Line, start: usize, is_next: bool) -> Option<usize> {
    let first = line.get(start)?;
    if first == '(' {
        return bracketed(line, start, false);
    }
    // `+(49) 30 1234567`
    if first == '+'
        && line.get(start + 1) == Some('(')
        && !line.before(start, 1).is_some_and(joins)
        && !is_sum(line, start)
    {
        return bracketed(line, start + 1, true);
    }
    let is_number = first.is_ascii_digit() || (first == '+' && line.is_digit(start + 1));
    if !is_number || line.before(start, 1).is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let is_listed = || line.before(start, 1) == Some(',') && first == '0' && (1..4).all(|at| line.is_digit(start + at));
    let is_free = match first {
        '+' => !line.before(start, 1).is_some_and(joins),
        _ => line.number_begins(start) || is_listed(),
    };
    if !is_free {
        return None;
    }
    let run = Run::of(line, start).filter(|run| line.number_ends(run.end) && !run.is_date())?;
    // `CP.HB.0927-4711` is no number to call, `Tel.030 1234567` is one.
    let is_in_name = first != '+' && line.before(start, 1) == Some('.');
    let is_called = if is_led(line, start, LEADS) {
        LED_DIGITS.contains(&run.digits()) && !is_quantity(line, start, &run)
    } else if is_led(line, start, VERBS) {
        let is_whole = run.is_whole() || run.is_italian();
        is_whole && !run.is_other() && !run.is_calendar() && !is_otherwise_said(line, start, &run)
    } else {
        let has_form =
            run.has_plus || ((is_next || is_apart(line, start, &run)) && (run.is_national() || run.has_form()));
        !is_in_name
            && (run.is_whole() || run.is_italian())
            && has_form
            && !run.is_other()
            && !run.is_calendar()
            && !is_said_other(line, start, &run)
    };
    (is_called && !is_book(line, start, run.end)).then_some(run.end)
}

/// `GSM 850/900/1800/1900 MHz`, `mobile: 75.000.000 Nutzer`, `Cell 178 (2019) 1234`: what is counted or listed behind a word
/// that stands before numbers to call, too. A plain one with a mark behind it is believed more.
fn is_quantity(line: &Line, start: usize, run: &Run) -> bool {
    if run.has_plus || run.groups[0].1.starts_with('0') {
        return false;
    }
    let before = before(line, start);
    let before = before.trim_end_matches(' ');
    let is_said = !ends_with_any(before, LEADS);
    let bare = without_number(before);
    let is_weak = ends_with_any(bare, WEAK);
    let is_many = run.groups.len() == 1 || run.is_thousands(3) || run.are_steps();
    // Whom a number is for, and what it costs, stands behind it, too.
    if is_many && (is_counted(line, run.end, UNITS) || (run.ends_round() && is_counted(line, run.end, COUNTED))) {
        return true;
    }
    if !before.ends_with(':') && run.has_closed_year() && ends_with_any(bare, &["cell"]) {
        return true;
    }
    let is_named_list = ends_with_any(bare, &["fax"]) && run.is_rising();
    let has_form_of_list = !run.is_in_equals() && (!run.is_american() || ends_with_any(bare, &["gsm"]));
    let is_list = run.are_steps() && has_form_of_list && (is_weak || is_named_list);
    let is_round = run.is_round() && !(before.ends_with(':') && run.lengths() == [10]);
    (is_weak || !is_said) && (is_round || is_list)
}

/// Whether what follows one of the words that stand before much else is no number to call: `contact 1234567890123`, which a
/// mark, a zero or a plus would say, and `Fon 123456789 TL`.
fn is_otherwise_said(line: &Line, start: usize, run: &Run) -> bool {
    let before = before(line, start);
    let before = before.trim_end_matches(' ');
    let is_plain = ends_with_any(before, SAID) && !run.has_plus && !run.groups[0].1.starts_with('0');
    ends_with_any(without_number(before), SAID) && (is_plain || is_counted(line, run.end, COUNTED))
}

/// Whether one of these words for what is counted stands there, behind a blank.
fn is_counted(line: &Line, end: usize, words: &[&str]) -> bool {
    let start = end + usize::from(line.get(end) == Some(' '));
    let word: String = line.chars[start..]
        .iter()
        .take(COUNTED_MAX)
        .take_while(|c| c.is_alphabetic() || "€$£¥".contains(**c))
        .collect();
    words.contains(&word.as_str())
}

/// Whether four groups in the form of a number to call stand behind a word for such, as in `Teléfono: 93.123.45.67`. Words that
/// name machines, too, do not tell: `VoIP phone`.
pub fn is_number_in_parts(line: &Line, start: usize, groups: &str) -> bool {
    let before = before(line, start);
    let mut words = before.split(|c: char| !c.is_alphanumeric());
    groups.split('.').map(str::len).eq([2, 3, 2, 2])
        && is_led(line, start, LEADS)
        && !is_led(line, start, WEAK)
        && !words.any(|word| matches!(word, "ip" | "voip" | "sip"))
}

/// In the middle of a number written in groups begins no other; behind the number of a house one may.
fn is_apart(line: &Line, start: usize, run: &Run) -> bool {
    if line.before(start, 1) != Some(' ') || !line.before(start, 2).is_some_and(|c| c.is_ascii_digit()) {
        return true;
    }
    let lengths = run.lengths();
    let before = line.chars[..start - 1].iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let is_lone = before <= 2 && !line.before(start, before + 3).is_some_and(|c| c.is_ascii_digit());
    is_lone && lengths[0] >= 3 && lengths.iter().any(|length| *length != lengths[0])
}

/// Whether the number is said to be a book's, or has the `X` of one.
fn is_book(line: &Line, start: usize, end: usize) -> bool {
    let before: String = line.chars[start.saturating_sub(12)..start].iter().collect::<String>().to_lowercase();
    let has_mark = line.get(end) == Some('-') && matches!(line.get(end + 1), Some('x' | 'X'));
    has_mark || before.trim_end_matches([' ', ':', '.', '-', '(', ')', '0', '1', '3']).ends_with("isbn")
}

/// `(030) 1234 5678`, `(555) 123-4567`, `(0 61 51) 16 12 34`; not `(1998) 23`. `has_plus`: one stands before the bracket.
fn bracketed(line: &Line, start: usize, has_plus: bool) -> Option<usize> {
    let inside = line.chars[start + 1..].iter().take(AREA_CHARS_MAX + 1).position(|c| *c == ')')?;
    let shown: String = line.chars[start + 1..start + 1 + inside].iter().collect();
    let (area, groups) = if is_paired(&shown) { (shown.replace(' ', ""), 3) } else { (shown, 1) };
    let is_digits = !area.is_empty() && area.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit());
    let is_area = match area.len() {
        2..=AREA_MAX if area.starts_with(['0', '+']) => true,
        2 | 3 => true,
        1 => has_plus,
        _ => false,
    };
    let is_free = !line.before(start, 1).is_some_and(|c| c.is_ascii_alphanumeric() || c == ')');
    if !(is_digits && is_area && is_free) {
        return None;
    }
    let run = Run::of(line, start + 1)?;
    let rest = run.digits().checked_sub(area.trim_start_matches('+').len())?;
    // What follows an area without its zero is one of its numbers: `(11) 91234-5678`.
    let lengths = run.lengths();
    let is_local = match lengths.get(groups..).unwrap_or_default() {
        [3, 4] => area.len() != 3 || run.number(0) != 100,
        [4, 4] | [5, 4] | [3, 2, 2] => true,
        _ => false,
    };
    let has_form = has_plus || area.starts_with(['0', '+']) || is_local;
    let is_near = matches!(run.gap(groups), ")" | ") " | ")-" | ")/");
    // `(0 15 30) 45 60 75` are steps; no area begins with that.
    let is_list = groups > 1 && (run.is_rising() || run.number(1) < 20);
    let is_called = run.is_whole() && rest >= 6 && has_form && is_near && !run.is_count() && !is_list;
    (is_called && line.number_ends(run.end)).then_some(run.end)
}

/// Whether the plus stands between two quantities: `3 +(12) 345678901`.
fn is_sum(line: &Line, plus: usize) -> bool {
    const BLANKS_MAX: usize = 3;
    let blanks = line.chars[..plus].iter().rev().take(BLANKS_MAX).take_while(|c| **c == ' ').count();
    let at = |back: usize| line.before(plus, blanks + back);
    let is_letter = at(1).is_some_and(joins) && !at(2).is_some_and(joins);
    at(1).is_some_and(|c| c.is_ascii_digit() || "=*/)]".contains(c)) || is_letter
}

/// `0 61 51`: an area in pairs, as it is printed in Germany.
fn is_paired(area: &str) -> bool {
    let is_pair = |group: &&str| group.len() == 2 && group.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = area.split(' ');
    groups.next() == Some("0") && groups.clone().count() == 2 && groups.all(|group| is_pair(&group))
}

/// Whether one of these words stands before the number.
fn is_led(line: &Line, start: usize, words: &[&str]) -> bool {
    let before = before(line, start);
    ends_with_any(without_number(&before), words)
}

/// Whether it says that the number is of another kind.
fn is_said_other(line: &Line, start: usize, run: &Run) -> bool {
    let before = before(line, start);
    let bare = before.trim_end_matches(is_mark);
    // `Artikelnummer` is one word.
    let named = ["nummer", "nr", "no"].iter().find_map(|word| bare.strip_suffix(word)).unwrap_or_default();
    let rest = without_number(&before);
    let is_drawn = run.lengths().iter().all(|length| *length == 2) && ends_with_any(bare, MANY);
    is_drawn || ends_with_any(named, NUMBERED) || (rest.len() < bare.len() && ends_with_any(rest, NUMBERED))
}

fn ends_with_any(before: &str, words: &[&str]) -> bool {
    words.iter().any(|word| before.strip_suffix(word).is_some_and(|rest| !rest.ends_with(joins)))
}

/// What stands before a number, in lower case.
fn before(line: &Line, start: usize) -> String {
    line.chars[start.saturating_sub(24)..start].iter().flat_map(|c| c.to_lowercase()).collect()
}

fn is_mark(c: char) -> bool {
    matches!(c, ' ' | ':' | '.' | '-' | '/' | '(' | '\t' | '：' | '号' | '號' | '码' | '番')
}

/// Without the marks before the number, and a word that says that one comes: `tel. no.: `.
fn without_number(before: &str) -> &str {
    const WORDS: [&str; 12] =
        ["numbers", "nummern", "números", "numéros", "number", "nummer", "numero", "número", "nr", "no", "n°", "#"];
    let before = before.trim_end_matches(is_mark);
    WORDS
        .iter()
        .find_map(|word| before.strip_suffix(word).filter(|rest| rest.ends_with([' ', '.', '-'])))
        .map_or(before, |rest| rest.trim_end_matches(is_mark))
}

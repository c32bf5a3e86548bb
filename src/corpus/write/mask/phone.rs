//! Numbers to call: international, in the forms of their countries, or behind a word that says so.

use std::ops::RangeInclusive;

use super::line::{Line, joins};

/// Words before a number that is to be called, in lower case; what follows them may be one group of digits.
const LEADS: &[&str] = &[
    "tel",
    "telephone",
    "telefon",
    "telefono",
    "teléfono",
    "téléphone",
    "telefone",
    "tél",
    "telefoon",
    "phone",
    "fax",
    "telefax",
    "mobile",
    "mobil",
    "celular",
    "móvil",
    "cell",
    "handy",
    "gsm",
    "whatsapp",
    "tlf",
    "tfn",
    "telf",
    "puh",
    "тел",
    "телефон",
    "факс",
    "電話",
    "電話番号",
    "携帯",
    "电话",
    "手机",
    "電話號碼",
    "手機",
    "전화",
    "โทร",
    "هاتف",
    "جوال",
    "تلفن",
    "موبایل",
    "फोन",
    "फ़ोन",
    "मोबाइल",
    "ফোন",
    "মোবাইল",
    "τηλ",
    "τηλέφωνο",
    "טלפון",
    "נייד",
    "моб",
    "мобильный",
    "điện thoại",
];
/// Words before much else than numbers to call: what follows must be as long as one.
const VERBS: &[&str] = &[
    "call",
    "dial",
    // Also a goal in Polish, of so many zloty.
    "cel",
    "mob",
    "sms",
    "appelez le",
    "appelez au",
    "appeler le",
    "llame al",
    "llamar al",
    "ligue para",
    "chiama il",
    "chiamare il",
    "звоните",
    "позвоните",
];
/// What has numbers of its own, where a word for a number stands behind it: `part no. 06-1234-5678`, not `to order 06 …`.
const NUMBERED: &[&str] = &[
    "part",
    "item",
    "order",
    "article",
    "model",
    "serial",
    "reference",
    "ref",
    "invoice",
    "ticket",
    "case",
    "customer",
    "artikel",
    "teile",
    "serien",
    "bestell",
    "rechnungs",
    "kunden",
    "auftrags",
];
/// Words before pairs of digits that are numbers of their own, as in a draw.
const MANY: &[&str] = &["numbers", "nummern", "zahlen", "numéros", "números", "lotto"];
/// Digits of a number to call that is whole.
const DIGITS: RangeInclusive<usize> = 9..=15;
/// Behind a word that says what it is.
const LED_DIGITS: RangeInclusive<usize> = 7..=15;
/// Characters between two groups of digits.
const GAP_MAX: usize = 3;

/// Characters of an area code in brackets.
const AREA_MAX: usize = 6;

/// Groups of digits with blanks and marks between them.
struct Run {
    /// Each with what stands between it and the one before.
    groups: Vec<(String, String)>,
    /// Where each of them ends.
    ends: Vec<usize>,
    has_plus: bool,
    end: usize,
}

impl Run {
    fn of(line: &Line, start: usize) -> Option<Self> {
        let has_plus = line.get(start) == Some('+');
        let mut run = Self { groups: Vec::new(), ends: Vec::new(), has_plus, end: start };
        let (mut at, mut gap) = (start + usize::from(run.has_plus), String::new());
        while let Some(c) = line.get(at) {
            if c.is_ascii_digit() {
                let digits: String = line.chars[at..].iter().take_while(|c| c.is_ascii_digit()).collect();
                let is_parted = gap.len() == GAP_MAX && run.is_whole();
                let begins = gap.len() == GAP_MAX || (digits.starts_with('0') && digits.len() > 2);
                if is_parted || begins && run.is_whole_called() {
                    // The next number begins.
                    break;
                }
                // More digits than any number has are none to call.
                if digits.len() > *DIGITS.end() || run.groups.len() > *DIGITS.end() {
                    return None;
                }
                at += digits.len();
                run.end = at;
                run.ends.push(at);
                run.groups.push((std::mem::take(&mut gap), digits));
            } else if " -()/.".contains(c) && gap.len() < GAP_MAX {
                gap.push(c);
                at += 1;
            } else {
                break;
            }
        }
        run.leave_repeats();
        Some(run).filter(|run| !run.groups.is_empty())
    }

    /// Several numbers of one form with a blank between them are that many: the first is left.
    fn leave_repeats(&mut self) {
        let lengths = self.lengths();
        let is_one = |count: &usize| {
            let (one, digits) = (&lengths[..*count], lengths[..*count].iter().sum::<usize>());
            let is_apart = |at: usize| !at.is_multiple_of(*count) || self.gap(at) == " ";
            DIGITS.contains(&digits)
                && lengths.chunks(*count).all(|other| other == one)
                && (1..lengths.len()).all(is_apart)
        };
        if self.digits() <= *DIGITS.end() {
            return;
        }
        if let Some(count) = (1..=lengths.len() / 2).find(is_one) {
            self.groups.truncate(count);
            self.ends.truncate(count);
            self.end = self.ends[count - 1];
        }
    }

    fn lengths(&self) -> Vec<usize> {
        self.groups.iter().map(|(_, digits)| digits.len()).collect()
    }

    fn digits(&self) -> usize {
        self.lengths().iter().sum()
    }

    fn is_whole(&self) -> bool {
        DIGITS.contains(&self.digits())
    }

    /// The same without what is not dialled from abroad, as the zero of `+44 (0)20 7946 0958`, and without what is dialled
    /// before the country: what is behind so many digits may be another number.
    fn is_whole_called(&self) -> bool {
        let front = self.exit();
        let is_abroad = self.has_plus || front > 0;
        let is_zero = |(gap, digits): &(String, String)| is_abroad && digits == "0" && gap.ends_with('(');
        let zeros = self.groups.iter().filter(|group| is_zero(group)).count();
        DIGITS.contains(&(self.digits() - zeros - front))
    }

    /// Digits dialled before the country: `00`, and in America `011`, which is an area elsewhere.
    fn exit(&self) -> usize {
        match self.groups.as_slice() {
            [(_, first), ..] if first.starts_with("00") => 2,
            [(_, first), (_, country), ..] if first == "011" && country.len() <= 2 => 3,
            _ => 0,
        }
    }

    fn gap(&self, group: usize) -> &str {
        self.groups.get(group).map_or("", |(gap, _)| gap)
    }

    fn number(&self, group: usize) -> u32 {
        self.groups[group].1.parse().unwrap_or(u32::MAX)
    }

    /// `2019-2024`, `01/02/2003`, `2003-02-01`, `01.02.03 10`: years, or day, month and year with one mark between them.
    fn is_date(&self) -> bool {
        let lengths = self.lengths();
        let are_years = lengths == [4, 4] && (0..2).all(|group| (1500..=2100).contains(&self.number(group)));
        if are_years {
            return true;
        }
        let is_one_mark = matches!(self.gap(1), "." | "/" | "-") && self.gap(1) == self.gap(2);
        if lengths.len() < 3 || !is_one_mark {
            return false;
        }
        let small = |group| (1..=31).contains(&self.number(group));
        // But not five pairs, as numbers in France are.
        let goes_on = self.gap(1) == self.gap(3) && lengths == [2; 5];
        match lengths[..3] {
            [1..=2, 1..=2, 4] => small(0) && small(1) && !goes_on,
            [4, 1..=2, 1..=2] => small(1) && small(2) && !goes_on,
            [1..=2, 1..=2, 2] => small(0) && small(1) && !goes_on,
            _ => false,
        }
    }

    /// `0.25 0.125`, and `0-306-40615-2`, whose last digit checks it as a book's.
    fn is_other(&self) -> bool {
        let is_decimal = !self.has_plus && self.groups[0].1 == "0" && self.gap(1) == ".";
        let digits: Vec<u32> =
            self.groups.iter().flat_map(|(_, digits)| digits.bytes()).map(|b| u32::from(b - b'0')).collect();
        let sum: u32 = digits.iter().zip((1..=10).rev()).map(|(digit, weight)| digit * weight).sum();
        let is_book =
            digits.len() == 10 && self.groups.len() == 4 && self.groups[0].1.len() == 1 && sum.is_multiple_of(11);
        is_decimal || is_book || self.is_count() || self.is_sum()
    }

    /// `+1 234 567 890` and `+1234567890`: in the country whose code is 1 numbers have ten digits more: with fewer it is a sum.
    fn is_sum(&self) -> bool {
        const AMERICAN: usize = 11;
        self.has_plus && self.groups[0].1.starts_with('1') && self.digits() < AMERICAN
    }

    /// `+39 06 6982`: where an area keeps its zero behind the country's code, numbers may be as short as that.
    fn is_italian(&self) -> bool {
        let has_area = self.groups.get(1).is_some_and(|(_, digits)| digits.starts_with('0'));
        self.has_plus && self.groups[0].1 == "39" && has_area && self.digits() + 1 == *DIGITS.start()
    }

    /// `01 02 03 04 05`, and `+100 000 000`.
    fn is_count(&self) -> bool {
        let counts = self.groups.len() > 2
            && (1..self.groups.len()).all(|at| self.number(at) == self.number(at - 1).wrapping_add(1));
        let lengths = self.lengths();
        let is_round = lengths.len() > 1 && lengths[1..].iter().all(|length| *length == 3);
        counts || (is_round && self.groups.iter().skip(1).all(|(_, digits)| digits == "000"))
    }

    /// With a zero before the area: at least one group is longer than those of dates and scores, or all are pairs.
    fn is_national(&self) -> bool {
        let (first, lengths) = (&self.groups[0].1, self.lengths());
        let are_pairs = lengths == [2; 5];
        let is_thousands = lengths.iter().all(|length| *length == 3) && lengths.len() > 1 && first.starts_with("00");
        first.starts_with('0')
            && !first.starts_with("000")
            && lengths.len() >= 2
            && (are_pairs || lengths.iter().any(|length| *length >= 3))
            && !is_thousands
            && lengths != [3; 4]
    }

    /// `555-123-4567`, `1-800-555-0199`, `8 916 123-45-67`: forms that hardly anything else has.
    fn has_form(&self) -> bool {
        let is_joined = |from: usize| (from..self.groups.len()).all(|at| matches!(self.gap(at), "-" | "."));
        let is_area = |group: usize| (200..=999).contains(&self.number(group));
        let is_russian =
            || matches!(self.number(0), 7 | 8) && self.gap(1).ends_with('(') && self.gap(2).starts_with(')');
        match self.lengths()[..] {
            [1, 3, 7] | [1, 3, 3, 4] if is_russian() => true,
            [3, 3, 4] => is_joined(1) && is_area(0),
            [1, 3, 3, 4] => self.number(0) == 1 && is_joined(2) && is_area(1),
            [1, 3, 3, 2, 2] => matches!(self.number(0), 7 | 8),
            _ => false,
        }
    }
}

/// Where the number ends that begins here. `is_next`: what stands before the blank before it is another datum whole.
pub fn find(line: &Line, start: usize, is_next: bool) -> Option<usize> {
    let first = line.get(start)?;
    if first == '(' {
        return bracketed(line, start);
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
        LED_DIGITS.contains(&run.digits())
    } else if is_led(line, start, VERBS) {
        (run.is_whole() || run.is_italian()) && !run.is_other()
    } else {
        let has_form =
            run.has_plus || ((is_next || is_apart(line, start, &run)) && (run.is_national() || run.has_form()));
        !is_in_name
            && (run.is_whole() || run.is_italian())
            && has_form
            && !run.is_other()
            && !is_said_other(line, start, &run)
    };
    (is_called && !is_book(line, start, run.end)).then_some(run.end)
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

/// `(030) 1234 5678`, `(555) 123-4567`; not `(1998) 23`.
fn bracketed(line: &Line, start: usize) -> Option<usize> {
    let inside = line.chars[start + 1..].iter().take(AREA_MAX + 1).position(|c| *c == ')')?;
    let area: String = line.chars[start + 1..start + 1 + inside].iter().collect();
    let is_digits = !area.is_empty() && area.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit());
    let is_area = match area.len() {
        2..=AREA_MAX if area.starts_with(['0', '+']) => true,
        2 | 3 => true,
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
    let is_local = match lengths[1..] {
        [3, 4] => area.len() != 3 || run.number(0) != 100,
        [4, 4] | [5, 4] | [3, 2, 2] => true,
        _ => false,
    };
    let has_form = area.starts_with(['0', '+']) || is_local;
    let is_near = matches!(run.gap(1), ")" | ") " | ")-" | ")/");
    let is_called = run.is_whole() && rest >= 6 && has_form && is_near && !run.is_count();
    (is_called && line.number_ends(run.end)).then_some(run.end)
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

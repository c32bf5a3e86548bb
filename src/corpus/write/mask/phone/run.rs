//! Groups of digits, and what their form alone says of them.

use std::ops::RangeInclusive;

use super::super::line::Line;

/// Digits of a number to call that is whole.
const DIGITS: RangeInclusive<usize> = 9..=15;
/// Characters between two groups of digits.
const GAP_MAX: usize = 3;
/// Years that texts speak of.
const YEARS: RangeInclusive<u32> = 1500..=2100;

/// Groups of digits with blanks and marks between them.
pub struct Run {
    /// Each with what stands between it and the one before.
    pub groups: Vec<(String, String)>,
    /// Where each of them ends.
    ends: Vec<usize>,
    pub has_plus: bool,
    pub end: usize,
}

impl Run {
    pub fn of(line: &Line, start: usize) -> Option<Self> {
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

    pub fn lengths(&self) -> Vec<usize> {
        self.groups.iter().map(|(_, digits)| digits.len()).collect()
    }

    pub fn digits(&self) -> usize {
        self.lengths().iter().sum()
    }

    pub fn is_whole(&self) -> bool {
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

    pub fn gap(&self, group: usize) -> &str {
        self.groups.get(group).map_or("", |(gap, _)| gap)
    }

    pub fn number(&self, group: usize) -> u32 {
        self.groups[group].1.parse().unwrap_or(u32::MAX)
    }

    /// `2019-2024`, `03/2019 - 05/2021`, `01/02/2003`, `2003-02-01`, `01.02.03 10`: years, with their months, or day, month and
    /// year with one mark between them.
    pub fn is_date(&self) -> bool {
        let lengths = self.lengths();
        let is_year = |at: usize| lengths[at] == 4 && YEARS.contains(&self.number(at));
        let is_month = |at: usize| lengths[at] <= 2 && (1..=12).contains(&self.number(at));
        let are_years = lengths.len() > 1 && (0..lengths.len()).all(is_year);
        let are_months =
            lengths.len() == 4 && !self.has_plus && (0..2).all(|at| is_month(2 * at) && is_year(2 * at + 1));
        if are_years || are_months {
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

    /// Where no word says that it is called: `01.-05.06.2024`, `08.06.-09.06.24`, `03.10. 0930-1130`, `02 (2019) 123-130`, which
    /// begin with a zero as numbers do.
    pub fn is_calendar(&self) -> bool {
        let (lengths, count) = (self.lengths(), self.groups.len());
        if self.has_plus || count < 2 {
            return false;
        }
        let is_year = |at: usize| lengths[at] == 4 && (1900..=2100).contains(&self.number(at));
        // Minutes have a point before them.
        let is_small =
            |at: usize| lengths[at] <= 2 && (self.number(at) <= 31 || (self.gap(at) == "." && self.number(at) < 60));
        let is_hour = |at: usize| lengths[at] == 4 && self.number(at) < 2460 && self.number(at) % 100 < 60;
        let is_one_mark = |from: usize| (from..count).all(|at| self.gap(at) == self.gap(from));
        // As all numbers of a city are written in Korea and Japan, and in Australia.
        let is_closed = || self.gap(1).trim_start() == "(" && self.gap(2).trim_end() == ")";
        let is_city = match lengths[..] {
            [2, 4, 4] => is_closed() || (matches!(self.gap(1), "-" | " ") && is_one_mark(1)),
            [2, 2, 2, 4] => self.gap(1) == " " && is_one_mark(1),
            _ => false,
        };
        if (0..count).any(is_year) && (0..count).all(|at| is_small(at) || is_year(at)) && !is_city {
            return true;
        }
        let is_day_of_year = count > 3 && is_small(0) && is_small(1) && is_year(2);
        if is_day_of_year && (3..count).all(|at| is_small(at) || is_hour(at)) {
            return true;
        }
        // Numbers in pairs have one mark between all of them, or another behind the first.
        let are_pairs = count > 4 && (0..count).all(is_small) && !is_one_mark(2);
        let is_ordinal = |at: usize| is_small(at - 1) && self.gap(at).len() > 1 && self.gap(at).starts_with('.');
        let is_ordered = (1..count).any(is_ordinal) && !is_one_mark(1);
        are_pairs || (is_ordered && (0..count).all(|at| is_small(at) || is_hour(at) || is_year(at))) || self.is_volume()
    }

    /// `02 (2019) 123-130`: a volume, its year and its pages.
    fn is_volume(&self) -> bool {
        let is_short = self.groups.len() == 4 && self.lengths()[0] <= 2 && self.gap(1) == " (" && self.gap(3) == "-";
        let are_pages = || self.lengths()[2] == self.lengths()[3] && self.number(2) < self.number(3);
        is_short && self.has_closed_year() && are_pages()
    }

    /// `178 (2019) 1234`: the year of a volume.
    pub fn has_closed_year(&self) -> bool {
        let is_closed = |at: usize| self.gap(at).ends_with('(') && self.gap(at + 1).starts_with(')');
        let is_year = |at: usize| self.groups[at].1.len() == 4 && YEARS.contains(&self.number(at));
        self.groups[0].1 != "0" && (1..self.groups.len()).any(|at| is_closed(at) && is_year(at))
    }

    /// `600 700 800`, `900-100-200`, `8700-6050`: of one length with one mark, as numbers to call are in many countries.
    pub fn is_in_equals(&self) -> bool {
        let lengths = self.lengths();
        let is_one_mark = self.gap(1) != "/" && (2..lengths.len()).all(|at| self.gap(at) == self.gap(1));
        (lengths == [3; 3] || lengths == [4; 2]) && is_one_mark
    }

    /// `800 500 1200`
    pub fn is_american(&self) -> bool {
        self.lengths() == [3, 3, 4]
    }

    /// `12 345 678`, `1.234.567`: groups of three with one mark, behind a first of so many digits at most.
    pub fn is_thousands(&self, first_max: usize) -> bool {
        let (lengths, count) = (self.lengths(), self.groups.len());
        let is_one_mark = || matches!(self.gap(1), " " | ".") && (1..count).all(|at| self.gap(at) == self.gap(1));
        count > 1 && lengths[0] <= first_max && lengths[1..].iter().all(|length| *length == 3) && is_one_mark()
    }

    /// `6000000`, `120 000 000`, `2 500 000`, but not `9876000000`.
    pub fn is_round(&self) -> bool {
        const LEADING_MAX: usize = 3;
        let digits = &self.groups[0].1;
        match self.groups.len() {
            1 => digits.ends_with("000000") && digits.trim_end_matches('0').len() <= LEADING_MAX,
            _ => self.is_count() || (self.is_thousands(2) && self.ends_round()),
        }
    }

    /// With no smaller part than thousands.
    pub fn ends_round(&self) -> bool {
        let zeros = if self.groups.len() == 1 { "0000" } else { "000" };
        self.groups.last().is_some_and(|(_, digits)| digits.ends_with(zeros))
    }

    /// `850/900/1800/1900`, `300 1200 2400`.
    pub fn are_steps(&self) -> bool {
        let is_step =
            |(_, digits): &(String, String)| digits.len() > 2 && (digits.ends_with("00") || digits.ends_with("50"));
        self.groups.len() > 1 && self.groups.iter().all(is_step)
    }

    pub fn is_rising(&self) -> bool {
        self.groups.len() > 2 && (1..self.groups.len()).all(|at| self.number(at - 1) < self.number(at))
    }

    /// `0.25 0.125`, and `0-306-40615-2`, whose last digit checks it as a book's.
    pub fn is_other(&self) -> bool {
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
    pub fn is_italian(&self) -> bool {
        let has_area = self.groups.get(1).is_some_and(|(_, digits)| digits.starts_with('0'));
        self.has_plus && self.groups[0].1 == "39" && has_area && self.digits() + 1 == *DIGITS.start()
    }

    /// `01 02 03 04 05`, and `+100 000 000`.
    pub fn is_count(&self) -> bool {
        let counts = self.groups.len() > 2
            && (1..self.groups.len()).all(|at| self.number(at) == self.number(at - 1).wrapping_add(1));
        let lengths = self.lengths();
        let is_round = lengths.len() > 1 && lengths[1..].iter().all(|length| *length == 3);
        counts || (is_round && self.groups.iter().skip(1).all(|(_, digits)| digits == "000"))
    }

    /// With a zero before the area: at least one group is longer than those of dates and scores, or all are pairs.
    pub fn is_national(&self) -> bool {
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
    pub fn has_form(&self) -> bool {
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

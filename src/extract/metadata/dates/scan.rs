//! Finds a date in a text: cuts it into numbers, words and marks, then tries the written forms at each place.

use std::ops::Range;

use super::{Date, Order, Time, Zone, fold, month};

/// Bytes of a short token.
const TOKEN_BYTES: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// Value, how many digits, and the letters that follow without a space (`19th`, `19de`).
    Number(u32, u8),
    Word(&'a str),
    Mark(char),
}

struct Scan<'a> {
    tokens: Vec<(Token<'a>, Range<usize>)>,
    order: Order,
}

/// The first date and the bytes it stands in.
pub fn find(text: &str, order: Order) -> Option<(Date, Range<usize>)> {
    let may_hold_digits = text.bytes().any(|byte| byte.is_ascii_digit() || !byte.is_ascii());
    if !may_hold_digits || !text.chars().any(|c| digit(c).is_some()) {
        return None;
    }
    let scan = Scan { tokens: tokens(text), order };
    let whole = scan.tokens.len();
    // A day beats a month beats a year, so that "2024 review, 19 June 2024" is the day.
    let mut best: Option<(Date, Range<usize>)> = None;
    for at in 0..whole {
        let Some((date, next)) = scan.date(at) else { continue };
        let (date, next) = if date.is_day() { scan.with_time(date, at, next) } else { (date, next) };
        let bytes = scan.tokens[at].1.start..scan.tokens[next - 1].1.end;
        if date.is_day() {
            return Some((date, bytes));
        }
        let exact = |date: &Date| u8::from(date.year.is_some()) + u8::from(date.month.is_some());
        if best.as_ref().is_none_or(|(had, _)| exact(&date) > exact(had)) {
            best = Some((date, bytes));
        }
    }
    best
}

fn tokens(text: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let mut found = Vec::with_capacity(text.len() / TOKEN_BYTES + 1);
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        let mut end = start + first.len_utf8();
        let mut grow = |same: fn(char) -> bool| {
            while let Some((at, c)) = rest.next_if(|(_, c)| same(*c)) {
                end = at + c.len_utf8();
            }
            end
        };
        let token = if digit(first).is_some() {
            let end = grow(|c| digit(c).is_some());
            number(&text[start..end])
        } else if cjk(first) {
            Token::Mark(first)
        } else if first.is_alphabetic() {
            let end = grow(|c| (c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c)) && !cjk(c));
            Token::Word(&text[start..end])
        } else if first.is_whitespace() {
            continue;
        } else {
            Token::Mark(first)
        };
        found.push((token, start..end));
    }
    found
}

/// ASCII and full-width digits.
fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

fn cjk(c: char) -> bool {
    matches!(
        c,
        '年' | '月'
            | '日'
            | '号'
            | '년'
            | '월'
            | '일'
            | '元'
            | '令'
            | '和'
            | '平'
            | '成'
            | '民'
            | '國'
            | '国'
            | '時'
            | '时'
            | '分'
            | '秒'
            | '시'
            | '분'
    )
}

fn number(digits: &str) -> Token<'_> {
    let count = digits.chars().count();
    if count > 14 {
        return Token::Mark('#');
    }
    let value = digits.chars().filter_map(digit).fold(0u64, |sum, d| sum * 10 + u64::from(d));
    // Of a moment without marks the day is enough.
    let value = if count == 14 { value / 1_000_000 } else { value };
    Token::Number(u32::try_from(value).unwrap_or(u32::MAX), count as u8)
}

impl Scan<'_> {
    fn get(&self, at: usize) -> Option<Token<'_>> {
        self.tokens.get(at).map(|(token, _)| *token)
    }

    fn mark(&self, at: usize, marks: &str) -> bool {
        matches!(self.get(at), Some(Token::Mark(c)) if marks.contains(c))
    }

    /// Whether token `at` follows the one before without a space.
    fn joined(&self, at: usize) -> bool {
        at > 0 && at < self.tokens.len() && self.tokens[at - 1].1.end == self.tokens[at].1.start
    }

    /// A date that starts at the token, and the token after it.
    fn date(&self, at: usize) -> Option<(Date, usize)> {
        self.numeric(at).or_else(|| self.east_asian(at)).or_else(|| self.written(at)).or_else(|| self.lone_year(at))
    }

    fn two_digits(&self, at: usize) -> Option<u8> {
        match self.get(at)? {
            Token::Number(value, 1 | 2) => Some(value as u8),
            _ => None,
        }
    }

    fn year(&self, at: usize) -> Option<u16> {
        match self.get(at)? {
            Token::Number(value, 4) => u16::try_from(value).ok().filter(|year| super::YEARS.contains(year)),
            _ => None,
        }
    }

    /// `2024-06-19`, `2024/6/19`, `2024.06.19`, `20240619`, `19.6.2024`, `6/19/2024`, `2024-06`.
    fn numeric(&self, at: usize) -> Option<(Date, usize)> {
        // Not the tail of something longer: a version, a price, an address.
        if at >= 1
            && self.joined(at)
            && self.mark(at - 1, ".-/$€£#_=")
            && at >= 2
            && matches!(self.get(at - 2), Some(Token::Number(..)))
        {
            return None;
        }
        if let Some(Token::Number(value, 8 | 14)) = self.get(at) {
            return self.compact(at, value);
        }
        let Some(Token::Mark(mark @ ('-' | '/' | '.' | '‑' | '–'))) = self.get(at + 1) else { return None };
        let same = self.mark(at + 3, &mark.to_string());
        if let Some(year) = self.year(at) {
            let month = self.two_digits(at + 2)?;
            if same && let Some(day) = self.two_digits(at + 4) {
                return Date::of_day(year, month, day).map(|date| (date, at + 5));
            }
            let exact =
                matches!(self.get(at + 2), Some(Token::Number(_, 2))) && self.joined(at + 1) && self.joined(at + 2);
            return Date::of_month(year, month).filter(|_| exact && mark != '.').map(|date| (date, at + 3));
        }
        let (first, second) = (self.two_digits(at)?, self.two_digits(at + 2).filter(|_| same)?);
        let year = self.year(at + 4).or_else(|| self.short_year(at + 4))?;
        self.ordered(first, second, year, mark).map(|date| (date, at + 5))
    }

    /// Two digits as a year of the web's time; only where they end the date.
    fn short_year(&self, at: usize) -> Option<u16> {
        let Some(Token::Number(value, 2)) = self.get(at) else { return None };
        if self.joined(at + 1) && self.mark(at + 1, ".-/:") && matches!(self.get(at + 2), Some(Token::Number(..))) {
            return None;
        }
        match value {
            0..=68 => Some(2000 + value as u16),
            90..=99 => Some(1900 + value as u16),
            _ => None,
        }
    }

    fn ordered(&self, first: u8, second: u8, year: u16, mark: char) -> Option<Date> {
        let (day_first, month_first) = (Date::of_day(year, second, first), Date::of_day(year, first, second));
        match (day_first, month_first, self.order) {
            (Some(_), Some(_), Order::MonthFirst) if mark != '.' => month_first,
            (Some(_), Some(_), Order::DayFirst) => day_first,
            (Some(a), Some(b), _) if a == b || mark == '.' => day_first,
            // Day and month could be exchanged: only the year is known.
            (Some(_), Some(_), _) => Date::of_year(year),
            (one, other, _) => one.or(other),
        }
    }

    fn compact(&self, at: usize, value: u32) -> Option<(Date, usize)> {
        let date = Date::of_day((value / 10_000) as u16, (value / 100 % 100) as u8, (value % 100) as u8)?;
        Some((date, at + 1))
    }

    /// `2024年6月19日`, `2024년 6월 19일`, `令和6年6月19日`, `民國113年6月19日`.
    fn east_asian(&self, at: usize) -> Option<(Date, usize)> {
        let (year, at) = match (self.get(at)?, self.get(at + 1)) {
            (Token::Number(..), _) => (self.year(at)?, at),
            (Token::Mark('令'), Some(Token::Mark('和'))) => (2018 + self.era_year(at + 2)?, at + 2),
            (Token::Mark('平'), Some(Token::Mark('成'))) => (1988 + self.era_year(at + 2)?, at + 2),
            (Token::Mark('民'), Some(Token::Mark('國' | '国'))) => (1911 + self.era_year(at + 2)?, at + 2),
            _ => return None,
        };
        if !self.mark(at + 1, "年년") {
            return None;
        }
        let Some(month) = self.two_digits(at + 2).filter(|_| self.mark(at + 3, "月월")) else {
            return Date::of_year(year).map(|date| (date, at + 2));
        };
        match self.two_digits(at + 4).filter(|_| self.mark(at + 5, "日号일")) {
            Some(day) => Date::of_day(year, month, day).map(|date| (date, at + 6)),
            None => Date::of_month(year, month).map(|date| (date, at + 4)),
        }
    }

    fn era_year(&self, at: usize) -> Option<u16> {
        match self.get(at)? {
            Token::Mark('元') => Some(1),
            Token::Number(value, 1..=3) => Some(value as u16),
            _ => None,
        }
    }

    /// `19 June 2024`, `June 19th, 2024`, `19. Juni 2024`, `19 de junio de 2024`, `2024 June 19`, `June 2024`.
    fn written(&self, at: usize) -> Option<(Date, usize)> {
        match self.get(at)? {
            Token::Word(word) => {
                // Looking up a name costs; no date goes on without a number.
                let next = self.skip(at + 1, ".,/-–'’", &["de", "of", "del", "do", "di"]);
                matches!(self.get(next), Some(Token::Number(..))).then_some(())?;
                self.month_first(at, month(word)?)
            }
            Token::Number(_, 4) => {
                let (name, after) = self.month_after(at + 1)?;
                let (day, next) = self.day(after)?;
                Date::of_day(self.year(at)?, name, day).map(|date| (date, next))
            }
            Token::Number(_, 1 | 2) => {
                let (day, after) = self.day(at)?;
                let (name, after) = self.month_after(after)?;
                match self.year_after(after) {
                    Some((year, next)) => Date::of_day(year, name, day).map(|date| (date, next)),
                    None => Date::without_year(name, day).map(|date| (date, after)),
                }
            }
            _ => None,
        }
    }

    fn month_first(&self, at: usize, name: u8) -> Option<(Date, usize)> {
        let after = self.skip(at + 1, ".,/-–", &[]);
        if let Some((day, after)) = self.day(after) {
            // "Wed Jun 19 08:30:00 2024" has the time before the year.
            let late =
                self.time(after).and_then(|(_, next)| self.year_after(self.zone(next).map_or(next, |(_, next)| next)));
            return match self.year_after(after).or(late) {
                Some((year, next)) => Date::of_day(year, name, day).map(|date| (date, next)),
                None => Date::without_year(name, day).map(|date| (date, after)),
            };
        }
        let (year, next) = self.year_after(at + 1)?;
        Date::of_month(year, name).map(|date| (date, next))
    }

    /// A day of the month, past its ordinal ending.
    fn day(&self, at: usize) -> Option<(u8, usize)> {
        let day = self.two_digits(at).filter(|day| (1..=31).contains(day))?;
        if self.mark(at + 1, ":") && matches!(self.get(at + 2), Some(Token::Number(..))) {
            return None;
        }
        let ending = match self.get(at + 1) {
            Some(Token::Word(word)) if self.joined(at + 1) => {
                ["st", "nd", "rd", "th", "er", "eme", "a", "o", "e", "го", "ος", "η"].contains(&fold(word).as_str())
            }
            Some(Token::Mark('º' | 'ª' | '°')) => true,
            _ => false,
        };
        Some((day, at + 1 + usize::from(ending)))
    }

    fn month_after(&self, at: usize) -> Option<(u8, usize)> {
        let at = self.skip(at, ".,/-–", &["de", "of", "di", "do", "da", "den"]);
        match self.get(at)? {
            Token::Word(word) => month(word).map(|name| (name, at + 1)),
            _ => None,
        }
    }

    fn year_after(&self, at: usize) -> Option<(u16, usize)> {
        let start = at;
        let at = self.skip(at, ".,/-–'’", &["de", "of", "del", "do", "di"]);
        if let Some(year) = self.year(at) {
            return Some((year, at + 1));
        }
        // "'05" and "16-Jun-20": two digits are a year only behind these marks.
        let short = at > start && self.mark(at - 1, "'’-") && self.joined(at) && !self.mark(at + 1, ":");
        self.short_year(at).filter(|_| short).map(|year| (year, at + 1))
    }

    /// Past at most three marks or small words.
    fn skip(&self, at: usize, marks: &str, words: &[&str]) -> usize {
        let passes = |at: usize| match self.get(at) {
            Some(Token::Mark(c)) => marks.contains(c),
            Some(Token::Word(word)) => words.contains(&word.to_lowercase().as_str()),
            _ => false,
        };
        (at..at + 3).find(|&at| !passes(at)).unwrap_or(at + 3)
    }

    fn lone_year(&self, at: usize) -> Option<(Date, usize)> {
        let alone = self.tokens.len() == 1;
        Date::of_year(self.year(at)?).filter(|_| alone).map(|date| (date, at + 1))
    }

    /// Adds the time that stands after the date, or inside it ("Wed Jun 19 08:30:00 2024").
    fn with_time(&self, date: Date, start: usize, next: usize) -> (Date, usize) {
        let inside = (start..next).find(|&at| self.mark(at + 1, ":")).filter(|&at| at + 1 < next);
        let at = inside.unwrap_or_else(|| self.time_start(next));
        let Some((mut time, end)) = self.time(at) else { return (date, next) };
        let mut end = end;
        if let Some((zone, after)) = self.zone(end) {
            time.zone = Some(zone);
            end = after;
        }
        (Date { time: Some(time), ..date }, end.max(next))
    }

    fn time_start(&self, at: usize) -> usize {
        let words = [
            "t", "at", "um", "a", "à", "alle", "as", "às", "ore", "om", "kl", "в", "o", "las", "les", "klo", "г",
            "года", "saat",
        ];
        self.skip(at, ",-–—|·•@.(", &words)
    }

    /// `08:30`, `8:30:15.123`, `8:30 pm`, `8 pm`, `10h30`, `8.30 Uhr`, `8時30分`.
    fn time(&self, at: usize) -> Option<(Time, usize)> {
        let mut hour = self.two_digits(at)?;
        let mut next = at + 1;
        let (mut minute, mut second) = (None, 0);
        let parts = self.mark(next, ":時时시") || matches!(self.get(next), Some(Token::Word("h" | "H")));
        if parts && let Some(value) = self.two_digits(next + 1) {
            minute = Some(value);
            next += 2;
            if self.mark(next, ":分분")
                && let Some(value) = self.two_digits(next + 1)
            {
                second = value;
                next += 2;
            }
            if self.joined(next)
                && self.mark(next, ".,")
                && self.joined(next + 1)
                && matches!(self.get(next + 1), Some(Token::Number(..)))
            {
                next += 2;
            }
        }
        if let Some((pm, after)) = self.half_day(next).filter(|_| (1..=12).contains(&hour)) {
            hour = hour % 12 + if pm { 12 } else { 0 };
            next = after;
            minute = minute.or(Some(0));
        }
        let minute = minute?;
        (hour < 24 && minute < 60 && second < 61).then_some((Time { hour, minute, second, zone: None }, next))
    }

    /// `am`, `p.m.`: whether it is the second half, and the token after.
    fn half_day(&self, at: usize) -> Option<(bool, usize)> {
        let Some(Token::Word(word)) = self.get(at) else { return None };
        match word.to_ascii_lowercase().as_str() {
            "am" => Some((false, at + 1)),
            "pm" => Some((true, at + 1)),
            half @ ("a" | "p")
                if self.mark(at + 1, ".") && matches!(self.get(at + 2), Some(Token::Word("m" | "M"))) =>
            {
                Some((half == "p", at + 3 + usize::from(self.mark(at + 3, "."))))
            }
            _ => None,
        }
    }

    /// `Z`, `+02:00`, `-0400`, `GMT+2`, and the names that mean one zone only.
    fn zone(&self, at: usize) -> Option<(Zone, usize)> {
        match self.get(at)? {
            Token::Word(name) => {
                let offset = match name.to_ascii_uppercase().as_str() {
                    "Z" => return Some((Zone::Utc, at + 1)),
                    "UTC" | "GMT" => return self.offset(at + 1).or(Some((Zone::Utc, at + 1))),
                    "EST" => -300,
                    "EDT" => -240,
                    "CDT" => -300,
                    "MST" => -420,
                    "MDT" => -360,
                    "PST" => -480,
                    "PDT" => -420,
                    "CET" | "MEZ" => 60,
                    "CEST" | "MESZ" | "EET" => 120,
                    "EEST" | "MSK" => 180,
                    "JST" | "KST" => 540,
                    "AEST" => 600,
                    "AEDT" => 660,
                    "NZST" => 720,
                    _ => return None,
                };
                Some((Zone::Offset(offset), at + 1))
            }
            Token::Mark('(') => self.zone(at + 1),
            _ => self.offset(at),
        }
    }

    fn offset(&self, at: usize) -> Option<(Zone, usize)> {
        let sign = match self.get(at)? {
            Token::Mark('+') => 1,
            Token::Mark('-' | '−' | '–') => -1,
            _ => return None,
        };
        if !self.joined(at + 1) {
            return None;
        }
        let (hours, minutes, next) = match self.get(at + 1)? {
            Token::Number(value, 4) => (value / 100, value % 100, at + 2),
            Token::Number(value, 1 | 2) => match self.two_digits(at + 3).filter(|_| self.mark(at + 2, ":")) {
                Some(minutes) => (value, u32::from(minutes), at + 4),
                None => (value, 0, at + 2),
            },
            _ => return None,
        };
        (hours <= 14 && minutes < 60).then(|| (Zone::Offset(sign * (hours * 60 + minutes) as i16), next))
    }
}

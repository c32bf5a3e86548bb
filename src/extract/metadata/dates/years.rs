//! The year of a date: of four digits or two, of which era.

use super::custom::Order;
use super::scan::{BETWEEN, Scan};
use super::tokens::Token;
use super::{Date, YEARS};

/// Years of the Buddhist era are so many ahead.
const BUDDHIST: u16 = 543;
/// Two digits from this one on may be a year of the Republic of China.
const REPUBLIC_MIN: u32 = 90;

impl Scan<'_> {
    pub fn year(&self, at: usize) -> Option<u16> {
        let year = self.four_digits(at)?;
        let year = if self.thai && year >= 1900 + BUDDHIST { year - BUDDHIST } else { year };
        Some(year).filter(|year| YEARS.contains(year))
    }

    /// Two digits as a year of the web's time; only where they end the date.
    pub fn short_year(&self, at: usize) -> Option<u16> {
        let Some(Token::Number(value, 2)) = self.get(at) else { return None };
        if self.joined(at + 1) && self.mark(at + 1, ".-/:") && self.is_number(at + 2) && self.joined(at + 2) {
            return None;
        }
        self.of_two_digits(value)
    }

    fn of_two_digits(&self, value: u32) -> Option<u16> {
        match value {
            43.. if self.thai => Some(2500 + value as u16 - BUDDHIST),
            0..=68 => Some(2000 + value as u16),
            90..=99 => Some(1900 + value as u16),
            _ => None,
        }
    }

    /// `24-06-19` where the custom puts the year first.
    pub fn short_year_first(&self, at: usize) -> Option<Date> {
        let Some(Token::Number(value, 2)) = self.get(at).filter(|_| self.custom.order == Order::YearFirst) else {
            return None;
        };
        // In Taiwan 98 is the year of the Republic.
        let may_be_of_republic = value >= REPUBLIC_MIN && self.custom.tongue.is_some_and(|tongue| tongue.is("zh"));
        let year = self.of_two_digits(value).filter(|_| !may_be_of_republic)?;
        Date::of_day(year, self.two_digits(at + 2)?, self.two_digits(at + 4)?)
    }

    pub fn year_after(&self, at: usize) -> Option<(u16, usize)> {
        let start = at;
        // "พ.ศ.", "ค.ศ.": of the Buddhist era, or of ours.
        let era = |at: usize| matches!(self.word(at), Some("พ" | "ค")) && self.word(at + 2) == Some("ศ");
        let at = self.skip(at, ".,،/-–'’׳॰", BETWEEN);
        let at = if era(at) { self.skip(at + 3, ".", &[]) } else { at };
        if let Some(year) = self.year(at) {
            return Some((year, at + 1));
        }
        // "'05" and "16-Jun-20": two digits are a year only behind these marks.
        let short = at > start && self.mark(at - 1, "'’-") && self.joined(at) && !self.mark(at + 1, ":");
        self.short_year(at).filter(|_| short).map(|year| (year, at + 1))
    }

    /// `19 Jun 24, 08:30`: two digits that end the line, or stand before a clock.
    pub fn bare_year(&self, at: usize) -> Option<(u16, usize)> {
        let at = self.skip(at, ".", &[]);
        let year = self.short_year(at).filter(|_| !self.mark(at + 1, ":"))?;
        let clock = self.skip(at + 1, ",-–", &["at"]);
        let ends = at + 1 == self.tokens.len() || self.is_number(clock) && self.time(clock).is_some();
        ends.then_some((year, at + 1))
    }

    pub fn lone_year(&self, at: usize) -> Option<(Date, usize)> {
        let alone = self.tokens.len() == 1;
        Date::of_year(self.year(at)?).filter(|_| alone).map(|date| (date, at + 1))
    }
}

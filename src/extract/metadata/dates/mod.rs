//! Dates as pages write them, as RFC 3339 with the precision that is known.
//!
//! Nothing is invented: no zone where none is written, no day where day and month could be exchanged and neither the
//! numbers, the day of the week nor the custom of the page ([`Customs`]) decide, no year where none stands, no clock where
//! its half of the day is not known.

mod clock;
mod custom;
mod relative;
mod scan;
mod solar;
mod tokens;
mod words;
mod years;

use std::fmt;

pub use custom::{Custom, Customs, Order};
pub use relative::{from_now, is_ago, is_near};
pub use tokens::may_hold_numbers;
pub use words::{fold, is_weekday, month};

/// Earliest and latest year that a page can speak of as its own date.
pub const YEARS: std::ops::RangeInclusive<u16> = 1900..=2099;
/// No page, and no address that carries its date, is of an earlier year.
pub const FIRST_WEB_YEAR: u16 = 1991;
/// How far into a text a date is looked for, in bytes.
pub const TEXT_BYTES_MAX: usize = 2048;

/// A moment as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Date {
    pub year: Option<u16>,
    pub month: Option<u8>,
    pub day: Option<u8>,
    pub time: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub zone: Option<Zone>,
}

/// Minutes east of UTC; `Utc` is written `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    Utc,
    Offset(i16),
}

impl Date {
    pub fn of_day(year: u16, month: u8, day: u8) -> Option<Self> {
        let sound = YEARS.contains(&year) && (1..=12).contains(&month) && (1..=month_days(year, month)).contains(&day);
        sound.then_some(Self { year: Some(year), month: Some(month), day: Some(day), time: None })
    }

    pub fn of_month(year: u16, month: u8) -> Option<Self> {
        let sound = YEARS.contains(&year) && (1..=12).contains(&month);
        sound.then_some(Self { year: Some(year), month: Some(month), day: None, time: None })
    }

    pub fn of_year(year: u16) -> Option<Self> {
        YEARS.contains(&year).then_some(Self { year: Some(year), ..Self::default() })
    }

    /// A day of no known year.
    pub fn without_year(month: u8, day: u8) -> Option<Self> {
        let sound = (1..=12).contains(&month) && (1..=month_days(2000, month)).contains(&day);
        sound.then_some(Self { year: None, month: Some(month), day: Some(day), time: None })
    }

    /// The day of the week, Monday as 0.
    pub fn weekday(&self) -> Option<u8> {
        let (year, month, day) = (self.year?, self.month?, self.day?);
        let date = jiff::civil::Date::new(year as i16, month as i8, day as i8).ok()?;
        Some(date.weekday().to_monday_zero_offset() as u8)
    }

    /// Whether the day is known.
    pub fn is_day(&self) -> bool {
        self.day.is_some() && self.year.is_some()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => f.write_str("-")?,
        }
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        let Some(time) = self.time.filter(|_| self.is_day()) else { return Ok(()) };
        write!(f, "T{:02}:{:02}:{:02}", time.hour, time.minute, time.second)?;
        match time.zone {
            None => Ok(()),
            Some(Zone::Utc) => f.write_str("Z"),
            Some(Zone::Offset(minutes)) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}

/// The first date that stands in the text, with its time where one follows.
pub fn find(text: &str, custom: impl Into<Custom>) -> Option<Date> {
    find_at(text, custom).map(|(date, _)| date)
}

/// As [`find`], with the bytes it stands in.
pub fn find_at(text: &str, custom: impl Into<Custom>) -> Option<(Date, std::ops::Range<usize>)> {
    scan::find(super::entities::floor(text, TEXT_BYTES_MAX), custom.into())
}

/// A date given to machines: as [`find`], and seconds or milliseconds since 1970.
pub fn machine(text: &str, custom: impl Into<Custom>) -> Option<Date> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        10 if digits => epoch(text.parse().ok()?),
        13 if digits => epoch(text.parse::<i64>().ok()? / 1000),
        _ => find(text, custom),
    }
}

/// The day that an address carries, as `/2024/06/19/` or `/2024-06-19-`.
pub fn in_path(path: &str) -> Option<Date> {
    let bytes = path.as_bytes();
    let number = |at: usize, length: usize| {
        let digits = bytes.get(at..at + length).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
        Some(digits.iter().fold(0u16, |sum, digit| sum * 10 + u16::from(digit - b'0')))
    };
    (0..bytes.len().min(TEXT_BYTES_MAX)).filter(|&at| bytes[at] == b'/').find_map(|at| {
        let mark = *bytes.get(at + 5).filter(|mark| matches!(mark, b'/' | b'-'))?;
        let ends = bytes.get(at + 11).is_none_or(|end| !end.is_ascii_digit());
        let same = bytes.get(at + 8) == Some(&mark) && ends;
        let (year, month, day) = (number(at + 1, 4)?, number(at + 6, 2)?, number(at + 9, 2)?);
        Date::of_day(year, month as u8, day as u8).filter(|_| same && year >= FIRST_WEB_YEAR)
    })
}

fn epoch(seconds: i64) -> Option<Date> {
    let moment = jiff::Timestamp::from_second(seconds).ok()?;
    find(&moment.to_string(), Order::Unknown)
}

fn month_days(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

//! The Iranian calendar, by its cycle of 33 years.

use super::Date;

/// Years of our time in it.
pub const YEARS: std::ops::RangeInclusive<u16> = 1300..=1478;
/// A year whose first day is known: 1403 began on 2024-03-20.
const KNOWN: (i32, (i16, i8, i8)) = (1403, (2024, 3, 20));

/// A day of that calendar as one of ours.
pub fn day(year: u16, month: u8, day: u8) -> Option<Date> {
    let days = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 => 29 + u8::from(is_leap(i32::from(year))),
        _ => return None,
    };
    if !YEARS.contains(&year) || !(1..=days).contains(&day) {
        return None;
    }
    let before = i32::from(month - 1).min(6) * 31 + i32::from(month.saturating_sub(7)) * 30;
    let since = first(i32::from(year)) - first(KNOWN.0) + before + i32::from(day) - 1;
    let (y, m, d) = KNOWN.1;
    let found = jiff::civil::Date::new(y, m, d).ok()?.checked_add(jiff::Span::new().days(since)).ok()?;
    Date::of_day(found.year() as u16, found.month() as u8, found.day() as u8)
}

/// Days before a year.
fn first(year: i32) -> i32 {
    year * 365 + (year * 8 + 21).div_euclid(33)
}

fn is_leap(year: i32) -> bool {
    first(year + 1) - first(year) == 366
}

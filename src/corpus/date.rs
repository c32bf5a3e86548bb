//! Dates of publication, told apart to find the earliest.

use std::borrow::Cow;

use jiff::fmt::rfc2822;
use jiff::{Span, Timestamp, ToSpan, civil, tz::TimeZone};

/// Mail names a day of the week, too; where it is another one the date still says the rest.
static MAIL: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);

/// The first moment a date of the given precision may mean (`2024`, `2024-06`, `2024-06-19`, `2024/6/9`, RFC 3339 and much
/// like it, `19 June 2024`, as mail and HTTP write it, as `20240619083000`, or as seconds or less since 1970), in UTC where it
/// names no zone. `None` without a year, and where day and month cannot be told apart.
pub fn earliest(date: &str) -> Option<Timestamp> {
    period(date).map(|(first, _)| first)
}

/// The last moment that such a date may mean.
pub fn latest(date: &str) -> Option<Timestamp> {
    let (first, length) = period(date)?;
    let Some(length) = length else { return Some(first) };
    let next = TimeZone::UTC.to_datetime(first).checked_add(length).ok()?;
    moment(next)?.checked_sub(1.nanosecond()).ok()
}

/// When it begins, and how long it lasts where it is no moment.
fn period(date: &str) -> Option<(Timestamp, Option<Span>)> {
    let date = date.trim();
    // As tables of dates print it; what names no zone is of that one anyway. Mail names it as a part of its form.
    let is_bare = |date: &&str| !date.bytes().any(|byte| byte.is_ascii_alphabetic());
    let date = [" UTC", " GMT", " Z"].iter().find_map(|zone| date.strip_suffix(zone)).filter(is_bare).unwrap_or(date);
    if let Ok(exact) = date.parse::<Timestamp>() {
        return Some((exact, None));
    }
    if let Ok(exact) = MAIL.parse_timestamp(date) {
        return Some((exact, None));
    }
    if let Some(exact) = loose(date) {
        return Some((exact, None));
    }
    // A float's fraction is below what dates are told apart by.
    let whole = date.split_once('.').filter(|(_, part)| part.bytes().all(|byte| byte.is_ascii_digit()));
    let whole = whole.map_or(date, |(whole, _)| whole);
    let is_number = (EPOCH_DIGITS_MIN..=EPOCH_DIGITS_MAX).contains(&whole.len());
    if let Some(number) = whole.parse::<i64>().ok().filter(|_| is_number && !date.starts_with(['+', '-'])) {
        return Some((of_number(number)?, None));
    }
    if let Some(day) = worded(date) {
        return Some((moment(day)?, Some(1.day())));
    }
    let dashed = dashed(date);
    let (day, length) = match dashed.split(['-', '/']).collect::<Vec<_>>()[..] {
        [year] if year.len() == 4 => (day(year, "1", "1")?, Some(1.year())),
        [year, month] if year.len() == 4 => (day(year, month, "1")?, Some(1.month())),
        [year, month, last] if year.len() == 4 && last.len() <= 2 => (day(year, month, last)?, Some(1.day())),
        _ => (dashed.parse::<civil::DateTime>().ok()?, None),
    };
    Some((moment(day)?, length))
}

/// With dashes for points and strokes in the day that it begins with: `2024.06.19`, `2024/06/19 08:30`.
fn dashed(date: &str) -> Cow<'_, str> {
    let is_day =
        matches!(date.as_bytes(), [_, _, _, _, b'.' | b'/', _, _, mark, _, _, ..] if *mark == date.as_bytes()[4]);
    match date.split_at_checked(10).filter(|_| is_day) {
        Some((day, rest)) => Cow::Owned(day.replace(['.', '/'], "-") + rest),
        None => Cow::Borrowed(date),
    }
}

/// A moment with a blank before its zone, `2024-06-19 08:30:00 +02:00`, or with points or strokes in its day.
fn loose(date: &str) -> Option<Timestamp> {
    let (time, zone) = date.rsplit_once(' ').unwrap_or((date, ""));
    if zone.starts_with(['+', '-']) && time.contains(':') {
        return dashed(&format!("{time}{zone}")).parse().ok();
    }
    match dashed(date) {
        Cow::Owned(dashed) => dashed.parse().ok(),
        Cow::Borrowed(_) => None,
    }
}

/// `19 June 2024`, `June 19, 2024`, `Jun. 19 2024`.
fn worded(date: &str) -> Option<civil::DateTime> {
    const MONTHS: &str = "january february march april may june july august september october november december";
    let mut words = date.split([' ', ',']).filter(|word| !word.is_empty());
    let (first, second, year) = (words.next()?, words.next()?, words.next().filter(|year| year.len() == 4)?);
    let (name, last) = if first.starts_with(|c: char| c.is_ascii_digit()) { (second, first) } else { (first, second) };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let is_month = |month: &str| name.len() >= 3 && month.starts_with(&name);
    let month = MONTHS.split(' ').position(is_month)? + 1;
    let is_day = last.len() <= 2 && words.next().is_none();
    if is_day { day(year, &month.to_string(), last) } else { None }
}

/// Seconds of the last fifty years have as many digits, and what is shorter is a date in one word.
const EPOCH_DIGITS_MIN: usize = 9;
const EPOCH_DIGITS_MAX: usize = 19;

fn day(year: &str, month: &str, day: &str) -> Option<civil::DateTime> {
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i16>().ok()).flatten();
    let small = |text: &str| number(text)?.try_into().ok();
    Some(civil::Date::new(number(year)?, small(month)?, small(day)?).ok()?.at(0, 0, 0, 0))
}

fn moment(local: civil::DateTime) -> Option<Timestamp> {
    local.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Year to minute or second in one number, as web archives and databases have it.
fn stamp(number: i64) -> Option<Timestamp> {
    let (minutes, second) = match number {
        190_001_010_000..=210_012_312_359 => (number, 0),
        19_000_101_000_000..=21_001_231_235_959 => (number / 100, number % 100),
        _ => return None,
    };
    let part = |place: i64| i8::try_from(minutes / place % 100).ok();
    let year = i16::try_from(minutes / 100_000_000).ok()?;
    let second = i8::try_from(second).ok()?;
    moment(civil::DateTime::new(year, part(1_000_000)?, part(10_000)?, part(100)?, part(1)?, second, 0).ok()?)
}

/// Whether a moment is how programs write that there is no date: the first one of their count, or one before all print.
pub fn is_placeholder(at: Timestamp) -> bool {
    let print = civil::date(1400, 1, 1).at(0, 0, 0, 0);
    at == Timestamp::UNIX_EPOCH || moment(print).is_some_and(|print| at < print)
}

/// A date as one number, `20240619083000`, or seconds since 1970, or milliseconds where seconds would lie beyond the year 5000, and so on to nanoseconds.
pub fn of_number(number: i64) -> Option<Timestamp> {
    const SECONDS_MAX: i64 = 95_617_584_000;
    if let Some(at) = stamp(number) {
        return Some(at);
    }
    let is_within = |unit: i64| number.unsigned_abs() <= SECONDS_MAX.unsigned_abs() * unit.unsigned_abs();
    match () {
        () if is_within(1) => Timestamp::from_second(number).ok(),
        () if is_within(1_000) => Timestamp::from_millisecond(number).ok(),
        () if is_within(1_000_000) => Timestamp::from_microsecond(number).ok(),
        () => Timestamp::from_nanosecond(number.into()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{earliest, latest};

    #[test]
    fn partial_dates_are_their_first_moment() {
        for (date, moment) in [
            ("2024", Some("2024-01-01T00:00:00Z")),
            ("2024-06", Some("2024-06-01T00:00:00Z")),
            ("2024-06-19", Some("2024-06-19T00:00:00Z")),
            ("2024-06-19T08:30:00+02:00", Some("2024-06-19T06:30:00Z")),
            ("2024-06-19T08:30:00", Some("2024-06-19T08:30:00Z")),
            ("2024-06-19 08:30:00", Some("2024-06-19T08:30:00Z")),
            ("2024-06-19 08:30:00 UTC", Some("2024-06-19T08:30:00Z")),
            ("19 Jun 2024 08:30:00 GMT", Some("2024-06-19T08:30:00Z")),
            ("Wed, 19 Jun 2024 08:30:00 GMT", Some("2024-06-19T08:30:00Z")),
            ("Mon, 19 Jun 2024 08:30:00 GMT", Some("2024-06-19T08:30:00Z")),
            ("2024-6-9", Some("2024-06-09T00:00:00Z")),
            ("2024/06/19", Some("2024-06-19T00:00:00Z")),
            ("20240619", Some("2024-06-19T00:00:00Z")),
            ("1718785800", Some("2024-06-19T08:30:00Z")),
            ("1718785800000", Some("2024-06-19T08:30:00Z")),
            ("2024-06-19T08:30:00 +02:00", Some("2024-06-19T06:30:00Z")),
            ("2024-06-19 08:30:00 +0200", Some("2024-06-19T06:30:00Z")),
            ("2024/06/19 08:30", Some("2024-06-19T08:30:00Z")),
            ("2024.06.19 08:30:00", Some("2024-06-19T08:30:00Z")),
            ("2024.06.19", Some("2024-06-19T00:00:00Z")),
            ("June 19, 2024", Some("2024-06-19T00:00:00Z")),
            ("19 June 2024", Some("2024-06-19T00:00:00Z")),
            ("Sept. 9 2024", Some("2024-09-09T00:00:00Z")),
            ("9 jun 2024", Some("2024-06-09T00:00:00Z")),
            ("20240619083000", Some("2024-06-19T08:30:00Z")),
            ("202406190830", Some("2024-06-19T08:30:00Z")),
            ("1718785800.25", Some("2024-06-19T08:30:00Z")),
            // No day has that many hours: it is a moment in milliseconds.
            ("202406199930", Some("1976-05-31T15:56:39.93Z")),
            ("955000000000", Some("2000-04-06T05:46:40Z")),
            ("--06-19", None),
            ("19/06/2024", None),
            ("06/19/2024", None),
            ("19.06.2024", None),
            ("June 2024", None),
            ("19 Juin 2024", None),
            ("19 June 24", None),
            ("June 19, 2024 or so", None),
            ("2024.06-19", None),
            ("1.5", None),
            ("2024-13-01", None),
            ("", None),
            ("ünlü", None),
            ("yesterday", None),
        ] {
            assert_eq!(earliest(date).map(|at| at.to_string()).as_deref(), moment, "{date}");
        }
    }

    #[test]
    fn partial_dates_last_to_their_last_moment() {
        for (date, moment) in [
            ("2024", Some("2024-12-31T23:59:59.999999999Z")),
            ("2024-02", Some("2024-02-29T23:59:59.999999999Z")),
            (" 2024-06-19 ", Some("2024-06-19T23:59:59.999999999Z")),
            ("2024-06-19T08:30:00+02:00", Some("2024-06-19T06:30:00Z")),
            ("2024-06-19 08:30:00", Some("2024-06-19T08:30:00Z")),
            ("2024-2-1", Some("2024-02-01T23:59:59.999999999Z")),
            ("1718785800", Some("2024-06-19T08:30:00Z")),
            ("9999-12", None),
            ("yesterday", None),
        ] {
            assert_eq!(latest(date).map(|at| at.to_string()).as_deref(), moment, "{date}");
        }
    }
}

//! Dates of publication, told apart to find the earliest.

use jiff::fmt::rfc2822;
use jiff::{Span, Timestamp, ToSpan, civil, tz::TimeZone};

/// Mail names a day of the week, too; where it is another one the date still says the rest.
static MAIL: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);

/// The first moment a date of the given precision may mean (`2024`, `2024-06`, `2024-06-19`, `2024/6/9`, RFC 3339, as mail
/// and HTTP write it, or as seconds or less since 1970), in UTC where it names no zone. `None` without a year.
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
    let is_number = (EPOCH_DIGITS_MIN..=EPOCH_DIGITS_MAX).contains(&date.len());
    if let Some(number) = date.parse::<i64>().ok().filter(|_| is_number && !date.starts_with(['+', '-'])) {
        return Some((of_number(number)?, None));
    }
    let (day, length) = match date.split(['-', '/']).collect::<Vec<_>>()[..] {
        [year] if year.len() == 4 => (day(year, "1", "1")?, Some(1.year())),
        [year, month] if year.len() == 4 => (day(year, month, "1")?, Some(1.month())),
        [year, month, last] if year.len() == 4 && last.len() <= 2 => (day(year, month, last)?, Some(1.day())),
        _ => (date.parse::<civil::DateTime>().ok()?, None),
    };
    Some((moment(day)?, length))
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

/// Seconds since 1970, or milliseconds where seconds would lie beyond the year 5000, and so on to nanoseconds.
pub fn of_number(number: i64) -> Option<Timestamp> {
    const SECONDS_MAX: i64 = 95_617_584_000;
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
            ("--06-19", None),
            ("19/06/2024", None),
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

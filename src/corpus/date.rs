//! Dates of publication, told apart to find the earliest.

use jiff::{Timestamp, ToSpan, civil};

/// The first moment a date of the given precision may mean (`2024`, `2024-06`, `2024-06-19`, RFC 3339, or as mail
/// and HTTP write it), in UTC where it names no zone. `None` without a year.
pub fn earliest(date: &str) -> Option<Timestamp> {
    let date = date.trim();
    if let Ok(exact) = date.parse::<Timestamp>() {
        return Some(exact);
    }
    if let Ok(exact) = jiff::fmt::rfc2822::parse(date) {
        return Some(exact.timestamp());
    }
    let local = match date.len() {
        4 => format!("{date}-01-01").parse::<civil::Date>().ok()?.at(0, 0, 0, 0),
        7 => format!("{date}-01").parse::<civil::Date>().ok()?.at(0, 0, 0, 0),
        _ => date.parse::<civil::DateTime>().ok()?,
    };
    local.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The last moment that such a date may mean.
pub fn latest(date: &str) -> Option<Timestamp> {
    let date = date.trim();
    let first = earliest(date)?;
    let period = match date.len() {
        4 => 1.year(),
        7 => 1.month(),
        10 => 1.day(),
        _ => return Some(first),
    };
    let next = jiff::tz::TimeZone::UTC.to_datetime(first).checked_add(period).ok()?;
    next.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?.timestamp().checked_sub(1.nanosecond()).ok()
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
            ("Wed, 19 Jun 2024 08:30:00 GMT", Some("2024-06-19T08:30:00Z")),
            ("--06-19", None),
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
            ("9999-12", None),
            ("yesterday", None),
        ] {
            assert_eq!(latest(date).map(|at| at.to_string()).as_deref(), moment, "{date}");
        }
    }
}

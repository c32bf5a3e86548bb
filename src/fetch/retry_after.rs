//! What a `Retry-After` asks for, in the forms of RFC 9110 and in those that people write besides.

use std::time::Duration;

use jiff::fmt::rfc2822;

use super::polite::RETRY_AFTER_MAX;
use super::robots::seconds;
use crate::page::Timestamp;

/// A smaller number is one of seconds: the year 2001 has passed.
const MOMENT_MIN: Duration = Duration::from_secs(1_000_000_000);
/// A number so near to now, taken as seconds since 1970, is a moment: as a pause it would be one of decades.
const MOMENT_WITHIN: Duration = Duration::from_secs(10 * 366 * 86_400);

/// What a `Retry-After` asks for, no more than [`RETRY_AFTER_MAX`], said at this moment in an answer of this `Date`: a moment
/// is one of the server's own clock (RFC 9110, 10.2.3 and 6.6.1). No time at all, or a moment that is over, asks for
/// nothing: what refuses us and says "now" is left alone as if it had said nothing.
pub(super) fn retry_after(value: &str, date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let ours = || Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0));
    let now = date.and_then(since_1970).unwrap_or_else(ours);
    let asked = pause(value.trim(), now).or_else(|| {
        // A proxy adds its own: who asks for most is heard.
        let all: Option<Vec<Duration>> = value.split(',').map(|one| pause(one.trim(), now)).collect();
        all?.into_iter().max()
    });
    Some(asked?.min(RETRY_AFTER_MAX)).filter(|asked| !asked.is_zero())
}

fn pause(value: &str, now: Duration) -> Option<Duration> {
    // Here a comma stands between two values, and never before a fraction.
    let number = Some(value).filter(|value| !value.contains(',')).and_then(seconds);
    let Some(number) = number else { return Some(since_1970(value)?.saturating_sub(now)) };
    // A number too large to be read is longer than the most.
    let asked = Duration::try_from_secs_f64(number).unwrap_or(Duration::MAX);
    // A server without a set clock says that it is 1970, and still means seconds.
    let is_moment = asked >= MOMENT_MIN && asked.abs_diff(now) <= MOMENT_WITHIN;
    Some(if is_moment { asked.saturating_sub(now) } else { asked })
}

/// A date as HTTP has it, as mail has it (`+0000`), or as ISO 8601 has it, with its zone.
fn since_1970(date: &str) -> Option<Duration> {
    let date = date.trim();
    if let Ok(date) = httpdate::parse_http_date(date) {
        return date.duration_since(std::time::UNIX_EPOCH).ok();
    }
    let mail = |date: &str| rfc2822::DateTimeParser::new().parse_timestamp(date).ok();
    let iso = || date.parse::<Timestamp>().ok();
    let utc = || mail(&format!("{} +0000", date.strip_suffix("UTC")?.trim_end()));
    let at = iso().or_else(utc).or_else(|| mail(date))?;
    u64::try_from(at.as_second()).ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_read_in_the_forms_that_people_write() {
        let now: Timestamp = "2026-11-28T17:00:00Z".parse().expect("a moment");
        let hour = Some(Duration::from_secs(3600));
        for value in [
            "3600",
            " 3600 ",
            "3600.0",
            "3600s",
            "3600 seconds",
            "3600;",
            "60, 3600",
            "3600,60",
            "1795888800",
            "1795888800.25",
            "Sat, 28 Nov 2026 18:00:00 GMT",
            "Sat, 28 Nov 2026 18:00:00 +0000",
            "Sat, 28 Nov 2026 20:00:00 +0200",
            "28 Nov 2026 18:00:00 +0000",
            "Sat, 28 Nov 2026 18:00:00 UTC",
            "2026-11-28T18:00:00Z",
            "2026-11-28T19:00:00.000+01:00",
        ] {
            assert_eq!(
                retry_after(value, None, now).map(|asked| Duration::from_secs(asked.as_secs())),
                hour,
                "{value}"
            );
        }
        let theirs = Some("Sat, 28 Nov 2026 17:30:00 +0000");
        let half = Some(Duration::from_secs(1800));
        for value in ["1795888800", "2026-11-28T18:00:00Z", "1800"] {
            assert_eq!(retry_after(value, theirs, now), half, "{value}, by the server's own clock");
        }
        for value in [
            "",
            ",",
            "0",
            "0.0",
            "-1",
            "soon",
            "1 hour",
            "PT1H",
            "3600, soon",
            "2026-11-28T18:00:00",
            "2026-11-28T16:00:00Z",
            "1795881600",
            "Sun, 28 Nov 2026 18:00:00 +0000",
            "NaN",
            "inf",
            "é",
            "60, 1e9",
        ] {
            assert_eq!(retry_after(value, None, now), None, "{value}");
        }
        for value in ["999999999", "99999999999999999999999", "120000000", "1795888800000"] {
            assert_eq!(retry_after(value, None, now), Some(RETRY_AFTER_MAX), "{value}");
        }
    }
}

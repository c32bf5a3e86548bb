//! Times told from now: `3 hours ago`, `Yesterday at 05:41 PM`.

use super::scan::Scan;
use super::tokens::digit;
use super::words::{self, Trust};
use super::{Custom, Date, Time, Zone, find, fold};

/// Longest text that tells a time from now.
const BYTES_MAX: usize = 120;
/// Seconds of a second, a minute, an hour, a day; weeks and what is longer tell no day.
const SECONDS: [i64; 4] = [1, 60, 3600, 24 * 3600];
/// The unit that is a day.
const DAY: u8 = 3;
/// More of a unit are not counted.
const COUNT_MAX: i64 = 10_000;
/// The day is not yet known where a clock is so far ahead of the visit, in seconds: there may be a place on earth where it
/// is, and where it has long been yesterday.
const ZONE_MAX: i64 = 14 * 3600;

/// Whether a text says how long ago something was: a number, its unit and "ago"; a word such as `ago` will do alone.
pub fn is_ago(text: &str, custom: Custom) -> bool {
    let folded = fold(text.trim());
    let plain = ["ago", "назад", "тому", "منذ", "לפני"];
    let words = || folded.split(|c: char| !c.is_alphabetic());
    words().any(|word| plain.contains(&word)) || sum(&folded, custom).is_some() && words::says_ago(&folded)
}

/// The moment that a text told at that time, as exact as it told it: minutes and hours ago as a minute and an hour of UTC,
/// days ago as a day; the clock beside "yesterday" is that of the page, whose zone nobody knows. A day without a year is the
/// last of its name.
pub fn from_now(text: &str, told: jiff::Timestamp, custom: Custom) -> Option<Date> {
    if text.len() > BYTES_MAX {
        return None;
    }
    let found = find(text, custom).filter(|date| date.day.is_some());
    if let Some(date) = found {
        return if date.is_day() { None } else { last(date, told) };
    }
    match read(text, custom)? {
        Told::Gone { seconds, unit } => gone(seconds, unit, told),
        Told::Near { days, time } => near(days, time, told),
    }
}

/// Whether a text names a day as today or yesterday.
pub fn is_near(text: &str, custom: Custom) -> bool {
    words::near_in(&fold(text.trim()), custom.tongue).is_some_and(|(_, trust, _)| trust > Trust::Little)
}

enum Told {
    Gone { seconds: i64, unit: u8 },
    Near { days: u8, time: Option<Time> },
}

fn read(text: &str, custom: Custom) -> Option<Told> {
    let folded = fold(text.trim());
    if let Some((days, trust, place)) = words::near_in(&folded, custom.tongue) {
        let scan = Scan::new(&folded[place.end..], custom);
        let time = (0..scan.tokens.len()).find_map(|at| scan.time(at)).map(|(time, _)| time);
        // `hier` is here in German, `ma` but in Italian.
        let sure = trust > Trust::Little || place.start == 0 && time.is_some();
        return sure.then_some(Told::Near { days, time });
    }
    let (seconds, unit) = sum(&folded, custom)?;
    words::says_ago(&folded).then_some(Told::Gone { seconds, unit })
}

/// The time of all its units, and the smallest of them: `1 hour, 5 minutes ago`, `an hour ago`.
fn sum(folded: &str, custom: Custom) -> Option<(i64, u8)> {
    let (mut seconds, mut least): (i64, Option<u8>) = (0, None);
    let mut rest = folded;
    while let Some(start) = rest.find(|c| digit(c).is_some()) {
        let digits = rest[start..].chars().map_while(|c| digit(c).map(|value| (c, value)));
        let (bytes, count) = digits.fold((0, 0i64), |(bytes, count), (c, value)| {
            (bytes + c.len_utf8(), (count * 10 + i64::from(value)).min(COUNT_MAX))
        });
        rest = rest[start + bytes..].trim_start();
        let unit = words::unit_at(rest, custom.tongue)?;
        seconds += count * SECONDS.get(usize::from(unit)).copied().unwrap_or_default();
        least = Some(least.map_or(unit, |had| if unit.max(had) > DAY { unit.max(had) } else { had.min(unit) }));
    }
    let alone = || {
        let starts = folded.split(|c: char| !c.is_alphabetic() && !words::is_mark(c));
        starts.filter(|word| !word.is_empty()).find_map(|word| words::unit_at(word, custom.tongue))
    };
    match least {
        Some(unit) => Some((seconds, unit)),
        None => alone().map(|unit| (SECONDS.get(usize::from(unit)).copied().unwrap_or_default(), unit)),
    }
}

/// A day without a year: boards leave out that of the visit, or of the last twelve months.
fn last(date: Date, told: jiff::Timestamp) -> Option<Date> {
    let (month, day) = (date.month?, date.day?);
    let latest = super::epoch(told.as_second() + ZONE_MAX)?;
    let year = latest.year?;
    let is_past = (month, day) <= (latest.month?, latest.day?);
    Some(Date { time: date.time, ..Date::of_day(if is_past { year } else { year - 1 }, month, day)? })
}

fn gone(seconds: i64, unit: u8, told: jiff::Timestamp) -> Option<Date> {
    let moment = told.as_second() - seconds;
    let exact = *SECONDS.get(usize::from(unit.max(1)))?;
    let date = super::epoch(moment - moment.rem_euclid(exact))?;
    Some(if unit == DAY { Date { time: None, ..date } } else { date })
}

fn near(days: u8, time: Option<Time>, told: jiff::Timestamp) -> Option<Date> {
    let now = told.as_second();
    let of_day = |seconds: i64| super::epoch(seconds).map(|date| Date { time: None, ..date });
    let start = now - now.rem_euclid(SECONDS[3]) - i64::from(days) * SECONDS[3];
    let Some(time) = time else { return of_day(start) };
    let clock = i64::from(time.hour) * 3600 + i64::from(time.minute) * 60;
    // What has been can be ahead by the zone alone; and no further than on the day before.
    let ahead = start + clock - now;
    let start = match days {
        0 if ahead > ZONE_MAX => start - SECONDS[3],
        0 if ahead > 0 => return None,
        _ => start,
    };
    let zone = time.zone.filter(|zone| *zone != Zone::Utc);
    Some(Date { time: Some(Time { zone, ..time }), ..of_day(start)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, language: &str) -> String {
        let now = "2024-06-19T15:47:30Z".parse().unwrap();
        from_now(text, now, Custom::of_language(language)).map(|date| date.to_string()).unwrap_or_default()
    }

    #[test]
    fn times_from_now_are_those_of_the_visit() {
        for (language, text, want) in [
            ("en", "2 hours ago", "2024-06-19T13:00:00Z"),
            ("en", "an hour ago", "2024-06-19T14:00:00Z"),
            ("en", "1 hour, 5 mins ago", "2024-06-19T14:42:00Z"),
            ("en", "45 seconds ago", "2024-06-19T15:46:00Z"),
            ("en", "3 days ago", "2024-06-16"),
            ("en", "Yesterday at 05:41:30 PM", "2024-06-18T17:41:30"),
            ("en", "Today, 06:20 am", "2024-06-19T06:20:00"),
            ("en", "Yesterday", "2024-06-18"),
            ("en", "11:43pm On Apr 23", "2024-04-23T23:43:00"),
            ("de", "3. Dezember, 08:12", "2023-12-03T08:12:00"),
            ("de", "vor 2 Stunden", "2024-06-19T13:00:00Z"),
            ("de", "Heute um 06:20:02", "2024-06-19T06:20:02"),
            ("de", "Gestern, 17:41 Uhr", "2024-06-18T17:41:00"),
            ("fr", "Aujourd'hui à 06:20:02", "2024-06-19T06:20:02"),
            ("fr", "il y a 3 jours", "2024-06-16"),
            ("es", "hace 2 horas", "2024-06-19T13:00:00Z"),
            ("es", "Ayer a las 17:41", "2024-06-18T17:41:00"),
            ("it", "2 ore fa", "2024-06-19T13:00:00Z"),
            ("pt", "há 5 minutos", "2024-06-19T15:42:00Z"),
            ("nl", "5 minuten geleden", "2024-06-19T15:42:00Z"),
            ("pl", "wczoraj, 17:41", "2024-06-18T17:41:00"),
            ("ru", "5 минут назад", "2024-06-19T15:42:00Z"),
            ("ru", "Вчера в 17:41", "2024-06-18T17:41:00"),
            ("uk", "2 години тому", "2024-06-19T13:00:00Z"),
            ("cs", "před 2 hodinami", "2024-06-19T13:00:00Z"),
            ("tr", "2 saat önce", "2024-06-19T13:00:00Z"),
            ("hu", "ma 06:20", "2024-06-19T06:20:00"),
            ("sv", "Igår 17:41", "2024-06-18T17:41:00"),
            ("da", "i går kl. 17:41", "2024-06-18T17:41:00"),
            ("zh", "昨天 17:41", "2024-06-18T17:41:00"),
            ("zh", "5分钟前", "2024-06-19T15:42:00Z"),
            ("ja", "3時間前", "2024-06-19T12:00:00Z"),
            ("ko", "3시간 전", "2024-06-19T12:00:00Z"),
            ("vi", "5 phút trước", "2024-06-19T15:42:00Z"),
            ("id", "Kemarin, 17:41", "2024-06-18T17:41:00"),
            ("ar", "منذ 5 دقائق", "2024-06-19T15:42:00Z"),
            ("th", "5 นาทีที่แล้ว", "2024-06-19T15:42:00Z"),
        ] {
            assert_eq!(told(text, language), want, "{text}");
        }
    }

    #[test]
    fn what_is_not_told_from_now_is_left() {
        // A clock ahead of the visit may be of this day or the last; one too far ahead for any place on earth is of the last.
        assert_eq!(told("Today, 17:41", "en"), "");
        let early = "2024-06-19T01:10:00Z".parse().unwrap();
        let date = from_now("Today, 23:40", early, Custom::of_language("en"));
        assert_eq!(date.map(|date| date.to_string()).as_deref(), Some("2024-06-18T23:40:00"));
        for text in [
            "5 March 2024, 08:12",
            "3 replies",
            "a month ago",
            "3 weeks ago",
            "1 month, 2 days ago",
            "hier ist 2 Uhr",
            "10 hours of work",
            "",
        ] {
            assert_eq!(told(text, "de"), "", "{text}");
        }
    }
}

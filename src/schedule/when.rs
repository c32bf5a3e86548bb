//! When a source is due.

use std::cmp::Ordering;
use std::str::FromStr;
use std::time::Duration;

use croner::Cron;
use croner::errors::CronError;
use croner::time::{CivilDate, CivilDateTime, CivilTime, CronDateTime, Resolution, Weekday};
use jiff::{SignedDuration, Timestamp, ZonedDateTime, civil, tz::AmbiguousOffset};

use super::Source;

/// A visit may come this much of its interval early: a run of cron's on the full hour visits a page again that
/// was visited some seconds after the last full hour.
const EARLY_PART: u32 = 20;
/// And at most this early.
const EARLY_MAX: Duration = Duration::from_secs(300);

/// Pauses of a cron line that are looked at: a working week has a long one.
const CRON_STEPS: usize = 7;

/// When a page of this source is to be visited next; what was never visited, now.
/// `None` when there is no such time: a cron line whose dates have passed, or none that can be read.
pub fn next_due(source: &Source, last: Option<Timestamp>, now: &ZonedDateTime) -> Option<Timestamp> {
    let Some(last) = last else { return Some(now.timestamp()) };
    match (&source.every, &source.cron) {
        (Some(every), _) => {
            let early = (*every / EARLY_PART).min(EARLY_MAX);
            last.checked_add(SignedDuration::try_from(*every - early).ok()?).ok()
        }
        (None, Some(cron)) => {
            let cron = parse_cron(cron).ok()?;
            let last = Clock(last.to_zoned_datetime(now.time_zone().clone()));
            cron.find_next_occurrence(&last, false).ok().map(|next| next.0.timestamp())
        }
        (None, None) => None,
    }
}

/// The time between two visits of a source; of a cron line, the longest between the next few.
pub fn interval(source: &Source, now: &ZonedDateTime) -> Option<Duration> {
    let Some(cron) = source.every.is_none().then_some(source.cron.as_ref()).flatten() else { return source.every };
    let cron = parse_cron(cron).ok()?;
    let (mut at, mut longest) = (Clock(now.clone()), None);
    for step in 0..=CRON_STEPS {
        let Ok(next) = cron.find_next_occurrence(&at, false) else { break };
        let pause = Duration::try_from(next.0.timestamp().duration_since(at.0.timestamp())).ok();
        // Until the first is part of a pause alone.
        longest = longest.max(pause.filter(|_| step > 0));
        at = next;
    }
    longest
}

/// # Errors
/// What is wrong with it.
pub(super) fn parse_cron(cron: &str) -> Result<Cron, String> {
    Cron::from_str(cron.trim()).map_err(|error| error.to_string())
}

/// Whether it can be read and ever comes, be it in the past: the 31st of February does not.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check_cron(cron: &str) -> Result<(), String> {
    let begin = Clock(Timestamp::UNIX_EPOCH.to_zoned_datetime(jiff::tz::TimeZone::UTC));
    let next = parse_cron(cron)?.find_next_occurrence(&begin, true);
    next.map(drop).map_err(|_| "there is no such day".to_owned())
}

/// A moment on the clock of a time zone, as croner asks for it.
#[derive(Clone)]
struct Clock(ZonedDateTime);

impl CronDateTime for Clock {
    fn to_civil(&self) -> CivilDateTime {
        let at = self.0.datetime();
        let part = |value: i8| u32::try_from(value).expect("parts of a valid date are positive");
        CivilDateTime::new(
            CivilDate::from_parts_unchecked(i32::from(at.year()), part(at.month()), part(at.day())),
            CivilTime::from_parts_unchecked(part(at.hour()), part(at.minute()), part(at.second())),
        )
    }

    fn civil_weekday(&self) -> Weekday {
        Weekday::Sunday.shift(i32::from(self.0.weekday().to_sunday_zero_offset()))
    }

    fn resolve_civil(&self, at: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let wall = self.0.time_zone().to_ambiguous_zoned_datetime(to_jiff(at).ok_or(CronError::InvalidDate)?);
        let clock = |zoned: Result<ZonedDateTime, jiff::Error>| zoned.map(Clock).map_err(|_| CronError::InvalidDate);
        match wall.offset() {
            AmbiguousOffset::Gap { .. } => Ok(Resolution::Gap),
            AmbiguousOffset::Unambiguous { .. } => clock(wall.compatible()).map(Resolution::Single),
            AmbiguousOffset::Fold { .. } => {
                Ok(Resolution::Ambiguous(clock(wall.clone().earlier())?, clock(wall.later())?))
            }
        }
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        self.0.checked_add(SignedDuration::from_secs(seconds)).ok().map(Clock)
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.0.timestamp().cmp(&other.0.timestamp())
    }
}

fn to_jiff(at: CivilDateTime) -> Option<civil::DateTime> {
    let part = |value: u32| i8::try_from(value).ok();
    let year = i16::try_from(at.year()).ok()?;
    let (month, day) = (part(at.month())?, part(at.day())?);
    civil::DateTime::new(year, month, day, part(at.hour())?, part(at.minute())?, part(at.second())?, 0).ok()
}

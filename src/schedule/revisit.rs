//! When to come again: on schedule, sooner where a page changes, later and later where it fails.

use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::{Source, interval, next_due};
use crate::capture::Outcome;
use crate::page::Timestamp;

/// A page that changed is visited after this part of the time before,
const SOONER: f64 = 0.8;
/// one that did not, after this.
const LATER: f64 = 1.5;
/// How far the time between visits may stray from the one configured.
const STRAY: u32 = 16;
/// No page is visited again sooner than this.
const INTERVAL_MIN: Duration = Duration::from_secs(10 * 60);
/// Times are spread by up to this part, so that what was found together is not all due together.
const JITTER: f64 = 0.1;

/// A source that fails is asked again after its own interval at first, but not sooner than this,
const SOURCE_WAIT_MIN: Duration = Duration::from_secs(10 * MINUTE);
/// later and later, up to so many of its intervals,
const SOURCE_INTERVALS_MAX: u32 = 32;
/// or so long, where they are short.
const SOURCE_WAIT_MAX: Duration = Duration::from_secs(DAY);
/// A page that is refused is asked for again after so long: what the server refuses now it refuses in an hour too.
const REFUSED_WAIT: Duration = Duration::from_secs(DAY);

/// A list that only another list names is given up after so many failures in a row at least; it is asked for again at times
/// while that names it.
const LIST_TRIES: u32 = 8;

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

/// How a class of failures is tried again: after `first`, doubling up to `most`; pages that no configuration names
/// are given up after `tries` in a row. What is on a source's own schedule is asked again sooner where that is shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    pub first: Duration,
    pub most: Duration,
    pub tries: u32,
}

const fn retry(first: u64, most: u64, tries: u32) -> Retry {
    Retry { first: Duration::from_secs(first), most: Duration::from_secs(most), tries }
}

/// A robots.txt that does not answer is a matter of the network, and soon asked for again.
const NO_ROBOTS: Retry = retry(10 * MINUTE, 7 * DAY, u32::MAX);

/// The rule of a class; none for visits that went well.
pub fn rule(outcome: Outcome) -> Option<Retry> {
    let rule = match outcome {
        Outcome::Ok | Outcome::Unchanged | Outcome::Moved => return None,
        // The network or the server, which mends itself.
        Outcome::Dns | Outcome::Connect | Outcome::Tls | Outcome::Timeout | Outcome::Http => {
            retry(10 * MINUTE, 7 * DAY, 12)
        }
        Outcome::Gone | Outcome::Soft404 => retry(7 * DAY, 30 * DAY, 3),
        // Asking more often is what they block.
        Outcome::Blocked => retry(DAY, 30 * DAY, 6),
        Outcome::ConsentWall | Outcome::Paywalled | Outcome::Login => retry(30 * DAY, 90 * DAY, 3),
        // robots.txt itself is read again after a day at most.
        Outcome::Robots => retry(DAY, 30 * DAY, u32::MAX),
        Outcome::OptedOut => retry(30 * DAY, 90 * DAY, u32::MAX),
        _ => retry(30 * DAY, 180 * DAY, 3),
    };
    Some(rule)
}

/// What is known of an address when its next visit is to be set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Before {
    /// Named by the configuration, or a list that it led to: visited on the source's own schedule.
    pub scheduled: bool,
    /// On that schedule, but found by another list: given up in the end.
    pub found: bool,
    /// Failures in a row before this visit.
    pub fails: u32,
    /// The server answered, and refused it (403 and the like).
    pub refused: bool,
    /// Adaptive time between visits so far.
    pub interval: Option<Duration>,
    /// Tells addresses apart, for the jitter.
    pub seed: u64,
}

/// When the next visit is due, if ever, and what to remember for the one after it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Next {
    pub at: Option<Timestamp>,
    pub fails: u32,
    pub interval: Option<Duration>,
}

/// Sets the next visit of an address whose visit just ended so.
pub fn next_visit(
    source: &Source,
    before: Before,
    outcome: Outcome,
    changed: bool,
    wait: Option<Duration>,
    now: &ZonedDateTime,
) -> Next {
    match rule(outcome) {
        // Who says when to ask for its robots.txt again has none that forbids.
        Some(_) if outcome == Outcome::Robots && wait.is_some() => failed(source, NO_ROBOTS, before, wait, now),
        Some(rule) => failed(source, rule, before, wait, now),
        None if before.scheduled => Next { at: next_due(source, Some(now.timestamp()), now), ..Next::default() },
        None => again(source, before, changed, now),
    }
}

fn failed(source: &Source, rule: Retry, before: Before, wait: Option<Duration>, now: &ZonedDateTime) -> Next {
    let fails = before.fails.saturating_add(1);
    let (first, most) =
        if before.scheduled { of_source(source, rule, before.refused, now) } else { (rule.first, rule.most) };
    let step = first.saturating_mul(1 << before.fails.min(16)).min(most);
    let refused = if before.refused && !before.scheduled { REFUSED_WAIT } else { Duration::ZERO };
    let step = jittered(step.max(refused), before.seed).max(wait.unwrap_or_default());
    let given_up = match before {
        Before { scheduled: false, .. } => fails >= rule.tries,
        Before { found, .. } => found && fails >= rule.tries.max(LIST_TRIES),
    };
    Next { at: if given_up { None } else { later(now, step) }, fails, interval: before.interval }
}

/// How soon and how late a source that fails is asked again: one bad answer costs it one of its own intervals at most.
fn of_source(source: &Source, rule: Retry, refused: bool, now: &ZonedDateTime) -> (Duration, Duration) {
    let own = own_wait(source, now);
    let first = own.min(if refused { REFUSED_WAIT } else { rule.first });
    (first, rule.most.min(longest_wait(own)).max(first))
}

fn own_wait(source: &Source, now: &ZonedDateTime) -> Duration {
    interval(source, now).unwrap_or(SOURCE_WAIT_MAX).max(SOURCE_WAIT_MIN)
}

fn longest_wait(own: Duration) -> Duration {
    own.saturating_mul(SOURCE_INTERVALS_MAX).max(SOURCE_WAIT_MAX)
}

/// When a source that failed then is asked again at the latest, by its interval as it is now: that may have been longer.
pub fn latest_retry(source: &Source, failed_at: Timestamp, now: &ZonedDateTime) -> Timestamp {
    let wait = longest_wait(own_wait(source, now)).mul_f64(1.0 + JITTER);
    failed_at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// A page is read once, unless its source says how often to look again.
fn again(source: &Source, before: Before, changed: bool, now: &ZonedDateTime) -> Next {
    let Some(base) = source.revisit else { return Next::default() };
    let factor = match before.interval {
        None => 1.0,
        Some(_) if changed => SOONER,
        Some(_) => LATER,
    };
    let wanted = before.interval.unwrap_or(base).mul_f64(factor);
    let interval = within(base, wanted);
    Next { at: later(now, jittered(interval, before.seed)), fails: 0, interval: Some(interval) }
}

/// The time between visits nearest to the one wanted, where `base` is configured.
pub(super) fn within(base: Duration, wanted: Duration) -> Duration {
    wanted.clamp((base / STRAY).max(INTERVAL_MIN).min(base), base.saturating_mul(STRAY))
}

fn later(now: &ZonedDateTime, wait: Duration) -> Option<Timestamp> {
    after(now.timestamp(), wait)
}

pub(super) fn after(at: Timestamp, wait: Duration) -> Option<Timestamp> {
    at.checked_add(SignedDuration::try_from(wait).ok()?).ok()
}

/// Up to a tenth longer, the same for the same address.
pub(super) fn jittered(wait: Duration, seed: u64) -> Duration {
    let part = (seed % 1000) as f64 / 1000.0;
    wait.mul_f64(1.0 + JITTER * part)
}

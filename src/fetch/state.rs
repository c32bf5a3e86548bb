//! What manners have to remember, as plain values: kept in memory here, made durable by who holds the archive.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::clock::after;
use crate::page::Timestamp;

/// First pause of a host that answers 429 or 503 without saying how long.
const BACK_OFF_FIRST: Duration = Duration::from_secs(60);
/// Longest pause of our own making, reached with the twelfth such answer.
const BACK_OFF_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// How often a host is looked at that another process is asking.
const HELD_POLL: Duration = Duration::from_millis(250);

/// Everything a [`super::Fetcher`] knows about the hosts it has asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// By registrable domain, or by address and port.
    pub hosts: BTreeMap<String, HostState>,
    /// By origin, as `https://example.org`.
    pub robots: BTreeMap<String, RobotsState>,
}

/// When a host may be asked again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostState {
    /// End of the last request; of its start while it runs.
    pub asked_at: Option<Timestamp>,
    /// No request before, by the delay that held for the last one.
    pub next_at: Option<Timestamp>,
    /// No request before: the host answered 429 or 503.
    pub paused_until: Option<Timestamp>,
    /// Such answers in a row.
    pub step: u32,
    /// The last of them.
    pub trouble_at: Option<Timestamp>,
    /// The process whose request is under way; 0 for none.
    pub holder: u32,
    /// Until then at most.
    pub held_until: Option<Timestamp>,
    /// The machine that the last request went to, where that counts.
    pub machine: Option<std::net::IpAddr>,
    /// Requests of one day, and which: days since 1970, UTC.
    pub requests: u64,
    pub day: i64,
}

/// The robots.txt of one origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsState {
    pub fetched_at: Timestamp,
    /// Asked again from then on.
    pub expires_at: Timestamp,
    pub answer: RobotsAnswer,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RobotsAnswer {
    /// The file as decoded, cut at [`super::robots::BYTES_MAX`].
    Text(Vec<u8>),
    /// There is none: everything is allowed.
    None,
    /// It could not be read, and this is why: nothing is allowed for now.
    Unreachable(String),
}

impl HostState {
    /// The earliest time of a request that wants this delay after the one before.
    pub fn due(&self, delay: Duration) -> Timestamp {
        let by_delay = self.asked_at.map(|at| after(at, delay));
        let due = [by_delay, self.next_at, self.paused_until].into_iter().flatten().max();
        due.unwrap_or(Timestamp::MIN)
    }

    /// A request is to begin, and takes so long at most: noted, or when to look again, if it is too early.
    pub fn begin(&mut self, now: Timestamp, delay: Duration, most: Duration) -> Option<Timestamp> {
        let due = self.due(delay);
        if due > now {
            return Some(due);
        }
        if self.is_held_by_another(now) {
            return Some(after(now, HELD_POLL));
        }
        self.asked(now, delay);
        self.hold(now, most);
        self.count(now);
        None
    }

    /// A request has ended: the pause after it begins.
    pub fn end(&mut self, now: Timestamp, delay: Duration) {
        self.asked(now, delay);
        self.let_go();
    }

    /// The next pause of our own making.
    pub fn back_off(&self) -> Duration {
        BACK_OFF_FIRST.saturating_mul(1 << self.step.min(11)).min(BACK_OFF_MAX)
    }

    fn asked(&mut self, now: Timestamp, delay: Duration) {
        self.asked_at = Some(now);
        self.next_at = Some(after(now, delay));
    }

    /// A request begins that takes at most this long.
    pub(super) fn hold(&mut self, now: Timestamp, most: Duration) {
        self.holder = std::process::id();
        self.held_until = Some(after(now, most));
    }

    /// Requests so far on the day of this moment.
    pub fn requests_of(&self, now: Timestamp) -> u64 {
        if self.day == day(now) { self.requests } else { 0 }
    }

    /// One more request.
    pub(super) fn count(&mut self, now: Timestamp) {
        (self.requests, self.day) = (self.requests_of(now).saturating_add(1), day(now));
    }

    /// The first moment of the day after.
    pub(super) fn next_day(now: Timestamp) -> Timestamp {
        Timestamp::from_second((day(now) + 1) * DAY_SECONDS).unwrap_or(Timestamp::MAX)
    }

    pub(super) fn let_go(&mut self) {
        (self.holder, self.held_until) = (0, None);
    }

    /// Whether another process that lives has a request under way.
    fn is_held_by_another(&self, now: Timestamp) -> bool {
        let held = self.holder != 0 && self.holder != std::process::id();
        held && self.held_until.is_some_and(|until| until > now) && lives(self.holder)
    }

    /// The host is busy: no request before this pause is over.
    pub fn pause(&mut self, now: Timestamp, pause: Duration) {
        self.paused_until = self.paused_until.max(Some(after(now, pause)));
        self.step = self.step.saturating_add(1);
        self.trouble_at = Some(now);
    }

    pub(super) fn fine(&mut self, now: Timestamp, forgiven_after: Duration) {
        if self.trouble_at.is_some_and(|at| after(at, forgiven_after) <= now) {
            self.step = 0;
            self.trouble_at = None;
        }
    }

    /// Sets right times no honest clock can have written, lest one that ran ahead stops a host for ever: what was written
    /// at a moment yet to come counts from now on, and what is still too long is cut.
    pub(super) fn cut_to(&mut self, now: Timestamp, delay_max: Duration, pause_max: Duration) {
        let ahead = |at: Option<Timestamp>| at.map(|at| at.duration_since(now)).filter(|ahead| ahead.is_positive());
        let back = |time: &mut Option<Timestamp>, by| *time = time.map(|time| time.checked_sub(by).unwrap_or(now));
        if let Some(by) = ahead(self.asked_at) {
            [&mut self.asked_at, &mut self.next_at, &mut self.held_until].into_iter().for_each(|time| back(time, by));
        }
        if let Some(by) = ahead(self.trouble_at) {
            [&mut self.trouble_at, &mut self.paused_until].into_iter().for_each(|time| back(time, by));
        }
        let cut = |time: &mut Option<Timestamp>, latest| *time = time.map(|time| time.min(latest));
        cut(&mut self.asked_at, now);
        cut(&mut self.trouble_at, now);
        cut(&mut self.next_at, after(now, delay_max));
        cut(&mut self.paused_until, after(now, pause_max));
        cut(&mut self.held_until, after(now, delay_max));
    }

    /// Whether forgetting this could make a request come too early.
    pub(super) fn matters(&self, now: Timestamp) -> bool {
        self.step > 0 || self.due(Duration::ZERO) > now
    }
}

const DAY_SECONDS: i64 = 24 * 60 * 60;

fn day(at: Timestamp) -> i64 {
    at.as_second().div_euclid(DAY_SECONDS)
}

/// Whether a process is there; where nothing can tell, it is.
fn lives(process: u32) -> bool {
    let all = std::path::Path::new("/proc");
    !all.join("self").exists() || all.join(process.to_string()).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_longest_wait_counts() {
        let mut host = HostState::default();
        assert_eq!(host.due(SECOND), Timestamp::MIN);
        host.asked(at(100), 2 * SECOND);
        assert_eq!(host.due(SECOND), at(102), "the delay that held for the last request");
        assert_eq!(host.due(5 * SECOND), at(105), "the delay of this request");
        host.pause(at(100), 60 * SECOND);
        assert_eq!(host.due(SECOND), at(160));
        host.pause(at(101), 10 * SECOND);
        assert_eq!(host.due(SECOND), at(160), "a shorter pause ends no longer one");
        assert_eq!(host.step, 2);
    }

    #[test]
    fn trouble_is_forgiven_after_quiet() {
        let mut host = HostState::default();
        host.pause(at(0), SECOND);
        host.fine(at(1000), 1001 * SECOND);
        assert_eq!(host.step, 1);
        host.fine(at(1001), 1001 * SECOND);
        assert_eq!(host, HostState { paused_until: Some(at(1)), ..HostState::default() });
        assert!(host.matters(at(0)) && !host.matters(at(1)));
    }

    #[test]
    fn requests_are_counted_by_day() {
        let mut host = HostState::default();
        host.count(at(86_399));
        host.count(at(86_399));
        assert_eq!((host.requests_of(at(86_399)), host.requests_of(at(86_400))), (2, 0));
        assert_eq!(HostState::next_day(at(86_399)), at(86_400));
        host.count(at(86_400));
        assert_eq!(host.requests_of(at(100_000)), 1);
    }

    #[test]
    fn times_from_a_clock_that_ran_ahead_are_cut() {
        let far = Some(Timestamp::MAX);
        let mut host = HostState { asked_at: far, next_at: far, paused_until: far, ..HostState::default() };
        host.cut_to(at(100), SECOND, 60 * SECOND);
        assert_eq!((host.asked_at, host.next_at, host.paused_until), (Some(at(100)), Some(at(100)), Some(at(160))));
    }

    /// The pauses last as long as they were meant to, from now on.
    #[test]
    fn times_of_a_clock_that_ran_ahead_keep_their_distance() {
        let mut host = HostState::default();
        host.begin(at(9000), 2 * SECOND, 10 * SECOND);
        host.pause(at(9001), 60 * SECOND);
        host.cut_to(at(100), 600 * SECOND, 600 * SECOND);
        assert_eq!((host.asked_at, host.next_at, host.held_until), (Some(at(100)), Some(at(102)), Some(at(110))));
        assert_eq!((host.trouble_at, host.paused_until), (Some(at(100)), Some(at(160))));
        let right = host;
        host.cut_to(at(101), 600 * SECOND, 600 * SECOND);
        assert_eq!(host, right, "what is right stays");
    }
}

//! The time by which manners are kept.

use std::time::Duration;

use crate::page::Timestamp;

/// The wall clock as it was at the start, carried on by the runtime's: it never jumps, and where a test
/// stops the runtime's clock the wall clock stops too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    wall: Timestamp,
    start: tokio::time::Instant,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self { wall: Timestamp::now(), start: tokio::time::Instant::now() }
    }

    pub(super) fn now(&self) -> Timestamp {
        after(self.wall, self.start.elapsed())
    }

    pub(super) async fn sleep_until(&self, due: Timestamp) {
        let wait = due.duration_since(self.now());
        if let Ok(wait) = Duration::try_from(wait) {
            tokio::time::sleep(wait).await;
        }
    }
}

/// A moment later; the last there is, should that be beyond.
pub(super) fn after(at: Timestamp, wait: Duration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

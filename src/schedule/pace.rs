//! What it means for the pages that were had that their source's `revisit` is another now.

use std::time::Duration;

use super::revisit::{after, jittered, within};
use crate::page::Timestamp;

/// When a page that was had is visited again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Adaptive time between visits.
    pub interval: Option<Duration>,
    pub last_at: Timestamp,
    /// Never, where none.
    pub due_at: Option<Timestamp>,
    /// Tells addresses apart, for the jitter.
    pub seed: u64,
}

/// What `revisit` was when pages were last brought in step with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// An older program noted nothing.
    Unknown,
    /// None: pages were read once.
    Known(Option<Duration>),
}

impl Pace {
    /// As it goes on by `revisit` as it is now. A shorter one holds from the last visit on, and is not learned anew: how often a
    /// page changes was learned of the page, and stays within what the new one allows. Where nobody knows what held before,
    /// what waits its time keeps it as long as that may be.
    #[must_use]
    pub fn by(self, revisit: Option<Duration>, before: Before) -> Self {
        let Some(base) = revisit else {
            let was_once = matches!(before, Before::Unknown | Before::Known(None));
            return Self { due_at: self.due_at.filter(|_| was_once), ..self };
        };
        let is_old = |interval: Duration| before == Before::Known(Some(interval));
        // What was never learned is what the table said.
        let interval = self.interval.map(|interval| if is_old(interval) { base } else { within(base, interval) });
        let wait = |wanted: Duration| after(self.last_at, jittered(wanted, self.seed));
        let is_shorter = matches!(before, Before::Known(Some(old)) if base < old);
        let due_at = match self.due_at {
            None => wait(base.min(interval.unwrap_or(base))),
            Some(due) if is_shorter => wait(base.min(interval.unwrap_or(base))).map(|soon| soon.min(due)),
            Some(_) if interval != self.interval => wait(interval.unwrap_or(base)),
            due => due,
        };
        Self { interval, due_at, ..self }
    }
}

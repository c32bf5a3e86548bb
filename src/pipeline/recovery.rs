//! A visit outside of any run: what it says to the frontier of an address that failed.

use jiff::ZonedDateTime;

use super::leads;
use crate::capture::{Capture, Outcome};
use crate::frontier::{Frontier, FrontierError, Role, Row};
use crate::page::Timestamp;
use crate::schedule::{self, Before, Source};

/// Ends the failures of an address that was had, wherever a schedule knows it; of how many rows.
///
/// # Errors
/// The frontier cannot be used.
pub fn recover(
    frontier: &dyn Frontier,
    sources: &[Source],
    capture: &Capture,
    now: &ZonedDateTime,
) -> Result<u64, FrontierError> {
    if !capture.outcome.has_text() {
        return Ok(0);
    }
    frontier.recover(&capture.url, capture.fetched_at, &|row| due(row, sources, now))
}

/// A page is due as after a visit of its source; what leads on was read, and not followed.
fn due(row: &Row, sources: &[Source], now: &ZonedDateTime) -> Option<Timestamp> {
    let task = &row.task;
    let Some(source) = sources.iter().find(|source| source.name == task.source) else { return row.due_at };
    if task.role == Role::Thread || leads::leads_on(task, source) {
        return Some(now.timestamp());
    }
    let (interval, seed) = (task.past.interval, leads::seed(&task.url));
    let before = Before { scheduled: task.root, interval, seed, ..Before::default() };
    schedule::next_visit(source, before, Outcome::Ok, true, None, now).at
}

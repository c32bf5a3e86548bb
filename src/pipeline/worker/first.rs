//! What the configuration names and has moved is asked at its own address again at times: a redirect for good may have been a
//! mistake, and taken back.

use jiff::SignedDuration;

use super::{Later, Visit, Worker, off_thread};
use crate::frontier::{Frontier, FrontierError, Role, Task};
use crate::page::{Timestamp, Url};
use crate::schedule::{Scope, in_scope};

/// So long after it moved, or was asked there last, an address is asked again.
const FIRST_REST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// or after this, where the user names its source: that may be done every hour.
const NAMED_REST: SignedDuration = SignedDuration::from_hours(24);

/// The frontier's note of when a row was last asked at its own address; empty, where that is to be soon.
fn note_of(id: i64) -> String {
    format!("own address {id}")
}

/// Where a row has moved that is asked at its own address again. What is another site's by now may be a stranger's.
pub fn moved_within(task: &Task) -> Option<&Url> {
    let is_named = task.root && task.role != Role::Thread;
    task.moved_to.as_ref().filter(|to| is_named && in_scope(Scope::Site, &task.url, to))
}

/// Has it asked at its own address by its next visit, where it was not for so long.
///
/// # Errors
/// The frontier cannot be written.
pub(in super::super) fn ask_first(frontier: &dyn Frontier, task: &Task, now: Timestamp) -> Result<(), FrontierError> {
    if moved_within(task).is_none() {
        return Ok(());
    }
    let noted = frontier.note(&note_of(task.id))?;
    // What is not noted yet may have moved by the last visit.
    let last = noted.map_or(task.past.last_at, |text| text.parse().ok());
    if has_rested(last, NAMED_REST, now) { frontier.keep_note(&note_of(task.id), "", now) } else { Ok(()) }
}

impl Worker {
    /// One visit; none while its host is in a pause.
    pub(super) async fn visit(&self, task: &Task) -> Result<Visit, Later> {
        let Some(to) = moved_within(task) else { return self.visit_at(task).await };
        if !self.is_rested(task.id).await {
            return self.visit_at(task).await;
        }
        // Where nothing could be asked, it is asked there the next time.
        let Ok(visit) = self.visit_at(&Task { moved_to: None, ..task.clone() }).await else {
            return self.visit_at(task).await;
        };
        self.note(task.id, Timestamp::now()).await;
        if is_there(&visit, to) {
            return Ok(Visit { task: task.clone(), moved: None, ..visit });
        }
        // It stays where it is while its own address brings nothing.
        self.visit_at(task).await
    }

    /// Whether its own address was not asked for so long. A move that is not noted yet is so from now on.
    async fn is_rested(&self, id: i64) -> bool {
        let (frontier, now) = (self.frontier.clone(), Timestamp::now());
        match off_thread(move || frontier.note(&note_of(id))).await {
            Ok(Some(text)) => has_rested(text.parse().ok(), FIRST_REST, now),
            Ok(None) => {
                self.note(id, now).await;
                false
            }
            Err(_) => false,
        }
    }

    async fn note(&self, id: i64, at: Timestamp) {
        let frontier = self.frontier.clone();
        // A frontier that cannot be written is told when the visit is settled.
        let _ = off_thread(move || frontier.keep_note(&note_of(id), &at.to_string(), at)).await;
    }
}

/// A time to come is of a clock that ran ahead.
fn has_rested(last: Option<Timestamp>, rest: SignedDuration, now: Timestamp) -> bool {
    last.filter(|last| *last <= now).is_none_or(|last| now.duration_since(last) >= rest)
}

/// Whether its own address leads where it had moved, or brought by itself what is wanted of it.
fn is_there(visit: &Visit, to: &Url) -> bool {
    let capture = &visit.entry.capture;
    let is_own = capture.url == visit.task.url && capture.hops.is_empty() && capture.outcome.has_text();
    let is_wanted = !visit.task.role.is_list() || visit.named.is_some_and(|named| named > 0);
    capture.url == *to || is_own && is_wanted
}

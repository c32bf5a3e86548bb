//! What a table says of the pages that its source leads to holds for those known already, however late it says it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::super::{leads, off_thread};
use super::{Crawl, CrawlError};
use crate::frontier::{Frontier, FrontierError, Role, Row, Task, Wish, patterns_note, revisit_note};
use crate::page::Timestamp;
use crate::schedule::Source;
use crate::schedule::pace::{Before, Pace};

impl Crawl {
    /// Tasks that are due, without those that their sources take no more: these rest, and count for nothing. There may be very
    /// many of them, and the run be over meanwhile.
    pub(super) async fn claim(&self, wish: Wish, is_over: impl Fn() -> bool) -> Result<Vec<Task>, FrontierError> {
        loop {
            let (frontier, wish) = (Arc::clone(&self.frontier), wish.clone());
            let tasks = off_thread(move || frontier.claim(&wish)).await?;
            let is_left_out = |task: &Task| self.source(&task.source).is_some_and(|source| leaves_out(source, task));
            let (rests, tasks): (Vec<Task>, Vec<Task>) = tasks.into_iter().partition(is_left_out);
            if rests.is_empty() {
                return Ok(tasks);
            }
            let (frontier, ids) = (Arc::clone(&self.frontier), rests.iter().map(|task| task.id).collect::<Vec<_>>());
            off_thread(move || frontier.rest(&ids)).await?;
            if !tasks.is_empty() || is_over() {
                return Ok(tasks);
            }
        }
    }

    /// Wakes pages that rested and are taken again, where `include` or `exclude` is another than when this was done last.
    ///
    /// # Errors
    /// The frontier cannot be used: nothing was done then.
    pub(super) fn follow_patterns(&self, now: Timestamp) -> Result<(), CrawlError> {
        let (mut sources, mut notes) = (HashMap::new(), Vec::new());
        for source in &self.sources {
            let text = format!("{:?}", (&source.include, &source.exclude));
            if self.frontier.note(&patterns_note(&source.name))?.as_ref() != Some(&text) {
                sources.insert(source.name.as_str(), source);
                notes.push((source.name.clone(), text));
            }
        }
        if notes.is_empty() {
            return Ok(());
        }
        self.frontier.wake_rested(&notes, now, &mut |row| {
            let source = sources.get(row.task.source.as_str()).filter(|source| !leaves_out(source, &row.task))?;
            let past = &row.task.past;
            let is_read_once = source.revisit.is_none() && past.last_at.is_some() && past.fails == 0;
            Some(if is_read_once { None } else { Some(now) })
        })?;
        Ok(())
    }

    /// Brings the pages that were had in step with `revisit`, where that is another than when this was done last. Nothing is
    /// read of other sources.
    ///
    /// # Errors
    /// The frontier cannot be used: nothing was done then.
    pub(super) fn follow_revisits(&self, now: Timestamp) -> Result<(), CrawlError> {
        let (mut changes, mut notes) = (HashMap::new(), Vec::new());
        for source in &self.sources {
            let (before, text) = (noted(self.frontier.as_ref(), source)?, text_of(source.revisit));
            if before.as_ref() != Some(&text) {
                changes
                    .insert(source.name.as_str(), (source.revisit, before.map_or(Before::Unknown, |text| of(&text))));
                notes.push((source.name.clone(), text));
            }
        }
        if notes.is_empty() {
            return Ok(());
        }
        self.frontier.review(&notes, now, &mut |row| {
            let (revisit, before) = changes.get(row.task.source.as_str())?;
            let pace = pace_of(row)?;
            let next = pace.by(*revisit, *before);
            (next != pace).then_some((next.interval, next.due_at))
        })?;
        Ok(())
    }
}

/// Whether a page is one that its source, as its table is now, does not take.
pub fn leaves_out(source: &Source, task: &Task) -> bool {
    let is_found = !task.root && matches!(task.role, Role::Page | Role::Thread);
    is_found && source.leaves_out(&task.url, task.asked())
}

/// Whether a source's `revisit` is another than the one its pages follow until the next run.
///
/// # Errors
/// The frontier cannot be read.
pub fn revisit_changed(frontier: &dyn Frontier, source: &Source) -> Result<bool, FrontierError> {
    Ok(noted(frontier, source)?.is_some_and(|before| before != text_of(source.revisit)))
}

fn noted(frontier: &dyn Frontier, source: &Source) -> Result<Option<String>, FrontierError> {
    frontier.note(&revisit_note(&source.name))
}

/// In seconds; empty where pages are read once.
fn text_of(revisit: Option<Duration>) -> String {
    revisit.map(|revisit| revisit.as_secs().to_string()).unwrap_or_default()
}

fn of(text: &str) -> Before {
    match text.parse() {
        Ok(seconds) => Before::Known(Some(Duration::from_secs(seconds))),
        Err(_) if text.is_empty() => Before::Known(None),
        Err(_) => Before::Unknown,
    }
}

fn pace_of(row: &Row) -> Option<Pace> {
    let past = &row.task.past;
    Some(Pace { interval: past.interval, last_at: past.last_at?, due_at: row.due_at, seed: leads::seed(&row.task.url) })
}

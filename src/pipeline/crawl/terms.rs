//! What a table says of the pages that its source leads to holds for those known already, however late it says it.

use std::collections::HashMap;
use std::time::Duration;

use super::super::leads;
use super::{Crawl, CrawlError};
use crate::frontier::{Frontier, FrontierError, Row, revisit_note};
use crate::page::Timestamp;
use crate::schedule::Source;
use crate::schedule::pace::{Before, Pace};

impl Crawl {
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

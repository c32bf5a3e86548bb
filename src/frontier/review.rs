//! A new look at the pages that sources had, once their `revisit` is another.

use std::collections::HashSet;

use rusqlite::{Transaction, params};

use super::Judge;
use super::claim::TO_REVISIT;
use super::rows::{COLUMNS, KEEP_NOTE, millis, read, seconds};
use crate::page::Timestamp;

/// Rows held at a time.
const ROWS: usize = 1000;

/// The name of the note of what a source's `revisit` was when its pages were last brought in step with it.
pub fn revisit_note(source: &str) -> String {
    format!("revisit {source}")
}

/// Pages that were had, in order of their numbers. What moved to where another row is at work, or may be from now on, is
/// left to that.
const HAD: &str = "root = 0 AND role IN ('page', 'thread') AND state < 2 AND fails = 0 AND last_at IS NOT NULL \
     AND NOT dropped AND (due_at IS NULL OR due_at > last_at) \
     AND NOT (due_at IS NULL AND moved_key IS NOT NULL AND EXISTS (SELECT 1 FROM urls AS other WHERE other.key = urls.moved_key \
     AND other.id != urls.id AND (other.due_at IS NOT NULL OR other.source = urls.source)))";

/// One look at all rows, however many sources: it is seldom.
pub(super) fn review(
    transaction: &Transaction<'_>,
    revisits: &[(String, String)],
    now: Timestamp,
    judge: Judge<'_>,
) -> rusqlite::Result<u64> {
    for (source, text) in revisits {
        transaction.prepare_cached(KEEP_NOTE)?.execute(params![revisit_note(source), text, millis(now)])?;
    }
    let sources: HashSet<&str> = revisits.iter().map(|(source, _)| source.as_str()).collect();
    let sql = format!("SELECT {COLUMNS} FROM urls WHERE id > ?1 AND {HAD} ORDER BY id LIMIT {ROWS}");
    let mut statement = transaction.prepare(&sql)?;
    let (mut last, mut changed) = (i64::MIN, 0);
    loop {
        let (mut paces, mut count) = (Vec::new(), 0);
        let mut lines = statement.query([last])?;
        while let Some(line) = lines.next()? {
            (last, count) = (line.get(0)?, count + 1);
            if sources.contains(line.get_ref(3)?.as_str()?) {
                paces.extend(judge(&read(line)?).map(|pace| (last, pace)));
            }
        }
        let sql = format!("UPDATE urls SET state = 0, interval = ?2, due_at = ?3, {TO_REVISIT} WHERE id = ?1");
        for (id, (interval, due_at)) in &paces {
            let mut statement = transaction.prepare_cached(&sql)?;
            statement.execute(params![id, seconds(*interval), due_at.map(millis)])?;
        }
        changed += paces.len() as u64;
        if count < ROWS {
            return Ok(changed);
        }
    }
}

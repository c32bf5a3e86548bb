//! A new look at the pages that sources had, or left out, once their tables say something else.

use std::collections::HashSet;

use rusqlite::{Transaction, params};

use super::claim::TO_REVISIT;
use super::rows::{COLUMNS, KEEP_NOTE, millis, read, seconds};
use super::{Judge, Row, Wakes};
use crate::page::Timestamp;

/// Rows held at a time.
const ROWS: usize = 1000;

/// The name of the note of what a source's `revisit` was when its pages were last brought in step with it.
pub fn revisit_note(source: &str) -> String {
    format!("revisit {source}")
}

/// The same of what its patterns were when its pages that rest were last looked at.
pub fn patterns_note(source: &str) -> String {
    format!("patterns {source}")
}

/// Pages that were had, in order of their numbers. What moved to where another row is at work, or may be from now on, is
/// left to that.
const HAD: &str = "root = 0 AND role IN ('page', 'thread') AND state < 2 AND fails = 0 AND last_at IS NOT NULL \
     AND NOT dropped AND (due_at IS NULL OR due_at > last_at) \
     AND NOT (due_at IS NULL AND moved_key IS NOT NULL AND EXISTS (SELECT 1 FROM urls AS other WHERE other.key = urls.moved_key \
     AND other.id != urls.id AND (other.due_at IS NOT NULL OR other.source = urls.source)))";

/// Pages that rest, as their sources take them no more.
const RESTING: &str = "dropped AND root = 0 AND role IN ('page', 'thread') AND state < 2";

/// Sets anew when pages that were had are due.
pub(super) fn review(
    transaction: &Transaction<'_>,
    revisits: &[(String, String)],
    now: Timestamp,
    judge: Judge<'_>,
) -> rusqlite::Result<u64> {
    keep_notes(transaction, revisits, revisit_note, now)?;
    let sql = format!("UPDATE urls SET state = 0, interval = ?2, due_at = ?3, {TO_REVISIT} WHERE id = ?1");
    each(transaction, HAD, revisits, &mut |id, row| {
        let Some((interval, due_at)) = judge(row) else { return Ok(false) };
        let mut statement = transaction.prepare_cached(&sql)?;
        statement.execute(params![id, seconds(interval), due_at.map(millis)]).map(|count| count > 0)
    })
}

/// Wakes pages that rest.
pub(super) fn wake_rested(
    transaction: &Transaction<'_>,
    patterns: &[(String, String)],
    now: Timestamp,
    wakes: Wakes<'_>,
) -> rusqlite::Result<u64> {
    keep_notes(transaction, patterns, patterns_note, now)?;
    each(transaction, RESTING, patterns, &mut |id, row| {
        let Some(due_at) = wakes(row) else { return Ok(false) };
        let mut statement =
            transaction.prepare_cached("UPDATE urls SET state = 0, dropped = 0, due_at = ?2 WHERE id = ?1")?;
        statement.execute(params![id, due_at.map(millis)]).map(|count| count > 0)
    })
}

fn keep_notes(
    transaction: &Transaction<'_>,
    notes: &[(String, String)],
    name: fn(&str) -> String,
    now: Timestamp,
) -> rusqlite::Result<()> {
    notes.iter().try_for_each(|(source, text)| {
        transaction.prepare_cached(KEEP_NOTE)?.execute(params![name(source), text, millis(now)]).map(drop)
    })
}

/// Looks at such rows of these sources, all once, however many sources there are: it is seldom. How many were changed.
fn each(
    transaction: &Transaction<'_>,
    such: &str,
    sources: &[(String, String)],
    change: &mut dyn FnMut(i64, &Row) -> rusqlite::Result<bool>,
) -> rusqlite::Result<u64> {
    let sources: HashSet<&str> = sources.iter().map(|(source, _)| source.as_str()).collect();
    let sql = format!("SELECT {COLUMNS} FROM urls WHERE id > ?1 AND {such} ORDER BY id LIMIT {ROWS}");
    let mut statement = transaction.prepare(&sql)?;
    let (mut last, mut changed) = (i64::MIN, 0);
    loop {
        let (mut rows, mut count) = (Vec::new(), 0);
        let mut lines = statement.query([last])?;
        while let Some(line) = lines.next()? {
            (last, count) = (line.get(0)?, count + 1);
            if sources.contains(line.get_ref(3)?.as_str()?) {
                rows.push((last, read(line)?));
            }
        }
        for (id, row) in &rows {
            changed += u64::from(change(*id, row)?);
        }
        if count < ROWS {
            return Ok(changed);
        }
    }
}

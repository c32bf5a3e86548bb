//! Putting the frontier in step with what changed around it: the configuration, the clock.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, Transaction, params};

use super::again::known_of_all;
use super::intake::{COUNT_SHAPE, Intake, shape};
use super::rows::millis;
use crate::page::{Timestamp, Url};

/// Clocks that are set by the network go back by less than this, in milliseconds.
const CLOCK_SLACK: i64 = 60 * 60 * 1000;

impl Intake<'_> {
    /// Forgets the roots of a source that go by none of these keys, and counts them no more.
    pub(super) fn forget_roots(&self, source: &str, keys: &HashSet<String>) -> rusqlite::Result<u64> {
        let mut statement =
            self.transaction.prepare_cached("SELECT id, key FROM urls WHERE source = ?1 AND root = 1")?;
        let rows = statement.query_map([source], |line| Ok((line.get(0)?, line.get(1)?)))?;
        let mut forgotten = 0;
        for (id, key) in rows.collect::<rusqlite::Result<Vec<(i64, String)>>>()? {
            if !keys.contains(&key) {
                self.forget(id)?;
                forgotten += 1;
            } else if let Some((plain, _)) = key.split_once('\t') {
                self.take_place(id, plain)?;
            }
        }
        Ok(forgotten)
    }

    /// The row of a page that another source named first takes that one's place once the other is no more.
    fn take_place(&self, id: i64, plain: &str) -> rusqlite::Result<()> {
        let first = known_of_all(self.transaction, plain)?.into_iter().find(|known| known.key == plain);
        if let Some(first) = first {
            if !first.root || !self.is_left_over(&first) {
                return Ok(());
            }
            self.forget(first.id)?;
        }
        self.transaction.prepare_cached("UPDATE urls SET key = ?2 WHERE id = ?1")?.execute(params![id, plain]).map(drop)
    }

    pub(super) fn forget(&self, id: i64) -> rusqlite::Result<()> {
        let (url, source): (String, String) = self
            .transaction
            .prepare_cached("DELETE FROM urls WHERE id = ?1 RETURNING url, source")?
            .query_row([id], |line| Ok((line.get(0)?, line.get(1)?)))?;
        self.transaction.prepare_cached(KEEP_ID)?.execute(params![LAST_ID, id])?;
        if let Ok(url) = Url::parse(&url) {
            for sql in [UNCOUNT_SHAPE, "DELETE FROM shapes WHERE shape = ?1 AND urls <= 0"] {
                self.transaction.prepare_cached(sql)?.execute([shape(&url)])?;
            }
        }
        let sql = "UPDATE counts SET urls = max(urls - 1, 0) WHERE source = ?1";
        self.transaction.prepare_cached(sql)?.execute([source]).map(drop)
    }
}

/// One address of that shape less.
pub(super) const UNCOUNT_SHAPE: &str = "UPDATE shapes SET urls = urls - 1 WHERE shape = ?1";

/// The note of the highest number of a row that is no more. Whoever is at work on that row knows it by its number, so none is
/// given twice.
pub(super) const LAST_ID: &str = "last id";
const KEEP_ID: &str = "INSERT INTO notes VALUES (?1, ?2, 0) \
    ON CONFLICT DO UPDATE SET text = max(CAST(text AS INTEGER), CAST(excluded.text AS INTEGER))";

/// Counts the shapes anew by the addresses that there are: earlier versions counted them as they were found, with parameters
/// that they are asked for without. It is done once to a file, in the one transaction that raises it, so that a kill leaves none
/// half counted; whoever opens it meanwhile waits, and beyond some millions of addresses may be told that it is locked.
pub(super) fn count_shapes(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM shapes", [])?;
    let mut statement = transaction.prepare("SELECT url FROM urls")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Ok(url) = Url::parse(&row.get::<_, String>(0)?) {
            transaction.prepare_cached(COUNT_SHAPE)?.execute([shape(&url)])?;
        }
    }
    Ok(())
}

/// Whether anything was noted at a time to come: each run and each claim leaves a note.
pub(super) const IS_AHEAD: &str = "SELECT coalesce(max(at), 0) > ?1 FROM notes";

/// The note of when the clock was first seen behind what was noted.
const BEHIND: &str = "clock behind";
/// For so long, in milliseconds, it may be the clock that is wrong now: one that starts at 1970 is soon set.
const DOUBT: i64 = 60 * 60 * 1000;

/// Whether the clock has been behind what was noted for so long that it is believed.
pub(super) fn is_believed(transaction: &Transaction<'_>, now: Timestamp, is_behind: bool) -> rusqlite::Result<bool> {
    let now = millis(now);
    let noted = transaction.query_row("SELECT at FROM notes WHERE name = ?1", [BEHIND], |line| line.get::<_, i64>(0));
    let since = noted.optional()?.filter(|since| is_behind && *since <= now);
    let believed = since.is_some_and(|since| now - since >= DOUBT);
    if believed || !is_behind {
        transaction.execute("DELETE FROM notes WHERE name = ?1", [BEHIND])?;
    } else if since.is_none() {
        transaction.execute("INSERT OR REPLACE INTO notes VALUES (?1, '', ?2)", params![BEHIND, now])?;
    }
    Ok(believed)
}

/// What was visited or found at a time to come was so by now, and what was set from there is set from now.
pub(super) fn turn_back(transaction: &Transaction<'_>, now: Timestamp) -> rusqlite::Result<u64> {
    let ahead = latest(now);
    let now = millis(now);
    let turned = transaction.execute(
        "UPDATE urls SET due_at = CASE WHEN max(found_at, coalesce(last_at, 0)) > ?2 \
             THEN ?1 + max(due_at - max(found_at, coalesce(last_at, 0)), 0) ELSE due_at END, \
             last_at = min(last_at, ?1), found_at = min(found_at, ?1), changed_at = min(changed_at, ?1) \
         WHERE last_at > ?2 OR found_at > ?2 OR changed_at > ?2",
        [now, ahead],
    )?;
    // What became ready at a time to come may not be due.
    transaction.execute("UPDATE urls SET state = 0 WHERE state = 1", [])?;
    transaction.execute("UPDATE notes SET at = ?1 WHERE at > ?2", [now, ahead])?;
    Ok(turned as u64)
}

/// The latest moment, in milliseconds since 1970, that a clock as it is now could have noted.
pub(super) fn latest(now: Timestamp) -> i64 {
    millis(now).saturating_add(CLOCK_SLACK)
}

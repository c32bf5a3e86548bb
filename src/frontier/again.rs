//! A known address that is found again: what it changed, what was given up and is asked for once more.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::claim::{REVISIT, TO_REVISIT};
use super::intake::Intake;
use super::rows::{COLUMNS, millis, moment, read, role_name};
use super::{Added, Find, Role, Row};
use crate::page::Timestamp;

const DAY: i64 = 24 * 60 * 60 * 1000;
/// So long, in milliseconds, what was given up is left alone: a list that another still names, or a page that is said to
/// have changed since;
const REST: i64 = 14 * DAY;
/// a page that is still named, as what kept it away may have passed;
const PAGE_REST: i64 = 30 * DAY;
/// and one that is what it is: a picture, too large, for subscribers.
const LONG_REST: i64 = 180 * DAY;
/// Sources that name one page and are looked at for its failures.
const FAILING_MAX: u32 = 16;
/// Outcomes that pass, or are mended by whoever looks after the site.
const PASSING: [&str; 8] = ["dns", "connect", "tls", "timeout", "http", "blocked", "gone", "soft-404"];

/// Each visit before its time that found a page as it was, in a row, is one doubt of what its list says of it; no more
/// than so many count.
pub(super) const DOUBT_MAX: i64 = 4;
/// So long a list is not believed: an eighth of the page's own time between visits for each doubt.
const DOUBTED_PART: i64 = 8;

/// How long an address is left alone that was given up with this outcome.
fn rest(is_list: bool, outcome: Option<&str>, is_news: bool) -> i64 {
    match outcome {
        _ if is_list => REST,
        Some(outcome) if !PASSING.contains(&outcome) => LONG_REST,
        _ if is_news => REST,
        _ => PAGE_REST,
    }
}

impl Row {
    /// When an address that was given up is asked for again, once what leads to it names it, or says that it changed since.
    pub fn rests_until(&self, is_news: bool) -> Option<Timestamp> {
        let Row { task, due_at, .. } = self;
        let is_list = matches!(task.role, Role::Feed | Role::Sitemap);
        let given_up = due_at.is_none() && !task.root && task.past.fails > 0;
        let rest = rest(is_list, task.past.last_outcome.as_deref(), is_news);
        task.past.last_at.filter(|_| given_up).map(|last| moment(millis(last).saturating_add(rest)))
    }
}

/// What counts of an address that is found again.
pub(super) struct Known {
    pub id: i64,
    pub key: String,
    /// A list that the list above it named no more, or a page that rests.
    pub dropped: bool,
    /// An address that is not to be visited any more, after failures or, as a list, for whatever reason.
    given_up: bool,
    pub is_list: bool,
    fails: bool,
    role: String,
    /// A page that was visited, last without a failure, and is not left to another row that asks where it moved.
    is_kept: bool,
    last_outcome: Option<String>,
    last_at: Option<i64>,
    /// In how many milliseconds after its last visit a change is believed again, after what was said in vain.
    doubted_for: i64,
    /// Whether it is to be visited at any time.
    pub due: bool,
    pub root: bool,
    priority: i32,
    pub source: String,
}

/// The columns of a [`Known`], in the order [`read_known`] takes them.
const KNOWN: &str = "id, last_at, root, priority, source, due_at IS NOT NULL, dropped, due_at IS NULL AND state = 0 AND \
     (role IN ('feed', 'sitemap') OR root = 0 AND fails > 0), key, role IN ('feed', 'sitemap'), last_outcome, role, \
     state = 0 AND fails = 0 AND root = 0 AND last_at IS NOT NULL AND role IN ('page', 'thread') AND \
     (due_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM urls AS other WHERE other.key = urls.moved_key \
     AND other.id != urls.id AND other.due_at IS NOT NULL)), doubt, interval, fails > 0";

pub(super) fn known(transaction: &Transaction<'_>, column: &str, key: &str) -> rusqlite::Result<Option<Known>> {
    let sql = format!("SELECT {KNOWN} FROM urls WHERE {column} = ?1 LIMIT 1");
    transaction.prepare_cached(&sql)?.query_row([key], read_known).optional()
}

/// Rows of a page, of all sources that name it. No key goes on with any other character below the one after the tab.
pub(super) const OF_KEY: &str = "key >= ?1 AND key < ?1 || char(10)";

/// A page as all sources know it that name it.
pub(super) fn known_of_all(transaction: &Transaction<'_>, key: &str) -> rusqlite::Result<Vec<Known>> {
    let sql = format!("SELECT {KNOWN} FROM urls WHERE {OF_KEY}");
    transaction.prepare_cached(&sql)?.query_map([key], read_known)?.collect()
}

fn read_known(line: &rusqlite::Row<'_>) -> rusqlite::Result<Known> {
    let doubt: i64 = line.get(13)?;
    let seconds = line.get::<_, Option<i64>>(14)?.unwrap_or(0);
    Ok(Known {
        id: line.get(0)?,
        key: line.get(8)?,
        last_at: line.get(1)?,
        doubted_for: seconds.saturating_mul(1000 / DOUBTED_PART).saturating_mul(doubt),
        root: line.get(2)?,
        priority: line.get(3)?,
        source: line.get(4)?,
        due: line.get(5)?,
        dropped: line.get(6)?,
        given_up: line.get(7)?,
        is_list: line.get(9)?,
        last_outcome: line.get(10)?,
        role: line.get(11)?,
        is_kept: line.get(12)?,
        fails: line.get(15)?,
    })
}

impl Known {
    /// Whether it is a page that its source takes no more.
    fn rests(&self) -> bool {
        self.dropped && !self.is_list && !self.root
    }

    /// Whether it rests, was never had or failed last, and another source finds it: that is to read it.
    pub(super) fn is_wanted_by(&self, find: &Find) -> bool {
        let is_unread = self.last_at.is_none() || self.fails;
        self.rests() && self.source != find.source && self.role == role_name(find.role) && is_unread
    }

    /// Whether it rests, and its own source finds it all the same, by an address that it takes.
    pub(super) fn is_found_again(&self, find: &Find) -> bool {
        self.rests() && self.source == find.source && !find.root
    }

    /// Whether a find says anything that is not known.
    pub(super) fn hears(&self, find: &Find, now: Timestamp) -> bool {
        let says =
            !self.fails && self.is_news(find, now) || find.priority > self.priority.max(0) || find.root && !self.root;
        says || self.wakes(find, now)
    }

    /// Whether what was left alone is to be asked for again, as it is named still: at once where a list had named it no
    /// more, after a rest where it was given up. Failures stay in a row: failing once more, it is given up at once.
    fn wakes(&self, find: &Find, now: Timestamp) -> bool {
        let rest = rest(self.is_list, self.last_outcome.as_deref(), self.is_news(find, now));
        let rested = self.last_at.is_none_or(|last| millis(now).saturating_sub(last) >= rest);
        let is_list = find.role.is_list();
        is_list && self.dropped || self.given_up && rested && (is_list || !self.is_list)
    }

    /// Whether it changed since its last visit, as what found it says; a date to come says nothing, and a list that was wrong
    /// is believed less and less.
    fn is_news(&self, find: &Find, now: Timestamp) -> bool {
        let fresh = find.fresh_at.filter(|at| *at <= now).map(millis);
        let is_believed = |last: i64| millis(now).saturating_sub(last) >= self.doubted_for;
        fresh.zip(self.last_at).is_some_and(|(fresh, last)| fresh > last && is_believed(last))
    }
}

impl Intake<'_> {
    /// How often the source that finds a page will visit it, where that is more often than the one that has it does.
    pub(super) fn next_keeper(&self, known: &Known, find: &Find) -> Option<Duration> {
        let same_role = known.role == role_name(find.role);
        if !known.is_kept || known.source == find.source || find.root || !same_role {
            return None;
        }
        let other = self.habits.get(&find.source)?;
        // One that is no more visits nothing, nor does one that leaves it out.
        let own = self.habits.get(&known.source).copied().filter(|_| !known.rests()).unwrap_or_default();
        let is_more = |revisit: &Duration| match own.revisit {
            None => !known.due,
            // Its links are followed at each visit, which the other would not do.
            Some(_) if own.leads_on => false,
            Some(own) => known.due && *revisit < own,
        };
        other.revisit.filter(is_more)
    }

    /// A page that two sources find is that of the one that visits it more often.
    pub(super) fn hand_over(&self, known: &mut Known, find: &Find) -> rusqlite::Result<()> {
        let Some(revisit) = self.next_keeper(known, find) else { return Ok(()) };
        let key = known.key.clone();
        self.take_over(known, &key, find)?;
        let wait = i64::try_from(revisit.as_millis()).unwrap_or(i64::MAX);
        let due = known.last_at.unwrap_or_default().saturating_add(wait);
        let sql = format!(
            "UPDATE urls SET interval = NULL, due_at = min(coalesce(due_at, ?2), ?2), {TO_REVISIT} WHERE id = ?1"
        );
        self.transaction.prepare_cached(&sql)?.execute([known.id, due]).map(drop)
    }
}

/// A known address found again: changed since, or named by the configuration now.
pub(super) fn renew(
    transaction: &Transaction<'_>,
    find: &Find,
    known: &Known,
    now: Timestamp,
    added: &mut Added,
) -> rusqlite::Result<()> {
    let (id, root, priority) = (known.id, known.root, known.priority);
    added.known += 1;
    if find.root && !root {
        transaction
            .prepare_cached("UPDATE urls SET root = 1, source = ?2, role = ?3, depth = 0, due_at = ?4, dropped = 0, state = min(state, 0) WHERE id = ?1 AND state < 2")?
            .execute(params![id, find.source, role_name(find.role), millis(find.due_at.unwrap_or(now))])?;
    }
    if known.is_news(find, now) {
        let renewed = transaction
            .prepare_cached("UPDATE urls SET due_at = ?2 WHERE id = ?1 AND state = 0 AND (due_at IS NULL OR due_at > ?2) AND fails = 0")?
            .execute(params![id, millis(now)])?;
        added.renewed += renewed as u64;
    }
    if known.wakes(find, now) {
        // What may be lost for ever keeps nothing from being read that is there; lists lead to more.
        transaction
            .prepare_cached(
                "UPDATE urls SET dropped = 0, due_at = coalesce(due_at, ?2), \
                 priority = CASE WHEN role IN ('feed', 'sitemap') THEN priority ELSE min(priority, ?3) END WHERE id = ?1",
            )?
            .execute(params![id, millis(now), REVISIT])?;
    }
    // A page that was had stays behind those that were not, however often it is named.
    if find.priority > priority.max(0) {
        transaction
            .prepare_cached("UPDATE urls SET priority = ?2 WHERE id = ?1")?
            .execute(params![id, find.priority])?;
    }
    Ok(())
}

/// Rows of an address that fail, of all sources that name it.
pub(super) fn failing(connection: &Connection, key: &str) -> rusqlite::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for of in [OF_KEY, "moved_key = ?1"] {
        let sql = format!("SELECT {COLUMNS} FROM urls WHERE {of} AND fails > 0 AND state < 2 LIMIT {FAILING_MAX}");
        let mut statement = connection.prepare_cached(&sql)?;
        for row in statement.query_map([key], read)? {
            rows.push(row?);
        }
    }
    Ok(rows)
}

/// Ends the row of failures of an address that was had.
pub(super) fn recover(
    transaction: &Transaction<'_>,
    id: i64,
    at: Timestamp,
    due: Option<Timestamp>,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE urls SET state = 0, fails = 0, visits = visits + 1, last_at = max(coalesce(last_at, ?2), ?2), \
             last_outcome = 'ok', due_at = CASE WHEN dropped THEN NULL ELSE ?3 END \
             WHERE id = ?1 AND fails > 0 AND state < 2",
        )?
        .execute(params![id, millis(at), due.map(millis)])
        .map(drop)
}

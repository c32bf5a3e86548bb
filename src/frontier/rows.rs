//! Rows of the store as values.

use std::time::Duration;

use rusqlite::Row as Line;

use super::{Past, Role, Row, SourceState, Task};
use crate::page::{Timestamp, Url};

/// Name, text, moment. The latest moment stays: it tells of a clock that ran ahead.
pub(super) const KEEP_NOTE: &str = "INSERT INTO notes VALUES (?1, ?2, ?3) \
    ON CONFLICT DO UPDATE SET text = excluded.text, at = max(at, excluded.at)";

/// The columns of a [`Row`], in the order [`read`] takes them.
pub(super) const COLUMNS: &str = "id, url, host, source, role, root, depth, priority, visits, fails, interval, last_at, \
     last_outcome, changed_at, leased_at, due_at, found_on, found_at, moved_to";

/// Milliseconds since 1970: small, ordered, and fine enough.
pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

pub(super) fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
}

pub(super) fn seconds(interval: Option<Duration>) -> Option<i64> {
    interval.map(|interval| i64::try_from(interval.as_secs()).unwrap_or(i64::MAX))
}

pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Page => "page",
        Role::Index => "index",
        Role::Feed => "feed",
        Role::Sitemap => "sitemap",
        Role::Thread => "thread",
    }
}

fn role_of(name: &str) -> Role {
    match name {
        "index" => Role::Index,
        "feed" => Role::Feed,
        "sitemap" => Role::Sitemap,
        "thread" => Role::Thread,
        _ => Role::Page,
    }
}

/// The texts behind the first column; empty where there is none.
pub(super) fn text_of<const N: usize>(line: &Line<'_>) -> rusqlite::Result<[String; N]> {
    let mut texts = [const { String::new() }; N];
    for (at, text) in texts.iter_mut().enumerate() {
        *text = line.get::<_, Option<String>>(at + 1)?.unwrap_or_default();
    }
    Ok(texts)
}

pub(super) fn read(line: &Line<'_>) -> rusqlite::Result<Row> {
    let url: String = line.get(1)?;
    let bad = |error: url::ParseError| {
        rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(error))
    };
    let at =
        |column: usize| -> rusqlite::Result<Option<Timestamp>> { Ok(line.get::<_, Option<i64>>(column)?.map(moment)) };
    let past = Past {
        visits: line.get(8)?,
        fails: line.get(9)?,
        interval: line.get::<_, Option<i64>>(10)?.map(|s| Duration::from_secs(u64::try_from(s).unwrap_or(0))),
        last_at: at(11)?,
        last_outcome: line.get(12)?,
        changed_at: at(13)?,
    };
    let task = Task {
        id: line.get(0)?,
        url: Url::parse(&url).map_err(bad)?,
        host: line.get(2)?,
        source: line.get(3)?,
        role: role_of(&line.get::<_, String>(4)?),
        root: line.get(5)?,
        depth: line.get(6)?,
        priority: line.get(7)?,
        past,
        leased_at: at(14)?,
        moved_to: line.get::<_, Option<String>>(18)?.and_then(|url| Url::parse(&url).ok()),
    };
    let found_on = line.get::<_, Option<String>>(16)?.and_then(|url| Url::parse(&url).ok());
    Ok(Row { task, due_at: at(15)?, found_on, found_at: moment(line.get(17)?) })
}

/// Adds the sums of one outcome to a source's state.
pub(super) fn fold(state: &mut SourceState, line: &Line<'_>) -> rusqlite::Result<()> {
    let outcome: Option<String> = line.get(1)?;
    let count = |column: usize| -> rusqlite::Result<u64> {
        Ok(line.get::<_, Option<i64>>(column)?.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
    };
    let at =
        |column: usize| -> rusqlite::Result<Option<Timestamp>> { Ok(line.get::<_, Option<i64>>(column)?.map(moment)) };
    state.urls += count(2)?;
    state.due += count(3)?;
    state.next_due = [state.next_due, at(4)?].into_iter().flatten().min();
    state.last_visit = state.last_visit.max(at(5)?);
    if matches!(outcome.as_deref(), Some("ok" | "unchanged")) {
        state.last_good = state.last_good.max(at(5)?);
    }
    state.last_found = state.last_found.max(at(6)?);
    state.last_change = state.last_change.max(at(7)?);
    state.root_fails = state.root_fails.max(line.get::<_, Option<u32>>(8)?.unwrap_or(0));
    let least = line.get::<_, Option<u32>>(9)?;
    state.all_fail = [state.all_fail, least].into_iter().flatten().min();
    if let Some(outcome) = outcome {
        *state.outcomes.entry(outcome).or_default() += count(2)?;
    }
    Ok(())
}

//! Finding captures.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params_from_iter};

use super::{Index, key, place};
use crate::archive::folder::Store;
use crate::archive::segments::Place;
use crate::archive::{Filter, Result};
use crate::capture::Id;

/// A capture as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::archive) struct Row {
    pub n: i64,
    /// The first bytes of its id.
    pub key: i64,
    pub time: i64,
    pub place: Place,
    /// The number of the full capture that this one repeats.
    pub base_n: Option<i64>,
    /// Where that one lies.
    pub base: Option<Place>,
}

/// A filter as SQL, with the values it names.
#[derive(Debug)]
pub(in crate::archive) struct Selection {
    sql: String,
    values: Vec<Value>,
}

const COLUMNS: &str = "SELECT c.n, c.time, c.segment, c.at, c.stored, b.segment, b.at, b.stored, c.key, c.base
    FROM captures c LEFT JOIN captures b ON b.n = c.base";

impl Selection {
    pub fn of(filter: &Filter) -> Self {
        let (conditions, mut values) = conditions(filter, "c");
        let mut sql = format!("{COLUMNS} WHERE c.n > ? AND c.n <= ?{conditions}");
        if filter.latest {
            let (again, same) = conditions_of_others(filter);
            sql += &format!(
                " AND NOT EXISTS (SELECT 1 FROM captures l WHERE l.url = c.url
                    AND (l.time, l.n) > (c.time, c.n) AND l.n <= ?{again})"
            );
            // The place of the bound is filled in by `rows`.
            values.push(Value::Null);
            values.extend(same);
        }
        sql += " ORDER BY c.n LIMIT ?";
        Self { sql, values }
    }
}

fn conditions_of_others(filter: &Filter) -> (String, Vec<Value>) {
    conditions(filter, "l")
}

/// The filter's conditions on a row of `captures` called `row`.
fn conditions(filter: &Filter, row: &str) -> (String, Vec<Value>) {
    let mut sql = String::new();
    let mut values = Vec::new();
    let mut and = |condition: String, more: Vec<Value>| {
        sql += " AND ";
        sql += &condition;
        values.extend(more);
    };
    if let Some(url) = &filter.url {
        let url = url.to_string();
        let key = key(Id::of(url.as_bytes()));
        and(format!("{row}.url = (SELECT n FROM urls WHERE key = ? AND url = ?)"), vec![key.into(), url.into()]);
    }
    if let Some(host) = &filter.host {
        // The plus keeps SQLite walking the captures in order instead of sorting a host's captures for each page.
        let host = crate::archive::host_name(host).unwrap_or_else(|_| host.to_lowercase());
        let of_host = "(SELECT host FROM hosts WHERE n = (SELECT host FROM urls WHERE n =";
        and(format!("? = rtrim({of_host} +{row}.url)), '.')"), vec![host.into()]);
    }
    if let Some(outcome) = filter.outcome {
        and(format!("{row}.outcome = ?"), vec![outcome.to_string().into()]);
    }
    if let Some(since) = filter.since {
        and(format!("{row}.time >= ?"), vec![super::add::time_key(since).into()]);
    }
    if let Some(until) = filter.until {
        and(format!("{row}.time <= ?"), vec![super::add::time_key(until).into()]);
    }
    (sql, values)
}

impl Index {
    /// The number of the last capture.
    pub fn last(&self) -> Result<i64> {
        self.connection
            .query_row("SELECT coalesce(max(n), 0) FROM captures", [], |row| row.get(0))
            .map_err(|error| self.error(error))
    }

    /// The captures of a selection after number `after`, up to `last`, at most `limit`.
    pub fn rows(&self, selection: &Selection, after: i64, last: i64, limit: i64) -> Result<Vec<Row>> {
        let bound = |value: &Value| if matches!(value, Value::Null) { last.into() } else { value.clone() };
        let values = [after.into(), last.into()]
            .into_iter()
            .chain(selection.values.iter().map(bound))
            .chain([Value::from(limit)]);
        self.connection
            .prepare_cached(&selection.sql)
            .and_then(|mut statement| statement.query_map(params_from_iter(values), row)?.collect())
            .map_err(|error| self.error(error))
    }

    /// The newest capture of an address at or before a moment, with text if so wanted.
    pub fn newest(&self, url: &str, at: i64, with_text: bool) -> Result<Option<Row>> {
        let text = if with_text { "AND c.text IS NOT NULL" } else { "" };
        let sql = format!(
            "{COLUMNS} WHERE c.url = (SELECT n FROM urls WHERE key = ?1 AND url = ?2) AND c.time <= ?3 {text}
             ORDER BY c.time DESC, c.n DESC LIMIT 1"
        );
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_row((key(Id::of(url.as_bytes())), url, at), row).optional())
            .map_err(|error| self.error(error))
    }

    /// The newest capture of any address that led to this one at or before a moment.
    pub fn newest_leading_to(&self, url: &str, at: i64) -> Result<Option<Row>> {
        let sql = format!(
            "{COLUMNS} WHERE c.final = (SELECT n FROM urls WHERE key = ?1 AND url = ?2) AND c.time <= ?3
             ORDER BY c.time DESC, c.n DESC LIMIT 1"
        );
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_row((key(Id::of(url.as_bytes())), url, at), row).optional())
            .map_err(|error| self.error(error))
    }

    /// The captures whose key, or whose text's key, lies in a range; after number `after`, at most `limit`.
    pub fn keyed(&self, range: (i64, i64), after: i64, limit: i64) -> Result<Vec<Row>> {
        let sql = format!(
            "{COLUMNS} WHERE c.n IN (SELECT n FROM captures WHERE key BETWEEN ?1 AND ?2
                UNION SELECT n FROM captures WHERE text BETWEEN ?1 AND ?2) AND c.n > ?3 ORDER BY c.n LIMIT ?4"
        );
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_map((range.0, range.1, after, limit), row)?.collect())
            .map_err(|error| self.error(error))
    }

    /// The captures of that key.
    pub fn of_key(&self, key: i64) -> Result<Vec<Row>> {
        self.connection
            .prepare_cached(&of_key())
            .and_then(|mut statement| statement.query_map([key], row)?.collect())
            .map_err(|error| self.error(error))
    }
}

fn of_key() -> String {
    format!("{COLUMNS} WHERE c.key = ?1 ORDER BY c.n")
}

fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let base = match row.get::<_, Option<i64>>(5)? {
        Some(segment) => Some(place(Store::Segments, segment, row.get(6)?, row.get(7)?)?),
        None => None,
    };
    let place = place(Store::Segments, row.get(2)?, row.get(3)?, row.get(4)?)?;
    Ok(Row { n: row.get(0)?, key: row.get(8)?, base_n: row.get(9)?, time: row.get(1)?, place, base })
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus::{RePrepare, Run};

    use super::*;
    use crate::archive::{Archive, Entry, Options};

    #[test]
    fn captures_are_found_by_their_ids_without_planning_anew() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let archive = Archive::init(place.path(), Options::default()).expect("a new archive");
        for number in 0..3 {
            assert!(archive.by_id(Id::of(&[number])).expect("the index is there").is_none());
        }
        let index = archive.reader();
        let statement = index.connection.prepare_cached(&of_key()).expect("it is a query");
        assert_eq!((statement.get_status(RePrepare), statement.get_status(Run)), (0, 3));
    }

    #[test]
    fn what_is_read_at_once_is_of_one_state_and_what_came_meanwhile_is_seen_after() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let archive = Archive::init(place.path(), Options::default()).expect("a new archive");
        let other = Archive::open(place.path(), Options::default()).expect("it is there");
        let add = |number: i64| {
            let url = format!("https://a.example/{number}");
            let json = serde_json::json!({ "url": url, "fetched_at": "2026-01-01T00:00:00Z", "outcome": "ok" });
            let capture = serde_json::from_value(json).expect("a capture");
            other.append(vec![Entry { capture, text: Some(format!("text {number}")), records: None, raw: None }])
        };
        let count = || archive.reader().last().expect("the index is there");
        let text = |number: i64| archive.text(Id::of(format!("text {number}").as_bytes()));
        add(1).expect("it is kept");
        archive.at_once(|| {
            assert_eq!(count(), 1);
            add(2).expect("who reads keeps nobody from writing");
            archive.at_once(|| assert_eq!(count(), 1, "the state is that of the outer one"));
            assert!(text(1).is_ok() && text(2).is_err());
        });
        assert!(count() == 2 && text(2).is_ok());
    }
}

//! Whatever the index says otherwise than the segments is found, as a second index finds it.

use rusqlite::types::Value;

use super::*;
use crate::archive::commit::CHAIN_START;
use crate::archive::index::Bulk;
use crate::archive::recover::Tail;
use crate::archive::walk::{Unwatched, Walk};
use crate::archive::{Archive, Entry, Options, PruneOptions};
use crate::capture::Records;
use crate::page::Timestamp;

const TABLES: [&str; 7] = ["archive", "segments", "blobs", "dropped", "hosts", "urls", "captures"];
const MISSING_MAX: usize = 9;

/// A visit with everything: an address that answered for it, text, records and raw bytes.
fn visit(url: &str, second: i64, text: &str, raw: &str) -> Entry {
    let at = Timestamp::from_second(1_767_225_600 + second).expect("a moment");
    let json = format!(
        r#"{{"url":"https://{url}","fetched_at":"{at}","outcome":"ok","final_url":"https://www.{url}","status":200}}"#
    );
    let capture = serde_json::from_str(&json).expect("a capture");
    Entry { capture, text: Some(text.to_owned()), records: Some(Records::default()), raw: Some(raw.into()) }
}

/// An archive with every kind of row: failures, repetitions, those with raw bytes of their own, bytes that were let go.
fn archive() -> (tempfile::TempDir, Archive) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let archive = Archive::init(place.path(), Options::default()).expect("a new archive");
    let keep = |entry: Entry| drop(archive.append(vec![entry]).expect("it is kept"));
    keep(visit("a.example/", 1, "What it says.", "<p>What it says."));
    keep(visit("b.example/", 2, "What another says.", "<p>What another says."));
    let raw_before = Some(Timestamp::from_second(1_767_225_600 + 3).expect("a moment"));
    let plan = archive.plan_prune(&PruneOptions { raw_before, ..PruneOptions::default() }).expect("a plan");
    archive.prune(&plan).expect("it is pruned");
    keep(visit("a.example/", 4, "What it says.", "<p>What it says."));
    keep(visit("a.example/", 5, "What it says.", "<b>What it says."));
    keep(visit("a.example/more", 6, "Much more.", "<p>Much more."));
    let json = r#"{"url":"https://c.example/","fetched_at":"2026-01-02T00:00:00Z","outcome":"dns"}"#;
    keep(Entry { capture: serde_json::from_str(json).expect("a capture"), text: None, records: None, raw: None });
    (place, archive)
}

/// What the segments say, without the records that `left_out` names.
fn read(archive: &Archive, left_out: &dyn Fn(usize) -> bool) -> Vec<Vec<Batch>> {
    let (mut batches, mut n) = (Vec::new(), 0);
    for (store, segment, until) in archive.reader().committed_segments().expect("they are known") {
        let from = Tail { segment, end: 0, commit: CHAIN_START };
        let mut walk = Walk::new(&archive.segments, store, from, until).expect("it can be walked");
        while let Some(mut batch) = walk.batch(&mut Unwatched).expect("it can be walked") {
            batch.items.retain(|_| {
                n += 1;
                !left_out(n - 1)
            });
            batches.push(vec![batch]);
        }
    }
    batches
}

type Told = Vec<(i64, String, Kind, i64)>;

fn told(missing: Vec<Missing>) -> Told {
    missing.into_iter().map(|m| (m.capture, m.url, m.kind, m.blob)).collect()
}

/// An index that can be read, made of these; one to compare with; what is missing in it; how many repetitions are lost.
fn made(archive: &Archive, left_out: &dyn Fn(usize) -> bool) -> (Index, Index, Told, usize) {
    let bulk = || {
        let mut bulk = Bulk::new(&archive.segments, None).expect("empty");
        read(archive, left_out).iter().try_for_each(|batches| bulk.add(batches)).expect("they can be added");
        bulk
    };
    let live = bulk().finish(&archive.segments).expect("it is made");
    // What is made anew keeps no journal, and takes nothing back.
    live.connection.pragma_update(None, "journal_mode", "MEMORY").expect("it is set");
    let (fresh, lost, missing) = bulk().finish_to_compare(&archive.segments, MISSING_MAX).expect("it is made");
    (live, fresh, told(missing), lost.len())
}

#[test]
fn it_agrees_with_a_second_index_whatever_is_not_there() {
    let (_place, archive) = archive();
    let count: usize = read(&archive, &|_| false).iter().flatten().map(|batch| batch.items.len()).sum();
    let (whole, whole_fresh, missing, lost) = made(&archive, &|_| false);
    assert_eq!((missing, lost), (Vec::new(), 0));
    let (mut missing_once, mut lost_once) = (0, 0);
    for gone in 0..=count {
        let without = |n| n == gone;
        let (live, fresh, missing, lost) = made(&archive, &without);
        let same = live.collate(&archive.segments, read(&archive, &without), MISSING_MAX);
        // Where a repetition is lost, only a second index says which.
        assert_eq!(same.map(told), (lost == 0).then_some(missing.clone()), "without {gone}");
        (missing_once, lost_once) = (missing_once + missing.len(), lost_once + lost);
        // Against another the two say the same.
        let equal = whole.difference(&fresh).expect("both can be read").is_none();
        let same = whole.collate(&archive.segments, read(&archive, &without), MISSING_MAX);
        assert_eq!(same.is_some(), equal, "without {gone}");
        let equal = live.difference(&whole_fresh).expect("both can be read").is_none();
        let same = live.collate(&archive.segments, read(&archive, &|_| false), MISSING_MAX);
        assert_eq!(same.is_some(), equal, "with {gone}");
    }
    assert!(missing_once > 4 && lost_once > 0, "{missing_once} {lost_once}");
}

/// A value with one thing changed, in as many ways as may matter.
fn altered(value: &Value) -> Vec<Value> {
    let other = match value {
        Value::Integer(n) => vec![Value::Integer(n + 1), Value::Integer(n - 1), Value::Text(format!("{n}x"))],
        Value::Text(text) => vec![Value::Text(format!("{text}x")), Value::Blob(text.clone().into_bytes())],
        Value::Blob(bytes) => vec![Value::Blob([&[bytes[0] ^ 1], &bytes[1..]].concat())],
        Value::Null => return vec![Value::Integer(1), Value::Text(String::new())],
        Value::Real(_) => Vec::new(),
    };
    [other, vec![Value::Null]].concat()
}

fn rows(index: &Index, table: &str) -> (Vec<String>, Vec<Vec<Value>>) {
    let mut statement = index.connection.prepare(&format!("SELECT * FROM {table}")).expect("it is a query");
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let read = |row: &Row<'_>| (0..columns.len()).map(|column| row.get(column)).collect();
    let rows = statement.query_map([], read).and_then(Iterator::collect).expect("they can be read");
    (columns, rows)
}

/// Changes the index, and tells whether collating and comparing both find it. `None` where SQLite refuses the change.
fn is_found(archive: &Archive, fresh: &Index, index: &Index, sql: &str, values: &[Value]) -> Option<(bool, bool)> {
    index.connection.execute_batch("SAVEPOINT change").expect("nothing else is open");
    let changed = if values.is_empty() {
        index.connection.execute_batch(sql).is_ok()
    } else {
        index.connection.execute(sql, rusqlite::params_from_iter(values)).is_ok_and(|rows| rows == 1)
    };
    let found = changed.then(|| {
        let collated = index.collate(&archive.segments, read(archive, &|_| false), MISSING_MAX);
        (collated.is_none(), !matches!(index.difference(fresh), Ok(None)))
    });
    index.connection.flush_prepared_statement_cache();
    index.connection.execute_batch("ROLLBACK TO change; RELEASE change").expect("it is undone");
    found
}

fn all_is_undone(archive: &Archive, fresh: &Index, index: &Index) {
    let collated = index.collate(&archive.segments, read(archive, &|_| false), MISSING_MAX);
    assert_eq!(collated.map(told), Some(Vec::new()));
    assert_eq!(index.difference(fresh).expect("both can be read"), None);
}

#[test]
fn each_column_of_each_row_is_compared() {
    let (_place, archive) = archive();
    let (index, fresh, ..) = made(&archive, &|_| false);
    for table in TABLES {
        let (columns, rows) = rows(&index, table);
        assert!(!rows.is_empty(), "{table}");
        let of_row = columns.iter().enumerate().map(|(n, column)| format!("{column} IS ?{}", n + 2));
        let of_row = of_row.collect::<Vec<_>>().join(" AND ");
        for (column, name) in columns.iter().enumerate() {
            let mut changes = 0;
            for row in &rows {
                for value in altered(&row[column]) {
                    let sql = format!("UPDATE {table} SET {name} = ?1 WHERE {of_row}");
                    let values = [std::slice::from_ref(&value), &row[..]].concat();
                    let Some(found) = is_found(&archive, &fresh, &index, &sql, &values) else { continue };
                    assert_eq!(found, (true, true), "{table}.{name} of {row:?} as {value:?}");
                    changes += 1;
                }
            }
            assert!(changes > 0, "{table}.{name}");
        }
        for row in &rows {
            let sql = format!("DELETE FROM {table} WHERE ?1 IS NULL AND {of_row}");
            let values = [&[Value::Null], &row[..]].concat();
            let found = is_found(&archive, &fresh, &index, &sql, &values);
            assert_eq!(found, Some((true, true)), "{table} without {row:?}");
        }
        all_is_undone(&archive, &fresh, &index);
    }
}

#[test]
fn rows_that_agree_among_themselves_alone_are_found() {
    let (_place, archive) = archive();
    let (index, fresh, ..) = made(&archive, &|_| false);
    let swapped = |table: &str, column: &str| {
        format!("UPDATE {table} SET {column} = CASE {column} WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE {column} END;")
    };
    let renumbered =
        |table: &str| format!("UPDATE {table} SET n = -n WHERE n < 3; UPDATE {table} SET n = n + 3 WHERE n < 0;");
    let changes = [
        // Two addresses, and two hosts, that have each other's numbers everywhere.
        renumbered("urls") + &swapped("captures", "url") + &swapped("captures", "final"),
        renumbered("hosts") + &swapped("urls", "host"),
        // An address, and a host, that is there twice and used as either.
        "INSERT INTO urls SELECT (SELECT max(n) + 1 FROM urls), key, url, host FROM urls WHERE n = 1;
            UPDATE captures SET url = (SELECT max(n) FROM urls) WHERE n = (SELECT max(n) FROM captures WHERE url = 1);"
            .to_owned(),
        "CREATE TABLE other (n INTEGER PRIMARY KEY, host TEXT NOT NULL); INSERT INTO other SELECT * FROM hosts;
            DROP TABLE hosts; ALTER TABLE other RENAME TO hosts;
            INSERT INTO hosts SELECT (SELECT max(n) + 1 FROM hosts), host FROM hosts WHERE n = 1;
            UPDATE urls SET host = (SELECT max(n) FROM hosts) WHERE n = (SELECT max(n) FROM urls WHERE host = 1);"
            .to_owned(),
        // One row twice in place of another.
        "CREATE TABLE other (key INTEGER, kind INTEGER); INSERT INTO other SELECT a.key, a.kind FROM dropped AS b, \
         (SELECT key, kind FROM dropped LIMIT 1) AS a; DROP TABLE dropped; ALTER TABLE other RENAME TO dropped;"
            .to_owned(),
        // Sums of columns that stay as they were.
        "UPDATE blobs SET raw = raw + CASE key WHEN (SELECT max(key) FROM blobs) THEN 1 WHEN (SELECT min(key) FROM blobs) \
         THEN -1 ELSE 0 END;"
            .to_owned(),
        // Rows that nobody wrote.
        "INSERT INTO archive SELECT id FROM archive;".to_owned(),
        "INSERT INTO segments SELECT store, segment + 9, committed, commit_id, sealed FROM segments LIMIT 1;".to_owned(),
        "INSERT INTO blobs SELECT key, kind, segment, at + 1, stored, raw, base FROM blobs LIMIT 1;".to_owned(),
        "INSERT INTO dropped VALUES (0, 4);".to_owned(),
        "INSERT INTO dropped VALUES (-1, 4);".to_owned(),
        "INSERT INTO hosts VALUES (NULL, 'x.example');".to_owned(),
        "INSERT INTO urls VALUES (NULL, 1, 'https://x.example/', 1);".to_owned(),
        "INSERT INTO captures SELECT NULL, key, url, time, outcome, text, words, segment, at, stored, base, final, kind, language, \
         raw FROM captures LIMIT 1;"
            .to_owned(),
        "ALTER TABLE captures ADD COLUMN more;".to_owned(),
        // Without it a repetition could be looked for only in all rows.
        "DELETE FROM captures WHERE n = 1; DROP INDEX captures_key;".to_owned(),
    ];
    for change in changes {
        let found = is_found(&archive, &fresh, &index, &change, &[]);
        assert_eq!(found, Some((true, true)), "{change}");
        all_is_undone(&archive, &fresh, &index);
    }
}

#[test]
fn tables_that_are_not_made_as_ours_are_not_collated() {
    let (_place, archive) = archive();
    let (index, ..) = made(&archive, &|_| false);
    assert!(index.is_collatable());
    for change in [
        "DROP INDEX captures_url;",
        "CREATE INDEX more ON captures (words);",
        "CREATE TABLE other AS SELECT * FROM hosts; DROP TABLE hosts; ALTER TABLE other RENAME TO hosts;",
    ] {
        index.connection.execute_batch(&format!("BEGIN; {change}")).expect("it is changed");
        assert!(!index.is_collatable(), "{change}");
        index.connection.execute_batch("ROLLBACK").expect("it is undone");
        assert!(index.is_collatable());
    }
}

#[test]
fn an_index_of_its_tables_that_is_damaged_is_found() {
    let (_place, archive) = archive();
    let (index, fresh, ..) = made(&archive, &|_| false);
    let change = "PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = 'CREATE INDEX captures_url ON captures (time, url)' WHERE name = 'captures_url';
        PRAGMA writable_schema = RESET;";
    index.connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false).expect("it is set");
    index.connection.execute_batch(change).expect("the schema is changed");
    assert!(!matches!(index.difference(&fresh), Ok(None)), "SQLite itself tells");
    assert!(index.collate(&archive.segments, read(&archive, &|_| false), MISSING_MAX).is_none());
}

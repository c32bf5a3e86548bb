//! archive, from outside.

mod aside;
mod basics;
mod bench;
mod beside;
mod brief;
mod care;
mod crash;
mod cut;
mod damage;
mod generations;
mod hostile;
mod lost;
mod many;
mod meanwhile;
mod parity;
mod peers;
mod power;
mod refusals;
mod sample;
mod seal;
mod speed;
mod warc;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use gleaner::archive::{Archive, Entry, Filter, Options};
use gleaner::capture::{Capture, Outcome, Records};
use gleaner::document::{Kind, Metadata, Post, Sourced};
use gleaner::page::Url;

/// A visit of an address, `second` seconds into 2026.
fn capture(url: &str, second: i64) -> Capture {
    Capture {
        id: None,
        url: Url::parse(url).expect("a test's address is one"),
        fetched_at: jiff::Timestamp::new(1_767_225_600 + second, 0).expect("in range"),
        outcome: Outcome::Ok,
        detail: None,
        status: Some(200),
        final_url: None,
        hops: Vec::new(),
        content_type: Some("text/html; charset=utf-8".to_owned()),
        etag: Some(format!("\"{second}\"")),
        last_modified: None,
        rendered: false,
        partial: false,
        text: None,
        records: None,
        raw: None,
        kind: Kind::Article,
        metadata: Metadata {
            title: Some(Sourced { value: format!("The title of {url}"), source: "og:title".to_owned() }),
            ..Metadata::default()
        },
        confidence: 0.9,
        words_kept: 9,
        words_removed: BTreeMap::from([("navigation".to_owned(), 40)]),
        extractor: "gleaner 0.1.0 rules 1".to_owned(),
        rights: Vec::new(),
        tags: Vec::new(),
    }
}

/// A visit that brought text, records and raw bytes.
fn entry(url: &str, second: i64, text: &str) -> Entry {
    let post = Post { position: 1, author: Some("Ada".to_owned()), text: text.to_owned(), ..Post::default() };
    Entry {
        capture: capture(url, second),
        text: Some(text.to_owned()),
        records: Some(Records { thread: None, posts: vec![post] }),
        raw: Some(format!("<html><body><nav>Home</nav><p>{text}</p></body></html>").into_bytes()),
    }
}

/// A visit that failed.
fn failure(url: &str, second: i64, outcome: Outcome) -> Entry {
    let bare = Capture { outcome, status: None, metadata: Metadata::default(), etag: None, ..capture(url, second) };
    Entry { capture: bare, text: None, records: None, raw: None }
}

fn open(folder: &Path) -> Archive {
    Archive::open(folder, Options::default()).expect("the archive opens")
}

/// All captures that the filter lets through.
fn list(archive: &Archive, filter: &Filter) -> Vec<Capture> {
    let mut captures = Vec::new();
    let visit = &mut |capture| {
        captures.push(capture);
        ControlFlow::Continue(())
    };
    archive.captures(filter, visit).expect("the captures can be read");
    captures
}

fn all(archive: &Archive) -> Vec<Capture> {
    list(archive, &Filter::default())
}

/// A temporary folder, in memory where that is possible: most tests do not ask what a disk does.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary folder")
}

/// A new archive in a temporary folder, which goes when the guard does.
fn new_archive() -> (tempfile::TempDir, Archive) {
    let folder = folder();
    let archive = Archive::init(&folder.path().join("archive"), Options::default()).expect("a new archive");
    (folder, archive)
}

/// The archive's list of the erased as it was before the first erasing: as a backup of all of it brings it back.
fn forget_erased(place: &Path) {
    std::fs::remove_file(place.join("erased.log")).unwrap();
    let format = std::fs::read_to_string(place.join("FORMAT")).unwrap();
    let is_older = |line: &&str| !line.starts_with("erased: ") && !line.starts_with("crc32c: ");
    let lines: String = format.lines().filter(is_older).map(|line| format!("{line}\n")).collect();
    let crc = crc32c::crc32c(lines.as_bytes());
    std::fs::write(place.join("FORMAT"), format!("{lines}crc32c: {crc:08x}\n")).unwrap();
}

/// Every row of every table of the index.
fn dump_index(folder: &Path) -> Vec<String> {
    let index = rusqlite::Connection::open(folder.join("index.sqlite")).expect("the index opens");
    let mut dump = Vec::new();
    for table in ["archive", "segments", "blobs", "dropped", "hosts", "urls", "captures"] {
        let mut statement = index.prepare(&format!("SELECT * FROM {table}")).expect("the table is there");
        let columns = statement.column_count();
        let mut rows = statement.query([]).expect("the table can be read");
        while let Some(row) = rows.next().expect("the row can be read") {
            let values: Vec<rusqlite::types::Value> = (0..columns).map(|n| row.get(n).expect("any value")).collect();
            dump.push(format!("{table} {values:?}"));
        }
    }
    dump
}

fn delete_index(folder: &Path) {
    for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
        let _ = std::fs::remove_file(folder.join(name));
    }
}

/// What `check` finds wrong.
fn problems(archive: &Archive) -> Vec<String> {
    archive.check().expect("the check comes to its end").problems
}

/// Says that a test did not run. Written past the test harness, which hides what passing tests print.
fn skipped(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

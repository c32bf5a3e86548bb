//! Taking batches into the index. One path for new batches and for rebuilding, so that both give the same rows.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{Index, first_with, key, place};
use crate::archive::Result;
use crate::archive::folder::Store;
use crate::archive::record::{Header, Kind};
use crate::archive::segments::{Place, Segments};
use crate::capture::{Capture, Id};
use crate::page::Timestamp;

/// The records between two commits of one segment.
#[derive(Debug)]
pub(in crate::archive) struct Batch {
    pub store: Store,
    pub segment: u32,
    /// The place after the commit record.
    pub end: u64,
    pub commit: Id,
    pub items: Vec<Item>,
}

/// A record as the index sees it.
#[derive(Debug)]
pub(in crate::archive) struct Item {
    pub offset: u64,
    pub header: Header,
    pub what: What,
}

#[derive(Debug)]
pub(in crate::archive) enum What {
    Blob,
    Full(Facts),
    Repeat {
        base: Id,
        time: i64,
        outcome: String,
        raw: Option<Id>,
    },
    /// Nothing that is looked for.
    Other,
}

/// What captures are found by, and the blobs they name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::archive) struct Facts {
    pub url: String,
    pub host: String,
    pub time: i64,
    pub outcome: String,
    pub text: Option<Id>,
    pub words: u32,
    pub records: Option<Id>,
    pub raw: Option<Id>,
}

impl Facts {
    pub fn of(capture: &Capture) -> Self {
        Self {
            url: capture.url.to_string(),
            host: capture.url.host_str().unwrap_or_default().to_owned(),
            time: time_key(capture.fetched_at),
            outcome: capture.outcome.to_string(),
            text: capture.text,
            words: capture.words_kept,
            records: capture.records,
            raw: capture.raw,
        }
    }
}

/// A moment as the index orders it: nanoseconds, of which 64 bits reach from 1677 to 2262.
pub(in crate::archive) fn time_key(time: Timestamp) -> i64 {
    time.as_nanosecond().clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

impl Index {
    /// Takes batches in, all or none. Captures whose base is nowhere are returned: their address is unknown.
    pub fn add(&mut self, segments: &Segments, batches: &[Batch]) -> Result<Vec<Place>> {
        let path = self.path.clone();
        let failed = |error| crate::archive::ArchiveError::index(&path, error);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let mut lost = Vec::new();
        for batch in batches {
            for item in &batch.items {
                if !add_item(&transaction, segments, batch, item).map_err(|error| error.or(&path))? {
                    lost.push(item_place(batch, item));
                }
            }
            transaction
                .prepare_cached("INSERT OR REPLACE INTO segments VALUES (?1, ?2, ?3, ?4)")
                .and_then(|mut put| put.execute((batch.store as i64, batch.segment, batch.end as i64, batch.commit.0)))
                .map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        Ok(lost)
    }
}

/// An error of the index or of reading a segment while indexing.
enum AddError {
    Index(rusqlite::Error),
    Archive(crate::archive::ArchiveError),
}

impl From<rusqlite::Error> for AddError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Index(error)
    }
}

impl AddError {
    fn or(self, path: &std::path::Path) -> crate::archive::ArchiveError {
        match self {
            Self::Index(error) => crate::archive::ArchiveError::index(path, error),
            Self::Archive(error) => error,
        }
    }
}

fn item_place(batch: &Batch, item: &Item) -> Place {
    Place { store: batch.store, segment: batch.segment, offset: item.offset, bytes: item.header.record_bytes() }
}

/// `false` when the record repeats a capture that is nowhere.
fn add_item(
    connection: &Connection,
    segments: &Segments,
    batch: &Batch,
    item: &Item,
) -> std::result::Result<bool, AddError> {
    let place = item_place(batch, item);
    match &item.what {
        What::Blob => add_blob(connection, &place, &item.header)?,
        What::Full(facts) => add_full(connection, &place, item.header.id, facts)?,
        What::Repeat { base, time, outcome, .. } => {
            let Some(n) = capture(connection, segments, *base)? else { return Ok(false) };
            add_repeat(connection, &place, item.header.id, n, *time, outcome)?;
        }
        What::Other => {}
    }
    Ok(true)
}

fn add_blob(connection: &Connection, place: &Place, header: &Header) -> rusqlite::Result<()> {
    connection.prepare_cached("INSERT OR IGNORE INTO blobs VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute((
        key(header.id),
        header.kind.0,
        place.segment,
        place.offset as i64,
        place.bytes,
        header.raw,
    ))?;
    Ok(())
}

fn add_full(connection: &Connection, place: &Place, id: Id, facts: &Facts) -> rusqlite::Result<()> {
    let url = url(connection, facts)?;
    connection
        .prepare_cached("INSERT INTO captures VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)")?
        .execute((
            key(id),
            url,
            facts.time,
            &facts.outcome,
            facts.text.map(key),
            facts.words,
            place.segment,
            place.offset as i64,
            place.bytes,
        ))?;
    Ok(())
}

fn add_repeat(
    connection: &Connection,
    place: &Place,
    id: Id,
    base: i64,
    time: i64,
    outcome: &str,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO captures SELECT NULL, ?1, url, ?2, ?3, text, words, ?4, ?5, ?6, n FROM captures WHERE n = ?7",
        )?
        .execute((key(id), time, outcome, place.segment, place.offset as i64, place.bytes, base))?;
    Ok(())
}

/// The row of the full capture with that id.
fn capture(connection: &Connection, segments: &Segments, id: Id) -> std::result::Result<Option<i64>, AddError> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok((row.get::<_, i64>(0)?, place(Store::Segments, row.get(1)?, row.get(2)?, row.get(3)?)?))
    };
    let candidates: Vec<(i64, Place)> = connection
        .prepare_cached("SELECT n, segment, at, stored FROM captures WHERE key = ?1 AND base IS NULL ORDER BY n")?
        .query_map([key(id)], read)?
        .collect::<rusqlite::Result<_>>()?;
    let found = first_with(segments, id, candidates.iter().map(|(_, place)| *place).collect());
    let found = found.map_err(AddError::Archive)?;
    Ok(candidates.iter().find(|(_, place)| Some(*place) == found).map(|(n, _)| *n))
}

fn url(connection: &Connection, facts: &Facts) -> rusqlite::Result<i64> {
    let key = key(Id::of(facts.url.as_bytes()));
    let known = connection
        .prepare_cached("SELECT n FROM urls WHERE key = ?1 AND url = ?2")?
        .query_row((key, &facts.url), |row| row.get(0))
        .optional()?;
    if let Some(n) = known {
        return Ok(n);
    }
    connection.prepare_cached("INSERT OR IGNORE INTO hosts VALUES (NULL, ?1)")?.execute([&facts.host])?;
    let host: i64 =
        connection.prepare_cached("SELECT n FROM hosts WHERE host = ?1")?.query_row([&facts.host], |row| row.get(0))?;
    connection.prepare_cached("INSERT INTO urls VALUES (NULL, ?1, ?2, ?3)")?.execute((key, &facts.url, host))?;
    Ok(connection.last_insert_rowid())
}

/// What a kind of record is to the index when it needs no content.
impl What {
    pub fn of_blob(kind: Kind) -> Self {
        if kind.is_blob() { Self::Blob } else { Self::Other }
    }
}

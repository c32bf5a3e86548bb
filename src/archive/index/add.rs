//! Taking batches into the index. One path for new batches and for rebuilding, so that both give the same rows.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{Index, first_with, key, place};
use crate::archive::Result;
use crate::archive::folder::{Seg, Store};
use crate::archive::record::{Header, Kind};
use crate::archive::segments::{Place, Segments};
use crate::capture::{Capture, Id};
use crate::page::{Timestamp, Url};

/// The records between two commits of one segment.
#[derive(Debug)]
pub(in crate::archive) struct Batch {
    pub store: Store,
    pub segment: Seg,
    /// The place after the commit record.
    pub end: u64,
    pub commit: Id,
    /// Whether the batch ends what a sealing wrote.
    pub sealed: bool,
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
    /// A blob, and the base that it is packed against.
    Blob(Option<Id>),
    Full(Facts),
    Repeat {
        base: Id,
        time: i64,
        outcome: String,
        raw: Option<Id>,
    },
    /// Blobs that captures name and that were let go.
    Dropped(Vec<(Kind, Id)>),
    /// Nothing that is looked for.
    Other,
}

/// What captures are found by, and the blobs they name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::archive) struct Facts {
    pub url: String,
    pub host: String,
    pub time: i64,
    pub outcome: String,
    pub text: Option<Id>,
    pub words: u32,
    pub records: Option<Id>,
    pub raw: Option<Id>,
    /// The address that answered, where it is another.
    pub final_url: Option<(String, String)>,
    pub kind: Option<String>,
    pub language: Option<String>,
}

impl Facts {
    pub fn of(capture: &Capture) -> Self {
        let (url, host) = address(&capture.url);
        Self {
            url,
            host,
            time: time_key(capture.fetched_at),
            outcome: capture.outcome.to_string(),
            text: capture.text,
            words: capture.words_kept,
            records: capture.records,
            raw: capture.raw,
            final_url: capture.final_url.as_ref().map(address),
            kind: capture.text.and_then(|_| word_of(&capture.kind)),
            language: language_of(capture),
        }
    }
}

/// An address and its host.
fn address(url: &Url) -> (String, String) {
    (url.to_string(), url.host_str().unwrap_or_default().to_owned())
}

/// The text's language without region or script, where one is known.
fn language_of(capture: &Capture) -> Option<String> {
    let primary = capture.metadata.language_told()?.split(['-', '_']).next()?.to_ascii_lowercase();
    (2..=3).contains(&primary.len()).then_some(primary).filter(|_| capture.text.is_some())
}

/// A value that is written as one word.
fn word_of(value: &impl serde::Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

/// A moment as the index orders it: nanoseconds, of which 64 bits reach from 1677 to 2262.
pub(in crate::archive) fn time_key(time: Timestamp) -> i64 {
    time.as_nanosecond().clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

/// What is sealed stays so when more is appended.
pub(super) const PUT_SEGMENT: &str = "INSERT INTO segments VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET
    committed = excluded.committed, commit_id = excluded.commit_id, sealed = max(sealed, excluded.sealed)";

impl Index {
    /// Takes batches in, all or none. Captures whose base is nowhere are returned: their address is unknown.
    pub fn add(&mut self, segments: &Segments, batches: &[Batch]) -> Result<Vec<Place>> {
        let path = self.path.clone();
        let failed = |error| crate::archive::ArchiveError::index(&path, error);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let lost = put(&transaction, segments, &path, batches, false)?;
        transaction.commit().map_err(failed)?;
        Ok(lost)
    }
}

/// Puts batches in; without their captures where these are there already.
pub(super) fn put(
    connection: &Connection,
    segments: &Segments,
    path: &std::path::Path,
    batches: &[Batch],
    blobs_alone: bool,
) -> Result<Vec<Place>> {
    let mut lost = Vec::new();
    for batch in batches {
        for item in &batch.items {
            if blobs_alone && matches!(item.what, What::Full(_) | What::Repeat { .. }) {
                continue;
            }
            if !add_item(connection, segments, batch, item).map_err(|error| error.or(path))? {
                lost.push(batch.place(item));
            }
        }
        let (end, sealed) = (batch.end as i64, if batch.sealed { batch.end as i64 } else { 0 });
        connection
            .prepare_cached(PUT_SEGMENT)
            .and_then(|mut put| put.execute((batch.store as i64, batch.segment.code(), end, batch.commit.0, sealed)))
            .map_err(|error| crate::archive::ArchiveError::index(path, error))?;
    }
    Ok(lost)
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

impl Batch {
    /// Where one of its records lies.
    pub fn place(&self, item: &Item) -> Place {
        Place { store: self.store, segment: self.segment, offset: item.offset, bytes: item.header.record_bytes() }
    }
}

/// `false` when the record repeats a capture that is nowhere.
fn add_item(
    connection: &Connection,
    segments: &Segments,
    batch: &Batch,
    item: &Item,
) -> std::result::Result<bool, AddError> {
    let place = batch.place(item);
    match &item.what {
        What::Blob(base) => add_blob(connection, &place, &item.header, *base)?,
        What::Dropped(blobs) => blobs.iter().try_for_each(|&(kind, id)| add_dropped(connection, kind, id))?,
        What::Full(facts) => add_full(connection, &place, item.header.id, facts)?,
        What::Repeat { base, time, outcome, raw } => {
            let Some(n) = capture(connection, segments, *base)? else { return Ok(false) };
            add_repeat(connection, &place, item.header.id, n, (*time, outcome, *raw))?;
        }
        What::Other => {}
    }
    Ok(true)
}

fn add_blob(connection: &Connection, place: &Place, header: &Header, base: Option<Id>) -> rusqlite::Result<()> {
    connection.prepare_cached("INSERT OR IGNORE INTO blobs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute((
        key(header.id),
        header.kind.0,
        place.segment.code(),
        place.offset as i64,
        place.bytes,
        header.raw,
        base.map(key),
    ))?;
    Ok(())
}

fn add_dropped(connection: &Connection, kind: Kind, id: Id) -> rusqlite::Result<()> {
    connection.prepare_cached("INSERT OR IGNORE INTO dropped VALUES (?1, ?2)")?.execute((key(id), kind.0)).map(drop)
}

fn add_full(connection: &Connection, place: &Place, id: Id, facts: &Facts) -> rusqlite::Result<()> {
    let url = add_url(connection, &facts.url, &facts.host)?;
    let last = facts.final_url.as_ref().map(|(url, host)| add_url(connection, url, host)).transpose()?;
    put_capture(connection, None, place, key(id), facts, (url, last))
}

/// The row of a full capture, under the next number where none is given. `urls` are the numbers of its address and of the
/// one that answered.
pub(super) fn put_capture(
    connection: &Connection,
    n: Option<i64>,
    place: &Place,
    key_of_id: i64,
    facts: &Facts,
    urls: (i64, Option<i64>),
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO captures VALUES (?14, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, ?10, ?11, ?12, ?13)",
        )?
        .execute((
            key_of_id,
            urls.0,
            facts.time,
            &facts.outcome,
            facts.text.map(key),
            facts.words,
            place.segment.code(),
            place.offset as i64,
            place.bytes,
            urls.1,
            &facts.kind,
            &facts.language,
            facts.raw.map(key),
            n,
        ))?;
    Ok(())
}

fn add_repeat(
    connection: &Connection,
    place: &Place,
    id: Id,
    base: i64,
    (time, outcome, raw): (i64, &str, Option<Id>),
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            // Any failure undoes the whole batch, so SQLite need not be able to undo this row alone.
            "INSERT OR FAIL INTO captures SELECT NULL, ?1, url, ?2, ?3, text, words, ?4, ?5, ?6, n, final, kind, language,
                coalesce(?8, raw) FROM captures WHERE n = ?7",
        )?
        .execute((
            key(id),
            time,
            outcome,
            place.segment.code(),
            place.offset as i64,
            place.bytes,
            base,
            raw.map(key),
        ))?;
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

fn add_url(connection: &Connection, url: &str, host: &str) -> rusqlite::Result<i64> {
    let key = key(Id::of(url.as_bytes()));
    let known = connection
        .prepare_cached("SELECT n FROM urls WHERE key = ?1 AND url = ?2")?
        .query_row((key, url), |row| row.get(0))
        .optional()?;
    if let Some(n) = known {
        return Ok(n);
    }
    let host = number_of_host(connection, host)?;
    connection.prepare_cached("INSERT INTO urls VALUES (NULL, ?1, ?2, ?3)")?.execute((key, url, host))?;
    Ok(connection.last_insert_rowid())
}

/// Most addresses are of a host that is there.
pub(super) fn number_of_host(connection: &Connection, host: &str) -> rusqlite::Result<i64> {
    let known = connection
        .prepare_cached("SELECT n FROM hosts WHERE host = ?1")?
        .query_row([host], |row| row.get(0))
        .optional()?;
    if let Some(n) = known {
        return Ok(n);
    }
    connection.prepare_cached("INSERT INTO hosts VALUES (NULL, ?1)")?.execute([host])?;
    Ok(connection.last_insert_rowid())
}

/// What a record is to the index when it needs no content.
impl What {
    pub fn of_blob(header: &Header, payload: &[u8]) -> Self {
        if header.kind.is_blob() { Self::Blob(header.base(payload)) } else { Self::Other }
    }
}

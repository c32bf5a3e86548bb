//! The index made whole from all segments: rows go in as they come, and are put in order at the end by sorting, which
//! takes a fraction of what one row after the other into its place would. The same rows come of it as of `add`.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::add::{Facts, PUT_SEGMENT, What, put_capture};
use super::addresses::Addresses;
use super::{Batch, INDEXES, Index, Item, first_with, key, place};
use crate::archive::folder::Store;
use crate::archive::record::Kind;
use crate::archive::segments::{Place, Segments};
use crate::archive::{ArchiveError, Result};
use crate::capture::Id;

/// What waits for the end: rows in the order they came.
const WAITING: &str = "
CREATE TABLE new_blobs (key, kind, segment, at, stored, raw, base);
CREATE TABLE new_dropped (key, kind);
CREATE TABLE repeats (n INTEGER PRIMARY KEY, key, id, base INTEGER, time, outcome, segment, at, stored, raw);
CREATE TABLE named_records (n INTEGER PRIMARY KEY, key);
";
const SORT: &str = "
INSERT INTO blobs SELECT * FROM new_blobs ORDER BY key, kind, segment, at;
INSERT OR IGNORE INTO dropped SELECT * FROM new_dropped ORDER BY key, kind;
DROP TABLE new_blobs;
DROP TABLE new_dropped;
";
const PUT_REPEATS: &str = "
INSERT INTO captures SELECT r.n, r.key, b.url, r.time, r.outcome, b.text, b.words, r.segment, r.at, r.stored, b.n, b.final,
    b.kind, b.language, coalesce(r.raw, b.raw) FROM repeats r JOIN captures b ON b.n = r.base ORDER BY r.n;
";
/// Where repetitions were lost: captures are counted without them, as `add` does.
const RENUMBER: &str = "
CREATE TABLE numbers (old INTEGER PRIMARY KEY, new);
INSERT INTO numbers SELECT n, row_number() OVER (ORDER BY n) FROM captures;
UPDATE captures SET base = (SELECT new FROM numbers WHERE old = base) WHERE base IS NOT NULL;
UPDATE captures SET n = -(SELECT new FROM numbers WHERE old = n);
UPDATE captures SET n = -n;
UPDATE named_records SET n = -(SELECT new FROM numbers WHERE old = n);
UPDATE named_records SET n = -n;
DROP TABLE numbers;
";
/// Captures that name something that is nowhere, and was not let go. A repetition counts where it names raw bytes of its own.
const MISSING: &str = "
WITH named (n, kind, key) AS (
    SELECT n, 4, text FROM captures WHERE text IS NOT NULL AND base IS NULL
    UNION ALL SELECT n, 6, key FROM named_records
    UNION ALL SELECT c.n, 7, c.raw FROM captures c LEFT JOIN captures b ON b.n = c.base
        WHERE c.raw IS NOT NULL AND c.raw IS NOT b.raw)
SELECT c.key, u.url, named.kind, named.key FROM named JOIN captures c ON c.n = named.n JOIN urls u ON u.n = c.url
WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE b.key = named.key AND b.kind = named.kind)
    AND NOT EXISTS (SELECT 1 FROM dropped d WHERE d.key = named.key AND d.kind = named.kind)
ORDER BY c.n, named.kind LIMIT ?1";
/// So many repetitions are looked up at once.
const REPEATS_AT_ONCE: usize = 4096;

/// An index in the making.
pub(in crate::archive) struct Bulk {
    connection: Connection,
    path: PathBuf,
    private: bool,
    addresses: Addresses,
    /// The number of the last capture.
    last: i64,
    repeats: bool,
}

/// A blob that a capture names and that is nowhere: the first bytes of their ids.
pub(in crate::archive) struct Missing {
    pub capture: i64,
    pub url: String,
    pub kind: Kind,
    pub blob: i64,
}

impl Bulk {
    /// At `path`, or, without one, in a temporary file of SQLite's own.
    pub fn new(segments: &Segments, path: Option<&Path>) -> Result<Self> {
        let Index { connection, path, private, .. } = Index::create(segments, path)?;
        let begin = || connection.execute_batch(WAITING).and_then(|()| connection.execute_batch("BEGIN"));
        begin().map_err(|error| ArchiveError::index(&path, error))?;
        Ok(Self { connection, path, private, addresses: Addresses::default(), last: 0, repeats: false })
    }

    pub fn add(&mut self, batches: &[Batch]) -> Result<()> {
        self.add_batches(batches).map_err(|error| ArchiveError::index(&self.path, error))
    }

    fn add_batches(&mut self, batches: &[Batch]) -> rusqlite::Result<()> {
        for batch in batches {
            batch.items.iter().try_for_each(|item| self.item(batch, item))?;
            let (end, sealed) = (batch.end as i64, if batch.sealed { batch.end as i64 } else { 0 });
            let row = (batch.store as i64, batch.segment.code(), end, batch.commit.0, sealed);
            self.connection.prepare_cached(PUT_SEGMENT)?.execute(row)?;
        }
        Ok(())
    }

    fn item(&mut self, batch: &Batch, item: &Item) -> rusqlite::Result<()> {
        let (id, at) = (key(item.header.id), batch.place(item));
        match &item.what {
            What::Blob(base) => self.blob(item, &at, *base),
            What::Dropped(blobs) => blobs.iter().try_for_each(|(kind, id)| {
                self.connection
                    .prepare_cached("INSERT INTO new_dropped VALUES (?1, ?2)")?
                    .execute((key(*id), kind.0))?;
                Ok(())
            }),
            What::Full(facts) => self.full(&at, id, facts),
            What::Repeat { base, time, outcome, raw } => {
                (self.last, self.repeats) = (self.last + 1, true);
                let row = (self.last, id, base.0, time, outcome, at.segment.code(), at.offset as i64, at.bytes);
                let sql = "INSERT INTO repeats VALUES (?1, ?2, ?3, NULL, ?4, ?5, ?6, ?7, ?8, ?9)";
                let (n, id, base, time, outcome, segment, at, stored) = row;
                let row = (n, id, base, time, outcome, segment, at, stored, raw.map(key));
                self.connection.prepare_cached(sql)?.execute(row).map(drop)
            }
            What::Other => Ok(()),
        }
    }

    fn blob(&self, item: &Item, at: &Place, base: Option<Id>) -> rusqlite::Result<()> {
        let (header, segment, offset) = (&item.header, at.segment.code(), at.offset as i64);
        let row = (key(header.id), header.kind.0, segment, offset, at.bytes, header.raw, base.map(key));
        self.connection.prepare_cached("INSERT INTO new_blobs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(row)?;
        Ok(())
    }

    fn full(&mut self, at: &Place, id: i64, facts: &Facts) -> rusqlite::Result<()> {
        let url = self.addresses.number(&self.connection, &facts.url, &facts.host)?;
        let last = facts.final_url.as_ref();
        let last = last.map(|(url, host)| self.addresses.number(&self.connection, url, host)).transpose()?;
        self.last += 1;
        put_capture(&self.connection, Some(self.last), at, id, facts, (url, last))?;
        if let Some(records) = facts.records {
            let row = (self.last, key(records));
            self.connection.prepare_cached("INSERT INTO named_records VALUES (?1, ?2)")?.execute(row)?;
        }
        Ok(())
    }

    /// Puts everything in order, as an index that is read.
    pub fn finish(self, segments: &Segments) -> Result<Index> {
        self.ended(segments, INDEXES, 0).map(|(index, ..)| index)
    }

    /// An index to compare another with, row for row: blobs and numbers are found in it, and nothing else. Also returned: the
    /// places of captures whose base is nowhere, so that nobody knows their address, and what captures name and is not there.
    pub fn finish_to_compare(
        self,
        segments: &Segments,
        missing_max: usize,
    ) -> Result<(Index, Vec<Place>, Vec<Missing>)> {
        self.ended(segments, "", missing_max)
    }

    fn ended(
        mut self,
        segments: &Segments,
        indexes: &str,
        missing_max: usize,
    ) -> Result<(Index, Vec<Place>, Vec<Missing>)> {
        self.addresses = Addresses::default();
        let failed = |error| ArchiveError::index(&self.path, error);
        self.connection.execute_batch(SORT).map_err(failed)?;
        let lost = if self.repeats { self.repeats(segments)? } else { Vec::new() };
        self.connection.execute_batch("DROP TABLE repeats").map_err(failed)?;
        if !lost.is_empty() {
            self.connection.execute_batch(RENUMBER).map_err(failed)?;
        }
        self.connection.execute_batch(indexes).map_err(failed)?;
        let missing = if missing_max > 0 { self.missing(missing_max).map_err(failed)? } else { Vec::new() };
        self.connection.execute_batch("DROP TABLE named_records; COMMIT").map_err(failed)?;
        let index = Index {
            connection: self.connection,
            path: self.path,
            private: self.private,
            file: None,
            anew: false,
            has_dropped: true,
        };
        Ok((index, lost, missing))
    }

    fn missing(&self, max: usize) -> rusqlite::Result<Vec<Missing>> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Missing { capture: row.get(0)?, url: row.get(1)?, kind: Kind(row.get(2)?), blob: row.get(3)? })
        };
        self.connection.prepare(MISSING)?.query_map([max as i64], read)?.collect()
    }

    /// Finds the capture that each repetition repeats, which comes before it.
    fn repeats(&self, segments: &Segments) -> Result<Vec<Place>> {
        let failed = |error| ArchiveError::index(&self.path, error);
        self.connection.execute_batch("CREATE INDEX full_key ON captures (key)").map_err(failed)?;
        let (mut lost, mut after) = (Vec::new(), 0);
        loop {
            let some = self.some_repeats(after).map_err(failed)?;
            let Some(last) = some.last() else { break };
            after = last.0;
            for (n, base, place) in some {
                match self.base_of(segments, n, base)? {
                    Some(base) => self.settle(n, base).map_err(failed)?,
                    None => lost.push(place),
                }
            }
        }
        self.connection.execute_batch("DROP INDEX full_key").map_err(failed)?;
        self.connection.execute_batch(PUT_REPEATS).map_err(failed)?;
        Ok(lost)
    }

    fn some_repeats(&self, after: i64) -> rusqlite::Result<Vec<(i64, Id, Place)>> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok((row.get(0)?, Id(row.get(1)?), place(Store::Segments, row.get(2)?, row.get(3)?, row.get(4)?)?))
        };
        self.connection
            .prepare_cached("SELECT n, id, segment, at, stored FROM repeats WHERE n > ?1 ORDER BY n LIMIT ?2")?
            .query_map((after, REPEATS_AT_ONCE as i64), read)?
            .collect()
    }

    fn base_of(&self, segments: &Segments, n: i64, base: Id) -> Result<Option<i64>> {
        let candidates = || -> rusqlite::Result<Vec<(i64, Place)>> {
            let read = |row: &rusqlite::Row<'_>| {
                Ok((row.get(0)?, place(Store::Segments, row.get(1)?, row.get(2)?, row.get(3)?)?))
            };
            self.connection
                .prepare_cached("SELECT n, segment, at, stored FROM captures WHERE key = ?1 AND n < ?2 ORDER BY n")?
                .query_map((key(base), n), read)?
                .collect()
        };
        let candidates = candidates().map_err(|error| ArchiveError::index(&self.path, error))?;
        let found = first_with(segments, base, candidates.iter().map(|(_, place)| *place).collect())?;
        Ok(candidates.iter().find(|(_, place)| Some(*place) == found).map(|(n, _)| *n))
    }

    fn settle(&self, n: i64, base: i64) -> rusqlite::Result<()> {
        self.connection.prepare_cached("UPDATE repeats SET base = ?2 WHERE n = ?1")?.execute((n, base)).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::commit::CHAIN_START;
    use crate::archive::folder::Seg;
    use crate::archive::recover::Tail;
    use crate::archive::walk::{Unwatched, Walk};
    use crate::archive::{Archive, Entry, Options};
    use crate::page::Url;

    fn visit(url: &str, second: i64) -> Entry {
        let json =
            format!(r#"{{"url":"{url}","fetched_at":"2026-01-01T00:00:0{second}Z","outcome":"ok","status":200}}"#);
        let capture = serde_json::from_str(&json).expect("a capture");
        assert!(Url::parse(url).is_ok());
        Entry { capture, text: Some(format!("What {url} says.")), records: None, raw: None }
    }

    #[test]
    fn what_is_lost_counts_for_neither() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let archive = Archive::init(place.path(), Options::default()).expect("a new archive");
        let mut firsts = Vec::new();
        for second in 0..4 {
            for url in ["https://a.example/", "https://b.example/"] {
                firsts.extend(archive.append(vec![visit(url, second)]).expect("it is kept"));
            }
        }
        drop(archive);
        let file = place.path().join("segments/00000001.seg");
        let mut bytes = std::fs::read(&file).expect("it can be read");
        let id = firsts[0].id.expect("it has one").0;
        // In its own header: repetitions name it later.
        let at = memchr::memmem::find(&bytes, &id).expect("it is there");
        bytes[at] ^= 1;
        std::fs::write(&file, &bytes).expect("it can be written");
        let archive = Archive::open(place.path(), Options::default()).expect("it opens");
        let segments = &archive.segments;
        let from = Tail { segment: Seg::FIRST, end: 0, commit: CHAIN_START };
        let mut walk = Walk::new(segments, Store::Segments, from, u64::MAX).expect("it can be walked");
        let mut batches = Vec::new();
        while let Some(batch) = walk.batch(&mut Unwatched).expect("it can be walked") {
            batches.push(batch);
        }
        let mut added = Bulk::new(segments, None).and_then(|bulk| bulk.finish(segments)).expect("empty");
        let lost = added.add(segments, &batches).expect("they can be added");
        let mut bulk = Bulk::new(segments, None).expect("empty");
        bulk.add(&batches).expect("they can be added");
        let (made, lost_too, _) = bulk.finish_to_compare(segments, 9).expect("it is made");
        assert_eq!((lost.len(), &lost), (3, &lost_too));
        assert_eq!(added.difference(&made).expect("both can be read"), None);
    }
}

//! The index held against the segments while they are read, row by row, with no second index: what the segments say comes in
//! the order in which captures, addresses and hosts are numbered, so that each is compared with the next row. Blobs lie in
//! another order, that of their ids: of these the rows of both sides are added up, each as a keyed hash of 128 bits.
//!
//! Where the two differ this says no more than that: the second index (`Bulk`, `difference`) tells where.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, Hasher};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error as SqlError, Row, Rows, Statement};

use super::add::{Batch, Facts, Item, What};
use super::addresses::{HOST_BYTES_MAX, HOSTS_HELD_MAX};
use super::bulk::Missing;
use super::{INDEXES, Index, TABLES, key, place};
use crate::archive::folder::Store;
use crate::archive::record::Kind;
use crate::archive::segments::{Place, Segments};
use crate::capture::Id;

/// With more blobs that were let go the second index is made at once: each may be said more than once, and is held.
const DROPPED_MAX: usize = 1 << 20;
/// Of so many blobs it is remembered that they are there; of others the index is asked.
const SEEN_MAX: usize = 1 << 19;

const CAPTURES: &str = "SELECT * FROM captures ORDER BY n";
const URLS: &str = "SELECT * FROM urls ORDER BY n";
const HOSTS: &str = "SELECT * FROM hosts ORDER BY n";
const URL: &str = "SELECT url FROM urls WHERE n = ?1";
const HOST: &str = "SELECT host FROM hosts WHERE n = ?1";
/// Without that index each would be looked for in all rows: there it fails.
const BASES: &str = "SELECT n, segment, at, stored FROM captures INDEXED BY captures_key
    WHERE key = ?1 AND base IS NULL AND n < ?2 ORDER BY n";
const BASE: &str = "SELECT * FROM captures WHERE n = ?1";
/// The columns that a repetition has of its base, but for raw bytes.
const OF_BASE: [usize; 6] = [2, 5, 6, 11, 12, 13];

/// The index is not as the segments say, or cannot be read.
#[derive(Debug)]
struct Differs;

type Same<T = ()> = std::result::Result<T, Differs>;

impl From<SqlError> for Differs {
    fn from(_: SqlError) -> Self {
        Self
    }
}

fn must(holds: bool) -> Same {
    if holds { Ok(()) } else { Err(Differs) }
}

impl Index {
    /// Whether it can be collated within bounds: its tables and their indexes are made as ours are, so that a row is found
    /// without all others being read.
    pub fn is_collatable(&self) -> bool {
        // A damaged table may lead back into itself.
        let count = "SELECT count(*) FROM (SELECT 1 FROM dropped LIMIT ?1)";
        let count = || self.connection.query_row(count, [DROPPED_MAX as i64 + 1], |row| row.get::<_, i64>(0));
        self.is_as_made().unwrap_or(false)
            && (!self.has_dropped || count().is_ok_and(|count| count <= DROPPED_MAX as i64))
    }

    fn is_as_made(&self) -> Result<bool, SqlError> {
        let made = Connection::open_in_memory()?;
        made.execute_batch(TABLES)?;
        made.execute_batch(INDEXES)?;
        Ok(schema(&self.connection)? == schema(&made)?)
    }

    /// Whether all that the segments say is in this index, and nothing else: then what captures name and is nowhere, `None`
    /// where there is any difference. A second index made of the same batches would be equal, row for row.
    pub fn collate(
        &self,
        segments: &Segments,
        bundles: impl IntoIterator<Item = Vec<Batch>>,
        missing_max: usize,
    ) -> Option<Vec<Missing>> {
        self.collated(segments, bundles, missing_max).ok()
    }

    fn collated(
        &self,
        segments: &Segments,
        bundles: impl IntoIterator<Item = Vec<Batch>>,
        missing_max: usize,
    ) -> Same<Vec<Missing>> {
        let [mut captures, mut urls, mut hosts] = [
            table(&self.connection, CAPTURES, 15)?,
            table(&self.connection, URLS, 4)?,
            table(&self.connection, HOSTS, 2)?,
        ];
        let mut collation = Collation {
            index: self,
            segments,
            captures: captures.query([])?,
            last: 0,
            names: Names::new(&self.connection, urls.query([])?, hosts.query([])?),
            ends: BTreeMap::new(),
            blobs: Sum::default(),
            dropped: HashSet::new(),
            seen: HashSet::new(),
            missing: Vec::new(),
            missing_max,
        };
        for batches in bundles {
            batches.iter().try_for_each(|batch| collation.batch(batch))?;
        }
        collation.finish()
    }
}

/// What stands in a schema, as far as so many entries go as ours has and more.
fn schema(connection: &Connection) -> Result<Vec<(String, String, Option<String>)>, SqlError> {
    let mut all = connection.prepare("SELECT name, tbl_name, sql FROM sqlite_schema ORDER BY name LIMIT 100")?;
    all.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
}

/// A table, with as many columns as it should have.
fn table<'a>(connection: &'a Connection, sql: &str, columns: usize) -> Same<Statement<'a>> {
    let statement = connection.prepare(sql)?;
    must(statement.column_count() == columns)?;
    Ok(statement)
}

struct Collation<'a> {
    index: &'a Index,
    segments: &'a Segments,
    captures: Rows<'a>,
    /// The number of the last capture.
    last: i64,
    names: Names<'a>,
    /// By store and segment: the end of the last commit, its id, the end of what was sealed.
    ends: BTreeMap<(i64, i64), (i64, Id, i64)>,
    blobs: Sum,
    dropped: HashSet<u64>,
    /// Blobs that came.
    seen: HashSet<u64>,
    missing: Vec<Missing>,
    missing_max: usize,
}

impl Collation<'_> {
    fn batch(&mut self, batch: &Batch) -> Same {
        batch.items.iter().try_for_each(|item| self.item(batch, item))?;
        let (end, sealed) = (batch.end as i64, if batch.sealed { batch.end as i64 } else { 0 });
        let before = self.ends.entry((batch.store as i64, batch.segment.code())).or_insert((end, batch.commit, sealed));
        *before = (end, batch.commit, sealed.max(before.2));
        Ok(())
    }

    fn item(&mut self, batch: &Batch, item: &Item) -> Same {
        let (header, at) = (&item.header, batch.place(item));
        match &item.what {
            What::Blob(base) => {
                let place = [at.segment.code(), at.offset as i64, at.bytes.into(), header.raw.into()];
                self.blobs.add(&(key(header.id), header.kind.0.into(), place, base.map(key)));
                if self.seen.len() >= SEEN_MAX {
                    self.seen.clear();
                }
                self.seen.insert(blob(header.kind, header.id));
            }
            What::Dropped(blobs) => {
                self.dropped.extend(blobs.iter().map(|&(kind, id)| blob(kind, id)));
                must(self.dropped.len() <= DROPPED_MAX)?;
            }
            What::Full(facts) => self.full(&at, header.id, facts)?,
            What::Repeat { base, time, outcome, raw } => {
                self.repeat(&at, header.id, *base, (*time, outcome, *raw))?;
            }
            What::Other => {}
        }
        Ok(())
    }

    fn full(&mut self, at: &Place, id: Id, facts: &Facts) -> Same {
        self.last += 1;
        let row = self.captures.next()?.ok_or(Differs)?;
        let (url, last) = (row.get(2)?, row.get::<_, Option<i64>>(11)?);
        self.names.must_be(url, (&facts.url, &facts.host))?;
        must(last.is_some() == facts.final_url.is_some())?;
        if let (Some(last), Some((url, host))) = (last, &facts.final_url) {
            self.names.must_be(last, (url, host))?;
        }
        must_say(
            row,
            &[
                ValueRef::Integer(self.last),
                ValueRef::Integer(key(id)),
                ValueRef::Integer(url),
                ValueRef::Integer(facts.time),
                ValueRef::Text(facts.outcome.as_bytes()),
                number(facts.text.map(key)),
                ValueRef::Integer(facts.words.into()),
                ValueRef::Integer(at.segment.code()),
                ValueRef::Integer(at.offset as i64),
                ValueRef::Integer(at.bytes.into()),
                ValueRef::Null,
                number(last),
                text(facts.kind.as_deref()),
                text(facts.language.as_deref()),
                number(facts.raw.map(key)),
            ],
        )?;
        let named = [(Kind::TEXT, facts.text), (Kind::RECORDS, facts.records), (Kind::RAW, facts.raw)];
        for (kind, blob) in named {
            if let Some(blob) = blob.filter(|_| self.missing.len() < self.missing_max)
                && !self.is_there(kind, blob)?
            {
                self.missing.push(Missing { capture: key(id), url: facts.url.clone(), kind, blob: key(blob) });
            }
        }
        Ok(())
    }

    /// A repetition has what its base has, which came before and was compared then.
    fn repeat(&mut self, at: &Place, id: Id, base: Id, (time, outcome, raw): (i64, &str, Option<Id>)) -> Same {
        self.last += 1;
        let connection = &self.index.connection;
        let row = self.captures.next()?.ok_or(Differs)?;
        let url: i64 = row.get(2)?;
        let n = base_of(connection, self.segments, base, self.last)?;
        let mut of_base = connection.prepare_cached(BASE)?;
        let mut of_base = of_base.query([n])?;
        let of_base = of_base.next()?.ok_or(Differs)?;
        for column in OF_BASE {
            must(row.get_ref(column)? == of_base.get_ref(column)?)?;
        }
        let said = [
            (0, ValueRef::Integer(self.last)),
            (1, ValueRef::Integer(key(id))),
            (3, ValueRef::Integer(time)),
            (4, ValueRef::Text(outcome.as_bytes())),
            (7, ValueRef::Integer(at.segment.code())),
            (8, ValueRef::Integer(at.offset as i64)),
            (9, ValueRef::Integer(at.bytes.into())),
            (10, ValueRef::Integer(n)),
            (14, raw.map_or(of_base.get_ref(14)?, |raw| ValueRef::Integer(key(raw)))),
        ];
        for (column, value) in said {
            must(row.get_ref(column)? == value)?;
        }
        // It counts where it names raw bytes of its own.
        let own = raw.filter(|&raw| of_base.get_ref(14).is_ok_and(|of_base| of_base != ValueRef::Integer(key(raw))));
        if let Some(raw) = own.filter(|_| self.missing.len() < self.missing_max)
            && !self.is_there(Kind::RAW, raw)?
        {
            let url = connection.prepare_cached(URL)?.query_row([url], |row| row.get(0))?;
            self.missing.push(Missing { capture: key(id), url, kind: Kind::RAW, blob: key(raw) });
        }
        Ok(())
    }

    /// What the index says of a blob holds where it is found to be as the segments say.
    fn is_there(&self, kind: Kind, id: Id) -> Same<bool> {
        if self.seen.contains(&blob(kind, id)) { Ok(true) } else { self.index.holds(kind, id).map_err(|_| Differs) }
    }

    fn finish(mut self) -> Same<Vec<Missing>> {
        must(
            self.captures.next()?.is_none() && self.names.urls.next()?.is_none() && self.names.hosts.next()?.is_none(),
        )?;
        // Only a sound file is read at its own word, not row for row beside what the segments say.
        must(self.index.flaw().map_err(|_| Differs)?.is_none())?;
        self.names.must_be_different()?;
        let connection = &self.index.connection;
        let mut archive = table(connection, "SELECT * FROM archive", 1)?;
        let mut archive = archive.query([])?;
        let id = self.segments.folder.archive.as_bytes();
        must_say(archive.next()?.ok_or(Differs)?, &[ValueRef::Text(id)])?;
        must(archive.next()?.is_none())?;
        must_end(connection, &self.ends)?;
        must_have_dropped(connection, std::mem::take(&mut self.dropped))?;
        let mut blobs = table(connection, "SELECT * FROM blobs", 7)?;
        let mut blobs = blobs.query([])?;
        while let Some(row) = blobs.next()? {
            let place = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
            self.blobs.take(&(row.get(0)?, row.get(1)?, place, row.get(6)?));
        }
        must(self.blobs.is_nothing())?;
        Ok(self.missing)
    }
}

/// The first capture of that id, which comes before its repetition.
fn base_of(connection: &Connection, segments: &Segments, id: Id, before: i64) -> Same<i64> {
    let mut candidates = connection.prepare_cached(BASES)?;
    let mut candidates = candidates.query((key(id), before))?;
    let mut last = 0;
    while let Some(row) = candidates.next()? {
        let (n, at) = (row.get(0)?, place(Store::Segments, row.get(1)?, row.get(2)?, row.get(3)?)?);
        // A damaged index may give the same again and again.
        must(n > last)?;
        if segments.header(&at).map_err(|_| Differs)?.id == id {
            return Ok(n);
        }
        last = n;
    }
    Err(Differs)
}

fn must_end(connection: &Connection, ends: &BTreeMap<(i64, i64), (i64, Id, i64)>) -> Same {
    let mut segments = table(connection, "SELECT * FROM segments ORDER BY store, segment", 5)?;
    let mut segments = segments.query([])?;
    for (&(store, segment), (end, commit, sealed)) in ends {
        let [store, segment, end, sealed] = [store, segment, *end, *sealed].map(ValueRef::Integer);
        let row = segments.next()?.ok_or(Differs)?;
        must_say(row, &[store, segment, end, ValueRef::Blob(&commit.0), sealed])?;
    }
    must(segments.next()?.is_none())
}

fn must_have_dropped(connection: &Connection, mut dropped: HashSet<u64>) -> Same {
    let mut there = table(connection, "SELECT * FROM dropped", 2)?;
    let mut there = there.query([])?;
    while let Some(row) = there.next()? {
        let (key, kind): (i64, u8) = (row.get(0)?, row.get(1)?);
        must((0..1 << KEY_BITS).contains(&key) && dropped.remove(&packed(kind, key)))?;
    }
    must(dropped.is_empty())
}

/// The addresses and hosts of an index, which are numbered as they come for the first time.
struct Names<'a> {
    connection: &'a Connection,
    urls: Rows<'a>,
    hosts: Rows<'a>,
    last_url: i64,
    last_host: i64,
    /// Hosts that came.
    known: HashMap<i64, String>,
}

impl<'a> Names<'a> {
    fn new(connection: &'a Connection, urls: Rows<'a>, hosts: Rows<'a>) -> Self {
        Self { connection, urls, hosts, last_url: 0, last_host: 0, known: HashMap::new() }
    }

    /// The address of that number is this one: the next, or one that came. That no two are the same shows at the end.
    fn must_be(&mut self, n: i64, (url, host): (&str, &str)) -> Same {
        if (1..=self.last_url).contains(&n) {
            let mut known = self.connection.prepare_cached(URL)?;
            return must(known.query_row([n], |row| Ok(row.get_ref(0)? == ValueRef::Text(url.as_bytes())))?);
        }
        self.last_url += 1;
        must(n == self.last_url)?;
        let row = self.urls.next()?.ok_or(Differs)?;
        let (of_host, key) = (row.get(3)?, key(Id::of(url.as_bytes())));
        let [n, key] = [n, key].map(ValueRef::Integer);
        must_say(row, &[n, key, ValueRef::Text(url.as_bytes()), ValueRef::Integer(of_host)])?;
        self.host_must_be(of_host, host)
    }

    fn host_must_be(&mut self, n: i64, host: &str) -> Same {
        if let Some(name) = self.known.get(&n) {
            return must(name == host);
        }
        if (1..=self.last_host).contains(&n) {
            let mut known = self.connection.prepare_cached(HOST)?;
            must(known.query_row([n], |row| Ok(row.get_ref(0)? == ValueRef::Text(host.as_bytes())))?)?;
        } else {
            self.last_host += 1;
            must(n == self.last_host)?;
            let row = self.hosts.next()?.ok_or(Differs)?;
            must_say(row, &[ValueRef::Integer(n), ValueRef::Text(host.as_bytes())])?;
        }
        if self.known.len() >= HOSTS_HELD_MAX {
            self.known.clear();
        }
        if host.len() <= HOST_BYTES_MAX {
            self.known.insert(n, host.to_owned());
        }
        Ok(())
    }

    fn must_be_different(&self) -> Same {
        // By their keys, which have been compared: different ones of one key are so seldom that the second index may tell.
        let mut keys = self.connection.prepare("SELECT key FROM urls INDEXED BY urls_key ORDER BY key")?;
        let (mut keys, mut last) = (keys.query([])?, None);
        while let Some(row) = keys.next()? {
            let key = Some(row.get::<_, i64>(0)?);
            must(key != last)?;
            last = key;
        }
        let hosts = "SELECT count(DISTINCT host) FROM hosts";
        must(self.connection.query_row(hosts, [], |row| row.get::<_, i64>(0))? == self.last_host)
    }
}

/// A row of blobs: key, kind, where it lies and how long it is, base.
type Blob = (i64, i64, [i64; 4], Option<i64>);

/// What rows are on one side and not on the other, as a sum: nothing where both have the same ones. The keys of the hashes are
/// new each time, so that nobody can make rows that add up to others.
#[derive(Default)]
struct Sum {
    keys: [RandomState; 2],
    rows: i64,
    sum: u128,
}

impl Sum {
    fn hash(&self, &(key, kind, place, base): &Blob) -> u128 {
        // As one run of bytes, which takes a third of what number after number does.
        let numbers = [key, kind, place[0], place[1], place[2], place[3], base.unwrap_or(0), base.is_some().into()];
        let bytes: [[u8; 8]; 8] = numbers.map(i64::to_le_bytes);
        let [high, low] = [&self.keys[0], &self.keys[1]].map(|keys| {
            let mut hasher = keys.build_hasher();
            hasher.write(bytes.as_flattened());
            u128::from(hasher.finish())
        });
        high << u64::BITS | low
    }

    fn add(&mut self, row: &Blob) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(self.hash(row));
    }

    fn take(&mut self, row: &Blob) {
        self.rows -= 1;
        self.sum = self.sum.wrapping_sub(self.hash(row));
    }

    fn is_nothing(&self) -> bool {
        self.rows == 0 && self.sum == 0
    }
}

/// Bits of a key, which leave room for a kind.
const KEY_BITS: u32 = 56;

fn packed(kind: u8, key: i64) -> u64 {
    (key as u64) << u8::BITS | u64::from(kind)
}

fn blob(kind: Kind, id: Id) -> u64 {
    packed(kind.0, key(id))
}

fn must_say(row: &Row<'_>, values: &[ValueRef<'_>]) -> Same {
    for (column, value) in values.iter().enumerate() {
        must(row.get_ref(column)? == *value)?;
    }
    Ok(())
}

fn number(value: Option<i64>) -> ValueRef<'static> {
    value.map_or(ValueRef::Null, ValueRef::Integer)
}

fn text(value: Option<&str>) -> ValueRef<'_> {
    value.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()))
}

#[cfg(test)]
mod tests;

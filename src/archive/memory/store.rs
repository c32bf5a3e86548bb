//! The file of the site memory: an SQLite database.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Result as SqlResult};

use super::{Note, PAGES_MAX, Trace, path, remove};
use crate::archive::Archive;
use crate::capture::Id;

/// Raised with every change of what a trace means; a file of another one is made anew.
const SCHEMA: i64 = 1;
/// For the moments in which another process writes.
const BUSY_WAIT: Duration = Duration::from_secs(20);
const TRACE_BYTES: usize = 12;

const TABLES: &str = "
CREATE TABLE state (archive TEXT NOT NULL);
CREATE TABLE pages (host TEXT, page INTEGER, source BLOB NOT NULL, blocks BLOB NOT NULL,
    PRIMARY KEY (host, page)) WITHOUT ROWID;
CREATE INDEX pages_page ON pages (page);
";

#[derive(Debug)]
pub struct Store {
    pub connection: Connection,
}

impl Store {
    /// The archive's file; made anew where it is another one's or of another schema. `None` where there can be none.
    pub fn open(archive: &Archive) -> Option<Self> {
        let (path, name) = (path(archive), &archive.segments.folder.archive);
        let there = Self::connect(&path).ok().filter(|store| store.is_of(name));
        there.or_else(|| {
            remove(&path).ok()?;
            Self::make(&path, name).ok()
        })
    }

    pub fn connect(path: &Path) -> SqlResult<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_WAIT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A lost page is noted again: only the file's soundness counts.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // What is let go of leaves no trace.
        connection.pragma_update(None, "secure_delete", true)?;
        Ok(Self { connection })
    }

    pub fn is_of(&self, archive: &str) -> bool {
        let version = self.connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
        let of = self.connection.query_row("SELECT archive FROM state", [], |row| row.get::<_, String>(0));
        version.is_ok_and(|version| version == SCHEMA) && of.is_ok_and(|of| of == archive)
    }

    fn make(path: &Path, archive: &str) -> SqlResult<Self> {
        let store = Self::connect(path)?;
        store.connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES}"))?;
        store.connection.execute("INSERT INTO state VALUES (?1)", [archive])?;
        store.connection.pragma_update(None, "user_version", SCHEMA)?;
        store.connection.execute_batch("COMMIT")?;
        Ok(store)
    }

    pub fn pages(&self, site: &str) -> SqlResult<Vec<(i64, Vec<Trace>)>> {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, unpacked(row.get_ref(1)?.as_blob()?)));
        self.connection
            .prepare_cached("SELECT page, blocks FROM pages WHERE host = ?1 ORDER BY page LIMIT ?2")?
            .query_map((site, PAGES_MAX as i64), read)?
            .collect()
    }

    pub fn source(&self, site: &str, page: i64) -> SqlResult<Option<Id>> {
        self.connection
            .prepare_cached("SELECT source FROM pages WHERE host = ?1 AND page = ?2")?
            .query_row((site, page), |row| row.get::<_, [u8; 32]>(0).map(Id))
            .optional()
    }

    pub fn put(&mut self, notes: &[(String, i64, Note)]) -> SqlResult<()> {
        let transaction = self.connection.transaction()?;
        for (site, page, note) in notes {
            transaction.prepare_cached("INSERT OR REPLACE INTO pages VALUES (?1, ?2, ?3, ?4)")?.execute((
                site,
                page,
                note.source.0,
                packed(&note.traces),
            ))?;
            transaction
                .prepare_cached(
                    "DELETE FROM pages WHERE host = ?1
                        AND page > (SELECT page FROM pages WHERE host = ?1 ORDER BY page LIMIT 1 OFFSET ?2)",
                )?
                .execute((site, PAGES_MAX as i64 - 1))?;
        }
        transaction.commit()
    }

    pub fn forget(&mut self, pages: &[i64], hosts: &[String]) -> SqlResult<()> {
        let sites = self.sites_of(hosts)?;
        let transaction = self.connection.transaction()?;
        for page in pages {
            transaction.prepare_cached("DELETE FROM pages WHERE page = ?1")?.execute([page])?;
        }
        for site in sites {
            transaction.prepare_cached("DELETE FROM pages WHERE host = ?1")?.execute([site])?;
        }
        transaction.commit()?;
        let busy = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))?;
        if !busy {
            return Ok(());
        }
        // What was let go of still stands in the log.
        let why =
            "another process reads it, so that what is to be forgotten stays in its log; end that and erase again";
        Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), Some(why.to_owned())))
    }

    /// The sites that are of hosts or below them.
    fn sites_of(&self, hosts: &[String]) -> SqlResult<Vec<String>> {
        if hosts.is_empty() {
            return Ok(Vec::new());
        }
        let is_of = |site: &str| {
            // An IPv6 address has colons within brackets.
            let (name, port) = site.rsplit_once(':').unwrap_or((site, ""));
            let name = if port.bytes().all(|digit| digit.is_ascii_digit()) { name } else { site };
            let within = |host: &String| {
                name.strip_suffix(host.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            hosts.iter().any(within)
        };
        let mut statement = self.connection.prepare("SELECT DISTINCT host FROM pages")?;
        let sites = statement.query_map([], |row| row.get::<_, String>(0))?;
        sites.filter(|site| site.as_ref().map_or(true, |site| is_of(site))).collect()
    }
}

fn packed(traces: &[Trace]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(traces.len() * TRACE_BYTES);
    for trace in traces {
        bytes.extend(trace.key.to_le_bytes());
        let flags = u32::from(trace.kept) | u32::from(trace.body) << 1;
        bytes.extend((trace.place << 8 | flags).to_le_bytes());
    }
    bytes
}

/// Any bytes are some traces.
fn unpacked(bytes: &[u8]) -> Vec<Trace> {
    let read = |bytes: &[u8]| {
        let key = u64::from_le_bytes(bytes[..8].try_into().expect("8 of 12 bytes"));
        let rest = u32::from_le_bytes(bytes[8..].try_into().expect("4 of 12 bytes"));
        Trace { key, place: rest >> 8, kept: rest & 1 != 0, body: rest & 2 != 0 }
    };
    let mut traces: Vec<Trace> = bytes.chunks_exact(TRACE_BYTES).map(read).collect();
    traces.sort_unstable();
    traces
}

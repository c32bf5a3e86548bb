//! What the archive holds, counted from the index and the sizes of the files.

use rusqlite::{Connection, Result as SqlResult};
use serde::Serialize;

use super::folder::{Folder, Store};
use super::index::Index;
use super::record::Kind;
use super::{Archive, ArchiveError, Result};

/// So many hosts are named.
const TOP_HOSTS: i64 = 20;

impl Archive {
    pub(super) fn count(&self) -> Result<Stats> {
        let parity_bytes = self.segments.folder.parity_bytes()?;
        let stored_bytes = stored_bytes(&self.segments.folder)? + parity_bytes;
        let stats = self.reader().query(|connection| stats(connection, stored_bytes))?;
        Ok(Stats { parity_bytes, ..stats })
    }
}

impl Archive {
    pub(super) fn count_by(&self, by: By) -> Result<Vec<Share>> {
        let name = match by {
            By::Host => "(SELECT host FROM hosts WHERE n = (SELECT host FROM urls WHERE n = c.url))",
            By::Kind => "coalesce(c.kind, '')",
            By::Language => "coalesce(c.language, '')",
            By::Month => "strftime('%Y-%m', c.time / 1000000000, 'unixepoch')",
        };
        // A text that several captures of a name have counts once.
        let sql = format!(
            "WITH named AS (SELECT {name} AS name, c.text, c.words FROM captures c),
             texts AS (SELECT name, text, max(words) AS words,
                (SELECT raw FROM blobs WHERE key = text AND kind = {}) AS bytes
                FROM named WHERE text IS NOT NULL GROUP BY name, text)
             SELECT name, count(*), (SELECT count(*) FROM texts t WHERE t.name = named.name),
                (SELECT coalesce(sum(words), 0) FROM texts t WHERE t.name = named.name),
                (SELECT coalesce(sum(bytes), 0) FROM texts t WHERE t.name = named.name)
             FROM named GROUP BY name ORDER BY {}",
            Kind::TEXT.0,
            if by == By::Month { "name" } else { "count(*) DESC, name" },
        );
        let read = |row: &rusqlite::Row<'_>| {
            let number = |at| row.get::<_, i64>(at).map(|n| n as u64);
            let [captures, texts, words, text_bytes] = [number(1)?, number(2)?, number(3)?, number(4)?];
            Ok(Share { name: row.get::<_, Option<String>>(0)?.unwrap_or_default(), captures, texts, words, text_bytes })
        };
        self.reader().query(|connection| connection.prepare(&sql)?.query_map([], read)?.collect())
    }
}

impl Index {
    /// Asks the index something in one read transaction.
    pub fn query<T>(&self, ask: impl FnOnce(&Connection) -> SqlResult<T>) -> Result<T> {
        self.reading(|index| ask(index.connection()).map_err(|error| index.error(error)))
    }
}

fn stats(connection: &Connection, stored_bytes: u64) -> SqlResult<Stats> {
    let one = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|n| n as u64);
    let blobs = |what: &str, kind: Kind| one(&format!("SELECT {what} FROM blobs WHERE kind = {}", kind.0));
    let counted = |sql: &str| -> SqlResult<Vec<(String, u64)>> {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64));
        connection.prepare(sql)?.query_map([], read)?.collect()
    };
    Ok(Stats {
        captures: one("SELECT count(*) FROM captures")?,
        urls: one("SELECT count(*) FROM urls")?,
        hosts: one("SELECT count(*) FROM hosts WHERE host <> ''")?,
        texts: blobs("count(*)", Kind::TEXT)?,
        // Of captures that share a text one is counted.
        words: one("SELECT coalesce(sum(words), 0) FROM (SELECT max(words) AS words FROM captures
                    WHERE text IS NOT NULL GROUP BY text)")?,
        raw_bytes: blobs("coalesce(sum(raw), 0)", Kind::RAW)?,
        text_bytes: blobs("coalesce(sum(raw), 0)", Kind::TEXT)?,
        stored_bytes,
        parity_bytes: 0,
        by_outcome: counted("SELECT outcome, count(*) FROM captures GROUP BY outcome")?.into_iter().collect(),
        top_hosts: counted(&format!(
            "SELECT host, (SELECT count(*) FROM urls JOIN captures ON captures.url = urls.n WHERE urls.host = hosts.n) AS held
             FROM hosts WHERE host <> '' ORDER BY held DESC, host LIMIT {TOP_HOSTS}"
        ))?,
    })
}

/// Bytes of segments, raw store and index.
fn stored_bytes(folder: &Folder) -> Result<u64> {
    let mut bytes = 0;
    for store in Store::ALL {
        for number in folder.segments(store)? {
            let path = folder.segment(store, number);
            let metadata = std::fs::metadata(&path).map_err(|error| ArchiveError::io(&path, "look at", error))?;
            bytes += metadata.len();
            if store == Store::Raw {
                bytes += std::fs::metadata(folder.warc(number)).map_or(0, |file| file.len());
            }
        }
    }
    let of_index = |name: &str| std::fs::metadata(folder.path.join(name)).map_or(0, |file| file.len());
    // Without the log of the index, which lasts as long as somebody has it open.
    Ok(bytes + of_index("index.sqlite"))
}

/// What `stats_by` sorts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Host,
    Kind,
    Language,
    Month,
}

/// What an archive holds of one host, kind, language or month; empty where it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    pub name: String,
    pub captures: u64,
    /// Distinct texts, the words and bytes of them.
    pub texts: u64,
    pub words: u64,
    pub text_bytes: u64,
}

/// What the archive holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    pub captures: u64,
    pub urls: u64,
    pub hosts: u64,
    pub texts: u64,
    pub words: u64,
    /// Bytes of all raw bodies kept, before compression.
    pub raw_bytes: u64,
    /// Bytes of all distinct clean texts, before compression.
    pub text_bytes: u64,
    /// Bytes on disk: segments, raw store, recovery data and index.
    pub stored_bytes: u64,
    /// Bytes of recovery data among them.
    pub parity_bytes: u64,
    pub by_outcome: std::collections::BTreeMap<String, u64>,
    /// The hosts with the most captures, at most 20.
    pub top_hosts: Vec<(String, u64)>,
}

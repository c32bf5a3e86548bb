//! The index: SQLite as a cache over the segments, to be deleted and rebuilt at will.

mod add;
mod addresses;
mod bulk;
mod collate;
mod compare;
mod query;
mod replace;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

pub(super) use add::{Batch, Facts, Item, What, time_key};
pub(super) use bulk::{Bulk, Missing};
pub(super) use compare::{Gone, Known, State};
pub(super) use query::{Row, Selection};

use super::folder::{Folder, Seg, Store};
use super::record::Kind;
use super::recover::Tail;
use super::segments::{Place, Segments};
use super::{ArchiveError, Result};
use crate::capture::Id;

/// "GLNR": tells our index from any other SQLite file.
const APPLICATION: i64 = 0x474C_4E52;
/// Raised with every change of the schema; an index of another one is rebuilt.
const SCHEMA: i64 = 2;
/// For the short moments in which SQLite itself locks (recovery, checkpoint at close).
pub(super) const BUSY_WAIT: Duration = Duration::from_secs(20);
/// SQLite does not wait by itself where an index just made is turned to write-ahead logging: it is tried again so soon.
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// The write-ahead log is cut to this after a checkpoint.
const WAL_BYTES: i64 = 8 << 20;
/// Page cache of a connection, in KiB (negative by SQLite's convention).
const CACHE_KIB: i64 = -16_384;

/// A key is the first seven bytes of an id: small, ordered as the hex digits are, never negative. Equal keys of
/// different ids are told apart by the header in the segment.
const TABLES: &str = "
CREATE TABLE archive (id TEXT NOT NULL);
CREATE TABLE segments (store INTEGER, segment INTEGER, committed INTEGER NOT NULL, commit_id BLOB NOT NULL,
    sealed INTEGER NOT NULL, PRIMARY KEY (store, segment)) WITHOUT ROWID;
CREATE TABLE blobs (key INTEGER, kind INTEGER, segment INTEGER, at INTEGER, stored INTEGER NOT NULL, raw INTEGER NOT NULL,
    base INTEGER, PRIMARY KEY (key, kind, segment, at)) WITHOUT ROWID;
CREATE TABLE dropped (key INTEGER, kind INTEGER, PRIMARY KEY (key, kind)) WITHOUT ROWID;
CREATE TABLE hosts (n INTEGER PRIMARY KEY, host TEXT NOT NULL UNIQUE);
CREATE TABLE urls (n INTEGER PRIMARY KEY, key INTEGER NOT NULL, url TEXT NOT NULL, host INTEGER NOT NULL);
CREATE TABLE captures (n INTEGER PRIMARY KEY, key INTEGER NOT NULL, url INTEGER NOT NULL, time INTEGER NOT NULL,
    outcome TEXT NOT NULL, text INTEGER, words INTEGER NOT NULL, segment INTEGER NOT NULL, at INTEGER NOT NULL,
    stored INTEGER NOT NULL, base INTEGER, final INTEGER, kind TEXT, language TEXT, raw INTEGER);
";
const INDEXES: &str = "
CREATE INDEX IF NOT EXISTS urls_key ON urls (key);
CREATE INDEX captures_key ON captures (key);
CREATE INDEX captures_url ON captures (url, time);
CREATE INDEX captures_text ON captures (text) WHERE text IS NOT NULL;
CREATE INDEX captures_final ON captures (final) WHERE final IS NOT NULL;
CREATE INDEX blobs_base ON blobs (base) WHERE base IS NOT NULL;
";
const BLOB: &str = "SELECT segment, at, stored FROM blobs WHERE key = ?1 AND kind = ?2";

/// One connection to the index.
#[derive(Debug)]
pub(super) struct Index {
    connection: Connection,
    path: PathBuf,
    /// Not the archive's own file but a copy in memory or a temporary file, as on a read-only disk.
    pub private: bool,
    file: Option<(u64, u64)>,
    /// Whether anything was ever let go: most archives need not ask.
    pub has_dropped: bool,
    /// Made of what can be read of the segments when it was opened, there being none: it knows of nothing that was lost before.
    pub anew: bool,
}

impl Index {
    /// Opens the archive's index if it is one of this archive and this schema; `None` asks for a new one.
    pub fn open(segments: &Segments) -> Result<Option<Self>> {
        let path = segments.folder.index();
        match std::fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ArchiveError::io(&path, "open", error)),
            Ok(_) => {}
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || Connection::open_with_flags(&path, flags).and_then(|connection| prepared(connection, &path));
        let (begun, mut opened) = (Instant::now(), open());
        while begun.elapsed() < BUSY_WAIT && opened.as_ref().is_err_and(is_busy) {
            std::thread::sleep(BUSY_PAUSE);
            opened = open();
        }
        match opened {
            Ok(index) => index.if_of(&segments.folder.archive),
            Err(error) if is_corrupt(&error) => Ok(None),
            Err(error) => Err(ArchiveError::index(&path, error)),
        }
    }

    /// Opens the index of a disk that nobody can write to: `None` where it cannot be trusted as it lies there.
    pub fn open_unchanging(segments: &Segments) -> Option<Self> {
        let path = segments.folder.index();
        let wal = path.with_extension("sqlite-wal");
        if std::fs::metadata(wal).is_ok_and(|wal| wal.len() > 0) {
            return None;
        }
        Self::as_it_lies(segments, path)
    }

    /// The index as it was before a repair that did not come to its end.
    pub fn set_aside(segments: &Segments) -> Option<Self> {
        Some(segments.folder.index_aside())
            .filter(|path| path.exists())
            .and_then(|path| Self::as_it_lies(segments, path))
    }

    /// Copies it to where a repair that begins again finds it; one that cannot be read knows nothing.
    pub fn copy_aside(&self, folder: &Folder) -> Result<()> {
        let (path, part) = (folder.index_aside(), folder.path.join("index.before.part"));
        folder.disk.remove(&part)?;
        // As the bytes that it is: another path may be that of another archive.
        let path_bytes = rusqlite::types::ValueRef::Text(part.as_os_str().as_encoded_bytes());
        let into = [rusqlite::types::ToSqlOutput::Borrowed(path_bytes)];
        if self.connection.execute("VACUUM INTO ?1", into).is_err() {
            return folder.disk.remove(&part);
        }
        folder.disk.open_segment(&part)?.sync()?;
        folder.disk.rename(&part, &path)
    }

    fn as_it_lies(segments: &Segments, path: PathBuf) -> Option<Self> {
        let address = crate::page::Url::from_path(&path)?.as_str().to_owned() + "?immutable=1";
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(address, flags).and_then(steady).ok()?;
        let index = Self { connection, path, private: true, file: None, anew: false, has_dropped: true };
        index.if_of(&segments.folder.archive).ok()?
    }

    /// An empty index to be filled, without the indexes of its tables.
    fn create(segments: &Segments, path: Option<&Path>) -> Result<Self> {
        let shown = path.map_or_else(|| segments.folder.index(), Path::to_owned);
        let make = || -> rusqlite::Result<Connection> {
            let connection = path.map_or_else(|| Connection::open(""), Connection::open).and_then(steady)?;
            // Not yet the index: when this is interrupted it is begun again.
            connection.execute_batch(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA threads = 1;",
            )?;
            connection.pragma_update(None, "cache_size", CACHE_KIB)?;
            connection.execute_batch(TABLES)?;
            connection.execute("INSERT INTO archive VALUES (?1)", [&segments.folder.archive])?;
            connection.pragma_update(None, "application_id", APPLICATION)?;
            connection.pragma_update(None, "user_version", SCHEMA)?;
            Ok(connection)
        };
        let connection = make().map_err(|error| ArchiveError::index(&shown, error))?;
        Ok(Self { connection, path: shown, private: path.is_none(), file: None, anew: false, has_dropped: true })
    }

    /// Itself, when schema and archive are the right ones.
    fn if_of(self, archive: &str) -> Result<Option<Self>> {
        let ours = || -> rusqlite::Result<bool> {
            let number = |name| self.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            if number("application_id")? != APPLICATION || number("user_version")? != SCHEMA {
                return Ok(false);
            }
            let id =
                self.connection.query_row("SELECT id FROM archive", [], |row| row.get::<_, String>(0)).optional()?;
            Ok(id.as_deref() == Some(archive))
        };
        match ours() {
            Ok(true) => {
                let any = "SELECT EXISTS (SELECT 1 FROM dropped)";
                let has_dropped = self.connection.query_row(any, [], |row| row.get(0));
                let has_dropped = has_dropped.map_err(|error| self.error(error))?;
                Ok(Some(Self { has_dropped, ..self }))
            }
            Ok(false) => Ok(None),
            Err(error) if is_corrupt(&error) => Ok(None),
            Err(error) => Err(self.error(error)),
        }
    }

    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    pub fn error(&self, error: rusqlite::Error) -> ArchiveError {
        ArchiveError::index(&self.path, error)
    }

    /// Many look-ups in a row, all of which see the index as it is now: by itself each takes SQLite's locks and gives them back.
    pub fn reading<T, E: From<ArchiveError>>(
        &self,
        look: impl FnOnce(&Self) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        // Where [`Index::begin`] holds what is read to one state, that is the one.
        if !self.connection.is_autocommit() {
            return look(self);
        }
        let failed = |error| E::from(self.error(error));
        let reading = self.connection.unchecked_transaction().map_err(failed)?;
        let found = look(self)?;
        reading.commit().map_err(failed)?;
        Ok(found)
    }

    /// How far a store is indexed: its last segment, the place after that one's last commit, and the commit's id.
    pub fn committed(&self, store: Store) -> Result<Option<(Seg, u64, Id)>> {
        let sql = "SELECT segment, committed, commit_id FROM segments WHERE store = ?1 ORDER BY segment DESC LIMIT 1";
        let read =
            |row: &rusqlite::Row<'_>| Ok((Seg::of_code(row.get(0)?), row.get::<_, i64>(1)? as u64, Id(row.get(2)?)));
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row([store as i64], read).optional())
            .map_err(|error| self.error(error))
    }

    /// How far one segment is indexed.
    pub fn tail_of(&self, store: Store, segment: Seg) -> Result<Option<Tail>> {
        let sql = "SELECT committed, commit_id FROM segments WHERE store = ?1 AND segment = ?2";
        let read =
            |row: &rusqlite::Row<'_>| Ok(Tail { segment, end: row.get::<_, i64>(0)? as u64, commit: Id(row.get(1)?) });
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row((store as i64, segment.code()), read).optional())
            .map_err(|error| self.error(error))
    }

    /// Where the blob of that kind and id lies.
    pub fn blob(&self, segments: &Segments, kind: Kind, id: Id) -> Result<Option<Place>> {
        self.blob_of(segments, kind, id, BLOB)
    }

    /// The same, of blobs that are not packed against another: only these can be a base.
    pub fn base(&self, segments: &Segments, kind: Kind, id: Id) -> Result<Option<Place>> {
        let sql = "SELECT segment, at, stored FROM blobs WHERE key = ?1 AND kind = ?2 AND base IS NULL";
        self.blob_of(segments, kind, id, sql)
    }

    fn blob_of(&self, segments: &Segments, kind: Kind, id: Id, sql: &str) -> Result<Option<Place>> {
        let read = |row: &rusqlite::Row<'_>| place(Store::of(kind), row.get(0)?, row.get(1)?, row.get(2)?);
        let candidates: Vec<Place> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map((key(id), kind.0), read)?.collect())
            .map_err(|error| self.error(error))?;
        first_with(segments, id, candidates)
    }

    /// Where blobs of that key lie.
    pub fn with_key(&self, kind: Kind, key: i64) -> Result<Vec<Place>> {
        let read = |row: &rusqlite::Row<'_>| place(Store::of(kind), row.get(0)?, row.get(1)?, row.get(2)?);
        self.connection
            .prepare_cached(BLOB)
            .and_then(|mut statement| statement.query_map((key, kind.0), read)?.collect())
            .map_err(|error| self.error(error))
    }

    /// Whether a blob of that key is there, or was let go on purpose.
    pub fn holds(&self, kind: Kind, id: Id) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM blobs WHERE key = ?1 AND kind = ?2)
            OR EXISTS (SELECT 1 FROM dropped WHERE key = ?1 AND kind = ?2)";
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row((key(id), kind.0), |row| row.get(0)))
            .map_err(|error| self.error(error))
    }

    /// Whether there is a capture of that key.
    pub fn holds_capture(&self, id: Id) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM captures WHERE key = ?1)")
            .and_then(|mut statement| statement.query_row([key(id)], |row| row.get(0)))
            .map_err(|error| self.error(error))
    }

    /// Whether a blob was let go on purpose, and has not come again.
    pub fn is_dropped(&self, kind: Kind, id: Id) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM dropped WHERE key = ?1 AND kind = ?2)
            AND NOT EXISTS (SELECT 1 FROM blobs WHERE key = ?1 AND kind = ?2)";
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row((key(id), kind.0), |row| row.get(0)))
            .map_err(|error| self.error(error))
    }

    /// Holds what is read from now on to one state, unless it is held already or SQLite does not let it; whether it began to.
    pub fn begin(&self) -> bool {
        self.connection.is_autocommit() && self.connection.execute_batch("BEGIN").is_ok()
    }

    /// Ends what was begun; another connection that took its place began nothing.
    pub fn end(&self) {
        if !self.connection.is_autocommit() {
            // Nothing was written: where this fails, nothing is lost either.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    /// Whether this is still the file that lies there: writing segments anew may put another in its place.
    pub fn is_current(&self) -> bool {
        // What is read of one state is so of one file.
        self.private
            || !self.connection.is_autocommit()
            || self.file.is_some_and(|file| file_id(&self.path) == Some(file))
    }
}

/// What tells a file from another that takes its name.
#[cfg(unix)]
fn file_id(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn file_id(path: &Path) -> Option<(u64, u64)> {
    // An open file cannot be replaced there.
    path.exists().then_some((0, 0))
}

/// Of the places with one key, the first whose header has the id. A damaged one does not stand in another's way.
fn first_with(segments: &Segments, id: Id, candidates: Vec<Place>) -> Result<Option<Place>> {
    let mut trouble = None;
    for place in candidates {
        match segments.header(&place) {
            Ok(header) if header.id == id => return Ok(Some(place)),
            Ok(_) => {}
            Err(error) => trouble = Some(error),
        }
    }
    trouble.map_or(Ok(None), Err)
}

fn place(store: Store, segment: i64, at: i64, stored: u32) -> rusqlite::Result<Place> {
    // The index may be damaged: no length of its is believed beyond what a record can have.
    let bytes = stored.min(super::record::STORED_BYTES_MAX + 64);
    Ok(Place { store, segment: Seg::of_code(segment), offset: at as u64, bytes })
}

/// The first seven bytes of an id as a number.
pub(super) fn key(id: Id) -> i64 {
    id.0[..7].iter().fold(0, |key, &byte| (key << 8) | i64::from(byte))
}

/// Queries are planned without the values they are asked with: else SQLite plans them anew each time that they are, as it
/// does where a table has an index of some rows alone, which took a third of an export.
fn steady(connection: Connection) -> rusqlite::Result<Connection> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

fn prepared(connection: Connection, path: &Path) -> rusqlite::Result<Index> {
    let connection = steady(connection)?;
    connection.busy_timeout(BUSY_WAIT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_size_limit", WAL_BYTES)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(Index { connection, path: path.to_owned(), private: false, file: file_id(path), anew: false, has_dropped: true })
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}

/// Whether the file is no index that SQLite could read.
pub(super) fn is_corrupt(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
        || matches!(error, rusqlite::Error::SqliteFailure(_, Some(text)) if text.contains("no such table"))
        || matches!(error, rusqlite::Error::SqlInputError { .. })
}

#[cfg(test)]
impl Index {
    /// How often this connection has looked for a blob.
    pub fn blob_lookups(&self) -> i32 {
        let statement = self.connection.prepare_cached(BLOB).expect("it is a query");
        statement.get_status(rusqlite::StatementStatus::Run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Archive, Options};

    /// SQLite itself does not wait where a file is to be turned to write-ahead logging.
    #[test]
    fn an_index_just_made_is_waited_for_while_another_process_reads_it() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let archive = Archive::init(place.path(), Options::default()).expect("a new archive");
        let segments = Segments::new(archive.segments.folder.clone());
        drop(archive);
        let reader = Connection::open(segments.folder.index()).expect("it is there");
        reader.pragma_update(None, "journal_mode", "DELETE").expect("nobody else is there");
        reader.execute_batch("BEGIN; SELECT * FROM segments; SELECT * FROM archive").expect("it is read");
        std::thread::scope(|scope| {
            let opening = scope.spawn(|| Index::open(&segments).map(|index| index.is_some()));
            std::thread::sleep(Duration::from_millis(200));
            reader.execute_batch("COMMIT").expect("it was read");
            assert!(opening.join().expect("no panic").expect("it waited"));
        });
    }

    #[test]
    fn a_disk_without_room_for_shared_memory_is_full() {
        let of = |code| rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
        let sorted = |code| ArchiveError::index(Path::new("index.sqlite"), of(code));
        assert!(matches!(sorted(4874), ArchiveError::Full { .. }));
        assert!(matches!(sorted(rusqlite::ffi::SQLITE_IOERR), ArchiveError::Index { .. }));
        assert!(matches!(sorted(rusqlite::ffi::SQLITE_CORRUPT), ArchiveError::Index { .. }));
    }
}

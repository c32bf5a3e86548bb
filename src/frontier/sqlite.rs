//! The frontier in one SQLite file: addresses, cuts, hosts and notes.
//!
//! Write-ahead log with `synchronous = NORMAL`: what was committed survives the death of the process at any instant.
//! After a power cut the last moments may be missing; what they did is in the archive, which is always synced.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};

use super::again::{OF_KEY, failing, recover};
use super::claim::{Claim, TO_REVISIT, leased, release, rest, settle};
use super::intake::{Intake, LOST, key_of_second};
use super::review::{review, wake_rested};
use super::rows::{COLUMNS, KEEP_NOTE, fold, millis, moment, read};
use super::sift::{CHUNK, Sieve, drop_lists, unnamed_lists};
use super::upkeep::{IS_AHEAD, count_shapes, is_believed, latest, turn_back};
use super::{
    Added, Find, Frontier, FrontierError, Habit, Identity, IsMeant, Judge, Options, Result, Row, Sifted, SourceState,
    Task, Visited, Wakes, Wish, Words,
};
use crate::page::{Timestamp, Url};

/// "GLNF": tells a frontier from any other SQLite file.
const APPLICATION: i64 = 0x474C_4E46;
const SCHEMA: i64 = 7;
const BUSY_WAIT: Duration = Duration::from_secs(20);
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// Statements kept prepared: as many as there are.
const STATEMENTS: usize = 64;
/// Sources that name one page and are looked at for one that there still is.
const LOOKS_MAX: u32 = 16;
/// Page cache of the connection, in KiB (negative by SQLite's convention).
const CACHE_KIB: i64 = -16_384;
/// Pages of 4 KiB in the log before it is synced and brought into the file: a batch touches a thousand all over the file.
const LOG_PAGES: i64 = 4000;

/// `state`: 0 waits for `due_at` (for ever, where that is null), 1 is ready, 2 is leased.
const TABLES: &str = "
CREATE TABLE urls (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, url TEXT NOT NULL, host TEXT NOT NULL,
    source TEXT NOT NULL, role TEXT NOT NULL, root INTEGER NOT NULL, depth INTEGER NOT NULL, priority INTEGER NOT NULL,
    visits INTEGER NOT NULL DEFAULT 0, fails INTEGER NOT NULL DEFAULT 0, interval INTEGER, last_at INTEGER,
    last_outcome TEXT, changed_at INTEGER, leased_at INTEGER, due_at INTEGER, found_on TEXT, found_at INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0);
CREATE INDEX urls_waiting ON urls (due_at) WHERE state = 0 AND due_at IS NOT NULL;
CREATE INDEX urls_ready ON urls (source, host, priority DESC, due_at) WHERE state = 1;
CREATE INDEX urls_leased ON urls (id) WHERE state = 2;
CREATE INDEX urls_roots ON urls (source) WHERE root = 1;
CREATE TABLE shapes (shape TEXT PRIMARY KEY, urls INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE counts (source TEXT PRIMARY KEY, urls INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE cuts (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, why TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE hosts (key TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE notes (name TEXT PRIMARY KEY, text TEXT NOT NULL, at INTEGER NOT NULL);
";

/// From schema 1 to 2.
const TABLES_2: &str = "
ALTER TABLE urls ADD COLUMN moved_to TEXT;
ALTER TABLE urls ADD COLUMN moved_key TEXT;
CREATE INDEX urls_moved ON urls (moved_key) WHERE moved_key IS NOT NULL;
";

/// From schema 2 to 3: what matters more becomes ready first, however much has waited longer.
const TABLES_3: &str = "
DROP INDEX urls_waiting;
CREATE INDEX urls_waiting ON urls (priority DESC, due_at) WHERE state = 0 AND due_at IS NOT NULL;
";

/// From schema 3 to 4: only what a claim wishes for becomes ready, and it is found without reading the rest.
const TABLES_4: &str = "
DROP INDEX urls_waiting;
CREATE INDEX urls_waiting ON urls (source, priority DESC, due_at) WHERE state = 0 AND due_at IS NOT NULL;
";

/// From schema 4 to 5: how many addresses of each source were cut; lists that the list above them names no more, found by
/// the key of that.
const TABLES_5: &str = "
ALTER TABLE counts ADD COLUMN cut INTEGER NOT NULL DEFAULT 0;
ALTER TABLE urls ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE urls ADD COLUMN found_key TEXT;
CREATE INDEX urls_lists ON urls (source, found_key) WHERE root = 0 AND role IN ('feed', 'sitemap');
";

/// From schema 6 to 7: how often it was said in vain that a page had changed. Pages that were had go behind those never read.
const TABLES_7: &str = "
ALTER TABLE urls ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0;
";

/// A frontier on disk.
#[derive(Debug)]
pub struct SqliteFrontier {
    connection: Mutex<Connection>,
    pub(super) path: PathBuf,
    options: Options,
    identity: Identity,
    /// All sources there are, where that is known.
    sources: Option<HashSet<String>>,
    habits: HashMap<String, Habit>,
}

impl SqliteFrontier {
    /// Opens the frontier of that file, or makes it.
    ///
    /// # Errors
    /// The file cannot be used, or an address rule cannot be read.
    pub fn open(path: &Path, options: Options) -> Result<Self> {
        let identity = Identity::new(&options.url_rules)?;
        let store = |error: rusqlite::Error| failed(path, &error);
        let mut connection = Connection::open(path).map_err(store)?;
        prepare(&mut connection, path, &identity)?;
        let (path, habits) = (path.to_owned(), HashMap::new());
        Ok(Self { connection: Mutex::new(connection), path, options, identity, sources: None, habits })
    }

    /// Tells which sources there are: what belongs to any other passes to the source that finds it.
    #[must_use]
    pub fn among(self, sources: impl IntoIterator<Item = String>) -> Self {
        Self { sources: Some(sources.into_iter().collect()), ..self }
    }

    /// Tells how sources look after their pages: what two of them find is visited by the one that does so more often.
    #[must_use]
    pub fn with_habits(self, habits: impl IntoIterator<Item = (String, Habit)>) -> Self {
        Self { habits: habits.into_iter().collect(), ..self }
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // Another thread's panic rolled its transaction back: the connection is whole.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs work in one transaction that takes the writer's place at once.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T> {
        let mut connection = self.lock();
        let run = || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        run().map_err(|error| failed(&self.path, &error))
    }

    pub(super) fn intake<'a>(&'a self, transaction: &'a Transaction<'a>) -> Intake<'a> {
        let Self { identity, options, sources, habits, .. } = self;
        Intake { transaction, identity, options, sources: sources.as_ref(), habits }
    }

    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        work(&self.lock()).map_err(|error| failed(&self.path, &error))
    }
}

fn failed(path: &Path, error: &rusqlite::Error) -> FrontierError {
    FrontierError::Store { path: path.to_owned(), why: error.to_string() }
}

/// Where two programs make one frontier at once, SQLite tells the later one that it is busy without waiting.
fn keep_a_log(connection: &Connection) -> rusqlite::Result<()> {
    let set = || connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()));
    for _ in 0..BUSY_WAIT.as_millis() / BUSY_PAUSE.as_millis() {
        match set() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => std::thread::sleep(BUSY_PAUSE),
            other => return other,
        }
    }
    set()
}

fn prepare(connection: &mut Connection, path: &Path, identity: &Identity) -> Result<()> {
    let store = |error: rusqlite::Error| failed(path, &error);
    connection.busy_timeout(BUSY_WAIT).map_err(store)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", CACHE_KIB).map_err(store)?;
    keep_a_log(connection).map_err(store)?;
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(store)?;
    connection.pragma_update_and_check(None, "secure_delete", "ON", |_| Ok(())).map_err(store)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(())).map_err(store)?;
    let made = connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
        let version: i64 = transaction.query_row("PRAGMA user_version", [], |line| line.get(0))?;
        if version == 0 {
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
        }
        if version < 2 {
            transaction.execute_batch(TABLES_2)?;
        }
        if version < 3 {
            transaction.execute_batch(TABLES_3)?;
        }
        if version < 4 {
            transaction.execute_batch(TABLES_4)?;
        }
        if version < 5 {
            transaction.execute_batch(TABLES_5)?;
            key_lists(&transaction, identity)?;
        }
        if version < 6 {
            count_shapes(&transaction)?;
        }
        if version < 7 {
            transaction.execute_batch(TABLES_7)?;
            transaction.execute(&format!("UPDATE urls SET {TO_REVISIT} WHERE visits > 0"), [])?;
        }
        if version < SCHEMA {
            transaction.pragma_update(None, "user_version", SCHEMA)?;
        }
        transaction.commit()?;
        Ok(version)
    });
    match made.map_err(store)? {
        found if found > SCHEMA => Err(FrontierError::Newer { path: path.to_owned(), found, known: SCHEMA }),
        _ => Ok(()),
    }
}

/// Lists of an older schema get the key of the list that they were found on.
fn key_lists(transaction: &Transaction<'_>, identity: &Identity) -> rusqlite::Result<()> {
    let mut statement = transaction
        .prepare("SELECT id, found_on FROM urls WHERE role IN ('feed', 'sitemap') AND found_on IS NOT NULL")?;
    let lists = statement.query_map([], |line| Ok((line.get::<_, i64>(0)?, line.get::<_, String>(1)?)))?;
    for (id, found_on) in lists.collect::<rusqlite::Result<Vec<_>>>()? {
        let key = Url::parse(&found_on).ok().map(|url| identity.key(&url));
        transaction.prepare_cached("UPDATE urls SET found_key = ?2 WHERE id = ?1")?.execute(params![id, key])?;
    }
    Ok(())
}

impl Frontier for SqliteFrontier {
    fn add(&self, finds: &[Find], now: Timestamp) -> Result<Added> {
        if finds.is_empty() {
            return Ok(Added::default());
        }
        self.write(|transaction| self.intake(transaction).take_in(finds, now))
    }

    fn sift(&self, finds: &[Find], limit: usize, now: Timestamp) -> Result<Sifted> {
        let mut sieve = Sieve::new(limit);
        for chunk in finds.chunks(CHUNK) {
            let mut connection = self.lock();
            let mut look = || {
                let transaction = connection.transaction()?;
                sieve.take(&self.intake(&transaction), chunk, now)
            };
            look().map_err(|error: rusqlite::Error| failed(&self.path, &error))?;
        }
        Ok(sieve.sifted)
    }

    fn claim(&self, wish: &Wish) -> Result<Vec<Task>> {
        loop {
            let (tasks, more) = self.write(|transaction| Claim::new(transaction, wish).due())?;
            // Who has hosts at work claims again; to who has none, nothing means that nothing is due.
            if !tasks.is_empty() || !more || !wish.busy.is_empty() {
                return Ok(tasks);
            }
        }
    }

    fn finish(&self, visits: &[Visited], finds: &[Find], now: Timestamp) -> Result<Added> {
        self.write(|transaction| {
            for visit in visits {
                settle(transaction, visit)?;
                self.intake(transaction).move_row(visit.id, &visit.moved)?;
                if LOST.contains(&visit.outcome.as_str()) {
                    self.intake(transaction).wake_moved(visit.id, now)?;
                }
            }
            self.intake(transaction).take_in(finds, now)
        })
    }

    fn release(&self, ids: &[i64], due_at: Timestamp) -> Result<()> {
        self.write(|transaction| release(transaction, ids, due_at))
    }

    fn rest(&self, ids: &[i64]) -> Result<()> {
        self.write(|transaction| rest(transaction, ids))
    }

    fn wake_rested(&self, patterns: &[(String, String)], now: Timestamp, wakes: Wakes<'_>) -> Result<u64> {
        self.write(|transaction| wake_rested(transaction, patterns, now, wakes))
    }

    fn recover(&self, url: &Url, at: Timestamp, due: &dyn Fn(&Row) -> Option<Timestamp>) -> Result<u64> {
        let key = self.identity.key(url);
        // Most never failed: nobody has to wait for that.
        let rows = self.read(|connection| failing(connection, &key))?;
        if rows.is_empty() {
            return Ok(0);
        }
        self.write(|transaction| rows.iter().try_for_each(|row| recover(transaction, row.task.id, at, due(row))))?;
        Ok(rows.len() as u64)
    }

    fn orphans(&self) -> Result<Vec<Task>> {
        self.read(|connection| {
            let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM urls WHERE state = 2"))?;
            statement.query_map([], leased)?.collect()
        })
    }

    fn look(&self, url: &Url) -> Result<Option<Row>> {
        let key = self.identity.key(url);
        let is_alive = |row: &Row| self.sources.as_ref().is_none_or(|sources| sources.contains(&row.task.source));
        self.read(|connection| {
            for of in [OF_KEY, "moved_key = ?1"] {
                let sql = format!("SELECT {COLUMNS} FROM urls WHERE {of} LIMIT {LOOKS_MAX}");
                let mut statement = connection.prepare_cached(&sql)?;
                let rows = statement.query_map([&key], read)?.collect::<rusqlite::Result<Vec<Row>>>()?;
                let best = rows.iter().position(is_alive).unwrap_or(0);
                if let Some(row) = rows.into_iter().nth(best) {
                    return Ok(Some(row));
                }
            }
            Ok(None)
        })
    }

    fn cut(&self, url: &Url) -> Result<Option<(String, Timestamp)>> {
        let key = self.identity.key(url);
        self.read(|connection| {
            let of = |line: &rusqlite::Row<'_>| Ok((line.get(0)?, moment(line.get(1)?)));
            connection.query_row("SELECT why, at FROM cuts WHERE key = ?1", [&key], of).optional()
        })
    }

    fn rows(&self, sources: &[String], roots_only: bool, visit: &mut dyn FnMut(Row)) -> Result<()> {
        self.read(|connection| {
            let roots = if roots_only { "AND root = 1" } else { "" };
            let sql =
                format!("SELECT {COLUMNS} FROM urls WHERE source = ?1 {roots} ORDER BY due_at IS NULL, due_at, id");
            for source in sources {
                let mut statement = connection.prepare_cached(&sql)?;
                for row in statement.query_map([source], read)? {
                    visit(row?);
                }
            }
            Ok(())
        })
    }

    fn set_due(&self, dues: &[(i64, Option<Timestamp>)]) -> Result<()> {
        if dues.is_empty() {
            return Ok(());
        }
        self.write(|transaction| {
            for (id, due) in dues {
                transaction
                    .prepare_cached("UPDATE urls SET due_at = ?2, state = 0 WHERE id = ?1 AND state < 2")?
                    .execute(params![id, due.map(millis)])?;
            }
            Ok(())
        })
    }

    fn review(&self, revisits: &[(String, String)], now: Timestamp, judge: Judge<'_>) -> Result<u64> {
        self.write(|transaction| review(transaction, revisits, now, judge))
    }

    fn wake(&self, sources: &[String], now: Timestamp) -> Result<()> {
        self.write(|transaction| {
            for source in sources {
                transaction
                    .prepare_cached(
                        "UPDATE urls SET due_at = min(coalesce(due_at, ?2), ?2), state = 0, fails = 0
                         WHERE source = ?1 AND root = 1 AND state < 2",
                    )?
                    .execute(params![source, millis(now)])?;
            }
            Ok(())
        })
    }

    fn keep_roots(&self, source: &str, urls: &[Url]) -> Result<u64> {
        let own = urls.iter().map(|url| self.identity.key(url)).flat_map(|key| [key_of_second(&key, source), key]);
        let keys = own.collect();
        self.write(|transaction| self.intake(transaction).forget_roots(source, &keys))
    }

    fn forget(&self, is_meant: IsMeant<'_>) -> Result<u64> {
        self.forget_meant(is_meant)
    }

    fn meant(&self, is_meant: IsMeant<'_>) -> Result<u64> {
        self.count_meant(is_meant)
    }

    fn clean(&self, alone: bool) -> Result<bool> {
        self.clean_file(alone)
    }

    fn words(&self, is_meant: IsMeant<'_>, visit: Words<'_>) -> Result<()> {
        self.each_word(is_meant, visit)
    }

    fn keep_lists(&self, source: &str, list: &Url, named: &[Url]) -> Result<u64> {
        let named: HashSet<String> = named.iter().map(|url| self.identity.key(url)).collect();
        let list = self.identity.key(list);
        let unnamed = |connection: &Connection| unnamed_lists(connection, (source, &list), &named);
        // Most name what they named, or nothing at all: nobody has to wait for that.
        if self.read(unnamed)?.is_empty() {
            return Ok(0);
        }
        self.write(|transaction| {
            let gone = unnamed(transaction)?;
            drop_lists(transaction, &gone).map(|()| gone.len() as u64)
        })
    }

    fn sources(&self, now: Timestamp) -> Result<Vec<SourceState>> {
        self.read(|connection| {
            let mut states: BTreeMap<String, SourceState> = BTreeMap::new();
            let mut statement = connection.prepare(
                "SELECT source, last_outcome, count(*), sum(state = 1 OR (state = 0 AND due_at <= ?1)), min(due_at), \
                 max(last_at), max(CASE WHEN root = 0 THEN found_at END), max(changed_at), \
                 max(CASE WHEN root = 1 THEN fails ELSE 0 END), min(CASE WHEN root = 1 THEN fails END) FROM urls GROUP BY source, last_outcome",
            )?;
            let mut lines = statement.query([millis(now)])?;
            while let Some(line) = lines.next()? {
                let source: String = line.get(0)?;
                let state =
                    states.entry(source.clone()).or_insert_with(|| SourceState { source, ..SourceState::default() });
                fold(state, line)?;
            }
            let mut statement = connection.prepare("SELECT source, cut FROM counts WHERE cut > 0")?;
            for line in statement.query_map([], |line| Ok((line.get::<_, String>(0)?, line.get::<_, i64>(1)?)))? {
                let (source, cut) = line?;
                if let Some(state) = states.get_mut(&source) {
                    state.cut = u64::try_from(cut).unwrap_or(0);
                }
            }
            Ok(states.into_values().collect())
        })
    }

    fn next_due(&self, sources: &[String]) -> Result<Option<Timestamp>> {
        self.read(|connection| {
            let mut next: Option<i64> = None;
            for source in sources {
                let due: Option<i64> = connection
                    .prepare_cached("SELECT min(due_at) FROM urls WHERE source = ?1 AND state < 2")?
                    .query_row([source], |line| line.get(0))?;
                next = [next, due].into_iter().flatten().min();
            }
            Ok(next.map(moment))
        })
    }

    fn with_host(&self, key: &str, change: &mut dyn FnMut(Option<String>) -> Option<String>) -> Result<()> {
        self.write(|transaction| {
            let old: Option<String> = transaction
                .prepare_cached("SELECT state FROM hosts WHERE key = ?1")?
                .query_row([key], |line| line.get(0))
                .optional()?;
            match change(old) {
                Some(new) => transaction
                    .prepare_cached(
                        "INSERT INTO hosts VALUES (?1, ?2) ON CONFLICT DO UPDATE SET state = excluded.state",
                    )?
                    .execute([key, &new])?,
                None => 0,
            };
            Ok(())
        })
    }

    fn note(&self, name: &str) -> Result<Option<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT text FROM notes WHERE name = ?1")?;
            statement.query_row([name], |line| line.get(0)).optional()
        })
    }

    fn turn_back(&self, now: Timestamp) -> Result<u64> {
        let ahead = self.read(|connection| connection.query_row(IS_AHEAD, [latest(now)], |line| line.get(0)))?;
        self.write(|transaction| {
            let believed = is_believed(transaction, now, ahead)?;
            if believed { turn_back(transaction, now) } else { Ok(0) }
        })
    }

    fn keep_note(&self, name: &str, text: &str, at: Timestamp) -> Result<()> {
        self.write(|transaction| {
            transaction.prepare_cached(KEEP_NOTE)?.execute(params![name, text, millis(at)])?;
            Ok(())
        })
    }
}

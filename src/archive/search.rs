//! Full text: an FTS5 index in a file of its own beside the archive, brought up to date before each search, to be
//! deleted and made anew at will.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Result as SqlResult, Transaction};
use unicode_normalization::UnicodeNormalization;

use super::{Archive, ArchiveError, Result};
use crate::capture::{Capture, Id};

/// Raised with every change of the schema; a file of another one is made anew.
const SCHEMA: i64 = 2;
/// For the moments in which another search brings the file up to date.
const BUSY_WAIT: Duration = Duration::from_secs(60);
/// So many texts go into one transaction.
const TEXTS_AT_ONCE: usize = 500;
/// Characters shown around the first word that is found.
const SNIPPET_CHARS: usize = 160;
/// Longest question that is read.
const QUESTION_CHARS_MAX: usize = 1000;

const TABLES: &str = "
CREATE TABLE state (archive TEXT NOT NULL, segments TEXT NOT NULL);
CREATE TABLE docs (n INTEGER PRIMARY KEY, key INTEGER NOT NULL UNIQUE);
CREATE VIRTUAL TABLE texts USING fts5 (title, text, content = '', contentless_delete = 1,
    tokenize = \"unicode61 remove_diacritics 2\");
";

/// A text that has the words, with the newest capture of it.
#[derive(Clone, Debug)]
pub struct Hit {
    pub capture: Capture,
    /// Some of the text around the first of the words.
    pub snippet: String,
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Hits {
    pub hits: Vec<Hit>,
    /// A text or capture that has the words and cannot be read: the first of them.
    pub damage: Option<ArchiveError>,
}

impl Archive {
    /// The texts that have all of the words, best first. `"words in a row"`, `begin*` and `-without` are understood; case,
    /// accents and the like are not told apart.
    pub fn search(&self, words: &str, limit: usize) -> Result<Hits> {
        let Some((question, terms)) = question(words) else { return Ok(Hits::default()) };
        let mut keys = Search::level(self).and_then(|search| search.find(&question, limit));
        if keys.as_ref().is_err_and(is_damage) {
            let anew = match self.forget_search() {
                Ok(()) => Search::level(self),
                Err(error) if is_unwritable(&error) => Search::alone(self),
                Err(error) => Err(error),
            };
            keys = anew.and_then(|search| search.find(&question, limit));
        }
        let mut found = Hits::default();
        for key in keys? {
            match self.hit(key, &terms) {
                Ok(hit) => found.hits.extend(hit),
                // The others are found all the same.
                Err(error @ (ArchiveError::Damaged { .. } | ArchiveError::Missing { .. })) => {
                    found.damage.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    fn hit(&self, key: i64, terms: &[String]) -> Result<Option<Hit>> {
        let rows = self.reader().keyed((key, key), 0, i64::from(u16::MAX))?;
        let captures = rows.iter().map(|row| self.capture(row)).collect::<Result<Vec<_>>>()?;
        let newest = captures.into_iter().filter(|capture| capture.text.is_some_and(|id| super::index::key(id) == key));
        let Some(capture) = newest.max_by_key(|capture| capture.fetched_at) else { return Ok(None) };
        let Some(id) = capture.text else { return Ok(None) };
        let snippet = snippet(&self.text(id)?, terms);
        Ok(Some(Hit { capture, snippet }))
    }

    /// Whether the search index has a text that the archive has not: a search that went on beside an erasing made it.
    pub(super) fn search_holds_gone(&self) -> Result<bool> {
        let path = file(self);
        if !path.is_file() {
            return Ok(false);
        }
        let there: HashSet<i64> = self.texts_by_key()?.into_iter().map(|(key, _)| key).collect();
        let keys = Connection::open(&path).and_then(|connection| Search { connection, path: path.clone() }.keys());
        // What cannot be read may hold anything.
        Ok(keys.map_or(true, |keys| keys.iter().any(|key| !there.contains(key))))
    }

    /// What is wrong with the search index, of which nothing is wrong where it is not there. Each search takes it as it lies
    /// there; to read all of it is for a check.
    pub(super) fn search_flaw(&self) -> Option<String> {
        let path = file(self);
        // Who opens a pipe waits for somebody to write to it.
        if !path.is_file() {
            return None;
        }
        let look = |connection: SqlResult<Connection>| -> SqlResult<String> {
            let connection = connection?;
            connection.busy_timeout(BUSY_WAIT)?;
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        };
        let flaw = |said: SqlResult<String>| match said {
            Ok(said) if said == "ok" => Ok(None),
            Ok(said) => Ok(Some(said.lines().next().unwrap_or_default().to_owned())),
            Err(error) if super::index::is_corrupt(&error) => Ok(Some(error.to_string())),
            Err(error) => Err(error),
        };
        let as_it_lies = unchanging(&path).map(|connection| flaw(look(connection)));
        if let Some(Ok(None)) = as_it_lies {
            return None;
        }
        // A search may have written to it meanwhile. What is not to be read here says nothing of what it holds.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let with_log = flaw(look(Connection::open_with_flags(&path, flags)));
        with_log.or(as_it_lies.unwrap_or(Ok(None))).unwrap_or(None)
    }

    /// The newest capture of each text, by the text's key.
    fn texts_by_key(&self) -> Result<Vec<(i64, i64)>> {
        self.reader().query(|connection| {
            connection
                .prepare("SELECT text, max(n) FROM captures WHERE text IS NOT NULL GROUP BY text ORDER BY 2")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }

    /// Tells one state of the archive from another.
    fn state(&self) -> Result<String> {
        let segments = self.reader().sealed_segments()?;
        Ok(Id::of(format!("{segments:?}").as_bytes()).to_string())
    }
}

/// Where the search index lies.
fn file(archive: &Archive) -> PathBuf {
    archive.segments.folder.path.join("search.sqlite")
}

/// Whether the search index is damaged where it was read: the archive can make it anew.
fn is_damage(error: &ArchiveError) -> bool {
    matches!(error, ArchiveError::Index { path, source }
        if path.ends_with("search.sqlite") && super::index::is_corrupt(source))
}

/// Whether a search goes on with an index of its own.
fn is_unwritable(error: &ArchiveError) -> bool {
    matches!(error, ArchiveError::ReadOnly { .. } | ArchiveError::Full { .. })
}

/// Opened as a file that nobody changes, beside which nothing is made; `None` where it is none, or has a log.
fn unchanging(path: &std::path::Path) -> Option<SqlResult<Connection>> {
    let has_log = std::fs::metadata(path.with_extension("sqlite-wal")).is_ok_and(|log| log.len() > 0);
    let address = crate::page::Url::from_path(path).filter(|_| !has_log && path.is_file())?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Some(Connection::open_with_flags(format!("{}?immutable=1", address.as_str()), flags))
}

struct Search {
    connection: Connection,
    path: PathBuf,
}

impl Search {
    /// Opened and brought up to date. Where nothing can be written, it is read as it lies there if it is up to date, and else
    /// made for this search alone.
    fn level(archive: &Archive) -> Result<Self> {
        let leveled = Self::open(archive).and_then(|mut search| search.update(archive).map(|()| search));
        match leveled {
            Err(error) if is_unwritable(&error) => {}
            other => return other,
        }
        Self::open_unchanging(archive)?.map_or_else(|| Self::alone(archive), Ok)
    }

    /// In a temporary file, for one search.
    fn alone(archive: &Archive) -> Result<Self> {
        let path = file(archive);
        let make = || -> SqlResult<Connection> {
            let connection = Connection::open("")?;
            connection.execute_batch(TABLES)?;
            connection.execute("INSERT INTO state VALUES (?1, '')", [&archive.segments.folder.archive])?;
            Ok(connection)
        };
        let connection = make().map_err(|error| ArchiveError::index(&path, error))?;
        let mut search = Self { connection, path };
        search.update(archive).map(|()| search)
    }

    /// `None` where it is not there, or not of the archive as it is now.
    fn open_unchanging(archive: &Archive) -> Result<Option<Self>> {
        let path = file(archive);
        let Some(connection) = unchanging(&path) else { return Ok(None) };
        let open = || -> SqlResult<(Connection, i64, (String, String))> {
            let connection = connection?;
            let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            let of = connection
                .query_row("SELECT archive, segments FROM state", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok((connection, version, of))
        };
        let now = (archive.segments.folder.archive.clone(), archive.state()?);
        let opened = open().ok().filter(|(_, version, of)| *version == SCHEMA && *of == now);
        Ok(opened.map(|(connection, ..)| Self { connection, path }))
    }

    fn open(archive: &Archive) -> Result<Self> {
        let path = file(archive);
        let open = || -> SqlResult<Option<Connection>> {
            let connection = Connection::open(&path)?;
            connection.busy_timeout(BUSY_WAIT)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            // A lost update is made again: only the file's soundness counts.
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            let of: Option<String> = if version == SCHEMA {
                connection.query_row("SELECT archive FROM state", [], |row| row.get(0)).optional()?
            } else {
                None
            };
            Ok(Some(connection).filter(|_| of.as_deref() == Some(&archive.segments.folder.archive)))
        };
        if let Ok(Some(connection)) = open() {
            return Ok(Self { connection, path });
        }
        archive.forget_search()?;
        let make = || -> SqlResult<Connection> {
            let connection = Connection::open(&path)?;
            connection.busy_timeout(BUSY_WAIT)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES}"))?;
            connection.execute("INSERT INTO state VALUES (?1, '')", [&archive.segments.folder.archive])?;
            connection.pragma_update(None, "user_version", SCHEMA)?;
            connection.execute_batch("COMMIT")?;
            Ok(connection)
        };
        match make() {
            Ok(connection) => Ok(Self { connection, path }),
            Err(error) => Err(ArchiveError::index(&path, error)),
        }
    }

    /// Takes in texts that came since, and lets go of those that went.
    fn update(&mut self, archive: &Archive) -> Result<()> {
        let path = self.path.clone();
        let failed = |error| ArchiveError::index(&path, error);
        let state = archive.state()?;
        let known: String =
            self.connection.query_row("SELECT segments FROM state", [], |row| row.get(0)).map_err(failed)?;
        if known == state {
            return Ok(());
        }
        let texts = archive.texts_by_key()?;
        let held: HashSet<i64> = self.keys().map_err(failed)?;
        let there: HashSet<i64> = texts.iter().map(|(key, _)| *key).collect();
        let new: Vec<_> = texts.into_iter().filter(|(key, _)| !held.contains(key)).collect();
        let gone: Vec<i64> = held.difference(&there).copied().collect();
        for chunk in new.chunks(TEXTS_AT_ONCE) {
            let transaction = self.connection.transaction().map_err(failed)?;
            for &(key, n) in chunk {
                put(archive, &transaction, &path, key, n)?;
            }
            transaction.commit().map_err(failed)?;
        }
        let transaction = self.connection.transaction().map_err(failed)?;
        gone.iter().try_for_each(|key| remove(&transaction, *key)).map_err(failed)?;
        transaction.execute("UPDATE state SET segments = ?1", [state]).map_err(failed)?;
        transaction.commit().map_err(failed)
    }

    fn keys(&self) -> SqlResult<HashSet<i64>> {
        self.connection.prepare("SELECT key FROM docs")?.query_map([], |row| row.get(0))?.collect()
    }

    fn find(&self, question: &str, limit: usize) -> Result<Vec<i64>> {
        let sql = "SELECT docs.key FROM texts JOIN docs ON docs.n = texts.rowid WHERE texts MATCH ?1
            ORDER BY bm25(texts, 4.0, 1.0), docs.n LIMIT ?2";
        let find = || -> SqlResult<Vec<i64>> {
            self.connection.prepare(sql)?.query_map((question, limit as i64), |row| row.get(0))?.collect()
        };
        find().map_err(|error| ArchiveError::index(&self.path, error))
    }
}

fn put(archive: &Archive, transaction: &Transaction<'_>, path: &std::path::Path, key: i64, n: i64) -> Result<()> {
    let failed = |error| ArchiveError::index(path, error);
    let row = archive.reader().rows(&super::index::Selection::of(&super::Filter::default()), n - 1, n, 1)?;
    let Some(row) = row.first() else { return Ok(()) };
    let capture = archive.capture(row)?;
    let Some(id) = capture.text else { return Ok(()) };
    // A damaged text is told by `check`, and is not found.
    let text = match archive.text(id) {
        Ok(text) => text,
        Err(ArchiveError::Damaged { .. } | ArchiveError::Missing { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    let title = capture.metadata.title.map(|title| title.value).unwrap_or_default();
    let fresh = transaction.execute("INSERT OR IGNORE INTO docs VALUES (NULL, ?1)", [key]).map_err(failed)?;
    if fresh == 1 {
        let n = transaction.last_insert_rowid();
        transaction
            .prepare_cached("INSERT INTO texts (rowid, title, text) VALUES (?1, ?2, ?3)")
            .and_then(|mut put| put.execute((n, spaced(&title), spaced(&text))))
            .map_err(failed)?;
    }
    Ok(())
}

fn remove(transaction: &Transaction<'_>, key: i64) -> SqlResult<()> {
    transaction.execute("DELETE FROM texts WHERE rowid = (SELECT n FROM docs WHERE key = ?1)", [key])?;
    transaction.execute("DELETE FROM docs WHERE key = ?1", [key]).map(drop)
}

/// As words are compared: in one case, without accents. SQLite does so for Latin letters alone, and letter by letter.
fn folded(c: char) -> impl Iterator<Item = char> {
    let whole = match c {
        'ß' | 'ẞ' => "ss",
        'ı' | 'İ' => "i",
        'ς' => "σ",
        _ => "",
    };
    // Apart from these marks, what stands on a letter makes it another one, as in й.
    let is_accent = |c: &char| {
        matches!(c, '\u{0300}' | '\u{0301}' | '\u{0308}' | '\u{0313}' | '\u{0314}' | '\u{0342}' | '\u{0345}')
    };
    let plain = c.to_lowercase().nfd().filter(move |c| !is_accent(c)).nfc();
    whole.chars().chain(plain.filter(move |_| whole.is_empty()))
}

/// Chinese, Japanese, Korean and Thai go character by character: their words have no spaces between them.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for c in text.chars().flat_map(folded) {
        if is_wide(c) {
            spaced.extend([' ', c, ' ']);
        } else {
            spaced.push(c);
        }
    }
    spaced
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// The question in FTS5's language, where nothing a user types is an operator, and the words for the snippet.
fn question(words: &str) -> Option<(String, Vec<String>)> {
    let words: String = words.chars().take(QUESTION_CHARS_MAX).collect();
    let (mut with, mut without, mut terms) = (Vec::new(), Vec::new(), Vec::new());
    for (n, part) in words.split('"').enumerate() {
        let phrases: Vec<&str> = if n % 2 == 1 { vec![part] } else { part.split_whitespace().collect() };
        for phrase in phrases {
            let (phrase, list) = match phrase.strip_prefix('-') {
                Some(rest) if n % 2 == 0 => (rest, &mut without),
                _ => (phrase, &mut with),
            };
            let star = if n % 2 == 0 && phrase.ends_with('*') { "*" } else { "" };
            let phrase = phrase.trim_end_matches('*').trim();
            if phrase.chars().any(char::is_alphanumeric) {
                list.push(format!("\"{}\"{star}", spaced(phrase)));
                terms.push(phrase.chars().flat_map(folded).collect());
            }
        }
    }
    if with.is_empty() {
        return None;
    }
    let without: String = without.iter().map(|term| format!(" NOT {term}")).collect();
    Some((format!("({}){without}", with.join(" AND ")), terms))
}

/// Some of the text around the first place where one of the terms stands.
fn snippet(text: &str, terms: &[String]) -> String {
    let lower: Vec<char> = text.chars().map(|c| folded(c).next().unwrap_or(c)).collect();
    let at = |term: &String| {
        let term: Vec<char> = term.chars().collect();
        lower.windows(term.len().max(1)).position(|window| window == term)
    };
    let first = terms.iter().filter_map(at).min().unwrap_or(0);
    let begin = first.saturating_sub(SNIPPET_CHARS / 3);
    let chars: String = text.chars().skip(begin).take(SNIPPET_CHARS).collect();
    let cut = |missing: bool| if missing { "…" } else { "" };
    let words = chars.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}{words}{}", cut(begin > 0), cut(begin + SNIPPET_CHARS < lower.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Entry, Options};

    #[test]
    fn where_nothing_can_be_written_the_index_that_lies_there_is_searched_while_it_is_current() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let archive = Archive::init(place.path(), Options::default()).expect("a new archive");
        let keep = |n: u32| {
            let json =
                format!(r#"{{"url":"https://a.example/{n}","fetched_at":"2026-01-01T00:00:00Z","outcome":"ok"}}"#);
            let capture = serde_json::from_str(&json).expect("a capture");
            let text = Some(format!("Ferry {n}."));
            archive.append(vec![Entry { capture, text, records: None, raw: None }]).expect("it is kept");
        };
        keep(1);
        assert!(Search::open_unchanging(&archive).expect("it is looked for").is_none());
        assert_eq!(archive.search("ferry", 9).expect("it is searched").hits.len(), 1);
        let search = Search::open_unchanging(&archive).expect("it is looked for").expect("it is current");
        assert_eq!(search.find("\"ferry\"", 9).expect("it is searched").len(), 1);
        keep(2);
        assert!(Search::open_unchanging(&archive).expect("it is looked for").is_none());
        let mut own = Search::alone(&archive).expect("it is made");
        assert_eq!(own.find("\"ferry\"", 9).expect("it is searched").len(), 2);
        own.update(&archive).expect("nothing is new");
    }
}

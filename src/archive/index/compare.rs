//! One index against another: equal archives have equal indexes, row for row.

use std::collections::HashMap;

use rusqlite::{Result as SqlResult, Row};

use super::Index;
use crate::archive::Result;
use crate::archive::folder::{Seg, Store};
use crate::capture::Id;

/// Every table, with the columns that its rows are ordered by.
const ORDERS: [(&str, &str); 7] = [
    ("archive", "id"),
    ("segments", "store, segment"),
    ("blobs", "key, kind, segment, at"),
    ("dropped", "key, kind"),
    ("hosts", "n"),
    ("urls", "n"),
    ("captures", "n"),
];

/// What an index says it is of.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::archive) struct State {
    /// Of every segment its store and code, the place after its last commit, and that one's id.
    segments: Vec<(i64, i64, i64, Id)>,
    /// The file that the index is; none of one that is a process's own.
    file: Option<(u64, u64)>,
}

impl State {
    /// Whether both are of one content. An index that was made anew, or of one process alone, may lack what is damaged by now.
    pub fn is_that_of(&self, other: &Self) -> bool {
        self.file.is_some() && self == other
    }
}

/// What an index knows of captures, in the order written.
#[derive(Debug, Default)]
pub(in crate::archive) struct Known {
    captures: Vec<Line>,
    urls: HashMap<i64, String>,
    /// Outcomes, kinds and languages: each is said of many.
    words: Vec<String>,
}

/// A capture: of ids the first bytes, of addresses the number, of words the place in the list.
#[derive(Debug)]
struct Line {
    key: i64,
    url: i64,
    time: i64,
    outcome: Option<usize>,
    text: Option<i64>,
    words: u32,
    last: Option<i64>,
    kind: Option<usize>,
    language: Option<usize>,
    raw: Option<i64>,
}

/// A capture that is gone, as the index knew it.
#[derive(Debug, Default)]
pub(in crate::archive) struct Gone {
    pub url: String,
    /// The first bytes of its id, its text's and its raw bytes'.
    pub key: i64,
    pub text: Option<i64>,
    pub raw: Option<i64>,
    /// Nanoseconds since 1970.
    pub time: i64,
    pub outcome: String,
    pub words: u32,
    pub final_url: Option<String>,
    pub kind: Option<String>,
    pub language: Option<String>,
}

const LINES: &str = "SELECT key, url, time, outcome, text, words, final, kind, language, raw FROM captures ORDER BY n";

impl Known {
    pub fn of(index: &Index) -> Result<Self> {
        let mut known = Self::default();
        let read = |known: &mut Self| -> SqlResult<()> {
            let number_and_url = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let mut urls = index.connection.prepare("SELECT n, url FROM urls")?;
            known.urls = urls.query_map([], number_and_url)?.collect::<SqlResult<_>>()?;
            let (mut captures, mut places) = (index.connection.prepare(LINES)?, HashMap::new());
            let mut rows = captures.query([])?;
            while let Some(row) = rows.next()? {
                let mut word = |column| -> SqlResult<Option<usize>> {
                    let Some(word) = row.get::<_, Option<String>>(column)? else { return Ok(None) };
                    let next = known.words.len();
                    Ok(Some(*places.entry(word.clone()).or_insert_with(|| {
                        known.words.push(word);
                        next
                    })))
                };
                let (outcome, kind, language) = (word(3)?, word(7)?, word(8)?);
                let (key, url, time) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let (text, words, last, raw) = (row.get(4)?, row.get(5)?, row.get(6)?, row.get(9)?);
                known.captures.push(Line { key, url, time, outcome, text, words, last, kind, language, raw });
            }
            Ok(())
        };
        read(&mut known).map_err(|error| index.error(error))?;
        Ok(known)
    }

    /// Those that another index has not.
    pub fn not_in(&self, other: &Index) -> Result<Vec<Gone>> {
        let mut there: HashMap<i64, usize> = HashMap::new();
        let mut count = || -> SqlResult<()> {
            let mut keys = other.connection.prepare("SELECT key FROM captures")?;
            let mut rows = keys.query([])?;
            while let Some(row) = rows.next()? {
                *there.entry(row.get(0)?).or_default() += 1;
            }
            Ok(())
        };
        count().map_err(|error| other.error(error))?;
        let mut gone = Vec::new();
        for line in &self.captures {
            match there.get_mut(&line.key).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => gone.push(self.gone(line)),
            }
        }
        Ok(gone)
    }

    fn gone(&self, line: &Line) -> Gone {
        let url = |n: i64| self.urls.get(&n).cloned();
        let word = |place: Option<usize>| place.and_then(|place| self.words.get(place).cloned());
        let &Line { key, text, raw, time, words, .. } = line;
        Gone {
            url: url(line.url).unwrap_or_default(),
            key,
            text,
            raw,
            time,
            outcome: word(line.outcome).unwrap_or_default(),
            words,
            final_url: line.last.and_then(url),
            kind: word(line.kind),
            language: word(line.language),
        }
    }
}

impl Index {
    /// Every segment with the place after its last commit.
    pub fn committed_segments(&self) -> Result<Vec<(Store, Seg, u64)>> {
        let read = |row: &rusqlite::Row<'_>| {
            let store = if row.get::<_, i64>(0)? == Store::Raw as i64 { Store::Raw } else { Store::Segments };
            Ok((store, Seg::of_code(row.get(1)?), row.get::<_, i64>(2)? as u64))
        };
        self.connection
            // Raw bytes first: captures name them.
            .prepare("SELECT store, segment, committed FROM segments ORDER BY store DESC, segment")
            .and_then(|mut statement| statement.query_map([], read)?.collect())
            .map_err(|error| self.error(error))
    }

    /// What tells one content of the index from another: the segments say all of it, and a commit vouches for what is before it.
    pub fn state(&self) -> Result<State> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, Id(row.get(3)?)));
        self.connection
            .prepare_cached("SELECT store, segment, committed, commit_id FROM segments ORDER BY store, segment")
            .and_then(|mut statement| statement.query_map([], read)?.collect())
            .map(|segments| State { segments, file: self.file })
            .map_err(|error| self.error(error))
    }

    /// From here on this connection sees the index as it is now.
    pub fn begin_reading(&self) -> Result<Vec<(Store, Seg, u64)>> {
        self.connection.execute_batch("BEGIN").map_err(|error| self.error(error))?;
        self.committed_segments()
    }

    /// What this index says otherwise than the other; `None` when they are equal and sound.
    pub fn difference(&self, other: &Self) -> Result<Option<String>> {
        if let Some(flaw) = self.flaw()? {
            return Ok(Some(flaw));
        }
        for (table, order) in ORDERS {
            if let Some(row) = self.first_difference(other, table, order).map_err(|error| self.error(error))? {
                return Ok(Some(format!("row {row} of `{table}` is not as the segments say")));
            }
        }
        Ok(None)
    }

    /// What is wrong with the file itself.
    pub(super) fn flaw(&self) -> Result<Option<String>> {
        let told = self.connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
        told.map(|told| Some(told).filter(|told| told != "ok")).map_err(|error| self.error(error))
    }

    fn first_difference(&self, other: &Self, table: &str, order: &str) -> SqlResult<Option<u64>> {
        let sql = format!("SELECT * FROM {table} ORDER BY {order}");
        let (mut mine, mut theirs) = (self.connection.prepare(&sql)?, other.connection.prepare(&sql)?);
        let columns = mine.column_count();
        if theirs.column_count() != columns {
            return Ok(Some(0));
        }
        let (mut mine, mut theirs) = (mine.query([])?, theirs.query([])?);
        for n in 1.. {
            match (mine.next()?, theirs.next()?) {
                (None, None) => break,
                (Some(mine), Some(theirs)) if are_equal(mine, theirs, columns)? => {}
                _ => return Ok(Some(n)),
            }
        }
        Ok(None)
    }
}

/// Compared where they stand: nothing is copied.
fn are_equal(mine: &Row<'_>, theirs: &Row<'_>, columns: usize) -> SqlResult<bool> {
    for column in 0..columns {
        if mine.get_ref(column)? != theirs.get_ref(column)? {
            return Ok(false);
        }
    }
    Ok(true)
}

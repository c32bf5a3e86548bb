//! One index against another: equal archives have equal indexes, row for row.

use std::collections::HashMap;

use rusqlite::{Result as SqlResult, Row};

use super::Index;
use crate::archive::Result;
use crate::archive::folder::{Seg, Store};

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

/// What an index knows of captures: the first bytes of each one's id and the number of its address, in the order written.
#[derive(Debug, Default)]
pub(in crate::archive) struct Known {
    captures: Vec<(i64, i64)>,
    urls: HashMap<i64, String>,
}

/// A capture by its address and the first bytes of its id.
pub(in crate::archive) struct Gone {
    pub url: String,
    pub key: i64,
}

impl Known {
    pub fn of(index: &Index) -> Result<Self> {
        let read = || -> SqlResult<Self> {
            let key_and_url = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let number_and_url = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let mut captures = index.connection.prepare("SELECT key, url FROM captures ORDER BY n")?;
            let mut urls = index.connection.prepare("SELECT n, url FROM urls")?;
            let captures = captures.query_map([], key_and_url)?.collect::<SqlResult<_>>()?;
            Ok(Self { captures, urls: urls.query_map([], number_and_url)?.collect::<SqlResult<_>>()? })
        };
        read().map_err(|error| index.error(error))
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
        for &(key, url) in &self.captures {
            match there.get_mut(&key).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => gone.push(Gone { url: self.urls.get(&url).cloned().unwrap_or_default(), key }),
            }
        }
        Ok(gone)
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

    /// From here on this connection sees the index as it is now.
    pub fn begin_reading(&self) -> Result<Vec<(Store, Seg, u64)>> {
        self.connection.execute_batch("BEGIN").map_err(|error| self.error(error))?;
        self.committed_segments()
    }

    /// What this index says otherwise than the other; `None` when they are equal and sound.
    pub fn difference(&self, other: &Self) -> Result<Option<String>> {
        let sound: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(|error| self.error(error))?;
        if sound != "ok" {
            return Ok(Some(sound));
        }
        for (table, order) in ORDERS {
            if let Some(row) = self.first_difference(other, table, order).map_err(|error| self.error(error))? {
                return Ok(Some(format!("row {row} of `{table}` is not as the segments say")));
            }
        }
        Ok(None)
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

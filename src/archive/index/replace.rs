//! A segment written anew: the same captures in the same order, at other places.

use rusqlite::{Connection, TransactionBehavior};

use super::add::{Batch, What};
use super::{Index, key};
use crate::archive::folder::{Seg, Store};
use crate::archive::member::SPOT_RECORD_BYTES;
use crate::archive::record::Kind;
use crate::archive::segments::Segments;
use crate::archive::{ArchiveError, Result};

impl Index {
    /// Takes a segment's new generation in place of the old one. `false` when its captures are not those of the
    /// old one: then the index is to be made anew.
    pub fn replace(&mut self, segments: &Segments, store: Store, old: Seg, batches: &[Batch]) -> Result<bool> {
        let path = self.path.clone();
        let failed = |error| ArchiveError::index(&path, error);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let moved = move_captures(&transaction, store, old, batches).map_err(failed)?;
        if !moved {
            return Ok(false);
        }
        let of_store = if store == Store::Raw { "kind = ?2" } else { "kind <> ?2" };
        transaction
            .execute(&format!("DELETE FROM blobs WHERE segment = ?1 AND {of_store}"), (old.code(), Kind::RAW.0))
            .and_then(|_| {
                transaction
                    .execute("DELETE FROM segments WHERE store = ?1 AND segment = ?2", (store as i64, old.code()))
            })
            .map_err(failed)?;
        super::add::put(&transaction, segments, &path, batches, true)?;
        transaction.commit().map_err(failed)?;
        Ok(true)
    }

    /// The address that each of these raw bytes came from, by the first bytes of their ids.
    pub fn urls_of_raw(&self) -> Result<std::collections::HashMap<i64, (String, i64)>> {
        let sql = "SELECT c.raw, u.url, u.host FROM captures c JOIN urls u ON u.n = c.url WHERE c.raw IS NOT NULL";
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?.collect()
            })
            .map_err(|error| self.error(error))
    }

    /// Every segment with the places after its last commit and after what was sealed.
    pub fn sealed_segments(&self) -> Result<Vec<(Store, Seg, u64, u64)>> {
        let read = |row: &rusqlite::Row<'_>| {
            let store = if row.get::<_, i64>(0)? == Store::Raw as i64 { Store::Raw } else { Store::Segments };
            Ok((store, Seg::of_code(row.get(1)?), row.get::<_, i64>(2)? as u64, row.get::<_, i64>(3)? as u64))
        };
        self.connection
            .prepare_cached("SELECT store, segment, committed, sealed FROM segments ORDER BY store, segment")
            .and_then(|mut statement| statement.query_map([], read)?.collect())
            .map_err(|error| self.error(error))
    }

    /// The raw segments with raw bytes of their own, not in a WARC file, that came after the last sealing.
    pub fn unsealed_raw(&self) -> Result<std::collections::HashSet<Seg>> {
        let sql = "SELECT DISTINCT b.segment FROM blobs b JOIN segments s ON s.store = ?1 AND s.segment = b.segment
            WHERE b.kind = ?2 AND b.stored <> ?3 AND b.at >= s.sealed";
        let of = (Store::Raw as i64, Kind::RAW.0, SPOT_RECORD_BYTES as i64);
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(of, |row| Ok(Seg::of_code(row.get(0)?)))?.collect())
            .map_err(|error| self.error(error))
    }

    /// Whether any blob of another segment is packed against one of these.
    pub fn is_base_elsewhere(&self, of: Seg, kind: Kind, ids: &[crate::capture::Id]) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM blobs WHERE base = ?1 AND segment <> ?2 AND (kind = ?3) = (?4 = ?3))";
        let ask = || -> rusqlite::Result<bool> {
            let mut statement = self.connection.prepare_cached(sql)?;
            for &id in ids {
                if statement.query_row((key(id), of.code(), Kind::RAW.0, kind.0), |row| row.get(0))? {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        ask().map_err(|error| self.error(error))
    }
}

/// Row by row in the order written; all or nothing.
fn move_captures(connection: &Connection, store: Store, old: Seg, batches: &[Batch]) -> rusqlite::Result<bool> {
    if store == Store::Raw {
        return Ok(true);
    }
    let rows: Vec<(i64, i64)> = connection
        .prepare("SELECT n, key FROM captures WHERE segment = ?1 ORDER BY n")?
        .query_map([old.code()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let is_capture = |what: &What| matches!(what, What::Full(_) | What::Repeat { .. });
    let items = batches.iter().flat_map(|batch| batch.items.iter().map(move |item| (batch.segment, item)));
    let items: Vec<_> = items.filter(|(_, item)| is_capture(&item.what)).collect();
    let same =
        rows.len() == items.len() && rows.iter().zip(&items).all(|(row, (_, item))| row.1 == key(item.header.id));
    if !same {
        return Ok(false);
    }
    let mut put = connection.prepare("UPDATE captures SET segment = ?1, at = ?2, stored = ?3 WHERE n = ?4")?;
    for ((n, _), (segment, item)) in rows.iter().zip(items) {
        put.execute((segment.code(), item.offset as i64, item.header.record_bytes(), n))?;
    }
    Ok(true)
}

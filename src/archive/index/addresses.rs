//! The numbers of addresses and hosts while an index is made: most are looked up in memory.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::add::number_of_host;
use super::key;
use crate::capture::Id;

/// So many addresses are held, at some 13 bytes each in a table that doubles; with more the index itself is asked.
const URLS_HELD_MAX: usize = 1_800_000;
/// So many hosts are held at once.
pub(super) const HOSTS_HELD_MAX: usize = 64 << 10;
/// The end of a host's name is not kept twice for longer ones.
pub(super) const HOST_BYTES_MAX: usize = 255;

/// The first bytes of an address's hash, and its number: packed, for there may be a million of them.
type Key = [u8; 7];
type Number = [u8; 5];

#[derive(Default)]
pub(super) struct Addresses {
    urls: HashMap<Key, Number>,
    hosts: HashMap<String, i64>,
    last: i64,
    /// More than are held: the index has an index of its own for them.
    indexed: bool,
}

impl Addresses {
    /// The number of an address, given to it now where it is new.
    pub fn number(&mut self, connection: &Connection, url: &str, host: &str) -> rusqlite::Result<i64> {
        let id = Id::of(url.as_bytes());
        if let Some(n) = self.known(connection, id, url)? {
            return Ok(n);
        }
        let host = self.host(connection, host)?;
        self.last += 1;
        connection.prepare_cached("INSERT INTO urls VALUES (?1, ?2, ?3, ?4)")?.execute((
            self.last,
            key(id),
            url,
            host,
        ))?;
        self.hold(connection, id)?;
        Ok(self.last)
    }

    fn known(&self, connection: &Connection, id: Id, url: &str) -> rusqlite::Result<Option<i64>> {
        if self.indexed {
            let sql = "SELECT n FROM urls WHERE key = ?1 AND url = ?2";
            return connection.prepare_cached(sql)?.query_row((key(id), url), |row| row.get(0)).optional();
        }
        let Some(n) = self.urls.get(&first_bytes(id)).copied().map(number_of) else { return Ok(None) };
        let same = "SELECT url = ?2 FROM urls WHERE n = ?1";
        if connection.prepare_cached(same)?.query_row((n, url), |row| row.get(0))? {
            return Ok(Some(n));
        }
        // Another address of the same key: so seldom that looking through all of them will do.
        let sql = "SELECT n FROM urls WHERE url = ?1";
        connection.prepare_cached(sql)?.query_row([url], |row| row.get(0)).optional()
    }

    fn hold(&mut self, connection: &Connection, id: Id) -> rusqlite::Result<()> {
        if self.indexed {
            return Ok(());
        }
        let number = self.last.to_be_bytes();
        let number: Number = number[3..].try_into().expect("eight bytes less three");
        self.urls.entry(first_bytes(id)).or_insert(number);
        if self.urls.len() >= URLS_HELD_MAX {
            connection.execute_batch("CREATE INDEX urls_key ON urls (key)")?;
            (self.urls, self.indexed) = (HashMap::new(), true);
        }
        Ok(())
    }

    fn host(&mut self, connection: &Connection, host: &str) -> rusqlite::Result<i64> {
        if let Some(&n) = self.hosts.get(host) {
            return Ok(n);
        }
        let n = number_of_host(connection, host)?;
        if self.hosts.len() >= HOSTS_HELD_MAX {
            self.hosts.clear();
        }
        if host.len() <= HOST_BYTES_MAX {
            self.hosts.insert(host.to_owned(), n);
        }
        Ok(n)
    }
}

fn first_bytes(id: Id) -> Key {
    *id.0.first_chunk().expect("32 bytes")
}

fn number_of(number: Number) -> i64 {
    number.iter().fold(0, |n, &byte| (n << 8) | i64::from(byte))
}

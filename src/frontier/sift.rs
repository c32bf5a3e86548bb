//! Of what a list names, what the frontier has yet to hear of.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::intake::Intake;
use super::{Find, Role, Sifted};
use crate::page::Timestamp;

/// Finds looked at in one transaction: others wait for it, politeness too.
pub(super) const CHUNK: usize = 500;

/// What was let through so far.
pub(super) struct Sieve {
    limit: usize,
    /// Keys of what was let through: a list may well name a page twice.
    seen: HashSet<String>,
    new: usize,
    cuts: usize,
    pub sifted: Sifted,
}

impl Sieve {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, seen: HashSet::new(), new: 0, cuts: 0, sifted: Sifted::default() }
    }

    pub(super) fn take(&mut self, intake: &Intake<'_>, finds: &[Find], now: Timestamp) -> rusqlite::Result<()> {
        for find in finds {
            if self.lets_through(intake, find, now)? {
                self.sifted.finds.push(find.clone());
            }
        }
        Ok(())
    }

    fn lets_through(&mut self, intake: &Intake<'_>, find: &Find, now: Timestamp) -> rusqlite::Result<bool> {
        let (key, known) = intake.known_as(find)?;
        if let Some(known) = known {
            let is_anew = intake.is_free(&known, find) || known.is_found_again(find);
            let is_news = known.hears(find, now) || is_anew || intake.next_keeper(&known, find).is_some();
            return Ok(is_news && self.seen.insert(key));
        }
        if self.seen.contains(&key) {
            return Ok(false);
        }
        if intake.refusal(find, now)?.is_some() {
            let noted = intake.transaction.prepare_cached("SELECT 1 FROM cuts WHERE key = ?1")?;
            return self.cut(noted, key);
        }
        // The next page of a list of threads is one, and leads to what is behind those that are left.
        if find.role == Role::Index {
            return Ok(self.seen.insert(key));
        }
        if self.new >= self.limit {
            self.sifted.left += 1;
            return Ok(false);
        }
        self.new += 1;
        Ok(self.seen.insert(key))
    }

    /// A trap is let through once, to be noted.
    fn cut(&mut self, mut noted: rusqlite::CachedStatement<'_>, key: String) -> rusqlite::Result<bool> {
        let is_noted = noted.query_row([&key], |_| Ok(())).optional()?.is_some();
        if is_noted || self.cuts >= self.limit {
            return Ok(false);
        }
        self.cuts += 1;
        Ok(self.seen.insert(key))
    }
}

/// Lists of a source that were found on another, and that it names no more. Of very many lists those of others are not read.
pub(super) fn unnamed_lists(
    connection: &Connection,
    (source, list): (&str, &str),
    named: &HashSet<String>,
) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, key FROM urls WHERE source = ?1 AND found_key = ?2 AND root = 0 AND role IN ('feed', 'sitemap') \
         AND NOT dropped",
    )?;
    let rows = statement.query_map([source, list], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let gone = rows.filter(|row| row.as_ref().map_or(true, |(_, key)| !named.contains(key)));
    gone.map(|row| row.map(|(id, _)| id)).collect()
}

/// These lists are due no more; one that is being visited is so from the end of its visit on.
pub(super) fn drop_lists(transaction: &Transaction<'_>, gone: &[i64]) -> rusqlite::Result<()> {
    for id in gone {
        transaction
            .prepare_cached(
                "UPDATE urls SET dropped = 1, due_at = CASE WHEN state = 2 THEN due_at END, \
                 state = CASE WHEN state = 2 THEN 2 ELSE 0 END WHERE id = ?1",
            )?
            .execute([id])?;
    }
    Ok(())
}

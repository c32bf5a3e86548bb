//! What was found goes in: new addresses, known ones that changed, traps.

use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, Transaction, params};

use super::again::{Known, known, known_of_all, renew};
use super::rows::{millis, role_name};
use super::traps::{endless, trap};
use super::upkeep::LAST_ID;
use super::{Added, Find, Habit, Identity, Moved, Options, Role};
use crate::page::{Timestamp, Url};

/// Most cuts remembered; the oldest go first.
const CUTS_MAX: i64 = 100_000;
/// Most addresses asked again because the one they moved to is lost.
const WOKEN_MAX: i64 = 1000;
/// Outcomes of a page that is lost.
pub(super) const LOST: [&str; 2] = ["gone", "soft-404"];

/// Takes in finds within one transaction.
pub(super) struct Intake<'a> {
    pub transaction: &'a Transaction<'a>,
    pub identity: &'a Identity,
    pub options: &'a Options,
    /// All sources there are, where that is known.
    pub sources: Option<&'a HashSet<String>>,
    pub habits: &'a HashMap<String, Habit>,
}

impl Intake<'_> {
    pub(super) fn take_in(&self, finds: &[Find], now: Timestamp) -> rusqlite::Result<Added> {
        let mut added = Added::default();
        self.take_over_renamed(finds)?;
        for find in finds {
            let (key, mut known) = self.known_as(find)?;
            if let Some(known) = known.as_mut() {
                self.hand_over(known, find)?;
            }
            if let Some(left) = known.as_mut().filter(|known| self.is_free(known, find)) {
                self.take_over(left, &key, find)?;
            }
            if let Some(known) = known.as_ref().filter(|known| known.is_found_again(find)) {
                self.readdress(known, find, now)?;
            }
            match known {
                Some(known) => renew(self.transaction, find, &known, now, &mut added)?,
                None => match self.refusal(find, now)? {
                    Some(why) => {
                        added.cut += note_cut(self.transaction, &key, &why, &find.source, now)?;
                    }
                    None => {
                        self.insert(find, &key, now)?;
                        forget_cut(self.transaction, &key)?;
                        added.new += 1;
                    }
                },
            }
        }
        Ok(added)
    }

    /// The key that a find goes by, and what is known of it.
    pub(super) fn known_as(&self, find: &Find) -> rusqlite::Result<(String, Option<Known>)> {
        let key = self.identity.key(&find.url);
        if find.root {
            return self.known_root(key, find);
        }
        let known = match known(self.transaction, "key", &key)? {
            None => known(self.transaction, "moved_key", &key)?,
            known => known,
        };
        Ok((key, known))
    }

    /// Two sources may name the same page: each visits it at its own times. So a source has what is its own, what nobody
    /// has any more, or what no other names.
    fn known_root(&self, key: String, find: &Find) -> rusqlite::Result<(String, Option<Known>)> {
        let rows = known_of_all(self.transaction, &key)?;
        let second = key_of_second(&key, &find.source);
        let is_second = rows.iter().any(|row| row.key == key);
        let rank = |row: &Known| match row {
            row if row.source == find.source => Some(u8::from(!row.root)),
            row if self.is_left_over(row) => Some(2),
            row if !row.root => Some(3),
            _ => None,
        };
        let best = rows.into_iter().filter_map(|row| Some((rank(&row)?, row))).min_by_key(|(rank, _)| *rank);
        Ok(match best {
            Some((_, row)) if row.key == key => (key, Some(row)),
            Some((_, row)) => (second, Some(row)),
            None => (if is_second { second } else { key }, None),
        })
    }

    /// Notes where a page is asked for from now on. One that moved to where another row is at work is that row's, unless
    /// the configuration names it.
    pub(super) fn move_row(&self, id: i64, moved: &Moved) -> rusqlite::Result<()> {
        match moved {
            Moved::No => Ok(()),
            Moved::To(url) => {
                let key = self.identity.key(url);
                let other = known(self.transaction, "key", &key)?.is_some_and(|known| known.id != id && known.due);
                self.transaction
                    .prepare_cached(
                        "UPDATE urls SET moved_to = ?2, moved_key = ?3, host = ?4, \
                         due_at = CASE WHEN ?5 AND root = 0 THEN NULL ELSE due_at END WHERE id = ?1",
                    )?
                    .execute(params![id, url.with_credentials().as_str(), key, url.manners_key(), other])?;
                Ok(())
            }
            Moved::Back => {
                let sql = "SELECT url FROM urls WHERE id = ?1";
                let url = self.transaction.query_row(sql, [id], |line| line.get::<_, String>(0)).optional()?;
                // An erasing may have taken it away during the visit.
                let Some(url) = url else { return Ok(()) };
                let host = Url::parse(&url).map(|url| url.manners_key()).unwrap_or_default();
                self.transaction
                    .prepare_cached("UPDATE urls SET moved_to = NULL, moved_key = NULL, host = ?2 WHERE id = ?1")?
                    .execute(params![id, host])?;
                Ok(())
            }
        }
    }

    /// A page is lost: those that had moved to it, and were left to it, are asked for at their first addresses again.
    pub(super) fn wake_moved(&self, id: i64, now: Timestamp) -> rusqlite::Result<()> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT id FROM urls WHERE moved_key = (SELECT key FROM urls WHERE id = ?1) AND id != ?1 AND state = 0 \
             AND due_at IS NULL LIMIT ?2",
        )?;
        let rows = statement.query_map([id, WOKEN_MAX], |line| line.get(0))?;
        for row in rows.collect::<rusqlite::Result<Vec<i64>>>()? {
            self.move_row(row, &Moved::Back)?;
            // A page that rests would rest for ever behind one visit; a list that is named no more is none to visit again.
            self.transaction
                .prepare_cached(
                    "UPDATE urls SET due_at = ?2, dropped = dropped AND role IN ('feed', 'sitemap') WHERE id = ?1",
                )?
                .execute(params![row, millis(now)])?;
        }
        Ok(())
    }

    /// Why an address is not taken in. What the configuration names is always taken.
    pub(super) fn refusal(&self, find: &Find, now: Timestamp) -> rusqlite::Result<Option<String>> {
        if find.root {
            return Ok(None);
        }
        let year = i64::from(now.to_zoned_datetime(jiff::tz::TimeZone::UTC).year());
        let why = match find {
            // A list is named by who made it: a feed may well sort.
            find if find.role.is_list() => None,
            find if find.named => endless(&find.url),
            find => trap(&find.url, year),
        };
        if why.is_some() {
            return Ok(why);
        }
        let count = |table: &str, column: &str, name: &str| -> rusqlite::Result<u64> {
            let sql = format!("SELECT urls FROM {table} WHERE {column} = ?1");
            let urls: Option<i64> =
                self.transaction.prepare_cached(&sql)?.query_row([name], |line| line.get(0)).optional()?;
            Ok(urls.and_then(|urls| u64::try_from(urls).ok()).unwrap_or(0))
        };
        let shape = shape(&self.identity.clean(&find.url));
        if count("shapes", "shape", &shape)? >= self.options.shape_urls_max {
            let most = self.options.shape_urls_max;
            return Ok(Some(format!("more than {most} addresses of the shape `{shape}` (`frontier.shape_urls_max`)")));
        }
        if count("counts", "source", &find.source)? >= self.options.source_urls_max {
            let most = self.options.source_urls_max;
            return Ok(Some(format!("its source has {most} addresses (`frontier.source_urls_max`)")));
        }
        Ok(None)
    }

    /// The key of the list that a list was found on; pages need none.
    pub(super) fn found_key(&self, find: &Find) -> Option<String> {
        let found_on = find.found_on.as_ref().filter(|_| matches!(find.role, Role::Feed | Role::Sitemap));
        found_on.map(|url| self.identity.key(url))
    }

    fn insert(&self, find: &Find, key: &str, now: Timestamp) -> rusqlite::Result<()> {
        // What the user wrote is asked for as written.
        let url = if find.root { find.url.clone() } else { self.identity.clean(&find.url) };
        let due = find.due_at.unwrap_or(now);
        let (last_at, last_outcome) =
            find.visited.clone().map_or((None, None), |(at, how)| (Some(millis(at)), Some(how)));
        self.transaction
            .prepare_cached(
                "INSERT INTO urls (key, url, host, source, role, root, depth, priority, due_at, found_on, found_at, last_at, \
                 last_outcome, visits, found_key, id) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, \
                 1 + max(coalesce((SELECT max(id) FROM urls), 0), \
                     coalesce((SELECT CAST(text AS INTEGER) FROM notes WHERE name = ?16), 0)))",
            )?
            .execute(params![
                key,
                url.with_credentials().as_str(),
                find.url.manners_key(),
                find.source,
                role_name(find.role),
                find.root,
                find.depth,
                find.priority,
                (due < Timestamp::MAX).then(|| millis(due)),
                find.found_on.as_ref().map(ToString::to_string),
                millis(now),
                last_at,
                last_outcome,
                i64::from(last_at.is_some()),
                self.found_key(find),
                LAST_ID,
            ])?;
        self.transaction.prepare_cached(COUNT_SHAPE)?.execute([shape(&url)])?;
        self.count(&find.source)
    }

    /// The source has one address more.
    pub(super) fn count(&self, source: &str) -> rusqlite::Result<()> {
        let sql = "INSERT INTO counts (source, urls) VALUES (?1, 1) ON CONFLICT DO UPDATE SET urls = urls + 1";
        self.transaction.prepare_cached(sql)?.execute([source]).map(drop)
    }
}

pub(super) const COUNT_SHAPE: &str = "INSERT INTO shapes VALUES (?1, 1) ON CONFLICT DO UPDATE SET urls = urls + 1";

/// The key of a page that another source names too. No address has a tab in it.
pub(super) fn key_of_second(key: &str, source: &str) -> String {
    format!("{key}\t{source}")
}

/// Notes a cut; how many were, as one is noted once.
fn note_cut(
    transaction: &Transaction<'_>,
    key: &str,
    why: &str,
    source: &str,
    now: Timestamp,
) -> rusqlite::Result<u64> {
    let new = transaction
        .prepare_cached("INSERT INTO cuts (key, why, at) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO NOTHING")?
        .execute(params![key, why, millis(now)])?;
    if new > 0 {
        transaction
            .prepare_cached("DELETE FROM cuts WHERE id <= (SELECT max(id) FROM cuts) - ?1")?
            .execute([CUTS_MAX])?;
        transaction
            .prepare_cached(
                "INSERT INTO counts (source, urls, cut) VALUES (?1, 0, 1) ON CONFLICT DO UPDATE SET cut = cut + 1",
            )?
            .execute([source])?;
    }
    Ok(new as u64)
}

/// What was cut as a link of some page may be named by its own site later.
fn forget_cut(transaction: &Transaction<'_>, key: &str) -> rusqlite::Result<()> {
    transaction.prepare_cached("DELETE FROM cuts WHERE key = ?1")?.execute([key]).map(drop)
}

/// Host, path with numbers and long tokens alike, names of parameters: what a generator of addresses keeps the same.
pub(super) fn shape(url: &Url) -> String {
    let mut shape = url.host_str().unwrap_or_default().to_owned();
    let parts: Vec<&str> = url.path().split('/').collect();
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        match part {
            part if digits * 2 >= part.len() => shape.push_str("/#"),
            // The name of a page is not its shape, unless parameters make many pages of it.
            _ if at == last && url.query().is_none() => shape.push_str("/*"),
            part => {
                shape.push('/');
                shape.extend(part.chars().take(40));
            }
        }
    }
    let mut names: Vec<String> = url.query_pairs().map(|(name, _)| name.chars().take(20).collect()).collect();
    names.sort_unstable();
    if !names.is_empty() {
        shape.push('?');
        shape.push_str(&names.join("&"));
    }
    shape
}

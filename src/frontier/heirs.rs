//! What sources that are no more leave, and who has it now.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, params};

use super::Find;
use super::again::{Known, known_of_all};
use super::intake::{COUNT_SHAPE, Intake, shape};
use super::review::{patterns_note, revisit_note};
use super::rows::{millis, role_name};
use super::upkeep::UNCOUNT_SHAPE;
use crate::page::{Timestamp, Url};

/// Where a source begins: keys of addresses, each with the name of its role.
type Roots = BTreeSet<(String, String)>;

impl Intake<'_> {
    /// Whether it belongs to a source that is no more: renamed, or taken out of the configuration.
    pub(super) fn is_left_over(&self, known: &Known) -> bool {
        self.sources.is_some_and(|sources| !sources.contains(&known.source))
    }

    /// Whether who finds it now is to have it: it is nobody's, or a page that its source leaves out and never had, or failed to.
    pub(super) fn is_free(&self, known: &Known, find: &Find) -> bool {
        self.is_left_over(known) || known.is_wanted_by(find)
    }

    /// A page that rests goes by the address by which its own source finds it again, as it takes that one.
    pub(super) fn readdress(&self, known: &Known, find: &Find, now: Timestamp) -> rusqlite::Result<()> {
        let url = self.identity.clean(&find.url);
        let sql = "SELECT url FROM urls WHERE id = ?1 AND moved_to IS NULL AND state < 2 AND url != ?2";
        let text = url.with_credentials().as_str();
        let mut statement = self.transaction.prepare_cached(sql)?;
        let old = statement.query_row(params![known.id, text], |line| line.get::<_, String>(0)).optional()?;
        let Some(old) = old else { return Ok(()) };
        self.transaction
            .prepare_cached("UPDATE urls SET url = ?2, host = ?3, state = 0, dropped = 0, due_at = ?4 WHERE id = ?1")?
            .execute(params![known.id, text, url.manners_key(), millis(now)])?;
        if let Ok(old) = Url::parse(&old) {
            self.transaction.prepare_cached(UNCOUNT_SHAPE)?.execute([shape(&old)])?;
        }
        self.transaction.prepare_cached(COUNT_SHAPE)?.execute([shape(&url)]).map(drop)
    }

    /// A new source that begins just where one began that is no more, and in the same way, is that one under another name,
    /// and has all of it. Any other has no claim to what it does not find itself.
    pub(super) fn take_over_renamed(&self, finds: &[Find]) -> rusqlite::Result<()> {
        if self.sources.is_none() {
            return Ok(());
        }
        let mut named: BTreeMap<&str, Roots> = BTreeMap::new();
        for find in finds.iter().filter(|find| find.root) {
            let root = (self.identity.key(&find.url), role_name(find.role).to_owned());
            named.entry(&find.source).or_default().insert(root);
        }
        for (source, roots) in named {
            if let Some(old) = self.old_name(source, &roots)? {
                self.rename(&old, source)?;
            }
        }
        Ok(())
    }

    /// The source that is no more and began just so.
    fn old_name(&self, source: &str, roots: &Roots) -> rusqlite::Result<Option<String>> {
        let Some((key, _)) = roots.first() else { return Ok(None) };
        let mut left = known_of_all(self.transaction, key)?;
        left.retain(|known| known.root && self.is_left_over(known));
        if left.is_empty() || !self.roots(source)?.is_empty() {
            return Ok(None);
        }
        for Known { source: old, .. } in left {
            if self.roots(&old)? == *roots {
                return Ok(Some(old));
            }
        }
        Ok(None)
    }

    /// Where a source began so far.
    fn roots(&self, source: &str) -> rusqlite::Result<Roots> {
        let mut statement =
            self.transaction.prepare_cached("SELECT key, role FROM urls WHERE source = ?1 AND root = 1")?;
        let roots = statement.query_map([source], |line| {
            let key: String = line.get(0)?;
            Ok((key.split('\t').next().unwrap_or_default().to_owned(), line.get(1)?))
        })?;
        roots.collect()
    }

    fn rename(&self, old: &str, new: &str) -> rusqlite::Result<()> {
        for sql in [
            "UPDATE urls SET key = substr(key, 1, instr(key, char(9))) || ?2 WHERE source = ?1 AND root = 1 \
             AND instr(key, char(9)) > 0",
            "UPDATE urls SET source = ?2 WHERE source = ?1",
            "INSERT INTO counts (source, urls, cut) SELECT ?2, urls, cut FROM counts WHERE source = ?1 \
             ON CONFLICT DO UPDATE SET urls = urls + excluded.urls, cut = cut + excluded.cut",
        ] {
            self.transaction.prepare_cached(sql)?.execute([old, new])?;
        }
        self.transaction.prepare_cached("DELETE FROM counts WHERE source = ?1")?.execute([old])?;
        let sql = "UPDATE OR REPLACE notes SET name = ?2 WHERE name = ?1";
        [revisit_note, patterns_note]
            .iter()
            .try_for_each(|name| self.transaction.prepare_cached(sql)?.execute([name(old), name(new)]).map(drop))
    }

    /// What a source that is no more left passes to the one that finds it, under this key.
    pub(super) fn take_over(&self, left: &mut Known, key: &str, find: &Find) -> rusqlite::Result<()> {
        // What moved away keeps its own key, whatever address it was found by.
        let key = if find.root { key } else { &left.key };
        left.root &= find.root;
        self.transaction
            .prepare_cached(
                "UPDATE urls SET source = ?2, root = ?3, role = ?4, depth = ?5, key = ?6, found_on = ?7, found_key = ?8, \
                 due_at = CASE WHEN dropped AND role IN ('page', 'thread') AND (last_at IS NULL OR fails > 0) \
                     THEN coalesce(due_at, last_at, found_at) ELSE due_at END, dropped = 0 WHERE id = ?1",
            )?
            .execute(params![
                left.id,
                find.source,
                left.root,
                role_name(find.role),
                find.depth,
                key,
                find.found_on.as_ref().map(ToString::to_string),
                self.found_key(find),
            ])?;
        self.transaction
            .prepare_cached("UPDATE counts SET urls = max(urls - 1, 0) WHERE source = ?1")?
            .execute([&left.source])?;
        self.count(&find.source)?;
        left.source.clone_from(&find.source);
        // A list is woken as what names it says.
        left.dropped &= left.is_list;
        Ok(())
    }
}

//! What sources that are no more leave, and who has it now.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::Find;
use super::again::{Known, known_of_all};
use super::intake::Intake;
use super::review::revisit_note;
use super::rows::role_name;

/// Where a source begins: keys of addresses, each with the name of its role.
type Roots = BTreeSet<(String, String)>;

impl Intake<'_> {
    /// Whether it belongs to a source that is no more: renamed, or taken out of the configuration.
    pub(super) fn is_left_over(&self, known: &Known) -> bool {
        self.sources.is_some_and(|sources| !sources.contains(&known.source))
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
        self.transaction.prepare_cached(sql)?.execute([revisit_note(old), revisit_note(new)]).map(drop)
    }

    /// What a source that is no more left passes to the one that finds it, under this key.
    pub(super) fn take_over(&self, left: &mut Known, key: &str, find: &Find) -> rusqlite::Result<()> {
        // What moved away keeps its own key, whatever address it was found by.
        let key = if find.root { key } else { &left.key };
        left.root &= find.root;
        self.transaction
            .prepare_cached(
                "UPDATE urls SET source = ?2, root = ?3, role = ?4, depth = ?5, key = ?6, found_on = ?7, found_key = ?8 \
                 WHERE id = ?1",
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
        Ok(())
    }
}

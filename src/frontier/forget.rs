//! Forgetting what was erased: no address of it stays in the file, be it in what SQLite only marks as free.

use rusqlite::{Connection, Transaction, params};

use super::Moved;
use super::intake::Intake;
use crate::page::Url;

/// Whether an address is to be forgotten.
type IsMeant<'a> = &'a dyn Fn(&Url) -> bool;

/// What a row of `urls` names: its own address, where it was found, and where it moved to.
type Named = (i64, String, Option<String>, Option<String>);

impl Intake<'_> {
    /// Forgets addresses, where others were found on them or moved to them, and what is noted of their hosts. Returns how many
    /// addresses that are.
    pub(super) fn forget_erased(&self, is_meant: IsMeant<'_>) -> rusqlite::Result<u64> {
        let forgotten = self.forget_rows(is_meant)?;
        self.transaction.execute("DELETE FROM shapes WHERE urls <= 0", [])?;
        delete(self.transaction, "cuts", "key", &|key, _| each_form(key).any(|url| is_meant(&url)))?;
        // Keys and notes name hosts bare, with a port, or as an origin.
        let meant = |url: &str| Url::parse(url).is_ok_and(|url| is_meant(&url));
        let names = |text: &str| {
            text.split(is_no_part).any(|word| {
                let robots = format!("{word}/robots.txt");
                meant(word) || meant(&robots) || each_form(&robots).any(|url| is_meant(&url))
            })
        };
        delete(self.transaction, "hosts", "key", &|key, _| names(key))?;
        delete(self.transaction, "notes", "name", &|name, text| names(name) || names(text))?;
        Ok(forgotten)
    }

    fn forget_rows(&self, is_meant: IsMeant<'_>) -> rusqlite::Result<u64> {
        let meant = |url: &str| Url::parse(url).is_ok_and(|url| is_meant(&url));
        let mut statement = self.transaction.prepare("SELECT id, url, found_on, moved_to FROM urls")?;
        let mut rows = statement.query([])?;
        // Few are meant of very many, and what is read must not change meanwhile.
        let (mut own, mut found, mut moved) = (Vec::new(), Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let (id, url, found_on, moved_to): Named = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            if meant(&url) {
                own.push(id);
                continue;
            }
            found.extend(found_on.filter(|url| meant(url)).map(|_| id));
            moved.extend(moved_to.filter(|url| meant(url)).map(|_| id));
        }
        own.iter().try_for_each(|id| self.forget(*id))?;
        for id in found {
            let sql = "UPDATE urls SET found_on = NULL, found_key = NULL WHERE id = ?1";
            self.transaction.prepare_cached(sql)?.execute(params![id])?;
        }
        moved.iter().try_for_each(|id| self.move_row(*id, &Moved::Back))?;
        Ok(own.len() as u64)
    }
}

/// Deletes the lines of a table whose name, or what is noted under it, is meant.
fn delete(
    transaction: &Transaction<'_>,
    table: &str,
    name: &str,
    is_meant: &dyn Fn(&str, &str) -> bool,
) -> rusqlite::Result<()> {
    let text = if table == "notes" { "text" } else { "''" };
    let mut statement = transaction.prepare(&format!("SELECT {name}, {text} FROM {table}"))?;
    let lines = statement.query_map([], |line| Ok((line.get(0)?, line.get(1)?)))?;
    let lines = lines.collect::<rusqlite::Result<Vec<(String, String)>>>()?;
    for (key, _) in lines.iter().filter(|(key, text)| is_meant(key, text)) {
        transaction.execute(&format!("DELETE FROM {table} WHERE {name} = ?1"), [key])?;
    }
    Ok(())
}

/// The addresses that an identity may be of: it says neither scheme nor `www.`, nor whether there is a slash at the end.
fn each_form(key: &str) -> impl Iterator<Item = Url> {
    let schemes = ["https://", "http://", "https://www.", "http://www."];
    schemes
        .into_iter()
        .flat_map(move |scheme| ["", "/"].map(|end| format!("{scheme}{key}{end}")))
        .filter_map(|url| Url::parse(&url).ok())
}

/// What parts the addresses in a robots.txt and in the text that it is noted in.
fn is_no_part(c: char) -> bool {
    c.is_whitespace() || "\"\\<>,".contains(c)
}

/// Writes the file anew without what SQLite left of deleted rows, and empties its log.
///
/// `false` where another program is at work in it, which keeps the log.
pub(super) fn clean(connection: &Connection) -> rusqlite::Result<bool> {
    connection.execute_batch("VACUUM")?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |line| line.get(0))?;
    Ok(busy == 0)
}

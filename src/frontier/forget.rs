//! Forgetting what was erased: no address of it stays in the file, be it in what SQLite only marks as free.
//!
//! All is judged before anything is changed, in parts and outside of any transaction: who is at work meanwhile waits for a small
//! one at most. Each part that is then written may be the last one before a kill; who forgets again goes on from there.

use std::error::Error;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::intake::Intake;
use super::rows::text_of;
use super::{FrontierError, Result, SqliteFrontier};
use crate::page::Url;

/// Whether an address is to be forgotten. Where that cannot be told, nothing is.
pub type IsMeant<'a> = &'a dyn Fn(&Url) -> std::result::Result<bool, Box<dyn Error + Send + Sync>>;

/// Takes a text, and what tells whether it is of what stays.
pub type Words<'a> = &'a mut dyn FnMut(&str, &mut dyn FnMut() -> bool);

/// Lines read in one go, and changed in one transaction.
const BATCH: usize = 1000;
/// Longer files are not written anew while another program is at work in them: it would wait for too long.
const BESIDE_BYTES_MAX: u64 = 64 << 20;

/// What of a row names an address: the row's own, where that moved to, where it was found; then the texts made of these.
const NAMES: &str = "url, moved_to, found_on, key, moved_key, found_key, host, source";

/// A table of names: how its key and one more text of a line are read, so many lines in one go, and how one is deleted.
struct Table {
    select: &'static str,
    key: &'static str,
    batch: usize,
    delete: &'static str,
}

const CUTS: Table =
    Table { select: "SELECT key, '' FROM cuts", key: "key", batch: BATCH, delete: "DELETE FROM cuts WHERE key = ?1" };
const HOSTS: Table =
    Table { select: "SELECT key, '' FROM hosts", key: "key", batch: BATCH, delete: "DELETE FROM hosts WHERE key = ?1" };
/// A robots.txt may have half a mebibyte, and its note four times as much.
const NOTES: Table = Table {
    select: "SELECT name, text FROM notes",
    key: "name",
    batch: 16,
    delete: "DELETE FROM notes WHERE name = ?1",
};
/// Of sources without any address.
const COUNTS: Table = Table {
    select: "SELECT source, '' FROM counts",
    key: "source",
    batch: BATCH,
    delete: "DELETE FROM counts WHERE source = ?1 AND urls <= 0",
};

/// A row as it was judged: another one may go by its number when it is changed.
type Judged = (i64, u64);

/// What is to go.
#[derive(Default)]
struct Meant {
    rows: Vec<Judged>,
    /// Rows that stay, but were found on what goes.
    found: Vec<Judged>,
    /// Keys of other tables.
    lines: Vec<(Table, Vec<String>)>,
}

impl SqliteFrontier {
    /// Forgets addresses, what moved there, where others were found on them, and what is noted of their hosts.
    pub(super) fn forget_meant(&self, is_meant: IsMeant<'_>) -> Result<u64> {
        let judge = Judge { is_meant };
        let mut meant = self.meant_rows(&judge)?;
        meant.lines.push((CUTS, self.meant_lines(&CUTS, &|key, _| judge.key(key))?));
        meant.lines.push((HOSTS, self.meant_lines(&HOSTS, &|key, _| judge.host(key))?));
        meant.lines.push((NOTES, self.meant_lines(&NOTES, &|name, text| judge.note(name, text))?));
        meant.lines.push((COUNTS, self.meant_lines(&COUNTS, &|name, _| judge.words(name))?));
        self.forget_rows(&meant)?;
        meant.lines.iter().try_for_each(|(table, keys)| self.forget_lines(table, keys))?;
        Ok(meant.rows.len() as u64)
    }

    pub(super) fn count_meant(&self, is_meant: IsMeant<'_>) -> Result<u64> {
        Ok(self.meant_rows(&Judge { is_meant })?.rows.len() as u64)
    }

    fn meant_rows(&self, judge: &Judge<'_>) -> Result<Meant> {
        let mut meant = Meant::default();
        // Many of a list follow one another.
        let mut last_found = (String::new(), false);
        self.each_row(&mut |id, names| {
            let [url, moved_to, found_on, ..] = names;
            if judge.url(url)? || judge.url(moved_to)? {
                meant.rows.push((id, mark(&[url, moved_to])));
                return Ok(());
            }
            if last_found.0 != *found_on {
                last_found = (found_on.clone(), judge.url(found_on)?);
            }
            if last_found.1 {
                meant.found.push((id, mark(&[found_on])));
            }
            Ok(())
        })?;
        Ok(meant)
    }

    /// Visits the names of all rows, a part of them at a time, with nothing locked meanwhile.
    fn each_row(&self, visit: &mut dyn FnMut(i64, &[String; 8]) -> Result<()>) -> Result<()> {
        let sql = format!("SELECT id, {NAMES} FROM urls WHERE id > ?1 ORDER BY id LIMIT {BATCH}");
        let mut last = i64::MIN;
        loop {
            let batch = self.read(|connection| {
                let mut statement = connection.prepare_cached(&sql)?;
                let rows = statement.query_map([last], |line| Ok((line.get(0)?, text_of(line)?)))?;
                rows.collect::<rusqlite::Result<Vec<(i64, [String; 8])>>>()
            })?;
            let Some((end, _)) = batch.last() else { return Ok(()) };
            last = *end;
            batch.iter().try_for_each(|(id, names)| visit(*id, names))?;
        }
    }

    /// The same of another table.
    fn each_line(&self, table: &Table, visit: &mut dyn FnMut(&str, &str) -> Result<()>) -> Result<()> {
        let Table { select, key, batch, .. } = table;
        let sql = format!("{select} WHERE {key} > ?1 ORDER BY {key} LIMIT {batch}");
        let mut last = String::new();
        loop {
            let batch = self.read(|connection| {
                let mut statement = connection.prepare_cached(&sql)?;
                let lines = statement.query_map([&last], |line| Ok((line.get(0)?, line.get(1)?)))?;
                lines.collect::<rusqlite::Result<Vec<(String, String)>>>()
            })?;
            let Some((end, _)) = batch.last() else { return Ok(()) };
            last.clone_from(end);
            batch.iter().try_for_each(|(key, text)| visit(key, text))?;
        }
    }

    fn meant_lines(&self, table: &Table, is_meant: &dyn Fn(&str, &str) -> Result<bool>) -> Result<Vec<String>> {
        let mut meant = Vec::new();
        self.each_line(table, &mut |key, text| {
            if is_meant(key, text)? {
                meant.push(key.to_owned());
            }
            Ok(())
        })?;
        Ok(meant)
    }

    fn forget_rows(&self, meant: &Meant) -> Result<()> {
        for batch in meant.rows.chunks(BATCH) {
            self.write(|transaction| {
                let intake = self.intake(transaction);
                batch.iter().try_for_each(|judged| intake.forget_judged(*judged))
            })?;
        }
        for batch in meant.found.chunks(BATCH) {
            self.write(|transaction| {
                let intake = self.intake(transaction);
                batch.iter().try_for_each(|judged| intake.forget_found(*judged))
            })?;
        }
        Ok(())
    }

    fn forget_lines(&self, table: &Table, keys: &[String]) -> Result<()> {
        keys.chunks(BATCH).try_for_each(|batch| {
            self.write(|transaction| {
                batch.iter().try_for_each(|key| transaction.prepare_cached(table.delete)?.execute([key]).map(drop))
            })
        })
    }

    /// Visits every text that may say some of what was erased.
    pub(super) fn each_word(&self, is_meant: IsMeant<'_>, visit: Words<'_>) -> Result<()> {
        let judge = Judge { is_meant };
        // What cannot be judged is not said to stay.
        let mut tell = |text: &str, is_meant: &dyn Fn() -> Result<bool>| {
            if !text.is_empty() {
                visit(text, &mut || is_meant().is_ok_and(|is_meant| !is_meant));
            }
        };
        self.each_row(&mut |_, [url, moved_to, found_on, key, moved_key, found_key, host, source]| {
            for (of, text) in [(url, key), (moved_to, moved_key), (found_on, found_key)] {
                [of, text].iter().for_each(|text| tell(text, &|| judge.url(of)));
            }
            tell(host, &|| judge.host(host));
            tell(source, &|| judge.words(source));
            Ok(())
        })?;
        self.each_line(&HOSTS, &mut |key, _| {
            tell(key, &|| judge.host(key));
            Ok(())
        })?;
        self.each_line(&CUTS, &mut |key, _| {
            tell(key, &|| judge.key(key));
            Ok(())
        })?;
        self.each_line(&NOTES, &mut |name, text| {
            name.split(is_no_part).chain(text.split(is_no_part)).for_each(|word| tell(word, &|| judge.word(word)));
            Ok(())
        })
    }

    /// Writes the file anew without what SQLite left of deleted rows, and empties its log.
    ///
    /// `false` where another program is at work in it and has to end first.
    pub(super) fn clean_file(&self, alone: bool) -> Result<bool> {
        let bytes = std::fs::metadata(&self.path).map_or(0, |file| file.len());
        let anew = alone || bytes <= BESIDE_BYTES_MAX;
        self.read(|connection| {
            if anew {
                connection.execute_batch("VACUUM")?;
            }
            Ok(empty_log(connection)? && anew)
        })
    }
}

fn empty_log(connection: &Connection) -> rusqlite::Result<bool> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |line| line.get(0))?;
    Ok(busy == 0)
}

impl Intake<'_> {
    fn forget_judged(&self, (id, judged): Judged) -> rusqlite::Result<()> {
        let sql = "SELECT url, coalesce(moved_to, '') FROM urls WHERE id = ?1";
        let names = self.transaction.prepare_cached(sql)?.query_row([id], |line| Ok([line.get(0)?, line.get(1)?]));
        match names.optional()? {
            Some([url, moved_to]) if mark(&[&url, &moved_to]) == judged => self.forget(id),
            _ => Ok(()),
        }
    }

    fn forget_found(&self, (id, judged): Judged) -> rusqlite::Result<()> {
        let sql = "SELECT coalesce(found_on, '') FROM urls WHERE id = ?1";
        let found_on = self.transaction.prepare_cached(sql)?.query_row([id], |line| line.get::<_, String>(0));
        if found_on.optional()?.is_some_and(|found_on| mark(&[&found_on]) == judged) {
            let sql = "UPDATE urls SET found_on = NULL, found_key = NULL WHERE id = ?1";
            self.transaction.prepare_cached(sql)?.execute(params![id])?;
        }
        Ok(())
    }
}

/// Tells what was judged from what stands there later.
fn mark(names: &[&String]) -> u64 {
    names.iter().fold(0, |mark, name| xxh3_64(name.as_bytes()).wrapping_add(mark.rotate_left(1)))
}

struct Judge<'a> {
    is_meant: IsMeant<'a>,
}

impl Judge<'_> {
    fn url(&self, url: &str) -> Result<bool> {
        match Url::parse(url) {
            Ok(url) => (self.is_meant)(&url).map_err(|error| FrontierError::Judge(error.to_string())),
            Err(_) => Ok(false),
        }
    }

    /// Of an identity: it says neither scheme nor `www.`, nor whether there is a slash at the end.
    fn key(&self, key: &str) -> Result<bool> {
        let key = key.split('\t').next().unwrap_or_default();
        for scheme in ["https://", "http://", "https://www.", "http://www."] {
            for end in ["", "/"] {
                if self.url(&format!("{scheme}{key}{end}"))? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Of a host, with its port or without: whether all of it is meant and not a page alone.
    fn host(&self, host: &str) -> Result<bool> {
        self.url(&format!("https://{host}/robots.txt"))
    }

    /// Of a word of a note, where it can be an address at all.
    fn word(&self, word: &str) -> Result<bool> {
        let word = word.trim_matches(|c: char| "()[]{}.;:'`".contains(c));
        if let Some(at) = word.find("://") {
            let scheme = word[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
            return word.get(scheme..).map_or(Ok(false), |url| self.url(url));
        }
        match word {
            // Patterns of paths and of files.
            _ if word.starts_with(['/', '*']) || !word.contains('.') => Ok(false),
            _ if word.contains('/') => self.key(word),
            _ => self.host(word),
        }
    }

    fn words(&self, text: &str) -> Result<bool> {
        for word in text.split(is_no_part) {
            if self.word(word)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn note(&self, name: &str, text: &str) -> Result<bool> {
        if self.words(name)? || name.starts_with("turn ") && self.host(text)? {
            return Ok(true);
        }
        let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) else {
            return self.words(text);
        };
        self.said(&value)
    }

    /// Of what a note says in JSON, where bytes stand as numbers.
    fn said(&self, value: &Value) -> Result<bool> {
        match value {
            Value::String(text) => self.words(text),
            Value::Array(values) => match bytes_of(values) {
                Some(bytes) => self.words(&String::from_utf8_lossy(&bytes)),
                None => self.any_said(values.iter()),
            },
            Value::Object(fields) => self.any_said(fields.values()),
            _ => Ok(false),
        }
    }

    fn any_said<'v>(&self, mut values: impl Iterator<Item = &'v Value>) -> Result<bool> {
        values.try_fold(false, |any, value| Ok(any || self.said(value)?))
    }
}

fn bytes_of(values: &[Value]) -> Option<Vec<u8>> {
    values.iter().map(|value| value.as_u64().and_then(|byte| u8::try_from(byte).ok())).collect()
}

/// What parts the addresses in a robots.txt and in the text that it is noted in.
fn is_no_part(c: char) -> bool {
    c.is_whitespace() || "\"\\<>,".contains(c)
}

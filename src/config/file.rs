//! `gleaner.toml`, read with the line of every key.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::setting::{Setting, from_table};
use super::{ConfigError, Origin, key};
use crate::fetch::HostOptions;
use crate::schedule::Source;

/// Far above any real config; what is larger is not one.
const BYTES_MAX: u64 = 4 << 20;

#[derive(Default)]
pub struct Contents {
    pub settings: Vec<Setting>,
    pub schedule: Vec<Source>,
    pub hosts: BTreeMap<String, HostOptions>,
    /// Of the keys of schedules and hosts.
    pub origins: Vec<(String, Origin)>,
}

pub fn read(path: &Path) -> Result<Contents, ConfigError> {
    let text = read_text(path)?;
    let lines = Lines { path, text: &text };
    let syntax = |error: toml::de::Error| ConfigError::Syntax {
        at: lines.at(error.span().unwrap_or_default()),
        reason: error.message().to_owned(),
    };
    // Read twice: once for the values, once for where they stand.
    let values: Table = toml::from_str(&text).map_err(syntax)?;
    let places = DeTable::parse(&text).map_err(syntax)?;
    lines.settings(values, places.get_ref())
}

fn read_text(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > BYTES_MAX {
        return Err(ConfigError::TooLarge { path: path.to_owned(), limit_bytes: BYTES_MAX });
    }
    Ok(text)
}

/// The text of a file, to tell lines from byte offsets.
struct Lines<'a> {
    path: &'a Path,
    text: &'a str,
}

type Places<'a> = DeTable<'a>;

impl Lines<'_> {
    fn at(&self, span: Range<usize>) -> Origin {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        Origin::File { path: PathBuf::from(self.path), line }
    }

    fn settings(&self, mut values: Table, places: &Places<'_>) -> Result<Contents, ConfigError> {
        let mut read = Contents::default();
        for (name, place) in places {
            let room = name.get_ref().as_ref();
            let value = values.remove(room).expect("both readings of one text have the same keys");
            match (room, value, place.get_ref()) {
                ("schedule", Value::Array(tables), DeValue::Array(places)) => {
                    self.schedule(&mut read, tables, places.iter())?;
                }
                ("host", Value::Table(tables), DeValue::Table(places)) => self.hosts(&mut read, tables, places)?,
                (
                    "archive" | "fetch" | "frontier" | "extract" | "export",
                    Value::Table(table),
                    DeValue::Table(places),
                ) => {
                    read.settings.extend(self.room(room, table, places));
                }
                (_, value, _) => return Err(self.bad_top(room, &value, name.span())),
            }
        }
        Ok(read)
    }

    fn room(&self, room: &str, mut table: Table, places: &Places<'_>) -> Vec<Setting> {
        let setting = |name: &Spanned<_>| {
            let text: &str = std::borrow::Cow::as_ref(name.get_ref());
            let value = table.remove(text)?;
            Some(Setting { key: format!("{room}.{text}"), value, at: self.at(name.span()) })
        };
        let mut settings: Vec<Setting> = places.keys().filter_map(setting).collect();
        // The first line that is wrong is the one to report.
        settings.sort_by_key(|setting| match setting.at {
            Origin::File { line, .. } => line,
            _ => 0,
        });
        settings
    }

    fn schedule<'a>(
        &self,
        read: &mut Contents,
        tables: Vec<Value>,
        places: impl Iterator<Item = &'a Spanned<DeValue<'a>>>,
    ) -> Result<(), ConfigError> {
        let mut names = HashSet::new();
        for (table, place) in tables.into_iter().zip(places) {
            let at = self.at(place.span());
            let (Value::Table(table), Some(places)) = (table, place.get_ref().as_table()) else {
                return Err(ConfigError::BadValue {
                    at,
                    key: "schedule".to_owned(),
                    value: place.get_ref().type_str().to_owned(),
                    reason: "write `[[schedule]]` tables".to_owned(),
                });
            };
            let source = self.source(table, places, &at)?;
            if !names.insert(source.name.clone()) {
                return Err(ConfigError::SameName { at, name: source.name });
            }
            let key = |name: &Spanned<_>| format!("schedule.{}.{}", source.name, name.get_ref());
            read.origins.extend(places.keys().map(|name| (key(name), self.at(name.span()))));
            read.schedule.push(source);
        }
        Ok(())
    }

    fn source(&self, table: Table, places: &Places<'_>, at: &Origin) -> Result<Source, ConfigError> {
        let whole: Source = self.table("schedule", Source::KEYS, table, places)?;
        whole.check().map(|()| whole).map_err(|source| ConfigError::Source { at: at.clone(), source })
    }

    /// The tables `[host."example.org"]`.
    fn hosts(&self, read: &mut Contents, mut tables: Table, places: &Places<'_>) -> Result<(), ConfigError> {
        for (name, place) in places {
            let (host, at) = (name.get_ref().as_ref(), self.at(name.span()));
            let value = tables.remove(host).expect("both readings of one text have the same keys");
            let (Value::Table(table), Some(keys)) = (value, place.get_ref().as_table()) else {
                let example = if HostOptions::KEYS.contains(&host) { "example.org" } else { host };
                let reason = format!("write a table for each host, as `[host.\"{example}\"]`");
                let value = place.get_ref().type_str().to_owned();
                return Err(ConfigError::BadValue { at, key: format!("host.{host}"), value, reason });
            };
            let bad = |at, key: String, value: String, reason| ConfigError::BadValue { at, key, value, reason };
            // `[host.example.org]` without quotes is a table `org` in `example`.
            if let Some(inner) = keys.iter().find(|(_, inner)| inner.get_ref().is_table()) {
                let whole = format!("{host}.{}", inner.0.get_ref());
                let reason = format!("put the name in quotes, as `[host.\"{whole}\"]`");
                return Err(bad(at, format!("host.{whole}"), "a table".to_owned(), reason));
            }
            HostOptions::check_name(host)
                .map_err(|why| bad(at.clone(), "host".to_owned(), format!("`{host}`"), why))?;
            let room = format!("host.\"{host}\"");
            let options: HostOptions = self.table(&room, HostOptions::KEYS, table.clone(), keys)?;
            options.check().map_err(|(key, why)| {
                let place =
                    keys.keys().find(|name| name.get_ref() == key).map_or(at.clone(), |name| self.at(name.span()));
                let value = table.get(key).map(ToString::to_string).unwrap_or_default();
                bad(place, format!("{room}.{key}"), value, why)
            })?;
            let key = |name: &Spanned<_>| format!("{room}.{}", name.get_ref());
            read.origins.extend(keys.keys().map(|name| (key(name), self.at(name.span()))));
            read.hosts.insert(host.to_owned(), options);
        }
        Ok(())
    }

    /// Each key is tried alone first, so that what does not fit is known by its own line.
    fn table<T: serde::de::DeserializeOwned>(
        &self,
        room: &str,
        known: &[&str],
        table: Table,
        places: &Places<'_>,
    ) -> Result<T, ConfigError> {
        for name in places.keys() {
            let (text, at) = (name.get_ref().as_ref(), self.at(name.span()));
            if !known.contains(&text) {
                let suggestion = key::closest(text, known.iter().copied());
                return Err(ConfigError::UnknownKey { at, key: format!("{room}.{text}"), suggestion });
            }
            let value = table.get(text).cloned().expect("both readings of one text have the same keys");
            let alone = Table::from_iter([(text.to_owned(), value.clone())]);
            from_table::<T>(alone).map_err(|reason| ConfigError::BadValue {
                at,
                key: format!("{room}.{text}"),
                value: value.to_string(),
                reason,
            })?;
        }
        Ok(from_table(table).expect("keys that are right alone are right together"))
    }

    fn bad_top(&self, name: &str, value: &Value, span: Range<usize>) -> ConfigError {
        const TABLES: [&str; 7] = ["archive", "fetch", "frontier", "extract", "export", "host", "schedule"];
        if TABLES.contains(&name) {
            let reason = match name {
                "schedule" => "write `[[schedule]]` tables",
                "host" => "write a table for each host, as `[host.\"example.org\"]`",
                _ => "write a table",
            };
            return ConfigError::BadValue {
                at: self.at(span),
                key: name.to_owned(),
                value: value.to_string(),
                reason: reason.to_owned(),
            };
        }
        let known = key::known();
        let keys = known.iter().map(|(key, _)| key.as_str()).chain(TABLES);
        ConfigError::UnknownKey { at: self.at(span), key: name.to_owned(), suggestion: key::closest(name, keys) }
    }
}

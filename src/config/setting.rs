//! One key set to one value, from whatever layer.

use std::path::PathBuf;

use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::{Config, ConfigError, Given, Origin, Origins, key, to_table};
use crate::corpus::{COMPRESSION_LEVEL_MAX, Profile};

pub struct Setting {
    pub key: String,
    pub value: Value,
    pub at: Origin,
}

/// Sets key after key, so that whatever does not fit is known by its key and place.
pub fn apply(config: &mut Config, origins: &mut Origins, settings: Vec<Setting>) -> Result<(), ConfigError> {
    for setting in settings {
        let Setting { key, value, at } = setting;
        let default = default_of(&key, &at)?;
        set(config, &key, value.clone()).map_err(|reason| ConfigError::BadValue {
            at: at.clone(),
            reason: explain(&default, &value, reason),
            key: key.clone(),
            value: value.to_string(),
        })?;
        origins.set(key, at);
    }
    Ok(())
}

/// `$GLEANER_FETCH_DELAY` sets `fetch.delay`, and `$GLEANER_ARCHIVE` is short for `$GLEANER_ARCHIVE_FOLDER`.
pub fn from_environment(given: &Given) -> Result<Vec<Setting>, ConfigError> {
    let known = key::known();
    let mut settings = Vec::new();
    for name in given.environment.keys().filter(|name| is_ours(name)) {
        let Some(text) = given.variable(name) else { continue };
        let at = Origin::Environment(name.clone());
        let long = if name == "GLEANER_ARCHIVE" { "GLEANER_ARCHIVE_FOLDER" } else { name };
        let Some((key, default)) = known.iter().find(|(key, _)| key::variable(key) == long) else {
            let variables: Vec<String> = known.iter().map(|(key, _)| key::variable(key)).collect();
            let suggestion = key::closest(name, variables.iter().map(String::as_str));
            return Err(ConfigError::UnknownKey { at, key: name.clone(), suggestion });
        };
        settings.push(typed(key, default, text, at)?);
    }
    Ok(settings)
}

/// Whether the variable is of a room's table; others, as `GLEANER_CONFIG`, are read elsewhere.
fn is_ours(name: &str) -> bool {
    let rest = name.strip_prefix("GLEANER_").unwrap_or_default();
    ["ARCHIVE", "FETCH_", "FRONTIER_", "EXTRACT_", "EXPORT_"].iter().any(|room| rest.starts_with(room))
}

pub fn from_flags(given: &Given) -> Result<Vec<Setting>, ConfigError> {
    let settings = given.flags.iter().map(|flag| {
        let at = Origin::Flag(flag.name.clone());
        let default = default_of(&flag.key, &at)?;
        typed(&flag.key, &default, &flag.value, at)
    });
    settings.collect()
}

fn default_of(key: &str, at: &Origin) -> Result<Value, ConfigError> {
    let known = key::known();
    let suggestion = || key::closest(key, known.iter().map(|(key, _)| key.as_str()));
    match known.iter().find(|(name, _)| name == key) {
        Some((_, default)) => Ok(default.clone()),
        None => Err(ConfigError::UnknownKey { at: at.clone(), key: key.to_owned(), suggestion: suggestion() }),
    }
}

/// Reads a text as a value of the default's type.
fn typed(key: &str, default: &Value, text: &str, at: Origin) -> Result<Setting, ConfigError> {
    let value = match default {
        Value::Integer(_) => text.trim().replace('_', "").parse().ok().map(Value::Integer),
        Value::Float(_) => text.trim().parse().ok().map(Value::Float),
        Value::Boolean(_) => text.trim().parse().ok().map(Value::Boolean),
        Value::Array(_) => Some(list(text)),
        _ => Some(Value::String(text.to_owned())),
    };
    let bad = |at| ConfigError::BadValue {
        at,
        key: key.to_owned(),
        value: format!("`{text}`"),
        reason: explain(default, &Value::String(text.to_owned()), String::new()),
    };
    match value {
        Some(value) => Ok(Setting { key: key.to_owned(), value, at }),
        None => Err(bad(at)),
    }
}

fn list(text: &str) -> Value {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
}

fn set(config: &mut Config, key: &str, value: Value) -> Result<(), String> {
    let (room, name) = key.split_once('.').unwrap_or((key, ""));
    limits(key, &value)?;
    match (room, value) {
        ("archive", Value::String(folder)) if name == "folder" => {
            config.folder = (!folder.is_empty()).then(|| PathBuf::from(folder));
            Ok(())
        }
        ("archive", value) => replace(&mut config.archive, name, value),
        ("fetch", value) => replace(&mut config.fetch, name, value),
        ("frontier", value) => replace(&mut config.frontier, name, value),
        ("extract", value) => replace(&mut config.extract, name, value),
        (_, value) => replace(&mut config.export, name, value),
    }
}

fn replace<T: serde::Serialize + DeserializeOwned>(options: &mut T, name: &str, value: Value) -> Result<(), String> {
    let mut table = to_table(options);
    table.insert(name.to_owned(), value);
    *options = from_table(table)?;
    Ok(())
}

pub fn from_table<T: DeserializeOwned>(table: Table) -> Result<T, String> {
    table.try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// Records in brief name nothing farther than 4 GiB before them, and a batch may take a segment beyond its limit.
const SEGMENT_BYTES_MAX: i64 = 2 << 30;

/// Numbers whose type allows more than makes sense: key, least, most.
const LIMITS: &[(&str, i64, i64)] = &[
    ("archive.compression_level", 1, 22),
    ("archive.segment_bytes_max", 1 << 16, SEGMENT_BYTES_MAX),
    ("archive.seal_level", 1, 22),
    ("archive.seal_level_raw", 1, 22),
    ("archive.seal_bytes", 0, i64::MAX),
    ("fetch.body_bytes_max", 1, i64::MAX),
    ("fetch.concurrency", 1, 10_000),
    ("frontier.shape_urls_max", 1, i64::MAX),
    ("frontier.source_urls_max", 1, i64::MAX),
    ("export.compression_level", 1, COMPRESSION_LEVEL_MAX as i64),
    ("export.shard_bytes", 1 << 10, i64::MAX),
];

fn limits(key: &str, value: &Value) -> Result<(), String> {
    // How low it may be depends on the profile, which another layer may set; an export knows.
    let least = Profile::Ocr.threshold_min().min(Profile::Web.threshold_min());
    if key == "export.threshold" && value.as_float().is_some_and(|value| !(least..=1.0).contains(&value)) {
        return Err(format!("allowed is {least} to 1.0, and more than that for web pages"));
    }
    let limit = LIMITS.iter().find(|(name, ..)| *name == key);
    match (limit, value.as_integer()) {
        (Some((_, least, most)), Some(number)) if !(*least..=*most).contains(&number) => Err(match *most {
            i64::MAX => format!("the least is {least}"),
            _ => format!("allowed is {least} to {most}"),
        }),
        _ => Ok(()),
    }
}

/// What is allowed, told from the default where serde's own words would not help.
fn explain(default: &Value, value: &Value, reason: String) -> String {
    let is_duration = |text: &str| text.parse::<SignedDuration>().is_ok();
    match default {
        Value::String(text) if is_duration(text) => {
            "write a duration as `\"30s\"`, `\"5m\"` or `\"2h 30m\"`".to_owned()
        }
        _ if default.same_type(value) => reason,
        Value::String(_) => "write it in quotes".to_owned(),
        Value::Integer(_) => "write a whole number".to_owned(),
        Value::Float(_) => "write a number".to_owned(),
        Value::Boolean(_) => "write `true` or `false`".to_owned(),
        Value::Array(_) => "write a list, as `[\"a\", \"b\"]`".to_owned(),
        _ => reason,
    }
}

//! `gleaner config`

use anyhow::Result;
use serde_json::json;
use toml::Value;

use crate::cli::args::{ConfigWhat, Global};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::Output;

pub fn run(global: &Global, what: ConfigWhat, output: &Output) -> Result<Exit> {
    match what {
        ConfigWhat::Show => show(global, output),
        ConfigWhat::Path => path(global, output),
        ConfigWhat::Default => default(output),
    }
}

fn show(global: &Global, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let values = loaded.config.values();
    for (key, value) in &values {
        let value = &masked(key, value);
        let origin = loaded.origins.of(key);
        output.line(&format!("{:<52} # {origin}", format!("{key} = {value}")));
        output.record("value", &json!({ "key": key, "value": value, "origin": origin.to_string() }));
    }
    output.record("summary", &json!({ "values": values.len(), "file": loaded.origins.file }));
    Ok(Exit::Done)
}

/// The value, without what only its owner is to see: people paste what is shown into letters.
fn masked(key: &str, value: &Value) -> Value {
    let name = key.rsplit('.').next().unwrap_or_default();
    match (name, value.as_str()) {
        ("cookie", Some(text)) if !text.is_empty() => Value::from("***"),
        ("proxy", Some(text)) => {
            match text.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
                Some((scheme, (_, host))) => Value::from(format!("{scheme}://***@{host}")),
                None => value.clone(),
            }
        }
        _ => value.clone(),
    }
}

fn path(global: &Global, output: &Output) -> Result<Exit> {
    let (found, candidates) = context::config_file(global)?;
    match &found {
        Some(path) => output.line(&path.display().to_string()),
        None => output.note(&format!(
            "no configuration file; looked for {}",
            candidates.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
        )),
    }
    output.record("summary", &json!({ "file": found, "looked_for": candidates }));
    Ok(if found.is_some() { Exit::Done } else { Exit::No })
}

fn default(output: &Output) -> Result<Exit> {
    if output.json {
        output.record("file", &json!({ "text": crate::config::DEFAULT_FILE }));
        output.record("summary", &json!({ "bytes": crate::config::DEFAULT_FILE.len() }));
    } else {
        output.raw(crate::config::DEFAULT_FILE.as_bytes());
    }
    Ok(Exit::Done)
}

//! `gleaner search`

use anyhow::Result;
use serde_json::json;

use crate::cli::args::{Global, Search};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, captured, counted, typed};

pub fn run(global: &Global, flags: &Search, output: &Output) -> Result<Exit> {
    let archive = context::config(global)?.archive()?;
    let hits = archive.search(&words(&flags.words), flags.limit)?;
    for hit in &hits {
        let mut value = typed("hit", &crate::cli::output::capture_json(&hit.capture));
        value["snippet"] = hit.snippet.clone().into();
        output.record("hit", &value);
        output.line(&captured(&hit.capture));
        output.line(&format!("    {}", hit.snippet));
    }
    output.summary(&counted(hits.len() as u64, "text"), &json!({ "hits": hits.len() }));
    Ok(if hits.is_empty() { Exit::No } else { Exit::Done })
}

/// What the shell took apart: an argument with spaces was a phrase.
fn words(arguments: &[String]) -> String {
    match arguments {
        [one] => one.clone(),
        many => many
            .iter()
            .map(|word| if word.contains(' ') && !word.contains('"') { format!("\"{word}\"") } else { word.clone() })
            .collect::<Vec<_>>()
            .join(" "),
    }
}

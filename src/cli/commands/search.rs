//! `gleaner search`

use anyhow::Result;
use serde_json::json;

use crate::archive::Hits;
use crate::cli::args::{Global, Search};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::failure::report;
use crate::cli::output::{Output, captured, counted, typed};

pub fn run(global: &Global, flags: &Search, output: &Output) -> Result<Exit> {
    let archive = context::config(global)?.archive()?;
    let Hits { hits, damage } = archive.search(&words(&flags.words), flags.limit)?;
    for hit in &hits {
        let mut value = typed("hit", &crate::cli::output::capture_json(&hit.capture));
        value["snippet"] = hit.snippet.clone().into();
        output.record("hit", &value);
        output.line(&captured(&hit.capture));
        output.line(&format!("    {}", hit.snippet));
    }
    let exit = match damage {
        // What is sound is told first.
        Some(error) if hits.is_empty() => return Err(error.into()),
        Some(error) => {
            report(&error.into(), output);
            Exit::Part
        }
        None if hits.is_empty() => Exit::No,
        None => Exit::Done,
    };
    output.summary(&counted(hits.len() as u64, "text"), &json!({ "hits": hits.len() }));
    Ok(exit)
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

//! `gleaner completions` and `gleaner man`

use anyhow::{Context, Result};
use clap::CommandFactory;
use serde_json::json;

use crate::cli::args::{Args, Completions, Man};
use crate::cli::exit::Exit;
use crate::cli::output::Output;

pub fn completions(flags: &Completions, output: &Output) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(flags.shell, &mut Args::command(), "gleaner", &mut script);
    give("completions", &script, output);
    Ok(Exit::Done)
}

pub fn man(flags: &Man, output: &Output) -> Result<Exit> {
    if let Some(folder) = &flags.output {
        std::fs::create_dir_all(folder).with_context(|| format!("could not make `{}`", folder.display()))?;
        clap_mangen::generate_to(Args::command(), folder)
            .with_context(|| format!("could not write to `{}`", folder.display()))?;
        output.record("summary", &json!({ "folder": folder.display().to_string() }));
        return Ok(Exit::Done);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut page)?;
    give("man", &page, output);
    Ok(Exit::Done)
}

fn give(kind: &str, bytes: &[u8], output: &Output) {
    if output.json {
        output.record(kind, &json!({ "text": String::from_utf8_lossy(bytes) }));
        output.record("summary", &json!({ "bytes": bytes.len() }));
    } else {
        output.raw(bytes);
    }
}

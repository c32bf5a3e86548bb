//! `gleaner init`

use anyhow::Result;
use serde_json::json;

use crate::archive::{Archive, Raw};
use crate::cli::args::{Global, Init, RawName};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::Output;

pub fn run(global: &Global, flags: &Init, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let folder = flags.folder.clone().unwrap_or_else(|| loaded.folder());
    let mut options = loaded.config.archive;
    match flags.raw {
        Some(RawName::Keep) => options.raw = Raw::Keep,
        Some(RawName::None) => options.raw = Raw::None,
        None => {}
    }
    Archive::init(&folder, options)?;
    output.line(&format!("new archive at {}", folder.display()));
    output.record("summary", &json!({ "archive": folder }));
    Ok(Exit::Done)
}

//! `gleaner export`

use anyhow::Result;

use super::show;
use crate::cli::args::{Export, FormatName, Global};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::corpus::{self, Format};

pub fn run(global: &Global, flags: &Export, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let mut options = loaded.config.export.clone();
    match flags.format {
        Some(FormatName::Jsonl) => options.format = Format::Jsonl,
        Some(FormatName::Text) => options.format = Format::Text,
        Some(FormatName::Markdown) => options.format = Format::Markdown,
        None => {}
    }
    options.words_min = flags.words_min.unwrap_or(options.words_min);
    let archive = loaded.archive()?;
    let plan = corpus::plan(&archive, &options)?;
    let _ = (show::text_of, &plan, output);
    Ok(Exit::Done)
}

//! `gleaner init`

use anyhow::Result;
use serde_json::json;

use crate::archive::{Archive, ArchiveError, Own, Raw};
use crate::cli::args::{Global, Init, RawName};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::Output;

pub fn run(global: &Global, flags: &Init, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let folder = flags.folder.clone().unwrap_or_else(|| loaded.folder());
    let told = flags.raw.is_some() || flags.raw_for.is_some();
    let raw_for = flags.raw_for.as_deref().map(|text| context::days("--raw-for", text)).transpose()?;
    let is_there = told && Archive::is_archive(&folder);
    let options = loaded.config.archive;
    let archive = if is_there { Archive::open(&folder, options)? } else { Archive::init(&folder, options)? };
    let before = match archive.own() {
        // Damaged: it is written anew with what is told now.
        Err(ArchiveError::Damaged { .. }) if flags.raw.is_some() => Own::default(),
        own => own?,
    };
    let raw = flags.raw.map_or(before.raw, |raw| match raw {
        RawName::Keep => Raw::Keep,
        RawName::Warc => Raw::Warc,
        RawName::None => Raw::None,
    });
    let own = Own { raw, raw_for: raw_for.or(before.raw_for) };
    if own != before {
        archive.set_own(own)?;
    }
    let what = if is_there { "archive" } else { "new archive" };
    let keeps = match own.raw {
        Raw::None => "; it keeps no raw bytes from now on",
        Raw::Warc => "; raw bytes are WARC files in `raw/` from now on",
        Raw::Keep if is_there => "; it keeps raw bytes from now on",
        _ => "",
    };
    output.line(&format!("{what} at {}{keeps}", folder.display()));
    let raw_days = own.raw_for.map(|time| time.as_secs() / 86_400);
    output.record("summary", &json!({ "archive": folder.display().to_string(), "raw": own.raw, "raw_days": raw_days }));
    Ok(Exit::Done)
}

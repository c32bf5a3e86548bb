//! `gleaner export`

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::archive::Archive;
use crate::cli::args::{Export, FormatName, Global};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, bytes, counted};
use crate::corpus::{self, Excluded, Format, Manifest, Options, Plan, Why};
use crate::extract;

pub fn run(global: &Global, flags: &Export, output: &Output) -> Result<Exit> {
    if let Some(folder) = &flags.verify {
        return verify(folder, output);
    }
    let loaded = context::config(global)?;
    let mut options = loaded.config.export.clone();
    match flags.format {
        Some(FormatName::Jsonl) => options.format = Format::Jsonl,
        Some(FormatName::Text) => options.format = Format::Text,
        Some(FormatName::Markdown) => options.format = Format::Markdown,
        Some(FormatName::Warc) => {
            let folder = flags.output.as_deref().unwrap_or(Path::new("warc"));
            return super::warc_out::run(&loaded.archive()?, folder, output);
        }
        None => {}
    }
    options.words_min = flags.words_min.unwrap_or(options.words_min);
    options.near_duplicates &= !flags.keep_near_duplicates;
    let archive = loaded.archive()?;
    if flags.dry_run {
        let plan = corpus::plan(&archive, &options)?;
        tell(&plan, output);
        return Ok(Exit::Done);
    }
    let folder = flags.output.as_deref().unwrap_or(Path::new("corpus"));
    let manifest = write(&archive, &options, &loaded.config.extract, folder, output)?;
    output.record("summary", &json!({ "folder": folder, "manifest": manifest }));
    Ok(if manifest.documents == 0 { Exit::No } else { Exit::Done })
}

/// Compares an export's files with what its manifest says of them.
fn verify(folder: &Path, output: &Output) -> Result<Exit> {
    let problems = corpus::verify(folder)?;
    for problem in &problems {
        output.line(problem);
        output.record("problem", &json!({ "message": problem }));
    }
    let verdict = if problems.is_empty() { "every file is as the manifest says" } else { "not as the manifest says" };
    output.summary(verdict, &json!({ "folder": folder, "problems": problems.len() }));
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Damaged })
}

/// Plans and writes an export, telling what was left out.
pub fn write(
    archive: &Archive,
    options: &Options,
    extract: &extract::Options,
    folder: &Path,
    output: &Output,
) -> Result<Manifest> {
    let plan = corpus::plan(archive, options)?;
    for excluded in plan.excluded.iter().filter(|excluded| is_duplicate(&excluded.why)) {
        output.line(&format!("left out    {}", left_out(excluded)));
    }
    for excluded in &plan.excluded {
        output.record("excluded", excluded);
    }
    let manifest = corpus::export_rendered(archive, plan, folder, &|capture, raw| {
        let url = capture.final_url.as_ref().unwrap_or(&capture.url);
        let document = extract::extract(raw, capture.content_type.as_deref(), Some(url), extract);
        Some(document.markdown()).filter(|markdown| !markdown.is_empty())
    })?;
    output.line(&format!(
        "{} · {} · {} of text in `{}`",
        counted(manifest.documents, "document"),
        counted(manifest.words, "word"),
        bytes(manifest.text_bytes),
        folder.display()
    ));
    Ok(manifest)
}

fn is_duplicate(why: &Why) -> bool {
    matches!(why, Why::Duplicate { .. })
}

fn tell(plan: &Plan, output: &Output) {
    for planned in &plan.documents {
        output.line(&format!("goes in     {}", planned.url));
        output.record("planned", planned);
    }
    for excluded in &plan.excluded {
        output.line(&format!("left out    {}", left_out(excluded)));
        output.record("excluded", excluded);
    }
    let (documents, excluded) = (plan.documents.len(), plan.excluded.len());
    output.summary(
        &format!("{documents} would go in, {excluded} would be left out"),
        &json!({ "documents": documents, "excluded": excluded }),
    );
}

/// `https://example.org/b: exact, same as https://example.org/a`
fn left_out(excluded: &Excluded) -> String {
    let label = excluded.why.label();
    match &excluded.why {
        Why::Duplicate { kept_url, .. } => format!("{}: {label} of {kept_url}", excluded.url),
        _ => format!("{}: {label}", excluded.url),
    }
}

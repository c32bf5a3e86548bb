//! The pages and what is true of them.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

/// A page in memory.
pub struct Page {
    /// As it lies on disk.
    pub bytes: Vec<u8>,
    /// Decoded, for peers that read text.
    pub html: String,
    pub truth: Truth,
}

/// What an extractor should give.
#[derive(Default)]
pub struct Truth {
    pub text: String,
    /// Snippets that must stand in the text, and such that must not.
    pub with: Vec<String>,
    pub without: Vec<String>,
}

/// Every `every`-th page of a folder, in name order.
pub fn read(data: &Path, every: usize) -> Result<Vec<Page>> {
    let folder = data.join("html");
    let listed = std::fs::read_dir(&folder).with_context(|| format!("could not list `{}`", folder.display()))?;
    let mut paths = listed.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "html"));
    paths.sort();
    paths.iter().step_by(every.max(1)).map(|path| page(data, path)).collect()
}

fn page(data: &Path, path: &Path) -> Result<Page> {
    let name = path.file_stem().context("a file has a name")?.to_string_lossy();
    let bytes = std::fs::read(path).with_context(|| format!("could not read `{}`", path.display()))?;
    let truth = data.join("truth").join(format!("{name}.json"));
    let told = std::fs::read(&truth).with_context(|| format!("could not read `{}`", truth.display()))?;
    let html = gleaner::extract::decode::decode(&bytes, Some("text/html")).text.into_owned();
    Ok(Page { html, bytes, truth: of_json(&serde_json::from_slice(&told)?) })
}

fn of_json(value: &Value) -> Truth {
    let told = &value["ground_truth"];
    let list = |name: &str| {
        let some = told[name].as_array().into_iter().flatten();
        some.filter_map(|snippet| Some(snippet.as_str()?.to_lowercase())).collect()
    };
    let text = told["main_content"].as_str().unwrap_or_default().to_owned();
    Truth { text, with: list("with"), without: list("without") }
}

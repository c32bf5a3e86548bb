//! A document as a Markdown page with front matter.

use std::fmt::Write;

use serde_json::Value;

use super::Document;
use crate::corpus::{CorpusError, Record, Render};

/// What of a record stands in the front matter, where it is known.
const KEYS: [&str; 14] = [
    "title",
    "url",
    "id",
    "authors",
    "published",
    "modified",
    "site",
    "language",
    "licence",
    "tags",
    "kind",
    "words",
    "fetched_at",
    "syndicated_by",
];

/// Front matter (YAML) and body: what `render` makes of the raw bytes where they are kept, else the clean text. So is the
/// body where the lines that were cut from the text cannot all be told in what was rendered.
pub fn page(document: &Document<'_>, render: Option<Render<'_>>) -> Result<String, CorpusError> {
    let rendered = match (render, document.capture.raw) {
        (Some(render), Some(raw)) => render(document.capture, &document.archive.raw(raw)?),
        _ => None,
    };
    let rendered = rendered.and_then(|body| document.cut(body)).map(|body| document.polish.markdown(&body));
    let body = rendered.as_deref().unwrap_or(&document.record.text);
    Ok(format!("{}\n{body}", front_matter(&document.record)))
}

/// Values are JSON, which is YAML too where signs that do not print are escaped, so that no title can break out of its
/// line.
fn front_matter(record: &Record) -> String {
    let record = serde_json::to_value(record).expect("a record is plain data");
    let mut out = String::from("---\n");
    for (key, value) in KEYS.iter().map(|key| (key, &record[key])).filter(|(_, value)| !is_empty(value)) {
        writeln!(out, "{key}: {}", printable(&value.to_string())).expect("a String takes all");
    }
    out.push_str("---\n");
    out
}

/// JSON with escapes for the signs that YAML does not let stand, and those it ends lines at.
fn printable(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("a String takes all");
            }
            c => out.push(c),
        }
    }
    out
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

//! `gleaner show`

use anyhow::{Context, Result};
use serde_json::json;

use super::extract::Input;
use super::find;
use crate::archive::Archive;
use crate::capture::Capture;
use crate::cli::args::{Global, Show, View};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, typed};
use crate::document::{Document, TextOptions};
use crate::extract;
use crate::pipeline::sites;

pub fn run(global: &Global, flags: &Show, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let archive = loaded.archive()?;
    let at = flags.at.as_deref().map(|text| context::moment("--at", text, true)).transpose()?;
    let Some(capture) = find::capture(&archive, &flags.what, at)? else {
        output.note(&format!("nothing in the archive for `{}`", flags.what));
        output.record("summary", &json!({ "captures": 0 }));
        return Ok(Exit::No);
    };
    let options = &loaded.config.extract;
    if output.json {
        return show_json(&archive, &capture, flags.view, options, output);
    }
    match flags.view {
        View::Text => output.text(&text(&archive, &capture)?.unwrap_or_default()),
        View::Markdown => output.text(&markdown(&archive, &capture, options)?.unwrap_or_default()),
        View::Html => output.raw(&raw(&archive, &capture)?),
        View::Json => output.raw(format!("{}\n", full(&archive, &capture)?).as_bytes()),
        View::Headers => headers(&capture, output),
    }
    Ok(if capture.text.is_none() && matches!(flags.view, View::Text | View::Markdown) {
        let why = if capture.outcome.has_text() && capture.words_kept > 0 {
            "it was lost to damage; `gleaner re-extract`, or `gleaner import` of where it came from, brings it again"
        } else {
            capture.detail.as_deref().unwrap_or("the visit brought none")
        };
        output.note(&format!("no text: {why}"));
        let last = find::last_good(&archive, &flags.what, &capture, |capture| capture.text.is_some())?;
        if let Some(last) = last {
            output.note(&format!("its text of {:.0}: gleaner show {}", last.fetched_at, find::short(&last)));
        }
        Exit::No
    } else {
        Exit::Done
    })
}

fn show_json(
    archive: &Archive,
    capture: &Capture,
    view: View,
    options: &extract::Options,
    output: &Output,
) -> Result<Exit> {
    let mut value = full(archive, capture)?;
    match view {
        View::Markdown => value["markdown"] = markdown(archive, capture, options)?.into(),
        View::Html => value["html"] = String::from_utf8_lossy(&raw(archive, capture)?).into(),
        _ => {}
    }
    output.record("capture", &value);
    output.record("summary", &json!({ "captures": 1 }));
    Ok(if capture.text.is_none() { Exit::No } else { Exit::Done })
}

/// The capture with its text and records.
fn full(archive: &Archive, capture: &Capture) -> Result<serde_json::Value> {
    let mut value = typed("capture", &crate::cli::output::capture_json(capture));
    // The ids stay beside what they name.
    value["text_id"] = json!(capture.text);
    value["text"] = json!(text(archive, capture)?);
    value["records_id"] = json!(capture.records);
    value["records"] = json!(capture.records.map(|id| archive.records(id)).transpose()?);
    Ok(value)
}

fn text(archive: &Archive, capture: &Capture) -> Result<Option<String>> {
    Ok(capture.text.map(|id| archive.text(id)).transpose()?)
}

fn raw(archive: &Archive, capture: &Capture) -> Result<Vec<u8>> {
    let id = capture.raw.context("the raw bytes of this capture are not kept")?;
    Ok(archive.raw(id)?)
}

/// Labels the kept raw bytes again; the clean text where there are none.
pub fn markdown(archive: &Archive, capture: &Capture, options: &extract::Options) -> Result<Option<String>> {
    if capture.text.is_none() {
        return Ok(None);
    }
    match document(archive, capture, options)? {
        Some(document) => Ok(Some(document.markdown_with(TextOptions::default(), options.post_view()))),
        None => text(archive, capture),
    }
}

/// The document of a capture, from its kept raw bytes.
pub fn document(archive: &Archive, capture: &Capture, options: &extract::Options) -> Result<Option<Document>> {
    let Some(id) = capture.raw else { return Ok(None) };
    Ok(Some(sites::document(archive, capture, &archive.raw(id)?, options)))
}

/// A capture's kept raw bytes, with what is known of them.
pub fn input(archive: &Archive, capture: &Capture) -> Result<Option<Input>> {
    let Some(id) = capture.raw else { return Ok(None) };
    let url = capture.final_url.as_ref().unwrap_or(&capture.url).clone();
    Ok(Some(Input { bytes: archive.raw(id)?, content_type: capture.content_type.clone(), url: Some(url) }))
}

fn headers(capture: &Capture, output: &Output) {
    let serde_json::Value::Object(fields) = crate::cli::output::capture_json(capture) else { return };
    for (key, value) in fields.iter().filter(|(key, _)| *key != "metadata") {
        output.line(&format!("{key}: {}", plain(value)));
    }
    if let Some(serde_json::Value::Object(metadata)) = fields.get("metadata") {
        let sources = metadata.get("sources").cloned().unwrap_or_default();
        for (key, value) in metadata.iter().filter(|(key, _)| *key != "sources") {
            output.line(&format!("{key}: {} (from {})", plain(value), plain(&sources[key])));
        }
    }
}

/// A value as people read it: text bare, lists joined, doubles named once.
fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(plain).collect();
            items.dedup();
            items.join(", ")
        }
        other => other.to_string(),
    }
}

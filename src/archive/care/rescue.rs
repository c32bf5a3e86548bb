//! Captures that are lost in their segment, made anew from what the index knew of them: a text that can be read is tied to its
//! address and time again. What the index does not know (title, authors, thread, headers) stays lost.

use serde_json::{Value, json};

use crate::archive::index::Gone;
use crate::archive::record::Kind;
use crate::archive::{Archive, Entry, Result};
use crate::capture::{Capture, Id};
use crate::page::Timestamp;

/// So many are written under one commit.
const BATCH: usize = 500;

/// Writes the captures whose text is there, or that had none. Returns the others.
pub(super) fn rescue(archive: &Archive, gone: Vec<Gone>) -> Result<(u64, Vec<Gone>)> {
    // Nothing is written while it is not known what is to be kept.
    if archive.own().is_err() {
        return Ok((0, gone));
    }
    let (mut rescued, mut lost, mut batch) = (0, Vec::new(), Vec::new());
    for gone in gone {
        match made_anew(archive, &gone)? {
            Some(capture) => batch.push(Entry { capture, text: None, records: None, raw: None }),
            None => lost.push(gone),
        }
        if batch.len() == BATCH {
            rescued += kept(archive, std::mem::take(&mut batch))?;
        }
    }
    rescued += kept(archive, batch)?;
    Ok((rescued, lost))
}

/// How many of them are there now: what was erased since does not come again.
fn kept(archive: &Archive, batch: Vec<Entry>) -> Result<u64> {
    let is_kept = |capture: &&Capture| capture.is_made_anew();
    Ok(archive.append(batch)?.iter().filter(is_kept).count() as u64)
}

/// `None` where it brought a text that is lost, or is not what the index may say.
fn made_anew(archive: &Archive, gone: &Gone) -> Result<Option<Capture>> {
    let text = gone.text.map_or(Ok(None), |key| the_one(archive, Kind::TEXT, key))?;
    if gone.text.is_some() != text.is_some() {
        return Ok(None);
    }
    let raw = gone.raw.map_or(Ok(None), |key| the_one(archive, Kind::RAW, key))?;
    let Ok(at) = Timestamp::from_nanosecond(gone.time.into()) else { return Ok(None) };
    // What repeated another one is written as all of it where that one is lost.
    let outcome = if gone.outcome == "unchanged" && text.is_some() { "ok" } else { &gone.outcome };
    let mut said = json!({ "url": gone.url, "fetched_at": at, "outcome": outcome, "detail": Capture::MADE_ANEW, "words_kept": gone.words });
    let mut say = |name: &str, value: Option<Value>| value.map(|value| said[name] = value);
    say("text", text.map(|id| json!(id)));
    say("raw", raw.map(|id| json!(id)));
    say("final_url", gone.final_url.as_ref().map(|url| json!(url)));
    say("kind", gone.kind.as_ref().map(|kind| json!(kind)));
    let mut capture: Option<Capture> = serde_json::from_value(said).ok();
    if let Some(capture) = &mut capture {
        let of_index = |value: &String| crate::document::Sourced { value: value.clone(), source: "index".to_owned() };
        capture.metadata.language_detected = gone.language.as_ref().map(of_index);
    }
    Ok(capture)
}

/// The blob of that key, where there is one alone.
fn the_one(archive: &Archive, kind: Kind, key: i64) -> Result<Option<Id>> {
    let mut ids = Vec::new();
    for place in archive.reader().with_key(kind, key)? {
        ids.push(archive.segments.header(&place)?.id);
    }
    ids.dedup();
    Ok(if let [id] = ids[..] { Some(id) } else { None })
}

//! Captures that are lost in their segment, made anew from what the index knew of them: a text that can be read is tied to its
//! address and time again, and so are raw bytes whose text is lost. What the index does not know (title, authors, thread,
//! headers) stays lost.

use serde_json::{Value, json};

use crate::archive::index::Gone;
use crate::archive::record::Kind;
use crate::archive::{Archive, Entry, Result};
use crate::capture::{Capture, Id};
use crate::page::Timestamp;

/// So many are written under one commit.
const BATCH: usize = 500;

/// What came of captures that were gone.
#[derive(Default)]
pub(super) struct Rescue {
    /// How many are there again,
    pub rescued: u64,
    /// and how many of these without their text.
    pub raw_alone: u64,
    pub lost: Vec<Gone>,
}

/// Writes the captures whose text or raw bytes are there, or that had no text.
pub(super) fn rescue(archive: &Archive, gone: Vec<Gone>) -> Result<Rescue> {
    // Nothing is written while it is not known what is to be kept.
    if archive.own().is_err() {
        return Ok(Rescue { lost: gone, ..Rescue::default() });
    }
    let (mut rescue, mut batch) = (Rescue::default(), Vec::new());
    for gone in gone {
        match made_anew(archive, &gone)? {
            Some(capture) => batch.push(Entry { capture, text: None, records: None, raw: None }),
            None => rescue.lost.push(gone),
        }
        if batch.len() == BATCH {
            rescue.keep(archive, std::mem::take(&mut batch))?;
        }
    }
    rescue.keep(archive, batch)?;
    Ok(rescue)
}

impl Rescue {
    /// Counts those that are there now: what was erased since does not come again.
    fn keep(&mut self, archive: &Archive, batch: Vec<Entry>) -> Result<()> {
        for capture in archive.append(batch)?.into_iter().filter(Capture::is_made_anew) {
            self.rescued += 1;
            self.raw_alone += u64::from(capture.detail.as_deref() == Some(Capture::RAW_ANEW));
        }
        Ok(())
    }

    /// What is to be done for those without a text.
    pub fn told(&self) -> Option<String> {
        (self.raw_alone > 0).then(|| {
            let count = self.raw_alone;
            format!(
                "{count} of the captures made anew have raw bytes and no text; `gleaner re-extract` reads them again"
            )
        })
    }
}

impl Archive {
    /// Whether there may be captures with raw bytes whose text is lost.
    pub fn may_lack_texts(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM captures WHERE text IS NULL AND words > 0 AND raw IS NOT NULL)";
        Ok(self.has_dropped() || self.reader().query(|connection| connection.query_row(sql, [], |row| row.get(0)))?)
    }
}

/// `None` where it brought a text that is lost with its raw bytes, or is not what the index may say.
fn made_anew(archive: &Archive, gone: &Gone) -> Result<Option<Capture>> {
    let text = gone.text.map_or(Ok(None), |key| the_one(archive, Kind::TEXT, key))?;
    let raw = gone.raw.map_or(Ok(None), |key| the_one(archive, Kind::RAW, key))?;
    let is_text_lost = gone.text.is_some() && text.is_none();
    if is_text_lost && raw.is_none() {
        return Ok(None);
    }
    let detail = if is_text_lost { Capture::RAW_ANEW } else { Capture::MADE_ANEW };
    let Ok(at) = Timestamp::from_nanosecond(gone.time.into()) else { return Ok(None) };
    // What repeated another one is written as all of it where that one is lost.
    let outcome = if gone.outcome == "unchanged" && gone.text.is_some() { "ok" } else { &gone.outcome };
    let mut said =
        json!({ "url": gone.url, "fetched_at": at, "outcome": outcome, "detail": detail, "words_kept": gone.words });
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

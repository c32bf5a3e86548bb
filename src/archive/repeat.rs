//! `unchanged` records: a visit that says the same as an earlier capture, kept as that one's id, the time and what
//! little differs.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::folder::{Seg, Store};
use super::record::{Codec, FLAG_BASE, Flaw, Header, Kind, Record};
use super::segments::Segments;
use crate::capture::{Capture, Id, Outcome};
use crate::page::Timestamp;

const BASE_BYTES: usize = 32;
/// Base id, seconds, nanoseconds.
const FIXED_BYTES: usize = BASE_BYTES + 8 + 4;
/// A larger patch is no cheap record any more.
const PATCH_BYTES_MAX: usize = 1024;

type Json = Map<String, Value>;

/// What an `unchanged` record says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Repeat {
    pub base: Id,
    pub at: Timestamp,
    /// Members that replace those of the base; null removes one.
    pub patch: Json,
}

impl Repeat {
    /// The visit as a repetition of a full capture; `None` when it says something new.
    pub fn of(visit: &Capture, base: &Capture) -> Option<Self> {
        let not_modified = visit.outcome == Outcome::Unchanged && visit.text.is_none();
        let told = if not_modified { confirmed(visit, base) } else { told_again(visit, base)? };
        let mut patch = if told == *base { Json::new() } else { difference(&told, base)? };
        if !visit.outcome.has_text() {
            patch.insert("outcome".to_owned(), Value::from(visit.outcome.to_string()));
        }
        let repeat = Self { base: base.id?, at: visit.fetched_at, patch };
        (repeat.payload().len() <= FIXED_BYTES + PATCH_BYTES_MAX).then_some(repeat)
    }

    pub fn record(&self) -> Record {
        let payload = self.payload();
        let mut record = Record::plain(Kind::UNCHANGED, Id::of(&payload), payload);
        record.header.flags = FLAG_BASE;
        record.header.raw -= BASE_BYTES as u32;
        record
    }

    fn payload(&self) -> Vec<u8> {
        let mut payload = self.base.0.to_vec();
        payload.extend(self.at.as_second().to_le_bytes());
        payload.extend(self.at.subsec_nanosecond().to_le_bytes());
        if !self.patch.is_empty() {
            payload.extend(serde_json::to_vec(&self.patch).expect("a JSON map can be written"));
        }
        payload
    }

    /// From its record, compared with the SHA-256 it is named by.
    pub fn read(header: &Header, payload: &[u8]) -> Result<Self, Flaw> {
        let flaw = |what: &str| Flaw::Content(Kind::UNCHANGED.name(), what.to_owned());
        if Id::of(payload) != header.id {
            return Err(Flaw::Hash(Kind::UNCHANGED.name()));
        }
        if header.flags != FLAG_BASE || header.codec != Codec::PLAIN || payload.len() < FIXED_BYTES {
            return Err(flaw("base and time are missing"));
        }
        if header.raw as usize != payload.len() - BASE_BYTES {
            return Err(flaw("its lengths contradict each other"));
        }
        let (base, rest) = payload.split_first_chunk::<BASE_BYTES>().expect("longer than that");
        let (seconds, rest) = rest.split_first_chunk::<8>().expect("longer than that");
        let (nanoseconds, patch) = rest.split_first_chunk::<4>().expect("longer than that");
        let at = Timestamp::new(i64::from_le_bytes(*seconds), i32::from_le_bytes(*nanoseconds))
            .map_err(|_| flaw("its time is out of range"))?;
        let patch = if patch.is_empty() {
            Json::new()
        } else {
            serde_json::from_slice(patch).map_err(|error| flaw(&error.to_string()))?
        };
        // Whatever the base says, each member that is replaced is one of a capture, or nobody could read the visit.
        if !patch.is_empty() {
            patched_json(smallest(), &patch).map_err(|error| flaw(&error.to_string()))?;
        }
        Ok(Self { base: Id(*base), at, patch })
    }

    /// How the visit ended.
    pub fn outcome(&self) -> &str {
        self.patch.get("outcome").and_then(Value::as_str).unwrap_or("unchanged")
    }

    /// Raw bytes of its own.
    pub fn raw(&self) -> Option<Id> {
        self.patch.get("raw").and_then(Value::as_str).and_then(|id| id.parse().ok())
    }

    /// The capture as it would stand in full.
    pub fn apply(&self, id: Id, base: &Capture) -> Result<Capture, Flaw> {
        let mut capture = if self.patch.is_empty() { base.clone() } else { patched(base, &self.patch)? };
        capture.id = Some(id);
        capture.fetched_at = self.at;
        if !self.patch.contains_key("outcome") {
            capture.outcome = Outcome::Unchanged;
        }
        Ok(capture)
    }
}

/// A full capture from its record, compared with the SHA-256 it is named by.
pub(super) fn read_full(
    segments: &Segments,
    place: (Store, Seg),
    header: &Header,
    payload: &[u8],
) -> Result<Capture, Flaw> {
    if header.kind != Kind::CAPTURE {
        return Err(Flaw::Content(Kind::CAPTURE.name(), format!("it is a {}", header.kind.name())));
    }
    read_capture(header.id, &segments.unpack(place, header, payload)?)
}

/// A capture from its JSON.
pub(super) fn read_capture(id: Id, json: &[u8]) -> Result<Capture, Flaw> {
    // Looked at once for its UTF-8, and not string by string; where it has none, the error tells where.
    let read = std::str::from_utf8(json).map_or_else(|_| serde_json::from_slice(json), serde_json::from_str);
    let mut capture: Capture = read.map_err(|error| unreadable(&error))?;
    capture.id = Some(id);
    Ok(capture)
}

fn unreadable(error: &serde_json::Error) -> Flaw {
    Flaw::Content(Kind::CAPTURE.name(), error.to_string())
}

/// The base as told by a visit without a body (status 304), with what that one knows of its own.
fn confirmed(visit: &Capture, base: &Capture) -> Capture {
    let or = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    let some = |new: &Vec<(String, String)>, old: &Vec<_>| if new.is_empty() { old.clone() } else { new.clone() };
    Capture {
        status: visit.status.or(base.status),
        detail: or(&visit.detail, &base.detail),
        final_url: visit.final_url.clone().or_else(|| base.final_url.clone()),
        hops: visit.hops.clone(),
        partial: visit.partial,
        etag: or(&visit.etag, &base.etag),
        last_modified: or(&visit.last_modified, &base.last_modified),
        rights: some(&visit.rights, &base.rights),
        tags: if visit.tags.is_empty() { base.tags.clone() } else { visit.tags.clone() },
        ..base.clone()
    }
}

/// The base as told by a visit that says the same but for what surrounds the text.
///
/// A failure repeats only a failure of its class.
fn told_again(visit: &Capture, base: &Capture) -> Option<Capture> {
    let told = Capture {
        etag: visit.etag.clone(),
        last_modified: visit.last_modified.clone(),
        raw: visit.raw,
        words_removed: BTreeMap::clone(&visit.words_removed),
        confidence: visit.confidence,
        extractor: visit.extractor.clone(),
        ..base.clone()
    };
    let timeless = Capture { id: base.id, fetched_at: base.fetched_at, outcome: base.outcome, ..visit.clone() };
    let ends_alike = visit.text.is_some() || visit.outcome == base.outcome;
    (ends_alike && told == timeless).then_some(told)
}

/// What of `told` is not as in `base`.
fn difference(told: &Capture, base: &Capture) -> Option<Json> {
    let (told, base) = (json_of(told)?, json_of(base)?);
    let gone = base.keys().filter(|name| !told.contains_key(*name)).map(|name| (name.clone(), Value::Null));
    let news = told.iter().filter(|(name, value)| base.get(*name) != Some(value));
    Some(news.map(|(name, value)| (name.clone(), value.clone())).chain(gone).collect())
}

fn patched(base: &Capture, patch: &Json) -> Result<Capture, Flaw> {
    let unwritable = || Flaw::Content(Kind::CAPTURE.name(), "it is no JSON object".to_owned());
    patched_json(json_of(base).ok_or_else(unwritable)?, patch).map_err(|error| unreadable(&error))
}

/// The members without which there is no capture.
fn smallest() -> Json {
    let members = [("url", "https://a.example/"), ("fetched_at", "1970-01-01T00:00:00Z"), ("outcome", "ok")];
    members.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}

fn patched_json(mut json: Json, patch: &Json) -> serde_json::Result<Capture> {
    for (name, value) in patch {
        if value.is_null() {
            json.remove(name);
        } else {
            json.insert(name.clone(), value.clone());
        }
    }
    serde_json::from_value(Value::Object(json))
}

/// A capture as JSON, by way of text: numbers have one shape there.
fn json_of(capture: &Capture) -> Option<Json> {
    serde_json::from_slice(&serde_json::to_vec(capture).ok()?).ok()
}

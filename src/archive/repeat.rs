//! `unchanged` records: a visit that says the same as an earlier capture, kept as that one's id, the time and what
//! little differs.

use serde_json::{Map, Value};

use super::record::{Codec, FLAG_BASE, Flaw, Header, Kind, Record};
use crate::capture::{Capture, Id, Outcome};
use crate::page::Timestamp;

const BASE_BYTES: usize = 32;
/// Base id, seconds, nanoseconds.
const FIXED_BYTES: usize = BASE_BYTES + 8 + 4;
/// A larger patch is no cheap record any more.
const PATCH_BYTES_MAX: usize = 1024;
/// What a visit may bring anew while it still says the same.
const MAY_DIFFER: [&str; 8] =
    ["fetched_at", "outcome", "etag", "last_modified", "raw", "words_removed", "confidence", "extractor"];
/// What a visit without a body (status 304) knows of its own.
const OWN: [&str; 8] = ["status", "detail", "final_url", "hops", "etag", "last_modified", "rights", "tags"];

pub(super) type Json = Map<String, Value>;

/// A full capture that others may repeat.
#[derive(Clone, Debug)]
pub(super) struct Full {
    pub id: Id,
    pub json: Json,
}

/// What an `unchanged` record says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Repeat {
    pub base: Id,
    pub at: Timestamp,
    /// Members that replace those of the base; null removes one.
    pub patch: Json,
}

impl Repeat {
    /// The capture as a repetition of `base`; `None` when it says something new.
    pub fn of(capture: &Capture, json: &Json, base: &Full) -> Option<Self> {
        // As this version would write it: a member that is new since then, and empty, is no difference.
        let today = read_capture(base.id, base.json.clone().into()).ok().and_then(|base| json_of(&base))?;
        let patch = if capture.outcome == Outcome::Unchanged && capture.text.is_none() {
            own_patch(json, &today)
        } else {
            difference(json, &today)?
        };
        let repeat = Self { base: base.id, at: capture.fetched_at, patch: outcome_last(capture, patch) };
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

    pub fn read(header: &Header, payload: &[u8]) -> Result<Self, Flaw> {
        let flaw = |what: &str| Flaw::Content(Kind::UNCHANGED.name(), what.to_owned());
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
    pub fn apply(&self, id: Id, base: &Json) -> Result<Capture, Flaw> {
        let mut json = base.clone();
        json.insert("outcome".to_owned(), Value::from("unchanged"));
        json.insert("fetched_at".to_owned(), Value::from(self.at.to_string()));
        for (name, value) in &self.patch {
            if value.is_null() {
                json.remove(name);
            } else {
                json.insert(name.clone(), value.clone());
            }
        }
        read_capture(id, Value::Object(json))
    }
}

/// A capture as JSON, by way of text: numbers have one shape there.
fn json_of(capture: &Capture) -> Option<Json> {
    serde_json::from_slice(&serde_json::to_vec(capture).ok()?).ok()
}

/// A full capture from its record, compared with the SHA-256 it is named by.
pub(super) fn read_full(header: &Header, payload: &[u8]) -> Result<Full, Flaw> {
    let flaw = |what: String| Flaw::Content(Kind::CAPTURE.name(), what);
    if header.kind != Kind::CAPTURE {
        return Err(flaw(format!("it is a {}", header.kind.name())));
    }
    let content = super::codec::unpack_named(header, payload)?;
    let json = serde_json::from_slice(&content).map_err(|error| flaw(error.to_string()))?;
    Ok(Full { id: header.id, json })
}

/// A capture from its JSON.
pub(super) fn read_capture(id: Id, json: Value) -> Result<Capture, Flaw> {
    let mut capture: Capture =
        serde_json::from_value(json).map_err(|error| Flaw::Content(Kind::CAPTURE.name(), error.to_string()))?;
    capture.id = Some(id);
    Ok(capture)
}

/// A visit that brought or confirmed text ends as `unchanged`, which needs no saying; any other keeps its outcome.
fn outcome_last(capture: &Capture, mut patch: Json) -> Json {
    patch.remove("fetched_at");
    patch.remove("outcome");
    if !capture.outcome.has_text() {
        patch.insert("outcome".to_owned(), Value::from(capture.outcome.to_string()));
    }
    patch
}

/// What of `json` differs from `base`, when nothing differs that matters.
fn difference(json: &Json, base: &Json) -> Option<Json> {
    let mut patch = Json::new();
    for (name, value) in json {
        if base.get(name) != Some(value) {
            patch.insert(name.clone(), value.clone());
        }
    }
    for name in base.keys().filter(|name| !json.contains_key(*name)) {
        patch.insert(name.clone(), Value::Null);
    }
    let harmless = patch.keys().all(|name| MAY_DIFFER.contains(&name.as_str()));
    let same_ending = ends_alike(json, base);
    (harmless && same_ending).then_some(patch)
}

/// A failure repeats only a failure of its class; text repeats text.
fn ends_alike(json: &Json, base: &Json) -> bool {
    let has_text = |json: &Json| json.contains_key("text");
    has_text(json) == has_text(base) && (has_text(json) || json.get("outcome") == base.get("outcome"))
}

/// What a visit without a body adds to the capture that it confirms.
fn own_patch(json: &Json, base: &Json) -> Json {
    let news =
        OWN.iter().filter_map(|&name| json.get_key_value(name)).filter(|(name, value)| base.get(*name) != Some(value));
    news.map(|(name, value)| (name.clone(), value.clone())).collect()
}

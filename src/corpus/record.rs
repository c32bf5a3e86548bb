//! One document of a corpus, as one JSON object.

use serde::{Deserialize, Serialize};

use super::choose::signals::Signals;
use super::{Planned, Repeated};
use crate::capture::{Capture, Id, Outcome};
use crate::document::{Kind, Post, Sourced};
use crate::page::{Timestamp, Url};

/// A line of `documents-*.jsonl.zst`. Every key is always there, so that readers find one shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The capture's id: `gleaner show` takes it.
    pub id: Id,
    pub url: Url,
    /// Host of the address; empty for files.
    pub host: String,
    pub title: Option<String>,
    pub authors: Vec<String>,
    /// RFC 3339 in the precision known.
    pub published: Option<String>,
    pub modified: Option<String>,
    pub site: Option<String>,
    /// BCP 47: as found in the text, else as the page declares it, if the text is in a script of that language.
    pub language: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub licence: Option<String>,
    /// What the owner reserves it against, as far as signals were seen: `training`, or `mining` and with it training.
    #[serde(default)]
    pub reserved: Option<String>,
    pub kind: Kind,
    pub words: u32,
    pub confidence: f32,
    /// When this text was first seen at this address.
    pub fetched_at: Timestamp,
    /// How the newest visit of the address ended: `ok` where the page still was there, else `gone` and so on.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// Addresses of the documents left out in favour of this one.
    pub syndicated_by: Vec<Url>,
    /// Program and model that made the text.
    pub extractor: String,
    /// The part of the corpus it is in, where there are parts.
    pub split: Option<String>,
    /// What tells good prose from the rest.
    pub signals: Signals,
    /// Lines of the text that stand in other documents too.
    #[serde(default)]
    pub repeated: Vec<Repeated>,
    /// SHA-256 of the text, as the archive has it: before cutting and masking.
    pub text_id: Id,
    pub text: String,
    /// Posts of a thread, where they are asked for; there in every line then.
    #[serde(default, with = "super::posts", skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<Post>,
}

impl Record {
    pub(super) fn new(planned: &Planned, capture: &Capture, text: String) -> Self {
        let record = Self::of(capture, text);
        Self {
            id: planned.id,
            split: planned.split.clone(),
            reserved: planned.reserved.map(str::to_owned),
            words: planned.words,
            outcome: Some(planned.outcome),
            syndicated_by: planned.syndicated_by.clone(),
            ..record
        }
    }

    /// A record of which nothing is decided yet.
    pub(super) fn of(capture: &Capture, text: String) -> Self {
        let id = || Id::of(b"");
        let meta = &capture.metadata;
        Self {
            id: capture.id.unwrap_or_else(id),
            url: capture.url.clone(),
            host: capture.url.host_str().unwrap_or_default().to_owned(),
            title: value(&meta.title),
            authors: values(&meta.authors),
            published: value(&meta.published),
            modified: value(&meta.modified),
            site: value(&meta.site),
            language: meta.language_told().map(str::to_owned),
            description: value(&meta.description),
            tags: values(&meta.tags),
            licence: value(&meta.licence),
            reserved: None,
            kind: capture.kind,
            words: capture.words_kept,
            confidence: capture.confidence,
            fetched_at: capture.fetched_at,
            outcome: None,
            syndicated_by: Vec::new(),
            extractor: capture.extractor.clone(),
            split: None,
            signals: Signals::of(&text),
            repeated: Vec::new(),
            text_id: capture.text.unwrap_or_else(id),
            text,
            posts: Vec::new(),
        }
    }
}

fn value(field: &Option<Sourced<String>>) -> Option<String> {
    field.as_ref().map(|sourced| sourced.value.clone())
}

fn values(fields: &[Sourced<String>]) -> Vec<String> {
    fields.iter().map(|sourced| sourced.value.clone()).collect()
}

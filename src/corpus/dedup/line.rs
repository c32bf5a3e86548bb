//! One line of input.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::input::Raw;
use crate::capture::Id;
use crate::corpus::levels::Candidate;
use crate::corpus::{CorpusError, address, date};
use crate::page::Url;

/// What of a line counts.
pub struct Line<'a> {
    pub id: String,
    pub text: Cow<'a, str>,
    pub url: Option<Url>,
    pub published: Option<String>,
    pub source: Option<String>,
}

/// What is not asked for is skipped; what is not needed may have any type.
#[derive(Deserialize)]
struct Fields<'a> {
    id: Option<Value>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    url: Option<Value>,
    published: Option<Value>,
    source: Option<Value>,
}

pub fn parse<'a>(raw: &'a Raw<'_>) -> Result<Line<'a>, CorpusError> {
    let fields: Fields<'a> = serde_json::from_slice(&raw.bytes).map_err(|error| raw.error(error))?;
    let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    Ok(Line {
        id: match fields.id {
            Some(Value::String(id)) => id,
            Some(Value::Number(id)) => id.to_string(),
            _ => return Err(raw.error("there is no `id` that is a string or number")),
        },
        text: fields.text.ok_or_else(|| raw.error("there is no `text` that is a string"))?,
        url: text(fields.url).and_then(|url| Url::parse(&url).ok()),
        published: text(fields.published),
        source: text(fields.source),
    })
}

impl Line<'_> {
    pub fn candidate(&self, source: u32) -> Candidate {
        Candidate {
            text: Id::of(self.text.as_bytes()),
            address: self.url.as_ref().map(address::of_url),
            is_canonical: true,
            published: self.published.as_deref().and_then(date::earliest),
            source,
            length: self.text.len() as u64,
            name: self.id.clone(),
        }
    }
}

//! One line of input.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::input::Raw;
use crate::capture::Id;
use crate::corpus::levels::Candidate;
use crate::corpus::{address, date, near};
use crate::page::{Timestamp, Url};

/// What of a line counts.
pub struct Line<'a> {
    /// As JSON: `"a"` or `7`.
    pub id: String,
    pub text: Cow<'a, str>,
    pub url: Option<Url>,
    pub published: Option<Timestamp>,
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

/// Reads a line, or says what is wrong with it.
pub fn parse<'a>(raw: &'a Raw) -> Result<Line<'a>, String> {
    let fields: Fields<'a> = serde_json::from_slice(&raw.bytes).map_err(|error| error.to_string())?;
    let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    Ok(Line {
        id: match fields.id {
            Some(id @ (Value::String(_) | Value::Number(_))) => id.to_string(),
            _ => return Err("there is no `id` that is a string or number".to_owned()),
        },
        text: fields.text.ok_or("there is no `text` that is a string")?,
        url: text(fields.url).and_then(|url| Url::parse(&url).ok()),
        published: fields.published.as_ref().and_then(moment),
        source: text(fields.source),
    })
}

fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => date::earliest(text),
        // A year alone is likelier than the first hour of 1970.
        Value::Number(year) if year.as_i64().is_some_and(|year| (1000..=9999).contains(&year)) => {
            date::earliest(&year.to_string())
        }
        Value::Number(number) => date::of_number(number.as_i64().or(number.as_f64().map(|float| float as i64))?),
        _ => None,
    }
}

impl Line<'_> {
    pub fn candidate(&self, source: u32) -> Candidate {
        Candidate {
            text: Id::of(self.text.as_bytes()),
            content: near::content(&self.text),
            address: self.url.as_ref().map(address::of_url),
            is_canonical: true,
            published: self.published,
            source,
            length: self.text.len() as u64,
            name: self.id.clone(),
        }
    }
}

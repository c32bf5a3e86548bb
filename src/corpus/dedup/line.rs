//! One line of input.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::document::Document;
use super::input::{Raw, Span};
use crate::capture::Id;
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
pub fn parse<'a>(raw: &Raw<'a>) -> Result<Line<'a>, String> {
    let fields = fields(raw.bytes)?;
    let text = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    Ok(Line {
        id: match fields.id {
            // A number too long for a machine is still a name.
            Some(Value::Number(number)) if number.is_f64() => {
                span_of("id", raw.bytes).map_or(number.to_string(), |span| lossy(&raw.bytes[span]))
            }
            Some(id @ (Value::String(_) | Value::Number(_))) => id.to_string(),
            _ => return Err("there is no `id` that is a string or number".to_owned()),
        },
        text: fields.text.ok_or("there is no `text` that is a string")?,
        url: text(fields.url).and_then(|url| Url::parse(&url).ok()),
        published: fields.published.as_ref().and_then(moment),
        source: text(fields.source),
    })
}

/// Of an object alone: a list of as many values could be read as one, too.
fn fields(line: &[u8]) -> Result<Fields<'_>, String> {
    match line.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(line).map_err(|error| told(line, &error)),
        Some(b'[') => Err("it begins a list, where each line is to be a document of its own".to_owned()),
        _ => match serde_json::from_slice::<IgnoredAny>(line) {
            Ok(_) => Err("it is no JSON object".to_owned()),
            Err(error) => Err(told(line, &error)),
        },
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What is wrong with a line, and where in it.
fn told(line: &[u8], error: &serde_json::Error) -> String {
    if let Err(error) = std::str::from_utf8(line) {
        return format!("it is not UTF-8 from byte {} on", error.valid_up_to() + 1);
    }
    let whole = error.to_string();
    let reason = whole.split(" at line ").next().unwrap_or_default();
    format!("{reason} at byte {}", error.column())
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
    /// Of its address; empty where there is none.
    pub fn host(&self) -> &str {
        self.url.as_ref().and_then(|url| url.host_str()).unwrap_or_default()
    }

    /// What of it is kept, but for its sketch.
    pub fn document(&self, span: Span) -> Document {
        Document {
            text: Id::of(self.text.as_bytes()),
            content: near::content(&self.text),
            address: self.url.as_ref().map(address::of_url),
            published: self.published,
            source: self.source.clone(),
            length: self.text.len() as u64,
            name: self.id.clone(),
            span,
            sketch: None,
        }
    }
}

/// Appends the line with another text; all else stays as it was given, byte for byte. `None` where it has no text.
pub fn put_text(raw: &Raw<'_>, text: &str, into: &mut Vec<u8>) -> Option<()> {
    let span = span_of("text", raw.bytes)?;
    into.extend_from_slice(&raw.bytes[..span.start]);
    serde_json::to_writer(&mut *into, text).expect("a text is plain data");
    into.extend_from_slice(&raw.bytes[span.end..]);
    Some(())
}

/// Where the value of that name stands in an object, if it is a string or number.
fn span_of(name: &str, object: &[u8]) -> Option<Range<usize>> {
    let (mut depth, mut at, mut is_next) = (0, 0, false);
    while at < object.len() {
        let end = match object[at] {
            b'"' => string_end(object, at)?,
            b'-' | b'0'..=b'9' => at + object[at..].iter().take_while(|byte| is_of_number(**byte)).count(),
            _ => at + 1,
        };
        match object[at] {
            b'"' if depth == 1 && object[end..].trim_ascii_start().starts_with(b":") => {
                is_next = serde_json::from_slice::<String>(&object[at..end]).is_ok_and(|key| key == name);
            }
            b'"' | b'-' | b'0'..=b'9' if depth == 1 && is_next => return Some(at..end),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at = end;
    }
    None
}

fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9' | b'e' | b'E')
}

/// Behind the string that begins here; `None` where it does not end.
fn string_end(json: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match json.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::span_of;

    #[test]
    fn values_are_found_or_not_whatever_the_bytes() {
        let line = br#" { "a": ["id", 1, {"id": 2}], "i\u0064" : -1.5e3 , "text":"x\"y" }"#;
        assert_eq!(span_of("id", line).map(|span| &line[span]), Some(&b"-1.5e3"[..]));
        assert_eq!(span_of("text", line).map(|span| &line[span]), Some(&br#""x\"y""#[..]));
        for other in
            [&b""[..], b"}", b"[1.5,2]", b"{\"id", b"{\"id\\", b"{\"id\":", b"{\"id\":null}", b"{\"id\":{}}", b"]]]}"]
        {
            assert_eq!(span_of("id", other), None);
        }
    }
}

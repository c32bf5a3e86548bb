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
    /// Whether something else is said where a date is to be.
    pub is_undated: bool,
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
    let published = fields.published.as_ref().and_then(moment);
    let is_said = |value: &Value| value.as_str().is_none_or(|text| !text.trim().is_empty());
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
        published,
        is_undated: published.is_none() && fields.published.as_ref().is_some_and(is_said),
        source: text(fields.source),
    })
}

/// Of an object alone: a list of as many values could be read as one, too.
fn fields(line: &[u8]) -> Result<Fields<'_>, String> {
    match line.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(line).or_else(|error| loose(line).ok_or_else(|| told(line, &error))),
        Some(b'[') => Err("it begins a list, where each line is to be a document of its own".to_owned()),
        _ => match serde_json::from_slice::<IgnoredAny>(line) {
            Ok(_) => Err("it is no JSON object".to_owned()),
            Err(error) => Err(told(line, &error)),
        },
    }
}

/// What a line says that is JSON but for what other programs write as such: `NaN` and `Infinity` are no values, half a pair
/// of surrogates is no character.
fn loose(line: &[u8]) -> Option<Fields<'static>> {
    let plain = plain(line)?;
    let fields: Fields<'_> = serde_json::from_slice(&plain).ok()?;
    let Fields { id, text, url, published, source } = fields;
    Some(Fields { id, text: text.map(|text| Cow::Owned(text.into_owned())), url, published, source })
}

/// The line as JSON has it; `None` where it has nothing of that kind.
fn plain(line: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut at, mut is_changed) = (Vec::with_capacity(line.len()), 0, false);
    while at < line.len() {
        let rest = &line[at..];
        if rest[0] == b'"' {
            let end = string_end(line, at)?;
            is_changed |= put_whole(&line[at..end], &mut out);
            at = end;
            continue;
        }
        match [&b"NaN"[..], b"Infinity", b"-Infinity"].iter().find(|name| rest.starts_with(name)) {
            Some(name) => {
                out.extend_from_slice(b"null");
                (at, is_changed) = (at + name.len(), true);
            }
            None => {
                out.push(rest[0]);
                at += 1;
            }
        }
    }
    is_changed.then_some(out)
}

/// Appends a string, with the sign for what cannot be shown in place of each half of a pair; whether there was one.
fn put_whole(string: &[u8], out: &mut Vec<u8>) -> bool {
    let unit = |at: usize| {
        let hex = string.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()
    };
    let (mut at, mut is_changed) = (0, false);
    while at < string.len() {
        let bytes = match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.extend_from_slice(b"\\ufffd");
                (at, is_changed) = (at + 6, true);
                continue;
            }
            _ if string[at] == b'\\' => 2,
            _ => 1,
        };
        let end = string.len().min(at + bytes);
        out.extend_from_slice(&string[at..end]);
        at = end;
    }
    is_changed
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

/// `None` where it is no date, or how a program writes none; the year 1970 and its first month are dates.
fn moment(value: &Value) -> Option<Timestamp> {
    const YEAR_AND_MONTH: usize = 7;
    let at = read_moment(value)?;
    let is_year = at == Timestamp::UNIX_EPOCH
        && match value {
            Value::String(text) => (4..=YEAR_AND_MONTH).contains(&text.trim().len()),
            other => other.as_f64() == Some(1970.0),
        };
    (is_year || !date::is_placeholder(at)).then_some(at)
}

fn read_moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => date::earliest(text),
        Value::Number(number) => of_number(number.as_i64().or(number.as_f64().map(|float| float as i64))?),
        _ => None,
    }
}

/// A year alone is likelier than the first hour of 1970, and a day in one number than a moment of that year.
///
/// What is shorter than any moment since 1973 in seconds is a count of something else.
fn of_number(number: i64) -> Option<Timestamp> {
    const SECONDS_MIN: u64 = 100_000_000;
    // The year 1678: right before it is what least numbers of nanoseconds stand for, in whichever unit they were carried on.
    const OLDEST: i64 = -9_214_560_000;
    match number {
        190_001..=210_012 => date::earliest(&format!("{}-{:02}", number / 100, number % 100)),
        1000..=9999 => date::earliest(&number.to_string()),
        14_000_101..=21_001_231 => date::earliest(&number.to_string()),
        _ if number.unsigned_abs() < SECONDS_MIN => None,
        _ => date::of_number(number).filter(|at| at.as_second() >= OLDEST),
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
            is_undated: self.is_undated,
            source: self.source.clone(),
            length: self.text.len() as u64,
            name: self.id.as_str().into(),
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
    use super::{plain, span_of};

    #[test]
    fn what_is_no_json_is_made_some_only_where_it_stands() {
        for (line, expected) in [
            (r#"{"a":NaN,"b":[Infinity, -Infinity],"c":1}"#, Some(r#"{"a":null,"b":[null, null],"c":1}"#)),
            (r#"{"a":"NaN \" Infinity","b":NaN}"#, Some(r#"{"a":"NaN \" Infinity","b":null}"#)),
            (r#"{"a":"x\ud83d"}"#, Some(r#"{"a":"x\ufffd"}"#)),
            (r#"{"a":"\ude00\ud83d\ud83d\ude00\u00e9"}"#, Some(r#"{"a":"\ufffd\ufffd\ud83d\ude00\u00e9"}"#)),
            (r#"{"a":"\\ud83d \ud83d\ude00 NaN"}"#, None),
            (r#"{"a":"\ud83d"#, None),
            (r#"{"a":"\ud8"}"#, None),
            ("", None),
        ] {
            assert_eq!(plain(line.as_bytes()).map(|plain| String::from_utf8(plain).unwrap()).as_deref(), expected);
        }
    }

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

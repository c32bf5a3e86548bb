//! Start tags of a page, found by one linear scan.
//!
//! A tree would say no more about links, and building one costs the square of the depth on a page made to hurt:
//! 50,000 nested `div`s took scraper 19 s.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// A start tag: its attributes as written.
pub struct Tag<'a> {
    /// As written.
    pub name: &'a str,
    attributes: &'a str,
}

/// The start tags of these (lower-case) names, comments and the text of scripts and the like left out.
pub fn tags<'a>(html: &'a str, names: &'a [&'a str]) -> impl Iterator<Item = Tag<'a>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[memchr(b'<', rest.as_bytes())? + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = after(comment, "-->");
                continue;
            }
            let name = &rest[..rest.bytes().take_while(u8::is_ascii_alphanumeric).count()];
            let attributes = &rest[name.len()..];
            if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
                continue;
            }
            let end = end_of_tag(attributes)?;
            rest = &attributes[end..];
            if RAW.iter().any(|raw| name.eq_ignore_ascii_case(raw)) {
                rest = after_end_tag(rest, name);
            } else if names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)) {
                return Some(Tag { name, attributes: &attributes[..end] });
            }
        }
    })
}

/// Elements whose content is text, whatever it looks like.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

impl<'a> Tag<'a> {
    /// The value of the first attribute of that lower-case name, character references resolved.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let (key, after_key) = split(rest, |byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'/'));
            let after_key = after_key.trim_start();
            let (value, after_value) = match after_key.strip_prefix('=') {
                Some(value) => value_of(value.trim_start()),
                None => ("", after_key),
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(unescape(value));
            }
            // A stray `=` is no key; step over it.
            rest = if key.is_empty() && after_value.len() == rest.len() { &rest[1..] } else { after_value };
        }
    }
}

/// Where the `>` of a tag stands that began before this text; one in a quoted value is none. A tag cut off by the
/// end of the page is no tag.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (None, _) => {}
        }
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
    }
    None
}

fn value_of(text: &str) -> (&str, &str) {
    match text.as_bytes().first() {
        Some(&quote @ (b'"' | b'\'')) => {
            let (value, rest) = split(&text[1..], |byte| byte == quote);
            (value, rest.get(1..).unwrap_or_default())
        }
        _ => split(text, |byte| byte.is_ascii_whitespace()),
    }
}

/// Splits before the first such (ASCII) byte.
fn split(text: &str, is_end: impl Fn(u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().position(is_end).unwrap_or(text.len()))
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    memmem::find(text.as_bytes(), end.as_bytes()).map_or("", |at| &text[at + end.len()..])
}

/// What follows the end tag of that name.
fn after_end_tag<'a>(mut text: &'a str, name: &str) -> &'a str {
    while let Some(at) = memmem::find(text.as_bytes(), b"</") {
        text = &text[at + 2..];
        if text.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return text;
        }
    }
    ""
}

/// Resolves the references that occur in addresses; what is none stays as written.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let (character, length) = reference(&rest[at..]).unwrap_or(('&', 1));
        out.push(character);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character a text that begins with `&` stands for, and the length of the reference.
fn reference(text: &str) -> Option<(char, usize)> {
    const LENGTH_MAX: usize = 10;
    let end = text.bytes().take(LENGTH_MAX).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let number = match name.strip_prefix('#') {
        Some(hex) if hex.starts_with(['x', 'X']) => u32::from_str_radix(&hex[1..], 16).ok(),
        Some(decimal) => decimal.parse().ok(),
        None => None,
    };
    let character = named(name).or_else(|| char::from_u32(number?))?;
    Some((character, end + 1))
}

/// The character of a name that every XML document knows.
pub(super) fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

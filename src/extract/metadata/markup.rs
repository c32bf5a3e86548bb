//! Markup left in values: taken off. What a text says of a tag stays: `How to use the <video> element`.

use crate::document::boundary;

/// Elements that mark up words, at which a letter follows at once.
const INLINE: &[&str] =
    &["a", "b", "i", "em", "strong", "span", "u", "small", "sup", "sub", "font", "mark", "code", "cite", "q"];
/// Elements that are often written without an end.
const LONE: &[&str] = &["br", "p", "hr", "img", "wbr", "li", "div", "td", "tr"];
/// Elements that part lines: they leave a space.
const PARTS_LINES: &[&str] = &["br", "p", "div", "li", "h1", "h2", "h3", "tr", "td"];

/// Bytes of a text in which a mark's other half is looked for.
const NEAR_BYTES: usize = 1 << 11;

/// One `<name …>` or `</name>` in a text.
struct Mark<'t> {
    /// In lower case, as all of it.
    name: &'t str,
    body: &'t str,
    is_end: bool,
    /// Where it begins and ends.
    at: usize,
    end: usize,
}

/// The text without its markup.
pub fn untagged(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Same length, byte for byte.
    let lower = text.to_ascii_lowercase();
    let mut done = 0;
    while let Some(at) = text[done..].find('<').map(|at| done + at) {
        out.push_str(&text[done..at]);
        let Some(mark) = mark_at(&lower, at).filter(|mark| is_markup(&lower, mark)) else {
            out.push('<');
            done = at + 1;
            continue;
        };
        if PARTS_LINES.contains(&mark.name) {
            out.push(' ');
        }
        done = mark.end;
    }
    out.push_str(&text[done..]);
    out
}

fn mark_at(lower: &str, at: usize) -> Option<Mark<'_>> {
    let rest = &lower[at + 1..];
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
        return None;
    }
    let body = &rest[..rest.find('>')?];
    let named = body.trim_start_matches('/');
    let name = named.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    Some(Mark { name, body, is_end: body.starts_with('/'), at, end: at + body.len() + 2 })
}

/// Whether it marks up what stands about it: it has its other half or attributes, or stands between words as no name does.
fn is_markup(text: &str, mark: &Mark<'_>) -> bool {
    let (before, behind) = (&text[..mark.at], &text[mark.end..]);
    let before = &before[boundary(before, before.len().saturating_sub(NEAR_BYTES))..];
    let behind = &behind[..boundary(behind, NEAR_BYTES)];
    let begins_word = behind.starts_with(char::is_alphanumeric);
    let ends_word = before.ends_with(|c: char| !c.is_whitespace());
    let is_inline = INLINE.contains(&mark.name);
    let is_lone = LONE.contains(&mark.name);
    match () {
        () if mark.body.starts_with('!') || mark.body.ends_with('/') => true,
        () if mark.name.is_empty() => false,
        () if mark.body.contains(['"', '\'']) || (is_inline || is_lone) && mark.body.contains('=') => true,
        () if mark.is_end => before.contains(&format!("<{}", mark.name)) || (is_inline || is_lone) && ends_word,
        () if behind.contains(&format!("</{}>", mark.name)) => true,
        () => is_inline && begins_word || is_lone && (begins_word || ends_word),
    }
}

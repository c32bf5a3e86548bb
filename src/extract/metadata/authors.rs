//! Authors: bylines as lists of names.

use super::dates;

/// Longest name.
const NAME_CHARS_MAX: usize = 80;
/// Most authors of a page.
pub const AUTHORS_MAX: usize = 64;

/// The names in a byline, without "by", roles, addresses and dates.
pub fn names(value: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in split(value) {
        if let Some(name) = name(&part).filter(|name| !found.contains(name)) {
            found.push(name);
        }
    }
    found.truncate(AUTHORS_MAX);
    found
}

fn split(value: &str) -> Vec<String> {
    let plain = value.replace(['\n', '|', ';', '•', '·', '/'], ",");
    let mut parts = Vec::new();
    for part in plain.split([',', '，', '、']) {
        parts.extend(part.split(" and ").flat_map(|p| p.split(" & ")).map(str::to_owned));
    }
    parts
}

fn name(part: &str) -> Option<String> {
    let mut name = part.trim();
    for lead in ["By:", "By ", "by ", "BY ", "Written by ", "Posted by ", "Author:", "Von ", "von ", "Par ", "Por "] {
        name = name.strip_prefix(lead).unwrap_or(name).trim();
    }
    let sound = !name.is_empty()
        && name.chars().count() <= NAME_CHARS_MAX
        && name.chars().any(char::is_alphabetic)
        && !name.contains("://")
        && !name.contains('@')
        && dates::find(name, dates::Order::Unknown).is_none();
    sound.then(|| name.to_owned())
}

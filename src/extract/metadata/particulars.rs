//! Who wrote, in a line of particulars: `来源：城市周刊 作者：林晓舟 编辑：陈桂芳`, `记者 林晓舟 摄影 陈桂芳`, `김보라 기자`,
//! `Tekst: Anna Nowak, foto: Jan Kowalski`.

use super::bylines::{self, has};

/// Longest line that is read as one, and longest name in a script without spaces, in letters.
const LINE_BYTES_MAX: usize = 160;
const SHORT_BYTES_MAX: usize = 80;
const NAME_CHARS_MAX: usize = 6;
/// Marks between a label and its value.
const COLONS: &[char] = &[':', '：'];
const ASIAN_COLONS: &[char] = &[':', '：', '/', '／', '=', '＝'];

/// The part of a line that names its writer.
pub fn writer(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.len() > LINE_BYTES_MAX {
        return None;
    }
    labelled(line).or_else(|| beside_photographer(line)).or_else(|| east_asian(line)).or_else(|| called(line))
}

/// Takes off what somebody is called behind the name, and what others did: `김보라 기자`, `林晓舟 摄影 陈桂芳`.
pub fn cut_called(words: &mut Vec<&str>) {
    if let Some(at) = words.iter().skip(1).position(|word| has(bylines::OTHER_LABELS, word)) {
        words.truncate(at + 1);
    }
    while words.len() > 1 && words.last().is_some_and(|word| has(bylines::BEHIND_NAMES, word)) {
        words.pop();
    }
    if let [only] = words.as_mut_slice()
        && let Some(name) = ["기자", "記者", "记者"].iter().find_map(|called| only.strip_suffix(called))
        && name.chars().count() > 1
    {
        *only = name;
    }
}

/// Behind a label amid a line of several: up to the next.
fn labelled(line: &str) -> Option<&str> {
    let (before, rest) = line.match_indices(COLONS).find_map(|(at, mark)| {
        let head = line[..at].trim_end();
        let label = head.rsplit([' ', '|', '｜', '·', '\u{3000}', '/']).next()?;
        let known = has(bylines::LABELS, &label.to_lowercase());
        known.then(|| (&head[..head.len() - label.len()], &line[at + mark.len()..]))
    })?;
    before.contains(COLONS).then(|| up_to_label(rest)).flatten()
}

/// The words up to the next that ends in a colon or has one.
fn up_to_label(text: &str) -> Option<&str> {
    let colon = text.find(COLONS).unwrap_or(text.len());
    let end = if colon == text.len() { colon } else { text[..colon].trim_end().rfind(char::is_whitespace)? };
    let value = text[..end].trim().trim_end_matches([',', ';', '|', '·', '，', '；']).trim_end();
    (!value.is_empty()).then_some(value)
}

/// `Text: Jane Doe, Fotos: John Roe`: a text by itself has too many meanings.
fn beside_photographer(line: &str) -> Option<&str> {
    let (label, rest) = line.split_once(COLONS)?;
    let photographer = |(at, _): (usize, &str)| {
        let label = rest[..at].rsplit([' ', ',', ';', '|', '/']).next().unwrap_or_default();
        has(bylines::PHOTO_LABELS, &label.to_lowercase())
    };
    let both = has(bylines::TEXT_LABELS, &label.trim().to_lowercase()) && rest.match_indices(COLONS).any(photographer);
    both.then(|| up_to_label(rest)).flatten()
}

/// `记者 林晓舟 摄影 陈桂芳`, `文／王小明`, `取材・文=山田太郎`: a label, a space or mark, and a name without spaces.
fn east_asian(line: &str) -> Option<&str> {
    if line.is_ascii() || line.len() > SHORT_BYTES_MAX {
        return None;
    }
    let end = line.match_indices(|c: char| c.is_whitespace() || ASIAN_COLONS.contains(&c));
    let found = end.take(3).find(|(at, _)| has(bylines::WRITER_LABELS, &line[..*at]));
    let (at, mark) = found?;
    let rest = line[at + mark.len()..].trim_start();
    let name = rest.split_whitespace().next()?;
    is_dense_name(name).then_some(name)
}

/// `김보라 기자`, with or without an address behind it.
fn called(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|name| is_dense_name(name))?;
    let called = words.next().filter(|word| line.len() <= SHORT_BYTES_MAX && has(bylines::BEHIND_NAMES, word))?;
    let end = line.find(called)?;
    let alone = words.all(|word| word.contains(['@', '|', ':']) || word.chars().any(|c| c.is_ascii_digit()));
    alone.then(|| line[..end].trim_end()).filter(|value| *value == name)
}

/// A few letters of a script without capitals, and nothing else.
fn is_dense_name(name: &str) -> bool {
    let dense = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase() || c == '·';
    (2..=NAME_CHARS_MAX).contains(&name.chars().count()) && name.chars().all(dense)
}

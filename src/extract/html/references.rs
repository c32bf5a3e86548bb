//! Character references: `&amp;`, `&#8212;`, `&notin`.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// What a reference stands for: one character or two, `'\0'` for no second.
pub(super) type Characters = [char; 2];

/// The references nearly all pages are content with.
const COMMON: &[(&str, char)] =
    &[("amp;", '&'), ("nbsp;", '\u{a0}'), ("quot;", '"'), ("lt;", '<'), ("gt;", '>'), ("#39;", '\'')];

/// No name is longer, with its semicolon.
const NAME_BYTES_MAX: usize = 33;

/// Reads the reference that follows an ampersand: how many bytes it takes and what it means.
pub(super) fn read(rest: &str, in_attribute: bool) -> Option<(usize, Characters)> {
    let first = *rest.as_bytes().first()?;
    for &(name, meaning) in COMMON {
        if name.as_bytes()[0] == first && rest.starts_with(name) {
            return Some((name.len(), [meaning, '\0']));
        }
    }
    match first {
        b'#' => numeric(rest),
        _ if first.is_ascii_alphanumeric() => named(rest, in_attribute),
        _ => None,
    }
}

/// Appends the characters.
pub(super) fn push(text: &mut String, characters: Characters) {
    text.extend(characters.iter().filter(|&&character| character != '\0'));
}

fn numeric(rest: &str) -> Option<(usize, Characters)> {
    let bytes = rest.as_bytes();
    let (base, start) = match bytes.get(1) {
        Some(b'x' | b'X') => (16, 2),
        _ => (10, 1),
    };
    let mut at = start;
    let mut value = 0u32;
    while let Some(digit) = bytes.get(at).and_then(|&byte| char::from(byte).to_digit(base)) {
        value = value.saturating_mul(base).saturating_add(digit);
        at += 1;
    }
    if at == start {
        return None;
    }
    let semicolon = usize::from(bytes.get(at) == Some(&b';'));
    Some((at + semicolon, [code_point(value), '\0']))
}

fn code_point(value: u32) -> char {
    match value {
        0 => '\u{fffd}',
        0x80..=0x9f => C1_REPLACEMENTS[value as usize - 0x80].or(char::from_u32(value)).unwrap_or('\u{fffd}'),
        _ => char::from_u32(value).unwrap_or('\u{fffd}'),
    }
}

/// The longest name that matches; the table holds every beginning of a name too, meaning nothing.
fn named(rest: &str, in_attribute: bool) -> Option<(usize, Characters)> {
    let bytes = rest.as_bytes();
    let mut found = None;
    for end in 1..=bytes.len().min(NAME_BYTES_MAX) {
        let byte = bytes[end - 1];
        if !byte.is_ascii_alphanumeric() && byte != b';' {
            break;
        }
        match NAMED_ENTITIES.get(&rest[..end]) {
            None => break,
            Some((0, _)) => {}
            Some(&(first, second)) => found = Some((end, first, second)),
        }
    }
    let (end, first, second) = found?;
    let after = bytes.get(end).copied().unwrap_or(b' ');
    if in_attribute && bytes[end - 1] != b';' && (after == b'=' || after.is_ascii_alphanumeric()) {
        return None;
    }
    Some((end, [char::from_u32(first)?, char::from_u32(second)?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rest: &str) -> Option<(usize, String)> {
        let (len, characters) = read(rest, false)?;
        let mut text = String::new();
        push(&mut text, characters);
        Some((len, text))
    }

    #[test]
    fn every_name_of_the_table_reads_as_it_says() {
        let whole = NAMED_ENTITIES.entries().filter(|(_, meaning)| meaning.0 != 0);
        let mut count = 0;
        for (name, meaning) in whole {
            let (len, characters) = read(name, true).expect("a whole name is a reference");
            assert_eq!((len, characters[0] as u32, characters[1] as u32), (name.len(), meaning.0, meaning.1), "{name}");
            assert!(name.len() < NAME_BYTES_MAX, "{name}");
            count += 1;
        }
        assert_eq!(count, 2231);
    }

    #[test]
    fn references_end_where_they_must() {
        assert_eq!(text("notit;"), Some((3, "¬".into())));
        assert_eq!(text("notin;x"), Some((6, "∉".into())));
        assert_eq!(text("NotEqualTilde;"), Some((14, "≂̸".into())));
        assert_eq!(text("#x80"), Some((4, "€".into())));
        assert_eq!(text("#99999999999;"), Some((13, "\u{fffd}".into())));
        assert_eq!(text("#0;"), Some((3, "\u{fffd}".into())));
        for nothing in ["", "#", "#x", "#xg;", "nosuch;", " amp;", ";", "é;"] {
            assert_eq!(text(nothing), None, "{nothing}");
        }
        assert_eq!(read("copy=1", true), None);
        assert_eq!(read("copy;=1", true).map(|(len, _)| len), Some(5));
        assert_eq!(read("copy=1", false).map(|(len, _)| len), Some(4));
    }
}

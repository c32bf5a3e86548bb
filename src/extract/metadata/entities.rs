//! Values of metadata as plain text: character references decoded, markup taken off, white space squeezed.

use super::markup::untagged;
use crate::document::{boundary, line};

/// Most bytes of a letter in daily use.
const BYTES_OF_LETTER: usize = 3;
/// Longest value that is kept, in bytes.
pub const VALUE_BYTES_MAX: usize = 4096;
/// Longest value that is looked at.
const SOURCE_BYTES_MAX: usize = 16 * 1024;

/// The references that stand in titles and names; numbers are decoded whatever they are.
const NAMED: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("bull", "•"),
    ("middot", "·"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("deg", "°"),
    ("times", "×"),
    ("euro", "€"),
    ("pound", "£"),
    ("szlig", "ß"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("ecirc", "ê"),
    ("agrave", "à"),
    ("acirc", "â"),
    ("ccedil", "ç"),
    ("ntilde", "ñ"),
    ("aacute", "á"),
    ("iacute", "í"),
    ("oacute", "ó"),
    ("uacute", "ú"),
    ("atilde", "ã"),
    ("otilde", "õ"),
    ("shy", ""),
    ("zwnj", ""),
    ("zwj", ""),
];

/// The value as one line of plain text; `None` where nothing is left or it is far too long for a value.
pub fn clean(value: &str) -> Option<String> {
    let head = floor(value, SOURCE_BYTES_MAX);
    let mut text = head.to_owned();
    // Twice, because `&amp;#8217;` is common; never more, so that a text about references stays legible.
    for _ in 0..2 {
        if !text.contains('&') {
            break;
        }
        text = decode(&text);
    }
    let text = line(&untagged(&text));
    let text = floor(&text, VALUE_BYTES_MAX).trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

/// How long a text is, in letters of alphabets with capitals. Elsewhere a letter says more, and nothing but the length of a
/// line tells it from a sentence: one of Arabic or Hindi counts for two, one of Chinese for three.
pub fn length(text: &str) -> usize {
    let weight = |c: char| match u32::from(c) {
        0..0x590 | 0x1e00..0x2e80 => 1,
        0x590..0x1e00 => 2,
        _ => BYTES_OF_LETTER,
    };
    text.chars().map(weight).sum()
}

/// Whether a text is longer than so many letters; one far longer is not counted.
pub fn is_longer(text: &str, letters_max: usize) -> bool {
    text.len() > letters_max && (text.len() > BYTES_OF_LETTER * letters_max || length(text) > letters_max)
}

/// The longest head of at most that many bytes.
pub fn floor(text: &str, bytes_max: usize) -> &str {
    &text[..boundary(text, bytes_max)]
}

fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference(rest) {
            Some((length, value)) => {
                out.push_str(&value);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The reference at the start: its length and what it stands for.
fn reference(text: &str) -> Option<(usize, String)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[1..end];
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return Some((end + 1, char::from_u32(code.ok()?)?.to_string()));
    }
    let (_, value) = NAMED.iter().find(|(known, _)| *known == name)?;
    Some((end + 1, (*value).to_owned()))
}

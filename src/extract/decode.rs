//! Bytes to text: byte order mark, then HTTP, then the page's own word, then detection.

mod letters;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, ISO_2022_JP, ISO_8859_2, ISO_8859_7, ISO_8859_8, ISO_8859_8_I, ISO_8859_13, ISO_8859_15, UTF_8, UTF_16BE,
    UTF_16LE, WINDOWS_1250, WINDOWS_1252, WINDOWS_1253, WINDOWS_1255, WINDOWS_1257, X_USER_DEFINED,
};

/// More than this of a page is not read.
pub const INPUT_BYTES_MAX: usize = 64 << 20;
/// How far into the page a `meta` may declare the encoding: WHATWG's number.
pub const PRESCAN_BYTES: usize = 1024;
/// How much of a page tells whether its characters have two bytes.
const HEAD_BYTES: usize = 4096;
/// How much of a page the detector sees, from shortly before its first byte beyond ASCII.
const DETECT_BYTES_MAX: usize = 256 << 10;
/// A declared encoding is disbelieved when more than one in this many characters beyond ASCII is no character in it.
const REPLACED_SHARE: usize = 10;
/// With this many valid sequences of bytes beyond ASCII a page may be UTF-8 whatever was declared: a legacy text does
/// not form them this often by chance,
const UTF_8_CHARACTERS_MIN: usize = 4;
/// and with so many of them to each invalid one it is UTF-8 where nothing is declared (Japanese in EUC-JP, the worst, has
/// 1.6 in its worst lines, Thai 0.4),
const UTF_8_TIMES_UNDECLARED: usize = 3;
/// so many where something else is,
const UTF_8_TIMES_AGAINST: usize = 10;
/// so many where UTF-8 is: one character cut in two in a page of a few quotation marks is no other encoding.
const UTF_8_TIMES_DECLARED: usize = 2;
/// Encodings of ISO whose pages are often of the code page of Windows beside it: those have signs in the bytes that ISO
/// has none for. (WHATWG's labels do this for ISO-8859-1, 9 and 11.)
const WINDOWS: &[(&Encoding, &Encoding)] = &[
    (ISO_8859_2, WINDOWS_1250),
    (ISO_8859_7, WINDOWS_1253),
    (ISO_8859_8, WINDOWS_1255),
    (ISO_8859_8_I, WINDOWS_1255),
    (ISO_8859_13, WINDOWS_1257),
    (ISO_8859_15, WINDOWS_1252),
];
/// Such a page is of Windows where it has a letter in those bytes for at most so many that ISO reads otherwise.
const ISO_LETTERS_MAX: usize = 10;

/// A page as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// WHATWG's name of the encoding.
    pub encoding: &'static str,
    /// What was cut, doubted or replaced.
    pub notes: Vec<String>,
}

/// Decodes a page; `content_type` is the HTTP header as sent.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    let mut notes = Vec::new();
    let bytes = cut(bytes, &mut notes);
    let (encoding, text) = match Encoding::for_bom(bytes) {
        Some((encoding, bom)) => (encoding, read(encoding, &bytes[bom..]).0),
        None => without_bom(bytes, content_type, &mut notes),
    };
    // What was valid was not copied.
    if encoding == UTF_8 && matches!(text, Cow::Owned(_)) && text.contains('\u{fffd}') {
        notes.push("some bytes were not valid UTF-8 and were replaced".to_owned());
    }
    Decoded { text: without_nul(text, &mut notes), encoding: encoding.name(), notes }
}

fn cut<'a>(bytes: &'a [u8], notes: &mut Vec<String>) -> &'a [u8] {
    if bytes.len() <= INPUT_BYTES_MAX {
        return bytes;
    }
    notes.push(format!("only the first {INPUT_BYTES_MAX} of {} bytes were read", bytes.len()));
    &bytes[..INPUT_BYTES_MAX]
}

/// NUL is no text: parsers drop or replace it, a text capture should not hold it.
fn without_nul<'a>(text: Cow<'a, str>, notes: &mut Vec<String>) -> Cow<'a, str> {
    if memchr::memchr(0, text.as_bytes()).is_none() {
        return text;
    }
    notes.push("NUL characters were dropped".to_owned());
    Cow::Owned(text.replace('\0', ""))
}

fn without_bom<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    notes: &mut Vec<String>,
) -> (&'static Encoding, Cow<'a, str>) {
    if let Some(encoding) = utf_16_by_zeros(bytes) {
        notes.push(format!("{} without a byte order mark, known by its zero bytes", encoding.name()));
        return (encoding, read(encoding, bytes).0);
    }
    let Some((declared, by)) = declared(bytes, content_type) else {
        let encoding = detect(bytes, true);
        return (encoding, read(encoding, bytes).0);
    };
    let lies = |what: &str, encoding: &'static Encoding| {
        format!("{by} declares {}, but {what} {}", declared.name(), encoding.name())
    };
    if is_wide(declared) && is_narrow(bytes) {
        let (encoding, text) = without_bom(bytes, None, notes);
        notes.push(lies("the bytes are", encoding));
        return (encoding, text);
    }
    if declared != UTF_8 && is_utf_8(bytes, UTF_8_CHARACTERS_MIN, UTF_8_TIMES_AGAINST) {
        notes.push(lies("the bytes are", UTF_8));
        return (UTF_8, read(UTF_8, bytes).0);
    }
    if let Some(detected) = other_letters(declared, bytes) {
        notes.push(lies("the bytes look like", detected));
        return (detected, read(detected, bytes).0);
    }
    if let Some((encoding, windows)) = of_windows(declared, bytes) {
        notes.push(lies(if encoding == windows { "the bytes are" } else { "some bytes are of" }, windows));
        return (encoding, with_controls_of(windows, read(encoding, bytes).0));
    }
    let (text, replaced) = read(declared, bytes);
    let sound = || match declared {
        declared if declared == UTF_8 => is_utf_8(bytes, 1, UTF_8_TIMES_DECLARED),
        _ => !mostly_replaced(&text),
    };
    if !replaced || sound() {
        return (declared, text);
    }
    let detected = detect(bytes, declared != UTF_8);
    notes.push(lies("the bytes look like", detected));
    (detected, read(detected, bytes).0)
}

/// Whether every character has two bytes at least.
fn is_wide(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// Whether so nearly all of the beginning is ASCII, and no byte is zero, that no two of them are one character.
fn is_narrow(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let is_plain = |byte: &&u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    memchr::memchr(0, head).is_none() && head.iter().filter(is_plain).count() * 10 >= head.len() * 9
}

/// The encoding that the bytes look like, where what is declared could not be disproved by decoding, but its letters are those
/// of no language.
fn other_letters(declared: &'static Encoding, bytes: &[u8]) -> Option<&'static Encoding> {
    // Japanese in seven bits is valid as nearly anything.
    let is_japanese = || memchr::memmem::find(bytes, b"\x1b$").is_some() && detect(bytes, false) == ISO_2022_JP;
    if declared != ISO_2022_JP && is_japanese() {
        return Some(ISO_2022_JP);
    }
    letters::other(declared, bytes, || detect(bytes, false))
}

fn read<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> (Cow<'a, str>, bool) {
    encoding.decode_without_bom_handling(bytes)
}

fn mostly_replaced(text: &str) -> bool {
    let (mut beyond, mut replaced) = (0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        beyond += 1;
        replaced += usize::from(c == '\u{fffd}');
    }
    replaced * REPLACED_SHARE > beyond
}

/// Whether so many sequences of bytes are characters in UTF-8, and so many times more than are none.
fn is_utf_8(bytes: &[u8], least: usize, times: usize) -> bool {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in bytes[first_beyond_ascii(bytes)..].utf8_chunks() {
        valid += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid >= least && valid >= invalid * times
}

/// Where a page that is declared one of ISO's encodings has signs of Windows: what it is to be read as, and the code page
/// those are of. A true page of ISO may have but quotation marks and dashes pasted in.
fn of_windows(iso: &'static Encoding, bytes: &[u8]) -> Option<(&'static Encoding, &'static Encoding)> {
    let (_, windows) = WINDOWS.iter().find(|(known, _)| *known == iso)?;
    let mut counts = [0_usize; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    if counts[0x80..0xa0].iter().all(|count| *count == 0) {
        return None;
    }
    let letter = |encoding, byte: u8| sign(encoding, byte).filter(|c| c.is_alphabetic() || *c == '€');
    let count = |bytes: std::ops::RangeInclusive<u8>, is: &dyn Fn(u8) -> bool| -> usize {
        bytes.filter(|byte| is(*byte)).map(|byte| counts[usize::from(byte)]).sum()
    };
    let of_windows = count(0x80..=0x9f, &|byte| letter(windows, byte).is_some_and(char::is_alphabetic));
    let of_iso = count(0xa0..=0xff, &|byte| letter(iso, byte).is_some_and(|c| sign(windows, byte) != Some(c)));
    Some((if of_windows * ISO_LETTERS_MAX >= of_iso { windows } else { iso }, windows))
}

/// The character that one byte is.
fn sign(encoding: &'static Encoding, byte: u8) -> Option<char> {
    encoding.decode_without_bom_handling_and_without_replacement(&[byte])?.chars().next()
}

/// The text with the signs that Windows has for bytes that ISO has none for.
fn with_controls_of<'a>(windows: &'static Encoding, text: Cow<'a, str>) -> Cow<'a, str> {
    let mended = |c: char| match u8::try_from(u32::from(c)) {
        Ok(byte @ 0x80..=0x9f) => sign(windows, byte).unwrap_or(c),
        _ => c,
    };
    Cow::Owned(text.chars().map(mended).collect())
}

fn first_beyond_ascii(bytes: &[u8]) -> usize {
    Encoding::ascii_valid_up_to(bytes)
}

/// Whether this is UTF-16, by its mark or its zero bytes.
pub fn is_utf_16(bytes: &[u8]) -> bool {
    Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or_else(|| utf_16_by_zeros(bytes)).is_some_and(is_wide)
}

/// Markup is ASCII, so in UTF-16 every other byte of it is zero, which no other encoding has.
fn utf_16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    memchr::memchr(0, head)?;
    let pairs = head.chunks_exact(2);
    let all = pairs.len();
    let (even, odd) = pairs.fold((0, 0), |(even, odd), pair| {
        (even + usize::from(pair[0] == 0 && pair[1] != 0), odd + usize::from(pair[1] == 0 && pair[0] != 0))
    });
    let clear = |some: usize, other: usize| all >= 4 && some * 4 > all && other * 20 < some;
    match () {
        () if clear(odd, even) => Some(UTF_16LE),
        () if clear(even, odd) => Some(UTF_16BE),
        () => None,
    }
}

/// The encoding declared and by what.
fn declared(bytes: &[u8], content_type: Option<&str>) -> Option<(&'static Encoding, &'static str)> {
    let http = content_type.and_then(|value| charset(value.as_bytes())).and_then(Encoding::for_label);
    if let Some(encoding) = http {
        return Some((encoding, "the HTTP header"));
    }
    let head = &bytes[..bytes.len().min(PRESCAN_BYTES)];
    let (encoding, by) = match by_xml(head) {
        Some(encoding) => (encoding, "the XML declaration"),
        None => (by_meta(head)?, "the page's meta"),
    };
    // A page that says UTF-16 in ASCII bytes is not UTF-16: WHATWG's rule.
    let encoding = match encoding {
        e if is_wide(e) => UTF_8,
        e if e == X_USER_DEFINED => WINDOWS_1252,
        e => e,
    };
    Some((encoding, by))
}

/// The value after `charset=` in a content type.
fn charset(value: &[u8]) -> Option<&[u8]> {
    let mut rest = value;
    loop {
        rest = &rest[find_ignoring_case(rest, b"charset")? + 7..];
        let after = rest.trim_ascii_start();
        if let Some(value) = after.strip_prefix(b"=") {
            return Some(unquoted(value.trim_ascii_start(), b"; \t\r\n\"'>"));
        }
    }
}

fn unquoted<'a>(value: &'a [u8], ends: &[u8]) -> &'a [u8] {
    let (value, ends) = match value.first() {
        Some(quote @ (b'"' | b'\'')) => (&value[1..], std::slice::from_ref(quote)),
        _ => (value, ends),
    };
    let end = value.iter().position(|b| ends.contains(b)).unwrap_or(value.len());
    &value[..end]
}

fn find_ignoring_case(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window.eq_ignore_ascii_case(what))
}

fn by_xml(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let head = &head[..head.iter().position(|&b| b == b'>')?];
    let after = head[find_ignoring_case(head, b"encoding")? + 8..].trim_ascii_start().strip_prefix(b"=")?;
    Encoding::for_label(unquoted(after.trim_ascii_start(), b" \t\r\n?>"))
}

/// The first `meta` outside comments that names a known encoding.
fn by_meta(head: &[u8]) -> Option<&'static Encoding> {
    let mut rest = head;
    loop {
        rest = &rest[memchr::memchr(b'<', rest)?..];
        if rest.starts_with(b"<!--") {
            rest = &rest[memchr::memmem::find(rest, b"-->")? + 3..];
            continue;
        }
        let is_meta = rest.len() > 5
            && rest[1..5].eq_ignore_ascii_case(b"meta")
            && (rest[5].is_ascii_whitespace() || rest[5] == b'/');
        let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        if is_meta && let Some(encoding) = charset(&rest[5..end]).and_then(Encoding::for_label) {
            return Some(encoding);
        }
        rest = &rest[1..];
    }
}

/// What the bytes look like; `utf_8` says whether that may be the answer.
fn detect(bytes: &[u8], utf_8: bool) -> &'static Encoding {
    let escapes = memchr::memmem::find(bytes, b"\x1b$").or_else(|| memchr::memmem::find(bytes, b"\x1b("));
    let first = first_beyond_ascii(bytes);
    let valid = || std::str::from_utf8(&bytes[first..]).is_ok();
    if utf_8 && escapes.is_none() && (valid() || is_utf_8(bytes, UTF_8_CHARACTERS_MIN, UTF_8_TIMES_UNDECLARED)) {
        return UTF_8;
    }
    let start = first.min(escapes.unwrap_or(first)).saturating_sub(64);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(&bytes[start..bytes.len().min(start + DETECT_BYTES_MAX)], true);
    detector.guess(None, if utf_8 { Utf8Detection::Allow } else { Utf8Detection::Deny })
}

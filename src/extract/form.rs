//! What bytes are before anything is read of them: a page, a text without markup, a web archive, or no text at all.

use super::decode;
use super::html::Tag;

/// So much of the beginning tells bytes that are no text.
const HEAD_BYTES: usize = 4096;
/// One in so many of them is a control that no text has.
const CONTROL_SHARE: usize = 32;
/// No name of an element is longer.
const NAME_BYTES_MAX: usize = 12;
/// What a page begins with, where a line does.
const PAGE_BEGINNINGS: &[&str] = &["<!doctype", "<html", "<head", "<body"];

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A page: it has a tag of HTML.
    Html,
    /// Text without a single tag.
    Text,
    /// Records of a web archive.
    Warc,
    /// Members of a ZIP file: a WACZ, or anything else.
    Zip,
    /// No text: what it is, for people, as `a PNG image`.
    Other(&'static str),
}

/// How files begin that are no text.
const BEGINNINGS: &[(&[u8], Form)] = &[
    (b"WARC/1.", Form::Warc),
    (b"WARC/0.", Form::Warc),
    (b"PK\x03\x04", Form::Zip),
    (b"PK\x05\x06", Form::Zip),
    (b"filedesc://", Form::Other("an ARC file")),
    (b"%PDF-", Form::Other("a PDF file")),
    (b"%!PS-", Form::Other("a PostScript file")),
    (b"{\\rtf", Form::Other("an RTF file")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Form::Other("an Office file")),
    (b"\x89PNG\r\n\x1a\n", Form::Other("a PNG image")),
    (b"\xff\xd8\xff", Form::Other("a JPEG image")),
    (b"GIF87a", Form::Other("a GIF image")),
    (b"GIF89a", Form::Other("a GIF image")),
    (b"II*\0", Form::Other("a TIFF image")),
    (b"MM\0*", Form::Other("a TIFF image")),
    (b"OggS\0", Form::Other("an Ogg file")),
    (b"ID3\x02", Form::Other("an MP3 file")),
    (b"ID3\x03", Form::Other("an MP3 file")),
    (b"ID3\x04", Form::Other("an MP3 file")),
    (b"\x1a\x45\xdf\xa3", Form::Other("a Matroska or WebM file")),
    (b"\x1f\x8b\x08", Form::Other("a gzip file")),
    (b"\x28\xb5\x2f\xfd", Form::Other("a zstd file")),
    (b"BZh91AY&SY", Form::Other("a bzip2 file")),
    (b"\xfd7zXZ\0", Form::Other("an xz file")),
    (b"7z\xbc\xaf\x27\x1c", Form::Other("a 7z file")),
    (b"Rar!\x1a\x07", Form::Other("a RAR file")),
    (b"SQLite format 3\0", Form::Other("an SQLite file")),
    (b"\x7fELF", Form::Other("a program")),
    (b"wOFF\0", Form::Other("a font")),
    (b"wOF2\0", Form::Other("a font")),
];

/// Tells what bytes are.
pub fn form(bytes: &[u8]) -> Form {
    if let Some(known) = known(bytes) {
        return known;
    }
    let text = decode::decode(bytes, None).text;
    if has_tag(&text) { Form::Html } else { Form::Text }
}

/// Tells whether bytes are none of a page or text, whatever was said of them.
pub fn known(bytes: &[u8]) -> Option<Form> {
    let begins = BEGINNINGS.iter().find(|(begin, _)| bytes.starts_with(begin)).map(|(_, form)| *form);
    let mail = || is_mhtml(bytes).then_some(Form::Other("an MHTML file"));
    begins.or_else(|| media(bytes)).or_else(mail).or_else(|| is_binary(bytes).then_some(Form::Other("binary data")))
}

/// What bytes are, for people, that are no page and no text: by themselves, or since they are declared so and show no page.
pub fn other(bytes: &[u8], content_type: Option<&str>) -> Option<&'static str> {
    match known(bytes) {
        Some(form) => form.other(),
        None => content_type.and_then(declared).filter(|what| !shows_page(bytes, content_type, what)),
    }
}

/// What a content type declares that is written for programs: what belongs to pages, as crawlers keep it beside them.
fn declared(content_type: &str) -> Option<&'static str> {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (kind, sub) = essence.split_once('/')?;
    Some(match (kind, sub) {
        ("text", "css") => "a style sheet",
        ("text" | "application", "javascript" | "x-javascript" | "ecmascript" | "x-ecmascript") => "a script",
        ("text" | "application", "json" | "x-json") => "JSON",
        ("application", sub) if sub.ends_with("+json") => "JSON",
        ("application", "wasm") => "a WebAssembly module",
        ("font", _) => "a font",
        ("image", sub) if sub != "svg+xml" => "an image",
        ("audio", _) => "a sound file",
        ("video", _) => "a film",
        _ => return None,
    })
}

/// Whether bytes that are declared to be something else begin as a page does: with a tag, or with something else before
/// what every page has.
fn shows_page(bytes: &[u8], content_type: Option<&str>, what: &str) -> bool {
    let bytes = bytes.trim_ascii_start();
    let head = decode::decode(&bytes[..bytes.len().min(HEAD_BYTES)], content_type).text.to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    // Programs may hold pages in strings: there a line must begin so.
    let may_quote = ["a script", "JSON"].contains(&what);
    let begins = |sign: &&str| head.lines().any(|line| line.trim_start().starts_with(*sign));
    let shows = |sign: &&str| if may_quote { begins(sign) } else { head.contains(*sign) };
    head.starts_with('<') || PAGE_BEGINNINGS.iter().any(shows)
}

/// Whether it is a page with all that belongs to it in one message, as browsers save it: by the fields it begins with. One
/// that was sent to somebody is a mail.
fn is_mhtml(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    if !head.first().is_some_and(u8::is_ascii_alphabetic) {
        return false;
    }
    let (mut is_message, mut is_related) = (false, false);
    for line in head.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return is_message && is_related;
        }
        if matches!(line[0], b' ' | b'\t') {
            continue;
        }
        let Some(colon) = memchr::memchr(b':', line) else { return false };
        let (name, value) = (line[..colon].to_ascii_lowercase(), line[colon + 1..].trim_ascii_start());
        match &name[..] {
            b"to" | b"received" => return false,
            b"mime-version" => is_message = true,
            b"content-type" => {
                const RELATED: &[u8] = b"multipart/related";
                is_related |= value.get(..RELATED.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(RELATED));
            }
            _ if name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') => {}
            _ => return false,
        }
    }
    false
}

/// Forms whose sign stands behind their length.
fn media(bytes: &[u8]) -> Option<Form> {
    let is = |at: usize, sign: &[u8]| bytes.get(at..at + sign.len()) == Some(sign);
    match () {
        () if is(0, b"RIFF") && is(8, b"WEBP") => Some(Form::Other("a WebP image")),
        () if is(0, b"RIFF") && (is(8, b"WAVE") || is(8, b"AVI ")) => Some(Form::Other("a RIFF file")),
        () if is(4, b"ftyp") && is(0, b"\0\0") => Some(Form::Other("an MP4, HEIF or AVIF file")),
        () => None,
    }
}

/// Whether controls stand in it as in no text. (Those that WHATWG takes for binary data, without NUL: UTF-16 and UTF-32
/// are full of it, and a page may be damaged by some.)
fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    // Without a branch, and in sums of a byte, many are asked at once.
    let is_control = |byte: u8| (byte < 0x20) & !matches!(byte, 0 | 0x08..=0x0a | 0x0c | 0x0d | 0x1b);
    let count = |some: &[u8]| some.iter().fold(0u8, |count, &byte| count + u8::from(is_control(byte)));
    let controls: usize = head.chunks(128).map(|some| usize::from(count(some))).sum();
    !decode::is_utf_16(bytes)
        && controls > 0
        && controls * CONTROL_SHARE > head.len()
        && !has_tag(&String::from_utf8_lossy(head))
}

/// Whether an element or document type of HTML stands in it.
fn has_tag(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).any(|at| {
        let rest = &bytes[at + 1..];
        let rest = rest.strip_prefix(b"/").unwrap_or(rest);
        let name = rest.iter().take(NAME_BYTES_MAX).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let ends = rest.get(name).is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
        let begins = |sign: &[u8]| rest.get(..sign.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(sign));
        let is_known = || Tag::of(&String::from_utf8_lossy(&rest[..name]).to_ascii_lowercase()) != Tag::Other;
        begins(b"!doctype") || begins(b"?xml") || (name > 0 && ends && is_known())
    })
}

impl Form {
    /// What it is, for people, where it is no page and no text.
    pub fn other(self) -> Option<&'static str> {
        match self {
            Self::Html | Self::Text => None,
            Self::Warc => Some("a WARC file"),
            Self::Zip => Some("a ZIP file"),
            Self::Other(what) => Some(what),
        }
    }

    /// The content type that stands for it where nothing else says one.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            _ => "text/html",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_by_what_they_begin_with_and_hold() {
        for (bytes, form_of) in [
            (&b"<!DOCTYPE html><title>x</title>"[..], Form::Html),
            (b"Hello <b>world</b>", Form::Html),
            (b"words and no more</P >", Form::Html),
            (b"<?xml version='1.0'?><x/>", Form::Html),
            (b"", Form::Text),
            (b"From: Ann <ann@example.org>\n\na < b and <less> than", Form::Text),
            (b"Home\nNews\n\x0cThe ferry is back.\n", Form::Text),
            ("Η γρήγορη καφέ αλεπού".as_bytes(), Form::Text),
            (b"\x1b$BF|K\\8l\x1b(B", Form::Text),
            (b"<\0p\0>\0a\0b\0c\0d\0", Form::Html),
            (b"a\0\0\x01\x02<p>damaged, but a page</p>", Form::Html),
            (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", Form::Warc),
            (b"WARC/ is where records begin", Form::Text),
            (b"PK\x03\x04\x14\0", Form::Zip),
            (b"filedesc://x.arc 0.0.0.0", Form::Other("an ARC file")),
            (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", Form::Other("a PDF file")),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Form::Other("a PNG image")),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Form::Other("a WebP image")),
            (b"\0\0\0\x20ftypavif", Form::Other("an MP4, HEIF or AVIF file")),
            (b"\x03\x99\x11\xfe\x07\x80\x1c\x04ab\x05", Form::Other("binary data")),
        ] {
            assert_eq!(form(bytes), form_of, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn what_is_declared_to_be_written_for_programs_is_no_page_unless_it_shows_one() {
        let script = &b"/*! menu */\nvar row = '<p>' + document.querySelector('body').title;"[..];
        for (declared, what) in [
            ("text/css", "a style sheet"),
            ("Text/CSS; charset=utf-8", "a style sheet"),
            ("text/javascript", "a script"),
            ("application/x-javascript;charset=utf-8", "a script"),
            ("application/json", "JSON"),
            ("application/manifest+json", "JSON"),
            ("font/ttf", "a font"),
            ("image/x-icon", "an image"),
            ("video/mp2t", "a film"),
        ] {
            assert_eq!(other(script, Some(declared)), Some(what), "{declared}");
            for page in [
                &b"<!DOCTYPE html><p>x"[..],
                b"\xef\xbb\xbf\r\n  <p>A part of a page.",
                b"<!-- saved --><html>",
                b"Warning: no such file in x.php on line 3\n<HTML><body>x",
                b"\xff\xfe<\0h\0t\0m\0l\0>\0",
            ] {
                assert_eq!(other(page, Some(declared)), None, "{declared} {}", String::from_utf8_lossy(page));
            }
        }
        let late = format!("{}<!doctype html><p>x", "\r\n ".repeat(HEAD_BYTES));
        assert_eq!(other(late.as_bytes(), Some("application/json")), None);
        let amid = b"Notice: x in y.php on line 3<br /> <html><body>";
        assert_eq!((other(amid, Some("text/css")), other(amid, Some("text/javascript"))), (None, Some("a script")));
        for declared in [
            "text/plain",
            "text/html",
            "application/xhtml+xml",
            "text/xml",
            "application/rss+xml",
            "application/octet-stream",
            "image/svg+xml",
            "text/markdown",
            "css",
            "",
        ] {
            assert_eq!(other(script, Some(declared)), None, "{declared}");
        }
        assert_eq!(other(script, None), None);
        assert_eq!(other(b"%PDF-1.4", Some("text/html")), Some("a PDF file"));
    }

    #[test]
    fn a_page_saved_as_one_message_is_no_page_and_a_mail_is_text() {
        const SAVED: &str = "From: <Saved by Blink>\r\nSubject: Mill\r\nMIME-Version: 1.0\r\nContent-Type: \
                             multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"x\"\r\n\r\n--x\r\n";
        for saved in [SAVED.to_owned(), SAVED.replace('\r', ""), SAVED.to_lowercase()] {
            assert_eq!(known(saved.as_bytes()), Some(Form::Other("an MHTML file")), "{saved}");
        }
        for other in [
            SAVED.replace("related", "alternative"),
            SAVED.replace("MIME-Version: 1.0\r\n", ""),
            SAVED.replace("Subject", "To: jane@example.org\r\nSubject"),
            SAVED.replace("Subject", "\r\nSubject"),
            format!("From jane@example.org Fri May  3 10:00:00 2024\n{SAVED}"),
            format!("How such a file begins:\n{SAVED}"),
            format!("How such a file begins\n{SAVED}"),
            format!("<!DOCTYPE html><pre>{SAVED}</pre>"),
            SAVED.replace("Subject: Mill", &"X: y\r\n".repeat(HEAD_BYTES)),
        ] {
            assert_eq!(known(other.as_bytes()), None, "{other}");
        }
    }
}

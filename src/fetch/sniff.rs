//! Text or not: by the declared type first, then by the first bytes.

/// How many bytes are looked at, as WHATWG's MIME sniffing does.
pub(super) const SNIFF_BYTES: usize = 1445;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    Text,
    /// Nothing said, or something that says nothing.
    Unknown,
    Other,
}

/// What a `Content-Type` promises.
pub(super) fn declared(content_type: Option<&str>) -> Declared {
    let essence = content_type.unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let Some((kind, sub)) = essence.split_once('/') else { return Declared::Unknown };
    match (kind, sub) {
        ("text", "css" | "javascript" | "ecmascript" | "x-c" | "calendar" | "vcard") => Declared::Other,
        ("text", _) => Declared::Text,
        ("application", "xml" | "json" | "xhtml" | "ld-json" | "x-rss") => Declared::Text,
        // `image/svg+xml` is a picture whatever it is written in.
        ("application", sub) if sub.ends_with("+xml") || sub.ends_with("+json") => Declared::Text,
        ("application", "octet-stream" | "x-unknown" | "unknown" | "force-download" | "x-download") => {
            Declared::Unknown
        }
        // What servers write that know nothing of types, or call a page by what made it.
        ("application", "html" | "x-html" | "php" | "x-httpd-php") => Declared::Unknown,
        ("unknown" | "content" | "html" | "*", _) => Declared::Unknown,
        _ => Declared::Other,
    }
}

/// Whether a `Content-Type` that is none of text may be that of a feed or sitemap all the same.
pub(super) fn may_be_list(content_type: &str) -> bool {
    let kind = content_type.trim_start().to_ascii_lowercase();
    kind.starts_with("application/") || kind.contains("gzip")
}

/// Whether a `Content-Type` is that of a page that scripts may change; without one it may well be.
#[cfg(feature = "render")]
pub(super) fn is_html(content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or("text/html").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    matches!(essence.as_str(), "text/html" | "application/xhtml+xml")
}

/// What the first bytes show a body to be, if that is no text.
pub(super) fn binary(declared: Declared, start: &[u8]) -> Option<&'static str> {
    let start = &start[..start.len().min(SNIFF_BYTES)];
    let begin = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| start.starts_with(magic) || begin.starts_with(magic)) {
        return Some(name);
    }
    if let Some((_, _, name)) =
        DEEPER.iter().find(|(at, magic, _)| start.get(*at..).is_some_and(|s| s.starts_with(magic)))
    {
        return Some(name);
    }
    let marked = [&b"\xef\xbb\xbf"[..], b"\xfe\xff", b"\xff\xfe"].iter().any(|bom| start.starts_with(bom));
    let odd = |byte: &u8| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31);
    let is_binary = match declared {
        Declared::Unknown => !marked && start.iter().any(odd),
        _ if is_wide(start) => false,
        // A stray sign or two is of many a page, and a sign is struck over by the one behind a step back (8).
        _ => {
            let noise = start.iter().filter(|&byte| !matches!(byte, 0 | 8) && odd(byte)).count();
            noise > NOISE_MIN.max(start.len() / NOISE_PART)
        }
    };
    is_binary.then_some("binary data")
}

/// Whether it is UTF-16, of which half the bytes may be what no other text has: by its mark, or as its zeros, those of
/// tags and blanks, stand all at even or all at odd places.
fn is_wide(start: &[u8]) -> bool {
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let is_marked = start.starts_with(b"\xfe\xff") || start.starts_with(b"\xff\xfe");
    is_marked || (even.min(odd) == 0 && even.max(odd) > NOISE_MIN)
}

/// What is packed has control characters for one byte in ten.
const NOISE_PART: usize = 13;
/// So few of them say nothing.
const NOISE_MIN: usize = 16;

/// What stands a few bytes behind the beginning of what is no text.
const DEEPER: &[(usize, &[u8], &str)] = &[
    (4, b"ftyp", "a film"),
    (8, b"WEBPVP8", "a WebP image"),
    (8, b"WAVEfmt ", "a WAV file"),
    (8, b"AVI LIST", "a film"),
    (257, b"ustar", "a tar file"),
];

/// What no text begins with.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"Rar!\x1a\x07", "a RAR file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z file"),
    (b"\x1f\x8b\x08", "a gzip file"),
    (b"(\xb5/\xfd", "a zstd file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"\x7fELF", "a program"),
    (b"OggS\0", "an Ogg file"),
    (b"fLaC", "a FLAC file"),
    (b"\x1aE\xdf\xa3", "a Matroska file"),
    (b"\0\0\x01\0", "an icon"),
    (b"ID3\x02\0", "an MP3 file"),
    (b"ID3\x03\0", "an MP3 file"),
    (b"ID3\x04\0", "an MP3 file"),
    (b"BZh91AY&SY", "a bzip2 file"),
    (b"wOF2", "a font"),
    (b"wOFF", "a font"),
    (b"\0asm", "a WebAssembly module"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office file"),
];

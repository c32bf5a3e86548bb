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
        ("unknown" | "content" | "*", _) => Declared::Unknown,
        _ => Declared::Other,
    }
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
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Some(name);
    }
    let marked = [&b"\xef\xbb\xbf"[..], b"\xfe\xff", b"\xff\xfe"].iter().any(|bom| start.starts_with(bom));
    let odd = |byte: &u8| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31);
    (declared == Declared::Unknown && !marked && start.iter().any(odd)).then_some("binary data")
}

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
    (b"wOF2", "a font"),
    (b"wOFF", "a font"),
    (b"\0asm", "a WebAssembly module"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office file"),
];

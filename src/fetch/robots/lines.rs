//! The lines of a robots.txt that say something.

/// Longest line read, as in Google's matcher: eight times what browsers took for an address.
const LINE_BYTES_MAX: usize = 2083 * 8 - 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Agent,
    Allow,
    Disallow,
    Sitemap,
    CrawlDelay,
    Signal(&'static str),
}

#[derive(Debug)]
pub(super) struct Line<'a> {
    pub number: usize,
    pub kind: Kind,
    pub value: &'a [u8],
    /// The whole line, trimmed and without its comment.
    pub text: &'a [u8],
}

/// Every line with a known key. Ends of lines are LF, CR or CR LF.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let bytes = without_mark(bytes);
    let mut rest = Some(bytes);
    let raw = std::iter::from_fn(move || {
        let (line, after) = cut_line(rest?);
        rest = after;
        Some(line)
    });
    raw.enumerate().filter_map(|(index, line)| read(line, index + 1))
}

/// Drops a byte order mark, or as much of one as is there.
fn without_mark(bytes: &[u8]) -> &[u8] {
    let mark = b"\xef\xbb\xbf";
    let shared = bytes.iter().zip(mark).take_while(|(a, b)| a == b).count();
    &bytes[shared..]
}

fn cut_line(bytes: &[u8]) -> (&[u8], Option<&[u8]>) {
    let Some(end) = memchr::memchr2(b'\n', b'\r', bytes) else { return (bytes, None) };
    let wide = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
    (&bytes[..end], Some(&bytes[end + 1 + usize::from(wide)..]))
}

fn read(line: &[u8], number: usize) -> Option<Line<'_>> {
    let line = &line[..line.len().min(LINE_BYTES_MAX)];
    // Google's matcher reads lines as C strings, so a NUL ends one just as a comment does.
    let end = memchr::memchr2(b'#', 0, line).unwrap_or(line.len());
    let text = trim(&line[..end]);
    let (key, value) = split(text)?;
    let kind = kind(trim(key))?;
    Some(Line { number, kind, value: trim(value), text })
}

/// `key: value`, or `key value` from those who forget the colon.
fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(colon) = memchr::memchr(b':', text) {
        return Some((&text[..colon], &text[colon + 1..]));
    }
    let gap = memchr::memchr2(b' ', b'\t', text)?;
    let value = trim(&text[gap..]);
    // More than one gap is a sentence, not a rule.
    memchr::memchr2(b' ', b'\t', value).is_none().then_some((&text[..gap], value))
}

/// The key by its beginning and with the usual misspellings, as Google's matcher takes it.
fn kind(key: &[u8]) -> Option<Kind> {
    let starts = |names: &[&str]| names.iter().any(|name| starts_with(key, name));
    if starts(&["user-agent", "useragent", "user agent"]) {
        Some(Kind::Agent)
    } else if starts(&["allow"]) {
        Some(Kind::Allow)
    } else if starts(&["disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"]) {
        Some(Kind::Disallow)
    } else if starts(&["sitemap", "site-map"]) {
        Some(Kind::Sitemap)
    } else if starts(&["crawl-delay", "crawldelay"]) {
        Some(Kind::CrawlDelay)
    } else {
        let names = ["content-signal", "content-usage"];
        names.into_iter().find(|name| key.eq_ignore_ascii_case(name.as_bytes())).map(Kind::Signal)
    }
}

fn starts_with(key: &[u8], name: &str) -> bool {
    key.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

/// Without white space at both ends; vertical tabs count, as in C.
fn trim(bytes: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let start = bytes.iter().position(|byte| !is_space(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &bytes[start..end]
}

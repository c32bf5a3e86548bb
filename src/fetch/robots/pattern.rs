//! Path patterns with `*` and a closing `$`, matched in linear time.

use memchr::memmem;

/// A pattern with its bytes beyond ASCII percent-encoded and its percent-encodings in upper case.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    bytes: Vec<u8>,
    /// Where the part before the first star, or before the closing `$`, ends.
    start: usize,
}

impl Pattern {
    pub(super) fn new(value: &[u8]) -> Self {
        Self::of(encoded(value))
    }

    fn of(bytes: Vec<u8>) -> Self {
        let start = memchr::memchr(b'*', &bytes).unwrap_or(bytes.len() - usize::from(bytes.ends_with(b"$")));
        Self { bytes, start }
    }

    /// `/x/index.html` stands for `/x/` as well.
    pub(super) fn folder_of_index(value: &[u8]) -> Option<Self> {
        let pattern = encoded(value);
        let slash = memchr::memrchr(b'/', &pattern)?;
        pattern[slash..].starts_with(b"/index.htm").then(|| Self::of([&pattern[..=slash], b"$"].concat()))
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn matches(&self, path: &[u8]) -> bool {
        let (start, pattern) = self.bytes.split_at(self.start);
        // Most rules end here: they begin otherwise than the path does.
        let Some(path) = path.strip_prefix(start) else { return false };
        match pattern {
            [] => true,
            [b'*', rest @ ..] => matches_after_star(rest, path),
            _ => path.is_empty(),
        }
    }
}

/// Each literal between stars is taken at its first place: later places could only leave less room.
fn matches_after_star(pattern: &[u8], mut path: &[u8]) -> bool {
    let (mut rest, to_end) = pattern.strip_suffix(b"$").map_or((pattern, false), |rest| (rest, true));
    while let Some(star) = memchr::memchr(b'*', rest) {
        let Some(at) = memmem::find(path, &rest[..star]) else { return false };
        path = &path[at + star..];
        rest = &rest[star + 1..];
    }
    if to_end { path.ends_with(rest) } else { memmem::find(path, rest).is_some() }
}

fn encoded(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [byte, after @ ..] = rest {
        rest = after;
        match (byte, after) {
            (b'%', [a, b, tail @ ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                out.extend([b'%', a.to_ascii_uppercase(), b.to_ascii_uppercase()]);
                rest = tail;
            }
            (0x80.., _) => out.extend(format!("%{byte:02X}").into_bytes()),
            _ => out.push(*byte),
        }
    }
    out
}

/// Path and query of an address that need not be well formed, as Google's matcher takes them: from the first
/// `/`, `?` or `;` behind the host to the fragment, with a `/` in front.
pub fn path_of(url: &str) -> std::borrow::Cow<'_, str> {
    let host = url.strip_prefix("//").map_or(0, |_| 2);
    let first = |from: usize| url[from..].find(['/', '?', ';']).map(|at| from + at);
    let scheme = url[host..].find("://").map(|at| host + at);
    let after_scheme = match (scheme, first(host)) {
        (Some(scheme), Some(early)) if early < scheme => host,
        (Some(scheme), _) => scheme + 3,
        (None, _) => host,
    };
    let fragment = url[host..].find('#').map_or(url.len(), |at| host + at);
    match first(after_scheme) {
        Some(start) if start < fragment && url[start..].starts_with('/') => url[start..fragment].into(),
        Some(start) if start < fragment => format!("/{}", &url[start..fragment]).into(),
        _ => "/".into(),
    }
}

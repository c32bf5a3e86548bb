//! Path patterns with `*` and a closing `$`, matched in linear time.

use memchr::memmem;

/// A pattern with its bytes beyond ASCII percent-encoded and its percent-encodings in upper case.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    bytes: Vec<u8>,
    /// Where the part before the first star, or before the closing `$`, ends.
    start: usize,
    /// Which bytes a path must have to match.
    needs: Bytes,
}

/// A set of bytes, those that agree in their lower six bits taken for one.
#[derive(Clone, Copy, Debug)]
struct Bytes(u64);

impl Bytes {
    fn of<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> Self {
        Self(bytes.into_iter().fold(0, |set, byte| set | 1 << (byte & 63)))
    }

    fn has_all(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }
}

/// A path to be matched against many patterns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    bytes: &'a [u8],
    has: Bytes,
}

impl<'a> Path<'a> {
    pub(super) fn new(path: &'a str) -> Self {
        Self::of(path.as_bytes())
    }

    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, has: Bytes::of(bytes) }
    }
}

impl Pattern {
    pub(super) fn new(value: &[u8]) -> Self {
        Self::of(encoded(value))
    }

    fn of(bytes: Vec<u8>) -> Self {
        let start = memchr::memchr(b'*', &bytes).unwrap_or(bytes.len() - usize::from(bytes.ends_with(b"$")));
        let needs = Bytes::of(bytes.iter().filter(|byte| !matches!(byte, b'*' | b'$')));
        Self { bytes, start, needs }
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

    pub(super) fn matches(&self, path: Path<'_>) -> bool {
        // Most rules end here: they have a byte that the path has not.
        if !path.has.has_all(self.needs) {
            return false;
        }
        let (start, pattern) = self.bytes.split_at(self.start);
        let Some(path) = path.bytes.strip_prefix(start) else { return false };
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

/// The one way to write what can be written in many (RFC 9309, section 2.2.2): octets that need no percent-encoding stand
/// as they are, all that mean something in patterns or cannot stand in an address are encoded. A `$` ends a pattern.
pub(super) fn plain(value: &[u8], is_pattern: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let [byte, after @ ..] = rest {
        rest = after;
        let octet = if *byte == b'%' { after.get(..2).and_then(octet) } else { None };
        match (octet, byte) {
            (Some(octet), _) => {
                rest = &after[2..];
                let bare = octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
                if bare { out.push(octet) } else { out.extend(format!("%{octet:02X}").into_bytes()) }
            }
            (None, b'*') if is_pattern => out.push(b'*'),
            (None, b'$') if is_pattern && after.is_empty() => out.push(b'$'),
            (None, b'*' | b'$' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
            | (None, 0..=b' ' | 0x7F..) => out.extend(format!("%{byte:02X}").into_bytes()),
            (None, byte) => out.push(*byte),
        }
    }
    out
}

fn octet(digits: &[u8]) -> Option<u8> {
    let digits =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, tried every way.
    fn by_definition(pattern: &[u8], path: &[u8]) -> bool {
        match pattern {
            [] => true,
            b"$" => path.is_empty(),
            [b'*', rest @ ..] => (0..=path.len()).any(|skip| by_definition(rest, &path[skip..])),
            [byte, rest @ ..] => path.first() == Some(byte) && by_definition(rest, &path[1..]),
        }
    }

    /// Every text of up to `most` letters.
    fn words(letters: &[u8], most: usize) -> Vec<Vec<u8>> {
        let mut all = vec![Vec::new()];
        let mut last = all.clone();
        for _ in 0..most {
            last = last.iter().flat_map(|word| letters.iter().map(|letter| [word, &[*letter][..]].concat())).collect();
            all.extend_from_slice(&last);
        }
        all
    }

    #[test]
    fn the_fast_way_is_the_defined_way() {
        let paths = words(b"ab$", 5);
        for pattern in words(b"ab*$", 5) {
            let fast = Pattern::new(&pattern);
            for path in &paths {
                let text = std::str::from_utf8(path).expect("ASCII");
                let shown = String::from_utf8_lossy(&pattern);
                assert_eq!(fast.matches(Path::new(text)), by_definition(&pattern, path), "{shown} at {text}");
            }
        }
    }
}

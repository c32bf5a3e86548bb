//! Patterns of addresses: `*` stands for any run of characters, all else for itself.

use serde::{Deserialize, Serialize};

use crate::page::Url;

/// `/news/*` is matched with path and query, `https://example.org/*` with the whole address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern(pub String);

impl Pattern {
    pub fn matches(&self, url: &Url) -> bool {
        let whole = url.as_str();
        let whole = whole.split('#').next().unwrap_or(whole);
        if self.0.starts_with('/') { glob(&self.0, &whole[path_start(url)..]) } else { glob(&self.0, whole) }
    }
}

/// Where path and query begin.
fn path_start(url: &Url) -> usize {
    url[..url::Position::BeforePath].len()
}

/// Whether the pattern covers the text from end to end. Only the last `*` is ever tried again, so the cost is at
/// most their product, whatever the pattern.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p) == Some(&text[t]) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            (p, t) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn stars_stand_for_any_run() {
        for (pattern, text, hit) in [
            ("*", "", true),
            ("/a/*", "/a/b", true),
            ("/a/*", "/b/a/b", false),
            ("*/a", "/b/a", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b", "ab-b-a", false),
            ("/a", "/a/", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(glob(pattern, text), hit, "{pattern} on {text}");
        }
    }
}

//! The address that stands for a page.

use super::near::fixed_hash;
use crate::capture::Capture;
use crate::page::Url;

/// Query parameters that tell where a reader came from, not what the page is.
const TRACKING: [&str; 20] = [
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "yclid",
    "ysclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "vero_id",
    "oly_enc_id",
    "_hsenc",
    "_hsmi",
];
/// Beginnings of such parameters.
const TRACKING_PREFIXES: [&str; 5] = ["utm_", "pk_", "mtm_", "hsa_", "at_"];
/// What a server sends for a folder anyway.
const INDEX_NAMES: [&str; 4] = ["index.html", "index.htm", "index.php", "default.aspx"];

/// A hash of the canonical address of a capture, and whether it was fetched from there.
pub fn of(capture: &Capture) -> (u64, bool) {
    let own = normal(&capture.url);
    let page = capture.final_url.as_ref().unwrap_or(&capture.url);
    let canonical = capture.metadata.canonical.as_ref();
    let canonical = canonical.and_then(|link| page.join(&link.value).ok()).filter(Url::is_web);
    let key = canonical.map_or_else(|| own.clone(), |url| normal(&url));
    (fixed_hash(key.as_bytes()), key == own)
}

/// A hash of an address of which no canonical one is known.
pub fn of_url(url: &Url) -> u64 {
    fixed_hash(normal(url).as_bytes())
}

/// Without scheme, credentials, `www.`, tracking parameters, and the fragment unless a script reads it; parameters in
/// order. That two pages share it proves little: their texts must be alike too before one stands for the other.
fn normal(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let mut key = host.strip_prefix("www.").unwrap_or(host).to_owned();
    // Another scheme's default port says nothing either.
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        key.push_str(&format!(":{port}"));
    }
    let path = plain(url.path());
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let is_index = INDEX_NAMES.contains(&name.to_ascii_lowercase().as_str());
    key.push_str(if is_index { folder } else { path.trim_end_matches('/') });
    let mut query: Vec<String> =
        url.query().unwrap_or_default().split('&').filter(|part| !is_tracking(part)).map(plain).collect();
    query.sort_unstable();
    if !query.is_empty() {
        key.push('?');
        key.push_str(&query.join("&"));
    }
    if let Some(route) = url.fragment().filter(|fragment| fragment.starts_with(['!', '/'])) {
        key.push('#');
        key.push_str(route);
    }
    key
}

fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.is_empty()
        || TRACKING.contains(&name.as_str())
        || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Percent signs before letters and digits that need none are undone, others are written in capitals.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code.map(char::from) {
            Some(c) if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') => out.push(c),
            Some(_) => out.push_str(&rest[at..at + 3].to_ascii_uppercase()),
            None => out.push('%'),
        }
        rest = &rest[at + if code.is_some() { 3 } else { 1 }..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{Url, of_url};

    #[track_caller]
    fn check(a: &str, b: &str, same: bool) {
        let hash = |url| of_url(&Url::parse(url).expect("a test's address"));
        assert_eq!(hash(a) == hash(b), same, "{a} and {b}");
    }

    #[test]
    fn what_names_one_page_is_one_address() {
        for other in [
            "http://a.example/x/y",
            "https://www.a.example/x/y/",
            "https://A.example:443/x/y?utm_source=z&gclid=1#part",
            "https://user:pass@a.example/x/%79?",
            "https://a.example/x/y/index.html",
            "http://a.example./x/y?&fbclid=3&",
        ] {
            check("https://a.example/x/y", other, true);
        }
        check("https://a.example/?b=2&a=1", "https://a.example/index.php?a=1&b=2", true);
        check("https://a.example/%c3%a9", "https://a.example/é", true);
    }

    #[test]
    fn what_names_another_page_is_another_address() {
        for other in [
            "https://a.example/x/Y",
            "https://a.example/x/y?page=2",
            "https://a.example/x/y.html",
            "https://a.example:8080/x/y",
            "https://m.a.example/x/y",
            "https://a.example/x/y#!/route",
            "https://a.example/x%2Fy",
            "https://a.example/100%",
        ] {
            check("https://a.example/x/y", other, false);
        }
    }
}

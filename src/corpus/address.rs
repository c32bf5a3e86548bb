//! The address that stands for a page.

use super::near::fixed_hash;
use crate::capture::Capture;
use crate::page::Url;

/// Query parameters that tell where a reader came from, not what the page is.
const TRACKING: [&str; 8] = ["gclid", "fbclid", "dclid", "msclkid", "yclid", "mc_cid", "mc_eid", "igshid"];

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

/// Without scheme, credentials, fragment and tracking parameters.
fn normal(url: &Url) -> String {
    let mut key = format!("{}:{}", url.host_str().unwrap_or_default(), url.port().unwrap_or_default());
    key.push_str(url.path());
    let is_kept = |part: &&str| {
        let name = part.split('=').next().unwrap_or_default();
        !part.is_empty() && !name.starts_with("utm_") && !TRACKING.contains(&name)
    };
    let query: Vec<&str> = url.query().unwrap_or_default().split('&').filter(is_kept).collect();
    if !query.is_empty() {
        key.push('?');
        key.push_str(&query.join("&"));
    }
    key
}

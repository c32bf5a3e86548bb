//! File names that every system takes.

use crate::page::Url;

/// Digits of the id in a name: enough that two of one corpus do not meet.
pub const ID_DIGITS: usize = 12;
/// Most characters of the part that is for people.
const SLUG_CHARS_MAX: usize = 60;
const HOST_CHARS_MAX: usize = 100;

/// The folder of a host: letters, digits, `.`, `-`; `_` for all else. `files` where there is none.
pub fn host(url: &Url) -> String {
    let mut host = url.host_str().unwrap_or("files").to_owned();
    if let Some(port) = url.port() {
        host.push_str(&format!("_{port}"));
    }
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
    let name: String = host.chars().map(safe).take(HOST_CHARS_MAX).collect();
    let name = name.trim_matches('.');
    // No folder may be one of the files beside it, and a device's name (`con`, `nul`) is no folder on Windows.
    if name.is_empty() || !name.contains('.') { format!("{name}_") } else { name.to_owned() }
}

/// The end of the path in lower-case letters and digits, `-` for all else.
pub fn slug(url: &Url) -> String {
    let path = url.path().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let mut slug = String::new();
    for c in stem.chars().take(SLUG_CHARS_MAX) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "page".to_owned() } else { slug.to_owned() }
}

//! Finding the capture that an id, the beginning of one, or an address means.

use anyhow::Result;

use crate::archive::Archive;
use crate::capture::Capture;
use crate::cli::context;
use crate::cli::failure::Usage;
use crate::page::{Timestamp, Url};
use crate::pipeline::last_visit;

/// Fewest hex digits of an id that are taken for one.
const PREFIX_DIGITS_MIN: usize = 4;

/// The capture meant, `None` when the archive has none such.
pub fn capture(archive: &Archive, what: &str, at: Option<Timestamp>) -> Result<Option<Capture>> {
    if let Some(url) = as_url(what) {
        return Ok(archive.latest(&url, at)?);
    }
    let hex = what.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hex || what.len() < PREFIX_DIGITS_MIN || what.len() > 64 {
        let hint = "give an address in full, or at least 4 hex digits of an id as `gleaner list` shows them";
        return Err(Usage::new(format!("`{what}` is neither an address nor an id"), hint).into());
    }
    let mut found = archive.by_prefix(&what.to_lowercase(), 2)?;
    if found.len() > 1 {
        return Err(Usage::new(format!("`{what}` begins the ids of several captures"), "give more digits").into());
    }
    Ok(found.pop())
}

/// The last visit before one that an address found, and that brought nothing. None where the user named the capture itself.
pub fn last_good(
    archive: &Archive,
    what: &str,
    capture: &Capture,
    is_good: impl Fn(&Capture) -> bool,
) -> Result<Option<Capture>> {
    let Some(url) = as_url(what) else { return Ok(None) };
    Ok(last_visit(archive, &url, Some(capture), is_good)?)
}

/// What a capture goes by on a command line.
pub fn short(capture: &Capture) -> String {
    capture.id.map_or_else(|| capture.url.to_string(), |id| id.short())
}

/// What looks like an address, as one.
pub fn as_url(what: &str) -> Option<Url> {
    if what.contains("://") { context::url(what).ok() } else { None }
}

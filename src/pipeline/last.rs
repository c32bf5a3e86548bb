//! The last visits that count: those that failed since take nothing away.

use std::time::Duration;

use crate::archive::{Archive, Result};
use crate::capture::{Capture, Outcome};
use crate::page::{Timestamp, Url};

/// So many failures in a row are looked behind for the last visit that brought text.
const FAILURES_MAX: usize = 1000;

/// The last visit that brought or confirmed text.
pub(super) fn last_good(archive: &Archive, url: &Url) -> Option<Capture> {
    last_visit(archive, url, None, |capture| capture.outcome.has_text()).ok().flatten()
}

/// The last visit that brought what is wanted, of all or of those before one; none where one behind it found the page
/// reserved: what is reserved is read anew once it is free.
///
/// # Errors
/// What the archive cannot read.
pub fn last_visit(
    archive: &Archive,
    url: &Url,
    before: Option<&Capture>,
    is_good: impl Fn(&Capture) -> bool,
) -> Result<Option<Capture>> {
    let earlier = |at: Timestamp| at.checked_sub(Duration::from_nanos(1)).ok();
    let mut at = None;
    if let Some(before) = before {
        let time = earlier(before.fetched_at).filter(|_| before.outcome != Outcome::OptedOut);
        let Some(time) = time else { return Ok(None) };
        at = Some(time);
    }
    for _ in 0..FAILURES_MAX {
        match archive.latest(url, at)? {
            Some(capture) if is_good(&capture) => return Ok(Some(capture)),
            Some(capture) if capture.outcome != Outcome::OptedOut => match earlier(capture.fetched_at) {
                Some(time) => at = Some(time),
                None => return Ok(None),
            },
            _ => return Ok(None),
        }
    }
    Ok(None)
}

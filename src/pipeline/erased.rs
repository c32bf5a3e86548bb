//! What was erased does not come back to the frontier, whatever names it.

use crate::archive::{Archive, ArchiveError};
use crate::frontier::{Find, Moved, Visited};
use crate::page::Url;

pub(super) fn urls_kept(archive: &Archive, urls: Vec<Url>) -> Result<Vec<Url>, ArchiveError> {
    kept(urls, |url| archive.is_erased(url))
}

/// Neither of what was erased nor found on it.
pub(super) fn finds_kept(archive: &Archive, finds: Vec<Find>) -> Result<Vec<Find>, ArchiveError> {
    kept(finds, |find| Ok(archive.is_erased(&find.url)? || is_any_erased(archive, find.found_on.as_ref())?))
}

/// Pages stay where they were that moved to what was erased.
pub(super) fn stay(archive: &Archive, visits: &mut [Visited]) -> Result<(), ArchiveError> {
    for visit in visits {
        if let Moved::To(url) = &visit.moved
            && archive.is_erased(url)?
        {
            visit.moved = Moved::No;
        }
    }
    Ok(())
}

fn is_any_erased(archive: &Archive, url: Option<&Url>) -> Result<bool, ArchiveError> {
    url.map_or(Ok(false), |url| archive.is_erased(url))
}

fn kept<T>(all: Vec<T>, is_erased: impl Fn(&T) -> Result<bool, ArchiveError>) -> Result<Vec<T>, ArchiveError> {
    let mut kept = Vec::with_capacity(all.len());
    for one in all {
        if !is_erased(&one)? {
            kept.push(one);
        }
    }
    Ok(kept)
}

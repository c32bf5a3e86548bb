//! Which of several versions the others are packed against.

use std::collections::HashSet;

use super::renew::renewed;
use super::survey::Source;
use crate::archive::Result;
use crate::archive::codec::DELTA_BYTES_MAX;
use crate::archive::record::Codec;
use crate::capture::Id;

/// One of several contents that are mostly alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    pub id: Id,
    raw: u32,
    /// Packed by an earlier sealing, against nothing.
    settled: bool,
    /// Packed by an earlier sealing, against another.
    follows: bool,
    /// In a WARC file, where it stays.
    fixed: bool,
    /// Packed against a version of this or an earlier segment.
    base: Option<Id>,
}

impl Version {
    pub fn of(source: &Source) -> Self {
        Self {
            id: source.header.id,
            raw: source.header.raw,
            settled: source.sealed && source.base.is_none(),
            follows: source.sealed && source.base.is_some(),
            fixed: source.header.codec == Codec::WARC,
            base: source.base,
        }
    }

    fn fits(&self) -> bool {
        self.raw as usize * 2 <= DELTA_BYTES_MAX
    }
}

/// Reads a version, where it can be.
pub(super) type Contents<'a> = &'a dyn Fn(Id) -> Option<Vec<u8>>;

/// Gives each version but one the one it is packed against: the longest, for threads grow and the longest says most of
/// what the others say. Where that one says too little of some, as of an article that is edited again and again, these
/// have others of their own; this takes the contents. One that others elsewhere are packed against stays whole; so does
/// what is in a WARC file, and what an earlier sealing chose.
pub(super) fn choose(
    group: &[Version],
    pinned: &dyn Fn(Id) -> Result<bool>,
    contents: Option<Contents<'_>>,
) -> Result<Vec<(Id, Id)>> {
    let mut firm = Vec::new();
    for version in group {
        if pinned(version.id)? {
            firm.push(version.id);
        }
    }
    let followed: HashSet<Id> = group.iter().filter_map(|version| version.base).collect();
    let is_head = |version: &Version| version.settled && followed.contains(&version.id);
    let longest = |of: &dyn Fn(&Version) -> bool| {
        let of = group.iter().filter(|version| version.fits() && of(version));
        of.max_by_key(|version| version.raw).map(|version| version.id)
    };
    let head = firm.first().copied().or_else(|| longest(&|version| version.fixed)).or_else(|| longest(&is_head));
    let Some(head) = head.or_else(|| longest(&|_| true)) else { return Ok(Vec::new()) };
    let newest = group.iter().rfind(|version| is_head(version) && version.fits()).map(|version| version.id);
    let stays = |version: &Version| version.fixed || version.follows || is_head(version) || firm.contains(&version.id);
    let others: Vec<Id> =
        group.iter().filter(|version| version.id != head && !stays(version)).map(|version| version.id).collect();
    let heads: Vec<Id> = [head].into_iter().chain(newest.filter(|newest| *newest != head)).collect();
    let chosen = contents.and_then(|contents| renewed(&others, &heads, contents));
    Ok(chosen.unwrap_or_else(|| others.into_iter().map(|id| (id, head)).collect()))
}

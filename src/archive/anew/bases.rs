//! Which of several versions the others are packed against.

use super::survey::Source;
use crate::archive::Result;
use crate::archive::codec::DELTA_BYTES_MAX;
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
    /// Packed against a version of an earlier segment.
    base: Option<Id>,
}

impl Version {
    pub fn of(source: &Source) -> Self {
        Self {
            id: source.header.id,
            raw: source.header.raw,
            settled: source.sealed && source.base.is_none(),
            follows: source.sealed && source.base.is_some(),
            base: source.base,
        }
    }
}

/// Gives each version but one the one it is packed against: the longest, for threads grow and the longest says most of
/// what the others say. One that others elsewhere are packed against stays whole; so does what an earlier sealing
/// chose.
pub(super) fn choose(group: &[Version], pinned: &dyn Fn(Id) -> Result<bool>) -> Result<Vec<(Id, Id)>> {
    let mut firm = Vec::new();
    for version in group {
        if pinned(version.id)? {
            firm.push(version.id);
        }
    }
    let fits = |version: &&Version| (version.raw as usize) * 2 <= DELTA_BYTES_MAX;
    let settled = group.iter().filter(|version| version.settled && group.iter().any(|v| v.base == Some(version.id)));
    let head = firm
        .first()
        .copied()
        .or_else(|| settled.filter(fits).max_by_key(|version| version.raw).map(|version| version.id))
        .or_else(|| group.iter().filter(fits).max_by_key(|version| version.raw).map(|version| version.id));
    let Some(head) = head else { return Ok(Vec::new()) };
    let others = group.iter().filter(|version| version.id != head && !firm.contains(&version.id) && !version.follows);
    Ok(others.map(|version| (version.id, head)).collect())
}

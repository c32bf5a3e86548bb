//! What was committed since a plan was made: a plan is carried out as it is only where none of that has to do with it.

use std::collections::{HashMap, HashSet};

use super::{Removal, aside, named};
use crate::archive::anew::Writing;
use crate::archive::folder::{Seg, Store};
use crate::archive::index::{Index, key};
use crate::archive::{Archive, Result};
use crate::capture::Capture;

/// How much of the archive a plan has seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    segments: Vec<(Store, Seg, u64)>,
    last: i64,
    /// What lay in `quarantine/`: a writer may have set more aside.
    aside: Vec<String>,
}

impl Seen {
    pub fn of(archive: &Archive) -> Result<Self> {
        let index = archive.reader();
        // In this order: what is committed in between is looked at again.
        let segments = index.committed_segments()?;
        Ok(Self { segments, last: index.last()?, aside: aside::names(archive) })
    }

    /// Whether what goes is still what the plan says: no segment was written anew or set aside, so that places and numbers are as they
    /// were, and no capture that came since names or repeats any of it, or is meant itself.
    pub fn fits(
        &self,
        archive: &Archive,
        removal: &Removal,
        is_meant: &dyn Fn(&Capture) -> Result<bool>,
    ) -> Result<bool> {
        if !self.stands(archive)? {
            return Ok(false);
        }
        let keys: HashSet<i64> = removal.captures.iter().map(|id| key(*id)).collect();
        let mut fits = true;
        archive.each_kept_after(self.last, &mut |kept| {
            let names = named(&kept.capture).any(|blob| removal.blobs.contains(&blob));
            let base = kept.base.map_or(Ok(None), |base| archive.reader().key_of(base))?;
            let repeats = base.is_some_and(|base| keys.contains(&base));
            fits = fits && !names && !repeats && !is_meant(&kept.capture)?;
            Ok(())
        })?;
        Ok(fits)
    }

    fn stands(&self, archive: &Archive) -> Result<bool> {
        let now = archive.reader().committed_segments()?;
        let now: HashMap<(Store, Seg), u64> = now.into_iter().map(|(store, seg, end)| ((store, seg), end)).collect();
        let is_there = |(store, seg, end): &(Store, Seg, u64)| now.get(&(*store, *seg)).is_some_and(|now| now >= end);
        Ok(self.segments.iter().all(is_there) && aside::names(archive) == self.aside)
    }
}

/// Takes the writer's lock with a plan that fits. One that does not is made again, where possible before the lock is taken:
/// planning reads all captures, and only what comes at that very time makes it read them with the lock held. The caller
/// holds the lock for care, so that nobody else writes segments anew.
pub(super) fn settled<'a, P>(
    archive: &'a Archive,
    mut plan: P,
    fits: &dyn Fn(&P) -> Result<bool>,
    again: &dyn Fn(&P) -> Result<P>,
) -> Result<(P, Writing<'a>)> {
    if !fits(&plan)? {
        plan = again(&plan)?;
    }
    let writing = archive.writing()?;
    if !fits(&plan)? {
        plan = again(&plan)?;
    }
    Ok((plan, writing))
}

impl Index {
    /// The first bytes of the id of the capture of that number.
    fn key_of(&self, n: i64) -> Result<Option<i64>> {
        self.query(|connection| {
            let mut statement = connection.prepare_cached("SELECT key FROM captures WHERE n = ?1")?;
            statement.query_map([n], |row| row.get(0))?.next().transpose()
        })
    }
}

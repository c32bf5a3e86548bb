//! Recovery data: beside a sealed segment lies a file from which so many percent of its blocks can be made again, wherever in
//! it they are damaged.
//!
//! It never outlives its segment: whoever removes or replaces one removes this file first, for of what was erased it would hold
//! a part. Other programs need none of it.

mod cover;
mod layout;
mod look;
mod mend;
mod owed;
mod share;
#[cfg(test)]
mod tests;

pub use share::Parity;

pub(super) use cover::looks_right;
pub(super) use look::{State, belongs};

use super::folder::{Folder, Seg, Store};
use super::{Archive, ArchiveError, Result};

/// What is written again where neither the configuration nor a damaged file says how much of it there was.
const SHARE_AGAIN: Parity = Parity::of(5);

/// Removes the recovery data of a segment that goes, for good before that one does.
pub(super) fn remove(folder: &Folder, store: Store, seg: Seg) -> Result<()> {
    let path = folder.parity(store, seg);
    // Where that cannot be told, it may be.
    if !path.try_exists().unwrap_or(true) {
        return Ok(());
    }
    folder.disk.remove(&path)?;
    folder.disk.sync_folder(&folder.path.join(store.name()))
}

/// Removes what a killed process, or the loss of a segment, left without one.
pub(super) fn remove_lone(folder: &Folder) -> Result<()> {
    for store in Store::ALL {
        for seg in folder
            .all_parities(store)?
            .into_iter()
            .filter(|seg| !folder.segment(store, *seg).try_exists().unwrap_or(true))
        {
            remove(folder, store, seg)?;
        }
    }
    Ok(())
}

/// Removes what is not of the segment it lies beside, or cannot be told to be: it may be of one whose text was erased. Beside a
/// damaged segment it stays, for a repair.
pub(super) fn remove_foreign(archive: &Archive) -> Result<()> {
    let folder = &archive.segments.folder;
    for store in Store::ALL {
        for seg in folder.all_parities(store)? {
            if let State::Foreign | State::Unreadable = State::of(&archive.segments, store, seg, 0)? {
                archive.owe((store, seg))?;
                remove(folder, store, seg)?;
            }
        }
    }
    Ok(())
}

/// What was written of recovery data: files and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Covered {
    pub files: u64,
    pub bytes: u64,
}

impl Archive {
    /// Notes, before it goes, how much recovery data a segment has: so much is to be written of it again. Of what cannot be
    /// read it is a share of its own.
    pub(super) fn owe(&self, (store, seg): (Store, Seg)) -> Result<()> {
        let folder = &self.segments.folder;
        if !folder.parity(store, seg).exists() {
            return Ok(());
        }
        owed::add(folder, (store, seg), cover::share_of(folder, store, seg).unwrap_or(SHARE_AGAIN))
    }

    /// The segments without recovery data as it is to be, with the end of what is committed there, and its share.
    pub(super) fn uncovered(&self) -> Result<Vec<(Store, Seg, u64, Parity)>> {
        let folder = &self.segments.folder;
        let owed = owed::read(folder)?;
        if self.options.parity == Parity::OFF && owed.is_empty() {
            return Ok(Vec::new());
        }
        let mut uncovered = Vec::new();
        for (store, seg, end, sealed) in self.reader().sealed_segments()? {
            let owed = owed.get(&(store, seg.number)).copied();
            let share = self.share_due(owed);
            // What was committed since is covered once it is sealed itself.
            let is_due = share != Parity::OFF && (sealed > 0 || owed.is_some());
            if is_due && folder.segment(store, seg).exists() && !cover::fits(folder, store, seg, sealed, share) {
                uncovered.push((store, seg, end, share));
            }
        }
        Ok(uncovered)
    }

    /// How much a segment is to have of it that so much is owed.
    fn share_due(&self, owed: Option<Parity>) -> Parity {
        let parity = self.options.parity;
        if parity == Parity::OFF { owed.unwrap_or(parity) } else { parity }
    }

    /// Whether anything is noted as to be written again.
    pub(super) fn owes(&self) -> Result<bool> {
        Ok(!owed::read(&self.segments.folder)?.is_empty())
    }

    /// Takes from the note what is there by now and what has no segment any more. What cannot be seen stays. The lock for care
    /// is held.
    fn settle(&self) -> Result<()> {
        let folder = &self.segments.folder;
        if !self.owes()? {
            return Ok(());
        }
        let known = self.reader().sealed_segments()?;
        let counting = [folder.segments(Store::Raw)?, folder.segments(Store::Segments)?];
        owed::settle(folder, |store, number, owed| {
            let of_store = &counting[usize::from(store == Store::Segments)];
            let Some(seg) = of_store.iter().copied().find(|seg| seg.number == number) else { return false };
            let sealed = known.iter().find(|(of, at, ..)| (*of, *at) == (store, seg)).map(|(.., sealed)| *sealed);
            let is_there = |sealed| cover::fits(folder, store, seg, sealed, self.share_due(Some(owed)));
            !sealed.is_some_and(is_there)
        })
    }

    /// Writes the recovery data that segments have none of and are to have. The lock for care is held. One that cannot be
    /// covered, such as a damaged one, keeps none of the others from it.
    pub(super) fn cover(&self) -> Result<Covered> {
        let (covered, failed) = self.cover_each()?;
        self.settle()?;
        failed.into_iter().next().map_or(Ok(covered), |(_, error)| Err(error))
    }

    /// The same; of those that could not be covered it returns why.
    fn cover_each(&self) -> Result<(Covered, Vec<Uncovered>)> {
        let (mut covered, mut failed) = (Covered::default(), Vec::new());
        for (store, seg, end, share) in self.uncovered()? {
            match cover::cover(&self.segments, store, seg, end, share) {
                Ok(bytes) => covered = Covered { files: covered.files + 1, bytes: covered.bytes + bytes },
                Err(error) => failed.push(((store, seg, share), error)),
            }
        }
        Ok((covered, failed))
    }

    /// The same after something else was done, which is done all the same. Returns what is left without, a line each.
    pub(super) fn cover_if_possible(&self) -> Vec<String> {
        let told = |((store, seg, share), error): &Uncovered| {
            let file = self.segments.folder.segment_name(*store, *seg);
            format!("`{file}` is without recovery data: {error}; `gleaner seal --parity {share}` writes it")
        };
        let mut left: Vec<String> = match self.cover_each() {
            Ok((_, failed)) => failed.iter().map(told).collect(),
            Err(error) => return vec![format!("recovery data was not written: {error}")],
        };
        if let Err(error) = self.settle() {
            left.push(format!(
                "what is there of recovery data is still noted as missing: {error}; `gleaner seal` looks again"
            ));
        }
        left
    }
}

/// A segment that could not be covered, its share, and why.
type Uncovered = ((Store, Seg, Parity), ArchiveError);

/// What recovery data mended, and what is to be said and done of it.
#[derive(Default)]
pub(super) struct Mended {
    /// Segments that are as they were again.
    pub files: Vec<String>,
    pub problems: Vec<String>,
    /// Recovery data that is damaged or foreign.
    renew: Vec<(Store, Seg, Parity)>,
}

impl Archive {
    /// Makes damaged segments from their recovery data what they were, with `known` as the ends that the index knew. The locks for
    /// care and of the writer are held. What was damaged lies in `quarantine/` then.
    pub(super) fn mend(&self, known: &[(Store, Seg, u64, u64)]) -> Result<Mended> {
        let (folder, mut mended) = (&self.segments.folder, Mended::default());
        for store in Store::ALL {
            for seg in folder.all_parities(store)? {
                let end = known.iter().find(|(s, g, ..)| (*s, *g) == (store, seg)).map_or(0, |(_, _, end, _)| *end);
                self.mend_one((store, seg, end), &mut mended)?;
            }
        }
        Ok(mended)
    }

    fn mend_one(&self, (store, seg, end): (Store, Seg, u64), mended: &mut Mended) -> Result<()> {
        let folder = &self.segments.folder;
        let mut state = State::of(&self.segments, store, seg, end)?;
        mended.problems.extend(state.told(folder, store, seg).map(|(what, _)| what));
        if let State::Mendable { .. } = &state
            && mend::mend(&self.segments, store, seg)?
        {
            mended.files.push(folder.segment_name(store, seg));
            // Whether its checksums are damaged too can be told now.
            state = State::of(&self.segments, store, seg, end)?;
        }
        let share = cover::share_of(folder, store, seg);
        let share = if self.options.parity == Parity::OFF { share.unwrap_or(SHARE_AGAIN) } else { self.options.parity };
        if let State::Foreign | State::Unreadable | State::Worn = state {
            mended.renew.push((store, seg, share));
        }
        Ok(())
    }

    /// Makes anew what was damaged or foreign, where its segment is there still, and what else is to be there. Returns what is
    /// left without, a line each.
    pub(super) fn renew(&self, mended: &Mended) -> Result<Vec<String>> {
        for &(store, seg, share) in &mended.renew {
            match self.reader().end_of(store, seg)? {
                Some((end, _)) if self.segments.folder.segment(store, seg).exists() => {
                    cover::cover(&self.segments, store, seg, end, share).map(drop)?;
                }
                _ => {}
            }
        }
        Ok(self.cover_if_possible())
    }
}

impl State {
    /// What is wrong, where something is, and what is to be done.
    pub fn told(&self, folder: &Folder, store: Store, seg: Seg) -> Option<(String, &'static str)> {
        let (file, parity) = (folder.segment_name(store, seg), folder.parity_name(store, seg));
        let anew = "nothing is lost with it; run `gleaner repair`, which makes it anew";
        let what = match self {
            Self::None | Self::Whole => return None,
            Self::Unreadable | Self::Worn => (format!("`{parity}`, the recovery data of `{file}`, is damaged"), anew),
            Self::Foreign => (format!("`{parity}` is recovery data of another file than `{file}`"), anew),
            Self::Mendable { bad, of } => (
                format!("`{file}`: {bad} of {of} blocks are damaged, and can be mended from `{parity}`"),
                "run `gleaner repair`",
            ),
            Self::Beyond { bad, of } => (
                format!("`{file}`: {bad} of {of} blocks are damaged, more than can be mended from `{parity}`"),
                "restore this file from a backup",
            ),
        };
        Some(what)
    }
}

/// An error of the library: with counts and sizes that a layout was asked for, there is none.
fn coding(error: reed_solomon_simd::Error, path: &std::path::Path) -> ArchiveError {
    ArchiveError::io(path, "reckon with", std::io::Error::other(error.to_string()))
}

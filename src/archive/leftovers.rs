//! Files that a segment written anew, or a lost one, left behind.

use super::Result;
use super::folder::{Folder, Store};
use super::segments::Segments;

/// Older generations of segments that were written anew: the process was killed before it removed them.
pub(super) fn remove_leftovers(segments: &Segments) -> Result<()> {
    for store in Store::ALL {
        let newest = segments.folder.segments(store)?;
        for seg in segments.folder.all_segments(store)? {
            if newest.binary_search(&seg).is_err() {
                segments.folder.disk.remove(&segments.folder.segment(store, seg))?;
            }
        }
    }
    let raw = segments.folder.segments(Store::Raw)?;
    for seg in segments.folder.all_warcs()? {
        // One whose segment is lost stays: it may be all that is left of its pages.
        if raw.iter().any(|there| there.number == seg.number && there.generation != seg.generation) {
            segments.folder.disk.remove(&segments.folder.warc(seg))?;
        }
    }
    Ok(())
}

/// Before a lost segment's number is used again: its WARC files hold whole pages.
pub(super) fn set_warcs_aside(folder: &Folder, number: u32) -> Result<()> {
    for seg in folder.all_warcs()?.into_iter().filter(|seg| seg.number == number) {
        let name = |n: u32| format!("{}-{number:08}-{}-{n}.warc.gz", Store::Raw.name(), seg.generation);
        let mut free = (1..).map(|n| folder.quarantine().join(name(n))).filter(|path| !path.exists());
        folder.disk.create_folder(&folder.quarantine())?;
        folder.disk.rename(&folder.warc(seg), &free.next().expect("no folder holds all numbers"))?;
    }
    Ok(())
}

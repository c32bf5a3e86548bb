//! Sealing: what came in is packed as well as it can be, at leisure.

use serde::Serialize;

use super::anew::Change;
use super::folder::{Seg, Store};
use super::{Archive, Result};

/// A segment that is written to meanwhile is tried again, the second time with the writer's lock held.
const TRIES: usize = 2;

/// What `seal` did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SealReport {
    pub segments: u64,
    pub texts: u64,
    pub bytes_before: u64,
    pub bytes_after: u64,
    /// Segments that have recovery data since then, these and those sealed before, and the bytes of it.
    pub covered: u64,
    pub parity_bytes: u64,
}

pub(super) fn seal(archive: &Archive, due_alone: bool) -> Result<SealReport> {
    let mut report = SealReport::default();
    // Looked at before a lock is taken: mostly there is nothing to do. What is noted as missing may be there by now.
    if due(archive, due_alone)?.is_empty() && archive.uncovered()?.is_empty() && !archive.owes()? {
        return Ok(report);
    }
    let _care = archive.care()?;
    for segment in due(archive, due_alone)? {
        let change = Change { pack: true, ..Change::default() };
        for attempt in 1..=TRIES {
            let mut held = if attempt < TRIES { None } else { Some(archive.writing()?) };
            if let Some(done) = archive.write_anew(segment, &change, held.as_mut())? {
                report.segments += 1;
                report.texts += done.texts;
                report.bytes_before += done.before;
                report.bytes_after += done.after;
                break;
            }
        }
    }
    archive.tidy_dicts()?;
    // Last, for it is of whole and durable segments only.
    let covered = archive.cover()?;
    (report.covered, report.parity_bytes) = (covered.files, covered.bytes);
    Ok(report)
}

/// The segments with something that is not sealed; those that are due by themselves are full, or have enough of it.
fn due(archive: &Archive, due_alone: bool) -> Result<Vec<(Store, Seg)>> {
    let options = &archive.options;
    let due = |(_, _, end, sealed): &(Store, Seg, u64, u64)| {
        let full = *sealed == 0 && *end >= options.segment_bytes_max;
        let much = end - sealed >= options.seal_bytes.max(1);
        sealed < end && (!due_alone || (options.seal_bytes > 0 && (full || much)))
    };
    let index = archive.reader();
    let mut segments = index.sealed_segments()?;
    segments.retain(due);
    // WARC files are as others read them: nothing there is packed better.
    let has_warc =
        |(store, seg, ..): &(Store, Seg, u64, u64)| *store == Store::Raw && archive.segments.folder.warc(*seg).exists();
    if segments.iter().any(has_warc) {
        let packed = index.unsealed_raw()?;
        segments.retain(|segment| !has_warc(segment) || packed.contains(&segment.1));
    }
    Ok(segments.iter().map(|(store, seg, ..)| (*store, *seg)).collect())
}

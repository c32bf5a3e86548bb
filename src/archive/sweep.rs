//! The fault sweep: each step of an append fails once, and nothing acknowledged may be lost.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::faults::{Fault, Faults};
use super::{Archive, Disk, Entry, Filter, Folder, Options, Raw};
use crate::capture::{Capture, Outcome};
use crate::page::Timestamp;

/// More steps than appending a few small batches takes.
const STEPS_MAX: usize = 200;

/// In memory where there is such a folder: the sweep opens hundreds of archives.
pub(super) fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn entry(n: i64) -> Entry {
    let json = serde_json::json!({
        "url": format!("https://a.example/{n}"),
        "fetched_at": Timestamp::new(1_767_225_600 + n, 0).unwrap(),
        "outcome": Outcome::Ok,
    });
    let capture: Capture = serde_json::from_value(json).unwrap();
    let text = format!("Text number {n}.");
    Entry { capture, raw: Some(format!("<p>{text}").into_bytes()), text: Some(text), records: None }
}

pub(super) fn captures(archive: &Archive) -> Vec<Capture> {
    let mut captures = Vec::new();
    let visit = &mut |capture| {
        captures.push(capture);
        ControlFlow::Continue(())
    };
    archive.captures(&Filter::default(), visit).unwrap();
    captures
}

fn open_on(folder: &Path, faults: &Arc<Faults>, raw: Raw) -> Archive {
    let disk = Disk { faults: Some(Arc::clone(faults)) };
    // Small segments, so that the sweep meets the beginning of new ones.
    let options = Options { segment_bytes_max: 1500, raw, ..Options::default() };
    Archive::open_folder(Folder::open(disk, folder).unwrap(), options).unwrap()
}

/// Appends while the step after `passing` ones fails; whether it came so far.
fn strike(fault: Fault, passing: usize, raw: Raw) -> bool {
    let folder = folder();
    let first = Archive::init(folder.path(), Options::default()).unwrap();
    let mut acknowledged = first.append(vec![entry(0), entry(1)]).unwrap();
    drop(first);
    let faults = Arc::new(Faults::new(fault));
    let archive = open_on(folder.path(), &faults, raw);
    faults.arm(passing);
    for n in [2, 4, 6, 8] {
        let kept = archive.append(vec![entry(n), entry(n + 1)]);
        acknowledged.extend(kept.into_iter().flatten());
    }
    let struck = faults.struck();
    drop(archive);
    let again = Archive::open(folder.path(), Options::default()).unwrap();
    let held = captures(&again);
    for capture in &acknowledged {
        assert!(held.contains(capture), "{fault:?} after {passing} steps: {} is lost", capture.url);
    }
    for capture in &held {
        let text = again.text(capture.text.unwrap()).unwrap();
        assert!(text.starts_with("Text number ") && capture.url.path()[1..] == text[12..text.len() - 1]);
        assert_eq!(again.raw(capture.raw.unwrap()).unwrap(), format!("<p>{text}").into_bytes());
    }
    again.append(vec![entry(20)]).unwrap();
    assert_eq!(again.check().unwrap().problems, [""; 0], "{fault:?} after {passing} steps");
    struck
}

fn sweep(fault: Fault) {
    for raw in [Raw::Keep, Raw::Warc] {
        let steps = (0..STEPS_MAX).take_while(|&passing| strike(fault, passing, raw)).count();
        assert!((20..STEPS_MAX).contains(&steps), "{raw:?}: {steps} steps were made to fail");
    }
}

#[test]
fn a_step_that_fails_once_loses_nothing_acknowledged() {
    sweep(Fault::Once);
}

#[test]
fn a_short_write_loses_nothing_acknowledged() {
    sweep(Fault::Short);
}

#[test]
fn a_disk_that_dies_at_a_step_loses_nothing_acknowledged() {
    sweep(Fault::Dead);
}

#[test]
fn after_a_failed_sync_nothing_more_is_written() {
    let folder = folder();
    drop(Archive::init(folder.path(), Options::default()).unwrap());
    let faults = Arc::new(Faults::new(Fault::Once));
    let archive = open_on(folder.path(), &faults, Raw::Warc);
    let mut stopped = false;
    for passing in 0..STEPS_MAX {
        faults.arm(passing);
        let failed = archive.append(vec![entry(passing as i64)]).is_err();
        faults.disarm();
        let refused = matches!(archive.append(vec![entry(500)]), Err(super::ArchiveError::Stopped(_)));
        assert!(failed || !refused);
        stopped |= refused;
        if stopped {
            break;
        }
    }
    assert!(stopped);
}

//! Segments that were cut and so lost their commit: a repair keeps what can be read of them, and what others keep by them.

use std::path::Path;

use gleaner::archive::{Archive, Options};
use gleaner::capture::{Capture, Id};
use gleaner::page::Timestamp;

use super::{all, delete_index, entry, folder, problems};

/// Each batch has a segment of its own.
fn small() -> Options {
    Options { segment_bytes_max: 1, seal_bytes: 0, ..Options::default() }
}

fn open(place: &Path) -> Archive {
    Archive::open(place, small()).expect("it opens")
}

fn article(n: usize) -> String {
    (0..40)
        .map(|part| format!("Part {part} of report {n} names the freighter {} and its cargo. ", n * 41 + part))
        .collect()
}

const PAGES: usize = 20;

/// Pages in a first segment; later versions, which are packed against these, and visits that found the same in a second.
fn of_two_segments(place: &Path, sealed: bool) -> Vec<Capture> {
    let archive = Archive::init(place, small()).unwrap();
    let page = |n: usize, later: i64, end: &str| {
        entry(&format!("https://a.example/{n}"), later + n as i64, &format!("{}{end}", article(n)))
    };
    archive.append((0..PAGES).map(|n| page(n, 0, "")).collect()).unwrap();
    if sealed {
        archive.seal(false).unwrap();
    }
    let end = |n: usize| if n % 4 == 3 { String::new() } else { format!("A correction of report {n}.") };
    archive.append((0..PAGES).map(|n| page(n, 1000, &end(n))).collect()).unwrap();
    if sealed {
        archive.seal(false).unwrap();
    }
    assert_eq!(problems(&archive), [""; 0]);
    all(&archive)
}

fn segment(place: &Path, store: &str, number: u32) -> std::path::PathBuf {
    let files = std::fs::read_dir(place.join(store)).unwrap().map(|file| file.unwrap().path());
    let is_it =
        |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(&format!("{number:08}."));
    files.filter(is_it).max().expect("it is there")
}

/// What captures name and can be read.
fn readable(archive: &Archive, captures: &[Capture]) -> Vec<(String, Timestamp, Option<Id>, Option<Id>)> {
    let of = |capture: &Capture| {
        let text = capture.text.filter(|id| archive.text(*id).is_ok());
        let raw = capture.raw.filter(|id| archive.raw(*id).is_ok());
        (capture.url.to_string(), capture.fetched_at, text, raw)
    };
    captures.iter().map(of).filter(|(.., text, raw)| text.is_some() || raw.is_some()).collect()
}

// A segment that is cut has lost its commit, and with it the index all that still can be read of it.
#[test]
fn a_repair_of_a_cut_segment_keeps_what_others_are_packed_against_it() {
    let cuts = [("segments", true), ("segments", false), ("raw", true), ("raw", false)];
    let mut later = 0;
    for ((store, sealed), percent) in cuts.into_iter().flat_map(|of| [40, 70, 90].map(|percent| (of, percent))) {
        let what = format!("{store}, sealed: {sealed}, {percent} %");
        let place = folder();
        let before = of_two_segments(place.path(), sealed);
        let path = segment(place.path(), store, 1);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() * percent / 100]).unwrap();
        let archive = open(place.path());
        let could = readable(&archive, &before);
        let at_later = |at: &Timestamp| before[PAGES..].iter().any(|kept| kept.fetched_at == *at);
        later += could.iter().filter(|(_, at, text, raw)| at_later(at) && text.is_some() && raw.is_some()).count();
        let report = archive.repair().unwrap();
        assert_eq!(problems(&archive), [""; 0], "{what}: {report:?}");
        let after = readable(&archive, &all(&archive));
        for (url, at, text, raw) in &could {
            let kept = after.iter().find(|kept| kept.0 == *url && kept.1 == *at);
            let (.., has_text, has_raw) = kept.unwrap_or_else(|| panic!("{what}: {url} at {at} went: {report:?}"));
            assert!(text.is_none() || text == has_text, "{what}: the text of {url} at {at} went: {report:?}");
            assert!(raw.is_none() || raw == has_raw, "{what}: the raw bytes of {url} at {at} went: {report:?}");
        }
        let again = archive.repair().unwrap();
        assert_eq!((again.segments.len(), again.lost.len()), (0, 0), "{what}: {again:?}");
        let rows = all(&archive);
        delete_index(place.path());
        assert_eq!(all(&open(place.path())), rows, "{what}");
    }
    assert!(later > 20, "{later}");
}

#[test]
fn a_later_version_whose_base_is_damaged_is_lost_and_told_as_before() {
    let place = folder();
    let before = of_two_segments(place.path(), false);
    let path = segment(place.path(), "segments", 1);
    let mut bytes = std::fs::read(&path).unwrap();
    // The payload of the first text, and the end.
    let first = (0..bytes.len()).find(|&at| bytes[at..].starts_with(b"\x8fGLN") && bytes[at + 5] == 4).unwrap();
    bytes[first + 70] ^= 0x10;
    bytes.truncate(bytes.len() * 8 / 10);
    std::fs::write(&path, &bytes).unwrap();
    let archive = open(place.path());
    let lost = before[PAGES].text.unwrap();
    assert!(archive.text(lost).is_err());
    let report = archive.repair().unwrap();
    assert!(report.lost.iter().any(|gone| gone.id == lost) || !report.lost_captures.is_empty(), "{report:?}");
    assert!(archive.text(lost).is_err());
    assert!(archive.text(before[PAGES + 1].text.unwrap()).is_ok());
    assert_eq!(problems(&archive), [""; 0], "{report:?}");
}

/// The second segment has its end cut off, which is nothing but the commit. Also returned: what there was before.
fn with_lost_commit(sealed: bool) -> (tempfile::TempDir, Vec<Capture>) {
    let place = folder();
    let before = of_two_segments(place.path(), sealed);
    let path = segment(place.path(), "segments", 2);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 20]).unwrap();
    (place, before)
}

#[test]
fn repeated_visits_behind_a_lost_commit_are_kept_where_what_they_repeat_is() {
    for sealed in [true, false] {
        let (place, before) = with_lost_commit(sealed);
        let archive = open(place.path());
        let report = archive.repair().unwrap();
        assert_eq!((all(&archive), problems(&archive)), (before.clone(), vec![]), "sealed: {sealed}: {report:?}");
        assert!(report.lost.is_empty() && report.lost_captures.is_empty(), "{report:?}");
        delete_index(place.path());
        assert_eq!(all(&open(place.path())), before);
    }
}

#[test]
fn repeated_visits_behind_a_lost_commit_are_lost_with_what_they_repeat() {
    for sealed in [true, false] {
        let (place, before) = with_lost_commit(sealed);
        std::fs::remove_file(segment(place.path(), "segments", 1)).unwrap();
        let archive = open(place.path());
        let report = archive.repair().unwrap();
        assert_eq!(problems(&archive), [""; 0], "sealed: {sealed}: {report:?}");
        let repeats = |n: usize| n % 4 == 3;
        for (n, visit) in before[PAGES..].iter().enumerate().filter(|(n, _)| repeats(*n)) {
            let is_visit = |kept: &Capture| kept.url == visit.url;
            assert!(!all(&archive).iter().any(is_visit), "sealed: {sealed}, {n}: {report:?}");
        }
        assert!(!report.lost_captures.is_empty(), "{report:?}");
    }
}

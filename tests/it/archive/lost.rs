//! Files that are gone, or older than the index: the rest is read, the loss is told.

use std::path::Path;

use gleaner::archive::{Archive, ArchiveError, CheckOptions, Depth, Options};

use super::{all, delete_index, entry, folder, problems};

/// Small segments, nothing sealed.
fn options() -> Options {
    Options { segment_bytes_max: 2000, seal_bytes: 0, seal_level: 3, seal_level_raw: 3, ..Options::default() }
}

fn filled(place: &Path) -> Archive {
    let archive = Archive::init(place, options()).unwrap();
    for n in 0..12 {
        let text = format!("Page {n}. {}", "Something is said here, at some length. ".repeat(n + 3));
        archive.append(vec![entry(&format!("https://n.example/{n}"), n as i64, &text)]).unwrap();
    }
    archive
}

fn newest(place: &Path, store: &str) -> std::path::PathBuf {
    let files = std::fs::read_dir(place.join(store)).unwrap().map(|file| file.unwrap().path());
    files.max().expect("there are some")
}

#[test]
fn a_lost_newest_segment_leaves_the_rest_to_be_read_and_repaired() {
    for store in ["segments", "raw"] {
        let place = folder();
        let before = all(&filled(place.path()));
        std::fs::remove_file(newest(place.path(), store)).unwrap();
        let archive = Archive::open(place.path(), options()).expect("it opens");
        assert_eq!(
            archive.text(before[0].text.unwrap()).unwrap(),
            "Page 0. Something is said here, at some length. Something is said here, at some length. Something is said here, at some length. "
        );
        for depth in [Depth::Full, Depth::Quick] {
            let found = archive.check_with(&CheckOptions { depth, ..CheckOptions::default() }).unwrap().problems;
            assert!(found[0].contains(store) && found[0].contains("repair"), "{found:?}");
        }
        let refused = archive.append(vec![entry("https://n.example/new", 99, "New.")]).unwrap_err();
        assert!(matches!(refused, ArchiveError::Damaged { .. }) && refused.exit_code() == 12, "{refused}");
        assert!(refused.to_string().contains("is missing"), "{refused}");
        let report = archive.repair().unwrap();
        assert!(!report.lost.is_empty() || !report.lost_captures.is_empty(), "{report:?}");
        assert_eq!(problems(&archive), [""; 0]);
        archive.append(vec![entry("https://n.example/new", 99, "New.")]).unwrap();
        assert_eq!(problems(&archive), [""; 0]);
    }
}

#[test]
fn a_lost_folder_is_damage_too() {
    let place = folder();
    let before = all(&filled(place.path()));
    std::fs::remove_dir_all(place.path().join("raw")).unwrap();
    let archive = Archive::open(place.path(), options()).expect("it opens");
    assert!(archive.text(before[0].text.unwrap()).is_ok());
    assert!(problems(&archive).len() > 1);
    let report = archive.repair().unwrap();
    assert_eq!((report.captures, report.lost.len()), (12, 12), "{report:?}");
    archive.append(vec![entry("https://n.example/new", 99, "New.")]).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn a_lost_segment_is_told_when_it_is_read() {
    let place = folder();
    let before = all(&filled(place.path()));
    std::fs::remove_file(place.path().join("segments/00000001.seg")).unwrap();
    let archive = Archive::open(place.path(), options()).expect("it opens");
    let told = archive.text(before[0].text.unwrap()).unwrap_err();
    assert!(matches!(told, ArchiveError::Damaged { .. }) && told.to_string().contains("is missing"), "{told}");
}

#[test]
fn older_segments_under_a_newer_index_are_damage() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    archive.append(vec![entry("https://n.example/1", 1, "The first text.")]).unwrap();
    let keep = |store: &str| std::fs::read(place.path().join(store).join("00000001.seg")).unwrap();
    let old = [keep("segments"), keep("raw")];
    archive.append(vec![entry("https://n.example/2", 2, "The second text.")]).unwrap();
    archive.seal(false).unwrap();
    drop(archive);
    for (store, bytes) in ["segments", "raw"].into_iter().zip(old) {
        std::fs::remove_file(place.path().join(store).join("00000001.2.seg")).unwrap();
        std::fs::write(place.path().join(store).join("00000001.seg"), bytes).unwrap();
    }
    let archive = Archive::open(place.path(), Options::default()).expect("it opens");
    assert!(!problems(&archive).is_empty(), "what was acknowledged is not there");
    assert!(archive.append(vec![entry("https://n.example/3", 3, "Another.")]).is_err());
    let report = archive.repair().unwrap();
    assert!(report.lost_captures.iter().any(|lost| lost.url == "https://n.example/2"), "{report:?}");
    assert_eq!((report.captures, all(&archive).len()), (1, 1));
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn a_repair_names_the_captures_that_are_lost() {
    for what in ["a segment", "a part of one"] {
        let place = folder();
        let before = all(&filled(place.path()));
        let path = place.path().join("segments/00000002.seg");
        if what == "a segment" {
            std::fs::remove_file(&path).unwrap();
        } else {
            let mut bytes = std::fs::read(&path).unwrap();
            let half = bytes.len() / 2;
            bytes[half..].fill(0);
            std::fs::write(&path, bytes).unwrap();
        }
        let archive = Archive::open(place.path(), options()).expect("it opens");
        let told = problems(&archive);
        assert!(told.iter().any(|line| line.contains("capture") && line.contains("lost")), "{told:?}");
        let report = archive.repair().unwrap();
        let after = all(&archive);
        let lost: Vec<&str> = report.lost_captures.iter().map(|lost| lost.url.as_str()).collect();
        let gone: Vec<&str> =
            before.iter().filter(|was| after.iter().all(|is| is.url != was.url)).map(|was| was.url.as_str()).collect();
        assert!(!gone.is_empty() && lost == gone, "{what}: {lost:?} of {gone:?}");
        assert_eq!(report.captures as usize, after.len());
        assert_eq!(problems(&archive), [""; 0]);
    }
}

/// Without an index nobody knows what stood in a place that cannot be read: the loss is told all the same.
#[test]
fn a_repair_without_an_index_says_that_captures_may_be_lost() {
    let damaged = |kind: u8, place_in: usize, with_index: bool| {
        let place = folder();
        drop(filled(place.path()));
        let path = place.path().join("segments/00000001.seg");
        let mut bytes = std::fs::read(&path).unwrap();
        let at = record(&bytes, kind);
        bytes[at + place_in] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        if !with_index {
            delete_index(place.path());
        }
        let archive = Archive::open(place.path(), options()).expect("it opens");
        let report = archive.repair().unwrap();
        assert_eq!(problems(&archive), [""; 0]);
        report
    };
    // Kinds as `archive/FORMAT.md` has them; 60 is in what the record holds, 20 in its header.
    let (text, capture, commit) = (4, 8, 2);
    for place_in in [60, 20] {
        let report = damaged(capture, place_in, false);
        assert!(report.left.len() == 1 && report.left[0].contains("in 1 place that"), "{place_in}: {report:?}");
        let report = damaged(capture, place_in, true);
        assert!(report.left.is_empty() && report.rescued + report.lost_captures.len() as u64 == 1, "{report:?}");
    }
    let report = damaged(text, 60, false);
    assert!(report.left.is_empty() && report.lost.len() == 1, "the text of a known capture: {report:?}");
    let report = damaged(commit, 52, false);
    assert!(report.left.is_empty(), "no capture: {report:?}");
}

/// Where the first record of a kind begins.
fn record(bytes: &[u8], kind: u8) -> usize {
    let mut at = 0;
    while bytes[at + 5] != kind {
        at += u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize + 56;
    }
    at
}

//! Every byte of small sealed segments, one by one.

use super::*;
use crate::archive::sweep::folder;
use crate::archive::{Entry, Options};

fn sealed(place: &std::path::Path) -> Archive {
    let options = Options { parity: Parity::of(5), seal_level: 3, seal_level_raw: 3, ..Options::default() };
    let archive = Archive::init(place, options).unwrap();
    let entry = |n: u32| {
        let url = format!("https://a.example/{n}");
        let json = serde_json::json!({ "url": url, "fetched_at": "2026-01-01T00:00:00Z", "outcome": "ok" });
        let text = format!("Ferry number {n} crosses at noon.");
        let raw = Some(format!("<p>{text}").into_bytes());
        Entry { capture: serde_json::from_value(json).unwrap(), text: Some(text), records: None, raw }
    };
    archive.append((0..4).map(entry).collect()).unwrap();
    assert_eq!(archive.seal(false).unwrap().covered, 2);
    archive
}

fn ends(archive: &Archive) -> Vec<(Store, Seg, u64, u64)> {
    archive.reader().sealed_segments().unwrap()
}

#[test]
fn every_flipped_byte_of_a_segment_is_mended_byte_for_byte() {
    let place = folder();
    let archive = sealed(place.path());
    for (store, seg, end, _) in ends(&archive) {
        let path = archive.segments.folder.segment(store, seg);
        let whole = std::fs::read(&path).unwrap();
        assert_eq!(whole.len() as u64, end);
        for n in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[n] ^= 1 << (n % 8);
            std::fs::write(&path, &flipped).unwrap();
            let mended = archive.mend(&ends(&archive)).unwrap();
            assert_eq!(mended.files, [archive.segments.folder.segment_name(store, seg)], "byte {n}");
            assert!(mended.renew.is_empty());
            assert!(std::fs::read(&path).unwrap() == whole, "byte {n}");
            let aside = archive.segments.folder.quarantine().join(Folder::aside_name(store, seg, &flipped));
            assert!(std::fs::read(aside).unwrap() == flipped, "what was damaged is kept");
        }
    }
}

#[test]
fn every_flipped_byte_of_recovery_data_is_told_and_made_anew() {
    let place = folder();
    let archive = sealed(place.path());
    for (store, seg, ..) in ends(&archive) {
        let path = archive.segments.folder.parity(store, seg);
        let whole = std::fs::read(&path).unwrap();
        for n in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[n] ^= 1 << (n % 8);
            std::fs::write(&path, &flipped).unwrap();
            let mended = archive.mend(&ends(&archive)).unwrap();
            assert_eq!((mended.files.len(), mended.problems.len()), (0, 1), "byte {n}: {:?}", mended.problems);
            archive.renew(&mended).unwrap();
            assert!(std::fs::read(&path).unwrap() == whole, "byte {n}");
        }
    }
}

/// What was written once must be read by every later version: another code would make it worthless.
#[test]
fn the_code_is_that_of_the_format() {
    let block = |n: u8| (0..=63).map(|k: u8| k.wrapping_mul(n).wrapping_add(n)).collect::<Vec<u8>>();
    let hash = |count: u8, recovery: usize| {
        let blocks = reed_solomon_simd::encode(count.into(), recovery, (0..count).map(block)).unwrap();
        crate::capture::Id::of(&blocks.concat()).short()
    };
    assert_eq!([hash(200, 11), hash(7, 2), hash(3, 3), hash(1, 2)], ["557e442f", "5632bd15", "c0ecafa7", "38723a2e"]);
}

/// Each is left without for a reason of its own.
#[test]
fn what_cannot_be_covered_is_told_with_its_own_reason() {
    let place = folder();
    let archive = sealed(place.path());
    for (store, seg, ..) in ends(&archive) {
        let folder = &archive.segments.folder;
        std::fs::remove_file(folder.parity(store, seg)).unwrap();
        if store == Store::Raw {
            let mut damaged = std::fs::read(folder.segment(store, seg)).unwrap();
            let last = damaged.len() - 1;
            damaged[last] ^= 1;
            std::fs::write(folder.segment(store, seg), damaged).unwrap();
        } else {
            std::fs::create_dir(folder.parity(store, seg)).unwrap();
        }
    }
    let told = archive.cover_if_possible();
    let of = |name: &str| told.iter().find(|line| line.starts_with(&format!("`{name}/"))).unwrap();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(of("raw").contains("is damaged") && !of("segments").contains("is damaged"), "{told:?}");
    assert!(of("segments").contains(".parity"), "{told:?}");
}

/// The store and number of each segment, as they are noted.
fn noted(archive: &Archive) -> Vec<(Store, u32)> {
    owed::read(&archive.segments.folder).unwrap().into_keys().collect()
}

/// Whoever does not see a segment, or sees it bare, does not strike it off.
#[test]
fn only_what_is_there_again_or_has_no_segment_is_owed_no_more() {
    let place = folder();
    let archive = sealed(place.path());
    let folder = &archive.segments.folder;
    let [(raw, first, ..), (texts, second, ..)] = ends(&archive)[..] else { panic!("{:?}", ends(&archive)) };
    let lost = Seg { number: 77, ..second };
    for (store, seg) in [(raw, first), (texts, second), (texts, lost)] {
        owed::add(folder, (store, seg), Parity::of(5)).unwrap();
    }
    std::fs::remove_file(folder.parity(texts, second)).unwrap();
    archive.settle().unwrap();
    assert_eq!(noted(&archive), [(texts, second.number)], "which is bare");
    // A later generation that the index has not met yet.
    let later = Seg { generation: second.generation + 1, ..second };
    std::fs::rename(folder.segment(texts, second), folder.segment(texts, later)).unwrap();
    archive.cover_if_possible();
    assert_eq!(noted(&archive), [(texts, second.number)], "which cannot be seen");
    std::fs::rename(folder.segment(texts, later), folder.segment(texts, second)).unwrap();
    assert_eq!(archive.cover().unwrap().files, 1);
    assert_eq!(noted(&archive), []);
}

/// Killed when all was written and the note was not, the next sealing takes it away though it has nothing else to do.
#[test]
fn what_is_there_is_owed_no_more_after_the_next_sealing() {
    let place = folder();
    let archive = sealed(place.path());
    let (store, seg, ..) = ends(&archive)[0];
    owed::add(&archive.segments.folder, (store, seg), Parity::of(5)).unwrap();
    assert_eq!(archive.seal(false).unwrap().segments, 0);
    assert_eq!(noted(&archive), []);
}

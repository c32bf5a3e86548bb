//! Bit rot: every byte flipped and every truncation is noticed, and no text is ever wrong.

use std::path::{Path, PathBuf};

use gleaner::archive::{Archive, ArchiveError, CheckOptions, Depth, Filter, Options};
use gleaner::capture::{Capture, Outcome};

use super::{delete_index, dump_index, entry, failure, folder, open, problems};

const A: &str = "https://a.example/one";

/// A small archive of three batches, with every kind of record.
fn sample() -> (tempfile::TempDir, Vec<Capture>) {
    let folder = folder();
    let archive = Archive::init(folder.path(), Options::default()).unwrap();
    let mut kept = archive.append(vec![entry(A, 1, "A text that is here to stay.")]).unwrap();
    kept.extend(archive.append(vec![entry(A, 2, "A text that is here to stay.")]).unwrap());
    kept.extend(archive.append(vec![failure("https://b.example/", 3, Outcome::Dns), entry(A, 4, "Another.")]).unwrap());
    assert_eq!(archive.check().unwrap().problems, [""; 0]);
    (folder, kept)
}

fn files() -> [&'static str; 3] {
    ["segments/00000001.seg", "raw/00000001.seg", "FORMAT"]
}

/// Opens and reads all that can be read: what comes must be right. Whether anything was found wrong on the way.
fn read_damaged(folder: &Path, kept: &[Capture]) -> bool {
    let archive = match Archive::open(folder, Options::default()) {
        Ok(archive) => archive,
        Err(error) => {
            assert_eq!(error.exit_code(), 12, "{error}");
            return true;
        }
    };
    let mut right = |capture: Capture| {
        assert!(kept.contains(&capture), "never written: {capture:?}");
        std::ops::ControlFlow::Continue(())
    };
    let _ = archive.captures(&Filter::default(), &mut right);
    for capture in kept {
        if let Some(id) = capture.text {
            let text = archive.text(id);
            let expected = ["A text that is here to stay.", "Another."];
            assert!(text.is_err() || expected.contains(&text.as_ref().unwrap().as_str()), "{text:?}");
        }
        if let Some(id) = capture.raw {
            assert!(archive.raw(id).map_or(true, |raw| raw.starts_with(b"<html><body><nav>Home</nav><p>A")));
        }
        if let Some(id) = capture.records {
            assert!(archive.records(id).map_or(true, |records| records.posts.len() == 1));
        }
    }
    !problems(&archive).is_empty()
}

/// Calls with each variant of a file's bytes in place.
fn with_each(path: &Path, variants: impl Iterator<Item = Vec<u8>>, mut check: impl FnMut(usize)) {
    let whole = std::fs::read(path).unwrap();
    for (n, variant) in variants.enumerate() {
        std::fs::write(path, variant).unwrap();
        check(n);
    }
    std::fs::write(path, whole).unwrap();
}

fn flips(path: &Path) -> impl Iterator<Item = Vec<u8>> + use<> {
    let whole = std::fs::read(path).unwrap();
    (0..whole.len()).map(move |n| {
        let mut flipped = whole.clone();
        flipped[n] ^= 1 << (n % 8);
        flipped
    })
}

fn cuts(path: &Path) -> impl Iterator<Item = Vec<u8>> + use<> {
    let whole = std::fs::read(path).unwrap();
    (0..whole.len()).map(move |n| whole[..n].to_vec())
}

#[test]
fn every_flipped_byte_is_noticed() {
    let (folder, kept) = sample();
    for name in files() {
        let path = folder.path().join(name);
        with_each(&path, flips(&path), |n| assert!(read_damaged(folder.path(), &kept), "{name}: byte {n} was flipped"));
    }
    assert_eq!(problems(&open(folder.path())), [""; 0], "reading has altered nothing");
}

#[test]
fn every_lost_end_is_noticed() {
    let (folder, kept) = sample();
    for name in files() {
        let path = folder.path().join(name);
        with_each(&path, cuts(&path), |n| assert!(read_damaged(folder.path(), &kept), "{name} was cut to {n} bytes"));
    }
    assert_eq!(problems(&open(folder.path())), [""; 0], "reading has altered nothing");
}

#[test]
fn nothing_wrong_is_read_when_the_index_is_lost_as_well() {
    let (folder, kept) = sample();
    for name in &files()[..2] {
        let path = folder.path().join(name);
        for variants in [flips(&path).step_by(7).collect::<Vec<_>>(), cuts(&path).step_by(7).collect()] {
            with_each(&path, variants.into_iter(), |_| {
                delete_index(folder.path());
                let _ = std::fs::remove_dir_all(folder.path().join("quarantine"));
                read_damaged(folder.path(), &kept);
            });
        }
    }
    delete_index(folder.path());
    let _ = std::fs::remove_dir_all(folder.path().join("quarantine"));
    assert_eq!(problems(&open(folder.path())), [""; 0]);
}

#[test]
fn damage_of_one_record_leaves_the_others_readable() {
    let (folder, kept) = sample();
    let path = folder.path().join("segments/00000001.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(9).position(|window| window == b"A text th").expect("a text too short to pack");
    bytes[at] ^= 4;
    std::fs::write(&path, bytes).unwrap();
    for _ in 0..2 {
        let archive = open(folder.path());
        let lost = archive.text(kept[0].text.unwrap()).unwrap_err();
        assert!(matches!(lost, ArchiveError::Damaged { .. } | ArchiveError::Missing { .. }), "{lost}");
        assert_eq!(archive.text(kept[3].text.unwrap()).unwrap(), "Another.");
        let found = problems(&archive);
        assert!(found[0].starts_with("`segments/00000001.seg` at byte "), "{found:?}");
        delete_index(folder.path());
    }
    // Fetched again, the text is written again and found.
    let archive = open(folder.path());
    archive.append(vec![entry(A, 9, "A text that is here to stay.")]).unwrap();
    assert_eq!(archive.text(kept[0].text.unwrap()).unwrap(), "A text that is here to stay.");
}

#[test]
fn a_segment_shorter_than_the_index_says_is_not_written_to() {
    let (folder, _) = sample();
    let path = folder.path().join("segments/00000001.seg");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    let refused = open(folder.path()).append(vec![entry(A, 9, "More.")]).unwrap_err();
    assert_eq!(refused.exit_code(), 12, "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), whole[..whole.len() - 1]);
}

#[test]
fn bytes_without_a_commit_are_no_damage_and_are_cut_by_the_next_writer() {
    let (folder, kept) = sample();
    let path = folder.path().join("segments/00000001.seg");
    let whole = std::fs::read(&path).unwrap();
    for tail in [&b"x"[..], &whole[..100], &[0; 5000]] {
        std::fs::write(&path, [&whole[..], tail].concat()).unwrap();
        let archive = open(folder.path());
        assert_eq!(problems(&archive), [""; 0]);
        assert_eq!(super::all(&archive), kept);
        drop(archive);
        std::fs::write(&path, &whole).unwrap();
    }
    std::fs::write(&path, [&whole[..], &whole[..100]].concat()).unwrap();
    let archive = open(folder.path());
    let more = archive.append(vec![entry(A, 9, "More.")]).unwrap();
    assert_eq!(super::all(&archive), [kept, more].concat());
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn a_rebuilt_index_sets_aside_what_no_commit_vouches_for() {
    let (folder, kept) = sample();
    let path = folder.path().join("segments/00000001.seg");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    delete_index(folder.path());
    let archive = open(folder.path());
    assert_eq!(super::all(&archive), kept[..2]);
    let aside: Vec<PathBuf> =
        std::fs::read_dir(folder.path().join("quarantine")).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(whole[..whole.len() - 1].ends_with(&std::fs::read(&aside[0]).unwrap()));
    assert!(problems(&archive)[0].contains("quarantine"));
}

#[test]
fn a_deleted_index_is_rebuilt_equal() {
    let (folder, kept) = sample();
    let before = dump_index(folder.path());
    delete_index(folder.path());
    assert_eq!(super::all(&open(folder.path())), kept);
    assert_eq!(dump_index(folder.path()), before);
    assert!(before.len() > 10);
}

#[test]
fn an_index_that_is_old_foreign_or_garbage_is_rebuilt() {
    let (folder, kept) = sample();
    let (other, _) = sample();
    let before = dump_index(folder.path());
    let path = folder.path().join("index.sqlite");
    let spoil = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let spoilt: [&dyn Fn(); 6] = [
        &|| spoil("PRAGMA user_version = 0"),
        &|| spoil("DROP TABLE archive"),
        &|| spoil("PRAGMA application_id = 7"),
        &|| std::fs::write(&path, b"").unwrap(),
        &|| std::fs::write(&path, "no database at all ".repeat(1000)).unwrap(),
        &|| assert!(std::fs::copy(other.path().join("index.sqlite"), &path).is_ok()),
    ];
    for spoil in spoilt {
        spoil();
        assert_eq!(super::all(&open(folder.path())), kept);
        assert_eq!(dump_index(folder.path()), before);
    }
}

#[test]
fn a_damaged_index_gives_no_wrong_text() {
    let (folder, kept) = sample();
    let path = folder.path().join("index.sqlite");
    let whole = std::fs::read(&path).unwrap();
    for n in (0..whole.len()).filter(|&n| whole[n] != 0).step_by(5) {
        let mut flipped = whole.clone();
        flipped[n] ^= 1 << (n % 8);
        delete_index(folder.path());
        std::fs::write(&path, flipped).unwrap();
        let Ok(archive) = Archive::open(folder.path(), Options::default()) else { continue };
        for id in kept.iter().filter_map(|capture| capture.text) {
            let text = archive.text(id);
            assert!(text.is_err() || gleaner::capture::Id::of(text.unwrap().as_bytes()) == id);
        }
        let _ = archive.captures(&Filter::default(), &mut |_| std::ops::ControlFlow::Continue(()));
        let _ = archive.check();
    }
}

/// By every check that reads all segments; one that reads some of them says nothing of it.
#[test]
fn what_the_index_alone_says_is_told_with_its_table() {
    let (folder, _) = sample();
    let index = rusqlite::Connection::open(folder.path().join("index.sqlite")).unwrap();
    let (full, sample) = (CheckOptions::default(), CheckOptions { depth: Depth::Sample(1), ..CheckOptions::default() });
    let since = CheckOptions { since: Some("2000-01-01T00:00:00Z".parse().unwrap()), ..CheckOptions::default() };
    let budget = CheckOptions { budget: Some(std::time::Duration::from_secs(3600)), ..CheckOptions::default() };
    for (table, change, back) in [
        ("captures", "UPDATE captures SET words = words + 1", "UPDATE captures SET words = words - 1"),
        ("urls", "UPDATE urls SET key = key + 1 WHERE n = 2", "UPDATE urls SET key = key - 1 WHERE n = 2"),
        ("hosts", "INSERT INTO hosts VALUES (NULL, 'x')", "DELETE FROM hosts WHERE host = 'x'"),
        ("blobs", "UPDATE blobs SET raw = raw + 1", "UPDATE blobs SET raw = raw - 1"),
        ("dropped", "INSERT INTO dropped VALUES (5, 4)", "DELETE FROM dropped"),
        ("segments", "UPDATE segments SET sealed = 1", "UPDATE segments SET sealed = 0"),
    ] {
        index.execute_batch(change).unwrap();
        let archive = open(folder.path());
        for options in [&full, &sample, &since] {
            let problems = archive.check_with(options).unwrap().problems;
            let is_it =
                |line: &String| line.contains(&format!("of `{table}` is not as the segments say; delete the index"));
            assert!(problems.len() == 1 && problems.iter().all(is_it), "{table}, {options:?}: {problems:?}");
        }
        assert_eq!(archive.check_with(&budget).unwrap().problems, [""; 0], "{table}");
        index.execute_batch(back).unwrap();
        for options in [&full, &sample, &since] {
            assert_eq!(archive.check_with(options).unwrap().problems, [""; 0], "{table}, {options:?}");
        }
    }
}

#[test]
fn hostile_lengths_take_no_memory() {
    let (folder, kept) = sample();
    let path = folder.path().join("segments/00000001.seg");
    let whole = std::fs::read(&path).unwrap();
    let record = |stored: u32, raw: u32| {
        let mut head = whole[..48].to_vec();
        head[5] = 4;
        head[6] = 1;
        head[8..12].copy_from_slice(&stored.to_le_bytes());
        head[12..16].copy_from_slice(&raw.to_le_bytes());
        let crc = crc32c::crc32c(&head);
        [head, crc.to_le_bytes().to_vec(), vec![7; 300]].concat()
    };
    for (stored, raw) in [(u32::MAX, u32::MAX), (200, u32::MAX), (200, 256 << 20), (256 << 20, 1), (0, 0)] {
        std::fs::write(&path, [&whole[..], &record(stored, raw)].concat()).unwrap();
        let archive = open(folder.path());
        assert_eq!(super::all(&archive), kept);
        std::fs::write(&path, &whole).unwrap();
    }
}

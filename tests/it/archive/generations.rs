//! Several files of one segment: a generation counts where it is whole, and none goes that holds what no other does.

use std::path::Path;

use gleaner::archive::{Archive, Options, Target};
use gleaner::page::{Timestamp, Url};

use super::{all, entry, new_archive, open, problems};

fn keep(archive: &Archive, from: i64, to: i64) {
    let batch = |n| vec![entry(&format!("https://a.example/{n}"), n, &format!("Words of page {n}."))];
    (from..to).for_each(|n| drop(archive.append(batch(n)).expect("it is kept")));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (file.path(), to.join(file.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let list = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = list.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The segments in `quarantine/`.
fn aside(place: &Path) -> Vec<String> {
    names(&place.join("quarantine")).into_iter().filter(|name| name.ends_with(".seg")).collect()
}

/// An archive in which each batch has a segment of its own.
fn of_many_segments() -> (tempfile::TempDir, std::path::PathBuf) {
    let guard = super::folder();
    let place = guard.path().join("archive");
    Archive::init(&place, small()).unwrap();
    (guard, place)
}

fn small() -> Options {
    Options { segment_bytes_max: 1, ..Options::default() }
}

fn erase(archive: &Archive, url: &str) {
    let plan = archive.plan_erase(&[Target::Url(Url::parse(url).unwrap())], false).unwrap();
    archive.erase(&plan, Timestamp::UNIX_EPOCH).unwrap();
}

#[test]
fn a_file_that_is_no_whole_generation_outranks_none() {
    let (guard, archive) = new_archive();
    let place = guard.path().join("archive");
    keep(&archive, 0, 6);
    archive.seal(false).unwrap();
    let whole = std::fs::read(place.join("segments/00000001.2.seg")).unwrap();
    drop(archive);
    let foreign: Vec<u8> = (0..5000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let named_otherwise = whole.clone();
    let kinds = [Vec::new(), vec![0; 5000], foreign, whole[..whole.len() * 2 / 3].to_vec(), named_otherwise];
    for store in ["segments", "raw"] {
        for (n, bytes) in kinds.iter().enumerate() {
            let copied = guard.path().join(format!("{store}-{n}"));
            copy(&place, &copied);
            std::fs::write(copied.join(store).join("00000001.9.seg"), bytes).unwrap();
            let archive = open(&copied);
            assert_eq!(all(&archive).len(), 6, "{store} {n}");
            let told = problems(&archive);
            assert!(told.len() == 1 && told[0].contains("00000001.9.seg"), "{store} {n}: {told:?}");
            keep(&archive, 6, 8);
            assert_eq!(all(&archive).len(), 8, "{store} {n}");
            assert_eq!(names(&copied.join(store)), ["00000001.2.seg"], "{store} {n}");
            let aside = aside(&copied);
            let told = problems(&archive);
            assert!(told.len() == 1 && told[0].contains(&format!("quarantine/{}", aside[0])), "{store} {n}: {told:?}");
            assert!(aside.len() == 1 && aside[0].starts_with(&format!("{store}-00000001-9-")), "{aside:?}");
            assert_eq!(std::fs::read(copied.join("quarantine").join(&aside[0])).unwrap(), *bytes);
        }
    }
}

#[test]
fn a_later_generation_of_another_copy_takes_no_capture_away() {
    for repaired in [false, true] {
        let (guard, archive) = new_archive();
        let [place, fork] = ["archive", "fork"].map(|name| guard.path().join(name));
        keep(&archive, 0, 3);
        drop(archive);
        copy(&place, &fork);
        let archive = open(&place);
        keep(&archive, 3, 5);
        archive.seal(false).unwrap();
        drop(archive);
        keep(&open(&fork), 10, 14);
        for store in ["segments", "raw"] {
            copy(&place.join(store), &fork.join(store));
        }
        let [held, raw] =
            ["segments", "raw"].map(|store| std::fs::read(fork.join(store).join("00000001.seg")).unwrap());
        let archive = open(&fork);
        assert_eq!(all(&archive).len(), 5);
        let told = problems(&archive);
        let expected = ["`segments/00000001.seg` holds 4 captures", "`raw/00000001.seg` holds 4 pages"];
        assert!(expected.iter().all(|what| told.iter().any(|line| line.contains(what))), "{told:?}");
        if repaired {
            let done = archive.repair().unwrap();
            assert!(done.problems.iter().any(|line| line.contains("holds 4 captures")), "{done:?}");
            assert!(
                done.left.iter().any(|line| line.contains("4 captures") && line.contains("quarantine")),
                "{done:?}"
            );
        } else {
            keep(&archive, 20, 21);
            // Nobody stood by: it is told until somebody has looked after it.
            let told = problems(&archive);
            assert!(
                told.len() == 2 && expected.iter().all(|what| told.iter().any(|line| line.contains(what))),
                "{told:?}"
            );
            assert!(told.iter().all(|line| line.contains("quarantine/")), "{told:?}");
        }
        let aside = aside(&fork);
        let read = |name: &String| std::fs::read(fork.join("quarantine").join(name)).unwrap();
        assert!(aside.iter().any(|name| read(name) == held) && aside.iter().any(|name| read(name) == raw), "{aside:?}");
        std::fs::remove_dir_all(fork.join("quarantine")).unwrap();
        assert_eq!(problems(&archive), [""; 0]);
    }
}

#[test]
fn what_a_killed_process_left_behind_goes() {
    for erased in [false, true] {
        let (guard, archive) = new_archive();
        let place = guard.path().join("archive");
        keep(&archive, 0, 4);
        let before = guard.path().join("before");
        copy(&place, &before);
        if erased {
            let target = Target::Url(Url::parse("https://a.example/2").unwrap());
            let plan = archive.plan_erase(&[target], false).unwrap();
            archive.erase(&plan, Timestamp::UNIX_EPOCH).unwrap();
        } else {
            archive.seal(false).unwrap();
        }
        drop(archive);
        for store in ["segments", "raw"] {
            copy(&before.join(store), &place.join(store));
        }
        let archive = Archive::open(&place, Options::default()).unwrap();
        assert_eq!(problems(&archive), [""; 0], "erased: {erased}");
        keep(&archive, 8, 9);
        assert_eq!(all(&archive).len(), if erased { 4 } else { 5 });
        assert_eq!(names(&place.join("quarantine")), [""; 0], "erased: {erased}");
        for store in ["segments", "raw"] {
            assert_eq!(names(&place.join(store)), ["00000001.2.seg"], "erased: {erased}");
        }
    }
}

#[test]
fn a_generation_that_was_written_to_counts_although_its_end_is_torn() {
    for indexed in [true, false] {
        let (guard, archive) = new_archive();
        let [place, before] = ["archive", "before"].map(|name| guard.path().join(name));
        keep(&archive, 0, 3);
        copy(&place, &before);
        archive.seal(false).unwrap();
        keep(&archive, 3, 5);
        drop(archive);
        for store in ["segments", "raw"] {
            copy(&before.join(store), &place.join(store));
            let path = place.join(store).join("00000001.2.seg");
            let mut bytes = std::fs::read(&path).unwrap();
            bytes.extend(bytes[..90].to_vec());
            std::fs::write(path, bytes).unwrap();
        }
        if !indexed {
            std::fs::remove_file(place.join("index.sqlite")).unwrap();
        }
        let archive = open(&place);
        assert_eq!(all(&archive).len(), 5, "indexed: {indexed}");
        keep(&archive, 5, 6);
        assert_eq!(all(&archive).len(), 6, "indexed: {indexed}");
        assert_eq!(aside(&place), [""; 0], "indexed: {indexed}");
        for store in ["segments", "raw"] {
            assert_eq!(names(&place.join(store)), ["00000001.2.seg"], "indexed: {indexed}");
        }
        assert!(problems(&archive).iter().all(|line| line.contains(".tail")), "indexed: {indexed}");
    }
}

#[test]
fn nothing_of_a_damaged_generation_goes_before_its_repair() {
    let (guard, archive) = new_archive();
    let [place, before] = ["archive", "before"].map(|name| guard.path().join(name));
    keep(&archive, 0, 3);
    copy(&place, &before);
    archive.seal(false).unwrap();
    drop(archive);
    copy(&before.join("segments"), &place.join("segments"));
    // The generation that the index names is lost but for its name.
    std::fs::write(place.join("segments/00000001.2.seg"), [0; 500]).unwrap();
    let archive = open(&place);
    let batch = vec![entry("https://a.example/9", 9, "Words of page 9.")];
    assert!(archive.append(batch).is_err());
    assert_eq!(names(&place.join("segments")), ["00000001.2.seg", "00000001.seg"]);
    assert_eq!(aside(&place), [""; 0]);
    let done = archive.repair().unwrap();
    assert_eq!(all(&archive).len(), 3, "{done:?}");
    assert_eq!(aside(&place).len(), 1, "{done:?}");
    keep(&archive, 9, 10);
    assert_eq!(all(&archive).len(), 4);
}

#[test]
fn a_list_of_the_erased_that_cannot_be_read_is_mended_before_what_was_left_behind_is_looked_at() {
    let (guard, archive) = new_archive();
    let [place, before] = ["archive", "before"].map(|name| guard.path().join(name));
    keep(&archive, 0, 4);
    copy(&place, &before);
    erase(&archive, "https://a.example/2");
    drop(archive);
    copy(&before.join("segments"), &place.join("segments"));
    let list = std::fs::read_to_string(place.join("erased.log")).unwrap();
    std::fs::write(place.join("erased.log"), list.replacen("url", "urk", 1)).unwrap();
    let archive = open(&place);
    let told = problems(&archive);
    assert!(told.iter().any(|line| line.contains("left behind")), "{told:?}");
    let done = archive.repair().unwrap();
    assert!(done.problems.iter().any(|line| line.contains("erased.log")), "{done:?}");
    assert_eq!((done.lost_marks, all(&archive).len()), (0, 3));
    assert_eq!((problems(&archive), aside(&place)), (Vec::new(), Vec::new()));
}

#[test]
fn of_what_was_erased_no_repetition_stays_whose_base_is_in_another_segment() {
    let [page, other] = ["https://a.example/page", "https://b.example/other"];
    let said = "What the page says, in words enough that they are known again wherever they stand.";
    for (target, all_back) in [(page, true), (page, false), (other, false)] {
        let (guard, place) = of_many_segments();
        let archive = Archive::open(&place, small()).unwrap();
        archive.append(vec![entry(page, 0, said)]).unwrap();
        let mut again = super::failure(page, 1, gleaner::capture::Outcome::Unchanged);
        again.capture.final_url = Some(Url::parse(other).unwrap());
        archive.append(vec![again]).unwrap();
        keep(&archive, 5, 7);
        let before = guard.path().join("before");
        copy(&place, &before);
        assert!(before.join("segments/00000002.seg").exists());
        erase(&archive, target);
        let left = all(&archive).len();
        drop(archive);
        if all_back {
            copy(&before.join("segments"), &place.join("segments"));
        } else {
            std::fs::copy(before.join("segments/00000002.seg"), place.join("segments/00000002.seg")).unwrap();
        }
        let archive = Archive::open(&place, small()).unwrap();
        assert_eq!(problems(&archive), [""; 0], "{target} {all_back}");
        keep(&archive, 8, 9);
        assert_eq!(all(&archive).len(), left + 1, "{target} {all_back}");
        assert_eq!(names(&place.join("quarantine")), [""; 0], "{target} {all_back}");
        assert!(!place.join("segments/00000002.seg").exists());
        let plan = archive.plan_erase_again().unwrap();
        assert!(plan.is_empty() && archive.prove_erased(&plan).unwrap().found.is_empty(), "{target} {all_back}");
    }
}

#[test]
fn writing_one_segment_anew_takes_nothing_of_another_that_nobody_compared() {
    let (guard, place) = of_many_segments();
    let fork = guard.path().join("fork");
    copy(&place, &fork);
    keep(&Archive::open(&fork, small()).unwrap(), 10, 11);
    let archive = Archive::open(&place, small()).unwrap();
    keep(&archive, 0, 2);
    archive.seal(false).unwrap();
    keep(&archive, 2, 3);
    let foreign = std::fs::read(fork.join("segments/00000001.seg")).unwrap();
    std::fs::write(place.join("segments/00000001.seg"), &foreign).unwrap();
    archive.seal(false).unwrap();
    let aside = aside(&place);
    assert_eq!(aside.len(), 1, "{aside:?}");
    assert_eq!(std::fs::read(place.join("quarantine").join(&aside[0])).unwrap(), foreign);
    assert_eq!(names(&place.join("segments")), ["00000001.2.seg", "00000002.2.seg", "00000003.2.seg"]);
}

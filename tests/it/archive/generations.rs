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
            assert_eq!(problems(&archive), [""; 0], "{store} {n}");
            assert_eq!(names(&copied.join(store)), ["00000001.2.seg"], "{store} {n}");
            let aside = names(&copied.join("quarantine"));
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
        }
        let aside = names(&fork.join("quarantine"));
        let read = |name: &String| std::fs::read(fork.join("quarantine").join(name)).unwrap();
        assert!(aside.iter().any(|name| read(name) == held) && aside.iter().any(|name| read(name) == raw), "{aside:?}");
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

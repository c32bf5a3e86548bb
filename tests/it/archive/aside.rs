//! Erasing reaches what a repair set aside, and the list of what was erased is read whole or not at all.

use std::path::Path;

use gleaner::archive::{Archive, ArchiveError, Options, Raw, Target};
use gleaner::capture::Outcome;
use gleaner::page::Url;

use super::{all, entry, folder, forget_erased, open, problems};

const PAGE: &str = "https://private.example/ottokar-semmelweis-of-the-east-wing";
const CANARY: &str = "The cinnamon lighthouse keeper Ottokar Semmelweis sleeps in the third drawer of the east wing.";

fn target(url: &str) -> [Target; 1] {
    [Target::Url(Url::parse(url).unwrap())]
}

/// An archive of thirty pages and one with the canary, sealed, of which a byte of each store was damaged, and repaired.
fn repaired(place: &Path, raw: Raw) -> Archive {
    let options = Options { raw, seal_level: 3, seal_level_raw: 3, ..Options::default() };
    let archive = Archive::init(place, options.clone()).unwrap();
    for n in 0..30 {
        let text = format!("Page {n}. {}", "The ferry crosses at noon, and again at dusk. ".repeat(n + 9));
        archive.append(vec![entry(&format!("https://n.example/{n}"), n as i64, &text)]).unwrap();
        if n == 11 {
            archive.append(vec![entry(PAGE, 50, &format!("{}{CANARY}", "Something else. ".repeat(20)))]).unwrap();
        }
    }
    archive.seal(false).unwrap();
    drop(archive);
    for file in ["segments/00000001.2.seg", "raw/00000001.2.seg", "raw/00000001.seg"] {
        let Ok(mut bytes) = std::fs::read(place.join(file)) else { continue };
        let at = bytes.len() - 300;
        bytes[at] ^= 1;
        std::fs::write(place.join(file), bytes).unwrap();
    }
    let archive = Archive::open(place, options).unwrap();
    assert!(!archive.repair().unwrap().segments.is_empty());
    assert_eq!(problems(&archive), [""; 0]);
    archive
}

fn aside(place: &Path) -> Vec<String> {
    let files = std::fs::read_dir(place.join("quarantine")).unwrap();
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_was_set_aside_is_searched_and_what_it_holds_of_the_erased_goes() {
    for raw in [Raw::Keep, Raw::Warc] {
        let place = folder();
        let archive = repaired(place.path(), raw);
        assert!(aside(place.path()).len() >= 2);
        let plan = archive.plan_erase(&target(PAGE), false).unwrap();
        assert_eq!(plan.quarantine.len(), aside(place.path()).len(), "{plan:?}");
        let done = archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(aside(place.path()), [""; 0]);
        let proof = archive.prove_erased(&done).unwrap();
        assert_eq!((&proof.found[..], &proof.unread[..]), (&[][..], &[][..]));
        let canaries = archive.search_bytes(&[CANARY.as_bytes().to_vec()]).unwrap();
        assert_eq!((canaries.found.len(), canaries.also_said_by), (0, 0), "{canaries:?}");
        assert_eq!(problems(&archive), [""; 0]);
    }
}

#[test]
fn what_was_erased_before_the_archive_was_damaged_is_found_in_what_was_set_aside() {
    let place = folder();
    let archive = repaired(place.path(), Raw::Keep);
    let kept: Vec<(String, Vec<u8>)> = aside(place.path())
        .into_iter()
        .map(|name| (name.clone(), std::fs::read(place.path().join("quarantine").join(name)).unwrap()))
        .collect();
    let done = archive.erase(&archive.plan_erase(&target(PAGE), false).unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    // Out of a backup.
    for (name, bytes) in kept {
        std::fs::write(place.path().join("quarantine").join(name), bytes).unwrap();
    }
    let found = archive.prove_erased(&done).unwrap().found;
    for store in ["segments", "raw"] {
        assert!(found.iter().any(|found| found.contains(&format!("quarantine/{store}-"))), "{found:?}");
    }
    let plan = archive.plan_erase(&target(PAGE), false).unwrap();
    let again = archive.plan_erase_again().unwrap();
    assert_eq!((plan.captures, again.captures, again.quarantine.len()), (0, 0, 2), "{again:?}");
    assert_eq!(plan.quarantine, again.quarantine);
    archive.erase(&again, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(aside(place.path()), [""; 0]);
}

#[test]
fn what_cannot_be_read_is_told_with_the_proof() {
    let place = folder();
    let archive = repaired(place.path(), Raw::Keep);
    let before = aside(place.path());
    archive.append(vec![entry("https://other.example/", 99, "It came later, and is in no other file.")]).unwrap();
    let plan = archive.plan_erase(&target("https://other.example/"), false).unwrap();
    let done = archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    // The dictionaries are those of the segment that was damaged, and are trained anew.
    let left = aside(place.path());
    assert!(left.iter().all(|name| before.contains(name)));
    let proof = archive.prove_erased(&done).unwrap();
    assert_eq!(proof.found, [""; 0]);
    assert!(left.iter().all(|name| proof.unread.iter().any(|place| place.contains(&**name))), "{proof:?} {left:?}");
}

#[test]
fn bytes_from_behind_a_last_commit_are_looked_into() {
    let place = folder();
    let archive = open_new(place.path());
    archive.append(vec![entry("https://n.example/", 1, "A page that stays where it is.")]).unwrap();
    let whole = |store: &str| std::fs::read(place.path().join(store).join("00000001.seg")).unwrap();
    let before = [whole("segments"), whole("raw")];
    archive.append(vec![entry(PAGE, 2, CANARY)]).unwrap();
    drop(archive);
    for (store, before) in ["segments", "raw"].into_iter().zip(before) {
        // The batch without the commit that ends it.
        let bytes = whole(store);
        let path = place.path().join(store).join("00000001.seg");
        std::fs::write(path, &bytes[..bytes.len() - 60]).unwrap();
        assert!(bytes.len() > before.len() + 60);
    }
    super::delete_index(place.path());
    let archive = open(place.path());
    assert_eq!((all(&archive).len(), aside(place.path()).len()), (1, 2));
    let plan = archive.plan_erase(&target(PAGE), false).unwrap();
    assert_eq!((plan.captures, plan.quarantine.len()), (0, 2), "{plan:?}");
    archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(aside(place.path()), [""; 0]);
    let canaries = archive.search_bytes(&[CANARY.as_bytes().to_vec()]).unwrap();
    assert_eq!((canaries.found.len(), canaries.unread.len()), (0, 0), "{canaries:?}");
}

fn open_new(place: &Path) -> Archive {
    Archive::init(place, Options::default()).unwrap()
}

/// An archive with two pages erased, and its list.
fn erased(place: &Path) -> (Archive, Vec<u8>) {
    let archive = open_new(place);
    for (n, url) in [PAGE, "https://two.example/", "https://stays.example/"].into_iter().enumerate() {
        archive.append(vec![entry(url, n as i64, &format!("What {url} says."))]).unwrap();
        if n < 2 {
            archive.erase(&archive.plan_erase(&target(url), false).unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
        }
    }
    let list = std::fs::read(place.join("erased.log")).unwrap();
    (archive, list)
}

fn is_damage<T: std::fmt::Debug>(result: Result<T, ArchiveError>) -> bool {
    matches!(result, Err(ArchiveError::Damaged { .. }))
}

/// Earlier versions left the beginning of a line where an erasing was interrupted, and went on behind it.
#[test]
fn a_line_that_was_broken_off_is_no_damage_wherever_it_stands() {
    let place = folder();
    let (archive, list) = erased(place.path());
    drop(archive);
    let lines: Vec<&[u8]> = list.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).collect();
    for cut in [3, 30, 60, 90, lines[0].len() - 1] {
        let torn = [lines[0], &b"\n"[..], &lines[1][..cut.min(lines[1].len() - 1)], b"\n", lines[1], b"\n"].concat();
        std::fs::write(place.path().join("erased.log"), torn).unwrap();
        let archive = open(place.path());
        assert!(archive.is_erased(&Url::parse(PAGE).unwrap()).unwrap(), "{cut}");
        assert!(archive.check().unwrap().problems.is_empty(), "{cut}");
    }
}

#[test]
fn a_damaged_list_of_the_erased_is_told_and_nothing_is_kept_by_it() {
    let place = folder();
    let (archive, list) = erased(place.path());
    drop(archive);
    let path = place.path().join("erased.log");
    for bit in [1, 0x80] {
        for at in 0..list.len() {
            let mut bytes = list.clone();
            bytes[at] ^= bit;
            std::fs::write(&path, &bytes).unwrap();
            let archive = open(place.path());
            let refused = archive.append(vec![entry(PAGE, 9, "It is back.")]);
            let is_refused = refused.as_ref().is_ok_and(|kept| kept[0].outcome == Outcome::OptedOut);
            assert!(is_damage(refused) || is_refused, "byte {at}");
            assert!(at + 1 == list.len() || archive.check().unwrap().problems[0].contains("erased.log"), "byte {at}");
        }
    }
    let mut bytes = list.clone();
    bytes[60] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let archive = open(place.path());
    assert!(is_damage(archive.is_erased(&Url::parse(PAGE).unwrap())));
    assert!(is_damage(
        archive
            .plan_erase(&target("https://stays.example/"), false)
            .and_then(|plan| archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH))
    ));
    // One damaged byte is mended by the checksum.
    let report = archive.repair().unwrap();
    assert_eq!((report.segments, report.lost_marks), (vec!["erased.log".to_owned()], 0));
    assert!(aside(place.path())[0].starts_with("erased-"));
    assert_eq!(problems(&archive), [""; 0]);
    for page in [PAGE, "https://two.example/"] {
        assert!(archive.is_erased(&Url::parse(page).unwrap()).unwrap(), "{page}");
    }
}

#[test]
fn an_end_of_zeroes_and_an_empty_list_are_damage_and_a_torn_line_is_none() {
    for (cut, fill, lost) in [(80, 80, 1), (usize::MAX, 0, 2)] {
        let place = folder();
        let (archive, mut list) = erased(place.path());
        let path = place.path().join("erased.log");
        list.truncate(list.len().saturating_sub(cut));
        list.resize(list.len() + fill, 0);
        std::fs::write(&path, &list).unwrap();
        drop(archive);
        let archive = open(place.path());
        assert!(is_damage(archive.append(vec![entry(PAGE, 9, "It is back.")])));
        assert!(problems(&archive)[0].contains("erased.log"));
        assert_eq!(archive.repair().unwrap().lost_marks, lost);
        assert_eq!(problems(&archive), [""; 0]);
        let kept = archive.append(vec![entry(PAGE, 9, "It is back.")]).unwrap();
        assert_eq!(kept[0].outcome == Outcome::OptedOut, fill > 0);
    }
    let place = folder();
    let (archive, list) = erased(place.path());
    let torn = [&list[..], b"2026-01-01T00:00:00Z url 00ff"].concat();
    std::fs::write(place.path().join("erased.log"), torn).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
    let plan = archive.plan_erase(&target("https://stays.example/"), false).unwrap();
    archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
    for page in [PAGE, "https://two.example/", "https://stays.example/"] {
        assert!(archive.is_erased(&Url::parse(page).unwrap()).unwrap(), "{page}");
    }
}

#[test]
fn an_archive_that_forgot_what_it_was_told_of_raw_bytes_is_read() {
    let place = folder();
    let archive = Archive::init(place.path(), Options { raw: Raw::None, ..Options::default() }).unwrap();
    archive.append(vec![entry("https://n.example/", 1, "What it says.")]).unwrap();
    drop(archive);
    std::fs::write(place.path().join("own"), [0; 10]).unwrap();
    let archive = open(place.path());
    assert_eq!(archive.text(all(&archive)[0].text.unwrap()).unwrap(), "What it says.");
    assert!(is_damage(archive.append(vec![entry("https://n.example/2", 2, "More.")])), "raw bytes may not be wanted");
    assert!(problems(&archive)[0].contains("gleaner init --raw"), "{:?}", problems(&archive));
    archive.set_own(gleaner::archive::Own { raw: Raw::None, raw_for: None }).unwrap();
    let archive = open(place.path());
    assert_eq!(archive.append(vec![entry("https://n.example/2", 2, "More.")]).unwrap()[0].raw, None);
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn a_search_index_made_beside_an_erasing_is_found() {
    let place = folder();
    let archive = open_new(place.path());
    archive.append(vec![entry(PAGE, 1, CANARY), entry("https://n.example/", 2, "A page that stays.")]).unwrap();
    assert_eq!(archive.search("semmelweis", 9).unwrap().hits.len(), 1);
    let search = std::fs::read(place.path().join("search.sqlite")).unwrap();
    let done = archive.erase(&archive.plan_erase(&target(PAGE), false).unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert!(!place.path().join("search.sqlite").exists());
    assert_eq!(archive.prove_erased(&done).unwrap().found, [""; 0]);
    std::fs::write(place.path().join("search.sqlite"), search).unwrap();
    assert!(archive.prove_erased(&done).unwrap().found.iter().any(|found| found.contains("search.sqlite")));
}

#[test]
fn copies_of_dictionaries_are_watched_and_made_anew() {
    let place = folder();
    drop(repaired(place.path(), Raw::Keep));
    let copies = || std::fs::read_dir(place.path().join("dicts")).unwrap().map(|file| file.unwrap().path());
    let before: Vec<_> = copies().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    assert!(!before.is_empty());
    for damage in [None, Some(b"garbage")] {
        for (path, _) in &before {
            damage.map_or_else(|| std::fs::remove_file(path), |bytes| std::fs::write(path, bytes)).unwrap();
        }
        let archive = open(place.path());
        assert_eq!(problems(&archive).iter().filter(|line| line.contains("dicts/")).count(), before.len());
        assert_eq!(archive.repair().unwrap().lost, []);
        assert_eq!(problems(&archive), [""; 0]);
        assert!(before.iter().all(|(path, bytes)| std::fs::read(path).unwrap() == *bytes));
    }
}

#[test]
fn what_a_backup_brought_back_of_the_erased_is_counted_by_the_check() {
    let place = folder();
    let (archive, _) = erased(place.path());
    let list = std::fs::read(place.path().join("erased.log")).unwrap();
    forget_erased(place.path());
    open(place.path()).append(vec![entry(PAGE, 9, "It is back.")]).unwrap();
    std::fs::write(place.path().join("erased.log"), list).unwrap();
    let told = problems(&archive);
    assert!(told.len() == 1 && told[0].contains("gleaner erase --again"), "{told:?}");
    archive.erase(&archive.plan_erase_again().unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
}

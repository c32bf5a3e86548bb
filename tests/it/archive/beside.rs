//! What lies beside the segments: a search index that is damaged, settings that are, and names that no file has.

use std::path::Path;

use gleaner::archive::{Archive, Options};

use super::{all, entry, folder, new_archive, open, problems};

const PAGES: usize = 60;

fn filled(place: &Path) -> Archive {
    let archive = Archive::init(place, Options::default()).unwrap();
    let words = |n: usize| (0..150).map(|k| format!("word{}of{} ", n * 7 + k * 13, k % 9)).collect::<String>();
    let page = |n: usize| entry(&format!("https://a.example/{n}"), n as i64, &format!("Harbour {}", words(n)));
    archive.append((0..PAGES).map(page).collect()).unwrap();
    archive
}

fn found(archive: &Archive) -> usize {
    archive.search("harbour", 1000).unwrap().hits.len()
}

fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn a_damaged_search_index_is_told_by_the_check_and_made_anew_after_a_repair() {
    let place = folder();
    let archive = filled(place.path());
    let path = place.path().join("search.sqlite");
    assert_eq!((found(&archive), problems(&archive).len()), (PAGES, 0));
    let whole = std::fs::read(&path).unwrap();
    assert!(whole.len() > 40_000, "{}", whole.len());
    let mut told = 0;
    for n in 0..12u64 {
        let mut bytes = whole.clone();
        let at = 4096 + n as usize * (whole.len() - 4096 - 3000) / 12;
        bytes[at..at + 3000].copy_from_slice(&noise(n + 1, 3000));
        std::fs::write(&path, &bytes).unwrap();
        let lines = problems(&archive);
        // It is read alone.
        assert!(std::fs::read(&path).unwrap() == bytes, "at {at}");
        if lines.is_empty() {
            assert_eq!(found(&archive), PAGES, "at {at}: nothing is told, so nothing is wrong");
            continue;
        }
        assert!(lines.len() == 1 && lines[0].contains("`search.sqlite` is damaged"), "at {at}: {lines:?}");
        told += 1;
        let report = archive.repair().unwrap();
        assert!(report.problems.iter().any(|line| line.contains("search.sqlite")), "{report:?}");
        assert_eq!((&report.segments[..], &report.lost[..]), (&[][..], &[][..]));
        assert_eq!((problems(&archive).len(), found(&archive), problems(&archive).len()), (0, PAGES, 0), "at {at}");
    }
    assert!(told > 5, "{told}");
}

#[test]
fn a_search_that_meets_damage_makes_its_index_anew() {
    let place = folder();
    let archive = filled(place.path());
    let path = place.path().join("search.sqlite");
    assert_eq!(found(&archive), PAGES);
    let whole = std::fs::read(&path).unwrap();
    // All but the first page, and so whatever is read.
    let zeros = [&whole[..4096], &vec![0xa5; whole.len() - 4096]].concat();
    for bytes in [zeros, vec![7; 9000], whole[..4096].to_vec(), Vec::new()] {
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(found(&archive), PAGES);
        assert_eq!(problems(&archive), [""; 0]);
    }
    let mut anew = 0;
    for page in 2..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096..][..4096].fill(0xff);
        std::fs::write(&path, &bytes).unwrap();
        let hits = archive.search("harbour", 1000).unwrap_or_else(|error| panic!("page {page}: {error}")).hits.len();
        let is_anew = std::fs::read(&path).unwrap() != bytes;
        assert!(!is_anew || hits == PAGES, "page {page}: {hits}");
        anew += usize::from(is_anew);
    }
    assert!(anew > 0);
}

#[test]
fn a_damaged_search_index_of_an_archive_that_cannot_be_written_is_made_for_one_search() {
    let Some(disk) = super::refusals::Tmpfs::new("size=16m") else { return };
    let place = disk.path().join("archive");
    let archive = filled(&place);
    let path = place.join("search.sqlite");
    assert_eq!(found(&archive), PAGES);
    drop(archive);
    let whole = std::fs::read(&path).unwrap();
    let zeros = [&whole[..4096], &vec![0xa5; whole.len() - 4096]].concat();
    // Its state can be read, and what is searched cannot.
    let page = (2..whole.len() / 4096).rev();
    let pages = page.map(|page| {
        let mut bytes = whole.clone();
        bytes[page * 4096..][..4096].fill(0xff);
        bytes
    });
    let mut told = 0;
    for bytes in [zeros, vec![7; 9000]].into_iter().chain(pages) {
        std::fs::write(&path, &bytes).unwrap();
        disk.remount("ro");
        let archive = open(&place);
        let hits = archive.search("harbour", 1000).unwrap().hits.len();
        let lines = problems(&archive);
        assert!(hits == PAGES || lines.len() == 1, "{hits}: {lines:?}");
        told += lines.len();
        drop(archive);
        disk.remount("rw");
        assert!(std::fs::read(&path).unwrap() == bytes);
    }
    assert!(told > 2, "{told}");
}

#[test]
fn a_check_leaves_nothing_beside_the_search_index() {
    let place = folder();
    let archive = filled(place.path());
    assert_eq!(found(&archive), PAGES);
    let names = || {
        let names = std::fs::read_dir(place.path()).unwrap().map(|file| file.unwrap().file_name());
        let mut names: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with("search.")).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["search.sqlite"]);
    assert_eq!(problems(&archive), [""; 0]);
    assert_eq!(names(), ["search.sqlite"]);
    // What lies in a log is read with it.
    let search = rusqlite::Connection::open(place.path().join("search.sqlite")).unwrap();
    search.execute("UPDATE state SET segments = ''", []).unwrap();
    assert_eq!((names().len(), problems(&archive).len()), (3, 0));
    drop(search);
    assert_eq!((found(&archive), names().len()), (PAGES, 1));
}

#[test]
fn a_search_index_that_is_whole_or_not_there_stays_as_it_is() {
    let place = folder();
    let archive = filled(place.path());
    let path = place.path().join("search.sqlite");
    assert_eq!(problems(&archive), [""; 0]);
    archive.repair().unwrap();
    assert!(!path.exists());
    assert_eq!(found(&archive), PAGES);
    let whole = std::fs::read(&path).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
    assert_eq!(archive.repair().unwrap().problems, [""; 0]);
    assert!(std::fs::read(&path).unwrap() == whole);
    // One that is behind the archive is no damage.
    archive.append(vec![entry("https://b.example/", 999, "Harbour news.")]).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
    assert_eq!(found(&archive), PAGES + 1);
}

#[cfg(unix)]
#[test]
fn nobody_waits_for_a_pipe_that_has_the_name_of_a_file() {
    let pipe = |path: &Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        made.is_ok_and(|made| made.success())
    };
    let place = folder();
    let archive = filled(place.path());
    drop(archive);
    let segments = ["segments/00000009.seg", "raw/00000009.seg", "segments/00000002.seg"];
    for name in ["own", "exports.txt", "erased.log", "search.sqlite"].into_iter().chain(segments) {
        let path = place.path().join(name);
        if !pipe(&path) {
            return super::skipped("there is no `mkfifo`");
        }
        let archive = match Archive::open(place.path(), Options::default()) {
            Ok(archive) => archive,
            // Without its settings nothing is opened, which is told.
            Err(refused) => {
                assert!(name == "own" && refused.to_string().contains("own"), "{name}: {refused}");
                std::fs::remove_file(&path).unwrap();
                continue;
            }
        };
        assert_eq!(all(&archive).len(), PAGES, "{name}");
        let told = problems(&archive);
        assert_eq!(told.is_empty(), segments.contains(&name) || name == "search.sqlite", "{name}: {told:?}");
        assert!(told.iter().all(|line| line.contains(name)), "{told:?}");
        if name == "search.sqlite" {
            assert_eq!((archive.repair().unwrap().problems.len(), found(&archive)), (0, PAGES));
            assert!(path.is_file());
        }
        drop(archive);
        std::fs::remove_file(&path).unwrap();
    }
    let format = std::fs::read(place.path().join("FORMAT")).unwrap();
    std::fs::remove_file(place.path().join("FORMAT")).unwrap();
    assert!(pipe(&place.path().join("FORMAT")));
    let refused = Archive::open(place.path(), Options::default()).unwrap_err();
    assert!(refused.to_string().contains("FORMAT"), "{refused}");
    std::fs::remove_file(place.path().join("FORMAT")).unwrap();
    std::fs::write(place.path().join("FORMAT"), format).unwrap();
    assert_eq!(problems(&open(place.path())), [""; 0]);
}

#[test]
fn a_folder_that_is_named_like_a_segment_hinders_nothing_unless_that_is_the_next_to_be_written() {
    let place = folder();
    let archive = filled(place.path());
    for name in ["segments/00000009.seg", "raw/00000009.2.seg", "segments/00000001.7.seg"] {
        std::fs::create_dir(place.path().join(name)).unwrap();
    }
    drop(archive);
    let archive = open(place.path());
    assert_eq!((all(&archive).len(), problems(&archive)), (PAGES, vec![]));
    archive.append(vec![entry("https://b.example/", 999, "Harbour news.")]).unwrap();
    assert_eq!(archive.repair().unwrap().lost, []);
    assert_eq!((all(&archive).len(), problems(&archive)), (PAGES + 1, vec![]));
    // The next one can be read beside, and the one before it be written to.
    std::fs::create_dir(place.path().join("segments/00000002.seg")).unwrap();
    drop(archive);
    let archive = open(place.path());
    assert_eq!((all(&archive).len(), problems(&archive)), (PAGES + 1, vec![]));
    archive.append(vec![entry("https://c.example/", 1000, "Harbour news.")]).unwrap();
    drop(archive);
    let options = Options { segment_bytes_max: 1, ..Options::default() };
    let archive = Archive::open(place.path(), options).unwrap();
    let more = vec![entry("https://d.example/", 1001, "Harbour news of today.")];
    assert!(archive.append(more.clone()).is_err());
    assert_eq!((all(&archive).len(), problems(&archive)), (PAGES + 2, vec![]));
    std::fs::remove_dir(place.path().join("segments/00000002.seg")).unwrap();
    archive.append(more).unwrap();
    assert_eq!((all(&archive).len(), problems(&archive)), (PAGES + 3, vec![]));
}

#[cfg(unix)]
#[test]
fn a_link_to_a_segment_is_one() {
    let place = folder();
    let archive = filled(place.path());
    drop(archive);
    let (path, elsewhere) = (place.path().join("segments/00000001.seg"), place.path().join("elsewhere"));
    std::fs::rename(&path, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    let archive = open(place.path());
    assert_eq!((all(&archive).len(), problems(&archive)), (PAGES, vec![]));
}

#[test]
fn settings_that_are_damaged_name_what_mends_them() {
    let (guard, archive) = new_archive();
    std::fs::write(guard.path().join("archive/own"), [0; 10]).unwrap();
    let refused = archive.append(vec![entry("https://a.example/", 1, "News.")]).unwrap_err();
    let hint = refused.hint().unwrap();
    assert!(
        refused.exit_code() == 12 && hint.contains("gleaner init --raw keep") && !hint.contains("repair"),
        "{hint}"
    );
    std::fs::remove_file(guard.path().join("archive/own")).unwrap();
    archive.append(vec![entry("https://a.example/", 1, "News.")]).unwrap();
    // Damage of what is kept has the hint that it had.
    let segment = guard.path().join("archive/segments/00000001.seg");
    let bytes = std::fs::read(&segment).unwrap();
    std::fs::write(&segment, &bytes[..bytes.len() - 9]).unwrap();
    let refused = archive.append(vec![entry("https://a.example/", 2, "More.")]).unwrap_err();
    assert!(refused.hint().unwrap().contains("gleaner repair"), "{refused}");
}

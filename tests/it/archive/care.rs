//! What goes, what stays, and what can be saved: pruning, erasing, searching every byte, repairing.

use std::path::Path;

use gleaner::archive::{Archive, ArchiveError, Keep, Options, PruneOptions, RepairReport, Target};
use gleaner::capture::Outcome;
use gleaner::page::{Timestamp, Url};

use super::{all, delete_index, entry, folder, forget_erased, new_archive, open, problems};

const PAGE: &str = "https://n.example/a";

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn erase(archive: &Archive, target: Target) -> Result<u64, ArchiveError> {
    let plan = archive.plan_erase(&[target], false)?;
    archive.erase(&plan, Timestamp::UNIX_EPOCH).map(|plan| plan.captures)
}

/// A capture stands there twice where a re-extraction came back to what was there before, and where two imports went on at
/// the same time: the policy keeps one of them, and the other one's going took both.
#[test]
fn a_capture_that_stands_twice_is_one_visit_and_stays_or_goes_as_one() {
    for segment_bytes_max in [900, 1 << 20] {
        let place = folder();
        let archive = Archive::init(place.path(), Options { segment_bytes_max, ..Options::default() }).unwrap();
        for text in ["The first words.", "Other words.", "The first words."] {
            archive.append(vec![entry(PAGE, 1, text)]).unwrap();
        }
        archive.append(vec![entry("https://stays.example/", 1, "Another page.")]).unwrap();
        let before = all(&archive);
        assert_eq!(before[0].id, before[2].id, "it is written again as it was");
        let keep = Some(Keep { last: 1, ..Keep::default() });
        let plan = archive.plan_prune(&PruneOptions { keep, ..PruneOptions::default() }).unwrap();
        let done = archive.prune(&plan).unwrap();
        let after = all(&archive);
        assert_eq!((done.captures, done.captures_kept), (1, after.len() as u64));
        assert_eq!(done.captures + done.captures_kept, before.len() as u64);
        let kept = archive.latest(&url(PAGE), None).unwrap().expect("it stays");
        assert_eq!(archive.text(kept.text.unwrap()).unwrap(), "The first words.");
        assert_eq!(erase(&archive, Target::Url(url(PAGE))).unwrap(), 2);
        assert_eq!(all(&archive).len(), 1);
        assert_eq!(problems(&archive), [""; 0]);
    }
}

/// A visit that found what was there before repeats it: while that visit stays, so does what it repeats, and the plan says so.
#[test]
fn what_stays_only_because_it_is_repeated_is_counted() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    archive.append(vec![entry(PAGE, 1, "The quay is open.")]).unwrap();
    let mut again = entry(PAGE, 2, "The quay is open.");
    again.capture.outcome = Outcome::Unchanged;
    archive.append(vec![again]).unwrap();
    let plan = |last| {
        let keep = Some(Keep { last, ..Keep::default() });
        archive.plan_prune(&PruneOptions { keep, ..PruneOptions::default() }).unwrap()
    };
    let plan = [1, 2].map(plan);
    assert_eq!(plan.map(|plan| (plan.captures, plan.captures_kept, plan.captures_repeated)), [(0, 2, 1), (0, 2, 0)]);
}

#[test]
fn what_is_no_host_erases_nothing() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    let pages = [PAGE, "https://below.n.example/", "https://xn--bcher-kva.example/", "file:///tmp/a.html"];
    archive.append(pages.iter().map(|page| entry(page, 1, &format!("What {page} says."))).collect()).unwrap();
    let wrong =
        ["", ".", " ", "n.example/a", "http://n.example/", "n.example?q", "n.example#a", "a@n.example", "n.example:80"];
    for host in wrong {
        let refused = erase(&archive, Target::Host(host.to_owned())).unwrap_err();
        assert!(matches!(refused, ArchiveError::BadHost(_)) && refused.exit_code() == 2, "{host}: {refused}");
        let options = PruneOptions { host: Some(host.to_owned()), ..PruneOptions::default() };
        assert!(archive.plan_prune(&options).is_err(), "{host}");
    }
    assert_eq!((all(&archive).len(), place.path().join("erased.log").exists()), (4, false));
    for (host, count) in [("N.example.", 2), ("bücher.example", 1), ("[::1]", 0)] {
        assert_eq!(erase(&archive, Target::Host(host.to_owned())).unwrap(), count, "{host}");
    }
}

#[test]
fn an_erased_address_does_not_come_back_under_a_user_or_with_what_only_tracks() {
    let forms = [
        "https://n.example/a?page=2",
        "https://ada:secret@n.example/a?page=2",
        "https://n.example/a?utm_source=letter&page=2",
        "https://n.example/a?page=2&PHPSESSID=1",
    ];
    for erased in forms {
        let place = folder();
        let archive = Archive::init(place.path(), Options::default()).unwrap();
        let visit = |n: usize, form: &str| entry(form, n as i64, &format!("What is said at {n}."));
        archive.append(forms.iter().enumerate().map(|(n, form)| visit(n, form)).collect()).unwrap();
        archive.append(vec![entry("https://n.example/a?page=3", 9, "What stays.")]).unwrap();
        assert_eq!(erase(&archive, Target::Url(url(erased))).unwrap(), 4, "{erased}");
        for form in forms {
            assert!(archive.is_erased(&url(form)).unwrap(), "{form} after {erased}");
            assert_eq!(archive.append(vec![visit(7, form)]).unwrap()[0].outcome, Outcome::OptedOut, "{form}");
        }
        // On another site it may name the page.
        for other in ["https://n.example/a?page=3", "https://n.example/a?page=2&session_id=12"] {
            assert!(!archive.is_erased(&url(other)).unwrap(), "{other} after {erased}");
        }
        assert_eq!((all(&archive).len(), problems(&archive)), (1, Vec::new()));
    }
}

#[test]
fn a_search_of_every_byte_names_the_pages_that_have_it() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    let text = "The ferry crosses at noon.\n\nIt comes back at dusk, when the amber lamps are lit.";
    archive.append(vec![entry(PAGE, 1, text), entry("https://o.example/", 2, "Amber lamps, and no more.")]).unwrap();
    let search = |asked: &str| archive.search_bytes(&[asked.as_bytes().to_vec()]);
    for (asked, is_there) in [
        (text.to_owned(), true),
        (format!("{text}\n"), true),
        ("amber lamps\n".to_owned(), true),
        ("\r\nferry c".to_owned(), true),
        ("zebra crossings".to_owned(), false),
        (format!("{text} And more that nobody has said in any place."), false),
    ] {
        let proof = search(&asked).unwrap();
        let names_it = proof.found.iter().any(|place| place.ends_with(&format!("a text of {PAGE}")));
        assert_eq!(names_it, is_there, "{asked:?}: {proof:?}");
        assert_eq!(proof.found.is_empty(), !is_there, "{asked:?}: {proof:?}");
    }
    for short in ["", "\n", "amber\n"] {
        assert!(search(short).is_err_and(|error| error.exit_code() == 2), "{short:?}");
    }
}

/// Pages sealed into one segment: all texts come first, then all captures.
fn sealed(place: &Path) -> Archive {
    let options = Options { raw: gleaner::archive::Raw::None, seal_level: 3, ..Options::default() };
    let archive = Archive::init(place, options).unwrap();
    let words =
        |n: i64| (0..40).map(|k| format!("{:x}", (n * 7919 + k * 104_729) % 65_521)).collect::<Vec<_>>().join(" ");
    let visit = |n| super::Entry { records: None, ..entry(&format!("https://n.example/{n}"), n, &words(n)) };
    archive.append((0..30).map(visit).collect()).unwrap();
    archive.seal(false).unwrap();
    archive
}

#[test]
fn texts_of_a_cut_segment_are_at_their_addresses_again_and_outlive_the_erasing_of_another_page() {
    let place = folder();
    let before = all(&sealed(place.path()));
    let path = place.path().join("segments/00000001.2.seg");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let archive = open(place.path());
    let report = archive.repair().unwrap();
    assert!(report.rescued > 5 && report.rescued < 30, "{report:?}");
    assert_eq!(report.captures + report.lost_captures.len() as u64, 30);
    let there = all(&archive);
    assert_eq!(there.len() as u64, report.captures);
    for (n, capture) in there.iter().enumerate() {
        let was = before.iter().find(|was| was.url == capture.url).expect("it was there");
        assert_eq!((capture.text, capture.fetched_at, capture.words_kept), (was.text, was.fetched_at, was.words_kept));
        assert!(archive.text(capture.text.unwrap()).is_ok(), "{n}");
    }
    assert_eq!(erase(&archive, Target::Url(there[0].url.clone())).unwrap(), 1);
    let left = all(&archive);
    assert_eq!(left.len(), there.len() - 1);
    assert!(left.iter().all(|capture| archive.text(capture.text.unwrap()).is_ok()));
    assert_eq!(problems(&archive), [""; 0]);
}

/// While it is not known what is to be kept nothing is made anew, and nothing of it is erased with another page.
#[test]
fn a_repair_that_did_not_come_to_its_end_is_gone_on_with() {
    let place = folder();
    sealed(place.path());
    let path = place.path().join("segments/00000001.2.seg");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let own = place.path().join("own");
    let was = std::fs::read(&own).unwrap_or_else(|_| b"raw: none\n".to_vec());
    std::fs::write(&own, b"raw: \xff").unwrap();
    let first = open(place.path()).repair().unwrap();
    assert_eq!((first.rescued, first.left.len()), (0, 1), "{first:?}");
    let refused = erase(&open(place.path()), Target::Url(url("https://n.example/1"))).unwrap_err();
    assert!(refused.to_string().contains("gleaner repair"), "{refused}");
    std::fs::write(&own, was).unwrap();
    let archive = open(place.path());
    let second = archive.repair().unwrap();
    assert!(second.rescued > 5, "{second:?}");
    assert_eq!(second.lost_captures.len() as u64 + second.captures, 30);
    assert!(!place.path().join("index.before.sqlite").exists());
    assert_eq!(erase(&archive, Target::Url(all(&archive)[0].url.clone())).unwrap(), 1);
}

/// An archive with two addresses erased.
fn with_erased(place: &Path) {
    let archive = Archive::init(place, Options::default()).unwrap();
    for page in [PAGE, "https://o.example/"] {
        archive.append(vec![entry(page, 1, &format!("What {page} says."))]).unwrap();
        erase(&archive, Target::Url(url(page))).unwrap();
    }
    archive.append(vec![entry("https://stays.example/", 2, "What stays.")]).unwrap();
}

#[test]
fn a_list_of_the_erased_that_is_lost_or_cut_is_missed() {
    type Damage = fn(&Path);
    let cases: [(Damage, u64); 3] = [
        (|list| std::fs::remove_file(list).unwrap(), 2),
        (|list| cut(list, 20), 1),
        (|list| cut(list, std::fs::read(list).unwrap().len() / 2), 1),
    ];
    for (n, (damage, lost)) in cases.into_iter().enumerate() {
        let place = folder();
        with_erased(place.path());
        damage(&place.path().join("erased.log"));
        let archive = open(place.path());
        assert!(problems(&archive).iter().any(|line| line.contains("erased.log")), "{n}");
        let refused = archive.append(vec![entry(PAGE, 9, "It is back.")]);
        assert!(matches!(refused, Err(ArchiveError::Damaged { .. })), "{n}: {refused:?}");
        assert_eq!(archive.repair().unwrap().lost_marks, lost, "{n}");
        assert_eq!(problems(&archive), [""; 0], "{n}");
        // What is told is told once; the list goes on from there.
        erase(&archive, Target::Url(url(PAGE))).unwrap();
        assert!(open(place.path()).is_erased(&url(PAGE)).unwrap());
        assert_eq!(problems(&open(place.path())), [""; 0], "{n}");
    }
    let place = folder();
    with_erased(place.path());
    forget_erased(place.path());
    assert_eq!(problems(&open(place.path())), [""; 0], "as a backup of all of it");
}

fn cut(path: &Path, bytes: usize) {
    let whole = std::fs::read(path).unwrap();
    std::fs::write(path, &whole[..whole.len() - bytes]).unwrap();
}

fn repaired(place: &Path) -> (Archive, RepairReport, Option<String>) {
    let (archive, mended) = Archive::open_to_repair(place, Options::default()).unwrap();
    let report = archive.repair().unwrap();
    (archive, report, mended)
}

/// The id that FORMAT names is what the list of the erased was hashed with; where nothing was erased, any will do.
#[test]
fn a_lost_format_without_an_index_hinders_only_where_something_was_erased() {
    for damaged in [Some(&b"gleaner archive\nversion: "[..]), Some(b""), None] {
        for erased in [false, true] {
            let place = folder();
            if erased {
                with_erased(place.path());
            } else {
                let archive = Archive::init(place.path(), Options::default()).unwrap();
                archive.append(vec![entry(PAGE, 1, "The quay was swept in the morning.")]).unwrap();
            }
            delete_index(place.path());
            let format = place.path().join("FORMAT");
            match damaged {
                Some(bytes) => std::fs::write(&format, bytes).unwrap(),
                None => std::fs::remove_file(&format).unwrap(),
            }
            let opened = Archive::open_to_repair(place.path(), Options::default());
            if erased {
                assert!(opened.is_err(), "{damaged:?}");
                continue;
            }
            let (archive, mended) = opened.unwrap();
            let report = archive.repair().unwrap();
            assert!(mended.is_some() && report.lost.is_empty() && report.left.is_empty(), "{damaged:?}: {report:?}");
            assert_eq!((problems(&archive), all(&archive).len()), (Vec::new(), 1), "{damaged:?}");
        }
    }
}

#[test]
fn a_damaged_format_is_written_anew_by_a_repair() {
    let place = folder();
    with_erased(place.path());
    let format = place.path().join("FORMAT");
    let whole = std::fs::read(&format).unwrap();
    let flipped = (0..whole.len()).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        Some(bytes)
    });
    let cuts = [0, 1, 20, whole.len() - 1].map(|end| Some(whole[..end].to_vec()));
    for (n, damaged) in flipped.chain(cuts).chain([None]).enumerate() {
        match &damaged {
            Some(bytes) => std::fs::write(&format, bytes).unwrap(),
            None => std::fs::remove_file(&format).unwrap(),
        }
        if Archive::open(place.path(), Options::default())
            .is_ok_and(|archive| archive.check().unwrap().problems.is_empty())
        {
            panic!("{n} is no damage");
        }
        let (archive, report, mended) = repaired(place.path());
        assert!(mended.is_some() && report.lost_marks == 0 && report.lost_captures.is_empty(), "{n}: {report:?}");
        assert_eq!(problems(&archive), [""; 0], "{n}");
        assert!(archive.is_erased(&url(PAGE)).unwrap(), "{n}: its id is what the list was hashed with");
        assert_eq!(all(&archive).len(), 1);
    }
    assert_eq!(repaired(place.path()).2, None);
}

#[test]
fn what_a_newer_version_wrote_is_not_cut_and_not_called_well() {
    let place = folder();
    drop(sealed(place.path()));
    let path = place.path().join("segments/00000001.2.seg");
    let whole = std::fs::read(&path).unwrap();
    // A header: magic, version, kind, codec, flags, lengths, id, checksum; then no payload, and its checksum.
    for (version, kind, codec, flags) in [(5, 4, 0, 0), (4, 5, 0, 0), (4, 4, 9, 0), (4, 4, 0, 0x80)] {
        let mut header = [&[0x8F, b'G', b'L', b'N', version, kind, codec, flags][..], &[0; 40]].concat();
        header.extend(crc32c::crc32c(&header).to_le_bytes());
        let newer = [&whole[..], &header, &crc32c::crc32c(b"").to_le_bytes()].concat();
        std::fs::write(&path, &newer).unwrap();
        let opened = Archive::open(place.path(), Options::default());
        assert!(opened.is_err_and(|error| error.exit_code() == 12), "{version} {kind} {codec} {flags}");
        for name in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
            let _ = std::fs::remove_file(place.path().join(name));
        }
        let archive = open(place.path());
        assert!(!archive.check().unwrap().problems.is_empty());
        assert!(archive.repair().is_err_and(|error| matches!(error, ArchiveError::NewerRecord { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), newer);
        drop(archive);
        std::fs::write(&path, &whole).unwrap();
        let _ = std::fs::remove_dir_all(place.path().join("quarantine"));
        assert_eq!(problems(&open(place.path())), [""; 0]);
    }
}

#[test]
fn a_search_tells_what_it_could_not_read_beside_what_it_found() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    let text = |n: i64| super::Entry {
        records: None,
        ..entry(&format!("https://n.example/{n}"), n, &format!("Bridge {n}, of amber."))
    };
    archive.append((0..5).map(text).collect()).unwrap();
    assert_eq!(archive.search("bridge", 9).unwrap().hits.len(), 5);
    let path = place.path().join("segments/00000001.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = memchr::memmem::find(&bytes, b"Bridge 3").expect("it is short, and stands there as it is");
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let found = open(place.path()).search("bridge", 9).unwrap();
    assert_eq!((found.hits.len(), found.damage.is_some()), (4, true));
}

#[test]
fn words_are_found_in_any_case_and_without_their_accents() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    let said =
        ["Αθήνα και θάλασσα", "Ёлки и мой дом", "Die Straße am Fluß", "IŞIK ışık", "Forêt de München", "Київ їжак"];
    archive
        .append(said.iter().enumerate().map(|(n, text)| entry(&format!("https://n.example/{n}"), 1, text)).collect())
        .unwrap();
    for (asked, of) in [
        ("ΑΘΗΝΑ", 0),
        ("αθηνα", 0),
        ("ΘΑΛΑΣΣΑ", 0),
        ("елки", 1),
        ("ЁЛКИ", 1),
        ("STRASSE", 2),
        ("fluss", 2),
        ("ışık", 3),
        ("isik", 3),
        ("MUNCHEN", 4),
        ("foret", 4),
        ("КИЇВ", 5),
    ] {
        let hits = archive.search(asked, 9).unwrap().hits;
        let urls: Vec<String> = hits.iter().map(|hit| hit.capture.url.to_string()).collect();
        assert_eq!(urls, [format!("https://n.example/{of}")], "{asked}");
    }
    assert!(archive.search("мои", 9).unwrap().hits.is_empty(), "й is a letter of its own");
}

#[test]
fn an_address_is_erased_however_it_is_written() {
    let same = ["a?id=1", "a?id=1#part", "%61?id=1", "a?%69d=%31", "a?id=1&utm_source=x#part"];
    let others = ["a?id=2", "A?id=1", "a%2F?id=1", "a?id=1#!/other", "a?id=1%26b"];
    let (_place, archive) = new_archive();
    let url = |page: &str, host: &str| format!("https://{host}/{page}");
    let all_of = || {
        let named = same.iter().chain(&others).map(|page| url(page, "v.example"));
        let named = named.chain([url(same[0], "v.example."), url(others[0], "v.example.")]);
        named.enumerate().map(|(n, url)| entry(&url, n as i64, &format!("Words {n}."))).collect::<Vec<_>>()
    };
    archive.append(all_of()).unwrap();
    let target = Target::Url(Url::parse(&url("%61?id=1#other", "v.example")).unwrap());
    let plan = archive.plan_erase(&[target], false).unwrap();
    archive.erase(&plan, Timestamp::UNIX_EPOCH).unwrap();
    let left = || all(&archive).iter().map(|capture| capture.url.to_string()).collect::<Vec<_>>();
    let expected: Vec<String> =
        others.iter().map(|page| url(page, "v.example")).chain([url(others[0], "v.example.")]).collect();
    assert_eq!(left(), expected);
    // Nor does it come again.
    let again = archive.append(all_of().into_iter().take(same.len()).collect()).unwrap();
    assert!(again.iter().all(|capture| capture.outcome == Outcome::OptedOut), "{again:?}");
    assert_eq!(left(), expected);
}

#[test]
fn a_prune_tells_what_it_gave_back() {
    let (_guard, archive) = new_archive();
    for n in 0..6 {
        let words = format!("Version {n} of many. {}", "It says this and that. ".repeat(40));
        archive.append(vec![entry(PAGE, n, &words)]).unwrap();
    }
    archive.seal(false).unwrap();
    let bytes = || -> u64 {
        let of = |store| std::fs::read_dir(archive.folder().join(store)).unwrap();
        ["segments", "raw"].into_iter().flat_map(of).map(|file| file.unwrap().metadata().unwrap().len()).sum()
    };
    let before = bytes();
    let raw_before = Some(Timestamp::new(1_767_225_600 + 4, 0).unwrap());
    let plan = archive.plan_prune(&PruneOptions { raw_before, ..PruneOptions::default() }).unwrap();
    let done = archive.prune(&plan).unwrap();
    assert_eq!((done.raw, done.bytes), (4, before - bytes()));
}

/// Whoever names hosts as long as a list is does not hold up who asks for each of them.
#[test]
fn a_host_of_very_many_parts_is_looked_up_at_once() {
    let (_guard, archive) = new_archive();
    archive.append(vec![entry("https://a.example/1", 1, "The words.")]).unwrap();
    let target = Target::Host("a.example".to_owned());
    archive.erase(&archive.plan_erase(&[target], false).unwrap(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    let begun = std::time::Instant::now();
    for (end, is_erased) in [("a.example", true), ("a.example.", true), ("b.example", false), ("ca.example", false)] {
        let url = gleaner::page::Url::parse(&format!("https://{}{end}/", "x.".repeat(500_000))).unwrap();
        assert_eq!(archive.is_erased(&url).unwrap(), is_erased, "{end}");
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

//! Sealing, pruning, erasing, repairing: the archive says the same in fewer bytes, or says less on purpose.

use std::path::Path;

use gleaner::archive::{Archive, Entry, Keep, Options, PruneOptions, Target};
use gleaner::capture::{Capture, Outcome};
use gleaner::page::Url;

use super::{all, capture, delete_index, dump_index, entry, folder, open, problems};

/// Text with enough in common for a dictionary to learn from.
fn article(n: usize) -> String {
    let mut text = format!("Report number {n} of the harbour office.\n\n");
    for part in 0..12 {
        let day = (n * 7 + part * 3) % 28 + 1;
        text += &format!(
            "On day {day} the pilot boat left the outer mole at {}:{:02} and met the freighter {} off the lighthouse. ",
            (n + part) % 24,
            (n * 13 + part) % 60,
            ["Amalia", "Borealis", "Cormoran", "Dione"][(n + part) % 4]
        );
        text += "The crew was thanked for its patience, and the tide tables were corrected accordingly.\n\n";
    }
    text
}

fn thread(posts: usize) -> String {
    (0..posts).map(|n| format!("{}\n\n", article(n * 31 + 5))).collect()
}

/// Articles, a thread that grows, an article that changes, and a page that stays.
fn filled(place: &Path) -> Archive {
    let archive = Archive::init(place, Options { segment_bytes_max: 60_000, ..Options::default() }).unwrap();
    for n in 0..8 {
        let mut batch: Vec<Entry> = (0..12)
            .map(|k| n * 12 + k)
            .map(|n| entry(&format!("https://n{}.example/{n}", n % 3), n as i64, &article(n)))
            .collect();
        let later = 1000 + n as i64;
        batch.push(entry("https://forum.example/t/1", later, &thread(2 + n)));
        batch.push(entry("https://news.example/a", later, &format!("{}Correction {n}.", article(500))));
        batch.push(entry("https://same.example/", later, &article(900)));
        archive.append(batch).unwrap();
    }
    archive
}

/// A capture with text, records and raw bytes.
type Whole = (Capture, Option<String>, Option<gleaner::capture::Records>, Option<Vec<u8>>);

/// Every capture with all that it names.
fn everything(archive: &Archive) -> Vec<Whole> {
    let read = |capture: Capture| {
        let text = capture.text.map(|id| archive.text(id).unwrap());
        let records = capture.records.map(|id| archive.records(id).unwrap());
        let raw = capture.raw.map(|id| archive.raw(id).unwrap());
        (capture, text, records, raw)
    };
    all(archive).into_iter().map(read).collect()
}

fn segment_bytes(folder: &Path) -> u64 {
    let of = |store: &str| {
        std::fs::read_dir(folder.join(store)).unwrap().map(|f| f.unwrap().metadata().unwrap().len()).sum::<u64>()
    };
    of("segments") + of("raw")
}

#[test]
fn a_sealed_archive_says_the_same_in_fewer_bytes() {
    let place = folder();
    let archive = filled(place.path());
    let (before, bytes) = (everything(&archive), segment_bytes(place.path()));
    let reader = open(place.path());
    assert_eq!(everything(&reader), before);
    let report = archive.seal(false).unwrap();
    assert!(report.segments > 1 && report.bytes_after < report.bytes_before, "{report:?}");
    assert_eq!(everything(&archive), before);
    assert_eq!(everything(&reader), before, "a reader that was open before goes on");
    let sealed = segment_bytes(place.path());
    assert!(sealed * 10 < bytes * 8, "{bytes} bytes became {sealed}");
    assert_eq!(problems(&archive), [""; 0]);
    let dump = dump_index(place.path());
    delete_index(place.path());
    assert_eq!(everything(&open(place.path())), before);
    assert_eq!(dump_index(place.path()), dump, "index as updated and index made anew are equal");
    assert_eq!(open(place.path()).seal(false).unwrap().segments, 0, "what is sealed stays as it is");
}

#[test]
fn a_sealed_archive_goes_on() {
    let place = folder();
    let archive = filled(place.path());
    archive.seal(false).unwrap();
    archive.append(vec![entry("https://news.example/a", 5000, &format!("{}Last correction.", article(500)))]).unwrap();
    archive
        .append((0..9).map(|n| entry(&format!("https://z.example/{n}"), 6000, &article(n + 700))).collect())
        .unwrap();
    let before = everything(&archive);
    assert_eq!(problems(&archive), [""; 0]);
    archive.seal(false).unwrap();
    assert_eq!(everything(&archive), before);
    assert_eq!(problems(&archive), [""; 0]);
    let dump = dump_index(place.path());
    delete_index(place.path());
    assert_eq!(everything(&open(place.path())), before);
    assert_eq!(dump_index(place.path()), dump);
}

#[test]
fn sealing_gives_the_same_bytes_each_time() {
    let places = [folder(), folder()];
    let bytes = places.each_ref().map(|place| {
        let archive = filled(place.path());
        archive.seal(false).unwrap();
        let mut files: Vec<_> = ["segments", "raw"]
            .iter()
            .flat_map(|store| std::fs::read_dir(place.path().join(store)).unwrap().map(|file| file.unwrap().path()))
            .collect();
        files.sort();
        files
            .iter()
            .map(|file| (file.file_name().unwrap().to_owned(), std::fs::read(file).unwrap()))
            .collect::<Vec<_>>()
    });
    assert!(bytes[0] == bytes[1]);
}

#[test]
fn a_damaged_dictionary_has_a_copy() {
    let place = folder();
    let archive = filled(place.path());
    archive.seal(false).unwrap();
    let before = everything(&archive);
    drop(archive);
    let path = place.path().join("segments/00000001.2.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[400] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let archive = open(place.path());
    assert!(problems(&archive)[0].contains("this dict does not match"), "{:?}", problems(&archive));
    assert_eq!(everything(&archive), before);
    let report = archive.repair().unwrap();
    assert_eq!((report.segments.len(), report.lost.len()), (1, 0), "{report:?}");
    assert_eq!(problems(&archive), [""; 0]);
    assert_eq!(everything(&archive), before);
}

#[test]
fn pruning_keeps_what_the_policy_says() {
    let place = folder();
    let archive = filled(place.path());
    archive.seal(false).unwrap();
    let before = everything(&archive);
    let keep = Some(Keep { last: 2, ..Keep::default() });
    let plan = archive.plan_prune(&PruneOptions { keep, ..PruneOptions::default() }).unwrap();
    assert_eq!(everything(&archive), before, "a plan does nothing");
    let bytes = segment_bytes(place.path());
    archive.prune(&plan).unwrap();
    assert!(segment_bytes(place.path()) < bytes);
    let after = everything(&archive);
    assert_eq!(after.len() as u64, plan.captures_kept);
    let news: Vec<_> = after.iter().filter(|kept| kept.0.url.host_str() == Some("news.example")).collect();
    assert!(news.len() == 2 && news[1].1.as_ref().unwrap().ends_with("Correction 7."));
    // The page that stayed: its first capture is what the newest repeats.
    assert_eq!(after.iter().filter(|kept| kept.0.url.host_str() == Some("same.example")).count(), 3);
    assert!(after.iter().all(|kept| before.contains(kept)));
    assert_eq!(problems(&archive), [""; 0]);
    assert_eq!(everything(&open(place.path())), after);
}

#[test]
fn raw_bytes_go_before_their_captures() {
    let place = folder();
    let archive = filled(place.path());
    archive.seal(false).unwrap();
    let before = "2026-01-01T00:16:40Z".parse().unwrap();
    let plan = archive.plan_prune(&PruneOptions { raw_before: Some(before), ..PruneOptions::default() }).unwrap();
    assert!(plan.captures == 0 && plan.raw > 90, "{plan:?}");
    archive.prune(&plan).unwrap();
    let after = everything(&archive);
    assert!(
        after.iter().all(|(capture, text, _, raw)| text.is_some() && raw.is_some() == (capture.fetched_at >= before))
    );
    assert_eq!(problems(&archive), [""; 0]);
    delete_index(place.path());
    assert_eq!(everything(&open(place.path())), after);
    // Fetched again, they are kept again.
    let raw = b"<p>New</p>".to_vec();
    archive.append(vec![Entry { raw: Some(raw), ..entry("https://n0.example/0", 9000, &article(0)) }]).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn what_is_erased_is_nowhere_and_does_not_come_again() {
    let place = folder();
    let archive = filled(place.path());
    let canary = "The cinnamon lighthouse keeper Ottokar Semmelweis sleeps in the third drawer of the east wing.";
    let page = "https://private.example/ottokar-semmelweis-of-the-east-wing";
    let secret = |second| entry(page, second, &format!("{}\n{canary}", article(second as usize)));
    archive.append(vec![secret(1), secret(2), secret(3)]).unwrap();
    archive.seal(false).unwrap();
    archive.append(vec![secret(4)]).unwrap();
    let others: Vec<_> =
        everything(&archive).into_iter().filter(|kept| kept.0.url.host_str() != Some("private.example")).collect();
    let url = Url::parse(page).unwrap();
    let plan = archive.plan_erase(&[Target::Url(url.clone())], false).unwrap();
    assert_eq!((plan.captures, plan.texts, plan.shared.len()), (4, 4, 0), "{plan:?}");
    assert!(archive.prove_erased(&plan).unwrap().also_said_by > 0, "it is found while it is there");
    archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    let proof = archive.prove_erased(&plan).unwrap();
    assert_eq!(proof.found, [""; 0]);
    assert!(proof.records > 100 && proof.files > 2);
    let canaries = archive.search_bytes(&[canary.as_bytes().to_vec(), page.as_bytes().to_vec()]).unwrap();
    assert_eq!((canaries.found.len(), canaries.also_said_by), (0, 0));
    assert_eq!(everything(&archive), others);
    assert_eq!(problems(&archive), [""; 0]);
    assert!(
        archive.is_erased(&url).unwrap()
            && !archive.is_erased(&Url::parse("https://private.example/").unwrap()).unwrap()
    );
    let refused = archive.append(vec![secret(5), entry("https://n.example/new", 9, "A text that is new.")]).unwrap();
    assert_eq!((refused[0].outcome, refused[0].id, refused[1].outcome), (Outcome::OptedOut, None, Outcome::Ok));
    assert_eq!(everything(&open(place.path())).len(), others.len() + 1);
}

#[test]
fn a_backup_does_not_bring_back_what_was_erased() {
    let place = folder();
    let archive = filled(place.path());
    let backup: Vec<_> = std::fs::read_dir(place.path().join("segments"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    let plan = archive.plan_erase(&[Target::Host("forum.example".to_owned())], false).unwrap();
    archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    drop(archive);
    let _ = std::fs::remove_dir_all(place.path().join("segments"));
    std::fs::create_dir(place.path().join("segments")).unwrap();
    for (path, bytes) in backup {
        std::fs::write(path, bytes).unwrap();
    }
    delete_index(place.path());
    let archive = open(place.path());
    assert!(all(&archive).iter().any(|capture| capture.url.host_str() == Some("forum.example")));
    let again = archive.plan_erase_again().unwrap();
    assert_eq!(again.captures, plan.captures);
    archive.erase(&again, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert!(all(&archive).iter().all(|capture| capture.url.host_str() != Some("forum.example")));
}

#[test]
fn a_text_can_be_erased_everywhere_or_at_one_address() {
    let (_place, archive) = super::new_archive();
    let text = "The same words stand at two addresses, and one of them is to forget them now.";
    archive.append(vec![entry("https://a.example/", 1, text), entry("https://b.example/", 2, text)]).unwrap();
    let a = Target::Url(Url::parse("https://a.example/").unwrap());
    let plan = archive.plan_erase(std::slice::from_ref(&a), false).unwrap();
    assert_eq!((plan.captures, plan.texts, &plan.shared[..]), (1, 0, &["https://b.example/".to_owned()][..]));
    let plan = archive.plan_erase(&[a], true).unwrap();
    assert_eq!((plan.captures, plan.texts), (2, 1));
    archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert!(all(&archive).is_empty());
    let again = archive.append(vec![entry("https://c.example/", 3, text)]).unwrap();
    assert_eq!(again[0].outcome, Outcome::OptedOut);
}

#[test]
fn repair_keeps_the_rest_and_says_what_is_lost() {
    for step in [4985, 20_005] {
        let place = folder();
        let archive = filled(place.path());
        let before = everything(&archive);
        drop(archive);
        let path = place.path().join("segments/00000001.seg");
        let mut bytes = std::fs::read(&path).unwrap();
        (5000..bytes.len()).step_by(step).for_each(|at| bytes[at] ^= 0x40);
        std::fs::write(&path, &bytes).unwrap();
        let archive = open(place.path());
        assert!(!problems(&archive).is_empty());
        let report = archive.repair().unwrap();
        // Later segments hold what repeats or is packed against what is lost.
        assert!(report.segments.contains(&"segments/00000001.seg".to_owned()), "{report:?}");
        assert!(step > 5000 || !report.lost.is_empty());
        assert_eq!(problems(&archive), [""; 0], "{report:?}");
        let after = everything(&archive);
        assert!(after.len() * 10 > before.len() * 6, "{} of {}", after.len(), before.len());
        for (capture, text, ..) in &after {
            // A capture that is made anew from the index is of the same visit.
            let is_it = |kept: &Capture| kept.url == capture.url && kept.fetched_at == capture.fetched_at;
            let was = before.iter().find(|kept| is_it(&kept.0)).expect("nothing is invented");
            assert!(text.is_none() || *text == was.1);
        }
        let mut aside = std::fs::read_dir(place.path().join("quarantine")).unwrap().map(|file| file.unwrap().path());
        assert!(aside.any(|path| std::fs::read(path).unwrap() == bytes), "the damaged file is kept");
    }
}

#[test]
fn a_capture_is_found_by_the_address_that_answered() {
    let (_place, archive) = super::new_archive();
    let last = Url::parse("https://a.example/final").unwrap();
    let mut visit = entry("https://a.example/old", 1, "Where the redirect ends.");
    visit.capture = Capture { final_url: Some(last.clone()), ..capture("https://a.example/old", 1) };
    archive.append(vec![visit]).unwrap();
    assert_eq!(archive.latest(&last, None).unwrap().unwrap().url.path(), "/old");
}

/// Twenty paragraphs, of which every version has a new one in place of an old one.
fn edited(n: usize) -> String {
    let word = |seed: usize| format!("{:x} ", (seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24);
    let paragraph = |at: usize| {
        let revision = (n + 19 - at) / 20;
        (0..25).map(|k| word((revision * 20 + at) * 1000 + k)).collect::<String>() + "\n\n"
    };
    (0..20).map(paragraph).collect()
}

#[test]
fn an_article_that_is_edited_again_and_again_packs_well_and_later_versions_do_too() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    let visit = |n: usize| Entry { records: None, ..entry("https://news.example/a", n as i64, &edited(n)) };
    let plain: usize = (0..100).map(|n| edited(n).len() * 2).sum();
    let mut sizes = Vec::new();
    for (from, to) in [(0, 60), (60, 63), (63, 100)] {
        (from..to).for_each(|n| drop(archive.append(vec![visit(n)]).unwrap()));
        let before = everything(&archive);
        archive.seal(false).unwrap();
        assert_eq!(everything(&archive), before);
        assert_eq!(problems(&archive), [""; 0]);
        sizes.push(segment_bytes(place.path()));
    }
    assert!(sizes[2] * 5 < plain as u64, "{plain} bytes became {sizes:?}");
    let dump = dump_index(place.path());
    delete_index(place.path());
    drop(all(&open(place.path())));
    assert_eq!(dump_index(place.path()), dump);
}

#[test]
fn pages_packed_against_one_in_a_warc_file_stay_so() {
    let place = folder();
    let options = |raw| Options { raw, ..Options::default() };
    let visit = |n: i64, k: i64| {
        let text = format!("{}Correction {k}.", article(500 + n as usize));
        Entry { records: None, ..entry(&format!("https://news.example/{n}"), n + 100 * k, &text) }
    };
    let archive = Archive::init(place.path(), options(gleaner::archive::Raw::Warc)).unwrap();
    archive.append((0..8).map(|n| visit(n, 0)).collect()).unwrap();
    archive.seal(false).unwrap();
    drop(archive);
    let archive = Archive::open(place.path(), options(gleaner::archive::Raw::Keep)).unwrap();
    archive.append((0..8).map(|n| visit(n, 1)).collect()).unwrap();
    let (before, bytes) = (everything(&archive), segment_bytes(place.path()));
    archive.seal(false).unwrap();
    assert_eq!(everything(&archive), before);
    assert_eq!(problems(&archive), [""; 0]);
    assert!(segment_bytes(place.path()) <= bytes + 200, "{bytes} became {}", segment_bytes(place.path()));
}

//! Raw bytes kept as WARC files: read here as any others, and by tools that know nothing of gleaner.

use std::path::{Path, PathBuf};
use std::process::Command;

use gleaner::archive::{Archive, CheckOptions, Depth, Entry, Keep, Options, Own, PruneOptions, Raw, Target};
use gleaner::capture::{Capture, Id};
use gleaner::page::Url;
use serde_json::Value;

use super::{all, delete_index, dump_index, entry, folder, open, problems, skipped};

fn options() -> Options {
    Options { raw: Raw::Warc, ..Options::default() }
}

/// A page with bytes that are no text.
fn page(url: &str, second: i64, body: &[u8]) -> Entry {
    Entry { raw: Some(body.to_vec()), ..entry(url, second, &format!("What {url} said at {second}.")) }
}

fn pages() -> Vec<Entry> {
    vec![
        page("https://a.example/1", 1, b"<p>One.\r\n\r\nHTTP/1.1 200 OK\r\n\r\nWARC/1.1\r\n"),
        page("https://a.example/2?q=%C3%A4", 2, b""),
        page("https://b.example/", 3, &(0..=255).cycle().take(9000).collect::<Vec<u8>>()),
        page("https://c.example/same", 4, b"<p>The same of two pages."),
        page("https://d.example/same", 5, b"<p>The same of two pages."),
        page("https://a.example/1", 100_000, b"<p>One, later."),
    ]
}

fn filled(place: &Path) -> (Archive, Vec<Capture>) {
    let archive = Archive::init(place, options()).unwrap();
    let kept = pages().into_iter().flat_map(|page| archive.append(vec![page]).unwrap()).collect();
    (archive, kept)
}

fn warcs(place: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(place.join("raw")).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.to_string_lossy().ends_with(".warc.gz")).collect();
    files.sort();
    files
}

/// What gleaner's own reader of foreign WARC files finds: addresses and bodies.
fn read(file: &Path) -> Vec<(String, Vec<u8>)> {
    let mut reader = gleaner::warc::Reader::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut found = Vec::new();
    while let Some(record) = reader.next_record().unwrap() {
        if record.head.kind() == "response" {
            let response = gleaner::warc::response(&record.block).unwrap();
            found.push((record.head.url().unwrap().to_owned(), response.body));
        }
    }
    found
}

fn holds(archive: &Archive, kept: &[Capture]) {
    for (capture, page) in kept.iter().zip(pages()) {
        assert_eq!(archive.raw(capture.raw.unwrap()).unwrap(), page.raw.unwrap(), "{}", capture.url);
    }
    assert_eq!(problems(archive), [""; 0]);
}

#[test]
fn raw_bytes_in_a_warc_are_read_as_any_others() {
    let place = folder();
    let (archive, kept) = filled(place.path());
    holds(&archive, &kept);
    let [warc] = &warcs(place.path())[..] else { panic!("one file") };
    let read = read(warc);
    assert_eq!(read.len(), 5, "what two pages have in common is there once");
    assert!(pages().iter().all(|page| read.iter().any(|(_, body)| Some(body) == page.raw.as_ref())));
    let index = dump_index(place.path());
    drop(archive);
    delete_index(place.path());
    let again = open(place.path());
    assert_eq!(dump_index(place.path()), index);
    holds(&again, &kept);
    again.seal(false).unwrap();
    holds(&again, &kept);
    assert_eq!(self::read(&warcs(place.path())[0]), read, "a sealing leaves them as they are");
}

#[test]
fn what_a_browser_made_is_no_answer_of_a_server() {
    let place = folder();
    let archive = Archive::init(place.path(), options()).unwrap();
    let mut made = page("https://a.example/app", 1, b"<p>Made by a script.\r\n\r\nHTTP/1.1 200 OK");
    made.capture.rendered = true;
    let kept = archive.append(vec![made.clone()]).unwrap();
    assert_eq!(archive.raw(kept[0].raw.unwrap()).unwrap(), made.raw.clone().unwrap());
    assert_eq!(problems(&archive), [""; 0]);
    let mut reader = gleaner::warc::Reader::new(std::fs::File::open(&warcs(place.path())[0]).unwrap()).unwrap();
    let records: Vec<_> = std::iter::from_fn(|| reader.next_record().unwrap()).collect();
    let page = records.iter().find(|record| record.head.kind() == "resource").expect("a record of its own kind");
    assert_eq!((page.head.url(), Some(&page.block)), (Some("https://a.example/app"), made.raw.as_ref()));
}

#[test]
fn the_files_are_what_warcio_expects() {
    let place = folder();
    let (_archive, kept) = filled(place.path());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/archive/warc.py");
    let told = Command::new("python3").arg(script).args(warcs(place.path())).output();
    let Some(told) = told.ok().filter(|told| told.status.code() != Some(77)) else {
        return skipped("the check of raw WARC files needs python3 with warcio");
    };
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Vec<Value> = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told.len(), 5);
    for (capture, page) in kept.iter().zip(pages()) {
        let length = page.raw.unwrap().len();
        let here = |told: &&Value| told["sha256"] == capture.raw.unwrap().to_string() && told["bytes"] == length;
        assert!(told.iter().any(|told| here(&told)), "{}: {told:?}", capture.url);
    }
    assert_eq!(told[0]["url"], "https://a.example/1");
    assert_eq!((told[0]["type"].as_str(), told[0]["status"].as_str()), (Some("text/html; charset=utf-8"), Some("200")));
}

#[test]
fn every_flipped_byte_of_a_warc_is_noticed_and_repair_keeps_the_rest() {
    let place = folder();
    let (archive, kept) = filled(place.path());
    let warc = warcs(place.path()).remove(0);
    let whole = std::fs::read(&warc).unwrap();
    // Time, level and system of a gzip header say nothing.
    for at in (0..whole.len()).step_by(5).filter(|at| !(4..10).contains(at)) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x20;
        std::fs::write(&warc, &flipped).unwrap();
        let archive = open(place.path());
        assert!(!problems(&archive).is_empty(), "byte {at}");
        for (capture, page) in kept.iter().zip(pages()) {
            assert!(archive.raw(capture.raw.unwrap()).map_or(true, |raw| Some(raw) == page.raw), "byte {at}");
        }
    }
    for length in [0, 10, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&warc, &whole[..length]).unwrap();
        assert!(!problems(&open(place.path())).is_empty(), "cut at {length}");
    }
    let middle = whole.len() - 40;
    let damaged: Vec<u8> = whole.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == middle)).collect();
    std::fs::write(&warc, &damaged).unwrap();
    drop(archive);
    let archive = open(place.path());
    let report = archive.repair().unwrap();
    assert_eq!(report.lost.len(), 1, "{report:?}");
    assert_eq!(problems(&archive), [""; 0]);
    let quarantine = std::fs::read_dir(place.path().join("quarantine")).unwrap();
    let set_aside = quarantine.map(|file| std::fs::read(file.unwrap().path()).unwrap()).any(|bytes| bytes == damaged);
    assert!(set_aside, "the damaged file is kept");
    assert_eq!(kept[..5].iter().filter(|kept| archive.raw(kept.raw.unwrap()).is_ok()).count(), 5);
}

#[test]
fn what_an_interrupted_batch_left_is_cut_by_the_next() {
    let place = folder();
    let (archive, kept) = filled(place.path());
    drop(archive);
    let warc = warcs(place.path()).remove(0);
    let mut whole = std::fs::read(&warc).unwrap();
    whole.extend_from_within(..200);
    std::fs::write(&warc, &whole).unwrap();
    let archive = Archive::open(place.path(), options()).unwrap();
    holds(&archive, &kept);
    archive.append(vec![page("https://e.example/", 7, b"<p>After it.")]).unwrap();
    assert_eq!(read(&warc).len(), 6);
    holds(&archive, &kept);
}

#[test]
fn a_new_file_is_begun_when_one_is_full() {
    let place = folder();
    let archive = Archive::init(place.path(), Options { segment_bytes_max: 2000, ..options() }).unwrap();
    // Bytes that do not pack.
    let body = |n: u8| (0..80).flat_map(|k: u8| Id::of(&[n, k]).0).collect::<Vec<u8>>();
    let mut kept = Vec::new();
    for n in 0..4 {
        kept.extend(archive.append(vec![page(&format!("https://a.example/{n}"), n, &body(n as u8))]).unwrap());
    }
    assert_eq!(warcs(place.path()).len(), 4);
    assert!(kept.iter().zip(0..).all(|(kept, n)| archive.raw(kept.raw.unwrap()).unwrap() == body(n)));
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn an_archive_may_change_its_mind() {
    let place = folder();
    let (archive, mut kept) = filled(place.path());
    for (second, raw) in [(8, Raw::Keep), (9, Raw::Warc), (10, Raw::None), (11, Raw::Warc)] {
        archive.set_own(Own { raw, raw_for: None }).unwrap();
        let now = open(place.path());
        assert_eq!(now.own().unwrap().raw, raw);
        let of = page(&format!("https://e.example/{second}"), second, format!("<p>At {second}.").as_bytes());
        let new = now.append(vec![of]).unwrap().remove(0);
        assert_eq!(new.raw.is_some(), raw != Raw::None);
        kept.extend(Some(new).filter(|new| new.raw.is_some()));
    }
    let archive = open(place.path());
    holds(&archive, &kept);
    assert_eq!(archive.raw(kept[6].raw.unwrap()).unwrap(), b"<p>At 8.");
    assert_eq!(read(&warcs(place.path())[0]).len(), 7);
    archive.set_own(Own { raw: Raw::Keep, raw_for: None }).unwrap();
    let archive = open(place.path());
    archive.seal(false).unwrap();
    holds(&archive, &kept);
    assert_eq!(read(&warcs(place.path())[0]).len(), 7, "what is in a WARC file stays there");
}

#[test]
fn what_goes_is_gone_from_the_files_too() {
    let place = folder();
    let (archive, kept) = filled(place.path());
    let erased = Target::Url(Url::parse("https://c.example/same").unwrap());
    let plan = archive.plan_erase(&[erased], false).unwrap();
    let proof = |archive: &Archive| archive.prove_erased(&plan).unwrap();
    let named = |url: &str| warcs(place.path()).iter().flat_map(|file| read(file)).any(|(of, _)| of.contains(url));
    assert!(named("c.example") && !named("d.example"));
    archive.erase(&plan, kept[0].fetched_at).unwrap();
    assert_eq!(proof(&archive).found, [""; 0]);
    assert!(!named("c.example") && named("a.example"));
    assert_eq!(archive.raw(kept[4].raw.unwrap()).unwrap(), b"<p>The same of two pages.", "another page has it");
    assert_eq!(problems(&archive), [""; 0]);
    let policy = PruneOptions { raw_before: Some(kept[5].fetched_at), ..PruneOptions::default() };
    let plan = archive.plan_prune(&policy).unwrap();
    assert!(plan.bytes > 300, "bytes of the WARC file count: {}", plan.bytes);
    archive.prune(&plan).unwrap();
    let left: Vec<_> = warcs(place.path()).iter().flat_map(|file| read(file)).collect();
    assert_eq!(left, [("https://a.example/1".to_owned(), b"<p>One, later.".to_vec())]);
    assert_eq!(all(&archive).len(), 5);
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn an_address_that_no_reader_would_take_is_kept_all_the_same() {
    let place = folder();
    let archive = Archive::init(place.path(), options()).unwrap();
    let mut long = page(&format!("https://a.example/{}", "x".repeat(20_000)), 1, b"<p>Long.");
    long.capture.etag = Some("a\r\nInjected: yes".to_owned());
    let mut odd = page("https://a.example/odd", 2, b"<p>Odd.");
    odd.capture.content_type = Some("text/html\r\n\r\n<p>".to_owned());
    let kept = archive.append(vec![long, odd]).unwrap();
    assert_eq!(archive.raw(kept[0].raw.unwrap()).unwrap(), b"<p>Long.");
    assert_eq!(archive.raw(kept[1].raw.unwrap()).unwrap(), b"<p>Odd.");
    assert_eq!(read(&warcs(place.path())[0]), [("https://a.example/odd".to_owned(), b"<p>Odd.".to_vec())]);
    assert_eq!(problems(&archive), [""; 0]);
}

#[test]
fn a_lost_segment_does_not_take_its_warc_file_with_it() {
    let place = folder();
    let (archive, _) = filled(place.path());
    drop(archive);
    let warc = warcs(place.path()).remove(0);
    let whole = std::fs::read(&warc).unwrap();
    let segment = place.path().join("raw/00000001.seg");
    std::fs::rename(&segment, place.path().join("elsewhere")).unwrap();
    delete_index(place.path());
    let archive = Archive::open(place.path(), options()).unwrap();
    assert!(problems(&archive)[0].contains("00000001.warc.gz"), "{:?}", problems(&archive));
    let of_no_page = Entry { raw: None, ..entry("https://e.example/", 8, "Nothing raw.") };
    archive.append(vec![of_no_page]).unwrap();
    assert_eq!(std::fs::read(&warc).unwrap(), whole, "a writer leaves it where a restored segment finds it");
    archive.append(vec![page("https://e.example/new", 9, b"<p>New.")]).unwrap();
    assert_eq!(read(&warc).len(), 1, "the number is used again");
    let aside = std::fs::read_dir(place.path().join("quarantine")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(std::fs::read(&aside).unwrap(), whole);
    let found = archive.search_bytes(&[b"<p>The same of two pages.".to_vec()]).unwrap().found;
    assert!(found.iter().any(|place| place.contains("quarantine/")), "what is set aside is searched: {found:?}");
}

#[test]
fn what_is_behind_damage_in_a_file_set_aside_is_searched() {
    let place = folder();
    drop(filled(place.path()));
    let mut bytes = std::fs::read(&warcs(place.path())[0]).unwrap();
    bytes[300..310].fill(0);
    // What pages that stay say is found nowhere: an archive without any.
    let place = folder();
    let archive = Archive::init(place.path(), options()).unwrap();
    std::fs::create_dir(place.path().join("quarantine")).unwrap();
    std::fs::write(place.path().join("quarantine/raw-00000001-1.warc.gz"), bytes).unwrap();
    let found = archive.search_bytes(&[b"https://c.example/same".to_vec()]).unwrap().found;
    assert!(found.iter().any(|place| place.contains("quarantine/")), "{found:?}");
}

#[test]
fn damage_to_records_or_files_does_not_stop_new_pages() {
    for (name, at) in [("raw/00000001.seg", Some(100)), ("raw/00000001.warc.gz", None)] {
        let place = folder();
        let (archive, kept) = filled(place.path());
        drop(archive);
        let file = place.path().join(name);
        let mut bytes = std::fs::read(&file).unwrap();
        match at {
            Some(at) => bytes[at] ^= 1,
            None => bytes.truncate(bytes.len() - 1),
        }
        std::fs::write(&file, &bytes).unwrap();
        let archive = Archive::open(place.path(), options()).unwrap();
        let new = archive.append(vec![page("https://e.example/", 9, b"<p>New.")]).unwrap().remove(0);
        assert_eq!(archive.raw(new.raw.unwrap()).unwrap(), b"<p>New.", "{name}");
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "{name}: a new file is begun");
        assert_eq!(warcs(place.path()).len(), 2, "{name}");
        assert_eq!(archive.raw(kept[1].raw.unwrap()).unwrap(), b"", "{name}");
    }
}

#[test]
fn damage_to_a_header_matters_to_nobody_who_packs_raw_bytes() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    let append = |second| archive.append(vec![page("https://a.example/", second, format!("<p>{second}").as_bytes())]);
    append(1).unwrap();
    let file = place.path().join("raw/00000001.seg");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    append(2).unwrap();
    assert!(!place.path().join("raw/00000002.seg").exists());
}

#[test]
fn an_address_let_go_before_is_erased_from_the_files_too() {
    for target in ["https://c.example/same/and/long/enough/to/be/looked/for", "host:c.example"] {
        let place = folder();
        let archive = Archive::init(place.path(), options()).unwrap();
        let url = "https://c.example/same/and/long/enough/to/be/looked/for";
        // An old visit of it has bytes that another page has too; then it is let go.
        let kept = archive.append(vec![page(url, 4, b"<p>The same."), page("https://d.example/", 5, b"<p>The same.")]);
        let kept = kept.unwrap();
        archive.append(vec![Entry { raw: None, ..entry(url, 100_000, "What it said later.") }]).unwrap();
        let keep = Some(Keep { last: 1, ..Keep::default() });
        let policy = PruneOptions { keep, host: Some("c.example".to_owned()), ..PruneOptions::default() };
        let plan = archive.plan_prune(&policy).unwrap();
        assert_eq!(plan.captures, 1);
        archive.prune(&plan).unwrap();
        let named = || warcs(place.path()).iter().flat_map(|file| read(file)).any(|(of, _)| of == url);
        assert!(named());
        let target = match target.strip_prefix("host:") {
            Some(host) => Target::Host(host.to_owned()),
            None => Target::Url(Url::parse(target).unwrap()),
        };
        let plan = archive.plan_erase(&[target], false).unwrap();
        archive.erase(&plan, kept[0].fetched_at).unwrap();
        assert!(!named());
        assert_eq!(archive.prove_erased(&plan).unwrap().found, [""; 0]);
        assert_eq!(archive.raw(kept[1].raw.unwrap()).unwrap(), b"<p>The same.");
        assert_eq!(problems(&archive), [""; 0]);
    }
}

#[test]
fn the_quick_check_sees_a_file_that_is_too_short() {
    let place = folder();
    let (archive, _) = filled(place.path());
    let quick = CheckOptions { depth: Depth::Quick, ..CheckOptions::default() };
    assert_eq!(archive.check_with(&quick).unwrap().problems, [""; 0]);
    let warc = warcs(place.path()).remove(0);
    let whole = std::fs::read(&warc).unwrap();
    std::fs::write(&warc, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(open(place.path()).check_with(&quick).unwrap().problems.len(), 1);
    std::fs::remove_file(&warc).unwrap();
    assert_eq!(open(place.path()).check_with(&quick).unwrap().problems.len(), 1);
}

#[test]
fn what_was_packed_before_is_sealed_once() {
    let place = folder();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    let kept = archive.append(vec![page("https://a.example/", 1, &b"<p>Packed. ".repeat(500))]).unwrap();
    archive.set_own(Own { raw: Raw::Warc, raw_for: None }).unwrap();
    let archive = open(place.path());
    archive.append(vec![page("https://a.example/2", 2, b"<p>Not packed.")]).unwrap();
    archive.seal(false).unwrap();
    assert!(place.path().join("raw/00000001.2.seg").exists(), "packed raw bytes are sealed");
    archive.append(vec![page("https://a.example/3", 3, b"<p>Nor this.")]).unwrap();
    archive.seal(false).unwrap();
    assert!(place.path().join("raw/00000001.2.seg").exists(), "WARC files alone are no reason");
    assert_eq!(archive.raw(kept[0].raw.unwrap()).unwrap(), b"<p>Packed. ".repeat(500));
    assert_eq!(problems(&archive), [""; 0]);
}

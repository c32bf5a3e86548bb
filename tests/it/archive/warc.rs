//! Raw bytes kept as WARC files: read here as any others, and by tools that know nothing of gleaner.

use std::path::{Path, PathBuf};
use std::process::Command;

use gleaner::archive::{Archive, Entry, Options, Own, PruneOptions, Raw, Target};
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

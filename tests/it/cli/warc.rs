//! WARC files taken in: what is damaged is left out and told, what is sound is kept, once.

use std::io::Write;
use std::process::Command;

use serde_json::Value;

use super::{Place, article, of_type};

const AT: &str = "2024-01-03T00:00:00Z";

/// A record as crawlers write it, with lines of its own.
pub(super) fn record(kind: &str, url: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {AT}\r\n{fields}Content-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

pub(super) fn page(url: &str, title: &str) -> Vec<u8> {
    let html = article(title, &format!("All that is said of {title} is said here, and nowhere else."));
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}");
    record("response", url, "", http.as_bytes())
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    member.write_all(bytes).unwrap();
    member.finish().unwrap()
}

/// Says that something was not tested. Written past the test harness, which hides what passing tests print.
fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

fn urls() -> [String; 5] {
    ["a", "b", "c", "d", "e"].map(|name| format!("https://w.example/{name}"))
}

fn members() -> Vec<Vec<u8>> {
    urls().iter().map(|url| gzip(&page(url, &format!("Boats of {url}")))).collect()
}

/// Imports; gives the exit code, the addresses of the captures, the errors and the summary.
pub(super) fn import(place: &Place, file: &str) -> (i32, Vec<String>, Vec<String>, Value) {
    let (code, lines) = place.json(&["import", file]);
    let texts = |kind, name: &str| {
        of_type(&lines, kind).iter().map(|line| line[name].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    (code, texts("capture", "url"), texts("error", "message"), of_type(&lines, "summary")[0].clone())
}

pub(super) fn text(place: &Place, url: &str) -> String {
    place.json(&["show", url]).1[0]["text"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_damaged_page_is_left_out_the_others_come_and_the_sound_file_brings_it() {
    let place = Place::new();
    let members = members();
    let sound = members.concat();
    place.write("sound.warc.gz", &sound);
    let begin = members[0].len() + members[1].len();
    for (name, at) in [("data", begin + members[2].len() / 2), ("trailer", begin + members[2].len() - 6)] {
        let mut damaged = sound.clone();
        damaged[at] ^= 0x10;
        place.write(&format!("{name}.warc.gz"), &damaged);
    }
    let others: Vec<String> = urls().into_iter().filter(|url| !url.ends_with("/c")).collect();
    let (code, captures, errors, summary) = import(&place, "data.warc.gz");
    assert_eq!((code, &captures), (3, &others), "{errors:?}");
    let told = format!("{} bytes from byte {begin} on are damaged and left out", members[2].len());
    assert!(errors.len() == 1 && errors[0].contains(&told) && errors[0].contains("data.warc.gz"), "{errors:?}");
    assert_eq!((&summary["new"], &summary["failed"], &summary["known"]), (&4.into(), &1.into(), &0.into()));
    let (code, captures, _, summary) = import(&place, "trailer.warc.gz");
    assert_eq!((code, captures.len(), &summary["known"]), (3, 0, &4.into()));
    let (code, captures, errors, summary) = import(&place, "sound.warc.gz");
    assert_eq!((code, captures, errors.len(), &summary["known"]), (0, vec![urls()[2].clone()], 0, &4.into()));
    let other = Place::new();
    other.write("sound.warc.gz", &sound);
    import(&other, "sound.warc.gz");
    assert!(urls().iter().all(|url| text(&place, url) == text(&other, url)));
    let told = place.run(&["import", "sound.warc.gz"]);
    assert!(told.code == 0 && told.stderr.contains("0 pages · 0 new · 0 unchanged · 5 known"), "{}", told.stderr);
}

#[test]
fn a_flipped_byte_of_a_plain_file_is_known_by_the_digest_of_its_record() {
    let place = Place::new();
    let parts: Vec<Vec<u8>> = urls()
        .iter()
        .map(|url| {
            let page = page(url, &format!("Boats of {url}"));
            let at = memchr::memmem::find(&page, b"HTTP/1.1").unwrap();
            let block = &page[at..page.len() - 4];
            let digest = gleaner::capture::Id::of(block).digest();
            record("response", url, &format!("WARC-Block-Digest: {digest}\r\n"), block)
        })
        .collect();
    let mut file = parts.concat();
    let place_of = |word: &str| memchr::memmem::find(&file, word.as_bytes()).unwrap();
    let (second, fourth) = (place_of("Boats of https://w.example/b"), place_of("Boats of https://w.example/d"));
    file[second] ^= 1;
    file[fourth] ^= 1;
    place.write("a.warc", &file);
    let (code, captures, errors, _) = import(&place, "a.warc");
    let [a, _, c, _, e] = urls();
    assert_eq!((code, captures, errors.len()), (3, vec![a, c, e], 2), "{errors:?}");
    assert!(errors[0].contains("WARC-Block-Digest"), "{errors:?}");
}

#[test]
fn two_pages_of_one_second_are_two_captures_from_one_file_or_two() {
    let url = "https://w.example/same";
    let (one, two) = (gzip(&page(url, "The first boat")), gzip(&page(url, "The second boat")));
    for raw in ["keep", "warc", "none"] {
        for files in [vec![[one.clone(), two.clone()].concat()], vec![one.clone(), two.clone()]] {
            let place = Place::new();
            place.run(&["init", "--raw", raw]);
            let names: Vec<String> = (0..files.len()).map(|n| format!("{n}.warc.gz")).collect();
            files.iter().zip(&names).for_each(|(file, name)| drop(place.write(name, file)));
            let kept: usize = names.iter().map(|name| import(&place, name).1.len()).sum();
            assert_eq!(kept, 2, "{raw}, {} files", names.len());
            for name in &names {
                let (code, captures, _, summary) = import(&place, name);
                assert_eq!((code, captures.len(), &summary["known"]), (0, 0, &(2 / names.len()).into()), "{raw}");
            }
            assert_eq!(of_type(&place.json(&["history", url]).1, "capture").len(), 2);
        }
    }
}

#[test]
fn an_address_with_a_password_is_known_again() {
    let place = Place::new();
    place.write("a.warc.gz", gzip(&page("https://anna:secret@w.example/x", "Boats")));
    assert_eq!(import(&place, "a.warc.gz").1.len(), 1);
    for _ in 0..2 {
        let (code, captures, _, summary) = import(&place, "a.warc.gz");
        assert_eq!((code, captures.len(), &summary["known"]), (0, 0, &1.into()));
    }
}

#[test]
fn every_kind_of_record_is_known_again() {
    let place = Place::new();
    let http = |head: &str| format!("HTTP/1.1 {head}\r\n\r\n").into_bytes();
    let file = [
        page("https://w.example/ok", "Boats"),
        record("revisit", "https://w.example/ok", "", b"").replace_date("2024-01-04"),
        record("response", "https://w.example/gone", "", &http("404 Not Found")),
        record("response", "https://w.example/moved", "", &http("301 Moved\r\nLocation: /ok")),
        record("response", "https://w.example/picture", "", &http("200 OK\r\nContent-Type: image/png")),
        record("conversion", "https://w.example/text", "", b"Boats\n\nAll boats stay in the harbour today.\n"),
        record(
            "resource",
            "https://w.example/file",
            "Content-Type: text/html\r\n",
            article("Nets", "Nets.").as_bytes(),
        ),
        record("response", "dns:w.example", "Content-Type: text/dns\r\n", b"192.0.2.1"),
    ]
    .concat();
    place.write("a.warc", &file);
    let (_, captures, errors, _) = import(&place, "a.warc");
    assert_eq!((captures.len(), errors.len()), (7, 0), "{captures:?} {errors:?}");
    let (code, captures, _, summary) = import(&place, "a.warc");
    assert_eq!((code, captures.len(), &summary["known"]), (0, 0, &7.into()));
    place.write(
        "a.wet",
        record("conversion", "https://w.example/wet", "", b"Boats\n\nAll boats stay in the harbour today.\n"),
    );
    assert_eq!(import(&place, "a.wet").1.len(), 1);
    let (code, captures, _, summary) = import(&place, "a.wet");
    assert_eq!((code, captures.len(), &summary["known"]), (0, 0, &1.into()));
}

pub(super) trait Dated {
    fn replace_date(self, day: &str) -> Self;
}

impl Dated for Vec<u8> {
    fn replace_date(self, day: &str) -> Self {
        String::from_utf8(self).unwrap().replace("2024-01-03", day).into_bytes()
    }
}

#[test]
fn what_names_no_address_or_no_time_is_told() {
    let place = Place::new();
    let text = b"Boats\n\nAll boats stay in the harbour today.\n";
    let lost = |what: &str| {
        let whole = String::from_utf8(record("conversion", "https://w.example/a", "", text)).unwrap();
        let (before, after) = whole.split_once(what).unwrap();
        format!("{before}X-{what}{after}").into_bytes()
    };
    let file = [lost("WARC-Target-URI"), lost("WARC-Date"), record("conversion", "no address", "", text)].concat();
    place.write("a.warc", [file, record("conversion", "https://w.example/b", "", text)].concat());
    let (code, captures, errors, _) = import(&place, "a.warc");
    assert_eq!((code, captures.len(), errors.len()), (3, 1, 3), "{errors:?}");
}

/// A file that `export --format warc` wrote of two versions of a page, each visited twice, member by member.
fn exported(place: &Place) -> Vec<Vec<u8>> {
    let url = "https://w.example/a";
    let visits =
        [("01", "The first boat"), ("02", "The first boat"), ("03", "The second boat"), ("04", "The second boat")];
    let file: Vec<u8> =
        visits.iter().flat_map(|(day, title)| page(url, title).replace_date(&format!("2024-01-{day}"))).collect();
    place.write("in.warc", file);
    assert_eq!(import(place, "in.warc").1.len(), 4);
    assert_eq!(place.run(&["export", "--format", "warc", "-o", "out"]).code, 0);
    let whole = std::fs::read(place.path("out/gleaner-00001.warc.gz")).unwrap();
    let mut begins: Vec<usize> = memchr::memmem::find_iter(&whole, b"\x1F\x8B\x08\0\0\0\0\0").collect();
    begins.push(whole.len());
    begins.windows(2).map(|pair| whole[pair[0]..pair[1]].to_vec()).collect()
}

#[test]
fn a_damaged_record_of_our_own_never_makes_a_capture_of_others_parts() {
    let source = Place::new();
    let members = exported(&source);
    assert!(members.len() >= 9, "{}", members.len());
    let shown = |place: &Place| -> Vec<(Value, Value, Value)> {
        let (_, lines) = place.json(&["history", "https://w.example/a"]);
        let all = of_type(&lines, "capture");
        all.iter().map(|line| (line["fetched_at"].clone(), line["text"].clone(), line["raw"].clone())).collect()
    };
    let sound = shown(&source);
    for hit in 0..members.len() {
        let place = Place::new();
        let mut damaged = members.clone();
        let middle = damaged[hit].len() / 2;
        damaged[hit][middle] ^= 0xFF;
        place.write("damaged.warc.gz", damaged.concat());
        place.write("sound.warc.gz", members.concat());
        let (code, captures, errors, _) = import(&place, "damaged.warc.gz");
        assert!(code == 3 || hit == 0, "{hit}: {errors:?}");
        assert!(captures.len() >= 2, "{hit}: {captures:?} {errors:?}");
        let there = shown(&place);
        assert!(there.iter().all(|capture| sound.contains(capture)), "{hit}: {there:#?} of {sound:#?}");
        let (code, ..) = import(&place, "sound.warc.gz");
        assert_eq!(code, 0);
        let mut whole = shown(&place);
        whole.sort_by_key(|capture| capture.0.to_string());
        assert_eq!(whole, sound, "{hit}");
    }
}

#[test]
fn a_revisit_of_what_was_damaged_repeats_nothing_older() {
    let place = Place::new();
    let url = "https://w.example/a";
    let refers =
        |day: &str| format!("WARC-Refers-To-Target-URI: {url}\r\nWARC-Refers-To-Date: 2024-01-{day}T00:00:00Z\r\n");
    let mut members = [
        page(url, "The first boat").replace_date("2024-01-01"),
        page(url, "The second boat").replace_date("2024-01-02"),
        record("revisit", url, &refers("02"), b""),
        record("revisit", url, &refers("01"), b"").replace_date("2024-01-04"),
    ]
    .map(|part| gzip(&part));
    let middle = members[1].len() / 2;
    members[1][middle] ^= 0xFF;
    place.write("a.warc.gz", members.concat());
    let (code, captures, errors, _) = import(&place, "a.warc.gz");
    assert_eq!((code, captures.len(), errors.len()), (3, 2, 2), "{errors:?}");
    assert!(errors[1].contains("repeats a visit that is not in the archive"), "{errors:?}");
}

#[test]
fn what_warcio_writes_is_taken_and_what_gleaner_writes_holds_for_it() {
    let place = Place::new();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/cli/warc.py");
    let made = Command::new("python3").arg(script).args(["write"]).arg(place.path("in.warc.gz")).output();
    let Some(made) = made.ok().filter(|made| made.status.code() != Some(77)) else {
        return skipped("WARC files of another writer need python3 with warcio");
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (code, captures, errors, _) = import(&place, "in.warc.gz");
    assert_eq!((code, captures.len(), errors.len()), (0, 4, 0), "{errors:?}");
    assert_eq!(place.run(&["export", "--format", "warc", "-o", "out"]).code, 0);
    let file = place.path("out/gleaner-00001.warc.gz");
    let checked = Command::new("python3").arg(script).arg("check").arg(file).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

//! WARC files as other crawlers write them, and as standards let them: nothing is lost without a word.

use std::process::Stdio;

use serde_json::Value;

use super::warc::{Dated, gzip, import, page, record, text};
use super::{Place, article, of_type};

fn html() -> Vec<u8> {
    article("The ferry", "The ferry crosses at noon, and comes back at dusk with the mail.").into_bytes()
}

fn http(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {head}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n").as_bytes(), body].concat()
}

/// An answer whose body comes in chunks.
fn chunked(head: &str, body: &[u8]) -> Vec<u8> {
    http(&format!("200 OK\r\nTransfer-Encoding: chunked{head}"), body)
}

fn chunks(body: &[u8], size: usize) -> Vec<u8> {
    let chunk = |chunk: &[u8]| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
    [body.chunks(size).flat_map(chunk).collect(), b"0\r\n\r\n".to_vec()].concat()
}

fn response(name: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    record("response", &format!("https://w.example/{name}"), fields, block)
}

/// The captures of an archive, by the last part of their addresses.
fn captures(place: &Place) -> Vec<(String, Value)> {
    let (_, lines) = place.json(&["list"]);
    let name = |line: &Value| line["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    of_type(&lines, "capture").into_iter().map(|line| (name(line), line.clone())).collect()
}

#[test]
fn a_body_that_is_not_in_the_coding_its_header_names_is_taken_as_it_is() {
    let place = Place::new();
    let codings = ["gzip", "br", "zstd", "deflate", "gzip, br"];
    let of = |coding: &str| http(&format!("200 OK\r\nContent-Encoding: {coding}"), &html());
    let file: Vec<u8> =
        codings.iter().enumerate().flat_map(|(n, coding)| response(&n.to_string(), "", &of(coding))).collect();
    place.write("a.warc", file);
    assert_eq!(import(&place, "a.warc").0, 0);
    for (n, coding) in codings.iter().enumerate() {
        let said = text(&place, &format!("https://w.example/{n}"));
        assert!(said.contains("comes back at dusk"), "{coding}: {said:?}");
        let ended = place.run(&["show", &format!("https://w.example/{n}"), "--as", "html"]);
        assert_eq!(ended.stdout.as_bytes(), html(), "{coding}");
    }
}

#[test]
fn a_page_of_which_the_end_is_missing_is_told_as_one() {
    let place = Place::new();
    let long = article("The ferry", &"The ferry crosses at noon, and comes back at dusk with the mail. ".repeat(200));
    // Without much to pack a cut would leave nothing.
    let noise: String = (0..4000u64).map(|n| format!("{:x} ", n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    let packed = gzip(long.replace("</body>", &format!("<p>{noise}</p></body>")).as_bytes());
    let file = [
        response("packed", "", &http("200 OK\r\nContent-Encoding: gzip", &packed[..packed.len() * 2 / 3])),
        response("chunks", "", &chunked("", &chunks(long.as_bytes(), 500)[..4000])),
        response("packed-chunks", "", &chunked("\r\nContent-Encoding: gzip", &chunks(&packed, 500)[..4000])),
        response("segment", "WARC-Segment-Number: 1\r\n", &http("200 OK", &html())),
        response("crawler", "WARC-Truncated: length\r\n", &http("200 OK", &html())),
        response("range", "", &http("206 Partial Content\r\nContent-Range: bytes 0-99/5000", &html())),
        response("whole", "", &http("206 Partial Content\r\nContent-Range: bytes 0-99/100", &html())),
    ];
    place.write("a.warc", file.concat());
    let (code, _, errors, summary) = import(&place, "a.warc");
    assert_eq!((code, errors.len(), &summary["partial"]), (3, 0, &6.into()), "{summary}");
    for (name, capture) in captures(&place) {
        let is_told =
            capture["partial"] == true && capture["detail"].as_str().is_some_and(|why| why.contains("not whole"));
        assert_eq!(is_told, name != "whole", "{capture}");
        let text = text(&place, capture["url"].as_str().unwrap());
        assert!(text.contains("crosses at noon"), "{name}");
        assert!(name != "chunks" || !text.contains("1f4"), "{text}");
    }
}

#[test]
fn what_is_no_answer_is_told_and_line_ends_may_be_mixed() {
    let place = Place::new();
    let mixed = [&b"HTTP/1.1 200 OK\nContent-Type: text/html\n\r\n"[..], &html()].concat();
    let file = [
        response("bare", "", &html()),
        response("icy", "", b"ICY 200 OK\r\n\r\nNoise."),
        response("mixed", "", &mixed),
    ];
    place.write("a.warc", file.concat());
    let (code, captures, errors, _) = import(&place, "a.warc");
    assert_eq!((code, captures.len(), errors.len()), (3, 1, 2), "{errors:?}");
    assert!(errors.iter().all(|error| error.contains("no HTTP answer")), "{errors:?}");
    assert!(text(&place, "https://w.example/mixed").contains("crosses at noon"));
}

fn revisit(name: &str, of: &str, day: &str) -> Vec<u8> {
    let fields = format!(
        "WARC-Refers-To-Target-URI: https://w.example/{of}\r\nWARC-Refers-To-Date: 2024-01-{day}T00:00:00Z\r\n"
    );
    record("revisit", &format!("https://w.example/{name}"), &fields, &http("200 OK", b""))
}

#[test]
fn a_revisit_of_another_addresss_bytes_has_its_text() {
    for raw in ["keep", "none"] {
        let place = Place::new();
        assert_eq!(place.run(&["init", "--raw", raw]).code, 0);
        place.write("first.warc", page("https://w.example/first", "The first ferry"));
        let file = [
            revisit("before", "first", "03").replace_date_of_record("2024-01-04"),
            page("https://w.example/a", "The ferry"),
            revisit("b", "a", "03"),
            revisit("nowhere", "none", "03"),
            revisit("other-time", "a", "02"),
            record("revisit", "https://w.example/alone", "", &http("200 OK", b"")),
            record("revisit", "https://w.example/moved", "", &http("301 Moved Permanently\r\nLocation: /a", b"")),
        ];
        place.write("a.warc", file.concat());
        assert_eq!(import(&place, "first.warc").0, 0);
        let (code, _, errors, summary) = import(&place, "a.warc");
        assert_eq!((code, errors.len()), (3, 3), "{errors:?}");
        assert!(errors.iter().all(|error| error.contains("repeats a visit that is not in the archive")), "{errors:?}");
        assert_eq!((&summary["new"], &summary["unchanged"]), (&3.into(), &0.into()), "{summary}");
        let of = |name: &str| text(&place, &format!("https://w.example/{name}"));
        assert!(of("b").contains("The ferry") && of("b") == of("a"), "{}", of("b"));
        assert!(!of("before").is_empty() && of("before") == of("first"), "{}", of("before"));
        let outcomes: Vec<String> = captures(&place)
            .into_iter()
            .filter(|(name, _)| name == "moved")
            .map(|(_, capture)| capture["outcome"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(outcomes, ["moved"]);
        let (_, _, errors, summary) = import(&place, "a.warc");
        assert_eq!((&summary["known"], errors.len()), (&4.into(), 3), "{summary}");
    }
}

#[test]
fn a_redirect_says_where_it_leads_and_goes_with_the_page_there() {
    let place = Place::new();
    let led = |head: &str| http(&format!("{head}\r\nLocation: /a"), b"");
    let file = [response("gone-on", "", &led("301 Moved Permanently")), response("for-now", "", &led("302 Found"))];
    place.write("a.warc", file.concat());
    import(&place, "a.warc");
    assert_eq!(captures(&place).len(), 2);
    for (_, capture) in captures(&place) {
        assert_eq!(capture["final_url"], "https://w.example/a", "{capture}");
    }
    assert_eq!(place.run(&["erase", "https://w.example/a"]).code, 0);
    assert_eq!(captures(&place).len(), 0);
    import(&place, "a.warc");
    assert_eq!(captures(&place).len(), 0);
}

trait OfRecord {
    fn replace_date_of_record(self, day: &str) -> Self;
}

impl OfRecord for Vec<u8> {
    /// The record's own date, not that of what it refers to.
    fn replace_date_of_record(self, day: &str) -> Self {
        let whole = String::from_utf8(self).unwrap();
        whole.replace("WARC-Date: 2024-01-03", &format!("WARC-Date: {day}")).into_bytes()
    }
}

#[test]
fn dates_of_every_precision_are_read_and_times_that_cannot_be_ordered_refused() {
    let place = Place::new();
    let dated = |name: &str, date: &str| {
        let whole = String::from_utf8(page(&format!("https://w.example/{name}"), name)).unwrap();
        whole.replace("2024-01-03T00:00:00Z", date).into_bytes()
    };
    let cases = [
        ("year", "2021", "2021-01-01T00:00:00Z"),
        ("month", "2021-05", "2021-05-01T00:00:00Z"),
        ("day", "2021-05-06", "2021-05-06T00:00:00Z"),
        ("minute", "2021-05-06T07:08Z", "2021-05-06T07:08:00Z"),
        ("digits", "20210506070809", "2021-05-06T07:08:09Z"),
        ("nanos", "2021-05-06T07:08:09.123456789Z", "2021-05-06T07:08:09.123456789Z"),
        ("no-zone", "2021-05-06T07:08:09", "2021-05-06T07:08:09Z"),
        ("no-zone-nanos", "2021-05-06T07:08:09.5", "2021-05-06T07:08:09.5Z"),
        ("zone", "2021-05-06T07:08:09+02:00", "2021-05-06T05:08:09Z"),
    ];
    let mut file: Vec<u8> = cases.iter().flat_map(|(name, date, _)| dated(name, date)).collect();
    for (name, date) in [
        ("zero", "0001-01-01T00:00:00Z"),
        ("far", "2300-01-01T00:00:00Z"),
        ("none", "2021-13-01"),
        ("hour", "2021-05-06T07"),
        ("words", "Thu, 06 May 2021 07:08:09"),
    ] {
        file.extend(dated(name, date));
    }
    place.write("a.warc", file);
    let (code, _, errors, _) = import(&place, "a.warc");
    assert_eq!((code, errors.len()), (3, 5), "{errors:?}");
    let there: Vec<(String, String)> = captures(&place)
        .into_iter()
        .map(|(name, line)| (name, line["fetched_at"].as_str().unwrap().to_owned()))
        .collect();
    let told: Vec<(String, String)> =
        cases.iter().map(|(name, _, at)| ((*name).to_owned(), (*at).to_owned())).collect();
    assert_eq!(there, told);
}

#[test]
fn two_imports_of_one_file_at_the_same_time_keep_each_visit_once() {
    let place = Place::new();
    let visit = |n: usize| {
        page(&format!("https://w.example/{}", n % 40), &format!("Ferry {n}"))
            .replace_date(&format!("2024-01-{:02}", n / 40 + 1))
    };
    place.write("a.warc", (0..400).flat_map(visit).collect::<Vec<u8>>());
    assert_eq!(place.run(&["init"]).code, 0);
    let import = || place.command(&["import", "-q", "a.warc"]).stdout(Stdio::null()).spawn().unwrap();
    let both = [import(), import()];
    for mut one in both {
        assert!(one.wait().unwrap().success());
    }
    assert_eq!(captures(&place).len(), 400);
}

#[test]
fn a_text_that_was_lost_is_called_lost_and_comes_again_with_its_file() {
    let place = Place::new();
    assert_eq!(place.run(&["init", "--raw", "none"]).code, 0);
    place.write("a.warc", [page("https://w.example/a", "The ferry"), page("https://w.example/b", "The mail")].concat());
    assert_eq!(import(&place, "a.warc").0, 0);
    let whole = text(&place, "https://w.example/b");
    let path = place.path("archive/segments/00000001.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    let places: Vec<usize> = memchr::memmem::find_iter(&bytes, b"\x8FGLN").collect();
    // Magic, version, kind: the last record of a text.
    let at = places.into_iter().rfind(|at| bytes[at + 5] == 4).expect("there is a text");
    bytes[at + 60] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let repair = place.run(&["repair"]);
    assert!(repair.code == 3 && repair.stdout.contains("lost    text"), "{}", repair.stdout);
    let (lost, other) = if text(&place, "https://w.example/b").is_empty() { ("b", "a") } else { ("a", "b") };
    let lost = format!("https://w.example/{lost}");
    let shown = place.run(&["show", &lost]);
    assert!(shown.code == 1 && shown.stderr.contains("lost to damage"), "{}", shown.stderr);
    let (code, captures, _, summary) = import(&place, "a.warc");
    assert_eq!((code, captures, &summary["known"]), (0, vec![lost.clone()], &1.into()));
    assert!(!text(&place, &lost).is_empty() && !text(&place, &format!("https://w.example/{other}")).is_empty());
    assert!(text(&place, "https://w.example/b") == whole);
    let (_, captures, _, summary) = import(&place, "a.warc");
    assert_eq!((captures.len(), &summary["known"]), (0, &2.into()));
    assert_eq!(place.run(&["check"]).code, 0);
}

#[test]
fn what_belongs_to_a_page_is_kept_without_a_text_and_told() {
    const CODE: &str =
        "/* The colours are taken from the old mill sign, so keep them as they are. */\nvar open = false;";
    let place = Place::new();
    let of = |kind: &str, body: &[u8]| {
        [format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n").as_bytes(), body].concat()
    };
    let code = CODE.as_bytes();
    let others = [
        ("css", "text/css; charset=utf-8", "a style sheet"),
        ("js", "application/javascript", "a script"),
        ("json", "application/json", "JSON"),
        ("ico", "image/x-icon", "an image"),
    ];
    let pages = [("text", "text/plain", code.to_vec()), ("page", "application/json", html())];
    let file = others.iter().map(|(name, kind, _)| response(name, "", &of(kind, code)));
    let file = file.chain(pages.iter().map(|(name, kind, body)| response(name, "", &of(kind, body))));
    place.write("a.warc", file.flatten().collect::<Vec<u8>>());
    let (exit, _, errors, summary) = import(&place, "a.warc");
    assert_eq!((exit, errors.len(), &summary["new"]), (0, 0, &6.into()), "{summary}");
    for (name, capture) in captures(&place) {
        let said = text(&place, capture["url"].as_str().unwrap());
        let Some((_, _, what)) = others.iter().find(|(other, ..)| *other == name) else {
            assert!(said.contains("old mill") || said.contains("crosses at noon"), "{name}: {said}");
            continue;
        };
        let why = format!("no main text: this is {what}, not a page");
        assert!(said.is_empty() && capture["outcome"] == "ok" && capture["detail"] == *why, "{capture}");
        let ended = place.run(&["show", capture["url"].as_str().unwrap(), "--as", "html"]);
        assert_eq!(ended.stdout, CODE, "{name}");
    }
}

//! WET files: many texts in one file of WARC records.

use std::io::Write;

use super::{Place, of_type};

const PROSE: &str = "The ferry to the outer islands will run twice a day from the first of May, the harbour office said.\n\
    Until then travellers must use the mail boat, which leaves at seven and has room for twelve people.\n\
    Those who want to take their car must wait until the pier has been repaired, which will take all summer.\n";

fn record(kind: &str, uri: &str, block: &str) -> String {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2024-06-20T01:02:03Z\r\n\
         Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    )
}

fn three() -> Vec<String> {
    vec![
        record("warcinfo", "", "Software-Info: none\r\n"),
        record(
            "conversion",
            "https://harbour.example/ferry",
            &format!("Ferry returns in May\nHome\nLog in\n{PROSE}Share\n"),
        ),
        record(
            "conversion",
            "https://harbour.example/boats",
            &format!("Boats of the year\nHome\nLog in\n{PROSE}Share\n"),
        ),
    ]
}

/// Every record a gzip member of its own, as crawlers write them.
fn zipped(records: &[String]) -> Vec<u8> {
    let member = |record: &String| {
        let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        coder.write_all(record.as_bytes()).expect("a Vec takes everything");
        coder.finish().expect("a Vec takes everything")
    };
    records.iter().flat_map(member).collect()
}

#[test]
fn each_record_is_a_capture_of_its_address_and_day() {
    let place = Place::new();
    place.write("crawl/one.warc.wet.gz", zipped(&three()));
    let (code, lines) = place.json(&["import", "crawl"]);
    assert_eq!(code, 0, "{lines:#?}");
    let captures = of_type(&lines, "capture");
    let urls: Vec<_> = captures.iter().map(|capture| capture["url"].as_str().unwrap()).collect();
    assert_eq!(urls, ["https://harbour.example/ferry", "https://harbour.example/boats"]);
    assert!(captures.iter().all(|capture| capture["fetched_at"] == "2024-06-20T01:02:03Z"), "{captures:#?}");
    let shown = place.run(&["show", urls[0]]);
    assert_eq!(shown.stdout, format!("Ferry returns in May\n\n{}\n", PROSE.trim().replace('\n', "\n\n")));
}

#[test]
fn extract_gives_every_record_and_explain_the_first() {
    let place = Place::new();
    place.write("one.wet", three().concat());
    let (code, lines) = place.json(&["extract", "one.wet"]);
    let documents = of_type(&lines, "document");
    assert_eq!((code, documents.len()), (0, 2));
    assert_eq!(documents[1]["url"], "https://harbour.example/boats");
    assert_eq!(documents[1]["metadata"]["title"], "Boats of the year");
    let (code, lines) = place.json(&["explain", "one.wet"]);
    assert_eq!((code, &of_type(&lines, "block")[0]["text"]), (0, &"Ferry returns in May".into()));
}

#[test]
fn what_is_damaged_is_told_and_the_rest_taken() {
    let place = Place::new();
    let mut records = three();
    records.insert(1, record("conversion", "no address", "Some text.\n"));
    let whole = records.concat();
    place.write("cut.wet", &whole[..whole.len() - 40]);
    let (code, lines) = place.json(&["import", "cut.wet"]);
    assert_eq!(code, 3, "{lines:#?}");
    assert_eq!((of_type(&lines, "capture").len(), of_type(&lines, "error").len()), (1, 2));
    place.write("page.wet.gz", "<p>no WARC</p>");
    let (code, lines) = place.json(&["extract", "page.wet.gz"]);
    assert_eq!(code, 4);
    let told = of_type(&lines, "error")[0]["message"].as_str().unwrap().to_owned();
    assert!(told.contains("page.wet.gz") && told.contains("neither WARC nor"), "{told}");
    place.write("empty.wet", "");
    assert_eq!(place.run(&["extract", "empty.wet"]).code, 1);
}

#[test]
fn a_file_is_what_its_first_bytes_say_whatever_its_name() {
    let place = Place::new();
    place.write("records.bin", zipped(&three()));
    place.write("bare", three().concat());
    for name in ["records.bin", "bare"] {
        let (code, lines) = place.json(&["extract", name]);
        assert_eq!((code, of_type(&lines, "document").len()), (0, 2), "{name}: {lines:#?}");
        let (code, lines) = place.json(&["import", name, "-a", &format!("of-{name}")]);
        assert_eq!((code, of_type(&lines, "capture").len()), (0, 2), "{name}: {lines:#?}");
    }
    let plain = format!("Ferry returns in May\nHome\nLog in\n{PROSE}Share\n");
    place.write("noted", &plain);
    let clean = format!("Ferry returns in May\n\n{}\n", PROSE.trim().replace('\n', "\n\n"));
    assert_eq!(place.run(&["extract", "noted"]).stdout, clean);
    let (code, lines) = place.json(&["import", "noted", "-a", "of-noted"]);
    assert_eq!((code, &of_type(&lines, "capture")[0]["content_type"]), (0, &"text/plain".into()), "{lines:#?}");
}

#[test]
fn what_is_no_page_is_named_and_not_taken_in() {
    let place = Place::new();
    let noise: Vec<u8> = (0..3000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (name, bytes, what) in [
        ("in/a.html", &b"%PDF-1.4\n%\xe2\xe3\n1 0 obj"[..], "a PDF file"),
        ("in/b.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        ("in/c.txt", b"filedesc://x.arc 0.0.0.0 20060101000000 text/plain 76\n", "an ARC file"),
        ("in/d.txt", &noise, "binary data"),
    ] {
        place.write(name, bytes);
        let ended = place.run(&["extract", name]);
        assert_eq!((ended.code, ended.stdout.as_str()), (1, ""), "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains(what), "{name}: {}", ended.stderr);
        let ended = place.run(&["import", name]);
        assert_eq!(ended.code, 4, "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains(what) && ended.stderr.contains(name), "{name}: {}", ended.stderr);
    }
    place.write("in/page.html", format!("<h1>Ferry</h1><p>{PROSE}</p>"));
    let ended = place.run(&["extract", "--batch", "in", "--output", "out.jsonl"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(ended.stderr.contains("a.html` is a PDF file, not a page"), "{}", ended.stderr);
    place.write("other.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let ended = place.run(&["import", "other.zip"]);
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    assert!(ended.stderr.contains("no WACZ"), "{}", ended.stderr);
}

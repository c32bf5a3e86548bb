//! WACZ: the whole archive in one file, as other tools read it.

use std::process::Command;

use serde_json::Value;

use super::{Place, article, of_type};

/// Says that something was not tested. Written past the test harness, which hides what passing tests print.
fn skipped(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

fn filled() -> Place {
    let place = Place::new();
    for (name, at, url) in [
        ("1/a.html", "2026-01-01T00:00:00Z", "https://n.example/a"),
        ("1/b.html", "2026-01-01T00:01:00Z", "https://www.n.example:8443/B/c/?d=1&B=x&b"),
        ("1/c.html", "2026-01-01T00:02:00Z", "https://m.example/ünder"),
        ("2/a.html", "2026-02-01T00:00:00Z", "https://n.example/a"),
    ] {
        place.write(name, article(&format!("Boats of {name}"), &format!("Forty boats came in on {at}.")));
        place.write(&format!("{name}.json"), format!("{{\"url\":\"{url}\",\"fetched_at\":\"{at}\"}}"));
    }
    for folder in ["1", "2"] {
        assert_eq!(place.run(&["import", folder]).code, 0);
    }
    place
}

#[test]
fn a_wacz_is_what_it_says_to_python() {
    let place = filled();
    let (code, lines) = place.json(&["export", "--format", "wacz", "-o", "out"]);
    assert_eq!((code, lines[0]["captures"].as_u64(), lines[0]["pages"].as_u64()), (0, Some(4), Some(3)), "{lines:?}");
    place.run(&["export", "--format", "wacz", "-o", "again"]);
    let read = |folder: &str| std::fs::read(place.path(folder).join("gleaner.wacz")).unwrap();
    assert!(read("out") == read("again"), "the same archive gives the same bytes");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/cli/wacz.py");
    let Ok(told) = Command::new("python3").arg(script).arg(place.path("out/gleaner.wacz")).output() else {
        return skipped("reading a WACZ with another reader needs python3");
    };
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    eprintln!("read by Python's zipfile, {}", told["checked"]);
    for (reader, needs) in
        [("indexer", "its index compared needs cdxj-indexer"), ("validator", "it validated needs wacz")]
    {
        if !told["checked"].as_str().is_some_and(|checked| checked.contains(reader)) {
            skipped(&format!("a WACZ was read, but to have {needs}"));
        }
    }
    assert_eq!((told["answers"].as_u64(), told["lines"].as_u64(), told["pages"].as_u64()), (Some(4), Some(4), Some(3)));
    for (url, text) in told["texts"].as_object().unwrap() {
        assert_eq!(*text, place.json(&["show", url]).1[0]["text"], "{url}");
    }
    assert_eq!(place.run(&["export", "--format", "wacz", "-o", "out"]).code, 2, "nothing is written over");
}

#[test]
fn what_a_killed_export_left_is_cleared_and_what_another_writes_is_not() {
    let place = filled();
    place.write("out/gleaner.wacz.part", "PK half of it");
    let held = std::fs::File::open(place.path("out/gleaner.wacz.part")).unwrap();
    held.lock().unwrap();
    let refused = place.run(&["export", "--format", "wacz", "-o", "out"]);
    assert_eq!(refused.code, 11, "{}", refused.stderr);
    assert!(refused.stderr.contains("is being written"), "{}", refused.stderr);
    drop(held);
    assert_eq!(place.run(&["export", "--format", "wacz", "-o", "out"]).code, 0);
    let files: Vec<_> = std::fs::read_dir(place.path("out")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["gleaner.wacz"]);
}

#[test]
fn a_wacz_is_taken_in_again_whole() {
    let place = filled();
    place.run(&["export", "--format", "wacz", "-o", "out"]);
    let (code, lines) = place.json(&["import", "out/gleaner.wacz", "-a", "copy"]);
    assert_eq!((code, of_type(&lines, "capture").len()), (0, 4), "{lines:#?}");
    let list = |archive: &str| -> Vec<Value> {
        let (_, lines) = place.json(&["list", "-a", archive]);
        of_type(&lines, "capture").iter().map(|line| (line["url"].clone(), line["text"].clone()).0).collect()
    };
    assert_eq!(list("copy"), list("archive"));
    let whole = std::fs::read(place.path("out/gleaner.wacz")).unwrap();
    for cut in [0, 10, whole.len() / 2, whole.len() - 1] {
        place.write("cut.wacz", &whole[..cut]);
        let ended = place.run(&["import", "cut.wacz", "-a", "cut"]);
        assert_eq!(ended.code, 4, "cut at {cut}: {}", ended.stderr);
    }
    for at in (0..whole.len()).step_by(97) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x41;
        place.write("flipped.wacz", &flipped);
        let ended = place.run(&["import", "flipped.wacz", "-a", "flipped"]);
        assert!((0..=4).contains(&ended.code), "flipped at {at}: {}", ended.stderr);
    }
}

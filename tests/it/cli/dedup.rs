//! `dedup` as a user types it.

use std::io::Write;
use std::process::Stdio;

use super::{Place, ended, of_type};

/// So many documents, each there twice.
fn lines(count: usize) -> String {
    let text = |at: usize| (0..60).map(|word| format!("w{} ", at * 37 + word * (at + 3))).collect::<String>();
    let line = |at: usize| format!("{{\"id\":{at},\"text\":\"{}\"}}\n", text(at / 2));
    (0..2 * count).map(line).collect()
}

#[test]
fn what_comes_in_as_a_stream_is_deduplicated_as_a_file_is() {
    let place = Place::new();
    place.write("in.jsonl", lines(50));
    assert_eq!(place.run(&["dedup", "in.jsonl", "-o", "file", "--bad-lines", "skip"]).code, 0);
    let with_stdin = |input: &str, words: &[&str]| {
        let mut child = place
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("it reads to the end");
        drop(stdin);
        ended(child.wait_with_output().expect("it ends"))
    };
    let stdin = if cfg!(unix) { "/dev/stdin" } else { "-" };
    for (input, folder) in [("-", "dash"), (stdin, "pipe")] {
        let ran = with_stdin(&lines(50), &["dedup", input, "-o", folder, "--state", &format!("state-{folder}")]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for name in ["clusters.jsonl", "documents-00000.jsonl.zst", "manifest.json"] {
            let read = |folder: &str| std::fs::read(place.path(folder).join(name)).unwrap();
            assert!(name == "manifest.json" || read(folder) == read("file"), "{input}: {name}");
        }
        let names: Vec<_> =
            std::fs::read_dir(place.path(folder)).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(names.len(), std::fs::read_dir(place.path("file")).unwrap().count(), "{names:?}");
    }
    let bad = with_stdin("{}\n", &["dedup", "-", "-o", "bad"]);
    assert!(bad.code != 0 && bad.stderr.contains("-, line 1: "), "{}", bad.stderr);
}

#[test]
fn a_dry_run_says_what_would_be_kept_and_writes_nothing() {
    let place = Place::new();
    place.write("in.jsonl", lines(50) + "no document\n");
    let words = ["dedup", "in.jsonl", "-o", "out", "--bad-lines", "skip", "--dry-run"];
    let ran = place.run(&words);
    assert!(ran.code == 3 && ran.stderr.contains("100 documents · 50 would be kept"), "{}", ran.stderr);
    let (_, told) = place.json(&words);
    assert_eq!(of_type(&told, "summary")[0]["kept"], 50);
    let names: Vec<_> = std::fs::read_dir(place.folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["in.jsonl"]);
}

#[test]
fn dates_that_are_none_are_told() {
    let place = Place::new();
    let text = (0..60).map(|word| format!("w{word} ")).collect::<String>();
    let line =
        |id: &str, date: &str| format!("{{\"id\":\"{id}\",\"text\":\"{id} {text}\",\"published\":\"{date}\"}}\n");
    place.write("in.jsonl", line("a", "05/01/2020") + &line("b", "2020-05-01") + &line("c", "0001-01-01T00:00:00Z"));
    let ran = place.run(&["dedup", "in.jsonl", "-o", "out"]);
    assert!(ran.code == 0 && ran.stderr.contains("2 documents with a `published` that is no date"), "{}", ran.stderr);
    place.write("in.jsonl", line("b", "2020-05-01"));
    let ran = place.run(&["dedup", "in.jsonl", "-o", "again"]);
    assert!(ran.code == 0 && !ran.stderr.contains("no date"), "{}", ran.stderr);
}

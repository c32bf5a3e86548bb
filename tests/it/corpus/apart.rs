//! Copies of a page have its text, not its address.

use std::fs;
use std::path::Path;

use gleaner::corpus::{DedupOptions, Repeats, dedup};
use serde_json::{Value, json};

use super::fake::{Fake, visit, words};
use super::generated::Random;

/// What a deduplication writes of these lines, files by name.
fn run(folder: &Path, lines: &[Value], options: &DedupOptions) -> Vec<(String, Vec<u8>)> {
    let path = folder.join("in.jsonl");
    fs::write(&path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    let out = folder.join("out");
    dedup(&[path], options, &out).unwrap();
    let read = |name: &str| (name.to_owned(), fs::read(out.join(name)).unwrap());
    let files = ["clusters.jsonl", "documents-00000.jsonl.zst"].map(read).to_vec();
    fs::remove_dir_all(out).unwrap();
    files
}

/// Of each line its id, which document is kept for it, and how it equals that.
fn fates(lines: &[Value], options: &DedupOptions) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let files = run(folder.path(), lines, options);
    let told = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", text("id"), text("kept"), text("level"))
    };
    String::from_utf8(files[0].1.clone()).unwrap().lines().map(told).collect()
}

/// A page that grew, its first state at another address of it, that state copied elsewhere, and a copy of that edited.
fn grown() -> [(&'static str, String, &'static str); 4] {
    let state = words(1, 60);
    let edited = state.replacen(' ', " edited ", 1);
    [
        ("grown", format!("{state} {}", words(2, 600)), "http://a.example/live"),
        ("state", state.clone(), "http://a.example/live?utm_source=1"),
        ("copy", state, "http://b.example/report"),
        ("edited", edited, "http://c.example/report"),
    ]
}

#[test]
fn a_copy_is_not_left_out_for_a_page_that_only_shares_an_address_with_its_original() {
    let lines = grown().map(|(id, text, url)| json!({"id": id, "text": text, "url": url}));
    for lines in [lines.clone(), {
        let mut lines = lines;
        lines.reverse();
        lines
    }] {
        let mut fates = fates(&lines, &DedupOptions::default());
        fates.sort();
        // The edited one is longer.
        let expected = ["copy edited near-duplicate", "edited edited -", "grown grown -", "state grown url"];
        assert_eq!(fates, expected);
    }
    let mut fake = Fake::default();
    for (_, text, url) in grown() {
        fake.add(visit(url, "2024-06-01T00:00:00Z"), &text);
    }
    super::check(
        &fake,
        &[
            ("http://a.example/live", "kept"),
            ("http://a.example/live?utm_source=1", "duplicate url"),
            ("http://b.example/report", "near-duplicate"),
            ("http://c.example/report", "kept"),
        ],
    );
}

/// An answer that begins with the question, and a report that was gone on with, are kept beside what they hold.
#[test]
fn a_longer_text_is_not_left_out_for_an_earlier_one_that_it_holds() {
    let (state, more) = (words(1, 60), words(2, 600));
    let grown = format!("{state} {more}");
    let line = |id: &str, day: &str, text: &str| json!({"id": id, "published": day, "text": text, "url": "http://a.example/live"});
    let dated = [line("state", "2024-01-01", &state), line("grown", "2024-01-02", &grown)];
    assert_eq!(fates(&dated, &DedupOptions::default()), ["state state -", "grown grown -"]);
    // What it was goes for it, and so does what differs by little.
    let turned = [line("grown", "2024-01-01", &grown), line("state", "2024-01-02", &state)];
    assert_eq!(fates(&turned, &DedupOptions::default()), ["grown grown -", "state grown url"]);
    let little = format!("{} {}", words(1, 60), words(2, 30));
    let little = [line("state", "2024-01-01", &state), line("little", "2024-01-02", &little)];
    assert_eq!(fates(&little, &DedupOptions::default()), ["state state -", "little state url"]);
}

/// However many texts of one address hold the first of them, they are no family: what else is alike is found.
#[test]
fn texts_that_hold_one_earlier_text_are_not_settled_together() {
    let shell = words(1, 20);
    let line = |id: &str, day: usize, text: &str| json!({"id": id, "published": format!("{}-01-01", 2000 + day), "text": text, "url": "http://a.example/"});
    let mut lines = vec![line("shell", 0, &shell)];
    lines.extend((0..1100).map(|at| line(&format!("p{at}"), 1, &format!("{} {shell}", words(10 + at, 30)))));
    let pages = [line("one", 2, &words(5, 90)), line("other", 3, &format!("{} indeed", words(5, 90)))];
    lines.extend(pages);
    let told = fates(&lines, &DedupOptions::default());
    assert_eq!(told.last().unwrap(), "other one url");
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    assert_eq!(fates(&lines, &DedupOptions { state: Some(state.clone()), ..DedupOptions::default() }), told);
    let bytes: u64 = fs::read_dir(state).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes < 2_000_000, "{bytes}");
}

/// Versions of one address are like the one before them, whatever stood there first.
#[test]
fn versions_of_an_address_are_found_below_another_text_of_it() {
    let versions = |at: u64| {
        let before = words(3 * at + 1, 300);
        let texts = [words(3 * at, 100), before.clone(), format!("{before} {}", words(3 * at + 2, 230))];
        (0..3).zip(texts).map(move |(n, text)| {
            json!({"id": format!("{at}-{n}"), "published": format!("202{n}-01-01"), "text": text, "url": format!("http://a.example/{at}")})
        })
    };
    let lines: Vec<Value> = (0..60).flat_map(versions).collect();
    for threshold in [0.7, 0.9] {
        let told = fates(&lines, &DedupOptions { threshold, ..DedupOptions::default() });
        assert_eq!(told.iter().filter(|line| line.ends_with(" url")).count(), 60, "{told:?}");
    }
}

#[test]
fn one_id_given_twice_with_one_text_is_settled_by_its_addresses() {
    let text = words(1, 80);
    let near = text.replacen(' ', " edited ", 1);
    let line = |id: &str, text: &str, url: &str| json!({"id": id, "text": text, "url": url});
    let mut lines = [
        line("1", &text, "http://a.example/1"),
        line("1", &text, "http://b.example/1"),
        line("2", &near[..near.len() - 9], "http://a.example/1"),
    ];
    let mut told = fates(&lines, &DedupOptions::default());
    told.sort();
    lines.swap(0, 1);
    let mut turned = fates(&lines, &DedupOptions::default());
    turned.sort();
    assert_eq!(turned, told);
}

/// As lines end on Windows: where one goes, no second gap is left.
#[test]
fn a_paragraph_cut_from_lines_that_end_in_two_characters_leaves_one_gap() {
    let repeated = "a line that stands in all of the four documents here";
    let page = |at: u64| json!({"id": at, "text": format!("{}\r\n\r\n{repeated}\r\n\r\n{}", words(at, 40), words(50 + at, 40))});
    let lines: Vec<Value> = (0..4).map(page).collect();
    let folder = tempfile::tempdir().unwrap();
    let options = DedupOptions { paragraphs: Repeats::Cut, ..DedupOptions::default() };
    let files = run(folder.path(), &lines, &options);
    let documents = String::from_utf8(zstd::decode_all(&files[1].1[..]).unwrap()).unwrap();
    let texts: Vec<Value> =
        documents.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["text"].clone()).collect();
    let is_cut = |at: &u64| texts.contains(&json!(format!("{}\r\n\r\n{}", words(*at, 40), words(50 + at, 40))));
    assert_eq!((0..4).filter(is_cut).count(), 3, "{texts:?}");
}

#[test]
fn texts_without_a_word_are_alike_only_where_they_are_the_same() {
    let texts = ["🎉🎉🎉", "💀", "", "???!!!", "💀"];
    let url =
        |at: usize| format!("http://{}x.example/a?utm_source={at}", if at.is_multiple_of(2) { "www." } else { "" });
    let line = |(at, text): (usize, &&str)| json!({"id": format!("{at}"), "text": text, "url": url(at)});
    let lines: Vec<Value> = texts.iter().enumerate().map(line).collect();
    for near_duplicates in [true, false] {
        let options = DedupOptions { near_duplicates, ..DedupOptions::default() };
        assert_eq!(fates(&lines, &options), ["0 0 -", "1 1 -", "2 2 -", "3 3 -", "4 1 url"]);
    }
}

/// Texts at addresses that come, go and change: what is remembered, and how much memory there is, changes nothing.
#[test]
fn addresses_with_several_texts_are_what_they_would_be_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random::new(7);
    let remembering = DedupOptions { state: Some(folder.path().join("state")), threads: 1, ..DedupOptions::default() };
    let bounded = DedupOptions { memory_bytes: 200 << 20, threads: 2, ..DedupOptions::default() };
    let text = |family: u64, form: usize| match form {
        0 => words(family, 60),
        1 => words(family, 60).replacen(' ', " edited ", 1),
        2 => format!("{} {}", words(family, 60), words(family + 100, 200)),
        _ => words(family + 200, 60),
    };
    // Enough others that a few of them may change.
    let strangers = (0..300).map(|at| json!({"id": format!("s{at}"), "text": words(1000 + at, 40)}));
    let mut lines: Vec<Value> = strangers.collect();
    for step in 0..12 {
        for _ in 0..6 {
            let (family, form, host) = (random.below(4) as u64, random.below(4), random.below(3));
            if random.below(3) == 0 && lines.len() > 300 {
                lines.remove(300 + random.below(lines.len() - 300));
            } else {
                let url = format!("http://{host}.example/{family}");
                lines.push(json!({"id": format!("{step}-{}", lines.len()), "text": text(family, form), "url": url}));
            }
        }
        let expected = run(folder.path(), &lines, &DedupOptions::default());
        assert!(run(folder.path(), &lines, &remembering) == expected, "{step}");
        if step % 4 == 0 {
            assert!(run(folder.path(), &lines, &bounded) == expected, "{step}");
        }
    }
}

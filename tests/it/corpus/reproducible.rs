//! The same archive and options give the same bytes: whatever the threads, the order, the way there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gleaner::archive::{self, Archive};
use gleaner::corpus::{self, Format, Means, Options, State};
use serde_json::json;

use super::fake::{Fake, visit, words};
use super::generated::{Random, corpus as generated};
use super::{Files, collect};
use crate::cli::Place;

/// Families, traps and strangers of three hosts; some with a date, some visited twice.
fn fake(count: usize) -> Fake {
    let mut fake = Fake::default();
    for (at, document) in generated(11, count).iter().enumerate() {
        let url = format!("https://{}.example/{at}", ["a", "b", "c"][at % 3]);
        let date = if at % 4 == 0 { format!("2024-05-{:02}", 1 + at % 28) } else { String::new() };
        fake.add(visit(&url, "2024-06-01T00:00:00Z").published(&date).titled(&words(at as u64, 5)), &document.text);
        if at % 10 == 0 {
            fake.unchanged(visit(&url, "2024-06-02T00:00:00Z").published(&date), &document.text);
        }
    }
    fake
}

fn shuffled(fake: &Fake, seed: u64) -> Fake {
    let (mut fake, mut random) = (fake.clone(), Random::new(seed));
    (1..fake.captures.len()).for_each(|at| fake.captures.swap(at, random.below(at + 1)));
    fake
}

fn read(folder: &Path) -> Files {
    let mut files = BTreeMap::new();
    collect(folder, folder, &mut files);
    files
}

fn export(source: &dyn corpus::Source, options: &Options, threads: usize, state: Option<&Path>) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut state = state.map(|state| State::open(state, options.profile).unwrap());
    let plan =
        corpus::plan_with(source, options, Means { threads, state: state.as_mut(), ..Means::default() }).unwrap();
    corpus::export(source, plan, &out).unwrap();
    assert_eq!(corpus::verify(&out).unwrap(), Vec::<String>::new());
    read(&out)
}

/// `{path}: {hash}`, so that a failure is short.
fn summary(files: &Files) -> Vec<String> {
    files.iter().map(|(name, bytes)| format!("{name}: {}", gleaner::capture::Id::of(bytes).short())).collect()
}

#[test]
fn neither_threads_nor_order_nor_a_state_change_a_byte() {
    let fake = fake(150);
    let folder = tempfile::tempdir().unwrap();
    let split = "train=0.8,test=0.2".to_owned();
    let quality = vec!["gopher".to_owned()];
    let default = Options { shard_bytes: 64 << 10, ..Options::default() };
    let mut all = vec![
        default.clone(),
        Options { split, compression_level: 7, ..default.clone() },
        Options { format: Format::Wet, quality, ..default.clone() },
        Options { format: Format::Tei, ..default.clone() },
    ];
    if cfg!(feature = "parquet") {
        all.push(Options { format: Format::Parquet, ..default });
    }
    for (at, options) in all.iter().enumerate() {
        let expected = summary(&export(&fake, options, 1, None));
        for (threads, seed) in [(1, 1), (2, 2), (8, 3)] {
            let state = folder.path().join(format!("state-{at}"));
            let found = summary(&export(&shuffled(&fake, seed), options, threads, Some(&state)));
            assert_eq!(found, expected, "{threads} threads, order {seed}, {:?}", options.format);
        }
    }
}

/// Runs a command, ends it with SIGKILL as soon as the file is there (and longer than this), then runs it to its end.
fn killed_and_run_again(place: &Place, words: &[&str], file: &dyn Fn() -> u64, longer_than: u64) {
    let mut child =
        place.command(words).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    while child.try_wait().unwrap().is_none() && file() <= longer_than {
        std::thread::yield_now();
    }
    let _ = child.kill();
    child.wait().unwrap();
    // What was killed at its very end is there already, and is refused.
    let code = place.run(words).code;
    assert!(code == 0 || code == 2, "{code}");
}

fn bytes_of(folder: &Path, prefix: &str) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .filter_map(|entry| Some(entry.metadata().ok()?.len()))
        .sum()
}

#[test]
fn an_export_killed_anywhere_and_run_again_is_the_same() {
    let place = Place::new();
    let archive = Archive::init(&place.path("archive"), archive::Options::default()).unwrap();
    archive.append(fake(600).entries()).unwrap();
    drop(archive);
    assert_eq!(place.run(&["export", "-o", "whole", "--no-state"]).code, 0);
    let expected = read(&place.path("whole"));
    for (name, folder, file, longer_than) in [
        ("1", "archive/sketches", "sketches-", 1000),
        ("2", ".2.partial", "export.lock", 0),
        ("3", ".3.partial", "documents-", 20_000),
        ("4", ".4.partial", "excluded", 0),
    ] {
        let seen =
            || bytes_of(&place.path(folder), file).max(u64::from(file == "export.lock" && place.path(folder).exists()));
        killed_and_run_again(&place, &["export", "-o", name], &seen, longer_than);
        assert!(read(&place.path(name)) == expected, "killed when {file} was there");
        assert_eq!(place.run(&["export", "--verify", name]).code, 0);
    }
    // Nothing is left beside the exports.
    let hidden = fs::read_dir(place.folder.path())
        .unwrap()
        .flatten()
        .filter(|e| e.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0);
}

#[test]
fn a_dedup_killed_anywhere_and_run_again_is_the_same() {
    let place = Place::new();
    let lines =
        generated(12, 600).into_iter().enumerate().map(|(at, document)| json!({"id": at, "text": document.text}));
    place.write("in.jsonl", lines.map(|line| format!("{line}\n")).collect::<String>());
    assert_eq!(place.run(&["dedup", "in.jsonl", "-o", "whole"]).code, 0);
    let expected = read(&place.path("whole"));
    for (name, folder, file, longer_than) in
        [("1", "state", "chunks-", 1000), ("2", "state", "pairs-", 1000), ("3", ".3.partial", "documents-", 20_000)]
    {
        let words = ["dedup", "in.jsonl", "-o", name, "--state", "state"];
        killed_and_run_again(&place, &words, &|| bytes_of(&place.path(folder), file), longer_than);
        assert!(read(&place.path(name)) == expected, "killed when {file} was there");
    }
}

#[test]
fn what_was_changed_in_an_export_is_found() {
    let place = Place::new();
    let archive = Archive::init(&place.path("archive"), archive::Options::default()).unwrap();
    archive.append(fake(60).entries()).unwrap();
    drop(archive);
    assert_eq!(place.run(&["export", "-o", "out", "--threads", "2"]).code, 0);
    let shard = place.path("out/documents-00000.jsonl.zst");
    let mut bytes = fs::read(&shard).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&shard, bytes).unwrap();
    let ended = place.run(&["export", "--verify", "out"]);
    assert_eq!(ended.code, 12);
    assert!(ended.stdout.contains("documents-00000.jsonl.zst has other bytes than were written"), "{}", ended.stdout);
}

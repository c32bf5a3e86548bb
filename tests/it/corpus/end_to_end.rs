//! A corpus's life as a user lives it: import, export, grow, add, take down, and every export verified.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use super::fake::words;
use super::{Files, collect};
use crate::cli::{Place, article, of_type};

/// Texts published and not taken back, by address, over a row of exports.
fn standing(place: &Place, exports: &[&str]) -> BTreeMap<String, String> {
    let mut standing = BTreeMap::new();
    for export in exports {
        let mut files = Files::new();
        collect(&place.path(export), &place.path(export), &mut files);
        let lines = |bytes: &[u8]| -> Vec<Value> {
            String::from_utf8_lossy(bytes).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        for line in files.get("retired.jsonl").map(|bytes| lines(bytes)).unwrap_or_default() {
            standing.remove(line["url"].as_str().unwrap());
        }
        for (_, bytes) in files.iter().filter(|(name, _)| name.starts_with("documents-")) {
            for line in lines(&zstd::decode_all(&bytes[..]).unwrap()) {
                standing.insert(line["url"].as_str().unwrap().to_owned(), line["text"].as_str().unwrap().to_owned());
            }
        }
    }
    standing
}

/// An export that must go well, and is verified; its manifest.
fn export(place: &Place, words: &[&str]) -> Value {
    let ended = place.run(&[&["export"], words].concat());
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let folder = words[words.iter().position(|word| *word == "-o").unwrap() + 1];
    let verified = place.run(&["export", "--verify", folder]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
    serde_json::from_slice(&fs::read(place.path(folder).join("manifest.json")).unwrap()).unwrap()
}

fn page(place: &Place, folder: &str, name: &str, day: u32, html: &str) {
    place.write(&format!("{folder}/{name}.html"), html);
    let about = format!("{{\"url\":\"https://n.example/{name}\",\"fetched_at\":\"2026-01-{day:02}T00:00:00Z\"}}");
    place.write(&format!("{folder}/{name}.html.json"), about);
}

/// Bytes of sketches remembered beside the archive.
fn remembered(place: &Place) -> u64 {
    let entries = fs::read_dir(place.path("archive/sketches")).unwrap().flatten();
    let sketches = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("sketches-"));
    sketches.map(|entry| entry.metadata().unwrap().len()).sum()
}

/// Pages whose texts are quite different.
fn body(seed: u64) -> String {
    (0..4).map(|at| format!("{}. ", words(seed * 10 + at, 25))).collect()
}

#[test]
fn a_corpus_grows_and_takes_back_and_every_export_is_whole() {
    let place = Place::new();
    for at in 0..8 {
        page(&place, "first", &format!("page-{at}"), 1, &article(&format!("Story {at}"), &body(at)));
    }
    assert_eq!(place.run(&["import", "first"]).code, 0);
    let first = export(&place, &["-o", "corpus-1", "--rights", "training"]);
    assert_eq!(first["documents"], 8);

    // One page edited, one new, one that says no from now on; the rest seen again.
    for at in 0..8 {
        let text = if at == 1 { format!("{} Corrected: nobody was hurt.", body(21)) } else { body(at) };
        let mut html = article(&format!("Story {at}"), &text);
        if at == 2 {
            html = html.replace("<title>", "<meta name=\"robots\" content=\"noai\"><title>");
        }
        page(&place, "second", &format!("page-{at}"), 2, &html);
    }
    page(&place, "second", "page-8", 2, &article("Story 8", &body(8)));
    assert_eq!(place.run(&["import", "second"]).code, 0);
    let ended = place.run(&["export", "-o", "corpus-2", "--since", "corpus-1"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    // The one that says no is named with the export that held it.
    let held = format!("held by     {}: https://n.example/page-2", place.path("corpus-1").display());
    assert!(ended.stdout.contains(&held), "{}", ended.stdout);
    assert!(ended.stdout.contains("taken back  https://n.example/page-2: rights training"), "{}", ended.stdout);
    assert_eq!(place.run(&["export", "--verify", "corpus-2"]).code, 0);

    let before = remembered(&place);
    let (code, lines) = place.json(&["erase", "https://n.example/page-3", "--verify"]);
    assert_eq!(code, 0, "{lines:?}");
    let held: Vec<_> = of_type(&lines, "held").iter().map(|held| held["export"].as_str().unwrap().to_owned()).collect();
    let folders = ["corpus-1", "corpus-2"].map(|name| place.path(name).display().to_string());
    assert_eq!(held, folders);
    // A sketch of 162 bytes went, or two: the text's versions.
    assert_eq!(before - remembered(&place), 162);

    let third = export(&place, &["-o", "corpus-3", "--since", "corpus-2"]);
    assert_eq!((&third["documents"], &third["since"]["retired"]["erased"]), (&0.into(), &1.into()));
    let all = standing(&place, &["corpus-1", "corpus-2", "corpus-3"]);
    let names: Vec<&str> = all.keys().map(|url| url.rsplit('-').next().unwrap()).collect();
    assert_eq!(names, ["0", "1", "4", "5", "6", "7", "8"]);
    assert!(all["https://n.example/page-1"].contains("Corrected"));
    // The same as an export from nothing.
    export(&place, &["-o", "fresh", "--rights", "training", "--no-state"]);
    assert_eq!(standing(&place, &["fresh"]), all);
}

/// `GLEANER_BENCH_PAGES=DIR cargo test --release --test it end_to_end_numbers -- --ignored --nocapture`, with a folder of HTML.
#[test]
#[ignore = "prints the times of a corpus's life on pages of your own"]
fn end_to_end_numbers() {
    let pages = std::env::var("GLEANER_BENCH_PAGES").expect("GLEANER_BENCH_PAGES names a folder of HTML");
    let mut names: Vec<_> = fs::read_dir(pages).unwrap().flatten().map(|entry| entry.path()).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    names.sort();
    let place = Place::new();
    let write = |folder: &str, day: u32, paths: &[std::path::PathBuf], edit: &dyn Fn(usize, String) -> String| {
        for (at, path) in paths.iter().enumerate() {
            let html = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            page(&place, folder, &name, day, &edit(at, html));
        }
    };
    let half = names.len() * 9 / 10;
    write("first", 1, &names[..half], &|_, html| html);
    let added = "<p>Added later: the figures were corrected, and the author thanks all who wrote to say so.</p></body>";
    write("second", 2, &names, &|at, html| if at % 10 == 0 { html.replacen("</body>", added, 1) } else { html });
    let timed = |what: &str, words: &[&str]| {
        let started = Instant::now();
        let ended = place.run(words);
        let last = ended.stdout.lines().last().unwrap_or_default().to_owned();
        println!("{:7.2} s  {what}: exit {} · {last}", started.elapsed().as_secs_f64(), ended.code);
        ended
    };
    println!("{} pages", names.len());
    timed("import nine tenths", &["import", "first"]);
    timed("export", &["export", "-o", "1", "--split", "train=0.9,test=0.1"]);
    timed("import all, every tenth edited", &["import", "second"]);
    timed("export since", &["export", "-o", "2", "--since", "1"]);
    timed("export since, again", &["export", "-o", "3", "--since", "2"]);
    let some = format!("https://n.example/{}", names[7].file_stem().unwrap().to_string_lossy());
    timed("erase a page, with proof", &["erase", &some, "--verify"]);
    timed("export since", &["export", "-o", "4", "--since", "3"]);
    for format in ["parquet", "wet", "tei", "markdown"] {
        timed(format, &["export", "-o", format, "--format", format]);
    }
    for export in ["1", "2", "3", "4", "parquet", "wet", "tei", "markdown"] {
        timed(&format!("verify {export}"), &["export", "--verify", export]);
        assert_eq!(place.run(&["export", "--verify", export]).code, 0);
    }
    for export in ["1", "2", "4"] {
        told(&place.path(export));
    }
}

fn told(export: &Path) {
    let manifest: Value = serde_json::from_slice(&fs::read(export.join("manifest.json")).unwrap()).unwrap();
    let name = export.file_name().unwrap().to_string_lossy();
    println!(
        "{name}: {} documents, left out {}, paragraphs {}, since {}",
        manifest["documents"], manifest["excluded"], manifest["paragraphs"], manifest["since"]
    );
}

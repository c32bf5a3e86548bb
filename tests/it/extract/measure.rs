//! Extraction of a whole folder, for scorers: `GLEANER_PAGES=DIR GLEANER_OUT=FILE cargo test --release --test it
//! extract::measure -- --ignored`. `GLEANER_ENGINE=readability` and `GLEANER_MODE=precision|recall` choose.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use gleaner::document::{Document, Label};
use gleaner::extract::{Engine, Mode, Options, extract};

#[test]
#[ignore = "reads a folder of pages named in the environment"]
fn folder_to_json_lines() {
    let (Some(pages), Some(out)) = (std::env::var_os("GLEANER_PAGES"), std::env::var_os("GLEANER_OUT")) else {
        return println!("nothing measured: set GLEANER_PAGES and GLEANER_OUT");
    };
    let mut out = std::io::BufWriter::new(fs::File::create(out).expect("the output can be written"));
    for page in pages_in(Path::new(&pages)) {
        writeln!(out, "{}", line(&page)).expect("the output can be written");
    }
}

fn pages_in(folder: &Path) -> Vec<PathBuf> {
    let mut pages: Vec<_> =
        fs::read_dir(folder).expect("the folder can be read").map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|kind| kind == "html" || kind == "txt"));
    pages.sort();
    pages
}

fn options() -> Options {
    let engine = match std::env::var("GLEANER_ENGINE").as_deref() {
        Ok("readability") => Engine::Readability,
        _ => Engine::Gleaner,
    };
    let mode = match std::env::var("GLEANER_MODE").as_deref() {
        Ok("precision") => Mode::Precision,
        Ok("recall") => Mode::Recall,
        _ => Mode::Balanced,
    };
    Options { engine, mode, ..Options::default() }
}

fn line(page: &Path) -> serde_json::Value {
    let bytes = fs::read(page).expect("the page can be read");
    let kind = if page.extension().is_some_and(|kind| kind == "txt") { "text/plain" } else { "text/html" };
    let start = Instant::now();
    let document = extract(&bytes, Some(kind), None, &options());
    let microseconds = start.elapsed().as_micros() as u64;
    let id = page.file_stem().expect("a file has a name").to_string_lossy();
    serde_json::json!({
        "id": id,
        "text": text(&document),
        "kind": document.kind,
        "confidence": document.confidence,
        "notes": document.notes,
        "title": document.title.map(|at| &document.blocks[at as usize].text),
        "microseconds": microseconds,
    })
}

/// The kept blocks but the title, which the truth mostly lacks.
fn text(document: &Document) -> String {
    let kept = document
        .blocks
        .iter()
        .enumerate()
        .filter(|(at, block)| block.label == Label::Content && document.title != Some(*at as u32));
    kept.map(|(_, block)| format!("{}\n\n", block.text)).collect()
}

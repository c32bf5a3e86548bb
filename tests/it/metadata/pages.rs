//! The metadata of a folder of pages as JSON lines, for `tests/bench/metadata.py`.

use std::io::Write;
use std::path::Path;

use gleaner::extract::{html, metadata};

/// `GLEANER_DATA=DIR GLEANER_OUT=FILE cargo test --test it metadata::pages -- --ignored`: reads `DIR/html/*.html`, and
/// the address of each from `DIR/truth/*.json`.
#[test]
#[ignore = "needs a folder of pages"]
fn metadata_of_pages() {
    let data = std::env::var("GLEANER_DATA").expect("GLEANER_DATA names a folder with html/");
    let out = std::env::var("GLEANER_OUT").expect("GLEANER_OUT names the file to write");
    let mut pages: Vec<_> = Path::new(&data)
        .join("html")
        .read_dir()
        .expect("html/ is a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    pages.sort();
    let mut out = std::io::BufWriter::new(std::fs::File::create(out).expect("the file can be written"));
    for page in pages {
        let id = page.file_stem().expect("a page has a name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&page).expect("the page can be read");
        let source = String::from_utf8_lossy(&bytes);
        let tree = html::parse(&source);
        let metadata = metadata::read(&tree, address(&data, &id).as_ref());
        let line = serde_json::json!({ "id": id, "metadata": metadata });
        writeln!(out, "{line}").expect("the line is written");
    }
}

fn address(data: &str, id: &str) -> Option<url::Url> {
    let truth = std::fs::read(Path::new(data).join("truth").join(format!("{id}.json"))).ok()?;
    let truth: serde_json::Value = serde_json::from_slice(&truth).ok()?;
    url::Url::parse(truth.get("url")?.as_str()?).ok()
}

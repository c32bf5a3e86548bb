//! The posts of a folder of pages as JSON lines, for a scorer.

use std::io::Write;
use std::path::Path;

use gleaner::extract::posts::{self, Platforms};
use gleaner::extract::{html, metadata};

/// `GLEANER_DATA=DIR GLEANER_OUT=FILE cargo test --test it posts::pages -- --ignored`: reads `DIR/html/*.html`.
/// With `GLEANER_FINDER=1` no platform is known, so that all posts are found by what repeats.
#[test]
#[ignore = "needs a folder of pages"]
fn posts_of_pages() {
    let data = std::env::var("GLEANER_DATA").expect("GLEANER_DATA names a folder with html/");
    let out = std::env::var("GLEANER_OUT").expect("GLEANER_OUT names the file to write");
    let folder = Path::new(&data).join("html");
    let mut pages: Vec<_> =
        folder.read_dir().expect("html/ is a folder").map(|entry| entry.expect("an entry").path()).collect();
    pages.sort();
    let alone = std::env::var("GLEANER_FINDER").is_ok();
    let platforms = if alone { Platforms::default() } else { Platforms::built_in() };
    let mut out = std::io::BufWriter::new(std::fs::File::create(out).expect("the file can be written"));
    for page in pages {
        let id = page.file_stem().expect("a page has a name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&page).expect("the page can be read");
        let source = String::from_utf8_lossy(&bytes);
        let tree = html::parse(&source);
        let customs = metadata::read_whole(&tree, None).customs;
        let found =
            posts::read(&tree, &platforms, &customs).or_else(|| posts::find(&tree, &customs)).unwrap_or_default();
        let text: Vec<&str> = found.posts.iter().map(|post| post.text.as_str()).collect();
        let line = serde_json::json!({ "id": id, "thread": found.thread, "comments": found.comments, "posts": found.posts, "text": text.join("\n\n") });
        writeln!(out, "{line}").expect("the line is written");
    }
}

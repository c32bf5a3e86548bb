//! Whole records of known platforms: `known/NAME.html` is a page in a platform's own markup, `known/NAME.json` what it
//! gives, the thread first. What stands there was held against the page by a reader.
//!
//! To see what the pages give now: `cargo test --test it posts::known::show -- --ignored`, which writes `target/known/NAME.json`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use gleaner::document::{Document, TextOptions};
use gleaner::extract::{Options, extract};
use serde_json::{Map, Value, json};

use crate::support::lines;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/posts/known")
}

fn names() -> Vec<String> {
    let entries = folder().read_dir().expect("the folder is there").map(|entry| entry.expect("an entry").path());
    let pages = entries.filter(|path| path.extension().is_some_and(|end| end == "html"));
    let mut names: Vec<String> =
        pages.map(|path| path.file_stem().expect("a page has a name").to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn read(name: &str) -> Document {
    let page = std::fs::read(folder().join(name).with_extension("html")).expect("the page can be read");
    let address = url::Url::parse("https://boats.example/t/5?page=1").expect("an address");
    extract(&page, Some("text/html; charset=utf-8"), Some(&address), &Options { comments: true, ..Options::default() })
}

/// Thread and posts without what is empty. The form in which a time is shown is the page's own and not held here.
fn records(document: &Document) -> String {
    let platform = document.posts.first().and(document.metadata.platform.as_ref()).map(|found| &found.value);
    let mut head = json!({ "kind": document.kind, "platform": platform, "thread": document.thread });
    if let Some(thread) = head["thread"].as_object_mut() {
        thread.remove("platform");
    }
    let posts = document.posts.iter().map(|post| {
        let mut post = json!(post);
        post["time_shown"].take();
        post
    });
    let all: Vec<Value> = std::iter::once(head).chain(posts).map(bare).collect();
    serde_json::to_string_pretty(&all).expect("values can be written") + "\n"
}

fn bare(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.into_iter().map(|(key, value)| (key, bare(value)));
            Value::Object(kept.filter(|(_, value)| !is_empty(value)).collect::<Map<_, _>>())
        }
        Value::Array(list) => list.into_iter().map(bare).collect(),
        value => value,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is) => !is,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
    }
}

#[test]
fn every_platform_gives_whole_records() {
    let mut report = String::new();
    for name in names() {
        let expected = std::fs::read_to_string(folder().join(&name).with_extension("json")).unwrap_or_default();
        let actual = records(&read(&name));
        if expected != actual {
            let split = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            writeln!(report, "\n{name}:\n{}", lines::diff(&split(&expected), &split(&actual)))
                .expect("a string takes all");
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// The clean text of a thread, and of comments that are asked for, is what its posts say: no word of theirs is missing.
#[test]
fn the_text_is_what_the_posts_say() {
    for name in names() {
        let document = read(&name);
        let text = document.text(TextOptions { title: false });
        for line in document.posts.iter().flat_map(|post| post.text.lines()) {
            assert!(text.contains(line), "{name}: {line}\n{text}");
        }
        for chrome in ["Fair winds", "wrote:", "says:", "Reply", "posted...", "voters", "Mod"] {
            assert!(!text.contains(chrome), "{name}: {chrome}\n{text}");
        }
    }
}

#[test]
#[ignore = "writes what the pages give now"]
fn show() {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/known");
    std::fs::create_dir_all(&out).expect("the folder can be made");
    for name in names() {
        std::fs::write(out.join(&name).with_extension("json"), records(&read(&name))).expect("the file can be written");
    }
}

//! The two captures the project began with, where they are at hand: as plain text, and in frames of HTML.

use std::fs;
use std::path::{Path, PathBuf};

use gleaner::document::{Document, Kind, TextOptions};
use gleaner::extract::{Options, extract};

/// The promotion line inside the first post: only other pages of its site can tell that it is none of the text.
fn is_promotion(line: &str) -> bool {
    line.contains("Newsletter") && line.contains("subscribe")
}

fn folder() -> Option<PathBuf> {
    let places = ["../shared/seeds", "../../shared/seeds"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = places.iter().map(|place| root.join(place)).find(|place| place.is_dir());
    if found.is_none() {
        println!("SKIPPED: no seeds beside the repository (looked at {places:?}); nothing was checked");
    }
    found
}

fn lines(folder: &Path, name: &str) -> Vec<String> {
    let text = fs::read_to_string(folder.join(name)).expect("a seed can be read");
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

/// The lines of the text view.
fn kept(document: &Document) -> Vec<String> {
    let text = document.text(TextOptions::default());
    text.lines().filter(|line| !line.is_empty() && !is_promotion(line)).map(str::to_owned).collect()
}

/// Every line kept and no other, told line by line where not.
fn check(document: &Document, clean: &[String]) {
    let kept = kept(document);
    let lost: Vec<_> = clean.iter().filter(|line| !kept.contains(line)).collect();
    let left: Vec<_> = kept.iter().filter(|line| !clean.contains(line)).collect();
    let told: Vec<_> = document.blocks.iter().filter(|block| lost.contains(&&block.text)).collect();
    assert!(lost.is_empty() && left.is_empty(), "lost {told:#?}\nleft in {left:#?}");
    assert_eq!(kept, clean);
}

#[test]
fn captures_come_out_line_for_line() {
    let Some(folder) = folder() else { return };
    for seed in ["000", "002"] {
        let bytes = fs::read(folder.join(format!("{seed}.capture.txt"))).expect("a seed can be read");
        check(
            &extract(&bytes, Some("text/plain"), None, &Options::default()),
            &lines(&folder, &format!("{seed}.clean.txt")),
        );
    }
}

fn paragraphs(lines: &[String], after: &str) -> String {
    lines.iter().map(|line| format!("<p>{}</p>{after}", line.replace('&', "&amp;").replace('<', "&lt;"))).collect()
}

fn framed(page: &str) -> Document {
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

#[test]
fn the_topic_in_its_frame_comes_out_line_for_line() {
    let Some(folder) = folder() else { return };
    let clean = lines(&folder, "000.clean.txt");
    let document = framed(&super::frames::topic(&clean[0], &paragraphs(&clean[1..], "<p>&nbsp;</p>")));
    check(&document, &clean);
    assert_eq!(document.kind, Kind::Thread);
}

#[test]
fn the_post_in_its_frame_comes_out_line_for_line() {
    let Some(folder) = folder() else { return };
    let clean = lines(&folder, "002.clean.txt");
    let document = framed(&super::frames::post(&clean[0], &paragraphs(&clean[1..], "")));
    check(&document, &clean);
    assert_eq!(document.kind, Kind::Article);
}

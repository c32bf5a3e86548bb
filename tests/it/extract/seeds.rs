//! The two captures the project began with, where they are at hand: as plain text, and in frames of HTML.

use std::fs;
use std::path::{Path, PathBuf};

use gleaner::document::{Document, Label};
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

fn kept(document: &Document) -> Vec<&str> {
    let title = document.title.map(|at| at as usize);
    let kept = |at: &usize| document.blocks[*at].label == Label::Content;
    let rest = (0..document.blocks.len()).filter(|at| Some(*at) != title && kept(at));
    title
        .into_iter()
        .chain(rest)
        .map(|at| document.blocks[at].text.as_str())
        .filter(|line| !is_promotion(line))
        .collect()
}

#[test]
fn captures_come_out_line_for_line() {
    let Some(folder) = folder() else { return };
    for seed in ["000", "002"] {
        let bytes = fs::read(folder.join(format!("{seed}.capture.txt"))).expect("a seed can be read");
        let document = extract(&bytes, Some("text/plain"), None, &Options::default());
        assert_eq!(kept(&document), lines(&folder, &format!("{seed}.clean.txt")), "seed {seed}");
    }
}

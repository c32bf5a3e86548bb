//! Real pages, where the development data is at hand.

use std::fs;
use std::path::{Path, PathBuf};

use super::difference;

/// Finds a folder of the development data: unpacked as `data` beside this repository or above it.
fn data(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("GLEANER_DATA").map(PathBuf::from);
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1).map(|folder| folder.join("data"));
    named.into_iter().chain(above).map(|data| data.join(name)).find(|folder| folder.is_dir())
}

/// The paths in a folder of the development data; none, and a word of it, where it is not at hand.
fn paths(name: &str) -> Vec<PathBuf> {
    let Some(folder) = data(name) else {
        eprintln!("SKIPPED: no development data at `data/{name}`; unpack it beside the repository or set GLEANER_DATA");
        return Vec::new();
    };
    let entries = fs::read_dir(&folder).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned()
}

/// The pages of a folder.
pub(super) fn texts(name: &str) -> impl Iterator<Item = String> {
    paths(name).into_iter().map(|path| text(&path))
}

fn check_folder(name: &str) {
    let paths = paths(name);
    let differs = |path: &PathBuf| Some(format!("{}\n{}", path.display(), difference(&text(path))?));
    let differing: Vec<_> = paths.iter().filter_map(differs).collect();
    println!("{name}: {} pages, {} differ", paths.len(), differing.len());
    let shown = differing[..differing.len().min(5)].join("\n\n");
    assert!(differing.is_empty(), "{} of {} pages differ\n{shown}", differing.len(), paths.len());
}

#[test]
fn thread_pages_give_the_tree_html5ever_gives() {
    check_folder("forum52-dev/html");
}

#[test]
#[ignore = "1,500 pages: run with --release"]
fn pages_of_the_web_give_the_tree_html5ever_gives() {
    check_folder("wcxb-dev/html");
}

#[test]
#[ignore = "2,100 files, some of them HTML: run with --release"]
fn what_was_meant_to_be_no_html_gives_the_tree_html5ever_gives() {
    check_folder("robots/files");
}

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

fn check_folder(name: &str) {
    let Some(folder) = data(name) else {
        eprintln!("SKIPPED: no development data at `data/{name}`; unpack it beside the repository or set GLEANER_DATA");
        return;
    };
    let mut paths: Vec<_> =
        fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let mut differing = Vec::new();
    for path in &paths {
        let bytes = fs::read(path).expect("a file");
        if let Some(difference) = difference(&String::from_utf8_lossy(&bytes)) {
            differing.push(format!("{}\n{difference}", path.display()));
        }
    }
    println!("{name}: {} pages, {} differ", paths.len(), differing.len());
    assert!(
        differing.is_empty(),
        "{} of {} pages differ\n{}",
        differing.len(),
        paths.len(),
        differing[..differing.len().min(5)].join("\n\n")
    );
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

//! The folders of `tests/pages`, read.

use std::fs;
use std::path::Path;

use gleaner::document::Document;
use gleaner::extract::{self, Options};
use serde_json::Value;

/// One folder.
pub struct Case {
    pub name: String,
    pub source: Vec<u8>,
    pub markdown: String,
    pub expected: Value,
}

impl Case {
    pub fn extract(&self) -> Document {
        extract::extract(&self.source, Some("text/html"), None, &Options::default())
    }
}

/// All folders, in order of name.
pub fn all() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let folders = fs::read_dir(&root).unwrap_or_else(|error| panic!("{}: {error}", root.display()));
    let mut cases: Vec<Case> = folders.map(|entry| read(&entry.expect("a folder entry").path())).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn read(folder: &Path) -> Case {
    let file = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    Case {
        name: folder.file_name().expect("a folder has a name").to_string_lossy().into_owned(),
        source: file("source.html"),
        markdown: String::from_utf8(file("expected.md")).expect("expected.md is UTF-8"),
        expected: serde_json::from_slice(&file("expected.json"))
            .unwrap_or_else(|error| panic!("{}: expected.json: {error}", folder.display())),
    }
}

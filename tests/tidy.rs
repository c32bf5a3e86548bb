//! The architecture as a test: who may import whom, who prints, how files begin.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms and nouns meet in `pipeline.rs` and `cli`, not in each other.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("page", &[]),
    ("document", &[]),
    ("capture", &["page", "document"]),
    ("parallel", &[]),
    ("fetch", &["page", "capture"]),
    ("extract", &["page", "document"]),
    ("archive", &["page", "document", "capture", "parallel"]),
    ("corpus", &["page", "document", "capture", "parallel", "archive"]),
    ("schedule", &["page", "capture"]),
    ("frontier", &["page"]),
    ("warc", &[]),
    ("config", &["archive", "corpus", "extract", "fetch", "frontier", "schedule"]),
    ("pipeline", &["page", "document", "capture", "parallel", "fetch", "extract", "archive", "frontier", "schedule"]),
];

/// Words that may stand in some rooms only, with the rooms that may use them.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("println!", &["cli"]),
    ("eprintln!", &["cli"]),
    ("std::io::stdout", &["cli"]),
    ("std::io::stderr", &["cli"]),
    ("std::process::exit", &["cli"]),
    ("reqwest::", &["fetch"]),
    ("rusqlite::", &["archive", "frontier"]),
    ("anyhow::", &["cli"]),
    ("SystemTime::now", &[]),
    ("dbg!(", &[]),
    ("todo!(", &[]),
    ("unimplemented!(", &[]),
];

/// Longest file, in lines; tables may be longer.
const LINES_MAX: usize = 500;
const TABLES: &[&str] = &[];

struct Source {
    path: PathBuf,
    room: String,
    code: String,
}

/// The sources of the crate, without their unit tests.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    let read = |path: PathBuf| {
        let below = path.strip_prefix(&root).expect("found below the root").to_owned();
        let first = below.components().next().expect("a file has a name").as_os_str().to_string_lossy();
        let room = first.trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).expect("sources can be read");
        let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned();
        Source { path: below, room, code }
    };
    // The trainer is a package of its own; unit tests may print what they skip.
    let is_ours = |source: &Source| source.room != "train" && !source.path.iter().any(|part| part == "tests");
    files.into_iter().map(read).filter(is_ours).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("src can be listed").map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|name| name == "rs") {
            files.push(path);
        }
    }
}

/// Code without comment lines.
fn code_lines(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    source.code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn rooms_import_only_what_the_map_allows() {
    let rooms: Vec<&str> = MAY_IMPORT.iter().map(|(room, _)| *room).chain(["cli"]).collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(room, _)| *room == source.room) else { continue };
        for (at, line) in code_lines(&source) {
            for room in &rooms {
                let named = line.contains(&format!("crate::{room}::")) || line.contains(&format!("crate::{room};"));
                if named && *room != source.room && !allowed.contains(room) {
                    wrong.push(format!(
                        "{}:{}: `{}` may not import `{room}`",
                        source.path.display(),
                        at + 1,
                        source.room
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "walls broken (see src/README.md):\n{}", wrong.join("\n"));
}

#[test]
fn some_words_stand_in_their_room_only() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (at, line) in code_lines(&source) {
            for (word, rooms) in ONLY_IN {
                let stands =
                    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric()));
                if stands && !rooms.contains(&source.room.as_str()) && source.room != "main" {
                    wrong.push(format!("{}:{}: `{word}`", source.path.display(), at + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "words outside their room:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_says_what_it_is() {
    for source in sources() {
        let name = source.path.to_string_lossy().into_owned();
        assert!(source.code.starts_with("//!") || name == "lib.rs", "{name} begins with what it is (`//! …`)");
        let is_room = name.ends_with("/mod.rs") && source.path.components().count() == 2;
        let is_noun = source.path.components().count() == 1 && !matches!(name.as_str(), "lib.rs" | "main.rs");
        if is_room || is_noun {
            for word in ["//! In: ", "//! Always: ", "//! Not here: "] {
                assert!(source.code.contains(word), "{name} lacks the line `{word}…`");
            }
        }
    }
}

#[test]
fn files_stay_readable() {
    for source in sources() {
        let lines = source.code.lines().count();
        let name = source.path.to_string_lossy().into_owned();
        assert!(
            lines <= LINES_MAX || TABLES.contains(&name.as_str()),
            "{name} has {lines} lines, the limit is {LINES_MAX}"
        );
    }
}

#[test]
fn the_map_names_every_room() {
    let map =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/README.md")).expect("the map is there");
    for source in sources() {
        if !matches!(source.room.as_str(), "lib" | "main") {
            assert!(map.contains(&format!("`{}", source.room)), "src/README.md does not name `{}`", source.room);
        }
    }
}

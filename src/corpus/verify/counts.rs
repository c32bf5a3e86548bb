//! Whether there are as many documents as a manifest says, of files whose bytes are as they were written.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;

use crate::corpus::FileEntry;

/// What a manifest counts; one of files alone counts nothing.
#[derive(Deserialize)]
pub struct Told {
    documents: Option<u64>,
    words: Option<u64>,
    /// Of a deduplication: documents in its files. It counts those that it was given as `documents`.
    kept: Option<u64>,
    #[serde(default)]
    dropped: BTreeMap<String, u64>,
    #[serde(default)]
    excluded: BTreeMap<String, u64>,
    #[serde(default)]
    splits: BTreeMap<String, u64>,
    #[serde(default)]
    extractors: BTreeMap<String, u64>,
    since: Option<Since>,
}

#[derive(Deserialize)]
struct Since {
    retired: BTreeMap<String, u64>,
}

/// What is counted of a line.
#[derive(Default, Deserialize)]
struct Line {
    #[serde(default)]
    words: u64,
}

/// Files of an export that hold no documents, but lines about them or nothing of the kind.
const OTHERS: [&str; 5] = ["README.md", "confidence.svg", "excluded.jsonl", "retired.jsonl", "ledger.jsonl.zst"];

/// A line for each count that is not what it is said to be.
pub fn problems(folder: &Path, files: &[FileEntry], told: &Told) -> Vec<String> {
    let Some(documents) = told.documents else { return Vec::new() };
    let mut problems: Vec<String> = files.iter().filter_map(|entry| of_file(folder, entry)).collect();
    if !problems.is_empty() {
        return problems;
    }
    let entries = || files.iter().filter(|entry| !OTHERS.contains(&entry.path.as_str()));
    let lines = |name: &str| files.iter().find(|entry| entry.path == name).map_or(0, |entry| entry.documents);
    let sum = |counts: &BTreeMap<String, u64>| counts.values().sum::<u64>();
    let mut compare = |what: &str, told: u64, found: u64| {
        if told != found {
            problems.push(format!("the manifest tells of {told} {what}, its files of {found}"));
        }
    };
    if let Some(kept) = told.kept {
        compare("documents", documents, lines("clusters.jsonl"));
        compare("documents kept and left out", documents, kept + sum(&told.dropped));
        return problems;
    }
    compare("documents", documents, entries().map(|entry| entry.documents).sum());
    compare("documents left out", sum(&told.excluded), lines("excluded.jsonl"));
    if let Some(since) = &told.since {
        compare("documents taken back", sum(&since.retired), lines("retired.jsonl"));
    }
    if !told.extractors.is_empty() {
        compare("documents by extractor", sum(&told.extractors), documents);
    }
    for (split, count) in &told.splits {
        let is_of = |path: &str| path.strip_prefix(split.as_str()).is_some_and(|rest| rest.starts_with(['-', '/']));
        let of_split = entries().filter(|entry| is_of(&entry.path));
        compare(&format!("documents of {split}"), *count, of_split.map(|entry| entry.documents).sum());
    }
    let words: Option<u64> = entries().map(|entry| words_in(folder, &entry.path)).sum();
    if let Some((told, found)) = told.words.zip(words) {
        compare("words", told, found);
    }
    problems
}

/// What is wrong with the count of a file's lines or rows, where it has such.
fn of_file(folder: &Path, entry: &FileEntry) -> Option<String> {
    let path = folder.join(&entry.path);
    let found = if entry.path.ends_with(".parquet") {
        rows(&path)
    } else {
        read(folder, &entry.path)?
            .and_then(|lines| lines.split(b'\n').try_fold(0, |count, line| line.map(|_| count + 1)))
    };
    match found {
        Ok(found) if found == entry.documents => None,
        Ok(found) => Some(format!("{} has {found} documents, not {}", entry.path, entry.documents)),
        Err(error) => Some(format!("{} cannot be read: {error}", entry.path)),
    }
}

/// Words that the documents of a file tell of themselves; `None` of one that is no file of lines.
fn words_in(folder: &Path, name: &str) -> Option<u64> {
    let lines = read(folder, name)?.ok()?.split(b'\n');
    let words = |line: io::Result<Vec<u8>>| serde_json::from_slice::<Line>(&line.ok()?).ok().map(|line| line.words);
    lines.map(words).sum()
}

/// A file of lines, unpacked; `None` of another.
fn read(folder: &Path, name: &str) -> Option<io::Result<Box<dyn BufRead>>> {
    let file = || File::open(folder.join(name));
    if name.ends_with(".jsonl.zst") {
        let unpacked = file().and_then(zstd::stream::read::Decoder::new);
        return Some(unpacked.map(|unpacked| Box::new(BufReader::new(unpacked)) as Box<dyn BufRead>));
    }
    name.ends_with(".jsonl").then(|| file().map(|file| Box::new(BufReader::new(file)) as Box<dyn BufRead>))
}

#[cfg(feature = "parquet")]
fn rows(path: &Path) -> io::Result<u64> {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let reader = SerializedFileReader::new(File::open(path)?).map_err(io::Error::other)?;
    u64::try_from(reader.metadata().file_metadata().num_rows()).map_err(io::Error::other)
}

#[cfg(not(feature = "parquet"))]
fn rows(_: &Path) -> io::Result<u64> {
    Err(io::Error::other("this gleaner was built without Parquet"))
}

//! Whether there are as many documents as a manifest says, of files whose bytes are as they were written.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

use crate::corpus::FileEntry;

/// What a manifest counts; one of files alone counts nothing.
#[derive(Deserialize)]
pub struct Told {
    documents: Option<u64>,
    words: Option<u64>,
    text_bytes: Option<u64>,
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
    #[serde(default)]
    text: Bytes,
}

/// The length of a text that is not kept.
#[derive(Default)]
struct Bytes(u64);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Length;
        impl Visitor<'_> for Length {
            type Value = Bytes;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a text")
            }

            fn visit_str<E>(self, text: &str) -> Result<Bytes, E> {
                Ok(Bytes(text.len() as u64))
            }
        }
        deserializer.deserialize_str(Length)
    }
}

/// Sums over the documents of one file or all.
#[derive(Clone, Copy, Default)]
struct Sums {
    words: u64,
    text_bytes: u64,
}

impl Sums {
    fn and(self, other: Self) -> Self {
        let add = u64::saturating_add;
        Self { words: add(self.words, other.words), text_bytes: add(self.text_bytes, other.text_bytes) }
    }

    fn of_line(line: &[u8]) -> Option<Self> {
        let Line { words, text } = serde_json::from_slice(line).ok()?;
        Some(Self { words, text_bytes: text.0 })
    }
}

/// Files of an export that hold no documents, but lines about them or nothing of the kind.
const OTHERS: [&str; 5] = ["README.md", "confidence.svg", "excluded.jsonl", "retired.jsonl", "ledger.jsonl.zst"];

/// A line for each count that is not what it is said to be.
pub fn problems(folder: &Path, files: &[FileEntry], told: &Told) -> Vec<String> {
    let Some(documents) = told.documents else { return Vec::new() };
    let is_of_documents = |entry: &FileEntry| !OTHERS.contains(&entry.path.as_str());
    let mut problems = Vec::new();
    let mut sums = told.kept.is_none().then(Sums::default);
    for entry in files {
        let with_sums = sums.is_some() && is_of_documents(entry);
        let counted = counted(folder, &entry.path, with_sums);
        problems.extend(counted.as_ref().and_then(|counted| of_file(entry, counted)));
        if with_sums {
            let of_file = counted.and_then(|counted| counted.ok()?.sums);
            sums = sums.zip(of_file).map(|(all, of_file)| all.and(of_file));
        }
    }
    if !problems.is_empty() {
        return problems;
    }
    let entries = || files.iter().filter(|entry| is_of_documents(entry));
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
    if let Some(found) = sums {
        compare("words", told.words.unwrap_or(found.words), found.words);
        compare("bytes of text", told.text_bytes.unwrap_or(found.text_bytes), found.text_bytes);
    }
    problems
}

/// What is in a file.
struct Counted {
    documents: u64,
    /// What its documents tell of themselves, where they were asked and do.
    sums: Option<Sums>,
}

/// What is wrong with the count of a file's lines or rows.
fn of_file(entry: &FileEntry, counted: &io::Result<Counted>) -> Option<String> {
    match counted {
        Ok(found) if found.documents == entry.documents => None,
        Ok(found) => Some(format!("{} has {} documents, not {}", entry.path, found.documents, entry.documents)),
        Err(error) => Some(format!("{} cannot be read: {error}", entry.path)),
    }
}

/// Counts a file's lines or rows; `None` of another.
fn counted(folder: &Path, name: &str, with_sums: bool) -> Option<io::Result<Counted>> {
    if name.ends_with(".parquet") {
        return Some(rows(&folder.join(name)).map(|documents| Counted { documents, sums: None }));
    }
    let of_line = |mut all: Counted, line: io::Result<Vec<u8>>| {
        let line = line?;
        all.documents += 1;
        all.sums = all.sums.and_then(|sums| Some(sums.and(Sums::of_line(&line)?)));
        Ok(all)
    };
    let none = Counted { documents: 0, sums: with_sums.then(Sums::default) };
    Some(read(folder, name)?.and_then(|lines| lines.split(b'\n').try_fold(none, of_line)))
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

//! Paragraphs that stand in many documents: a newsletter's line, a legal notice, a quoted statement.
//!
//! A paragraph is a line of a clean text. It is marked where it stands, with the number of documents that have it, of all and
//! of the same host; or cut from all but the document that would represent them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::near;
use crate::capture::Id;

/// What is done about them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// Nothing is looked for.
    Keep,
    /// Each record says which lines of its text they are.
    #[default]
    Mark,
    /// They are left in one document and cut from the others.
    Cut,
}

/// A paragraph that stands in other documents too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeated {
    /// Line of the text, from 0.
    pub line: u32,
    /// Documents that have it, this one included,
    pub documents: u32,
    /// and those of them on this host.
    pub on_host: u32,
}

/// A shorter line says too little to be anyone's: "Read more", a name, a date.
const WORDS_MIN: u32 = 5;

/// Documents in order of rank, while they are read.
#[derive(Default)]
pub struct Count {
    documents: Vec<Counted>,
    /// A line's hash and its document, each once.
    lines: Vec<(u64, u32)>,
}

struct Counted {
    id: Id,
    host: u64,
    /// Lines of its own, and whether shorter ones stand beside them.
    lines: u32,
    is_mixed: bool,
}

/// The lines of a text that count, each once, and whether there are others.
pub fn lines(text: &str) -> (Vec<u64>, bool) {
    let mut is_mixed = false;
    let mut hashes = Vec::new();
    for line in text.split('\n').filter(|line| !line.trim().is_empty()) {
        match hash(line) {
            Some(hash) => hashes.push(hash),
            None => is_mixed = true,
        }
    }
    hashes.sort_unstable();
    hashes.dedup();
    (hashes, is_mixed)
}

fn hash(line: &str) -> Option<u64> {
    let (hash, words) = near::line(line);
    (words >= WORDS_MIN).then_some(hash)
}

fn host_hash(host: &str) -> u64 {
    near::fixed_hash(host.as_bytes())
}

impl Count {
    pub fn add(&mut self, id: Id, host: &str, (hashes, is_mixed): (Vec<u64>, bool)) {
        let at = self.documents.len() as u32;
        self.documents.push(Counted { id, host: host_hash(host), lines: hashes.len() as u32, is_mixed });
        self.lines.extend(hashes.into_iter().map(|hash| (hash, at)));
    }

    /// What stands in at least so many documents, and the documents that have nothing else but for its sake.
    pub fn finish(mut self, documents_min: u32) -> (Paragraphs, Vec<Id>) {
        self.lines.sort_unstable();
        let mut found = Paragraphs::default();
        for group in self.lines.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() >= documents_min.max(2) as usize)
        {
            let (hash, first) = group[0];
            let seen = Seen { documents: group.len() as u32, first: self.documents[first as usize].id };
            found.seen.insert(hash, seen);
            for &(_, at) in group {
                let document = &mut self.documents[at as usize];
                *found.on_host.entry((hash, document.host)).or_default() += 1;
                document.lines -= u32::from(at != first);
            }
        }
        let bare = self.documents.iter().filter(|document| document.lines == 0 && !document.is_mixed);
        let bare = bare.map(|document| document.id).collect();
        (found, bare)
    }
}

/// Where paragraphs stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paragraphs {
    seen: HashMap<u64, Seen>,
    on_host: HashMap<(u64, u64), u32>,
}

#[derive(Clone, Debug, PartialEq)]
struct Seen {
    documents: u32,
    /// The document that keeps it.
    first: Id,
}

impl Paragraphs {
    /// The lines of a text that stand elsewhere too.
    pub fn marks(&self, text: &str, host: &str) -> Vec<Repeated> {
        let host = host_hash(host);
        let mark = |(line, text): (usize, &str)| {
            let hash = hash(text)?;
            let documents = self.seen.get(&hash)?.documents;
            let on_host = self.on_host.get(&(hash, host)).copied().unwrap_or_default();
            Some(Repeated { line: line as u32, documents, on_host })
        };
        text.split('\n').enumerate().filter_map(mark).collect()
    }

    /// The text without what stands in a document before this one, and how many lines went.
    pub fn cut(&self, text: &str, id: Id) -> (String, u32) {
        let is_cut = |line: &str| hash(line).and_then(|hash| self.seen.get(&hash)).is_some_and(|seen| seen.first != id);
        let mut kept: Vec<&str> = Vec::new();
        let mut cut = 0;
        for line in text.split('\n') {
            let is_gap = line.is_empty() && cut > 0 && kept.last().is_none_or(|last| last.is_empty());
            if is_cut(line) {
                cut += 1;
            } else if !is_gap {
                kept.push(line);
            }
        }
        if cut == 0 { (text.to_owned(), 0) } else { (kept.join("\n").trim_end_matches('\n').to_owned(), cut) }
    }
}

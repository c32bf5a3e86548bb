//! Paragraphs that stand in many documents: a newsletter's line, a legal notice, a quoted statement.
//!
//! A paragraph is a line of a clean text. It is marked where it stands, with the number of documents that have it, of all and
//! of the same host; or cut from all but the document that would represent them.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::near::{self, Profile, Sketch};
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

/// The lines of a text that count, each once.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    pub hashes: Vec<u64>,
    /// Whether there are shorter ones beside them.
    is_mixed: bool,
}

impl Lines {
    pub fn of(text: &str) -> Self {
        let mut lines = Self::default();
        text.split('\n').filter(|line| !line.trim().is_empty()).for_each(|line| lines.add(near::line(line)));
        lines.whole()
    }

    /// With the text's sketch, in one go.
    pub fn and_sketch(text: &str, profile: Profile) -> (Self, Option<Sketch>) {
        let mut lines = Self::default();
        let sketch = Sketch::of_lines(text, profile, |line| lines.add(line));
        (lines.whole(), sketch)
    }

    fn add(&mut self, (hash, words): (u64, u32)) {
        match words >= near::LINE_WORDS_MIN {
            true => self.hashes.push(hash),
            false => self.is_mixed = true,
        }
    }

    fn whole(mut self) -> Self {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        self
    }
}

/// Documents while they are read, by number; their lines are kept elsewhere.
#[derive(Default)]
pub struct Count {
    documents: Vec<Counted>,
}

struct Counted {
    host: u64,
    /// Lines of its own, and whether shorter ones stand beside them.
    lines: u32,
    is_mixed: bool,
}

fn hash(line: &str) -> Option<u64> {
    let (hash, words) = near::line(line);
    (words >= near::LINE_WORDS_MIN).then_some(hash)
}

fn host_hash(host: &str) -> u64 {
    near::fixed_hash(host.as_bytes())
}

impl Count {
    /// The next document.
    pub fn add(&mut self, host: &str, lines: &Lines) {
        let counted = Counted { host: host_hash(host), lines: lines.hashes.len() as u32, is_mixed: lines.is_mixed };
        self.documents.push(counted);
    }

    /// What stands in at least so many documents. `lines` are hashes with the numbers of their documents, in order;
    /// `rank` tells which documents count, the best to keep a line first, and `name` what each is called later; `fits`,
    /// whether so many paragraphs may take so many bytes.
    pub fn finish<K: Eq + Hash, R: Ord, E>(
        mut self,
        lines: impl Iterator<Item = Result<(u64, u32), E>>,
        documents_min: u32,
        (rank, name): (impl Fn(u64, u32) -> Option<R>, impl Fn(u32) -> K),
        fits: impl Fn(usize, u64) -> Result<(), E>,
    ) -> Result<Found<K>, E> {
        let mut found = Paragraphs::default();
        let mut settle = |hash: u64, group: &[u32]| {
            let Some(&first) = group.iter().min_by_key(|&&at| rank(hash, at)) else { return Ok(()) };
            if group.len() < documents_min.max(2) as usize {
                return Ok(());
            }
            fits(found.seen.len() + 1, found.bytes_with(group.len()))?;
            found.seen.insert(hash, Seen { documents: group.len() as u32, first: name(first) });
            for &at in group {
                found.documents.insert(name(at));
                let document = &mut self.documents[at as usize];
                *found.on_host.entry((hash, document.host)).or_default() += 1;
                document.lines -= u32::from(at != first);
            }
            Ok(())
        };
        let (mut hash, mut group) = (0, Vec::new());
        for line in lines {
            let (next, at) = line?;
            if next != hash {
                settle(hash, &group)?;
                (hash, group) = (next, Vec::new());
            }
            if rank(next, at).is_some() {
                group.push(at);
            }
        }
        settle(hash, &group)?;
        let is_bare = |at: &u32| {
            let document = &self.documents[*at as usize];
            document.lines == 0 && !document.is_mixed && found.are_in(name(*at))
        };
        let bare = (0..self.documents.len() as u32).filter(is_bare).collect();
        Ok(Found { paragraphs: found, bare })
    }
}

/// What was counted.
pub struct Found<K: Eq + Hash> {
    pub paragraphs: Paragraphs<K>,
    /// Documents that have nothing of their own but for the sake of those.
    pub bare: Vec<u32>,
}

/// Where paragraphs stand, with names of documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraphs<K: Eq + Hash = Id> {
    seen: HashMap<u64, Seen<K>>,
    on_host: HashMap<(u64, u64), u32>,
    /// Documents with any of them.
    documents: HashSet<K>,
}

impl<K: Eq + Hash> Default for Paragraphs<K> {
    fn default() -> Self {
        Self { seen: HashMap::new(), on_host: HashMap::new(), documents: HashSet::new() }
    }
}

/// What a table of so many entries takes that has room for `capacity`: it doubles, and has the smaller one beside it then.
fn table_bytes<E>(entries: usize, capacity: usize) -> u64 {
    // A byte beside each entry, and an eighth is empty.
    let of = |entries: usize| ((entries * 8 / 7 + 1).next_power_of_two() * (size_of::<E>() + 1)) as u64;
    if entries <= capacity { of(capacity) } else { of(entries) + of(entries) / 2 }
}

#[derive(Clone, Debug, PartialEq)]
struct Seen<K> {
    documents: u32,
    /// The document that keeps it.
    first: K,
}

impl<K: Eq + Hash> Paragraphs<K> {
    /// Memory it takes with another paragraph that stands in so many documents, while one of its tables grows, too.
    fn bytes_with(&self, documents: usize) -> u64 {
        let seen = table_bytes::<(u64, Seen<K>)>(self.seen.len() + 1, self.seen.capacity());
        let on_host = table_bytes::<((u64, u64), u32)>(self.on_host.len() + documents, self.on_host.capacity());
        seen + on_host + table_bytes::<K>(self.documents.len() + documents, self.documents.capacity())
    }

    /// Whether a document has any of them.
    pub fn are_in(&self, document: K) -> bool {
        self.documents.contains(&document)
    }

    /// Whether a line is kept by another document than this one.
    pub fn is_cut(&self, line: u64, document: &K) -> bool {
        self.seen.get(&line).is_some_and(|seen| seen.first != *document)
    }

    /// Whether a document that does not count has nothing of its own.
    pub fn are_all_of(&self, lines: &Lines) -> bool {
        !lines.is_mixed && lines.hashes.iter().all(|hash| self.seen.contains_key(hash))
    }

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
    pub fn cut(&self, text: &str, id: K) -> (String, u32) {
        let is_cut = |line: &str| hash(line).is_some_and(|hash| self.is_cut(hash, &id));
        let mut kept: Vec<&str> = Vec::new();
        let mut cut = 0;
        for line in text.split('\n') {
            let is_empty = |line: &str| line.trim_end_matches('\r').is_empty();
            let is_gap = is_empty(line) && cut > 0 && kept.last().is_none_or(|last| is_empty(last));
            if is_cut(line) {
                cut += 1;
            } else if !is_gap {
                kept.push(line);
            }
        }
        if cut == 0 { (text.to_owned(), 0) } else { (kept.join("\n").trim_end_matches(['\r', '\n']).to_owned(), cut) }
    }
}

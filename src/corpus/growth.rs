//! Growing: what an earlier export published, and what a later one adds to it and takes back.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::plan::{Excluded, Planned, Why};
use super::{CorpusError, Manifest, Options, Plan};
use crate::capture::Id;
use crate::page::Url;

/// A line of `ledger.jsonl.zst`: a document this corpus has decided about, in this export or one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: Id,
    pub url: Url,
    pub text: Id,
    pub split: Option<String>,
    pub standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is part of the corpus.
    Published,
    /// Another document stands for it; it keeps the split of those it belongs with.
    Twin,
    /// It was part of the corpus, and is no more.
    Retired,
}

/// A document to be taken back; a line of `retired.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retired {
    pub id: Id,
    pub url: Url,
    pub text: Id,
    pub split: Option<String>,
    /// `superseded`, `erased`, `split`, or the reason it is left out for now.
    pub reason: String,
    /// The document that takes its place, where there is one.
    pub by: Option<Id>,
}

/// An earlier export, as a later one needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// SHA-256 of its manifest.
    pub manifest: Id,
    /// What it was made with; an addition is best made with the same.
    pub options: Options,
    pub entries: Vec<Entry>,
}

pub const LEDGER: &str = "ledger.jsonl.zst";

impl Earlier {
    /// Reads an export's manifest and ledger; the ledger must be what the manifest says.
    ///
    /// # Errors
    /// One of them cannot be read, or does not fit the other.
    pub fn read(folder: &Path) -> Result<Self, CorpusError> {
        let path = folder.join("manifest.json");
        let text = fs::read(&path).map_err(CorpusError::io("read", &path))?;
        let told: Manifest = serde_json::from_slice(&text).map_err(|error| not_one(folder, error))?;
        let path = folder.join(LEDGER);
        let bytes = fs::read(&path).map_err(CorpusError::io("read", &path))?;
        let is_told = told.files.iter().any(|file| file.path == LEDGER && file.sha256 == Id::of(&bytes));
        if !is_told {
            return Err(not_one(folder, format!("{LEDGER} has other bytes than were written")));
        }
        let lines = zstd::Decoder::new(&bytes[..]).map_err(CorpusError::io("read", &path))?;
        let mut entries = Vec::new();
        for line in BufReader::new(lines).lines() {
            let line = line.map_err(CorpusError::io("read", &path))?;
            entries.push(serde_json::from_str(&line).map_err(|error| not_one(folder, error))?);
        }
        Ok(Self { manifest: Id::of(&text), options: told.options, entries })
    }

    /// Other parts would take back all that was published.
    pub(super) fn check(&self, options: &Options) -> Result<(), CorpusError> {
        if self.options.split == options.split {
            return Ok(());
        }
        let reason = format!("the export that is added to has the parts `{}`", self.options.split);
        Err(CorpusError::Option { option: "split", reason })
    }

    /// The split that all who belong with these texts have had: that of a published one before that of a twin.
    pub(super) fn split_of(&self, known: &HashMap<Id, &Entry>, texts: impl Iterator<Item = Id>) -> Option<String> {
        let found = texts.filter_map(|text| known.get(&text)).filter(|entry| entry.split.is_some());
        found.min_by_key(|entry| (entry.standing, entry.text)).and_then(|entry| entry.split.clone())
    }

    pub(super) fn by_text(&self) -> HashMap<Id, &Entry> {
        let mut known: HashMap<Id, &Entry> = HashMap::new();
        for entry in &self.entries {
            let held = known.entry(entry.text).or_insert(entry);
            if entry.standing < held.standing {
                *held = entry;
            }
        }
        known
    }
}

fn not_one(folder: &Path, reason: impl ToString) -> CorpusError {
    CorpusError::NoExport { path: folder.to_owned(), reason: reason.to_string() }
}

/// Leaves in the plan what is new since an earlier export, and names what is to be taken back.
pub fn grow(plan: &mut Plan, earlier: &Earlier) {
    let published: HashMap<Id, &Entry> =
        earlier.entries.iter().filter(|entry| entry.standing == Standing::Published).map(|e| (e.id, e)).collect();
    let moved = |planned: &Planned| published.get(&planned.id).is_some_and(|entry| entry.split != planned.split);
    let (leaks, documents): (Vec<Planned>, Vec<Planned>) = plan.documents.drain(..).partition(moved);
    let split_leak = |planned: &Planned| Excluded {
        id: planned.id,
        url: planned.url.clone(),
        why: Why::Split { split: planned.split.clone().unwrap_or_default() },
    };
    plan.excluded.extend(leaks.iter().map(split_leak));
    let stays: HashSet<Id> = documents.iter().map(|planned| planned.id).collect();
    plan.retired = retired(&published, &stays, &documents, &plan.excluded);
    let (carried, new): (Vec<Planned>, _) = documents.into_iter().partition(|doc| published.contains_key(&doc.id));
    (plan.carried, plan.documents) = (carried.len() as u64, new);
    plan.since = Some(earlier.manifest);
    let known: HashSet<Id> = plan.ledger.iter().map(|entry| entry.id).collect();
    let leaked: HashSet<Id> = leaks.iter().map(|planned| planned.id).collect();
    plan.ledger.retain(|entry| !leaked.contains(&entry.id));
    let past = earlier.entries.iter().filter(|entry| !known.contains(&entry.id) || leaked.contains(&entry.id));
    plan.ledger.extend(past.map(|entry| match entry.standing {
        Standing::Published => Entry { standing: Standing::Retired, ..entry.clone() },
        _ => entry.clone(),
    }));
    plan.ledger.sort_by_key(|entry| entry.id);
}

fn retired(
    published: &HashMap<Id, &Entry>,
    stays: &HashSet<Id>,
    documents: &[Planned],
    excluded: &[Excluded],
) -> Vec<Retired> {
    let at: HashMap<&Url, Id> = documents.iter().map(|planned| (&planned.url, planned.id)).collect();
    let by_id: HashMap<Id, &Excluded> = excluded.iter().map(|excluded| (excluded.id, excluded)).collect();
    let by_url: HashMap<&Url, &Excluded> = excluded.iter().map(|excluded| (&excluded.url, excluded)).collect();
    let judge = |entry: &Entry| {
        if let Some(excluded) = by_id.get(&entry.id) {
            (excluded.why.label(), kept(excluded))
        } else if let Some(newer) = at.get(&entry.url) {
            ("superseded".to_owned(), Some(*newer))
        } else if let Some(excluded) = by_url.get(&entry.url) {
            (excluded.why.label(), kept(excluded))
        } else {
            ("erased".to_owned(), None)
        }
    };
    let gone = published.values().filter(|entry| !stays.contains(&entry.id));
    let mut retired: Vec<Retired> = gone
        .map(|entry| {
            let (reason, by) = judge(entry);
            let Entry { id, url, text, split, .. } = (*entry).clone();
            Retired { id, url, text, split, reason, by }
        })
        .collect();
    retired.sort_by(|a, b| (&a.url, a.id).cmp(&(&b.url, b.id)));
    retired
}

fn kept(excluded: &Excluded) -> Option<Id> {
    match &excluded.why {
        Why::Duplicate { kept, .. } => Some(*kept),
        _ => None,
    }
}

/// An export that holds, or held, a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Held {
    pub export: PathBuf,
    pub entry: Entry,
}

/// Which of these exports hold a document, by the beginning of its id or its text's, or by address.
///
/// # Errors
/// One of the folders is no export.
pub fn held(exports: &[PathBuf], what: &str) -> Result<Vec<Held>, CorpusError> {
    held_by(exports, &|entry| {
        entry.url.to_string() == what
            || (what.len() >= 8 && [entry.id, entry.text].iter().any(|id| id.to_string().starts_with(what)))
    })
}

/// The same of all documents that are meant.
///
/// # Errors
/// One of the folders is no export.
pub fn held_by(exports: &[PathBuf], is_meant: &dyn Fn(&Entry) -> bool) -> Result<Vec<Held>, CorpusError> {
    let mut held = Vec::new();
    for export in exports {
        let entries = Earlier::read(export)?.entries.into_iter().filter(|entry| is_meant(entry));
        let entries = entries.filter(|entry| entry.standing != Standing::Twin);
        held.extend(entries.map(|entry| Held { export: export.clone(), entry }));
    }
    Ok(held)
}

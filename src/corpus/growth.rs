//! Growing: what an earlier export published, and what a later one adds to it and takes back.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::plan::{Excluded, Planned, Why};
use super::{CorpusError, Manifest, Options, Plan, Repeats, Source, Users};
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
    /// Lines of its text that were cut from it, by their hashes, in order.
    #[serde(default, with = "hex", skip_serializing_if = "Vec::is_empty")]
    pub cut: Vec<u64>,
    /// What its owner reserves it against, as its record says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved: Option<String>,
}

/// What a ledger tells; raised when it tells more. Of 0 it does not tell what was cut, of 1 not what is reserved.
pub const LEDGER_VERSION: u32 = 2;
const TELLS_CUTS: u32 = 1;

/// Hashes as text: a number of 64 bits is not safe with every reader.
mod hex {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(hashes: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(hashes.iter().map(|hash| format!("{hash:016x}")))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
        let hashes = Vec::<String>::deserialize(deserializer)?;
        hashes.iter().map(|hash| u64::from_str_radix(hash, 16).map_err(D::Error::custom)).collect()
    }
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
    /// `superseded`, `erased`, `split`, or the reason it is left out for now; `paragraphs` of one that stands among the
    /// documents once more, with a paragraph that no other one shows any longer, and `reserved` of one that does because its
    /// owner reserves something else by now than its record said.
    pub reason: String,
    /// The document that takes its place, where there is one.
    pub by: Option<Id>,
}

/// An earlier export, as a later one needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    pub folder: PathBuf,
    /// SHA-256 of its manifest.
    pub manifest: Id,
    /// What its ledger tells: [`Manifest::ledger`].
    pub ledger: u32,
    /// What it was made with; an addition is best made with the same.
    pub options: Options,
    /// What names of users are hashed with: [`Manifest::users_base`].
    pub users_base: Option<Id>,
    pub entries: Vec<Entry>,
}

/// What every corpus has beside its manifest.
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
        let (folder, manifest) = (folder.to_owned(), Id::of(&text));
        Ok(Self { folder, manifest, ledger: told.ledger, options: told.options, users_base: told.users_base, entries })
    }

    /// Whether names of users get other hashes in an addition than in this export: the version that made it did not tell what
    /// they are hashed with.
    pub fn hashes_begin_anew(&self) -> bool {
        let had_documents = || self.entries.iter().any(|entry| entry.standing != Standing::Twin);
        self.options.users == Users::Hash && self.users_base.is_none() && had_documents()
    }

    /// Other parts would take back all that was published, other masks and names would not reach it, and a paragraph that
    /// was cut could be lost.
    pub(super) fn check(&self, options: &Options) -> Result<(), CorpusError> {
        if self.options.paragraphs == Repeats::Cut && self.ledger < TELLS_CUTS {
            let reason = "an earlier version made it, whose ledger does not tell which paragraphs were cut from which \
                          documents; export anew";
            return Err(not_one(&self.folder, reason));
        }
        let made = [&self.options, options].map(|options| {
            let mut mask = options.mask.clone();
            mask.sort_unstable();
            mask.dedup();
            let users = serde_json::to_value(options.users).expect("a choice is plain data");
            [options.split.clone(), mask.join(","), users.as_str().unwrap_or_default().to_owned()]
        });
        let [before, now] = &made;
        let kinds = ["split", "mask", "users"].into_iter().zip(before.iter().zip(now));
        let Some((option, (before, _))) = kinds.into_iter().find(|(_, (before, now))| before != now) else {
            return Ok(());
        };
        let before = if before.is_empty() { "none".to_owned() } else { format!("`{before}`") };
        let reason = format!("the export that is added to was made with {before}, and what it published stays so");
        Err(CorpusError::Option { option, reason })
    }
}

impl Earlier {
    /// Of another archive all would be taken back as erased.
    pub(super) fn check_addresses<'a>(
        &self,
        known: impl Iterator<Item = &'a Url>,
        archive: &dyn Source,
    ) -> Result<(), CorpusError> {
        let ours: HashSet<&Url> = self.entries.iter().map(|entry| &entry.url).collect();
        let mut known = known.peekable();
        // Of an archive that is empty now all was erased indeed.
        if ours.is_empty() || known.peek().is_none() || known.any(|url| ours.contains(url)) {
            return Ok(());
        }
        // All that it holds can be erased from an archive that goes on.
        for entry in &self.entries {
            if archive.is_erased(&entry.url, entry.text)? {
                return Ok(());
            }
        }
        Err(not_one(&self.folder, "none of its addresses is in this archive: it is of another one; export anew"))
    }
}

fn not_one(folder: &Path, reason: impl ToString) -> CorpusError {
    CorpusError::NoExport { path: folder.to_owned(), reason: reason.to_string() }
}

/// Leaves in the plan what is new since an earlier export, and what is written `again` (some of it because other things are
/// `reserved`); names what is to be taken back.
pub fn grow(
    plan: &mut Plan,
    earlier: &Earlier,
    (again, reserved): (&HashSet<Id>, &HashSet<Id>),
    archive: &dyn Source,
) -> Result<(), CorpusError> {
    let published: HashMap<Id, &Entry> =
        earlier.entries.iter().filter(|entry| entry.standing == Standing::Published).map(|e| (e.id, e)).collect();
    let is_carried = |id: Id| published.contains_key(&id) && !again.contains(&id);
    let stays: HashSet<Id> = plan.documents.iter().map(|planned| planned.id).filter(|&id| is_carried(id)).collect();
    plan.retired = retired((&published, &stays, reserved), &plan.documents, &plan.excluded);
    plan.documents.retain(|planned| !stays.contains(&planned.id));
    (plan.carried, plan.since) = (stays.len() as u64, Some(earlier.manifest));
    plan.users_base = earlier.users_base;
    for entry in plan.ledger.iter_mut().filter(|entry| stays.contains(&entry.id)) {
        entry.cut.clone_from(&published[&entry.id].cut);
    }
    let known: HashSet<Id> = plan.ledger.iter().map(|entry| entry.id).collect();
    for entry in earlier.entries.iter().filter(|entry| !known.contains(&entry.id)) {
        // What was never published and is erased is named no more.
        if entry.standing == Standing::Twin && archive.capture(entry.id)?.is_none() {
            continue;
        }
        let standing = if entry.standing == Standing::Twin { Standing::Twin } else { Standing::Retired };
        plan.ledger.push(Entry { standing, cut: Vec::new(), ..entry.clone() });
    }
    plan.ledger.sort_by_key(|entry| entry.id);
    Ok(())
}

fn retired(
    (published, stays, reserved): (&HashMap<Id, &Entry>, &HashSet<Id>, &HashSet<Id>),
    documents: &[Planned],
    excluded: &[Excluded],
) -> Vec<Retired> {
    let at: HashMap<&Url, Id> = documents.iter().map(|planned| (&planned.url, planned.id)).collect();
    let by_id: HashMap<Id, &Excluded> = excluded.iter().map(|excluded| (excluded.id, excluded)).collect();
    let by_url: HashMap<&Url, &Excluded> = excluded.iter().map(|excluded| (&excluded.url, excluded)).collect();
    let here: HashSet<Id> = documents.iter().map(|planned| planned.id).collect();
    let judge = |entry: &Entry| {
        if here.contains(&entry.id) {
            let reason = if reserved.contains(&entry.id) { "reserved" } else { "paragraphs" };
            (reason.to_owned(), Some(entry.id))
        } else if let Some(excluded) = by_id.get(&entry.id) {
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

fn as_text<S: serde::Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&path.display())
}

/// An export that holds, or held, a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Held {
    /// Serialised as far as it is text.
    #[serde(serialize_with = "as_text")]
    pub export: PathBuf,
    pub entry: Entry,
}

/// Which of these exports hold a document, or name it as one that another stands for; by the beginning of its id or its
/// text's, or by address.
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
        held.extend(entries.map(|entry| Held { export: export.clone(), entry }));
    }
    Ok(held)
}

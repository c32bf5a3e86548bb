//! Exports of whole captures (`--format warc` and `wacz`), looked into for takedowns.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::capture::{Capture, Id};
use crate::corpus::{self, Entry, Held, Standing};
use crate::warc::{Reader, stored};

const WARC: &str = ".warc.gz";
const WACZ: &str = ".wacz";

/// Whether a folder is such an export: it has WARC files or a WACZ, and no corpus.
pub fn is_one(export: &Path) -> bool {
    !export.join(corpus::LEDGER).exists() && !files(export).is_empty()
}

/// What a WACZ has in place of a manifest: a list of its members.
#[derive(Deserialize)]
struct Package {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    path: String,
    hash: String,
}

/// What is wrong with the WACZ of a folder, a line each; `None` where there is none.
pub fn verify(export: &Path) -> Option<Result<Vec<String>>> {
    let path = files(export).into_iter().find(|path| path.to_string_lossy().ends_with(WACZ))?;
    Some(in_wacz(&path).with_context(|| format!("could not read {}", path.display())))
}

/// Compares the members with the list that stands among them.
fn in_wacz(path: &Path) -> Result<Vec<String>> {
    const LIST: &str = "datapackage.json";
    let mut file = File::open(path)?;
    let members = stored(&mut file, "")?;
    let mut reader = |name: &str| {
        let member = members.iter().find(|member| member.name == name).with_context(|| format!("it has no {name}"))?;
        file.seek(SeekFrom::Start(member.at))?;
        Ok::<_, anyhow::Error>(file.try_clone()?.take(member.bytes))
    };
    let list: Package = serde_json::from_reader(BufReader::new(reader(LIST)?))?;
    let mut problems = Vec::new();
    for resource in list.resources {
        let found = reader(&resource.path).and_then(|member| Ok(corpus::sha256(member)?.1));
        match found {
            Err(error) => problems.push(format!("{} cannot be read: {error:#}", resource.path)),
            Ok(id) if resource.hash != format!("sha256:{id}") => {
                problems.push(format!("{} has other bytes than were written", resource.path));
            }
            Ok(_) => {}
        }
    }
    Ok(problems)
}

fn files(export: &Path) -> Vec<PathBuf> {
    let Ok(list) = std::fs::read_dir(export) else { return Vec::new() };
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.ends_with(WARC) || name.ends_with(WACZ)
    };
    let mut files: Vec<PathBuf> = list.flatten().map(|file| file.path()).filter(is_one).collect();
    files.sort();
    files
}

/// The captures there that are meant, the newest of each address.
pub fn held(export: &Path, is_meant: &dyn Fn(&Entry) -> bool) -> Result<Vec<Held>> {
    let mut newest: BTreeMap<String, (crate::page::Timestamp, Entry)> = BTreeMap::new();
    for path in files(export) {
        let mut look = |said: Said| {
            let Some(entry) = said.entry().filter(is_meant) else { return };
            let at = said.capture.fetched_at;
            let known = newest.entry(entry.url.to_string()).or_insert_with(|| (at, entry.clone()));
            if known.0 <= at {
                *known = (at, entry);
            }
        };
        in_file(&path, &mut look).with_context(|| format!("could not read {}", path.display()))?;
    }
    Ok(newest.into_values().map(|(_, entry)| Held { export: export.to_owned(), entry }).collect())
}

/// What a `metadata` record says of a capture.
#[derive(Deserialize)]
struct Said {
    capture: Capture,
    #[serde(skip)]
    id: Option<Id>,
}

impl Said {
    fn entry(&self) -> Option<Entry> {
        let (id, url) = (self.id?, self.capture.url.clone());
        Some(Entry {
            id,
            url,
            text: self.capture.text.unwrap_or(id),
            split: None,
            standing: Standing::Published,
            cut: Vec::new(),
            reserved: None,
        })
    }
}

fn in_file(path: &Path, look: &mut dyn FnMut(Said)) -> Result<()> {
    let mut file = File::open(path)?;
    if path.extension().is_none_or(|ending| ending != "wacz") {
        return in_warc(Reader::new(file)?, look);
    }
    for member in stored(&mut file, "archive/")? {
        in_warc(Reader::within(File::open(path)?, member.at, member.bytes)?, look)?;
    }
    Ok(())
}

/// A damaged record is an error: it may be the one that is asked for.
fn in_warc(mut reader: Reader<'_>, look: &mut dyn FnMut(Said)) -> Result<()> {
    while let Some(record) = reader.next_record()? {
        let id = record.head.field("gleaner-capture").and_then(|id| id.parse().ok());
        if record.head.kind() == "metadata" && id.is_some() {
            let said: Said = serde_json::from_slice(&record.block)?;
            look(Said { id, ..said });
        }
    }
    Ok(())
}

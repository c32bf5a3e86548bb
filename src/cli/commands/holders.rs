//! What exports leave in the archive's folder: sketches for the next one, and the list of who holds which document.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use super::whole;
use crate::archive::{Archive, Filter};
use crate::capture::Id;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, counted};
use crate::corpus::{self, CorpusError, Profile, Standing, State};
use crate::page::Url;

/// The beginning of an id has at least so many digits.
const ID_DIGITS_MIN: usize = 8;

/// What earlier exports of this archive remember. It is a cache beside the archive: where it cannot be written, or
/// another export has it, the export goes without.
pub fn state(archive: &Archive, profile: Profile, output: &Output) -> Result<Option<State>> {
    match State::open(&archive.folder().join("sketches"), profile) {
        Ok(state) => Ok(Some(state)),
        Err(error @ (CorpusError::Io { .. } | CorpusError::Busy(_))) => {
            output.note(&format!("note: sketches are not remembered: {error}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The list of an archive's exports, for takedowns: a line each with the folder's path.
fn exports_file(archive: &Archive) -> PathBuf {
    archive.folder().join("exports.txt")
}

/// Adds an export to the list, on disk before the export gets its name: no export is without its line. Lines are only ever
/// appended, so that exports at the same time keep each other's; an export that failed after all is one that is not there.
pub fn register(archive: &Archive, folder: &Path, output: &Output) -> Result<(), CorpusError> {
    let path = exports_file(archive);
    match append(&path, folder) {
        Ok(()) => Ok(()),
        Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
            output.note(&format!(
                "note: takedowns will not name this export: could not write {}: {error}",
                path.display()
            ));
            Ok(())
        }
        Err(source) => Err(CorpusError::Io { what: "write", path, source }),
    }
}

fn append(list: &Path, export: &Path) -> io::Result<()> {
    let line = format!("{}\n", std::path::absolute(export)?.display());
    let known = lines(list)?;
    if known.lines().any(|known| known == line.trim_end_matches('\n')) {
        return Ok(());
    }
    let mut file = OpenOptions::new().append(true).create(true).open(list)?;
    // A line that a crash left half written spoils no other.
    let gap = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
    file.write_all(format!("{gap}{line}").as_bytes())?;
    file.sync_all()?;
    match list.parent() {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn lines(list: &Path) -> io::Result<String> {
    match fs::read_to_string(list) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read,
    }
}

/// Each export once.
fn registered(archive: &Archive) -> Result<Vec<PathBuf>> {
    let path = exports_file(archive);
    let text = lines(&path).with_context(|| format!("could not read {}", path.display()))?;
    let mut seen = HashSet::new();
    Ok(text.lines().filter(|line| !line.is_empty() && seen.insert(*line)).map(PathBuf::from).collect())
}

/// Which exports held a document; those that lie there no more are named too.
pub fn tell(archive: &Archive, what: &str, output: &Output) -> Result<Exit> {
    let (there, gone): (Vec<PathBuf>, Vec<PathBuf>) = registered(archive)?.into_iter().partition(|path| path.exists());
    let (whole, corpora): (Vec<PathBuf>, Vec<PathBuf>) = there.iter().cloned().partition(|path| whole::is_one(path));
    let mut held = corpus::held(&corpora, what)?;
    let is_meant = |entry: &corpus::Entry| {
        let is_id = |id: &Id| what.len() >= ID_DIGITS_MIN && id.to_string().starts_with(what);
        entry.url.to_string() == what || [entry.id, entry.text].iter().any(is_id)
    };
    for export in &whole {
        held.extend(whole::held(export, &is_meant)?);
    }
    for held in &held {
        let standing = format!("{:?}", held.entry.standing).to_lowercase();
        output.line(&format!("{standing:<12}{}  {}  {}", held.entry.id.short(), held.export.display(), held.entry.url));
        output.record("held", held);
    }
    for folder in &gone {
        output.note(&format!("note: `{}` was an export of this archive and is not there now", folder.display()));
    }
    let summary = json!({ "held": held.len(), "exports": there.len(), "not_there": gone });
    let by: HashSet<&PathBuf> = held.iter().map(|held| &held.export).collect();
    output.summary(&format!("held by {} of {}", by.len(), counted(there.len() as u64, "export")), &summary);
    Ok(if held.is_empty() { Exit::No } else { Exit::Done })
}

/// Names the exports that published documents which are to be taken down, or that name them as copies; what is wrong with one of them is a note.
pub fn tell_still(archive: &Archive, is_meant: &dyn Fn(&Url) -> bool, output: &Output) -> Result<()> {
    for export in registered(archive)? {
        let meant = |entry: &corpus::Entry| entry.standing != Standing::Retired && is_meant(&entry.url);
        let held = if whole::is_one(&export) {
            whole::held(&export, &meant)
        } else {
            corpus::held_by(std::slice::from_ref(&export), &meant).map_err(anyhow::Error::from)
        };
        match held {
            Ok(held) => {
                for held in &held {
                    output.line(&format!("held by     {}: {}", held.export.display(), held.entry.url));
                    output.record("held", held);
                }
            }
            Err(error) => output.note(&format!("note: `{}` may hold what is taken down: {error:#}", export.display())),
        }
    }
    Ok(())
}

/// Lets go of the sketches of texts that are in the archive no more.
pub fn forget_erased(archive: &Archive) -> Result<()> {
    let mut texts = HashSet::new();
    archive.captures(&Filter::default(), &mut |capture| {
        texts.extend(capture.text);
        ControlFlow::Continue(())
    })?;
    Ok(corpus::forget_all_but(&archive.folder().join("sketches"), &texts)?)
}

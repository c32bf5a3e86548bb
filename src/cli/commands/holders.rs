//! What exports leave in the archive's folder: sketches for the next one, and the list of who holds which document.

use std::collections::HashSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use crate::archive::{Archive, Filter};
use crate::cli::exit::Exit;
use crate::cli::output::{Output, counted};
use crate::corpus::{self, CorpusError, Profile, Standing, State};
use crate::page::Url;

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

pub fn register(archive: &Archive, folder: &Path) -> Result<()> {
    let path = exports_file(archive);
    let export = std::path::absolute(folder)?;
    let mut known = registered(archive)?;
    if !known.contains(&export) {
        known.push(export);
        let lines: String = known.iter().map(|path| format!("{}\n", path.display())).collect();
        fs::write(&path, lines).with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(())
}

fn registered(archive: &Archive) -> Result<Vec<PathBuf>> {
    let path = exports_file(archive);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text.lines().filter(|line| !line.is_empty()).map(PathBuf::from).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("could not read {}", path.display())),
    }
}

/// Which exports held a document; those that lie there no more are named too.
pub fn tell(archive: &Archive, what: &str, output: &Output) -> Result<Exit> {
    let (there, gone): (Vec<PathBuf>, Vec<PathBuf>) = registered(archive)?.into_iter().partition(|path| path.exists());
    let held = corpus::held(&there, what)?;
    for held in &held {
        let standing = format!("{:?}", held.entry.standing).to_lowercase();
        output.line(&format!("{standing:<12}{}  {}  {}", held.entry.id.short(), held.export.display(), held.entry.url));
        output.record("held", held);
    }
    for folder in &gone {
        output.note(&format!("note: `{}` was an export of this archive and is not there now", folder.display()));
    }
    let summary = json!({ "held": held.len(), "exports": there.len(), "not_there": gone });
    output.summary(&format!("held by {} of {}", held.len(), counted(there.len() as u64, "export")), &summary);
    Ok(if held.is_empty() { Exit::No } else { Exit::Done })
}

/// Names the exports that published documents which are to be taken down; what is wrong with one of them is a note.
pub fn tell_still(archive: &Archive, is_meant: &dyn Fn(&Url) -> bool, output: &Output) -> Result<()> {
    for export in registered(archive)? {
        let meant = |entry: &corpus::Entry| entry.standing == Standing::Published && is_meant(&entry.url);
        match corpus::held_by(std::slice::from_ref(&export), &meant) {
            Ok(held) => {
                for held in &held {
                    output.line(&format!("held by     {}: {}", held.export.display(), held.entry.url));
                    output.record("held", held);
                }
            }
            Err(error) => output.note(&format!("note: `{}` may hold what is taken down: {error}", export.display())),
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

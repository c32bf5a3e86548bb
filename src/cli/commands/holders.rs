//! What exports leave in the archive's folder: sketches for the next one, and the list of who holds which document.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;

use super::whole;
use crate::archive::{Archive, Exports, Filter};
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

/// Adds an export to the list, on disk before the export gets its name: no export is without its line. An export that failed
/// after all is one that is not there.
pub fn register(archive: &Archive, folder: &Path, output: &Output) -> Result<(), CorpusError> {
    let path = archive.folder().join("exports.txt");
    match archive.register_export(folder) {
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

/// The exports that are there, those that are not, and what is told of lines that cannot be read.
struct Registered {
    there: Vec<PathBuf>,
    gone: Vec<PathBuf>,
    unread: Vec<String>,
}

/// Tells also where nobody can say which exports there were.
fn registered(archive: &Archive, output: &Output) -> Result<Registered> {
    let Exports { folders, unread } = archive.exports()?;
    for line in &unread {
        output.warn(&format!("an export that cannot be named may hold it: {line}"));
        output.record("unread", &json!({ "export": null, "message": line }));
    }
    let (there, gone) = folders.into_iter().partition(|path| path.exists());
    Ok(Registered { there, gone, unread })
}

/// Which exports held a document; those that lie there no more are named too, and those that cannot be read.
pub fn tell(archive: &Archive, what: &str, output: &Output) -> Result<Exit> {
    let is_meant = |entry: &corpus::Entry| {
        let is_id = |id: &Id| what.len() >= ID_DIGITS_MIN && id.to_string().starts_with(what);
        entry.url.to_string() == what || [entry.id, entry.text].iter().any(is_id)
    };
    let Registered { there, gone, mut unread } = registered(archive, output)?;
    let (mut held, mut by) = (0, 0);
    for export in &there {
        let found = match held_in(export, &is_meant) {
            Ok(found) => found,
            Err(error) => {
                output.warn(&format!("`{}` may hold it: {error:#}", export.display()));
                output.record(
                    "unread",
                    &json!({ "export": export.display().to_string(), "message": format!("{error:#}") }),
                );
                unread.push(export.display().to_string());
                continue;
            }
        };
        for held in &found {
            let standing = format!("{:?}", held.entry.standing).to_lowercase();
            let (id, url) = (held.entry.id.short(), &held.entry.url);
            output.line(&format!("{standing:<12}{id}  {}  {url}", held.export.display()));
            output.record("held", held);
        }
        held += found.len();
        by += usize::from(!found.is_empty());
    }
    tell_gone(&gone, output);
    let summary = json!({ "held": held, "exports": there.len(), "unread": unread, "not_there": shown(&gone) });
    output.summary(&format!("held by {by} of {}", counted(there.len() as u64, "export")), &summary);
    Ok(match (unread.is_empty(), held) {
        (false, _) => Exit::Part,
        (true, 0) => Exit::No,
        (true, _) => Exit::Done,
    })
}

fn shown(folders: &[PathBuf]) -> Vec<String> {
    folders.iter().map(|folder| folder.display().to_string()).collect()
}

fn tell_gone(gone: &[PathBuf], output: &Output) {
    for folder in gone {
        output.note(&format!("note: `{}` was an export of this archive and is not there now", folder.display()));
    }
}

/// What an export holds of that.
fn held_in(export: &Path, is_meant: &dyn Fn(&corpus::Entry) -> bool) -> Result<Vec<corpus::Held>> {
    if whole::is_one(export) {
        whole::held(export, is_meant)
    } else {
        Ok(corpus::held_by(&[export.to_owned()], is_meant)?)
    }
}

/// Names the exports that published documents which are to be taken down, or that name them as copies; what is wrong with one of them is a note.
/// Returns whether all of their list could be read.
pub fn tell_still(archive: &Archive, is_meant: &dyn Fn(&Url) -> bool, output: &Output) -> Result<bool> {
    let Registered { there, gone, unread } = registered(archive, output)?;
    tell_gone(&gone, output);
    for export in there {
        let meant = |entry: &corpus::Entry| entry.standing != Standing::Retired && is_meant(&entry.url);
        match held_in(&export, &meant) {
            Ok(held) => {
                for held in &held {
                    output.line(&format!("held by     {}: {}", held.export.display(), held.entry.url));
                    output.record("held", held);
                }
            }
            Err(error) => output.note(&format!("note: `{}` may hold what is taken down: {error:#}", export.display())),
        }
    }
    Ok(unread.is_empty())
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

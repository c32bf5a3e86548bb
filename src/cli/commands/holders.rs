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

/// What an address in the list begins with; a path never does, as it is absolute.
const ADDRESS: &str = "file:";

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

/// The list of an archive's exports, for takedowns: a line each with the folder's path, or with its `file:` address where
/// a line of text cannot hold the path.
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
    let line = line_of(&std::path::absolute(export)?) + "\n";
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

fn line_of(folder: &Path) -> String {
    let is_plain = |path: &&str| !path.contains(['\n', '\r']) && !path.starts_with(ADDRESS);
    let address = || Url::from_path(folder).map_or_else(|| folder.display().to_string(), |url| url.to_string());
    folder.to_str().filter(is_plain).map_or_else(address, str::to_owned)
}

fn folder_of(line: &str) -> PathBuf {
    let address = line.starts_with(ADDRESS).then(|| Url::parse(line).ok()?.to_file_path().ok()).flatten();
    address.unwrap_or_else(|| PathBuf::from(line))
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
    Ok(text.lines().filter(|line| !line.is_empty() && seen.insert(*line)).map(folder_of).collect())
}

/// Which exports held a document; those that lie there no more are named too, and those that cannot be read.
pub fn tell(archive: &Archive, what: &str, output: &Output) -> Result<Exit> {
    let is_meant = |entry: &corpus::Entry| {
        let is_id = |id: &Id| what.len() >= ID_DIGITS_MIN && id.to_string().starts_with(what);
        entry.url.to_string() == what || [entry.id, entry.text].iter().any(is_id)
    };
    let (there, gone): (Vec<PathBuf>, Vec<PathBuf>) = registered(archive)?.into_iter().partition(|path| path.exists());
    let (mut held, mut by, mut unread) = (0, 0, Vec::new());
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
pub fn tell_still(archive: &Archive, is_meant: &dyn Fn(&Url) -> bool, output: &Output) -> Result<()> {
    let (there, gone): (Vec<PathBuf>, Vec<PathBuf>) = registered(archive)?.into_iter().partition(|path| path.exists());
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

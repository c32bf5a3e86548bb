//! An export compared with its manifest.

mod counts;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::write::file::HashedFile;
use super::{CorpusError, FileEntry};
use crate::capture::Id;

/// What of a manifest says which files there are; exports and deduplications share it.
#[derive(Deserialize)]
struct Files {
    files: Vec<FileEntry>,
    #[serde(flatten)]
    told: counts::Told,
}

/// What is wrong with an export or a deduplication, a line each; nothing where every file is as it was written, and as many
/// documents as are told.
///
/// # Errors
/// The folder cannot be read.
pub fn verify(folder: &Path) -> Result<Vec<String>, CorpusError> {
    let path = folder.join(MANIFEST);
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    let read = plain(&path).and_then(|_| fs::read(&path));
    let read = read.and_then(|text| serde_json::from_slice::<Files>(&text).map_err(io::Error::other));
    let manifest = match read {
        Ok(manifest) => manifest,
        Err(error) => return Ok(vec![format!("{MANIFEST} cannot be read: {error}")]),
    };
    let mut problems: Vec<String> = manifest.files.iter().filter_map(|entry| check(folder, entry)).collect();
    if problems.is_empty() {
        problems = counts::problems(folder, &manifest.files, &manifest.told);
    }
    let named: BTreeSet<&str> = manifest.files.iter().map(|entry| entry.path.as_str()).chain([MANIFEST]).collect();
    found.retain(|name| !named.contains(name.as_str()));
    problems.extend(found.into_iter().map(|name| format!("{name} is not of this export")));
    Ok(problems)
}

const MANIFEST: &str = "manifest.json";

/// A manifest of files that were written by others.
#[derive(Serialize)]
struct Described<'a, T> {
    gleaner: &'a str,
    #[serde(flatten)]
    about: &'a T,
    files: Vec<FileEntry>,
}

/// Writes `manifest.json` about all other files of a folder, so that they can be verified: beside their hashes the fields of
/// `about`.
///
/// # Errors
/// A file cannot be read, or the manifest is there or cannot be written.
pub fn describe(folder: &Path, about: &impl Serialize) -> Result<(), CorpusError> {
    let mut names = Vec::new();
    walk(folder, "", &mut names)?;
    let entry = |path: String| {
        let whole = folder.join(&path);
        let (bytes, sha256) = File::open(&whole).and_then(sha256).map_err(CorpusError::io("read", &whole))?;
        Ok(FileEntry { path, bytes, sha256, documents: 0 })
    };
    let files = names.into_iter().map(entry).collect::<Result<_, CorpusError>>()?;
    let mut file = HashedFile::create(folder, MANIFEST)?;
    file.pretty(&Described { gleaner: env!("CARGO_PKG_VERSION"), about, files })?;
    file.finish(0).map(drop)
}

fn check(folder: &Path, entry: &FileEntry) -> Option<String> {
    // A manifest from elsewhere must not make us read what lies outside the folder.
    let is_inside = Path::new(&entry.path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !is_inside {
        return Some(format!("{} leads out of the folder", entry.path));
    }
    let path = folder.join(&entry.path);
    let of_length =
        |bytes| (bytes != entry.bytes).then(|| format!("{} has {bytes} bytes, not {}", entry.path, entry.bytes));
    let read = plain(&path).and_then(|bytes| match of_length(bytes) {
        Some(fault) => Ok(Some(fault)),
        // It may shrink meanwhile, and no more is read than there was to be.
        None => File::open(&path).and_then(|file| sha256(file.take(bytes))).map(|(bytes, sha256)| {
            let is_other = sha256 != entry.sha256;
            of_length(bytes).or_else(|| is_other.then(|| format!("{} has other bytes than were written", entry.path)))
        }),
    });
    read.unwrap_or_else(|error| Some(format!("{} cannot be read: {error}", entry.path)))
}

/// The length of a file that ends: a pipe or a device may never do. A link to one that ends is as good as it.
fn plain(path: &Path) -> io::Result<u64> {
    let about = fs::metadata(path)?;
    about.is_file().then_some(about.len()).ok_or_else(|| io::Error::other("it is no regular file"))
}

/// How many bytes there are to read, and their SHA-256.
///
/// # Errors
/// That of the reader.
pub fn sha256(mut file: impl Read) -> io::Result<(u64, Id)> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, Id(hash.finalize().into()))),
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

/// Names of all files below, `/` between their parts.
fn walk(folder: &Path, prefix: &str, names: &mut Vec<String>) -> Result<(), CorpusError> {
    for entry in fs::read_dir(folder).map_err(CorpusError::io("read", folder))? {
        let path = entry.map_err(CorpusError::io("read", folder))?.path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() && !path.is_symlink() {
            walk(&path, &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    names.sort();
    Ok(())
}

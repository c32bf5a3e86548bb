//! The list of what was erased: keyed hashes in a file of its own, so that it outlives a restored backup and tells
//! nobody what the archive held.

use std::collections::HashSet;
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;

use crate::archive::folder::Folder;
use crate::archive::{ArchiveError, Result};
use crate::capture::{Capture, Id};
use crate::page::{Timestamp, Url};

/// Longest list that is read.
const LIST_BYTES_MAX: u64 = 256 << 20;

/// Longest host that a name server knows. Of a longer one only so much of its end is looked up, and the whole: nobody can ask
/// what lies between for anything, and there may be very much of it.
const HOST_BYTES_MAX: usize = 253;

/// What is blocked from coming again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::archive) enum Mark {
    Url(String),
    /// A host and all below it.
    Host(String),
    Text(Id),
}

impl Mark {
    fn parts(&self) -> (&'static str, String) {
        match self {
            Self::Url(url) => ("url", url.clone()),
            Self::Host(host) => ("host", host.to_lowercase()),
            Self::Text(id) => ("text", id.to_string()),
        }
    }

    /// What it is found by in the bytes of an archive.
    pub fn needle(&self) -> Option<Vec<u8>> {
        match self {
            Self::Url(of) | Self::Host(of) => Some(of.clone().into_bytes()),
            Self::Text(_) => None,
        }
    }

    fn hash(&self, archive: &str) -> Id {
        let (kind, value) = self.parts();
        Id::of(format!("gleaner erased\n{archive}\n{kind}\n{value}").as_bytes())
    }
}

/// The list, read again when the file has grown.
#[derive(Debug, Default)]
pub(in crate::archive) struct Erased {
    bytes: u64,
    hashes: HashSet<Id>,
}

/// The file, line by line.
#[derive(Default)]
struct Lines<'a> {
    sound: Vec<&'a [u8]>,
    hashes: HashSet<Id>,
    /// By their numbers, from 1.
    damaged: Vec<(usize, &'a [u8])>,
    /// Where an interrupted erasing left part of a line, at the end: nothing was taken away for it.
    torn: Option<usize>,
}

impl<'a> Lines<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let mut lines = Lines::default();
        let mut begin = 0;
        for (n, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            let is_last = begin + line.len() == bytes.len();
            match hash_of(line) {
                Some(hash) => {
                    lines.hashes.insert(hash);
                    lines.sound.push(line);
                }
                None if line.is_empty() => {}
                None if is_torn(line) && is_last => lines.torn = Some(begin),
                // Earlier versions went on behind such a part of a line.
                None if is_torn(line) => {}
                None => lines.damaged.push((n + 1, line)),
            }
            begin += line.len() + 1;
        }
        lines
    }
}

impl Erased {
    /// Reads what was added since. Who does not know all of it could keep again what must not come: damage is an error.
    pub fn refresh(&mut self, folder: &Folder) -> Result<()> {
        let bytes = std::fs::metadata(folder.erased()).map_or(0, |file| file.len());
        if bytes == self.bytes && bytes > 0 {
            return Ok(());
        }
        let damaged = |what| Err(ArchiveError::damaged(&folder.erased(), 0, what));
        let Some(text) = read(folder)? else {
            *self = Self::default();
            return match missing(folder, 0)? {
                0 => Ok(()),
                lines => damaged(format!("it is missing, and had {lines} lines; {AGAIN}")),
            };
        };
        if text.is_empty() {
            return damaged(format!("it is empty; {AGAIN}"));
        }
        let Lines { hashes, damaged: lines, sound, .. } = Lines::of(&text);
        if let [(first, _), rest @ ..] = &lines[..] {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            return damaged(format!("line {first}{more} cannot be read; {AGAIN}"));
        }
        let lost = missing(folder, sound.len() as u64)?;
        if lost > 0 {
            return damaged(format!("it has {} lines, and had {lost} more; {AGAIN}", sound.len()));
        }
        *self = Self { bytes: text.len() as u64, hashes };
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    pub fn has_url(&self, archive: &str, url: &Url) -> bool {
        if self.is_empty() {
            return false;
        }
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let above = host.rmatch_indices('.').map(|(at, _)| &host[at + 1..]);
        let above = above.take_while(|host| host.len() <= HOST_BYTES_MAX);
        let mut marks = [host].into_iter().chain(above).map(|host| Mark::Host(host.to_owned()));
        // Earlier versions noted an address with its fragment and escapes, or as it was typed.
        let named = [url.of_page(), url.untracked(), url.clone()].map(|url| Mark::Url(url.to_string()));
        named.iter().any(|mark| self.hashes.contains(&mark.hash(archive)))
            || marks.any(|mark| self.hashes.contains(&mark.hash(archive)))
    }

    pub fn has_text(&self, archive: &str, id: Id) -> bool {
        !self.is_empty() && self.hashes.contains(&Mark::Text(id).hash(archive))
    }

    /// Whether a capture is of an erased address, led to one, or has an erased text.
    pub fn has(&self, archive: &str, capture: &Capture) -> bool {
        let hops = capture.hops.iter().map(|hop| &hop.url);
        let urls = [&capture.url].into_iter().chain(&capture.final_url).chain(hops);
        let text = capture.text.is_some_and(|id| self.has_text(archive, id));
        text || urls.into_iter().any(|url| self.has_url(archive, url))
    }
}

/// What damage to the list means.
const AGAIN: &str = "what was erased could be kept again";

/// How many lines FORMAT knows of beyond these. It is read again only where some are missing: another process may have written
/// the list anew.
fn missing(folder: &Folder, lines: u64) -> Result<u64> {
    if folder.erased <= lines {
        return Ok(0);
    }
    Ok(folder.erased_now()?.saturating_sub(lines))
}

/// How many lines can be read.
pub(in crate::archive) fn count(folder: &Folder) -> Result<u64> {
    Ok(read(folder)?.map_or(0, |text| Lines::of(&text).sound.len() as u64))
}

/// `None` where there is no list.
fn read(folder: &Folder) -> Result<Option<Vec<u8>>> {
    let path = folder.erased();
    let file = match crate::archive::storage::open_file(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ArchiveError::reading(&path, error)),
    };
    let mut text = Vec::new();
    let read = file.take(LIST_BYTES_MAX + 1).read_to_end(&mut text);
    read.map_err(|error| ArchiveError::io(&path, "read", error))?;
    if text.len() as u64 > LIST_BYTES_MAX {
        let bytes = text.len() as u64;
        return Err(ArchiveError::TooLarge { what: "the list of what was erased", bytes, max: LIST_BYTES_MAX });
    }
    Ok(Some(text))
}

fn hash_of(line: &[u8]) -> Option<Id> {
    let (line, crc) = std::str::from_utf8(line).ok()?.rsplit_once(' ')?;
    let right = crc == format!("{:08x}", crc32c::crc32c(line.as_bytes()));
    line.split(' ').nth(2)?.parse().ok().filter(|_| right)
}

/// Whether it is the beginning of a line: time, kind, hash and checksum as far as they go.
fn is_torn(line: &[u8]) -> bool {
    let words: Vec<&[u8]> = line.split(|&byte| byte == b' ').collect();
    let is_kind = |word: &[u8]| [&b"url"[..], b"host", b"text"].contains(&word);
    let is_cut = match words[..] {
        [_, kind, hash] => is_kind(kind) && hash.len() <= 2 * 32,
        [_, kind, hash, checksum] => is_kind(kind) && hash.len() == 2 * 32 && checksum.len() < 8,
        _ => words.len() < 3 && line.len() <= 2 * 32,
    };
    is_cut && line.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// No line is longer than this.
const LINE_BYTES_MAX: usize = 256;

/// A line with one damaged byte as it was: there is one that matches the checksum.
fn mended(line: &[u8]) -> Option<Vec<u8>> {
    if line.len() > LINE_BYTES_MAX {
        return None;
    }
    let mut line = line.to_vec();
    for at in 0..line.len() {
        let was = line[at];
        for byte in b' '..=b'~' {
            line[at] = byte;
            if hash_of(&line).is_some() {
                return Some(line);
            }
        }
        line[at] = was;
    }
    None
}

/// What a repair made of a damaged list.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::archive) struct Mended {
    pub lines: u64,
    /// Those that nobody can read any more.
    pub lost: u64,
}

/// Sets a damaged list aside and writes it anew with what can be read of it. `None` where it is whole.
pub(in crate::archive) fn mend(folder: &Folder) -> Result<Option<Mended>> {
    let (text, said) = (read(folder)?, folder.erased_now()?);
    let is_there = text.is_some();
    let text = text.unwrap_or_default();
    let Lines { mut sound, damaged, .. } = Lines::of(&text);
    let missing = said.saturating_sub((sound.len() + damaged.len()) as u64);
    if damaged.is_empty() && missing == 0 && !(is_there && text.is_empty()) {
        return Ok(None);
    }
    let saved: Vec<Vec<u8>> = damaged.iter().filter_map(|(_, line)| mended(line)).collect();
    sound.extend(saved.iter().map(Vec::as_slice));
    if is_there {
        folder.disk.create_folder(&folder.quarantine())?;
        let name = format!("erased-{}.log", Id::of(&text).short());
        folder.disk.write_whole(&folder.quarantine().join(name), &text)?;
    }
    // It is never empty: that would be damage.
    let anew: Vec<u8> = sound.iter().flat_map(|line| [line, &b"\n"[..]].concat()).chain(*b"\n").collect();
    folder.disk.write_whole(&folder.erased(), &anew)?;
    folder.note_erased(sound.len() as u64)?;
    // Of an empty file nobody may know how much it had.
    let lines = (damaged.len() as u64 + missing).max(1);
    Ok(Some(Mended { lines, lost: lines - saved.len() as u64 }))
}

/// Adds marks; they are on the disk when this returns.
pub(in crate::archive) fn add(folder: &Folder, marks: &[Mark], at: Timestamp) -> Result<PathBuf> {
    let path = folder.erased();
    let mut lines = String::new();
    for mark in marks {
        let line = format!("{at} {} {}", mark.parts().0, mark.hash(&folder.archive));
        lines += &format!("{line} {:08x}\n", crc32c::crc32c(line.as_bytes()));
    }
    let added = marks.len() as u64;
    let Some(text) = read(folder)? else {
        // Never there half: an empty list would be a damaged one.
        folder.disk.write_whole(&path, lines.as_bytes())?;
        folder.note_erased(added)?;
        return Ok(path);
    };
    let step = folder.disk.step(crate::archive::storage::Step::Write, 0);
    let write = |_| {
        let mut file = std::fs::OpenOptions::new().append(true).open(&path)?;
        // What a torn write left must not begin our first line.
        if let Some(torn) = Lines::of(&text).torn {
            file.set_len(torn as u64)?;
        } else if !text.ends_with(b"\n") {
            file.write_all(b"\n")?;
        }
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    };
    step.and_then(write).map_err(|error| ArchiveError::io(&path, "write", error))?;
    folder.disk.sync_folder(&folder.path)?;
    // Only now: FORMAT must never know of more than is there.
    folder.note_erased(Lines::of(&text).sound.len() as u64 + added)?;
    Ok(path)
}

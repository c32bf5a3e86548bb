//! `gleaner import`: files in, captures out, without the network.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;

use super::add::{exit, sum_up};
use super::extract::{form_of_file, read_file, type_by_name};
use super::known::Known;
use super::warc_in::is_warc;
use super::wet::{self, Record};
use crate::archive::{Archive, ArchiveError};
use crate::capture::Capture;
use crate::cli::args::{Global, Import};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::failure::{Usage, report};
use crate::cli::output::{Output, counted};
use crate::config::Config;
use crate::extract::Options;
use crate::extract::form::{self, Form};
use crate::page::{Timestamp, Url};
use crate::parallel::{self, at_work};
use crate::pipeline::{BATCH_MAX, Reading, Summary, hold, read_bytes, recall_all};
use crate::warc::WarcError;

/// Folders below folders that are followed.
const FOLDER_DEPTH_MAX: usize = 64;
/// Text of records that is held at once.
const RECORDS_BYTES_MAX: usize = 64 << 20;

pub fn run(global: &Global, flags: &Import, output: &Output) -> Result<Exit> {
    let started = Instant::now();
    let loaded = context::config_with(global, flags.extraction.flags())?;
    let config = &loaded.config;
    let prefix = flags.url_prefix.as_deref().map(prefix).transpose()?;
    let files = files(&flags.paths, output)?;
    let archive = loaded.archive_or_new()?;
    let before = archive.stats()?.stored_bytes;
    let threads = flags.threads.unwrap_or_else(|| at_work(0)).clamp(1, 256);
    let mut summary = Summary::default();
    let kept = take_all(files, (prefix.as_ref(), threads), &archive, config, &mut summary, output);
    // A disk that is full or gone ends an import; what was told as kept before is.
    let stopped = match kept {
        Err(error) if summary.new + summary.unchanged + summary.known > 0 && is_of_disk(&error) => Some(error),
        kept => kept.map(|()| None)?,
    };
    if let Some(error) = &stopped {
        report(error, output);
    }
    let added = archive.stats().map_or(0, |stats| stats.stored_bytes.saturating_sub(before));
    if stopped.is_none() {
        super::care::seal_when_due(&archive, output);
    }
    sum_up(&summary, added, started, output);
    Ok(if stopped.is_some() { Exit::Part } else { exit(&summary) })
}

/// Whether that is no failing of the archive itself, which has codes of its own.
fn is_of_disk(error: &anyhow::Error) -> bool {
    let of = error.downcast_ref::<ArchiveError>();
    of.is_some_and(|error| Exit::of_code(error.exit_code()) == Exit::Failed)
}

/// WARC files, pages, and WET files, in this order.
fn take_all(
    files: Vec<File>,
    (prefix, threads): (Option<&Url>, usize),
    archive: &Archive,
    config: &Config,
    summary: &mut Summary,
    output: &Output,
) -> Result<()> {
    let options = &config.extract;
    let (wets, files): (Vec<File>, Vec<File>) = files.into_iter().partition(|file| wet::is_wet(&file.path));
    let (warcs, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_archive(&file.path));
    for warc in &warcs {
        if let Err(error) = super::warc_in::take_in(&warc.path, archive, config, threads, summary, output) {
            match error.downcast_ref::<WarcError>() {
                Some(_) => refuse(&error, summary, output),
                None => return Err(error),
            }
        }
    }
    for batch in files.chunks(BATCH_MAX) {
        let made = parallel::map(batch, threads, |file| reading(file, prefix, options));
        keep(made, archive, config)?.tell(summary, output);
    }
    for file in wets {
        match wet::open(&file.path) {
            Ok(records) => batches(records, |batch| {
                let made = parallel::map(&batch, threads, |record| read_record(record, options));
                let intake = archive.intake()?;
                let made = news(made, archive, config, summary)?;
                let kept = keep(made, archive, config)?;
                drop(intake);
                kept.tell(summary, output);
                Ok(())
            })?,
            Err(error) => refuse(&error, summary, output),
        }
    }
    Ok(())
}

/// Whether a file holds records, by its name or by its first bytes.
fn is_archive(path: &Path) -> bool {
    is_warc(path) || matches!(form_of_file(path), Some(Form::Warc | Form::Zip))
}

/// What became of a batch, still to be told.
#[derive(Default)]
#[must_use]
pub struct Kept {
    refused: Vec<anyhow::Error>,
    captures: Vec<Capture>,
}

impl Kept {
    /// Tells of each whether it was kept. Who reads that may be slow: no lock is held meanwhile.
    pub fn tell(self, summary: &mut Summary, output: &Output) {
        self.refused.iter().for_each(|error| refuse(error, summary, output));
        for capture in &self.captures {
            summary.count(capture);
            output.capture(capture);
        }
    }
}

/// Keeps what could be made of a batch, held against what its sites reserve.
pub fn keep(made: impl IntoIterator<Item = Result<Reading>>, archive: &Archive, config: &Config) -> Result<Kept> {
    let (mut readings, mut refused) = (Vec::new(), Vec::new());
    for reading in made {
        match reading.and_then(orderable) {
            Ok(mut reading) => {
                hold(&mut reading.entry, &config.fetch);
                readings.push(reading);
            }
            Err(error) => refused.push(error),
        }
    }
    recall_all(archive, &mut readings, &config.extract);
    let captures = archive.append(readings.into_iter().map(|reading| reading.entry).collect())?;
    Ok(Kept { refused, captures })
}

/// A visit of a moment that the archive cannot tell from others would never be known again.
fn orderable(reading: Reading) -> Result<Reading> {
    let (url, at) = (&reading.entry.capture.url, reading.entry.capture.fetched_at);
    if !Archive::is_orderable(at) {
        bail!("{url} of {at} is left out: an archive keeps visits from 1677 to 2262");
    }
    Ok(reading)
}

/// What of a batch of texts is not archived yet.
fn news(
    made: Vec<Result<Reading>>,
    archive: &Archive,
    config: &Config,
    summary: &mut Summary,
) -> Result<Vec<Result<Reading>>> {
    let (mut known, mut news) = (Known::of(archive), Vec::with_capacity(made.len()));
    for reading in made {
        match reading {
            Ok(mut reading) => {
                hold(&mut reading.entry, &config.fetch);
                news.extend(known.news(reading, None, summary)?.map(Ok));
            }
            Err(error) => news.push(Err(error)),
        }
    }
    Ok(news)
}

/// A file that could not be taken in is told and counted; the others go on.
pub fn refuse(error: &anyhow::Error, summary: &mut Summary, output: &Output) {
    let message = format!("{error:#}");
    output.error(&format!("error: {message}"), &json!({ "message": message }));
    summary.pages += 1;
    summary.failed += 1;
}

fn prefix(text: &str) -> Result<Url> {
    let slash = if text.ends_with('/') { "" } else { "/" };
    context::url(&format!("{text}{slash}"))
}

/// A file to take in, with its path below the folder it was found in.
#[derive(Debug)]
struct File {
    path: PathBuf,
    below: PathBuf,
}

/// Files named, and the pages in folders named, in name order. Tells how many files of folders are left out.
fn files(paths: &[PathBuf], output: &Output) -> Result<Vec<File>> {
    let (mut files, mut others) = (Vec::new(), 0);
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            walk(path, path, 0, &mut files, &mut others)?;
            if files.len() == before {
                let hint =
                    "HTML and text files, WET and WARC files and WACZ are taken in, packed as .gz or .zst or not";
                return Err(Usage::new(format!("there is nothing to take in in `{}`", path.display()), hint).into());
            }
        } else if path.is_file() {
            let below = path.file_name().map(PathBuf::from).unwrap_or_default();
            files.push(File { path: path.clone(), below });
        } else {
            let hint = "give HTML, text or WET files, or folders of them";
            return Err(Usage::new(format!("there is no file or folder `{}`", path.display()), hint).into());
        }
    }
    if others > 0 {
        output.note(&format!("{} of other types, or links that lead nowhere, left out", counted(others, "file")));
    }
    Ok(files)
}

fn walk(root: &Path, folder: &Path, depth: usize, files: &mut Vec<File>, others: &mut u64) -> Result<()> {
    let listed = std::fs::read_dir(folder).and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>());
    let mut listed = listed.with_context(|| format!("could not list `{}`", folder.display()))?;
    listed.sort_by_key(std::fs::DirEntry::file_name);
    for entry in listed {
        let path = entry.path();
        // Links to folders are not followed: they may lead round in a circle.
        let kind = entry.file_type().with_context(|| format!("could not look at `{}`", path.display()))?;
        if kind.is_dir() && depth < FOLDER_DEPTH_MAX {
            walk(root, &path, depth + 1, files, others)?;
        } else if type_by_name(&path).is_some() || wet::is_wet(&path) || is_warc(&path) {
            let below = path.strip_prefix(root).unwrap_or(&path).to_owned();
            *others += u64::from(!path.exists());
            files.extend(path.is_file().then_some(File { path, below }));
        } else {
            *others += u64::from(path.is_file() && !is_sidecar(&path));
        }
    }
    Ok(())
}

/// Parts the records of a file into batches that fit into memory.
fn batches(
    records: wet::Records,
    mut take: impl FnMut(Vec<Mutex<Option<Result<Record>>>>) -> Result<()>,
) -> Result<()> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for record in records {
        bytes += record.as_ref().map_or(0, |record| record.text.len());
        batch.push(Mutex::new(Some(record)));
        if batch.len() >= BATCH_MAX || bytes >= RECORDS_BYTES_MAX {
            bytes = 0;
            take(std::mem::take(&mut batch))?;
        }
    }
    take(batch)
}

fn read_record(record: &Mutex<Option<Result<Record>>>, options: &Options) -> Result<Reading> {
    let record = record.lock().expect("nobody panics while taking it").take().expect("taken once")?;
    Ok(read_bytes(&record.url, record.text, wet::CONTENT_TYPE, record.at, options))
}

fn reading(file: &File, prefix: Option<&Url>, options: &Options) -> Result<Reading> {
    let bytes = read_file(&file.path)?;
    if let Some(what) = form::known(&bytes).and_then(Form::other) {
        bail!("`{}` is {what}, not a page", file.path.display());
    }
    let sidecar = Sidecar::read(&file.path)?;
    let content_type = sidecar.content_type.clone();
    let content_type = content_type.as_deref().or(type_by_name(&file.path));
    let content_type = content_type.unwrap_or_else(|| form::form(&bytes).content_type());
    let given = match (&sidecar.url, prefix) {
        (Some(url), _) => Some(context::url(url).with_context(|| format!("sidecar of `{}`", file.path.display()))?),
        (None, Some(prefix)) => Some(below(prefix, &file.below)?),
        (None, None) => None,
    };
    let own = Url::from_path(&file.path).with_context(|| format!("`{}` has no address", file.path.display()))?;
    let mut reading = read_bytes(given.as_ref().unwrap_or(&own), bytes, content_type, sidecar.fetched_at, options);
    let canonical = reading.document.metadata.canonical.as_ref();
    let canonical = canonical.and_then(|found| Url::parse(&found.value).ok()).filter(|url| url.is_web());
    if let (None, Some(canonical)) = (given, canonical) {
        reading.entry.capture.url = canonical;
    }
    Ok(reading)
}

fn below(prefix: &Url, path: &Path) -> Result<Url> {
    let mut url = url::Url::clone(prefix);
    for part in path.components().map(|part| part.as_os_str()) {
        if let Some(part) = part.to_str() {
            if let Ok(mut segments) = url.path_segments_mut() {
                segments.pop_if_empty().push(part);
            }
            continue;
        }
        // No text, so byte by byte, as a server gives it away: two such names are two pages.
        let name: String = part.as_encoded_bytes().iter().map(|&byte| escaped(byte)).collect();
        let path = format!("{}/{name}", url.path().trim_end_matches('/'));
        url.set_path(&path);
    }
    Ok(Url::from(url))
}

/// A byte of a file's name as an address has it.
fn escaped(byte: u8) -> String {
    let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if is_plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn is_sidecar(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json" || extension == "url")
}

/// What lies beside a page `a.html`: `a.html.json` or `a.json` with `url`, `fetched_at`, `content_type`;
/// or `a.html.url` or `a.url` with the address alone.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sidecar {
    url: Option<String>,
    fetched_at: Option<Timestamp>,
    content_type: Option<String>,
}

impl Sidecar {
    fn read(page: &Path) -> Result<Self> {
        let beside = |suffix: &str| {
            let mut long = page.as_os_str().to_owned();
            long.push(format!(".{suffix}"));
            [PathBuf::from(long), page.with_extension(suffix)].into_iter().find(|path| path.is_file())
        };
        if let Some(path) = beside("json") {
            let bytes = read_file(&path)?;
            return serde_json::from_slice(&bytes).with_context(|| format!("`{}` is no sidecar", path.display()));
        }
        match beside("url") {
            Some(path) => {
                let text = String::from_utf8_lossy(&read_file(&path)?).trim().to_owned();
                Ok(Self { url: Some(text), ..Self::default() })
            }
            None => Ok(Self::default()),
        }
    }
}

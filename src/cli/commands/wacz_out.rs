//! `gleaner export --format wacz`: every capture in one file that replay tools open: WARC, index, pages with their text.

use std::fs::{File, TryLockError};
use std::io::{BufWriter, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::holders;
use super::warc_out::{Export, Files, must_be_empty};
use crate::archive::{Archive, Filter};
use crate::capture::{Capture, Id};
use crate::cli::exit::Exit;
use crate::cli::failure::Exporting;
use crate::cli::output::{Output, bytes, counted};
use crate::page::Timestamp;
use crate::warc::Indexed;
use crate::warc::zip::{Member, Open, Zip};

const NAME: &str = "gleaner.wacz";
/// Its name while it is being written.
const PART: &str = "gleaner.wacz.part";
/// The version of the WACZ specification that is followed.
const WACZ_VERSION: &str = "1.1.1";

type To = BufWriter<File>;

pub fn run(archive: &Archive, folder: &Path, output: &Output) -> Result<Exit> {
    let (path, part) = (folder.join(NAME), folder.join(PART));
    clear(&part)?;
    must_be_empty(folder)?;
    let file = begin(&part)?;
    let written = write(archive, file);
    if written.is_err() {
        // The next try finds the folder empty.
        let _ = std::fs::remove_file(&part);
    }
    let Written { captures, pages, bytes: length, file } = written?;
    holders::register(archive, folder, output)?;
    std::fs::rename(&part, &path).with_context(|| format!("could not name `{}`", path.display()))?;
    // Until here another export must not take it for one that was killed.
    drop(file);
    sync(folder)?;
    let line = format!(
        "{}, {} with text · {} in `{}`",
        counted(captures, "capture"),
        counted(pages, "page"),
        bytes(length),
        path.display()
    );
    let value = json!({ "file": path.display().to_string(), "captures": captures, "pages": pages, "bytes": length });
    output.summary(&line, &value);
    Ok(if captures == 0 { Exit::No } else { Exit::Done })
}

/// Removes what a killed export left; one that is at work holds a lock on it.
fn clear(part: &Path) -> Result<()> {
    let Ok(file) = File::open(part) else { return Ok(()) };
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
        return Err(Exporting(part.to_owned()).into());
    }
    std::fs::remove_file(part).with_context(|| format!("could not remove `{}`", part.display()))
}

/// A new file, locked while it is written; where there are no locks, nobody waits.
fn begin(part: &Path) -> Result<File> {
    let file = match File::create_new(part) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(Exporting(part.to_owned()).into()),
        file => file.with_context(|| format!("could not write `{}`", part.display()))?,
    };
    let _ = file.try_lock();
    Ok(file)
}

/// Makes the names in a folder durable.
fn sync(folder: &Path) -> Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.with_context(|| format!("could not make the names in `{}` durable", folder.display()))
}

struct Written {
    captures: u64,
    pages: u64,
    bytes: u64,
    /// Its lock is held as long as this.
    file: File,
}

fn write(archive: &Archive, file: File) -> Result<Written> {
    let mut export = Export::new(archive, Within(Some(Zip::new(BufWriter::new(file)))), Some(Vec::new()));
    export.all()?;
    let Export { to, captures, indexed, .. } = export;
    let zip = to.0.context("the last member was ended")?;
    let zip = index(zip, indexed.unwrap_or_default())?;
    let (zip, pages, newest) = pages(archive, zip)?;
    let zip = described(zip, newest)?;
    let file = zip.end()?.into_inner().context("could not write the file to its end")?;
    file.sync_all().context("could not make the file durable")?;
    Ok(Written { captures, pages, bytes: file.metadata().map_or(0, |file| file.len()), file })
}

/// WARC files as members of the one file.
struct Within(Option<Zip<To>>);

impl Files for Within {
    type To = Open<To>;

    fn begin(&mut self, name: &str) -> Result<Open<To>> {
        let zip = self.0.take().context("the member before was ended")?;
        Ok(zip.begin(&format!("archive/{name}"))?)
    }

    fn end(&mut self, to: Open<To>) -> Result<()> {
        self.0 = Some(to.end()?);
        Ok(())
    }
}

/// Where each answer stands, sorted by address and time.
fn index(zip: Zip<To>, indexed: Vec<Indexed>) -> Result<Zip<To>> {
    let mut lines: Vec<String> = indexed.iter().map(Indexed::line).collect();
    lines.sort_unstable();
    let mut open = zip.begin("indexes/index.cdxj")?;
    lines.iter().try_for_each(|line| open.write_all(line.as_bytes()))?;
    Ok(open.end()?)
}

/// The newest capture with text of each address; how many, and when the newest was.
fn pages(archive: &Archive, zip: Zip<To>) -> Result<(Zip<To>, u64, Option<Timestamp>)> {
    let mut open = zip.begin("pages/pages.jsonl")?;
    let head = json!({ "format": "json-pages-1.0", "id": "pages", "title": "All pages", "hasText": true });
    writeln!(open, "{head}")?;
    let (mut count, mut newest) = (0, None);
    let mut done = Ok(());
    archive.captures(&Filter { latest: true, ..Filter::default() }, &mut |capture| {
        newest = newest.max(Some(capture.fetched_at));
        done = page(archive, &capture).and_then(|page| {
            let Some(page) = page else { return Ok(()) };
            count += 1;
            Ok(writeln!(open, "{page}")?)
        });
        if done.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    done?;
    Ok((open.end()?, count, newest))
}

fn page(archive: &Archive, capture: &Capture) -> Result<Option<Value>> {
    let Some(text) = capture.text else { return Ok(None) };
    if archive.is_capture_erased(capture)? {
        return Ok(None);
    }
    let title = capture.metadata.title.as_ref().map_or("", |title| &title.value);
    Ok(Some(json!({
        "id": capture.id, "url": capture.url, "ts": capture.fetched_at, "title": title, "text": archive.text(text)?,
    })))
}

/// What the file holds, with the hash of each member, and the hash of that.
fn described(zip: Zip<To>, newest: Option<Timestamp>) -> Result<Zip<To>> {
    let resource = |member: &Member| {
        let name = member.name.rsplit('/').next().unwrap_or_default();
        json!({ "name": name, "path": member.name, "hash": hash(member.sha256), "bytes": member.bytes })
    };
    let resources: Vec<Value> = zip.members.iter().map(resource).collect();
    let package = serde_json::to_vec_pretty(&json!({
        "profile": "data-package", "wacz_version": WACZ_VERSION, "title": "Captures of a gleaner archive",
        "software": concat!("gleaner ", env!("CARGO_PKG_VERSION")),
        // The time of what it holds, not of its making: the same archive gives the same file.
        "created": newest, "resources": resources,
    }))?;
    let digest = json!({ "path": "datapackage.json", "hash": hash(Id::of(&package).0) });
    let zip = zip.member("datapackage.json", &package)?;
    Ok(zip.member("datapackage-digest.json", &serde_json::to_vec_pretty(&digest)?)?)
}

fn hash(sha256: [u8; 32]) -> String {
    format!("sha256:{}", Id(sha256))
}

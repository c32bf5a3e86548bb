//! `gleaner import` of WARC files: answers, plain texts (WET), and what `export --format warc` wrote.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result};

use super::import::{self, refuse};
use super::wet;
use crate::archive::{Archive, Entry, Filter};
use crate::capture::{Capture, Id, Outcome, Records};
use crate::cli::output::Output;
use crate::config::Config;
use crate::document::{Kind, Metadata};
use crate::extract::Options;
use crate::page::{Page, Timestamp, Url};
use crate::parallel;
use crate::pipeline::{Reading, Summary, hold, read_bytes, read_page};
use crate::warc::{self, Reader, Record};

/// So many records, or so many bytes of them, are worked on at once.
const RECORDS_AT_ONCE: usize = 128;
const BYTES_AT_ONCE: usize = 64 << 20;
/// A body is decoded up to here: what the fetcher takes by itself, too.
const BODY_BYTES_MAX: u64 = 8 << 20;

/// Whether a file's name is that of a WARC file; WET files have a reader of their own.
pub fn is_warc(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
    name.ends_with(".warc") || name.ends_with(".wacz")
}

/// Takes in a file, or the WARC files in a WACZ. What is there already (same address, same moment) is passed over, so that an
/// interrupted import can be begun again.
pub fn take_in(
    path: &Path,
    archive: &Archive,
    config: &Config,
    threads: usize,
    summary: &mut Summary,
    output: &Output,
) -> Result<()> {
    let open = || File::open(path).with_context(|| format!("could not open `{}`", path.display()));
    let unusable = || format!("`{}` cannot be imported", path.display());
    if path.extension().is_none_or(|end| !end.eq_ignore_ascii_case("wacz")) {
        let reader = Reader::new(open()?).with_context(unusable)?;
        return take_records(reader, path, archive, config, threads, summary, output);
    }
    for member in warc::stored(&mut open()?, "archive/").with_context(unusable)? {
        let mut file = open()?;
        file.seek(SeekFrom::Start(member.at)).with_context(unusable)?;
        let reader = Reader::new(file.take(member.bytes)).with_context(unusable)?;
        take_records(reader, path, archive, config, threads, summary, output)?;
    }
    Ok(())
}

/// Takes in records, batch by batch.
fn take_records(
    mut reader: Reader<'_>,
    path: &Path,
    archive: &Archive,
    config: &Config,
    threads: usize,
    summary: &mut Summary,
    output: &Output,
) -> Result<()> {
    let mut own = Own::default();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    loop {
        let record = match reader.next_record() {
            Ok(record) => record,
            Err(error) => {
                // What came before the damage is kept.
                let error = anyhow::Error::from(error).context(format!("`{}` cannot be read on", path.display()));
                refuse(&error, summary, output);
                None
            }
        };
        let ended = record.is_none();
        if let Some(record) = record {
            let found = own.of(record);
            bytes += found.as_ref().map_or(0, Found::bytes);
            batch.extend(found);
        }
        if ended || batch.len() >= RECORDS_AT_ONCE || bytes >= BYTES_AT_ONCE {
            keep(&std::mem::take(&mut batch), archive, config, threads, summary, output)?;
            bytes = 0;
        }
        if ended {
            return Ok(());
        }
    }
}

fn keep(
    batch: &[Found],
    archive: &Archive,
    config: &Config,
    threads: usize,
    summary: &mut Summary,
    output: &Output,
) -> Result<()> {
    let mut made = Vec::new();
    for reading in parallel::map(batch, threads, |found| found.read(&config.extract)) {
        match reading {
            Ok(Some((mut reading, version))) => {
                let is_held = hold(&mut reading.entry, &config.fetch);
                let version = version.map(|version| if is_held { version.held() } else { version });
                if !is_there(archive, &reading.entry, version.as_ref())? {
                    made.push(Ok(reading));
                }
            }
            Ok(None) => {}
            Err(error) => made.push(Err(error)),
        }
    }
    import::keep(made, archive, config, summary, output)
}

/// Whether the visit is archived; of one that was read several times, whether that version of it is.
fn is_there(archive: &Archive, entry: &Entry, version: Option<&Version>) -> Result<bool> {
    let at = entry.capture.fetched_at;
    let known = archive.latest(&entry.capture.url, Some(at))?;
    let is_visited = known.is_some_and(|known| known.fetched_at == at && known.url == entry.capture.url);
    let (true, Some(version)) = (is_visited, version) else { return Ok(is_visited) };
    let of_url = Filter { url: Some(entry.capture.url.clone()), ..Filter::default() };
    let mut found = false;
    archive.captures(&of_url, &mut |capture| {
        found = capture.fetched_at == at && Version::of(&capture) == *version;
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(found)
}

/// In what versions of one visit differ.
#[derive(PartialEq)]
struct Version {
    outcome: Outcome,
    text: Option<Id>,
    records: Option<Id>,
    metadata: Metadata,
    kind: Kind,
}

impl Version {
    fn of(capture: &Capture) -> Self {
        // A text that was there before is one, whichever archive it was kept in first.
        let outcome = if capture.outcome.has_text() { Outcome::Ok } else { capture.outcome };
        let Capture { text, records, kind, .. } = *capture;
        Self { outcome, text, records, metadata: capture.metadata.clone(), kind }
    }

    /// Of a visit whose text is not taken, as its site reserves it.
    fn held(self) -> Self {
        Self { outcome: Outcome::OptedOut, text: None, records: None, ..self }
    }
}

/// What one capture is made of.
enum Found {
    Record(Record),
    /// The answer in a record, whose block is empty now; its body is decoded.
    Answer(Record, Box<warc::Response>),
    /// Of an archive of ours: nothing is extracted again.
    Own(Box<Own>),
}

/// The records of one capture in a file that we wrote; `metadata` comes last.
#[derive(Default)]
struct Own {
    is_ours: bool,
    raw: Option<Vec<u8>>,
    text: Option<String>,
    said: Option<Vec<u8>>,
}

impl Own {
    fn of(&mut self, record: Record) -> Option<Found> {
        if record.head.kind() == "warcinfo" {
            self.is_ours = memchr::memmem::find(&record.block, b"software: gleaner/").is_some();
        }
        if !self.is_ours || record.head.field("gleaner-capture").is_none() {
            return Some(Found::of(record));
        }
        match record.head.kind() {
            "response" => self.raw = warc::response(&record.block).map(|response| response.body),
            // A document that a browser made.
            "resource" => self.raw = Some(record.block),
            "conversion" => self.text = String::from_utf8(record.block).ok(),
            "metadata" => {
                let (raw, text) = (self.raw.take(), self.text.take());
                let own = Self { is_ours: true, raw, text, said: Some(record.block) };
                return Some(Found::Own(Box::new(own)));
            }
            _ => {}
        }
        None
    }

    fn entry(&self) -> Result<(Entry, Version)> {
        #[derive(serde::Deserialize)]
        struct Said {
            capture: Capture,
            records: Option<Records>,
        }
        let said: Said = serde_json::from_slice(self.said.as_deref().unwrap_or_default())
            .context("a `metadata` record is not what gleaner writes")?;
        let version = Version::of(&said.capture);
        // What names contents is filled in again from the contents.
        let capture = Capture { text: None, records: None, raw: None, ..said.capture };
        let records = said.records.filter(|_| self.text.is_some());
        Ok((Entry { capture, text: self.text.clone(), records, raw: self.raw.clone() }, version))
    }
}

impl Found {
    /// Bodies are decoded one by one, so that a batch is as large as it says.
    fn of(mut record: Record) -> Self {
        if record.head.kind() != "response" || record.is_skipped() {
            return Self::Record(record);
        }
        match warc::response(&std::mem::take(&mut record.block)) {
            Some(response) => Self::Answer(record, Box::new(decoded(response))),
            None => Self::Record(record),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Record(record) => record.block.len(),
            Self::Answer(_, response) => response.body.len(),
            Self::Own(own) => {
                let text = own.text.as_ref().map_or(0, String::len);
                [&own.raw, &own.said].into_iter().flatten().map(Vec::len).sum::<usize>() + text
            }
        }
    }

    fn read(&self, options: &Options) -> Result<Option<(Reading, Option<Version>)>> {
        if let Self::Own(own) = self {
            let (entry, version) = own.entry()?;
            return Ok(Some((entry.into(), Some(version))));
        }
        Ok(self.foreign(options)?.map(|reading| (reading, None)))
    }

    fn foreign(&self, options: &Options) -> Result<Option<Reading>> {
        let (record, response) = match self {
            Self::Own(_) => return Ok(None),
            Self::Record(record) => (record, None),
            Self::Answer(record, response) => (record, Some(response)),
        };
        let (Some(url), Some(at)) = (record.head.url(), record.head.date()) else { return Ok(None) };
        let Ok(url) = Url::parse(url) else { return Ok(None) };
        if !url.is_web() || record.is_skipped() {
            return Ok(None);
        }
        let at: Timestamp = at.parse().with_context(|| format!("`{at}` of {url} is no time"))?;
        Ok(match record.head.kind() {
            "response" => response.map(|response| of_response(url, at, (**response).clone(), options)),
            "revisit" => Some(unchanged(&url, at, options).into()),
            "conversion" => {
                let kind = record.head.field("content-type").unwrap_or(wet::CONTENT_TYPE);
                let kind = if kind.eq_ignore_ascii_case("text/plain") { wet::CONTENT_TYPE } else { kind };
                Some(read_bytes(&url, record.block.clone(), kind, at, options))
            }
            "resource" => {
                let kind = record.head.field("content-type").unwrap_or("text/html");
                Some(read_bytes(&url, record.block.clone(), kind, at, options))
            }
            _ => None,
        })
    }
}

/// The content codings undone, as far as the body is no bomb.
fn decoded(mut response: warc::Response) -> warc::Response {
    let coding =
        response.headers.iter().filter(|(name, _)| name == "content-encoding").map(|(_, value)| value.as_str());
    if let Some(body) = crate::fetch::decoded(&response.body, coding, BODY_BYTES_MAX) {
        response.body = body;
    }
    response
}

/// Of an answer whose body is decoded.
fn of_response(url: Url, at: Timestamp, response: warc::Response, options: &Options) -> Reading {
    let warc::Response { status, headers, body } = response;
    let page = Page {
        final_url: url.clone(),
        url,
        hops: Vec::new(),
        fetched_at: at,
        status,
        headers,
        body,
        decoded: None,
        robots: None,
        rendered: None,
    };
    let mut reading = read_page(page, options);
    if !(200..300).contains(&status) && status != 304 {
        // What a server says with an error is not the page.
        let entry = &mut reading.entry;
        entry.capture.outcome = match status {
            301 | 308 => Outcome::Moved,
            410 | 404 => Outcome::Gone,
            _ => Outcome::Http,
        };
        entry.capture.detail = Some(format!("status {status}"));
        (entry.text, entry.records, entry.raw) = (None, None, None);
    }
    reading
}

/// The same as before, as the crawler found.
fn unchanged(url: &Url, at: Timestamp, options: &Options) -> Entry {
    let Reading { mut entry, .. } = read_bytes(url, Vec::new(), "text/plain", at, options);
    entry.capture.outcome = Outcome::Unchanged;
    entry.capture.detail = None;
    Entry { capture: entry.capture, text: None, records: None, raw: None }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_bomb_is_decoded_as_far_as_a_page_may_go_and_counts_so_much() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&vec![b' '; 40 << 20]).expect("memory takes it");
        let packed = packed.finish().expect("memory takes it");
        let http = [&b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"[..], &packed].concat();
        let head = format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {}\r\n\r\n", http.len());
        let warc = [head.as_bytes(), &http, b"\r\n\r\n"].concat();
        let record = Reader::new(&warc[..]).and_then(|mut reader| reader.next_record()).expect("a sound file");
        assert_eq!(Found::of(record.expect("a record")).bytes() as u64, BODY_BYTES_MAX);
    }
}

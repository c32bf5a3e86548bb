//! `gleaner import` of WARC files: answers, plain texts (WET), and what `export --format warc` wrote.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::extract::form_of_file;
use super::import::{self, refuse};
use super::known::{Known, Version};
use super::revisit::{Base, Digests, baseless, repeated};
use super::wet;
use crate::archive::{Archive, Entry};
use crate::capture::{Capture, Id, Outcome, Records};
use crate::cli::output::Output;
use crate::config::Config;
use crate::extract::Options;
use crate::extract::form::Form;
use crate::page::{Hop, Page, Timestamp, Url};
use crate::parallel;
use crate::pipeline::{Reading, Summary, hold, read_bytes, read_page};
use crate::warc::{self, Reader, Record, WarcError};

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

/// Takes in a file, or the WARC files in a WACZ. What is there already is passed over and counted, so that an interrupted
/// import can be begun again.
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
    let is_zip = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("wacz"));
    if !is_zip && form_of_file(path) != Some(Form::Zip) {
        let reader = Reader::new(open()?).with_context(unusable)?;
        return take_records(reader, path, archive, config, threads, summary, output);
    }
    let members = warc::stored(&mut open()?, "archive/").with_context(unusable)?;
    if members.is_empty() {
        let none = WarcError::Zip("its folder `archive/` holds no file".to_owned());
        return Err(none).with_context(unusable);
    }
    for member in members {
        match Reader::within(open()?, member.at, member.bytes) {
            Ok(reader) => take_records(reader, path, archive, config, threads, summary, output)?,
            Err(error) => {
                let of = || format!("`{}` of `{}` cannot be imported", member.name, path.display());
                refuse(&anyhow::Error::from(error).context(of()), summary, output);
            }
        }
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
    let (mut own, mut digests) = (Own::default(), Digests::default());
    let (mut batch, mut bytes) = (Vec::new(), 0);
    loop {
        let record = match reader.next_record() {
            Ok(record) => record,
            Err(error) => {
                // What is sound before and behind the damage is kept.
                own.is_damaged = true;
                let error = anyhow::Error::from(error).context(format!("`{}` was not read whole", path.display()));
                refuse(&error, summary, output);
                continue;
            }
        };
        let ended = record.is_none();
        if let Some(record) = record {
            let found = own.of(record);
            bytes += found.as_ref().map_or(0, Found::bytes);
            batch.extend(found);
        }
        if ended || batch.len() >= RECORDS_AT_ONCE || bytes >= BYTES_AT_ONCE {
            keep(&std::mem::take(&mut batch), &mut digests, archive, config, threads, summary, output)?;
            bytes = 0;
        }
        if ended {
            return Ok(());
        }
    }
}

fn keep(
    batch: &[Found],
    digests: &mut Digests,
    archive: &Archive,
    config: &Config,
    threads: usize,
    summary: &mut Summary,
    output: &Output,
) -> Result<()> {
    let read = parallel::map(batch, threads, |found| found.read(&config.extract));
    let intake = archive.intake()?;
    let mut taking = Taking { archive, config, known: Known::of(archive), made: Vec::new(), kept: Vec::new() };
    let taken = read.into_iter().try_for_each(|found| match found {
        Ok(Some(new)) => taking.take(new, digests, summary),
        Ok(None) => Ok(()),
        Err(error) => {
            taking.made.push(Err(error));
            Ok(())
        }
    });
    let taken = taken.and_then(|()| taking.flush());
    drop(intake);
    taking.kept.into_iter().for_each(|kept| kept.tell(summary, output));
    taken
}

/// A batch on its way into the archive, in its order.
struct Taking<'a> {
    archive: &'a Archive,
    config: &'a Config,
    known: Known<'a>,
    made: Vec<Result<Reading>>,
    kept: Vec<import::Kept>,
}

impl Taking<'_> {
    fn take(&mut self, new: New, digests: &mut Digests, summary: &mut Summary) -> Result<()> {
        let New { mut reading, mut version, digest, base } = new;
        if let Some(digest) = digest {
            digests.note(&reading.entry.capture, digest);
        }
        if let Some(Base::Named(named)) = &base {
            // What it repeats may be of this very batch.
            let addresses = [&named.url, &reading.entry.capture.url].map(Url::to_string);
            let is_of = |made: &Reading| addresses.contains(&made.entry.capture.url.to_string());
            if self.made.iter().flatten().any(is_of) {
                self.flush()?;
            }
            match named.reading(self.archive, digests, reading) {
                Ok(found) => reading = found,
                Err(error) => {
                    self.made.push(Err(error));
                    return Ok(());
                }
            }
        }
        if hold(&mut reading.entry, &self.config.fetch) {
            version = version.map(Version::held);
        }
        let Some(reading) = self.known.news(reading, version.as_ref(), summary)? else { return Ok(()) };
        let visit = &reading.entry.capture;
        let rests = match base {
            None | Some(Base::Named(_)) => true,
            Some(base) => base.is_there(self.archive, &self.made, visit)?,
        };
        self.made.push(if rests { Ok(reading) } else { Err(baseless(visit)) });
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.kept.push(import::keep(std::mem::take(&mut self.made), self.archive, self.config)?);
        Ok(())
    }
}

/// The records of one capture in a file that we wrote; `metadata` comes last.
#[derive(Default)]
struct Own {
    /// The id that its records name.
    capture: String,
    raw: Option<Vec<u8>>,
    text: Option<String>,
    said: Option<Vec<u8>>,
    /// Whether something before it in the file was damaged.
    is_damaged: bool,
    /// Whether its bytes are more than is read of a record: all else is taken in without them.
    is_skipped: bool,
}

impl Own {
    fn of(&mut self, record: Record) -> Option<Found> {
        let Some(capture) = record.head.field("gleaner-capture") else {
            return Some(Found::of(record));
        };
        if self.capture != capture {
            // What is left of a capture whose last record is damaged is not the next one's.
            *self = Self { capture: capture.to_owned(), is_damaged: self.is_damaged, ..Self::default() };
        }
        self.is_skipped |= record.is_skipped();
        match record.head.kind() {
            "response" => self.raw = warc::response(&record.block).map(|response| response.body),
            // A document that a browser made.
            "resource" => self.raw = Some(record.block),
            "conversion" => self.text = String::from_utf8(record.block).ok(),
            "metadata" => {
                let (raw, text) = (self.raw.take(), self.text.take());
                let Self { is_damaged, is_skipped, .. } = *self;
                let own =
                    Self { capture: self.capture.clone(), raw, text, said: Some(record.block), is_damaged, is_skipped };
                return Some(Found::Own(Box::new(own)));
            }
            _ => {}
        }
        None
    }

    fn read(&self) -> Result<New> {
        #[derive(serde::Deserialize)]
        struct Said {
            capture: Capture,
            records: Option<Records>,
        }
        let said: Said = serde_json::from_slice(self.said.as_deref().unwrap_or_default())
            .context("a `metadata` record is not what gleaner writes")?;
        let version = Version::of(&said.capture);
        let repeats = said.capture.outcome == Outcome::Unchanged;
        let text = self.text.as_ref().map(|text| Id::of(text.as_bytes()));
        let raw = self.raw.as_deref().map(Id::of);
        let is_raw_there = self.is_skipped || said.capture.raw == raw;
        if !repeats && (said.capture.text != text || !is_raw_there) {
            let Capture { url, fetched_at, .. } = &said.capture;
            bail!("{url} of {fetched_at} is left out: a record of its text or its bytes is missing or another's");
        }
        let base = said.capture.text.filter(|_| repeats && self.is_damaged).map(Base::Text);
        // What names contents is filled in again from the contents.
        let capture = Capture { text: None, records: None, raw: None, ..said.capture };
        let records = said.records.filter(|_| self.text.is_some());
        let entry = Entry { capture, text: self.text.clone(), records, raw: self.raw.clone() };
        Ok(New { reading: entry.into(), version: Some(version), digest: None, base })
    }
}

/// What was read of a capture.
struct New {
    reading: Reading,
    /// Of one that we wrote.
    version: Option<Version>,
    /// What the record says of the bytes that came.
    digest: Option<String>,
    base: Option<Base>,
}

/// What one capture is made of.
enum Found {
    Record(Record),
    /// The answer in a record, whose block is empty now; its body is decoded. And why that is not all of it.
    Answer(Record, Box<warc::Response>, Option<String>),
    /// Of an archive of ours: nothing is extracted again.
    Own(Box<Own>),
}

impl Found {
    /// Bodies are decoded one by one, so that a batch is as large as it says.
    fn of(mut record: Record) -> Self {
        match record.head.kind() {
            "revisit" => match warc::response(&record.block).filter(|response| !brought_a_page(response.status)) {
                // An error that was met before repeats no page.
                Some(response) => return Self::Answer(record, Box::new(response), None),
                None => return Self::Record(record),
            },
            "response" if !record.is_skipped() => {}
            _ => return Self::Record(record),
        }
        match warc::response(&std::mem::take(&mut record.block)) {
            Some(response) => {
                let (response, cut) = decoded(response);
                let in_transfer = || response.is_cut.then(|| "its transfer was cut".to_owned());
                let cut = cut.or_else(|| cut_by_writer(&record)).or_else(in_transfer);
                let cut = cut.or_else(|| part_of_page(&response));
                Self::Answer(record, Box::new(response), cut)
            }
            None => Self::Record(record),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Record(record) => record.block.len(),
            Self::Answer(_, response, _) => response.body.len(),
            Self::Own(own) => {
                let text = own.text.as_ref().map_or(0, String::len);
                [&own.raw, &own.said].into_iter().flatten().map(Vec::len).sum::<usize>() + text
            }
        }
    }

    fn read(&self, options: &Options) -> Result<Option<New>> {
        let (record, response) = match self {
            Self::Own(own) => return own.read().map(Some),
            Self::Record(record) => (record, None),
            Self::Answer(record, response, cut) => (record, Some((response, cut))),
        };
        let Some((url, at)) = visited(record)? else { return Ok(None) };
        let head = &record.head;
        let repeats = head.kind() == "revisit" && response.is_none();
        let base = repeats.then(|| repeated(record, &url));
        let digest = head.field("warc-payload-digest").filter(|_| head.kind() != "revisit").map(str::to_owned);
        let new = |reading| Some(New { reading, version: None, digest, base });
        Ok(match head.kind() {
            _ if record.is_skipped() => new(too_large(&url, at, options).into()),
            "response" | "revisit" if response.is_some() => response.and_then(|(response, cut)| {
                new(cut_short(of_response(url, at, (**response).clone(), options), cut.as_deref()))
            }),
            "response" => {
                bail!("the `response` record at byte {} of {url} is left out: it has no HTTP answer", head.at)
            }
            "revisit" => new(unchanged(&url, at, options).into()),
            "conversion" => {
                let kind = head.field("content-type").unwrap_or(wet::CONTENT_TYPE);
                let kind = if kind.eq_ignore_ascii_case("text/plain") { wet::CONTENT_TYPE } else { kind };
                new(read_bytes(&url, record.block.clone(), kind, Some(at), options))
            }
            _ => {
                let kind = head.field("content-type").unwrap_or("text/html");
                new(read_bytes(&url, record.block.clone(), kind, Some(at), options))
            }
        })
    }
}

/// Address and moment of a record that may be of a page.
fn visited(record: &Record) -> Result<Option<(Url, Timestamp)>> {
    let head = &record.head;
    let kind = head.kind();
    if !matches!(kind, "response" | "revisit" | "conversion" | "resource") {
        return Ok(None);
    }
    let place = || format!("the `{kind}` record at byte {}", head.at);
    let told = head.url().with_context(|| format!("{} names no address", place()))?;
    let url = Url::parse(told).with_context(|| format!("{} is of `{told}`, which is no address", place()))?;
    if !url.is_web() {
        return Ok(None);
    }
    let at = head.moment().with_context(|| format!("{} of {url} names no time", place()))?;
    let at: Timestamp = at.parse().with_context(|| format!("`{at}` of {url} is no time"))?;
    Ok(Some((url, at)))
}

/// The content codings undone, as far as the body is no bomb, and why that is not all of it.
fn decoded(mut response: warc::Response) -> (warc::Response, Option<String>) {
    let coding =
        response.headers.iter().filter(|(name, _)| name == "content-encoding").map(|(_, value)| value.as_str());
    let Some((body, cut)) = crate::fetch::decoded(&response.body, coding, BODY_BYTES_MAX) else {
        return (response, None);
    };
    response.body = body;
    (response, cut)
}

/// Why the writer of the file left out the end, where it did.
fn cut_by_writer(record: &Record) -> Option<String> {
    let is_part = record.head.field("warc-segment-number").is_some();
    let part = || is_part.then(|| "the crawler parted it, and only its first part is read".to_owned());
    record.head.field("warc-truncated").map(|why| format!("the crawler cut it ({why})")).or_else(part)
}

/// Whether a server sent a part of the page alone.
fn part_of_page(response: &warc::Response) -> Option<String> {
    let range = response.headers.iter().find(|(name, _)| name == "content-range").filter(|_| response.status == 206)?;
    let (sent, whole) = range.1.trim_start_matches("bytes").trim().split_once('/')?;
    let (first, last) = sent.split_once('-')?;
    let (first, last, whole): (u64, u64, u64) = (first.parse().ok()?, last.parse().ok()?, whole.parse().ok()?);
    (first > 0 || last.saturating_add(1) < whole).then(|| format!("the server sent bytes {sent} of {whole}"))
}

/// A page of which the end is missing is told as one that came in part.
fn cut_short(mut reading: Reading, cut: Option<&str>) -> Reading {
    let capture = &mut reading.entry.capture;
    if let Some(why) = cut.filter(|_| capture.outcome.has_text()) {
        capture.partial = true;
        capture.detail = Some(format!("the page is not whole: {why}"));
    }
    reading
}

/// Whether an answer of that status is the page, or says that it is as it was.
fn brought_a_page(status: u16) -> bool {
    (200..300).contains(&status) || status == 304
}

/// Of an answer whose body is decoded.
fn of_response(url: Url, at: Timestamp, response: warc::Response, options: &Options) -> Reading {
    let warc::Response { status, headers, body, .. } = response;
    let led_to = led_to(&url, status, &headers);
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
    if !brought_a_page(status) {
        // What a server says with an error is not the page.
        let entry = &mut reading.entry;
        entry.capture.outcome = match status {
            301 | 308 => Outcome::Moved,
            410 | 404 => Outcome::Gone,
            _ => Outcome::Http,
        };
        entry.capture.detail = Some(format!("status {status}"));
        if let Some(to) = led_to {
            // As of a redirect that was followed: who erases the page there means this address too.
            entry.capture.hops = vec![Hop { url: entry.capture.url.clone(), status }];
            entry.capture.final_url = Some(to);
        }
        (entry.text, entry.records, entry.raw) = (None, None, None);
    }
    reading
}

/// Where a redirect leads.
fn led_to(url: &Url, status: u16, headers: &[(String, String)]) -> Option<Url> {
    let is_redirect = (300..400).contains(&status) && status != 304;
    let (_, to) = headers.iter().find(|(name, _)| name == "location").filter(|_| is_redirect)?;
    url.join(to).ok().filter(Url::is_web)
}

/// The same as before, as the crawler found.
fn unchanged(url: &Url, at: Timestamp, options: &Options) -> Entry {
    bare(url, at, Outcome::Unchanged, None, options)
}

/// Of a record that the reader passed over.
fn too_large(url: &Url, at: Timestamp, options: &Options) -> Entry {
    let detail = format!("its record is over {} bytes", warc::BLOCK_BYTES_MAX);
    bare(url, at, Outcome::TooLarge, Some(detail), options)
}

/// A visit that brought nothing.
fn bare(url: &Url, at: Timestamp, outcome: Outcome, detail: Option<String>, options: &Options) -> Entry {
    let Reading { entry, .. } = read_bytes(url, Vec::new(), "text/plain", Some(at), options);
    Entry { capture: Capture { outcome, detail, ..entry.capture }, text: None, records: None, raw: None }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    #[test]
    fn a_bomb_is_decoded_as_far_as_a_page_may_go_and_counts_so_much() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&vec![b' '; 40 << 20]).expect("memory takes it");
        let packed = packed.finish().expect("memory takes it");
        let http = [&b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"[..], &packed].concat();
        let head = format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {}\r\n\r\n", http.len());
        let warc = [head.as_bytes(), &http, b"\r\n\r\n"].concat();
        let record = Reader::new(Cursor::new(&warc)).and_then(|mut reader| reader.next_record()).expect("a sound file");
        assert_eq!(Found::of(record.expect("a record")).bytes() as u64, BODY_BYTES_MAX);
    }
}

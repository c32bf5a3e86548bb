//! Kept raw bytes are read again: by a newer extractor, with other options, or with more known of the site.
//!
//! What comes out otherwise is one more version of the same visit: written last, so that it is the one that is shown,
//! with the older one still in the history. What comes out the same is not written.

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

use super::dates;
use super::merge::Merged;
use super::sites::{self, Reading};
use super::{BATCH_MAX, Remembered, entry_of_document, hold_reserved};
use crate::archive::{Archive, ArchiveError, Entry, Filter};
use crate::capture::{Capture, Id, Outcome, Records};
use crate::document::{Document, words};
use crate::extract;
use crate::fetch;
use crate::page::{Timestamp, Url};
use crate::parallel;

/// Raw bytes that are held at once, beside one page's.
const BYTES_AT_ONCE: usize = 64 << 20;

/// Which pages are read again: of each address the newest capture whose raw bytes are kept, and older ones whose text was
/// lost to damage.
#[derive(Clone, Debug, Default)]
pub struct Again {
    /// These addresses; empty for all.
    pub urls: Vec<Url>,
    pub host: Option<String>,
    /// Only what was fetched since.
    pub since: Option<Timestamp>,
    /// No capture is written. The memory of sites is brought up to date as ever: without it nobody could say what would change.
    pub dry_run: bool,
    pub threads: usize,
    /// Of these it is asked what becomes of a page that its site reserves.
    pub fetch: fetch::Options,
}

/// A page that is read otherwise now.
#[derive(Clone, Debug)]
pub struct Changed {
    pub before: Capture,
    /// As it was archived; in a dry run without an id.
    pub after: Capture,
}

/// A page that changed, or one whose raw bytes cannot be read and why.
pub type Told<'a> = Result<&'a Changed, (&'a Capture, &'a ArchiveError)>;

/// What a reading told.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct AgainSummary {
    /// Pages whose raw bytes were read.
    pub pages: u64,
    pub unchanged: u64,
    pub changed: u64,
    /// Addresses without raw bytes, and texts of several pages, of which no raw bytes are kept.
    pub without_raw: u64,
    /// Raw bytes that could not be read.
    pub failed: u64,
    pub words_before: u64,
    pub words_after: u64,
}

/// Reads pages again; tells each that changed once its new version is on disk (in a dry run: once it is known), and
/// each whose raw bytes cannot be read. The memory of their sites is brought up to date before.
///
/// # Errors
/// When the archive cannot be read, or cannot take a batch; what was told before stays archived.
pub fn read_again(
    archive: &Archive,
    again: &Again,
    options: &extract::Options,
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<AgainSummary, ArchiveError> {
    let mut memory = Batch::new(archive, again, options);
    each(archive, sites_of(again), &mut |capture| memory.learn(capture))?;
    memory.learned();
    let mut work = Work {
        again,
        tell,
        summary: AgainSummary::default(),
        batch: Batch::new(archive, again, options),
        read: HashSet::new(),
        moments: HashSet::new(),
    };
    each(archive, asked_for(again), &mut |capture| work.take(capture))?;
    work.do_batch()?;
    if archive.has_dropped() {
        let all = asked_for(again).into_iter().map(|filter| Filter { latest: false, ..filter }).collect();
        each(archive, all, &mut |capture| work.take_lost(capture))?;
        work.do_batch()?;
    }
    Ok(work.summary)
}

/// A page with its raw bytes.
struct Kept {
    capture: Capture,
    raw: Vec<u8>,
    /// Of a thread that was followed, and has one page so far.
    followed: Option<Records>,
}

/// Pages that are extracted at once.
struct Batch<'a> {
    archive: &'a Archive,
    options: &'a extract::Options,
    again: &'a Again,
    pages: Vec<Kept>,
    bytes: usize,
}

impl<'a> Batch<'a> {
    fn new(archive: &'a Archive, again: &'a Again, options: &'a extract::Options) -> Self {
        Self { archive, options, again, pages: Vec::new(), bytes: 0 }
    }

    fn push(&mut self, page: Kept) {
        self.bytes += page.raw.len();
        self.pages.push(page);
    }

    fn is_full(&self) -> bool {
        self.pages.len() >= BATCH_MAX || self.bytes >= BYTES_AT_ONCE
    }

    /// The pages as they are read now, by the extractor alone.
    fn read(&mut self) -> Vec<(Kept, Reading)> {
        self.bytes = 0;
        let pages = std::mem::take(&mut self.pages);
        let readings = parallel::map(&pages, self.again.threads, |page| read(page, self.options, &self.again.fetch));
        pages.into_iter().zip(readings).collect()
    }

    /// Notes a page for the memory of its site, if it is wanted there and not known yet.
    fn learn(&mut self, newest: Capture) -> Result<(), ArchiveError> {
        if !is_open(&newest) {
            return Ok(());
        }
        let Some(capture) = with_raw(self.archive, newest)?.filter(is_open) else { return Ok(()) };
        let (url, at) = sites::addresses(&capture);
        let (Some(raw), false) = (capture.raw, capture.extractor.is_empty()) else { return Ok(()) };
        if !self.archive.is_forgotten(url, at, sites::source_of(raw, self.options)) {
            return Ok(());
        }
        // What cannot be read is told by the second reading.
        if let Some(page) = sound(kept(self.archive, &capture))? {
            self.push(page);
        }
        if self.is_full() {
            self.learned();
        }
        Ok(())
    }

    fn learned(&mut self) {
        let read = self.read();
        read.iter().for_each(|(_, reading)| reading.note(self.archive, self.options));
        self.archive.remember(read.iter().map(|(page, _)| &page.capture.url));
    }
}

struct Work<'a> {
    again: &'a Again,
    tell: &'a mut dyn FnMut(Told<'_>),
    summary: AgainSummary,
    batch: Batch<'a>,
    /// Captures whose lost text was looked for.
    read: HashSet<Id>,
    /// Visits whose lost text was.
    moments: HashSet<(Url, Timestamp)>,
}

impl Work<'_> {
    fn take(&mut self, newest: Capture) -> Result<(), ArchiveError> {
        if !is_open(&newest) {
            return Ok(());
        }
        let Some(capture) = with_raw(self.batch.archive, newest)? else {
            self.summary.without_raw += 1;
            return Ok(());
        };
        // Feeds and sitemaps are kept as they came: nobody extracts them.
        if !is_open(&capture) || capture.extractor.is_empty() {
            return Ok(());
        }
        if is_lost(&capture) {
            self.read.extend(capture.id);
            self.moments.insert((capture.url.clone(), capture.fetched_at));
        }
        match kept(self.batch.archive, &capture) {
            Ok(page) => self.batch.push(page),
            Err(error @ (ArchiveError::Damaged { .. } | ArchiveError::Missing { .. })) => {
                self.summary.failed += 1;
                (self.tell)(Err((&capture, &error)));
            }
            Err(error) => return Err(error),
        }
        if self.batch.is_full() { self.do_batch() } else { Ok(()) }
    }

    /// A capture whose text was lost, unless it was read again before.
    fn take_lost(&mut self, capture: Capture) -> Result<(), ArchiveError> {
        let is_read = capture.id.is_some_and(|id| self.read.contains(&id))
            || self.moments.contains(&(capture.url.clone(), capture.fetched_at));
        if !is_lost(&capture) || is_read {
            return Ok(());
        }
        let at = Some(capture.fetched_at);
        let same = Filter { url: Some(capture.url.clone()), since: at, until: at, ..Filter::default() };
        let mut is_there = false;
        self.batch.archive.captures(&same, &mut |other| {
            is_there |= other.text.is_some();
            ControlFlow::Continue(())
        })?;
        if is_there { Ok(()) } else { self.take(capture) }
    }

    fn do_batch(&mut self) -> Result<(), ArchiveError> {
        let Batch { archive, options, .. } = self.batch;
        let (mut before, mut entries) = (Vec::new(), Vec::new());
        for (page, mut reading) in self.batch.read() {
            reading.recall(archive, options, Remembered::Archived);
            let entry = page.shaped(reading, options);
            self.summary.pages += 1;
            self.summary.words_before += u64::from(page.capture.words_kept);
            self.summary.words_after += u64::from(entry.capture.words_kept);
            if says_the_same(&page.capture, &entry) {
                self.summary.unchanged += 1;
            } else {
                self.summary.changed += 1;
                before.push(page.capture);
                entries.push(entry);
            }
        }
        let after = if self.again.dry_run {
            entries.into_iter().map(|entry| named(entry).capture).collect()
        } else {
            archive.append(entries)?
        };
        for (before, after) in before.into_iter().zip(after) {
            (self.tell)(Ok(&Changed { before, after }));
        }
        Ok(())
    }
}

/// The newest capture of each address that is asked for.
fn asked_for(again: &Again) -> Vec<Filter> {
    let all = Filter { host: again.host.clone(), since: again.since, latest: true, ..Filter::default() };
    match &again.urls[..] {
        [] => vec![all],
        urls => urls.iter().map(|url| Filter { url: Some(url.clone()), ..all.clone() }).collect(),
    }
}

/// All pages of the hosts that are asked for.
fn sites_of(again: &Again) -> Vec<Filter> {
    let of_urls: BTreeSet<_> = again.urls.iter().filter_map(|url| url.host_str().map(str::to_owned)).collect();
    let hosts = if of_urls.is_empty() { again.host.iter().cloned().collect() } else { of_urls };
    let of_host = |host| Filter { host, latest: true, ..Filter::default() };
    if hosts.is_empty() { vec![of_host(None)] } else { hosts.into_iter().map(|host| of_host(Some(host))).collect() }
}

fn each(
    archive: &Archive,
    filters: Vec<Filter>,
    take: &mut dyn FnMut(Capture) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    for filter in filters {
        let mut taken = Ok(());
        archive.captures(&filter, &mut |capture| {
            taken = take(capture);
            if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        taken?;
    }
    Ok(())
}

/// What is damaged or gone is `None`.
fn sound<T>(read: Result<T, ArchiveError>) -> Result<Option<T>, ArchiveError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(ArchiveError::Damaged { .. } | ArchiveError::Missing { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The capture itself, or the newest of its address with raw bytes: a visit that failed since has none.
fn with_raw(archive: &Archive, newest: Capture) -> Result<Option<Capture>, ArchiveError> {
    // Of several pages only the last one's could be kept, and are not.
    if newest.raw.is_some() || newest.text.is_some() {
        return Ok(Some(newest).filter(|capture| capture.raw.is_some()));
    }
    let mut found: Option<Capture> = None;
    let of_url = Filter { url: Some(newest.url), ..Filter::default() };
    archive.captures(&of_url, &mut |capture| {
        let newer = found.as_ref().is_none_or(|found| found.fetched_at <= capture.fetched_at);
        if newer && (capture.raw.is_some() || capture.text.is_some()) {
            found = Some(capture);
        }
        ControlFlow::Continue(())
    })?;
    Ok(found.filter(|capture| capture.raw.is_some()))
}

/// Whether a capture had a text that is gone, and raw bytes that say it again.
fn is_lost(capture: &Capture) -> bool {
    capture.outcome.has_text() && capture.text.is_none() && capture.words_kept > 0 && capture.raw.is_some()
}

/// What its site reserves is kept as evidence, and makes no text.
fn is_open(capture: &Capture) -> bool {
    capture.outcome != Outcome::OptedOut
}

fn kept(archive: &Archive, capture: &Capture) -> Result<Kept, ArchiveError> {
    let raw = capture.raw.map(|id| archive.raw(id)).transpose()?.unwrap_or_default();
    let records = capture.records.map(|id| archive.records(id)).transpose()?;
    let is_followed = |records: &Records| records.thread.as_ref().is_some_and(|thread| !thread.addresses.is_empty());
    Ok(Kept { capture: capture.clone(), raw, followed: records.filter(is_followed) })
}

/// The page as it is read now; what is known of the visit stays.
fn read(kept: &Kept, options: &extract::Options, fetch: &fetch::Options) -> Reading {
    let old = &kept.capture;
    let (_, at) = sites::addresses(old);
    let document = extract::extract(&kept.raw, old.content_type.as_deref(), Some(at), options);
    let document = dates::told(document, old.fetched_at);
    let blank = Capture { id: None, text: None, records: None, ..old.clone() };
    let mut entry = entry_of_document(blank, &document, None, options);
    for signal in std::mem::take(&mut entry.capture.rights) {
        // What the page says was among those kept before; what the server said is there alone.
        if !entry.capture.rights.contains(&signal) {
            entry.capture.rights.push(signal);
        }
    }
    // A page may have been taken before anybody held to what its site reserves, or knew the signal.
    hold_reserved(&mut entry, fetch.opt_outs_of(at).wanted());
    Reading { document, entry }
}

impl Kept {
    /// What is to be kept of the page: as one, or as a thread that is followed.
    fn shaped(&self, reading: Reading, options: &extract::Options) -> Entry {
        let Reading { document, entry } = reading;
        match &self.followed {
            Some(records) if is_open(&entry.capture) => as_followed(entry, &document, records, options),
            _ => entry,
        }
    }
}

/// A thread that is followed keeps its shape, so that the next visit goes on from it.
fn as_followed(mut entry: Entry, document: &Document, records: &Records, options: &extract::Options) -> Entry {
    let addresses = records.thread.as_ref().map(|thread| thread.addresses.clone()).unwrap_or_default();
    let mut merged = Merged::default();
    merged.add(document, addresses.first().map_or("", String::as_str));
    if merged.thread.is_none() {
        return entry;
    }
    let text = merged.text(options.post_view());
    entry.capture.words_kept = words::count(&text);
    entry.text = entry.text.and(Some(text));
    entry.records = merged.records(addresses);
    entry
}

/// Whether nothing that is kept of the page differs.
fn says_the_same(old: &Capture, entry: &Entry) -> bool {
    let new = named(entry.clone()).capture;
    let outcome = |capture: &Capture| match capture.outcome {
        Outcome::Unchanged => Outcome::Ok,
        other => other,
    };
    outcome(old) == outcome(&new)
        && (old.text, old.records, old.kind) == (new.text, new.records, new.kind)
        && old.metadata == new.metadata
}

/// The ids that the archive will give.
fn named(mut entry: Entry) -> Entry {
    entry.capture.text = entry.text.as_ref().map(|text| Id::of(text.as_bytes()));
    let json = entry.records.as_ref().map(|records| serde_json::to_vec(records).expect("records are plain data"));
    entry.capture.records = json.map(|json| Id::of(&json));
    entry
}

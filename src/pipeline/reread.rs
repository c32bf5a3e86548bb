//! Kept raw bytes are read again: by a newer extractor, with other options, or with more known of the site.
//!
//! What comes out otherwise is one more version of the same visit: written last, so that it is the one that is shown,
//! with the older one still in the history. What comes out the same is not written.

use std::ops::ControlFlow;

use super::merge::Merged;
use super::{BATCH_MAX, entry_of_document, in_parallel};
use crate::archive::{Archive, ArchiveError, Entry, Filter};
use crate::capture::{Capture, Id, Outcome, Records};
use crate::document::Document;
use crate::extract;
use crate::page::{Timestamp, Url};

/// Raw bytes that are held at once, beside one page's.
const BYTES_AT_ONCE: usize = 64 << 20;

/// Which pages are read again: of each address the newest capture whose raw bytes are kept.
#[derive(Clone, Debug, Default)]
pub struct Again {
    /// These addresses; empty for all.
    pub urls: Vec<Url>,
    pub host: Option<String>,
    /// Only what was fetched since.
    pub since: Option<Timestamp>,
    /// Nothing is written.
    pub dry_run: bool,
    pub threads: usize,
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
/// each whose raw bytes cannot be read.
///
/// # Errors
/// When the archive cannot be read, or cannot take a batch; what was told before stays archived.
pub fn read_again(
    archive: &Archive,
    again: &Again,
    options: &extract::Options,
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<AgainSummary, ArchiveError> {
    let mut work =
        Work { archive, again, options, tell, summary: AgainSummary::default(), batch: Vec::new(), bytes: 0 };
    pages(archive, again, &mut |capture| work.take(capture))?;
    work.do_batch()?;
    Ok(work.summary)
}

/// A page with its raw bytes.
struct Kept {
    capture: Capture,
    raw: Vec<u8>,
    /// Of a thread that was followed, and has one page so far.
    followed: Option<Records>,
}

struct Work<'a> {
    archive: &'a Archive,
    again: &'a Again,
    options: &'a extract::Options,
    tell: &'a mut dyn FnMut(Told<'_>),
    summary: AgainSummary,
    batch: Vec<Kept>,
    bytes: usize,
}

impl Work<'_> {
    fn take(&mut self, newest: Capture) -> Result<(), ArchiveError> {
        let Some(capture) = with_raw(self.archive, newest)? else {
            self.summary.without_raw += 1;
            return Ok(());
        };
        // Feeds and sitemaps are kept as they came: nobody extracts them.
        if capture.extractor.is_empty() {
            return Ok(());
        }
        match kept(self.archive, &capture) {
            Ok(raw) => {
                self.bytes += raw.raw.len();
                self.batch.push(raw);
            }
            Err(error @ (ArchiveError::Damaged { .. } | ArchiveError::Missing { .. })) => {
                self.summary.failed += 1;
                (self.tell)(Err((&capture, &error)));
            }
            Err(error) => return Err(error),
        }
        if self.batch.len() >= BATCH_MAX || self.bytes >= BYTES_AT_ONCE { self.do_batch() } else { Ok(()) }
    }

    fn do_batch(&mut self) -> Result<(), ArchiveError> {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        let options = self.options;
        let entries = in_parallel(&batch, self.again.threads, |kept| entry(kept, options));
        let mut changed = Vec::new();
        for (kept, entry) in batch.into_iter().zip(entries) {
            self.summary.pages += 1;
            self.summary.words_before += u64::from(kept.capture.words_kept);
            self.summary.words_after += u64::from(entry.capture.words_kept);
            if says_the_same(&kept.capture, &entry) {
                self.summary.unchanged += 1;
            } else {
                self.summary.changed += 1;
                changed.push((kept.capture, entry));
            }
        }
        let (before, entries): (Vec<_>, Vec<_>) = changed.into_iter().unzip();
        let after = if self.again.dry_run {
            entries.into_iter().map(|entry| named(entry).capture).collect()
        } else {
            self.archive.append(entries)?
        };
        for (before, after) in before.into_iter().zip(after) {
            (self.tell)(Ok(&Changed { before, after }));
        }
        Ok(())
    }
}

/// The newest capture of each address that is asked for.
fn pages(
    archive: &Archive,
    again: &Again,
    take: &mut dyn FnMut(Capture) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let all = Filter { host: again.host.clone(), since: again.since, latest: true, ..Filter::default() };
    let filters = match &again.urls[..] {
        [] => vec![all],
        urls => urls.iter().map(|url| Filter { url: Some(url.clone()), ..all.clone() }).collect(),
    };
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

fn kept(archive: &Archive, capture: &Capture) -> Result<Kept, ArchiveError> {
    let raw = capture.raw.map(|id| archive.raw(id)).transpose()?.unwrap_or_default();
    let records = capture.records.map(|id| archive.records(id)).transpose()?;
    let is_followed = |records: &Records| records.thread.as_ref().is_some_and(|thread| !thread.addresses.is_empty());
    Ok(Kept { capture: capture.clone(), raw, followed: records.filter(is_followed) })
}

/// The capture as it is read now; what is known of the visit stays.
fn entry(kept: &Kept, options: &extract::Options) -> Entry {
    let old = &kept.capture;
    let url = old.final_url.as_ref().unwrap_or(&old.url);
    let document = extract::extract(&kept.raw, old.content_type.as_deref(), Some(url), options);
    let mut entry =
        entry_of_document(Capture { id: None, text: None, records: None, ..old.clone() }, &document, None, options);
    let rights = std::mem::take(&mut entry.capture.rights);
    for signal in rights {
        // What the page says was among those kept before; what the server said is there alone.
        if !entry.capture.rights.contains(&signal) {
            entry.capture.rights.push(signal);
        }
    }
    match &kept.followed {
        Some(records) => as_followed(entry, &document, records, options),
        None => entry,
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
    entry.capture.words_kept = text.split_whitespace().count() as u32;
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

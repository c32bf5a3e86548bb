//! What an import passes over: visits that the archive has, so that one that was interrupted can be begun again.
//!
//! A visit is known by its address as it is kept, its moment, and what came then: a site may say two things within one
//! second, and both are kept, from one file or from two.

use std::collections::HashSet;
use std::ops::ControlFlow;

use anyhow::Result;

use crate::archive::{Archive, Entry, Filter};
use crate::capture::{Capture, Id, Outcome};
use crate::document::{Kind, Metadata, Reason};
use crate::pipeline::{Reading, Summary};

/// Finds the visits of a batch that are known, from the archive or from the batch itself.
pub struct Known<'a> {
    archive: &'a Archive,
    seen: HashSet<Id>,
}

impl<'a> Known<'a> {
    pub fn of(archive: &'a Archive) -> Self {
        Self { archive, seen: HashSet::new() }
    }

    /// The reading if it is news; else it is counted.
    pub fn news(
        &mut self,
        reading: Reading,
        version: Option<&Version>,
        summary: &mut Summary,
    ) -> Result<Option<Reading>> {
        let is_news = self.seen.insert(whole(&reading.entry)) && !self.is_there(&reading.entry, version)?;
        summary.known += u64::from(!is_news);
        Ok(is_news.then_some(reading))
    }

    /// Whether the visit is archived; of one that was read several times, whether that version of it is.
    fn is_there(&self, entry: &Entry, version: Option<&Version>) -> Result<bool> {
        let (url, at) = (&entry.capture.url, entry.capture.fetched_at);
        // Addresses are kept without their credentials, and shown so.
        let address = url.to_string();
        let is_visit = |kept: &Capture| kept.fetched_at == at && kept.url.to_string() == address;
        if !self.archive.latest(url, Some(at))?.is_some_and(|kept| is_visit(&kept)) {
            return Ok(false);
        }
        let raw = entry.raw.as_deref().map(Id::of);
        let text = entry.text.as_ref().map(|text| Id::of(text.as_bytes()));
        let of_visit = Filter { url: Some(url.clone()), since: Some(at), until: Some(at), ..Filter::default() };
        let mut found = false;
        self.archive.captures(&of_visit, &mut |kept| {
            found = is_visit(&kept)
                && match version {
                    Some(version) => Version::of(&kept) == *version,
                    None => is_content(&kept, &entry.capture, raw, text),
                };
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(found)
    }
}

/// Whether what came is what is kept. Its bytes tell; where they are not kept, its text, unless another program made that
/// one or the archive's memory took something out of it: then the visit counts as known.
fn is_content(kept: &Capture, new: &Capture, raw: Option<Id>, text: Option<Id>) -> bool {
    if kept.text.is_none() && kept.outcome.has_text() && kept.words_kept > 0 && text.is_some() {
        // Its text was lost to damage: it comes again.
        return false;
    }
    if new.outcome == Outcome::Unchanged || kept.outcome == Outcome::Unchanged && raw.is_none() {
        return new.outcome == kept.outcome;
    }
    match (raw, kept.raw) {
        (Some(raw), Some(kept)) => raw == kept,
        (None, Some(_)) => false,
        (None, None) => new.status == kept.status,
        (Some(_), None) => {
            let memory = Reason::SiteMemory { seen: 0, of: 0 };
            let is_other = kept.extractor != new.extractor || kept.words_removed.contains_key(memory.name());
            is_other || kept.text == text
        }
    }
}

/// All that is to be kept of a visit.
fn whole(entry: &Entry) -> Id {
    let raw = entry.raw.as_deref().map(Id::of);
    let said = (&entry.capture, &entry.text, &entry.records, raw.map(|raw| raw.to_string()));
    Id::of(&serde_json::to_vec(&said).expect("a capture is plain data"))
}

/// In what versions of one visit differ.
#[derive(PartialEq)]
pub struct Version {
    outcome: Outcome,
    text: Option<Id>,
    records: Option<Id>,
    metadata: Metadata,
    kind: Kind,
}

impl Version {
    pub fn of(capture: &Capture) -> Self {
        // A text that was there before is one, whichever archive it was kept in first.
        let outcome = if capture.outcome.has_text() { Outcome::Ok } else { capture.outcome };
        let Capture { text, records, kind, .. } = *capture;
        Self { outcome, text, records, metadata: capture.metadata.clone(), kind }
    }

    /// Of a visit whose text is not taken, as its site reserves it.
    pub fn held(self) -> Self {
        Self { outcome: Outcome::OptedOut, text: None, records: None, ..self }
    }
}

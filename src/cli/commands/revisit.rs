//! Visits in a WARC file that repeat another one: `revisit` records, and those of our own exports.

use std::time::Duration;

use anyhow::{Result, anyhow};

use crate::archive::{Archive, Entry};
use crate::capture::{Capture, Id, Outcome};
use crate::page::{Timestamp, Url};
use crate::pipeline::Reading;
use crate::warc::Record;

/// What a visit says that it repeats. Without it, it would repeat something older, or nothing.
pub enum Base {
    /// A visit of the same address, with that text.
    Text(Id),
    /// A visit of the same address at that moment.
    At(Timestamp),
    /// Any earlier visit of the same address.
    Any,
    /// A visit of another address, that brought the same bytes; the moment where it is named.
    Other(Url, Option<Timestamp>),
}

/// So many earlier visits without a text are looked behind.
const EARLIER_MAX: usize = 100;

impl Base {
    /// Whether it is in the archive, or among what is about to be.
    pub fn is_there(&self, archive: &Archive, made: &[Result<Reading>], visit: &Capture) -> Result<bool> {
        let address = visit.url.to_string();
        if let Self::Any = self {
            let is_earlier = |url: &Url, at| url.to_string() == address && at <= visit.fetched_at;
            let is_made = made
                .iter()
                .flatten()
                .any(|Reading { entry, .. }| is_earlier(&entry.capture.url, entry.capture.fetched_at));
            return Ok(is_made || archive.latest(&visit.url, Some(visit.fetched_at))?.is_some());
        }
        let of_url = made.iter().flatten().map(|reading| &reading.entry).filter(|entry| {
            entry.text.is_some()
                && entry.capture.url.to_string() == address
                && entry.capture.fetched_at <= visit.fetched_at
        });
        let mut texts: Vec<(Timestamp, Option<Id>)> = Vec::new();
        // Of many visits the newest that are meant are enough.
        let mut at = Some(match self {
            Self::At(then) => (*then).min(visit.fetched_at),
            _ => visit.fetched_at,
        });
        for _ in 0..EARLIER_MAX {
            let Some(kept) = at.map_or(Ok(None), |at| archive.latest(&visit.url, Some(at)))? else { break };
            if let Some(text) = kept.text {
                texts.push((kept.fetched_at, Some(text)));
                break;
            }
            at = kept.fetched_at.checked_sub(Duration::from_nanos(1)).ok();
        }
        texts.extend(of_url.map(|entry| {
            let text = entry.text.as_ref().map(|text| Id::of(text.as_bytes()));
            (entry.capture.fetched_at, text)
        }));
        Ok(match self {
            // The archive takes it for a repetition of the newest one.
            Self::Text(id) => texts.iter().max_by_key(|(at, _)| at).is_some_and(|(_, text)| *text == Some(*id)),
            Self::At(then) => texts.iter().any(|(at, _)| at == then),
            Self::Any | Self::Other(..) => true,
        })
    }
}

/// An address as the archive has it.
fn bare(url: &Url) -> String {
    url.without(&|_, _| false).to_string()
}

/// What a `revisit` record repeats. Where something before it was damaged, it is the very visit that it names.
pub fn repeated(record: &Record, url: &Url, is_damaged: bool) -> Base {
    let named = record.head.field("warc-refers-to-target-uri");
    let named = named.and_then(|of| Url::parse(of.trim_start_matches('<').trim_end_matches('>')).ok());
    let at = record.head.field("warc-refers-to-date").and_then(|at| at.parse().ok());
    match (named, at) {
        (Some(other), at) if bare(&other) != bare(url) => Base::Other(other, at),
        (_, Some(at)) if is_damaged => Base::At(at),
        _ => Base::Any,
    }
}

/// A visit that brought the bytes of another address's: with its text, records and bytes.
pub fn of_other(archive: &Archive, visit: &Capture, other: &Url, at: Option<Timestamp>) -> Result<Reading> {
    let until = at.unwrap_or(visit.fetched_at);
    let kept = archive.latest(other, Some(until))?;
    let is_named =
        |kept: &Capture| kept.url.to_string() == other.to_string() && at.is_none_or(|at| kept.fetched_at == at);
    let kept = kept.filter(is_named).ok_or_else(|| baseless(visit))?;
    let text = kept.text.map(|id| archive.text(id)).transpose()?;
    let records = kept.records.map(|id| archive.records(id)).transpose()?;
    let raw = kept.raw.map(|id| archive.raw(id)).transpose()?;
    let outcome = if kept.outcome == Outcome::Unchanged { Outcome::Ok } else { kept.outcome };
    let Capture { url, fetched_at, .. } = visit.clone();
    let (id, final_url, hops) = (None, None, Vec::new());
    let capture =
        Capture { id, url, fetched_at, outcome, final_url, hops, text: None, records: None, raw: None, ..kept };
    Ok(Entry { capture, text, records, raw }.into())
}

pub fn baseless(visit: &Capture) -> anyhow::Error {
    let Capture { url, fetched_at, .. } = visit;
    anyhow!(
        "{url} of {fetched_at} is left out: it repeats a visit that is not in the archive; import the file that has that \
         one, and then this one again"
    )
}

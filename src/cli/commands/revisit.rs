//! Visits in a WARC file that repeat another one: `revisit` records, and those of our own exports.
//!
//! A page that went back to what it was is told by its crawler as a repetition of that older visit. So a repetition is of
//! the visit that its record names, by moment or by the digest of what it brought, and never simply of the newest one.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Result, anyhow};

use crate::archive::{Archive, ArchiveError, Entry};
use crate::capture::{Capture, Id, Outcome};
use crate::page::{Timestamp, Url};
use crate::pipeline::Reading;
use crate::warc::{self, Record};

/// What a visit says that it repeats. Without it, it would repeat something older, or nothing.
pub enum Base {
    /// A visit of the same address, with that text.
    Text(Id),
    /// Any earlier visit of the same address: the newest is meant.
    Any,
    /// One visit, of the same address or another.
    Named(Named),
}

/// What a record says of the visit that it repeats; address and bytes, or moment, or both.
pub struct Named {
    pub url: Url,
    at: Option<Timestamp>,
    /// Of the bytes that came then, as they were sent.
    digest: Option<String>,
}

/// So many earlier visits are looked through.
const EARLIER_MAX: usize = 100;

impl Base {
    /// Whether it is in the archive, or among what is about to be.
    pub fn is_there(&self, archive: &Archive, made: &[Result<Reading>], visit: &Capture) -> Result<bool> {
        let address = visit.url.to_string();
        let of_url = || {
            let made = made.iter().flatten().map(|reading| &reading.entry);
            made.filter(|entry| {
                entry.capture.url.to_string() == address && entry.capture.fetched_at <= visit.fetched_at
            })
        };
        let Self::Text(id) = self else {
            return Ok(of_url().next().is_some() || archive.latest(&visit.url, Some(visit.fetched_at))?.is_some());
        };
        let kept = newest_text(archive, &visit.url, visit.fetched_at)?;
        let made = of_url().filter_map(|entry| {
            let text = entry.text.as_ref()?;
            Some((entry.capture.fetched_at, Id::of(text.as_bytes())))
        });
        // The archive takes it for a repetition of the newest one.
        Ok(kept.into_iter().chain(made).max_by_key(|(at, _)| *at).is_some_and(|(_, text)| text == *id))
    }
}

/// Visits of an address up to a moment, the newest first.
fn earlier<'a>(archive: &'a Archive, url: &'a Url, until: Timestamp) -> impl Iterator<Item = Result<Capture>> + 'a {
    let (address, mut until) = (url.to_string(), Some(until));
    let next = move || {
        let kept = archive.latest(url, Some(until.take()?)).map_err(anyhow::Error::from).transpose()?;
        if let Ok(kept) = &kept {
            until = kept.fetched_at.checked_sub(Duration::from_nanos(1)).ok();
        }
        // Where an address has none, one that led to it would be told.
        Some(kept).filter(|kept| kept.as_ref().map_or(true, |kept| kept.url.to_string() == address))
    };
    std::iter::from_fn(next).take(EARLIER_MAX)
}

fn newest_text(archive: &Archive, url: &Url, until: Timestamp) -> Result<Option<(Timestamp, Id)>> {
    let text = |kept: Result<Capture>| kept.map(|kept| Some((kept.fetched_at, kept.text?))).transpose();
    earlier(archive, url, until).find_map(text).transpose()
}

/// An address as the archive has it.
fn bare(url: &Url) -> String {
    url.without(&|_, _| false).to_string()
}

/// What a `revisit` record repeats.
pub fn repeated(record: &Record, url: &Url) -> Base {
    let head = &record.head;
    let named = head.field("warc-refers-to-target-uri");
    let named = named.and_then(|of| Url::parse(of.trim_start_matches('<').trim_end_matches('>')).ok());
    let other = named.filter(|other| bare(other) != bare(url));
    let at = head.field("warc-refers-to-date").and_then(|at| warc::in_utc(at).parse().ok());
    // Some writers name the digest of the revisit's own body, which is empty: that says nothing.
    let digest = head.field("warc-payload-digest").filter(|told| warc::is_digest_of(told, b"") != Some(true));
    // What a server says of bytes that it did not send is said of the last ones.
    let is_confirmed = head.field("warc-profile").is_some_and(|profile| profile.ends_with("server-not-modified"))
        || warc::response(&record.block).is_some_and(|response| response.status == 304);
    let digest = digest.filter(|_| other.is_some() || !is_confirmed).map(str::to_owned);
    if other.is_none() && at.is_none() && digest.is_none() {
        return Base::Any;
    }
    Base::Named(Named { url: other.unwrap_or_else(|| url.clone()), at, digest })
}

/// The digests that a file's records told of what came: of bytes that were packed for their way the archive has others.
#[derive(Default)]
pub struct Digests(HashMap<Id, Vec<(Timestamp, String)>>);

impl Digests {
    pub fn note(&mut self, visit: &Capture, digest: String) {
        self.0.entry(of_address(&visit.url)).or_default().push((visit.fetched_at, digest));
    }

    fn of(&self, url: &Url) -> &[(Timestamp, String)] {
        self.0.get(&of_address(url)).map_or(&[], Vec::as_slice)
    }
}

fn of_address(url: &Url) -> Id {
    Id::of(url.to_string().as_bytes())
}

/// Whether two digests are of the same bytes; `None` where they are told in different ways.
fn is_same(a: &str, b: &str) -> Option<bool> {
    let algorithm = |told: &str| told.split(':').next().unwrap_or_default().to_ascii_lowercase();
    (algorithm(a) == algorithm(b) && a.len() == b.len()).then(|| a.eq_ignore_ascii_case(b))
}

impl Named {
    /// The visit that is repeated, if it is archived.
    fn find(&self, archive: &Archive, digests: &Digests, visit: &Capture) -> Result<Option<Capture>> {
        let told = digests.of(&self.url);
        match (self.at, &self.digest) {
            (Some(at), digest) => {
                let is_other = |(then, other): &(Timestamp, String)| {
                    is_moment(at, *then) && digest.as_ref().is_some_and(|digest| is_same(digest, other) == Some(false))
                };
                if told.iter().any(is_other) {
                    return Ok(None);
                }
                // Crawlers name the visit that first brought the bytes: it may have been let go, and a later one be there.
                match (self.at_moment(archive, at)?, digest) {
                    (None, Some(digest)) => self.with_digest(archive, (digest, told), visit, false),
                    (kept, _) => Ok(kept),
                }
            }
            (None, Some(digest)) => self.with_digest(archive, (digest, told), visit, told.is_empty()),
            (None, None) => earlier(archive, &self.url, visit.fetched_at).next().transpose(),
        }
    }

    /// By the digests that the file told, or the bytes themselves.
    fn with_digest(
        &self,
        archive: &Archive,
        (digest, told): (&str, &[(Timestamp, String)]),
        visit: &Capture,
        is_free: bool,
    ) -> Result<Option<Capture>> {
        let alike = told.iter().filter(|(at, other)| *at <= visit.fetched_at && is_same(digest, other) == Some(true));
        match alike.map(|(at, _)| *at).max() {
            Some(at) => self.at_moment(archive, at),
            None => self.with_bytes(archive, digest, visit, is_free),
        }
    }

    fn at_moment(&self, archive: &Archive, at: Timestamp) -> Result<Option<Capture>> {
        let until = at.checked_add(Duration::from_nanos(999_999_999)).unwrap_or(at);
        let until = if at.subsec_nanosecond() == 0 { until } else { at };
        let kept = earlier(archive, &self.url, until).next().transpose()?;
        Ok(kept.filter(|kept| is_moment(at, kept.fetched_at)))
    }

    /// By the bytes themselves. Of an address that said one thing only that one is meant: its bytes may not be kept, or
    /// have been packed for their way, and then nothing can be compared.
    fn with_bytes(&self, archive: &Archive, digest: &str, visit: &Capture, is_free: bool) -> Result<Option<Capture>> {
        let (mut only, mut seen): (Option<Capture>, Option<Id>) = (None, None);
        let mut is_one = is_free;
        for kept in earlier(archive, &self.url, just_before(visit.fetched_at)) {
            let kept = kept?;
            if let Some(raw) = kept.raw.filter(|raw| seen != Some(*raw)) {
                seen = Some(raw);
                let bytes = there(archive.raw(raw))?;
                if bytes.is_some_and(|bytes| warc::is_digest_of(digest, &bytes) == Some(true)) {
                    return Ok(Some(kept));
                }
            }
            if kept.text.is_some() {
                is_one &= only.as_ref().is_none_or(|only| only.text == kept.text);
                only.get_or_insert(kept);
            }
        }
        Ok(only.filter(|_| is_one))
    }

    /// Why not: what is told by its bytes alone is not looked for for ever.
    fn not_found(&self, archive: &Archive, visit: &Capture) -> anyhow::Error {
        if self.digest.is_none() || earlier(archive, &self.url, visit.fetched_at).count() < EARLIER_MAX {
            return baseless(visit);
        }
        let Capture { url, fetched_at, .. } = visit;
        anyhow!(
            "{url} of {fetched_at} is left out: it repeats a visit that is not in the archive, or not among its newest \
             {EARLIER_MAX} visits"
        )
    }

    /// The visit as what it is: a repetition of the newest one, or an older text that came back.
    pub fn reading(&self, archive: &Archive, digests: &Digests, repetition: Reading) -> Result<Reading> {
        let visit = &repetition.entry.capture;
        let Some(kept) = self.find(archive, digests, visit)? else { return Err(self.not_found(archive, visit)) };
        let is_newest = kept.url.to_string() == visit.url.to_string()
            && kept.text.is_some()
            && newest_text(archive, &visit.url, just_before(visit.fetched_at))?.map(|(_, text)| text) == kept.text;
        if is_newest { Ok(repetition) } else { told_of(archive, visit, kept) }
    }
}

fn just_before(at: Timestamp) -> Timestamp {
    at.checked_sub(Duration::from_nanos(1)).unwrap_or(at)
}

/// Whether a visit was at that moment; many writers tell it to the second.
fn is_moment(told: Timestamp, at: Timestamp) -> bool {
    told == at || told.subsec_nanosecond() == 0 && told.as_second() == at.as_second()
}

/// What is in the archive still.
fn there<T>(content: std::result::Result<T, ArchiveError>) -> Result<Option<T>> {
    match content {
        Err(ArchiveError::Missing { .. }) => Ok(None),
        content => Ok(Some(content?)),
    }
}

/// A visit that brought the bytes of another: with its text, records and bytes.
fn told_of(archive: &Archive, visit: &Capture, kept: Capture) -> Result<Reading> {
    let text = kept.text.map(|id| archive.text(id)).transpose()?;
    let records = kept.records.map(|id| archive.records(id)).transpose()?;
    let raw = kept.raw.map_or(Ok(None), |id| there(archive.raw(id)))?;
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

//! Addresses as the archive knows them.

use std::collections::HashMap;

use super::super::choose::rights::{Reservation, Sites, Stance, site};
use super::super::choose::{Choice, counts_in_text, words_in};
use super::super::levels::Candidate;
use super::super::{ArchiveSummary, CorpusError, Progress, Source, Tell, address, date};
use super::Why;
use crate::capture::{Capture, Id, Outcome};
use crate::page::{Timestamp, Url};

/// One address as the archive knows it.
pub struct Page {
    pub id: Id,
    pub url: Url,
    pub text: Option<Id>,
    pub words: u32,
    /// Whether they may have to be counted in the text.
    counts_in_text: bool,
    pub fetched_at: Timestamp,
    /// Newest visit, with or without text: when, written as which, how it ended.
    pub last: (Timestamp, u64, Outcome, Id),
    pub candidate: Candidate,
    /// What a filter has against the text's metadata.
    pub fault: Option<Box<Why>>,
    /// What its owner reserves.
    pub reserved: Option<Reservation>,
    stance: Stance,
    site: u64,
    /// Visits with text, by time.
    visits: Vec<Visit>,
}

/// A visit that has text, as the capture says that was written last: one is read again by a later extractor, too.
struct Visit {
    at: Timestamp,
    id: Id,
    text: Id,
    is_read_again: bool,
}

/// The newest text of every address.
pub fn pages(
    archive: &dyn Source,
    choice: &Choice,
    tell: Tell<'_>,
) -> Result<(Vec<Page>, ArchiveSummary), CorpusError> {
    let mut pages: HashMap<Url, Page> = HashMap::new();
    let mut summary = ArchiveSummary::default();
    let mut sites = Sites::default();
    archive.captures(&mut |capture| {
        let at = capture.fetched_at;
        summary.captures += 1;
        if summary.captures.is_multiple_of(1000) {
            tell(Progress { stage: "reading captures", done: summary.captures, of: None });
        }
        summary.first_fetched_at = Some(summary.first_fetched_at.map_or(at, |first| first.min(at)));
        summary.last_fetched_at = Some(summary.last_fetched_at.map_or(at, |last| last.max(at)));
        sites.hear(&capture);
        match pages.get_mut(&capture.url) {
            Some(page) => page.see(&capture, summary.captures, choice),
            None => drop(pages.insert(capture.url.clone(), Page::new(&capture, summary.captures, choice))),
        }
    })?;
    summary.urls = pages.len() as u64;
    let settle = |page: Page| {
        let page = page.settle(archive, choice)?;
        Ok(Page { reserved: sites.over(page.site, &page.stance), ..page })
    };
    let (mut left, mut settled) = (pages.into_values().map(settle), Vec::with_capacity(summary.urls as usize));
    while left.len() > 0 {
        let some: Result<Vec<Page>, CorpusError> = archive.at_once(|| left.by_ref().take(TOGETHER).collect());
        settled.extend(some?);
    }
    Ok((settled, summary))
}

/// Pages that are settled of one state of the archive.
const TOGETHER: usize = 256;

impl Page {
    fn new(capture: &Capture, order: u64, choice: &Choice) -> Self {
        let (id, at) = (id_of(capture), capture.fetched_at);
        let text = capture.text.filter(|_| capture.outcome.has_text());
        Self {
            id,
            url: capture.url.clone(),
            text,
            words: capture.words_kept,
            counts_in_text: counts_in_text(capture),
            fetched_at: at,
            last: (at, order, capture.outcome, id),
            candidate: candidate(capture, text),
            fault: choice.fault(capture).map(Box::new),
            reserved: None,
            stance: Stance::of(capture, order),
            site: site(capture),
            visits: text.map(|text| Visit { at, id, text, is_read_again: false }).into_iter().collect(),
        }
    }

    /// One more of its captures, in the order they were written. It replaces what is known of the same visit; the text of a
    /// newer visit takes the place of an older one's.
    fn see(&mut self, capture: &Capture, order: u64, choice: &Choice) {
        let other = Self::new(capture, order, choice);
        let is_newest = self.visits.last().is_none_or(|newest| newest.at <= other.fetched_at);
        let is_other = other.text != self.text || other.fetched_at == self.fetched_at;
        let takes_place = other.text.is_some() && is_newest && is_other;
        self.last = self.last.max(other.last);
        self.stance = self.stance.clone().max(other.stance.clone());
        self.keep(other.fetched_at, other.visits.first().map(|visit| (visit.id, visit.text)));
        if takes_place {
            self.becomes(other);
        }
    }

    /// Another capture stands for the address, whose history stays.
    fn becomes(&mut self, other: Self) {
        let visits = std::mem::take(&mut self.visits);
        *self = Self { last: self.last, stance: self.stance.clone(), visits, ..other };
    }

    /// With the capture that stands for it now that all are seen: the one that brought the newest text. An unchanged visit
    /// brought none, unless it was read again.
    fn settle(mut self, archive: &dyn Source, choice: &Choice) -> Result<Self, CorpusError> {
        let Some(newest) = self.visits.last() else { return Ok(Self { text: None, ..self }) };
        let mut brought = newest;
        for visit in self.visits.iter().rev().take_while(|visit| visit.text == newest.text) {
            brought = visit;
            if visit.is_read_again {
                break;
            }
        }
        let id = brought.id;
        if id != self.id {
            let capture = archive.capture(id)?.ok_or(CorpusError::Lost(id))?;
            self.becomes(Self::new(&capture, 0, choice));
        }
        self.visits = Vec::new();
        self.count(archive)?;
        Ok(self)
    }

    /// Its words as its text has them, where the capture may say less.
    fn count(&mut self, archive: &dyn Source) -> Result<(), CorpusError> {
        if let Some(text) = self.text.filter(|_| self.counts_in_text && self.fault.is_none()) {
            self.words = words_in(&archive.text(text)?, self.words);
            self.candidate.length = u64::from(self.words);
        }
        Ok(())
    }

    fn keep(&mut self, at: Timestamp, found: Option<(Id, Id)>) {
        let place = self.visits.binary_search_by_key(&at, |visit| visit.at);
        match (place, found) {
            (Ok(known), Some((id, text))) => self.visits[known] = Visit { at, id, text, is_read_again: true },
            (Ok(known), None) => drop(self.visits.remove(known)),
            (Err(place), Some((id, text))) => self.visits.insert(place, Visit { at, id, text, is_read_again: false }),
            (Err(_), None) => {}
        }
    }
}

fn id_of(capture: &Capture) -> Id {
    capture.id.unwrap_or_else(|| Id::of(&serde_json::to_vec(capture).expect("a capture is plain data")))
}

fn candidate(capture: &Capture, text: Option<Id>) -> Candidate {
    let (address, is_canonical) = address::of(capture);
    let published = capture.metadata.published.as_ref();
    let text = text.unwrap_or_else(|| Id::of(b""));
    Candidate {
        text,
        content: u128::from_be_bytes(text.0[..16].try_into().expect("an id has 32 bytes")),
        address: Some(address),
        is_canonical,
        published: published.and_then(|date| date::earliest(&date.value)),
        source: 0,
        length: u64::from(capture.words_kept),
        name: capture.url.as_str().into(),
    }
}

impl Page {
    /// How the newest visit ended. One that found nothing new says no more than that the page is there.
    pub fn outcome(&self) -> Outcome {
        if self.last.2 == Outcome::Unchanged { Outcome::Ok } else { self.last.2 }
    }
}

pub fn fault(page: &Page, choice: &Choice) -> Option<Why> {
    let (_, _, outcome, _) = page.last;
    // A page that was read, and has no main text, has no text that is kept.
    let was_read = page.outcome() == Outcome::Ok;
    if (page.text.is_none() && !was_read) || outcome == Outcome::OptedOut {
        return Some(Why::Outcome { outcome });
    }
    if page.text.is_none() || page.candidate.text == Id::of(b"") {
        return Some(Why::Empty);
    }
    let of_page = || choice.outcome_fault(page.outcome()).or_else(|| page.fault.as_deref().cloned());
    choice.rights_fault(page.reserved.as_ref()).or_else(of_page).or_else(|| choice.length_fault(page.words))
}

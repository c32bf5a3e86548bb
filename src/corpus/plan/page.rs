//! Addresses as the archive knows them.

use std::collections::HashMap;

use super::super::choose::Choice;
use super::super::choose::rights::{Reservation, Sites, Stance, site};
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
    pub fetched_at: Timestamp,
    /// Newest visit, with or without text.
    pub last: (Timestamp, Outcome, Id),
    pub candidate: Candidate,
    /// What a filter has against the text's metadata.
    pub fault: Option<Box<Why>>,
    /// What its owner reserves.
    pub reserved: Option<Reservation>,
    stance: Stance,
    site: u64,
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
            Some(page) => page.see(&capture, choice),
            None => drop(pages.insert(capture.url.clone(), Page::new(&capture, choice))),
        }
    })?;
    summary.urls = pages.len() as u64;
    let settle = |page: Page| Page { reserved: sites.over(page.site, &page.stance), ..page };
    Ok((pages.into_values().map(settle).collect(), summary))
}

impl Page {
    fn new(capture: &Capture, choice: &Choice) -> Self {
        let id = id_of(capture);
        let text = capture.text.filter(|_| capture.outcome.has_text());
        Self {
            id,
            url: capture.url.clone(),
            text,
            words: capture.words_kept,
            fetched_at: capture.fetched_at,
            last: (capture.fetched_at, capture.outcome, id),
            candidate: candidate(capture, text),
            fault: choice.fault(capture).map(Box::new),
            reserved: None,
            stance: Stance::of(capture),
            site: site(capture),
        }
    }

    /// A newer text takes the place of an older one; an `unchanged` visit leaves the capture that brought the text.
    fn see(&mut self, capture: &Capture, choice: &Choice) {
        let other = Self::new(capture, choice);
        self.last = self.last.max(other.last);
        self.stance = self.stance.clone().max(other.stance.clone());
        let is_same = other.text.is_some() && other.text == self.text;
        let rank = |page: &Self| (page.text.is_some(), page.fetched_at, page.id);
        let takes_place = if is_same { rank(&other) < rank(self) } else { rank(&other) > rank(self) };
        if takes_place {
            let (last, stance) = (self.last, self.stance.clone());
            *self = Self { last, stance, ..other };
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
        name: capture.url.as_str().to_owned(),
    }
}

pub fn fault(page: &Page, choice: &Choice) -> Option<Why> {
    let (_, outcome, _) = page.last;
    if page.text.is_none() || outcome == Outcome::OptedOut {
        return Some(Why::Outcome { outcome });
    }
    if page.candidate.text == Id::of(b"") {
        return Some(Why::Empty);
    }
    choice.rights_fault(page.reserved.as_ref()).or_else(|| page.fault.as_deref().cloned())
}

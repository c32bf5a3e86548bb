//! The way back from a later page to the first one: whoever asks for a later page means the whole.

use super::{End, Mode, Walk, plain};
use crate::capture::Capture;
use crate::document::{Document, Kind};
use crate::page::{Page, Url};
use crate::pipeline::follow::series::{Way, goes_back, is_later};

/// Most pages that are kept in memory on the way back.
const BACK_MAX: usize = 300;
/// No more are kept once they hold so many bytes, as sent and as decoded.
const BACK_BYTES_MAX: usize = 64 << 20;

/// Stands in the detail of a capture whose earlier pages could not be had.
const BEFORE: &str = ", which comes before";

/// Why a page on the way back was not read.
pub fn before(url: &Url, why: &str) -> String {
    format!("could not read {url}{BEFORE}: {why}")
}

/// Whether pages before the first one of a capture could not be had: to go on from its last page would never ask for them.
pub fn is_headless(capture: &Capture) -> bool {
    capture.detail.as_ref().is_some_and(|detail| detail.contains(BEFORE))
}

/// What was read on the way back.
#[derive(Debug, Default)]
pub struct Back {
    /// The pages, with the addresses that were asked for; they are read again on the way forth.
    pages: Vec<(Url, Page)>,
    /// The page read last on this way.
    later: Option<Document>,
    /// Why pages before the first one read are missing.
    pub missing: Option<End>,
}

impl Back {
    pub fn has(&self, url: &Url) -> bool {
        let url = plain(url);
        self.pages.iter().any(|(asked, page)| plain(asked) == url || plain(&page.final_url) == url)
    }

    /// A page that was read on the way back.
    pub fn take(&mut self, url: &Url) -> Option<Page> {
        let url = plain(url);
        let at = self.pages.iter().position(|(asked, page)| plain(asked) == url || plain(&page.final_url) == url)?;
        Some(self.pages.swap_remove(at).1)
    }

    fn is_full(&self) -> bool {
        let bytes = |page: &Page| page.body.len() + page.decoded.as_ref().map_or(0, Vec::len);
        self.pages.iter().map(|(_, page)| bytes(page)).sum::<usize>() >= BACK_BYTES_MAX
    }
}

impl Walk {
    /// Whether a page is asked for as the one before another.
    pub fn goes_back(&self) -> bool {
        !self.turned && !self.back.pages.is_empty()
    }

    /// Where to read before this page, which was asked for or is the one before such a page. A row of page numbers leads to
    /// the first page at once.
    pub fn turn_back(&mut self, page: &Page, document: &Document) -> Option<Url> {
        let at = &page.final_url;
        if self.goes_back() && !self.is_before(document, at) {
            return self
                .forth(document.barrier.map(|barrier| End::Short(before(at, &format!("it is {}", barrier.words())))));
        }
        // A later page of a list is what it shows, not a part of what the first one shows now.
        let is_list = document.kind == Kind::Listing;
        let first = document.first.as_deref().filter(|_| !is_list).and_then(|first| self.follows(first, at));
        if first.is_some() {
            self.turn();
            return first;
        }
        let before = document.before.as_deref().filter(|_| !is_list).and_then(|before| self.follows(before, at));
        let before = before.filter(|before| document.barrier.is_none() && is_later(document, before, at));
        match before {
            Some(before) if self.back.pages.len() < self.back_max() && !self.back.is_full() => {
                self.again += 1;
                self.back.pages.push((page.url.clone(), page.clone()));
                self.back.later = Some(document.clone());
                Some(before)
            }
            Some(before) => {
                let why = format!("the pages before {at} were not read; the next is {before}");
                self.back.missing = Some(End::Short(why));
                self.turn_at(page);
                None
            }
            None => {
                let number = document.thread.as_ref().and_then(|thread| thread.page).filter(|&page| page > 1);
                let why = |page| format!("{at} says that it is page {page}, and names none before it");
                self.back.missing = number.map(|page| End::Short(why(page)));
                self.turn_at(page);
                None
            }
        }
    }

    /// Ends the way back before a page that could not be had or is none of the text: the page behind it is the first.
    pub fn forth(&mut self, missing: Option<End>) -> Option<Url> {
        self.back.missing = missing;
        self.turn();
        self.back.pages.last().map(|(asked, _)| asked.clone())
    }

    fn is_before(&self, document: &Document, at: &Url) -> bool {
        let (Some(later), Some((_, page))) = (&self.back.later, self.back.pages.last()) else { return true };
        let said = document.page_of;
        let way = Way { first: at, before: at, is_later: false, said, at: &page.final_url };
        document.barrier.is_none() && goes_back(later, document, way)
    }

    fn turn(&mut self) {
        self.turned = true;
        self.back.later = None;
        self.seen.clear();
    }

    fn turn_at(&mut self, page: &Page) {
        self.turn();
        self.seen.extend([plain(&page.url), plain(&page.final_url)]);
    }

    fn back_max(&self) -> usize {
        let is_whole = self.mode == Mode::Whole;
        if is_whole { self.pages_max.saturating_sub(1).min(BACK_MAX) } else { 0 }
    }
}

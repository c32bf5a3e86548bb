//! A page of a text in pages that is visited for itself: the archive keeps the whole, and takes from the page what is new.

use std::collections::HashSet;

use super::Earlier;
use crate::archive::{Archive, Entry};
use crate::capture::{Capture, Outcome};
use crate::document::{Document, PostView, words};
use crate::page::Timestamp;
use crate::pipeline::merge::Rest;
use crate::pipeline::sites::Reading;

/// What is kept of the whole text under the address of one of its pages.
#[derive(Debug)]
pub struct Beside(Box<Earlier>);

impl Beside {
    /// Of a page whose address was visited as a text in pages, where it still shows some of that, or nothing else than that.
    pub fn of(archive: &Archive, reading: &Reading) -> Option<Self> {
        let Reading { document, entry } = reading;
        if !entry.capture.outcome.has_text() || entry.text.is_none() || document.barrier.is_some() {
            return None;
        }
        let earlier = Earlier::read(archive, &entry.capture.url).filter(|earlier| earlier.addresses.len() > 1)?;
        let shared = earlier.kept.shared(document, address(&entry.capture), true);
        let is_of_it = if earlier.kept.is_article() { shared.new == 0 } else { document.thread.is_some() };
        (shared.known > 0 && is_of_it).then(|| Self(Box::new(earlier)))
    }

    /// The whole with what is new on the page, which is without its bytes: those of one page are not those of the text.
    pub fn entry(self, document: &Document, mut entry: Entry, view: PostView) -> Entry {
        let Self(earlier) = self;
        entry.raw = None;
        entry.capture.raw = None;
        entry.capture.partial = earlier.capture.partial;
        entry.capture.detail.clone_from(&earlier.capture.detail);
        if earlier.kept.is_article() {
            let (fetched_at, rights) = (Timestamp::now(), entry.capture.rights);
            let capture = Capture { fetched_at, rights, outcome: Outcome::Unchanged, ..earlier.capture };
            let capture = Capture { id: None, text: None, records: None, raw: None, ..capture };
            return Entry { capture, text: None, records: None, raw: None };
        }
        let at = address(&entry.capture).to_owned();
        let mut visit = earlier.kept.visit();
        visit.add(document, &at);
        let united = earlier.kept.unite(visit, &HashSet::from([at]), Rest::Stays);
        let text = united.text(view);
        entry.capture.words_kept = words::count(&text);
        entry.records = united.records(earlier.addresses.iter().map(ToString::to_string).collect());
        entry.text = Some(text);
        entry
    }
}

fn address(capture: &Capture) -> &str {
    capture.final_url.as_ref().unwrap_or(&capture.url).as_str()
}

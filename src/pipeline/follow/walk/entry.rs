//! What a walk over the pages of a text comes to: one capture, in which what was known stays.

use super::{End, Mode, Walk, is_titled_alike, plain};
use crate::archive::Entry;
use crate::capture::rights::{Use, agent_of, reserves};
use crate::capture::{Capture, Outcome, Records};
use crate::document::{PostView, words};
use crate::page::{Timestamp, Url};
use crate::pipeline::follow::Earlier;
use crate::pipeline::merge::{Merged, Rest};
use crate::pipeline::signals::unite;
use crate::pipeline::{blank, detail};

impl Walk {
    /// The capture of all pages. Raw bytes stay with it only where one page is all.
    pub fn entry(mut self, end: End, view: PostView) -> Entry {
        let is_partial = matches!(end, End::Short(_));
        let before = self.earlier.as_ref().map(Told::of);
        let (end, united) = match self.united(end) {
            Ok(united) => united,
            Err((earlier, why)) => return earlier.again(&self.url, self.rights, Some(why), is_partial),
        };
        let mut capture = self.capture.take().unwrap_or_else(|| blank(&self.url, Timestamp::now()));
        capture.id = None;
        capture.url.clone_from(&self.url);
        capture.fetched_at = Timestamp::now();
        capture.rights = std::mem::take(&mut self.rights);
        capture.outcome = Outcome::Ok;
        capture.partial = is_partial;
        let text = united.text(view);
        capture.detail = match end.why() {
            None if self.addresses.len() > 1 => {
                let note = self.note.take().map(|note| format!("; {note}")).unwrap_or_default();
                Some(format!("read over {} pages{note}", self.addresses.len()))
            }
            None => self.first.as_ref().map_or(capture.detail, |first| detail(first, &text)),
            why => why,
        };
        self.retitle(&mut capture, united.title.as_deref());
        capture.words_kept = words::count(&text);
        let records = united.records(self.addresses.iter().map(ToString::to_string).collect());
        capture.raw = None;
        let text = (!text.is_empty()).then_some(text);
        if before.is_some_and(|before| before.is_but_for_the_detail(&capture, text.as_deref(), records.as_ref())) {
            return confirming(capture);
        }
        let raw = self.raw.filter(|_| self.addresses.len() <= 1);
        Entry { capture, text, records, raw }
    }

    /// The page that was read on from may be called otherwise than the first page was.
    fn retitle(&self, capture: &mut Capture, title: Option<&str>) {
        let newer = self.first.as_ref().and_then(|first| first.metadata.title.as_ref());
        if let Some(newer) = newer.filter(|newer| self.mode != Mode::Whole && Some(newer.value.as_str()) == title) {
            capture.metadata.title = Some(newer.clone());
        }
    }

    /// What was read with what is known; where the visit brought less than that, what is known and why it stays.
    fn united(&mut self, end: End) -> Result<(End, Merged), (Box<Earlier>, String)> {
        let visit = std::mem::take(&mut self.visit);
        let Some(earlier) = self.earlier.take() else { return Ok((end, visit)) };
        let is_orderly = end == End::Last;
        let mut read = std::mem::take(&mut self.seen);
        if self.mode != Mode::Whole {
            let rest = if self.lost && is_orderly { Rest::EndsBefore } else { Rest::Stays };
            return Ok((end, earlier.kept.unite(visit, &read, rest)));
        }
        if earlier.kept.posts.is_empty() {
            return earlier.or_longer(end, visit);
        }
        let met = earlier.kept.met_by(&visit);
        let is_same = || self.first.as_ref().is_some_and(|first| is_titled_alike(&earlier.kept, first));
        if met == 0 && (!is_orderly || visit.thread.is_none() || !is_same()) {
            let another = || format!("{} is another text", self.url);
            let why = if end.is_before_the_end() { end.why() } else { None };
            return Err((Box::new(earlier), why.unwrap_or_else(another)));
        }
        if met == 0 {
            return Ok((end, visit));
        }
        if is_orderly {
            read.extend(earlier.addresses.iter().map(plain));
        } else {
            unite(&mut self.rights, unread_rights(&earlier.capture, &earlier.addresses));
        }
        // Where most posts are missing, the site may be made so that the next page is not found any more.
        let is_gone = self.lost && is_orderly && met * 2 >= earlier.kept.posts.len();
        let rest = if is_gone { Rest::Gone } else { Rest::Stays };
        Ok((end, earlier.kept.unite(visit, &read, rest)))
    }
}

impl Earlier {
    /// The visit, unless pages of it could not be had and the text from before is longer.
    fn or_longer(self, end: End, visit: Merged) -> Result<(End, Merged), (Box<Self>, String)> {
        let known = self.text.as_deref().map_or(0, words::count);
        // What was kept may have its quotes, or not.
        let is_shorter = end.is_before_the_end() && words::count(&visit.text(PostView::WHOLE)) < known;
        match is_shorter {
            true => Err((Box::new(self), end.why().unwrap_or_default())),
            false => Ok((end, visit)),
        }
    }

    /// What is known once more, and why it stays.
    fn again(self, url: &Url, rights: Vec<(String, String)>, why: Option<String>, partial: bool) -> Entry {
        let mut capture =
            Capture { url: url.clone(), detail: why, partial, fetched_at: Timestamp::now(), ..self.capture };
        unite(&mut capture.rights, rights);
        confirming(capture)
    }
}

/// A visit that brought what is known, and may tell something else of how it ended.
fn confirming(capture: Capture) -> Entry {
    let capture = Capture { id: None, outcome: Outcome::Unchanged, text: None, records: None, raw: None, ..capture };
    Entry { capture, text: None, records: None, raw: None }
}

/// What an earlier visit told.
struct Told {
    text: Option<String>,
    records: Option<Records>,
    detail: Option<String>,
    rights: Vec<(String, String)>,
}

impl Told {
    fn of(earlier: &Earlier) -> Self {
        let (text, records) = (earlier.text.clone(), earlier.records.clone());
        Self { text, records, detail: earlier.capture.detail.clone(), rights: earlier.capture.rights.clone() }
    }

    /// Whether a visit tells the same of the text, and something else of how it ended.
    fn is_but_for_the_detail(&self, capture: &Capture, text: Option<&str>, records: Option<&Records>) -> bool {
        self.text.as_deref() == text
            && self.records.as_ref() == records
            && self.rights == capture.rights
            && self.detail != capture.detail
    }
}

/// The reservations of pages that a later visit does not read again: they hold until it does. What a site says in files of
/// its own is asked anew.
pub(super) fn unread_rights(capture: &Capture, addresses: &[Url]) -> Vec<(String, String)> {
    let of_site = |name: &str| name.starts_with("robots.txt") || matches!(name, "tdmrep.json" | "ai.txt");
    let agent = agent_of(&capture.rights);
    let holds = |(name, value): &&(String, String)| {
        addresses.len() > 1
            && !of_site(name)
            && [Use::Mining, Use::Training].iter().any(|&of| reserves(name, value, of, agent))
    };
    capture.rights.iter().filter(holds).cloned().collect()
}

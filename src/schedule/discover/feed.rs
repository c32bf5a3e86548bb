//! Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed.

use super::form::Form;
use super::json::json;
use super::xml::{FOREIGN, Part, walk};
use super::{Leads, joined, moment};
use crate::page::{Timestamp, Url};

/// Reads a feed. `base` is the address that gave it.
pub fn feed(text: &str, base: &Url) -> Leads {
    feed_of(text, base, Form::of(text))
}

/// As [`feed`], of a text whose form is known.
pub(super) fn feed_of(text: &str, base: &Url, form: Form) -> Leads {
    let mut leads = if form == Form::Json { json(text, base) } else { xml(text, base) };
    if leads.leads.is_empty() && !matches!(form, Form::Feed | Form::Json) {
        leads.notes.insert(0, NO_FEED.to_owned());
    }
    leads
}

pub(super) const NO_FEED: &str = "neither RSS nor Atom nor JSON Feed";

/// The start of the addresses that stand for the names of relations (RFC 4287, 4.2.7.2).
const RELATIONS: &str = "http://www.iana.org/assignments/relation/";

/// What one entry says so far.
#[derive(Default)]
struct Entry {
    link: Option<Url>,
    /// One to the same in a form that is no page, as JSON.
    other: Option<Url>,
    /// One that stands deeper in it, as in a document that leaves elements open.
    deeper: Option<Url>,
    /// An address behind a counting service's.
    original: Option<String>,
    guid: Option<String>,
    /// Whether it says that it is no address.
    guid_is_name: bool,
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
}

impl Entry {
    fn address(&self) -> Option<String> {
        let guid = self.guid.clone().filter(|guid| !self.guid_is_name && guid.starts_with("http"));
        let link = |link: &Option<Url>| link.as_ref().map(|url| url.with_credentials().to_string());
        self.original.clone().or(link(&self.link)).or(guid).or(link(&self.other)).or(link(&self.deeper))
    }
}

/// What says an address of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Text,
    Attribute,
    /// An attribute, of the entry in a form that is no page.
    OtherForm,
}

/// A feed while it is read.
struct Reading {
    leads: Leads,
    /// How many elements are open.
    depth: usize,
    /// The entry, and how deep its own elements are.
    entry: Option<(Entry, usize)>,
    /// How deep the element is whose content is not the entry's.
    foreign: Option<usize>,
    /// What addresses are relative to, and how deep the element is that says so.
    bases: Vec<(usize, Url)>,
}

impl Reading {
    fn base(&self) -> &Url {
        &self.bases.last().expect("the first is never taken away").1
    }

    fn open(&mut self, name: &str, attributes: &[(String, String)]) {
        self.depth += 1;
        let get = |wanted: &str| attributes.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str());
        if let Some(base) = get("xml:base").and_then(|base| joined(self.base(), base)) {
            self.bases.push((self.depth, base));
        }
        if self.foreign.is_some() {
            return;
        }
        match (name, self.entry.as_mut()) {
            ("item" | "entry", _) => self.entry = Some((Entry::default(), self.depth + 1)),
            (_, None) => {}
            ("guid", Some((entry, _))) => entry.guid_is_name = get("ispermalink") == Some("false"),
            ("link", Some(_)) if get("rel").is_none_or(is_alternate) => {
                let is_page = get("type").is_none_or(|kind| kind.to_ascii_lowercase().contains("html"));
                let link = get("href").and_then(|href| joined(self.base(), href));
                self.link(link, if is_page { Says::Attribute } else { Says::OtherForm });
            }
            (name, Some(_)) if FOREIGN.contains(&name) => self.foreign = Some(self.depth),
            _ => {}
        }
    }

    /// An address for the entry: of those in attributes the first counts, of those in texts the last.
    fn link(&mut self, link: Option<Url>, says: Says) {
        let (Some((entry, own)), Some(link)) = (&mut self.entry, link) else { return };
        let place = match (says, self.depth == *own) {
            (Says::OtherForm, true) => &mut entry.other,
            // Of a picture, or of what the entry quotes.
            (Says::OtherForm, false) => return,
            (_, true) => &mut entry.link,
            (_, false) => &mut entry.deeper,
        };
        if says == Says::Text || place.is_none() {
            *place = Some(link);
        }
    }

    fn close(&mut self, name: &str, prefixed: bool, text: &str) {
        match self.foreign {
            None => self.note(name, prefixed, text),
            Some(depth) if depth == self.depth => self.foreign = None,
            Some(_) => {}
        }
        while self.bases.len() > 1 && self.bases.last().is_some_and(|(depth, _)| *depth >= self.depth) {
            self.bases.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn note(&mut self, name: &str, prefixed: bool, text: &str) {
        if name == "link" && !prefixed && !text.is_empty() {
            let link = joined(self.base(), text);
            return self.link(link, Says::Text);
        }
        let Some((entry, _)) = &mut self.entry else { return };
        match name {
            "origlink" if prefixed => entry.original = Some(text.to_owned()),
            "guid" | "id" => entry.guid = Some(text.to_owned()),
            "pubdate" | "published" | "issued" | "date" => entry.published = moment(text),
            "updated" | "modified" => entry.updated = moment(text),
            "item" | "entry" => {
                let (address, at) = (entry.address(), entry.updated.or(entry.published));
                self.entry = None;
                if let Some(address) = address {
                    let base = self.base().clone();
                    self.leads.push(&base, &address, at, false);
                }
            }
            _ => {}
        }
    }
}

fn xml(text: &str, base: &Url) -> Leads {
    let bases = vec![(0, base.clone())];
    let mut reading = Reading { leads: Leads::default(), depth: 0, entry: None, foreign: None, bases };
    let broken = walk(text, &mut |part| match part {
        Part::Open(name, _, attributes) => reading.open(name, attributes),
        Part::Close(name, prefixed, text) => reading.close(name, prefixed, text),
    });
    let mut leads = reading.leads;
    leads.notes.extend(broken.map(|why| format!("the feed is broken: {why}")));
    leads
}

fn is_alternate(rel: &str) -> bool {
    rel.strip_prefix(RELATIONS).unwrap_or(rel) == "alternate"
}

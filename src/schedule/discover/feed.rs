//! Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed.

use serde_json::Value;

use super::xml::{Part, walk};
use super::{Leads, moment};
use crate::page::{Timestamp, Url};

/// Reads a feed. `base` is the address that gave it.
pub fn feed(text: &str, base: &Url) -> Leads {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{') { json(text, base) } else { xml(text, base) }
}

/// What one entry says so far.
#[derive(Default)]
struct Entry {
    link: Option<Url>,
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
        self.original.clone().or(link(&self.link)).or(guid).or(link(&self.deeper))
    }
}

/// Elements of an entry that hold what is not its own: the feed it was taken from, a page's text.
const FOREIGN: &[&str] = &["source", "content", "summary", "description"];

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
        if let Some(base) = get("xml:base").and_then(|base| self.base().join(base).ok()).filter(Url::is_web) {
            self.bases.push((self.depth, base));
        }
        if self.foreign.is_some() {
            return;
        }
        match (name, self.entry.as_mut()) {
            ("item" | "entry", _) => self.entry = Some((Entry::default(), self.depth + 1)),
            (_, None) => {}
            ("guid", Some((entry, _))) => entry.guid_is_name = get("ispermalink") == Some("false"),
            ("link", Some(_)) if matches!(get("rel"), None | Some("alternate")) => {
                let link = get("href").and_then(|href| self.base().join(href).ok());
                self.link(link, false);
            }
            (name, Some(_)) if FOREIGN.contains(&name) => self.foreign = Some(self.depth),
            _ => {}
        }
    }

    /// An address for the entry: of those in attributes the first counts, of those in texts the last.
    fn link(&mut self, link: Option<Url>, is_text: bool) {
        let (Some((entry, own)), Some(link)) = (&mut self.entry, link) else { return };
        let place = if self.depth == *own { &mut entry.link } else { &mut entry.deeper };
        if is_text || place.is_none() {
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
            let link = self.base().join(text).ok();
            return self.link(link, true);
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
        Part::Open(name, attributes) => reading.open(name, attributes),
        Part::Close(name, prefixed, text) => reading.close(name, prefixed, text),
    });
    let mut leads = reading.leads;
    leads.notes.extend(broken.map(|why| format!("the feed is broken: {why}")));
    leads
}

fn json(text: &str, base: &Url) -> Leads {
    let mut leads = Leads::default();
    let feed: Value = match serde_json::from_str(text) {
        Ok(feed) => feed,
        Err(error) => {
            leads.notes.push(format!("the feed is broken: {error}"));
            return leads;
        }
    };
    for item in feed["items"].as_array().into_iter().flatten() {
        let text = |key: &str| item[key].as_str();
        let id = text("id").filter(|id| id.starts_with("http"));
        if let Some(address) = text("url").or(text("external_url")).or(id) {
            let at = text("date_modified").or(text("date_published")).and_then(moment);
            leads.push(base, address, at, false);
        }
    }
    leads
}

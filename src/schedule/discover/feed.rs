//! Feeds: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed.

use std::time::Duration;

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
    inside: bool,
    link: Option<String>,
    /// An address behind a counting service's.
    original: Option<String>,
    guid: Option<String>,
    /// Whether it says that it is no address.
    guid_is_name: bool,
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
}

fn xml(text: &str, base: &Url) -> Leads {
    let mut leads = Leads::default();
    let mut now = Entry::default();
    let broken = walk(text, &mut |part| match part {
        Part::Open("item" | "entry", ..) => now = Entry { inside: true, ..Entry::default() },
        Part::Open("link", attributes) if now.inside => {
            let get = |name: &str| attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
            if let Some(href) = get("href").filter(|_| matches!(get("rel"), None | Some("alternate"))) {
                now.link.get_or_insert_with(|| href.to_owned());
            }
        }
        Part::Open("guid", attributes) => {
            now.guid_is_name = attributes.iter().any(|(key, value)| key == "ispermalink" && value == "false");
        }
        Part::Close("link", false, text) if now.inside && !text.is_empty() => now.link = Some(text.to_owned()),
        Part::Close("origlink", true, text) => now.original = Some(text.to_owned()),
        Part::Close("guid" | "id", _, text) if now.inside => now.guid = Some(text.to_owned()),
        Part::Close("pubdate" | "published" | "issued" | "date", _, text) if now.inside => now.published = moment(text),
        Part::Close("updated" | "modified", _, text) if now.inside => now.updated = moment(text),
        Part::Close("ttl", _, text) => {
            leads.ttl = text.parse().ok().map(|minutes: u64| Duration::from_secs(minutes.min(100_000) * 60))
        }
        Part::Close("item" | "entry", ..) => {
            let entry = std::mem::take(&mut now);
            let guid = entry.guid.filter(|guid| !entry.guid_is_name && guid.starts_with("http"));
            if let Some(address) = entry.original.or(entry.link).or(guid) {
                leads.push(base, &address, entry.updated.or(entry.published), false);
            }
        }
        _ => {}
    });
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

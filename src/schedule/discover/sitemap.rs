//! Sitemaps: lists of pages, lists of sitemaps, news sitemaps, plain text, and feeds that stand in for one.

use super::feed::feed_of;
use super::form::{Form, beginning, is_address};
use super::xml::{Part, walk};
use super::{Leads, moment};
use crate::page::{Timestamp, Url};

/// Reads a sitemap. `base` is the address that gave it.
pub fn sitemap(text: &str, base: &Url) -> Leads {
    let form = Form::of(text);
    if form == Form::Feed {
        return feed_of(text, base, form);
    }
    let mut leads = if beginning(text).starts_with('<') { xml(text, base) } else { lines(text, base) };
    if leads.leads.is_empty() && form != Form::Sitemap {
        leads.notes.insert(0, "neither a sitemap nor a feed nor a list of addresses".to_owned());
    }
    leads
}

#[derive(Default)]
struct Entry {
    /// How deep its element is, and whether that has a prefix.
    depth: usize,
    prefixed: bool,
    address: Option<String>,
    /// One that stands deeper in it, as in a document that leaves elements open.
    deeper: Option<String>,
    changed: Option<Timestamp>,
    published: Option<Timestamp>,
}

impl Entry {
    /// `image:loc` and the like belong to what the page shows; what is of sitemaps may have a prefix itself.
    fn loc(&mut self, depth: usize, prefixed: bool, text: &str) {
        if depth == self.depth + 1 && prefixed == self.prefixed {
            self.address.get_or_insert_with(|| text.to_owned());
        } else if !prefixed {
            self.deeper.get_or_insert_with(|| text.to_owned());
        }
    }
}

fn xml(text: &str, base: &Url) -> Leads {
    let mut leads = Leads::default();
    let (mut now, mut depth) = (Entry::default(), 0);
    let broken = walk(text, &mut |part| match part {
        Part::Open(name, prefixed, _) => {
            depth += 1;
            if matches!(name, "url" | "sitemap") {
                now = Entry { depth, prefixed, ..Entry::default() };
            }
        }
        Part::Close(name, prefixed, text) => {
            match name {
                "loc" => now.loc(depth, prefixed, text),
                "lastmod" => now.changed = moment(text),
                "publication_date" => now.published = moment(text),
                "url" | "sitemap" => {
                    let entry = std::mem::take(&mut now);
                    if let Some(address) = entry.address.or(entry.deeper) {
                        leads.push(base, &address, entry.changed.or(entry.published), name == "sitemap");
                    }
                }
                _ => {}
            }
            depth -= 1;
        }
    });
    leads.notes.extend(broken.map(|why| format!("the sitemap is broken: {why}")));
    leads
}

/// One address a line.
fn lines(text: &str, base: &Url) -> Leads {
    let mut leads = Leads::default();
    for line in beginning(text).lines().map(str::trim).filter(|line| is_address(line)) {
        leads.push(base, line, None, false);
    }
    leads
}

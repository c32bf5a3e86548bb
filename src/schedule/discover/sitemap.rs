//! Sitemaps: lists of pages, lists of sitemaps, news sitemaps, plain text, and feeds that stand in for one.

use super::xml::{Part, walk};
use super::{Leads, feed, moment};
use crate::page::{Timestamp, Url};

/// Reads a sitemap. `base` is the address that gave it.
pub fn sitemap(text: &str, base: &Url) -> Leads {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if !start.starts_with('<') {
        return lines(start, base);
    }
    let head: String = start.chars().take(2000).collect::<String>().to_ascii_lowercase();
    if ["<rss", "<feed", "<rdf"].iter().any(|root| head.contains(root)) {
        return feed(text, base);
    }
    let prefixed = [":urlset", ":sitemapindex"].iter().any(|root| head.contains(root));
    let mut leads = Leads::default();
    let mut now = Entry::default();
    let broken = walk(text, &mut |part| match part {
        Part::Open("url" | "sitemap", ..) => now = Entry::default(),
        // `image:loc` and the like belong to what the page shows; what is of sitemaps may have a prefix itself.
        Part::Close("loc", with, text) if with == prefixed && now.address.is_none() => {
            now.address = Some(text.to_owned());
        }
        Part::Close("lastmod", _, text) => now.changed = moment(text),
        Part::Close("publication_date", _, text) => now.published = moment(text),
        Part::Close(name @ ("url" | "sitemap"), ..) => {
            let entry = std::mem::take(&mut now);
            if let Some(address) = entry.address {
                leads.push(base, &address, entry.changed.or(entry.published), name == "sitemap");
            }
        }
        _ => {}
    });
    leads.notes.extend(broken.map(|why| format!("the sitemap is broken: {why}")));
    leads
}

#[derive(Default)]
struct Entry {
    address: Option<String>,
    changed: Option<Timestamp>,
    published: Option<Timestamp>,
}

/// One address a line.
fn lines(text: &str, base: &Url) -> Leads {
    let mut leads = Leads::default();
    for line in text.lines().map(str::trim).filter(|line| line.starts_with("http://") || line.starts_with("https://")) {
        leads.push(base, line, None, false);
    }
    leads
}

//! The links of an index page.

use std::collections::HashSet;

use super::discover::{ENTRIES_MAX, TEXT_BYTES_MAX};
use super::tags::{Tag, tags};
use super::{Scope, Source};
use crate::capture::rights::{asks_nofollow, is_for_robots};
use crate::page::Url;

/// Longest address that a page or list may lead to, in bytes: many short links below a long base would fill the memory. Less
/// than the longest text that is kept of an element, so that none is half an address.
pub(super) const LINK_BYTES_MAX: usize = 4000;
const _: () = assert!(LINK_BYTES_MAX + 4 <= TEXT_BYTES_MAX);

/// A page as text.
#[derive(Clone, Copy, Debug)]
pub struct Html<'a> {
    pub text: &'a str,
    /// WHATWG's name of the encoding it came in: queries of its links are sent in that.
    pub encoding: &'a str,
}

impl<'a> From<&'a str> for Html<'a> {
    /// One in UTF-8.
    fn from(text: &'a str) -> Self {
        Self { text, encoding: "UTF-8" }
    }
}

impl Html<'_> {
    /// What a link of the page leads to; nowhere if it is longer than [`LINK_BYTES_MAX`].
    pub(super) fn join(&self, base: &Url, href: &str) -> Option<Url> {
        let href = Some(href).filter(|href| href.len() <= LINK_BYTES_MAX)?;
        let url = base.join_from(href, self.encoding).ok()?;
        Some(url).filter(|url| url.is_web() && url.as_str().len() <= LINK_BYTES_MAX)
    }
}

/// The addresses an index page leads to: links in page order, each once, without fragments, within the source's
/// scope and patterns, at most [`ENTRIES_MAX`]. Links marked `rel=nofollow` and the page itself are left out.
///
/// `page` is the address that answered, after redirects.
pub fn links<'a>(html: impl Into<Html<'a>>, page: &Url, source: &Source) -> Vec<Url> {
    let html = html.into();
    let base = base(html, page);
    let mut seen = HashSet::from([bare(page)]);
    tags(html.text, &["a", "area"])
        .filter(|link| !is_nofollow(link))
        .filter_map(|link| html.join(&base, &link.attribute("href")?))
        .map(|url| bare(&url))
        .filter(|url| in_scope(source.scope, page, url) && source.takes(url))
        .filter(|url| seen.insert(url.clone()))
        .take(ENTRIES_MAX)
        .collect()
}

/// What relative links are relative to: the first `base` with an address.
pub(super) fn base(html: Html<'_>, page: &Url) -> Url {
    let href = tags(html.text, &["base"]).find_map(|tag| tag.attribute("href"));
    href.and_then(|href| html.join(page, &href)).unwrap_or_else(|| page.clone())
}

fn is_nofollow(link: &Tag<'_>) -> bool {
    let rel = link.attribute("rel").unwrap_or_default();
    rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("nofollow"))
}

/// Whether the page asks, in its robots element, that whoever goes by that name follow none of its links.
pub fn is_nofollow_page(html: &str, agent: &str) -> bool {
    tags(html, &["meta"])
        .filter(|meta| {
            meta.attribute("name").is_some_and(|name| is_for_robots(&format!("meta:{}", name.trim()), agent))
        })
        .any(|meta| meta.attribute("content").is_some_and(|content| asks_nofollow(&content, agent)))
}

/// The address without its fragment and without credentials a page may have put in it.
pub(super) fn bare(url: &Url) -> Url {
    let mut url = url.with_credentials().clone();
    url.set_fragment(None);
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

/// The feeds a page names in its head, in order.
pub fn feed_links<'a>(html: impl Into<Html<'a>>, page: &Url) -> Vec<Url> {
    let html = html.into();
    let base = base(html, page);
    let is_feed = |link: &Tag<'_>| {
        let kind = link.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let rel = link.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        rel.split_ascii_whitespace().any(|word| word == "alternate")
            && ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"]
                .iter()
                .any(|known| kind.starts_with(known))
    };
    let mut feeds: Vec<Url> = Vec::new();
    for link in tags(html.text, &["link"]).filter(is_feed).take(FEEDS_MAX) {
        let url = link.attribute("href").and_then(|href| html.join(&base, &href));
        feeds.extend(url.filter(|url| !feeds.contains(url)));
    }
    feeds
}

/// Most feeds looked at that one page names.
const FEEDS_MAX: usize = 20;

/// Whether an address lies within the scope of a source's page.
pub fn in_scope(scope: Scope, page: &Url, url: &Url) -> bool {
    match scope {
        Scope::Any => true,
        Scope::Site => site(page) == site(url),
        Scope::Host => host(page) == host(url),
        Scope::Path => host(page) == host(url) && url.path().starts_with(folder(page)),
    }
}

/// Host and port; a leading `www.` makes no other host.
fn host(url: &Url) -> (&str, Option<u16>) {
    let host = url.host_str().unwrap_or_default();
    (host.strip_prefix("www.").unwrap_or(host), url.port())
}

/// The registrable domain, or the host where there is none (an IP address, `localhost`).
fn site(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    match url.host() {
        Some(url::Host::Domain(_)) => psl::domain_str(host).unwrap_or(host),
        _ => host,
    }
}

/// The path up to and with its last slash.
fn folder(url: &Url) -> &str {
    let path = url.path();
    &path[..path.rfind('/').map_or(0, |slash| slash + 1)]
}

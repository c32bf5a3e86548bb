//! The sample site as a table: which file answers which address, and what should become of it.
//!
//! Two papers of an invented island: the Vellin Lantern (news in WordPress's markup, a forum in Invision's) and the
//! Outer Isles Courier, which reprints one of the Lantern's stories. `{{origin}}` in a body stands for the Lantern's
//! address, `{{other}}` for the Courier's. Beside each page with text lies the clean text it must give, line for line.

use crate::capture::Outcome;

/// Which of the two papers answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    Lantern,
    Courier,
}

/// One address of the sample site.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub host: Host,
    /// Path and query, as asked for.
    pub path: &'static str,
    pub status: u16,
    pub content_type: &'static str,
    /// Further headers.
    pub headers: &'static [(&'static str, &'static str)],
    pub body: &'static str,
    /// What answers from the second time on, where that is something else: a board on which people go on talking.
    pub later: Option<&'static str>,
    /// Sent gzipped to whoever accepts it.
    pub gzip: bool,
    /// What a visit must end as; nothing where the address is not meant to be visited as a page.
    pub expected: Option<Expectation>,
}

/// What a visit must end as.
#[derive(Clone, Copy, Debug)]
pub struct Expectation {
    pub outcome: Outcome,
    /// The page's clean text, to the byte.
    pub clean_text: Option<&'static str>,
    /// The path of the Lantern whose text this page repeats: the export must drop one of the two and name the other.
    pub twin: Option<&'static str>,
}

const HTML: &str = "text/html; charset=utf-8";

/// The story both papers carry.
const FERRY: &str = "/news/night-ferry-returns/";

/// A topic of three pages, on which two people more have spoken when it is read again.
pub const GULLS: &str = "/forum/viewtopic.php?t=21";

/// Every address, in the order in which the demo visits them.
pub const TABLE: &[Entry] = &[
    page(Host::Lantern, "/", include_str!("site/lantern/front.html"), include_str!("site/lantern/front.clean.txt")),
    page(Host::Lantern, FERRY, include_str!("site/lantern/ferry.html"), include_str!("site/lantern/ferry.clean.txt")),
    page(
        Host::Lantern,
        "/news/library-stays-open/",
        include_str!("site/lantern/library.html"),
        include_str!("site/lantern/library.clean.txt"),
    ),
    page(
        Host::Lantern,
        "/forum/topic/12-harbour-lights-are-out-again/",
        include_str!("site/lantern/topic-1.html"),
        include_str!("site/lantern/topic-1.clean.txt"),
    ),
    Entry {
        gzip: true,
        ..page(
            Host::Lantern,
            "/forum/topic/12-harbour-lights-are-out-again/page/2/",
            include_str!("site/lantern/topic-2.html"),
            include_str!("site/lantern/topic-2.clean.txt"),
        )
    },
    page(Host::Courier, "/", include_str!("site/courier/front.html"), include_str!("site/courier/front.clean.txt")),
    reprint(
        "/2026/03/13/night-ferry-returns.html",
        include_str!("site/courier/ferry.html"),
        include_str!("site/courier/ferry.clean.txt"),
    ),
    Entry {
        headers: &[("cf-mitigated", "challenge"), ("cache-control", "no-store")],
        ..without_text(403, "/checkpoint", include_str!("site/lantern/checkpoint.html"), Outcome::Blocked)
    },
    without_text(200, "/private/crew.html", include_str!("site/lantern/private.html"), Outcome::Robots),
    without_text(404, "/gone", include_str!("site/lantern/gone.html"), Outcome::Gone),
    file(Host::Lantern, GULLS, HTML, include_str!("site/lantern/gulls-1.html")),
    file(Host::Lantern, "/forum/viewtopic.php?t=21&start=2", HTML, include_str!("site/lantern/gulls-2.html")),
    Entry {
        later: Some(include_str!("site/lantern/gulls-3-later.html")),
        ..file(Host::Lantern, "/forum/viewtopic.php?t=21&start=4", HTML, include_str!("site/lantern/gulls-3.html"))
    },
    file(Host::Lantern, "/forum/viewtopic.php?t=21&start=6", HTML, include_str!("site/lantern/gulls-4.html")),
    Entry {
        status: 301,
        headers: &[("location", "{{origin}}/forum/topic/12-harbour-lights-are-out-again/page/2/")],
        ..file(Host::Lantern, "/forum/topic/12-harbour-lights-are-out-again/?page=2", HTML, "")
    },
    file(Host::Lantern, "/robots.txt", "text/plain; charset=utf-8", include_str!("site/lantern/robots.txt")),
    file(Host::Lantern, "/sitemap.xml", "application/xml", include_str!("site/lantern/sitemap.xml")),
    file(Host::Lantern, "/feed.xml", "application/rss+xml; charset=utf-8", include_str!("site/lantern/feed.xml")),
    file(Host::Courier, "/robots.txt", "text/plain; charset=utf-8", include_str!("site/courier/robots.txt")),
];

/// What answers an address the table does not hold.
pub const MISSING: Entry =
    Entry { status: 404, ..file(Host::Lantern, "", HTML, include_str!("site/lantern/gone.html")) };

const fn file(host: Host, path: &'static str, content_type: &'static str, body: &'static str) -> Entry {
    Entry { host, path, status: 200, content_type, headers: &[], body, later: None, gzip: false, expected: None }
}

const fn page(host: Host, path: &'static str, body: &'static str, clean_text: &'static str) -> Entry {
    let expected = Expectation { outcome: Outcome::Ok, clean_text: Some(clean_text), twin: None };
    Entry { expected: Some(expected), ..file(host, path, HTML, body) }
}

const fn reprint(path: &'static str, body: &'static str, clean_text: &'static str) -> Entry {
    let expected = Expectation { outcome: Outcome::Ok, clean_text: Some(clean_text), twin: Some(FERRY) };
    Entry { expected: Some(expected), ..file(Host::Courier, path, HTML, body) }
}

const fn without_text(status: u16, path: &'static str, body: &'static str, outcome: Outcome) -> Entry {
    let expected = Expectation { outcome, clean_text: None, twin: None };
    Entry { status, expected: Some(expected), ..file(Host::Lantern, path, HTML, body) }
}

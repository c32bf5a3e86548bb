//! What feeds, sitemaps and forum boards lead to.
//!
//! Readers of what is there, not validators: a feed that is cut off gives the entries before the cut. Entities are
//! never expanded beyond XML's own five and numbers, so no document grows while it is read.

mod board;
mod feed;
mod form;
mod gz;
mod json;
mod sitemap;
mod xml;

pub use board::{Board, board, thread};
pub use feed::feed;
pub use form::{FORM_BYTES, Form};
pub use gz::gunzip;
pub use sitemap::sitemap;

use super::links::LINK_BYTES_MAX;
use crate::page::{Timestamp, Url};

/// Most entries read of one feed or sitemap; the sitemap protocol's own limit.
pub const ENTRIES_MAX: usize = 50_000;
/// Longest text of one element that is kept.
pub const TEXT_BYTES_MAX: usize = 4096;
/// What the note of a list says that comes to its end too early.
pub const ENDS_EARLY: &str = "it ends in the middle";

/// One address a list names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    pub url: Url,
    /// When it appeared or changed, as the list says.
    pub at: Option<Timestamp>,
    /// Another sitemap, not a page.
    pub sitemap: bool,
}

/// What a list gave. How often a feed asks to be read (`ttl`) is not in it: `every` or `cron` says that of each source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leads {
    pub leads: Vec<Lead>,
    /// What was wrong with it.
    pub notes: Vec<String>,
}

impl Leads {
    fn push(&mut self, base: &Url, text: &str, at: Option<Timestamp>, sitemap: bool) {
        if self.leads.len() >= ENTRIES_MAX {
            if self.leads.len() == ENTRIES_MAX && self.notes.iter().all(|note| !note.starts_with("more than")) {
                self.notes.push(format!(
                    "more than {ENTRIES_MAX} entries, all that a sitemap may have; the rest was not read"
                ));
            }
            return;
        }
        self.leads.extend(joined(base, text).map(|url| Lead { url, at, sitemap }));
    }
}

/// What an address of a list is, where it is none that is too long.
fn joined(base: &Url, text: &str) -> Option<Url> {
    // A longer text may have been cut.
    let url = Some(text).filter(|text| text.len() <= LINK_BYTES_MAX).and_then(|text| base.join(text).ok());
    url.filter(|url| url.is_web() && url.as_str().len() <= LINK_BYTES_MAX)
}

/// A moment as feeds and sitemaps write it: RFC 3339, a day, a month or a year of it, or RFC 2822.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Ok(zoned) = jiff::fmt::rfc2822::DateTimeParser::new().parse_zoned_datetime(text) {
        return Some(zoned.timestamp());
    }
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let day = |text: &str| text.parse::<jiff::civil::Date>().map(|day| day.to_datetime(jiff::civil::Time::midnight()));
    let civil = whole.parse::<jiff::civil::DateTime>().or_else(|_| day(&whole)).ok()?;
    jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()
}

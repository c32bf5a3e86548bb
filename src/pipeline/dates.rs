//! Dates of a page beside the moment of its visit.

use std::time::Duration;

use crate::document::{Document, Metadata, Post};
use crate::extract::metadata::dates::{Custom, from_now};
use crate::page::Timestamp;

/// A page may be dated so much ahead of its visit, by its place on earth and the clocks of both.
const AHEAD_MAX: Duration = Duration::from_secs(2 * 24 * 60 * 60);
/// Clocks of servers may be ahead of ours by so much.
const CLOCKS_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// Of a date as RFC 3339 has it: year, month, day.
const DAY_BYTES: usize = 10;

/// A document with the times of its posts that were told from the moment of its visit: `3 hours ago`.
pub(super) fn told(mut document: Document, fetched_at: Timestamp) -> Document {
    let language = document.metadata.language.as_ref().or(document.metadata.language_detected.as_ref());
    let custom = language.map(|tag| Custom::of_language(&tag.value)).unwrap_or_default();
    // A day without a year is begun with two dashes.
    let is_open = |post: &&mut Post| post.time.as_ref().is_none_or(|time| time.starts_with('-'));
    for post in document.posts.iter_mut().filter(is_open) {
        let date = post.time_shown.as_deref().and_then(|shown| from_now(shown, fetched_at, custom));
        post.time_told = date.is_some();
        post.time = date.map(|date| date.to_string()).or(post.time.take());
    }
    document
}

/// Metadata as they can have been by then: what is dated behind its visit is the date of an event, or a mistake.
pub(super) fn known_by(fetched_at: Timestamp, mut metadata: Metadata) -> Metadata {
    for date in [&mut metadata.published, &mut metadata.modified] {
        date.take_if(|date| is_to_come(&date.value, fetched_at));
    }
    metadata
}

fn is_to_come(date: &str, fetched_at: Timestamp) -> bool {
    let latest = fetched_at.checked_add(AHEAD_MAX).unwrap_or(fetched_at).to_string();
    // Of two that agree as far as the shorter goes, neither is known to be later.
    let mut pairs = date.bytes().zip(latest.bytes()).take(DAY_BYTES);
    pairs.find(|(a, b)| a != b).is_some_and(|(a, b)| a > b)
}

/// A `Last-Modified` as it came with an answer then; none where it lies behind it. A server whose clock ran ahead would say
/// "not modified" until that day (RFC 9110, 8.8.2.1).
pub(super) fn past(last_modified: Option<String>, fetched_at: Timestamp) -> Option<String> {
    let latest = fetched_at.checked_add(CLOCKS_MAX).unwrap_or(fetched_at);
    let moment = |date: &str| Timestamp::try_from(httpdate::parse_http_date(date.trim()).ok()?).ok();
    last_modified.filter(|date| moment(date).is_some_and(|date| date <= latest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_tells_from_now_is_told_from_its_visit() {
        let page = "<html lang=en><body id=phpbb><div id=p1 class=post><div class=postbody><p class=author>by <strong>\
                    <a class=username>Ann</a></strong> &raquo; Yesterday, 9:05 pm</p><div class=content>The valve drips.</div></div></div>";
        let document = || crate::extract::extract(page.as_bytes(), Some("text/html"), None, &Default::default());
        let alone = &document().posts[0];
        assert_eq!((alone.time.as_deref(), alone.time_told), (None, false), "nobody knows when");
        let told = told(document(), "2026-11-26T15:00:00Z".parse().unwrap());
        let post = &told.posts[0];
        assert_eq!((post.time.as_deref(), post.time_told), (Some("2026-11-25T21:05:00"), true));
        assert_eq!(post.time_shown.as_deref(), Some("Yesterday, 9:05 pm"));
    }

    #[test]
    fn what_is_to_come_is_no_date_of_a_page() {
        let fetched_at: Timestamp = "2026-11-26T15:00:00Z".parse().unwrap();
        for (date, to_come) in [
            ("2026-11-26T23:00:00+14:00", false),
            ("2026-11-28", false),
            ("2026-11-29", true),
            ("2026-11", false),
            ("2026-12", true),
            ("2026", false),
            ("2099-01-01T00:00:00Z", true),
            ("1999-12-31", false),
        ] {
            assert_eq!(is_to_come(date, fetched_at), to_come, "{date}");
        }
    }

    #[test]
    fn a_day_to_come_is_no_validator() {
        let fetched_at: Timestamp = "2026-11-26T15:00:00Z".parse().unwrap();
        for (date, known) in [
            ("Thu, 26 Nov 2026 14:59:00 GMT", true),
            ("Thu, 26 Nov 2026 17:00:00 GMT", true),
            ("Sat, 28 Nov 2026 15:00:00 GMT", false),
            ("Thu, 31 Dec 2037 23:59:59 GMT", false),
            ("soon", false),
        ] {
            assert_eq!(past(Some(date.to_owned()), fetched_at).is_some(), known, "{date}");
        }
    }
}

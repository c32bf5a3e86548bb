//! What holds of a robots.txt, a list or an address, whatever the bytes: also what the fuzz targets (`tests/fuzz`) check.

use gleaner::fetch::robots::{Robots, path_of, report};
use gleaner::frontier::{Identity, UrlRule, trap};
use gleaner::page::Url;
use gleaner::schedule::discover::{ENTRIES_MAX, Leads, feed, gunzip, sitemap};

/// Agent, path and file, with zeros between: a verdict names its line, and what forbids is a rule that is there.
pub fn robots(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |&byte| byte == 0);
    let mut part = || parts.next().unwrap_or_default();
    let (agent, path, file) = (part(), part(), part());
    let (agent, path) = (String::from_utf8_lossy(agent), String::from_utf8_lossy(path));
    // A line's end and what is blank on it are no part of the address on it.
    let path = path.trim();
    let robots = Robots::parse(file);
    let verdict = robots.verdict(&agent, path);
    assert_eq!(verdict, Robots::parse(file).verdict(&agent, path), "the same bytes say the same");
    assert!(verdict.allowed || verdict.line.is_some(), "what forbids is a line: {verdict:?}");
    assert!(verdict.line.is_some() || verdict.rule.is_empty(), "no line has no rule: {verdict:?}");
    let breaks = file.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    assert!(verdict.line.is_none_or(|line| (1..=breaks + 1).contains(&line)), "the file has no such line: {verdict:?}");
    let delay = robots.crawl_delay(&agent);
    assert!(delay.is_none_or(|delay| delay.is_finite() && delay >= 0.0), "no time to wait: {delay:?}");
    assert!(robots.sitemaps().len() + robots.signals(&agent, path).len() <= breaks + 1, "no more than one a line");
    let told = robots.verdict(&agent, &path_of(path));
    let told = format!("\t{}\t{}\t", u8::from(told.allowed), told.line.unwrap_or(0));
    assert!(report(&robots, &agent, path).contains(&told), "the report says the same: {told:?}");
}

/// A sitemap or a feed, packed or not: bounded, and addresses of the web only.
pub fn list(bytes: &[u8]) {
    let base = Url::parse("https://a.example/lists/one.xml").expect("an address");
    let text = gunzip(bytes, gleaner::fetch::LIST_BYTES_MAX);
    let text = String::from_utf8_lossy(&text);
    for read in [sitemap, feed] {
        let leads: Leads = read(&text, &base);
        assert_eq!(leads, read(&text, &base), "the same bytes lead to the same");
        assert!(leads.leads.len() <= ENTRIES_MAX && leads.notes.len() <= 3, "{:?}", leads.notes);
        assert!(leads.leads.iter().all(|lead| lead.url.is_web()), "only the web");
    }
}

/// An address, and one relative to it: its identity stays the same however often it is cleaned and whatever only tracks.
pub fn address(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (first, second) = text.split_once('\n').unwrap_or((&text, ""));
    let _ = UrlRule::parse(first);
    let identity = Identity::default();
    let Ok(first) = Url::parse(first) else { return };
    for url in [first.join(second).ok(), Some(first)].into_iter().flatten().filter(Url::is_web) {
        let (clean, key) = (identity.clean(&url), identity.key(&url));
        assert_eq!(identity.clean(&clean).as_str(), clean.as_str(), "cleaned of `{url:?}`");
        assert_eq!(identity.key(&clean), key, "of `{url:?}`");
        let mut tracked = url.with_credentials().clone();
        tracked.query_pairs_mut().append_pair("utm_source", "x");
        tracked.set_fragment(Some("part"));
        assert_eq!(identity.key(&Url::from(tracked)), key, "tracked `{url:?}`");
        assert!(!url.manners_key().is_empty() && clean.as_str().len() <= url.as_str().len() + 1, "`{url:?}`");
        trap(&url, 2026);
    }
}

//! The rights signals of an answer, raw: what they allow is read at export.

use crate::capture::rights::{AGENT, OWN_NAME};
use crate::page::Page;

/// Headers that say what may be done with a page.
const HEADERS: &[&str] = &["x-robots-tag", "tdm-reservation", "tdm-policy", "content-signal", "content-usage"];

/// Every signal seen around the page, as name and value as sent: headers, licence links, and what its
/// robots.txt said for this address (`robots.txt` and `robots.txt content-signal`); and by which name it was asked for, where
/// that is not gleaner's own, since signals may name their reader.
pub fn rights(page: &Page) -> Vec<(String, String)> {
    let headers = page.headers.iter().filter(|(name, value)| is_signal(name, value)).cloned();
    let own_name = page.robots.iter().map(|note| &note.agent).filter(|agent| *agent != OWN_NAME);
    let own_name = own_name.map(|agent| (AGENT.to_owned(), agent.clone()));
    let robots = page.robots.iter().flat_map(|note| {
        let line = note.line.map(|line| ("robots.txt".to_owned(), format!("{} (line {line})", note.rule)));
        let signals = note.signals.iter().map(|(name, value)| (format!("robots.txt {name}"), value.clone()));
        line.into_iter().chain(signals)
    });
    headers.chain(robots).chain(own_name).collect()
}

fn is_signal(name: &str, value: &str) -> bool {
    HEADERS.contains(&name) || (name == "link" && names_licence(value))
}

/// Whether a `Link` header has a `rel` of licence, terms or rights policy among its links.
fn names_licence(value: &str) -> bool {
    let params = value.split([';', ',']).filter_map(|param| param.split_once('='));
    let rels =
        params.filter(|(key, _)| key.trim().eq_ignore_ascii_case("rel")).map(|(_, rel)| rel.trim().trim_matches('"'));
    let wanted = ["license", "copyright", "terms-of-service", "tdm-policy"];
    rels.flat_map(str::split_ascii_whitespace).any(|rel| wanted.iter().any(|name| rel.eq_ignore_ascii_case(name)))
}

//! What the page says about the use of its text, as written: the raw signals of the rights ledger.

use crate::extract::html::{Key, Tag, Tree};

use super::entities::floor;

/// Most signals of a page, and most bytes of one.
const SIGNALS_MAX: usize = 64;
const SIGNAL_BYTES_MAX: usize = 500;

/// Names of `meta` that carry rights, beside those of single robots.
const NAMES: &[&str] = &[
    "tdm-reservation",
    "tdm-policy",
    "x-robots-tag",
    "content-usage",
    "content-signal",
    "cc:license",
    "dcterms.license",
];
/// Words that make the value of any `meta` one for robots: only its name tells which.
const DIRECTIVES: &[&str] = &[
    "noindex",
    "nofollow",
    "none",
    "noarchive",
    "nosnippet",
    "noimageindex",
    "notranslate",
    "noai",
    "noimageai",
    "nocache",
    "noml",
    "index",
    "follow",
    "all",
    "archive",
];

/// Robots directives (for all or for one agent), text and data mining reservations, licence links, in page order:
/// where each was found (`meta:robots`, `meta:tdm-reservation`, `link:license`) and its value.
pub fn rights(tree: &Tree<'_>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for id in 0..tree.len() {
        let signal = match tree.tag(id) {
            Tag::Meta => meta(tree, id),
            Tag::Link | Tag::A => licence(tree, id),
            _ => None,
        };
        if let Some((name, value)) = signal
            && found.len() < SIGNALS_MAX
        {
            let signal = (floor(&name, SIGNAL_BYTES_MAX).to_owned(), floor(&value, SIGNAL_BYTES_MAX).to_owned());
            if !found.contains(&signal) {
                found.push(signal);
            }
        }
    }
    found
}

fn meta(tree: &Tree<'_>, id: u32) -> Option<(String, String)> {
    let name = [Key::Name, Key::HttpEquiv, Key::Property]
        .into_iter()
        .find_map(|key| tree.attribute(id, key))?
        .trim()
        .to_ascii_lowercase();
    let content = tree.attribute(id, Key::Content)?.trim();
    let robots = name == "robots" || name.ends_with("bot") || is_for_robots(content) && name.len() <= 60;
    (!content.is_empty() && (robots || NAMES.contains(&name.as_str())))
        .then(|| (format!("meta:{name}"), content.to_owned()))
}

/// Whether every word of a value is a directive for robots.
fn is_for_robots(content: &str) -> bool {
    let mut words = content.split([',', ';']).map(|word| word.trim().to_ascii_lowercase()).peekable();
    content.len() <= 200 && words.peek().is_some() && words.all(|word| DIRECTIVES.contains(&word.as_str()))
}

fn licence(tree: &Tree<'_>, id: u32) -> Option<(String, String)> {
    let rel = tree.attribute(id, Key::Rel)?;
    let names = ["license", "tdm-policy", "copyright"];
    let name = names.iter().find(|name| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(name)))?;
    let href = tree.attribute(id, Key::Href)?.trim();
    (!href.is_empty()).then(|| (format!("link:{name}"), href.to_owned()))
}

//! When two addresses are the same page: what only tracks, names a session or the default document makes no other.

use super::FrontierError;
use crate::page::{Url, matches, only_tracks};

/// Documents a server sends for a folder.
const DEFAULTS: &[&str] = &["index", "default", "home", "welcome"];
const ENDINGS: &[&str] = &[
    "html", "htm", "shtml", "xhtml", "php", "php3", "php4", "php5", "phtml", "asp", "aspx", "jsp", "jspx", "cgi",
    "cfm", "do", "pl",
];

/// What a user knows better about one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlRule {
    host: String,
    keep: bool,
    parameter: String,
}

impl UrlRule {
    /// Reads `HOST drop|keep PARAMETER`; `*.example.org` is the host and all below, a parameter may end in `*`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(line: &str) -> Result<Self, FrontierError> {
        let bad = |why| FrontierError::Rule { rule: line.to_owned(), why };
        let words: Vec<&str> = line.split_whitespace().collect();
        let [host, what, parameter] = words[..] else { return Err(bad("it has three words")) };
        let keep = match what {
            "keep" => true,
            "drop" => false,
            _ => return Err(bad("its second word is `keep` or `drop`")),
        };
        Ok(Self { host: host.to_lowercase(), keep, parameter: parameter.to_owned() })
    }

    fn is_for(&self, host: &str) -> bool {
        match self.host.strip_prefix("*.") {
            Some(base) => host == base || host.strip_suffix(base).is_some_and(|rest| rest.ends_with('.')),
            None => self.host == host,
        }
    }
}

/// Tells which addresses are one page.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    rules: Vec<UrlRule>,
}

impl Identity {
    /// # Errors
    /// The first rule that cannot be read.
    pub fn new(rules: &[String]) -> Result<Self, FrontierError> {
        Ok(Self { rules: rules.iter().map(|rule| UrlRule::parse(rule)).collect::<Result<_, _>>()? })
    }

    /// The address to ask for: without fragment, credentials, session and tracking parameters.
    pub fn clean(&self, url: &Url) -> Url {
        let host = url.host_str().unwrap_or_default();
        let mut clean = url.without(&|name, value| self.drops(host, name, value)).with_credentials().clone();
        clean.set_fragment(None);
        clean.into()
    }

    /// What is equal for two addresses of one page: cleaned, in lower-case host without `www.`, http and https alike,
    /// parameters in order, percent-encoding made even, no default document, no slash at the end.
    pub fn key(&self, url: &Url) -> String {
        let clean = self.clean(url);
        let host = clean.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host);
        let port = clean.port().map(|port| format!(":{port}")).unwrap_or_default();
        let path = even(clean.path());
        let path = without_default(&path, clean.query().is_some());
        let mut pairs: Vec<String> = clean.query().map(|q| q.split('&').map(even).collect()).unwrap_or_default();
        pairs.retain(|pair| !pair.is_empty());
        pairs.sort_unstable();
        pairs.dedup();
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        format!("{host}{port}{path}{query}")
    }

    fn drops(&self, host: &str, name: &str, value: &str) -> bool {
        let rule = self.rules.iter().find(|rule| rule.is_for(host) && matches(&rule.parameter, name));
        rule.map_or_else(|| only_tracks(name, value), |rule| !rule.keep)
    }
}

/// The path without a default document and without a slash at the end.
fn without_default(path: &str, has_query: bool) -> String {
    let path = if path.contains("://") { path.to_owned() } else { single_slashes(path) };
    let (folder, last) = path.rsplit_once('/').unwrap_or(("", &path));
    let is_default = last.rsplit_once('.').is_some_and(|(name, ending)| {
        DEFAULTS.contains(&name.to_ascii_lowercase().as_str())
            && ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
    });
    // `index.php?topic=5` and `/?topic=5` are one page where `/index.php` and `/` are.
    let path =
        if is_default && (!has_query || last.to_ascii_lowercase().starts_with("index.")) { folder } else { &path };
    path.trim_end_matches('/').to_owned()
}

fn single_slashes(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    out
}

/// Percent-encodings in upper case, those of letters, digits and `-._~` undone, `+` as a space.
fn even(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let value = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match value {
            Some(value) if value.is_ascii_alphanumeric() || b"-._~".contains(&value) => out.push(char::from(value)),
            Some(value) => out.push_str(&format!("%{value:02X}")),
            None if bytes[at] == b'+' => out.push_str("%20"),
            None => out.push(char::from(bytes[at])),
        }
        at += if value.is_some() { 3 } else { 1 };
    }
    out
}

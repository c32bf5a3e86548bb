//! What a site reserves in files of its own: `/.well-known/tdmrep.json` (TDMRep) and `/ai.txt`.
//!
//! Asked for once a week per origin, as politely as anything else, and told raw for each address they speak of.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Fetcher;
use super::body::Want;
use super::clock::after;
use super::error::FetchError;
use super::gate;
use super::polite::lock;
use super::robots::Robots;
use crate::capture::rights::{Use, reserves};
use crate::page::{Timestamp, Url};

/// Most bytes read of one such file.
const BYTES_MAX: u64 = 64 << 10;
/// Most rules of a `tdmrep.json` that are looked at.
const RULES_MAX: usize = 1000;
/// Asked for again after so long,
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// and where the site could not be asked, after so long.
const RETRY: Duration = Duration::from_secs(24 * 60 * 60);
/// Files remembered by this process,
const FILES_MAX: usize = 20_000;
/// and bytes of their text, before they are read from the memory or asked for again.
const TEXT_BYTES_MAX: usize = 16 << 20;

/// One such file as it came; empty where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct File {
    expires_at: Timestamp,
    text: String,
}

/// Files of origins asked by this process.
#[derive(Debug, Default)]
pub(super) struct Reserves {
    known: Mutex<Files>,
}

#[derive(Debug, Default)]
struct Files {
    by_name: HashMap<String, File>,
    text_bytes: usize,
}

impl Files {
    fn keep(&mut self, name: String, file: &File) {
        let more = file.text.len();
        if self.by_name.len() >= FILES_MAX || self.text_bytes + more > TEXT_BYTES_MAX {
            *self = Self::default();
        }
        let old = self.by_name.insert(name, file.clone());
        self.text_bytes = (self.text_bytes + more).saturating_sub(old.map_or(0, |old| old.text.len()));
    }
}

impl Fetcher {
    /// What the site of an address reserves for it in files of its own: name and value, raw.
    pub async fn reservations(&self, url: &Url) -> Vec<(String, String)> {
        // They belong to a page that has come, so they are asked for though all else is called off. Only what a page's
        // scripts ask for, or where a host is in a pause, is told to come another time.
        let to_the_end = Self { halt: None, ..self.clone() };
        to_the_end.reserved(url).await.unwrap_or_default()
    }

    /// As [`Fetcher::reservations`].
    ///
    /// # Errors
    /// A page's scripts want to know, and others are waiting there; or the host is in a pause, or all is called off.
    pub(super) async fn reserved(&self, url: &Url) -> Result<Vec<(String, String)>, FetchError> {
        if !self.shared.options.rights_files || !url.is_web() {
            return Ok(Vec::new());
        }
        let path = gate::path(url);
        let reserved = tdmrep(&self.reserving(url, "/.well-known/tdmrep.json").await?, &path);
        let spoken = ai(&self.reserving(url, "/ai.txt").await?, self.shared.options.agent_of(url), &path);
        Ok(reserved.into_iter().chain(spoken).collect())
    }

    /// The text of such a file, asked for where it is not known; each is noted as soon as it is here.
    async fn reserving(&self, url: &Url, path: &str) -> Result<String, FetchError> {
        let name = format!("rights {}{path}", url.origin().ascii_serialization());
        let now = self.shared.manners.clock.now();
        let known = lock(&self.shared.reserves.known).by_name.get(&name).cloned();
        let noted = || {
            let memory = self.shared.gate.memory()?;
            serde_json::from_str::<File>(&memory.note(&name)?).ok()
        };
        if let Some(file) = known.filter(|file| file.expires_at > now) {
            return Ok(file.text);
        }
        // Another process may have asked since.
        let old = noted();
        if let Some(file) = old.clone().filter(|file| file.expires_at > now) {
            self.remember_file(name, &file);
            return Ok(file.text);
        }
        let old = old.or_else(|| lock(&self.shared.reserves.known).by_name.get(&name).cloned());
        let file = renewed(old, self.file(url, path).await?, now);
        if let Some(memory) = self.shared.gate.memory() {
            memory.keep_note(&name, &serde_json::to_string(&file).expect("plain values can be written"), now);
        }
        self.remember_file(name, &file);
        Ok(file.text)
    }

    fn remember_file(&self, name: String, file: &File) {
        lock(&self.shared.reserves.known).keep(name, file);
    }

    /// The file; empty where there is none, and nothing where it could not be asked for.
    async fn file(&self, url: &Url, path: &str) -> Result<Option<String>, FetchError> {
        let Ok(at) = url.join(path) else { return Ok(None) };
        let asked = async {
            let pass = self.pass(&at).await?;
            self.ask(&at, pass.delay, Default::default(), Want::Start(BYTES_MAX)).await
        };
        let answer = match asked.await {
            Ok(answer) => answer,
            // Nothing was asked, so nothing is known.
            Err(error) if error.is_pause() => return Err(error),
            Err(_) => return Ok(None),
        };
        let text = String::from_utf8_lossy(answer.content()).into_owned();
        Ok(said(answer.status, text))
    }
}

/// What an answer says of the file.
fn said(status: u16, text: String) -> Option<String> {
    let is_page = text.trim_start().starts_with('<');
    match status {
        200..=299 if !is_page => Some(text),
        // Of a proxy that wants to know who asks, of a server that is busy or out of order.
        407 | 429 | 500.. => None,
        _ => Some(String::new()),
    }
}

/// The file as it is to be remembered: where it could not be asked for, what was known of it holds on.
fn renewed(old: Option<File>, asked: Option<String>, now: Timestamp) -> File {
    match asked {
        Some(text) => File { expires_at: after(now, KEPT), text },
        None => File { expires_at: after(now, RETRY), text: old.map(|file| file.text).unwrap_or_default() },
    }
}

/// The first rule of a `tdmrep.json` that speaks of a path, as written; one that reserves speaks of it in any writing
/// ([`Robots::permits`]). One rule may stand there without its list.
fn tdmrep(text: &str, path: &str) -> Option<(String, String)> {
    let rules: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let rules = if rules.is_object() { Value::Array(vec![rules]) } else { rules };
    let rule = rules.as_array()?.iter().take(RULES_MAX).find(|rule| {
        let location = rule["location"].as_str().unwrap_or_default();
        let one = format!("user-agent: *\ndisallow: {location}");
        if location.is_empty() || location.contains(['\n', '\r']) {
            return false;
        }
        let rules = Robots::parse(one.as_bytes());
        let reserves = reserves("tdmrep.json", &rule.to_string(), Use::Mining, "*");
        let verdict = if reserves { rules.permits("*", path) } else { rules.verdict("*", path) };
        !verdict.allowed
    })?;
    Some(("tdmrep.json".to_owned(), rule.to_string()))
}

/// What an `ai.txt` says of a path: it is written like a robots.txt.
fn ai(text: &str, agent: &str, path: &str) -> Option<(String, String)> {
    if text.trim().is_empty() {
        return None;
    }
    let rules = Robots::parse(text.as_bytes());
    let verdict = rules.permits(agent, path);
    let line = verdict.line?;
    Some(("ai.txt".to_owned(), format!("{} (line {line})", verdict.rule)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only an answer about the file says that there is none.
    #[test]
    fn what_an_answer_says_of_the_file() {
        for (status, text, expected) in [
            (200, "Disallow: /", Some("Disallow: /")),
            (200, " <html>", Some("")),
            (401, "x", Some("")),
            (404, "x", Some("")),
            (407, "x", None),
            (429, "x", None),
            (500, "x", None),
            (503, "x", None),
        ] {
            assert_eq!(said(status, text.to_owned()).as_deref(), expected, "{status}");
        }
    }

    #[test]
    fn the_first_rule_for_a_path_counts() {
        let text = r#"[{"location":"/news/*","tdm-reservation":1,"tdm-policy":"https://a.example/p"},{"location":"/","tdm-reservation":0}]"#;
        let value = |path| tdmrep(text, path).map(|(_, value)| value).unwrap_or_default();
        assert!(value("/news/a").contains("\"tdm-reservation\":1"), "{}", value("/news/a"));
        assert!(value("/b").contains("\"tdm-reservation\":0"));
        for odd in [format!("\u{feff}{text}"), r#"{"location":"/news/*","tdm-reservation":1}"#.to_owned()] {
            assert!(tdmrep(&odd, "/news/a").is_some_and(|(_, rule)| rule.contains("\"tdm-reservation\":1")), "{odd}");
        }
        for broken in ["", "{}", "[", "[1,null,{\"location\":5}]", "<html>"] {
            assert_eq!(tdmrep(broken, "/"), None, "{broken}");
        }
    }

    /// What reserves does so in any writing of a path; what frees, and what comes first, as written alone.
    #[test]
    fn a_reservation_holds_for_a_path_in_any_writing() {
        let one = |location: &str, reserved: u8, path: &str| {
            let text = format!(r#"[{{"location":"{location}","tdm-reservation":{reserved}}},{{"location":"/"}}]"#);
            tdmrep(&text, path).is_some_and(|(_, rule)| rule.contains("tdm-reservation"))
        };
        assert!(one("/%7ejoe/", 1, "/~joe/a") && one("/~joe/", 1, "/%7Ejoe/a"));
        assert!(!one("/%7ejoe/", 0, "/~joe/a") && one("/~joe/", 0, "/~joe/a"));
        assert!(!one("/%7ejoe/", 1, "/joe/a"));
        assert!(ai("user-agent: *\ndisallow: /%7ejoe/", "gleaner", "/~joe/a").is_some());
        assert!(ai("user-agent: *\ndisallow: /%7ejoe/", "gleaner", "/joe/a").is_none());
    }

    #[test]
    fn a_site_that_cannot_be_asked_reserves_what_it_did() {
        let now = Timestamp::UNIX_EPOCH;
        let old = File { expires_at: now, text: "disallow: /".to_owned() };
        let failed = renewed(Some(old.clone()), None, now);
        assert_eq!((failed.text.as_str(), failed.expires_at), ("disallow: /", after(now, RETRY)));
        assert_eq!(renewed(Some(old), Some(String::new()), now).text, "", "taken back");
        assert_eq!(renewed(None, None, now).text, "");
    }

    #[test]
    fn files_are_bounded_by_their_text() {
        let mut files = Files::default();
        let file = |bytes: usize| File { expires_at: Timestamp::UNIX_EPOCH, text: "a".repeat(bytes) };
        for n in 0..2 * TEXT_BYTES_MAX / (1 << 20) {
            files.keep(n.to_string(), &file(1 << 20));
            files.keep("again".to_owned(), &file(5));
            let held: usize = files.by_name.values().map(|file| file.text.len()).sum();
            assert!(held == files.text_bytes && held <= TEXT_BYTES_MAX, "{held} {}", files.text_bytes);
        }
    }

    #[test]
    fn an_ai_txt_is_read_like_a_robots_txt() {
        assert_eq!(
            ai("User-Agent: *\nDisallow: *.jpg", "gleaner", "/x.jpg").map(|f| f.1).as_deref(),
            Some("Disallow: *.jpg (line 2)")
        );
        assert_eq!(ai("hello", "gleaner", "/x.jpg"), None);
    }
}

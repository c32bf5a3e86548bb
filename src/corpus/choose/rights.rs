//! `--rights`: what owners reserve, as their newest word on it says.
//!
//! A later opt-out holds for what was archived before it. A signal for a whole site (`tdmrep.json`, `ai.txt`), seen with any
//! of its pages, holds for those of them that were not visited since.

use std::collections::HashMap;

use serde_json::Value;

use super::super::{Rights, near};
use crate::capture::Capture;
use crate::capture::rights::{Use, reserved};
use crate::page::Timestamp;

/// What is reserved, and the signal that says so, as `tdm-reservation: 1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reservation {
    pub against: Against,
    pub signal: String,
}

/// What a text must not be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// Training a model.
    Training,
    /// Text and data mining of any kind, training included.
    Mining,
}

impl Against {
    pub fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Mining => "mining",
        }
    }
}

impl Reservation {
    /// The widest of what some signals reserve.
    fn of(signals: &[(String, String)]) -> Option<Self> {
        let found = |wanted| reserved(signals, wanted);
        let mining = found(Use::Mining).map(|signal| (Against::Mining, signal));
        let (against, (name, value)) =
            mining.or_else(|| found(Use::Training).map(|signal| (Against::Training, signal)))?;
        Some(Self { against, signal: shown(name, value) })
    }

    /// Whether a corpus for that use must go without.
    pub fn forbids(&self, rights: Rights) -> bool {
        match rights {
            Rights::Any => false,
            Rights::Mining => self.against == Against::Mining,
            Rights::Training => true,
        }
    }
}

/// Signals come from the web and may be long.
const SHOWN_CHARS_MAX: usize = 120;

fn shown(name: &str, value: &str) -> String {
    format!("{name}: {value}").chars().take(SHOWN_CHARS_MAX).collect()
}

/// When an address last said anything about its rights, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stance {
    at: Timestamp,
    /// Its place among the captures as they were written: of a visit that was read again the last reading holds.
    order: u64,
    reservation: Option<Reservation>,
}

impl Stance {
    /// A visit that brought a page speaks for it, by silence too; one that failed, or brought no body (status 304),
    /// speaks only where it reserved.
    pub fn of(capture: &Capture, order: u64) -> Self {
        let unknown = || Reservation { against: Against::Mining, signal: "unknown since a repair".to_owned() };
        let reservation = Reservation::of(&capture.rights).or_else(|| capture.is_made_anew().then(unknown));
        let speaks = capture.outcome.has_text() && capture.status != Some(304);
        if speaks || reservation.is_some() {
            Self { at: capture.fetched_at, order, reservation }
        } else {
            Self { at: Timestamp::MIN, order, reservation: None }
        }
    }
}

/// The newest word of each site on all of its pages.
#[derive(Default)]
pub struct Sites(HashMap<u64, Stance>);

impl Sites {
    /// Hears what a capture tells of its whole site. Of pages visited at one moment the one that reserved more is heard,
    /// whichever was written first.
    pub fn hear(&mut self, capture: &Capture) {
        let of_site: Vec<(String, String)> =
            capture.rights.iter().filter(|(name, value)| is_of_site(name, value)).cloned().collect();
        if of_site.is_empty() {
            return;
        }
        let reservation = Reservation::of(&of_site);
        let stance = Stance { at: capture.fetched_at, order: 0, reservation };
        let held = self.0.entry(site(capture)).or_insert_with(|| stance.clone());
        if *held < stance {
            *held = stance;
        }
    }

    /// What holds for an address whose own word is this.
    pub fn over(&self, site: u64, own: &Stance) -> Option<Reservation> {
        let of_site = self.0.get(&site).filter(|of_site| of_site.reservation.is_some() && of_site.at > own.at);
        of_site.unwrap_or(own).reservation.clone()
    }
}

/// The host and port that answered, hashed: a site stays the same when it moves to https.
pub fn site(capture: &Capture) -> u64 {
    let url = capture.final_url.as_ref().unwrap_or(&capture.url);
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    near::fixed_hash(format!("{}{port}", url.host_str().unwrap_or_default()).as_bytes())
}

/// Whether a signal is for a whole site and not for one page.
fn is_of_site(name: &str, value: &str) -> bool {
    let is_root = |path: &str| matches!(path.trim(), "/" | "/*" | "*");
    match name {
        "tdmrep.json" => {
            let rule: Value = serde_json::from_str(value).unwrap_or_default();
            rule["location"].as_str().is_some_and(is_root)
        }
        "ai.txt" => {
            let rule = value.split_once(" (").map_or(value, |(rule, _)| rule);
            rule.split_once(':').is_some_and(|(_, path)| is_root(path))
        }
        // A pattern of paths may stand before what they say.
        "robots.txt content-signal" | "robots.txt content-usage" => match value.split_ascii_whitespace().next() {
            Some(first) if first.starts_with('/') => is_root(first),
            first => first.is_some(),
        },
        _ => false,
    }
}

//! Capture: one address at one moment; the archive's record.
//!
//! In: page, document. Out: [`Capture`], [`Outcome`], the ids.
//! Always: a failed fetch is a capture too, so history is complete.
//! Not here: how captures are stored (`archive`).

mod answer;
mod pair;
pub mod rights;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::answer::RawRecord;
use crate::document::{Kind, Metadata};
use crate::page::{Hop, Timestamp, Url};

/// SHA-256 of some bytes: of a clean text, of raw bytes, or of a capture's record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub [u8; 32]);

impl Id {
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Those of two contents, in less time than one after the other.
    pub fn of_both(one: &[u8], other: &[u8]) -> [Self; 2] {
        pair::ids(one, other)
    }

    /// The first 8 hex digits, for people.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Digit by digit through `write!` takes ten times as long, and records and ledgers are full of ids.
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            (pair[0], pair[1]) = (DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]);
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no SHA-256 in hex (64 digits)")]
pub struct BadId(String);

/// Beyond all digits.
const NO_DIGIT: u8 = 16;
/// The value of each byte as a hex digit: every record that is read names several ids.
const DIGIT_VALUES: [u8; 256] = {
    let (mut values, mut byte) = ([NO_DIGIT; 256], 0);
    while byte < values.len() {
        if let Some(digit) = (byte as u8 as char).to_digit(16) {
            values[byte] = digit as u8;
        }
        byte += 1;
    }
    values
};

impl FromStr for Id {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let read = || {
            let (mut id, mut all) = ([0; 32], 0);
            for (byte, pair) in id.iter_mut().zip(text.as_bytes().as_chunks::<2>().0) {
                let [high, low] = pair.map(|digit| DIGIT_VALUES[usize::from(digit)]);
                all |= high | low;
                *byte = high << 4 | low;
            }
            (all < NO_DIGIT).then_some(Self(id))
        };
        read().filter(|_| text.len() == 64).ok_or_else(|| BadId(text.to_owned()))
    }
}

impl Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(IdDigits)
    }
}

/// Reads an id where its digits stand, without a copy of them.
struct IdDigits;

impl serde::de::Visitor<'_> for IdDigits {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a SHA-256 in hex")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Id, E> {
        text.parse().map_err(E::custom)
    }
}

/// How a visit ended. Each class has its own retry rule (`schedule`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    Ok,
    /// The same text as the capture before.
    Unchanged,
    /// The address now leads to another one for good.
    Moved,
    Gone,
    #[serde(rename = "soft-404")]
    Soft404,
    /// A challenge, captcha or bot-check page.
    Blocked,
    ConsentWall,
    Paywalled,
    Login,
    /// robots.txt forbids it, or could not be read for now.
    Robots,
    /// A rights signal reserves the page.
    OptedOut,
    TooLarge,
    NotText,
    /// A redirect loop, calendar, or endless space of addresses.
    Trap,
    Dns,
    /// The address is not globally routable and not allowed by the config.
    Address,
    Connect,
    Tls,
    Timeout,
    /// Any other failure of the HTTP exchange, an error status included.
    Http,
}

impl Outcome {
    /// Whether the visit brought or confirmed clean text.
    pub fn has_text(self) -> bool {
        matches!(self, Self::Ok | Self::Unchanged)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// One address at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capture {
    /// SHA-256 of the record as stored; filled in by the archive.
    #[serde(skip)]
    pub id: Option<Id>,
    pub url: Url,
    pub fetched_at: Timestamp,
    pub outcome: Outcome,
    /// What went wrong or was noteworthy, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_url: Option<Url>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hops: Vec<Hop>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Whether a browser ran the page's scripts, and the raw bytes are the document it came to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rendered: bool,
    /// Whether pages of the thread or article could not be had; `detail` says why.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// SHA-256 of the clean text (UTF-8, NFC, LF).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Id>,
    /// SHA-256 of the JSON of [`Records`], where the page has posts or comments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Id>,
    /// SHA-256 of the raw bytes (content decoded), where they are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<Id>,
    #[serde(default)]
    pub kind: Kind,
    #[serde(default)]
    pub metadata: Metadata,
    #[serde(default)]
    pub confidence: f32,
    #[serde(default)]
    pub words_kept: u32,
    /// Words removed, by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words_removed: BTreeMap<String, u32>,
    /// Program and model that made the text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub extractor: String,
    /// Rights signals seen, raw: name and value as sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Capture {
    /// Its `detail` where a repair made it from what the index knew, which says nothing of the owner's rights.
    pub const MADE_ANEW: &str = "made anew from the index by a repair: its record was lost, its text was not";

    pub fn is_made_anew(&self) -> bool {
        self.detail.as_deref() == Some(Self::MADE_ANEW)
    }
}

/// Thread and posts of a capture, kept as one JSON blob beside its text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Records {
    pub thread: Option<crate::document::Thread>,
    pub posts: Vec<crate::document::Post>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_from_its_64_hex_digits_alone() {
        let id = Id::of(b"What it says.");
        let text = id.to_string();
        assert_eq!(text.parse::<Id>().ok(), Some(id));
        assert_eq!(text.to_uppercase().parse::<Id>().ok(), Some(id));
        let signed = format!("+{}", &text[1..]);
        let cut = &text[1..];
        let long = format!("{text}00");
        let no_digit = format!("g{}", &text[1..]);
        let wide = format!("é{}", &text[2..]);
        for bad in [&*signed, cut, &long, &no_digit, &wide, ""] {
            assert!(bad.parse::<Id>().is_err(), "{bad}");
        }
    }
}

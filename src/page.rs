//! Page: what the network answered, byte for byte.
//!
//! In: nothing of ours. Out: [`Url`], [`Page`], [`Hop`], [`RobotsNote`], [`Rendering`].
//! Always: the body is kept as sent unless a browser drew it, and an address never prints its credentials.
//! Not here: fetching (`fetch`) and reading the bytes (`extract`).

mod tracking;

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use encoding_rs::{Encoding, UTF_8};
pub use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::tracking::{matches, only_tracks};

/// An absolute address. Wraps the WHATWG one and masks credentials wherever it is shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url(url::Url);

impl Url {
    /// Parses an absolute address.
    ///
    /// # Errors
    /// [`url::ParseError`] when the text is no absolute URL.
    pub fn parse(text: &str) -> Result<Self, url::ParseError> {
        url::Url::parse(text.trim()).map(Self)
    }

    /// The `file:` address of a path, made absolute against the working folder.
    pub fn from_path(path: &std::path::Path) -> Option<Self> {
        let absolute = std::path::absolute(path).ok()?;
        url::Url::from_file_path(absolute).ok().map(Self)
    }

    /// Resolves a reference found on this page.
    ///
    /// # Errors
    /// [`url::ParseError`] when the reference cannot be resolved.
    pub fn join(&self, reference: &str) -> Result<Self, url::ParseError> {
        self.0.join(reference.trim()).map(Self)
    }

    /// As [`Url::join`], for a link of a page in that encoding (WHATWG's name): a browser sends the query in it, and the
    /// path in UTF-8. An encoding that is not known counts as UTF-8.
    ///
    /// # Errors
    /// [`url::ParseError`] when the reference cannot be resolved.
    pub fn join_from(&self, reference: &str, encoding: &str) -> Result<Self, url::ParseError> {
        let encoding = Encoding::for_label(encoding.as_bytes()).unwrap_or(UTF_8);
        let encode: &dyn Fn(&str) -> Cow<'_, [u8]> = &|query| Cow::Owned(encoded_query(query, encoding));
        let options = url::Url::options().base_url(Some(&self.0)).encoding_override(Some(encode));
        options.parse(reference.trim()).map(Self)
    }

    /// The address with user name and password, for the wire only.
    pub fn with_credentials(&self) -> &url::Url {
        &self.0
    }

    /// Whose patience a request spends: the registrable domain's. A host without one (an address, a name of the
    /// local network) is one server to a port.
    pub fn manners_key(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        if let Some(url::Host::Domain(name)) = self.0.host()
            && let Some(domain) = psl::domain_str(name.trim_end_matches('.'))
            && name.contains('.')
        {
            return domain.to_owned();
        }
        format!("{host}:{}", self.0.port_or_known_default().unwrap_or_default())
    }

    /// Whether this is `http:` or `https:`.
    pub fn is_web(&self) -> bool {
        matches!(self.0.scheme(), "http" | "https")
    }
}

/// A query in the encoding of its page; what that has no sign for is sent as a reference by number, as browsers do.
pub(crate) fn encoded_query(query: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, unknown) = encoding.encode(query);
    if !unknown {
        return bytes.into_owned();
    }
    let mut out = Vec::with_capacity(query.len());
    for c in query.chars() {
        let alone = c.to_string();
        let (bytes, _, unknown) = encoding.encode(&alone);
        if unknown {
            out.extend(format!("%26%23{}%3B", u32::from(c)).bytes());
        } else {
            out.extend_from_slice(&bytes);
        }
    }
    out
}

impl Deref for Url {
    type Target = url::Url;
    fn deref(&self) -> &url::Url {
        &self.0
    }
}

impl From<url::Url> for Url {
    fn from(url: url::Url) -> Self {
        Self(url)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.username().is_empty() && self.0.password().is_none() {
            return f.write_str(self.0.as_str());
        }
        let mut masked = self.0.clone();
        let _ = masked.set_username("***");
        let _ = masked.set_password(None);
        f.write_str(masked.as_str())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Url {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Url {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// One redirect: the address that answered and the status it answered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    pub url: Url,
    pub status: u16,
}

/// What robots.txt said about an address that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsNote {
    /// The name it was asked by.
    pub agent: String,
    /// The line that allowed it, from 1; none where no rule matched.
    pub line: Option<usize>,
    /// That line as written; empty where no rule matched.
    pub rule: String,
    /// `Content-Signal` and `Content-Usage` lines for this program, name and value as sent.
    pub signals: Vec<(String, String)>,
}

/// One answer of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The address that was asked for.
    pub url: Url,
    /// The address that answered, after redirects.
    pub final_url: Url,
    /// The redirects between them, in order.
    pub hops: Vec<Hop>,
    pub fetched_at: Timestamp,
    pub status: u16,
    /// Header names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body as sent, before content decoding.
    pub body: Vec<u8>,
    /// The body after content decoding (gzip, br, zstd, deflate), where it differs from `body`.
    pub decoded: Option<Vec<u8>>,
    /// What robots.txt said; none where no network was asked.
    pub robots: Option<RobotsNote>,
    /// Where a browser ran the page's scripts: `body` is then the document it came to, not what the network answered.
    pub rendered: Option<Rendering>,
}

/// What a browser did to a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendering {
    /// What is noteworthy about the outcome, for people.
    pub note: Option<String>,
    /// Requests that the page made, and bytes of their answers.
    pub requests: u32,
    pub bytes: u64,
    /// The page as it was fetched, decoded, and its content type: what it said of itself before its scripts ran.
    pub fetched: Vec<u8>,
    pub fetched_type: Option<String>,
}

impl Page {
    /// The first header of that lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Bytes that the network brought for it.
    pub fn bytes_spent(&self) -> u64 {
        let of_scripts = |rendering: &Rendering| rendering.fetched.len() as u64 + rendering.bytes;
        self.rendered.as_ref().map_or(self.body.len() as u64, of_scripts)
    }

    /// The bytes to read: the body with its content coding undone.
    pub fn content(&self) -> &[u8] {
        self.decoded.as_deref().unwrap_or(&self.body)
    }
}

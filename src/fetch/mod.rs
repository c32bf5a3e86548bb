//! Fetch: an address in, a [`Page`] out.
//!
//! In: [`Url`], what is known of it ([`Known`]). Out: [`Page`], or a [`Failure`] with its outcome class.
//! Always: robots.txt is obeyed, a host is asked politely, only globally routable addresses are called
//! unless the options allow more, and no answer costs more than its named limits.
//! Not here: what the bytes mean, where they are kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::capture::Outcome;
use crate::page::{Hop, Page, Url};

/// The config table `[fetch]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// How a webmaster can reach whoever runs this: an address or a mailbox, sent in `User-Agent`.
    pub contact: String,
    /// First word of `User-Agent` and the name robots.txt rules are matched against.
    pub agent: String,
    /// Least time between two requests to one host.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub delay: Duration,
    /// Longest delay a robots.txt may ask for.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub crawl_delay_max: Duration,
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub connect_timeout: Duration,
    /// Longest wait for the first byte, and between two reads.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub read_timeout: Duration,
    /// Longest time for one request from start to end.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub timeout: Duration,
    /// Most bytes of a body after decoding.
    pub body_bytes_max: u64,
    pub redirects_max: u32,
    /// Hosts asked at the same time.
    pub concurrency: usize,
    /// Addresses and networks called although they are not globally routable, as `127.0.0.1` or `10.0.0.0/8`.
    pub allow_addresses: Vec<String>,
    /// Proxy for all requests, as `http://host:port` or `socks5://host:port`; empty for none.
    pub proxy: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            contact: String::new(),
            agent: "gleaner".to_owned(),
            delay: Duration::from_secs(1),
            crawl_delay_max: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(20),
            timeout: Duration::from_secs(60),
            body_bytes_max: 8 << 20,
            redirects_max: 10,
            concurrency: 16,
            allow_addresses: Vec::new(),
            proxy: String::new(),
        }
    }
}

/// What an earlier visit left, for a conditional request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// A visit that brought no page, and how far it got.
#[derive(Debug)]
pub struct Failure {
    pub error: FetchError,
    pub url: Url,
    /// Where it ended.
    pub final_url: Url,
    pub hops: Vec<Hop>,
    pub status: Option<u16>,
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    #[error("no answer from {host} within {limit:?}")]
    Timeout { host: String, limit: Duration },
}

impl FetchError {
    /// The class of the capture that records this failure.
    pub fn outcome(&self) -> Outcome {
        Outcome::Timeout
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        None
    }
}

/// A polite client: cheap to clone, one pool and one clock for all its clones.
#[derive(Clone, Debug)]
pub struct Fetcher {}

impl Fetcher {
    /// # Errors
    /// What is wrong with the options, naming the key.
    pub fn new(options: Options) -> Result<Self, String> {
        let _ = options;
        Ok(Self {})
    }

    /// Fetches one address: waits its host's turn, asks robots.txt, follows redirects.
    /// An answer 304 to a conditional request is a [`Page`] with that status and no body.
    pub async fn fetch(&self, url: &Url, known: &Known) -> Result<Page, Box<Failure>> {
        let _ = known;
        Err(Box::new(Failure {
            error: FetchError::Timeout { host: String::new(), limit: Duration::ZERO },
            url: url.clone(),
            final_url: url.clone(),
            hops: Vec::new(),
            status: None,
        }))
    }
}

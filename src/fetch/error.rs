//! What can go wrong on the way to a page: one variant per thing a user would do something different about.

use std::net::IpAddr;
use std::time::Duration;

use super::client::HEADERS_MAX;
use super::exchange::PROXY_SIGN_IN;
use super::polite::RETRY_AFTER_MAX;
use crate::capture::Outcome;
use crate::page::{Hop, Page, Timestamp, Url};

/// A visit that brought no page, and how far it got.
#[derive(Debug)]
pub struct Failure {
    pub error: FetchError,
    pub url: Url,
    /// Where it ended.
    pub final_url: Url,
    pub hops: Vec<Hop>,
    pub status: Option<u16>,
    /// The answer behind an error status, its body cut at [`ERROR_BODY_BYTES_MAX`](super::ERROR_BODY_BYTES_MAX): a challenge or
    /// sign-in page is told from it.
    pub page: Option<Page>,
}

/// Which wait came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait {
    /// Name look-up, TCP and TLS handshakes.
    Connect,
    /// From the request to the end of the answer's headers.
    FirstByte,
    /// Between two pieces of the body.
    Read,
    /// The whole request.
    Total,
    /// Of the browser, for the page's scripts.
    Render,
}

/// Which part of an answer is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    Headers,
    /// The body as sent.
    Body,
    /// The body once its content coding is undone.
    Decoded,
    /// The document once its scripts have run.
    Rendered,
    /// What the browser holds in memory for it.
    Memory,
}

/// What kept a secure connection from being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsFault {
    /// Nobody who is trusted here vouches for the server's certificate.
    Issuer,
    /// The certificate itself is no good: its time is over, it is another host's, or it was taken back.
    Certificate,
    /// What came is not TLS.
    NotTls,
    /// The two sides did not agree, or the server hung up.
    Handshake,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    #[error("`{url}` is a `{scheme}:` address, and only http and https are fetched", scheme = .url.scheme())]
    Scheme { url: Url },
    #[error("{host} is at {address}, which is {block} and not on the public internet")]
    Address { host: String, address: IpAddr, block: &'static str },
    #[error("{host} was not found: {why}")]
    Dns { host: String, why: String },
    #[error("{host} cannot be reached: {why}")]
    Connect { host: String, why: String },
    #[error("no secure connection to {host}: {why}")]
    Tls { host: String, why: String, fault: TlsFault },
    #[error("the proxy {proxy} lets nothing through: {why}")]
    Proxy { proxy: String, why: String },
    #[error("no answer from {host} within {limit:?} ({})", wait.words())]
    Timeout { host: String, limit: Duration, wait: Wait },
    #[error("{} of `{url}` is over {limit_bytes} bytes{}", part.words(), part.other_limit())]
    TooLarge { url: Url, limit_bytes: u64, part: Part },
    #[error("`{url}` is no text: {why}")]
    NotText { url: Url, why: String },
    #[error("line {line} of the robots.txt of {host} forbids it to {agent}: `{rule}`{}", undone_words(*.undone))]
    Robots {
        host: String,
        agent: String,
        line: usize,
        rule: String,
        /// Only once percent-encodings are undone.
        undone: bool,
    },
    #[error("the robots.txt of {host} cannot be read ({why}), so nothing is fetched there until {retry_at:.0}")]
    RobotsUnreachable { host: String, why: String, retry_at: Timestamp },
    #[error("{host} reserves it: `{}: {}`", signal.0, shown(&signal.1))]
    Reserved { host: String, signal: Box<(String, String)> },
    /// With the same cookies, where those that the host sets are sent back.
    #[error("redirects go in a circle: {}", .chain.join(" -> "))]
    Loop { chain: Vec<String>, keeps_cookies: bool },
    #[error("more than {limit} redirects: {}", .chain.join(" -> "))]
    TooManyRedirects { chain: Vec<String>, limit: u32 },
    #[error("`{url}` answered {status} but names no address to go on to: {why}")]
    BadRedirect { url: Url, status: u16, why: String },
    #[error("`{url}` answered {code}{}{}", words_of(*code), wait_words(*retry_after))]
    Status { url: Url, code: u16, retry_after: Option<Duration> },
    #[error("{host} asked for a pause: no request to it before {until:.0}")]
    BackOff { host: String, until: Timestamp },
    #[error("{host} has others waiting: what a page's scripts ask for waits {limit:?} at most")]
    Queue { host: String, limit: Duration },
    #[error("{most} large lists are held at once, and none was done within {limit:?}")]
    Crowded { most: usize, limit: Duration },
    #[error("the address has {bytes} bytes, over {limit}; it begins `{start}`")]
    LongAddress { bytes: usize, limit: usize, start: String },
    #[error("{host} was not asked: the run was to end before its turn came")]
    Halted { host: String },
    #[error("{host} has had its {most} requests of the day; the next is not before {until:.0}")]
    DayFull { host: String, most: u64, until: Timestamp },
    #[error("`{url}` was erased, and is asked for no more")]
    Barred { url: Url },
    #[error("{host} is never asked: its `[host]` table says so")]
    Never { host: String },
    #[error("what {host} asked for cannot be remembered: {why}")]
    Memory { host: String, why: String },
    #[error("the body of `{url}` ends early: {got} bytes came{}", expected.map_or_else(String::new, |n| format!(" of {n} announced")))]
    Cut { url: Url, got: u64, expected: Option<u64> },
    #[error("the body of `{url}` cannot be decoded: {why}")]
    Decode { url: Url, why: String },
    #[error("the browser gave no document of `{url}`: {why}")]
    Browser { url: Url, why: String },
    #[error("{host} does not speak HTTP as it should: {why}")]
    Protocol { host: String, why: String },
}

impl FetchError {
    /// The class of the capture that records this failure.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Address { .. } => Outcome::Address,
            Self::Dns { .. } => Outcome::Dns,
            Self::Connect { .. } | Self::Proxy { .. } => Outcome::Connect,
            Self::Tls { .. } => Outcome::Tls,
            Self::Timeout { .. } => Outcome::Timeout,
            Self::TooLarge { .. } => Outcome::TooLarge,
            Self::NotText { .. } => Outcome::NotText,
            Self::Robots { .. } | Self::RobotsUnreachable { .. } => Outcome::Robots,
            Self::Reserved { .. } | Self::Never { .. } | Self::Barred { .. } => Outcome::OptedOut,
            Self::Loop { .. } | Self::TooManyRedirects { .. } | Self::LongAddress { .. } => Outcome::Trap,
            Self::Status { code: 404 | 410, .. } => Outcome::Gone,
            Self::Status { code: 401, .. } => Outcome::Login,
            Self::Status { code: 402, .. } => Outcome::Paywalled,
            Self::Scheme { .. }
            | Self::BadRedirect { .. }
            | Self::Status { .. }
            | Self::BackOff { .. }
            | Self::Queue { .. }
            | Self::Crowded { .. }
            | Self::Halted { .. }
            | Self::DayFull { .. }
            | Self::Memory { .. }
            | Self::Cut { .. }
            | Self::Decode { .. }
            | Self::Browser { .. }
            | Self::Protocol { .. } => Outcome::Http,
        }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Scheme { url } if url.scheme() != "file" => return None,
            Self::Scheme { .. } => "for a file on this machine use `gleaner import` or `gleaner extract`",
            Self::Address { address, .. } => {
                return Some(format!("if that is meant, add `\"{address}\"` to `fetch.allow_addresses`"));
            }
            Self::Dns { .. } => "check the spelling of the host, and that this machine can resolve names",
            Self::Connect { .. } => "check the port, and whether a proxy is needed (`fetch.proxy`)",
            Self::Tls { fault, .. } => return fault.hint().map(str::to_owned),
            Self::Proxy { why, .. } if why != PROXY_SIGN_IN => {
                "see that it runs, and that `fetch.proxy` names it rightly"
            }
            Self::Proxy { .. } => {
                "see that name and password stand in `fetch.proxy`, as `http://name:password@host:port`"
            }
            Self::Timeout { wait, .. } => return Some(format!("raise `fetch.{}`, or try again later", wait.key())),
            Self::TooLarge { part: Part::Headers, .. } => "the server sends more headers than any page needs",
            Self::TooLarge { part: Part::Memory, .. } => "raise `fetch.render_memory_bytes_max`",
            Self::TooLarge { .. } => "raise `fetch.body_bytes_max`",
            Self::NotText { .. } => "only pages of text are kept: HTML, XML, JSON and plain text",
            Self::Robots { .. } => "ask the site's owner, or leave the page out",
            Self::Reserved { .. } => "ask the site's owner, or set `fetch.opt_outs` to what you may do",
            Self::RobotsUnreachable { .. } => "nothing to do: a later run asks again",
            Self::Loop { keeps_cookies: false, .. } => {
                "the site may want cookies: try `keep_cookies = true` in its `[host]` table, or leave the page out"
            }
            Self::Loop { .. } => "leave the page out",
            Self::TooManyRedirects { .. } => "start from a later address of the chain, or raise `fetch.redirects_max`",
            Self::Status { code, .. } => return status_hint(*code).map(str::to_owned),
            Self::BackOff { .. } | Self::Queue { .. } | Self::Crowded { .. } | Self::Halted { .. } => {
                "nothing to do: a later run asks again"
            }
            Self::DayFull { .. } => "nothing to do, or raise `requests_per_day` of its `[host]` table",
            Self::Never { .. } => "take `never` out of its `[host]` table, if it may be asked now",
            Self::Memory { .. } => "see that the disk of the archive has space and can be written",
            Self::Cut { .. } => "try again later; if it stays so, the server announces a wrong length",
            Self::Browser { .. } => "see that `fetch.browser` starts; as root it needs `fetch.browser_sandbox = false`",
            Self::LongAddress { .. }
            | Self::BadRedirect { .. }
            | Self::Decode { .. }
            | Self::Barred { .. }
            | Self::Protocol { .. } => return None,
        };
        Some(hint.to_owned())
    }

    /// How long the server asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether nothing was asked because the host is left alone for a while: there is nothing to tell of the page.
    pub fn is_pause(&self) -> bool {
        matches!(self, Self::BackOff { .. } | Self::Queue { .. } | Self::Halted { .. } | Self::DayFull { .. })
    }

    /// Whether the host itself could not be reached, so that asking it anything else would end the same.
    pub(super) fn is_of_the_host(&self) -> bool {
        matches!(
            self,
            Self::Address { .. } | Self::Dns { .. } | Self::Connect { .. } | Self::Proxy { .. } | Self::Tls { .. }
        )
    }
}

impl TlsFault {
    fn hint(self) -> Option<&'static str> {
        match self {
            Self::Issuer => {
                Some("the certificate is not trusted here: if the site is right, name its root in `SSL_CERT_FILE`")
            }
            Self::NotTls => Some("if the server speaks plain HTTP, begin the address with `http://`"),
            Self::Certificate | Self::Handshake => None,
        }
    }
}

impl Wait {
    fn words(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::FirstByte => "waiting for the first byte",
            Self::Read => "waiting for more of the body",
            Self::Total => "the whole request",
            Self::Render => "running its scripts",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Connect => "connect_timeout",
            Self::FirstByte | Self::Read => "read_timeout",
            Self::Total => "timeout",
            Self::Render => "render_timeout",
        }
    }
}

impl Part {
    fn words(self) -> &'static str {
        match self {
            Self::Headers => "the header",
            Self::Body => "the body",
            Self::Decoded => "the decoded body",
            Self::Rendered => "the document that scripts made",
            Self::Memory => "the memory a browser needs",
        }
    }
}

impl Part {
    /// What else may be too much of it: the client does not tell which it was.
    fn other_limit(self) -> String {
        if self == Self::Headers { format!(" or {HEADERS_MAX} lines") } else { String::new() }
    }
}

fn undone_words(undone: bool) -> &'static str {
    if undone { " (once percent-encodings are undone)" } else { "" }
}

/// The reason phrase, as ` not found`.
fn words_of(code: u16) -> String {
    let reason = reqwest::StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason());
    reason.map_or_else(String::new, |reason| format!(" {}", reason.to_ascii_lowercase()))
}

fn wait_words(retry_after: Option<Duration>) -> String {
    // What is longer was cut.
    let least = |wait| if wait >= RETRY_AFTER_MAX { "at least " } else { "" };
    retry_after.map_or_else(String::new, |wait| format!(" and asks to wait {}{wait:?}", least(wait)))
}

fn status_hint(code: u16) -> Option<&'static str> {
    match code {
        401 => Some("the page wants a sign-in; name and password can stand in the address for basic sign-in"),
        407 => Some("a proxy on the way wants a sign-in: name it in `fetch.proxy`"),
        402 => Some("the page is sold, not open"),
        403 => Some("the server refuses this program: ask its owner, who learns from `fetch.contact` who asks"),
        404 | 410 => Some("the page is gone: check the address"),
        429 | 503 => {
            Some("the server is busy: the host is left alone for a while; raise `fetch.delay` if this repeats")
        }
        500..=599 => Some("the server is in trouble: try again later"),
        _ => None,
    }
}

/// The start of an untrusted text, fit for a message.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

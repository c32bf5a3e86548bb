//! One request and its answer, under every limit. No redirects, no manners: those are the callers'.

use std::future::Future;
use std::time::Duration;

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use tokio::time::timeout;

use super::decode::{DecodeError, codings, decode};
use super::error::{FetchError, Part, Wait};
use super::trouble::trouble;
use super::{Fetcher, HEADER_BYTES_MAX, Options, sniff};
use crate::page::{Timestamp, Url};

/// Most of an error page that is kept: enough to know a challenge or a sign-in page.
pub const ERROR_BODY_BYTES_MAX: u64 = 256 << 10;

/// What is wanted of a good answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Text, whole.
    Page,
    /// Whatever it is, its first bytes up to a limit.
    Start(u64),
}

/// One answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub at: Timestamp,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub decoded: Option<Vec<u8>>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn content(&self) -> &[u8] {
        self.decoded.as_deref().unwrap_or(&self.body)
    }

    /// How long the server asks to be left alone, in seconds or as a date.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let value = self.header(RETRY_AFTER.as_str())?.trim();
        if let Ok(seconds) = value.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let since_1970 = httpdate::parse_http_date(value).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        let now = u64::try_from(self.at.as_second()).unwrap_or(0);
        Some(since_1970.saturating_sub(Duration::from_secs(now)))
    }
}

impl Fetcher {
    /// Sends one GET and reads its answer.
    pub(super) async fn exchange(&self, url: &Url, extra: HeaderMap, want: Want) -> Result<Answer, FetchError> {
        let options = &self.shared.options;
        let host = host(url);
        let whole = async {
            let request = self.shared.client.get(url.with_credentials().clone()).headers(extra);
            // The connection has its own limit inside; this one is for a server that then says nothing.
            let first = options.connect_timeout.saturating_add(options.read_timeout);
            let sent = within(first, &host, Wait::FirstByte, options.read_timeout, request.send()).await?;
            let response = sent.map_err(|error| trouble(&error, url, options))?;
            read(response, url, want, options).await
        };
        within(options.timeout, &host, Wait::Total, options.timeout, whole).await?
    }
}

/// Host and port as the user wrote them.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

async fn within<T>(
    limit: Duration,
    host: &str,
    wait: Wait,
    shown: Duration,
    work: impl Future<Output = T>,
) -> Result<T, FetchError> {
    let late = |_| FetchError::Timeout { host: host.to_owned(), limit: shown, wait };
    timeout(limit, work).await.map_err(late)
}

/// How much of a body is taken, and what happens at the limit.
struct Take {
    bytes_max: u64,
    /// Past the limit: stop there and be content, rather than refuse.
    cut: bool,
    /// Refuse what is no text.
    text_only: bool,
}

impl Take {
    /// None where the body says nothing: redirects and 304.
    fn of(status: u16, want: Want, options: &Options) -> Option<Self> {
        match (status, want) {
            (300..=399, _) => None,
            (200..=299, Want::Page) => Some(Self { bytes_max: options.body_bytes_max, cut: false, text_only: true }),
            (200..=299, Want::Start(bytes_max)) => Some(Self { bytes_max, cut: true, text_only: false }),
            _ => Some(Self { bytes_max: ERROR_BODY_BYTES_MAX, cut: true, text_only: false }),
        }
    }
}

async fn read(response: reqwest::Response, url: &Url, want: Want, options: &Options) -> Result<Answer, FetchError> {
    let status = response.status().as_u16();
    let headers = header_pairs(response.headers());
    let header_bytes: usize = headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    if header_bytes > HEADER_BYTES_MAX {
        return Err(FetchError::TooLarge {
            url: url.clone(),
            limit_bytes: HEADER_BYTES_MAX as u64,
            part: Part::Headers,
        });
    }
    let mut answer = Answer { at: Timestamp::now(), status, headers, body: Vec::new(), decoded: None };
    if let Some(take) = Take::of(status, want, options) {
        read_body(response, url, &take, options, &mut answer).await?;
    }
    Ok(answer)
}

async fn read_body(
    response: reqwest::Response,
    url: &Url,
    take: &Take,
    options: &Options,
    answer: &mut Answer,
) -> Result<(), FetchError> {
    let declared = sniff::declared(answer.header(CONTENT_TYPE.as_str()));
    if take.text_only && declared == sniff::Declared::Other {
        let why = format!("its type is `{}`", answer.header(CONTENT_TYPE.as_str()).unwrap_or_default());
        return Err(FetchError::NotText { url: url.clone(), why });
    }
    let encodings = answer.headers.iter().filter(|(name, _)| name == CONTENT_ENCODING.as_str());
    let codings = codings(encodings.map(|(_, value)| value.as_str()));
    let codings =
        if take.cut { codings.unwrap_or_default() } else { codings.map_err(|error| undecodable(error, url, take))? };
    answer.body = receive(response, url, take, options).await?;
    if !codings.is_empty() {
        let decoded = decode(&answer.body, &codings, take.bytes_max, take.cut);
        answer.decoded = Some(decoded.map_err(|error| undecodable(error, url, take))?);
    }
    match sniff::binary(declared, answer.content()).filter(|_| take.text_only) {
        Some(what) => {
            Err(FetchError::NotText { url: url.clone(), why: format!("its first bytes are those of {what}") })
        }
        None => Ok(()),
    }
}

async fn receive(
    mut response: reqwest::Response,
    url: &Url,
    take: &Take,
    options: &Options,
) -> Result<Vec<u8>, FetchError> {
    let expected = response.content_length();
    let too_large = || FetchError::TooLarge { url: url.clone(), limit_bytes: take.bytes_max, part: Part::Body };
    if !take.cut && expected.is_some_and(|expected| expected > take.bytes_max) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    loop {
        let chunk =
            within(options.read_timeout, &host(url), Wait::Read, options.read_timeout, response.chunk()).await?;
        let Some(chunk) =
            chunk.map_err(|error| super::trouble::broken_body(&error, url, body.len(), expected, options))?
        else {
            return Ok(body);
        };
        body.extend_from_slice(&chunk);
        if body.len() as u64 > take.bytes_max {
            body.truncate(usize::try_from(take.bytes_max).expect("less than what is in memory"));
            return if take.cut { Ok(body) } else { Err(too_large()) };
        }
    }
}

fn undecodable(error: DecodeError, url: &Url, take: &Take) -> FetchError {
    let url = url.clone();
    match error {
        DecodeError::TooLarge => FetchError::TooLarge { url, limit_bytes: take.bytes_max, part: Part::Decoded },
        DecodeError::Unknown(coding) => FetchError::Decode { url, why: format!("`{coding}` is no coding asked for") },
        DecodeError::TooMany(count) => {
            let most = super::decode::CODINGS_MAX;
            FetchError::Decode { url, why: format!("it has {count} codings on top of each other, over {most}") }
        }
        DecodeError::Broken { coding, why } => {
            FetchError::Decode { url, why: format!("as {} it is broken: {why}", coding.name()) }
        }
    }
}

/// Names in lower case. A value that is no UTF-8 is read as Latin-1, as HTTP once had it.
fn header_pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}

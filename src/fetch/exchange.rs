//! One request and its answer, under every limit. No redirects, no manners: those are the callers'.

use std::future::Future;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use reqwest::header::{COOKIE, DATE, HeaderMap, HeaderValue, RETRY_AFTER, SET_COOKIE, USER_AGENT};
use tokio::time::timeout;

use super::body::{Reading, Want};
use super::error::{FetchError, Part, Wait};
use super::polite::RETRY_AFTER_MAX;
use super::trouble::trouble;
use super::{Fetcher, HEADER_BYTES_MAX, HostOptions, Options, client};
use crate::page::{Timestamp, Url};

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
        retry_after(self.header(RETRY_AFTER.as_str())?, self.header(DATE.as_str()), self.at)
    }
}

/// What a `Retry-After` asks for, no more than [`RETRY_AFTER_MAX`], said at this moment in an answer of this `Date`: a moment
/// is one of the server's own clock (RFC 9110, 10.2.3 and 6.6.1). No time at all, or a moment that is over, asks for
/// nothing: what refuses us and says "now" is left alone as if it had said nothing.
pub(super) fn retry_after(value: &str, date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let since_1970 =
        |date: &str| httpdate::parse_http_date(date.trim()).ok()?.duration_since(std::time::UNIX_EPOCH).ok();
    let asked = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let ours = Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0));
            since_1970(value)?.saturating_sub(date.and_then(since_1970).unwrap_or(ours))
        }
    };
    Some(asked.min(RETRY_AFTER_MAX)).filter(|asked| !asked.is_zero())
}

impl Fetcher {
    /// Sends one GET and reads its answer.
    pub(super) async fn exchange(&self, url: &Url, extra: HeaderMap, want: Want) -> Result<Answer, FetchError> {
        let options = &self.shared.options;
        let own = options.host(url);
        let extra = self.own_headers(url, own, extra);
        let host = host(url);
        let whole = async {
            let request = self.shared.client.get(url.with_credentials().clone()).headers(extra);
            // The connection has its own limit inside; this one is for a server that then says nothing.
            let first = options.connect_timeout.saturating_add(options.read_timeout);
            let sent = within(first, &host, Wait::FirstByte, options.read_timeout, request.send()).await?;
            let response = sent.map_err(|error| trouble(&error, url, options))?;
            read(response, url, want, options, &self.shared.received).await
        };
        let answer = within(options.timeout, &host, Wait::Total, options.timeout, whole).await??;
        if own.is_some_and(|own| own.keep_cookies) {
            let set = answer.headers.iter().filter(|(name, _)| name == SET_COOKIE.as_str());
            set.for_each(|(_, value)| self.shared.cookies.take(url, value));
        }
        Ok(answer)
    }

    /// The headers that a host's own table adds.
    fn own_headers(&self, url: &Url, own: Option<&HostOptions>, mut headers: HeaderMap) -> HeaderMap {
        let Some(own) = own else { return headers };
        let agent = own.agent.as_deref().and_then(|agent| client::user_agent(&self.shared.options, agent).ok());
        headers.extend(agent.map(|agent| (USER_AGENT, agent)));
        let kept = own.keep_cookies.then(|| self.shared.cookies.of(url)).flatten();
        let cookies = [own.cookie.clone(), kept].into_iter().flatten().collect::<Vec<_>>().join("; ");
        if let (false, Ok(cookies)) = (cookies.is_empty(), HeaderValue::from_str(&cookies)) {
            headers.insert(COOKIE, cookies);
        }
        headers
    }
}

/// Host and port as the user wrote them.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The work, or which wait ended it. `shown` is the limit the user knows.
pub(super) async fn within<T>(
    limit: Duration,
    host: &str,
    wait: Wait,
    shown: Duration,
    work: impl Future<Output = T>,
) -> Result<T, FetchError> {
    let late = |_| FetchError::Timeout { host: host.to_owned(), limit: shown, wait };
    timeout(limit, work).await.map_err(late)
}

async fn read(
    response: reqwest::Response,
    url: &Url,
    want: Want,
    options: &Options,
    received: &AtomicU64,
) -> Result<Answer, FetchError> {
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
    if let Some(reading) = Reading::of(status, want, url, options, received) {
        reading.run(response, &mut answer).await?;
    }
    Ok(answer)
}

/// Names in lower case. A value that is no UTF-8 is read as Latin-1, as HTTP once had it.
fn header_pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}

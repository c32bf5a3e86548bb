//! One request and its answer, under every limit. No redirects, no manners: those are the callers'.

use std::future::Future;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{
    COOKIE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, SET_COOKIE, USER_AGENT,
};
use tokio::time::timeout;

use super::body::{Means, Pace, Reading, Want};
use super::error::{FetchError, Part, Wait};
use super::patience::{first_byte, paced};
use super::retry_after::retry_after;
use super::room::Room;
use super::trouble::{hung_up, trouble};
use super::{Fetcher, HEADER_BYTES_MAX, HostOptions, Options, Shared, client};
use crate::page::{Timestamp, Url};

/// What a proxy says by 407, which is no answer of the site behind it (RFC 9110, 15.5.8).
pub(super) const PROXY_SIGN_IN: &str = "it wants a sign-in (407)";

/// So often a request is sent again at most: each time takes a dead connection out of the client's few.
const RESENT_MAX: u32 = 3;

/// One answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub at: Timestamp,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub decoded: Option<Vec<u8>>,
    /// Where it stands in memory, if it is large.
    pub room: Room,
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

impl Fetcher {
    /// Sends one GET and reads its answer.
    pub(super) async fn exchange(&self, url: &Url, extra: HeaderMap, want: Want) -> Result<Answer, FetchError> {
        let Shared { options, received, rooms, .. } = &*self.shared;
        let extra = self.own_headers(url, options.host(url), extra);
        let pace = Pace::default();
        let whole = async {
            let response = self.send(url, &extra).await?;
            read(response, url, want, Means { options, received, pace: &pace, rooms }).await
        };
        let late = || {
            let limit = options.timeout + Duration::from_secs(pace.earned().as_secs());
            FetchError::Timeout { host: host(url), limit, wait: Wait::Total }
        };
        let answer = paced(options.timeout, || pace.earned(), whole).await.ok_or_else(late)??;
        if let (407, Some(proxy)) = (answer.status, client::proxy_host(options)) {
            return Err(FetchError::Proxy { proxy, why: PROXY_SIGN_IN.to_owned() });
        }
        if self.keeps_cookies(url) {
            let set = answer.headers.iter().filter(|(name, _)| name == SET_COOKIE.as_str());
            set.for_each(|(_, value)| self.shared.cookies.take(url, value));
        }
        Ok(answer)
    }

    /// The answer as far as its headers. A server may close a connection that has served before just when the next request
    /// is on its way (RFC 9112, 9.3.1), so what was lost by that is sent again, at last on a new one; nobody answered it, so
    /// it is one request still.
    async fn send(&self, url: &Url, extra: &HeaderMap) -> Result<reqwest::Response, FetchError> {
        let options = &self.shared.options;
        let Options { connect_timeout, read_timeout, .. } = *options;
        let mut again = 0..RESENT_MAX;
        loop {
            let request = self.shared.client.get(url.with_credentials().clone()).headers(extra.clone());
            let late = || FetchError::Timeout { host: host(url), limit: read_timeout, wait: Wait::FirstByte };
            let sent = first_byte(connect_timeout, read_timeout, request.send()).await.ok_or_else(late)?;
            let lost = match &sent.answer {
                Ok(response) => response.status() == StatusCode::REQUEST_TIMEOUT,
                Err(error) => hung_up(error),
            };
            if !(lost && sent.reused && again.next().is_some()) {
                return sent.answer.map_err(|error| trouble(&error, url, options));
            }
        }
    }

    pub(super) fn keeps_cookies(&self, url: &Url) -> bool {
        self.shared.options.host(url).is_some_and(|own| own.keep_cookies)
    }

    /// What is sent back to a host of the cookies that it has set.
    pub(super) fn kept_cookies(&self, url: &Url) -> Option<String> {
        if self.keeps_cookies(url) { self.shared.cookies.of(url) } else { None }
    }

    /// The headers that a host's own table adds.
    fn own_headers(&self, url: &Url, own: Option<&HostOptions>, mut headers: HeaderMap) -> HeaderMap {
        let Some(own) = own else { return headers };
        let agent = own.agent.as_deref().and_then(|agent| client::user_agent(&self.shared.options, agent).ok());
        headers.extend(agent.map(|agent| (USER_AGENT, agent)));
        let cookies = [own.cookie.clone(), self.kept_cookies(url)].into_iter().flatten().collect::<Vec<_>>().join("; ");
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

async fn read(response: reqwest::Response, url: &Url, want: Want, means: Means<'_>) -> Result<Answer, FetchError> {
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
    let mut answer =
        Answer { at: Timestamp::now(), status, headers, body: Vec::new(), decoded: None, room: Room::default() };
    if let Some(reading) = Reading::of(status, want, url, means) {
        reading.run(response, &mut answer).await?;
    }
    Ok(answer)
}

/// Names in lower case. A value that is no UTF-8 is read as Latin-1, as HTTP once had it; so is an entity tag, which has to
/// be sent back byte for byte. A place to go on to is asked for by the bytes that it was named in.
fn header_pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |name: &HeaderName, bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) if name != ETAG => text.to_owned(),
        Err(_) if name == LOCATION => encoded(bytes),
        _ => latin_1(bytes),
    };
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(name, value.as_bytes()))).collect()
}

fn latin_1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// An address with its bytes percent-encoded one by one, as browsers do; a host is a name, and read as Latin-1.
fn encoded(location: &[u8]) -> String {
    let host_at = memchr::memmem::find(location, b"//").map_or(0, |at| at + 2);
    let is_whole = host_at > 0 && !location[..host_at - 2].iter().any(|byte| b"/?#".contains(byte));
    let host_end = |at: usize| location[at..].iter().position(|byte| b"/?#".contains(byte)).map(|end| at + end);
    let path_at = if is_whole { host_end(host_at).unwrap_or(location.len()) } else { 0 };
    let mut text = latin_1(&location[..path_at]);
    for &byte in &location[path_at..] {
        if byte.is_ascii() {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::visit::sent_back;
    use super::*;

    #[test]
    fn a_location_is_asked_for_by_its_bytes() {
        for (bytes, text) in [
            (&b"/caf\xe9?x=\xff#y"[..], "/caf%E9?x=%FF#y"),
            ("/caf\u{e9}".as_bytes(), "/caf\u{e9}"),
            (b"https://caf\xe9.example/\xe9", "https://caf\u{e9}.example/%E9"),
            (b"//caf\xe9.example?\xe9", "//caf\u{e9}.example?%E9"),
            (b"//caf\xe9.example", "//caf\u{e9}.example"),
            (b"/\xe9/http://caf\xe9/", "/%E9/http://caf%E9/"),
        ] {
            let value = HeaderValue::from_bytes(bytes).expect("a header's value");
            assert_eq!(header_pairs(&HeaderMap::from_iter([(LOCATION, value)]))[0].1, text);
        }
    }

    #[test]
    fn an_entity_tag_is_sent_back_byte_for_byte() {
        for bytes in [&b"\"plain\""[..], b"W/\"x\xe9\"", "\"\u{e9}\u{4e00}\"".as_bytes()] {
            let value = HeaderValue::from_bytes(bytes).expect("a header's value");
            let pairs = header_pairs(&HeaderMap::from_iter([(ETAG, value)]));
            let back = sent_back(&pairs[0].1).expect("a header's value");
            assert_eq!(back.as_bytes(), bytes);
        }
    }
}

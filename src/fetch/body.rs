//! The body of an answer, read and decoded under its limits.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};

use super::decode::{CODINGS_MAX, Coding, DecodeError, codings, decode};
use super::error::{FetchError, Part, Wait, shown};
use super::exchange::{Answer, host, within};
use super::trouble::broken_body;
use super::{Options, sniff};
use crate::page::Url;

/// Most of an error page that is kept: enough to know a challenge or a sign-in page.
pub const ERROR_BODY_BYTES_MAX: u64 = 256 << 10;

/// Most bytes of a feed or sitemap, as sent and once unpacked: the sitemap protocol's own limit. What is longer is cut.
pub const LIST_BYTES_MAX: u64 = 50 << 20;

/// What is wanted of a good answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Text, whole.
    Page,
    /// The same, or a gzip file of it, as sitemaps are.
    List,
    /// Whatever it is, its first bytes up to a limit.
    Start(u64),
}

/// How strictly a body is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Text, whole and sound, or nothing.
    Whole,
    /// Text or gzip, sound up to the limit.
    List,
    /// Sound up to the limit.
    Start,
    /// Whatever comes: the status has said what counts.
    Scraps,
}

/// One body to read.
pub(super) struct Reading<'a> {
    url: &'a Url,
    options: &'a Options,
    mode: Mode,
    bytes_max: u64,
    /// Counts all bytes that come.
    received: &'a AtomicU64,
}

impl<'a> Reading<'a> {
    /// None where a body says nothing: redirects and 304.
    pub(super) fn of(
        status: u16,
        want: Want,
        url: &'a Url,
        options: &'a Options,
        received: &'a AtomicU64,
    ) -> Option<Self> {
        let (mode, bytes_max) = match (status, want) {
            (300..=399, _) => return None,
            (200..=299, Want::Page) => (Mode::Whole, options.body_bytes_max),
            (200..=299, Want::List) => (Mode::List, LIST_BYTES_MAX),
            (200..=299, Want::Start(bytes_max)) => (Mode::Start, bytes_max),
            _ => (Mode::Scraps, ERROR_BODY_BYTES_MAX),
        };
        Some(Self { url, options, mode, bytes_max, received })
    }

    /// Reads the body into the answer.
    pub(super) async fn run(&self, response: Response, answer: &mut Answer) -> Result<(), FetchError> {
        let declared = sniff::declared(answer.header(CONTENT_TYPE.as_str()));
        let kind = shown(answer.header(CONTENT_TYPE.as_str()).unwrap_or_default());
        let packed = self.mode == Mode::List && kind.to_ascii_lowercase().contains("gzip");
        if matches!(self.mode, Mode::Whole | Mode::List) && declared == sniff::Declared::Other && !packed {
            return Err(self.no_text(format!("its type is `{kind}`")));
        }
        let codings = self.codings(answer)?;
        let sniffed = |bytes: &[u8]| self.refuse_binary(declared, bytes);
        answer.body = self.receive(response, |start| if codings.is_empty() { sniffed(start) } else { Ok(()) }).await?;
        if !codings.is_empty() {
            answer.decoded = Some(self.decoded(&answer.body, &codings)?);
        }
        sniffed(answer.content())
    }

    fn codings(&self, answer: &Answer) -> Result<Vec<Coding>, FetchError> {
        let named = answer.headers.iter().filter(|(name, _)| name == CONTENT_ENCODING.as_str());
        match codings(named.map(|(_, value)| value.as_str())) {
            Err(error) if self.mode != Mode::Scraps => Err(self.undecodable(error)),
            codings => Ok(codings.unwrap_or_default()),
        }
    }

    /// `look` sees the beginning once, so that a film sent as `octet-stream` is not loaded to its limit.
    async fn receive(
        &self,
        mut response: Response,
        look: impl Fn(&[u8]) -> Result<(), FetchError>,
    ) -> Result<Vec<u8>, FetchError> {
        let expected = response.content_length();
        if self.mode == Mode::Whole && expected.is_some_and(|expected| expected > self.bytes_max) {
            return Err(self.too_large(Part::Body));
        }
        let mut body = Vec::new();
        loop {
            match self.chunk(&mut response, body.len(), expected).await {
                Ok(Some(chunk)) => {
                    self.received.fetch_add(chunk.len() as u64, Ordering::Relaxed);
                    body.extend_from_slice(&chunk);
                }
                Err(error) if self.mode != Mode::Scraps => return Err(error),
                Ok(None) | Err(_) => return Ok(body),
            }
            if body.len() >= sniff::SNIFF_BYTES {
                look(&body)?;
            }
            if body.len() as u64 > self.bytes_max {
                body.truncate(usize::try_from(self.bytes_max).expect("less than what is in memory"));
                return if self.mode == Mode::Whole { Err(self.too_large(Part::Body)) } else { Ok(body) };
            }
        }
    }

    async fn chunk(
        &self,
        response: &mut Response,
        got: usize,
        expected: Option<u64>,
    ) -> Result<Option<impl AsRef<[u8]> + std::ops::Deref<Target = [u8]> + use<>>, FetchError> {
        let limit = self.options.read_timeout;
        let chunk = within(limit, &host(self.url), Wait::Read, limit, response.chunk()).await?;
        chunk.map_err(|error| broken_body(&error, self.url, got, expected, self.options))
    }

    fn decoded(&self, body: &[u8], codings: &[Coding]) -> Result<Vec<u8>, FetchError> {
        let (bytes, flaw) = decode(body, codings, self.bytes_max);
        // A body that was cut on the way in cannot end soundly.
        let cut = body.len() as u64 == self.bytes_max;
        match (flaw, self.mode) {
            (None, _) | (Some(_), Mode::Scraps) => Ok(bytes),
            (Some(DecodeError::TooLarge), Mode::Start | Mode::List) => Ok(bytes),
            (Some(_), Mode::Start | Mode::List) if cut => Ok(bytes),
            (Some(flaw), _) => Err(self.undecodable(flaw)),
        }
    }

    fn refuse_binary(&self, declared: sniff::Declared, start: &[u8]) -> Result<(), FetchError> {
        let strict = self.mode == Mode::Whole || self.mode == Mode::List && !start.starts_with(b"\x1f\x8b");
        match sniff::binary(declared, start).filter(|_| strict) {
            Some(what) => Err(self.no_text(format!("its first bytes are those of {what}"))),
            None => Ok(()),
        }
    }

    fn no_text(&self, why: String) -> FetchError {
        FetchError::NotText { url: self.url.clone(), why }
    }

    fn too_large(&self, part: Part) -> FetchError {
        FetchError::TooLarge { url: self.url.clone(), limit_bytes: self.bytes_max, part }
    }

    fn undecodable(&self, error: DecodeError) -> FetchError {
        let why = match error {
            DecodeError::TooLarge => return self.too_large(Part::Decoded),
            DecodeError::Unknown(coding) => format!("`{}` is no coding asked for", shown(&coding)),
            DecodeError::TooMany(count) => {
                format!("it has {count} codings on top of each other, over {CODINGS_MAX}")
            }
            DecodeError::Broken { coding, why } => format!("as {} it is broken: {why}", coding.name()),
        };
        FetchError::Decode { url: self.url.clone(), why }
    }
}

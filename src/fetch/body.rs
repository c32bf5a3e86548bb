//! The body of an answer, read and decoded under its limits.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};

use super::decode::{CODINGS_MAX, Coding, DecodeError, Named, codings, decode, is_plain};
use super::error::{FetchError, Part, Wait, shown};
use super::exchange::{Answer, host, within};
use super::room::{LARGE_BYTES, ROOM_WAIT_MAX, Room, Rooms};
use super::trouble::broken_body;
use super::{Options, sniff};
use crate::page::Url;

/// Most of an error page that is kept: enough to know a challenge or a sign-in page.
pub const ERROR_BODY_BYTES_MAX: u64 = 256 << 10;

/// Most bytes of a feed or sitemap, as sent and once unpacked: the sitemap protocol's own limit. What is longer is cut.
pub const LIST_BYTES_MAX: u64 = 50 << 20;

/// A list that comes at so many bytes a second may take longer than `fetch.timeout`: the longest has a quarter of an hour.
const LIST_BYTES_PER_SECOND_MIN: u64 = 64 << 10;

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

/// What a body is read with.
#[derive(Clone, Copy)]
pub(super) struct Means<'a> {
    pub options: &'a Options,
    /// Counts all bytes that come.
    pub received: &'a AtomicU64,
    pub pace: &'a Pace,
    pub rooms: &'a Rooms,
}

/// The time beyond `fetch.timeout` that a list has earned by coming steadily, in microseconds.
#[derive(Debug, Default)]
pub(super) struct Pace(AtomicU64);

impl Pace {
    pub(super) fn earned(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }

    fn earn(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_micros()).unwrap_or_default(), Ordering::Relaxed);
    }

    /// Takes back what was earned and not needed.
    fn give_back(&self, time: Duration) {
        self.0.fetch_sub(u64::try_from(time.as_micros()).unwrap_or_default(), Ordering::Relaxed);
    }
}

/// One body to read.
pub(super) struct Reading<'a> {
    url: &'a Url,
    means: Means<'a>,
    mode: Mode,
    bytes_max: u64,
}

impl<'a> Reading<'a> {
    /// None where a body says nothing: redirects and 304.
    pub(super) fn of(status: u16, want: Want, url: &'a Url, means: Means<'a>) -> Option<Self> {
        let (mode, bytes_max) = match (status, want) {
            (300..=399, _) => return None,
            (200..=299, Want::Page) => (Mode::Whole, means.options.body_bytes_max),
            (200..=299, Want::List) => (Mode::List, LIST_BYTES_MAX),
            (200..=299, Want::Start(bytes_max)) => (Mode::Start, bytes_max),
            _ => (Mode::Scraps, ERROR_BODY_BYTES_MAX),
        };
        Some(Self { url, means, mode, bytes_max })
    }

    /// Reads the body into the answer.
    pub(super) async fn run(&self, response: Response, answer: &mut Answer) -> Result<(), FetchError> {
        let kind = shown(answer.header(CONTENT_TYPE.as_str()).unwrap_or_default());
        let declared = match sniff::declared(Some(&kind)) {
            // Feeds and sitemaps, packed or not, are sent as many a type that is none.
            sniff::Declared::Other if self.mode == Mode::List && sniff::may_be_list(&kind) => sniff::Declared::Unknown,
            declared => declared,
        };
        if matches!(self.mode, Mode::Whole | Mode::List) && declared == sniff::Declared::Other {
            return Err(self.no_text(format!("its type is `{kind}`")));
        }
        let Named { codings, unknown } = self.codings(answer)?;
        let sniffed = |bytes: &[u8]| self.refuse_binary(declared, bytes);
        let look = |start: &[u8]| if codings.is_empty() { sniffed(start) } else { Ok(()) };
        (answer.body, answer.room) = self.receive(response, look).await?;
        if !codings.is_empty() {
            answer.decoded = Some(self.unpacked(&answer.body, &codings, &mut answer.room).await?);
        }
        if let Some(unknown) = unknown.filter(|_| self.mode != Mode::Scraps && !is_plain(answer.content())) {
            return Err(self.undecodable(DecodeError::Unknown(unknown)));
        }
        sniffed(answer.content())
    }

    fn codings(&self, answer: &Answer) -> Result<Named, FetchError> {
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
    ) -> Result<(Vec<u8>, Room), FetchError> {
        let expected = response.content_length();
        if self.mode == Mode::Whole && expected.is_some_and(|expected| expected > self.bytes_max) {
            return Err(self.too_large(Part::Body));
        }
        let (mut body, mut room) = (Vec::new(), Room::default());
        loop {
            match self.chunk(&mut response, body.len(), expected).await {
                Ok(Some(chunk)) => {
                    self.means.received.fetch_add(chunk.len() as u64, Ordering::Relaxed);
                    body.extend_from_slice(&chunk);
                    if self.mode == Mode::List {
                        let time = chunk.len() as f64 / LIST_BYTES_PER_SECOND_MIN as f64;
                        self.means.pace.earn(Duration::from_secs_f64(time));
                        if room.is_wanted(body.len(), is_gzip(&body)) {
                            room = self.room().await?;
                        }
                    }
                }
                Err(error) if self.mode != Mode::Scraps => return Err(error),
                Ok(None) | Err(_) => return Ok((body, room)),
            }
            if body.len() >= sniff::SNIFF_BYTES {
                look(&body)?;
            }
            if body.len() as u64 > self.bytes_max {
                body.truncate(usize::try_from(self.bytes_max).expect("less than what is in memory"));
                return if self.mode == Mode::Whole { Err(self.too_large(Part::Body)) } else { Ok((body, room)) };
            }
        }
    }

    /// Room for a large list; to wait for it takes nothing from the time that its server has.
    async fn room(&self) -> Result<Room, FetchError> {
        let begun = Instant::now();
        self.means.pace.earn(ROOM_WAIT_MAX);
        let room = self.means.rooms.room().await?;
        self.means.pace.give_back(ROOM_WAIT_MAX.saturating_sub(begun.elapsed()));
        Ok(room)
    }

    async fn chunk(
        &self,
        response: &mut Response,
        got: usize,
        expected: Option<u64>,
    ) -> Result<Option<impl AsRef<[u8]> + std::ops::Deref<Target = [u8]> + use<>>, FetchError> {
        let limit = self.means.options.read_timeout;
        let chunk = within(limit, &host(self.url), Wait::Read, limit, response.chunk()).await?;
        chunk.map_err(|error| broken_body(&error, self.url, got, expected, self.means.options))
    }

    /// What the codings hide. A list is unpacked as far first as needs no room: few packed bytes may be many.
    async fn unpacked(&self, body: &[u8], codings: &[Coding], room: &mut Room) -> Result<Vec<u8>, FetchError> {
        if self.mode == Mode::List && room.is_wanted(usize::MAX, false) {
            match decode(body, codings, LARGE_BYTES as u64) {
                (_, Some(DecodeError::TooLarge)) => *room = self.room().await?,
                decoded => return self.sound(decoded, body),
            }
        }
        self.sound(decode(body, codings, self.bytes_max), body)
    }

    fn sound(&self, (bytes, flaw): (Vec<u8>, Option<DecodeError>), body: &[u8]) -> Result<Vec<u8>, FetchError> {
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
        let strict = self.mode == Mode::Whole || self.mode == Mode::List && !is_gzip(start);
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

fn is_gzip(start: &[u8]) -> bool {
    start.starts_with(b"\x1f\x8b")
}

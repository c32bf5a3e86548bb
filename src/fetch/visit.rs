//! One visit: hop after hop, every check at each, until a page or a failure.

use std::future::Future;
use std::net::IpAddr;
use std::sync::Weak;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};

use super::body::Want;
use super::client::proxy_host;
use super::error::{Failure, FetchError, shown};
use super::exchange::{Answer, host};
use super::gate::without_credentials;
use super::polite::{Terms, Turn};
use super::resolve::Refused;
use super::room::Room;
use super::{Fetcher, Known, Options, REDIRECT_STATUSES};
use crate::capture::rights::reserves;
use crate::page::{Hop, Page, RobotsNote, Url};

/// Longest address asked for: servers take 8,000 bytes (RFC 9110, section 4.1), few more, and HTTP libraries below 65,536.
const URL_BYTES_MAX: usize = 64_000;
/// Longest `Location` followed: beyond, it is a trap or a mistake.
const LOCATION_BYTES_MAX: usize = 8 << 10;
/// Longest `ETag` and `Last-Modified` that are sent back: most servers take 8 KiB of headers, and refuse what has more.
const CONDITION_BYTES_MAX: usize = 1 << 10;

/// How far a visit has come.
pub(super) struct Visit {
    url: Url,
    at: Url,
    hops: Vec<Hop>,
    /// The cookies that each hop was asked with, of those that its host had set.
    sent: Vec<Option<String>>,
    /// Whether nothing is said of what is known: its server took offence.
    unconditional: bool,
    /// Of the last answer, if `at` gave one.
    status: Option<u16>,
    want: Want,
    /// Of the body, where it is large.
    room: Room,
}

/// Why a visit ended without a page, with the answer that ended it, if one came.
type Stop = (FetchError, Option<Box<Page>>);

impl Visit {
    pub(super) fn new(url: &Url, want: Want) -> Self {
        let (hops, sent) = (Vec::new(), Vec::new());
        Self {
            url: url.clone(),
            at: url.clone(),
            hops,
            sent,
            unconditional: false,
            status: None,
            want,
            room: Room::default(),
        }
    }

    /// The page, and its room in memory.
    pub(super) async fn run(mut self, fetcher: &Fetcher, known: &Known) -> Result<(Page, Room), Box<Failure>> {
        match self.walk(fetcher, known).await {
            Ok(page) => Ok((page, self.room)),
            Err((error, page)) => {
                let Self { url, at, hops, status, .. } = self;
                Err(Box::new(Failure { error, url, final_url: at, hops, status, page: page.map(|page| *page) }))
            }
        }
    }

    async fn walk(&mut self, fetcher: &Fetcher, known: &Known) -> Result<Page, Stop> {
        loop {
            self.status = None;
            let cookies = fetcher.kept_cookies(&self.at);
            let (answer, note, turn) = self.step(fetcher, known).await.map_err(|error| (error, None))?;
            self.status = Some(answer.status);
            let conditional = self.is_known(fetcher, known);
            match answer.status {
                status if REDIRECT_STATUSES.contains(&status) => {
                    self.follow(&answer, cookies, fetcher).map_err(|error| (error, None))?;
                }
                // A part of the page, which nobody asked for, is not the page, unless it has all of it (RFC 9110, 15.3.7).
                // "No content" is none either, where a page is wanted: a list may well have nothing to say.
                200..=299 if self.is_content(&answer) => {
                    let mut answer = answer;
                    self.room = std::mem::take(&mut answer.room);
                    let page = self.page(answer, note);
                    #[cfg(feature = "render")]
                    if self.want == Want::Page && fetcher.renders(&page) {
                        return fetcher.render(page, turn).await.map_err(|error| (error, None));
                    }
                    drop(turn);
                    return Ok(page);
                }
                304 if conditional => return Ok(self.page(answer, note)),
                // A GET has one condition, ours, and "not modified" is what to say where it does not hold (RFC 9110, 13.1.2).
                412 if conditional => self.unconditional = true,
                code => {
                    let error = FetchError::Status { url: self.at.clone(), code, retry_after: answer.retry_after() };
                    return Err((error, Some(Box::new(self.page(answer, note)))));
                }
            }
        }
    }

    async fn step(&self, fetcher: &Fetcher, known: &Known) -> Result<(Answer, RobotsNote, Turn), FetchError> {
        if !self.at.is_web() {
            return Err(FetchError::Scheme { url: self.at.clone() });
        }
        let bytes = self.at.as_str().len();
        if bytes > URL_BYTES_MAX {
            let start = self.at.as_str().chars().take(80).collect();
            return Err(FetchError::LongAddress { bytes, limit: URL_BYTES_MAX, start });
        }
        if fetcher.is_barred(&self.at) {
            return Err(FetchError::Barred { url: self.at.clone() });
        }
        let pass = fetcher.pass(&self.at).await?;
        if self.want == Want::Page {
            fetcher.refuse_if_reserved(&self.at, &pass.note).await?;
        }
        let extra = if self.is_known(fetcher, known) { known.headers() } else { HeaderMap::new() };
        let (answer, turn) = fetcher.ask_and_stay(&self.at, pass.delay, extra, self.want).await?;
        Ok((answer, pass.note, turn))
    }

    /// Whether the next answer may be "not modified". Of a page made by scripts only the shell would be.
    fn is_known(&self, fetcher: &Fetcher, known: &Known) -> bool {
        let drawn = self.want == Want::Page && fetcher.shared.options.renders(&self.at);
        !drawn && !self.unconditional && known.holds_for(&self.at, &self.url)
    }

    /// Goes on to where a redirect leads. It is a circle where the same has been asked before, with the same cookies.
    fn follow(&mut self, answer: &Answer, cookies: Option<String>, fetcher: &Fetcher) -> Result<(), FetchError> {
        let limit = fetcher.shared.options.redirects_max;
        let bad = |why: String| FetchError::BadRedirect { url: self.at.clone(), status: answer.status, why };
        let location = answer.header("location").ok_or_else(|| bad("no `Location` header".to_owned()))?;
        if location.trim().is_empty() || location.len() > LOCATION_BYTES_MAX {
            return Err(bad(format!("its `Location` has {} bytes", location.len())));
        }
        let next = self
            .at
            .join(location)
            .map_err(|error| bad(format!("`{}` is no address ({error})", shown(&masked(location)))))?;
        let next = self.with_right_credentials(next);
        self.hops.push(Hop { url: self.at.clone(), status: answer.status });
        self.sent.push(cookies);
        let cookies = fetcher.kept_cookies(&next);
        let mut asked = self.hops.iter().zip(&self.sent);
        let seen = asked.any(|(hop, sent)| same_request(&hop.url, &next) && *sent == cookies);
        self.at = next;
        if seen {
            let keeps_cookies = fetcher.keeps_cookies(&self.at);
            return Err(FetchError::Loop { chain: self.chain(), keeps_cookies });
        }
        if self.hops.len() > limit as usize {
            return Err(FetchError::TooManyRedirects { chain: self.chain(), limit });
        }
        Ok(())
    }

    /// Name and password go to the host they were given for and to no other, and not from https to http.
    fn with_right_credentials(&self, next: Url) -> Url {
        let mut next = without_credentials(next).with_credentials().clone();
        let given = &self.url;
        let same_host = next.host_str() == given.host_str();
        let same_port = next.port() == given.port();
        let safe = next.scheme() == given.scheme() || next.scheme() == "https";
        if same_host && same_port && safe {
            let _ = next.set_username(given.username());
            let _ = next.set_password(given.password());
        }
        Url::from(next)
    }

    /// All addresses so far, for people.
    fn chain(&self) -> Vec<String> {
        self.hops.iter().map(|hop| &hop.url).chain([&self.at]).map(Url::to_string).collect()
    }

    fn is_content(&self, answer: &Answer) -> bool {
        match answer.status {
            204 | 205 => self.want != Want::Page,
            206 => is_whole(answer),
            _ => true,
        }
    }

    fn page(&self, answer: Answer, note: RobotsNote) -> Page {
        Page {
            url: self.url.clone(),
            final_url: self.at.clone(),
            hops: self.hops.clone(),
            fetched_at: answer.at,
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
            decoded: answer.decoded,
            robots: Some(note),
            rendered: None,
        }
    }
}

/// Whether the part that an answer has is all there is, by its `Content-Range` and by its length.
fn is_whole(answer: &Answer) -> bool {
    let length = answer.body.len();
    let whole = length.checked_sub(1).map(|last| format!("bytes 0-{last}/{length}"));
    whole.is_some_and(|whole| answer.header("content-range").is_some_and(|range| range.trim() == whole))
}

/// A fragment is not sent, so it makes no other request; nor does a password.
fn same_request(a: &Url, b: &Url) -> bool {
    let sent = |url: &Url| without_credentials(url.clone())[..url::Position::AfterQuery].to_owned();
    sent(a) == sent(b)
}

impl Known {
    /// Whether what is known was learned at this address.
    fn holds_for(&self, at: &Url, asked: &Url) -> bool {
        !self.headers().is_empty() && same_request(at, self.url.as_ref().unwrap_or(asked))
    }

    fn headers(&self) -> HeaderMap {
        let pairs = [(IF_NONE_MATCH, &self.etag), (IF_MODIFIED_SINCE, &self.last_modified)];
        // `*` is no tag, but asks whether there is anything at all.
        let is_fit = |value: &&str| value.len() <= CONDITION_BYTES_MAX && value.trim() != "*";
        let value = |value: &Option<String>| sent_back(value.as_deref().filter(is_fit)?);
        pairs.into_iter().filter_map(|(name, known)| Some((name, value(known)?))).collect()
    }
}

/// A header's value as the bytes it came in, which were read as Latin-1.
pub(super) fn sent_back(value: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    HeaderValue::from_bytes(&bytes.unwrap_or_else(|| value.as_bytes().to_vec())).ok()
}

/// What is no address may still hold a password.
fn masked(location: &str) -> String {
    let start = location.find("//").map_or(0, |at| at + 2);
    let end = location[start..].find(['/', '?', '#']).map_or(location.len(), |at| start + at);
    match location[start..end].rfind('@') {
        Some(at) => format!("{}***{}", &location[..start], &location[start + at..]),
        None => location.to_owned(),
    }
}

impl Fetcher {
    /// One request in its turn, to an address that may be called.
    pub(super) async fn ask(
        &self,
        url: &Url,
        delay: Duration,
        extra: HeaderMap,
        want: Want,
    ) -> Result<Answer, FetchError> {
        self.ask_and_stay(url, delay, extra, want).await.map(|(answer, _)| answer)
    }

    /// As [`Fetcher::ask`], and the turn is still had: the pause after it begins when it is dropped.
    async fn ask_and_stay(
        &self,
        url: &Url,
        delay: Duration,
        extra: HeaderMap,
        want: Want,
    ) -> Result<(Answer, Turn), FetchError> {
        self.check_literal(url)?;
        self.check_behind_proxy(url).await?;
        let own = self.shared.options.host(url);
        if own.is_some_and(|own| own.never) {
            return Err(FetchError::Never { host: host(url) });
        }
        let per_day = own.and_then(|own| own.requests_per_day);
        let terms = Terms { delay, machine: self.machine(url).await, per_day };
        let within = self.within.as_ref().and_then(Weak::upgrade);
        let turn = self.unless_halted(url, self.shared.manners.turn(url, terms, within)).await?;
        let answer = turn.lasting(self.shared.options.timeout, self.exchange(url, extra, want)).await?;
        match answer.status {
            429 | 503 => turn.busy(answer.retry_after()),
            // Whoever refuses and says for how long is not asked before.
            400.. if answer.retry_after().is_some() => turn.busy(answer.retry_after()),
            _ => turn.fine(),
        }
        Ok((answer, turn))
    }

    /// The turn, or that everything was called off before it came.
    async fn unless_halted(
        &self,
        url: &Url,
        turn: impl Future<Output = Result<Turn, FetchError>>,
    ) -> Result<Turn, FetchError> {
        let Some(mut halt) = self.halt.clone() else { return turn.await };
        let halted = async {
            // Where nobody is left who could, nobody calls it off.
            if halt.wait_for(|&halt| halt).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            () = halted => Err(FetchError::Halted { host: host(url) }),
            turn = turn => turn,
        }
    }

    /// Asks nothing of a page whose site reserves it in its robots.txt or in files of its own, where that is to be held.
    pub(super) async fn refuse_if_reserved(&self, url: &Url, note: &RobotsNote) -> Result<(), FetchError> {
        let Some(wanted) = self.opt_outs(url) else { return Ok(()) };
        let robots = note.signals.iter().map(|(name, value)| (format!("robots.txt {name}"), value.clone()));
        let mut signals = robots.chain(self.reserved(url).await?);
        let agent = self.shared.options.agent_of(url);
        match signals.find(|(name, value)| reserves(name, value, wanted, agent)) {
            Some(signal) => Err(FetchError::Reserved { host: host(url), signal: Box::new(signal) }),
            None => Ok(()),
        }
    }

    /// The machine whose patience a request spends besides its host's, and how much. Behind a proxy nobody knows.
    pub(super) async fn machine(&self, url: &Url) -> Option<(IpAddr, Duration)> {
        let options = &self.shared.options;
        let Options { address_delay, proxy, .. } = options;
        let delay = options.delay_of(url).min(*address_delay);
        if delay.is_zero() || !proxy.is_empty() {
            return None;
        }
        self.shared.names.machine(url).await.map(|address| (address, delay))
    }

    /// The resolver is not asked about an address that stands in the URL itself.
    pub(super) fn check_literal(&self, url: &Url) -> Result<(), FetchError> {
        let address = match url.host() {
            Some(url::Host::Ipv4(address)) => address.into(),
            Some(url::Host::Ipv6(address)) => IpAddr::from(address),
            Some(url::Host::Domain(_)) | None => return Ok(()),
        };
        let refused = |block| FetchError::Address { host: host(url), address, block };
        self.shared.guard.check(address).map_err(refused)
    }

    /// Behind a proxy some names are nobody's page.
    async fn check_behind_proxy(&self, url: &Url) -> Result<(), FetchError> {
        let (Some(proxy), Some(url::Host::Domain(name))) = (proxy_host(&self.shared.options), url.host()) else {
            return Ok(());
        };
        match self.shared.names.refused_behind(&proxy, name).await {
            Some(Refused { address, block }) => Err(FetchError::Address { host: host(url), address, block }),
            None => Ok(()),
        }
    }
}

//! Fetch: an address in, a [`Page`] out.
//!
//! In: [`Url`], what is known of it ([`Known`]). Out: [`Page`], or a [`Failure`] with its outcome class.
//! Always: robots.txt is obeyed, a host is asked politely, only globally routable addresses are called
//! unless the options allow more, and no answer costs more than its named limits.
//! Not here: what the bytes mean, where they are kept.

mod address;
mod body;
mod client;
mod clock;
mod cookies;
mod decode;
mod error;
mod exchange;
mod gate;
mod hosts;
mod memory;
mod patience;
mod polite;
#[cfg(feature = "render")]
mod render;
mod reserve;
mod resolve;
mod retry_after;
mod rights;
pub mod robots;
mod room;
mod sniff;
mod state;
mod trouble;
mod visit;

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::capture::rights::{OWN_NAME, Use};
use crate::page::{Page, Url};

pub use body::{ERROR_BODY_BYTES_MAX, LIST_BYTES_MAX};
pub use error::{Failure, FetchError, Part, TlsFault, Wait};
pub use gate::path as robots_path;
pub use hosts::HostOptions;
pub use memory::Memory;
pub use polite::{BACK_OFF_WAIT_MAX, machine_key};
pub use rights::rights;
pub use room::{LARGE_LISTS_MAX, Room};
pub use state::{HostState, RobotsAnswer, RobotsState, State};

/// Most bytes of the headers of one answer.
pub const HEADER_BYTES_MAX: usize = 64 << 10;

/// A body with its content codings undone, as far as they are known and as it stays below the cap, and why that is not all
/// of it; `None` where there is nothing to undo: some writers undo a coding and leave the header that names it.
pub fn decoded<'a>(
    body: &[u8],
    codings: impl Iterator<Item = &'a str>,
    bytes_max: u64,
) -> Option<(Vec<u8>, Option<String>)> {
    let codings = decode::codings(codings).ok()?.codings;
    if codings.is_empty() {
        return None;
    }
    let (bytes, flaw) = decode::decode(body, &codings, bytes_max);
    match flaw {
        None => Some((bytes, None)),
        Some(decode::DecodeError::Broken { .. }) if bytes.is_empty() || decode::is_plain(body) => None,
        Some(decode::DecodeError::Broken { coding, .. }) => {
            Some((bytes, Some(format!("its {} is cut or broken", coding.name()))))
        }
        Some(_) => Some((bytes, Some(format!("it is over {bytes_max} bytes")))),
    }
}

/// The published networks of Cloudflare and Fastly: thousands of sites on each address.
const FRONT_NETWORKS: &[&str] = &[
    "104.16.0.0/13",
    "104.24.0.0/14",
    "172.64.0.0/13",
    "162.158.0.0/15",
    "188.114.96.0/20",
    "190.93.240.0/20",
    "198.41.128.0/17",
    "2606:4700::/32",
    "2a06:98c0::/29",
    "151.101.0.0/16",
    "146.75.0.0/17",
    "199.232.0.0/16",
    "2a04:4e40::/32",
];

/// The answers that send on to another address.
const REDIRECT_STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

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
    /// Least time between two requests to one network address, whatever hosts it carries; `delay` where that is less.
    /// None: every host is asked as if it had a machine of its own.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub address_delay: Duration,
    /// Networks whose addresses are no machine of a site, but the front of many: `address_delay` is not for them.
    pub front_networks: Vec<String>,
    /// Longest delay a robots.txt may ask for.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub crawl_delay_max: Duration,
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub connect_timeout: Duration,
    /// Longest wait for the first byte, once the connection stands, and between two reads.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub read_timeout: Duration,
    /// Longest time for one request from start to end; lists that come steadily may take longer.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub timeout: Duration,
    /// Most bytes of a page's body after decoding.
    pub body_bytes_max: u64,
    pub redirects_max: u32,
    /// Hosts asked at the same time.
    pub concurrency: usize,
    /// Addresses and networks called although they are not globally routable, as `127.0.0.1` or `10.0.0.0/8`.
    pub allow_addresses: Vec<String>,
    /// Whether a site's `/.well-known/tdmrep.json` and `/ai.txt` are asked for, once a week, for the rights ledger.
    pub rights_files: bool,
    /// What becomes of pages that their site reserves.
    pub opt_outs: OptOuts,
    /// Proxy for all requests, as `http://host:port` or `socks5://host:port`; empty for none. An HTTP proxy
    /// resolves names itself, so it has to keep its own watch over internal addresses.
    pub proxy: String,
    /// The browser of hosts with `render`: a Chromium's name or path.
    pub browser: String,
    /// Whether the browser shields itself from the pages it runs; as root, or in some containers, it cannot.
    pub browser_sandbox: bool,
    /// Most browsers at work at the same time.
    pub browsers_max: usize,
    /// Longest time a page has for its scripts; what is there by then is kept.
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub render_timeout: Duration,
    /// Most requests of one page's scripts,
    pub render_requests_max: u32,
    /// bytes of the answers to them,
    pub render_bytes_max: u64,
    /// and bytes of memory of its browser.
    pub render_memory_bytes_max: u64,
    /// What is different for some hosts, by name: the tables `[host."example.org"]`.
    #[serde(skip)]
    pub hosts: BTreeMap<String, HostOptions>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            contact: String::new(),
            agent: OWN_NAME.to_owned(),
            delay: Duration::from_secs(1),
            address_delay: Duration::from_secs(1),
            front_networks: FRONT_NETWORKS.iter().map(|&network| network.to_owned()).collect(),
            crawl_delay_max: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(20),
            timeout: Duration::from_secs(60),
            body_bytes_max: 8 << 20,
            redirects_max: 10,
            concurrency: 16,
            allow_addresses: Vec::new(),
            rights_files: true,
            opt_outs: OptOuts::default(),
            proxy: String::new(),
            browser: "chromium".to_owned(),
            browser_sandbox: true,
            browsers_max: 2,
            render_timeout: Duration::from_secs(20),
            render_requests_max: 200,
            render_bytes_max: 32 << 20,
            render_memory_bytes_max: 1 << 30,
            hosts: BTreeMap::new(),
        }
    }
}

/// What becomes of a page that its site reserves, as by TDMRep, `ai.txt`, `X-Robots-Tag: noai` or `Content-Signal`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOuts {
    /// It is fetched as any other; the ledger keeps the signal, and an export may leave it out.
    #[default]
    Ledger,
    /// One reserved against text and data mining is not fetched, or, where only its answer says so, kept without text.
    Mining,
    /// As `Mining`, and one reserved against the training of models too.
    Training,
}

impl OptOuts {
    /// The use that a reservation is held against; none where it is only noted.
    pub fn wanted(self) -> Option<Use> {
        match self {
            Self::Ledger => None,
            Self::Mining => Some(Use::Mining),
            Self::Training => Some(Use::Training),
        }
    }
}

/// What an earlier visit left, for a conditional request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// The address that gave them, after redirects; none if it was the one asked for.
    pub url: Option<Url>,
}

/// A polite client: cheap to clone, one pool and one clock for all its clones.
#[derive(Clone, Debug)]
pub struct Fetcher {
    shared: Arc<Shared>,
    /// The turn of the page whose scripts it works for; none, where it works for itself.
    within: Option<Weak<polite::Turn>>,
    /// Turns true when nothing more is to be asked.
    halt: Option<watch::Receiver<bool>>,
    barred: Option<Barred>,
}

/// Tells addresses that are asked for no more, whatever leads to them.
#[derive(Clone)]
struct Barred(Arc<dyn Fn(&Url) -> bool + Send + Sync>);

impl Debug for Barred {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Barred")
    }
}

#[derive(Debug)]
struct Shared {
    options: Options,
    client: reqwest::Client,
    guard: address::Guard,
    names: resolve::Names,
    manners: polite::Manners,
    gate: gate::Gate,
    reserves: reserve::Reserves,
    cookies: cookies::Jar,
    rooms: room::Rooms,
    /// Bytes of bodies that came.
    received: AtomicU64,
    #[cfg(feature = "render")]
    browsers: render::Browsers,
}

impl Fetcher {
    /// # Errors
    /// What is wrong with the options, naming the key.
    pub fn new(options: Options) -> Result<Self, String> {
        Self::build(options, None)
    }

    /// A fetcher whose manners are remembered beyond this process.
    ///
    /// # Errors
    /// What is wrong with the options, naming the key.
    pub fn with_memory(options: Options, memory: Arc<dyn Memory>) -> Result<Self, String> {
        Self::build(options, Some(memory))
    }

    fn build(options: Options, memory: Option<Arc<dyn Memory>>) -> Result<Self, String> {
        let guard =
            address::Guard::new(&options.allow_addresses).map_err(|why| format!("`fetch.allow_addresses`: {why}"))?;
        for (name, host) in &options.hosts {
            HostOptions::check_name(name).map_err(|why| format!("`host.\"{name}\"`: {why}"))?;
            host.check().map_err(|(key, why)| format!("`host.\"{name}\".{key}`: {why}"))?;
        }
        let names = resolve::Names::new(guard.clone(), &options.front_networks, options.connect_timeout / 2)
            .map_err(|why| format!("`fetch.front_networks`: {why}"))?;
        let client = client::client(&options, &names)?;
        let manners = polite::Manners::new(options.concurrency, options.timeout, memory.clone());
        let gate = gate::Gate::new(memory);
        let (reserves, cookies) = (reserve::Reserves::default(), cookies::Jar::default());
        Ok(Self {
            shared: Arc::new(Shared {
                #[cfg(feature = "render")]
                browsers: render::Browsers::new(&options)?,
                options,
                client,
                guard,
                names,
                manners,
                gate,
                reserves,
                cookies,
                rooms: room::Rooms::default(),
                received: AtomicU64::default(),
            }),
            within: None,
            halt: None,
            barred: None,
        })
    }

    /// The same fetcher, which asks for no page that is barred, be it where a redirect leads.
    #[must_use]
    pub fn barring(self, is_barred: impl Fn(&Url) -> bool + Send + Sync + 'static) -> Self {
        Self { barred: Some(Barred(Arc::new(is_barred))), ..self }
    }

    fn is_barred(&self, url: &Url) -> bool {
        self.barred.as_ref().is_some_and(|Barred(is_barred)| is_barred(url))
    }

    /// The same fetcher for work that may be called off: once `halt` turns true no request is begun; one that has begun
    /// is read to its end.
    pub fn until(&self, halt: watch::Receiver<bool>) -> Self {
        Self { halt: Some(halt), ..self.clone() }
    }

    /// Bytes of bodies that came so far, as sent, to this fetcher and its clones: of pages, robots.txt and failures.
    pub fn bytes_received(&self) -> u64 {
        self.shared.received.load(Ordering::Relaxed)
    }

    /// The sitemaps that the robots.txt of an address's origin names, asked for as always.
    ///
    /// # Errors
    /// Its host cannot be reached.
    pub async fn sitemaps(&self, url: &Url) -> Result<Vec<Url>, FetchError> {
        self.named_sitemaps(url).await
    }

    /// Fetches one address: waits its host's turn, asks robots.txt, follows redirects.
    /// An answer 304 to a conditional request is a [`Page`] with that status and no body.
    ///
    /// # Errors
    /// Why there is no page, and how far the visit got.
    pub async fn fetch(&self, url: &Url, known: &Known) -> Result<Page, Box<Failure>> {
        visit::Visit::new(url, body::Want::Page).run(self, known).await.map(|(page, _)| page)
    }

    /// As [`Fetcher::fetch`], for a feed or sitemap: a gzip file is taken too, and given as it came. Over [`LIST_BYTES_MAX`]
    /// it is cut. While its [`Room`] is held a large one counts among the [`LARGE_LISTS_MAX`] that are held at once; it may take
    /// longer than `fetch.timeout` if it comes steadily.
    ///
    /// # Errors
    /// Why there is no list, and how far the visit got.
    pub async fn fetch_list(&self, url: &Url, known: &Known) -> Result<(Page, Room), Box<Failure>> {
        visit::Visit::new(url, body::Want::List).run(self, known).await
    }

    /// How long the machine behind this address has others waiting, whatever hosts they are of.
    pub async fn queue(&self, url: &Url) -> Duration {
        let machine = self.machine(url).await;
        machine.map_or(Duration::ZERO, |(address, delay)| self.shared.manners.queue(address, delay))
    }

    /// The machine whose patience a request to this address spends besides its host's, where that can be told.
    pub async fn machine_of(&self, url: &Url) -> Option<std::net::IpAddr> {
        self.machine(url).await.map(|(address, _)| address)
    }

    /// The use that reservations of this address are held against, if any.
    pub fn opt_outs(&self, url: &Url) -> Option<Use> {
        self.shared.options.opt_outs_of(url).wanted()
    }

    /// What it knows about hosts that a later run must not forget.
    pub fn export(&self) -> State {
        let now = self.shared.manners.clock.now();
        State {
            hosts: self.shared.manners.export().into_iter().collect(),
            robots: self.shared.gate.export(now).into_iter().collect(),
        }
    }

    /// Takes over what an earlier run knew.
    pub fn import(&self, state: State) {
        let Shared { options, manners, gate, .. } = &*self.shared;
        manners.import(state.hosts, options.delay.max(options.crawl_delay_max));
        gate.import(state.robots, manners.clock.now());
    }
}

/// Visits run on any worker of the runtime.
const _: fn() = || {
    fn sendable<T: Send>(_: &T) {}
    let _ = |fetcher: &Fetcher, url: &Url, known: &Known| sendable(&fetcher.fetch(url, known));
};

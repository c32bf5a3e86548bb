//! Names to addresses: only those that may be called, and for a while always the same.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::time::Instant;

use super::address::{Guard, Network};
use super::polite::lock;
use crate::page::Url;

/// An answer is used for so long: the system's resolver does not tell how long it holds.
const KEPT: Duration = Duration::from_secs(60);
/// Names remembered before those that no longer hold are dropped, and all of them if that is not enough.
const NAMES_MAX: usize = 20_000;

/// What a name has, and until when that is taken for true.
type Known = HashMap<String, (Instant, Vec<SocketAddr>)>;
type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// Looks names up. What it gives is what is dialled, so a name that changes its address between two look-ups gains
/// nothing.
#[derive(Clone, Debug)]
pub(super) struct Names {
    guard: Guard,
    /// Networks of many sites' front machines: an address in them is no machine of a site.
    fronts: Arc<[Network]>,
    /// Shorter than the time to connect, so that silent name servers are not taken for a silent host.
    patience: Duration,
    known: Arc<Mutex<Known>>,
}

impl Names {
    /// # Errors
    /// The first network that is none.
    pub(super) fn new(guard: Guard, fronts: &[String], patience: Duration) -> Result<Self, String> {
        let fronts = fronts.iter().map(|text| Network::parse(text)).collect::<Result<_, _>>()?;
        Ok(Self { guard, fronts, patience, known: Arc::default() })
    }

    /// The machine that a request to this address would reach: the lowest of its addresses, IPv4 first, so that names
    /// with the same ones have the same, whatever their order. None where it cannot be told, or says nothing.
    pub(super) async fn machine(&self, url: &Url) -> Option<IpAddr> {
        let address = match url.host()? {
            url::Host::Ipv4(address) => address.into(),
            url::Host::Ipv6(address) => address.into(),
            // What is wrong with a name is told by the request itself.
            url::Host::Domain(name) => {
                self.look_up(name, false).await.ok()?.iter().map(|one| one.ip().to_canonical()).min()?
            }
        };
        (!self.fronts.iter().any(|network| network.holds(address))).then_some(address)
    }

    /// The addresses of a name that may be called.
    #[cfg(feature = "render")]
    pub(super) async fn of(&self, name: &str) -> Result<Vec<IpAddr>, String> {
        let found = self.look_up(name, false).await.map_err(|error| error.to_string())?;
        Ok(found.into_iter().map(|one| one.ip()).collect())
    }

    /// Why no page of that name is asked for through a proxy: the client's resolver gives the proxy's own name out for the
    /// proxy's sake, and this machine's names would be passed on. Of any other name the proxy knows more than we do.
    pub(super) async fn refused_behind(&self, proxy: &str, name: &str) -> Option<Refused> {
        if !name.eq_ignore_ascii_case(proxy) && loopback(name).is_none() {
            return None;
        }
        self.look_up(name, false).await.err().and_then(|trouble| trouble.downcast_ref::<Refused>().cloned())
    }

    async fn look_up(&self, name: &str, is_proxy: bool) -> Result<Vec<SocketAddr>, Trouble> {
        if is_proxy {
            return self.ask(name).await;
        }
        let now = Instant::now();
        let known = lock(&self.known).get(name).filter(|(until, _)| *until > now).map(|(_, found)| found.clone());
        if let Some(found) = known {
            return Ok(found);
        }
        let found = allowed(&self.guard, self.ask(name).await?)?;
        self.remember(name, now, &found);
        Ok(found)
    }

    async fn ask(&self, name: &str) -> Result<Vec<SocketAddr>, Trouble> {
        if let Some(found) = loopback(name) {
            return Ok(found);
        }
        let look_up = tokio::time::timeout(self.patience, tokio::net::lookup_host((name, 0))).await;
        Ok(look_up.map_err(|_| NoNameServer(self.patience))??.collect())
    }

    fn remember(&self, name: &str, now: Instant, found: &[SocketAddr]) {
        let mut known = lock(&self.known);
        if known.len() >= NAMES_MAX {
            known.retain(|_, (until, _)| *until > now);
        }
        if known.len() >= NAMES_MAX {
            known.clear();
        }
        known.insert(name.to_owned(), (now + KEPT, found.to_vec()));
    }

    /// For the client. Whoever names a proxy means it, wherever it is.
    pub(super) fn resolver(&self, proxy_host: Option<String>) -> impl Resolve + 'static {
        Resolver { names: self.clone(), proxy_host }
    }
}

/// `localhost` and the names below it are this machine's by RFC 6761, whatever a name server says.
fn loopback(name: &str) -> Option<Vec<SocketAddr>> {
    let name = name.trim_end_matches('.');
    let below = name.len() > 10 && name.as_bytes()[name.len() - 10..].eq_ignore_ascii_case(b".localhost");
    (below || name.eq_ignore_ascii_case("localhost"))
        .then(|| vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()])
}

struct Resolver {
    names: Names,
    proxy_host: Option<String>,
}

/// Why the resolver gave out nothing: kept as a value, so that it is known again under the client's errors.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{address} is {block}")]
pub(super) struct Refused {
    pub address: IpAddr,
    pub block: &'static str,
}

#[derive(Debug, thiserror::Error)]
#[error("no name server answered within {0:?}")]
struct NoNameServer(Duration);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.names.clone();
        let is_proxy = self.proxy_host.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let found = names.look_up(name.as_str(), is_proxy).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The addresses that may be called; the first refusal if none is left.
fn allowed(guard: &Guard, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
    let mut refused = None;
    let keep = |one: &SocketAddr| match guard.check(one.ip()) {
        Ok(()) => true,
        Err(block) => {
            refused.get_or_insert(Refused { address: one.ip(), block });
            false
        }
    };
    let kept: Vec<_> = found.into_iter().filter(keep).collect();
    match refused {
        Some(refused) if kept.is_empty() => Err(refused),
        _ => Ok(kept),
    }
}

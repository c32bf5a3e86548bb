//! Manners: whose turn it is, and when.
//!
//! One request at a time and a pause after it, per registrable host. A host that answers 429 or 503 is left
//! alone for as long as it asks, or 60 seconds doubling to a day, and forgiven after quiet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::clock::{Clock, after};
use super::error::FetchError;
use super::state::HostState;
use crate::page::Url;

/// A pause of a busy host is waited for up to here; beyond, a request fails at once and is for a later run.
pub const BACK_OFF_WAIT_MAX: Duration = Duration::from_secs(120);

/// First pause of a host that answers 429 or 503 without saying how long.
const BACK_OFF_FIRST: Duration = Duration::from_secs(60);
/// Longest pause of our own making, reached with the twelfth such answer.
const BACK_OFF_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// Longest pause a server may ask for: beyond a week it is a mistake in its header.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// After so long without trouble the next pause is the first again.
const FORGIVEN_AFTER: Duration = Duration::from_secs(30 * 60);
/// Hosts remembered before those with nothing to remember are dropped.
const HOSTS_MAX: usize = 100_000;

#[derive(Debug)]
pub(super) struct Manners {
    pub clock: Clock,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    slots: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Host {
    turn: Arc<tokio::sync::Mutex<()>>,
    state: Mutex<HostState>,
}

/// The right to send one request now. Dropped, it opens the pause after it.
#[derive(Debug)]
pub(super) struct Turn {
    clock: Clock,
    host: Arc<Host>,
    delay: Duration,
    _turn: OwnedMutexGuard<()>,
    _slot: OwnedSemaphorePermit,
}

impl Manners {
    pub(super) fn new(concurrency: usize) -> Self {
        let slots = concurrency.clamp(1, Semaphore::MAX_PERMITS);
        Self { clock: Clock::new(), hosts: Mutex::default(), slots: Arc::new(Semaphore::new(slots)) }
    }

    /// Waits until a request to this address is due. Those who wait for one host are served in order.
    ///
    /// # Errors
    /// The host is in a pause longer than [`BACK_OFF_WAIT_MAX`].
    pub(super) async fn turn(&self, url: &Url, delay: Duration) -> Result<Turn, FetchError> {
        let key = key(url);
        let host = self.host(&key);
        self.refuse_if_paused(&key, &host)?;
        let turn = Arc::clone(&host.turn).lock_owned().await;
        self.refuse_if_paused(&key, &host)?;
        let due = lock(&host.state).due(delay);
        self.clock.sleep_until(due).await;
        let slot = Arc::clone(&self.slots).acquire_owned().await.expect("the semaphore is never closed");
        lock(&host.state).asked(self.clock.now(), delay);
        Ok(Turn { clock: self.clock, host, delay, _turn: turn, _slot: slot })
    }

    fn refuse_if_paused(&self, key: &str, host: &Host) -> Result<(), FetchError> {
        let latest = after(self.clock.now(), BACK_OFF_WAIT_MAX);
        match lock(&host.state).paused_until.filter(|until| *until > latest) {
            Some(until) => Err(FetchError::BackOff { host: key.to_owned(), until }),
            None => Ok(()),
        }
    }

    fn host(&self, key: &str) -> Arc<Host> {
        let mut hosts = lock(&self.hosts);
        if hosts.len() >= HOSTS_MAX && !hosts.contains_key(key) {
            let now = self.clock.now();
            hosts.retain(|_, host| Arc::strong_count(host) > 1 || lock(&host.state).matters(now));
        }
        Arc::clone(hosts.entry(key.to_owned()).or_default())
    }

    pub(super) fn export(&self) -> Vec<(String, HostState)> {
        let now = self.clock.now();
        let all = lock(&self.hosts);
        let states = all.iter().map(|(key, host)| (key.clone(), *lock(&host.state)));
        states.filter(|(_, state)| state.matters(now)).collect()
    }

    pub(super) fn import(&self, states: impl IntoIterator<Item = (String, HostState)>, delay_max: Duration) {
        for (key, mut state) in states {
            state.cut_to(self.clock.now(), delay_max, RETRY_AFTER_MAX);
            *lock(&self.host(&key).state) = state;
        }
    }
}

impl Turn {
    /// The server is busy: no request before what it asked for, or before the next step of our own.
    pub(super) fn busy(&self, retry_after: Option<Duration>) {
        let mut state = lock(&self.host.state);
        let now = self.clock.now();
        let own = BACK_OFF_FIRST.saturating_mul(1 << state.step.min(11)).min(BACK_OFF_MAX);
        let pause = retry_after.map_or_else(|| jittered(own), |asked| asked.min(RETRY_AFTER_MAX));
        state.pause(now, pause);
    }

    /// The server answered as it should.
    pub(super) fn fine(&self) {
        lock(&self.host.state).fine(self.clock.now(), FORGIVEN_AFTER);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        lock(&self.host.state).asked(self.clock.now(), self.delay);
    }
}

/// Up to a tenth longer, so that many hosts stopped together do not all start together.
fn jittered(pause: Duration) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let tenths = u32::try_from(RandomState::new().hash_one(0) % 1000).expect("below 1000");
    pause + pause * tenths / 10_000
}

/// Whose patience a request spends: the registrable domain's. A host without one (an address, a name of the
/// local network) is one server to a port.
pub(super) fn key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    if let Some(url::Host::Domain(name)) = url.host()
        && let Some(domain) = psl::domain_str(name.trim_end_matches('.'))
        && name.contains('.')
    {
        return domain.to_owned();
    }
    format!("{host}:{}", url.port_or_known_default().unwrap_or_default())
}

/// A poisoned lock only means that another task died: the times in it are still right.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

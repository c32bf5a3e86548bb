//! Manners: whose turn it is, and when.
//!
//! One request at a time and a pause after it, per registrable host, and per machine where its address tells one. A host
//! that answers 429 or 503 is left alone for as long as it asks, or 60 seconds doubling to a day, and forgiven after quiet.

use std::collections::HashMap;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::clock::{Clock, after};
use super::error::FetchError;
use super::memory::Memory;
use super::state::HostState;
use crate::page::{Timestamp, Url};

/// A pause of a busy host is waited for up to here; beyond, a request fails at once and is for a later run.
pub const BACK_OFF_WAIT_MAX: Duration = Duration::from_secs(120);

/// What a page's scripts ask for waits so long at most for others: its turn is held meanwhile, and who has what it lacks
/// may wait for that turn, or for the page's browser.
pub(super) const WITHIN_WAIT_MAX: Duration = Duration::from_secs(5);

/// Longest pause a server may ask for: beyond a week it is a mistake in its header.
pub(super) const RETRY_AFTER_MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// After so long without trouble the next pause is the first again.
const FORGIVEN_AFTER: Duration = Duration::from_secs(30 * 60);
/// Longest delay remembered: beyond, a clock ran ahead.
const DELAY_MAX: Duration = Duration::from_secs(60 * 60);
/// Hosts remembered before those with nothing to remember are dropped.
const HOSTS_MAX: usize = 100_000;

#[derive(Debug)]
pub(super) struct Manners {
    pub clock: Clock,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    slots: Arc<Semaphore>,
    memory: Option<Arc<dyn Memory>>,
    /// Longest request there can be.
    longest: Duration,
}

#[derive(Debug, Default)]
struct Host {
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Those who have the turn or wait for it.
    queue: AtomicU32,
    state: Mutex<HostState>,
}

/// The right to send one request now, or what a page's scripts ask for. Dropped, it opens the pause after it.
#[derive(Debug)]
pub(super) struct Turn {
    clock: Clock,
    memory: Option<Arc<dyn Memory>>,
    key: String,
    host: Arc<Host>,
    /// Before the host and the machine behind it, as far as `within` has not got them already.
    places: Vec<Place>,
    /// The longer turn that this request is part of.
    _within: Option<Arc<Turn>>,
    _slot: Option<OwnedSemaphorePermit>,
}

/// The first place of a queue, before a host or a machine.
#[derive(Debug)]
struct Place {
    key: String,
    host: Arc<Host>,
    delay: Duration,
    _turn: OwnedMutexGuard<()>,
    _queued: Queued,
}

/// Counts itself among those who wait.
#[derive(Debug)]
struct Queued(Arc<Host>);

impl Queued {
    fn new(host: &Arc<Host>) -> Self {
        host.queue.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(host))
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.0.queue.fetch_sub(1, Ordering::Relaxed);
    }
}

/// On what terms a host is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub delay: Duration,
    /// The machine behind it and the delay there, where that can be told.
    pub machine: Option<(IpAddr, Duration)>,
    /// Most requests a day.
    pub per_day: Option<u64>,
}

/// The name under which a machine is remembered among the hosts.
pub fn machine_key(address: IpAddr) -> String {
    format!("address {address}")
}

impl Manners {
    pub(super) fn new(concurrency: usize, longest: Duration, memory: Option<Arc<dyn Memory>>) -> Self {
        let slots = Arc::new(Semaphore::new(concurrency.clamp(1, Semaphore::MAX_PERMITS)));
        Self { clock: Clock::new(), hosts: Mutex::default(), slots, memory, longest }
    }

    /// Waits until a request to this address is due. Those who wait for one host are served in order; with `machine`,
    /// the hosts that it carries are, too. What is part of a longer turn does not wait for what that one has, and for
    /// what it has not only so long as that nothing can wait for ever.
    ///
    /// # Errors
    /// The host is in a pause longer than [`BACK_OFF_WAIT_MAX`], or has had its requests of the day, or, within a turn,
    /// has others waiting longer than [`WITHIN_WAIT_MAX`].
    pub(super) async fn turn(&self, url: &Url, terms: Terms, within: Option<Arc<Turn>>) -> Result<Turn, FetchError> {
        if within.is_none() {
            return self.queue_up(url, terms, None).await;
        }
        let queued = timeout(WITHIN_WAIT_MAX, self.queue_up(url, terms, within)).await;
        queued.unwrap_or_else(|_| Err(FetchError::Queue { host: url.manners_key(), limit: WITHIN_WAIT_MAX }))
    }

    /// Broken off, it leaves nothing behind: what it has waited for it gives back.
    async fn queue_up(&self, url: &Url, terms: Terms, within: Option<Arc<Turn>>) -> Result<Turn, FetchError> {
        let Terms { delay, machine, per_day } = terms;
        let (key, address) = (url.manners_key(), machine.map(|(address, _)| address));
        let machine = machine.map(|(address, delay)| (machine_key(address), delay));
        let keys = [Some(&key), machine.as_ref().map(|(key, _)| key)];
        let within = within.filter(|turn| keys.into_iter().flatten().any(|key| turn.has(key)));
        let has = |key: &str| within.as_ref().is_some_and(|turn| turn.has(key));
        let patience = if has(&key) { Duration::ZERO } else { BACK_OFF_WAIT_MAX };
        let known = self.host(&key);
        self.refuse(&key, &known, per_day, patience)?;
        let host = if has(&key) { None } else { Some(self.place(key.clone(), delay).await) };
        let machine = machine.filter(|(key, _)| !has(key));
        loop {
            self.refuse(&key, &known, per_day, patience)?;
            // Nobody holds a machine up who waits for a host.
            self.wait_for(host.as_ref()).await;
            let machine = match machine.clone() {
                Some((key, delay)) => Some(self.place(key, delay).await),
                None => None,
            };
            self.wait_for(machine.as_ref()).await;
            let slot = Arc::clone(&self.slots).acquire_owned().await.expect("the semaphore is never closed");
            match self.begin_all(host.as_ref(), machine.as_ref(), address)? {
                None => {
                    if has(&key) {
                        let now = self.clock.now();
                        note(self.memory.as_deref(), &key, &known, &mut |state| state.count(now));
                    }
                    let places = host.into_iter().chain(machine).collect();
                    let (clock, memory) = (self.clock, self.memory.clone());
                    return Ok(Turn { clock, memory, key, host: known, places, _within: within, _slot: Some(slot) });
                }
                // Another process asked meanwhile.
                Some(wait) => {
                    drop((slot, machine));
                    self.clock.sleep_until(wait).await;
                }
            }
        }
    }

    /// Notes that a page's scripts found their host busy.
    #[cfg(feature = "render")]
    pub(super) fn busy(&self, url: &Url, retry_after: Option<Duration>) {
        let (key, now) = (url.manners_key(), self.clock.now());
        note(self.memory.as_deref(), &key, &self.host(&key), &mut |state| pause(state, now, retry_after));
    }

    /// Whether a host is left alone for now.
    #[cfg(feature = "render")]
    pub(super) fn is_paused(&self, url: &Url) -> bool {
        let now = self.clock.now();
        lock(&self.host(&url.manners_key()).state).paused_until.is_some_and(|until| until > now)
    }

    /// How long one more request to this machine would wait.
    pub(super) fn queue(&self, address: IpAddr, delay: Duration) -> Duration {
        let host = self.host(&machine_key(address));
        delay.saturating_mul(host.queue.load(Ordering::Relaxed))
    }

    async fn place(&self, key: String, delay: Duration) -> Place {
        let host = self.host(&key);
        let queued = Queued::new(&host);
        let turn = Arc::clone(&host.turn).lock_owned().await;
        Place { key, host, delay, _turn: turn, _queued: queued }
    }

    async fn wait_for(&self, place: Option<&Place>) {
        if let Some(place) = place {
            let due = lock(&place.host.state).due(place.delay);
            self.clock.sleep_until(due).await;
        }
    }

    fn begin_all(
        &self,
        host: Option<&Place>,
        machine: Option<&Place>,
        address: Option<IpAddr>,
    ) -> Result<Option<Timestamp>, FetchError> {
        if let Some(machine) = machine
            && let Some(wait) = self.begin(machine, None)?
        {
            return Ok(Some(wait));
        }
        let wait = host.map_or(Ok(None), |host| self.begin(host, address));
        if let (Some(machine), Err(_) | Ok(Some(_))) = (machine, &wait) {
            machine.note(self.memory.as_deref(), &mut HostState::let_go);
        }
        wait
    }

    /// Notes that a request begins now, unless it is too early after all: then, when to look again.
    fn begin(&self, place: &Place, machine: Option<IpAddr>) -> Result<Option<Timestamp>, FetchError> {
        let Place { key, host, delay, .. } = place;
        let mut wait = None;
        remember(self.memory.as_deref(), key, host, &mut |state| {
            let now = self.clock.now();
            state.cut_to(now, DELAY_MAX, RETRY_AFTER_MAX);
            wait = state.begin(now, *delay, self.longest);
            if wait.is_none() {
                state.machine = machine;
            }
        })
        .map_err(|why| FetchError::Memory { host: key.to_owned(), why })?;
        Ok(wait)
    }

    /// Looks up what was remembered of a host before its first turn.
    fn recall(&self, key: &str) -> HostState {
        let mut known = HostState::default();
        if let Some(memory) = &self.memory {
            // Nothing is decided by this look: the turn itself reads again and says what went wrong.
            let _ = memory.with_host(key, &mut |state| known = *state);
        }
        known.cut_to(self.clock.now(), DELAY_MAX, RETRY_AFTER_MAX);
        known
    }

    /// Says no where a pause is longer than the patience of who asks, or the day is full.
    fn refuse(&self, key: &str, host: &Host, per_day: Option<u64>, patience: Duration) -> Result<(), FetchError> {
        let now = self.clock.now();
        let latest = after(now, patience);
        let state = *lock(&host.state);
        if let Some(until) = state.paused_until.filter(|until| *until > latest) {
            return Err(FetchError::BackOff { host: key.to_owned(), until });
        }
        match per_day.filter(|most| state.requests_of(now) >= *most) {
            Some(most) => Err(FetchError::DayFull { host: key.to_owned(), most, until: HostState::next_day(now) }),
            None => Ok(()),
        }
    }

    fn host(&self, key: &str) -> Arc<Host> {
        let mut hosts = lock(&self.hosts);
        if hosts.len() >= HOSTS_MAX && !hosts.contains_key(key) {
            let now = self.clock.now();
            hosts.retain(|_, host| Arc::strong_count(host) > 1 || lock(&host.state).matters(now));
        }
        let new = || Arc::new(Host { state: Mutex::new(self.recall(key)), ..Host::default() });
        Arc::clone(hosts.entry(key.to_owned()).or_insert_with(new))
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
        self.note(&mut |state| pause(state, self.clock.now(), retry_after));
    }

    /// The server answered as it should.
    pub(super) fn fine(&self) {
        if lock(&self.host.state).trouble_at.is_some() {
            self.note(&mut |state| state.fine(self.clock.now(), FORGIVEN_AFTER));
        }
    }

    /// The request has been sent, so what cannot be written down is at least kept in mind.
    fn note(&self, change: &mut dyn FnMut(&mut HostState)) {
        note(self.memory.as_deref(), &self.key, &self.host, change);
    }

    fn has(&self, key: &str) -> bool {
        self.places.iter().any(|place| place.key == key)
    }

    /// Its own request is done: the turn stays, and others may ask other hosts meanwhile.
    #[cfg(feature = "render")]
    pub(super) fn free_slot(&mut self) {
        self._slot = None;
    }

    /// While the work lasts no other process asks, though it be longer than requests are.
    pub(super) async fn lasting<T>(&self, request: Duration, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        // Told anew well before the time is over that was told last.
        while !request.is_zero() {
            match timeout(request / 2, &mut work).await {
                Ok(done) => return done,
                Err(_) => self.hold(request),
            }
        }
        work.await
    }

    /// It lasts this long at most from now on: until then no other process asks.
    pub(super) fn hold(&self, most: Duration) {
        for place in &self.places {
            place.note(self.memory.as_deref(), &mut |state| state.hold(self.clock.now(), most));
        }
    }
}

impl Place {
    fn note(&self, memory: Option<&dyn Memory>, change: &mut dyn FnMut(&mut HostState)) {
        note(memory, &self.key, &self.host, change);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        for place in &self.places {
            place.note(self.memory.as_deref(), &mut |state| {
                state.end(self.clock.now(), place.delay);
            });
        }
    }
}

/// Changes what is known of a host: in the memory all processes share, where there is one, else in this one's.
fn remember(
    memory: Option<&dyn Memory>,
    key: &str,
    host: &Host,
    change: &mut dyn FnMut(&mut HostState),
) -> Result<(), String> {
    let Some(memory) = memory else {
        change(&mut lock(&host.state));
        return Ok(());
    };
    memory.with_host(key, &mut |shared| {
        change(shared);
        *lock(&host.state) = *shared;
    })
}

/// As [`remember`]; where the memory fails, this process at least knows.
fn note(memory: Option<&dyn Memory>, key: &str, host: &Host, change: &mut dyn FnMut(&mut HostState)) {
    if remember(memory, key, host, change).is_err() {
        change(&mut lock(&host.state));
    }
}

/// For what the host asks for, or our own next step. Answers to requests that were sent together are one trouble: within
/// a pause only a longer one that is asked for counts.
fn pause(state: &mut HostState, now: Timestamp, retry_after: Option<Duration>) {
    if state.paused_until.is_some_and(|until| until > now) {
        state.paused_until = state.paused_until.max(retry_after.map(|asked| after(now, asked)));
        state.trouble_at = Some(now);
        return;
    }
    let pause = retry_after.unwrap_or_else(|| jittered(state.back_off()));
    state.pause(now, pause);
}

/// Up to a tenth longer, so that many hosts stopped together do not all start together.
fn jittered(pause: Duration) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let tenths = u32::try_from(RandomState::new().hash_one(0) % 1000).expect("below 1000");
    pause + pause * tenths / 10_000
}

/// A poisoned lock only means that another task died: the times in it are still right.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_busy_answers_at_once_are_one() {
        let at = |second| Timestamp::from_second(second).expect("a moment");
        let mut state = HostState::default();
        (0..50).for_each(|_| pause(&mut state, at(0), None));
        let until = state.paused_until.expect("it is paused");
        assert!(state.step == 1 && until >= at(60) && until <= at(66), "{state:?}");
        pause(&mut state, at(1), Some(Duration::from_secs(600)));
        assert_eq!((state.step, state.paused_until), (1, Some(at(601))), "what is asked for counts");
        pause(&mut state, at(2), Some(Duration::from_secs(5)));
        assert_eq!(state.paused_until, Some(at(601)));
        // After the pause it is trouble again.
        pause(&mut state, at(700), None);
        assert!(state.step == 2 && state.paused_until >= Some(at(820)), "{state:?}");
    }

    const DELAY: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(60);

    fn terms(machine: Option<u8>) -> Terms {
        let machine = machine.map(|last| (IpAddr::from([192, 0, 2, last]), DELAY));
        Terms { delay: DELAY, machine, per_day: Some(3) }
    }

    fn at(host: &str) -> Url {
        Url::parse(&format!("https://{host}/")).expect("an address")
    }

    /// A page of `a` has its turn, one of `b` waits for the same machine, and the first one's scripts ask `b`.
    #[tokio::test]
    async fn what_is_asked_within_a_turn_does_not_wait_for_who_waits_for_that_turn() {
        let manners = Arc::new(Manners::new(1, LONG, None));
        let mut turn = manners.turn(&at("www.a.example"), terms(Some(1)), None).await.expect("nobody else is there");
        turn._slot = None;
        let outer = Arc::new(turn);
        let other = tokio::spawn({
            let manners = Arc::clone(&manners);
            async move { manners.turn(&at("www.b.example"), terms(Some(1)), None).await.map(drop) }
        });
        tokio::task::yield_now().await;
        let url = at("static.b.example");
        let asked = manners.turn(&url, terms(Some(1)), Some(Arc::clone(&outer)));
        let asked = timeout(LONG, asked).await.expect("it ends").expect_err("another is before it");
        assert!(matches!(asked, FetchError::Queue { .. }) && asked.is_pause(), "{asked}");
        assert_eq!(Arc::strong_count(&outer), 1, "nothing holds the turn any more");
        drop(outer);
        timeout(LONG, other).await.expect("it ends").expect("no panic").expect("its turn has come");
    }

    /// The same where nothing is shared: a page of `b` has its turn and waits for the browser that the page of `a` has.
    #[tokio::test]
    async fn what_is_asked_within_a_turn_does_not_wait_for_who_waits_for_its_browser() {
        let manners = Manners::new(2, LONG, None);
        let outer = Arc::new(manners.turn(&at("a.example"), terms(Some(1)), None).await.expect("nobody is there"));
        let _waits = manners.turn(&at("b.example"), terms(Some(2)), None).await.expect("nobody is there");
        let url = at("b.example");
        let asked = manners.turn(&url, terms(Some(2)), Some(outer));
        let asked = timeout(LONG, asked).await.expect("it ends").expect_err("another is before it");
        assert!(matches!(asked, FetchError::Queue { .. }), "{asked}");
    }

    #[tokio::test]
    async fn requests_within_a_turn_count() {
        let manners = Manners::new(9, LONG, None);
        let outer = Arc::new(manners.turn(&at("a.example"), terms(None), None).await.expect("the first of three"));
        for machine in [None, Some(1)] {
            let within = Some(Arc::clone(&outer));
            manners.turn(&at("www.a.example"), terms(machine), within).await.expect("three are allowed");
        }
        let fourth = manners.turn(&at("www.a.example"), terms(None), Some(outer)).await.expect_err("three are allowed");
        assert!(matches!(fourth, FetchError::DayFull { .. }), "{fourth}");
    }
}

//! The robots.txt of each origin: asked once, kept a day, and what its status means.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::body::Want;
use super::clock::after;
use super::error::{FetchError, shown};
use super::exchange::{Answer, host};
use super::memory::Memory;
use super::polite::{WITHIN_WAIT_MAX, lock};
use super::robots::{self, Robots};
use super::state::{RobotsAnswer, RobotsState};
use super::{Fetcher, REDIRECT_STATUSES};
use crate::page::{RobotsNote, Timestamp, Url};

/// RFC 9309 asks for at least five, and lets more count as no robots.txt.
const REDIRECTS_MAX: usize = 5;
/// RFC 9309: not used longer than a day.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// A robots.txt that could not be read is asked for again after so long, unless the server says when.
const RETRY: Duration = Duration::from_secs(10 * 60);
/// Origins remembered before the older half is dropped.
const ORIGINS_MAX: usize = 20_000;
/// Text remembered before the older half is dropped; its rules take up to eight times as much.
const TEXT_BYTES_MAX: usize = 16 << 20;

type Slot = Arc<tokio::sync::Mutex<Option<Arc<Entry>>>>;

/// One slot per origin. Its lock is held while its robots.txt is fetched, so it is asked for once.
#[derive(Debug, Default)]
pub(super) struct Gate {
    slots: Mutex<HashMap<String, Slot>>,
    text_bytes: AtomicUsize,
    memory: Option<Arc<dyn Memory>>,
}

#[derive(Debug)]
struct Entry {
    state: RobotsState,
    rules: Robots,
}

/// What robots.txt says about one request it allows.
#[derive(Debug)]
pub(super) struct Pass {
    pub note: RobotsNote,
    pub delay: Duration,
}

impl Gate {
    pub(super) fn new(memory: Option<Arc<dyn Memory>>) -> Self {
        Self { memory, ..Self::default() }
    }

    pub(super) fn memory(&self) -> Option<&dyn Memory> {
        self.memory.as_deref()
    }

    fn slot(&self, origin: &str) -> Slot {
        let mut slots = lock(&self.slots);
        let full = slots.len() >= ORIGINS_MAX || self.text_bytes.load(Ordering::Relaxed) > TEXT_BYTES_MAX;
        if full && !slots.contains_key(origin) {
            let kept = drop_older_half(&mut slots);
            self.text_bytes.store(kept, Ordering::Relaxed);
        }
        Arc::clone(slots.entry(origin.to_owned()).or_default())
    }

    fn fill(&self, slot: &mut Option<Arc<Entry>>, state: RobotsState) -> Arc<Entry> {
        let entry = Arc::new(Entry::new(state));
        self.text_bytes.fetch_add(entry.text_bytes(), Ordering::Relaxed);
        Arc::clone(slot.insert(entry))
    }

    pub(super) fn export(&self, now: Timestamp) -> Vec<(String, RobotsState)> {
        let slots = lock(&self.slots);
        // A slot that is locked is being fetched: there is nothing new to tell yet.
        let known = slots
            .iter()
            .filter_map(|(origin, slot)| Some((origin.clone(), slot.try_lock().ok()?.as_ref()?.state.clone())));
        known.filter(|(_, state)| state.expires_at > now).collect()
    }

    pub(super) fn import(&self, states: impl IntoIterator<Item = (String, RobotsState)>, now: Timestamp) {
        for (origin, mut state) in states {
            state.cut();
            if !state.is_fresh(now) {
                continue;
            }
            if let Ok(mut slot) = self.slot(&origin).try_lock() {
                self.fill(&mut slot, state);
            }
        }
    }
}

impl RobotsState {
    /// None is used for longer than a day.
    fn cut(&mut self) {
        self.expires_at = self.expires_at.min(after(self.fetched_at, KEPT));
    }

    /// Whether it is still good; what a clock that ran ahead had fetched tomorrow is not.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.fetched_at <= now && self.expires_at > now
    }
}

/// Returns how many bytes of text are left. A slot that is locked is in use and stays.
fn drop_older_half(slots: &mut HashMap<String, Slot>) -> usize {
    let look = |slot: &Slot| slot.try_lock().ok().map(|entry| entry.clone());
    let age = |slot: &Slot| look(slot).map(|entry| entry.map(|entry| entry.state.fetched_at));
    let mut ages: Vec<_> = slots.values().filter_map(age).collect();
    ages.sort_unstable();
    if let Some(middle) = ages.get(ages.len() / 2).copied() {
        slots.retain(|_, slot| Arc::strong_count(slot) > 1 || age(slot).is_none_or(|age| age > middle));
    }
    slots.values().filter_map(|slot| Some(look(slot)??.text_bytes())).sum()
}

impl Entry {
    fn new(state: RobotsState) -> Self {
        let rules = match &state.answer {
            RobotsAnswer::Text(text) => Robots::parse(text),
            RobotsAnswer::None | RobotsAnswer::Unreachable(_) => Robots::default(),
        };
        Self { state, rules }
    }

    fn text_bytes(&self) -> usize {
        match &self.state.answer {
            RobotsAnswer::Text(text) => text.len(),
            RobotsAnswer::None | RobotsAnswer::Unreachable(_) => 0,
        }
    }
}

impl Fetcher {
    /// May this address be fetched, and how slowly?
    ///
    /// # Errors
    /// robots.txt forbids it, could not be read, or its host cannot be reached at all.
    pub(super) async fn pass(&self, url: &Url) -> Result<Pass, FetchError> {
        let options = &self.shared.options;
        let entry = self.entry(url).await?;
        if let RobotsAnswer::Unreachable(why) = &entry.state.answer {
            let why = why.clone();
            return Err(FetchError::RobotsUnreachable { host: host(url), why, retry_at: entry.state.expires_at });
        }
        let agent = options.agent_of(url);
        let verdict = entry.rules.permits(agent, &path(url));
        if !verdict.allowed {
            let (line, rule) = (verdict.line.unwrap_or(0), shown(verdict.rule));
            return Err(FetchError::Robots {
                host: host(url),
                agent: agent.to_owned(),
                line,
                rule,
                undone: verdict.undone,
            });
        }
        let delay = options.delay_under(&entry.rules, url);
        let signals = entry.rules.signals(agent, &path(url)).into_iter();
        let signals = signals.map(|signal| (signal.name.clone(), signal.value.clone())).collect();
        let note = RobotsNote { agent: agent.to_owned(), line: verdict.line, rule: verdict.rule.to_owned(), signals };
        Ok(Pass { note, delay })
    }

    async fn entry(&self, url: &Url) -> Result<Arc<Entry>, FetchError> {
        let slot = self.shared.gate.slot(&origin(url));
        let mut slot = self.locked(url, &slot).await?;
        let fresh = slot.as_ref().filter(|entry| entry.state.expires_at > self.shared.manners.clock.now());
        if let Some(entry) = fresh {
            return Ok(Arc::clone(entry));
        }
        let (origin, now) = (origin(url), self.shared.manners.clock.now());
        let memory = self.shared.gate.memory.as_deref();
        if let Some(mut state) = memory.and_then(|memory| memory.robots(&origin)) {
            state.cut();
            if state.is_fresh(now) {
                return Ok(self.shared.gate.fill(&mut slot, state));
            }
        }
        let state = self.ask_robots(url).await?;
        if let Some(memory) = memory {
            memory.keep_robots(&origin, &state);
        }
        Ok(self.shared.gate.fill(&mut slot, state))
    }

    /// Who asks for the same robots.txt may itself wait for the turn of the page that this is asked for.
    async fn locked<'a, T>(
        &self,
        url: &Url,
        slot: &'a tokio::sync::Mutex<T>,
    ) -> Result<tokio::sync::MutexGuard<'a, T>, FetchError> {
        if self.within.is_none() {
            return Ok(slot.lock().await);
        }
        let late = |_| FetchError::Queue { host: host(url), limit: WITHIN_WAIT_MAX };
        tokio::time::timeout(WITHIN_WAIT_MAX, slot.lock()).await.map_err(late)
    }

    pub(super) async fn named_sitemaps(&self, url: &Url) -> Result<Vec<Url>, FetchError> {
        let entry = self.entry(url).await?;
        let named = entry.rules.sitemaps().iter().filter_map(|sitemap| url.join(sitemap).ok());
        Ok(named.filter(Url::is_web).collect())
    }

    async fn ask_robots(&self, url: &Url) -> Result<RobotsState, FetchError> {
        let mut at = robots_url(url);
        let mut redirects = 0;
        let (answer, kept) = loop {
            let answer = match self.ask(&at, self.shared.options.delay_of(&at), Default::default(), WANT).await {
                Ok(answer) => answer,
                // Where the host itself is out of reach, that is what there is to say about the page too.
                Err(error) if error.is_pause() => return Err(error),
                Err(error) if redirects == 0 && (error.is_of_the_host() || is_unasked(&error)) => return Err(error),
                Err(error) => break (RobotsAnswer::Unreachable(error.to_string()), RETRY),
            };
            if !REDIRECT_STATUSES.contains(&answer.status) {
                break judged(answer);
            }
            redirects += 1;
            match answer.header("location").and_then(|to| at.join(to).ok()).filter(Url::is_web) {
                Some(next) if redirects <= REDIRECTS_MAX => at = without_credentials(next),
                _ => break (RobotsAnswer::None, KEPT),
            }
        };
        let fetched_at = self.shared.manners.clock.now();
        Ok(RobotsState { fetched_at, expires_at: after(fetched_at, kept), answer })
    }
}

const WANT: Want = Want::Start(robots::BYTES_MAX as u64);

/// Whether nothing was asked at all.
fn is_unasked(error: &FetchError) -> bool {
    error.is_pause() || matches!(error, FetchError::Never { .. })
}

/// RFC 9309: 4xx is no robots.txt; 5xx, and 429 by its meaning, is one that cannot be read now. 407 is a proxy's word, not
/// the site's.
fn judged(answer: Answer) -> (RobotsAnswer, Duration) {
    match answer.status {
        200..=299 => (RobotsAnswer::Text(answer.decoded.unwrap_or(answer.body)), KEPT),
        407 | 429 | 500.. => {
            let wait = answer.retry_after().unwrap_or(RETRY).clamp(Duration::from_secs(1), KEPT);
            (RobotsAnswer::Unreachable(format!("it answered {}", answer.status)), wait)
        }
        _ => (RobotsAnswer::None, KEPT),
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn robots_url(url: &Url) -> Url {
    without_credentials(url.join("/robots.txt").expect("every web address has a root"))
}

pub(super) fn without_credentials(url: Url) -> Url {
    let mut bare = url.with_credentials().clone();
    // Neither can fail on a web address, and on others there is nothing to take away.
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    Url::from(bare)
}

/// Path and query as sent, percent-encodings in upper case as RFC 9309 compares them.
pub fn path(url: &Url) -> String {
    let mut path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned().into_bytes();
    for at in 0..path.len().saturating_sub(2) {
        if path[at] == b'%' && path[at + 1].is_ascii_hexdigit() && path[at + 2].is_ascii_hexdigit() {
            path[at + 1..at + 3].make_ascii_uppercase();
        }
    }
    String::from_utf8(path).expect("a URL is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(second: i64, text: usize) -> RobotsState {
        let fetched_at = Timestamp::from_second(second).expect("a moment");
        RobotsState { fetched_at, expires_at: after(fetched_at, KEPT), answer: RobotsAnswer::Text(vec![b'#'; text]) }
    }

    fn filled(count: usize, text: usize) -> (Gate, Timestamp) {
        let gate = Gate::default();
        let now = Timestamp::from_second(i64::try_from(count).expect("few")).expect("a moment");
        let seconds = 0..i64::try_from(count).expect("few");
        gate.import(seconds.map(|second| (second.to_string(), state(second, text))), now);
        (gate, now)
    }

    /// Many hosts, or few with much to say: either way memory stays bounded and the newest stay known.
    #[test]
    fn the_older_half_makes_room() {
        for (count, text) in [(ORIGINS_MAX, 1), (TEXT_BYTES_MAX / 100_000 + 2, 100_000)] {
            let (gate, now) = filled(count, text);
            gate.slot("new");
            let left = gate.export(now);
            assert_eq!(left.len(), (count - 1) / 2, "{count}");
            assert!(left.iter().all(|(_, state)| state.fetched_at.as_second() as usize > count / 2));
            assert_eq!(gate.text_bytes.load(Ordering::Relaxed), left.len() * text);
        }
    }

    #[test]
    fn paths_compare_in_upper_case_percent() {
        let url = Url::parse("https://example.org/%e3%82%ab?q=%2f#frag").expect("an address");
        assert_eq!(path(&url), "/%E3%82%AB?q=%2F");
    }
}

//! Rendering: a browser runs the scripts of a page that the fetcher has fetched, and the document it comes to is kept.
//!
//! The browser asks for nothing by itself. The page is handed to it as it came, so robots.txt, manners, guard and limits
//! have been held already. Whatever its scripts ask for is held against robots.txt ([`tab`]) and goes through a proxy of
//! ours ([`proxy`]) that leads only where such a request was let go, and calls the same addresses as the fetcher and no
//! others. The turn of the page's host is kept until the browser is gone; what is asked within it waits only briefly for
//! other turns, as those may wait for this one. Each page has a browser and a profile of its own
//! ([`browser`]), and nothing of them is left after it.

mod browser;
mod pipe;
mod proxy;
mod tab;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use self::browser::{Browser, Started};
use self::proxy::Proxy;
use self::tab::Tab;
use super::error::{FetchError, Wait};
use super::exchange::host;
use super::polite::Turn;
use super::{Fetcher, Options, sniff};
use crate::page::{Page, Rendering};

#[cfg(not(unix))]
compile_error!("the feature `render` needs a Unix: the browser is spoken to over a pair of pipes");

/// A browser that takes longer to start does not start at all.
const START_MAX: Duration = Duration::from_secs(30);
/// So long a turn is held, beyond the time of the scripts, until it is told again: for the browser's start and its end.
const HELD: Duration = Duration::from_secs(60);

/// What all renderings of a fetcher share.
#[derive(Debug)]
pub(super) struct Browsers {
    slots: Semaphore,
    program: Option<PathBuf>,
}

impl Browsers {
    /// # Errors
    /// A host wants a browser and there is none, or it could not be guarded.
    pub(super) fn new(options: &Options) -> Result<Self, String> {
        let slots = Semaphore::new(options.browsers_max.clamp(1, Semaphore::MAX_PERMITS));
        if !options.hosts.values().any(|host| host.render) {
            return Ok(Self { slots, program: None });
        }
        if !options.proxy.is_empty() {
            return Err(
                "`render = true` goes with no `fetch.proxy`: the browser has a guarding proxy of ours".to_owned()
            );
        }
        browser::sweep(&std::env::temp_dir());
        let program = browser::find(&options.browser).ok_or_else(|| {
            format!(
                "`fetch.browser` is `{}`, which is no program here: install Chromium or give its path",
                options.browser
            )
        })?;
        Ok(Self { slots, program: Some(program) })
    }
}

impl Fetcher {
    /// Whether a page is to be rendered: its host's table says so, and it is HTML.
    pub(super) fn renders(&self, page: &Page) -> bool {
        self.shared.options.renders(&page.final_url) && sniff::is_html(page.header("content-type"))
    }

    /// The page with the document that its scripts make of it. All they ask of its host is part of the turn that fetched
    /// it: no other page is asked for there until the browser is gone and the robots files that they needed have come, and
    /// the pause begins then. Scripts of another host's page may ask there meanwhile.
    pub(super) async fn render(&self, page: Page, mut turn: Turn) -> Result<Page, FetchError> {
        turn.free_slot();
        let turn = Arc::new(turn);
        let within = Self {
            shared: Arc::clone(&self.shared),
            within: Some(Arc::downgrade(&turn)),
            halt: None,
            barred: self.barred.clone(),
        };
        let _slot = self.slot(&turn).await;
        within.draw(page, &turn).await
    }

    /// Waits for a browser's place, and tells other processes meanwhile that the host is being asked.
    async fn slot(&self, turn: &Turn) -> SemaphorePermit<'_> {
        let mut slot = std::pin::pin!(self.shared.browsers.slots.acquire());
        loop {
            turn.hold(2 * HELD);
            if let Ok(slot) = timeout(HELD, slot.as_mut()).await {
                return slot.expect("the semaphore is never closed");
            }
        }
    }

    async fn draw(&self, page: Page, turn: &Turn) -> Result<Page, FetchError> {
        let Options { render_timeout, timeout: longest, .. } = self.shared.options;
        let failed = |why: String| FetchError::Browser { url: page.final_url.clone(), why };
        let proxy = Proxy::start(self).await.map_err(|error| failed(format!("no proxy on loopback: {error}")))?;
        let program = self.shared.browsers.program.as_deref().expect("looked up where a host renders");
        let options = &self.shared.options;
        let agent = options.agent_of(&page.final_url);
        let started = Started { program, options, proxy: proxy.address(), agent };
        let mut browser = Browser::start(&started).map_err(|error| failed(format!("it does not start: {error}")))?;
        let limit = render_timeout.min(longest);
        turn.hold(limit + 2 * HELD);
        let drawn = async {
            let opened = timeout(START_MAX, Tab::open(&mut browser, self, &proxy, &page)).await;
            let tab = opened.unwrap_or_else(|_| Err(failed(format!("it did not start within {START_MAX:?}"))))?;
            let late = || FetchError::Timeout { host: host(&page.final_url), limit, wait: Wait::Render };
            timeout(limit + tab::ANSWER_MAX, tab.draw(limit)).await.unwrap_or_else(|_| Err(late()))
        };
        let drawn = match drawn.await {
            // What it said when it gave up tells more than that it is gone.
            Err(FetchError::Browser { url, why }) => {
                let said = browser.last_words().await;
                Err(FetchError::Browser { url, why: if said.is_empty() { why } else { format!("{why} ({said})") } })
            }
            drawn => drawn,
        };
        browser.close().await;
        let (requests, bytes) = proxy.spent();
        self.shared.received.fetch_add(bytes, Ordering::Relaxed);
        let (document, note) = drawn?;
        let note = note.or_else(|| proxy.note());
        Ok(rendered(page, document, Rendering { note, requests, bytes, ..Rendering::default() }))
    }
}

fn rendered(mut page: Page, document: String, mut rendering: Rendering) -> Page {
    const OF_THE_BYTES_SENT: [&str; 4] = ["content-type", "content-encoding", "content-length", "transfer-encoding"];
    rendering.fetched_type = page.header("content-type").map(str::to_owned);
    rendering.fetched = page.decoded.take().unwrap_or_else(|| std::mem::take(&mut page.body));
    page.headers.retain(|(name, _)| !OF_THE_BYTES_SENT.contains(&name.as_str()));
    page.headers.push(("content-type".to_owned(), "text/html; charset=utf-8".to_owned()));
    (page.body, page.rendered) = (document.into_bytes(), Some(rendering));
    page
}

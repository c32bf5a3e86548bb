//! Follows a thread or an article over its pages; all of them are one capture.
//!
//! The first visit reads from the first page to the last. Later ones begin at the last page known, and add what is new.
//! The canonical address of a page says nothing here: many boards name their first page on all of them.

use std::collections::HashSet;

use tokio::sync::watch;

use super::allowance::Allowance;
use super::merge::{Merged, goes_on};
use super::signals::{signals, unite};
use super::{Pipeline, blank, detail, hold_reserved, off_thread, sites, words};
use crate::archive::Entry;
use crate::archive::memory::Known as Remembered;
use crate::capture::rights::{Use, agent_of, reserves};
use crate::capture::{Capture, Outcome};
use crate::document::{Document, Kind, PostView, words};
use crate::extract;
use crate::fetch::{Failure, FetchError, Known};
use crate::page::{Page, Timestamp, Url};

/// Most pages of one thread that one visit fetches, where nothing else is said.
pub const PAGES_MAX: usize = 1000;

/// How a walk over pages ended.
#[derive(Debug)]
enum End {
    /// No page names another.
    Last,
    /// Why it ended before, for people.
    Early(String),
    /// The same, where a later visit is to go on.
    Cut(String),
}

/// How far a walk may go.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// Most pages that it had not read before.
    pub pages_max: usize,
    /// What the pages behind the first are taken from.
    pub allowance: Allowance,
    /// Ends it with what it has read by then.
    pub stop: watch::Receiver<bool>,
}

/// What a walk gave.
#[derive(Debug)]
pub(super) struct Followed {
    pub entry: Entry,
    /// Whether it was called off, and a later visit is to go on.
    pub cut: bool,
}

/// A walk over the pages of one text.
#[derive(Debug)]
struct Walk {
    url: Url,
    merged: Merged,
    /// The first page read in this visit; the others must go on with its text.
    first: Option<Document>,
    /// Made of the first page ever read.
    capture: Option<Capture>,
    addresses: Vec<Url>,
    seen: HashSet<String>,
    raw: Option<Vec<u8>>,
    fetched: usize,
    /// What the pages read reserve or allow, and what their site says of them.
    rights: Vec<(String, String)>,
}

impl Pipeline {
    /// One visit of a thread or of an article in pages: `url` is any page of it.
    pub async fn follow(&self, url: &Url, pages_max: usize, stop: watch::Receiver<bool>) -> Entry {
        let bounds = Bounds { pages_max, allowance: Allowance::default(), stop };
        match self.try_follow(url, bounds).await {
            Ok(followed) => followed.entry,
            Err(failure) => self.entry_of_lost_thread(url, *failure).await,
        }
    }

    /// As [`Pipeline::follow`].
    ///
    /// # Errors
    /// Why not even one page could be had.
    pub(super) async fn try_follow(&self, url: &Url, bounds: Bounds) -> Result<Followed, Box<Failure>> {
        if let Some(walk) = self.kept_thread(url).await {
            let last = walk.addresses.last().expect("a kept thread has pages").clone();
            match self.walk(walk, last, bounds.clone()).await {
                Ok(followed) => return Ok(followed),
                Err(failure) if failure.error.is_pause() => return Err(failure),
                // The last page is there no more; what the thread is now is read from its beginning.
                Err(_) => {}
            }
        }
        self.walk(Walk::new(url), url.clone(), bounds).await
    }

    pub(super) async fn entry_of_lost_thread(&self, url: &Url, failure: Failure) -> Entry {
        let entry = self.entry_of_failure(failure).await;
        Entry { capture: Capture { url: url.clone(), ..entry.capture }, ..entry }
    }

    /// The thread as the archive has it, if it was followed before.
    async fn kept_thread(&self, url: &Url) -> Option<Walk> {
        let (archive, url) = (self.archive.clone(), url.clone());
        off_thread(move || {
            let capture = archive.latest(&url, None).ok()??;
            let records = archive.records(capture.records?).ok()?;
            let addresses = &records.thread.as_ref()?.addresses;
            let addresses: Vec<Url> = addresses.iter().filter_map(|text| Url::parse(text).ok()).collect();
            let sound = capture.outcome.has_text() && !addresses.is_empty() && !records.posts.is_empty();
            let seen = addresses.iter().map(plain).collect();
            let first = Document { thread: records.thread.clone(), ..Document::default() };
            let merged = Merged::resume(records);
            sound.then(|| Walk {
                rights: unread_rights(&capture, &addresses),
                capture: Some(capture),
                first: Some(first),
                addresses,
                seen,
                merged,
                ..Walk::new(&url)
            })
        })
        .await
    }

    /// Reads from one page on to the end. Fails where that page cannot be had; a later one's failure is noted.
    async fn walk(&self, mut walk: Walk, from: Url, bounds: Bounds) -> Result<Followed, Box<Failure>> {
        let Bounds { pages_max, allowance, stop } = bounds;
        let at = from.clone();
        let mut next = Some(from);
        let mut end = End::Last;
        // A kept thread's last page is read again only to see what comes behind it.
        let again = usize::from(!walk.addresses.is_empty());
        while let Some(url) = next.take() {
            if walk.fetched >= pages_max.saturating_add(again) {
                end = End::Early(format!("stopped after {pages_max} pages; the next is {url}"));
                break;
            }
            if walk.fetched > again && !allowance.take_one() {
                end = End::Cut(format!("the run may fetch no more pages; the next is {url}"));
                break;
            }
            let page = match self.page(&url, stop.clone()).await {
                Ok(Some(page)) => page,
                Ok(None) => {
                    end = End::Cut(format!("interrupted before {url}"));
                    break;
                }
                Err(failure) if walk.fetched == 0 => return Err(failure),
                Err(failure) if matches!(failure.error, FetchError::Halted { .. }) => {
                    end = End::Cut(format!("interrupted before {url}"));
                    break;
                }
                Err(failure) => {
                    end = End::Early(format!("could not fetch {url}: {}", failure.error));
                    break;
                }
            };
            let (options, archive, at) = (self.extract.clone(), self.archive.clone(), page.final_url.clone());
            let (page, document) = off_thread(move || {
                let content_type = page.header("content-type").map(str::to_owned);
                let mut document =
                    extract::extract(page.content(), content_type.as_deref(), Some(&page.final_url), &options);
                // Recalled, not noted: the bytes of pages of a longer text are not kept, so nobody could note them again.
                sites::relabel(&archive, &mut document, (&page.url, &page.final_url), Remembered::Noted);
                (page, document)
            })
            .await;
            let reserved = self.fetcher.reservations(&at).await;
            match walk.take(page, document, &at, reserved) {
                Ok(address) => next = address,
                Err(why) => {
                    end = End::Early(why);
                    break;
                }
            }
        }
        let cut = matches!(end, End::Cut(_));
        let mut entry = walk.entry(end, self.extract.post_view());
        hold_reserved(&mut entry, self.fetcher.opt_outs(&at));
        Ok(Followed { entry, cut })
    }

    /// A page, or nothing when the pass is stopped.
    async fn page(&self, url: &Url, mut stop: watch::Receiver<bool>) -> Result<Option<Page>, Box<Failure>> {
        let nothing = Known::default();
        tokio::select! {
            page = self.fetcher.fetch(url, &nothing) => page.map(Some),
            _ = stop.wait_for(|&stop| stop) => Ok(None),
        }
    }
}

impl Walk {
    fn new(url: &Url) -> Self {
        Self {
            url: url.clone(),
            merged: Merged::default(),
            first: None,
            capture: None,
            addresses: Vec::new(),
            seen: HashSet::new(),
            raw: None,
            fetched: 0,
            rights: Vec::new(),
        }
    }

    /// Adds a page; the address of the next one, or why there is none.
    fn take(
        &mut self,
        page: Page,
        document: Document,
        at: &Url,
        reserved: Vec<(String, String)>,
    ) -> Result<Option<Url>, String> {
        self.fetched += 1;
        let signals = signals(&page).into_iter().chain(document.rights.iter().cloned()).chain(reserved);
        let is_new = self.seen.insert(plain(&page.url)) | self.seen.insert(plain(at));
        if document.kind == Kind::Blocked && self.addresses.is_empty() {
            unite(&mut self.rights, signals);
            self.begin(page, &document);
            return Ok(None);
        }
        if document.kind == Kind::Blocked {
            return Err(format!("{at} is a challenge page"));
        }
        // Whoever asks for a later page means the whole; a page is turned back to once.
        let first = document.first.as_deref().and_then(|first| self.follows(first, at));
        if let (Some(first), true) = (first, self.addresses.is_empty() && self.fetched == 1) {
            self.seen.clear();
            return Ok(Some(first));
        }
        if self.first.as_ref().is_some_and(|first| !goes_on(first, &document)) {
            return Err(format!("{at} is another text"));
        }
        unite(&mut self.rights, signals);
        if self.merged.add(&document, at.as_str()) == 0 && is_new && self.first.is_some() {
            return Err(format!("{at} brings nothing new"));
        }
        if is_new {
            self.addresses.push(at.clone());
        }
        let next = document.next.clone().filter(|_| document.kind != Kind::Listing);
        if self.capture.is_none() {
            self.begin(page, &document);
        }
        self.first.get_or_insert(document);
        Ok(next.and_then(|next| self.follows(&next, at)))
    }

    /// The address a link leads to, where it is of the same host and not read yet.
    fn follows(&self, link: &str, from: &Url) -> Option<Url> {
        let mut url = from.join(link).ok().filter(Url::is_web)?.with_credentials().clone();
        url.set_fragment(None);
        let url = Url::from(url);
        let host = |url: &Url| (url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned(), url.port());
        (host(&url) == host(from) && !self.seen.contains(&plain(&url))).then_some(url)
    }

    /// The capture as the first page makes it.
    fn begin(&mut self, page: Page, document: &Document) {
        let mut capture = blank(&self.url, page.fetched_at);
        capture.status = Some(page.status);
        capture.hops.clone_from(&page.hops);
        capture.content_type = page.header("content-type").map(str::to_owned);
        capture.outcome = if document.kind == Kind::Blocked { Outcome::Blocked } else { Outcome::Ok };
        capture.detail = detail(document, &self.merged.text(PostView::default()));
        capture.kind = document.kind;
        capture.metadata = document.metadata.clone();
        capture.confidence = document.confidence;
        capture.words_removed = words(document).1;
        extract::VERSION.clone_into(&mut capture.extractor);
        if let Some(thread) = &self.merged.thread {
            capture.kind = if thread.platform.is_some() { Kind::Thread } else { capture.kind };
        }
        capture.final_url = (page.final_url != self.url).then(|| page.final_url.clone());
        self.raw = Some(page.decoded.unwrap_or(page.body));
        self.capture = Some(capture);
    }

    /// The capture of all pages. Raw bytes stay with it only where one page is all.
    fn entry(self, end: End, view: PostView) -> Entry {
        let mut capture = self.capture.unwrap_or_else(|| blank(&self.url, Timestamp::now()));
        capture.id = None;
        capture.url.clone_from(&self.url);
        capture.fetched_at = Timestamp::now();
        capture.rights = self.rights;
        if capture.outcome != Outcome::Blocked {
            capture.outcome = Outcome::Ok;
        }
        if let End::Early(why) | End::Cut(why) = end {
            capture.detail = Some(why);
        } else if self.addresses.len() > 1 {
            capture.detail = Some(format!("read over {} pages", self.addresses.len()));
        }
        let text = self.merged.text(view);
        let has_text = capture.outcome == Outcome::Ok && !text.is_empty();
        capture.words_kept = words::count(&text);
        let records = self.merged.records(self.addresses.iter().map(ToString::to_string).collect());
        capture.raw = None;
        let raw = self.raw.filter(|_| self.addresses.len() <= 1);
        Entry { capture, text: has_text.then_some(text), records, raw }
    }
}

/// The reservations of pages that a later visit does not read again: they hold until it does. What a site says in files of
/// its own is asked anew.
fn unread_rights(capture: &Capture, addresses: &[Url]) -> Vec<(String, String)> {
    let of_site = |name: &str| name.starts_with("robots.txt") || matches!(name, "tdmrep.json" | "ai.txt");
    let agent = agent_of(&capture.rights);
    let holds = |(name, value): &&(String, String)| {
        addresses.len() > 1
            && !of_site(name)
            && [Use::Mining, Use::Training].iter().any(|&of| reserves(name, value, of, agent))
    };
    capture.rights.iter().filter(holds).cloned().collect()
}

/// The address as it is compared: without a fragment.
fn plain(url: &Url) -> String {
    let mut url = url.with_credentials().clone();
    url.set_fragment(None);
    url.to_string()
}

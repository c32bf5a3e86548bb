//! Follows a thread or an article over its pages; all of them are one capture.
//!
//! The first visit reads from the first page to the last. Later ones begin at the last page known, and add what is new; where
//! new posts do not come last, or nobody can tell, at the first page too. Where the last page known shows nothing that is
//! known, the pages are others than they were: all are read once more. What is known stays, unless its site says that it is
//! gone. The canonical address of a page says nothing here: many boards name their first page on all of them.

mod beside;
mod series;
mod walk;

use tokio::sync::watch;

pub(super) use self::beside::Beside;
use self::walk::{End, Mode, Step, Walk};
use super::allowance::Allowance;
use super::last::last_good;
use super::merge::Kept;
use super::{Pipeline, dates, erased, hold_reserved, off_thread, sites};
use crate::archive::memory::Known as Remembered;
use crate::archive::{Archive, Entry};
use crate::capture::{Capture, Outcome, Records};
use crate::document::Document;
use crate::extract;
use crate::fetch::{Failure, FetchError, Known};
use crate::page::{Page, Timestamp, Url};

/// Most pages of one thread that one visit fetches, where nothing else is said.
pub const PAGES_MAX: usize = 1000;

/// How far a walk may go.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// Most pages that it had not read before.
    pub pages_max: usize,
    /// What the pages behind the first are taken from.
    pub allowance: Allowance,
    /// Ends it with what it has read by then.
    pub stop: watch::Receiver<bool>,
    /// A later page of a text that is known by its first one is a visit of that.
    pub turns_home: bool,
}

/// What a walk gave.
#[derive(Debug)]
pub(super) struct Followed {
    pub entry: Entry,
    /// Whether it was called off, and a later visit is to go on.
    pub cut: bool,
}

/// What earlier visits kept of an address.
#[derive(Debug)]
struct Earlier {
    capture: Capture,
    text: Option<String>,
    records: Option<Records>,
    kept: Kept,
    /// Of the pages, in order; empty where only a text is known.
    addresses: Vec<Url>,
}

/// How a part of a walk ended.
enum Stretch {
    Ended(End),
    /// Its first page is none of the known text.
    Strange,
    /// Its first page shows what is known in the opposite order.
    Turned,
    /// Its first page is there no more.
    Gone,
    /// It is a later page of a text that is known by its first one.
    Known(Url, Box<Earlier>),
    /// Something stands in place of its first page.
    Barred(Box<Entry>),
}

impl Pipeline {
    /// One visit of a thread or of an article in pages: `url` is any page of it.
    pub async fn follow(&self, url: &Url, pages_max: usize, stop: watch::Receiver<bool>) -> Entry {
        if self.is_erased(url).await {
            return erased(url, Timestamp::now());
        }
        let bounds = Bounds { pages_max, allowance: Allowance::default(), stop, turns_home: true };
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
        let earlier = self.earlier(url).await;
        match earlier {
            Some(earlier) if !earlier.addresses.is_empty() && !walk::is_headless(&earlier.capture) => {
                self.follow_on(url, earlier, bounds).await
            }
            earlier => self.follow_whole(Walk::whole(url, earlier, false), bounds).await,
        }
    }

    pub(super) async fn entry_of_lost_thread(&self, url: &Url, failure: Failure) -> Entry {
        let entry = self.entry_of_failure(failure).await;
        Entry { capture: Capture { url: url.clone(), ..entry.capture }, ..entry }
    }

    /// What the archive has of the address, if it was visited before.
    async fn earlier(&self, url: &Url) -> Option<Earlier> {
        let (archive, url) = (self.archive.clone(), url.clone());
        off_thread(move || Earlier::read(&archive, &url)).await
    }

    /// Reads on where earlier visits came to their end.
    async fn follow_on(&self, url: &Url, earlier: Earlier, bounds: Bounds) -> Result<Followed, Box<Failure>> {
        let mut walk = Walk::on(url, earlier);
        if walk.begins_at_first() {
            match self.head(&mut walk, &bounds).await? {
                Some(Stretch::Turned) => return self.follow_whole(Walk::whole(url, walk.earlier, false), bounds).await,
                Some(ended) => return Ok(self.followed(walk, ended)),
                None => {}
            }
        }
        let mut lost = false;
        // Where posts were taken away, what was known of the last page stands on the one before, or that is the last one now.
        for _ in 0..2 {
            let Some(last) = walk.last_unread() else { return Ok(self.followed(walk, Stretch::Ended(End::Last))) };
            match self.stretch(&mut walk, last.clone(), Mode::On, &bounds).await {
                Ok(Stretch::Gone) => lost = true,
                Ok(Stretch::Strange) => {}
                Ok(Stretch::Turned) => break,
                Ok(ended) => return Ok(self.followed(walk, ended)),
                Err(failure) if failure.error.outcome() != Outcome::Gone || last == *url => return Err(failure),
                Err(_) => lost = true,
            }
            if !walk.step_back(lost) {
                break;
            }
        }
        self.follow_whole(Walk::whole(url, walk.earlier, lost), bounds).await
    }

    /// Reads new posts from the first page on until known ones come; how the walk ended, if it did.
    async fn head(&self, walk: &mut Walk, bounds: &Bounds) -> Result<Option<Stretch>, Box<Failure>> {
        let first = walk.addresses[0].clone();
        match self.stretch(walk, first, Mode::Head, bounds).await {
            Ok(Stretch::Ended(End::Last)) => Ok(None),
            Ok(Stretch::Strange | Stretch::Gone) => Ok(None),
            // Between what is new and what is known pages are missing: a later visit begins there.
            Ok(Stretch::Ended(end)) if !walk.met => {
                walk.ends_here();
                Ok(Some(Stretch::Ended(end)))
            }
            Ok(Stretch::Ended(End::Early(_) | End::Short(_) | End::Full(_))) => Ok(None),
            Ok(ended) => Ok(Some(ended)),
            Err(failure) if failure.error.outcome() == Outcome::Gone => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    async fn follow_whole(&self, mut walk: Walk, bounds: Bounds) -> Result<Followed, Box<Failure>> {
        let url = walk.url.clone();
        walk.pages_max = bounds.pages_max;
        match self.stretch(&mut walk, url, Mode::Whole, &bounds).await? {
            Stretch::Known(first, earlier) => {
                let bounds = Bounds { turns_home: false, ..bounds };
                Box::pin(self.follow_on(&first, *earlier, bounds)).await
            }
            ended => Ok(self.followed(walk, ended)),
        }
    }

    /// What is kept of a text in pages under the address of its first page, where a walk from a later one turned to that.
    async fn home(&self, walk: &Walk, first: &Url, bounds: &Bounds) -> Option<Earlier> {
        if !bounds.turns_home || !walk.is_at_start() || walk.earlier.is_some() {
            return None;
        }
        self.earlier(first).await.filter(|earlier| !earlier.addresses.is_empty())
    }

    fn followed(&self, walk: Walk, ended: Stretch) -> Followed {
        let at = walk.url.clone();
        let (mut entry, cut) = match ended {
            Stretch::Barred(entry) => (*entry, false),
            Stretch::Ended(end) => {
                let end = walk.with_missing(end);
                let cut = matches!(end, End::Cut(_));
                (walk.entry(end, self.extract.post_view()), cut)
            }
            Stretch::Strange | Stretch::Turned | Stretch::Gone | Stretch::Known(..) => {
                unreachable!("only where earlier pages are looked for")
            }
        };
        hold_reserved(&mut entry, self.fetcher.opt_outs(&at));
        Followed { entry, cut }
    }

    /// Reads from one page on to the end. Fails where that page cannot be had; a later one's failure is noted.
    async fn stretch(&self, walk: &mut Walk, from: Url, mode: Mode, bounds: &Bounds) -> Result<Stretch, Box<Failure>> {
        walk.begin_stretch(mode);
        let mut next = Some(from);
        let mut note = None;
        while let Some(url) = next.take() {
            if let Some(end) = walk.bound(&url, bounds) {
                return Ok(Stretch::Ended(end));
            }
            if walk.goes_back() && !walk.back.has(&url) && !bounds.allowance.take_one() {
                next = walk.forth(Some(End::Cut(walk::before(&url, "the run may fetch no more pages"))));
                continue;
            }
            let read = if walk.goes_back() { None } else { walk.back.take(&url) };
            let fetched = match read {
                Some(page) => Ok(Some(page)),
                None => self.page(&url, bounds.stop.clone()).await,
            };
            let page = match fetched {
                Ok(Some(page)) => page,
                Ok(None) if walk.goes_back() => {
                    next = walk.forth(Some(End::Cut(walk::before(&url, "interrupted"))));
                    continue;
                }
                Err(failure) if walk.goes_back() => {
                    let is_halted = matches!(failure.error, FetchError::Halted { .. });
                    let end = if is_halted { End::Cut } else { End::Short };
                    next = walk.forth(Some(end(walk::before(&url, &failure.error.to_string()))));
                    continue;
                }
                Ok(None) => return Ok(Stretch::Ended(End::Cut(format!("interrupted before {url}")))),
                Err(failure) if walk.is_at_start() => return Err(failure),
                Err(failure) if matches!(failure.error, FetchError::Halted { .. }) => {
                    return Ok(Stretch::Ended(End::Cut(format!("interrupted before {url}"))));
                }
                Err(failure) => {
                    return Ok(Stretch::Ended(End::Short(format!("could not fetch {url}: {}", failure.error))));
                }
            };
            let (page, document) = self.labelled(page, walk.is_of_no_platform()).await;
            let reserved = self.fetcher.reservations(&page.final_url).await;
            match walk.take(page, document, reserved) {
                Step::On(address) => match self.home(walk, &address, bounds).await {
                    Some(earlier) => return Ok(Stretch::Known(address, Box::new(earlier))),
                    None => next = Some(address),
                },
                Step::Ends(end) => note = Some(end),
                Step::Strange => return Ok(Stretch::Strange),
                Step::Turned => return Ok(Stretch::Turned),
                Step::Gone => return Ok(Stretch::Gone),
                Step::Barred(entry) => return Ok(Stretch::Barred(entry)),
            }
        }
        Ok(Stretch::Ended(note.expect("only an end names no next page")))
    }

    /// `goes_on` where earlier pages had posts of no known platform.
    async fn labelled(&self, page: Page, goes_on: bool) -> (Page, Document) {
        let options = extract::Options { goes_on, ..self.extract.clone() };
        let archive = self.archive.clone();
        off_thread(move || {
            let content_type = page.header("content-type").map(str::to_owned);
            let document = extract::extract(page.content(), content_type.as_deref(), Some(&page.final_url), &options);
            let mut document = dates::told(document, page.fetched_at);
            // Recalled, not noted: the bytes of pages of a longer text are not kept, so nobody could note them again.
            sites::relabel(&archive, &mut document, (&page.url, &page.final_url), Remembered::Noted);
            (page, document)
        })
        .await
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

impl Earlier {
    /// Of the newest visit that brought a text; visits that failed since take nothing away.
    fn read(archive: &Archive, url: &Url) -> Option<Self> {
        Self::of(archive, last_good(archive, url)?)
    }

    fn of(archive: &Archive, capture: Capture) -> Option<Self> {
        let text = archive.text(capture.text?).ok();
        let records = capture.records.and_then(|id| archive.records(id).ok());
        // Comments are no thread.
        let thread = records.clone().filter(|records| records.thread.is_some());
        let kept = thread.map(|records| Kept::of(records, text.as_deref())).unwrap_or_default();
        let addresses: Vec<Url> = kept.thread.addresses.iter().filter_map(|text| Url::parse(text).ok()).collect();
        let addresses = if kept.is_empty() { Vec::new() } else { addresses };
        Some(Self { capture, text, records, kept, addresses })
    }
}

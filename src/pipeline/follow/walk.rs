//! A walk over the pages of one text.

mod back;
mod bare;
mod entry;

use std::collections::HashSet;

use self::back::Back;
pub use self::back::{before, is_headless};
use self::bare::Frame;
use self::entry::unread_rights;
use super::series::{Way, goes_on, is_counted, is_page_of};
use super::{Bounds, Earlier};
use crate::archive::Entry;
use crate::capture::{Capture, Outcome};
use crate::document::{Barrier, Document, Kind, PostView};
use crate::extract;
use crate::page::{Page, Url};
use crate::pipeline::merge::{Alike, Kept, Merged, Shared, alike, title_of};
use crate::pipeline::signals::{signals, unite};
use crate::pipeline::{blank, dates, detail, outcome_of};

/// How a walk over pages ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// No page names another.
    Last,
    /// Why it ended before, for people: the site is made so.
    Early(String),
    /// Why what comes next could not be had.
    Short(String),
    /// The same, where a later visit is to go on.
    Cut(String),
    /// As many pages were read as were wished for.
    Full(String),
}

impl End {
    fn why(self) -> Option<String> {
        match self {
            Self::Last => None,
            Self::Early(why) | Self::Short(why) | Self::Cut(why) | Self::Full(why) => Some(why),
        }
    }

    /// Whether the text is known to go on.
    fn is_before_the_end(&self) -> bool {
        matches!(self, Self::Short(_) | Self::Cut(_) | Self::Full(_))
    }
}

/// Where a part of a walk begins, and how far it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// From the address that was asked for to the end.
    Whole,
    /// From the last page known to the end.
    On,
    /// From the first page on, until a page brings nothing new.
    Head,
}

/// What comes after a page.
pub enum Step {
    On(Url),
    Ends(End),
    /// It is the first of its part, and none of the known text.
    Strange,
    /// It is the first of its part, and shows what is known in the opposite order.
    Turned,
    /// It is the first of its part, and says that it is not there.
    Gone,
    /// Something stands in place of the first page.
    Barred(Box<Entry>),
}

#[derive(Debug)]
pub struct Walk {
    pub url: Url,
    pub earlier: Option<Earlier>,
    pub addresses: Vec<Url>,
    /// Whether a page showed what was known.
    pub met: bool,
    mode: Mode,
    /// What this visit has read.
    visit: Merged,
    /// The first page read in this visit; the others must go on with its text.
    first: Option<Document>,
    /// The page read last.
    before: Option<Url>,
    frame: Frame,
    /// Made of the first page ever read.
    capture: Option<Capture>,
    /// Addresses asked and answered in this visit.
    seen: HashSet<String>,
    raw: Option<Vec<u8>>,
    fetched: usize,
    /// Pages that are read again only to see what comes behind them.
    again: usize,
    /// Of the part under way: its pages, and the place of the last known post that they showed.
    in_stretch: usize,
    reached: Option<usize>,
    turned: bool,
    pub back: Back,
    /// Most pages that it may read.
    pub pages_max: usize,
    /// Which page of how many the page read last says it is.
    said: Option<(u32, u32)>,
    /// The last page known is there no more.
    lost: bool,
    /// Another way on from the page read last, and which page of how many that says it is, where more are to come.
    spare: Option<Url>,
    says: Option<(u32, u32)>,
    /// What is to be told of an orderly end.
    note: Option<String>,
    /// What the pages read reserve or allow, and what their site says of them.
    rights: Vec<(String, String)>,
}

impl Walk {
    /// Of all pages; `lost` where the last page known is gone.
    pub fn whole(url: &Url, earlier: Option<Earlier>, lost: bool) -> Self {
        Self {
            url: url.clone(),
            earlier,
            addresses: Vec::new(),
            met: false,
            mode: Mode::Whole,
            visit: Merged::default(),
            first: None,
            before: None,
            frame: Frame::default(),
            capture: None,
            seen: HashSet::new(),
            raw: None,
            fetched: 0,
            again: 0,
            in_stretch: 0,
            reached: None,
            turned: false,
            back: Back::default(),
            pages_max: usize::MAX,
            said: None,
            lost,
            spare: None,
            says: None,
            note: None,
            rights: Vec::new(),
        }
    }

    /// Of the pages that came since.
    pub fn on(url: &Url, earlier: Earlier) -> Self {
        let addresses = earlier.addresses.clone();
        Self {
            visit: earlier.kept.visit(),
            rights: unread_rights(&earlier.capture, &addresses),
            capture: Some(earlier.capture.clone()),
            addresses,
            mode: Mode::On,
            ..Self::whole(url, Some(earlier), false)
        }
    }

    fn kept(&self) -> Option<&Kept> {
        self.earlier.as_ref().map(|earlier| &earlier.kept)
    }

    /// Whether new posts may stand on the first page, which is not the last one.
    pub fn begins_at_first(&self) -> bool {
        self.addresses.len() > 1 && self.kept().is_some_and(|kept| !kept.is_article() && !kept.rises())
    }

    pub fn last_unread(&self) -> Option<Url> {
        self.addresses.last().filter(|last| !self.seen.contains(&plain(last))).cloned()
    }

    /// Leaves out the last page known, which is gone or may come again behind the one before; whether there is one to go on
    /// from. Of an article any page may have changed.
    pub fn step_back(&mut self, lost: bool) -> bool {
        self.lost = lost;
        self.addresses.pop();
        !self.addresses.is_empty() && self.kept().is_some_and(|kept| !kept.is_article())
    }

    /// The page read last is the last one known.
    pub fn ends_here(&mut self) {
        let at = self.before.as_ref().and_then(|before| self.place(before));
        self.addresses.truncate(at.map_or(1, |at| at + 1));
    }

    pub fn begin_stretch(&mut self, mode: Mode) {
        self.mode = mode;
        self.in_stretch = 0;
        self.reached = None;
        self.again += usize::from(mode != Mode::Whole);
    }

    /// Whether the text is a thread whose posts were found by what repeats.
    pub fn is_of_no_platform(&self) -> bool {
        self.visit.thread.as_ref().is_some_and(|thread| thread.platform.is_none())
    }

    pub fn is_at_start(&self) -> bool {
        self.in_stretch == 0
    }

    /// Why a page is not to be fetched.
    pub fn bound(&self, next: &Url, bounds: &Bounds) -> Option<End> {
        if self.is_at_start() {
            return None;
        }
        let pages_max = bounds.pages_max;
        if self.fetched >= pages_max.saturating_add(self.again) {
            return Some(End::Full(format!("stopped after {pages_max} pages; the next is {next}")));
        }
        if self.fetched > self.again && !self.back.has(next) && !bounds.allowance.take_one() {
            return Some(End::Cut(format!("the run may fetch no more pages; the next is {next}")));
        }
        None
    }

    /// The end, with why pages before the first one read are missing: then the text is not all of it, however it ends.
    pub fn with_missing(&self, end: End) -> End {
        let Some(missing) = self.back.missing.clone() else { return end };
        if matches!(end, End::Last | End::Early(_)) {
            return missing;
        }
        let as_cut = [&missing, &end].into_iter().any(|end| matches!(end, End::Cut(_)));
        let whys: Vec<String> = [missing, end].into_iter().filter_map(End::why).collect();
        if as_cut { End::Cut(whys.join("; ")) } else { End::Short(whys.join("; ")) }
    }

    /// Adds a page; what comes after it.
    pub fn take(&mut self, page: Page, document: Document, reserved: Vec<(String, String)>) -> Step {
        self.fetched += 1;
        let (asked, at) = (page.url.clone(), page.final_url.clone());
        let signals = signals(&page).into_iter().chain(document.rights.iter().cloned()).chain(reserved);
        self.seen.extend([plain(&asked), plain(&at)]);
        let begins = self.is_at_start();
        if begins
            && self.mode == Mode::Whole
            && !self.turned
            && let Some(earlier) = self.turn_back(&page, &document)
        {
            return Step::On(earlier);
        }
        if let Some(barrier) = document.barrier {
            unite(&mut self.rights, signals);
            return self.barred(barrier, page, &document);
        }
        let shared = self.shared(&document, (&asked, &at));
        if let Some(step) = self.unlike(&document, (&asked, &at), shared) {
            if matches!(step, Step::Strange | Step::Turned) {
                // It may come again behind the page before.
                self.seen.retain(|seen| *seen != plain(&asked) && *seen != plain(&at));
            }
            return step;
        }
        if self.turns_back(shared) {
            return self.barren(&at);
        }
        self.met |= shared.is_some_and(|shared| shared.known > 0);
        unite(&mut self.rights, signals);
        let is_bare_again = self.is_bare_again(&document);
        self.in_stretch += 1;
        if is_bare_again || self.visit.add(&document, at.as_str()) == 0 && !begins {
            return self.barren(&at);
        }
        self.note_address(&asked, &at);
        if self.capture.is_none() {
            self.begin(page, &document);
        }
        self.before = Some(at.clone());
        self.said = document.page_of;
        let step = self.after(&document, &at, shared);
        self.first.get_or_insert(document);
        step
    }

    /// Something stands in place of a page.
    fn barred(&mut self, barrier: Barrier, page: Page, document: &Document) -> Step {
        if !self.is_at_start() {
            return Step::Ends(End::Short(format!("{} is {}", page.final_url, barrier.words())));
        }
        if barrier == Barrier::Missing && self.mode != Mode::Whole {
            return Step::Gone;
        }
        self.begin(page, document);
        let mut capture = self.capture.take().expect("begun");
        capture.rights.clone_from(&self.rights);
        Step::Barred(Box::new(Entry { capture, text: None, records: None, raw: self.raw.take() }))
    }

    /// How much of a page is known from earlier visits, where they are read on from.
    fn shared(&self, document: &Document, (asked, at): (&Url, &Url)) -> Option<Shared> {
        let kept = self.kept().filter(|_| self.mode != Mode::Whole)?;
        let is_first = [asked, at].into_iter().any(|url| self.place(url) == Some(0));
        Some(kept.shared(document, at.as_str(), is_first))
    }

    /// Whether a page shows only what stands before what was read: the last page names one that is known by another address.
    fn turns_back(&mut self, shared: Option<Shared>) -> bool {
        let Some(shared) = shared else { return false };
        let is_known = shared.new == 0 && (shared.last <= self.reached);
        self.reached = self.reached.max(shared.last);
        is_known && !self.is_at_start()
    }

    /// What comes of a page that is none of this text.
    fn unlike(&self, document: &Document, (asked, at): (&Url, &Url), shared: Option<Shared>) -> Option<Step> {
        let is_counted = is_counted(self.said, document);
        let why = match self.has_comments_of(document) {
            true => format!("{at} shows more comments, which are not followed"),
            false => format!("{at} is another text"),
        };
        // Where both say that one comes behind the other, or the page before that more do, pages of the text are missing. What
        // the first page counts may be the pages of its board.
        let start = self.addresses.first().or(self.before.as_ref());
        let is_its_own = |page: u32| page > 1 || start.is_some_and(|start| is_page_of(start, asked));
        let is_missing = is_counted || !self.is_at_start() && self.says.is_some_and(|(page, _)| is_its_own(page));
        let another = || Step::Ends(if is_missing { End::Short(why) } else { End::Early(why) });
        let is_known = shared.is_some_and(|shared| shared.known > 0);
        if self.is_at_start() {
            let (kept, shared) = (self.kept()?, shared?);
            if kept.is_article() {
                return (shared.new > 0 || !is_known).then_some(Step::Strange);
            }
            if shared.is_turned {
                // What is new may stand on any page, and nobody knows which page is which.
                return Some(Step::Turned);
            }
            if is_known {
                return None;
            }
            // Behind the first page others may have gone; that one itself is read on from.
            return match self.place(asked) {
                Some(0) if !document.posts.is_empty() && is_titled_alike(kept, document) => None,
                Some(0) if self.mode == Mode::On => Some(another()),
                _ => Some(Step::Strange),
            };
        }
        let (Some(first), Some(before)) = (&self.first, &self.before) else { return None };
        let start = self.addresses.first().unwrap_or(before);
        let is_later = self.place(before).is_none_or(|at| at > 0);
        let way = Way { first: start, before, is_later, said: self.said, at };
        (!is_known && !goes_on(first, document, way, self.visit.repeats(document) > 0)).then(another)
    }

    /// Whether a page has comments under the article that was read.
    fn has_comments_of(&self, document: &Document) -> bool {
        let title = self.first.as_ref().and_then(title_of);
        let is_commented = document.thread.is_none() && !document.posts.is_empty();
        is_commented && alike(title.as_deref(), title_of(document).as_deref()) == Alike::Same
    }

    /// What comes after a page that brings nothing new: a link may have led back though more pages are to come.
    fn barren(&mut self, at: &Url) -> Step {
        if let Some(spare) = self.spare.take().filter(|spare| !self.seen.contains(&plain(spare))) {
            return Step::On(spare);
        }
        Step::Ends(match self.says.take() {
            Some((page, pages)) => {
                End::Short(format!("{at} brings nothing new, and the page before is page {page} of {pages}"))
            }
            None => End::Early(format!("{at} brings nothing new")),
        })
    }

    /// The next page, or why there is none.
    fn after(&mut self, document: &Document, at: &Url, shared: Option<Shared>) -> Step {
        if self.mode == Mode::Head && shared.is_some_and(|shared| shared.new == 0) {
            return Step::Ends(End::Last);
        }
        let links = [&document.next, &document.next_by_links].into_iter().flatten();
        let links: Vec<&String> = links.filter(|_| document.kind != Kind::Listing).collect();
        let mut ways = links.iter().filter_map(|link| self.follows(link, at));
        let (next, spare) = (ways.next(), ways.next());
        let says = document.thread.as_ref().and_then(|thread| thread.page.zip(thread.pages));
        (self.spare, self.says) = (spare, says.filter(|(page, pages)| page < pages));
        if let Some(next) = next {
            return Step::On(next);
        }
        let back = links.first().and_then(|link| self.leads_back(link, at));
        Step::Ends(match (self.says, back) {
            (Some((page, pages)), None) => {
                End::Short(format!("{at} says that it is page {page} of {pages}, and names no next one"))
            }
            (Some((page, pages)), Some(back)) => {
                End::Short(format!("{at} says that it is page {page} of {pages}, and names {back} as the next one"))
            }
            (None, back) => {
                // Where a page says that it is the last, nothing is missing behind it.
                let back = back.filter(|_| says.is_none());
                self.note = back.map(|back| format!("{at} names {back} as the next page, which was read before"));
                End::Last
            }
        })
    }

    /// The address of a page read before that a link leads back to.
    fn leads_back(&self, link: &str, from: &Url) -> Option<Url> {
        let url = Url::from(from.join(link).ok().filter(Url::is_web)?.with_credentials().clone());
        let is_known = self.seen.contains(&plain(&url)) || self.place(&url).is_some();
        (is_known && plain(&url) != plain(from)).then_some(url)
    }

    /// The address a link leads to, where it is of the same host, not read yet and not that of an earlier page.
    fn follows(&self, link: &str, from: &Url) -> Option<Url> {
        let mut url = from.join(link).ok().filter(Url::is_web)?.with_credentials().clone();
        url.set_fragment(None);
        let url = Url::from(url);
        let host = |url: &Url| (url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned(), url.port());
        let is_back = match (self.place(&url), self.place(from)) {
            (Some(to), Some(from)) => to <= from,
            (to, _) => to.is_some(),
        };
        (host(&url) == host(from) && !is_back && !self.seen.contains(&plain(&url))).then_some(url)
    }

    /// Which page an address is that of, from 0.
    fn place(&self, url: &Url) -> Option<usize> {
        let url = plain(url);
        self.addresses.iter().position(|known| plain(known) == url)
    }

    /// The pages known are those up to this one, by the addresses they have now.
    fn note_address(&mut self, asked: &Url, at: &Url) {
        match (self.place(at), self.place(asked)) {
            (Some(now), Some(then)) if now < then => self.addresses.truncate(now + 1),
            (Some(_), _) => {}
            (None, Some(then)) => self.addresses[then] = at.clone(),
            (None, None) => self.addresses.push(at.clone()),
        }
    }

    /// The capture as the first page makes it.
    fn begin(&mut self, page: Page, document: &Document) {
        let mut capture = blank(&self.url, page.fetched_at);
        capture.status = Some(page.status);
        capture.hops.clone_from(&page.hops);
        capture.content_type = page.header("content-type").map(str::to_owned);
        capture.outcome = outcome_of(document).unwrap_or(Outcome::Ok);
        capture.detail = detail(document, &self.visit.text(PostView::default()));
        capture.kind = document.kind;
        capture.metadata = dates::known_by(page.fetched_at, document.metadata.clone());
        capture.confidence = document.confidence;
        capture.words_removed = document.words_removed();
        extract::VERSION.clone_into(&mut capture.extractor);
        if let Some(thread) = &self.visit.thread {
            capture.kind = if thread.platform.is_some() { Kind::Thread } else { capture.kind };
        }
        capture.final_url = (page.final_url != self.url).then(|| page.final_url.clone());
        self.raw = Some(page.decoded.unwrap_or(page.body));
        self.capture = Some(capture);
    }
}

/// Whether a page may be one of the thread by what it is called: titles are reworded, and marked as solved.
fn is_titled_alike(kept: &Kept, document: &Document) -> bool {
    let id = document.thread.as_ref().and_then(|thread| thread.id.as_ref());
    if let (Some(known), Some(id)) = (&kept.thread.id, id) {
        return known == id;
    }
    alike(kept.title.as_deref(), title_of(document).as_deref()) != Alike::Not
}

/// The address as it is compared: without a fragment.
fn plain(url: &Url) -> String {
    let mut url = url.with_credentials().clone();
    url.set_fragment(None);
    url.to_string()
}

//! The worker of a crawl: visits what was claimed of one host, and tells.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::allowance::Allowance;
use super::follow::{Bounds, Followed};
use super::leads::{self, Body, List};
use super::{PAGES_MAX, Pipeline, off_thread};
use crate::archive::Entry;
use crate::capture::rights::agent_of;
use crate::capture::{Capture, Outcome};
use crate::document::Kind as PageKind;
use crate::fetch::{FetchError, Known, Room};
use crate::frontier::{Find, Frontier, Identity, Role, Task};
use crate::page::{Timestamp, Url};
use crate::schedule::{self, Kind, Scope, Source};

/// Where requests to a machine would wait longer than this for those of its other hosts, the worker goes to another one.
const CROWD_WAIT_MAX: Duration = Duration::from_secs(5);
/// So long a list waits for which this machine had no room.
const CROWDED_PAUSE: Duration = Duration::from_secs(5 * 60);

/// So many visits in a row without a change are looked through for the body; then it is asked for once more.
const KEPT_LOOKS_MAX: usize = 1000;

/// What workers tell.
pub(super) enum Told {
    Fetching(Url),
    /// A visit has ended; the sender is used once it is on disk and the frontier knows of it.
    Visit(Box<Visit>, oneshot::Sender<()>),
    /// These were not visited, and are for later.
    Postponed(Vec<Task>, Later),
    /// The host's worker has ended.
    Free(String),
}

/// Why tasks are for later, and when they are due again.
#[derive(Clone, Copy, Debug)]
pub(super) enum Later {
    /// Their machine has others waiting: this run may well come back.
    Crowd(Timestamp),
    /// Their host is in a pause, or the run ends.
    Host(Timestamp),
    /// This one leads to another host that is in a pause; the others of its own may go on.
    Task(Timestamp),
}

impl Later {
    pub(super) fn due(self) -> Timestamp {
        match self {
            Self::Crowd(due) | Self::Host(due) | Self::Task(due) => due,
        }
    }
}

/// One visit and what it gave.
pub(super) struct Visit {
    pub task: Task,
    pub entry: Entry,
    /// The entry of the address that was asked, where its page is another's for good.
    pub moved: Option<Entry>,
    pub finds: Vec<Find>,
    /// How long the server asked to be left alone.
    pub wait: Option<Duration>,
    /// Whether it was broken off and is to go on.
    pub again: bool,
    /// Of the list that it brought, if that is large.
    pub _room: Room,
}

/// Visits the pages of one host, one after the other.
pub(super) struct Worker {
    pub pipeline: Pipeline,
    pub frontier: Arc<dyn Frontier>,
    pub sources: Arc<[Source]>,
    pub sender: mpsc::Sender<Told>,
    pub stop: watch::Receiver<bool>,
    pub halt: watch::Receiver<bool>,
    /// What the pages of a thread behind its first are taken from.
    pub allowance: Allowance,
}

impl Worker {
    pub(super) async fn visit_host(mut self, tasks: Vec<Task>) {
        let mut left = tasks.into_iter();
        while let Some(task) = left.next() {
            if *self.stop.borrow() || *self.halt.borrow() {
                let all = [task].into_iter().chain(left).collect();
                self.tell(Told::Postponed(all, Later::Host(Timestamp::now()))).await;
                break;
            }
            self.tell(Told::Fetching(task.url.clone())).await;
            let mut stop = self.stop.clone();
            // A thread ends by itself when stopped, with what it has read by then.
            let visit = tokio::select! {
                visit = self.visit(&task) => visit,
                _ = stop.wait_for(|&stop| stop), if task.role != Role::Thread => Err(Later::Host(Timestamp::now())),
            };
            match visit {
                Ok(visit) => {
                    let (settled, wait) = oneshot::channel();
                    self.tell(Told::Visit(Box::new(visit), settled)).await;
                    // Never answered, the pass is over: what is left comes back with the next run.
                    if wait.await.is_err() {
                        break;
                    }
                }
                Err(later @ Later::Task(_)) => self.tell(Told::Postponed(vec![task], later)).await,
                Err(later) => {
                    let all = [task].into_iter().chain(left).collect();
                    self.tell(Told::Postponed(all, later)).await;
                    break;
                }
            }
        }
    }

    async fn tell(&mut self, told: Told) {
        // The receiver lives as long as the pass; a closed channel means that the pass is over.
        let _ = self.sender.send(told).await;
    }

    /// One visit; none while its host is in a pause.
    async fn visit(&self, task: &Task) -> Result<Visit, Later> {
        if self.pipeline.is_erased(&task.url).await || self.pipeline.is_erased(task.asked()).await {
            let entry = super::erased(task.asked(), Timestamp::now());
            return Ok(Visit {
                task: task.clone(),
                entry,
                moved: None,
                finds: Vec::new(),
                wait: None,
                again: false,
                _room: Room::default(),
            });
        }
        let asked = task.asked();
        let crowd = self.pipeline.fetcher.queue(asked).await;
        if crowd > CROWD_WAIT_MAX {
            return Err(Later::Crowd(Timestamp::now().checked_add(crowd).unwrap_or(Timestamp::MAX)));
        }
        if task.role == Role::Thread {
            return self.thread(task).await;
        }
        let source = self.sources.iter().find(|source| source.name == task.source);
        let is_list = matches!(task.role, Role::Feed | Role::Sitemap);
        let leads_on = source.is_some_and(|source| leads::leads_on(task, source));
        // What leads on is read again when it has not changed: a run that ended early may not have followed it.
        let mut kept = if leads_on { self.kept(asked).await } else { Body::default() };
        let known = if leads_on && kept.bytes.is_empty() {
            Known::default()
        } else {
            self.pipeline.known(asked, is_list).await
        };
        let fetched = if is_list {
            self.pipeline.fetcher.fetch_list(asked, &known).await
        } else {
            self.pipeline.fetcher.fetch(asked, &known).await.map(|page| (page, Room::default()))
        };
        let wait = match &fetched {
            Err(failure) => wait_after(&failure.error, asked)?,
            Ok(_) => None,
        };
        let (mut entry, room) = match fetched {
            Ok((page, room)) if is_list => (super::entry_of_list(page, &known, &kept.bytes), room),
            Ok((page, room)) => {
                let (entry, unkept) = self.pipeline.entry_of_page(page).await;
                if let Some(bytes) = unkept {
                    kept = Body { bytes, content_type: entry.capture.content_type.clone() };
                }
                (entry, room)
            }
            Err(failure) => (self.pipeline.entry_of_failure(*failure).await, Room::default()),
        };
        let finds = match source.filter(|_| leads_on) {
            Some(source) => self.finds(task, source, &mut entry, kept).await,
            None => Vec::new(),
        };
        let strays = source.is_some_and(|source| !task.root && !is_list && strays(source, &entry.capture));
        let entry = if strays { led_away(entry) } else { entry };
        let (entry, moved) = apart(entry, |to| task.root || source.is_none_or(|source| reaches(source, to)));
        Ok(Visit { task: task.clone(), entry, moved, finds, wait, again: false, _room: room })
    }

    /// A visit of a thread, over its pages.
    async fn thread(&self, task: &Task) -> Result<Visit, Later> {
        let source = self.sources.iter().find(|source| source.name == task.source && source.kind == Kind::Thread);
        let pages_max = source.map_or(PAGES_MAX, |source| source.limit);
        let (allowance, stop) = (self.allowance.clone(), self.stop.clone());
        let bounds = Bounds { pages_max, allowance, stop, turns_home: false };
        let (entry, again, wait) = match self.pipeline.try_follow(task.asked(), bounds).await {
            Ok(Followed { entry, cut }) => (entry, cut, None),
            Err(failure) => {
                let wait = wait_after(&failure.error, task.asked())?;
                (self.pipeline.entry_of_lost_thread(task.asked(), *failure).await, false, wait)
            }
        };
        Ok(Visit { task: task.clone(), entry, moved: None, finds: Vec::new(), wait, again, _room: Room::default() })
    }

    /// What a visit leads to: by its body, or by the one `kept` of it where it had not changed.
    async fn finds(&self, task: &Task, source: &Source, entry: &mut Entry, kept: Body) -> Vec<Find> {
        let capture = &entry.capture;
        if !matches!(capture.outcome, Outcome::Ok | Outcome::Unchanged | Outcome::OptedOut) {
            return Vec::new();
        }
        let at = capture.final_url.clone().unwrap_or_else(|| capture.url.clone());
        // Unchanged, its links may never have been followed: patterns change, and so do limit and depth.
        let is_own = entry.raw.is_some();
        // Lent, as a list may be large.
        let body = match entry.raw.take() {
            Some(bytes) => Body { bytes, content_type: capture.content_type.clone() },
            None => kept,
        };
        let (role, agent) = (task.role, agent_of(&capture.rights).to_owned());
        let looked = move || {
            let is_page = role == Role::Sitemap && body.may_be_page();
            let asks_nofollow = matches!(role, Role::Page | Role::Index) && body.asks_nofollow(&agent);
            (is_page, asks_nofollow, body)
        };
        let (is_page, asks_nofollow, body) = off_thread(looked).await;
        if asks_nofollow || (matches!(role, Role::Page | Role::Index) && entry.capture.is_nofollow()) {
            entry.raw = is_own.then_some(body.bytes);
            let said = "it asks that its links be not followed".to_owned();
            entry.capture.detail.get_or_insert(said);
            return Vec::new();
        }
        let sitemaps = if is_page { self.pipeline.fetcher.sitemaps(&at).await.unwrap_or_default() } else { Vec::new() };
        let (task, source, frontier) = (task.clone(), source.clone(), Arc::clone(&self.frontier));
        let archive = Arc::clone(&self.pipeline.archive);
        let (found, body) = off_thread(move || {
            let (task, source, sitemaps, frontier) = (&task, &source, &sitemaps, frontier.as_ref());
            // As with a visit: what may be erased is not to be asked for.
            let is_erased = &|url: &Url| archive.is_erased(url).unwrap_or(true);
            let found = leads::read(&List { task, source, at: &at, body: &body, sitemaps, frontier, is_erased });
            (found, body)
        })
        .await;
        entry.raw = is_own.then_some(body.bytes);
        if entry.capture.kind == PageKind::Listing && entry.raw.is_some() && entry.text.is_none() {
            let notes = found.notes.iter().map(|note| format!("; {note}")).collect::<String>();
            entry.capture.detail = Some(format!("a list of {} addresses{notes}", found.named));
        }
        found.finds
    }

    /// The body that the last visit with one brought, where the archive keeps it: a list that had not changed since has
    /// none of its own.
    async fn kept(&self, url: &Url) -> Body {
        let (archive, url) = (Arc::clone(&self.pipeline.archive), url.clone());
        let read = move || {
            let mut at = None;
            for _ in 0..KEPT_LOOKS_MAX {
                let capture = archive.latest(&url, at).ok()??;
                match capture.raw {
                    Some(raw) => {
                        let content_type = capture.content_type;
                        return archive.raw(raw).ok().map(|bytes| Body { bytes, content_type });
                    }
                    None if capture.outcome != Outcome::Unchanged => return None,
                    None => at = Some(capture.fetched_at.checked_sub(Duration::from_nanos(1)).ok()?),
                }
            }
            None
        };
        off_thread(read).await.unwrap_or_default()
    }
}

/// How long to wait after a failure, as the server says; for later, where nothing was asked because of a pause.
fn wait_after(error: &FetchError, asked: &Url) -> Result<Option<Duration>, Later> {
    match error {
        FetchError::BackOff { host, until } | FetchError::DayFull { host, until, .. } => {
            // A redirect may have led to the host that is in a pause.
            let is_own = *host == asked.manners_key();
            Err(if is_own { Later::Host(*until) } else { Later::Task(*until) })
        }
        FetchError::Halted { .. } => Err(Later::Host(Timestamp::now())),
        // Ours to mend, and no fault of its host.
        FetchError::Crowded { .. } => {
            Err(Later::Task(Timestamp::now().checked_add(CROWDED_PAUSE).unwrap_or(Timestamp::MAX)))
        }
        FetchError::RobotsUnreachable { retry_at, .. } => {
            Ok(Duration::try_from(retry_at.duration_since(Timestamp::now())).ok())
        }
        error => Ok(error.retry_after()),
    }
}

/// The redirects that hold for good.
const FOR_GOOD: [u16; 2] = [301, 308];

/// An address that leads to another one for good: its own entry says so, and the page is kept under the other, where
/// that is within the source's reach. The entry that counts comes first.
fn apart(mut entry: Entry, within: impl Fn(&Url) -> bool) -> (Entry, Option<Entry>) {
    let Some((to, is_same_page)) = moved_to(&entry.capture) else { return (entry, None) };
    let capture = &mut entry.capture;
    let mut moved = elsewhere(capture, &to, format!("moved for good to {to}"));
    capture.url.clone_from(&to);
    capture.final_url = None;
    if is_same_page || within(&to) {
        return (entry, Some(moved));
    }
    moved.capture.detail = Some(format!("moved for good to {to}, which is out of its source's reach"));
    (moved, None)
}

/// The entry of an address that leads to another one, in place of what stands there, which keeps no hops.
fn elsewhere(capture: &mut Capture, to: &Url, detail: String) -> Entry {
    let blank = super::blank(&capture.url, capture.fetched_at);
    let mut moved = Capture { outcome: Outcome::Moved, final_url: Some(to.clone()), ..blank };
    moved.status = capture.hops.first().map(|hop| hop.status);
    moved.hops = std::mem::take(&mut capture.hops);
    moved.detail = Some(detail);
    Entry { capture: moved, text: None, records: None, raw: None }
}

/// Whether an address that was found leads, for now, to a page that its source leaves out: a click that is counted and goes
/// to another site, or a sign-in. The same path elsewhere is the same page, of a site that has several hosts or languages.
/// What feeds and sitemaps name by a redirector is meant to lead to another site, but not to what is excluded.
fn strays(source: &Source, capture: &Capture) -> bool {
    let had = capture.outcome.has_text() || capture.outcome == Outcome::OptedOut;
    let Some(to) = capture.final_url.as_ref().filter(|_| had && !is_for_good(capture)) else { return false };
    if capture.hops.is_empty() || to.path() == capture.url.path() {
        return false;
    }
    let walks = matches!(source.kind, Kind::Index | Kind::Board) && source.scope != Scope::Any;
    // Other hosts of its site may be where a host keeps its pages.
    let at_home = |url: &Url| source.url.as_ref().is_none_or(|root| schedule::in_scope(Scope::Site, root, url));
    // What redirectors add to count clicks is asked for without, and excluded to have pages once.
    let asked = || Identity::default().clean(to);
    walks && at_home(&capture.url) && !at_home(to) || source.excludes(to) && source.excludes(&asked())
}

/// The entry of an address that strays.
fn led_away(mut entry: Entry) -> Entry {
    let to = entry.capture.final_url.clone().unwrap_or_else(|| entry.capture.url.clone());
    elsewhere(&mut entry.capture, &to, format!("leads to {to}, which is out of its source's reach"))
}

/// Where a page that was had is for good, if that is another page to the frontier, or the same at another host: a site that
/// moves to https is not to be asked over and over for where it is. And whether it is the same.
fn moved_to(capture: &Capture) -> Option<(Url, bool)> {
    let had = capture.outcome.has_text() || capture.outcome == Outcome::OptedOut;
    let to = capture.final_url.clone().filter(|_| had && is_for_good(capture))?;
    let identity = Identity::default();
    let is_same = identity.key(&to) == identity.key(&capture.url);
    (!is_same || to.origin() != capture.url.origin()).then_some((to, is_same))
}

fn is_for_good(capture: &Capture) -> bool {
    !capture.hops.is_empty() && capture.hops.iter().all(|hop| FOR_GOOD.contains(&hop.status))
}

fn reaches(source: &Source, url: &Url) -> bool {
    let inside = source.url.as_ref().is_none_or(|root| schedule::in_scope(source.scope, root, url));
    inside && source.takes(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That this machine has no room is not told of the page, and no failure of its host.
    #[test]
    fn a_list_without_room_is_asked_for_later() {
        let asked = Url::parse("https://quay.example/feed").expect("an address");
        let crowded = FetchError::Crowded { most: 4, limit: CROWDED_PAUSE };
        assert!(matches!(wait_after(&crowded, &asked), Err(Later::Task(due)) if due > Timestamp::now()));
    }
}

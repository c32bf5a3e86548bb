//! A crawl: claims what is due, visits it, keeps it, follows what it leads to, until nothing is due or the budget ends.
//!
//! An address leaves the frontier's hands only after its capture is on disk, and what was found goes in with the same
//! step. Killed in between, the next crawl sees in the archive that the visit was made. A host's next page is asked for
//! only once the one before is settled so: a kill costs each host at most the one visit that was in flight.

mod terms;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::ZonedDateTime;
use tokio::sync::{mpsc, watch};

pub use self::terms::{leaves_out, revisit_changed};
use super::allowance::Allowance;
use super::erased::{finds_kept, stay, urls_kept};
use super::leads;
use super::worker::{Later, Told, Worker};
use super::{BATCH_MAX, Event, Pipeline, Summary, off_thread};
use crate::archive::{ArchiveError, Entry};
use crate::capture::{Capture, Outcome};
use crate::frontier::{Find, Frontier, FrontierError, Moved, Role, Row, Task, Visited, Wish};
use crate::page::{Timestamp, Url};
use crate::schedule::{self, Before, Kind, Source};

/// Tasks of one host handed out at once: few, so that what is found meanwhile and matters more is not late.
const PER_HOST: usize = 8;

/// The frontier's note of when a run began last.
const RUN_NOTE: &str = "run";

/// How often it is looked whether more bytes have come than the run may cost.
const BYTES_LOOK: Duration = Duration::from_millis(500);

#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error(transparent)]
    Frontier(#[from] FrontierError),
}

/// What a run may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    pub time: Option<Duration>,
    pub pages: Option<u64>,
    /// Bytes of bodies as sent, of failures and robots.txt too.
    pub bytes: Option<u64>,
}

/// A crawl of some sources.
#[derive(Clone, Debug)]
pub struct Crawl {
    pub pipeline: Pipeline,
    pub frontier: Arc<dyn Frontier>,
    pub sources: Vec<Source>,
    pub budget: Budget,
}

impl Crawl {
    /// Brings the frontier in step with the configuration and the archive: `lists` holds the addresses of each source
    /// whose addresses are pages. Leases of runs that are over come back first. Only for who holds the run's lock.
    ///
    /// # Errors
    /// The archive or the frontier cannot be used.
    pub fn prepare(&self, lists: &BTreeMap<String, Vec<Url>>, now: &ZonedDateTime) -> Result<(), CrawlError> {
        self.take_back(now)?;
        self.frontier.turn_back(now.timestamp())?;
        self.sync(lists, now)?;
        self.follow_patterns(now.timestamp())?;
        self.follow_revisits(now.timestamp())?;
        // A clock that runs ahead is known by it later, whatever this run visits.
        Ok(self.frontier.keep_note(RUN_NOTE, "", now.timestamp())?)
    }

    /// The part of [`Crawl::prepare`] that may be done beside another run.
    ///
    /// # Errors
    /// The archive or the frontier cannot be used.
    pub fn sync(&self, lists: &BTreeMap<String, Vec<Url>>, now: &ZonedDateTime) -> Result<(), CrawlError> {
        for source in &self.sources {
            let roots: Vec<Url> = match lists.get(&source.name) {
                _ if !source.kind.is_of_pages() => source.url.clone().into_iter().collect(),
                Some(urls) => urls.iter().filter(|url| source.takes(url)).cloned().collect(),
                // Its list cannot be read now: what is known of it stays.
                None => continue,
            };
            let roots = urls_kept(&self.pipeline.archive, roots)?;
            self.frontier.keep_roots(&source.name, &roots)?;
            self.sync_roots(source, &roots, now)?;
        }
        Ok(())
    }

    fn sync_roots(&self, source: &Source, roots: &[Url], now: &ZonedDateTime) -> Result<(), CrawlError> {
        let mut rows = HashMap::new();
        self.frontier.rows(std::slice::from_ref(&source.name), true, &mut |row| {
            drop(rows.insert(row.task.url.to_string(), row))
        })?;
        let (mut finds, mut dues) = (Vec::new(), Vec::new());
        for url in roots {
            let latest = self.pipeline.archive.latest(url, None)?;
            // A list that is in the archive may have led nowhere yet: only the frontier knows.
            let archived = latest.as_ref().map(|capture| capture.fetched_at).filter(|_| source.kind.is_of_pages());
            // What a clock that ran ahead says was visited tomorrow may be due today.
            let past = |at: Option<Timestamp>| at.filter(|at| *at <= now.timestamp());
            match rows.get(&url.to_string()) {
                None => finds.push(Find {
                    role: role_of(source.kind),
                    root: true,
                    depth: 0,
                    priority: 2,
                    due_at: Some(leads::due_of_root(source, past(archived), now)),
                    visited: latest.map(|capture| (capture.fetched_at, capture.outcome.to_string())),
                    ..Find::page(url.clone(), &source.name)
                }),
                // What fails keeps its back-off, what was broken off goes on; all else follows the schedule as it is now.
                Some(row) if row.task.past.fails == 0 && !is_broken_off(row) => {
                    let due = leads::due_of_root(source, past(row.task.past.last_at).max(past(archived)), now);
                    // What waits already is not put behind what has come since.
                    let waits = due <= now.timestamp() && row.due_at.is_some_and(|at| at <= due);
                    if row.due_at != Some(due) && !waits {
                        dues.push((row.task.id, Some(due).filter(|due| *due < Timestamp::MAX)));
                    }
                }
                Some(row) => {
                    let latest = row.task.past.last_at.map(|last| schedule::latest_retry(source, last, now));
                    let over = latest.filter(|latest| row.task.past.fails > 0 && row.due_at > Some(*latest));
                    dues.extend(over.map(|latest| (row.task.id, Some(latest))));
                }
            }
        }
        self.frontier.add(&finds, now.timestamp())?;
        self.frontier.set_due(&dues)?;
        Ok(())
    }

    /// Leases left by a run that was killed: visits that reached the archive are made, the others are due again.
    fn take_back(&self, now: &ZonedDateTime) -> Result<(), CrawlError> {
        for task in self.frontier.orphans()? {
            let latest = self.pipeline.archive.latest(task.asked(), None)?;
            // What leads on is visited again: its capture is there, what it led to may not be.
            let leads = self.source(&task.source).is_none_or(|source| leads::leads_on(&task, source));
            let made = latest.filter(|capture| Some(capture.fetched_at) >= task.leased_at && !leads);
            let made = made.filter(|capture| capture.outcome != Outcome::Moved);
            match made {
                Some(capture) => {
                    let visited = self.visited(&task, &capture, None, false, now);
                    self.frontier.finish(&visited.into_iter().collect::<Vec<_>>(), &[], now.timestamp())?;
                }
                None => self.frontier.release(&[task.id], now.timestamp())?,
            }
        }
        Ok(())
    }

    /// Works until nothing is due, the budget ends, or `stop` turns true.
    ///
    /// # Errors
    /// The archive or the frontier cannot take what was fetched; what was told before stays.
    pub async fn run(
        &self,
        stop: watch::Receiver<bool>,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Summary, CrawlError> {
        let mut pass = Pass::new(self, stop);
        loop {
            pass.hand_out().await?;
            if pass.busy.is_empty() {
                if pass.wait_for_crowd().await {
                    continue;
                }
                break;
            }
            let batch = pass.receive(tell).await;
            pass.settle(batch, tell).await?;
        }
        pass.summary.interrupted = *pass.stop.borrow();
        Ok(pass.summary)
    }

    fn source(&self, name: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// What the frontier is to remember of a visit.
    fn visited(
        &self,
        task: &Task,
        capture: &Capture,
        wait: Option<Duration>,
        led_on: bool,
        now: &ZonedDateTime,
    ) -> Option<Visited> {
        let source = self.source(&task.source)?;
        let before = Before {
            scheduled: task.root || task.role.is_list(),
            found: !task.root,
            fails: task.past.fails,
            refused: is_refused(capture),
            interval: task.past.interval,
            seed: leads::seed(&task.url),
        };
        // A list that names nothing new is the same list, whatever date it bears.
        let is_new = led_on || task.past.visits == 0 || !task.role.is_list();
        let changed = capture.outcome == Outcome::Ok && is_new;
        let next = schedule::next_visit(source, before, capture.outcome, changed, wait, now);
        let (id, at, outcome) = (task.id, capture.fetched_at, capture.outcome.to_string());
        let moved = moved(task, capture);
        Some(Visited { id, at, outcome, changed, fails: next.fails, interval: next.interval, due_at: next.at, moved })
    }
}

/// What the server refuses it will refuse for a while; only "busy" and "too slow" pass sooner.
fn is_refused(capture: &Capture) -> bool {
    capture.outcome == Outcome::Http && matches!(capture.status, Some(400..=407 | 409..=428 | 430..=499))
}

/// What a visit says of where its page is: kept under another address, it moved; lost there, its first one is asked again.
fn moved(task: &Task, capture: &Capture) -> Moved {
    let lost = [Outcome::Gone, Outcome::Soft404, Outcome::Dns, Outcome::Address, Outcome::Connect, Outcome::Tls];
    match &task.moved_to {
        Some(_) if lost.contains(&capture.outcome) => Moved::Back,
        _ if capture.url != *task.asked() => Moved::To(capture.url.clone()),
        _ => Moved::No,
    }
}

/// Whether its last visit did not come to the end: it was due again at once.
fn is_broken_off(row: &Row) -> bool {
    row.due_at.is_some_and(|due| row.task.past.last_at.is_some_and(|last| due <= last))
}

fn role_of(kind: Kind) -> Role {
    match kind {
        Kind::Urls => Role::Page,
        Kind::Index | Kind::Board => Role::Index,
        Kind::Feed => Role::Feed,
        Kind::Sitemap => Role::Sitemap,
        Kind::Thread => Role::Thread,
    }
}

/// A crawl at work.
struct Pass<'a> {
    crawl: &'a Crawl,
    stop: watch::Receiver<bool>,
    /// Turns true when the budget ends: visits under way are finished, no other is begun.
    halt: watch::Sender<bool>,
    sender: mpsc::Sender<Told>,
    told: mpsc::Receiver<Told>,
    busy: Vec<String>,
    /// Pages each source may still have in this run.
    quotas: Vec<(String, usize)>,
    /// When tasks are due again that made way to others of their machine.
    crowded: Vec<Timestamp>,
    summary: Summary,
    /// Bytes that had come before it.
    received: u64,
    allowance: Allowance,
    started: Instant,
}

impl<'a> Pass<'a> {
    fn new(crawl: &'a Crawl, stop: watch::Receiver<bool>) -> Self {
        let (sender, told) = mpsc::channel(BATCH_MAX);
        // The roots themselves do not count against the limit; of threads it is one of pages.
        let quota = |source: &Source| match source.kind {
            Kind::Thread => (source.name.clone(), usize::MAX),
            _ => (source.name.clone(), source.limit.saturating_add(source.kind_roots())),
        };
        Self {
            crawl,
            stop,
            halt: watch::channel(false).0,
            sender,
            told,
            busy: Vec::new(),
            quotas: crawl.sources.iter().map(quota).collect(),
            crowded: Vec::new(),
            summary: Summary::default(),
            received: crawl.pipeline.fetcher.bytes_received(),
            allowance: Allowance::new(crawl.budget.pages),
            started: Instant::now(),
        }
    }

    /// Whether no further visit is to begin, those already handed out included.
    fn is_over(&self) -> bool {
        let Budget { time, bytes, .. } = self.crawl.budget;
        *self.stop.borrow()
            || *self.halt.borrow()
            || time.is_some_and(|most| self.started.elapsed() >= most)
            || bytes.is_some_and(|most| self.crawl.pipeline.fetcher.bytes_received() - self.received >= most)
    }

    /// Claims tasks for hosts that are free, and sets a worker on each.
    async fn hand_out(&mut self) -> Result<(), CrawlError> {
        if self.is_over() {
            self.halt.send_replace(true);
            return Ok(());
        }
        let free = self.crawl.pipeline.concurrency.max(1).saturating_sub(self.busy.len());
        let left = self.allowance.left().map(|left| usize::try_from(left).unwrap_or(usize::MAX));
        if free == 0 || left == Some(0) {
            return Ok(());
        }
        let quotas = self.quotas.iter().filter(|(_, most)| *most > 0);
        let wish = Wish {
            now: Timestamp::now(),
            sources: quotas.map(|(name, most)| (name.clone(), left.map_or(*most, |left| left.min(*most)))).collect(),
            busy: self.busy.clone(),
            hosts: if left.is_some() { 1 } else { free },
            per_host: PER_HOST,
        };
        let tasks = self.crawl.claim(wish, || self.is_over()).await?;
        let mut hosts: BTreeMap<String, Vec<Task>> = BTreeMap::new();
        self.allowance.take(tasks.len() as u64);
        for task in tasks {
            if let Some((_, left)) = self.quotas.iter_mut().find(|(name, _)| *name == task.source) {
                *left = left.saturating_sub(1);
            }
            hosts.entry(task.host.clone()).or_default().push(task);
        }
        for (host, tasks) in hosts {
            self.busy.push(host.clone());
            let halt = self.halt.subscribe();
            let fetcher = self.crawl.pipeline.fetcher.until(halt.clone());
            let worker = Worker {
                pipeline: Pipeline { fetcher, ..self.crawl.pipeline.clone() },
                frontier: Arc::clone(&self.crawl.frontier),
                sources: self.crawl.sources.clone().into(),
                sender: self.sender.clone(),
                stop: self.stop.clone(),
                halt,
                allowance: self.allowance.clone(),
            };
            let sender = self.sender.clone();
            tokio::spawn(async move {
                // Should the worker die, its leases come back with the next run; this one goes on without it.
                let _ = tokio::spawn(worker.visit_host(tasks)).await;
                let _ = sender.send(Told::Free(host)).await;
            });
        }
        Ok(())
    }

    /// Tasks that were claimed and not visited: they count neither as pages of the run nor of their source.
    fn postpone(&mut self, tasks: &[Task], later: Later) -> Result<(), CrawlError> {
        self.allowance.give_back(tasks.len() as u64);
        for task in tasks {
            if let Some((_, left)) = self.quotas.iter_mut().find(|(name, _)| *name == task.source) {
                *left = left.saturating_add(1);
            }
        }
        if let Later::Crowd(due) = later {
            let now = Timestamp::now();
            self.crowded.retain(|due| *due > now);
            self.crowded.push(due);
        }
        let ids: Vec<i64> = tasks.iter().map(|task| task.id).collect();
        Ok(self.crawl.frontier.release(&ids, later.due())?)
    }

    /// Waits until tasks that made way to others are due again; whether there is any reason to claim once more.
    async fn wait_for_crowd(&mut self) -> bool {
        let spent = self.allowance.left() == Some(0);
        let Some(due) = self.crowded.iter().min().copied().filter(|_| !spent && !self.is_over()) else { return false };
        let wait = Duration::try_from(due.duration_since(Timestamp::now())).unwrap_or_default();
        let left = self.crawl.budget.time.map(|most| most.saturating_sub(self.started.elapsed()));
        let mut stop = self.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(left.map_or(wait, |left| left.min(wait))) => {}
            _ = stop.wait_for(|&stop| stop) => {}
        }
        self.crowded.retain(|other| *other > due);
        true
    }

    /// Waits for the first thing told, and takes what has come in since; nothing, where the budget may have ended meanwhile.
    async fn receive(&mut self, tell: &mut dyn FnMut(Event<'_>)) -> Vec<Told> {
        let mut batch = Vec::new();
        let Budget { time, bytes, .. } = self.crawl.budget;
        let left = time.map(|most| most.saturating_sub(self.started.elapsed()));
        let look = [left, bytes.map(|_| BYTES_LOOK)].into_iter().flatten().min().filter(|_| !*self.halt.borrow());
        let mut next = tokio::select! {
            next = self.told.recv() => next,
            // Whether the budget is at its end is seen before anything else is handed out.
            () = tokio::time::sleep(look.unwrap_or(Duration::MAX)), if look.is_some() => return batch,
        };
        while let Some(told) = next {
            match &told {
                Told::Fetching(url) => tell(Event::Fetching(url)),
                Told::Visit(visit, _) => tell(Event::Visited(&visit.entry)),
                Told::Postponed(..) | Told::Free(_) => {}
            }
            batch.push(told);
            next = if batch.len() < BATCH_MAX { self.told.try_recv().ok() } else { None };
        }
        batch
    }

    /// Archives what was fetched, then settles it with the frontier, then tells it.
    async fn settle(&mut self, batch: Vec<Told>, tell: &mut dyn FnMut(Event<'_>)) -> Result<(), CrawlError> {
        let (mut visits, mut settled, mut free) = (Vec::new(), Vec::new(), Vec::new());
        for told in batch {
            match told {
                Told::Fetching(_) => {}
                Told::Visit(visit, answer) => {
                    visits.push(*visit);
                    settled.push(answer);
                }
                Told::Postponed(tasks, later) => self.postpone(&tasks, later)?,
                Told::Free(host) => free.push(host),
            }
        }
        let pages = visits.iter_mut().map(|visit| std::mem::replace(&mut visit.entry, empty(&visit.task.url)));
        let mut entries: Vec<Entry> = pages.collect();
        entries.extend(visits.iter_mut().filter_map(|visit| visit.moved.take()));
        let captures = self.crawl.pipeline.keep(entries).await?;
        let now = ZonedDateTime::now();
        let (mut done, mut finds) = (Vec::new(), Vec::new());
        for (visit, capture) in visits.iter_mut().zip(&captures) {
            let visited = self.crawl.visited(&visit.task, capture, visit.wait, !visit.finds.is_empty(), &now);
            let due_at = |visited: &Visited| if visit.again { Some(visited.at) } else { visited.due_at };
            done.extend(visited.map(|visited| Visited { due_at: due_at(&visited), ..visited }));
            finds.append(&mut visit.finds);
        }
        let (frontier, archive) = (Arc::clone(&self.crawl.frontier), Arc::clone(&self.crawl.pipeline.archive));
        let finish = move || {
            // What was erased while it was found or visited must not come back with that.
            let finds = finds_kept(&archive, finds)?;
            stay(&archive, &mut done)?;
            Ok::<_, CrawlError>(frontier.finish(&done, &finds, now.timestamp())?)
        };
        let added = off_thread(finish).await?;
        self.summary.cut += added.cut;
        // Said before a worker goes on, so that it begins nothing more.
        if self.is_over() {
            self.halt.send_replace(true);
        }
        for answer in settled {
            // A worker that died waits for nothing.
            let _ = answer.send(());
        }
        for capture in &captures {
            self.summary.count(capture);
            tell(Event::Archived(capture));
        }
        self.busy.retain(|host| !free.contains(host));
        Ok(())
    }
}

/// A place holder for an entry that was handed on.
fn empty(url: &Url) -> Entry {
    Entry { capture: super::blank(url, Timestamp::UNIX_EPOCH), text: None, records: None, raw: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Archive;
    use crate::fetch::{self, Fetcher};
    use crate::frontier::{self, SqliteFrontier};

    #[tokio::test]
    async fn what_made_way_to_a_crowd_is_claimed_again_in_the_same_run() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::init(&folder.path().join("archive"), crate::archive::Options::default()).unwrap();
        let path = folder.path().join("f.sqlite");
        let frontier = Arc::new(SqliteFrontier::open(&path, frontier::Options::default()).unwrap());
        let fetcher = Fetcher::new(fetch::Options::default()).unwrap();
        let pipeline = Pipeline { archive: Arc::new(archive), fetcher, extract: Default::default(), concurrency: 4 };
        let source = Source { name: "s".to_owned(), limit: 1, ..Source::default() };
        let now = Timestamp::now();
        frontier.add(&[Find::page(Url::parse("https://a.example/").unwrap(), "s")], now).unwrap();
        let budget = Budget { pages: Some(5), ..Budget::default() };
        let crawl = Crawl { pipeline, frontier, sources: vec![source], budget };
        let (_stopper, stop) = watch::channel(false);
        let mut pass = Pass::new(&crawl, stop);
        let most = pass.quotas[0].1;
        let wish = Wish { now, sources: vec![("s".to_owned(), most)], busy: Vec::new(), hosts: 1, per_host: 8 };
        let tasks = crawl.frontier.claim(&wish).unwrap();
        pass.allowance.take(1);
        pass.quotas[0].1 = most - 1;
        let due = now.checked_add(Duration::from_millis(30)).unwrap();
        pass.settle(vec![Told::Postponed(tasks, Later::Crowd(due))], &mut |_| {}).await.unwrap();
        assert_eq!((pass.allowance.left(), pass.quotas[0].1), (Some(5), most), "nothing was visited");
        assert!(pass.wait_for_crowd().await);
        assert_eq!(crawl.frontier.claim(&Wish { now: Timestamp::now(), ..wish }).unwrap().len(), 1);
        assert!(!pass.wait_for_crowd().await, "only once");
    }
}

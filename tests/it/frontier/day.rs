//! A day in virtual time: frontier, schedule and manners drive a simulated crawl of many hosts, killed now and then; an
//! independent observer on the servers' side judges every arrival.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gleaner::capture::Outcome;
use gleaner::fetch::Memory;
use gleaner::frontier::{Find, Frontier, Moved, Options, SqliteFrontier, Task, Visited, Wish};
use gleaner::page::{Timestamp, Url};
use gleaner::pipeline::FrontierMemory;
use gleaner::schedule::{Before, Kind, Source, next_visit};
use jiff::tz::TimeZone;

use crate::support::random::Random;

const HOUR: Duration = Duration::from_secs(3600);
const WORKERS: usize = 64;
const PER_HOST: usize = 8;
/// A pause beyond is for later, as in a run.
const PATIENCE: Duration = Duration::from_secs(120);
const LONGEST: Duration = Duration::from_secs(60);
/// A request begins so soon after it may: a worker looks again at a machine that is being asked.
const TARDY_MAX: u64 = 1000;
const PAGES: usize = 4;
const KILLS: u64 = 6;

/// Milliseconds of the day.
type Moment = u64;

fn at(moment: Moment) -> Timestamp {
    Timestamp::from_second(1_750_000_000).unwrap().checked_add(Duration::from_millis(moment)).unwrap()
}

fn moment(at: Timestamp) -> Moment {
    u64::try_from(at.as_millisecond() - 1_750_000_000_000).unwrap_or(0)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap()
}

/// What the servers saw: for each host and machine, when the last request ended, and until when it wants none.
#[derive(Default)]
struct Observer {
    places: HashMap<String, Seen>,
    early: u64,
    together: u64,
    arrivals: u64,
}

#[derive(Default)]
struct Seen {
    open: bool,
    free_at: Moment,
    paused_until: Moment,
}

impl Observer {
    fn arrive(&mut self, place: &str, now: Moment) {
        let seen = self.places.entry(place.to_owned()).or_default();
        self.together += u64::from(seen.open);
        self.early += u64::from(now < seen.free_at.max(seen.paused_until));
        seen.open = true;
    }

    fn allowed(&self, place: &str) -> Moment {
        self.places.get(place).map_or(0, |seen| seen.free_at.max(seen.paused_until))
    }

    /// The next request may come after this pause.
    fn leave(&mut self, place: &str, from: Moment, delay: Duration) {
        let seen = self.places.get_mut(place).expect("it arrived");
        (seen.open, seen.free_at) = (false, from + millis(delay));
    }
}

/// One host: every fifth group of five shares a machine.
struct Host {
    key: String,
    machine: String,
    delay: Duration,
}

fn host(n: usize) -> (String, Host) {
    let delays = [1, 1, 2, 5, 10, 30];
    let name = format!("h{n}.example");
    let machine = if n % 10 < 5 { format!("address shared {}", n / 10) } else { format!("address own {n}") };
    let delay = Duration::from_secs(delays[n % delays.len()]);
    (name.clone(), Host { key: name, machine, delay })
}

enum Event {
    Claim,
    /// The worker's first task wants to begin.
    Begin(usize),
    End {
        worker: usize,
        began: Moment,
    },
    Kill,
}

struct Day<'a> {
    path: &'a Path,
    frontier: Arc<dyn Frontier>,
    memory: FrontierMemory,
    hosts: HashMap<String, Host>,
    source: Source,
    observer: Observer,
    events: BinaryHeap<Reverse<(Moment, u64)>>,
    what: HashMap<u64, Event>,
    next_event: u64,
    workers: BTreeMap<usize, Vec<Task>>,
    /// When each task may be visited at the earliest, as the observer of the schedule has it.
    dues: HashMap<i64, Moment>,
    undue: u64,
    lateness: Vec<u64>,
    /// When a worker's first task was to begin, had nobody else asked there.
    wanted: HashMap<usize, Moment>,
    /// By how much a request came later than its host, its machine and its worker allowed.
    tardiness: Vec<u64>,
    random: Random,
    released: u64,
    open: HashSet<usize>,
    /// Machines that this process is asking.
    asked: HashSet<String>,
}

impl<'a> Day<'a> {
    fn new(path: &'a Path, hosts: usize) -> Self {
        let frontier = open(path);
        let source = Source {
            name: "s".to_owned(),
            kind: Kind::Index,
            every: Some(2 * HOUR),
            revisit: Some(4 * HOUR),
            ..Source::default()
        };
        let mut random = Random::new(9);
        let mut dues = HashMap::new();
        for n in 0..hosts {
            // All at once, so that its own pace is what holds them apart.
            let due = at(random.next() % millis(2 * HOUR));
            let find = |page: usize| Find {
                root: page == 0,
                due_at: Some(due),
                ..Find::page(Url::parse(&format!("https://h{n}.example/p{page}")).unwrap(), "s")
            };
            let finds: Vec<Find> = (0..PAGES).map(find).collect();
            frontier.add(&finds, at(0)).unwrap();
        }
        frontier
            .rows(&["s".to_owned()], false, &mut |row| {
                dues.insert(row.task.id, moment(row.due_at.unwrap()));
            })
            .unwrap();
        Self {
            path,
            memory: FrontierMemory(Arc::clone(&frontier)),
            frontier,
            hosts: (0..hosts).map(host).collect(),
            source,
            observer: Observer::default(),
            events: BinaryHeap::new(),
            what: HashMap::new(),
            next_event: 0,
            workers: BTreeMap::new(),
            dues,
            undue: 0,
            lateness: Vec::new(),
            wanted: HashMap::new(),
            tardiness: Vec::new(),
            random,
            released: 0,
            open: HashSet::new(),
            asked: HashSet::new(),
        }
    }

    fn at(&mut self, moment: Moment, event: Event) {
        self.events.push(Reverse((moment, self.next_event)));
        self.what.insert(self.next_event, event);
        self.next_event += 1;
    }

    fn run(&mut self, length: Duration) {
        self.at(0, Event::Claim);
        for kill in 1..=KILLS {
            let moment = millis(length) * kill / (KILLS + 1);
            self.at(moment, Event::Kill);
        }
        while let Some(Reverse((now, event))) = self.events.pop() {
            if now > millis(length) {
                return;
            }
            match self.what.remove(&event) {
                Some(Event::Claim) => self.claim(now),
                Some(Event::Begin(worker)) => self.begin(worker, now),
                Some(Event::End { worker, .. }) => self.end(worker, now),
                Some(Event::Kill) => self.kill(now),
                None => {}
            }
        }
    }

    fn claim(&mut self, now: Moment) {
        let busy = self.workers.values().filter_map(|tasks| tasks.first()).map(|task| task.host.clone()).collect();
        let wish = Wish {
            now: at(now),
            sources: vec![("s".to_owned(), usize::MAX)],
            busy,
            hosts: WORKERS - self.workers.len(),
            per_host: PER_HOST,
        };
        let mut by_host: BTreeMap<String, Vec<Task>> = BTreeMap::new();
        for task in self.frontier.claim(&wish).unwrap() {
            by_host.entry(task.host.clone()).or_default().push(task);
        }
        for tasks in by_host.into_values() {
            let worker = (0..WORKERS).find(|worker| !self.workers.contains_key(worker)).expect("no more than wished");
            self.workers.insert(worker, tasks);
            self.wanted.insert(worker, now);
            self.at(now, Event::Begin(worker));
        }
        self.at(now + 5000, Event::Claim);
    }

    fn begin(&mut self, worker: usize, now: Moment) {
        let Some(task) = self.workers.get(&worker).and_then(|tasks| tasks.first()) else { return };
        let (id, host) = (task.id, &self.hosts[&task.host]);
        // Within one process those who ask one machine stand in a queue.
        if self.asked.contains(&host.machine) {
            self.at(now + 100, Event::Begin(worker));
            return;
        }
        let wait =
            [(&host.machine, Duration::from_secs(1)), (&host.key, host.delay)].into_iter().find_map(|(key, delay)| {
                let mut wait = None;
                self.memory.with_host(key, &mut |state| wait = state.begin(at(now), delay, LONGEST)).unwrap();
                wait
            });
        match wait.map(moment) {
            Some(until) if until > now + millis(PATIENCE) => {
                let tasks = self.workers.remove(&worker).expect("it was there");
                self.released += tasks.len() as u64;
                self.frontier.release(&tasks.iter().map(|task| task.id).collect::<Vec<_>>(), at(until)).unwrap();
            }
            Some(until) => self.at(until.max(now + 1), Event::Begin(worker)),
            None => {
                self.observer.arrivals += 1;
                let allowed = self.observer.allowed(&host.key).max(self.observer.allowed(&host.machine));
                self.tardiness.push(now.saturating_sub(allowed.max(self.wanted[&worker])));
                self.observer.arrive(&host.key, now);
                self.observer.arrive(&host.machine, now);
                self.undue += u64::from(now < self.dues[&id]);
                self.lateness.push(now.saturating_sub(self.dues[&id]));
                self.open.insert(worker);
                self.asked.insert(host.machine.clone());
                let service = 50 + self.random.next() % 2000;
                self.at(now + service, Event::End { worker, began: now });
            }
        }
    }

    fn end(&mut self, worker: usize, now: Moment) {
        if !self.open.remove(&worker) {
            return;
        }
        let task = self.workers.get_mut(&worker).expect("it is at work").remove(0);
        let host = &self.hosts[&task.host];
        self.asked.remove(&host.machine);
        let answer = self.random.below(100);
        let asked = (answer == 1).then(|| Duration::from_secs(30 + self.random.next() % 3000));
        let busy = answer < 3;
        let mut pause = Duration::ZERO;
        self.memory
            .with_host(&host.key, &mut |state| {
                if busy {
                    pause = asked.unwrap_or_else(|| state.back_off());
                    state.pause(at(now), pause);
                }
                state.end(at(now), host.delay);
            })
            .unwrap();
        self.memory.with_host(&host.machine, &mut |state| state.end(at(now), Duration::from_secs(1))).unwrap();
        self.observer.leave(&host.key, now, host.delay);
        self.observer.leave(&host.machine, now, Duration::from_secs(1));
        if busy {
            self.observer.places.get_mut(&host.key).expect("it arrived").paused_until = now + millis(pause);
        }
        let (outcome, wait) = if busy { (Outcome::Http, asked) } else { (Outcome::Ok, None) };
        let before = Before {
            scheduled: task.root,
            fails: task.past.fails,
            interval: task.past.interval,
            seed: u64::try_from(task.id).unwrap(),
            ..Before::default()
        };
        let changed = self.random.below(3) == 0;
        let zoned = at(now).to_zoned_datetime(TimeZone::UTC);
        let next = next_visit(&self.source, before, outcome, changed, wait, &zoned);
        self.dues.insert(task.id, next.at.map_or(Moment::MAX, moment));
        let visited = Visited {
            id: task.id,
            at: at(now),
            outcome: outcome.to_string(),
            changed,
            fails: next.fails,
            interval: next.interval,
            due_at: next.at,
            moved: Moved::No,
        };
        self.frontier.finish(&[visited], &[], at(now)).unwrap();
        if self.workers[&worker].is_empty() {
            self.workers.remove(&worker);
        } else {
            self.wanted.insert(worker, now);
            self.at(now, Event::Begin(worker));
        }
    }

    /// The process dies: of what was in flight it had noted the beginning; the next one opens the file.
    fn kill(&mut self, now: Moment) {
        let began: Vec<(usize, Moment)> = (self.what.values())
            .filter_map(|event| if let Event::End { worker, began } = event { Some((*worker, *began)) } else { None })
            .collect();
        for (worker, began) in began {
            let host = &self.hosts[&self.workers[&worker][0].host];
            self.observer.leave(&host.key, began, host.delay);
            self.observer.leave(&host.machine, began, Duration::from_secs(1));
        }
        self.open.clear();
        self.asked.clear();
        self.workers.clear();
        self.what.retain(|_, event| !matches!(event, Event::Begin(_) | Event::End { .. }));
        self.frontier = open(self.path);
        self.memory = FrontierMemory(Arc::clone(&self.frontier));
        let orphans: Vec<i64> = self.frontier.orphans().unwrap().into_iter().map(|task| task.id).collect();
        self.frontier.release(&orphans, at(now)).unwrap();
    }
}

fn open(path: &Path) -> Arc<dyn Frontier> {
    Arc::new(SqliteFrontier::open(path, Options::default()).unwrap())
}

fn a_day(hosts: usize, length: Duration) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let started = Instant::now();
    let mut day = Day::new(&path, hosts);
    day.run(length);
    let Observer { early, together, arrivals, .. } = day.observer;
    day.lateness.sort_unstable();
    day.tardiness.sort_unstable();
    let of = |all: &[u64], hundredths: usize| all[(all.len() - 1) * hundredths / 100];
    let part = |hundredths| of(&day.lateness, hundredths) / 1000;
    println!(
        "{} simulated hours over {hosts} hosts, {KILLS} kills: {arrivals} requests, {early} early, {together} at the same time, \
         {} before they were due, {} put off for a pause; after its due time half began within {} s, 99 of 100 within {} s; after its interval half came \
         within {} ms, 99 of 100 within {} ms; took {:.0} s",
        length.as_secs() / 3600,
        day.undue,
        day.released,
        part(50),
        part(99),
        of(&day.tardiness, 50),
        of(&day.tardiness, 99),
        started.elapsed().as_secs_f64()
    );
    assert_eq!((early, together, day.undue), (0, 0, 0));
    assert!(
        of(&day.tardiness, 99) <= TARDY_MAX,
        "99 of 100 began within {} ms of when they might",
        of(&day.tardiness, 99)
    );
    let least = hosts as u64 * PAGES as u64 * length.as_secs() / (6 * 3600);
    assert!(arrivals > least, "{arrivals} of at least {least}");
}

#[test]
fn no_host_and_no_machine_is_asked_early_in_a_simulated_day() {
    a_day(200, 24 * HOUR);
}

/// `cargo test --test it day_over_five -- --ignored --nocapture`
#[test]
#[ignore = "takes minutes"]
fn a_day_over_five_thousand_hosts() {
    a_day(5000, 24 * HOUR);
}

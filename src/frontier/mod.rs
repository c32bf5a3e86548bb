//! Frontier: which addresses are known, when each is due, who is at work on it, and what hosts asked of us.
//!
//! In: [`Find`]s, what visits brought ([`Visited`]). Out: [`Task`]s that are due, and why an address is not.
//! Always: what was acknowledged survives SIGKILL; a task is handed out once until it is finished, released or its
//! holder is gone; politeness outlives the process that learned it.
//! Not here: fetching, deciding when to come again (`schedule`), the pages themselves (`archive`).

mod again;
mod claim;
mod forget;
mod heirs;
mod identity;
mod intake;
mod review;
mod rows;
mod sift;
mod sqlite;
mod traps;
mod upkeep;

use std::fmt::Debug;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use forget::{IsMeant, Words};
pub use identity::{Identity, UrlRule};
pub use review::{patterns_note, revisit_note};
pub use sqlite::SqliteFrontier;
pub use traps::{URL_CHARS_MAX, trap};

use crate::page::{Timestamp, Url};

/// The config table `[frontier]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// What is known better about one site's addresses: `HOST drop|keep PARAMETER` ([`UrlRule`]).
    pub url_rules: Vec<String>,
    /// Most addresses of one shape (same host and path, numbers aside, same parameter names): more is a trap.
    pub shape_urls_max: u64,
    /// Most addresses one source may have waiting.
    pub source_urls_max: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { url_rules: Vec::new(), shape_urls_max: 20_000, source_urls_max: 1_000_000 }
    }
}

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FrontierError {
    #[error("the frontier `{path}` cannot be used: {why}")]
    Store { path: PathBuf, why: String },
    #[error("the frontier `{path}` was made by a newer gleaner (schema {found}, known {known})")]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("it could not be told what the frontier is to forget: {0}")]
    Judge(String),
    #[error("`{rule}` is no rule for addresses: {why}")]
    Rule { rule: String, why: &'static str },
}

impl FrontierError {
    /// What the user can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Store { .. } => "see that the disk has space and can be written; a damaged frontier may be deleted: \
                                   what was fetched is in the archive, only delays and discoveries are learned anew"
                .to_owned(),
            Self::Newer { .. } => "use the newer program, or delete the file to begin a new frontier".to_owned(),
            Self::Judge(_) => "nothing was forgotten; run `gleaner erase --again` once that can be read".to_owned(),
            Self::Rule { .. } => "write `HOST drop PARAMETER` or `HOST keep PARAMETER`".to_owned(),
        }
    }
}

pub type Result<T> = std::result::Result<T, FrontierError>;

/// What an address is to its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A page for the corpus.
    #[default]
    Page,
    /// A page whose links are followed.
    Index,
    Feed,
    Sitemap,
    /// A thread, followed over its pages.
    Thread,
}

impl Role {
    /// Whether it is visited for what it leads to.
    pub fn is_list(self) -> bool {
        !matches!(self, Self::Page | Self::Thread)
    }
}

/// An address that was found, and what for.
#[derive(Clone, Debug, PartialEq)]
pub struct Find {
    pub url: Url,
    pub source: String,
    pub role: Role,
    /// Named by the configuration itself.
    pub root: bool,
    /// Steps from the root.
    pub depth: u32,
    /// Higher goes first.
    pub priority: i32,
    /// Where it was found.
    pub found_on: Option<Url>,
    /// When it is due, should it be new; none for now.
    pub due_at: Option<Timestamp>,
    /// When it last changed, as a feed or sitemap says: one visited before is due again.
    pub fresh_at: Option<Timestamp>,
    /// Whether its own site names it in a feed or a sitemap: then it is a page, whatever its address looks like.
    pub named: bool,
    /// Its last visit, where the archive knows one.
    pub visited: Option<(Timestamp, String)>,
}

impl Find {
    /// A page found by a source, due now.
    pub fn page(url: Url, source: &str) -> Self {
        Self {
            url,
            source: source.to_owned(),
            role: Role::Page,
            root: false,
            depth: 1,
            priority: 0,
            found_on: None,
            due_at: None,
            fresh_at: None,
            named: false,
            visited: None,
        }
    }
}

/// How a source looks after the pages that it finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    /// Time between two visits; none where they are read once.
    pub revisit: Option<Duration>,
    /// Whether links of its pages are followed.
    pub leads_on: bool,
}

/// What became of finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Added {
    pub new: u64,
    pub known: u64,
    /// Known ones that are due again, as what found them says they changed.
    pub renewed: u64,
    /// Traps, each noted with its reason.
    pub cut: u64,
}

/// What a list brings that the frontier has not heard yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sifted {
    pub finds: Vec<Find>,
    /// New ones that wait for a later visit of their list.
    pub left: usize,
}

/// What earlier visits of an address taught.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    pub visits: u32,
    /// Failures in a row.
    pub fails: u32,
    /// Adaptive time between visits.
    pub interval: Option<Duration>,
    pub last_at: Option<Timestamp>,
    pub last_outcome: Option<String>,
    /// When its text last changed.
    pub changed_at: Option<Timestamp>,
}

/// An address handed out to be visited.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub id: i64,
    pub url: Url,
    pub host: String,
    pub source: String,
    pub role: Role,
    pub root: bool,
    pub depth: u32,
    pub priority: i32,
    pub past: Past,
    pub leased_at: Option<Timestamp>,
    /// Where it has moved for good.
    pub moved_to: Option<Url>,
}

impl Task {
    /// The address to ask.
    pub fn asked(&self) -> &Url {
        self.moved_to.as_ref().unwrap_or(&self.url)
    }
}

/// All that is known of one address.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub task: Task,
    pub due_at: Option<Timestamp>,
    pub found_on: Option<Url>,
    pub found_at: Timestamp,
}

/// Tells of a page how long it is left alone between visits and when it is due, where that is to be set anew.
pub type Judge<'a> = &'a mut dyn FnMut(&Row) -> Option<(Option<Duration>, Option<Timestamp>)>;

/// Tells of a page that rests when it is due, if at all; none where it goes on resting.
pub type Wakes<'a> = &'a mut dyn FnMut(&Row) -> Option<Option<Timestamp>>;

/// What a visit says of where a page is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Moved {
    /// Where it was.
    #[default]
    No,
    /// It is there for good, and asked for there from now on.
    To(Url),
    /// No longer where it had moved: its first address is asked again.
    Back,
}

/// How a visit ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Visited {
    pub id: i64,
    pub at: Timestamp,
    pub outcome: String,
    pub changed: bool,
    pub fails: u32,
    pub interval: Option<Duration>,
    /// When it is due again; never, where none.
    pub due_at: Option<Timestamp>,
    pub moved: Moved,
}

/// Which tasks are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub now: Timestamp,
    /// Sources in turn, with how many tasks each may still have.
    pub sources: Vec<(String, usize)>,
    /// Hosts that are being asked already.
    pub busy: Vec<String>,
    /// Hosts wanted at most.
    pub hosts: usize,
    /// Tasks of one host at most.
    pub per_host: usize,
}

/// How one source stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SourceState {
    pub source: String,
    pub urls: u64,
    /// Due now.
    pub due: u64,
    pub next_due: Option<Timestamp>,
    pub last_visit: Option<Timestamp>,
    /// The last visit that brought or confirmed text.
    pub last_good: Option<Timestamp>,
    /// When an address of it was last found.
    pub last_found: Option<Timestamp>,
    /// When a text of it was last new or changed.
    pub last_change: Option<Timestamp>,
    /// Most failures in a row of an address the configuration names.
    pub root_fails: u32,
    /// Fewest failures in a row of such an address: so often all of them failed.
    pub all_fail: Option<u32>,
    /// Addresses it led to that were cut as traps.
    pub cut: u64,
    /// Addresses whose last visit ended so.
    pub outcomes: std::collections::BTreeMap<String, u64>,
}

/// A store of addresses and manners that outlives its process. Calls block for the time of a small transaction.
pub trait Frontier: Debug + Send + Sync {
    /// Takes in finds: new ones wait until they are due, traps are cut with a note.
    fn add(&self, finds: &[Find], now: Timestamp) -> Result<Added>;

    /// Of finds in the order of their list: those that bring news of a known address, and at most `limit` new ones. What is
    /// known does not count, so each visit of a long list goes on behind the one before; nor does the next page of a list, so
    /// that more is not kept from it. Changes nothing.
    fn sift(&self, finds: &[Find], limit: usize, now: Timestamp) -> Result<Sifted>;

    /// Hands out tasks that are due, highest priority first within a host, the hosts of a source in turn, over runs too; each is leased.
    /// Pages that were had before go behind those that were not, but for one task in four of a source. Of
    /// very many that are due at once only those of the highest priority, then the oldest, may be looked at; none come back
    /// with no host busy only where nothing is due.
    fn claim(&self, wish: &Wish) -> Result<Vec<Task>>;

    /// Ends leases with what came of them, and takes in what was found, all or nothing.
    fn finish(&self, visits: &[Visited], finds: &[Find], now: Timestamp) -> Result<Added>;

    /// Ends leases without a visit; due again from then on.
    fn release(&self, ids: &[i64], due_at: Timestamp) -> Result<()>;

    /// Ends leases of pages that their source takes no more: they rest until it is woken, it finds one by another address, or
    /// another source finds one that was never had, or that it visits again.
    fn rest(&self, ids: &[i64]) -> Result<()>;

    /// Wakes what rests of these sources, as `wakes` says, and keeps what is noted of the patterns of each, all or nothing. How
    /// many rows woke.
    fn wake_rested(&self, patterns: &[(String, String)], now: Timestamp, wakes: Wakes<'_>) -> Result<u64>;

    /// A visit outside of any run had this address: the failures of its rows are over, and each is due when `due` says. How
    /// many rows; what a run is at work on is left to that.
    fn recover(&self, url: &Url, at: Timestamp, due: &dyn Fn(&Row) -> Option<Timestamp>) -> Result<u64>;

    /// The leases of runs that are over. Only for who knows that no other run is at work.
    fn orphans(&self) -> Result<Vec<Task>>;

    /// What is known of an address, by its identity.
    fn look(&self, url: &Url) -> Result<Option<Row>>;

    /// Why an address was cut, if it was.
    fn cut(&self, url: &Url) -> Result<Option<(String, Timestamp)>>;

    /// Visits rows of these sources in order of when they are due.
    fn rows(&self, sources: &[String], roots_only: bool, visit: &mut dyn FnMut(Row)) -> Result<()>;

    /// Sets when addresses are due; never, where none.
    fn set_due(&self, dues: &[(i64, Option<Timestamp>)]) -> Result<()>;

    /// Sets anew when the pages are due that these sources found and had, and keeps what is noted of each source's `revisit`
    /// with that, all or nothing. Left out is what fails, what was broken off, and what is left to the row that is at work where
    /// it has moved. How many rows changed.
    fn review(&self, revisits: &[(String, String)], now: Timestamp, judge: Judge<'_>) -> Result<u64>;

    /// Makes the roots of sources due now.
    fn wake(&self, sources: &[String], now: Timestamp) -> Result<()>;

    /// Forgets the roots of a source that its configuration no longer names.
    fn keep_roots(&self, source: &str, urls: &[Url]) -> Result<u64>;

    /// Forgets the addresses that are meant, and what moved there: rows, where others were found, cuts, what is remembered of
    /// their hosts. How many addresses were known. What is at work meanwhile is not kept waiting.
    ///
    /// # Errors
    /// The frontier cannot be written: what was not forgotten yet is the next time. It cannot be told what is meant: nothing
    /// was forgotten.
    fn forget(&self, is_meant: IsMeant<'_>) -> Result<u64>;

    /// How many of the known addresses are meant, or moved to what is.
    fn meant(&self, is_meant: IsMeant<'_>) -> Result<u64>;

    /// Lets no byte of what was forgotten stay on the disk. `alone` says that nobody else is at work in it; `false` is
    /// returned where somebody is, and something may be left because of it.
    fn clean(&self, alone: bool) -> Result<bool>;

    /// Visits the texts that may say some of what was erased, each with what tells whether it is of an address that stays.
    fn words(&self, is_meant: IsMeant<'_>, visit: Words<'_>) -> Result<()>;

    /// After a clock that ran ahead: what was noted at a time to come counts as of now, and what waits because of it waits
    /// as long from now. How many addresses it changed. It may as well be the clock that is behind now, so it has to be so
    /// for an hour first. For whoever holds the run's lock, before anything else.
    fn turn_back(&self, now: Timestamp) -> Result<u64>;

    /// The feeds and sitemaps that a list of a source names now: others that were found on it are visited no more, until it
    /// names them again.
    fn keep_lists(&self, source: &str, list: &Url, named: &[Url]) -> Result<u64>;

    fn sources(&self, now: Timestamp) -> Result<Vec<SourceState>>;

    /// When the next task of these sources is due.
    fn next_due(&self, sources: &[String]) -> Result<Option<Timestamp>>;

    /// Reads and changes what is remembered of a host, in one transaction over all processes.
    fn with_host(&self, key: &str, change: &mut dyn FnMut(Option<String>) -> Option<String>) -> Result<()>;

    /// A text remembered by name, as the robots.txt of an origin.
    fn note(&self, name: &str) -> Result<Option<String>>;

    fn keep_note(&self, name: &str, text: &str, at: Timestamp) -> Result<()>;
}

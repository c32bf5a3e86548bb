//! Schedule: which addresses are due, told from what was visited and when.
//!
//! In: [`Source`]s of the config, how visits ended, lists that were fetched, the time now. Out: when an address is due,
//! what index pages, feeds and sitemaps lead to.
//! Always: pure; the clock is an argument, what is remembered comes in from the archive or the frontier.
//! Not here: fetching, the archive, the loop of a run (`pipeline`).

pub mod discover;
mod duration;
mod links;
pub mod pace;
mod pattern;
mod revisit;
mod tags;
mod when;

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use links::{Html, feed_links, in_scope, is_nofollow_page, links};
pub use pattern::Pattern;
pub use revisit::{Before, Next, Retry, latest_retry, next_visit, rule};
pub use when::{interval, next_due};

use crate::page::Url;

/// One `[[schedule]]` table: where pages come from and how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Source {
    /// What `gleaner run NAME` calls it.
    pub name: String,
    pub kind: Kind,
    /// Kind `urls`: the addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<Url>,
    /// Kind `urls`: a file with one address a line; `#` begins a comment line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// Kinds `index` and `board`: the page whose links are followed; kind `thread`: any page of the thread. Kinds `feed` and
    /// `sitemap`: the list, or a page of the site that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// Time between two visits, as `"6h"` or `"7d"`.
    #[serde(with = "duration", skip_serializing_if = "Option::is_none")]
    pub every: Option<Duration>,
    /// Times of visits in cron's notation, local time, as `"0 6 * * *"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cron: Option<String>,
    /// Time between two visits of the pages it leads to; adapted to how often each changes. None: they are read once.
    #[serde(with = "duration", skip_serializing_if = "Option::is_none")]
    pub revisit: Option<Duration>,
    /// Kind `index`: how many steps links are followed; kind `board`: how many pages of the board are read.
    pub depth: u32,
    /// Which links count as part of the source.
    pub scope: Scope,
    /// Only addresses one of these patterns matches; empty takes all.
    pub include: Vec<Pattern>,
    /// No address one of these patterns matches.
    pub exclude: Vec<Pattern>,
    /// Most addresses of one run.
    pub limit: usize,
}

/// Most addresses of one source and run, where its table does not say.
const LIMIT: usize = 1000;

impl Default for Source {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: Kind::default(),
            urls: Vec::new(),
            file: None,
            url: None,
            every: None,
            cron: None,
            revisit: None,
            depth: 1,
            scope: Scope::default(),
            include: Vec::new(),
            exclude: Vec::new(),
            limit: LIMIT,
        }
    }
}

/// How a source names its pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A list of addresses.
    #[default]
    Urls,
    /// The links of one page.
    Index,
    Feed,
    Sitemap,
    /// The threads that the pages of one forum board name, each over all its pages.
    Board,
    /// Threads or articles, each over all its pages.
    Thread,
}

impl Kind {
    /// Whether the addresses that the table names are themselves what is wanted, not what leads to it.
    pub fn is_of_pages(self) -> bool {
        matches!(self, Self::Urls | Self::Thread)
    }
}

/// How far from an index page its links may lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The folder of the index page and what lies below it.
    Path,
    /// The same host, with or without `www.`.
    #[default]
    Host,
    /// Any host of the same registrable domain.
    Site,
    /// Anywhere.
    Any,
}

/// Why a `[[schedule]]` table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    #[error("a `[[schedule]]` table needs a `name`")]
    NoName,
    #[error("schedule `{name}` needs `{key}`")]
    Missing { name: String, key: &'static str },
    #[error("schedule `{name}` has `{key}`, which its kind does not use")]
    Unused { name: String, key: &'static str },
    #[error("schedule `{0}` says both `every` and `cron`; keep one")]
    BothTimes(String),
    #[error("schedule `{0}` has `limit = 0`; write 1 or more, or leave it out")]
    NoLimit(String),
    #[error("schedule `{name}`: `cron = \"{cron}\"` cannot be read: {reason}")]
    Cron { name: String, cron: String, reason: String },
}

impl Source {
    /// Every key a `[[schedule]]` table may have.
    pub const KEYS: &[&str] = &[
        "name", "kind", "urls", "file", "url", "every", "cron", "revisit", "depth", "scope", "include", "exclude",
        "limit",
    ];

    /// Whether the keys fit together.
    ///
    /// # Errors
    /// The first key that is missing, superfluous or cannot be read.
    pub fn check(&self) -> Result<(), SourceError> {
        if self.name.trim().is_empty() {
            return Err(SourceError::NoName);
        }
        self.check_kind()?;
        if self.limit == 0 {
            return Err(SourceError::NoLimit(self.name.clone()));
        }
        match (&self.every, &self.cron) {
            (Some(_), Some(_)) => Err(SourceError::BothTimes(self.name.clone())),
            (None, None) => Err(self.missing("every` or `cron")),
            (Some(every), None) if every.is_zero() => Err(self.missing("every` above zero or `cron")),
            (Some(_), None) => Ok(()),
            (None, Some(cron)) => when::check_cron(cron).map_err(|reason| SourceError::Cron {
                name: self.name.clone(),
                cron: cron.clone(),
                reason,
            }),
        }
    }

    /// Whether an address is one the source's patterns take.
    pub fn takes(&self, url: &Url) -> bool {
        let hit = |pattern: &Pattern| pattern.matches(url);
        (self.include.is_empty() || self.include.iter().any(hit)) && !self.excludes(url)
    }

    /// Whether a pattern of `exclude` names an address.
    pub fn excludes(&self, url: &Url) -> bool {
        self.exclude.iter().any(|pattern| pattern.matches(url))
    }

    /// Whether it takes a page no more that it had found, and that is asked for at `asked`, if it has moved. A move may be
    /// taken back, and its own address is then wanted: `exclude` must name both, `include` either. Which parameters an address
    /// had when it was found is not known any more: an `include` that names some holds when an address is found alone.
    pub fn leaves_out(&self, url: &Url, asked: &Url) -> bool {
        let names = |pattern: &Pattern| pattern.0.contains('?') || pattern.matches(url) || pattern.matches(asked);
        self.excludes(url) && self.excludes(asked) || !self.include.is_empty() && !self.include.iter().any(names)
    }

    /// Whether links are followed on its pages that are so many steps from where it begins.
    pub fn follows_links_at(&self, depth: u32) -> bool {
        self.kind == Kind::Index && depth < self.depth
    }

    /// How far the pages may be that its feeds and sitemaps name: anywhere on the site, unless its table says otherwise.
    pub fn scope_of_lists(&self) -> Scope {
        if self.scope == Scope::Host { Scope::Site } else { self.scope }
    }

    /// How many addresses the table itself names.
    pub fn kind_roots(&self) -> usize {
        match self.kind {
            Kind::Urls => 0,
            _ => 1,
        }
    }

    fn check_kind(&self) -> Result<(), SourceError> {
        match self.kind {
            Kind::Urls if self.url.is_some() => Err(self.unused("url")),
            Kind::Urls if self.urls.is_empty() && self.file.is_none() => Err(self.missing("urls` or `file")),
            Kind::Thread if self.url.is_none() && self.urls.is_empty() && self.file.is_none() => {
                Err(self.missing("url`, `urls` or `file"))
            }
            Kind::Urls | Kind::Thread => Ok(()),
            Kind::Index | Kind::Board | Kind::Feed | Kind::Sitemap if !self.urls.is_empty() => Err(self.unused("urls")),
            Kind::Index | Kind::Board | Kind::Feed | Kind::Sitemap if self.file.is_some() => Err(self.unused("file")),
            Kind::Index | Kind::Board | Kind::Feed | Kind::Sitemap if self.url.is_none() => Err(self.missing("url")),
            Kind::Index | Kind::Board | Kind::Feed | Kind::Sitemap => Ok(()),
        }
    }

    fn missing(&self, key: &'static str) -> SourceError {
        SourceError::Missing { name: self.name.clone(), key }
    }

    fn unused(&self, key: &'static str) -> SourceError {
        SourceError::Unused { name: self.name.clone(), key }
    }
}

/// The addresses of a list file: one a line; a `#` at its start or behind white space begins a comment.
/// A line that is no address comes back with its number (from 1).
pub fn url_lines(text: &str) -> Vec<Result<Url, (usize, String)>> {
    // Editors of one maker put a mark first.
    text.trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, without_comment(line).trim()))
        .filter(|(_, line)| !line.is_empty())
        .map(|(number, line)| match Url::parse(line) {
            Ok(url) if url.is_web() => Ok(url),
            _ => Err((number, line.to_owned())),
        })
        .collect()
}

/// A `#` right behind an address begins its fragment.
fn without_comment(line: &str) -> &str {
    let begins = |at: &usize| line[..*at].chars().next_back().is_none_or(char::is_whitespace);
    let end = line.match_indices('#').map(|(at, _)| at).find(begins);
    end.map_or(line, |end| &line[..end])
}

//! What most commands need: the configuration in force, the archive, a runtime, the interrupt.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::sync::watch;

use super::args::{EngineName, Extraction, Fetching, Global, ModeName, QuotesName, Seal};
use super::failure::Usage;
use super::output::Output;
use crate::archive::{Archive, ArchiveError};
use crate::config::{Config, Flag, Given, Origins};
use crate::extract::sites::Rule;
use crate::fetch::{self, Fetcher};
use crate::frontier::{Frontier, Habit, SqliteFrontier};
use crate::page::{Timestamp, Url};
use crate::pipeline::{FrontierMemory, Pipeline};
use crate::schedule::Source;

/// The frontier's file in the archive's folder.
pub const FRONTIER_FILE: &str = "frontier.sqlite";
/// How often, and after how long, it is looked whether another process has made the archive by now.
const INIT_TRIES: u32 = 100;
const INIT_PAUSE: Duration = Duration::from_millis(20);

/// The configuration in force, and where each value was said.
#[derive(Debug)]
pub struct Loaded {
    pub config: Config,
    pub origins: Origins,
    given: Given,
}

/// Reads the configuration with the flags every command has.
pub fn config(global: &Global) -> Result<Loaded> {
    config_with(global, Vec::new())
}

/// Reads the configuration with more flags laid over it.
pub fn config_with(global: &Global, mut flags: Vec<Flag>) -> Result<Loaded> {
    if let Some(folder) = &global.archive {
        flags.push(flag("archive.folder", "--archive", folder.to_string_lossy()));
    }
    let given = Given { file: global.config.clone(), flags, ..Given::from_process() };
    let (mut config, origins) = Config::load(&given)?;
    // Settings are text, which not every path is.
    if let Some(folder) = global.archive.as_ref().filter(|folder| folder.to_str().is_none()) {
        config.folder = Some(folder.clone());
    }
    for line in &config.extract.site_rules {
        Rule::parse(line).map_err(|what| Usage::new(what, "see `extract.site_rules` in `gleaner config show`"))?;
    }
    Ok(Loaded { config, origins, given })
}

/// The same with what is said of recovery data.
pub fn config_to_seal(global: &Global, flags: &Seal) -> Result<Loaded> {
    let parity = flags.parity.iter().map(|share| flag("archive.parity", "--parity", share.as_str()));
    config_with(global, parity.collect())
}

fn flag(key: &str, name: &str, value: impl Into<String>) -> Flag {
    Flag { key: key.to_owned(), value: value.into(), name: name.to_owned() }
}

impl Extraction {
    /// The configuration keys these flags set.
    pub fn flags(&self) -> Vec<Flag> {
        let mut flags = Vec::new();
        if let Some(engine) = self.engine {
            let value = match engine {
                EngineName::Gleaner => "gleaner",
                EngineName::Rules => "rules",
                EngineName::Readability => "readability",
            };
            flags.push(flag("extract.engine", "--engine", value));
        }
        if let Some(mode) = self.mode {
            let value = match mode {
                ModeName::Precision => "precision",
                ModeName::Balanced => "balanced",
                ModeName::Recall => "recall",
            };
            flags.push(flag("extract.mode", "--mode", value));
        }
        if self.comments {
            flags.push(flag("extract.comments", "--comments", "true"));
        }
        if let Some(quotes) = self.quotes {
            let value = match quotes {
                QuotesName::Once => "once",
                QuotesName::Keep => "keep",
                QuotesName::Mark => "mark",
                QuotesName::Drop => "drop",
            };
            flags.push(flag("extract.quotes", "--quotes", value));
        }
        if self.bylines {
            flags.push(flag("extract.bylines", "--bylines", "true"));
        }
        if !self.platforms.is_empty() {
            flags.push(flag("extract.platforms", "--platforms", self.platforms.join(",")));
        }
        flags
    }
}

impl Fetching {
    /// The configuration keys these flags set.
    pub fn flags(&self) -> Vec<Flag> {
        let mut flags = Vec::new();
        for key in ["fetch.timeout", "fetch.read_timeout"] {
            flags.extend(self.timeout.as_ref().map(|value| flag(key, "--timeout", value)));
        }
        flags.extend(self.delay.as_ref().map(|value| flag("fetch.delay", "--delay", value)));
        if !self.allow_address.is_empty() {
            flags.push(flag("fetch.allow_addresses", "--allow-address", self.allow_address.join(",")));
        }
        flags
    }
}

impl Loaded {
    /// The archive's folder: flag, environment, configuration, `./archive` if it is one, XDG.
    pub fn folder(&self) -> PathBuf {
        self.config.archive_folder(&self.given, &|folder| Archive::is_archive(folder))
    }

    /// Opens the archive for a command that needs one.
    pub fn archive(&self) -> Result<Archive> {
        Ok(Archive::open(&self.folder(), self.config.archive.clone())?)
    }

    /// Opens the archive for its repair. Returns what was wrong with FORMAT, if anything.
    pub fn archive_to_repair(&self) -> Result<(Archive, Option<String>)> {
        Ok(Archive::open_to_repair(&self.folder(), self.config.archive.clone())?)
    }

    /// Opens the archive, or makes it where there is none yet.
    pub fn archive_or_new(&self) -> Result<Archive> {
        match Archive::open(&self.folder(), self.config.archive.clone()) {
            Err(ArchiveError::NotFound(_)) => self.new_archive(),
            Err(ArchiveError::Foreign(_)) if self.folder().join("lock").exists() => self.new_archive(),
            opened => Ok(opened?),
        }
    }

    /// Makes the archive. Where another process is at it, theirs is opened once it is there.
    fn new_archive(&self) -> Result<Archive> {
        let (folder, options) = (self.folder(), &self.config.archive);
        let failed = match Archive::init(&folder, options.clone()) {
            Err(error) => error,
            made => return Ok(made?),
        };
        for _ in 0..INIT_TRIES {
            if !folder.join("lock").exists() {
                break;
            }
            match Archive::open(&folder, options.clone()) {
                Err(ArchiveError::NotFound(_) | ArchiveError::Foreign(_)) => std::thread::sleep(INIT_PAUSE),
                opened => return Ok(opened?),
            }
        }
        Err(failed.into())
    }

    /// A pipeline into an archive whose frontier is open, polite beyond this process.
    pub fn pipeline_with(&self, archive: Archive, frontier: &Arc<dyn Frontier>) -> Result<Pipeline> {
        let Config { fetch, extract, .. } = self.config.clone();
        let concurrency = fetch.concurrency;
        let memory = Arc::new(FrontierMemory(Arc::clone(frontier)));
        let archive = Arc::new(archive);
        let list = Arc::clone(&archive);
        // Where the list cannot be read, nothing can be kept either: best told before anything is asked for.
        list.has_erased()?;
        let is_erased = move |url: &Url| list.is_erased(url).unwrap_or(true);
        let fetcher = Fetcher::with_memory(fetch, memory).map_err(bad_options)?.barring(is_erased);
        Ok(Pipeline { archive, fetcher, extract, concurrency })
    }

    /// A fetcher for one look at a page: where the archive is there, what hosts asked of us is known and remembered.
    /// Where it cannot be read or written, the look goes on without, and that is told.
    pub fn fetcher(&self, output: &Output) -> Result<Fetcher> {
        let path = self.folder().join(FRONTIER_FILE);
        if !path.exists() {
            return fetcher(self.config.fetch.clone());
        }
        match SqliteFrontier::open(&path, self.config.frontier.clone()) {
            Ok(frontier) => {
                let memory = Arc::new(FrontierMemory(Arc::new(frontier)));
                Ok(Fetcher::with_memory(self.config.fetch.clone(), memory).map_err(bad_options)?)
            }
            Err(error) => {
                output.note(&format!("what hosts asked for is not remembered: {error}"));
                fetcher(self.config.fetch.clone())
            }
        }
    }

    /// The frontier beside an archive.
    pub fn frontier(&self, archive: &Archive) -> Result<Arc<dyn Frontier>> {
        let path = archive.folder().join(FRONTIER_FILE);
        let names = self.config.schedule.iter().map(|source| source.name.clone());
        let habit = |source: &Source| {
            (source.name.clone(), Habit { revisit: source.revisit, leads_on: source.follows_links_at(1) })
        };
        let habits = self.config.schedule.iter().map(habit);
        let frontier = SqliteFrontier::open(&path, self.config.frontier.clone())?;
        Ok(Arc::new(frontier.among(names).with_habits(habits)))
    }
}

/// A fetcher for the options, or what is wrong with them.
pub fn fetcher(options: fetch::Options) -> Result<Fetcher> {
    Ok(Fetcher::new(options).map_err(bad_options)?)
}

fn bad_options(what: String) -> Usage {
    Usage::new(what, "see `gleaner config show`")
}

/// A runtime for what waits.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

/// Turns true at the first interrupt or termination signal. Call within a runtime.
pub fn stop_on_signal() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        if wait_for_signal().await.is_ok() {
            sender.send_replace(true);
        }
        // The channel must outlive the pass.
        std::future::pending::<()>().await;
    });
    receiver
}

#[cfg(unix)]
async fn wait_for_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// A moment as typed, in RFC 3339 or as `gleaner list` shows it, in UTC. Of a day, minute or second the first moment is
/// meant, or the `last`.
pub fn moment(flag: &str, text: &str, last: bool) -> Result<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    // A zone in brackets would be read and then left out.
    let said = text.parse::<jiff::civil::DateTime>().ok().filter(|_| !text.contains('['));
    let begin = said.ok_or_else(|| {
        Usage::new(format!("`{flag} {text}` is no moment"), "write `2026-01-31` or `2026-01-31T08:00:00Z`")
    })?;
    let begin = jiff::tz::TimeZone::UTC.to_timestamp(begin)?;
    let time = text.trim().split_once(['T', 't', ' ']).map(|(_, time)| time);
    let seconds = match time.map(|time| time.chars().filter(char::is_ascii_digit).count()) {
        None => 86_400,
        Some(0..=2) => 3600,
        Some(3..=4) => 60,
        Some(5..=6) => 1,
        Some(_) => return Ok(begin),
    };
    let length = jiff::SignedDuration::from_secs(seconds) - jiff::SignedDuration::from_nanos(1);
    Ok(if last { begin.checked_add(length)? } else { begin })
}

/// A time as typed, as `10m`.
pub fn duration(flag: &str, text: &str) -> Result<std::time::Duration> {
    let said = text.parse::<jiff::SignedDuration>().ok().and_then(|said| std::time::Duration::try_from(said).ok());
    Ok(said.ok_or_else(|| Usage::new(format!("`{flag} {text}` is no time"), "write `90s`, `10m` or `2h`"))?)
}

/// A time of whole days or less as typed, as `90d`.
pub fn days(flag: &str, text: &str) -> Result<std::time::Duration> {
    let span = text.parse::<jiff::Span>().ok();
    let exact = span.and_then(|span| span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok());
    let said = exact.and_then(|exact| std::time::Duration::try_from(exact).ok());
    Ok(said.ok_or_else(|| Usage::new(format!("`{flag} {text}` is no time"), "write `90d`, `12w` or `36h`"))?)
}

/// An address as typed, without its fragment: that is the reader's, not the page's.
pub fn url(text: &str) -> Result<Url> {
    let parsed = Url::parse(text.split('#').next().unwrap_or_default()).map_err(|error| {
        Usage::new(format!("`{text}` is no address: {error}"), "write it in full, as `https://example.org/page`")
    })?;
    Ok(parsed)
}

/// The configuration file that is read, and where one is looked for.
pub fn config_file(global: &Global) -> Result<(Option<PathBuf>, Vec<PathBuf>)> {
    let given = Given { file: global.config.clone(), ..Given::from_process() };
    Ok((crate::config::find_file(&given)?, crate::config::candidates(&given)))
}

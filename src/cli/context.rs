//! What most commands need: the configuration in force, the archive, a runtime, the interrupt.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::sync::watch;

use super::args::{EngineName, Extraction, Fetching, Global, ModeName};
use super::failure::Usage;
use crate::archive::Archive;
use crate::config::{Config, Loaded};
use crate::extract;
use crate::fetch::{self, Fetcher};
use crate::page::{Timestamp, Url};
use crate::pipeline::Pipeline;

/// Reads the configuration the flags point at.
pub fn config(global: &Global) -> Result<Loaded> {
    Ok(crate::config::load(global.config.as_deref())?)
}

/// The archive's folder: flag, environment, configuration, `./archive`, XDG.
pub fn folder(global: &Global, config: &Config) -> PathBuf {
    crate::config::archive_folder(global.archive.as_deref(), config)
}

/// Opens the archive for a command that needs one.
pub fn archive(global: &Global, config: &Config) -> Result<Archive> {
    Ok(Archive::open(&folder(global, config), config.archive.clone())?)
}

/// Opens the archive, or makes it where there is none yet.
pub fn archive_or_new(global: &Global, config: &Config) -> Result<Archive> {
    let folder = folder(global, config);
    match Archive::open(&folder, config.archive.clone()) {
        Err(crate::archive::ArchiveError::NotFound(_)) => Ok(Archive::init(&folder, config.archive.clone())?),
        opened => Ok(opened?),
    }
}

/// The options of extraction, flags over configuration.
pub fn extraction(config: &Config, flags: &Extraction) -> extract::Options {
    let mut options = config.extract.clone();
    if let Some(engine) = flags.engine {
        options.engine = match engine {
            EngineName::Gleaner => extract::Engine::Gleaner,
            EngineName::Readability => extract::Engine::Readability,
        };
    }
    if let Some(mode) = flags.mode {
        options.mode = match mode {
            ModeName::Precision => extract::Mode::Precision,
            ModeName::Balanced => extract::Mode::Balanced,
            ModeName::Recall => extract::Mode::Recall,
        };
    }
    options.comments |= flags.comments;
    options
}

/// The options of fetching, flags over configuration.
pub fn fetching(config: &Config, flags: &Fetching) -> Result<fetch::Options> {
    let mut options = config.fetch.clone();
    if let Some(timeout) = &flags.timeout {
        options.timeout = duration("--timeout", timeout)?;
        options.read_timeout = options.read_timeout.min(options.timeout);
        options.connect_timeout = options.connect_timeout.min(options.timeout);
    }
    if let Some(delay) = &flags.delay {
        options.delay = duration("--delay", delay)?;
    }
    options.allow_addresses.extend(flags.allow_address.iter().cloned());
    Ok(options)
}

fn duration(flag: &str, text: &str) -> Result<Duration> {
    let parsed = text.parse::<jiff::SignedDuration>().ok().and_then(|span| Duration::try_from(span).ok());
    Ok(parsed.ok_or_else(|| Usage::new(format!("`{flag} {text}` is no length of time"), "write `30s`, `2m` or `1h`"))?)
}

/// A fetcher for the options, or what is wrong with them.
pub fn fetcher(options: fetch::Options) -> Result<Fetcher> {
    Ok(Fetcher::new(options).map_err(|what| Usage::new(what, "see `gleaner config show`"))?)
}

/// A pipeline into an archive.
pub fn pipeline(archive: Archive, fetch: fetch::Options, extract: extract::Options) -> Result<Pipeline> {
    let concurrency = fetch.concurrency;
    Ok(Pipeline { archive: Arc::new(archive), fetcher: fetcher(fetch)?, extract, concurrency })
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

/// A moment as typed: RFC 3339, or a day, whose first or last moment is meant.
pub fn moment(flag: &str, text: &str, end_of_day: bool) -> Result<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let day = text.parse::<jiff::civil::Date>().map_err(|_| {
        Usage::new(format!("`{flag} {text}` is no moment"), "write `2026-01-31` or `2026-01-31T08:00:00Z`")
    })?;
    let time = if end_of_day { jiff::civil::time(23, 59, 59, 999_999_999) } else { jiff::civil::Time::midnight() };
    Ok(day.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC)?.timestamp())
}

/// An address as typed.
pub fn url(text: &str) -> Result<Url> {
    let parsed = Url::parse(text).map_err(|error| {
        Usage::new(format!("`{text}` is no address: {error}"), "write it in full, as `https://example.org/page`")
    })?;
    Ok(parsed)
}

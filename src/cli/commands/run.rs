//! `gleaner run`: do what is due, then exit.

use std::collections::HashMap;
use std::time::Instant;

use anyhow::{Context, Result};
use jiff::{Timestamp, ZonedDateTime};
use serde_json::json;

use super::add::{exit, sum_up};
use super::extract::read_file;
use crate::archive::Archive;
use crate::capture::Outcome;
use crate::cli::args::{Global, Run};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::failure::{Running, Usage};
use crate::cli::output::Output;
use crate::page::Url;
use crate::pipeline::{Event, Pipeline, Summary};
use crate::schedule::{self, Kind, Source};

pub fn run(global: &Global, flags: &Run, output: &Output) -> Result<Exit> {
    let started = Instant::now();
    let loaded = context::config_with(global, flags.fetching.flags())?;
    let sources = chosen(&loaded.config.schedule, &flags.names)?;
    let archive = loaded.archive_or_new()?;
    let now = ZonedDateTime::now();
    let work = Work::due(&archive, &sources, !flags.names.is_empty(), &now)?;
    if flags.dry_run {
        return Ok(work.tell(output));
    }
    let Some(_lock) = archive.run_lock()? else {
        return Err(Running.into());
    };
    let before = archive.stats()?.stored_bytes;
    let pipeline = loaded.pipeline(archive)?;
    let summary = context::runtime()?.block_on(work.go(&pipeline, output))?;
    let added = pipeline.archive.stats()?.stored_bytes.saturating_sub(before);
    if !summary.interrupted {
        super::care::seal_when_due(&pipeline.archive, output);
    }
    sum_up(&summary, added, started, output);
    Ok(exit(&summary))
}

/// The sources named, or all.
fn chosen<'a>(sources: &'a [Source], names: &[String]) -> Result<Vec<&'a Source>> {
    for name in names {
        if !sources.iter().any(|source| source.name == *name) {
            let known: Vec<_> = sources.iter().map(|source| format!("`{}`", source.name)).collect();
            let hint = if known.is_empty() {
                "the configuration has no `[[schedule]]`".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            };
            return Err(Usage::new(format!("there is no schedule `{name}`"), hint).into());
        }
    }
    Ok(sources.iter().filter(|source| names.is_empty() || names.contains(&source.name)).collect())
}

/// What a run has to do.
#[derive(Debug, Default)]
struct Work<'a> {
    urls: Vec<Url>,
    indexes: Vec<&'a Source>,
}

impl<'a> Work<'a> {
    /// What is due; all of it where the sources were named.
    fn due(archive: &Archive, sources: &[&'a Source], named: bool, now: &ZonedDateTime) -> Result<Self> {
        let latest = |url: &Url| -> Option<Timestamp> {
            // An archive that cannot be read says so when the first capture is kept.
            if named { None } else { archive.latest(url, None).ok().flatten().map(|capture| capture.fetched_at) }
        };
        let mut work = Self::default();
        for &source in sources {
            match (source.kind, &source.url) {
                (Kind::Index, Some(url)) if schedule::due(source, latest(url), now) => work.indexes.push(source),
                (Kind::Urls, _) => {
                    let urls = listed(source)?;
                    work.urls.extend(schedule::due_urls(source, &urls, latest, now));
                }
                _ => {}
            }
        }
        Ok(work)
    }

    fn tell(&self, output: &Output) -> Exit {
        for url in self.pages().iter().chain(&self.urls) {
            output.line(&format!("due  {url}"));
            output.record("due", &json!({ "url": url }));
        }
        let count = self.indexes.len() + self.urls.len();
        output.summary(&format!("{count} due"), &json!({ "due": count }));
        Exit::Done
    }

    fn pages(&self) -> Vec<Url> {
        self.indexes.iter().filter_map(|source| source.url.clone()).collect()
    }

    /// Visits the index pages, then what they lead to together with the listed addresses.
    async fn go(mut self, pipeline: &Pipeline, output: &Output) -> Result<Summary> {
        let stop = context::stop_on_signal();
        let mut bodies = HashMap::new();
        let mut summary = pipeline
            .collect(self.pages(), stop.clone(), &mut |event| match event {
                Event::Visited(entry) => {
                    if let Some(raw) = &entry.raw {
                        let page = entry.capture.final_url.clone().unwrap_or_else(|| entry.capture.url.clone());
                        bodies.insert(entry.capture.url.clone(), (page, raw.clone()));
                    }
                }
                Event::Archived(capture) => output.capture(capture),
                Event::Fetching(_) => {}
            })
            .await?;
        for source in std::mem::take(&mut self.indexes) {
            self.urls.extend(new_links(pipeline, source, &bodies)?);
        }
        let told = &mut |event: Event<'_>| {
            if let Event::Archived(capture) = event {
                output.capture(capture);
            }
        };
        summary.add(pipeline.collect(self.urls, stop, told).await?);
        Ok(summary)
    }
}

/// Links of an index page that were never fetched, or whose last visit failed in a way that may pass.
fn new_links(pipeline: &Pipeline, source: &Source, bodies: &HashMap<Url, (Url, Vec<u8>)>) -> Result<Vec<Url>> {
    let Some(url) = &source.url else { return Ok(Vec::new()) };
    let (page, html) = match bodies.get(url) {
        Some((page, raw)) => (page.clone(), raw.clone()),
        None => match kept(&pipeline.archive, url)? {
            Some(kept) => kept,
            None => return Ok(Vec::new()),
        },
    };
    let links = schedule::links(&String::from_utf8_lossy(&html), &page, source);
    let mut new = Vec::new();
    for link in links {
        let again = pipeline.archive.latest(&link, None)?.is_none_or(|capture| may_pass(capture.outcome));
        if again {
            new.push(link);
        }
    }
    Ok(new)
}

/// The body of an index page that had not changed, where the archive keeps it.
fn kept(archive: &Archive, url: &Url) -> Result<Option<(Url, Vec<u8>)>> {
    let Some(capture) = archive.latest(url, None)? else { return Ok(None) };
    let Some(raw) = capture.raw else { return Ok(None) };
    Ok(Some((capture.final_url.unwrap_or(capture.url), archive.raw(raw)?)))
}

/// Whether a failure of that class may be gone at the next visit.
fn may_pass(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Dns | Outcome::Connect | Outcome::Tls | Outcome::Timeout | Outcome::Http)
}

/// The addresses of a list source.
fn listed(source: &Source) -> Result<Vec<Url>> {
    let mut urls = source.urls.clone();
    if let Some(path) = &source.file {
        let text = String::from_utf8_lossy(&read_file(path).with_context(|| format!("schedule `{}`", source.name))?)
            .into_owned();
        for line in schedule::url_lines(&text) {
            urls.push(line.map_err(|(number, line)| {
                Usage::new(
                    format!("{}:{number}: `{line}` is no web address", path.display()),
                    "one address a line; `#` begins a comment",
                )
            })?);
        }
    }
    Ok(urls)
}

//! `gleaner run`: do what is due, then exit; or stay and do it when it is due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};
use serde_json::json;
use tokio::sync::watch;

use super::add::{exit, sum_up};
use super::extract::read_file;
use super::health::{health, still_at_work, tell_wrong};
use super::metrics::{self, Figures};
use crate::cli::args::{Global, Run};
use crate::cli::context::{self, Loaded};
use crate::cli::exit::Exit;
use crate::cli::failure::{Usage, report};
use crate::cli::output::Output;
use crate::frontier::{Frontier, Task};
use crate::page::Url;
use crate::pipeline::{Budget, Crawl, Event, leaves_out};
use crate::schedule::{self, Kind, Source};

/// A watching run looks at least this often for what is due.
const WATCH_MAX: Duration = Duration::from_secs(60);

pub fn run(global: &Global, flags: &Run, output: &Output) -> Result<Exit> {
    let started = Instant::now();
    let loaded = context::config_with(global, flags.fetching.flags())?;
    let sources = chosen(&loaded.config.schedule, &flags.names)?;
    let Listed { sources, lists, bad } = listed_of(sources, output)?;
    let named = !flags.names.is_empty();
    let budget = budget(flags)?;
    let listen = flags.listen.as_deref().map(metrics::address).transpose()?;
    let archive = loaded.archive_or_new()?;
    let frontier = loaded.frontier(&archive)?;
    bad.tell(frontier.as_ref(), output)?;
    let pipeline = loaded.pipeline_with(archive, &frontier)?;
    let crawl = Crawl { pipeline, frontier, sources, budget };
    let names: Vec<String> = crawl.sources.iter().map(|source| source.name.clone()).collect();
    let now = ZonedDateTime::now();
    if flags.dry_run {
        crawl.sync(&lists, &now)?;
        tell_due(&crawl, &names, named, now.timestamp(), output)?;
        return Ok(if bad.is_none() { Exit::Done } else { Exit::Part });
    }
    let Some(_lock) = crawl.pipeline.archive.run_lock()? else {
        return still_at_work(&crawl.pipeline.archive, crawl.frontier.as_ref(), output);
    };
    crawl.prepare(&lists, &now)?;
    if named {
        crawl.frontier.wake(&names, now.timestamp())?;
    }
    let before = crawl.pipeline.archive.stats()?.stored_bytes;
    let whole = bad.is_none();
    let figures = Arc::new(Figures {
        frontier: Arc::clone(&crawl.frontier),
        names: names.clone(),
        passes: Mutex::default(),
        unreadable: Mutex::new(bad.names()),
    });
    let mut quiet = BTreeSet::new();
    let mut after_pass = || -> Result<()> {
        health(&loaded, crawl.frontier.as_ref(), &names, &mut quiet, output)?;
        flags.metrics.as_deref().map_or(Ok(()), |path| figures.write(path))
    };
    let work = async {
        if let Some(address) = listen {
            figures.listen(address, output)?;
        }
        work(&crawl, lists, flags.watch, &figures, &mut after_pass, output).await
    };
    context::runtime()?.block_on(work)?;
    let summary = figures.summary();
    let added = crawl.pipeline.archive.stats()?.stored_bytes.saturating_sub(before);
    if !summary.interrupted {
        super::care::seal_when_due(&crawl.pipeline.archive, output);
    }
    sum_up(&summary, added, started, output);
    Ok(match exit(&summary) {
        Exit::Done if !whole => Exit::Part,
        exit => exit,
    })
}

/// One pass, or one after the other until a signal comes.
async fn work(
    crawl: &Crawl,
    mut lists: BTreeMap<String, Vec<Url>>,
    watch: bool,
    figures: &Figures,
    after_pass: &mut dyn FnMut() -> Result<()>,
    output: &Output,
) -> Result<()> {
    let stop = context::stop_on_signal();
    loop {
        let told = &mut |event: Event<'_>| {
            if let Event::Archived(capture) = event {
                output.capture(capture);
            }
        };
        figures.add(crawl.run(stop.clone(), told).await?);
        after_pass()?;
        if !watch || *stop.borrow() {
            return Ok(());
        }
        wait(crawl, stop.clone()).await?;
        // Files of addresses are read again.
        let bad = read_lists(&crawl.sources, &mut lists);
        bad.tell(crawl.frontier.as_ref(), output)?;
        figures.set_unreadable(bad.names());
        crawl.sync(&lists, &ZonedDateTime::now())?;
    }
}

/// Sleeps until something is due, a minute at most, or a signal comes.
async fn wait(crawl: &Crawl, mut stop: watch::Receiver<bool>) -> Result<()> {
    let names: Vec<String> = crawl.sources.iter().map(|source| source.name.clone()).collect();
    let next = crawl.frontier.next_due(&names)?;
    let until = next.map(|next| next.duration_since(Timestamp::now()));
    let pause = until.and_then(|until| Duration::try_from(until).ok()).unwrap_or(WATCH_MAX);
    tokio::select! {
        () = tokio::time::sleep(pause.clamp(Duration::from_secs(1), WATCH_MAX)) => {}
        _ = stop.wait_for(|&stop| stop) => {}
    }
    Ok(())
}

fn budget(flags: &Run) -> Result<Budget> {
    let time = match &flags.max_time {
        Some(text) => {
            let bad = || Usage::new(format!("`--max-time {text}` is no duration"), "write it as `10m` or `2h 30m`");
            let time: SignedDuration = text.parse().map_err(|_| bad())?;
            Some(Duration::try_from(time).map_err(|_| bad())?)
        }
        None => None,
    };
    Ok(Budget { time, pages: flags.max_pages, bytes: flags.max_bytes })
}

/// The sources named, or all.
pub fn chosen(sources: &[Source], names: &[String]) -> Result<Vec<Source>> {
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
    let wanted = |source: &&Source| names.is_empty() || names.contains(&source.name);
    Ok(sources.iter().filter(wanted).cloned().collect())
}

/// Tells what is due; all that is named where sources were named.
fn tell_due(crawl: &Crawl, names: &[String], all: bool, now: Timestamp, output: &Output) -> Result<()> {
    let mut count = 0;
    let is_left_out = |task: &Task| {
        let source = crawl.sources.iter().find(|source| source.name == task.source);
        source.is_some_and(|source| leaves_out(source, task))
    };
    crawl.frontier.rows(names, false, &mut |row| {
        let is_due = row.due_at.is_some_and(|due| due <= now) && !is_left_out(&row.task);
        if is_due || all && row.task.root {
            count += 1;
            let url = &row.task.url;
            output.line(&format!("due  {url}"));
            output.record("due", &json!({ "url": url, "source": row.task.source, "due_at": row.due_at }));
        }
    })?;
    output.summary(&format!("{count} due"), &json!({ "due": count }));
    Ok(())
}

/// Sources, and the addresses of those that are lists and can be read; the others are left as they were.
pub struct Listed {
    pub sources: Vec<Source>,
    lists: BTreeMap<String, Vec<Url>>,
    pub bad: Unread,
}

/// The sources whose lists cannot be read, and why.
#[derive(Default)]
pub struct Unread(Vec<(String, anyhow::Error)>);

impl Unread {
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    fn names(&self) -> BTreeSet<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    fn tell(&self, frontier: &dyn Frontier, output: &Output) -> Result<()> {
        self.0.iter().try_for_each(|(name, error)| tell_wrong(frontier, &format!("list {name}"), error, output))
    }
}

/// Reads the lists of sources. A list that cannot be read stops its own source alone.
///
/// # Errors
/// None can be read.
fn listed_of(sources: Vec<Source>, output: &Output) -> Result<Listed> {
    let mut lists = BTreeMap::new();
    let mut bad = read_lists(&sources, &mut lists);
    if bad.0.len() < sources.len() || bad.is_none() {
        return Ok(Listed { sources, lists, bad });
    }
    let (_, last) = bad.0.pop().expect("all are bad");
    bad.0.iter().for_each(|(_, error)| _ = report(error, output));
    Err(last)
}

/// Reads the lists that can be read into `lists`, where the others stay as they were.
fn read_lists(sources: &[Source], lists: &mut BTreeMap<String, Vec<Url>>) -> Unread {
    let mut bad = Unread::default();
    for source in sources.iter().filter(|source| source.kind.is_of_pages()) {
        match listed(source) {
            Ok(urls) => drop(lists.insert(source.name.clone(), urls)),
            Err(error) => bad.0.push((source.name.clone(), error)),
        }
    }
    bad
}

/// The addresses of a list source.
pub fn listed(source: &Source) -> Result<Vec<Url>> {
    let mut urls: Vec<Url> =
        source.url.iter().filter(|_| source.kind == Kind::Thread).chain(&source.urls).cloned().collect();
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

/// The frontier of an archive that is there, in step with the configuration.
pub fn synced(loaded: &Loaded, names: &[String], output: &Output) -> Result<(Arc<dyn Frontier>, Listed)> {
    let listed = listed_of(chosen(&loaded.config.schedule, names)?, output)?;
    let archive = loaded.archive_or_new()?;
    let frontier = loaded.frontier(&archive)?;
    let pipeline = loaded.pipeline_with(archive, &frontier)?;
    let (sources, budget) = (listed.sources.clone(), Budget::default());
    let crawl = Crawl { pipeline, frontier: Arc::clone(&frontier), sources, budget };
    crawl.sync(&listed.lists, &ZonedDateTime::now())?;
    listed.bad.tell(frontier.as_ref(), output)?;
    Ok((frontier, listed))
}

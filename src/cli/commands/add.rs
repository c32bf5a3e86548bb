//! `gleaner add`: fetch now and remember.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use jiff::ZonedDateTime;

use crate::capture::{Capture, Outcome};
use crate::cli::args::{Add, Global};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, bytes, counted};
use crate::page::Url;
use crate::pipeline::recovery::recover;
use crate::pipeline::{Event, Pipeline, Reach, Summary};
use crate::schedule::url_lines;

/// Longest list of addresses read from a file or stdin.
const LIST_BYTES_MAX: u64 = 256 << 20;

pub fn run(global: &Global, flags: &Add, output: &Output) -> Result<Exit> {
    let loaded = context::config_with(global, [flags.fetching.flags(), flags.extraction.flags()].concat())?;
    let urls = addresses(&flags.what)?;
    let archive = loaded.archive_or_new()?;
    let frontier = loaded.frontier(&archive)?;
    let pipeline = loaded.pipeline_with(archive, &frontier)?;
    let reach = if flags.thread { Reach::Thread { pages_max: flags.pages_max } } else { Reach::Page };
    let mut failed = None;
    let mut learn = |capture: &Capture| {
        let told = recover(frontier.as_ref(), &loaded.config.schedule, capture, &ZonedDateTime::now());
        failed = failed.take().or(told.err());
    };
    let exit = collect(&pipeline, urls, reach, &mut learn, output)?;
    // What was fetched is in the archive whatever became of the frontier.
    failed.map_or(Ok(exit), |error| Err(error.into()))
}

/// Visits addresses, tells each capture once it is durable, sums up.
fn collect(
    pipeline: &Pipeline,
    urls: Vec<Url>,
    reach: Reach,
    learn: &mut dyn FnMut(&Capture),
    output: &Output,
) -> Result<Exit> {
    let started = Instant::now();
    let before = pipeline.archive.stats()?.stored_bytes;
    let runtime = context::runtime()?;
    let summary = runtime.block_on(async {
        let stop = context::stop_on_signal();
        pipeline.collect_as(urls, reach, stop, &mut |event| tell(&event, learn, output)).await
    })?;
    let added = pipeline.archive.stats()?.stored_bytes.saturating_sub(before);
    if !summary.interrupted {
        super::care::seal_when_due(&pipeline.archive, output);
    }
    sum_up(&summary, added, started, output);
    Ok(exit(&summary))
}

fn tell(event: &Event<'_>, learn: &mut dyn FnMut(&Capture), output: &Output) {
    if let Event::Archived(capture) = event {
        learn(capture);
        output.capture(capture);
    }
}

/// `2 pages · 1 new · 1 unchanged · 0 failed · 41 KiB added in 1.8s`
pub fn sum_up(summary: &Summary, added: u64, started: Instant, output: &Output) {
    let some = |count: u64, what: &str| if count > 0 { format!(" · {count} {what}") } else { String::new() };
    let moved = summary.by_outcome.get(&Outcome::Moved.to_string()).copied().unwrap_or_default();
    let (known, moved) = (some(summary.known, "known"), some(moved, "moved"));
    let (partial, cut) = (some(summary.partial, "in part"), some(summary.cut, "cut as traps"));
    let line = format!(
        "{} · {} new · {} unchanged{known}{moved} · {} failed{partial}{cut} · {} added in {:.1}s",
        counted(summary.pages, "page"),
        summary.new,
        summary.unchanged,
        summary.failed,
        bytes(added),
        started.elapsed().as_secs_f64(),
    );
    output.summary(&line, summary);
}

/// The exit code of a pass.
pub fn exit(summary: &Summary) -> Exit {
    if summary.interrupted {
        Exit::Interrupted
    } else {
        Exit::of(summary.new + summary.unchanged + summary.known, summary.failed + summary.partial)
    }
}

/// Addresses typed, or lines of files, in order; doubles are dropped.
pub fn addresses(what: &[String]) -> Result<Vec<Url>> {
    let mut urls = Vec::new();
    for item in what {
        match item.as_str() {
            "-" => urls.extend(lines(&read_limited(std::io::stdin().lock(), "stdin")?, "stdin")?),
            path if !path.contains("://") && Path::new(path).is_file() => {
                let file = std::fs::File::open(path).with_context(|| format!("could not open `{path}`"))?;
                urls.extend(lines(&read_limited(file, path)?, path)?);
            }
            text => urls.push(web(text)?),
        }
    }
    let mut seen: HashMap<String, ()> = HashMap::new();
    urls.retain(|url| seen.insert(url.as_str().to_owned(), ()).is_none());
    Ok(urls)
}

fn read_limited(source: impl Read, name: &str) -> Result<String> {
    let mut text = String::new();
    let read = source.take(LIST_BYTES_MAX + 1).read_to_string(&mut text);
    let read = read.with_context(|| format!("could not read addresses from `{name}`"))?;
    if read as u64 > LIST_BYTES_MAX {
        return Err(Usage::new(format!("`{name}` is over {LIST_BYTES_MAX} bytes"), "split the list").into());
    }
    Ok(text)
}

/// The addresses of a list, one a line.
fn lines(text: &str, name: &str) -> Result<Vec<Url>> {
    let read = |line: Result<Url, (usize, String)>| match line {
        Ok(url) => web(url.with_credentials().as_str()),
        Err((number, line)) => {
            let hint = "one web address a line; `#` begins a comment";
            Err(Usage::new(format!("{name}:{number}: `{line}` is no web address"), hint).into())
        }
    };
    url_lines(text).into_iter().map(read).collect()
}

/// An address that can be fetched.
pub fn web(text: &str) -> Result<Url> {
    let url = context::url(text)?;
    if !url.is_web() {
        let hint = "only `http:` and `https:` are fetched; for files use `gleaner import`";
        return Err(Usage::new(format!("`{url}` is not a web address"), hint).into());
    }
    Ok(url)
}

/// Remembers the captures of a pass by address, for the demo.
pub fn tell_into(captures: &mut Vec<Capture>) -> impl FnMut(Event<'_>) + '_ {
    |event| {
        if let Event::Archived(capture) = event {
            captures.push(capture.clone());
        }
    }
}

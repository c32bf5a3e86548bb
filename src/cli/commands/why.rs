//! `gleaner why URL`: why an address was fetched, or was not.

use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use crate::archive::Archive;
use crate::capture::rights::Use;
use crate::cli::args::{Global, Why};
use crate::cli::context::{self, Loaded};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::fetch::robots::Robots;
use crate::fetch::{HostState, RobotsAnswer, RobotsState, machine_key, robots_path};
use crate::frontier::{Frontier, Row, trap};
use crate::page::Url;
use crate::pipeline::{leaves_out, revisit_changed, robots_note};
use crate::schedule::{self, Kind, Source};

/// One thing that bears on an address: what it is about, what is so, and whether it keeps the address from being
/// fetched now.
struct Finding {
    about: &'static str,
    says: String,
    stops: bool,
}

fn finding(about: &'static str, says: impl Into<String>, stops: bool) -> Finding {
    Finding { about, says: says.into(), stops }
}

pub fn run(global: &Global, flags: &Why, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let url = super::add::web(&flags.url)?;
    let archive = loaded.archive()?;
    let frontier = loaded.frontier(&archive)?;
    let now = Timestamp::now();
    let mut findings = vec![visits(&archive, &url)?];
    findings.extend(taken_back(&archive, &loaded, &url)?);
    findings.extend(queue(frontier.as_ref(), &loaded.config.schedule, &url, now)?);
    let state = robots_state(frontier.as_ref(), &url)?;
    findings.push(robots(state.as_ref(), &loaded, &url, now));
    findings.extend(host(frontier.as_ref(), &url, delay(state.as_ref(), &loaded, &url), now)?);
    findings.extend(own_table(&loaded, frontier.as_ref(), &url, now)?);
    findings.extend(loaded.config.schedule.iter().map(|source| scope(source, &url)));
    if loaded.config.schedule.is_empty() {
        findings.push(finding("schedule", "the configuration has no `[[schedule]]`", false));
    }
    for Finding { about, says, stops } in &findings {
        let mark = if *stops { "!" } else { " " };
        output.line(&format!("{mark} {about:<10} {says}"));
        output.record("finding", &json!({ "about": about, "says": says, "stops": stops }));
    }
    let stopped = findings.iter().filter(|finding| finding.stops).count();
    let line = if stopped == 0 {
        "nothing keeps it from being fetched"
    } else {
        "lines with `!` keep it from being fetched now"
    };
    output.summary(line, &json!({ "url": url, "stopped": stopped > 0, "findings": findings.len() }));
    Ok(Exit::Done)
}

/// The last visit the archive knows.
fn visits(archive: &Archive, url: &Url) -> Result<Finding> {
    let Some(capture) = archive.latest(url, None)? else { return Ok(finding("archive", "never visited", false)) };
    let detail = capture.detail.map(|detail| format!(": {detail}")).unwrap_or_default();
    Ok(finding("archive", format!("{} at {:.0}{detail}", capture.outcome, capture.fetched_at), false))
}

/// Whether it was erased, or its last visit found it reserved.
fn taken_back(archive: &Archive, loaded: &Loaded, url: &Url) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if archive.is_erased(url)? {
        findings.push(finding("erased", "it was erased from the archive, and is never asked for again", true));
    }
    let held = loaded.config.fetch.opt_outs_of(url).wanted();
    let latest = archive.latest(url, None)?;
    for wanted in [Use::Mining, Use::Training] {
        let Some((name, value)) = latest.as_ref().and_then(|capture| capture.reserved_against(wanted)) else {
            continue;
        };
        let against = if wanted == Use::Mining { "text and data mining" } else { "training" };
        let so = if held == Some(wanted) { "no text of it is taken" } else { "noted, and left to `export --rights`" };
        let says = format!("its site reserves it against {against} by `{name}: {value}`; {so} (`fetch.opt_outs`)");
        findings.push(finding("rights", says, false));
    }
    Ok(findings)
}

/// What the frontier knows: when it is due, or why it was cut.
fn queue(frontier: &dyn Frontier, sources: &[Source], url: &Url, now: Timestamp) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if let Some(row) = frontier.look(url)? {
        let found = match &row.found_on {
            Some(page) => format!("found on {page}"),
            None if row.task.root => "named by the configuration".to_owned(),
            None => "found".to_owned(),
        };
        let name = &row.task.source;
        let source = sources.iter().find(|source| source.name == *name);
        findings.push(finding("source", format!("`{name}`, {found} at {:.0}", row.found_at), false));
        if source.is_none() {
            let says = format!("the configuration has no `{name}` any more: it waits until another source finds it");
            findings.push(finding("schedule", says, true));
        }
        findings.extend(row.task.moved_to.as_ref().map(|to| finding("moved", format!("for good to {to}"), false)));
        let past = &row.task.past;
        let revisits = source.is_some_and(|source| source.revisit.is_some());
        if let Some(source) = source.filter(|_| !row.task.root && past.last_at.is_some())
            && revisit_changed(frontier, source)?
        {
            let says = format!("the `revisit` of `{name}` is another now: its pages follow it from the next run on");
            findings.push(finding("schedule", says, false));
        }
        if past.fails > 0 {
            let last = past.last_outcome.as_deref().unwrap_or_default();
            findings.push(finding("failures", format!("{} in a row, the last `{last}`", past.fails), false));
        }
        findings.push(match row.due_at {
            _ if row.task.leased_at.is_some() => finding("due", "a run is at work on it", false),
            _ if source.is_some_and(|source| leaves_out(source, &row.task)) => {
                let says = format!("not while `{name}` leaves it out (`include`, `exclude`)");
                finding("due", says, true)
            }
            Some(due) if due <= now => finding("due", "now", false),
            Some(due) => finding("due", format!("at {due:.0}"), true),
            None if row.task.role.is_list() && past.fails == 0 => {
                finding("due", "never: the list that named it names it no more", true)
            }
            None if past.fails > 0 => finding("due", given_up(&row), true),
            None if row.task.moved_to.is_some() && (past.interval.is_some() || revisits) => {
                finding("due", "never by itself: another address that leads to the same is asked for", true)
            }
            None if past.last_at.is_none() && !row.task.root && source.is_some() => {
                finding("due", "not before the next run, as its source takes it again", true)
            }
            None if revisits => finding("due", "not before the next run, which sets when it is visited again", true),
            None => finding("due", "never again: pages of this source are read once (`revisit`)", true),
        });
    } else if let Some(source) = sources.iter().find(|source| is_root(source, url)) {
        findings.push(finding("source", format!("`{}` names it, and has not been run since", source.name), false));
    } else {
        findings.push(finding("source", "no source has led to it yet", true));
    }
    let year = i64::from(now.to_zoned_datetime(jiff::tz::TimeZone::UTC).year());
    match (frontier.cut(url)?, trap(url, year)) {
        (Some((why, at)), _) => {
            let cut: u64 = frontier.sources(now)?.iter().map(|state| state.cut).sum();
            findings.push(finding("trap", format!("cut at {at:.0}, as one of {cut}: {why}"), true));
        }
        (None, Some(why)) => findings.push(finding("trap", format!("would be cut if it were found: {why}"), false)),
        (None, None) => {}
    }
    Ok(findings)
}

/// What failed too often is asked for again after a rest, where it is still named.
fn given_up(row: &Row) -> String {
    let named = row.rests_until(false);
    let news = row.rests_until(true).filter(|news| Some(*news) < named);
    let named = named.map(|at| format!("; asked for again if a visit after {at:.0} finds it named still"));
    let news = news.map(|at| format!(", or one after {at:.0} that it changed since"));
    format!("never by itself: given up after these failures{}{}", named.unwrap_or_default(), news.unwrap_or_default())
}

fn robots_state(frontier: &dyn Frontier, url: &Url) -> Result<Option<RobotsState>> {
    let note = frontier.note(&robots_note(&url.origin().ascii_serialization()))?;
    Ok(note.and_then(|text| serde_json::from_str(&text).ok()))
}

/// What the robots.txt says that was last read.
fn robots(state: Option<&RobotsState>, loaded: &Loaded, url: &Url, now: Timestamp) -> Finding {
    let Some(state) = state else { return finding("robots.txt", "not read yet", false) };
    let is_fresh = state.is_fresh(now);
    let anew = if is_fresh { "" } else { ", to be read anew" };
    let read = format!("read at {:.0}{anew}", state.fetched_at);
    match &state.answer {
        RobotsAnswer::None => finding("robots.txt", format!("there is none ({read})"), false),
        RobotsAnswer::Unreachable(why) if !is_fresh => {
            finding("robots.txt", format!("could not be read, {why} ({read})"), false)
        }
        RobotsAnswer::Unreachable(why) => {
            finding("robots.txt", format!("cannot be read, {why}; asked again at {:.0}", state.expires_at), true)
        }
        RobotsAnswer::Text(text) => {
            let robots = Robots::parse(text);
            let verdict = robots.permits(loaded.config.fetch.agent_of(url), &robots_path(url));
            let word = if verdict.allowed { "allows" } else { "forbids" };
            let rule =
                verdict.line.map_or_else(|| "no rule".to_owned(), |line| format!("line {line}: `{}`", verdict.rule));
            finding(
                "robots.txt",
                format!("{word} it to {} by {rule} ({read})", loaded.config.fetch.agent_of(url)),
                !verdict.allowed && is_fresh,
            )
        }
    }
}

/// Least time between two requests to the host, by the configuration and its robots.txt.
fn delay(state: Option<&RobotsState>, loaded: &Loaded, url: &Url) -> Duration {
    let robots = match state.map(|state| &state.answer) {
        Some(RobotsAnswer::Text(text)) => Robots::parse(text),
        _ => Robots::default(),
    };
    loaded.config.fetch.delay_under(&robots, url)
}

/// What its host asked of us, and when the machine behind it was last asked.
fn host(frontier: &dyn Frontier, url: &Url, delay: Duration, now: Timestamp) -> Result<Vec<Finding>> {
    let Some(state) = host_state(frontier, &url.manners_key())? else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    if let Some(until) = state.paused_until.filter(|until| *until > now) {
        let step = state.step;
        findings.push(finding("host", format!("asked for a pause until {until:.0} (step {step})"), true));
    }
    findings.extend(state.asked_at.map(|at| finding("host", format!("last asked at {at:.0}"), false)));
    let due = HostState { paused_until: None, ..state }.due(delay);
    if due > now {
        findings.push(finding("host", format!("not before {due:.0}: {delay:?} between two requests"), true));
    }
    if let Some(address) = state.machine
        && let Some(says) = host_state(frontier, &machine_key(address))?.and_then(|state| asked(&state, now))
    {
        findings.push(finding("machine", format!("{address}, with all its hosts {says}"), false));
    }
    Ok(findings)
}

/// What the configuration says of this host alone.
fn own_table(loaded: &Loaded, frontier: &dyn Frontier, url: &Url, now: Timestamp) -> Result<Vec<Finding>> {
    let Some(own) = loaded.config.fetch.host(url) else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    if own.never {
        findings.push(finding("host", "never asked: its `[host]` table says so", true));
    }
    if let Some(most) = own.requests_per_day {
        let requests = host_state(frontier, &url.manners_key())?.map_or(0, |state| state.requests_of(now));
        findings.push(finding("host", format!("{requests} of {most} requests of today"), requests >= most));
    }
    Ok(findings)
}

fn host_state(frontier: &dyn Frontier, key: &str) -> Result<Option<HostState>> {
    let mut state = None;
    frontier.with_host(key, &mut |text| {
        state = text.as_deref().and_then(|text| serde_json::from_str(text).ok());
        text
    })?;
    Ok(state)
}

fn asked(state: &HostState, now: Timestamp) -> Option<String> {
    let next = state.next_at.filter(|next| *next > now).map(|next| format!(", next not before {next}"));
    state.asked_at.map(|at| format!("last asked at {at:.0}{}", next.unwrap_or_default()))
}

/// Whether a source would take it.
fn scope(source: &Source, url: &Url) -> Finding {
    let name = &source.name;
    let excluded = source.exclude.iter().find(|pattern| pattern.matches(url));
    let scope = match source.kind {
        Kind::Feed | Kind::Sitemap => source.scope_of_lists(),
        _ => source.scope,
    };
    let inside =
        source.url.as_ref().is_none_or(|root| source.kind.is_of_pages() || schedule::in_scope(scope, root, url));
    let says = match excluded {
        Some(pattern) => format!("`{name}` excludes it by `{}`", pattern.0),
        None if !source.takes(url) => format!("`{name}` does not include it"),
        None if !inside => format!("`{name}` does not reach it: outside its scope"),
        None if source.kind.is_of_pages() && !names(source, url) => {
            format!("`{name}` does not name it, and takes only what it names")
        }
        None => format!("`{name}` takes it"),
    };
    finding("scope", says, false)
}

/// Whether a source of single pages names this one; where its list cannot be read nobody knows, and `run` tells.
fn names(source: &Source, url: &Url) -> bool {
    super::run::listed(source).map_or(true, |urls| urls.contains(url))
}

/// Whether a source begins with this address; of a list it visits what it takes.
fn is_root(source: &Source, url: &Url) -> bool {
    let is_listed = || super::run::listed(source).is_ok_and(|urls| urls.contains(url));
    if source.kind.is_of_pages() { source.takes(url) && is_listed() } else { source.url.as_ref() == Some(url) }
}

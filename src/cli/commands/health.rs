//! What is wrong with sources and runs, told to whoever looks after them.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use super::schedule::shown;
use crate::archive::Archive;
use crate::cli::context::Loaded;
use crate::cli::exit::Exit;
use crate::cli::failure::{Running, described, report};
use crate::cli::output::Output;
use crate::frontier::{Frontier, SourceState};
use crate::page::Url;
use crate::pipeline::{cut_list_note, empty_list_note};
use crate::schedule::{Source, interval};

/// A source is quiet after so many of its own intervals without anything new,
const QUIET_INTERVALS: u32 = 10;
/// but not sooner than after this.
const QUIET_MIN: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Or when all addresses it names failed so often in a row.
const FAILS_MAX: u32 = 3;
/// With `--quiet`, what is wrong and stays so is told again after so long: once a day, though the last run of yesterday ended
/// somewhat later than that of today.
const WARNING_PAUSE: Duration = Duration::from_secs(23 * 60 * 60);
/// A run that is at work for longer than this is told to the next one.
const RUN_LONG: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a source seems to have gone quiet, if so.
pub fn quiet(frontier: &dyn Frontier, source: &Source, state: &SourceState, now: Timestamp) -> Result<Option<String>> {
    // Of many addresses some are always gone; `schedule` shows them.
    if let Some(fails) = state.all_fail.filter(|fails| *fails >= FAILS_MAX) {
        return Ok(Some(format!("{fails} visits in a row failed")));
    }
    let name = &source.name;
    for (note, what) in [(empty_list_note(name), "leads nowhere"), (cut_list_note(name), "is read only in part")] {
        if let Some((url, why)) = wrong_list(frontier, &note)? {
            return Ok(Some(format!("{url} {what}: {why}")));
        }
    }
    let zoned = now.to_zoned_datetime(jiff::tz::TimeZone::system());
    let after = interval(source, &zoned).unwrap_or_default().saturating_mul(QUIET_INTERVALS).max(QUIET_MIN);
    let Some(last) = state.last_found.max(state.last_change).or(state.last_good) else { return Ok(None) };
    let silence = Duration::try_from(now.duration_since(last)).unwrap_or_default();
    Ok((silence > after).then(|| format!("nothing new since {}", shown(last))))
}

/// The list of a source with which something was wrong when it was read last, and what.
fn wrong_list(frontier: &dyn Frontier, name: &str) -> Result<Option<(Url, String)>> {
    let note = frontier.note(name)?.unwrap_or_default();
    let told = note.split_once(' ').and_then(|(url, why)| Some((Url::parse(url).ok()?, why.to_owned())));
    let Some((url, why)) = told else { return Ok(None) };
    // The configuration may name another list by now.
    let is_asked = frontier.look(&url)?.is_some_and(|row| row.due_at.is_some() || row.task.leased_at.is_some());
    Ok(Some((url, why)).filter(|_| is_asked))
}

/// Tells the sources that seem to have gone quiet and were not told before.
pub fn health(
    loaded: &Loaded,
    frontier: &dyn Frontier,
    names: &[String],
    told: &mut BTreeSet<String>,
    output: &Output,
) -> Result<()> {
    let now = Timestamp::now();
    for state in frontier.sources(now)?.iter().filter(|state| names.contains(&state.source)) {
        let source = loaded.config.schedule.iter().find(|source| source.name == state.source);
        let why = source.map_or(Ok(None), |source| quiet(frontier, source, state, now))?;
        let Some(why) = why else {
            told.remove(&state.source);
            continue;
        };
        let line = format!("quiet: `{}`: {why}", state.source);
        if output.is_quiet() {
            warn_daily(frontier, &format!("quiet {}", state.source), &line, output)?;
        }
        if told.insert(state.source.clone()) {
            output.note(&line);
            output.record("quiet", &json!({ "source": state.source, "why": why, "last_good": state.last_good }));
        }
    }
    Ok(())
}

/// Tells with `--quiet` what is wrong and stays so: who runs from cron has no other way to hear of it, and once a day is
/// enough.
pub fn warn_daily(frontier: &dyn Frontier, about: &str, line: &str, output: &Output) -> Result<()> {
    let (name, now) = (format!("told {about}"), Timestamp::now());
    let last = frontier.note(&name)?.and_then(|text| text.parse::<Timestamp>().ok());
    let since = last.filter(|last| *last <= now).and_then(|last| Duration::try_from(now.duration_since(last)).ok());
    if since.is_none_or(|since| since >= WARNING_PAUSE) {
        output.warn(line);
        frontier.keep_note(&name, &now.to_string(), now)?;
    }
    Ok(())
}

/// Tells what a run found wrong: each time, or with `--quiet` once a day.
pub fn tell_wrong(frontier: &dyn Frontier, about: &str, error: &anyhow::Error, output: &Output) -> Result<()> {
    if output.is_quiet() && !output.json {
        return warn_daily(frontier, about, &described(error), output);
    }
    report(error, output);
    Ok(())
}

/// Another run is at work. With `--quiet` that is told only where it has been for longer than a day: cron starts runs over
/// and over.
pub fn still_at_work(archive: &Archive, frontier: &dyn Frontier, output: &Output) -> Result<Exit> {
    let since = archive.run_since();
    let lasts = since.and_then(|since| Duration::try_from(Timestamp::now().duration_since(since)).ok());
    if !output.is_quiet() || output.json {
        return Err(Running.into());
    }
    if let Some(since) = since.filter(|_| lasts.is_some_and(|lasts| lasts >= RUN_LONG)) {
        let line = format!("{} since {}: {}", Running, shown(since), archive.run_holder());
        warn_daily(frontier, "running", &line, output)?;
    }
    Ok(Exit::Locked)
}

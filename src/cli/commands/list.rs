//! `gleaner list` and `gleaner history`

use std::ops::ControlFlow;

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;

use crate::archive::{Archive, Filter};
use crate::capture::{Capture, Outcome};
use crate::cli::args::{Global, History, List};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, counted};

pub fn run(global: &Global, flags: &List, output: &Output) -> Result<Exit> {
    let filter = Filter {
        url: flags.url.as_deref().map(context::url).transpose()?,
        host: flags.host.as_ref().map(|host| host.to_lowercase()),
        outcome: flags.outcome.as_deref().map(outcome).transpose()?,
        since: flags.since.as_deref().map(|text| context::moment("--since", text, false)).transpose()?,
        until: flags.until.as_deref().map(|text| context::moment("--until", text, true)).transpose()?,
        latest: flags.latest,
    };
    print(&context::config(global)?.archive()?, &filter, flags.limit, output)
}

pub fn history(global: &Global, flags: &History, output: &Output) -> Result<Exit> {
    let url = context::url(&flags.url)?;
    let archive = context::config(global)?.archive()?;
    // An address that others only led to has their history.
    let url = archive.latest(&url, None)?.map_or(url, |capture| capture.url);
    // They stand in the order they were written, and older ones may have come later, out of another collection.
    let mut captures = Vec::new();
    archive.captures(&Filter { url: Some(url), ..Filter::default() }, &mut |capture| {
        captures.push(capture);
        ControlFlow::Continue(())
    })?;
    captures.sort_by_key(|capture| capture.fetched_at);
    for capture in &captures {
        show(capture, output);
    }
    Ok(told(captures.len() as u64, output))
}

fn print(archive: &Archive, filter: &Filter, limit: Option<usize>, output: &Output) -> Result<Exit> {
    let mut count = 0;
    archive.captures(filter, &mut |capture| {
        if output.closed() || limit.is_some_and(|limit| count >= limit as u64) {
            return ControlFlow::Break(());
        }
        count += 1;
        show(&capture, output);
        ControlFlow::Continue(())
    })?;
    Ok(told(count, output))
}

fn show(capture: &Capture, output: &Output) {
    if output.json {
        output.capture(capture);
    } else {
        let at = capture.fetched_at.strftime("%Y-%m-%d %H:%M");
        output.line(&format!("{at}  {}", crate::cli::output::captured(capture)));
    }
}

fn told(count: u64, output: &Output) -> Exit {
    output.summary(&counted(count, "capture"), &json!({ "captures": count }));
    if count == 0 { Exit::No } else { Exit::Done }
}

fn outcome(text: &str) -> Result<Outcome> {
    let value = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text);
    let parsed = Outcome::deserialize(value);
    Ok(parsed.map_err(|_| {
        let known = "ok, unchanged, moved, gone, soft-404, blocked, consent-wall, paywalled, login, robots, opted-out, too-large, not-text, trap, dns, address, \
                     connect, tls, timeout, http";
        Usage::new(format!("`--outcome {text}` is no outcome"), format!("one of: {known}"))
    })?)
}

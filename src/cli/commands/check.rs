//! `gleaner check` and `gleaner stats`

use anyhow::Result;

use crate::archive::{Archive, By, CheckOptions, Depth};
use crate::cli::args::{ByName, Check, Global, Stats};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, bytes, counted};

pub fn run(global: &Global, flags: &Check, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let options = CheckOptions {
        depth: if flags.quick { Depth::Quick } else { flags.sample.map_or(Depth::Full, Depth::Sample) },
        since: flags.since.as_deref().map(|text| context::moment("--since", text, false)).transpose()?,
        budget: flags.budget.as_deref().map(|text| context::duration("--budget", text)).transpose()?,
    };
    let archive = loaded.archive()?;
    let report = archive.check_with(&options)?;
    for problem in &report.problems {
        output.line(problem);
        output.record("problem", &serde_json::json!({ "message": problem }));
    }
    let line = format!(
        "{} · {} · {} of {} · {}",
        counted(report.segments, "segment"),
        counted(report.captures, "capture"),
        counted(report.texts, "text"),
        bytes(report.text_bytes),
        if report.problems.is_empty() {
            "all is well".to_owned()
        } else {
            counted(report.problems.len() as u64, "problem")
        },
    );
    let left = match report.segments_left {
        0 => String::new(),
        left => format!(" · {} not looked at", counted(left, "segment")),
    };
    if report.forgets {
        output.note("`check.state` could not be written: the next check with a budget begins where this one did");
    }
    output.summary(&format!("{line}{left}"), &report);
    Ok(if report.problems.is_empty() { Exit::Done } else { Exit::Damaged })
}

pub fn stats(global: &Global, flags: &Stats, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let archive = loaded.archive()?;
    if let Some(by) = flags.by {
        return stats_by(&archive, by, output);
    }
    let stats = archive.stats()?;
    let rows = [
        ("captures", counted(stats.captures, "capture")),
        ("addresses", format!("{} on {}", counted(stats.urls, "address"), counted(stats.hosts, "host"))),
        ("texts", format!("{}, {}", counted(stats.texts, "text"), counted(stats.words, "word"))),
        (
            "bytes",
            format!(
                "{} raw · {} clean · {} stored{}",
                bytes(stats.raw_bytes),
                bytes(stats.text_bytes),
                bytes(stats.stored_bytes),
                if stats.parity_bytes > 0 {
                    format!(", {} of it recovery data", bytes(stats.parity_bytes))
                } else {
                    String::new()
                }
            ),
        ),
    ];
    for (name, value) in rows {
        output.line(&format!("{name:<10} {value}"));
    }
    for (outcome, count) in &stats.by_outcome {
        output.line(&format!("{:<10} {outcome} {count}", "outcome"));
    }
    for (host, count) in &stats.top_hosts {
        output.line(&format!("{:<10} {host} {count}", "host"));
    }
    output.record("summary", &stats);
    Ok(Exit::Done)
}

fn stats_by(archive: &Archive, by: ByName, output: &Output) -> Result<Exit> {
    let shares = archive.stats_by(match by {
        ByName::Host => By::Host,
        ByName::Kind => By::Kind,
        ByName::Language => By::Language,
        ByName::Month => By::Month,
    })?;
    for share in &shares {
        output.record("share", share);
        output.line(&format!(
            "{:<32} {:>10} · {:>10} · {:>12} · {}",
            if share.name.is_empty() { "(unknown)" } else { &share.name },
            counted(share.captures, "capture"),
            counted(share.texts, "text"),
            counted(share.words, "word"),
            bytes(share.text_bytes)
        ));
    }
    output.record("summary", &serde_json::json!({ "shares": shares.len() }));
    Ok(if shares.is_empty() { Exit::No } else { Exit::Done })
}

//! `gleaner check` and `gleaner stats`

use anyhow::Result;

use crate::cli::args::Global;
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, bytes, counted};

pub fn run(global: &Global, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let archive = loaded.archive()?;
    let report = archive.check()?;
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
    output.summary(&line, &report);
    Ok(if report.problems.is_empty() { Exit::Done } else { Exit::Damaged })
}

pub fn stats(global: &Global, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    let archive = loaded.archive()?;
    let stats = archive.stats()?;
    let rows = [
        ("captures", counted(stats.captures, "capture")),
        ("addresses", format!("{} on {}", counted(stats.urls, "address"), counted(stats.hosts, "host"))),
        ("texts", format!("{}, {}", counted(stats.texts, "text"), counted(stats.words, "word"))),
        (
            "bytes",
            format!(
                "{} raw · {} clean · {} stored",
                bytes(stats.raw_bytes),
                bytes(stats.text_bytes),
                bytes(stats.stored_bytes)
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

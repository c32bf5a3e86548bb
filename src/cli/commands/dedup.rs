//! `gleaner dedup`: near-duplicates in JSON lines that never saw an archive.

use anyhow::Result;

use crate::cli::args::Dedup;
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, counted};
use crate::corpus::{DedupOptions, dedup};

pub fn run(flags: &Dedup, output: &Output) -> Result<Exit> {
    if !(0.5..=1.0).contains(&flags.threshold) {
        let hint = "below 0.5 candidates would be missed; 0.7 is the default";
        return Err(Usage::new(format!("`--threshold {}` is not between 0.5 and 1", flags.threshold), hint).into());
    }
    let options = DedupOptions { threshold: flags.threshold, threads: flags.threads, ..DedupOptions::default() };
    let report = dedup(&flags.inputs, &options, &flags.output)?;
    let dropped: Vec<_> = report.dropped.iter().map(|(level, count)| format!("{count} {level:?}")).collect();
    let line = format!(
        "{} · {} kept · {}{}",
        counted(report.documents, "document"),
        report.kept,
        counted(report.clusters, "cluster"),
        if dropped.is_empty() { String::new() } else { format!(" · dropped {}", dropped.join(", ").to_lowercase()) },
    );
    output.summary(&line, &report);
    Ok(Exit::Done)
}

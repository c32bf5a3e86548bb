//! `gleaner dedup`: copies and near-duplicates in documents that never saw an archive.

use anyhow::Result;

use crate::cli::args::{BadLinesName, Dedup, ProfileName};
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, counted};
use crate::corpus::{BadLines, DedupOptions, Profile, dedup_telling};

pub fn run(flags: &Dedup, output: &Output) -> Result<Exit> {
    let profile = match flags.profile {
        ProfileName::Web => Profile::Web,
        ProfileName::Ocr => Profile::Ocr,
    };
    let threshold = flags.threshold.unwrap_or(profile.threshold());
    let least = profile.threshold_min();
    if !(least..=1.0).contains(&threshold) {
        let hint = format!("below {least} candidates would be missed; {} is the default", profile.threshold());
        return Err(Usage::new(format!("`--threshold {threshold}` is not between {least} and 1"), hint).into());
    }
    let options = DedupOptions {
        profile,
        threshold,
        near_duplicates: !flags.keep_near_duplicates,
        sources: flags.source.clone(),
        bad_lines: match flags.bad_lines {
            BadLinesName::Stop => BadLines::Stop,
            BadLinesName::Skip => BadLines::Skip,
        },
        documents: !flags.clusters_only,
        paragraphs: flags.paragraphs.repeats(),
        threads: flags.threads,
        memory_bytes: flags.memory.unwrap_or(0),
        state: flags.state.clone(),
        is_dry: flags.dry_run,
        ..DedupOptions::default()
    };
    let told = dedup_telling(&flags.inputs, &options, &flags.output, &|step| output.progress(step));
    output.progress_end();
    let report = told?;
    if report.bad_lines > 0 {
        let count = counted(report.bad_lines, "line");
        let named = match flags.dry_run {
            true => String::new(),
            false => format!(", named in `{}`", flags.output.join("bad-lines.jsonl").display()),
        };
        output.note(&format!("{count} skipped{named}"));
    }
    if report.repeated_ids > 0 {
        let count = counted(report.repeated_ids, "document");
        output.note(&format!(
            "{count} with an id that another one has; `clusters.jsonl` tells them apart by their order only"
        ));
    }
    if report.undated > 0 {
        let count = counted(report.undated, "document");
        output.note(&format!("{count} with a `published` that is no date: ranked as if they had none"));
    }
    let dropped: Vec<_> = report.dropped.iter().map(|(level, count)| format!("{count} {}", level.name())).collect();
    let repeated = |what: &str| report.paragraphs.get(what).copied().unwrap_or_default();
    let lines = ["marked", "cut"].map(|what| (what, repeated(what))).into_iter().filter(|(_, count)| *count > 0);
    let lines: String = lines.map(|(what, count)| format!(" · {} {what}", counted(count, "repeated line"))).collect();
    let line = format!(
        "{} · {} {} · {}{}{lines}",
        counted(report.documents, "document"),
        report.kept,
        if flags.dry_run { "would be kept" } else { "kept" },
        counted(report.clusters, "cluster"),
        if dropped.is_empty() { String::new() } else { format!(" · dropped {}", dropped.join(", ")) },
    );
    output.summary(&line, &report);
    Ok(if report.bad_lines > 0 { Exit::Part } else { Exit::Done })
}

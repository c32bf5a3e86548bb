//! `gleaner re-extract`: what kept raw bytes say now.

use anyhow::Result;
use serde_json::json;

use crate::capture::Capture;
use crate::cli::args::{Global, ReExtract};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::output::{Output, counted, short_url};
use crate::parallel::at_work;
use crate::pipeline::{Again, AgainSummary, Changed, read_again};

/// Threads are no use beyond this many.
const THREADS_MAX: usize = 256;

pub fn run(global: &Global, flags: &ReExtract, output: &Output) -> Result<Exit> {
    let loaded = context::config_with(global, flags.extraction.flags())?;
    let again = Again {
        urls: flags.url.iter().map(|url| context::url(url)).collect::<Result<_>>()?,
        host: flags.host.as_ref().map(|host| host.to_lowercase()),
        since: flags.since.as_deref().map(|text| context::moment("--since", text, false)).transpose()?,
        dry_run: flags.dry_run,
        threads: flags.threads.unwrap_or_else(|| at_work(0)).clamp(1, THREADS_MAX),
        fetch: loaded.config.fetch.clone(),
    };
    let archive = loaded.archive()?;
    let told = read_again(&archive, &again, &loaded.config.extract, &mut |told| match told {
        Ok(changed) => tell(changed, output),
        Err((capture, error)) => {
            let message = format!("{}: {error}", capture.url);
            output.error(&format!("error: {message}"), &json!({ "message": message }));
        }
    })?;
    if !flags.dry_run && told.changed > 0 {
        super::care::seal_when_due(&archive, output);
    }
    output.summary(&summed_up(&told, flags.dry_run), &told);
    if told.without_raw > 0 && told.pages == 0 {
        output.note("hint: raw bytes are kept where `archive.raw` says so; without them nothing can be read again");
    }
    Ok(match (told.pages, told.failed) {
        (0, 0) => Exit::No,
        (pages, failed) => Exit::of(pages, failed),
    })
}

/// `changed     3f9c21ab  example.org/a   1,204 → 1,180 words`
fn tell(changed: &Changed, output: &Output) {
    let Changed { before, after } = changed;
    let id = after.id.map_or("-".repeat(8), |id| id.short());
    let (old, new) = (said(before), said(after));
    let words = match (before.words_kept == after.words_kept, old == new) {
        (true, true) => format!("{}, other words or metadata", counted(u64::from(after.words_kept), "word")),
        (_, true) => format!("{} → {}", before.words_kept, counted(u64::from(after.words_kept), "word")),
        _ => format!("{old}, {} → {new}, {}", before.words_kept, counted(u64::from(after.words_kept), "word")),
    };
    output.line(&format!("{:<12}{id}  {}   {words}", "changed", short_url(&after.url)));
    output.record(
        "changed",
        &json!({
            "url": after.url, "fetched_at": after.fetched_at, "before": before.id, "id": after.id,
            "words_before": before.words_kept, "words_after": after.words_kept,
            "outcome_before": old, "outcome": new,
            "text_before": before.text, "text": after.text,
        }),
    );
}

/// How the visit ended; a visit that confirmed a text has one.
fn said(capture: &Capture) -> String {
    if capture.outcome.has_text() { "ok".to_owned() } else { capture.outcome.to_string() }
}

fn summed_up(told: &AgainSummary, dry_run: bool) -> String {
    let without = match told.without_raw {
        0 => String::new(),
        n => format!(" · {n} without raw bytes"),
    };
    let failed = match told.failed {
        0 => String::new(),
        n => format!(" · {n} unreadable"),
    };
    format!(
        "{} read again · {} {} · {} unchanged{without}{failed} · {} → {}",
        counted(told.pages, "page"),
        told.changed,
        if dry_run { "would change" } else { "changed" },
        told.unchanged,
        told.words_before,
        counted(told.words_after, "word"),
    )
}

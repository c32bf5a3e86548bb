//! `gleaner schedule`: what is due when, what ended how, and units for whoever starts the runs.

use std::path::Path;

use anyhow::Result;
use jiff::Timestamp;
use serde_json::json;

use super::health::quiet;
use super::run::{Listed, chosen, synced};
use crate::cli::args::{Global, Schedule};
use crate::cli::context::{self, Loaded};
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, counted};
use crate::frontier::SourceState;
use crate::schedule::Source;

pub fn run(global: &Global, flags: &Schedule, output: &Output) -> Result<Exit> {
    let loaded = context::config(global)?;
    if flags.systemd || flags.crontab {
        return print_units(&loaded, flags, output);
    }
    let (frontier, Listed { sources, bad, .. }) = synced(&loaded, &flags.names, output)?;
    let states = frontier.sources(Timestamp::now())?;
    for source in &sources {
        let state = states.iter().find(|state| state.source == source.name).cloned().unwrap_or_default();
        output.line(&headline(source, &state));
        let mut roots = 0;
        frontier.rows(std::slice::from_ref(&source.name), true, &mut |row| {
            roots += 1;
            let due = row.due_at.map_or("never".to_owned(), shown);
            let last = row.task.past.last_outcome.clone().unwrap_or_else(|| "not visited".to_owned());
            if roots <= ROOTS_SHOWN {
                output.line(&format!("  due {due}   {last:<12} {}", row.task.url));
            }
            output.record(
                "scheduled",
                &json!({ "source": source.name, "url": row.task.url, "due_at": row.due_at, "last_outcome": row.task.past.last_outcome,
                    "last_at": row.task.past.last_at, "fails": row.task.past.fails }),
            );
        })?;
        if roots > ROOTS_SHOWN {
            output.line(&format!("  and {} more", roots - ROOTS_SHOWN));
        }
        let why = quiet(frontier.as_ref(), source, &state, Timestamp::now())?;
        if let Some(why) = &why {
            output.line(&format!("  quiet: {why}"));
        }
        output.record("source", &json!({ "kind": source.kind, "state": state, "quiet": why }));
    }
    tell_left_over(&loaded, &states, output);
    let is_listed = |state: &&SourceState| sources.iter().any(|source| source.name == state.source);
    let due: u64 = states.iter().filter(is_listed).map(|state| state.due).sum();
    let line = format!("{} · {due} due now", counted(sources.len() as u64, "source"));
    output.summary(&line, &json!({ "sources": sources.len(), "due": due }));
    Ok(match sources.is_empty() {
        true => Exit::No,
        false if bad.is_none() => Exit::Done,
        false => Exit::Part,
    })
}

/// Tells what sources have left that the configuration no longer names.
fn tell_left_over(loaded: &Loaded, states: &[SourceState], output: &Output) {
    let is_left = |state: &&SourceState| !loaded.config.schedule.iter().any(|source| source.name == state.source);
    for state in states.iter().filter(is_left) {
        let (name, urls) = (&state.source, counted(state.urls, "address").replace("addresss", "addresses"));
        output.line(&format!(
            "{name}  no longer in the configuration  {urls}, visited again once another source finds them"
        ));
        output.record("left_over", &json!({ "source": name, "urls": state.urls }));
    }
}

/// More addresses of a source are counted, not shown.
const ROOTS_SHOWN: usize = 20;

fn headline(source: &Source, state: &SourceState) -> String {
    let kind = format!("{:?}", source.kind).to_lowercase();
    let when = match (&source.every, &source.cron) {
        (Some(every), _) => format!("every {:#}", jiff::SignedDuration::try_from(*every).unwrap_or_default()),
        (None, Some(cron)) => format!("at `{cron}`"),
        (None, None) => String::new(),
    };
    let cut = Some(("cut", &state.cut)).filter(|(_, cut)| **cut > 0);
    let outcomes = state.outcomes.iter().map(|(outcome, count)| (outcome.as_str(), count)).chain(cut);
    let outcomes: Vec<String> = outcomes.map(|(outcome, count)| format!("{outcome} {count}")).collect();
    let known = counted(state.urls, "address").replace("addresss", "addresses");
    format!("{}  {kind}  {when}  {known}, {} due  {}", source.name, state.due, outcomes.join(" · "))
}

pub fn shown(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// Units that start `gleaner run` every five minutes: what is due is the schedule's own matter.
fn print_units(loaded: &Loaded, flags: &Schedule, output: &Output) -> Result<Exit> {
    chosen(&loaded.config.schedule, &flags.names)?;
    let program = std::env::current_exe().unwrap_or_else(|_| "gleaner".into());
    let folder = std::path::absolute(loaded.folder())?;
    let config = loaded.origins.file.as_deref().map(std::path::absolute).transpose()?;
    let word = if flags.systemd { systemd_word } else { shell_word };
    if let Some(odd) = [Some(&folder), config.as_ref()].into_iter().flatten().find(|path| path.to_str().is_none()) {
        let what = format!("`{}` is a path that is no UTF-8, which no unit can name", odd.display());
        return Err(Usage::new(what, "name it by a link whose path is").into());
    }
    let path = |path: &Path| word(&path.to_string_lossy());
    let config = config.map_or_else(String::new, |file| format!(" --config {}", path(&file)));
    let names = flags.names.iter().map(|name| format!(" {}", word(name))).collect::<String>();
    let command = format!("{} --archive {}{config} --quiet run{names}", path(&program), path(&folder));
    let text = if flags.systemd {
        format!(
            "# ~/.config/systemd/user/gleaner.service\n[Unit]\nDescription=gleaner: visit what is due\n\
             Wants=network-online.target\nAfter=network-online.target\n\n[Service]\nType=oneshot\nExecStart={command}\n\
             # 3: some pages failed; 11: a run is still at work.\nSuccessExitStatus=3 11\nNice=10\n\n\
             # ~/.config/systemd/user/gleaner.timer\n[Unit]\nDescription=gleaner: every five minutes\n\n[Timer]\n\
             OnCalendar=*:0/5\nRandomizedDelaySec=60\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n"
        )
    } else {
        // cron reads `%` as the end of the line.
        // What is told on stdout cron would mail, a line a page; what is wrong comes on stderr.
        format!("*/5 * * * * {} >/dev/null\n", command.replace('%', "\\%"))
    };
    if output.json {
        output.record("units", &json!({ "text": text }));
    } else {
        output.raw(text.as_bytes());
    }
    output.record("summary", &json!({ "sources": loaded.config.schedule.len() }));
    Ok(Exit::Done)
}

/// Whether a word says the same to every reader of command lines.
fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+:@,".contains(c))
}

/// A word of a shell's command line: within single quotes nothing has a meaning but the quote itself.
fn shell_word(word: &str) -> String {
    if is_plain(word) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// A word of a command in a unit (systemd.service, "COMMAND LINES"): `%` and `$` are doubled.
fn systemd_word(word: &str) -> String {
    if is_plain(word) {
        return word.to_owned();
    }
    let doubled = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{doubled}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_units_mean_what_they_say() {
        for word in ["my news", "it's", "a;b", "$HOME/x", "50% \\ \"q\"", "ö", ""] {
            let said =
                std::process::Command::new("sh").arg("-c").arg(format!("printf %s {}", shell_word(word))).output();
            assert_eq!(String::from_utf8(said.expect("a shell").stdout).expect("UTF-8"), word);
        }
        assert_eq!(systemd_word("/srv/my $x 5%\"\\"), "\"/srv/my $$x 5%%\\\"\\\\\"");
        assert_eq!([shell_word("/srv/a-b_1"), systemd_word("/srv/a-b_1")], ["/srv/a-b_1"; 2]);
    }
}

//! `gleaner diff`

use anyhow::Result;
use serde_json::json;

use super::find;
use crate::archive::{Archive, Filter};
use crate::capture::Capture;
use crate::cli::args::{Diff, Global};
use crate::cli::context;
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::{Output, counted};
use crate::document::diff::{Change, diff, words_changed};

/// Of what both have, so many characters are shown beside a change.
const CONTEXT_CHARS: usize = 60;

pub fn run(global: &Global, flags: &Diff, output: &Output) -> Result<Exit> {
    if flags.html && global.json {
        return Err(Usage::new("`--html` is a page and `--json` is lines", "give one of them").into());
    }
    let archive = context::config(global)?.archive()?;
    let at = flags.at.as_deref().map(|text| context::moment("--at", text, true)).transpose()?;
    let pair = match &flags.new {
        Some(new) => find::capture(&archive, &flags.old, at)?.zip(find::capture(&archive, new, None)?),
        None => versions(&archive, &flags.old, at)?,
    };
    let Some((old, new)) = pair else {
        output.note(&format!("nothing to compare for `{}`", flags.old));
        output.record("summary", &json!({ "captures": 0 }));
        return Ok(Exit::No);
    };
    let text = |capture: &Capture| capture.text.map_or(Ok(String::new()), |id| archive.text(id));
    let changes = diff(&text(&old)?, &text(&new)?);
    let (removed, added) = words_changed(&changes);
    if flags.html {
        output.raw(super::diff_page::page(&old, &new, &changes).as_bytes());
        return Ok(if removed + added == 0 { Exit::No } else { Exit::Done });
    }
    output.line(&format!("--- {}  {}", old.fetched_at, old.url));
    output.line(&format!("+++ {}  {}", new.fetched_at, new.url));
    for (n, change) in changes.iter().enumerate() {
        output.record("change", change);
        tell(change, n == 0, n + 1 == changes.len(), output);
    }
    let line = format!("{} removed, {} added", counted(removed as u64, "word"), counted(added as u64, "word"));
    output.summary(&line, &json!({ "old": old.id, "new": new.id, "words_removed": removed, "words_added": added }));
    Ok(if removed + added == 0 { Exit::No } else { Exit::Done })
}

/// The last text of an address and the one before it, or the one at a moment.
fn versions(archive: &Archive, what: &str, at: Option<crate::page::Timestamp>) -> Result<Option<(Capture, Capture)>> {
    let Some(url) = find::as_url(what) else {
        let hint = "give a second id, or an address whose last two texts are to be compared";
        return Err(Usage::new(format!("`{what}` is one capture"), hint).into());
    };
    let Some(newest) = archive.latest(&url, None)? else { return Ok(None) };
    let mut captures = Vec::new();
    let filter = Filter { url: Some(newest.url), until: None, ..Filter::default() };
    archive.captures(&filter, &mut |capture| {
        if capture.text.is_some() {
            captures.push(capture);
        }
        std::ops::ControlFlow::Continue(())
    })?;
    captures.sort_by_key(|capture| capture.fetched_at);
    let Some(new) = captures.last().cloned() else { return Ok(None) };
    let is_old = |capture: &&Capture| match at {
        Some(at) => capture.fetched_at <= at,
        None => capture.text != new.text,
    };
    Ok(captures.iter().rfind(is_old).cloned().map(|old| (old, new)))
}

/// Lines that begin with a space, `-`, `+`, or `~` for sentences with `[-words-]` and `{+words+}` changed in them.
fn tell(change: &Change, first: bool, last: bool, output: &Output) {
    let lines = |sign: &str, text: &str| {
        text.lines().filter(|line| !line.trim().is_empty()).for_each(|line| output.line(&format!("{sign} {line}")));
    };
    match change {
        Change::Same { text } => lines(" ", &around(text, first, last)),
        Change::Removed { text } => lines("-", text),
        Change::Added { text } => lines("+", text),
        Change::Replaced { words } => {
            let marked: String = words
                .iter()
                .map(|word| match word {
                    Change::Removed { text } => format!("[-{text}-]"),
                    Change::Added { text } => format!("{{+{text}+}}"),
                    Change::Same { text } => text.clone(),
                    Change::Replaced { .. } => String::new(),
                })
                .collect();
            lines("~", &marked);
        }
    }
}

/// The end and the beginning of what lies between two changes.
fn around(text: &str, first: bool, last: bool) -> String {
    let chars: Vec<char> = text.trim().chars().collect();
    if chars.len() <= 2 * CONTEXT_CHARS {
        return chars.into_iter().collect();
    }
    let head: String = if first { String::new() } else { chars[..CONTEXT_CHARS].iter().collect() };
    let tail: String = if last { String::new() } else { chars[chars.len() - CONTEXT_CHARS..].iter().collect() };
    format!("{head} … {tail}")
}

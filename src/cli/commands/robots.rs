//! `gleaner robots FILE --agent NAME`: verdicts over addresses from stdin.

use std::io::BufRead;

use anyhow::{Context, Result};
use serde_json::json;

use super::extract::read_file;
use crate::cli::args::Robots as Flags;
use crate::cli::exit::Exit;
use crate::cli::failure::Usage;
use crate::cli::output::Output;
use crate::fetch::robots::{Robots, path_of, report};

pub fn run(flags: &Flags, output: &Output) -> Result<Exit> {
    let agent = product_token(&flags.agent);
    if agent.is_empty() {
        let hint = "give the name alone, as `gleaner`: letters, `-` and `_` (RFC 9309, section 2.2.1)";
        return Err(Usage::new(format!("`--agent {}` begins with no product token", flags.agent), hint).into());
    }
    if agent != flags.agent {
        output.note(&format!("robots.txt knows programs by their product token: compared as `{agent}`"));
    }
    let robots = Robots::parse(&read_file(&flags.file)?);
    let (mut allowed, mut forbidden) = (0u64, 0u64);
    let mut lines = String::new();
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line.context("could not read addresses from stdin")?;
        let line = String::from_utf8_lossy(&line);
        let url = line.trim();
        let verdict = robots.verdict(agent, &path_of(url));
        *(if verdict.allowed { &mut allowed } else { &mut forbidden }) += 1;
        if output.json {
            let (allowed, line, rule) = (verdict.allowed, verdict.line, verdict.rule);
            output.record("verdict", &json!({ "url": url, "allowed": allowed, "line": line, "rule": rule }));
        } else {
            lines.push_str(&report(&robots, agent, url));
            lines.push('\n');
        }
        if lines.len() > LINES_BYTES {
            output.raw(std::mem::take(&mut lines).as_bytes());
        }
    }
    output.raw(lines.as_bytes());
    output.record("summary", &json!({ "allowed": allowed, "forbidden": forbidden }));
    Ok(Exit::Done)
}

/// The name at the head of a `User-Agent`, as the names in the file are read: digits and dots end it.
fn product_token(agent: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_');
    agent.split(|c: char| !is_name(c)).next().unwrap_or_default()
}

/// Verdicts are written in pieces of this size.
const LINES_BYTES: usize = 64 << 10;

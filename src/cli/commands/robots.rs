//! `gleaner robots FILE --agent NAME`: verdicts over addresses from stdin.

use std::io::BufRead;

use anyhow::{Context, Result};
use serde_json::json;

use crate::cli::args::Robots;
use crate::cli::exit::Exit;
use crate::cli::output::Output;

pub fn run(flags: &Robots, output: &Output) -> Result<Exit> {
    let file = flags.file.display();
    let bytes = std::fs::read(&flags.file).with_context(|| format!("could not read `{file}`"))?;
    let robots = crate::fetch::robots::Robots::parse(&bytes);
    let (mut allowed, mut forbidden) = (0u64, 0u64);
    for line in std::io::stdin().lock().lines() {
        let url = line.context("could not read addresses from stdin")?;
        let verdict = robots.verdict(&flags.agent, &url);
        *(if verdict.allowed { &mut allowed } else { &mut forbidden }) += 1;
        let number = verdict.line.map(|line| line.to_string()).unwrap_or_default();
        let rule = verdict.rule.clone().unwrap_or_default();
        if output.json {
            output.record(
                "verdict",
                &json!({ "url": url, "allowed": verdict.allowed, "line": verdict.line, "rule": rule }),
            );
        } else {
            output.raw(format!("{url}\t{}\t{number}\t{rule}\n", u8::from(verdict.allowed)).as_bytes());
        }
    }
    output.record("summary", &json!({ "allowed": allowed, "forbidden": forbidden }));
    Ok(Exit::Done)
}

//! Cli: words typed in, data on stdout, the rest on stderr, an exit code.
//!
//! In: the command line, the environment, `gleaner.toml`. Out: lines for people, or JSON lines with `--json`.
//! Always: stdout is data; titles and addresses from the web are sanitised before a terminal sees them;
//! a capture's line appears only once it is durable.
//! Not here: what the commands do to pages (the other rooms); this is the only room that prints.

mod args;
mod commands;
mod context;
pub mod demo;
mod exit;
mod failure;
mod output;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

pub use args::{Args, Command};
pub use exit::Exit;

/// Parses the command line, runs the command, and says how it went.
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let args = match Args::try_parse_from(&words) {
        Ok(args) => args,
        Err(error) => return failure::usage(&error, &words),
    };
    let output = output::Output::new(args.global.json, args.global.quiet);
    let exit = commands::run(args, &output).unwrap_or_else(|error| failure::report(&error, &output));
    output.finish(exit)
}

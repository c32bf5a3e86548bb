//! One file per command.

mod add;
mod batch;
mod beside;
mod care;
mod check;
mod config;
mod dedup;
mod demo;
mod diff;
mod diff_page;
mod explain;
mod export;
mod extract;
mod find;
mod health;
mod holders;
mod import;
mod init;
mod known;
mod list;
mod metrics;
mod re_extract;
mod revisit;
mod robots;
mod run;
mod schedule;
mod search;
mod shell;
mod show;
mod wacz_out;
mod warc_in;
mod warc_out;
mod wet;
mod whole;
mod whole_export;
mod why;

use anyhow::Result;

use super::args::{Args, Command};
use super::exit::Exit;
use super::output::Output;

/// Runs a command.
pub fn run(args: Args, output: &Output) -> Result<Exit> {
    let global = &args.global;
    match args.command {
        Command::Init(flags) => init::run(global, &flags, output),
        Command::Add(flags) => add::run(global, &flags, output),
        Command::Import(flags) => import::run(global, &flags, output),
        Command::Run(flags) => run::run(global, &flags, output),
        Command::Schedule(flags) => schedule::run(global, &flags, output),
        Command::Why(flags) => why::run(global, &flags, output),
        Command::List(flags) => list::run(global, &flags, output),
        Command::Show(flags) => show::run(global, &flags, output),
        Command::History(flags) => list::history(global, &flags, output),
        Command::Search(flags) => search::run(global, &flags, output),
        Command::Extract(flags) => extract::run(global, &flags, output),
        Command::Explain(flags) => explain::run(global, &flags, output),
        Command::ReExtract(flags) => re_extract::run(global, &flags, output),
        Command::Export(flags) => export::run(global, &flags, output),
        Command::Dedup(flags) => dedup::run(&flags, output),
        Command::Diff(flags) => diff::run(global, &flags, output),
        Command::Check(flags) => check::run(global, &flags, output),
        Command::Seal(flags) => care::seal(global, &flags, output),
        Command::Repair => care::repair(global, output),
        Command::Prune(flags) => care::prune(global, &flags, output),
        Command::Erase(flags) => care::erase(global, &flags, output),
        Command::Stats(flags) => check::stats(global, &flags, output),
        Command::Robots(flags) => robots::run(&flags, output),
        Command::Config(flags) => config::run(global, flags.what, output),
        Command::Demo(flags) => demo::run(&flags, output),
        Command::Completions(flags) => shell::completions(&flags, output),
        Command::Man(flags) => shell::man(&flags, output),
    }
}

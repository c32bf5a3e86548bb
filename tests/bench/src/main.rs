//! gleaner beside other extractors on a WCXB-shaped folder (`html/*.html`, `truth/*.json`): quality, speed, allocations,
//! as a Markdown table.
//!
//! `cargo run --release --manifest-path tests/bench/Cargo.toml -- DATA [--every N] [--rounds N] [--only NAME]`

mod data;
mod measure;
mod peers;
mod score;

use std::path::PathBuf;

use anyhow::{Context, Result};

use data::Page;
use measure::Cost;
use peers::{PEERS, Peer};
use score::Quality;

/// Stack of the thread that works: some peers walk the tree by recursion.
const STACK_BYTES: usize = 512 << 20;

#[global_allocator]
static ALLOCATOR: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// What was asked for.
#[derive(Clone, Debug)]
struct Asked {
    data: PathBuf,
    every: usize,
    rounds: usize,
    only: Option<String>,
}

/// One line of the table.
struct Row {
    peer: &'static Peer,
    quality: Option<Quality>,
    cost: Cost,
}

fn main() -> Result<()> {
    let asked = asked()?;
    let work = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || run(&asked))?;
    work.join().expect("peers that panic are caught")
}

fn asked() -> Result<Asked> {
    let mut words = std::env::args().skip(1);
    let data = words.next().context("usage: gleaner-bench DATA [--every N] [--rounds N] [--only NAME]")?.into();
    let mut asked = Asked { data, every: 1, rounds: 3, only: None };
    while let Some(flag) = words.next() {
        let value = words.next().with_context(|| format!("`{flag}` needs a value"))?;
        match flag.as_str() {
            "--every" => asked.every = value.parse().context("`--every` takes a number")?,
            "--rounds" => asked.rounds = value.parse().context("`--rounds` takes a number")?,
            "--only" => asked.only = Some(value),
            _ => anyhow::bail!("`{flag}` is not known"),
        }
    }
    Ok(asked)
}

fn run(asked: &Asked) -> Result<()> {
    // What a peer's panic says would stand between the lines; that it panicked is counted.
    std::panic::set_hook(Box::new(|_| {}));
    let pages = data::read(&asked.data, asked.every)?;
    let wanted = |peer: &&Peer| asked.only.as_deref().is_none_or(|only| peer.name == only || peer.is_parse);
    let rows: Vec<Row> = PEERS.iter().filter(wanted).map(|peer| row(peer, &pages, asked.rounds)).collect();
    let parse = rows.iter().find(|row| row.peer.is_parse).map_or(1.0, |row| row.cost.seconds);
    print(asked, &pages, &rows, parse);
    if let Some(gleaner) = PEERS.iter().find(|peer| peer.name == "gleaner") {
        let speed_up = measure::speed_up(gleaner, &pages, asked.rounds);
        println!("\ngleaner on two threads: {speed_up:.2} times one (wall clock, best of {}).", asked.rounds);
    }
    Ok(())
}

fn row(peer: &'static Peer, pages: &[Page], rounds: usize) -> Row {
    eprintln!("{} …", peer.name);
    let quality = (!peer.is_parse).then(|| score::quality(peer, pages));
    Row { peer, quality, cost: measure::cost(peer, pages, rounds) }
}

fn print(asked: &Asked, pages: &[Page], rows: &[Row], parse: f64) {
    let now = jiff::Timestamp::now().to_string();
    let today = now.split('T').next().unwrap_or_default();
    let megabytes = pages.iter().map(|page| page.html.len()).sum::<usize>() as f64 / 1e6;
    println!("{today}, {} pages, {megabytes:.0} MB, one thread's CPU time, best of {}\n", pages.len(), asked.rounds);
    println!("| extractor | F1 | P | R | with | without | empty | ms/page | × scraper's parse | allocations/page | kB/page |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for row in rows {
        let quality = row.quality.as_ref().map_or("|".repeat(6), Quality::cells);
        println!("| {} {} {quality}{} |", row.peer.name, version(row.peer.package), row.cost.cells(pages.len(), parse));
    }
    let flags: String = std::env::args().skip(2).map(|flag| format!(" {flag}")).collect();
    println!("\n`cargo run --release --manifest-path tests/bench/Cargo.toml -- DATA{flags}`");
}

/// The version that was built, from the lock file.
fn version(package: &str) -> String {
    let lock = include_str!("../Cargo.lock");
    let entry = format!("name = \"{package}\"\nversion = \"");
    let found = lock.split_once(&entry).and_then(|(_, rest)| rest.split('"').next());
    found.unwrap_or_default().to_owned()
}

//! `gleaner dedup`

use anyhow::Result;

use crate::cli::args::Dedup;
use crate::cli::exit::Exit;
use crate::cli::output::Output;

pub fn run(flags: &Dedup, output: &Output) -> Result<Exit> {
    let _ = (flags, output);
    Ok(Exit::Done)
}

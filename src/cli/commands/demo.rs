//! `gleaner demo`

use anyhow::Result;

use crate::cli::args::Demo;
use crate::cli::exit::Exit;
use crate::cli::output::Output;

pub fn run(flags: &Demo, output: &Output) -> Result<Exit> {
    let _ = (flags, output);
    Ok(Exit::Done)
}

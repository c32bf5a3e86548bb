//! Trains the block model: pages and their true text in, rows of features and scores out.
//!
//! In: a WCXB-shaped directory (`html/ID.html`, `truth/ID.json`). Out: rows for `train.py`, scores of its answers.
//! Always: deterministic; the features are those of the library, by the same code.
//! Not here: the boosting itself (`train.py`, LightGBM).

mod augment;
mod label;
mod pages;
mod rows;
mod score;

use std::path::Path;

const USAGE: &str = "usage: gleaner-train rows DATA WORK          features and labels of every page\n       \
                     gleaner-train show DATA WORK SCORES ID..      the blocks of pages, their scores and true labels\n       \
                     gleaner-train score DATA WORK PREDICTIONS [OPTION=VALUE..]   the table of a cross-validation";

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["rows", data, work, rest @ ..] => rows::write(Path::new(data), Path::new(work), rest),
        ["show", data, work, scores, ids @ ..] => score::show(Path::new(data), Path::new(work), Path::new(scores), ids),
        ["score", data, work, predictions, rest @ ..] => {
            score::print(Path::new(data), Path::new(work), Path::new(predictions), rest)
        }
        _ => anyhow::bail!(USAGE),
    }
}

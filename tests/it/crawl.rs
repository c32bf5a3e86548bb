//! Runs from outside: what is due, what is found, and what the servers saw of it.

mod erased;
mod kill;
mod kinds;
mod lists;
mod manners;
mod reports;
mod terms;
mod threads;

use crate::cli::Place;

/// A place that asks for no more than pages, and waits for nothing.
fn place(config: &str) -> Place {
    let place = Place::new();
    place.write("gleaner.toml", format!("[fetch]\nrights_files = false\n{config}"));
    place
}

fn outcomes(lines: &[serde_json::Value]) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let path = |url: String| url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default();
    let captures = lines.iter().filter(|line| line["type"] == "capture");
    let mut all: Vec<_> = captures.map(|line| (path(text(&line["url"])), text(&line["outcome"]))).collect();
    all.sort();
    all
}

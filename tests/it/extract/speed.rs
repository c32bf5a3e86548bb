//! Whole extraction beside what merely parsing costs others: `cargo test --release --test it speed_beside -- --ignored
//! --nocapture`.

use std::hint::black_box;
use std::time::Duration;

use gleaner::document::TextOptions;
use gleaner::extract::{Options, extract};

use crate::html::{busy_since, pages};

#[test]
#[ignore = "measures: run with --release and --nocapture"]
fn speed_beside_scraper_of_the_whole() {
    let Some(pages) = pages() else {
        return eprintln!(
            "SKIPPED: no development data; unpack it as `data` beside the repository or set GLEANER_DATA"
        );
    };
    let options = Options::default();
    let whole = |page: &String| {
        let document = extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &options);
        drop(black_box(document.text(TextOptions::default())));
    };
    let mut best = [Duration::MAX; 2];
    for _ in 0..3 {
        let ours = busy_since(|| pages.iter().for_each(whole));
        let theirs = busy_since(|| pages.iter().for_each(|page| drop(black_box(scraper::Html::parse_document(page)))));
        best = [best[0].min(ours), best[1].min(theirs)];
    }
    let [ours, theirs] = best.map(|time| time.as_secs_f64());
    let each = |seconds: f64| seconds * 1e3 / pages.len() as f64;
    println!("{} pages, one thread's CPU time, best of 3", pages.len());
    println!(
        "bytes to text {:.2} ms a page; scraper's parse {:.2} ms; ratio {:.3}",
        each(ours),
        each(theirs),
        ours / theirs
    );
}

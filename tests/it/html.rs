//! The HTML parser, from outside.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gleaner::extract::html::parse;

/// The development pages: unpacked as `data` beside this repository or above it.
fn pages() -> Option<Vec<String>> {
    let named = std::env::var_os("GLEANER_DATA").map(PathBuf::from);
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1).map(|folder| folder.join("data"));
    let folder = named.into_iter().chain(above).map(|data| data.join("wcxb-dev/html")).find(|data| data.is_dir())?;
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path| String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned();
    Some(paths.iter().map(read).collect())
}

/// Time this thread has had of a processor; of the clock where the system does not tell.
fn busy(start: Instant) -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|told| told.split(' ').next()).and_then(|nanos| nanos.parse().ok());
    nanos.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

fn timed(pages: &[String], work: impl FnMut(&String)) -> Duration {
    let start = Instant::now();
    let before = busy(start);
    pages.iter().for_each(work);
    busy(start) - before
}

#[test]
#[ignore = "measures: run with --release and --nocapture"]
fn speed_beside_scraper() {
    let Some(pages) = pages() else {
        eprintln!(
            "SKIPPED: no development data at `data/wcxb-dev`; unpack it beside the repository or set GLEANER_DATA"
        );
        return;
    };
    let megabytes = pages.iter().map(String::len).sum::<usize>() as f64 / 1e6;
    let mut best = [Duration::MAX; 2];
    for _ in 0..3 {
        let ours = timed(&pages, |page| drop(black_box(parse(page))));
        let theirs = timed(&pages, |page| drop(black_box(scraper::Html::parse_document(page))));
        best = [best[0].min(ours), best[1].min(theirs)];
    }
    let [ours, theirs] = best.map(|time| time.as_secs_f64());
    println!("{} pages, {megabytes:.0} MB, best of 3", pages.len());
    println!(
        "gleaner {ours:.3} s, {:.0} MB/s; scraper {theirs:.3} s, {:.0} MB/s",
        megabytes / ours,
        megabytes / theirs
    );
    println!("ratio {:.3}", ours / theirs);
}

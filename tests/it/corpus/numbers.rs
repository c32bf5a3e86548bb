//! Numbers of large corpora and of writing, printed for the reader; `tests/bench/README.md` has the commands.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use gleaner::corpus::{self, Format, Options, Repeats, Writing};
use serde_json::json;

use super::fake::{Fake, visit};
use super::generated::corpus as generated;
use crate::cli::Place;

/// What a run took.
struct Cost {
    wall: f64,
    /// Of all threads, in seconds.
    processor: f64,
    peak_bytes: u64,
}

/// Runs the program, looking at it twenty times a second (Linux).
fn cost(place: &Place, words: &[&str]) -> Cost {
    let started = Instant::now();
    let mut child = place.command(words).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap();
    let about = format!("/proc/{}", child.id());
    let (mut peak, mut ticks) = (0, 0);
    let status = loop {
        // What a program used is gone once it was waited for.
        let status = fs::read_to_string(format!("{about}/status")).unwrap_or_default();
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        peak = peak.max(high.trim_end_matches(" kB").trim().parse().unwrap_or(0));
        let stat = fs::read_to_string(format!("{about}/stat")).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        ticks = ticks.max(number(11) + number(12));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success(), "{words:?}");
    Cost { wall: started.elapsed().as_secs_f64(), processor: ticks as f64 / 100.0, peak_bytes: peak * 1024 }
}

/// So many documents, and a hundredth as many more of the same corpus: their near-duplicates are among all.
fn write(all: &Path, more: &Path, count: usize) {
    let mut files = [all, more].map(|path| BufWriter::new(File::create(path).unwrap()));
    // It makes a few less than are asked for.
    let documents = generated(7, count * 104 / 100);
    for (at, document) in documents.iter().take(count + count / 100).enumerate() {
        let line = json!({ "id": format!("7-{at}"), "text": document.text });
        writeln!(files[usize::from(at >= count)], "{line}").unwrap();
    }
    files.iter_mut().for_each(|file| file.flush().unwrap());
}

fn bytes(folder: &Path) -> u64 {
    fs::read_dir(folder).unwrap().flatten().map(|entry| entry.metadata().unwrap().len()).sum()
}

/// `GLEANER_BENCH_COUNT=1000000 cargo test --release --test it million_numbers -- --ignored --nocapture`; takes some
/// ten times the corpus (2.6 kB a document) of disk in `TMPDIR`.
#[test]
#[ignore = "prints time and memory of deduplicating a million documents"]
fn million_numbers() {
    let count = std::env::var("GLEANER_BENCH_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let only = std::env::var("GLEANER_BENCH_ONLY").unwrap_or_default();
    let place = Place::new();
    write(&place.path("all.jsonl"), &place.path("more.jsonl"), count);
    println!("{count} documents, {:.0} MB", bytes(place.folder.path()) as f64 / 1e6);
    println!("| | wall s | CPU s | of the cores | documents/s/core | peak MB | bytes/document |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let (mut first, mut grown) = (None, None);
    for (at, words) in [
        "all.jsonl --clusters-only --threads 1",
        "all.jsonl --clusters-only --threads 2",
        "all.jsonl --threads 1",
        "all.jsonl --threads 2",
        "all.jsonl --paragraphs keep --threads 2",
        "all.jsonl --clusters-only --memory 1G",
        "all.jsonl --clusters-only --state state",
        "all.jsonl more.jsonl --clusters-only",
        "all.jsonl more.jsonl --clusters-only --state state",
        "all.jsonl --clusters-only --memory 1G --state other",
    ]
    .iter()
    .enumerate()
    .filter(|(at, _)| only.is_empty() || only.contains(&at.to_string()))
    {
        let out = format!("out-{at}");
        let Cost { wall, processor, peak_bytes } =
            cost(&place, &["dedup"].into_iter().chain(words.split(' ')).chain(["-o", &out]).collect::<Vec<_>>());
        println!(
            "| {words} | {wall:.1} | {processor:.1} | {:.2} | {:.0} | {:.0} | {:.0} |",
            processor / wall,
            count as f64 / processor,
            peak_bytes as f64 / 1e6,
            peak_bytes as f64 / count as f64
        );
        let clusters = fs::read(place.path(&out).join("clusters.jsonl")).unwrap();
        let expected = if words.contains("more") { &mut grown } else { &mut first };
        assert!(*expected.get_or_insert_with(|| clusters.clone()) == clusters, "{words}");
        fs::remove_dir_all(place.path(&out)).unwrap();
    }
    for state in ["state", "other"].map(|name| place.path(name)).iter().filter(|path| path.exists()) {
        println!("state: {:.0} bytes a document", bytes(state) as f64 / count as f64);
    }
}

/// Seconds of processor time this process has used, threads that have ended among them (Linux): others share the machine.
fn processor_seconds() -> f64 {
    let told = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = told.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    fields.iter().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The texts of a folder, or generated ones.
fn texts() -> Vec<String> {
    let Ok(folder) = std::env::var("GLEANER_BENCH_TEXTS") else {
        return generated(7, 20_000).into_iter().map(|document| document.text).collect();
    };
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter_map(|path| fs::read_to_string(path).ok()).collect()
}

/// `cargo test --release --test it writing_numbers -- --ignored --nocapture`; `GLEANER_BENCH_TEXTS` names a folder with a text
/// a file.
#[test]
#[ignore = "prints how fast exports are written"]
fn writing_numbers() {
    let mut fake = Fake::default();
    let mut text_bytes = 0;
    let texts = texts();
    for (at, text) in texts.iter().enumerate() {
        text_bytes += text.len();
        fake.add(visit(&format!("https://{}.example/{at}", at % 100), "2024-06-01T00:00:00Z"), text);
    }
    println!("{} documents, {:.0} MB of text, CPU time, best of 3", texts.len(), text_bytes as f64 / 1e6);
    for (format, paragraphs) in [
        (Format::Jsonl, Repeats::Keep),
        (Format::Jsonl, Repeats::Mark),
        (Format::Parquet, Repeats::Keep),
        (Format::Parquet, Repeats::Mark),
        (Format::Wet, Repeats::Keep),
    ] {
        let options = Options { format, paragraphs, near_duplicates: false, ..Options::default() };
        let once = |_| {
            let plan = corpus::plan(&fake, &options).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let writing = Writing { threads: 1, ..Writing::default() };
            let started = processor_seconds();
            let manifest = corpus::export_with(&fake, plan, folder.path(), writing).unwrap();
            manifest.text_bytes as f64 / (processor_seconds() - started) / 1e6
        };
        let best = (0..3).map(once).fold(0.0, f64::max);
        println!("{format:?}, paragraphs {paragraphs:?}: {best:.0} MB/s of text");
    }
}

//! Sizes and speeds on texts of your own: see `tests/bench/README.md`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gleaner::archive::{Archive, Entry, Options};
use gleaner::capture::Id;

use super::speed::{cpu, timed};
use super::{all, capture, delete_index, open};

const TEXTS: &str = "GLEANER_BENCH_TEXTS";
const BATCH: usize = 128;

/// The texts of a folder, one a file, in the order of their hashes: no two runs differ.
fn texts() -> Option<Vec<String>> {
    let folder = std::env::var_os(TEXTS).map(PathBuf::from)?;
    let mut texts: Vec<String> =
        std::fs::read_dir(folder).ok()?.filter_map(|file| std::fs::read_to_string(file.ok()?.path()).ok()).collect();
    texts.sort_by_key(|text| Id::of(text.as_bytes()));
    texts.dedup();
    Some(texts)
}

pub fn bare(url: &str, second: i64, text: String) -> Entry {
    let mut capture = capture(url, second);
    capture.metadata.title = text.lines().next().map(|line| gleaner::document::Sourced {
        value: line.chars().take(80).collect(),
        source: "og:title".to_owned(),
    });
    Entry { capture, text: Some(text), records: None, raw: None }
}

pub fn bytes_in(folder: &Path) -> u64 {
    std::fs::read_dir(folder).map_or(0, |files| files.flatten().map(|f| f.metadata().map_or(0, |f| f.len())).sum())
}

/// What the same takes as WARC: a gzip member for the text, and with `metadata` one for the capture's JSON.
pub fn warc_bytes(entries: &[Entry], metadata: bool) -> u64 {
    let mut writer = gleaner::warc::Writer::new(std::io::sink());
    for entry in entries {
        let (url, at) = (entry.capture.url.to_string(), entry.capture.fetched_at.to_string());
        let text = entry.text.as_ref().unwrap();
        let id = format!("<urn:uuid:{}>", Id::of(text.as_bytes()).short());
        let headers = [("WARC-Type", "conversion"), ("WARC-Target-URI", &*url), ("WARC-Date", &*at)];
        let headers = [&headers[..], &[("WARC-Record-ID", &*id), ("Content-Type", "text/plain")]].concat();
        writer.record(&headers, text.as_bytes()).unwrap();
        if metadata {
            writer.record(&headers, &serde_json::to_vec(&entry.capture).unwrap()).unwrap();
        }
    }
    writer.bytes
}

/// Where the archive is made; it stays where `GLEANER_BENCH_KEEP` names a folder.
fn place(what: &str) -> tempfile::TempDir {
    let mut place = tempfile::Builder::new();
    match std::env::var_os("GLEANER_BENCH_KEEP") {
        Some(folder) => place.prefix(what).disable_cleanup(true).tempdir_in(folder).unwrap(),
        None => place.tempdir().unwrap(),
    }
}

/// What the records of a folder of segments take, by kind and codec (`archive/FORMAT.md`, "Record").
fn by_kind(what: &str, segments: &Path) {
    let kinds =
        ["", "segment", "commit", "dict", "text", "", "records", "raw", "capture", "unchanged", "dropped", "sealed"];
    let mut sums = std::collections::BTreeMap::<(u8, u8), (u64, u64)>::new();
    for file in std::fs::read_dir(segments).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap();
        let mut at = 0;
        while at < bytes.len() {
            let stored = u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize;
            let sum = sums.entry((bytes[at + 5], bytes[at + 6])).or_default();
            *sum = (sum.0 + 1, sum.1 + stored as u64 + 56);
            at += stored + 56;
        }
    }
    for ((kind, codec), (count, bytes)) in sums {
        let each = bytes as f64 / count as f64;
        eprintln!("{what}: {count} records {} codec {codec}: {bytes} bytes, {each:.0} each", kinds[usize::from(kind)]);
    }
}

fn fill(folder: &Path, entries: &[Entry]) -> Archive {
    let archive = Archive::init(folder, Options::default()).unwrap();
    let begun = Instant::now();
    entries.chunks(BATCH).for_each(|batch| assert!(archive.append(batch.to_vec()).is_ok()));
    let rate = entries.len() as f64 / begun.elapsed().as_secs_f64();
    eprintln!("append: {rate:.0} documents/s at {BATCH} a batch");
    archive
}

fn sizes(what: &str, entries: Vec<Entry>) {
    let place = place(what);
    let raw: usize = entries.iter().map(|entry| entry.text.as_ref().unwrap().len()).sum();
    let (texts_alone, with_metadata) = (warc_bytes(&entries, false), warc_bytes(&entries, true));
    let archive = fill(place.path(), &entries);
    let n = entries.len() as f64;
    let ingest = bytes_in(&place.path().join("segments"));
    let before = cpu();
    timed(&format!("{what}: seal"), entries.len(), || archive.seal(false).unwrap());
    eprintln!("{what}: seal {:.1} MB/s of text a core", raw as f64 / 1e6 / (cpu() - before).as_secs_f64());
    let sealed = bytes_in(&place.path().join("segments"));
    let index = bytes_in(place.path());
    by_kind(what, &place.path().join("segments"));
    eprintln!("{what}: {n} documents of {:.0} bytes; bytes a document:", raw as f64 / n);
    for (name, bytes) in [
        ("WARC.gz, texts alone", texts_alone),
        ("WARC.gz, texts and metadata", with_metadata),
        ("at ingest, everything in it", ingest),
        ("sealed, everything in it", sealed),
        ("index", index),
    ] {
        let (each, ratio) = (bytes as f64 / n, bytes as f64 / with_metadata as f64);
        eprintln!("  {each:8.0}  {ratio:.3} of WARC.gz with metadata, {:.2}x  {name}", raw as f64 / bytes as f64);
    }
    drop(archive);
    speeds(what, place.path());
}

fn speeds(what: &str, folder: &Path) {
    let archive = open(folder);
    let captures = all(&archive);
    let ids: Vec<Id> = captures.iter().map(|capture| capture.text.unwrap()).collect();
    let took = super::speed::read_times(&archive, &ids);
    eprintln!("{what}: text by id p50 {:?}, p99 {:?}", took[took.len() / 2], took[took.len() * 99 / 100]);
    let (begun, before) = (Instant::now(), cpu());
    let report = archive.check().unwrap();
    assert_eq!(report.problems, [""; 0]);
    let (wall, core) = (begun.elapsed(), cpu() - before);
    let rate = |time: Duration| report.text_bytes as f64 / 1e6 / time.as_secs_f64();
    eprintln!("{what}: check {:.0} MB/s of text, {:.0} a core", rate(wall), rate(core));
    drop(archive);
    delete_index(folder);
    timed(&format!("{what}: index made anew"), captures.len(), || drop(open(folder)));
}

#[test]
#[ignore = "prints figures"]
fn articles() {
    let Some(texts) = texts() else { return eprintln!("name a folder of texts in {TEXTS}") };
    let url = |n: usize| format!("https://h{}.example/articles/{n}-{}", n % 997, Id::of(&n.to_le_bytes()).short());
    sizes("articles", texts.into_iter().enumerate().map(|(n, text)| bare(&url(n), n as i64, text)).collect());
}

#[test]
#[ignore = "prints figures"]
fn versions() {
    let Some(texts) = texts() else { return eprintln!("name a folder of texts in {TEXTS}") };
    let mut threads = Vec::new();
    for share in 0..6 {
        for (n, text) in texts.iter().filter(|text| text.len() > 2000).step_by(12).enumerate() {
            let end = text.floor_char_boundary(text.len() * (5 + share) / 10);
            threads.push(bare(&format!("https://f.example/t/{n}"), share as i64 * 86_400, text[..end].to_owned()));
        }
    }
    sizes("growing threads", threads);
    let mut edits = Vec::new();
    for version in 0..5 {
        for (n, text) in texts.iter().step_by(5).enumerate() {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            for edit in 0..version {
                let at = (edit * 7919 + n) % lines.len().max(1);
                if let Some(line) = lines.get_mut(at) {
                    *line = format!("{line} Corrected, {edit}.");
                }
            }
            edits.push(bare(&format!("https://e.example/{n}"), version as i64 * 86_400, lines.join("\n")));
        }
    }
    sizes("edited articles", edits);
}

/// Checks the archive that `GLEANER_BENCH_ARCHIVE` names again and again; without it, one of the texts, each some times with
/// its lines in another order.
#[test]
#[ignore = "prints figures"]
fn check() {
    const TIMES: u32 = 10;
    const ORDERS: usize = 6;
    let made = place("check");
    let folder = std::env::var_os("GLEANER_BENCH_ARCHIVE").map_or(made.path().to_owned(), PathBuf::from);
    if folder == made.path() {
        let Some(texts) = texts() else { return eprintln!("name a folder of texts in {TEXTS}") };
        let turned = |n: usize| {
            let mut lines: Vec<&str> = texts[n / ORDERS].lines().collect();
            let by = n % ORDERS * lines.len() / ORDERS;
            lines.rotate_left(by);
            bare(&format!("https://h{}.example/articles/{n}", n % 997), n as i64, lines.join("\n"))
        };
        let entries: Vec<Entry> = (0..texts.len() * ORDERS).map(turned).collect();
        fill(&folder, &entries).seal(false).unwrap();
    }
    let archive = open(&folder);
    let (begun, before, mut bytes) = (Instant::now(), cpu(), 0);
    for _ in 0..TIMES {
        let report = archive.check().unwrap();
        assert_eq!(report.problems, [""; 0]);
        bytes += report.text_bytes;
    }
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    let (mb, wall, core) = (bytes as f64 / 1e6 / f64::from(TIMES), rate(begun.elapsed()), rate(cpu() - before));
    eprintln!("check of {mb:.0} MB of text, {TIMES} times: {wall:.0} MB/s, {core:.0} a core");
}

/// What a visit takes that brought nothing new, the share of its commit included.
#[test]
#[ignore = "prints figures"]
fn unchanged() {
    let place = tempfile::tempdir().unwrap();
    let entry = |n: i64, second: i64, etag: i64| {
        let mut entry = bare(&format!("https://h{}.example/{n}", n % 97), second, format!("Text {n}."));
        entry.capture.etag = Some(format!("\"{etag}\""));
        entry
    };
    let batch = |second: i64, etag: i64| (0..1000).map(move |n| entry(n, second + n, etag)).collect::<Vec<_>>();
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    archive.append(batch(0, 1)).unwrap();
    let visits = [("nothing but the time is new", 1), ("a new ETag", 2)];
    for (day, (what, etag)) in (1..).zip(visits) {
        for (batch_size, name) in [(1000, "1,000 a batch"), (1, "each by itself")] {
            let before = bytes_in(&place.path().join("segments"));
            let visits = batch(day * 172_800 + if batch_size == 1 { 86_400 } else { 0 }, etag);
            visits.chunks(batch_size).for_each(|batch| assert!(archive.append(batch.to_vec()).is_ok()));
            let bytes = bytes_in(&place.path().join("segments")) - before;
            eprintln!("unchanged visit, {what}, {name}: {:.0} bytes", bytes as f64 / 1000.0);
        }
    }
}

/// Many documents, one after the other: memory is told by the system (`/usr/bin/time -v`).
#[test]
#[ignore = "prints figures"]
fn many() {
    let count: usize = std::env::var("GLEANER_BENCH_COUNT").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let place = place("many");
    let archive = Archive::init(place.path(), Options::default()).unwrap();
    for n in (0..count).step_by(1000) {
        let batch =
            (n..n + 1000).map(|n| bare(&format!("https://h{}.example/{n}", n % 997), n as i64, format!("Text {n}.")));
        archive.append(batch.collect()).unwrap();
    }
    drop(archive);
    delete_index(place.path());
    timed("index made anew", count, || drop(open(place.path())));
    std::io::stderr().flush().unwrap();
}

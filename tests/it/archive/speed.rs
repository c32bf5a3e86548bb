//! Figures, not judgements: `cargo test --release --test it archive::speed -- --ignored --nocapture`.

use std::io::Write;
use std::time::{Duration, Instant};

use gleaner::archive::{Archive, Entry, Options};
use gleaner::capture::Id;

use super::{all, capture, delete_index, open};

const BATCH: usize = 128;
const BATCHES: usize = 60;
/// The mean length of a page's clean text.
const TEXT_BYTES: usize = 9_600;

/// Text-like words from a small generator: some words often, most seldom.
fn text(seed: usize) -> String {
    let mut state = seed as u64 * 0x9E37_79B9_7F4A_7C15 + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut text = String::with_capacity(TEXT_BYTES + 20);
    while text.len() < TEXT_BYTES {
        let rank = (next() % 5000) * (next() % 5000) / 5000;
        let word = Id::of(&rank.to_le_bytes());
        text.extend(word.0[..3 + rank % 7].iter().map(|byte| char::from(b'a' + byte % 26)));
        text.push(' ');
    }
    text
}

fn batch(n: usize) -> Vec<Entry> {
    let entry = |n: usize| Entry {
        capture: capture(&format!("https://h{}.example/articles/{n}", n % 97), n as i64),
        text: Some(text(n)),
        records: None,
        raw: None,
    };
    (n * BATCH..(n + 1) * BATCH).map(entry).collect()
}

/// Batches a second that the disk takes when nothing else is done.
fn raw_rate() -> f64 {
    let mut file = tempfile::tempfile().unwrap();
    let block = vec![7; BATCH * 3_100];
    let begun = Instant::now();
    for _ in 0..BATCHES {
        file.write_all(&block).unwrap();
        file.sync_data().unwrap();
    }
    BATCHES as f64 / begun.elapsed().as_secs_f64()
}

/// Time that this process has had of the cores, which tells more than the clock on a busy machine (Linux alone).
pub(super) fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    Duration::from_millis(ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10)
}

/// Does something and says how long each of so many took.
pub(super) fn timed<T>(what: &str, count: usize, work: impl FnOnce() -> T) -> T {
    let (begun, before) = (Instant::now(), cpu());
    let done = work();
    let each = |time: Duration| time.as_secs_f64() * 1e6 / count as f64;
    eprintln!("{what}: {:.1} µs each, {:.1} of them on a core", each(begun.elapsed()), each(cpu() - before));
    done
}

#[test]
#[ignore = "prints figures"]
fn speed() {
    let place = tempfile::tempdir().unwrap();
    for level in [9, 1] {
        let folder = place.path().join(level.to_string());
        let archive = Archive::init(&folder, Options { compression_level: level, ..Options::default() }).unwrap();
        let batches: Vec<_> = (0..BATCHES).map(batch).collect();
        let before = raw_rate();
        let begun = Instant::now();
        timed(&format!("append, level {level}"), BATCH * BATCHES, || {
            batches.into_iter().for_each(|batch| assert!(archive.append(batch).is_ok()));
        });
        let rate = BATCHES as f64 / begun.elapsed().as_secs_f64();
        let raw = f64::midpoint(before, raw_rate());
        eprintln!(
            "level {level}: {:.0} documents/s at {BATCH} a batch; {rate:.0} batches/s where the disk syncs {raw:.0} ({:.2})",
            rate * BATCH as f64,
            rate / raw
        );
    }
    let unchanged = Archive::open(&place.path().join("1"), Options::default()).unwrap();
    let again = |n| {
        let later = |mut entry: Entry| {
            entry.capture.fetched_at += Duration::from_secs(90_000);
            entry
        };
        batch(n).into_iter().map(later).collect::<Vec<_>>()
    };
    let again: Vec<_> = (0..BATCHES).map(again).collect();
    timed("append, unchanged", BATCH * BATCHES, || {
        again.into_iter().for_each(|batch| assert!(unchanged.append(batch).is_ok()))
    });
    reads(&place.path().join("9"));
}

/// How long each of many reads of a text takes, in some order that is no order of the archive; sorted.
pub fn read_times(archive: &Archive, ids: &[Id]) -> Vec<Duration> {
    let mut took: Vec<Duration> = (0..20_000)
        .map(|n| {
            let begun = Instant::now();
            assert!(archive.text(ids[n * 7919 % ids.len()]).is_ok());
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    took
}

fn reads(folder: &std::path::Path) {
    let archive = open(folder);
    let ids: Vec<Id> = all(&archive).iter().map(|capture| capture.text.unwrap()).collect();
    let took = read_times(&archive, &ids);
    eprintln!("text by id: p50 {:?}, p99 {:?}", took[took.len() / 2], took[took.len() * 99 / 100]);
    let count = ids.len();
    timed("captures", count, || all(&archive));
    let before = cpu();
    let report = timed("check", count, || archive.check().unwrap());
    assert_eq!(report.problems, [""; 0]);
    eprintln!("check: {:.0} MB/s of text a core", report.text_bytes as f64 / 1e6 / (cpu() - before).as_secs_f64());
    let stats = archive.stats().unwrap();
    drop(archive);
    let index = std::fs::metadata(folder.join("index.sqlite")).unwrap().len();
    let per = |bytes: u64| bytes / stats.captures;
    eprintln!(
        "a document: {} bytes of text, {} stored, {} of them index",
        per(stats.text_bytes),
        per(stats.stored_bytes),
        per(index)
    );
    delete_index(folder);
    timed("index rebuilt", count, || drop(open(folder)));
}

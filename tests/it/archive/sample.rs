//! The sample archives: each version's is read for ever, by gleaner and by a reader written from FORMAT.md alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use gleaner::archive::{Archive, Entry, Options};
use gleaner::capture::{Capture, Outcome};
use serde_json::{Value, json};

use super::{all, capture, entry, failure, folder, open, problems};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("archive/sample")
}

/// What every reader must find: each capture with its id, text and length of raw bytes.
fn expected(version: &str) -> Vec<Value> {
    let lines = std::fs::read_to_string(sample().join(version).with_extension("jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn lines(archive: &Archive) -> Vec<Value> {
    let line = |capture: &Capture| {
        // By way of text: a number has one shape there.
        let said: Value = serde_json::from_str(&serde_json::to_string(capture).unwrap()).unwrap();
        let text = capture.text.map(|id| archive.text(id).unwrap());
        let raw_bytes = capture.raw.map(|id| archive.raw(id).unwrap().len());
        json!({"id": capture.id, "capture": said, "text": text, "raw_bytes": raw_bytes})
    };
    all(archive).iter().map(line).collect()
}

/// Whether all that is expected is there; a later version may say more.
fn includes(read: &Value, expected: &Value) -> bool {
    match (read, expected) {
        (Value::Object(read), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| includes(read.get(name).unwrap_or(&Value::Null), value))
        }
        _ => read == expected,
    }
}

pub(super) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(file.file_name());
        if file.path().is_dir() {
            copy(&file.path(), &target)
        } else {
            assert!(std::fs::copy(file.path(), target).is_ok())
        }
    }
}

/// Every version of the format that was ever released.
const VERSIONS: [&str; 4] = ["v1", "v2", "v3", "v4"];

#[test]
fn the_sample_of_each_version_is_read_and_goes_on() {
    for version in VERSIONS {
        let place = folder();
        copy(&sample().join(version), place.path());
        let archive = open(place.path());
        let read = lines(&archive);
        assert_eq!(read.len(), expected(version).len());
        for (read, expected) in read.iter().zip(expected(version)) {
            assert!(includes(read, &expected), "read {read}, expected {expected}");
        }
        assert_eq!(problems(&archive), [""; 0]);
        let more = vec![entry("https://forum.example/t/1", 9_000_000, "Written by a later version.")];
        let more = archive.append(more).unwrap();
        assert_eq!(all(&archive).len(), expected(version).len() + more.len());
        assert_eq!(problems(&archive), [""; 0]);
        let before = lines(&archive);
        archive.seal(false).unwrap();
        assert_eq!(lines(&archive), before, "{version}, sealed");
        assert_eq!(problems(&archive), [""; 0]);
        let format = std::fs::read_to_string(place.path().join("FORMAT")).unwrap();
        assert!(format.contains(&format!("\nversion: {}\n", gleaner::archive::VERSION)), "{format}");
    }
}

#[test]
fn a_reader_written_from_the_format_page_reads_the_sample() {
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/archive/reader.py");
    for version in VERSIONS {
        let output = match Command::new("python3").arg(&reader).arg(sample().join(version)).output() {
            Ok(output) if output.status.code() != Some(77) => output,
            _ => return super::skipped("the Python reader needs python3 with zstandard, or the zstd program"),
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let read: Vec<Value> =
            String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, expected(version), "{version}");
    }
}

/// Made the sample of version 4, and would make it again: `cargo test --test it make_sample -- --ignored`.
/// The sample of a version that was released is never made again.
#[test]
#[ignore = "writes into the repository"]
fn make_sample() {
    let place = folder();
    let options = Options { segment_bytes_max: 3000, ..Options::default() };
    let archive = Archive::init(place.path(), options).unwrap();
    drop(archive);
    let format =
        "gleaner archive\nversion: 4\nhash: sha256\ncreated: 2026-01-01T00:00:00Z\narchive: 5a3b1e0f00c0ffee\n";
    let crc = crc32c::crc32c(format.as_bytes());
    std::fs::write(place.path().join("FORMAT"), format!("{format}crc32c: {crc:08x}\n")).unwrap();
    let archive = Archive::open(place.path(), Options { segment_bytes_max: 3000, ..Options::default() }).unwrap();
    let mut batches = batches();
    let last = batches.pop().unwrap();
    for batch in batches.into_iter().chain([notices(), changes()]) {
        archive.append(batch).unwrap();
    }
    archive.seal(false).unwrap();
    // Raw bytes of the first days are let go, and more comes in after the sealing.
    let before = Some(jiff::Timestamp::new(1_767_225_600 + 1000, 0).unwrap());
    let policy = gleaner::archive::PruneOptions { raw_before: before, ..Default::default() };
    archive.prune(&archive.plan_prune(&policy).unwrap()).unwrap();
    archive.append(last).unwrap();
    // And raw bytes as WARC, of which some go again.
    archive.set_own(gleaner::archive::Own { raw: gleaner::archive::Raw::Warc, raw_for: None }).unwrap();
    let archive = Archive::open(place.path(), Options { segment_bytes_max: 3000, ..Options::default() }).unwrap();
    let warc = |n: i64| entry(&format!("https://news.example/w/{n}"), 300_000 + n, &format!("Kept as WARC, {n}."));
    archive.append((0..4).map(warc).collect()).unwrap();
    let erased = gleaner::archive::Target::Url(gleaner::page::Url::parse("https://news.example/w/1").unwrap());
    let plan = archive.plan_erase(&[erased], false).unwrap();
    archive.erase(&plan, jiff::Timestamp::UNIX_EPOCH).unwrap();
    archive.append(vec![entry("https://news.example/notice/30", 400_000, &notice(30))]).unwrap();
    assert_eq!(problems(&archive), [""; 0]);
    let expected: String = lines(&archive).iter().map(|line| format!("{line}\n")).collect();
    drop(archive);
    let target = sample().join("v4");
    let _ = std::fs::remove_dir_all(&target);
    for part in ["segments", "raw", "dicts"] {
        copy(&place.path().join(part), &target.join(part));
    }
    assert!(std::fs::copy(place.path().join("FORMAT"), target.join("FORMAT")).is_ok());
    std::fs::write(target.with_extension("jsonl"), expected).unwrap();
}

/// Enough that is alike for a dictionary.
fn notices() -> Vec<Entry> {
    (0..44)
        .map(|n| Entry { raw: None, ..entry(&format!("https://news.example/notice/{n}"), 200_000 + n, &notice(n)) })
        .collect()
}

/// A page with four versions, which came in at once and so lie in one segment.
fn changes() -> Vec<Entry> {
    let version = |n: i64| (0..=n).map(|n| notice(n * 3)).collect::<Vec<_>>().join("\n\n");
    // Says more of itself than a dictionary learns.
    let word = |n: u64| gleaner::capture::Id::of(&n.to_le_bytes()).to_string()[..7].to_owned();
    let detail: String = (0..150).map(word).collect::<Vec<_>>().join(" ");
    let named = |mut entry: Entry| {
        entry.capture.detail = Some(detail.clone());
        entry
    };
    (0..4).map(|n| named(entry("https://news.example/changes", 210_000 + n * 60, &version(n)))).collect()
}

/// How many records of a kind are packed so, in the segments of a folder.
fn count(folder: &Path, kind: u8, codec: u8) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let of = |bytes: Vec<u8>| {
        let (mut at, mut count) = (0, 0);
        while at < bytes.len() {
            count += usize::from(bytes[at + 5..at + 7] == [kind, codec]);
            at += u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize + 56;
        }
        count
    };
    files.map(of).sum()
}

#[test]
fn the_newest_sample_has_what_its_version_brought() {
    let segments = sample().join("v4/segments");
    // Texts and captures with a dictionary; texts, records and captures against others of their segment.
    for (kind, codec) in [(4, 5), (8, 5), (4, 6), (6, 6), (8, 6)] {
        assert!(count(&segments, kind, codec) > 0, "kind {kind} in codec {codec}");
    }
    assert!(count(&sample().join("v4/raw"), 7, 6) > 0);
}

fn notice(n: i64) -> String {
    let part = |k: i64| {
        let ships = ["Amalia", "Borealis", "Cormoran", "Dione", "Elsewhere"];
        format!(
            "At {}:{:02} the pilot boat left the outer mole and met the freighter {} off the lighthouse; the tide tables \
             were corrected by {} minutes.",
            (n + k) % 24,
            (n * 13 + k * 7) % 60,
            ships[((n + k) % 5) as usize],
            n * k % 17
        )
    };
    let parts: Vec<String> = (0..14).map(part).collect();
    format!("Notice {n} of the harbour office\n\n{}", parts.join("\n\n"))
}

/// A thread that grows, an article that stays, a host that is gone, and texts that are not English.
fn batches() -> Vec<Vec<Entry>> {
    const THREAD: &str = "https://forum.example/t/1-which-kettle";
    const NEWS: &str = "https://news.example/2026/01/bridge";
    const HAIKU: &str = "https://haiku.example/%E8%9B%99";
    let question = "Which kettle is quiet enough for a night shift? Ours wakes the whole corridor, and the whistle is \
                    only half of it: the lid rattles long before the water boils.";
    let answer = "One with a glass body and no whistle. Fill it to a third, and put a cloth under its foot; the \
                  rattling is the table, not the lid.";
    let grown = format!("{question}\n\n{answer}");
    let bridge = "The old bridge opens again on Monday. For eleven months the ferry carried whoever had to cross, and \
                  the mayor has promised that its crew will keep their posts until the end of the year.";
    let not_modified = |url: &str, second| {
        let bare = failure(url, second, Outcome::Unchanged);
        Entry { capture: Capture { status: Some(304), ..bare.capture }, ..bare }
    };
    let with_nonce = |second| {
        let mut visit = entry(NEWS, second, bridge);
        visit.raw = Some(format!("<html><!-- nonce {second} --><p>{bridge}</p></html>").into_bytes());
        visit.capture.words_removed.insert("related".to_owned(), 12);
        visit
    };
    let bare = |url: &str, second, text: &str| Entry {
        capture: Capture { etag: None, ..capture(url, second) },
        text: Some(text.to_owned()),
        records: None,
        raw: None,
    };
    vec![
        vec![entry(THREAD, 0, question), entry(NEWS, 60, bridge)],
        vec![not_modified(NEWS, 86_400), failure("https://gone.example/", 86_460, Outcome::Dns)],
        vec![
            entry(THREAD, 172_800, &grown),
            with_nonce(172_860),
            failure("https://gone.example/", 172_920, Outcome::Dns),
        ],
        vec![bare(HAIKU, 172_980, "古池や\n蛙飛びこむ\n水の音"), bare(HAIKU, 173_040, "古池や\n蛙飛びこむ\n水の音")],
        vec![entry(THREAD, 259_200, &grown), bare("https://empty.example/", 259_260, "")],
    ]
}

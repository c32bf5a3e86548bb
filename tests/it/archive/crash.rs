//! A writer killed at any moment: what it acknowledged is there, and the next writer goes on at once.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gleaner::archive::{Archive, Options};
use gleaner::capture::Id;

use super::{all, delete_index, dump_index, entry, open, problems};

/// Says to `child` where the archive lies.
const FOLDER: &str = "GLEANER_TEST_ARCHIVE";
/// How often a writer is killed.
const KILLS: u64 = 20;

fn text(n: i64) -> String {
    format!("Text number {n}. {}", "It has some length. ".repeat((n % 97) as usize))
}

/// No test of its own: the writer that `killed_writers` starts and kills. Prints an id once it is acknowledged.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let archive = Archive::open(&folder, Options { segment_bytes_max: 200_000, ..Options::default() }).unwrap();
    let first = archive.stats().unwrap().captures as i64;
    for n in (first..).step_by(8) {
        let batch = (n..n + 1 + n % 8).map(|n| entry(&format!("https://a.example/{n}"), n, &text(n))).collect();
        let kept = archive.append(batch).unwrap();
        // One write of whole lines: a kill between them must not look like an acknowledgement cut short.
        let lines: String =
            kept.iter().map(|c| format!("kept {} {} {}\n", c.id.unwrap(), c.text.unwrap(), c.url.path())).collect();
        std::io::stdout().write_all(lines.as_bytes()).unwrap();
        std::io::stdout().flush().unwrap();
    }
}

pub(super) fn start_child(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["archive::crash::child", "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The acknowledgements that a killed writer had time to print: id of the capture, id of the text, number.
fn acknowledged(child: &mut Child) -> Vec<(Id, Id, i64)> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let read = |line: String| {
        let mut words = line.strip_prefix("kept ")?.split(' ').map(str::to_owned);
        let (id, text) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some((id, text, words.next()?.strip_prefix('/')?.parse().ok()?))
    };
    lines.filter_map(read).collect()
}

#[test]
fn killed_writers_lose_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    drop(Archive::init(folder.path(), Options::default()).unwrap());
    let mut count = 0;
    for round in 0..KILLS {
        let mut child = start_child(folder.path());
        // Spread over starting, opening and many batches.
        std::thread::sleep(Duration::from_millis(10 + round * round * 37 % 350));
        child.kill().unwrap();
        let kept = acknowledged(&mut child);
        child.wait().unwrap();
        if round % 7 == 6 {
            delete_index(folder.path());
            let _ = std::fs::remove_dir_all(folder.path().join("quarantine"));
        }
        let archive = open(folder.path());
        let held: std::collections::HashSet<_> = all(&archive).iter().map(|capture| capture.id.unwrap()).collect();
        for (capture, id, n) in &kept {
            assert!(held.contains(capture), "round {round}: {capture} was acknowledged");
            assert_eq!(archive.text(*id).unwrap(), text(*n));
        }
        count += kept.len();
    }
    let archive = open(folder.path());
    let held = all(&archive);
    archive.append(vec![entry("https://b.example/", 1, "After it all.")]).unwrap();
    let _ = std::fs::remove_dir_all(folder.path().join("quarantine"));
    assert_eq!(problems(&archive), [""; 0]);
    drop(archive);
    let before = dump_index(folder.path());
    delete_index(folder.path());
    assert_eq!(all(&open(folder.path()))[..held.len()], held);
    assert_eq!(dump_index(folder.path()), before);
    eprintln!("{KILLS} writers killed, {count} captures acknowledged, 0 lost");
    assert!(count > 0, "no writer came so far as to acknowledge anything");
}

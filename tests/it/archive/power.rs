//! Power cuts: an ext4 of its own on a loop device is shut down without flushing its log while a process appends, seals
//! and prunes; then it is mounted again, and what was acknowledged must be there. The list of acknowledgements is kept
//! outside. `GLEANER_POWER_CUTS=200` asks for more of them than the few that every test run makes.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use gleaner::archive::{Archive, Keep, Options, Parity, PruneOptions};
use gleaner::capture::Id;

use super::{all, entry, folder, problems};

const FOLDER: &str = "GLEANER_TEST_POWER_ARCHIVE";
/// Cuts of an ordinary test run.
const CUTS: u64 = 4;
/// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH.
const SHUTDOWN: &str =
    "import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";

fn options() -> Options {
    let parity = Parity::new(5).expect("a share");
    Options { segment_bytes_max: 100_000, seal_level: 5, seal_level_raw: 5, parity, ..Options::default() }
}

fn text(n: i64) -> String {
    format!("Text number {n}. {}", "It has some length, and much in common with the others. ".repeat((n % 37) as usize))
}

/// No test of its own: appends, and seals and prunes in between. Every page has two addresses' versions, of which
/// pruning keeps the newest; only what it never lets go is told as kept.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let archive = Archive::open(&folder, options()).unwrap();
    let first = all(&archive).iter().filter_map(|c| c.url.path()[1..].parse::<i64>().ok()).max().unwrap_or(0) + 1;
    for n in (first..).step_by(8) {
        let mut batch: Vec<_> = (n..n + 8).map(|n| entry(&format!("https://a.example/{n}"), n, &text(n))).collect();
        batch.push(entry("https://changes.example/page", n, &text(n + 100_000)));
        let kept = archive.append(batch).unwrap();
        let lines: String = kept[..8]
            .iter()
            .map(|c| format!("kept {} {} {}\n", c.id.unwrap(), c.text.unwrap(), c.url.path()))
            .collect();
        std::io::stdout().write_all(lines.as_bytes()).unwrap();
        std::io::stdout().flush().unwrap();
        if n / 8 % 4 == 3 {
            archive.seal(false).unwrap();
        }
        if n / 8 % 8 == 5 {
            let policy = PruneOptions { keep: Some(Keep { last: 1, ..Keep::default() }), ..PruneOptions::default() };
            archive.prune(&archive.plan_prune(&policy).unwrap()).unwrap();
        }
    }
}

/// A small ext4 in a file, mounted while this lives.
struct Disk {
    image: PathBuf,
    mount: PathBuf,
}

impl Disk {
    fn new(place: &Path) -> Option<Self> {
        let disk = Self { image: place.join("image"), mount: place.join("mount") };
        std::fs::create_dir(&disk.mount).ok()?;
        std::fs::File::create(&disk.image).ok()?.set_len(96 << 20).ok()?;
        let made = run("mkfs.ext4", &["-q", "-F", disk.image.to_str()?]);
        (made && disk.mount()).then_some(disk)
    }

    fn mount(&self) -> bool {
        run("mount", &["-o", "loop", self.image.to_str().unwrap(), self.mount.to_str().unwrap()])
    }

    /// Nothing that is not on the disk yet comes to be there.
    fn cut(&self) -> bool {
        run("python3", &["-c", SHUTDOWN, self.mount.to_str().unwrap()])
    }

    fn unmount(&self) -> bool {
        unmount(&self.mount)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Most often it is mounted no more.
        if std::fs::read_to_string("/proc/mounts").is_ok_and(|mounts| mounts.contains(self.mount.to_str().unwrap())) {
            self.unmount();
        }
    }
}

/// A child that another test is just starting may hold the place for a moment.
fn unmount(mount: &Path) -> bool {
    (0..50).any(|attempt| {
        std::thread::sleep(Duration::from_millis(attempt * 10));
        run("umount", &[mount.to_str().unwrap()])
    })
}

fn run(program: &str, arguments: &[&str]) -> bool {
    let ended = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.is_ok_and(|ended| ended.success())
}

#[test]
fn power_cuts_lose_nothing_acknowledged() {
    let place = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::new(place.path()) else {
        return super::skipped("power cuts need root, a loop device and mkfs.ext4");
    };
    let archive = disk.mount.join("archive");
    drop(Archive::init(&archive, options()).unwrap());
    let cuts = std::env::var("GLEANER_POWER_CUTS").ok().and_then(|cuts| cuts.parse().ok()).unwrap_or(CUTS);
    let mut acknowledged: Vec<(Id, Id, i64)> = Vec::new();
    for round in 0..cuts {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["archive::power::child", "--exact", "--nocapture", "--test-threads=1"])
            .env(FOLDER, &archive)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(150 + round * round * 53 % 900));
        if !disk.cut() {
            let _ = child.kill();
            let _ = child.wait();
            return super::skipped("power cuts need python3 and a kernel with EXT4_IOC_SHUTDOWN");
        }
        let _ = child.kill();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        acknowledged.extend(lines.filter_map(|line| {
            let mut words = line.strip_prefix("kept ")?.split(' ');
            let (id, text) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            Some((id, text, words.next()?.strip_prefix('/')?.parse().ok()?))
        }));
        child.wait().unwrap();
        assert!(disk.unmount() && disk.mount(), "the disk comes back");
        let archive = Archive::open(&archive, options()).unwrap();
        let held: std::collections::HashSet<Id> = all(&archive).iter().map(|capture| capture.id.unwrap()).collect();
        for (id, text_id, n) in &acknowledged {
            assert!(held.contains(id), "cut {round}: capture {n} was acknowledged");
            assert_eq!(archive.text(*text_id).unwrap(), text(*n), "cut {round}");
        }
        archive.append(vec![entry("https://after.example/", round as i64, &format!("After cut {round}."))]).unwrap();
        let found: Vec<_> = problems(&archive).into_iter().filter(|line| !line.contains("quarantine")).collect();
        assert_eq!(found, [""; 0], "cut {round}");
    }
    eprintln!("{cuts} power cuts, {} captures acknowledged, 0 lost", acknowledged.len());
    assert!(!acknowledged.is_empty(), "no writer came so far as to acknowledge anything");
}

/// A disk that fills up at every step: sealing, pruning and erasing end with a clear error or succeed, and all is there.
#[test]
fn a_full_disk_takes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let mount = place.path().join("mount");
    std::fs::create_dir(&mount).unwrap();
    let (mut full, mut done) = (0, 0);
    for kib in (150..700).step_by(50) {
        let size = format!("size={kib}k");
        if !run("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", mount.to_str().unwrap()]) {
            return super::skipped("full disks need root and tmpfs");
        }
        let outcome = fill_up(&mount.join("archive"));
        assert!(unmount(&mount), "the disk can be taken away");
        full += outcome.0;
        done += outcome.1;
    }
    eprintln!("{full} times the disk was full, {done} times it was not");
    assert!(full > 5 && done > 5);
    drop(folder());
}

/// How many operations met a full disk, and how many did not.
fn fill_up(archive: &Path) -> (u32, u32) {
    let Ok(archive) = Archive::init(archive, options()) else { return (1, 0) };
    let mut kept = Vec::new();
    let (mut full, mut done) = (0, 0);
    let mut count = |result: Result<(), gleaner::archive::ArchiveError>| match result {
        Ok(()) => done += 1,
        Err(error) => {
            assert!(matches!(error, gleaner::archive::ArchiveError::Full { .. }), "{error:?}");
            full += 1;
        }
    };
    for n in 0..12 {
        let batch = (n * 8..n * 8 + 8).map(|n| entry(&format!("https://a.example/{n}"), n, &text(n))).collect();
        count(archive.append(batch).map(|captures| kept.extend(captures)));
        if n % 3 == 2 {
            count(archive.seal(false).map(drop));
        }
    }
    let policy = PruneOptions { raw_before: Some("2026-01-01T00:00:30Z".parse().unwrap()), ..PruneOptions::default() };
    count(archive.plan_prune(&policy).and_then(|plan| archive.prune(&plan)).map(drop));
    for capture in &kept {
        assert!(archive.text(capture.text.unwrap()).unwrap().starts_with("Text number "));
    }
    assert!(all(&archive).len() >= kept.len());
    (full, done)
}

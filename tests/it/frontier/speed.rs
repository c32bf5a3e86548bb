//! Figures: `cargo test --release --test it frontier::speed -- --ignored --nocapture`

use std::time::{Duration, Instant};

use gleaner::frontier::{Find, Frontier, Moved, Options, SqliteFrontier, Visited, Wish};
use gleaner::page::{Timestamp, Url};

#[test]
#[ignore = "measures a million addresses"]
fn a_million_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = SqliteFrontier::open(&folder.path().join("f.sqlite"), Options::default()).unwrap();
    let (hosts, now) = (5000, Timestamp::now());
    let started = Instant::now();
    for chunk in 0..1000 {
        let find = |n: u64| {
            Find::page(Url::parse(&format!("https://h{}.example/topic-{}", n % hosts, n / hosts)).unwrap(), "s")
        };
        let finds: Vec<_> = (chunk * 1000..(chunk + 1) * 1000).map(find).collect();
        assert_eq!(frontier.add(&finds, now).unwrap().new, 1000);
    }
    let added = started.elapsed().as_secs_f64();
    let wish = Wish { now, sources: vec![("s".to_owned(), usize::MAX)], busy: Vec::new(), hosts: 125, per_host: 8 };
    let (mut claims, mut claiming, mut claiming_cpu, mut finishing) = (0, 0.0, Duration::ZERO, 0.0);
    while claims < 200_000 {
        let (started, before) = (Instant::now(), cpu());
        let tasks = frontier.claim(&wish).unwrap();
        claiming += started.elapsed().as_secs_f64();
        claiming_cpu += cpu() - before;
        claims += tasks.len();
        let done = |id| Visited {
            id,
            at: now,
            outcome: "ok".to_owned(),
            changed: true,
            fails: 0,
            interval: None,
            due_at: None,
            moved: Moved::No,
        };
        let started = Instant::now();
        frontier.finish(&tasks.iter().map(|task| done(task.id)).collect::<Vec<_>>(), &[], now).unwrap();
        finishing += started.elapsed().as_secs_f64();
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned();
    println!(
        "1,000,000 added in {added:.1} s; {:.0} claims/s ({:.0} a core) and {:.0} finishes/s in batches of 1000; {peak}",
        claims as f64 / claiming,
        claims as f64 / claiming_cpu.as_secs_f64(),
        claims as f64 / finishing
    );
}

/// Time that this thread has had of the cores (Linux), which tells more than the clock on a busy machine.
fn cpu() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0))
}

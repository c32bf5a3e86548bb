//! Time and memory.

use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use stats_alloc::Region;

use crate::ALLOCATOR;
use crate::data::Page;
use crate::peers::Peer;

/// What all pages cost.
pub struct Cost {
    pub seconds: f64,
    allocations: usize,
    bytes: usize,
}

impl Cost {
    pub fn cells(&self, pages: usize, parse: f64) -> String {
        let each = |sum: f64| sum / pages.max(1) as f64;
        format!(
            "| {:.2} | {:.2} | {:.0} | {:.0}",
            each(self.seconds * 1e3),
            self.seconds / parse,
            each(self.allocations as f64),
            each(self.bytes as f64 / 1e3),
        )
    }
}

/// The best of some rounds, and the allocations of the last, growth of what was allocated included.
pub fn cost(peer: &Peer, pages: &[Page], rounds: usize) -> Cost {
    let mut best = Duration::MAX;
    let mut counted = stats_alloc::Stats::default();
    for _ in 0..rounds.max(1) {
        let region = Region::new(ALLOCATOR);
        let before = busy();
        pages.iter().for_each(|page| once(peer, page));
        best = best.min(busy().saturating_sub(before));
        counted = region.change();
    }
    Cost {
        seconds: best.as_secs_f64(),
        allocations: counted.allocations + counted.reallocations,
        bytes: counted.bytes_allocated,
    }
}

/// How much faster two threads are than one.
pub fn speed_up(peer: &Peer, pages: &[Page], rounds: usize) -> f64 {
    let best = |threads: usize| {
        (0..rounds.max(1)).map(|_| wall(peer, pages, threads)).min().unwrap_or_default().as_secs_f64()
    };
    best(1) / best(2)
}

fn wall(peer: &Peer, pages: &[Page], threads: usize) -> Duration {
    let start = Instant::now();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
                    once(peer, page);
                }
            });
        }
    });
    start.elapsed()
}

fn once(peer: &Peer, page: &Page) {
    // A panic is a failure that the quality counts; its time counts here.
    drop(black_box(catch_unwind(AssertUnwindSafe(|| (peer.text)(page)))));
}

/// Time this thread has had of a processor; of the clock where the system does not tell.
fn busy() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|told| told.split(' ').next()).and_then(|nanos| nanos.parse().ok());
    nanos.map_or_else(since_start, Duration::from_nanos)
}

fn since_start() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}

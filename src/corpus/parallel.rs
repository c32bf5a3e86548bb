//! The same work on many things, on all cores, in their order.

use std::num::NonZero;
use std::thread;

/// How many threads work where so many are wanted; 0 is one a core.
pub fn at_work(wanted: usize) -> usize {
    if wanted == 0 { thread::available_parallelism().map_or(1, NonZero::get) } else { wanted }
}

/// Maps in parallel; the result depends on neither the number nor the timing of threads.
pub fn map<T: Sync, U: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let threads = threads.clamp(1, items.len().max(1));
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let work = &work;
    thread::scope(|scope| {
        let chunks = items.chunks(items.len().div_ceil(threads));
        let workers: Vec<_> =
            chunks.map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<U>>())).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("the work does not panic")).collect()
    })
}

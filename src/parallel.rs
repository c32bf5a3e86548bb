//! Parallel: thinking work on all cores, its results in order.
//!
//! In: a list or a stream of things, and what is to be done with each. Out: what was made of them, in their order.
//! Always: the result depends on neither the number nor the timing of threads; a stream holds few things at a time.
//! Not here: waiting for the network, which is asynchronous.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// How many threads work where so many are wanted; 0 is one a core.
pub fn at_work(wanted: usize) -> usize {
    if wanted == 0 { thread::available_parallelism().map_or(1, NonZero::get) } else { wanted }
}

/// A thread takes so many shares of a list, one after another: a slow thing holds up one share and not half the list.
const SHARES: usize = 16;

/// Works on every thing of a list.
pub fn map<T: Sync, U: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let threads = threads.clamp(1, items.len().max(1));
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let shares: Vec<&[T]> = items.chunks(items.len().div_ceil(threads * SHARES)).collect();
    let (next, work) = (AtomicUsize::new(0), &work);
    let of_thread = || {
        let mut made = Vec::new();
        while let Some((at, share)) = claim(&next, &shares) {
            made.push((at, share.iter().map(work).collect::<Vec<U>>()));
        }
        made
    };
    let mut made: Vec<(usize, Vec<U>)> = thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(of_thread)).collect();
        let own = of_thread();
        let others = workers.into_iter().map(|worker| worker.join().unwrap_or_else(resume));
        others.flatten().chain(own).collect()
    });
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().flat_map(|(_, made)| made).collect()
}

/// Sorts; what is equal may change places.
pub fn sort<T: Send>(items: &mut [T], threads: usize, compare: impl Fn(&T, &T) -> std::cmp::Ordering + Sync) {
    let threads = threads.clamp(1, items.len().max(1));
    if threads == 1 {
        return items.sort_unstable_by(compare);
    }
    let (share, compare) = (items.len().div_ceil(threads), &compare);
    thread::scope(|scope| {
        items.chunks_mut(share).for_each(|part| drop(scope.spawn(move || part.sort_unstable_by(compare))));
    });
    // The stable sort merges what is in order.
    items.sort_by(compare);
}

fn claim<'a, T>(next: &AtomicUsize, shares: &[&'a [T]]) -> Option<(usize, &'a [T])> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    shares.get(at).map(|share| (at, *share))
}

/// The panic of a worker goes on in the thread that waits for it.
fn resume<T>(panic: Box<dyn std::any::Any + Send>) -> T {
    std::panic::resume_unwind(panic)
}

/// Works on a stream: `next` gives one thing after another (`None` at the end), threads work on them, and `take` gets what
/// was made, in their order. At most four things a thread are between `next` and `take`.
///
/// # Errors
/// The first that `next` or `take` says, in the order of the stream.
pub fn stream<T, U: Send, E: Send>(
    threads: usize,
    mut next: impl FnMut() -> Result<Option<T>, E> + Send,
    work: impl Fn(T) -> U + Sync,
    mut take: impl FnMut(U) -> Result<(), E>,
) -> Result<(), E> {
    if threads <= 1 {
        while let Some(item) = next()? {
            take(work(item))?;
        }
        return Ok(());
    }
    let source = Mutex::new(Source { next, at: 0, has_ended: false });
    let gate = Gate { open_to: Mutex::new(4 * threads), moved: Condvar::new() };
    thread::scope(|scope| {
        // Whatever ends this thread lets the workers end, too; a worker that panics ends the others and this one.
        let _end = Ending(&gate);
        let (sender, made) = mpsc::channel();
        for _ in 0..threads {
            let (sender, source, gate, work) = (sender.clone(), &source, &gate, &work);
            scope.spawn(move || {
                let ending = Ending(gate);
                while let Some((at, item)) = take_next(source, gate) {
                    let is_last = item.is_err();
                    if sender.send((at, item.map(work))).is_err() || is_last {
                        return;
                    }
                }
                std::mem::forget(ending);
            });
        }
        drop(sender);
        let (mut early, mut due) = (BTreeMap::new(), 0);
        for (at, result) in made {
            early.insert(at, result);
            while let Some(result) = early.remove(&due) {
                take(result?)?;
                due += 1;
                gate.open(due + 4 * threads);
            }
        }
        Ok(())
    })
}

struct Source<N> {
    next: N,
    at: usize,
    has_ended: bool,
}

/// The next thing and its number, once the gate is open for it. Nothing after the first error.
fn take_next<T, E>(
    source: &Mutex<Source<impl FnMut() -> Result<Option<T>, E>>>,
    gate: &Gate,
) -> Option<(usize, Result<T, E>)> {
    let mut source = lock(source);
    if source.has_ended || !gate.wait_for(source.at) {
        return None;
    }
    let item = (source.next)().transpose();
    source.has_ended = !matches!(item, Some(Ok(_)));
    source.at += 1;
    item.map(|item| (source.at - 1, item))
}

/// Holds back what is too far ahead.
struct Gate {
    open_to: Mutex<usize>,
    moved: Condvar,
}

/// An open-end value of the gate: all is over.
const OVER: usize = usize::MAX;

impl Gate {
    /// Whether it is still wanted.
    fn wait_for(&self, at: usize) -> bool {
        let open_to = lock(&self.open_to);
        let open_to = self.moved.wait_while(open_to, |open_to| at >= *open_to).unwrap_or_else(PoisonError::into_inner);
        *open_to != OVER
    }

    fn open(&self, to: usize) {
        let mut open_to = lock(&self.open_to);
        *open_to = to.max(*open_to);
        self.moved.notify_all();
    }
}

/// Opens the gate for good.
struct Ending<'a>(&'a Gate);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.open(OVER);
    }
}

/// A thread that panicked elsewhere leaves what it held whole: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

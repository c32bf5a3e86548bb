//! Parallel: thinking work on all cores, its results in order.
//!
//! In: a list or a stream of things, and what is to be done with each. Out: what was made of them, in their order.
//! Always: the result depends on neither the number nor the timing of threads; a stream holds few things at a time.
//! Not here: waiting for the network, which is asynchronous.

use std::collections::BTreeMap;
use std::num::NonZero;
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
    consume(items.iter().collect(), threads, work)
}

/// Works on every thing of a list, and takes it.
pub fn consume<T: Send, U: Send>(items: Vec<T>, threads: usize, work: impl Fn(T) -> U + Sync) -> Vec<U> {
    let threads = threads.clamp(1, items.len().max(1));
    if threads == 1 {
        return items.into_iter().map(work).collect();
    }
    let (size, work) = (items.len().div_ceil(threads * SHARES), &work);
    let mut items = items.into_iter();
    let share = || Some(items.by_ref().take(size).collect()).filter(|share: &Vec<T>| !share.is_empty());
    let shares = Mutex::new(std::iter::from_fn(share).enumerate());
    let claim = || lock(&shares).next();
    let of_thread = || {
        let mut made = Vec::new();
        while let Some((at, share)) = claim() {
            made.push((at, share.into_iter().map(work).collect::<Vec<U>>()));
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

/// The panic of a worker goes on in the thread that waits for it.
fn resume<T>(panic: Box<dyn std::any::Any + Send>) -> T {
    std::panic::resume_unwind(panic)
}

/// How much of a stream may be between `next` and `take`.
#[derive(Clone, Copy, Debug)]
pub struct Flight {
    /// At work; of each, at most four things are on their way.
    pub threads: usize,
    /// Nothing is asked for while all that is on its way weighs so much: it weighs less than this and one thing.
    pub weight_max: u64,
}

impl Flight {
    /// Things on their way.
    fn things_max(self) -> usize {
        4 * self.threads
    }
}

/// Works on a stream: `next` gives one thing after another (`None` at the end), threads work on them, and `take` gets what
/// was made, in their order. From `next` to `take` a thing counts with what `weigh` says of it.
///
/// # Errors
/// The first that `next` or `take` says, in the order of the stream.
pub fn stream<T, U: Send, E: Send>(
    flight: Flight,
    mut next: impl FnMut() -> Result<Option<T>, E> + Send,
    weigh: impl Fn(&T) -> u64 + Send,
    work: impl Fn(T) -> U + Sync,
    mut take: impl FnMut(U) -> Result<(), E>,
) -> Result<(), E> {
    if flight.threads <= 1 {
        while let Some(item) = next()? {
            take(work(item))?;
        }
        return Ok(());
    }
    let source = Mutex::new(Source { next, weigh, at: 0, has_ended: false });
    let gate = Gate { flight, state: Mutex::default(), moved: Condvar::new() };
    thread::scope(|scope| {
        // Whatever ends this thread lets the workers end, too; a worker that panics ends the others and this one.
        let _end = Ending(&gate);
        let (sender, made) = mpsc::channel();
        for _ in 0..flight.threads {
            let (sender, source, gate, work) = (sender.clone(), &source, &gate, &work);
            scope.spawn(move || {
                let ending = Ending(gate);
                while let Some((at, weight, item)) = take_next(source, gate) {
                    let is_last = item.is_err();
                    if sender.send((at, (weight, item.map(work)))).is_err() || is_last {
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
            while let Some((weight, result)) = early.remove(&due) {
                take(result?)?;
                due += 1;
                gate.has_taken(weight);
            }
        }
        Ok(())
    })
}

struct Source<N, W> {
    next: N,
    weigh: W,
    at: usize,
    has_ended: bool,
}

/// The next thing with its number and weight, once the gate is open for it. Nothing after the first error.
fn take_next<T, E>(
    source: &Mutex<Source<impl FnMut() -> Result<Option<T>, E>, impl Fn(&T) -> u64>>,
    gate: &Gate,
) -> Option<(usize, u64, Result<T, E>)> {
    let mut source = lock(source);
    if source.has_ended || !gate.wait_for(source.at) {
        return None;
    }
    let item = (source.next)().transpose();
    source.has_ended = !matches!(item, Some(Ok(_)));
    source.at += 1;
    let weight = item.as_ref().and_then(|item| item.as_ref().ok()).map_or(0, |item| (source.weigh)(item));
    // Before anybody asks for the one after it.
    gate.has_given(weight);
    item.map(|item| (source.at - 1, weight, item))
}

/// Holds back what is too far ahead or too much.
struct Gate {
    flight: Flight,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// Things that were taken.
    taken: usize,
    /// Of what is on its way.
    weight: u64,
    is_over: bool,
}

impl Gate {
    /// Whether it is still wanted.
    fn wait_for(&self, at: usize) -> bool {
        let Flight { weight_max, .. } = self.flight;
        let is_early = |state: &mut State| {
            let is_far = at >= state.taken + self.flight.things_max();
            // What weighs nothing keeps nobody waiting.
            !state.is_over && (is_far || state.weight >= weight_max.max(1))
        };
        !self.moved.wait_while(lock(&self.state), is_early).unwrap_or_else(PoisonError::into_inner).is_over
    }

    fn has_given(&self, weight: u64) {
        lock(&self.state).weight += weight;
    }

    fn has_taken(&self, weight: u64) {
        let mut state = lock(&self.state);
        (state.taken, state.weight) = (state.taken + 1, state.weight - weight);
        self.moved.notify_all();
    }
}

/// Opens the gate for good.
struct Ending<'a>(&'a Gate);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).is_over = true;
        self.0.moved.notify_all();
    }
}

/// A thread that panicked elsewhere leaves what it held whole: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

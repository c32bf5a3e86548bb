//! Lists and streams of work on many threads.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use gleaner::parallel::{Flight, consume, map, sort, stream};

/// So many threads, and things that weigh nothing.
fn light(threads: usize) -> Flight {
    Flight { threads, weight_max: 1 }
}

fn nothing<T>(_: &T) -> u64 {
    0
}

#[test]
fn lists_and_streams_come_out_in_order() {
    let items: Vec<usize> = (0..1000).collect();
    let expected: Vec<usize> = items.iter().map(|at| at * at).collect();
    for threads in [0, 1, 2, 8, 2000] {
        assert_eq!(map(&items, threads, |at| at * at), expected);
        assert_eq!(consume(items.clone(), threads, |at| at * at), expected);
        let (mut source, mut made) = (items.iter(), Vec::new());
        let next = || Ok::<_, ()>(source.next());
        let slow_at_first = |&at: &usize| {
            if at % 100 == 0 {
                thread::yield_now();
            }
            at * at
        };
        let take = |one| {
            made.push(one);
            Ok(())
        };
        stream(light(threads), next, nothing, slow_at_first, take).unwrap();
        assert_eq!(made, expected);
    }
    assert_eq!(map(&[] as &[u8], 3, |_| 1), [0_i32; 0]);
    for threads in [0, 1, 2, 7] {
        let mut mixed: Vec<usize> = items.iter().map(|at| at * 7919 % 1000).collect();
        sort(&mut mixed, threads, Ord::cmp);
        assert_eq!(mixed, items);
        sort(&mut [0_u8; 0], threads, Ord::cmp);
    }
}

#[test]
fn the_first_error_of_a_stream_is_told_and_ends_it() {
    for threads in [1, 2, 8] {
        let mut at = 0;
        let next = || {
            at += 1;
            if at == 500 { Err("source") } else { Ok(Some(at)) }
        };
        let mut taken = 0;
        let take = |_| {
            taken += 1;
            Ok(())
        };
        assert_eq!(stream(light(threads), next, nothing, |at| at, take), Err("source"));
        assert_eq!(taken, 499);
        let mut asked = 0;
        let next = || {
            asked += 1;
            Ok(Some(asked))
        };
        let take = |at| if at == 300 { Err("taker") } else { Ok(()) };
        let taken = stream(light(threads), next, nothing, |at| at, take);
        assert_eq!(taken, Err("taker"));
        assert!(asked <= 300 + 4 * threads, "{asked} were asked for by {threads} threads");
    }
}

#[test]
fn a_panic_in_a_stream_ends_it() {
    let mut at = 0;
    let next = || {
        at += 1;
        Ok::<_, ()>(Some(at))
    };
    let run = std::panic::AssertUnwindSafe(|| {
        stream(light(2), next, nothing, |at| assert!(at < 100, "no further"), |()| Ok(()))
    });
    assert!(std::panic::catch_unwind(run).is_err());
}

/// A bound on what is between source and taker, whatever the number of threads and the order they end in.
#[test]
fn no_more_than_the_weight_and_one_thing_are_on_their_way() {
    for (threads, weight_max, heaviest) in [(2, 1, 7), (3, 20, 7), (16, 20, 7), (16, 20, 100), (16, u64::MAX, 7)] {
        let (on_its_way, most) = (AtomicU64::new(0), AtomicU64::new(0));
        let mut items = (0..2000_u64).map(|at| if at % 50 == 0 { heaviest } else { at % 5 });
        let next = || {
            let item = items.next();
            let weight = on_its_way.fetch_add(item.unwrap_or(0), Ordering::SeqCst) + item.unwrap_or(0);
            most.fetch_max(weight, Ordering::SeqCst);
            Ok::<_, ()>(item)
        };
        let work = |weight: u64| {
            if weight == heaviest {
                thread::yield_now();
            }
            weight
        };
        let mut taken = 0;
        let take = |weight| {
            on_its_way.fetch_sub(weight, Ordering::SeqCst);
            taken += 1;
            Ok(())
        };
        stream(Flight { threads, weight_max }, next, |&weight| weight, work, take).unwrap();
        let (most, bound) = (most.into_inner(), weight_max.saturating_add(heaviest - 1));
        assert_eq!(taken, 2000);
        assert!(most <= bound, "{most} of {weight_max} and {heaviest} with {threads} threads");
    }
}

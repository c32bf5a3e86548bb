//! Lists and streams of work on many threads.

use std::thread;

use gleaner::parallel::{map, sort, stream};

#[test]
fn lists_and_streams_come_out_in_order() {
    let items: Vec<usize> = (0..1000).collect();
    let expected: Vec<usize> = items.iter().map(|at| at * at).collect();
    for threads in [0, 1, 2, 8, 2000] {
        assert_eq!(map(&items, threads, |at| at * at), expected);
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
        stream(threads, next, slow_at_first, take).unwrap();
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
        assert_eq!(stream(threads, next, |at| at, take), Err("source"));
        assert_eq!(taken, 499);
        let mut asked = 0;
        let next = || {
            asked += 1;
            Ok(Some(asked))
        };
        let taken = stream(threads, next, |at| at, |at| if at == 300 { Err("taker") } else { Ok(()) });
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
    let run = std::panic::AssertUnwindSafe(|| stream(2, next, |at| assert!(at < 100, "no further"), |()| Ok(())));
    assert!(std::panic::catch_unwind(run).is_err());
}

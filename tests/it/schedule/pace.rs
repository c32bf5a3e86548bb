//! A `revisit` that is another now.

use std::time::Duration;

use gleaner::page::Timestamp;
use gleaner::schedule::pace::{Before, Pace};

const DAY: u64 = 86_400;

fn days(days: f64) -> Duration {
    Duration::from_secs_f64(days * DAY as f64)
}

fn pace(interval: Option<f64>, wait: Option<f64>) -> Pace {
    let last_at: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
    let due_at = wait.map(|wait| last_at.checked_add(days(wait)).unwrap());
    Pace { interval: interval.map(days), last_at, due_at, seed: 0 }
}

/// Each line: what was, what is, how long the page was left alone, when it was due; the same as it is then.
#[test]
fn pages_follow_a_revisit_that_changed_and_keep_what_was_learned_of_them() {
    let known = |days_of: Option<f64>| Before::Known(days_of.map(days));
    for (line, (before, revisit, was, is)) in [
        // Added: what was read once is due by it, what was learned by an earlier one stays.
        (known(None), Some(2.0), (None, None), (None, Some(2.0))),
        (known(None), Some(2.0), (Some(8.0), None), (Some(8.0), Some(2.0))),
        (known(None), Some(2.0), (Some(0.5), None), (Some(0.5), Some(0.5))),
        (known(None), Some(2.0), (Some(400.0), None), (Some(32.0), Some(2.0))),
        // Shorter: it holds for the very next visit, and never puts one off.
        (known(Some(30.0)), Some(1.0), (Some(30.0), Some(31.0)), (Some(1.0), Some(1.0))),
        (known(Some(30.0)), Some(1.0), (Some(480.0), Some(490.0)), (Some(16.0), Some(1.0))),
        (known(Some(3.0)), Some(2.0), (Some(4.5), Some(4.6)), (Some(4.5), Some(2.0))),
        (known(Some(3.0)), Some(2.0), (Some(0.5), Some(0.2)), (Some(0.5), Some(0.2))),
        // Longer: what was learned stays where it may.
        (known(Some(1.0)), Some(2.0), (Some(1.0), Some(1.1)), (Some(2.0), Some(2.0))),
        (known(Some(1.0)), Some(2.0), (Some(1.5), Some(1.6)), (Some(1.5), Some(1.6))),
        (known(Some(1.0)), Some(32.0), (Some(0.5), Some(0.5)), (Some(2.0), Some(2.0))),
        (known(Some(1.0)), Some(2.0), (None, None), (None, Some(2.0))),
        // Removed: nothing is due, and nothing forgotten.
        (known(Some(1.0)), None, (Some(1.5), Some(1.6)), (Some(1.5), None)),
        // An older program noted nothing.
        (Before::Unknown, Some(2.0), (None, None), (None, Some(2.0))),
        (Before::Unknown, Some(2.0), (Some(5.0), Some(5.2)), (Some(5.0), Some(5.2))),
        (Before::Unknown, Some(2.0), (Some(2.0), Some(0.1)), (Some(2.0), Some(0.1))),
        (Before::Unknown, Some(2.0), (Some(480.0), Some(500.0)), (Some(32.0), Some(32.0))),
        (Before::Unknown, None, (None, Some(0.1)), (None, Some(0.1))),
    ]
    .into_iter()
    .enumerate()
    {
        let next = pace(was.0, was.1).by(revisit.map(days), before);
        assert_eq!(next, pace(is.0, is.1), "line {line}");
        assert_eq!(next.by(revisit.map(days), Before::Known(revisit.map(days))), next, "line {line}: it is done once");
    }
}

#[test]
fn no_time_is_too_long() {
    for before in [Before::Unknown, Before::Known(None), Before::Known(Some(days(1.0)))] {
        let next = pace(Some(1.0), None).by(Some(Duration::MAX / 100), before);
        assert!(next.due_at.is_none_or(|due| due > next.last_at), "{next:?}");
    }
}

//! When to come again.

use std::time::Duration;

use gleaner::capture::Outcome;
use gleaner::schedule::{Before, Kind, Next, Source, next_visit, rule};
use jiff::ZonedDateTime;

const DAY: u64 = 86_400;

fn now() -> ZonedDateTime {
    "2026-06-01T12:00:00Z[UTC]".parse().unwrap()
}

fn source(revisit: Option<u64>) -> Source {
    Source {
        name: "s".to_owned(),
        kind: Kind::Feed,
        every: Some(Duration::from_secs(3600)),
        revisit: revisit.map(Duration::from_secs),
        ..Source::default()
    }
}

fn after(next: Next) -> Option<f64> {
    next.at.map(|at| at.duration_since(now().timestamp()).as_secs_f64())
}

#[test]
fn a_root_that_went_well_keeps_its_schedule() {
    let before = Before { scheduled: true, ..Before::default() };
    let next = next_visit(&source(None), before, Outcome::Unchanged, false, None, &now());
    // Five per cent early, for cron's sake.
    assert_eq!(after(next), Some(3600.0 - 180.0));
}

#[test]
fn a_page_is_read_once_unless_it_is_to_be_seen_again() {
    let next = next_visit(&source(None), Before::default(), Outcome::Ok, true, None, &now());
    assert_eq!(next, Next::default());
    let mut before = Before::default();
    let mut waits = Vec::new();
    for changed in [true, true, false, false, false] {
        let next = next_visit(&source(Some(DAY)), before, Outcome::Ok, changed, None, &now());
        waits.push(after(next).unwrap() / DAY as f64);
        before.interval = next.interval;
    }
    let expected = [1.0, 0.8, 1.2, 1.8, 2.7];
    assert!(waits.iter().zip(expected).all(|(wait, want)| (wait - want).abs() < 0.01), "{waits:?}");
    for _ in 0..50 {
        before.interval = next_visit(&source(Some(DAY)), before, Outcome::Ok, false, None, &now()).interval;
    }
    assert_eq!(before.interval, Some(Duration::from_secs(16 * DAY)), "it strays no further");
}

#[test]
fn failures_are_tried_again_later_and_later() {
    let mut before = Before { scheduled: true, ..Before::default() };
    let mut waits = Vec::new();
    for _ in 0..20 {
        let next = next_visit(&source(None), before, Outcome::Timeout, false, None, &now());
        waits.push(after(next).expect("a source never dies"));
        before.fails = next.fails;
    }
    assert_eq!(waits[..4], [600.0, 1200.0, 2400.0, 4800.0]);
    assert_eq!(waits[19], 32.0 * 3600.0, "by its own interval");
    let mut page = Before::default();
    for fails in 0..10 {
        page.fails = fails;
        let next = next_visit(&source(None), page, Outcome::Timeout, false, None, &now());
        assert_eq!(after(next), Some(600.0 * f64::from(1 << fails)));
    }
}

/// One bad answer costs an hourly source an hour, not a month; failing on, it is asked less and less.
#[test]
fn a_source_that_fails_is_asked_again_by_its_own_interval() {
    use Outcome::*;
    const HOUR: f64 = 3600.0;
    let before = Before { scheduled: true, ..Before::default() };
    let first = |source: &Source, outcome| after(next_visit(source, before, outcome, false, None, &now())).unwrap();
    for outcome in
        [Gone, Soft404, Blocked, ConsentWall, Paywalled, Login, Robots, OptedOut, TooLarge, NotText, Trap, Address]
    {
        assert_eq!(first(&source(None), outcome), HOUR, "{outcome}");
        let mut before = before;
        let waits: Vec<f64> = (0..9)
            .map(|_| {
                let next = next_visit(&source(None), before, outcome, false, None, &now());
                before.fails = next.fails;
                after(next).unwrap() / HOUR
            })
            .collect();
        assert_eq!(waits, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 32.0, 32.0, 32.0], "{outcome}");
    }
    let cron = Source { every: None, cron: Some("0 6 * * *".to_owned()), ..source(None) };
    assert_eq!(first(&cron, Gone), DAY as f64);
    let monthly = Source { every: Some(Duration::from_secs(30 * DAY)), ..source(None) };
    assert_eq!(first(&monthly, Gone), 7.0 * DAY as f64, "a seldom one by the class of its failure");
    let restless = Source { every: Some(Duration::from_secs(1)), ..source(None) };
    assert_eq!(first(&restless, Gone), 600.0, "never hammered");
    let refused = |scheduled| Before { scheduled, refused: true, ..Before::default() };
    let wait = |before| after(next_visit(&source(None), before, Http, false, None, &now())).unwrap();
    assert_eq!((wait(refused(true)), wait(refused(false))), (HOUR, DAY as f64));
    // A robots.txt that cannot be had says when to ask again.
    let soon = Some(Duration::from_secs(600));
    for scheduled in [true, false] {
        let before = Before { scheduled, ..Before::default() };
        assert_eq!(after(next_visit(&source(None), before, Robots, false, soon, &now())), Some(600.0));
    }
}

#[test]
fn a_list_that_only_another_names_is_given_up_in_the_end() {
    for (outcome, tries) in [(Outcome::Gone, 8), (Outcome::Http, 12)] {
        let mut before = Before { scheduled: true, found: true, ..Before::default() };
        for at in 1..=tries {
            let next = next_visit(&source(None), before, outcome, false, None, &now());
            assert_eq!(next.at.is_none(), at == tries, "{outcome} {at}");
            before.fails = next.fails;
        }
    }
}

#[test]
fn the_interval_of_a_cron_line_is_its_longest_pause() {
    let of = |cron: &str| {
        let source = Source { every: None, cron: Some(cron.to_owned()), ..source(None) };
        gleaner::schedule::interval(&source, &now()).map(|pause| pause.as_secs_f64() / DAY as f64)
    };
    assert_eq!(of("0 6 * * *"), Some(1.0));
    assert_eq!(of("0 6 * * 1-5"), Some(3.0));
    assert_eq!(of("0 6 1 * *"), Some(31.0));
    assert_eq!(of("0 * * * *"), Some(1.0 / 24.0));
}

#[test]
fn pages_that_no_configuration_names_are_given_up() {
    for (outcome, tries) in [(Outcome::Gone, 3), (Outcome::Soft404, 3), (Outcome::Blocked, 6), (Outcome::Dns, 12)] {
        let mut before = Before::default();
        for at in 1..=tries {
            let next = next_visit(&source(None), before, outcome, false, None, &now());
            assert_eq!(next.at.is_none(), at == tries, "{outcome} {at}");
            before.fails = next.fails;
        }
    }
    let next =
        next_visit(&source(None), Before { fails: 1000, ..Before::default() }, Outcome::Robots, false, None, &now());
    assert!(next.at.is_some(), "rules change");
}

#[test]
fn a_server_that_says_how_long_is_believed() {
    let wait = Some(Duration::from_secs(9 * DAY));
    let next = next_visit(&source(None), Before::default(), Outcome::Http, false, wait, &now());
    assert_eq!(after(next), Some(9.0 * DAY as f64));
}

#[test]
fn what_is_found_together_is_not_due_together() {
    let due = |seed| {
        next_visit(&source(Some(DAY)), Before { seed, ..Before::default() }, Outcome::Ok, true, None, &now())
            .at
            .unwrap()
    };
    let mut all: Vec<_> = (0..100).map(|n: u64| due(n * 7919)).collect();
    all.sort();
    all.dedup();
    assert!(all.len() > 90, "{}", all.len());
}

#[test]
fn every_class_of_failure_has_its_rule() {
    use Outcome::*;
    for outcome in [
        Gone,
        Soft404,
        Blocked,
        ConsentWall,
        Paywalled,
        Login,
        Robots,
        OptedOut,
        TooLarge,
        NotText,
        Trap,
        Dns,
        Address,
        Connect,
        Tls,
        Timeout,
        Http,
    ] {
        let rule = rule(outcome).unwrap_or_else(|| panic!("{outcome}"));
        assert!(rule.first <= rule.most && rule.tries >= 3, "{outcome}");
    }
    assert!([Ok, Unchanged, Moved].into_iter().all(|outcome| rule(outcome).is_none()));
}

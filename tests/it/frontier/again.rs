//! Known addresses that are found again.

use std::time::Duration;

use gleaner::capture::Outcome;
use gleaner::frontier::{Find, Frontier, Habit, Moved, Options, Role, SqliteFrontier, Visited, Wish};
use gleaner::page::Timestamp;
use gleaner::schedule::{Before, Source, next_visit};

use super::suite::{at, page, url, visited};
use super::turns::priority;

pub(super) const DAY: i64 = 86_400;

pub(super) fn day(n: i64) -> Timestamp {
    at(n * DAY)
}

pub(super) fn open(folder: &tempfile::TempDir) -> SqliteFrontier {
    SqliteFrontier::open(&folder.path().join("f.sqlite"), Options::default()).unwrap()
}

pub(super) fn wish(now: Timestamp, sources: &[&str], most: usize) -> Wish {
    let sources = sources.iter().map(|source| ((*source).to_owned(), most)).collect();
    Wish { now, sources, busy: Vec::new(), hosts: 100, per_host: 100 }
}

/// What is asked for at that time, each visit ending as told.
pub(super) fn visit(frontier: &dyn Frontier, now: Timestamp, end: impl Fn(Visited) -> Visited) -> Vec<String> {
    let tasks = frontier.claim(&wish(now, &["s", "t"], 1000)).unwrap();
    let done: Vec<Visited> = tasks.iter().map(|task| end(Visited { at: now, ..visited(task.id, None) })).collect();
    frontier.finish(&done, &[], now).unwrap();
    tasks.iter().map(|task| task.url.path().to_owned()).collect()
}

pub(super) fn failed(outcome: &str, fails: u32) -> impl Fn(Visited) -> Visited {
    move |visit| Visited { outcome: outcome.to_owned(), changed: false, fails, ..visit }
}

/// A page that was given up over weeks of an outage is there again one day, and its list has named it all the while.
#[test]
fn a_page_that_was_given_up_is_asked_for_at_times_while_it_is_named() {
    // Without and with the word of its list that it changed since; what never passes is left alone for longer.
    for (outcome, still_named, said_to_be_new) in
        [("gone", 30, 14), ("dns", 30, 14), ("blocked", 30, 14), ("not-text", 180, 180), ("login", 180, 180)]
    {
        for (fresh, rest) in [(None, still_named), (Some(day(1)), said_to_be_new)] {
            let folder = tempfile::tempdir().unwrap();
            let frontier = open(&folder);
            let named = Find { fresh_at: fresh, ..page("https://a.example/1") };
            frontier.add(std::slice::from_ref(&named), day(0)).unwrap();
            assert_eq!(visit(&frontier, day(0), failed(outcome, 3)), ["/1"]);
            for turn in 0..3 {
                let last = turn * rest;
                for (now, expected) in [(last + 1, 0), (last + rest - 1, 0), (last + rest, 1)] {
                    let is_heard = !frontier.sift(std::slice::from_ref(&named), 0, day(now)).unwrap().finds.is_empty();
                    assert_eq!(is_heard, expected == 1, "{outcome} on day {now}: known, and not counted as new");
                    frontier.add(std::slice::from_ref(&named), day(now)).unwrap();
                    let asked = visit(&frontier, day(now), failed(outcome, 4));
                    assert_eq!(asked.len(), expected, "{outcome} on day {now}, {fresh:?}");
                }
                if fresh.is_some() {
                    break;
                }
            }
            let row = frontier.look(&named.url).unwrap().unwrap();
            assert_eq!((row.task.past.fails, row.due_at), (4, None), "no new row of failures");
            let last = row.task.past.last_at.unwrap();
            let until = last.checked_add(Duration::from_secs(u64::try_from(still_named * DAY).unwrap())).unwrap();
            assert_eq!(row.rests_until(false), Some(until));
            let news = last.checked_add(Duration::from_secs(u64::try_from(said_to_be_new * DAY).unwrap())).unwrap();
            assert_eq!(row.rests_until(true), Some(news));
        }
    }
}

/// A list that gives each day as the date of what it names does not undo the pause of what fails.
#[test]
fn a_page_that_waits_for_its_next_try_goes_on_waiting_whatever_its_list_says() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let named = |now| Find { fresh_at: Some(day(now)), ..page("https://a.example/1") };
    frontier.add(&[named(0)], day(0)).unwrap();
    let later = |visit| Visited { due_at: Some(day(28)), ..failed("gone", 2)(visit) };
    visit(&frontier, day(0), later);
    for now in [1, 15, 27] {
        frontier.add(&[named(now)], day(now)).unwrap();
        assert!(visit(&frontier, day(now), failed("gone", 3)).is_empty(), "day {now}");
    }
    assert_eq!(frontier.look(&url("https://a.example/1")).unwrap().unwrap().rests_until(false), None);
    assert_eq!(visit(&frontier, day(28), failed("gone", 3)).len(), 1);
}

/// What was read once, left to another list or named by the configuration was not given up.
#[test]
fn only_what_failed_is_asked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let root = Find { root: true, ..page("https://a.example/root") };
    let pages = [page("https://a.example/read"), root.clone()];
    frontier.add(&pages, day(0)).unwrap();
    visit(&frontier, day(0), |visit| visit);
    let again = [page("https://a.example/read"), Find { root: false, ..root }];
    frontier.add(&again, day(400)).unwrap();
    assert!(visit(&frontier, day(400), |visit| visit).is_empty());
    let list = Find { role: Role::Sitemap, ..page("https://a.example/map.xml") };
    frontier.add(std::slice::from_ref(&list), day(400)).unwrap();
    visit(&frontier, day(400), failed("gone", 8));
    frontier.add(&[page("https://a.example/map.xml")], day(500)).unwrap();
    assert!(visit(&frontier, day(500), |visit| visit).is_empty(), "a list that only a page's link leads to");
    frontier.add(&[list], day(500)).unwrap();
    assert_eq!(visit(&frontier, day(500), |visit| visit), ["/map.xml"]);
}

/// A page that `add` has had is no failing one any more, for each source that knows it.
#[test]
fn a_visit_outside_of_any_run_ends_a_row_of_failures() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let root = |source: &str| Find { root: true, source: source.to_owned(), ..page("https://a.example/1") };
    frontier.add(&[root("s"), root("t"), page("https://a.example/well"), page("https://a.example/2")], day(0)).unwrap();
    let tasks = ["s", "t"].map(|source| frontier.claim(&wish(day(0), &[source], 9)).unwrap()).concat();
    let done = |task: &gleaner::frontier::Task| match task.url.path() {
        "/well" => visited(task.id, Some(day(9))),
        _ => failed("http", 12)(visited(task.id, None)),
    };
    frontier.finish(&tasks.iter().map(done).collect::<Vec<_>>(), &[], day(0)).unwrap();
    let due = |row: &gleaner::frontier::Row| (row.task.source == "t").then(|| day(3));
    let recover = |path: &str| frontier.recover(&url(&format!("https://www.a.example{path}")), day(2), &due).unwrap();
    assert_eq!((recover("/1"), recover("/well"), recover("/unknown")), (2, 0, 0));
    let mut rows = Vec::new();
    frontier
        .rows(&["s".to_owned(), "t".to_owned()], false, &mut |row| {
            let past = row.task.past;
            rows.push((row.task.url.path().to_owned(), row.task.source, past.fails, past.last_at, row.due_at));
        })
        .unwrap();
    rows.sort();
    let expected = [
        ("/1", "s", 0, Some(day(2)), None),
        ("/1", "t", 0, Some(day(2)), Some(day(3))),
        ("/2", "s", 12, Some(at(1)), None),
        ("/well", "s", 0, Some(at(1)), Some(day(9))),
    ];
    assert_eq!(
        rows,
        expected.map(|(path, source, fails, last, due)| (path.to_owned(), source.to_owned(), fails, last, due))
    );
    assert_eq!(recover("/1"), 0, "once");
    // What a run is at work on is that run's.
    frontier.set_due(&[(tasks.iter().find(|task| task.url.path() == "/2").unwrap().id, Some(day(3)))]).unwrap();
    let leased = frontier.claim(&wish(day(3), &["s"], 9)).unwrap();
    assert_eq!(leased.iter().map(|task| task.url.path()).collect::<Vec<_>>(), ["/2"]);
    assert_eq!((recover("/2"), frontier.orphans().unwrap().len()), (0, 1));
}

/// Whose page it is, and when it is due, in days.
fn kept(frontier: &dyn Frontier) -> (String, Option<i64>) {
    let row = frontier.look(&url("https://a.example/1")).unwrap().unwrap();
    let days = |due: Timestamp| (due.as_second() - day(0).as_second()) / DAY;
    (row.task.source, row.due_at.map(days))
}

/// The usual pair is a quick feed for what is new and a sitemap for what changes.
#[test]
fn a_page_that_two_sources_find_is_visited_by_the_one_that_does_so_more_often() {
    let habit = |days: Option<i64>| Habit {
        revisit: days.map(|days| Duration::from_secs(u64::try_from(days * DAY).unwrap())),
        leads_on: false,
    };
    let follows = Habit { leads_on: true, ..habit(Some(30)) };
    let of_t = Find { source: "t".to_owned(), ..page("https://a.example/1") };
    let thread = Find { role: Role::Thread, ..of_t.clone() };
    // The habits of both, when the first visits again, who finds it then; whose it is, due on that day.
    for (s, t, due, found, keeper, expected) in [
        (habit(None), habit(Some(7)), None, &of_t, "t", Some(7)),
        (habit(Some(30)), habit(Some(7)), Some(30), &of_t, "t", Some(7)),
        (habit(Some(30)), habit(Some(7)), Some(5), &of_t, "t", Some(5)),
        (habit(Some(7)), habit(Some(30)), Some(7), &of_t, "s", Some(7)),
        (habit(Some(7)), habit(Some(7)), Some(7), &of_t, "s", Some(7)),
        (habit(Some(7)), habit(None), Some(7), &of_t, "s", Some(7)),
        (habit(None), habit(None), None, &of_t, "s", None),
        (follows, habit(Some(7)), Some(30), &of_t, "s", Some(30)),
        (habit(None), habit(Some(7)), None, &thread, "s", None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let frontier = open(&folder).with_habits([("s".to_owned(), s), ("t".to_owned(), t)]);
        frontier.add(&[page("https://a.example/1")], day(0)).unwrap();
        frontier.add(std::slice::from_ref(found), day(0)).unwrap();
        assert_eq!(kept(&frontier), ("s".to_owned(), Some(0)), "what was never visited is left where it is");
        visit(&frontier, day(0), |visit| Visited { due_at: due.map(day), ..visit });
        let is_heard = !frontier.sift(std::slice::from_ref(found), 0, day(3)).unwrap().finds.is_empty();
        assert_eq!(is_heard, keeper == "t", "{s:?} {t:?}");
        frontier.add(std::slice::from_ref(found), day(3)).unwrap();
        assert_eq!(kept(&frontier), (keeper.to_owned(), expected), "{s:?} {t:?}");
        // The one that found it first does not get it back, and each counts what it has.
        frontier.add(&[page("https://a.example/1")], day(3)).unwrap();
        assert_eq!(kept(&frontier), (keeper.to_owned(), expected), "{s:?} {t:?}");
        let states = frontier.sources(day(3)).unwrap();
        assert_eq!(states.iter().map(|state| (state.source.as_str(), state.urls)).collect::<Vec<_>>(), [(keeper, 1)]);
    }
}

/// What fails, what the configuration names and what is left to the row of the address it moved to stays where it is.
#[test]
fn only_a_page_that_was_had_passes_to_the_other_source() {
    let week = Habit { revisit: Some(Duration::from_secs(7 * 86_400)), leads_on: false };
    let habits = || [("s".to_owned(), Habit::default()), ("t".to_owned(), week)];
    let of_t = || Find { source: "t".to_owned(), ..page("https://a.example/1") };
    let moved = |to: &str| Moved::To(url(to));
    for (root, end, expected) in [
        (false, failed("gone", 1)(visited(1, None)), ("s", None)),
        (true, visited(1, None), ("s", None)),
        (false, Visited { moved: moved("https://a.example/2"), ..visited(1, Some(day(1))) }, ("s", None)),
        // The same page at another scheme is no other row.
        (false, Visited { moved: moved("http://www.a.example/1"), ..visited(1, None) }, ("t", Some(7))),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let frontier = open(&folder).with_habits(habits());
        let first = Find { root, ..page("https://a.example/1") };
        frontier.add(&[first, page("https://a.example/2")], day(0)).unwrap();
        frontier.claim(&wish(day(0), &["s"], 9)).unwrap();
        frontier.finish(std::slice::from_ref(&end), &[], day(0)).unwrap();
        frontier.add(&[of_t()], day(1)).unwrap();
        assert_eq!(kept(&frontier), (expected.0.to_owned(), expected.1), "{end:?}");
    }
}

/// A page that a source read once, which is no more, is visited again by the one that finds it and does so.
#[test]
fn a_page_that_a_source_left_is_visited_as_the_next_one_does() {
    let week = Habit { revisit: Some(Duration::from_secs(7 * 86_400)), leads_on: false };
    for (due, habit, expected) in [(None, week, Some(7)), (Some(20), week, Some(20)), (None, Habit::default(), None)] {
        let folder = tempfile::tempdir().unwrap();
        open(&folder).add(&[page("https://a.example/1")], day(0)).unwrap();
        visit(&open(&folder), day(0), |visit| Visited { due_at: due.map(day), ..visit });
        let left = open(&folder).among(["t".to_owned()]).with_habits([("t".to_owned(), habit)]);
        left.add(&[Find { source: "t".to_owned(), ..page("https://a.example/1") }], day(1)).unwrap();
        assert_eq!(kept(&left), ("t".to_owned(), expected));
    }
}

/// A sitemap may give the moment it was made as the date of all it names: gleaner believes that less and less. One that is
/// right is believed at once, however often the page was found as it was in its own time.
#[test]
fn a_list_whose_dates_are_wrong_is_believed_less_and_less() {
    let source = Source { revisit: Some(Duration::from_secs(7 * 86_400)), ..Source::default() };
    let crawl = |days: std::ops::Range<i64>, says: &dyn Fn(i64) -> bool, changes: &dyn Fn(i64) -> bool| {
        let folder = tempfile::tempdir().unwrap();
        let frontier = open(&folder);
        let mut asked = Vec::new();
        for now in days {
            let fresh_at = says(now).then(|| day(now).checked_sub(Duration::from_secs(1)).unwrap());
            frontier.add(&[Find { fresh_at, ..page("https://a.example/1") }], day(now)).unwrap();
            for task in frontier.claim(&wish(day(now), &["s"], 9)).unwrap() {
                let changed = task.past.visits == 0 || changes(now);
                let outcome = if changed { Outcome::Ok } else { Outcome::Unchanged };
                let before = Before { interval: task.past.interval, ..Before::default() };
                let time = day(now).to_zoned_datetime(jiff::tz::TimeZone::UTC);
                let next = next_visit(&source, before, outcome, changed, None, &time);
                let (outcome, due_at, interval) = (outcome.to_string(), next.at, next.interval);
                let visit = Visited { at: day(now), outcome, changed, interval, ..visited(task.id, due_at) };
                frontier.finish(&[visit], &[], day(now)).unwrap();
                asked.push(now);
            }
        }
        asked
    };
    let (never, always) = (|_: i64| false, |_: i64| true);
    assert_eq!(crawl(0..100, &always, &never), [0, 1, 3, 7, 16, 34, 61], "each day a new date, and nothing new");
    assert_eq!(crawl(0..100, &never, &never), [0, 7, 18, 34, 58, 94], "without a date");
    assert_eq!(crawl(0..9, &always, &always), [0, 1, 2, 3, 4, 5, 6, 7, 8], "each day a new text");
    let edited = |now: i64| [20, 21, 60].contains(&now);
    assert_eq!(crawl(0..64, &edited, &edited), [0, 7, 18, 20, 21, 32, 48, 60], "news of what had long been as it was");
    let soon_right = |now: i64| now >= 8;
    assert_eq!(crawl(0..20, &always, &soon_right), [0, 1, 3, 7, 16, 17, 18, 19], "wrong at first, then right");
}

/// A feed may name the short address of a page, which leads for good to the one that a sitemap names.
#[test]
fn a_page_that_moved_passes_to_the_other_source_as_any_does() {
    let week = Habit { revisit: Some(Duration::from_secs(7 * 86_400)), leads_on: false };
    let of_t = Find { source: "t".to_owned(), ..page("https://a.example/long") };
    // What the other row of the address it moved to does: none, read once, visited again.
    for (other, keeper, due) in [(None, "t", Some(7)), (Some(None), "t", Some(7)), (Some(Some(day(20))), "s", None)] {
        let folder = tempfile::tempdir().unwrap();
        let frontier = open(&folder).with_habits([("s".to_owned(), Habit::default()), ("t".to_owned(), week)]);
        let short = page("https://a.example/1");
        frontier.add(std::slice::from_ref(&short), day(0)).unwrap();
        if other.is_some() {
            frontier.add(&[page("https://a.example/long")], day(0)).unwrap();
        }
        let tasks = frontier.claim(&wish(day(0), &["s"], 9)).unwrap();
        let end = |task: &gleaner::frontier::Task| match task.url.path() {
            "/1" => Visited { moved: Moved::To(url("https://a.example/long")), ..visited(task.id, None) },
            _ => visited(task.id, other.flatten()),
        };
        let mut done: Vec<Visited> = tasks.iter().map(end).collect();
        done.reverse();
        frontier.finish(&done, &[], day(0)).unwrap();
        let found = if other.is_some() { Find { source: "t".to_owned(), ..short } } else { of_t.clone() };
        let is_heard = !frontier.sift(std::slice::from_ref(&found), 0, day(1)).unwrap().finds.is_empty();
        frontier.add(&[found], day(1)).unwrap();
        assert_eq!((kept(&frontier), is_heard), ((keeper.to_owned(), due), keeper == "t"), "{other:?}");
        assert_eq!(priority(&frontier, "/1"), -1);
    }
}

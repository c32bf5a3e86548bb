//! The frontier in step with what changes around it: the clock, the configuration.

use std::time::Duration;

use gleaner::frontier::{Find, Frontier, Options, SqliteFrontier, Visited, Wish};
use gleaner::page::Timestamp;

use super::suite::{at, page, url, visited};

const DAY: i64 = 86_400;

fn open(folder: &tempfile::TempDir, names: &[&str]) -> SqliteFrontier {
    let path = folder.path().join("f.sqlite");
    let options = Options { shape_urls_max: 4, ..Options::default() };
    SqliteFrontier::open(&path, options).unwrap().among(names.iter().map(|name| (*name).to_owned()))
}

fn wish(now: Timestamp, sources: &[&str]) -> Wish {
    let sources = sources.iter().map(|source| ((*source).to_owned(), 1000)).collect();
    Wish { now, sources, busy: Vec::new(), hosts: 100, per_host: 100 }
}

fn root(source: &str, path: &str) -> Find {
    Find { root: true, source: source.to_owned(), ..page(&format!("https://a.example{path}")) }
}

/// What was visited, found and put off while the clock was a year ahead is not left until that year is over.
#[test]
fn a_clock_that_ran_ahead_silences_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder, &["s"]);
    let due = |path: &str| {
        let row = frontier.look(&url(&format!("https://a.example{path}"))).unwrap().unwrap();
        (row.due_at, row.task.past.last_at)
    };
    frontier.add(&[page("https://a.example/before")], at(0)).unwrap();
    let waits = Find { due_at: Some(at(9 * DAY)), ..page("https://a.example/waits") };
    frontier.add(&[waits], at(0)).unwrap();
    let ahead = |second| at(365 * DAY + second);
    let later = Find { due_at: Some(ahead(DAY)), ..page("https://a.example/later") };
    frontier.add(&[page("https://a.example/found"), later], ahead(0)).unwrap();
    let tasks = frontier.claim(&Wish { per_host: 1, ..wish(ahead(0), &["s"]) }).unwrap();
    assert_eq!(tasks[0].url.path(), "/before");
    let visit = Visited { at: ahead(1), ..visited(tasks[0].id, Some(ahead(1 + 2 * DAY))) };
    frontier.finish(&[visit], &[], ahead(1)).unwrap();
    assert_eq!(frontier.turn_back(at(100)).unwrap(), 0, "it may be the clock that is wrong now");
    // What a run notes meanwhile does not cover up what was noted ahead.
    for note in ["run", "turns", "turn s"] {
        frontier.keep_note(note, "", at(100)).unwrap();
    }
    assert_eq!(frontier.turn_back(at(1000)).unwrap(), 0);
    let now = 100 + 3600;
    assert_eq!(frontier.turn_back(at(now)).unwrap(), 3, "an hour later it is not");
    assert_eq!(due("/before"), (Some(at(now + 2 * DAY)), Some(at(now))), "as long as it was put off");
    assert_eq!(due("/found"), (Some(at(now)), None));
    assert_eq!(due("/later"), (Some(at(now + DAY)), None));
    assert_eq!(due("/waits"), (Some(at(9 * DAY)), None), "what was known before is as it was");
    let claimed = frontier.claim(&wish(at(now), &["s"])).unwrap();
    assert_eq!(claimed.iter().map(|task| task.url.path()).collect::<Vec<_>>(), ["/found"], "what was ready is not due");
    assert_eq!(frontier.turn_back(at(now + 2 * 3600)).unwrap(), 0, "once");
    let slightly = at(now).checked_sub(Duration::from_secs(60)).unwrap();
    assert_eq!(frontier.turn_back(slightly).unwrap(), 0, "clocks are set back a little all the time");
}

/// A clock that starts at 1970 and is set soon after moves nothing.
#[test]
fn a_clock_that_is_behind_for_a_while_moves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder, &["s"]);
    frontier.add(&[page("https://a.example/p")], at(0)).unwrap();
    let task = frontier.claim(&wish(at(0), &["s"])).unwrap().remove(0);
    frontier.finish(&[visited(task.id, Some(at(60 * DAY)))], &[], at(1)).unwrap();
    let before = frontier.look(&task.url).unwrap();
    let at_1970 = |second| Timestamp::from_second(second).unwrap();
    assert_eq!(frontier.turn_back(at_1970(9)).unwrap(), 0);
    assert_eq!(frontier.turn_back(at(DAY)).unwrap(), 0, "it is right again");
    assert_eq!(frontier.turn_back(at_1970(7 * DAY)).unwrap(), 0, "and wrong at the next start");
    assert_eq!(frontier.turn_back(at(2 * DAY)).unwrap(), 0);
    assert_eq!(frontier.look(&task.url).unwrap(), before);
}

/// A budget that ends early is not for ever the first source's alone.
#[test]
fn sources_have_their_turn_over_runs() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["s", "t", "u"];
    let finds: Vec<Find> = names
        .iter()
        .flat_map(|source| (0..3).map(move |n| (source, n)))
        .map(|(source, n)| Find { source: (*source).to_owned(), ..page(&format!("https://{source}.example/{n}")) })
        .collect();
    open(&folder, &names).add(&finds, at(0)).unwrap();
    let next = || {
        let one = Wish { hosts: 1, per_host: 1, ..wish(at(0), &names) };
        open(&folder, &names).claim(&one).unwrap()[0].url.to_string()
    };
    let turns: Vec<String> = (0..6).map(|_| next()).collect();
    let hosts: Vec<&str> = turns.iter().map(|url| &url[8..9]).collect();
    assert_eq!(hosts, ["s", "t", "u", "s", "t", "u"]);
    // A source that has nothing due is passed over.
    assert_eq!([next(), next(), next()].map(|url| url[8..9].to_owned()), ["s", "t", "u"]);
    let finds = [root("t", "/x"), root("t", "/y")];
    open(&folder, &names).add(&finds, at(0)).unwrap();
    assert_eq!([next(), next()], ["https://a.example/x", "https://a.example/y"]);
}

/// Roots that a list names no more make room for those it names instead.
#[test]
fn what_is_forgotten_counts_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder, &["s"]);
    let pages = |from: u32| -> Vec<Find> { (from..from + 4).map(|n| root("s", &format!("/p/{n}"))).collect() };
    for from in [0, 10, 20] {
        let finds = pages(from);
        let urls: Vec<_> = finds.iter().map(|find| find.url.clone()).collect();
        assert_eq!(frontier.add(&finds, at(0)).unwrap().new, 4);
        frontier.keep_roots("s", &urls).unwrap();
    }
    frontier.keep_roots("s", &[]).unwrap();
    let added = frontier.add(&[page("https://a.example/p/31"), page("https://a.example/p/32")], at(0)).unwrap();
    assert_eq!((added.new, added.cut), (2, 0));
}

/// What a page's link could not have is the site's own to name; `why` then tells of no cut any more.
#[test]
fn a_cut_is_forgotten_once_its_site_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder, &["s"]);
    let trap = page("https://a.example/calendar/1999-05");
    assert_eq!(frontier.add(std::slice::from_ref(&trap), at(0)).unwrap().cut, 1);
    assert!(frontier.cut(&trap.url).unwrap().is_some());
    assert_eq!(frontier.add(&[Find { named: true, ..trap.clone() }], at(1)).unwrap().new, 1);
    assert_eq!(frontier.cut(&trap.url).unwrap(), None);
}

/// A page of two sources is the second's once the first is no more, whichever of them was there first.
#[test]
fn a_page_of_two_is_that_of_who_is_left() {
    let folder = tempfile::tempdir().unwrap();
    open(&folder, &["s", "t"]).add(&[root("s", "/"), root("t", "/")], at(0)).unwrap();
    let left = open(&folder, &["t"]);
    let front = url("https://a.example/");
    assert_eq!(left.look(&front).unwrap().unwrap().task.source, "t");
    assert_eq!(left.keep_roots("t", std::slice::from_ref(&front)).unwrap(), 0);
    let states = left.sources(at(0)).unwrap();
    assert_eq!(states.iter().map(|state| (state.source.as_str(), state.urls)).collect::<Vec<_>>(), [("t", 1)]);
    let back = open(&folder, &["s", "t"]);
    assert_eq!(back.add(&[root("s", "/")], at(0)).unwrap().new, 1, "and each has its own again");
    let claimed = ["s", "t"].map(|source| back.claim(&wish(at(0), &[source])).unwrap().len());
    assert_eq!(claimed, [1, 1]);
}

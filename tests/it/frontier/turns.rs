//! Whose turn it is: pages never read, and those that were had and are to be visited again.

use gleaner::frontier::{Find, Frontier, Role, SqliteFrontier, Visited, Wish};

use super::again::{day, failed, open, visit, wish};
use super::suite::{at, page, url, visited};

pub(super) fn priority(frontier: &dyn Frontier, path: &str) -> i32 {
    frontier.look(&url(&format!("https://a.example{path}"))).unwrap().unwrap().task.priority
}

/// Pages of which each is had once: new ones and those to visit again, as many of each as asked for, all due at once.
fn old_and_new(frontier: &dyn Frontier, old: usize, new: usize) {
    let pages = |path: &str, count: usize| -> Vec<Find> {
        (0..count).map(|n| page(&format!("https://a.example/{path}{n}"))).collect()
    };
    frontier.add(&pages("old", old), day(0)).unwrap();
    visit(frontier, day(0), |visit| Visited { due_at: Some(day(1)), ..visit });
    frontier.add(&pages("new", new), day(2)).unwrap();
}

/// The beginnings of the paths that claims of so many tasks hand out.
fn handed_out(open: &dyn Fn() -> SqliteFrontier, claims: usize, most: usize) -> String {
    let claim = |_| open().claim(&Wish { per_host: most, ..wish(day(3), &["s"], most) }).unwrap();
    (0..claims).flat_map(claim).map(|task| task.url.path()[1..2].to_owned()).collect()
}

/// A page that nobody has read may be gone tomorrow; one to look at again can wait, but not for ever.
#[test]
fn what_was_never_read_goes_first_and_revisits_still_have_their_turn() {
    for (most, claims, expected) in [
        (1, 12, "nnnonnnonnno"),
        (3, 4, "nnnonnnonnno"),
        (8, 2, "nnnonnnonnnonnno"),
        (30, 1, "nnnonnnonnnonnnonnnonnnonnnonn"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        old_and_new(&open(&folder), 48, 50);
        assert_eq!(handed_out(&|| open(&folder), claims, most), expected, "by {most}, over runs");
    }
    for (old, new, expected) in [(20, 3, "nnnooooo"), (1, 20, "nnonnnnn"), (0, 20, "nnnnnnnn"), (20, 0, "oooooooo")] {
        let folder = tempfile::tempdir().unwrap();
        old_and_new(&open(&folder), old, new);
        assert_eq!(handed_out(&|| open(&folder), 1, 8), expected, "{old} old, {new} new");
    }
}

/// However many new ones wait, more than are looked at in one claim, revisits are among what becomes ready.
#[test]
fn revisits_have_their_turn_behind_more_new_pages_than_a_claim_looks_at() {
    let folder = tempfile::tempdir().unwrap();
    old_and_new(&open(&folder), 8, 2000);
    assert_eq!(handed_out(&|| open(&folder), 1, 8), "nnnonnno");
}

/// What its list names over and over stays a page that was had; what failed was not had, and a list is no page.
#[test]
fn only_pages_that_were_had_go_behind() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let list = Find { role: Role::Sitemap, priority: 1, ..page("https://a.example/map.xml") };
    let root = Find { root: true, priority: 2, ..page("https://a.example/root") };
    let plain = Find { root: true, ..page("https://a.example/plain") };
    let finds = [page("https://a.example/had"), page("https://a.example/failed"), list, root, plain];
    frontier.add(&finds, day(0)).unwrap();
    let tasks = frontier.claim(&wish(day(0), &["s"], 9)).unwrap();
    let end = |task: &gleaner::frontier::Task| match task.url.path() {
        "/failed" => Visited { due_at: Some(day(1)), ..failed("timeout", 1)(visited(task.id, None)) },
        _ => visited(task.id, Some(day(1))),
    };
    frontier.finish(&tasks.iter().map(end).collect::<Vec<_>>(), &[], day(0)).unwrap();
    assert!(frontier.sift(&finds, 9, day(1)).unwrap().finds.is_empty(), "nothing of it is news");
    frontier.add(&finds, day(1)).unwrap();
    let paths = ["/had", "/failed", "/map.xml", "/root", "/plain"];
    assert_eq!(paths.map(|path| priority(&frontier, path)), [-1, 0, 1, 2, 0]);
}

/// A run that ends after three tasks of each eight that it was given comes to a revisit all the same.
#[test]
fn what_is_given_back_unvisited_is_no_turn_of_its_source() {
    for (visits, expected) in [(1, "nnnonnno"), (2, "nnnonnno"), (3, "nnnonnnonnno"), (5, "nnnonnnonnno")] {
        let folder = tempfile::tempdir().unwrap();
        old_and_new(&open(&folder), 48, 50);
        let mut asked = String::new();
        while asked.len() < expected.len() {
            let frontier = open(&folder);
            let tasks = frontier.claim(&Wish { per_host: 8, ..wish(day(3), &["s"], 8) }).unwrap();
            let (made, left) = tasks.split_at(visits);
            asked.extend(made.iter().map(|task| &task.url.path()[1..2]));
            let done: Vec<Visited> = made.iter().map(|task| visited(task.id, None)).collect();
            frontier.finish(&done, &[], day(3)).unwrap();
            // As a pause of its host may last, what is to come is no time of a clock that ran ahead.
            frontier.release(&left.iter().map(|task| task.id).collect::<Vec<_>>(), day(3)).unwrap();
        }
        assert_eq!(&asked[..expected.len()], expected, "{visits} visits of each eight");
    }
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    old_and_new(&frontier, 1, 1);
    let tasks = frontier.claim(&wish(day(3), &["s"], 8)).unwrap();
    let ids: Vec<i64> = tasks.iter().map(|task| task.id).chain([999]).collect();
    frontier.release(&ids, day(300)).unwrap();
    frontier.release(&ids, day(3)).unwrap();
    assert_eq!(frontier.next_due(&["s".to_owned()]).unwrap(), Some(day(300)), "what is not leased stays");
    frontier.turn_back(day(4)).unwrap();
    assert_eq!(frontier.note("clock behind").unwrap(), None, "a pause to come is no clock that ran ahead");
}

/// Dead links that a list names for ever keep nothing from being read that is new; a list among them leads to more.
#[test]
fn what_is_woken_after_it_was_given_up_goes_behind_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let list = Find { role: Role::Sitemap, priority: 1, ..page("https://a.example/map.xml") };
    let named = [page("https://a.example/dead"), list, page("https://a.example/waits")];
    frontier.add(&named, day(0)).unwrap();
    visit(&frontier, day(0), |visit| match visit.id {
        3 => Visited { due_at: Some(day(40)), ..failed("gone", 1)(visit) },
        _ => failed("gone", 3)(visit),
    });
    frontier.add(&named, day(31)).unwrap();
    assert_eq!(["/dead", "/map.xml", "/waits"].map(|path| priority(&frontier, path)), [-1, 1, 0]);
}

/// What was had of a page says where it goes, not only whether its last visit went well.
#[test]
fn a_visit_that_brought_nothing_leaves_a_page_among_those_never_read() {
    let moved = |visit| Visited { outcome: "moved".to_owned(), changed: false, ..visit };
    let broken_off = |visit: Visited| Visited { due_at: Some(visit.at), ..visit };
    let well = |visit: Visited| Visited { due_at: Some(day(1)), ..visit };
    let unchanged = |visit| Visited { outcome: "unchanged".to_owned(), changed: false, ..visit };
    let ends: [(&dyn Fn(Visited) -> Visited, i32); 5] =
        [(&moved, 0), (&broken_off, 0), (&failed("http", 1), 0), (&well, -1), (&unchanged, -1)];
    for (at, (end, expected)) in ends.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let frontier = open(&folder);
        frontier.add(&[page("https://a.example/1")], day(0)).unwrap();
        visit(&frontier, day(0), end);
        assert_eq!(priority(&frontier, "/1"), expected, "end {at}");
        // What was had once stays so, whatever comes of it later.
        let id = frontier.look(&url("https://a.example/1")).unwrap().unwrap().task.id;
        frontier.finish(&[well(visited(id, None))], &[], day(2)).unwrap();
        frontier.finish(&[end(visited(id, None))], &[], day(3)).unwrap();
        assert_eq!(priority(&frontier, "/1"), -1, "end {at}, after it was had");
    }
}

/// Killed, a run leaves leases; neither that nor a visit by `add` says that a text changed or that a page was never had.
#[test]
fn what_was_left_by_a_killed_run_and_what_add_had_keep_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let paths = ["/had", "/failed", "/new"];
    frontier.add(&paths.map(|path| page(&format!("https://a.example{path}"))), day(0)).unwrap();
    let end = |task: &gleaner::frontier::Task| match task.url.path() {
        "/had" => visited(task.id, Some(day(1))),
        _ => Visited { due_at: Some(day(1)), ..failed("http", 1)(visited(task.id, None)) },
    };
    let tasks = frontier.claim(&wish(day(0), &["s"], 2)).unwrap();
    frontier.finish(&tasks.iter().map(end).collect::<Vec<_>>(), &[], day(0)).unwrap();
    let state = |frontier: &dyn Frontier| {
        paths.map(|path| {
            let row = frontier.look(&url(&format!("https://a.example{path}"))).unwrap().unwrap();
            (row.task.priority, row.task.past.changed_at)
        })
    };
    let before = [(-1, Some(at(1))), (0, None), (0, None)];
    assert_eq!(state(&frontier), before);
    assert_eq!(frontier.claim(&wish(day(2), &["s"], 9)).unwrap().len(), 3);
    drop(frontier);
    let frontier = open(&folder);
    let left: Vec<i64> = frontier.orphans().unwrap().iter().map(|task| task.id).collect();
    frontier.release(&left, day(2)).unwrap();
    assert_eq!((left.len(), state(&frontier)), (3, before));
    let had = frontier.claim(&wish(day(2), &["s"], 9)).unwrap().into_iter().find(|task| task.url.path() == "/had");
    frontier.finish(&[failed("http", 12)(visited(had.unwrap().id, None))], &[], day(2)).unwrap();
    let left: Vec<i64> = frontier.orphans().unwrap().iter().map(|task| task.id).collect();
    frontier.release(&left, day(2)).unwrap();
    for path in ["/had", "/failed"] {
        let recovered = frontier.recover(&url(&format!("https://a.example{path}")), day(3), &|_| Some(day(9)));
        assert_eq!(recovered.unwrap(), 1, "{path}");
    }
    assert_eq!(state(&frontier), before);
}

/// A frontier of an earlier schema knows by its past what was had.
#[test]
fn pages_that_an_older_frontier_had_go_behind() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(&folder));
    let path = folder.path().join("f.sqlite");
    let old = rusqlite::Connection::open(&path).unwrap();
    let rows = [
        // Path, whether the configuration names it, role, priority, visits, failures, outcome, when it changed, when it is due; and what it becomes.
        ("again", 0, "page", 0, 3, 0, "'unchanged'", "5", "9", -1),
        ("once", 0, "page", 0, 1, 0, "'ok'", "5", "NULL", -1),
        ("thread", 0, "thread", 0, 1, 0, "'ok'", "5", "9", -1),
        ("had-and-fails", 0, "page", 0, 9, 4, "'gone'", "5", "NULL", -1),
        ("fails", 0, "page", 0, 4, 4, "'gone'", "NULL", "9", 0),
        ("out-of-reach", 0, "page", 0, 1, 0, "'moved'", "NULL", "9", 0),
        ("new", 0, "page", 0, 0, 0, "NULL", "NULL", "9", 0),
        ("root", 1, "page", 2, 3, 0, "'ok'", "5", "9", 2),
        ("list", 0, "sitemap", 1, 3, 0, "'ok'", "5", "9", 1),
    ];
    old.execute_batch("ALTER TABLE urls DROP COLUMN doubt; PRAGMA user_version = 6").unwrap();
    for (name, root, role, priority, visits, fails, outcome, changed, due, _) in rows {
        old.execute_batch(&format!(
            "INSERT INTO urls (key, url, host, source, role, root, depth, priority, visits, fails, last_outcome, changed_at, due_at, \
             last_at, found_at) VALUES ('{name}', 'https://a.example/{name}', 'a.example', 's', '{role}', {root}, 1, {priority}, \
             {visits}, {fails}, {outcome}, {changed}, {due}, 8, 1)"
        ))
        .unwrap();
    }
    drop(old);
    let mut raised = Vec::new();
    open(&folder)
        .rows(&["s".to_owned()], false, &mut |row| {
            raised.push((row.task.url.path()[1..].to_owned(), row.task.priority))
        })
        .unwrap();
    let mut expected = rows.map(|row| (row.0.to_owned(), row.9)).to_vec();
    raised.sort();
    expected.sort();
    assert_eq!(raised, expected);
}

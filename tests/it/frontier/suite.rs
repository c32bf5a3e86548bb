//! What every frontier must do. Each case gets a new, empty one.

use std::time::Duration;

use gleaner::frontier::{Find, Frontier, Moved, Options, Role, SqliteFrontier, Visited, Wish};
use gleaner::page::{Timestamp, Url};

type Case = (&'static str, fn(&dyn Frontier));

const CASES: &[Case] = &[
    ("a find is handed out once", handed_out_once),
    ("priority goes before age", priority_first),
    ("hosts and quotas bound a claim", bounds),
    ("hosts have their turn", turns),
    ("a visit sets the next one", next_visit),
    ("what is released is due again", released),
    ("leases of a dead run come back", orphans),
    ("what is known does not use up a limit", sifted),
    ("the next page of a list is not left to its limit", sifted_on),
    ("one page under many addresses is one", one_page),
    ("news of a change wakes a page", renewed),
    ("traps are cut and noted", cut),
    ("a source forgets roots it no longer names", roots),
    ("a root that two sources name is kept for both", shared_root),
    ("lists that are named no more are left alone", dropped_lists),
    ("manners are kept by host", manners),
    ("notes are kept by name", notes),
    ("sources are counted", counted),
    ("what moved is asked for where it is", moved),
    ("addresses that lead to each other are not both lost", moved_round),
];

pub(super) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

pub(super) fn page(text: &str) -> Find {
    Find::page(url(text), "s")
}

fn wish(now: Timestamp) -> Wish {
    Wish { now, sources: vec![("s".to_owned(), 1000)], busy: Vec::new(), hosts: 100, per_host: 100 }
}

fn claimed(frontier: &dyn Frontier, now: Timestamp) -> Vec<String> {
    frontier.claim(&wish(now)).unwrap().into_iter().map(|task| task.url.to_string()).collect()
}

pub(super) fn visited(id: i64, due: Option<Timestamp>) -> Visited {
    Visited {
        id,
        at: at(1),
        outcome: "ok".to_owned(),
        changed: true,
        fails: 0,
        interval: Some(Duration::from_secs(60)),
        due_at: due,
        moved: Moved::No,
    }
}

#[test]
fn sqlite_passes_the_suite() {
    for (name, case) in CASES {
        let folder = tempfile::tempdir().unwrap();
        let frontier =
            SqliteFrontier::open(&folder.path().join("f.sqlite"), Options { shape_urls_max: 5, ..Options::default() })
                .unwrap();
        println!("{name}");
        case(&frontier);
    }
}

fn handed_out_once(frontier: &dyn Frontier) {
    let added = frontier
        .add(&[page("https://a.example/1"), page("https://a.example/1"), page("https://b.example/2")], at(0))
        .unwrap();
    assert_eq!((added.new, added.known), (2, 1));
    assert_eq!(claimed(frontier, at(0)).len(), 2);
    assert!(claimed(frontier, at(100)).is_empty());
    let later = Find { due_at: Some(at(50)), ..page("https://c.example/") };
    frontier.add(&[later], at(0)).unwrap();
    assert!(claimed(frontier, at(49)).is_empty());
    assert_eq!(claimed(frontier, at(50)), ["https://c.example/"]);
}

fn priority_first(frontier: &dyn Frontier) {
    let with = |path: &str, priority| Find { priority, ..page(&format!("https://a.example{path}")) };
    frontier.add(&[with("/low", 0), with("/high", 5), with("/mid", 1)], at(0)).unwrap();
    frontier.add(&[Find { priority: 9, ..page("https://a.example/low") }], at(0)).unwrap();
    let one = Wish { per_host: 1, ..wish(at(0)) };
    let next = || frontier.claim(&one).unwrap()[0].url.path().to_owned();
    assert_eq!([next(), next(), next()], ["/low", "/high", "/mid"]);
}

fn bounds(frontier: &dyn Frontier) {
    let finds: Vec<_> =
        (0..5).flat_map(|host| (0..3).map(move |n| page(&format!("https://h{host}.example/p{n}")))).collect();
    frontier.add(&finds, at(0)).unwrap();
    let busy = vec!["h0.example".to_owned()];
    let tasks = frontier.claim(&Wish { busy, hosts: 2, per_host: 2, ..wish(at(0)) }).unwrap();
    assert_eq!(
        tasks.iter().map(|task| task.host.as_str()).collect::<Vec<_>>(),
        ["h1.example", "h1.example", "h2.example", "h2.example"]
    );
    let few = Wish { sources: vec![("s".to_owned(), 3)], ..wish(at(0)) };
    assert_eq!(frontier.claim(&few).unwrap().len(), 3);
    let other = Wish { sources: vec![("t".to_owned(), 3)], ..wish(at(0)) };
    assert!(frontier.claim(&other).unwrap().is_empty());
}

fn turns(frontier: &dyn Frontier) {
    let finds = ["https://a.example/1", "https://a.example/2", "https://a.example/3", "https://b.example/1"];
    frontier.add(&finds.map(page), at(0)).unwrap();
    let one = Wish { hosts: 1, per_host: 1, ..wish(at(0)) };
    let next = || frontier.claim(&one).unwrap()[0].host.clone();
    assert_eq!([next(), next(), next(), next()], ["a.example", "b.example", "a.example", "a.example"]);
    assert!(frontier.claim(&Wish { hosts: 0, ..wish(at(0)) }).unwrap().is_empty(), "nothing wished for");
}

fn next_visit(frontier: &dyn Frontier) {
    frontier.add(&[page("https://a.example/1")], at(0)).unwrap();
    let task = frontier.claim(&wish(at(0))).unwrap().remove(0);
    frontier.finish(&[visited(task.id, Some(at(60)))], &[page("https://a.example/2")], at(1)).unwrap();
    assert_eq!(claimed(frontier, at(59)), ["https://a.example/2"]);
    let again = frontier.claim(&wish(at(60))).unwrap().remove(0);
    assert_eq!((again.past.visits, again.past.last_outcome.as_deref()), (1, Some("ok")));
    assert_eq!((again.past.interval, again.past.changed_at), (Some(Duration::from_secs(60)), Some(at(1))));
    frontier.finish(&[visited(again.id, None)], &[], at(61)).unwrap();
    assert!(claimed(frontier, at(1_000_000_000)).len() <= 1, "only the other page is left");
    assert_eq!(frontier.look(&url("https://a.example/1")).unwrap().unwrap().due_at, None);
}

fn released(frontier: &dyn Frontier) {
    frontier.add(&[page("https://a.example/1")], at(0)).unwrap();
    let task = frontier.claim(&wish(at(0))).unwrap().remove(0);
    frontier.release(&[task.id], at(30)).unwrap();
    assert!(claimed(frontier, at(29)).is_empty());
    assert_eq!(claimed(frontier, at(30)).len(), 1);
    assert_eq!(frontier.look(&task.url).unwrap().unwrap().task.past.visits, 0);
}

fn orphans(frontier: &dyn Frontier) {
    frontier.add(&[page("https://a.example/1"), page("https://a.example/2")], at(0)).unwrap();
    let tasks = frontier.claim(&wish(at(7))).unwrap();
    frontier.finish(&[visited(tasks[0].id, None)], &[], at(8)).unwrap();
    let left = frontier.orphans().unwrap();
    assert_eq!(left.iter().map(|task| (task.id, task.leased_at)).collect::<Vec<_>>(), [(tasks[1].id, Some(at(7)))]);
}

fn one_page(frontier: &dyn Frontier) {
    let same = [
        "http://www.a.example/x/?b=2&a=1&utm_source=z",
        "https://a.example/x?a=1&b=2#top",
        "https://A.example/x/index.html?a=1&b=2",
    ];
    let added = frontier.add(&same.map(page), at(0)).unwrap();
    assert_eq!((added.new, added.known), (1, 2));
    assert_eq!(claimed(frontier, at(0)), ["http://www.a.example/x/?b=2&a=1"], "asked for as found, without tracking");
}

/// A list that is longer than its source's limit is read on where the last visit of it ended.
fn sifted(frontier: &dyn Frontier) {
    let list: Vec<Find> = ["/login", "/a", "/b?print=1", "/b", "/a#top", "/c", "/d", "/e"]
        .map(|path| page(&format!("https://a.example{path}")))
        .to_vec();
    let mut all = Vec::new();
    for (expected, left) in [(&["/login", "/a", "/b?print=1", "/b"][..], 3), (&["/c", "/d"], 1), (&["/e"], 0), (&[], 0)]
    {
        let sifted = frontier.sift(&list, 2, at(0)).unwrap();
        let paths: Vec<String> = sifted.finds.iter().map(|find| find.url.as_str()[17..].to_owned()).collect();
        assert_eq!((paths, sifted.left), (expected.iter().map(|path| (*path).to_owned()).collect(), left));
        all.push(frontier.add(&sifted.finds, at(0)).unwrap());
    }
    assert_eq!(all.iter().map(|added| (added.new, added.cut)).collect::<Vec<_>>(), [(2, 2), (2, 0), (1, 0), (0, 0)]);
    let tasks = frontier.claim(&wish(at(0))).unwrap();
    frontier.finish(&[visited(tasks[0].id, None)], &[], at(1)).unwrap();
    let news: Vec<Find> = list.iter().map(|find| Find { fresh_at: Some(at(5)), ..find.clone() }).collect();
    let told = frontier.sift(&news, 2, at(9)).unwrap().finds;
    assert_eq!(told.len(), 1, "of what is known, what changed: {told:?}");
}

fn sifted_on(frontier: &dyn Frontier) {
    let next = Find { role: Role::Index, ..page("https://a.example/page-2") };
    let list = ["/a", "/b", "/c"].map(|path| page(&format!("https://a.example{path}")));
    let sifted = frontier.sift(&[&list[..], &[next]].concat(), 2, at(0)).unwrap();
    let paths: Vec<&str> = sifted.finds.iter().map(|find| find.url.path()).collect();
    assert_eq!((paths, sifted.left), (vec!["/a", "/b", "/page-2"], 1));
}

fn renewed(frontier: &dyn Frontier) {
    frontier.add(&[page("https://a.example/1")], at(0)).unwrap();
    let task = frontier.claim(&wish(at(0))).unwrap().remove(0);
    frontier.finish(&[visited(task.id, Some(at(10_000)))], &[], at(1)).unwrap();
    let told = |second| Find { fresh_at: Some(at(second)), ..page("https://a.example/1") };
    assert_eq!(frontier.add(&[told(0)], at(5)).unwrap().renewed, 0, "older than the visit");
    assert_eq!(frontier.add(&[told(1_000_000_000)], at(5)).unwrap().renewed, 0, "a date to come says nothing");
    assert_eq!(frontier.add(&[told(4)], at(5)).unwrap().renewed, 1);
    assert_eq!(claimed(frontier, at(5)).len(), 1);
}

fn cut(frontier: &dyn Frontier) {
    let reply = "https://a.example/posting.php?mode=reply&t=5";
    let numbers: Vec<_> = (0..8).map(|n| page(&format!("https://a.example/list?page={n}"))).collect();
    let added = frontier.add(&[numbers, vec![page(reply)]].concat(), at(3)).unwrap();
    assert_eq!((added.new, added.cut), (5, 4));
    let (why, when) = frontier.cut(&url(reply)).unwrap().unwrap();
    assert!(why.contains("posting.php") && when == at(3), "{why}");
    let (why, _) = frontier.cut(&url("https://a.example/list?page=7")).unwrap().unwrap();
    assert!(why.contains("more than 5 addresses of the shape"), "{why}");
    let named = |text: &str| Find { named: true, ..page(text) };
    let listed =
        ["https://a.example/press/print", "https://a.example/events/1999/12", "https://a.example/?sort=a&view=print"];
    assert_eq!(frontier.add(&listed.map(named), at(3)).unwrap().new, 3, "what its site itself names is a page");
    let endless = ["https://a.example/a/b/a/b/a/b/", "https://a.example/?t=1&t=2&t=3"];
    assert_eq!(frontier.add(&endless.map(named), at(3)).unwrap().cut, 2, "and yet not one of endlessly many");
    assert_eq!(frontier.add(&endless.map(named), at(3)).unwrap().cut, 0, "noted once");
    assert_eq!(frontier.sources(at(3)).unwrap()[0].cut, 6);
    let root = Find { root: true, ..page(reply) };
    assert_eq!(frontier.add(&[root], at(4)).unwrap().new, 1, "what the configuration names is taken");
}

fn roots(frontier: &dyn Frontier) {
    let root = |text: &str| Find { root: true, ..page(text) };
    frontier
        .add(&[root("https://a.example/1"), root("https://a.example/2"), page("https://a.example/3")], at(0))
        .unwrap();
    assert_eq!(frontier.keep_roots("s", &[url("https://a.example/2")]).unwrap(), 1);
    let mut left = Vec::new();
    frontier.rows(&["s".to_owned()], false, &mut |row| left.push(row.task.url.path().to_owned())).unwrap();
    assert_eq!(left, ["/2", "/3"]);
    let other = Find { source: "t".to_owned(), role: Role::Index, ..root("https://a.example/2") };
    assert_eq!(frontier.add(&[other], at(0)).unwrap().new, 1, "two sources may name one page");
    frontier.set_due(&[(2, Some(at(500)))]).unwrap();
    frontier.wake(&["s".to_owned()], at(9)).unwrap();
    assert_eq!(frontier.look(&url("https://a.example/2")).unwrap().unwrap().due_at, Some(at(9)));
}

/// Each source visits it at its own times, and remembers its own failures, however often the configuration is read.
fn shared_root(frontier: &dyn Frontier) {
    let front = url("https://a.example/");
    let of = |source: &str| Find { root: true, source: source.to_owned(), ..page("https://a.example/") };
    frontier.add(&[of("s"), of("t")], at(0)).unwrap();
    let of_source = |source: &str| Wish { sources: vec![(source.to_owned(), 9)], ..wish(at(0)) };
    let tasks = ["s", "t"].map(|source| frontier.claim(&of_source(source)).unwrap().remove(0));
    let failed = |id| Visited { fails: 3, outcome: "gone".to_owned(), ..visited(id, Some(at(900))) };
    frontier.finish(&tasks.iter().map(|task| failed(task.id)).collect::<Vec<_>>(), &[], at(1)).unwrap();
    for source in ["s", "t"] {
        assert_eq!(frontier.keep_roots(source, std::slice::from_ref(&front)).unwrap(), 0, "{source}");
        let mut rows = Vec::new();
        frontier.rows(&[source.to_owned()], true, &mut |row| rows.push((row.task.past.fails, row.due_at))).unwrap();
        assert_eq!(rows, [(3, Some(at(900)))], "{source}");
    }
    assert_eq!(frontier.keep_roots("t", &[]).unwrap(), 1, "no longer named by the second");
}

fn dropped_lists(frontier: &dyn Frontier) {
    let index = url("https://a.example/index.xml");
    let list = |path: &str| Find {
        role: Role::Sitemap,
        found_on: Some(index.clone()),
        ..page(&format!("https://a.example{path}"))
    };
    let other = Find { found_on: Some(url("https://a.example/other.xml")), ..list("/c.xml") };
    frontier.add(&[list("/a.xml"), list("/b.xml"), other, page("https://a.example/page")], at(0)).unwrap();
    let day = |n: i64| at(n * 86_400);
    let visit_all = |now: Timestamp| -> Vec<String> {
        let tasks = frontier.claim(&wish(now)).unwrap();
        let next = now.checked_add(Duration::from_secs(86_400)).unwrap();
        let due = |task: &gleaner::frontier::Task| task.role.is_list().then_some(next);
        let done: Vec<Visited> = tasks.iter().map(|task| Visited { at: now, ..visited(task.id, due(task)) }).collect();
        frontier.finish(&done, &[], now).unwrap();
        tasks.iter().map(|task| task.url.path().to_owned()).collect()
    };
    assert_eq!(visit_all(day(0)).len(), 4);
    let named = [url("https://www.a.example/b.xml")];
    assert_eq!(frontier.keep_lists("s", &index, &named).unwrap(), 1);
    assert_eq!(visit_all(day(1)), ["/b.xml", "/c.xml"]);
    // While it is being visited, its due time is the visit's matter.
    let tasks = frontier.claim(&wish(day(2))).unwrap();
    assert_eq!(frontier.keep_lists("s", &index, &[]).unwrap(), 1);
    let done: Vec<Visited> = tasks.iter().map(|task| visited(task.id, Some(day(3)))).collect();
    frontier.finish(&done, &[], day(2)).unwrap();
    assert_eq!(visit_all(day(3)), ["/c.xml"]);
    assert_eq!(frontier.sift(&[list("/a.xml")], 9, day(3)).unwrap().finds.len(), 1, "named again");
    frontier.add(&[list("/a.xml")], day(3)).unwrap();
    assert_eq!(visit_all(day(3)), ["/a.xml"]);
    // Given up, it is asked for after a rest, while it is named.
    let task = frontier.claim(&wish(day(4))).unwrap().into_iter().find(|task| task.url.path() == "/a.xml").unwrap();
    let failed = Visited { fails: 9, outcome: "gone".to_owned(), at: day(4), ..visited(task.id, None) };
    frontier.finish(&[failed], &[], day(4)).unwrap();
    for (now, expected) in [(day(5), 0), (day(19), 1)] {
        frontier.add(&[list("/a.xml")], now).unwrap();
        let asked = visit_all(now).iter().filter(|path| *path == "/a.xml").count();
        assert_eq!(asked, expected, "{now}");
    }
}

/// A frontier with an index of so many sitemaps, which is as it was.
fn with_lists(path: &std::path::Path, count: usize) -> (SqliteFrontier, Url, Vec<Url>) {
    let frontier = SqliteFrontier::open(path, Options::default()).unwrap();
    let index = url("https://a.example/index.xml");
    let named: Vec<Url> = (0..count).map(|n| url(&format!("https://a.example/{n}.xml"))).collect();
    let of_index = |url: &Url| Find {
        role: Role::Sitemap,
        found_on: Some(index.clone()),
        named: true,
        ..Find::page(url.clone(), "s")
    };
    frontier.add(&named.iter().map(of_index).collect::<Vec<_>>(), at(0)).unwrap();
    (frontier, index, named)
}

/// Each of very many lists may be asked for its own without the others being read, or anybody having to wait.
#[test]
fn a_list_that_names_what_it_named_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let (frontier, index, named) = with_lists(&path, 3);
    let writer = rusqlite::Connection::open(&path).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(frontier.keep_lists("s", &index, &named).unwrap(), 0, "beside another that writes");
    assert_eq!(frontier.keep_lists("s", &named[0], &[]).unwrap(), 0, "a list that never led to lists");
    writer.execute_batch("ROLLBACK").unwrap();
    let spelled = url("http://www.a.example/index.xml");
    assert_eq!(frontier.keep_lists("s", &spelled, &named[1..]).unwrap(), 1, "one list under two spellings");
    let plan: String = writer
        .query_row(
            "EXPLAIN QUERY PLAN SELECT id FROM urls WHERE source = ?1 AND found_key = ?2 AND root = 0 \
             AND role IN ('feed', 'sitemap')",
            ["s", "a.example/index.xml"],
            |line| line.get(3),
        )
        .unwrap();
    assert!(plan.contains("urls_lists (source=? AND found_key=?)"), "{plan}");
}

fn manners(frontier: &dyn Frontier) {
    frontier
        .with_host("a.example", &mut |old| {
            assert_eq!(old, None);
            Some("1".to_owned())
        })
        .unwrap();
    let mut seen = None;
    frontier
        .with_host("a.example", &mut |old| {
            seen.clone_from(&old);
            None
        })
        .unwrap();
    assert_eq!(seen.as_deref(), Some("1"));
}

fn notes(frontier: &dyn Frontier) {
    assert_eq!(frontier.note("x").unwrap(), None);
    frontier.keep_note("x", "one", at(0)).unwrap();
    frontier.keep_note("x", "two", at(1)).unwrap();
    assert_eq!(frontier.note("x").unwrap().as_deref(), Some("two"));
}

fn counted(frontier: &dyn Frontier) {
    let later = Find { due_at: Some(at(90)), ..page("https://a.example/9") };
    frontier.add(&[page("https://a.example/1"), later], at(0)).unwrap();
    let task = frontier.claim(&wish(at(0))).unwrap().remove(0);
    frontier.finish(&[visited(task.id, None)], &[], at(1)).unwrap();
    let state = frontier.sources(at(2)).unwrap().remove(0);
    assert_eq!((state.urls, state.due, state.next_due), (2, 0, Some(at(90))));
    assert_eq!((state.last_good, state.outcomes.get("ok")), (Some(at(1)), Some(&1)));
    assert_eq!(frontier.next_due(&["s".to_owned()]).unwrap(), Some(at(90)));
}

/// However much else is due, what is wished for is found.
#[test]
fn a_claim_finds_its_source_behind_many_others() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { shape_urls_max: u64::MAX, ..Options::default() };
    let frontier = SqliteFrontier::open(&folder.path().join("f.sqlite"), options).unwrap();
    let others: Vec<Find> =
        (0..25_000).map(|n| Find::page(url(&format!("https://h{}.example/{n}", n % 50)), "t")).collect();
    frontier.add(&others, at(0)).unwrap();
    frontier.add(&[page("https://a.example/1")], at(1)).unwrap();
    assert_eq!(claimed(&frontier, at(1)), ["https://a.example/1"]);
    let all = Wish { sources: vec![("t".to_owned(), 100_000)], per_host: 100_000, ..wish(at(1)) };
    let mut handed_out = 0;
    loop {
        let tasks = frontier.claim(&all).unwrap();
        handed_out += tasks.len();
        if tasks.is_empty() {
            break;
        }
    }
    assert_eq!(handed_out, 25_000);
}

#[test]
fn what_matters_more_does_not_wait_for_all_that_waits_longer() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { shape_urls_max: u64::MAX, ..Options::default() };
    let frontier = SqliteFrontier::open(&folder.path().join("f.sqlite"), options).unwrap();
    let others: Vec<Find> = (0..25_000).map(|n| page(&format!("https://h{}.example/{}", n % 50, n / 50))).collect();
    frontier.add(&others, at(0)).unwrap();
    let more = |path: &str, priority| Find { priority, ..page(&format!("https://h7.example/{path}")) };
    frontier.add(&[more("matters", 1), more("matters-most", 2)], at(9)).unwrap();
    let all: Vec<String> = (0..50).map(|n| format!("h{n}.example")).filter(|host| host != "h7.example").collect();
    let one = Wish { hosts: 1, per_host: 1, busy: all, ..wish(at(9)) };
    let next = || frontier.claim(&one).unwrap()[0].url.path().to_owned();
    assert_eq!([next(), next(), next()], ["/matters-most", "/matters", "/0"]);
}

/// However often is asked for a source that has nothing due, what others have due stays where it is.
#[test]
fn only_what_is_wished_for_becomes_ready() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let options = Options { shape_urls_max: u64::MAX, ..Options::default() };
    let frontier = SqliteFrontier::open(&path, options).unwrap();
    let others: Vec<Find> =
        (0..25_000).map(|n| Find::page(url(&format!("https://h{}.example/{n}", n % 50)), "t")).collect();
    frontier.add(&others, at(0)).unwrap();
    let ready = || -> i64 {
        let file = rusqlite::Connection::open(&path).unwrap();
        file.query_row("SELECT count(*) FROM urls WHERE state = 1", [], |line| line.get(0)).unwrap()
    };
    for _ in 0..3 {
        assert!(claimed(&frontier, at(1)).is_empty());
    }
    assert_eq!(ready(), 0, "nothing of another source");
    let both = Wish { sources: vec![("s".to_owned(), 1000), ("t".to_owned(), 5)], ..wish(at(1)) };
    assert_eq!(frontier.claim(&both).unwrap().len(), 5);
    assert!(ready() < 1000, "{} are ready for five that were wished for", ready());
}

#[test]
fn hosts_have_their_turn_over_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let open = || SqliteFrontier::open(&path, Options::default()).unwrap();
    let finds = ["https://a.example/1", "https://a.example/2", "https://b.example/1", "https://c.example/1"];
    open().add(&finds.map(page), at(0)).unwrap();
    let one = Wish { hosts: 1, per_host: 1, ..wish(at(0)) };
    let next = || open().claim(&one).unwrap()[0].host.clone();
    assert_eq!([next(), next(), next(), next()], ["a.example", "b.example", "c.example", "a.example"]);
}

#[test]
fn what_was_acknowledged_is_there_after_a_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let first = SqliteFrontier::open(&path, Options::default()).unwrap();
    first.add(&[page("https://a.example/1")], at(0)).unwrap();
    // Never closed, as by a kill.
    std::mem::forget(first);
    let second = SqliteFrontier::open(&path, Options::default()).unwrap();
    assert_eq!(claimed(&second, at(0)).len(), 1);
}

#[test]
fn a_newer_or_broken_frontier_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    std::fs::write(&path, b"no database at all, but long enough to be looked at as one").unwrap();
    let error = SqliteFrontier::open(&path, Options::default()).unwrap_err();
    assert!(error.to_string().contains("f.sqlite") && error.hint().contains("deleted"), "{error}");
    let bad = Options { url_rules: vec!["a.example loses x".to_owned()], ..Options::default() };
    let error = SqliteFrontier::open(&folder.path().join("g.sqlite"), bad).unwrap_err();
    assert!(error.to_string().contains("`keep` or `drop`"), "{error}");
}

fn moved(frontier: &dyn Frontier) {
    frontier
        .add(&[page("https://a.example/1"), page("https://a.example/2"), page("https://c.example/3")], at(0))
        .unwrap();
    let ids: Vec<(i64, String)> =
        frontier.claim(&wish(at(0))).unwrap().into_iter().map(|task| (task.id, task.url.path().to_owned())).collect();
    let id = |path: &str| ids.iter().find(|(_, known)| known == path).unwrap().0;
    let to = |path: &str, to: &str| Visited { moved: Moved::To(url(to)), ..visited(id(path), Some(at(60))) };
    let finds = [to("/1", "https://b.example/one"), to("/2", "https://c.example/3"), visited(id("/3"), Some(at(60)))];
    frontier.finish(&finds, &[], at(1)).unwrap();
    let found = frontier.add(&[page("https://www.b.example/one/")], at(2)).unwrap();
    assert_eq!((found.new, found.known), (0, 1), "its new address is known");
    assert_eq!(frontier.look(&url("https://b.example/one")).unwrap().unwrap().task.url, url("https://a.example/1"));
    let tasks = frontier.claim(&wish(at(60))).unwrap();
    let asked: Vec<(&str, String)> = tasks.iter().map(|task| (task.host.as_str(), task.asked().to_string())).collect();
    let expected = [("b.example", "https://b.example/one".to_owned()), ("c.example", "https://c.example/3".to_owned())];
    assert_eq!(asked, expected, "what has a row of its own is not asked twice");
    frontier.finish(&[Visited { moved: Moved::Back, ..visited(id("/1"), Some(at(90))) }], &[], at(61)).unwrap();
    let back = frontier.claim(&wish(at(90))).unwrap().remove(0);
    assert_eq!((back.host.as_str(), back.asked()), ("a.example", &url("https://a.example/1")));
}

fn moved_round(frontier: &dyn Frontier) {
    frontier.add(&[page("https://a.example/1"), page("https://a.example/2")], at(0)).unwrap();
    let task = |path: &str| frontier.look(&url(&format!("https://a.example/{path}"))).unwrap().unwrap();
    let (one, two) = (task("1").task.id, task("2").task.id);
    let to = |id, path: &str, due| Visited {
        moved: Moved::To(url(&format!("https://a.example/{path}"))),
        ..visited(id, Some(at(due)))
    };
    let dues = || -> Vec<Option<Timestamp>> {
        let mut rows = Vec::new();
        frontier.rows(&["s".to_owned()], false, &mut |row| rows.push((row.task.id, row.due_at))).unwrap();
        rows.sort();
        rows.into_iter().map(|(_, due)| due).collect()
    };
    frontier.claim(&wish(at(0))).unwrap();
    frontier.finish(&[to(one, "2", 60), visited(two, Some(at(60)))], &[], at(1)).unwrap();
    assert_eq!(dues(), [None, Some(at(60))], "the first is left to the second");
    frontier.claim(&wish(at(60))).unwrap();
    frontier.finish(&[to(two, "1", 120)], &[], at(61)).unwrap();
    assert_eq!(dues(), [None, Some(at(120))], "which nobody else visits");
    frontier.claim(&wish(at(120))).unwrap();
    let gone = Visited { outcome: "gone".to_owned(), moved: Moved::Back, ..visited(two, Some(at(900))) };
    frontier.finish(&[gone], &[], at(121)).unwrap();
    assert_eq!(dues(), [Some(at(121)), Some(at(900))], "lost, the first is asked again");
    assert_eq!(claimed(frontier, at(121)), ["https://a.example/1"]);
}

/// A frontier of the first schema is raised, and keeps what it knew.
#[test]
fn an_older_frontier_is_raised() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.sqlite");
    let frontier = SqliteFrontier::open(&path, Options::default()).unwrap();
    frontier.add(&[page("https://a.example/1")], at(0)).unwrap();
    drop(frontier);
    let (frontier, index, named) = with_lists(&path, 2);
    drop(frontier);
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(
        "ALTER TABLE urls DROP COLUMN doubt; DROP INDEX urls_lists; ALTER TABLE urls DROP COLUMN dropped; ALTER TABLE counts DROP COLUMN cut; \
         ALTER TABLE urls DROP COLUMN found_key; \
         DROP INDEX urls_waiting; \
         CREATE INDEX urls_waiting ON urls (due_at) WHERE state = 0 AND due_at IS NOT NULL; \
         DROP INDEX urls_moved; ALTER TABLE urls DROP COLUMN moved_key; ALTER TABLE urls DROP COLUMN moved_to; \
         INSERT INTO shapes VALUES ('a.example/left?utm_source', 3); \
         PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(old);
    let raised = SqliteFrontier::open(&path, Options::default()).unwrap();
    assert_eq!(raised.keep_lists("s", &index, &named[1..]).unwrap(), 1, "which list led to which");
    assert_eq!(claimed(&raised, at(0)), ["https://a.example/1", "https://a.example/1.xml"]);
    drop(raised);
    let shapes = rusqlite::Connection::open(&path).unwrap();
    let stale = "SELECT count(*) FROM shapes WHERE shape LIKE '%utm_source' OR urls <= 0";
    assert_eq!(shapes.query_row(stale, [], |line| line.get::<_, i64>(0)).unwrap(), 0, "shapes are of what is there");
    drop(shapes);
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.execute_batch("PRAGMA user_version = 99;").unwrap();
    let error = SqliteFrontier::open(&path, Options::default()).unwrap_err();
    assert!(error.to_string().contains("newer gleaner (schema 99"), "{error}");
}

/// SQLite does not wait by itself where two switch one new file to a log.
#[test]
fn a_frontier_may_be_made_by_many_at_once() {
    for _ in 0..60 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.sqlite");
        let start = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            let open = || {
                start.wait();
                SqliteFrontier::open(&path, Options::default()).map(drop)
            };
            let opened: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
            for one in opened {
                one.join().unwrap().unwrap();
            }
        });
    }
}

//! What was erased leaves the frontier for good: every byte of it, and nothing else.

use std::cell::Cell;

use gleaner::frontier::{Find, Frontier, IsMeant, Moved, Options, SqliteFrontier, Visited, Wish};
use gleaner::page::Url;
use tempfile::TempDir;

use super::suite::{at, page, url, visited};

/// Rows of a file that is larger than what is read in one go.
const MANY: usize = 20_000;

fn open(folder: &TempDir) -> SqliteFrontier {
    let options = Options { shape_urls_max: 4, ..Options::default() };
    SqliteFrontier::open(&folder.path().join("f.sqlite"), options).unwrap().among(["s".to_owned()])
}

fn of_a(url: &Url) -> bool {
    url.host_str() == Some("a.example")
}

fn bytes(folder: &TempDir) -> String {
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap_or_default();
    String::from_utf8_lossy(&["f.sqlite", "f.sqlite-wal"].map(read).concat()).into_owned()
}

fn known(frontier: &SqliteFrontier) -> Vec<String> {
    let mut known = Vec::new();
    let mut tell = |row: gleaner::frontier::Row| known.push(row.task.url.path().to_owned());
    frontier.rows(&["s".to_owned()], false, &mut tell).unwrap();
    known.sort();
    known
}

fn moves(frontier: &SqliteFrontier, from: &str, to: &str) {
    let id = frontier.look(&url(from)).unwrap().unwrap().task.id;
    let visit = Visited { moved: Moved::To(url(to)), ..visited(id, Some(at(60))) };
    frontier.finish(&[visit], &[], at(1)).unwrap();
}

/// Rows, where others were found or moved to, cuts, shapes, hosts and notes.
#[test]
fn no_byte_of_what_is_forgotten_stays_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let other = |path: &str| page(&format!("https://b.example{path}"));
    let found = Find { found_on: Some(url("https://a.example/marigold-list")), ..other("/found") };
    let trap = |path: &str| Find { depth: 3, ..page(&format!("https://a.example{path}")) };
    let traps = (0..9).map(|n| trap(&format!("/marigold/{n}")));
    frontier.add(&traps.collect::<Vec<_>>(), at(0)).unwrap();
    assert!(frontier.cut(&url("https://a.example/marigold/8")).unwrap().is_some(), "one is cut");
    let tracked = page("https://a.example/marigold/story?utm_source=letter");
    frontier
        .add(&[page("https://a.example/marigold-feed"), found, tracked, other("/moves"), other("/stays")], at(0))
        .unwrap();
    moves(&frontier, "https://b.example/moves", "https://a.example/marigold-new");
    for host in ["a.example", "b.example"] {
        frontier.with_host(host, &mut |_| Some("{}".to_owned())).unwrap();
        frontier.keep_note(&format!("robots https://{host}"), "{}", at(0)).unwrap();
    }
    let robots =
        serde_json::json!({ "answer": { "text": b"Allow: /\nSitemap:https://a.example/marigold.xml".to_vec() } });
    frontier.keep_note("robots https://c.example", &robots.to_string(), at(0)).unwrap();
    frontier
        .keep_note("rights https://d.example/ai.txt", r#"{"text":"see\nhttps://a.example/marigold"}"#, at(0))
        .unwrap();
    frontier.keep_note("rights https://e.example/ai.txt", r#"{"text":"Disallow: /*.a.example"}"#, at(0)).unwrap();
    frontier.keep_note("turn s", "a.example:8080", at(0)).unwrap();
    assert!(bytes(&folder).contains("marigold"));
    let known_of_it = frontier.forget(&|url| Ok(of_a(url))).unwrap();
    assert_eq!(known_of_it, 7, "four of the shape, two pages, and what moved there");
    assert!(frontier.clean(true).unwrap());
    assert!(!bytes(&folder).replace("*.a.example", "").contains("a.example"), "{}", bytes(&folder).len());
    assert!(!bytes(&folder).contains("marigold"));
    assert_eq!(known(&frontier), ["/found", "/stays"]);
    let is_noted = |name: &str| frontier.note(name).unwrap().is_some();
    for (name, stays) in [
        ("robots https://b.example", true),
        ("robots https://c.example", false),
        ("rights https://d.example/ai.txt", false),
        ("rights https://e.example/ai.txt", true),
        ("turn s", false),
    ] {
        assert_eq!(is_noted(name), stays, "{name}");
    }
    frontier
        .with_host("b.example", &mut |old| {
            assert!(old.is_some(), "what is known of other hosts stays");
            None
        })
        .unwrap();
    let again = (0..4).map(|n| trap(&format!("/marigold/{n}")));
    assert_eq!(frontier.add(&again.collect::<Vec<_>>(), at(2)).unwrap().new, 4, "nor are they counted any more");
}

/// What one page of a host says of that host is not the page's.
#[test]
fn a_page_alone_takes_nothing_of_its_host_along() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    frontier.add(&[page("https://a.example/"), page("https://a.example/b")], at(0)).unwrap();
    frontier.with_host("a.example", &mut |_| Some("{}".to_owned())).unwrap();
    assert_eq!(frontier.forget(&|url| Ok(of_a(url) && url.path() == "/")).unwrap(), 1);
    assert_eq!(known(&frontier), ["/b"]);
    frontier
        .with_host("a.example", &mut |old| {
            assert_eq!(old.as_deref(), Some("{}"));
            None
        })
        .unwrap();
    let mut said = Vec::new();
    let is_meant: IsMeant<'_> = &|url| Ok(url.path() == "/b");
    frontier.words(is_meant, &mut |text, stays| said.push((text.to_owned(), stays()))).unwrap();
    for (text, stays) in [("https://a.example/b", false), ("a.example/b", false), ("a.example", true)] {
        assert!(said.contains(&(text.to_owned(), stays)), "{text}: {said:?}");
    }
}

/// What nobody can judge is not forgotten, nor is anything before it.
#[test]
fn nothing_is_forgotten_where_it_cannot_be_told_what_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    frontier.add(&[page("https://a.example/1"), page("https://b.example/2")], at(0)).unwrap();
    let is_meant: IsMeant<'_> = &|url| if of_a(url) { Ok(true) } else { Err("the list is damaged".into()) };
    let error = frontier.forget(is_meant).unwrap_err();
    assert!(error.to_string().contains("the list is damaged"), "{error}");
    assert_eq!(known(&frontier), ["/1", "/2"]);
}

/// A visit that was under way ends with a row that is no more, and not with the one that came after it.
#[test]
fn the_number_of_what_was_forgotten_is_given_to_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let wish = Wish { now: at(0), sources: vec![("s".to_owned(), 9)], busy: Vec::new(), hosts: 9, per_host: 9 };
    frontier
        .add(&[page("https://b.example/0"), page("https://a.example/1"), page("https://a.example/2")], at(0))
        .unwrap();
    let tasks = frontier.claim(&wish).unwrap();
    frontier.forget(&|url| Ok(of_a(url))).unwrap();
    frontier.clean(true).unwrap();
    frontier.add(&[page("https://c.example/new"), page("https://c.example/newer")], at(1)).unwrap();
    let ends = |task: &gleaner::frontier::Task| Visited { moved: Moved::Back, ..visited(task.id, None) };
    frontier.finish(&tasks.iter().map(ends).collect::<Vec<_>>(), &[], at(2)).unwrap();
    let due = |of: &str| frontier.look(&url(of)).unwrap().map(|row| row.due_at);
    assert_eq!(due("https://c.example/new"), Some(Some(at(1))), "which nobody visited");
    assert_eq!(due("https://c.example/newer"), Some(Some(at(1))));
    assert_eq!(due("https://b.example/0"), Some(None), "which was");
    assert_eq!(due("https://a.example/1"), None);
}

/// Of very many rows each is judged once, and whoever writes meanwhile waits for nobody.
#[test]
fn much_is_judged_with_nothing_locked() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
         INSERT INTO urls (key, url, host, source, role, root, depth, priority, due_at, found_on, found_at)
         SELECT 'h' || (i % 9) || '.example/p' || i, 'https://h' || (i % 9) || '.example/p' || i, 'h' || (i % 9) || '.example',
             's', 'page', 0, 1, 0, 0, 'https://h1.example/map.xml', 0 FROM n"
    );
    rusqlite::Connection::open(folder.path().join("f.sqlite")).unwrap().execute_batch(&sql).unwrap();
    let other = rusqlite::Connection::open(folder.path().join("f.sqlite")).unwrap();
    other.busy_timeout(std::time::Duration::ZERO).unwrap();
    let judged = Cell::new(0_usize);
    let is_meant: IsMeant<'_> = &|url| {
        judged.set(judged.get() + 1);
        if judged.get().is_multiple_of(1999) {
            let note = format!("INSERT INTO notes VALUES ('met {}', '', 0)", judged.get());
            other.execute_batch(&note)?;
        }
        Ok(url.host_str() == Some("h8.example"))
    };
    let forgotten = frontier.forget(is_meant).unwrap();
    assert_eq!(forgotten as usize, MANY / 9);
    assert!(judged.get() <= MANY + 100, "{} addresses judged of {MANY} rows", judged.get());
    assert_eq!(known(&frontier).len(), MANY - MANY / 9);
    assert!(frontier.clean(false).unwrap(), "nobody reads in it");
    assert!(!bytes(&folder).contains("h8.example"));
}

/// A row is no witness for its own host, nor a source that is called as what goes is.
#[test]
fn what_is_meant_is_nowhere_said_to_stay() {
    let folder = tempfile::tempdir().unwrap();
    let frontier = open(&folder);
    let of_source = |url: &str, source: &str| Find { source: source.to_owned(), ..page(url) };
    frontier
        .add(
            &[of_source("https://a.example/1", "letters"), of_source("https://b.example/2", "https://a.example/")],
            at(0),
        )
        .unwrap();
    frontier.with_host("a.example", &mut |_| Some("{}".to_owned())).unwrap();
    let mut stays = Vec::new();
    frontier
        .words(&|url| Ok(of_a(url)), &mut |text, is_of_what_stays| {
            stays.extend(is_of_what_stays().then(|| text.to_owned()));
        })
        .unwrap();
    stays.sort();
    stays.dedup();
    assert_eq!(stays, ["b.example", "b.example/2", "https://b.example/2", "letters"]);
}

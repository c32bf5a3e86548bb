//! What the configuration says of pages holds for those known already, however late it says it.

use rusqlite::Connection;

use super::{outcomes, place};
use crate::cli::Place;
use crate::support::server::{Reply, Server};
use crate::support::sim::story;

const DAY: f64 = 86_400_000.0;

/// A sitemap of three pages of each of two folders, and one of the second folder alone.
fn site() -> Server {
    Server::open(|request| match request.path.as_str() {
        path @ ("/map.xml" | "/other.xml") => {
            let folders: &[&str] = if path == "/map.xml" { &["a", "tag"] } else { &["tag"] };
            let names = (0..3).flat_map(|n| folders.iter().map(move |folder| format!("/{folder}/{n}")));
            let entries: String = names.map(|name| format!("<url><loc>{name}</loc></url>")).collect();
            Reply::new(200, &[("content-type", "text/xml")], format!("<urlset>{entries}</urlset>").as_bytes())
        }
        path => Reply::html(&story(path)),
    })
}

fn table(server: &Server, name: &str, list: &str, terms: &str) -> String {
    let url = server.url(list);
    format!("[[schedule]]\nname = \"{name}\"\nkind = \"sitemap\"\nurl = \"{url}\"\nevery = \"400d\"\n{terms}\n")
}

fn configure(place: &Place, tables: &str) {
    place.write("gleaner.toml", format!("[fetch]\nrights_files = false\n{tables}"));
}

fn frontier(place: &Place) -> Connection {
    Connection::open(place.path("archive/frontier.sqlite")).unwrap()
}

/// Days from the last visit of each found page to the next.
fn waits(place: &Place) -> Vec<Option<f64>> {
    let file = frontier(place);
    let sql = "SELECT (due_at - last_at) / ?1 FROM urls WHERE root = 0 AND last_at IS NOT NULL ORDER BY url";
    let mut statement = file.prepare(sql).unwrap();
    statement.query_map([DAY], |line| line.get(0)).unwrap().map(Result::unwrap).collect()
}

/// So many days pass for the pages that were found.
pub(super) fn pass(place: &Place, days: f64) {
    let sql = "UPDATE urls SET last_at = last_at - ?1, due_at = due_at - ?1, found_at = found_at - ?1 WHERE root = 0";
    frontier(place).execute(sql, [(days * DAY) as i64]).unwrap();
}

pub(super) fn asked_by(server: &Server, place: &Place, words: &[&str]) -> Vec<String> {
    let before = server.log().len();
    place.run(words);
    let mut asked = server.paths().split_off(before);
    asked.retain(|path| path != "/robots.txt");
    asked.sort();
    asked
}

fn all_within(waits: &[Option<f64>], days: f64) -> bool {
    waits.len() == 6 && waits.iter().all(|wait| wait.is_some_and(|wait| wait >= days * 0.999 && wait <= days * 1.101))
}

#[test]
fn a_revisit_that_is_added_shortened_or_removed_holds_for_known_pages() {
    let server = site();
    let place = place(&table(&server, "s", "/map.xml", ""));
    let why = || place.run(&["why", &server.url("/a/1")]).stdout;
    assert_eq!(place.run(&["run"]).code, 0);
    assert_eq!(waits(&place), [None; 6]);
    assert!(why().contains("! due        never again: pages of this source are read once"), "{}", why());
    configure(&place, &table(&server, "s", "/map.xml", "revisit = \"2d\""));
    // Who only looks changes nothing, and is told what will be.
    for words in [&["run", "--dry-run"][..], &["schedule"]] {
        assert_eq!(place.run(words).code, 0);
        assert_eq!(waits(&place), [None; 6], "{words:?}");
    }
    let told = why();
    assert!(
        told.contains("! due        not before the next run") && told.contains("`revisit` of `s` is another"),
        "{told}"
    );
    assert!(asked_by(&server, &place, &["run"]).is_empty(), "none is due yet");
    assert!(all_within(&waits(&place), 2.0), "{:?}", waits(&place));
    assert!(!why().contains("is another"), "{}", why());
    pass(&place, 3.0);
    assert_eq!(asked_by(&server, &place, &["run"]).len(), 6);
    assert!(all_within(&waits(&place), 2.0), "{:?}", waits(&place));
    // A shorter one holds for what had been found to change seldom, too, and that is not forgotten.
    let slow = "UPDATE urls SET interval = 8 * 86400, due_at = last_at + 8 * 86400000 WHERE url LIKE '%/tag/%'";
    assert_eq!(frontier(&place).execute(slow, []).unwrap(), 3);
    configure(&place, &table(&server, "s", "/map.xml", "revisit = \"1d\""));
    for _ in 0..2 {
        assert!(asked_by(&server, &place, &["run"]).is_empty());
        assert!(all_within(&waits(&place), 1.0), "{:?}", waits(&place));
    }
    pass(&place, 2.0);
    assert_eq!(asked_by(&server, &place, &["run"]).len(), 6);
    let days: Vec<f64> = waits(&place).into_iter().map(|wait| wait.unwrap_or_default().round()).collect();
    assert!(days[..3].iter().all(|days| *days < 3.0) && days[3..].iter().all(|days| *days > 11.0), "{days:?}");
    // A page that fails keeps its turn, and what is removed is read once.
    frontier(&place).execute("UPDATE urls SET fails = 1 WHERE url LIKE '%/a/0'", []).unwrap();
    configure(&place, &table(&server, "s", "/map.xml", ""));
    assert_eq!(place.run(&["run"]).code, 0);
    let due: Vec<bool> = waits(&place).iter().map(Option::is_some).collect();
    assert_eq!(due, [true, false, false, false, false, false]);
    assert!(why().contains("read once"), "{}", why());
}

/// Another name, list, pattern or time of the list is no other `revisit`.
#[test]
fn what_else_changes_in_a_table_leaves_the_times_of_its_pages() {
    let server = site();
    let place = place(&table(&server, "s", "/map.xml", "revisit = \"2d\""));
    assert_eq!(place.run(&["run"]).code, 0);
    let odd = "UPDATE urls SET interval = 8 * 86400, due_at = last_at + 777600000 WHERE root = 0";
    assert_eq!(frontier(&place).execute(odd, []).unwrap(), 6);
    for (name, list, terms) in [
        ("renamed", "/map.xml", "revisit = \"48h\""),
        ("renamed", "/map.xml", "revisit = \"2d\"\nexclude = [\"/none/*\"]"),
        ("renamed", "/map.xml", "revisit = \"2d\"\nlimit = 7"),
        ("s", "/map.xml", "revisit = \"2d\""),
    ] {
        configure(&place, &table(&server, name, list, terms));
        assert_eq!(place.run(&["run"]).code, 0);
        assert_eq!(waits(&place), [Some(9.0); 6], "{name} {terms}");
    }
    // A name and a `revisit` at once: what held under the old name is known.
    configure(&place, &table(&server, "both", "/map.xml", "revisit = \"1d\""));
    assert_eq!(place.run(&["run"]).code, 0);
    assert!(all_within(&waits(&place), 1.0), "{:?}", waits(&place));
}

/// An older program noted nothing: a page that nobody was to visit again follows `revisit`, one that has its time keeps it as
/// long as that may be.
#[test]
fn pages_of_an_older_frontier_follow_the_table() {
    let server = site();
    let place = place(&table(&server, "s", "/map.xml", "revisit = \"2d\""));
    assert_eq!(place.run(&["run"]).code, 0);
    let file = frontier(&place);
    assert_eq!(file.execute("DELETE FROM notes WHERE name = 'revisit s'", []).unwrap(), 1);
    for sql in [
        "UPDATE urls SET due_at = NULL, interval = NULL WHERE url LIKE '%/a/%'",
        "UPDATE urls SET due_at = last_at + 480 * 86400000, interval = 480 * 86400 WHERE url LIKE '%/tag/0'",
        "UPDATE urls SET due_at = last_at + 5 * 86400000, interval = 5 * 86400 WHERE url LIKE '%/tag/1'",
    ] {
        file.execute(sql, []).unwrap();
    }
    drop(file);
    assert!(asked_by(&server, &place, &["run"]).is_empty());
    let days: Vec<f64> = waits(&place).into_iter().map(|wait| wait.unwrap_or_default()).collect();
    assert!(days[..3].iter().all(|days| (2.0..2.21).contains(days)), "{days:?}");
    assert!((32.0..35.3).contains(&days[3]) && days[4] == 5.0 && (2.0..2.21).contains(&days[5]), "{days:?}");
}

fn waiting(place: &Place, like: &str) -> i64 {
    let sql = "SELECT count(*) FROM urls WHERE url LIKE ?1 AND due_at IS NOT NULL";
    frontier(place).query_row(sql, [like], |line| line.get(0)).unwrap()
}

#[test]
fn what_is_left_out_later_is_not_asked_until_it_is_taken_again() {
    let server = site();
    let place = place(&table(&server, "s", "/map.xml", "revisit = \"2d\""));
    // The list, and some of its pages.
    assert_eq!(place.run(&["run", "--max-pages", "4"]).code, 0);
    let had = server.paths().iter().filter(|path| path.starts_with("/tag/")).count();
    let why = |page: &str| place.run(&["why", &server.url(page)]).stdout;
    for terms in
        ["exclude = [\"/tag/*\"]", "include = [\"/a/*\"]", "include = [\"/none/*\", \"/a/*\"]\nexclude = [\"/tag/1\"]"]
    {
        configure(&place, &table(&server, "s", "/map.xml", &format!("revisit = \"2d\"\n{terms}")));
        assert!(why("/tag/1").contains("! due        not while `s` leaves it out"), "{}", why("/tag/1"));
        assert!(!why("/a/1").contains("leaves it out"), "{}", why("/a/1"));
        // Who only looks changes nothing.
        let before = waiting(&place, "%/tag/%");
        let due = place.run(&["run", "--dry-run"]);
        assert!(due.code == 0 && !due.stdout.contains("/tag/1"), "{due:?}");
        assert_eq!(waiting(&place, "%/tag/%"), before);
        for _ in 0..2 {
            let rest = asked_by(&server, &place, &["run"]);
            assert!(rest.iter().all(|path| path.starts_with("/a/")), "{terms}: {rest:?}");
            pass(&place, 60.0);
        }
        assert_eq!(waiting(&place, "%/tag/%"), 0, "{terms}");
    }
    assert_eq!(asked_by(&server, &place, &["run"]), ["/a/0", "/a/1", "/a/2"]);
    // Taken again, all of them are asked: those that were had as well, as they had been due.
    configure(&place, &table(&server, "s", "/map.xml", "revisit = \"2d\""));
    assert!(why("/tag/1").contains("not before the next run"), "{}", why("/tag/1"));
    assert_eq!(asked_by(&server, &place, &["run"]), ["/tag/0", "/tag/1", "/tag/2"], "{had} of them were had before");
    assert_eq!((waits(&place).len(), waiting(&place, "%")), (6, 7), "all of them and the list have their time");
}

/// What rests is none of the pages that a run or its source may have.
#[test]
fn what_rests_counts_against_no_limit() {
    let server = site();
    let place = place(&table(&server, "s", "/map.xml", ""));
    assert_eq!(place.run(&["run", "--max-pages", "1"]).code, 0);
    frontier(&place).execute("UPDATE urls SET priority = 1 WHERE url LIKE '%/tag/%'", []).unwrap();
    configure(&place, &table(&server, "s", "/map.xml", "exclude = [\"/tag/*\"]\nlimit = 1"));
    assert_eq!(asked_by(&server, &place, &["run", "--max-pages", "1"]).len(), 1, "the three that rest went first");
    assert_eq!(waiting(&place, "%/tag/%"), 0);
    configure(&place, &table(&server, "s", "/map.xml", "exclude = [\"/tag/*\"]"));
    assert_eq!(asked_by(&server, &place, &["run"]).len(), 2);
}

/// What one source leaves out may be another's: that reads what was not read, and has nothing to do with the rest.
#[test]
fn what_one_source_leaves_out_another_reads_where_nobody_did() {
    let server = site();
    let place = place(&table(&server, "s", "/map.xml", "revisit = \"2d\""));
    assert_eq!(place.run(&["run", "--max-pages", "4"]).code, 0);
    let had: Vec<String> = server.paths().into_iter().filter(|path| path.starts_with("/tag/")).collect();
    assert!(had.len() < 3, "{had:?}");
    let out = |other: &str| {
        table(&server, "s", "/map.xml", "revisit = \"2d\"\nexclude = [\"/tag/*\"]")
            + &table(&server, "o", "/other.xml", other)
    };
    pass(&place, 3.0);
    configure(&place, &out("exclude = [\"/*\"]"));
    assert_eq!(asked_by(&server, &place, &["run", "s"]).iter().filter(|path| path.starts_with("/tag/")).count(), 0);
    assert!(asked_by(&server, &place, &["run", "o"]).iter().all(|path| path == "/other.xml"), "it takes none");
    configure(&place, &out(""));
    let mut unread: Vec<String> = (0..3).map(|n| format!("/tag/{n}")).collect();
    unread.retain(|path| !had.contains(path));
    let mut asked = asked_by(&server, &place, &["run", "o"]);
    asked.retain(|path| path != "/other.xml");
    assert_eq!(asked, unread);
    // The mistake is undone: what had been read goes on as it did, by the source that had it.
    configure(&place, &(table(&server, "s", "/map.xml", "revisit = \"2d\"") + &table(&server, "o", "/other.xml", "")));
    let again: Vec<String> =
        asked_by(&server, &place, &["run"]).into_iter().filter(|path| path.starts_with("/tag/")).collect();
    assert_eq!(again, had);
}

/// A page is known by its first address; a pattern that comes later may be of another one by which the list names it now.
#[test]
fn a_page_that_its_list_names_by_an_address_that_is_taken_is_read() {
    let server = Server::open(|request| match (request.path.as_str(), request.earlier) {
        ("/map.xml", earlier) => {
            let end = if earlier == 0 { "" } else { "/" };
            let entries = format!("<url><loc>/a/1{end}</loc></url><url><loc>/a/2</loc></url>");
            Reply::new(200, &[("content-type", "text/xml")], format!("<urlset>{entries}</urlset>").as_bytes())
        }
        (path, _) => Reply::html(&story(path)),
    });
    let place = place(&table(&server, "s", "/map.xml", ""));
    assert_eq!(asked_by(&server, &place, &["run", "--max-pages", "1"]), ["/map.xml"]);
    configure(&place, &table(&server, "s", "/map.xml", "include = [\"/a/*/\"]"));
    assert!(asked_by(&server, &place, &["run"]).is_empty(), "neither address is taken");
    assert_eq!(asked_by(&server, &place, &["run", "s"]), ["/a/1/", "/map.xml"]);
    assert_eq!(asked_by(&server, &place, &["run", "s"]), ["/map.xml"]);
}

/// Two sources lead to one page, one of them over a redirect for good: it is left to the other, until that leaves it out.
#[test]
fn a_page_that_was_left_to_a_row_that_rests_is_asked_by_who_left_it() {
    let server = Server::open(|request| match request.path.as_str() {
        path @ ("/one.xml" | "/two.xml") => {
            let name = if path == "/one.xml" { "/x" } else { "/y" };
            let entries = format!("<url><loc>{name}</loc></url>");
            Reply::new(200, &[("content-type", "text/xml")], format!("<urlset>{entries}</urlset>").as_bytes())
        }
        "/x" => Reply::redirect(301, "/y"),
        path => Reply::html(&story(path)),
    });
    for (revisit, expected) in [("revisit = \"2d\"", &["/y"][..]), ("", &[])] {
        let tables = |terms: &str| {
            table(&server, "two", "/two.xml", &format!("revisit = \"2d\"\n{terms}"))
                + &table(&server, "one", "/one.xml", revisit)
        };
        let place = place(&tables(""));
        assert_eq!(asked_by(&server, &place, &["run", "two"]), ["/two.xml", "/y"]);
        assert_eq!(asked_by(&server, &place, &["run", "one"]), ["/one.xml", "/x", "/y"]);
        pass(&place, 9.0);
        assert_eq!(asked_by(&server, &place, &["run"]), ["/y"], "one row asks it");
        pass(&place, 9.0);
        configure(&place, &tables("exclude = [\"/y\"]"));
        assert_eq!(asked_by(&server, &place, &["run"]), expected, "{revisit}");
        pass(&place, 9.0);
        assert_eq!(asked_by(&server, &place, &["run"]), expected, "{revisit}");
    }
}

/// What has moved is asked where it is: that counts.
#[test]
fn a_page_that_moved_is_left_out_by_where_it_is() {
    let server = Server::open(|request| match request.path.as_str() {
        "/map.xml" => {
            let entries = "<url><loc>/old/1</loc></url><url><loc>/old/2</loc></url>";
            Reply::new(200, &[("content-type", "text/xml")], format!("<urlset>{entries}</urlset>").as_bytes())
        }
        "/old/1" => Reply::redirect(301, "/new/1"),
        "/old/2" => Reply::redirect(301, "/tag/2"),
        path => Reply::html(&story(path)),
    });
    let place = place(&table(&server, "s", "/map.xml", "revisit = \"2d\""));
    assert_eq!(place.run(&["run"]).code, 0);
    for (terms, expected) in [
        ("exclude = [\"/old/*\"]", &["/new/1", "/tag/2"][..]),
        ("include = [\"/old/*\"]", &["/new/1", "/tag/2"]),
        ("exclude = [\"/tag/*\"]", &["/new/1", "/tag/2"]),
        ("exclude = [\"/tag/*\", \"/old/2\"]", &["/new/1"]),
        ("include = [\"/tag/*\"]", &["/tag/2"]),
        ("include = [\"/tag/*\", \"/any?utm_source=*\"]", &["/new/1", "/tag/2"]),
    ] {
        pass(&place, 60.0);
        configure(&place, &table(&server, "s", "/map.xml", &format!("revisit = \"2d\"\n{terms}")));
        assert_eq!(asked_by(&server, &place, &["run"]), expected, "{terms}");
    }
}

/// A click that is counted leads to another site, a page for members to the sign-in: neither is the source's page. Where a
/// site has several hosts, or names a page by a longer address, it is.
#[test]
fn what_leads_out_of_reach_for_now_is_no_page_of_its_source() {
    let server = Server::open(|request| {
        let port = request.header("host").and_then(|host| host.rsplit_once(':')).map_or("80", |(_, port)| port);
        let to = |location: &str| Reply::redirect(302, &location.replace("PORT", port));
        match request.path.as_str() {
            "/list" => {
                let links = (1..=6).map(|at| format!("<a href=/go/{at}>Page {at} of the quay</a> "));
                Reply::html(&format!("<p>All pages.</p>{}", links.collect::<String>()))
            }
            "/feed" => {
                let items = (1..=2).map(|at| format!("<item><link>/go/{at}</link></item>"));
                let xml = format!("<rss><channel>{}</channel></rss>", items.collect::<String>());
                Reply::new(200, &[("content-type", "application/rss+xml")], xml.as_bytes())
            }
            "/go/1" => to("/login?next=1"),
            "/go/2" => to("http://b.localhost:PORT/offer"),
            "/go/3" if !request.header("host").unwrap_or_default().starts_with("b.") => {
                to("http://b.localhost:PORT/go/3")
            }
            "/go/4" => to("http://m.a.localhost:PORT/four"),
            "/go/5" => to("/five?session=1"),
            path => Reply::html(&story(path)),
        }
    });
    let at = |path: &str| server.url(path).replace("127.0.0.1", "a.localhost");
    let ran = |kind: &str, list: &str, terms: &str| {
        let url = at(list);
        let place = place(&format!(
            "[[schedule]]\nname = \"s\"\nkind = \"{kind}\"\nurl = \"{url}\"\nevery = \"1h\"\nexclude = [\"/login*\"]\n{terms}\n"
        ));
        let (code, lines) = place.json(&["run"]);
        assert_eq!(code, 0, "{lines:#?}");
        let mut outcomes = outcomes(&lines);
        outcomes.retain(|(path, _)| path.starts_with("/go/"));
        outcomes.sort();
        let outcomes: Vec<String> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
        (place, outcomes.join(" "))
    };
    let (place, outcomes) = ran("index", "/list", "");
    assert_eq!(outcomes, "moved moved ok ok ok ok");
    let told = place.run(&["why", &at("/go/2")]).stdout;
    assert!(told.contains("/offer, which is out of its source's reach"), "{told}");
    assert_eq!(place.json(&["show", &at("/go/2")]).1[0]["text"].as_str().unwrap_or_default(), "");
    let (_, again) = place.json(&["run", "s"]);
    assert!(!again.is_empty());
    assert_eq!(ran("index", "/list", "scope = \"any\"").1, "moved ok ok ok ok ok", "anywhere but what is excluded");
    assert_eq!(ran("feed", "/feed", "").1, "moved ok", "a feed may name its pages by a redirector");
}

//! Redirects that were a mistake, or tell that a page is gone.

use rusqlite::Connection;

use super::terms::asked_by;
use super::{outcomes, place};
use crate::cli::Place;
use crate::support::server::{Reply, Server};
use crate::support::sim::story;

const FEED: [(&str, &str); 1] = [("content-type", "application/rss+xml")];

fn feed(names: &[&str]) -> Reply {
    let items: String = names.iter().map(|name| format!("<item><link>{name}</link></item>")).collect();
    Reply::new(200, &FEED, format!("<rss><channel>{items}</channel></rss>").as_bytes())
}

/// So many days pass for what is noted of own addresses.
fn pass(place: &Place, days: i64) {
    let file = Connection::open(place.path("archive/frontier.sqlite")).unwrap();
    let notes = "SELECT name, text FROM notes WHERE name LIKE 'own address %' AND text != ''";
    let mut statement = file.prepare(notes).unwrap();
    let all = statement.query_map([], |line| Ok((line.get::<_, String>(0)?, line.get::<_, String>(1)?))).unwrap();
    for (name, text) in all.map(Result::unwrap).collect::<Vec<_>>() {
        let at: jiff::Timestamp = text.parse().unwrap();
        let earlier = at - jiff::SignedDuration::from_hours(24 * days);
        file.execute("UPDATE notes SET text = ?2 WHERE name = ?1", [name, earlier.to_string()]).unwrap();
    }
    // The archive knows when a root was visited: as one that was broken off it is due nevertheless.
    let due = "UPDATE urls SET last_at = last_at - ?1, due_at = CASE WHEN root THEN last_at ELSE due_at END - ?1";
    file.execute(due, [days * 86_400_000]).unwrap();
}

/// A feed that was redirected for good by mistake, for an hour.
#[test]
fn a_list_that_moved_by_mistake_is_asked_where_it_was() {
    for by_name in [true, false] {
        let server = Server::open(|request| match (request.path.as_str(), request.earlier) {
            ("/feed", 1) => Reply::redirect(301, "/"),
            ("/feed", earlier) => feed(&[&format!("/post-{earlier}")]),
            (path, _) => Reply::html(&story(path)),
        });
        let url = server.url("/feed");
        let place = place(&format!("[[schedule]]\nname = \"f\"\nkind = \"feed\"\nurl = \"{url}\"\nevery = \"1h\"\n"));
        assert_eq!(asked_by(&server, &place, &["run"]), ["/feed", "/post-0"]);
        pass(&place, 1);
        assert_eq!(asked_by(&server, &place, &["run"]), ["/", "/feed"]);
        for _ in 0..2 {
            pass(&place, 10);
            assert_eq!(asked_by(&server, &place, &["run"]), ["/"]);
        }
        let told = place.run(&["why", &url]).stdout;
        assert!(told.contains("its own address is asked once a month, and by `run f` once a day"), "{told}");
        if by_name {
            assert_eq!(asked_by(&server, &place, &["run", "f"]), ["/feed", "/post-2"]);
        } else {
            pass(&place, 31);
            assert_eq!(asked_by(&server, &place, &["run"]), ["/feed", "/post-2"]);
        }
        pass(&place, 1);
        assert_eq!(asked_by(&server, &place, &["run"]), ["/feed", "/post-3"]);
    }
}

#[test]
fn a_page_that_moved_is_asked_at_its_own_address_once_a_month_and_stays_where_it_is_while_that_brings_nothing() {
    let server = Server::open(|request| match (request.path.as_str(), request.earlier) {
        ("/back" | "/dead" | "/still" | "/passing", 0) => Reply::redirect(301, "/new-place"),
        ("/still", _) => Reply::redirect(301, "/new-place"),
        ("/passing", _) => Reply::redirect(302, "/elsewhere"),
        ("/dead", _) => Reply::status(404),
        (path, _) => Reply::html(&story(path)),
    });
    for (path, again, then) in [
        ("/back", &["/back"][..], "/back"),
        ("/still", &["/new-place", "/still"], "/new-place"),
        ("/dead", &["/dead", "/new-place"], "/new-place"),
        ("/passing", &["/elsewhere", "/new-place", "/passing"], "/new-place"),
    ] {
        let url = server.url(path);
        let place = place(&format!("[[schedule]]\nname = \"l\"\nurls = [\"{url}\"]\nevery = \"1d\"\n"));
        assert_eq!(asked_by(&server, &place, &["run"]).len(), 2, "{path}");
        let moved = || outcomes(&place.json(&["history", &url]).1).iter().filter(|(_, how)| how == "moved").count();
        let before = moved();
        pass(&place, 2);
        assert_eq!(asked_by(&server, &place, &["run", "--dry-run"]).len(), 0);
        for days in [0, 31] {
            pass(&place, days);
            let log = server.log().len();
            let words: &[&str] = if days == 0 { &["run", "l"] } else { &["run"] };
            let (code, lines) = place.json(words);
            let mut asked = server.paths().split_off(log);
            asked.retain(|path| path != "/robots.txt");
            asked.sort();
            assert_eq!((code, asked), (0, again.iter().map(|s| (*s).to_owned()).collect()), "{path} after {days} days");
            assert!(
                outcomes(&lines).iter().all(|(_, outcome)| ["ok", "unchanged"].contains(&outcome.as_str())),
                "{lines:#?}"
            );
            assert_eq!(asked_by(&server, &place, &["run", "l"]), [then], "{path} after {days} days, at once");
            pass(&place, 2);
            assert_eq!(asked_by(&server, &place, &["run"]), [then], "{path} after {days} days and two");
        }
        assert_eq!((before, moved()), (1, 1), "{path}: nothing is noted of what was known");
    }
}

//! Where the pages of a thread lead, over real HTTP on loopback: back, on, and home.

use serde_json::Value;

use super::{Place, of_type};
use crate::support::server::{Reply, Server};

const SAID: [&str; 5] = [
    "The lamp over the north steps has been dark since Tuesday and somebody slipped there.",
    "I told the harbour office twice, they say the wire has to be drawn again from the shed.",
    "We put a lantern on the railing for the weekend, please do not take it home with you.",
    "The electrician came by today, measured something, shook his head and went for lunch.",
    "It burns again! Not as bright as before, yet one sees the last two steps of them all.",
];

/// A post of a board nobody listed.
fn post(number: usize, said: &str) -> String {
    format!(
        "<div class=entry id=p{number}><div class=who><a href='/u/{number}'>Sailor {number}</a></div>\
         <div class=when>March {number}, 2024 at 9:15 AM</div><div class=words><p>{said} {number}</p></div></div>"
    )
}

fn page(posts: &str, head: &str, foot: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>The lamp is dark</title>{head}</head><body><h1>The lamp is dark</h1>\
         {posts}{foot}</body></html>"
    )
}

/// Two posts of each page.
fn two(number: usize) -> String {
    (number * 2 - 1..=number * 2).map(|at| post(at, SAID[at % SAID.len()])).collect()
}

fn place() -> Place {
    let place = Place::new();
    place.write("gleaner.toml", "[fetch]\nrights_files = false\n");
    place
}

fn asked(server: &Server) -> Vec<String> {
    server.paths().into_iter().filter(|path| path != "/robots.txt").collect()
}

fn posts(place: &Place, url: &str) -> Vec<Value> {
    let (_, lines) = place.json(&["show", url]);
    of_type(&lines, "capture")[0]["records"]["posts"].as_array().cloned().unwrap_or_default()
}

fn number(path: &str) -> usize {
    path.rsplit('/').next().and_then(|last| last.parse().ok()).unwrap_or(1)
}

/// A board whose `rel=next` leads back from the second page on; the row of pages says better. Where nothing does, the
/// thread is told to be read in part.
#[test]
fn a_link_that_leads_back_is_not_the_end_of_more_pages() {
    for has_row in [true, false] {
        let server = Server::open(move |request| {
            let at = number(&request.path);
            let next = if at == 1 { 2 } else { at - 1 };
            let row = if has_row { format!("<a href='/t/{}'>Next Page</a>", at + 1) } else { String::new() };
            let foot =
                if at < 4 { format!("<div>Page {at} of 4 {row}</div>") } else { "<div>Page 4 of 4</div>".to_owned() };
            Reply::html(&page(&two(at), &format!("<link rel=next href='/t/{next}'>"), &foot))
        });
        let (place, url) = (place(), server.url("/t/1"));
        let ended = place.run(&["add", "--thread", &url]);
        let read = if has_row { 8 } else { 4 };
        assert_eq!(posts(&place, &url).len(), read, "{}", ended.stdout);
        assert_eq!(ended.stdout.contains("page 2 of 4"), !has_row, "{}", ended.stdout);
        assert_eq!(ended.code == 0, has_row, "{}", ended.stdout);
    }
}

#[test]
fn how_an_article_over_pages_ended_is_told() {
    let server = Server::open(|request| {
        let at = number(&request.path);
        let said: String = SAID.map(|said| format!("<p>{said} On sheet {at} it is told so.</p>")).join("");
        Reply::html(&format!(
            "<!doctype html><html lang=en><head><title>The lamp is dark</title><link rel=next href='/story/{}'></head>\
             <body><article><h1>The lamp is dark</h1>{said}</article></body></html>",
            at + 1
        ))
    });
    let ended = place().run(&["add", "--thread", "--pages-max", "3", &server.url("/story/1")]);
    assert!(ended.stdout.contains("stopped after 3 pages"), "{}", ended.stdout);
}

/// Whoever names a later page of a thread that is known means that thread.
#[test]
fn a_later_page_of_a_known_thread_is_a_visit_of_it() {
    let server = Server::open(|request| {
        let at = number(&request.path);
        let link = |to: usize| if to == at { format!("<b>{to}</b>") } else { format!("<a href='/t/{to}'>{to}</a>") };
        let row: String = (1..4).map(|to| format!("{} ", link(to))).collect();
        Reply::html(&page(&two(at), "", &format!("<div class=pagination>{row}</div>")))
    });
    let (place, url) = (place(), server.url("/t/1"));
    place.json(&["add", "--thread", &url]);
    assert_eq!(asked(&server), ["/t/1", "/t/2", "/t/3"]);
    let (code, lines) = place.json(&["add", "--thread", &server.url("/t/2")]);
    assert_eq!(code, 0);
    assert_eq!(asked(&server)[3..], ["/t/2", "/t/3"]);
    let capture = of_type(&lines, "capture")[0];
    assert_eq!((capture["url"].as_str(), capture["outcome"].as_str()), (Some(&url[..]), Some("unchanged")));
    let (_, listed) = place.json(&["list"]);
    assert!(!listed.iter().any(|line| line["url"].as_str().is_some_and(|url| url.ends_with("/t/2"))), "{listed:#?}");
}

/// Without ids and times only words tell posts apart: what somebody says again pages later is said again. What the next
/// page begins with once more is not.
#[test]
fn the_same_words_on_a_later_page_are_another_post() {
    let server = Server::open(|request| {
        let at = number(&request.path);
        let bare = |(author, said): (&str, &str)| {
            format!("<div class=plank><i class=by>{author}</i><p class=says>{said}</p></div>")
        };
        let shown = match at {
            1 => [("Ann", SAID[0]), ("Bob", SAID[1]), ("Eve", SAID[2])].map(bare),
            _ => [("Eve", SAID[2]), ("Zoe", SAID[3]), ("Bob", SAID[1])].map(bare),
        };
        let next = if at == 1 { "<link rel=next href='/t/2'>" } else { "" };
        Reply::html(&page(&(shown.concat() + &bare(("Max", &format!("{} {at}", SAID[4])))), next, ""))
    });
    let place = place();
    place.write(
        "pier.toml",
        "[[platform]]\nid = 'pier'\nname = 'Pier board'\ndetect.any = ['.plank']\npost.container = '.plank'\n\
         post.author = ['.by']\npost.body = ['.says']\n",
    );
    place.write("gleaner.toml", "[fetch]\nrights_files = false\n[extract]\nplatforms = ['pier.toml']\n");
    let url = server.url("/t/1");
    place.json(&["add", "--thread", &url]);
    let authors: Vec<String> =
        posts(&place, &url).iter().map(|post| post["author"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(authors, ["Ann", "Bob", "Eve", "Max", "Zoe", "Bob", "Max"]);
}

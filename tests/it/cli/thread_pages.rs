//! Pages of threads and articles that are entered, ordered or called otherwise than one after the other.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{Place, article, of_type};
use crate::support::server::{Reply, Request, Server};

fn place() -> Place {
    let place = Place::new();
    place.write("gleaner.toml", "[fetch]\nrights_files = false\n");
    place
}

fn shown(place: &Place, url: &str) -> Value {
    let (_, lines) = place.json(&["show", url]);
    of_type(&lines, "capture")[0].clone()
}

/// What was asked for since so many requests were.
fn asked(server: &Server, since: usize) -> Vec<String> {
    server.paths().into_iter().filter(|path| path != "/robots.txt").skip(since).collect()
}

/// The numbers of the posts that are kept.
fn numbers(place: &Place, url: &str) -> Vec<usize> {
    let capture = shown(place, url);
    let posts = capture["records"]["posts"].as_array().cloned().unwrap_or_default();
    let number = |post: &Value| post["text"].as_str()?.split_whitespace().nth(1)?.parse().ok();
    posts.iter().filter_map(number).collect()
}

/// A board nobody listed, whose posts have no ids: five on a page, and links to the page before and the next one alone.
#[derive(Default)]
struct Board {
    posts: Vec<usize>,
    /// A page that is not there.
    missing: usize,
}

fn post(at: usize) -> String {
    format!(
        "<div class=entry><div class=top><a class=person href='/people/{0}'>{0}</a> <span class=day>2023-05-{1:02} 10:{2:02}\
         </span></div><div class=words><p>Rope {at} is frayed at its end and wants splicing by {at} people.</p></div></div>",
        ["ann", "ben", "cid"][at % 3],
        at + 1,
        at * 2
    )
}

fn serve(board: &Arc<Mutex<Board>>) -> Server {
    let board = Arc::clone(board);
    Server::open(move |request: &Request| {
        let board = board.lock().expect("no test panics while it holds the board");
        let page: usize = request.path.rsplit_once("page=").and_then(|(_, page)| page.parse().ok()).unwrap_or(1);
        let pages = board.posts.len().div_ceil(5);
        if page == board.missing || page > pages {
            return Reply::status(404);
        }
        let at = |page: usize| if page == 1 { "/ropes".to_owned() } else { format!("/ropes?page={page}") };
        let link = |page: usize, said: &str| format!("<a href='{}'>{said}</a> ", at(page));
        let before = if page > 1 { link(page - 1, "Previous") } else { String::new() };
        let next = if page < pages { link(page + 1, "Next") } else { String::new() };
        let shown: String = board.posts.iter().skip((page - 1) * 5).take(5).map(|&at| post(at)).collect();
        Reply::html(&format!(
            "<!doctype html><html lang=en><head><title>Frayed ropes</title></head><body><a href=/>Home</a>\
             <h1>Frayed ropes</h1><div class=pages>{before}{next}</div><div class=all>{shown}</div>\
             <div class=pages>{before}{next}</div><p>Run by the rope makers</p></body></html>"
        ))
    })
}

#[test]
fn a_thread_that_is_entered_on_a_later_page_is_read_from_its_first_one() {
    let board = Arc::new(Mutex::new(Board { posts: (0..13).collect(), missing: 0 }));
    let server = serve(&board);
    for page in 1..=3 {
        let (place, since) = (place(), asked(&server, 0).len());
        let url = server.url(&if page == 1 { "/ropes".to_owned() } else { format!("/ropes?page={page}") });
        let (code, _) = place.json(&["add", "--thread", &url]);
        assert_eq!((code, numbers(&place, &url)), (0, (0..13).collect::<Vec<_>>()), "from page {page}");
        assert_eq!(asked(&server, since).len(), 3, "no page is asked for twice: {:?}", asked(&server, since));
    }
    // The page before cannot be had: what comes behind is kept, and told to be in part.
    board.lock().unwrap().missing = 1;
    let (place, url) = (place(), server.url("/ropes?page=3"));
    let (code, _) = place.json(&["add", "--thread", &url]);
    assert_eq!((code, numbers(&place, &url)), (3, (5..13).collect::<Vec<_>>()));
    let detail = shown(&place, &url)["detail"].as_str().unwrap_or_default().to_owned();
    assert!(detail.contains("/ropes, which comes before"), "{detail}");
    board.lock().unwrap().missing = 0;
    let (code, _) = place.json(&["add", "--thread", &url]);
    assert_eq!((code, numbers(&place, &url)), (0, (0..13).collect::<Vec<_>>()), "the head is asked for again");
    board.lock().unwrap().missing = 1;
    // So far and no further.
    let (place, since) = (self::place(), asked(&server, 0).len());
    let (code, _) = place.json(&["add", "--thread", "--pages-max", "1", &url]);
    assert_eq!((code, numbers(&place, &url)), (3, (10..13).collect::<Vec<_>>()));
    assert_eq!(asked(&server, since).len(), 1);
}

/// The piece before is another text, however its address is counted.
#[test]
fn a_previous_article_is_no_page_before() {
    let server = Server::open(|request| {
        let (title, at) = match request.path.as_str() {
            "/?p=12" => ("The boats came home", 12),
            _ => ("Who mends the northern steps", 11),
        };
        let page = article(title, "It was late.")
            .replace("<main>", &format!("<main><a rel=prev href='/?p={}'>Older</a>", at - 1));
        Reply::html(&page)
    });
    let (place, url) = (place(), server.url("/?p=12"));
    let (code, _) = place.json(&["add", "--thread", &url]);
    let text = shown(&place, &url)["text"].as_str().unwrap_or_default().to_owned();
    assert!(code == 0 && text.starts_with("The boats came home") && !text.contains("northern"), "{text}");
}

#[test]
fn a_board_that_turns_its_order_loses_nothing() {
    let board = Arc::new(Mutex::new(Board { posts: (0..13).collect(), missing: 0 }));
    let server = serve(&board);
    let (place, url) = (place(), server.url("/ropes"));
    for last in [13, 21, 23] {
        board.lock().unwrap().posts = if last == 13 { (0..13).collect() } else { (0..last).rev().collect() };
        let (code, _) = place.json(&["add", "--thread", &url]);
        assert_eq!((code, numbers(&place, &url)), (0, board.lock().unwrap().posts.clone()));
    }
    board.lock().unwrap().posts = (0..26).collect();
    place.json(&["add", "--thread", &url]);
    assert_eq!(numbers(&place, &url), (0..26).collect::<Vec<_>>(), "and back");
}

#[test]
fn a_plain_visit_of_a_kept_thread_keeps_its_posts() {
    let board = Arc::new(Mutex::new(Board { posts: (0..13).collect(), missing: 0 }));
    let server = serve(&board);
    let (place, url) = (place(), server.url("/ropes"));
    place.json(&["add", "--thread", &url]);
    // One is taken away on the first page, which is all that a plain visit asks for.
    board.lock().unwrap().posts.remove(1);
    let since = asked(&server, 0).len();
    place.json(&["add", &url]);
    assert_eq!(asked(&server, since), ["/ropes"]);
    assert_eq!(numbers(&place, &url), (0..13).collect::<Vec<_>>());
    place.json(&["re-extract"]);
    assert_eq!(numbers(&place, &url), (0..13).collect::<Vec<_>>(), "nothing is read again from one page");
    board.lock().unwrap().posts.push(13);
    let since = asked(&server, 0).len();
    place.json(&["add", "--thread", &url]);
    assert_eq!(asked(&server, since), ["/ropes?page=3"], "the next visit goes on");
    assert_eq!(numbers(&place, &url), (0..14).collect::<Vec<_>>());
    assert_eq!(place.run(&["check"]).code, 0);
}

/// An article of three pages, each called as its part, with an answer and code that come again.
fn part(page: usize, of: usize) -> String {
    let title = ["How the winter of ice began", "Bread in baskets", "A channel is sawn"][page - 1];
    let told = |at: usize| {
        format!(
            "<p>On page {page} the keeper of the light tells in paragraph {at} how the winter of that year froze the harbour \
             shut and how bread was carried over the ice.</p><p>So it was.</p>"
        )
    };
    let next = if page < of { format!("<a href='/ice?page={}'>Next page</a>", page + 1) } else { String::new() };
    format!(
        "<!doctype html><html lang=en><head><title>{title}</title></head><body><nav><a href=/>Home</a></nav><article>\
         <h1>{title}</h1>{}{}{}</article><div class=pager><span>Page {page} of {of}</span> {next}</div></body></html>",
        told(1),
        told(2),
        told(3)
    )
}

#[test]
fn parts_with_headings_of_their_own_are_one_text_in_which_nothing_said_again_is_lost() {
    let pages = Arc::new(Mutex::new(2));
    let count = Arc::clone(&pages);
    let server = Server::open(move |request| {
        let page: usize = request.path.rsplit_once("page=").and_then(|(_, page)| page.parse().ok()).unwrap_or(1);
        Reply::html(&part(page, *count.lock().expect("no test panics while it holds the count")))
    });
    let (place, url) = (place(), server.url("/ice"));
    for (of, heads) in [(2, &["Bread in baskets"][..]), (3, &["Bread in baskets", "A channel is sawn"])] {
        *pages.lock().unwrap() = of;
        let (code, _) = place.json(&["add", "--thread", &url]);
        let text = shown(&place, &url)["text"].as_str().unwrap_or_default().to_owned();
        assert!(code == 0 && text.starts_with("How the winter of ice began\n"), "{text}");
        for page in 1..=of {
            assert_eq!(text.matches(&format!("On page {page} ")).count(), 3, "{text}");
        }
        assert_eq!(text.matches("So it was.").count(), 3 * of, "{text}");
        assert!(heads.iter().all(|head| text.matches(head).count() == 1), "{text}");
    }
}

/// Pieces of a column have one headline, and days of their own.
#[test]
fn pieces_of_a_column_are_no_pages() {
    let server = Server::open(|request| {
        let at: usize = request.path.trim_start_matches("/column/").parse().unwrap_or(1);
        let head = format!(
            "<link rel=next href='/column/{}'><meta property='article:published_time' content='2024-03-{at:02}T08:00:00Z'></head>",
            at + 1
        );
        Reply::html(&article("A letter from the harbour", &format!("It is day {at}.")).replace("</head>", &head))
    });
    let (place, url) = (place(), server.url("/column/11"));
    let (code, _) = place.json(&["add", "--thread", &url]);
    let text = shown(&place, &url)["text"].as_str().unwrap_or_default().to_owned();
    assert!(code == 0 && text.contains("day 11") && !text.contains("day 12"), "{text}");
}

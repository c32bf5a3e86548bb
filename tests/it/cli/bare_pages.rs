//! Pages of threads that show no posts: behind the last one, between others, and such as are too short to tell posts apart.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{Place, of_type};
use crate::support::server::{Reply, Request, Server};

const PER_PAGE: usize = 6;

/// A board nobody listed: a thread, and what stands in place of one of its pages.
#[derive(Clone)]
struct Board {
    posts: usize,
    /// Each page has a row of numbers.
    rows: bool,
    /// Each page names a next one, and those behind the last show this.
    endless: Option<&'static str>,
    /// What pages show instead of their posts.
    instead: Vec<(usize, String)>,
    /// What comes in place of a page.
    other: Option<(usize, &'static str)>,
}

impl Default for Board {
    fn default() -> Self {
        Self { posts: 20, rows: true, endless: None, instead: Vec::new(), other: None }
    }
}

const HOME: &str = "<!doctype html><html lang=en><head><title>Harbour talk</title></head><body><h1>Harbour talk</h1>\
    <p>Welcome to the talk of the harbour, where sailors help each other with ropes, sails and rudders all year.</p>\
    <p>Choose a board from the list above, or write to the keeper of the light if you cannot find one.</p></body></html>";

impl Board {
    fn page(&self, page: usize) -> String {
        let pages = self.posts.div_ceil(PER_PAGE);
        let at = |page: usize| if page == 1 { "/ropes".to_owned() } else { format!("/ropes?page={page}") };
        let numbers = |other: usize| match other == page {
            true => format!("<li class=active><span>{other}</span></li>"),
            false => format!("<li><a href='{}'>{other}</a></li>", at(other)),
        };
        let mut row: String = (1..=pages).filter(|_| self.rows).map(numbers).collect();
        if page < pages || self.endless.is_some() {
            row += &format!("<li><a rel=next href='{}'>Next</a></li>", at(page + 1));
        }
        let instead = self.instead.iter().find(|(instead, _)| *instead == page);
        let shown = match (instead, self.endless) {
            (Some((_, said)), _) => said.clone(),
            (_, Some(said)) if page > pages => said.to_owned(),
            _ => ((page - 1) * PER_PAGE..self.posts.min(page * PER_PAGE)).map(post).collect(),
        };
        format!(
            "<!doctype html><html lang=en><head><title>Frayed ropes</title></head><body><header><a href=/>Home</a></header>\
             <main><h1>Frayed ropes</h1><ul class=pagination>{row}</ul><div class=all>{shown}</div>\
             <ul class=pagination>{row}</ul><div class=reply><p>Please <a href=/in>sign in</a> to reply.</p></div></main>\
             <footer>Run by the rope makers</footer></body></html>"
        )
    }
}

fn post(at: usize) -> String {
    let who = ["ann", "ben", "cid"][at % 3];
    format!(
        "<div class=entry><div class=top><a class=person href='/people/{who}'>{who}</a> <span class=day>2023-{:02}-{:02} \
         10:{:02}</span></div><div class=words><p>Rope {at} is frayed at its end and wants splicing by {at} people.</p>\
         </div></div>",
        at / 28 + 5,
        at % 28 + 1,
        at % 30 * 2
    )
}

struct Thread {
    board: Arc<Mutex<Board>>,
    server: Server,
    place: Place,
}

impl Thread {
    fn of(board: Board) -> Self {
        let board = Arc::new(Mutex::new(board));
        let shared = Arc::clone(&board);
        let server = Server::open(move |request: &Request| {
            let board = shared.lock().expect("no test panics while it holds the board");
            let page = request.path.rsplit_once("page=").and_then(|(_, page)| page.parse().ok()).unwrap_or(1);
            match board.other {
                _ if !request.path.starts_with("/ropes") => Reply::status(404),
                Some((other, html)) if other == page => Reply::html(html),
                _ if page > board.posts.div_ceil(PER_PAGE) && board.endless.is_none() => Reply::status(404),
                _ => Reply::html(&board.page(page)),
            }
        });
        let place = Place::new();
        place.write("gleaner.toml", "[fetch]\nrights_files = false\n");
        Self { board, server, place }
    }

    /// Exit code, how many pages were asked for, and the detail.
    fn visit(&self) -> (i32, usize, String) {
        let asked = || self.server.paths().iter().filter(|path| path.starts_with("/ropes")).count();
        let before = asked();
        let (code, lines) = self.place.json(&["add", "--thread", &self.server.url("/ropes")]);
        let detail = of_type(&lines, "capture")[0]["detail"].as_str().unwrap_or_default().to_owned();
        (code, asked() - before, detail)
    }

    fn texts(&self) -> Vec<String> {
        let (_, lines) = self.place.json(&["show", &self.server.url("/ropes")]);
        let capture = of_type(&lines, "capture")[0].clone();
        let posts = capture["records"]["posts"].as_array().cloned().unwrap_or_default();
        posts.iter().map(|post: &Value| post["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The numbers of the posts that are kept, and what else is.
    fn kept(&self) -> (Vec<usize>, Vec<String>) {
        let number = |text: &String| text.split_once("Rope ")?.1.split_whitespace().next()?.parse().ok();
        let (posts, rest): (Vec<_>, Vec<_>) = self.texts().into_iter().partition(|text| number(text).is_some());
        (posts.iter().filter_map(number).collect(), rest)
    }

    fn becomes(&self, change: impl FnOnce(&mut Board)) {
        change(&mut self.board.lock().expect("no test panics while it holds the board"));
    }
}

fn up_to(posts: usize) -> (Vec<usize>, Vec<String>) {
    ((0..posts).collect(), Vec::new())
}

/// Each of 200 pages became a post.
#[test]
fn pages_behind_the_last_one_are_no_posts_however_long_they_name_a_next() {
    let thread = Thread::of(Board { rows: false, endless: Some(""), ..Board::default() });
    for (code, asked, detail) in [thread.visit(), thread.visit()] {
        assert!(code == 0 && (3..=6).contains(&asked), "{asked}: {detail}");
        assert!(detail.contains("/ropes?page=6 brings nothing new"), "{detail}");
        assert_eq!(thread.kept(), up_to(20));
    }
    thread.becomes(|board| board.posts = 33);
    let (code, _, detail) = thread.visit();
    assert_eq!((code, thread.kept()), (0, up_to(33)), "{detail}");
    // What is said on each of them and nowhere else may be a post, once.
    let thread =
        Thread::of(Board { rows: false, endless: Some("<p>Nobody has said more in here.</p>"), ..Board::default() });
    let (code, asked, detail) = thread.visit();
    assert!(code == 0 && asked <= 7, "{asked}: {detail}");
    let (posts, rest) = thread.kept();
    assert!(posts == up_to(20).0 && rest.len() <= 1, "{rest:?}");
}

/// Pages that say nothing new are left out and end nothing where others come behind them, or show something.
#[test]
fn pages_without_words_between_others_do_not_end_a_thread() {
    let bare = || Board { rows: false, posts: 43, ..Board::default() };
    let thread = Thread::of(Board { instead: vec![(3, String::new())], ..bare() });
    let (code, asked, detail) = thread.visit();
    assert_eq!((code, asked), (0, 8), "{detail}");
    assert_eq!(thread.kept().0, (0..12).chain(18..43).collect::<Vec<_>>());
    let pictures = |page: usize| {
        let picture = |at: usize| {
            format!(
                "<div class=entry><div class=top><a class=person href='/people/ann'>ann</a></div><div class=words><img \
                 src='/up/{page}{at}.jpg' width=800 height=600></div></div>"
            )
        };
        (page, (0..PER_PAGE).map(picture).collect::<String>())
    };
    let thread = Thread::of(Board { instead: (3..6).map(pictures).collect(), ..bare() });
    let (code, asked, detail) = thread.visit();
    assert_eq!((code, asked), (0, 8), "{detail}");
    assert_eq!(thread.kept().0, (0..12).chain(30..43).collect::<Vec<_>>());
    // So do pages of which the thread says that others come behind them.
    let empty =
        |page: usize| (page, "<p>What was said on this page is kept in the archive of the board.</p>".to_owned());
    let thread = Thread::of(Board { rows: true, instead: (3..6).map(empty).collect(), ..bare() });
    let (code, asked, detail) = thread.visit();
    assert_eq!((code, asked), (0, 8), "{detail}");
    assert_eq!(thread.kept().0, (0..12).chain(30..43).collect::<Vec<_>>());
    // And one after the other, each with a few words of its own.
    let little = |page: usize| (page, format!("<div class=entry><p>I have sold {page} of them.</p></div>"));
    let thread = Thread::of(Board { instead: (3..6).map(little).collect(), ..bare() });
    let (code, asked, detail) = thread.visit();
    assert_eq!((code, asked), (0, 8), "{detail}");
    let (posts, rest) = thread.kept();
    assert_eq!(posts, (0..12).chain(30..43).collect::<Vec<_>>());
    assert!((3..6).all(|page| rest.iter().any(|text| text.contains(&format!("sold {page} of them")))), "{rest:?}");
}

/// One post on the last page, with the frame that all pages have: it is a post, however little it says.
#[test]
fn a_last_page_too_short_to_tell_its_posts_apart_is_kept_and_gives_way() {
    for endless in [None, Some("")] {
        let thread = Thread::of(Board { posts: 19, endless, ..Board::default() });
        let (code, _, detail) = thread.visit();
        assert_eq!((code, thread.kept()), (0, up_to(19)), "{detail}");
        thread.becomes(|board| board.posts = 24);
        let (code, _, detail) = thread.visit();
        assert_eq!((code, thread.kept()), (0, up_to(24)), "{detail}");
    }
    let little =
        "<div class=entry><div class=top><a href='/people/cid'>cid</a></div><p>Thanks to all, it holds.</p></div>";
    let thread = Thread::of(Board { posts: 19, instead: vec![(4, little.to_owned())], ..Board::default() });
    let (code, _, detail) = thread.visit();
    assert_eq!((code, thread.kept().0), (0, up_to(18).0), "{detail}");
    assert!(thread.kept().1.iter().any(|text| text.contains("Thanks to all, it holds.")), "{:?}", thread.kept());
}

/// "Down for maintenance" and the like counted as the end of the thread.
#[test]
fn another_page_in_place_of_one_between_others_is_told_and_the_page_is_asked_for_again() {
    let maintenance = "<!doctype html><html lang=en><head><title>Maintenance</title></head><body><h1>We are mending the server</h1>\
        <p>The talk of the harbour is being mended tonight and comes back in the morning, with all that was said in it.</p>\
        <p>If you are in need of help at sea, call the keeper of the light, who is awake and sits at his radio.</p></body></html>";
    for other in [HOME, maintenance] {
        let thread = Thread::of(Board { other: Some((3, other)), ..Board::default() });
        let (code, asked, detail) = thread.visit();
        assert_eq!((code, asked), (3, 3), "{detail}");
        assert!(detail.contains("/ropes?page=3 is another text"), "{detail}");
        assert_eq!(thread.kept(), up_to(12));
        thread.becomes(|board| board.other = None);
        let (code, _, detail) = thread.visit();
        assert_eq!((code, thread.kept()), (0, up_to(20)), "{detail}");
        // Behind a page that says nothing of others it is the end of the thread.
        let thread = Thread::of(Board { rows: false, other: Some((3, other)), ..Board::default() });
        let (code, asked, detail) = thread.visit();
        assert_eq!((code, asked), (0, 3), "{detail}");
        // So it is behind the last page, which names the next thread.
        let thread = Thread::of(Board { endless: Some(""), other: Some((5, other)), ..Board::default() });
        let (code, asked, detail) = thread.visit();
        assert_eq!((code, asked), (0, 5), "{detail}");
        assert_eq!(thread.kept(), up_to(20));
    }
}

/// Rows of numbers may be those of the board: the thread is read, and lacks nothing.
#[test]
fn a_row_of_numbers_that_leads_to_pages_of_the_board_leaves_no_thread_in_part() {
    let row = "<ul class=pagination><li class=active><span>1</span></li><li><a href='/ropes-and-sails?page=2'>2</a></li>\
               <li><a href='/ropes-and-sails?page=3'>3</a></li></ul>";
    let server = Server::open(move |request: &Request| match request.path.as_str() {
        "/ropes" => {
            let board = Board { posts: 6, rows: false, ..Board::default() };
            Reply::html(&board.page(1).replace("<ul class=pagination></ul>", row))
        }
        "/ropes-and-sails?page=2" => Reply::html(HOME),
        _ => Reply::status(404),
    });
    let place = Place::new();
    place.write("gleaner.toml", "[fetch]\nrights_files = false\n");
    let (code, lines) = place.json(&["add", "--thread", &server.url("/ropes")]);
    assert_eq!(code, 0, "{lines:?}");
    assert!(server.paths().iter().any(|path| path.starts_with("/ropes-and-sails")), "the row was not followed");
}

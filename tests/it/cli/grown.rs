//! Threads that are visited for years: renamed, cut into other pages, edited, emptied and out of reach for a while.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{Place, of_type};
use crate::support::server::{Reply, Request, Server};

/// What the posts of a board are numbered by.
#[derive(Clone, Copy, PartialEq)]
enum Ids {
    /// The posts of all threads.
    All,
    /// Those of a page, from one.
    Page,
    None,
}

/// A thread as a board shows it: posts by number, the newest last.
#[derive(Clone)]
struct Thread {
    slug: &'static str,
    title: &'static str,
    posts: Vec<u32>,
    per_page: usize,
    ids: Ids,
    newest_first: bool,
    edited: Option<u32>,
    /// Pages that answer so.
    fails: Vec<(usize, u16)>,
    /// Behind the last page it comes again, instead of "not found".
    clamps: bool,
    /// The last page names the first one as the next.
    loops: bool,
}

impl Thread {
    fn of(posts: u32, per_page: usize) -> Self {
        Self {
            slug: "lamp",
            title: "The lamp is dark",
            posts: (1..=posts).collect(),
            per_page,
            ids: Ids::All,
            newest_first: false,
            edited: None,
            fails: Vec::new(),
            clamps: false,
            loops: false,
        }
    }

    fn answer(&self, request: &Request) -> Reply {
        let Some((slug, rest)) = request.path.strip_prefix("/t/").and_then(|rest| rest.split_once(".7/")) else {
            return Reply::status(404);
        };
        if slug != self.slug {
            return Reply::redirect(301, &format!("/t/{}.7/{rest}", self.slug));
        }
        let Ok(mut page) = rest.strip_prefix("page-").unwrap_or("1").parse::<usize>() else {
            return Reply::status(404);
        };
        let pages = self.posts.len().div_ceil(self.per_page);
        if page > pages && self.clamps {
            page = pages;
        }
        match self.fails.iter().find(|(failing, _)| *failing == page) {
            Some((_, 200)) => Reply::html(SIGN_IN),
            Some((_, status)) => Reply::status(*status),
            None if page > pages => Reply::status(404),
            None => Reply::html(&self.page(page, pages)),
        }
    }

    fn page(&self, page: usize, pages: usize) -> String {
        let mut posts = self.posts.clone();
        if self.newest_first {
            posts.reverse();
        }
        let from = (page - 1) * self.per_page;
        let shown = &posts[from..posts.len().min(from + self.per_page)];
        let shown: String = shown.iter().enumerate().map(|(at, &post)| self.post(post, at + 1)).collect();
        let to = if page < pages { page + 1 } else { 1 };
        let next = format!("<a class=pageNav-jump--next rel=next href='/t/{}.7/page-{to}'>Next</a>", self.slug);
        let next = if page < pages || self.loops { next.as_str() } else { "" };
        let (title, is_known) = (self.title, if self.ids == Ids::All { " id=XF" } else { "" });
        format!(
            "<!doctype html><html lang=en{is_known}><head><title>{title}</title></head><body><div><a href=/>Home</a></div>\
             <h1 class=p-title-value>{title}</h1>{shown}<div class=pg>{next}</div></body></html>"
        )
    }

    fn post(&self, number: u32, place: usize) -> String {
        let who = ["Ann", "Bob", "Carla", "Dmitri", "Eve", "Frank", "Gustav"][number as usize % 7];
        let said = if self.edited == Some(number) { EDITED.to_owned() } else { said(number) };
        let (day, hour) = (1 + number / 10, 8 + number % 10);
        let id = match self.ids {
            Ids::All => return known_post(number, who, &format!("2024-03-{day:02}T{hour:02}:15:00Z"), &said),
            Ids::Page => format!(" id=post{place}"),
            Ids::None => String::new(),
        };
        format!(
            "<div class=pst{id}><div class=u><a href='/user/{who}'>{who}</a></div>\
             <div class=d>2024-03-{day:02} {hour:02}:15</div><div class=c><p>{said}</p></div></div>"
        )
    }
}

/// A post in XenForo's markup, whose pages may have a single one.
fn known_post(number: u32, who: &str, time: &str, said: &str) -> String {
    format!(
        "<article class='message message--post' data-author='{who}' data-content='post-{number}'>\
         <h4 class=message-name><a class=username href='/user/{who}'>{who}</a></h4><time class=u-dt datetime='{time}'>then</time>\
         <div class=message-body><div class=bbWrapper>{said}</div></div></article>"
    )
}

const EDITED: &str = "I have thought again and take all of that back, for the lamp burns as it always did.";
const SIGN_IN: &str = "<!doctype html><html lang=en><head><title>Log in</title></head><body><h1>Log in</h1>\
    <form><input type=text name=login><input type=password name=password></form>\
    <p>You must be logged in to do that.</p></body></html>";

/// A post's words, unlike those of all others.
fn said(number: u32) -> String {
    const WORDS: &[&str] = &[
        "river", "bridge", "ferry", "market", "bread", "stone", "garden", "engine", "valve", "copper", "lantern",
        "window", "timber", "paint", "ladder", "rope", "anchor", "harbour", "moon",
    ];
    let mut seed = u64::from(number) * 7919 + 17;
    let mut word = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(seed >> 33) as usize % WORDS.len()]
    };
    let mut words: Vec<&str> = (0..12).map(|_| word()).collect();
    words.insert(6, "and the");
    format!("I think the {} is what remark {number} was about.", words.join(" "))
}

/// A board with one thread, and an archive that follows it.
struct Followed {
    thread: Arc<Mutex<Thread>>,
    server: Server,
    place: Place,
    url: String,
}

impl Followed {
    fn new(thread: Thread) -> Self {
        let thread = Arc::new(Mutex::new(thread));
        let shown = Arc::clone(&thread);
        let server =
            Server::open(move |request| shown.lock().expect("no test panics while it holds the board").answer(request));
        let place = Place::new();
        place.write("gleaner.toml", "[fetch]\nrights_files = false\n");
        let url = server.url("/t/lamp.7/");
        let followed = Self { thread, server, place, url };
        followed.visit();
        followed
    }

    fn becomes(&self, change: impl FnOnce(&mut Thread)) {
        change(&mut self.thread.lock().expect("no test panics while it holds the board"));
    }

    /// A visit: its capture, and the pages it asked for.
    fn visit(&self) -> (Value, Vec<String>) {
        let before = self.server.log().len();
        let (_, lines) = self.place.json(&["add", "--thread", &self.url]);
        let asked = self.server.paths().split_off(before).into_iter();
        let asked = asked.filter_map(|path| path.strip_prefix("/t/").map(|path| path.replace(".7/", "/")));
        (of_type(&lines, "capture")[0].clone(), asked.collect())
    }

    /// The posts of the newest version, by what they say.
    fn posts(&self) -> Vec<u32> {
        let (_, lines) = self.place.json(&["show", &self.url]);
        let capture = of_type(&lines, "capture")[0];
        let posts = capture["records"]["posts"].as_array().unwrap_or_else(|| panic!("records: {capture}"));
        let number = |post: &Value| {
            let text = post["text"].as_str().unwrap_or_default();
            assert!(post["author"].is_string() && post["time"].is_string(), "{post}");
            if text == EDITED {
                0
            } else {
                text.split("remark ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
            }
        };
        let numbers: Vec<u32> = posts.iter().map(number).collect();
        let places: Vec<u64> = posts.iter().map(|post| post["position"].as_u64().unwrap()).collect();
        assert_eq!(places, (1..=posts.len() as u64).collect::<Vec<_>>());
        numbers
    }

    /// After a visit that changed nothing the next one asks for these pages and finds nothing either.
    fn settles(&self, pages: &[&str]) {
        let before = self.posts();
        let (capture, asked) = self.visit();
        assert_eq!(
            (capture["outcome"].as_str(), asked),
            (Some("unchanged"), pages.iter().map(ToString::to_string).collect())
        );
        assert_eq!(self.posts(), before);
    }
}

fn up_to(last: u32) -> Vec<u32> {
    (1..=last).collect()
}

/// The last page known, full, came under a new address: nothing behind it was ever read.
#[test]
fn a_renamed_thread_goes_on_under_its_new_address() {
    let board = Followed::new(Thread::of(20, 10));
    board.becomes(|thread| *thread = Thread { slug: "lantern", ..Thread::of(27, 10) });
    let (_, asked) = board.visit();
    assert_eq!(asked, ["lamp/page-2", "lantern/page-2", "lantern/page-3"]);
    assert_eq!(board.posts(), up_to(27));
    board.settles(&["lantern/page-3"]);
}

/// The last page known was taken for another text as soon as its title was marked or reworded.
#[test]
fn a_thread_whose_title_was_reworded_goes_on() {
    let board = Followed::new(Thread::of(15, 10));
    board.becomes(|thread| *thread = Thread { title: "[Solved] The lamp is dark", ..Thread::of(27, 10) });
    let (_, asked) = board.visit();
    assert_eq!(asked, ["lamp/page-2", "lamp/page-3"]);
    assert_eq!(board.posts(), up_to(27));
    let shown = board.place.run(&["show", &board.url]).stdout;
    assert!(shown.starts_with("[Solved] The lamp is dark\n"), "{shown}");
    board.settles(&["lamp/page-3"]);
    let one = Followed::new(Thread::of(4, 10));
    one.becomes(|thread| *thread = Thread { title: "The lamp burns, and it is not dark", ..Thread::of(12, 10) });
    one.visit();
    assert_eq!(one.posts(), up_to(12));
}

/// Renamed, reworded and cut anew at once, so that the page known is another one.
#[test]
fn a_thread_that_changed_in_all_ways_is_read_in_one_visit() {
    let board = Followed::new(Thread::of(12, 10));
    let now = Thread { slug: "lantern", title: "[Solved] The lamp is dark", ..Thread::of(30, 20) };
    board.becomes(|thread| *thread = now);
    board.visit();
    assert_eq!(board.posts(), up_to(30));
    board.settles(&["lantern/page-2"]);
}

/// A last page that names the first one by another address leads nowhere, and is where new posts come.
#[test]
fn a_thread_whose_last_page_leads_back_grows() {
    let board = Followed::new(Thread { loops: true, ..Thread::of(25, 10) });
    assert_eq!(board.posts(), up_to(25));
    board.settles(&["lamp/page-3", "lamp/page-1"]);
    board.becomes(|thread| thread.posts = up_to(42));
    board.visit();
    assert_eq!(board.posts(), up_to(42));
    board.settles(&["lamp/page-5", "lamp/page-1"]);
}

/// Pages of known posts ended the walk, or posts between were never read.
#[test]
fn a_thread_cut_into_other_pages_is_read_on() {
    let board = Followed::new(Thread::of(42, 10));
    board.becomes(|thread| *thread = Thread::of(44, 5));
    let (_, asked) = board.visit();
    assert_eq!(asked, ["lamp/page-5", "lamp/page-6", "lamp/page-7", "lamp/page-8", "lamp/page-9"], "no page before");
    assert_eq!(board.posts(), up_to(44));
    board.settles(&["lamp/page-9"]);
    // Into larger pages: what stood on the last page known stands before it.
    for (posts, per_page, clamps) in
        [(130, 20, false), (62, 20, true), (62, 20, false), (50, 25, false), (44, 25, true)]
    {
        let board = Followed::new(Thread::of(42, 10));
        board.becomes(|thread| *thread = Thread { clamps, ..Thread::of(posts, per_page) });
        board.visit();
        assert_eq!(board.posts(), up_to(posts), "{posts} by {per_page}");
        let (_, asked) = board.visit();
        assert_eq!(asked.len(), 1, "{posts} by {per_page}: {asked:?}");
    }
}

/// An error on the last page known made the next visit begin anew, and another one there cut the thread.
#[test]
fn a_thread_that_cannot_be_reached_stays_as_it_is_known() {
    for (status, outcome) in [(500, "http"), (403, "http"), (200, "login")] {
        let board = Followed::new(Thread::of(42, 10));
        board.becomes(|thread| thread.fails = vec![(5, status), (2, status)]);
        let (capture, asked) = board.visit();
        assert_eq!((capture["outcome"].as_str(), asked.len()), (Some(outcome), 1), "{capture}");
        // Posts that were taken away meanwhile are on pages that nobody asks for.
        board.becomes(|thread| *thread = Thread::of(43, 10));
        let (capture, asked) = board.visit();
        assert_eq!((capture["outcome"].as_str(), asked), (Some("ok"), vec!["lamp/page-5".to_owned()]));
        assert_eq!(board.posts(), up_to(43));
    }
    // All pages are to be read again, and one cannot be had.
    let board = Followed::new(Thread::of(42, 10));
    board.becomes(|thread| *thread = Thread { fails: vec![(2, 500)], ..Thread::of(130, 20) });
    let (capture, _) = board.visit();
    assert!(capture["detail"].as_str().unwrap_or_default().contains("could not fetch"), "{capture}");
    assert_eq!(capture["partial"], true);
    assert_eq!(board.posts(), up_to(42));
    board.becomes(|thread| thread.fails.clear());
    board.visit();
    assert_eq!(board.posts(), up_to(130));
}

/// A thread of which pages were missing was told as a plain success.
#[test]
fn a_thread_that_was_read_in_part_is_told_so() {
    let board = Followed::new(Thread { fails: vec![(2, 500)], ..Thread::of(35, 10) });
    assert_eq!(board.posts(), up_to(10));
    let visit = |words: &[&str]| board.place.run(&[&["add", "--thread", &board.url], words].concat());
    let ended = visit(&[]);
    assert_eq!(ended.code, 3, "part of the work failed");
    assert!(ended.stdout.contains("same as before · could not fetch"), "{}", ended.stdout);
    assert!(ended.stderr.contains("0 failed · 1 in part"), "{}", ended.stderr);
    board.becomes(|thread| thread.fails.clear());
    let ended = visit(&["--pages-max", "2"]);
    assert_eq!(ended.code, 0, "as many as were wished for");
    assert!(ended.stdout.contains(" · stopped after 2 pages"), "{}", ended.stdout);
    let ended = visit(&[]);
    assert!(ended.code == 0 && ended.stdout.contains(" · read over 4 pages"), "{ended:?}");
    assert_eq!(board.posts(), up_to(35));
}

/// Posts of the first page gave way to those of the second, which had the same numbers.
#[test]
fn numbers_that_count_the_posts_of_a_page_are_no_ids() {
    let board = Followed::new(Thread { ids: Ids::Page, ..Thread::of(25, 10) });
    assert_eq!(board.posts(), up_to(25));
    board.settles(&["lamp/page-3"]);
    board.becomes(|thread| thread.posts = up_to(35));
    board.visit();
    assert_eq!(board.posts(), up_to(35));
    // Known from one page alone, where they were unlike each other.
    let one = Followed::new(Thread { ids: Ids::Page, ..Thread::of(7, 10) });
    one.becomes(|thread| thread.posts = up_to(25));
    one.visit();
    assert_eq!(one.posts(), up_to(25));
    one.settles(&["lamp/page-3"]);
}

/// Without ids an edited post was kept twice.
#[test]
fn an_edited_post_is_kept_once() {
    for ids in [Ids::None, Ids::All, Ids::Page] {
        for edited in [11, 13, 15] {
            let board = Followed::new(Thread { ids, ..Thread::of(15, 10) });
            board.becomes(|thread| *thread = Thread { ids, edited: Some(edited), ..Thread::of(17, 10) });
            board.visit();
            let want: Vec<u32> = (1..=17).map(|post| if post == edited { 0 } else { post }).collect();
            assert_eq!(board.posts(), want, "{edited}");
        }
    }
}

/// Only the oldest posts were asked for.
#[test]
fn a_thread_that_shows_its_newest_posts_first_grows() {
    let falling = |last: u32| up_to(last).into_iter().rev().collect::<Vec<u32>>();
    for ids in [Ids::All, Ids::None, Ids::Page] {
        let board = Followed::new(Thread { newest_first: true, ids, ..Thread::of(25, 10) });
        board.becomes(|thread| thread.posts = up_to(29));
        board.visit();
        assert_eq!(board.posts(), falling(29));
        board.settles(&["lamp/", "lamp/page-3"]);
        board.becomes(|thread| thread.posts = up_to(55));
        board.visit();
        assert_eq!(board.posts(), falling(55));
        // New posts were not all read: they are by the next visit.
        board.becomes(|thread| *thread = Thread { posts: up_to(90), fails: vec![(2, 500)], ..thread.clone() });
        board.visit();
        board.becomes(|thread| thread.fails.clear());
        board.visit();
        assert_eq!(board.posts(), falling(90));
    }
    let one = Followed::new(Thread { newest_first: true, ..Thread::of(8, 10) });
    one.becomes(|thread| thread.posts = up_to(31));
    one.visit();
    assert_eq!(one.posts(), falling(31));
}

/// Posts that are taken away move the others to pages before.
#[test]
fn posts_that_are_taken_away_move_others_and_lose_none() {
    // The last page is gone, and what follows came on the page before.
    for clamps in [false, true] {
        let board = Followed::new(Thread::of(21, 10));
        let left: Vec<u32> = up_to(22).into_iter().filter(|post| ![3, 4].contains(post)).collect();
        board.becomes(|thread| *thread = Thread { posts: left, clamps, ..Thread::of(1, 10) });
        let (_, asked) = board.visit();
        assert_eq!(
            asked.last().map(String::as_str),
            Some(if clamps { "lamp/page-3" } else { "lamp/page-2" }),
            "{asked:?}"
        );
        assert_eq!(board.posts(), up_to(22));
    }
    // The last page shows new posts alone.
    let board = Followed::new(Thread::of(42, 10));
    let left: Vec<u32> = up_to(43).into_iter().filter(|post| ![3, 4].contains(post)).collect();
    board.becomes(|thread| thread.posts = left);
    let (_, asked) = board.visit();
    assert_eq!(asked, ["lamp/page-5", "lamp/page-4", "lamp/page-5"]);
    assert_eq!(board.posts(), up_to(43));
    // What stood on a page that is gone, behind where the thread ends, is gone.
    let board = Followed::new(Thread::of(22, 10));
    board.becomes(|thread| thread.posts = up_to(20));
    board.visit();
    assert_eq!(board.posts(), up_to(20));
    // Gone as a whole, what is known stays in the archive.
    board.becomes(|thread| thread.fails = vec![(1, 404), (2, 404)]);
    assert_eq!(board.visit().0["outcome"], "gone");
    board.becomes(|thread| thread.fails.clear());
    board.visit();
    assert_eq!(board.posts(), up_to(20));
}

/// The next thread of a board, called alike, was taken for the next page.
#[test]
fn the_next_thread_of_a_board_is_not_the_next_page() {
    let page = |title: &str, from: u32, next: &str| {
        let thread = Thread { ids: Ids::None, ..Thread::of(40, 10) };
        let posts: String = (from..from + 4).map(|post| thread.post(post, 1)).collect();
        format!(
            "<!doctype html><html lang=en><head><title>{title}</title></head><body><h1>{title}</h1>{posts}\
             <a rel=next href='{next}'>Next</a></body></html>"
        )
    };
    let server = Server::open(move |request| match request.path.as_str() {
        "/alike/pump" => Reply::html(&page("Pump", 1, "/alike/noise")),
        "/alike/noise" => Reply::html(&page("Pump makes a loud noise", 11, "/alike/pump")),
        "/same/41" => Reply::html(&page("Re: Boats", 1, "/same/42")),
        "/same/42" => Reply::html(&page("Re: Boats", 11, "/same/41")),
        "/topic?id=5.0" => Reply::html(&page("Pump", 1, "/topic?id=5.0;next")),
        "/topic?id=5.0;next" => Reply::redirect(302, "/topic?id=6.0"),
        "/topic?id=6.0" => Reply::html(&page("Pump", 11, "/topic?id=6.0;next")),
        "/paged?id=5" => Reply::html(&page("Pump", 1, "/paged?id=5&start=4")),
        "/paged?id=5&start=4" => Reply::html(&page("Pump - Page 2", 11, "/paged?id=5&after=x7")),
        "/paged?id=5&after=x7" => Reply::html(&page("Pump", 21, "/paged?id=6")),
        "/paged?id=6" => Reply::html(&page("Pump", 31, "/paged?id=5")),
        _ => Reply::status(404),
    });
    let place = Place::new();
    place.write("gleaner.toml", "[fetch]\nrights_files = false\n");
    for (path, posts) in [("/alike/pump", 4), ("/same/41", 4), ("/topic?id=5.0", 4), ("/paged?id=5", 12)] {
        let url = server.url(path);
        place.json(&["add", "--thread", &url]);
        let (_, lines) = place.json(&["show", &url]);
        let capture = of_type(&lines, "capture")[0];
        assert_eq!(capture["records"]["posts"].as_array().map(Vec::len), Some(posts), "{path}: {capture}");
        assert!(capture["detail"].as_str().unwrap_or_default().contains("is another text"), "{path}: {capture}");
    }
}

/// An article was cut to its first page when the second could not be had, and read whole on each visit.
#[test]
fn an_article_in_pages_keeps_its_text() {
    let state: Arc<Mutex<(u32, u32, &str)>> = Arc::new(Mutex::new((4, 0, "winter")));
    let shown = Arc::clone(&state);
    let server = Server::open(move |request| {
        let (pages, failing, season) = *shown.lock().expect("no test panics while it holds the story");
        let page: u32 = request.path.trim_start_matches("/story-").parse().unwrap_or(1);
        if page == failing {
            return Reply::status(500);
        }
        let next = if page < pages { format!("<link rel=next href='/story-{}'>", page + 1) } else { String::new() };
        let body: String = (1..5).map(|at| format!("<p>{} It was the {season}.</p>", said(page * 10 + at))).collect();
        Reply::html(&format!(
            "<!doctype html><html lang=en><head><title>The winter of ice - Page {page}</title>{next}</head><body>\
             <nav><a href=/>Home</a></nav><article><h1>The winter of ice</h1>{body}</article><footer>Imprint</footer></body></html>"
        ))
    });
    let place = Place::new();
    place.write("gleaner.toml", "[fetch]\nrights_files = false\n");
    let url = server.url("/story-1");
    let visit = |pages, failing, season| {
        *state.lock().expect("no test panics while it holds the story") = (pages, failing, season);
        let before = server.log().len();
        let (_, lines) = place.json(&["add", "--thread", &url]);
        let text = place.run(&["show", &url]).stdout;
        let asked = server.paths().split_off(before).into_iter().filter(|path| path != "/robots.txt").count();
        (of_type(&lines, "capture")[0].clone(), text, asked)
    };
    let (first, text, _) = visit(4, 0, "winter");
    assert_eq!((first["kind"].as_str(), text.matches("remark").count()), (Some("article"), 16));
    let (again, same, asked) = visit(4, 0, "winter");
    assert_eq!((again["outcome"].as_str(), asked), (Some("unchanged"), 1), "{again}");
    assert_eq!(same, text);
    // Its last page has changed, so all are read; one of them cannot be had.
    let (failed, same, _) = visit(4, 2, "autumn");
    assert!(failed["detail"].as_str().unwrap_or_default().contains("could not fetch"), "{failed}");
    assert_eq!((failed["outcome"].as_str(), &failed["partial"]), (Some("unchanged"), &Value::Bool(true)));
    assert_eq!(same, text);
    let (_, changed, asked) = visit(4, 0, "autumn");
    assert_eq!((changed.matches("autumn").count(), changed.matches("It was the winter").count(), asked), (16, 0, 5));
    let (_, longer, _) = visit(6, 0, "autumn");
    assert_eq!(longer.matches("remark").count(), 24);
}

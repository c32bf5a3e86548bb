//! Boards and threads as sources.

use gleaner::page::Timestamp;

use super::{outcomes, place};
use crate::support::server::{Reply, Server};
use crate::support::sim::story;

/// A thread of XenForo's markup in two pages.
fn thread_page(thread: &str, page: usize, pages: usize, posts: std::ops::RangeInclusive<usize>) -> String {
    let said = |n: usize| {
        story(&format!("{thread} {n}")).split("<p>").nth(1).unwrap().split("</p>").next().unwrap().to_owned()
    };
    let posts: String = posts
        .map(|n| {
            format!(
                "<article class='message message--post' data-author='Sailor {n}' data-content='post-{n}'>\
                 <h4 class=message-name><a class=username href='/members/{n}/'>Sailor {n}</a></h4>\
                 <time class=u-dt datetime='2024-05-{n:02}T08:00:00Z'>May {n}</time>\
                 <div class=message-body><div class=bbWrapper>{}</div></div></article>",
                said(n)
            )
        })
        .collect();
    let next = if page < pages {
        format!("<a class='pageNav-jump pageNav-jump--next' href='/threads/{thread}/page-{}'>Next</a>", page + 1)
    } else {
        String::new()
    };
    format!(
        "<!doctype html><html id=XF lang=en><head><title>{thread} | Pier talk</title></head><body>\
         <h1 class=p-title-value>{thread}</h1>{posts}<div class=pageNav>{next}</div></body></html>"
    )
}

/// A board leads to its threads, each over its pages; one that shows a new post is read on, the others are left alone.
#[test]
fn a_board_leads_to_its_threads_and_reads_on_where_somebody_wrote() {
    let grown = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = std::sync::Arc::clone(&grown);
    let server = Server::open(move |request| {
        let grown = seen.load(std::sync::atomic::Ordering::SeqCst);
        let row = |thread: &str, time: &str| {
            format!(
                "<a href='/threads/{thread}/latest'>{thread}</a><a href='/members/ann.1/'>Ann</a><time datetime='{time}'>then</time>"
            )
        };
        match request.path.as_str() {
            "/forums/boats.3/" => {
                // After the last visit, and not in the future: that would say nothing.
                let time = if grown { Timestamp::now().to_string() } else { "2024-05-03T08:00:00Z".to_owned() };
                let next = "<a class='pageNav-jump--next' href='/forums/boats.3/page-2'>Next</a>";
                Reply::html(&format!("{}{}{next}", row("lamp.7", &time), row("ferry.8", "2024-05-02T08:00:00Z")))
            }
            "/forums/boats.3/page-2" => Reply::html(&row("storm.9", "2024-04-02T08:00:00Z")),
            "/threads/lamp.7/" => Reply::html(&thread_page("lamp.7", 1, 2, 1..=3)),
            "/threads/lamp.7/page-2" => Reply::html(&thread_page("lamp.7", 2, 2, 4..=if grown { 6 } else { 5 })),
            "/threads/ferry.8/" => Reply::html(&thread_page("ferry.8", 1, 1, 1..=2)),
            "/threads/storm.9/" => Reply::html(&thread_page("storm.9", 1, 1, 1..=2)),
            _ => Reply::status(404),
        }
    });
    let place = place(&format!(
        "[[schedule]]\nname = \"b\"\nkind = \"board\"\nurl = \"{}\"\nevery = \"1h\"\ndepth = 2\n",
        server.url("/forums/boats.3/")
    ));
    let (code, lines) = place.json(&["run"]);
    assert_eq!(code, 0, "{lines:#?}");
    let threads = |lines: &[serde_json::Value]| -> Vec<String> {
        outcomes(lines).into_iter().map(|(path, _)| path).filter(|path| path.starts_with("/threads/")).collect()
    };
    assert_eq!(threads(&lines), ["/threads/ferry.8/", "/threads/lamp.7/", "/threads/storm.9/"]);
    let lamp = place.run(&["show", &server.url("/threads/lamp.7/"), "--as", "json"]).stdout;
    assert!(lamp.contains("Sailor 5"), "both pages: {lamp}");
    assert!(!server.paths().iter().any(|path| path.contains("members") || path.contains("latest")));
    grown.store(true, std::sync::atomic::Ordering::SeqCst);
    let before = server.log().len();
    let (_, lines) = place.json(&["run", "b"]);
    assert_eq!(threads(&lines), ["/threads/lamp.7/"], "{lines:#?}");
    let asked = server.paths().split_off(before);
    assert!(!asked.contains(&"/threads/lamp.7/".to_owned()), "read on from its last page: {asked:?}");
    assert!(place.run(&["show", &server.url("/threads/lamp.7/"), "--as", "json"]).stdout.contains("Sailor 6"));
}

/// Threads that a table names are due, counted and told as all else. A run fetches no more of their pages than it may,
/// the next one goes on, and what is at its end is left alone.
#[test]
fn threads_of_a_source_keep_to_the_budget() {
    let server = Server::open(|request| {
        let Some((thread, page)) = request.path.strip_prefix("/threads/").and_then(|rest| rest.split_once('/')) else {
            return Reply::status(404);
        };
        match (thread, page.strip_prefix("page-").unwrap_or("1")) {
            ("gone.6", _) => Reply::status(404),
            ("ferry.8", _) => Reply::html(&thread_page(thread, 1, 1, 1..=2)),
            (_, "2") => Reply::html(&thread_page(thread, 2, 3, 4..=6)),
            (_, "3") => Reply::html(&thread_page(thread, 3, 3, 7..=8)),
            _ => Reply::html(&thread_page(thread, 1, 3, 1..=3)),
        }
    });
    let threads = ["lamp.7", "storm.9", "gone.6", "ferry.8"].map(|thread| server.url(&format!("/threads/{thread}/")));
    let place = place(&format!("[[schedule]]\nname = \"t\"\nkind = \"thread\"\nurls = {threads:?}\nevery = \"1h\"\n"));
    let shown = place.run(&["schedule"]);
    assert!(shown.code == 0 && shown.stdout.contains("4 addresses, 4 due"), "{}", shown.stdout);
    let mut all: Vec<Vec<String>> = Vec::new();
    while all.last().is_none_or(|last| !last.is_empty()) {
        let before = server.log().len();
        place.run(&["run", "--max-pages", "3"]);
        let asked = server.paths().split_off(before);
        all.push(asked.into_iter().filter(|path| path != "/robots.txt").collect());
        assert!(all.len() <= 8, "it comes to an end: {all:#?}");
    }
    // A thread that goes on reads its last page again, which is not counted.
    assert!(all.iter().all(|asked| asked.len() <= 3 + 2), "{all:#?}");
    for path in ["/threads/ferry.8/", "/threads/gone.6/", "/threads/lamp.7/page-3", "/threads/storm.9/page-3"] {
        let times = all.iter().flatten().filter(|asked| *asked == path).count();
        assert_eq!(times, 1, "{path}: {all:#?}");
    }
    for thread in &threads[..2] {
        assert!(place.run(&["show", thread, "--as", "json"]).stdout.contains("Sailor 8"));
    }
    assert!(place.run(&["why", &threads[3]]).stdout.contains("`t`"));
}

/// The next page is asked for as a browser would ask for it: the query in the encoding of the page.
#[test]
fn the_next_page_is_asked_for_in_the_encoding_of_the_page() {
    let server = Server::open(|request| {
        let page = match request.path.as_str() {
            "/threads/caf.7/" => {
                let page = thread_page("caf.7", 1, 2, 1..=3);
                page.replace("/threads/caf.7/page-2", "/threads/caf.7/page-2?q=\u{e9}t\u{e9}")
            }
            "/threads/caf.7/page-2?q=%E9t%E9" => thread_page("caf.7", 2, 2, 4..=5),
            _ => return Reply::status(404),
        };
        let latin: Vec<u8> = page.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
        Reply::new(200, &[("content-type", "text/html; charset=iso-8859-1")], &latin)
    });
    let place = place("");
    let url = server.url("/threads/caf.7/");
    let added = place.run(&["add", "--thread", &url]);
    let next = "/threads/caf.7/page-2?q=%E9t%E9".to_owned();
    assert!(server.paths().contains(&next), "{} {:?}", added.stdout, server.paths());
}

//! Threads and articles over several pages, over real HTTP on loopback.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{Place, of_type};
use crate::support::server::{Reply, Request, Server};

/// A board in XenForo's markup: posts by number, so many a page. The first post is stuck to the top of every page and
/// each page calls the first one canonical.
struct Board {
    posts: u32,
    per_page: u32,
}

/// A place that asks a site for nothing but pages.
fn place() -> Place {
    let place = Place::new();
    place.write("gleaner.toml", "[fetch]\nrights_files = false\n");
    place
}

const SAID: &[&str] = &[
    "The lamp over the north steps has been dark since Tuesday and somebody slipped there last night.",
    "I told the harbour office twice, they say the wire under the pier has to be drawn again.",
    "We put a lantern on the railing for the weekend, please do not take it home this time.",
    "The electrician came by today, measured something, shook his head and went for lunch.",
    "It burns again! Not as bright as before, yet one sees the last two steps.",
];

impl Board {
    fn page(&self, page: u32) -> String {
        let pages = self.posts.div_ceil(self.per_page);
        let from = (page - 1) * self.per_page + 1;
        let own = from..=(from + self.per_page - 1).min(self.posts);
        let shown: String = own.clone().filter(|_| page > 1).take(1).map(|_| post(1)).chain(own.map(post)).collect();
        let next = if page < pages {
            format!("<a class='pageNav-jump pageNav-jump--next' href='/threads/lamp.7/page-{}'>Next</a>", page + 1)
        } else {
            String::new()
        };
        format!(
            "<!doctype html><html id=XF lang=en><head><title>The lamp is dark | Page {page} | Pier talk</title>\
             <link rel=canonical href='/threads/lamp.7/'></head><body><header>Pier talk</header>\
             <h1 class=p-title-value>The lamp is dark</h1>{shown}<div class=pageNav>{next}</div>\
             <footer>Community platform</footer></body></html>"
        )
    }
}

fn post(number: u32) -> String {
    let said = SAID[(number as usize - 1) % SAID.len()];
    format!(
        "<article class='message message--post' data-author='Sailor {number}' data-content='post-{number}'>\
         <div class=message-user><h4 class=message-name><a class=username href='/members/{number}/'>Sailor {number}</a></h4></div>\
         <header class=message-attribution><a href='/threads/lamp.7/post-{number}'>\
         <time class=u-dt datetime='2024-05-{number:02}T08:00:00Z'>May {number}</time></a></header>\
         <div class=message-body><div class=bbWrapper>{said}</div></div>\
         <div class=message-signature>Fair winds from sailor {number}</div></article>"
    )
}

fn serve(board: Arc<Mutex<Board>>) -> Server {
    Server::open(move |request: &Request| {
        let page = match request.path.as_str() {
            "/threads/lamp.7/" => 1,
            path => path.strip_prefix("/threads/lamp.7/page-").and_then(|page| page.parse().ok()).unwrap_or(0),
        };
        let board = board.lock().expect("no test panics while it holds the board");
        if page == 0 { Reply::status(404) } else { Reply::html(&board.page(page)) }
    })
}

fn shown(place: &Place, url: &str) -> Value {
    let (_, lines) = place.json(&["show", url]);
    of_type(&lines, "capture")[0].clone()
}

fn pages_asked(server: &Server) -> Vec<String> {
    server.paths().into_iter().filter(|path| path != "/robots.txt").collect()
}

#[test]
fn a_thread_of_three_pages_is_one_document_and_later_only_what_is_new_is_fetched() {
    let board = Arc::new(Mutex::new(Board { posts: 5, per_page: 2 }));
    let server = serve(Arc::clone(&board));
    let (place, url) = (place(), server.url("/threads/lamp.7/"));

    let (code, added) = place.json(&["add", "--thread", &url]);
    assert_eq!(code, 0, "{added:#?}");
    assert_eq!(pages_asked(&server), ["/threads/lamp.7/", "/threads/lamp.7/page-2", "/threads/lamp.7/page-3"]);
    assert_eq!(of_type(&added, "capture").len(), 1, "one document");
    let capture = shown(&place, &url);
    let want = format!("The lamp is dark\n\n{}\n", SAID.join("\n\n"));
    assert_eq!(capture["text"], want, "every post once, in order, without signatures");
    let posts = capture["records"]["posts"].as_array().expect("records");
    let numbers: Vec<_> = posts.iter().map(|post| post["position"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    assert_eq!(posts[4]["author"], "Sailor 5");

    // Nothing new: one request, the last page's.
    let (_, again) = place.json(&["add", "--thread", &url]);
    assert_eq!(pages_asked(&server)[3..], ["/threads/lamp.7/page-3"]);
    assert_eq!(of_type(&again, "capture")[0]["outcome"], "unchanged");

    // Two more posts: the last page known, and the one that came after it.
    board.lock().unwrap().posts = 7;
    place.json(&["add", "--thread", &url]);
    assert_eq!(pages_asked(&server)[4..], ["/threads/lamp.7/page-3", "/threads/lamp.7/page-4"]);
    let posts = shown(&place, &url)["records"]["posts"].as_array().expect("records").len();
    assert_eq!(posts, 7);
    assert_eq!(place.run(&["check"]).code, 0);
}

#[test]
fn a_schedule_follows_threads_too() {
    let server = serve(Arc::new(Mutex::new(Board { posts: 3, per_page: 2 })));
    let (place, url) = (place(), server.url("/threads/lamp.7/"));
    place.write(
        "gleaner.toml",
        format!(
            "[fetch]\nrights_files = false\n[[schedule]]\nname = 'lamp'\nkind = 'thread'\nurl = '{url}'\nevery = '1h'\n"
        ),
    );
    let (code, _) = place.json(&["run"]);
    assert_eq!(code, 0);
    assert_eq!(pages_asked(&server).len(), 2);
    assert_eq!(shown(&place, &url)["records"]["posts"].as_array().map(Vec::len), Some(3));
}

/// A page that names itself or an earlier one as the next, one that is another text, and one that repeats the last.
#[test]
fn loops_and_traps_end_with_a_note() {
    let page = |title: &str, number: u32, next: &str| {
        format!(
            "<!doctype html><html id=XF lang=en><head><title>{title}</title></head><body>\
             <h1 class=p-title-value>{title}</h1>{}<a class=pageNav-jump--next href='{next}'>Next</a></body></html>",
            post(number)
        )
    };
    let server = Server::open(move |request| {
        Reply::html(&match request.path.as_str() {
            "/loop/1" => page("The lamp is dark", 1, "/loop/2"),
            "/loop/2" => page("The lamp is dark", 2, "/loop/1#top"),
            "/other/1" => page("The lamp is dark", 1, "/other/2"),
            "/other/2" => page("Who lost a red boat", 2, "/other/3"),
            path if path.starts_with("/same/") => {
                let at: u32 = path.trim_start_matches("/same/").parse().unwrap_or(0);
                page("The lamp is dark", at.min(2), &format!("/same/{}", at + 1))
            }
            path => {
                let at: u32 = path.trim_start_matches("/endless/").parse().unwrap_or(0);
                page("The lamp is dark", at, &format!("/endless/{}", at + 1))
            }
        })
    });
    let cases = [
        ("/loop/1", 2, 2, "which was read before"),
        ("/other/1", 2, 1, "is another text"),
        ("/same/1", 3, 2, "brings nothing new"),
        ("/endless/1", 4, 4, "stopped after 4 pages"),
    ];
    for (path, fetched, posts, note) in cases {
        let (place, url, before) = (place(), server.url(path), pages_asked(&server).len());
        let (code, _) = place.json(&["add", "--thread", "--pages-max", "4", &url]);
        assert_eq!(code, 0, "{path}");
        assert_eq!(pages_asked(&server).len() - before, fetched, "{path}");
        let capture = shown(&place, &url);
        assert_eq!(capture["records"]["posts"].as_array().map(Vec::len), Some(posts), "{path}");
        assert!(capture["detail"].as_str().unwrap_or_default().contains(note), "{path}: {}", capture["detail"]);
    }
}

#[test]
fn an_article_in_pages_is_one_text() {
    let paragraph = |page: u32, at: u32| {
        format!(
            "<p>On page {page} the keeper of the light tells in paragraph {at} how the winter of that year froze the \
             harbour shut and how bread was carried over the ice in baskets.</p>"
        )
    };
    let server = Server::open(move |request| {
        let page: u32 = request.path.trim_start_matches("/story/").parse().unwrap_or(1);
        let next = if page < 3 { format!("<link rel=next href='/story/{}'>", page + 1) } else { String::new() };
        let body: String = (1..4).map(|at| paragraph(page, at)).collect();
        Reply::html(&format!(
            "<!doctype html><html lang=en><head><title>The winter of ice - Page {page}</title>{next}</head><body>\
             <nav><a href=/>Home</a></nav><article><h1>The winter of ice</h1>{body}</article>\
             <p>Page {page} of 3</p><footer>Imprint</footer></body></html>"
        ))
    });
    let (place, url) = (place(), server.url("/story/1"));
    place.json(&["add", "--thread", &url]);
    let text = shown(&place, &url)["text"].as_str().unwrap_or_default().to_owned();
    assert_eq!(pages_asked(&server).len(), 3);
    assert_eq!(text.matches("The winter of ice").count(), 1, "{text}");
    for page in 1..4 {
        assert_eq!(text.matches(&format!("On page {page} ")).count(), 3, "{text}");
    }
}

/// A board nobody listed, whose posts have no ids and only days: the last page has two of them, and Ann says thanks twice.
#[test]
fn a_page_of_two_posts_goes_on_with_a_thread_that_repeats() {
    let posts = Arc::new(Mutex::new(10_usize));
    let count = Arc::clone(&posts);
    let post = |at: usize| {
        let (who, said) = match at {
            3 | 7 => ("ann", "Thanks, that did it.".to_owned()),
            _ => (
                ["ann", "ben", "cid"][at % 3],
                format!("Rope number {at} is frayed at its end and wants splicing by {at} people."),
            ),
        };
        // Both thanks were given on one day.
        let day = if at == 7 { 4 } else { at + 1 };
        format!(
            "<div class=entry><div class=top><a class=person href='/people/{who}'>{who}</a> <span class=day>May {day}, \
             2023</span></div><div class=words><p>{said}</p></div></div>"
        )
    };
    let server = Server::open(move |request| {
        let count = *count.lock().expect("no test panics while it holds the count");
        let page: usize = request.path.rsplit_once("page=").and_then(|(_, page)| page.parse().ok()).unwrap_or(1);
        let shown: String = (page * 4 - 4..count.min(page * 4)).map(post).collect();
        let next = if page * 4 < count {
            format!("<a rel=next href='/ropes?page={}'>Next</a>", page + 1)
        } else {
            String::new()
        };
        Reply::html(&format!(
            "<!doctype html><html lang=en><head><title>Frayed ropes</title></head><body><a href=/>Home</a>\
             <h1>Frayed ropes</h1>{next}<div class=all>{shown}</div>{next}<p>Run by the rope makers</p></body></html>"
        ))
    });
    let (place, url) = (place(), server.url("/ropes"));
    for pages in [3, 1, 2] {
        let before = pages_asked(&server).len();
        place.json(&["add", "--thread", &url]);
        assert_eq!(pages_asked(&server).len() - before, pages);
        let count = *posts.lock().unwrap();
        let records = shown(&place, &url)["records"]["posts"].clone();
        let records = records.as_array().expect("records");
        let told = |post: &Value| {
            (post["author"].as_str().map(str::to_owned), post["text"].as_str().unwrap_or_default().contains("Thanks"))
        };
        let want: Vec<_> = (0..count)
            .map(|at| {
                (Some(if at == 7 { "ann" } else { ["ann", "ben", "cid"][at % 3] }.to_owned()), matches!(at, 3 | 7))
            })
            .collect();
        assert_eq!(records.iter().map(told).collect::<Vec<_>>(), want, "{records:#?}");
        // Nothing more the second time; then the last page fills up, and two stand on the next.
        *posts.lock().unwrap() = if pages == 3 { 10 } else { 14 };
    }
}

/// Platforms of the user's own: in use where they fit, and told by file and line where they are wrong.
#[test]
fn users_bring_platforms_of_their_own() {
    let place = Place::new();
    let rules = "[[platform]]\nid = 'pier'\nname = 'Pier board'\ndetect.any = ['.plank']\npost.container = '.plank'\n\
                 post.author = ['.by']\npost.date = ['.on']\npost.body = ['.says']\n";
    place.write("pier.toml", rules);
    place.write("gleaner.toml", "[extract]\nplatforms = ['pier.toml']\n");
    let planks: String = SAID
        .iter()
        .enumerate()
        .map(|(at, said)| {
            format!(
                "<div class=plank><i class=by>Sailor {at}</i><i class=on>2024-05-0{}</i><p class=says>{said}</p></div>",
                at + 1
            )
        })
        .collect();
    place.write("page.html", format!("<html lang=en><body><h1>The lamp is dark</h1>{planks}</body></html>"));
    let (code, lines) = place.json(&["explain", "page.html"]);
    assert_eq!(code, 0);
    let platform = of_type(&lines, "platform")[0];
    assert_eq!((platform["platform"].as_str(), platform["by"].as_str()), (Some("pier"), Some("platform rule: .plank")));

    place.write("pier.toml", rules.replace("post.date", "post.dates"));
    let ended = place.run(&["explain", "page.html"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("pier.toml:7: unknown field `dates`"), "{}", ended.stderr);
    place.write("pier.toml", rules.replace(".says", ".says["));
    let ended = place.run(&["explain", "page.html"]);
    assert!(ended.code == 2 && ended.stderr.contains("pier.toml:8:"), "{}", ended.stderr);
}

/// Quotes and bylines are a matter of the view.
#[test]
fn posts_are_shown_as_asked_for() {
    let place = Place::new();
    let answer = "<article class='message message--post' data-author='Ann' data-content='post-9'>\
        <header class=message-attribution><time class=u-dt datetime='2024-05-09T08:00:00Z'>May 9</time></header>\
        <div class=message-body><div class=bbWrapper><blockquote class=bbCodeBlock--quote data-quote='Sailor 1' data-source='post: 1'>\
        <p>The lamp over the north steps has been dark since Tuesday and somebody slipped there last night.</p></blockquote>\
        <p>Was anybody hurt? I can bring bandages and a flask of tea.</p></div></div></article>";
    place.write(
        "page.html",
        format!(
            "<html id=XF lang=en><body><h1 class=p-title-value>The lamp is dark</h1>{}{}{answer}</body></html>",
            post(1),
            post(2)
        ),
    );
    let text = |words: &[&str]| place.run(&[&["extract", "page.html"], words].concat()).stdout;
    assert_eq!(text(&[]).matches(SAID[0]).count(), 2);
    assert!(text(&["--quotes", "mark"]).contains(&format!("> {}", SAID[0])));
    assert_eq!(text(&["--quotes", "drop"]).matches(SAID[0]).count(), 1);
    assert!(text(&["--bylines"]).contains("Ann · 2024-05-09T08:00:00Z"));
    assert!(!text(&[]).contains("Ann"));
}

/// The text of a thread says nothing twice; its records keep what each post quotes.
#[test]
fn a_quote_of_a_post_on_another_page_is_no_word_of_the_text() {
    let said = format!("{} {}", SAID[0], SAID[1]);
    let message = |number: u32, words: &str| {
        format!(
            "<article class='message message--post' data-author='Sailor {number}' data-content='post-{number}'>\
             <header class=message-attribution><time class=u-dt datetime='2024-05-0{number}T08:00:00Z'>May {number}</time></header>\
             <div class=message-body><div class=bbWrapper>{words}</div></div></article>"
        )
    };
    let answer = format!(
        "<blockquote class=bbCodeBlock--quote data-quote='Sailor 1' data-source='post: 1'><p>{said}</p></blockquote><p>{}</p>",
        SAID[2]
    );
    let page = |posts: &str, next: &str| {
        format!(
            "<html id=XF lang=en><head><title>The lamp is dark</title></head><body><h1 class=p-title-value>The lamp is dark</h1>\
             {posts}<div class=pageNav>{next}</div></body></html>"
        )
    };
    let next = "<a class='pageNav-jump pageNav-jump--next' href='/threads/lamp.7/page-2'>Next</a>";
    let (one, two) = (page(&message(1, &said), next), page(&message(2, &answer), ""));
    let server = Server::open(move |request: &Request| match request.path.as_str() {
        "/threads/lamp.7/" => Reply::html(&one),
        "/threads/lamp.7/page-2" => Reply::html(&two),
        _ => Reply::status(404),
    });
    let url = server.url("/threads/lamp.7/");
    for (words, times) in [(&[][..], 1), (&["--quotes", "keep"][..], 2)] {
        let place = place();
        assert_eq!(place.run(&[&["add", "--thread", &url], words].concat()).code, 0);
        let capture = shown(&place, &url);
        let text = capture["text"].as_str().expect("a text");
        assert_eq!((text.matches(&said).count(), text.matches(SAID[2]).count()), (times, 1), "{text}");
        assert_eq!(capture["words_kept"].as_u64(), Some(text.split_whitespace().count() as u64), "{capture}");
        assert_eq!(capture["records"]["posts"][1]["quotes"][0]["text"].as_str(), Some(said.as_str()));
    }
}

/// A reservation counts on whichever page it stands and whenever it came.
#[test]
fn any_page_of_a_thread_reserves_the_whole() {
    let board = Board { posts: 5, per_page: 2 };
    let reserved = Arc::new(Mutex::new(String::new()));
    let reserving = Arc::clone(&reserved);
    let server = Server::open(move |request: &Request| {
        let page = match request.path.as_str() {
            "/threads/lamp.7/" => 1,
            path => path.strip_prefix("/threads/lamp.7/page-").and_then(|page| page.parse().ok()).unwrap_or(0),
        };
        let noai = *reserving.lock().unwrap() == request.path;
        match page {
            0 if request.path == "/ai.txt" => Reply::text("User-Agent: *\nAllow: /threads/lamp.7/page-2\n"),
            0 => Reply::status(404),
            page => {
                let headers = [("content-type", "text/html"), ("x-robots-tag", "noai")];
                Reply::new(200, &headers[..1 + usize::from(noai)], board.page(page).as_bytes())
            }
        }
    });
    let (place, url) = (Place::new(), server.url("/threads/lamp.7/"));
    place.write("gleaner.toml", "[fetch]\nopt_outs = \"training\"\n");
    let visit = |path: &str| -> Value {
        path.clone_into(&mut reserved.lock().unwrap());
        let (_, lines) = place.json(&["add", "--thread", &url]);
        of_type(&lines, "capture")[0].clone()
    };
    let free = visit("");
    assert_eq!(free["outcome"], "ok", "{free}");
    assert!(free["rights"].to_string().contains("ai.txt"), "{free}");
    let later = visit("/threads/lamp.7/page-3");
    assert_eq!(later["outcome"], "opted-out", "{later}");
    assert_eq!(visit("/threads/lamp.7/page-2")["outcome"], "opted-out", "on a page between");
    assert_eq!(visit("")["outcome"], "ok", "taken back");
}

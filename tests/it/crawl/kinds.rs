//! Every kind of source, against a simulated world.

use std::io::Write;

use super::{outcomes, place};
use crate::cli::of_type;
use crate::support::server::{Reply, Server};
use crate::support::sim::{Sim, story};

/// An index page of a seeded site leads to all its pages; each ends in its class, and only good ones are exported.
#[test]
fn every_page_of_the_world_ends_in_its_class() {
    let sim = Sim::start(3, 2, 40);
    let tables: String = (sim.sites.iter().enumerate())
        .map(|(n, site)| {
            format!("[[schedule]]\nname = \"site{n}\"\nkind = \"index\"\nurl = \"{}\"\nevery = \"6h\"\n", site.url("/"))
        })
        .collect();
    let place = place(&tables);
    let (code, lines) = place.json(&["run"]);
    assert_eq!(code, 3, "{lines:#?}");
    let mut expected: Vec<_> = (sim.sites.iter())
        .flat_map(|site| &site.truths)
        .map(|truth| (truth.path.clone(), truth.outcome.to_owned()))
        .chain(sim.sites.iter().map(|_| ("/".to_owned(), "ok".to_owned())))
        .collect();
    expected.sort();
    assert_eq!(outcomes(&lines), expected);
    for site in &sim.sites {
        let forbidden = site.pages_asked().into_iter().filter(|path| path.starts_with("/private")).count();
        assert_eq!(forbidden, 0);
        assert_eq!(site.server.open_most(), 1, "one request at a time");
    }
    let good = expected.iter().filter(|(path, _)| path.starts_with("/story")).count();
    let (_, exported) = place.json(&["export", "-o", "corpus", "--format", "text"]);
    let told = exported.last().unwrap().to_string();
    let files = walk(&place.path("corpus"));
    let texts: String = files.iter().map(|path| std::fs::read_to_string(path).unwrap_or_default()).collect();
    assert!(good > 10 && texts.matches("Report ").count() >= good, "{told}");
    for never in ["partners use cookies", "Subscribe to continue", "Page not found", "Security check"] {
        assert!(!texts.contains(never), "{never}");
    }
    let (code, again) = place.json(&["run"]);
    assert_eq!((code, outcomes(&again).len()), (0, 0), "nothing is due");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "txt")).collect()
}

#[test]
fn a_feed_gives_each_entry_once_and_new_ones_when_they_come() {
    let server = Server::open(|request| match request.path.as_str() {
        "/" => Reply::html(
            "<head><link rel=alternate type=application/rss+xml href=/feed></head><p>A page that names its feed.",
        ),
        "/feed" if request.header("if-none-match") == Some("\"1\"") && request.earlier < 2 => {
            Reply::new(304, &[("etag", "\"1\"")], b"")
        }
        "/feed" => {
            let new = if request.earlier >= 2 { "<item><link>/third</link></item>" } else { "" };
            let xml = format!(
                "<rss><channel><item><link>/first</link></item><item><link>/second?utm_source=rss</link></item>\
                <item><link>https://other.example/ad</link></item>{new}</channel></rss>"
            );
            Reply::new(200, &[("content-type", "application/rss+xml"), ("etag", "\"1\"")], xml.as_bytes())
        }
        path => Reply::html(&story(path)),
    });
    let place = place(&format!(
        "[[schedule]]\nname = \"feed\"\nkind = \"feed\"\nurl = \"{}\"\nevery = \"6h\"\n",
        server.url("/")
    ));
    let paths = |lines: &[serde_json::Value]| outcomes(lines).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    let (code, first) = place.json(&["run"]);
    assert_eq!(
        (code, paths(&first)),
        (0, ["/", "/feed", "/first", "/second"].map(str::to_owned).to_vec()),
        "{first:#?}"
    );
    assert!(server.paths().contains(&"/second".to_owned()), "asked for without what only tracks: {:?}", server.paths());
    let shown = place.run(&["show", &server.url("/feed"), "--as", "headers"]).stdout;
    assert!(shown.contains("a list of 2 addresses"), "{shown}");
    let asked = server.paths().len();
    assert_eq!(place.run(&["run"]).code, 0);
    assert_eq!(server.paths().len(), asked);
    // The feed itself is a root's child: it is due with its source.
    let (_, text) = place.json(&["export", "-o", "corpus", "--dry-run"]);
    assert!(!text.is_empty());
}

/// What a list named must not hang on one visit having come to its end: the frontier may be lost, or the list may have been
/// added by hand before it was a source.
#[test]
fn a_list_that_has_not_changed_still_leads_on() {
    let server = Server::open(|request| match request.path.as_str() {
        "/feed" if request.header("if-none-match") == Some("\"1\"") => Reply::new(304, &[("etag", "\"1\"")], b""),
        "/feed" => {
            let xml = "<rss><channel><item><link>/first</link></item><item><link>/second</link></item></channel></rss>";
            Reply::new(200, &[("content-type", "application/rss+xml"), ("etag", "\"1\"")], xml.as_bytes())
        }
        path => Reply::html(&story(path)),
    });
    let visited = |lines: &[serde_json::Value]| outcomes(lines).into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    let all = ["/feed", "/first", "/second"].map(str::to_owned);
    // Without raw bytes there is nothing to read again, so it is asked for whole.
    for (raw, feed) in [("keep", "unchanged"), ("none", "ok")] {
        let place = place(&format!(
            "[[schedule]]\nname = \"s\"\nkind = \"feed\"\nurl = \"{}\"\nevery = \"6h\"\n",
            server.url("/feed")
        ));
        assert_eq!(place.run(&["init", "--raw", raw]).code, 0);
        let (code, first) = place.json(&["run"]);
        assert_eq!((code, visited(&first)), (0, all.to_vec()), "{first:#?}");
        for entry in std::fs::read_dir(place.path("archive")).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("frontier.sqlite") {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
        let (code, again) = place.json(&["run", "s"]);
        assert_eq!((code, visited(&again)), (0, all.to_vec()), "{again:#?}");
        assert!(outcomes(&again).contains(&("/feed".to_owned(), feed.to_owned())), "{again:#?}");
        // However often it has not changed, it is asked whether it has.
        for _ in 0..3 {
            let (_, later) = place.json(&["run", "s"]);
            assert_eq!(outcomes(&later), [("/feed".to_owned(), feed.to_owned())], "{later:#?}");
        }
    }
}

#[test]
fn sitemaps_are_found_in_robots_and_read_packed() {
    let server = Server::start(|request| {
        match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\nsitemap: /map-index.xml\n"),
        "/" => Reply::html("<html><p>Front"),
        "/map-index.xml" => Reply::new(
            200,
            &[("content-type", "application/xml")],
            b"<sitemapindex><sitemap><loc>/pages.xml.gz</loc></sitemap><sitemap><loc>/news.txt</loc></sitemap><sitemap><loc>/dead.xml</loc></sitemap></sitemapindex>",
        ),
        "/pages.xml.gz" => {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(b"<urlset><url><loc>/one</loc></url><url><loc>/skip/two</loc></url><url><loc>https://other.example/x</loc></url></urlset>").unwrap();
            Reply::new(200, &[("content-type", "application/x-gzip")], &packed.finish().unwrap())
        }
        "/news.txt" => Reply::text(&format!("http://{}/three\n", request.header("host").unwrap_or_default())),
        "/dead.xml" => Reply::status(404),
        path => Reply::html(&story(path)),
    }
    });
    let place = place(&format!(
        "[[schedule]]\nname = \"map\"\nkind = \"sitemap\"\nurl = \"{}\"\nevery = \"1d\"\nexclude = [\"/skip/*\"]\n",
        server.url("/")
    ));
    let (code, lines) = place.json(&["run"]);
    assert_eq!(code, 3, "{lines:#?}");
    let expected = [
        ("/", "ok"),
        ("/dead.xml", "gone"),
        ("/map-index.xml", "ok"),
        ("/news.txt", "ok"),
        ("/one", "ok"),
        ("/pages.xml.gz", "ok"),
        ("/three", "ok"),
    ];
    assert_eq!(outcomes(&lines), expected.map(|(path, outcome)| (path.to_owned(), outcome.to_owned())));
}

#[test]
fn traps_are_not_walked_into() {
    let server = Server::open(|request| {
        let path = request.path.as_str();
        let next: u32 = path.rsplit('-').next().and_then(|n| n.parse().ok()).unwrap_or(2026);
        let links = "<a href=/calendar/2099-01>future</a><a href='/topic?sort=date'>sort</a><a href='/posting.php?mode=reply&t=1'>reply</a>\
            <a href=/topic/print>print</a><a href='/topic?sid=0123456789abcdef0123456789abcdef'>session</a><a href=/topic>topic</a>";
        match path {
            "/" | "/topic" => Reply::html(&format!("{}{links}<a href=/loop/loop/loop/loop>loop</a>", story(path))),
            _ => Reply::html(&format!("<a href=/calendar/x-{}>next</a>", next + 1)),
        }
    });
    let place = place(&format!(
        "[[schedule]]\nname = \"board\"\nkind = \"index\"\nurl = \"{}\"\nevery = \"1d\"\ndepth = 3\n",
        server.url("/")
    ));
    let (_, lines) = place.json(&["run"]);
    let paths: Vec<_> = outcomes(&lines).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/", "/topic"], "{:?}", server.paths());
    let cut = lines.last().unwrap()["cut"].as_u64().unwrap();
    assert!(cut >= 5, "{cut}");
    assert!(place.run(&["schedule"]).stdout.contains(&format!("cut {cut}")));
    for (path, why) in [
        ("/posting.php?mode=reply&t=1", "posting.php"),
        ("/calendar/2099-01", "calendar"),
        ("/topic?sort=date", "sort"),
    ] {
        let told = place.run(&["why", &server.url(path)]).stdout;
        assert!(told.contains("! trap") && told.contains(why), "{told}");
    }
}

/// A sitemap of each day, under an index that names the last alone.
#[test]
fn a_sitemap_that_its_index_names_no_more_is_not_asked_for() {
    let server = Server::open(|request| {
        let xml = |text: String| Reply::new(200, &[("content-type", "application/xml")], text.as_bytes());
        match request.path.as_str() {
            "/index.xml" => {
                let day = request.earlier + 1;
                xml(format!("<sitemapindex><sitemap><loc>/day-{day}.xml</loc></sitemap></sitemapindex>"))
            }
            path if path.ends_with(".xml") => xml(format!("<urlset><url><loc>{path}-story</loc></url></urlset>")),
            path => Reply::html(&story(path)),
        }
    });
    let url = server.url("/index.xml");
    let place = place(&format!("[[schedule]]\nname = \"s\"\nkind = \"sitemap\"\nurl = \"{url}\"\nevery = \"1d\"\n"));
    for _ in 0..4 {
        assert_eq!(place.run(&["run", "s"]).code, 0);
    }
    for (day, says) in [(1, "due        never"), (3, "due        never"), (4, "due        at ")] {
        let told = place.run(&["why", &server.url(&format!("/day-{day}.xml"))]).stdout;
        assert!(told.contains(says), "{told}");
    }
    assert!(server.paths().contains(&"/day-3.xml-story".to_owned()));
}

/// What a site itself names in its sitemap are pages, whatever their addresses look like.
#[test]
fn a_sitemap_names_no_traps() {
    let pages = ["/annual/report/", "/archive?year=2019", "/events/1999/", "/item?view=post", "/press/print"];
    let server = Server::open(move |request| match request.path.as_str() {
        "/map.xml" => {
            let urls: String = pages.iter().map(|path| format!("<url><loc>{path}</loc></url>")).collect();
            let urls = format!("<urlset>{urls}<url><loc>/x/x/x/x</loc></url></urlset>");
            Reply::new(200, &[("content-type", "application/xml")], urls.as_bytes())
        }
        path => Reply::html(&story(path)),
    });
    let url = server.url("/map.xml");
    let place = place(&format!("[[schedule]]\nname = \"s\"\nkind = \"sitemap\"\nurl = \"{url}\"\nevery = \"1d\"\n"));
    let ran = place.run(&["run"]);
    assert!(
        ran.stderr.contains("1 cut as traps") || ran.stdout.contains("1 cut as traps"),
        "{} {}",
        ran.stdout,
        ran.stderr
    );
    let asked = server.paths();
    assert!(pages.iter().all(|path| asked.contains(&(*path).to_owned())), "{asked:?}");
    let told = place.run(&["why", &server.url("/x/x/x/x")]).stdout;
    assert!(told.contains("as one of 1: "), "{told}");
}

#[test]
fn depth_scope_and_limit_bound_an_index() {
    let server = Server::open(|request| {
        let n: u32 = request.path.trim_start_matches("/p").parse().unwrap_or(0);
        Reply::html(&format!(
            "{}<a href=/p{}>next</a><a href=/p{}>far</a><a href=http://other.example/>out</a>",
            story(&request.path),
            n + 1,
            n + 100
        ))
    });
    let table = |depth: u32, limit: u32| {
        format!(
            "[[schedule]]\nname = \"i\"\nkind = \"index\"\nurl = \"{}\"\nevery = \"1d\"\ndepth = {depth}\nlimit = {limit}\n",
            server.url("/")
        )
    };
    let deep = place(&table(2, 1000));
    let paths: Vec<_> = outcomes(&deep.json(&["run"]).1).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/", "/p1", "/p100", "/p101", "/p2", "/p200"]);
    let few = place(&table(5, 3));
    assert_eq!(outcomes(&few.json(&["run"]).1).len(), 4, "the page itself and three more");
}

/// Lists that a site names elsewhere are read, and may speak of its own pages alone.
#[test]
fn a_list_found_elsewhere_speaks_for_its_source_alone() {
    let (host, other) =
        (std::sync::Arc::new(std::sync::OnceLock::<String>::new()), std::sync::OnceLock::<String>::new());
    let of_other = std::sync::Arc::clone(&host);
    // Two names of one machine are two hosts, and two sites.
    let elsewhere = Server::open(move |request| {
        let own = of_other.get().expect("set before the first run");
        match request.path.as_str() {
            "/map.xml" => Reply::new(
                200,
                &[("content-type", "application/xml")],
                format!("<urlset><url><loc>/victim</loc></url><url><loc>{own}/listed</loc></url></urlset>").as_bytes(),
            ),
            "/feed.xml" => Reply::new(
                200,
                &[("content-type", "application/rss+xml")],
                format!("<rss><item><link>{own}/posted</link></item><item><link>/victim</link></item></rss>")
                    .as_bytes(),
            ),
            path => Reply::html(&story(path)),
        }
    });
    let _ = other.set(elsewhere.url("").replace("127.0.0.1", "localhost"));
    let there = other.get().unwrap().trim_end_matches('/').to_owned();
    let other = there.clone();
    let server = Server::start(move |request| match request.path.as_str() {
        "/robots.txt" => Reply::text(&format!("user-agent: *\nallow: /\nsitemap: {there}/map.xml\n")),
        "/" => Reply::html(&format!(
            "<head><link rel=alternate type=application/rss+xml href={there}/feed.xml></head><p>Front"
        )),
        "/moved" => Reply::redirect(302, &format!("{there}/feed.xml")),
        path => Reply::html(&story(path)),
    });
    let _ = host.set(server.url("/").trim_end_matches('/').to_owned());
    let paths = |kind: &str, url: &str| -> Vec<String> {
        let table =
            format!("[[schedule]]\nname = \"s\"\nkind = \"{kind}\"\nurl = \"{}\"\nevery = \"1d\"\n", server.url(url));
        let place = place(&table);
        let (_, lines) = place.json(&["run"]);
        if url == "/" {
            let told = place.run(&["why", &format!("{other}/victim")]).stdout;
            assert!(told.contains("! source     no source has led to it yet"), "{told}");
        }
        outcomes(&lines).into_iter().map(|(path, _)| path).collect()
    };
    assert_eq!(paths("sitemap", "/"), ["/", "/listed", "/map.xml"]);
    assert_eq!(paths("feed", "/"), ["/", "/feed.xml", "/posted"]);
    assert!(!elsewhere.paths().contains(&"/victim".to_owned()));
    // What the table itself names may have moved, with all its pages.
    assert_eq!(paths("feed", "/moved"), ["/moved", "/posted", "/victim"]);
}

/// Three runs of four pages see all ten of a list, whether its site or an index page names them.
#[test]
fn a_list_longer_than_the_limit_is_read_on() {
    let server = Server::open(|request| match request.path.as_str() {
        "/map.xml" => {
            let urls: String = (0..10).map(|n| format!("<url><loc>/map-{n}</loc></url>")).collect();
            Reply::new(200, &[("content-type", "application/xml")], format!("<urlset>{urls}</urlset>").as_bytes())
        }
        "/" => {
            let links: String = (0..10).map(|n| format!("<a href=/link-{n}>{n}</a>")).collect();
            Reply::html(&format!("{}{links}", story("/")))
        }
        path => Reply::html(&story(path)),
    });
    for (kind, url, form) in [("sitemap", "/map.xml", "/map-"), ("index", "/", "/link-")] {
        let place = place(&format!(
            "[[schedule]]\nname = \"s\"\nkind = \"{kind}\"\nurl = \"{}\"\nevery = \"1d\"\nlimit = 4\n",
            server.url(url)
        ));
        let found = |lines: &[serde_json::Value]| -> Vec<String> {
            outcomes(lines).into_iter().map(|(path, _)| path).filter(|path| path.starts_with(form)).collect()
        };
        let runs: Vec<Vec<String>> = (0..3).map(|_| found(&place.json(&["run", "s"]).1)).collect();
        assert_eq!(runs.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2], "{kind}: {runs:?}");
        let mut all = runs.concat();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 10, "{kind}: {runs:?}");
    }
}

/// More new threads than the limit on its first page, and yet a board is read over its pages.
#[test]
fn a_busy_board_is_read_on_over_its_limit() {
    let server = Server::open(|request| match request.path.as_str() {
        "/forums/boats.3/" => {
            let threads: String = (1..=6).map(|n| format!("<a href='/threads/boat.{n}/'>Boat {n}</a>")).collect();
            let next = "<a class='pageNav-jump--next' href='/forums/boats.3/page-2'>Next</a>";
            Reply::html(&format!("{threads}{next}"))
        }
        "/forums/boats.3/page-2" => Reply::html("<a href='/threads/old.9/'>Old</a>"),
        path => Reply::html(&story(path)),
    });
    let place = place(&format!(
        "[[schedule]]\nname = \"b\"\nkind = \"board\"\nurl = \"{}\"\nevery = \"1d\"\ndepth = 2\nlimit = 4\n",
        server.url("/forums/boats.3/")
    ));
    place.run(&["run"]);
    assert!(server.paths().contains(&"/forums/boats.3/page-2".to_owned()), "{:?}", server.paths());
}

#[test]
fn a_budget_ends_a_run_and_the_next_goes_on() {
    let server = Server::open(|request| Reply::html(&story(&request.path)));
    let urls: Vec<String> = (0..7).map(|n| format!("\"{}\"", server.url(&format!("/p{n}")))).collect();
    let place = place(&format!("[[schedule]]\nname = \"l\"\nurls = [{}]\nevery = \"1d\"\n", urls.join(", ")));
    let mut all = Vec::new();
    for expected in [3, 3, 1, 0] {
        let (code, lines) = place.json(&["run", "--max-pages", "3"]);
        let some = outcomes(&lines);
        assert_eq!((code, some.len()), (0, expected));
        all.extend(some);
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 7);
}

/// A failure between changes nothing of what is kept, and a date to come is no validator.
#[test]
fn a_page_is_asked_conditionally_by_what_is_kept_of_it() {
    let server = Server::open(|request| {
        let headers: &[(&str, &str)] = match request.path.as_str() {
            "/tagged" => &[("content-type", "text/html"), ("etag", "\"1\"")],
            _ => &[("content-type", "text/html"), ("last-modified", "Thu, 31 Dec 2037 23:59:59 GMT")],
        };
        match (request.earlier, request.header("if-none-match")) {
            (1, _) => Reply::status(500),
            (_, Some(_)) => Reply::new(304, headers, b""),
            (n, None) => Reply::new(200, headers, story(&format!("{}{n}", request.path)).as_bytes()),
        }
    });
    let place = place(&format!(
        "[[schedule]]\nname = \"s\"\nurls = [\"{}\", \"{}\"]\nevery = \"1h\"\n",
        server.url("/ahead"),
        server.url("/tagged")
    ));
    let ended: Vec<_> = (0..3).map(|_| outcomes(&place.json(&["run", "s"]).1)).collect();
    let pairs = |ahead: &str, tagged: &str| {
        vec![("/ahead".to_owned(), ahead.to_owned()), ("/tagged".to_owned(), tagged.to_owned())]
    };
    assert_eq!(ended, [pairs("ok", "ok"), pairs("http", "http"), pairs("ok", "unchanged")]);
    assert!(server.log().iter().all(|request| request.header("if-modified-since").is_none()));
}

/// A site that moves as a whole, to https or to `www`, is asked where it is, its lists too.
#[test]
fn a_site_that_moved_is_not_asked_where_it_was() {
    let server = Server::open(|request| {
        let host = request.header("host").unwrap_or_default().to_owned();
        match request.path.as_str() {
            path if !host.starts_with("www.") => Reply::redirect(301, &format!("http://www.{host}{path}")),
            "/feed" => {
                let xml = "<rss><channel><item><link>/one</link></item></channel></rss>";
                Reply::new(200, &[("content-type", "application/rss+xml")], xml.as_bytes())
            }
            path => Reply::html(&story(path)),
        }
    });
    let at = |host: &str, path: &str| server.url(path).replace("127.0.0.1", host);
    let place = place(&format!(
        "[[schedule]]\nname = \"f\"\nkind = \"feed\"\nurl = \"{}\"\nevery = \"1h\"\nrevisit = \"1h\"\n",
        at("a.localhost", "/feed")
    ));
    let (_, first) = place.json(&["run"]);
    let captured: Vec<String> =
        of_type(&first, "capture").iter().map(|line| format!("{} {}", line["url"], line["outcome"])).collect();
    assert!(captured.contains(&format!("\"{}\" \"ok\"", at("www.a.localhost", "/one"))), "{captured:?}");
    let before = server.log().len();
    assert_eq!(place.run(&["run", "f"]).code, 0);
    let asked: Vec<_> = server.log()[before..].iter().map(|request| request.path.clone()).collect();
    assert_eq!(asked, ["/feed"], "one request, where it is");
}

/// A page that moved for good is kept under its new address, and asked for there from then on; when it is lost there, its
/// first address is asked again.
#[test]
fn what_moved_is_asked_for_where_it_is() {
    let server = Server::open(|request| match (request.path.as_str(), request.earlier) {
        ("/old", 0) => Reply::redirect(301, "/new-place"),
        ("/new-place", 2..) => Reply::status(404),
        ("/short", _) => Reply::redirect(302, "/passing"),
        (path, _) => Reply::html(&story(path)),
    });
    let urls = ["/old", "/short"].map(|path| format!("\"{}\"", server.url(path)));
    let place = place(&format!("[[schedule]]\nname = \"l\"\nurls = [{}]\nevery = \"1d\"\n", urls.join(", ")));
    let (code, first) = place.json(&["run"]);
    assert_eq!(code, 0, "{first:#?}");
    let pair = |path: &str, outcome: &str| (path.to_owned(), outcome.to_owned());
    assert_eq!(outcomes(&first), [pair("/new-place", "ok"), pair("/old", "moved"), pair("/short", "ok")]);
    let moved = first.iter().find(|line| line["outcome"] == "moved").unwrap();
    assert_eq!(moved["final_url"], server.url("/new-place"));
    let (_, second) = place.json(&["run", "l"]);
    assert_eq!(outcomes(&second).first(), Some(&pair("/new-place", "unchanged")));
    let asked = |path: &str| server.paths().iter().filter(|asked| *asked == path).count();
    assert_eq!((asked("/old"), asked("/new-place"), asked("/short")), (1, 2, 2), "only what passes is asked again");
    let told = place.run(&["why", &server.url("/old")]).stdout;
    assert!(told.contains(&format!("moved      for good to {}", server.url("/new-place"))), "{told}");
    let (_, third) = place.json(&["run", "l"]);
    assert_eq!(outcomes(&third).first(), Some(&pair("/new-place", "gone")));
    let (_, fourth) = place.json(&["run", "l"]);
    assert!(outcomes(&fourth).contains(&pair("/old", "ok")), "{fourth:#?}");
}

/// What a page asks of those who read its links is heard: in its head, in its answer's, and when it has not changed.
#[test]
fn links_of_a_page_that_asks_so_are_not_followed() {
    let page = "<p>A page of the harbour.</p><a href=/one>One</a><a href=/two>Two</a>";
    for (header, meta, followed) in [
        (("x-ours", "none"), "", true),
        (("x-robots-tag", "noindex, nofollow"), "", false),
        (("x-robots-tag", "otherbot: nofollow"), "<meta name=otherbot content=nofollow>", true),
        (("x-ours", "none"), "<meta name=ROBOTS content='NOINDEX,NOFOLLOW'>", false),
        (("x-ours", "none"), "<meta name=gleaner content=none>", false),
    ] {
        let server = Server::open(move |request| match (request.path.as_str(), request.header("if-none-match")) {
            ("/", Some(_)) => Reply::new(304, &[("etag", "\"1\"")], b""),
            ("/", None) => {
                let html = format!("<html><head>{meta}</head><body>{page}</body></html>");
                Reply::new(200, &[("content-type", "text/html"), ("etag", "\"1\""), header], html.as_bytes())
            }
            (path, _) => Reply::html(&story(path)),
        });
        let table =
            format!("[[schedule]]\nname = \"s\"\nkind = \"index\"\nurl = \"{}\"\nevery = \"6h\"\n", server.url("/"));
        let place = place(&table);
        place.run(&["run"]);
        if header.0 != "x-robots-tag" {
            place.run(&["run", "s"]);
        }
        assert_eq!(server.paths().contains(&"/one".to_owned()), followed, "{header:?} {meta}");
        let shown = place.run(&["show", &server.url("/"), "--as", "headers"]).stdout;
        assert_eq!(shown.contains("asks that its links be not followed"), !followed, "{shown}");
    }
}

/// What a site has for its scripts is kept as it came; a page is one whatever it is called.
#[test]
fn json_that_is_added_is_kept_without_a_text() {
    const DATA: &str = "{\"title\": \"The ferry leaves each morning at seven, and takes twenty minutes.\"}";
    let page = format!("<!doctype html><title>Ferry</title><h1>Ferry</h1>{}", story("Ferry"));
    let server = Server::open(move |request| {
        let json = [("content-type", "application/json")];
        match request.path.as_str() {
            "/data" => Reply::new(200, &json, DATA.as_bytes()),
            "/page" => Reply::new(200, &json, page.as_bytes()),
            _ => Reply::status(404),
        }
    });
    let place = place("");
    let (code, lines) = place.json(&["add", &server.url("/data"), &server.url("/page")]);
    let captures = of_type(&lines, "capture");
    assert_eq!((code, captures.len()), (0, 2), "{lines:#?}");
    let of = |path: &str| captures.iter().find(|line| line["url"].as_str().unwrap().ends_with(path)).unwrap();
    assert_eq!(of("/data")["detail"], "no main text: this is JSON, not a page");
    assert!(of("/data")["text"].is_null() && !of("/page")["text"].is_null(), "{lines:#?}");
}

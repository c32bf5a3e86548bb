//! What a run says of itself: `why`, `schedule`, health, figures, the ledger of rights.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{outcomes, place};
use crate::cli::{Place, of_type};
use crate::support::server::{Reply, Server};
use crate::support::sim::story;

#[test]
fn why_names_rule_delay_schedule_and_last_outcome() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\n# keep out\ndisallow: /secret\n"),
        path => Reply::html(&story(path)),
    });
    let place = place(&format!(
        "[[schedule]]\nname = \"l\"\nurls = [\"{}\", \"{}\"]\nevery = \"1d\"\nexclude = [\"/never*\"]\n",
        server.url("/open"),
        server.url("/secret")
    ));
    assert_eq!(place.run(&["run"]).code, 3);
    let why = |path: &str| place.run(&["why", &server.url(path)]).stdout;
    let secret = why("/secret");
    assert!(secret.contains("! robots.txt forbids it to gleaner by line 3: `disallow: /secret`"), "{secret}");
    assert!(secret.contains("robots at ") && secret.contains("failures   1 in a row"), "{secret}");
    let open = why("/open");
    assert!(
        open.contains("archive    ok at ")
            && open.contains("! due        at ")
            && open.contains("named by the configuration"),
        "{open}"
    );
    assert!(open.contains("host       last asked at "), "{open}");
    place.write(
        "other.toml",
        format!("[[schedule]]\nname = \"m\"\nurls = [\"{}\"]\nevery = \"1d\"\n", server.url("/new")),
    );
    let named = |path: &str| place.run(&["--config", "other.toml", "why", &server.url(path)]).stdout;
    assert!(named("/new").contains("  source     `m` names it, and has not been run since"), "{}", named("/new"));
    assert!(named("/newer").contains("! source     no source has led to it yet"), "{}", named("/newer"));
    let never = why("/never/x");
    assert!(never.contains("`l` excludes it by `/never*`") && never.contains("never visited"), "{never}");
    let (code, lines) = place.json(&["why", &server.url("/secret")]);
    assert_eq!(code, 0);
    assert!(of_type(&lines, "finding").len() >= 4 && lines.last().unwrap()["stopped"] == true);
    assert_eq!(place.run(&["why", "nonsense"]).code, 2);
}

/// What fails is had by hand one day: that is no failing page any more, and `why` says so.
#[test]
fn a_page_that_add_has_had_fails_no_more() {
    let is_back = Arc::new(AtomicBool::new(false));
    let back = Arc::clone(&is_back);
    let server = Server::open(move |request| match request.path.as_str() {
        "/map" => Reply::new(200, &[("content-type", "text/xml")], b"<urlset><url><loc>/a</loc></url></urlset>"),
        "/a" if !back.load(Ordering::SeqCst) => Reply::new(404, &[], b"not yet"),
        path => Reply::html(&story(path)),
    });
    let (map, page) = (server.url("/map"), server.url("/a"));
    let place = place(&format!(
        "[[schedule]]\nname = \"s\"\nkind = \"sitemap\"\nurl = \"{map}\"\nevery = \"1d\"\nrevisit = \"7d\"\n"
    ));
    place.run(&["run"]);
    place.run(&["add", &page]);
    let why = || place.run(&["why", &page]).stdout;
    assert!(why().contains("failures   1 in a row, the last `gone`"), "{}", why());
    // Given up, and when it is asked for again: sooner where its list says that it changed, but not where it is what it is.
    let file = rusqlite::Connection::open(place.path("archive/frontier.sqlite")).unwrap();
    let given_up = |outcome: &str| {
        let sql = "UPDATE urls SET fails = 3, due_at = NULL, last_at = 1700000000000, last_outcome = ?1 WHERE root = 0";
        file.execute(sql, [outcome]).unwrap();
        why().lines().find(|line| line.starts_with("! due")).unwrap_or_default().to_owned()
    };
    assert_eq!(
        given_up("gone"),
        "! due        never by itself: given up after these failures; asked for again if a visit after 2023-12-14T22:13:20Z \
         finds it named still, or one after 2023-11-28T22:13:20Z that it changed since"
    );
    assert!(given_up("login").ends_with("if a visit after 2024-05-12T22:13:20Z finds it named still"));
    drop(file);
    is_back.store(true, Ordering::SeqCst);
    assert_eq!(place.run(&["add", &page]).code, 0);
    assert!(!why().contains("failures") && why().contains("! due        at "), "{}", why());
}

/// Percent-encodings are compared as the fetcher does, and what was read too long ago keeps nothing from being fetched: it is
/// read anew first.
#[test]
fn why_judges_a_robots_txt_as_the_fetcher_does() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\ndisallow: /\nallow: /a%2Fb\n"),
        path => Reply::html(&story(path)),
    });
    let urls = ["/a%2fb", "/c"].map(|path| format!("\"{}\"", server.url(path))).join(", ");
    let place = place(&format!("[[schedule]]\nname = \"l\"\nurls = [{urls}]\nevery = \"1d\"\n"));
    let (_, lines) = place.json(&["run"]);
    let pair = |path: &str, outcome: &str| (path.to_owned(), outcome.to_owned());
    assert_eq!(outcomes(&lines), [pair("/a%2fb", "ok"), pair("/c", "robots")]);
    let why = |path: &str| place.run(&["why", &server.url(path)]).stdout;
    assert!(why("/a%2fb").contains("  robots.txt allows it to gleaner by line 3"), "{}", why("/a%2fb"));
    assert!(why("/c").contains("! robots.txt forbids it to gleaner by line 2"), "{}", why("/c"));
    let file = rusqlite::Connection::open(place.path("archive/frontier.sqlite")).unwrap();
    let aged = file
        .execute(
            "UPDATE notes SET text = json_set(text, '$.fetched_at', '2020-01-01T00:00:00Z', '$.expires_at', \
             '2020-01-02T00:00:00Z') WHERE name LIKE 'robots %'",
            [],
        )
        .unwrap();
    assert_eq!(aged, 1);
    let told = why("/c");
    assert!(
        told.contains("  robots.txt forbids it to gleaner by line 2") && told.contains("to be read anew"),
        "{told}"
    );
}

/// A delay that a site asks for keeps an address from being fetched, and who asks why hears of it.
#[test]
fn why_names_the_delay_that_holds() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\ncrawl-delay: 50 seconds\ndisallow: /no\n"),
        path => Reply::html(&story(path)),
    });
    let place = place(&format!("[[schedule]]\nname = \"l\"\nurls = [\"{}\"]\nevery = \"1d\"\n", server.url("/no")));
    // Only the robots.txt was asked for, before anybody knew of the delay.
    assert_eq!(place.run(&["run"]).code, 4);
    let (_, lines) = place.json(&["why", &server.url("/b")]);
    let told = of_type(&lines, "finding").into_iter().find(|line| {
        line["about"] == "host" && line["says"].as_str().is_some_and(|says| says.starts_with("not before "))
    });
    let told = told.unwrap_or_else(|| panic!("{lines:#?}"));
    assert!(told["stops"] == true && told["says"].as_str().unwrap().ends_with("50s between two requests"), "{told}");
}

#[test]
fn schedule_shows_what_is_due_and_prints_units() {
    let server = Server::open(|request| Reply::html(&story(&request.path)));
    let place = place(&format!(
        "[[schedule]]\nname = \"front\"\nurls = [\"{}\"]\nevery = \"6h\"\n[[schedule]]\nname = \"other\"\nurls = [\"{}\"]\ncron = \"0 6 * * *\"\n",
        server.url("/a"),
        server.url("/b")
    ));
    assert_eq!(place.run(&["run", "front"]).code, 0);
    let (code, lines) = place.json(&["schedule"]);
    assert_eq!(code, 0);
    let rows = of_type(&lines, "scheduled");
    assert_eq!((rows.len(), &rows[0]["last_outcome"]), (2, &"ok".into()), "{rows:#?}");
    assert!(rows[1]["last_outcome"].is_null() && rows[1]["due_at"].is_string());
    assert_eq!(lines.last().unwrap()["due"], 1);
    let text = place.run(&["schedule", "other"]).stdout;
    assert!(text.contains("other  urls  at `0 6 * * *`") && !text.contains("front"), "{text}");
    let units = place.run(&["schedule", "--systemd"]).stdout;
    for part in ["[Service]", "Type=oneshot", "[Timer]", "OnCalendar=", "--config", "run\n"] {
        assert!(units.contains(part), "{units}");
    }
    let line = place.run(&["schedule", "--crontab"]).stdout;
    assert!(line.starts_with("*/5 * * * * /") && line.lines().count() == 1, "{line}");
    assert!(line.ends_with(" run >/dev/null\n"), "cron would mail a line a page: {line}");
    assert_eq!(place.run(&["schedule", "nonsense"]).code, 2);
    assert_eq!(Place::new().run(&["schedule"]).code, 1, "nothing is scheduled");
}

#[test]
fn a_source_gone_quiet_is_told_and_counted() {
    let server =
        Server::open(|request| if request.path == "/good" { Reply::html(&story("/good")) } else { Reply::status(500) });
    let place = place(&format!(
        "[[schedule]]\nname = \"bad\"\nurls = [\"{}\"]\nevery = \"1h\"\n[[schedule]]\nname = \"good\"\nurls = [\"{}\"]\nevery = \"1h\"\n",
        server.url("/bad"),
        server.url("/good")
    ));
    let (code, lines) = place.json(&["run", "--metrics", "gleaner.prom"]);
    assert_eq!((code, of_type(&lines, "quiet").len()), (3, 0), "one failure is no silence");
    let figures = std::fs::read_to_string(place.path("gleaner.prom")).unwrap();
    for line in [
        "gleaner_run_pages{outcome=\"http\"} 1",
        "gleaner_source_fails{source=\"bad\"} 1",
        "gleaner_source_urls{source=\"good\"} 1",
    ] {
        assert!(figures.contains(line), "{figures}");
    }
    assert!(figures.lines().all(|line| line.starts_with('#') || line.split(' ').count() == 2), "{figures}");
    let (_, scheduled) = place.json(&["schedule", "bad"]);
    let row = of_type(&scheduled, "scheduled")[0].clone();
    assert_eq!(row["fails"], 1);
    let asked = server.paths().len();
    assert_eq!(place.run(&["run"]).code, 0, "a failure is not tried again at once");
    assert_eq!(server.paths().len(), asked);
}

/// A feed in whose place a page stands is told at once, and until it is a feed again.
#[test]
fn a_feed_that_is_no_feed_is_told() {
    let server = Server::open(|request| match (request.path.as_str(), request.earlier) {
        ("/feed", 0 | 3..) => {
            let xml = "<rss><channel><item><link>/one</link></item></channel></rss>";
            Reply::new(200, &[("content-type", "application/rss+xml")], xml.as_bytes())
        }
        ("/feed", n) => {
            Reply::html(&format!("<html><head><title>For sale</title></head><p>This domain is for sale {n}."))
        }
        (path, _) => Reply::html(&story(path)),
    });
    let url = server.url("/feed");
    let place = place(&format!("[[schedule]]\nname = \"s\"\nkind = \"feed\"\nurl = \"{url}\"\nevery = \"1h\"\n"));
    let told: Vec<usize> = (0..4).map(|_| of_type(&place.json(&["run", "s"]).1, "quiet").len()).collect();
    assert_eq!(told, [0, 1, 1, 0]);
    let place = super::place(&format!(
        "[[schedule]]\nname = \"s\"\nkind = \"feed\"\nurl = \"{}\"\nevery = \"1h\"\n",
        server.url("/page")
    ));
    let ran = place.run(&["run"]);
    let told = format!("{}{}", ran.stdout, ran.stderr);
    assert!(told.contains("a list of 0 addresses; a page that names no feed"), "{told}");
    assert!(told.contains("quiet: `s`: ") && told.contains("leads nowhere: a page that names no feed"), "{told}");
    assert!(place.run(&["schedule"]).stdout.contains("  quiet: "));
    // Who runs from cron hears of it too, and not at every run.
    let told = [(); 2].map(|()| place.run(&["--quiet", "run", "s"]).stderr);
    assert!(told[0].starts_with("quiet: `s`: ") && told[1].is_empty(), "{told:?}");
}

/// Of many addresses one that is gone silences no source; where all are, it is told.
#[test]
fn one_address_that_is_gone_makes_no_source_quiet() {
    let server = Server::open(|request| match request.path.as_str() {
        "/gone" => Reply::status(410),
        path => Reply::html(&story(path)),
    });
    let place = place(&format!(
        "[[schedule]]\nname = \"s\"\nurls = [\"{}\", \"{}\"]\nevery = \"1h\"\n[[schedule]]\nname = \"t\"\nurls = [\"{}\"]\nevery = \"1h\"\n",
        server.url("/gone"),
        server.url("/here"),
        server.url("/gone?t")
    ));
    let months_later = |_| {
        let told =
            of_type(&place.json(&["run"]).1, "quiet").iter().map(|line| line["source"].clone()).collect::<Vec<_>>();
        let file = rusqlite::Connection::open(place.path("archive/frontier.sqlite")).unwrap();
        let sql = "UPDATE urls SET due_at = due_at - ?1, last_at = last_at - ?1, changed_at = last_at";
        file.execute(sql, [100 * 86_400_000_i64]).unwrap();
        told
    };
    let told: Vec<_> = (0..4).map(months_later).collect();
    assert!(told[1].is_empty() && told[2] == ["t"] && told[3] == ["t"], "the second source alone: {told:?}");
    assert!(place.run(&["schedule", "s"]).stdout.contains("gone         http"), "which one is shown");
}

/// A feed that says the same again and again has not changed, whatever its server says and whatever date it bears.
#[test]
fn a_dead_feed_goes_quiet() {
    let server = Server::open(|request| match request.path.as_str() {
        path @ ("/same" | "/dated") => {
            let date = if path == "/dated" { request.earlier } else { 0 };
            let xml = format!(
                "<rss><channel><lastBuildDate>{date}</lastBuildDate><item><link>/one</link></item></channel></rss>"
            );
            Reply::new(200, &[("content-type", "application/rss+xml")], xml.as_bytes())
        }
        path => Reply::html(&story(path)),
    });
    let source = |name: &str| {
        let url = server.url(&format!("/{name}"));
        format!("[[schedule]]\nname = \"{name}\"\nkind = \"feed\"\nurl = \"{url}\"\nevery = \"1h\"\n")
    };
    let place = place(&(source("same") + &source("dated")));
    assert_eq!(place.run(&["run"]).code, 0);
    // Nothing new for twelve days.
    let file = rusqlite::Connection::open(place.path("archive/frontier.sqlite")).unwrap();
    let sql = "UPDATE urls SET changed_at = changed_at - ?1, found_at = found_at - ?1";
    file.execute(sql, [12 * 86_400_000_i64]).unwrap();
    drop(file);
    let (_, lines) = place.json(&["run", "same", "dated"]);
    let ended: Vec<String> = outcomes(&lines).into_iter().map(|(path, outcome)| format!("{path} {outcome}")).collect();
    assert_eq!(ended, ["/dated ok", "/same unchanged"], "the source behind the last one comes first");
    let told: Vec<_> = of_type(&lines, "quiet").iter().map(|line| line["source"].clone()).collect();
    assert_eq!(told, ["dated", "same"], "{lines:#?}");
}

/// An interval made shorter, or an older program's longer waits, do not keep a source that failed silent for weeks.
#[test]
fn a_source_that_failed_waits_as_long_as_its_interval_says_now() {
    let server = Server::open(|_| Reply::status(500));
    let place = place(&format!("[[schedule]]\nname = \"s\"\nurls = [\"{}\"]\nevery = \"1h\"\n", server.url("/bad")));
    assert_eq!(place.run(&["run"]).code, 4);
    let file = rusqlite::Connection::open(place.path("archive/frontier.sqlite")).unwrap();
    file.execute("UPDATE urls SET due_at = last_at + ?1", [30 * 86_400_000_i64]).unwrap();
    let hours = |place: &Place| -> f64 {
        let (_, lines) = place.json(&["schedule"]);
        let at =
            |name: &str| of_type(&lines, "scheduled")[0][name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        at("due_at").duration_since(at("last_at")).as_secs_f64() / 3600.0
    };
    let waits = hours(&place);
    assert!((32.0..36.0).contains(&waits), "{waits}");
    file.execute("UPDATE urls SET due_at = last_at + ?1", [2 * 3_600_000_i64]).unwrap();
    assert!((hours(&place) - 2.0).abs() < 0.01, "a shorter one is kept");
}

/// Cron starts runs over and over: with `--quiet` it is told once a day that one lasts longer than that, or that a list
/// cannot be read.
#[test]
fn cron_is_not_told_the_same_at_each_run() {
    let server = Server::open(|request| Reply::html(&story(&request.path)));
    let source = |name: &str, of: &str| format!("[[schedule]]\nname = \"{name}\"\n{of}\nevery = \"1d\"\n");
    let urls = format!("urls = [\"{}\"]", server.url("/one"));
    let place = place(&(source("one", &urls) + &source("bad", "file = \"bad.txt\"")));
    let told = [(); 2].map(|()| place.run(&["--quiet", "run", "--metrics", "gleaner.prom"]));
    assert!(told.iter().all(|run| run.code == 3), "{told:?}");
    assert!(told[0].stderr.contains("bad.txt") && told[1].stderr.is_empty(), "{told:?}");
    assert!(place.run(&["run"]).stderr.contains("bad.txt"), "who looks is told each time");
    let figures = std::fs::read_to_string(place.path("gleaner.prom")).unwrap();
    for line in ["{source=\"bad\"} 1", "{source=\"one\"} 0"] {
        assert!(figures.contains(&format!("gleaner_source_list_unreadable{line}")), "{figures}");
    }
    let lock = std::fs::File::options().write(true).open(place.path("archive/run.lock")).unwrap();
    lock.lock().unwrap();
    let run = |quiet: bool| place.run(if quiet { &["--quiet", "run", "one"] } else { &["run", "one"] });
    let (told, hidden) = (run(false), run(true));
    assert_eq!((told.code, hidden.code, hidden.stderr.as_str()), (11, 11, ""));
    assert!(told.stderr.contains("is at work on this archive"), "{}", told.stderr);
    let since = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 86_400);
    lock.set_modified(since).unwrap();
    let told = [(); 2].map(|()| run(true).stderr);
    assert!(told[0].contains("is at work on this archive since ") && told[1].is_empty(), "{told:?}");
}

/// Threads are a source like any other: shown, counted, told when they fail, and why.
#[test]
fn threads_are_scheduled_and_told() {
    let server = Server::open(|request| match request.path.as_str() {
        "/threads/gone.1/" => Reply::status(404),
        path => Reply::html(&story(path)),
    });
    let urls = ["/threads/a.2/", "/threads/b.3/", "/threads/gone.1/"].map(|path| format!("\"{}\"", server.url(path)));
    let place = place(&format!(
        "[[schedule]]\nname = \"th\"\nkind = \"thread\"\nurls = [{}]\nevery = \"1d\"\nlimit = 2\n",
        urls.join(", ")
    ));
    let (_, due) = place.json(&["run", "--dry-run"]);
    assert_eq!(of_type(&due, "due").len(), 3);
    let (code, lines) = place.json(&["run", "--metrics", "gleaner.prom"]);
    assert_eq!((code, of_type(&lines, "capture").len()), (3, 3), "{lines:#?}");
    let figures = std::fs::read_to_string(place.path("gleaner.prom")).unwrap();
    assert!(figures.contains("gleaner_source_urls{source=\"th\"} 3"), "{figures}");
    assert!(figures.contains("gleaner_source_fails{source=\"th\"} 1"), "{figures}");
    let (code, scheduled) = place.json(&["schedule"]);
    assert_eq!((code, of_type(&scheduled, "scheduled").len()), (0, 3), "{scheduled:#?}");
    let told = place.run(&["why", &server.url("/threads/a.2/")]).stdout;
    assert!(told.contains("`th`, named by the configuration") && told.contains("! due        at "), "{told}");
    assert_eq!(place.json(&["run"]).1.iter().filter(|line| line["type"] == "capture").count(), 0, "nothing is due");
    for _ in 0..2 {
        place.run(&["run", "th"]);
    }
    let last = place.json(&["run", "th"]).1;
    assert_eq!(of_type(&last, "capture").len(), 3);
    // What the archive has is not asked for again where the frontier is new.
    let archive = place.path("archive");
    for file in std::fs::read_dir(archive)
        .unwrap()
        .flatten()
        .filter(|file| file.file_name().to_string_lossy().starts_with("frontier"))
    {
        std::fs::remove_file(file.path()).unwrap();
    }
    assert_eq!(of_type(&place.json(&["run"]).1, "capture").len(), 0);
}

/// A list that cannot be read stops its own source alone, and is told each time.
#[test]
fn a_bad_list_stops_no_other_source() {
    let server = Server::open(|request| Reply::html(&story(&request.path)));
    let source = |name: &str, of: &str| format!("[[schedule]]\nname = \"{name}\"\n{of}\nevery = \"1d\"\n");
    let one = source("one", &format!("urls = [\"{}\"]", server.url("/one")));
    let files = source("bad", "file = \"bad.txt\"")
        + &source("none", "file = \"none.txt\"")
        + &source("two", "file = \"two.txt\"");
    let place = place(&format!("{one}{files}"));
    place.write("bad.txt", "https://a.example/\nnonsense\n");
    place.write("two.txt", format!("\u{feff}{}\n", server.url("/two")));
    let (code, lines) = place.json(&["run"]);
    let paths: Vec<String> = outcomes(&lines).into_iter().map(|(path, _)| path).collect();
    assert_eq!((code, paths), (3, vec!["/one".to_owned(), "/two".to_owned()]), "{lines:#?}");
    let errors: Vec<String> = of_type(&lines, "error").iter().map(|line| line.to_string()).collect();
    assert!(errors.len() == 2 && errors[0].contains("bad.txt:2") && errors[1].contains("none.txt"), "{errors:?}");
    let (code, lines) = place.json(&["schedule"]);
    assert_eq!((code, of_type(&lines, "error").len(), of_type(&lines, "scheduled").len()), (3, 2, 2));
    assert_eq!(place.run(&["run"]).code, 3, "also where nothing is due");
    assert_eq!(place.run(&["run", "bad"]).code, 2, "no source is left");
    // Mended, it goes on.
    place.write("bad.txt", server.url("/three"));
    place.write("none.txt", server.url("/four"));
    assert_eq!(outcomes(&place.json(&["run"]).1).len(), 2);
}

/// A monthly source has not gone quiet by the middle of the month.
#[test]
fn a_cron_line_is_quiet_by_its_own_interval() {
    let server = Server::open(|request| Reply::html(&story(&request.path)));
    let table = |when: &str| {
        let (name, urls) = (when.split(' ').next().unwrap(), server.url("/a"));
        format!("[[schedule]]\nname = \"{name}\"\nurls = [\"{urls}\"]\n{when}\n")
    };
    let quiet = |when: &str| -> bool {
        let place = place(&table(when));
        assert_eq!(place.run(&["run"]).code, 0);
        // Nothing new for twelve days.
        let file = rusqlite::Connection::open(place.path("archive/frontier.sqlite")).unwrap();
        let ago = 12 * 86_400_000_i64;
        file.execute(
            "UPDATE urls SET last_at = last_at - ?1, changed_at = changed_at - ?1, found_at = found_at - ?1",
            [ago],
        )
        .unwrap();
        let (_, lines) = place.json(&["schedule"]);
        !of_type(&lines, "source")[0]["quiet"].is_null()
    };
    assert!(quiet("every = \"1h\""));
    assert!(quiet("cron = \"0 * * * *\""));
    assert!(!quiet("cron = \"0 6 1 * *\""));
    assert!(!quiet("every = \"30d\""));
}

/// A source under a new name goes on where the old one was; of one that is gone it is said that nobody visits its pages.
#[test]
fn a_source_that_is_renamed_keeps_its_pages() {
    let server = Server::open(|request| match request.path.as_str() {
        "/feed" => {
            let items =
                if request.earlier == 0 { "<item><link>/one</link></item><item><link>/two</link></item>" } else { "" };
            let items = format!("<rss><channel><item><link>/zero</link></item>{items}</channel></rss>");
            Reply::new(200, &[("content-type", "application/rss+xml")], items.as_bytes())
        }
        path => Reply::html(&story(path)),
    });
    let table = |name: &str, kind: &str| {
        let url = if kind == "feed" { "/feed" } else { "/" };
        let url = server.url(url);
        format!(
            "[fetch]\nrights_files = false\n[[schedule]]\nname = \"{name}\"\nkind = \"{kind}\"\nurl = \"{url}\"\nevery = \"1d\"\nrevisit = \"1d\"\n"
        )
    };
    let place = Place::new();
    place.write("gleaner.toml", table("old", "feed"));
    assert_eq!(place.run(&["run"]).code, 0);
    place.write("gleaner.toml", table("new", "feed"));
    assert_eq!(place.run(&["run", "new"]).code, 0);
    let (_, lines) = place.json(&["schedule"]);
    let source = of_type(&lines, "source")[0].clone();
    assert_eq!(
        (&source["state"]["urls"], lines.last().unwrap()["sources"].as_u64()),
        (&4.into(), Some(1)),
        "{lines:#?}"
    );
    let told = place.run(&["why", &server.url("/one")]).stdout;
    assert!(
        told.contains("`new`, found on") && !told.contains("any more"),
        "no longer in the feed, and yet the source's: {told}"
    );
    // Another source altogether: what it finds is its own, the rest is told.
    place.write("gleaner.toml", table("front", "index"));
    assert_eq!(place.run(&["run"]).code, 0);
    let told = place.run(&["why", &server.url("/two")]).stdout;
    assert!(told.contains("! schedule   the configuration has no `new` any more"), "{told}");
    let (_, lines) = place.json(&["schedule"]);
    assert_eq!(
        (of_type(&lines, "left_over")[0]["urls"].as_u64(), lines.last().unwrap()["due"].as_u64()),
        (Some(4), Some(0))
    );
}

#[test]
fn rights_are_kept_with_the_capture() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\nContent-Signal: search=yes, ai-train=no\nallow: /\n"),
        "/.well-known/tdmrep.json" => Reply::new(
            200,
            &[("content-type", "application/json")],
            br#"[{"location":"/news/*","tdm-reservation":1,"tdm-policy":"https://a.example/policy"}]"#,
        ),
        "/ai.txt" => Reply::text("User-Agent: *\nDisallow: /news/\n"),
        path => {
            let page = story(path)
                .replace("<head>", "<head><meta name=tdm-reservation content=1><link rel=license href=/licence>");
            Reply::new(
                200,
                &[("content-type", "text/html"), ("x-robots-tag", "noai"), ("content-usage", "train-ai=n")],
                page.as_bytes(),
            )
        }
    });
    let place = Place::new();
    let (code, lines) = place.json(&["add", &server.url("/news/a"), &server.url("/other")]);
    assert_eq!(code, 0, "{lines:#?}");
    let rights = |path: &str| -> Vec<String> {
        let line = of_type(&lines, "capture").into_iter().find(|line| line["url"] == server.url(path)).unwrap();
        line["rights"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| format!("{}={}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
            .collect()
    };
    let news = rights("/news/a").join("\n");
    for part in [
        "x-robots-tag=noai",
        "content-usage=train-ai=n",
        "meta:tdm-reservation=1",
        "link:license=/licence",
        "robots.txt content-signal=search=yes, ai-train=no",
        "\"tdm-reservation\":1",
        "ai.txt=Disallow: /news/ (line 2)",
    ] {
        assert!(news.contains(part), "{part} in {news}");
    }
    let other = rights("/other").join("\n");
    assert!(!other.contains("tdmrep.json") && !other.contains("ai.txt"), "{other}");
    let files = |path: &str| server.paths().iter().filter(|asked| *asked == path).count();
    assert_eq!((files("/ai.txt"), files("/.well-known/tdmrep.json")), (1, 1));
    place.run(&["add", &server.url("/news/b")]);
    assert_eq!((files("/ai.txt"), files("/robots.txt")), (1, 1), "remembered by the next process");
}

/// Signals name their reader by the name that robots.txt knows it by.
#[test]
fn a_name_of_ones_own_is_heard_in_signals() {
    let server = Server::open(|request| {
        let name = if request.path == "/ours" { "mybot" } else { "otherbot" };
        let tag = format!("{name}: noai");
        Reply::new(200, &[("content-type", "text/html"), ("x-robots-tag", &tag)], story(&request.path).as_bytes())
    });
    let place = Place::new();
    place.write("gleaner.toml", "[fetch]\nagent = \"mybot\"\nopt_outs = \"training\"\n");
    let (_, lines) = place.json(&["add", &server.url("/ours"), &server.url("/theirs")]);
    let mut ended = outcomes(&lines);
    ended.sort();
    assert_eq!(ended, [("/ours", "opted-out"), ("/theirs", "ok")].map(|(a, b)| (a.to_owned(), b.to_owned())));
}

/// Addresses come in lower and in upper case of the same percent-encodings; a reservation holds for both, and for no other.
#[test]
fn a_reservation_holds_for_either_case_of_percent_encodings() {
    for (reserved, allowed) in [("/%e3%81%82/x", "/%e3%81%84/x"), ("/%E3%81%82/x", "/%E3%81%84/x")] {
        for file in ["/.well-known/tdmrep.json", "/ai.txt"] {
            let server = Server::open(move |request| match request.path.as_str() {
                "/.well-known/tdmrep.json" if file != "/ai.txt" => {
                    Reply::text(r#"[{"location":"/%e3%81%82/*","tdm-reservation":1}]"#)
                }
                "/ai.txt" if file == "/ai.txt" => Reply::text("User-Agent: *\nDisallow: /%e3%81%82/\n"),
                "/.well-known/tdmrep.json" | "/ai.txt" => Reply::status(404),
                path => Reply::html(&story(path)),
            });
            let place = Place::new();
            place.write("gleaner.toml", "[fetch]\nopt_outs = \"training\"\n");
            let (_, lines) = place.json(&["add", &server.url(reserved), &server.url(allowed)]);
            let pair = |path: &str, outcome: &str| (path.to_owned(), outcome.to_owned());
            let mut expected = [pair(reserved, "opted-out"), pair(allowed, "ok")];
            expected.sort();
            assert_eq!(outcomes(&lines), expected, "{file}");
            assert!(!server.paths().contains(&reserved.to_owned()), "not asked for");
        }
    }
}

/// Where opt-outs are to be held, what a site's files reserve is not asked for, and what a page reserves itself is kept as
/// evidence that no corpus takes.
#[test]
fn what_is_reserved_is_not_taken() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\nallow: /\n"),
        "/.well-known/tdmrep.json" => Reply::text(r#"[{"location":"/files/","tdm-reservation":1}]"#),
        "/ai.txt" => Reply::text("User-Agent: *\nDisallow: /ai/\n"),
        "/header" => {
            Reply::new(200, &[("content-type", "text/html"), ("x-robots-tag", "noai")], story("header").as_bytes())
        }
        "/meta" => Reply::html(&story("meta").replace("<head>", "<head><meta name=tdm-reservation content=1>")),
        path => Reply::html(&story(path)),
    });
    let urls: Vec<String> =
        ["/files/a", "/ai/b", "/header", "/meta", "/free"].map(|path| format!("\"{}\"", server.url(path))).to_vec();
    let table = format!("[[schedule]]\nname = \"l\"\nurls = [{}]\nevery = \"1d\"\n", urls.join(", "));
    let taken = |opt_outs: &str| -> (Place, Vec<(String, String)>) {
        let place = Place::new();
        place.write("gleaner.toml", format!("[fetch]\nopt_outs = \"{opt_outs}\"\n{table}"));
        let (_, lines) = place.json(&["run"]);
        (place, super::outcomes(&lines).into_iter().filter(|(_, outcome)| outcome == "ok").collect())
    };
    let paths = |taken: &[(String, String)]| taken.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    let (place, kept) = taken("training");
    assert_eq!(paths(&kept), ["/free"]);
    let asked = server.paths();
    assert!(!asked.contains(&"/files/a".to_owned()) && !asked.contains(&"/ai/b".to_owned()), "{asked:?}");
    let (_, listed) = place.json(&["list"]);
    for (path, signal, evidence) in [
        ("/files/a", "tdmrep.json", false),
        ("/ai/b", "ai.txt", false),
        ("/header", "x-robots-tag", true),
        ("/meta", "meta:tdm-reservation", true),
    ] {
        let line = of_type(&listed, "capture").into_iter().find(|line| line["url"] == server.url(path)).unwrap();
        assert_eq!(line["outcome"], "opted-out", "{line}");
        assert!(line["text"].is_null() && line["raw"].is_string() == evidence, "{line}");
        assert!(line["detail"].as_str().unwrap().contains(signal), "{line}");
        assert!(line["rights"].to_string().contains(signal), "{line}");
    }
    let (_, exported) = place.json(&["export", "-o", "corpus"]);
    let told = exported.last().unwrap().to_string();
    assert!(told.contains("\"documents\":1,\"path\":\"documents-00000"), "{told}");
    let told = place.run(&["why", &server.url("/header")]).stdout;
    assert!(
        told.contains("rights     its site reserves it against training by `x-robots-tag: noai`; no text"),
        "{told}"
    );
    let (_, again) = place.json(&["re-extract"]);
    assert_eq!(again.last().unwrap()["changed"], 0, "evidence makes no text: {again:#?}");
    let failed = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {}\r\nWARC-Date: 2100-01-01T00:00:00Z\r\n\
         Content-Length: 21\r\n\r\nHTTP/1.1 503 Busy\r\n\r\n\r\n\r\n",
        server.url("/meta")
    );
    place.write("failed.warc", failed);
    place.json(&["import", "failed.warc"]);
    let (_, again) = place.json(&["re-extract"]);
    assert_eq!(again.last().unwrap()["changed"], 0, "nor does it when a later visit failed: {again:#?}");
    assert_eq!(place.run(&["erase", &server.url("/free")]).code, 0);
    let told = place.run(&["why", &server.url("/free")]).stdout;
    assert!(told.contains("! erased"), "{told}");
    let (_, kept) = taken("mining");
    assert_eq!(paths(&kept), ["/free", "/header"], "`noai` is about training");
    let (place, kept) = taken("ledger");
    assert_eq!(kept.len(), 5);
    // What was taken before anybody held to the signals is held when it is read again.
    place.write("gleaner.toml", "[fetch]\nopt_outs = \"training\"\n");
    let (_, again) = place.json(&["re-extract"]);
    let changed = of_type(&again, "changed");
    assert!(!changed.is_empty() && changed.iter().all(|line| line["outcome"] == "opted-out"), "{again:#?}");
    for path in ["/files/a", "/ai/b", "/header", "/meta"] {
        assert!(place.json(&["show", &server.url(path)]).1[0]["text"].is_null(), "{path}");
    }
    let (_, again) = place.json(&["re-extract"]);
    assert_eq!(again.last().unwrap()["changed"], 0, "{again:#?}");
    assert!(place.json(&["show", &server.url("/free")]).1[0]["text"].is_string());
}

/// While a run watches it answers Prometheus, and keeps node-exporter's file fresh.
#[test]
fn a_watching_run_answers_prometheus() {
    use std::io::{BufRead, BufReader, Read, Write};
    let server = Server::open(|request| Reply::html(&story(&request.path)));
    let place = place(&format!("[[schedule]]\nname = \"l\"\nurls = [\"{}\"]\nevery = \"1h\"\n", server.url("/a")));
    let mut command = place.command(&["run", "--watch", "--listen", "0", "--metrics", "gleaner.prom", "--json"]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut of = |kind: &str| -> serde_json::Value {
        lines
            .by_ref()
            .filter_map(|line| serde_json::from_str(&line).ok())
            .find(|line: &serde_json::Value| line["type"] == kind)
            .unwrap()
    };
    let address = of("listening")["address"].as_str().unwrap().to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    of("capture");
    let get = |path: &str| -> String {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    // The pass ends a moment after its last line.
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !place.path("gleaner.prom").exists() && std::time::Instant::now() < patience {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let answer = get("/metrics");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("text/plain; version=0.0.4"), "{answer}");
    assert!(answer.contains("\ngleaner_run_pages{outcome=\"ok\"} 1\n"), "{answer}");
    assert!(answer.contains("\ngleaner_source_urls{source=\"l\"} 1\n"), "{answer}");
    assert!(get("/else").starts_with("HTTP/1.1 404"));
    let figures = std::fs::read_to_string(place.path("gleaner.prom")).unwrap();
    assert!(figures.contains("gleaner_run_pages{outcome=\"ok\"} 1"), "{figures}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(place.run(&["run", "--listen", "9187"]).code, 2, "only while watching");
    assert_eq!(place.run(&["run", "--watch", "--listen", "nowhere"]).code, 2);
}

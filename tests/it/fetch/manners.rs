//! Manners, seen from the server's side.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use gleaner::capture::Outcome;
use gleaner::fetch::{
    FetchError, Fetcher, HostOptions, HostState, Known, Memory, Options, RobotsAnswer, RobotsState, State,
};
use gleaner::page::Timestamp;

use super::{ParseUrl, failure, fetch, fetch_with, options, run};
use crate::support::server::{Reply, Request, Server};

fn gaps(log: &[Request]) -> Vec<Duration> {
    log.windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}

/// Fetches all at once and returns how many brought a page.
fn fetch_together(fetcher: &Fetcher, urls: &[String]) -> usize {
    let urls: Vec<_> = urls.iter().map(|url| url.parse_url()).collect();
    let known = Known::default();
    let results = run(join_all(urls.iter().map(|url| fetcher.fetch(url, &known))));
    results.into_iter().filter(Result::is_ok).count()
}

#[test]
fn one_request_at_a_time_and_a_pause_after_each() {
    let server = Server::open(|_| Reply::nothing().then_wait(Duration::from_millis(30)).then(PAGE));
    let delay = Duration::from_millis(100);
    let fetcher = Fetcher::new(Options { delay, ..options() }).expect("the options are right");
    let urls: Vec<_> = (0..4).map(|n| server.url(&format!("/{n}"))).collect();
    assert_eq!(fetch_together(&fetcher, &urls), 4);
    let log = server.log();
    assert_eq!(log.len(), 5, "one robots.txt for all");
    assert_eq!(log[0].path, "/robots.txt");
    assert_eq!(server.open_most(), 1);
    assert!(gaps(&log).iter().all(|gap| *gap >= delay), "{:?}", gaps(&log));
}

const PAGE: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx";

#[test]
fn a_crawl_delay_is_kept_up_to_its_cap() {
    let server = |seconds: &'static str| {
        Server::start(move |request| match request.path.as_str() {
            "/robots.txt" => Reply::text(&format!("user-agent: *\ncrawl-delay: {seconds}")),
            _ => Reply::html("x"),
        })
    };
    for (seconds, cap, least) in [("0.2", 10_000, 200), ("3600", 150, 150)] {
        let server = server(seconds);
        let options = Options { crawl_delay_max: Duration::from_millis(cap), ..options() };
        let fetcher = Fetcher::new(options).expect("the options are right");
        assert_eq!(fetch_together(&fetcher, &[server.url("/a"), server.url("/b")]), 2);
        let gaps = gaps(&server.log());
        assert!(gaps.iter().all(|gap| *gap >= Duration::from_millis(least)), "{seconds}: {gaps:?}");
    }
}

/// One machine with two names: its owner sees one polite visitor, not two.
#[test]
fn hosts_on_one_address_take_turns() {
    let server = Server::open(|_| Reply::nothing().then_wait(Duration::from_millis(30)).then(PAGE));
    let delay = Duration::from_millis(100);
    let fetcher = Fetcher::new(Options { delay, ..options() }).expect("the options are right");
    assert_eq!(fetch_together(&fetcher, &names_of(&server)), 4);
    let log = server.log();
    let hosts: std::collections::BTreeSet<_> = log.iter().filter_map(|request| request.header("host")).collect();
    assert_eq!((log.len(), hosts.len()), (6, 2), "two files and four pages of two hosts");
    assert_eq!(server.open_most(), 1);
    assert!(gaps(&log).iter().all(|gap| *gap >= delay), "{:?}", gaps(&log));
    let machine = gleaner::fetch::machine_key([127, 0, 0, 1].into());
    assert!(fetcher.export().hosts.contains_key(&machine), "it is remembered");
}

/// Two pages of each of two names that are this machine's.
fn names_of(server: &Server) -> Vec<String> {
    let page = |n: u16| format!("http://{}.localhost:{}/{n}", ["a", "b"][usize::from(n % 2)], server.port());
    (0..4).map(page).collect()
}

/// Where an address is the front of many sites, or the user says so, names on it are asked side by side: in turn, the
/// robots.txt of neither would ever be answered.
#[test]
fn hosts_behind_one_front_need_not_wait_for_each_other() {
    let fronts = Options { front_networks: vec!["127.0.0.0/8".to_owned()], ..options() };
    let no_delay = Options { address_delay: Duration::ZERO, ..options() };
    for options in [fronts, no_delay] {
        let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = std::sync::Arc::clone(&asked);
        let server = Server::start(move |request| {
            if request.path != "/robots.txt" {
                return Reply::html("x");
            }
            count.fetch_add(1, Ordering::SeqCst);
            let patience = Instant::now() + Duration::from_secs(20);
            while count.load(Ordering::SeqCst) < 2 && Instant::now() < patience {
                std::thread::sleep(Duration::from_millis(5));
            }
            Reply::status(if count.load(Ordering::SeqCst) < 2 { 500 } else { 404 })
        });
        let fetcher = Fetcher::new(Options { delay: Duration::from_millis(10), ..options }).expect("right options");
        assert_eq!(fetch_together(&fetcher, &names_of(&server)), 4);
    }
    let wrong = Options { front_networks: vec!["10.0.0.0/99".to_owned()], ..options() };
    assert!(Fetcher::new(wrong).expect_err("no network").contains("`fetch.front_networks`"));
}

/// Each server holds its answer until the other has been asked: in turn, neither would ever answer.
#[test]
fn different_hosts_are_asked_at_the_same_time() {
    static ASKED: [AtomicBool; 2] = [AtomicBool::new(false), AtomicBool::new(false)];
    let server = |me: usize| {
        Server::open(move |_| {
            ASKED[me].store(true, Ordering::SeqCst);
            let patience = Instant::now() + Duration::from_secs(20);
            while !ASKED[1 - me].load(Ordering::SeqCst) && Instant::now() < patience {
                std::thread::sleep(Duration::from_millis(5));
            }
            if ASKED[1 - me].load(Ordering::SeqCst) { Reply::html("x") } else { Reply::status(500) }
        })
    };
    let (one, two) = (server(0), server(1));
    let fetcher = Fetcher::new(options()).expect("the options are right");
    assert_eq!(fetch_together(&fetcher, &[one.url("/"), two.url("/")]), 2);
}

#[test]
fn a_busy_server_is_left_alone_for_as_long_as_it_asks() {
    let server = Server::open(|_| Reply::new(429, &[("retry-after", "3600")], b"slow down"));
    let fetcher = Fetcher::new(options()).expect("the options are right");
    let url = server.url("/a").parse_url();
    let first = run(fetcher.fetch(&url, &Known::default())).expect_err("429");
    assert_eq!(first.error.outcome(), Outcome::Http);
    assert_eq!(first.error.retry_after(), Some(Duration::from_secs(3600)));
    assert!(
        first.error.to_string().ends_with("answered 429 too many requests and asks to wait 3600s"),
        "{}",
        first.error
    );
    let second = run(fetcher.fetch(&server.url("/b").parse_url(), &Known::default())).expect_err("not asked");
    assert!(matches!(second.error, FetchError::BackOff { .. }), "{}", second.error);
    assert_eq!(server.paths(), ["/robots.txt", "/a"]);
}

/// Whatever is wrong, a host that names a time is left alone until then; one that names none is asked for the next page.
#[test]
fn every_error_may_ask_for_a_pause() {
    for status in [403, 404, 500, 502] {
        for (headers, asked) in [([("retry-after", "3600")].as_slice(), 1), (&[], 2)] {
            let server = Server::open(move |_| Reply::new(status, headers, b"not now"));
            let fetcher = Fetcher::new(options()).expect("the options are right");
            for path in ["/a", "/b"] {
                run(fetcher.fetch(&server.url(path).parse_url(), &Known::default())).expect_err("an error");
            }
            assert_eq!(
                server.paths().iter().filter(|path| *path != "/robots.txt").count(),
                asked,
                "{status} {headers:?}"
            );
        }
    }
}

#[test]
fn a_short_pause_is_waited_for() {
    // Whatever the refusal is called.
    for status in [503, 403, 404, 500] {
        let server = Server::open(move |request| match request.path.as_str() {
            "/a" => Reply::new(status, &[("retry-after", "1")], b"a moment"),
            _ => Reply::html("x"),
        });
        let fetcher = Fetcher::new(options()).expect("the options are right");
        assert_eq!(fetch_together(&fetcher, &[server.url("/a"), server.url("/b")]), 1);
        assert!(gaps(&server.log())[1] >= Duration::from_secs(1), "{status}");
    }
}

#[test]
fn what_was_learned_survives_into_a_later_run() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\ndisallow: /private"),
        "/busy" => Reply::status(503),
        _ => Reply::html("x"),
    });
    let first = Fetcher::new(options()).expect("the options are right");
    assert_eq!(fetch_together(&first, &[server.url("/busy")]), 0);
    let json = serde_json::to_string(&first.export()).expect("plain values");
    let state: State = serde_json::from_str(&json).expect("its own JSON");
    let host = state.hosts.values().next().expect("one host");
    let pause = host.paused_until.expect("a pause").duration_since(host.trouble_at.expect("trouble"));
    assert!((60.0..=66.0).contains(&pause.as_secs_f64()), "{pause:?}");
    assert_eq!(host.step, 1);
    // Only what robots.txt said is taken over: the pause itself would be a minute of this test's time.
    let later = Fetcher::new(options()).expect("the options are right");
    later.import(State { robots: state.robots, ..State::default() });
    let forbidden = run(later.fetch(&server.url("/private").parse_url(), &Known::default())).expect_err("forbidden");
    assert_eq!(forbidden.error.outcome(), Outcome::Robots);
    assert_eq!(fetch_together(&later, &[server.url("/a")]), 1);
    assert_eq!(server.paths(), ["/robots.txt", "/busy", "/a"]);
}

#[test]
fn a_pause_survives_into_a_later_run() {
    let server = Server::open(|_| Reply::new(429, &[("retry-after", "86400")], b""));
    let first = Fetcher::new(options()).expect("the options are right");
    assert_eq!(fetch_together(&first, &[server.url("/a")]), 0);
    let later = Fetcher::new(options()).expect("the options are right");
    later.import(first.export());
    let failure = run(later.fetch(&server.url("/b").parse_url(), &Known::default())).expect_err("not asked");
    assert!(matches!(failure.error, FetchError::BackOff { .. }), "{}", failure.error);
    assert_eq!(server.paths(), ["/robots.txt", "/a"]);
}

/// RFC 9309: what the status of robots.txt means.
#[test]
fn robots_txt_by_its_status() {
    for (status, allowed) in
        [(200, true), (401, true), (403, true), (404, true), (410, true), (429, false), (500, false), (503, false)]
    {
        let server = Server::start(move |request| match request.path.as_str() {
            "/robots.txt" => Reply::new(status, &[], b"user-agent: *\nallow: /"),
            _ => Reply::html("x"),
        });
        match fetch(&server.url("/a")) {
            Ok(_) => assert!(allowed, "{status}"),
            Err(failure) => {
                assert!(!allowed, "{status}: {}", failure.error);
                assert_eq!(failure.error.outcome(), Outcome::Robots, "{status}: {}", failure.error);
                assert_eq!(server.paths(), ["/robots.txt"]);
            }
        }
    }
}

#[test]
fn a_forbidden_path_is_not_fetched_in_another_writing() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\ndisallow: /~ann/"),
        _ => Reply::html("x"),
    });
    let (outcome, why) = failure(fetch(&server.url("/%7Eann/letters")));
    assert_eq!(outcome, Outcome::Robots);
    assert!(why.ends_with("`disallow: /~ann/` (once percent-encodings are undone)"), "{why}");
    assert!(fetch(&server.url("/%7Ebob/")).is_ok());
    assert_eq!(server.paths(), ["/robots.txt", "/robots.txt", "/%7Ebob/"]);
}

#[test]
fn an_unreadable_robots_txt_is_remembered_for_a_while() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::status(500),
        _ => Reply::html("x"),
    });
    let fetcher = Fetcher::new(options()).expect("the options are right");
    assert_eq!(fetch_together(&fetcher, &[server.url("/a"), server.url("/b")]), 0);
    assert_eq!(server.paths(), ["/robots.txt"]);
    let state = fetcher.export();
    let robots = state.robots.values().next().expect("one origin");
    assert_eq!(robots.answer, RobotsAnswer::Unreachable("it answered 500".to_owned()));
}

#[test]
fn a_robots_txt_that_does_not_come_forbids_for_now() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::nothing().then_wait(Duration::from_secs(60)),
        _ => Reply::html("x"),
    });
    let short = Duration::from_millis(300);
    let (outcome, message) = failure(fetch_with(Options { timeout: short, ..options() }, &server.url("/")));
    assert_eq!(outcome, Outcome::Robots, "{message}");
    assert!(message.contains("no answer from 127.0.0.1"), "{message}");
}

/// Half a file may lack the half that forbids.
#[test]
fn a_robots_txt_that_breaks_off_forbids_for_now() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nuser-agent: *\nallow: /"),
        _ => Reply::html("x"),
    });
    let (outcome, message) = failure(fetch(&server.url("/")));
    assert_eq!(outcome, Outcome::Robots, "{message}");
    assert!(message.contains("ends early"), "{message}");
}

#[test]
fn robots_txt_may_be_elsewhere() {
    let rules = Server::start(|_| Reply::text("user-agent: *\ndisallow: /private"));
    let target = rules.url("/rules.txt");
    let server = Server::start(move |request| match request.path.as_str() {
        "/robots.txt" => Reply::redirect(301, "/r1"),
        "/r1" => Reply::redirect(302, &target),
        _ => Reply::html("x"),
    });
    let (outcome, message) = failure(fetch(&server.url("/private")));
    assert_eq!(outcome, Outcome::Robots, "{message}");
    fetch(&server.url("/public")).expect("allowed");
}

/// More than five redirects count as no robots.txt (RFC 9309, 2.3.1.2).
#[test]
fn robots_txt_behind_an_endless_chain_is_none() {
    let server = Server::start(|request| match request.path.as_str() {
        "/page" => Reply::html("x"),
        path => Reply::redirect(302, &format!("{path}x")),
    });
    fetch(&server.url("/page")).expect("allowed");
    assert_eq!(server.paths().len(), 1 + 5 + 1);
}

#[test]
fn a_huge_robots_txt_counts_to_its_cap() {
    let robots = format!("user-agent: *\ndisallow: /early\n{}disallow: /late\n", "# filler\n".repeat(200_000));
    let server = Server::start(move |request| match request.path.as_str() {
        "/robots.txt" => Reply::text(&robots),
        _ => Reply::html("x"),
    });
    assert_eq!(failure(fetch(&server.url("/early"))).0, Outcome::Robots);
    fetch(&server.url("/late")).expect("beyond 500 KiB nothing is read");
}

/// A host's own table: another name, cookies, a slower pace, a limit a day, or nothing at all.
#[test]
fn a_host_may_be_asked_on_its_own_terms() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: special\ndisallow: /no\nuser-agent: gleaner\ndisallow: /\n"),
        "/set" => Reply::new(200, &[("content-type", "text/html"), ("set-cookie", "sid=7; Path=/")], b"x"),
        _ => Reply::html("x"),
    });
    let own = HostOptions {
        delay: Some(Duration::from_millis(80)),
        agent: Some("special".to_owned()),
        cookie: Some("consent=yes".to_owned()),
        keep_cookies: true,
        requests_per_day: Some(4),
        ..HostOptions::default()
    };
    let with = |own: HostOptions| Options { hosts: [("127.0.0.1".to_owned(), own)].into(), ..options() };
    let fetcher = Fetcher::new(with(own)).expect("the options are right");
    let get = |path: &str| run(fetcher.fetch(&server.url(path).parse_url(), &Known::default()));
    for path in ["/set", "/a", "/b"] {
        get(path).expect("allowed to that name");
    }
    assert_eq!(get("/no").expect_err("forbidden to that name").error.outcome(), Outcome::Robots);
    let log = server.log();
    assert!(gaps(&log).iter().all(|gap| *gap >= Duration::from_millis(80)), "{:?}", gaps(&log));
    assert!(log.iter().all(|request| request.header("user-agent").unwrap_or_default().starts_with("special/")));
    let cookies: Vec<_> = log.iter().map(|request| request.header("cookie").unwrap_or_default()).collect();
    assert_eq!(cookies, ["consent=yes", "consent=yes", "consent=yes; sid=7", "consent=yes; sid=7"]);
    let full = get("/c").expect_err("four a day").error;
    assert!(matches!(full, FetchError::DayFull { most: 4, .. }), "{full}");
    let never = with(HostOptions { never: true, ..HostOptions::default() });
    let (outcome, message) = failure(fetch_with(never, &server.url("/d")));
    assert_eq!(outcome, Outcome::OptedOut, "{message}");
    assert_eq!(server.log().len(), 4);
    let wrong = Options { hosts: [("A/b".to_owned(), HostOptions::default())].into(), ..options() };
    assert!(Fetcher::new(wrong).expect_err("no host").contains("`host.\"A/b\"`"));
}

/// Who refuses and says "now", or names a moment that is over, is left alone as if nothing had been said.
#[test]
fn a_pause_of_no_length_is_one_of_our_own() {
    for value in ["0", "Thu, 01 Jan 2015 00:00:00 GMT", "-1", "soon"] {
        let server = Server::open(move |_| Reply::new(429, &[("retry-after", value)], b"slow down"));
        let fetcher = Fetcher::new(options()).expect("the options are right");
        let first = run(fetcher.fetch(&server.url("/a").parse_url(), &Known::default())).expect_err("429");
        assert_eq!(first.error.retry_after(), None, "{value}");
        let host = *fetcher.export().hosts.get(&server.url("/").parse_url().manners_key()).expect("it is remembered");
        let pause = host.paused_until.expect("a pause").duration_since(host.trouble_at.expect("trouble"));
        assert!((60.0..=66.0).contains(&pause.as_secs_f64()), "{value}: {pause:?}");
    }
}

/// A date in `Retry-After` is one of the server's own clock, and nobody is left alone for years.
#[test]
fn a_pause_is_read_by_the_clock_of_who_asks_for_it() {
    for (value, date, asked) in [
        ("Thu, 01 Jan 2015 01:30:00 GMT", Some("Thu, 01 Jan 2015 00:00:00 GMT"), 5400),
        ("Fri, 01 Jan 2100 00:02:00 GMT", Some("Fri, 01 Jan 2100 00:00:00 GMT"), 120),
        ("Fri, 01 Jan 2100 00:02:00 GMT", Some("some day"), 7 * 86_400),
        ("Fri, 01 Jan 2100 00:02:00 +0000", Some("Fri, 01 Jan 2100 00:00:00 GMT"), 120),
        ("120s", None, 120),
        ("4102444920", Some("Fri, 01 Jan 2100 00:00:00 GMT"), 120),
        ("999999999", None, 7 * 86_400),
        ("99999999999999999999999", None, 7 * 86_400),
    ] {
        let server = Server::open(move |_| {
            let headers = [("retry-after", value)].into_iter().chain(date.map(|date| ("date", date)));
            Reply::new(503, &headers.collect::<Vec<_>>(), b"slow down")
        });
        let fetcher = Fetcher::new(options()).expect("the options are right");
        let first = run(fetcher.fetch(&server.url("/a").parse_url(), &Known::default())).expect_err("503");
        assert_eq!(first.error.retry_after(), Some(Duration::from_secs(asked)), "{value} {date:?}");
        // What is longer than the most was not asked for in these words.
        assert_eq!(first.error.to_string().contains("at least"), asked == 7 * 86_400, "{}", first.error);
    }
}

/// A memory that another process wrote with a clock of its own.
#[derive(Debug, Default)]
struct Shared(std::sync::Mutex<State>);

impl Memory for Shared {
    fn with_host(&self, key: &str, change: &mut dyn FnMut(&mut HostState)) -> Result<(), String> {
        change(self.0.lock().expect("no panic").hosts.entry(key.to_owned()).or_default());
        Ok(())
    }

    fn robots(&self, origin: &str) -> Option<RobotsState> {
        self.0.lock().expect("no panic").robots.get(origin).cloned()
    }

    fn keep_robots(&self, origin: &str, state: &RobotsState) {
        self.0.lock().expect("no panic").robots.insert(origin.to_owned(), state.clone());
    }

    fn note(&self, _: &str) -> Option<String> {
        None
    }

    fn keep_note(&self, _: &str, _: &str, _: Timestamp) {}
}

/// A clock that was years ahead for one run stops no later one, and its robots.txt is not believed.
#[test]
fn a_clock_that_ran_ahead_is_no_harm() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\ndisallow: /private"),
        _ => Reply::html("x"),
    });
    let ahead = Timestamp::now() + Duration::from_secs(4 * 365 * 86400);
    let later = ahead + Duration::from_secs(60);
    let host = HostState {
        asked_at: Some(ahead),
        next_at: Some(ahead + Duration::from_millis(10)),
        held_until: Some(later),
        ..HostState::default()
    };
    let origin = server.url("").trim_end_matches('/').to_owned();
    let stale = RobotsState { fetched_at: ahead, expires_at: later, answer: RobotsAnswer::None };
    let hosts = [server.url("/").parse_url().manners_key(), gleaner::fetch::machine_key([127, 0, 0, 1].into())];
    let state = State { hosts: hosts.map(|key| (key, host)).into(), robots: [(origin, stale)].into() };
    let (memory, imported) = (std::sync::Arc::new(Shared(state.clone().into())), state);
    for with_memory in [true, false] {
        let fetcher = if with_memory {
            Fetcher::with_memory(options(), memory.clone()).expect("the options are right")
        } else {
            let fetcher = Fetcher::new(options()).expect("the options are right");
            fetcher.import(imported.clone());
            fetcher
        };
        let forbidden =
            run(fetcher.fetch(&server.url("/private").parse_url(), &Known::default())).expect_err("it says no");
        assert_eq!(forbidden.error.outcome(), Outcome::Robots, "{}", forbidden.error);
        assert_eq!(fetch_together(&fetcher, &[server.url("/a"), server.url("/b")]), 2);
    }
    assert!(
        memory.0.lock().expect("no panic").hosts.values().all(|host| host.next_at < Some(later)),
        "it is set right"
    );
}

/// What is called off between two requests is as if it had not been begun: nothing wrong is remembered, and a page that has
/// come still learns what its site reserves.
#[test]
fn what_is_called_off_leaves_nothing_wrong_behind() {
    let (sender, halt) = tokio::sync::watch::channel(false);
    let sender = std::sync::Arc::new(sender);
    let other = std::sync::Arc::clone(&sender);
    let server = Server::start(move |request| match request.path.as_str() {
        "/robots.txt" if request.header("host").is_some_and(|host| host.starts_with("a.")) => {
            other.send_replace(true);
            Reply::redirect(301, "/rules.txt")
        }
        "/robots.txt" | "/rules.txt" => Reply::text("user-agent: *\nallow: /"),
        "/ai.txt" => Reply::text("User-Agent: *\nDisallow: /"),
        "/.well-known/tdmrep.json" => Reply::status(404),
        _ => Reply::html("x"),
    });
    let options = Options { rights_files: true, ..options() };
    let fetcher = Fetcher::new(options).expect("the options are right");
    let until = fetcher.until(halt);
    let at = |host: &str| format!("http://{host}.localhost:{}/page", server.port()).parse_url();
    run(until.fetch(&at("b"), &Known::default())).expect("a page");
    let halted = run(until.fetch(&at("a"), &Known::default())).expect_err("called off behind the redirect");
    assert!(matches!(halted.error, FetchError::Halted { .. }) && halted.error.is_pause(), "{}", halted.error);
    assert!(!run(until.reservations(&at("b"))).is_empty(), "the page is here");
    assert_eq!(fetcher.export().robots.len(), 1, "of the other nothing is known");
    run(fetcher.fetch(&at("a"), &Known::default())).expect("a later run gets it");
}

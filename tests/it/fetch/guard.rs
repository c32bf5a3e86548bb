//! Only the public internet is called, unless the options allow more.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use gleaner::capture::Outcome;
use gleaner::fetch::{Fetcher, Known, Options};

use super::{ParseUrl, failure, fetch, fetch_with, options, run};
use crate::support::server::{Reply, Server};

fn strict() -> Options {
    Options { allow_addresses: Vec::new(), ..options() }
}

#[test]
fn addresses_that_are_not_public_are_refused_however_they_are_written() {
    let server = Server::open(|_| Reply::html("inside"));
    let port = server.port();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
    ] {
        let (outcome, message) = failure(fetch_with(strict(), &format!("http://{host}:{port}/")));
        assert_eq!(outcome, Outcome::Address, "{host}: {message}");
        assert!(message.contains("not on the public internet"), "{host}: {message}");
    }
    assert_eq!(server.paths(), [""; 0], "no request, not even for robots.txt");
}

#[test]
fn a_name_is_judged_by_what_it_resolves_to() {
    let server = Server::open(|_| Reply::html("inside"));
    let url = format!("http://localhost:{}/", server.port());
    let refused = fetch_with(strict(), &url).expect_err("localhost is loopback");
    assert_eq!(refused.error.outcome(), Outcome::Address, "{}", refused.error);
    assert!(refused.error.to_string().starts_with("localhost:"), "{}", refused.error);
    assert!(refused.error.hint().expect("a hint").contains("`fetch.allow_addresses`"));
    assert_eq!(server.paths(), [""; 0]);
    let open = Options { allow_addresses: vec!["127.0.0.0/8".to_owned()], ..options() };
    assert_eq!(fetch_with(open, &url).expect("allowed now").body, b"inside");
}

#[test]
fn a_redirect_cannot_lead_inside() {
    for target in ["http://127.0.0.2/", "http://[::1]/", "http://0x7f.2/", "http://169.254.169.254/latest/meta-data"] {
        let server = Server::open(move |_| Reply::redirect(302, target));
        let failure = fetch(&server.url("/")).expect_err("refused");
        assert_eq!(failure.error.outcome(), Outcome::Address, "{target}: {}", failure.error);
        assert_eq!(failure.hops.len(), 1);
    }
}

#[test]
fn a_robots_txt_cannot_lead_inside() {
    let inside = Server::open(|_| Reply::text("user-agent: *\nallow: /"));
    let target = inside.url("/robots").replace("127.0.0.1", "127.0.0.3");
    let server = Server::start(move |_| Reply::redirect(302, &target));
    let (outcome, message) = failure(fetch(&server.url("/")));
    assert_eq!(outcome, Outcome::Robots, "{message}");
    assert!(message.contains("127.0.0.3"), "{message}");
    assert_eq!(server.paths(), ["/robots.txt"]);
}

#[test]
fn a_proxy_is_used_where_it_is_asked_for() {
    let seen = Arc::new(OnceLock::new());
    let keep = Arc::clone(&seen);
    let proxy = Server::start(move |request| {
        if request.path.ends_with("/robots.txt") {
            return Reply::status(404);
        }
        let _ = keep.set(request.path.clone());
        Reply::html("through the proxy")
    });
    let options = Options { proxy: proxy.url(""), ..strict() };
    let page = fetch_with(options.clone(), "http://public.example/a").expect("the proxy answers");
    assert_eq!(page.body, b"through the proxy");
    assert_eq!(seen.get().map(String::as_str), Some("http://public.example/a"));
    // Its own name, and those of this machine, are no page's: the proxy would ask itself.
    let named = Options { proxy: proxy.url("").replace("127.0.0.1", "px.localhost"), ..strict() };
    assert!(fetch_with(named.clone(), "http://public.example/b").is_ok(), "a proxy may be anywhere");
    let asked = proxy.log().len();
    for (options, url) in [
        (&options, "http://127.0.0.1/"),
        (&options, "http://localhost:6379/"),
        (&options, "http://a.localhost/"),
        (&named, "http://px.localhost:6379/"),
    ] {
        let (outcome, message) = failure(fetch_with(options.clone(), url));
        assert_eq!(outcome, Outcome::Address, "{url}: {message}");
    }
    assert_eq!(proxy.log().len(), asked);
}

/// 407 is a proxy's word, never the site's: a robots.txt that it kept back is not one that there is not.
#[test]
fn a_proxy_that_wants_a_sign_in_speaks_for_no_site() {
    let repaired = Arc::new(AtomicBool::new(false));
    let works = Arc::clone(&repaired);
    let proxy = Server::start(move |request| match request.path.as_str() {
        _ if !works.load(Ordering::SeqCst) => Reply::status(407),
        path if path.ends_with("/robots.txt") => Reply::text("user-agent: *\ndisallow: /"),
        _ => Reply::html("what its site forbids"),
    });
    let fetcher = Fetcher::new(Options { proxy: proxy.url(""), ..strict() }).expect("the options are right");
    let ask = |url: &str| run(fetcher.fetch(&url.parse_url(), &Known::default())).expect_err("no page");
    for url in ["http://public.example/a", "https://public.example/a"] {
        let failure = ask(url);
        let (message, hint) = (failure.error.to_string(), failure.error.hint().unwrap_or_default());
        assert_eq!(failure.error.outcome(), Outcome::Connect, "{message}");
        assert!(message.contains("the proxy 127.0.0.1") && hint.contains("`fetch.proxy`"), "{message}; {hint}");
    }
    assert_eq!(proxy.paths(), ["http://public.example/robots.txt", "public.example:443"]);
    repaired.store(true, Ordering::SeqCst);
    assert_eq!(ask("http://public.example/a").error.outcome(), Outcome::Robots, "asked again, and obeyed");
}

/// Nor is it where nobody knows of a proxy.
#[test]
fn a_robots_txt_answered_407_cannot_be_read() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::status(407),
        _ => Reply::html("x"),
    });
    let (outcome, message) = failure(fetch(&server.url("/a")));
    assert!(outcome == Outcome::Robots && message.contains("407"), "{message}");
}

/// A proxy that is not there is no fault of the site, and one that is there may say what is.
#[test]
fn what_a_proxy_keeps_from_being_reached_is_told_as_such() {
    let deaf = Server::start(|_| Reply::status(502));
    for (proxy, url, outcome, words) in [
        (
            "http://127.0.0.1:9".to_owned(),
            "http://public.example/",
            Outcome::Connect,
            "the proxy 127.0.0.1 lets nothing through: nothing listens",
        ),
        (
            "http://nobody.invalid:9".to_owned(),
            "http://public.example/",
            Outcome::Connect,
            "the proxy nobody.invalid lets nothing through: it was not found",
        ),
        (
            deaf.url(""),
            "https://public.example/",
            Outcome::Connect,
            "public.example cannot be reached: the proxy 127.0.0.1 makes no connection to it",
        ),
    ] {
        let failure = fetch_with(Options { proxy, ..strict() }, url).expect_err("nothing is reached");
        let (message, hint) = (failure.error.to_string(), failure.error.hint().unwrap_or_default());
        assert_eq!(failure.error.outcome(), outcome, "{message}");
        assert!(message.starts_with(words) && !hint.contains("password"), "{message}; {hint}");
    }
}

//! Only the public internet is called, unless the options allow more.

use std::sync::{Arc, OnceLock};

use gleaner::capture::Outcome;
use gleaner::fetch::Options;

use super::{failure, fetch, fetch_with, options};
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

//! Redirects: each hop is recorded and checked like a first address.

use gleaner::capture::Outcome;
use gleaner::fetch::{FetchError, Options};

use super::{failure, fetch, fetch_with, options};
use crate::support::server::{Reply, Server};

#[test]
fn hops_are_recorded() {
    let server = Server::open(|request| match request.path.as_str() {
        "/a" => Reply::redirect(301, "/b#part"),
        "/b" => Reply::redirect(307, "c"),
        _ => Reply::html("here"),
    });
    let page = fetch(&server.url("/a")).expect("a page");
    let hops: Vec<_> = page.hops.iter().map(|hop| (hop.url.path(), hop.status)).collect();
    assert_eq!(hops, [("/a", 301), ("/b", 307)]);
    assert_eq!((page.url.path(), page.final_url.path(), page.body.as_slice()), ("/a", "/c", b"here".as_slice()));
}

#[test]
fn circles_and_endless_chains_are_traps() {
    let server = Server::open(|request| match request.path.as_str() {
        "/a" => Reply::redirect(302, "/b"),
        "/b" => Reply::redirect(302, "/a"),
        "/self" => Reply::redirect(302, "/self#again"),
        path => Reply::redirect(302, &format!("{path}x")),
    });
    let circle = fetch(&server.url("/a")).expect_err("a circle");
    assert_eq!(circle.error.outcome(), Outcome::Trap);
    let chain = ["/a", "/b", "/a"].map(|path| server.url(path)).join(" -> ");
    assert!(circle.error.to_string().ends_with(&chain), "{}", circle.error);
    assert_eq!((circle.hops.len(), circle.final_url.path(), circle.status), (2, "/a", Some(302)));
    assert!(matches!(fetch(&server.url("/self")).expect_err("a circle").error, FetchError::Loop { .. }));
    let endless = fetch_with(Options { redirects_max: 3, ..options() }, &server.url("/x")).expect_err("endless");
    assert_eq!(endless.error.outcome(), Outcome::Trap);
    assert!(endless.error.to_string().starts_with("more than 3 redirects: "), "{}", endless.error);
    assert_eq!(server.paths().iter().filter(|path| path.starts_with("/x")).count(), 4);
}

#[test]
fn a_redirect_to_nowhere_says_why() {
    let server = Server::open(|request| match request.path.as_str() {
        "/none" => Reply::new(302, &[], b""),
        "/empty" => Reply::redirect(302, ""),
        "/bad" => Reply::redirect(302, "http://[::bad/"),
        "/long" => Reply::redirect(302, &"x".repeat(10_000)),
        "/file" => Reply::redirect(302, "file:///etc/passwd"),
        "/data" => Reply::redirect(302, "data:text/html,hello"),
        _ => Reply::new(300, &[("content-type", "text/html")], b"choose"),
    });
    for (path, words) in [
        ("/none", "no `Location` header"),
        ("/empty", "has 0 bytes"),
        ("/bad", "`http://[::bad/` is no address"),
        ("/long", "has 10000 bytes"),
        ("/file", "only http and https"),
        ("/data", "only http and https"),
        ("/300", "answered 300 multiple choices"),
    ] {
        let (outcome, message) = failure(fetch(&server.url(path)));
        assert_eq!(outcome, Outcome::Http, "{path}: {message}");
        assert!(message.contains(words), "{path}: {message}");
    }
}

#[test]
fn robots_txt_is_asked_at_every_host() {
    let closed = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\ndisallow: /private"),
        _ => Reply::html("open"),
    });
    let (private, public) = (closed.url("/private"), closed.url("/public"));
    let door = Server::open(move |request| Reply::redirect(302, if request.path == "/a" { &private } else { &public }));
    let failure = fetch(&door.url("/a")).expect_err("forbidden there");
    assert_eq!(failure.error.outcome(), Outcome::Robots);
    let words = "line 2 of the robots.txt of 127.0.0.1";
    assert!(failure.error.to_string().starts_with(words), "{}", failure.error);
    assert!(failure.error.to_string().ends_with("forbids it to gleaner: `disallow: /private`"), "{}", failure.error);
    assert_eq!(failure.hops.len(), 1);
    assert_eq!(closed.paths(), ["/robots.txt"]);
    assert_eq!(fetch(&door.url("/b")).expect("a page").body, b"open");
}

#[test]
fn a_password_stays_with_its_host_and_out_of_sight() {
    let other = Server::open(|_| Reply::html("other"));
    let to_other = other.url("/other").replace("http://", "http://spy:secret@");
    let server = Server::open(move |request| match request.path.as_str() {
        "/a" => Reply::redirect(302, "/b"),
        "/b" => Reply::redirect(302, &to_other),
        _ => Reply::status(404),
    });
    let page = fetch(&server.url("/a").replace("http://", "http://me:hidden@")).expect("a page");
    let sent: Vec<_> = server.log().iter().map(|request| request.header("authorization").map(str::to_owned)).collect();
    let basic = Some("Basic bWU6aGlkZGVu".to_owned());
    assert_eq!(sent, [None, basic.clone(), basic], "robots.txt, then two hops on the host");
    assert!(other.log().iter().all(|request| request.header("authorization").is_none()));
    let shown = format!("{page:?}");
    assert!(!shown.contains("hidden") && !shown.contains("secret"), "{shown}");
    let (_, message) = failure(fetch(&server.url("/c").replace("http://", "http://me:hidden@")));
    assert!(message.contains("***@") && !message.contains("hidden"), "{message}");
}

/// A wall of cookies leads back to where it stands, at once or over another address: with the cookie that is no circle.
#[test]
fn a_cookie_makes_another_request_of_the_same_address() {
    let server = Server::open(|request| {
        let has = |cookie: &str| request.header("cookie").is_some_and(|all| all.contains(cookie));
        let set = |to: &str, cookie: &str| Reply::new(302, &[("location", to), ("set-cookie", cookie)], b"");
        match request.path.as_str() {
            "/at-once" if !has("seen=1") => set("/at-once", "seen=1; Path=/"),
            "/over" if !has("over=1") => Reply::redirect(302, "/set"),
            "/set" => set("/over", "over=1"),
            "/never" => set("/never", "same=1"),
            "/always" => set("/always", &format!("n={}", request.earlier)),
            _ => Reply::html("open"),
        }
    });
    let host = gleaner::fetch::HostOptions { keep_cookies: true, ..Default::default() };
    let keeping = || Options { hosts: [("127.0.0.1".to_owned(), host.clone())].into(), redirects_max: 4, ..options() };
    for path in ["/at-once", "/over"] {
        let page =
            fetch_with(keeping(), &server.url(path)).unwrap_or_else(|failure| panic!("{path}: {}", failure.error));
        assert_eq!((page.body.as_slice(), page.final_url.path()), (b"open".as_slice(), path));
        let error = fetch(&server.url(path)).expect_err("without cookies it is a circle").error;
        assert!(error.hint().expect("a hint").contains("keep_cookies = true"), "{error}");
    }
    let error = fetch_with(keeping(), &server.url("/never")).expect_err("a circle, with its cookie too").error;
    assert!(matches!(error, FetchError::Loop { .. }) && !error.hint().expect("a hint").contains("cookies"), "{error}");
    let error = fetch_with(keeping(), &server.url("/always")).expect_err("another cookie each time").error;
    assert!(matches!(error, FetchError::TooManyRedirects { limit: 4, .. }), "{error}");
}

/// Old servers name their paths in bytes of their own encoding, and know them by no other.
#[test]
fn a_path_in_bytes_that_are_no_utf_8_is_asked_for_by_these() {
    let server = Server::open(|request| match request.path.as_str() {
        "/latin" => Reply::raw(b"HTTP/1.1 302 Found\r\nlocation: /caf\xe9\r\ncontent-length: 0\r\n\r\n".as_slice()),
        "/utf-8" => Reply::raw("HTTP/1.1 302 Found\r\nlocation: /caf\u{e9}\r\ncontent-length: 0\r\n\r\n".as_bytes()),
        path => Reply::html(path),
    });
    for (path, asked) in [("/latin", "/caf%E9"), ("/utf-8", "/caf%C3%A9")] {
        assert_eq!(fetch(&server.url(path)).expect("a page").body, asked.as_bytes());
    }
}

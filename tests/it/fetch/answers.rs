//! Answers of every kind, and what becomes of them.

use gleaner::capture::Outcome;

use super::{failure, fetch};
use crate::support::server::{Reply, Server};

#[test]
fn a_page_comes_back_byte_for_byte() {
    let server = Server::open(|_| Reply::html("<p>hello</p>"));
    let page = fetch(&server.url("/a?b=c")).expect("a page");
    assert_eq!(page.status, 200);
    assert_eq!(page.body, b"<p>hello</p>");
    assert_eq!(page.decoded, None);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.final_url, page.url);
    assert_eq!(server.paths(), ["/robots.txt", "/a?b=c"]);
}

#[test]
fn gone_is_told_from_trouble() {
    let server = Server::open(|request| Reply::status(request.path[1..].parse().expect("a status")));
    for (status, outcome) in
        [(404, Outcome::Gone), (410, Outcome::Gone), (500, Outcome::Http), (403, Outcome::Http), (401, Outcome::Http)]
    {
        let (got, message) = failure(fetch(&server.url(&format!("/{status}"))));
        assert_eq!(got, outcome, "{message}");
        assert!(message.contains(&status.to_string()), "{message}");
    }
}

//! Lists that take long, and that take much room.

use std::time::Duration;

use gleaner::capture::Outcome;
use gleaner::fetch::{Fetcher, Known, LARGE_LISTS_MAX, Options};

use super::{ParseUrl, failure, fetch_with, options, run};
use crate::support::server::{Reply, Server};

/// A list in pieces, one each third of a second.
fn dripping(pieces: usize, bytes: usize) -> Reply {
    let reply = Reply::raw("HTTP/1.1 200 OK\r\ncontent-type: application/xml\r\n\r\n<urlset>");
    (0..pieces).fold(reply, |reply, _| reply.then_wait(Duration::from_millis(330)).then(vec![b' '; bytes]))
}

/// A long list may take longer than other requests, where it comes steadily; a page may not, nor what hardly comes at all.
#[test]
fn a_list_that_comes_steadily_may_take_its_time() {
    let server = Server::open(|request| match request.path.as_str() {
        "/steady" => dripping(6, 200 << 10),
        _ => dripping(6, 100),
    });
    let options = || Options { timeout: Duration::from_secs(1), ..options() };
    let list = |path: &str| {
        let fetcher = Fetcher::new(options()).expect("the options are right");
        run(fetcher.fetch_list(&server.url(path).parse_url(), &Known::default())).map(|(page, _)| page)
    };
    assert_eq!(list("/steady").expect("a list").body.len(), 8 + 6 * (200 << 10));
    assert_eq!(failure(list("/slow")).0, Outcome::Timeout);
    assert_eq!(failure(fetch_with(options(), &server.url("/steady"))).0, Outcome::Timeout);
}

/// However many hosts are asked, so many large lists are held at once and no more.
#[test]
fn only_so_many_large_lists_are_held_at_once() {
    let server = Server::open(|request| {
        let body = vec![b' '; if request.path == "/small" { 1 << 20 } else { 9 << 20 }];
        let kind = ("content-type", "application/xml");
        match request.path.as_str() {
            "/packed" => {
                Reply::new(200, &[kind, ("content-encoding", "zstd")], &zstd::encode_all(&body[..], 1).unwrap())
            }
            _ => Reply::new(200, &[kind], &body),
        }
    });
    let fetcher = Fetcher::new(Options { address_delay: Duration::ZERO, ..options() }).expect("the options are right");
    let list = |path: &str| {
        let (fetcher, url) = (fetcher.clone(), server.url(path).parse_url());
        async move { fetcher.fetch_list(&url, &Known::default()).await.expect("a list").1 }
    };
    run(async {
        let mut rooms = Vec::new();
        for at in 0..LARGE_LISTS_MAX {
            rooms.push(list(if at == 0 { "/packed" } else { "/large" }).await);
        }
        list("/small").await;
        let mut one_more = std::pin::pin!(list("/large"));
        let waited = tokio::time::timeout(Duration::from_millis(500), &mut one_more).await;
        assert!(waited.is_err(), "there is room for it only once one of the others is done");
        rooms.pop();
        one_more.await;
    });
}

//! Answers of every kind, and what becomes of them.

use std::time::Duration;

use gleaner::capture::Outcome;
use gleaner::fetch::{FetchError, Fetcher, HEADER_BYTES_MAX, Known, Options, Part, Wait, rights};

use super::{ParseUrl, failure, fetch, fetch_with, options, run};
use crate::support::random::Random;
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
fn a_request_says_who_asks() {
    let server = Server::open(|_| Reply::html("x"));
    let ask = |contact: &str, agent: &str| {
        let options = Options { contact: contact.to_owned(), agent: agent.to_owned(), ..options() };
        fetch_with(options, &server.url("/")).expect("a page");
        let last = server.log().pop().expect("a request");
        (last.header("user-agent").map(str::to_owned), last.header("from").map(str::to_owned), last)
    };
    let (agent, from, request) = ask("https://example.org/bot", "gleaner");
    assert_eq!((agent.as_deref(), from), (Some("gleaner/0.1 (+https://example.org/bot)"), None));
    assert_eq!(request.header("accept-encoding"), Some("gzip, br, zstd, deflate"));
    assert!(request.header("accept").expect("an Accept").starts_with("text/html"));
    assert_eq!(request.header("cookie"), None);
    let (agent, from, _) = ask("mailto:bot@example.org", "my-bot");
    assert_eq!(agent.as_deref(), Some("my-bot/0.1 (+bot@example.org)"));
    assert_eq!(from.as_deref(), Some("bot@example.org"));
    assert_eq!(ask("", "gleaner").0.as_deref(), Some("gleaner/0.1"));
}

#[test]
fn wrong_options_name_their_key() {
    let cases = [
        (Options { agent: "my bot".to_owned(), ..options() }, "`fetch.agent`"),
        (Options { contact: "some one\n".repeat(2), ..options() }, "`fetch.contact`"),
        (Options { allow_addresses: vec!["10.0.0.0/99".to_owned()], ..options() }, "`fetch.allow_addresses`"),
        (Options { proxy: "ftp://proxy".to_owned(), ..options() }, "`fetch.proxy`"),
    ];
    for (options, key) in cases {
        let message = Fetcher::new(options).expect_err("a wrong option");
        assert!(message.contains(key), "{message}");
    }
}

/// Nobody asked for a part.
#[test]
fn a_part_of_a_page_is_not_the_page() {
    for range in ["bytes 0-4/100000", "bytes 0-4/*", "bytes 1-5/5", "bytes 0-5/6", "bytes 0-3/4", "bytes */5", ""] {
        let server = Server::open(move |_| Reply::new(206, &[("content-range", range)], b"Once "));
        let (outcome, message) = failure(fetch(&server.url("/part")));
        assert_eq!(outcome, Outcome::Http, "{range}: {message}");
        assert!(message.contains("answered 206 partial content"), "{range}: {message}");
    }
}

/// Some caches answer so to whoever asks for all.
#[test]
fn a_part_that_is_the_whole_is_the_page() {
    let server = Server::open(|_| Reply::new(206, &[("content-range", "bytes 0-4/5")], b"Once "));
    let page = fetch(&server.url("/whole")).expect("a page");
    assert_eq!((page.status, page.body.as_slice()), (206, b"Once ".as_slice()));
}

#[test]
fn an_error_status_says_which_and_keeps_its_page() {
    let server = Server::open(|request| Reply::status(request.path[1..].parse().expect("a status")));
    for (status, outcome, words) in [
        (404, Outcome::Gone, "answered 404 not found"),
        (410, Outcome::Gone, "answered 410 gone"),
        (500, Outcome::Http, "answered 500 internal server error"),
        (403, Outcome::Http, "answered 403 forbidden"),
        (401, Outcome::Login, "answered 401 unauthorized"),
        (451, Outcome::Http, "answered 451 unavailable for legal reasons"),
        (304, Outcome::Http, "answered 304 not modified"),
        (299, Outcome::Ok, ""),
    ] {
        let Err(failure) = fetch(&server.url(&format!("/{status}"))) else {
            assert_eq!(outcome, Outcome::Ok, "{status}");
            continue;
        };
        assert_eq!(failure.error.outcome(), outcome, "{}", failure.error);
        assert_eq!(failure.status, Some(status));
        assert!(failure.error.to_string().contains(words), "{}", failure.error);
        assert!(failure.page.is_some(), "{status}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let png = b"\x89PNG\r\n\x1a\n0000".as_slice();
    let binary = b"\x01\x02\x03\0\0\0".as_slice();
    let utf16 = b"\xff\xfea\0b\0".as_slice();
    let wide = |text: &str| text.repeat(40).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (russian, greek) = (wide("<p>Паром отходит в семь</p>"), wide("\u{feff}<rss>Το πλοίο φεύγει</rss>"));
    let mut random = Random::new(1);
    let noise: Vec<u8> = (0..1000).map(|_| (random.next() >> 20) as u8).collect();
    let cases: &[(&str, &[u8], bool)] = &[
        ("text/html", b"<p>", true),
        ("TEXT/HTML ; charset=x", b"<p>", true),
        ("text/plain", b"a", true),
        ("application/xhtml+xml", b"<p/>", true),
        ("application/rss+xml", b"<rss/>", true),
        ("application/json", b"{}", true),
        ("application/octet-stream", b"plain text", true),
        ("application/octet-stream", utf16, true),
        ("", b"plain text", true),
        ("nonsense", b"plain text", true),
        ("text/html", b"", true),
        ("image/png", png, false),
        ("image/svg+xml", b"<svg/>", false),
        ("application/pdf", b"%PDF-1.7", false),
        ("video/mp4", b"x", false),
        ("application/zip", b"PK", false),
        ("application/octet-stream", binary, false),
        ("", binary, false),
        ("text/html", png, false),
        ("text/plain", b"%PDF-1.7", false),
        ("text/html", b"\xef\xbb\xbf\r\n %PDF-1.7", false),
        ("text/html", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2mp41", false),
        ("text/html", b"RIFF\x10\x20\0\0WEBPVP8 \x04\x20", false),
        ("text/html", &noise, false),
        ("text/html", utf16, true),
        ("text/html; charset=utf-16le", &russian, true),
        ("application/rss+xml", &greek, true),
        (
            "text/plain",
            b"N\x08NA\x08AM\x08ME\x08E  b\x08br\x08ri\x08in\x08ng\x08ga\x08an\x08nd\x08d  q\x08qu\x08ua\x08ay\x08y",
            true,
        ),
        ("text/html", b"a form\x0cfeed, and \x01\x02\x03 some more", true),
        ("html/text", b"<p>", true),
        ("application/x-httpd-php", b"<p>", true),
        ("application/x-httpd-php", binary, false),
    ];
    for (kind, body, is_text) in cases {
        let (kind, body) = ((*kind).to_owned(), body.to_vec());
        let shown = format!("{kind:?} {body:?}");
        let server = Server::open(move |_| {
            let headers = [("content-type", kind.as_str())];
            Reply::new(200, if kind.is_empty() { &[] } else { &headers }, &body)
        });
        match fetch(&server.url("/")) {
            Ok(_) => assert!(is_text, "{shown}"),
            Err(failure) => {
                assert!(!is_text, "{shown}: {}", failure.error);
                assert_eq!(failure.error.outcome(), Outcome::NotText, "{shown}");
            }
        }
    }
}

#[test]
fn a_length_that_lies_is_noticed() {
    let head = |length: u32| format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n");
    let server = Server::open(move |request| match request.path.as_str() {
        "/longer" => Reply::raw(head(100) + "short"),
        "/shorter" => Reply::raw(head(4) + "more than four"),
        "/chunk" => {
            Reply::raw("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\nff\r\ncut")
        }
        "/huge" => Reply::raw(head(u32::MAX)),
        _ => Reply::raw("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\nuntil the end"),
    });
    let cut = fetch(&server.url("/longer")).expect_err("cut");
    assert_eq!(cut.error.outcome(), Outcome::Http);
    let FetchError::Cut { got, expected, .. } = cut.error else { panic!("{}", cut.error) };
    assert_eq!((got, expected), (5, Some(100)));
    let (_, message) = failure(fetch(&server.url("/chunk")));
    assert!(message.contains("ends early"), "{message}");
    assert_eq!(fetch(&server.url("/shorter")).expect("a page").body, b"more");
    assert_eq!(fetch(&server.url("/until")).expect("a page").body, b"until the end");
    let (outcome, message) = failure(fetch(&server.url("/huge")));
    assert_eq!(outcome, Outcome::TooLarge, "{message}");
}

#[test]
fn a_gone_page_is_gone_even_if_it_breaks_off() {
    let server = Server::open(|_| Reply::raw("HTTP/1.1 404 Not Found\r\ncontent-length: 100\r\n\r\nnot here"));
    let failure = fetch(&server.url("/")).expect_err("gone");
    assert_eq!(failure.error.outcome(), Outcome::Gone, "{}", failure.error);
    assert_eq!(failure.page.expect("what came of it").body, b"not here");
}

/// It never ends, so only a refusal at its beginning can.
#[test]
fn a_film_sent_as_bytes_is_not_loaded() {
    let server = Server::open(|_| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\n\r\n";
        Reply::raw(head).then([0; 4096]).then_wait(Duration::from_secs(60))
    });
    assert_eq!(failure(fetch(&server.url("/"))).0, Outcome::NotText);
}

#[test]
fn a_server_that_speaks_no_http_is_named() {
    let server = Server::open(|request| match request.path.as_str() {
        "/nothing" => Reply::nothing(),
        "/half" => Reply::raw("HTTP/1.1 200 OK\r\ncontent-ty"),
        _ => Reply::raw("SSH-2.0-OpenSSH_9.2\r\n"),
    });
    for path in ["/nothing", "/half", "/ssh"] {
        let (outcome, message) = failure(fetch(&server.url(path)));
        assert_eq!(outcome, Outcome::Http, "{path}: {message}");
        assert!(message.starts_with("127.0.0.1:") && message.contains("HTTP"), "{path}: {message}");
    }
}

#[test]
fn headers_have_a_limit() {
    for bytes in [HEADER_BYTES_MAX + 1, 1 << 20] {
        let server = Server::open(move |_| Reply::new(200, &[("x-filler", &"x".repeat(bytes))], b"x"));
        let failure = fetch(&server.url("/")).expect_err("too much header");
        assert!(matches!(failure.error, FetchError::TooLarge { part: Part::Headers, .. }), "{}", failure.error);
    }
}

#[test]
fn who_cannot_be_reached_is_told_apart() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port").port();
    let (outcome, message) = failure(fetch(&format!("http://127.0.0.1:{port}/")));
    assert_eq!(outcome, Outcome::Connect, "{message}");
    assert!(message.contains("connection refused"), "{message}");
    // A label of 64 letters is no name, so that no name server needs to be asked.
    let host = format!("{}.invalid", "x".repeat(64));
    let (outcome, message) = failure(fetch(&format!("http://{host}/")));
    assert_eq!(outcome, Outcome::Dns, "{message}");
    assert!(message.starts_with(&format!("{host} was not found: ")), "{message}");
    let (outcome, message) = failure(fetch("file:///etc/passwd"));
    assert_eq!(outcome, Outcome::Http, "{message}");
    assert!(message.contains("only http and https"), "{message}");
}

#[test]
fn every_wait_ends() {
    let long = Duration::from_secs(60);
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5000\r\n\r\n";
    let server = Server::open(move |request| match request.path.as_str() {
        "/silent" => Reply::nothing().then_wait(long),
        "/stalled" => Reply::raw(head).then("x").then_wait(long),
        // Slow-loris: always something, never enough.
        "/drip" => (0..600).fold(Reply::raw(head), |reply, _| reply.then_wait(Duration::from_millis(100)).then("x")),
        _ => (0..600).fold(Reply::raw("HTTP/1.1 200 OK\r\n"), |reply, n| {
            reply.then_wait(Duration::from_millis(100)).then(format!("x-{n}: y\r\n"))
        }),
    });
    // Long enough for a busy machine to get to what is expected to end.
    let short = Duration::from_secs(1);
    // To connect may take long, and does not.
    let patience = |read_timeout, timeout| Options { connect_timeout: long, read_timeout, timeout, ..options() };
    let cases = [
        ("/silent", patience(short, long), Wait::FirstByte),
        ("/dripping-headers", patience(short, long), Wait::FirstByte),
        ("/stalled", patience(short, long), Wait::Read),
        ("/drip", patience(long, short), Wait::Total),
    ];
    std::thread::scope(|threads| {
        for (path, options, expected) in cases {
            let url = server.url(path);
            threads.spawn(move || {
                let begun = std::time::Instant::now();
                let failure = fetch_with(options, &url).expect_err("patience ends");
                assert_eq!(failure.error.outcome(), Outcome::Timeout);
                assert!(begun.elapsed() < long / 2, "{path}: {:?}", begun.elapsed());
                let FetchError::Timeout { wait, limit, .. } = failure.error else {
                    panic!("{path}: {}", failure.error)
                };
                assert_eq!((wait, limit), (expected, short), "{path}");
            });
        }
    });
}

#[test]
fn a_conditional_request_may_bring_304() {
    let server = Server::open(|request| match request.header("if-none-match") {
        Some("\"v1\"") => Reply::new(304, &[("etag", "\"v1\"")], b""),
        _ => Reply::new(200, &[("etag", "\"v1\""), ("content-type", "text/html")], b"fresh"),
    });
    let fetcher = Fetcher::new(options()).expect("the options are right");
    let url = server.url("/a");
    let known = Known {
        etag: Some("\"v1\"".to_owned()),
        last_modified: Some("Sun, 06 Nov 1994 08:49:37 GMT".to_owned()),
        url: None,
    };
    let page = run(fetcher.fetch(&url.parse_url(), &known)).expect("an answer");
    assert_eq!((page.status, page.body.len()), (304, 0));
    let last = server.log().pop().expect("a request");
    assert_eq!(last.header("if-modified-since"), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    let elsewhere = Known { url: Some(server.url("/b").parse_url()), ..known };
    let page = run(fetcher.fetch(&url.parse_url(), &elsewhere)).expect("an answer");
    assert_eq!((page.status, page.body.as_slice()), (200, b"fresh".as_slice()));
}

#[test]
fn rights_signals_are_kept_as_sent() {
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\ncontent-signal: ai-train=no\nallow: /a"),
        _ => Reply::new(
            200,
            &[
                ("content-type", "text/html"),
                ("X-Robots-Tag", "noarchive"),
                ("TDM-Reservation", "1"),
                ("Link", "<https://example.org/l>; rel=\"license\""),
                ("Link", "<https://example.org/s>; rel=stylesheet"),
            ],
            b"x",
        ),
    });
    let page = fetch(&server.url("/a")).expect("a page");
    let rights = rights(&page);
    let shown: Vec<_> = rights.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("x-robots-tag", "noarchive"),
            ("tdm-reservation", "1"),
            ("link", "<https://example.org/l>; rel=\"license\""),
            ("robots.txt", "allow: /a (line 3)"),
            ("robots.txt content-signal", "ai-train=no"),
        ]
    );
}

/// Its own 412 to what we know is no answer about the page: that is asked for once more, plainly. What no server takes as a
/// header is not sent back at all.
#[test]
fn a_condition_that_is_taken_amiss_is_left_out() {
    let server = Server::open(|request| match (request.path.as_str(), request.header("if-none-match")) {
        ("/amiss", Some(_)) | ("/always", _) => Reply::status(412),
        (_, tag) => Reply::html(&format!("<p>{}", tag.unwrap_or("plain"))),
    });
    let long = format!("\"{}\"", "e".repeat(20_000));
    // And `*` is true of any page, changed or not.
    let fetched = |path: &str, etag: &str| {
        let fetcher = Fetcher::new(options()).expect("the options are right");
        let known = Known { etag: Some(etag.to_owned()), ..Known::default() };
        run(fetcher.fetch(&server.url(path).parse_url(), &known))
    };
    for (path, etag, body) in [
        ("/any", "*", "<p>plain"),
        ("/amiss", "\"e\"", "<p>plain"),
        ("/long", &long, "<p>plain"),
        ("/good", "\"e\"", "<p>\"e\""),
    ] {
        let page = fetched(path, etag).unwrap_or_else(|failure| panic!("{path}: {}", failure.error));
        assert_eq!(String::from_utf8_lossy(&page.body), body, "{path}");
    }
    assert_eq!(failure(fetched("/always", "\"e\"")).0, Outcome::Http);
    assert_eq!(server.paths().iter().filter(|path| *path == "/always").count(), 2);
}

/// Feeds are sent as many a type that nobody registered: what their bytes are counts.
#[test]
fn a_list_is_taken_under_most_types() {
    let rss = b"<rss><channel/></rss>".as_slice();
    for (kind, body, is_list) in [
        ("application/rss", rss, true),
        ("application/x-xml", rss, true),
        ("application/rss xml", rss, true),
        ("application/x-gzip", b"\x1f\x8b\x08\0", true),
        ("application/pdf", b"%PDF-1.7", false),
        ("application/zip", b"PK\x03\x04", false),
        ("image/png", rss, false),
    ] {
        let server = Server::open(move |_| Reply::new(200, &[("content-type", kind)], body));
        let fetcher = Fetcher::new(options()).expect("the options are right");
        let list = run(fetcher.fetch_list(&server.url("/").parse_url(), &Known::default()));
        assert_eq!(list.is_ok(), is_list, "{kind}");
    }
}

/// A page that has no content is not there; a list may well have nothing to say.
#[test]
fn no_content_is_no_page() {
    let server = Server::open(|_| Reply::raw("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"));
    let (outcome, message) = failure(fetch(&server.url("/")));
    assert!(outcome == Outcome::Http && message.contains("answered 204 no content"), "{message}");
    let fetcher = Fetcher::new(options()).expect("the options are right");
    run(fetcher.fetch_list(&server.url("/").parse_url(), &Known::default())).expect("an empty list");
}

/// What is no header, or is written as headers once were, takes no page away.
#[test]
fn odd_lines_among_the_headers_are_passed_over() {
    for line in ["foo bar", ": empty", "x-folded: a\r\n b", "x-spaced : a", "x-control: a\u{1}b"] {
        let head = format!("HTTP/1.1 200 OK\r\n{line}\r\ncontent-type: text/html\r\ncontent-length: 3\r\n\r\n<p>");
        let server = Server::open(move |_| Reply::raw(head.clone()));
        let page = fetch(&server.url("/")).unwrap_or_else(|failure| panic!("{line:?}: {}", failure.error));
        assert_eq!(
            (page.body.as_slice(), page.header("content-type")),
            (b"<p>".as_slice(), Some("text/html")),
            "{line:?}"
        );
    }
    let many = (0..300).map(|n| format!("x-{n}: y\r\n")).collect::<String>();
    let server = Server::open(move |_| Reply::raw(format!("HTTP/1.1 200 OK\r\n{many}\r\n<p>")));
    let (outcome, message) = failure(fetch(&server.url("/")));
    assert!(outcome == Outcome::TooLarge && message.ends_with("bytes or 256 lines"), "{message}");
}

//! Connections that serve more than one request, and end when nobody expects it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use gleaner::fetch::{Fetcher, Known};

use super::{ParseUrl, options, run};

/// What becomes of the second request of a connection.
#[derive(Clone, Copy, Debug)]
enum Then {
    Served,
    Closed,
    Reset,
    /// It is told that it took too long.
    TimedOut,
    /// The answer breaks off in its head.
    Broken,
}

/// Requests as they came: number of the connection, number on it, path.
type Log = Arc<Mutex<Vec<(usize, usize, String)>>>;

/// A server that keeps connections, and ends each as it is told; where it never answers, at the first request.
fn server(then: Then, never_answers: bool) -> (String, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let log = Log::default();
    let kept = Arc::clone(&log);
    std::thread::spawn(move || {
        for (number, connection) in listener.incoming().flatten().enumerate() {
            let log = Arc::clone(&kept);
            std::thread::spawn(move || serve(connection, number, then, never_answers, &log));
        }
    });
    (url, log)
}

fn serve(connection: TcpStream, number: usize, then: Then, never_answers: bool, log: &Log) -> std::io::Result<()> {
    let mut lines = BufReader::new(connection.try_clone()?);
    for count in 0.. {
        let mut head = Vec::new();
        if let (Then::Reset, 1..) = (then, count) {
            // Left unread it makes the end a reset.
            head.resize(1 << 10, 0);
            if connection.peek(&mut head)? == 0 {
                // The other side ended it.
                return Ok(());
            }
        }
        while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\0") {
            if lines.read_until(b'\n', &mut head)? == 0 {
                return Ok(());
            }
        }
        let path = String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned();
        log.lock().expect("no panic").push((number, count, path.clone()));
        let answer = |status: &str, body: &str| {
            format!("HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        };
        let answered = match path.as_str() {
            "/robots.txt" => answer("404 Not Found", ""),
            path => answer("200 OK", &format!("<p>{path}")),
        };
        let mut to = &connection;
        match then {
            _ if never_answers && path != "/robots.txt" => return Ok(()),
            Then::Closed | Then::Reset if count > 0 => return Ok(()),
            Then::TimedOut if count > 0 => return to.write_all(answer("408 Request Timeout", "").as_bytes()),
            Then::Broken if count > 0 => return to.write_all(b"HTTP/1.1 200 OK\r\ncontent-"),
            _ => to.write_all(answered.as_bytes())?,
        }
    }
    Ok(())
}

/// A server may close a connection just when the next request is on its way. Nobody has answered that, so it is asked again:
/// on a connection of its own, and once.
#[test]
fn what_a_closing_connection_swallowed_is_asked_again() {
    for then in [Then::Served, Then::Closed, Then::Reset, Then::TimedOut, Then::Broken] {
        let (home, log) = server(then, false);
        let fetcher = Fetcher::new(options()).expect("the options are right");
        run(async {
            for path in ["/one", "/two", "/three"] {
                let page = fetcher.fetch(&format!("{home}{path}").parse_url(), &Known::default()).await;
                let page = page.unwrap_or_else(|failure| panic!("{then:?} {path}: {}", failure.error));
                assert_eq!(page.body, format!("<p>{path}").as_bytes());
            }
        });
        let log = log.lock().expect("no panic").clone();
        let expected: &[(usize, usize, &str)] = match then {
            Then::Served => &[(0, 0, "/robots.txt"), (0, 1, "/one"), (0, 2, "/two"), (0, 3, "/three")],
            _ => &[
                (0, 0, "/robots.txt"),
                (0, 1, "/one"),
                (1, 0, "/one"),
                (1, 1, "/two"),
                (2, 0, "/two"),
                (2, 1, "/three"),
                (3, 0, "/three"),
            ],
        };
        let log: Vec<_> = log.iter().map(|(number, count, path)| (*number, *count, path.as_str())).collect();
        assert_eq!(log, expected, "{then:?}");
    }
}

#[test]
fn what_a_new_connection_swallows_is_not_asked_again() {
    let (home, log) = server(Then::Closed, true);
    let fetcher = Fetcher::new(options()).expect("the options are right");
    let failure = run(fetcher.fetch(&format!("{home}/one").parse_url(), &Known::default())).expect_err("no answer");
    assert!(failure.error.to_string().contains("closed the connection without an answer"), "{}", failure.error);
    let paths: Vec<_> = log.lock().expect("no panic").iter().map(|(_, _, path)| path.clone()).collect();
    assert_eq!(paths, ["/robots.txt", "/one", "/one"], "over the kept connection, and over a new one");
}

//! Politeness that outlives the process, from the server's side.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::place;
use crate::support::server::{Reply, Server};
use crate::support::sim::story;

/// Lists so many pages of a server, to be visited at once.
fn listed(server: &Server, paths: std::ops::Range<u32>) -> String {
    let urls: Vec<String> = paths.map(|n| format!("\"{}\"", server.url(&format!("/p{n}")))).collect();
    format!("[[schedule]]\nname = \"l\"\nurls = [{}]\nevery = \"1d\"\n", urls.join(", "))
}

fn wait_for(server: &Server, requests: usize) {
    let patience = Instant::now() + Duration::from_secs(60);
    while server.log().len() < requests && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Three processes, one of them killed in the middle of a request: no arrival comes before its time, and robots.txt
/// is asked for once.
#[test]
fn no_request_comes_early_over_runs_and_a_kill() {
    let delay = Duration::from_millis(400);
    let server = Server::start(|request| match request.path.as_str() {
        "/robots.txt" => Reply::text("user-agent: *\ncrawl-delay: 0.4\n"),
        path => Reply::nothing().then_wait(Duration::from_millis(100)).then(page(path)),
    });
    let place = place(&listed(&server, 0..6));
    let mut first = place.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for(&server, 3);
    // The third request has come and is not answered yet.
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(place.run(&["run"]).code, 0);
    assert_eq!(place.run(&["add", &server.url("/p9")]).code, 0);
    let log = server.log();
    assert_eq!(log.iter().filter(|request| request.path == "/robots.txt").count(), 1);
    for n in [0, 1, 2, 3, 4, 5, 9] {
        let times = log.iter().filter(|request| request.path == format!("/p{n}")).count();
        assert!((1..=2).contains(&times), "/p{n} {times} times");
    }
    assert!(log.len() <= 10, "at most the page in flight comes twice: {:?}", server.paths());
    let gaps: Vec<Duration> = log.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    // The killed request's own start is all that the next process knows, so its way to the server is allowed for.
    let slack = Duration::from_millis(100);
    assert!(gaps.iter().all(|gap| *gap + slack >= delay), "{gaps:?}");
}

/// The same for two hosts on one machine: nothing it sees tells them, or the processes, from one polite visitor.
#[test]
fn no_machine_is_asked_early_over_runs_and_a_kill() {
    let delay = Duration::from_millis(300);
    let server =
        Server::open(|request| Reply::nothing().then_wait(Duration::from_millis(50)).then(page(&request.path)));
    let urls: Vec<String> =
        (0..6).map(|n| format!("\"http://{}.localhost:{}/p{n}\"", ["a", "b"][n % 2], server.port())).collect();
    let place = place(&format!("[[schedule]]\nname = \"l\"\nurls = [{}]\nevery = \"1d\"\n", urls.join(", ")));
    let polite = |words: &[&str]| {
        let mut command = place.command(words);
        command.env("GLEANER_FETCH_DELAY", "300ms").stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut first = polite(&["run"]).spawn().unwrap();
    wait_for(&server, 4);
    first.kill().unwrap();
    first.wait().unwrap();
    let last = format!("http://c.localhost:{}/p9", server.port());
    let mut beside = polite(&["add", &last]).spawn().unwrap();
    assert!(polite(&["run"]).status().unwrap().success());
    assert!(beside.wait().unwrap().success());
    let log = server.log();
    let pages: std::collections::BTreeSet<&str> =
        log.iter().map(|request| request.path.as_str()).filter(|path| path.starts_with("/p")).collect();
    assert_eq!(pages.len(), 7, "{pages:?}");
    assert_eq!(server.open_most(), 1, "one request at a time");
    let gaps: Vec<Duration> = log.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    let slack = Duration::from_millis(100);
    assert!(gaps.iter().all(|gap| *gap + slack >= delay), "{gaps:?}");
    let told = place.run(&["why", &last]).stdout;
    assert!(told.contains("machine") && told.contains("127.0.0.1"), "{told}");
}

fn page(path: &str) -> Vec<u8> {
    let body = story(path);
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What one process was asked to wait, the next one waits, whatever the command.
#[test]
fn a_pause_holds_for_later_runs() {
    let server = Server::open(move |request| match request.path.as_str() {
        "/p0" => Reply::new(429, &[("retry-after", "3600")], b"slow down"),
        path => Reply::html(&story(path)),
    });
    let place = place(&listed(&server, 0..4));
    let (_, lines) = place.json(&["run"]);
    assert_eq!(super::outcomes(&lines), [("/p0".to_owned(), "http".to_owned())], "nothing else is tried: {lines:#?}");
    let asked = server.paths();
    assert_eq!(asked, ["/robots.txt", "/p0"]);
    place.run(&["run", "l"]);
    let added = place.run(&["add", &server.url("/p9")]);
    assert!(added.stdout.contains("asked for a pause"), "{}", added.stdout);
    assert_eq!(server.paths(), asked);
    let told = place.run(&["why", &server.url("/p1")]).stdout;
    assert!(told.contains("! host") && told.contains("asked for a pause until"), "{told}");
}

/// Two processes at once on one host are as polite as one.
#[test]
fn two_processes_take_turns() {
    let server =
        Server::open(|request| Reply::nothing().then_wait(Duration::from_millis(60)).then(page(&request.path)));
    let place = place("");
    place.run(&["init"]);
    let spawn = |path: &str| {
        let mut command = place.command(&[
            "add",
            &server.url(&format!("{path}1")),
            &server.url(&format!("{path}2")),
            &server.url(&format!("{path}3")),
        ]);
        command.env("GLEANER_FETCH_DELAY", "150ms").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let children = [spawn("/a"), spawn("/b")];
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let log = server.log();
    assert_eq!(log.iter().filter(|request| request.path != "/robots.txt").count(), 6);
    assert_eq!(server.open_most(), 1, "one request at a time");
    let gaps: Vec<Duration> = log.windows(2).map(|pair| pair[1].at - pair[0].at).collect();
    assert!(gaps.iter().all(|gap| *gap >= Duration::from_millis(150)), "{gaps:?}");
}

/// A redirect to a host in a pause is for later; the other pages of the host that redirects are not.
#[test]
fn a_paused_host_holds_up_only_what_leads_to_it() {
    let server = Server::open(|request| match request.path.as_str() {
        "/busy" => Reply::new(429, &[("retry-after", "3600")], b"slow down"),
        "/go" => {
            let host = request.header("host").unwrap_or_default().replace("free", "busy");
            Reply::redirect(302, &format!("http://{host}/there"))
        }
        path => Reply::html(&story(path)),
    });
    let at = |host: &str, path: &str| format!("http://{host}.localhost:{}{path}", server.port());
    let place = place(&format!(
        "[[schedule]]\nname = \"busy\"\nurls = [\"{}\"]\nevery = \"1d\"\n[[schedule]]\nname = \"free\"\nurls = [\"{}\", \
         \"{}\"]\nevery = \"1d\"\n",
        at("busy", "/busy"),
        at("free", "/go"),
        at("free", "/here")
    ));
    place.run(&["run", "busy"]);
    let (_, lines) = place.json(&["run", "free"]);
    assert_eq!(super::outcomes(&lines), [("/here".to_owned(), "ok".to_owned())], "{lines:#?}");
}

/// The time of a run may end while a host's pause is waited for: then that host is asked nothing more.
#[test]
fn nothing_is_begun_after_the_time_of_a_run() {
    let server = Server::open(|request| match request.path.as_str() {
        "/p0" => Reply::new(503, &[("retry-after", "8")], b"a moment"),
        path => Reply::html(&story(path)),
    });
    let place = place(&listed(&server, 0..3));
    place.run(&["run", "--max-time", "1s"]);
    assert_eq!(server.paths(), ["/robots.txt", "/p0"]);
    assert_eq!(place.json(&["run", "--dry-run"]).1.iter().filter(|line| line["type"] == "due").count(), 2);
}

/// What is too large costs the network what it sent. How much of a body has come when the limit is met is up to the
/// network: two pages cost more than the 30,000 bytes and one costs less, whether little or all of it came.
#[test]
fn bodies_that_are_not_kept_count_too() {
    let body =
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n{}", "<p>x ".repeat(4800));
    let server = Server::open(move |_| Reply::raw(body.clone()));
    let place = place(&format!("body_bytes_max = 20000\n{}", listed(&server, 0..6)));
    let (_, lines) = place.json(&["run", "--max-bytes", "30000"]);
    assert_eq!(server.paths(), ["/robots.txt", "/p0", "/p1"], "{lines:#?}");
}

/// Where a run may not visit all, those that wait longest come first: none is left out for ever.
#[test]
fn what_waits_longest_comes_first() {
    let server = Server::open(|request| Reply::html(&story(&request.path)));
    let place = place(&format!("{}limit = 2\n", listed(&server, 0..6)));
    for _ in 0..3 {
        assert_eq!(place.run(&["run", "l"]).code, 0);
    }
    let mut pages: Vec<String> = server.paths().into_iter().filter(|path| path.starts_with("/p")).collect();
    pages.sort();
    assert_eq!(pages, ["/p0", "/p1", "/p2", "/p3", "/p4", "/p5"]);
}

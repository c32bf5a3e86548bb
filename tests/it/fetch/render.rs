//! A browser runs the scripts of a page, and gets nowhere by it that the fetcher would not.

use std::collections::BTreeMap;
use std::time::Duration;

use gleaner::fetch::{Fetcher, HostOptions, Options};

use super::options;

/// Pages of 127.0.0.1 are rendered. Tests may run as root, where the browser has no sandbox.
fn rendering() -> Options {
    let hosts = BTreeMap::from([("127.0.0.1".to_owned(), HostOptions { render: true, ..HostOptions::default() })]);
    Options { hosts, browser_sandbox: false, render_timeout: Duration::from_secs(20), rights_files: false, ..options() }
}

#[cfg(not(feature = "render"))]
#[test]
fn a_program_without_a_browser_says_so() {
    let why = Fetcher::new(rendering()).expect_err("no browser in this build");
    assert!(why.contains("--features render") && why.contains("host.\"127.0.0.1\".render"), "{why}");
}

#[cfg(feature = "render")]
mod with_a_browser {
    use std::net::{TcpListener, UdpSocket};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use gleaner::capture::Outcome;
    use gleaner::fetch::Known;
    use gleaner::page::{Page, Url};

    use super::super::{failure, fetch_with, run};
    use super::*;
    use crate::support::server::{Reply, Request, Server};

    /// One test at a time: a dozen browsers that start together are late. Nothing where Chromium is not installed, and a
    /// word about it, unless it is demanded.
    fn a_browser() -> Option<MutexGuard<'static, ()>> {
        static TURN: Mutex<()> = Mutex::new(());
        let there = Fetcher::new(rendering()).is_ok();
        assert!(
            there || std::env::var_os("CI").is_none(),
            "the tests of `render` need Chromium: apt-get install chromium"
        );
        if !there {
            println!("Chromium is not installed: skipped");
        }
        there.then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn page(script: &str) -> Reply {
        Reply::html(&format!("<!doctype html><title>T</title><main id=m></main><script>{script}</script>"))
    }

    fn text(page: &Page) -> String {
        String::from_utf8(page.body.clone()).expect("a document is UTF-8")
    }

    /// What is noteworthy about a rendering.
    fn note(page: &Page) -> &str {
        page.rendered.as_ref().and_then(|rendering| rendering.note.as_deref()).unwrap_or_default()
    }

    /// Profiles and processes that a test left.
    fn left_behind() -> Vec<String> {
        let mine = format!("gleaner-browser-{}-", std::process::id());
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|process| {
            let line = std::fs::read(process.path().join("cmdline")).ok()?;
            Some(String::from_utf8_lossy(&line).into_owned())
        });
        let folders = std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
        let folders = folders.map(|folder| folder.file_name().to_string_lossy().into_owned());
        processes.chain(folders).filter(|name| name.contains(&mine)).collect()
    }

    /// What is left once what watches the browser from a session of its own has seen that it is gone.
    fn left_in_the_end() -> Vec<String> {
        for _ in 0..100 {
            if left_behind().is_empty() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        left_behind()
    }

    #[test]
    fn the_document_is_what_scripts_made_of_it() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|request: &Request| match request.path.as_str() {
            "/app.js" => Reply::new(
                200,
                &[("content-type", "text/javascript")],
                b"alert('hello'); fetch('/data?a=1').then(r => r.text()).then(t => { \
                  document.querySelector('main').innerHTML = '<h1>Harbour</h1><p>' + t + '</p>'; });",
            ),
            "/data?a=1" => Reply::text("The ferry sails at noon \u{2014} no \u{1F41F} on Sundays."),
            _ => Reply::new(
                200,
                &[
                    ("content-type", "text/html"),
                    ("etag", "\"shell\""),
                    ("x-robots-tag", "noarchive"),
                    ("set-cookie", "a=b"),
                ],
                b"<!doctype html><meta charset=utf-8><title>T</title><main>Loading\xe2\x80\xa6</main><img src=/a.png>\
                  <iframe src=/frame></iframe><link rel=icon href=/i.ico><script src=/app.js></script>",
            ),
        });
        let known = Known { etag: Some("\"shell\"".to_owned()), ..Known::default() };
        let fetcher = Fetcher::new(rendering()).expect("a browser");
        let url = Url::parse(&server.url("/page")).expect("an address");
        let page = run(fetcher.fetch(&url, &known)).expect("it is rendered");
        let html = text(&page);
        assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
        assert!(
            html.contains("<h1>Harbour</h1><p>The ferry sails at noon \u{2014} no \u{1F41F} on Sundays.</p>"),
            "{html}"
        );
        assert!(!html.contains("Loading"), "{html}");
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert_eq!(page.header("x-robots-tag"), Some("noarchive"), "what the answer said stays");
        let rendering = page.rendered.clone().expect("it says so");
        assert_eq!((rendering.note, rendering.requests), (None, 2));
        assert!(rendering.bytes > 100, "{}", rendering.bytes);
        assert_eq!(server.paths(), ["/robots.txt", "/page", "/app.js", "/data?a=1"], "nothing that brings no text");
        for request in server.log() {
            assert_eq!(request.header("user-agent"), Some("gleaner/0.1"), "{}", request.path);
            assert_eq!((request.header("if-none-match"), request.header("cookie")), (None, None), "{}", request.path);
        }
        let reading = gleaner::pipeline::read_page(page, &Default::default());
        assert!(reading.entry.capture.rendered, "the capture says so");
    }

    #[test]
    fn other_hosts_and_other_kinds_are_as_they_came() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|request: &Request| match request.path.as_str() {
            "/feed" => Reply::new(200, &[("content-type", "application/json")], b"{}"),
            _ => page("m.textContent = 'made'"),
        });
        let json = fetch_with(rendering(), &server.url("/feed")).expect("no page");
        assert_eq!((json.rendered, json.body.as_slice()), (None, &b"{}"[..]));
        let open = Options { allow_addresses: vec!["127.0.0.0/8".to_owned()], ..rendering() };
        let by_name = server.url("/").replace("127.0.0.1", "localhost");
        assert_eq!(fetch_with(open, &by_name).expect("not rendered").rendered, None);
    }

    #[test]
    fn what_scripts_ask_for_is_held_against_robots_txt() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::start(|request: &Request| match request.path.as_str() {
            "/robots.txt" => Reply::text("user-agent: *\ndisallow: /api/"),
            "/" => page("for (const at of ['/api/secret', '/open']) fetch(at).then(() => m.append(at))"),
            _ => Reply::text("there"),
        });
        let drawn = text(&fetch_with(rendering(), &server.url("/")).expect("rendered"));
        assert!(drawn.contains("<main id=\"m\">/open</main>"), "{drawn}");
        assert_eq!(server.paths(), ["/robots.txt", "/", "/open"]);
    }

    /// Ways to ask that nobody is asked about, to where the page has been before.
    const PAST_ROBOTS: &str = "
        const at = location.host + '/api/', quiet = f => { try { const r = f(); if (r && r.catch) r.catch(() => {}); } catch (e) {} };
        fetch('/open').then(r => r.text()).then(() => {
            quiet(() => new WebSocket('ws://' + at + 'socket'));
            quiet(() => new Worker('/api/worker'));
            quiet(() => new SharedWorker('/api/shared'));
            quiet(() => navigator.serviceWorker.register('/worker.js'));
            const inner = `fetch('http://${at}inner'); new WebSocket('ws://${at}inner-socket'); importScripts('http://${at}script');`;
            quiet(() => new Worker(URL.createObjectURL(new Blob([inner], { type: 'text/javascript' }))));
            const frame = document.createElement('iframe');
            document.body.append(frame);
            quiet(() => new frame.contentWindow.WebSocket('ws://' + at + 'of-a-frame'));
            quiet(() => navigator.sendBeacon('/api/beacon', 'x'));
            m.append('tried');
        });
    ";

    #[test]
    fn sockets_and_workers_do_not_get_past_robots_txt() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::start(|request: &Request| match request.path.as_str() {
            "/robots.txt" => Reply::text("user-agent: *\ndisallow: /api/"),
            "/" => page(PAST_ROBOTS),
            "/worker.js" => Reply::new(
                200,
                &[("content-type", "text/javascript")],
                b"self.addEventListener('install', e => e.waitUntil(fetch('/api/of-a-service-worker')));",
            ),
            _ => Reply::text("there"),
        });
        let drawn = text(&fetch_with(rendering(), &server.url("/")).expect("rendered"));
        assert!(drawn.contains(">tried<"), "{drawn}");
        assert_eq!(server.paths(), ["/robots.txt", "/", "/open"]);
    }

    #[test]
    fn what_a_page_demands_of_browsers_stays_in_force() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|request: &Request| match request.path.as_str() {
            "/" => Reply::new(
                200,
                &[("content-type", "text/html"), ("content-security-policy", "connect-src 'none'")],
                b"<main id=m></main><script>fetch('/data').catch(() => m.append('shut'))</script>",
            ),
            _ => Reply::text("there"),
        });
        assert!(text(&fetch_with(rendering(), &server.url("/")).expect("rendered")).contains(">shut<"));
        assert_eq!(server.paths(), ["/robots.txt", "/"]);
    }

    #[test]
    fn only_the_page_itself_is_kept() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|request: &Request| match request.path.as_str() {
            "/download" => Reply::new(
                200,
                &[
                    ("content-type", "text/html"),
                    ("content-disposition", "attachment; filename=a.html"),
                    ("accept-ch", "sec-ch-prefers-color-scheme"),
                    ("critical-ch", "sec-ch-prefers-color-scheme"),
                ],
                b"<main id=m></main><script>m.append('made')</script>",
            ),
            "/renamed" => page("history.pushState({}, '', '/other?a#b'); m.append('made')"),
            "/away" => page("m.append('made'); location.href = 'about:blank'"),
            _ => page(
                "m.append('made'); setTimeout(() => location.replace(URL.createObjectURL(new Blob(['<p>x'], { type: 'text/html' }))), 50)",
            ),
        });
        for path in ["/download", "/renamed#part"] {
            let page = fetch_with(rendering(), &server.url(path)).expect("rendered");
            assert!(text(&page).contains(">made<"), "{path}: {}", text(&page));
        }
        for path in ["/away", "/blob"] {
            let (outcome, message) = failure(fetch_with(rendering(), &server.url(path)));
            assert!(outcome == Outcome::Http && message.contains("stands in the page's place"), "{path}: {message}");
        }
    }

    #[test]
    fn a_reservation_that_scripts_take_away_was_made() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|_| {
            Reply::new(
                200,
                &[("content-type", "text/html; charset=iso-8859-1")],
                b"<meta name=robots content=noai><main id=m>\xe9</main><script>document.querySelector('meta').content = 'all'</script>",
            )
        });
        let page = fetch_with(rendering(), &server.url("/")).expect("rendered");
        assert!(page.bytes_spent() >= 100 && !text(&page).contains("noai"), "{}", text(&page));
        let rights = gleaner::pipeline::read_page(page, &Default::default()).entry.capture.rights;
        let said: Vec<&str> =
            rights.iter().filter(|(name, _)| name == "meta:robots").map(|(_, value)| value.as_str()).collect();
        assert_eq!(said, ["noai", "all"], "as fetched, then as drawn");
    }

    /// Every way a page has to reach another machine.
    const ATTEMPTS: &str = "
        const host = 'HOST', at = 'http://' + host + '/';
        const quiet = f => { try { const r = f(); if (r && r.catch) r.catch(() => {}); } catch (e) {} };
        quiet(() => fetch(at, { mode: 'no-cors' }));
        quiet(() => fetch('https://' + host + '/', { mode: 'no-cors' }));
        quiet(() => fetch('/leads-inside', { mode: 'no-cors' }));
        quiet(() => navigator.sendBeacon(at, 'x'));
        quiet(() => new WebSocket('ws://' + host + '/'));
        quiet(() => new WebSocket('wss://' + host + '/'));
        quiet(() => new EventSource(at));
        quiet(() => new WebTransport('https://' + host + '/'));
        quiet(() => window.open(at));
        const make = (name, values) => { const e = Object.assign(document.createElement(name), values); document.body.append(e); return e; };
        quiet(() => make('img', { src: at }));
        quiet(() => make('iframe', { src: at }));
        quiet(() => make('script', { src: at }));
        quiet(() => make('link', { rel: 'stylesheet', href: at }));
        quiet(() => make('link', { rel: 'prefetch', href: at }));
        quiet(() => make('link', { rel: 'preconnect', href: at }));
        quiet(() => make('video', { src: at, autoplay: true }));
        quiet(() => make('object', { data: at }));
        quiet(() => make('form', { action: at, method: 'post', target: '_blank' }).submit());
        const inner = `fetch('${at}', { mode: 'no-cors' }).catch(() => {}); new WebSocket('ws://${host}/'); importScripts('${at}');`;
        quiet(() => new Worker(URL.createObjectURL(new Blob([inner], { type: 'text/javascript' }))));
        const frame = make('iframe', { src: 'about:blank' });
        for (const all of [window, frame.contentWindow]) quiet(() => {
            const peer = new all.RTCPeerConnection({ iceServers: [
                { urls: 'stun:UDP' }, { urls: 'turn:' + host + '?transport=tcp', username: 'a', credential: 'b' }] });
            peer.createDataChannel('x');
            peer.createOffer().then(o => peer.setLocalDescription(o));
        });
        document.querySelector('main').textContent = 'tried';
        setTimeout(() => quiet(() => { location.href = at; }), 200);
    ";

    /// How often the addresses were called that a page tries to reach, on 127.0.0.2.
    fn calls(options: Options, attempts: &'static str) -> (usize, Page) {
        let inside = TcpListener::bind(("127.0.0.2", 0)).expect("loopback has many addresses");
        let udp = UdpSocket::bind(("127.0.0.2", 0)).expect("loopback has many addresses");
        let host = inside.local_addr().expect("bound").to_string();
        let script = attempts.replace("HOST", &host).replace("UDP", &udp.local_addr().expect("bound").to_string());
        let server = Server::open(move |request: &Request| match request.path.as_str() {
            "/leads-inside" => Reply::redirect(302, &format!("http://{host}/")),
            _ => Reply::html(&format!("<!doctype html><title>T</title><body><main></main><script>{script}</script>")),
        });
        let page = fetch_with(options, &server.url("/")).expect("the page itself may be asked for");
        inside.set_nonblocking(true).expect("a socket's setting");
        udp.set_nonblocking(true).expect("a socket's setting");
        let arrived = std::iter::from_fn(|| inside.accept().ok()).count();
        let packets = std::iter::from_fn(|| udp.recv(&mut [0; 2000]).ok()).count();
        (arrived + packets, page)
    }

    #[test]
    fn no_script_gets_inside() {
        let Some(_turn) = a_browser() else { return };
        let (calls_inside, page) = calls(rendering(), ATTEMPTS);
        assert_eq!(calls_inside, 0, "no connection, no packet");
        assert!(text(&page).contains("tried"), "the script ran: {}", text(&page));
        let note = page.rendered.and_then(|rendering| rendering.note).expect("it says what it was refused");
        assert!(note.contains("lead on to `http://127.0.0.2:"), "{note}");
        // The same attempts do arrive where they may.
        let open = Options { allow_addresses: vec!["127.0.0.1".to_owned(), "127.0.0.2".to_owned()], ..rendering() };
        let short = Options { render_timeout: Duration::from_secs(3), read_timeout: Duration::from_secs(1), ..open };
        assert!(calls(short, ATTEMPTS).0 > 0, "what is tried would be seen");
    }

    #[test]
    fn a_page_that_never_ends_is_kept_as_it_stands() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|request: &Request| match request.path.as_str() {
            "/stalls" => Reply::raw("HTTP/1.1 200 OK\r\n").then_wait(Duration::from_secs(60)),
            _ => page("m.textContent = 'here'; fetch('/stalls'); setInterval(() => m.append('.'), 100)"),
        });
        let options = Options { render_timeout: Duration::from_secs(3), ..rendering() };
        let drawn = fetch_with(options, &server.url("/")).expect("what there is");
        assert!(text(&drawn).contains(">here.."), "{}", text(&drawn));
        assert_eq!(note(&drawn), "its scripts were still at work after 3s");
    }

    #[test]
    fn a_script_in_an_endless_loop_is_a_time_out_and_leaves_nothing() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|_| page("m.textContent = 'here'; while (true) {}"));
        let options = Options { render_timeout: Duration::from_secs(1), ..rendering() };
        let (outcome, message) = failure(fetch_with(options, &server.url("/")));
        assert_eq!((outcome, message.contains("running its scripts")), (Outcome::Timeout, true), "{message}");
    }

    #[test]
    fn bombs_have_bounds() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|request: &Request| match request.path.as_str() {
            "/memory" => page("const all = []; while (true) all.push(new Uint8Array(20e6).fill(7))"),
            "/document" => page("m.textContent = 'x<'.repeat(2e6)"),
            "/requests" => page("for (let n = 0; n < 100; n++) fetch('/n?' + n); m.textContent = 'here'"),
            "/big" => page("fetch('/flood').then(r => r.text()).then(t => m.append(t), () => m.append('cut off'))"),
            "/flood" => Reply::text(&"x".repeat(3 << 20)),
            _ => Reply::text("n"),
        });
        let options = Options {
            render_memory_bytes_max: 800 << 20,
            body_bytes_max: 1 << 20,
            render_requests_max: 20,
            render_bytes_max: 1 << 20,
            render_timeout: Duration::from_secs(10),
            ..rendering()
        };
        let (outcome, message) = failure(fetch_with(options.clone(), &server.url("/memory")));
        assert!(outcome == Outcome::TooLarge && message.contains("memory a browser needs"), "{message}");
        let (outcome, message) = failure(fetch_with(options.clone(), &server.url("/document")));
        assert!(outcome == Outcome::TooLarge && message.contains("document that scripts made"), "{message}");
        let short = Options { render_timeout: Duration::from_secs(3), ..options.clone() };
        let drawn = fetch_with(short, &server.url("/requests")).expect("kept as it stands");
        assert!(text(&drawn).contains("here"));
        let asked = server.paths().iter().filter(|path| path.starts_with("/n?")).count();
        assert_eq!(asked, 20, "what was held when there were too many was in time");
        assert!(note(&drawn).contains("render_requests_max"), "{}", note(&drawn));
        let drawn = fetch_with(options, &server.url("/big")).expect("the page is small");
        assert!(text(&drawn).contains("cut off"), "{}", text(&drawn));
        assert!(note(&drawn).contains("render_bytes_max"), "{}", note(&drawn));
    }

    #[test]
    fn a_host_is_asked_under_the_name_it_knows() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|request: &Request| match request.path.as_str() {
            "/data" => Reply::text("there"),
            _ => page("fetch('/data').then(() => m.append(navigator.userAgent))"),
        });
        let mut options = rendering();
        options.hosts.get_mut("127.0.0.1").expect("it has a table").agent = Some("reader".to_owned());
        let drawn = text(&fetch_with(options, &server.url("/")).expect("rendered"));
        assert!(drawn.contains(">reader/0.1<"), "{drawn}");
        assert!(server.log().iter().all(|request| request.header("user-agent") == Some("reader/0.1")));
    }

    #[test]
    fn the_host_is_left_in_peace_after_it() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|request: &Request| match request.path.as_str() {
            "/late" => Reply::text("late").then_wait(Duration::ZERO),
            _ => page("setTimeout(() => fetch('/late').then(() => m.append('late')), 300)"),
        });
        let options = Options { delay: Duration::from_secs(2), ..rendering() };
        let fetcher = Fetcher::new(options).expect("a browser");
        for path in ["/one", "/two"] {
            let url = Url::parse(&server.url(path)).expect("an address");
            run(fetcher.fetch(&url, &Known::default())).expect("rendered");
        }
        let at =
            |path: &str| server.log().iter().filter(|request| request.path == path).map(|request| request.at).next();
        let pause = at("/two").expect("asked").duration_since(at("/late").expect("asked"));
        assert!(pause >= Duration::from_secs(2), "{pause:?} after what its scripts asked");
    }

    /// From the page to the end of its scripts a host is asked for nothing else, and the pause begins then.
    #[test]
    fn a_rendering_is_one_turn_of_its_host() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::start(|request: &Request| match request.path.as_str() {
            "/one" => page(
                "const later = (at, ms) => setTimeout(() => fetch(at).then(() => m.append(at)), ms); \
                 later('/early', 100); later('/late', 2500); setTimeout(() => fetch('/between'), 400); \
                 setTimeout(() => fetch('/between'), 800); setTimeout(() => fetch('/between'), 1200); \
                 setTimeout(() => fetch('/between'), 1600); setTimeout(() => fetch('/between'), 2000);",
            ),
            _ => Reply::text("there"),
        });
        let delay = Duration::from_secs(1);
        let options = Options { delay, address_delay: delay, concurrency: 1, ..rendering() };
        let fetcher = Fetcher::new(options).expect("a browser");
        let (one, two) = (server.url("/one"), server.url("/two"));
        let (one, two) = (Url::parse(&one).expect("an address"), Url::parse(&two).expect("an address"));
        let (known, asked) = (Known::default(), || server.paths().iter().any(|path| path == "/one"));
        let (drawn, other) = run(async {
            tokio::join!(fetcher.fetch(&one, &known), async {
                while !asked() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                fetcher.fetch(&two, &known).await
            })
        });
        assert!(text(&drawn.expect("rendered")).contains(">/early/late<"));
        other.expect("asked in its turn");
        let paths = server.paths();
        assert_eq!(paths[..3], ["/robots.txt", "/one", "/early"]);
        assert_eq!(paths[paths.len() - 2..], ["/late", "/two"], "{paths:?}");
        let log = server.log();
        let pause = log[paths.len() - 1].at.duration_since(log[paths.len() - 2].at);
        assert!(pause >= delay, "{pause:?} after the last that its scripts asked");
    }

    /// What scripts ask of another site of the same machine is asked within the page's turn, not after it.
    #[test]
    fn scripts_do_not_wait_for_the_turn_of_their_own_page() {
        let Some(_turn) = a_browser() else { return };
        let other = Server::open(|_| {
            let headers = [("content-type", "text/plain"), ("access-control-allow-origin", "*")];
            Reply::new(200, &headers, b"of the other")
        });
        let address = other.url("/data");
        let server = Server::open(move |_: &Request| {
            page(&format!("fetch('{address}').then(r => r.text()).then(t => m.append(t))"))
        });
        let delay = Duration::from_millis(300);
        let options = Options { delay, address_delay: delay, concurrency: 1, ..rendering() };
        let drawn = fetch_with(options, &server.url("/")).expect("rendered");
        assert!(text(&drawn).contains(">of the other<"), "{}", text(&drawn));
        assert_eq!(drawn.rendered.and_then(|rendering| rendering.note), None);
        assert_eq!(other.paths(), ["/robots.txt", "/data"]);
    }

    #[test]
    fn a_busy_host_is_left_alone_whoever_asked() {
        let Some(_turn) = a_browser() else { return };
        let server = Server::open(|request: &Request| match request.path.as_str() {
            "/api" => Reply::new(429, &[("retry-after", "Wed, 01 Jan 2098 00:00:00 GMT")], b""),
            _ => page(
                "fetch('/api').then(r => m.append(r.status)).then(() => fetch('/more')).catch(() => m.append(' no more'))",
            ),
        });
        let fetcher = Fetcher::new(rendering()).expect("a browser");
        let url = Url::parse(&server.url("/")).expect("an address");
        let drawn = run(fetcher.fetch(&url, &Known::default())).expect("rendered");
        assert!(text(&drawn).contains("429 no more"), "{}", text(&drawn));
        assert_eq!(server.paths(), ["/robots.txt", "/", "/api"]);
        let (_, message) = failure(run(fetcher.fetch(&url, &Known::default())));
        assert!(message.contains("asked for a pause"), "{message}");
    }

    #[test]
    fn what_cannot_work_is_told_at_once() {
        let why =
            Fetcher::new(Options { browser: "no-such-browser".to_owned(), ..rendering() }).expect_err("none there");
        assert!(why.contains("`fetch.browser` is `no-such-browser`"), "{why}");
        let Some(_turn) = a_browser() else { return };
        let proxy = Options { proxy: "http://127.0.0.1:9".to_owned(), ..rendering() };
        assert!(Fetcher::new(proxy).expect_err("not both").contains("`fetch.proxy`"));
        let server = Server::open(|_| page(""));
        let broken = Options { browser: "/bin/false".to_owned(), ..rendering() };
        let (outcome, message) = failure(fetch_with(broken, &server.url("/")));
        assert!(outcome == Outcome::Http && message.contains("the browser gave no document"), "{message}");
    }

    /// `cargo test --features render --test it render::with_a_browser::nothing -- --ignored`: alone, as others have browsers.
    #[test]
    #[ignore = "run by the test below"]
    fn nothing_is_left_of_a_visit_that_is_broken_off() {
        let server = Server::open(|_| page("while (true) {}"));
        let fetcher = Fetcher::new(rendering()).expect("a browser");
        let url = Url::parse(&server.url("/")).expect("an address");
        run(async {
            let known = Known::default();
            let begun = fetcher.fetch(&url, &known);
            assert!(tokio::time::timeout(Duration::from_secs(3), begun).await.is_err(), "it is in a loop");
        });
        assert_eq!(left_in_the_end(), [""; 0]);
        let server = Server::open(|_| page("m.append('here')"));
        fetch_with(rendering(), &server.url("/")).expect("rendered");
        assert_eq!(left_in_the_end(), [""; 0]);
    }

    #[test]
    fn no_process_and_no_profile_is_left() {
        if let Some(_turn) = a_browser() {
            super::super::alone("fetch::render::with_a_browser::nothing_is_left_of_a_visit_that_is_broken_off", &[]);
        }
    }
}

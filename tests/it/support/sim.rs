//! A small world of sites on loopback, made from a seed: news with feed and sitemap, boards with traps, and every
//! kind of page that is not what it claims. Each site logs who came when.

use std::time::{Duration, Instant};

use super::random::Random;
use super::server::{Reply, Request, Server};

/// What a path should end as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    pub path: String,
    pub outcome: &'static str,
}

pub struct Sim {
    pub sites: Vec<Site>,
}

pub struct Site {
    pub server: Server,
    pub truths: Vec<Truth>,
}

impl Sim {
    /// So many sites with so many pages each.
    pub fn start(seed: u64, sites: usize, pages: usize) -> Self {
        let mut random = Random::new(seed);
        Self { sites: (0..sites).map(|n| Site::start(random.next() ^ n as u64, pages)).collect() }
    }
}

impl Site {
    pub fn start(seed: u64, pages: usize) -> Self {
        let mut random = Random::new(seed);
        let truths: Vec<Truth> = (0..pages).map(|n| truth(n, &mut random)).collect();
        let known = truths.clone();
        let server = Server::start(move |request| answer(request, &known, seed));
        Self { server, truths }
    }

    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Paths asked for, without the files every site is asked for.
    pub fn pages_asked(&self) -> Vec<String> {
        let own = |path: &String| !matches!(path.as_str(), "/robots.txt" | "/ai.txt" | "/.well-known/tdmrep.json");
        self.server.paths().into_iter().filter(own).collect()
    }

    /// Times between arrivals.
    pub fn gaps(&self) -> Vec<Duration> {
        let at: Vec<Instant> = self.server.log().iter().map(|request| request.at).collect();
        at.windows(2).map(|pair| pair[1].duration_since(pair[0])).collect()
    }
}

fn truth(n: usize, random: &mut Random) -> Truth {
    const KINDS: [(&str, &str); 9] = [
        ("lost", "soft-404"),
        ("consent", "consent-wall"),
        ("captcha", "blocked"),
        ("login", "login"),
        ("paid", "paywalled"),
        ("gone", "gone"),
        ("private", "robots"),
        ("picture", "not-text"),
        ("circle", "trap"),
    ];
    let (kind, outcome) = match random.below(18) {
        at if at < KINDS.len() => KINDS[at],
        _ => ("story", "ok"),
    };
    Truth { path: format!("/{kind}/{n}"), outcome }
}

fn answer(request: &Request, truths: &[Truth], seed: u64) -> Reply {
    let path = request.path.as_str();
    match path.split('/').nth(1).unwrap_or_default() {
        "" => Reply::html(&format!("<title>Front</title><nav>{}</nav>", links(truths))),
        "robots.txt" => Reply::text("user-agent: *\ndisallow: /private/\n"),
        "story" => Reply::html(&story(&format!("Report {seed} {path}"))),
        "lost" => Reply::html("<title>Page not found - The Quay</title><h1>Page not found</h1><p>Try the search.</p>"),
        "consent" => Reply::html(
            "<title>The Quay</title><div class=cmpbox><p>We and our partners use cookies to store personal data such as your visit.</p>\
             <button>Accept all</button></div>",
        ),
        "captcha" => {
            Reply::html("<title>Security check</title><form><div class=g-recaptcha></div><button>Go on</button></form>")
        }
        "login" => Reply::html("<title>Log in</title><h1>Log in</h1><form><input name=u><input type=password></form>"),
        "paid" => Reply::html(
            "<title>Ferry</title><article><h1>Ferry returns in May</h1><p>The ferry will run twice a day from the first of May, the office \
             said on Tuesday, after a winter of storms.</p><div class=paywall>Subscribe to continue reading</div></article>",
        ),
        "picture" => Reply::new(200, &[("content-type", "image/png")], b"\x89PNG\r\n\x1a\n"),
        "circle" => Reply::redirect(302, path),
        "slow" => Reply::nothing().then_wait(Duration::from_millis(1500)).then(raw_page()),
        _ => Reply::status(404),
    }
}

fn links(truths: &[Truth]) -> String {
    truths.iter().map(|truth| format!("<a href='{}'>{}</a> ", truth.path, truth.path)).collect()
}

fn raw_page() -> Vec<u8> {
    let body = story("A slow report");
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// An article of its own words for every title.
pub fn story(title: &str) -> String {
    let mut random =
        Random::new(title.bytes().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))));
    const WORDS: [&str; 24] = [
        "harbour",
        "ferry",
        "boats",
        "storm",
        "island",
        "captain",
        "morning",
        "council",
        "bridge",
        "market",
        "winter",
        "signal",
        "lantern",
        "fishermen",
        "tickets",
        "weather",
        "crossing",
        "village",
        "engine",
        "passengers",
        "customs",
        "letters",
        "autumn",
        "lighthouse",
    ];
    let mut sentence = || {
        let words: Vec<&str> = (0..14).map(|_| WORDS[random.below(WORDS.len())]).collect();
        format!("The {} of the town were told that {}.", words[0], words[1..].join(" and the "))
    };
    let paragraphs: String = (0..4).map(|_| format!("<p>{} {}</p>", sentence(), sentence())).collect();
    format!(
        "<!doctype html><html lang=en><head><title>{title}</title></head><body><nav><a href=/>Home</a></nav><main><article><h1>{title}</h1>\
         {paragraphs}</article></main></body></html>"
    )
}

//! A site of generated articles on many loopback addresses, each a host of its own: `site PORT HOSTS PAGES`.
//!
//! No crate, so that `rustc -O site.rs` builds it in a second. The same numbers give the same bytes.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

const WORDS: &[&str] = &[
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "are", "as", "with", "they", "at",
    "be", "this", "from", "have", "or", "by", "one", "had", "not", "but", "what", "all", "were", "when", "we", "there",
    "can", "an", "your", "which", "their", "said", "if", "will", "each", "about", "how", "up", "out", "them", "then",
    "she", "many", "some", "so", "these", "would", "other", "into", "has", "more", "her", "two", "like", "him", "see",
    "time", "could", "no", "make", "than", "first", "been", "its", "who", "now", "people", "my", "made", "over", "did",
    "down", "only", "way", "find", "use", "may", "water", "long", "little", "very", "after", "words", "called", "just",
    "where", "most", "know", "harbour", "council", "winter", "bridge", "market", "river", "teacher", "garden", "music",
    "engine", "letter", "village", "doctor", "island", "history", "season", "window", "machine", "science", "travel",
];
const REQUEST_BYTES_MAX: u64 = 64 << 10;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % most
    }

    fn sentence(&mut self) -> String {
        let words: Vec<&str> = (0..6 + self.below(14)).map(|_| WORDS[self.below(WORDS.len() as u64) as usize]).collect();
        let text = words.join(" ");
        format!("{}{}. ", text[..1].to_uppercase(), &text[1..])
    }

    fn paragraph(&mut self) -> String {
        (0..3 + self.below(5)).map(|_| self.sentence()).collect()
    }
}

fn index(pages: u64) -> String {
    let mut html = "<!doctype html><html lang=en><title>All articles</title><h1>All articles</h1><ul>".to_owned();
    for page in 0..pages {
        let _ = write!(html, "<li><a href=\"/page-{page}.html\">Article {page}</a>");
    }
    html
}

/// An article as sites have them: about 30 kB, half of it text.
fn article(host: u64, page: u64) -> String {
    let mut random = Random(host << 32 | page);
    let title = random.sentence();
    let mut html = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}- Site {host}</title>\
         <meta name=description content=\"{}\"><meta property=og:type content=article></head><body><header><nav><ul>",
        random.sentence()
    );
    for link in 0..40 {
        let _ = write!(html, "<li class=\"menu-item menu-item-{link}\"><a href=\"/section/{link}\">Section {link}</a></li>");
    }
    let _ = write!(html, "</ul></nav></header><main><article><h1>{title}</h1><p class=byline>By Ada Writer</p>");
    for part in 0..20 + random.below(20) {
        if part % 6 == 5 {
            let _ = write!(html, "<h2>{}</h2>", random.sentence());
        }
        let _ = write!(html, "<p>{}</p>\n", random.paragraph());
    }
    html.push_str("</article></main><aside><h3>Most read</h3><ul>");
    for link in 0..30 {
        let _ = write!(
            html,
            "<li><div class=\"card card--small\"><a class=\"card__link\" href=\"/read/{link}\">\
             <img class=\"card__image\" src=\"/i/{link}.jpg\" alt=\"\"><span class=\"card__title\">{}</span></a></div></li>",
            random.sentence()
        );
    }
    html.push_str("</ul></aside><footer><p>All rights reserved. <a href=\"/terms\">Terms</a></p></footer></body></html>");
    html
}

fn answer(host: u64, path: &str, pages: u64) -> (&'static str, &'static str, String) {
    let page = path.strip_prefix("/page-").and_then(|rest| rest.strip_suffix(".html")?.parse().ok());
    match (path, page) {
        ("/robots.txt", _) => ("200 OK", "text/plain", "User-agent: *\nAllow: /\n".to_owned()),
        ("/", _) => ("200 OK", "text/html", index(pages)),
        (_, Some(page)) if page < pages => ("200 OK", "text/html; charset=utf-8", article(host, page)),
        _ => ("404 Not Found", "text/plain", "not here".to_owned()),
    }
}

fn serve(host: u64, stream: TcpStream, pages: u64) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let (mut first, mut close) = (String::new(), false);
        let mut limited = reader.by_ref().take(REQUEST_BYTES_MAX);
        if limited.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            if limited.read_line(&mut line)? == 0 || line == "\r\n" {
                break;
            }
            close |= line.to_ascii_lowercase().starts_with("connection: close");
        }
        let path = first.split(' ').nth(1).unwrap_or("/");
        let (status, kind, body) = answer(host, path, pages);
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
        if close {
            return Ok(());
        }
    }
}

fn main() {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let &[port, hosts, pages] = &numbers[..] else { panic!("site PORT HOSTS PAGES") };
    let mut threads = Vec::new();
    for host in 1..=hosts {
        let address = format!("127.0.{}.{}:{port}", host / 250, host % 250 + 1);
        let listener = TcpListener::bind(&address).unwrap_or_else(|error| panic!("{address}: {error}"));
        threads.push(std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || serve(host, stream, pages));
            }
        }));
    }
    println!("ready");
    for thread in threads {
        let _ = thread.join();
    }
}

//! The sample site, asked over real HTTP.

use std::io::Read;

use gleaner::capture::Outcome;
use gleaner::cli::demo::server::Site;
use gleaner::document::{Kind, TextOptions};
use gleaner::extract::{Options, extract};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::lines;

/// Asks for one address and gives head and body as sent.
async fn ask(url: &str, headers: &str) -> (String, Vec<u8>) {
    let (authority, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("an http address");
    let mut stream = tokio::net::TcpStream::connect(authority).await.expect("the site listens");
    let request = format!("GET /{path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.expect("the site reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the site answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
    (String::from_utf8_lossy(&answer[..end]).to_lowercase(), answer[end..].to_vec())
}

#[tokio::test]
async fn every_page_answers_as_the_table_says() {
    let site = Site::start().await.expect("loopback");
    for page in site.pages() {
        let (head, body) = ask(page.url.as_str(), "").await;
        let status = match page.outcome {
            Outcome::Gone => "404",
            Outcome::Blocked => "403",
            _ => "200",
        };
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{}: {head}", page.url);
        assert!(head.contains("content-type: text/html; charset=utf-8"), "{}: {head}", page.url);
        assert!(!String::from_utf8(body).expect("UTF-8").contains("{{"), "{}: a placeholder is left", page.url);
        assert_eq!(page.clean_text.is_some(), page.outcome == Outcome::Ok, "{}", page.url);
    }
    assert_eq!(site.asked().len(), site.pages().len());
}

#[tokio::test]
async fn every_page_is_read_as_the_table_says() {
    let site = Site::start().await.expect("loopback");
    let mut report = String::new();
    for page in site.pages().iter().filter(|page| !matches!(page.outcome, Outcome::Gone | Outcome::Robots)) {
        let (_, body) = ask(page.url.as_str(), "").await;
        let document = extract(&body, Some("text/html; charset=utf-8"), Some(&page.url), &Options::default());
        assert_eq!(document.kind == Kind::Blocked, page.outcome == Outcome::Blocked, "{}", page.url);
        let text = document.text(TextOptions::default());
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let difference = lines::diff(&lines(page.clean_text.unwrap_or_default()), &lines(&text));
        if !difference.is_empty() {
            report.push_str(&format!("{}\n{difference}", page.url));
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[tokio::test]
async fn links_lead_to_the_ports_in_use() {
    let site = Site::start().await.expect("loopback");
    let (_, robots) = ask(&format!("{}/robots.txt", site.origin_a), "").await;
    let robots = String::from_utf8(robots).expect("UTF-8");
    assert!(robots.contains(&format!("Sitemap: {}/sitemap.xml", site.origin_a)), "{robots}");
    let (_, front) = ask(&format!("{}/", site.origin_a), "").await;
    assert!(String::from_utf8(front).expect("UTF-8").contains(&site.origin_b), "no link to the second paper");
}

#[tokio::test]
async fn the_reprint_has_its_twins_text() {
    let site = Site::start().await.expect("loopback");
    let pages = site.pages();
    let reprint = pages.iter().find(|page| page.twin.is_some()).expect("the table holds a reprint");
    let original = pages.iter().find(|page| Some(&page.url) == reprint.twin.as_ref()).expect("and its twin");
    assert_eq!(original.clean_text, reprint.clean_text);
    assert_ne!(original.url.port(), reprint.url.port());
}

#[tokio::test]
async fn a_second_visit_can_be_answered_304() {
    let site = Site::start().await.expect("loopback");
    let url = format!("{}/news/library-stays-open/", site.origin_a);
    let (head, _) = ask(&url, "").await;
    let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("an etag").to_owned();
    let (head, body) = ask(&url, &format!("if-none-match: {etag}\r\n")).await;
    assert!(head.starts_with("http/1.1 304"), "{head}");
    assert!(body.is_empty());
}

#[tokio::test]
async fn one_page_comes_gzipped_to_whoever_asks() {
    let site = Site::start().await.expect("loopback");
    let url = format!("{}/forum/topic/12-harbour-lights-are-out-again/page/2/", site.origin_a);
    let (plain_head, plain) = ask(&url, "").await;
    let (head, zipped) = ask(&url, "accept-encoding: gzip, br\r\n").await;
    assert!(!plain_head.contains("content-encoding") && head.contains("content-encoding: gzip"), "{plain_head}{head}");
    let mut unzipped = Vec::new();
    flate2::read::GzDecoder::new(&zipped[..]).read_to_end(&mut unzipped).expect("gzip");
    assert_eq!(unzipped, plain);
}

#[tokio::test]
async fn the_old_page_address_redirects_and_unknown_ones_are_missing() {
    let site = Site::start().await.expect("loopback");
    let (head, _) = ask(&format!("{}/forum/topic/12-harbour-lights-are-out-again/?page=2", site.origin_a), "").await;
    assert!(head.starts_with("http/1.1 301") && head.contains("/page/2/"), "{head}");
    let (head, _) = ask(&format!("{}/nowhere", site.origin_b), "").await;
    assert!(head.starts_with("http/1.1 404"), "{head}");
}

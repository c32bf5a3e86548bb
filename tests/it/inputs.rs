//! Robots files, lists and addresses that were damaged in any way; `tests/fuzz` goes on where this ends.

use crate::support::inputs::{address, list, robots};
use crate::support::random::Random;

const TURNS: u64 = 2000;

const ROBOTS: &[u8] =
    b"gleaner\0/a/b.html?c=d\0user-agent: gleaner\nuser-agent: other\r\ncrawl-delay: 2.5\ndisallow: /*/b*.html$\n\
    allow: /a/%e4\nsitemap: https://a.example/s.xml\ncontent-signal: ai-train=no\n\nuser-agent: *\ndisallow: /";
const SITEMAP: &[u8] =
    b"<?xml version='1.0'?><!DOCTYPE u [<!ENTITY x 'y'>]><urlset><url><loc>https://a.example/1?a=1&amp;b=2</loc>\
    <lastmod>2024-02-29T01:02:03+05:00</lastmod></url><url><loc><![CDATA[/two]]></loc></url></urlset>";
const FEED: &[u8] =
    b"<rss xmlns:a='b'><channel><ttl>60</ttl><item><link>https://a.example/1</link><guid isPermaLink='false'>x</guid>\
    <pubDate>Thu, 29 Feb 2024 01:02:03 +0000</pubDate></item></channel></rss>";
const JSON: &[u8] = br#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/one","date_published":"2024-02-29"}]}"#;
const ADDRESSES: &[u8] = b"https://user:word@www.A.example:8080/(S(abc))/x;jsessionid=1/../index.php?b=2&a=%7e+1&utm_source=z&&PHPSESSID=q#top\n\
    //b.example./%2e%2E/a//b/?";

/// The same damage in every run.
fn each(seed: u64, bytes: &[u8], check: fn(&[u8])) {
    let mut random = Random::new(seed);
    check(bytes);
    (0..TURNS).for_each(|_| check(&random.damaged(bytes)));
}

#[test]
fn a_damaged_robots_txt_still_says_what_decides() {
    each(1, ROBOTS, robots);
}

#[test]
fn a_damaged_list_leads_to_the_web_alone() {
    [SITEMAP, FEED, JSON].iter().zip(2..).for_each(|(bytes, seed)| each(seed, bytes, list));
}

#[test]
fn a_damaged_address_has_one_identity() {
    each(5, ADDRESSES, address);
}

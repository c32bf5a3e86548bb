//! schedule, from outside.

mod discover;
mod pace;
mod revisit;

use std::time::Duration;

use gleaner::page::{Timestamp, Url};
use gleaner::schedule::{Html, Kind, Pattern, Scope, Source, SourceError, links, next_due, url_lines};
use jiff::ZonedDateTime;

/// Whether a page of this source last visited then is to be visited now.
fn due(source: &Source, last: Option<Timestamp>, now: &ZonedDateTime) -> bool {
    next_due(source, last, now).is_some_and(|next| next <= now.timestamp())
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now(text: &str) -> ZonedDateTime {
    text.parse().unwrap()
}

fn patterns(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern((*text).to_owned())).collect()
}

fn every(hours: u64) -> Source {
    Source {
        name: "a".to_owned(),
        urls: vec![url("https://a.example/")],
        every: Some(Duration::from_secs(hours * 3600)),
        ..Source::default()
    }
}

fn cron(line: &str) -> Source {
    Source { every: None, cron: Some(line.to_owned()), ..every(0) }
}

fn index(page: &str) -> Source {
    Source { kind: Kind::Index, url: Some(url(page)), urls: Vec::new(), ..every(6) }
}

/// Whether a page last visited at `last` is due at `time`.
#[track_caller]
fn check_due(source: &Source, last: &str, time: &str, expected: bool) {
    let (last, time) = (at(last), now(time));
    let next = next_due(source, Some(last), &time);
    assert_eq!(due(source, Some(last), &time), expected, "next is {next:?}");
}

/// The links an index page gives.
#[track_caller]
fn check_links(source: &Source, html: &str, expected: &[&str]) {
    let page = source.url.clone().unwrap();
    let found: Vec<String> = links(html, &page, source).iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_was_never_visited_is_due() {
    assert!(due(&every(6), None, &now("2024-06-01T12:00:00Z[UTC]")));
    assert!(due(&cron("0 6 * * *"), None, &now("2024-06-01T12:00:00Z[UTC]")));
}

#[test]
fn an_interval_is_kept_with_a_little_slack() {
    check_due(&every(6), "2024-06-01T06:00:00Z", "2024-06-01T11:00:00Z[UTC]", false);
    check_due(&every(6), "2024-06-01T06:00:00Z", "2024-06-01T12:00:00Z[UTC]", true);
    // An hourly cron job that fetched 40 s after the hour fetches again at the next hour.
    check_due(&every(1), "2024-06-01T06:00:40Z", "2024-06-01T07:00:00Z[UTC]", true);
    check_due(&every(1), "2024-06-01T06:10:00Z", "2024-06-01T07:00:00Z[UTC]", false);
    // A clock that went back makes nothing due.
    check_due(&every(1), "2025-06-01T06:10:00Z", "2024-06-01T07:00:00Z[UTC]", false);
}

#[test]
fn cron_is_read_in_local_time() {
    let six = cron("0 6 * * *");
    check_due(&six, "2024-06-01T04:30:00Z", "2024-06-02T05:59:00+02:00[Europe/Berlin]", false);
    check_due(&six, "2024-06-01T04:30:00Z", "2024-06-02T06:00:00+02:00[Europe/Berlin]", true);
    check_due(&cron("@hourly"), "2024-06-01T04:30:00Z", "2024-06-01T05:00:00Z[UTC]", true);
    check_due(&cron("0 0 30 2 *"), "2024-06-01T04:30:00Z", "2034-06-01T05:00:00Z[UTC]", false);
}

#[test]
fn cron_survives_the_clock_change() {
    // 02:30 does not exist on 2024-03-31 in Berlin, and happens twice on 2024-10-27.
    let source = cron("30 2 * * *");
    let next = |last: &str, time: &str| next_due(&source, Some(at(last)), &now(time)).unwrap().to_string();
    let spring = next("2024-03-30T01:30:00Z", "2024-03-31T12:00:00+02:00[Europe/Berlin]");
    assert!(
        ["2024-03-31T01:00:00Z", "2024-03-31T01:30:00Z", "2024-04-01T00:30:00Z"].contains(&spring.as_str()),
        "{spring}"
    );
    let autumn = next("2024-10-26T00:30:00Z", "2024-10-27T12:00:00+01:00[Europe/Berlin]");
    assert!(["2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"].contains(&autumn.as_str()), "{autumn}");
}

#[test]
fn links_are_whole_bare_and_once() {
    check_links(
        &index("https://a.example/news/"),
        r##"<a href="one">1</a> <a href="/news/two?page=2#top">2</a> <a href="one#again">1</a>
            <a href="#here">self</a> <a href="./">self</a> <a href="mailto:x@a.example">mail</a>
            <a rel="ugc NoFollow" href="three">no</a> <a href="javascript:void(0)">js</a> <a>none</a>
            <a href="https://user:pass@a.example/four">4</a> <a href="http://[bad">bad</a>
            <map><area href="/five"></map> <a href="https://other.example/">off</a>"##,
        &[
            "https://a.example/news/one",
            "https://a.example/news/two?page=2",
            "https://a.example/four",
            "https://a.example/five",
        ],
    );
}

#[test]
fn links_follow_the_base() {
    check_links(
        &index("https://a.example/x/"),
        r#"<base href="/y/"><a href="one">1</a>"#,
        &["https://a.example/y/one"],
    );
    check_links(
        &index("https://a.example/x/"),
        r#"<base href="javascript:1"><a href="one">1</a>"#,
        &["https://a.example/x/one"],
    );
}

#[test]
fn only_real_links_count() {
    check_links(
        &index("https://a.example/"),
        r#"<!-- <a href="/comment"> --> <script>"<a href='/script'>"</script><STYLE><a href=/style></STYLE>
            <title><a href=/title></title><a title="x > y" HREF='/one?a=1&amp;b=2'>1</a><a href=/two>2</a>
            <a data-href="/no" href = "/three&#x41;&unknown;">3</a><article href=/no><abbr href=/no>"#,
        &["https://a.example/one?a=1&b=2", "https://a.example/two", "https://a.example/threeA&unknown;"],
    );
}

/// As a browser asks: the path in UTF-8, the query in the page's encoding, what that has no sign for as a number.
#[test]
fn queries_are_sent_in_the_encoding_of_their_page() {
    let text = "<base href='/caf\u{e9}/'><a href='\u{e9}?x=\u{e9}&y=%C3%A9#\u{e9}'>a</a><a href='/b?x=\u{4e00}z'>b</a>";
    for (encoding, expected) in [
        ("UTF-8", ["/caf%C3%A9/%C3%A9?x=%C3%A9&y=%C3%A9", "/b?x=%E4%B8%80z"]),
        ("windows-1252", ["/caf%C3%A9/%C3%A9?x=%E9&y=%C3%A9", "/b?x=%26%2319968%3Bz"]),
        ("UTF-16LE", ["/caf%C3%A9/%C3%A9?x=%C3%A9&y=%C3%A9", "/b?x=%E4%B8%80z"]),
        ("GBK", ["/caf%C3%A9/%C3%A9?x=%A8%A6&y=%C3%A9", "/b?x=%D2%BBz"]),
    ] {
        let found = links(Html { text, encoding }, &url("https://a.example/"), &index("https://a.example/"));
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected.map(|path| format!("https://a.example{path}")), "{encoding}");
    }
}

#[test]
fn scope_bounds_the_links() {
    let html = r#"<a href="/news/a">1</a><a href="/b">2</a><a href="//www.a.example/c">3</a>
        <a href="//sub.a.example/d">4</a><a href="//b.example/e">5</a><a href="//a.example:8080/f">6</a>"#;
    for (scope, expected) in [
        (Scope::Path, &["/news/a"][..]),
        (Scope::Host, &["/news/a", "/b", "/c"]),
        (Scope::Site, &["/news/a", "/b", "/c", "/d", "/f"]),
        (Scope::Any, &["/news/a", "/b", "/c", "/d", "/e", "/f"]),
    ] {
        let source = Source { scope, ..index("https://a.example/news/index.html") };
        let page = source.url.clone().unwrap();
        let paths: Vec<String> = links(html, &page, &source).iter().map(|url| url.path().to_owned()).collect();
        assert_eq!(paths, expected, "{scope:?}");
    }
}

#[test]
fn patterns_bound_the_links() {
    let source = Source {
        include: patterns(&["/news/*", "https://a.example/blog/*"]),
        exclude: patterns(&["*/print*"]),
        // The limit counts what is new, which only the frontier knows.
        limit: 2,
        ..index("https://a.example/")
    };
    check_links(
        &source,
        r#"<a href="/news/1">1</a><a href="/news/1/print">p</a><a href="/about">x</a><a href="/blog/2">2</a><a href="/news/3">3</a>"#,
        &["https://a.example/news/1", "https://a.example/blog/2", "https://a.example/news/3"],
    );
}

#[test]
fn any_html_gives_links_or_none() {
    let source = index("https://a.example/");
    check_links(&source, "", &[]);
    check_links(&source, &"<a href='".repeat(10_000), &[]);
    check_links(&source, &"<div>".repeat(200_000), &[]);
    check_links(&source, &"<a =\"'é".repeat(50_000), &[]);
    check_links(&source, &format!("<a {} href=/x>", "é=1 b ".repeat(100_000)), &["https://a.example/x"]);
    check_links(&source, &"<script></scrip".repeat(50_000), &[]);
}

#[test]
fn sources_that_do_not_fit_say_why() {
    let name = || "a".to_owned();
    let missing = |key| SourceError::Missing { name: name(), key };
    let unused = |key| SourceError::Unused { name: name(), key };
    for (source, expected) in [
        (every(1), None),
        (cron("*/5 * * * *"), None),
        (index("https://a.example/"), None),
        (Source { name: " ".to_owned(), ..every(1) }, Some(SourceError::NoName)),
        (Source { urls: Vec::new(), ..every(1) }, Some(missing("urls` or `file"))),
        (Source { every: None, ..every(1) }, Some(missing("every` or `cron"))),
        (every(0), Some(missing("every` above zero or `cron"))),
        (Source { limit: 0, ..every(1) }, Some(SourceError::NoLimit(name()))),
        (cron("0 6 29 2 *"), None),
        (Source { url: None, ..index("https://a.example/") }, Some(missing("url"))),
        (Source { kind: Kind::Index, ..every(1) }, Some(unused("urls"))),
        (Source { kind: Kind::Urls, ..index("https://a.example/") }, Some(unused("url"))),
        (Source { cron: Some("@daily".to_owned()), ..every(1) }, Some(SourceError::BothTimes(name()))),
        (Source { kind: Kind::Board, ..every(1) }, Some(unused("urls"))),
        (Source { kind: Kind::Board, ..index("https://a.example/") }, None),
        (Source { kind: Kind::Feed, ..index("https://a.example/feed") }, None),
        (Source { kind: Kind::Sitemap, ..index("https://a.example/") }, None),
        (Source { kind: Kind::Feed, ..every(1) }, Some(unused("urls"))),
        (Source { kind: Kind::Sitemap, url: None, ..index("https://a.example/") }, Some(missing("url"))),
    ] {
        assert_eq!(source.check().err(), expected, "{source:?}");
    }
    let error = cron("61 * * * *").check().unwrap_err().to_string();
    assert!(error.starts_with("schedule `a`: `cron = \"61 * * * *\"` cannot be read: "), "{error}");
    for never in ["0 6 31 2 *", "0 0 30 2 *", "0 0 31 4,6 *"] {
        let error = cron(never).check().unwrap_err().to_string();
        assert!(error.ends_with("there is no such day"), "{never}: {error}");
    }
}

#[test]
fn keys_are_those_of_the_table() {
    let full = Source {
        file: Some("x".into()),
        url: Some(url("https://a.example/")),
        cron: Some(String::new()),
        revisit: every(1).every,
        ..every(1)
    };
    let table = toml::Table::try_from(&full).unwrap();
    let mut keys = Source::KEYS.to_vec();
    keys.sort_unstable();
    assert_eq!(table.keys().collect::<Vec<_>>(), keys);
}

/// A comment may stand behind an address; what begins right behind it is its fragment.
#[test]
fn list_files_have_comments_behind_addresses() {
    let lines = "https://a.example/1 # note\nhttps://a.example/2\t#note # more\nhttps://a.example/3#part\n  # all\n\
                 https://a.example/4#part # note\nhttps://a.example/#!/5\nnonsense # note";
    let read: Vec<Result<String, (usize, String)>> =
        url_lines(lines).into_iter().map(|line| line.map(|url| url.with_credentials().to_string())).collect();
    let is = |path: &str| Ok(format!("https://a.example/{path}"));
    let bad = Err((7, "nonsense".to_owned()));
    assert_eq!(read, [is("1"), is("2"), is("3#part"), is("4#part"), is("#!/5"), bad]);
}

#[test]
fn list_files_are_read_line_by_line() {
    let read = url_lines("\u{feff}# list\n\n https://a.example/1 \r\nnonsense\nftp://a.example/\nhttp://b.example");
    assert_eq!(
        read,
        [
            Ok(url("https://a.example/1")),
            Err((4, "nonsense".to_owned())),
            Err((5, "ftp://a.example/".to_owned())),
            Ok(url("http://b.example/")),
        ]
    );
}

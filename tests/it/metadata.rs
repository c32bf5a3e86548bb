//! Metadata of pages, from outside.

mod bylines;
mod changed;
mod dates;
mod doubt;
mod others;
mod pages;
mod text;
mod titles;

use gleaner::document::{Metadata, Sourced};
use gleaner::extract::{html, metadata};

/// The metadata of a page with that head and body.
fn read(head: &str, body: &str) -> Metadata {
    let page = format!("<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>");
    let url = url::Url::parse("https://www.example.org/a/b.html").expect("a sound address");
    metadata::read(&html::parse(&page), Some(&url))
}

fn shown<T: std::fmt::Display>(value: &Option<Sourced<T>>) -> String {
    value.as_ref().map(|one| format!("{} [{}]", one.value, one.source)).unwrap_or_default()
}

fn names(metadata: &Metadata) -> String {
    metadata.authors.iter().map(|one| one.value.as_str()).collect::<Vec<_>>().join("; ")
}

fn json_ld(json: &str) -> String {
    format!("<script type='application/ld+json'>{json}</script>")
}

#[test]
fn titles_are_what_the_page_shows() {
    let cases = [
        ("<title>One thing | Site</title>", "<h1>One thing</h1>", "One thing [html:h1]"),
        ("<title>One thing | Site</title>", "<p>text</p>", "One thing [html:title]"),
        ("<title>One - two - Example</title>", "", "One - two [html:title]"),
        (
            "<title>The Herald: One thing</title><meta property=og:site_name content='The Herald'>",
            "",
            "One thing [html:title]",
        ),
        (
            "<title>A thing of one</title>",
            "<h1>The Site</h1><div><h1>A thing of one ¶</h1></div>",
            "A thing of one [html:h1]",
        ),
        (
            "<meta property=og:site_name content=Pages><meta property=og:title content='A tale'>",
            "<h1>Pages</h1>",
            "A tale [og:title]",
        ),
        ("<meta property=og:title content='Tom &amp;amp; Jerry&amp;#8217;s'>", "", "Tom & Jerry’s [og:title]"),
        ("<title>A tale</title>", "<h1><img alt='A tale' src=x></h1>", "A tale [html:h1]"),
        ("", "", ""),
    ];
    for (head, body, want) in cases {
        assert_eq!(shown(&read(head, body).title), want, "{head} {body}");
    }
}

/// What a comment says of itself is not said of its page, and second nought of Unix time is no date.
#[test]
fn a_comment_or_an_epoch_dates_nothing() {
    let comment = json_ld(r#"{"@type":"Comment","datePublished":"2020-01-01","author":{"name":"Tom Tree"}}"#);
    let read = |head: &str| read(head, "<h1>A tale</h1><p>text</p>");
    assert_eq!((shown(&read(&comment).published), names(&read(&comment))), (String::new(), String::new()));
    let article = json_ld(r#"{"@type":"NewsArticle","datePublished":"2020-02-02","author":{"name":"Ann Bell"}}"#);
    assert_eq!(shown(&read(&(comment + &article)).published), "2020-02-02 [json-ld]");
    for date in [
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00+00:00",
        "1970-01-01T00:00:00-05:00",
        "1969-12-31T19:00:00-05:00",
        "1970-01-01T01:00:00+01:00",
    ] {
        let meta = format!("<meta property=article:published_time content='{date}'>");
        assert_eq!(shown(&read(&meta).published), "", "{date}");
        let later = "<meta name=date content='2021-03-04'>";
        assert_eq!(shown(&read(&(meta + later)).published), "2021-03-04 [meta:date]");
    }
}

#[test]
fn authors_are_names() {
    let cases = [
        ("<meta name=author content='By Jane Doe and John Roe'>", "", "Jane Doe; John Roe"),
        ("<meta name=author content='jane@example.org (Jane Doe)'>", "", "Jane Doe"),
        ("<meta name=author content='https://facebook.com/jane'>", "<p class=byline>By Jane Doe</p>", "Jane Doe"),
        ("<meta name=author content='Jane Doe, MD, Ph.D.'>", "", "Jane Doe"),
        (
            "<meta name=citation_author content='Doe, Jane'><meta name=citation_author content='Roe, John'>",
            "",
            "Jane Doe; John Roe",
        ),
        ("<meta name=author content=admin>", "<h1>x</h1><a rel=author href=/jane>Jane Doe</a>", "Jane Doe"),
        (
            "<meta name=author content='The Herald'><meta property=og:site_name content='The Herald'>",
            "<p>Written by Jane Doe</p>",
            "Jane Doe",
        ),
        ("<meta name=author content='The Herald'><meta property=og:site_name content='The Herald'>", "", "The Herald"),
        ("", "<h1>x</h1><div class=author-name>Jane Doe<br>Senior Editor</div>", "Jane Doe"),
        (
            "",
            "<h1>x</h1><span class=byline>Von Jana Müller und Karl Maier | 19. Juni 2024</span>",
            "Jana Müller; Karl Maier",
        ),
        ("", "<h1>x</h1><p>By</p><p>Jane Doe</p>", "Jane Doe"),
        ("", "<h1>x</h1><p>Reviewed by Jane Doe</p>", ""),
        ("", "<h1>x</h1><p>By the way, this is no name</p>", ""),
        ("", "<h1>x</h1><div id=comments><a rel=author href=/t>Troll</a></div><p>By Jane Doe</p>", "Jane Doe"),
        (
            "<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='Jane Doe'>",
            "",
            "Jane Doe",
        ),
        (
            "",
            "<div itemscope><span itemprop=author itemscope><meta itemprop=name content='Jane Doe'></span></div>",
            "Jane Doe",
        ),
    ];
    for (head, body, want) in cases {
        assert_eq!(names(&read(head, body)), want, "{head} {body}");
    }
}

#[test]
fn authors_are_names_in_any_language() {
    let cases = [
        ("投稿者: <b>潮崎しおり</b>", "潮崎しおり"),
        ("執筆者：潮崎しおり", "潮崎しおり"),
        ("文／王小明", "王小明"),
        ("记者 王小明", "王小明"),
        ("글쓴이: 김민수", "김민수"),
        ("بقلم: ليلى حداد", "ليلى حداد"),
        ("מאת דנה לוי", "דנה לוי"),
        ("Автор: Анна Петрова", "Анна Петрова"),
        ("Από Ελένη Παππά", "Ελένη Παππά"),
        ("Geschrieben von Jana Müller", "Jana Müller"),
        ("Écrit par Élodie Roux", "Élodie Roux"),
        ("Publicado por Ana Díaz", "Ana Díaz"),
        ("A cura di Lucia Neri", "Lucia Neri"),
        ("Av Pär Lind", "Pär Lind"),
        ("Pär Lind", "Pär Lind"),
        ("Napsala: Jana Nová", "Jana Nová"),
        ("Írta: Kiss Anna", "Kiss Anna"),
        ("Oleh Bondar", "Oleh Bondar"),
        ("Oleh: Siti Rahma", "Siti Rahma"),
        ("Contributors to the Atlas", "Contributors to the Atlas"),
        ("Pär", "Pär"),
        ("Yazan Al-Saadi", "Yazan Al-Saadi"),
        ("Yazan: Ayşe Kaya", "Ayşe Kaya"),
        ("ผู้เขียน: สมชาย ใจดี", "สมชาย ใจดี"),
    ];
    for (line, want) in cases {
        assert_eq!(names(&read("", &format!("<h1>x</h1><p class=byline>{line}</p>"))), want, "{line}");
    }
    for (line, want) in [
        ("Geschrieben von Jana Müller", "Jana Müller"),
        ("Автор: Анна Петрова", "Анна Петрова"),
        ("Publié par Élodie Roux", "Élodie Roux"),
        ("Text: a note on what is written", ""),
        ("De: la mer", ""),
        ("Von: Berlin ZOB", ""),
    ] {
        assert_eq!(names(&read("", &format!("<h1>x</h1><p>{line}</p>"))), want, "{line}");
    }
}

#[test]
fn json_ld_is_read_as_pages_write_it() {
    let person = r##"{"@graph":[{"@type":"Person","@id":"#p","name":"Jane Doe"},{"@type":["NewsArticle"],"headline":"H","author":{"@id":"#p"},"datePublished":"2024-06-19T08:30:00+02:00"}]}"##;
    let broken = "<!-- //<![CDATA[\n{\"@type\":\"BlogPosting\",\"headline\":\"H\",\"author\":[{\"name\":\"Jane Doe\"},],\"datePublished\":\"2024-06-19T08:30:00+02:00\",} //]]> -->";
    let several = r#"[{"@type":"BreadcrumbList","name":"no"},{"@type":"Article","name":"H","author":"Jane Doe","datePublished":"2024-06-19T08:30:00+02:00"},{"@type":"Article","name":"teaser","author":"Other One"}]"#;
    for json in [person, broken, several] {
        let found = read(&json_ld(json), "");
        assert_eq!(shown(&found.title), "H [json-ld]", "{json}");
        assert_eq!(names(&found), "Jane Doe", "{json}");
        assert_eq!(shown(&found.published), "2024-06-19T08:30:00+02:00 [json-ld]", "{json}");
    }
    let faq = r#"{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"Why?","author":"Nobody"}]}"#;
    assert_eq!(shown(&read(&json_ld(faq), "").title), "");
}

#[test]
fn paywalls_are_what_schema_org_says() {
    for (value, want) in
        [("false", "true"), ("\"False\"", "true"), ("true", "false"), ("\"http://x\"", ""), ("null", "")]
    {
        let json = format!(r#"{{"@type":"Article","isAccessibleForFree":{value}}}"#);
        let found = read(&json_ld(&json), "").paywalled.map(|one| one.value.to_string()).unwrap_or_default();
        assert_eq!(found, want, "{value}");
    }
}

#[test]
fn other_values_are_normal() {
    let found = read(
        "<base href=/base/><link rel=canonical href=page><meta property=og:image content='../i.png'><meta name=keywords content='a, b;A'>\
         <meta name=description content=' what  it is '><meta name=generator content='WordPress 6.5'><link rel=license href=//creativecommons.org/licenses/by/4.0/>",
        "",
    );
    assert_eq!(shown(&found.canonical), "https://www.example.org/base/page [link:canonical]");
    assert_eq!(shown(&found.image), "https://www.example.org/i.png [og:image]");
    assert_eq!(shown(&found.description), "what it is [meta:description]");
    assert_eq!(shown(&found.platform), "wordpress [meta:generator]");
    assert_eq!(shown(&found.licence), "https://creativecommons.org/licenses/by/4.0/ [link:license]");
    assert_eq!(found.tags.iter().map(|tag| tag.value.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn languages_are_bcp_47() {
    let cases = [
        ("en_us", "en-US"),
        ("DE", "de"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("Deutsch", "de"),
        ("pt_BR.UTF-8", "pt-BR"),
        ("en, fr", "en"),
        ("und", ""),
        ("", ""),
        ("x", ""),
        ("{{ lang }}", ""),
        ("<html>", ""),
    ];
    for (tag, want) in cases {
        let page = format!("<html lang='{tag}'><body>x");
        let found = metadata::read(&html::parse(&page), None).language.map(|one| one.value).unwrap_or_default();
        assert_eq!(found, want, "{tag}");
    }
    let xhtml = metadata::read(&html::parse("<html xml:lang=EN-gb><body>x"), None).language;
    assert_eq!(xhtml.map(|one| one.value).as_deref(), Some("en-GB"));
}

/// A day that comes up in a sentence, or on which somebody joined, is not the page's.
#[test]
fn days_of_something_else_are_not_the_pages() {
    let text =
        "<p>The harbour was quiet that winter, and the ferry ran twice a day, which was enough for the island.</p>"
            .repeat(5);
    let cases = [
        ("<p>John Miller (born 4 April 1932) was a miller.</p>", ""),
        ("<p>Offer valid until 31 December 2025</p>", ""),
        ("<p>Date: 12 October 2031, 19:00. Doors open 18:30.</p>", ""),
        ("<p>The mill burned down on 12 May 1954 and was rebuilt on 3 June 1961.</p>", ""),
        ("<p>Papers are due by 15 November 2027.</p>", ""),
        ("<dl><dt><strong>Joined:</strong></dt><dd>Mon Jan 01, 2018 1:00 pm</dd></dl>", ""),
        ("<p>Registriert: 1. Mai 2011</p><p>Beiträge: 12</p>", ""),
        ("<p>Posted on 5 March 2024 by Jane Roe</p>", "2024-03-05 [html:text]"),
        ("<p>Veröffentlicht am 5. März 2024</p>", "2024-03-05 [html:text]"),
        ("<p>Jane Roe, 5 March 2024 · 5 min read</p>", "2024-03-05 [html:text]"),
        ("<p>발행일: 2024년 3월 5일</p>", "2024-03-05 [html:text]"),
    ];
    for (line, want) in cases {
        for body in [format!("<h1>The mill</h1>{line}{text}"), format!("<h1>The mill</h1>{text}{line}")] {
            assert_eq!(shown(&read("", &body).published), want, "{line}");
        }
    }
}

/// `Author` and `Message` above the columns of a board name nobody.
#[test]
fn heads_of_columns_are_no_bylines() {
    let board = "<table><tr><th>Author</th><th>Message</th></tr><tr><td>Bob</td><td>It hums.</td></tr></table>";
    assert_eq!(names(&read("", &format!("<h1>Pump</h1>{board}"))), "");
    let sheet = "<table><tr><th>Author</th><td>Jane Roe</td></tr></table>";
    assert_eq!(names(&read("", &format!("<h1>Pump</h1>{sheet}"))), "Jane Roe");
}

#[test]
fn rights_are_kept_as_written() {
    let page = "<meta name=robots content='noindex, noai'><meta name=GPTBot content=noindex><meta name=tdm-reservation content=1>\
                <meta name=tdm-policy content='https://e.org/p.json'><meta name=description content=all><meta name=keywords content='a, follow'>\
                <a rel='license nofollow' href='/l'>licence</a>";
    let found = metadata::rights(&html::parse(page));
    let want = [
        ("meta:robots", "noindex, noai"),
        ("meta:gptbot", "noindex"),
        ("meta:tdm-reservation", "1"),
        ("meta:tdm-policy", "https://e.org/p.json"),
        ("meta:description", "all"),
        ("link:license", "/l"),
    ];
    assert_eq!(found, want.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

/// Pages made to hurt end, with values of bounded size.
#[test]
fn hostile_pages_end() {
    let long = "x".repeat(100_000);
    let pages = [
        format!("<meta name=author content='{long}'><meta property=og:title content='{long}'>"),
        "<div class=author>".repeat(3000),
        "<a rel=author href=/a>".repeat(3000),
        format!("<h1>{}</h1>", "<b>y".repeat(3000)),
        json_ld(&"[".repeat(200_000)),
        json_ld(&"{\"a\":\"".repeat(50_000)),
        format!("<title>{}</title>", " | ".repeat(30_000)),
        format!("<p>{}", "1 ".repeat(100_000)),
        format!("<meta name=author content='{}'>", "by ".repeat(1000)),
        format!("<meta name=description content='{}'>", "<a".repeat(8000)),
        "\u{0}\u{fffd}<meta content><meta name><link rel><time datetime><a rel href><html lang>".to_owned(),
    ];
    for page in pages {
        let found = metadata::read(&html::parse(&page), None);
        let size = serde_json::to_string(&found).expect("metadata is plain").len();
        assert!(size < 300_000, "{size} bytes of metadata");
    }
}

#[test]
fn an_address_is_no_sites_name() {
    let profile = "<meta property=article:publisher content='https://www.facebook.com/quaynotes/'>";
    assert_eq!(shown(&read(profile, "").site), "");
    let named = format!(
        "{profile}<meta name=publisher content='http://quay.example'><meta name=application-name content=Quay>"
    );
    assert_eq!(shown(&read(&named, "").site), "Quay [meta:application-name]");
    let given = read(&json_ld(r#"{"@type":"Article","publisher":{"name":"HTTPS://quay.example/"}}"#), "");
    assert_eq!(shown(&given.site), "");
    for name in ["Quay.example", "Quay://Notes", "http://quay.example, the notes", "HTTP", "Https:// in words"] {
        let head = format!("<meta property=og:site_name content='{name}'>");
        assert_eq!(shown(&read(&head, "").site), format!("{name} [og:site_name]"), "that is what it is called");
    }
}

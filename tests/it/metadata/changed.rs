//! Days of publication and of changes, and where on a page they stand.

use super::{names, read, shown};

/// A day of a change is no day of publication, wherever it is said.
#[test]
fn days_of_changes_are_not_those_of_publication() {
    let cases = [
        ("Last updated on <time datetime=2024-03-05>5 March 2024</time>", "", "2024-03-05"),
        ("<b>Last reviewed</b> <time datetime=2024-03-05>5 March 2024</time>", "", "2024-03-05"),
        ("Reviewed by Jane Roe on <time datetime=2024-03-05>5 March 2024</time>", "2024-03-05", ""),
        ("<span class=updated>5 March 2024</span>", "2024-03-05", "2024-03-05"),
        ("<span class=date>Letzte Änderung: 5. März 2024</span>", "", "2024-03-05"),
        ("Zuletzt aktualisiert am <time datetime=2024-03-05>5. März 2024</time>", "", "2024-03-05"),
        (
            "<span class=theme-last-updated>On <b><time datetime=2024-03-05>5 March 2024</time></b></span>",
            "",
            "2024-03-05",
        ),
        ("<dl><dt>Updated</dt><dd><time datetime=2024-03-05>5 March 2024</time></dd></dl>", "", "2024-03-05"),
        ("<span class=date>Last updated: 5 March 2024</span>", "", "2024-03-05"),
        ("Last updated <span class=date>5 March 2024</span>", "", "2024-03-05"),
        ("Evening Standard, <time datetime=2024-03-05>5 March 2024</time>", "2024-03-05", ""),
        (
            "Published <time datetime=2024-03-01>1 March</time>, updated <time datetime=2024-03-05>5 March</time>",
            "2024-03-01",
            "2024-03-05",
        ),
        (
            "Updated <time datetime=2024-03-05>5 March</time>. Published <time datetime=2024-03-01>1 March</time>",
            "2024-03-01",
            "2024-03-05",
        ),
        ("Updated <time class='entry-date published updated' datetime=2024-03-05>5 March</time>", "", "2024-03-05"),
        ("<p>Recently updated pages are listed below.</p><time datetime=2024-03-01>1 March</time>", "2024-03-01", ""),
    ];
    for (line, published, modified) in cases {
        let found = read("", &format!("<article><h1>The mill</h1><div>{line}</div><p>It turned.</p></article>"));
        let value = |date: Option<gleaner::document::Sourced<String>>| date.map(|one| one.value).unwrap_or_default();
        assert_eq!((value(found.published).as_str(), value(found.modified).as_str()), (published, modified), "{line}");
    }
}

/// The foot of an article is no foot of the page, whatever element it is; nor is a container with the heading in it.
#[test]
fn an_articles_foot_is_its_own() {
    let foot = "<div class=footer><time itemprop=datePublished datetime=2024-01-19>19.01.2024</time><a rel=author href=/a>Jane Roe</a></div>";
    for open in ["<article>", "<div itemscope itemtype='http://schema.org/Article'>"] {
        let found = read("", &format!("{open}<h1>The mill</h1><p>It turned.</p>{foot}"));
        assert_eq!(
            (shown(&found.published).as_str(), names(&found).as_str()),
            ("2024-01-19 [microdata]", "Jane Roe"),
            "{open}"
        );
    }
    for page in [
        format!("<h1>The mill</h1><p>It turned.</p>{foot}"),
        format!("<h1>The mill</h1><article>Another mill{foot}</article>"),
    ] {
        assert_eq!(shown(&read("", &page).published), "", "{page}");
    }
    let blog = "<h1><a href=/>Harbour Days</a></h1><div class='widget Blog'><abbr class=published title='2011-10-18T21:05:00+03:00'>18 October</abbr>\
                <h3 class=post-title>The mill</h3><p>It turned.</p><a rel=author href=/a>Jane Roe</a></div>";
    let found = read("<title>Harbour Days: The mill</title>", blog);
    assert_eq!((shown(&found.title).as_str(), names(&found).as_str()), ("The mill [html:h3]", "Jane Roe"));
    assert_eq!(shown(&found.published), "2011-10-18T21:05:00+03:00 [html:class]");
}

/// Where the page says when it was changed, and not when it was published, a day far below is that of something else.
#[test]
fn far_days_date_nothing_beside_a_day_of_a_change() {
    let far = format!("{}<p>5 March 2026</p>", "<p>It turned.</p>".repeat(40));
    let page = |line: &str| read("", &format!("<h1>The mill</h1><p>{line}</p>{far}"));
    let found = page("Last modified: 8 August 2023");
    assert_eq!((shown(&found.published).as_str(), shown(&found.modified).as_str()), ("", "2023-08-08 [html:text]"));
    assert_eq!(shown(&page("Published 8 August 2023").published), "2023-08-08 [html:text]");
    assert_eq!(shown(&page("The old one.").published), "2026-03-05 [html:text]");
}

/// A line is as long as its letters are many, however many bytes each has.
#[test]
fn days_are_found_in_lines_of_any_alphabet() {
    let day = |line: &str| {
        let page = format!("<article><h1>x</h1><p>{line}</p></article>");
        read("", &page).published.map(|day| day.value).unwrap_or_default()
    };
    for line in [
        "Опубликовано 29 сентября 2020 г. в рубрике «Новости района»",
        "Опубликовано: 29 сентября 2020 · Оксана Тернова · 1 230 просмотров",
        "Δημοσιεύτηκε στις 29 Σεπτεμβρίου 2020 στην κατηγορία Νέα της Κοιλάδας",
        "लेखक: सुधा रावत | प्रकाशित: 29/09/2020, 08:15 AM IST",
    ] {
        assert_eq!(day(line).get(..10), Some("2020-09-29"), "{line}");
    }
    for line in [
        "29 сентября 2020 года река поднялась выше моста.",
        "Река поднялась выше моста 29 сентября 2020 года, и мельница встала.",
        "29 сентября 2020 года река поднялась выше моста, и мельница простояла без дела до самой весны.",
        "Στις 29 Σεπτεμβρίου 2020 ο ποταμός πέρασε πάνω από τη γέφυρα.",
        "29 सितंबर 2020 को नदी गाँव के पुराने पुल के ऊपर चली गई।",
        "政府は2020年9月29日に新しい規則を全国のすべての企業に適用することを決定したと発表し、来年から実施すると述べた",
    ] {
        assert_eq!(day(line), "", "{line}");
    }
}

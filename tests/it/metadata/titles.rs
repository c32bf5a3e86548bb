//! Which heading is the title, and what a title is without the site's name.

use super::{read, shown};

/// The head's title has the blog's name, what is no title, and the post's: its heading is the title.
#[test]
fn a_masthead_at_an_end_of_the_heads_title_is_no_title() {
    for (head, heading) in [
        ("The Notebook &raquo; Blog Archive &raquo; Mending a net", "Mending a net"),
        ("Mending a net | Nets | The Notebook", "Mending a net"),
    ] {
        let page = format!(
            "<h1><a href='/'>The Notebook</a></h1><h2><a rel=bookmark href=/1>{heading}</a></h2><p>It had a hole.</p>"
        );
        let found = read(&format!("<title>{head}</title>"), &page);
        assert_eq!(shown(&found.title), "Mending a net [html:h2]", "{head}");
    }
}

const LONG: &str =
    "It had a hole that a child could have crept through, and the twine was as old as the boat it came from.";

/// Blogs of the first years had their name as the heading of level 1 on every page, and that of the entry below it.
#[test]
fn the_heading_of_the_entry_below_a_masthead_is_the_title() {
    let name = "<div id=header><h1><a href=/>The Notebook</a></h1><p>Of boats and nets</p></div>";
    let named = "<div id=header><h1 class=blog-title>The Notebook</h1></div>";
    let logo = "<div class=logo><a href=/n/1><h1>The Notebook</h1></a></div>";
    let bare = "<div id=header><h1>The Notebook</h1><p>Of boats and nets</p></div>";
    let date = "<h2 class=date-header>Tuesday, 8 June 2010</h2>";
    for (head, entry) in [
        ("Mending a net - The Notebook", format!("{name}<h3>Mending a net</h3><p>{LONG}</p>")),
        ("Mending a net : The Notebook", format!("{bare}<h3>Mending a net</h3><p>{LONG}</p><h3>Archives</h3>")),
        // An entry with parts of its own level, below what is shown for the site's name.
        (
            "Mending a net - The Notebook",
            format!("{named}<h2>Mending a net</h2><p>{LONG}</p><h2>What you need</h2><p>{LONG}</p>"),
        ),
        ("Mending a net - The Notebook - Harbour Blogs", format!("{name}<h2>Mending a net</h2><p>{LONG}</p>")),
        ("The Notebook: Mending a net", format!("{name}<div>{date}<h3>Mending a net</h3><div>{LONG}</div></div>")),
        ("The Notebook : Mending a net", format!("{named}<div>{date}<h3>Mending a net</h3>{LONG}</div>")),
        ("The Notebook :: Mending a net", format!("{logo}<div><h2>Mending a net</h2><p>{LONG}</p></div>")),
        ("The Notebook » Mending a net", format!("{name}<div><div><h2>Mending a net</h2></div><p>{LONG}</p></div>")),
    ] {
        let found = read(&format!("<title>{head}</title>"), &entry);
        assert!(shown(&found.title).starts_with("Mending a net [html:h"), "{head}: {:?}", found.title);
        assert!(!entry.contains("2010") || shown(&found.published).starts_with("2010-06-08"), "{:?}", found.published);
    }
    let chinese = "<h1><a href=/n/1>溪边人的博客</a></h1><div><h2>镇政府收购溪边旧锯木厂 用途尚未确定</h2><p>镇人民代表大会星期二晚上以十四票赞成、六票反对通过决议，收购自1994年以来一直闲置的溪边锯木厂。</p></div>";
    let found = read("<title>镇政府收购溪边旧锯木厂 用途尚未确定_溪边人_新浪博客</title>", chinese);
    assert_eq!(shown(&found.title), "镇政府收购溪边旧锯木厂 用途尚未确定 [html:h2]");
}

/// A heading of level 1 that is the title stays it, whatever the second heading and the head's title have in common.
#[test]
fn a_title_is_no_masthead() {
    let title = "<h1>Mending a net</h1>";
    let site = "<meta property=og:site_name content='The Notebook'>";
    for (head, body) in [
        // The site's name below the text, or above it where the page says that it is that.
        (
            "<title>Mending a net - The Notebook</title>",
            format!("{title}<p>{LONG}<div><h3>The Notebook</h3><p>{LONG}</div>"),
        ),
        (
            "<title>The Notebook - Mending a net</title>",
            format!("{title}<p>{LONG}<div><h3>The Notebook</h3><p>{LONG}</div>"),
        ),
        (
            &*format!("<title>Mending a net | The Notebook</title>{site}"),
            format!("<div>{title}</div><div><h4>The Notebook</h4><h3>The Notebook</h3><p>{LONG}</div>"),
        ),
        // A subtitle.
        ("<title>Mending a net - What you need</title>", format!("{title}<h2>What you need</h2><p>{LONG}")),
        (
            "<title>Mending a net: What you need</title>",
            format!("<header>{title}<h2>What you need</h2></header><p>{LONG}"),
        ),
        (
            "<title>Mending a net: What you need</title>",
            format!("<div>{title}</div><div><h2>What you need</h2></div><p>{LONG}"),
        ),
        // However it is set apart, and parts of what the heading of level 1 names.
        (
            "<title>Mending a net: What you need</title>",
            format!("<header>{title}</header><div class=content><h2 class=subtitle>What you need</h2><p>{LONG}</div>"),
        ),
        (
            "<title>Mending a net - Reviews</title>",
            format!("<header>{title}</header><div><h2>Reviews</h2><p>{LONG}</div>"),
        ),
        (
            "<title>Mending a net: Part Two</title>",
            format!("<div id=header>{title}</div><div><h2>Part Two</h2><p>{LONG}</div>"),
        ),
        (
            "<title>Mending a net - Harbour</title>",
            format!("<div class=logo>{title}</div><div><h2 class=sub>Harbour</h2><p>{LONG}</div>"),
        ),
        (
            "<title>Summary - Mending a net | Harbour</title>",
            format!("{title}<h2>Summary</h2><p>{LONG}<h2>Methods</h2><p>{LONG}"),
        ),
        (
            "<title>Summary - Mending a net | Harbour</title>",
            format!(
                "<section>{title}</section><section><h2>Summary</h2><p>{LONG}</section><section><h2>Methods</h2><p>{LONG}</section>"
            ),
        ),
        ("<title>Summary - Mending a net</title>", format!("<article>{title}<h2>Summary</h2><p>{LONG}</article>")),
        // The page says what it is called.
        (
            "<title>Nets - Mending a net</title><meta property=og:title content='Mending a net'>",
            format!("{title}<h2>Nets</h2><p>{LONG}"),
        ),
    ] {
        assert_eq!(shown(&read(head, &body).title), "Mending a net [html:h1]", "{head} {body}");
    }
}

#[test]
fn a_logo_is_no_title() {
    let post = "<div id=content><h2 class=entry-title>Mending a net</h2><p>It had a hole.</p></div>";
    let site = "<meta property=og:title content='Mending a net'>";
    let cases = [
        // The heading leads home.
        ("<title>Mending a net</title>", "<h1><a href='/'>Harbour Days</a></h1>", "Mending a net [html:h2]"),
        (
            "<title>Mending a net</title>",
            "<h1><a href=/><img alt='Harbour Days' src=l.png></a></h1>",
            "Mending a net [html:h2]",
        ),
        (
            "<title>Mending a net &laquo; Harbour Days</title>",
            "<h1><a href='https://www.example.org/'>Harbour Days</a></h1>",
            "Mending a net [html:h2]",
        ),
        (
            "<title>Harbour Days: Mending a net</title>",
            "<h1><a href='//example.org'>Harbour Days</a></h1>",
            "Mending a net [html:h2]",
        ),
        ("<title>Mending a net</title>", "<a href=index.html><h1>Harbour Days</h1></a>", "Mending a net [html:h2]"),
        // It agrees with nothing, and a lower one with what is declared.
        ("<title>Mending a net</title>", "<h1>Harbour Days</h1>", "Mending a net [html:h2]"),
        ("<title>Mending a net</title>", "<h1 class=sr-only>Navigation</h1>", "Mending a net [html:h2]"),
        ("<title>Harbour</title><meta property=og:title content='Mending a net'>", "", "Mending a net [og:title]"),
        // Another's first page is not the site's, nor is a heading led to by a part of it.
        (
            "<title>Mending a net, step by step</title>",
            "<h1><a href='https://other.example/'>Mending a net step by step</a></h1>",
            "Mending a net step by step [html:h1]",
        ),
        ("<title>Nets</title>", "<h1>All <a href=/>nets</a></h1>", "All nets [html:h1]"),
        // What stands above a part of the text is none, though the page calls itself so to search engines.
        (
            "<title>What you need</title>",
            "<h1>Mending a net: what you need, and how it goes</h1>",
            "Mending a net: what you need, and how it goes [html:h1]",
        ),
        // A heading that says the same in other words stays the title.
        (
            "<title>Nets: mend them yourself | Harbour</title>",
            "<h1>How I mended mine</h1>",
            "How I mended mine [html:h1]",
        ),
    ];
    for (head, heading, want) in cases {
        let post = if want.ends_with("[html:h1]") { "<h2>What you need</h2><p>Twine.</p>" } else { post };
        assert_eq!(
            shown(&read(head, &format!("<div id=header>{heading}</div>{post}")).title),
            want,
            "{head} {heading}"
        );
    }
    assert_eq!(
        shown(&read(site, "<h1><a href=/>Harbour Days</a></h1><p>It had a hole.</p>").title),
        "Mending a net [og:title]"
    );
}

/// On the site's first page its name is the title.
#[test]
fn a_first_page_is_called_as_its_site() {
    let body = "<h1><a href=/>Harbour Days</a></h1><h2><a href=/nets>Mending a net</a></h2>";
    assert_eq!(shown(&read("<title>Harbour Days – boats and nets</title>", body).title), "Harbour Days [html:h1]");
}

#[test]
fn what_a_second_declaration_has_not_is_the_sites_name() {
    let head = "<title>Warp | Weft: a story | Harbour</title><meta property=og:title content='Warp | Weft: a story'>";
    assert_eq!(shown(&read(head, "").title), "Warp | Weft: a story [og:title]");
}

/// The name of the book above a chapter is not the chapter's, however much of the head's title it is.
#[test]
fn a_masthead_is_no_title() {
    let body = "<div class=bar><h1>The Long Book of Nets</h1></div><main><h1>Knots</h1><p>There are two.</p></main>";
    assert_eq!(shown(&read("<title>Knots - The Long Book of Nets</title>", body).title), "Knots [html:h1]");
    let turned = "<h1>The long way to mend nets</h1><p>It is long.</p><h1>Harbour Days</h1>";
    let head = "<title>The long way to mend nets - Harbour Days</title>";
    assert_eq!(shown(&read(head, turned).title), "The long way to mend nets [html:h1]");
}

/// The title is what the blocks show of the heading: no signs that link to it, buttons, or words for screen readers.
#[test]
fn a_heading_says_what_it_shows() {
    let cases = [
        ("<a class=header-anchor href='#n'>#</a> Nets", "Nets"),
        ("<a href='#n'>¶</a>Nets", "Nets"),
        ("<a href='#n'>§</a> Nets", "Nets"),
        ("<span aria-hidden=true>§ </span>Nets", "Nets"),
        ("Nets <span class=mw-editsection>[<a href=e>edit</a>]</span>", "Nets"),
        ("Nets<span class=sr-only>Link to this heading</span>", "Nets"),
        ("<span class=visually-hidden>Page: </span>Nets", "Nets"),
        ("Nets <button>Share</button>", "Nets"),
        ("Nets <a role=button>Copy</a>", "Nets"),
        ("<span>Manual</span><span>:</span><span>Nets</span>", "Manual:Nets"),
        ("<span>Nets</span><span>of hemp</span>", "Nets of hemp"),
        ("Mend<wbr>ing", "Mending"),
        ("<b>N</b>ets", "Nets"),
        ("§ 12 Duties", "§ 12 Duties"),
        ("#nets", "#nets"),
        ("# Nets", "Nets"),
        ("# 1 in the world", "# 1 in the world"),
        ("Nets <span class=show-for-sr>Menu</span>", "Nets"),
        ("Nets <span class=sronly>Menu</span>", "Nets"),
        ("<button>Nets</button>", "Nets"),
        ("<span class=sr-only>Nets</span>", "Nets"),
    ];
    for (heading, want) in cases {
        assert_eq!(shown(&read("", &format!("<h1>{heading}</h1>")).title), format!("{want} [html:h1]"), "{heading}");
    }
}

/// Where no heading shows the title, a line above the text does, and what the head adds is the site's name.
#[test]
fn a_line_that_shows_the_title_tells_the_sites_name() {
    let site = "<p>Harbour Days</p>";
    let page = |head: &str, lines: &str| {
        let text = "The net had a hole, and the hole had a net about it, as they say in the harbour. ".repeat(3);
        let body = format!("<table><tr><td>{lines}</td></tr></table><div>{text}</div>");
        shown(&read(&format!("<title>{head}</title>"), &body).title)
    };
    let line = "<font size=5><b>Mending a net</b></font><br>5 March 2024";
    let both = format!("{site}{line}");
    assert_eq!(page("Mending a net - Harbour Days", &both), "Mending a net [html:title]");
    assert_eq!(page("Harbour Days - Mending a net", &both), "Mending a net [html:title]");
    assert_eq!(page("Mending a net : Harbour", line), "Mending a net [html:title]");
    assert_eq!(page("Mending a net _Harbour", line), "Mending a net [html:title]");
    assert_eq!(page("湖畔的旧磨坊_港口网", "湖畔的旧磨坊"), "湖畔的旧磨坊 [html:title]");
    assert_eq!(page("config_dev", "config"), "config_dev [html:title]", "a name with a mark in it");
    // A menu's link, or the name alone, shows no title.
    assert_eq!(page("Mending nets - Nets", "<a href=n>Nets</a>"), "Mending nets - Nets [html:title]");
    assert_eq!(page("Mending nets - Nets", "Nets"), "Mending nets - Nets [html:title]");
    let named = "<title>湖畔的旧磨坊_港口网</title><meta property=og:site_name content=港口网>";
    assert_eq!(shown(&read(named, "").title), "湖畔的旧磨坊 [html:title]");
}

/// What the print view of any page is called says nothing of this one; what a page says of such views does.
#[test]
fn a_print_view_is_no_title() {
    let page = |head: &str, body: &str| shown(&read(&format!("<title>{head}</title>"), body).title);
    for view in [
        "Print version",
        "Printer-friendly version",
        "Druckversion",
        "Версия для печати",
        "印刷用ページ",
        "Εκτυπώσιμη έκδοση",
    ] {
        assert_eq!(page(view, "<p>text</p>"), "", "{view}");
        assert_eq!(
            page(view, "<h2>A mill</h2><p>text</p>"),
            page("Untitled Document", "<h2>A mill</h2><p>text</p>"),
            "{view}"
        );
        assert_eq!(page(view, "<h1>A mill</h1><p>text</p>"), "A mill [html:h1]", "{view}");
    }
    for own in
        ["Print", "Drucken", "Print version of the mill", "The print version", "Print versions", "Print version | Mill"]
    {
        assert_ne!(page(own, "<p>text</p>"), "", "{own}");
    }
    assert_eq!(page("Print version", "<h1>Print version</h1><p>text</p>"), "Print version [html:h1]", "it is shown");
}

#[test]
fn a_drawings_name_is_no_title() {
    assert_eq!(shown(&read("", "<svg><title>Menu icon</title></svg><p>text</p>").title), "");
}

/// What a title says of a tag stays, and markup left in it goes.
#[test]
fn tags_that_are_spoken_of_stay() {
    let cases = [
        ("How to use the &lt;video&gt; element", "How to use the <video> element"),
        ("HTML &lt;br&gt; tag", "HTML <br> tag"),
        ("&lt;p&gt;: the paragraph element", "<p>: the paragraph element"),
        ("&lt;b&gt; vs &lt;strong&gt;", "<b> vs <strong>"),
        ("Vec&lt;u8&gt; and its kin", "Vec<u8> and its kin"),
        ("if a &lt; b and c &gt; d", "if a < b and c > d"),
        ("A &lt;em&gt;great&lt;/em&gt; boat", "A great boat"),
        ("A &lt;strong&gt;great boat", "A great boat"),
        ("A boat&lt;br&gt;of oak", "A boat of oak"),
        ("A boat &lt;br /&gt; of oak", "A boat of oak"),
        ("A &lt;span class='x'&gt; boat", "A boat"),
        ("A boat &lt;!-- old --&gt;", "A boat"),
    ];
    for (source, want) in cases {
        for page in [format!("<title>{source}</title>"), format!("<meta property=og:title content=\"{source}\">")] {
            assert_eq!(read(&page, "").title.map(|one| one.value).as_deref(), Some(want), "{page}");
        }
        let heading = read("", &format!("<h1>{source}</h1>")).title.map(|one| one.value);
        assert_eq!(heading.as_deref(), Some(want), "{source}");
    }
    let tags = read("<meta name=keywords content='html, &lt;video&gt;'>", "").tags;
    assert_eq!(tags.into_iter().map(|tag| tag.value).collect::<Vec<_>>(), ["html", "<video>"]);
}

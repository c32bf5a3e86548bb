//! Names and days of somebody or something else on the page.

use super::{names, read, shown};

const TEXT: &str =
    "<p>The harbour was quiet that winter, and the ferry ran twice a day, which was enough for the whole island.</p>";

fn page(above: &str, below: &str) -> (String, String) {
    let found = read("", &format!("<main><h1>The ferry</h1>{above}{TEXT}{below}</main>"));
    (shown(&found.published), names(&found))
}

/// What commenters, teasers, tips, tables and events say of themselves is not said of the page.
#[test]
fn what_others_say_is_not_the_pages() {
    let by = "<span class=author>Tom Tree</span> <span class=date>15 March 2023</span>";
    let time = "<time datetime=2023-03-15>15 March 2023</time>";
    let cases = [
        format!("<div class=comment>{by}<p>Well done.</p></div>"),
        format!("<section class=comments><article class=comment>{by} {time}</article></section>"),
        format!("<div class=commentaires><div class=commentaire>{by}</div></div>"),
        format!("<div class=kommentare><b class=autor>Tom Tree</b> {time}</div>"),
        format!("<div id=reviews><ol class=commentlist><li class=review>{by} {time}</li></ol></div>"),
        format!("<div class=more><div class=item><h4><a href=1>A bridge</a></h4>{by}</div></div>"),
        format!("<article><a href=/1><h2>A bridge</h2></a><p>It hums.</p>{by}{time}</article>"),
        format!("<aside><h4>More</h4><a href=1>A bridge</a>{time}</aside>"),
        "<div class=box><h4>A book</h4><p class=author>Tom Tree</p><p>Bridges</p></div>".to_owned(),
        format!("<section><h2>What is new</h2>{time}<p>Version 3</p></section>"),
        "<table><tr><td>Begun</td><td>12 May 1987</td></tr></table>".to_owned(),
        "<p>Fair: 22 April 2023, 7 pm, town hall.</p>".to_owned(),
        "<p>Words substituted (1.4.1974) by the Weirs Act</p>".to_owned(),
        format!("<div class=events>{time} Fair</div>"),
        "<article><time class=tribe-events-datetime datetime=2023-03-15>15 March</time></article>".to_owned(),
    ];
    for below in cases {
        assert_eq!(page("", &below), (String::new(), String::new()), "{below}");
    }
}

/// The day right above the heading is the page's; those of a list of other news below the text are not.
#[test]
fn the_day_right_above_the_heading_is_the_pages() {
    let list = "<ul class=news-list><li><span>1 February 2018</span> A bridge</li><li><span>3 March 2019</span> A weir</li></ul>";
    for (day, class) in [("14 March 2023", ""), ("14 March 2023", " class=date")] {
        let page = format!(
            "<div><span{class}>{day}</span><h3>The ferry</h3>{TEXT}</div>{}",
            list.replace("<span>", &format!("<span{class}>"))
        );
        let found = read("<title>The ferry</title>", &page);
        assert!(shown(&found.published).starts_with("2023-03-14"), "{class}: {}", shown(&found.published));
    }
}

/// A list of teasers has no author, whatever the first of them says.
#[test]
fn a_list_of_teasers_is_nobodys() {
    let teaser = |n: usize| {
        format!(
            "<article><a href=/{n}><h2>Bridge {n}</h2></a><p>It hums.</p><span class=byline>By Tom Tree</span><time datetime=2024-05-0{n}>May</time></article>"
        )
    };
    let found = read("", &format!("<main><h1>Science</h1>{}</main>", (1..6).map(teaser).collect::<String>()));
    assert_eq!((shown(&found.published), names(&found)), (String::new(), String::new()));
}

/// A label for a heading says whose the name and the day are: the page's.
#[test]
fn what_a_label_heads_is_the_pages() {
    let box_of = |head: &str, value: &str| format!("<aside><div><h3>{head}</h3><p>{value}</p></div></aside>");
    let below = box_of("Published", "<time datetime=2024-08-30>30 August</time>") + &box_of("Author", "Lisa Roe");
    assert_eq!(page("", &below), ("2024-08-30 [html:time]".to_owned(), "Lisa Roe".to_owned()));
    let foot = "<footer><h2>Help us</h2><p>This page was last modified on <time datetime=2023-09-25>25 September</time>.</p></footer>";
    let found = read("", &format!("<main><h1>The ferry</h1>{TEXT}{foot}</main>"));
    assert_eq!(shown(&found.modified), "2023-09-25 [html:time]");
    let author = "<div class=author-box><h3>Who wrote</h3><a rel=author href=/a>Jane Roe</a></div>";
    assert_eq!(page("", author).1, "Jane Roe");
}

/// What is done to a page may be said of it below the text, among other words.
#[test]
fn a_label_below_the_text_says_what_was_done() {
    assert_eq!(page("", "<p>Press release no. 12: 5 March 2024</p>").0, "2024-03-05 [html:text]");
    assert_eq!(page("", "<p>Opening night: 5 March 2024</p>").0, "");
}

/// A foot between the heading and the text is the heading's, and what is called after an event there is no calendar.
#[test]
fn a_foot_above_the_text_is_no_pages_foot() {
    let foot = "<div class=footer><time datetime=2023-03-14>14 March</time> <span class=news-list-author>Jane Roe</span></div>";
    assert_eq!(page(foot, ""), ("2023-03-14 [html:time]".to_owned(), "Jane Roe".to_owned()));
    assert_eq!(page("", foot), (String::new(), String::new()));
    let event = "<div class=event-meta>14 March 2023</div>";
    assert_eq!(page(event, "").0, "2023-03-14 [html:text]");
    assert_eq!(page("", event).0, "");
}

/// Numbers of versions, sections and telephones are no days.
#[test]
fn other_numbers_date_nothing() {
    for line in
        ["Apache/2.4.41 (Ubuntu)", "Section 4.11.02", "Call 12.04.19", "Kernel 5.10.20", "Price 1.12.20", "1.12.20"]
    {
        assert_eq!(page("", &format!("<p>{line}</p>")).0, "", "{line}");
    }
    for line in ["Jane Roe, 12.04.19", "Stand: 1.4.19", "12.04.19"] {
        let found = read("<meta name=language content=de>", &format!("<h1>The ferry</h1><p>{line}</p>{TEXT}"));
        assert!(found.published.or(found.modified).is_some(), "{line}");
    }
}

/// The day of a version in a list of changes is not the page's.
#[test]
fn days_of_versions_date_nothing() {
    let list =
        "<h1>Changes</h1><h2>2.4.41 (2020-01-10)</h2><h3>Added</h3><ul><li>A flag</li></ul><h2>v2.4 - 2019-11-02</h2>";
    assert_eq!(shown(&read("", list).published), "");
    assert_eq!(shown(&read("", "<h1>Changes</h1><h2>10 January 2020</h2>").published), "2020-01-10 [html:text]");
}

/// The name on a card is the author's only where it stands above the text.
#[test]
fn a_card_above_the_text_names_the_author() {
    let card = "<div class=vcard><span class=fn>Jane Roe</span></div>";
    assert_eq!(page(card, "").1, "Jane Roe");
    assert_eq!(page("", card).1, "");
}

/// Whom a page quotes did not write it; who stands under its heading did, though what they say below be quoted too.
#[test]
fn who_is_quoted_is_no_author() {
    let name = "<span class=author>Ruth Alvarado</span>";
    for quoted in [
        "<div class=card><p>They came at once.</p><span class=testimonial-author>Ruth Alvarado</span></div>".to_owned(),
        "<div class=et_pb_testimonial><span class=et_pb_testimonial_author>Ruth Alvarado</span></div>".to_owned(),
        format!("<div class='slide testimonials-item'><p>They came at once.</p><div>{name}</div></div>"),
        format!("<blockquote><p>They came at once.</p><footer>{name}</footer></blockquote>"),
        format!("<figure><blockquote>They came at once.</blockquote><figcaption>{name}</figcaption></figure>"),
        "<div><p>They came at once.</p><cite class=pull-quote__author>Ruth Alvarado</cite></div>".to_owned(),
    ] {
        assert_eq!(page("", &quoted).1, "", "{quoted}");
        assert_eq!(page("<p class=author>Tom Tree</p>", &quoted).1, "Tom Tree", "{quoted}");
    }
    let found = read("", &format!("<div class=format-quote><h1>The ferry</h1>{name}{TEXT}</div>"));
    assert_eq!(names(&found), "Ruth Alvarado");
}

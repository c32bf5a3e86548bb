//! Where threads go on, by rows of page numbers and by links.

use gleaner::extract::html;
use gleaner::extract::posts::{self, Paging, Platforms};

fn paging(page: &str) -> Paging {
    posts::paging(&html::parse(page), &Platforms::default(), None)
}

#[test]
fn rows_without_a_name_are_known_by_their_words() {
    let rows = [
        "<div class=pg>Pages: <b>1</b> <a href='?p=2'>2</a> <a href='?p=2'>Next &raquo;</a></div>",
        "<p>Pages: [<strong>1</strong>] <a href='?p=2'>2</a> <a href='?p=3'>3</a></p>",
        "<span>Goto page <b>1</b>, <a href='?p=2'>2</a></span>",
        "<td>Gehe zu Seite: <b>1</b>, <a href='?p=2'>2</a>, <a href='?p=3'>3</a></td>",
        "<p class='pagelink conl'>Pages: <strong>1</strong>&nbsp;<a href='?p=2'>2</a></p>",
        "<td>[1] <a href='?p=2'>[2]</a> <a href='?p=2'>Next page</a></td>",
    ];
    for row in rows {
        assert_eq!(paging(&format!("<table><tr><td><div>{row}</div></table>")).next.as_deref(), Some("?p=2"), "{row}");
    }
}

#[test]
fn the_last_page_leads_nowhere() {
    let rows = [
        "<div>Pages: <a href='?p=1'>1</a> <b>2</b></div>",
        "<span>Goto page <a href='?p=1'>Previous</a> <a href='?p=1'>1</a>, <b>2</b></span>",
        "<td><a href='?p=1'>[1]</a> [2]</td>",
        "<div>[ Goto page: <a href='?p=1'>1</a>, <a href='?p=2'>2</a> ]</div>",
    ];
    for row in rows {
        assert_eq!(paging(row).next, None, "{row}");
    }
}

#[test]
fn the_next_topic_is_no_next_page() {
    let links = [
        "<link rel=next href='/index.php?topic=5.0;prev_next=next'>",
        "<link rel=next href='viewtopic.php?t=5&view=next' title='View next topic'>",
        "<a rel=next href='/t/6'>Next topic</a>",
        "<a rel=next href='/t/6' title='Nächstes Thema'>Weiter</a>",
        "<div class=pagination><a href='showthread.php?t=5&goto=nextnewest'>Next</a></div>",
    ];
    for link in links {
        assert_eq!(paging(link).next, None, "{link}");
        let row = format!("{link}<div class=pagination><b>1</b> <a href='/t/5?p=2'>2</a></div>");
        assert_eq!(paging(&row).next.as_deref(), Some("/t/5?p=2"), "{link}");
    }
    assert_eq!(paging("<a rel=next href='?p=2' title='Next page of the topic'>Next</a>").next.as_deref(), Some("?p=2"));
}

/// Numbers of a calendar lead to days.
#[test]
fn a_calendar_is_no_row_of_pages() {
    let days: String = (1..29).map(|day| format!("<td><a href='/2024/02/{day}'>{day}</a></td>")).collect();
    let page = format!("<table><tr><td>30</td>{days}</tr></table><a href='/2024/03'>Next</a>");
    assert_eq!(paging(&page), Paging::default());
}

/// Without a name around it, the line that says which page of how many this is tells what "next" is next to.
#[test]
fn the_line_of_pages_tells_its_next() {
    let lines = [
        "<div>Page 2 of 5 <a href='?p=1'>Previous</a> <a href='?p=3'>Next</a></div>",
        "<ul><li>Page 2 of 5</li><li><a href='?p=1'>Prev</a></li><li><a href='?p=3'>Next Page</a></li></ul>",
        "<p>Страница 2 из 5 <a href='?p=3'>След.</a></p>",
    ];
    for line in lines {
        let found = paging(&format!("<a href='/blog'>Next</a><div><p>{}</p></div>{line}", "word ".repeat(9)));
        assert_eq!((found.next.as_deref(), found.page, found.pages), (Some("?p=3"), Some(2), Some(5)), "{line}");
    }
    assert_eq!(paging("<div>Page 5 of 5 <a href='/t/6'>Next</a></div>").next, None);
    assert_eq!(paging("<div>Page 1 of 5 <a href='/t/4'>Previous</a></div>").before, None);
    let text = format!("<p>{}</p>", "word <b>and</b> ".repeat(9));
    let back = format!("{text}<div><p><span>Page 2 of 2</span> <a href='/quay'>Previous</a></p></div>");
    assert_eq!(paging(&back).before.as_deref(), Some("/quay"));
}

/// Names such as `pagination__item` are those of each place in the row, not of the row.
#[test]
fn a_row_whose_places_are_called_as_it_is_says_which_page_this_is() {
    let place = |at: u32, now: u32| match at == now {
        true => format!("<li class='pagination__item'><span>{at}</span></li>"),
        false => format!("<li class='pagination__item'><a href='?p={at}'>{at}</a></li>"),
    };
    let icon = "<li class='pagination__item'><a href='?p=9' aria-label='Go on'><svg></svg></a></li>";
    for now in 1..=4 {
        let row: String = (1..=4).map(|at| place(at, now)).collect();
        let found = paging(&format!("<ul class='pagination__list'>{icon}{row}{icon}</ul>"));
        let next = (now < 4).then(|| format!("?p={}", now + 1));
        assert_eq!((found.page, found.pages, found.next), (Some(now), Some(4), next), "{now}");
    }
    // Numbers about the row that none of its places lacks, and what stands far from it.
    let text = format!("<p>{}</p>", "word <i>and</i> ".repeat(80));
    for beside in ["<p><b>15</b> replies</p>", "<div class=active>2</div>", &format!("<p><b>4</b> votes</p>{text}")] {
        let links = "<li class=pager-item><a href='?p=2'>2</a></li><li class=pager-item><a href='?p=3'>3</a></li>";
        let page = format!("<div class=pages-wrap><div>{beside}<ul>{links}</ul></div></div>");
        assert_eq!(paging(&page).page, None, "{beside}");
    }
}

#[test]
fn a_line_of_pages_may_be_bare_text_between_its_links() {
    let lines = [
        "<div><a href='?p=1'>Previous</a> Page 2 of 4 <a href='?p=3'>Next</a></div>",
        "<p><a href='?p=1'>« Previous</a> | Page 2 of 4 | <a href='?p=3'>Next »</a></p>",
        "<td><a href='?p=1'>Zurück</a> [Seite 2 von 4] <a href='?p=3'>Weiter</a></td>",
    ];
    for line in lines {
        let found = paging(&format!("<p>{}</p>{line}", "word ".repeat(9)));
        let said = (found.page, found.pages, found.before.as_deref(), found.next.as_deref());
        assert_eq!(said, (Some(2), Some(4), Some("?p=1"), Some("?p=3")), "{line}");
    }
    let prose = [
        "<p>See <a href='/scan'>the scan</a>, page 2 of 4, for the map. <a href='/n'>Next</a></p>",
        "<p><i>Note:</i> page 2 of 4 is torn <a href='/n'>Next</a></p>",
        "<p>It is <a href='/scan'>the scan</a> (page 2 of 4)</p>",
        "<figure><img src=a><figcaption>[Page 2 of 4]</figcaption></figure>",
        "<p>Torn: <b>the map</b> Page 2 of 4 <i>of it</i></p><a href='/n'>Next</a>",
    ];
    for line in prose {
        assert_eq!(paging(line), Paging::default(), "{line}");
    }
}

/// The line and the link may stand in the page itself, one behind the other.
#[test]
fn a_next_page_right_behind_the_line_of_pages_is_that_of_the_line() {
    let text = format!("<article><p>{}</p></article>", "word ".repeat(60));
    let page = |line: &str| paging(&format!("<h1>The quay</h1>{text}{line}<footer><p>{text}</p></footer>"));
    let follows = [
        "<p>Page 1 of 3</p><a href='/quay/2'>Next page</a>",
        "<p>Page 1 of 3</p> <p><a href='/quay/2'>Next</a></p>",
        "<span>Seite 1 von 3</span> <a href='/quay'>Zurück</a> <a href='/quay/2'>Weiter</a>",
    ];
    for line in follows {
        assert_eq!(page(line).next.as_deref(), Some("/quay/2"), "{line}");
    }
    let leaves = [
        // The last page; a link to another text; one that stands elsewhere.
        "<p>Page 3 of 3</p><a href='/other'>Next</a>",
        "<p>Page 1 of 3</p><a href='/other'>Next article</a>",
        "<p>Page 1 of 3</p><ul><li><b>Share</b></li><li><b>Print</b></li></ul><div><a href='/other'>Next</a></div>",
    ];
    for line in leaves {
        assert_eq!(page(line).next, None, "{line}");
    }
}

/// Links are written in full, from where the page says that they start, their queries in its encoding.
#[test]
fn where_a_text_goes_on_is_said_in_full() {
    use gleaner::extract::{Options, extract};
    let home = url::Url::parse("https://quay.example/a/b").expect("an address");
    let page = "<base href='/deep/'><title>Quay</title><link rel=next href='more?q=\u{e9}'>\
                <div class=pagination><b>1</b> <a href='caf\u{e9}?q=\u{e9}&amp;p=2#x'>2</a></div><p>One.</p>";
    let unknown =
        "<meta charset=iso-8859-1><link rel=next href='more?q=&#28450;&amp;p=2'><title>Quay</title><p>One.</p>";
    let document = extract(unknown.as_bytes(), None, Some(&home), &Options::default());
    assert_eq!(document.next.as_deref(), Some("https://quay.example/a/more?q=%26%2328450%3B&p=2"));
    let latin: Vec<u8> = page.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    for (bytes, charset, sign) in [(latin, "iso-8859-1", "%E9"), (page.as_bytes().to_vec(), "utf-8", "%C3%A9")] {
        let kind = format!("text/html; charset={charset}");
        let document = extract(&bytes, Some(&kind), Some(&home), &Options::default());
        let full = |rest: &str| Some(format!("https://quay.example/deep/{rest}"));
        assert_eq!(document.next, full(&format!("more?q={sign}")), "{charset}");
        assert_eq!(document.next_by_links, full(&format!("caf%C3%A9?q={sign}&p=2#x")), "{charset}");
    }
}

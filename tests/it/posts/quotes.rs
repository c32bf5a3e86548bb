//! Quotes that no rule and no class marks: told by whose words they are, in any language.

use gleaner::document::{Document, Post, PostView, TextOptions};
use gleaner::extract::{Options, extract};

use super::{NAMES, SAID};

fn read(page: &str) -> Document {
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

/// A board of unknown make whose third post begins with that.
fn board(before: &str) -> Document {
    let post = |at: usize| {
        let before = if at == 2 { before } else { "" };
        format!(
            "<div class=entry id=p{at}><div class=who><a href='/u/{at}'>{}</a></div>\
             <div class=when>March {}, 2024 at 9:1{at} AM</div><div class=words>{before}{}</div></div>",
            NAMES[at],
            at + 4,
            SAID[at]
        )
    };
    let posts: String = (0..NAMES.len()).map(post).collect();
    read(&format!("<html lang=en><head><title>The sluice</title></head><body><h1>The sluice</h1>{posts}</body></html>"))
}

fn quotes(post: &Post) -> Vec<(Option<&str>, Option<&str>, &str)> {
    post.quotes.iter().map(|quote| (quote.author.as_deref(), quote.post_id.as_deref(), quote.text.as_str())).collect()
}

#[test]
fn words_of_an_earlier_post_below_its_authors_name_are_a_quote() {
    let whole = SAID[0];
    let part = "nobody at the yard can say who lifted the board";
    for (before, said) in [
        (format!("<div class=alinti><strong>Maren demiş ki:</strong><p>{whole}</p></div>"), whole),
        (format!("<div class=cit><div>Цитата (Maren):</div>{part}</div>"), part),
        (
            format!(
                "<div class=top>QUOTE(Maren @ Mar 4 2024, 09:10 AM) <a href='#p0'>&uarr;</a></div><div class=main>{whole}</div>"
            ),
            whole,
        ),
        (format!("<blockquote>引用第1楼Maren于2024-03-04 09:10发表的：<br>{whole}</blockquote>"), whole),
        (format!("<table><tr><td><b>Maren</b> skrifaði:</td></tr><tr><td>{part}</td></tr></table>"), part),
        (format!("<div class=box><div class=by>Maren</div><div>{whole}</div></div>"), whole),
    ] {
        let document = board(&before);
        assert_eq!(document.posts.len(), 4, "{before}");
        let post = &document.posts[2];
        assert_eq!(quotes(post), [(Some("Maren"), Some("p0"), said)], "{before}");
        assert_eq!(post.text, format!("{said}\n{}", SAID[2]), "{before}");
        let text = document.text_with(TextOptions { title: false }, PostView::WHOLE);
        assert_eq!(text.matches(said).count(), 2, "{text}");
        assert!(!text.contains("Maren"), "{text}");
        // Enough words are shown once: the few of a part say what is answered.
        let times = if said == whole { 1 } else { 2 };
        let (text, markdown) = (document.text(TextOptions { title: false }), document.markdown());
        assert_eq!((text.matches(said).count(), markdown.matches(said).count()), (times, times), "{text}");
        assert!(text.contains(SAID[2]) && !text.contains("> "), "{text}");
    }
}

/// What the box itself says of whose words it holds needs no post to compare with.
#[test]
fn a_line_with_a_day_in_a_box_is_none_of_its_words() {
    let document = board("<blockquote><font>Ada 发表于 2024-3-4 09:10</font><br>The tide was out.</blockquote>");
    let post = &document.posts[2];
    assert_eq!(quotes(post), [(Some("Ada"), None, "The tide was out.")]);
    assert_eq!(post.text, format!("The tide was out.\n{}", SAID[2]));
}

#[test]
fn what_only_looks_like_a_quote_is_the_posters_own() {
    for before in [
        // Nobody on the page said that.
        "<div class=box><div class=by>Maren</div><div>The key hangs in the shed behind the oil.</div></div>".to_owned(),
        // Somebody else did.
        format!("<div class=box><div class=by>Maren</div><div>{}</div></div>", SAID[1]),
        // The line is about more than whose words follow.
        format!(
            "<div>Ask Maren if the miller lent his key to anybody last week, as I heard</div><div>{}</div>",
            SAID[0]
        ),
        // Nobody is named by a part of a word.
        format!("<div class=box><div class=by>Marenco</div><div>{}</div></div>", SAID[0]),
    ] {
        let document = board(&before);
        assert!(document.posts[2].quotes.is_empty(), "{before}: {:#?}", document.posts[2].quotes);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let bare = before
            .replace("</div>", " ")
            .replace("<div class=by>", "")
            .replace("<div class=box>", "")
            .replace("<div>", "");
        assert_eq!(words(&document.posts[2].text), words(&format!("{bare} {}", SAID[2])), "{before}");
    }
}

/// By the rules of a platform too, where the line above or in a box names someone whose post is on another page.
#[test]
fn lines_that_name_someone_do_so_without_the_post() {
    let post = |quote: &str| {
        format!(
            "<html lang=en-US><body><div id=posts><div class=post id=post_502><div class=author_information><span class=largetext><a href='member.php?uid=9'>Ann</a></span>\
             </div><div class=post_head><span class=post_date>03-15-2024, 09:52 AM</span></div><div class=post_body id=pid_502>{quote}{}</div></div></div></body></html>",
            SAID[1]
        )
    };
    for (quote, author, text) in [
        ("<blockquote class=mycode_quote>@Bob wrote:<br>It hums.</blockquote>", Some("Bob"), "It hums."),
        ("<blockquote class=mycode_quote>Original von Bob<br>It hums.</blockquote>", Some("Bob"), "It hums."),
        (
            "<i>Bob wrote on Mar 14<sup>th</sup>, 2024 at 9:52am:</i><blockquote class=mycode_quote>It hums.</blockquote>",
            Some("Bob"),
            "It hums.",
        ),
        (
            "<p>On Thu, Mar 14, 2024 Bob Low wrote:</p><blockquote class=mycode_quote>It hums.</blockquote>",
            Some("Bob Low"),
            "It hums.",
        ),
        (
            "<p>As my aunt said:</p><blockquote class=mycode_quote>It hums.</blockquote>",
            None,
            "As my aunt said:\nIt hums.",
        ),
        (
            "<blockquote class=mycode_quote>Quote of the day<br>It hums.</blockquote>",
            None,
            "Quote of the day\nIt hums.",
        ),
    ] {
        let document = read(&post(quote));
        let [post] = document.posts.as_slice() else { panic!("one post: {:#?}", document.posts) };
        let [found] = post.quotes.as_slice() else { panic!("one quote: {:#?}", post.quotes) };
        assert_eq!(found.author.as_deref(), author, "{quote}");
        assert_eq!(post.text, format!("{text}\n{}", SAID[1]), "{quote}");
    }
}

//! What stands about the comments under an article: their times, and the heading above them.

use gleaner::document::{Document, TextOptions};
use gleaner::extract::{Options, extract};

use super::{NAMES, SAID};

fn read(title: &str, body: &str, options: &Options) -> Document {
    let page = format!(
        "<!doctype html><html lang=en><head><title>{title} | Harbour Times</title></head><body><header><a href=/>Home</a>\
         <a href=/boats>Boats</a></header><main>{body}</main><footer>Imprint</footer></body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, options)
}

fn paragraphs(count: usize) -> String {
    let paragraph = |at: usize| {
        format!(
            "<p>The parish opened weir number {at} on Friday after three years of work, and the warden said in a speech \
             that lasted for over an hour that no pond in the vale would ever run dry again, however little it rains.</p>"
        )
    };
    (0..count).map(paragraph).collect()
}

fn article(paragraphs_count: usize) -> String {
    format!(
        "<article><h1>New weirs</h1><p>By <a rel=author href='/a/maren'>Maren</a>, <time datetime='2024-03-01T08:00:00Z'>\
         1 March 2024</time></p>{}</article>",
        paragraphs(paragraphs_count)
    )
}

/// Comments in the markup of Drupal's older theme had no time.
#[test]
fn comments_of_drupal_have_their_times() {
    let comments: String = (0..4)
        .map(|at| {
            format!(
                "<article data-comment-user-id={at} id=comment-10{at} class='comment js-comment'><footer class=comment__meta>\
                 <p class=comment__author><span class=username>{}</span></p><p class=comment__time>Wed, 11/15/2023 - 0{at}:43</p>\
                 <p class=comment__permalink><a href='/comment/10{at}#comment-10{at}'>Permalink</a></p></footer><div \
                 class=comment__content><h3><a href='#'>Re: weirs</a></h3><div class='field field--name-comment-body'><p>{}</p>\
                 </div></div></article>",
                NAMES[at], SAID[at]
            )
        })
        .collect();
    let page = format!(
        "<meta name=generator content='Drupal 10 (https://www.drupal.org)'>{}<section>{comments}</section>",
        article(6)
    );
    let document = read("New weirs", &page, &Options::default());
    let told: Vec<_> = document.posts.iter().map(|post| (post.time.as_deref(), post.permalink.as_deref())).collect();
    let times = ["2023-11-15T00:43:00", "2023-11-15T01:43:00", "2023-11-15T02:43:00", "2023-11-15T03:43:00"];
    assert_eq!(told.iter().map(|(time, _)| time.unwrap_or_default()).collect::<Vec<_>>(), times);
    assert!(told.iter().all(|(_, link)| link.is_some_and(|link| link.contains("/comment/10"))), "{told:?}");
}

fn plain_comments() -> String {
    let comment = |at: usize| {
        format!(
            "<div class=cmt><a class=who href='/u/{0}'>{0}</a> <time datetime='2024-03-0{1}T10:1{at}:00Z'>{1} March 2024, \
             10:1{at}</time><p>{2}</p></div>",
            NAMES[at % 4],
            at + 2,
            SAID[at % 4]
        )
    };
    (0..4).map(comment).collect()
}

/// The heading stayed at the end of the article, and what it heads did not.
#[test]
fn the_heading_of_comments_goes_with_them() {
    for heading in ["Comments (4)", "4 Comments", "Comments 4", "Kommentare (4)", "Discussion (4)", "Responses (4)"] {
        let body = format!("{}<section class=comments><h2>{heading}</h2>{}</section>", article(6), plain_comments());
        let text = |options| read("New weirs", &body, &options).text(TextOptions::default());
        let without = text(Options::default());
        assert!(without.contains("weir number 5") && !without.contains(heading), "{without}");
        assert!(!without.contains(SAID[0]), "{without}");
        let with = text(Options { comments: true, ..Options::default() });
        assert!(with.contains(SAID[0]), "{with}");
    }
    // A heading of the article has words of it below, whatever it says.
    for heading in ["Comments of the jury", "Discussion (4)"] {
        let body = article(6).replace("</article>", &format!("<h2>{heading}</h2>{}</article>", paragraphs(2)));
        let body = format!("{body}<section class=comments>{}</section>", plain_comments());
        let text = read("New weirs", &body, &Options::default()).text(TextOptions::default());
        assert!(text.contains(heading), "{text}");
    }
    // Another number counts something else.
    let body = article(6).replace("</article>", "<h2>Weirs of the vale (12)</h2></article>");
    let body = format!("{body}<section class=comments>{}</section>", plain_comments());
    let (with, without) = ("Weirs of the vale (12)", "Comments");
    let text = read("New weirs", &body, &Options::default()).text(TextOptions::default());
    assert!(text.contains(with) && !text.contains(without), "{text}");
    // So does a picture, whose heading is not that of the comments; and what stands in the article is its own.
    let picture = "<h2>How comments are kept</h2><figure><img src=/kept.png width=900 height=500></figure>";
    for (article, end) in [(article(6), "</article>"), (in_no_article(6), "</section>")] {
        let body = article.replace(end, &format!("{picture}{end}"));
        let body = format!("{body}<section class=comments>{}</section>", plain_comments());
        let text = read("New weirs", &body, &Options::default()).text(TextOptions::default());
        assert!(text.contains("How comments are kept") && !text.contains(SAID[0]), "{text}");
    }
    // A heading that says more than what it counts may head what is no text, as a map that a script draws.
    for heading in
        ["Jury comments", "Comments by region", "No further comment, said the warden.", "No comment", "Commentary"]
    {
        let body =
            in_no_article(6).replace("</section>", &format!("<h2>{heading}</h2><div class=map></div></section>"));
        let body = format!("{body}<section class=comments>{}</section>", plain_comments());
        let text = read("New weirs", &body, &Options::default()).text(TextOptions::default());
        assert!(text.contains(heading) && !text.contains(SAID[0]), "{heading}: {text}");
    }
    let body = article(6).replace("</article>", "<h2>Closing comments</h2></article>");
    let body = format!("{body}<section class=comments>{}</section>", plain_comments());
    let text = read("New weirs", &body, &Options::default()).text(TextOptions::default());
    assert!(text.contains("Closing comments") && !text.contains(SAID[0]), "{text}");
}

fn in_no_article(count: usize) -> String {
    article(count).replace("<article>", "<section class=story>").replace("</article>", "</section>")
}

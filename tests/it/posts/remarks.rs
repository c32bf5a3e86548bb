//! What stands about the comments under an article: their times, and the heading above them.

use gleaner::document::Document;
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

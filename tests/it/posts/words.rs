//! Which words of a page of unknown make are the posts', and which pages only look like threads.

use gleaner::document::{Document, Kind, TextOptions};
use gleaner::extract::{Options, extract};

use super::{NAMES, SAID};

fn read(body: &str) -> Document {
    read_with("", body)
}

fn read_with(head: &str, body: &str) -> Document {
    let page =
        format!("<!doctype html><html lang=en><head><title>The sluice</title>{head}</head><body>{body}</body></html>");
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn text(document: &Document) -> String {
    document.text(TextOptions::default())
}

/// A board of unknown make, each post with these words.
fn board(words: impl Fn(usize) -> String) -> String {
    let post = |at: usize| {
        format!(
            "<div class=entry id=p{at}><div class=who><a href='/u/{at}'>{}</a></div>\
             <div class=when>March {}, 2024 at 9:1{at} AM</div><div class=words>{}</div></div>",
            NAMES[at],
            at + 4,
            words(at)
        )
    };
    format!("<h1>The sluice</h1>{}", (0..NAMES.len()).map(post).collect::<String>())
}

fn said(document: &Document) -> Vec<String> {
    document.posts.iter().map(|post| post.text.replace('\n', " ")).collect()
}

/// A log in which every post begins with the same lines, numbers aside, lost them, and a sentence the words about the
/// marked ones; a board's own buttons and counts are no words.
#[test]
fn what_everybody_writes_stays_and_what_the_board_adds_goes() {
    let kept: [fn(usize) -> String; 4] = [
        |at| format!("<p>Depth: {} inches</p><p>Wind: {} knots</p><p>{}</p>", at + 11, at + 3, SAID[at]),
        |at| format!("<p>{} I take <b>{}</b> over <b>{}</b>.</p>", SAID[at], NAMES[at], NAMES[3 - at]),
        |at| format!("<p>Hi all,</p><p>{}</p><p>That is all.</p>", SAID[at]),
        |at| format!("<p>{}</p><ul><li>rope: {} yards</li></ul><pre><code>lift({at})</code></pre>", SAID[at], at + 2),
    ];
    for words in kept {
        let document = read(&board(words));
        let want: Vec<String> = (0..SAID.len())
            .map(|at| {
                let bare = words(at).replace("</p>", " ").replace("</ul>", " ").replace("</li>", " ");
                let mut out = String::new();
                let mut inside = false;
                for c in bare.chars() {
                    match c {
                        '<' => inside = true,
                        '>' => inside = false,
                        c if !inside => out.push(c),
                        _ => {}
                    }
                }
                out.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect();
        assert_eq!(said(&document), want);
        let shown = text(&document).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(want.iter().all(|post| shown.contains(post.as_str())), "{shown}");
    }
    let added: [fn(usize) -> String; 4] = [
        |at| format!("<p>{}</p><a href='#{at}'>Like</a> <a href='#{at}'>Report</a>", SAID[at]),
        |at| {
            format!("<p>{}</p><div class=tools><a href='/r/{at}'>Reply</a> <a href='/q/{at}'>Quote</a></div>", SAID[at])
        },
        |at| format!("<span class=number>Post {} of 4</span><p>{}</p>", at + 1, SAID[at]),
        |at| format!("<p>{}</p><div class=likes>{} people like this</div>", SAID[at], at + 2),
    ];
    for words in added {
        assert_eq!(said(&read(&board(words))), SAID);
    }
}

/// The source that a script edits stands hidden behind the words made of it; who hides something else keeps it.
#[test]
fn words_that_stand_hidden_once_more_are_said_once() {
    let hidings = ["class='raw tw-hidden'", "class=hide", "hidden", "style='display: none'"];
    for hide in hidings {
        let document =
            read(&board(|at| format!("<div class=shown><p>{}</p></div><div {hide}>{}</div>", SAID[at], SAID[at])));
        assert_eq!(said(&document), SAID, "{hide}");
        assert_eq!(text(&document).matches(SAID[1]).count(), 1, "{hide}");
    }
    let other = "It was the miller himself, who has told it to nobody but the priest.";
    let document = read(&board(|at| format!("<p>{}</p><div class=hide>{other} {at}</div>", SAID[at])));
    assert!(said(&document).iter().all(|post| post.contains(other)), "{:#?}", said(&document));
}

/// Trackers show among the posts who did what.
#[test]
fn a_line_on_what_somebody_did_is_no_post() {
    let page = board(|at| format!("<div class=shown><p>{}</p></div>", SAID[at]));
    let (before, after) = page.split_at(page.find("<div class=entry id=p3>").expect("four posts"));
    let event = "<div class=entry id=p9><span><a class=author href='/u/1'>old_salt</a> gave it to Lotse \
                 <a href='#p9'>March 6, 2024 at 8:00 AM</a></span></div>";
    assert_eq!(said(&read(&format!("{before}{event}{after}"))), SAID);
}

/// Where rules part the posts, the last of them held the foot of the page, and each its date.
#[test]
fn rules_between_posts_leave_the_foot_out() {
    let post = |at: usize| {
        format!(
            "<hr><b><a href='/u/{at}'>{}</a></b> <i>March {}, 2024 at 9:15 AM</i><br><br>{}\n",
            NAMES[at],
            at + 4,
            SAID[at]
        )
    };
    let posts: String = (0..SAID.len()).map(post).collect();
    let document = read(&format!(
        "<h1>The sluice</h1>{posts}<div id=foot><a href=/a>About</a> | <a href=/p>Privacy</a><p>Run by TinyBoard</p></div>"
    ));
    assert_eq!(said(&document), SAID);
    let shown = text(&document);
    assert!(!shown.contains("TinyBoard") && !shown.contains("2024"), "{shown}");
}

/// Short posts are posts: the lines about them held more than they.
#[test]
fn few_words_and_few_posts_make_a_thread() {
    let short = [
        "Mine leaks above two bar too.",
        "Check the seal, it twists.",
        "The rim must be dry first.",
        "So it was, thank you.",
    ];
    let page = board(|at| format!("<p>{}</p>", short[at]));
    for page in [page.replace(" id=p", " data-n=p"), page] {
        let document = read(&page);
        assert_eq!((document.kind, said(&document)), (Kind::Thread, short.map(str::to_owned).to_vec()));
    }
    let page = board(|at| format!("<p>{}</p>", SAID[at]));
    let two = &page[..page.find("<div class=entry id=p2>").expect("four posts")];
    assert_eq!(said(&read(two)), SAID[..2]);
}

/// A diary, a list of versions, of dates, of what was decided: all lost their headings, and one took them for names.
#[test]
fn entries_with_headings_of_their_own_are_no_thread() {
    let heads = ["Bridge closed again", "Ferry back", "Tax to rise in May", "Old mill sold"];
    let entries: [fn(usize, &str) -> String; 4] = [
        |at, head| format!("<h2>{head}</h2><p class=meta>March {}, 2024 at 9:15 AM by {}</p>", at + 4, NAMES[at]),
        |at, _| {
            format!(
                "<h2>Version 1.{at}</h2><p>Released March {}, 2024 by <a href='/team/{at}'>{}</a></p>",
                at + 4,
                NAMES[at]
            )
        },
        |at, head| {
            format!(
                "<h3>{head}</h3><div>March {}, 2024 at 9:15 AM</div><div>with <a href='/artist/{at}'>{}</a></div>",
                at + 4,
                NAMES[at]
            )
        },
        |at, head| {
            format!(
                "<h3>Item {at}: {head}</h3><p>Raised by <a href='/members/{at}'>{}</a> on March {}, 2024.</p>",
                NAMES[at],
                at + 4
            )
        },
    ];
    for entry in entries {
        let all: String = (0..4)
            .map(|at| {
                format!("<div class=entry id=e{at}>{}<p>{} {}</p></div>", entry(at, heads[at]), SAID[at], SAID[3 - at])
            })
            .collect();
        let document = read(&format!("<h1>From the mill</h1>{all}"));
        assert_ne!(document.kind, Kind::Thread, "{}", entry(0, heads[0]));
        assert!(document.posts.is_empty());
        let head = |at: usize| entry(at, heads[at]).split(['>', '<']).nth(2).unwrap_or_default().to_owned();
        assert!((0..4).all(|at| text(&document).contains(&head(at))), "{}", text(&document));
    }
    // A name as heading is the author.
    let named: String = (0..4)
        .map(|at| {
            format!(
                "<div class=entry><h3>{}</h3><small>March {}, 2024 at 9:15 AM</small><p>{}</p></div>",
                NAMES[at],
                at + 4,
                SAID[at]
            )
        })
        .collect();
    let document = read(&format!("<h1>The sluice</h1>{named}"));
    assert_eq!(said(&document), SAID);
    assert_eq!(document.posts[2].author.as_deref(), Some("Lotse"));
}

#[test]
fn a_handle_behind_a_name_is_none_of_it() {
    let link = |at: usize| {
        format!(
            "<a class=author href='/u/{at}'><bdi><strong>{} Lee</strong></bdi><span>@{}@mill.example</span></a>",
            NAMES[at], NAMES[at]
        )
    };
    let post = |at: usize| {
        format!(
            "<div class=entry id=p{at}>{}<time datetime='2024-03-0{}T09:15:00Z'>March</time><div class=words><p>{}</p></div></div>",
            link(at),
            at + 4,
            SAID[at]
        )
    };
    let document = read(&format!("<h1>The sluice</h1>{}", (0..4).map(post).collect::<String>()));
    let names: Vec<_> = document.posts.iter().map(|post| post.author.clone().unwrap_or_default()).collect();
    assert_eq!(names, NAMES.map(|name| format!("{name} Lee")));
}

#[test]
fn a_thread_is_called_as_its_page_is() {
    let document = read(&board(|at| format!("<p>{}</p>", SAID[at])));
    assert_eq!(document.thread.expect("a thread").title.as_deref(), Some("The sluice"));
}

fn article() -> String {
    format!("<article><h1>The sluice</h1>{}</article>", SAID.map(|said| format!("<p>{said} {said}</p>")).join(""))
}

const DECLARED: &str = "<meta property='og:type' content='article'>";

/// One marked comment under an article took the article's place.
#[test]
fn a_comment_in_markup_of_boards_leaves_the_article() {
    let comment = "<div itemprop=comment itemscope itemtype='https://schema.org/Comment'><span itemprop=author>Ann</span> \
                   <time itemprop=dateCreated datetime='2024-05-03T09:00:00Z'>3 May</time><div itemprop=text>I knew it.</div></div>";
    let document = read_with(DECLARED, &format!("{}<section><h2>1 comment</h2>{comment}</section>", article()));
    assert_eq!(document.kind, Kind::Article);
    assert!(SAID.iter().all(|said| text(&document).contains(said)) && !text(&document).contains("I knew it"));
    assert_eq!(said(&document), ["I knew it."]);
}

/// Where no name tells comments, the heading above them does.
#[test]
fn a_heading_tells_comments() {
    let comments = |heading: &str, many: usize| -> String {
        let one = |at: usize| {
            format!(
                "<div class=rd><b>{}</b> <i>{} May 2024 10:1{at}</i><p>So be it, I say, for number {at} was never any good.</p></div>",
                NAMES[at % 4],
                at + 1
            )
        };
        format!("<div class=talk><h3>{heading}</h3>{}</div>", (0..many).map(one).collect::<String>())
    };
    for heading in ["4 comments", "Kommentare", "Комментарии (4)", "コメント"] {
        let document = read_with(DECLARED, &format!("{}{}", article(), comments(heading, 4)));
        assert_eq!(document.posts.len(), 4, "{heading}");
        assert!(!text(&document).contains("never any good"), "{heading}");
        assert!(SAID.iter().all(|said| text(&document).contains(said)), "{heading}");
    }
}

/// What blogs call the list of comments made a thread of an article that declares no kind.
#[test]
fn names_that_blogs_give_to_comments_make_no_thread() {
    let words = SAID.map(|said| format!("<p>{said} {said} {said}</p>")).join("");
    for (outer, class) in
        [("comment-thread", "comment"), ("discussion", "comment"), ("comments", "comment even thread-even depth-1")]
    {
        let one = |at: usize| {
            format!(
                "<div class='{class}' id=comment-{at}><b class=author><a href='/user/{at}'>{}</a></b> <span class=date>{} March 2019, 10:0{at}</span><div class=text><p>So be it, I say, for number {at} was never any good.</p></div></div>",
                NAMES[at % 4],
                at + 1
            )
        };
        let comments: String = (0..4).map(one).collect();
        let document = read(&format!(
            "<html lang=en><title>High water</title><body><h1>High water</h1><article><div class=meta>By <a class=author href='/author/jim'>Jim Hill</a> <span class=date>1 March 2019, 08:00</span></div><div class=entry-content>{words}</div></article><div class='{outer}'><h3>4 comments</h3>{comments}</div></body></html>"
        ));
        assert_ne!(document.kind, Kind::Thread, "{outer} {class}");
    }
}

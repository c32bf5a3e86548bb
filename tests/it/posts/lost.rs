//! Threads of unknown make, none of whose posts may be lost: beside lists of other threads, below long questions, where
//! posts are short, many or all alike; and the lists that are none.

use std::fmt::Write as _;
use std::time::Duration;

use gleaner::document::{Document, Kind, TextOptions};
use gleaner::extract::posts::POSTS_MAX;
use gleaner::extract::{Options, extract};

use super::{NAMES, SAID};
use crate::html::busy_since;

fn read(body: &str) -> Document {
    let page = format!(
        "<!doctype html><html lang=en><head><title>The open sluice</title></head><body><nav><a href=/>Home</a> <a href=/f>All</a></nav>{body}</body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn all(one: impl Fn(usize, &str, &str) -> String) -> String {
    NAMES.iter().zip(SAID).enumerate().map(|(at, (name, said))| one(at, name, said)).collect()
}

fn told(document: &Document) -> Vec<(&str, String)> {
    let one = |post: &gleaner::document::Post| post.text.replace('\n', " ");
    document.posts.iter().map(|post| (post.author.as_deref().unwrap_or("?"), one(post))).collect()
}

/// The posts are these, and all that they say is in the text.
fn check(document: &Document, want: &[(&str, &str)]) {
    let found = told(document);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, said)| (*name, said.as_str())).collect();
    assert_eq!(found, want);
    assert_eq!(document.kind, Kind::Thread);
    let text = document.text(TextOptions { title: false }).split_whitespace().collect::<Vec<_>>().join(" ");
    for (_, said) in want {
        assert!(text.contains(said), "{said}\n{text}");
    }
}

fn four() -> Vec<(&'static str, &'static str)> {
    NAMES.into_iter().zip(SAID).collect()
}

const TITLES: [&str; 5] = [
    "Eels in the lower pond",
    "Who greased the second lock",
    "A ladder for the north loft",
    "Frost on the mill race again",
    "Bread fair and the bridge toll",
];

/// Lists of similar and of the latest threads had more words than a short thread, and took its place.
#[test]
fn lists_of_other_threads_leave_the_thread_its_place() {
    let board = all(|at, name, said| {
        format!(
            "<div class=entry><div class=head><a href='/user/{at}'>{name}</a> <span>1{at} March 2024, 09:0{at}</span></div><div class=words>{said}</div></div>"
        )
    });
    let rows = |one: &dyn Fn(usize, &str) -> String| (0..12).map(|at| one(at, TITLES[at % 5])).collect::<String>();
    let by = |at: usize| format!("<a href='/user/{at}'>Ada {at}</a>");
    let when = |at: usize| format!("{} May 2023, 10:{}", at + 1, at + 20);
    let excerpt = "They had this last autumn too, and it came out that the board itself had a crack nobody could see";
    let lists = [
        format!(
            "<table class=sim>{}</table>",
            rows(&|at, title| format!(
                "<tr><td><a href='/t/{at}'>{title}</a></td><td>{}</td><td>{}</td></tr>",
                by(at),
                when(at)
            ))
        ),
        format!(
            "<div class=sim>{}</div>",
            rows(&|at, title| format!(
                "<div class=row><div><a href='/t/{at}'>{title}</a></div><div>{}</div><div class=dt>{}</div></div>",
                by(at),
                when(at)
            ))
        ),
        format!(
            "<aside><h3>Latest</h3>{}</aside>",
            rows(&|at, title| format!(
                "<div class=item><a href='/t/{at}'>{title}</a><p>{excerpt} {at}</p><span>{} {}</span></div>",
                by(at),
                when(at)
            ))
        ),
        format!(
            "<div class=latest-posts>{}</div>",
            rows(&|at, _| format!(
                "<div class=item><span>{} {}</span><p>{excerpt} {at} <a href='/t/{at}'>more</a></p></div>",
                by(at),
                when(at)
            ))
        ),
    ];
    for list in lists {
        check(&read(&format!("<h1>The open sluice</h1><div class=list>{board}</div>{list}")), &four());
    }
}

/// Titles of answers that lead to each of them are none of other threads.
#[test]
fn titles_of_answers_are_of_one_thread() {
    for some in [3, 4] {
        let post = |at: usize| {
            let re = if at == 0 { "" } else { "Re: " };
            format!(
                "<div class=entry><a href='/msg/{at}00'>{re}Who lifted the old board</a><br><a href='/user/{at}'>{}</a> <span>1{at} March 2024, 09:0{at}</span><div class=words>{}</div></div>",
                NAMES[at], SAID[at]
            )
        };
        let document = read(&format!("<h1>The open sluice</h1><div>{}</div>", (0..some).map(post).collect::<String>()));
        assert_eq!(document.posts.len(), some);
    }
}

/// A post that said no more than its author's name was lost where posts have no elements of their own.
#[test]
fn a_word_is_a_post_where_posts_are_runs() {
    let short = ["", "Gracias!", "", "换个飞轮吧。"];
    let said = |at: usize, long: &'static str| if short[at].is_empty() { long } else { short[at] };
    let want: Vec<(&str, &str)> =
        four().into_iter().enumerate().map(|(at, (name, long))| (name, said(at, long))).collect();
    let two = |at: usize, long: &'static str| match said(at, long).split_once(", ") {
        Some((one, rest)) => format!("<p>{one},</p><p>{rest}</p>"),
        None => format!("<p>{}</p>", said(at, long)),
    };
    let entries: String = NAMES
        .iter()
        .zip(SAID)
        .enumerate()
        .map(|(at, (name, long))| {
            format!("<p class=h><b>{name}</b>, 1{at} March 2024, 09:0{at}</p>{}<hr>", two(at, long))
        })
        .collect();
    check(&read(&format!("<h1>The open sluice</h1><div>{entries}</div>")), &want);
    let thanks: String = (0..6)
        .map(|at| {
            let said = if at % 2 == 0 { SAID[at / 2] } else { "Thanks!" };
            format!("<b>Ada{at}</b> <i>1{at} March 2024, 09:0{at}</i><br>{said}<hr>")
        })
        .collect();
    let document = read(&format!("<h1>The open sluice</h1><div>{thanks}</div>"));
    let said: Vec<String> = told(&document).into_iter().map(|(_, said)| said).collect();
    assert_eq!(said, [SAID[0], "Thanks!", SAID[1], "Thanks!", SAID[2], "Thanks!"]);
}

/// Forty wishes in the same words were no posts.
#[test]
fn what_all_write_alike_are_posts() {
    for wish in ["Happy birthday, old mill!", "The board number 7 is up."] {
        let many: String = (0..41)
            .map(|at| {
                let said = if at == 0 { SAID[0].to_owned() } else { wish.replace('7', &at.to_string()) };
                format!("<div class=entry><a href='/user/{at}'>Ada Weir {at}</a> <time datetime='2024-03-04T10:{:02}:00'>4 March</time><div class=words>{said}</div></div>", at)
            })
            .collect();
        let document = read(&format!("<h1>The open sluice</h1><div>{many}</div>"));
        assert_eq!((document.kind, document.posts.len()), (Kind::Thread, 41), "{wish}");
    }
}

/// More posts than are read were lost without a word, and on boards without elements all of them.
#[test]
fn posts_that_are_too_many_stay_in_the_text_of_any_board() {
    for element in [true, false] {
        let mut body = String::new();
        for at in 0..POSTS_MAX + 300 {
            let head = format!("<b>Ada{}</b> <i>2{:03}-03-04 10:{:02}</i>", at % 90, at / 60, at % 60);
            let said = format!("<p>We went down to the pond that day and saw what number {at} had told us of it.</p>");
            match element {
                true => write!(body, "<div class=entry><p>{head}</p>{said}</div>"),
                false => write!(body, "<p>{head}</p>{said}"),
            }
            .expect("a string takes all");
        }
        let document = read(&format!("<h1>The open sluice</h1><div>{body}</div><footer>© The pond</footer>"));
        assert_eq!(document.posts.len(), POSTS_MAX, "{element}");
        let last = format!("number {} had told", POSTS_MAX + 299);
        assert!(document.text(TextOptions { title: false }).contains(&last), "{element}");
        assert!(document.notes.iter().any(|note| note.contains("more than 5000 posts")), "{:?}", document.notes);
    }
}

/// A long question left the replies below it too small a share of the page where these are called comments.
#[test]
fn replies_that_are_called_comments_stay_below_a_long_question() {
    let reply = |at: usize| {
        format!(
            "<div class=comment id=comment_5{at}><div class=comment_author><a href='/id/{at}'>{}</a> <span class=when>1{at} March 2024, 09:0{at}</span></div><div class=comment_text>{}</div></div>",
            NAMES[at], SAID[at]
        )
    };
    for (outer, times) in [("forum_topic", 1), ("forum_topic", 4), ("question-page", 4), ("community", 2)] {
        let said: Vec<String> = (0..times).map(|at| format!("{} {} again.", SAID[0], TITLES[at])).collect();
        let long: String = said.iter().map(|said| format!("<p>{said}</p>")).collect();
        let body = format!(
            "<div class={outer}><div class=op><h1>The open sluice</h1><div><a class=author href='/id/0'>{}</a> <span>10 March 2024, 09:00</span></div><div class=content>{long}</div></div><div class=comments>{}</div></div>",
            NAMES[0],
            (1..4).map(reply).collect::<String>()
        );
        let opening = said.join(" ");
        let mut want = four();
        want[0].1 = &opening;
        check(&read(&body), &want);
    }
}

/// The first post was no record, and its words were lost, where its name and time stand in an element of their own.
#[test]
fn a_first_post_in_parts_opens_the_thread() {
    let replies: String = (1..4)
        .map(|at| {
            format!(
                "<div class=row><div class=info><span class=nickname>{}</span> <span class=when>2024-03-1{at} 09:41:00</span></div><div class=view>{}</div></div>",
                NAMES[at], SAID[at]
            )
        })
        .collect();
    let heads = [
        format!("<div class=info><span class=nickname>{}</span> <span>2024-03-10 09:05:00</span></div>", NAMES[0]),
        format!(
            "<div>Opened <time datetime='2024-03-10T09:05:00Z'>10 March 2024</time> by <a class=author href='/m'>{}</a></div><h2>The open sluice</h2>",
            NAMES[0]
        ),
    ];
    for head in heads {
        let body = format!(
            "<div class=view_page>{head}<div class=post_content><p>{}</p></div><div class=rows>{replies}</div></div>",
            SAID[0]
        );
        check(&read(&body), &four());
    }
}

/// What answers an answer was in no post, and in no text.
#[test]
fn replies_inside_posts_are_posts_of_their_own() {
    let one = |name: &str, at: usize, said: &str| {
        format!(
            "<a class=author href='/user/{at}'>{name}</a> <time datetime='2024-03-1{at}T09:05:00Z'>March</time><div class=words>{said}</div>"
        )
    };
    for (inner, some) in [("subreply", vec![0, 2]), ("comment", vec![1])] {
        let answer = |at: usize| {
            let reply = one("Wanda", at + 5, "Quite so it was with us as well, friend.");
            let reply = if some.contains(&at) {
                format!("<div class=subs><div class={inner}>{reply}</div></div>")
            } else {
                String::new()
            };
            format!("<div class=answer id=a{at}>{}{reply}</div>", one(NAMES[at], at, SAID[at]))
        };
        let document = read(&format!("<h1>The open sluice</h1><div>{}</div>", (0..4).map(answer).collect::<String>()));
        let found: Vec<(&str, u32, Option<&str>)> = document
            .posts
            .iter()
            .map(|post| (post.author.as_deref().unwrap_or("?"), post.depth, post.reply_to.as_deref()))
            .collect();
        let ids = ["a0", "a1", "a2", "a3"];
        let want: Vec<(&str, u32, Option<&str>)> = (0..4)
            .flat_map(|at| {
                let reply = some.contains(&at).then_some(("Wanda", 1, Some(ids[at])));
                std::iter::once((NAMES[at], 0, None)).chain(reply)
            })
            .collect();
        assert_eq!(found, want, "{inner}");
        assert!(document.text(TextOptions { title: false }).contains("Quite so it was with us"));
    }
}

/// Replies that stand inside each other took time by their depth as well as their number where words recur in them.
#[test]
fn nested_replies_of_recurring_words_take_time_by_their_number() {
    let page = |said: &dyn Fn(usize) -> String| {
        let one = |at: usize| {
            format!(
                "<div class=entry><a href='/user/{at}'>Ada{at}</a> <time datetime='2024-03-04T10:{:02}:00'>x</time><p>{}</p>",
                at % 60,
                said(at)
            )
        };
        let nested: String = (0..400).map(one).collect();
        let wide: String = (400..1600).map(|at| one(at) + "</div>").collect();
        format!("<h1>The open sluice</h1>{nested}{wide}")
    };
    let time = |body: &str| busy_since(|| assert!(!read(body).blocks.is_empty()));
    let alike = page(&|at| format!("The board number {at} was up."));
    let other = page(&|at| format!("{} {}", SAID[at % 4], "so ".repeat(at % 7)));
    let (alike, other) = (time(&alike), time(&other));
    assert!(alike < 4 * other + Duration::from_secs(1), "{alike:?} beside {other:?}");
}

/// Lists of topics, of what a search found and of what was changed, and pages of reviews were threads.
#[test]
fn lists_and_reviews_are_no_threads() {
    let excerpt = "... they had this last autumn too, and it came out that the board itself had a crack";
    let by = |at: usize| format!("<a class=username href='/user/{at}'>Ada {at}</a>");
    let when = |at: usize| format!("0{} May 2023, 10:2{at}", at + 1);
    let rows = |one: &dyn Fn(usize, &str) -> String| (0..5).map(|at| one(at, TITLES[at])).collect::<String>();
    let lists = [
        rows(&|at, title| {
            format!(
                "<li class=row><a href='/t/{at}'>{title}</a><br><div>by {} &raquo; {}</div><dd>Last post by {} {}</dd></li>",
                by(at),
                when(at),
                by(at + 7),
                when(at)
            )
        }),
        rows(&|at, title| {
            format!(
                "<div class=found><span>{} | {}</span> in <a href='/t/{at}'>{title}</a><div>{excerpt} {at}.</div></div>",
                by(at),
                when(at)
            )
        }),
        rows(&|at, _| {
            format!(
                "<li class=review><div>{}<span>Leeds</span></div><span class=date>{}</span><p>{excerpt} {at}.</p></li>",
                by(at),
                when(at)
            )
        }),
        format!(
            "<ul id=pagehistory class=log>{}</ul>",
            rows(&|at, _| format!(
                "<li>{} <span>{}</span> <span class=note>({excerpt} {at})</span></li>",
                when(at),
                by(at)
            ))
        ),
        rows(&|at, _| {
            format!(
                "<div class=person><a href='/user/{at}'>Ada {at}</a><p>Likes the mill, the pond and long walks by the weir at night.</p>Joined <time>{}</time> Last seen <time>{}</time></div>",
                when(at),
                when(at)
            )
        }),
        rows(&|at, title| {
            format!(
                "<div class='search post'><dl class=postprofile><dt class=author>by {}</dt><dd>{}</dd></dl><div class=postbody><h3><a href='/t{at}#p'>{title}</a></h3><div class=content>{excerpt} {at}</div></div></div>",
                by(at),
                when(at)
            )
        }),
        // Topics, and a few of the latest words in them.
        format!(
            "<ul class='topics forum'>{}</ul><ul class=msgs>{}</ul>",
            (0..24).map(|at| format!("<li class=topic><a href='/t/{at}'>{}</a> by {} <span class=date>{} March 2019, 09:4{}</span> <span>{at} replies</span></li>", TITLES[at % 5], by(at), at + 1, at % 10)).collect::<String>(),
            rows(&|at, _| format!("<li class=msg>{}<span class=when>{}</span><p>{excerpt} {at} <a href='/t/{at}#last'>more</a></p></li>", by(at), when(at)))
        ),
        // Rides have a start, a day and a goal.
        rows(&|at, _| {
            let (from, to) = (["Leeds", "York", "Hull", "Bath", "Ely"][at], ["Rome", "Oslo", "Graz", "Lyon", "Kiel"][at]);
            format!("<div class=item>From: {from}<br>Date: {}<br>To: {to}<br>{excerpt} {at}.</div>", when(at))
        }),
    ];
    for list in lists {
        let document = read(&format!("<h1>Weir: live</h1><div>{list}</div>"));
        assert_ne!(document.kind, Kind::Thread, "{list}\n{:?}", told(&document));
    }
}

/// Messages with subjects of their own, which lead to each, and posts that begin with a link to another site were lists.
#[test]
fn posts_with_titles_of_their_own_are_of_one_thread() {
    type Form = fn(&str, &str, &str, usize) -> String;
    let forms: [Form; 2] = [
        |who, said, title, at| {
            format!(
                "<div class=subj><a href='/read?m=90{at}'>{title}</a></div><div class=by>by {who}</div><div class=text><p>{said}</p></div>"
            )
        },
        |who, said, title, at| {
            format!(
                "<div class=by>{who}</div><div class=text><p><a href='https://n{at}.example/a{at}'>{title}</a></p><p>{said}</p></div>"
            )
        },
    ];
    for form in forms {
        let post = |at: usize| {
            let who = format!(
                "<a class=author href='/user/{at}'>{}</a> <span class=date>{} March 2019, 09:4{at}</span>",
                NAMES[at % 4],
                at + 1
            );
            format!("<div class=msg>{}</div>", form(&who, &format!("{} {at}.", SAID[at % 4]), TITLES[at], at))
        };
        let document = read(&format!("<h1>The open sluice</h1>{}", (0..5).map(post).collect::<String>()));
        assert_eq!((document.kind, document.posts.len()), (Kind::Thread, 5), "{:?}", told(&document));
    }
}

/// Times in a post that are of no reply were looked about one by one.
#[test]
fn many_times_in_a_post_are_read_at_once() {
    let page = |some: &str| {
        let board = all(|at, name, said| {
            let more = if at == 0 { format!("<div class=x>{}</div>", some.repeat(1500)) } else { String::new() };
            format!(
                "<div class=entry><a class=author href='/user/{at}'>{name}</a> <span>1{at} March 2024, 09:0{at}</span><div class=words>{said}</div>{more}</div>"
            )
        });
        format!("<h1>The open sluice</h1>{board}")
    };
    let time = |body: &str| busy_since(|| assert_eq!(read(body).posts.len(), 4));
    let (timed, other) = (time(&page("<time></time>")), time(&page("<i></i>")));
    assert!(timed < 8 * other + Duration::from_secs(3), "{timed:?} beside {other:?}");
}

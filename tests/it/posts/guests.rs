//! Who wrote the posts of boards of unknown make: guests among members, names beside times, notes on edits.

use gleaner::document::{Document, Kind, TextOptions};
use gleaner::extract::{Options, extract};

use super::{NAMES, SAID};

fn read(lang: &str, body: &str) -> Document {
    let page = format!(
        "<!doctype html><html lang={lang}><head><title>The sluice</title></head><body><h1>The sluice</h1>{body}</body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn text(document: &Document) -> String {
    document.text(TextOptions::default())
}

fn authors(document: &Document) -> Vec<&str> {
    document.posts.iter().map(|post| post.author.as_deref().unwrap_or("?")).collect()
}

/// A board on which each post has a pane beside it that begins with a name.
fn panes(name: impl Fn(usize) -> String) -> String {
    let post = |at: usize| {
        format!(
            "<div class=post id=p{at}><div class=left>{}<br>Posts: {}</div><div class=right>\
             <div class=date>Mar {}, 2014 9:1{at} am</div><div class=text>{}</div></div></div>",
            name(at),
            at * 3 + 1,
            at + 4,
            SAID[at]
        )
    };
    (0..NAMES.len()).map(post).collect()
}

fn linked(at: usize) -> String {
    format!("<a href='/members/{at}'><strong>{}</strong></a>", NAMES[at])
}

/// A guest's name, which leads nowhere, was lost, and with it the thread's first post or all of the thread.
#[test]
fn guests_are_named_where_members_are() {
    let bare: [fn(usize) -> String; 2] = [|at| format!("<strong>{}</strong>", NAMES[at]), |at| NAMES[at].to_owned()];
    let some: [&[usize]; 4] = [&[0], &[1], &[3], &[1, 2]];
    for bare in bare {
        for guests in some {
            let name = |at: usize| if guests.contains(&at) { bare(at) } else { linked(at) };
            let document = read("en", &panes(name));
            assert_eq!(authors(&document), NAMES, "{guests:?}: {}", bare(0));
            assert_eq!(document.kind, Kind::Thread);
            assert!(!text(&document).contains("Posts:"), "{}", text(&document));
        }
    }
}

/// What stands in the place of a name without being one names nobody; nor does the first word where links stand behind
/// others.
#[test]
fn what_is_no_name_is_no_guests() {
    let nothing = read("en", &panes(|at| if at == 2 { "<img>".to_owned() } else { linked(at) }));
    assert_eq!(authors(&nothing), [NAMES[0], NAMES[1], "?", NAMES[3]]);
    let led = read("en", &panes(|at| format!("Keeper of keys {}", if at == 2 { String::new() } else { linked(at) })));
    assert_eq!(led.posts.get(2).and_then(|post| post.author.as_deref()), None);
}

/// Ranks, labels and times stand where names do; so may what stands in another element than the others' names.
#[test]
fn ranks_labels_and_times_are_no_guests() {
    for said in [
        "<div class=rank>Newbie</div>",
        "<div>Rosa</div>",
        "<span>Banned</span>",
        "<strong class=status>Away from keys</strong>",
        "<strong>Advertisement</strong>",
        "<strong>Newbie</strong>",
        "<strong>3 days ago</strong>",
        "<span class=ago>3 days ago</span>",
        "3 days ago",
        "Offline<br>Joined 2004",
        "Level 3",
        "Your name",
        "Rosa <input name=n>",
        "<em>System message</em>",
        "System message",
        "<a href='/x'><img alt=Avatar src=x></a><br>Registered user",
        "This user has been removed",
        "<a href='#p2'>#2</a>",
        "The author of this text is one of our readers from the valley",
        "Ferryman",
    ] {
        let ranked = |at: usize| format!("{}<br>{}", linked(at), if at == 3 { "Ferryman" } else { "Fisher" });
        let document = read("en", &panes(|at| if at == 2 { said.to_owned() } else { ranked(at) }));
        assert_eq!(authors(&document), [NAMES[0], NAMES[1], "?", NAMES[3]], "{said}");
        assert_eq!(document.kind, Kind::Thread, "{said}");
    }
}

/// Boards number those who give no name.
#[test]
fn numbered_guests_are_guests() {
    let document = read("en", &panes(|at| if at == 2 { "Guest 12".to_owned() } else { linked(at) }));
    assert_eq!(authors(&document)[2], "Guest 12");
}

/// The head of a page with a day is no post of a guest's, and an article stays one above comments.
#[test]
fn the_head_of_a_page_is_no_guests_post() {
    let comments = |head: &str| {
        let one = |at: usize| {
            format!(
                "<div class=comment id=c{at}><div class=meta><a href='/user/{at}'>{}</a> <span>2{at} March 2024 at 10:1{at}</span></div><p>{}</p></div>",
                NAMES[at], SAID[at]
            )
        };
        format!("{head}<div class=comments><h2>Comments</h2>{}</div>", (0..4).map(one).collect::<String>())
    };
    let words = SAID.join(" ");
    let article = format!(
        "<article class=story><div class=meta>Editorial team <span>20 March 2024 at 09:00</span></div><p>{words}</p><p>{words} It froze.</p></article>"
    );
    let document = read("en", &comments(&article));
    assert_ne!(document.kind, Kind::Thread);
    assert!(text(&document).contains("It froze.") && document.thread.is_none());
    assert!(!authors(&document).contains(&"Editorial team"), "{:?}", authors(&document));
}

/// `mailto:sage` says that a post shall not lift its thread, and leads to nobody: such threads had no posts.
#[test]
fn mail_to_nobody_names_nobody() {
    let said = [
        "この町で一番古い店はどこですか。",
        "駅裏の路地にある店だと思う。",
        "あそこは去年から休んでいるよ。",
        "それは知らなかった、残念だ。",
    ];
    let thread = |is_sage: fn(usize) -> bool| {
        let post = |(at, said): (usize, &&str)| {
            let name = "<b>名無しさん</b>";
            let name = if is_sage(at) {
                format!("<a href='mailto:sage'>{name}</a>")
            } else {
                format!("<font color=green>{name}</font>")
            };
            format!("<dt>{} ：{name}：2009/06/1{at}(水) 08:15:2{at} ID:Xy{at}2ab<dd> {said} <br><br>", at + 1)
        };
        format!("<dl class=thread>{}</dl>", said.iter().enumerate().map(post).collect::<String>())
    };
    let mixtures: [fn(usize) -> bool; 7] =
        [|_| true, |_| false, |at| at % 2 == 1, |at| at % 2 == 0, |at| at == 3, |at| at > 0, |at| at == 0];
    for (number, is_sage) in mixtures.into_iter().enumerate() {
        let document = read("ja", &thread(is_sage));
        assert_eq!(authors(&document), ["名無しさん"; 4], "{number}");
        assert!(!text(&document).contains("ID:"), "{}", text(&document));
        assert!(document.posts.iter().all(|post| post.author_url.is_none()), "{number}");
    }
}

/// An address behind `mailto:` still leads to who wrote.
#[test]
fn mail_to_somebody_names_them() {
    for at_sign in ["@", "%40", " at "] {
        let name = |at: usize| format!("<a href='mailto:m{at}{at_sign}pond.example'>{}</a>", NAMES[at]);
        let document = read("en", &panes(name));
        assert_eq!(authors(&document), NAMES);
        assert!(document.posts.iter().all(|post| post.author_url.is_some()));
    }
}

/// How long ago a post was written was part of its author's name, which was another each day.
#[test]
fn how_long_ago_is_no_part_of_a_name() {
    let ways: [fn(usize, &str) -> String; 3] = [
        |at, ago| {
            format!(
                "<a href='/ludzie/{at}'><b>{}</b></a> <a href='/wpis/{at}'><time datetime='2016-05-0{}T10:12:00+02:00'>{ago}</time></a>",
                NAMES[at],
                at + 1
            )
        },
        |at, ago| {
            format!(
                "<b>{}</b> <a href='/wpis/{at}'><time datetime='2016-05-0{}T10:12:00+02:00'>{ago}</time></a>",
                NAMES[at],
                at + 1
            )
        },
        |at, ago| format!("<b>{}</b> <time datetime='2016-05-0{}T10:12:00+02:00'>{ago}</time>", NAMES[at], at + 1),
    ];
    for way in ways {
        for ago in ["3 days ago", "3 dni temu", "vor 3 Tagen"] {
            let post = |at: usize| {
                format!(
                    "<li class=entry id=e{at}><div class=author>{}</div><div class=text><p>{}</p></div></li>",
                    way(at, ago),
                    SAID[at]
                )
            };
            let list = (0..4).map(post).collect::<String>();
            let document = read("en", &format!("<ul class=stream>{list}</ul>"));
            assert_eq!(authors(&document), NAMES, "{ago}: {}", way(0, ago));
        }
    }
}

/// The group in which somebody writes is no part of a name, and no address of whoever does.
#[test]
fn where_somebody_writes_is_no_part_of_a_name() {
    for badge in ["", "<span class=badge>Mod</span> "] {
        let post = |at: usize| {
            format!(
                "<li class=entry id=e{at}><div class=author>{badge}<b>{}</b> in <a href='/g/mills'>Mills</a> <a href='/p/{at}'><time datetime='2016-05-0{}T10:12:00+02:00'>3 days ago</time></a></div><div class=text><p>{}</p></div></li>",
                NAMES[at],
                at + 1,
                SAID[at]
            )
        };
        let document = read("en", &format!("<ul class=stream>{}</ul>", (0..4).map(post).collect::<String>()));
        assert_eq!(authors(&document), NAMES, "{badge}");
        assert!(document.posts.iter().all(|post| post.author_url.is_none()), "{:?}", document.posts);
    }
}

/// A name may end in words of time.
#[test]
fn a_name_with_words_of_time_stays_whole() {
    let post = |at: usize| {
        format!(
            "<li class=entry id=e{at}><div class=author><a href='/user/{at}'>{} 3 days</a> <time datetime='2016-05-0{}T10:12:00+02:00'>3 days ago</time></div><div class=text><p>{}</p></div></li>",
            NAMES[at],
            at + 1,
            SAID[at]
        )
    };
    let document = read("en", &format!("<ul>{}</ul>", (0..4).map(post).collect::<String>()));
    assert_eq!(authors(&document), NAMES.map(|name| format!("{name} 3 days")));
}

fn noted(note: &str) -> Document {
    let name = |at: usize| format!("<a href='/member/{at}'>{}</a>", NAMES[at]);
    let said = |at: usize| if at == 1 { format!("{}{note}", SAID[at]) } else { SAID[at].to_owned() };
    let post = |at: usize| {
        format!(
            "<div class=post id=p{at}><div class=user>{}</div><div class=when>March {}, 2012 09:1{at} AM</div><div class=text>{}</div></div>",
            name(at),
            at + 4,
            said(at)
        )
    };
    read("en", &(0..4).map(post).collect::<String>())
}

/// The last line of a post that says when it was edited is none of its words, in whatever element of an edit it stands.
#[test]
fn notes_on_edits_are_read_and_left_out() {
    for note in [
        "<br><em>Last edited by old_salt on March 5, 2012 at 10:00 AM</em>",
        "<div class=edited>Last edited by old_salt on March 5, 2012 at 10:00 AM</div>",
        "<p class=edit-note>Last edited by old_salt on March 5, 2012, 10:00</p>",
    ] {
        let document = noted(note);
        assert!(!text(&document).contains("edited"), "{note}\n{}", text(&document));
        assert_eq!(document.posts[1].text, SAID[1], "{note}");
        let edited = document.posts[1].edited.as_deref().unwrap_or_default();
        assert!(edited.starts_with("2012-03-05"), "{note}: {edited}");
    }
}

/// What speaks of edits without being a note on one is somebody's words.
#[test]
fn words_about_edits_stay() {
    for words in [
        "<p>I last edited the list on March 5, 2012 and nobody has used it.</p>",
        "<p class=edit>The edit was never saved.</p>",
        "<p class=edit>Edit: March 5, 2012: it was the hinge, and a new one costs four coins at the smith.</p>",
        "<p class=edit>The law was last edited on March 5, 2012 by the county and costs nothing.</p>",
        "<p class=editor>The map was edited by the county on March 5, 2012.</p>",
    ] {
        let document = noted(words);
        assert!(document.posts[1].text.to_lowercase().contains("edit"), "{words}\n{}", document.posts[1].text);
        assert_eq!(document.posts[1].edited, None, "{words}");
    }
}

/// A note on an edit that somebody quotes is not on the post, and none tells of a time before it was written.
#[test]
fn edits_of_what_is_quoted_are_another_posts() {
    for note in [
        "<blockquote><div class=edited>Last edited by Maren on March 6, 2012</div></blockquote><p>So you changed it?</p>",
        "<div class=quote><p class=edited>Last edited by Maren on March 6, 2012</p></div><p>So you changed it?</p>",
        "<div class=edited>Last edited by Maren on March 4, 2012</div>",
        "<div class=edited>Last edited by Maren on March 7, 2011</div>",
    ] {
        assert_eq!(noted(note).posts[1].edited, None, "{note}");
    }
}

/// A short topic and what its board calls comments are a thread, however few words they have.
#[test]
fn a_short_topic_of_a_forum_opens_its_replies() {
    let page = |class: &str, tag: &str| {
        let comment = |at: usize| {
            format!(
                "<div class=comment id=comment-{at}><div class=head><a class=author href='/user/{at}'>{}</a> <span>2{at} March 2024 10:1{at}</span></div><div class=body>{}</div></div>",
                NAMES[at],
                ["Same here.", "It is open since dawn.", "Ask the miller for it.", "I have it now."][at]
            )
        };
        format!(
            "<{tag} class='{class}'><div class=head><a class=author href='/user/9'>Rosa</a> <span>19 March 2024 09:00</span></div><div class=text>The sluice by the mill does not shut since the last frost came.</div></{tag}><div class=comments>{}</div>",
            (0..4).map(comment).collect::<String>()
        )
    };
    for class in ["forum_op", "op forum-op"] {
        let document = read("en", &page(class, "div"));
        assert_eq!(document.posts.len(), 5, "{class}");
        assert_eq!(authors(&document)[0], "Rosa");
        assert_eq!(document.kind, Kind::Thread, "{class}");
        assert!(text(&document).contains("Ask the miller"));
    }
    for (class, tag) in
        [("story", "div"), ("issue", "div"), ("forum", "div"), ("from-the-forum", "div"), ("issue", "article")]
    {
        let document = read("en", &page(class, tag));
        assert!(document.thread.is_none(), "{class}");
    }
}

/// Offers, jobs and what buyers say have a number, somebody's address and a time each, and facts that are their text.
#[test]
fn offers_beside_facts_are_no_thread() {
    let facts: [(&str, &[&str]); 2] = [
        (
            "job",
            &[
                "Upper village, behind the church",
                "Full time, from April on, housing is given",
                "You have worked with oak and iron for two years",
                "You can read plans",
            ],
        ),
        (
            "item",
            &[
                "Bought the large one in oak",
                "Fits well: yes",
                "Age: 30",
                "Good: strong, cheap, quiet",
                "Bad: heavy, needs oil each month",
            ],
        ),
    ];
    for (class, facts) in facts {
        let item = |at: usize| {
            format!(
                "<div class={class} id={class}{at}><div class=left><a href='/user/{at}'>{}</a><br>{}</div><div class=right><div class=date>March {}, 2024 at 9:1{at} AM</div><div class=text>{}</div></div></div>",
                NAMES[at],
                facts.join("<br>"),
                at + 2,
                ["Leaves fall from it each day.", "Too much water, most likely.", "Thanks, that worked for us."][at]
            )
        };
        let document = read("en", &(0..3).map(item).collect::<String>());
        assert_ne!(document.kind, Kind::Thread, "{class}");
        assert!(facts.iter().all(|fact| text(&document).contains(fact)), "{}", text(&document));
    }
}

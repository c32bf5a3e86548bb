//! Posts on boards of unknown make: shapes that real boards have, in words of our own.

use super::find;
use gleaner::document::Post;

const SAID: &[&str] = &[
    "Does anybody know why the tide table of the north pier is an hour off since last week?",
    "They printed it before the clocks were changed, so add one hour until October.",
    "Thank you, that explains why my boat lay dry on Sunday when I came back with the children.",
    "The office has new ones, free of charge, next to the window where the permits are sold.",
];
const NAMES: &[&str] = &["Maren", "old_salt", "Maren", "Lotse 7"];

fn found(page: &str) -> Vec<Post> {
    find(page, Some("en")).map(|found| found.posts).unwrap_or_default()
}

/// Authors and texts are as they were written, and each post has a time as shown.
fn check(page: &str) -> Vec<Post> {
    let posts = found(page);
    let shown: Vec<_> = posts.iter().map(|post| (post.author.as_deref().unwrap_or("?"), post.text.as_str())).collect();
    let want: Vec<_> = NAMES.iter().copied().zip(SAID.iter().copied()).collect();
    assert_eq!(shown, want, "{page}");
    assert!(posts.iter().all(|post| post.time_shown.is_some()), "{posts:#?}");
    posts
}

fn all(post: impl Fn(usize, &str, &str) -> String) -> String {
    (0..SAID.len()).map(|at| post(at, NAMES[at], SAID[at])).collect()
}

/// A head row and a body row for each post, the time in two pieces.
#[test]
fn rows_of_a_table_in_turn() {
    let rows = all(|at, name, said| {
        format!(
            "<tr><td class='head l'><a name={at}88></a><a href='/t/9#{at}88'>Re: Tide table</a> by <a href='/{name}' class=user>{name}</a>: \
             <span class=s><b>9:0{at}am</b> On <b>Apr 2{at}</b></span></td></tr><tr><td id=pb{at}88 class='body l'><div class=narrow>{said}</div>\
             <p class=s>(<a href='/like'>Like</a>) (Quote)</p></td></tr>"
        )
    });
    check(&format!("<html lang=en><body><h1>Tide table</h1><table summary=posts><tbody>{rows}</tbody></table>"));
}

/// The author's pane shows since when they have been there; that is not when the post was written.
#[test]
fn the_day_somebody_joined_is_no_time_of_a_post() {
    let rows = all(|at, name, said| {
        format!(
            "<tr id=post-{at}5><td class=author><p class=username><a href='/user/{name}/'>{name}</a></p><p>Joined:<br>{at}1 April 2009</p>\
             <p class=posts>Posts: 4{at}</p></td><td class=post><div class=postinfo><a href='/post/{at}5/'>#</a>\n        14 June 2020 10:2{at}\n     </div>\
             <div class=text><p>{said}</p></div></td></tr>"
        )
    });
    let posts = check(&format!("<html lang=en><body><table class=topic><tbody>{rows}</tbody></table>"));
    assert_eq!(posts[1].time.as_deref(), Some("2020-06-14T10:21:00"));
    assert_eq!(posts[1].id.as_deref(), Some("post-15"));
}

/// Ranks, levels and counts that every pane has are no words of the post; the first post stands in a part of its own.
#[test]
fn panes_are_left_out_and_a_first_post_apart_is_found() {
    let post = |at: usize, name: &str, said: &str| {
        let time = if at > 0 {
            format!("<li><a href='#post{at}4' class=on><time datetime='2020-04-2{at}'>{at} weeks ago</time></a></li>")
        } else {
            String::new()
        };
        format!(
            "<div class='post box' id=post{at}4><div class=pane><div class=level>Userlevel {at}</div><div>+{at}</div></div><ul>\
             <li><a href='/members/{name}-3' class='username link'>{name}</a></li><li>Practitioner</li><li>62{at} replies</li>{time}</ul>\
             <div class='content editor'><p>{said}</p></div><div class=tools><a href='#'>Like</a> <a href='#'>Quote</a></div></div>"
        )
    };
    let posts: String = (1..SAID.len()).map(|at| post(at, NAMES[at], SAID[at])).collect();
    check(&format!(
        "<html lang=en><body><div class=top><h1>Tide table</h1><p><time datetime='2020-04-18'>a month ago</time></p>{}</div>\
         <div class=replies>{posts}</div>",
        post(0, NAMES[0], SAID[0])
    ));
}

/// Replies that stand inside what they answer.
#[test]
fn nested_replies_have_their_own_words_and_depth() {
    let open = |at: usize| {
        format!(
            "<div class=node id=c{at}><p class=head><a class=author href='/u/{0}'>{0}</a> {1} hours ago</p><div class=md><p>{2}</p></div>\
             <div class=children>",
            NAMES[at],
            9 - at,
            SAID[at]
        )
    };
    let page = format!(
        "<html lang=en><body><div class=tree>{}{}{}</div></div></div></div></div></div>{}</div></div></div>",
        open(0),
        open(1),
        open(2),
        open(3)
    );
    let posts = check(&page);
    assert_eq!(posts.iter().map(|post| post.depth).collect::<Vec<_>>(), [0, 1, 2, 0]);
    assert_eq!(posts[2].reply_to.as_deref(), Some("c1"));
}

/// Boards that tell only how long ago something was said, in the words of their language.
#[test]
fn times_may_be_told_from_now() {
    for times in [
        ["vor 3 Stunden", "vor 2 Stunden", "vor 50 Minuten", "vor 4 Minuten"],
        ["il y a 3 h", "il y a 2 h", "il y a 50 min", "il y a 4 min"],
        ["3時間前", "2時間前", "50分前", "4分前"],
        ["3 часа назад", "2 часа назад", "50 минут назад", "4 минуты назад"],
        ["Yesterday at 08:30", "Yesterday at 09:31", "Today at 07:02", "Today at 07:15"],
    ] {
        let list = all(|at, name, said| {
            format!(
                "<li class=item><strong class=nick>{name}</strong> <span class=when>{}</span><div class=msg>{said}</div></li>",
                times[at]
            )
        });
        check(&format!("<html><body><ul>{list}</ul>"));
    }
}

/// A signature in something called one is kept apart; what stands before each post's words is left out.
#[test]
fn signatures_and_labels_are_no_words() {
    let list = all(|at, name, said| {
        format!(
            "<div class=item id=r_{at}7><div class=inner><div class=number>{at}</div><strong>{name}</strong> Says:<br>\
             <span class=small><time datetime='2005-06-2{at}T10:00:00Z'>Jun 2{at}, 10:00</time></span><br>{said}\
             <div class=user-signature>Fair winds to {name}</div></div></div>"
        )
    });
    let posts = check(&format!("<html lang=en><body><div class=all>{list}</div>"));
    assert_eq!(posts[3].signature.as_deref(), Some("Fair winds to Lotse 7"));
}

/// Classes that say nothing: the name is what stands right before the time.
#[test]
fn names_may_stand_beside_the_time_unmarked() {
    let list = all(|at, name, said| {
        format!(
            "<div id=p{at}7 class='rounded px-4'><div class='mt-1'><div class=bold>{name} &middot; <span class=sm>03/0{}/2026 19:5{at}</span></div></div>\
             <div class='prose w-full'><p>{said}</p></div></div>",
            at + 1
        )
    });
    check(&format!("<html lang=en><body><div class=list>{list}</div>"));
}

/// Name and time in one text, told apart by the words about them or by labels.
#[test]
fn names_may_stand_in_one_text_with_the_time() {
    let forms: &[fn(usize, &str, &str) -> String] = &[
        |at, name, said| {
            format!(
                "<div class=msg><p>{said}</p><p class=s>Posted by {name} on March {}, 2014 at 09:1{at}</p></div>",
                at + 1
            )
        },
        |at, name, said| {
            format!("<div class=msg><p class=s>{name} wrote on 2014-03-0{} at 09:1{at}:</p><p>{said}</p></div>", at + 1)
        },
        |at, name, said| {
            format!(
                "<a name=reply_{at}></a><table class=post><tr><td class=row><font>&nbsp;Author: {name}<br>&nbsp;Date: 2014-03-0{} 09:1{at}</font>\
                 <br><br><table><tr><td>{said}</td></tr></table></td></tr></table>",
                at + 1
            )
        },
    ];
    for form in forms {
        check(&format!("<html lang=en><body><h1>Tide table</h1>{}</body>", all(form)));
    }
    // Reviews have titles, which are words too.
    let titled = all(|at, name, said| {
        format!(
            "<article class=r><h5>What {name} thinks of it after {at} weeks at sea</h5><p class=s>Written by {name} on Jul {}th 2022</p><p>{said}</p></article>",
            at + 5
        )
    });
    assert!(found(&format!("<html lang=en><body>{titled}</body>")).is_empty());
    // A place and a day are no name and a time.
    let dated =
        all(|at, _, said| format!("<div class=msg><p class=s>Harbour, March {}, 2014</p><p>{said}</p></div>", at + 1));
    assert!(found(&format!("<html lang=en><body>{dated}</body>")).is_empty());
}

/// Each post has a heading that says who wrote it, and the name beside it.
#[test]
fn a_heading_may_name_the_author() {
    let list = all(|at, name, said| {
        format!(
            "<article class=c><header><h2>Comment by {name}</h2><a class=m href='/user/{name}'>{name}</a> \
             <time datetime='2014-03-0{}T09:12:00Z'>9:12</time></header><div class=t><p>{said}</p></div></article>",
            at + 1
        )
    });
    check(&format!("<html lang=en><body><div class=l>{list}</div></body>"));
}

/// Old guestbooks: the words, who and when below them, then a line.
#[test]
fn entries_end_with_their_line() {
    let list = all(|at, name, said| {
        format!(
            "<b>{said}</b><br><a href='mailto:x@y.example'>{name}</a> &lt;<a href='mailto:x@y.example'>x@y.example</a>&gt;<br>\
             Port Anders - Tuesday, March {}, 2014 at 09:12:0{at}<hr>\n",
            at + 4
        )
    });
    let posts =
        check(&format!("<html lang=en><body><h1>Guestbook</h1><p><a href=add.pl>Add to it</a></p>{list}</body>"));
    let times: Vec<_> = posts.iter().filter_map(|post| post.time.as_deref()).collect();
    assert_eq!(times, ["2014-03-04T09:12:00", "2014-03-05T09:12:01", "2014-03-06T09:12:02", "2014-03-07T09:12:03"]);
}

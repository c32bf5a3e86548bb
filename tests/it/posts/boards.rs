//! Boards that mark their posts in ways of their own: what marks more must not lose what marks less gives, and what
//! marks nobody names nobody.

use gleaner::document::{Document, Kind, Post, TextOptions};
use gleaner::extract::{Options, extract};

const NAMES: [&str; 6] = ["Maren", "old_salt", "Lotse 7", "Maren", "keeper", "Joris"];
const SAID: [&str; 6] = [
    "The hull was dry in autumn, but since the last storm there are two fingers of water below the boards each morning.",
    "Have you looked at the plug in the keel?",
    "A plug costs next to nothing, so take a new one while she is on land anyway. I did so in spring after a long search.",
    "Plug and seal are new now, and I have put fat on both.",
    "Thanks!",
    "How long did it take until the wood was tight again? Mine drank for a week before it closed, in much colder water.",
];
const CHINESE: [&str; 6] = [
    "秋天的时候船底还是干的，可是上次暴风雨之后，每天早上木板下面都有两指深的水。",
    "你看过龙骨上的塞子吗？",
    "塞子不值几个钱，船反正在岸上，就换个新的吧。我春天找了很久才找到原因。",
    "塞子和垫圈都换了新的，还涂了油。",
    "谢谢！",
    "木头多久才重新涨紧的？我那条船在更冷的水里泡了一个星期才不漏。",
];

fn read(body: &str) -> Document {
    let page = format!("<!doctype html><html><head><title>The hull</title></head><body>{body}</body></html>");
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn time(at: usize) -> String {
    format!("2024-03-0{} 09:1{at}", at + 4)
}

/// A thread of such posts, made of their number, name and words.
fn thread(post: impl Fn(usize, &str, &str) -> String) -> String {
    let posts: String = (0..SAID.len()).map(|at| post(at, NAMES[at], SAID[at])).collect();
    format!("<h1>The hull</h1><div class=all>{posts}</div>")
}

fn told(posts: &[Post]) -> Vec<(&str, &str, &str)> {
    posts
        .iter()
        .map(|post| (post.author.as_deref().unwrap_or("?"), post.time.as_deref().unwrap_or("?"), post.text.as_str()))
        .collect()
}

/// All posts are there with author, time and words, and their words alone are the text.
fn check(body: &str) -> Document {
    check_said(body, &SAID)
}

fn check_said(body: &str, said: &[&str; 6]) -> Document {
    let document = read(body);
    let times: Vec<String> = (0..6).map(|at| format!("{}:00", time(at).replace(' ', "T"))).collect();
    let want: Vec<_> = (0..6).map(|at| (NAMES[at], times[at].as_str(), said[at])).collect();
    assert_eq!(told(&document.posts), want, "{body}");
    assert_eq!(document.kind, Kind::Thread);
    let text = document.text(TextOptions::default());
    assert!(said.iter().all(|said| text.contains(said)), "{text}");
    document
}

/// Every post was by "Reply", or there were no posts, where the name was no link.
#[test]
fn a_name_without_a_link_is_the_name_and_a_button_is_none() {
    let classes = ["nm", "x1", "name", "who", "posted-by", "message-author", "author-info", "userinfo", "verfasser"];
    let buttons = ["<a href='/r/{}'>Reply</a>", "<a href='/user/{}'>Profile</a>", "<a href='/r/{}'>回复</a>", ""];
    for (class, button) in classes.iter().flat_map(|class| buttons.map(|button| (class, button))) {
        check(&thread(|at, name, said| {
            format!(
                "<div class=item id=p5{at}><div class=side><span class='{class}'>{name}</span><span class=rank>Member</span></div>\
                 <div class=main><div class=dt>{}</div><div class=tx><p>{said}</p></div>{}</div></div>",
                time(at),
                button.replace("{}", &at.to_string())
            )
        }));
    }
}

/// Mails begin with lines that say who wrote them.
#[test]
fn who_stands_behind_from_has_written() {
    for (from, date) in [("From", "Date"), ("Von", "Datum"), ("От", "Дата")] {
        check(&thread(|at, name, said| {
            format!(
                "<div class=mail><div class=h><b>{from}:</b> {name} <br><b>{date}:</b> {}<br><b>Re:</b> hull</div><pre>{said}</pre></div>",
                time(at)
            )
        }));
    }
}

/// `by Maren from the pier on 3 March`: what stands beside the time is not always a name.
#[test]
fn who_stands_behind_by_has_written() {
    check(&thread(|at, name, said| {
        format!(
            "<div class=item><div class=said>{said}</div><div class=line>by <span>{name}</span> from the pier on <time datetime='{}'>March</time></div></div>",
            time(at)
        )
    }));
}

/// What looks like posts without names stays what it is: lists of events, of what happens where, of wares.
#[test]
fn places_and_wares_are_nobodys_names() {
    let rows: [fn(usize) -> String; 3] = [
        |at| {
            format!(
                "<span class=dt>{}</span> <span class=where>{}</span>",
                &time(at)[..10],
                ["Pier", "Mill", "Pier", "Yard", "Mill", "Inn"][at]
            )
        },
        |at| {
            format!(
                "<span class=dt>{}</span> <span class=where>{}</span>",
                time(at),
                ["Pier", "Mill", "Quay", "Yard", "Barn", "Inn"][at]
            )
        },
        |at| {
            format!(
                "<time datetime='{}'>March, 9:10</time> <span class=title>{}</span>",
                time(at),
                ["Rope", "Tar", "Rope", "Plug", "Tar", "Oil"][at]
            )
        },
    ];
    for row in rows {
        let document =
            read(&thread(|at, _, said| format!("<div class=item id=e5{at}>{}<p>{said} {said}</p></div>", row(at))));
        assert_ne!(document.kind, Kind::Thread, "{}", row(0));
        assert!(document.posts.is_empty(), "{}", row(0));
    }
}

/// A class with `edit` or `join` somewhere in it cost the whole thread.
#[test]
fn a_time_is_a_posts_whatever_its_class_contains() {
    for class in ["post-credits", "editorial-line", "joint-meta", "post-date last-edited", "meta"] {
        check(&thread(|at, name, said| {
            format!(
                "<div class=item id=p5{at}><p class='{class}'><a class=user href='/user/{at}'>{name}</a> <span>{}</span></p><div class=tx><p>{said}</p></div></div>",
                time(at)
            )
        }));
    }
}

/// Where the day somebody joined stands in each pane, the posts' own times are the others.
#[test]
fn the_days_of_joining_do_not_hide_the_times_of_posts() {
    let posts = thread(|at, name, said| {
        format!(
            "<table class=line><tr class='item p--5{at}'><td class=row><span class=name><a name=5{at}></a><strong><a href='/u{at}'>{name}</a></strong></span><br>\
             <span class='details profile'>Member<br>Posts : 371<br>Inscription : 05/01/2009</span></td><td class=row><table><tr><td>\
             <span class=details>Sujet: Re: Hull &nbsp; {}</span></td></tr><tr><td><hr></td></tr><tr><td><div class=postbody><div>{said}</div></div></td></tr></table></td></tr></table>",
            time(at)
        )
    });
    check(&posts);
}

/// A board whose first post has other markup than its replies lost them all where that post was long.
#[test]
fn a_long_first_post_in_other_elements_opens_the_thread() {
    let thread = |said: [&str; 6]| {
        let replies: String = (1..6)
            .map(|at| {
                format!(
                    "<li class=p><div><a href='/u/{at}'>{}</a> <span class=when>{}</span></div><div class=m>{}</div></li>",
                    NAMES[at],
                    time(at),
                    said[at]
                )
            })
            .collect();
        format!(
            "<h1>The hull</h1><div class=first><div class=who><a href='/u/0'>{}</a> <span class=when>{}</span></div><div class=msg>{}</div></div>\
             <div class=replies><div class=head><b>Latest replies</b> (5)</div><ul>{replies}</ul></div>",
            NAMES[0],
            time(0),
            said[0]
        )
    };
    let long = SAID[0].repeat(6);
    let mut said = SAID;
    said[0] = &long;
    check_said(&thread(said), &said);
    check_said(&thread(CHINESE), &CHINESE);
}

/// The same board with numbers on its posts lost them all in scripts without spaces.
#[test]
fn numbers_on_posts_lose_none_in_any_script() {
    for id in ["", " id=read_5"] {
        let posts: String = (0..6)
            .map(|at| {
                let id = if id.is_empty() { String::new() } else { format!("{id}{at}") };
                format!(
                    "<div class=floor{id}><div class=name><a href='/u/{at}'>{}</a></div><div class=tips><span class=lou>{}#</span> <span class=fl>发布于：{}</span></div><div class=words>{}</div></div>",
                    NAMES[at],
                    at + 1,
                    time(at),
                    CHINESE[at]
                )
            })
            .collect();
        check_said(&format!("<h1>船底</h1>{posts}"), &CHINESE);
    }
}

/// Posts that say less than the line about them were lost with it.
#[test]
fn a_post_shorter_than_its_head_is_a_post() {
    for short in ["Thanks!", "Yes", "42 or so", "<a href='/guide'>the long guide to keels</a>"] {
        let bare = short.split(['>', '<']).max_by_key(|part| part.len()).unwrap_or_default();
        let bare = if short.starts_with('<') { "the long guide to keels" } else { bare };
        let mut said = SAID;
        said[4] = bare;
        let flat: String = (0..6)
            .map(|at| {
                let words = if at == 4 { short } else { SAID[at] };
                format!("<p><b>{}</b> - {}</p><p>{words}</p><hr>", NAMES[at], time(at))
            })
            .collect();
        check_said(&format!("<h1>The hull</h1><div class=list>{flat}</div>"), &said);
    }
}

/// Replies in lists without a class, each in what it answers.
#[test]
fn replies_in_bare_lists_nest() {
    let open = |at: usize| {
        format!(
            "<li><div class=hd><a class=nick href='/u/{at}'>{}</a> <time datetime='{}'>March</time></div><div class=bd>{}</div>",
            NAMES[at],
            time(at),
            SAID[at]
        )
    };
    let body = format!(
        "<h1>The hull</h1><ul>{}<ul>{}<ul>{}</li></ul></li>{}</li></ul></li>{}</li>{}</li></ul>",
        open(0),
        open(1),
        open(2),
        open(3),
        open(4),
        open(5)
    );
    let document = check(&body);
    assert_eq!(document.posts.iter().map(|post| post.depth).collect::<Vec<_>>(), [0, 1, 2, 1, 0, 0]);
}

/// Some threads hold few words, each post one or two.
#[test]
fn a_marked_board_may_say_little() {
    let said = ["Anyone selling a plug for an old keel?", "Yes", "PM sent", "Sold.", "Damn, too late", "Sorry mate"];
    let posts: String = (0..6)
        .map(|at| {
            format!(
                "<div class=post id=p5{at}><div><a href='/u/{at}'>{}</a> <span>{}</span></div><div class=b>{}</div></div>",
                NAMES[at],
                time(at),
                said[at]
            )
        })
        .collect();
    check_said(&format!("<h1>The hull</h1>{posts}"), &said);
}

/// Where nobody has a name, numbers that lead to their posts make them posts.
#[test]
fn a_board_of_the_nameless_is_a_thread() {
    let document = read(&thread(|at, _, said| {
        format!(
            "<div class='msg reply' id=p50{at}><div class=info><span class=name>Anonymous</span> <span class=dateTime>{}</span> \
             <a href='#p50{at}'>No.</a><a href='#q50{at}'>50{at}</a></div><blockquote class=words>{said}</blockquote></div>",
            time(at)
        )
    }));
    assert_eq!((document.kind, document.posts.len()), (Kind::Thread, 6));
    assert!(document.posts.iter().zip(SAID).all(|(post, said)| post.text == said));
}

/// A picture of a clock stood between a time and its title; day and hour may have an element each.
#[test]
fn times_are_read_beside_signs_and_in_pieces() {
    let shown: [fn(usize) -> String; 2] = [
        |at| format!("<div class=on title='{}'><i class='far fa-clock'></i> 2 years ago</div>", time(at)),
        |at| format!("<div class=dia>{}</div><div class=hora>{}</div>", &time(at)[..10], &time(at)[11..]),
    ];
    for shown in shown {
        check(&thread(|at, name, said| {
            format!(
                "<div class=post id=p5{at}><div><a class=user href='/user/{at}'>{name}</a></div>{}<div class=tx><p>{said}</p></div></div>",
                shown(at)
            )
        }));
    }
}

fn article() -> String {
    format!("<article><h1>The quay opens</h1><p>{} {} {}</p></article>", SAID[0], SAID[2], SAID[5])
}

fn below(heading: &str, one: impl Fn(usize) -> String) -> Document {
    let all: String = (0..6).map(one).collect();
    read(&format!("<main>{}<section class=box><h2>{heading}</h2>{all}</section></main>", article()))
}

const ANSWERS: [&str; 6] = [
    "What a relief, my children asked every week.",
    "It leaked even in my days there.",
    "Does anyone know if the crane is back?",
    "It is, I saw it on Saturday.",
    "Thanks.",
    "Nine is late enough for those of us who work.",
];

/// Comments that no word names are told by what they are; in the article's text they are no words of it.
#[test]
fn comments_need_no_name() {
    for heading in ["6 responses", "What readers say", "Diskuze", "التعليقات (6)", "Hozzászólások", ""] {
        let document = below(heading, |at| {
            format!(
                "<div class=row id=r50{at}><div class=a><a href='/user/{at}'>{}</a> <span class=d>{}</span></div><div class=t><p>{}</p></div></div>",
                NAMES[at],
                time(at),
                ANSWERS[at]
            )
        });
        assert_eq!(document.posts.len(), 6, "{heading}");
        assert_ne!(document.kind, Kind::Thread, "{heading}");
        let text = document.text(TextOptions::default());
        assert!(text.contains(SAID[2]) && !text.contains(ANSWERS[2]), "{heading}: {text}");
    }
}

/// What else stands below an article by somebody is not said of it.
#[test]
fn teasers_below_an_article_are_no_comments() {
    let document = below("More", |at| {
        format!(
            "<div class=row id=post-50{at}><div><a href='/news/{at}'>{}</a></div><div class=a>By <a href='/author/{at}'>{}</a> <span class=d>{}</span></div></div>",
            ANSWERS[at],
            NAMES[at],
            &time(at)[..10]
        )
    });
    assert!(document.posts.is_empty(), "{:#?}", told(&document.posts));
}

/// Times may stand last, below the words they are of.
#[test]
fn a_comment_ends_with_its_time() {
    let all: String = (0..6)
        .map(|at| {
            format!(
                "<dt class=comment-author id=c50{at}><a href='http://b{at}.example/'>{}</a> said...</dt><dd class=comment-body><p>{}</p></dd>\
                 <dd class=comment-footer><span class=ts><a href='#c50{at}'>{}</a></span></dd>",
                NAMES[at],
                ANSWERS[at],
                time(at)
            )
        })
        .collect();
    let document =
        read(&format!("<main>{}<div id=comments><h4>6 comments:</h4><dl>{all}</dl></div></main>", article()));
    let times: Vec<String> = (0..6).map(|at| format!("{}:00", time(at).replace(' ', "T"))).collect();
    let want: Vec<_> = (0..6).map(|at| (NAMES[at], times[at].as_str(), ANSWERS[at])).collect();
    assert_eq!(told(&document.posts), want);
}

/// An answer that is shown below the question too is one post, in its turn.
#[test]
fn a_post_that_is_shown_twice_is_one() {
    let post = |at: usize| {
        format!(
            "<article class='message message--post js-post' data-author='{}' data-content=post-5{at} id=js-post-5{at}>\
             <div class=message-userDetails><h4 class=message-name><a class=username href='/members/{at}/'>{0}</a></h4></div>\
             <div class=message-attribution><a href='/threads/hull.44/post-5{at}'><time datetime='{}:00' class=u-dt>March</time></a></div>\
             <div class=message-content><div class=message-body><div class=bbWrapper>{}</div></div></div></article>",
            NAMES[at],
            time(at).replace(' ', "T"),
            SAID[at]
        )
    };
    let all = [0, 3, 1, 2, 3, 4, 5].map(post).concat();
    let page = format!(
        "<!doctype html><html id=XF data-app=public data-template=thread_view><head><title>The hull</title></head><body><h1 class=p-title-value>The hull</h1><div class=block-body>{all}</div></body></html>"
    );
    let document = extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default());
    let shown: Vec<_> = document.posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(shown, SAID);
    assert_eq!(document.posts.iter().map(|post| post.position).collect::<Vec<_>>(), (1..=6).collect::<Vec<_>>());
    assert_eq!(document.text(TextOptions::default()).matches(SAID[3]).count(), 1);
}

/// What a moderator took away has no author and no words.
#[test]
fn a_post_that_is_gone_is_none() {
    let post = |at: usize, name: &str, said: &str| {
        format!(
            "<div class=post id=p5{at}><div><a class=user href='/user/{at}'>{name}</a></div><div class=dt>{}</div><div class=tx><p>{said}</p></div></div>",
            time(at)
        )
    };
    let gone = "<div class='post deleted' id=p9><div class=dt>2024-03-06 10:00</div><div class=tx>This post was taken away.</div></div>";
    check(&thread(|at, name, said| format!("{}{}", post(at, name, said), if at == 2 { gone } else { "" })));
}

//! Forms that boards and guestbooks have, and lists that look like them.

use super::{NAMES, SAID};
use gleaner::document::{Document, Kind, Post, TextOptions};
use gleaner::extract::{Options, extract};

fn read(body: &str) -> Document {
    let page = format!("<!doctype html><html lang=en><head><title>The sluice</title></head><body>{body}</body></html>");
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

/// An entry by its place, its author and its words.
type Form = fn(usize, &str, &str) -> String;

/// Six entries, the people come back.
fn all(entry: impl Fn(usize, &str, &str) -> String) -> String {
    (0..6).map(|at| entry(at, NAMES[at % 4], &said(at))).collect()
}

fn said(at: usize) -> String {
    match at {
        0..4 => SAID[at].to_owned(),
        4 => "The pond is low again, and the eels lie in the mud by the old wheel.".to_owned(),
        _ => "Then bring your long boots on Sunday, and a bucket for each of us.".to_owned(),
    }
}

/// Each post has its author and its words alone, and its words are in the page's text.
fn check(form: &str, document: &Document) {
    let shown = |post: &Post| {
        (post.author.clone().unwrap_or_default(), post.text.replace('\n', " "), post.time_shown.is_some())
    };
    let found: Vec<_> = document.posts.iter().map(shown).collect();
    let want: Vec<_> = (0..6).map(|at| (NAMES[at % 4].to_owned(), said(at), true)).collect();
    assert_eq!(found, want, "{form}");
    let text = document.text(TextOptions::default()).replace('\n', " ");
    assert!((0..6).all(|at| text.contains(&said(at))), "{form}: {text}");
}

#[test]
fn a_name_is_read_without_rank_badge_and_time() {
    let heads: [fn(usize, &str) -> String; 5] = [
        |at, name| {
            format!(
                "<ul class=p_author><li><a class=p_author_name href='/home?un={at}'>{name}</a></li>\
                 <li><a class=user_badge><div>Newcomer</div><div>3</div></a></li></ul><i>2024-03-0{} 10:1{at}</i>",
                at + 1
            )
        },
        |at, name| {
            format!(
                "<a href='/users/{at}'><span>{name}</span><div><span>3 notes</span><span>GB</span></div></a>\
                 <i>2024-03-0{} 10:1{at}</i>",
                at + 1
            )
        },
        |at, name| {
            format!(
                "<span class=author>{name} <span class=user-rank>Warden</span></span><i>2024-03-0{} 10:1{at}</i>",
                at + 1
            )
        },
        |at, name| format!("<p class=by>{name}, 2024-03-0{} 10:1{at}</p>", at + 1),
        |at, name| format!("<div><font>&nbsp;{name}<br>&nbsp;2024-03-0{} 10:1{at}</font></div>", at + 1),
    ];
    for head in heads {
        let page = all(|at, name, said| {
            format!("<div class=msg id=p{at}>{}<div class=words>{said}</div></div>", head(at, name))
        });
        check(&page, &read(&format!("<h1>The sluice</h1>{page}")));
    }
}

#[test]
fn labels_of_a_form_name_people_and_are_no_words() {
    let forms: [Form; 5] = [
        |at, name, said| {
            let label = if at == 0 { "楼主" } else { "作者" };
            format!(
                "<div class=item id={at}><div><span>{label}：<a class=check href='http://people.example/{}'>{name}</a></span>\
                 <span>时间：2024-03-0{} 10:1{at}:00</span></div><div class=words>{said}</div></div>",
                at % 4,
                at + 1
            )
        },
        |at, name, said| {
            format!(
                "<hr><b>[{at}] Eels in the pond</b> &nbsp; Name: <b>{name}</b> &nbsp; Date: 2024/03/0{}(Mon) 10:1{at}\
                 <blockquote>{said}</blockquote>",
                at + 1
            )
        },
        |at, name, said| {
            format!(
                "<table class=gb><tr><th>Name</th> <td>{name}</td></tr><tr><th>From</th><td>The mill</td></tr>\
                 <tr><th>Date</th><td>2024-03-0{} 10:1{at}</td></tr><tr><th>Message</th><td>{said}</td></tr></table>",
                at + 1
            )
        },
        |at, name, said| {
            format!(
                "<div class=gb><p><b>Name:</b> {name}</p><p><b>Date:</b> 2024-03-0{} 10:1{at}</p>\
                 <p><b>Comments:</b> {said}</p></div>",
                at + 1
            )
        },
        |at, name, said| {
            format!(
                "<p><b>Name:</b> {name}<br><b>Date:</b> 2024-03-0{} 10:1{at}<br><b>Comments:</b> {said}</p><hr>",
                at + 1
            )
        },
    ];
    for form in forms {
        let page = all(form);
        check(&page, &read(&format!("<h1>Guestbook</h1>{page}")));
    }
}

/// Two labels in each entry part what is said there.
#[test]
fn labels_that_part_the_words_stay() {
    let page = all(|at, name, said| {
        format!(
            "<div class=review id=r{at}><b class=author>{name}</b> <i>2024-03-0{} 10:1{at}</i>\
             <div class=words><b>Good:</b> {said}<br><b>Bad:</b> the {name} of it</div></div>",
            at + 1
        )
    });
    let document = read(&page);
    assert_eq!(document.posts.len(), 6);
    assert!(document.posts.iter().all(|post| post.text.starts_with("Good: ") && post.text.contains("Bad: ")));
}

#[test]
fn bare_words_are_signed_below_them() {
    let page = all(|at, name, said| {
        let said = said.replacen(", ", ",<br>", 1);
        format!(
            "\n{said}<br>\n<a href='http://mill{at}.example'>{name}</a> &lt;<a href='mailto:p{}@mill.example'>p{}@mill.example</a>&gt;<br>\n\
             Millbrook, The Vale - Monday, March 0{}, 2024 at 09:1{at}:00 <hr>",
            at % 4,
            at % 4,
            at + 1
        )
    });
    check(&page, &read(&format!("<h1>Guestbook</h1><hr>{page}")));
}

/// Where nobody gives a name, all have the board's; what one editor writes is no thread.
#[test]
fn people_without_names_are_several() {
    let page = |name: &str, form: Form| all(|at, _, said| form(at, name, said));
    let forms: [Form; 2] = [
        |at, name, said| {
            format!(
                "<div class=item><div class=h><span class=n>{name}</span> <span class=d>2024-03-0{} 10:1{at}</span></div>\
                 <div class=c>{said}</div></div>",
                at + 1
            )
        },
        |at, name, said| {
            format!(
                "<div id={at} class='clear block'><div><span>000{at}</span><span class=blockusername><b>{name}</b></span></div>\
                 <span class=date>2024/03/0{} 10:1{at}:00</span><div class=content>{said}</div></div>",
                at + 1
            )
        },
    ];
    for form in forms {
        for name in ["Anonymous", "名無しさん@川辺", "Guest"] {
            let document = read(&page(name, form));
            let found: Vec<_> = document.posts.iter().map(|post| (post.author.as_deref(), post.text.clone())).collect();
            assert_eq!(found, (0..6).map(|at| (Some(name), said(at))).collect::<Vec<_>>());
            assert_eq!(document.kind, Kind::Thread);
        }
        assert_eq!(read(&page("News desk", form)).posts, []);
    }
}

#[test]
fn a_heading_that_names_who_comments_is_no_title() {
    for (name, heading) in [("wrench", "wrench님의 댓글"), ("철수", "철수님의 댓글"), ("wrench", "wrench: a comment")]
    {
        let page = all(|at, _, said| {
            format!(
                "<article id=c_{at}><header><h2>{}</h2><a class=member href='/profile?id={at}'>{name}{at}</a> \
                 <time datetime='2024-03-0{}T10:1{at}:00Z'>10:1{at}</time></header><div class=words>{said}</div></article>",
                heading.replace(name, &format!("{name}{at}")),
                at + 1
            )
        });
        assert_eq!(read(&page).posts.len(), 6, "{heading}");
    }
}

/// A page that declares nothing had its comments, or not, by how long its article was.
#[test]
fn comments_under_an_article_of_any_length_are_found() {
    let comments = all(|at, name, said| {
        format!(
            "<li><div class=cm><a class=u href='/u/{name}'>{name}</a> <time datetime='2024-03-0{}T10:1{at}:00Z'>long ago</time>\
             <div class=t><p>{said}</p></div><a href='#'>reply</a></div></li>",
            at + 1
        )
    });
    for paragraphs in [4, 6, 8, 12] {
        let article: String = (0..paragraphs)
            .map(|at| {
                format!(
                    "<p>The parish opened weir number {at} on Friday after three years of work, and the warden said in a \
                     speech that lasted for over an hour that no pond in the vale would ever run dry again.</p>"
                )
            })
            .collect();
        let document = read(&format!(
            "<article><h1>New weirs</h1>{article}</article><h3>Comments (6)</h3><ul class=cl>{comments}</ul>"
        ));
        assert_eq!(document.posts.len(), 6, "{paragraphs}");
        assert_eq!(document.kind, Kind::Article, "{paragraphs}");
        let text = document.text(TextOptions::default());
        assert!(text.contains("weir number 3") && !text.contains(SAID[0]), "{text}");
    }
}

/// Comments that microdata call so took the place of an article that declares nothing.
#[test]
fn what_is_typed_as_comments_stands_under_an_article() {
    let said_by = |kind: &str| {
        all(|at, name, said| {
            format!(
                "<div itemscope itemtype='https://schema.org/{kind}'><span itemprop=author>{name}</span> \
                 <time itemprop=dateCreated datetime='2024-03-0{}T10:1{at}:00Z'>long ago</time><div itemprop=text>{said}</div></div>",
                at + 1
            )
        })
    };
    let article: String = (0..12)
        .map(|at| {
            format!(
                "<p>The parish opened weir number {at} on Friday after three years of work, and the warden said in a \
                 speech that lasted for over an hour that no pond in the vale would ever run dry again.</p>"
            )
        })
        .collect();
    let page = |kind: &str, above: &str| read(&format!("{above}<section id=below>{}</section>", said_by(kind)));
    let document = page("Comment", &format!("<article><h1>New weirs</h1>{article}</article>"));
    assert_eq!((document.kind, document.posts.len()), (Kind::Article, 6));
    let text = document.text(TextOptions::default());
    assert!(text.contains("weir number 11") && !text.contains(SAID[0]), "{text}");
    // Boards and question pages type their posts so too, and a page may have nothing but comments.
    for (kind, above) in [
        ("Answer", format!("<article><h1>New weirs?</h1>{article}</article>")),
        ("Comment", "<h1>New weirs</h1>".to_owned()),
        (
            "Comment",
            format!(
                "<article itemscope itemtype='https://schema.org/DiscussionForumPosting'><h1>New weirs</h1><div itemprop=text>{article}</div></article>"
            ),
        ),
        (
            "Comment",
            format!(
                "<script type='application/ld+json'>{{\"@type\": \"DiscussionForumPosting\"}}</script><article><h1>New weirs</h1>{article}</article>"
            ),
        ),
    ] {
        let document = page(kind, &above);
        let text = document.text(TextOptions::default());
        assert!(document.kind == Kind::Thread && text.contains(SAID[0]), "{kind} {above}: {text}");
    }
}

#[test]
fn times_told_in_brief_are_times() {
    let page = |time: &str| {
        all(|at, name, said| {
            let time = time.replace('#', &format!("{}", at + 2));
            format!("<div class=p><a class=n href='/user/{at}'>{name}</a> {time}<div class=m>{said}</div></div>")
        })
    };
    for time in ["<a href='/p/10#'>#w</a>", "<span class=when>#h</span>", "<time>#m</time>"] {
        check(time, &read(&page(time)));
    }
    // Weights, ages, lengths.
    for length in
        ["<a href='/p/10#'>#kg</a>", "<span>#y</span>", "<span class=len>#m</span>", "<i class=cook-time>#h</i>"]
    {
        assert_eq!(read(&page(length)).posts, [], "{length}");
    }
}

/// The words of a thread's title, short posts that many write, and addresses do not cost it.
#[test]
fn threads_are_kept_whatever_they_say() {
    for title in ["How to join two tables", "Joined", "Credit and last login"] {
        let rows = all(|at, name, said| {
            format!(
                "<tr id=p10{at}><td><a href='/user/{at}'>{name}</a><br>2024-03-0{} 10:1{at}</td><td>{said}</td></tr>",
                at + 1
            )
        });
        for span in ["colspan=2", ""] {
            let page = format!("<h1>{title}</h1><table><tr><th {span}>{title}</th></tr>{rows}</table>");
            assert_eq!(read(&page).posts.len(), 6, "{page}");
        }
    }
    let short = all(|at, name, said| {
        let said = if at % 4 == 0 { said } else { "Rest in peace" };
        format!(
            "<div class=entry id=e1{at}><a class=author href='/user/{at}'>{name} {at}</a> <span class=date>2024-03-1{at} 10:1{at}</span>\
             <div class=words>{said}</div></div>"
        )
    });
    assert_eq!(read(&format!("<h1>Condolences</h1>{short}")).posts.len(), 6);
}

const THINGS: [&str; 6] = ["Summer camp", "River day", "Mill fair", "Eel night", "Boat race", "Harvest home"];

#[test]
fn lists_with_names_and_times_are_no_threads() {
    let lists: [(&str, Form); 28] = [
        ("<table>", |at, name, said| {
            format!(
                "<tr><td><a href='/t/{at}'>{}</a><br>by <a href='/u/{name}'>{name}</a> » {} Mar 2024, 10:1{at}</td>\
                 <td>{at}</td><td>9{at}</td><td>by <a href='/u/x{at}'>Wanda</a><br>{} Mar 2024, 11:1{at}</td></tr>",
                said.split(',').next().unwrap_or_default(),
                at + 1,
                at + 2
            )
        }),
        ("<table><tr><th>Member</th><th>Last visit</th><th>About</th></tr>", |at, name, said| {
            format!(
                "<tr><td><a href='/u/{name}'>{name}</a></td><td>{} Mar 2024, 10:1{at}</td><td>{said}</td></tr>",
                at + 1
            )
        }),
        ("<div>", |at, name, said| {
            format!("<div class=gig id=g{at}><p>{name}, {} March 2024 20:0{at}</p><p>{said}</p></div>", at + 1)
        }),
        ("<div>", |at, _, said| {
            format!(
                "<div class=entry id=e{at}><span class=by>Posted on</span> <span>{} March 2024 10:1{at}</span><p>{said}</p></div>",
                at + 1
            )
        }),
        ("<div>", |at, _, said| {
            format!("<div class=release id=v1-{at}><b>1.{at}.0</b> ({} March 2024)<p>{said}</p></div>", at + 1)
        }),
        ("<div>", |at, name, said| {
            format!(
                "<div class=hit><h3><a href='/n/{at}'>The {name} of the week</a></h3><span class=byline>{name}, {} March 2024</span><p>{said}</p></div>",
                at + 1
            )
        }),
        // A name may be that of anything, with a day or with a time of day.
        ("<div>", |at, _, said| {
            format!(
                "<table><tr><th>Name</th><td>{}</td></tr><tr><th>Date</th><td>{} March 2024</td></tr>\
                 <tr><th>Description</th><td>{said}</td></tr></table>",
                THINGS[at],
                at + 1
            )
        }),
        ("<div>", |at, _, said| {
            format!(
                "<dl><dt>Name</dt><dd>{}</dd><dt>Date</dt><dd>2024-03-0{} 10:1{at}</dd><dt>Changes</dt><dd>{said}</dd></dl>",
                THINGS[at],
                at + 1
            )
        }),
        ("<div>", |at, _, said| {
            format!(
                "<dl><dt>Name</dt><dd>{}</dd><dt>Born</dt><dd>{} March 195{at}</dd><dt>About</dt><dd>{said}</dd></dl>",
                THINGS[at],
                at + 1
            )
        }),
        ("<div>", |at, name, said| {
            format!(
                "<div class=post id=post-12{at}><p class=meta>{}, {} March 2024 10:1{at}</p><p>{said}</p></div>",
                if at % 2 == 0 { "Hamburg" } else { name },
                at + 1
            )
        }),
        ("<div>", |at, _, said| {
            format!(
                "<div class=item><div class=h><span class=n>Guest post</span> <span class=d>2024-03-0{} 10:1{at}</span></div>\
                 <div class=c>{said}</div></div>",
                at + 1
            )
        }),
        ("<div>", |at, _, said| {
            format!(
                "<div class=item><div class=h><span class=n>游客须知</span> <span class=d>2024-03-0{} 10:1{at}</span></div>\
                 <div class=c>{said}</div></div>",
                at + 1
            )
        }),
        // Labels of things, files, versions, flights, matches, what is for sale or to be, the days people were born on.
        ("<div>", |at, _, said| {
            format!("<div class=row>File name: <b>eels-{at}.zip</b> Date: 1{at} Mar 2021<br>{said}</div>")
        }),
        ("<div>", |at, _, said| {
            format!("<div class=row>Project: <b>{}</b> <i>1{at} Mar 2021 10:1{at}</i><p>{said}</p></div>", THINGS[at])
        }),
        ("<div>", |at, _, said| {
            format!(
                "<dl><dt>File:</dt><dd><b>eels {at}</b></dd><dt>Date:</dt><dd>2021-03-1{at} 10:1{at}</dd>\
                 <dt>Notes:</dt><dd>{said}</dd></dl>"
            )
        }),
        ("<ul>", |at, _, said| {
            format!(
                "<li><strong>v1.{at}.0-beta</strong> <time datetime='2021-03-1{at}T10:1{at}:00Z'>1{at} Mar</time><p>{said}</p></li>"
            )
        }),
        ("<table>", |at, _, said| {
            format!("<tr id=f{at}><td><b>eels-{at}.pdf</b></td><td>2021-03-1{at} 10:1{at}</td><td>{said}</td></tr>")
        }),
        ("<div>", |at, name, said| {
            format!("<div><b>MV 04{at}</b> to <i>{name}</i> <span>1{at} Mar 2021 10:1{at}</span><p>{said}</p></div>")
        }),
        ("<div>", |at, name, said| {
            format!("<div class=fixture><span>1{at} Mar 2021 20:1{at}</span> <b>{name}</b> {at}:1<p>{said}</p></div>")
        }),
        ("<div>", |at, _, said| {
            format!("<div class=p><h3>Ann {}</h3><p>born 1{at} March 1970</p><p>{said}</p></div>", THINGS[at])
        }),
        ("<div>", |at, _, said| {
            format!(
                "<div class=lot id=l1{at}><b>{}</b> <span>1{at} Mar 2021 10:1{at}</span><p>{said}</p></div>",
                THINGS[at]
            )
        }),
        ("<ul>", |at, _, said| {
            format!(
                "<li class=a><b>{}</b> <span>1{at} March 2021, {}</span> <p>{said}</p></li>",
                THINGS[at],
                ["20:00", "19:30"][at % 2]
            )
        }),
        ("<div>", |at, _, said| {
            format!("<div class=job><b>Miller at {}</b> <i>1{at} Mar 2021</i><p>{said}</p></div>", THINGS[at])
        }),
        ("<div>", |at, _, said| format!("<div><b>Act {at}/2021</b> <i>1{at} March 2021</i><p>{said}</p></div>")),
        ("<table>", |at, _, _| {
            format!(
                "<tr><td><b>{}</b></td><td>1{at} Mar 2021 10:1{at}</td><td>{at} °C</td><td>wind from the west, rain later on</td></tr>",
                THINGS[at]
            )
        }),
        // Builds and tickets have numbers and seconds; agencies stand before brackets, and come back.
        ("<div>", |at, _, said| {
            format!("<div class=row><b>#34{at}</b> <span>2024-03-01 10:1{at}:07</span><p>{said}</p></div>")
        }),
        ("<table>", |at, _, said| format!("<tr><td>#34{at}</td><td>2024-03-01 10:1{at}:07</td><td>{said}</td></tr>")),
        ("<div>", |at, _, said| {
            let agency = ["Reuters", "Berlin", "Main stage"][at % 3];
            format!("<div><p>{agency} (1{at} March 2024 10:1{at})</p><p>{said}</p></div>")
        }),
    ];
    for (head, list) in lists {
        let page = format!("<h1>The vale</h1>{head}{}", all(list));
        assert_eq!(read(&page).posts, [], "{page}");
    }
}

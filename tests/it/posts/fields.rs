//! Who wrote a post, when, and what is none of its words, where a board writes that in ways of its own.

use gleaner::document::{Document, Kind, Post, PostView, Quotes, TextOptions};
use gleaner::extract::{Options, extract};

use super::{NAMES, SAID};

fn read(title: &str, body: &str) -> Document {
    let page = format!("<!doctype html><html lang=en><head><title>{title}</title></head><body>{body}</body></html>");
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

/// What a post shows: `None` for what a board does not show of it.
type Shown<'p> = (Option<&'p str>, Option<&'p str>, &'p str);

fn shown(post: &Post) -> Shown<'_> {
    (post.author.as_deref(), post.time.as_deref(), &post.text)
}

/// Five posts of four people, the first of whom comes back, by that template.
fn board(post: impl Fn(usize, &str, &str) -> String) -> Document {
    let posts: String = (0..5).map(|at| post(at, NAMES[at % 4], said(at))).collect();
    read("The sluice", &format!("<h1>The sluice</h1><div id=list>{posts}</div>"))
}

fn said(at: usize) -> &'static str {
    SAID.get(at).copied().unwrap_or("Then bring your long boots on Sunday, and a bucket for each of us.")
}

/// Each has its author, its words alone, and that day and time.
fn check(form: &str, document: &Document, time: impl Fn(usize) -> String) {
    let found: Vec<Shown<'_>> = document.posts.iter().map(shown).collect();
    let times: Vec<String> = (0..5).map(time).collect();
    let want: Vec<Shown<'_>> = (0..5).map(|at| (Some(NAMES[at % 4]), Some(times[at].as_str()), said(at))).collect();
    assert_eq!(found, want, "{form}");
    let text = document.text(TextOptions::default());
    assert!((0..5).all(|at| text.contains(said(at))), "{form}: {text}");
}

#[test]
fn a_line_that_signs_the_words_is_none_of_them() {
    let document = board(|at, name, words| {
        format!(
            "<a name=50{at}></a><div class=comments id=c50{at}>{words}<br><span class=small>posted by <a href='/user/{at}'>{name}</a> \
             at <a href='#50{at}'>{}:1{at} {}</a> on March {}, 2024 <span id=fav{at}>[<a href=f>{at} favorites</a>]</span></span></div><br>",
            at + 7,
            if at % 2 == 0 { "AM" } else { "PM" },
            at + 4
        )
    });
    let hour = |at: usize| at + 7 + at % 2 * 12;
    check("signed below", &document, |at| format!("2024-03-0{}T{:02}:1{at}:00", at + 4, hour(at)));
    // Whoever thanks somebody on a day ends with words of his own.
    let thanks = "Nothing more to say of it.<br>Many thanks to old Lotse for the rope he lent to us on the day before.";
    let document = board(|at, name, words| {
        format!(
            "<div class=comments id=c50{at}><a href='/user/{at}'>{name}</a> <i>2024-03-0{} 09:1{at}</i><p>{words}<br>{thanks}</p></div>",
            at + 4
        )
    });
    assert!(document.posts.iter().all(|post| post.text.ends_with("the day before.")), "{:?}", document.posts);
}

#[test]
fn a_number_beside_a_name_is_none() {
    let document = board(|at, name, words| {
        format!(
            "<li id=tree_{at} class=entry><div class=details><span class=by>by</span> <a href='//s/~{}'>{name}</a> \
             <span class=uid>( 41{}7 )</span> <span class=when>on Monday March {}, 2024 @09:1{at}AM</span></div>\
             <div class=words>{words}</div></li>",
            at % 4,
            at % 4,
            at + 4
        )
    });
    check("by", &document, |at| format!("2024-03-0{}T09:1{at}:00", at + 4));
}

#[test]
fn a_sentence_that_names_the_author_is_no_name() {
    for (before, behind) in
        [("Post by ", " on "), ("Posted by: ", ""), ("Beitrag von ", " am "), ("Message de ", " le ")]
    {
        let document = board(|at, name, words| {
            format!(
                "<table id=post-{at} class='post item'><tr><td class=pane><a class=user-link href='/user/{at}'>{name}</a><br>Newcomer</td>\
                 <td><div class=info><span class=author>{before}{name}{behind}</span><span class=date>Mar {}, 2024 09:1{at}</span>\
                 </div><div class=message>{words}</div></td></tr></table>",
                at + 4
            )
        });
        check(before, &document, |at| format!("2024-03-0{}T09:1{at}:00", at + 4));
        assert_eq!(document.posts[1].author_url.as_deref(), Some("/user/1"), "{before}");
    }
}

/// One who is called so and writes most is nobody else's lead.
#[test]
fn a_bold_name_that_begins_like_such_a_sentence_is_whole() {
    let who = |at| if at == 1 || at == 4 { "Maren" } else { "Message de Paix" };
    let document = board(|at, _, words| {
        format!("<div class=msg><p><b>{}</b> 2024-03-0{} 09:1{at}</p><p>{words}</p></div>", who(at), at + 4)
    });
    let names: Vec<_> = document.posts.iter().map(|post| post.author.as_deref().unwrap_or_default()).collect();
    assert_eq!(names, (0..names.len()).map(who).collect::<Vec<_>>());
    assert_eq!(names.len(), 5);
}

/// So it is where the whole line is bold; a name that only one of them begins with such words is as it is.
#[test]
fn a_bold_sentence_that_names_the_author_is_no_name() {
    for (lead, all, want) in [
        ("Posted by ", true, "old_salt"),
        ("Geschrieben von ", true, "old_salt"),
        ("Message de ", false, "Message de old_salt"),
    ] {
        let document = board(|at, name, words| {
            let lead = if all || at == 1 { lead } else { "" };
            format!("<div class=msg><p><b>{lead}{name}</b> 2024-03-0{} 09:1{at}</p><p>{words}</p></div>", at + 4)
        });
        let names: Vec<_> = document.posts.iter().map(|post| post.author.as_deref().unwrap_or_default()).collect();
        assert_eq!(names, ["Maren", want, "Lotse", "keeper", "Maren"], "{lead}");
    }
}

#[test]
fn who_is_addressed_politely_is_called_without() {
    let people = ["海辺", "山田屋", "tinpot", "かねこ"];
    let thread = |end: &str| {
        board(|at, _, words| {
            format!(
                "<div id=a{at} class=answer><p class=user-name><a href='/user/{}'>{}{end}</a></p><p class=date>2024/3/{} 9:1{at}</p><p class=text>{words}</p></div>",
                at % 4,
                people[at % 4],
                at + 4
            )
        })
    };
    for end in ["", "さん", "様", "님"] {
        let names: Vec<String> = thread(end).posts.into_iter().filter_map(|post| post.author).collect();
        assert_eq!(names, ["海辺", "山田屋", "tinpot", "かねこ", "海辺"], "{end}");
    }
}

#[test]
fn a_time_told_from_now_is_read_where_it_is_stated() {
    let heads: [fn(usize) -> String; 3] = [
        |at| {
            format!(
                "<a class=line href='/t?at={at}' title='2024-03-0{}T09:1{at}:00Z in the line'>7 years ago</a>",
                at + 4
            )
        },
        |at| {
            format!(
                "<a class=line href='/t?at={at}'><span title='2024-03-0{}T09:1{at}:00Z'>7 years ago</span></a>",
                at + 4
            )
        },
        |at| format!("<span class=line title='2024-03-0{}T09:1{at}:00Z'><b>7 years ago</b></span>", at + 4),
    ];
    for (form, head) in heads.iter().enumerate() {
        let document = board(|at, name, words| {
            format!(
                "<div class=change id=change-{at}><h3><span><a href='#comment:{at}'>comment:{at}</a> by <span class=author>{name}</span>, {}</span></h3>\
                 <div class=words><p>{words}</p></div></div>",
                head(at)
            )
        });
        check(&form.to_string(), &document, |at| format!("2024-03-0{}T09:1{at}:00Z", at + 4));
        assert_eq!(document.posts[1].time_shown.as_deref(), Some("7 years ago"), "{form}");
    }
}

#[test]
fn a_first_post_with_a_head_of_its_own_has_its_own_time() {
    let document = read(
        "The sluice",
        &format!(
            "<table><tr><th>Reported:</th><td>2024-03-04 09:10 by Maren</td></tr><tr><th>Modified:</th><td>2024-03-09 22:50 (History)</td></tr></table>\
             <h1>The sluice</h1><table><tr><td>{}</td></tr></table>",
            (0..5)
                .map(|at| format!(
                    "<div id=c{at} class='remark {}'><div class={}><span class=remark_user><span class=fn>{}</span></span>\
                     <span class=remark_time>2024-03-0{} 09:1{at}:00</span></div><pre class=remark_text>{}</pre></div>",
                    if at == 0 { "first_remark" } else { "" },
                    if at == 0 { "first_head" } else { "remark_head" },
                    NAMES[at % 4],
                    at + 4,
                    said(at)
                ))
                .collect::<String>()
        ),
    );
    let times: Vec<_> = document.posts.iter().map(|post| post.time.as_deref().unwrap_or_default()).collect();
    assert_eq!(times[..2], ["2024-03-04T09:10:00", "2024-03-05T09:11:00"]);
}

/// What a button to quote copies is the post once more.
#[test]
fn a_hidden_copy_is_not_read() {
    let document = board(|at, name, words| {
        let words = if at == 1 { "Cork did it." } else { words };
        format!(
            "<div class=entry id=p{at}><a href='/profile/{at}'>{name}</a> <i>2024-03-0{} 09:1{at}</i><div class=words>\
             <div id=copy-{at} style='display:none'><blockquote><div class=title>Quote from {name}</div>{words}</blockquote></div><p>{words}</p></div></div>",
            at + 4
        )
    });
    assert_eq!(document.posts[1].text, "Cork did it.");
    assert_eq!(document.posts[0].text, said(0));
    assert!(document.posts.iter().all(|post| post.quotes.is_empty()));
}

#[test]
fn names_that_look_like_dates_and_numbers_are_names_where_all_others_stand() {
    let people = ["Maren", "2019", "May 5", "a", "Maren"];
    let linked = board(|at, _, words| {
        format!(
            "<div class=entry id=p{at}><div class=head><a href='/profile/{}'>{}</a> <a class=when href='/profile/{}/posts#{at}'>2024-03-0{} 09:1{at}</a></div><div class=words>{words}</div></div>",
            at % 4,
            people[at],
            at % 4,
            at + 4
        )
    });
    let names = |document: &Document| -> Vec<String> {
        document.posts.iter().map(|post| post.author.clone().unwrap_or_default()).collect()
    };
    assert_eq!(names(&linked), people);
    let paned = board(|at, _, words| {
        let name = ["Maren", "old_salt", "Lotse", "a", "Maren"][at];
        format!(
            "<table class=entry id=p{at}><tr><td class=author><b>{name}</b><br>Posts: 9{at}</td><td><i>2024-03-0{} 09:1{at}</i><div class=words>{words}</div></td></tr></table>",
            at + 4
        )
    });
    assert_eq!(names(&paned), ["Maren", "old_salt", "Lotse", "a", "Maren"]);
}

/// Each post has a place of its own by number and a time of day, so what stands alone at the same place in each names it.
#[test]
fn a_bare_name_at_one_place_is_one_where_posts_have_places_by_number() {
    let document = read(
        "The sluice",
        &format!(
            "<table class=board><tr><td>Author</td><td>Message</td></tr>{}</table>",
            (0..5)
                .map(|at| format!(
                    "<tr class=top><td class=top><span id=msg{at}><a name=50{at}></a><span class=side>{}</span></span></td>\
                     <td class=top><span>Posted: {} march 2024 at 09:1{at}am</span><span><a>Quote</a></span></td></tr>\
                     <tr class=side><td class=pane>Senior Member<br><br>Joined: 01 March 2011<br>Points: 3{at}2</td>\
                     <td class=row><div class=msgBody>{}<div class=msgSignature>Two boats and a dog.</div></div></td></tr>",
                    NAMES[at % 4],
                    at + 4,
                    said(at)
                ))
                .collect::<String>()
        ),
    );
    check("by place", &document, |at| format!("2024-03-0{}T09:1{at}:00", at + 4));
    assert_eq!(document.kind, Kind::Thread);
}

#[test]
fn quotes_typed_with_a_sign_are_quotes_of_whom_they_name() {
    let quote = "&gt; My lad walked past it at nine, and there was still so much water in the pond<br>&gt; that the ducks slept on it.<br><br>";
    for (head, author) in [("old_salt wrote:<br>", "old_salt"), ("", "old_salt")] {
        let document = board(|at, name, words| {
            let before = if at == 2 { format!("{head}{quote}") } else { String::new() };
            format!(
                "<div class=entry id=p{at}><a href='/profile/{at}'>{name}</a> <i>2024-03-0{} 09:1{at}</i><div class=words>{before}{words}</div></div>",
                at + 4
            )
        });
        let quotes = &document.posts[2].quotes;
        assert_eq!(quotes.len(), 1, "{head}");
        assert_eq!((quotes[0].author.as_deref(), quotes[0].post_id.as_deref()), (Some(author), Some("p1")), "{head}");
        assert!(!document.posts[2].text.contains("wrote:"), "{head}");
        let view = PostView { quotes: Quotes::Drop, ..PostView::default() };
        let text = document.text_with(TextOptions::default(), view);
        assert_eq!(text.matches("ducks slept").count(), 1, "{head}: {text}");
    }
    // What is more than a name above such lines is said by the poster.
    for head in ["Thanks to old_salt!", "No, old_salt, wrong:", "old_salt knows this:"] {
        let document = board(|at, name, words| {
            let before = if at == 2 { format!("{head}<br>{quote}") } else { String::new() };
            format!(
                "<div class=entry id=p{at}><a href='/profile/{at}'>{name}</a> <i>2024-03-0{} 09:1{at}</i><div class=words>{before}{words}</div></div>",
                at + 4
            )
        });
        let post = &document.posts[2];
        assert!(post.text.starts_with(head) && post.quotes.len() == 1, "{head}: {}", post.text);
        let view = PostView { quotes: Quotes::Mark, ..PostView::default() };
        assert!(!document.text_with(TextOptions::default(), view).contains("> >"), "{head}");
    }
    // A sign before words of one's own marks no quote.
    let document = board(|at, name, words| {
        let before = if at == 2 { "&gt; so it goes<br>" } else { "" };
        format!(
            "<div class=entry id=p{at}><a href='/profile/{at}'>{name}</a> <i>2024-03-0{} 09:1{at}</i><div class=words>{before}{words}</div></div>",
            at + 4
        )
    });
    assert!(document.posts[2].quotes.is_empty());
}

#[test]
fn the_label_above_a_quote_is_none_of_the_words() {
    let document = board(|at, name, words| {
        let before = if at == 2 {
            format!(
                "<table class=said><tr><td><b>Quote:</b></td></tr><tr><td>Originally posted by old_salt<br><i>{}</i></td></tr></table>",
                SAID[1]
            )
        } else {
            String::new()
        };
        format!(
            "<div class=entry id=p{at}><a href='/profile/{at}'>{name}</a> <i>2024-03-0{} 09:1{at}</i><div class=words>{before}{words}</div></div>",
            at + 4
        )
    });
    assert_eq!(document.posts[2].text, format!("{}\n{}", SAID[1], SAID[2]));
    assert_eq!(document.posts[2].quotes[0].author.as_deref(), Some("old_salt"));
}

#[test]
fn a_note_on_an_edit_that_ends_the_words_is_none_of_them() {
    for (note, is_note) in [
        ("<i>Last edited by old_salt on 9 March 2024, 09:00; edited 2 times</i>", true),
        ("<small>Zuletzt bearbeitet von old_salt am 9. März 2024, 09:00</small>", true),
        ("[本帖最后由 old_salt 于 2024-3-9 09:00 编辑]", true),
        ("I edited the map on 9 March 2024, so look again.", false),
        ("<i>The gate was rebuilt on 9 March 2024.</i>", false),
        ("<i>The second edition of the book is from 9 March 2024.</i>", false),
        ("<i>Edited by Ada, this book came out on 9 March 2015.</i>", false),
    ] {
        let document = board(|at, name, words| {
            let below = if at == 2 { format!("<br><br>{note}") } else { String::new() };
            format!(
                "<div class=entry id=p{at}><a href='/profile/{at}'>{name}</a> <i>2024-03-0{} 09:1{at}</i><div class=words>{words}{below}</div></div>",
                at + 4
            )
        });
        let post = &document.posts[2];
        assert_eq!(post.text == SAID[2], is_note, "{note}: {}", post.text);
        let edited = post.edited.as_deref().is_some_and(|edited| edited.starts_with("2024-03-09"));
        assert_eq!(edited, is_note, "{note}");
    }
}

/// Names and times that a page states for machines alone.
#[test]
fn schema_org_is_read_where_it_is_not_shown() {
    let document = board(|at, name, words| {
        format!(
            "<div class=item itemscope itemprop=answer itemtype='http://schema.org/Answer'><div class=info itemprop=author itemscope \
             itemtype='http://schema.org/Person'><meta itemprop=name content='{name}'><meta itemprop=url content='https://x.example/people/{at}'>\
             <span><a href='//x/p/{at}'>{name}</a></span><div>Thirty years at the mill</div></div>\
             <meta itemprop=dateCreated content='2024-03-0{}T09:1{at}:00.000Z'><span itemprop=text><p>{words}</p></span></div>",
            at + 4
        )
    });
    check("microdata", &document, |at| format!("2024-03-0{}T09:1{at}:00Z", at + 4));
    assert_eq!(document.posts[1].author_url.as_deref(), Some("https://x.example/people/1"));
}

#[test]
fn bare_lines_of_a_mails_head_say_who_and_when() {
    for (from, date) in [("From", "Date"), ("Von", "Gesendet"), ("От", "Дата"), ("De ", "Date ")] {
        for (before, behind) in [("<div class=msg>", "</div>"), ("", "<hr>"), ("<p>", "</p><hr>")] {
            let document = board(|at, name, words| {
                let address = if at == 1 { " &lt;salt@pier.example&gt;" } else { "" };
                format!(
                    "{before}{from}: {name}{address}<br>{date}: 2024-03-0{} 09:1{at}<br><br>{words}{behind}",
                    at + 4
                )
            });
            check(&format!("{before}{from}"), &document, |at| format!("2024-03-0{}T09:1{at}:00", at + 4));
        }
    }
    // A place is where somebody is from.
    let document = board(|at, _, words| {
        format!(
            "<div class=msg>From: {}<br>Seen: 2024-03-0{} 09:1{at}<br><br>{words}</div>",
            ["Leeds", "York", "Hull"][at % 3],
            at + 4
        )
    });
    assert!(document.posts.iter().all(|post| post.author.is_none()));
}

#[test]
fn an_address_is_a_name_where_nothing_better_stands() {
    let forms: [fn(usize, &str, &str) -> String; 4] = [
        |_, name, at| format!("<a href='mailto:{name}@pier.example'>{name}@pier.example</a> <i>{at}</i><br>"),
        |_, name, at| format!("<b>{name}@pier.example</b> <i>{at}</i><br>"),
        |_, name, at| format!("{name}@pier.example - {at}<br>"),
        |_, name, at| format!("From: {name}@pier.example<br>Date: {at}<br>"),
    ];
    for (form, head) in forms.iter().enumerate() {
        let document = board(|at, name, words| {
            format!("<div class=entry>{}{words}</div>", head(at, name, &format!("2024-03-0{} 09:1{at}", at + 4)))
        });
        let names: Vec<_> = document.posts.iter().map(|post| post.author.clone().unwrap_or_default()).collect();
        let want: Vec<String> = (0..5).map(|at| format!("{}@pier.example", NAMES[at % 4])).collect();
        assert_eq!(names, want, "{form}");
    }
}

#[test]
fn the_title_above_the_first_words_is_none_of_them() {
    for (heading, is_title) in [("The sluice", true), ("What we did", false)] {
        let document = board(|at, name, words| {
            let (heading, tag) = if at == 0 { (heading, "p") } else { ("", "span") };
            format!(
                "<table class=box><tr id=row{at}><td><a class=author href='/user/{at}'>{name}</a></td><td><i>2024-03-0{} 09:1{at}</i>\
                 <span id=said{at}><h3>{heading}</h3><br><{tag} id=words{at} class=words>{words}</{tag}></span></td></tr></table>",
                at + 4
            )
        });
        let want = if is_title { said(0).to_owned() } else { format!("{heading}\n{}", said(0)) };
        assert_eq!(document.posts[0].text, want, "{heading}");
        assert_eq!(document.posts[3].text, said(3), "{heading}");
    }
}

/// The words of the first post are stated apart from where they are shown.
#[test]
fn a_first_post_whose_words_are_stated_apart_is_one() {
    let replies: String = (1..5)
        .map(|at| {
            format!(
                "<tbody itemprop=comment itemscope itemtype='https://schema.org/Comment'><tr><td><span itemprop=author itemscope><meta itemprop=name \
                 content={}></span><meta itemprop=datePublished content='2024-03-0{}T09:1{at}:00Z'><b>9:1{at}am</b><tr><td><div itemprop=text>{}</div></td></tr></tbody>",
                NAMES[at % 4],
                at + 4,
                said(at)
            )
        })
        .collect();
    let more = "It is the second time this year, and the miller says that he will not pay for a third board.";
    let document = read(
        "The sluice",
        &format!(
            "<h1>The sluice</h1><div itemscope itemtype='https://schema.org/DiscussionForumPosting'><meta itemprop=headline content='The sluice'>\
             <span itemprop=author itemscope><meta itemprop=name content=Maren></span><meta itemprop=datePublished content='2024-03-04T09:10:00Z'>\
             <meta itemprop=text content=\"\n{} {more}\"><table><tbody><tr><td><a href='/t/1'>The sluice</a> by <a href='/maren'>Maren</a>: <b>9:10am</b></td></tr>\
             <tr><td><div class=narrow>{}<br><br>{more}</div><div>Share</div></td></tr></tbody>{replies}</table></div>",
            said(0),
            said(0)
        ),
    );
    let found: Vec<Shown<'_>> = document.posts.iter().map(shown).collect();
    let first = format!("{}\n{more}", said(0));
    assert_eq!(found[0], (Some("Maren"), Some("2024-03-04T09:10:00Z"), first.as_str()));
    assert_eq!(found[4], (Some("Maren"), Some("2024-03-08T09:14:00Z"), said(4)));
    assert!(document.text(TextOptions::default()).contains(more));
}

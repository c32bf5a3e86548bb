//! Whole pages of unknown make: what is a thread, what is said under a text, and that nothing of either is lost.

use gleaner::document::{Document, Kind, TextOptions};
use gleaner::extract::{Options, extract};

const NAMES: &[&str] = &["Maren", "old_salt", "Lotse 7", "Ann Tide", "keeper", "Joris", "Wanda"];
const WORDS: &[&str] = &[
    "harbour", "lantern", "kettle", "meadow", "bridge", "copper", "window", "barley", "engine", "ribbon", "saddle",
    "winter", "garden", "anchor", "pepper", "ladder", "orchard", "needle", "candle", "thunder", "market", "pillow",
    "rudder", "valley",
];

/// So many words in sentences, other ones for each seed.
fn prose(seed: usize, words: usize) -> String {
    let word = |at: usize| WORDS[(seed * 7 + at * at + at * (seed + 3)) % WORDS.len()];
    let sentence = |from: usize| {
        let middle: Vec<&str> = (from..from + 6).map(word).collect();
        format!(
            "Yesterday I saw the {} near our {}, and they said so.",
            middle[..3].join(" and the "),
            middle[3..].join(" or ")
        )
    };
    (0..words.div_ceil(18)).map(|at| sentence(at * 6 + seed)).collect::<Vec<_>>().join(" ")
}

fn read(body: &str) -> Document {
    read_with("", body)
}

fn read_with(head: &str, body: &str) -> Document {
    let page = format!(
        "<!doctype html><html lang=en><head><title>Tide table</title>{head}</head><body><nav><a href=/>Home</a></nav>{body}</body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn text(document: &Document) -> String {
    document.text(TextOptions::default())
}

fn posts(post: impl Fn(usize, &str, &str) -> String) -> String {
    NAMES.iter().enumerate().map(|(at, name)| post(at, name, &prose(at, 50))).collect()
}

/// The posts are these, in order, each with its author and all its words, and their words are in the text.
fn check_thread(document: &Document, said: &[(&str, String)]) {
    assert_eq!(document.kind, Kind::Thread);
    let found: Vec<_> = document
        .posts
        .iter()
        .map(|post| (post.author.as_deref().unwrap_or("?"), post.text.replace('\n', " ")))
        .collect();
    assert_eq!(found, said);
    let text = text(document).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.iter().all(|(_, said)| text.contains(said.as_str())), "{text}");
    assert!(document.posts.iter().all(|post| post.time_shown.is_some()));
}

fn said() -> Vec<(&'static str, String)> {
    NAMES.iter().enumerate().map(|(at, name)| (*name, prose(at, 50))).collect()
}

/// A guestbook whose entries are a bold name, a date and bare text, parted by rules: the first was lost, and each had
/// its author's name for its words.
#[test]
fn entries_without_elements_of_their_own_keep_their_words() {
    let entries = posts(|at, name, said| format!("<b>{name}</b> wrote on 0{} March 2024:<br>{said}<hr>", at + 1));
    let document = read(&format!("<h1>Guestbook</h1>{entries}"));
    check_thread(&document, &said());
    assert_eq!(document.posts[6].time.as_deref(), Some("2024-03-07"));
}

/// Posts that are a heading and several paragraphs side by side had one of the paragraphs.
#[test]
fn all_paragraphs_of_a_run_are_the_posts() {
    let entries = posts(|at, name, said| {
        let (one, two) = said.split_at(said.find(". ").expect("several sentences") + 1);
        format!(
            "<h4><a href='/user/{at}'>{name}</a>, 2024-03-0{} 10:1{at}</h4><p>{one}</p><p>{}</p>",
            at + 1,
            two.trim()
        )
    });
    check_thread(&read(&format!("<h1>Tide table</h1>{entries}")), &said());
}

/// A list of changes that thanks people by links to their pages is no thread, and keeps its headings.
#[test]
fn people_who_are_thanked_have_not_written() {
    let versions = posts(|at, name, said| {
        format!(
            "<h2>Version 1.{at} - 2024-03-0{}</h2><ul><li>{said}</li><li>{} (thanks to <a href='/user/{at}'>{name}</a>)</li></ul>",
            at + 1,
            prose(at + 20, 30)
        )
    });
    let document = read(&format!("<h1>Changelog</h1>{versions}"));
    assert_ne!(document.kind, Kind::Thread);
    assert!(document.posts.is_empty());
    assert!((0..7).all(|at| text(&document).contains(&format!("Version 1.{at} - 2024-03-0{}", at + 1))));
}

/// Boards that show only how long ago a post was written, or the day in words that no calendar here knows.
#[test]
fn times_that_no_calendar_knows_sign_posts() {
    let times = [
        "{} hours ago",
        "il y a {} heures",
        "hace {} horas",
        "{}小时前",
        "Yesterday at 10:1{}",
        "Today, 10:1{}",
        "{} มีนาคม 2567 10:10",
        "{} اسفند ۱۴۰۲ 10:10",
    ];
    for time in times {
        let board = posts(|at, name, said| {
            let time = time.replace("{}", &(9 - at).to_string());
            format!(
                "<div class=post><div class=user><a href='/user/{at}'>{name}</a></div><div class=date>{time}</div><div class=content><p>{said}</p></div></div>"
            )
        });
        check_thread(&read(&format!("<h1>Tide table</h1>{board}")), &said());
    }
}

/// The old table: a row with a pane and the words, a row with buttons. The day on which the first poster joined was the
/// page's date, and a head of a column its author.
#[test]
fn rows_in_turn_with_panes_are_a_thread_of_the_first_posts_day() {
    let rows = posts(|at, name, said| {
        format!(
            "<tr><td><b>{name}</b><br>Joined: 12 Jan 2010<br>Posts: 1{at}</td><td><small>Posted: Fri Mar 0{}, 2024 09:52 AM</small><hr>{said}</td></tr>\
             <tr><td><a href=#top>Top</a></td><td><a href='/profile.php?u=1{at}'>profile</a></td></tr>",
            at + 1
        )
    });
    let document =
        read(&format!("<h1>Tide table</h1><table border=1><tr><th>Author</th><th>Message</th></tr>{rows}</table>"));
    check_thread(&document, &said());
    let published = document.metadata.published.expect("the first post has a time");
    assert_eq!(published.value, "2024-03-01T09:52:00");
    assert!(document.metadata.authors.iter().all(|author| author.value != "Message"));
}

/// The post that opens a thread often has other elements than those below it.
#[test]
fn a_question_in_other_elements_than_its_answers_is_the_first_post() {
    let answers = posts(|at, name, said| {
        format!(
            "<li class=reply id=r5{at}><span class=who><a href='/user/{at}'>{name}</a></span> <span class=when>2024-03-0{} 09:52</span><div class=rtext><p>{said}</p></div></li>",
            at + 1
        )
    });
    let question = prose(40, 90);
    let heads = [
        format!(
            "<div class=topic><span class=starter><a href='/user/9'>Quinn</a></span> <span class=on>2024-02-28 10:00</span><div class=t><p>{question}</p></div></div>"
        ),
        format!(
            "<div class=topic><span class=author><a href='/user/9'>Quinn</a></span> <time datetime='2024-02-28T10:00'>28 Feb</time><p>{question}</p></div>"
        ),
        format!(
            "<article><p class=meta>Posted by <a href='/user/9'>Quinn</a> on 28 February 2024, 10:00</p><p>{question}</p></article>"
        ),
    ];
    let mut want = said();
    want.insert(0, ("Quinn", question));
    for head in heads {
        let document =
            read(&format!("<h1>How do I fix it?</h1>{head}<h2>7 replies</h2><ol class=replies>{answers}</ol>"));
        check_thread(&document, &want);
        assert_eq!(document.posts[0].time.as_deref(), Some("2024-02-28T10:00:00"), "{head}");
        assert_eq!(document.posts.iter().map(|post| post.position).collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
    }
}

/// What stands above the posts of a board without a name is no post, and stays in the text.
#[test]
fn what_nobody_has_signed_above_the_posts_stays_in_the_text() {
    let board = posts(|at, name, said| {
        format!(
            "<div class=post id=p5{at}><b class=user><a href='/user/{at}'>{name}</a></b> <i class=date>2024-03-0{} 09:52</i><div class=content><p>{said}</p></div></div>",
            at + 1
        )
    });
    let above = prose(40, 60);
    let document = read(&format!("<h1>Tide table</h1><div class=forumintro><p>{above}</p></div>{board}"));
    assert_eq!((document.kind, document.posts.len()), (Kind::Thread, 7));
    assert!(text(&document).contains(&above));
}

fn comments(outer: &str, inner: &str, words: usize) -> String {
    let one = |(at, name): (usize, &&str)| {
        format!(
            "<div class='{inner}' id=c9{at}><a class=user href='/user/{at}'>{name}</a> <span class=t>2024-03-0{} 09:52</span><p>{}</p></div>",
            at + 1,
            prose(at, words)
        )
    };
    let all: String = NAMES.iter().enumerate().map(one).collect();
    format!("<section class='{outer}'><h3>7</h3>{all}</section>")
}

const DATED: &str =
    "<meta property='article:published_time' content='2024-01-05T10:00:00Z'><meta name=author content='Jane Roe'>";

/// An article with fewer words than its readers' keeps them: what is under it is out of its text.
#[test]
fn a_short_article_is_not_lost_to_its_comments() {
    for words in [50, 100, 200] {
        let article = prose(40, words);
        let body = format!(
            "<article><h1>The bridge reopens</h1><p>{article}</p></article>{}",
            comments("user-comments", "comment", 110)
        );
        let document = read_with(DATED, &body);
        assert_eq!((document.kind, document.posts.len()), (Kind::Article, 7));
        let text = text(&document);
        assert!(text.contains(&article) && !text.contains(&prose(3, 110)), "{text}");
        assert!(document.thread.is_none());
    }
}

/// Comments are called so in many languages.
#[test]
fn comments_are_known_by_their_names_in_many_languages() {
    let article = prose(40, 400);
    let names = [
        ("comentarios", "comentario"),
        ("komentarze", "komentarz"),
        ("reacties", "reactie"),
        ("otzyvy", "otzyv"),
        ("kommentit", "kommentti"),
        ("commenti", "commento"),
        ("yorumlar", "yorum"),
        ("comments", "comment"),
    ];
    for (outer, inner) in names {
        let body =
            format!("<article><h1>The bridge reopens</h1><p>{article}</p></article>{}", comments(outer, inner, 30));
        let document = read_with(DATED, &body);
        assert_eq!((document.kind, document.posts.len()), (Kind::Article, 7), "{outer}");
        assert!(!text(&document).contains(&prose(3, 30)), "{outer}");
    }
}

/// What buyers say of a ware, and how cooks fared with a recipe, is not what the page is for.
#[test]
fn reviews_and_responses_do_not_take_the_page() {
    let own = prose(40, 80);
    for (outer, inner) in [("reviews", "review"), ("responses", "response")] {
        let all = posts(|at, name, said| {
            format!(
                "<div class={inner} id='{inner}-5{at}'><b class=author>{name}</b> <time datetime='2024-03-0{0}'>0{0} March 2024</time><p>{said}</p></div>",
                at + 1
            )
        });
        let body = format!(
            "<main><h1>Bilge pump</h1><div class=description><p>{own}</p></div><div class={outer}><h2>All</h2>{all}</div></main>"
        );
        let document = read(&body);
        assert_ne!(document.kind, Kind::Thread);
        let text = text(&document);
        assert!(text.contains(&own) && !text.contains(&prose(3, 50)), "{outer}: {text}");
        assert_eq!(document.posts.len(), 7);
    }
}

/// A live report is a text of several hands.
#[test]
fn a_live_report_is_no_thread() {
    let entries = posts(|at, name, said| {
        format!(
            "<article class=entry id=e5{at}><header><time datetime='2024-03-01T1{at}:52:00'>1{at}:52</time> <span class=author>{name}</span></header>\
             <h3>Update {at}</h3><p>{said}</p></article>"
        )
    });
    let own = prose(40, 60);
    let document =
        read(&format!("<main><h1>Storm over the harbour</h1><p>{own}</p><div class=liveblog>{entries}</div></main>"));
    assert_ne!(document.kind, Kind::Thread);
    let text = text(&document);
    assert!(text.contains(&own) && (0..7).all(|at| text.contains(&prose(at, 50))), "{text}");
}

/// A day that stands alike under all posts is of something else.
#[test]
fn a_day_that_all_posts_share_is_not_when_each_was_written() {
    let board = posts(|at, name, said| {
        format!(
            "<div class=post id=p5{at}><b class=user><a href='/user/{at}'>{name}</a></b> <span class=d>2024-03-0{} 09:52</span><div class=content><p>{said}</p></div>\
             <div class=date>Last activity 2024-05-01 10:00</div></div>",
            at + 1
        )
    });
    let document = read(&format!("<h1>Tide table</h1>{board}"));
    assert_eq!(document.posts.len(), 7);
    assert_eq!(document.posts[3].time.as_deref(), Some("2024-03-04T09:52:00"));
}

/// Who is quoted, or answered, in every post is not its author.
#[test]
fn the_quoted_are_not_the_authors() {
    let quoting = posts(|at, name, said| {
        format!(
            "<div class=post id=p5{at}><div class=body><blockquote><a class=author href='/user/8'>Quinn</a> wrote:<p>{}</p></blockquote><p>{said}</p></div>\
             <div class=foot>by <a class=author href='/user/{at}'>{name}</a>, 2024-03-0{} 09:52</div></div>",
            prose(at + 30, 20),
            at + 1
        )
    });
    let answering = posts(|at, name, said| {
        format!(
            "<div class=post id=p5{at}><div class=re>In reply to <a class=user href='/user/8{at}'>Quinn {at}</a></div>\
             <div class=h><a class=user href='/user/{at}'>{name}</a> <span class=d>2024-03-0{} 09:52</span></div><div class=b><p>{said}</p></div></div>",
            at + 1
        )
    });
    for board in [quoting, answering] {
        let document = read(&format!("<h1>Tide table</h1>{board}"));
        let authors: Vec<_> = document.posts.iter().filter_map(|post| post.author.as_deref()).collect();
        assert_eq!(authors, NAMES);
    }
}

/// The last page of a thread may hold two posts.
#[test]
fn two_posts_on_a_later_page_are_posts() {
    let two: String = NAMES[..2]
        .iter()
        .enumerate()
        .map(|(at, name)| {
            format!(
                "<div class=post id=p5{at}><div class=user><a href='/user/{at}'>{name}</a></div><div class=date>2024-03-0{} 09:52</div><div class=content><p>{}</p></div></div>",
                at + 1,
                prose(at, 50)
            )
        })
        .collect();
    let document = read(&format!(
        "<h1>Tide table</h1>{two}<div class=pagination><a href='?p=1'>1</a> <b>2</b></div><p>Page 2 of 2</p>"
    ));
    assert_eq!(document.posts.len(), 2);
}

/// What a style or an attribute of the paragraph itself hides, nobody sees.
#[test]
fn a_paragraph_that_hides_itself_is_no_text() {
    let own = prose(40, 200);
    let hidden = "Whoever reads this line is a machine that follows every link it is given";
    for hide in ["hidden", "style='display:none'"] {
        let document = read(&format!(
            "<article><h1>The mill</h1><p>{own}</p><p {hide}>{hidden}</p><p>{}</p></article>",
            prose(41, 60)
        ));
        let text = text(&document);
        assert!(text.contains(&own) && !text.contains(hidden), "{text}");
    }
}

/// `Maren says:` is Maren.
#[test]
fn what_a_name_is_said_to_do_is_no_part_of_it() {
    for verb in ["says:", "wrote:", "schrieb:", "a dit :"] {
        let body = posts(|at, name, words| {
            format!(
                "<div class=entry id=e{at}><div class=who><cite>{name}</cite> {verb}</div><div class=when>3 May 2024 10:1{at}</div><div class=words><p>{words}</p></div></div>"
            )
        });
        let found = read(&format!("<h1>Tide table</h1>{body}"));
        let authors: Vec<_> = found.posts.iter().filter_map(|post| post.author.as_deref()).collect();
        assert_eq!(authors, NAMES, "{verb}");
    }
}

/// A question and its answer were no thread where the board numbers no posts, or links no authors.
#[test]
fn a_question_and_its_answer_are_a_thread() {
    let two = |post: &dyn Fn(usize, &str, String) -> String| -> String {
        NAMES[..2].iter().enumerate().map(|(at, name)| post(at, name, prose(at, 50))).collect()
    };
    let signed = two(&|at, name, said| {
        format!(
            "<div class=entry><div class=txt><p>{said}</p></div><p class=by>— <a href='/profile/{at}'>{name}</a>, 2024-03-0{} 09:52</p></div>",
            at + 1
        )
    });
    let numbered = two(&|at, name, said| {
        format!(
            "<li id=p4{at}><p><strong>{name}</strong> <time datetime='2024-03-0{0}T09:12'>{0} March 2024, 09:12</time> <a href='#p4{at}'>#{0}</a></p><p>{said}</p></li>",
            at + 1
        )
    });
    for board in [&signed, &numbered] {
        let document = read(&format!("<h1>Tide table</h1><div>{board}</div>"));
        assert_eq!((document.kind, document.posts.len()), (Kind::Thread, 2), "{board}");
    }
    // Below a text of the page's own, and where nothing marks people, two are too few.
    let days = signed.replace(" 09:52", "");
    for page in
        [format!("<article><p>{}</p></article><div>{signed}</div>", prose(40, 120)), format!("<div>{days}</div>")]
    {
        let document = read(&format!("<h1>Tide table</h1>{page}"));
        assert_ne!(document.kind, Kind::Thread, "{page}");
        assert!((0..2).all(|at| text(&document).contains(&prose(at, 50))), "{page}");
    }
}

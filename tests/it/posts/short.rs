//! Posts of known platforms that have few words, or none any more.

use gleaner::document::{Document, Kind, TextOptions};
use gleaner::extract::{Options, extract};

use super::{NAMES, SAID};

fn read(head: &str, body: &str) -> Document {
    let page = format!(
        "<!doctype html><html lang=en><head><title>The cat - Kiln</title>{head}</head><body>{body}</body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn text(document: &Document) -> String {
    document.text(TextOptions { title: false })
}

const DISCOURSE: &str = "<meta name=generator content='Discourse 2.9.0'>";

fn crawled(at: usize, said: &str) -> String {
    format!(
        "<div id='post_{n}' itemprop='comment' itemscope itemtype='http://schema.org/Comment' class='topic-body crawler-post'><div class='crawler-post-meta'><span class=creator itemprop=author itemscope itemtype='http://schema.org/Person'><a itemprop=url href='https://d.example/u/{name}'><span itemprop=name>{name}</span></a></span><span class=crawler-post-infos><time datetime='2020-03-04T09:1{at}:00Z' class=post-time>March 4, 2020</time><span itemprop=position>{n}</span></span></div><div class=post itemprop=text>{said}</div></div>",
        n = at + 1,
        name = NAMES[at % 4],
    )
}

fn topic(said: &[&str]) -> String {
    let posts: String = said.iter().enumerate().map(|(at, said)| crawled(at, said)).collect();
    format!(
        "<noscript data-path='/t/x/5'><header><a href='/'>Kiln</a></header><div id=main-outlet><div id=topic-title><h1><a href='/t/x/5'>The cat</a></h1></div>{posts}</div></noscript>"
    )
}

/// A topic of few words, which a board serves in `noscript`, had posts and no text.
#[test]
fn a_short_topic_in_noscript_has_text() {
    let cases: [&[&str]; 3] = [
        &["<p>All my plates cracked at the rim while they dried.</p>"],
        &["<p>What shall we call her?</p>", "<p>Ash.</p>", "<p>Or Glaze, perhaps?</p>"],
        &[
            "<p>What shall we call her?</p><details><summary>Hint</summary><p>She is grey all over.</p></details>",
            "<p>Ash.</p>",
        ],
    ];
    let banner = format!("<div class=banner><p>{} {}</p></div>", SAID[0], SAID[1]);
    for said in cases {
        for above in ["", &banner] {
            let document = read(DISCOURSE, &format!("{above}{}", topic(said)));
            assert_eq!((document.kind, document.posts.len()), (Kind::Thread, said.len()));
            let text = text(&document);
            for post in &document.posts {
                assert!(post.text.lines().all(|line| text.contains(line)), "{}\n{text}", post.text);
            }
            assert!(!text.contains("Kiln") && !text.contains("sluice"), "{text}");
            assert!(document.notes.iter().any(|note| note.contains("noscript")));
        }
    }
}

/// What another `noscript` says beside the posts stays hidden, and so do few words in one without posts.
#[test]
fn noscript_without_posts_stays_hidden() {
    let other = "<noscript><p>Please switch on scripts to see the counter of this page, which counts all who come.</p></noscript>";
    let document = read(DISCOURSE, &format!("{other}{}", topic(&["<p>What shall we call her?</p>", "<p>Ash.</p>"])));
    assert!(!text(&document).contains("counter"), "{}", text(&document));
    let article = format!("<h1>The sluice</h1><p>{}</p><p>{}</p>{other}", SAID.join(" "), SAID.join(" "));
    assert!(!text(&read("", &article)).contains("counter"));
}

/// `(post deleted by author)` was a post and a line of text.
#[test]
fn what_stands_for_words_that_are_gone_is_no_post() {
    let gone = "<p>(post deleted by author)</p>";
    let document = read(DISCOURSE, &topic(&["<p>What shall we call her?</p>", gone, "<p>Or Glaze, perhaps?</p>"]));
    let said: Vec<&str> = document.posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(said, ["What shall we call her?", "Or Glaze, perhaps?"]);
    assert!(!text(&document).contains("deleted"), "{}", text(&document));
    // The board's own numbers stay.
    assert_eq!(
        document.posts.iter().map(|post| post.id.as_deref()).collect::<Vec<_>>(),
        [Some("post_1"), Some("post_3")]
    );
}

fn board(said: [&str; 4]) -> Document {
    let post = |at: usize| {
        format!(
            "<div class=entry id=p{at}><div class=who><a href='/u/{at}'>{}</a></div><div class=when>March {}, 2024 at 9:1{at} AM</div><div class=words>{}</div></div>",
            NAMES[at],
            at + 4,
            said[at]
        )
    };
    read("", &format!("<h1>The sluice</h1>{}", (0..4).map(post).collect::<String>()))
}

/// On a board nobody listed too; but whoever speaks of what is gone has written.
#[test]
fn only_a_whole_post_is_gone() {
    for gone in ["[removed]", "<em>[deleted]</em>", "<p>[gelöscht]</p>"] {
        let document = board([SAID[0], gone, SAID[2], SAID[3]]);
        assert_eq!(document.posts.len(), 3, "{gone}");
        assert_eq!(document.posts.iter().map(|post| post.position).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(!text(&document).contains("removed") && !text(&document).contains("[deleted]"), "{}", text(&document));
    }
    for said in [
        "[removed] was all I saw there.",
        "removed",
        "It is [deleted]",
        "deleted by creator",
        "Comment removed by moderator",
    ] {
        let document = board([SAID[0], said, SAID[2], SAID[3]]);
        assert_eq!(document.posts.len(), 4, "{said}");
        assert!(text(&document).contains(said), "{said}\n{}", text(&document));
    }
}

/// The opening post was left out where its words are gone, and the thread was dated by a reply.
#[test]
fn the_first_post_stays_when_its_words_are_gone() {
    let document = board(["[removed]", SAID[1], SAID[2], SAID[3]]);
    assert_eq!(document.posts.len(), 4);
    assert_eq!(document.posts[0].id.as_deref(), Some("p0"));
    assert!(document.metadata.published.is_some_and(|published| published.value.starts_with("2024-03-04")));
}

/// A post whose words are gone may show something yet.
#[test]
fn what_stands_beside_words_that_are_gone_stays() {
    for gone in [
        "<p>[deleted]</p><p><img src='/a/wheel.jpg' alt='Wheel'></p>",
        "<pre><code>[removed]</code></pre>",
        "<p>[deleted]</p><a href='/f/plan.pdf'><img src='/i/pdf.png'></a>",
        "<p>[deleted]</p><video src='/v/1.mp4'></video>",
        "[deleted]</div><div class=attachments><img src='/a/1.jpg'>",
    ] {
        let document = board([SAID[0], gone, SAID[2], SAID[3]]);
        assert_eq!(document.posts.len(), 4, "{gone}");
    }
}

/// What is answered stays for those that answer it, without words.
#[test]
fn an_answered_post_stays_without_words() {
    let post = |at: usize, said: &str, below: &str| {
        format!(
            "<li class=post id=p{at}><div class=who><a href='/u/{at}'>{}</a></div><div class=when>March {}, 2024 at 9:1{at} AM</div><div class=words><p>{said}</p></div>{below}</li>",
            NAMES[at],
            at + 4
        )
    };
    let inner = format!("<ul>{}</ul>", post(2, SAID[2], ""));
    let outer = format!("<ul>{}</ul>", post(1, "[removed]", &inner));
    let list = format!("<ul class=thread>{}{}</ul>", post(0, SAID[0], &outer), post(3, SAID[3], ""));
    let document = read("", &format!("<div class=forum>{list}</div>"));
    let told: Vec<_> = document.posts.iter().map(|post| (post.text.as_str(), post.reply_to.as_deref())).collect();
    assert_eq!(told, [(SAID[0], None), ("", Some("p0")), (SAID[2], Some("p1")), (SAID[3], None)]);
    assert!(!text(&document).contains("removed") && text(&document).contains(SAID[2]), "{}", text(&document));
}

/// Days that stand under the pointer alone say in what order the page writes day and month.
#[test]
fn days_under_the_pointer_settle_their_order() {
    let page = |second: &str| {
        let post = |(at, day): (usize, &str)| {
            format!(
                "<div class='lia-message-view-wrapper lia-js-data-messageUid-{at}' data-lia-message-uid={at}><div class=lia-message-author-with-avatar><a class='lia-link-navigation lia-page-link lia-user-name-link' href='/t5/user/viewprofilepage/user-id/{at}'><span>{}</span></a></div><p class=lia-message-dates><span class=lia-message-posted-on><span class=local-friendly-date title='\u{200e}{day}-2018 09:15 AM'>a while ago</span></span></p><div class=lia-message-body><div class=lia-message-body-content><p>{}</p></div></div></div>",
                NAMES[at], SAID[at]
            )
        };
        read("", &["03-04", second].into_iter().enumerate().map(post).collect::<String>())
    };
    let first = |document: &Document| document.posts.first().and_then(|post| post.time.clone()).unwrap_or_default();
    assert!(first(&page("03-24")).starts_with("2018-03-04"), "{:?}", page("03-24").posts);
    assert!(first(&page("24-04")).starts_with("2018-04-03"), "{:?}", page("24-04").posts);
}

//! What a rules file can say, and what becomes of pages by it.

use std::fmt::Write;

use gleaner::document::{Document, Quotes, TextOptions};
use gleaner::extract::posts::{self, Discussion, Platforms};
use gleaner::extract::{Options, extract};

const WORDS: &str = "The pump hums at night, and in the morning the valve drips until somebody comes with a wrench.";

fn read(rules: &str, page: &str) -> Discussion {
    let head = "[[platform]]\nid = 'a'\nname = 'A'\ndetect.any = ['.p']\n";
    let platforms = Platforms::parse(&format!("{head}{rules}"), "mine.toml").expect("sound rules");
    super::read(page, &platforms, None).expect("a discussion")
}

fn document(page: &str, address: Option<&str>, options: &Options) -> Document {
    let address = address.map(|address| url::Url::parse(address).expect("an address"));
    extract(page.as_bytes(), Some("text/html"), address.as_ref(), options)
}

#[test]
fn what_cannot_be_meant_is_an_error() {
    let of = |id: &str, rest: &str| {
        format!(
            "[[platform]]\nid = '{id}'\nname = 'A'\ndetect.any = ['.p']\npost.container = '.p'\npost.body = ['.b']\n{rest}\n"
        )
    };
    let cases = [
        (of("", ""), "mine.toml:2: an id is missing"),
        (of("a", "") + &of("b", "") + &of("a", ""), "mine.toml:16: the id `a` stands twice"),
        (of("a", "post.author = ['']"), "mine.toml:7: a tag, class or id is missing"),
        (of("a", "lead.container = '.a['"), "mine.toml:7: a name is missing"),
        (of("a", "lead.container = '.a'\nlead.colour = 1"), "mine.toml:8: unknown field `colour`"),
        (of("a", "post.id = ['@class^=']"), "mine.toml:7:"),
    ];
    for (text, want) in cases {
        let error = Platforms::parse(&text, "mine.toml").expect_err(want).to_string();
        assert!(error.contains(want), "{error}\n{want}");
    }
    let twice = of("a", "") + &of("b", "");
    Platforms::built_in().with(&twice, "mine.toml".as_ref()).expect("a name of ours may be theirs too");
}

#[test]
fn the_opening_post_is_read_by_its_own_rules_and_else_by_those_of_all() {
    let rules = "lead.container = '.first'\nlead.body = ['.question']\nlead.score = ['.stars']\n\
                 post.container = '.p'\npost.author = ['b']\npost.body = ['.answer']\npost.score = ['.votes']";
    let page = "<div class=first><b>Ann</b><i class=stars>4</i><p class=question>It hums.</p></div>\
                <div class=p><b>Bob</b><i class=votes>1.2k</i><p class=answer>Oil it.</p></div>";
    let posts = read(rules, page).posts;
    let shown: Vec<_> = posts.iter().map(|post| (post.author.as_deref(), post.text.as_str(), post.score)).collect();
    assert_eq!(shown, [(Some("Ann"), "It hums.", Some(4)), (Some("Bob"), "Oil it.", Some(1200))]);
}

#[test]
fn what_stands_around_a_post_may_tell_of_it() {
    let rules = "post.container = '.p'\npost.body = ['p']\npost.head = '.head'\npost.date = ['.when']\npost.nested = '.in'\n\
                 post.id = ['@class^=post-']\npost.position = ['.no']\npost.position_first = 0\npost.permalink = ['a@href']\n\
                 post.author = ['b']\npost.author_url = ['a@href#']";
    let post = |id: u32| {
        format!(
            "<div class=head><span class=when>2024-03-0{id}</span></div> <div class='odd p post-{id}'><b>Ann</b><i class=no>#{}</i>\
             <a href='/t#place{id}'>link</a><p>It hums {id}.</p></div>",
            id - 1
        )
    };
    let page = format!("{}<div class=in>{}<div class=in>{}</div></div>{}", post(1), post(2), post(3), post(4));
    let posts = read(rules, &page).posts;
    let shown: Vec<_> = posts
        .iter()
        .map(|post| (post.id.as_deref(), post.position, post.depth, post.reply_to.as_deref(), post.time.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [
            (Some("post-1"), 1, 0, None, Some("2024-03-01")),
            (Some("post-2"), 2, 1, Some("post-1"), Some("2024-03-02")),
            (Some("post-3"), 3, 2, Some("post-2"), Some("2024-03-03")),
            (Some("post-4"), 4, 0, None, Some("2024-03-04")),
        ]
    );
    assert_eq!(posts[1].author_url.as_deref(), Some("place2"));
}

/// The first link of the rule leads back; the last page has no other.
#[test]
fn an_earlier_page_is_no_next_page() {
    let rules = "post.container = '.p'\npost.body = ['p']\npost.author = ['b']\npage.next = ['.nav a']";
    let cases = [
        (
            "<a href='?p=1'>First Page</a> <a href='?p=2'>Previous Page</a> <a href='?p=4'>Next Page</a> <a href='?p=9'>Last Page</a>",
            Some("?p=4"),
        ),
        ("<a href='?p=2'>&laquo; Previous Page</a>", None),
        ("<a rel=prev href='?p=2'>2</a> <a href='?p=4'>Weiter</a>", Some("?p=4")),
        ("<a href='?p=2'>Zurück</a>", None),
    ];
    for (links, want) in cases {
        let page = format!("<div class=nav>{links}</div><div class=p><b>Ann</b><p>It hums.</p></div>");
        assert_eq!(read(rules, &page).thread.next.as_deref(), want, "{links}");
    }
}

#[test]
fn people_are_no_kind_of_reaction() {
    let rules = "post.container = '.p'\npost.body = ['p']\npost.author = ['b']\npost.reactions = ['.r']";
    let cases: [(&str, &[(&str, u32)]); 5] = [
        ("<a class=r><bdi>Bob</bdi>, <bdi>Zed88</bdi> and 12 others</a>", &[("reaction", 14)]),
        ("<a class=r>Bob, Zed88 and 12 others</a>", &[]),
        ("<a class=r>Bob and 3 others</a>", &[]),
        ("<a class=r>Haha 3</a><a class=r>2 likes</a>", &[("haha", 3), ("likes", 2)]),
        ("<a class=r>7</a>", &[("like", 7)]),
    ];
    for (line, want) in cases {
        let page = format!("<div class=p><b>Ann</b><p>It hums.</p>{line}</div>");
        let reactions = read(rules, &page).posts.remove(0).reactions;
        let shown: Vec<_> = reactions.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
        assert_eq!(shown, want, "{line}");
    }
}

fn xenforo1(head: &str) -> String {
    let post = |id: u32, body: &str| {
        format!(
            "<li id=post-{id} class=message data-author=Ann><a href='members/ann.9/' class=username>Ann</a><blockquote class=messageText>{body}\
             </blockquote><div class=messageMeta><a class=datePermalink href='threads/pump.5/#post-{id}'><abbr class=DateTime data-time=1709286720>\
             then</abbr></a></div></li>"
        )
    };
    let quote = format!(
        "<div class=bbCodeQuote data-author=Ann><aside><div class=attribution>Ann said:</div><blockquote class=quoteContainer>\
         <div class=quote>Does the old pump hum?</div></blockquote></aside></div>{WORDS}"
    );
    format!(
        "<html id=XenForo lang=en><head><title>Pump</title>{head}</head><body><h1>Pump</h1><div class=PageNav><a href='threads/pump.5/page-2' \
         class=text>Next &gt;</a></div><ol class=messageList>{}{}</ol></body></html>",
        post(1, &format!("Does the old pump hum?<br>{WORDS}")),
        post(2, &quote)
    )
}

/// Addresses are relative to the page's base, not to the page.
#[test]
fn addresses_are_written_in_full() {
    let base = "<base href='https://boats.example/forum/'>";
    let at = Some("https://boats.example/forum/threads/pump.5/");
    let cases = [
        (document(&xenforo1(base), at, &Options::default()), "https://boats.example/forum/"),
        (document(&xenforo1(base), None, &Options::default()), "https://boats.example/forum/"),
        (document(&xenforo1(""), at, &Options::default()), "https://boats.example/forum/threads/pump.5/"),
        (document(&xenforo1(""), None, &Options::default()), ""),
        (document(&xenforo1(""), Some("file:///tmp/page.html"), &Options::default()), ""),
    ];
    for (document, folder) in cases {
        let post = &document.posts[1];
        assert_eq!(post.permalink, Some(format!("{folder}threads/pump.5/#post-2")));
        let next = Some(format!("{folder}threads/pump.5/page-2"));
        assert_eq!((&document.thread.expect("it is one").next, &document.next), (&next, &next));
    }
}

/// Some boards write all posts as quotes; only what they quote is one.
#[test]
fn a_post_that_is_a_quote_itself_quotes_nothing() {
    let options = Options { quotes: Quotes::Mark, ..Options::default() };
    let document = document(&xenforo1(""), None, &options);
    let text = document.text_with(TextOptions { title: false }, options.post_view());
    assert!(text.contains(&format!("\n{WORDS}")) && !text.contains(&format!("> {WORDS}")), "{text}");
    assert!(text.contains("\n> Does the old pump hum?"), "{text}");
    let marked: Vec<String> =
        document.markdown().lines().filter(|line| line.starts_with('>')).map(str::to_owned).collect();
    assert_eq!(marked, ["> Does the old pump hum?"]);
}

/// Comments that are most of a page's text are left in it; asked for, they are what the records say.
#[test]
fn comments_that_are_asked_for_are_those_of_the_records() {
    let comment = |id: u32| {
        format!(
            "<li class=comment id=comment-{id}><div class=comment-body><div class=comment-author><cite class=fn>Ann{id}</cite> <span class=says>says:</span></div>\
             <div class=comment-meta><a href='#comment-{id}'>March {id}, 2024 at 9:52 am</a></div><p>{WORDS} So said {id}.</p><ul><li>see belt {id}</li></ul>\
             <div class=reply><a>Reply</a></div></div></li>"
        )
    };
    let comments: String = (1..9).map(comment).collect();
    let page = format!(
        "<html lang=en><head><title>Pumps</title></head><body><h1>Pumps</h1><p>{WORDS}</p><ol class=commentlist>{comments}</ol></body></html>"
    );
    let options = Options { comments: true, ..Options::default() };
    let document = document(&page, None, &options);
    let text = document.text(TextOptions { title: false });
    for line in document.posts.iter().flat_map(|post| post.text.lines()) {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert_eq!(document.posts.len(), 8);
    assert!(!text.contains("says") && !text.contains("Reply") && !text.contains("9:52"), "{text}");
}

#[test]
fn posts_that_are_too_many_for_records_stay_in_the_text() {
    let mut page = String::from("<html lang=en><body><div id=brdmain>");
    for at in 1..=posts::POSTS_MAX + 3 {
        write!(
            page,
            "<div class=blockpost id=p{at}><h2><span><a href='#p{at}'>2024-03-01 09:52:00</a></span></h2><div class=postleft><dl><dt><strong>Ann</strong></dt></dl></div>\
             <div class=postright><div class=postmsg><p>{WORDS} So said number {at} of us.</p></div></div></div>"
        )
        .expect("a string takes all");
    }
    let document = document(&page, None, &Options::default());
    assert_eq!(document.posts.len(), posts::POSTS_MAX);
    let text = document.text(TextOptions { title: false });
    assert!(text.contains(&format!("So said number {} of us.", posts::POSTS_MAX + 3)));
    assert!(document.notes.iter().any(|note| note.contains("more than 5000 posts")), "{:?}", document.notes);
}

/// A sign before the words is none of them where the rules say so; elsewhere it may quote.
#[test]
fn what_stands_before_the_words_is_left_out_by_rule() {
    let rules = "[[platform]]\nid = 'a'\nname = 'A'\ndetect.any = ['.a']\nlead.container = '.l'\npost.container = '.a'\n\
                 post.body = ['p']\n";
    let page = "<div class=l><p>: so it is said</p></div><div class=a><p>: the eels sleep</p></div>";
    for (more, want) in [("", ": the eels sleep"), ("post.body_begin = ':'\n", "the eels sleep")] {
        let platforms = Platforms::parse(&format!("{rules}{more}"), "mine.toml").expect("sound rules");
        let found = super::read(page, &platforms, None).expect("the platform is known");
        let said: Vec<_> = found.posts.iter().map(|post| post.text.as_str()).collect();
        assert_eq!(said, [": so it is said", want], "{more}");
    }
}

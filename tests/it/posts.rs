//! Posts of discussions, from outside.

mod boards;
mod clocks;
mod entries;
mod fields;
mod finder;
mod forms;
mod guests;
mod islands;
mod known;
mod lost;
mod makers;
mod near;
mod pages;
mod paging;
mod platforms;
mod quotes;
mod remarks;
mod rules;
mod short;
mod times;
mod unlisted;
mod versions;
mod words;

use gleaner::extract::html;
use gleaner::extract::metadata::dates::Customs;
use gleaner::extract::posts::{self, Discussion, Platforms, Selector};

/// Four people, and what each says.
const NAMES: [&str; 4] = ["Maren", "old_salt", "Lotse", "keeper"];
const SAID: [&str; 4] = [
    "The sluice by the mill was open all night, and nobody at the yard can say who lifted the board.",
    "My lad walked past it at nine, and there was still so much water in the pond that the ducks slept on it.",
    "Whoever has the other key should look in his coat, for the lock was whole when I came by at dawn.",
    "We lowered it again with two bars and a rope, so come and see before the frost gets into the wood.",
];

/// What these platforms' rules find on a page of that language.
fn read(page: &str, platforms: &Platforms, language: Option<&str>) -> Option<Discussion> {
    let tree = html::parse(page);
    posts::read(&tree, platforms, &Customs::of_page(&tree, language))
}

/// What repeats on it as posts do.
fn find(page: &str, language: Option<&str>) -> Option<Discussion> {
    let tree = html::parse(page);
    posts::find(&tree, &Customs::of_page(&tree, language))
}

#[test]
fn the_rules_that_come_with_the_program_are_sound() {
    let platforms = Platforms::built_in();
    assert!(platforms.list.len() >= 30);
    let mut ids: Vec<&str> = platforms.list.iter().map(|platform| platform.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), platforms.list.len(), "an id stands twice");
}

#[test]
fn errors_name_file_and_line() {
    let head = "[[platform]]\nid = 'a'\nname = 'A'\ndetect.any = ['.a']\n";
    let cases = [
        ("post.container = '.a'\npost.body = ['.b[']", "mine.toml:6: a name is missing before ``"),
        ("post.container = '.a:hover'\npost.body = ['.b']", "mine.toml:5: `:hover` is not known"),
        ("post.container = '.a'\npost.body = ['.b']\npost.colour = 1", "mine.toml:7: unknown field `colour`"),
        ("post.container = '.a'", "missing field `body`"),
        ("post.container = ", "mine.toml:5:"),
    ];
    for (rest, want) in cases {
        let error = Platforms::parse(&format!("{head}{rest}"), "mine.toml").expect_err(rest).to_string();
        assert!(error.contains(want), "{error}\n{want}");
    }
}

#[test]
fn selectors_pick_what_css_says() {
    let page =
        "<div id=a class='x y'><p class=k>1</p><p data-n=abc>2</p><section><p>3</p><b>4</b></section></div><p>5</p>";
    let tree = html::parse(page);
    let cases = [
        ("p", "1235"),
        ("div p", "123"),
        ("div > p", "12"),
        ("#a.x.y > p.k", "1"),
        ("[data-n]", "2"),
        ("[data-n=abc], [data-n='abd']", "2"),
        ("[data-n^=ab]", "2"),
        ("[data-n$=bc]", "2"),
        ("[data-n*=\"b\"]", "2"),
        ("[class~=y] .k", "1"),
        ("div:has(> section) > .k", "1"),
        ("p:not(.k)", "235"),
        ("section > :first-child", "3"),
        ("section > *:last-child", "4"),
        ("div > p:nth-last-child(2)", "2"),
        ("div p:last-of-type", "23"),
        ("body > div > section > p", "3"),
        ("p:has(+ section)", "2"),
        ("p:has(+ p.k)", ""),
        ("p:nth-last-of-type(2)", "1"),
        ("div > p:nth-of-type(2)", "2"),
    ];
    for (text, want) in cases {
        let selector = Selector::parse(text).expect(text);
        let found: String = selector.all(&tree, 0).map(|id| tree.text_content(id)).collect();
        assert_eq!(found, want, "{text}");
    }
    for text in ["", ",", "div >", "..a", "p:has(", "[a", "a]", "p:hover", "p:nth-child(x)"] {
        assert!(Selector::parse(text).is_err(), "{text}");
    }
}

const INVISION: &str = "<html lang=en><body><div id=ipsLayout_mainArea><h1 class=ipsType_pageTitle>Bees in winter</h1>\
    <article id=elComment_7 class='cPost ipsComment'><aside><h3 class=cAuthorPane_author><strong><a href=/profile/1>Ann</a></strong> 12</h3></aside>\
    <div class=ipsComment_meta><a href='/t/?do=findComment&comment=7'>Posted <time datetime='2024-06-19T08:30:00Z'>June 19</time></a></div>\
    <div data-role=commentContent><p>Do they sleep?</p></div><div data-role=memberSignature>Ann keeps bees</div></article>\
    <article id=elComment_8 class='cPost ipsComment'><aside><h3 class=cAuthorPane_author><strong><a href=/profile/2>Bob</a></strong></h3></aside>\
    <div data-role=commentContent><blockquote class=ipsQuote data-ipsquote-username=Ann data-ipsquote-contentcommentid=7>\
    <div class=ipsQuote_citation>Ann said:</div><div><p>Do they sleep?</p></div></blockquote><p>They do not.<br>They huddle.</p></div></article>\
    <ul><li class=ipsPagination_next><a href='?page=2'>Next</a></li></ul></div>";

#[test]
fn a_known_platform_gives_records() {
    let found = read(INVISION, &Platforms::built_in(), Some("en")).expect("the platform is known");
    assert_eq!(found.thread.platform.as_deref(), Some("invision4"));
    assert_eq!(found.thread.title.as_deref(), Some("Bees in winter"));
    assert_eq!(found.thread.next.as_deref(), Some("?page=2"));
    assert!(!found.comments);
    let [first, second] = found.posts.as_slice() else { panic!("two posts, not {}", found.posts.len()) };
    assert_eq!(
        (first.id.as_deref(), first.author.as_deref(), first.author_url.as_deref()),
        (Some("elComment_7"), Some("Ann"), Some("/profile/1"))
    );
    assert_eq!(first.time.as_deref(), Some("2024-06-19T08:30:00Z"));
    assert_eq!((first.text.as_str(), first.signature.as_deref()), ("Do they sleep?", Some("Ann keeps bees")));
    assert_eq!(second.text, "Do they sleep?\nThey do not.\nThey huddle.");
    let [quote] = second.quotes.as_slice() else { panic!("one quote") };
    assert_eq!(
        (quote.author.as_deref(), quote.post_id.as_deref(), quote.text.as_str()),
        (Some("Ann"), Some("elComment_7"), "Do they sleep?")
    );
}

/// Replies that stand inside each other have each their own words.
#[test]
fn nested_replies_are_parted() {
    let page = "<article class=post><div class=entry-content>Article</div></article><ol class=comment-list>\
        <li class=comment id=c1><div class=comment-author><b class=fn>Ann</b></div><div class=comment-content><p>First</p></div>\
        <ol class=children><li class=comment id=c2><div class=comment-author><b class=fn>Bob</b></div>\
        <div class=comment-content><p>Second</p></div></li></ol></li></ol>";
    let found = read(page, &Platforms::built_in(), None).expect("comments are known");
    assert!(found.comments);
    let shown: Vec<_> =
        found.posts.iter().map(|post| (post.author.as_deref().unwrap_or_default(), post.text.as_str())).collect();
    assert_eq!(shown, [("Ann", "First"), ("Bob", "Second")]);
}

fn unknown_board(author: &str, heading: &str) -> String {
    let post = |at: usize| {
        let heading = heading.replace('N', &at.to_string());
        format!(
            "<div class=row{at}><div class=side>{author}<span>{at} Beiträge</span></div><div class=main>{heading}<span class=when>{at}. Juni 2024, 08:3{at}</span>\
             <div class=words>Das ist der Beitrag Nummer {at} und er hat genug Wörter für einen Satz.</div></div></div>"
        )
    };
    format!("<html lang=de><body><nav>19. Juni 2024</nav><div>{}</div>", (1..6).map(post).collect::<String>())
}

#[test]
fn an_unknown_board_is_found_by_what_repeats() {
    let page = unknown_board("<a href=/user/ann>Ann</a>", "");
    assert_eq!(read(&page, &Platforms::built_in(), Some("de")), None);
    let found = find(&page, Some("de")).expect("posts repeat");
    assert_eq!(found.posts.len(), 5);
    let post = &found.posts[1];
    assert_eq!((post.author.as_deref(), post.time.as_deref()), (Some("Ann"), Some("2024-06-02T08:32:00")));
    assert_eq!(post.text, "Das ist der Beitrag Nummer 2 und er hat genug Wörter für einen Satz.");
}

/// Teasers have dates too: a linked heading in each, or nobody's name, tells them from posts.
#[test]
fn teasers_are_no_posts() {
    for page in [unknown_board("<a href=/user/ann>Ann</a>", "<h2><a href=/N>Titel N</a></h2>"), unknown_board("", "")] {
        assert_eq!(find(&page, Some("de")), None);
    }
}

#[test]
fn hostile_pages_end() {
    let pages = [
        "<article class=cPost id=elComment_1><div data-role=commentContent>x".repeat(400),
        "<li class='comment x'><div class=comment-content>y".repeat(400),
        "<time>1.1.2024</time>".repeat(5000),
        "<div class=post><div class=postbody>".repeat(400),
        "<table id=post1>".repeat(200),
    ];
    for page in pages {
        let _ = read(&page, &Platforms::built_in(), None);
        let _ = find(&page, None);
    }
}

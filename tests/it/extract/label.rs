//! What is kept, what is not, and why.

use gleaner::document::{Document, Kind, Label, Reason, TextOptions};
use gleaner::extract::{Mode, Options, extract};

use super::frames;

const ONE: &str = "The ferry to the outer islands will run twice a day from the first of May, the harbour office said \
                   on Tuesday, after a winter in which storms had kept it in port for weeks.";
const TWO: &str = "Until then travellers must use the mail boat, which leaves at seven, has room for twelve people, and \
                   takes bicycles only when the sea is calm and the skipper is in a good mood.";
const THREE: &str = "Tickets can be bought at the quay, in the shop beside the church, or on board, where the price is the \
                     same but the coffee, as regular passengers know well, is a good deal better.";

fn read_with(page: &str, options: &Options) -> Document {
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, options)
}

pub fn read(page: &str) -> Document {
    read_with(page, &Options::default())
}

fn body() -> String {
    format!("<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>")
}

fn kept(document: &Document) -> Vec<&str> {
    document.blocks.iter().filter(|block| block.label == Label::Content).map(|block| block.text.as_str()).collect()
}

/// Why a block is left out.
pub fn reason(document: &Document, text: &str) -> Option<Reason> {
    let block = document.blocks.iter().find(|block| block.text == text);
    match &block.unwrap_or_else(|| panic!("no block {text:?}")).label {
        Label::Content => None,
        Label::Boilerplate(reason) => Some(reason.clone()),
    }
}

#[test]
fn the_topic_gives_its_post_and_a_reason_for_all_else() {
    let document = read(&frames::topic("Ferry returns in May", &body()));
    assert_eq!(document.text(TextOptions::default()), format!("Ferry returns in May\n\n{ONE}\n\n{TWO}\n\n{THREE}\n"));
    assert_eq!(document.kind, Kind::Thread);
    for (text, expected) in [
        ("Jump to content", Reason::SkipLink),
        ("Recommended Posts", Reason::Related),
        ("Create an account or sign in to comment", Reason::SignIn),
        ("Stay curious, and be kind to the sheep.", Reason::Signature),
        ("Share on other sites", Reason::Share),
        ("No registered users viewing this page.", Reason::Widget),
        ("×", Reason::Widget),
        ("Create New...", Reason::Widget),
    ] {
        assert_eq!(reason(&document, text), Some(expected), "{text}");
    }
}

#[test]
fn the_post_gives_its_text_and_its_comments_only_on_request() {
    let page = frames::post("Ferry returns in May", &body());
    let document = read(&page);
    assert_eq!(document.text(TextOptions::default()), format!("Ferry returns in May\n\n{ONE}\n\n{TWO}\n\n{THREE}\n"));
    assert_eq!(document.kind, Kind::Article);
    assert_eq!(reason(&document, "5 × one ="), Some(Reason::Captcha));
    assert_eq!(reason(&document, "Leave a Reply Cancel reply"), Some(Reason::CommentForm));
    let with = read_with(&page, &Options { comments: true, ..Options::default() });
    assert!(kept(&with).iter().any(|text| text.starts_with("A long and thoughtful remark")));
    assert!(!kept(&with).iter().any(|text| text.contains("Leave a Reply")));
}

#[test]
fn a_post_may_speak_of_chrome() {
    let asks = "Subscribe to the newsletter, they say, and leave a reply; I never do, and nobody has complained so far, \
                which may tell you something about newsletters.";
    for page in [
        frames::post(
            "On newsletters",
            &format!("<p>{ONE}</p><p>{asks}</p><h2>Leave a reply</h2><p>{TWO}</p><p>{THREE}</p>"),
        ),
        frames::topic("On newsletters", &format!("<p>{ONE}</p><p>{asks}</p><p>{TWO}</p><p>{THREE}</p>")),
    ] {
        assert!(kept(&read(&page)).contains(&asks));
    }
}

#[test]
fn quotes_lists_and_code_in_a_post_are_kept() {
    let more = format!(
        "<p>{ONE}</p><blockquote class=ipsQuote><div class=ipsQuote_citation>2 hours ago, Ann said:</div><p>{TWO}</p></blockquote>\
         <ul><li>Bring warm clothes, even in June.</li><li>Bring something to read, too.</li></ul><pre><code>ferry --book</code></pre><p>{THREE}</p>"
    );
    let document = read(&frames::topic("Ferry returns in May", &more));
    let text = document.text(TextOptions::default());
    for part in [TWO, "Bring warm clothes, even in June.", "ferry --book"] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}

#[test]
fn chrome_in_other_languages_goes_too() {
    for (reply, mail, share) in [
        ("Schreibe einen Kommentar", "Deine E-Mail-Adresse wird nicht veröffentlicht.", "Teilen"),
        ("Laisser un commentaire", "Votre adresse e-mail ne sera pas publiée.", "Partager"),
        ("コメントを残す", "メールアドレスが公開されることはありません。", "シェア"),
    ] {
        let page = format!(
            "<title>T</title><div><h1>T</h1>{}<div><b>{share}</b></div><div><h3>{reply}</h3><div>{mail}</div></div></div>",
            body()
        );
        let document = read(&page);
        assert_eq!(kept(&document), ["T", ONE, TWO, THREE]);
        assert_eq!(reason(&document, reply), Some(Reason::CommentForm));
    }
}

#[test]
fn repeated_prose_is_kept_once() {
    let document = read(&format!("<h1>T</h1><div class=mobile>{0}</div><div class=desktop>{0}</div>", body()));
    assert_eq!(kept(&document).iter().filter(|text| **text == ONE).count(), 1);
    assert!(document.blocks.iter().any(|block| block.label == Label::Boilerplate(Reason::Duplicate)));
}

#[test]
fn noscript_is_read_where_it_holds_the_posts() {
    let page = format!("<title>T</title><div id=app>Loading</div><noscript><h1>T</h1>{}</noscript>", body());
    let document = read(&page);
    assert!(kept(&document).contains(&ONE) && document.notes.iter().any(|note| note.contains("noscript")));
    let twice = format!("<title>T</title><h1>T</h1>{0}<noscript>{0}</noscript>", body());
    assert_eq!(kept(&read(&twice)).len(), 4);
}

#[test]
fn challenge_pages_are_blocked_and_talk_of_captchas_is_not() {
    for page in [
        "<title>Just a moment...</title><body><h1>example.org</h1><p>Verify you are human by completing the action below.</p>\
         <p>example.org needs to review the security of your connection before proceeding.</p><p>Ray ID: 8a</p>",
        "<title>Attention Required! | Cloudflare</title><div id=cf-error-details><h1>Sorry, you have been blocked</h1></div>",
        "<title>example.com</title><body><p>Please enable JS and disable any ad blocker</p>\
         <script src='https://ct.captcha-delivery.com/c.js'></script>",
    ] {
        let document = read(page);
        assert_eq!(document.kind, Kind::Blocked, "{page}");
        assert!(kept(&document).is_empty() && document.text(TextOptions::default()).is_empty());
    }
    let talk = format!(
        "<title>How to verify you are human</title><article><h1>How to verify you are human</h1>{}</article>",
        body()
    );
    assert_eq!(read(&talk).kind, Kind::Article);
}

#[test]
fn pages_without_text_are_empty() {
    for page in
        ["", "<html></html>", "<frameset cols=50%,50%><frame src=a><frame src=b></frameset>", "<body><nav>Home</nav>"]
    {
        let document = read(page);
        assert_eq!((document.kind, kept(&document).len(), document.title), (Kind::Empty, 0, None), "{page}");
    }
    assert!(read("<frameset><frame src=a></frameset>").notes.iter().any(|note| note.contains("frameset")));
}

#[test]
fn modes_only_move_the_cut() {
    let page = frames::post("Ferry returns in May", &format!("{}<p>Short.</p><div>Maybe so</div>", body()));
    let texts = [Mode::Precision, Mode::Balanced, Mode::Recall].map(|mode| {
        let document = read_with(&page, &Options { mode, ..Options::default() });
        kept(&document).into_iter().map(str::to_owned).collect::<Vec<_>>()
    });
    assert!(texts[0].iter().all(|text| texts[1].contains(text)) && texts[1].iter().all(|text| texts[2].contains(text)));
}

#[test]
fn the_title_is_the_heading_that_agrees_with_the_pages_name() {
    for (page, title) in [
        ("<title>Ferry returns | Herald</title><h1>Herald</h1><h2>Ferry returns</h2>", "Ferry returns"),
        ("<title>Ferry returns | Herald</title><h1>Ferry returns</h1><h1>Herald</h1>", "Ferry returns"),
        ("<title>Herald</title><h1>Something else entirely</h1>", "Something else entirely"),
    ] {
        let document = read(&format!("{page}{}", body()));
        assert_eq!(document.title.map(|at| document.blocks[at as usize].text.as_str()), Some(title));
        assert_eq!(reason(&document, title), None);
    }
}

#[test]
fn places_are_named_as_paths() {
    let document = read(&format!("<main><h1>T</h1><div><p>{ONE}</p><p>{TWO}</p></div></main>"));
    let at: Vec<_> = document.blocks.iter().map(|block| block.at.0.as_str()).collect();
    assert_eq!(at, ["html/body/main/h1", "html/body/main/div/p", "html/body/main/div/p[2]"]);
}

#[test]
fn what_a_page_declares_settles_its_kind() {
    let with = |head: &str| read(&format!("<head>{head}</head><body><p>{ONE}</p></body>")).kind;
    let linked = |json: &str| with(&format!("<script type=application/ld+json>{json}</script>"));
    assert_eq!(with(""), Kind::Page);
    assert_eq!(linked(r#"{"@graph":[{"@type":"WebPage"},{"@type":["NewsArticle"],"headline":"x"}]}"#), Kind::Article);
    let ware = r#"{"@type":"Product","name":"x","offers":{"price":1}}"#;
    assert_eq!(linked(ware), Kind::Product);
    assert_eq!(linked(r#"{"@type":"Product","name":"x","review":{}}"#), Kind::Page, "told of, not offered");
    assert_eq!(linked(&format!(r#"[{ware},{{"@type":"https://schema.org/BlogPosting"}}]"#)), Kind::Article);
    assert_eq!(linked(&format!("[{ware},{ware}]")), Kind::Product, "by the theme and by an app");
    let other = ware.replace('x', "y");
    assert_eq!(linked(&format!("[{ware},{other}]")), Kind::Page, "of two wares neither is the page's");
    assert_eq!(linked(&format!(r#"{{"@type":"WebPage","about":{ware}}}"#)), Kind::Page, "what it is about it is not");
    let teasers = r#"[{"@type":"NewsArticle","headline":"a"},{"@type":"NewsArticle","headline":"b"}]"#;
    assert_eq!(linked(teasers), Kind::Page);
    assert_eq!(linked(r#"{"@type":"CollectionPage","mainEntity":{"@type":"Article"}}"#), Kind::Page);
    let dated = r#"<meta property="article:published_time" content="2024-01-22">"#;
    assert_eq!(with(dated), Kind::Article);
    assert_eq!(with(&format!(r#"{dated}<meta property="og:type" content="website">"#)), Kind::Page);
    let (review, script) = (r#"<meta property="og:type" content="article">"#, "<script type=application/ld+json>");
    assert_eq!(with(&format!("{review}{script}{ware}</script>")), Kind::Article, "said elsewhere");
}

#[test]
fn a_frameset_is_what_it_says_to_readers_without_frames() {
    let prose = "The ferry to the outer islands will run twice a day from the first of May, the harbour office said. ";
    let frames = "<title>Ferry & boats</title><frameset cols=20%,80%><frame src=a><frame src=b>";
    let document = read(&format!("{frames}<noframes><body><h2>Ferry</h2><p>{}</body></noframes>", prose.repeat(3)));
    assert!(document.text(Default::default()).contains("twice a day"), "{:?}", document.notes);
    assert_eq!(document.metadata.title.map(|found| found.value).as_deref(), Some("Ferry & boats"));
    assert!(document.notes.iter().any(|note| note.contains("without frames")), "{:?}", document.notes);
    let bare = read(&format!("{frames}<noframes>Your browser has no frames.</noframes></frameset>"));
    assert!(bare.blocks.is_empty() && bare.notes.iter().any(|note| note.contains("other pages")), "{:?}", bare.notes);
    let deep = format!("{frames}<noframes>").repeat(20_000);
    assert_eq!(read(&deep).kind, gleaner::document::Kind::Empty);
}

/// However short an entry is, and however much readers say to it.
#[test]
fn an_entry_with_lively_comments_is_no_thread() {
    let comments = [TWO, THREE, "The mail boat was late on all five days last week, and nobody told us why it was so."];
    let comment = |(at, said): (usize, &&str)| {
        format!(
            "<li class='comment' id='comment-{at}'><article class='comment-body'><b class='fn'>Reader {at}</b> \
             <time datetime='2015-03-0{at}T10:00:00Z'>March {at}, 2015</time><div class='comment-content'><p>{said}</p></div></article></li>"
        )
    };
    let comments: String = (1..).zip(comments.iter().cycle().take(6)).map(comment).collect();
    for (entry, list) in [
        ("<div class='entry-content'>", "<div id='comments' class='comments-area'>"),
        ("<div class='post-body entry-content'>", "<div class='comments' id='comments'>"),
        ("<div itemprop='articleBody'>", "<ol class='commentlist'>"),
    ] {
        let page = format!(
            "<!doctype html><title>Boats</title><main><article class='hentry'><h1>Boats</h1>{entry}<p>{ONE}</p></div></article>\
             {list}{comments}</div></main>"
        );
        let document = read(&page);
        assert_ne!(document.kind, Kind::Thread, "{entry}");
        let text = document.text(TextOptions::default());
        assert!(text.contains(ONE) && !text.contains(TWO) && !text.contains(THREE), "{text}");
    }
    // A guest book says hardly anything itself.
    let entry =
        format!("<article class='hentry'><h1>Guestbook</h1><div class='entry-content'><p>{ONE}</p></div></article>");
    let list = "<div id='comments' class='comments-area'>";
    let document = read(&format!("<!doctype html><title>Guestbook</title><main>{entry}{list}{comments}</div></main>"));
    assert!(document.text(TextOptions::default()).contains(TWO));
    // The posts of a board may be called so, too.
    let post = |(at, said): (usize, &&str)| {
        format!(
            "<div class='comment post' id='p{at}'><b class='author'>Ann {at}</b> <time>2015-03-0{at}</time><div class='post-content'><p>{said}</p></div></div>"
        )
    };
    let posts: String = (1..).zip([ONE, TWO, THREE, TWO].iter()).map(post).collect();
    let document = read(&format!("<!doctype html><title>Boats</title><h1>Boats</h1><div id='comments'>{posts}</div>"));
    assert_eq!(document.kind, Kind::Thread);
}

//! Posts that a page carries as JSON, and what known platforms say beside text, author and time.

use gleaner::document::{Kind, TextOptions};
use gleaner::extract::extract;
use gleaner::extract::posts::{Discussion, Platforms};

fn read(page: &str) -> Discussion {
    super::read(page, &Platforms::built_in(), Some("en")).expect("the platform is known")
}

/// The shell of an app whose script would show the posts.
#[test]
fn an_app_that_has_not_run_still_gives_its_posts() {
    let topic = serde_json::json!({
        "id": 41, "title": "Where to land with an east wind", "tags": ["harbour"], "posts_count": 3, "chunk_size": 2,
        "post_stream": { "posts": [
            { "id": 900, "post_number": 1, "username": "maren", "created_at": "2024-05-01T08:00:00.000Z",
              "updated_at": "2024-05-01T08:00:00.000Z", "version": 1,
              "cooked": "<p>The east wind pushes the swell into the basin.</p><p>Where do you go then?</p>",
              "actions_summary": [{ "id": 2, "count": 4 }] },
            { "id": 901, "post_number": 2, "username": "lotse", "created_at": "2024-05-01T09:00:00.000Z",
              "updated_at": "2024-05-02T09:00:00.000Z", "version": 2, "reply_to_post_number": 1, "accepted_answer": true,
              "cooked": "<aside class=quote data-username=maren data-post=1><div class=title>maren:</div><blockquote>\
                         <p>Where do you go then?</p></blockquote></aside><p>Behind the island, there is a mooring of the yacht club.</p>" }
        ] }
    });
    let preloaded =
        serde_json::json!({ "topic_41": topic.to_string(), "site": "{}" }).to_string().replace('"', "&quot;");
    let page = format!(
        "<html lang=en><head><meta name=generator content='Discourse 3.2'><title>Where to land</title></head><body>\
         <div id=data-preloaded data-preloaded=\"{preloaded}\"></div><div id=main></div></body></html>"
    );
    let document = extract(page.as_bytes(), Some("text/html"), None, &Default::default());
    assert_eq!(document.kind, Kind::Thread);
    let [first, second] = document.posts.as_slice() else { panic!("two posts: {:#?}", document.posts) };
    assert_eq!((first.author.as_deref(), first.reactions.get("like")), (Some("maren"), Some(&4)));
    assert_eq!((second.reply_to.as_deref(), second.accepted), (Some("post_1"), true));
    assert_eq!(second.edited.as_deref(), Some("2024-05-02T09:00:00.000Z"));
    assert_eq!(second.quotes[0].author.as_deref(), Some("maren"));
    assert_eq!(document.thread.as_ref().and_then(|thread| thread.next.as_deref()), Some("?page=2"));
    let text = document.text(TextOptions { title: false });
    assert!(text.contains("The east wind pushes") && text.contains("Behind the island"), "{text}");
    assert!(document.metadata.platform.as_ref().is_some_and(|platform| platform.value == "discourse-app"));
}

/// Depth, parent and score as the element says them.
#[test]
fn web_components_say_depth_and_parent() {
    let found = read(
        "<shreddit-post author=ann created-timestamp='2024-05-01T08:00:00Z' thingid=t3_a score=12><div slot=text-body><div class=md>\
         <p>Who rows on Sunday?</p></div></div></shreddit-post>\
         <shreddit-comment author=bob thingid=t1_b depth=0 parentid=t3_a score=-3><div slot=comment><p>I do.</p></div>\
         <shreddit-comment author=cid thingid=t1_c depth=1 parentid=t1_b><div slot=comment><p>Me too.</p></div></shreddit-comment>\
         </shreddit-comment>",
    );
    let shown: Vec<_> = found.posts.iter().map(|post| (post.depth, post.reply_to.as_deref(), post.score)).collect();
    assert_eq!(shown, [(0, None, Some(12)), (0, Some("t3_a"), Some(-3)), (1, Some("t1_b"), None)]);
}

#[test]
fn answers_have_votes_and_one_is_accepted() {
    let answer = |id: u32, class: &str, votes: &str| {
        format!(
            "<div class='answer {class}' data-answerid={id}><div class=js-vote-count>{votes}</div><div class=js-post-body><p>Answer {id} \
             says to splice the rope.</p></div></div>"
        )
    };
    let found = read(&format!(
        "<div id=question data-questionid=1><div class=js-vote-count>5</div><div class=js-post-body><p>How do I join ropes?</p></div></div>{}{}",
        answer(2, "accepted-answer", "17"),
        answer(3, "", "-2")
    ));
    let shown: Vec<_> = found.posts.iter().map(|post| (post.score, post.accepted)).collect();
    assert_eq!(shown, [(Some(5), false), (Some(17), true), (Some(-2), false)]);
}

/// A post that only leads elsewhere says what it says in its heading, which is the page's title too: a page of so few words
/// that it looks empty has that text.
#[test]
fn a_post_of_one_heading_is_the_text() {
    for heading in ["Ferry stops in March", "Ferry stops", "Old photos", "Ferry"] {
        let page = format!(
            "<html lang=en><head><title>{heading} : rowing</title></head><body><div><button>Skip to main content</button></div>\
             <header><nav><button>Open menu</button><div>Open navigation Go to home</div><button>Get App</button>\
             <button>Log In</button></nav></header><div><div><main><shreddit-post author=ann \
             created-timestamp='2024-05-01T08:00:00Z' post-title='{heading}' permalink='/r/rowing/comments/a1/ferry/'>\
             <div slot=credit-bar><span>r/rowing</span> <span>•</span></div><h1 slot=title>{heading}</h1>\
             <div slot=post-media-container><div>ferry.example</div><a href='https://ferry.example/'><button>Open</button></a></div>\
             <button>Share</button></shreddit-post></main></div></div></body></html>"
        );
        let document = extract(page.as_bytes(), Some("text/html"), None, &Default::default());
        assert_eq!((document.kind, document.posts.len()), (Kind::Thread, 1), "{:?}", document.posts);
        assert_eq!(document.text(TextOptions::default()).trim(), heading);
    }
}

//! The same platforms in other versions and skins: what people wrote in them is there all the same.

use gleaner::document::{Document, Kind, TextOptions};
use gleaner::extract::{Options, extract};

use super::{NAMES, SAID};

fn document(body: &str) -> Document {
    let page =
        format!("<html lang=en><head><meta charset=utf-8><title>The sluice</title></head><body>{body}</body></html>");
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn platform(document: &Document) -> Option<&str> {
    document.thread.as_ref()?.platform.as_deref()
}

/// Name, day and words of the posts.
fn told(document: &Document) -> Vec<(&str, &str, &str)> {
    let told = document.posts.iter().map(|post| {
        let time = post.time.as_deref().and_then(|time| time.get(..10)).unwrap_or_default();
        (post.author.as_deref().unwrap_or_default(), time, post.text.as_str())
    });
    told.collect()
}

/// As [`told`] gives them where each of four people wrote on a day of its own.
fn four() -> Vec<(&'static str, &'static str, &'static str)> {
    let days = ["2016-03-01", "2016-03-02", "2016-03-03", "2016-03-04"];
    (0..4).map(|at| (NAMES[at], days[at], SAID[at])).collect()
}

/// What these give for the three who answer.
fn answers(one: impl Fn(usize) -> String) -> String {
    (1..4).map(one).collect()
}

fn gitlab(class: &str) -> String {
    let notes = answers(|at| {
        format!(
            "<li id=note_{at} class='{class}'><div class=timeline-content><div class=note-header><a class=author_link href='/u{at}'><span class=author>{}</span></a> \
             <span class=note-headline-light>commented <a href='#note_{at}'><time datetime='2016-03-0{}T09:52:00Z'>Mar</time></a></span></div>\
             <div class=note-body><div class='note-text md'><p>{}</p></div></div></div></li>",
            NAMES[at],
            at + 1,
            SAID[at]
        )
    });
    format!(
        "<div class=detail-page-header>Issue #5 opened <time datetime='2016-03-01T07:02:00Z'>Mar 1</time> by <a class=author_link href='/u0'><span class=author>{}</span></a></div>\
         <div class='issue-details issuable-details'><div class=detail-page-description><h2 class=title>The sluice</h2><div class=description><div class=wiki><p>{}</p>\
         </div></div></div><ul class='notes timeline'>{notes}</ul></div>",
        NAMES[0], SAID[0]
    )
}

fn launchpad(outer: &str, body: &str, time: impl Fn(usize) -> String) -> String {
    let comments = answers(|at| {
        format!(
            "<div class='{outer}'><div class=boardCommentDetails><table><tr><td><a href='https://bugs.example/~u{at}' class='sprite person'>{}</a> wrote {}:</td>\
             <td class=bug-comment-index><a href='/bugs/5/comments/{at}'>#{at}</a></td></tr></table></div><div class='{outer}Body'><div class='{body}'><p>{}</p></div></div></div>",
            NAMES[at],
            time(at),
            SAID[at]
        )
    });
    format!(
        "<h1 id=edit-title><span class=yui3-editable_text-text>The sluice</span></h1><div class=registering>Bug #5 reported by <a href='https://bugs.example/~u0' \
         class='sprite person'>{}</a> <span title='2016-03-01 07:02:00 UTC'>on 2016-03-01</span></div><div class=report><div id=edit-description><h3>Description</h3>\
         <div class=yui3-editable_text-text><p>{}</p></div></div></div>{comments}",
        NAMES[0], SAID[0]
    )
}

/// `meta` is the element of the times, `name` that of who wrote, `list` says what the list of comments is.
fn zendesk(meta: &str, item: &str, name: &str, list: &str, comment: &str) -> String {
    let said_by = |at: usize| {
        format!(
            "<{name} title='{0}'><a href='/profiles/{at}'>{0}</a></{name}> <span class=community-badge-titles><div class=community-badge title='Helps'>Pilot</div></span>\
             <{meta} class=meta-group><{item} class=meta-data><time datetime='2016-03-0{1}T07:02:00Z'>March {1}, 2016</time></{item}></{meta}>",
            NAMES[at],
            at + 1
        )
    };
    let comments = answers(|at| {
        format!(
            "<li id=community_comment_{at} class='{comment}'><div class=comment-author><div class=comment-meta>{}</div></div>\
             <section class='{comment}-body'><p>{}</p></section></li>",
            said_by(at),
            SAID[at]
        )
    });
    format!(
        "<div class=post><header class=post-header><div class=post-title><h1>The sluice</h1></div></header><div class=post-info><div class=post-author><div class=post-meta>{}\
         </div></div><div class=post-content><div class=post-body><p>{}</p></div></div></div></div><ul {list}>{comments}</ul>",
        said_by(0),
        SAID[0]
    )
}

fn jira(fields: &str, comment: &str) -> String {
    let comments = answers(|at| {
        format!(
            "<div id=comment-{at} class='issue-data-block {comment}'><div class=action-head><div class=action-details><a class=user-hover href='/u{at}'>{}</a> added a comment - \
             <time datetime='2016-03-0{}T09:52:00+0000'>2016</time></div></div><div class=action-body><p>{}</p></div></div>",
            NAMES[at],
            at + 1,
            SAID[at]
        )
    });
    format!(
        "<div id=issue-content><h1 id=summary-val>The sluice</h1><div id=descriptionmodule><h4>Description</h4><div id=description-val><div class=user-content-block>\
         <p>{}</p></div></div></div>{fields}<div id=activitymodule>{comments}</div><span id=reporter-val><span class=user-hover>{}</span></span>\
         <span id=created-val><time datetime='2016-03-01T07:02:00+0000'>2016</time></span></div>",
        SAID[0], NAMES[0]
    )
}

fn invision(tables: bool) -> String {
    let post = |at: usize| {
        let rows = format!(
            "<tr><td class=row4><a name=entry{at}></a><span class={}>{}</span></td><td class=row4><span class=postdetails><b>Posted:</b> Mar {} 2016, 07:02 AM</span></td></tr>\
             <tr><td class=post2><span class=postdetails>Group: Members<br>Posts: 52</span></td><td class=post2><div class=postcolor>{}</div></td></tr>",
            if at == 2 { "unreg" } else { "normalname" },
            NAMES[at],
            at + 1,
            SAID[at]
        );
        if tables { format!("<table>{rows}</table>") } else { rows }
    };
    let posts: String = (0..4).map(post).collect();
    let posts = if tables { posts } else { format!("<table>{posts}</table>") };
    format!("<div class=tableborder><div class=maintitle><b>The sluice</b></div>{posts}</div>")
}

#[test]
fn older_and_other_versions_of_a_platform_give_every_post() {
    let shown = |at: usize| format!("<span title='2016-03-0{} 09:52:00 UTC'>on 2016-03-0{}</span>", at + 1, at + 1);
    let marked =
        |at: usize| format!("<time itemprop=commentTime datetime='2016-03-0{}T09:52:00+00:00'>2016</time>", at + 1);
    let timed = |at: usize| format!("<time datetime='2016-03-0{}T09:52:00+00:00'>2016</time>", at + 1);
    let listed = "id=comments class=comment-list";
    let pages = [
        // The discussion stands below what holds the question.
        ("gitlab", gitlab("note timeline-entry").replace("<ul class='notes", "</div><div><ul class='notes")),
        ("gitlab", gitlab("note timeline-entry")),
        ("gitlab", gitlab("note note-wrapper timeline-entry note-comment")),
        ("launchpad", launchpad("boardComment", "bug-comment", shown)),
        ("launchpad", launchpad("boardComment", "bug-comment", shown).replace("yui3-", "yui-")),
        ("launchpad", launchpad("boardComment", "comment-text", timed)),
        ("launchpad", launchpad("boardComment", "said", marked)),
        ("zendesk", zendesk("ul", "li", "span", listed, "comment")),
        ("zendesk", zendesk("div", "span", "span", listed, "comment")),
        ("zendesk", zendesk("ul", "li", "strong", listed, "comment")),
        ("zendesk", zendesk("ul", "li", "span", "class=comment-list", "comment")),
        ("jira", jira("", "activity-comment")),
        ("invision1", invision(true)),
        ("invision1", invision(false)),
    ];
    for (known, page) in pages {
        let document = document(&page);
        assert_eq!(platform(&document), Some(known), "{page}");
        assert_eq!(told(&document), four(), "{page}");
    }
}

/// A question that is known where its answers are not would be all that stays of the page.
#[test]
fn answers_in_markup_that_no_rule_knows_are_kept() {
    let time = |at: usize| format!("<time datetime='2016-03-0{}T09:52:00+00:00'>2016</time>", at + 1);
    let listed = "id=comments class=comment-list";
    let entry = |at: usize, class: &str, body: &str| {
        format!(
            "<blockquote class='{class}' id=entry-comment-{at}><header><a class=user-inline href='/u/{0}'>{0}</a> <time datetime='2016-03-0{1}T09:52:00Z'>2016</time></header>\
             <div class={body}><p>{2}</p></div></blockquote>",
            NAMES[at],
            at + 1,
            SAID[at]
        )
    };
    let mbin = |class: &str, body: &str| {
        format!(
            "<article class='entry section'><header><h1>The sluice</h1></header><div class=entry__meta><a class=user-inline href='/u/{0}'>{0}</a> \
             <time datetime='2016-03-01T07:02:00Z'>2016</time></div><div class=entry__body><p>{1}</p></div></article><section>{2}</section>",
            NAMES[0],
            SAID[0],
            answers(|at| entry(at, class, body))
        )
    };
    let gnuboard = |id: &str, body: &str| {
        let comments = answers(|at| {
            format!(
                "<article id={id}{at}><header><span class=sv_member>{}</span> <time datetime='2016-03-0{}T09:52:00+09:00'>2016</time></header><div class={body}>{}</div></article>",
                NAMES[at],
                at + 1,
                SAID[at]
            )
        });
        format!(
            "<article id=bo_v><h2 id=bo_v_title>The sluice</h2><section id=bo_v_info><span class=sv_member>{}</span> <strong class=if_date>2016-03-01 07:02</strong></section>\
             <div id=bo_v_con>{}</div><section id=bo_vc>{comments}</section></article>",
            NAMES[0], SAID[0]
        )
    };
    let pages = [
        gitlab("remark timeline-entry"),
        launchpad("boardRemark", "comment-text", time),
        zendesk("ul", "li", "span", listed, "remark"),
        jira("", "activity-remark"),
        mbin("entry-comment", "words"),
        mbin("remark", "content"),
        gnuboard("c_", "words"),
        gnuboard("remark_", "cmt_contents"),
    ];
    for page in pages {
        let text = document(&page).text(TextOptions { title: false });
        for said in SAID {
            assert!(text.contains(said), "{said}\n{text}\n{page}");
        }
    }
}

#[test]
fn the_other_fields_of_an_issue_are_of_its_question() {
    let fields = "<div id=customfieldmodule><h4>Criteria</h4><div id=field-customfield_1><div class=user-content-block><p>The pond stays full for three nights.</p></div></div></div>\
                  <div id=environment-val><p>The upper mill, with the old wheel.</p></div>";
    let document = document(&jira(fields, "activity-comment"));
    let want = format!("{}\nThe pond stays full for three nights.\nThe upper mill, with the old wheel.", SAID[0]);
    assert_eq!(document.posts[0].text, want);
    assert_eq!(document.posts.len(), 4);
}

/// The anchors of the posts have six digits.
#[test]
fn a_long_thread_of_ubb_classic_goes_on_behind_its_hundredth_and_thousandth_post() {
    for first in [98, 998] {
        let post = |at: usize| {
            format!(
                "<tr><td><a name='{:06}'></a><font size=2><b>{}</b></font><br><font size=1>Member</font></td><td><font size=1>posted March 0{}, 2016 09:15 AM</font><hr>\
                 <font size=2>{}</font><hr><font size=1>Posts: 3 | Registered: Feb 2001 | IP: Logged</font></td></tr>",
                first + at,
                NAMES[at],
                at + 1,
                SAID[at]
            )
        };
        let page: String = (0..4).map(post).collect();
        let document = document(&format!("<table>{page}</table>"));
        assert_eq!((platform(&document), document.kind), (Some("ubbclassic6"), Kind::Thread));
        assert_eq!(told(&document), four(), "{first}");
    }
}

/// A blog whose entries have a day, a title and a name above them, and more words below.
#[test]
fn a_blog_with_names_like_those_of_an_archive_loses_no_words() {
    let entry = |at: usize| {
        format!(
            "<div class=post><div class=posttop><div class=date>March {}, 2016</div><h2>Part {at}</h2><span class=username>{}</span></div><div class=posttext>{}</div>\
             <div class=more><p>And below the first words of part {at} stand those that did not fit above.</p></div></div>",
            at + 1,
            NAMES[0],
            SAID[at]
        )
    };
    let page: String = (0..4).map(entry).collect();
    let document = document(&format!("<h1>Our mill</h1>{page}"));
    assert_ne!(platform(&document), Some("vbulletin-archive"));
    let text = document.text(TextOptions { title: false });
    for at in 0..4 {
        assert!(text.contains(&format!("words of part {at} stand")), "{at}\n{text}");
    }
}

/// The numbers of the posts lead to them, as does the title on the page of a single post.
#[test]
fn the_number_of_a_post_is_not_the_title_of_its_thread() {
    let post = |at: usize| {
        format!(
            "<table id=post{at} class=tborder><tr><td class=tcat><div class=smallfont><a href='showthread.php?t=5#post{at}' id=postcount{at}><strong>{at}</strong></a></div>\
             03-0{}-2016, 07:02 AM</td></tr><tr><td><a class=bigusername href='member.php?u={at}'>{}</a></td></tr><tr><td id=td_post_{at}><div id=post_message_{at}>{}</div></td></tr></table>",
            at + 1,
            NAMES[at],
            SAID[at]
        )
    };
    let page: String = (0..4).map(post).collect();
    let document = document(&page);
    assert_eq!(platform(&document), Some("vbulletin3"));
    assert_eq!(document.thread.and_then(|thread| thread.title).as_deref(), Some("The sluice"));
}

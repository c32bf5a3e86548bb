//! Pages that look like those of a platform whose rules know them by few marks, and are none; and what these rules leave.

use gleaner::document::{Document, Kind, TextOptions};
use gleaner::extract::posts::Platforms;
use gleaner::extract::{Options, extract};

use super::SAID;

fn document(page: &str) -> Document {
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn platform(page: &str) -> Option<String> {
    super::read(page, &Platforms::built_in(), Some("en")).and_then(|found| found.thread.platform)
}

#[test]
fn pages_with_some_marks_of_a_platform_are_not_of_it() {
    let [first, second, third, _] = SAID;
    let pages = [
        // An article of a help centre has comments in the same markup, but nobody asks.
        (
            "zendesk",
            format!(
                "<article class=article><h1>The sluice</h1><div class=article-author>Ann</div><div class=article-body><p>{first}</p></div></article>\
                 <ul id=comments class=comment-list><li class=comment><div class=comment-meta><span title=Bob>Bob</span><ul class=meta-group>\
                 <li><time datetime='2024-03-01T09:52:00Z'>March 1</time></li></ul></div><section class=comment-body>{second}</section></li></ul>"
            ),
        ),
        // A blog's theme tells of a post in such an element, its words stand elsewhere.
        (
            "zendesk",
            format!(
                "<article><h1>The sluice</h1><div class=post-info><span class=post-author>Ann</span> <time>March 1, 2024</time></div>\
                 <div class=post-body><p>{first}</p></div></article>"
            ),
        ),
        (
            "vbulletin-archive",
            format!(
                "<div class=post><div class=posttop><h2><a href='/1'>The sluice</a></h2><p class=date>March 1, 2024</p></div><div class=posttext>{first}</div></div>"
            ),
        ),
        // What stands to the right of a page's head is no day of a post.
        (
            "vbulletin3-print",
            format!(
                "<table><tr><td class=page><table><tr><td>Mill</td><td class=smallfont align=right>March 1, 2024</td></tr></table><p>{first}</p>\
                 <div>{second}</div></td></tr></table>"
            ),
        ),
        // Chapters have anchors and days as well, but nobody is a member.
        (
            "ubbclassic6",
            format!(
                "<table><tr><td><a name=000001></a><font size=2><b>First part</b></font></td><td><font size=1>3 March 2001</font><hr>\
                 <font size=2>{first}</font></td></tr></table>"
            ),
        ),
        ("invision1", format!("<div class=tableborder><div class=postcolor>{first}</div></div>")),
        (
            "gnuboard5",
            format!(
                "<article id=bo_v><h2 id=bo_v_title>The sluice</h2><section id=bo_v_info><span class=sv_member>Ann</span>\
                 </section><div id=bo_v_con>{first}</div><section id=bo_vc><p id=bo_vc_empty>-</p></section></article>"
            ),
        ),
        // A list of threads, each with a beginning of its words.
        (
            "mbin",
            format!(
                "<article class='entry section subject' id=entry-1><header><h2><a href='/1'>The sluice</a></h2></header><div class='content short-desc'>\
                 <p>{first}</p></div></article><article class='entry section subject' id=entry-2><header><h2><a href='/2'>The pond</a></h2></header>\
                 <div class='content short-desc'><p>{third}</p></div></article>"
            ),
        ),
        (
            "gitlab",
            format!(
                "<ul class=notes><li class='note system-note' id=note_1><div class=note-header><span class=note-header-author-name>Ann</span> \
                 <time datetime='2024-03-01T09:52:00Z'>March 1</time></div><div class=note-text>{first}</div></li></ul>"
            ),
        ),
        // What is asked stands elsewhere than in a report, and would be lost.
        (
            "launchpad",
            format!(
                "<div class=report><p>{first}</p></div><div class=boardComment><div class=boardCommentDetails><a class=person href='/~bob'>Bob</a> said \
                 <time itemprop=commentTime datetime='2024-03-01T09:52:00Z'>March 1</time></div><div class=boardCommentBody><div class=comment-text \
                 itemprop=commentText>{second}</div></div></div>"
            ),
        ),
        (
            "gitlab",
            format!(
                "<div class=work-item-description><p>{first}</p></div><ul class=notes><li class='note note-comment' id=note_1><div class=note-header>\
                 <span class=note-header-author-name>Ann</span> <time datetime='2024-03-01T09:52:00Z'>March 1</time></div><div class=note-body>\
                 <div class=note-text>{second}</div></div></li></ul>"
            ),
        ),
        (
            "jira",
            format!(
                "<div id=issue_actions_container><div class=issue-data-block><div class=action-details>Ann changed the status</div>\
                 <div class=changehistory>{first}</div></div></div>"
            ),
        ),
        (
            "jforum",
            format!("<table class=forumline><tr><td class=row1><span class=postbody>{first}</span></td></tr></table>"),
        ),
        (
            "ubbclassic6",
            format!(
                "<table><tr><td><a name='000001'></a><b>1.</b></td><td>{first}</td></tr><tr><td><a name='000002'></a><b>2.</b></td><td>{second}</td></tr></table>"
            ),
        ),
    ];
    for (known, page) in pages {
        let page = format!("<html lang=en><head><title>The sluice</title></head><body>{page}</body></html>");
        assert_ne!(platform(&page).as_deref(), Some(known), "{page}");
    }
}

/// The words of a rule's own posts that look like what it leaves out stay.
#[test]
fn what_people_write_in_small_letters_or_as_a_quote_stays() {
    let [first, second, third, fourth] = SAID;
    let post = |at: usize, name: &str, said: &str| {
        format!(
            "<tr><td><a name='00000{at}'></a><font size=2><b>{name}</b></font><br><font size=1>Member</font></td><td><font size=1>posted March 0{}, 2002 09:15 AM</font>\
             <hr><font size=2>{said}</font><hr><font size=1>Posts: {at} | From: York | Registered: Feb 2001 | IP: Logged</font></td></tr>",
            at + 1
        )
    };
    let small = format!("{second}<br><font size=1>Posts: I nailed two of them in. From: both sides.</font><hr>{third}");
    let page = format!(
        "<html lang=en><head><title>The sluice</title></head><body><table>{}{}{}</table></body></html>",
        post(0, "Maren", first),
        post(1, "keeper", &small),
        post(2, "Maren", fourth)
    );
    let document = document(&page);
    let text = document.text(TextOptions { title: false });
    assert_eq!(document.kind, Kind::Thread);
    for said in [first, second, "Posts: I nailed two of them in. From: both sides.", third, fourth] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    for chrome in ["Registered", "IP: Logged", "Member"] {
        assert!(!text.contains(chrome), "{chrome}\n{text}");
    }
}

/// The heading of the pane beside a thread is the board's name; the thread's own title has the site behind it that it leads to.
#[test]
fn a_title_with_its_site_behind_it_is_the_title() {
    let [first, second, third, _] = SAID;
    let page = |pane: &str, title: &str| {
        let post = |at: u32, said: &str| {
            format!(
                "<div class='thing comment' data-fullname=t1_b{at} data-author=old_salt><div class=entry><p class=tagline><a class=author href='/user/old_salt'>old_salt</a> \
                 <time datetime='2024-03-0{at}T10:00:00+00:00'>2 years ago</time></p><form><div class=usertext-body><div class=md><p>{said}</p></div></div></form></div></div>"
            )
        };
        format!(
            "<html lang=en><head><title>The sluice : mill</title></head><body><div class=side>{pane}</div><div class=content><div class='thing link' data-fullname=t3_a \
             data-author=Maren><div class=entry><p class=title>{title}</p><p class=tagline>submitted <time datetime='2024-03-01T09:00:00+00:00'>2 years ago</time> by \
             <a class=author href='/user/Maren'>Maren</a></p><div class=expando><form><div class=usertext-body><div class=md><p>{first}</p></div></div></form></div></div></div>\
             <div class=commentarea><div class='sitetable nestedlisting'>{}{}</div></div></div></body></html>",
            post(2, second),
            post(3, third)
        )
    };
    let link = "<a class=title href='/r/mill/1'>The sluice</a>";
    for (pane, title, want) in [
        ("<h1>mill</h1>", format!("{link} <span class=domain>(self.mill)</span>"), "The sluice (self.mill)"),
        // What stands in brackets behind it is no site, so nothing says which of the two it is.
        ("<h1>mill</h1>", format!("{link} <span>(a question)</span>"), "mill"),
        ("<h1>The sluice</h1>", format!("{link} <span class=domain>(self.mill)</span>"), "The sluice"),
        // A version is no site.
        ("<h1>mill</h1><p>The sluice (v2.1)</p>", format!("{link} <span>(a question)</span>"), "mill"),
        (
            "<h1>mill</h1><p>The sluice (no.2)</p>",
            format!("{link} <span class=domain>(self.mill)</span>"),
            "The sluice (self.mill)",
        ),
    ] {
        let document = document(&page(pane, &title));
        assert_eq!(document.title_text().as_deref(), Some(want), "{title}");
        assert_eq!(document.thread.as_ref().and_then(|thread| thread.title.as_deref()), Some("The sluice"));
    }
}

//! What the rules of known platforms read from pages in the platforms' own markup.

use gleaner::document::{Document, Post, Quotes, TextOptions};
use gleaner::extract::posts::{Discussion, Platforms};
use gleaner::extract::{Options, extract};

fn read(page: &str) -> Discussion {
    super::read(page, &Platforms::built_in(), Some("en-US")).expect("the platform is known")
}

fn document(page: &str, quotes: Quotes) -> Document {
    extract(page.as_bytes(), Some("text/html"), None, &Options { quotes, ..Options::default() })
}

fn text(page: &str) -> String {
    document(page, Quotes::Keep).text(TextOptions { title: false })
}

/// Author, id and words of each quote.
fn quotes(post: &Post) -> Vec<(Option<&str>, Option<&str>, &str)> {
    let quotes = post.quotes.iter();
    quotes.map(|quote| (quote.author.as_deref(), quote.post_id.as_deref(), quote.text.as_str())).collect()
}

const WORDS: &str = "The pump hums at night, and in the morning the valve drips until somebody comes with a wrench.";

fn phpbb3(cite: &str) -> String {
    let post = |id: u32, body: &str| {
        format!(
            "<div id=p{id} class='post bg2'><div class=inner><dl class=postprofile><dt><a href='./memberlist.php?u=9' class=username>Ann</a></dt></dl>\
             <div class=postbody><div><h3><a href='#p{id}'>Re: Pump</a></h3><p class=author><a href='./viewtopic.php?p={id}#p{id}'><span>Post</span></a>\
             <span class=responsive-hide>by <strong><a href='./memberlist.php?u=9' class=username>Ann</a></strong> » </span>Fri Mar 01, 2024 09:52 AM</p>\
             <div class=content>{body}</div><div class=notice>Last edited by <a href='#'>Ann</a> on Sat Mar 02, 2024 1:00 pm.</div></div></div></div></div>"
        )
    };
    let quote = format!(
        "<blockquote cite='./viewtopic.php?p=501#p501'><div>{cite}Does the old pump hum?</div></blockquote>{WORDS}"
    );
    format!(
        "<html lang=en-US><head><title>Pump - Boats</title></head><body><h2 class=topic-title>Pump</h2>{}{}</body></html>",
        post(501, &format!("Does the old pump hum? {WORDS}")),
        post(502, &quote)
    )
}

#[test]
fn phpbb3_names_whom_and_what_it_quotes_and_when() {
    let new = "<cite><a href='./memberlist.php?u=9'>Bob</a> wrote: <a href='./viewtopic.php?p=501#p501' data-post-id=501>↑</a>\
               <span>Fri Mar 01, 2024 9:52 am</span></cite>";
    for cite in [
        new,
        "<cite>Bob wrote:</cite>",
        "<cite>Bob wrote: <a href='./viewtopic.php?p=501#p501' data-post-id=501>↑</a></cite>",
    ] {
        let page = phpbb3(cite);
        let found = read(&page);
        let second = &found.posts[1];
        assert_eq!(quotes(second), [(Some("Bob"), Some("p501"), "Does the old pump hum?")], "{cite}");
        assert_eq!(second.time.as_deref(), Some("2024-03-01T09:52:00"));
        assert_eq!(second.time_shown.as_deref(), Some("Fri Mar 01, 2024 09:52 AM"));
        assert_eq!(second.edited.as_deref(), Some("2024-03-02T13:00:00"));
        assert_eq!(second.text, format!("Does the old pump hum?\n{WORDS}"));
    }
}

/// The block begins with the quoted name, which is no text: the words behind it are.
#[test]
fn words_behind_a_quoted_name_stay_in_the_text() {
    let page = phpbb3("<cite><a href='#'>Bob</a> wrote:</cite>");
    let kept = text(&page);
    assert_eq!(kept.matches("Does the old pump hum?").count(), 2, "{kept}");
    assert!(!kept.contains("wrote"), "{kept}");
    let shown = |quotes| {
        let options = Options { quotes, ..Options::default() };
        document(&page, quotes).text_with(TextOptions { title: false }, options.post_view())
    };
    assert!(shown(Quotes::Mark).contains("\n> Does the old pump hum?\n"), "{}", shown(Quotes::Mark));
    assert_eq!(shown(Quotes::Drop).matches("Does the old pump hum?").count(), 1, "{}", shown(Quotes::Drop));
}

/// An old board of no known platform: one cell holds the time and the words.
#[test]
fn a_time_in_the_block_of_the_words_hides_no_post() {
    let row = |at: u32| {
        format!(
            "<tr id=p50{at}><td class=user><a href=/user/{at}>Ann{at}</a></td><td class=msg><small>0{at}.03.2024 09:52</small><br>{WORDS} So said {at}.</td></tr>"
        )
    };
    let rows: String = (1..7).map(row).collect();
    let page =
        format!("<html lang=en><head><title>Pump</title></head><body><h1>Pump</h1><table>{rows}</table></body></html>");
    let document = document(&page, Quotes::Keep);
    assert_eq!(document.posts.len(), 6, "{:#?}", document.posts);
    let text = document.text(TextOptions { title: false });
    assert!(text.contains("So said 6.") && !text.contains("09:52"), "{text}");
}

#[test]
fn xenforo_names_quoted_posts_as_it_names_posts() {
    let page = format!(
        "<html id=XF><body><article class='message message--post' data-author=Ann data-content=post-502><time class=u-dt datetime='2024-03-01T09:52:00+0000'>\
         Mar 1, 2024</time><div class=message-body><div class=bbWrapper><blockquote class='bbCodeBlock bbCodeBlock--quote' data-quote=Bob data-source='post: 501'>\
         <div class=bbCodeBlock-title><a href='/goto/post?id=501'>Bob said:</a></div><div>It hums.</div></blockquote>{WORDS}</div></div></article></body></html>"
    );
    assert_eq!(quotes(&read(&page).posts[0]), [(Some("Bob"), Some("post-501"), "It hums.")]);
}

fn smf2(topic: u32, start: u32, row: &str) -> String {
    format!(
        "<html><head><title>Pump</title><link rel=prev href='/index.php?topic={topic}.0;prev_next=prev'>\
         <link rel=next href='/index.php?topic={topic}.0;prev_next=next'></head><body><div id=forumposts><div class=pagelinks>Pages: {row}</div>\
         <div class=windowbg><div class=post_wrapper><div class=poster><h4><a href='/index.php?action=profile;u=9'>Ann</a></h4></div><div class=postarea>\
         <div class=keyinfo><h5 id=subject_501><a href='/index.php?topic={topic}.msg501#msg501'>Re: Pump</a></h5><div class=smalltext>« <strong>Reply #{start} on:</strong> \
         March 01, 2024, 09:52:00 AM »</div></div><div class=post><div class=inner id=msg_501><div class=quoteheader><div class=topslice_quote>\
         <a href='/index.php?topic=5.msg500#msg500'>Quote from: Bob on February 29, 2024, 11:00:00 PM</a></div></div><blockquote class=bbc_standard_quote>It hums.\
         </blockquote><div class=quotefooter></div>{WORDS}</div></div></div><div class=moderatorbar><div class='smalltext modified' id=modified_501>« <em>Last Edit: \
         March 05, 2024, 09:00:00 AM by Ann</em> »</div><div class=signature id=msg_501_signature>Ann sails</div></div></div></div></div></body></html>"
    )
}

#[test]
fn smf_goes_on_with_the_thread_and_not_with_the_next_topic() {
    let first = smf2(5, 0, "[<strong>1</strong>] <a class=navPages href='/index.php?topic=5.10'>2</a>");
    assert_eq!(document(&first, Quotes::Keep).next.as_deref(), Some("/index.php?topic=5.10"));
    let last = smf2(5, 10, "<a class=navPages href='/index.php?topic=5.0'>1</a> [<strong>2</strong>]");
    assert_eq!(document(&last, Quotes::Keep).next, None);
    let post = &read(&first).posts[0];
    assert_eq!(
        (post.id.as_deref(), post.time_shown.as_deref()),
        (Some("msg_501"), Some("March 01, 2024, 09:52:00 AM"))
    );
    assert_eq!((post.edited.as_deref(), post.signature.as_deref()), (Some("2024-03-05T09:00:00"), Some("Ann sails")));
    assert_eq!(quotes(post), [(Some("Bob"), Some("msg_500"), "It hums.")]);
}

#[test]
fn smf2_1_has_the_time_alone_and_its_edit_apart() {
    let page = format!(
        "<html><body><div id=forumposts><div class=windowbg><div class=post_wrapper><div class=poster><h4><a href='/index.php?action=profile;u=9'>Ann</a></h4></div>\
         <div class=postarea><div class=keyinfo><div class=postinfo><span class='smalltext modified' id=modified_501><span class=lastedit>Last Edit</span>: March 05, 2024, \
         09:00:00 AM by Ann</span><a href='/index.php?msg=501' class=smalltext>March 01, 2024, 09:52:00 AM</a></div></div><div class=post><div class=inner data-msgid=501>\
         <blockquote class=bbc_standard_quote><cite><a href='/index.php?msg=500'>Quote from: Bob on March 01, 2024, 09:52:00 AM</a></cite>It hums.</blockquote>{WORDS}\
         </div></div></div></div></div></div></body></html>"
    );
    let post = &read(&page).posts[0];
    assert_eq!(post.time_shown.as_deref(), Some("March 01, 2024, 09:52:00 AM"));
    assert_eq!(post.edited.as_deref(), Some("2024-03-05T09:00:00"));
    assert_eq!(quotes(post), [(Some("Bob"), Some("500"), "It hums.")]);
    assert!(text(&page).contains("It hums."), "{}", text(&page));
}

fn phpbb2(row: &str) -> String {
    format!(
        "<html lang=en-US><head><title>View topic - Pump</title><link rel=next href='viewtopic.php?t=5&amp;view=next' title='View next topic'></head><body>\
         <table width='100%'><tr><td><a class=maintitle href='viewtopic.php?t=5'>Pump</a></td></tr></table><table class=forumline><tr><th>Author</th><th>Message</th></tr>\
         <tr><td class=row1><span class=name><a name=501></a><b>Ann</b></span><br><span class=postdetails><br>Joined: 12 Jan 2004<br>Posts: 23</span></td>\
         <td class=row1><table><tr><td><a href='viewtopic.php?p=501#501'><img src=m.gif></a><span class=postdetails>Posted: Fri Mar 01, 2024 9:52 am<span class=gen>&nbsp;</span> \
         Post subject: Re: Pump</span></td></tr><tr><td colspan=2><hr></td></tr><tr><td colspan=2><span class=postbody></span><table><tr><td><span class=genmed><b>Bob wrote:</b></span></td></tr>\
         <tr><td class=quote>It hums.</td></tr></table><span class=postbody><br>{WORDS}<br>_________________<br>Ann sails</span><span class=gensmall><br><br>Last edited by Ann on \
         Sat Mar 02, 2024 1:00 pm; edited 1 time in total</span></td></tr></table></td></tr></table><table><tr><td><span class=nav>Page <b>1</b> of <b>2</b></span></td>\
         <td><span class=nav>Goto page {row}</span></td></tr></table></body></html>"
    )
}

#[test]
fn phpbb2_has_the_time_of_posting_and_its_pages() {
    let page = phpbb2(
        "<b>1</b>, <a href='viewtopic.php?t=5&amp;start=15'>2</a>&nbsp;&nbsp;<a href='viewtopic.php?t=5&amp;start=15'>Next</a>",
    );
    let post = &read(&page).posts[0];
    assert_eq!((post.id.as_deref(), post.author.as_deref()), (Some("501"), Some("Ann")));
    assert_eq!(post.time.as_deref(), Some("2024-03-01T09:52:00"));
    assert_eq!(post.time_shown.as_deref(), Some("Fri Mar 01, 2024 9:52 am"));
    assert_eq!((post.edited.as_deref(), post.signature.as_deref()), (Some("2024-03-02T13:00:00"), Some("Ann sails")));
    assert_eq!(quotes(post), [(Some("Bob"), None, "It hums.")]);
    assert_eq!(post.text, format!("It hums.\n{WORDS}"));
    let document = document(&page, Quotes::Keep);
    assert_eq!(document.next.as_deref(), Some("viewtopic.php?t=5&start=15"));
    let thread = document.thread.expect("it is one");
    assert_eq!((thread.page, thread.pages), (Some(1), Some(2)));
    let last = phpbb2(
        "<a href='viewtopic.php?t=5&amp;start=0'>Previous</a>&nbsp;&nbsp;<a href='viewtopic.php?t=5&amp;start=0'>1</a>, <b>2</b>",
    );
    assert_eq!(self::document(&last, Quotes::Keep).next, None);
}

#[test]
fn vbulletin3_parts_signature_edit_and_quote() {
    let page = format!(
        "<html lang=en-US><head><meta name=generator content='vBulletin 3.8.4'></head><body><div id=posts><div id=edit502><table id=post502 cellpadding=6><tr>\
         <td class=thead><a name=post502><img src=o.gif></a> 03-01-2024, 09:52 AM </td><td class=thead>&nbsp;#<a href='showpost.php?p=502' id=postcount502><strong>2</strong></a></td></tr>\
         <tr><td class=alt2><a class=bigusername href='member.php?u=9'>Ann</a><div class=smallfont>Join Date: Jan 2005</div></td><td class=alt1 id=td_post_502>\
         <div class=smallfont><strong>Re: Pump</strong></div><hr><div id=post_message_502><div style='margin:20px'><div class=smallfont>Quote:</div><table cellpadding=6><tr><td class=alt2>\
         <div>Originally Posted by <strong>Bob</strong> <a href='showthread.php?p=501#post501'><img src=v.gif></a></div><div style='font-style:italic'>It hums.</div></td></tr></table></div>\
         {WORDS}</div><div>__________________<br>Ann sails</div><div class=smallfont><hr><em>Last edited by Ann; 03-05-2024 at <span class=time>01:00 PM</span>.</em></div></td></tr>\
         </table></div></div></body></html>"
    );
    let found = read(&page);
    let [post] = found.posts.as_slice() else { panic!("one post: {:#?}", found.posts) };
    assert_eq!(post.signature.as_deref(), Some("Ann sails"));
    assert_eq!(post.time_shown.as_deref(), Some("03-01-2024, 09:52 AM"));
    assert_eq!(post.edited.as_deref(), Some("2024-03-05T13:00:00"));
    assert_eq!(quotes(post), [(Some("Bob"), Some("post501"), "It hums.")]);
    assert_eq!(post.text, format!("It hums.\n{WORDS}"));
}

#[test]
fn mybb_tells_writing_from_editing() {
    let page = format!(
        "<html lang=en-US><body><div id=posts><div class=post id=post_502><div class=author_information><span class=largetext><a href='member.php?uid=9'>Ann</a></span></div>\
         <div class=post_head><span class=post_date><span title='03-01-2024'>Today</span>, 09:52 AM <span class=post_edit id=edited_by_502>(This post was last modified: 03-09-2024, 11:00 AM by \
         <a href='member.php'>Ann</a>.)</span></span></div><div class=post_body id=pid_502><blockquote class=mycode_quote><cite><span> (03-01-2024, 09:52 AM)</span>Bob Wrote:  \
         <a href='x?pid=501#pid501' class=quick_jump></a></cite>It hums.</blockquote>{WORDS}</div><div class=signature>Ann sails</div></div></div></body></html>"
    );
    let post = &read(&page).posts[0];
    assert_eq!((post.time.as_deref(), post.time_shown.as_deref()), (Some("2024-03-01"), Some("Today, 09:52 AM")));
    assert_eq!(post.edited.as_deref(), Some("2024-03-09T11:00:00"));
    assert_eq!(quotes(post), [(Some("Bob"), Some("post_501"), "It hums.")]);
    assert!(text(&page).contains("It hums."), "{}", text(&page));
}

#[test]
fn a_mail_keeps_its_signature_out_of_its_text_and_leads_to_no_other() {
    let page = format!(
        "<HTML><HEAD><TITLE>[Boats] Pump</TITLE><LINK REL=made HREF='mailto:boats%40x.example'><LINK REL=Next HREF=000002.html></HEAD><BODY><H1>[Boats] Pump</H1>\
         <B>Ann Miller</B> <A HREF='mailto:x'>ann at x.example</A><BR><I>Fri Mar  1 09:52:00 UTC 2024</I><UL><LI>Next message: <A HREF=000002.html>[Boats] Garden</A></LI>\
         <LI><a href='thread.html#1'>[ thread ]</a></LI></UL><HR><PRE>Hi all,\n\n{WORDS} {WORDS}\n\nOn Thu, Feb 29, 2024 Bob wrote:\n&gt;<i> It hums\n</I>&gt;<i> at night.\n</I>\n\
         {WORDS}\n\n-- \nAnn Miller\nHull Boats Ltd\n</PRE><HR></BODY></HTML>"
    );
    let document = document(&page, Quotes::Keep);
    let [post] = document.posts.as_slice() else { panic!("one post: {:#?}", document.posts) };
    assert_eq!(post.signature.as_deref(), Some("Ann Miller\nHull Boats Ltd"));
    assert_eq!(quotes(post), [(Some("Bob"), None, "It hums\nat night.")]);
    assert!(post.text.ends_with("a wrench."), "{}", post.text);
    let text = document.text(TextOptions { title: false });
    assert!(text.contains("Hi all,") && !text.contains("Hull Boats"), "{text}");
    assert_eq!(document.next, None);
}

/// A selector may not be met by what stands around the post.
#[test]
fn rules_of_a_post_look_inside_it_only() {
    let rules = "[[platform]]\nid = 'a'\nname = 'A'\ndetect.any = ['.p']\npost.container = '.p'\npost.author = ['section b']\npost.body = ['p']";
    let platforms = Platforms::parse(rules, "mine.toml").expect("sound rules");
    let page = "<section><div class=p><b>Rank</b><section><b>Ann</b></section><p>It hums.</p></div></section>";
    let found = super::read(page, &platforms, None).expect("a post");
    assert_eq!(found.posts[0].author.as_deref(), Some("Ann"));
}

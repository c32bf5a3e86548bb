//! Threads of makers that no rule names: numbers, floors, brackets and lines tell who wrote what.

use gleaner::document::{Document, Kind, TextOptions};
use gleaner::extract::{Options, extract};

use super::{NAMES, SAID};

fn read(title: &str, body: &str) -> Document {
    let page =
        format!("<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>");
    let options = Options { comments: true, ..Options::default() };
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &options)
}

/// Six posts by four people: the last two answer again.
fn all(post: impl Fn(usize, &str, &str) -> String) -> String {
    (0..6).map(|at| post(at, NAMES[at % 4], said(at))).collect()
}

fn said(at: usize) -> &'static str {
    match at {
        0..4 => SAID[at],
        4 => "The pond is low again, and the eels lie in the mud by the old wheel.",
        _ => "Then bring your long boots on Sunday, and a bucket for each of us.",
    }
}

fn posts(document: &Document) -> Vec<(Option<&str>, &str, bool)> {
    let all = document.posts.iter();
    all.map(|post| (post.author.as_deref(), post.text.as_str(), post.time_shown.is_some())).collect()
}

#[test]
fn posts_are_told_by_numbers_brackets_and_lines() {
    let forms: [fn(usize, &str, &str) -> String; 7] = [
        |at, name, said| format!("<dt>{} : {name} : 2024/03/0{0} 10:1{at} ID:x{at}</dt><dd>{said}</dd>", at + 1),
        |at, name, said| format!("<dt>{}：{name}：24/03/0{0}(金) 10:1{at}:07</dt><dd>{said}<br><br></dd>", at + 1),
        |at, name, said| {
            format!("<div class=comment><div>{name} (0{}.03.2024 10:1{at})</div><div>{said}</div></div>", at + 1)
        },
        |at, name, said| {
            format!(
                "<p><b>{name}</b> napisał(a):</p><p>{said}</p><p><small>0{}.03.2024 10:1{at}</small></p><hr>",
                at + 1
            )
        },
        |at, name, said| {
            format!(
                "<div class=t>{said}</div><footer><a href='/e/10{at}'>0{}.03.2024 10:1{at}</a> <a href='/biri/{name}'>{name}</a></footer>",
                at + 1
            )
        },
        |at, name, said| {
            let floor = if at == 0 { "楼主".to_owned() } else { format!("{}楼", at + 1) };
            format!(
                "<div class=f><div class=l><p>{name}</p><p>积分 12{at}</p></div>\
                 <div class=r><div class=t>{floor} 发表于 2024-3-{} 10:1{at}:22</div><div class=c>{said}</div></div></div>",
                at + 1
            )
        },
        |at, name, said| {
            format!("<div class=q><p class=w>{name} asked on 0{} Mar 2024 10:1{at}</p><p>{said}</p></div>", at + 1)
        },
    ];
    for form in forms {
        let page = all(form);
        let document = read("The sluice", &page);
        let want: Vec<_> = (0..6).map(|at| (Some(NAMES[at % 4]), said(at), true)).collect();
        assert_eq!(posts(&document), want, "{page}");
        assert_eq!(document.kind, Kind::Thread, "{page}");
    }
}

/// A board that asks for no name shows numbers and times to the second; laws have numbers and days.
#[test]
fn nobody_has_a_name_on_a_board_of_numbers() {
    let page = |time: &str| {
        all(|at, _, said| {
            format!(
                "<table><tr><td>… <span>{time}:1{at}:07</span> <span>No.10{at}</span><blockquote>{said}</blockquote></td></tr></table>"
            )
        })
    };
    let document = read("The sluice", &page("24/03/01(金)10"));
    assert_eq!(posts(&document), (0..6).map(|at| (None, said(at), true)).collect::<Vec<_>>());
    let answers = all(|at, _, said| {
        format!("<div class=row><span>No.10{at}</span> <i>2024-03-01 10:1{at}:07</i><p>&gt;&gt;100<br>{said}</p></div>")
    });
    assert_eq!(read("The sluice", &answers).posts.len(), 6);
    let rulings = all(|at, _, said| {
        format!(
            "<table><tr><td><span>1{at} March 2024</span> <span>No.10{at}</span><blockquote>{said}</blockquote></td></tr></table>"
        )
    });
    assert!(read("Rulings", &rulings).posts.is_empty());
}

#[test]
fn who_is_gone_leaves_a_post_without_an_author() {
    for gone in ["[deleted]", "(gelöscht)", "Deleted user", "[удалено]"] {
        let page = all(|at, name, said| {
            let name = if at % 3 == 0 { gone } else { name };
            format!(
                "<div class=comment id=c1{at}><a class=author href='/u/{at}'>{name}</a> <time>0{} Mar 2024 10:1{at}</time>\
                 <div class=md>{said}</div></div>",
                at + 1
            )
        });
        let want: Vec<_> = (0..6).map(|at| ((at % 3 != 0).then_some(NAMES[at % 4]), said(at), true)).collect();
        assert_eq!(posts(&read("The sluice", &page)), want, "{gone}");
    }
}

/// Who has left has written too: a thread of many such is one.
#[test]
fn a_thread_is_one_however_many_are_gone() {
    for (count, gone) in [(6, 4), (4, 2), (3, 1)] {
        let post = |at: usize| {
            let name = if at < gone { "[deleted]" } else { NAMES[at % 4] };
            format!(
                "<div class=row><span class=author>{name}</span> <span>0{} Mar 2024 10:1{at}</span>\
                 <div class=md>{}</div></div>",
                at + 1,
                said(at)
            )
        };
        let page: String = (0..count).map(post).collect();
        let want: Vec<_> = (0..count).map(|at| ((at >= gone).then_some(NAMES[at % 4]), said(at), true)).collect();
        assert_eq!(posts(&read("The sluice", &page)), want, "{count} {gone}");
    }
}

/// Where all names differ, but a label of things makes them things.
#[test]
fn people_who_write_once_are_no_things() {
    const PEOPLE: [&str; 6] = ["Maren", "Joris", "Lotse", "Keeper", "Wiebke", "Hanna"];
    let labels = ["Reader: ", "Komentoi: ", "Napisał(a): ", "Skrev: ", "Re: ", "<p>Re: Pumps:</p>"];
    for label in labels {
        let page = all(|at, _, said| {
            format!(
                "<div class=row>{label}<b>{}</b> <span>0{} Mar 2024 10:1{at}</span><p>{said}</p></div>",
                PEOPLE[at],
                at + 1
            )
        });
        let document = read("The sluice", &page);
        let authors: Vec<_> = document.posts.iter().filter_map(|post| post.author.as_deref()).collect();
        assert_eq!(authors, PEOPLE, "{label}");
        assert!(document.posts.iter().zip(0..).all(|(post, at)| post.text.ends_with(said(at))), "{label}");
    }
    let numbered: [fn(usize) -> String; 3] =
        [|at| format!("User 45{at}1"), |at| format!("{} 6{at}", PEOPLE[at]), |at| format!("Agent 00{at}")];
    for name in numbered {
        for class in ["row", "timeline-event"] {
            let page = all(|at, _, said| {
                format!(
                    "<div class={class}><b>{}</b> <span>0{} Mar 2024 10:1{at}</span><p>{said}</p></div>",
                    name(at),
                    at + 1
                )
            });
            let names: Vec<String> = (0..6).map(name).collect();
            let want: Vec<_> = (0..6).map(|at| (Some(names[at].as_str()), said(at), true)).collect();
            assert_eq!(posts(&read("The sluice", &page)), want, "{page}");
        }
    }
}

/// Words that stand on switches stand in sentences too.
#[test]
fn a_switch_amid_a_sentence_is_a_word() {
    let cases = [
        ("You should <a href=/x>read more</a> about it.", "You should read more about it."),
        ("请点击<span>展开</span>看图", "请点击展开看图"),
        ("Of eels one should <a href=/x>read more</a>", "Of eels one should read more"),
        ("The eels sleep in the … <a href=/x>Read more</a>", "The eels sleep in the …"),
        ("The eels sleep there.<br><span>Read more</span>", "The eels sleep there."),
    ];
    for (more, want) in cases {
        let page = all(|at, name, said| {
            let more = if at == 2 { format!("<div>{more}</div>") } else { String::new() };
            format!(
                "<div class=comment id=c1{at}><a href='/profile/{name}'>{name}</a> <time>0{} Mar 2024 10:1{at}</time>\
                 <div class=body><p>{said}</p>{more}</div></div>",
                at + 1
            )
        });
        let document = read("The sluice", &page);
        assert_eq!(document.posts[2].text, format!("{}\n{want}", said(2)), "{more}");
    }
}

/// Where only long comments have a switch it is no word of theirs; a sentence that says so is.
#[test]
fn a_switch_that_shows_the_rest_is_no_word() {
    let page = all(|at, name, said| {
        let switch = if at < 2 { "<div class=toggle><div>Expand full comment</div></div>" } else { "<p>Read more</p>" };
        format!(
            "<div class=comment id=c1{at}><a href='/profile/{name}'>{name}</a> <time>0{} Mar 2024 10:1{at}</time>\
             <div class=body><p>{said}</p>{switch}</div></div>",
            at + 1
        )
    });
    let document = read("The sluice", &page);
    let text = document.text(TextOptions::default());
    assert!(document.posts[..2].iter().zip(0..).all(|(post, at)| post.text == said(at)), "{:?}", document.posts);
    assert!(!text.contains("Expand") && document.posts[3].text.contains("Read more"), "{text}");
}

/// The heads of comments that stand side by side with their words went to the article.
#[test]
fn reactions_below_an_article_are_comments() {
    let article = "<p>The parish opened the weir on Friday after three years of work, and the warden said in a long \
                   speech that no pond in the vale would ever run dry again, whatever the summer may bring.</p>";
    let comments = all(|at, name, said| {
        format!(
            "<div class=r><span class=pseudo>{name}</span> <span>le 0{} mars 2024 à 10h1{at}</span><p>{said}</p></div>",
            at + 1
        )
    });
    let body = format!("<article>{}</article><div><h3>6 réactions</h3>{comments}</div>", article.repeat(6));
    let document = read("La vanne", &body);
    assert_eq!((document.kind, document.posts.len()), (Kind::Article, 6));
}

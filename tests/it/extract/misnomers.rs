//! Parts of a page that are not what their names say.

use gleaner::document::{Document, Label, Reason};
use gleaner::extract::{Options, extract};

use super::label::reason;

const ABOVE: &str = "<p>The harbour office keeps one boat for each of the islands and lends them to whoever can show that they row \
                     well.</p>";

fn read(inside: &str) -> Document {
    let page = format!(
        "<!doctype html><html lang=en><head><title>Boats for hire</title></head><body><main><h1>Boats for hire</h1>\
         {ABOVE}{inside}</main></body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

/// What clips, turns or hides a bar hides no text.
#[test]
fn a_part_that_clips_is_not_hidden() {
    let said = "“It took one afternoon to row to the lighthouse.”";
    for class in ["overflow-hidden", "md:overflow-x-hidden", "overflowHidden", "backface-hidden", "scrollbar-hide"] {
        let quote = format!(
            "<section class='relative {class}'><figure><blockquote><p>{said}</p></blockquote></figure></section>"
        );
        assert_ne!(reason(&read(&quote), said), Some(Reason::Hidden), "{class}");
    }
}

/// A paragraph that looks like a heading is no button to like something.
#[test]
fn a_text_like_a_heading_is_no_reaction() {
    let said = "The ferry to the lighthouse takes no dogs, but whoever rows may bring one and a basket.";
    for class in ["like-h2", "article__like-h3 big"] {
        assert_ne!(reason(&read(&format!("<p class='{class}'>{said}</p>")), said), Some(Reason::Reaction), "{class}");
    }
}

/// The options of a manual are a "tagged list".
#[test]
fn a_list_of_terms_with_texts_is_no_list_of_tags() {
    let document = read(
        "<section><h2>Options</h2><dl class=Bl-tag><dt><code>-n</code></dt><dd>Stay in port.</dd><dt><code>-v</code></dt>\
         <dd>Be talkative.</dd></dl></section>",
    );
    for text in ["Stay in port.", "Be talkative."] {
        assert_eq!(reason(&document, text), None, "{text}");
    }
}

#[test]
fn a_table_that_compares_is_no_button() {
    let rows = "<thead><tr><th>Need</th><th>Gull</th><th>Heron</th></tr></thead><tbody><tr><td>Oars</td><td>Two</td><td>Four</td>\
                </tr><tr><td>Sail</td><td>None at all</td><td>One of canvas</td></tr></tbody>";
    for table in [
        format!("<table class=compare>{rows}</table>"),
        format!("<div class=compare-boats><table>{rows}</table></div>"),
        format!("<table class='sort boats'>{rows}</table>"),
    ] {
        let document = read(&format!("<h2>Compare the boats</h2>{table}"));
        for text in ["Oars", "Four", "None at all", "One of canvas"] {
            assert_eq!(reason(&document, text), None, "{text} {table}");
        }
    }
}

/// Builders of sites make what a question unfolds of `nav`.
#[test]
fn a_nav_that_answers_is_no_menu() {
    let ask = |question: &str, answer: &str| {
        format!(
            "<div class=w-dropdown><div class=w-dropdown-toggle><div>{question}</div></div><nav class=w-dropdown-list>\
             <p class=faq-answer>{answer}</p></nav></div>"
        )
    };
    let answers =
        ["No. The boats have stood in water for a year and are dry.", "Any time, with the lamp or without it."];
    let document = read(&format!(
        "<div class='section faq'><h2>Questions</h2>{}{}</div>",
        ask("Does it leak?", answers[0]),
        ask("Can I bring it back?", answers[1])
    ));
    for text in answers {
        assert_ne!(reason(&document, text), Some(Reason::Navigation), "{text}");
    }
}

/// Anchors of methods and modules, as generators of documentation write them, name no part of a page.
#[test]
fn an_anchor_of_a_member_is_no_part_of_the_page() {
    let member = |id: &str, signature: &str| {
        format!(
            "<section class=detail id='{id}'><h3>put</h3><div class=member-signature>{signature}</div><div class=block>Puts the boat \
             back where it was, whoever rowed it last.</div></section>"
        )
    };
    for id in ["comment(java.lang.String)", "add(java.util.Map.Entry)", "start(java.lang.Thread)", "method.captcha"] {
        let signature = "public void put(Boat boat)";
        assert_eq!(reason(&read(&member(id, signature)), signature), None, "{id}");
    }
    // What is so named without signs is what its name says, and so is a class.
    let text = "We use cookies so that the boats find home again.";
    let comments = "<section id='page.comments'><h2>Comments</h2><p>The boats find home again.</p></section>";
    assert!(reason(&read(comments), "The boats find home again.").is_some());
    for notice in [format!("<div id=cookie-consent>{text}</div>"), format!("<div class='box.cookies'>{text}</div>")] {
        assert_eq!(reason(&read(&notice), text), Some(Reason::Consent), "{notice}");
    }
}

/// Sanitizers put `user-content-` before each id that a writer gave: what stands there is nothing about a user.
#[test]
fn footnotes_with_a_sanitizers_prefix_are_no_frame_of_a_post() {
    let notes =
        ["Report of the harbour office, 1998, p. 14.", "Talk with the ferryman in May.", "See the map of 1742."];
    let items = |prefix: &str| -> String {
        let item = |(at, note): (usize, &&str)| {
            format!(
                "<li id={prefix}fn-{at}><p dir=auto>{note} <a href='#{prefix}fnref-{at}' class=data-footnote-backref>↩</a></p></li>"
            )
        };
        notes.iter().enumerate().map(item).collect()
    };
    let page = |prefix: &str| {
        let said = "<p>Nobody rows to the lighthouse after dark, and whoever did was told of it for years by those who had to \
                    fetch them.</p>";
        format!(
            "{said}{said}<section data-footnotes class=footnotes><h2 class=sr-only>Footnotes</h2><ol>{}</ol></section>",
            items(prefix)
        )
    };
    let judged = |prefix: &str| {
        let document = read(&page(prefix));
        let kept = document.blocks.iter().filter(|block| notes.iter().any(|note| block.text.starts_with(note)));
        kept.map(|block| (block.label.clone(), block.score)).collect::<Vec<_>>()
    };
    assert!(judged("user-content-").iter().all(|(label, _)| *label == Label::Content), "{:?}", judged("user-content-"));
    // A part that is called after a user still is one.
    let line = "<div class=user-content-name id=user-profile><p>Ann, member since 2003</p></div>";
    assert_ne!(reason(&read(line), "Ann, member since 2003"), None);
}

//! Invitations to a newsletter on short pages, and the text that stands beside them.

use gleaner::document::{Label, Reason};

use super::label::{read, reason};

const ONE: &str = "The old ferry opens its doors on Sunday at ten o'clock.";
const TWO: &str = "Visitors are asked to park behind the school; the lane is closed.";

fn keeps(page: &str, texts: &[&str]) {
    let document = read(page);
    for text in texts {
        let is_kept = document.blocks.iter().any(|block| block.text == *text && block.label == Label::Content);
        assert!(is_kept, "{text} is not kept of {page}: {:?}", document.blocks);
    }
}

#[test]
fn a_short_notice_above_an_invitation_is_no_invitation() {
    let text = format!("<p>{ONE}</p><p>{TWO}</p>");
    let nav = "<div id=nav><a href=/>Home</a> <a href=/news>News</a></div>";
    for entry in [
        format!(
            "<div id=main><div class=entry><h2>Ferry opens on Sunday</h2>{text}<p><b>Subscribe to our newsletter</b></p>\
             <form action=/s><input name=q><input type=submit value=OK></form></div></div>"
        ),
        format!(
            "<article><h1>Ferry opens on Sunday</h1>{text}<div class=box><p>Sign up for our newsletter</p><form action=/s>\
             <input type=email name=email><button>OK</button></form></div></article>"
        ),
    ] {
        let page =
            format!("<title>Ferry opens on Sunday</title>{nav}{entry}<div id=foot>Copyright The Sundlund Post</div>");
        keeps(&page, &[ONE, TWO]);
        let document = read(&page);
        let invites = |text: &str| text.contains("our newsletter");
        let mut invitations = document.blocks.iter().filter(|block| invites(&block.text));
        assert!(invitations.all(|block| block.label == Label::Boilerplate(Reason::Promotion)), "{:?}", document.blocks);
    }
}

#[test]
fn a_search_field_and_a_link_to_a_newsletter_beside_a_notice_do_not_make_it_an_invitation() {
    let page = format!(
        "<title>Ferry</title><div id=page><div id=content><h2>Ferry</h2><p>{ONE}</p><p>Use the bridge.</p></div><div id=side>\
         <form action=/search><input name=q></form><a href=nl>Newsletter abonnieren</a></div></div>"
    );
    keeps(&page, &[ONE, "Use the bridge."]);
}

#[test]
fn the_row_of_a_layout_table_is_no_box_around_an_invitation() {
    let (one, two) = (
        "После одиннадцати лет простоя общество восстановило паром и расчистило канал.",
        "На открытие первого июня ждут несколько сотен гостей.",
    );
    let page = format!(
        "<title>Старый паром снова ходит</title><table width=760><tr><td width=130 valign=top><a href=/1/>Главная</a><br>\
         <a href=/2/>Новости</a><br><br><b>Подписаться на рассылку</b><form><input size=8></form></td><td valign=top><font size=4>\
         <b>Старый паром снова ходит</b></font><br><br>{one}<br><br>{two}</td></tr></table>"
    );
    keeps(&page, &[one, two]);
}

/// Whatever the model makes of them.
#[test]
fn the_lines_of_a_small_box_with_an_invitation_and_its_form_go_with_it() {
    let long = "The harbour office keeps one boat for each of the islands and lends them to whoever can show that they row \
                well, at least when the sea is calm and the skipper is in a good mood.";
    let page = format!(
        "<title>Ferry opens on Sunday</title><article><h1>Ferry opens on Sunday</h1><p>{long}</p><p>{long} It is so.</p>\
         <div><p>Letters from the quay</p><p>Once a week, for nothing</p><p>Sign up for our newsletter</p>\
         <form action=/s><input name=a><input type=submit></form></div><p>{long} That was all.</p></article>"
    );
    let document = read(&page);
    for text in ["Letters from the quay", "Once a week, for nothing", "Sign up for our newsletter"] {
        assert_eq!(reason(&document, text), Some(Reason::Promotion), "{text}");
    }
}

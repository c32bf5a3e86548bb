//! Parts of a text that are called after what they speak of, and parts of a page that are called so too.

use gleaner::document::{Document, Label, Reason};
use gleaner::extract::{Options, extract};

use super::label::reason;

const ABOVE: &str = "<p>The miller keeps two stones, a coarse one for the farmers and a fine one for the bakers of the town.</p>\
                     <p>Both are dressed on the same day, with the same hammer, before the first sack of the new harvest.</p>";
const BELOW: &str =
    "<p>Whoever brings his grain before sunrise takes his flour home by noon, unless the wind turns to the east.</p>";

fn read(inside: &str) -> Document {
    let page = format!(
        "<!doctype html><html lang=en><head><title>The mill on the hill</title></head><body><main>\
         <h1>The mill on the hill</h1>{ABOVE}{inside}{BELOW}</main></body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

#[track_caller]
fn keeps(document: &Document, texts: &[&str]) {
    for text in texts {
        assert_eq!(reason(document, text), None, "{text}");
    }
}

/// A section of a recipe, a study or a manual, and a table of a policy, are called after their subject.
#[test]
fn a_section_on_cookies_consent_or_captchas_is_no_question() {
    let cakes = read(
        "<section class=cookies><h2>For the cookies</h2><ul><li>200 g of rye flour</li><li>2 spoons of honey</li></ul></section>",
    );
    keeps(&cakes, &["For the cookies", "200 g of rye flour", "2 spoons of honey"]);
    for (id, head) in [("consent", "Consent to take part"), ("gdpr", "GDPR in mills"), ("captcha", "Captchas")] {
        let text = "The farmers agreed in writing before the first sack.";
        keeps(&read(&format!("<section id={id}><h2>{head}</h2><p>{text}</p></section>")), &[head, text]);
    }
    let table = "<h2>What we set</h2><table class=cookie-table><tr><th>Name</th><th>What for</th></tr>\
                 <tr><td>sack_id</td><td>Remembers your sack</td></tr><tr><td>wind</td><td>Hides the forecast</td></tr></table>";
    keeps(&read(table), &["sack_id", "Remembers your sack", "wind", "Hides the forecast"]);
    let code = "<section id=cookies><h2>Cookies</h2><p>They come in a jar:</p><div><button>Copy</button><pre>mill.jar()</pre></div></section>";
    keeps(&read(code), &["Cookies", "They come in a jar:", "mill.jar()"]);
    let anchor = "<section id=cookies><h2><a>Cookies</a></h2><a name=jar></a><p>They come in a jar.</p></section>";
    keeps(&read(anchor), &["Cookies", "They come in a jar."]);
    keeps(
        &read("<section id=breadcrumb><h2>Breadcrumb</h2><p>It shows the way to the mill.</p></section>"),
        &["It shows the way to the mill."],
    );
}

#[test]
fn what_asks_for_consent_or_shows_the_way_still_goes() {
    for asks in [
        "<div class=cookie-banner><h3>Cookies</h3><p>We set some of them.</p><button>Fine</button></div>",
        "<div id=cookie-notice><p>We set some of them.</p><a class=btn href=/x>Fine</a></div>",
        "<div class=gdpr><p>We set some of them.</p></div>",
        "<div class=captcha><h3>Riddle</h3><p>We set some of them.</p><input name=answer></div>",
    ] {
        let why = reason(&read(asks), "We set some of them.");
        assert!(matches!(why, Some(Reason::Consent | Reason::Captcha)), "{asks} {why:?}");
    }
    // With words to accept that no list has, on something that leads nowhere.
    for accept in
        ["<a href='#' class=agree>Rozumím</a>", "<a class=agree>Rozumím</a>", "<span onclick='go()'>Rozumím</span>"]
    {
        let asks = format!(
            "<div class=cookies><h4>Cookies</h4><p>Tento web používá k analýze návštěvnosti soubory cookie.</p>{accept} <a href=/c>Více informací</a></div>"
        );
        let why = reason(&read(&asks), "Tento web používá k analýze návštěvnosti soubory cookie.");
        assert_eq!(why, Some(Reason::Consent), "{accept}");
    }
    // At the end of a page nothing to click need be known.
    for (open, close) in [("", ""), ("<div>", "</div>")] {
        let page = format!(
            "<title>The mill</title><body>{open}<h1>The mill</h1>{ABOVE}{BELOW}<div class=cookies><h4>Cookies</h4><p>We set some of \
             them.</p><span>Fine</span></div>{close}"
        );
        let document = extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default());
        assert_eq!(reason(&document, "We set some of them."), Some(Reason::Consent), "{page}");
    }
    let trail = "<div class=breadcrumb><h2>Mills</h2><a href=/>Home</a> / <a href=/m>Mills</a></div>";
    assert!(reason(&read(trail), "Home / Mills").is_some());
}

/// What documentation says of a function, and a study of its results.
#[test]
fn a_remark_of_nobody_is_no_comment_of_a_reader() {
    let text = "Grinds one sack, and stops where the hopper is empty.";
    for part in [
        format!("<h3>grind(sack)</h3><div class=docstring><div class=discussion><p>{text}</p></div></div>"),
        format!(
            "<ol><li><span class=symbol>grind(sack)</span><div class=full><div class='comment cmt'><p>{text}</p></div></div></li></ol>"
        ),
        format!("<section id=discussion><h2>Discussion</h2><p>{text}</p></section>"),
    ] {
        keeps(&read(&part), &[text]);
    }
}

#[test]
fn what_readers_say_still_is_a_comment() {
    let text = "I ground one sack there, and stopped when the hopper was empty.";
    for part in [
        format!("<div class=discussion><div class=post-author>Ida</div><p>{text}</p></div>"),
        format!("<div class=comment><p>{text}</p><a rel=nofollow href=http://ida.example>Ida</a></div>"),
        format!("<ul><li><b>Ida</b><div class=comment><p>{text}</p></div></li></ul>"),
        format!("<div class=comments><p>{text}</p></div>"),
        format!("<div class=comment><p>{text}</p><form><textarea></textarea></form></div>"),
    ] {
        assert_eq!(reason(&read(&part), text), Some(Reason::Comment), "{part}");
    }
}

#[test]
fn a_list_that_explains_is_no_list_of_tags() {
    let part = "<h3>grind(sack)</h3><div class=tags><p>Parameters:</p><ul><li>the sack to grind, never an empty one</li></ul>\
                <p>Returns:</p><ul><li>the meal, still warm from the stone</li></ul></div>";
    keeps(&read(part), &["the sack to grind, never an empty one", "Parameters:", "Returns:"]);
}

/// A label for screen readers hides itself, and not the price behind it.
#[test]
fn a_hidden_label_hides_no_line() {
    for (class, rest) in [("visually-hidden", "£30 a sack"), ("sr-only", "£30 a sack"), ("screen-reader-text", "£30")]
    {
        let document = read(&format!("<div class=price><span class={class}>Price</span> {rest}</div>"));
        assert_ne!(reason(&document, &format!("Price {rest}")), Some(Reason::Hidden), "{class}");
    }
    let told =
        read("<div><span class=visually-hidden>Loading</span> <span class=visually-hidden>the forecast</span></div>");
    assert_eq!(reason(&told, "Loading the forecast"), Some(Reason::Hidden));
}

/// A note or a box of facts among paragraphs, by its tag alone.
#[test]
fn an_aside_among_paragraphs_is_no_sidebar() {
    let text = "The eastern wind broke the sails in the spring of 1911.";
    for class in ["note", "theorem", "mill-aside", "infobox"] {
        let document = read(&format!("<aside class={class}><p>{text}</p></aside>"));
        assert_ne!(reason(&document, text), Some(Reason::Sidebar), "{class}");
    }
    // Labels and values of a box of facts stand together.
    let facts = [("Built", "in 1804"), ("Sails", "four of canvas"), ("Stones", "two of granite")];
    let rows =
        facts.map(|(label, value)| format!("<div class=data><h3>{label}</h3><div class=value>{value}</div></div>"));
    let document =
        read(&format!("<aside role=region class=portable-infobox><h2>In short</h2>{}</aside>", rows.concat()));
    facts.iter().for_each(|(label, value)| keeps(&document, &[label, value]));
    let pulled = "the wind turns to the east";
    assert!(reason(&read(&format!("<aside class=quote><p>“{pulled}”</p></aside>")), &format!("“{pulled}”")).is_some());
    // Two notes with one label.
    let note = |text: &str| format!("<aside class=note><p>Tip</p><p>{text}</p></aside>");
    let (lift, dust) = (
        "Always lift the upper stone with two people and a rope.",
        "Keep the dust out of the bearing with a ring of felt.",
    );
    let document = read(&format!("{}{ABOVE}{}", note(lift), note(dust)));
    keeps(&document, &[lift, dust]);
    assert!(document.blocks.iter().filter(|block| block.text == "Tip").all(|tip| tip.label == Label::Content));
    for aside in [
        format!("<aside><p><a href=/x>{text}</a></p></aside>"),
        format!("<aside><p>{text}</p><form><input type=email></form></aside>"),
    ] {
        assert!(reason(&read(&aside), text).is_some(), "{aside}");
    }
}

/// The cart's button under a price, in whatever language.
#[test]
fn a_button_is_no_word_of_the_line_above_it() {
    let card = |name: &str, price: &str, button: &str| {
        format!(
            "<li class=product><a href=/p><h2>{name}</h2><span class=price>{price}</span></a><a class='button add_to_cart_button' href=/c>{button}</a></li>"
        )
    };
    for button in ["Add to basket", "Do koszyka", "カートに入れる"] {
        let cards =
            [card("Coarse meal", "£4.00", button), card("Fine flour", "£6.00", button), card("Bran", "£2.00", button)];
        let document = read(&format!("<ul class=products>{}</ul>", cards.concat()));
        let texts: Vec<&str> = document.blocks.iter().map(|block| block.text.as_str()).collect();
        assert!(texts.contains(&"£4.00") && texts.contains(&button), "{texts:?}");
    }
    // A button in a sentence, or in a row of them, is cut off from nothing.
    let document = read("<p>Send the sack to <a class=btn href=/m>the mill</a></p>");
    reason(&document, "Send the sack to the mill");
    let document = read("<div><a class=btn href=/a>Coarse</a> <a class=btn href=/b>Fine</a></div>");
    reason(&document, "Coarse Fine");
}

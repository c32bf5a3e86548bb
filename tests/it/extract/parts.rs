//! Parts of a text that look like parts of a page, and parts of a page that look like text.

use gleaner::document::{Barrier, Document, Label, Reason};

use super::label::read;

const PROSE: &str = "<p>The kiln in the yard had been cold for eleven years when my sister and I swept the leaves out of its mouth.</p>\
     <p>Half of the shelves were cracked, the other half were glued to the bricks by a glaze that nobody remembers.</p>\
     <p>We lit it on a Sunday, with the neighbours on the wall, and nobody spoke until the smoke had turned white.</p>";

/// An article with a part amid its prose.
fn amid(part: &str) -> Document {
    let page = "<!DOCTYPE html><html lang=en><title>The kiln</title><body><article><h1>The kiln</h1>";
    read(&format!("{page}{PROSE}{part}{}</article></body></html>", PROSE.replace(" the ", " that ")))
}

/// An article with a part at its end.
fn below(text: &str, part: &str) -> Document {
    let page = "<!DOCTYPE html><html lang=en><title>The kiln</title><body><article><h1>The kiln</h1>";
    read(&format!("{page}{text}{part}</article></body></html>"))
}

#[track_caller]
fn keeps(document: &Document, words: &[&str]) {
    let kept: Vec<&str> = document.body().map(|block| block.text.as_str()).collect();
    for words in words {
        assert!(kept.iter().any(|text| text.contains(words)), "{words} is not kept: {kept:#?}");
    }
}

#[track_caller]
fn leaves_out(document: &Document, words: &str, reason: &Reason) {
    let block = document.blocks.iter().find(|block| block.text.contains(words)).unwrap_or_else(|| panic!("no {words}"));
    assert_eq!(block.label, Label::Boilerplate(reason.clone()), "{words}");
}

#[test]
fn the_classes_of_code_name_no_part_of_the_page() {
    let code = "let kiln = Kiln::new(4);\nkiln.fire(1280);";
    for part in [
        format!("<pre class=language-rust><code class=language-rust>{code}</code></pre>"),
        format!("<pre><code lang=rust class=language-rust>{code}</code></pre>"),
        format!(
            "<div class=code-toolbar><pre class=code-toolbar>{code}</pre><div class=toolbar><button>Copy</button></div></div>"
        ),
        format!(
            "<div class='language-rust highlighter-rouge'><div class=highlight><pre class=highlight><code>{code}</code></pre></div></div>"
        ),
        format!("<pre><code><span class=hljs-comment>// {code}</span></code></pre>"),
    ] {
        keeps(&amid(&part), &["Kiln::new(4)"]);
        keeps(&below(PROSE, &part), &["Kiln::new(4)"]);
    }
}

#[test]
fn the_numbers_of_lines_are_no_code() {
    let table = "<table class=listing><tr><td><pre>1\n2\n3</pre></td><td class=code><pre>fire(1)\nfire(2)\nfire(3)</pre></td></tr></table>";
    let document = amid(table);
    keeps(&document, &["fire(2)"]);
    leaves_out(&document, "1\n2\n3", &Reason::Widget);
    keeps(&amid("<p>It counts:</p><pre>1\n2\n3</pre>"), &["1\n2\n3"]);
    let errors = "<table><tr><th>Number</th><th>Name</th></tr><tr><td>1</td><td><code>EPERM</code></td></tr>\
                  <tr><td>4294967295</td><td><code>EMAX</code></td></tr><tr><td>4294967295 0</td><td><code>E2</code></td></tr></table>";
    keeps(&amid(errors), &["EPERM", "4294967295"]);
}

#[test]
fn what_a_function_looks_like_is_no_signature_of_a_writer() {
    for (open, close) in [
        ("<dt class='sig sig-object py' id=kiln.thread>", "</dt>"),
        ("<div class=member-signature><span class=return-type>Kiln</span> ", "</div>"),
        ("<ul class=tsd-signatures><li class=tsd-signature>", "</li></ul>"),
        ("<h4 class=signature>", "</h4>"),
    ] {
        let does = [
            ("fire", "Burns what stands on the shelves"),
            ("stack", "Puts the pots in"),
            ("open", "Takes the door off"),
        ];
        let one = |(name, does): (&str, &str)| {
            format!(
                "<section><h3>{name}</h3>{open}{name}(draft, cones=3){close}<p>{does}, and raises an error where a cone is missing.</p></section>"
            )
        };
        let page = format!(
            "<title>API</title><main><h1>API</h1><p>These functions fire a kiln; all of them return another one.</p>{}</main>",
            does.map(one).concat()
        );
        keeps(&read(&page), &["fire(draft", "stack(draft", "open(draft"]);
    }
}

#[test]
fn what_a_writer_says_again_stays() {
    let chorus =
        "<p>Turn the damper, feed the flame, nothing fired comes out the same, turn the damper, let it roar.</p>";
    let other = |line: &str| {
        format!("<p>{line}, and the yard was full of people who had come to see the white smoke rise.</p>")
    };
    let song = format!(
        "{chorus}{}{chorus}{}{chorus}",
        other("My sister stood on the wall"),
        other("The dog slept by the door")
    );
    assert_eq!(amid(&song).body().filter(|block| block.text.starts_with("Turn the damper")).count(), 3);
    let row = |day: &str| {
        format!(
            "<tr><td>{day}</td><td>The kiln is lit at seven in the morning and opened on the day after that</td></tr>"
        )
    };
    let table = format!("<table>{}{}{}</table>", row("Monday"), row("Tuesday"), row("Friday"));
    assert_eq!(amid(&table).body().filter(|block| block.text.starts_with("The kiln is lit")).count(), 3);
}

#[test]
fn a_copy_of_the_layout_goes() {
    let text =
        "The firing plan for the winter is on the door of the shed, and it will not be changed before the spring.";
    let twins = format!("<div class=desktop-only><p>{text}</p></div><div class=mobile-only><p>{text}</p></div>");
    assert_eq!(amid(&twins).body().filter(|block| block.text == text).count(), 1);
    let pulled = format!("<p>{text}</p>{PROSE}<blockquote><p>{text}</p></blockquote>");
    assert_eq!(amid(&pulled).body().filter(|block| block.text == text).count(), 1);
}

#[test]
fn a_text_is_kept_to_its_last_words() {
    let list = "<ul><li>The first shelf went in without a crack, which nobody had thought possible after so many winters.</li>\
                <li>The second shelf broke in two, and the pots that stood on it are now the edge of a flower bed.</li>\
                <li>The third shelf holds, although it sings when the fire is high and the wind comes from the lake.</li></ul>";
    let last =
        "<p>Next spring we want to build a second chamber, though everyone tells us to learn to use the first one.</p>";
    keeps(&below(list, last), &["second chamber"]);
    keeps(
        &below(PROSE, "<blockquote><p>A kiln is a patient animal, and so was he.</p></blockquote>"),
        &["patient animal"],
    );
    let table = "<table><thead><tr><th>Wood</th><th>Weight</th></tr></thead><tr><td>Beech</td><td>400 g</td></tr>\
                 <tr><td>Oak</td><td>407 g</td></tr><tr><td>Ash</td><td>421 g</td></tr></table>";
    keeps(&below(PROSE, table), &["Beech", "421 g"]);
}

#[test]
fn terms_keep_their_definitions() {
    let terms =
        ["Bisque", "Cone", "Engobe", "Raku"].map(|term| format!("<dt>{term}</dt><dd>Kind no. {}.</dd>", term.len()));
    let text = "<p>The kiln in the yard had been cold for eleven years when my sister and I swept the leaves out of its mouth.</p>";
    let document = below(text, &format!("<dl>{}</dl>", terms.concat()));
    assert_eq!(document.body().filter(|block| block.text.starts_with("Kind no.")).count(), 4);
}

#[test]
fn links_to_nowhere_are_no_text_in_any_language() {
    for row in [
        "<a href='#'>Artikel teilen</a><a href='#'>Per Post</a><a href='#'>X</a>",
        "<a href='#'>Udostępnij artykuł</a> <a href='javascript:void(0)'>Drukuj</a>",
        "<a href='https://www.facebook.com/sharer/sharer.php?u=x'>この記事を送る</a>",
    ] {
        let document = amid(&format!("<div class=c17a>{row}</div>"));
        let last = row.rsplit('>').nth(1).unwrap_or_default().split('<').next().unwrap_or_default().to_owned();
        leaves_out(&document, &last, &Reason::Share);
    }
    keeps(&amid("<p><a href='#fn1'>One</a>, <a href='#fn2'>two</a> and three.</p>"), &["One, two and three"]);
}

#[test]
fn a_box_that_asks_for_an_address_is_no_text_in_any_language() {
    for line in [
        "Codziennie rano najważniejsze wieści w Twojej skrzynce!",
        "毎朝、地域の大事な知らせをお届けします。",
        "Kiln news, once a month.",
    ] {
        leaves_out(&amid(&format!("<div class=c17a>{line}<input type=email></div>")), line, &Reason::Promotion);
    }
    let form = "<div><p>Tell us what you want to fire, and when.</p><input name=name><input type=email><input name=kiln><textarea></textarea></div>";
    keeps(&amid(form), &["Tell us what you want to fire"]);
}

#[test]
fn a_callout_in_the_text_is_text() {
    let text = "<p>The kiln in the yard had been cold for eleven years when my sister and I swept the leaves out of its mouth.</p>\
                <p>Half of the shelves were cracked, the other half were glued to the bricks by a glaze that nobody remembers.</p>";
    let card = "<div class='kg-card kg-callout-card'><div class=kg-callout-text>Dry your pots before you fire them, never after, whatever they say.</div></div>";
    keeps(&below(text, &format!("{card}{}", text.replace(" the ", " that "))), &["Dry your pots"]);
}

#[test]
fn paragraphs_that_hide_themselves_are_not_read() {
    let trap = "<p style='display:none'>Copied without leave from the kiln pages of the potters' yard by the lake.</p>\
                <p hidden>This paragraph is here for those who copy the kiln pages without reading them.</p>";
    let document = amid(trap);
    leaves_out(&document, "Copied without leave", &Reason::Hidden);
    leaves_out(&document, "for those who copy", &Reason::Hidden);
}

#[test]
fn stock_pages_are_missing_pages() {
    for (title, says) in [
        ("502 Bad Gateway", "<h1>502 Bad Gateway</h1><hr>nginx"),
        (
            "Welcome to nginx!",
            "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working.</p>",
        ),
        ("kiln.example", "<h1>kiln.example</h1><p>This domain is for sale. Buy now or make an offer.</p>"),
        ("Maintenance", "<h1>Down for maintenance</h1><p>We are currently performing scheduled maintenance.</p>"),
        ("Category: Kilns", "<h1>Category: Kilns</h1><p>It seems we can’t find what you’re looking for.</p>"),
        (
            "Suche",
            "<h1>Suche nach Ofen</h1><p>Leider wurden keine Ergebnisse gefunden. Bitte versuchen Sie andere Wörter.</p>",
        ),
        ("ไม่พบหน้าที่คุณค้นหา", "<h1>ไม่พบหน้าที่คุณค้นหา</h1><p>กรุณากลับไปที่หน้าแรก</p>"),
    ] {
        let document = read(&format!("<!DOCTYPE html><title>{title}</title><body><main>{says}</main></body>"));
        assert_eq!(document.barrier, Some(Barrier::Missing), "{title}");
    }
}

#[test]
fn an_article_may_speak_of_walls() {
    for (title, one) in [
        ("What is a captcha?", "A captcha asks you to verify that you are human by ticking boxes or typing letters."),
        (
            "Access denied: a memoir",
            "The guard read my papers twice and said access denied, as if the words tasted good.",
        ),
        (
            "502 Bad Gateway",
            "My server answers every request with this, though the program behind it runs and writes no word to its log.",
        ),
        (
            "The maintenance",
            "The site is currently down for maintenance, said the note on the lock, and the boats waited.",
        ),
    ] {
        let two = "I sat on the kerb until the lamps went out and then walked home along the canal, past all the closed \
                   shops and the one that never closes, where the keeper gave me a cup of tea without a word.";
        let page = format!(
            "<!DOCTYPE html><title>{title}</title><main><article><h1>{title}</h1><p>{one}</p><p>{two}</p></article></main>"
        );
        assert_eq!(read(&page).barrier, None, "{title}");
    }
}

/// Sections and code below such a heading are those of a page about it; a few words in sections are not, and a vendor's
/// marker outweighs them.
#[test]
fn a_manual_may_explain_walls() {
    let more = "<p>The text beside the number is for people alone, and programs read the number, which has had the same \
                meaning since the first servers, whatever they were made of and whoever had to look after them at night. \
                Whoever writes a server chooses the words, and some have made jokes of them that only their friends knew.</p>";
    let short = "<h2>When it is sent</h2><p>The server knows the page and does not let this reader see it at all.</p>\
                 <h2>What to do</h2><p>Ask whoever runs the server for the right to read, then load the page anew.</p>";
    let sample =
        "<p>An answer looks like this, the line of its name comes first:</p><pre>HTTP/1.1 404\nServer: mine</pre>";
    let page = |title: &str, says: &str| {
        read(&format!("<!DOCTYPE html><title>{title}</title><body><main><h1>{title}</h1>{says}</main></body>")).barrier
    };
    for title in ["404 Not Found", "403 Forbidden", "Page not found"] {
        assert_eq!(page(title, &format!("{short}{more}")), None, "{title}");
        assert_eq!(page(title, &format!("{sample}{more}")), None, "{title}");
    }
    assert_eq!(page("404 Not Found", short), Some(Barrier::Missing));
    let marked = format!("<div class=cf-error-details>{short}{more}</div>");
    assert_eq!(page("Access denied", &marked), Some(Barrier::Challenge));
}

/// Whatever its class is called, what holds the page's text is no layer over it.
#[test]
fn a_text_in_a_box_with_such_a_name_is_no_layer() {
    let talk = "<p>We use cookies to improve your experience.</p><button>Accept all cookies</button>";
    let page = format!(
        "<title>The kiln</title><body><div class=trusted-partners>{talk}<h1>The kiln</h1>{PROSE}</div><div>{}</div>",
        PROSE.replace(" the ", " that ")
    );
    keeps(&read(&page), &["The kiln in the yard", "Half of the shelves", "We lit it on a Sunday"]);
}

#[test]
fn the_last_card_is_a_card() {
    let text = "<p>The kiln in the yard had been cold for eleven years when my sister and I swept the leaves out of its mouth.</p>";
    let card = |name: &str, price: u32| format!("<li class=card><h3>{name}</h3><span>{price} €</span></li>");
    let cards =
        [("Bowl", 12), ("Jug", 31), ("Plate", 18), ("Vase", 44)].map(|(name, price)| card(name, price)).concat();
    let page = format!("<!DOCTYPE html><title>Pots</title><main><h1>Pots</h1>{text}<ul class=grid>{cards}</ul></main>");
    let document = read(&page);
    let kept = |text: &str| document.body().any(|block| block.text == text);
    assert!(["Bowl", "Jug", "Plate", "Vase"].iter().all(|name| kept(name) == kept("Jug")));
    assert!(["12 €", "31 €", "18 €", "44 €"].iter().all(|price| kept(price) == kept("31 €")));
}

/// Each paragraph of a long text is a little less likely than the one before it; none is a little less the text.
#[test]
fn a_long_text_is_kept_to_its_last_paragraph() {
    let words = ["tide", "keeper", "lamp", "harbour", "winter", "rope", "letter", "window", "stone", "morning", "boat"];
    let word = |at: usize, step: usize| words[(at * step + at / words.len() * (step + 2)) % words.len()];
    let paragraph = |at: usize| {
        let told: Vec<&str> = (1..9).map(|step| word(at, step)).collect();
        format!(
            "In year {at} of the log the {} and the {} were set down beside the {}, as every keeper had done.",
            told[0..3].join(" and the "),
            told[3..6].join(" or the "),
            told[6..].join(", the ")
        )
    };
    let told: Vec<String> = (0..900).map(paragraph).collect();
    let text: String = told.iter().map(|one| format!("<p>{one}</p>")).collect();
    let page = format!(
        "<html><body><nav><a href=/>Home</a><a href=/log>Log</a></nav><main><article><h1>The log of the island</h1>{text}</article></main>\
         <footer><p>All rights reserved, the society of friends of old lights, since 1990.</p></footer></body></html>"
    );
    let document = read(&page);
    let kept: Vec<&str> = document.body().map(|block| block.text.as_str()).collect();
    let missing = told.iter().filter(|one| !kept.contains(&one.as_str())).count();
    assert_eq!(missing, 0, "of {}", told.len());
    assert!(!kept.iter().any(|one| one.starts_with("All rights")));
}

#[test]
fn paragraphs_without_end_tags_in_a_font_are_all_kept() {
    let paragraphs = PROSE.replace("</p>", "");
    let page = format!(
        "<title>The kiln</title><body><h1>The kiln</h1><font face=Arial>{paragraphs}</font><hr><a href=/>Home</a>"
    );
    keeps(&read(&page), &["The kiln in the yard", "Half of the shelves", "We lit it on a Sunday"]);
}

#[test]
fn a_heading_for_screen_readers_is_left_out() {
    let part = "<h2 class=sr-only>Repository files</h2><p>The bricks of the old kiln were counted twice, and a list of them was hung on the door.</p>";
    leaves_out(&amid(part), "Repository files", &Reason::Hidden);
}

#[test]
fn a_frameset_in_japanese_is_read() {
    let prose = "古い窯は十一年のあいだ冷たいままだったが、妹と私は落ち葉を掃き出した。棚の半分は割れ、残りは誰も覚えていない釉薬で煉瓦に貼りついていた。";
    let page = format!(
        "<title>窯</title><frameset cols='*,*'><frame src=a><noframes><body><h1>窯</h1><p>{prose}</p><p>私たちは日曜日に火を入れた。{prose}</p></noframes></frameset>"
    );
    keeps(&read(&page), &[prose]);
}

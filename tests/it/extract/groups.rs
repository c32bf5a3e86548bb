//! What stands or falls together: cells of a table, terms and definitions, headings and what they head.

use gleaner::document::{Document, Label};
use gleaner::extract::{Options, extract};

const ABOVE: &str = "<p>The harbour office keeps one boat for each of the islands and lends them to whoever can show that they row \
                     well.</p><p>Every boat carries a lamp, a rope and a spare oar, and all of it must come back dry and clean \
                     on the same day.</p>";
const BELOW: &str = "<p>Whoever breaks an oar pays for the wood, but not for the work, which the boatman does in the evening for \
                     a glass of beer.</p><p>In winter the boats stand in the shed behind the church, where the children of the \
                     village paint them.</p>";

fn read(inside: &str) -> Document {
    let page = format!(
        "<!doctype html><html lang=en><head><title>Boats for hire</title></head><body><main><h1>Boats for hire</h1>\
         {ABOVE}{inside}{BELOW}</main></body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

/// What is left out of some lines, which must be blocks of their own.
fn lost<'d>(document: &'d Document, lines: &[&str]) -> Vec<&'d str> {
    let is_line = |text: &str| lines.contains(&text);
    let found: Vec<_> = document.blocks.iter().filter(|block| is_line(&block.text)).collect();
    assert!(lines.iter().all(|line| found.iter().any(|block| block.text == *line)), "{lines:?}");
    found.iter().filter(|block| block.label != Label::Content).map(|block| block.text.as_str()).collect()
}

#[test]
fn words_and_signs_of_chrome_are_values_in_a_table_that_is_kept() {
    for pair in [["Yes", "No"], ["✓", "✗"], ["–", "+"], ["Search", "Reply"], ["2 + 3 =", "12 - 5 = ?"]] {
        let [one, other] = pair;
        let document = read(&format!(
            "<h2>What each boat can do</h2><table><thead><tr><th>Boat</th><th>Sail</th><th>Motor</th></tr></thead><tbody>\
             <tr><td>Old gull</td><td>{one}</td><td>{other}</td></tr><tr><td>Red heron</td><td>{other}</td><td>{one}</td></tr>\
             <tr><td>Small tern</td><td>{other}</td><td>{other}</td></tr></tbody></table>"
        ));
        assert!(lost(&document, &pair).is_empty(), "{pair:?}: {:?}", lost(&document, &pair));
    }
}

#[test]
fn a_header_stands_with_its_cells_whatever_its_word_or_class() {
    for header in [["Name", "Type"], ["Author", "Email"], ["Event", "Published"]] {
        let cells: String = header.iter().map(|word| format!("<th class=head><p>{word}</p></th>")).collect();
        let document = read(&format!(
            "<h2>The list of boats</h2><table class=docutils><thead><tr>{cells}</tr></thead><tbody>\
             <tr><td><p>Old gull</p></td><td><p>a dinghy with two oars</p></td></tr>\
             <tr><td><p>Red heron</p></td><td><p>a sloop for the open sea</p></td></tr></tbody></table>"
        ));
        assert!(lost(&document, &header).is_empty(), "{:?}", lost(&document, &header));
    }
}

#[test]
fn a_heading_or_term_stands_with_the_text_under_it() {
    for word in ["Search", "Location", "Name", "Help", "Submit"] {
        let text = "What the boatman has written on the board beside the door.";
        for inside in [
            format!("<h2>Boats</h2><h3>Colour</h3><p>As it is seen from the quay.</p><h3>{word}</h3><p>{text}</p>"),
            format!("<dl><dt>Colour</dt><dd>As it is seen from the quay.</dd><dt>{word}</dt><dd>{text}</dd></dl>"),
        ] {
            let document = read(&inside);
            assert!(lost(&document, &[word, text]).is_empty(), "{inside}: {:?}", lost(&document, &[word, text]));
        }
    }
}

#[test]
fn what_stands_alone_or_over_links_is_chrome_as_before() {
    for inside in [
        "<h3>Share</h3><p><a href=#f>Facebook</a> <a href=#x>Twitter</a></p>",
        "<div class=tools><h3>Share</h3><a href=/f><svg></svg></a></div>",
        "<h3>Share</h3><form><input name=q><button>Search</button></form>",
    ] {
        assert_eq!(lost(&read(inside), &["Share"]), ["Share"], "{inside}");
    }
}

#[test]
fn a_question_stands_over_its_answer() {
    let item = |question: &str, answer: &str| {
        format!(
            "<div class=elementor-accordion-item><div class=elementor-tab-title role=button aria-controls=a><a \
             class=elementor-accordion-title>{question}</a></div><div class=elementor-tab-content><p>{answer}</p></div></div>"
        )
    };
    let (one, other) = ("How long may I keep the boat?", "Who pays when it rains?");
    let answers =
        ["From sunrise until the lamp at the mole is lit.", "Nobody does, as the boat stays where it is that day."];
    let document = read(&format!("<h2>Questions</h2>{}{}", item(one, answers[0]), item(other, answers[1])));
    assert!(lost(&document, &[one, other]).is_empty(), "{:?}", lost(&document, &[one, other]));
}

#[test]
fn what_opens_and_closes_is_no_button_for_its_name() {
    let method = |sign: &str, text: &str| {
        format!(
            "<details class=\"toggle method-toggle\" open><summary><section class=method><h4 class=code-header>{sign}</h4>\
             </section></summary><div class=docblock><p>{text}</p></div></details>"
        )
    };
    let text = "Makes a boat that is moored at the quay and has nobody in it.";
    let more = "Lets another one go on board, unless the boat is full already.";
    let document = read(&format!(
        "<h2 class=section-header>Implementations</h2><details class=\"toggle implementors-toggle\" open><summary><section \
         class=impl><h3 class=code-header>impl Boat</h3></section></summary><div class=impl-items>{}{}</div></details>",
        method("pub fn new(quay: Quay) -> Self", text),
        method("pub fn board(&mut self, who: Rower)", more),
    ));
    let lines = ["Implementations", "impl Boat", "pub fn new(quay: Quay) -> Self", text, more];
    assert!(lost(&document, &lines).is_empty(), "{:?}", lost(&document, &lines));
}

#[test]
fn prose_of_another_build_belongs_to_the_text_around_it() {
    let odd = "Nobody has yet asked for the black boat, which lies under the old bridge and is said to bring bad luck.";
    let paragraphs = [ABOVE, BELOW].concat();
    let (first, rest) = paragraphs.split_at(ABOVE.len());
    for odd_one in [format!("<div><section>{odd}</section></div>"), odd.to_owned()] {
        let teaser = "<p class=rel><a href=/x>A new bridge for the old harbour</a></p>";
        for body in [format!("{first}{teaser}{odd_one}{rest}"), format!("{first}{rest}{teaser}{odd_one}")] {
            let page = format!(
                "<!doctype html><html><head><title>Boats</title></head><body><h1>Boats</h1>{body}</body></html>"
            );
            let document = extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default());
            assert!(lost(&document, &[odd]).is_empty(), "{body}");
        }
    }
}

/// As [`read`], on a page that says it is an article.
fn read_article(inside: &str) -> Document {
    let page = format!(
        "<!doctype html><html lang=de><head><title>Boote</title><meta property=og:type content=article></head><body><article>\
         <h1>Boote</h1>{ABOVE}{inside}</article></body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

#[test]
fn a_label_goes_with_the_links_it_stands_before() {
    let teaser = "<a href=/x>Streit um die alte Brücke am Hafen</a>";
    for (inside, lines) in [
        (format!("<p>Lesen Sie auch: {teaser}</p>{BELOW}"), ["Lesen Sie auch: Streit um die alte Brücke am Hafen"]),
        (format!("<p>&gt;&gt; {teaser}</p>{BELOW}"), [">> Streit um die alte Brücke am Hafen"]),
        (format!("<p>Lesen Sie auch:</p><ul><li>{teaser}</li></ul>{BELOW}"), ["Streit um die alte Brücke am Hafen"]),
        (
            format!("{BELOW}<p>© 2023 Hafenblatt. Alle Rechte vorbehalten.</p>"),
            ["© 2023 Hafenblatt. Alle Rechte vorbehalten."],
        ),
    ] {
        assert_eq!(lost(&read_article(&inside), &lines), lines, "{inside}");
    }
    let source = format!("<p>Quelle: {teaser}</p>{BELOW}");
    let line = ["Quelle: Streit um die alte Brücke am Hafen"];
    assert!(lost(&read_article(&source), &line).is_empty(), "what the text rests on is text");
}

/// Below a heading names of rows that stay have their values.
#[test]
fn signs_and_words_of_chrome_stand_with_the_names_of_their_rows() {
    let boat = |name: &str, price: &str, what: &str, class: &str| {
        format!(
            "<div class='plan {class}'><h3>{name}</h3><p class=price>{price}<span>/day</span></p><ul><li>{what}</li><li>A lamp and a \
             rope</li></ul><a class=btn>Start rowing</a></div>"
        )
    };
    let page = format!(
        "<!doctype html><html><head><title>Prices - Boatbase</title></head><body><header><nav><a href=/f>Boats</a></nav></header><main>\
         <h1>Plain prices</h1><p>Pay by the day or by the week, and row when you like.</p><div class=plans>{}{}</div><h2>Compare \
         boats</h2><table class=compare><thead><tr><th>Feature</th><th>Gull</th><th>Heron</th></tr></thead><tbody><tr><td>Sail</td>\
         <td>✓</td><td>✓</td></tr><tr><td>Spare oars</td><td>–</td><td>✓</td></tr><tr><td>Orders</td><td>Email</td><td>Telephone\
         </td></tr></tbody></table></main></body></html>",
        boat("Gull", "$4", "Any number of trips", ""),
        boat("Heron", "$9", "Shared oars", "featured"),
    );
    let document = extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default());
    let cells = ["Sail", "✓", "Spare oars", "–", "Orders", "Email", "Telephone"];
    assert!(lost(&document, &cells).is_empty(), "{:?}", lost(&document, &cells));
}

//! Labels of advertisements between the paragraphs of a text, and paragraphs that only look like them.

use gleaner::document::{Document, TextOptions};
use gleaner::extract::{Options, extract};

const TEXT: [&str; 4] = [
    "The ferry to the outer islands will run twice a day from the first of May, the harbour office said on Tuesday.",
    "Until then travellers must use the mail boat, which leaves at seven and has room for twelve of them.",
    "The two crews were hired in winter, and each of them has rowed the sound in every kind of weather.",
    "Tickets are sold on the quay, where a bell is rung a quarter of an hour before each boat leaves.",
];

fn read(inside: &str) -> Document {
    let page = format!(
        "<!doctype html><html><head><meta charset=utf-8><title>Ferry returns in May</title></head><body><article>\
         <h1>Ferry returns in May</h1><div class=c>{inside}</div></article></body></html>"
    );
    extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default())
}

fn lines(inside: &str) -> Vec<String> {
    let text = read(inside).text(TextOptions { title: false });
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn with(first: &str, between: &str, last: &str) -> String {
    let [one, two, three, four] = TEXT;
    format!("{first}<p>{one}</p><p>{two}</p>{between}<p>{three}</p><p>{four}</p>{last}")
}

#[test]
fn the_label_of_an_advertisement_between_paragraphs_is_no_text() {
    for label in [
        "Advertisement",
        "ADVERTISEMENT",
        "- Advertisement -",
        "Advertisement. Scroll to continue reading.",
        "Story continues below",
        "Ad – content continues below",
        "Anzeige",
        "Anzeige – hier geht es weiter",
        "Der Artikel wird nach der Anzeige fortgesetzt",
        "Publicité",
        "Lire la suite après la publicité",
        "Sigue leyendo después de la publicidad",
        "Реклама",
        "Διαφήμιση",
        "広告",
        "إعلان",
    ] {
        let twice = format!("<p>{label}</p><p>{}</p>", TEXT[3]);
        let [one, two, three, four] = TEXT;
        assert_eq!(lines(&with("", &format!("<p>{label}</p>"), &twice)), [one, two, three, four, four], "{label}");
        for slot in ["<ins class=slot></ins>", "<script>show()</script>", "<div id=slot-2></div>"] {
            assert_eq!(lines(&with("", &format!("<p>{label}</p>{slot}"), "")), TEXT, "{label} {slot}");
        }
        let centred = format!("<p style='text-align:center'><small>{label}</small></p><div id=slot-3></div>");
        assert_eq!(lines(&with("", &centred, "")), TEXT, "{label}");
    }
}

#[test]
fn what_says_that_the_text_goes_on_below_an_advertisement_is_no_text_in_any_wrapper() {
    for said in ["Story continues below", "Anzeige – hier geht es weiter", "Lire la suite après la publicité"] {
        for wrapper in ["<div class=x9>{}</div>", "<div class=k><div style='text-align:center'>{}</div></div>"] {
            assert_eq!(lines(&with("", &wrapper.replace("{}", said), "")), TEXT, "{said} {wrapper}");
        }
    }
    // Words that lead to other texts are no heads of parts.
    let between = "<p>Advertisement</p><ins></ins><p><strong>Read also:</strong></p>";
    assert!(!lines(&with("", between, "")).contains(&"Advertisement".to_owned()));
}

#[test]
fn a_paragraph_of_the_same_word_that_is_said_or_heads_a_part_is_text() {
    let keeps = |page: &str, said: &str| {
        assert!(lines(page).iter().any(|line| line == said), "{page}\n{:?}", lines(page));
    };
    // An answer, a sentence, one head of several.
    keeps(
        &with(
            "",
            "<p>And what pays for all this, the children of the school asked him?</p><p>Werbung</p><ins></ins>",
            "",
        ),
        "Werbung",
    );
    keeps(&with("", "<p>Reklama.</p>", ""), "Reklama.");
    keeps(&with("<p>Tickets</p>", "<p>Werbung</p><ins></ins>", ""), "Werbung");
    // A word alone that nothing tells from an answer or a head, and one of direct speech.
    keeps(&with("", "<p>Anzeige</p>", ""), "Anzeige");
    keeps(&with("", "<p>— Advertisement</p><ins></ins>", ""), "— Advertisement");
    let part = "<h2>Publicidad</h2>";
    keeps(&with("", part, ""), "Publicidad");
    let told = "<p>The story continues below the deck, where nobody had looked for the old captain.</p>";
    keeps(&with("", told, ""), "The story continues below the deck, where nobody had looked for the old captain.");
    let of_ads = "Advertisement in the harbour is not allowed before the bell has rung twice.";
    keeps(&with("", &format!("<p>{of_ads}</p>"), ""), of_ads);
}

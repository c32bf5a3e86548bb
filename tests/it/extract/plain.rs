//! Text captures: which lines stay.

use gleaner::document::{BlockKind, Document, Kind, Label, Reason};
use gleaner::extract::{Options, extract};

fn read(text: &str) -> Document {
    extract(text.as_bytes(), Some("text/plain; charset=utf-8"), None, &Options::default())
}

fn kept(document: &Document) -> Vec<&str> {
    document.blocks.iter().filter(|block| block.label == Label::Content).map(|block| block.text.as_str()).collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(kept(&read(text)), expected);
}

const ONE: &str = "The ferry to the outer islands will run twice a day from the first of May, the harbour office said.";
const TWO: &str = "Until then travellers must use the mail boat, which leaves at seven and has room for twelve people.";

#[test]
fn chrome_around_the_prose_goes_and_a_subheading_stays() {
    let text = format!(
        "Skip to content\n\nFerry returns in May\n\n{ONE}\n\n\u{a0}\n\nWhat it costs\n\n{TWO}\n\nSource: Harbour Office\n\n\
         boat.jpg\n\nShare this\nTweet\n  • Like 4\nLeave a Reply\n\n\
         Your email address will not be published. Required fields are marked *\n\n7 + = twelve\n×\n"
    );
    check(&text, &["Ferry returns in May", ONE, "What it costs", TWO, "Source: Harbour Office"]);
}

#[test]
fn a_phrase_amid_prose_is_prose() {
    check(&format!("Title\n\n{ONE}\n\nLeave a reply\n\n{TWO}\n"), &["Title", ONE, "Leave a reply", TWO]);
    let asks = "I always ask readers to subscribe to the newsletter, and they rarely do, which is fair enough.";
    check(&format!("Title\n{ONE}\n{asks}\n{TWO}"), &["Title", ONE, asks, TWO]);
}

#[test]
fn blocks_name_their_line_and_know_bullets() {
    let document = read(&format!("Title\n\n{ONE}\n  • first thing\n    • second thing\n{TWO}\n"));
    let at: Vec<_> = document.blocks.iter().map(|block| block.at.0.as_str()).collect();
    assert_eq!(at, ["line[1]", "line[3]", "line[4]", "line[5]", "line[6]"]);
    assert_eq!(document.blocks[3].kind, BlockKind::ListItem { depth: 2, number: None });
}

#[test]
fn repeated_prose_is_kept_once_and_other_scripts_are_prose() {
    let document = read(&format!("Title\n{ONE}\n{TWO}\n{ONE}\n"));
    assert_eq!(document.blocks[3].label, Label::Boilerplate(Reason::Duplicate));
    check(
        "島への船が五月に戻る\n港湾事務所によると、外の島々への船は五月一日から一日二便で運航される予定である。\nシェア\n",
        &["島への船が五月に戻る", "港湾事務所によると、外の島々への船は五月一日から一日二便で運航される予定である。"],
    );
}

#[test]
fn chrome_alone_is_empty() {
    let document = read("Menu\nLogin\nSearch\n");
    assert_eq!((document.kind, kept(&document).len()), (Kind::Empty, 0));
    assert_eq!(read("").kind, Kind::Empty);
}

#[test]
fn the_heading_is_the_title_where_it_repeats_the_name_of_the_page() {
    let document =
        read(&format!("Ferry returns in May | The Courier\nHome\nSport\nFerry returns in May\n{ONE}\n{TWO}\n"));
    let title = document.title.map(|at| document.blocks[at as usize].text.as_str());
    assert_eq!(title, Some("Ferry returns in May"));
    assert_eq!(document.blocks[0].label, Label::Boilerplate(Reason::Header));
    let found = document.metadata.title.expect("a title");
    assert_eq!((found.value.as_str(), found.source.as_str()), ("Ferry returns in May", "text:line 4"));
}

/// As it is where somebody selects all of a page and copies it.
#[test]
fn the_heading_is_the_title_whatever_stands_between_it_and_the_prose() {
    let heads = [
        "Menu\nHome\nSport\nSign in\nFerry to the islands returns in May\nBy Ann Miller\n14 March 2023\nFacebook\nTwitter\nWhatsApp\n",
        "Inhalt\nStart\nFerry to the islands returns in May\nReported here by Ann Miller\n14 March 2023\nShare\nPrint\n",
        "Courier\nWe use cookies to make this page better for you. Accept all | Settings\nSport\n\
         Ferry to the islands returns in May\nBy Ann Miller\n",
    ];
    for head in heads {
        let document = read(&format!("{head}{ONE}\n{TWO}\nShare\nPrivacy policy\n"));
        let title = document.title.map(|at| document.blocks[at as usize].text.as_str());
        assert_eq!(title, Some("Ferry to the islands returns in May"), "{head}");
        assert!(kept(&document).contains(&"Ferry to the islands returns in May"));
    }
}

#[test]
fn a_mail_wrapped_by_hand_comes_out_in_paragraphs() {
    let wrapped = "Ferry returns in May\n\n\
        The ferry to the outer islands will run twice a day from the first\n\
        of May, the harbour office said, and it will take bicycles as well.\n\n\
        Until then travellers must use the mail boat, which leaves at seven\n\
        and has room for twelve people, who should bring warm clothes, for\n\
        the open deck is cold even in the middle of the summer, as those of\n\
        us know who have crossed the sound in June.\n";
    let text = read(wrapped).text(Default::default());
    assert_eq!(text.lines().filter(|line| !line.is_empty()).count(), 3, "{text}");
}

#[test]
fn metadata_say_what_the_lines_say_and_no_more() {
    let first = format!("New Haven, June 19: {ONE}");
    let text = format!(
        "Ferry returns in May\n\n{first}\n\n{TWO}\n\nCredit: Harbour Office\n\nLeave a Reply\n\n\
         Your email address will not be published. Required fields are marked *\n"
    );
    let about = read(&text).metadata;
    let value = |field: Option<gleaner::document::Sourced<String>>| field.map(|found| found.value);
    assert_eq!(value(about.platform), Some("wordpress".to_owned()));
    assert_eq!(value(about.dateline), Some("New Haven".to_owned()));
    assert_eq!(value(about.dateline_date), Some("--06-19".to_owned()), "no year is invented");
    assert_eq!(value(about.credit), Some("Harbour Office".to_owned()));
    assert_eq!(value(about.published), None);
}

#[test]
fn every_engine_and_mode_labels_every_line() {
    use gleaner::extract::{Engine, Mode};
    let text = format!("Home\nNews\nFerry returns in May\n{ONE}\nShare\n{TWO}\nRelated posts\nBoats of the year\n");
    for engine in [Engine::Gleaner, Engine::Rules] {
        let kept_in = |mode| {
            let options = Options { engine, mode, ..Options::default() };
            let document = extract(text.as_bytes(), Some("text/plain"), None, &options);
            assert_eq!(document.blocks.len(), 8);
            assert!(document.confidence > 0.0 && document.confidence <= 1.0);
            kept(&document).len()
        };
        let [precision, balanced, recall] = [Mode::Precision, Mode::Balanced, Mode::Recall].map(kept_in);
        assert!(precision <= balanced && balanced <= recall, "{precision} {balanced} {recall}");
    }
}

#[test]
fn a_menu_or_the_name_of_a_site_is_no_title_where_a_heading_stands_above_the_prose() {
    for head in [
        "Home | News | Sport | Contact\nFerry returns in May\nBy Ann Lee",
        "Home > News > Local\nFerry returns in May\n5 June 2021",
        "The Courier\nPolitik\nFerry returns in May\nVon Ann Lee",
    ] {
        let document = read(&format!("{head}\n{ONE}\n{TWO}\nShare\n"));
        let title = document.metadata.title.as_ref().map(|found| found.value.as_str());
        assert_eq!(title, Some("Ferry returns in May"), "{head}");
        let text = document.text(Default::default());
        assert!(text.starts_with("Ferry returns in May\n") && !text.contains("Home"), "{text}");
    }
    for (head, title) in [("Ferry\nBy Ann Lee", Some("Ferry")), ("tom wrote on 3 March:", None)] {
        let document = read(&format!("{head}\n{ONE}\n{TWO}\n"));
        assert_eq!(document.metadata.title.map(|found| found.value).as_deref(), title, "{head}");
    }
}

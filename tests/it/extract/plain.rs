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
fn the_answer_to_a_question_stays_and_a_button_does_not() {
    let asked = |question: &str, answers: &str| {
        let text = format!("Title\n\n{ONE}\n\n{question}\n\n{answers}\n\n{TWO}\n\n{ONE} {TWO}\n\nShare this\n");
        kept(&read(&text)).join("|")
    };
    for answer in ["Yes.", "No."] {
        let text = asked("Do I need a ticket?", answer);
        assert!(text.contains(&format!("Do I need a ticket?|{answer}|Until")), "{text}");
    }
    for (question, answers) in [
        ("Do I need a ticket?", "Yes\n\nNo"),
        ("Do I need a ticket?", "Yes"),
        ("Do I need a ticket?", "OK."),
        ("Do I need a ticket?", "Close."),
        ("Was this helpful?", "Yes."),
        ("Do you need a ticket", "No."),
        ("Search", "Yes."),
    ] {
        let text = asked(question, answers);
        let others = ["Yes", "No", "Yes.", "No.", "OK.", "Close."];
        assert!(text.split('|').all(|line| !others.contains(&line)), "{question} {answers:?}: {text}");
    }
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
        "Inhalt\nStart\nFerry to the islands returns in May\nΓράφει η Μαρία Παππά\n来源：钱江日报\n2023年3月14日\nShare\n",
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

#[test]
fn who_wrote_and_when_goes_to_the_metadata_and_out_of_the_text() {
    for (about, author, published) in [
        ("By Ann Miller\n14 March 2023", Some("Ann Miller"), Some("2023-03-14")),
        ("By\nAnn Miller\nPublished: 14 March 2023", Some("Ann Miller"), Some("2023-03-14")),
        ("Von Ann Miller | 14. März 2023, 09:30 Uhr", Some("Ann Miller"), Some("2023-03-14T09:30:00")),
        ("作者：陈立新\n2023年3月14日 09:30\n责任编辑：王小明", Some("陈立新"), Some("2023-03-14T09:30:00")),
        ("14 March", None, None),
        ("Ann Miller in the harbour", None, None),
    ] {
        for gap in ["\n", "\n\n"] {
            let lines = format!(
                "Menu\nFerry to the islands returns in May\n{about}\nShare\nTwitter\n{ONE}\n{TWO}\nPrivacy policy\n"
            );
            let document = read(&lines.replace('\n', gap));
            let said = &document.metadata;
            assert_eq!(said.authors.first().map(|name| name.value.as_str()), author, "{about}");
            assert_eq!(
                said.published.as_ref().map(|day| day.value.as_str()),
                published,
                "{about}: no year is invented"
            );
            if author.is_some() {
                assert_eq!(kept(&document), ["Ferry to the islands returns in May", ONE, TWO], "{about}");
                assert!(said.authors[0].source.starts_with("text:line "), "{:?}", said.authors);
                let byline =
                    document.blocks.iter().find(|block| about.starts_with(&block.text)).expect("the first of them");
                assert_eq!(byline.label, Label::Boilerplate(Reason::Byline));
            }
        }
    }
}

#[test]
fn the_day_of_another_thing_and_names_in_the_text_stay() {
    let text = format!(
        "Ferry to the islands returns in May\n{ONE}\nBy Ann Miller\n14 March 2023\n{TWO}\nThe day after\n{ONE} {TWO}\n"
    );
    let document = read(&text);
    assert!(document.metadata.authors.is_empty() && document.metadata.published.is_none());
}

#[test]
fn what_leads_away_from_a_text_goes_though_prose_stands_around_it() {
    for (line, reason) in [
        ("Read also: Five things to know about the ferry", Reason::Related),
        ("Подпишитесь на наш Telegram-канал", Reason::Promotion),
        ("Sign up to our morning newsletter and never miss a boat", Reason::Promotion),
        ("We use cookies to make the harbour better. Accept all | Settings", Reason::Consent),
        ("Advertisement", Reason::Promotion),
    ] {
        let document = read(&format!("Ferry returns in May\n{ONE}\n{line}\n{TWO}\n"));
        assert_eq!(document.blocks[2].label, Label::Boilerplate(reason), "{line}");
        assert_eq!(kept(&document), ["Ferry returns in May", ONE, TWO], "{line}");
    }
}

/// What hangs under a head goes with it, and no more than that.
#[test]
fn titles_under_a_head_of_related_pages_go_with_it() {
    let titles = "Boats return to the coast after years\nWhy the mail boat is always late\n";
    for gap in ["\n", "\n\n"] {
        let end = format!("Ferry returns in May\n{ONE}\n{TWO}\nRelated articles\n{titles}Privacy policy\n");
        check(&end.replace('\n', gap), &["Ferry returns in May", ONE, TWO]);
        let amid =
            format!("Ferry returns in May\n{ONE}\n{TWO}\nRelated articles\n{titles}What it costs\n{ONE} {TWO}\n");
        let document = read(&amid.replace('\n', gap));
        assert_eq!(kept(&document).iter().rev().nth(1), Some(&"What it costs"), "{:?}", kept(&document));
        assert!(!kept(&document).contains(&"Boats return to the coast after years"));
    }
    // A button below each of some teasers heads nothing.
    let teasers: String =
        (1..=4).map(|n| format!("Ferry number {n} returns\n{ONE} It is number {n}.\nRead more\n")).collect();
    let document = read(&format!("All about our ferries\n{teasers}"));
    let related = |block: &&gleaner::document::Block| block.label == Label::Boilerplate(Reason::Related);
    assert!(document.blocks.iter().filter(related).all(|block| block.text == "Read more"));
    // One word may head what a machine should have.
    let document = read(&format!("All about our ferries\n{ONE}\n{TWO}\nRecommended\nEngine: 400 kW\nCrew: 6\n"));
    assert!(document.blocks[4..].iter().all(|block| block.label != Label::Boilerplate(Reason::Related)));
}

/// WordPress writes the same notes below every form, in its translations.
#[test]
fn notes_of_comment_forms_are_known_in_many_languages() {
    for notes in [
        "Ihre E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert\nSchreiben Sie einen Kommentar",
        "电子邮件地址不会被公开。 必填项已用*标注\n发表回复",
        "Η ηλ. διεύθυνση σας δεν δημοσιεύεται. Τα υποχρεωτικά πεδία σημειώνονται με *\nΑφήστε μια απάντηση",
        "نشانی ایمیل شما منتشر نخواهد شد. بخش‌های موردنیاز علامت‌گذاری شده‌اند *\nدیدگاهتان را بنویسید",
        "E-posta adresiniz yayınlanmayacak. Gerekli alanlar * ile işaretlenmişlerdir\nBir yanıt yazın",
    ] {
        let document = read(&format!("Ferry returns in May\n{ONE}\n{TWO}\n{notes}\n"));
        assert_eq!(kept(&document), ["Ferry returns in May", ONE, TWO], "{notes}");
        let form = |block: &gleaner::document::Block| block.label == Label::Boilerplate(Reason::CommentForm);
        assert!(document.blocks[3..].iter().all(form), "{notes}");
    }
    let notes =
        "Twój adres e-mail nie zostanie opublikowany. Wymagane pola są oznaczone *\nAnuluj pisanie odpowiedzi\n";
    let about = read(&format!("Ferry returns in May\n{ONE}\n{TWO}\n{notes}")).metadata;
    assert_eq!(about.platform.map(|found| found.value), Some("wordpress".to_owned()));
}

#[test]
fn half_a_sentence_is_no_title() {
    let text = "Ferry returns in May\nBy Ann Miller\nThe harbour office said on Tuesday that it will let the ferry\n\
        sail again.\nShare\nPrivacy policy\nUntil then travellers must use the mail boat, which leaves at seven.\n";
    let title = read(text).metadata.title.map(|found| found.value);
    assert!(title.as_deref().is_none_or(|title| title == "Ferry returns in May"), "{title:?}");
}

#[test]
fn the_days_of_a_diary_are_text() {
    let entry = |day: u32| format!("{day} March 2021\n{ONE} That was day {day}.\n");
    let document = read(&format!("Winter on the quay\n{}", (12..15).map(entry).collect::<String>()));
    assert!(document.metadata.published.is_none());
    assert!(document.blocks[1..].iter().all(|block| block.label != Label::Boilerplate(Reason::Byline)));
}

/// As lynx, html2text and programs for PDF write what they read.
#[test]
fn dumps_of_programs_are_read_without_their_marks() {
    let lynx = format!(
        "   [1]Skip to content\n\n     * [2]Home\n\n            Ferry returns in May\n\n   By [3]Ann Miller, 14 March 2023\n\n\
         {ONE}\n\n{TWO}\n\nReferences\n\n   1. https://port.example/#text\n   2. https://port.example/\n   3. https://port.example/ann\n"
    );
    let markdown = format!(
        "[Skip to content](#text)\n\n  * [Home](/)\n\n# Ferry returns in May\n\nBy [Ann Miller](/ann)\n\n14 March 2023\n\n\
         {ONE}\n\n{TWO}\n\n[Privacy policy](/privacy)\n"
    );
    for text in [lynx, markdown] {
        let document = read(&text);
        assert_eq!(kept(&document), ["Ferry returns in May", ONE, TWO]);
        assert_eq!(document.metadata.title.map(|found| found.value).as_deref(), Some("Ferry returns in May"));
        assert_eq!(document.metadata.authors[0].value, "Ann Miller");
        assert_eq!(document.metadata.published.map(|day| day.value).as_deref(), Some("2023-03-14"));
    }
}

/// Who asks in an interview has a label that bylines have too.
#[test]
fn what_somebody_asks_is_no_byline() {
    for (title, who, asked) in [
        ("他从城里回到家乡", "记者：", ["您为什么选择回到家乡？", "您后悔过吗？"]),
        ("그는 왜 섬으로 돌아왔나", "기자: ", ["왜 섬으로 돌아왔습니까?", "후회한 적은 없습니까?"]),
        ("Der Hafenmeister", "Redaktion: ", ["Wie kam es dazu?", "Und heute?"]),
        ("Der Hafenmeister", "Redaktion: ", ["Erzählen Sie", "Weiter bitte"]),
    ] {
        let [first, second] = asked.map(|asked| format!("{who}{asked}"));
        let document = read(&format!("{title}\n{first}\n{ONE}\n{second}\n{TWO}\n"));
        assert!(document.metadata.authors.is_empty(), "{:?}", document.metadata.authors);
        let byline = |block: &gleaner::document::Block| block.label == Label::Boilerplate(Reason::Byline);
        assert!(!document.blocks.iter().any(byline), "{first}: {:?}", kept(&document));
    }
    let table = format!("Die Fahrt\nVon: Hamburg\nNach: Kiel\nAbfahrt: früh am Morgen\n{ONE}\n{TWO}\n");
    let document = read(&table);
    assert!(document.metadata.authors.is_empty(), "{:?}", document.metadata.authors);
    assert_ne!(document.blocks[1].label, Label::Boilerplate(Reason::Byline));
}

#[test]
fn works_of_a_writer_and_the_day_of_an_event_are_text() {
    let text = format!(
        "The harbour master\nBy Ann Miller\n{ONE}\n{TWO}\nAnn Miller, Boats (1999)\nBoats, Ann Miller\n\
         {ONE} {TWO}\nBy Ann Miller\n"
    );
    let byline: Vec<bool> =
        read(&text).blocks.iter().map(|block| block.label == Label::Boilerplate(Reason::Byline)).collect();
    assert_eq!(byline, [false, true, false, false, false, false, false, true]);
    let event = read(&format!("Midsummer concert\nSaturday, 22 June 2024\nTown Hall\n{ONE}\n{TWO}\n"));
    assert_eq!(event.metadata.published, None);
    assert_ne!(event.blocks[1].label, Label::Boilerplate(Reason::Byline));
    let note = read(&format!("Ferry to the islands returns in May\n22 June 2024\n{ONE}\n{TWO}\n"));
    assert_eq!(note.metadata.published.map(|day| day.value).as_deref(), Some("2024-06-22"));
}

#[test]
fn titles_of_related_pages_end_at_a_heading_and_at_a_gap() {
    let related = |text: &str| {
        let is = |block: &&gleaner::document::Block| block.label == Label::Boilerplate(Reason::Related);
        read(text).blocks.iter().filter(is).map(|block| block.text.clone()).collect::<Vec<_>>()
    };
    let links = "See [a](/a), [b](/b) and [c](/c).";
    let markdown = format!(
        "# Ferry tool\n\n{ONE} {links}\n\n{TWO}\n\n## Related articles\n\n- Boats return\n- Eels in the pond\n\n\
         ## Install\n\n{TWO} {ONE}\n"
    );
    assert_eq!(related(&markdown), ["Related articles", "Boats return", "Eels in the pond"]);
    let parted = format!(
        "Midsummer at the harbour\n{ONE}\n{TWO}\nRelated articles\nBoats return to the coast\n\nAdmission\n\
         Adults 5 euro\nWhere\nTown Hall\n"
    );
    assert_eq!(related(&parted), ["Related articles", "Boats return to the coast"]);
}

/// A comment in code is no heading, nor is a heading of a part the title of all.
#[test]
fn the_title_of_markdown_stands_above_its_prose() {
    for below in ["```\n# install it\n```", "# Install it"] {
        let text = format!(
            "Ferry tool for all\n\n{ONE} See [a](/a), [b](/b) and [c](/c).\n\n[Log](/log)\n\n{TWO}\n\n{below}\n\n{TWO} {ONE}\n"
        );
        assert_eq!(
            read(&text).metadata.title.map(|found| found.value).as_deref(),
            Some("Ferry tool for all"),
            "{below}"
        );
    }
    let noted = format!(
        "We use cookies to make the harbour better, and to count its visitors. Read more in our notes on all of it.\n\n[Log](/log)\n\n# Ferry tool\n\n{ONE} See [a](/a), [b](/b).\n\n{TWO}\n"
    );
    assert_eq!(read(&noted).metadata.title.map(|found| found.value).as_deref(), Some("Ferry tool"));
}

#[test]
fn who_signs_a_decree_does_not_subscribe() {
    let told = "Указ подписан утром, сообщил Telegram-канал «Причал»";
    let page = format!(
        "<article><h1>The port</h1><p>{ONE}</p><p>Указ подписан утром, сообщил <a href='https://port.example/x'>Telegram-канал «Причал»</a>.</p><p>{TWO}</p><p>{ONE} {TWO}</p></article>"
    );
    let html = extract(page.as_bytes(), Some("text/html; charset=utf-8"), None, &Options::default());
    for document in [html, read(&format!("The port\n{ONE}\n{told}\n{TWO}\n"))] {
        let promoted = |block: &gleaner::document::Block| block.label == Label::Boilerplate(Reason::Promotion);
        assert!(!document.blocks.iter().any(promoted), "{:?}", document.blocks);
    }
}

//! What stands amid a text or below it and belongs to another one; and what only looks so.

use gleaner::document::{Document, Label, Reason};

use super::label::read;

const TEXT: [&str; 5] = [
    "The weavers of Sundlund moved their looms into the old customs house this week, after eleven years in a cellar where \
     the river came to visit every spring.",
    "“We counted the steps up from the quay and found that there were nineteen, which is two more than the highest flood,” \
     said Ingrid Falk, who has kept the books since the guild was founded.",
    "The town pays for the roof and the guild for the floor, which has to carry forty looms and, on market days, everybody \
     who wants to see them at work.",
    "Visitors are welcome from ten in the morning, provided that they leave their dogs with the porter and do not ask the \
     weavers to count aloud.",
    "In autumn the first carpets made upstairs will be shown in the hall of the grammar school, where the guild began with \
     three looms and a borrowed stove.",
];

/// The text with something between its third and fourth paragraph.
fn around(what: &str) -> String {
    let [one, two, three, four, five] = TEXT;
    format!(
        "<title>Weavers move house - The Sundlund Post</title><nav><a href=/n>News</a> <a href=/s>Sport</a></nav>\
         <main><h1>Weavers move house</h1><p>{one}</p><p>{two}</p><p>{three}</p>{what}<p>{four}</p><p>{five}</p></main>\
         <footer>The Sundlund Post, Quay 4</footer>"
    )
}

fn body(document: &Document) -> Vec<&str> {
    let kept = document.blocks.iter().filter(|block| block.label == Label::Content);
    kept.map(|block| block.text.as_str()).filter(|text| *text != "Weavers move house").collect()
}

#[test]
fn a_label_with_its_link_leads_away_in_any_language() {
    for what in [
        "<p><strong>Read also: <a href=/r>How the cellar was drained</a></strong></p>",
        "<p><b>Lire aussi :</b> <a href=/r>Comment on a vidé la cave</a></p>",
        "<p><strong>Читайте також: <a href=/r>Як осушили підвал</a></strong></p>",
        "<p><strong>Bunlar da ilginizi çekebilir: <a href=/r>Mahzen nasıl kurutuldu</a></strong></p>",
        "<p><a href=/r><em>Read also: How the cellar was drained</em></a></p>",
    ] {
        assert_eq!(body(&read(&around(what))), TEXT, "{what}");
    }
}

/// Capitals without accents, letters typed without their marks, and a sign behind the label or in its place.
#[test]
fn a_label_is_known_however_it_is_typed() {
    for label in [
        "ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ:",
        "Citeste si:",
        "CITEȘTE ȘI:",
        "Citește și |",
        "A lire aussi &gt;",
        "Lea tambien:",
        "Ctěte také:",
        "Leé también:",
        "Mirá también",
        "MIRA:",
        "Passend dazu:",
        "Lesetipp:",
        "Zie ook:",
        "Se också:",
        "Kapcsolódó cikk:",
        "Ezt is olvassa el:",
        "Lásd még:",
        "Per approfondire:",
        "WIDEO:",
        "Ранее по теме:",
        "Читай також:",
        "Більше:",
        "ראו גם:",
        "לקריאה נוספת:",
        "بخوانید:",
        "Xem tiếp:",
        "Đọc tiếp:",
        "อ่านข่าวที่เกี่ยวข้อง:",
        "往期回顾：",
        "点击查看：",
        "関連：",
        "▶︎",
        "▶",
        "►",
        "Simak Video:",
        "Pe aceeași temă:",
    ] {
        let what = format!("<p><strong>{label}</strong> <a href=/r>How the cellar was drained</a></p>");
        assert_eq!(body(&read(&around(&what))), TEXT, "{what}");
    }
    for text in [
        "Mira <a href=/m>Falk, who drained it</a>",
        "<a href=/m>Mira Falk</a> drained the cellar",
        "More: <a href=/m>what it cost</a> and <a href=/n>who paid</a>",
        "Sources: <a href=/m>The book of the guild</a>",
        // What a link is, and files.
        "Video: <a href=/l>The cellar, first lecture</a>",
        "Wideo: <a href=/l>Piwnica, wykład pierwszy</a>",
        "Lire - <a href=/l>Le livre de la guilde</a>",
        "Más: <a href=/l>lo que costó la bodega</a>",
        "Mira: <a href=/l>how she drained it</a>",
        "► <a href=/cellar.pdf>Download the study</a>",
        "→ <a href='https://files.example/Cellar.PDF?v=2#p3'>The whole study</a>",
        "点击查看：<a href=/d/cellar.xlsx>各年水位一览表</a>",
    ] {
        let document = read(&around(&format!("<p>{text}</p>")));
        let kept = body(&document);
        assert_eq!(kept.len(), TEXT.len() + 1, "{text}: {kept:?}");
    }
}

/// The materials of a lecture are what its page is for.
#[test]
fn a_lectures_videos_stay() {
    let lecture = |n: u32| {
        format!("<p>Slides: <a href=/s{n}>Lecture {n}, looms</a></p><p>Video: <a href=/v{n}>Lecture {n}, looms</a></p>")
    };
    let document = read(&around(&(lecture(1) + &lecture(2))));
    let kept = body(&document);
    for n in 1..=2 {
        for what in ["Slides", "Video"] {
            assert!(kept.contains(&&*format!("{what}: Lecture {n}, looms")), "{what} {n}: {kept:?}");
        }
    }
}

#[test]
fn a_box_of_links_under_its_label_leads_away() {
    let links = "<a href=/1>How the cellar was drained</a><a href=/2>Forty looms and a crane</a><a href=/3>What a carpet costs</a>";
    let lines = "<p><a href=/1>How the cellar was drained</a></p><p><a href=/2>Forty looms and a crane</a></p>";
    for what in [
        format!("<div class=p-box><div class=p-box-h>Read also</div>{links}</div>"),
        format!("<div class=p-box><div class=p-box-h>Czytaj także</div>{links}</div>"),
        format!("<div><p><b>Lees ook</b></p>{lines}</div>"),
    ] {
        assert_eq!(body(&read(&around(&what))), TEXT, "{what}");
    }
    let sources = format!("<div><p>The guild has written down its years in the cellar:</p>{lines}</div>");
    assert!(body(&read(&around(&sources))).iter().any(|text| text.starts_with("The guild has written")));
}

#[test]
fn what_somebody_says_is_text_whatever_a_button_says() {
    let said = ["“Stop!”", "“No.”", "“Never?”", "“Yes.”"];
    let what: String = said.iter().map(|line| format!("<p>{line}</p>")).collect();
    let page = around(&what);
    let document = read(&page);
    let kept = body(&document);
    assert!(said.iter().all(|line| kept.contains(line)), "{kept:?}");
    let buttons = read(&around("<p><button>No</button></p>"));
    assert_eq!(body(&buttons), TEXT);
}

#[test]
fn the_paid_part_of_a_text_is_text_and_the_request_to_pay_is_not() {
    let [one, two, three, four, five] = TEXT;
    let page = |paid: &str| {
        format!(
            "<title>Weavers move house - The Sundlund Post</title><article><h1>Weavers move house</h1><div class=body>\
             <p>{one}</p><p>{two}</p><p>{three}</p><div class=paywall>{paid}</div></div></article>"
        )
    };
    assert_eq!(body(&read(&page(&format!("<p>{four}</p><p>{five}</p>")))), TEXT);
    let asks = "<p>Subscribe to The Sundlund Post to read on and support the news of your town.</p>\
                <p>Already a subscriber and a friend of the loom? Then tell us your name.</p>\
                <a href=/pay>Subscribe</a> <a href=/in>Sign in</a>";
    let document = read(&page(asks));
    let asked =
        |begins: &str| document.blocks.iter().find(|block| block.text.starts_with(begins)).map(|block| &block.label);
    for begins in ["Already a subscriber", "Subscribe Sign in"] {
        assert_eq!(asked(begins), Some(&Label::Boilerplate(Reason::SignIn)), "{begins}");
    }
}

const NEXT: &str = "<p>The ferry to the outer islands will run twice a day from the first of May, the harbour office said on \
                    Tuesday.</p><p>Until then travellers must use the mail boat, which leaves at seven and has room for twelve.</p>";

fn with_next(title: &str, own: &str, next: &str) -> Document {
    with_article(title, own, next, " data-url=/ferry")
}

fn with_article(title: &str, own: &str, next: &str, address: &str) -> Document {
    let text: String = TEXT.iter().map(|text| format!("<p>{text}</p>")).collect();
    read(&format!(
        "<title>{title} - The Sundlund Post</title><div id=stream><article><h1>{own}</h1>{text}</article>\
         <div>Next</div><article{address} id=two><h1>{next}</h1>{NEXT}</article></div>"
    ))
}

#[test]
fn the_next_article_below_the_one_that_the_head_names_is_another_document() {
    let document = with_next("Weavers move house", "Weavers move house", "Ferry returns in May");
    assert_eq!(body(&document), TEXT);
    let ferry = document.blocks.iter().find(|block| block.text.starts_with("The ferry")).map(|block| &block.label);
    assert_eq!(ferry, Some(&Label::Boilerplate(Reason::Related)));
}

#[test]
fn articles_that_the_head_does_not_tell_apart_stay() {
    let is_kept = |document: &Document| body(document).iter().any(|text| text.starts_with("The ferry"));
    assert!(is_kept(&with_next("News of the week", "Weavers move house", "Ferry returns in May")), "a front page");
    let both = with_next("Weavers move house", "Weavers move house", "Weavers move house, part two");
    assert!(is_kept(&both), "a text in two parts");
    let chapter = with_article("Weavers move house", "Weavers move house", "Ferry returns in May", "");
    assert!(is_kept(&chapter), "a chapter has no address of its own");
    let linked =
        with_article("Weavers move house", "Weavers move house", "<a href=/ferry>Ferry returns in May</a>", "");
    assert!(!is_kept(&linked), "the heading leads to the article's own page");
}

#[test]
fn a_line_that_files_an_entry_is_no_text() {
    let text: String = TEXT.iter().map(|text| format!("<p>{text}</p>")).collect();
    for line in [
        "This entry was posted on 14 March 2023 and is filed under <a href=/c>News</a>. You can follow any responses to this \
         entry through the <a href=/f>RSS 2.0</a> feed. You can skip to the end and leave a response.",
        "Dieser Beitrag wurde unter <a href=/c>Stadt</a> veröffentlicht. Setzen Sie ein Lesezeichen auf den <a href=/l>Permalink</a>.",
    ] {
        let page = format!(
            "<title>Weavers move house</title><div id=content><h2>Weavers move house</h2><div class=entry>{text}\
             <p class=alt><small>{line}</small></p></div></div>"
        );
        assert_eq!(body(&read(&page)), TEXT, "{line}");
    }
}

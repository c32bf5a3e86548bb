//! Text captures as wholes: texts that no page stands around, and what is read above a headline.

use gleaner::document::{Document, Label};
use gleaner::extract::{Options, extract};

fn read(text: &str) -> Document {
    extract(text.as_bytes(), Some("text/plain; charset=utf-8"), None, &Options::default())
}

fn lost(document: &Document) -> Vec<&str> {
    let is_lost = |block: &&gleaner::document::Block| block.label != Label::Content;
    document.blocks.iter().filter(is_lost).map(|block| block.text.as_str()).collect()
}

fn title(document: &Document) -> Option<&str> {
    document.metadata.title.as_ref().map(|title| title.value.as_str())
}

const HEADLINE: &str = "Ferry to the outer islands returns in May";
const BODY: &str = "The ferry to the outer islands will run twice a day from the first of May, the harbour office said.\n\
     Until then travellers must use the mail boat, which leaves at seven and has room for twelve people.\n\
     Nobody on the quay remembers a winter in which the sound was frozen for as long as this one.\n";

/// A reader's own notes have no chrome: whatever a line is like and wherever it stands, it is text.
#[test]
fn a_text_without_chrome_comes_out_whole() {
    let squares: String = (1..40).map(|n| format!("{n}\t{}\t{}\n", n * n, n * n * n)).collect();
    let crew: String = (0..60)
        .map(|n| {
            format!(
                "{}, {} at {}\n",
                ["Ada Rook", "Tom Ide", "Piet Vos"][n % 3],
                ["smith", "baker"][n % 2],
                ["Ely", "Wells"][n / 3 % 2]
            )
        })
        .collect();
    for text in [
        "船\n\n夜もすがら波は寄せ\n岸は減らず\n夜もすがら呼ぶ\n遠い名を\n\n子どものころ\n名をつけた\n今はもう\n届かない\n",
        "البحر\n\nطوال الليل يعلو الموج\nولا ينقص\nطوال الليل ينادي\nباسم بعيد\n\nكنت صغيرا\nفسميته\nواليوم\nلا يجيب\n",
        "old quay\nthe tide goes on\nwithout us\n",
        "#include <stdio.h>\n\nint main(void)\n{\n    int boats;\n    for (boats = 0; boats < 9; boats++) {\n        printf(\"%d\\n\", boats);\n    }\n    return 0;\n}\n",
        "1\n00:00:01,000 --> 00:00:03,500\nGood evening.\n\n2\n00:00:04,000 --> 00:00:07,000\nTonight we shall mend a sail.\n\n3\n00:00:07,500 --> 00:00:10,000\nLay the cloth out flat.\n",
        "Card of the Blue Oar\n\nTo begin\nMussel stew 6\nLeek soup 4\n\nMains\nBarley bake 9\nEel in green sauce 12\n\nSweets\nPear tart 4\nPlum cake 3\n",
        "§ 1\nName\n1. The club is called Friends of the Quay, and has its seat in Wells.\n§ 2\nMembers\n1. Whoever is older than sixteen years may join the club in January.\n\
         2. Who has joined pays a fee at the beginning of each year.\n§ 3\nEnd\n1. The club ends if two thirds wish it.\n",
        "Dear Ida,\n\nThe boat came in at noon and I have your parcel here with me. The gloves fit, and the tea is welcome.\n\n\
         Nothing has changed on the island. The ice is still in the bay, and it will stay until May.\n\n\
         Please give my love to all of them, and tell them that the clock still runs.\n\nYour brother,\nTom\n\nP.S. Send rope.\n",
        &squares,
        &crew,
    ] {
        let document = read(text);
        assert!(lost(&document).is_empty(), "{text}\nloses {:?}", lost(&document));
    }
    // One phrase of a page is enough for the scores to be asked.
    let page = read(&format!("Home\nSign in\nBoats\nNets\nRopes\n{HEADLINE}\n{BODY}Privacy policy\n"));
    assert!(lost(&page).contains(&"Ropes") && lost(&page).contains(&"Privacy policy"), "{:?}", lost(&page));
}

#[test]
fn what_stands_above_a_headline_is_read_and_is_no_title() {
    // A bare day below a menu may be today's.
    for (above, published, author) in [
        ("March 14, 2023", Some("2023-03-14"), None),
        ("14. März 2023", Some("2023-03-14"), None),
        ("14 mars 2023", Some("2023-03-14"), None),
        ("2023年3月14日", Some("2023-03-14"), None),
        ("Published: 14 March 2023", Some("2023-03-14"), None),
        ("2023-03-14\nHarbour", Some("2023-03-14"), None),
        ("Accessed 3 May 2019", None, None),
        ("Edition: 3 May 1902", None, None),
        ("Opening day\n3 May 2019", None, None),
        ("2023年3月14日星期二", None, None),
        ("2023年3月14日火曜日", None, None),
        ("Published: 2023-03-14\nBy Ann Miller", Some("2023-03-14"), Some("Ann Miller")),
        ("By Ann Miller", None, Some("Ann Miller")),
        // The day on which somebody looked at the paper.
        ("Tuesday, March 14, 2023", None, None),
        ("Free berths for boats over 75 feet", None, None),
        ("Skip to tide tables", None, None),
        ("Toggle dark mode", None, None),
    ] {
        let is_labelled = above.starts_with("Published");
        for begin in ["Home\nSearch\n".to_owned(), format!("{HEADLINE} - Harbour News\n")] {
            let published = published.filter(|_| is_labelled || !begin.starts_with("Home"));
            let document = read(&format!("{begin}{above}\n{HEADLINE}\n{BODY}Privacy policy\n"));
            let about = &document.metadata;
            assert_eq!(title(&document), Some(HEADLINE), "{above}");
            assert_eq!(about.published.as_ref().map(|day| day.value.as_str()), published, "{above}");
            assert_eq!(about.authors.first().map(|name| name.value.as_str()), author, "{above}");
        }
    }
    // Below the headline it is nearer, and below the text it has a label.
    let two = read(&format!("Home\nSearch\nMarch 14, 2023\n{HEADLINE}\n12 March 2023\n{BODY}"));
    assert_eq!(two.metadata.published.map(|day| day.value).as_deref(), Some("2023-03-12"));
    let below = read(&format!("{HEADLINE}\n{BODY}Published: March 14, 2023\nPrivacy policy\n"));
    assert_eq!(below.metadata.published.map(|day| day.value).as_deref(), Some("2023-03-14"));
}

/// No title is better than the wrong line.
#[test]
fn a_line_amid_a_list_or_a_menu_is_no_title() {
    let list = "Home\nSearch\nLeek bake\nServes four people\n150 g hard cheese, grated\n200 g pearl barley\n3 leeks, in rings\n1 spoon of butter\n";
    assert_ne!(title(&read(&format!("{list}{BODY}Privacy policy\n"))), Some("150 g hard cheese, grated"));
    let menu = read(&format!("Sign in\nDocs\nTides\nQuays\n{BODY}Privacy policy\n"));
    assert_eq!(title(&menu), None);
    let short = read(&format!("Home\nSign in\n\nRelease notes\n{BODY}Privacy policy\n"));
    assert_eq!(title(&short), Some("Release notes"));
}

/// A menu that no phrase tells is no part of the text, and lines of verse are no links.
#[test]
fn a_menu_of_unknown_words_stays_out() {
    let menu = "Boats\nNets\nRopes\nAnchors\nSails\nTides\nMasts\nOars\nLamps\nBuoys\nCharts\n";
    let page = read(&format!("Harbour Courier\n{menu}{HEADLINE}\n{BODY}"));
    assert!(lost(&page).contains(&"Ropes") && lost(&page).contains(&"Charts"), "{:?}", lost(&page));
    let shop = read("ร้านเรือ\nเรือ\nแห\nเชือก\nสมอ\nใบเรือ\nตะเกียง\nทุ่น\n");
    assert!(lost(&shop).contains(&"สมอ"), "{:?}", lost(&shop));
    let comments = read(&format!("{HEADLINE}\n{BODY}Reply\nGood news for all\nLike\nAda Rook\n"));
    assert!(lost(&comments).contains(&"Like"), "{:?}", lost(&comments));
    let verse =
        read("A poem of going\n\nSkip to the river\nJump to the shore\nSing with the boatmen\nSkip to my lou\n");
    assert!(lost(&verse).is_empty(), "{:?}", lost(&verse));
}

#[test]
fn the_first_line_of_a_plain_file_is_its_title() {
    let dense = "港务局说，从五月一日起渡轮每天往返两次。\n在此之前旅客只能乘坐邮船，七点开船，可坐十二人。\n码头上没有人记得哪个冬天海峡结冰这么久。\n";
    for (text, expected) in [
        (format!("The Weir\n\nAda Rook\n\n{BODY}"), "The Weir"),
        (format!("The Weir\nA novel\n{BODY}"), "The Weir"),
        (format!("The Weir\n\nIntroduction\n\n{BODY}"), "The Weir"),
        (format!("渡轮\n张伟\n{dense}"), "渡轮"),
        (format!("Home\nSearch\nBoats since 1902.\n{HEADLINE}\n{BODY}Privacy policy\n"), HEADLINE),
    ] {
        assert_eq!(title(&read(&text)), Some(expected), "{text}");
    }
}

#[test]
fn what_a_teaser_says_is_not_said_of_the_text() {
    let teaser = "The mail boat has a new captain, who came to the harbour from the north of the island last week.";
    let page = read(&format!("{HEADLINE}\n{BODY}Related articles\n{teaser}\nPublished: March 14, 2023\n"));
    assert_eq!(page.metadata.published.map(|day| day.value), None);
}

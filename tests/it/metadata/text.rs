//! What the kept text says.

use gleaner::document::Metadata;
use gleaner::extract::metadata::dates::Order;
use gleaner::extract::metadata::{language_of, text};

#[test]
fn datelines() {
    let cases = [
        ("New Delhi, June 19: The president has signed", "New Delhi", "--06-19"),
        ("NEW DELHI, June 19 (Reuters) - The president", "NEW DELHI", "--06-19"),
        ("BERLIN (Reuters) - Die Regierung", "BERLIN", ""),
        ("Berlin (dpa) – Die Regierung", "Berlin", ""),
        ("PARIS, 19 juin 2024 (AFP) – Le président", "PARIS", "2024-06-19"),
        ("LONDON — Two trains", "LONDON", ""),
        ("Kyiv, Ukraine (CNN) — Two trains", "Kyiv, Ukraine", ""),
        ("MOSCOW, June 19. /TASS/. The", "MOSCOW", "--06-19"),
        ("新华社北京6月19日电 国家主席", "北京", "--06-19"),
        ("BERLIN (dpa) Der Wald", "BERLIN", ""),
        ("Hamburg (dpa) rund 30 Leute", "Hamburg", ""),
        ("NEW YORK (AP) 30 people came", "NEW YORK", ""),
        ("Paris (AFP) Le bois", "Paris", ""),
        ("Köln (dpa/lnw) „Der Wald“ ist", "Köln", ""),
        ("Erfurt (epd) Der Wald", "Erfurt", ""),
        ("Rom, 19. Juni (KNA) Der Wald", "Rom", "--06-19"),
        ("New Delhi (PTI): The wood", "New Delhi", ""),
        ("MADRID (EUROPA PRESS) El bosque", "MADRID", ""),
        ("Roma (Agi) Il bosco", "Roma", ""),
        ("КИЇВ (Укрінформ) Ліс горить", "КИЇВ", ""),
        ("Москва (ТАСС) Лес горит", "Москва", ""),
        ("Kyiv, Ukraine (CNN) Two trains", "Kyiv, Ukraine", ""),
        ("SYDNEY (AAP) The wood", "SYDNEY", ""),
        ("Stockholm (TT) Skogen", "", ""),
        ("World Health Organization (WHO) officials said", "", ""),
        ("Maria Strunk (SPD) hat die Wahl", "", ""),
        ("Maria Strunk (SPD): „Der Wald“", "", ""),
        ("Lila Sharma (AAP) said", "", ""),
        ("Bronwen Tate (BBC) and others", "", ""),
        ("Pennsylvania (PA) has woods", "", ""),
        ("Apple (AAPL) shares fell", "", ""),
        ("Die Deutsche Bahn (DB) Regio fährt", "", ""),
        ("The European Union (EU) has", "", ""),
        ("By Bronwen Tate (words) and", "", ""),
        ("Australian Federal Police (AFP) Commissioner Tate", "", ""),
        ("Associated Press (ap) reporters", "", ""),
        ("Evangelischer Pressedienst (epd) Der Dienst", "", ""),
        ("Ludhiana (Punjab) Farmers say", "", ""),
        ("UNESCO (ONU) a décidé", "", ""),
        ("Note: this is no place", "", ""),
        ("BREAKING — Two trains", "", ""),
        ("On June 19: nothing", "", ""),
        ("The plan - which nobody read - failed", "", ""),
        ("", "", ""),
    ];
    for (paragraph, place, date) in cases {
        let found = text::dateline(paragraph, Order::Unknown);
        let shown = found.map(|found| (found.place, found.date.map(|date| date.to_string()).unwrap_or_default()));
        assert_eq!(shown.unwrap_or_default(), (place.to_owned(), date.to_owned()), "{paragraph}");
    }
}

#[test]
fn credits() {
    let cases = [
        ("Credit: BBC 2024-06-20", "BBC 2024-06-20"),
        ("(Source: The Herald)", "The Herald"),
        ("Quelle: dpa", "dpa"),
        ("来源：新华社", "新华社"),
        ("Sources said: nothing", ""),
        ("Credit", ""),
        ("Source: 12", ""),
    ];
    for (line, want) in cases {
        assert_eq!(text::credit(line).unwrap_or_default(), want, "{line}");
    }
}

#[test]
fn the_kept_text_adds_what_it_says() {
    let mut metadata = Metadata::default();
    let body = "The agreement was signed on Wednesday, and both sides said that it would take effect within thirty days of now.";
    text::add(
        &mut metadata,
        &["New Delhi, June 19: The president has come.", body, body, "Credit: The Herald 2024-06-20"],
    );
    assert_eq!(metadata.dateline.map(|one| one.value).as_deref(), Some("New Delhi"));
    assert_eq!(metadata.dateline_date.map(|one| one.value).as_deref(), Some("--06-19"));
    assert_eq!(metadata.credit.map(|one| one.value).as_deref(), Some("The Herald 2024-06-20"));
    assert_eq!(metadata.language_detected.map(|one| one.value).as_deref(), Some("en"));
}

#[test]
fn the_language_is_named_only_where_it_is_certain() {
    let cases = [
        (
            "Die Regierung hat am Mittwoch beschlossen, dass die neuen Regeln für alle Betriebe im ganzen Land gelten sollen.",
            "de",
        ),
        ("政府は水曜日に新しい規則を全国のすべての企業に適用することを決定した。これは来年から実施される。", "ja"),
        ("OK", ""),
        ("1234 5678", ""),
    ];
    for (text, want) in cases {
        assert_eq!(language_of(text, None).map(|one| one.value).unwrap_or_default(), want, "{text}");
    }
}

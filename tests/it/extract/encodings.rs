//! Every encoding that pages may be written in, what declares it, and headers that lie.

use encoding_rs::Encoding;
use gleaner::extract::decode::{Decoded, decode};

/// A text that each encoding has all characters of, and its WHATWG name. The bytes are given where they are few, so
/// that a fault of the encoder and the decoder alike would show.
const VECTORS: &[(&str, &str)] = &[
    ("IBM866", "Быстрая лиса прыгает через ленивую собаку у старого забора."),
    ("ISO-8859-2", "Příliš žluťoučký kůň úpěl ďábelské ódy; zażółć gęślą jaźń."),
    ("ISO-8859-3", "Eĥoŝanĝo ĉiuĵaŭde: laŭ Ludoviko Zamenhof bongustas freŝa ĉeĥa manĝaĵo."),
    ("ISO-8859-4", "Įlinkdama fechtuotojo špaga sublykčiojusi pragręžė apvalų arbūzą."),
    ("ISO-8859-5", "Быстрая лиса прыгает через ленивую собаку у старого забора."),
    ("ISO-8859-6", "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر ومغلف بجلد أزرق"),
    ("ISO-8859-7", "Η γρήγορη καφέ αλεπού πηδάει πάνω από τον τεμπέλη σκύλο."),
    ("ISO-8859-8", "דג סקרן שט בים מאוכזב ולפתע מצא חברה"),
    ("ISO-8859-8-I", "דג סקרן שט בים מאוכזב ולפתע מצא חברה"),
    ("ISO-8859-10", "Kæmi ný öxi hér, ykist þjófum nú bæði víl og ádrepa; Čuovvovaš šiŋga."),
    ("ISO-8859-13", "Glāžšķūņa rūķīši dzērumā čiepj Baha koncertflīģeļu vākus."),
    ("ISO-8859-14", "Ŵy Ŷ ẁ ẃ ẅ ỳ ḋ ṁ ṗ: Saoıl dom agus dóibh go bhfuil siad ann.x"),
    ("ISO-8859-15", "Dès Noël, où un zéphyr haï me vêt de glaçons würmiens, je dîne d’œufs: 5 €."),
    ("ISO-8859-16", "Muzicologă în bej vând whisky și tequila, preț fix: 5 €."),
    ("KOI8-R", "Быстрая лиса прыгает через ленивую собаку у старого забора."),
    ("KOI8-U", "Жебракують філософи при ґанку церкви в Гадячі, ще й шатро їхнє п’яне знаємо."),
    ("macintosh", "Dès Noël, où un zéphyr haï me vêt de glaçons würmiens, je dîne d’œufs."),
    ("windows-874", "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า กว่าบรรดาฝูงสัตว์เดรัจฉาน"),
    ("windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy; zażółć gęślą jaźń."),
    ("windows-1251", "Быстрая лиса прыгает через ленивую собаку у старого забора."),
    ("windows-1252", "Dès Noël, où un zéphyr haï me vêt de glaçons – je dîne d’œufs: 5 €."),
    ("windows-1253", "Η γρήγορη καφέ αλεπού πηδάει πάνω από τον τεμπέλη σκύλο."),
    ("windows-1254", "Pijamalı hasta yağız şoföre çabucak güvendi."),
    ("windows-1255", "דג סקרן שט בים מאוכזב ולפתע מצא חברה: 5 ₪"),
    ("windows-1256", "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر ومغلف بجلد أزرق"),
    ("windows-1257", "Glāžšķūņa rūķīši dzērumā čiepj Baha koncertflīģeļu vākus."),
    ("windows-1258", "Đây là một câu thử với vài chữ: ă â đ ê ô ơ ư €"),
    ("x-mac-cyrillic", "Быстрая лиса прыгает через ленивую собаку у старого забора."),
    ("GBK", "今天天气很好，我们去河边散步，看见许多人在那里钓鱼。"),
    ("gb18030", "今天天气很好，我们去河边散步😀，㐀㐁看见许多人。"),
    ("Big5", "今天天氣很好，我們去河邊散步，看見許多人在那裡釣魚。"),
    ("EUC-JP", "今日はとても良い天気ですから、川のそばの村まで歩いて行きました。"),
    ("ISO-2022-JP", "今日はとても良い天気ですから、川のそばの村まで歩いて行きました。"),
    ("Shift_JIS", "今日はとても良い天気ですから、川のそばの村まで歩いて行きました。"),
    ("EUC-KR", "오늘은 날씨가 아주 좋아서 강가에 있는 마을까지 걸어갔습니다."),
];

fn encoding(name: &str) -> &'static Encoding {
    Encoding::for_label(name.as_bytes()).expect("tests name real encodings")
}

/// The text and its bytes; what an encoding has no sign for is left out of both.
fn encoded(name: &str, text: &str) -> (String, Vec<u8>) {
    let known = |c: &char| !encoding(name).encode(&c.to_string()).2;
    let text: String = text.chars().filter(known).collect();
    let bytes = encoding(name).encode(&text).0.into_owned();
    (text, bytes)
}

#[track_caller]
fn check(decoded: &Decoded<'_>, name: &str, text: &str) {
    assert_eq!((decoded.encoding, &*decoded.text), (name, text), "notes: {:?}", decoded.notes);
}

/// As WHATWG's standard has it: pages in these cannot be told from ASCII that asks for no trouble.
#[test]
fn every_legacy_encoding_of_the_standard_has_a_vector() {
    let names: Vec<&str> = VECTORS.iter().map(|(name, _)| *name).collect();
    let all = [
        encoding_rs::BIG5,
        encoding_rs::EUC_JP,
        encoding_rs::EUC_KR,
        encoding_rs::GB18030,
        encoding_rs::GBK,
        encoding_rs::IBM866,
        encoding_rs::ISO_2022_JP,
        encoding_rs::ISO_8859_10,
        encoding_rs::ISO_8859_13,
        encoding_rs::ISO_8859_14,
        encoding_rs::ISO_8859_15,
        encoding_rs::ISO_8859_16,
        encoding_rs::ISO_8859_2,
        encoding_rs::ISO_8859_3,
        encoding_rs::ISO_8859_4,
        encoding_rs::ISO_8859_5,
        encoding_rs::ISO_8859_6,
        encoding_rs::ISO_8859_7,
        encoding_rs::ISO_8859_8,
        encoding_rs::ISO_8859_8_I,
        encoding_rs::KOI8_R,
        encoding_rs::KOI8_U,
        encoding_rs::MACINTOSH,
        encoding_rs::SHIFT_JIS,
        encoding_rs::WINDOWS_1250,
        encoding_rs::WINDOWS_1251,
        encoding_rs::WINDOWS_1252,
        encoding_rs::WINDOWS_1253,
        encoding_rs::WINDOWS_1254,
        encoding_rs::WINDOWS_1255,
        encoding_rs::WINDOWS_1256,
        encoding_rs::WINDOWS_1257,
        encoding_rs::WINDOWS_1258,
        encoding_rs::WINDOWS_874,
        encoding_rs::X_MAC_CYRILLIC,
    ];
    for encoding in all {
        assert!(names.contains(&encoding.name()), "{} has no vector", encoding.name());
    }
}

#[test]
fn each_is_read_where_the_header_names_it() {
    for (name, text) in VECTORS {
        let (text, bytes) = encoded(name, text);
        check(&decode(&bytes, Some(&format!("text/html; charset={name}"))), name, &text);
    }
}

#[test]
fn each_is_read_where_the_page_names_it() {
    for (name, text) in VECTORS {
        let (page, bytes) = encoded(name, &format!("<html><head><meta charset=\"{name}\"></head><p>{text}</p>"));
        check(&decode(&bytes, Some("text/html")), name, &page);
    }
}

#[test]
fn signs_have_the_bytes_of_their_encoding() {
    let vectors: &[(&str, &[u8], &str)] = &[
        ("Shift_JIS", b"\x93\xfa\x96{\x8c\xea \xb1", "日本語 ｱ"),
        ("EUC-JP", b"\xc6\xfc\xcb\xdc\xb8\xec", "日本語"),
        ("ISO-2022-JP", b"\x1b$BF|K\\8l\x1b(B", "日本語"),
        ("GBK", b"\xd6\xd0\xce\xc4 \x80", "中文 €"),
        ("gb18030", b"\xd6\xd0\x81\x30\x81\x30", "中\u{80}"),
        ("Big5", b"\xa4\xa4\xa4\xe5", "中文"),
        ("EUC-KR", b"\xc7\xd1\xb1\xdb", "한글"),
        ("windows-1252", b"\x80 \x93a\x94 \x9c", "€ “a” œ"),
        ("windows-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
        ("KOI8-R", b"\xf0\xd2\xc9\xd7\xc5\xd4", "Привет"),
        ("IBM866", b"\x8f\xe0\xa8\xa2\xa5\xe2", "Привет"),
        ("x-mac-cyrillic", b"\x8f\xf0\xe8\xe2\xe5\xf2", "Привет"),
        ("ISO-8859-2", b"\xb3\xf3d\xbc", "łódź"),
        ("windows-874", b"\xe4\xb7\xc2", "ไทย"),
    ];
    for (name, bytes, text) in vectors {
        check(&decode(bytes, Some(&format!("text/html; charset={name}"))), name, text);
    }
}

/// Labels that mean another encoding than they say, as the standard and all browsers have it.
#[test]
fn labels_mean_what_browsers_take_them_for() {
    for (label, name) in
        [("iso-8859-1", "windows-1252"), ("ascii", "windows-1252"), ("gb2312", "GBK"), ("ks_c_5601-1987", "EUC-KR")]
    {
        let decoded = decode(b"<p>plain", Some(&format!("text/html; charset={label}"))).encoding;
        assert_eq!(decoded, name, "{label}");
    }
    assert_eq!(decode(b"<p>plain", Some("text/html; charset=nonsense")).encoding, "UTF-8");
}

/// A header that says UTF-8 over bytes that are none of it: what the bytes look like is read, and a note says so.
#[test]
fn a_header_that_lies_is_found_out() {
    for name in
        ["windows-1251", "windows-1253", "Shift_JIS", "EUC-JP", "GBK", "Big5", "EUC-KR", "KOI8-U", "windows-1256"]
    {
        let (_, text) = VECTORS.iter().find(|(known, _)| *known == name).expect("a vector");
        let (text, bytes) = encoded(name, &text.repeat(4));
        let decoded = decode(&bytes, Some("text/html; charset=utf-8"));
        check(&decoded, name, &text);
        assert!(decoded.notes.iter().any(|note| note.contains("declares UTF-8")), "{name}: {:?}", decoded.notes);
    }
    for name in ["windows-1252", "Shift_JIS", "windows-1251", "EUC-KR"] {
        let text = "Grüße aus der Straße, ünd ñoch mehr: 日本語";
        let decoded = decode(text.as_bytes(), Some(&format!("text/html; charset={name}")));
        check(&decoded, "UTF-8", text);
    }
}

/// Most of a page is UTF-8, a part was pasted in from elsewhere: the rest stays legible.
#[test]
fn mixed_bytes_lose_only_what_is_wrong() {
    let mut bytes = "Grüße aus München. ".repeat(20).into_bytes();
    bytes.extend_from_slice(b"caf\xe9 ");
    bytes.extend("Bis bald in Köln.".repeat(20).bytes());
    let decoded = decode(&bytes, Some("text/html; charset=utf-8"));
    assert_eq!(decoded.encoding, "UTF-8");
    assert_eq!(decoded.text.matches('\u{fffd}').count(), 1);
    assert!(decoded.text.contains("caf\u{fffd} ") && decoded.text.ends_with("Köln."));
    assert!(decoded.notes.iter().any(|note| note.contains("replaced")), "{:?}", decoded.notes);
}

/// A teaser cut in the middle of a character, a word pasted in from elsewhere: a page of few characters beyond ASCII is
/// still what nearly all of them say, declared or not.
#[test]
fn one_character_cut_in_two_does_not_change_the_encoding() {
    let page = "<p>The mill’s wheel – built in 1898 – turned until the café closed. “Nobody came.”</p>";
    let cut = [page.as_bytes(), b"<p>The ferry\xe2\x80... read more</p>"].concat();
    let pasted = ["<p>Die Straße führt über den Fluß.</p>".repeat(20).as_bytes(), b"<p>Sch\xf6n.</p>"].concat();
    let few = b"<p>It\xe2\x80\x99s the mill\xe2\x80\x99s own ferry\xe2\x80... more</p>".to_vec();
    for (bytes, declared) in [
        (&cut, Some("text/html; charset=utf-8")),
        (&cut, None),
        (&pasted, Some("text/html; charset=utf-8")),
        (&pasted, None),
        (&pasted, Some("text/html; charset=iso-8859-1")),
        (&few, Some("text/html; charset=utf-8")),
    ] {
        let decoded = decode(bytes, declared);
        assert_eq!(decoded.encoding, "UTF-8", "{declared:?}: {}", decoded.text);
        assert_eq!(decoded.text, String::from_utf8_lossy(bytes), "{declared:?}");
    }
}

/// Legacy texts hold sequences that UTF-8 has too: not often enough.
#[test]
fn a_legacy_text_undeclared_is_not_utf_8() {
    for name in ["EUC-JP", "GBK", "EUC-KR", "Shift_JIS", "Big5", "windows-874", "windows-1251", "windows-1252"] {
        let (_, text) = VECTORS.iter().find(|(known, _)| *known == name).expect("a vector");
        let (text, bytes) = encoded(name, &text.repeat(3));
        check(&decode(&bytes, None), name, &text);
    }
}

/// Pages of Windows that say they are ISO's, the commonest lie of Central Europe, keep their letters; true pages of ISO
/// with quotation marks of Windows pasted in keep theirs.
#[test]
fn code_pages_of_windows_are_known_under_the_names_of_iso() {
    let read = |name: &str, text: &str, declared: &str| {
        let (text, bytes) = encoded(name, text);
        let decoded = decode(&bytes, Some(&format!("text/html; charset={declared}")));
        check(&decoded, name, &text);
        assert!(decoded.notes.iter().any(|note| note.contains("windows")), "{declared}: {:?}", decoded.notes);
    };
    read("windows-1250", "Že se sešli sousedé, netuší snad ani žalář s žádostí.", "iso-8859-2");
    read("windows-1250", "Święto chleba: Źle się dzieje, choć sąsiadów są całe setki.", "iso-8859-2");
    read("windows-1253", "Άλλη μέρα – είπε «καλημέρα» στον τεμπέλη σκύλο…", "iso-8859-7");
    read("windows-1255", "דג סקרן – שט בים „מאוכזב”", "iso-8859-8");
    read("windows-1257", "Glāžšķūņa rūķīši – „vākus”", "iso-8859-13");
    read("windows-1252", "Un cœur – “à l’œuvre”", "iso-8859-15");
    for (name, letters, windows) in [
        ("ISO-8859-2", "Že se sešli sousedé, netuší snad ani žalář s žádostí", "windows-1250"),
        ("ISO-8859-15", "un cœur à 5 €", "windows-1252"),
        ("ISO-8859-7", "Άλλη μέρα", "windows-1253"),
    ] {
        let quoted = [b"\x84", &*encoding(name).encode(letters).0, b"\x94 \x96 x"].concat();
        let decoded = decode(&quoted, Some(&format!("text/html; charset={name}")));
        check(&decoded, name, &format!("„{letters}” – x"));
        assert!(decoded.notes.iter().any(|note| note.contains(windows)), "{name}: {:?}", decoded.notes);
    }
}

//! Lines that say what they are though no list has them whole: a title behind "Read also:", an invitation to a
//! newsletter, a question about cookies, a notice of copyright. Such lines stand amid prose as well.

use super::lines::Line;
use crate::document::Reason;
use crate::extract::label::{invitation, phrases};
use crate::extract::memo::Listed;
use crate::extract::sayings::Sayings;

/// Words of a label before a title, and of the line at most.
const LABEL_WORDS_MIN: usize = 2;
const LABEL_WORDS_MAX: usize = 6;
const REFERRAL_WORDS_MAX: u32 = 32;
/// A label in a script without spaces has so many letters.
const LABEL_DENSE_MIN: usize = 3;
/// An invitation is a line, not a paragraph that speaks of one; nor is a notice of copyright one.
const INVITATION_WORDS_MAX: u32 = 16;
const COPYRIGHT_WORDS_MAX: u32 = 24;
/// A question about cookies may have a few sentences.
const CONSENT_WORDS_MAX: u32 = 90;
/// A text that has more lines of prose on newsletters, or on cookies, is about them.
const SUBJECT_LINES_MAX: usize = 2;

/// So many digits behind a label are those of a telephone.
const TELEPHONE_DIGITS_MIN: usize = 6;
/// A number of registration has so many digits.
const NUMBER_DIGITS_MIN: usize = 4;
/// What follows a button of a notice, if anything, has no more words.
const BUTTON_WORDS_MAX: usize = 3;

/// What labels hold that stand before the title of another page: the word for reading, or for what is read. "See also"
/// and "More information" lead to a chapter or an office as well.
static READ: Sayings = Sayings::of(&[
    "read",
    "article",
    "artikel",
    "lesen sie",
    "lies ",
    "beiträge",
    "lire aussi",
    "à lire",
    "lire également",
    "lisez",
    "lea ",
    "lee ",
    "leer ",
    "artículos",
    "leia",
    "a ler",
    "artigos",
    "leggi",
    "articoli",
    "lees ",
    "czytaj",
    "artykuły",
    "čtěte",
    "přečtěte",
    "články",
    "čítajte",
    "články",
    "läs ",
    "artiklar",
    "læs ",
    "les også",
    "les mer",
    "artikler",
    "lue ",
    "чита",
    "статьи",
    "прочетете",
    "статии",
    "čitajte",
    "olvas",
    "cikkek",
    "citește",
    "citiți",
    "citeşte",
    "articole",
    "oku",
    "yazılar",
    "haberler",
    "διαβάστε",
    "άρθρα",
    "קרא",
    "כתבות",
    "اقرأ",
    "إقرأ",
    "مقالات",
    "بخوانید",
    "पढ़",
    "पढ़",
    "खबरें",
    "đọc",
    "bài liên quan",
    "bài viết liên quan",
    "baca",
    "อ่าน",
    "記事",
    "読",
    "阅读",
    "閱讀",
    "文章",
    "相关新闻",
    "相關新聞",
    "相关报道",
    "相關報導",
    "기사",
]);
/// What is gone to by "previous" and "next" where a title stands behind them: a page of a book has none.
static GONE_TO: Sayings = Sayings::of(&[
    "message",
    "article",
    "artikel",
    "beitrag",
    "artículo",
    "artigo",
    "articolo",
    "artykuł",
    "článek",
    "artikkeli",
    "статья",
    "articolul",
    "άρθρο",
    "المقال",
    "記事",
    "기사",
    "上一篇",
    "下一篇",
]);
/// What a notice of cookies speaks of: the page, or that it uses them. In lower case, as far as words are alike.
static USES: Sayings = Sayings::of(&[
    " use ",
    " uses ",
    " using ",
    "used ",
    "website",
    "site",
    "page",
    "webseite",
    "verwend",
    "nutz",
    "setz",
    "utilis",
    "utiliz",
    "usamos",
    "usiamo",
    "sitio",
    "página",
    "pagina",
    "gebruik",
    "używ",
    "stosuj",
    "stron",
    "použív",
    "strán",
    "använd",
    "bruger",
    "bruker",
    "käyt",
    "sivu",
    "использ",
    "сайт",
    "використ",
    "haszn",
    "folosi",
    "kullan",
    "χρησιμοπ",
    "ιστοσελίδ",
    "אתר",
    "משתמש",
    "نستخدم",
    "الموقع",
    "استفاده",
    "उपयोग",
    "sử dụng",
    "menggunakan",
    "ใช้",
    "使用",
    "サイト",
    "网站",
    "網站",
    "사용",
    "사이트",
]);

/// What parts a label from the title behind it.
const LABEL_MARKS: &[char] = &[':', '：', '|', '｜'];
/// What cookies are called, in lower case, as far as words are alike.
const COOKIES: &[&str] = &[
    "cookie",
    "куки",
    "çerez",
    "informasjonskaps",
    "eväste",
    "sütik",
    "クッキー",
    "쿠키",
    "คุกกี้",
    "ملفات تعريف الارتباط",
    "עוגיות",
];
/// What a site is registered by, a number behind it: without one the word is a noun.
const NUMBERS: &[&str] = &["ICP备", "ICP備", "ICP證", "ICP证", "网安备"];
/// How such notices begin, in lower case.
const RIGHTS: &[&str] = &[
    "版权所有",
    "版權所有",
    "저작권자 ©",
    "저작권자©",
    "저작권자 ⓒ",
    "저작권자ⓒ",
    "저작권자 (c)",
    "저작권자(c)",
    "bản quyền thuộc",
    "hak cipta ©",
    "حقوق النشر ©",
    "copyright ©",
    "© copyright",
    "सर्वाधिकार सुरक्षित",
    "สงวนลิขสิทธิ์",
];

/// What stands above an advertisement, as [`phrases::fold`] leaves it: an advertisement stands amid prose.
static ADVERTISEMENTS: Listed = Listed::of(
    "advertisement|advertisements|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|\
     advertentie|reklama|реклама|annons|annonse|mainos|hirdetés|publicitate|reklam|iklan|inzerce|広告|广告|廣告|광고|\
     विज्ञापन|quảng cáo|โฆษณา|διαφήμιση|إعلان|تبلیغات|פרסומת",
);

/// What leads past a part of a page begins so, in lower case, and has no more words.
const SKIPS: &[&str] = &["skip to ", "skip navigation", "jump to "];
const SKIP_WORDS_MAX: u32 = 5;

/// Why each line is out for its own words.
pub fn reasons(lines: &[Line]) -> Vec<Option<Reason>> {
    let speaks = |of: &dyn Fn(&str) -> bool| {
        lines.iter().filter(|line| line.prose && of(&line.text)).take(SUBJECT_LINES_MAX + 1).count() > SUBJECT_LINES_MAX
    };
    let (of_letters, of_cookies) = (speaks(&invitation::names_letters), speaks(&names_cookies));
    let reason = |line: &Line| match () {
        () if is_advertisement(line) => Some(Reason::Promotion),
        () if is_copyright(line) => Some(Reason::Legal),
        () if !of_cookies && is_consent(line) => Some(Reason::Consent),
        () if !of_letters && is_invitation(line) => Some(Reason::Promotion),
        () => None,
    };
    lines.iter().map(|line| referral(line).or_else(|| reason(line))).collect()
}

/// `Skip to product information`: a link past a part of a page, or a line of a verse: it is only no title of a page.
pub fn is_skip_link(line: &Line) -> bool {
    let lower = || line.text.to_lowercase();
    let ends = line.text.ends_with(['.', ',', '!', '?', ':', ';']);
    line.words <= SKIP_WORDS_MAX && !ends && SKIPS.iter().any(|skip| lower().starts_with(skip))
}

fn is_advertisement(line: &Line) -> bool {
    line.chrome == Some(Reason::Promotion) && ADVERTISEMENTS.has(&phrases::fold(&line.text))
}

/// `Read also: Why trams come back`, `Previous message: On trams`.
fn referral(line: &Line) -> Option<Reason> {
    if line.words > REFERRAL_WORDS_MAX {
        return None;
    }
    let (label, title) = line.text.split_once(LABEL_MARKS)?;
    let leads = |reason: &Reason| match reason {
        Reason::Related => READ.any_in(&label.to_lowercase()),
        Reason::Pagination => GONE_TO.any_in(&label.to_lowercase()),
        _ => false,
    };
    phrases::chrome(label).filter(|reason| is_label(label) && may_be_title(title) && leads(reason))
}

/// Whether a text may be the title of a page: no address, no telephone, no whole sentence.
fn may_be_title(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_address = text.contains('@') || text.contains("://") || text.contains("www.");
    let ends = text.trim_end().ends_with(['.', '。', '।']) && !text.trim_end().ends_with("...");
    text.contains(char::is_alphabetic) && digits < TELEPHONE_DIGITS_MIN && !is_address && !ends
}

/// Whether a text is a few words, as labels are: of one word (`Related`, `Recommended`) the meaning is open.
pub fn is_label(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    let is_dense = || words == 1 && text.chars().filter(|c| dense(*c)).count() >= LABEL_DENSE_MIN;
    (LABEL_WORDS_MIN..=LABEL_WORDS_MAX).contains(&words) || is_dense()
}

/// A letter of a script without capitals and spaces.
fn dense(c: char) -> bool {
    crate::extract::label::shape::is_wide(c) || ('\u{ac00}'..='\u{d7a3}').contains(&c)
}

/// A line that asks to subscribe, and is no sentence in which somebody tells of it.
fn is_invitation(line: &Line) -> bool {
    let ends = line.text.ends_with(['.', '。', '।', ':', '：', ',', ';', '"', '”', '»']);
    let tells = || ends && !invitation::begins_with_deed(&line.text);
    line.words <= INVITATION_WORDS_MAX && invitation::invites(&line.text) && !tells()
}

/// Whether a text speaks of cookies.
pub fn names_cookies(text: &str) -> bool {
    let lower = text.to_lowercase();
    COOKIES.iter().any(|name| lower.contains(name))
}

/// A line on the cookies of a page with a button at its end, or that begins as such notices do.
fn is_consent(line: &Line) -> bool {
    if line.words > CONSENT_WORDS_MAX || !names_cookies(&line.text) {
        return false;
    }
    let parts: Vec<&str> = line.text.split(['.', '!', '?', '。', '|', '•', '·']).skip(1).map(str::trim).collect();
    let is_button = |part: &str| phrases::chrome(part) == Some(Reason::Consent);
    let is_short = |part: &&str| part.split_whitespace().count() <= BUTTON_WORDS_MAX || is_button(part);
    let ends = || parts.iter().copied().rev().take_while(is_short).any(is_button);
    USES.any_in(&line.text.to_lowercase()) && ends()
        || phrases::begins_with(&line.text, &Reason::Consent, names_cookies)
}

fn is_copyright(line: &Line) -> bool {
    let text = &line.text;
    if line.words > COPYRIGHT_WORDS_MAX {
        return false;
    }
    if NUMBERS.iter().any(|mark| text.split(mark).skip(1).any(begins_with_number)) {
        return true;
    }
    let lower = text.to_lowercase();
    let signed = text.contains('©') && !text.ends_with('.');
    let of_part = |part: &str| phrases::chrome(part.trim()) == Some(Reason::Legal);
    // 版权所有者 is who has the rights.
    let is_whole = |rest: &str| !rest.starts_with(['者', '人', '权', '權']);
    let begins = |begin: &&str| lower.strip_prefix(*begin).is_some_and(is_whole);
    RIGHTS.iter().any(begins) || signed && text.split(['©', '-', '–', '|', '.']).any(of_part)
}

/// Whether a number of registration follows: `浙ICP备00000001号`.
fn begins_with_number(text: &str) -> bool {
    let number = text.trim_start_matches([' ', ':', '：']);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    digits >= NUMBER_DIGITS_MIN && number[digits..].trim_start().starts_with(['号', '號'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::plain::lines::lines;

    fn reason(text: &str) -> Option<Reason> {
        reasons(&lines(text, &mut Vec::new())).pop().flatten()
    }

    #[test]
    fn lines_say_what_they_are() {
        for (text, expected) in [
            ("Read more: Five things to know about the ferry", Reason::Related),
            ("Previous message: [Boats] The ferry", Reason::Pagination),
            ("ALSO READ | Five things to know about the ferry", Reason::Related),
            (">> Lesen Sie auch: Warum die Fähre sinkt", Reason::Related),
            ("À lire aussi : Vingt ans de travaux sur le quai", Reason::Related),
            ("関連記事：港の新しい船", Reason::Related),
            ("अन्य खबरें: नाव लौट आई", Reason::Related),
            ("Sign up to our harbour newsletter and never miss a boat", Reason::Promotion),
            ("Subscribe to our newsletter for more of this.", Reason::Promotion),
            ("Jetzt unseren Newsletter abonnieren", Reason::Promotion),
            ("Подписывайтесь на наш канал в Telegram", Reason::Promotion),
            ("Wir verwenden Cookies, um den Hafen zu verbessern. Alle akzeptieren", Reason::Consent),
            ("We use cookies to give you the best harbour we can.", Reason::Consent),
            ("저작권자 © 항구일보 무단전재 및 재배포 금지", Reason::Legal),
            ("© Le Courrier du Port 2021 - Tous droits réservés", Reason::Legal),
            ("Реклама", Reason::Promotion),
            ("浙ICP备00000001号", Reason::Legal),
            ("浙公网安备 00000001号", Reason::Legal),
            ("Previous article: Why trams come back", Reason::Pagination),
            ("Leer también: El barco vuelve al puerto", Reason::Related),
            ("Подписаться на Telegram-канал порта", Reason::Promotion),
            ("This site uses cookies. Got it! More on this", Reason::Consent),
        ] {
            assert_eq!(reason(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_tells_of_such_things_is_none_of_them() {
        for text in [
            "Related: a list of ships",
            "The sign said: Read more books",
            "She asked me to sign up for the newsletter of the harbour.",
            "He likes cookies with his tea. So do I.",
            "The word copyright is written © in short.",
            "Read more about boats",
            "Más información: Oficina de Turismo, tel. 956 12 34 56, de lunes a viernes",
            "Page 12: for boats read goats, and so on",
            "Voir aussi : la section 3 du manuel",
            "Vedi anche: il capitolo sulle navi",
            "Read more: see the log of the port.",
            "Read more: harbour@port.example",
            "Подписан указ о новом порте, сообщил Telegram-канал «Причал»",
            "Президент подпишет указ в мае, сообщил Telegram-канал «Причал»",
            "办理ICP备案需要哪些材料？",
            "没有完成ICP备案的网站不能使用国内的服务器。",
            "저작권자는 배를 그린 사람이다",
            "版权所有者应当提供证明",
            "My grandmother made the best cookies of the whole island every winter. I agree.",
        ] {
            assert_eq!(reason(text), None, "{text}");
        }
        let about =
            "Every shop that writes a newsletter should ask its readers to subscribe, and tell them why they should.\n";
        assert_eq!(reason(&format!("{}Sign up for the newsletter of others", about.repeat(3))), None);
    }
}

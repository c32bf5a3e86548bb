//! Lines that say what they are though no list has them whole: a title behind "Read also:", an invitation to a
//! newsletter, a question about cookies, a notice of copyright. Such lines stand amid prose as well.

use super::lines::Line;
use crate::document::Reason;
use crate::extract::label::{invitation, phrases};

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
/// What a notice of copyright holds that no sentence does.
const NUMBERS: &[&str] = &["ICP备", "ICP證", "ICP证", "公网安备", "网安备"];
/// How such notices begin, in lower case.
const RIGHTS: &[&str] = &[
    "版权所有",
    "版權所有",
    "저작권자",
    "bản quyền thuộc",
    "hak cipta ©",
    "حقوق النشر ©",
    "copyright ©",
    "© copyright",
    "सर्वाधिकार सुरक्षित",
    "สงวนลิขสิทธิ์",
];

/// What stands above an advertisement, as [`phrases::fold`] leaves it: an advertisement stands amid prose.
const ADVERTISEMENTS: &str = "advertisement|advertisements|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|\
     advertentie|reklama|реклама|annons|annonse|mainos|hirdetés|publicitate|reklam|iklan|inzerce|広告|广告|廣告|광고|\
     विज्ञापन|quảng cáo|โฆษณา|διαφήμιση|إعلان|تبلیغات|פרסומת";

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

fn is_advertisement(line: &Line) -> bool {
    line.chrome == Some(Reason::Promotion) && ADVERTISEMENTS.split('|').any(|label| phrases::fold(&line.text) == label)
}

/// `Read also: Why trams come back`, `Previous message: On trams`.
fn referral(line: &Line) -> Option<Reason> {
    if line.words > REFERRAL_WORDS_MAX {
        return None;
    }
    let (label, title) = line.text.split_once(LABEL_MARKS)?;
    let leads = |reason: &Reason| matches!(reason, Reason::Related | Reason::Pagination);
    phrases::chrome(label).filter(|reason| is_label(label) && title.contains(char::is_alphabetic) && leads(reason))
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

fn names_cookies(text: &str) -> bool {
    let lower = text.to_lowercase();
    COOKIES.iter().any(|name| lower.contains(name))
}

/// A line on cookies with a button in it, or that begins as such notices do.
fn is_consent(line: &Line) -> bool {
    if line.words > CONSENT_WORDS_MAX || !names_cookies(&line.text) {
        return false;
    }
    let parts = || line.text.split(['.', '!', '?', '。', '|', '•', '·']).map(str::trim);
    let is_button = |part: &str| phrases::chrome(part) == Some(Reason::Consent);
    parts().skip(1).any(is_button) || phrases::begins_with(&line.text, &Reason::Consent, names_cookies)
}

fn is_copyright(line: &Line) -> bool {
    let text = &line.text;
    if line.words > COPYRIGHT_WORDS_MAX {
        return false;
    }
    if NUMBERS.iter().any(|number| text.contains(number)) {
        return true;
    }
    let lower = text.to_lowercase();
    let signed = text.contains('©') && !text.ends_with('.');
    let of_part = |part: &str| phrases::chrome(part.trim()) == Some(Reason::Legal);
    RIGHTS.iter().any(|begin| lower.starts_with(begin)) || signed && text.split(['©', '-', '–', '|', '.']).any(of_part)
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
        ] {
            assert_eq!(reason(text), None, "{text}");
        }
        let about =
            "Every shop that writes a newsletter should ask its readers to subscribe, and tell them why they should.\n";
        assert_eq!(reason(&format!("{}Sign up for the newsletter of others", about.repeat(3))), None);
    }
}

//! Whether a date that stands in a line is the page's own, by the words about it.
//!
//! A line of its own about the date says little else: where and by whom, in names, and what was done. A sentence in
//! which some day comes up has words of its own. Only scripts with small letters tell names from words; in the others
//! the length of the line must do.

use std::ops::Range;

use super::dates::{fold, is_weekday};
use crate::extract::sayings::Sayings;

/// Words, folded, that may stand before the date on which something was published, whole.
const BEFORE: &str = "on|at|in|by|the|of|and|date|dated|a|first|last|this|page|article|post|story|news|blog|entry|time|am|um|\
     den|der|vom|von|und|uhr|le|la|les|du|de|des|par|a|el|los|por|en|del|dia|fecha|il|di|da|del|alle|ore|data|em|no|\
     na|as|op|door|van|datum|om|av|den|kl|af|d|dnia|dne|dna|z|przez|w|tarih|tarihi|tarihinde|pe|ngay|luc|tanggal|pada|\
     pukul|г|в|от|дата|автор|з|від|στις|την|της|του|απο";
/// Beginnings of words, folded, for what was done to a page on its day.
const DONE: &str = "publi|post|writ|wrot|issu|releas|updat|modifi|revis|edit|review|creat|submit|add|upload|log|fil|sent|\
     veroffentlich|erstell|geschrieb|eingestell|aktualis|bearbeit|erschien|stand|ecrit|redig|mis|mise|modif|cree|ajout|\
     escrit|actualiz|cread|subid|pubbl|scritt|aggiorn|creat|inserit|escrit|atualiz|geplaatst|gepublic|geschrev|bijgewerkt|\
     gewijzigd|skriv|uppdater|oppdater|opdater|skrev|udgiv|utgiv|lagt|julkai|kirjoit|paivit|opublik|napis|dodan|\
     aktualiz|zaktual|publik|vydan|vlozen|napsan|zverejn|objav|uverejn|kozzet|megjelen|letrehoz|frissit|yayin|\
     guncel|eklen|ekle|olustur|scris|actual|adaug|δημοσι|ενημερ|опублик|размещ|обновл|измен|добавл|созда|оновл|розміщ|\
     dang|cap nhat|diterbit|dipubl|ditulis|diperbar|dimuat|objavlj|azurir|weekday";
/// Beginnings of words, folded, for days of something else: when somebody joined or was born, when something ends.
static OTHER: Sayings = Sayings::of(&[
    "join",
    "regist",
    "member",
    "birth",
    "born",
    "died",
    "death",
    "deadline",
    "expir",
    "valid",
    "until",
    "due",
    "start",
    "begin",
    "end",
    "event",
    "when",
    "open",
    "clos",
    "last seen",
    "last visit",
    "last activ",
    "geboren",
    "geburt",
    "gestorben",
    "gultig",
    "anmeld",
    "beigetret",
    "mitglied",
    "dabei",
    "frist",
    "ablauf",
    "inscri",
    "enregist",
    "naissance",
    "expire",
    "membre",
    "miembro",
    "registr",
    "nacim",
    "nacid",
    "vence",
    "caduc",
    "valido",
    "iscritt",
    "nascita",
    "scad",
    "membro",
    "nascim",
    "cadast",
    "validade",
    "lid sinds",
    "geregistr",
    "geboorte",
    "geldig",
    "medlem",
    "fodd",
    "fodt",
    "tilmeld",
    "dolaczy",
    "zarejestr",
    "urodz",
    "uzytkownik od",
    "termin",
    "narozen",
    "clen od",
    "csatlak",
    "tag ota",
    "szulet",
    "liitty",
    "rekister",
    "syntyn",
    "uyelik",
    "katil",
    "kayit",
    "dogum",
    "inregistr",
    "membru",
    "nascut",
    "εγγραφ",
    "μελος",
    "γεννη",
    "регистр",
    "зарегистр",
    "рожден",
    "родил",
    "реєстр",
    "зареєстр",
    "народж",
    "tham gia",
    "sinh",
    "bergabung",
    "lahir",
    "注册",
    "註冊",
    "加入",
    "登録",
    "登錄",
    "入会",
    "生年",
    "出生",
    "誕生",
    "가입",
    "등록",
    "생년",
    "انضم",
    "التسجيل",
    "עضو",
    "عضو",
    "عضویت",
    "הצטרף",
]);
/// Those that begin words and names of all sorts, and what may end them: `Endicott`, `OpenAI`.
const SHORT: &[&str] =
    &["end", "due", "open", "start", "begin", "when", "born", "event", "member", "valid", "died", "death", "clos"];
const ENDINGS: &[&str] = &["", "s", "e", "es", "ed", "ing", "ings", "ning", "date", "time", "ity", "ship", "o", "a"];
/// Signs that part what stands before a date in its line.
const PARTS: &[char] = &['|', '·', '•', '—', '–', ':', '/', '(', '[', '：', '»', '>', ';', ','];
/// Unknown words before a date that make a sentence of what ends in a full stop, and words behind it that do.
const BEFORE_MAX: usize = 1;
const BEHIND_MIN: usize = 2;

/// Whether the day named between these two parts of a line is of something else than the page.
pub fn is_of_else(before: &str, behind: &str) -> bool {
    is_other(before) || is_sentence(before, behind)
}

/// Whether words that lead to a date say that it is another than the page's.
pub fn is_other(lead: &str) -> bool {
    let folded = fold(lead.rsplit(['|', '·', '•', '»']).next().unwrap_or_default());
    // At the beginning of a word; scripts without spaces have it anywhere.
    let begins = |place: Range<usize>| {
        let spaced = folded[place.start..].starts_with(char::is_lowercase);
        let begun = !folded[..place.start].ends_with(char::is_alphanumeric);
        let rest = folded[place.end..].split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        !spaced || begun && (!SHORT.contains(&&folded[place.clone()]) || ENDINGS.contains(&rest))
    };
    OTHER.places_in(&folded).any(begins)
}

fn is_sentence(before: &str, behind: &str) -> bool {
    let ends = behind.trim_end().ends_with(['.', '!', '?', '。', '।', '؟']);
    let goes_on = lower(behind).count();
    if ends && goes_on > 0 && letters(behind) >= BEHIND_MIN {
        return true;
    }
    let clause = before.trim_end().rsplit(PARTS).next().unwrap_or_default();
    let unknown = |clause: &str| lower(clause).filter(|word| !is_known(word)).count();
    let done = lower_or_not(before).any(is_done);
    match done {
        // `This post was published on …`; but not `The book was published on … in London.`
        true => ends && unknown(before) > BEFORE_MAX,
        false => unknown(clause) > 0,
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic() && !('\u{300}'..='\u{36f}').contains(&c)).filter(|word| !word.is_empty())
}

fn letters(text: &str) -> usize {
    words(text).filter(|word| word.chars().count() > 1).count()
}

/// Words that begin with a small letter, folded.
fn lower(text: &str) -> impl Iterator<Item = String> {
    words(text).filter(|word| word.starts_with(char::is_lowercase)).map(fold)
}

fn lower_or_not(text: &str) -> impl Iterator<Item = String> {
    words(text).map(fold)
}

fn is_known(word: &str) -> bool {
    // Many languages write days of the week small.
    BEFORE.split('|').any(|known| known == word) || is_done(word.to_owned()) || is_weekday(word, None)
}

fn is_done(word: String) -> bool {
    word.chars().count() > 2 && DONE.split('|').any(|stem| word.starts_with(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_about_a_date_says_whose_it_is() {
        let own = [
            ("", ""),
            ("", " · 5 min read"),
            ("Posted on ", " by Jane in News"),
            ("posted by jane on ", ""),
            ("By Jane Doe | ", ""),
            ("Jane Doe, Staff writer, ", ""),
            ("Publié le mardi ", " à 10h00 par Jeanne"),
            ("Veröffentlicht am ", ""),
            ("This article was published on ", "."),
            ("Date: ", ""),
            ("発表日：", ""),
            ("By Andy Endicott, ", ""),
            ("Posted in Startups on ", ""),
            ("OpenAI — ", ""),
        ];
        for (before, behind) in own {
            assert!(!is_of_else(before, behind), "{before}DATE{behind}");
        }
        let of_else = [
            ("Joined: ", ""),
            ("Registriert: ", ""),
            ("Регистрация: ", ""),
            ("注册时间：", ""),
            ("John Miller (born ", ") was a miller."),
            ("The mill burned down on ", " and was rebuilt on "),
            ("Offer valid until ", ""),
            ("Date: ", ". Doors open 18:30."),
            ("Papers are due by ", "."),
            ("On ", " the mill burned down."),
            ("Das Werk wurde am ", " zerstört."),
            ("The book was published on ", " in London."),
        ];
        for (before, behind) in of_else {
            assert!(is_of_else(before, behind), "{before}DATE{behind}");
        }
    }
}

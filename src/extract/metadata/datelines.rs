//! Whether a date that stands in a line is the page's own, by the words about it.
//!
//! A line of its own about the date says little else: where and by whom, in names, and what was done. A sentence in
//! which some day comes up has words of its own. Only scripts with small letters tell names from words; in the others
//! the length of the line must do.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::counters::is_counted_from;
use super::dates::{Date, FIRST_WEB_YEAR, fold, is_weekday};
use super::otherdays::{OTHER, leads_to_other};
use crate::extract::memo::Listed;

/// Words, folded, that may stand before the date on which something was published, whole.
static BEFORE: Listed = Listed::of(
    "on|at|in|by|the|of|and|date|dated|a|first|last|this|page|article|post|story|news|blog|entry|time|am|um|\
     den|der|vom|von|und|uhr|le|la|les|du|de|des|par|a|el|los|por|en|del|dia|fecha|il|di|da|del|alle|ore|data|em|no|\
     na|as|op|door|van|datum|om|av|den|kl|af|d|dnia|dne|dna|z|przez|w|tarih|tarihi|tarihinde|pe|ngay|luc|tanggal|pada|\
     pukul|г|в|от|дата|автор|з|від|στις|την|της|του|απο",
);
/// Beginnings of words, folded, for what was done to a page on its day.
const DONE: &str = "publi|post|writ|wrot|issu|releas|updat|modifi|revis|edit|review|creat|submit|add|upload|log|fil|sent|\
     veroffentlich|erstell|geschrieb|eingestell|aktualis|bearbeit|erschien|stand|ecrit|redig|mis|mise|modif|cree|ajout|\
     escrit|actualiz|cread|subid|pubbl|scritt|aggiorn|creat|inserit|escrit|atualiz|geplaatst|gepublic|geschrev|bijgewerkt|\
     gewijzigd|skriv|uppdater|oppdater|opdater|skrev|udgiv|utgiv|lagt|julkai|kirjoit|paivit|opublik|napis|dodan|\
     aktualiz|zaktual|publik|vydan|vlozen|napsan|zverejn|objav|uverejn|kozzet|megjelen|letrehoz|frissit|yayin|\
     guncel|eklen|ekle|olustur|scris|actual|adaug|δημοσι|ενημερ|опублик|размещ|обновл|измен|добавл|созда|оновл|розміщ|\
     dang|cap nhat|diterbit|dipubl|ditulis|diperbar|dimuat|objavlj|azurir|weekday|פורסם|עודכן|نشر|النشر|التحديث|منتشر|प्रकाशित";
/// Those that begin words and names of all sorts, and what may end them: `Endicott`, `OpenAI`.
const SHORT: &[&str] =
    &["end", "due", "open", "start", "begin", "when", "born", "event", "member", "valid", "died", "death", "clos"];
const ENDINGS: &[&str] = &["", "s", "e", "es", "ed", "ing", "ings", "ning", "date", "time", "ity", "ship", "o", "a"];
/// Signs that part what stands before a date in its line.
const PARTS: &[char] = &['|', '·', '•', '—', '–', ':', '/', '(', '[', '：', '»', '>', ';', ','];
/// Signs between the numbers of a version, which a date has too.
const VERSION_SIGNS: &[char] = &['.', '-'];
/// Unknown words before a date that make a sentence of what ends in a full stop, and words behind it that do.
const BEFORE_MAX: usize = 1;
const BEHIND_MIN: usize = 2;

/// Whether the day named between these two parts of a line is of something else than the page.
pub fn is_of_else(before: &str, behind: &str) -> bool {
    is_other(before) || is_counted_from(before, behind) || is_sentence(before, behind)
}

/// Whether three short numbers in a line may be a day: a version, a section or a telephone number looks like one. `shown`
/// is the date as written, its clock included. A year in full is evidence enough; without it nothing unknown may lead to
/// the numbers, and between full stops only numbers of two digits each, or words about a date or its clock, tell a day.
pub fn is_evident(before: &str, shown: &str) -> bool {
    let Some(numbers) = short_numbers(shown) else { return true };
    let clause = clause(before);
    // A name may stand before the label: `Jane Doe Published: `.
    let is_said =
        before.trim_end().ends_with([':', '：']) && words(clause).last().is_some_and(|word| is_done(&fold(word)));
    let known = is_said || words(clause).all(|word| is_known(&fold(word)));
    let labelled = known && words(clause).next().is_some();
    let stands_free =
        !before.ends_with(|c: char| !c.is_whitespace() && !matches!(c, '(' | '[' | ':' | '：' | '|' | '»'));
    let may_be_version = VERSION_SIGNS.contains(&numbers.sign);
    known && stands_free && (!may_be_version || numbers.padded || labelled || numbers.rest.contains(':'))
}

/// Three numbers of two digits at most each.
struct ShortNumbers<'s> {
    /// Between them.
    sign: char,
    /// Whether each has two digits.
    padded: bool,
    /// What stands behind them.
    rest: &'s str,
}

fn short_numbers(shown: &str) -> Option<ShortNumbers<'_>> {
    let mut numbers = ShortNumbers { sign: ' ', padded: true, rest: shown };
    for at in 0..3 {
        if at > 0 {
            numbers.sign = numbers.rest.chars().next().filter(|c| matches!(c, '.' | '-' | '/' | '‑' | '–'))?;
            numbers.rest = numbers.rest[numbers.sign.len_utf8()..].trim_start();
        }
        let digits = numbers.rest.bytes().take_while(u8::is_ascii_digit).count();
        numbers.padded &= digits == 2;
        numbers.rest = &numbers.rest[digits..];
        if !(1..=2).contains(&digits) {
            return None;
        }
    }
    Some(numbers)
}

/// Whether a label, in a script with small letters, says nothing that is known of a page's day: `Start of works`.
pub fn is_unknown_label(label: &str) -> bool {
    let cased = label.chars().any(|c| c.is_lowercase() || c.is_uppercase());
    cased && words(label).any(|word| !is_known(&fold(word)))
}

/// Whether a word of a label is for what is done to a page on its day: `Press release no. 12`.
pub fn says_done(label: &str) -> bool {
    words(label).any(|word| is_done(&fold(word)))
}

/// Whether the number of a version leads to a date, as in the heading of what is new in it: `2.4.1 (2020-01-10)`.
pub fn is_versioned(before: &str) -> bool {
    let last = before.trim_end_matches(|c: char| !c.is_alphanumeric()).rsplit(char::is_whitespace).next();
    let mut numbers = last.unwrap_or_default().trim_start_matches(['v', 'V', '[']).split('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.clone().count() >= 2 && numbers.all(is_number)
}

/// Whether a day is of a time before there were pages, and a word that nobody knows of publications leads to it: `Works
/// began: 3 May 1919`. The day of an old text stands by itself, behind names, or says what was done.
pub fn is_too_old(before: &str, date: &Date) -> bool {
    let is_old = date.year.is_some_and(|year| year < FIRST_WEB_YEAR);
    is_old && lower(clause(before)).any(|word| !is_known(&word)) && !says_done(before)
}

/// The label before a date in its line, where a colon parts them.
pub fn label_of(before: &str) -> Option<&str> {
    let label = before.trim_end().strip_suffix([':', '：'])?;
    label.rsplit(['|', '·', '•', '»', '—', '–']).next().map(str::trim)
}

/// What stands right before a date in its line. Brackets about the date alone part nothing.
fn clause(before: &str) -> &str {
    before.trim_end().trim_end_matches(['(', '[', ':', '：', ' ']).rsplit(PARTS).next().unwrap_or_default()
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
    let labels = folded.trim_end().ends_with([':', '：']);
    OTHER.places_in(&folded).any(begins) || leads_to_other(clause(&folded), labels)
}

fn is_sentence(before: &str, behind: &str) -> bool {
    let ends = behind.trim_end().ends_with(['.', '!', '?', '。', '।', '؟']);
    let goes_on = lower(behind).count();
    if ends && goes_on > 0 && letters(behind) >= BEHIND_MIN {
        return true;
    }
    let bracketed = before.trim_end().ends_with(['(', '[']);
    let clause = if bracketed { clause(before) } else { before.trim_end().rsplit(PARTS).next().unwrap_or_default() };
    // `Example.com - 21/11/2016`: the name of a site is no word.
    let unknown = |clause: &str| {
        let parts = clause.split_whitespace().filter(|part| !is_host(part));
        parts.flat_map(lower).filter(|word| !is_known(word)).count()
    };
    let done = lower_or_not(before).any(|word| is_done(&word));
    match done {
        // `This post was published on …`; but not `The book was published on … in London.`
        true => ends && unknown(before) > BEFORE_MAX,
        false => unknown(clause) > 0,
    }
}

/// Whether a word is the name of a host: letters on both sides of a full stop, the last of them few and small.
fn is_host(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.rsplit_once('.').is_some_and(|(name, end)| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        (2..=4).contains(&end.len())
            && end.bytes().all(|c| c.is_ascii_lowercase())
            && name.len() > 2
            && name.chars().all(is_part)
            && name.contains(|c: char| c.is_ascii_alphabetic())
    })
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

/// By their first byte.
static STEMS: LazyLock<HashMap<u8, Vec<&'static str>>> = LazyLock::new(|| {
    let mut stems: HashMap<u8, Vec<&'static str>> = HashMap::new();
    DONE.split('|').for_each(|stem| stems.entry(stem.as_bytes()[0]).or_default().push(stem));
    stems
});

fn lower_or_not(text: &str) -> impl Iterator<Item = String> {
    words(text).map(fold)
}

fn is_known(word: &str) -> bool {
    // Many languages write days of the week small.
    BEFORE.has(word) || is_done(word) || is_weekday(word, None)
}

fn is_done(word: &str) -> bool {
    let stems = word.as_bytes().first().and_then(|first| STEMS.get(first));
    stems.is_some_and(|stems| word.chars().count() > 2 && stems.iter().any(|stem| word.starts_with(stem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A version, a section, a price or a telephone number is no day.
    #[test]
    fn short_numbers_need_evidence_of_a_day() {
        let days = [
            ("", "12.04.19"),
            ("Jane Roe, ", "12.04.19"),
            ("Posted on ", "4/11/02"),
            ("Stand: ", "1.4.19"),
            ("", "3.2.21, 08:12"),
            ("Version 4 of ", "12.04.2019"),
            ("", "2019-04-12"),
            ("מיכל ברקאי פורסם: ", "08.01.13, 12:44"),
            ("Jane Roe Posted: ", "4/11/02"),
            ("", "12 April 2019"),
        ];
        for (before, shown) in days {
            assert!(is_evident(before, shown), "{before}{shown}");
        }
        let numbers = [
            ("Apache/", "2.4.41"),
            ("Section ", "4.11.02"),
            ("Call ", "12.04.19"),
            ("Tel.: ", "12.04.19"),
            ("Price ", "1.12.20"),
            ("v", "12.04.19"),
            ("", "1.12.20"),
        ];
        for (before, shown) in numbers {
            assert!(!is_evident(before, shown), "{before}{shown}");
        }
    }

    #[test]
    fn versions_in_headings() {
        for before in ["2.4.41 (", "Newt v1.0 — ", "[0.9.1] - "] {
            assert!(is_versioned(before), "{before}");
        }
        for before in ["", "Reply #3 on ", "Jane Roe, ", "No. 12, "] {
            assert!(!is_versioned(before), "{before}");
        }
    }

    #[test]
    fn labels_that_are_not_of_the_page() {
        for label in ["Baubeginn", "Opening night", "Début des travaux"] {
            assert!(is_unknown_label(label), "{label}");
        }
        for label in ["", "Published", "Datum", "Last updated", "Fecha de publicación", "発表日"] {
            assert!(!is_unknown_label(label), "{label}");
        }
        assert_eq!(label_of("Jane Roe | Published: "), Some("Published"));
        assert_eq!(label_of("Published "), None);
    }

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
            ("Kabar.com - ", ", 15:08 WIB"),
            ("Kabar.co.id, Bandung - ", ""),
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
            ("It came e.g. to us on ", ""),
            ("Das Werk wurde am ", " zerstört."),
            ("The book was published on ", " in London."),
            ("Words substituted (", ") by the Weirs Act"),
        ];
        for (before, behind) in of_else {
            assert!(is_of_else(before, behind), "{before}DATE{behind}");
        }
    }
}

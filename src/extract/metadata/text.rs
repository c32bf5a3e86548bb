//! What the kept text itself says: its language, a news dateline, a credit line.

use crate::document::{Metadata, Sourced};

use super::dates::{self, Custom, Date};
use super::language::language_of;
use crate::extract::memo::Listed;

/// In how many first paragraphs a dateline is looked for, and how far into each.
const DATELINE_PARAGRAPHS: usize = 3;
const DATELINE_BYTES_MAX: usize = 120;
/// Among how many last paragraphs a credit line is looked for, and its length.
const CREDIT_PARAGRAPHS: usize = 3;
const CREDIT_BYTES_MAX: usize = 160;
/// Bytes of text that the language is found in.
const LANGUAGE_BYTES_MAX: usize = 20_000;

/// Words that begin a line in capitals and are no place.
static NO_PLACES: Listed = Listed::of(
    "watch|breaking|update|updated|exclusive|opinion|review|note|video|live|analysis|editorial|photos|\
     listen|read|more|new|on|in|at|from|since|until|by|the|this|today|posted|published|date|dated|warning|spoiler|edit|tip|tldr|faq|news|press release|for immediate release",
);
/// Agencies and stations that stand in brackets behind a place, beside those that sign with a lone word; folded.
static WIRES: Listed = Listed::of(
    "aap|afx|agi|apn|associated press|ats|awp|bbc|bta|canadian press|the canadian press|cna|cnn|cns|cp|dpa-afx|dts|epd|europa press|\
     fena|hina|idw|irna|jta|keystone-sda|kna|ots|pa|sid|tanjug|tt|yna|дпа|интерфакс|риа|риа новости|ртс|реитер|тасс|униан|укринформ|\
     інтерфакс|інтерфакс-украіна|рбк-украіна|укрінформ|уніан",
);
/// Those whose letters are a party's or a station's, which stand behind people's names, or a state's.
static SHARED: Listed = Listed::of("aap|bbc|cna|cnn|cns|cp|pa|pap|tt");
/// So many letters shorten a name in any way; fewer are its first letters.
const SHORT_FORM_LETTERS_MIN: usize = 3;
/// Words that may stand inside a place's name in lower case.
static SMALL: Listed = Listed::of("of|de|la|le|los|las|del|am|an|der|the|and|upon|sur|en|do|da|di|y|e|im|in|bei");
/// What leads to the source a text was taken from, folded.
static CREDITS: Listed = Listed::of(
    "credit|credits|source|sources|via|quelle|quellen|fuente|fuentes|fonte|fonti|bron|zrodlo|источник|来源|來源|\
     出典|출처|crédit|courtesy|originally published by|first published by",
);

/// Adds what the kept paragraphs say, without the title, in page order. What the page declared stays as it is.
pub fn add(metadata: &mut Metadata, paragraphs: &[&str]) {
    let whole: usize = paragraphs.iter().map(|paragraph| paragraph.len() + 1).sum();
    let mut sample = String::with_capacity(whole.min(2 * LANGUAGE_BYTES_MAX));
    for paragraph in paragraphs {
        if sample.len() < LANGUAGE_BYTES_MAX {
            sample.push_str(paragraph);
            sample.push('\n');
        }
    }
    metadata.language_detected = language_of(&sample, metadata.language.as_ref().map(|tag| tag.value.as_str()));
    let tag = metadata.language.as_ref().or(metadata.language_detected.as_ref()).map(|tag| tag.value.as_str());
    let custom = tag.map(Custom::of_language).unwrap_or_default();
    for (at, paragraph) in paragraphs.iter().take(DATELINE_PARAGRAPHS).enumerate() {
        let Some(found) = dateline(paragraph, custom) else { continue };
        let source = format!("text:paragraph {}", at + 1);
        metadata.dateline = Some(Sourced { value: found.place, source: source.clone() });
        metadata.dateline_date = found.date.map(|date| Sourced { value: date.to_string(), source });
        break;
    }
    let last = paragraphs.len().saturating_sub(CREDIT_PARAGRAPHS);
    for (at, paragraph) in paragraphs.iter().enumerate().skip(last.max(1)).rev() {
        if let Some(value) = credit(paragraph) {
            metadata.credit = Some(Sourced { value, source: format!("text:paragraph {}", at + 1) });
            break;
        }
    }
}

/// Where and when a news text says it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dateline {
    pub place: String,
    /// Without a year where none is written.
    pub date: Option<Date>,
}

/// `New Delhi, June 19: …`, `BERLIN (Reuters) - …`, `PARIS, 19 juin (AFP) – …`, `LONDON — …`, `新华社北京6月19日电 …`.
pub fn dateline(paragraph: &str, custom: impl Into<Custom>) -> Option<Dateline> {
    let head = super::entities::floor(paragraph.trim(), DATELINE_BYTES_MAX);
    if let Some(found) = east_asian(head) {
        return Some(found);
    }
    let (at, mark) = separator(head)?;
    let (lead, agency) = without_agency(head[..at].trim());
    let (place, date) = match dates::find_at(lead, custom) {
        Some((date, bytes)) if lead[bytes.end..].trim_matches(['.', ',', ' ']).is_empty() => {
            (&lead[..bytes.start], Some(date))
        }
        Some(_) => return None,
        None => (lead, None),
    };
    let place = place.trim().trim_end_matches([',', '.', '|', '-', '–']).trim();
    let capitals = place.chars().all(|c| !c.is_lowercase()) && place.chars().filter(|c| c.is_uppercase()).count() >= 4;
    // `World Health Organization (WHO) officials`, `Maria Strunk (SPD): …`: without a dash behind it a bracket vouches for a place only
    // where it holds an agency.
    let vouches = |name: &str| mark == '-' || is_agency(name, place, capitals) && !is_short_for(name, place);
    let evidence =
        agency.is_some_and(vouches) || date.is_some_and(|date| date.day.is_some()) || capitals && mark == '-';
    (evidence && is_place(place))
        .then(|| Dateline { place: place.to_owned(), date: date.filter(|date| date.day.is_some()) })
}

/// The mark that parts a dateline from its text: a bracket where no dash stands behind it.
fn separator(head: &str) -> Option<(usize, char)> {
    let marks = [
        (": ", ':'),
        (" - ", '-'),
        (" – ", '-'),
        (" — ", '-'),
        (" -- ", '-'),
        ("— ", '-'),
        ("– ", '-'),
        (") ", ')'),
        ("/. ", ')'),
    ];
    let found = marks.iter().filter_map(|(text, mark)| head.find(text).map(|at| (at, text.len(), *mark)));
    let (at, _, mark) = found.min_by_key(|(at, length, _)| (*at, std::cmp::Reverse(*length)))?;
    let is_dash = |rest: &str| rest.trim_start().starts_with(['-', '–', '—']);
    match mark {
        // "(Reuters) - " ends with its dash, "/TASS/. " with its stop, "(dpa) " with the bracket itself.
        ')' if head[at..].starts_with('/') || is_dash(&head[at + 1..]) => Some((at + 1, '-')),
        ')' => Some((at + 1, ')')),
        mark => Some((at, mark)),
    }
}

/// Takes `(Reuters)` or `/TASS/` off the end.
fn without_agency(lead: &str) -> (&str, Option<&str>) {
    for (open, close) in [('(', ')'), ('/', '/'), ('[', ']')] {
        if let Some(inner) = lead.strip_suffix(close)
            && let Some(at) = inner.rfind(open)
        {
            let name = &inner[at + 1..];
            let short = (2..=30).contains(&name.chars().count())
                && name.chars().all(|c| c.is_alphabetic() || " .&/-".contains(c));
            return if short { (inner[..at].trim(), Some(name)) } else { (lead, None) };
        }
    }
    (lead, None)
}

/// Whether a bracket behind a place holds an agency, with its desk behind it at most: `dpa/lby`.
fn is_agency(name: &str, place: &str, capitals: bool) -> bool {
    let folded = dates::fold(name.split('/').next().unwrap_or_default().trim());
    // `Lila Sharma (AAP)` is somebody, `Pennsylvania (PA)` a state.
    let is_sure = || capitals || place.contains(',') || folded.len() >= SHORT_FORM_LETTERS_MIN && !place.contains(' ');
    (super::led::is_agency(&folded) || WIRES.has(&folded)) && (!SHARED.has(&folded) || is_sure())
}

/// Whether a bracket shortens the name before it: `Australian Federal Police (AFP)`, `Evangelischer Pressedienst (epd)`.
fn is_short_for(name: &str, place: &str) -> bool {
    let words = || place.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let small: Vec<char> = name.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let firsts: String = words().filter(|word| word.starts_with(char::is_uppercase)).filter_map(first_small).collect();
    let in_order = |from: usize| {
        let mut letters = words().skip(from).flat_map(|word| word.chars().flat_map(char::to_lowercase));
        small.iter().all(|want| letters.any(|letter| letter == *want))
    };
    let begins = || words().enumerate().filter(|(_, word)| first_small(word) == small.first().copied());
    let is_longer = small.len() >= SHORT_FORM_LETTERS_MIN && words().count() > 1;
    !place.contains(',')
        && (small.len() > 1 && firsts.contains(&small.iter().collect::<String>())
            || is_longer && begins().any(|(from, _)| in_order(from)))
}

fn first_small(word: &str) -> Option<char> {
    word.chars().next()?.to_lowercase().next()
}

fn is_place(place: &str) -> bool {
    let words: Vec<&str> = place.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let sound = |word: &&str| {
        let letters = word.chars().all(|c| c.is_alphabetic() || ".'’-".contains(c));
        letters && (word.starts_with(char::is_uppercase) || SMALL.has(word))
    };
    (1..=6).contains(&words.len())
        && words[0].starts_with(char::is_uppercase)
        && words.iter().all(sound)
        && place.matches(',').count() <= 2
        && !NO_PLACES.has(&place.to_lowercase())
}

/// `新华社北京6月19日电`, `【ソウル19日聯合】`: agency, place, date and the word for a wire.
fn east_asian(head: &str) -> Option<Dateline> {
    let rest = head.trim_start_matches(['(', '（', '【']);
    let agency =
        ["新华社", "新華社", "中新社", "中新网", "中央社", "共同社"].iter().find(|name| rest.starts_with(**name))?;
    let rest = &rest[agency.len()..];
    let end = rest.find('电').or_else(|| rest.find('電'))?;
    let lead = &rest[..end];
    let day = lead.find(|c: char| c.is_ascii_digit())?;
    let mut numbers = lead[day..].split(['月', '日']).map(|part| part.trim().parse::<u8>());
    let date = match (numbers.next(), numbers.next()) {
        (Some(Ok(month)), Some(Ok(day))) => Date::without_year(month, day),
        _ => None,
    };
    (day > 0 && day <= 30).then(|| Dateline { place: lead[..day].to_owned(), date })
}

/// What stands behind `Credit:`, `Source:`, `Quelle:` in a short line.
pub fn credit(paragraph: &str) -> Option<String> {
    let line = paragraph.trim().trim_matches(['(', ')', '[', ']']);
    if line.len() > CREDIT_BYTES_MAX {
        return None;
    }
    let (lead, rest) = line.split_once([':', '：'])?;
    let rest = rest.trim();
    let known = CREDITS.has(&dates::fold(lead.trim()));
    (known && rest.chars().any(char::is_alphabetic)).then(|| rest.to_owned())
}

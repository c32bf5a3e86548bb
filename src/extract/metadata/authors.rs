//! Authors: bylines as lists of names, without "by", roles, degrees, addresses and dates.

use std::sync::LazyLock;

use super::bylines;
use super::dates::{self, Order, fold};
use super::entities;
use super::inverted;
use super::particulars;
use crate::extract::memo::Beginnings;

/// Longest name, in letters and in words.
const NAME_CHARS_MAX: usize = 80;
const STATED_WORDS_MAX: usize = 8;
const SHOWN_WORDS_MAX: usize = 5;
/// Most words, and bytes before a colon, that lead to a name, and how many such leads may follow each other.
const LEAD_WORDS_MAX: usize = 4;
const LEAD_BYTES_MAX: usize = 48;
const LEADS_MAX: usize = 3;
/// What a Chinese report says behind its place: who wrote stands before it.
const REPORTED: &[&str] = &["報導", "报导", "報道", "报道"];
/// Bytes of a line that is a name behind a small word, and words of a name in a script without capitals.
const LED_BYTES_MAX: usize = 80;
const UNCASED_WORDS_MAX: usize = 3;
/// Most words of a name in capitals that is told from another by "AND".
const SHOUTED_WORDS_MAX: usize = 2;
/// A small word of letters without marks is no longer.
const SMALL_BYTES_MAX: usize = 4;
/// Most authors of a page.
pub const AUTHORS_MAX: usize = 64;

/// What a line begins with that says who wrote.
static BEGINNINGS: LazyLock<Vec<&str>> =
    LazyLock::new(|| [&bylines::WRITTEN, &bylines::LONG_LEADS].iter().flat_map(|list| list.words()).collect());

static LETTERS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(BEGINNINGS.iter().copied()));

/// The names in a value given to machines.
pub fn stated(value: &str, inverted: bool) -> Vec<String> {
    let Some(line) = entities::clean(value) else { return Vec::new() };
    if inverted && let Some(names) = inverted::listed(&line) {
        return names;
    }
    // `Roy, Aniruddha; Lee, Ann`: what the semicolons part leaves the commas no other meaning.
    let parts = || line.split(';').map(str::trim).filter(|part| !part.is_empty());
    if line.contains(';')
        && let Some(names) = parts().map(inverted::name).collect::<Option<Vec<_>>>()
    {
        return names;
    }
    names(&line, STATED_WORDS_MAX)
}

/// The names in the text of an element: those of its first line that has some.
pub fn shown(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut goes_on, mut lists) = (false, false);
    let mut lines = value.lines().filter_map(entities::clean).peekable();
    while let Some(line) = lines.next() {
        let joins =
            goes_on || lists && is_full_name(&line) || line.starts_with(['&', ',']) || fold(&line).starts_with("and ");
        if !found.is_empty() && !joins {
            break;
        }
        lists = line.ends_with(',');
        let last = line.rsplit_once(' ').map_or("", |(_, last)| last);
        goes_on = line.ends_with('&') || bylines::CONNECTORS.has(last);
        // `Par` is a name where nothing follows it.
        let only_leads = lines.peek().is_some() && (leads(&line) || is_small_lead(&line));
        if !only_leads {
            found.extend(names(&line, SHOWN_WORDS_MAX));
            found.truncate(AUTHORS_MAX);
        }
    }
    found
}

/// Whether what stands before a link in an element that names an author only leads to the name, which the link is:
/// `Oleh <a>Jane Doe</a>`, `Escrit per <a>Jane Doe</a>`. `Jane <a>Follow</a>` is none.
pub fn leads_to_link(before: &str, link: &str) -> bool {
    let (before, link) = (before.trim(), link.trim());
    let words: Vec<&str> = before.split_whitespace().collect();
    let cased = |word: &str| word.chars().any(|c| c.is_lowercase() || c.is_uppercase());
    let is_short = (1..=LEAD_WORDS_MAX).contains(&words.len()) && before.len() <= LEAD_BYTES_MAX;
    let small_end = words.last().is_some_and(|word| word.starts_with(char::is_lowercase));
    let is_lead = match words.as_slice() {
        _ if before.ends_with([':', '：']) => true,
        [one] if cased(one) => !one.ends_with(['.', ',']),
        _ => small_end || !words.iter().any(|word| cased(word)),
    };
    let is_name = !cased(link) && (2..=NAME_CHARS_MAX).contains(&link.chars().count()) || is_full_name(link);
    is_short && is_lead && is_name && !is_of_others(before) && name(link, SHOWN_WORDS_MAX).is_some()
}

/// Whether a label says that somebody did something else than write: `Photo:`, `Edited by:`.
fn is_of_others(label: &str) -> bool {
    let lists = [&bylines::PHOTO_LABELS, &bylines::OTHER_LABELS, &bylines::EDITOR_LABELS];
    let mut words = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.any(|word| {
        let lower = word.to_lowercase();
        bylines::OTHER_DEEDS.has(&fold(word)) || lists.iter().any(|list| list.has(&lower))
    })
}

/// Whether a line is a name of several words, all with capitals, and what joins it to the next: behind a comma may stand a role.
fn is_full_name(line: &str) -> bool {
    let words = line.split([' ', ',']).filter(|word| !word.is_empty() && !bylines::CONNECTORS.has(word));
    words.clone().count() >= 2 && words.clone().all(|word| word.starts_with(char::is_uppercase))
}

/// The line, if it is a full name and nothing else.
pub fn full_name(line: &str) -> Option<&str> {
    (line.len() <= LED_BYTES_MAX && is_full_name(line) && !line.contains(char::is_numeric)).then_some(line)
}

/// Whether it is no more than a small word that may lead to a name: `przez`, `od`.
fn is_small_lead(word: &str) -> bool {
    let small = [&bylines::SMALL_LEADS, &bylines::LEADS, &bylines::COLON_LEADS].iter().any(|list| list.has(word));
    small && word.starts_with(char::is_lowercase)
}

/// Whether a line only leads to the name in the next.
pub fn leads(line: &str) -> bool {
    let line = line.trim().trim_end_matches(':').trim_end();
    let count = line.split_whitespace().take(LEAD_WORDS_MAX + 1).count();
    if count > LEAD_WORDS_MAX
        || count > 1 && !line.get(line.len() - 2..).is_some_and(|end| end.eq_ignore_ascii_case("by"))
    {
        return false;
    }
    let folded = fold(line);
    if count == 1 {
        return bylines::LONE_LEADS.has(&folded);
    }
    let words: Vec<&str> = folded.split_whitespace().collect();
    match words.as_slice() {
        [] => false,
        [one] => bylines::LONE_LEADS.has(one),
        [before @ .., last] => {
            *last == "by" && before.len() < LEAD_WORDS_MAX && before.iter().all(|word| bylines::BEFORE_BY.has(word))
        }
    }
}

fn names(line: &str, words_max: usize) -> Vec<String> {
    if line.contains("://") {
        return Vec::new();
    }
    let line = without_mail(line);
    let line = before_date(particulars::writer(&line).unwrap_or(&line));
    let mut led = false;
    for whole in pieces(line) {
        let Some(piece) = without_lead(whole) else { continue };
        // `Posted by dana | TrackBack`: who wrote has been told.
        let has_lead = piece.len() < whole.trim().len();
        if led && !has_lead && piece.contains(char::is_lowercase) && !is_full_name(&piece) {
            continue;
        }
        led |= has_lead && piece.starts_with(char::is_alphabetic);
        let mut found = Vec::new();
        for part in parts(cut_tail(&piece)) {
            if let Some(name) = name(&part, words_max).filter(|name| !found.contains(name)) {
                found.push(name);
            }
        }
        if !found.is_empty() {
            found.truncate(AUTHORS_MAX);
            return found;
        }
    }
    Vec::new()
}

/// Without a date behind a name, and the small word and the day of the week that lead to it: `Jane Doe am Di., 05.03.2024`.
fn before_date(line: &str) -> &str {
    let Some((_, bytes)) =
        dates::find_at(line, Order::Unknown).filter(|(date, bytes)| date.is_day() && bytes.start > 0)
    else {
        return line;
    };
    let mut head = line[..bytes.start].trim_end();
    for _ in 0..LEADS_MAX {
        let Some((rest, last)) = head.rsplit_once(' ') else { break };
        let word = last.trim_matches(|c: char| !c.is_alphabetic());
        let length = word.chars().count();
        let is_small = word.starts_with(char::is_lowercase) && length <= 4;
        // `Di.` is a day of the week, and `Anh,` a name.
        let is_short = (2..=3).contains(&length) && last.contains('.');
        if !(is_small || is_short || length == 0 || dates::is_weekday(word, None)) {
            break;
        }
        head = rest.trim_end();
    }
    // `Posted on 5 March 2024 by Jane Doe` has the name behind it, in whatever language.
    let capitals = head.split_whitespace().filter(|word| word.starts_with(char::is_uppercase)).count();
    let names = capitals >= 2 || past_lead(head).is_some() || is_written(head);
    if names && !line[bytes.end..].contains(char::is_alphabetic) { head } else { line }
}

/// Cuts at the marks between a name and what else stands in its line.
fn pieces(line: &str) -> Vec<&str> {
    let mut found = vec![line];
    for mark in [" | ", " • ", " · ", " ⋅ ", " – ", " — ", " - ", " // "] {
        found = found.into_iter().flat_map(|piece| piece.split(mark)).collect();
    }
    found
}

/// `Jane Doe <jane@example.org>`, `jane@example.org (Jane Doe)`.
fn without_mail(line: &str) -> String {
    if !line.contains('@') && !line.contains('<') {
        return line.to_owned();
    }
    // `<jane at example dot org>` is several words.
    let open = line.find('<').filter(|at| line[*at..].contains('>'));
    let line = open
        .map_or(line.to_owned(), |at| line[..at].to_owned() + line[at..].split_once('>').map_or("", |(_, rest)| rest));
    let words = line.split_whitespace().filter(|word| !word.contains('@') && !word.starts_with('<'));
    words.map(|word| word.trim_matches(['(', ')', '<', '>'])).collect::<Vec<_>>().join(" ")
}

/// Past "By", "Written by", "Posted on June 19, 2024 by"; `None` where somebody did something else.
fn without_lead(piece: &str) -> Option<String> {
    let mut rest = piece.trim();
    if let Some(at) =
        rest.to_ascii_lowercase().find("by ").filter(|&at| at == 0 || rest[..at].ends_with([' ', ':', '\u{a0}']))
    {
        let before = fold(&rest[..at]);
        let before: Vec<&str> = before.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        if before.iter().any(|word| bylines::OTHER_DEEDS.has(word)) && before.len() <= 3 {
            return None;
        }
        let lead = before.iter().all(|word| is_before_by(word)) || dates::find(&rest[..at], Order::Unknown).is_some();
        if lead {
            rest = rest[at + 3..].trim();
        }
    }
    for _ in 0..LEADS_MAX {
        match past_lead(rest) {
            Some(past) if !past.is_empty() => rest = past,
            _ => break,
        }
    }
    Some(rest.to_owned())
}

/// `Posted 3 days ago`, before "by".
pub fn is_long_ago(before: &str) -> bool {
    let folded = fold(before);
    folded.trim_end().ends_with(" ago") && folded.split_whitespace().all(is_before_by)
}

fn is_before_by(word: &str) -> bool {
    bylines::BEFORE_BY.has(word) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What stands behind a word, or several, that lead to a name: `Von`, `Écrit par`, `投稿者：`.
fn past_lead(line: &str) -> Option<&str> {
    if let Some(at) = line.find([':', '：', '/', '／']).filter(|&at| at <= LEAD_BYTES_MAX) {
        let lead = line[..at].trim().to_lowercase();
        if [&bylines::LEADS, &bylines::COLON_LEADS, &bylines::LONG_LEADS].iter().any(|list| list.has(&lead)) {
            return Some(line[at..].trim_start_matches([':', '：', '/', '／']).trim_start());
        }
    }
    for (at, _) in line.match_indices(char::is_whitespace).take(LEAD_WORDS_MAX) {
        let lead = line[..at].to_lowercase();
        let list = if lead.contains(char::is_whitespace) { &bylines::LONG_LEADS } else { &bylines::LEADS };
        if list.has(&lead) {
            return Some(line[at..].trim_start());
        }
    }
    // Scripts without spaces: what a reporter is called stands right before the name.
    let called = ["記者", "记者"].iter().find_map(|called| line.strip_prefix(called));
    // `by佐藤美咲`
    called.or_else(|| line.strip_prefix("by").filter(|rest| rest.starts_with(|c: char| c >= '\u{3040}')))
}

/// Whether a line is a full name behind a small word, and nothing else: `di Jane Doe`, `Της Jane Doe`, `Text: Jane Doe`.
pub fn is_led_name(line: &str) -> bool {
    let Some((lead, name)) = line.trim().split_once(' ').filter(|_| line.len() <= LED_BYTES_MAX) else { return false };
    // `Da Vinci` is a name, and `Της` begins a line as it would any.
    let lead = if lead.is_ascii() && lead.len() <= SMALL_BYTES_MAX { lead.to_owned() } else { lead.to_lowercase() };
    let leads = match lead.strip_suffix([':', '：']) {
        Some(label) => bylines::TEXT_LABELS.has(label),
        None => bylines::FULL_LEADS.has(&lead),
    };
    let words = name.split_whitespace().count();
    let is_uncased = !name.chars().any(|c| c.is_lowercase() || c.is_uppercase() || c.is_ascii_digit());
    leads && (2..=SHOWN_WORDS_MAX).contains(&words) && (is_full_name(name) || is_uncased && words <= UNCASED_WORDS_MAX)
}

/// Whether a line begins by saying who wrote: `Written by …`, `Écrit par …`, `Автор: …`.
pub fn is_written(line: &str) -> bool {
    // Most lines of a page are asked.
    if !LETTERS.may(line) && !line.contains([':', '：']) {
        return false;
    }
    let lower = line.to_lowercase();
    let begins = |lead: &str| lower.strip_prefix(lead).is_some_and(|rest| rest.starts_with([' ', ':', '：']));
    let lone = lower.find([':', '：']).filter(|&at| at <= LEAD_BYTES_MAX);
    lone.is_some_and(|at| bylines::LABELS.has(lower[..at].trim())) || BEGINNINGS.iter().any(|lead| begins(lead))
}

/// Before what a name does not go on with.
fn cut_tail(piece: &str) -> &str {
    let lower = piece.to_ascii_lowercase();
    let ends = bylines::TAILS.words().filter_map(|tail| Some((lower.find(tail)?, tail)));
    match ends.filter(|(at, _)| lower[..*at].ends_with(' ')).min() {
        // `Jane Doe 3 min read`
        Some((end, tail)) if tail.starts_with("min") => {
            piece[..end].trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ')
        }
        Some((end, _)) => &piece[..end],
        None => piece,
    }
}

/// Without the place from which somebody reports: `Jane Doe in Kilmoyle`.
fn without_place(part: &str) -> &str {
    let parted = [" in ", " at "].iter().find_map(|word| part.split_once(word));
    match parted {
        Some((name, place)) if is_full_name(name.trim()) && place.starts_with(char::is_uppercase) => name,
        _ => part,
    }
}

fn parts(piece: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut listed = piece.split([',', '，']);
    let first = listed.next().unwrap_or_default();
    let is_full = first.split_whitespace().count() >= 2;
    // `Jane Doe, Berlin`: behind a full name one word is a place, an office or a role.
    for part in std::iter::once(first).chain(listed.filter(|part| !(is_full && is_no_name_behind(part)))) {
        for (at, part) in part.split(['/', '／']).enumerate() {
            let is_place =
                at > 0 && found.last().is_some_and(|name| name.trim().contains(' ')) && is_one_cased_word(part);
            let is_report = REPORTED.iter().any(|deed| part.trim_end().ends_with(deed));
            if !is_place && !is_report {
                let joined = part.split([';', '、', '&', '|', '•']).flat_map(|part| part.split(" and "));
                found.extend(joined.flat_map(shouted).flat_map(connected));
            }
        }
    }
    found
}

/// Whether a part behind a full name is none: a place, an office, or what begins small, as a role does. A small word that
/// joins two names goes on with another.
fn is_no_name_behind(part: &str) -> bool {
    let first = part.split_whitespace().next().unwrap_or_default();
    let joins = bylines::CONNECTORS.has(first) || is_particle(first);
    is_one_cased_word(part) || first.starts_with(char::is_lowercase) && !joins
}

fn is_particle(word: &str) -> bool {
    bylines::PARTICLES.has(word)
}

/// Whether it is one word of a script with capitals: in others a whole name is.
fn is_one_cased_word(part: &str) -> bool {
    let mut words = part.split_whitespace();
    let cased = words.next().is_some_and(|word| word.starts_with(|c: char| c.is_lowercase() || c.is_uppercase()));
    cased && words.next().is_none()
}

/// Splits `JANE DOE AND JOHN ROE`, where all sides look like people's names and none like an office's.
fn shouted(part: &str) -> Vec<&str> {
    let is_person = |side: &&str| {
        (2..=SHOUTED_WORDS_MAX).contains(&side.split_whitespace().count())
            && !side.split_whitespace().any(|word| matches!(word, "OF" | "FOR" | "THE"))
    };
    let sides: Vec<&str> = part.split(" AND ").collect();
    let is_shouted = sides.len() > 1 && !part.contains(char::is_lowercase);
    if is_shouted && sides.iter().all(is_person) { sides } else { vec![part] }
}

/// Splits at the "and" of other languages, where both sides are full names.
fn connected(part: &str) -> Vec<String> {
    for word in [
        " und ", " et ", " y ", " e ", " i ", " en ", " и ", " och ", " og ", " ve ", " és ", " και ", " a ", " și ",
        " ja ", " та ", " і ",
    ] {
        if let Some((one, two)) = part.split_once(word)
            && one.split_whitespace().count() >= 2
            && two.split_whitespace().count() >= 2
        {
            return vec![one.to_owned(), two.to_owned()];
        }
    }
    vec![part.to_owned()]
}

fn name(part: &str, words_max: usize) -> Option<String> {
    let part = without_place(part.trim().trim_start_matches("and "));
    // Behind a Japanese name stands how it is read.
    let part =
        part.split(" (").next().unwrap_or_default().trim_start_matches('（').split('（').next().unwrap_or_default();
    let part = unquoted(part.trim_matches(['*', ':', '-', '–', '·', '•', '⋅', '(', ')', ' ', '.', '\u{200b}']));
    let mut words: Vec<&str> = part.split_whitespace().collect();
    let is_ours = bylines::is_ours(&words);
    let role = |word: &&str| bylines::ROLES.has(&fold(word)) || bylines::BEFORE_ROLES.has(&fold(word));
    if words.len() > 2
        && let Some(at) = words.iter().skip(2).position(role)
    {
        words.truncate(at + 2);
    }
    while words.len() > 1 && words.last().is_some_and(|word| is_degree(word)) {
        words.pop();
    }
    cut_small(&mut words);
    particulars::cut_called(&mut words);
    let name = words.join(" ");
    (!is_ours && sound(&name, &words, words_max)).then_some(name)
}

/// Without quotes around all of it; `"Kid" Jones` keeps its own.
fn unquoted(part: &str) -> &str {
    let inner = part.trim_matches(['"', '“', '”']);
    if inner.contains(['"', '“', '”']) { part } else { inner }
}

/// Takes off the small words that lead to a name or follow it: `от Jane Doe`, `Jane Doe says`, `Jane Doe in`.
fn cut_small(words: &mut Vec<&str>) {
    let is_cased = |word: &&str| word.starts_with(char::is_uppercase);
    if words.first().is_some_and(|word| is_small_lead(word)) && words.iter().skip(1).any(is_cased) {
        words.remove(0);
    }
    cut_small_leads(words);
    if let Some(at) = (1..words.len()).find(|&at| bylines::DEEDS.has(words[at])) {
        words.truncate(at);
    }
    let joins = |word: &&str| bylines::CONNECTORS.has(word) || ["in", "on", "at", "for", "from"].contains(word);
    while words.len() > 1 && words.last().is_some_and(joins) {
        words.pop();
    }
}

/// Takes off all small words before a full name but those that belong to it, and the role behind them: `unserer
/// Redakteurin Jane Doe`, `dal nostro inviato Jane Doe`.
fn cut_small_leads(words: &mut Vec<&str>) {
    let small = words.iter().take_while(|word| word.starts_with(char::is_lowercase)).count();
    let small = (0..small).rev().find(|&at| !is_particle(words[at])).map_or(0, |at| at + 1);
    let is_cased = |word: &&&str| word.starts_with(char::is_uppercase);
    if small == 0 || words[small..].iter().filter(is_cased).count() < 2 {
        return;
    }
    words.drain(..small);
    if words.len() > 2 && bylines::ROLES.has(&fold(words[0])) {
        words.remove(0);
    }
}

fn sound(name: &str, words: &[&str], words_max: usize) -> bool {
    let folded = fold(name);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let capital = |word: &&str| word.starts_with(|c: char| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase());
    let role = words.len() > 1 && words.iter().any(|word| bylines::ROLES.has(&fold(word)) && fold(word) != "author");
    let number = words.len() > 1 && words.iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let count = words.iter().filter(|word| !is_particle(word)).count();
    let calls = words.len() > 2 && bylines::CALLS.has(&fold(words[0]));
    (1..=words_max).contains(&count)
        && !calls
        && name.chars().count() <= NAME_CHARS_MAX
        && letters * 2 >= name.chars().filter(|c| !c.is_whitespace()).count()
        && letters > 1
        && (words.len() == 1 || words.iter().any(capital))
        && !bylines::NO_NAMES.has(&folded)
        && !bylines::LABELS.has(&name.to_lowercase())
        && !folded.ends_with(" by")
        && !name.contains([':', '：'])
        && !(is_degree(name) && words.len() == 1)
        && (!role || capital_name(words))
        && !number
        && name.matches('.').count() < 4
        && !name.contains(['@', '{', '}', '[', '=', '?', '!', '#', '%'])
        && dates::find(name, Order::Unknown).is_none()
        && dates::month(name).is_none()
        && !["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(&folded.as_str())
}

/// A name may hold a role where it is a team's: `TechRadar Staff Writers` is none of these, `Editor Smith` is.
fn capital_name(words: &[&str]) -> bool {
    words.iter().filter(|word| !bylines::ROLES.has(&fold(word))).count() >= 2
}

/// `MD`, `Ph.D.`, `E-RYT`, `Jr.`
pub fn is_degree(word: &str) -> bool {
    let plain: String = word.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = plain.chars().filter(|c| c.is_uppercase()).count();
    let known = [
        "phd", "pharmd", "psyd", "esq", "jr", "sr", "msc", "bsc", "med", "edd", "mba", "md", "rd", "rn", "do", "dds",
        "dvm", "cpa", "cfp", "ms", "ma", "ba", "mph", "rdn", "ldn",
    ];
    let upper = plain.chars().count() >= 2 && capitals == plain.chars().count() && plain.is_ascii() && plain.len() <= 6;
    !plain.is_empty()
        && (known.contains(&plain.to_lowercase().as_str()) && capitals > 0
            || upper && word.contains('.')
            || upper && known.contains(&plain.to_lowercase().as_str()))
}

//! Whole lines below a text that ask to follow the site or keep others from copying: calls and notices that say no more. What a
//! sentence says about such lines, or about those who write them, is text.

use std::ops::Range;

use super::words::{CHANNELS, CLOSERS, FOLLOWED, FOLLOWS, JOINS, LEAVES, NOTICED, NOTICES, SCANS, SIGNS, TELLS};
use crate::extract::label::shape::{count, is_wide};
use crate::extract::sayings::Sayings;

/// Most words of a line that asks for something.
const ASKING_WORDS_MAX: u32 = 12;
/// Words behind the last channel of one that ends as a sentence.
const WORDS_BEHIND_MAX: usize = 1;
/// Letters of a channel that is a whole word: longer ones have endings.
const WHOLE_CHARS_MAX: usize = 4;
/// Characters of a notice, before what it says, behind it, and from whose leave is needed to what is not allowed.
const NOTICE_CHARS_MAX: usize = 100;
const BEFORE_CHARS_MAX: usize = 40;
const BEHIND_CHARS_MAX: usize = 20;
const LEAVE_CHARS_MAX: usize = 12;

const QUOTES: [char; 10] = ['"', '“', '”', '„', '«', '»', '「', '」', '『', '』'];
const COMMAS: [char; 7] = [',', '，', '،', '、', ';', '；', '؛'];
const STOPS: [char; 6] = ['.', '。', '।', '۔', '؟', '?'];

static TO: Sayings = Sayings::of(CHANNELS);
static DONE: Sayings = Sayings::of(FOLLOWED);
static FORBIDS: Sayings = Sayings::of(NOTICES);

/// Whether a line in small letters asks to follow a channel.
pub fn asks(lower: &str) -> bool {
    let line = lower.trim_start_matches(|c: char| !c.is_alphabetic());
    if lower[..lower.len() - line.len()].contains(QUOTES) || count(line) > ASKING_WORDS_MAX {
        return false;
    }
    // Where no capital begins a call, one that ends as sentences do may be any.
    if !is_cased(line) && line.ends_with(STOPS) {
        return false;
    }
    let line = line.replace('’', "'");
    behind_any(FOLLOWS, &line).any(leads_to_channel) || behind_any(SCANS, &line).any(|rest| DONE.any_in(rest))
}

/// What stands behind the beginnings that a line has, each a whole word.
fn behind_any<'l>(beginnings: &'static str, line: &'l str) -> impl Iterator<Item = &'l str> {
    beginnings.split('|').filter_map(move |beginning| {
        let rest = line.strip_prefix(beginning)?;
        let goes_on = ends_in_word(beginning) && rest.starts_with(char::is_alphanumeric);
        (!goes_on).then_some(rest)
    })
}

/// Whether the last letter is of a script that parts its words.
fn ends_in_word(text: &str) -> bool {
    text.ends_with(|c: char| c.is_alphanumeric() && !is_wide(c))
}

/// Whether a call leads to a channel, and ends there.
fn leads_to_channel(rest: &str) -> bool {
    let is_word = |place: &Range<usize>| {
        let name = &rest[place.clone()];
        let is_begun = name.starts_with(|c: char| !is_wide(c)) && ends_in_word(&rest[..place.start]);
        let is_short = ends_in_word(name) && name.chars().count() <= WHOLE_CHARS_MAX;
        let goes_on = || rest[place.end..].starts_with(|c: char| c.is_alphanumeric() && !is_wide(c));
        !(is_begun || is_short && goes_on())
    };
    let Some(end) = TO.places_in(rest).filter(is_word).map(|place| place.end).max() else { return false };
    let behind = &rest[end..];
    let is_sentence = behind.ends_with(STOPS) || behind.ends_with(['!', '！', '…']);
    !is_sentence || !behind.contains(COMMAS) && behind.split_whitespace().count() <= WORDS_BEHIND_MAX
}

/// Whether a line in small letters keeps others from copying, and is no sentence about that.
pub fn is_notice(lower: &str) -> bool {
    if lower.chars().nth(NOTICE_CHARS_MAX).is_some() {
        return false;
    }
    let line = lower.trim_start_matches(|c: char| !c.is_alphabetic() && !matches!(c, '©' | 'ⓒ' | '(' | '<'));
    let first = FORBIDS.places_in(line).map(|place| place.start).min();
    let last = FORBIDS.places_in(line).map(|place| place.end).max();
    let (Some(first), Some(last)) = (first, last) else { return false };
    let said_before = &lower[..lower.len() - line.len() + first];
    !said_before.contains(QUOTES) && leads_to_notice(&line[..first]) && closes(&line[..last], &line[last..])
}

/// Whether what stands before a notice is what it is about, or nothing.
fn leads_to_notice(before: &str) -> bool {
    if before.is_empty() {
        return true;
    }
    let begins = |list: &[&str]| list.iter().any(|one| before.starts_with(one));
    let is_near = before.chars().count() <= BEFORE_CHARS_MAX;
    let is_plain = |text: &str| !text.contains(|c| TELLS.contains(c));
    let leave = LEAVES.iter().filter_map(|leave| Some(before.rfind(leave)? + leave.len())).max();
    let by_leave = leave.is_some_and(|end| {
        let asked = &before[end..];
        asked.chars().count() <= LEAVE_CHARS_MAX && is_plain(asked)
    });
    let is_about = begins(NOTICED) || begins(LEAVES);
    is_near && (begins(SIGNS) || is_about && (by_leave || is_plain(before) && !before.contains(COMMAS)))
}

/// Whether a notice ends with what it says: nothing goes on with it but more of the kind, or a name.
fn closes(notice: &str, behind: &str) -> bool {
    let behind = behind.trim_end();
    let joins = behind.starts_with(|c| JOINS.contains(c));
    let next = if ends_in_word(notice) { behind.trim_start() } else { behind };
    let goes_on = next.starts_with(char::is_alphanumeric) && !joins;
    if goes_on || behind.chars().count() > BEHIND_CHARS_MAX {
        return false;
    }
    let mut clauses = behind.split([',', '，', '،', ';', '；']).map(str::trim);
    let says = |text: &str| text.contains(char::is_alphabetic);
    let first = clauses.next().is_some_and(says);
    let is_followed = |clause: &str| !says(clause) || CLOSERS.iter().any(|closer| clause.starts_with(closer));
    (!first || joins || !behind.ends_with(STOPS)) && clauses.all(is_followed)
}

fn is_cased(line: &str) -> bool {
    line.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase)
}

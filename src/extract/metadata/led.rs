//! Whether what stands behind "by" in a line is somebody. `By hand`, `By Friday` and `Von Mai bis Oktober` lead to a way or a
//! time; a word below the label of a table's row is an entry of the table.

use std::ops::Range;

use super::authors;
use super::bylines;
use super::dates::{self, Order};
use super::facts::{Facts, Found};
use super::names::Field;
use super::near::Lines;
use crate::extract::html::{NodeId, NodeKind, Tag, Tree};
use crate::extract::memo::Listed;

/// First words of what is done by something else than somebody: `By order of the council`.
static WAYS: Listed =
    Listed::of("order|request|appointment|invitation|popular|courtesy|permission|virtue|means|reason|default|hand");
/// Small words amid the name of a house or a group, beside those of names.
static AMID: Listed =
    Listed::of("of|for|the|at|in|from|with|on|to|as|via|vom|degli|dell|dels|ur|ul|abi|abdul|ní|ni|thi|thị");
/// Agencies, which sign with a lone word, folded.
static AGENCIES: Listed = Listed::of(
    "reuters|afp|ap|bloomberg|xinhua|dpa|apa|ansa|adnkronos|efe|lusa|tass|interfax|ria|kyodo|jiji|yonhap|pti|ani|\
     ians|upi|sda|belga|anp|ntb|ritzau|stt|pap|ctk|tasr|mti|agerpres|antara|bernama|anadolu|notimex|telam|ukrinform|unian",
);
/// A day of the week is as long as this; shorter ones are names as well.
const WEEKDAY_CHARS_MIN: usize = 6;
/// Most nodes of a line that are asked for a link, and elements about a text that may be it.
const LINE_NODES_MAX: NodeId = 60;
const LINK_DEPTH: usize = 3;
/// A day so many lines away vouches for a name.
const DATED_LINES: usize = 2;

/// Leaves out the bylines of a page that name nobody.
pub fn leave_out_nobody(tree: &Tree<'_>, lines: &Lines, facts: &mut Facts<'_>) {
    if facts.found.iter().any(is_of_line) {
        let lines: Vec<(NodeId, &str)> = lines.iter().collect();
        leave_out(&lines, |nodes, name| is_linked(tree, nodes, name), facts);
    }
}

/// The same of lines without markup, each with its number.
pub fn leave_out_nobody_of(lines: &[(NodeId, &str)], facts: &mut Facts<'_>) {
    leave_out(lines, |_, _| false, facts);
}

fn leave_out(lines: &[(NodeId, &str)], is_linked: impl Fn(Range<NodeId>, &str) -> bool, facts: &mut Facts<'_>) {
    facts.found.retain(|found| {
        let place = lines.binary_search_by_key(&found.at, |(at, _)| *at).ok().filter(|_| is_of_line(found));
        let Some(place) = place.filter(|&place| lines[place].1 == found.value) else { return true };
        let above = place.checked_sub(1).map(|above| lines[above].1).filter(|above| authors::leads(above));
        let end = lines.get(place + 1).map_or(found.at + LINE_NODES_MAX, |(next, _)| *next);
        let about = &lines[place.saturating_sub(DATED_LINES)..lines.len().min(place + DATED_LINES + 1)];
        names_somebody(lines[place].1, above, |name| {
            is_linked(found.at..end, name) || about.iter().any(|(_, line)| is_dated(line))
        })
    });
}

fn is_of_line(found: &Found<'_>) -> bool {
    found.field == Field::Author && found.source == "html:byline"
}

/// Whether a line that begins with "by", or follows a line that is no more than that (`above`), names somebody. A lone word
/// may be anything, and several where the second is small: unless a label says that it is a writer's, and it has a capital,
/// something about it must `vouch` for it.
fn names_somebody(line: &str, above: Option<&str>, vouch: impl FnOnce(&str) -> bool) -> bool {
    let names = authors::shown(line);
    let Some(name) = names.first() else { return true };
    let words: Vec<&str> = name.split_whitespace().collect();
    if !name.chars().any(|c| c.is_lowercase() || c.is_uppercase()) {
        return true;
    }
    let is_labelled =
        || name.starts_with(char::is_uppercase) && above.map_or_else(|| authors::is_written(line), is_label);
    if let [first, second, ..] = words.as_slice() {
        let is_name = || goes_on_with(second) || is_role(first) || is_small_name(line, &words);
        return !WAYS.has(&first.to_lowercase()) && (is_name() || is_labelled() || vouch(name));
    }
    names.len() > 1 || !is_weekday(name) && (is_role(name) || is_agency(name) || is_labelled() || vouch(name))
}

fn is_weekday(word: &str) -> bool {
    word.chars().count() >= WEEKDAY_CHARS_MIN && dates::is_weekday(word, None)
}

/// Whether a word is the name of an agency.
pub fn is_agency(word: &str) -> bool {
    AGENCIES.has(&dates::fold(word))
}

/// Whether just two words stand behind the English one, the first with a capital: `By Danah boyd`; but not `By Monday noon`.
fn is_small_name(line: &str, words: &[&str]) -> bool {
    let is_by = line.get(..3).is_some_and(|by| by.eq_ignore_ascii_case("by "));
    is_by && words.len() == 2 && words[0].starts_with(char::is_uppercase) && !is_weekday(words[0])
}

/// Whether a name may have the word behind its first.
fn goes_on_with(second: &str) -> bool {
    let small = second.to_lowercase();
    let lists = [&bylines::PARTICLES, &bylines::CONNECTORS, &AMID];
    // `al-Sharif`, `d'Ormesson`
    let mut parts = second.split(['\'', '’', '-', '‑', '`']);
    parts.any(|part| part.starts_with(char::is_uppercase))
        || !second.starts_with(char::is_lowercase)
        || lists.iter().any(|list| list.has(&small))
}

/// `Staff reports`
fn is_role(word: &str) -> bool {
    let folded = dates::fold(word);
    bylines::ROLES.has(&folded) || bylines::BEFORE_ROLES.has(&folded)
}

/// Whether a line above a name says that it is a writer's: `Author:`, `Written by`.
fn is_label(above: &str) -> bool {
    let label = above.trim().trim_end_matches([':', '：']).trim_end().to_lowercase();
    [&bylines::LABELS, &bylines::WRITTEN, &bylines::LONG_LEADS].iter().any(|list| list.has(&label))
}

/// Whether a line has a day, or tells how long ago something was.
fn is_dated(line: &str) -> bool {
    let day = || dates::find_at(line, Order::Unknown).is_some_and(|(date, _)| date.day.is_some());
    day() || dates::is_ago(line, Order::Unknown.into())
}

/// Whether a link among the nodes of a line is that word and nothing else.
fn is_linked(tree: &Tree<'_>, line: Range<NodeId>, name: &str) -> bool {
    let is_name = |&at: &NodeId| tree.kind(at) == NodeKind::Text && tree.text(at).trim() == name;
    let in_link = |at: NodeId| tree.ancestors(at).take(LINK_DEPTH).any(|above| tree.tag(above) == Tag::A);
    let line = line.start..line.end.min(tree.len());
    line.take(LINE_NODES_MAX as usize).filter(is_name).any(in_link)
}

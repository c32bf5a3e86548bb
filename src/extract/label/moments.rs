//! Lists of what happens when: a programme, a timetable, the events of a season. There the line that says when is the matter
//! of an entry, though the same words above an article are its byline. Their order tells them apart: what is to come stands
//! first thing first, what was written stands newest first.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::Labels;
use super::together::{build, held};
use crate::document::{Kind, Label, Reason};
use crate::extract::html::{NodeId, Tag, Tree};
use crate::extract::metadata::dates::{self, Custom, Date};
use crate::extract::segment::{Hidden, Segment};

/// So many entries are a list; one with more blocks is a part of the page.
const ENTRIES_MIN: usize = 3;
const BLOCKS_MAX: usize = 20;
/// A line with more words says more than when, and so do more words beside the date: "Sat", "o'clock".
const WORDS_MAX: u32 = 8;
const OTHER_WORDS_MAX: usize = 2;

/// Other numbers are no years.
const YEARS: RangeInclusive<u16> = 1000..=2099;

/// Year, month, day and minute of the day, as far as they are said.
type Moment = (Option<u16>, Option<u8>, Option<u8>, Option<u16>);

/// A block that says when, and nothing else.
type Line = (usize, Moment);

/// Keeps the lines that say when in lists that go forward in time and whose entries are kept.
pub fn keep_moments(tree: &Tree<'_>, segments: &[Segment], labels: &mut Labels) {
    if matches!(labels.kind, Kind::Thread | Kind::Blocked | Kind::Empty) {
        return;
    }
    let is_left = |at: usize| matches!(labels.blocks[at].0, Label::Boilerplate(Reason::Byline | Reason::LowScore));
    let may_tell = |at: &usize| {
        let segment = &segments[*at];
        let is_short = segment.words > 0 && segment.words <= WORDS_MAX && segment.links == 0;
        is_short && segment.hidden == Hidden::No && (labels.is_text(*at) || is_left(*at))
    };
    let lines = (0..segments.len()).filter(may_tell);
    let lines: Vec<Line> = lines.filter_map(|at| Some((at, moment(&segments[at].text)?))).collect();
    if !lines.iter().any(|(at, _)| is_left(*at)) {
        return;
    }
    let mut alike: HashMap<Vec<Tag>, Vec<Line>> = HashMap::new();
    lines.iter().for_each(|line| alike.entry(build(tree, segments[line.0].node, 0)).or_default().push(*line));
    let mut kept = Vec::new();
    for lines in alike.values() {
        for (list, lines) in lists(tree, segments, lines) {
            let is_entry = |&(at, _): &Line| is_of_entry(tree, segments, labels, list, at);
            if goes_forward(&lines) && lines.iter().all(is_entry) {
                kept.extend(lines.iter().map(|(at, _)| *at));
            }
        }
    }
    kept.into_iter().for_each(|at| labels.blocks[at].0 = Label::Content);
}

/// Runs of lines of which each stands in an entry of its own of one list.
fn lists(tree: &Tree<'_>, segments: &[Segment], lines: &[Line]) -> Vec<(NodeId, Vec<Line>)> {
    let around = |pair: &[Line]| {
        let (one, next) = (segments[pair[0].0].first, segments[pair[1].0].first);
        (tree.ancestors(one).find(|&id| next < tree.end(id)).unwrap_or(0), pair[1])
    };
    let pairs: Vec<(NodeId, Line)> = lines.windows(2).map(around).collect();
    let mut lists = Vec::new();
    let mut begun = 0;
    for run in pairs.chunk_by(|one, next| one.0 == next.0) {
        let held = lines[begun..=begun + run.len()].to_vec();
        begun += run.len();
        if held.len() >= ENTRIES_MIN {
            lists.push((run[0].0, held));
        }
    }
    lists
}

/// Whether the entry of a list that a line stands in is kept, but for what says when.
fn is_of_entry(tree: &Tree<'_>, segments: &[Segment], labels: &Labels, list: NodeId, at: usize) -> bool {
    let Some(entry) = tree.ancestors(segments[at].first).take_while(|&id| id > list).last() else { return false };
    let held = held(segments, tree.subtree(entry));
    held.len() <= BLOCKS_MAX && held.into_iter().any(|at| labels.is_text(at) && moment(&segments[at].text).is_none())
}

/// Whether no line says an earlier moment than the one above it, and the last a later one than the first.
fn goes_forward(lines: &[Line]) -> bool {
    let says = |(year, month, ..): Moment| [year.is_some(), month.is_some()];
    let is_later = |pair: &[Line]| match (pair[0].1, pair[1].1) {
        // A history has years, and months where they are known.
        ((Some(before), None, ..), (Some(year), ..)) | ((Some(before), ..), (Some(year), None, ..)) => before <= year,
        (before, after) => says(before) == says(after) && before <= after,
    };
    lines.windows(2).all(is_later) && lines.first().map(|line| line.1) < lines.last().map(|line| line.1)
}

/// The moment that a text says, where it says hardly anything else.
fn moment(text: &str) -> Option<Moment> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A town's history begins long before what pages are dated by.
        return text.parse().ok().filter(|year| YEARS.contains(year)).map(|year| (Some(year), None, None, None));
    }
    let found = dates::find_at(text, Custom::default()).filter(|(date, _)| date.month.is_some());
    let (date, rest) = match found {
        Some((date, bytes)) => (date, [&text[..bytes.start], &text[bytes.end..]].join(" ")),
        None => (Date::default(), text.to_owned()),
    };
    let minute = date.time.map(|time| u16::from(time.hour) * 60 + u16::from(time.minute)).or_else(|| clock(&rest));
    let others = rest.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
    let says = date.month.is_some() || minute.is_some();
    (says && others <= OTHER_WORDS_MAX).then_some((date.year, date.month, date.day, minute))
}

/// Longer texts say no span of hours.
const SPAN_BYTES_MAX: usize = 100;

/// Whether a text says from which time of day to which: `10:00 am - 12:00 pm`, `19:30–21:00`.
pub fn is_span(text: &str) -> bool {
    if text.len() > SPAN_BYTES_MAX {
        return false;
    }
    // Behind the time of a machine stands how far it is from UTC.
    let is_of_machine = text
        .as_bytes()
        .windows(3)
        .any(|three| three[0].is_ascii_digit() && three[1].eq_ignore_ascii_case(&b't') && three[2].is_ascii_digit());
    let is_until = |(at, dash): (usize, &str)| {
        let (from, until) = (&text[..at], text[at + dash.len()..].trim_start());
        // Right behind the dash stands a time: "10:00 - updated 12:00" says two moments.
        let begins = until.starts_with(|c: char| c.is_ascii_digit());
        let is_time = begins && until.get(..3).is_some_and(|begin| begin.contains([':', 'h']));
        is_time && clock(until).is_some() && clock(from).is_some()
    };
    !is_of_machine && text.match_indices(['-', '–', '—']).any(is_until)
}

/// The first time of day in a text, in minutes: `9:05`, `18h30`, `6:00 PM`.
fn clock(text: &str) -> Option<u16> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| u16::from(byte - b'0'));
    for (at, _) in text.match_indices([':', 'h']) {
        let Some(ones) = at.checked_sub(1).and_then(digit) else { continue };
        let tens = at.checked_sub(2).and_then(digit).unwrap_or(0);
        let is_longer = at.checked_sub(3).and_then(digit).is_some() || digit(at + 3).is_some();
        let (Some(six), Some(minute)) = (digit(at + 1), digit(at + 2)) else { continue };
        let (hour, minute) = (tens * 10 + ones, six * 10 + minute);
        if is_longer || hour > 23 || minute > 59 {
            continue;
        }
        let half = text[at + 3..].trim_start().bytes().next().map(|byte| byte.to_ascii_lowercase());
        let hour = match half {
            Some(b'p') if hour < 12 => hour + 12,
            Some(b'a') if hour == 12 => 0,
            _ => hour,
        };
        return Some(hour * 60 + minute);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_two_times_of_day_and_a_dash_between() {
        for (text, expected) in [
            ("7 May @ 10:00 am - 12:00 pm", true),
            ("19:30–21:00", true),
            ("18h30 — 20h00", true),
            ("10:00 - updated 12:00", false),
            ("2024-03-05 10:00", false),
            ("5 May 2024 - 10:00", false),
            ("10:00 am", false),
            ("2024-03-05T10:00:00-05:00", false),
        ] {
            assert_eq!(is_span(text), expected, "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_day_or_a_time_and_hardly_more() {
        let day = |day, minute| Some((Some(2025), Some(4), Some(day), minute));
        for (text, expected) in [
            ("12 April 2025, 18:00", day(12, Some(1080))),
            ("12 April 2025", day(12, None)),
            ("09:15", Some((None, None, None, Some(555)))),
            ("6:00 PM", Some((None, None, None, Some(1080)))),
            ("12:05 am – 1:00 am", Some((None, None, None, Some(5)))),
            ("18h30", Some((None, None, None, Some(1110)))),
            ("1911", Some((Some(1911), None, None, None))),
            ("The mayor speaks at 18:00", None),
            ("won by 3:2", None),
            ("26:10", None),
            ("No date", None),
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
    }
}

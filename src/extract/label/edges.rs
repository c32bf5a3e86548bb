//! Lines at the edges of a text that stand on every page of a site: who edited it and what another site called it, how to
//! print it, whom to follow, that the message ends and that nobody may copy it. Only whole lines of such a form count, and but
//! for those in brackets only above the first words of a text or below its last.

mod words;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use self::words::{CHANNELS, ENDS, FOLLOWS, LABELS, NOTICED, NOTICES, OTHERS, TITLES, TOOLS};
use super::Labels;
use super::phrases::{chrome, fold};
use super::shape::is_wide;
use super::together::is_prose;
use crate::document::{BlockKind, Kind, Label, Mark, Reason};
use crate::extract::sayings::Sayings;
use crate::extract::segment::Segment;

/// Most such lines above a text, and below it.
const ABOVE_MAX: usize = 3;
const BELOW_MAX: usize = 6;
/// Bytes of a line with labels, or of one that asks for something.
const LABELLED_BYTES_MAX: usize = 300;
const ASKING_BYTES_MAX: usize = 400;
/// Characters of a label, and of what stands behind one; titles are longer.
const LABEL_CHARS_MAX: usize = 24;
const VALUE_CHARS_MAX: usize = 40;
const WIDE_VALUE_CHARS_MAX: usize = 16;
const TITLE_CHARS_MAX: usize = 90;
/// Letters of a line with tools, at least.
const TOOL_LETTERS_MIN: usize = 4;
/// So far into a line a notice is what it says, and not what a sentence comes to.
const NOTICE_CHARS_MAX: usize = 40;

const COLONS: [char; 2] = [':', '：'];
/// Pairs around a whole line.
const BRACKETS: [(char, char); 5] = [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】'), ('〔', '〕')];

static TOLD: LazyLock<HashSet<&str>> = LazyLock::new(|| LABELS.split('|').collect());
static BESIDE: LazyLock<HashSet<&str>> = LazyLock::new(|| OTHERS.split('|').collect());
static BUTTONS: LazyLock<HashSet<&str>> = LazyLock::new(|| TOOLS.split('|').collect());
static TO: Sayings = Sayings::of(CHANNELS);
static FORBIDS: Sayings = Sayings::of(NOTICES);

/// Labels such lines of a page that is one text.
pub fn take_out_edges(segments: &[Segment], labels: &mut Labels) {
    if !matches!(labels.kind, Kind::Article | Kind::Page) {
        return;
    }
    let texts: Vec<usize> = (0..segments.len()).filter(|&at| labels.is_text(at) && !segments[at].is_silent()).collect();
    let below = texts.iter().rev().take(BELOW_MAX).map_while(|&at| Some((at, formula(&segments[at], true)?)));
    let mut found: Vec<(usize, Reason)> = below.collect();
    let above = texts.iter().take(ABOVE_MAX).take_while(|&&at| !is_prose(&segments[at]));
    found.extend(above.filter_map(|&at| Some((at, formula(&segments[at], false)?))));
    found.extend(texts.iter().filter_map(|&at| Some((at, bracketed(&segments[at])?))));
    // Lines alone are the text of their page.
    let is_found = |at: &usize| found.iter().any(|(one, _)| one == at);
    if texts.iter().any(|at| is_prose(&segments[*at]) && !is_found(at)) {
        for (at, reason) in found {
            labels.blocks[at].0 = Label::Boilerplate(reason);
        }
    }
}

/// Why a line is none of the text that it stands above or, with `is_below`, below.
fn formula(segment: &Segment, is_below: bool) -> Option<Reason> {
    let is_line = matches!(segment.kind, BlockKind::Paragraph | BlockKind::ListItem { .. });
    let line = segment.text.trim();
    if !is_line || line.len() > ASKING_BYTES_MAX {
        return None;
    }
    if is_labelled(unbracketed(line).unwrap_or(line)) {
        return Some(Reason::Byline);
    }
    if is_of_tools(segment) {
        return Some(Reason::Widget);
    }
    if !is_below {
        return None;
    }
    let lower = line.to_lowercase();
    if ENDS.split('|').any(|end| end == lower.trim_matches(|c: char| !c.is_alphabetic())) {
        return Some(Reason::Widget);
    }
    if is_notice(&lower) {
        return Some(Reason::Legal);
    }
    asks(&lower).then_some(Reason::Promotion)
}

/// Why a line in brackets is none of the text that it stands amid.
fn bracketed(segment: &Segment) -> Option<Reason> {
    let line = segment.text.trim();
    let is_line = segment.kind == BlockKind::Paragraph && line.len() <= LABELLED_BYTES_MAX && segment.links == 0;
    let inside = unbracketed(line).filter(|_| is_line)?;
    is_labelled(inside).then_some(Reason::Byline)
}

/// What stands in brackets around a whole line.
fn unbracketed(line: &str) -> Option<&str> {
    BRACKETS.iter().find_map(|&(open, close)| {
        let inside = line.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains([open, close])).then_some(inside.trim())
    })
}

/// Whether a line is labels with short values, each label a known one, and no words beside them but those of a day.
fn is_labelled(line: &str) -> bool {
    if line.len() > LABELLED_BYTES_MAX || !line.contains(COLONS) {
        return false;
    }
    let (mut rest, mut label, mut says) = (line, "", false);
    for (at, colon) in line.match_indices(COLONS) {
        let read = line.len() - rest.len();
        // Hours and minutes have one between them.
        if at < read || line[..at].ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let Some(next) = label_at_end(&line[read..at]) else { return false };
        let value = line[read..at - next.len()].trim();
        if !fits(label, value) {
            return false;
        }
        says |= TOLD.contains(next.to_lowercase().as_str());
        (label, rest) = (next, &line[at + colon.len()..]);
    }
    says && !label.is_empty() && fits(label, rest.trim())
}

/// The known label that some words end with.
fn label_at_end(text: &str) -> Option<&str> {
    let parts = |c: char| {
        c.is_whitespace()
            || matches!(c, '|' | '｜' | '／' | '/' | '、' | ',' | '，' | ';' | '；' | '·' | '。' | '）' | ')')
    };
    let text = text.trim_end();
    let begins = std::iter::once(0).chain(text.match_indices(parts).map(|(at, part)| at + part.len()));
    let known = |label: &str| TOLD.contains(label) || BESIDE.contains(label);
    let label = |at: usize| {
        let label = &text[at..];
        (label.chars().count() <= LABEL_CHARS_MAX && known(label.trim_end_matches('.').to_lowercase().as_str()))
            .then_some(label)
    };
    begins.into_iter().find_map(label)
}

/// Whether a label may have that behind it; before the first stands nothing but a day.
fn fits(label: &str, value: &str) -> bool {
    let value = value.trim_end_matches(['|', '｜', '/', '／', ',', '，', ';', '；', '·', '、', '　']).trim();
    let chars = value.chars().count();
    if label.is_empty() {
        let of_day = |c: char| !c.is_alphabetic() || "年月日号時时分秒년월일".contains(c);
        return chars <= VALUE_CHARS_MAX && value.chars().all(of_day);
    }
    if TITLES.split('|').any(|title| title == label) {
        return chars <= TITLE_CHARS_MAX;
    }
    let most = if value.chars().any(is_wide) { WIDE_VALUE_CHARS_MAX } else { VALUE_CHARS_MAX };
    chars > 0
        && chars <= most
        && !value.contains(['。', '《', '「', '“', '!', '?', '！', '？'])
        && !value.contains("://")
        && !value.ends_with('.')
}

/// Whether each part of a line is a button: what signs part, or links.
fn is_of_tools(segment: &Segment) -> bool {
    let line = segment.text.as_str();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    if letters < TOOL_LETTERS_MIN || line.len() > LABELLED_BYTES_MAX {
        return false;
    }
    let is_wide = line.chars().any(is_wide) || line.chars().any(|c| ('가'..='힣').contains(&c));
    let parts = |c: char| {
        matches!(
            c,
            '|' | '｜' | '/' | '／' | '·' | '•' | '[' | ']' | '【' | '】' | '(' | ')' | '（' | '）' | ':' | '：'
        ) || is_wide && c.is_whitespace()
    };
    let (mut known, mut other) = (0, false);
    let links = segment.spans.iter().filter(|span| matches!(span.mark, Mark::Link(..)));
    let mut cuts: Vec<usize> = links.flat_map(|link| [link.start as usize, link.end as usize]).collect();
    cuts.push(line.len());
    cuts.sort_unstable();
    let mut from = 0;
    let pieces = cuts.into_iter().filter_map(|to| line.get(std::mem::replace(&mut from, to)..to));
    for part in pieces.flat_map(|piece| piece.split(parts)).map(fold).filter(|part| part.contains(char::is_alphabetic))
    {
        match () {
            () if BUTTONS.contains(part.as_str()) => known += 1,
            () if matches!(
                chrome(&part),
                Some(Reason::Share | Reason::Reaction | Reason::Promotion | Reason::Widget)
            ) => {}
            () => other = true,
        }
    }
    known > 0 && !other
}

/// Whether a line keeps others from copying, and is no sentence about that.
fn is_notice(lower: &str) -> bool {
    let line = lower.trim_start_matches(|c: char| !c.is_alphabetic() && !matches!(c, '©' | 'ⓒ' | '(' | '<'));
    let is_early = |at: usize| line[..at].chars().count() <= NOTICE_CHARS_MAX;
    let is_about = NOTICED.iter().any(|about| line.starts_with(about));
    // A sentence goes on: `All rights reserved by the town were sold`.
    let is_cased = line.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
    let goes_on = |at: usize| line[at..].trim_start().starts_with(char::is_alphanumeric);
    let is_whole = |place: &Range<usize>| place.start == 0 && !(is_cased && goes_on(place.end));
    FORBIDS.places_in(line).any(|place| is_whole(&place) || is_about && is_early(place.start))
}

/// Whether a line asks to follow a channel.
fn asks(lower: &str) -> bool {
    let line = lower.trim_start_matches(|c: char| !c.is_alphabetic());
    FOLLOWS.split('|').any(|follow| line.starts_with(follow)) && TO.any_in(line)
}

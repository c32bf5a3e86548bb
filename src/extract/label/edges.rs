//! Lines at the edges of a text that stand on every page of a site: who edited it and what another site called it, how to
//! print it, whom to follow, that the message ends and that nobody may copy it. Only whole lines of such a form count, and but
//! for those in brackets only above the first words of a text or below its last. Where such a form may be a sentence or a fact
//! of the text it stays: a line too many does less harm than a sentence too few.

mod says;
mod words;

use self::words::{ENDS, LABELS, MEDIA, OTHERS, PICTURES, SOURCES, STAGES, TITLES, TOOLS};
use super::Labels;
use super::evidence::ends_sentence;
use super::phrases::{chrome, fold};
use super::shape::is_wide;
use super::together::is_prose;
use crate::document::{BlockKind, Kind, Label, Mark, Reason};
use crate::extract::memo::Listed;
use crate::extract::metadata::is_family_name;
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
/// Chinese and Japanese letters of one name.
const NAME_LETTERS_MAX: usize = 5;
const CHINESE_NAME: std::ops::RangeInclusive<usize> = 2..=3;
/// Letters of a line with tools, at least, and its buttons where none is a link.
const TOOL_LETTERS_MIN: usize = 4;
const TOOLS_MIN: usize = 2;

const COLONS: [char; 2] = [':', '：'];
const COLON_BYTES_MAX: usize = '：'.len_utf8();
/// Pairs around a whole line.
const BRACKETS: [(char, char); 5] = [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】'), ('〔', '〕')];

/// Whether a label stands before what is told of the text or its pictures.
fn is_told(label: &str) -> bool {
    LABELS.has(label) || PICTURES.has(label)
}

/// Labels such lines of a page that is one text.
pub fn take_out_edges(segments: &[Segment], labels: &mut Labels) {
    if !matches!(labels.kind, Kind::Article | Kind::Page) {
        return;
    }
    let texts: Vec<usize> = (0..segments.len()).filter(|&at| labels.is_text(at) && !segments[at].is_silent()).collect();
    let mut found: Vec<Option<Reason>> = vec![None; segments.len()];
    let below = texts.iter().rev().take(BELOW_MAX).map_while(|&at| Some((at, formula(&segments[at], true)?)));
    let above = texts.iter().take(ABOVE_MAX).take_while(|&&at| !is_prose(&segments[at]));
    let above = above.filter_map(|&at| Some((at, formula(&segments[at], false)?)));
    let amid = texts.iter().filter_map(|&at| Some((at, bracketed(&segments[at])?)));
    below.chain(above).chain(amid).for_each(|(at, reason)| found[at] = Some(reason));
    keep_rows(segments, &texts, &mut found);
    // Lines alone are the text of their page.
    if texts.iter().any(|&at| found[at].is_none() && is_prose(&segments[at])) {
        for (at, reason) in found.into_iter().enumerate().filter_map(|(at, reason)| Some((at, reason?))) {
            labels.blocks[at].0 = Label::Boilerplate(reason);
        }
    }
}

/// Keeps what is an item of a list, or a fact in a row of facts, that says other things too.
fn keep_rows(segments: &[Segment], texts: &[usize], found: &mut [Option<Reason>]) {
    let is_item = |at: usize| matches!(segments[at].kind, BlockKind::ListItem { .. });
    let is_row = |&one: &usize, &next: &usize| {
        is_item(one) && is_item(next) || is_fact(&segments[one]) && is_fact(&segments[next])
    };
    for row in texts.chunk_by(is_row).filter(|row| row.len() > 1) {
        let is_other = |at: usize| found[at].is_none() && (is_item(at) || pairs(segments[at].text.trim()).is_none());
        if row.iter().any(|&at| is_other(at)) {
            row.iter().for_each(|&at| found[at] = None);
        }
    }
}

/// Whether a line is a label and something short behind it.
fn is_fact(segment: &Segment) -> bool {
    let line = segment.text.trim();
    let is_short = segment.kind == BlockKind::Paragraph && line.len() <= LABELLED_BYTES_MAX;
    let is_label = |at: usize| line[..at].chars().count() <= LABEL_CHARS_MAX && at + COLON_BYTES_MAX < line.len();
    is_short && line.find(COLONS).is_some_and(is_label) && !ends_sentence(line)
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
    if ENDS.has(lower.trim_matches(|c: char| !c.is_alphabetic())) {
        return Some(Reason::Widget);
    }
    if says::is_notice(&lower) {
        return Some(Reason::Legal);
    }
    says::asks(&lower).then_some(Reason::Promotion)
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

/// Whether a line is labels of a text with what they may have, and no words beside them but those of a day.
fn is_labelled(line: &str) -> bool {
    let Some(pairs) = pairs(line) else { return false };
    let says = pairs.iter().any(|(label, _)| is_told(label));
    says && pairs.iter().all(|(label, value)| is_of_text(label, value, pairs.len() > 1))
}

/// The known labels, in small letters, and short values that a line is made of.
fn pairs(line: &str) -> Option<Vec<(String, &str)>> {
    if line.len() > LABELLED_BYTES_MAX || !line.contains(COLONS) {
        return None;
    }
    let (mut rest, mut label, mut pairs) = (line, "", Vec::new());
    for (at, colon) in line.match_indices(COLONS) {
        let read = line.len() - rest.len();
        // Hours and minutes have one between them.
        if at < read || line[..at].ends_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let next = label_at_end(&line[read..at])?;
        pairs.push((label, line[read..at - next.len()].trim()));
        (label, rest) = (next, &line[at + colon.len()..]);
    }
    pairs.push((label, rest.trim()));
    let all_fit = !label.is_empty() && pairs.iter().all(|(label, value)| fits(label, value));
    let known = pairs.into_iter().filter(|(label, _)| !label.is_empty());
    all_fit.then(|| known.map(|(label, value)| (label.trim_end_matches('.').to_lowercase(), value)).collect())
}

/// Whether a label says of a text what other things have too: a size, an origin, a court's stages, a task.
fn is_of_text(label: &str, value: &str, is_beside: bool) -> bool {
    let is_in = |list: &Listed| list.has(label);
    let letters = |name: &str| name.chars().filter(|c| is_wide(*c)).count();
    let mut names =
        value.split(|c: char| c.is_whitespace() || "、，,/／|｜".contains(c)).filter(|name| !name.is_empty());
    match () {
        () if is_in(&PICTURES) => !value.contains(char::is_numeric),
        () if is_in(&SOURCES) => is_beside || MEDIA.iter().any(|medium| value.ends_with(medium)),
        () if is_in(&STAGES) => {
            let is_name = |name: &str| name.starts_with(is_family_name) && CHINESE_NAME.contains(&letters(name));
            is_beside && names.all(is_name)
        }
        () if is_in(&TITLES) || !is_in(&LABELS) || label.ends_with('源') => true,
        // Thai has no end to a word.
        () => names
            .all(|name| letters(name) <= NAME_LETTERS_MAX || name.contains(|c| ('\u{e00}'..='\u{eff}').contains(&c))),
    }
}

/// The known label that some words end with.
fn label_at_end(text: &str) -> Option<&str> {
    let parts = |c: char| {
        c.is_whitespace()
            || matches!(c, '|' | '｜' | '／' | '/' | '、' | ',' | '，' | ';' | '；' | '·' | '。' | '）' | ')')
    };
    let text = text.trim_end();
    let begins = std::iter::once(0).chain(text.match_indices(parts).map(|(at, part)| at + part.len()));
    let known = |label: &str| is_told(label) || OTHERS.has(label);
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
    if TITLES.has(label) {
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
    let (mut known, mut more, mut other) = (0, 0, false);
    let links = segment.spans.iter().filter(|span| matches!(span.mark, Mark::Link(..)));
    let mut cuts: Vec<usize> = links.flat_map(|link| [link.start as usize, link.end as usize]).collect();
    cuts.push(line.len());
    cuts.sort_unstable();
    let mut from = 0;
    let pieces = cuts.into_iter().filter_map(|to| line.get(std::mem::replace(&mut from, to)..to));
    for part in pieces.flat_map(|piece| piece.split(parts)).map(fold).filter(|part| part.contains(char::is_alphabetic))
    {
        match () {
            () if TOOLS.has(&part) => known += 1,
            () if matches!(
                chrome(&part),
                Some(Reason::Share | Reason::Reaction | Reason::Promotion | Reason::Widget)
            ) =>
            {
                more += 1
            }
            () => other = true,
        }
    }
    known > 0 && !other && (known + more >= TOOLS_MIN || segment.links > 0)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::take_out_edges;
    use crate::document::{Kind, Label};
    use crate::extract::html::parse;
    use crate::extract::label::Labels;
    use crate::extract::segment::segment;

    /// How long a page of so many such lines takes; all are its text, as nothing else is.
    fn time_of(lines: usize) -> Duration {
        let tree = parse("<p>(Featured image: a b c d e f g h i j k l…)</p>");
        let segments = vec![segment(&tree).remove(0); lines];
        let blocks = vec![(Label::Content, 1.0); lines];
        let mut labels = Labels { kind: Kind::Article, blocks, ..Labels::default() };
        let started = Instant::now();
        take_out_edges(&segments, &mut labels);
        let time = started.elapsed();
        assert!((0..lines).all(|at| labels.is_text(at)));
        time
    }

    #[test]
    fn a_page_of_nothing_but_lines_in_brackets_takes_no_longer_for_each_where_there_are_more() {
        let (few, many) = (time_of(5_000), time_of(40_000));
        assert!(many < few * 32, "{few:?}, {many:?}");
    }
}

//! What the line model sees of every line, as bytes: shape, punctuation, neighbours, position, repetition.
//!
//! Nothing here knows a word of any language but the chrome phrases, which are whole lines in many.

use super::around::{Around, Found, WINDOWS};
use super::lines::Line;
use super::rules;
use crate::document::{BlockKind, Reason};
use crate::extract::features::scale::{capped, count, mean, root_share, share};
use crate::extract::features::text::Text;

/// Changes whenever a column changes its meaning; the model says which version it was trained on.
pub const LINE_VERSION: u16 = 1;
/// Columns of a row.
pub const LINE_WIDTH: usize = 155;

/// Neighbours that are looked at one by one, on both sides.
const NEIGHBOURS: usize = 3;

/// Takes a column's name, its number among those of that name, and its value.
type Put<'p> = &'p mut dyn FnMut(&'static str, usize, u8);

/// The features of a text's lines: row after row, [`LINE_WIDTH`] bytes each.
pub fn features(lines: &[Line]) -> Vec<u8> {
    let around = Around::of(lines);
    let mut rows = Vec::with_capacity(lines.len() * LINE_WIDTH);
    for at in 0..lines.len() {
        row(&around, at, &mut |_, _, value| rows.push(value));
    }
    rows
}

/// The columns' names, in order.
pub fn names() -> Vec<String> {
    let lines = super::lines::lines("A line", &mut Vec::new());
    let mut names = Vec::with_capacity(LINE_WIDTH);
    row(&Around::of(&lines), 0, &mut |name, number, _| names.push(format!("{name}_{number}")));
    names
}

fn row(around: &Around<'_>, at: usize, put: Put<'_>) {
    own(around, at, put);
    same(around, at, put);
    title(around, at, put);
    neighbours(around, at, put);
    windows(around, at, put);
    distances(around, at, put);
    runs(around, at, put);
    place(around, at, put);
    page(around, put);
}

fn own(around: &Around<'_>, at: usize, put: Put<'_>) {
    let line = &around.lines[at];
    let figures = &line.figures;
    for (number, value) in figures.values().into_iter().enumerate() {
        put(Text::NAMES[number], 0, value);
    }
    let text = line.text.as_str();
    let inner = figures.stops + figures.marks - u32::from(figures.sentence()).min(figures.stops + figures.marks);
    put("depth", 0, depth(line));
    put("gap_before", 0, capped(line.gap as u32).min(4));
    put("gap_after", 0, capped(around.lines.get(at + 1).map_or(4, |next| next.gap as u32)).min(4));
    put("indent", 0, count(line.indent as u32));
    put("chrome", 0, group(line.chrome.as_ref()));
    put("vetoed", 0, u8::from(rules::veto(around.lines, at).is_some()));
    put("rule", 0, rule(around.rules[at]));
    put("prose", 0, u8::from(line.prose) + u8::from(around.long[at]));
    put("address", 0, u8::from(text.contains("://") || text.starts_with("www.")));
    put("ellipsis", 0, u8::from(text.ends_with("...") || text.ends_with('…') || text.ends_with("…]")));
    put("word_length", 0, mean(figures.size, figures.words.max(1)));
    put("inner_stops", 0, count(inner));
    put("words_a_stop", 0, mean(figures.words, inner + u32::from(figures.sentence())));
    put("credit", 0, u8::from(rules::is_credit(text)));
}

fn depth(line: &Line) -> u8 {
    match line.kind {
        BlockKind::ListItem { depth, .. } => depth.min(4),
        _ => 0,
    }
}

/// What a chrome phrase is about, in kinds that stand together on pages.
fn group(reason: Option<&Reason>) -> u8 {
    match reason {
        None => 0,
        Some(Reason::PostChrome | Reason::Reaction) => 1,
        Some(Reason::Byline) => 2,
        Some(Reason::Navigation | Reason::SkipLink | Reason::Search | Reason::Pagination) => 3,
        Some(Reason::Share | Reason::Widget) => 4,
        Some(Reason::Related | Reason::Promotion) => 5,
        Some(Reason::Comment | Reason::CommentForm | Reason::SignIn | Reason::Captcha) => 6,
        Some(Reason::Legal | Reason::Consent) => 7,
        Some(_) => 8,
    }
}

fn rule(score: f32) -> u8 {
    (score * 200.0) as u8
}

/// Lines like this one elsewhere on the page.
fn same(around: &Around<'_>, at: usize, put: Put<'_>) {
    let twins = &around.twins[at];
    put("same_text", 0, capped(twins.text).min(60));
    put("same_before", 0, capped(twins.text_before).min(60));
    put("same_shape", 0, count(twins.shape));
    put("same_first", 0, count(twins.first));
    put("same_last", 0, count(twins.last));
    for distance in 1..=3 {
        let like = |other: Option<usize>| {
            other.and_then(|other| around.twins.get(other)).is_some_and(|other| other.hash == twins.hash)
        };
        put("like_next", distance, u8::from(like(at.checked_sub(distance))) + 2 * u8::from(like(Some(at + distance))));
    }
}

fn title(around: &Around<'_>, at: usize, put: Put<'_>) {
    put("agrees", 0, (around.agrees[at] * 200.0) as u8);
    let (before, after) = match around.heading {
        Some(heading) if at < heading => (count((heading - at) as u32), 255),
        Some(heading) => (255, count((at - heading) as u32)),
        None => (255, 255),
    };
    put("before_title", 0, before);
    put("after_title", 0, after);
}

fn neighbours(around: &Around<'_>, at: usize, put: Put<'_>) {
    for distance in 1..=NEIGHBOURS {
        for (side, other) in [at.checked_sub(distance), Some(at + distance)].into_iter().enumerate() {
            let number = distance * 2 + side;
            match other.and_then(|other| around.lines.get(other)) {
                Some(line) => {
                    put("near_size", number, count(line.figures.size));
                    put("near_last", number, line.figures.last);
                    put("near_chrome", number, group(line.chrome.as_ref()));
                    put("near_capitals", number, share(line.figures.capitals, line.figures.words.max(1)));
                }
                None => ["near_size", "near_last", "near_chrome", "near_capitals"]
                    .into_iter()
                    .for_each(|name| put(name, number, 255)),
            }
        }
    }
}

fn windows(around: &Around<'_>, at: usize, put: Put<'_>) {
    for (number, width) in WINDOWS.into_iter().enumerate() {
        let before = around.sums(at.saturating_sub(width)..at);
        let after = around.sums(at + 1..at + 1 + width);
        for (side, some) in [before, after].into_iter().enumerate() {
            let number = number * 2 + side;
            put("window_size", number, mean(some.size, some.lines));
            put("window_long", number, share(some.long_lines, some.lines));
            put("window_stops", number, share(some.stops * 8, some.words));
            put("window_chrome", number, share(some.chrome, some.lines));
            put("window_capitals", number, share(some.capitals, some.words));
        }
    }
    let wide = around.sums(at.saturating_sub(6)..at + 7);
    put("wide_digits", 0, share(wide.digits, wide.size));
    put("wide_lists", 0, share(wide.lists, wide.lines));
    put("wide_gaps", 0, share(wide.gaps, wide.lines));
    put("wide_rule", 0, (wide.rule / wide.lines.max(1)) as u8);
    put("wide_commas", 0, share(wide.commas * 4, wide.words));
    put("wide_upper", 0, share(wide.upper, wide.letters));
    put("wide_numbers", 0, mean(wide.numbers, wide.lines));
}

/// How far the next prose and the next chrome are, on both sides.
fn distances(around: &Around<'_>, at: usize, put: Put<'_>) {
    let found = [&around.long_before[at], &around.long_after[at], &around.chrome_before[at], &around.chrome_after[at]];
    for (number, found) in found.into_iter().enumerate() {
        match found {
            Found::At(other) => {
                let between = around.sums(at.min(*other) + 1..at.max(*other));
                put("away_lines", number, count(at.abs_diff(*other) as u32));
                put("away_size", number, count(between.size));
                put("away_of", number, count(around.lines[*other].figures.size));
            }
            Found::None => ["away_lines", "away_size", "away_of"].into_iter().for_each(|name| put(name, number, 255)),
        }
    }
}

/// The run of prose, or of short lines, that a line stands in.
fn runs(around: &Around<'_>, at: usize, put: Put<'_>) {
    let run = around.run[at].clone();
    let sums = around.sums(run.clone());
    put("run_lines", 0, count(run.len() as u32));
    put("run_size", 0, mean(sums.size, sums.lines));
    put("run_from_start", 0, count((at - run.start) as u32));
    put("run_from_end", 0, count((run.end - 1 - at) as u32));
    put("run_chrome", 0, share(sums.chrome, sums.lines));
    put("run_stops", 0, share(sums.stops * 8, sums.words));
    for (number, body) in around.bodies.iter().enumerate() {
        let outside = if at < body.start { body.start - at } else { (at + 1).saturating_sub(body.end) };
        put("body_side", number, if at < body.start { 0 } else { 1 + u8::from(at >= body.end) });
        put("body_away", number, count(outside as u32));
        put("body_share", number, share(around.sums(body.clone()).long_size, around.all.long_size));
    }
}

fn place(around: &Around<'_>, at: usize, put: Put<'_>) {
    let before = around.sums(0..at);
    put("place_lines", 0, share(at as u32, around.lines.len() as u32));
    put("place_size", 0, share(before.size, around.all.size));
    put("place_long", 0, share(before.long_size, around.all.long_size));
    put("of_page", 0, root_share(around.lines[at].figures.size, around.all.size));
    put("of_longest", 0, root_share(around.lines[at].figures.size, around.longest));
}

/// Shares and means only: how long a page is says nothing that holds elsewhere.
fn page(around: &Around<'_>, put: Put<'_>) {
    let all = &around.all;
    put("page_long", 0, share(all.long_size, all.size));
    put("page_mean", 0, mean(all.size, all.lines));
    put("page_long_mean", 0, mean(all.long_size / 8, all.long_lines));
    put("page_chrome", 0, share(all.chrome, all.lines));
    put("page_gaps", 0, share(all.gaps, all.lines));
    put("page_lists", 0, share(all.lists, all.lines));
    put("page_capitals", 0, share(all.capitals, all.words));
    put("page_digits", 0, share(all.digits, all.size));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names = names();
        assert_eq!(names.len(), LINE_WIDTH);
        let distinct: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }

    #[test]
    fn rows_are_whole_for_any_text() {
        for text in ["", "x", "A b c.\n\n\u{3042}\u{3044}\n• y\n", &"word ".repeat(5000), &"a\n".repeat(3000)] {
            let lines = super::super::lines::lines(text, &mut Vec::new());
            assert_eq!(features(&lines).len(), lines.len() * LINE_WIDTH);
        }
    }
}
